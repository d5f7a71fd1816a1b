"""What everybody may read: the verified figures of public periods, for the page without login.

Guests hold no position, so these queries are not narrowed by repository.within_scope. They carry the conditions of
publication themselves instead: the sheet is verified, its period is public. They select no person, no evidence, no
obstacle.
"""

import codecs

import frappe
import pandas as pd
from frappe.utils import getdate, today, validate_url

from seroja.constants import PUBLISHED, REALIZATION, REPORT
from seroja.core.charts import category_colors
from seroja.core.evaluation import Evaluation, basis
from seroja.core.numbers import NumberFormatError, parse_number
from seroja.core.rendering import format_percent, plain_value, write_csv
from seroja.services.report_parts import has_value, status_label
from seroja.services.summaries import evaluate_rows

PERIOD = "Reporting Period"
SECONDS = 600
_KEY = "seroja_public"
_GROUP = ("opd", "indicators", "valued", "mean_scored", "category")
_INDICATOR = (
	"opd",
	"objective",
	"indicator",
	"unit",
	"target_text",
	"realization_text",
	"achievement",
	"achievement_scored",
	"category",
	"status",
)


# --- what an address asks for ---


def chosen(period: str | None = None, opd: str | None = None) -> frappe._dict:
	"""What an address asks for: `periods`, `period` (the latest if none is asked for), `figures`, `opd`.

	period, figures and opd are None where there is nothing to choose. Raises PageDoesNotExistError where the page is
	switched off, and for a period or an OPD without public figures. No query when kept, else three.
	"""
	if not frappe.get_cached_doc("SEROJA Settings").public_page:
		raise frappe.PageDoesNotExistError
	periods = _kept("periods", _read_periods)
	found = _one(periods, period) if period else (periods or [None])[0]
	figures = _kept(found.name, lambda: _build(found)) if found else None
	unit = _one(figures["opds"] if figures else [], opd) if opd else None
	return frappe._dict(periods=periods, period=found, figures=figures, opd=unit)


def _one(rows: list, name: str):
	for row in rows:
		if row.name == name:
			return row
	raise frappe.PageDoesNotExistError


def objectives_of(figures: dict, opd: str) -> list[dict]:
	"""The objectives of an OPD with their mean and their indicators, in the order of the desk."""
	return [
		{**group, "rows": [row for row in figures["rows"] if _belongs(row, group)]}
		for group in figures["objectives"]
		if group.opd == opd
	]


def show_percent(value: float | None) -> str:
	"""A percentage as the page prints it."""
	return format_percent(value)


def _belongs(row: dict, group: dict) -> bool:
	return row.opd == group.opd and row.objective == group.objective


# --- reading ---


def _read_periods() -> list[dict]:
	"""The public periods, latest first. One query."""
	return frappe.get_all(
		PERIOD, {"is_public": 1}, ["name", "label", "year", "quarter"], order_by="start_date desc"
	)


def _verified_rows(period: str) -> list[dict]:
	"""The rows of the verified sheets of a public period, as summaries.evaluate_rows takes them. One query."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType("Performance Realization Item")
	opd, window = frappe.qb.DocType("OPD"), frappe.qb.DocType(PERIOD)
	return (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.join(window)
		.on(window.name == sheet.period)
		.join(opd)
		.on(opd.name == sheet.opd)
		.select(
			sheet.opd.as_("opd_name"),  # the evaluation groups by it, and two units may bear one name
			opd.opd_name.as_("full_name"),
			row.indicator_name,
			row.objective,
			row.unit,
			row.polarity,
			row.target,
			row.realization_ytd,
			row.status,
			row.method,
			row.achievement_raw,
			row.achievement_scored,
			row.category,
			row.weight,
			row.budget,
			row.has_budget_realization,
			row.budget_realization_value,
		)
		.where((sheet.docstatus == 1) & (window.is_public == 1) & (window.name == period))
		.orderby(opd.lft)
		.orderby(row.objective)
		.orderby(row.indicator)
	).run(as_dict=True)


def _published_reports(year: int) -> list[dict]:
	"""The performance reports for a year and the one before that were published. One query."""
	report, opd = frappe.qb.DocType(REPORT), frappe.qb.DocType("OPD")
	rows = (
		frappe.qb.from_(report)
		.join(opd)
		.on(opd.name == report.opd)
		.select(report.opd, opd.opd_name, report.year, report.published_on, report.published_link)
		.where((report.workflow_state == PUBLISHED) & report.year.isin([year, year - 1]))
		.orderby(opd.lft)
		.orderby(report.year)
	).run(as_dict=True)
	for row in rows:
		if not validate_url(row.published_link or "", valid_schemes=["http", "https"]):
			row.published_link = None
	return rows


def _build(period: dict) -> dict:
	"""Everything that the page shows of a period: plain values, None for what is missing. Percentages unrounded."""
	rows = _verified_rows(period.name)
	built = {"as_of": getdate(today()), "reports": _published_reports(period.year)}
	if not rows:
		return built | {"overall": None, "opds": [], "objectives": [], "rows": [], "notes": [], "colors": {}}
	evaluation = evaluate_rows(rows, period)
	return built | {
		"overall": frappe._dict(_records(evaluation.overall.to_frame().T, _GROUP[1:])[0]),
		"opds": _opds(evaluation, {row.opd_name: row.full_name for row in rows}),
		"objectives": _records(evaluation.by_objective, ("objective", *_GROUP)),
		"rows": [_with_remark(row) for row in _records(evaluation.indicators, _INDICATOR)],
		"notes": basis(evaluation),
		"colors": category_colors(evaluation.scale.labels),
	}


def _records(table: pd.DataFrame, columns: tuple[str, ...]) -> list[dict]:
	values = table[[*columns]].itertuples(index=False, name=None)
	return [frappe._dict(zip(columns, map(plain_value, row), strict=True)) for row in values]


def _opds(evaluation: Evaluation, names: dict[str, str]) -> list[dict]:
	"""The OPDs with their full names, best first, those without a mean last."""
	rows = _records(evaluation.by_opd, (*_GROUP, "rank"))
	for row in rows:
		row.update(name=row.opd, opd_name=names[row.opd])
	return sorted(rows, key=lambda row: (row.rank is None, row.rank, row.opd_name))


def _with_remark(row: dict) -> dict:
	"""Why there is no value, where there is none."""
	row.remark = "" if has_value(row.status) else status_label(row.status)
	return row


# --- the file ---


def figures_csv(asked: frappe._dict) -> bytes:
	"""The indicators of what `chosen` gave as CSV: a decimal point, empty where there is no value.

	Plain UTF-8 as programs read it, without the mark that write_csv sets for spreadsheets.
	"""
	figures = asked.figures or {"rows": [], "opds": [], "as_of": None}
	names = {row.name: row.opd_name for row in figures["opds"]}
	rows = [row for row in figures["rows"] if not asked.opd or row.opd == asked.opd.name]
	columns = {
		"period": [asked.period.name for _row in rows],
		"opd": [row.opd for row in rows],
		"opd_name": [names[row.opd] for row in rows],
		"objective": [row.objective for row in rows],
		"indicator": [row.indicator for row in rows],
		"unit": [row.unit for row in rows],
		"target": [_number(row.target_text) for row in rows],
		"realization": [_number(row.realization_text) for row in rows],
		"achievement_percent": [row.achievement for row in rows],
		"score_percent": [row.achievement_scored for row in rows],
		"category": [row.category for row in rows],
		"remark": [row.remark for row in rows],
		"as_of": [figures["as_of"] for _row in rows],
	}
	return write_csv(pd.DataFrame(columns, dtype=object)).removeprefix(codecs.BOM_UTF8)


def _number(text: str) -> float | str | None:
	"""A target or realization as number; a range or a label stays text."""
	if text == "–":
		return None
	try:
		return parse_number(text)
	except NumberFormatError:
		return text


# --- keeping ---


def _kept(name: str, read):
	"""What `read` gives, kept for ten minutes or until `forget`."""
	key = f"{_KEY}:{_generation()}:{name}"
	value = frappe.cache.get_value(key, expires=True)
	if value is None:
		value = read()
		frappe.cache.set_value(key, value, expires_in_sec=SECONDS)
	return value


def _generation() -> str:
	"""Another one after each change: who read before the change keeps his figures where nobody looks any more."""
	return frappe.cache.get_value(f"{_KEY}_generation", expires=True) or _renew()


def _renew() -> str:
	generation = frappe.generate_hash(length=12)
	frappe.cache.set_value(f"{_KEY}_generation", generation, expires_in_sec=SECONDS)
	return generation


def forget(doc=None, method: str | None = None) -> None:
	"""Hook: a sheet was verified or reopened, a period or the settings were changed.

	At once for this transaction, and again after its commit: until then others read, and keep, what was before.
	"""
	_renew()
	frappe.db.after_commit.add(_renew)
