from seroja.permissions.rows import GuardedRow


class PerformanceIndicatorBenchmark(GuardedRow):
	"""What an indicator is compared with in one year: the nation, the province, a neighbour."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		compared_with: DF.Data
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		source: DF.Data | None
		value: DF.Data
		year: DF.Int
	# end: auto-generated types
