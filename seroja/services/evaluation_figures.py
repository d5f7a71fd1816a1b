"""The figures behind the reports of the evaluation: within the reader's units, in a fixed number of queries."""

from collections import defaultdict

import frappe
import pandas as pd
from frappe.query_builder import Case
from frappe.utils import cint, date_diff, getdate, today

from seroja.constants import ASSESSMENT, FINAL, NOT_FOLLOWED_UP, RECOMMENDATION
from seroja.core import scoring
from seroja.core.instruments import GROUP
from seroja.core.summary import rank
from seroja.services import recommendations, repository
from seroja.services.as_known import day_of, end_of, is_known_by, standing
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
		.where(_shown(document, filters))
		.orderby(Case().when(document.verified_on.isnull(), 1).else_(0))  # final ones first
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

	filters: opd, include_unfinished, as_known_on. Keys: those of the document, `figures` (one per node of the instrument).
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
		.where((document.instrument == instrument) & (document.year == year) & _shown(document, filters))
		.orderby(document.opd)
	)
	if not cint(filters.get("include_unfinished")) and not filters.get("as_known_on"):
		query = query.where(document.workflow_state == FINAL)
	rows = repository.within_scope(query, document.opd, filters.get("opd")).run(as_dict=True)
	answers = _answers([row.name for row in rows], instrument)
	for row in rows:
		row["figures"] = _figures(instrument, answers[row.name])
		if filters.get("as_known_on"):
			row["workflow_state"] = FINAL
	return rows


def _shown(document, filters: dict):
	"""Whatever stands; with `as_known_on` what was final on that day."""
	return standing(document, {**filters, "include_unverified": 1}, ASSESSMENT)


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
	"""Recommendations in the reader's units with their last follow-up, age and delay. Three queries at most.

	filters: opd, year, status, as_known_on. age: days since it was issued, until it was closed. overdue: days, 0 for none.
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
	if filters.get("year"):
		query = query.where(document.year == filters["year"])
	if filters.get("as_known_on"):
		query = query.where(is_known_by(document.creation, filters))
	rows = repository.within_scope(query, document.opd, filters.get("opd")).run(as_dict=True)
	day, names = day_of(filters), [row.name for row in rows]
	if filters.get("as_known_on"):
		_go_back(rows, recommendations.decisions_until(names, end_of(day)))
	done = recommendations.last_follow_ups(names, end_of(day))
	for row in rows:
		is_late = recommendations.is_overdue(row.status, row.due_date, day)
		row["follow_up"] = done.get(row.name, "")
		row["age"] = date_diff(row.closed_on or day, getdate(row.creation))
		row["overdue"] = date_diff(day, row.due_date) if is_late else 0
	return [row for row in rows if not filters.get("status") or row.status == filters["status"]]


def _go_back(rows: list[dict], decisions: dict[str, dict]) -> None:
	"""Each recommendation in the class that it had on the day asked for."""
	for row in rows:
		found = decisions.get(row.name)
		row["status"] = found.status if found else NOT_FOLLOWED_UP
		row["status_note"] = found.note if found else ""
		row["status_reason"] = found.reason if found else ""
		row["closed_on"] = (
			getdate(found.decided_on) if found and row.status not in recommendations.OPEN else None
		)
