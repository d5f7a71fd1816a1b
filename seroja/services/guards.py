"""What may be changed in which state, on every way into a document (design.md decisions 1 to 4).

The controllers call these rules on each save, whether it came from the form, REST, an import or a bulk edit.
"""

import frappe
from frappe import _
from frappe.utils import flt

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
	REALIZATION,
	RETURNED,
	SIGNED_BY_FIRST,
	SUBMITTED,
	TARGET,
	VERIFIED,
)
from seroja.services import evidence, seals
from seroja.services.actors import NotYourStep, enterer, evaluator, head, returner, reviewer, with_role

EDITABLE = (DRAFT, RETURNED)

# Who may write notes and flags while a document waits for a decision.
_DECIDERS = {
	(REALIZATION, SUBMITTED): head,
	(REALIZATION, APPROVED_BY_HEAD): with_role(INSPEKTORAT),
	(REALIZATION, VERIFIED): with_role(INSPEKTORAT),
	(TARGET, SUBMITTED): head,
	(TARGET, APPROVED_BY_HEAD): with_role(PLANNER),
	(PLAN, SUBMITTED): head,
	(PLAN, APPROVED_BY_HEAD): with_role(PLANNER),
	(PLAN, APPROVED): enterer,
	(AGREEMENT, SIGNED_BY_FIRST): returner,
	(ASSESSMENT, SUBMITTED): head,
	(ASSESSMENT, APPROVED_BY_HEAD): evaluator,
	(ASSESSMENT, EVALUATED): reviewer,
	(ASSESSMENT, FINAL): with_role(INSPEKTORAT),
}


# What a document is about is decided when it is made; a request that says otherwise is not believed.
_IDENTITY = (
	"opd",
	"instrument",
	"period",
	"year",
	"version",
	"amended_from",
	"plan_type",
	"year_from",
	"position_level",
)


def guard_content(
	doc,
	entered: tuple[str, ...],
	noted: tuple[str, ...] = (),
	header: tuple[str, ...] = (),
	noted_header: tuple[str, ...] = (),
) -> None:
	"""Let through what the state leaves open, refuse what it has closed, restore what is computed.

	entered: row fields that are typed in; noted: row fields of the verifier; header: fields and other
	tables of the document that are typed in; noted_header: those of the verifier. In Draft the enterers of the OPD type, in Returned they
	type in flagged rows only (sheets). Later nobody changes what was entered; the one who decides may
	flag and note.
	"""
	before = doc.get_doc_before_save()
	if not before:
		_begin(doc, entered)
		return
	for field in _IDENTITY:
		doc.set(field, before.get(field))
	state = before.workflow_state
	_refuse_closed(doc, before, entered)
	header_changed = _header_changed(doc, before, header)
	notes_changed = _notes_changed(doc, before, noted, noted_header)
	changed = _changed_rows(doc, before, entered)
	if state in EDITABLE and (changed or header_changed or doc.workflow_state == state):
		enterer(doc)
	if state in EDITABLE:
		doc.decision_note = before.decision_note
	elif notes_changed:
		_DECIDERS.get((doc.doctype, state), _nobody)(doc)
	if state in EDITABLE:
		_restore_computed(doc, before, entered, header)
	else:
		_restore_computed(doc, before, noted, noted_header)
	_sign_rows(doc, before, changed, header_changed)


def is_being_entered(doc) -> bool:
	"""True for a save of a document that was a draft or returned before it, whatever state the request asks for."""
	before = doc.get_doc_before_save()
	return not before or (before.workflow_state or DRAFT) in EDITABLE


def _begin(doc, fields: tuple[str, ...]) -> None:
	"""A new document starts without anything that only the system writes."""
	if doc.flags.is_reopening:  # copied from a verified sheet by the system
		return
	enterer(doc)
	if doc.flags.is_revision:  # copied from an approved target by the system
		return
	for df in doc.meta.fields:
		if df.read_only and df.fieldname not in ("workflow_state", "version"):
			doc.set(df.fieldname, None)
	doc.version = 1
	doc.decision_note = None
	has_given_rows = doc.doctype in FLAGGED_ROWS
	entered = [row for row in doc.items if not has_given_rows or any(row.get(field) for field in fields)]
	for row in entered:
		row.entered_by = frappe.session.user
	if entered or doc.doctype == PLAN:
		doc.makers = f",{frappe.session.user},"


def _sign_rows(doc, before, changed: list, header_changed: bool) -> None:
	"""Rows remember who entered them last, the document everybody who ever did; a request cannot say so."""
	old = {row.name: row.entered_by for row in before.items}
	for row in doc.items:
		row.entered_by = frappe.session.user if row in changed else old[row.name]
	is_maker = changed or header_changed or {row.name for row in doc.items} != set(old)
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
	return doc.doctype in FLAGGED_ROWS or state not in EDITABLE


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
				", ".join(evidence.label_of(row) for row in closed), _(state)
			),
			NotYourStep,
			title=_("Closed Rows"),
		)


def _header_changed(doc, before, header: tuple[str, ...]) -> bool:
	changed = any(_field_differs(doc.get(field), before.get(field)) for field in header)
	if changed and before.workflow_state not in EDITABLE:
		frappe.throw(
			_("This document is closed in the status {0}. Nothing was saved.").format(
				_(before.workflow_state)
			),
			NotYourStep,
			title=_("Document Is Closed"),
		)
	return changed


def _field_differs(value, stored) -> bool:
	if not isinstance(stored, list):
		return not _same(value, stored)
	if [row.name for row in value or []] != [row.name for row in stored]:
		return True
	fields = [df.fieldname for row in stored[:1] for df in row.meta.fields]
	return any(_differs(row, old, fields) for row, old in zip(value, stored, strict=True))


def _changed_rows(doc, before, fields: tuple[str, ...]) -> list:
	old = {row.name: row for row in before.items}
	return [row for row in doc.items if row.name not in old or _differs(row, old[row.name], fields)]


def _differs(row, old, fields: tuple[str, ...]) -> bool:
	return any(not _same(row.get(field), old.get(field)) for field in fields)


def _same(value, stored) -> bool:
	"""Equal once saved; the number 0 is a value, no value is none."""
	if isinstance(stored, (int, float)):
		return flt(value) == flt(stored)
	return ("" if value is None else str(value)) == ("" if stored is None else str(stored))


def _notes_changed(doc, before, noted: tuple[str, ...], noted_header: tuple[str, ...]) -> bool:
	old = {row.name: row for row in before.items}
	return any(
		_field_differs(doc.get(field), before.get(field)) for field in ("decision_note", *noted_header)
	) or any(_differs(row, old[row.name], noted) for row in doc.items if row.name in old)


def _restore_computed(doc, before, open_fields: tuple[str, ...], open_header: tuple[str, ...] = ()) -> None:
	"""Nothing else gets through, whatever a request carried: read-only is more than a grey field."""
	for df in doc.meta.fields:
		if df.fieldname not in ("workflow_state", "decision_note", "items", *open_header):
			doc.set(df.fieldname, before.get(df.fieldname))
	if not _rows_are_fixed(doc, before.workflow_state):
		return
	for row, old in zip(doc.items, before.items, strict=True):
		row.idx = old.idx
		row.update(
			{df.fieldname: old.get(df.fieldname) for df in row.meta.fields if df.fieldname not in open_fields}
		)


def check_deletion(doc) -> None:
	"""Only a document that nobody was ever asked to decide on may be deleted."""
	if seals.entries_of(doc) or doc.get("amended_from") or doc.workflow_state not in (None, DRAFT):
		frappe.throw(
			_("{0} has been submitted before and is kept.").format(doc.name),
			NotYourStep,
			title=_("Cannot Delete"),
		)
	enterer(doc)
