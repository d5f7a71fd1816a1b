"""The dashboard on evaluation: recommendations and assessments."""

from collections import Counter

import frappe
from frappe import _

from seroja.constants import APPROVED_BY_HEAD, ASSESSMENT, EVALUATED, RECOMMENDATION
from seroja.core.numbers import format_number
from seroja.services import inbox, recommendations, repository, rounds
from seroja.services.dashboard_parts import BAR, SHOWN, cell, due_cell, figure, form, number, report, table


def recommendation_card(rows: list[dict]) -> dict:
	still_open = [row for row in rows if row["status"] in recommendations.OPEN]
	late = sum(bool(row["overdue"]) for row in still_open)
	note = _("{0} overdue").format(format_number(late, 0))
	link = report("Follow-up Status", detail=1)
	return figure(_("Open Recommendations"), format_number(len(still_open), 0), link, note, is_bad=bool(late))


def open_recommendations(issued: list[dict], names: dict[str, str]) -> dict:
	still_open = [row for row in issued if row["status"] in recommendations.OPEN]
	return _recommendation_table(f"{_('Open Recommendations')} ({len(still_open)})", still_open, names)


def overdue_recommendations(issued: list[dict], names: dict) -> dict:
	overdue = [row for row in issued if row["overdue"]]
	return _recommendation_table(f"{_('Overdue Recommendations')} ({len(overdue)})", overdue, names)


def _recommendation_table(title: str, rows: list[dict], names: dict[str, str]) -> dict:
	"""Recommendations by the day on which they are due; names: OPD → name, empty where one needs no name."""
	by_day = sorted(rows, key=lambda row: (str(row["due_date"] or "9999"), row["name"]))
	shown = [
		[
			cell(
				row["recommendation"],
				form(RECOMMENDATION, row["name"]),
				note=names.get(row["opd"], ""),
			),
			cell(_(row["status"])),
			due_cell(row["due_date"]),
		]
		for row in by_day[:SHOWN]
	]
	return table(
		title,
		[_("Recommendation"), _("Status"), _("Due")],
		shown,
		_("There is no such recommendation."),
		{"label": _("All Recommendations"), "link": report("Follow-up Status", detail=1)},
	)


def classes(issued: list[dict]) -> dict:
	"""Recommendations per class, and how many of them are overdue."""
	counts = Counter(row["status"] for row in issued)
	late = Counter(row["status"] for row in issued if row["overdue"])
	rows = [
		[
			cell(_(status), report("Follow-up Status", status=status, detail=1)),
			number(counts[status], 0, share=100 * counts[status] / len(issued), color=BAR),
			number(late[status], 0) if status in recommendations.OPEN else cell(None, is_number=True),
		]
		for status in recommendations.CLASSES
		if issued
	]
	return table(
		_("Recommendations by Class"),
		[_("Status"), _("Recommendations"), _("Overdue")],
		rows,
		_("No recommendation has been issued yet."),
		{"label": _("All Recommendations"), "link": report("Follow-up Status")},
	)


def waiting_assessments() -> list[dict]:
	"""Assessments that wait for an evaluator or a reviewer, with the day by which. Three queries."""
	document = frappe.qb.DocType(ASSESSMENT)
	query = (
		frappe.qb.from_(document)
		.select(
			document.name,
			document.opd,
			document.instrument,
			document.year,
			document.workflow_state,
			document.is_extended,
			document.amended_from,
		)
		.where((document.docstatus == 0) & document.workflow_state.isin([APPROVED_BY_HEAD, EVALUATED]))
	)
	rows = repository.within_scope(query, document.opd).run(as_dict=True)
	closes = rounds.due_dates(rows)
	for row in rows:
		row["due"] = closes.get(row.name)
	return sorted(rows, key=lambda row: (str(row["due"] or "9999"), row["name"]))


def assessments_card(assessed: list[dict]) -> dict:
	link = report("Assessment Summary", include_unfinished=1)
	return figure(_("Assessments Waiting"), format_number(len(assessed), 0), link)


def assessments_table(assessed: list[dict], names: dict) -> dict:
	tasks = {APPROVED_BY_HEAD: inbox.EVALUATE, EVALUATED: inbox.REVIEW}
	rows = [
		[
			cell(
				names.get(row["opd"]),
				form(ASSESSMENT, row["name"]),
				note=f"{row['instrument']} {row['year']}",
			),
			cell(_(tasks[row["workflow_state"]])),
			due_cell(row["due"]),
		]
		for row in assessed[:SHOWN]
	]
	return table(
		f"{_('Assessments Waiting')} ({len(assessed)})",
		[_("OPD"), _("Task"), _("Due")],
		rows,
		_("No assessment waits for evaluation or review."),
		{"label": _("All Assessments"), "link": report("Assessment Summary", include_unfinished=1)},
	)
