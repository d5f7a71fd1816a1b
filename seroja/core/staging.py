"""Master data from spreadsheets: a layout makes a template, and a filled template becomes records.

Every error of a file is told by row and column; nothing is stored here. A file that cannot be read
at all raises TableError with one sentence for the user. An empty cell is missing, never 0.
"""

from __future__ import annotations

import io
import re
from bisect import insort
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from seroja.core.numbers import (
	NumberFormatError,
	detect_decimal,
	format_number,
	is_no_value,
	parse_number,
	read_value,
)
from seroja.core.rendering import plain_value
from seroja.core.spreadsheets import TableError, heading_key, read_amount, read_cells, read_word, read_year

TEXT, INTEGER, YEAR, NUMBER, AMOUNT = "text", "integer", "year", "number", "amount"
CHOICE, FLAG, VALUE = "choice", "flag", "value"

MOST_ROWS = 100_000
LONGEST_CELL = 10_000

_NUMERIC = frozenset({INTEGER, NUMBER, AMOUNT, VALUE})
# What an empty cell gives; None for the kinds that are not here.
_MISSING = {TEXT: "", CHOICE: "", VALUE: "", FLAG: False}
_FLAGS = {"ya": True, "tidak": False, "1": True, "0": False, "x": True, "true": True, "false": False}
# XML has no way to write these.
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
	"""One column of a layout.

	name: key of the record. heading: what the template prints. kind: one of the constants above.
	choices: for CHOICE, accepted word (casefolded) -> stored value; of several words for one value the
	template offers the first. width: characters. help: a sentence for the guide. max_length: of the
	stored text, 0 for no limit.
	"""

	name: str
	heading: str
	kind: str = TEXT
	required: bool = False
	choices: Mapping[str, str] = field(default_factory=dict)
	width: int = 18
	help: str = ""
	max_length: int = 0


@dataclass(frozen=True)
class Layout:
	"""What a file of one sort holds.

	key: the columns that identify a row. example: one record for the guide. repeating: prefix of the
	VALUE columns that repeat per year; "target" reads "Target 2025", "target_2025" and "2025".
	"""

	name: str
	title: str
	columns: tuple[Column, ...]
	key: tuple[str, ...]
	example: Mapping[str, object]
	repeating: str = ""


@dataclass(frozen=True)
class Problem:
	"""An error of a file. row: as in the file. column: heading as in the file, "" for the whole row."""

	row: int
	column: str
	message: str


@dataclass
class Staged:
	"""A read file.

	records: column name -> value; missing is "" for TEXT, CHOICE and VALUE, None for years and numbers,
	False for FLAG. VALUE is the text that `numbers.Value.show` writes. A repeating column is year ->
	text without the missing years. A cell with a problem counts as missing. rows: row in the file, per
	record. problems: by row, then by column. decimal: "," or "." or None where no number had a sign.
	ignored: headings that the layout does not know. present: the columns that the file has; one that it
	does not have says nothing, an empty cell of one that it has says "none".
	"""

	records: list[dict] = field(default_factory=list)
	rows: list[int] = field(default_factory=list)
	problems: list[Problem] = field(default_factory=list)
	decimal: str | None = None
	ignored: list[str] = field(default_factory=list)
	present: frozenset[str] = frozenset()
	_headings: dict[str, str] = field(default_factory=dict, repr=False)

	def __post_init__(self):
		self._order = {heading: number for number, heading in enumerate(self._headings.values())}

	def problem(self, index: int, column: str, message: str) -> None:
		"""Add a problem of the record at `index`.

		column: its name ("target_2025" for a year), "" for the whole row. message: a sentence for the user.
		"""
		problem = Problem(self.rows[index], self._headings.get(column, column), message)
		insort(self.problems, problem, key=self._order_of)

	def _order_of(self, problem: Problem) -> tuple[int, int]:
		return problem.row, self._order.get(problem.column, len(self._order))


# --- reading ---


@dataclass(frozen=True)
class _Place:
	"""Where a column stands in the file; `year` for a column that repeats per year."""

	column: Column
	heading: str
	position: int
	year: int | None


def read_staged(data: bytes, filename: str, layout: Layout) -> Staged:
	"""Read a CSV or XLSX file. Raises TableError where the file as a whole cannot be read.

	Headings are matched by heading or by name, in any order and case, spaces and underscores alike.
	"""
	cells, rows = read_cells(data, filename, _known_headings(layout))
	places, ignored = _places(cells.pop(0), layout)
	_refuse_unusable(cells, places, layout)
	absent = {column.name: column.heading for column in layout.columns if column.name not in places}
	headings = {name: place.heading for name, place in places.items()} | absent
	staged = Staged(
		rows=rows[1:],
		decimal=_decimal(cells, places),
		ignored=ignored,
		present=frozenset(places),
		_headings=headings,
	)
	for index, row in enumerate(cells):
		staged.records.append(_record(staged, index, row, places, layout))
	_check_keys(staged, layout)
	if check := _CHECKS.get(layout.name):
		check(staged)
	return staged


def _known_headings(layout: Layout) -> dict[str, Column]:
	by_heading = {heading_key(column.heading): column for column in layout.columns}
	return by_heading | {column.name: column for column in layout.columns}


def _year_column(layout: Layout, year: int) -> Column:
	heading = f"{layout.repeating.capitalize()} {year}"
	return Column(f"{layout.repeating}_{year}", heading, VALUE, width=13, max_length=140)


def _places(headings: list, layout: Layout) -> tuple[dict[str, _Place], list[str]]:
	"""Where each column of the layout stands, in the order of the file, and the headings nobody knows."""
	known, places, ignored = _known_headings(layout), {}, []
	for position, cell in enumerate(headings):
		key = heading_key(cell)
		year = None if key in known else _year_of(key, layout)
		column = _year_column(layout, year) if year else known.get(key)
		if column is None:
			ignored += [str(cell).strip()[:60]] if key else []
		elif column.name in places:
			raise TableError(f"Judul kolom “{column.heading}” muncul dua kali.")
		else:
			places[column.name] = _Place(column, str(cell).strip(), position, year)
	return places, ignored


def _year_of(key: str, layout: Layout) -> int | None:
	"""The year of a heading of the repeating columns, None for every other heading."""
	if not layout.repeating:
		return None
	match = re.fullmatch(f"(?:{layout.repeating}_)?((?:19|20|21)[0-9]{{2}})", key)
	return int(match[1]) if match else None


def _refuse_unusable(cells: list[list], places: dict[str, _Place], layout: Layout) -> None:
	missing = [column.heading for column in layout.columns if column.required and column.name not in places]
	if missing:
		raise TableError(
			f"Kolom {', '.join(missing)} tidak ada pada baris judul; gunakan template {layout.title}."
		)
	if not cells:
		raise TableError("Berkas tidak berisi baris data di bawah baris judul.")
	if len(cells) > MOST_ROWS:
		raise TableError(
			f"Berkas berisi lebih dari {format_number(MOST_ROWS, 0)} baris; bagi menjadi beberapa berkas."
		)


def _decimal(cells: list[list], places: dict[str, _Place]) -> str | None:
	positions = [place.position for place in places.values() if place.column.kind in _NUMERIC]
	try:
		return detect_decimal(_one_line(row[position]) for position in positions for row in cells)
	except NumberFormatError as error:
		raise TableError(str(error)) from None


def _record(staged: Staged, index: int, row: list, places: dict[str, _Place], layout: Layout) -> dict:
	record = {column.name: _MISSING.get(column.kind) for column in layout.columns}
	if layout.repeating:
		record[layout.repeating] = {}
	for name, place in places.items():
		try:
			value = _read(row[place.position], place.column, staged.decimal or ",")
		except ValueError as error:
			staged.problem(index, name, str(error))
			continue
		if place.year is None:
			record[name] = value
		elif value:
			record[layout.repeating][place.year] = value
	return record


def _read(cell: object, column: Column, decimal: str):
	"""The value of a cell, checked against its column. Raises ValueError with a sentence for the user."""
	if isinstance(cell, str) and len(cell) > LONGEST_CELL:
		raise ValueError(f"Isi sel lebih dari {format_number(LONGEST_CELL, 0)} huruf.")
	if _is_empty(cell, column):
		if column.required:
			raise ValueError(f"{column.heading} wajib diisi.")
		return _MISSING.get(column.kind)
	value = _interpret(cell, column, decimal)
	if column.max_length and isinstance(value, str) and len(value) > column.max_length:
		raise ValueError(f"Teks berisi {len(value)} huruf, paling banyak {column.max_length}.")
	return value


def _is_empty(cell: object, column: Column) -> bool:
	"""True for a cell that says nothing; a choice may be one of the words that elsewhere mean "no value"."""
	if column.kind == TEXT:
		return not _text(cell)
	return is_no_value(cell) and _text(cell).casefold() not in column.choices


def _interpret(cell: object, column: Column, decimal: str):
	"""What a cell says that is not empty."""
	if column.kind == TEXT:
		return _text(cell)
	if column.kind in (CHOICE, FLAG):
		return read_word(_text(cell), _words(column))
	if column.kind == YEAR:
		return read_year(cell)
	cell = _one_line(cell)
	if column.kind == AMOUNT:
		return read_amount(cell, decimal)
	if column.kind == VALUE:
		return read_value(cell, qualitative=True, is_range=True, decimal=decimal).show()
	number = parse_number(cell, decimal)
	if column.kind == NUMBER:
		return number
	if not number.is_integer():
		raise ValueError(f"“{cell}” bukan bilangan bulat.")
	return int(number)


def _words(column: Column) -> Mapping[str, object]:
	return _FLAGS if column.kind == FLAG else column.choices


def _text(value: object) -> str:
	"""A value as text that a workbook can hold."""
	value = plain_value(value)
	if isinstance(value, float) and value.is_integer():
		value = int(value)
	return "" if value is None else _UNWRITABLE.sub("", str(value)).strip()


def _one_line(cell: object) -> object:
	# The patterns of numbers.py take a time that grows with the cube of a run of spaces.
	return " ".join(_text(cell).split()) if isinstance(cell, str) else cell


def _check_keys(staged: Staged, layout: Layout) -> None:
	"""A row that repeats the key of an earlier one is a problem; an unreadable key repeats nothing."""
	headings = [staged._headings[name] for name in layout.key]
	unreadable = {problem.row for problem in staged.problems if problem.column in headings}
	first: dict[tuple, int] = {}
	for index, (row, record) in enumerate(zip(staged.rows, staged.records, strict=True)):
		if row in unreadable:
			continue
		earlier = first.setdefault(tuple(str(record[name]).casefold() for name in layout.key), row)
		if earlier != row:
			staged.problem(index, "", f"{', '.join(headings)} sama dengan baris {earlier}.")


# --- nomenclature (domain.md 2.2) ---

_PROGRAM = r"(?:[1-8]|X)\.(?:[0-9]{2}|XX)\.[0-9]{2}"
_ACTIVITY = _PROGRAM + r"\.[12]\.[0-9]{2}"
_NOMENCLATURE = {
	"Program": re.compile(_PROGRAM),
	"Kegiatan": re.compile(_ACTIVITY),
	"Sub Kegiatan": re.compile(_ACTIVITY + r"\.(?:[0-9]{2}|[0-9]{4})"),
}
_SIPD_LEVELS = {"program_code": "Program", "activity_code": "Kegiatan", "sub_activity_code": "Sub Kegiatan"}


def nomenclature_problem(code: str, level: str = "") -> str:
	"""What is wrong with a code of Kepmendagri 900.1.15.5-1317/2023, "" for nothing; no code is no problem.

	level: "Program", "Kegiatan" or "Sub Kegiatan"; "" accepts any of them. Other levels have no code.
	"""
	if level and level not in _NOMENCLATURE:
		return f"{level} tidak mempunyai kode nomenklatur." if code else ""
	levels = [level] if level else list(_NOMENCLATURE)
	if not code or any(_NOMENCLATURE[name].fullmatch(code) for name in levels):
		return ""
	return (
		f"“{code[:40]}” bukan kode nomenklatur {' atau '.join(levels)}; "
		"bentuknya 1.01.02 (Program), 1.01.02.2.01 (Kegiatan), atau 1.01.02.2.01.0001 (Sub Kegiatan)."
	)


def _outside(code: str, parent: str) -> str:
	if not code or not parent or code.startswith(f"{parent}."):
		return ""
	return f"Kode {code} tidak diawali kode induknya, {parent}."


def _check_objectives(staged: Staged) -> None:
	codes = {record["code"]: record["nomenclature_code"] for record in staged.records}
	for index, record in enumerate(staged.records):
		code, parent = record["nomenclature_code"], codes.get(record["parent_code"], "")
		problem = nomenclature_problem(code, record["level"]) or _outside(code, parent)
		if problem:
			staged.problem(index, "nomenclature_code", problem)


def _check_sipd(staged: Staged) -> None:
	for index, record in enumerate(staged.records):
		parent = ""
		for column, level in _SIPD_LEVELS.items():
			code = record[column]
			problem = nomenclature_problem(code, level) or _outside(code, parent)
			if problem:
				staged.problem(index, column, problem)
			parent = "" if problem else code


_CHECKS: dict[str, Callable[[Staged], None]] = {"objectives": _check_objectives, "sipd": _check_sipd}


# --- templates ---

_KIND_HELP = {
	TEXT: "Teks.",
	INTEGER: "Bilangan bulat.",
	YEAR: "Tahun, misalnya 2025.",
	NUMBER: "Angka.",
	AMOUNT: "Jumlah dalam rupiah, tidak negatif.",
	CHOICE: "Salah satu pilihan.",
	FLAG: "ya atau tidak; kosong berarti tidak.",
	VALUE: "Angka, rentang (80-90), atau predikat (WTP, BB); kosong berarti belum ada, bukan nol.",
}
_LONGEST_LIST = 255  # of a drop-down; Excel calls a longer one a damaged file


def build_template(layout: Layout, rows: Sequence[Mapping] = ()) -> bytes:
	"""An XLSX workbook: sheet "Data" with headings and drop-downs, sheet "Petunjuk" with the guide.

	rows: records as `read_staged` gives them, to fill the data sheet with. A repeating column is printed
	for the years of the rows, or else for those of the example. A text never becomes a formula.
	"""
	from openpyxl import Workbook

	workbook = Workbook()
	workbook.properties.title, workbook.properties.creator = layout.title, "SEROJA"
	data, guide = workbook.active, workbook.create_sheet("Petunjuk")
	data.title = "Data"
	columns = [*layout.columns, *(_year_column(layout, year) for year in _years(layout, rows))]
	for number, column in enumerate(columns, 1):
		_write_heading(data, number, column)
	for row, record in enumerate(rows, 2):
		flat = _flat(record, layout)
		for number, column in enumerate(columns, 1):
			_put(data, row, number, _written(flat.get(column.name), column))
	data.freeze_panes = "A2"
	_write_guide(guide, columns, layout)
	buffer = io.BytesIO()
	workbook.save(buffer)
	return buffer.getvalue()


def _years(layout: Layout, rows: Sequence[Mapping]) -> list[int]:
	"""The years of the repeating column, in the rows or else in the example."""
	years = {year for row in rows for year in row.get(layout.repeating) or ()}
	return sorted(years or layout.example.get(layout.repeating) or ())


def _flat(record: Mapping, layout: Layout) -> dict:
	"""A record with a key of its own for every year."""
	years = record.get(layout.repeating) or {}
	return {**record, **{f"{layout.repeating}_{year}": value for year, value in years.items()}}


def _write_heading(sheet, number: int, column: Column) -> None:
	from openpyxl.styles import Alignment, Font, PatternFill
	from openpyxl.utils import get_column_letter

	letter = get_column_letter(number)
	cell = sheet.cell(row=1, column=number, value=column.heading)
	cell.font = Font(bold=True, color="FFFFFF")
	cell.fill = PatternFill("solid", fgColor="1F4E79" if column.required else "6B7C93")
	cell.alignment = Alignment(wrap_text=True, vertical="center")
	dimension = sheet.column_dimensions[letter]
	dimension.width = column.width
	if column.kind in (TEXT, CHOICE, FLAG):
		dimension.number_format = "@"  # or a spreadsheet makes a date of 1.01.02
	elif column.kind == AMOUNT:
		dimension.number_format = "#,##0"
	_offer(sheet, letter, list(_offered(column).values()))


def _offer(sheet, letter: str, words: list[str]) -> None:
	"""A drop-down below a heading."""
	from openpyxl.worksheet.datavalidation import DataValidation

	listed = ",".join(words)
	if not 0 < len(listed) <= _LONGEST_LIST:
		return
	choice = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=True)
	choice.errorTitle, choice.error = "Pilihan tidak dikenal", "Pilih salah satu dari daftar."
	choice.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
	sheet.add_data_validation(choice)


def _offered(column: Column) -> dict[object, str]:
	"""The word that the template shows for each stored value: the first accepted one."""
	offered: dict[object, str] = {}
	for word, value in _words(column).items():
		offered.setdefault(value, value if isinstance(value, str) and value.casefold() == word else word)
	return offered


def _written(value: object, column: Column) -> object:
	"""What the cell of a template holds for a value of a record; None for a missing one."""
	if value is None or value == "":
		return None
	if column.kind == FLAG:
		return _offered(column)[bool(value)]
	if column.kind == CHOICE:
		return _offered(column).get(value, value)
	return _written_value(value) if column.kind == VALUE else value


def _written_value(text: object) -> object:
	"""A number as a number, so that no sign in it can be misread; a range without thousands."""
	try:
		value = read_value(text, qualitative=True, is_range=True)
	except NumberFormatError:
		return text
	if value.high is None:
		return value.label or value.low
	bounds = [format_number(bound, None).replace(".", "") for bound in (value.low, value.high)]
	# Three decimals could be thousands; a fourth one tells that the comma is the decimal sign.
	return "-".join(re.sub(r",\d{3}$", r"\g<0>0", bound) for bound in bounds)


def _put(sheet, row: int, column: int, value: object) -> None:
	if value is None:
		return
	value = _text(value) if isinstance(value, str) else plain_value(value)
	cell = sheet.cell(row=row, column=column, value=value)
	if isinstance(value, str):
		cell.data_type = "s"
		cell.number_format = "@"


def _write_guide(sheet, columns: list[Column], layout: Layout) -> None:
	from openpyxl.styles import Alignment, Font

	example = _flat(layout.example, layout)
	for row, line in enumerate(_guide(columns, example), 1):
		for number, value in enumerate(line, 1):
			_put(sheet, row, number, value)
	for letter, width in zip("ABCDE", (28, 11, 60, 44, 44), strict=True):
		sheet.column_dimensions[letter].width = width
	for row in sheet.iter_rows():
		for cell in row:
			cell.font = Font(bold=cell.row == 1 or cell.column == 1)
			cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
	sheet.freeze_panes = "A2"


def _guide(columns: list[Column], example: Mapping) -> Iterator[tuple]:
	yield "Kolom", "Pengisian", "Isi", "Pilihan", "Contoh baris"
	for column in columns:
		yield (
			column.heading,
			"wajib" if column.required else "opsional",
			column.help or _KIND_HELP[column.kind],
			", ".join(_offered(column).values()),
			_written(example.get(column.name), column),
		)
