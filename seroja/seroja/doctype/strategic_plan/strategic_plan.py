from frappe.model.document import Document

from seroja.services import guards, plans, verification


class StrategicPlan(Document):
	"""RPJMD, RPD or Renstra: the plan as it is being written; its approved versions are kept apart (domain.md 2.1)."""

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
