from seroja.permissions.rows import GuardedRow


class TrustedGovernment(GuardedRow):
	"""A government whose signed packages are taken, known by its public key."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		government_code: DF.Data
		government_name: DF.Data
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		public_key: DF.Data
	# end: auto-generated types
