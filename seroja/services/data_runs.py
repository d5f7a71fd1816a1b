"""Data Run: fetch → parse → preview with a difference → accept. Nothing of a sheet changes here: what is accepted
becomes a proposal, or a row of the reconciliation where our figure is verified (design.md decision 4).
"""

import json
import time
from collections import Counter
from dataclasses import replace

import frappe
from frappe import _
from frappe.utils import add_to_date, add_years, now_datetime, today

from seroja.constants import INDICATOR, REALIZATION
from seroja.core import differences, source_mapping, source_records, sources
from seroja.core.numbers import stored_number
from seroja.services import data_sources, evidence, fetching, proposals, reconciliations
from seroja.services.data_sources import FIGURES, UPLOAD
from seroja.services.repository import ROW

RUN, RUN_ROW, SOURCE = "Data Run", "Data Run Row", "Data Source"
DRAFT, PREVIEW, ACCEPTED, NOTHING_NEW, FAILED = "Draft", "Preview", "Accepted", "Nothing New", "Failed"
KINDS = {
	"new": "New",
	"changed": "Changed",
	"same": "Same",
	"not_mapped": "Not Mapped",
	"refused": "Refused",
}
COUNTS = {
	"New": "new_rows",
	"Changed": "changed_rows",
	"Same": "same_rows",
	"Not Mapped": "unmapped_rows",
	"Refused": "refused_rows",
}
MOST_ATTEMPTS_APART = 7 * 24  # hours
_ROWS_AT_ONCE = 1_000  # of one insert, within what databases take in a statement
_FIGURE_NAMES = {code: name for name, code in FIGURES.items()}
_COMPUTED = (
	*("state", "message", "records", "started_on", "seconds", "bytes", "fingerprint"),
	*("accepted_by", "accepted_on", "is_scheduled", *COUNTS.values()),
)


# --- the document ---


def leave_no_null(doc) -> None:
	"""Before the version of a change is written: the timeline would show what was or becomes empty as “null”."""
	before = doc.get_doc_before_save()
	for field in _COMPUTED if before else ():
		empty = 0 if doc.meta.get_field(field).fieldtype in ("Int", "Float", "Check") else ""
		for one, other in ((before, doc), (doc, before)):
			if one.get(field) is None and other.get(field) is not None:
				one.set(field, empty)


def validate_run(doc) -> None:
	"""What a run found is written by the system only."""
	source = frappe.get_cached_doc(SOURCE, doc.data_source)
	doc.is_upload = int(source.kind == UPLOAD)
	if not source.is_enabled:
		frappe.throw(_("The source {0} is switched off.").format(source.name), title=_("Not Enabled"))
	evidence.check_attached(doc, "file")
	if doc.flags.is_finding:
		return
	before = doc.get_doc_before_save()
	if before and before.state == ACCEPTED:
		frappe.throw(_("This run was accepted and stays as it is."), title=_("Document Is Closed"))
	# What was found in another file says nothing of this one.
	found = before if before and (before.file or "") == (doc.file or "") else None
	for field in _COMPUTED:
		doc.set(field, found.get(field) if found else None)
	doc.set("rows", found.rows if found else [])
	doc.state = doc.state or DRAFT


def check_deletion(doc) -> None:
	"""What was accepted stays on record."""
	if doc.state == ACCEPTED:
		frappe.throw(_("A run that was accepted is kept."), title=_("Cannot Delete"))


# --- fetch, parse, preview ---


def fetch(doc, is_scheduled: bool = False):
	"""Fetch the figures of the run's source and period and write the preview. The caller has checked the write permission.

	A failure ends as the state Failed with its reason; the run itself is saved. One by hand puts nothing off; one of
	the schedule is noted by the schedule, with those of the other periods: `doc.flags.failure`.
	"""
	if doc.state == ACCEPTED:
		frappe.throw(_("This run was accepted and stays as it is."), title=_("Document Is Closed"))
	source = frappe.get_doc(SOURCE, doc.data_source)
	start = time.monotonic()
	doc.update(dict.fromkeys(_COMPUTED) | {"is_scheduled": int(is_scheduled), "started_on": now_datetime()})
	doc.set("rows", [])
	try:
		_preview(doc, source)
	except (fetching.FetchError, sources.AnswerError, source_records.TooMuchWork) as error:
		doc.update({"state": FAILED, "message": str(error)})
		doc.flags.failure = error
		if not is_scheduled:
			_note(source, {"last_error": str(error)})
	doc.seconds = time.monotonic() - start
	_save(doc)
	if doc.state != FAILED:
		_note_success(source, doc)
	return doc


def _preview(doc, source) -> None:
	period = frappe.get_cached_doc("Reporting Period", doc.period)
	pages = [_uploaded(doc, source)] if source.kind == UPLOAD else data_sources.ask(source, period)
	doc.fingerprint, doc.bytes = sources.fingerprint(pages), sum(map(len, pages))
	records = sources.read_pages(pages, _format(doc, source), data_sources.records_path(source))
	doc.records = len(records)
	doc.flags.columns = sources.columns_of(records)
	doc.flags.new_shape = _new_shape(source, doc.flags.columns)
	doc.message = " ".join(filter(None, (doc.flags.new_shape, _note_same_answer(doc)))) or None
	mapped = source_mapping.apply(
		data_sources.mapping_rows(source), records, data_sources.moment_of(period), source.decimal or ","
	)
	codes = [mapping.indicator for mapping in source.mappings]
	_write_rows(doc, codes, differences.compare(mapped, _ours(codes, doc.period)))
	proposals.mark_refused(doc, doc.rows)
	_count_rows(doc)
	doc.unmapped_rows = mapped.unmapped_count
	doc.state = PREVIEW if _to_accept(doc) else NOTHING_NEW


def _uploaded(doc, source) -> bytes:
	content = evidence.content_of(evidence.attached_file(doc, "file"))
	if len(content) > source.size_limit * 1_000_000:
		raise sources.AnswerError(
			_("The file is larger than {0} megabytes, the limit of this source.").format(source.size_limit)
		)
	return content


def _format(doc, source) -> str:
	if source.kind != UPLOAD:
		return data_sources.FORMATS.get(source.kind, "json")
	ending = (doc.file or "").rsplit(".", 1)[-1].casefold()
	return ending if ending in sources.KINDS else "csv"


def _ours(codes: list[str], period: str) -> dict[tuple[str, str], differences.Ours]:
	"""Our figures of indicators, from the sheets that stand, each with our last number before it."""
	ours: dict[tuple[str, str], differences.Ours] = {}
	for place, text, when, docstatus in _figures(codes, period):
		ours.setdefault(place, differences.Ours())
		number = stored_number(text)
		if when == period:
			figure = {"value": number, "text": text or "", "is_verified": docstatus == 1, "has_sheet": True}
			ours[place] = replace(ours[place], **figure)
		elif number is not None:
			ours[place] = replace(ours[place], earlier=number, earlier_period=when)
	return ours


def _figures(codes: list[str], period: str) -> list[tuple[tuple[str, str], str, str, int]]:
	"""((indicator, field), text, period, docstatus) of a period and the year before it, in order of time. One query."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(ROW)
	quarter = frappe.qb.DocType("Reporting Period")
	start = frappe.get_cached_doc("Reporting Period", period).start_date
	rows = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.join(quarter)
		.on(quarter.name == sheet.period)
		.select(
			row.indicator,
			row.realization,
			row.numerator,
			row.denominator,
			row.budget_realization,
			sheet.period,
			sheet.docstatus,
		)
		.where(quarter.start_date[add_years(start, -1) : start] & (sheet.docstatus < 2))
		.where(row.indicator.isin(codes or ["-"]))
		.orderby(quarter.start_date)
	).run()
	return [
		((indicator, field), text, when, docstatus)
		for indicator, value, numerator, denominator, budget, when, docstatus in rows
		for field, text in zip(FIGURES.values(), (value, numerator, denominator, budget), strict=True)
	]


def _write_rows(doc, codes: list[str], found: list[differences.Difference]) -> None:
	about = _about(codes, doc.period)
	for row in found:
		opd, name = about.get(row.indicator, (None, None))
		doc.append(
			"rows",
			{
				**_beside(row),
				"opd": opd,
				"indicator": row.indicator or None,
				"indicator_name": name,
				"figure": _FIGURE_NAMES.get(row.field, ""),
				"their_value": row.theirs,
				"reason": row.reason,
				"place": ", ".join(row.places),
			},
		)


def _save(doc) -> None:
	"""Save what the system found. The links of the rows were looked up with their names; no query for each again."""
	doc.flags.update({"is_finding": True, "ignore_links": True})
	doc.save()


def insert_rows(doc) -> None:
	"""Write the rows of a run anew, many in one statement: there are as many as its source has mappings."""
	frappe.db.delete(RUN_ROW, {"parent": doc.name, "parenttype": doc.doctype})
	rows = [row.get_valid_dict(convert_dates_to_str=True, ignore_virtual=True) for row in doc.rows]
	for start in range(0, len(rows), _ROWS_AT_ONCE):
		_insert(rows[start : start + _ROWS_AT_ONCE])
	for row in doc.rows:
		row.set("__islocal", False)


def _insert(rows: list[dict]) -> None:
	"""As frappe.db.bulk_insert, which on SQLite doubles % and stops at a NUL: it writes values into the statement."""
	columns = ", ".join(f"`{name}`" for name in rows[0])
	places = ", ".join([f"({', '.join(['%s'] * len(rows[0]))})"] * len(rows))
	values = [value for row in rows for value in row.values()]
	frappe.db.sql(f"insert into `tab{RUN_ROW}` ({columns}) values {places}", values)


def _beside(row: differences.Difference) -> dict:
	return {"kind": KINDS[row.kind], "our_value": row.ours, "is_verified": int(row.is_final)}


def _count_rows(doc) -> None:
	counts = Counter(row.kind for row in doc.rows)
	doc.update({COUNTS[kind]: counts[kind] for kind in COUNTS if kind != "Not Mapped"})


def _about(codes: list[str], period: str) -> dict[str, tuple[str, str]]:
	"""Indicator → (OPD, name). An indicator that has moved since stands on the sheet of its former OPD. Two queries."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(ROW)
	query = frappe.qb.from_(row).join(sheet).on(sheet.name == row.parent).select(row.indicator, sheet.opd)
	on_sheets = dict(
		query.where(
			(sheet.period == period) & (sheet.docstatus < 2) & row.indicator.isin(codes or ["-"])
		).run()
	)
	rows = frappe.get_all(
		INDICATOR, {"name": ["in", codes or ["-"]]}, ["name", "opd", "indicator_name"], as_list=True
	)
	return {code: (on_sheets.get(code, opd), name) for code, opd, name in rows}


def _to_accept(doc) -> bool:
	"""Whether accepting would change anything: a figure that is the same, or was refused before, closes what was open."""
	is_open = {True: reconciliations.open_figures(doc), False: proposals.open_figures(doc)}
	return any(
		row.kind in proposals.DIFFERENT
		or (row.their_value and (row.indicator, row.figure) in is_open[bool(row.is_verified)])
		for row in doc.rows
	)


# --- accept ---


def to_accept() -> list[dict]:
	"""`name, title, period, state, since` of the previews of open periods that no later run of their source has replaced.

	One query. The caller has checked that the session user may accept.
	"""
	run, later = frappe.qb.DocType(RUN), frappe.qb.DocType(RUN).as_("later")
	period = frappe.qb.DocType("Reporting Period")
	is_later = (later.data_source == run.data_source) & (later.period == run.period)
	return (
		frappe.qb.from_(run)
		.join(period)
		.on(period.name == run.period)
		.left_join(later)
		.on(
			is_later
			& (later.started_on > run.started_on)
			& later.state.isin([PREVIEW, ACCEPTED, NOTHING_NEW])
		)
		.select(run.name, run.data_source.as_("title"), run.period, run.state, run.started_on.as_("since"))
		.where((run.state == PREVIEW) & later.name.isnull())
		.where((period.entry_opens <= today()) & (period.verification_closes >= today()))
	).run(as_dict=True)


def accept(doc) -> dict[str, int]:
	"""Make proposals of what is new or changed; what differs from a verified figure goes to the reconciliation.

	The caller has checked the write permission. Doing it twice, or with another run that found the same, changes nothing.
	Returns how many proposals and rows of the reconciliation were made.
	"""
	frappe.db.get_value(
		SOURCE, doc.data_source, "name", for_update=True
	)  # runs of a source one after the other
	_check_acceptable(doc)
	rows = [row for row in doc.rows if row.their_value]
	_compare_anew(doc, rows)
	made = {
		"proposals": proposals.offer(doc, [row for row in rows if not row.is_verified]),
		"reconciliations": reconciliations.note(doc, [row for row in rows if row.is_verified]),
	}
	doc.update({"state": ACCEPTED, "accepted_by": frappe.session.user, "accepted_on": now_datetime()})
	_save(doc)
	return made


def _check_acceptable(doc) -> None:
	if doc.state != PREVIEW:
		frappe.throw(_("There is nothing to accept in this run."), title=_("Not Ready"))
	later = {"state": ACCEPTED, "started_on": [">", doc.started_on]}
	if frappe.db.exists(RUN, {"data_source": doc.data_source, "period": doc.period} | later):
		frappe.throw(
			_("A later run of this source was accepted before. Fetch again."), title=_("Older Than Ours")
		)


def _compare_anew(doc, rows: list) -> None:
	"""Ours may have been typed, verified or reopened since the preview."""
	ours = _ours([row.indicator for row in rows], doc.period)
	for row in rows:
		place, value = (row.indicator, FIGURES[row.figure]), stored_number(row.their_value)
		figure = source_mapping.Figure(row.idx, *place, value, row.their_value, ())
		(found,) = differences.compare(source_mapping.Mapped((figure,), (), (), 0), ours)
		if row.kind == "Refused":  # by people, who may do so no more
			row.reason = found.reason
		row.update(_beside(found))
	proposals.mark_refused(doc, rows)
	_count_rows(doc)


# --- how the source is doing ---


def _note_success(source, doc) -> None:
	now, records, columns = now_datetime(), doc.records, doc.flags.columns
	values = {"last_success_on": now, "failures": 0, "next_attempt_on": None, "last_error": None}
	if columns:
		values["columns_seen"] = json.dumps(columns)
	# An answer without records is none that breaks a silence.
	_note(source, values | ({"last_records_on": now, "warned_on": None} if records else {}))


def note_turn(source) -> None:
	"""The schedule has had everything that it asked for."""
	_note(source, {"last_turn_on": now_datetime()})


def note_failure(source, error: Exception) -> None:
	"""Back-off: after each turn in a row that failed the schedule waits twice as long, a week at most.

	source: as it was before the turn.
	"""
	failures = (source.failures or 0) + 1
	hours = min(2 ** min(failures - 1, 10), MOST_ATTEMPTS_APART)
	wait = getattr(error, "retry_after", None) or 0
	next_attempt = max(
		add_to_date(now_datetime(), hours=hours), add_to_date(now_datetime(), seconds=min(wait, 86_400))
	)
	_note(source, {"failures": failures, "next_attempt_on": next_attempt, "last_error": str(error)})


def _new_shape(source, columns: dict[str, str]) -> str | None:
	"""A sentence when the columns of the answer are not those of last time."""
	before = json.loads(source.columns_seen or "{}")
	return sources.shape_difference(before, columns) if before and columns and before != columns else None


def _note_same_answer(doc) -> str | None:
	"""A sentence when this very answer was accepted for another period: last year's data, or nothing new since."""
	same = {"data_source": doc.data_source, "fingerprint": doc.fingerprint, "state": ACCEPTED}
	period = frappe.db.get_value(
		RUN, same | {"period": ["!=", doc.period]}, "period", order_by="started_on desc"
	)
	if not period:
		return None
	return _("This very answer was accepted for {0}. Make sure that its figures are of {1}.").format(
		period, doc.period
	)


def _note(source, values: dict) -> None:
	# The state of a source is written by its runs; whoever may run it need not be allowed to change its address.
	frappe.db.set_value(
		SOURCE, source.name, values | {"last_attempt_on": now_datetime()}, update_modified=False
	)
