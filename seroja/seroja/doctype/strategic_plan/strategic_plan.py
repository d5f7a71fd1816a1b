from frappe.model.document import Document

from seroja.services import guards, plans, verification


class StrategicPlan(Document):
	"""RPJMD, RPD or Renstra: the plan as it is being written; its approved versions are kept apart (domain.md 2.1)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.strategic_plan_mission.strategic_plan_mission import StrategicPlanMission

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		decision_note: DF.SmallText | None
		items: DF.Table[StrategicPlanMission]
		makers: DF.SmallText | None
		opd: DF.Link
		parent_plan: DF.Link | None
		plan_type: DF.Literal["RPJMD", "RPD", "Renstra"]
		regulation: DF.Data | None
		revision_reason: DF.SmallText | None
		submitted_by: DF.Link | None
		submitted_on: DF.Datetime | None
		title: DF.Data
		verified_by: DF.Link | None
		verified_on: DF.Datetime | None
		version: DF.Int
		version_label: DF.Data | None
		vision: DF.SmallText | None
		workflow_state: DF.Link | None
		year_from: DF.Int
		year_to: DF.Int
	# end: auto-generated types

	def onload(self):
		verification.show_history(self)
		self.set_onload("versions", plans.versions_of(self.name))

	def validate(self):
		guards.guard_content(self, ("mission",), header=plans.HEADER)
		guards.check_name(self, f"{self.plan_type}-{self.opd}-{self.year_from}")
		plans.validate_plan(self)
		verification.check_step(self)
		plans.set_version(self)

	def on_update(self):
		verification.record_step(self)
		plans.store_version(self)

	def on_trash(self):
		guards.check_deletion(self)
