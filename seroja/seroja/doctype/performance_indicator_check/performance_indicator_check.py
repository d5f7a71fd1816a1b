from seroja.permissions.rows import GuardedRow


class PerformanceIndicatorCheck(GuardedRow):
	"""A number check that is switched off for an indicator, and why."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		check_name: DF.Literal[
			"",
			"Outlier",
			"Magnitude",
			"Decimal",
			"Sign",
			"Implausible",
			"Always 100",
			"Copied",
			"Falls",
			"Target Lowered",
			"Target Below Last Year",
			"No Evidence",
			"Evidence Reused",
			"Unspent but Done",
			"Spent Not Done",
			"Changed After Verification",
		]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.SmallText
	# end: auto-generated types
