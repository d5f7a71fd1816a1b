"""The drawn tree of objectives: nodes and figures within the reader's scope, drawn by core."""

import frappe
from frappe import _

from seroja.constants import PLAN
from seroja.core.achievement import VALUED
from seroja.core.rendering import format_percent
from seroja.core.tree_drawing import Crosslink, TreeNode, draw_tree, tree_pdf
from seroja.services import cascade, repository, snapshots
from seroja.services.calculation import get_calculation
from seroja.services.report_parts import color_of

MOST_DRAWN = 120


def drawing(filters: dict, collapsed: list[str] | None = None) -> tuple[str, str]:
	"""(SVG, title) of the tree of a plan for a period within the reader's scope.

	filters: plan, opd, period, include_unverified. collapsed: nodes whose descendants are hidden; None
	hides what is too deep to be read. Permission: read on the plan is the caller's to check.
	"""
	period = repository.chosen_period(filters, with_figures=True)
	nodes = _nodes(filters | {"valid_in": period and period.year})
	rolled = cascade.roll_up(nodes, period, filters)
	scale = get_calculation(period.year).scale if period else None
	hidden = set(_too_deep(nodes) if collapsed is None else collapsed)
	shown = _indicator_texts([node.name for node in nodes], period, filters)
	colors = color_of(scale) if scale else {}
	title = (
		frappe.db.get_value(PLAN, filters.get("plan"), "title") if filters.get("plan") else _("Objectives")
	)
	drawn = [_drawn(node, rolled, scale, colors, shown, hidden) for node in nodes]
	subtitle = " · ".join(part for part in (filters.get("opd"), period.label if period else "") if part)
	return draw_tree(
		drawn, _crosslinks(nodes), title=title or "", subtitle=subtitle, legend=list(colors.items())
	), title or ""


def drawing_pdf(filters: dict, collapsed: list[str] | None = None) -> bytes:
	"""The same drawing as PDF on one page."""
	svg, title = drawing(filters, collapsed)
	return tree_pdf(
		svg, title, snapshots.Keeper(f"Pohon Kinerja {title}", filters.get("plan") or "", filters)
	)


def _too_deep(nodes: list[dict]) -> list[str]:
	"""The nodes to collapse so that about MOST_DRAWN stay in sight: those of the deepest level that fits."""
	depth: dict[str, int] = {}
	for node in nodes:
		depth[node.name] = depth.get(node.parent, -1) + 1
	deepest, count = 0, 0
	while deepest <= max(depth.values(), default=0):
		count += sum(value == deepest for value in depth.values())
		if count > MOST_DRAWN and deepest:
			break
		deepest += 1
	return [name for name, value in depth.items() if value >= deepest - 1]


def _drawn(node, rolled, scale, colors, shown, hidden) -> TreeNode:
	score = rolled[node.name].value("mean")
	category = (scale.category(score) or "") if scale and score is not None else ""
	return TreeNode(
		node.name,
		node.parent,
		_(node.level),
		node.statement,
		node.opd,
		shown.get(node.name, ()),
		score,
		category,
		colors.get(category, ""),
		node.name in hidden,
	)


def _indicator_texts(nodes: list[str], period, filters: dict) -> dict[str, list[tuple[str, str]]]:
	"""Node → (indicator, what it reached) for the indicators of the reader's units. Two queries."""
	rows = repository.achievement_rows(period, filters | {"opd": None}) if period else []
	reached = {row.indicator: format_percent(row.achievement_scored) for row in rows if row.status in VALUED}
	found: dict[str, list[tuple[str, str]]] = {}
	for row in cascade.load_indicators(nodes, {"names": nodes}):
		found.setdefault(row.node, []).append((row.indicator_name, reached.get(row.name, "–")))
	return found


def _crosslinks(nodes: list[dict]) -> list[Crosslink]:
	"""Crosscutting links of the drawn nodes; a partner that the reader does not see is named by its OPD. One query."""
	names = [node.name for node in nodes]
	partners = {(node.opd, node.code): node.name for node in nodes}
	rows = frappe.get_all(
		"Performance Objective Crosscut",
		{"parent": ["in", names or [""]]},
		["parent", "partner_opd", "partner_code", "contribution"],
		order_by="parent, idx",
	)
	return [
		Crosslink(
			row.parent,
			partners.get((row.partner_opd, row.partner_code), ""),
			row.contribution or "",
			row.partner_opd,
		)
		for row in rows
	]


def _nodes(filters: dict) -> list[dict]:
	"""The nodes asked for; those of a plan with what they serve in other plans."""
	nodes = cascade.load_nodes(filters)
	return cascade.with_ancestors(nodes) if filters.get("plan") else nodes
