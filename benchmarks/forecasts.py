"""Which forecast misses least on the published series, each with its last year left out; and speed in indicators.

    .venv/bin/python benchmarks/forecasts.py

Prints the tables of docs/analysis.md and docs/benchmarks.md. Needs statsmodels besides, for the methods that are
not shipped.
"""

import csv
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
YEARS = tuple(range(2021, 2026))


def complete_series() -> list[np.ndarray]:
	"""The published series with a number in each year."""
	with (ROOT / "tests/data/indicator-series.csv").open(encoding="utf-8", newline="") as file:
		rows = [[row[f"value_{year}"] for year in YEARS] for row in csv.DictReader(file)]
	return [np.array(row, dtype=float) for row in rows if all(text and text != "WTP" for text in row)]


# --- accuracy ---


def methods() -> dict:
	"""Name → function from the known values to the next one."""
	from scipy import stats
	from statsmodels.tsa.forecasting.theta import ThetaModel
	from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

	def slope(values):
		return stats.theilslopes(values, np.arange(len(values))).slope

	def smoothed(values):
		return SimpleExpSmoothing(values, initialization_method="estimated").fit().forecast(1)[0]

	def damped(values):
		model = Holt(
			values,
			damped_trend=True,
			initialization_method="known",
			initial_level=values[0],
			initial_trend=values[1] - values[0],
		)
		return model.fit(
			smoothing_level=0.8, smoothing_trend=0.2, damping_trend=0.8, optimized=False
		).forecast(1)[0]

	def theta(values):
		index = pd.period_range("2021", periods=len(values), freq="Y")
		return float(
			ThetaModel(pd.Series(values, index=index), period=1, deseasonalize=False)
			.fit()
			.forecast(1)
			.iloc[0]
		)

	return {
		"nilai terakhir (naif)": lambda values: values[-1],
		"perubahan tahun lalu (naif)": lambda values: 2 * values[-1] - values[-2],
		"tren Theil–Sen": lambda values: values[-1] + slope(values),
		"tren diredam": lambda values: values[-1] + slope(values) / 2,
		"regresi linear": lambda values: float(
			np.polyval(np.polyfit(range(len(values)), values, 1), len(values))
		),
		"median": lambda values: float(np.median(values)),
		"SES (statsmodels)": smoothed,
		"Holt diredam (statsmodels)": damped,
		"Theta (statsmodels)": theta,
	}


def print_accuracy() -> None:
	from seroja.core.forecasting import Series

	known = complete_series()
	scales = [np.abs(np.diff(values[:4])).mean() for values in known]
	times = np.array([(year + 1) * 12 for year in YEARS])
	made = [Series(times[:4], values[:4]).forecast(int(times[4])) for values in known]
	errors = {
		name: [
			abs(forecast(values[:4]) - values[4]) / scale for values, scale in zip(known, scales, strict=True)
		]
		for name, forecast in methods().items()
	}
	errors["SEROJA: dipilih dengan uji mundur"] = [
		abs(found.value - values[4]) / scale for found, values, scale in zip(made, known, scales, strict=True)
	]
	print("| method | mean | median | better than last value |\n|---|---|---|---|")
	for name, scaled in sorted(errors.items(), key=lambda item: np.mean(item[1])):
		wins = np.mean(np.array(scaled) < np.array(errors["nilai terakhir (naif)"]))
		print(f"| {name} | {np.mean(scaled):.3f} | {np.median(scaled):.3f} | {wins:.0%} |")
	held = [
		low <= values[4] <= high
		for found, values in zip(made, known, strict=True)
		for low, high in [found.interval]
	]
	used = pd.Series([found.method for found in made]).value_counts().to_dict()
	print(f"\n{len(known)} series; the 80 % interval held {np.mean(held):.1%}; methods used: {used}")


# --- speed ---


def city(indicators: int) -> tuple[pd.DataFrame, pd.DataFrame]:
	"""Five years of quarters, the last year in progress; half of the indicators add up over the year."""
	random = np.random.default_rng(7)
	keys = np.array([f"I{number:06d}" for number in range(indicators)])
	rows = pd.DataFrame(
		{
			"key": np.repeat(keys, 20),
			"year": np.tile(np.repeat(range(2022, 2027), 4), indicators),
			"number": np.tile([1, 2, 3, 4], 5 * indicators),
		}
	)
	own = np.round(random.gamma(20, 2, (indicators, 5, 4)), 2)
	is_sum = np.arange(indicators) % 2 == 0
	value = np.where(is_sum[:, None, None], own.cumsum(axis=2), own).ravel()
	rows = rows.assign(
		indicator=rows["key"],
		opd=rows["key"].str[-2:],
		unit="%",
		polarity=np.repeat(random.choice(["maximize", "minimize"], indicators), 20),
		consolidation=np.repeat(np.where(is_sum, "SUM", "LAST"), 20),
		periods=4,
		realization=own.ravel(),
		value=value,
		target=np.round(value * 1.02, 2),
		target_upper=np.nan,
		achievement=98.0,
		has_evidence=True,
	)
	rows.loc[(rows["year"] == 2026) & (rows["number"] > 2), ["realization", "value", "achievement"]] = np.nan
	targets = pd.DataFrame(
		{
			"key": np.repeat(keys, 2),
			"year": np.tile([2026, 2029], indicators),
			"target": 100.0,
			"target_upper": np.nan,
		}
	)
	return rows, targets


def print_speed() -> None:
	from seroja.core.analysis import analyse
	from seroja.core.checks import find

	analyse(*city(10))
	print(
		"\n| indicators × 20 quarters | outlook s | checks s | seconds per 1,000 | memory at most |\n|---|---|---|---|---|"
	)
	for count in (500, 1000, 2000, 5000, 10_000):
		rows, targets = city(count)
		start = time.perf_counter()
		analyse(rows, targets)
		middle = time.perf_counter()
		find(rows)
		end = time.perf_counter()
		memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
		print(
			f"| {count:,} | {middle - start:.2f} | {end - middle:.2f} | {1000 * (end - start) / count:.2f} | {memory:.0f} MB |"
		)


if __name__ == "__main__":
	print_accuracy()
	print_speed()
