"""One entry, many reports: the tables of LKPJ, LPPD, SPM, RB, SAKIP and SPBE from the verified rows.

Which rows and columns a table has is data (Report Layout); core selects and orders (domain.md 5.4 to 5.6).
"""

from dataclasses import replace

import frappe
import pandas as pd
from frappe import _
from frappe.utils import cint

from seroja.constants import LAYOUT
from seroja.core import report_layouts as core
from seroja.core.rendering import NUMBER, format_date, format_value, records
from seroja.core.spm import SERVICE, spm_index, spm_rows
from seroja.permissions.opd import visible_opds
from seroja.services import layout_rows, paper, repository
from seroja.services.as_known import day_of
from seroja.services.year_figures import unfinished

_HEADER = ("code", "title", "report", "source", "regulation", "notes")


def validate_layout(doc) -> None:
	"""Throws one list of everything that is wrong with a layout."""
	_read(doc)


def get_layout(name: str) -> core.Layout:
	"""A Report Layout as core knows it. Everybody with a role of SEROJA may read layouts."""
	return _read(frappe.get_cached_doc(LAYOUT, name))


def _read(doc) -> core.Layout:
	values = {field: doc.get(field) or "" for field in _HEADER}
	values |= {field: doc.get(field) or None for field in ("valid_from", "valid_to")}
	values |= {field: _listed(doc.get(field)) for field in ("tags", "group_by", "sort_by")}
	fields = ("field", "heading", "kind", "width", "required")
	columns = [{field: row.get(field) for field in fields} for row in doc.columns]
	values["columns"] = [column | {"required": bool(column["required"])} for column in columns]
	try:
		return core.read_layout(frappe.as_json(values))
	except core.LayoutError as error:
		frappe.throw(error.problems, title=_("Layout Not Valid"), as_list=True)


def _listed(text: str | None) -> list[str]:
	return [part.strip() for part in (text or "").split(",") if part.strip()]


def as_values(layout: core.Layout) -> dict:
	"""A layout of core as values of a Report Layout."""
	values = {field: getattr(layout, field) for field in (*_HEADER, "valid_from", "valid_to")}
	values |= {field: ", ".join(getattr(layout, field)) for field in ("tags", "group_by", "sort_by")}
	columns = [
		{
			"field": column.field,
			"heading": column.heading,
			"kind": column.kind,
			"width": column.width,
			"required": int(column.required),
		}
		for column in layout.columns
	]
	return values | {"columns": columns}


# --- extracts ---


def extract(name: str, year: int, filters: dict) -> tuple[core.Layout, pd.DataFrame, pd.DataFrame]:
	"""(layout, table with its fields in the official order, the rows it was taken from) of a year, within the reader's units.

	filters: opd, as_known_on. Throws where the layout is not valid in the year.
	"""
	layout = get_layout(name)
	rows = _rows(layout, year, filters)
	try:
		return layout, core.build_extract(layout, rows, year), rows
	except core.LayoutError as error:
		frappe.throw(error.problems, title=_("Layout Not Valid"), as_list=True)


def year_of(year: int | None, filters: dict) -> int:
	"""The year asked for, else the latest with verified figures. Throws when there is neither."""
	period = None if cint(year) else repository.chosen_period(filters, with_figures=True)
	if not cint(year) and not period:
		frappe.throw(repository.no_period_message())
	return cint(year) or period.year


def extract_file(name: str, year: int, filters: dict, kind: str) -> bytes:
	"""The official table as "xlsx" or "csv"."""
	layout, table, _rows_taken = extract(name, year, filters)
	if kind == "csv":
		return core.extract_csv(layout, table, year)
	known = format_date(day_of(filters))
	notes = [paper.government_name(), f"Hanya angka yang sudah diverifikasi, keadaan data pada {known}."]
	notes += [
		f"{opd}: baru sampai dengan triwulan {quarter}." for opd, quarter in unfinished(year, filters).items()
	]
	return core.extract_xlsx(layout, table, year, notes)


def shown_rows(layout: core.Layout, table: pd.DataFrame) -> list[dict]:
	"""The rows of an extract for people who read: numbers with the decimals they have."""
	rows = records(table)
	numbers = [column.field for column in layout.columns if column.kind == NUMBER]
	return [
		row | {field: format_value(row[field]) for field in numbers if row[field] is not None} for row in rows
	]


def opds_of(layout: core.Layout, rows: pd.DataFrame, year: int) -> list[str]:
	"""The OPD of each row of an extract, "" for a sum over several."""
	with_opd = replace(layout, columns=(core.LayoutColumn("opd", "OPD"),))
	found = core.build_extract(with_opd, rows, year)["opd"].fillna("")
	return [opd if "," not in opd else "" for opd in found]


def _rows(layout: core.Layout, year: int, filters: dict) -> pd.DataFrame:
	"""The rows of the layout's source: a frame with all its fields."""
	if layout.source == core.SPM:
		indicators = _frame(core.INDICATORS, layout_rows.indicator_rows(year, layout.tags, filters))
		table = spm_index(spm_rows(indicators)).table
		if (
			filters.get("opd") or visible_opds() is not None
		):  # a part of the government has no index of the whole
			table = table[(table["level"] == SERVICE) & (table["opd"] != "")].reset_index(drop=True)
		return table
	sources = {
		core.INDICATORS: layout_rows.indicator_rows,
		core.SERIES: layout_rows.series_rows,
		core.PROGRAMS: layout_rows.program_rows,
		core.ASSESSMENT: layout_rows.assessment_rows,
	}
	return _frame(layout.source, sources[layout.source](year, layout.tags, filters))


def _frame(source: str, rows: list[dict]) -> pd.DataFrame:
	return pd.DataFrame(rows, columns=list(core.FIELDS[source]), dtype=object)


def gaps(year: int, filters: dict) -> list[dict]:
	"""What is still missing for which report: a row per layout and indicator with `opd, layout, report, code, indicator,
	headings`. filters: opd, report, as_known_on. The number of queries depends on the layouts only."""
	found = []
	for name in valid_in(year, filters.get("report")):
		layout = get_layout(name)
		table = core.missing(layout, _rows(layout, year, filters), year)
		for (opd, code, indicator), lines in table.groupby(
			["opd", "code", "indicator"], sort=False, dropna=False
		):
			found.append(
				{
					"opd": opd,
					"layout": name,
					"report": layout.report,
					"code": code,
					"indicator": indicator,
					"headings": ", ".join(lines["heading"]),
					"cells": len(lines),
				}
			)
	return found


def valid_in(year: int, report: str | None = None) -> list[str]:
	"""The layouts that are valid in a year, of one official report or of all."""
	rows = frappe.get_all(
		LAYOUT,
		{"report": report} if report else {},
		["name", "valid_from", "valid_to"],
		order_by="report, name",
	)
	return [row.name for row in rows if (row.valid_from or year) <= year <= (row.valid_to or year)]
