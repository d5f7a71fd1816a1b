"""Charts of the analysis: indicators by status, and single ones with their forecast."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pandas as pd

from seroja.core import charts
from seroja.core.analysis import ACCUMULATING, STATUS_LABELS
from seroja.core.analysis_tables import in_need, status_counts
from seroja.core.parts import clean
from seroja.core.periods import KINDS, Period
from seroja.core.rendering import records

MOST_CHARTS = 12
STATUS_CHART = "status"
INDICATOR_CHARTS = "outlook-"  # what the name of every other chart begins with
_FEWEST_VALUES = 2  # one point is no line
_SHORT = {"Triwulan": "TW", "Semester": "Smt", "Tahun ": ""}
_LONGEST_SLUG = 40


def draw_charts(rows: pd.DataFrame, outlook: pd.DataFrame) -> dict[str, bytes]:
	"""Name → PNG: the indicators by status, and the forecasts of those most in need."""
	pictures = {
		STATUS_CHART: charts.outlook_bars(
			status_counts(outlook), STATUS_LABELS, "Indikator menurut perkiraan terhadap target"
		)
	}
	parts = dict(list(rows.groupby("key")))
	drawable = [key for key, part in parts.items() if part["value"].notna().sum() >= _FEWEST_VALUES]
	for name, outlooks in _charted(outlook[outlook["key"].isin(drawable)]):
		pictures[name] = draw_indicator(parts[outlooks[0]["key"]], outlooks)
	return pictures


def _charted(outlook: pd.DataFrame) -> Iterator[tuple[str, list[dict]]]:
	"""The name of a chart and what it shows, for the indicators most in need."""
	groups = in_need(outlook).groupby("key", sort=False)
	for number, (_, part) in enumerate(list(groups)[:MOST_CHARTS], 1):
		yield f"{INDICATOR_CHARTS}{number:02}-{_slug(part['indicator'].iloc[0])}", records(part)


def _slug(name: str) -> str:
	"""A name that every file system takes."""
	plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
	return re.sub("[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_SLUG].strip("-") or "indikator"


def draw_indicator(part: pd.DataFrame, outlooks: list[dict]) -> bytes:
	"""Figures, targets and forecast of one indicator. part: its rows, of which one has a value; outlooks: its own."""
	part = part.sort_values(["year", "number"], kind="stable")
	part = part[: part["value"].notna().to_numpy().nonzero()[0][-1] + 1]
	starts = part["year"].ne(part["year"].shift()).to_numpy().nonzero()[0][1:]
	has_periods = part["periods"].iloc[-1] > 1
	ahead = [
		(
			f"Akhir {row['year']}" if has_periods else str(row["year"]),
			*(row[name] for name in ("forecast", "lower", "upper", "target")),
		)
		for row in outlooks
		if not row["is_final"]
	]
	return charts.forecast_band(
		[_label(*moment) for moment in zip(part["year"], part["number"], part["periods"], strict=True)],
		part["value"].tolist(),
		part["target"].tolist(),
		ahead,
		clean(" – ".join(filter(None, (outlooks[0]["indicator"], outlooks[0]["opd"])))),
		clean(outlooks[0]["unit"]),
		starts if has_periods and part["consolidation"].iloc[-1] in ACCUMULATING else (),
	)


def _label(year: int, number: int, periods: int) -> str:
	"""A period as the axis of a chart has room for: TW II 2025, Mar 2025, 2025."""
	period = Period(int(year), KINDS[periods], int(number))
	if period.kind == "month":
		return f"{period.label[:3]} {year}"
	label = period.label
	for long, short in _SHORT.items():
		label = label.replace(long, short)
	return label
