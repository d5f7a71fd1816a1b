from seroja.permissions.rows import GuardedRow


class DataSourceMapping(GuardedRow):
	"""Where in the answer of a source the figure of an indicator stands."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		aggregate: DF.Literal["Single", "Sum", "Count", "Mean", "Last"]
		column_name: DF.Data | None
		condition: DF.SmallText | None
		factor: DF.Data | None
		figure: DF.Literal["Value", "Numerator", "Denominator", "Budget Realization"]
		hint: DF.Data | None
		indicator: DF.Link
		indicator_name: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		path: DF.SmallText | None
	# end: auto-generated types
