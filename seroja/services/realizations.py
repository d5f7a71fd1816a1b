"""Performance Realization: rows from the approved target, values of other quarters, and the calculation."""

import frappe
import numpy as np
import pandas as pd
from frappe import _

from seroja.constants import RATIO, REALIZATION, RETURNED, TARGET
from seroja.core.achievement import VERSION, evaluate
from seroja.core.formula import rate
from seroja.core.numbers import Value, parse_number
from seroja.core.periods import consolidate
from seroja.core.summary import partial_sums, summarise
from seroja.services.calculation import get_calculation, get_scale
from seroja.services.report_parts import color_of
from seroja.services.row_values import compute_formulas, factor_of, ratio_parts, read_rows, stored_value
from seroja.services.targets import COPIED, current_target, quarter_target, read_typed

ENTERED = (
	"realization",
	"numerator",
	"denominator",
	"missing_reason",
	"budget_realization",
	"evidence",
	"evidence_link",
	"obstacle",
	"next_step",
)
NOTED = ("is_flagged", "verifier_note")


# --- the sheet ---


def check_single_sheet(doc) -> None:
	"""One standing sheet per OPD and period."""
	other = frappe.db.get_value(
		REALIZATION, {"opd": doc.opd, "period": doc.period, "docstatus": ["<", 2]}, "name"
	)
	if other:
		frappe.throw(
			_("The sheet {0} already exists for this OPD and period.").format(other),
			title=_("Sheet Exists Already"),
		)


def set_period(doc) -> None:
	doc.year, doc.quarter = frappe.get_cached_value("Reporting Period", doc.period, ["year", "quarter"])
	doc.quarter = int(doc.quarter)


def show_colors(doc) -> None:
	"""For the form: the colour of each category of the scale that the sheet was computed with."""
	if doc.scale:
		doc.set_onload("colors", color_of(get_scale(doc.scale)))


def make_reopened_copy(doc, reason: str) -> None:
	"""A verified sheet is never changed: it stays, cancelled, and its copy starts as a draft."""
	copy = frappe.copy_doc(doc, ignore_no_copy=False)
	copy.update(
		{
			"amended_from": doc.name,
			"reopening_reason": reason,
			"workflow_state": None,
			"target_document": doc.target_document,
			"decision_note": None,
			"docstatus": 0,
		}
	)
	copy.flags.is_reopening = True
	copy.insert(
		ignore_permissions=True
	)  # the reopening was checked; the Inspektorat creates no sheets itself


# --- rows ---


def sync_rows(doc) -> None:
	"""Make the rows those of the OPD's approved target, keeping what was entered.

	Happens when the sheet is made and when a newer version of the target is in force.
	"""
	name = current_target(doc.opd, doc.year)
	if not name:
		frappe.throw(
			_("{0} has no approved Performance Target for {1} yet.").format(doc.opd, doc.year),
			title=_("Target Missing"),
		)
	is_new = doc.is_new()
	if (
		(name == doc.target_document and not is_new)
		or doc.flags.is_reopening
		or doc.workflow_state == RETURNED
	):
		return
	target = frappe.get_doc(TARGET, name)  # scope: the sheet's own OPD, checked with the sheet
	entered = {row.indicator: row for row in doc.get("items", [])}
	others = other_values(doc, [row.indicator for row in target.items])
	doc.set("items", [])
	for wanted in target.items:
		row = doc.append("items", {"indicator": wanted.indicator})
		if wanted.indicator in entered:
			kept = entered[wanted.indicator]
			row.update({field: kept.get(field) for field in (*ENTERED, *(() if is_new else NOTED))})
			row.entered_by = frappe.session.user if is_new else kept.entered_by
		row.update({field: wanted.get(field) for field in (*COPIED, "weight", "budget", "year_target")})
		row.target = quarter_target(wanted, doc.quarter)
		row.last_year = others.last_year.get(wanted.indicator, "")
		row.previous_quarter = others.previous_quarter.get(wanted.indicator, "")
	doc.target_document = name


class OtherValues:
	"""What the same indicators had before. earlier: indicator → {quarter: value} of this year; parts: indicator →
	[(numerator, denominator)] of the earlier quarters of this year that have both."""

	def __init__(self):
		self.earlier: dict[str, dict[int, float]] = {}
		self.parts: dict[str, list[tuple[float, float]]] = {}
		self.last_year: dict[str, str] = {}
		self.previous_quarter: dict[str, str] = {}


def other_values(doc, indicators: list[str]) -> OtherValues:
	"""Values of earlier quarters of the year and of the same quarter last year, from sheets that stand."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType("Performance Realization Item")
	same_year = (sheet.year == doc.year) & (sheet.quarter < doc.quarter)
	last_year = (sheet.year == doc.year - 1) & (sheet.quarter == doc.quarter)
	rows = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(
			row.indicator,
			sheet.year,
			sheet.quarter,
			row.realization,
			row.has_value,
			row.realization_value,
			row.numerator,
			row.denominator,
		)
		.where((sheet.opd == doc.opd) & (sheet.docstatus < 2) & (same_year | last_year))
	).run()
	wanted, found = set(indicators), OtherValues()
	for indicator, year, quarter, text, has_value, value, numerator, denominator in rows:
		if indicator not in wanted:
			continue
		if year < doc.year:
			found.last_year[indicator] = text or ""
			continue
		if quarter == doc.quarter - 1:
			found.previous_quarter[indicator] = text or ""
		if has_value:
			found.earlier.setdefault(indicator, {})[quarter] = value
		if numerator and denominator:
			found.parts.setdefault(indicator, []).append((parse_number(numerator), parse_number(denominator)))
	return found


# --- calculation ---


def compute(doc) -> None:
	"""Read what was typed, then achievement, category and year-to-date of every row."""
	values = read_rows(doc)
	calculation = get_calculation(doc.year)
	to_date = _to_date(doc, [values[row.indicator] for row in doc.items])
	targets = [read_typed(row, row.target, True) for row in doc.items]
	year_targets = [read_typed(row, row.year_target, True) for row in doc.items]
	result = evaluate(_frame(doc.items, targets, to_date), cap=calculation.cap, defaults=calculation.defaults)
	against_year = evaluate(
		_frame(doc.items, year_targets, to_date),
		cap=calculation.cap,
		defaults=calculation.defaults,
		explanations=False,
	)
	_write_results(doc, to_date, result, calculation.scale.categories(result["achievement"]), against_year)
	_summarise(doc, result)
	doc.update({"scale": calculation.scale.name, "cap": calculation.cap, "calculation_version": VERSION})


def achievements_against(rows: list, targets: list[str], year: int) -> list[float | None]:
	"""What the year-to-date values of saved rows are of other targets, in percent; None where there is no figure."""
	calculation = get_calculation(year)
	wanted = [read_typed(row, text, True) for row, text in zip(rows, targets, strict=True)]
	values = [read_typed(row, row.realization_ytd) for row in rows]
	result = evaluate(
		_frame(rows, wanted, values), cap=calculation.cap, defaults=calculation.defaults, explanations=False
	)
	return [value if value == value else None for value in result["achievement"].tolist()]


def _to_date(doc, values: list[Value]) -> list[Value]:
	"""The value of each row at the end of the quarter."""
	if doc.quarter == 1:
		return values
	others = other_values(doc, [row.indicator for row in doc.items])
	return [
		_year_to_date(row, value, others, doc.quarter) for row, value in zip(doc.items, values, strict=True)
	]


def _year_to_date(row, value: Value, others: OtherValues, quarter: int) -> Value:
	"""The value at the end of the quarter; without this quarter's own value there is none (domain.md 2.5).

	A ratio that is summed is the ratio of the sums: percentages do not add up.
	"""
	earlier = others.earlier.get(row.indicator, {})
	if value.low is None or not earlier:
		return value
	if row.value_source == RATIO and row.consolidation == "SUM":
		parts = [*others.parts.get(row.indicator, []), ratio_parts(row)]
		if len(parts) <= len(earlier):  # a quarter was entered before the indicator became a ratio
			return Value()
		return Value(rate(*(sum(column) for column in zip(*parts, strict=True)), factor_of(row)).value)
	quarters = [earlier.get(number, np.nan) for number in range(1, quarter)] + [value.low]
	return Value(consolidate(quarters, row.consolidation or "LAST"))


def outdated_rows(doc) -> list[int]:
	"""Rows that no longer follow from earlier quarters or from other indicators, because one of those was changed since."""
	found = {row.indicator: stored_value(row) for row in doc.items}
	values = dict(found)
	compute_formulas(frappe.get_doc(doc.as_dict()), values)
	to_date = _to_date(doc, [found[row.indicator] for row in doc.items])
	return [
		row.idx
		for row, until_now in zip(doc.items, to_date, strict=True)
		if until_now.show() != (row.realization_ytd or "")
		or values[row.indicator].show() != (row.realization or "")
	]


def _frame(rows, targets: list[Value], realizations: list[Value]) -> pd.DataFrame:
	return pd.DataFrame(
		{
			"polarity": [row.polarity.lower() for row in rows],
			"method": [row.method.lower() if row.method else None for row in rows],
			"ordinal_scale": [row.ordinal_scale for row in rows],
			"target": pd.Series([value.low for value in targets], dtype="float64"),
			"target_upper": pd.Series([value.high for value in targets], dtype="float64"),
			"target_label": [value.label for value in targets],
			"realization": pd.Series([value.low for value in realizations], dtype="float64"),
			"realization_label": [value.label for value in realizations],
			"no_population": [row.missing_reason == "No Population" for row in rows],
		}
	)


def _write_results(doc, to_date, result, categories, against_year) -> None:
	columns = zip(
		doc.items,
		to_date,
		result["achievement"].tolist(),
		result["achievement_scored"].tolist(),
		result["status"].tolist(),
		result["explanation"].tolist(),
		list(categories),
		against_year["achievement"].tolist(),
		strict=True,
	)
	for row, value, raw, scored, status, explanation, category, year_raw in columns:
		row.realization_ytd = value.show()
		row.achievement_raw, row.achievement_scored = _stored(raw), _stored(scored)
		row.year_achievement = _stored(year_raw)
		row.status, row.explanation = status, explanation
		row.category = category if isinstance(category, str) else ""


def _summarise(doc, result: pd.DataFrame) -> None:
	"""Completeness and mean score as the reports have them: by objective, with weights where all rows have one."""
	frame = result.assign(
		sheet="",
		objective=[row.objective or "" for row in doc.items],
		weight=[row.weight or np.nan for row in doc.items],
	)
	total = summarise(partial_sums(frame, ["sheet", "objective"]), ["sheet"]).iloc[0]
	doc.completeness, doc.mean_achievement = _stored(total["completeness"]), _stored(total["mean_scored"])


def _stored(number: float) -> float:
	"""As the database keeps it, so that a digest over the saved row equals one over the read row."""
	return round(number, 9) if number == number else 0.0
