from frappe.model.document import Document

from seroja.services import evidence, performance_reports


class PerformanceReport(Document):
	"""Laporan Kinerja: which report of a year was handed in and published, and when (domain.md 5.1)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		file: DF.Attach | None
		opd: DF.Link
		published_link: DF.Data | None
		published_on: DF.Date | None
		submitted_on: DF.Date | None
		year: DF.Int
	# end: auto-generated types

	def validate(self):
		performance_reports.validate_report(self)

	def on_update(self):
		evidence.adopt_attached(self, "file")

	def on_trash(self):
		performance_reports.check_deletion(self)
