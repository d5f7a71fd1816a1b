from frappe.model.document import Document

from seroja.services import performance_reports


class PerformanceReport(Document):
	"""Laporan Kinerja: which report of a year was handed in and published, and when (domain.md 5.1)."""

	def validate(self):
		performance_reports.validate_report(self)

	def on_trash(self):
		performance_reports.check_deletion(self)
