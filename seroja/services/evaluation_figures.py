"""The figures behind the reports of the evaluation: within the reader's units, in a fixed number of queries."""

from collections import defaultdict

import frappe
import pandas as pd
from frappe.utils import cint, date_diff, getdate, today

from seroja.constants import ASSESSMENT, FINAL, RECOMMENDATION
from seroja.core import scoring
from seroja.core.instruments import GROUP
from seroja.core.summary import rank
from seroja.services import recommendations, repository
from seroja.services.assessments import answer_in, part_figure
from seroja.services.instruments import get_instrument, valid_in

_ITEM = "Assessment Item"


# --- assessments ---


def chosen(filters: dict) -> tuple[str | None, int | None]:
	"""(instrument, year) of the filters; without them those of the latest final assessment that the reader sees."""
	if filters.get("instrument") and filters.get("year"):
		return filters["instrument"], cint(filters["year"])
	document = frappe.qb.DocType(ASSESSMENT)
	query = (
		frappe.qb.from_(document)
		.select(document.instrument, document.year)
		.where(document.docstatus < 2)
		.orderby(document.docstatus, order=frappe.qb.desc)
		.orderby(document.year, order=frappe.qb.desc)
		.orderby(document.instrument)
		.limit(1)
	)
	for field in ("instrument", "year"):
		if filters.get(field):
			query = query.where(document[field] == filters[field])
	rows = repository.within_scope(query, document.opd, filters.get("opd")).run()
	if rows:
		return rows[0]
	year = cint(filters.get("year")) or getdate(today()).year
	return filters.get("instrument") or next(iter(valid_in(year)), None), year


def assessments_of(instrument: str, year: int, filters: dict) -> list[dict]:
	"""Standing assessments of an instrument and year with the figures of their parts. Two queries.

	filters: opd, include_unfinished. Keys: those of the document, `figures` (one per node of the instrument).
	"""
	document = frappe.qb.DocType(ASSESSMENT)
	query = (
		frappe.qb.from_(document)
		.select(
			document.name,
			document.opd,
			document.workflow_state,
			document.docstatus,
			document.self_index,
			document.self_predicate,
			document.final_index,
			document.final_predicate,
		)
		.where((document.instrument == instrument) & (document.year == year) & (document.docstatus < 2))
		.orderby(document.opd)
	)
	if not cint(filters.get("include_unfinished")):
		query = query.where(document.workflow_state == FINAL)
	rows = repository.within_scope(query, document.opd, filters.get("opd")).run(as_dict=True)
	answers = _answers([row.name for row in rows], instrument)
	for row in rows:
		row["figures"] = _figures(instrument, answers[row.name])
	return rows


def _answers(names: list[str], instrument: str) -> dict[str, dict[str, str]]:
	"""Assessment → the answers that count: the reviewer's, else the evaluator's. The names come from a scoped query."""
	row = frappe.qb.DocType(_ITEM)
	rows = (
		frappe.qb.from_(row)
		.select(row.parent, row.code, row.evaluator_answer, row.review_answer)
		.where(row.parent.isin(names or ["-"]))
	).run(as_dict=True)
	counting = set(get_instrument(instrument).counting)
	found: dict[str, dict[str, str]] = defaultdict(dict)
	for each in rows:
		answer = answer_in(each, "final")
		if answer and each.code in counting:
			found[each.parent][each.code] = answer
	return found


def _figures(name: str, answers: dict[str, str]) -> list[float | None]:
	instrument = get_instrument(name)
	scores = scoring.score(instrument, answers)
	return [part_figure(instrument, node) for node in scores.nodes]


def title_of(instrument: str) -> str:
	return get_instrument(instrument).title


def predicates_of(instrument: str) -> list[str]:
	"""The predicates of an instrument, best first."""
	return [predicate.label for predicate in get_instrument(instrument).predicates]


def top_parts(instrument: str) -> dict[int, str]:
	"""Position → code and title of the parts on top of the worksheet."""
	return {
		position: f"{node.code}. {node.title}"
		for position, node in enumerate(get_instrument(instrument).nodes)
		if node.kind == GROUP and not node.depth
	}


def ranks(values: list[float | None]) -> list[int | None]:
	"""The place of each value, 1 for the highest; None for no value."""
	places = rank(pd.Series(values, dtype="float64"))
	return [None if pd.isna(place) else int(place) for place in places]


# --- recommendations ---


def recommendations_of(filters: dict) -> list[dict]:
	"""Recommendations in the reader's units with their last follow-up, age and delay. Two queries.

	filters: opd, year, status. age: days since it was issued, until it was closed. overdue: days, 0 for none.
	"""
	document = frappe.qb.DocType(RECOMMENDATION)
	query = (
		frappe.qb.from_(document)
		.select(
			document.name,
			document.opd,
			document.year,
			document.source,
			document.component_code,
			document.condition,
			document.recommendation,
			document.due_date,
			document.status,
			document.status_reason,
			document.status_note,
			document.closed_on,
			document.creation,
		)
		.orderby(document.opd)
		.orderby(document.year)
		.orderby(document.name)
	)
	for field in ("year", "status"):
		if filters.get(field):
			query = query.where(document[field] == filters[field])
	rows = repository.within_scope(query, document.opd, filters.get("opd")).run(as_dict=True)
	done = recommendations.last_follow_ups([row.name for row in rows])
	for row in rows:
		is_late = recommendations.is_overdue(row.status, row.due_date)
		row["follow_up"] = done.get(row.name, "")
		row["age"] = date_diff(row.closed_on or today(), getdate(row.creation))
		row["overdue"] = date_diff(today(), row.due_date) if is_late else 0
	return rows
