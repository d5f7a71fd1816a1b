from seroja.permissions.rows import GuardedRow


class ReportSubscriptionRecipient(GuardedRow):
	"""Who gets the mail: a person, everybody with a role, or the holders of a position in each OPD."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		kind: DF.Literal["User", "Role", "Position"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		position: DF.Literal["", "Head", "Operator", "Viewer"]
		role: DF.Link | None
		user: DF.Link | None
	# end: auto-generated types
