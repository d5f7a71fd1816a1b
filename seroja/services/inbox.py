"""What waits for me: documents on which the session user may act today, and nothing else."""

import frappe
from frappe.query_builder.functions import Coalesce
from frappe.utils import getdate, today
from pypika.terms import ValueWrapper

from seroja.constants import (
	AGREEMENT,
	APPROVED_BY_HEAD,
	ASSESSMENT,
	DRAFT,
	EVALUATED,
	INSPEKTORAT,
	ORGANISATION_BUREAU,
	PLAN,
	PLANNER,
	POSITION_ROLES,
	REALIZATION,
	RECOMMENDATION,
	RECONCILIATION,
	REPORT,
	RETURNED,
	REVIEWED,
	SIGNED_BY_FIRST,
	SUBMITTED,
	TARGET,
)
from seroja.permissions.opd import governments, my_opds, visible_opds
from seroja.services import data_runs, recommendations, reconciliations, risk, rounds
from seroja.services.agreements import HEADS
from seroja.services.periods import get_windows

TASKS = (
	"Enter and submit",
	"Approve or return",
	"Verify or return",
	"Start the sheet",
	"Sign",
	"Evaluate or return",
	"Review and finalize",
	"Follow up",
	"Judge the follow-up",
	"Complete and send for review",
	"Review and state",
	"Hand in",
	"Publish",
	"Accept what came",
	"Explain the difference",
)
ENTER, APPROVE, VERIFY, START, SIGN, EVALUATE, REVIEW, FOLLOW_UP, JUDGE, *_MORE = TASKS
COMPLETE, STATE, HAND_IN, PUBLISH, ACCEPT, EXPLAIN = _MORE


def waiting_for_me() -> list[dict]:
	"""Rows with `doctype, name, opd, period, state, since, task, due`, most urgent first; `title` where a name says nothing.

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
	rows += _assessments(entering, deciding, INSPEKTORAT in roles)
	rows += _recommendations(entering, INSPEKTORAT in roles)
	rows += _reports(entering, deciding, roles)
	rows += _agreements_to_sign(deciding)
	rows += _sheets_to_start(entering)
	rows += _exchange(entering, deciding, PLANNER in roles)
	_set_due(rows)
	open_rows = [row for row in rows if not (row["task"] in (ENTER, START) and _is_past(row["due"]))]
	return sorted(open_rows, key=lambda row: (str(row["due"] or "9999"), row["name"]))


def by_risk(rows: list[dict]) -> list[dict]:
	"""The sheets to verify first, riskiest on top, each with `risk` (points) and `risk_parts`; then the others as they were."""
	risks = risk.sheet_risks([row["name"] for row in rows if row["task"] == VERIFY])
	for row in rows:
		found = risks.get(row["name"])
		row["risk"] = found["risk"] if found else None
		row["risk_parts"] = risk.parts_text(found["parts"]) if found else ""
	return sorted(rows, key=lambda row: (row["task"] != VERIFY, -(row["risk"] or 0)))


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


def _assessments(entering: list[str], deciding: list[str], is_evaluator: bool) -> list[dict]:
	"""Assessments that wait for the session user, and those that he may begin. Eight queries at most."""
	found = _assessments_in(entering, (DRAFT, RETURNED), ENTER)
	found += _assessments_in(deciding, (SUBMITTED,), APPROVE)
	if is_evaluator:
		found += _assessments_in(None, (APPROVED_BY_HEAD,), EVALUATE)
		found += _assessments_in(None, (EVALUATED,), REVIEW)
	closes = rounds.due_dates(found)
	rows = [
		{
			"doctype": ASSESSMENT,
			"name": row.name,
			"opd": row.opd,
			"period": str(row.year),
			"state": row.workflow_state,
			"since": row.modified,
			"task": row.task,
			"due": closes.get(row.name),
		}
		for row in found
	]
	return rows + [
		{
			"doctype": ASSESSMENT,
			"name": "",
			"opd": row["opd"],
			"instrument": row["instrument"],
			"year": row["year"],
			"period": f"{row['instrument']} {row['year']}",
			"state": "",
			"since": None,
			"task": START,
			"due": row["closes"],
		}
		for row in rounds.to_start(entering)
	]


def _assessments_in(opds: list[str] | None, states: tuple[str, ...], task: str) -> list:
	"""opds: None for all but those in which the evaluator holds a position himself."""
	if opds == []:
		return []
	document = frappe.qb.DocType(ASSESSMENT)
	query = (
		frappe.qb.from_(document)
		.select(
			document.name,
			document.opd,
			document.instrument,
			document.year,
			document.workflow_state,
			document.modified,
			document.is_extended,
			document.amended_from,
			ValueWrapper(task).as_("task"),
		)
		.where((document.docstatus == 0) & document.workflow_state.isin(states))
	)
	if opds is None:
		query = query.where(document.opd.notin(_own_opds()))
	else:
		query = query.where(document.opd.isin(opds))
	if task != ENTER:
		query = query.where(_not_mine(document))
	if task == REVIEW:
		me = frappe.session.user
		query = query.where(
			(Coalesce(document.evaluated_by, "") != me)
			& Coalesce(document.evaluators, "").not_like(f"%,{me},%")
		)
	return query.run(as_dict=True)


def _own_opds() -> list[str]:
	return [opd for position in POSITION_ROLES for opd in my_opds(position)] or ["-"]


def _recommendations(entering: list[str], is_evaluator: bool) -> list[dict]:
	"""Open recommendations of the OPDs, and those whose follow-up waits for the Inspektorat's judgement. Two queries."""
	rows = _open_recommendations({"opd": ["in", entering], "status": ["in", recommendations.OPEN]}, FOLLOW_UP)
	if is_evaluator:
		waiting = [name for name in recommendations.to_judge() if name]
		rows += _open_recommendations({"name": ["in", waiting], "opd": ["not in", _own_opds()]}, JUDGE)
	return rows


def _open_recommendations(filters: dict, task: str) -> list[dict]:
	if [] in (value[1] for value in filters.values()):
		return []
	rows = frappe.get_all(RECOMMENDATION, filters, ["name", "opd", "year", "status", "modified", "due_date"])
	return [
		{
			"doctype": RECOMMENDATION,
			"name": row.name,
			"opd": row.opd,
			"period": str(row.year),
			"state": row.status,
			"since": row.modified,
			"task": task,
			"due": row.due_date,
		}
		for row in rows
	]


def _reports(entering: list[str], deciding: list[str], roles: set[str]) -> list[dict]:
	"""Performance reports that wait for the session user. Six queries at most."""
	editable = [DRAFT, RETURNED]
	rows = _reports_in(
		{"opd": ["in", entering], "workflow_state": ["in", editable], "figures": ["is", "set"]}, COMPLETE
	)
	rows += _reports_in({"opd": ["in", deciding], "workflow_state": REVIEWED}, HAND_IN)
	rows += _reports_in({"opd": ["in", deciding], "workflow_state": SUBMITTED}, PUBLISH)
	if INSPEKTORAT in roles:
		asked = {"workflow_state": ["in", editable], "review_requested_on": ["is", "set"]}
		rows += _reports_in({**asked, "opd": ["not in", _own_opds()]}, STATE)
	if ORGANISATION_BUREAU in roles:
		of_government = [opd for opd in governments() if opd not in deciding]
		rows += _reports_in({"opd": ["in", of_government], "workflow_state": REVIEWED}, HAND_IN)
		rows += _reports_in({"opd": ["not in", deciding or ["-"]], "workflow_state": SUBMITTED}, PUBLISH)
	return rows


def _reports_in(filters: dict, task: str) -> list[dict]:
	if ["in", []] in filters.values():
		return []
	rows = frappe.get_all(REPORT, filters, ["name", "opd", "year", "workflow_state", "modified"])
	return [
		{
			"doctype": REPORT,
			"name": row.name,
			"opd": row.opd,
			"period": str(row.year),
			"state": row.workflow_state,
			"since": row.modified,
			"task": task,
			"due": None,
		}
		for row in rows
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
	bounded = [row for row in rows if row.get("has_window")]
	windows = get_windows([row["period"] for row in bounded], [row["opd"] for row in bounded])
	for row in rows:
		if "due" in row:
			continue
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


def _exchange(entering: list[str], deciding: list[str], is_planner: bool) -> list[dict]:
	"""What came from other systems: runs to accept, and differences from verified figures. Two queries.

	Proposals wait on their sheet, which its operator has here already.
	"""
	found = {
		ACCEPT: (data_runs.RUN, data_runs.to_accept() if is_planner else []),
		EXPLAIN: (RECONCILIATION, reconciliations.to_explain([*entering, *deciding])),
	}
	return [
		{"doctype": doctype, "opd": None, **row, "task": task, "due": None}
		for task, (doctype, rows) in found.items()
		for row in rows
	]


def count_waiting() -> int:
	"""How many documents wait for the session user."""
	return len(waiting_for_me())
