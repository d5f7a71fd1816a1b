from seroja.permissions.rows import GuardedRow


class AssessmentItem(GuardedRow):
	"""One line of an assessment: three columns of answers, each written by another hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		code: DF.Data | None
		entered_by: DF.Link | None
		evaluator_answer: DF.Data | None
		evaluator_note: DF.SmallText | None
		evidence: DF.Attach | None
		evidence_last_year: DF.Check
		evidence_link: DF.Data | None
		evidence_page: DF.Data | None
		is_corrected: DF.Check
		is_flagged: DF.Check
		kind: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		review_answer: DF.Data | None
		review_note: DF.SmallText | None
		self_answer: DF.Data | None
		self_note: DF.SmallText | None
		suggested_answer: DF.Data | None
		suggestion: DF.SmallText | None
		suggestion_route: DF.Data | None
		title: DF.SmallText | None
		verifier_note: DF.SmallText | None
	# end: auto-generated types
