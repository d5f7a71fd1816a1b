from frappe.model.document import Document

from seroja.services import periods


class ReportingPeriod(Document):
	"""A quarter with its windows for entry, approval and verification."""

	def validate(self):
		periods.set_dates(self)
		periods.validate_dates(self)
