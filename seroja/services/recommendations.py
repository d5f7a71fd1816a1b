"""Recommendation: who may write what, the four classes, progress, reminders (domain.md 6.4)."""

from collections import Counter

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Count, Max
from frappe.utils import add_days, cint, getdate, now_datetime, today

from seroja.constants import (
	CANNOT_BE_FOLLOWED_UP,
	CLOSED,
	IN_PROGRESS,
	NOT_FOLLOWED_UP,
	RECOMMENDATION,
)
from seroja.core import evaluation_reading as core
from seroja.core.evaluation_sections import follow_up_progress
from seroja.permissions.opd import positions
from seroja.services import evidence
from seroja.services.actors import NotYourStep, enterer, evaluator
from seroja.services.instruments import get_instrument

# The official names of the classes, for documents and figures of core.
CLASS_NAMES = {
	CLOSED: core.DONE,
	IN_PROGRESS: core.IN_PROGRESS,
	NOT_FOLLOWED_UP: core.NOT_STARTED,
	CANNOT_BE_FOLLOWED_UP: core.IMPOSSIBLE,
}
# Matrix order, as the auditors print it.
CLASSES = (CLOSED, IN_PROGRESS, NOT_FOLLOWED_UP, CANNOT_BE_FOLLOWED_UP)
OPEN = (NOT_FOLLOWED_UP, IN_PROGRESS)
# What it says and what becomes of it is the Inspektorat's.
_FINDING = (
	"source",
	"component_code",
	"component",
	"recommendation",
	"condition",
	"criterion",
	"effect",
	"due_date",
)
_TEXTS = ("recommendation", "condition", "criterion", "effect")
_STATUS = ("status", "status_reason", "status_note")
_FOLLOW_UP = ("action", "evidence", "evidence_link")


# --- the document ---


def new_name(doc) -> str:
	"""Rekomendasi-Dinkes-2025-001: numbered per OPD and year."""
	prefix = f"Rekomendasi-{doc.opd}-{cint(doc.year)}-"
	taken = frappe.get_all(
		RECOMMENDATION, {"opd": doc.opd, "year": doc.year}, pluck="name", order_by="name desc"
	)
	numbers = [int(name.removeprefix(prefix)) for name in taken if name.removeprefix(prefix).isdigit()]
	return f"{prefix}{max(numbers, default=0) + 1:03}"


def guard(doc) -> None:
	"""Only the Inspektorat writes the finding and the status, only the OPD adds what it has done."""
	before = doc.get_doc_before_save()
	if not before:
		_begin(doc)
		return
	written = (*_FINDING, *_STATUS, "follow_ups", *(("assessment",) if doc.flags.is_issue else ()))
	for df in doc.meta.fields:
		if df.fieldname not in written:
			doc.set(df.fieldname, before.get(df.fieldname))
	finding, status = _differs(doc, before, _FINDING), _differs(doc, before, _STATUS)
	if (finding or status) and not doc.flags.is_issue:
		evaluator(doc)
	if finding and before.status not in OPEN:
		frappe.throw(
			_("This recommendation is closed; its text stays as it was judged."),
			title=_("Recommendation Is Closed"),
		)
	_add_follow_ups(doc, before)
	if status:
		_decide(doc, before)


def _begin(doc) -> None:
	"""Born open, from the Inspektorat or from an assessment that has become final."""
	if not doc.flags.is_issue:
		evaluator(doc)
		doc.assessment = None
	doc.year = cint(doc.year)
	if not 2000 <= doc.year <= 2200:
		frappe.throw(_("{0} is not a year.").format(doc.year), title=_("Year Not Valid"))
	doc.update({"status": NOT_FOLLOWED_UP, "status_reason": None, "status_note": None, "closed_on": None})
	doc.set("follow_ups", [])
	doc.set("decisions", [])
	doc.flags.news = "issued"


def _differs(doc, before, fields: tuple[str, ...]) -> bool:
	return any(str(doc.get(field) or "") != str(before.get(field) or "") for field in fields)


def _add_follow_ups(doc, before) -> None:
	"""Entries are added, never changed: what was said is what the Inspektorat judges by."""
	kept = {row.name: row for row in before.follow_ups}
	rows = [row for row in doc.follow_ups if row.name in kept]
	if [row.name for row in rows] != list(kept) or any(
		_differs(row, kept[row.name], _FOLLOW_UP) for row in rows
	):
		frappe.throw(
			_("Follow-up entries stay once they are saved. Add a new one instead."),
			NotYourStep,
			title=_("Entry Is Kept"),
		)
	for row in rows:
		row.update({"entered_by": kept[row.name].entered_by, "entered_on": kept[row.name].entered_on})
	added = [row for row in doc.follow_ups if row.name not in kept]
	if not added:
		return
	if before.status not in OPEN:
		frappe.throw(
			_("This recommendation is closed; nothing can be added."), title=_("Recommendation Is Closed")
		)
	enterer(doc)
	for row in added:
		evidence.check_link(row)
		row.update({"entered_by": frappe.session.user, "entered_on": now_datetime().replace(microsecond=0)})
	evidence.check_files(doc, added)
	doc.flags.news = "followed up"


def _decide(doc, before) -> None:
	"""A new status, into the list of decisions."""
	if doc.status == CANNOT_BE_FOLLOWED_UP and not doc.status_reason:
		frappe.throw(_("Choose the lawful reason why it cannot be followed up."), title=_("Reason Missing"))
	if doc.status == CLOSED and not doc.follow_ups:
		frappe.throw(
			_("The OPD has not yet entered what it has done; it cannot be closed."), title=_("No Follow-up")
		)
	if doc.status != CANNOT_BE_FOLLOWED_UP:
		doc.status_reason = None
	if doc.status != before.status:
		doc.closed_on = None if doc.status in OPEN else today()
	doc.flags.news = "decided"
	doc.append(
		"decisions",
		{
			"status": doc.status,
			"reason": doc.status_reason,
			"note": doc.status_note,
			"decided_by": frappe.session.user,
			"decided_on": now_datetime().replace(microsecond=0),
		},
	)


def refuse_deletion(doc) -> None:
	"""What was recommended stays, with everything that was done and decided about it."""
	frappe.throw(_("{0} is kept.").format(doc.name), NotYourStep, title=_("Cannot Delete"))


def show_rights(doc) -> None:
	"""For the form: may the reader add what was done?"""
	doc.set_onload("may_add", bool({"Operator", "Head"} & set(positions(doc.opd))) and doc.status in OPEN)


# --- issued from an assessment ---


def issue(assessment) -> None:
	"""After an assessment became final: its findings become recommendations, those of an earlier final one are
	brought up to date. The step was checked."""
	for row in assessment.findings:
		values = _values(assessment, row)
		doc = _issued_before(assessment, row, values) or frappe.get_doc(
			{"doctype": RECOMMENDATION, **values, "due_date": row.due_date or _default_day()}
		)
		doc.flags.is_issue = True
		doc.save(ignore_permissions=True)  # the reviewer finalised the assessment; the step was checked
		row.db_set("recommendation_document", doc.name, update_modified=False)


def _issued_before(assessment, row, values: dict):
	"""The open recommendation that this finding became before a reopening, brought up to date. A closed one was judged
	by its text; where that has changed the finding is issued anew."""
	name = row.recommendation_document
	filters = {"name": name, "opd": assessment.opd, "year": assessment.year}
	if not name or not frappe.db.exists(RECOMMENDATION, filters):
		return None
	doc = frappe.get_doc(RECOMMENDATION, name)
	if doc.status not in OPEN:
		is_same = all((doc.get(field) or "") == (values[field] or "") for field in _TEXTS)
		values = {"assessment": assessment.name} if is_same else None
	if values is None:
		return None
	doc.update(values | ({"due_date": row.due_date} if row.due_date and doc.status in OPEN else {}))
	return doc


def _default_day():
	days = cint(frappe.get_cached_doc("SEROJA Settings").recommendation_due_days) or 60
	return add_days(today(), days)


def _values(assessment, row) -> dict:
	instrument = get_instrument(assessment.instrument)
	component = next((node for node in instrument.nodes if node.code == row.component_code), None)
	return {
		"opd": assessment.opd,
		"year": assessment.year,
		"assessment": assessment.name,
		"source": f"{instrument.title} {assessment.year}"[:140],
		"component_code": row.component_code,
		"component": component.title[:255] if component else "",
		"condition": row.condition,
		"criterion": row.criterion,
		"effect": row.effect,
		"recommendation": row.recommendation,
	}


# --- figures ---


def counts(opd: str, before: int) -> Counter:
	"""Status → how many recommendations of earlier years an OPD has. The caller has checked the OPD."""
	doc = frappe.qb.DocType(RECOMMENDATION)
	rows = (
		frappe.qb.from_(doc)
		.select(doc.status, Count("*"))
		.where((doc.opd == opd) & (doc.year < before))
		.groupby(doc.status)
	).run()
	return Counter(dict(rows))


def closed_of(found: Counter) -> tuple[int, int]:
	"""(closed, those that can be followed up)."""
	return found[CLOSED], found.total() - found[CANNOT_BE_FOLLOWED_UP]


def progress(found: Counter) -> float | None:
	"""Percent: closed of those that can be followed up (domain.md 6.4); None where there are none."""
	return follow_up_progress([CLASS_NAMES[status] for status in found.elements()])


def due_days(names: list[str]) -> dict[str, object]:
	"""Recommendation → its due date. The names come from a document that the caller has checked."""
	wanted = [name for name in names if name] or ["-"]
	return dict(frappe.get_all(RECOMMENDATION, {"name": ["in", wanted]}, ["name", "due_date"], as_list=True))


def carried_over(opd: str, before: int) -> list[dict]:
	"""What an assessment takes over: open recommendations of earlier years, and all of the year before it.

	The caller has checked that the user may read the OPD's assessment.
	"""
	return frappe.get_all(
		RECOMMENDATION,
		{"opd": opd, "year": ["<", before]},
		["name", "year", "recommendation", "due_date", "status"],
		or_filters={"status": ["in", OPEN], "year": before - 1},
		order_by="year, name",
	)


def is_overdue(status: str, due_date, day=None) -> bool:
	"""Was it open and due before this day (today if none is given)?"""
	return status in OPEN and bool(due_date) and getdate(due_date) < getdate(day or today())


def decisions_until(names: list[str], end: str) -> dict[str, dict]:
	"""Recommendation → the last decision before a moment: `status, reason, note, decided_on`. One query.

	The names come from a scoped query.
	"""
	row = frappe.qb.DocType("Recommendation Decision")
	rows = (
		frappe.qb.from_(row)
		.select(row.parent, row.status, row.reason, row.note, row.decided_on)
		.where(row.parent.isin(names or ["-"]) & (row.decided_on < end))
		.orderby(row.decided_on)
		.orderby(row.idx)
	).run(as_dict=True)
	return {found.parent: found for found in rows}


def to_judge() -> list[str]:
	"""Open recommendations to which the OPD has added something since the last decision. One query."""
	doc, entry = frappe.qb.DocType(RECOMMENDATION), frappe.qb.DocType("Recommendation Follow-up")
	decision = frappe.qb.DocType("Recommendation Decision")
	last = (
		frappe.qb.from_(decision)
		.select(Coalesce(Max(decision.decided_on), "1900-01-01"))
		.where(decision.parent == doc.name)
	)
	return (
		frappe.qb.from_(doc)
		.join(entry)
		.on(entry.parent == doc.name)
		.select(doc.name)
		.distinct()
		.where(doc.status.isin(OPEN) & (entry.entered_on > last))
	).run(pluck=True)


def last_follow_ups(names: list[str], end: str | None = None) -> dict[str, str]:
	"""Recommendation → what the OPD last said it did (before a moment, if one is given). The names come from a scoped query."""
	row = frappe.qb.DocType("Recommendation Follow-up")
	query = (
		frappe.qb.from_(row)
		.select(row.parent, row.action)
		.where(row.parent.isin(names or ["-"]))
		.orderby(row.entered_on)
		.orderby(row.idx)
	)
	return dict((query.where(row.entered_on < end) if end else query).run())
