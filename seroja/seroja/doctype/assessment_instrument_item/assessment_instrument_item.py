from frappe.model.document import Document


class AssessmentInstrumentItem(Document):
	"""One line of a worksheet: a group, an item with its weight, or a criterion."""
