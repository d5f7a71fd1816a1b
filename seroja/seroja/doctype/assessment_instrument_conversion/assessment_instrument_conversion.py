from frappe.model.document import Document


class AssessmentInstrumentConversion(Document):
	"""Which answer a number stands for."""
