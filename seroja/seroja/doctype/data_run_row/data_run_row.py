from seroja.permissions.rows import GuardedRow


class DataRunRow(GuardedRow):
	"""A figure of a run beside ours. Written by the system only."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		figure: DF.Literal["", "Value", "Numerator", "Denominator", "Budget Realization"]
		indicator: DF.Link | None
		indicator_name: DF.Data | None
		is_verified: DF.Check
		kind: DF.Literal["New", "Changed", "Same", "Not Mapped", "Refused"]
		opd: DF.Link | None
		our_value: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		place: DF.SmallText | None
		reason: DF.SmallText | None
		their_value: DF.Data | None
	# end: auto-generated types
