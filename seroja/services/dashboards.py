"""The dashboard: one view for the whole government, one for the own OPD, one for the Inspektorat.

Figures are those of the reports for the same period, and lead to them. What a person sees follows from his roles and
positions; every query takes its scope from the session user (design.md decision 7).
"""

import frappe
from frappe import _

from seroja.constants import (
	APPROVED_BY_HEAD,
	ASSESSMENT,
	CITY_ROLES,
	ENTRY,
	INSPEKTORAT,
	POSITION_ROLES,
	SUBMITTED,
)
from seroja.permissions.opd import governments, my_opds
from seroja.services import (
	dashboard_evaluation,
	dashboard_figures,
	dashboard_sheets,
	evaluation_figures,
	inbox,
	repository,
)
from seroja.services.calculation import get_calculation
from seroja.services.dashboard_parts import SHOWN, cell, day, due_cell, form, report, table
from seroja.services.summaries import opd_summary

CITY, UNIT, INSPECTORATE = "city", "unit", "inspectorate"


def get(view: str | None, period: str | None) -> dict:
	"""A view with its cards and sections, and the views that the session user has.

	Keys: views (name, label), view, period (name, label), cards, sections, message and next (a way and its label)
	where there is nothing to show. Refuses a view that is not the user's.
	"""
	own = _own_opds()
	views = _views(own)
	if view and view not in views:
		frappe.throw(_("This view of the dashboard is not yours."), frappe.PermissionError)
	view = view or next(iter(views), None)
	chosen = view and repository.chosen_period({"period": period}, with_figures=view != INSPECTORATE)
	found = {
		"views": [{"name": name, "label": label} for name, label in views.items()],
		"view": view,
		"period": {"name": chosen.name, "label": chosen.label} if chosen else None,
	}
	return found | (_content(view, chosen, own) if chosen else _nothing(view))


def _own_opds() -> set[str]:
	"""The OPDs in which the session user holds a position today."""
	return {opd for position in POSITION_ROLES for opd in my_opds(position)}


def _views(own: set[str]) -> dict[str, str]:
	"""View → label, the one that opens first in front. A position in the government itself shows all below it."""
	roles, found = set(frappe.get_roles()), {}
	if INSPEKTORAT in roles:
		found[INSPECTORATE] = _("Inspectorate")
	if CITY_ROLES & roles or own & set(governments()):
		found[CITY] = _("Government")
	if own:
		found[UNIT] = _("My OPD")
	return found


def _content(view: str, period, own: set[str]) -> dict:
	if view == CITY:
		return _city(period)
	return _unit(period, own) if view == UNIT else _inspectorate(period)


def _nothing(view: str | None) -> dict:
	if not view:
		text = _(
			"You hold no position in an OPD today. The Organisation Bureau enters the holders of positions."
		)
		return {"message": text, "next": None}
	can_create = frappe.has_permission("Reporting Period", "create")
	way = {"label": _("Create Reporting Periods"), "link": form("Reporting Period", "new")}
	return {"message": repository.no_period_message(), "next": way if can_create else None}


def _city(period) -> dict:
	scale = get_calculation(period.year).scale
	units, trend = opd_summary(period, {}), dashboard_figures.trend(period)
	quarters = dashboard_sheets.opened_quarters(period.year)
	sheets, expected = dashboard_sheets.sheets_and_owing(period.year)
	names = repository.opd_names()
	cards = [
		dashboard_figures.score_card(units, period, scale),
		dashboard_figures.indicator_card(units, period),
		dashboard_sheets.sheet_card(period, sheets, expected),
		dashboard_figures.absorption_card(trend[-1][1], period),
		dashboard_evaluation.recommendation_card(evaluation_figures.recommendations_of({})),
	]
	sections = [
		dashboard_figures.ranking(units, period, scale),
		dashboard_figures.categories(units, period, scale),
		dashboard_figures.trend_chart(trend),
		dashboard_figures.worst_movers(period),
		dashboard_sheets.states_per_quarter(quarters, sheets, expected),
		dashboard_sheets.waiting(_("Waiting Longest"), sheets, (SUBMITTED, APPROVED_BY_HEAD), names, period),
	]
	return {"cards": cards, "sections": sections}


def _unit(period, own: set[str]) -> dict:
	scale = get_calculation(period.year).scale
	units = [unit for unit in opd_summary(period, {}) if unit["opd"] in own]
	sheets = [sheet for sheet in repository.sheets_of_year(period.year, {}) if sheet.opd in own]
	issued = [row for row in evaluation_figures.recommendations_of({}) if row["opd"] in own]
	names = repository.opd_names() if len(own) > 1 else {}  # one OPD need not be named in each row
	cards = [
		dashboard_figures.score_card(units, period, scale),
		dashboard_figures.indicator_card(units, period),
		dashboard_evaluation.recommendation_card(issued),
		dashboard_sheets.deadline_card(period, own),
	]
	sections = [
		_inbox(),
		dashboard_figures.own_units(units, sheets, period, scale),
		dashboard_figures.below_target(period, own, names),
		dashboard_figures.categories(units, period, scale),
		dashboard_evaluation.open_recommendations(issued, names),
		_changes(own),
	]
	return {"cards": cards, "sections": sections}


def _inspectorate(period) -> dict:
	quarters = dashboard_sheets.opened_quarters(period.year)
	sheets, expected = dashboard_sheets.sheets_and_owing(period.year)
	issued, assessed = evaluation_figures.recommendations_of({}), dashboard_evaluation.waiting_assessments()
	names = repository.opd_names()
	late = dashboard_sheets.late_sheets(quarters, sheets, expected)
	cards = [
		dashboard_sheets.waiting_card(sheets, period),
		dashboard_sheets.sheet_card(period, sheets, expected),
		dashboard_evaluation.assessments_card(assessed),
		dashboard_evaluation.recommendation_card(issued),
		dashboard_sheets.late_card(late, period),
	]
	sections = [
		dashboard_sheets.waiting(_("Waiting for Verification"), sheets, (APPROVED_BY_HEAD,), names, period),
		dashboard_sheets.ages(sheets, period),
		dashboard_sheets.states_per_quarter(quarters, sheets, expected),
		dashboard_evaluation.assessments_table(assessed, names),
		dashboard_evaluation.classes(issued),
		dashboard_evaluation.overdue_recommendations(issued, names),
		dashboard_sheets.late_table(late, names, period),
	]
	return {"cards": cards, "sections": sections}


def _inbox() -> dict:
	waiting = inbox.waiting_for_me()
	rows = [
		[
			cell(_(row["task"]), _way(row), note=_told(row)),
			cell(_(row["state"]) if row["state"] else _("No Sheet")),
			due_cell(row["due"]),
		]
		for row in waiting[:SHOWN]
	]
	return table(
		f"{_('Waiting for Me')} ({len(waiting)})",
		[_("Task"), _("Status"), _("Due")],
		rows,
		_("Nothing waits for you."),
		{"label": _("All Tasks"), "link": report("Waiting for Me")},
	)


def _told(row: dict) -> str:
	return row.get("title") or row["name"] or f"{row['opd']} {row['period']}"


def _way(row: dict) -> dict:
	"""To the document, or to a new one with what is known of it."""
	if row["name"]:
		return form(row["doctype"], row["name"])
	keys = ("instrument", "opd", "year") if row["doctype"] == ASSESSMENT else ("opd", "period")
	return form(row["doctype"], "new", **{key: row[key] for key in keys})


def _changes(own: set[str]) -> dict:
	"""The last steps of documents of the own OPDs."""
	entry = frappe.qb.DocType(ENTRY)
	query = (
		frappe.qb.from_(entry)
		.select(
			entry.reference_doctype,
			entry.reference_name,
			entry.to_state,
			entry.full_name,
			entry.acted_on,
			entry.note,
		)
		.where(entry.opd.isin(list(own)))
		.orderby(entry.acted_on, order=frappe.qb.desc)
		.orderby(entry.creation, order=frappe.qb.desc)
		.limit(SHOWN)
	)
	rows = [
		[
			cell(row.reference_name, form(row.reference_doctype, row.reference_name), note=day(row.acted_on)),
			cell(_(row.to_state)),
			cell(row.full_name),
			cell(row.note),
		]
		for row in repository.within_scope(query, entry.opd).run(as_dict=True)
	]
	columns = [_("Document"), _("Status"), _("By"), _("Note")]
	return table(_("What Changed"), columns, rows, _("No step has been taken yet."))
