from seroja.permissions.rows import GuardedRow


class PerformanceObjectiveBudget(GuardedRow):
	"""The budget of an objective for a year, in rupiah."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		budget: DF.Currency
		budget_realization: DF.Currency
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		year: DF.Int
	# end: auto-generated types
