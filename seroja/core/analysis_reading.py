"""Series from outside: bytes of a CSV or XLSX file in long form in, the frame that analysis and checks share out.

One row per indicator and period; `period` is empty for the value of a year. Cells are read as
importers.read_table reads them: one that cannot be read never stops the file, its row is left out and
told with its number. A file that cannot be read at all raises TableError.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import pandas as pd

from seroja.core.achievement import evaluate
from seroja.core.importers import POLARITY_WORDS, Table, read_table
from seroja.core.numbers import NumberFormatError, detect_decimal, is_no_value, parse_number
from seroja.core.parts import clean
from seroja.core.periods import CONSOLIDATIONS, consolidate, parse_period
from seroja.core.spreadsheets import TableError, read_word

REQUIRED = ("indicator", "polarity", "year", "period", "target", "realization")
DEFAULT_CONSOLIDATION = "LAST"
CONSOLIDATION_WORDS = {name.casefold(): name for name in CONSOLIDATIONS} | {
	"jumlah": "SUM",
	"terakhir": "LAST",
	"rata-rata": "AVERAGE",
	"maksimum": "MAX",
}
_CONSOLIDATION_HEADINGS = ("consolidation", "konsolidasi")
_STATED_HEADINGS = ("capaian", "achievement", "stated_achievement")
_PERIODS = {"year": 1, "semester": 2, "quarter": 4, "month": 12}
_KEY_SEPARATOR = "\x1f"  # cannot stand in a cleaned name
_COLUMNS = (
	*("key", "indicator", "opd", "unit", "polarity", "method", "consolidation", "year", "number", "periods"),
	*("target", "target_upper", "realization", "value", "achievement"),
)
_BUDGETS = ("budget", "budget_realization")


@dataclass
class SeriesTable:
	"""A read file.

	rows: `key, indicator, opd, unit, polarity, method, consolidation, year, number, periods, target, target_upper,
	realization, value, achievement`, and `stated_achievement, budget, budget_realization` where the file has
	them; sorted by key, year and number. `value`: the year to date by its consolidation; `achievement`: of that
	against the target, percent. targets: `key, year, target, target_upper` at the year's end. messages: why a row
	is left out, by its position in the file. notes: what the user should know.
	"""

	rows: pd.DataFrame
	targets: pd.DataFrame
	messages: dict[int, str] = field(default_factory=dict)
	notes: list[str] = field(default_factory=list)


def read_series(data: bytes, name: str) -> SeriesTable:
	"""Read a CSV or XLSX file, `name` being its file name. Raises TableError.

	The target of a year's end is that of the yearly row, else that of the last period, else the one that all
	periods of the year share. Of a year with periods and a yearly value, the periods are the series.
	"""
	table = read_table(data, name)
	missing = [column for column in REQUIRED if column not in table.frame]
	if missing:
		raise TableError(
			f"Kolom {', '.join(missing)} tidak ada pada baris judul. Kolom wajib: {', '.join(REQUIRED)}."
		)
	messages = dict(table.messages)
	frame = _typed(table, messages)
	_refuse(frame, messages, table.rows)
	kept = frame[~frame.index.isin(list(messages))]
	rows = _series(kept)
	return SeriesTable(rows, _targets(kept), dict(sorted(messages.items())), _notes(table, name, kept))


# --- cells ---


def _typed(table: Table, messages: dict[int, str]) -> pd.DataFrame:
	"""The values with what only this form has: key, number and periods, consolidation, stated achievement."""
	frame = table.values.copy()
	for column in ("indicator", "opd", "unit"):
		frame[column] = frame[column].map(clean, na_action="ignore").fillna("")
	frame["key"] = frame["opd"] + _KEY_SEPARATOR + frame["indicator"]
	read = _Cells(table, messages)
	frame[["number", "periods"]] = read.periods()
	frame["consolidation"] = read.column(_CONSOLIDATION_HEADINGS, _consolidation)
	if any(heading in table.frame for heading in _STATED_HEADINGS):
		frame["stated_achievement"] = read.column(_STATED_HEADINGS, read.percent).astype("float64")
	given = [column for column in _BUDGETS if column in table.frame]
	return frame.drop(columns=[column for column in _BUDGETS if column not in given])


class _Cells:
	"""Further cells of a table; the first thing wrong in a row becomes its message."""

	def __init__(self, table: Table, messages: dict[int, str]):
		self.table, self.messages = table, messages
		self.decimal = table.decimal or self._decimal_of_percentages()

	def column(self, headings: tuple[str, ...], read: Callable) -> pd.Series:
		"""The cells of the first of the headings that the file has."""
		frame = self.table.frame
		heading = next((heading for heading in headings if heading in frame), None)
		cells = frame[heading] if heading else pd.Series(None, index=frame.index, dtype=object)
		values = [self._read(index, heading, read, cell) for index, cell in cells.items()]
		return pd.Series(values, index=frame.index, dtype=object)

	def periods(self) -> pd.DataFrame:
		"""number, periods (of a year) of every row."""
		values = self.table.values
		found = [
			self._period(*row) for row in zip(values.index, values["year"], values["period"], strict=True)
		]
		return pd.DataFrame(found, index=values.index, columns=["number", "periods"])

	def _period(self, index: int, year: float | None, text: str) -> tuple[int, int]:
		if index in self.messages:
			return 1, 1
		if pd.isna(year):
			self._tell(index, "year", "tahun kosong.")
			return 1, 1
		return _place(int(year), text)

	def percent(self, cell: object) -> float | None:
		return None if is_no_value(cell) else parse_number(cell, self.decimal)

	def _read(self, index: int, heading: str | None, read: Callable, cell: object):
		try:
			return read(cell)
		except ValueError as error:
			self._tell(index, heading, str(error))
			return None

	def _tell(self, index: int, heading: str | None, message: str) -> None:
		self.messages.setdefault(index, f"Baris {self.table.rows[index]}, kolom {heading}: {message}")

	def _decimal_of_percentages(self) -> str:
		"""A file of whole numbers may still print its percentages with decimals."""
		frame = self.table.frame
		cells = [cell for heading in _STATED_HEADINGS if heading in frame for cell in frame[heading]]
		try:
			return detect_decimal(cells) or ","
		except NumberFormatError as error:
			raise TableError(str(error)) from None


@lru_cache(maxsize=1000)
def _place(year: int, text: str) -> tuple[int, int]:
	"""(number, periods of a year) of a period."""
	period = parse_period(year, text)
	return period.number, _PERIODS[period.kind]


def _consolidation(cell: object) -> str | None:
	return None if is_no_value(cell) else read_word(cell, CONSOLIDATION_WORDS)


# --- rows that contradict others ---

_ONE_OF_AN_INDICATOR = {"polarity": "polaritas", "consolidation": "konsolidasi", "unit": "satuan"}
_SAID = {code: word for word, code in (POLARITY_WORDS | CONSOLIDATION_WORDS).items()}


def _refuse(frame: pd.DataFrame, messages: dict[int, str], rows: pd.Series) -> None:
	"""Tell every row that contradicts the others of its indicator, and every one that stands there twice."""
	for column, word in _ONE_OF_AN_INDICATOR.items():
		valid = _valid(frame, messages)
		usual = _usual(valid[valid[column].fillna("") != ""], ["key"], column)
		frame[column] = frame["key"].map(usual).where(frame[column].fillna("") == "", frame[column])
		for index in valid.index[_differs(valid, column, valid["key"].map(usual))]:
			said, other = valid.at[index, column], usual[valid.at[index, "key"]]
			messages[index] = (
				f"Baris {rows[index]}, kolom {column}: {word} “{_SAID.get(said, said)}” lain dari baris lain indikator "
				f"ini (“{_SAID.get(other, other)}”)."
			)
	frame["consolidation"] = frame["consolidation"].fillna(DEFAULT_CONSOLIDATION)
	frame["unit"] = frame["unit"].fillna("")
	_refuse_mixed_periods(frame, messages, rows)
	_refuse_repeated(frame, messages, rows)


def _valid(frame: pd.DataFrame, messages: dict[int, str]) -> pd.DataFrame:
	return frame[~frame.index.isin(list(messages))]


def _differs(frame: pd.DataFrame, column: str, usual: pd.Series) -> pd.Series:
	given = frame[column].fillna("").astype(str).str.casefold()
	return (given != "") & (given != usual.fillna("").astype(str).str.casefold())


def _usual(frame: pd.DataFrame, by: list[str], column: str) -> pd.Series:
	"""The value that most rows of a group have; of several the first in order, whatever the order of the rows."""
	counts = frame.groupby([*by, column], observed=True).size().rename("count").reset_index()
	ordered = counts.sort_values([*by, "count", column], ascending=[*[True] * len(by), False, True])
	return ordered.drop_duplicates(by).set_index(by)[column]


def _refuse_mixed_periods(frame: pd.DataFrame, messages: dict[int, str], rows: pd.Series) -> None:
	valid = _valid(frame, messages)
	parts = valid[valid["periods"] > 1]
	usual = _usual(parts, ["key", "year"], "periods")
	expected = pd.MultiIndex.from_frame(parts[["key", "year"]]).map(usual.to_dict()).to_numpy()
	for index in parts.index[parts["periods"].to_numpy() != expected]:
		messages[index] = (
			f"Baris {rows[index]}, kolom period: {parts.at[index, 'period']} tidak sejenis dengan periode lain "
			"indikator ini pada tahun itu."
		)


def _refuse_repeated(frame: pd.DataFrame, messages: dict[int, str], rows: pd.Series) -> None:
	valid = _valid(frame, messages)
	keys = ["key", "year", "periods", "number"]
	repeated = valid.duplicated(keys)
	first = valid[~repeated].reset_index().set_index(keys)["index"]
	for index in valid.index[repeated]:
		original = rows[first[tuple(valid.loc[index, keys])]]
		messages[index] = (
			f"Baris {rows[index]}, kolom period: indikator dan {valid.at[index, 'period']} sudah ada pada baris "
			f"{original}; baris {original} yang dipakai."
		)


# --- the frame ---


def _series(frame: pd.DataFrame) -> pd.DataFrame:
	"""The rows of the series, with value and achievement."""
	rows = _without_doubled_years(frame).astype({"year": int, "number": int, "periods": int})
	rows = rows.sort_values(["key", "year", "number"], kind="stable", ignore_index=True)
	rows["value"] = _year_to_date(rows)
	rows["achievement"] = evaluate(
		rows[["polarity", "method", "target", "target_upper"]].assign(realization=rows["value"]),
		explanations=False,
	)["achievement"]
	further = [column for column in ("stated_achievement", *_BUDGETS) if column in rows]
	return rows[[*_COLUMNS, *further]]


def _without_doubled_years(frame: pd.DataFrame) -> pd.DataFrame:
	"""Of a year with a yearly row and periods, the finer rows that say anything."""
	years = [frame["key"], frame["year"]]
	told = frame["periods"].where(frame["realization"].notna())
	finest = told.groupby(years).transform("max").fillna(frame["periods"].groupby(years).transform("max"))
	return frame[frame["periods"] == finest]


def _year_to_date(rows: pd.DataFrame) -> np.ndarray:
	"""The consolidated value at the end of each period; none where the period itself has none."""
	values = np.full(len(rows), np.nan)
	for (periods, consolidation), part in rows.groupby(["periods", "consolidation"]):
		grid = part.pivot(index=["key", "year"], columns="number", values="realization")
		known = grid.reindex(columns=range(1, periods + 1)).to_numpy(dtype="float64")
		ends = [consolidate(known[:, :number], consolidation) for number in range(1, periods + 1)]
		to_date = np.where(np.isnan(known), np.nan, np.column_stack(ends))
		places = grid.index.get_indexer(pd.MultiIndex.from_frame(part[["key", "year"]]))
		values[part.index] = to_date[places, part["number"] - 1]
	return values


def _targets(frame: pd.DataFrame) -> pd.DataFrame:
	"""The targets of the years' ends, as `read_series` chooses them."""
	known = frame[frame["target"].notna()].astype({"year": int})
	years = known.groupby(["key", "year"])
	shared = (years["target"].transform("nunique") == 1) & (years["target"].transform("size") > 1)
	is_end = known["number"] == known["periods"]
	ends = known[is_end | shared].assign(
		rank=np.where(known["periods"] == 1, 0, np.where(is_end, 1, 2))[is_end | shared]
	)
	ordered = ends.sort_values(["key", "year", "rank", "number"], kind="stable")
	return ordered.drop_duplicates(["key", "year"])[["key", "year", "target", "target_upper"]].reset_index(
		drop=True
	)


def _notes(table: Table, name: str, kept: pd.DataFrame) -> list[str]:
	# The first note of a table tells how its numbers are read; the others are about one period.
	notes = [f"Sumber: {name}, {len(table.frame)} baris.", table.notes[0]]
	labelled = int((kept["target_label"].notna() | kept["realization_label"].notna()).sum())
	if labelled:
		notes.append(
			f"{labelled} baris berupa teks (kualitatif) dan tidak ikut perkiraan dan pemeriksaan angka."
		)
	return notes
