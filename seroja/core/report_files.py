"""A report of the desk on paper, in a workbook and in a mail: the same rows and figures in each.

A report is columns and rows as the desk shows them; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from seroja.core import charts
from seroja.core.numbers import format_number
from seroja.core.parts import (
	Column,
	Document,
	Heading,
	Letterhead,
	Paragraph,
	Picture,
	Table,
	clean,
	footer_text,
)
from seroja.core.rendering import (
	INTEGER,
	NUMBER,
	RUPIAH,
	TEXT,
	Attachment,
	Sheet,
	Stamper,
	format_date,
	render_document,
	render_html,
	write_csv,
	write_xlsx,
)
from seroja.core.signing import Party, place_and_day, signatures, signer_lines

DATE = "date"
MOST_ROWS_IN_PDF, MOST_ROWS_IN_MAIL = 400, 25
MOST_COLUMNS_IN_MAIL = 7
_ROOM = 1650  # pixels of the desk that a landscape page holds
_KEYS = 2  # first columns, repeated where a table is too wide for one page
_DECIMALS = {NUMBER: 2, INTEGER: 0, RUPIAH: 0}
_WIDTH_PER_SIGN = 8  # pixels of the desk per character of a workbook


@dataclass(frozen=True)
class ReportColumn:
	"""kind: text, number, integer, rupiah or date; width: pixels in the desk."""

	field: str
	heading: str
	kind: str = TEXT
	width: int = 120


@dataclass(frozen=True)
class ReportChart:
	"""kind: bar or line; series: name → values; colors: of the bars or of the series, may be empty."""

	kind: str
	labels: tuple[str, ...]
	series: Mapping[str, Sequence[float | None]]
	colors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
	"""A report as it is read. rows: dicts by field, `indent` says how deep one stands; cards: (label, value)
	of the key figures; texts: the evaluation text of a mail, items below its paragraphs on lines that begin with “- ”;
	subtitle: period, unit, day; notes: printed below the table; mark: in the corner of each page."""

	title: str
	subtitle: str
	government: str
	columns: tuple[ReportColumn, ...]
	rows: Sequence[Mapping]
	printed_on: date
	cards: tuple[tuple[str, str], ...] = ()
	texts: tuple[str, ...] = ()
	chart: ReportChart | None = None
	notes: tuple[str, ...] = ()
	place: str = ""
	letterhead: Letterhead | None = None
	signer: Party | None = None
	mark: str = ""


def cell_text(value: object, kind: str = TEXT) -> str:
	"""A cell as Indonesians read it; "–" for no value."""
	if value is None or value == "" or (isinstance(value, float) and value != value):
		return "–"
	if kind in _DECIMALS and isinstance(value, (int, float)):
		return ("Rp " if kind == RUPIAH else "") + format_number(float(value), _DECIMALS[kind])
	if isinstance(value, (date, datetime)):
		return f"{value:%d-%m-%Y}"
	return str(value)


# --- files ---


def report_pdf(report: Report, picture: bytes | None = None, stamper: Stamper | None = None) -> bytes:
	"""The report as PDF/A-3b in landscape, its rows attached as CSV. picture: that of `report_picture`."""
	data = Attachment("data.csv", report_csv(report), f"Data laporan {report.title}")
	return render_document(report_document(report, picture), stamper, [data])


def report_csv(report: Report) -> bytes:
	"""The rows with their headings, figures unrounded."""
	return write_csv(
		_frame(report).rename(columns={column.field: column.heading for column in report.columns})
	)


def report_xlsx(report: Report) -> bytes:
	"""The rows as a worksheet with real numbers; key figures and notes on a second one."""
	columns = [
		(column.field, column.heading, column.kind, max(9, column.width // _WIDTH_PER_SIGN))
		for column in report.columns
	]
	remarks = [report.subtitle, *(f"{label}: {value}" for label, value in report.cards), *report.notes]
	notes = pd.DataFrame({"note": [text for text in remarks if text]})
	return write_xlsx(
		[
			Sheet(report.title, _frame(report), columns),
			Sheet("Catatan", notes, [("note", "Catatan", TEXT, 110)]),
		],
		title=report.title,
	)


def report_html(report: Report, picture: str = "") -> str:
	"""The part of a mail that shows the report: key figures, chart (the address of its picture), first rows."""
	columns = [column for column in report.columns if _is_filled(report, column)][:MOST_COLUMNS_IN_MAIL]
	rows = [
		[(cell_text(row.get(column.field), column.kind), column.kind in _DECIMALS) for column in columns]
		for row in report.rows[:MOST_ROWS_IN_MAIL]
	]
	left_out = max(len(report.rows) - MOST_ROWS_IN_MAIL, 0)
	context = {"report": report, "columns": columns, "rows": rows, "left_out": left_out, "picture": picture}
	context["texts"] = [text.split("\n- ") for text in report.texts]
	return render_html("mail-report.html", context)


def report_picture(report: Report) -> bytes | None:
	"""The chart of the report as PNG."""
	chart = report.chart
	if not chart or not any(value is not None for values in chart.series.values() for value in values):
		return None
	draw = charts.lines if chart.kind == "line" else charts.bars
	return draw(chart.labels, chart.series, report.title, chart.colors)


def _frame(report: Report) -> pd.DataFrame:
	fields = [column.field for column in report.columns]
	return pd.DataFrame(
		[[row.get(name) for name in fields] for row in report.rows], columns=fields, dtype=object
	)


def _is_filled(report: Report, column: ReportColumn) -> bool:
	return any(row.get(column.field) not in (None, "") for row in report.rows)


# --- document ---


def report_document(report: Report, picture: bytes | None = None) -> Document:
	"""The words and tables of the report; columns without any value are left out, wide tables go on in further ones."""
	report = clean(report)
	return Document(
		title=f"{report.title} – {report.subtitle}".rstrip(" –"),
		author=report.government,
		dated=report.printed_on,
		footer=footer_text(report.title, report.subtitle, ""),
		mark=report.mark,
		parts=(
			*([report.letterhead] if report.letterhead else []),
			Heading("title", report.title.upper(), below=tuple(filter(None, [report.subtitle]))),
			*([_key_figures(report)] if report.cards else []),
			*([Picture("chart", picture, f"Diagram {report.title}", 45)] if picture else []),
			*_tables(report),
			*(Paragraph(note, "small") for note in _notes(report)),
			*_signature(report),
		),
		is_landscape=True,
	)


def _key_figures(report: Report) -> Table:
	columns = tuple(Column(label, 100 / len(report.cards)) for label, _ in report.cards)
	return Table(columns, [[tuple(value for _, value in report.cards)]], "–", strong=frozenset({0}))


def _tables(report: Report) -> list[Paragraph | Table]:
	groups = _pages([column for column in report.columns if _is_filled(report, column)])
	parts: list[Paragraph | Table] = []
	for number, columns in enumerate(groups, 1):
		if len(groups) > 1:
			parts.append(Paragraph(f"Tabel {number} dari {len(groups)}", "caption"))
		parts.append(_table(report, columns))
	return parts or [_table(report, list(report.columns[:_KEYS]))]


def _pages(columns: list[ReportColumn]) -> list[list[ReportColumn]]:
	"""Columns by table; the first ones are repeated in each."""
	keys, rest, pages = columns[:_KEYS], columns[_KEYS:], []
	room = _ROOM - sum(column.width for column in keys)
	while rest or not pages:
		taken, used = [], 0
		while rest and (not taken or used + rest[0].width <= room):
			used += rest[0].width
			taken.append(rest.pop(0))
		pages.append([*keys, *taken])
	return pages


def _table(report: Report, columns: list[ReportColumn]) -> Table:
	total = sum(column.width for column in columns) or 1
	rows = report.rows[:MOST_ROWS_IN_PDF]
	return Table(
		tuple(
			Column(column.heading, 100 * column.width / total, column.kind in _DECIMALS) for column in columns
		),
		[[tuple(_indented(row, column, column is columns[0]) for column in columns)] for row in rows],
		"Tidak ada data.",
	)


def _indented(row: Mapping, column: ReportColumn, is_first: bool) -> str:
	text = clean(cell_text(row.get(column.field), column.kind))
	return "· " * int(row.get("indent") or 0) + text if is_first else text


def _notes(report: Report) -> list[str]:
	left_out = len(report.rows) - MOST_ROWS_IN_PDF
	more = [
		f"{left_out} baris lain tidak dicetak di sini; semuanya ada pada berkas data.csv yang dilampirkan."
	]
	printed = f"Dicetak {format_date(report.printed_on)}."
	return [*report.notes, *(more if left_out > 0 else []), printed]


def _signature(report: Report) -> list:
	if not report.signer:
		return []
	return [signatures(place_and_day(report.place, report.printed_on), {}, signer_lines(report.signer))]
