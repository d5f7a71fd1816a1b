from seroja.permissions.rows import GuardedRow


class PerformanceObjectiveCrosscut(GuardedRow):
	"""What another OPD contributes to an objective (criterion 1.b.9)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		contribution: DF.SmallText
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		partner_code: DF.Data | None
		partner_opd: DF.Link
	# end: auto-generated types
