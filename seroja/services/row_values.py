"""What a row of a sheet is worth: typed in, a ratio of two counts, or a formula over other indicators (domain.md 3.2)."""

import math
from graphlib import CycleError, TopologicalSorter

import frappe
from frappe import _

from seroja.constants import FORMULA, LARGEST, RATIO, REALIZATION
from seroja.core.formula import Formula, Result, parse_formula, rate
from seroja.core.numbers import NumberFormatError, Value, parse_number
from seroja.services.targets import read_typed


def read_rows(doc) -> dict[str, Value]:
	"""Indicator → value, written into the rows in the Indonesian form; all typing errors in one message."""
	found: dict[str, Value] = {}
	problems: list[str] = []
	for row in doc.items:
		found[row.indicator] = _read(row, _entered_value, _("Realization"), problems) or Value()
		_read(row, _read_budget, _("Budget Realization (Rp)"), problems)
	if problems:
		frappe.throw(problems, title=_("Please Correct the Figures"), as_list=True)
	compute_formulas(doc, found)
	for row in doc.items:
		_write_value(row, found[row.indicator])
	return found


def _read(row, read, label: str, problems: list[str]):
	try:
		return read(row)
	except NumberFormatError as error:
		problems.append(f"{_('Row {0} ({1})').format(row.idx, row.indicator)}, {label}: {error}")
		return None


def _entered_value(row) -> Value:
	"""What was typed: the value, or numerator and denominator. A formula has nothing typed in."""
	if row.value_source == FORMULA:
		return Value()
	if row.value_source == RATIO:
		return _taken(row, rate(*ratio_parts(row), factor_of(row)))
	value = read_typed(row, row.realization)
	_check_size(value.low)
	return value


def ratio_parts(row) -> tuple[float | None, float | None]:
	"""Numerator and denominator of a row."""
	return _part(row, "numerator"), _part(row, "denominator")


def _part(row, field: str) -> float | None:
	value = read_typed(frappe._dict(polarity=""), row.get(field))
	_check_size(value.low)
	if (value.low or 0) < 0:
		raise NumberFormatError(_("numerator and denominator are never negative."))
	row.set(field, value.show())
	return value.low


def factor_of(row) -> float:
	"""What the ratio is multiplied with; 100 makes percent."""
	return parse_number(row.factor) if row.factor else 100.0


def _taken(row, result: Result) -> Value:
	"""A computed result as the row's value; without a population the row says so itself."""
	if result.status == "invalid":
		parse_number(math.inf)
	_check_size(result.value)
	if result.status == "no_population":
		row.missing_reason = "No Population"
	elif row.missing_reason == "No Population":
		row.missing_reason = ""
	return Value(result.value)


def _write_value(row, value: Value) -> None:
	row.realization = value.show()
	row.has_value, row.realization_value = int(value.low is not None), value.low or 0
	if not value.is_missing:
		row.missing_reason = ""


# --- formulas over other indicators ---


def compute_formulas(doc, found: dict[str, Value]) -> None:
	"""Fill in the values of formula rows: from rows of this sheet, else from verified sheets of the period."""
	rows = {row.indicator: row for row in doc.items if row.value_source == FORMULA}
	formulas = {code: parse_formula(row.expression) for code, row in rows.items()}
	needed = {code for formula in formulas.values() for code in formula.references} - set(found)
	others = _verified_values(doc.period, needed) if needed else {}
	for code in _in_order(formulas):
		numbers = others | {reference: value.low for reference, value in found.items()}
		found[code] = _formula_value(rows[code], formulas[code].evaluate(numbers))


def _formula_value(row, result: Result) -> Value:
	"""A result that is too large is none: the one who enters the sheet cannot mend the formula."""
	try:
		return _taken(row, result)
	except NumberFormatError:
		return Value()


def _in_order(formulas: dict[str, Formula]) -> list[str]:
	"""Formulas after those that they refer to. Indicators refuse circles; rows approved at different times may hold one."""
	graph = {code: [r for r in formula.references if r in formulas] for code, formula in formulas.items()}
	try:
		return list(TopologicalSorter(graph).static_order())
	except CycleError as error:
		frappe.throw(
			_("The formula refers to itself: {0}.").format(" → ".join(error.args[1])),
			title=_("Formula Not Valid"),
		)


def _verified_values(period: str, indicators: set[str]) -> dict[str, float]:
	"""Indicator → value of the quarter in a verified sheet of any OPD; only the result of the formula is shown."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType("Performance Realization Item")
	return dict(
		(
			frappe.qb.from_(row)
			.join(sheet)
			.on(sheet.name == row.parent)
			.select(row.indicator, row.realization_value)
			.where((sheet.period == period) & (sheet.docstatus == 1) & (row.has_value == 1))
			.where(row.indicator.isin(list(indicators)))
		).run()
	)


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


def stored_value(row) -> Value:
	"""The value of a saved row, unrounded where it is a number."""
	return Value(row.realization_value) if row.has_value else read_typed(row, row.realization)
