"""Periods of a year and their consolidation (domain.md 2.5)."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.achievement import achievement
from seroja.core.periods import (
	CONSOLIDATIONS,
	Period,
	consolidate,
	parse_period,
	target_problems,
	year_to_date,
)

NONE = np.nan
PERIODS = st.sampled_from([("year", 1), ("semester", 2), ("quarter", 4), ("month", 12)]).flatmap(
	lambda kind: st.builds(Period, st.integers(1900, 2200), st.just(kind[0]), st.integers(1, kind[1]))
)


@pytest.mark.parametrize(
	("period", "start", "end", "label"),
	[
		(Period(2025), date(2025, 1, 1), date(2025, 12, 31), "Tahun 2025"),
		(Period(2025, "semester", 2), date(2025, 7, 1), date(2025, 12, 31), "Semester II 2025"),
		(Period(2025, "quarter", 2), date(2025, 4, 1), date(2025, 6, 30), "Triwulan II 2025"),
		(Period(2025, "quarter", 4), date(2025, 10, 1), date(2025, 12, 31), "Triwulan IV 2025"),
		(Period(2024, "month", 2), date(2024, 2, 1), date(2024, 2, 29), "Februari 2024"),
		(Period(2025, "month", 12), date(2025, 12, 1), date(2025, 12, 31), "Desember 2025"),
	],
)
def test_a_period_knows_its_days_and_its_name(period, start, end, label):
	assert (period.start, period.end, period.label) == (start, end, label)


@given(st.integers(1900, 2200), st.sampled_from([("semester", 2), ("quarter", 4), ("month", 12)]))
def test_the_parts_of_a_year_follow_each_other_without_a_hole(year, kind):
	name, count = kind
	parts = [Period(year, name, number) for number in range(1, count + 1)]
	assert parts[0].start == Period(year).start and parts[-1].end == Period(year).end
	for earlier, later in pairwise(parts):
		assert (later.start - earlier.end).days == 1
	assert parts == sorted(parts)


@pytest.mark.parametrize(
	("kind", "number"), [("quarter", 0), ("quarter", 5), ("semester", 3), ("month", 13), ("week", 1)]
)
def test_a_period_that_does_not_exist_is_refused(kind, number):
	with pytest.raises(ValueError, match="no such period"):
		Period(2025, kind, number)


@pytest.mark.parametrize(
	("text", "period"),
	[
		(None, Period(2025)),
		("", Period(2025)),
		("2025", Period(2025)),
		("tahunan", Period(2025)),
		("TW2", Period(2025, "quarter", 2)),
		("tw 2", Period(2025, "quarter", 2)),
		("Triwulan II", Period(2025, "quarter", 2)),
		("Q4", Period(2025, "quarter", 4)),
		("IV", Period(2025, "quarter", 4)),
		(3, Period(2025, "quarter", 3)),
		("2025-Q1", Period(2025, "quarter", 1)),
		("TW1 2025", Period(2025, "quarter", 1)),
		("S1", Period(2025, "semester", 1)),
		("Semester II", Period(2025, "semester", 2)),
		("M03", Period(2025, "month", 3)),
		("Bulan 12", Period(2025, "month", 12)),
	],
)
def test_a_period_is_read_in_every_usual_way_of_writing(text, period):
	assert parse_period(2025, text) == period


@pytest.mark.parametrize("text", ["TW5", "Q0", "S3", "M13", "2024", "TW1 2024", "kuartal satu", "5"])
def test_a_period_that_cannot_be_read_is_refused_with_an_example(text):
	with pytest.raises(ValueError, match="Tulis misalnya TW1"):
		parse_period(2025, text)


@given(PERIODS)
def test_the_name_that_is_printed_for_a_period_can_be_typed_in_again(period):
	assert parse_period(period.year, period.label) == period


# --- consolidation ---


@pytest.mark.parametrize(
	("consolidation", "expected"), [("SUM", 60.0), ("LAST", 30.0), ("AVERAGE", 20.0), ("MAX", 30.0)]
)
def test_a_missing_quarter_is_no_value_and_not_zero(consolidation, expected):
	assert consolidate([10.0, NONE, 20.0, 30.0], consolidation) == expected
	assert consolidate([10.0, 20.0, 30.0, NONE], consolidation) == expected


@pytest.mark.parametrize("consolidation", CONSOLIDATIONS)
def test_without_any_quarter_there_is_no_value(consolidation):
	assert np.isnan(consolidate([NONE] * 4, consolidation))


@pytest.mark.parametrize("consolidation", CONSOLIDATIONS)
def test_a_quarter_of_zero_is_a_value(consolidation):
	assert consolidate([0.0, NONE, NONE, NONE], consolidation) == 0.0


def test_the_largest_of_negative_quarters_is_negative():
	assert consolidate([-74.95, NONE, -80.0, NONE], "MAX") == -74.95


def test_an_unknown_consolidation_is_refused():
	with pytest.raises(ValueError, match="MEDIAN"):
		consolidate([1.0], "MEDIAN")


def test_polewali_mandar_quarters_sum_up_to_the_published_year():
	# domain.md 2.5 and the notes of its rows in published-achievements.csv.
	documents = consolidate([1, NONE, 0, 2], "SUM")
	assert achievement("maximize", 2, documents).raw == 150.0
	assert consolidate([177776900, 217285100, 159227092, 446683866], "SUM") == 1000972958
	assert consolidate([177776900, 139800500, 156653392, 331138792], "SUM") == 805369584


@pytest.mark.parametrize("consolidation", CONSOLIDATIONS)
@given(quarters=st.lists(st.lists(st.floats(-1e6, 1e6) | st.just(NONE), min_size=4, max_size=4), min_size=1))
def test_many_indicators_are_consolidated_as_one_by_one(consolidation, quarters):
	together = consolidate(quarters, consolidation)
	one_by_one = [consolidate(row, consolidation) for row in quarters]
	np.testing.assert_array_equal(together, one_by_one)


def test_the_year_to_date_ends_with_the_quarter():
	targets, realizations = [25, 50, 75, 100], [20, 10, NONE, 99]
	assert year_to_date(targets, realizations, "SUM", 2) == (50, 30)
	assert year_to_date(targets, realizations, "SUM", 3) == (75, 30)
	assert year_to_date(targets, realizations, "LAST", 1) == (25, 20)


def test_the_year_to_date_target_is_the_last_one_set_so_far():
	target, realization = year_to_date([40, NONE, NONE, 90], [NONE, NONE, NONE, 80], "LAST", 3)
	assert target == 40 and np.isnan(realization)


# --- quarter targets ---


@pytest.mark.parametrize(
	("targets", "year_target", "consolidation"),
	[
		([25, 50, 75, 100], 100, "SUM"),
		([25, 25, 25, 100], 100, "SUM"),
		([NONE, NONE, NONE, 100], 100, "SUM"),
		([None, 50, None, None], 100, "SUM"),
		([90, 80, 70, 60], 60, "LAST"),
		([NONE] * 4, 100, "LAST"),
		([90, 80, 70, 60], 75, "AVERAGE"),
		([90, 80, 70, 60], 90, "MAX"),
	],
)
def test_quarter_targets_that_fit_the_year_are_accepted(targets, year_target, consolidation):
	assert target_problems(targets, year_target, consolidation) == []


@pytest.mark.parametrize(
	("targets", "year_target", "consolidation", "problem"),
	[
		([25, 20, 75, 100], 100, "SUM", "tidak boleh turun"),
		([50, None, 25, 100], 100, "SUM", "tidak boleh turun"),
		([25, 25, 25, 25], 100, "SUM", "triwulan IV"),
		([90, 80, 70, 60], 70, "LAST", "triwulan IV"),
	],
)
def test_a_contradiction_in_quarter_targets_is_named(targets, year_target, consolidation, problem):
	assert any(problem in found for found in target_problems(targets, year_target, consolidation))
