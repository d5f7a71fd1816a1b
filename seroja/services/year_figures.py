"""The verified figures of whole years, from which every annual report selects (domain.md 5.6).

A year stands as its last verified quarter left it: the figures are those that were verified, nothing is
computed anew. Scope: the units of the session user.
"""

from collections import defaultdict
from collections.abc import Iterable

import frappe

from seroja.constants import REALIZATION
from seroja.core.numbers import stored_number
from seroja.services.as_known import standing
from seroja.services.repository import ROW, within_scope


def year_rows(years: Iterable[int], filters: dict) -> list[dict]:
	"""Rows of the last verified sheet of each OPD and year, with `opd, year, quarter, sheet`. Two queries.

	An indicator that moved to another OPD within the year counts once, where it stood last.

	filters: opd (with the units below it), as_known_on.
	"""
	sheets = _last_sheets(list(years), filters)
	row = frappe.qb.DocType(ROW)
	rows = (
		frappe.qb.from_(row)
		.select(
			row.parent.as_("sheet"),
			row.indicator,
			row.indicator_name,
			row.unit,
			row.objective,
			row.performance_objective,
			row.is_iku,
			row.polarity,
			row.method,
			row.consolidation,
			row.ordinal_scale,
			row.target,
			row.realization_ytd,
			row.status,
			row.achievement_raw,
			row.achievement_scored,
			row.category,
			row.explanation,
			row.weight,
			row.budget,
			row.has_budget_realization,
			row.budget_realization_value,
			row.evidence,
			row.evidence_link,
			row.obstacle,
			row.next_step,
			row.missing_reason,
		)
		.where(row.parent.isin(list(sheets) or [""]))
		.orderby(row.parent)
		.orderby(row.idx)
	).run(as_dict=True)
	whole = [frappe._dict(found | sheets[found.sheet]) for found in rows]
	last = {(row.indicator, row.year): row.sheet for row in sorted(whole, key=lambda row: row.quarter)}
	return [row for row in whole if last[row.indicator, row.year] == row.sheet]


def unfinished(year: int, filters: dict) -> dict[str, int]:
	"""OPD → its last verified quarter, where that is not the fourth. One query."""
	last = {found.opd: found.quarter for found in _sheets([year], filters)}
	return {opd: quarter for opd, quarter in last.items() if quarter < 4}


def _last_sheets(years: list[int], filters: dict) -> dict[str, dict]:
	"""Sheet → opd, year, quarter, for the last verified quarter of each OPD and year. One query."""
	last = {(found.opd, found.year): found for found in _sheets(years, filters)}
	return {
		found.sheet: {name: found[name] for name in ("opd", "year", "quarter")} for found in last.values()
	}


def _sheets(years: list[int], filters: dict) -> list[dict]:
	sheet = frappe.qb.DocType(REALIZATION)
	query = (
		frappe.qb.from_(sheet)
		.select(sheet.name.as_("sheet"), sheet.opd, sheet.year, sheet.quarter)
		.where(sheet.year.isin(years or [0]) & standing(sheet, filters))
		.orderby(sheet.quarter)
	)
	return within_scope(query, sheet.opd, filters.get("opd")).run(as_dict=True)


def year_texts(year: int, filters: dict) -> dict[str, dict[str, list[tuple[int, str]]]]:
	"""Indicator → "obstacle" and "next_step" → (quarter, text) of every verified quarter of a year. Two queries."""
	sheets = {found.sheet: found.quarter for found in _sheets([year], filters)}
	row = frappe.qb.DocType(ROW)
	rows = (
		frappe.qb.from_(row)
		.select(row.parent, row.indicator, row.obstacle, row.next_step)
		.where(row.parent.isin(list(sheets) or [""]))
	).run(as_dict=True)
	texts: dict = defaultdict(lambda: {"obstacle": [], "next_step": []})
	for found in sorted(rows, key=lambda found: sheets[found.parent]):
		for field in ("obstacle", "next_step"):
			if found[field]:
				texts[found.indicator][field].append((sheets[found.parent], found[field]))
	return texts


def year_parts(year: int, filters: dict) -> dict[str, tuple[float, float]]:
	"""Indicator → (numerator, denominator) of a year. Two queries.

	Those of the last verified quarter; summed where quarters are. Nothing where a quarter that counts has a
	value without them.
	"""
	sheets = {found.sheet: found for found in _sheets([year], filters)}
	last = {found.opd: found.quarter for found in sheets.values()}  # sheets come by quarter
	row = frappe.qb.DocType(ROW)
	rows = (
		frappe.qb.from_(row)
		.select(row.parent, row.indicator, row.consolidation, row.has_value, row.numerator, row.denominator)
		.where(row.parent.isin(list(sheets) or [""]))
	).run(as_dict=True)
	pairs: dict[str, list] = defaultdict(list)
	for found in sorted(rows, key=lambda found: sheets[found.parent].quarter):
		sheet = sheets[found.parent]
		is_last = sheet.quarter == last[sheet.opd]
		if found.consolidation != "SUM" and is_last:
			pairs[found.indicator] = [_pair(found)]
		elif found.consolidation == "SUM" and (is_last or found.has_value):
			pairs[found.indicator].append(_pair(found))
	return {
		indicator: (sum(pair[0] for pair in found), sum(pair[1] for pair in found))
		for indicator, found in pairs.items()
		if None not in found
	}


def _pair(row) -> tuple[float, float] | None:
	pair = stored_number(row.numerator), stored_number(row.denominator)
	return None if None in pair else pair
