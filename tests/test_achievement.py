"""Achievement of one indicator and of a frame: formulas, edge cases (domain.md 3.1, 3.2), agreement."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seroja.core.achievement import (
	METHODS,
	POLARITIES,
	STATUS_LABELS,
	STATUSES,
	VALUED,
	VERSION,
	achievement,
	evaluate,
)
from seroja.core.numbers import round_half_up
from seroja.core.scales import shipped_scales

COLUMNS = ("target", "target_upper", "target_label", "realization", "realization_label")


def figures(result) -> tuple:
	return result.raw, result.scored, result.status


# --- formulas and defaults ---


@pytest.mark.parametrize(
	("polarity", "method"),
	[
		("maximize", "ratio"),
		("minimize", "complement"),
		("stabilize", "deviation"),
		("qualitative", "ordinal"),
	],
)
def test_each_polarity_has_its_default_method(polarity, method):
	assert achievement(polarity, 10.0, 8.0).method == method


# domain.md 3.1, note: T=49.34, R=110.84: F2 = -24.65, F3 = 44.51. T=10, R=5: F2 = 150, F3 = 200.
@pytest.mark.parametrize(
	("method", "target", "realization", "expected"),
	[
		("complement", 49.34, 110.84, "-24.65"),
		("inverse", 49.34, 110.84, "44.51"),
		("complement", 10, 5, "150.00"),
		("inverse", 10, 5, "200.00"),
		("ratio", 10, 5, "50.00"),
		("deviation", 10, 5, "50.00"),
		("deviation", 10, 15, "50.00"),
	],
)
def test_a_method_named_for_an_indicator_overrides_the_default_of_its_polarity(
	method, target, realization, expected
):
	result = achievement("minimize", target, realization, method=method)
	assert result.method == method
	assert str(round_half_up(result.raw)) == expected


def test_a_government_can_set_its_own_default_method():
	ours = {"maximize": "ratio", "minimize": "inverse", "stabilize": "deviation", "qualitative": "ordinal"}
	result = achievement("minimize", 10, 5, defaults=ours)
	assert (result.method, result.raw) == ("inverse", 200.0)
	frame = pd.DataFrame({"polarity": ["minimize"], "target": [10.0], "realization": [5.0]})
	assert evaluate(frame, defaults=ours)["achievement"].tolist() == [200.0]


def test_every_result_carries_the_version_of_the_calculation():
	assert achievement("maximize", 1, 1).version == VERSION
	assert achievement("maximize", 1, None).version == VERSION


# --- ranges: domain.md 3.1 F4 ---


@pytest.mark.parametrize(
	("polarity", "realization", "expected"),
	[
		("maximize", 92, "102.22"),  # the rule of PermenPAN-RB 8/2021 for its example a: 92/90
		("maximize", 72, "90.00"),
		("minimize", 99, "90.00"),
		("minimize", 72, "110.00"),
		("stabilize", 99, "90.00"),
		("stabilize", 72, "90.00"),
	],
)
def test_a_realization_outside_a_range_is_measured_against_the_nearer_bound(polarity, realization, expected):
	result = achievement(polarity, (80.0, 90.0), float(realization))
	assert str(round_half_up(result.raw)) == expected
	assert result.method == "range"


@pytest.mark.parametrize("polarity", ["maximize", "minimize", "stabilize"])
@pytest.mark.parametrize("realization", [80, 85.5, 90])
def test_a_realization_inside_a_range_is_100_for_every_polarity(polarity, realization):
	assert figures(achievement(polarity, (80.0, 90.0), float(realization))) == (100.0, 100.0, "ok")


@pytest.mark.parametrize("polarity", ["maximize", "minimize", "stabilize"])
def test_a_realization_of_zero_inside_a_range_is_as_ordinary_as_any_other(polarity):
	result = achievement(polarity, (0.0, 10.0), 0.0)
	assert figures(result) == (100.0, 100.0, "ok")
	assert "di dalam rentang" in result.explanation


def test_a_range_can_be_measured_by_the_complement_where_the_indicator_says_so():
	result = achievement("maximize", (80.0, 90.0), 99.0, method="complement")
	assert (result.raw, result.method) == (90.0, "range")


# --- qualitative: domain.md 3.1 F6 ---


@pytest.mark.parametrize("label", ["WTP", "BB", "Memuaskan", "Wilayah Bebas dari Korupsi"])
def test_a_label_equal_to_its_target_is_100_on_any_scale_and_on_none(label):
	assert figures(achievement("qualitative", label, f" {label.lower()} ")) == (100.0, 100.0, "ok")


@pytest.mark.parametrize(
	("target", "realized"),
	[
		("WTP", ["TMP", "TW", "WDP", "WTP"]),
		("BB", ["D", "C", "CC", "B", "BB", "A", "AA"]),
		("Baik", ["Kurang", "Cukup", "Baik", "Sangat Baik", "Memuaskan"]),
	],
)
def test_a_better_label_never_achieves_less_and_only_the_target_achieves_exactly_100(target, realized):
	raws = [achievement("qualitative", target, label).raw for label in realized]
	assert raws == sorted(raws) and len(set(raws)) == len(raws)
	assert raws[realized.index(target)] == 100.0


def test_the_named_qualitative_scale_decides_where_two_scales_know_the_labels():
	on_rb = achievement("qualitative", "AA", "A", ordinal_scale="Predikat RB").raw
	on_akip = achievement("qualitative", "AA", "A", ordinal_scale="Predikat AKIP").raw
	# RB has A- between BB and A, so A is a smaller step below AA there.
	assert on_rb > on_akip


@pytest.mark.parametrize(
	("target", "realization"),
	[("WTP", "BB"), ("WTP", 3.0), (3.0, "WTP"), (3.0, 4.0), ("Hijau", "Kuning")],
)
def test_labels_that_no_scale_orders_need_a_manual_value(target, realization):
	assert figures(achievement("qualitative", target, realization)) == (None, None, "manual")


def test_a_label_for_a_numeric_indicator_needs_a_manual_value():
	assert achievement("maximize", 10.0, "WTP").status == "manual"


@pytest.mark.parametrize(
	"wrong", [{"polarity": "naik"}, {"method": "rata-rata"}, {"ordinal_scale": "Predikat KLA"}]
)
def test_an_unknown_polarity_method_or_scale_is_a_value_error(wrong):
	given_values = {"polarity": "qualitative", "target": "WTP", "realization": "WDP"} | wrong
	with pytest.raises(ValueError, match="unknown"):
		achievement(**given_values)


# --- edge cases, row by row: domain.md 3.2 ---


@pytest.mark.parametrize("polarity", POLARITIES)
def test_a_missing_realization_is_no_value_and_never_zero(polarity):
	assert figures(achievement(polarity, 10.0, None)) == (None, None, "no_data")


@pytest.mark.parametrize("polarity", POLARITIES)
def test_a_missing_target_leaves_nothing_to_compare_with(polarity):
	assert figures(achievement(polarity, None, 10.0)) == (None, None, "no_target")
	assert figures(achievement(polarity, None, None)) == (None, None, "no_target")


@pytest.mark.parametrize("nan", [math.nan, np.float64("nan"), np.float32("nan")], ids=repr)
@pytest.mark.parametrize("polarity", ["maximize", "minimize", "stabilize"])
def test_nan_of_any_type_is_no_value_just_like_none(polarity, nan):
	assert figures(achievement(polarity, nan, 5.0)) == (None, None, "no_target")
	assert figures(achievement(polarity, 5.0, nan)) == (None, None, "no_data")


def test_a_range_without_lower_bound_is_no_target():
	assert achievement("maximize", (math.nan, 90.0), 85.0).status == "no_target"
	frame = pd.DataFrame({"polarity": ["maximize"], "target": [math.nan], "target_upper": [90.0]})
	assert evaluate(frame.assign(realization=85.0))["status"].tolist() == ["no_target"]


def test_a_realization_of_zero_is_an_achievement_of_zero_where_more_is_better():
	assert figures(achievement("maximize", 10.0, 0.0)) == (0.0, 0.0, "ok")


def test_a_negative_complement_stays_in_raw_and_is_floored_in_scored():
	result = achievement("minimize", 49.34, 110.84)
	assert round(result.raw, 2) == -24.65
	assert (result.scored, result.status) == (0.0, "implausible")


def test_an_achievement_above_the_cap_stays_in_raw_and_is_capped_in_scored():
	result = achievement("maximize", 15.0, 100.0)
	assert round(result.raw, 2) == 666.67
	assert result.scored == 120.0
	assert achievement("maximize", 15.0, 100.0, cap=110).scored == 110


def test_the_cap_is_120_where_nobody_sets_another():
	assert achievement("maximize", 100.0, 121.0).scored == 120.0
	assert achievement("maximize", 100.0, 119.5).scored == 119.5


@pytest.mark.parametrize(
	("polarity", "realization", "value"),
	[
		("maximize", 0.0, 100.0),
		("maximize", 3.0, 150.0),
		("minimize", 0.0, 100.0),
		("minimize", 3.0, 0.0),
	],
)
def test_a_target_of_zero_follows_the_rule_and_is_flagged(polarity, realization, value):
	result = achievement(polarity, 0.0, realization, cap=150.0)
	assert figures(result) == (value, value, "zero_base")
	assert "mohon diperiksa" in result.explanation


@pytest.mark.parametrize("polarity", ["maximize", "minimize", "stabilize"])
@pytest.mark.parametrize("realization", [-74.95, 1.0])
def test_a_negative_target_needs_a_manual_formula(polarity, realization):
	assert figures(achievement(polarity, -2.0, realization)) == (None, None, "manual")


@pytest.mark.parametrize("polarity", ["maximize", "minimize", "stabilize"])
def test_a_negative_realization_against_a_target_of_zero_needs_a_manual_formula(polarity):
	assert figures(achievement(polarity, 0.0, -74.95)) == (None, None, "manual")


def test_a_negative_realization_against_a_positive_target_is_computed_and_flagged():
	result = achievement("maximize", 10.0, -74.95)
	assert figures(result) == (-749.5, 0.0, "implausible")


def test_the_inverse_of_a_realization_of_zero_is_the_cap_and_flagged():
	result = achievement("minimize", 5.0, 0.0, method="inverse", cap=120.0)
	assert figures(result) == (120.0, 120.0, "zero_base")


@pytest.mark.parametrize(("realization", "value"), [(0.0, 100.0), (3.0, 0.0)])
def test_the_inverse_of_a_target_of_zero_follows_the_rule_for_less_is_better(realization, value):
	result = achievement("minimize", 0.0, realization, method="inverse")
	assert figures(result) == (value, value, "zero_base")


def test_a_negative_realization_has_no_inverse():
	assert figures(achievement("minimize", 5.0, -1.0, method="inverse")) == (None, None, "manual")


@pytest.mark.parametrize("polarity", POLARITIES)
def test_without_population_there_is_no_value_whatever_was_entered(polarity):
	result = achievement(polarity, 10.0, 0.0, no_population=True)
	assert figures(result) == (None, None, "no_population")
	assert STATUS_LABELS["no_population"] == "Tidak ada populasi"


@pytest.mark.parametrize(
	("target", "realization"),
	[
		pytest.param(150, 13281.7, id="raw above 300: nilai tambah ekonomi kreatif, Sulteng"),
		pytest.param(8418, 84057, id="raw above 300: tenaga kerja pariwisata, Sulteng"),
		pytest.param(100, 300.01, id="raw just above 300"),
		pytest.param(24738.28, 247.3828, id="a hundredth of the target"),
		pytest.param(24738.28, 24.73828, id="a thousandth of the target"),
	],
)
def test_an_implausible_figure_is_flagged_and_kept_as_it_is(target, realization):
	result = achievement("maximize", float(target), realization)
	assert result.status == "implausible"
	assert result.raw == pytest.approx(realization / target * 100)
	assert "mohon diperiksa" in result.explanation


def test_a_slip_of_a_decimal_place_is_flagged_where_the_figure_itself_looks_ordinary():
	result = achievement("minimize", 4.65, 46.5, method="inverse")
	assert (result.raw, result.status) == (10.0, "implausible")


@pytest.mark.parametrize(
	("target", "realization"), [(100, 300), (100, 100), (100, 1.5), (72, 84), (1.99, 3.44)]
)
def test_an_ordinary_figure_is_not_flagged(target, realization):
	assert achievement("maximize", float(target), float(realization)).status == "ok"


@pytest.mark.parametrize(
	("target", "realization"),
	[
		pytest.param(0.000001, 1e13, id="what a mistyped unit makes of a budget"),
		pytest.param(1e-300, 1.0, id="just below the largest double"),
		pytest.param(5e-324, 1.0, id="beyond the largest double"),
	],
)
def test_an_absurdly_large_ratio_is_still_a_result_and_no_crash(target, realization):
	result = achievement("maximize", target, realization)
	assert result.status in ("implausible", "invalid")
	assert result.explanation


def test_a_status_with_a_figure_is_one_that_says_so():
	cases = [
		("maximize", 10.0, 8.0),
		("maximize", 0.0, 8.0),
		("maximize", 10.0, 8000.0),
		("maximize", -1.0, 8.0),
		("maximize", 10.0, None),
		("maximize", None, 8.0),
		("qualitative", "WTP", "BB"),
	]
	for case in cases:
		result = achievement(*case)
		assert (result.status in VALUED) == (result.raw is not None) == (result.scored is not None)
	assert set(STATUS_LABELS) == set(STATUSES) >= VALUED


# --- the sentence ---


@pytest.mark.parametrize(
	("arguments", "parts"),
	[
		(("minimize", 49.34, 110.84), ["110,84", "(2 × 49,34 − 110,84) ÷ 49,34 × 100", "-24,65%", "0,00%"]),
		(("maximize", 38.88, 41.70), ["41,7 ÷ 38,88 × 100", "107,25%"]),
		(("maximize", 6764342774.0, 6448530934.0), ["6.448.530.934 ÷ 6.764.342.774 × 100", "95,33%"]),
		(("minimize", 4.65, 40900 / 865011 * 100), ["4,72826", "98,32%"]),
		(("maximize", 150.0, 13281.7), ["13.281,7 ÷ 150", "8.854,47%", "120,00%"]),
		(("maximize", (80.0, 90.0), 92.0), ["80–90", "92 ÷ 90 × 100", "102,22%"]),
		(("stabilize", 10.0, 12.5), ["100 − |12,5 − 10| ÷ 10 × 100", "75,00%"]),
		(("qualitative", "WTP", "WTP"), ["WTP", "100,00%"]),
	],
)
def test_the_explanation_shows_the_figures_as_indonesians_write_them(arguments, parts):
	sentence = achievement(*arguments).explanation
	for part in parts:
		assert part in sentence


def test_the_explanation_names_the_score_only_where_it_differs():
	assert "Untuk penilaian" not in achievement("maximize", 100.0, 110.0).explanation
	assert "Untuk penilaian dihitung 120,00%." in achievement("maximize", 100.0, 130.0).explanation


def test_the_explanation_of_a_result_without_figure_says_why():
	assert "bukan nol" in achievement("maximize", 10.0, None).explanation
	assert "Tidak ada target" in achievement("maximize", None, 10.0).explanation
	assert "Tidak ada populasi" in achievement("maximize", 1.0, 1.0, no_population=True).explanation
	assert "manual" in achievement("maximize", -1.0, 1.0).explanation


# --- a frame ---


def as_frame(rows: list[dict]) -> pd.DataFrame:
	"""The arguments of `achievement`, one dict per row, as the columns of `evaluate`."""
	records = []
	for row in rows:
		target, realization = row["target"], row["realization"]
		low, high = target if isinstance(target, tuple) else (target, None)
		records.append(
			{name: value for name, value in row.items() if name not in COLUMNS}
			| {
				"target": math.nan if isinstance(low, str) or low is None else low,
				"target_upper": math.nan if high is None else high,
				"target_label": low if isinstance(low, str) else None,
				"realization": math.nan
				if isinstance(realization, str) or realization is None
				else realization,
				"realization_label": realization if isinstance(realization, str) else None,
			}
		)
	frame = pd.DataFrame(records)
	if "no_population" in frame:
		frame["no_population"] = frame["no_population"].eq(True)
	return frame


def assert_agreement(rows: list[dict], cap: float) -> None:
	frame = evaluate(as_frame(rows), cap=cap)
	for row, got in zip(rows, frame.to_dict("records"), strict=True):
		one = achievement(**row, cap=cap)
		none = {"achievement": None, "achievement_scored": None}
		got = {name: none.get(name, value) if value != value else value for name, value in got.items()}
		assert got == {
			"achievement": one.raw,
			"achievement_scored": one.scored,
			"status": one.status,
			"method": one.method,
			"explanation": one.explanation,
		}


def rows(numbers: st.SearchStrategy) -> st.SearchStrategy:
	labels = st.sampled_from(["WTP", " wdp ", "TMP", "BB", "A", "Baik", "Sangat Baik", "Hijau"])
	ranges = st.tuples(numbers, numbers).map(lambda bounds: tuple(sorted(bounds)))
	row = st.fixed_dictionaries(
		{
			"polarity": st.sampled_from(POLARITIES),
			"method": st.sampled_from((None, *METHODS)),
			"target": st.one_of(st.none(), numbers, ranges, labels),
			"realization": st.one_of(st.none(), numbers, labels),
			"no_population": st.sampled_from((False, False, False, True)),
			"ordinal_scale": st.sampled_from((None, "Opini BPK", "Predikat RB")),
		}
	)
	return st.lists(row, min_size=1, max_size=8)


# What a file can hold: two decimals, up to the largest number that is read, and the odd values in between.
AMOUNTS = st.one_of(
	st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.01, 10.0, 90.0, 100.0, 1e13, -1e13]),
	st.integers(-30_000, 30_000).map(lambda hundredths: hundredths / 100),
	st.integers(-(10**15), 10**15).map(lambda hundredths: hundredths / 100),
)
CAPS = st.sampled_from([120.0, 100.0, 110.0, 150.0, 1000.0])


def test_one_indicator_and_a_frame_agree_on_every_combination_of_edge_cases():
	targets = [None, -2.0, -0.0, 0.0, 0.3, 10.0, (0.0, 10.0), (80.0, 90.0), (-5.0, 5.0), "WTP", "Hijau"]
	realizations = [None, -1.0, -0.0, 0.0, 0.1, 1.0, 10.0, 85.0, 1000.0, "WTP", "WDP", "BB"]
	rows = [
		{"polarity": polarity, "method": method, "target": target, "realization": realization}
		for polarity in POLARITIES
		for method in (None, *METHODS)
		for target in targets
		for realization in realizations
	]
	assert_agreement([*rows, *(row | {"no_population": True} for row in rows)], cap=115.0)


@settings(max_examples=250)
@given(rows(AMOUNTS), CAPS)
def test_one_indicator_and_a_frame_agree_on_everything_that_a_file_can_hold(rows, cap):
	assert_agreement(rows, cap)


@settings(max_examples=250)
@given(rows(st.one_of(AMOUNTS, st.floats(allow_nan=False, allow_infinity=False))), CAPS)
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_one_indicator_and_a_frame_agree_on_every_number_there_is(rows, cap):
	assert_agreement(rows, cap)


def test_a_frame_without_any_optional_column_is_evaluated():
	frame = pd.DataFrame({"polarity": ["maximize"], "target": [80.0], "realization": [60.0]}, index=[7])
	result = evaluate(frame)
	assert result.index.tolist() == [7]
	assert result["achievement"].tolist() == [75.0]


def test_an_empty_frame_gives_an_empty_result_with_all_columns():
	result = evaluate(pd.DataFrame({"polarity": [], "target": [], "realization": []}))
	assert len(result) == 0
	assert list(result) == ["achievement", "achievement_scored", "status", "method", "explanation"]


def test_what_pandas_leaves_missing_in_an_optional_column_is_missing():
	# Records that name a field only where there is one leave NaN elsewhere.
	frame = pd.DataFrame(
		[
			{"polarity": "maximize", "target": 80.0, "realization": 60.0},
			{
				"polarity": "qualitative",
				"target_label": "WTP",
				"realization_label": "WDP",
				"ordinal_scale": "Opini BPK",
			},
			{"polarity": "qualitative", "target_label": "WTP", "realization_label": "WDP"},
			{"polarity": "minimize", "target": 10.0, "realization": 5.0, "method": "inverse"},
		]
	)
	on_opini_bpk = achievement("qualitative", "WTP", "WDP").raw
	assert evaluate(frame)["achievement"].tolist() == [75.0, on_opini_bpk, on_opini_bpk, 200.0]


@pytest.mark.parametrize("flag", ["no_population", "invalid"])
def test_a_flag_that_pandas_leaves_missing_is_not_set(flag):
	row = {"polarity": "maximize", "target": 80.0, "realization": 60.0}
	result = evaluate(pd.DataFrame([row, row | {flag: True}]))
	assert result["status"].tolist() == ["ok", flag]


def test_a_frame_is_not_changed_by_evaluating_it():
	frame = as_frame([{"polarity": "qualitative", "target": "WTP", "realization": "WDP"}])
	before = frame.copy(deep=True)
	evaluate(frame)
	pd.testing.assert_frame_equal(frame, before)


def test_explanations_can_be_left_out_without_changing_a_figure():
	frame = pd.DataFrame({"polarity": ["minimize"], "target": [9.8], "realization": [6.07]})
	without = evaluate(frame, explanations=False)
	pd.testing.assert_frame_equal(without, evaluate(frame).drop(columns="explanation"))


def test_a_row_marked_invalid_has_no_figure_and_stops_nobody_else():
	frame = pd.DataFrame(
		{
			"polarity": [None, "maximize"],
			"target": [10.0, 10.0],
			"realization": [8.0, 8.0],
			"invalid": [True, False],
		}
	)
	result = evaluate(frame)
	assert result["status"].tolist() == ["invalid", "ok"]
	assert np.isnan(result["achievement"].iloc[0]) and result["achievement"].iloc[1] == 80.0


@pytest.mark.parametrize(("column", "value"), [("polarity", "naik"), ("method", "rata-rata")])
def test_an_unknown_word_in_a_row_not_marked_invalid_is_a_value_error(column, value):
	frame = pd.DataFrame({"polarity": ["maximize"], "target": [1.0], "realization": [1.0]})
	with pytest.raises(ValueError, match=value):
		evaluate(frame.assign(**{column: [value]}))


# --- exactness ---

FORMULAS = {
	"ratio": lambda t, r: r / t * 100,
	"complement": lambda t, r: (2 * t - r) / t * 100,
	"inverse": lambda t, r: t / r * 100,
	"deviation": lambda t, r: 100 - abs(r - t) / t * 100,
}
# The realization that gives an achievement of b, per method.
REALIZATION_FOR = {
	"ratio": lambda t, b: t * b / 100,
	"complement": lambda t, b: t * (2 - b / 100),
	"inverse": lambda t, b: t * 100 / b if b else Fraction(1),
	"deviation": lambda t, b: t * (2 - b / 100),
}
BOUNDS = sorted(
	{
		Fraction(str(bound))
		for scale in shipped_scales().values()
		for band in scale.bands
		for bound in (band.low, band.high)
		if bound is not None
	}
)


def exact_category(scale, value: Fraction) -> str | None:
	"""The category by the printed bounds, in exact arithmetic."""
	for band in scale.bands:
		low = None if band.low is None else Fraction(str(band.low))
		high = None if band.high is None else Fraction(str(band.high))
		above = low is None or value > low or (band.low_closed and value == low)
		below = high is None or value < high or (band.high_closed and value == high)
		if above and below:
			return band.label
	return None


def assert_exact(method: str, target: Fraction, realization: Fraction) -> None:
	exact = FORMULAS[method](target, realization)
	raw = achievement("maximize", float(target), float(realization), method=method).raw
	assert abs(Fraction(raw) - exact) <= Fraction(1, 10**9) * max(1, abs(exact))
	for scale in shipped_scales().values():
		expected = exact_category(scale, exact)
		assert scale.category(raw) == expected, scale.name
		(code,) = scale.categories([raw]).codes
		assert (scale.labels[code] if code >= 0 else None) == expected, scale.name


@st.composite
def four_decimals(draw, largest: int = 10**9):
	"""A method, a target and a realization with up to four decimals, often right at a bound of a scale."""
	method = draw(st.sampled_from(sorted(FORMULAS)))
	target = Fraction(draw(st.integers(1, largest)), 10**4)
	at_a_bound = REALIZATION_FOR[method](target, draw(st.sampled_from(BOUNDS)))
	near = round(at_a_bound * 10**4) + draw(st.integers(-2, 2))
	realization = draw(st.one_of(st.just(near), st.integers(0, largest)))
	if method == "inverse":
		realization = max(realization, 1)
	return method, target, Fraction(max(-largest, min(realization, largest)), 10**4)


@settings(max_examples=600)
@given(four_decimals())
def test_binary_noise_moves_neither_a_figure_nor_a_category(case):
	assert_exact(*case)


@settings(max_examples=300)
@given(
	st.integers(10**11, 10**12), st.sampled_from([Fraction(b) for b in BOUNDS if b >= 25]), st.integers(-2, 2)
)
def test_one_rupiah_more_or_less_than_a_bound_decides_the_category(budget, bound, rupiah):
	target = Fraction(budget)
	assert_exact("ratio", target, Fraction(round(target * bound / 100) + rupiah))


@pytest.mark.parametrize("method", sorted(FORMULAS))
@pytest.mark.parametrize("bound", [90, 75, 65, 50])
@pytest.mark.parametrize("target", ["0.3", "0.7", "1.1", "4.65", "9.8", "49.34", "6764342774"])
def test_a_figure_that_is_a_bound_in_decimals_is_that_bound(method, bound, target):
	realization = REALIZATION_FOR[method](Fraction(target), Fraction(bound))
	result = achievement("maximize", float(target), float(realization), method=method)
	assert result.raw == bound


def test_raw_is_kept_unrounded():
	assert achievement("maximize", 3.0, 2.0).raw == pytest.approx(200 / 3, abs=1e-9)


def test_a_category_follows_from_the_unrounded_value():
	# 89.996 prints as 90.00 but is no more than 90; 90.004 prints as 90.00 but is more.
	scale = shipped_scales()["Permendagri 86/2017"]
	below, above = achievement("maximize", 100.0, 89.996).raw, achievement("maximize", 100.0, 90.004).raw
	assert str(round_half_up(below)) == str(round_half_up(above)) == "90.00"
	assert (scale.category(below), scale.category(above)) == ("Tinggi", "Sangat Tinggi")
