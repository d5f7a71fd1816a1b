from seroja.permissions.rows import GuardedRow


class AllowedHost(GuardedRow):
	"""A host that figures may be fetched from, and how far it is trusted."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		host_name: DF.Data
		may_be_http: DF.Check
		may_be_private: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
