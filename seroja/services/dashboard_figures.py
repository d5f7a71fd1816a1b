"""The dashboard on achievement: scores, ranking, categories, trend, what has fallen, what is below target."""

import frappe
import pandas as pd
from frappe import _

from seroja.constants import REALIZATION
from seroja.core.numbers import format_number
from seroja.core.summary import summarise, summarise_all
from seroja.services import repository
from seroja.services.as_known import standing
from seroja.services.dashboard_parts import (
	BAR,
	SHOWN,
	cell,
	chart,
	figure,
	form,
	number,
	out_of,
	report,
	table,
)
from seroja.services.report_parts import category_chart, color_of, has_value, mean, show_points

QUARTERS = 8


def score_card(units: list[dict], period, scale) -> dict:
	value = mean([unit.get("mean_scored") for unit in units])
	category = scale.category(value) if value is not None else ""
	link = report("OPD Evaluation Summary", period=period.name)
	color = color_of(scale).get(category)
	return figure(
		_("Mean Score (%)"), format_number(value), link, category or _("Not yet verified"), color=color
	)


def indicator_card(units: list[dict], period) -> dict:
	valued, owed = sum(unit["valued"] for unit in units), sum(unit["indicators"] for unit in units)
	link = report("Indicator Achievement", period=period.name)
	return figure(_("Indicators with Value"), out_of(valued, owed), link)


def absorption_card(overall, period) -> dict:
	value = None if overall is None else overall["absorption"]
	link = report("OPD Evaluation Summary", period=period.name)
	return figure(_("Absorption (%)"), format_number(value), link)


def ranking(units: list[dict], period, scale) -> dict:
	colors = color_of(scale)
	ranked = [unit for unit in units if unit.get("mean_scored") is not None]
	rows = [
		[
			number(unit["rank"], 0),
			cell(unit["opd_name"], report("Indicator Achievement", period=period.name, opd=unit["opd"])),
			*_score(unit, colors),
		]
		for unit in ranked[:SHOWN]
	]
	link = report("OPD Evaluation Summary", period=period.name)
	return table(
		_("Ranking of the OPDs"),
		[_("Rank"), _("OPD"), _("Mean Score (%)"), _("Category")],
		rows,
		_("No sheet of this period has been verified yet."),
		{"label": _("All {0} OPDs").format(len(units)), "link": link},
	)


def _score(unit: dict, colors: dict[str, str]) -> list[dict]:
	"""The score with its bar, and the category."""
	score, color = unit.get("mean_scored"), colors.get(unit.get("category"))
	return [
		number(score, share=min(max(score or 0, 0), 100), color=color),
		cell(unit.get("category"), color=color),
	]


def own_units(units: list[dict], sheets: list[dict], period, scale) -> dict:
	colors = color_of(scale)
	names = {sheet.opd: sheet.name for sheet in sheets if sheet.period == period.name}
	rows = [
		[
			cell(unit["opd_name"], form(REALIZATION, names.get(unit["opd"]))),
			*_score(unit, colors),
			number(unit.get("absorption")),
			cell(_(unit["state"]) if unit["state"] else _("No Sheet")),
		]
		for unit in units
	]
	return table(
		_("My OPD"),
		[_("OPD"), _("Mean Score (%)"), _("Category"), _("Absorption (%)"), _("Status")],
		rows,
		_("No target of {0} has been approved yet.").format(period.year),
		{"label": _("Summary"), "link": report("OPD Evaluation Summary", period=period.name)},
	)


def categories(units: list[dict], period, scale) -> dict:
	counts = {label: sum(unit.get(f"count:{label}") or 0 for unit in units) for label in scale.labels}
	owed = sum(unit["indicators"] for unit in units)
	drawing = category_chart(counts, owed - sum(counts.values()), scale) if owed else None
	link = report("Indicator Achievement", period=period.name)
	return chart(
		_("Indicators per Category"),
		drawing,
		_("No target of {0} has been approved yet.").format(period.year),
		{"label": _("All Indicators"), "link": link},
	)


def trend(period) -> list[tuple[str, object]]:
	"""(label, summary of all OPDs or None) of the last quarters, the one of the period last. Two queries."""
	until = {"start_date": ["<=", period.start_date]}
	quarters = frappe.get_all(
		"Reporting Period", until, ["name", "year", "quarter"], order_by="start_date desc", limit=QUARTERS
	)
	sums = _sums_of([each.name for each in quarters])
	return [
		(f"TW{each.quarter} {each.year}", _overall(sums[sums["period"] == each.name]))
		for each in reversed(quarters)
	]


def _sums_of(periods: list[str]) -> pd.DataFrame:
	"""repository.opd_sums of several periods at once: a query for each would read the whole table each time."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(repository.ROW)
	groups, sums = (sheet.period, sheet.opd, row.objective), repository._sums(row)
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(*groups, *sums.values())
		.where(sheet.period.isin(periods) & standing(sheet, {}))
		.groupby(*groups)
	)
	rows = repository.within_scope(query, sheet.opd).run(as_list=True)
	frame = pd.DataFrame(rows, columns=["period", "opd", "objective", *sums])
	return frame.astype(dict.fromkeys(sums, "float64")).fillna({"objective": ""})


def _overall(sums: pd.DataFrame):
	return None if sums.empty else summarise_all(sums, summarise(sums, ["opd"]))


def trend_chart(quarters: list[tuple[str, object]]) -> dict:
	"""quarters: as of `trend`; those before the first verified one are left out."""
	values = [
		_rounded(overall["mean_scored"]) if overall is not None else None for _label, overall in quarters
	]
	first = next((place for place, value in enumerate(values) if value is not None), len(values))
	empty = _("The trend appears as soon as two quarters are verified.")
	drawing = {
		"type": "line",
		"data": {
			"labels": [label for label, _overall in quarters[first:]],
			"datasets": [{"name": _("Mean Score (%)"), "values": values[first:]}],
		},
		"colors": [BAR],
		"lineOptions": {"hideDots": 0},
	}
	return chart(_("Mean Score of the Government"), drawing if len(values) - first > 1 else None, empty)


def _rounded(value: float) -> float | None:
	return None if value != value else round(float(value), 2)


def worst_movers(period) -> dict:
	"""The indicators whose achievement fell most against the same quarter of last year, in points."""
	before = repository.last_year_values(period, {})
	fallen = _fallen(repository.achievement_rows(period, {}), before)
	rows = [
		[
			cell(row.indicator_name, form(REALIZATION, row.sheet), note=row.opd_name),
			number(before[row.indicator].achievement_raw),
			number(row.achievement_raw),
			cell(f"▼ {show_points(points)}", is_number=True, is_bad=True),
		]
		for points, row in fallen[:SHOWN]
	]
	return table(
		_("Fallen Most against Last Year"),
		[_("Indicator"), _("Last Year (%)"), _("Achievement (%)"), _("Points")],
		rows,
		_("No indicator has fallen against the same quarter of last year.")
		if before
		else _("The same quarter of last year has no verified figures."),
		{"label": _("All Indicators"), "link": report("Indicator Achievement", period=period.name)},
	)


def _fallen(rows: list[dict], before: dict[str, dict]) -> list[tuple[float, dict]]:
	"""(points, row), the deepest fall first."""
	found = []
	for row in rows:
		old = before.get(row.indicator)
		if old and has_value(row.status) and has_value(old.status):
			found.append((row.achievement_raw - old.achievement_raw, row))
	fallen = [each for each in found if each[0] < 0]
	return sorted(fallen, key=lambda each: (each[0], each[1].indicator))


def below_target(period, own: set[str], names: dict[str, str]) -> dict:
	"""Verified indicators of the own OPDs below their target, the weakest first, with the next step."""
	below = [
		row
		for row in repository.achievement_rows(period, {})
		if row.opd in own and has_value(row.status) and row.achievement_raw < 100
	]
	below.sort(key=lambda row: (row.achievement_raw, row.indicator))
	steps = _next_steps([row.sheet for row in below[:SHOWN]])
	rows = [
		[
			cell(row.indicator_name, form(REALIZATION, row.sheet), note=names.get(row.opd, "")),
			number(row.achievement_raw),
			cell(steps.get((row.sheet, row.indicator))),
		]
		for row in below[:SHOWN]
	]
	return table(
		f"{_('Below Target')} ({len(below)})",
		[_("Indicator"), _("Achievement (%)"), _("Next Step")],
		rows,
		_("No verified indicator is below its target."),
		{"label": _("All Indicators"), "link": report("Indicator Achievement", period=period.name)},
	)


def _next_steps(sheets: list[str]) -> dict[tuple[str, str], str]:
	"""(sheet, indicator) → what the OPD will do. One query; the names come from a scoped query."""
	rows = frappe.get_all(
		repository.ROW,
		{"parent": ["in", list(set(sheets)) or ["-"]], "parenttype": REALIZATION},
		["parent", "indicator", "next_step"],
	)
	return {(row.parent, row.indicator): row.next_step for row in rows}
