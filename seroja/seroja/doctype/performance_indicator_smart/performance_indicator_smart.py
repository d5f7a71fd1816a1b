from seroja.permissions.rows import GuardedRow


class PerformanceIndicatorSMART(GuardedRow):
	"""The answer to one of the five SMART questions (domain.md 2.4)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		answer: DF.Literal["", "Yes", "No"]
		criterion: DF.Literal["Specific", "Measurable", "Attainable", "Relevant", "Time-bound"]
		note: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		question: DF.SmallText | None
	# end: auto-generated types
