"""Charts as PNG bytes, drawn by matplotlib without a display.

Colours run from blue (best) to red (worst), a diverging scheme that people with any kind of colour
blindness can tell apart; the figure or the category always stands beside the colour.
"""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Sequence

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.ticker import FuncFormatter

from seroja.core.numbers import format_number

BEST_TO_WORST = LinearSegmentedColormap.from_list(
	"seroja", ["#2166ac", "#67a9cf", "#e0c36a", "#ef8a62", "#b2182b"]
)
NO_VALUE = "#cdd2d8"
INK = "#1f2933"
TARGET = "#444444"
_STYLE = {
	"font.family": "DejaVu Sans",
	"font.size": 9,
	"axes.spines.top": False,
	"axes.spines.right": False,
	"axes.edgecolor": "#8a94a0",
	"axes.labelcolor": INK,
	"text.color": INK,
	"xtick.color": INK,
	"ytick.color": INK,
	"axes.grid": True,
	"axes.axisbelow": True,
	"grid.color": "#e4e7eb",
	"figure.constrained_layout.use": True,
	"text.parse_math": False,
}
# Keeps a figure readable where a line runs behind it.
_PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}
_PERCENT = FuncFormatter(lambda value, _: f"{format_number(value, 0)}%")


def category_colors(labels: Sequence[str]) -> dict[str, str]:
	"""A colour per category, labels given best first."""
	steps = np.linspace(0, 1, max(len(labels), 2))
	return {label: to_hex(BEST_TO_WORST(step)) for label, step in zip(labels, steps, strict=False)}


def achievement_bars(
	names: Sequence[str],
	values: Sequence[float],
	categories: Sequence[str | None],
	labels: Sequence[str],
	title: str = "Capaian kinerja",
) -> bytes:
	"""Horizontal bars of achievement in percent, coloured by category; a missing value says so.

	Bars end at 150 % so that one extreme does not flatten the rest; the figure beside a bar is exact.
	"""
	colors = category_colors(labels)
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 0.8 + 0.36 * max(len(names), 2)))
		for position, (value, category) in enumerate(zip(values, categories, strict=True)):
			known = value is not None and value == value
			length = min(max(value, 0), 150) if known else 0
			axes.barh(position, length, color=colors.get(category, NO_VALUE), height=0.66)
			text = f"{format_number(value)}%" if known else "belum ada data"
			if known and category:
				text += f"  {category}"
			axes.text(length + 1.5, position, text, va="center", fontsize=8, bbox=_PAPER)
		axes.set_yticks(range(len(names)), [_wrapped(name, 44) for name in names], fontsize=8)
		axes.invert_yaxis()
		axes.axvline(100, color=TARGET, linewidth=1, linestyle="--")
		axes.set_xlim(0, 205)
		axes.set_xticks([0, 25, 50, 75, 100, 125, 150])
		axes.xaxis.set_major_formatter(_PERCENT)
		axes.grid(axis="y", visible=False)
		axes.set_title(title, loc="left", fontweight="bold")
		return _png(figure)


def category_distribution(
	counts: dict[str, int], missing: int = 0, title: str = "Jumlah indikator menurut kategori"
) -> bytes:
	"""Bars with the number of indicators per category (best first) and those without a value."""
	colors = category_colors(list(counts))
	shown = dict(counts) | ({"Tanpa nilai": missing} if missing else {})
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 2.9))
		bars = axes.bar(
			[_wrapped(label, 14) for label in shown],
			list(shown.values()),
			color=[colors.get(label, NO_VALUE) for label in shown],
			width=0.62,
		)
		axes.bar_label(bars, padding=2, fontweight="bold")
		axes.set_ylim(0, max([*shown.values(), 1]) * 1.18)
		axes.yaxis.get_major_locator().set_params(integer=True)
		axes.grid(axis="x", visible=False)
		axes.set_title(title, loc="left", fontweight="bold")
		return _png(figure)


def trend_against_target(
	periods: Sequence[str],
	realizations: Sequence[float],
	targets: Sequence[float],
	title: str,
	unit: str = "",
) -> bytes:
	"""Realization over periods against its target; a missing value is a gap in the line."""
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 3.0))
		places = np.arange(len(periods))
		axes.plot(
			places, _array(targets), color=TARGET, linestyle="--", marker="D", markersize=4, label="Target"
		)
		axes.plot(
			places,
			_array(realizations),
			color=to_hex(BEST_TO_WORST(0.0)),
			marker="o",
			linewidth=2,
			label="Realisasi",
		)
		for place, value in zip(places, _array(realizations), strict=True):
			if value == value:
				axes.annotate(
					format_number(value, None),
					(place, value),
					xytext=(0, 7),
					textcoords="offset points",
					ha="center",
					fontsize=8,
				)
		axes.set_xticks(places, [_wrapped(str(period), 12) for period in periods])
		axes.margins(x=0.06, y=0.2)
		axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, None)))
		axes.set_ylabel(unit)
		axes.legend(frameon=False, loc="best", fontsize=8)
		axes.set_title(_wrapped(title, 80), loc="left", fontweight="bold")
		return _png(figure)


def budget_against_performance(
	names: Sequence[str],
	absorption: Sequence[float],
	performance: Sequence[float],
	title: str = "Serapan anggaran dan capaian kinerja",
) -> bytes:
	"""Each unit as a point: budget absorption against mean achievement, both in percent."""
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 3.8))
		x, y = _array(absorption), _array(performance)
		axes.axhline(100, color=TARGET, linewidth=1, linestyle="--")
		axes.plot([0, 200], [0, 200], color="#b8c0c8", linewidth=1)
		axes.axvline(100, color="#d5dae0", linewidth=1)
		axes.scatter(x, y, color=to_hex(BEST_TO_WORST(0.0)), s=34, zorder=3)
		axes.set_xlim(max(0, np.nanmin([*x, 60]) - 8), max(108, np.nanmax([*x, 0]) * 1.08))
		axes.set_ylim(max(0, np.nanmin([*y, 60]) - 8), max(125, np.nanmax([*y, 0]) * 1.05))
		for index in _extremes(x, y, np.ptp(axes.get_xlim()), np.ptp(axes.get_ylim())):
			axes.annotate(
				_wrapped(names[index], 24),
				(x[index], y[index]),
				xytext=(5, 4),
				textcoords="offset points",
				fontsize=7.5,
			)
		axes.xaxis.set_major_formatter(_PERCENT)
		axes.yaxis.set_major_formatter(_PERCENT)
		axes.set_xlabel("Serapan anggaran")
		axes.set_ylabel("Rata-rata skor capaian")
		axes.set_title(title, loc="left", fontweight="bold")
		return _png(figure)


def _extremes(x: np.ndarray, y: np.ndarray, width: float, height: float, most: int = 6) -> list[int]:
	"""The points worth a name: where performance and absorption lie furthest apart, if there is room for it."""
	known = np.flatnonzero(~np.isnan(x) & ~np.isnan(y))
	named: list[int] = []
	for index in sorted(known, key=lambda index: -abs(y[index] - x[index])):
		near = [
			abs(x[index] - x[other]) < width * 0.3 and abs(y[index] - y[other]) < height * 0.09
			for other in named
		]
		if not any(near):
			named.append(index)
	return named[:most]


def _array(values: Sequence[float]) -> np.ndarray:
	return pd.to_numeric(pd.Series(list(values), dtype=object), errors="coerce").to_numpy(dtype="float64")


def _wrapped(text: str, width: int) -> str:
	lines = textwrap.wrap(str(text), width) or [""]
	return "\n".join(
		lines
		if len(lines) <= 2
		else [lines[0], textwrap.shorten(" ".join(lines[1:]), width, placeholder="…")]
	)


def _png(figure) -> bytes:
	buffer = io.BytesIO()
	with warnings.catch_warnings():
		warnings.filterwarnings("ignore", message="Glyph")  # a sign the font lacks is drawn as a box
		figure.savefig(buffer, format="png", dpi=160, metadata={"Software": None})
	plt.close(figure)
	return buffer.getvalue()
