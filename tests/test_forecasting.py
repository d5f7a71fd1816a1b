"""Forecasts: the published series back-tested, the choice of the method, the interval."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.forecasting import FEWEST_TESTS, METHODS, NAIVE, Series

QUARTERS = (3, 6, 9, 12)


def ends(*years) -> np.ndarray:
	return np.array([(year + 1) * 12 for year in years])


def quarterly(rows, first_year=2021, accumulates=False) -> Series:
	"""A series from rows of quarter values, the last of which may be short."""
	times = [
		(first_year + number) * 12 + month
		for number, row in enumerate(rows)
		for month in QUARTERS[: len(row)]
	]
	return Series(
		np.array(times), np.array([value for row in rows for value in row], dtype=float), accumulates
	)


@pytest.fixture(scope="module")
def tested(indicator_series) -> pd.DataFrame:
	"""Absolute scaled errors of each published series, its last year left out, and whether the interval held."""
	found = []
	for values in indicator_series:
		series, truth = Series(ends(*range(2021, 2025)), values[:4]), values[4]
		made = series.forecast(int(ends(2025)[0]))
		lower, upper = made.interval
		scale = np.mean(np.abs(np.diff(values[:4])))
		found.append(
			{
				"shipped": abs(made.value - truth) / scale,
				"last": abs(values[3] - truth) / scale,
				"same change": abs(2 * values[3] - values[2] - truth) / scale,
				"covered": lower <= truth <= upper,
			}
		)
	return pd.DataFrame(found)


class TestPublishedSeries:
	"""indicator-series.csv (docs/analysis.md has the table)."""

	def test_has_the_complete_series(self, indicator_series):
		assert len(indicator_series) == 49

	@pytest.mark.parametrize("measure", ["mean", "median"])
	def test_no_worse_than_the_better_naive_forecast(self, tested, measure):
		errors = tested.drop(columns="covered").agg(measure)
		assert errors["shipped"] <= min(errors["last"], errors["same change"])

	def test_interval_covers_what_it_says(self, tested):
		assert 0.70 <= tested["covered"].mean() <= 0.90


class TestChoice:
	def test_a_straight_line_goes_on(self):
		found = Series(ends(*range(2021, 2026)), np.arange(5.0) * 2 + 10).forecast(int(ends(2027)[0]))
		assert (found.method, found.value) == ("trend", 22.0)

	def test_a_level_stays(self):
		found = Series(ends(*range(2021, 2026)), np.array([5.0, 5.2, 4.9, 5.1, 5.0])).forecast(
			int(ends(2026)[0])
		)
		assert (found.method, found.value) == ("last", 5.0)

	def test_same_share_as_last_year(self):
		# Half of each year's total falls into its last quarter; the years themselves jump about.
		rows = [[size, 2 * size, 3 * size, 6 * size] for size in (10, 25, 7, 18)]
		found = quarterly([*rows, [11, 22]], accumulates=True).forecast(int(ends(2025)[0]))
		assert (found.method, found.value) == ("share", 66.0)

	def test_one_odd_year_does_not_set_the_share(self):
		rows = [[size, 2 * size, 3 * size, 6 * size] for size in (10, 25, 7)]
		rows = [rows[0], [30, 60, 90, 91], *rows[1:], [4, 8, 12, 13]]
		found = quarterly([*rows, [11, 22]], accumulates=True).forecast(int(ends(2026)[0]))
		assert found.method == "median_share"
		assert found.value == pytest.approx(66.0)

	def test_what_has_accumulated_is_not_forecast_away(self):
		rows = [[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4]]
		found = quarterly([*rows, [9, 18]], accumulates=True).forecast(int(ends(2024)[0]))
		assert found.value >= 18

	def test_two_values_give_no_interval(self):
		found = Series(ends(2024, 2025), np.array([3.0, 4.0])).forecast(int(ends(2026)[0]))
		assert found.tests < FEWEST_TESTS and found.interval is None and found.method == "last"

	def test_a_further_year_is_less_sure(self):
		series = Series(ends(*range(2021, 2026)), np.array([5.0, 5.6, 4.9, 5.8, 5.1]))
		widths = [np.ptp(series.forecast(int(ends(year)[0])).interval) for year in (2026, 2027, 2029)]
		assert widths == sorted(widths) and widths[0] < widths[-1]

	@given(st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 2)), min_size=3, max_size=10))
	def test_never_loses_to_a_naive_one_on_its_own_past(self, values):
		series = Series(ends(*range(2000, 2000 + len(values))), np.array(values))
		found = series.forecast(int(ends(2000 + len(values))[0]))
		assert found.error <= found.naive_error
		assert found.method in METHODS

	@given(
		st.lists(st.lists(st.floats(0.1, 1e4), min_size=4, max_size=4), min_size=2, max_size=5),
		st.integers(1, 3),
		st.booleans(),
	)
	def test_quarters_never_lose_either(self, years, known, accumulates):
		rows = [np.cumsum(row).tolist() if accumulates else row for row in years]
		rows[-1] = rows[-1][:known]
		found = quarterly(rows, accumulates=accumulates).forecast(int(ends(2020 + len(rows))[0]))
		assert found.error is None or found.error <= found.naive_error * (1 + 1e-9)
		assert found.tests >= FEWEST_TESTS or found.method in NAIVE


class TestSeasonality:
	def test_a_heavy_last_quarter_is_seen(self):
		rows = [np.cumsum([size, size * 1.1, size * 0.9, size * 5]).tolist() for size in (10, 25, 7, 18)]
		number, share = quarterly(rows, accumulates=True).seasonality()
		assert number == 4 and share == pytest.approx(5 / 8)

	def test_none_in_even_quarters(self):
		rows = [[4, 5, 4, 5], [5, 4, 5, 4], [4, 5, 5, 4], [5, 4, 4, 5]]
		assert quarterly(rows).seasonality() is None

	def test_two_years_are_not_enough(self):
		assert quarterly([[1, 2, 3, 9]] * 2, accumulates=True).seasonality() is None

	def test_yearly_values_have_none(self):
		assert Series(ends(2023, 2024, 2025), np.array([1.0, 2.0, 3.0])).seasonality() is None
