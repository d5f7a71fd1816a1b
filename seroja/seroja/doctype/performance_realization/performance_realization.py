from frappe.model.document import Document

from seroja.services import evidence, guards, periods, proposals, realizations, reconciliations, verification


class PerformanceRealization(Document):
	"""Realisasi Kinerja: the sheet of an OPD for a quarter, a row per indicator (design.md decision 1)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.performance_realization_item.performance_realization_item import (
			PerformanceRealizationItem,
		)

		amended_from: DF.Link | None
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		calculation_version: DF.Data | None
		cap: DF.Float
		completeness: DF.Percent
		decision_note: DF.SmallText | None
		first_submitted_on: DF.Datetime | None
		is_late: DF.Check
		items: DF.Table[PerformanceRealizationItem]
		makers: DF.SmallText | None
		mean_achievement: DF.Float
		opd: DF.Link
		period: DF.Link
		quarter: DF.Int
		reopening_reason: DF.SmallText | None
		scale: DF.Link | None
		submitted_by: DF.Link | None
		submitted_on: DF.Datetime | None
		target_document: DF.Link | None
		verified_by: DF.Link | None
		verified_on: DF.Datetime | None
		workflow_state: DF.Link | None
		year: DF.Int
	# end: auto-generated types

	def onload(self):
		verification.show_history(self)
		realizations.show_colors(self)
		proposals.show_on(self)

	def before_insert(self):
		realizations.check_single_sheet(self)

	def validate(self):
		guards.guard_content(self, realizations.ENTERED, realizations.NOTED)
		guards.check_name(self, f"{self.opd}-{self.period}")
		if guards.is_being_entered(self):
			realizations.set_period(self)
			periods.check_entry_open(self)
			realizations.sync_rows(self)
			realizations.compute(self)
			evidence.validate_evidence(self)
		verification.check_step(self)
		self.is_late = periods.is_late(self)

	def before_update_after_submit(self):
		guards.guard_content(self, realizations.ENTERED, realizations.NOTED)
		verification.check_step(self)

	def before_cancel(self):
		verification.check_reopening(self)

	def on_update(self):
		evidence.adopt_files(self)
		verification.record_step(self)

	def on_submit(self):
		reconciliations.take_over(self)

	def on_cancel(self):
		reason = verification.record_step(self)
		realizations.make_reopened_copy(self, reason)

	def on_trash(self):
		guards.check_deletion(self)
