"""Number checks that compare a realization with the other realizations of its indicator.

What the others lead one to expect at a place is a span, taken from the values before and after it; how far
outside it a value lies is measured against the usual change of the indicator without that value. So one
wrong figure spoils neither the span nor the measure it is held against, and a swinging indicator is given
more room than a steady one. Powers of ten are looked for in logarithms, all else in the unit itself.

The bounds were set by reasoning; USUAL_CHANGES and the one repeat that is no habit were then adjusted on the
published series with planted faults (tests/planted.py), so the recall there is not that of unseen data. Moving
any bound by a quarter moves recall and precision there by less than two points.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from seroja.core.numbers import format_number

# With fewer other values nobody can say what is usual; a power of ten shows earlier than an outlier.
LEAST_OTHERS_OF_OUTLIER = 4
LEAST_OTHERS = 3
# Iglewicz and Hoaglin (1993) call a modified z-score above 3.5 an outlier. The scale is estimated from as few
# as three changes, so the bound is that of Student's t at the same probability.
OUTLIER_SCORE = 3.5
MAD_TO_SIGMA = 1.4826  # of a normal distribution
# A change below this share of the level is never called unusual, however steady the indicator.
LEAST_CHANGE = 0.02
# A slip by a power of ten moves a value by 1, 2, 3 … in logarithms: it lies at least half a power outside the
# span, more than this many usual changes, and set right it fits within a factor of 1.6.
LEAST_JUMP = 0.5
USUAL_CHANGES = 1.5
LARGEST_MISFIT = 0.2
LARGEST_MISFIT_OF_DIGITS = 0.5  # where the digits say the same, half a power is enough
# Two values agree by chance with a probability of about ln 2 / 2 over the usual change in units of the last
# digit (Laplace distributed changes): a usual change of three digits makes that one in nine.
LEAST_DIGITS_OF_CHANGE = 3
# What is measured every second period repeats half of the time: above a third of the other changes the value
# stands still by its nature. One other repeat is no habit yet.
CHANGES_OF_A_PLAN = 4  # between the five years of a plan
MOST_REPEATS = 1 / 3
SEASONAL = 0.5  # the usual change from year to year against that from period to period
MOST_DECIMALS = 6
_MOST_PERIODS = 13  # more than a year has


# --- what the other values lead one to expect ---


def with_neighbours(rows: pd.DataFrame) -> pd.DataFrame:
	"""The rows, sorted by key, year and number, with what their neighbours lead one to expect.

	Adds `known` (realization of a quantitative indicator, NaN for none), `decimals`, `previous` and `next`
	(the known realizations around it), `before` and `after` (those it is compared with: the same, or the same
	quarter of other years where `is_seasonal`), `low`, `high` (the span that the neighbours give), `usual` (median
	absolute change of the others: the MAD of changes around none) and `others` (how many values these come
	from), NaN where they are too few; `log` and `log_low` … are the same of the decimal logarithms.
	"""
	known = rows["realization"].where(rows["polarity"].ne("qualitative")).astype("float64")
	known = known.where(np.isfinite(known))
	rows = rows.assign(known=known, decimals=decimals(known), log=np.log10(known.abs().where(known.ne(0))))
	by_key = rows["key"]
	rows["previous"] = known.groupby(by_key).ffill().groupby(by_key).shift()
	rows["next"] = known.groupby(by_key).bfill().groupby(by_key).shift(-1)
	chain, least = _chains(rows)
	rows["is_seasonal"] = chain % _MOST_PERIODS > 0
	rows["before"] = known.groupby(chain).ffill().groupby(chain).shift()
	rows["after"] = known.groupby(chain).bfill().groupby(chain).shift(-1)
	expected = _neighbourhood(rows, "known", chain, least)
	return rows.join([expected, _neighbourhood(rows, "log", chain, least).add_prefix("log_")])


def decimals(values: pd.Series) -> pd.Series:
	"""How many decimals each value is written with, at most six; below 0 for whole tens, hundreds, …"""
	found = np.full(len(values), MOST_DECIMALS)
	for places in range(MOST_DECIMALS - 1, -MOST_DECIMALS - 1, -1):
		shifted = values.to_numpy() * 10.0**places
		found[np.abs(shifted - np.rint(shifted)) <= 1e-9 * np.maximum(np.abs(shifted), 1e-3)] = places
	found[values.eq(0)] = 0
	return pd.Series(found, index=values.index)


def _chains(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
	"""Which values stand in one row of comparison, and how many others that takes.

	They are those of the indicator, more than a year of them; or those of one quarter over the years where
	the indicator changes less from year to year than from quarter to quarter.
	"""
	known, by_key = rows["known"], rows.groupby("key", sort=False).ngroup()
	steps, years = known.groupby(by_key).diff().abs(), known.groupby([by_key, rows["number"]]).diff().abs()
	usual_step, usual_year = (change.groupby(by_key).transform("median") for change in (steps, years))
	enough = years.groupby(by_key).transform("count") >= LEAST_OTHERS * rows["periods"]
	seasonal = rows["periods"].gt(1) & enough & (usual_year < SEASONAL * usual_step)
	chain = by_key * _MOST_PERIODS + rows["number"].where(seasonal, 0)
	least = rows["periods"].clip(lower=LEAST_OTHERS).where(~seasonal, LEAST_OTHERS)
	return chain, least.groupby(chain).transform("max")


def _neighbourhood(rows: pd.DataFrame, column: str, chain: pd.Series, least: pd.Series) -> pd.DataFrame:
	"""low, high, usual and others of each value of a column."""
	result = pd.DataFrame(np.nan, rows.index, ["low", "high", "usual", "others"])
	others = rows[column].groupby(chain).transform("count") - 1
	used = rows[column].notna() & (others >= least)
	if not used.any():
		return result
	group = rows.loc[used, column].groupby(chain[used])
	row, place = group.ngroup(), group.cumcount()
	table = np.full((row.max() + 1, place.max() + 1), np.nan)
	table[row, place] = rows.loc[used, column]
	for name, found in zip(result.columns, _spans(table), strict=False):
		result.loc[used, name] = found[row, place]
	result.loc[used, "others"] = others[used]
	return _widened(result, rows, column)


def _widened(result: pd.DataFrame, rows: pd.DataFrame, column: str) -> pd.DataFrame:
	"""The span with the same quarter or month of the years around it."""
	several = rows["periods"].gt(1)
	by_season = rows[column].where(several).groupby([rows["key"], rows["number"]])
	around = [by_season.shift(), by_season.shift(-1)]
	used = result["low"].notna()
	low, high = np.fmin.reduce([result["low"], *around]), np.fmax.reduce([result["high"], *around])
	return result.assign(low=np.where(used, low, np.nan), high=np.where(used, high, np.nan))


def _spans(table: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
	"""Lowest and highest neighbour and the usual change without the value; a line of the table is a chain."""
	before, after = _moved(table, 1), _moved(table, -1)
	second = np.where(np.isnan(before), _moved(table, -2), _moved(table, 2))
	nearest = np.where(np.isnan(before), after, before)
	is_end = np.isnan(before) | np.isnan(after)
	places = np.stack(
		[before, after, np.where(is_end, second, np.nan), np.where(is_end, 2 * nearest - second, np.nan)]
	)
	return np.fmin.reduce(places), np.fmax.reduce(places), _usual_changes(table)


def _moved(table: np.ndarray, places: int) -> np.ndarray:
	"""The table with each line moved to the right (or left), NaN where nothing moves in."""
	result = np.full_like(table, np.nan)
	if abs(places) >= table.shape[1]:
		return result
	if places > 0:
		result[:, places:] = table[:, :-places]
	else:
		result[:, :places] = table[:, -places:]
	return result


def _usual_changes(table: np.ndarray) -> np.ndarray:
	"""The median absolute change of each line without the value at a place, bridged by half the change around it."""
	changes = np.abs(np.diff(table, axis=1))
	result = np.full_like(table, np.nan)
	for place in range(table.shape[1]):
		without = changes.copy()
		if place > 0:
			without[:, place - 1] = np.nan
		if place < changes.shape[1]:
			without[:, place] = np.nan
		if 0 < place < changes.shape[1]:
			without[:, place] = np.abs(table[:, place + 1] - table[:, place - 1]) / 2
		result[:, place] = _median(without)
	return result


def _median(table: np.ndarray) -> np.ndarray:
	"""The median of the known values of each line, NaN for none; several times as fast as np.nanmedian."""
	ordered, lines = np.sort(table, axis=1), np.arange(len(table))
	if not table.shape[1]:
		return np.full(len(table), np.nan)
	count = np.count_nonzero(~np.isnan(table), axis=1)
	return (ordered[lines, (count - 1) // 2] + ordered[lines, count // 2]) / 2


def _outside(values: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
	"""How far each value lies above (or, negative, below) its span; 0 within it."""
	return (values - high).clip(lower=0) + (values - low).clip(upper=0)


# --- the rules: rows with neighbours → messages, by the label of the row ---


def outlier(rows: pd.DataFrame) -> pd.Series:
	away = _outside(rows["known"], rows["low"], rows["high"]).abs()
	level = rows["known"].abs().groupby(rows["key"]).transform("median")
	scale = MAD_TO_SIGMA * np.maximum(rows["usual"], LEAST_CHANGE * level)
	# An indicator that mostly stands still and then moves has no usual change to be measured by.
	judged = rows["others"].ge(LEAST_OTHERS_OF_OUTLIER) & scale.gt(0)
	found = rows[judged & (away > _bound(rows["others"] - 1) * scale)]
	return said(
		found,
		lambda row: (
			f"Realisasi {shown(row.known)} jauh dari nilai di sekitarnya ({_beside(row)}), padahal "
			f"perubahan yang biasa hanya {shown(row.usual)}. Cocokkan dengan sumber data dan jelaskan sebabnya."
		),
	)


def _bound(changes: pd.Series) -> np.ndarray:
	return stats.t.isf(stats.norm.sf(OUTLIER_SCORE), changes)


def magnitude(rows: pd.DataFrame) -> pd.Series:
	found = rows[_powers(rows).ne(0)]
	return said(
		found.assign(power=_powers(found)),
		lambda row: (
			f"Realisasi {shown(row.known)} {_times(row.power)} nilai di sekitarnya ({_beside(row)}); yang lazim kira-kira "
			f"{_corrected(row)}. Periksa angka nol, tanda desimal, dan satuannya."
		),
	)


def _powers(rows: pd.DataFrame, largest_misfit: float = LARGEST_MISFIT) -> pd.Series:
	"""The power of ten by which a value differs from its neighbours; 0 for none."""
	away = _outside(rows["log"], rows["log_low"], rows["log_high"])
	power = np.rint(rows["log"] - (rows["log_low"] + rows["log_high"]) / 2)
	misfit = _outside(rows["log"] - power, rows["log_low"], rows["log_high"]).abs()
	swings = away.abs() < USUAL_CHANGES * rows["log_usual"]
	# A rate that comes near zero is small in logarithms only.
	swings |= _outside(rows["known"], rows["low"], rows["high"]).abs() < USUAL_CHANGES * rows["usual"]
	return power.where(away.abs().ge(LEAST_JUMP) & misfit.le(largest_misfit) & ~swings, 0)


def decimal(rows: pd.DataFrame) -> pd.Series:
	power = _powers(rows, LARGEST_MISFIT_OF_DIGITS)
	common = rows["decimals"].where(rows["known"].notna()).groupby(rows["key"]).transform("median")
	comma_lost = power.gt(0) & rows["decimals"].le(0) & power.le(common)
	dot_misread = power.eq(-3) & rows["decimals"].between(1, 3) & common.le(0)
	found = rows.assign(power=power, comma_lost=comma_lost)[comma_lost | dot_misread]
	return said(
		found,
		lambda row: (
			f"Realisasi {shown(row.known)} tampak {_SLIPS[row.comma_lost]}; menilik nilai di sekitarnya ({_beside(row)}) "
			f"mungkin maksudnya {_corrected(row)}. Periksa penulisan angkanya."
		),
	)


_SLIPS = {True: "kehilangan koma desimal", False: "salah membaca titik ribuan sebagai koma desimal"}


def sign(rows: pd.DataFrame) -> pd.Series:
	known, by_key = rows["known"], rows["key"]
	positive, negative = (each.groupby(by_key).transform("sum") for each in (known.gt(0), known.lt(0)))
	alone = np.where(
		known.gt(0), positive.eq(1) & (negative >= LEAST_OTHERS), negative.eq(1) & (positive >= LEAST_OTHERS)
	)
	step, flipped = (
		np.fmin((each - rows["previous"]).abs(), (each - rows["next"]).abs()) for each in (known, -known)
	)
	found = rows[alone & known.ne(0) & (step > flipped) & (step >= rows["usual"])]
	return said(
		found,
		lambda row: (
			f"Realisasi {shown(row.known)} {'positif' if row.known > 0 else 'negatif'}, sedangkan semua nilai lain "
			f"{'negatif' if row.known > 0 else 'positif'}. Periksa tandanya, atau jelaskan sebabnya."
		),
	)


def copied(rows: pd.DataFrame) -> pd.Series:
	change = rows["known"].sub(rows["previous"]).abs().where(_follows(rows))
	by_key = rows["key"]
	repeats, changes = (
		change.eq(0).groupby(by_key).transform("sum"),
		change.groupby(by_key).transform("count"),
	)
	common = rows["key"].map(rows["decimals"].where(rows["known"].notna()).groupby(by_key).quantile(0.75))
	# The more values, the more often two agree by chance.
	room = LEAST_DIGITS_OF_CHANGE * (changes / CHANGES_OF_A_PLAN).clip(lower=1)
	unlikely = (rows["usual"] * 10.0**common).round(6) >= room
	still = (repeats - 1) > (MOST_REPEATS * (changes - 1)).clip(lower=1)
	digits = rows["decimals"] + np.floor(rows["log"])
	found = rows[change.eq(0) & digits.ge(1) & unlikely & ~still]
	return said(
		found,
		lambda row: (
			f"Realisasi {shown(row.known)} sama persis dengan periode sebelumnya, padahal biasanya berubah sekitar "
			f"{shown(row.usual)}. Pastikan bukan salinan dan lampirkan sumber periode ini."
		),
	)


def _follows(rows: pd.DataFrame) -> pd.Series:
	"""Whether the value before is that of the period before: a yearly figure stays the same through its quarters."""
	moment = rows["year"] * 12 + rows["number"] * 12 // rows["periods"]
	known = moment.where(rows["known"].notna())
	gap = known - known.groupby(rows["key"]).ffill().groupby(rows["key"]).shift()
	return gap.eq(12 // rows["periods"])


def said(found: pd.DataFrame, message: Callable) -> pd.Series:
	"""The message of each row, by its label."""
	rows = (
		found.itertuples() if len(found) else ()
	)  # most checks find nothing, and no rows cost as much as one
	return pd.Series([message(row) for row in rows], index=found.index, dtype=object)


def shown(value: float) -> str:
	"""A figure with as many decimals as it has."""
	return format_number(float(value), None)


def _beside(row) -> str:
	"""The values that a value is compared with, in words."""
	year = "tahun " if row.is_seasonal else ""
	sides = {f"{year}sebelumnya": row.before, f"{year}sesudahnya": row.after}
	return ", ".join(f"{name} {shown(value)}" for name, value in sides.items() if value == value)


def _times(power: float) -> str:
	times = shown(10 ** abs(power))
	return f"sekitar {times} kali" if power > 0 else f"sekitar 1/{times} dari"


def _corrected(row) -> str:
	return shown(row.known / 10**row.power)
