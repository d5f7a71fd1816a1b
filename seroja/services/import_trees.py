"""Importing strategic plans and the nodes of their trees."""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.utils import flt

from seroja.constants import OBJECTIVE, PLAN
from seroja.core.cascading import find_cycles, number_tree
from seroja.core.staging import Staged
from seroja.services import plans
from seroja.services.import_items import (
	CHANGED,
	UNCHANGED,
	Changes,
	Item,
	apply_documents,
	given,
	resolve_opd,
	save_item,
	state_of,
)
from seroja.services.objectives import NODE


def plan_plans(job, staged: Staged) -> Changes:
	"""Plans by type, OPD and first year."""
	changes = Changes()
	for index, record in enumerate(staged.records):
		opd = resolve_opd(job, staged, index, record, entering=True)
		if not opd or not record["year_from"]:
			continue
		name = f"{record['plan_type']}-{opd}-{record['year_from']}"
		missions = [mission.strip() for mission in record["missions"].split(";") if mission.strip()]
		values = given(staged, record, ("plan_type", "title", "year_from", "year_to", "vision")) | {
			"opd": opd
		}
		if "missions" in staged.present:
			values["items"] = missions
		existing = frappe.get_doc(PLAN, name) if frappe.db.exists(PLAN, name) else None
		known = existing and existing.as_dict() | {"items": [row.mission for row in existing.items]}
		item = Item(index, name, PLAN, name if existing else None, values, state_of(known, values))
		if item.state == CHANGED and not plans.is_open(name):
			staged.problem(index, "", _("This plan is approved; start a new version first."))
		changes.items.append(item)
	return changes


def apply_plans(changes: Changes, progress: Callable) -> None:
	for item in changes.items:
		if "items" in item.values:
			item.values["items"] = [{"mission": mission} for mission in item.values["items"]]
	apply_documents(changes, progress)


_NODE_FIELDS = (
	"level",
	"statement",
	"critical_success_factor",
	"position",
	"year_from",
	"year_to",
	"nomenclature_code",
	"weight",
)


def plan_objectives(job, staged: Staged) -> Changes:
	"""Nodes by their code in the plan; a parent is a code of the file, of the plan or of the plan above."""
	plan = open_plan(job)
	existing = nodes_of(plan)
	above = (
		{node.objective_code: node.name for node in nodes_of(plan.parent_plan).values()}
		if plan.parent_plan
		else {}
	)
	in_file = {record["code"] for record in staged.records if record["code"]}
	changes = Changes()
	for index, record in enumerate(staged.records):
		opd = resolve_opd(job, staged, index, record)
		if not opd or not record["code"]:
			continue
		node = existing.get(record["code"])
		if node and not job.is_planner and node.opd not in job.entering:
			staged.problem(index, "code", _("This code belongs to a node of another OPD."))
		parent = record["parent_code"]
		known = existing[parent].name if parent in existing else above.get(parent)
		if parent and parent not in in_file and not known:
			staged.problem(
				index, "parent_code", _("There is no node with this code in the file or in the plan.")
			)
		values = _node_values(plan, staged, record, node) | {"opd": opd}
		if "parent_code" in staged.present:
			values[NODE] = known or (parent and f"new:{parent}") or ""
		state = state_of(node, values)
		values["plan"] = plan.name
		changes.items.append(
			Item(index, record["code"], OBJECTIVE, node and node.name, values, state, parent)
		)
	_check_order(changes, staged)
	return changes


def open_plan(job):
	if not job.plan:
		frappe.throw(_("Choose the Strategic Plan that the rows belong to."), title=_("Plan Missing"))
	plan = frappe.get_doc(PLAN, job.plan)
	plan.check_permission("read")
	plans.check_open(plan.name)
	return plan


def nodes_of(plan) -> dict[str, dict]:
	"""Code → node of a plan with its budgets as {year: (budget, realization)}. Two queries."""
	name = plan if isinstance(plan, str) else plan.name
	rows = frappe.get_all(
		OBJECTIVE, {"plan": name}, ["name", "objective_code", "opd", NODE, *_NODE_FIELDS], order_by="lft"
	)
	budgets = frappe.get_all(
		"Performance Objective Budget",
		{"parent": ["in", [row.name for row in rows] or [""]]},
		["parent", "year", "budget", "budget_realization"],
	)
	by_name = {row.name: row for row in rows}
	for row in rows:
		row.budgets = {}
	for row in budgets:
		by_name[row.parent].budgets[row.year] = (flt(row.budget), flt(row.budget_realization))
	return {row.objective_code: row for row in rows}


def _node_values(plan, staged: Staged, record: dict, node: dict | None) -> dict:
	values = given(staged, record, _NODE_FIELDS)
	for name, default in (("year_from", plan.year_from), ("year_to", plan.year_to), ("weight", 0)):
		if name in values or (node is None and name != "weight"):
			values[name] = record[name] or default
	values["budgets"] = dict(node.budgets) if node else {}
	if record["budget_year"] and (record["budget"] is not None or record["budget_realization"] is not None):
		values["budgets"][record["budget_year"]] = (
			record["budget"] or 0.0,
			record["budget_realization"] or 0.0,
		)
	return values


def _check_order(changes: Changes, staged: Staged) -> None:
	"""Parents first; a circle of parents is an error of the row."""
	parents = {item.key: item.parent for item in changes.items}
	index = {item.key: item.index for item in changes.items}
	try:
		numbers = number_tree(parents)
	except ValueError:
		for code in find_cycles(parents):
			staged.problem(index[code], "parent_code", _("This node would be above itself."))
		return
	changes.items.sort(key=lambda item: numbers[item.key])


def apply_objectives(changes: Changes, progress: Callable) -> dict[str, str]:
	"""Write the nodes with their parents only, then number the tree once. Gives code → name."""
	names = {item.key: item.name for item in changes.items if item.name}
	due = [item for item in changes.items if item.state != UNCHANGED]
	for number, item in enumerate(due, 1):
		values = item.values | {"objective_code": item.key}
		if str(values.get(NODE)).startswith("new:"):
			values[NODE] = names[values[NODE].removeprefix("new:")]
		values["budgets"] = [
			{"year": year, "budget": budget, "budget_realization": realization}
			for year, (budget, realization) in sorted(item.values["budgets"].items())
		]
		names[item.key] = save_item(item, values, numbered_later=True).name
		progress(number, len(due))
	if due:
		renumber()
	return names


def renumber() -> int:
	"""Number the whole tree afresh, writing only the nodes whose numbers change. Gives how many were written.

	Frappe's own rebuild commits half-way, which an import that is all or nothing cannot use.
	"""
	rows = frappe.get_all(
		OBJECTIVE, fields=["name", NODE, "lft", "rgt", "old_parent"], order_by="lft, creation, name", limit=0
	)
	# A new node has no number yet; it goes after its numbered siblings, in the order of the file.
	rows.sort(key=lambda row: (not row.lft, row.lft))
	numbers = number_tree({row.name: row[NODE] or None for row in rows})
	written = 0
	for row in rows:
		left, right = numbers[row.name]
		if (row.lft, row.rgt) != (left, right) or (row.old_parent or "") != (row[NODE] or ""):
			frappe.db.set_value(
				OBJECTIVE,
				row.name,
				{"lft": left, "rgt": right, "old_parent": row[NODE] or ""},
				update_modified=False,
			)
			written += 1
	frappe.clear_document_cache(OBJECTIVE)
	return written
