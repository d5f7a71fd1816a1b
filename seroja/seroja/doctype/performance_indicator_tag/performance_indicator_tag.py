from frappe.model.document import Document


class PerformanceIndicatorTag(Document):
	"""A report that takes the indicator."""
