"""What waits for me: documents on which the session user may act today, and nothing else."""

import frappe
from frappe.utils import getdate, today

from seroja.constants import (
	APPROVED_BY_HEAD,
	DRAFT,
	INSPEKTORAT,
	PLANNER,
	REALIZATION,
	RETURNED,
	SUBMITTED,
	TARGET,
)
from seroja.permissions.opd import my_opds
from seroja.services.periods import entry_closes

TASKS = ("Enter and submit", "Approve or return", "Verify or return", "Start the sheet")
ENTER, APPROVE, VERIFY, START = TASKS


def waiting_for_me() -> list[dict]:
	"""Rows with `doctype, name, opd, period, state, since, task, due`, most urgent first.

	Scope: built from the session user's positions and roles; four queries whatever the number of rows.
	"""
	roles = set(frappe.get_roles())
	entering, deciding = my_opds("Operator"), my_opds("Head")
	rows = _documents(REALIZATION, entering, (DRAFT, RETURNED), ENTER)
	rows += _documents(TARGET, entering, (DRAFT, RETURNED), ENTER)
	rows += _documents(REALIZATION, deciding, (SUBMITTED,), APPROVE)
	rows += _documents(TARGET, deciding, (SUBMITTED,), APPROVE)
	if INSPEKTORAT in roles:
		rows += _documents(REALIZATION, None, (APPROVED_BY_HEAD,), VERIFY)
	if PLANNER in roles:
		rows += _documents(TARGET, None, (APPROVED_BY_HEAD,), APPROVE)
	rows += _sheets_to_start(entering)
	return sorted(rows, key=lambda row: (str(row["due"] or "9999"), row["name"]))


def _documents(doctype: str, opds: list[str] | None, states: tuple[str, ...], task: str) -> list[dict]:
	if opds == []:
		return []
	document = frappe.qb.DocType(doctype)
	is_sheet = doctype == REALIZATION
	query = (
		frappe.qb.from_(document)
		.select(
			document.name, document.opd, document.workflow_state, document.modified, document.submitted_by
		)
		.select(document.approved_by, document.period if is_sheet else document.year)
		.where((document.docstatus == 0) & document.workflow_state.isin(states))
	)
	if opds is not None:
		query = query.where(document.opd.isin(opds))
	me = frappe.session.user
	rows = []
	for name, opd, state, since, submitted_by, approved_by, period in query.run():
		if state in (SUBMITTED, APPROVED_BY_HEAD) and me in (submitted_by, approved_by):
			continue
		rows.append(
			{
				"doctype": doctype,
				"name": name,
				"opd": opd,
				"period": str(period),
				"state": state,
				"since": since,
				"task": task,
				"due": _due(str(period), opd, state) if is_sheet else None,
			}
		)
	return rows


def _due(period_name: str, opd: str, state: str):
	period = frappe.get_cached_doc("Reporting Period", period_name)
	if state == SUBMITTED:
		return period.approval_closes
	if state in (APPROVED_BY_HEAD, RETURNED):
		return period.verification_closes
	return entry_closes(period, opd)


def _sheets_to_start(opds: list[str]) -> list[dict]:
	"""Open periods for which an OPD with an approved target has no sheet yet."""
	if not opds:
		return []
	period, target = frappe.qb.DocType("Reporting Period"), frappe.qb.DocType(TARGET)
	sheet = frappe.qb.DocType(REALIZATION)
	rows = (
		frappe.qb.from_(target)
		.join(period)
		.on(period.year == target.year)
		.left_join(sheet)
		.on((sheet.opd == target.opd) & (sheet.period == period.name) & (sheet.docstatus < 2))
		.select(target.opd, period.name)
		.where(target.opd.isin(opds) & (target.docstatus == 1) & (target.is_current == 1))
		.where((period.entry_opens <= today()) & sheet.name.isnull())
	).run()
	found = []
	for opd, name in rows:
		closes = entry_closes(frappe.get_cached_doc("Reporting Period", name), opd)
		if getdate(closes) >= getdate(today()):
			found.append(
				{
					"doctype": REALIZATION,
					"name": "",
					"opd": opd,
					"period": name,
					"state": "",
					"since": None,
					"task": START,
					"due": closes,
				}
			)
	return found


def count_waiting() -> int:
	"""How many documents wait for the session user."""
	return len(waiting_for_me())
