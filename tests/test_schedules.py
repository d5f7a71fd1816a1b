"""Calendars of subscriptions: the right day, one occurrence per period, and nothing before the start."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.schedules import FREQUENCIES, WEEKDAYS, Occurrence, Schedule, last_due, next_due

EARLY = date(2020, 1, 1)
DAYS = st.dates(date(2021, 1, 1), date(2035, 12, 31))
MOMENTS = st.datetimes(datetime(2021, 1, 1), datetime(2035, 12, 31))
CALENDARS = st.builds(
	Schedule,
	frequency=st.sampled_from(FREQUENCIES[:3]),
	starts_on=DAYS,
	hour=st.integers(0, 23),
	weekday=st.sampled_from(WEEKDAYS),
	day=st.integers(1, 31),
)
CLOSINGS = st.builds(
	Schedule,
	frequency=st.just("After Period Closes"),
	starts_on=DAYS,
	hour=st.integers(0, 23),
	days_after=st.integers(0, 60),
	closings=st.dictionaries(st.text("TW0123456789-", min_size=1, max_size=9), DAYS, max_size=8).map(
		lambda closings: tuple(closings.items())
	),
)
SCHEDULES = CALENDARS | CLOSINGS


@pytest.mark.parametrize(
	("values", "now", "last", "following"),
	[
		(
			{"frequency": "Weekly", "weekday": "Monday"},
			datetime(2026, 11, 18, 9),
			("2026-W47", datetime(2026, 11, 16, 7)),
			("2026-W48", datetime(2026, 11, 23, 7)),
		),
		(  # the first days of January belong to the last week of the year before
			{"frequency": "Weekly", "weekday": "Friday"},
			datetime(2027, 1, 1, 7),
			("2026-W53", datetime(2027, 1, 1, 7)),
			("2027-W01", datetime(2027, 1, 8, 7)),
		),
		(
			{"frequency": "Monthly", "day": 31},
			datetime(2026, 12, 1),
			("2026-11", datetime(2026, 11, 30, 7)),
			("2026-12", datetime(2026, 12, 31, 7)),
		),
		(
			{"frequency": "Monthly", "day": 31, "hour": 0},
			datetime(2028, 2, 28, 23, 59),
			("2028-01", datetime(2028, 1, 31)),
			("2028-02", datetime(2028, 2, 29)),
		),
		(
			{"frequency": "Quarterly", "day": 10},
			datetime(2026, 11, 22),
			("2026-Q3", datetime(2026, 10, 10, 7)),
			("2026-Q4", datetime(2027, 1, 10, 7)),
		),
		(
			{"frequency": "Quarterly", "day": 31},
			datetime(2026, 4, 30, 6, 59),
			("2025-Q4", datetime(2026, 1, 31, 7)),
			("2026-Q1", datetime(2026, 4, 30, 7)),
		),
		(
			{
				"frequency": "After Period Closes",
				"days_after": 2,
				"closings": (("2026-TW2", date(2026, 7, 25)), ("2026-TW3", date(2026, 10, 25))),
			},
			datetime(2026, 10, 1),
			("2026-TW2", datetime(2026, 7, 27, 7)),
			("2026-TW3", datetime(2026, 10, 27, 7)),
		),
	],
)
def test_due_times_as_a_calendar_gives_them(values, now, last, following):
	schedule = Schedule(starts_on=EARLY, **values)
	assert last_due(schedule, now) == Occurrence(*last)
	assert next_due(schedule, now) == Occurrence(*following)


def test_a_period_that_is_not_known_yet_is_not_due():
	schedule = Schedule("After Period Closes", EARLY, closings=(("2026-TW1", date(2026, 4, 25)),))
	assert next_due(schedule, datetime(2026, 5, 1)) is None
	assert last_due(schedule, datetime(2026, 4, 1)) is None


@given(SCHEDULES, MOMENTS)
def test_now_lies_between_the_last_and_the_next(schedule, now):
	last, following = last_due(schedule, now), next_due(schedule, now)
	assert last is None or (schedule.starts_on <= last.due.date() and last.due <= now)
	assert following is None or (schedule.starts_on <= following.due.date() and following.due > now)


@given(SCHEDULES, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=800)))
def test_later_is_never_before_earlier(schedule, now, pause):
	for due in (last_due, next_due):
		earlier, later = due(schedule, now), due(schedule, now + pause)
		assert earlier is None or later is None or earlier.due <= later.due


@given(SCHEDULES, MOMENTS)
def test_the_next_is_the_last_once_its_time_has_come_and_not_before(schedule, now):
	following = next_due(schedule, now)
	if following:
		assert last_due(schedule, following.due).due == following.due
		assert last_due(schedule, following.due - timedelta(seconds=1)) == last_due(schedule, now)


@given(CALENDARS, MOMENTS)
def test_every_period_of_a_calendar_has_one_occurrence_and_none_is_left_out(schedule, now):
	seen = []
	for _ in range(60):
		seen.append(next_due(schedule, now))
		now = seen[-1].due
	assert len({each.key for each in seen}) == 60
	longest = {"Weekly": 7, "Monthly": 31, "Quarterly": 92}[schedule.frequency]
	gaps = [later.due - earlier.due for earlier, later in itertools.pairwise(seen)]
	# From the end of a short month to the end of a long one
	assert max(gaps) <= timedelta(days=longest + (schedule.frequency != "Weekly") * 3)


@pytest.mark.parametrize(
	"values", [{"hour": 24}, {"day": 0}, {"day": 32}, {"days_after": -1}, {"weekday": "Senin"}]
)
def test_values_that_make_no_calendar_are_refused(values):
	with pytest.raises(ValueError):
		Schedule("Monthly", EARLY, **values)
