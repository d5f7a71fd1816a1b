"""The dashboard on verification: states, waiting sheets, deadlines and delays."""

from collections import Counter
from itertools import pairwise

import frappe
from frappe import _
from frappe.utils import date_diff, today

from seroja.constants import APPROVED_BY_HEAD, DRAFT, INSPEKTORAT, REALIZATION, RETURNED, SUBMITTED, VERIFIED
from seroja.core.numbers import format_number
from seroja.permissions.opd import holders
from seroja.services import repository
from seroja.services.dashboard_parts import (
	SHOWN,
	cell,
	day,
	due_cell,
	figure,
	form,
	is_past,
	number,
	out_of,
	report,
	table,
)
from seroja.services.periods import get_windows

STATES = ("", DRAFT, RETURNED, SUBMITTED, APPROVED_BY_HEAD, VERIFIED)
# The longest wait, in days, of each class but the last.
AGES = (7, 14, 30)


def sheets_and_owing(year: int) -> tuple[list[dict], dict[str, int]]:
	"""The sheets of a year, and the OPDs that owe one."""
	return repository.sheets_of_year(year, {}), repository.expected_opds(year, {})


def _states_of(period: str, sheets: list[dict], expected: dict) -> dict[str, str]:
	"""OPD → the state of its sheet of a period, empty where it has none."""
	held = {sheet.opd: sheet.workflow_state for sheet in sheets if sheet.period == period}
	return dict.fromkeys(expected, "") | held


def sheet_card(period, sheets: list[dict], expected: dict[str, int]) -> dict:
	states = _states_of(period.name, sheets, expected)
	verified = sum(state == VERIFIED for state in states.values())
	link = report("Verification Status", period=period.name)
	return figure(_("Sheets Verified"), out_of(verified, len(states)), link)


def waiting_card(sheets: list[dict], period) -> dict:
	count = sum(sheet.workflow_state == APPROVED_BY_HEAD for sheet in sheets)
	link = report("Verification Status", period=period.name)
	return figure(
		_("Sheets to Verify"), format_number(count, 0), link, _("all quarters of {0}").format(period.year)
	)


def deadline_card(period, own: set[str]) -> dict:
	"""The first day by which an own OPD must have handed in or decided, in the quarter that opened last."""
	current = repository.chosen_period({}) or period
	own_sheets = [sheet for sheet in repository.sheets_of_year(current.year, {}) if sheet.opd in own]
	states = _states_of(current.name, own_sheets, dict.fromkeys(own))
	windows = get_windows([current.name], list(own))
	due = min((windows.due(current.name, opd, state) for opd, state in _with_opd(states)), default=None)
	note = current.label if due else _("{0}: handed in").format(current.label)
	link = report("Verification Status", period=current.name)
	return figure(_("Deadline"), day(due), link, note, is_bad=is_past(due))


def _with_opd(states: dict[str, str]) -> list[tuple[str, str]]:
	"""(OPD, state) of the sheets that the OPDs hold themselves."""
	return [(opd, state) for opd, state in states.items() if state not in (APPROVED_BY_HEAD, VERIFIED)]


def opened_quarters(year: int) -> list[dict]:
	"""The quarters of a year whose entry has opened, with name and label."""
	opened = {"year": year, "entry_opens": ["<=", today()]}
	return frappe.get_all("Reporting Period", opened, ["name", "label"], order_by="start_date")


def states_per_quarter(quarters: list[dict], sheets: list[dict], expected: dict[str, int]) -> dict:
	rows = []
	for quarter in quarters:
		counts = Counter(_states_of(quarter.name, sheets, expected).values())
		link = report("Verification Status", period=quarter.name)
		rows.append([cell(quarter.label, link), *(number(counts[state], 0) for state in STATES)])
	return table(
		_("Sheets by Status"),
		[_("Period"), *(_(state) if state else _("No Sheet") for state in STATES)],
		rows,
		repository.no_period_message(),
	)


def waiting(title: str, sheets: list[dict], states: tuple[str, ...], names: dict, period) -> dict:
	"""The sheets of the year in these states that wait longest, and for whom."""
	found = [sheet for sheet in sheets if sheet.workflow_state in states]
	oldest = sorted(found, key=lambda sheet: (str(sheet.since), sheet.name))[:SHOWN]
	people, windows = _heads(oldest), _windows(oldest)
	rows = [
		[
			cell(names.get(sheet.opd), form(REALIZATION, sheet.name), note=sheet.period),
			cell(_(INSPEKTORAT) if sheet.workflow_state == APPROVED_BY_HEAD else people.get(sheet.opd)),
			number(date_diff(today(), sheet.since), 0),
			due_cell(windows.due(sheet.period, sheet.opd, sheet.workflow_state)),
		]
		for sheet in oldest
	]
	more = {"label": _("All Sheets"), "link": report("Verification Status", period=period.name)}
	columns = [_("OPD"), _("Held By"), _("Days"), _("Due")]
	return table(f"{title} ({len(found)})", columns, rows, _("No sheet waits for verification."), more)


def _heads(sheets: list[dict]) -> dict[str, str]:
	"""OPD → the names of its heads today."""
	found = holders([sheet.opd for sheet in sheets], "Head")
	names = repository.full_names({user for users in found.values() for user in users})
	return {opd: ", ".join(names.get(user) or user for user in users) for opd, users in found.items()}


def _windows(sheets: list[dict]):
	return get_windows([sheet.period for sheet in sheets], [sheet.opd for sheet in sheets])


def ages(sheets: list[dict], period) -> dict:
	"""How long the sheets of the year have been waiting, for the heads and for the Inspektorat."""
	labels = [_("up to {0} days").format(AGES[0])]
	labels += [_("{0} to {1} days").format(low + 1, high) for low, high in pairwise(AGES)]
	labels.append(_("more than {0} days").format(AGES[-1]))
	counts = Counter((_age_class(sheet), sheet.workflow_state) for sheet in sheets)
	rows = [
		[cell(label), *(number(counts[place, state], 0) for state in (SUBMITTED, APPROVED_BY_HEAD))]
		for place, label in enumerate(labels)
	]
	return table(
		_("How Long Sheets Wait"),
		[_("Waiting Time"), _("With the OPD Head"), _("With the Inspektorat")],
		rows,
		"",
		{"label": _("All Sheets"), "link": report("Verification Status", period=period.name)},
	)


def _age_class(sheet: dict) -> int:
	return sum(date_diff(today(), sheet.since) > limit for limit in AGES)


def late_sheets(quarters: list[dict], sheets: list[dict], expected: dict[str, int]) -> list[dict]:
	"""What OPDs have not done in time: rows with opd, period, state, due, the longest delay first."""
	periods, found = [quarter.name for quarter in quarters], []
	windows = get_windows(periods, list({sheet.opd for sheet in sheets} | set(expected)))
	for period in periods:
		for opd, state in _with_opd(_states_of(period, sheets, expected)):
			due = windows.due(period, opd, state)
			found.append({"opd": opd, "period": period, "state": state, "due": due})
	late = [row for row in found if is_past(row["due"])]
	return sorted(late, key=lambda row: (row["due"], row["opd"]))


def late_card(late: list[dict], period) -> dict:
	link = report("Verification Status", period=period.name)
	count, note = format_number(len(late), 0), _("all quarters of {0}").format(period.year)
	return figure(_("Sheets Late at the OPDs"), count, link, note, is_bad=bool(late))


def late_table(late: list[dict], names: dict, period) -> dict:
	rows = [
		[
			cell(
				names.get(row["opd"]),
				report("Verification Status", period=row["period"], opd=row["opd"]),
				note=row["period"],
			),
			cell(_(row["state"]) if row["state"] else _("No Sheet")),
			due_cell(row["due"]),
		]
		for row in late[:SHOWN]
	]
	return table(
		f"{_('OPDs That Are Late')} ({len(late)})",
		[_("OPD"), _("Status"), _("Due")],
		rows,
		_("Every OPD has done its part in time."),
		{"label": _("All Sheets"), "link": report("Verification Status", period=period.name)},
	)
