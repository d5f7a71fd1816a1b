"""Performance Objective: what may stand in a node of the tree, and what its form shows."""

import frappe
from frappe import _
from frappe.utils import cint, flt

from seroja.constants import INDICATOR, LARGEST, OBJECTIVE, PLAN, PLANNER
from seroja.core.cascading import OUTCOME_LEVELS
from seroja.core.staging import nomenclature_problem
from seroja.permissions.opd import my_opds, positions
from seroja.services import plans
from seroja.services.actors import NotYourStep

NODE = "parent_performance_objective"


def restore_numbers(doc) -> None:
	"""Where a node stands in the tree follows from its parent; numbers and settings of a request are not believed."""
	before = doc.get_doc_before_save()
	for field, nothing in (("lft", 0), ("rgt", 0), ("old_parent", None)):
		doc.set(field, before.get(field) if before else nothing)
	for setting in ("nsm_parent_field", "nsm_oldparent_field"):
		doc.__dict__.pop(setting, None)
	_check_ancestors(doc)


def _check_ancestors(doc) -> None:
	above, seen = doc.get(NODE), {doc.name}
	while above:
		if above in seen:
			frappe.throw(_("This node would be above itself."), title=_("Parent Does Not Fit"))
		seen.add(above)
		above = frappe.db.get_value(OBJECTIVE, above, NODE)


def check_writer(doc) -> None:
	"""The planner writes every node, an operator or head those of his OPD, before and after the change."""
	if PLANNER in frappe.get_roles() or frappe.session.user == "Administrator":
		return
	before = doc.get_doc_before_save()
	for opd in {doc.opd, before.opd if before else doc.opd}:
		if not {"Operator", "Head"} & set(positions(opd)):
			frappe.throw(_("Only an operator or the head of {0} may do this.").format(opd), NotYourStep)


def check_plan(doc) -> None:
	"""The plan is open, and belongs to the OPD of the node or to a unit above it."""
	frappe.has_permission(PLAN, "read", doc.plan, throw=True)
	plans.check_open(doc.plan)
	plans.add_maker(doc.plan)
	plan_opd = frappe.get_cached_value(PLAN, doc.plan, "opd")
	bounds = [frappe.db.get_value("OPD", opd, ["lft", "rgt"]) for opd in (plan_opd, doc.opd)]
	if bounds[1][0] < bounds[0][0] or bounds[1][1] > bounds[0][1]:
		frappe.throw(
			_("{0} is neither the OPD of the plan {1} nor a unit below it.").format(doc.opd, doc.plan),
			title=_("OPD Does Not Fit"),
		)


def check_parent(doc) -> None:
	"""The node above stands in the same plan, or in the plan that this one is derived from."""
	parent = doc.get(NODE)
	if not parent:
		return
	plan = frappe.db.get_value(OBJECTIVE, parent, "plan")
	if plan not in (doc.plan, frappe.get_cached_value(PLAN, doc.plan, "parent_plan")):
		frappe.throw(
			_(
				"The node above belongs to another plan. Choose one of {0} or of the plan it is derived from."
			).format(doc.plan),
			title=_("Parent Does Not Fit"),
		)


def set_defaults(doc) -> None:
	"""Years as the plan, the outcome level by the level, the next free code below the node above."""
	doc.statement = (doc.statement or "").strip()
	plan = frappe.get_cached_doc(PLAN, doc.plan)
	doc.year_from = cint(doc.year_from) or plan.year_from
	doc.year_to = cint(doc.year_to) or plan.year_to
	doc.outcome_level = doc.outcome_level or OUTCOME_LEVELS.get(doc.level)
	doc.objective_code = (doc.objective_code or "").strip() or _next_code(doc)


def _next_code(doc) -> str:
	parent = doc.get(NODE)
	above = frappe.db.get_value(OBJECTIVE, parent, ["objective_code", "plan"]) if parent else None
	prefix = f"{above[0]}." if above and above[1] == doc.plan else f"{doc.opd}-"
	taken = set(
		frappe.get_all(
			OBJECTIVE, {"plan": doc.plan, "objective_code": ["like", f"{prefix}%"]}, pluck="objective_code"
		)
	)
	number = next(number for number in range(1, len(taken) + 2) if f"{prefix}{number}" not in taken)
	return f"{prefix}{number}"


def validate_node(doc) -> None:
	"""What a single node must hold, whatever stands around it. Contradictions with others are checks, not errors."""
	if doc.year_from > doc.year_to:
		frappe.throw(_("The last year is before the first year."), title=_("Years Out of Order"))
	problem = nomenclature_problem((doc.nomenclature_code or "").strip(), doc.level)
	if problem:
		frappe.throw(problem, title=_("Nomenclature Code Not Valid"))
	doc.weight = flt(doc.weight)
	if not 0 <= doc.weight <= 100:
		frappe.throw(_("A weight is between 0 and 100."), title=_("Weight Not Valid"))
	plan = frappe.get_cached_doc(PLAN, doc.plan)
	if doc.year_from < plan.year_from or doc.year_to > plan.year_to:
		frappe.throw(
			_("The years must lie within those of {0} ({1}–{2}).").format(
				plan.title, plan.year_from, plan.year_to
			),
			title=_("Years Out of Order"),
		)
	_check_budgets(doc)
	other = frappe.db.get_value(
		OBJECTIVE,
		{"plan": doc.plan, "objective_code": doc.objective_code, "name": ["!=", doc.name or ""]},
		"name",
	)
	if other:
		frappe.throw(
			_("The code {0} is already used in this plan.").format(doc.objective_code),
			title=_("Code Used Twice"),
		)


def _check_budgets(doc) -> None:
	for row in doc.budgets:
		row.year = cint(row.year)
		if not 1945 <= row.year <= 2200:
			frappe.throw(_("Row {0}: {1} is not a year.").format(row.idx, row.year), title=_("Not a Year"))
		if max(flt(row.budget), flt(row.budget_realization)) > LARGEST:
			frappe.throw(_("Row {0}: the amount is too large.").format(row.idx), title=_("Amount Too Large"))
	years = [row.year for row in doc.budgets]
	if len(set(years)) < len(years):
		frappe.throw(_("A year stands twice in the budgets."), title=_("Duplicate Row"))


def check_crosscuts(doc) -> None:
	"""A partner is another OPD, and its objective belongs to it."""
	for row in doc.crosscuts:
		if row.partner_opd == doc.opd:
			frappe.throw(
				_("Row {0}: crosscutting is with another OPD; below the own OPD use the tree.").format(
					row.idx
				),
				title=_("Partner Does Not Fit"),
			)
		if row.partner_code and not frappe.db.exists(
			OBJECTIVE, {"opd": row.partner_opd, "objective_code": row.partner_code}
		):
			frappe.throw(
				_("Row {0}: {1} has no objective with the code {2}.").format(
					row.idx, row.partner_opd, row.partner_code
				),
				title=_("Partner Does Not Fit"),
			)


def rename_in_indicators(doc) -> None:
	"""Indicators show the statement of their node; keep it in step."""
	before = doc.get_doc_before_save()
	if before and before.statement != doc.statement:
		frappe.db.set_value(INDICATOR, {"performance_objective": doc.name}, "objective", doc.statement[:255])


def check_deletion(doc) -> None:
	"""A node may go while its plan is open and nothing measures it; the tree itself refuses a node with children."""
	plans.check_open(doc.plan)
	check_writer(doc)
	indicators = frappe.get_all(INDICATOR, {"performance_objective": doc.name}, pluck="name", limit=3)
	if indicators:
		frappe.throw(
			_("Indicators measure this node ({0}). Move them to another node first.").format(
				", ".join(indicators)
			),
			title=_("Cannot Delete"),
		)


def indicators_of(doc, year: int) -> list[dict]:
	"""The indicators that measure a node, within the reader's units, with the target of a year. Two queries."""
	rows = frappe.get_list(
		INDICATOR,
		filters={"performance_objective": doc.name, "is_active": 1},
		fields=["name", "indicator_name", "unit", "is_iku", "opd"],
		order_by="name",
		limit=0,
	)
	targets = dict(
		frappe.get_all(
			"Performance Indicator Year Target",
			{"parent": ["in", [row.name for row in rows] or [""]], "year": year},
			["parent", "target"],
			as_list=True,
		)
	)
	return [row | {"year": year, "target": targets.get(row.name, "")} for row in rows]


def children_of(parent: str | None, plan: str | None = None, opd: str | None = None) -> list[dict]:
	"""The nodes below one (or, without one, the tops) as the tree view wants them: value, title, expandable and more.

	Scope: what the session user may list. Without a parent the tops are those of the plan and OPD asked for.
	Four queries.
	"""
	filters = {NODE: parent} if parent else {}
	if not parent and plan:
		filters["plan"] = plan
	if not parent and opd:
		filters["opd"] = opd
	if not filters:
		filters[NODE] = ["is", "not set"]
	fields = ["name", "statement", "level", "opd", "plan", "objective_code", NODE]
	rows = frappe.get_list(OBJECTIVE, filters=filters, fields=fields, order_by="lft", limit=0)
	if not parent:
		shown = {row.name for row in rows}
		rows = [row for row in rows if row[NODE] not in shown]
	below = frappe.get_list(
		OBJECTIVE,
		filters={NODE: ["in", [row.name for row in rows] or ["-"]]},
		pluck=NODE,
		distinct=True,
		limit=0,
	)
	mine = set(my_opds("Operator")) | set(my_opds("Head"))
	return [
		{
			"is_mine": row.opd in mine or PLANNER in frappe.get_roles(),
			"value": row.name,
			"title": row.statement,
			"expandable": row.name in below,
			"level": row.level,
			"opd": row.opd,
			"plan": row.plan,
			"code": row.objective_code,
		}
		for row in rows
	]
