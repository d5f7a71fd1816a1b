"""The queries behind reports: few, in bulk, and always within the units of the session user (decision 7)."""

import frappe
import pandas as pd
from frappe import _
from frappe.query_builder import Case
from frappe.query_builder.functions import Count, Sum
from pypika import Order

from seroja.constants import DRAFT, INDICATOR, OBJECTIVE, REALIZATION, TARGET, VERIFIED
from seroja.core.achievement import VALUED
from seroja.permissions.opd import visible_opds
from seroja.services.as_known import day_of, existing, is_known_by, last_steps, standing

ROW = "Performance Realization Item"


def chosen_period(filters: dict, with_figures: bool = False):
	"""The Reporting Period of the filters, else the latest that has opened; None when there is none.

	with_figures: prefer the latest that has sheets to show within the reader's scope.
	"""
	if filters.get("period"):
		return frappe.get_cached_doc("Reporting Period", str(filters["period"]))
	name = _latest_with_figures(filters) if with_figures else None
	if not name:
		opened = {"entry_opens": ["<=", day_of(filters)]}
		names = frappe.get_all("Reporting Period", opened, pluck="name", order_by="start_date desc", limit=1)
		name = names[0] if names else None
	return frappe.get_cached_doc("Reporting Period", name) if name else None


def _latest_with_figures(filters: dict) -> str | None:
	"""A quarter that is still being entered comes after one that is over."""
	sheet, period = frappe.qb.DocType(REALIZATION), frappe.qb.DocType("Reporting Period")
	is_over = Case().when(period.entry_closes < day_of(filters), 1).else_(0)
	query = (
		frappe.qb.from_(sheet)
		.join(period)
		.on(period.name == sheet.period)
		.select(sheet.period)
		.where(standing(sheet, filters))
		.orderby(is_over, order=Order.desc)
		.orderby(sheet.year, order=Order.desc)
		.orderby(sheet.quarter, order=Order.desc)
		.limit(1)
	)
	rows = within_scope(query, sheet.opd, filters.get("opd")).run()
	return rows[0][0] if rows else None


def within_scope(query, column, opd: str | None = None):
	"""Narrow a query to the units of the session user and, if asked, to one of them (with the units below)."""
	scope = visible_opds()
	if opd:
		below = opds_below(opd)
		scope = below if scope is None else [name for name in below if name in set(scope)]
	return query if scope is None else query.where(column.isin(scope or [""]))


def opds_below(opd: str) -> list[str]:
	"""An OPD and the units below it; empty for a name that does not exist."""
	bounds = frappe.db.get_value("OPD", str(opd), ["lft", "rgt"])
	if not bounds:
		return []
	return frappe.get_all("OPD", {"lft": [">=", bounds[0]], "rgt": ["<=", bounds[1]]}, pluck="name")


def achievement_rows(period, filters: dict) -> list[dict]:
	"""A row per indicator of the period, for people who read: texts, figures, state. One query."""
	sheet, row, opd = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(ROW), frappe.qb.DocType("OPD")
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.join(opd)
		.on(opd.name == sheet.opd)
		.select(
			sheet.opd,
			opd.opd_name,
			row.parent.as_("sheet"),
			sheet.workflow_state,
			row.indicator,
			row.indicator_name,
			row.objective,
			row.unit,
			row.is_iku,
			row.polarity,
			row.target,
			row.realization,
			row.realization_ytd,
			row.status,
			row.method,
			row.achievement_raw,
			row.achievement_scored,
			row.category,
			row.explanation,
			row.weight,
			row.budget,
			row.has_budget_realization,
			row.budget_realization_value,
			row.obstacle,
			row.next_step,
		)
		.where((sheet.period == period.name) & standing(sheet, filters))
		.orderby(opd.lft)
		.orderby(row.objective)
		.orderby(row.indicator)
	)
	if filters.get("only_iku"):
		query = query.where(row.is_iku == 1)
	if filters.get("performance_objective"):
		query = query.where(row.performance_objective.isin(_nodes_below(filters["performance_objective"])))
	rows = within_scope(query, sheet.opd, filters.get("opd")).run(as_dict=True)
	if filters.get("as_known_on"):  # a sheet that was reopened since then was verified on that day
		for found in rows:
			found["workflow_state"] = VERIFIED
	return rows


def _nodes_below(node: str):
	"""A node of the objective tree and everything below it."""
	tree, top = frappe.qb.DocType(OBJECTIVE), frappe.qb.DocType(OBJECTIVE).as_("top")
	return (
		frappe.qb.from_(tree)
		.join(top)
		.on((tree.lft >= top.lft) & (tree.rgt <= top.rgt))
		.select(tree.name)
		.where(top.name == str(node))
	)


def last_year_values(period, filters: dict) -> dict[str, dict]:
	"""Indicator → realization and achievement of the same quarter last year. One query."""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(ROW)
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(row.indicator, row.realization_ytd, row.achievement_raw, row.status)
		.where((sheet.year == period.year - 1) & (sheet.quarter == int(period.quarter)))
		.where(standing(sheet, filters))
	)
	rows = within_scope(query, sheet.opd, filters.get("opd")).run(as_dict=True)
	return {found.indicator: found for found in rows}


def predecessors(codes: list[str]) -> dict[str, str]:
	"""Indicator → the one that it succeeded, within the units of the session user. One query."""
	indicator = frappe.qb.DocType(INDICATOR)
	query = (
		frappe.qb.from_(indicator)
		.select(indicator.successor, indicator.name)
		.where(indicator.successor.isin(codes or [""]))
	)
	return dict(within_scope(query, indicator.opd).run())


def opd_sums(period, filters: dict, categories: tuple[str, ...]) -> pd.DataFrame:
	"""The partial sums of core.summary per OPD and objective, added up by the database. One query."""
	return _sums_by(("opd", "objective"), period, filters, categories)


def node_sums(period, filters: dict) -> pd.DataFrame:
	"""The partial sums of core.summary per node of the objective tree. One query."""
	return _sums_by(("performance_objective",), period, filters)


def _sums_by(keys: tuple[str, ...], period, filters: dict, categories: tuple[str, ...] = ()) -> pd.DataFrame:
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(ROW)
	sums = _sums(row) | {f"count:{label}": _where(row.category == label) for label in categories}
	groups = [sheet.opd if key == "opd" else row[key] for key in keys]
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(*groups, *sums.values())
		.where((sheet.period == period.name) & standing(sheet, filters))
		.groupby(*groups)
	)
	rows = within_scope(query, sheet.opd, filters.get("opd")).run(as_list=True)
	frame = pd.DataFrame(rows, columns=[*keys, *sums])
	frame[[*sums]] = frame[[*sums]].astype("float64")
	frame[[*keys]] = frame[[*keys]].fillna("")
	return frame


def _sums(row) -> dict:
	"""core.summary.SUMS as SQL. A row without value holds 0 in its result fields (Frappe has no empty float)."""
	valued, weighted = row.status.isin(sorted(VALUED)), row.weight > 0
	paired = (row.has_budget_realization == 1) & (row.budget > 0)
	return {
		"indicators": Count("*"),
		"valued": _where(valued),
		"no_data": _where(row.status == "no_data"),
		"no_target": _where(row.status == "no_target"),
		"no_population": _where(row.status == "no_population"),
		"manual": _where(row.status == "manual"),
		"invalid": _where(row.status == "invalid"),
		"flagged": _where(row.status.isin(["implausible", "zero_base"])),
		"raw_sum": Sum(row.achievement_raw),
		"scored_sum": Sum(row.achievement_scored),
		"weighted": _where(weighted & valued),
		"weight_sum": _where(valued, row.weight),
		"weighted_raw_sum": Sum(row.weight * row.achievement_raw),
		"weighted_scored_sum": Sum(row.weight * row.achievement_scored),
		"budget": Sum(row.budget),
		"paired_budget": _where(paired, row.budget),
		"budget_realization": _where(paired, row.budget_realization_value),
		"efficiency_budget": _where(paired, row.budget * row.achievement_raw / 100),
		"efficiency_realization": _where(paired & valued, row.budget_realization_value),
	}


def _where(condition, value=1):
	return Sum(Case().when(condition, value).else_(0))


def expected_opds(year: int, filters: dict) -> dict[str, int]:
	"""OPDs with an approved target for the year → its number of indicators. One query."""
	target, item = frappe.qb.DocType(TARGET), frappe.qb.DocType("Performance Target Item")
	query = (
		frappe.qb.from_(target)
		.join(item)
		.on(item.parent == target.name)
		.select(target.opd, Count("*"))
		.where((target.year == year) & (target.docstatus == 1))
		.groupby(target.opd, target.name, target.version)
		.orderby(target.version)
	)
	if filters.get("as_known_on"):  # the last version approved by then; rows come oldest first
		query = query.where(is_known_by(target.verified_on, filters))
	else:
		query = query.where(target.is_current == 1)
	return dict(within_scope(query, target.opd, filters.get("opd")).run())


def sheets_of_year(year: int, filters: dict) -> list[dict]:
	"""Every sheet of a year with its state, the day of its last step and its dates. Two queries.

	Keys: name, opd, period, quarter, workflow_state, since, first_submitted_on, is_late, completeness.
	"""
	sheet = frappe.qb.DocType(REALIZATION)
	query = (
		frappe.qb.from_(sheet)
		.select(
			sheet.name,
			sheet.opd,
			sheet.period,
			sheet.quarter,
			sheet.workflow_state,
			sheet.first_submitted_on,
			sheet.is_late,
			sheet.completeness,
			sheet.modified,
		)
		.where((sheet.year == year) & existing(sheet, filters))
		.orderby(sheet.opd)
		.orderby(sheet.quarter)
	)
	rows = within_scope(query, sheet.opd, filters.get("opd")).run(as_dict=True)
	steps = last_steps([row.name for row in rows], filters)
	for row in rows:
		step = steps.get(row.name)
		row["since"] = step.acted_on if step else row.modified
		if filters.get("as_known_on"):
			_as_it_was(row, step)
	return rows


def _as_it_was(row: dict, step) -> None:
	"""A sheet on an earlier day: what came later is not known yet."""
	row["workflow_state"] = step.to_state if step else DRAFT
	if not step:
		row.update({"first_submitted_on": None, "completeness": None})


def opd_names() -> dict[str, str]:
	"""OPD → its full name, in the order of the tree. One query; callers show only names of scoped rows."""
	return dict(frappe.get_all("OPD", fields=["name", "opd_name"], as_list=True, order_by="lft"))


def full_names(users: set[str]) -> dict[str, str]:
	"""User → full name. One query."""
	return dict(
		frappe.get_all("User", {"name": ["in", list(users) or [""]]}, ["name", "full_name"], as_list=True)
	)


def no_period_message() -> str:
	return _("No reporting period has opened yet.")
