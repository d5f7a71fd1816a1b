"""Tables from outside: bytes of a CSV or XLSX file in, an evaluable frame and row errors out.

A cell that cannot be read never stops the file: its row is marked invalid and says where and why.
A file that cannot be read at all raises TableError with one sentence for the user.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from seroja.core.achievement import METHODS, POLARITIES
from seroja.core.numbers import (
	NumberFormatError,
	Value,
	detect_decimal,
	is_no_population,
	is_no_value,
	parse_number,
	read_value,
)
from seroja.core.periods import parse_period

REQUIRED = ("indicator", "polarity", "target", "realization")
OPTIONAL = ("opd", "objective", "unit", "method", "weight", "year", "period", "budget", "budget_realization")
NUMERIC = ("target", "realization", "weight", "budget", "budget_realization")
COMPUTED = (
	"achievement",
	"achievement_scored",
	"category",
	"status",
	"method_used",
	"explanation",
	"message",
)

POLARITY_WORDS = dict(zip(POLARITIES, POLARITIES, strict=True)) | {
	"maksimal": "maximize",
	"minimal": "minimize",
	"stabil": "stabilize",
	"kualitatif": "qualitative",
}
METHOD_WORDS = dict(zip(METHODS, METHODS, strict=True)) | {
	"rasio": "ratio",
	"komplemen": "complement",
	"terbalik": "inverse",
	"rentang": "range",
	"simpangan": "deviation",
	"ordinal": "ordinal",
}
COLUMN_WORDS = {
	"indikator": "indicator",
	"polaritas": "polarity",
	"realisasi": "realization",
	"perangkat_daerah": "opd",
	"sasaran": "objective",
	"satuan": "unit",
	"metode": "method",
	"bobot": "weight",
	"tahun": "year",
	"periode": "period",
	"pagu": "budget",
	"anggaran": "budget",
	"realisasi_anggaran": "budget_realization",
}


class TableError(ValueError):
	"""The file as a whole cannot be read; the message is one sentence for the user."""


@dataclass
class Table:
	"""A read file.

	frame: the cells as they came, one row per data row. rows: the row number in the file, per row.
	values: what `achievement.evaluate` takes, same index. messages: row error per index label.
	decimal: "," or "." or None where no number had a sign. notes: what the user should know.
	"""

	frame: pd.DataFrame
	rows: pd.Series
	values: pd.DataFrame
	messages: dict[int, str] = field(default_factory=dict)
	decimal: str | None = None
	notes: list[str] = field(default_factory=list)


def read_table(data: bytes, name: str) -> Table:
	"""Read a CSV or XLSX file, `name` being its file name. Raises TableError."""
	reader: Callable = _read_xlsx if name.casefold().endswith((".xlsx", ".xlsm")) else _read_csv
	cells, rows = reader(data)
	header = _header(cells[0]) if cells else []
	missing = [column for column in REQUIRED if column not in header]
	if missing:
		raise TableError(
			f"Kolom {', '.join(missing)} tidak ada pada baris judul. Kolom wajib: {', '.join(REQUIRED)}."
		)
	frame = pd.DataFrame(cells[1:], columns=header, dtype=object)
	unnamed = [name for name, cell in zip(header, cells[0], strict=True) if not _heading(cell)]
	frame = frame.drop(columns=[name for name in unnamed if frame[name].map(is_no_value).all()])
	if frame.empty:
		raise TableError("Berkas tidak berisi baris data di bawah baris judul.")
	return _interpret(frame, pd.Series(rows[1:], index=frame.index))


def _read_csv(data: bytes) -> tuple[list[list], list[int]]:
	text = _decode(data)
	if text[:4].casefold() == "sep=":  # a line by which Excel names the separator
		text = text.partition("\n")[2]
	delimiter = _delimiter(text)
	try:
		cells = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
	except csv.Error as error:
		raise TableError(f"Berkas CSV rusak: {error}.") from None
	return _rectangle(
		[(number, row) for number, row in enumerate(cells, 1) if any(cell.strip() for cell in row)]
	)


def _delimiter(text: str) -> str:
	"""The separator under which the first line that says anything holds most of the required headings."""
	heading = next((line for line in text.splitlines() if line.strip(" ;,\t|")), "")

	def known(delimiter: str) -> int:
		cells = next(csv.reader([heading], delimiter=delimiter), [])
		return len(set(REQUIRED) & {_heading(cell) for cell in cells})

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


def _read_xlsx(data: bytes) -> tuple[list[list], list[int]]:
	from openpyxl import load_workbook

	try:
		workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
		sheet = workbook["Data"] if "Data" in workbook.sheetnames else workbook.worksheets[0]
		cells = [list(row) for row in sheet.iter_rows(values_only=True)]
	except Exception:  # openpyxl raises whatever the broken part makes it raise
		raise TableError(
			"Berkas XLSX tidak dapat dibuka. Simpan ulang dari aplikasi lembar kerja, lalu ulangi."
		) from None
	return _rectangle(
		[
			(number, row)
			for number, row in enumerate(cells, 1)
			if any(cell is not None and str(cell).strip() for cell in row)
		]
	)


def _rectangle(numbered: list[tuple[int, list]]) -> tuple[list[list], list[int]]:
	"""Pad short rows; more cells than the header has are an error of the file."""
	if not numbered:
		raise TableError("Berkas kosong.")
	width = len(numbered[0][1])
	for number, row in numbered:
		extra = [cell for cell in row[width:] if cell not in (None, "")]
		if extra:
			raise TableError(
				f"Baris {number} mempunyai lebih banyak kolom daripada baris judul. "
				"Bila angka memakai koma desimal, pisahkan kolom dengan titik koma."
			)
	return [(row + [None] * width)[:width] for _, row in numbered], [number for number, _ in numbered]


def _header(cells: list) -> list[str]:
	names = []
	for position, cell in enumerate(cells, 1):
		name = _heading(cell) or f"kolom_{position}"
		if name in names:
			raise TableError(f"Judul kolom “{name}” muncul dua kali.")
		names.append(name)
	return names


def _heading(cell: object) -> str:
	name = "_".join(str(cell or "").strip().casefold().split())
	return COLUMN_WORDS.get(name, name)


def _interpret(frame: pd.DataFrame, rows: pd.Series) -> Table:
	try:
		decimal = detect_decimal(cell for column in NUMERIC if column in frame for cell in frame[column])
	except NumberFormatError as error:
		raise TableError(str(error)) from None
	reading = _Reading(frame, rows, decimal or ",")
	values = reading.values()
	table = Table(frame, rows, values, dict(sorted(reading.messages.items())), decimal)
	table.notes += _notes(table)
	return table


class _Reading:
	"""Cells to values, column by column; the first thing wrong in a row becomes its message."""

	def __init__(self, frame: pd.DataFrame, rows: pd.Series, decimal: str):
		self.frame, self.rows, self.decimal = frame, rows, decimal
		self.messages: dict[int, str] = {}

	def values(self) -> pd.DataFrame:
		values = pd.DataFrame(index=self.frame.index)
		values["indicator"] = self._column("indicator", self._text_required)
		values["polarity"] = self._column("polarity", lambda cell: self._word(cell, POLARITY_WORDS))
		values["method"] = self._column("method", lambda cell: self._word(cell, METHOD_WORDS, optional=True))
		qualitative = values["polarity"] == "qualitative"
		self._targets(values, qualitative)
		self._realizations(values, qualitative)
		for column in ("weight", "budget", "budget_realization"):
			values[column] = self._column(column, self._amount).astype("float64")
		values["year"] = self._column("year", self._year)
		values["period"] = self._periods(values["year"])
		for column in ("opd", "objective", "unit"):
			values[column] = self._column(column, lambda cell: "" if cell is None else str(cell).strip())
		values["invalid"] = self.frame.index.isin(list(self.messages))
		return values

	def _column(self, column: str, read: Callable) -> pd.Series:
		if column not in self.frame:
			return pd.Series([read(None)] * len(self.frame), index=self.frame.index, dtype=object)
		return pd.Series(
			[self._cell(index, column, read) for index in self.frame.index],
			index=self.frame.index,
			dtype=object,
		)

	def _cell(self, index: int, column: str, read: Callable):
		try:
			return read(self.frame.at[index, column])
		except ValueError as error:
			self.messages.setdefault(index, f"Baris {self.rows[index]}, kolom {column}: {error}")
			return None

	def _targets(self, values: pd.DataFrame, qualitative: pd.Series) -> None:
		read = self._values("target", qualitative)
		values["target"] = [value.low for value in read]
		values["target_upper"] = [value.high for value in read]
		values["target_label"] = [value.label for value in read]
		values[["target", "target_upper"]] = values[["target", "target_upper"]].astype("float64")

	def _realizations(self, values: pd.DataFrame, qualitative: pd.Series) -> None:
		values["no_population"] = self.frame["realization"].map(is_no_population)
		read = self._values("realization", qualitative)
		values["realization"] = pd.Series([value.low for value in read], dtype="float64").to_numpy()
		values["realization_label"] = [value.label for value in read]

	def _values(self, column: str, qualitative: pd.Series) -> list[Value]:
		def reader(is_qualitative: bool) -> Callable:
			def read(cell):
				if column == "realization" and is_no_population(cell):
					return Value()
				return read_value(
					cell, qualitative=is_qualitative, is_range=column == "target", decimal=self.decimal
				)

			return read

		return [
			self._cell(index, column, reader(bool(qualitative[index]))) or Value()
			for index in self.frame.index
		]

	def _amount(self, cell):
		amount = None if is_no_value(cell) else parse_number(cell, self.decimal)
		if amount is not None and amount < 0:
			raise ValueError(f"“{cell}” tidak boleh negatif.")
		return amount

	@staticmethod
	def _text_required(cell):
		if cell is None or not str(cell).strip():
			raise ValueError("nama indikator kosong.")
		return str(cell).strip()

	@staticmethod
	def _word(cell, words: dict[str, str], optional: bool = False):
		word = "" if cell is None else str(cell).strip().casefold()
		if optional and is_no_value(word):
			return None
		if word not in words:
			raise ValueError(f"“{word[:40]}” tidak dikenal. Pilihan: {', '.join(words)}.")
		return words[word]

	@staticmethod
	def _year(cell):
		if is_no_value(cell):
			return None
		year = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
		if not (year.isdigit() and 1900 <= int(year) <= 2200):
			raise ValueError(f"“{year[:40]}” bukan tahun.")
		return int(year)

	def _periods(self, years: pd.Series) -> pd.Series:
		def read(index):
			cell = self.frame.at[index, "period"] if "period" in self.frame else None
			year = years[index]
			if year is None or year != year:
				return "" if is_no_value(cell) else parse_period(2000, cell).label.removesuffix(" 2000")
			return parse_period(int(year), None if is_no_value(cell) else cell).label

		periods = []
		for index in self.frame.index:
			try:
				periods.append(read(index))
			except ValueError as error:
				self.messages.setdefault(index, f"Baris {self.rows[index]}, kolom period: {error}")
				periods.append("")
		return pd.Series(periods, index=self.frame.index, dtype=object)


def _notes(table: Table) -> list[str]:
	notes = [
		{
			",": "Angka dibaca dengan koma sebagai tanda desimal (1.234,56).",
			".": "Angka dibaca dengan titik sebagai tanda desimal (1,234.56).",
			None: "Tidak ada tanda desimal pada angka di berkas ini.",
		}[table.decimal]
	]
	keys = table.values[["opd", "objective", "indicator", "period"]]
	repeated = keys[keys.duplicated(keep=False) & ~table.values["invalid"]]
	if len(repeated):
		lines = ", ".join(str(table.rows[index]) for index in repeated.index[:6])
		notes.append(
			f"{len(repeated)} baris memuat indikator, OPD, dan periode yang sama (baris {lines}); semuanya dihitung."
		)
	weights = table.values.groupby(["opd", "period"], sort=False)["weight"].sum(min_count=1).dropna()
	for opd, period in weights.index[(weights - 100).abs() > 0.005][:6]:
		place = " ".join(part for part in (opd, period) if part) or "berkas ini"
		notes.append(f"Jumlah bobot {place} bukan 100.")
	return notes
