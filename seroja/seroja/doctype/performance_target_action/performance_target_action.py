from seroja.permissions.rows import GuardedRow


class PerformanceTargetAction(GuardedRow):
	"""One action of the rencana aksi with its budget per quarter, in rupiah (domain.md 2.6)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		action: DF.SmallText
		budget_q1: DF.Currency
		budget_q2: DF.Currency
		budget_q3: DF.Currency
		budget_q4: DF.Currency
		indicator: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		performance_objective: DF.Link | None
		responsible: DF.Data | None
	# end: auto-generated types
