from frappe.model.document import Document


class ReportSubscriptionOptOut(Document):
	"""Somebody who does not want the mail any more."""
