"""The schedule of Data Sources: each in a job of its own, so that one that fails never stops the others."""

import frappe
from frappe import _
from frappe.utils import add_days, add_months, cint, get_datetime, getdate, now_datetime, today

from seroja.constants import ADMINISTRATOR
from seroja.services import data_runs, notices
from seroja.services.data_runs import FAILED, RUN, SOURCE

FAILURES_BEFORE_WARNING = 3
MOST_PERIODS = 4  # of a turn, so that it ends within the time of its job


def fetch_due() -> None:
	"""Queue a run for each source whose time has come; what is queued already is not queued twice."""
	for name in due_sources():
		frappe.enqueue(
			"seroja.tasks.sources.fetch_source",
			queue="long",
			timeout=900,
			job_id=f"seroja-source-{frappe.scrub(name)}",
			deduplicate=True,
			source=name,
		)


def due_sources(now=None) -> list[str]:
	"""Sources whose schedule has not had its turn and does not wait after a failure; runs by hand put nothing off."""
	now = get_datetime(now or now_datetime())
	rows = frappe.get_all(
		SOURCE,
		{"is_enabled": 1, "schedule": ["!=", "By Hand"]},
		["name", "schedule", "last_turn_on", "next_attempt_on"],
	)
	return [
		row.name
		for row in rows
		if (not row.next_attempt_on or row.next_attempt_on <= now)
		and (not row.last_turn_on or row.last_turn_on <= _turn_before(now, row.schedule))
	]


def _turn_before(now, schedule: str):
	return {
		"Daily": lambda: add_days(now, -1),
		"Weekly": lambda: add_days(now, -7),
		"Monthly": lambda: add_months(now, -1),
	}[schedule]()


def fetch_source(name: str) -> list:
	"""One turn of the schedule: a run for each period that is open, the latest first; a person accepts them."""
	source = frappe.get_doc(SOURCE, name)
	runs = [_fetch(name, period) for period in _open_periods()]
	failures = [run.flags.failure for run in runs if run.state == FAILED]
	if failures:
		data_runs.note_failure(
			source, max(failures, key=lambda failure: cint(getattr(failure, "retry_after", 0)))
		)
		warn_of_failure(name)
	elif runs:
		data_runs.note_turn(source)
	return runs


def _fetch(source: str, period: str):
	run = frappe.get_doc({"doctype": RUN, "data_source": source, "period": period}).insert()
	frappe.db.savepoint("fetching")
	try:
		data_runs.fetch(run, is_scheduled=True)
	except (
		Exception
	) as error:  # of whatever kind: it must count, or the source would be asked every hour for ever
		frappe.db.rollback(save_point="fetching")
		frappe.log_error(f"Data Source {source}")
		reason = _("The run ended with an unforeseen error ({0}); the Error Log has it.").format(
			type(error).__name__
		)
		run.state, run.flags.failure = FAILED, Exception(reason)
	if run.state != FAILED and run.flags.new_shape:
		_tell(
			source,
			f"{run.name}:shape",
			lambda lang: _("The answer of {0} has changed its shape", lang).format(source),
		)
	return run


def _open_periods() -> list[str]:
	return frappe.get_all(
		"Reporting Period",
		{"entry_opens": ["<=", today()], "verification_closes": [">=", today()]},
		pluck="name",
		order_by="start_date desc",
		limit=MOST_PERIODS,
	)


def warn_of_failure(source: str) -> None:
	"""Tell the administrators once per row of failures."""
	failures, last = frappe.db.get_value(SOURCE, source, ["failures", "last_success_on"])
	if failures >= FAILURES_BEFORE_WARNING:
		_tell(
			source,
			f"{source}:failed:{last}",
			lambda lang: _("{0} could not be fetched several times in a row", lang).format(source),
		)


def warn_of_silence() -> int:
	"""Tell the administrators of sources that have given no record for longer than they may; once per silence."""
	rows = frappe.get_all(
		SOURCE,
		{"is_enabled": 1, "silent_days": [">", 0], "warned_on": ["is", "not set"]},
		["name", "silent_days", "last_records_on", "creation"],
	)
	silent = [
		row
		for row in rows
		if getdate(row.last_records_on or row.creation) < getdate(add_days(today(), -row.silent_days))
	]
	for row in silent:
		_tell(
			row.name,
			f"{row.name}:silent:{row.last_records_on}",
			lambda lang, row=row: _("{0} has been silent for more than {1} days", lang).format(
				row.name, row.silent_days
			),
		)
		frappe.db.set_value(SOURCE, row.name, "warned_on", today(), update_modified=False)
	return len(silent)


def _tell(source: str, event: str, subject) -> None:
	notices.tell(notices.users_with_role(ADMINISTRATOR), event, subject, SOURCE, source)
