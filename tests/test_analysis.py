"""The outlook of indicators: probability, status, reason, and what may not change them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.analysis import OFF_TRACK, ON_TRACK, STATUSES, analyse
from seroja.core.numbers import format_number

ABOUT = {"indicator": "Jumlah", "opd": "A", "unit": "jiwa", "polarity": "maximize", "consolidation": "LAST"}


def points(values: dict, key: str = "K", periods: int = 1, **about) -> pd.DataFrame:
	"""values: (year, number) or year → figure."""
	moments = [moment if isinstance(moment, tuple) else (moment, 1) for moment in values]
	return pd.DataFrame(
		{
			**ABOUT,
			**about,
			"key": key,
			"year": [year for year, _ in moments],
			"number": [number for _, number in moments],
			"periods": periods,
			"value": list(values.values()),
		}
	)


def targets(by_year: dict, key: str = "K") -> pd.DataFrame:
	pairs = [bounds if isinstance(bounds, tuple) else (bounds, np.nan) for bounds in by_year.values()]
	return pd.DataFrame(
		{
			"key": key,
			"year": list(by_year),
			"target": [low for low, _ in pairs],
			"target_upper": [high for _, high in pairs],
		}
	)


def only(rows: pd.DataFrame, wanted: pd.DataFrame) -> dict:
	(row,) = analyse(rows, wanted).to_dict("records")
	return row


RISING = {2021: 50.0, 2022: 52.0, 2023: 54.0, 2024: 56.2, 2025: 58.0}


class TestStatus:
	@pytest.mark.parametrize(
		("polarity", "target", "status"),
		[
			("maximize", 58.0, "on_track"),
			("maximize", 80.0, "off_track"),
			("maximize", 60.0, "at_risk"),
			("minimize", 62.0, "on_track"),
			("minimize", 40.0, "off_track"),
			("stabilize", 60.0, "on_track"),
			("stabilize", 30.0, "off_track"),
			("stabilize", (55.0, 65.0), "on_track"),
			("stabilize", (20.0, 30.0), "off_track"),
			("minimize", (50.0, 62.0), "on_track"),
			("maximize", (58.0, 59.0), "on_track"),
		],
	)
	def test_follows_polarity_and_target(self, polarity, target, status):
		row = only(points(RISING, polarity=polarity), targets({2026: target}))
		assert (row["year"], row["status"]) == (2026, status)
		assert row["lower"] <= row["forecast"] <= row["upper"]

	def test_a_complete_year_is_what_it_is(self):
		row = only(points(RISING), targets({2025: 57.0}))
		assert row["is_final"] and (row["forecast"], row["probability"], row["status"]) == (
			58.0,
			1.0,
			"on_track",
		)
		row = only(points(RISING), targets({2025: 59.0}))
		assert (row["probability"], row["status"], row["method"]) == (0.0, "off_track", "actual")

	def test_year_in_progress_and_last_year_of_the_plan(self):
		values = {
			(year, number): 40.0 + year - 2021 + number / 10
			for year in range(2021, 2025)
			for number in (1, 2, 3, 4)
		}
		found = analyse(
			points(values | {(2025, 1): 44.1}, periods=4), targets({2025: 44.0, 2026: 45.0, 2029: 60.0})
		)
		assert found["year"].tolist() == [2025, 2029]
		assert found["status"].tolist() == ["on_track", "off_track"]

	def test_no_answer_where_there_is_none(self):
		nothing = points({2025: np.nan})
		assert only(nothing, targets({2025: 10.0}))["status"] == "unknown"
		few = only(points({2024: 9.0, 2025: 9.5}), targets({2026: 10.0}))
		assert few["status"] == "unknown" and np.isnan(few["probability"]) and few["forecast"] == 9.5
		without = only(points(RISING), targets({}))
		assert without["status"] == "unknown" and without["is_final"]

	def test_qualitative_indicators_are_not_forecast(self):
		row = only(points(RISING, polarity="qualitative"), targets({2026: 3.0}))
		assert row["status"] == "unknown" and "kualitatif" in row["reason"] and np.isnan(row["forecast"])

	def test_a_missing_figure_is_not_zero(self):
		gap = {year: value for year, value in RISING.items() if year != 2023}
		full, without = (
			only(points(values), targets({2026: 60.0})) for values in (gap | {2023: np.nan}, gap)
		)
		assert full["forecast"] == without["forecast"] > 50

	def test_quarters_of_a_sum_are_not_compared_with_years(self):
		values = {(year, number): 25.0 * number for year in (2022, 2023, 2024) for number in (1, 2, 3, 4)}
		row = only(
			points(values | {(2025, 1): 25.0, (2025, 2): 50.0}, periods=4, consolidation="SUM"),
			targets({2025: 100.0}),
		)
		assert row["forecast"] == pytest.approx(100.0) and row["status"] == "on_track"


class TestReason:
	def test_says_forecast_target_chance_and_method(self):
		row = only(points(RISING), targets({2026: 60.0}))
		assert f"Perkiraan {format_number(row['forecast'], 1)} (rentang 80%" in row["reason"]
		assert f"target 60; peluang tercapai {format_number(100 * row['probability'], 0)}%" in row["reason"]
		assert "pada 4 uji mundur" in row["reason"]

	def test_unsure_is_not_said_as_certain(self):
		row = only(points(RISING), targets({2026: 95.0}))
		assert 0 < row["probability"] < OFF_TRACK and "0%" not in row["reason"].replace("80%", "").replace(
			"di bawah 1%", ""
		)


figures = st.lists(st.floats(0.5, 5000).map(lambda value: round(value, 1)), min_size=3, max_size=9)


@given(
	figures, st.floats(0.5, 5000), st.sampled_from(["maximize", "minimize", "stabilize"]), st.integers(-8, 12)
)
def test_scaling_all_figures_changes_no_status(values, target, polarity, power):
	# Powers of two scale without rounding, so that ties stay ties.
	factor = 2.0**power
	by_year = dict(zip(range(2015, 2015 + len(values)), values, strict=True))
	one = analyse(points(by_year, polarity=polarity), targets({2030: target}))
	other = analyse(
		points({year: value * factor for year, value in by_year.items()}, polarity=polarity),
		targets({2030: target * factor}),
	)
	assert one["status"].tolist() == other["status"].tolist()
	np.testing.assert_allclose(one["probability"], other["probability"], rtol=1e-9, atol=1e-12)


@given(st.lists(figures, min_size=2, max_size=4), st.randoms(use_true_random=False), st.floats(1, 3000))
def test_order_of_rows_does_not_matter(series, random, target):
	parts = [points(dict(enumerate(values, 2015)), key=f"K{number}") for number, values in enumerate(series)]
	rows = pd.concat(parts, ignore_index=True)
	wanted = pd.concat([targets({2027: target, 2030: target}, key=f"K{n}") for n in range(len(series))])
	order = list(range(len(rows)))
	random.shuffle(order)
	pd.testing.assert_frame_equal(analyse(rows, wanted), analyse(rows.iloc[order], wanted[::-1]))


@given(figures, st.floats(0.5, 5000))
def test_probability_agrees_with_the_interval(values, target):
	row = only(points(dict(enumerate(values, 2015))), targets({2030: target}))
	assert row["status"] in STATUSES and 0 <= row["probability"] <= 1
	assert (round(row["probability"], 2) >= ON_TRACK) == (row["status"] == "on_track")  # as it is printed
	if row["upper"] - row["lower"] > 1e-6:
		assert (row["probability"] > 0.9) <= (row["lower"] > target * (1 - 1e-9))
		assert (row["probability"] < 0.1) <= (row["upper"] < target * (1 + 1e-9))


def test_one_indicator_does_not_touch_another():
	rows = points(RISING)
	others = [points({2023: 1.0, 2024: 5.0, 2025: 2.0}, key=key) for key in ("A", "Z")]
	wanted = targets({2026: 60.0})
	alone = analyse(rows, wanted)
	among = analyse(pd.concat([others[0], rows, others[1]]), wanted)
	pd.testing.assert_frame_equal(alone, among[among["key"] == "K"].reset_index(drop=True))


def test_an_empty_frame_gives_an_empty_one():
	assert analyse(points({}), targets({})).empty


class TestWhatHasAccumulated:
	"""A sum can only grow within its year."""

	PAST = {
		(year, number): 25.0 * number * (1 + (year - 2020) / 10)
		for year in (2021, 2022, 2023, 2024)
		for number in (1, 2, 3, 4)
	}

	@pytest.mark.parametrize(("polarity", "probability"), [("maximize", 1.0), ("minimize", 0.0)])
	def test_a_target_that_is_passed_is_passed(self, polarity, probability):
		rows = points(self.PAST | {(2025, 1): 150.0}, periods=4, consolidation="SUM", polarity=polarity)
		row = only(rows, targets({2025: 140.0}))
		assert row["probability"] == probability and row["lower"] >= 150.0

	def test_a_figure_that_never_was_negative_is_not_forecast_so(self):
		row = only(points({2021: 23.7, 2022: 30.9, 2023: 4.1, 2024: 5.9, 2025: 6.1}), targets({2026: 5.0}))
		assert 0 <= row["lower"] <= row["forecast"]

	def test_a_share_does_not_pass_a_hundred(self):
		known = {2021: 80.0, 2022: 86.0, 2023: 92.0, 2024: 97.9, 2025: 99.0}
		row = only(points(known, unit="%"), targets({2026: 99.0}))
		assert row["forecast"] <= row["upper"] <= 100
		index = only(
			points({2021: 80.0, 2022: 86.0, 2023: 92.0, 2024: 98.0, 2025: 104.0}), targets({2026: 99.0})
		)
		assert index["forecast"] == 110

	def test_a_quarter_that_is_missing_leaves_the_year_open(self):
		values = {(2025, 1): 5.0, (2025, 3): 10.0, (2025, 4): 15.0}
		rows = points(self.PAST | values, periods=4, consolidation="SUM")
		assert not only(rows, targets({2025: 20.0}))["is_final"]

	def test_a_slip_is_not_carried_into_the_rest_of_the_year(self):
		slip = {(2025, 1): 250.0, (2025, 2): 300.0}
		rows = points(self.PAST | slip, periods=4, consolidation="SUM")
		findings = pd.DataFrame({"key": ["K"], "year": [2025], "number": [1], "code": ["magnitude"]})
		row = analyse(rows, targets({2025: 200.0}), findings).iloc[0]
		assert row["forecast"] < 250 and "diduga salah tulis" in row["reason"]


class TestCertainty:
	@pytest.mark.parametrize(("target", "status"), [(5.0, "on_track"), (7.0, "off_track")])
	def test_what_never_changed_is_likely_not_certain(self, target, status):
		row = only(points(dict.fromkeys(range(2021, 2026), 5.0)), targets({2027: target}))
		assert 0 < row["probability"] < 1 and row["status"] == status and row["lower"] < 5 < row["upper"]

	def test_the_year_that_is_asked_about_comes_first(self):
		old = analyse(points({2021: 5.0, 2022: 6.0, 2023: 7.0}), targets({2024: 8.0, 2026: 9.0}), since=2026)
		assert old["year"].tolist() == [2026]

	def test_a_target_to_be_hit_says_its_tolerance(self):
		row = only(points(RISING, polarity="stabilize"), targets({2026: 60.0}))
		assert "target 60 ± 5%" in row["reason"]
