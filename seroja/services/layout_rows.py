"""The rows that official reports are made of, by source: indicators, series, programmes, assessments.

Every function gives rows with the fields of core.report_layouts for its source, within the units of the
session user and in a fixed number of queries.
"""

from collections import defaultdict

import frappe

from seroja.constants import ASSESSMENT, INDICATOR, INSTRUMENT, OBJECTIVE
from seroja.core import scoring
from seroja.core.assessment_summary import score_table
from seroja.core.numbers import stored_number
from seroja.core.report_layouts import YEARS_OF_A_SERIES, urusan_of
from seroja.services import cascade, year_figures
from seroja.services.as_known import standing
from seroja.services.assessments import answer_in
from seroja.services.instruments import get_instrument
from seroja.services.report_parts import has_value, status_label
from seroja.services.repository import within_scope

_TAG = "Performance Indicator Tag"


def indicator_rows(year: int, tags: tuple[str, ...], filters: dict) -> list[dict]:
	"""One row per indicator with one of the tags, with its figures where there are any. Five queries."""
	figures = {row.indicator: row for row in year_figures.year_rows([year], filters)}
	parts = year_figures.year_parts(year, filters)
	return [
		_indicator(row, year, figures.get(row.code), parts.get(row.code))
		for row in _tagged(year, tags, filters)
		if row.is_active or row.code in figures
	]


def series_rows(year: int, tags: tuple[str, ...], filters: dict) -> list[dict]:
	"""As indicator_rows, with the realizations of five years, `y1` the oldest. Five queries."""
	years = range(year - YEARS_OF_A_SERIES + 1, year + 1)
	figures = {(row.indicator, row.year): row for row in year_figures.year_rows(years, filters)}
	parts = year_figures.year_parts(year, filters)
	rows = []
	for found in _tagged(year, tags, filters):
		if not found.is_active and (found.code, year) not in figures:
			continue
		values = {
			f"y{place}": _text(figures.get((found.code, each)), "realization_ytd")
			for place, each in enumerate(years, 1)
		}
		rows.append(_indicator(found, year, figures.get((found.code, year)), parts.get(found.code)) | values)
	return rows


def _tagged(year: int, tags: tuple[str, ...], filters: dict) -> list[dict]:
	"""The indicators of a year with one of the tags, and their place in the report. One query."""
	indicator, tag = frappe.qb.DocType(INDICATOR), frappe.qb.DocType(_TAG)
	query = (
		frappe.qb.from_(indicator)
		.join(tag)
		.on(tag.parent == indicator.name)
		.select(
			indicator.opd,
			indicator.name.as_("code"),
			tag.tag,
			tag.number,
			tag.tag_group.as_("group"),
			tag.part,
			indicator.indicator_name.as_("indicator"),
			indicator.unit,
			indicator.indicator_kind,
			indicator.numerator_label,
			indicator.denominator_label,
			indicator.formula,
			indicator.data_source,
			indicator.is_active,
		)
		.distinct()
		.where(tag.tag.isin(list(tags) or [""]))
		.where(indicator.valid_from.isnull() | (indicator.valid_from <= year))
		.where(indicator.valid_to.isnull() | (indicator.valid_to == 0) | (indicator.valid_to >= year))
		.orderby(indicator.name)
		.orderby(tag.idx)
	)
	return within_scope(query, indicator.opd, filters.get("opd")).run(as_dict=True)


def _indicator(row: dict, year: int, figures: dict | None, parts: tuple[float, float] | None) -> dict:
	found = figures or frappe._dict(status="no_data")
	valued = has_value(found.status)
	return {
		**row,
		"year": year,
		"indicator_kind": frappe._(row.indicator_kind or ""),
		"target": found.target,
		"realization": found.realization_ytd,
		"target_value": stored_number(found.target),
		"realization_value": stored_number(found.realization_ytd),
		"achievement": found.achievement_raw if valued else None,
		"score": found.achievement_scored if valued else None,
		"category": found.category if valued else "",
		"status_label": status_label(found.status),
		"numerator": parts[0] if parts else None,
		"denominator": parts[1] if parts else None,
		"evidence": _file_name(found.evidence),
		"evidence_link": found.evidence_link,
		"obstacle": found.obstacle,
		"next_step": found.next_step,
	}


def _text(row: dict | None, field: str) -> str:
	return (row.get(field) or "") if row else ""


def _file_name(url: str | None) -> str:
	"""What a file is called; its address would ask every reader for a login."""
	return (url or "").rsplit("/", 1)[-1]


# --- programmes ---

_PROGRAMS = ("Program", "Kegiatan", "Sub Kegiatan")


def program_rows(year: int, _tags: tuple[str, ...], filters: dict) -> list[dict]:
	"""One row per indicator of a programme, kegiatan or sub kegiatan, or one for a node without any. Six queries."""
	nodes = cascade.load_nodes({"valid_in": year, "opd": filters.get("opd")})
	named = {node.name: node for node in nodes}
	own = [node for node in nodes if node.level in _PROGRAMS]
	codes, spending = _codes([node.name for node in own]), cascade.tree_spending(nodes, year)
	figures: dict[str, list] = defaultdict(list)
	for row in year_figures.year_rows([year], filters):
		figures[row.performance_objective].append(row)
	return [
		_program(node, named.get(node.parent), codes[node.name], spending[node.name], row)
		for node in own
		for row in figures.get(node.name) or [frappe._dict()]
	]


def _codes(names: list[str]) -> dict[str, str]:
	"""Node → nomenclature code. One query; the names come from a scoped one."""
	return dict(
		frappe.get_all(
			OBJECTIVE, {"name": ["in", names or ["-"]]}, ["name", "nomenclature_code"], as_list=True
		)
	)


def _program(node: dict, parent: dict | None, code: str | None, spending: tuple, row: dict) -> dict:
	"""spending: (budget, realization) of the node with what stands below it; the sheet's where it has none."""
	budget = spending[0] or float(row.budget or 0) or None
	spent = float(row.budget_realization_value or 0) if row.has_budget_realization else spending[1]
	return {
		"opd": node.opd,
		"urusan": urusan_of(code),
		"policy": "",
		"program_code": code or node.code,
		"program": node.statement,
		"parent": parent.statement if parent and parent.level in _PROGRAMS else "",
		"indicator": row.indicator_name,
		"unit": row.unit,
		"target": row.target,
		"realization": row.realization_ytd,
		"achievement": row.achievement_raw if has_value(row.status or "") else None,
		"budget": budget,
		"budget_realization": spent,
		"budget_share": 100 * spent / budget if budget and spent is not None else None,
		"obstacle": row.obstacle,
		"effort": "",
		"next_step": row.next_step,
	}


# --- assessments ---


def assessment_rows(year: int, series: tuple[str, ...], filters: dict) -> list[dict]:
	"""One row per answerable line of each final assessment of a year in one of the series of instruments. Four queries."""
	documents = _assessments(year, series, filters)
	names = [row.name for row in documents]
	items, advice = _items(names), _advice(names)
	rows = []
	for document in documents:
		instrument = get_instrument(document.instrument)
		lines = {line.code: line for line in items[document.name]}
		counting = set(instrument.counting)
		answers = {code: answer_in(line, "final") for code, line in lines.items() if code in counting}
		scores = scoring.score(instrument, {code: answer for code, answer in answers.items() if answer})
		for scored in score_table(instrument, scores).to_dict("records"):
			rows.append(
				_line(document.opd, scored, lines.get(scored["code"]), advice[document.name])
				| {
					"value": instrument.values.get(scored["answer"])
					if instrument.values
					else stored_number(scored["answer"])
				}
			)
	return rows


def _assessments(year: int, series: tuple[str, ...], filters: dict) -> list[dict]:
	document, instrument = frappe.qb.DocType(ASSESSMENT), frappe.qb.DocType(INSTRUMENT)
	query = (
		frappe.qb.from_(document)
		.join(instrument)
		.on(instrument.name == document.instrument)
		.select(document.name, document.opd, document.instrument)
		.where((document.year == year) & instrument.series.isin(list(series) or [""]))
		.where(standing(document, {"as_known_on": filters.get("as_known_on")}, ASSESSMENT))
		.orderby(document.opd)
	)
	return within_scope(query, document.opd, filters.get("opd")).run(as_dict=True)


def _items(names: list[str]) -> dict[str, list[dict]]:
	"""Assessment → its answered lines. One query; the names come from a scoped one."""
	row = frappe.qb.DocType("Assessment Item")
	rows = (
		frappe.qb.from_(row)
		.select(
			row.parent,
			row.code,
			row.evaluator_answer,
			row.review_answer,
			row.evidence,
			row.evidence_link,
			row.evaluator_note,
		)
		.where(row.parent.isin(names or [""]))
		.orderby(row.idx)
	).run(as_dict=True)
	found: dict[str, list[dict]] = defaultdict(list)
	for each in rows:
		found[each.parent].append(each)
	return found


def _advice(names: list[str]) -> dict[str, dict[str, str]]:
	"""Assessment → component → what was recommended. One query."""
	row = frappe.qb.DocType("Assessment Finding")
	rows = (
		frappe.qb.from_(row)
		.select(row.parent, row.component_code, row.recommendation)
		.where(row.parent.isin(names or [""]))
		.orderby(row.idx)
	).run(as_dict=True)
	found: dict[str, dict[str, str]] = defaultdict(dict)
	for each in rows:
		before = found[each.parent].get(each.component_code)
		found[each.parent][each.component_code] = "; ".join(filter(None, (before, each.recommendation)))
	return found


def _line(opd: str, scored: dict, line: dict | None, advice: dict[str, str]) -> dict:
	line = line or frappe._dict()
	return {
		"opd": opd,
		"code": scored["code"],
		"title": scored["title"],
		"weight": scored["weight"],
		"answer": scored["answer"],
		"score": scored["score"],
		"evidence": _file_name(line.evidence) or line.evidence_link,
		"note": line.evaluator_note,
		"recommendation": advice.get(scored["code"], ""),
	}
