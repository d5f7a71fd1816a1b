"""Assessment Round: the windows of the stages, who still has to begin, reminders."""

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from seroja.constants import APPROVED_BY_HEAD, ASSESSMENT, DRAFT, EVALUATED, RETURNED, ROUND, SUBMITTED
from seroja.core.instruments import Instrument
from seroja.permissions.opd import holders
from seroja.services.instruments import get_instrument

STAGES = ("self", "evaluation", "review")


def validate_round(doc) -> None:
	"""A valid instrument, and windows that follow each other."""
	doc.year = cint(doc.year)
	check_validity(get_instrument(doc.instrument), doc.year)
	dates = [getdate(doc.self_opens), *(getdate(doc.get(f"{stage}_closes")) for stage in STAGES)]
	if dates != sorted(dates):
		frappe.throw(
			_("The windows must follow each other: self-assessment, evaluation, quality assurance."),
			title=_("Dates Out of Order"),
		)


def check_validity(instrument: Instrument, year: int) -> None:
	"""Refuse an instrument that is not in force in a year."""
	if not instrument.scale.is_valid_in(year):
		frappe.throw(
			_("{0} is not valid in {1}.").format(instrument.title, year), title=_("Instrument Not Valid")
		)


# State → the field of the round that says when whoever holds the assessment must be done.
CLOSES = {
	DRAFT: "self_closes",
	SUBMITTED: "self_closes",
	RETURNED: "self_closes",
	APPROVED_BY_HEAD: "evaluation_closes",
	EVALUATED: "review_closes",
}


def name_of(instrument: str, year: int, opd_type: str) -> str:
	"""The round of an instrument and year: one for the OPDs, one for the government."""
	return f"{instrument}-{year}-{'Government' if opd_type == 'Government' else 'OPD'}"


def due_dates(rows: list[dict]) -> dict[str, object]:
	"""Assessment → the day by which its holder must be done. Two queries.

	rows: with name, instrument, opd, year, workflow_state, is_extended and amended_from; a reopened one has no day.
	"""
	types = dict(
		frappe.get_all(
			"OPD", {"name": ["in", [row["opd"] for row in rows] or ["-"]]}, ["name", "opd_type"], as_list=True
		)
	)
	names = {row["name"]: name_of(row["instrument"], row["year"], types[row["opd"]]) for row in rows}
	found = {
		each.name: each
		for each in frappe.get_all(
			ROUND,
			{"name": ["in", list(names.values()) or ["-"]]},
			["name", "self_closes", "evaluation_closes", "review_closes"],
		)
	}
	return {
		row["name"]: found[names[row["name"]]][closing_field(row)]
		for row in rows
		if names[row["name"]] in found and not row["amended_from"]
	}


def closing_field(row) -> str:
	"""The field of the round with the last day for whoever holds an assessment, as it is stored."""
	return "review_closes" if row.get("is_extended") else CLOSES[row.get("workflow_state") or DRAFT]


def check_unit(opd: str, each) -> None:
	"""Refuse an assessment of a unit that the round does not ask."""
	unit = frappe.get_cached_value("OPD", opd, ["opd_type", "valid_to"], as_dict=True)
	if not _is_assessed(each, unit):
		frappe.throw(
			_("{0} is not assessed by itself in {1}.").format(opd, each.name), title=_("Unit Not Assessed")
		)


def to_start(opds: list[str]) -> list[dict]:
	"""Open rounds in which one of these OPDs has no assessment yet: rows with round, instrument, year, opd, closes.

	Three queries.
	"""
	units = frappe.get_all("OPD", {"name": ["in", opds or ["-"]]}, ["name", "opd_type", "valid_to"])
	rounds = frappe.get_all(
		ROUND,
		{"self_opens": ["<=", today()], "self_closes": [">=", today()]},
		["name", "instrument", "year", "assessed", "self_closes"],
	)
	there = set(
		frappe.get_all(
			ASSESSMENT,
			{"opd": ["in", opds or ["-"]], "docstatus": ["<", 2]},
			["opd", "instrument", "year"],
			as_list=True,
		)
	)
	return [
		{
			"round": each.name,
			"instrument": each.instrument,
			"year": each.year,
			"opd": unit.name,
			"closes": each.self_closes,
		}
		for each in rounds
		for unit in units
		if _is_assessed(each, unit) and (unit.name, each.instrument, each.year) not in there
	]


# Units that are assessed by themselves; Bagian, Kelurahan and UPTD belong to their OPD.
_ASSESSED_TYPES = ("OPD", "Kecamatan")


def _is_assessed(each, unit) -> bool:
	if unit.valid_to and getdate(unit.valid_to).year < each.year:
		return False
	if each.assessed == "Government":
		return unit.opd_type == "Government"
	return unit.opd_type in _ASSESSED_TYPES


def pending() -> list[tuple[str, list[str], object, str]]:
	"""(OPD, who must act; empty for the Inspektorat, until when, round) for every assessment that waits or was not begun."""
	rows = frappe.get_all(
		ASSESSMENT,
		{"docstatus": 0, "workflow_state": ["in", list(CLOSES)]},
		[
			"name",
			"opd",
			"instrument",
			"year",
			"workflow_state",
			"assessment_round",
			"is_extended",
			"amended_from",
		],
	)
	closes = due_dates(rows)
	opds = frappe.get_all("OPD", pluck="name")
	operators, heads = holders(opds, "Operator"), holders(opds, "Head")
	people = {DRAFT: operators, RETURNED: operators, SUBMITTED: heads}
	waiting = [
		(row.opd, people.get(row.workflow_state, {}).get(row.opd, []), closes[row.name], row.assessment_round)
		for row in rows
		if row.name in closes
		and (row.workflow_state not in people or people[row.workflow_state].get(row.opd))
	]
	begun = [
		(row["opd"], operators.get(row["opd"], []), row["closes"], row["round"]) for row in to_start(opds)
	]
	return waiting + [row for row in begun if row[1]]
