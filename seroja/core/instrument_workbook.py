"""An instrument as a workbook that people edit: one sheet for each kind of thing it consists of."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from seroja.core.instruments import (
	CRITERION,
	GRADE,
	GROUP,
	ITEM,
	LEVEL,
	NUMBER,
	Answer,
	Instrument,
	InstrumentError,
	Node,
	Predicate,
	Rule,
	checked,
)
from seroja.core.numbers import is_no_value, parse_number
from seroja.core.rendering import TEXT, Sheet, write_xlsx
from seroja.core.scales import Band
from seroja.core.spreadsheets import TableError, heading_key, read_sheets, read_word, read_year

_YES_NO = {"ya": True, "tidak": False}
_KINDS = {"kelompok": GROUP, "butir": ITEM, "kriteria": CRITERION}
_SCORINGS = {"pilihan huruf": GRADE, "tingkat": LEVEL, "angka": NUMBER}
# Label in the sheet "Instrumen" → field of the instrument.
_HEADER = {
	"kode": "code",
	"judul": "title",
	"peraturan": "regulation",
	"berlaku dari": "valid_from",
	"berlaku sampai": "valid_to",
	"seri": "series",
	"memutus seri": "breaks_series",
	"rata-rata kriteria": "by_criteria",
	"cara penilaian": "scoring",
	"faktor": "factor",
	"jumlah bobot": "total_weight",
	"angka terendah": "lowest",
	"angka tertinggi": "highest",
	"catatan": "note",
}
_BOUNDS = ("dari", "termasuk dari", "sampai", "termasuk sampai")
# Sheet → its columns with their widths in characters; those in `_REQUIRED` must be there to read it.
_COLUMNS = {
	"Instrumen": {"kolom": 20, "isi": 90},
	"Butir": {
		"jenis": 12,
		"kedalaman": 12,
		"tingkatan": 16,
		"kode": 10,
		"judul": 90,
		"bobot": 10,
		"aspek": 16,
		"fakta": 20,
	},
	"Jawaban": {"jawaban": 12, "nilai": 10, "nama": 34, "arti": 90},
	"Predikat": {
		"predikat": 16,
		"nama": 26,
		"interpretasi": 80,
		**dict.fromkeys(_BOUNDS, 16),
		"pengganti": 14,
	},
	"Aturan": {"kode": 12, "tidak di atas": 16, "alasan": 70},
	"Konversi": {"kode": 12, "jawaban": 12, **dict.fromkeys(_BOUNDS, 16)},
}
_REQUIRED = {
	"Instrumen": ("kolom", "isi"),
	"Butir": ("jenis", "kedalaman", "kode", "judul", "bobot"),
	"Jawaban": ("jawaban", "nilai"),
	"Predikat": ("predikat", "dari", "sampai"),
	"Aturan": ("kode", "tidak di atas"),
	"Konversi": ("kode", "jawaban", "dari", "sampai"),
}
_NEEDED_SHEETS = ("Instrumen", "Butir", "Predikat")
_MOST_PROBLEMS = 50


# --- writing ---


def write_workbook(instrument: Instrument) -> bytes:
	"""The instrument as an XLSX file that `read_workbook` reads back."""
	back = {value: word for word, value in _SCORINGS.items()}
	header = {label: getattr(instrument, name) for label, name in _HEADER.items()}
	header |= {
		"memutus seri": _yes_no(instrument.breaks_series),
		"rata-rata kriteria": _yes_no(instrument.by_criteria),
		"cara penilaian": back.get(instrument.scoring, instrument.scoring),
	}
	rows = {
		"Instrumen": list(header.items()),
		"Butir": [_node_cells(node) for node in instrument.nodes],
		"Jawaban": [(row.label, row.value, row.title, row.meaning) for row in instrument.answers],
		"Predikat": [
			(row.label, row.title, row.interpretation, *_bound_cells(row.band), row.instead_of)
			for row in instrument.predicates
		],
		"Aturan": [(rule.code, rule.not_above, rule.reason) for rule in instrument.rules],
		"Konversi": [
			(code, band.label, *_bound_cells(band))
			for code, bands in instrument.conversions.items()
			for band in bands
		],
	}
	return write_xlsx([_sheet(title, rows[title]) for title in _COLUMNS], instrument.title)


def _sheet(title: str, rows: list[tuple]) -> Sheet:
	widths = _COLUMNS[title]
	frame = pd.DataFrame(rows, columns=list(widths), dtype=object)
	return Sheet(title, frame, [(name, name.capitalize(), TEXT, width) for name, width in widths.items()])


def _node_cells(node: Node) -> tuple:
	kind = next((word for word, value in _KINDS.items() if value == node.kind), node.kind)
	return (kind, node.depth, node.level, node.code, node.title, node.weight, node.aspect, node.fact)


def _bound_cells(band: Band | None) -> tuple:
	if band is None:
		return (None,) * len(_BOUNDS)
	return (
		band.low,
		None if band.low is None else _yes_no(band.low_closed),
		band.high,
		None if band.high is None else _yes_no(band.high_closed),
	)


def _yes_no(flag: bool) -> str:
	return "ya" if flag else "tidak"


# --- reading ---


def read_workbook(data: bytes) -> Instrument:
	"""Read an instrument from the bytes of an XLSX file as `write_workbook` makes it.

	Raises InstrumentError; a problem of a cell names its sheet and row.
	"""
	try:
		sheets = read_sheets(data, list(_COLUMNS))
	except TableError as error:
		raise InstrumentError([str(error)]) from None
	reading = _Reading(sheets)
	instrument = reading.instrument()
	if reading.problems:
		raise InstrumentError(reading.problems)
	return checked(instrument)


class _Reading:
	"""Cells to records, sheet by sheet; what cannot be read becomes a problem and the reading goes on."""

	def __init__(self, sheets: dict[str, tuple[list[list], list[int]]]):
		self.sheets = sheets
		self.problems = [f"Lembar “{title}” tidak ada." for title in _NEEDED_SHEETS if title not in sheets]

	def instrument(self) -> Instrument | None:
		header = self._header()
		nodes = self._records("Butir", _node)
		answers = self._records("Jawaban", _answer)
		predicates = self._records("Predikat", _predicate)
		rules = self._records("Aturan", _rule)
		conversions: dict[str, tuple[Band, ...]] = {}
		for code, band in self._records("Konversi", _conversion):
			conversions[code] = (*conversions.get(code, ()), band)
		if self.problems:
			return None
		return Instrument(
			nodes=nodes,
			answers=answers,
			predicates=predicates,
			rules=rules,
			conversions=conversions,
			**header,
		)

	def _header(self) -> dict:
		"""The fields of the sheet "Instrumen"; an empty cell leaves the default."""
		found = {"code": "", "title": "", "scoring": ""}
		seen = set()
		for name, value in self._records("Instrumen", _header_field):
			if name in seen:
				label = next(label for label, field in _HEADER.items() if field == name)
				self._add(f"Instrumen: “{label}” diisi dua kali.")
			seen.add(name)
			if value is not None:
				found[name] = value
		return found

	def _records(self, title: str, read: Callable[[_Row], object]) -> tuple:
		found = []
		for number, row in self._rows(title):
			try:
				found.append(read(row))
			except ValueError as error:
				self._add(f"{title} baris {number}: {error}")
		return tuple(found)

	def _rows(self, title: str) -> Iterable[tuple[int, _Row]]:
		cells, numbers = self.sheets.get(title, ([], []))
		if not cells:
			return
		headings = [heading_key(cell) for cell in cells[0]]
		missing = [name for name in _REQUIRED[title] if heading_key(name) not in headings]
		if missing:
			self._add(f"{title}: kolom {', '.join(missing)} tidak ada pada baris judul.")
			return
		for number, row in zip(numbers[1:], cells[1:], strict=True):
			yield number, _Row(dict(zip(reversed(headings), reversed(row), strict=True)))

	def _add(self, problem: str) -> None:
		"""A file of another kind can have a problem in each of a million rows."""
		if len(self.problems) < _MOST_PROBLEMS:
			self.problems.append(problem)
		elif len(self.problems) == _MOST_PROBLEMS:
			self.problems.append("Masih ada masalah lain setelah ini.")


class _Row:
	"""The cells of one row by heading; raises ValueError with a sentence that names the column."""

	def __init__(self, cells: dict[str, object]):
		self.cells = cells

	def text(self, name: str, is_needed: bool = False) -> str:
		cell = self.cells.get(heading_key(name))
		if isinstance(cell, float) and cell.is_integer():
			cell = int(cell)
		text = "" if cell is None else str(cell).strip()
		if is_needed and not text:
			raise ValueError(f"kolom {name} masih kosong.")
		return text

	def number(self, name: str, is_needed: bool = False) -> float | None:
		cell = self.cells.get(heading_key(name))
		if is_no_value(cell):
			if is_needed:
				raise ValueError(f"kolom {name} masih kosong.")
			return None
		return self._named(name, parse_number)

	def flag(self, name: str) -> bool:
		return self._named(name, lambda cell: read_word(cell, _YES_NO)) if self.text(name) else False

	def word(self, name: str, words: dict[str, str]) -> str:
		return self._named(name, lambda cell: read_word(cell, words))

	def year(self, name: str) -> int | None:
		return self._named(name, read_year)

	def _named(self, name: str, read: Callable):
		try:
			return read(self.cells.get(heading_key(name)))
		except ValueError as error:
			raise ValueError(f"kolom {name}, {error}") from None


def _header_field(row: _Row) -> tuple[str, object]:
	"""Field name and value of one row of the sheet "Instrumen"; None for an empty cell."""
	label = row.word("kolom", _HEADER)
	if label in ("valid_from", "valid_to"):
		return label, row.year("isi")
	if label in ("factor", "total_weight", "lowest", "highest"):
		return label, row.number("isi")
	if label in ("breaks_series", "by_criteria"):
		return label, row.flag("isi")
	if label == "scoring":
		return label, row.word("isi", _SCORINGS)
	return label, row.text("isi")


def _node(row: _Row) -> Node:
	kind = row.word("jenis", _KINDS)
	depth = row.number("kedalaman", is_needed=True)
	if not depth.is_integer():
		raise ValueError("kolom kedalaman harus bilangan bulat; 0 untuk yang teratas.")
	return Node(
		kind,
		int(depth),
		row.text("tingkatan") or row.text("jenis").capitalize(),
		row.text("kode", is_needed=kind != GROUP),
		row.text("judul"),
		row.number("bobot"),
		row.text("aspek"),
		row.text("fakta"),
	)


def _answer(row: _Row) -> Answer:
	value = row.number("nilai", is_needed=True)
	return Answer(row.text("jawaban", is_needed=True), value, row.text("nama"), row.text("arti"))


def _predicate(row: _Row) -> Predicate:
	label, instead_of = row.text("predikat", is_needed=True), row.text("pengganti")
	band = _band(row, label)
	if instead_of and (band.low is not None or band.high is not None):
		raise ValueError(f"{label} mempunyai rentang dan juga pengganti. Isi salah satu.")
	texts = row.text("nama"), row.text("interpretasi")
	return Predicate(label, *texts, None if instead_of else band, instead_of)


def _rule(row: _Row) -> Rule:
	codes = row.text("kode", is_needed=True), row.text("tidak di atas", is_needed=True)
	return Rule(*codes, row.text("alasan"))


def _conversion(row: _Row) -> tuple[str, Band]:
	"""An item without code holds for every item that has no conversion of its own."""
	return row.text("kode"), _band(row, row.text("jawaban", is_needed=True))


def _band(row: _Row, label: str) -> Band:
	low, high = row.number("dari"), row.number("sampai")
	return Band(
		label,
		low,
		low is not None and row.flag("termasuk dari"),
		high,
		high is not None and row.flag("termasuk sampai"),
	)
