from frappe.model.document import Document
from frappe.utils import cint

from seroja.constants import APPROVED
from seroja.services import guards, targets, verification

ENTERED = ("indicator", "year_target", *targets.QUARTERS, "weight", "budget")
HEADER = ("actions",)


class PerformanceTarget(Document):
	"""Perjanjian Kinerja and rencana aksi: the targets of an OPD for a year, per version (domain.md 2.6)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.performance_target_action.performance_target_action import (
			PerformanceTargetAction,
		)
		from seroja.seroja.doctype.performance_target_item.performance_target_item import (
			PerformanceTargetItem,
		)

		actions: DF.Table[PerformanceTargetAction]
		amended_from: DF.Link | None
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		decision_note: DF.SmallText | None
		is_current: DF.Check
		items: DF.Table[PerformanceTargetItem]
		makers: DF.SmallText | None
		opd: DF.Link
		revision_of: DF.Link | None
		revision_reason: DF.SmallText | None
		submitted_by: DF.Link | None
		submitted_on: DF.Datetime | None
		verified_by: DF.Link | None
		verified_on: DF.Datetime | None
		version: DF.Int
		workflow_state: DF.Link | None
		year: DF.Int
	# end: auto-generated types

	def onload(self):
		verification.show_history(self)

	def before_insert(self):
		self.year = cint(self.year)
		targets.check_year(self)
		targets.check_single_draft(self)
		if not self.items:
			targets.fill_rows(self)

	def validate(self):
		guards.guard_content(self, ENTERED, header=HEADER)
		guards.check_name(self, f"PK-{self.opd}-{self.year}-v{self.version}")
		if guards.is_being_entered(self):
			targets.copy_indicators(self)
			targets.read_rows(self)
			targets.validate_rows(self)
			targets.validate_actions(self)
		verification.check_step(self)

	def before_update_after_submit(self):
		guards.guard_content(self, ENTERED, header=HEADER)
		verification.check_step(self)

	def before_cancel(self):
		verification.check_step(self)

	def on_update(self):
		verification.record_step(self)

	def on_submit(self):
		if self.workflow_state == APPROVED:
			targets.put_in_force(self)

	def on_trash(self):
		guards.check_deletion(self)
