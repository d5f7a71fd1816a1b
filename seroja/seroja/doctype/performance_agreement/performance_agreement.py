import frappe
from frappe.model.document import Document

from seroja.constants import SIGNED
from seroja.services import agreements, guards, verification


class PerformanceAgreement(Document):
	"""Perjanjian Kinerja: what an official promises his superior for a year, signed by both (domain.md 1.2)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.performance_agreement_item.performance_agreement_item import (
			PerformanceAgreementItem,
		)
		from seroja.seroja.doctype.performance_agreement_program.performance_agreement_program import (
			PerformanceAgreementProgram,
		)

		agreement_date: DF.Date | None
		amended_from: DF.Link | None
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		decision_note: DF.SmallText | None
		first_capacity: DF.Literal["Definitif", "Pj", "Plt", "Plh"]
		first_name: DF.Data | None
		first_nip: DF.Data | None
		first_party: DF.Link | None
		first_position: DF.Data | None
		first_rank: DF.Data | None
		is_current: DF.Check
		items: DF.Table[PerformanceAgreementItem]
		makers: DF.SmallText | None
		opd: DF.Link
		place: DF.Data | None
		position_level: DF.Literal["Regional Head", "OPD Head", "Administrator", "Supervisor", "Functional"]
		programs: DF.Table[PerformanceAgreementProgram]
		revision_note: DF.SmallText | None
		revision_of: DF.Link | None
		revision_reason: DF.Literal[
			"", "Change of Official", "Change of Strategy", "Change of Priorities or Assumptions"
		]
		second_capacity: DF.Literal["Definitif", "Pj", "Plt", "Plh"]
		second_name: DF.Data | None
		second_nip: DF.Data | None
		second_party: DF.Link | None
		second_position: DF.Data | None
		second_rank: DF.Data | None
		submitted_by: DF.Link | None
		submitted_on: DF.Datetime | None
		target_document: DF.Link | None
		verified_by: DF.Link | None
		verified_on: DF.Datetime | None
		version: DF.Int
		workflow_state: DF.Link | None
		year: DF.Int
	# end: auto-generated types

	def autoname(self):
		self.name = agreements.new_name(self)

	def onload(self):
		verification.show_history(self)

	def before_insert(self):
		agreements.prepare(self)

	def validate(self):
		if self.is_new():
			guards.check_name(self, agreements.new_name(self))
		guards.guard_content(self, agreements.ENTERED, header=agreements.HEADER)
		if guards.is_being_entered(self):
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
