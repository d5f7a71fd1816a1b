from frappe.model.document import Document

from seroja.constants import FINAL
from seroja.services import assessments, evidence, guards, recommendations, verification


class Assessment(Document):
	"""Penilaian: self-assessment, evaluation and quality assurance of an OPD for a year (domain.md 1.3.3)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.assessment_finding.assessment_finding import AssessmentFinding
		from seroja.seroja.doctype.assessment_item.assessment_item import AssessmentItem

		amended_from: DF.Link | None
		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		assessment_round: DF.Link | None
		decision_note: DF.SmallText | None
		evaluated_by: DF.Link | None
		evaluated_on: DF.Datetime | None
		evaluator_index: DF.Float
		evaluator_missing: DF.Int
		evaluator_predicate: DF.Data | None
		evaluators: DF.SmallText | None
		final_index: DF.Float
		final_predicate: DF.Data | None
		findings: DF.Table[AssessmentFinding]
		given_predicate: DF.Data | None
		given_reason: DF.SmallText | None
		instrument: DF.Link
		is_extended: DF.Check
		items: DF.Table[AssessmentItem]
		letter_date: DF.Date | None
		letter_number: DF.Data | None
		makers: DF.SmallText | None
		opd: DF.Link
		reopening_reason: DF.SmallText | None
		self_index: DF.Float
		self_missing: DF.Int
		self_predicate: DF.Data | None
		submitted_by: DF.Link | None
		submitted_on: DF.Datetime | None
		verified_by: DF.Link | None
		verified_on: DF.Datetime | None
		workflow_state: DF.Link | None
		year: DF.Int
	# end: auto-generated types

	def onload(self):
		verification.show_history(self)
		assessments.show_overview(self)

	def before_insert(self):
		assessments.prepare(self)

	def validate(self):
		guards.guard_content(self, assessments.ENTERED, **assessments.noted(self))
		guards.check_name(self, f"{self.instrument}-{self.opd}-{self.year}")
		assessments.read_answers(self)
		if guards.is_being_entered(self):
			evidence.validate_evidence(self)
		assessments.take_back(self)
		assessments.sign_evaluation(self)
		assessments.look_at_facts(self)
		assessments.check_findings(self)
		assessments.compute(self)
		verification.check_step(self)

	def before_update_after_submit(self):
		guards.guard_content(self, assessments.ENTERED, **assessments.noted(self))
		verification.check_step(self)

	def before_cancel(self):
		verification.check_reopening(self)

	def on_update(self):
		evidence.adopt_files(self)
		verification.record_step(self)

	def on_submit(self):
		if self.workflow_state == FINAL:
			recommendations.issue(self)

	def on_cancel(self):
		reason = verification.record_step(self)
		assessments.make_reopened_copy(self, reason)

	def on_trash(self):
		guards.check_deletion(self)
