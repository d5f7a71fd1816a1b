"""Files of cells: the bytes of a CSV or XLSX file in, its rows out; and what single cells say.

A file that cannot be read at all raises TableError with one sentence for the user. A cell that
cannot be read raises ValueError with one; the caller knows the row and the column.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from zipfile import ZipFile

from seroja.core.numbers import LARGEST, format_number, is_no_value, parse_number

# A workbook of a few kilobytes can claim gigabytes; a real one of 100,000 rows stays below these.
_LARGEST_UNPACKED = 100_000_000
# Real workbooks shrink to a 30th at most; small ones may say what they like.
_SMALL_UNPACKED, _HIGHEST_RATIO = 10_000_000, 100
_MOST_CELLS = 25_000_000
_ROWS_OF_A_SHEET = 1_048_576
_CELLS_OF_A_ROW = 16_384
_ROW, _CELL = re.compile(rb"<(?:\w+:)?row\b"), re.compile(rb"<(?:\w+:)?c[ />]")
_PART, _TAG = 1_000_000, 64  # bytes; a tag that is cut in two is looked at again


class TableError(ValueError):
	"""The file as a whole cannot be read; the message is one sentence for the user."""


def read_cells(
	data: bytes,
	name: str,
	known_headings: Collection[str],
	most_rows: int = _ROWS_OF_A_SHEET,
	most_cells: int = _MOST_CELLS,
) -> tuple[list[list], list[int]]:
	"""The rows of a CSV or XLSX file that say anything, and the row number in the file of each.

	name: the file name, which tells XLSX from CSV. known_headings: headings to expect, as `heading_key`
	writes them; they decide what separates the columns of a CSV file, and the number of cells where none is
	known. The first row is the heading and all rows are as wide as it. Cells of CSV are texts; those of XLSX
	also numbers, dates, booleans and None. Raises TableError, also above most_rows and most_cells.
	"""
	limits = most_rows, most_cells
	if name.casefold().endswith((".xlsx", ".xlsm")):
		return _read_xlsx(data, limits)
	return _read_csv(data, known_headings, limits)


def read_sheets(data: bytes, titles: Collection[str]) -> dict[str, tuple[list[list], list[int]]]:
	"""The named sheets of an XLSX file, each as `read_cells` gives one; a sheet that is not there is left out.

	Case and spaces around a title do not count. A sheet without any text is ([], []). Raises TableError.
	"""
	wanted = {title.casefold(): title for title in titles}
	found = {}
	with _broken_xlsx_as_table_error():
		for sheet in _open_workbook(data).worksheets:
			title = wanted.get(sheet.title.strip().casefold())
			if title and title not in found:
				numbered = _spoken(_sheet_rows(sheet))
				found[title] = _rectangle(numbered, max((len(row) for _, row in numbered), default=0))
	return found


def heading_key(cell: object) -> str:
	"""A heading as headings are compared: without case, spaces as underscores."""
	return "_".join(str(cell or "").strip().casefold().split())


def read_word(cell: object, words: Mapping[str, object]):
	"""What a word stands for; `words` has the accepted words, casefolded. Raises ValueError naming them."""
	word = "" if cell is None else str(cell).strip().casefold()
	if word not in words:
		raise ValueError(f"“{word[:40]}” tidak dikenal. Pilihan: {', '.join(words)}.")
	return words[word]


def read_year(cell: object) -> int | None:
	"""A year between 1900 and 2200, None for an empty cell. Raises ValueError."""
	if is_no_value(cell):
		return None
	year = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
	if not (re.fullmatch("[0-9]{4}", year) and 1900 <= int(year) <= 2200):
		raise ValueError(f"“{year[:40]}” bukan tahun.")
	return int(year)


def read_amount(cell: object, decimal: str) -> float | None:
	"""A number that is not negative, None for an empty cell. Raises ValueError."""
	amount = None if is_no_value(cell) else parse_number(cell, decimal)
	if amount is not None and amount < 0:
		raise ValueError(f"“{cell}” tidak boleh negatif.")
	return amount


def _read_csv(
	data: bytes, known_headings: Collection[str], limits: tuple[int, int]
) -> tuple[list[list], list[int]]:
	text = _decode(data)
	if text[:4].casefold() == "sep=":  # a line by which Excel names the separator
		text = text.partition("\n")[2]
	try:
		delimiter = _delimiter(text, known_headings)
		rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
		numbered = _not_empty(_spoken(rows, *limits))
	except csv.Error as error:
		if "field limit" in str(error):
			raise TableError(
				f"Berkas CSV rusak: sebuah sel lebih panjang dari {format_number(csv.field_size_limit(), 0)} huruf; "
				"periksa tanda kutipnya."
			) from None
		raise TableError(f"Berkas CSV rusak: {error}.") from None
	_refuse_surplus(numbered)
	return _rectangle(numbered, len(numbered[0][1]))


def _delimiter(text: str, known_headings: Collection[str]) -> str:
	"""The separator under which the first line that says anything holds most of the known headings, then most cells."""
	heading = next((line for line in text.splitlines() if line.strip(" ;,\t|")), "")

	def known(delimiter: str) -> tuple[int, int]:
		cells = next(csv.reader([heading], delimiter=delimiter), [])
		return len(set(known_headings) & {heading_key(cell) for cell in cells}), len(cells)

	return max(",;\t|", key=known)


def _decode(data: bytes) -> str:
	if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
		raise TableError("Berkas ini bukan CSV atau XLSX.")
	encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
	for encoding in encodings:
		try:
			return data.decode(encoding)
		except UnicodeDecodeError:
			continue
	raise TableError("Huruf pada berkas CSV tidak terbaca. Simpan ulang sebagai “CSV UTF-8”.")


def _read_xlsx(data: bytes, limits: tuple[int, int]) -> tuple[list[list], list[int]]:
	with _broken_xlsx_as_table_error():
		workbook = _open_workbook(data)
		sheet = workbook["Data"] if "Data" in workbook.sheetnames else workbook.worksheets[0]
		numbered = _not_empty(_spoken(_sheet_rows(sheet), *limits))
	return _rectangle(numbered, max(len(row) for _, row in numbered))


@contextmanager
def _broken_xlsx_as_table_error() -> Iterator[None]:
	try:
		yield
	except TableError:
		raise
	except Exception:  # openpyxl raises whatever the broken part makes it raise
		raise TableError(
			"Berkas XLSX tidak dapat dibuka. Simpan ulang dari aplikasi lembar kerja, lalu ulangi."
		) from None


def _open_workbook(data: bytes):
	from openpyxl import load_workbook

	with ZipFile(io.BytesIO(data)) as archive:
		unpacked = sum(member.file_size for member in archive.infolist())
		if unpacked > min(_LARGEST_UNPACKED, max(_SMALL_UNPACKED, _HIGHEST_RATIO * len(data))):
			raise TableError("Isi berkas XLSX terlalu besar; bagi menjadi beberapa berkas.")
		for name in archive.namelist():
			if name.startswith("xl/worksheets/"):
				_refuse_wide_rows(archive, name)
	return load_workbook(io.BytesIO(data), read_only=True, data_only=True)


def _refuse_wide_rows(archive: ZipFile, name: str) -> None:
	"""openpyxl holds a whole row at once: cells of a few bytes each would fill the memory."""
	cells, rest = 0, b""
	with archive.open(name) as member:
		while part := member.read(_PART):
			text = rest + part
			*whole, last = _ROW.split(text)
			for row in whole:
				if cells + len(_CELL.findall(row)) > _CELLS_OF_A_ROW:
					raise TableError("Satu baris berkas XLSX memuat terlalu banyak sel; periksa berkasnya.")
				cells = 0
			cells += len(_CELL.findall(last[:-_TAG])) if len(last) > _TAG else 0
			rest = last[-_TAG:]
			if cells > _CELLS_OF_A_ROW:
				raise TableError("Satu baris berkas XLSX memuat terlalu banyak sel; periksa berkasnya.")


def _sheet_rows(sheet) -> Iterator[list]:
	# The dimension that a file states may be a lie; every row is then padded to it.
	sheet.reset_dimensions()
	padded = 0
	for row in itertools.islice(sheet.iter_rows(values_only=True), _ROWS_OF_A_SHEET):
		padded += len(row)
		if padded > _MOST_CELLS:
			raise TableError("Berkas memuat terlalu banyak sel; bagi menjadi beberapa berkas.")
		cells = [_printable(cell) for cell in row]
		while cells and _is_blank(cells[-1]):
			cells.pop()
		yield cells


def _printable(cell: object) -> object:
	"""A whole number beyond every number of SEROJA as text: it may not fit into a float."""
	return str(cell) if isinstance(cell, int) and abs(cell) > LARGEST else cell


def _is_blank(cell: object) -> bool:
	return cell is None or not str(cell).strip()


def _spoken(
	rows: Iterable[list], most_rows: int = _ROWS_OF_A_SHEET, most_cells: int = _MOST_CELLS
) -> list[tuple[int, list]]:
	"""The rows that say anything, numbered as in the file."""
	numbered, width = [], 0
	for number, row in enumerate(rows, 1):
		if all(_is_blank(cell) for cell in row):
			continue
		numbered.append((number, row))
		width = max(width, len(row))
		if len(numbered) > most_rows or width * len(numbered) > most_cells:
			raise TableError("Berkas memuat terlalu banyak sel atau baris; bagi menjadi beberapa berkas.")
	return numbered


def _not_empty(numbered: list) -> list:
	if not numbered:
		raise TableError("Berkas kosong.")
	return numbered


def _refuse_surplus(numbered: list[tuple[int, list]]) -> None:
	"""More cells than the header has are an error of a CSV file."""
	width = len(numbered[0][1])
	for number, row in numbered:
		if any(row[width:]):
			raise TableError(
				f"Baris {number} mempunyai lebih banyak kolom daripada baris judul. "
				"Bila angka memakai koma desimal, pisahkan kolom dengan titik koma."
			)


def _rectangle(numbered: list[tuple[int, list]], width: int) -> tuple[list[list], list[int]]:
	rows = [row if len(row) == width else (row + [None] * width)[:width] for _, row in numbered]
	return rows, [number for number, _ in numbered]
