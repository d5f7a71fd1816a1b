from frappe.model.document import Document


class ReportingPeriodException(Document):
	"""A later closing day for one OPD, with the reason."""
