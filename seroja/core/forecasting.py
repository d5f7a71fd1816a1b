"""Forecast of one series of figures: candidates, back-test on its own past, interval.

Time is counted in months, `year * 12 + months of the year that are over`, so that yearly, quarterly and monthly
figures stand on one line. A forecast may only be used where it lost to neither naive one on the series' own past:
“same as the last value” (`last`) and “same share of the year as last year” (`share`). Slopes and their
confidence: Theil–Sen of scipy. docs/analysis.md has the measured errors and the coverage of the intervals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from scipy import stats

LEVEL = 80  # percent of the interval
NAIVE = ("last", "share")
# From simple to less simple: of two that miss by the same, the first is used.
METHODS = (*NAIVE, "median_share", "damped_trend", "trend")
FEWEST_TESTS = 2  # fewer errors say nothing about how wide an interval must be
FEWEST_YEARS = 3  # whole years, before quarters may be called seasonal
YEAR = 12
# That the past was hit exactly makes nothing certain: a share of the forecast instead.
LEAST_SPREAD = 0.01
_BETTER = 1 - 1e-9  # that a method wins must not hang on the last bit


@dataclass(frozen=True)
class Forecast:
	"""What is expected at a moment.

	scale: spread of the method's errors, that of a t distribution with `degrees`; None with fewer tests than
	FEWEST_TESTS. error, naive_error: mean absolute error of the method and of the better naive one on the past.
	"""

	value: float
	method: str
	scale: float | None
	tests: int
	error: float | None
	naive_error: float | None

	@property
	def degrees(self) -> int:
		"""Degrees of freedom: one of the tests is spent on the choice of the method."""
		return self.tests - 1

	@property
	def interval(self) -> tuple[float, float] | None:
		"""Bounds that hold the value in LEVEL percent of the cases."""
		if self.scale is None:
			return None
		reach = _quantile(self.degrees) * (self.scale or LEAST_SPREAD * abs(self.value))
		return self.value - reach, self.value + reach


@lru_cache
def _quantile(degrees: int) -> float:
	return float(stats.t.ppf(0.5 + LEVEL / 200, degrees))


@dataclass(frozen=True)
class Series:
	"""Figures of one indicator. times: months, ascending, no two alike; values: year-to-date at that time.

	accumulates: the figure starts anew each year (sum, maximum), so that only whole years compare.
	"""

	times: np.ndarray
	values: np.ndarray
	accumulates: bool = False
	_slopes: dict[int, tuple] = field(default_factory=dict, compare=False, repr=False)

	@cached_property
	def at(self) -> dict[int, float]:
		return dict(zip(self.times.tolist(), self.values.tolist(), strict=True))

	@cached_property
	def year_ends(self) -> np.ndarray:
		return self.times[self.times % YEAR == 0]

	@cached_property
	def _levels(self) -> tuple[np.ndarray, np.ndarray]:
		"""Times and values that compare with each other."""
		is_level = (self.times % YEAR == 0) | (not self.accumulates)
		return self.times[is_level], self.values[is_level]

	def slope(self, until: int | None = None) -> tuple[float, float, float]:
		"""Theil–Sen slope per month and the bounds of its interval, from what was known then; 0 from one value."""
		times, values = self._levels
		count = len(times) if until is None else int(np.searchsorted(times, until, side="right"))
		if count not in self._slopes:
			found = stats.theilslopes(values[:count], times[:count], LEVEL / 100) if count > 1 else (0.0,) * 4
			self._slopes[count] = (float(found[0]), float(found[2]), float(found[3]))
		return self._slopes[count]

	def candidates(self, now: int, moment: int) -> dict[str, float]:
		"""Method → what it expects at `moment`, a year's end, from what was known at `now`."""
		times, values = self._levels
		count = int(np.searchsorted(times, now, side="right"))
		found = {}
		if count:
			base, step = float(values[count - 1]), self.slope(now)[0] * (moment - int(times[count - 1]))
			found = {"last": base, "damped_trend": base + step / 2, "trend": base + step}
		shares = self._shares(now, moment)
		if shares and now in self.at:
			found |= {
				"share": self.at[now] * shares[-1],
				"median_share": self.at[now] * float(np.median(shares)),
			}
		return self._floored(found, now, moment)

	def _shares(self, now: int, moment: int) -> list[float]:
		"""Year's end over the value at the same time of the year, of each earlier year that has both; oldest first.

		Nothing without the same of last year, or when `now` is not within the year of `moment`.
		"""
		if not moment - YEAR < now < moment:
			return []
		pairs = {
			end: (self.at[end], self.at.get(end - moment + now))
			for end in self.year_ends.tolist()
			if end < now
		}
		shares = {end: whole / part for end, (whole, part) in pairs.items() if part and whole / part > 0}
		return list(shares.values()) if moment - YEAR in shares else []

	def _floored(self, found: dict[str, float], now: int, moment: int) -> dict[str, float]:
		"""What has accumulated until now is reached already."""
		if not self.accumulates or now not in self.at or not moment - YEAR < now < moment:
			return found
		reached = self.at[now]
		return {method: max(value, reached) for method, value in found.items()} if reached > 0 else found

	@cached_property
	def errors(self) -> dict[str, list[float]]:
		"""Method → its errors at the earlier year ends, each forecast as long before as the next one is away now.

		A method that could not be used then counts with the error of the last value, so that all have the same tests.
		"""
		now = int(self.times[-1])
		found: dict[str, list[float]] = {method: [] for method in METHODS}
		for end in self.year_ends.tolist():
			guesses = self.candidates(end - _lead(now), end)
			if "last" not in guesses:
				continue
			for method in METHODS:
				found[method].append(guesses.get(method, guesses["last"]) - self.at[end])
		return found

	def forecast(self, moment: int, least: float = -np.inf, most: float = np.inf) -> Forecast | None:
		"""What is expected at a year's end after the last value; None where there is nothing to start from.

		Tested at the distance of the next year's end; further away the spread grows with the root of time. least, most:
		the range that the figure cannot leave; a method that leaves it is not used, as a straight line does in the end.
		"""
		now = int(self.times[-1])
		guesses = self.candidates(now, moment)
		guesses = {
			method: value for method, value in guesses.items() if method == "last" or least <= value <= most
		}
		if not guesses:
			return None
		tests = len(self.errors["last"])
		missed = {method: _mean(np.abs(self.errors[method])) for method in guesses}
		method = _best(missed, tests)
		spread = np.sqrt(_mean(np.square(self.errors[method])) * (moment - now) / _lead(now))
		return Forecast(
			value=guesses[method],
			method=method,
			scale=float(spread) if tests >= FEWEST_TESTS else None,
			tests=tests,
			error=missed[method] if tests else None,
			naive_error=min(missed[name] for name in NAIVE if name in missed) if tests else None,
		)

	def seasonality(self) -> tuple[int, float] | None:
		"""The period that stands out and by how much; None where quarters (or months) do not differ reliably.

		(number of the period, share of the year's total) where figures accumulate, else (number, ratio to the
		year's mean). Test: Kruskal–Wallis over at least FEWEST_YEARS whole years.
		"""
		rows = self._whole_years()
		if rows is None or np.ptp(rows) == 0 or stats.kruskal(*rows.T).pvalue >= 0.05:
			return None
		typical = np.median(rows, axis=0)
		number = int(np.argmax(typical if self.accumulates else np.abs(typical - typical.mean())))
		return number + 1, float(typical[number])

	def _whole_years(self) -> np.ndarray | None:
		"""One row per whole year: each period's part of the year's total, or its ratio to the year's mean."""
		steps = np.diff(self.times)
		step = int(steps.min()) if len(steps) else YEAR
		if step >= YEAR:
			return None
		rows = [
			row
			for end in self.year_ends.tolist()
			if None
			not in (row := [self.at.get(moment) for moment in range(end - YEAR + step, end + 1, step)])
		]
		parts = np.array([np.diff(row, prepend=0.0) for row in rows] if self.accumulates else rows)
		if len(rows) < FEWEST_YEARS:
			return None
		whole = parts.sum(axis=1) if self.accumulates else parts.mean(axis=1)
		return parts / whole[:, None] if (whole != 0).all() else None


def _lead(now: int) -> int:
	"""Months until the next year's end."""
	return YEAR - now % YEAR


def _mean(errors: np.ndarray) -> float:
	return float(errors.mean()) if len(errors) else 0.0


def _best(missed: dict[str, float], tests: int) -> str:
	"""The method that missed least; without enough tests a naive one, without any the share of last year."""
	allowed = [method for method in (METHODS if tests >= FEWEST_TESTS else NAIVE[::-1]) if method in missed]
	best = allowed[0]
	for method in allowed[1:]:
		if missed[method] < missed[best] * _BETTER:
			best = method
	return best
