"""Verification Status: who holds which sheet since when, and which sheets were never started."""

from frappe import _
from frappe.utils import date_diff, getdate

from seroja.constants import APPROVED_BY_HEAD, DRAFT, INSPEKTORAT, RETURNED, SUBMITTED, VERIFIED
from seroja.permissions.opd import holders
from seroja.services import repository
from seroja.services.as_known import day_of
from seroja.services.periods import get_windows
from seroja.services.report_parts import as_filters, bar_chart, build_columns, card, escape_texts

COLUMNS = (
	("opd", "OPD", "Link", 120, "OPD"),
	("opd_name", "Name of OPD", "Data", 260),
	("sheet", "Sheet", "Link", 160, "Performance Realization"),
	("state_label", "Status", "Data", 180),
	("holder", "Held By", "Data", 240),
	("since", "Since", "Date", 110),
	("days", "Days", "Int", 70),
	("due", "Due", "Date", 110),
	("overdue", "Overdue", "Data", 110),
	("late", "Submitted", "Data", 130),
	("completeness", "Completeness (%)", "Float", 120),
)
ORDER = ("", DRAFT, RETURNED, SUBMITTED, APPROVED_BY_HEAD, VERIFIED)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	columns, period = build_columns(COLUMNS), repository.chosen_period(filters)
	if not period:
		return columns, [], repository.no_period_message()
	rows = _rows(period, filters)
	escape_texts(rows, ("opd_name", "holder"))
	counts = {state: sum(row["state"] == state for row in rows) for state in ORDER}
	labels = [_(state) if state else _("No Sheet") for state in ORDER]
	chart = bar_chart(labels, list(counts.values()), _("Sheets")) if rows else None
	return columns, rows, period.label, chart, _summary(rows, counts)


def _rows(period, filters: dict) -> list[dict]:
	sheets = {
		sheet.opd: sheet
		for sheet in repository.sheets_of_year(period.year, filters)
		if sheet.period == period.name
	}
	expected = repository.expected_opds(period.year, filters)
	names = repository.opd_names()
	opds = [opd for opd in names if opd in sheets or opd in expected]
	people, windows, day = _people(opds), get_windows([period.name], opds), day_of(filters)
	return [
		_row(
			opd,
			names[opd],
			sheets.get(opd),
			people,
			windows.due(period.name, opd, _state(sheets.get(opd))),
			day,
		)
		for opd in opds
	]


def _people(opds: list[str]) -> dict[str, dict[str, str]]:
	"""Position → OPD → names of its holders."""
	found = {position: holders(opds, position) for position in ("Operator", "Head")}
	users = {user for by_opd in found.values() for people in by_opd.values() for user in people}
	names = repository.full_names(users)
	return {
		position: {
			opd: ", ".join(names.get(user) or user for user in people) for opd, people in by_opd.items()
		}
		for position, by_opd in found.items()
	}


def _row(opd: str, opd_name: str, sheet, people: dict, due, day) -> dict:
	state = _state(sheet)
	since = sheet.since if sheet else None
	is_overdue = due and getdate(due) < day
	return {
		"opd": opd,
		"opd_name": opd_name,
		"sheet": sheet.name if sheet else None,
		"state": state,
		"state_label": _(state) if state else _("No Sheet"),
		"holder": _holder(state, opd, people),
		"since": getdate(since) if since else None,
		"days": date_diff(day, since) if since and state != VERIFIED else None,
		"due": due,
		"overdue": _("{0} days").format(date_diff(day, due)) if is_overdue else "",
		"late": (_("late") if sheet.is_late else _("on time")) if sheet and sheet.first_submitted_on else "",
		"completeness": sheet.completeness if sheet else None,
	}


def _state(sheet) -> str:
	return sheet.workflow_state if sheet else ""


def _holder(state: str, opd: str, people: dict) -> str:
	if state == VERIFIED:
		return ""
	if state == APPROVED_BY_HEAD:
		return _(INSPEKTORAT)
	return people["Head" if state == SUBMITTED else "Operator"].get(opd) or _("(nobody in office)")


def _summary(rows: list[dict], counts: dict[str, int]) -> list[dict]:
	return [
		card(_("OPD"), len(rows)),
		card(_("Verified"), counts[VERIFIED], indicator="Green"),
		card(_("With the OPD Head"), counts[SUBMITTED]),
		card(_("With the Inspektorat"), counts[APPROVED_BY_HEAD]),
		card(_("Overdue"), sum(bool(row["overdue"]) for row in rows), indicator="Red"),
	]
