"""Factories of the planning tests: a government above the two OPDs, plans, nodes, agreements, files to import."""

import io

import frappe
from frappe.model.workflow import apply_workflow
from openpyxl import Workbook

from seroja import constants as c
from seroja.tests.utils import APPROVE, SUBMIT, YEAR, A, B, letter, person

CITY = "TesKota"
SIGN = "Sign"
NEW_VERSION = "New Version"
CITY_PEOPLE = {"operator_city": (c.OPERATOR, "Operator"), "mayor": (c.HEAD, "Head")}


def make_government() -> None:
	"""The government with a mayor, the two OPDs below it; safe to call again."""
	frappe.set_user("Administrator")
	for key, (role, _position) in CITY_PEOPLE.items():
		if not frappe.db.exists("User", person(key)):
			frappe.get_doc(
				{
					"doctype": "User",
					"email": person(key),
					"first_name": key,
					"send_welcome_email": 0,
					"roles": [{"role": role}],
				}
			).insert()
	if not frappe.db.exists("OPD", CITY):
		frappe.get_doc(
			{
				"doctype": "OPD",
				"abbreviation": CITY,
				"opd_name": "Pemerintah Kota Tes",
				"opd_type": "Government",
				"is_group": 1,
				"position_holders": [
					{
						"user": person(key),
						"position": position,
						"capacity": "Definitif",
						"from_date": "2020-01-01",
					}
					for key, (_role, position) in CITY_PEOPLE.items()
				],
			}
		).insert()
	for opd in (A, B):
		doc = frappe.get_doc("OPD", opd)
		if doc.parent_opd != CITY:
			doc.parent_opd = CITY
			doc.save()


def keys_of(opd: str) -> tuple[str, str]:
	"""Operator and head of a unit, as keys of people."""
	return ("operator_city", "mayor") if opd == CITY else (f"operator_{letter(opd)}", f"head_{letter(opd)}")


def make_plan(opd: str = A, kind: str = "Renstra", first: int = YEAR, **values):
	"""A draft plan of five years, entered by the unit's operator."""
	return as_person(
		keys_of(opd)[0],
		lambda: frappe.get_doc(
			{
				"doctype": c.PLAN,
				"plan_type": kind,
				"opd": opd,
				"title": f"{kind} {opd}",
				"year_from": first,
				"year_to": first + 4,
				"vision": "Maju bersama",
				"items": [{"mission": "Melayani"}],
				**values,
			}
		).insert(),
	)


def make_node(plan, level: str = "Tujuan", parent: str | None = None, opd: str | None = None, **values):
	"""A node of a plan, entered by the operator of its unit."""
	opd = opd or plan.opd
	return as_person(
		keys_of(opd)[0],
		lambda: frappe.get_doc(
			{
				"doctype": c.OBJECTIVE,
				"plan": plan.name,
				"opd": opd,
				"level": level,
				"statement": values.pop("statement", f"{level} {opd}"),
				"parent_performance_objective": parent,
				**values,
			}
		).insert(),
	)


def measure(node, *codes: str) -> None:
	"""Let indicators measure a node."""
	for code in codes:
		as_person("planner", lambda code=code: _attach(code, node))


def _attach(code: str, node) -> None:
	doc = frappe.get_doc(c.INDICATOR, code)
	doc.performance_objective = node.name
	doc.save()


def approve_plan(plan):
	"""Take a plan through every hand."""
	operator, head = keys_of(plan.opd)
	for key, action in ((operator, SUBMIT), (head, APPROVE), ("planner", APPROVE)):
		as_person(key, lambda action=action: apply_workflow(frappe.get_doc(c.PLAN, plan.name), action))
	return frappe.get_doc(c.PLAN, plan.name)


def reopen_plan(plan, reason: str = "Perubahan APBD"):
	"""Start the next version of an approved plan."""

	def start():
		doc = frappe.get_doc(c.PLAN, plan.name)
		doc.decision_note = reason
		doc.save()
		apply_workflow(doc, NEW_VERSION)

	as_person(keys_of(plan.opd)[0], start)
	return frappe.get_doc(c.PLAN, plan.name)


def make_agreement(opd: str = A, **values):
	"""A draft agreement of the head of a unit."""
	level = "Regional Head" if opd == CITY else "OPD Head"
	operator, head = keys_of(opd)
	return as_person(
		operator,
		lambda: frappe.get_doc(
			{
				"doctype": c.AGREEMENT,
				"opd": opd,
				"year": YEAR,
				"position_level": level,
				"first_party": person(head),
				"first_position": f"Kepala {opd}",
				"place": "Malang",
				"agreement_date": f"{YEAR}-01-15",
				**values,
			}
		).insert(),
	)


def sign(agreement, *keys: str):
	"""Sign by one person after the other."""
	for key in keys:
		as_person(key, lambda: apply_workflow(frappe.get_doc(c.AGREEMENT, agreement.name), SIGN))
	return frappe.get_doc(c.AGREEMENT, agreement.name)


def as_person(key: str, act):
	"""Do something as a test person, and be who one was afterwards."""
	user = frappe.session.user
	frappe.set_user(person(key))
	try:
		return act()
	finally:
		frappe.set_user(user)


def workbook(rows: list[list]) -> bytes:
	"""An XLSX file with these rows."""
	book = Workbook()
	for row in rows:
		book.active.append(row)
	buffer = io.BytesIO()
	book.save(buffer)
	return buffer.getvalue()


def make_import(kind: str, rows: list[list], opd: str = A, plan=None, key: str = "planner"):
	"""An import document with its file attached."""

	def make():
		doc = frappe.get_doc(
			{"doctype": c.IMPORT, "kind": kind, "opd": opd, "plan": plan.name if plan else None}
		).insert()
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"impor-{doc.name}.xlsx",
				"content": workbook(rows),
				"is_private": 1,
				"attached_to_doctype": c.IMPORT,
				"attached_to_name": doc.name,
			}
		).insert()
		doc.file = file.file_url
		return doc.save()

	return as_person(key, make)
