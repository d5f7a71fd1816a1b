"""Year, semester, quarter and month; consolidation of quarters into a year (domain.md 2.5).

Quarter targets say where the indicator should stand at the end of the quarter: cumulative where
realizations are summed, point values otherwise. A missing quarter is no value, not 0.
"""

from __future__ import annotations

import calendar
import itertools
import re
from dataclasses import dataclass
from datetime import date

import numpy as np

CONSOLIDATIONS = ("SUM", "LAST", "AVERAGE", "MAX")
MONTHS = (
	"Januari",
	"Februari",
	"Maret",
	"April",
	"Mei",
	"Juni",
	"Juli",
	"Agustus",
	"September",
	"Oktober",
	"November",
	"Desember",
)
_ROMAN = ("I", "II", "III", "IV")
KINDS = {1: "year", 2: "semester", 4: "quarter", 12: "month"}  # by how many of them make a year
_MONTHS_IN = {"year": 12, "semester": 6, "quarter": 3, "month": 1}
_PATTERN = re.compile(
	r"^(?P<kind>TW|TRIWULAN|Q|S|SEM|SEMESTER|M|BULAN)?[\s-]*(?P<number>\d{1,2}|I{1,3}|IV)$", re.IGNORECASE
)
_KINDS = {
	"TW": "quarter",
	"TRIWULAN": "quarter",
	"Q": "quarter",
	"S": "semester",
	"SEM": "semester",
	"SEMESTER": "semester",
	"M": "month",
	"BULAN": "month",
}


@dataclass(frozen=True, order=True)
class Period:
	"""A year, or the `number`-th semester, quarter or month of one."""

	year: int
	kind: str = "year"
	number: int = 1

	def __post_init__(self):
		if self.kind not in _MONTHS_IN or not 1 <= self.number <= 12 // _MONTHS_IN[self.kind]:
			raise ValueError(f"no such period: {self.kind} {self.number}")

	@property
	def start(self) -> date:
		return date(self.year, (self.number - 1) * _MONTHS_IN[self.kind] + 1, 1)

	@property
	def end(self) -> date:
		month = self.number * _MONTHS_IN[self.kind]
		return date(self.year, month, calendar.monthrange(self.year, month)[1])

	@property
	def label(self) -> str:
		"""The period in Indonesian: "Tahun 2025", "Triwulan II 2025", "Maret 2025"."""
		name = {
			"year": "Tahun",
			"semester": f"Semester {_ROMAN[(self.number - 1) % 4]}",
			"quarter": f"Triwulan {_ROMAN[(self.number - 1) % 4]}",
			"month": MONTHS[self.number - 1],
		}[self.kind]
		return f"{name} {self.year}"


def parse_period(year: int, text: object = None) -> Period:
	"""Read a period of a year: "", "2025", "TW2", "Triwulan II", "Q2", "S1", "M03" (also a bare 1–4: the quarter).

	Raises ValueError with a sentence for the user.
	"""
	text = "" if text is None else str(text).strip()
	text = re.sub(rf"^{year}[-/ ]*|[-/ ]*{year}$", "", text)
	if text.casefold() in ("", "tahun", "tahunan", "year"):
		return Period(year)
	months = [number for number, name in enumerate(MONTHS, 1) if name.casefold() == text.casefold()]
	if months:
		return Period(year, "month", months[0])
	match = _PATTERN.match(text)
	if match:
		number = match["number"].upper()
		kind = _KINDS[(match["kind"] or "TW").upper()]
		try:
			return Period(year, kind, _ROMAN.index(number) + 1 if number in _ROMAN else int(number))
		except ValueError:
			pass
	raise ValueError(
		f"Periode “{text}” tidak dikenal. Tulis misalnya TW1, S2, M03, atau kosongkan untuk setahun."
	)


def consolidate(values, consolidation: str) -> np.ndarray | float:
	"""One value from the quarters of a year, given in order along the last axis, NaN for a missing one.

	SUM adds, LAST takes the last known, AVERAGE the mean of the known, MAX the largest. A row without
	any value gives NaN. Raises ValueError for an unknown consolidation.
	"""
	if consolidation not in CONSOLIDATIONS:
		raise ValueError(f"unknown consolidation {consolidation!r}; one of {', '.join(CONSOLIDATIONS)}")
	values = np.asarray(values, dtype="float64")
	known = ~np.isnan(values)
	filled = np.where(known, values, 0.0)
	if consolidation == "SUM":
		result = filled.sum(axis=-1)
	elif consolidation == "AVERAGE":
		result = filled.sum(axis=-1) / np.maximum(known.sum(axis=-1), 1)
	elif consolidation == "MAX":
		result = np.where(known, values, -np.inf).max(axis=-1)
	else:
		last = values.shape[-1] - 1 - np.argmax(known[..., ::-1], axis=-1)
		result = np.take_along_axis(filled, np.expand_dims(last, -1), axis=-1)[..., 0]
	result = np.where(known.any(axis=-1), result, np.nan)
	return float(result) if result.ndim == 0 else result


def year_to_date(targets, realizations, consolidation: str, quarter: int):
	"""(target, realization) at the end of a quarter, for one indicator or many.

	targets, realizations: the four quarters along the last axis, NaN for none. The target is the one
	of the quarter, or of the last quarter before it that has one.
	"""
	target = consolidate(np.asarray(targets, dtype="float64")[..., :quarter], "LAST")
	realization = consolidate(np.asarray(realizations, dtype="float64")[..., :quarter], consolidation)
	return target, realization


def target_problems(targets, year_target: float | None, consolidation: str) -> list[str]:
	"""What contradicts itself in the quarter targets of an indicator, in Indonesian sentences (domain.md 2.5)."""
	known = [target for target in targets if target is not None and target == target]
	if not known or consolidation not in ("SUM", "LAST"):
		return []
	problems = []
	if consolidation == "SUM" and any(later < earlier for earlier, later in itertools.pairwise(known)):
		problems.append("Target triwulan bersifat kumulatif sehingga tidak boleh turun.")
	last = targets[-1]
	if year_target is not None and last is not None and last == last and last != year_target:
		problems.append("Target triwulan IV harus sama dengan target tahunan.")
	return problems
