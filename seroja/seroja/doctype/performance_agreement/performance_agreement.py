import frappe
from frappe.model.document import Document

from seroja.constants import SIGNED
from seroja.services import agreements, guards, verification


class PerformanceAgreement(Document):
	"""Perjanjian Kinerja: what an official promises his superior for a year, signed by both (domain.md 1.2)."""

	def autoname(self):
		self.name = agreements.new_name(self)

	def onload(self):
		verification.show_history(self)

	def before_insert(self):
		agreements.prepare(self)

	def validate(self):
		guards.guard_content(self, agreements.ENTERED, header=agreements.HEADER)
		if self.workflow_state in (None, *guards.EDITABLE):
			agreements.fill(self)
		verification.check_step(self)

	def before_update_after_submit(self):
		guards.guard_content(self, agreements.ENTERED, header=agreements.HEADER)
		verification.check_step(self)

	def before_cancel(self):
		verification.check_step(self)

	def on_update(self):
		verification.record_step(self)

	def on_submit(self):
		if self.workflow_state == SIGNED:
			agreements.put_in_force(self)

	def on_trash(self):
		guards.check_deletion(self)

	def signs_as_head(self) -> bool:
		return self.position_level in agreements.HEADS

	def signs_alone(self) -> bool:
		return self.position_level == "Regional Head"

	def superior_opd(self) -> str | None:
		"""The unit whose head is the superior: the own one, for a head the one above."""
		return frappe.get_cached_value("OPD", self.opd, "parent_opd") if self.signs_as_head() else self.opd
