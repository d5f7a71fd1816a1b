from frappe.model.document import Document


class PerformanceIndicatorYearTarget(Document):
	"""The target of an indicator for one year of the plan."""
