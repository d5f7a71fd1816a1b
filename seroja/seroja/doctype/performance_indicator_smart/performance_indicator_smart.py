from frappe.model.document import Document


class PerformanceIndicatorSMART(Document):
	"""The answer to one of the five SMART questions (domain.md 2.4)."""
