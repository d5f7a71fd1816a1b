from frappe.model.document import Document


class AssessmentInstrumentPredicate(Document):
	"""A predicate with its bounds, or one that is only given by hand."""
