"""The figures of a performance report, from verified rows to what core.performance_report keeps (domain.md 5.1).

Scope: the units of whoever builds the report, narrowed to its OPD with the units below it.
"""

from collections import defaultdict
from dataclasses import replace

import frappe

from seroja.constants import PLAN
from seroja.core import evaluation
from seroja.core import performance_report as core
from seroja.core.numbers import stored_number
from seroja.core.rendering import records
from seroja.services import cascade, paper, realizations, stories, summaries, year_figures
from seroja.services.agreements import head_of
from seroja.services.as_known import day_of
from seroja.services.report_parts import has_value, status_label

YEARS_BEFORE = 4
_QUARTERS = ("Triwulan I", "Triwulan II", "Triwulan III", "Triwulan IV")


def figures_of(opd: str, year: int, filters: dict | None = None) -> core.ReportData | None:
	"""The figures of an OPD's report, or of the whole government's; None where nothing of the year is verified.

	filters: as_known_on. A fixed number of queries.
	"""
	filters = {**(filters or {}), "opd": opd}
	name, kind = frappe.db.get_value("OPD", opd, ["opd_name", "opd_type"])
	is_government = kind == "Government"
	rows = _named(year_figures.year_rows([year], filters))
	if not rows:
		return None
	own = _own(rows, opd) if is_government else rows
	whole = _evaluate(own, year, name)
	plan = _plan(opd, year)
	around = stories.Around(rows, frappe._dict(year=year, quarter=max(row.quarter for row in rows)), filters)
	return core.ReportData(
		government=paper.government_name(),
		unit=name,
		is_government=is_government,
		head_title=head_of(name, kind),
		signer=paper.head_of_unit(opd, head_of(name, kind)),
		place=paper.settings().place or "",
		year=year,
		plan_title=plan.title if plan else "",
		plan_years=(plan.year_from, plan.year_to) if plan else None,
		vision=(plan.vision or "") if plan else "",
		missions=_missions(plan),
		indicators=_indicators(own, year, plan.year_to if plan else None, filters, around),
		objectives=tuple(_objective(row) for row in records(whole.by_objective)),
		programs=_programs(opd, year),
		units=_units([row for row in rows if row.opd != opd], year) if is_government else (),
		overall=_objective(records(whole.overall.to_frame().T)[0] | {"objective": ""}),
		scale_name=whole.scale.name,
		scale_labels=tuple(whole.scale.labels),
		basis=tuple(evaluation.basis(whole)),
		as_known_on=day_of(filters),
		until=_until(own),
		recommendations=tuple(advice for found in around.recommendations.values() for advice in found),
	)


def _until(rows: list[dict]) -> str:
	"""The last verified quarter, "" where the year is whole."""
	quarter = min(row.quarter for row in rows)
	return "" if quarter == 4 else _QUARTERS[quarter - 1]


def _named(rows: list[dict]) -> list[dict]:
	names = dict(frappe.get_all("OPD", fields=["name", "opd_name"], as_list=True))
	for row in rows:
		row["opd_name"] = names[row.opd]
	return rows


def _own(rows: list[dict], government: str) -> list[dict]:
	"""The government answers for its own indicators; where it has none, for the IKU of its OPDs."""
	return [row for row in rows if row.opd == government] or [row for row in rows if row.is_iku] or rows


def _evaluate(rows: list[dict], year: int, unit: str = "") -> evaluation.Evaluation:
	"""The evaluation of rows, of all as one unit where its name is given."""
	period = frappe._dict(year=year, label=str(year))
	return summaries.evaluate_rows(
		[frappe._dict(row, opd=unit, opd_name=unit) if unit else row for row in rows], period
	)


def _objective(row: dict) -> core.ObjectiveRow:
	return core.ObjectiveRow(
		objective=row["objective"],
		indicators=int(row["indicators"]),
		valued=int(row["valued"]),
		mean_raw=row["mean_raw"],
		mean_score=row["mean_scored"],
		category=row["category"] or "",
		budget=row["budget"] or None,
		budget_realization=row["budget_realization"] if row["absorption"] is not None else None,
		absorption=row["absorption"],
		efficiency_gap=row["efficiency_gap"],
		efficiency=row["efficiency"],
		efficiency_value=row["efficiency_value"],
		efficiency_label=row["efficiency_label"] or "",
	)


def _units(rows: list[dict], year: int) -> tuple[core.UnitRow, ...]:
	if not rows:
		return ()
	table = _evaluate(rows, year).by_opd.sort_values("rank", kind="stable", na_position="last")
	return tuple(
		core.UnitRow(
			row["opd"],
			int(row["indicators"]),
			int(row["valued"]),
			row["mean_scored"],
			row["category"] or "",
			row["absorption"],
			int(row["rank"]) if row["rank"] is not None else None,
		)
		for row in records(table)
	)


# --- indicators ---


def _indicators(
	rows: list[dict], year: int, plan_year: int | None, filters: dict, around: stories.Around
) -> tuple[core.IndicatorRow, ...]:
	codes = [row.indicator for row in rows]
	history, texts = _history(year, filters), year_figures.year_texts(year, filters)
	targets, benchmarks = _plan_targets(codes, year, plan_year), _benchmarks(codes, year)
	wanted = [targets.get(code, (None, ""))[1] for code in codes]
	reached = realizations.achievements_against(rows, wanted, year)
	return tuple(
		replace(
			_indicator(
				row, history[row.indicator], texts[row.indicator], targets.get(row.indicator), percent
			),
			benchmarks=tuple(benchmarks[row.indicator]),
			outlook=around.outlook.get(row.indicator, ()),
			drivers=around.drivers.get(row.indicator, ()),
			findings=around.findings.get(row.indicator, ()),
			last_achievement=around.last_year.get(row.indicator, (None, ""))[0],
			last_realization=around.last_year.get(row.indicator, (None, ""))[1],
		)
		for row, percent in zip(rows, reached, strict=True)
	)


def _indicator(
	row: dict, history: list, texts: dict, target: tuple | None, reached: float | None
) -> core.IndicatorRow:
	valued = has_value(row.status)
	return core.IndicatorRow(
		code=row.indicator,
		name=row.indicator_name or "",
		unit=row.unit or "",
		objective=row.objective or "",
		is_iku=bool(row.is_iku),
		polarity=(row.polarity or "").lower(),
		target=row.target or "",
		realization=row.realization_ytd or "",
		value=stored_number(row.realization_ytd),
		achievement=row.achievement_raw if valued else None,
		score=row.achievement_scored if valued else None,
		category=(row.category or "") if valued else "",
		status_label=status_label(row.status),
		explanation=row.explanation or "",
		history=tuple(history),
		plan_year=target[0] if target else None,
		plan_target=target[1] if target else "",
		plan_achievement=reached,
		obstacles=_sentences(texts["obstacle"]),
		next_steps=_sentences(texts["next_step"]),
		budget=float(row.budget) if row.budget else None,
		budget_realization=float(row.budget_realization_value or 0) if row.has_budget_realization else None,
	)


def _sentences(texts: list[tuple[int, str]]) -> tuple[str, ...]:
	return tuple(f"{_QUARTERS[quarter - 1]}: {text}" for quarter, text in texts)


def _history(year: int, filters: dict) -> dict[str, list[core.YearFigure]]:
	"""Indicator → its figures of the years before, oldest first. Two queries."""
	found = defaultdict(list)
	rows = year_figures.year_rows(range(year - YEARS_BEFORE, year), filters)
	for row in sorted(rows, key=lambda row: row.year):
		achievement = row.achievement_raw if has_value(row.status) else None
		found[row.indicator].append(
			core.YearFigure(
				row.year,
				row.target or "",
				row.realization_ytd or "",
				stored_number(row.realization_ytd),
				achievement,
			)
		)
	return found


def _plan_targets(codes: list[str], year: int, plan_year: int | None) -> dict[str, tuple[int, str]]:
	"""Indicator → (year, target) of the plan's last year, else of the last year that has one. One query."""
	rows = frappe.get_all(
		"Performance Indicator Year Target",
		{"parent": ["in", codes or ["-"]], "target": ["is", "set"], "year": [">=", year]},
		["parent", "year", "target"],
		order_by="year",
	)
	return {row.parent: (row.year, row.target) for row in rows if not plan_year or row.year <= plan_year}


def _benchmarks(codes: list[str], year: int) -> dict[str, list[core.Benchmark]]:
	"""Indicator → the latest value of each comparison up to the year. One query; the codes come from scoped rows."""
	rows = frappe.get_all(
		"Performance Indicator Benchmark",
		{"parent": ["in", codes or ["-"]], "year": ["<=", year]},
		["parent", "compared_with", "year", "value", "source"],
		order_by="parent, compared_with, year",
	)
	latest = {(row.parent, row.compared_with): row for row in rows}
	found = defaultdict(list)
	for row in latest.values():
		found[row.parent].append(
			core.Benchmark(row.compared_with, row.year, row.value, stored_number(row.value), row.source or "")
		)
	return found


# --- plan and budget ---


def _plan(opd: str, year: int):
	"""The approved or, failing that, the latest plan of the OPD for the year; None without one. One query."""
	rows = frappe.get_all(
		PLAN,
		{"opd": opd, "year_from": ["<=", year], "year_to": [">=", year]},
		["name", "title", "year_from", "year_to", "vision"],
		order_by="verified_on desc, creation desc",
		limit=1,
	)
	return rows[0] if rows else None


def _missions(plan) -> tuple[str, ...]:
	if not plan:
		return ()
	rows = frappe.get_all("Strategic Plan Mission", {"parent": plan.name}, pluck="mission", order_by="idx")
	return tuple(text for text in rows if text)


def _programs(opd: str, year: int) -> tuple[core.ProgramRow, ...]:
	"""Programmes with budget and realization, added up from what stands below them. Four queries."""
	nodes = cascade.load_nodes({"opd": opd, "valid_in": year})
	spending = cascade.tree_spending(nodes, year)
	statements = {node.name: node.statement for node in nodes}
	return tuple(
		core.ProgramRow(statements.get(node.parent, ""), node.statement, *spending[node.name])
		for node in nodes
		if node.level == "Program"
	)
