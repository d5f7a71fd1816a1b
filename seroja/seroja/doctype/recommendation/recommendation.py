from frappe.model.document import Document

from seroja.services import evidence, notices, recommendations


class Recommendation(Document):
	"""Rekomendasi: what the Inspektorat asks an OPD to mend, and what became of it (domain.md 6.4)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.recommendation_decision.recommendation_decision import (
			RecommendationDecision,
		)
		from seroja.seroja.doctype.recommendation_follow_up.recommendation_follow_up import (
			RecommendationFollowup,
		)

		assessment: DF.Link | None
		closed_on: DF.Date | None
		component: DF.Data | None
		component_code: DF.Data | None
		condition: DF.SmallText | None
		criterion: DF.SmallText | None
		decisions: DF.Table[RecommendationDecision]
		due_date: DF.Date
		effect: DF.SmallText | None
		follow_ups: DF.Table[RecommendationFollowup]
		opd: DF.Link
		recommendation: DF.SmallText
		source: DF.Data
		status: DF.Literal[
			"Not Followed Up", "Not Yet as Recommended", "As Recommended", "Cannot Be Followed Up"
		]
		status_note: DF.SmallText | None
		status_reason: DF.Literal[
			"",
			"Force Majeure",
			"Subject in Legal Proceedings",
			"No Longer Effective, Efficient or Economical",
		]
		year: DF.Int
	# end: auto-generated types

	def autoname(self):
		self.name = recommendations.new_name(self)

	def onload(self):
		recommendations.show_rights(self)

	def validate(self):
		recommendations.guard(self)

	def on_update(self):
		evidence.adopt_files(self)
		notices.tell_of_recommendation(self)

	def on_trash(self):
		recommendations.refuse_deletion(self)
