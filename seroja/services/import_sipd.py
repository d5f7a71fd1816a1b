"""Importing the layout of a SIPD export: nodes by their nomenclature code, indicators and budgets in one file."""

from collections.abc import Callable

import frappe
from frappe import _

from seroja.constants import INDICATOR, OBJECTIVE
from seroja.core.staging import Staged
from seroja.services.import_indicators import apply_indicators, existing_indicators
from seroja.services.import_items import Changes, Item, resolve_opd, same, state_of
from seroja.services.import_trees import apply_objectives, nodes_of, open_plan
from seroja.services.objectives import NODE


def plan_sipd(job, staged: Staged) -> Changes:
	"""Programs, kegiatan and sub kegiatan by their nomenclature code, their indicators and budgets."""
	plan = open_plan(job)
	existing = nodes_of(plan)
	known = _sipd_indicators(existing)
	changes, seen, counts = Changes(), {}, {}
	for index, record in enumerate(staged.records):
		opd = resolve_opd(job, staged, index, record)
		if not opd:
			continue
		for item in _sipd_nodes(plan, opd, index, record, existing, seen, staged):
			item.values["plan"] = plan.name
			changes.items.append(item)
		if record["indicator_name"]:
			changes.items.append(_sipd_indicator(plan, opd, index, record, known, counts))
	return changes


def _sipd_nodes(plan, opd: str, index: int, record: dict, existing: dict, seen: dict, staged: Staged):
	"""The new nodes of one row, program first; a node that an earlier row has made is not made again."""
	above = ""
	for level, part in (("Program", "program"), ("Kegiatan", "activity"), ("Sub Kegiatan", "sub_activity")):
		code = f"{opd}:{record[f'{part}_code']}"
		node = existing.get(code)
		budgets = dict(node.budgets) if node else {}
		if level == "Sub Kegiatan" and record["budget"] is not None:
			budgets[record["year"] or plan.year_from] = (
				record["budget"],
				record["budget_realization"] or 0.0,
			)
		values = {
			"level": level,
			"statement": record[f"{part}_name"],
			"nomenclature_code": record[f"{part}_code"],
			"opd": opd,
			"budgets": budgets,
		}
		if not node:
			values |= {
				"year_from": plan.year_from,
				"year_to": plan.year_to,
				NODE: f"new:{above}" if above else "",
			}
		elif above and above not in existing:
			values[NODE] = f"new:{above}"
		if code not in seen:
			seen[code] = values
			yield Item(index, code, OBJECTIVE, node and node.name, values, state_of(node, values), above)
		elif not same(seen[code]["statement"], values["statement"]):
			staged.problem(index, f"{part}_name", _("An earlier row gives this code another name."))
		elif level == "Sub Kegiatan" and record["budget"] is not None and seen[code]["budgets"] != budgets:
			staged.problem(index, "budget", _("An earlier row gives this sub kegiatan another budget."))
		above = code


def _sipd_indicators(existing: dict) -> dict[tuple[str, str], dict]:
	"""(code of the sub kegiatan, name of the indicator) → indicator with its year targets."""
	codes = {node.name: code for code, node in existing.items()}
	filters = {
		"performance_objective": ["in", list(codes) or ["-"]]
	}  # an empty name would match unattached ones
	names = frappe.get_all(INDICATOR, filters, pluck="name", limit=0)
	rows = existing_indicators(names)
	return {(codes[row.performance_objective], row.indicator_name): row for row in rows.values()}


def _sipd_indicator(plan, opd: str, index: int, record: dict, known: dict, counts: dict) -> Item:
	node = f"{opd}:{record['sub_activity_code']}"
	indicator = known.get((node, record["indicator_name"]))
	counts[node] = counts.get(node, 0) + 1
	year = record["year"] or plan.year_from
	values = {
		"indicator_name": record["indicator_name"],
		"unit": record["unit"],
		"opd": opd,
		"sipd_code": record["sub_activity_code"],
		"nomenclature_code": record["sub_activity_code"],
		"year_targets": (dict(indicator.year_targets) if indicator else {})
		| ({year: record["target"]} if record["target"] else {}),
	}
	if not indicator:
		values |= {"polarity": "Maximize", "consolidation": "SUM", "performance_objective": f"new:{node}"}
	code = indicator.name if indicator else f"{opd}-{record['sub_activity_code']}-{counts[node]}"
	return Item(
		index, code, INDICATOR, indicator and indicator.name, values, state_of(indicator, values), node
	)


def apply_sipd(changes: Changes, progress: Callable) -> None:
	nodes = Changes([item for item in changes.items if item.doctype == OBJECTIVE])
	names = apply_objectives(nodes, progress)
	indicators = Changes([item for item in changes.items if item.doctype == INDICATOR])
	for item in indicators.items:
		target = str(item.values.get("performance_objective") or "")
		if target.startswith("new:"):
			item.values["performance_objective"] = names[target.removeprefix("new:")]
	apply_indicators(indicators, progress)
