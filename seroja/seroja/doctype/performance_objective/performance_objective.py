from frappe.utils import getdate, today
from frappe.utils.nestedset import NestedSet

from seroja.services import cascade, objectives, plans


class PerformanceObjective(NestedSet):
	"""A node of the pohon kinerja: what is to be reached, by whom, in which years (domain.md 1.4)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.performance_objective_budget.performance_objective_budget import (
			PerformanceObjectiveBudget,
		)
		from seroja.seroja.doctype.performance_objective_component.performance_objective_component import (
			PerformanceObjectiveComponent,
		)
		from seroja.seroja.doctype.performance_objective_crosscut.performance_objective_crosscut import (
			PerformanceObjectiveCrosscut,
		)

		budgets: DF.Table[PerformanceObjectiveBudget]
		components: DF.Table[PerformanceObjectiveComponent]
		critical_success_factor: DF.SmallText | None
		crosscuts: DF.Table[PerformanceObjectiveCrosscut]
		level: DF.Literal["Tujuan", "Sasaran", "Program", "Kegiatan", "Sub Kegiatan"]
		lft: DF.Int
		nomenclature_code: DF.Data | None
		objective_code: DF.Data | None
		old_parent: DF.Link | None
		opd: DF.Link
		outcome_level: DF.Literal[
			"", "Ultimate Outcome", "Intermediate Outcome", "Immediate Outcome", "Output", "Activity"
		]
		parent_performance_objective: DF.Link | None
		plan: DF.Link
		position: DF.Data | None
		rgt: DF.Int
		statement: DF.SmallText
		weight: DF.Float
		year_from: DF.Int
		year_to: DF.Int
	# end: auto-generated types

	nsm_parent_field = objectives.NODE

	def onload(self):
		year = min(max(getdate(today()).year, self.year_from), self.year_to)
		findings = cascade.findings_of_node(self, year)
		self.set_onload("findings", [(found.severity, found.message, found.subject) for found in findings])
		self.set_onload("is_open", plans.is_open(self.plan))
		self.set_onload("indicators", objectives.indicators_of(self, year))

	def validate(self):
		objectives.restore_numbers(self)
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
