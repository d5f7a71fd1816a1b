"""Once a day."""

from seroja.services import notices


def remind() -> None:
	"""Reminders before deadlines; running twice tells nobody twice."""
	notices.remind_of_deadlines()
