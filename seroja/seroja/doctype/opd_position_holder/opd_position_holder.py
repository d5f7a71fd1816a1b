from seroja.permissions.rows import GuardedRow


class OPDPositionHolder(GuardedRow):
	"""Who holds a position in an OPD, in which capacity and from when to when."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		basis: DF.Data | None
		capacity: DF.Literal["Definitif", "Pj", "Plt", "Plh"]
		from_date: DF.Date
		full_name: DF.Data | None
		nip: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		position: DF.Literal["Head", "Operator", "Viewer"]
		rank: DF.Data | None
		to_date: DF.Date | None
		user: DF.Link
	# end: auto-generated types
