"""Figure Proposal: a figure of another system beside our own; the operator takes it or refuses it."""

from collections.abc import Iterable

import frappe
from frappe import _
from frappe.utils import escape_html, format_datetime, formatdate, now_datetime

from seroja.constants import PROPOSAL, REALIZATION
from seroja.core.numbers import stored_number
from seroja.services import actors
from seroja.services.data_sources import FIGURES
from seroja.services.repository import full_names

OPEN, TAKEN, REFUSED, REPLACED = "Open", "Taken", "Refused", "Replaced"
_FIELDS = {"Value": "realization"} | {name: field for name, field in FIGURES.items() if name != "Value"}
_OTHER_HALF = {"Numerator": "Denominator", "Denominator": "Numerator"}
DIFFERENT = ("New", "Changed")
SHOWN = (
	*("name", "indicator", "indicator_name", "figure", "value", "data_source", "fetched_on"),
	"fingerprint",
)


def offer(run, rows: list) -> int:
	"""Put rows of a run beside our figures; how many proposals were made. The caller has checked the run.

	One open proposal per figure and source: the same value again makes none, another replaces it, and so does a source
	that agrees with us by now or says again what was refused (`mark_refused`). One query for what there is already.
	"""
	standing = _open(run)
	made = [row for row in rows if row.kind in DIFFERENT and not _stands(row, standing)]
	_replace(found.name for row in rows if not _stands(row, standing) for found in _of(row, standing))
	for row in made:
		_insert(run, row)
	return len(made)


def _open(run) -> dict[tuple[str, str], list]:
	"""(indicator, figure) → the open proposals of a run's source and period."""
	filters = {"data_source": run.data_source, "period": run.period, "state": OPEN}
	found: dict[tuple[str, str], list] = {}
	for row in frappe.get_all(PROPOSAL, filters, ["name", "value", "indicator", "figure"]):
		found.setdefault((row.indicator, row.figure), []).append(row)
	return found


def _of(row, standing: dict) -> list:
	return standing.get((row.indicator, row.figure), [])


def _stands(row, standing: dict) -> bool:
	return row.kind in DIFFERENT and any(found.value == row.their_value for found in _of(row, standing))


def _replace(names: Iterable[str]) -> None:
	# One query for the thousands of a run, so without a version: nobody decided on them, and the newer proposal or the
	# run says what took their place.
	frappe.db.set_value(PROPOSAL, {"name": ["in", [*names] or ["-"]]}, "state", REPLACED)


def _insert(run, row) -> None:
	values = {"value": row.their_value, "our_value": row.our_value, "state": OPEN}
	came = {"run": run.name, "fetched_on": run.started_on}
	# Written by the run, which the planner may accept; people only decide on it.
	frappe.get_doc({"doctype": PROPOSAL, **about(run, row), **values, **came}).insert(ignore_permissions=True)


def mark_refused(run, rows: list) -> None:
	"""Say of rows of a run that their operator refused this very value of this source before, when, who and why.

	Any earlier refusal counts, whatever the source said in between. Half of a ratio is refused only with its other half:
	it is offered again beside a new one. Two queries. The caller has checked the run.
	"""
	refused = _refused(run)
	found = {row.idx: refused.get((row.indicator, row.figure, row.their_value)) for row in rows}
	is_new = {(row.indicator, row.figure) for row in rows if row.kind in DIFFERENT and not found[row.idx]}
	names = full_names({refusal.decided_by for refusal in refused.values()})
	for row in rows:
		refusal = found[row.idx]
		is_ours_to_offer = row.kind in DIFFERENT and not row.is_verified
		if refusal and is_ours_to_offer and (row.indicator, _OTHER_HALF.get(row.figure)) not in is_new:
			row.update({"kind": "Refused", "reason": _refusal_told(refusal, names)})


def _refused(run) -> dict[tuple[str, str, str], dict]:
	"""(indicator, figure, value) → the last refusal of it, of a run's source and period."""
	filters = {"data_source": run.data_source, "period": run.period, "state": REFUSED}
	fields = ["indicator", "figure", "value", "reason", "decided_by", "decided_on"]
	rows = frappe.get_all(PROPOSAL, filters, fields, order_by="decided_on")
	return {(row.indicator, row.figure, row.value): row for row in rows}


def _refusal_told(refusal, names: dict[str, str]) -> str:
	return _("Refused before, on {0} by {1}: {2}").format(
		formatdate(refusal.decided_on), names.get(refusal.decided_by, refusal.decided_by), refusal.reason
	)


def about(run, row) -> dict:
	"""Which figure of ours a row of a run is beside, and where it came from."""
	return {
		"opd": row.opd,
		"period": run.period,
		"indicator": row.indicator,
		"indicator_name": row.indicator_name,
		"figure": row.figure,
		"data_source": run.data_source,
		"fingerprint": run.fingerprint,
	}


def open_figures(run) -> set[tuple[str, str]]:
	"""(indicator, figure) of the open proposals of a run's source and period. The caller has checked the run."""
	filters = {"data_source": run.data_source, "period": run.period, "state": OPEN}
	return {tuple(row) for row in frappe.get_all(PROPOSAL, filters, ["indicator", "figure"], as_list=True)}


def show_on(sheet) -> None:
	"""For the form of a sheet: its open proposals, each beside our figure."""
	if sheet.docstatus == 0:
		sheet.set_onload("proposals", of_sheet(sheet))


def of_sheet(sheet) -> list[dict]:
	"""The open proposals of a sheet that the reader may see: SHOWN, `ours` and `label` of the row. One query."""
	rows = {row.indicator: row for row in sheet.items}
	found = frappe.get_list(
		PROPOSAL,
		{"opd": sheet.opd, "period": sheet.period, "state": OPEN, "indicator": ["in", list(rows) or ["-"]]},
		SHOWN,
		order_by="indicator, figure, data_source",
		limit=0,
	)
	return [
		proposal
		| {
			"ours": rows[proposal.indicator].get(_FIELDS[proposal.figure]) or "",
			"row": rows[proposal.indicator].idx,
		}
		for proposal in found
	]


def take(sheet, names: list[str]) -> int:
	"""Write proposals into their rows and save the sheet as the session user, with all that a save checks."""
	chosen = _chosen(sheet, names)
	_refuse_two_sources(chosen)
	rows = {row.indicator: row for row in sheet.items}
	for proposal in chosen:
		rows[proposal.indicator].set(_FIELDS[proposal.figure], proposal.value)
	sheet.save()
	for proposal in chosen:
		if not _is_taken(rows[proposal.indicator], proposal):
			frappe.throw(
				_("Row {0} is closed for entry; its figure stays as it is.").format(
					rows[proposal.indicator].idx
				),
				title=_("Document Is Closed"),
			)
	_decide(chosen, TAKEN, "")
	sheet.add_comment("Info", "<br>".join(_told(rows[proposal.indicator], proposal) for proposal in chosen))
	return len(chosen)


def _told(row, proposal) -> str:
	"""For the sheet's own history: which figure came from where."""
	text = _("Row {0}: {1} {2} taken from {3}, fetched on {4}, fingerprint {5}").format(
		row.idx,
		_(proposal.figure),
		proposal.value,
		proposal.data_source,
		format_datetime(proposal.fetched_on),
		proposal.fingerprint[:8],
	)
	return escape_html(text)


def refuse(sheet, names: list[str], reason: str) -> int:
	"""Leave our figures as they are, with the reason why; the same value of the source is not offered again."""
	if not (reason or "").strip():
		frappe.throw(_("Say why the figure is not taken."), title=_("Reason Missing"))
	chosen = _chosen(sheet, names)
	_decide(chosen, REFUSED, reason.strip())
	return len(chosen)


def _chosen(sheet, names: list[str]) -> list:
	"""The open proposals of this very sheet, a ratio with both halves; refuses everybody who does not enter its figures."""
	actors.enterer(sheet)
	frappe.db.get_value(
		REALIZATION, sheet.name, "name", for_update=True
	)  # two tabs decide one after the other
	filters = {"opd": sheet.opd, "period": sheet.period, "state": OPEN}
	offered = frappe.get_list(PROPOSAL, filters, SHOWN, limit=0)
	chosen = [row for row in offered if row.name in names]
	codes = {row.indicator for row in sheet.items}
	if not chosen or len(chosen) != len(set(names)) or not {row.indicator for row in chosen} <= codes:
		frappe.throw(
			_("These proposals were decided or replaced meanwhile. Open the sheet again."),
			title=_("Not Found"),
		)
	halves = {(row.indicator, row.data_source, _OTHER_HALF.get(row.figure)) for row in chosen}
	return [
		row for row in offered if row.name in names or (row.indicator, row.data_source, row.figure) in halves
	]


def _refuse_two_sources(chosen: list) -> None:
	figures = [(row.indicator, row.figure) for row in chosen]
	if len(figures) != len(set(figures)):
		frappe.throw(
			_("Two sources propose a figure for the same row. Take one and refuse the other."),
			title=_("Which One?"),
		)


def _is_taken(row, proposal) -> bool:
	return stored_number(row.get(_FIELDS[proposal.figure])) == stored_number(proposal.value)


def _decide(chosen: list, state: str, reason: str) -> None:
	decision = {
		"state": state,
		"reason": reason,
		"decided_by": frappe.session.user,
		"decided_on": now_datetime(),
	}
	for proposal in chosen:
		save(proposal.name, decision)


def save(name: str, values: dict) -> None:
	"""Write what a person's act made of a proposal, so that a version keeps who and when. The caller has checked the act;
	nobody may write a proposal by hand. A document each: as many as a sheet has, not a run."""
	frappe.get_doc(PROPOSAL, name).update(values).save(ignore_permissions=True)


def sheet_of(name: str):
	"""A sheet that the session user may write."""
	sheet = frappe.get_doc(REALIZATION, name)
	sheet.check_permission("write")
	return sheet
