from seroja.permissions.rows import GuardedRow


class PerformanceIndicatorTag(GuardedRow):
	"""A report that takes the indicator."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		number: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		part: DF.Data | None
		tag: DF.Link
		tag_group: DF.Data | None
	# end: auto-generated types
