"""Charts are PNG pictures whatever they are given, and their colours can be told apart."""

import io
import struct
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_rgb

from seroja.core import charts
from seroja.core.charts import (
	achievement_bars,
	budget_against_performance,
	category_colors,
	category_distribution,
	trend_against_target,
)
from seroja.core.evaluation import draw_charts
from seroja.core.scales import shipped_scales

LABELS = shipped_scales()["Permendagri 86/2017"].labels
NAN = float("nan")
LONG = "Persentase perangkat daerah yang menyampaikan dokumen " * 20


def size(picture: bytes) -> tuple[int, int]:
	"""Width and height of a PNG; fails for anything else."""
	assert picture.startswith(b"\x89PNG\r\n\x1a\n") and picture.rstrip().endswith(b"IEND\xaeB`\x82")
	return struct.unpack(">II", picture[16:24])


ODD = {
	"bars, nothing": lambda: achievement_bars([], [], [], LABELS),
	"bars, no value": lambda: achievement_bars(["a", "b"], [NAN, None], [None, None], LABELS),
	"bars, extremes": lambda: achievement_bars(
		["a", "b"], [-24.65, 8854.47], [LABELS[-1], LABELS[0]], LABELS
	),
	"bars, long name": lambda: achievement_bars([LONG, "x" * 500, ""], [1, 2, 3], [None] * 3, LABELS),
	"bars, no scale": lambda: achievement_bars(["a"], [90], [None], []),
	"distribution, nothing": lambda: category_distribution({}),
	"distribution, zeros": lambda: category_distribution(dict.fromkeys(LABELS, 0)),
	"distribution, missing": lambda: category_distribution({LABELS[0]: 3}, missing=2),
	"trend, nothing": lambda: trend_against_target([], [], [], "x"),
	"trend, no value": lambda: trend_against_target(["TW1", "TW2"], [NAN, NAN], [NAN, None], "x"),
	"trend, a gap": lambda: trend_against_target(["TW1", "TW2", "TW3"], [1, NAN, 3], [1, 2, 3], LONG, "%"),
	"budget, nothing": lambda: budget_against_performance([], [], []),
	"budget, no value": lambda: budget_against_performance(["a"], [NAN], [NAN]),
	"budget, extremes": lambda: budget_against_performance(["a", LONG], [0, 450], [120, 0]),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("draw", ODD.values(), ids=ODD)
def test_a_chart_of_odd_values_is_still_a_picture_of_sensible_size(draw):
	width, height = size(draw())
	assert 800 <= width <= 1600 and 200 <= height <= 1600


@pytest.mark.parametrize(
	"name", ["Belanja $x_{1}$", "Ekspor (US$) per kapita (US$)", r"$\frac$", "a_b^c $", "100%"]
)
def test_a_dollar_sign_in_a_name_is_a_dollar_sign(monkeypatch, name):
	kept = []
	monkeypatch.setattr(plt, "close", kept.append)
	size(achievement_bars([name], [90], [LABELS[1]], LABELS, title=name))
	size(trend_against_target(["TW1"], [1], [1], name, unit=name))
	size(budget_against_performance([name], [90], [90], title=name))
	monkeypatch.undo()
	for figure in kept:
		texts = [text for text in figure.findobj(plt.Text) if name in text.get_text().replace(r"\$", "$")]
		assert texts
		for text in texts:
			# Not what TeX would make of it.
			assert not (text.get_parse_math() and is_math_text(text.get_text()))
		plt.close(figure)


def test_a_bar_ends_at_150_percent_and_the_figure_beside_it_is_exact(monkeypatch):
	kept = []
	monkeypatch.setattr(plt, "close", kept.append)
	achievement_bars(["a", "b", "c"], [8854.47, -24.65, NAN], [LABELS[0], LABELS[-1], None], LABELS)
	monkeypatch.undo()
	(figure,) = kept
	(axes,) = figure.axes
	assert [bar.get_width() for bar in axes.patches] == [150, 0, 0]
	assert [text.get_text() for text in axes.texts] == [
		"8.854,47%  Sangat Tinggi",
		"-24,65%  Sangat Rendah",
		"belum ada data",
	]
	plt.close(figure)


def test_drawing_leaves_no_figure_open():
	before = plt.get_fignums()
	achievement_bars(["a"], [90], [LABELS[1]], LABELS)
	assert plt.get_fignums() == before


def test_the_same_values_give_the_same_picture():
	assert category_distribution({"a": 1}) == category_distribution({"a": 1})


def test_the_charts_of_an_evaluation_follow_from_what_it_holds(evaluated):
	header = "opd,indicator,polarity,target,realization,budget,budget_realization,year,period\n"
	one = evaluated(header + "A,a,maximize,80,60,,,,\n")
	assert set(draw_charts(one)) == {"distribution", "achievement"}
	more = evaluated(
		header
		+ "".join(f"A,a,maximize,80,{60 + n},100,90,2025,TW{n}\n" for n in (1, 2, 3))
		+ "B,b,maximize,80,70,,,,\n"
	)
	pictures = draw_charts(more)
	assert set(pictures) == {"distribution", "achievement", "opd", "budget", "trend"}
	assert all(size(picture) for picture in pictures.values())


def test_the_trend_is_that_of_one_indicator_of_one_opd_in_the_order_of_the_file(evaluated, monkeypatch):
	drawn = []
	monkeypatch.setattr(charts, "trend_against_target", lambda *values: drawn.append(values))
	draw_charts(
		evaluated(
			"opd,indicator,unit,polarity,target,realization,year,period\n"
			+ "".join(f"A,a,jiwa,maximize,{80 + n},{60 + n},2025,TW{n}\n" for n in (1, 2, 3))
			+ "".join(f"B,a,jiwa,maximize,{10 + n},{20 + n},2025,TW{n}\n" for n in (1, 2))
			+ "A,b,jiwa,maximize,1,1,2025,TW1\n"
		)
	)
	periods = [f"Triwulan {number} 2025" for number in ("I", "II", "III")]
	assert drawn == [(periods, [61.0, 62.0, 63.0], [81.0, 82.0, 83.0], "a", "jiwa")]


def test_many_indicators_still_fit_on_a_page(evaluated):
	rows = "".join(f"indikator {number},maximize,100,{number}\n" for number in range(200))
	result = evaluated(f"indicator,polarity,target,realization\n{rows}")
	assert size(draw_charts(result)["achievement"])[1] <= 1600


# --- colours ---

# Machado, Oliveira and Fernandes 2009, severity 1.0, applied to linear RGB.
VISION = {
	"normal": np.eye(3),
	"protanopia": np.array(
		[
			[0.152286, 1.052583, -0.204868],
			[0.114503, 0.786281, 0.099216],
			[-0.003882, -0.048116, 1.051998],
		]
	),
	"deuteranopia": np.array(
		[
			[0.367322, 0.860646, -0.227968],
			[0.280085, 0.672501, 0.047413],
			[-0.011820, 0.042940, 0.968881],
		]
	),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CLEARLY_DIFFERENT = 5.0  # CIE 1976; 2.3 is just noticeable


def lab(color: str, vision: np.ndarray) -> np.ndarray:
	"""CIE L*a*b* of a colour as somebody sees it."""
	rgb = np.array(to_rgb(color))
	linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
	xyz = TO_XYZ @ np.clip(vision @ linear, 0, 1) / (TO_XYZ @ np.ones(3))
	f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
	return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("scale", shipped_scales().values(), ids=shipped_scales())
def test_neighbouring_categories_can_be_told_apart_by_the_colour_blind(scale, vision):
	colors = [*category_colors(scale.labels).values()]
	seen = [lab(color, VISION[vision]) for color in colors]
	for one, next_one in pairwise(seen):
		assert np.linalg.norm(one - next_one) > CLEARLY_DIFFERENT
	for one in seen:
		assert np.linalg.norm(one - lab(charts.NO_VALUE, VISION[vision])) > CLEARLY_DIFFERENT


def test_best_and_worst_have_the_same_colour_on_every_scale():
	palettes = [list(category_colors(scale.labels).values()) for scale in shipped_scales().values()]
	assert len({palette[0] for palette in palettes}) == len({palette[-1] for palette in palettes}) == 1


def test_a_picture_can_be_opened_by_others():
	picture = achievement_bars(["a"], [90], [LABELS[1]], LABELS)
	pixels = plt.imread(io.BytesIO(picture))
	assert pixels.shape[1::-1] == size(picture)
	assert len(np.unique(pixels.reshape(-1, pixels.shape[2]), axis=0)) > 10
