"""The steps from draft to verified: who may take which, what must hold, what is recorded.

Frappe's workflow offers the buttons; these rules hold on every way into the document (form, REST,
import, bulk edit), because the controllers call them on each save (design.md decisions 1 to 4).
"""

from collections.abc import Callable
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import flt, now_datetime

from seroja.constants import (
	APPROVED,
	APPROVED_BY_HEAD,
	DRAFT,
	INSPEKTORAT,
	PLANNER,
	REALIZATION,
	REOPENED,
	RETURNED,
	SUBMITTED,
	TARGET,
	VERIFIED,
)
from seroja.permissions.opd import positions
from seroja.services import evidence, notices, periods, seals, targets

EDITABLE = (DRAFT, RETURNED)


class NotYourStep(frappe.PermissionError):
	"""The user may not take this step, or not on this document."""


# --- who ---


def _enterer(doc) -> str:
	"""An operator or the head of this OPD today; gives the capacity in which he acts."""
	held = positions(doc.opd)
	if not {"Operator", "Head"} & set(held):
		frappe.throw(_("Only an operator or the head of {0} may do this.").format(doc.opd), NotYourStep)
	return held.get("Operator") or held["Head"]


def _head(doc) -> str:
	held = positions(doc.opd)
	if "Head" not in held:
		frappe.throw(_("Only the head of {0} in office today may do this.").format(doc.opd), NotYourStep)
	return held["Head"]


def _with_role(role: str) -> Callable:
	def actor(doc) -> str:
		if role not in frappe.get_roles():
			frappe.throw(_("Only {0} may do this.").format(_(role)), NotYourStep)
		return role.removeprefix("SEROJA ")

	return actor


# --- what must hold ---


def _not_the_maker(doc, to_state: str) -> None:
	"""Maker and checker differ: who entered a value, submitted or approved does not verify (decision 2)."""
	makers = {doc.submitted_by, *(doc.makers or "").split(",")}
	if to_state in (VERIFIED, APPROVED):
		makers.add(doc.approved_by)
	if frappe.session.user in makers:
		frappe.throw(
			_(
				"You entered, submitted or approved figures of this document; somebody else must decide on it."
			),
			NotYourStep,
			title=_("Maker and Checker Must Differ"),
		)


def _nothing_flagged(doc, to_state: str) -> None:
	flagged = [str(row.idx) for row in doc.items if row.get("is_flagged")]
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
	if doc.doctype == REALIZATION and not any(row.is_flagged for row in doc.items):
		frappe.throw(
			_("Flag the rows that must be corrected; only these will be open to the operator."),
			title=_("No Row Flagged"),
		)


def _approval_stands(doc, to_state: str) -> None:
	"""The last approval of the head vouches for exactly these values."""
	entries = seals.entries_of(doc)
	approvals = [entry for entry in entries if entry.action == "Approve"]
	if not approvals or seals.problems_of(doc, entries):
		frappe.throw(
			_("The approval of the OPD head does not cover the values as they are now. Return the document."),
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


# --- the steps ---


@dataclass(frozen=True)
class Step:
	"""One transition. actor gives the capacity or refuses; stamp names the `_by` and `_on` fields."""

	action: str
	actor: Callable
	checks: tuple[Callable, ...] = ()
	stamp: str = ""


_BACK = (_note_given, _something_flagged)
_HEAD_APPROVES = Step("Approve", _head, (_not_the_maker, _nothing_flagged), "approved")
_HEAD_RETURNS = Step("Return", _head, _BACK)
STEPS: dict[str, dict[tuple[str, str], Step]] = {
	REALIZATION: {
		(DRAFT, SUBMITTED): Step("Submit", _enterer, (_sheet_complete,), "submitted"),
		(RETURNED, SUBMITTED): Step("Submit", _enterer, (_sheet_complete,), "submitted"),
		(SUBMITTED, APPROVED_BY_HEAD): _HEAD_APPROVES,
		(SUBMITTED, RETURNED): _HEAD_RETURNS,
		(APPROVED_BY_HEAD, VERIFIED): Step(
			"Verify",
			_with_role(INSPEKTORAT),
			(_not_the_maker, _nothing_flagged, _approval_stands),
			"verified",
		),
		(APPROVED_BY_HEAD, RETURNED): Step("Return", _with_role(INSPEKTORAT), _BACK),
		(VERIFIED, REOPENED): Step("Reopen", _with_role(INSPEKTORAT), (_note_given,)),
	},
	TARGET: {
		(DRAFT, SUBMITTED): Step("Submit", _enterer, (_target_complete,), "submitted"),
		(RETURNED, SUBMITTED): Step("Submit", _enterer, (_target_complete,), "submitted"),
		(SUBMITTED, APPROVED_BY_HEAD): _HEAD_APPROVES,
		(SUBMITTED, RETURNED): _HEAD_RETURNS,
		(APPROVED_BY_HEAD, APPROVED): Step(
			"Verify", _with_role(PLANNER), (_not_the_maker, _approval_stands), "verified"
		),
		(APPROVED_BY_HEAD, RETURNED): Step("Return", _with_role(PLANNER), _BACK),
	},
}
_FINAL = {VERIFIED: 1, APPROVED: 1, REOPENED: 2}
# Who may write notes and flags while a document waits for a decision.
_DECIDERS = {
	(REALIZATION, SUBMITTED): _head,
	(REALIZATION, APPROVED_BY_HEAD): _with_role(INSPEKTORAT),
	(REALIZATION, VERIFIED): _with_role(INSPEKTORAT),
	(TARGET, SUBMITTED): _head,
	(TARGET, APPROVED_BY_HEAD): _with_role(PLANNER),
}


# --- what may be changed in which state ---


# What a document is about is decided when it is made; a request that says otherwise is not believed.
_IDENTITY = ("opd", "period", "year", "version", "amended_from")


def guard_content(doc, entered: tuple[str, ...], noted: tuple[str, ...] = ()) -> None:
	"""Let through what the state leaves open, refuse what it has closed, restore what is computed.

	entered: row fields that are typed in; noted: row fields of the verifier. In Draft the enterers of
	the OPD type, in Returned they type in flagged rows only (sheets). Later nobody changes what was
	entered; the one who decides may flag and note.
	"""
	before = doc.get_doc_before_save()
	if not before:
		_begin(doc)
		return
	for field in _IDENTITY:
		doc.set(field, before.get(field))
	state = before.workflow_state
	_refuse_closed(doc, before, entered)
	notes_changed = _notes_changed(doc, before, noted)
	changed = _changed_rows(doc, before, entered)
	if state in EDITABLE and (changed or doc.workflow_state == state):
		_enterer(doc)
	if state in EDITABLE:
		doc.decision_note = before.decision_note
	elif notes_changed:
		_DECIDERS.get((doc.doctype, state), _nobody)(doc)
	_restore_computed(doc, before, entered if state in EDITABLE else noted)
	_sign_rows(doc, before, changed)


def _begin(doc) -> None:
	"""A new document starts without anything that only the system writes."""
	if doc.flags.is_reopening:  # copied from a verified sheet by the system
		return
	_enterer(doc)
	if doc.flags.is_revision:  # copied from an approved target by the system
		return
	for df in doc.meta.fields:
		if df.read_only and df.fieldname not in ("workflow_state", "version"):
			doc.set(df.fieldname, None)
	doc.version = 1
	doc.decision_note = None
	entered = [row for row in doc.items if doc.doctype == TARGET or row.realization or row.missing_reason]
	for row in entered:
		row.entered_by = frappe.session.user
	if entered:
		doc.makers = f",{frappe.session.user},"


def _sign_rows(doc, before, changed: list) -> None:
	"""Rows remember who entered them last, the document everybody who ever did; a request cannot say so."""
	old = {row.name: row.entered_by for row in before.items}
	for row in doc.items:
		row.entered_by = frappe.session.user if row in changed else old[row.name]
	is_maker = changed or {row.name for row in doc.items} != set(old)
	if is_maker and f",{frappe.session.user}," not in (before.makers or ""):
		doc.makers = f"{before.makers or ','}{frappe.session.user},"


def check_name(doc, name: str) -> None:
	"""A document's name says what it is; nobody gives it that of another OPD's."""
	if doc.is_new() and doc.name != name and not doc.flags.is_reopening:
		frappe.throw(
			_("This document must be named {0}.").format(name), NotYourStep, title=_("Name Not Valid")
		)


def _nobody(doc) -> None:
	frappe.throw(_("Nobody decides on this document now."), NotYourStep, title=_("Step Not Allowed"))


def _rows_are_fixed(doc, state: str) -> bool:
	return doc.doctype == REALIZATION or state not in EDITABLE


def _refuse_closed(doc, before, entered: tuple[str, ...]) -> None:
	state, old = before.workflow_state, {row.name: row for row in before.items}
	if not _rows_are_fixed(doc, state):
		return
	if [row.name for row in doc.items] != list(old):
		frappe.throw(_("Rows cannot be added, removed or moved."), NotYourStep, title=_("Closed Rows"))
	closed = [
		row
		for row in _changed_rows(doc, before, entered)
		if state not in EDITABLE or (state == RETURNED and not old[row.name].is_flagged)
	]
	if closed:
		frappe.throw(
			_("Rows {0} are closed in the status {1}. Nothing was saved.").format(
				", ".join(str(row.idx) for row in closed), _(state)
			),
			NotYourStep,
			title=_("Closed Rows"),
		)


def _changed_rows(doc, before, fields: tuple[str, ...]) -> list:
	old = {row.name: row for row in before.items}
	return [row for row in doc.items if row.name not in old or _differs(row, old[row.name], fields)]


def _differs(row, old, fields: tuple[str, ...]) -> bool:
	return any(not _same(row.get(field), old.get(field)) for field in fields)


def _same(value, stored) -> bool:
	"""Equal once saved; the number 0 is a value, no value is none."""
	if isinstance(stored, (int, float)):
		return flt(value) == flt(stored)
	return ("" if value is None else str(value)) == (stored or "")


def _notes_changed(doc, before, noted: tuple[str, ...]) -> bool:
	old = {row.name: row for row in before.items}
	return (doc.decision_note or "") != (before.decision_note or "") or any(
		_differs(row, old[row.name], noted) for row in doc.items if row.name in old
	)


def _restore_computed(doc, before, open_fields: tuple[str, ...]) -> None:
	"""Nothing else gets through, whatever a request carried: read-only is more than a grey field."""
	for df in doc.meta.fields:
		if df.fieldname not in ("workflow_state", "decision_note", "items"):
			doc.set(df.fieldname, before.get(df.fieldname))
	if not _rows_are_fixed(doc, before.workflow_state):
		return
	for row, old in zip(doc.items, before.items, strict=True):
		row.update(
			{df.fieldname: old.get(df.fieldname) for df in row.meta.fields if df.fieldname not in open_fields}
		)


def check_step(doc) -> None:
	"""If the state changes, this user may take this step now, and everything holds that must hold."""
	before = doc.get_doc_before_save()
	from_state = before.workflow_state if before else DRAFT
	to_state = doc.workflow_state or DRAFT
	if from_state == to_state:
		_refuse_docstatus(doc, before)
		return
	step = STEPS[doc.doctype].get((from_state, to_state))
	if not step or doc.docstatus != _FINAL.get(to_state, 0):
		frappe.throw(
			_("There is no step from {0} to {1}.").format(_(from_state), _(to_state)),
			NotYourStep,
			title=_("Step Not Allowed"),
		)
	capacity = step.actor(doc)
	for check in step.checks:
		check(doc, to_state)
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
	if step.action != "Return":
		doc.decision_note = None  # it is in the history; the next one starts with his own
	if step.action == "Submit":
		doc.update({"approved_by": None, "approved_on": None})
		if doc.doctype == REALIZATION:
			_resubmit_rows(doc)


def _resubmit_rows(doc) -> None:
	doc.first_submitted_on = doc.first_submitted_on or doc.submitted_on
	for row in doc.items:
		row.is_corrected, row.is_flagged = int(bool(row.is_flagged)), 0


def check_reopening(doc) -> None:
	"""Cancelling is how a verified sheet is reopened, whichever way the request came.

	Frappe writes a cancelled document without validating it, so nothing but the reason gets through.
	"""
	before = doc.get_doc_before_save()
	for df in doc.meta.fields:
		if df.fieldname not in ("items", "decision_note"):
			doc.set(df.fieldname, before.get(df.fieldname))
	doc.set("items", [row.as_dict() for row in before.items])
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


def check_deletion(doc) -> None:
	"""Only a document that nobody was ever asked to decide on may be deleted."""
	if seals.entries_of(doc) or doc.get("amended_from") or doc.workflow_state not in (None, DRAFT):
		frappe.throw(
			_("{0} has been submitted before and is kept.").format(doc.name),
			NotYourStep,
			title=_("Cannot Delete"),
		)
	_enterer(doc)


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
