"""Performance Realization: rows from the approved target, values of other quarters, and the calculation."""

import math

import frappe
import numpy as np
import pandas as pd
from frappe import _

from seroja.constants import REALIZATION, RETURNED, TARGET
from seroja.core.achievement import VERSION, evaluate
from seroja.core.numbers import NumberFormatError, Value, parse_number
from seroja.core.periods import consolidate
from seroja.core.summary import partial_sums, summarise
from seroja.services.calculation import get_calculation, get_scale
from seroja.services.report_parts import color_of
from seroja.services.targets import COPIED, current_target, quarter_target, read_typed

# A number beyond this does not fit Frappe's decimal(21,9).
LARGEST = 999_999_999_999
ENTERED = (
	"realization",
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
	"""What the same indicators had before. earlier: indicator → {quarter: value} of this year."""

	def __init__(self):
		self.earlier: dict[str, dict[int, float]] = {}
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
			row.indicator, sheet.year, sheet.quarter, row.realization, row.has_value, row.realization_value
		)
		.where((sheet.opd == doc.opd) & (sheet.docstatus < 2) & (same_year | last_year))
	).run()
	wanted, found = set(indicators), OtherValues()
	for indicator, year, quarter, text, has_value, value in rows:
		if indicator not in wanted:
			continue
		if year < doc.year:
			found.last_year[indicator] = text or ""
			continue
		if quarter == doc.quarter - 1:
			found.previous_quarter[indicator] = text or ""
		if has_value:
			found.earlier.setdefault(indicator, {})[quarter] = value
	return found


# --- calculation ---


def compute(doc) -> None:
	"""Read what was typed, then achievement, category and year-to-date of every row."""
	values = _read_rows(doc)
	calculation = get_calculation(doc.year)
	earlier = other_values(doc, [row.indicator for row in doc.items]).earlier if doc.quarter > 1 else {}
	to_date = [
		_year_to_date(row, value, earlier.get(row.indicator, {}), doc.quarter)
		for row, (_target, _year, value) in zip(doc.items, values, strict=True)
	]
	targets, year_targets = [value[0] for value in values], [value[1] for value in values]
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


def _read_rows(doc) -> list[tuple[Value, Value, Value]]:
	"""(target, year target, realization) per row; all typing errors in one message."""
	values, problems = [], []
	for row in doc.items:
		try:
			value = read_typed(row, row.realization)
			_check_size(value.low)
			row.realization = value.show()
			row.has_value, row.realization_value = int(value.low is not None), value.low or 0
			if not value.is_missing:
				row.missing_reason = ""
		except NumberFormatError as error:
			problems.append(f"{_row_name(row)}, {_('Realization')}: {error}")
			value = Value()
		try:
			_read_budget(row)
		except NumberFormatError as error:
			problems.append(f"{_row_name(row)}, {_('Budget Realization (Rp)')}: {error}")
		values.append((read_typed(row, row.target, True), read_typed(row, row.year_target, True), value))
	if problems:
		frappe.throw(problems, title=_("Please Correct the Figures"), as_list=True)
	return values


def _row_name(row) -> str:
	return _("Row {0} ({1})").format(row.idx, row.indicator)


def _read_budget(row) -> None:
	value = read_typed(frappe._dict(polarity=""), row.budget_realization)
	_check_size(value.low)
	if (value.low or 0) < 0:
		raise NumberFormatError(_("a budget realization is never negative."))
	row.budget_realization = value.show()
	row.has_budget_realization = int(value.low is not None)
	row.budget_realization_value = value.low or 0


def _check_size(number: float | None) -> None:
	if number is not None and abs(number) > LARGEST:
		parse_number(math.inf)


def _year_to_date(row, value: Value, earlier: dict[int, float], quarter: int) -> Value:
	"""The value at the end of the quarter; without this quarter's own value there is none (domain.md 2.5)."""
	if value.low is None or not earlier:
		return value
	quarters = [earlier.get(number, np.nan) for number in range(1, quarter)] + [value.low]
	return Value(consolidate(quarters, row.consolidation or "LAST"))


def outdated_rows(doc) -> list[int]:
	"""Rows whose year-to-date no longer follows from the earlier quarters, because one of those was changed since."""
	if doc.quarter == 1:
		return []
	earlier = other_values(doc, [row.indicator for row in doc.items]).earlier
	outdated = []
	for row in doc.items:
		value = read_typed(row, row.realization)
		if _year_to_date(row, value, earlier.get(row.indicator, {}), doc.quarter).show() != (
			row.realization_ytd or ""
		):
			outdated.append(row.idx)
	return outdated


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
