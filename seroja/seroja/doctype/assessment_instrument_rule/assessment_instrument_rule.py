from frappe.model.document import Document


class AssessmentInstrumentRule(Document):
	"""An answer that must not count more than another."""
