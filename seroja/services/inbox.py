"""What waits for me: documents on which the session user may act today, and nothing else."""

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import getdate, today
from pypika.terms import ValueWrapper

from seroja.constants import (
	AGREEMENT,
	APPROVED_BY_HEAD,
	DRAFT,
	INSPEKTORAT,
	PLAN,
	PLANNER,
	REALIZATION,
	RETURNED,
	SIGNED_BY_FIRST,
	SUBMITTED,
	TARGET,
)
from seroja.permissions.opd import my_opds, visible_opds
from seroja.services.agreements import HEADS
from seroja.services.periods import get_windows

TASKS = ("Enter and submit", "Approve or return", "Verify or return", "Start the sheet", "Sign")
ENTER, APPROVE, VERIFY, START, SIGN = TASKS


def waiting_for_me() -> list[dict]:
	"""Rows with `doctype, name, opd, period, state, since, task, due`, most urgent first.

	Scope: built from the session user's positions and roles; a fixed number of queries.
	"""
	roles = set(frappe.get_roles())
	entering, deciding = my_opds("Operator"), my_opds("Head")
	rows = _documents(REALIZATION, entering, (DRAFT, RETURNED), ENTER)
	rows += _documents(REALIZATION, deciding, (SUBMITTED,), APPROVE)
	for doctype in (TARGET, PLAN):
		rows += _documents(doctype, entering, (DRAFT, RETURNED), ENTER)
		rows += _documents(doctype, deciding, (SUBMITTED,), APPROVE)
	if INSPEKTORAT in roles:
		rows += _documents(REALIZATION, None, (APPROVED_BY_HEAD,), VERIFY)
	if PLANNER in roles:
		rows += _documents(TARGET, None, (APPROVED_BY_HEAD,), APPROVE)
		rows += _documents(PLAN, None, (APPROVED_BY_HEAD,), APPROVE)
	rows += _agreements_to_sign(deciding)
	rows += _sheets_to_start(entering)
	_set_due(rows)
	open_rows = [row for row in rows if not (row["task"] in (ENTER, START) and _is_past(row["due"]))]
	return sorted(open_rows, key=lambda row: (str(row["due"] or "9999"), row["name"]))


def _documents(doctype: str, opds: list[str] | None, states: tuple[str, ...], task: str) -> list[dict]:
	if opds == []:
		return []
	document = frappe.qb.DocType(doctype)
	is_sheet = doctype == REALIZATION
	period = {REALIZATION: document.period, PLAN: document.year_from}.get(doctype, document.year)
	query = (
		frappe.qb.from_(document)
		.select(document.name, document.opd, document.workflow_state, document.modified, period)
		.select(document.amended_from if is_sheet else ValueWrapper(None))
		.where((document.docstatus == 0) & document.workflow_state.isin(states))
	)
	if opds is not None:
		query = query.where(document.opd.isin(opds))
	if task != ENTER:
		query = query.where(_not_mine(document))
	return [
		{
			"doctype": doctype,
			"name": name,
			"opd": opd,
			"period": str(period),
			"state": state,
			"since": since,
			"task": task,
			"has_window": is_sheet and not amended_from,
		}
		for name, opd, state, since, period, amended_from in query.run()
	]


def _agreements_to_sign(deciding: list[str]) -> list[dict]:
	"""Agreements that wait for the session user's own signature, as first or as second party. Three queries.

	deciding: the OPDs whose head he is today; an official below a head needs to be in the OPD still.
	"""
	below = frappe.get_all("OPD", {"parent_opd": ["in", deciding or ["-"]]}, pluck="name")
	seen = visible_opds()
	rows = _to_sign("first_party", (DRAFT, RETURNED), deciding, seen)
	rows += _to_sign("second_party", (SIGNED_BY_FIRST,), below, deciding)
	return [
		{
			"doctype": AGREEMENT,
			"name": row.name,
			"opd": row.opd,
			"period": str(row.year),
			"state": row.workflow_state,
			"since": row.modified,
			"task": SIGN,
			"has_window": False,
		}
		for row in rows
	]


def _to_sign(party: str, states: tuple[str, ...], of_heads: list[str], of_others: list[str] | None) -> list:
	"""of_heads: the OPDs whose head's agreement it may be; of_others: those of officials below, None for all."""
	rows = frappe.get_all(
		AGREEMENT,
		{party: frappe.session.user, "workflow_state": ["in", states], "docstatus": 0},
		["name", "opd", "year", "position_level", "workflow_state", "modified"],
	)
	return [
		row
		for row in rows
		if (row.opd in of_heads if row.position_level in HEADS else of_others is None or row.opd in of_others)
	]


def _not_mine(document):
	"""Maker and checker differ: leave out what the session user entered, submitted or approved."""
	me = frappe.session.user
	makers = Coalesce(document.makers, "")
	return (
		(Coalesce(document.submitted_by, "") != me)
		& (Coalesce(document.approved_by, "") != me)
		& makers.not_like(f"%,{me},%")
	)


def _set_due(rows: list[dict]) -> None:
	"""The day by which each row must be done; none where no window applies. Two queries."""
	bounded = [row for row in rows if row["has_window"]]
	windows = get_windows([row["period"] for row in bounded], [row["opd"] for row in bounded])
	for row in rows:
		has_window = row.pop("has_window")
		row["due"] = windows.due(row["period"], row["opd"], row["state"]) if has_window else None


def _is_past(due) -> bool:
	return bool(due) and getdate(due) < getdate(today())


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
	fixed = {
		"doctype": REALIZATION,
		"name": "",
		"state": "",
		"since": None,
		"task": START,
		"has_window": True,
	}
	return [fixed | {"opd": opd, "period": name} for opd, name in rows]


def count_waiting() -> int:
	"""How many documents wait for the session user."""
	return len(waiting_for_me())
