from frappe.model.document import Document

from seroja.constants import APPROVED
from seroja.services import targets, verification

ENTERED = ("indicator", "year_target", *targets.QUARTERS, "weight", "budget")


class PerformanceTarget(Document):
	"""Perjanjian Kinerja and rencana aksi: the targets of an OPD for a year, per version (domain.md 2.6)."""

	def onload(self):
		verification.show_history(self)

	def before_insert(self):
		targets.check_single_draft(self)
		if not self.items:
			targets.fill_rows(self)

	def validate(self):
		verification.guard_content(self, ENTERED)
		if self.workflow_state in (None, *verification.EDITABLE, "Submitted"):
			targets.copy_indicators(self)
			targets.read_rows(self)
			targets.validate_rows(self)
		verification.check_step(self)

	def before_update_after_submit(self):
		verification.guard_content(self, ENTERED)
		verification.check_step(self)

	def before_cancel(self):
		verification.check_step(self)

	def on_update(self):
		verification.record_step(self)

	def on_submit(self):
		if self.workflow_state == APPROVED:
			targets.put_in_force(self)

	def on_trash(self):
		verification.check_deletion(self)
