"""The steps from draft to verified: who may take which, what must hold, what is recorded.

Frappe's workflow offers the buttons; these rules hold on every way into the document (form, REST,
import, bulk edit), because the controllers call them on each save (design.md decisions 1 to 4).
"""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import now_datetime

from seroja.constants import (
	AGREEMENT,
	APPROVED,
	APPROVED_BY_HEAD,
	ASSESSMENT,
	DRAFT,
	EVALUATED,
	FINAL,
	FLAGGED_ROWS,
	INSPEKTORAT,
	PLAN,
	PLANNER,
	PUBLISHED,
	REALIZATION,
	REOPENED,
	REPORT,
	RETURNED,
	REVIEWED,
	SIGNED,
	SIGNED_BY_FIRST,
	SUBMITTED,
	TARGET,
	VERIFIED,
)
from seroja.services import (
	agreements,
	assessments,
	cascade,
	evidence,
	notices,
	performance_reports,
	periods,
	seals,
	targets,
)
from seroja.services.actors import (
	NotYourStep,
	enterer,
	evaluator,
	first_party,
	head,
	returner,
	reviewer,
	second_party,
	with_role,
)

# --- what must hold ---


def _not_the_maker(doc, to_state: str) -> None:
	"""Maker and checker differ: who entered a value, submitted or approved does not verify (decision 2)."""
	makers = {doc.submitted_by, *(doc.makers or "").split(",")}
	if to_state in (VERIFIED, APPROVED, EVALUATED, FINAL, REVIEWED):
		makers.add(doc.get("approved_by"))
	if frappe.session.user in makers:
		frappe.throw(
			_(
				"You entered, submitted or approved figures of this document; somebody else must decide on it."
			),
			NotYourStep,
			title=_("Maker and Checker Must Differ"),
		)


def _nothing_flagged(doc, to_state: str) -> None:
	flagged = [evidence.label_of(row) for row in doc.items if row.get("is_flagged")]
	if flagged:
		frappe.throw(
			_("Rows {0} are flagged. Return the sheet, or remove the flags first.").format(
				", ".join(flagged)
			),
			title=_("Flagged Rows"),
		)


def _note_given(doc, to_state: str) -> None:
	if not (doc.decision_note or "").strip():
		frappe.throw(_("Write a note that says what must be corrected."), title=_("Note Missing"))


def _something_flagged(doc, to_state: str) -> None:
	if doc.doctype in FLAGGED_ROWS and not any(row.is_flagged for row in doc.items):
		frappe.throw(
			_("Flag the rows that must be corrected; only these will be open to the operator."),
			title=_("No Row Flagged"),
		)


def _approval_stands(doc, to_state: str) -> None:
	"""The last approval, or the first signature, vouches for exactly these values."""
	entries = seals.entries_of(doc)
	approvals = [entry for entry in entries if entry.action in ("Approve", "Evaluate", "Sign", "Review")]
	if not approvals or seals.problems_of(doc, entries):
		frappe.throw(
			_("The approval given before does not cover the content as it is now. Return the document."),
			title=_("Approval Is Stale"),
		)


def _sheet_complete(doc, to_state: str) -> None:
	periods.check_entry_open(doc)
	missing = [str(row.idx) for row in doc.items if not row.realization and not row.missing_reason]
	if missing:
		frappe.throw(
			_("Rows {0} have no realization. Enter it, or say why there is none.").format(", ".join(missing)),
			title=_("Realizations Missing"),
		)
	evidence.check_evidence(doc)


def _target_complete(doc, to_state: str) -> None:
	targets.check_complete(doc)


def _plan_complete(doc, to_state: str) -> None:
	cascade.check_complete(doc)


def _agreement_complete(doc, to_state: str) -> None:
	agreements.check_complete(doc)


def _self_complete(doc, to_state: str) -> None:
	assessments.check_window(doc)
	assessments.check_complete(doc, "self")


def _evaluation_complete(doc, to_state: str) -> None:
	assessments.check_window(doc)
	assessments.check_evaluation(doc)


def _review_complete(doc, to_state: str) -> None:
	assessments.check_window(doc)
	assessments.check_complete(doc, "final")


def _signatories_fit(doc, to_state: str) -> None:
	"""The mayor signs alone; everybody else together with the direct superior (domain.md 1.2)."""
	if (to_state == SIGNED) != doc.signs_alone():
		frappe.throw(
			_("Only the regional head signs alone; every other agreement needs the superior as well."),
			NotYourStep,
			title=_("Step Not Allowed"),
		)


# --- the steps ---


@dataclass(frozen=True)
class Step:
	"""One transition. actor gives the capacity or refuses; stamp names the `_by` and `_on` fields."""

	action: str
	actor: Callable
	checks: tuple[Callable, ...] = ()
	stamp: str = ""


_BACK = (_note_given, _something_flagged)
_HEAD_APPROVES = Step("Approve", head, (_not_the_maker, _nothing_flagged), "approved")
_HEAD_RETURNS = Step("Return", head, _BACK)
_PLANNER_APPROVES = Step("Verify", with_role(PLANNER), (_not_the_maker, _approval_stands), "verified")
_PLANNER_RETURNS = Step("Return", with_role(PLANNER), _BACK)
_APIP_REVIEWS = Step("Review", evaluator, (_not_the_maker, performance_reports.check_reviewed), "reviewed")
_REPORT_RETURNS = Step("Return", performance_reports.returner, (_note_given, performance_reports.take_back))
_FIRST_SIGNS = Step("Sign", first_party, (_agreement_complete, _signatories_fit), "submitted")


def _approval_steps(complete: Callable) -> dict[tuple[str, str], Step]:
	"""From the operator over the head to the planner; what must be complete differs."""
	submit = Step("Submit", enterer, (complete,), "submitted")
	return {
		(DRAFT, SUBMITTED): submit,
		(RETURNED, SUBMITTED): submit,
		(SUBMITTED, APPROVED_BY_HEAD): _HEAD_APPROVES,
		(SUBMITTED, RETURNED): _HEAD_RETURNS,
		(APPROVED_BY_HEAD, APPROVED): _PLANNER_APPROVES,
		(APPROVED_BY_HEAD, RETURNED): _PLANNER_RETURNS,
	}


STEPS: dict[str, dict[tuple[str, str], Step]] = {
	REALIZATION: {
		(DRAFT, SUBMITTED): Step("Submit", enterer, (_sheet_complete,), "submitted"),
		(RETURNED, SUBMITTED): Step("Submit", enterer, (_sheet_complete,), "submitted"),
		(SUBMITTED, APPROVED_BY_HEAD): _HEAD_APPROVES,
		(SUBMITTED, RETURNED): _HEAD_RETURNS,
		(APPROVED_BY_HEAD, VERIFIED): Step(
			"Verify",
			with_role(INSPEKTORAT),
			(_not_the_maker, _nothing_flagged, _approval_stands),
			"verified",
		),
		(APPROVED_BY_HEAD, RETURNED): Step("Return", with_role(INSPEKTORAT), _BACK),
		(VERIFIED, REOPENED): Step("Reopen", with_role(INSPEKTORAT), (_note_given,)),
	},
	TARGET: _approval_steps(_target_complete),
	PLAN: _approval_steps(_plan_complete) | {(APPROVED, DRAFT): Step("Revise", enterer, (_note_given,))},
	AGREEMENT: {
		(DRAFT, SIGNED_BY_FIRST): _FIRST_SIGNS,
		(RETURNED, SIGNED_BY_FIRST): _FIRST_SIGNS,
		(DRAFT, SIGNED): _FIRST_SIGNS,
		(RETURNED, SIGNED): _FIRST_SIGNS,
		(SIGNED_BY_FIRST, SIGNED): Step("Sign", second_party, (_approval_stands,), "verified"),
		(SIGNED_BY_FIRST, RETURNED): Step("Return", returner, (_note_given,)),
	},
	ASSESSMENT: {
		(DRAFT, SUBMITTED): Step("Submit", enterer, (_self_complete,), "submitted"),
		(RETURNED, SUBMITTED): Step("Submit", enterer, (_self_complete,), "submitted"),
		(SUBMITTED, APPROVED_BY_HEAD): _HEAD_APPROVES,
		(SUBMITTED, RETURNED): _HEAD_RETURNS,
		(APPROVED_BY_HEAD, EVALUATED): Step(
			"Evaluate",
			evaluator,
			(_not_the_maker, _nothing_flagged, _approval_stands, _evaluation_complete),
			"evaluated",
		),
		(APPROVED_BY_HEAD, RETURNED): Step("Return", evaluator, _BACK),
		(EVALUATED, APPROVED_BY_HEAD): Step("Send Back", reviewer, (_note_given,)),
		(EVALUATED, FINAL): Step(
			"Finalize", reviewer, (_not_the_maker, _approval_stands, _review_complete), "verified"
		),
		(FINAL, REOPENED): Step("Reopen", evaluator, (_note_given,)),
	},
	REPORT: {
		(DRAFT, REVIEWED): _APIP_REVIEWS,
		(RETURNED, REVIEWED): _APIP_REVIEWS,
		(REVIEWED, SUBMITTED): Step(
			"Hand In", performance_reports.submitter, (_approval_stands, performance_reports.set_submitted)
		),
		(REVIEWED, RETURNED): _REPORT_RETURNS,
		(SUBMITTED, PUBLISHED): Step(
			"Publish", performance_reports.publisher, (_approval_stands, performance_reports.set_published)
		),
		(SUBMITTED, RETURNED): _REPORT_RETURNS,
	},
}
_FINAL = {VERIFIED: 1, APPROVED: 1, SIGNED: 1, FINAL: 1, REOPENED: 2}


def check_step(doc) -> None:
	"""If the state changes, this user may take this step now, and everything holds that must hold."""
	before = doc.get_doc_before_save()
	from_state = before.workflow_state if before else DRAFT
	to_state = doc.workflow_state or DRAFT
	if from_state == to_state:
		_refuse_docstatus(doc, before)
		return
	step = STEPS[doc.doctype].get((from_state, to_state))
	final = _FINAL.get(to_state, 0) if doc.meta.is_submittable else 0
	if not step or doc.docstatus != final:
		frappe.throw(
			_("There is no step from {0} to {1}.").format(_(from_state), _(to_state)),
			NotYourStep,
			title=_("Step Not Allowed"),
		)
	capacity = step.actor(doc)
	for check in step.checks:
		check(doc, to_state)
	if doc.doctype == AGREEMENT and step.action == "Sign":
		agreements.take_capacity(doc, "first" if step is _FIRST_SIGNS else "second", capacity)
	doc.flags.step = (step.action, from_state, capacity, doc.decision_note or "")
	_stamp(doc, step)


def _refuse_docstatus(doc, before) -> None:
	if doc.docstatus != (before.docstatus if before else 0):
		frappe.throw(
			_("A document is submitted or cancelled only by the steps of its verification."),
			NotYourStep,
			title=_("Step Not Allowed"),
		)


def _stamp(doc, step: Step) -> None:
	if step.stamp:
		doc.set(f"{step.stamp}_by", frappe.session.user)
		doc.set(f"{step.stamp}_on", now_datetime().replace(microsecond=0))
	if step.action not in ("Return", "Send Back"):
		doc.decision_note = None  # it is in the history; the next one starts with his own
	if step.action == "Submit":
		doc.update({"approved_by": None, "approved_on": None})
		if doc.doctype in FLAGGED_ROWS:
			_resubmit_rows(doc)


def _resubmit_rows(doc) -> None:
	doc.first_submitted_on = doc.get("first_submitted_on") or doc.submitted_on
	for row in doc.items:
		row.is_corrected, row.is_flagged = int(bool(row.is_flagged)), 0


def check_reopening(doc) -> None:
	"""Cancelling is how a verified sheet is reopened, whichever way the request came.

	Frappe writes a cancelled document without validating it, so nothing but the reason gets through.
	"""
	before = doc.get_doc_before_save()
	for df in doc.meta.fields:
		if df.fieldname != "decision_note" and df.fieldtype not in frappe.model.table_fields:
			doc.set(df.fieldname, before.get(df.fieldname))
	for df in doc.meta.get_table_fields():
		doc.set(df.fieldname, [row.as_dict() for row in before.get(df.fieldname)])
	doc.workflow_state = REOPENED
	check_step(doc)


def record_step(doc) -> str:
	"""After the save: append the step to the chain; gives the note of the one who decided."""
	step = doc.flags.pop("step", None)
	if not step:
		return ""
	action, from_state, capacity, note = step
	note = "" if action == "Submit" else note
	seals.record(doc, action, from_state, capacity, note)
	notices.tell_next(doc)
	return note


def show_history(doc) -> None:
	"""For the form: the steps so far and whatever is wrong with them. The form checked the read permission."""
	entries = seals.entries_of(doc)
	doc.set_onload("history", entries)
	doc.set_onload("problems", seals.problems_of(doc, entries))
	doc.set_onload("actions", allowed_actions(doc))


def allowed_actions(doc) -> list[str]:
	"""The actions that the session user may take on a document now; used by the inbox and the form."""
	found = []
	for (from_state, to_state), step in STEPS[doc.doctype].items():
		if from_state != doc.workflow_state:
			continue
		try:
			step.actor(doc)
			if _not_the_maker in step.checks:
				_not_the_maker(doc, to_state)
			found.append(step.action)
		except NotYourStep:
			frappe.clear_last_message()
	return found
