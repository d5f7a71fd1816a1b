from frappe.model.document import Document


class AssessmentInstrumentAnswer(Document):
	"""An answer that may be given, and what it counts."""
