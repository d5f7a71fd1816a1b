from frappe.model.document import Document

from seroja.constants import FINAL
from seroja.services import assessments, evidence, guards, recommendations, verification


class Assessment(Document):
	"""Penilaian: self-assessment, evaluation and quality assurance of an OPD for a year (domain.md 1.3.3)."""

	def onload(self):
		verification.show_history(self)
		assessments.show_overview(self)

	def before_insert(self):
		assessments.prepare(self)

	def validate(self):
		guards.guard_content(self, assessments.ENTERED, *assessments.noted(self))
		guards.check_name(self, f"{self.instrument}-{self.opd}-{self.year}")
		assessments.read_answers(self)
		if guards.is_being_entered(self):
			evidence.validate_evidence(self)
		assessments.sign_evaluation(self)
		assessments.look_at_facts(self)
		assessments.check_findings(self)
		assessments.compute(self)
		verification.check_step(self)

	def before_update_after_submit(self):
		guards.guard_content(self, assessments.ENTERED, *assessments.noted(self))
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
