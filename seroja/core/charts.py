"""Charts as PNG bytes, drawn by matplotlib without a display.

Colours run from blue (best) to red (worst), a diverging scheme that people with any kind of colour
blindness can tell apart; the figure or the category always stands beside the colour.
"""

from __future__ import annotations

import io
import math
import textwrap
import warnings
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.ticker import FuncFormatter

from seroja.core.numbers import format_number
from seroja.core.parts import clean

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
		height = 0.8 + 0.36 * max(len(names), 3)
		figure, axes = _framed(7.6, height, left=2.75)
		numbers = _array(values)
		lengths = np.nan_to_num(np.clip(numbers, 0, 150))
		axes.barh(
			range(len(names)), lengths, color=[colors.get(name, NO_VALUE) for name in categories], height=0.66
		)
		for position, (value, category) in enumerate(zip(numbers, categories, strict=True)):
			known = value == value
			text = f"{format_number(value)}%" if known else "belum ada data"
			if known and category:
				text += f"  {category}"
			axes.text(lengths[position] + 1.5, position, text, va="center", fontsize=8, bbox=_PAPER)
		axes.set_yticks(range(len(names)), [_wrapped(name, 44) for name in names], fontsize=8)
		axes.invert_yaxis()
		axes.axvline(100, color=TARGET, linewidth=1, linestyle="--")
		axes.set_xlim(0, 205)
		axes.set_xticks([0, 25, 50, 75, 100, 125, 150])
		axes.xaxis.set_major_formatter(_PERCENT)
		axes.grid(axis="y", visible=False)
		axes.set_title(title, loc="left", fontweight="bold")
		return _png(figure)


def _framed(width: float, height: float, left: float, bottom: float = 0.3):
	"""A figure with fixed margins, in inches: to find fitting ones, matplotlib would draw everything twice."""
	figure, axes = plt.subplots(figsize=(width, height), layout="none")
	figure.subplots_adjust(
		left=left / width, right=1 - 0.1 / width, bottom=bottom / height, top=1 - 0.32 / height
	)
	return figure, axes


def category_distribution(
	counts: dict[str, int], missing: int = 0, title: str = "Jumlah indikator menurut kategori"
) -> bytes:
	"""Bars with the number of indicators per category (best first) and those without a value."""
	colors = category_colors(list(counts))
	shown = dict(counts) | ({"Tanpa nilai": missing} if missing else {})
	with plt.rc_context(_STYLE):
		figure, axes = _framed(7.6, 2.9, left=0.45, bottom=0.45)
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


def bars(
	labels: Sequence[str],
	series: Mapping[str, Sequence[float | None]],
	title: str,
	colors: Sequence[str] = (),
) -> bytes:
	"""Horizontal bars, one per label and series; a missing value says so. colors: of the labels where there is one
	series, else of the series."""
	count = max(len(series), 1)
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 1.0 + 0.3 * len(labels) * count))
		height = 0.76 / count
		for number, (name, values) in enumerate(series.items()):
			known = _array(values)
			places = np.arange(len(labels)) + (number - (count - 1) / 2) * height
			shades = list(colors) if count == 1 and len(colors) == len(labels) else _shade(colors, number)
			axes.barh(places, np.nan_to_num(known), height * 0.9, color=shades, label=name)
			for place, value in zip(places, known, strict=True):
				text = (
					format_number(float(value), None if value == int(value) else 2) if value == value else "–"
				)
				axes.text(
					max(np.nan_to_num(value), 0), place, f" {text}", va="center", fontsize=8, bbox=_PAPER
				)
		axes.set_yticks(range(len(labels)), [_wrapped(label, 40) for label in labels], fontsize=8)
		axes.invert_yaxis()
		axes.margins(x=0.12)
		axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, None)))
		axes.grid(axis="y", visible=False)
		if count > 1:
			figure.legend(frameon=False, loc="outside lower center", ncols=count, fontsize=8)
		axes.set_title(_wrapped(title, 80), loc="left", fontweight="bold")
		return _png(figure)


def lines(
	labels: Sequence[str],
	series: Mapping[str, Sequence[float | None]],
	title: str,
	colors: Sequence[str] = (),
) -> bytes:
	"""One line per series over the labels; a missing value is a gap."""
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 3.0))
		for number, (name, values) in enumerate(series.items()):
			axes.plot(
				range(len(labels)),
				_array(values),
				color=_shade(colors, number),
				marker=("o", "D", "s", "^")[number % 4],
				linestyle="-" if number == 0 else "--",
				label=name,
			)
		step = max(1, len(labels) // 12)
		axes.set_xticks(
			range(0, len(labels), step), [_wrapped(label, 12) for label in labels[::step]], fontsize=8
		)
		axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, None)))
		axes.legend(frameon=False, loc="best", fontsize=8)
		axes.set_title(_wrapped(title, 80), loc="left", fontweight="bold")
		return _png(figure)


def _shade(colors: Sequence[str], number: int) -> str:
	return colors[number] if number < len(colors) else _SERIES[number % len(_SERIES)][0]


# --- outlook ---

_BAND = "#a9cbe6"
_OUTLOOK_COLORS = {
	"on_track": to_hex(BEST_TO_WORST(0.0)),
	"at_risk": to_hex(BEST_TO_WORST(0.5)),
	"off_track": to_hex(BEST_TO_WORST(1.0)),
	"unknown": NO_VALUE,
}
_MOST_TICKS = 9


def forecast_band(
	labels: Sequence[str],
	values: Sequence[float],
	targets: Sequence[float],
	forecast: Sequence[tuple[str, float, float, float, float]],
	title: str,
	unit: str = "",
	breaks: Sequence[int] = (),
) -> bytes:
	"""Realization over periods against its target, and what is expected after them.

	forecast: (label, forecast, lower, upper, target) per point ahead, NaN for none; the interval is of 80 percent.
	breaks: positions at which both lines begin anew, as a sum does with the year. A missing value is a gap.
	"""
	known, wanted = _array(values), _array(targets)
	# Points ahead stand apart even where many periods lie behind them.
	ahead = len(labels) - 1 + max(1.0, len(labels) / 9) * np.arange(1, len(forecast) + 1)
	points = np.array([[place, *_array(point[1:])] for place, point in zip(ahead, forecast, strict=True)])
	points = points.reshape(-1, 5)
	last = [(place, known[place]) for place in np.flatnonzero(~np.isnan(known))[-1:]]
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 3.0))
		_draw_past(axes, known, wanted, breaks)
		_draw_ahead(axes, points, last)
		_write_ends(axes, known, wanted, points)
		_mark_periods(axes, labels, [point[0] for point in forecast], ahead)
		axes.margins(x=0.07, y=0.2)
		axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, None)))
		axes.set_ylabel(_wrapped(unit, 30))
		axes.set_title(_wrapped(title, 72), loc="left", fontweight="bold")
		if axes.get_legend_handles_labels()[0]:
			figure.legend(frameon=False, loc="outside lower center", ncols=4, fontsize=8)
		return _png(figure)


def outlook_bars(counts: Mapping[str, int], labels: Mapping[str, str], title: str) -> bytes:
	"""One bar of all indicators, divided by the status of their outlook; the legend has the numbers.

	labels: status → what people call it.
	"""
	with plt.rc_context(_STYLE):
		figure, axes = plt.subplots(figsize=(7.6, 1.25))
		left = 0
		for status, count in counts.items():
			text = f"{labels[status]}: {format_number(count, 0)}"
			axes.barh(0, count, left=left, color=_OUTLOOK_COLORS[status], edgecolor="white", label=text)
			left += count
		axes.set_xlim(0, max(left, 1))
		axes.set_axis_off()
		axes.set_title(title, loc="left", fontweight="bold")
		figure.legend(frameon=False, loc="outside lower center", ncols=4, fontsize=8.5)
		return _png(figure)


def _draw_past(axes, known: np.ndarray, wanted: np.ndarray, breaks: Sequence[int]) -> None:
	"""Realization and target, each a line per part between breaks; markers where there is room for them."""
	has_room = len(known) <= 24
	realization = {"color": _OUTLOOK_COLORS["on_track"], "marker": "o", "linewidth": 2, "zorder": 3}
	target = {"color": TARGET, "marker": "D", "linewidth": 1.2, "linestyle": "--"}
	for values, style, size, label in (
		(known, realization, 5 if has_room else 2.5, "Realisasi"),
		(wanted, target, 4 if has_room else 0, "Target"),
	):
		for part in np.split(np.arange(len(values)), sorted(breaks)):
			if not np.isnan(values[part]).all():
				axes.plot(part, values[part], markersize=size, label=label, **style)
				label = None


def _draw_ahead(axes, points: np.ndarray, last: Sequence[tuple[float, float]]) -> None:
	"""Forecasts, intervals and targets after the last known value. points: place, forecast, lower, upper, target."""
	color = _OUTLOOK_COLORS["on_track"]
	drawn = points[~np.isnan(points[:, 1])]
	line = np.array([*last, *drawn[:, :2]]).reshape(-1, 2)
	axes.plot(*line.T, color=color, linestyle=":", linewidth=1.5)
	open_marker = {"marker": "o", "markersize": 7, "markerfacecolor": "white", "markeredgewidth": 1.6}
	if len(drawn):
		axes.plot(*drawn[:, :2].T, color=color, linestyle="none", zorder=4, label="Perkiraan", **open_marker)
	band = drawn[~np.isnan(drawn[:, 2:4]).any(axis=1)]
	if len(band):
		edges = np.array([*((place, value, value) for place, value in last), *band[:, [0, 2, 3]]])
		axes.fill_between(*edges.T, color=_BAND, alpha=0.55, linewidth=0, label="Perkiraan, rentang 80%")
		axes.vlines(band[:, 0], band[:, 2], band[:, 3], color=color, linewidth=1)
	is_new = "Target" not in axes.get_legend_handles_labels()[1] and not np.isnan(points[:, 4]).all()
	axes.plot(
		*points[:, [0, 4]].T,
		color=TARGET,
		linestyle="none",
		marker="D",
		markersize=5,
		label="Target" if is_new else None,
	)


def _write_ends(axes, known: np.ndarray, wanted: np.ndarray, points: np.ndarray) -> None:
	"""The first and the last known figure, and those ahead with their targets."""
	for place in dict.fromkeys(np.flatnonzero(~np.isnan(known))[[0, -1]] if (~np.isnan(known)).any() else []):
		_write(axes, place, known[place], not known[place] < wanted[place])
	for place, expected, _, _, target in points:
		_write(axes, place, expected, not expected < target)
		_write(axes, place, target, expected < target, TARGET)


def _write(axes, place: float, value: float, is_above: bool, color: str = INK) -> None:
	if value == value:
		axes.annotate(
			_figure(value),
			(place, value),
			xytext=(0, 8 if is_above else -8),
			textcoords="offset points",
			ha="center",
			va="bottom" if is_above else "top",
			fontsize=8,
			color=color,
			bbox=_PAPER,
			zorder=5,
		)


def _figure(value: float) -> str:
	"""A figure of a chart: whole from a thousand on, where decimals would only need room."""
	return format_number(value, 0 if abs(value) >= 1000 else None if value == round(value, 3) else 2)


def _mark_periods(axes, labels: Sequence[str], ahead: Sequence[str], places: np.ndarray) -> None:
	"""As many labels as there is room for, at the same period of each year; those ahead always."""
	step = next((step for step in (1, 2, 4, 12, 24, 48) if len(labels) <= step * _MOST_TICKS), 96)
	shown = range(0, len(labels), step)
	texts = [_wrapped(str(text), 8) for text in [*(labels[place] for place in shown), *ahead]]
	axes.set_xticks([*shown, *places], texts, fontsize=8)


# --- radar ---

# Line, dashes and marker tell the series apart without colour.
_SERIES = (
	(to_hex(BEST_TO_WORST(0.0)), "", "o"),
	("#8a5a00", "6 4", "s"),
	("#52606d", "2 3", "^"),
)
_FEWEST_AXES = 3


def draw_radar(labels: Sequence[str], series: Mapping[str, Sequence[float | None]], top: float) -> bytes:
	"""One axis per label from 0 to top, one line per series, as PNG; a missing value leaves a gap.

	Fewer than three axes make horizontal bars instead. Under each label stand the exact values, in the
	order of the series; a point outside 0 to top is drawn at the end of its axis.
	"""
	rows = {clean(name): _array(values) for name, values in series.items()}
	with plt.rc_context(_STYLE):
		texts = _radar_labels(labels, rows)
		if len(labels) >= _FEWEST_AXES:
			return _png(_draw_axes(["\n".join(lines) for lines in texts], rows, top))
		return _png(_draw_bars(["\n".join(lines[:-1]) for lines in texts], rows, top))


def _draw_axes(labels: Sequence[str], rows: Mapping[str, np.ndarray], top: float):
	figure, axes = plt.subplots(figsize=(6.6, 4.3), subplot_kw={"polar": True})
	angles = _angles(len(labels))
	axes.set_theta_zero_location("N")
	axes.set_theta_direction(-1)
	for (name, values), (color, dashes, marker) in zip(rows.items(), _styles(len(rows)), strict=True):
		ends = np.append(np.clip(values, 0, top), np.clip(values[:1], 0, top))
		style = (0, tuple(map(int, dashes.split()))) if dashes else "-"
		axes.plot(
			[*angles, angles[0]],
			ends,
			color=color,
			linestyle=style,
			marker=marker,
			markersize=5,
			label=name,
			clip_on=False,
			zorder=3,
		)
		if not dashes and not np.isnan(values).any():
			axes.fill(angles, ends[:-1], color=color, alpha=0.12)
	for angle, label in zip(angles, labels, strict=True):
		across, up = _sides(angle)
		side = ("right", "center", "left")[across + 1]
		axes.text(
			angle,
			top * 1.1,
			label,
			ha=side,
			va=("top", "center", "bottom")[up + 1],
			fontsize=8,
			linespacing=1.3,
		)
	axes.set_xticks(angles, [""] * len(labels))
	axes.set_ylim(0, top)
	axes.set_yticks([top * step / 4 for step in range(1, 5)])
	axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, None)))
	axes.tick_params(axis="y", labelsize=7, labelcolor="#52606d")
	axes.set_rlabel_position(180 / len(labels))
	if rows:
		figure.legend(frameon=False, loc="outside lower center", ncols=len(rows), fontsize=8)
	return figure


def _draw_bars(labels: Sequence[str], rows: Mapping[str, np.ndarray], top: float):
	figure, axes = plt.subplots(figsize=(7.6, 1.2 + 0.55 * max(len(labels) * len(rows), 1)))
	height = 0.8 / max(len(rows), 1)
	hatches = ("", "//", "..")
	for number, ((name, values), (color, _, _)) in enumerate(
		zip(rows.items(), _styles(len(rows)), strict=True)
	):
		places = np.arange(len(labels)) + (number - (len(rows) - 1) / 2) * height
		lengths = np.nan_to_num(np.clip(values, 0, top))
		axes.barh(
			places,
			lengths,
			height * 0.86,
			color=color,
			hatch=hatches[number % 3],
			edgecolor="white",
			label=name,
		)
		for place, length, value in zip(places, lengths, values, strict=True):
			axes.text(
				length + top * 0.01, place, format_number(float(value)), va="center", fontsize=8, bbox=_PAPER
			)
	axes.set_yticks(range(len(labels)), labels, fontsize=8)
	axes.invert_yaxis()
	axes.set_xlim(0, top * 1.15)
	axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: format_number(value, None)))
	axes.grid(axis="y", visible=False)
	if rows:
		figure.legend(frameon=False, loc="outside lower center", ncols=len(rows), fontsize=8)
	return figure


def _styles(count: int) -> list[tuple[str, str, str]]:
	return [_SERIES[number % len(_SERIES)] for number in range(count)]


def _angles(count: int) -> list[float]:
	"""Radians, clockwise from the top."""
	return [2 * math.pi * number / count for number in range(count)]


def _sides(angle: float) -> tuple[int, int]:
	"""Where an axis points: -1 left, 1 right; -1 down, 1 up; 0 for neither."""
	across, up = math.sin(angle), math.cos(angle)
	return (abs(across) > 0.1) * (1 if across > 0 else -1), (abs(up) > 0.3) * (1 if up > 0 else -1)


def _radar_labels(labels: Sequence[str], rows: Mapping[str, np.ndarray]) -> list[list[str]]:
	"""The lines of each label: at most three, and its values on a last one."""
	found = []
	for number, label in enumerate(labels):
		values = " | ".join(format_number(float(values[number])) for values in rows.values())
		found.append([*_wrapped(clean(label), 24, 3).split("\n"), values])
	return found


_SVG_WIDTH, _SVG_HEIGHT, _RADIUS = 720, 440, 130
_CENTER = (360, 205)


def radar_svg(
	labels: Sequence[str], series: Mapping[str, Sequence[float | None]], top: float, title: str = ""
) -> str:
	"""The picture of `draw_radar` as SVG that refers to nothing outside; every text in it is escaped."""
	rows = {clean(name): _array(values) for name, values in series.items()}
	texts = _radar_labels(labels, rows)
	if len(labels) >= _FEWEST_AXES:
		body, height = _svg_radar(texts, rows, top), _SVG_HEIGHT
	else:
		body, height = _svg_bars(texts, rows, top), 60 + 46 * len(labels) * max(len(rows), 1)
	name = clean(title) or "Diagram radar"
	return (
		f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SVG_WIDTH} {height}" width="{_SVG_WIDTH}" '
		f'height="{height}" role="img" aria-label={quoteattr(name)} font-family="DejaVu Sans, sans-serif" '
		f'fill="{INK}">{"".join(body)}{"".join(_svg_legend(list(rows), height - 14))}</svg>'
	)


def _svg_radar(texts: Sequence[list[str]], rows: Mapping[str, np.ndarray], top: float) -> Iterator[str]:
	angles = _angles(len(texts))
	for step in range(1, 5):
		points = _svg_points(angles, [top * step / 4] * len(angles), top)
		yield f'<path d="{_svg_path(points)}Z" fill="none" stroke="#cbd2d9"/>'
	for angle, lines in zip(angles, texts, strict=True):
		(x, y) = _svg_point(angle, 1)
		yield f'<path d="M{_CENTER[0]},{_CENTER[1]}L{x},{y}" stroke="#cbd2d9"/>'
		across, up = _sides(angle)
		x, y = _svg_point(angle, 1.08)
		first = y + {1: -13 * (len(lines) - 1) - 2, 0: -6.5 * (len(lines) - 1) + 4, -1: 10}[up]
		yield from _svg_lines(lines, x, first, ("end", "middle", "start")[across + 1])
	for step in range(1, 5):
		label = format_number(top * step / 4, None)
		yield _svg_text(label, _CENTER[0] + 4, _CENTER[1] - _RADIUS * step / 4 + 11, "start", 9, "#52606d")
	for values, style in zip(rows.values(), _styles(len(rows)), strict=True):
		yield from _svg_series(angles, values, top, *style)


def _svg_series(
	angles, values: np.ndarray, top: float, color: str, dashes: str, marker: str
) -> Iterator[str]:
	points = _svg_points(angles, values, top)
	known = [point for point in points if point]
	if not dashes and len(known) == len(points):
		yield f'<path d="{_svg_path(points)}Z" fill="{color}" fill-opacity="0.12"/>'
	edges = [(one, two) for one, two in zip(points, [*points[1:], *points[:1]], strict=True) if one and two]
	if edges:
		lines = "".join(_svg_path(edge) for edge in edges)
		dash = f' stroke-dasharray="{dashes}"' if dashes else ""
		yield f'<path d="{lines}" fill="none" stroke="{color}" stroke-width="2"{dash}/>'
	for point in known:
		yield _svg_marker(point, color, marker)


def _svg_bars(texts: Sequence[list[str]], rows: Mapping[str, np.ndarray], top: float) -> Iterator[str]:
	left, room, y = 220, 400, 16
	for number, lines in enumerate(texts):
		middle = y + 23 * max(len(rows), 1)
		yield from _svg_lines(lines[:-1], left - 10, middle - 6.5 * (len(lines) - 2), "end")
		for values, (color, dashes, _) in zip(rows.values(), _styles(len(rows)), strict=True):
			value = float(values[number])
			length = 0 if math.isnan(value) else min(max(value, 0), top) / top * room
			edge = f' stroke="{INK}" stroke-dasharray="{dashes}"' if dashes else ""
			yield f'<rect x="{left}" y="{y + 8}" width="{length:.1f}" height="30" fill="{color}"{edge}/>'
			yield _svg_text(format_number(value), left + length + 6, y + 27, "start")
			y += 46


def _svg_legend(names: Sequence[str], y: float) -> Iterator[str]:
	step = 200
	x = (_SVG_WIDTH - step * len(names)) / 2
	for name, (color, dashes, marker) in zip(names, _styles(len(names)), strict=True):
		dash = f' stroke-dasharray="{dashes}"' if dashes else ""
		yield f'<path d="M{x:.0f},{y - 4}h28" stroke="{color}" stroke-width="2"{dash}/>'
		yield _svg_marker((round(x + 14), y - 4), color, marker)
		yield _svg_text(textwrap.shorten(name, 24, placeholder="…"), x + 34, y, "start")
		x += step


def _svg_lines(lines: Sequence[str], x: float, first: float, anchor: str) -> Iterator[str]:
	for number, line in enumerate(lines):
		yield _svg_text(line, x, first + 13 * number, anchor)


def _svg_text(text: str, x: float, y: float, anchor: str, size: float = 11, color: str = INK) -> str:
	place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}"'
	return f"<text {place}>{escape(text)}</text>"


def _svg_marker(point: tuple[float, float], color: str, marker: str) -> str:
	x, y = point
	if marker == "o":
		return f'<circle cx="{x}" cy="{y}" r="4" fill="{color}"/>'
	shape = "m-4,-4h8v8h-8z" if marker == "s" else "m0,-5l5,9h-10z"
	return f'<path d="M{x},{y}{shape}" fill="{color}"/>'


def _svg_points(angles, values, top: float) -> list[tuple[float, float] | None]:
	return [
		None if math.isnan(value) else _svg_point(angle, min(max(value, 0), top) / top)
		for angle, value in zip(angles, values, strict=True)
	]


def _svg_point(angle: float, share: float) -> tuple[float, float]:
	x = _CENTER[0] + _RADIUS * share * math.sin(angle)
	return round(x, 1), round(_CENTER[1] - _RADIUS * share * math.cos(angle), 1)


def _svg_path(points: Sequence[tuple[float, float]]) -> str:
	return "M" + "L".join(f"{x},{y}" for x, y in points)


# --- shared ---


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


def _wrapped(text: str, width: int, most: int = 2) -> str:
	lines = textwrap.wrap(str(text), width) or [""]
	if len(lines) > most:
		rest = textwrap.shorten(" ".join(lines[most - 1 :]), width, placeholder="…")
		lines = [*lines[: most - 1], rest]
	return "\n".join(lines)


def _png(figure) -> bytes:
	buffer = io.BytesIO()
	with warnings.catch_warnings():
		warnings.filterwarnings("ignore", message="Glyph")  # a sign the font lacks is drawn as a box
		figure.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
	plt.close(figure)
	return buffer.getvalue()
