from seroja.permissions.rows import GuardedRow


class RecommendationDecision(GuardedRow):
	"""A status that the Inspektorat has given."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		note: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.Literal[
			"",
			"Force Majeure",
			"Subject in Legal Proceedings",
			"No Longer Effective, Efficient or Economical",
		]
		status: DF.Literal[
			"Not Followed Up", "Not Yet as Recommended", "As Recommended", "Cannot Be Followed Up"
		]
	# end: auto-generated types
