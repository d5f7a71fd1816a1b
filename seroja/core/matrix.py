"""The performance matrix: indicators by quarters, each figure as it was entered, with numbered notes (domain.md 2.5, 3.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from seroja.core.numbers import NumberFormatError, format_number, parse_number, snap
from seroja.core.parts import Column, Document, Heading, Item, Paragraph, Table, clean, footer_text
from seroja.core.periods import Period
from seroja.core.rendering import format_date, format_value

MEASURES = {
	"target": "Target",
	"realization": "Real.",
	"achievement": "Cap. (%)",
	"last_year": "Tahun lalu",
	"year_to_date": "s.d. TW",
	"difference": "Selisih",
}
_ABBREVIATIONS = "Real.: realisasi triwulan; Cap.: capaian; s.d. TW: realisasi sampai dengan triwulan."
_QUARTERS = ("I", "II", "III", "IV")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_COLUMNS_PER_TABLE = 12
# What the figures may take of a landscape page: digits, with the margins of each column; percent.
_ROOM, _SHARE = 94.5, 59.5
_MARGIN, _NARROWEST, _WIDEST = 1.3, 5.8, 18.0  # digits; a longer text is wrapped
_UNVERIFIED = "BELUM DIVERIFIKASI"


@dataclass(frozen=True)
class Figure:
	"""One indicator in one quarter. Each figure is a number, a text where it is a range or a label, or None.

	achievement: percent, unrounded. last_year: the year to date of the same quarter a year before. sheet: where
	it was entered. color: of the category. notes: their numbers.
	"""

	target: float | str | None
	realization: float | str | None
	achievement: float | None
	last_year: float | str | None
	year_to_date: float | str | None
	sheet: str = ""
	category: str = ""
	color: str = ""
	notes: tuple[int, ...] = ()

	@property
	def difference(self) -> float | None:
		"""Year to date less that of a year before; None unless both are numbers."""
		if isinstance(self.year_to_date, float) and isinstance(self.last_year, float):
			return float(snap(self.year_to_date - self.last_year))
		return None


@dataclass(frozen=True)
class Row:
	"""One indicator. figures: one per quarter of the matrix, None where the OPD has none."""

	opd: str
	objective: str
	code: str
	indicator: str
	unit: str
	polarity: str
	figures: tuple[Figure | None, ...]


@dataclass(frozen=True)
class Note:
	"""What somebody wrote on a figure of the matrix."""

	number: int
	code: str
	period: Period
	text: str
	author: str
	written_on: date


@dataclass(frozen=True)
class Matrix:
	"""measures: keys of MEASURES. basis: a sentence on which figures stand in it."""

	government: str
	unit: str
	periods: tuple[Period, ...]
	measures: tuple[str, ...]
	rows: Sequence[Row]
	notes: Sequence[Note]
	basis: str
	is_verified: bool


def read_figure(text: str | None) -> float | str | None:
	"""A stored figure as number; a range or a label as the text it is; None for none."""
	try:
		return parse_number(text or "")
	except NumberFormatError:
		return text or None


def short_label(period: Period) -> str:
	"""A quarter in the head of a column: TW II 2026."""
	return f"TW {_QUARTERS[period.number - 1]} {period.year}"


def span_label(periods: Sequence[Period]) -> str:
	"""From the first quarter to the last: TW I 2026 – TW IV 2026."""
	first, last = short_label(periods[0]), short_label(periods[-1])
	return first if first == last else f"{first} – {last}"


def improvement(difference: float | None, polarity: str) -> int:
	"""1 where a difference is for the better, -1 for the worse, 0 where it is none or the polarity does not tell."""
	sign = {"maximize": 1, "minimize": -1}.get(polarity.lower(), 0)
	return 0 if not difference else sign * (1 if difference > 0 else -1)


def noted_measure(measures: Sequence[str]) -> str:
	"""The measure whose cell carries the numbers of the notes."""
	return "realization" if "realization" in measures else measures[0]


def describe_note(note: Note) -> str:
	"""A note with the figure that it is on, who wrote it and when."""
	written = f"{note.author}, {format_date(note.written_on)}"
	return f"{note.code}, {short_label(note.period)}: {note.text} – {written}"


def matrix_document(matrix: Matrix, dated: date | None = None) -> Document:
	"""The matrix in landscape: quarters that do not fit beside each other follow in further tables; notes at the foot."""
	matrix = clean(matrix)
	title = "Matriks Kinerja"
	return Document(
		title=f"{title} – {matrix.unit}",
		author=matrix.government,
		dated=dated,
		footer=footer_text(title, matrix.unit, span_label(matrix.periods)),
		mark="" if matrix.is_verified else _UNVERIFIED,
		parts=(
			Heading("title", title.upper(), (matrix.unit.upper(),), (span_label(matrix.periods),)),
			Paragraph(f"{matrix.basis} {_ABBREVIATIONS}", "small"),
			*_tables(matrix),
			*_foot(matrix.notes),
		),
		is_landscape=True,
	)


def _tables(matrix: Matrix) -> list[Heading | Table]:
	"""A table per run of quarters that fits on the page."""
	columns = _columns(matrix)
	runs = _runs(columns, len(matrix.measures))
	parts: list[Heading | Table] = []
	for chosen in runs:
		if len(runs) > 1:
			parts.append(Heading("section", span_label(matrix.periods[chosen])))
		parts.append(_table(matrix, chosen, columns))
	return parts


def _columns(matrix: Matrix) -> list[tuple[str, float]]:
	"""(heading, widest figure in digits) of each measure of each quarter."""
	texts = [_figures(row, matrix.measures, slice(None)) for row in matrix.rows]
	headings = [
		f"{short_label(period)} {MEASURES[measure]}"
		for period in matrix.periods
		for measure in matrix.measures
	]
	return [
		(heading, max((_width(row[number]) for row in texts), default=0.0))
		for number, heading in enumerate(headings)
	]


def _width(text: str) -> float:
	return sum(0.5 if sign in ".,-– " else 1.0 for sign in text)


def _needed(width: float) -> float:
	return min(max(width, _NARROWEST), _WIDEST) + _MARGIN


def _runs(columns: Sequence[tuple[str, float]], measures: int) -> list[slice]:
	"""The quarters of each table: as many as fit beside each other, at least one."""
	most, starts, used = max(1, _COLUMNS_PER_TABLE // measures), [0], 0.0
	for quarter in range(len(columns) // measures):
		needed = sum(_needed(width) for _, width in columns[quarter * measures : (quarter + 1) * measures])
		if quarter > starts[-1] and (used + needed > _ROOM or quarter - starts[-1] >= most):
			starts.append(quarter)
			used = 0.0
		used += needed
	return [slice(*pair) for pair in zip(starts, [*starts[1:], None], strict=True)]


def _table(matrix: Matrix, chosen: slice, columns: Sequence[tuple[str, float]]) -> Table:
	measures = len(matrix.measures)
	stop = None if chosen.stop is None else chosen.stop * measures
	shown = columns[chosen.start * measures : stop]
	return Table(
		(
			Column("Perangkat daerah", 7),
			Column("Sasaran", 10.5),
			Column("Kode", 6),
			Column("Indikator", 11.5),
			Column("Satuan", 5.5),
			*_figure_columns(shown),
		),
		[[(*_texts(row), *_figures(row, matrix.measures, chosen))] for row in matrix.rows],
		"Tidak ada angka dalam periode ini.",
	)


def _figure_columns(shown: Sequence[tuple[str, float]]) -> list[Column]:
	"""Each as wide as its figures need; one whose figures still do not fit wraps them as text."""
	share = _ROOM / sum(_needed(width) for _, width in shown)
	return [
		Column(heading, _SHARE * share * _needed(width) / _ROOM, width <= share * _needed(width) - _MARGIN)
		for heading, width in shown
	]


def _texts(row: Row) -> tuple[str, ...]:
	return tuple(text or "–" for text in (row.opd, row.objective, row.code, row.indicator, row.unit))


def _figures(row: Row, measures: Sequence[str], chosen: slice) -> tuple[str, ...]:
	return tuple(
		_printed(figure, measure, measures) for figure in row.figures[chosen] for measure in measures
	)


def _printed(figure: Figure | None, measure: str, measures: Sequence[str]) -> str:
	"""A figure as people read it, with the numbers of its notes raised."""
	value = getattr(figure, measure) if figure else None
	text = format_number(value, 2) if measure == "achievement" else format_value(value)
	if not figure or measure != noted_measure(measures):
		return text
	return " ".join((text, *(str(number).translate(_SUPERSCRIPT) for number in figure.notes)))


def _foot(notes: Sequence[Note]) -> list[Heading | Item]:
	if not notes:
		return []
	return [
		Heading("section", "Catatan"),
		*(Item(f"{note.number})", describe_note(note)) for note in notes),
	]
