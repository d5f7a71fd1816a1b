from seroja.permissions.rows import GuardedRow


class PerformanceIndicatorYearTarget(GuardedRow):
	"""The target of an indicator for one year of the plan."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		target: DF.Data
		year: DF.Int
	# end: auto-generated types
