from seroja.permissions.rows import GuardedRow


class PerformanceRealizationItem(GuardedRow):
	"""What one indicator reached in one quarter, with evidence and achievement."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		achievement_raw: DF.Float
		achievement_scored: DF.Float
		budget: DF.Currency
		budget_realization: DF.Data | None
		budget_realization_value: DF.Currency
		category: DF.Data | None
		consolidation: DF.Data | None
		denominator: DF.Data | None
		entered_by: DF.Link | None
		evidence: DF.Attach | None
		evidence_link: DF.Data | None
		explanation: DF.SmallText | None
		expression: DF.SmallText | None
		factor: DF.Data | None
		has_budget_realization: DF.Check
		has_value: DF.Check
		indicator: DF.Link
		indicator_name: DF.Data | None
		is_corrected: DF.Check
		is_flagged: DF.Check
		is_iku: DF.Check
		last_year: DF.Data | None
		method: DF.Data | None
		missing_reason: DF.Literal["", "Not Released", "No Population"]
		next_step: DF.SmallText | None
		numerator: DF.Data | None
		objective: DF.Data | None
		obstacle: DF.SmallText | None
		ordinal_scale: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		performance_objective: DF.Link | None
		polarity: DF.Data | None
		previous_quarter: DF.Data | None
		realization: DF.Data | None
		realization_value: DF.Float
		realization_ytd: DF.Data | None
		status: DF.Literal[
			"", "ok", "implausible", "zero_base", "manual", "no_data", "no_target", "no_population", "invalid"
		]
		target: DF.Data | None
		unit: DF.Data | None
		value_source: DF.Data | None
		verifier_note: DF.SmallText | None
		weight: DF.Float
		year_achievement: DF.Float
		year_target: DF.Data | None
	# end: auto-generated types
