from frappe.utils import getdate, today
from frappe.utils.nestedset import NestedSet

from seroja.services import cascade, objectives


class PerformanceObjective(NestedSet):
	"""A node of the pohon kinerja: what is to be reached, by whom, in which years (domain.md 1.4)."""

	nsm_parent_field = objectives.NODE

	def onload(self):
		year = min(max(getdate(today()).year, self.year_from), self.year_to)
		findings = cascade.findings_of_node(self, year)
		self.set_onload("findings", [(found.severity, found.message, found.subject) for found in findings])
		self.set_onload("indicators", objectives.indicators_of(self, year))

	def validate(self):
		objectives.check_writer(self)
		objectives.check_plan(self)
		objectives.check_parent(self)
		objectives.set_defaults(self)
		objectives.validate_node(self)
		objectives.check_crosscuts(self)

	def on_update(self):
		if not self.flags.is_numbered_later:
			super().on_update()
		objectives.rename_in_indicators(self)

	def on_trash(self):
		objectives.check_deletion(self)
		super().on_trash(allow_root_deletion=True)
