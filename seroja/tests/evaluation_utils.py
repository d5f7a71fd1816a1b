"""Factories of the evaluation tests: rounds, assessments at each stage, recommendations."""

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, today

from seroja import constants as c
from seroja.services import worksheet
from seroja.tests.utils import APPROVE, SUBMIT, YEAR, A, letter, person

AKIP = "AKIP-2021"
EVALUATE, SEND_BACK, FINALIZE = "Complete Evaluation", "Send Back", "Finalize"
# The mixed case of domain.md 1.3.3: 79.00, BB.
GRADES = {
	"1.a": "A", "1.b": "BB", "1.c": "B",
	"2.a": "A", "2.b": "BB", "2.c": "B",
	"3.a": "A", "3.b": "BB", "3.c": "BB",
	"4.a": "A", "4.b": "BB", "4.c": "BB",
}  # fmt: skip
FINDING = {
	"component_code": "1.b",
	"condition": "Indikator belum SMART.",
	"criterion": "Indikator memenuhi kriteria SMART.",
	"effect": "Kinerja tidak terukur.",
	"recommendation": "Menyempurnakan indikator sasaran.",
}


def make_round(instrument: str = AKIP, year: int = YEAR, assessed: str = "OPD", **values):
	"""A round whose self-assessment is open now."""
	name = f"{instrument}-{year}-{assessed}"
	if frappe.db.exists(c.ROUND, name):
		return frappe.get_doc(c.ROUND, name)
	return frappe.get_doc(
		{
			"doctype": c.ROUND,
			"instrument": instrument,
			"year": year,
			"assessed": assessed,
			"self_opens": add_days(today(), -5),
			"self_closes": add_days(today(), 5),
			"evaluation_closes": add_days(today(), 10),
			"review_closes": add_days(today(), 15),
			**values,
		}
	).insert(ignore_permissions=True)


def draft_assessment(opd: str = A, instrument: str = AKIP, year: int = YEAR, answers: dict | None = None):
	"""A draft, with the self-assessment filled in where answers are given."""
	make_round(instrument, year)
	key = f"operator_{letter(opd)}"
	doc = as_user(
		key,
		lambda: frappe.get_doc(
			{"doctype": c.ASSESSMENT, "instrument": instrument, "opd": opd, "year": year}
		).insert(),
	)
	if answers:
		write(doc, key, "self_answer", answers)
	return frappe.get_doc(c.ASSESSMENT, doc.name)


def write(doc, key: str, field: str, values: dict) -> dict:
	"""Write cells of a column through the worksheet, as a person."""
	changes = [{"code": code, "field": field, "value": value} for code, value in values.items()]
	return as_user(key, lambda: worksheet.save(doc.name, changes))


def step(doc, action: str, key: str, note: str = ""):
	"""Take a step as a person; a note is saved first."""

	def act():
		fresh = frappe.get_doc(doc.doctype, doc.name)
		if note:
			fresh.decision_note = note
			fresh.save()
		apply_workflow(fresh, action)

	as_user(key, act)
	return frappe.get_doc(doc.doctype, doc.name)


def approved_assessment(opd: str = A, **values):
	"""Self-assessed and approved by the head: the evaluator's turn."""
	doc = draft_assessment(opd, answers=GRADES, **values)
	doc = step(doc, SUBMIT, f"operator_{letter(opd)}")
	return step(doc, APPROVE, f"head_{letter(opd)}")


def evaluated_assessment(opd: str = A, grades: dict = GRADES, findings: bool = True, **values):
	"""Evaluated by the inspector: the reviewer's turn."""
	doc = approved_assessment(opd, **values)
	write(doc, "inspector", "evaluator_answer", grades)
	confirm(doc)
	if findings:
		as_user("inspector", lambda: worksheet.add_finding(doc.name, FINDING))
	return step(doc, EVALUATE, "inspector")


def confirm(doc, key: str = "inspector") -> None:
	"""Confirm what the facts suggest."""
	as_user(key, lambda: worksheet.take_suggestions(doc.name))


def final_assessment(opd: str = A, **values):
	return step(evaluated_assessment(opd, **values), FINALIZE, "inspector2")


def make_recommendation(opd: str = A, year: int = YEAR, **values):
	"""A recommendation that the Inspektorat issues by hand."""
	return as_user(
		"inspector",
		lambda: frappe.get_doc(
			{
				"doctype": c.RECOMMENDATION,
				"opd": opd,
				"year": year,
				"source": "LHE Kementerian",
				"recommendation": "Menyempurnakan pohon kinerja.",
				"due_date": add_days(today(), 30),
				**values,
			}
		).insert(),
	)


def follow_up(doc, key: str = "operator_a", action: str = "Pohon kinerja diperbaiki.", **values):
	"""The OPD adds what it has done."""

	def act():
		fresh = frappe.get_doc(c.RECOMMENDATION, doc.name)
		fresh.append("follow_ups", {"action": action, **values})
		return fresh.save()

	return as_user(key, act)


def decide(doc, status: str, key: str = "inspector", **values):
	"""The Inspektorat sets a status."""

	def act():
		fresh = frappe.get_doc(c.RECOMMENDATION, doc.name)
		fresh.update({"status": status, **values})
		return fresh.save()

	return as_user(key, act)


def as_user(key: str, action):
	"""Do something as a person, and come back."""
	user = frappe.session.user
	frappe.set_user(person(key))
	try:
		return action()
	finally:
		frappe.set_user(user)
