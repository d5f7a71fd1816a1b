"""When a report is due: by week, month or quarter, or some days after a period closes (design.md decision 8).

Each occurrence has a key that names it once and for all, so that nobody is sent the same one twice.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

FREQUENCIES = ("Weekly", "Monthly", "Quarterly", "After Period Closes")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Schedule:
	"""A calendar; closings: name of a period → the day it closes, for "After Period Closes" only."""

	frequency: str
	starts_on: date
	hour: int = 7
	weekday: str = "Monday"
	day: int = 1
	days_after: int = 1
	closings: tuple[tuple[str, date], ...] = ()

	def __post_init__(self):
		if self.frequency not in FREQUENCIES or self.weekday not in WEEKDAYS:
			raise ValueError(f"no such frequency or weekday: {self.frequency}, {self.weekday}")
		if not (0 <= self.hour <= 23 and 1 <= self.day <= 31 and self.days_after >= 0):
			raise ValueError(f"out of range: hour {self.hour}, day {self.day}, days after {self.days_after}")


@dataclass(frozen=True)
class Occurrence:
	"""One time that a schedule is due: "2026-W47", "2026-11", "2026-Q3" (the quarter that has ended) or a period."""

	key: str
	due: datetime


def last_due(schedule: Schedule, now: datetime) -> Occurrence | None:
	"""The latest occurrence up to now, that moment included; None when nothing was due since the start."""
	found = [each for each in _around(schedule, now.date()) if each.due <= now]
	return max(found, key=_order, default=None)


def next_due(schedule: Schedule, now: datetime) -> Occurrence | None:
	"""The first occurrence after now; None when no period is left to close."""
	found = [each for each in _around(schedule, max(now.date(), schedule.starts_on)) if each.due > now]
	return min(found, key=_order, default=None)


def _order(occurrence: Occurrence) -> tuple[datetime, str]:
	return occurrence.due, occurrence.key


def _around(schedule: Schedule, day: date) -> Iterator[Occurrence]:
	"""The occurrences from the one before a day to the one after it, none before the start."""
	for key, on in _NEAR[schedule.frequency](schedule, day):
		if on >= schedule.starts_on:
			yield Occurrence(key, datetime.combine(on, time(schedule.hour)))


def _weeks(schedule: Schedule, day: date) -> Iterator[tuple[str, date]]:
	monday = day - timedelta(days=day.weekday())
	for weeks in (-1, 0, 1):
		on = monday + timedelta(weeks=weeks, days=WEEKDAYS.index(schedule.weekday))
		year, week, _ = on.isocalendar()
		yield f"{year}-W{week:02}", on


def _months(schedule: Schedule, day: date) -> Iterator[tuple[str, date]]:
	for months in (-1, 0, 1):
		on = _day_of_month(schedule, day.year * 12 + day.month - 1 + months)
		yield f"{on:%Y-%m}", on


def _quarters(schedule: Schedule, day: date) -> Iterator[tuple[str, date]]:
	quarter = day.year * 4 + (day.month - 1) // 3
	for ended in (quarter - 2, quarter - 1, quarter):
		yield f"{ended // 4}-Q{ended % 4 + 1}", _day_of_month(schedule, (ended + 1) * 3)


def _day_of_month(schedule: Schedule, months: int) -> date:
	"""The day in a month, given as months since the year 0; the last one where the month is shorter."""
	year, month = months // 12, months % 12 + 1
	return date(year, month, min(schedule.day, monthrange(year, month)[1]))


def _closings(schedule: Schedule, day: date) -> Iterator[tuple[str, date]]:
	for period, closes in schedule.closings:
		yield period, closes + timedelta(days=schedule.days_after)


_NEAR = {"Weekly": _weeks, "Monthly": _months, "Quarterly": _quarters, "After Period Closes": _closings}
