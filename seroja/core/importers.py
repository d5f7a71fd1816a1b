"""Tables from outside: bytes of a CSV or XLSX file in, an evaluable frame and row errors out.

A cell that cannot be read never stops the file: its row is marked invalid and says where and why.
A file that cannot be read at all raises TableError with one sentence for the user.
"""

from __future__ import annotations

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
	read_value,
)
from seroja.core.periods import parse_period
from seroja.core.spreadsheets import TableError, heading_key, read_amount, read_cells, read_word, read_year

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
	cells, rows = read_cells(data, name, {*REQUIRED, *OPTIONAL, *COLUMN_WORDS})
	header = _header(cells[0])
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


def _header(cells: list) -> list[str]:
	names = []
	for position, cell in enumerate(cells, 1):
		name = _heading(cell) or f"kolom_{position}"
		if name in names:
			raise TableError(f"Judul kolom “{name}” muncul dua kali.")
		names.append(name)
	return names


def _heading(cell: object) -> str:
	name = heading_key(cell)
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
		values["polarity"] = self._column("polarity", lambda cell: read_word(cell, POLARITY_WORDS))
		values["method"] = self._column("method", self._method)
		qualitative = values["polarity"] == "qualitative"
		self._targets(values, qualitative)
		self._realizations(values, qualitative)
		for column in ("weight", "budget", "budget_realization"):
			amounts = self._column(column, lambda cell: read_amount(cell, self.decimal))
			values[column] = amounts.astype("float64")
		values["year"] = self._column("year", read_year)
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

	@staticmethod
	def _text_required(cell):
		if cell is None or not str(cell).strip():
			raise ValueError("nama indikator kosong.")
		return str(cell).strip()

	@staticmethod
	def _method(cell):
		return None if is_no_value(cell) else read_word(cell, METHOD_WORDS)

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
