from frappe.model.document import Document


class ReportingPeriodException(Document):
	"""A later closing day of entry for one OPD, with the reason."""
