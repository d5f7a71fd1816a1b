"""The performance matrix: indicators by quarters, from the sheets in the reader's scope."""

import itertools
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint, escape_html, getdate

from seroja.constants import FIGURE_NOTE, REALIZATION
from seroja.core import matrix as core
from seroja.core.periods import Period
from seroja.services import paper, repository
from seroja.services.as_known import day_of, is_known_by, standing
from seroja.services.calculation import get_scale
from seroja.services.report_parts import as_filters, build_columns, color_of, escape_texts, has_value

MOST_PERIODS = 12
MOST_ROWS_ON_PAPER = 400
# What may be shown of each quarter: (measure of core.matrix, label, fieldtype, width).
COLUMNS_OF_A_QUARTER = (
	("target", "Target", "Data", 90),
	("realization", "Realization", "Data", 90),
	("achievement", "Achievement", "Float", 165),
	("last_year", "Last Year", "Data", 90),
	("year_to_date", "Year to Date", "Data", 90),
	("difference", "Difference", "Float", 90),
)
DEFAULT_MEASURES = ("target", "realization", "achievement")
_CODES = ("opd", "indicator")
_COMPARED = {"last_year", "difference"}


@dataclass(frozen=True)
class _Around:
	"""What a figure takes from beside its row: year to date and notes by (indicator, quarter), colours by scale."""

	to_date: dict[tuple[str, int], str]
	colors: dict[str, dict[str, str]]
	notes: dict[tuple[str, int], list[core.Note]]


def read_filters(filters: dict | None) -> dict:
	"""The filters of the report; `measures` becomes measures of core.matrix. Throws for what is none of them."""
	given = dict(filters or {})
	measures = _measures(given.pop("measures", None))
	return as_filters(given) | {"measures": measures}


def _measures(asked) -> tuple[str, ...]:
	"""The measures that were ticked, in their order; given as a list or as a text with commas."""
	names = asked if isinstance(asked, list) else str(asked or "").split(",")
	ticked = {str(name).strip() for name in names} - {""}
	if not ticked <= {row[1] for row in COLUMNS_OF_A_QUARTER}:
		frappe.throw(
			_("Figures can be: {0}.").format(", ".join(_(row[1]) for row in COLUMNS_OF_A_QUARTER)),
			title=_("Filter Not Valid"),
		)
	return tuple(row[0] for row in COLUMNS_OF_A_QUARTER if row[1] in ticked) or DEFAULT_MEASURES


def build_matrix(filters: dict) -> core.Matrix | None:
	"""The matrix for filters of `read_filters`, within the units of the session user; None where no period has opened.

	A fixed number of queries, one of them for all figures.
	"""
	periods = _chosen_periods(filters)
	if not periods:
		return None
	found = _find_figures(periods, filters)
	series = _series(found, periods, filters)
	numbered = _number_notes(series, _find_notes(periods, filters))
	colors = {scale: color_of(get_scale(scale)) for scale in {row.scale for row in found if row.scale}}
	to_date = {(row.indicator, _index(row)): row.realization_ytd for row in found}
	return core.Matrix(
		government=paper.government_name(),
		unit=_unit_name(filters),
		periods=periods,
		measures=filters["measures"],
		rows=[_row(quarters, periods, _Around(to_date, colors, numbered)) for quarters in series],
		notes=[note for notes in numbered.values() for note in notes],
		basis=_basis(filters),
		is_verified=bool(filters.get("as_known_on")) or not cint(filters.get("include_unverified")),
	)


def matrix_document(filters: dict | None):
	"""The matrix as a document of core.parts. Throws a sentence where no period has opened, and
	frappe.PermissionError for an OPD that the session user may not read: the document names it."""
	chosen = read_filters(filters)
	if chosen.get("opd"):
		frappe.has_permission("OPD", "read", chosen["opd"], throw=True)
	matrix = build_matrix(chosen)
	if not matrix:
		frappe.throw(repository.no_period_message())
	if len(matrix.rows) > MOST_ROWS_ON_PAPER:
		frappe.throw(
			_(
				"{0} rows are too many for paper. Choose an OPD or only IKU; the workbook has them all."
			).format(len(matrix.rows)),
			title=_("Too Many Rows"),
		)
	return core.matrix_document(matrix, day_of(chosen))


def _unit_name(filters: dict) -> str:
	if filters.get("opd"):
		return frappe.get_cached_value("OPD", filters["opd"], "opd_name") or ""
	return paper.government_name()


def _basis(filters: dict) -> str:
	"""Which figures stand in the matrix, in Indonesian, for the document."""
	if filters.get("as_known_on"):
		return f"Memuat angka yang sudah diverifikasi per {core.format_date(day_of(filters))}."
	if cint(filters.get("include_unverified")):
		return "Termasuk lembar yang belum diverifikasi; bukan angka resmi."
	return "Hanya memuat lembar yang sudah diverifikasi Inspektorat."


# --- quarters ---


def _chosen_periods(filters: dict) -> tuple[Period, ...]:
	"""The quarters from one to the other; without either, those of the latest year with figures."""
	asked = [_quarter(filters.get(name)) for name in ("from_period", "to_period")]
	year = next((period.year for period in asked if period), None) or _latest_year(filters)
	if not year:
		return ()
	first, last = asked[0] or Period(year, "quarter", 1), asked[1] or Period(year, "quarter", 4)
	count = _index_of(last) - _index_of(first) + 1
	if count < 1:
		frappe.throw(_("The first period must not come after the last one."), title=_("Filter Not Valid"))
	if count > MOST_PERIODS:
		frappe.throw(
			_("The matrix shows at most {0} periods at a time, not {1}.").format(MOST_PERIODS, count),
			title=_("Too Many Periods"),
		)
	return tuple(_period(index) for index in range(_index_of(first), _index_of(last) + 1))


def _quarter(name: str | None) -> Period | None:
	if not name:
		return None
	doc = frappe.get_cached_doc("Reporting Period", str(name))
	return Period(doc.year, "quarter", int(doc.quarter))


def _latest_year(filters: dict) -> int | None:
	latest = repository.chosen_period({**filters, "period": None}, with_figures=True)
	return latest.year if latest else None


def _index_of(period: Period) -> int:
	"""Quarters counted through the years."""
	return period.year * 4 + period.number - 1


def _index(row) -> int:
	return row.year * 4 + cint(row.quarter) - 1


def _period(index: int) -> Period:
	return Period(index // 4, "quarter", index % 4 + 1)


# --- figures ---


def _find_figures(periods: tuple[Period, ...], filters: dict) -> list[dict]:
	"""Every row of the sheets of these quarters, and of a year before where that is compared. One query."""
	sheet, row, opd = (frappe.qb.DocType(name) for name in (REALIZATION, repository.ROW, "OPD"))
	wanted = {_index_of(period) for period in periods}
	if _COMPARED & set(filters["measures"]):
		wanted |= {index - 4 for index in wanted}
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.join(opd)
		.on(opd.name == sheet.opd)
		.select(
			sheet.opd,
			opd.lft,
			row.parent.as_("sheet"),
			sheet.year,
			sheet.quarter,
			sheet.scale,
			row.indicator,
			row.indicator_name,
			row.objective,
			row.unit,
			row.is_iku,
			row.polarity,
			row.target,
			row.realization,
			row.realization_ytd,
			row.status,
			row.achievement_raw,
			row.category,
		)
		.where((sheet.year * 4 + sheet.quarter - 1).isin(sorted(wanted)) & standing(sheet, filters))
	)
	return repository.within_scope(query, sheet.opd, filters.get("opd")).run(as_dict=True)


def _series(found: list[dict], periods: tuple[Period, ...], filters: dict) -> list[dict[int, dict]]:
	"""Quarter → row for each indicator, as the latest quarter orders them: by OPD, objective and code."""
	series: dict[tuple[str, str], dict[int, dict]] = {}
	for row in sorted(found, key=_index):
		if _index(row) >= _index_of(periods[0]):
			series.setdefault((row.opd, row.indicator), {})[_index(row)] = row
	rows = [quarters for quarters in series.values() if _is_wanted(_latest(quarters), filters)]
	return sorted(rows, key=lambda quarters: _position(_latest(quarters)))


def _latest(quarters: dict[int, dict]) -> dict:
	return quarters[max(quarters)]


def _is_wanted(row: dict, filters: dict) -> bool:
	return bool(row.is_iku) or not cint(filters.get("only_iku"))


def _position(row: dict) -> tuple:
	return row.lft, row.opd, row.objective or "", row.indicator


def _row(quarters: dict[int, dict], periods: tuple[Period, ...], around: _Around) -> core.Row:
	latest = _latest(quarters)
	found = [quarters.get(_index_of(period)) for period in periods]
	return core.Row(
		opd=latest.opd,
		objective=latest.objective or "",
		code=latest.indicator,
		indicator=latest.indicator_name or "",
		unit=latest.unit or "",
		polarity=latest.polarity or "",
		figures=tuple(_figure(row, around) if row else None for row in found),
	)


def _figure(row: dict, around: _Around) -> core.Figure:
	valued = has_value(row.status)
	category = (row.category or "") if valued else ""
	return core.Figure(
		target=core.read_figure(row.target),
		realization=core.read_figure(row.realization),
		achievement=row.achievement_raw if valued else None,
		last_year=core.read_figure(around.to_date.get((row.indicator, _index(row) - 4))),
		year_to_date=core.read_figure(row.realization_ytd),
		sheet=row.sheet,
		category=category,
		color=around.colors.get(row.scale, {}).get(category, ""),
		notes=tuple(note.number for note in around.notes.get((row.indicator, _index(row)), ())),
	)


# --- notes ---


def _find_notes(periods: tuple[Period, ...], filters: dict) -> list[dict]:
	"""The notes on figures of these quarters, oldest first; one changed after the day asked for is left out. One query."""
	note, period = frappe.qb.DocType(FIGURE_NOTE), frappe.qb.DocType("Reporting Period")
	query = (
		frappe.qb.from_(note)
		.join(period)
		.on(period.name == note.period)
		.select(note.indicator, period.year, period.quarter, note.note, note.owner, note.creation)
		.where(period.start_date[periods[0].start : periods[-1].start] & is_known_by(note.modified, filters))
		.orderby(note.creation)
		.orderby(note.name)
	)
	return repository.within_scope(query, note.opd, filters.get("opd")).run(as_dict=True)


def _number_notes(series: list[dict[int, dict]], found: list[dict]) -> dict[tuple[str, int], list[core.Note]]:
	"""(indicator, quarter) → its notes, numbered in the order in which the figures stand. One query for the names."""
	names = repository.full_names({note.owner for note in found})
	by_figure: dict[tuple[str, int], list[dict]] = {}
	for note in found:
		by_figure.setdefault((note.indicator, _index(note)), []).append(note)
	order = [(_latest(quarters).indicator, index) for quarters in series for index in sorted(quarters)]
	number = itertools.count(1)
	return {key: [_note(next(number), note, names) for note in by_figure.get(key, ())] for key in order}


def _note(number: int, note: dict, names: dict[str, str]) -> core.Note:
	return core.Note(
		number=number,
		code=note.indicator,
		period=_period(_index(note)),
		text=note.note,
		author=names.get(note.owner) or note.owner,
		written_on=getdate(note.creation),
	)


# --- the grid of the report ---


def grid_columns(matrix: core.Matrix) -> list[dict]:
	"""The columns of each quarter: `2026_q1_target`, headed “TW I 2026 Target”."""
	shown = build_columns(tuple(row for row in COLUMNS_OF_A_QUARTER if row[0] in matrix.measures))
	return [
		{
			**column,
			"fieldname": f"{_key(period)}_{column['fieldname']}",
			"label": f"{core.short_label(period)} {column['label']}",
			"align": "right",
		}
		for period in matrix.periods
		for column in shown
	]


def grid_rows(matrix: core.Matrix) -> list[dict]:
	"""The rows of the grid: figures as numbers, texts inert. `2026_q1` holds what the screen shows around a figure;
	`notes` the notes of the row, for a file."""
	notes = {note.number: _numbered(note) for note in matrix.notes}
	return [_grid_row(row, matrix, notes) for row in matrix.rows]


def grid_message(matrix: core.Matrix) -> str:
	"""The quarters and, on the screen, the notes by number; escaped. A file holds the notes in its rows."""
	lines = [core.span_label(matrix.periods)]
	if not frappe.flags.seroja_export:
		lines += [_numbered(note) for note in matrix.notes]
	return "<br>".join(escape_html(line) for line in lines)


def _numbered(note: core.Note) -> str:
	return f"{note.number}) {core.describe_note(note)}"


def _grid_row(row: core.Row, matrix: core.Matrix, notes: dict[int, str]) -> dict:
	data = {
		"opd": row.opd,
		"objective": row.objective,
		"indicator": row.code,
		"indicator_name": row.indicator,
		"unit": row.unit,
	}
	for period, figure in zip(matrix.periods, row.figures, strict=True):
		if figure:
			data[_key(period)] = _around_figure(row, figure, matrix)
			data |= {f"{_key(period)}_{measure}": getattr(figure, measure) for measure in matrix.measures}
	data["notes"] = "; ".join(notes[number] for figure in row.figures if figure for number in figure.notes)
	escape_texts([data], tuple(name for name in data if name not in _CODES and isinstance(data[name], str)))
	return data


def _around_figure(row: core.Row, figure: core.Figure, matrix: core.Matrix) -> dict:
	return {
		"sheet": figure.sheet,
		"category": figure.category,
		"color": figure.color,
		"improvement": core.improvement(figure.difference, row.polarity),
		"notes": list(figure.notes),
		"noted": core.noted_measure(matrix.measures),
	}


def _key(period: Period) -> str:
	return f"{period.year}_q{period.number}"
