from seroja.permissions.rows import GuardedRow


class PerformanceAgreementProgram(GuardedRow):
	"""A program with its budget of the year, in rupiah."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		budget: DF.Currency
		note: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		performance_objective: DF.Link | None
		program: DF.Data | None
	# end: auto-generated types
