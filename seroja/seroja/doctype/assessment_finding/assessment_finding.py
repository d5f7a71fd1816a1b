from seroja.permissions.rows import GuardedRow


class AssessmentFinding(GuardedRow):
	"""What the evaluator found, and what he recommends."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		component_code: DF.Data
		condition: DF.SmallText | None
		criterion: DF.SmallText | None
		due_date: DF.Date | None
		effect: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		recommendation: DF.SmallText
		recommendation_document: DF.Data | None
	# end: auto-generated types
