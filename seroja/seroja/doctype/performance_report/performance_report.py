from frappe.model.document import Document

from seroja.services import evidence, performance_reports, verification


class PerformanceReport(Document):
	"""Laporan Kinerja: the report of a year from verified figures, from draft to publication (domain.md 5.1)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.performance_report_section.performance_report_section import (
			PerformanceReportSection,
		)

		as_known_on: DF.Date | None
		built_on: DF.Datetime | None
		decision_note: DF.SmallText | None
		figures: DF.LongText | None
		figures_digest: DF.Data | None
		file: DF.Attach | None
		items: DF.Table[PerformanceReportSection]
		makers: DF.SmallText | None
		opd: DF.Link
		published_link: DF.Data | None
		published_on: DF.Date | None
		review_requested_on: DF.Datetime | None
		review_statement: DF.SmallText | None
		reviewed_by: DF.Link | None
		reviewed_on: DF.Datetime | None
		submitted_by: DF.Link | None
		submitted_on: DF.Date | None
		word_file: DF.Attach | None
		workflow_state: DF.Link | None
		year: DF.Int
	# end: auto-generated types

	def onload(self):
		verification.show_history(self)
		performance_reports.show_rights(self)

	def validate(self):
		performance_reports.validate_report(self)
		verification.check_step(self)

	def on_update(self):
		verification.record_step(self)
		evidence.adopt_attached(self, "file")

	def on_trash(self):
		performance_reports.check_deletion(self)
