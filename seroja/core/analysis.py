"""The outlook of indicators: where a year and the plan will end, how sure that is, and why.

One frame of figures in, one frame of outlooks out; forecasting.py looks after a single series. Nothing here
depends on the order of the rows, and multiplying all figures of an indicator by a constant changes no status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from seroja.core.forecasting import FEWEST_TESTS, LEVEL, YEAR, Forecast, Series
from seroja.core.numbers import format_number
from seroja.core.periods import MONTHS

STATUSES = ("off_track", "at_risk", "on_track", "unknown")
STATUS_LABELS = {
	"on_track": "Sesuai jalur",
	"at_risk": "Berisiko",
	"off_track": "Di luar jalur",
	"unknown": "Belum dapat dinilai",
}
METHOD_LABELS = {
	"last": "Nilai terakhir",
	"share": "Porsi tahun lalu",
	"median_share": "Porsi beberapa tahun",
	"damped_trend": "Tren diredam",
	"trend": "Tren Theil–Sen",
	"actual": "Realisasi akhir tahun",
	"": "–",
}
DIRECTION_LABELS = {
	"up": "Naik",
	"down": "Turun",
	"flat": "Tanpa arah yang jelas",
	"unknown": "Belum dapat dinilai",
}
# On track: two chances in three; off track: one in three. A wish for more certainty belongs to the reader.
ON_TRACK, OFF_TRACK = 0.67, 0.33
# A target to be hit, neither above nor below: this far from it still counts as reached.
TOLERANCE = 0.05
FEWEST_FOR_DIRECTION = 4
_COLUMNS = (
	"key",
	"indicator",
	"opd",
	"unit",
	"polarity",
	"year",
	"target",
	"target_upper",
	"forecast",
	"lower",
	"upper",
	"probability",
	"status",
	"method",
	"reason",
	"direction",
	"trend",
	"is_final",
	"seasonality",
	"decimals",
)
# Ways of consolidation whose figure starts anew every year and only grows within it.
ACCUMULATING = ("SUM", "MAX")
# What checks.find calls a figure that was mistyped, whatever it was meant to be.
SLIPS = ("decimal", "magnitude")
_UP_TO_A_HUNDRED = frozenset({"%", "persen", "persentase", "indeks", "nilai", "skor"})
_PERIOD_NAMES = {4: "triwulan", 2: "semester", 12: "bulan"}
_ROMAN = ("I", "II", "III", "IV")


class _Target(NamedTuple):
	"""Bounds within which the year's figure has reached its target; both NaN for no target."""

	low: float
	high: float


_NO_TARGET = _Target(np.nan, np.nan)


def analyse(
	rows: pd.DataFrame, targets: pd.DataFrame, findings: pd.DataFrame | None = None, since: int = 0
) -> pd.DataFrame:
	"""The outlook of every indicator in `rows`: of the year in progress and of the last year with a target.

	rows: `key, indicator, opd, unit, polarity, consolidation, year, number, periods, value` (year-to-date, NaN for
	none). targets: `key, year, target, target_upper`, those of year ends. A year whose last period is known is not
	in progress; its figure stands as final where no later year has a target. findings: of checks.find; a figure that
	they hold for a slip of the pen tells nothing about the future and is left out with all that was made of it in the
	year, and the reason says so. since: the first year that anybody still asks about.

	Columns out: `key, indicator, opd, unit, polarity, year, target, target_upper, forecast, lower, upper` (interval
	of LEVEL percent), `probability` of reaching the target (0 to 1), `status` (STATUSES), `method`, `reason` (in
	Indonesian), `direction` (DIRECTION_LABELS), `trend` (unit per year), `is_final`, `seasonality`
	(sentence), `decimals` (of the indicator's own figures).
	"""
	wanted = _targets(targets)
	rows = _without_slips(rows, findings)
	found = [
		outlook
		for row, series in _series(rows)
		for outlook in _outlooks(row, series, wanted.get(row["key"], {}), since)
	]
	frame = pd.DataFrame(
		found,
		columns=[*_COLUMNS, "location", "reached", "scale", "tests", "error", "naive_error", "left_out"],
	)
	frame["probability"] = _probabilities(frame)
	frame["status"] = _statuses(frame)
	frame["reason"] = [_told(row) for row in frame.to_dict("records")]
	return frame[list(_COLUMNS)].sort_values(["key", "year"], ignore_index=True)


# --- reading the frames ---


def _targets(targets: pd.DataFrame) -> dict[str, dict[int, tuple[float, float]]]:
	known = targets[targets["target"].notna()]
	found: dict[str, dict] = {}
	for key, year, low, upper in zip(
		known["key"], known["year"], known["target"], known["target_upper"], strict=True
	):
		found.setdefault(key, {})[int(year)] = (low, upper if upper == upper else low)
	return found


def _without_slips(rows: pd.DataFrame, findings: pd.DataFrame | None) -> pd.DataFrame:
	"""The rows with `left_out`, how many figures of the indicator are taken for slips, and without these figures."""
	if findings is None:
		return rows.assign(left_out=0)
	slips = findings[findings["code"].isin(SLIPS)]
	places = pd.MultiIndex.from_frame(slips[["key", "year", "number"]])
	is_slip = pd.MultiIndex.from_frame(rows[["key", "year", "number"]]).isin(places) & rows["value"].notna()
	is_slip = pd.Series(is_slip, index=rows.index)
	counts = is_slip.groupby(rows["key"]).transform("sum")
	ordered = is_slip.loc[rows.sort_values("number", kind="stable").index]
	carried = ordered.groupby([rows["key"], rows["year"]]).cummax() & rows["consolidation"].ne("LAST")
	return rows.assign(left_out=counts.astype(int), value=rows["value"].mask(is_slip | carried))


def _series(rows: pd.DataFrame) -> Iterator[tuple[dict, Series]]:
	"""What each indicator is, as its latest row has it, with its known figures."""
	rows = rows.assign(value=rows["value"].where(np.isfinite(rows["value"])))
	ordered = rows.assign(_time=rows["year"] * YEAR + rows["number"] * YEAR // rows["periods"])
	ordered = ordered.sort_values(["key", "_time", "periods"], kind="stable", ignore_index=True)
	names = ["key", "indicator", "opd", "unit", "polarity", "consolidation", "left_out", "last_year"]
	whats = (
		ordered.rename(columns={"year": "last_year"})[names]
		.drop_duplicates("key", keep="last")
		.to_dict("records")
	)
	times = ordered["_time"].to_numpy(dtype="int64")
	values = ordered["value"].where(_is_whole(ordered)).to_numpy(dtype="float64")
	starts = ordered["key"].ne(ordered["key"].shift()).to_numpy().nonzero()[0]
	parts = np.split(np.arange(len(ordered)), starts[1:])
	for what, part in zip(whats, parts, strict=False):  # no rows are one empty part
		known = part[~np.isnan(values[part])]
		known = known[np.diff(times[known], append=-1) != 0]  # a year and its last quarter are one moment
		yield what, Series(times[known], values[known], what["consolidation"] in ACCUMULATING)


def _is_whole(ordered: pd.DataFrame) -> pd.Series:
	"""Whether a value to date has no empty period before it; the last known value needs none."""
	known = ordered["value"].notna().groupby([ordered["key"], ordered["year"], ordered["periods"]])
	return ordered["consolidation"].eq("LAST") | known.cumsum().eq(ordered["number"])


# --- one indicator ---


def _outlooks(
	row: dict, series: Series, targets: dict[int, tuple[float, float]], since: int
) -> Iterator[dict]:
	about = row | {"decimals": _decimals(series.values), "seasonality": _seasonality(row, series)}
	about |= _direction(series)
	for year in _years(row, series, targets, since):
		low, high = targets.get(year, _NO_TARGET)
		yield about | {"year": year, "target": low, "target_upper": high} | _expected(row, series, year)


def _years(row: dict, series: Series, targets: dict[int, tuple[float, float]], since: int) -> list[int]:
	if not len(series.times):
		return [max(row["last_year"], since)]
	last = int(series.times[-1] - 1) // YEAR
	is_complete = series.times[-1] % YEAR == 0
	ahead = sorted(year for year in targets if year > max(last, since - 1))
	if last < since:
		return sorted({since, *ahead[-1:]})
	if is_complete:
		return sorted({ahead[0], ahead[-1]}) if ahead else [last]
	return sorted({last, *ahead[-1:]})


def _expected(row: dict, series: Series, year: int) -> dict:
	numbers = ("forecast", "location", "lower", "upper", "scale", "error", "naive_error")
	nothing = {name: np.nan for name in numbers}
	nothing |= {"method": "", "tests": 0, "is_final": False, "reached": np.nan}
	if not len(series.times) or row["polarity"] == "qualitative":
		return nothing
	least, most = _possible(row, series)
	moment = (year + 1) * YEAR
	if moment in series.at:
		value = series.at[moment]
		final = {"forecast": value, "location": value, "lower": value, "upper": value, "scale": 0.0}
		return nothing | final | {"method": "actual", "is_final": True}
	reached = _reached(series, year)
	least = least if np.isnan(reached) else reached
	found = series.forecast(moment, least, most)
	return nothing | {"reached": reached} | _of_forecast(found, least, most) if found else nothing


def _possible(row: dict, series: Series) -> tuple[float, float]:
	"""The range that a figure cannot leave, as far as its past tells: not below 0; a share or an index not above 100."""
	is_share = row["unit"].strip().casefold() in _UP_TO_A_HUNDRED and (series.values <= 100).all()
	return (0.0 if (series.values >= 0).all() else -np.inf), (100.0 if is_share else np.inf)


def _reached(series: Series, year: int) -> float:
	"""What has accumulated in a year in progress and cannot be lost again; NaN where figures do not add up so."""
	is_running = series.accumulates and year * YEAR < series.times[-1] < (year + 1) * YEAR
	return float(series.values[-1]) if is_running and (series.values >= 0).all() else np.nan


def _of_forecast(found: Forecast, least: float, most: float) -> dict:
	lower, upper = np.clip(found.interval or (np.nan, np.nan), least, most).tolist()
	numbers = {"scale": found.scale, "error": found.error, "naive_error": found.naive_error}
	known = {name: value for name, value in numbers.items() if value is not None}
	return {
		"forecast": found.value,
		"location": found.value,
		"lower": lower,
		"upper": upper,
		"method": found.method,
		"tests": found.tests,
		**known,
	}


def _direction(series: Series) -> dict:
	if len(series.year_ends) < FEWEST_FOR_DIRECTION and (
		series.accumulates or len(series.times) < FEWEST_FOR_DIRECTION
	):
		return {"direction": "unknown", "trend": np.nan}
	slope, low, high = series.slope()
	direction = "up" if low > 0 else "down" if high < 0 else "flat"
	return {"direction": direction, "trend": slope * YEAR}


def _seasonality(row: dict, series: Series) -> str:
	found = series.seasonality() if row["consolidation"] != "MAX" else None  # a largest value has no shares
	if not found:
		return ""
	number, size = found
	periods = YEAR // int(np.diff(series.times).min())
	name = MONTHS[number - 1] if periods == YEAR else f"{_PERIOD_NAMES[periods]} {_ROMAN[number - 1]}"
	if series.accumulates:
		return f"Biasanya {format_number(100 * size, 0)}% dari angka setahun terjadi pada {name}."
	side = "di atas" if size > 1 else "di bawah"
	return f"Angka {name} biasanya {format_number(abs(size - 1) * 100, 0)}% {side} rata-rata setahun."


def _decimals(values: np.ndarray) -> int:
	"""As many decimals as the indicator's own figures carry, at most four."""
	return max((_decimals_of(value) for value in values.tolist()), default=0)


def _decimals_of(value: float) -> int:
	_, _, fraction = f"{value:.4f}".rstrip("0").partition(".")
	return len(fraction)


# --- probability, status, reason ---


def reached_bounds(polarity, low, high):
	"""The figures that reach a target, from and to; arrays. Stabilize with a single figure: TOLERANCE around it."""
	room = np.where((polarity == "stabilize") & (low == high), TOLERANCE * np.abs(low), 0.0)
	start = np.where(polarity == "minimize", -np.inf, low - room)
	end = np.where(polarity == "maximize", np.inf, high + room)
	return start, end


def _probabilities(frame: pd.DataFrame) -> np.ndarray:
	numbers = {
		name: frame[name].to_numpy(dtype="float64")
		for name in ("target", "target_upper", "location", "scale", "reached")
	}
	start, end = reached_bounds(
		frame["polarity"].to_numpy(dtype=object), numbers["target"], numbers["target_upper"]
	)
	scale, degrees = numbers["scale"], np.maximum(frame["tests"].to_numpy(dtype="float64") - 1, 1)
	slack = 1e-9 * np.abs(numbers["location"])
	with np.errstate(all="ignore"):
		is_in = (start - slack <= numbers["location"]) & (numbers["location"] <= end + slack)
		spread = np.where(scale > slack, scale, np.nan)
		below = [stats.t.cdf((bound - numbers["location"]) / spread, degrees) for bound in (start, end)]
		chance = np.where(np.isnan(spread), _rule_of_succession(is_in, frame), below[1] - below[0])
	chance = np.where(np.isnan(scale), np.nan, chance)
	chance = np.where((numbers["reached"] >= start) & (end == np.inf), 1.0, chance)
	chance = np.where(numbers["reached"] > end, 0.0, chance)
	return np.where(np.isnan(numbers["target"]), np.nan, chance)


def _rule_of_succession(is_in: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
	"""What never missed may miss next time: Laplace, with the tests so far. What has been is certain."""
	missed = np.where(frame["is_final"].astype(bool), 0.0, 1 / (frame["tests"].to_numpy(dtype="float64") + 2))
	return np.where(is_in, 1 - missed, missed)


def _statuses(frame: pd.DataFrame) -> np.ndarray:
	chance = np.round(frame["probability"].to_numpy(dtype="float64"), 2)  # as it is printed
	return np.select(
		[np.isnan(chance), chance >= ON_TRACK, chance <= OFF_TRACK],
		["unknown", "on_track", "off_track"],
		"at_risk",
	)


def _told(row: dict) -> str:
	left_out = f" Tidak memakai {row['left_out']} angka yang diduga salah tulis." if row["left_out"] else ""
	return _reason(row) + left_out


def _reason(row: dict) -> str:
	def show(value: float) -> str:
		return format_number(value, row["decimals"])

	if row["polarity"] == "qualitative":
		return "Indikator kualitatif tidak diperkirakan dengan angka."
	if row["forecast"] != row["forecast"]:
		return "Belum ada realisasi yang dapat dipakai untuk memperkirakan."
	expected = show(row["forecast"])
	target = goal_text(row)
	if row["is_final"]:
		end = f"Tahun {row['year']} sudah lengkap: realisasi {expected}"
		return f"{end} {_REACHED[row['status']].format(target)}."
	if row["target"] != row["target"]:
		return f"Perkiraan akhir tahun {row['year']}: {expected}. Target tahun itu belum ada."
	if row["reached"] == row["reached"] and row["probability"] in (0, 1):
		word = "sudah tercapai" if row["probability"] else "sudah terlampaui"
		return f"Target {target} {word}: angka tahun {row['year']} sampai sekarang {show(row['reached'])}."
	if row["tests"] < FEWEST_TESTS:
		return f"Perkiraan {expected} terhadap target {target}. Data masa lalu terlalu sedikit untuk menghitung peluang."
	return (
		f"Perkiraan {expected} (rentang {LEVEL}%: {show(row['lower'])} sampai {show(row['upper'])}) terhadap target "
		f"{target}; peluang tercapai {chance_text(row['probability'])}. {_basis(row)}"
	)


_REACHED = {
	"on_track": "mencapai target {}",
	"off_track": "belum mencapai target {}",
	"unknown": "tanpa target tahunan",
}


def goal_text(row: Mapping) -> str:
	"""The target of an outlook, with its tolerance where a single figure is to be hit."""
	text = target_text(row["target"], row["target_upper"])
	has_one = text != "–" and row["target"] == row["target_upper"]
	is_point = row["polarity"] == "stabilize" and has_one
	return f"{text} ± {format_number(100 * TOLERANCE, 0)}%" if is_point else text


def target_text(low: float, upper: float) -> str:
	"""A target as people write it, "–" for none."""
	text = format_number(low, None)
	return f"{text}–{format_number(upper, None)}" if upper == upper and upper != low else text


def chance_text(probability: float) -> str:
	"""A probability as people say it: never quite none and never quite certain, unless it is."""
	if 0 < probability < 0.01:
		return "di bawah 1%"
	if 0.99 < probability < 1:
		return "di atas 99%"
	return f"{format_number(100 * probability, 0)}%"


def _basis(row: dict) -> str:
	"""Why this method: what it and the naive one missed by when the past was forecast."""
	decimals = row["decimals"] + 1
	label = METHOD_LABELS[row["method"]].lower().replace("theil–sen", "Theil–Sen")
	said = f"Cara: {label}; pada {row['tests']} uji mundur rata-rata meleset {format_number(row['error'], decimals)}"
	if row["error"] < row["naive_error"]:
		return f"{said}, cara naif {format_number(row['naive_error'], decimals)}."
	return f"{said}, dan tidak ada cara lain yang lebih baik."
