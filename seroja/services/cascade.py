"""The tree of objectives as a whole: checks, quality score, roll-up. Rows within the reader's scope, figures from core."""

from dataclasses import dataclass

import frappe
import pandas as pd
from frappe import _
from frappe.query_builder.functions import Sum

from seroja.constants import INDICATOR, OBJECTIVE, REALIZATION
from seroja.core import cascading
from seroja.core.numbers import stored_number
from seroja.core.summary import rank, summarise
from seroja.permissions.opd import planning_opds, visible_opds
from seroja.services import plans, repository

CHECKS = {check.code: check.title for check in cascading.CHECKS}
_ERRORS_OF_A_TREE = ("outside_years", "orphan", "cycle", "weights")


# --- loading ---


def load_nodes(filters: dict) -> list[dict]:
	"""Nodes of the tree that the session user may see, in the order of the tree. Two queries at most.

	filters: plan (its nodes and what hangs below them), opd (with the units below it), valid_in (a year), names. Keys: name,
	parent, level, statement, opd, plan, code, year_from, year_to, weight, lft, rgt.
	"""
	node = frappe.qb.DocType(OBJECTIVE)
	query = (
		frappe.qb.from_(node)
		.select(
			node.name,
			node.parent_performance_objective.as_("parent"),
			node.level,
			node.statement,
			node.opd,
			node.plan,
			node.objective_code.as_("code"),
			node.year_from,
			node.year_to,
			node.weight,
			node.lft,
			node.rgt,
		)
		.orderby(node.lft)
		.orderby(node.name)
	)
	if filters.get("plan"):
		top = frappe.qb.DocType(OBJECTIVE).as_("top")
		below = (
			frappe.qb.from_(node)
			.join(top)
			.on((node.lft >= top.lft) & (node.rgt <= top.rgt))
			.select(node.name)
			.where(top.plan == filters["plan"])
		)
		query = query.where(node.name.isin(below))
	if filters.get("valid_in"):
		query = query.where((node.year_from <= filters["valid_in"]) & (node.year_to >= filters["valid_in"]))
	if filters.get("names") is not None:
		query = query.where(node.name.isin(filters["names"] or [""]))
	scope = planning_opds()
	if filters.get("opd"):
		below = repository.opds_below(filters["opd"])
		scope = below if scope is None else [opd for opd in below if opd in set(scope)]
	if scope is not None:
		query = query.where(node.opd.isin(scope or [""]))
	return query.run(as_dict=True)


def with_ancestors(nodes: list[dict]) -> list[dict]:
	"""The nodes and whatever stands above them in other plans, so that a Renstra shows what it serves."""
	known = {node.name for node in nodes}
	tops = [node for node in nodes if node.parent and node.parent not in known]
	if not tops:
		return nodes
	tree = frappe.qb.DocType(OBJECTIVE)
	below = frappe.qb.DocType(OBJECTIVE).as_("below")
	names = (
		frappe.qb.from_(tree)
		.join(below)
		.on((tree.lft < below.lft) & (tree.rgt > below.rgt))
		.select(tree.name)
		.distinct()
		.where(below.name.isin([node.name for node in tops]))
	).run(pluck=True)
	above = load_nodes({"names": [name for name in names if name not in known]})
	return sorted([*above, *nodes], key=lambda node: node.lft)


def load_plan(nodes: list[dict], around: list[dict], year: int, filters: dict) -> cascading.Plan:
	"""What the checks of core need about nodes, with those around them, and the indicators of the reader's units.

	Five queries.
	"""
	names = [node.name for node in nodes]
	budgets = node_budgets(names, year)
	indicators = load_indicators(names, filters)
	codes = [row.name for row in indicators]
	targets, realizations = _targets(codes, year), _realizations(codes, year - 1)
	first = plans.first_ikus(list({node.plan for node in nodes}))
	plan_of = {node.name: node.plan for node in nodes}
	return cascading.Plan(
		year,
		[_node(node, budgets) for node in around],
		[_indicator(row, targets, realizations, first.get(plan_of.get(row.node))) for row in indicators],
	)


def _node(row: dict, budgets: dict[str, float]) -> cascading.Node:
	return cascading.Node(
		row.name,
		row.parent or None,
		row.level,
		row.statement,
		row.opd,
		row.year_from,
		row.year_to,
		row.weight or 0.0,
		budgets.get(row.name, 0.0),
	)


def _indicator(row: dict, targets: dict, realizations: dict, first: set[str] | None) -> cascading.Indicator:
	missing = tuple(part for part in ("definition", "formula", "unit", "source") if not row[part])
	return cascading.Indicator(
		row.name,
		row.indicator_name,
		row.opd,
		row.node or "",
		bool(row.is_iku),
		None if first is None else row.name in first,
		row.polarity.lower(),
		stored_number(targets.get(row.name)),
		bool(targets.get(row.name)),
		realizations.get(row.name),
		missing,
	)


def load_indicators(nodes: list[str], filters: dict) -> list[dict]:
	indicator = frappe.qb.DocType(INDICATOR)
	query = (
		frappe.qb.from_(indicator)
		.select(
			indicator.name,
			indicator.indicator_name,
			indicator.opd,
			indicator.performance_objective.as_("node"),
			indicator.is_iku,
			indicator.polarity,
			indicator.definition,
			indicator.formula,
			indicator.unit,
			indicator.data_source.as_("source"),
		)
		.where(indicator.is_active == 1)
		.orderby(indicator.name)
	)
	if filters.get("plan") or filters.get("names") is not None:
		query = query.where(indicator.performance_objective.isin(nodes or [""]))
	return repository.within_scope(query, indicator.opd, filters.get("opd")).run(as_dict=True)


def node_budgets(names: list[str], year: int) -> dict[str, float]:
	"""Node → its own budget of a year in rupiah. One query; the names come from a scoped query."""
	return {name: given for name, (given, _spent) in _node_spending(names, year).items()}


def _node_spending(names: list[str], year: int) -> dict[str, tuple[float, float]]:
	"""Node → its own (budget, realization) of a year in rupiah. One query; the names come from a scoped query."""
	budget = frappe.qb.DocType("Performance Objective Budget")
	rows = (
		frappe.qb.from_(budget)
		.select(budget.parent, Sum(budget.budget), Sum(budget.budget_realization))
		.where((budget.parenttype == OBJECTIVE) & (budget.year == year) & budget.parent.isin(names or [""]))
		.groupby(budget.parent)
	).run()
	return {name: (float(given or 0), float(spent or 0)) for name, given, spent in rows}


def tree_spending(nodes: list[dict], year: int) -> dict[str, tuple[float | None, float | None]]:
	"""Node → (budget, realization) of a year in rupiah, added up from below. One query.

	None for no amount: Frappe keeps no empty one, so 0 means that nobody has said so yet.
	"""
	own, parents = (
		_node_spending([node.name for node in nodes], year),
		{node.name: node.parent for node in nodes},
	)
	given, spent = (
		cascading.add_up(parents, {name: pair[place] for name, pair in own.items()}) for place in (0, 1)
	)
	return {name: (given[name] or None, spent[name] or None) for name in parents}


def _targets(codes: list[str], year: int) -> dict[str, str]:
	return dict(
		frappe.get_all(
			"Performance Indicator Year Target",
			{"year": year, "parent": ["in", codes or [""]]},
			["parent", "target"],
			as_list=True,
		)
	)


def _realizations(codes: list[str], year: int) -> dict[str, float]:
	"""Indicator → what it had reached at the end of a year, from verified sheets of the fourth quarter."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(repository.ROW)
	rows = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(row.indicator, row.realization_ytd)
		.where((sheet.year == year) & (sheet.quarter == 4) & (sheet.docstatus == 1))
		.where(row.indicator.isin(codes or [""]))
	).run()
	found = {code: stored_number(text) for code, text in rows}
	return {code: value for code, value in found.items() if value is not None}


# --- checks ---


@dataclass(frozen=True)
class Checked:
	"""What was checked and found. counts: OPD → check → (applied, failed)."""

	nodes: list[dict]
	indicators: list[cascading.Indicator]
	findings: list[cascading.Finding]
	counts: dict[str, dict[str, tuple[int, int]]]


def check(filters: dict, year: int) -> Checked:
	"""Run the checks over the reader's units. Nine queries at most.

	Nodes of the government are there as parents; what measures them is for the reader to judge only where
	the government is among his units.
	"""
	nodes = load_nodes(filters)
	plan = load_plan(nodes, with_ancestors(nodes), year, filters)
	findings, counts = cascading.examine(plan, [node.name for node in nodes])
	scope = visible_opds()
	if scope is not None:
		own = set(scope)
		findings = [finding for finding in findings if finding.opd in own]
		counts = {opd: found for opd, found in counts.items() if opd in own}
	return Checked(nodes, list(plan.indicators), findings, counts)


def findings_of_node(doc, year: int) -> list[cascading.Finding]:
	"""What the checks find at a node, at its indicators and between it and the nodes directly around it.

	The caller has checked that the user may read the node.
	"""
	around = frappe.get_all(
		OBJECTIVE,
		or_filters={"name": doc.name, "parent_performance_objective": doc.name},
		pluck="name",
	)
	filters = {"names": around}
	found = check(filters, year)
	own = {doc.name, *(each.code for each in found.indicators if each.objective == doc.name)}
	return [finding for finding in found.findings if finding.subject in own]


def check_complete(doc) -> None:
	"""Before a Strategic Plan is submitted: it has objectives, and its tree holds together."""
	own = set(frappe.get_all(OBJECTIVE, {"plan": doc.name}, pluck="name"))
	if not own:
		frappe.throw(
			_("There are no objectives in this plan yet. Build the tree first."), title=_("Tree Is Empty")
		)
	findings = check({"names": list(own)}, doc.year_from).findings
	# What other units hang below is theirs to mend, and no reason to hold this plan up.
	broken = [
		finding for finding in findings if finding.check in _ERRORS_OF_A_TREE and finding.subject in own
	]
	if broken:
		lines = [f"{finding.title}: {finding.message}" for finding in broken[:10]]
		frappe.throw(lines, title=_("Please Correct the Tree"), as_list=True)


def quality_by_opd(checked: Checked) -> dict[str, tuple[float | None, int | None]]:
	"""OPD → (score of cascading quality, rank), best first."""
	scores = pd.Series(
		{opd: cascading.quality(found) for opd, found in checked.counts.items()}, dtype="float64"
	)
	ranks = rank(scores)
	found = {
		opd: (None, None) if scores[opd] != scores[opd] else (float(scores[opd]), int(ranks[opd]))
		for opd in scores.index
	}
	return dict(sorted(found.items(), key=lambda pair: (pair[1][1] or 10_000, pair[0])))


# --- roll-up ---


def roll_up(nodes: list[dict], period, filters: dict) -> dict[str, cascading.RollUp]:
	"""Node → what it reached in a period by its own indicators and by the nodes below. Two queries.

	Own values are the mean scores of core.summary. Nodes outside the reader's units have no figures.
	"""
	own = {}
	if period:
		sums = repository.node_sums(period, _known(filters))
		table = summarise(sums, ["performance_objective"], objective=None)
		means = zip(table["performance_objective"], table["mean_scored"], strict=True)
		own = {name: float(mean) for name, mean in means if mean == mean}
	rolled = cascading.roll_up(
		{node.name: node.parent for node in nodes}, own, {node.name: node.weight or 0.0 for node in nodes}
	)
	whole, nothing = _wholly_seen(nodes), cascading.RollUp(None)
	return {node.name: rolled.get(node.name, nothing) if node.name in whole else nothing for node in nodes}


def _known(filters: dict) -> dict:
	"""The filters that say which sheets count, without those that choose nodes."""
	return {name: filters.get(name) for name in ("include_unverified", "as_known_on")}


def _wholly_seen(nodes: list[dict]) -> set[str]:
	"""The nodes of the reader's units. Of one of the government an OPD sees its own part only; a figure from that
	part would be wrong."""
	scope = visible_opds()
	return {node.name for node in nodes if scope is None or node.opd in scope}


def tree_budgets(nodes: list[dict], year: int) -> dict[str, float]:
	"""Node → budget of a year in rupiah, added up from below. One query."""
	own = node_budgets([node.name for node in nodes], year)
	amounts = {name: float(amount or 0) for name, amount in own.items()}
	sums = cascading.add_up({node.name: node.parent for node in nodes}, amounts)
	whole = _wholly_seen(nodes)
	return {name: amount for name, amount in sums.items() if name in whole}
