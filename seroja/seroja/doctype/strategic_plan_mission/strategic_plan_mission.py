from seroja.permissions.rows import GuardedRow


class StrategicPlanMission(GuardedRow):
	"""One mission of a Strategic Plan."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		entered_by: DF.Link | None
		mission: DF.SmallText
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
