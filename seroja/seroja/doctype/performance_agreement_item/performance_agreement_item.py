from seroja.permissions.rows import GuardedRow


class PerformanceAgreementItem(GuardedRow):
	"""A target that is promised, copied from the approved Performance Target."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		entered_by: DF.Link | None
		indicator: DF.Link
		indicator_name: DF.Data | None
		objective: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		target: DF.Data | None
		unit: DF.Data | None
	# end: auto-generated types
