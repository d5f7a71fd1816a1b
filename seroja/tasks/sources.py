"""Figures of other systems."""

from seroja.services import data_schedule


def fetch_source(source: str) -> None:
	"""One source in a job of its own; the scheduler runs it as Administrator."""
	data_schedule.fetch_source(source)


def fetch_due() -> None:
	"""Once an hour: queue what is due."""
	data_schedule.fetch_due()


def warn_of_silence() -> None:
	"""Once a day: name the sources that have fallen silent."""
	data_schedule.warn_of_silence()
