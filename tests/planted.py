"""Published series with one planted fault each: what the number checks must find."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from seroja.core.numbers import format_number

SERIES = Path(__file__).parent / "data" / "indicator-series.csv"
YEARS = range(2021, 2026)
LEAST_VALUES = 4
FAULTS = {
	"x10": lambda values, place: values[place] * 10,
	"x1000": lambda values, place: values[place] * 1000,
	"comma lost": lambda values, place: float(
		format_number(values[place], None).replace(".", "").replace(",", "")
	),
	"copied": lambda values, place: values[place - 1] if place else values[place],
	"sign": lambda values, place: -values[place],
}


def published_series() -> dict[str, dict[int, float]]:
	"""Aspect and number of an indicator → its values by year, of the numeric series with enough values."""
	with SERIES.open(encoding="utf-8", newline="") as file:
		found = {f"{row['aspect']} {row['number']}": _values(row) for row in csv.DictReader(file)}
	return {key: values for key, values in found.items() if len(values) >= LEAST_VALUES}


def _values(row: dict) -> dict[int, float]:
	cells = {year: row[f"value_{year}"] for year in YEARS}
	try:
		return {year: float(cell) for year, cell in cells.items() if cell}
	except ValueError:
		return {}


def every_plant() -> Iterator[tuple[str, str, int, float]]:
	"""(fault, key, year, wrong value) of every fault at every place where it changes something."""
	for key, values in published_series().items():
		years, known = list(values), list(values.values())
		for fault, planted in FAULTS.items():
			for place, year in enumerate(years):
				wrong = planted(known, place)
				if wrong != known[place]:
					yield fault, key, year, wrong


def planted_rows(plants) -> pd.DataFrame:
	"""The long frame of the checks: one copy of the series for each plant, with `fault` and `is_planted`."""
	series = published_series()
	rows = [
		{
			"key": f"{key} {fault} {planted_year}",
			"fault": fault,
			"is_planted": year == planted_year,
			"year": year,
			"value": wrong if year == planted_year else value,
		}
		for fault, key, planted_year, wrong in plants
		for year, value in series[key].items()
	]
	return pd.DataFrame(rows).assign(
		indicator=lambda frame: frame["key"],
		opd="Bappeda",
		unit="",
		polarity="maximize",
		consolidation="LAST",
		number=1,
		periods=1,
		target=np.nan,
		target_upper=np.nan,
		realization=lambda frame: frame["value"],
		achievement=np.nan,
	)


def drawn_plants(seed: int) -> list[tuple[str, str, int, float]]:
	"""One plant for each series and fault, at a place drawn at random."""
	random = np.random.default_rng(seed)
	places: dict[tuple[str, str], list] = {}
	for plant in every_plant():
		places.setdefault(plant[:2], []).append(plant)
	return [found[random.integers(len(found))] for found in places.values()]
