from seroja.permissions.rows import GuardedRow


class VerificationSampleItem(GuardedRow):
	"""A row that was drawn for a closer look: its risk, and what the look found."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		band: DF.Literal["High", "Medium", "Low"]
		codes: DF.Data | None
		findings: DF.SmallText | None
		indicator: DF.Link | None
		indicator_name: DF.Data | None
		note: DF.SmallText | None
		opd: DF.Link | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		parts: DF.SmallText | None
		realization: DF.Data | None
		result: DF.Literal["", "Correct", "Wrong"]
		risk: DF.Float
		sheet: DF.Link | None
	# end: auto-generated types
