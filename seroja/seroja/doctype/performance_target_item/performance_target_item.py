from seroja.permissions.rows import GuardedRow


class PerformanceTargetItem(GuardedRow):
	"""The target of one indicator: for the year and per quarter."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		budget: DF.Currency
		consolidation: DF.Data | None
		entered_by: DF.Link | None
		expression: DF.SmallText | None
		factor: DF.Data | None
		indicator: DF.Link
		indicator_name: DF.Data | None
		is_iku: DF.Check
		method: DF.Data | None
		objective: DF.Data | None
		ordinal_scale: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		performance_objective: DF.Link | None
		polarity: DF.Data | None
		target_q1: DF.Data | None
		target_q2: DF.Data | None
		target_q3: DF.Data | None
		target_q4: DF.Data | None
		unit: DF.Data | None
		value_source: DF.Data | None
		weight: DF.Float
		year_target: DF.Data | None
	# end: auto-generated types
