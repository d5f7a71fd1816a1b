"""What the worksheet of an assessment asks for. The services check the permission on the assessment first."""

import frappe
from frappe import _

from seroja.constants import ASSESSMENT
from seroja.services import worksheet


@frappe.whitelist()
def load(name: str) -> dict:
	"""Everything that the worksheet shows. Permission: read on the assessment."""
	frappe.has_permission(ASSESSMENT, "read", name, throw=True)
	return worksheet.load(name)


@frappe.whitelist(methods=["POST"])
def save(name: str, changes: list | str) -> dict:
	"""Write single cells: `[{code, field, value}]`. Permission: write on the assessment."""
	frappe.has_permission(ASSESSMENT, "write", name, throw=True)
	return worksheet.save(name, _rows(changes))


@frappe.whitelist(methods=["POST"])
def take_suggestions(name: str) -> dict:
	"""Confirm every open suggestion. Permission: write on the assessment."""
	frappe.has_permission(ASSESSMENT, "write", name, throw=True)
	return worksheet.take_suggestions(name)


@frappe.whitelist(methods=["POST"])
def refresh_facts(name: str) -> dict:
	"""Look at the facts again. Permission: write on the assessment."""
	frappe.has_permission(ASSESSMENT, "write", name, throw=True)
	return worksheet.refresh_facts(name)


@frappe.whitelist(methods=["POST"])
def add_finding(name: str, finding: dict | str) -> dict:
	"""Append a finding. Permission: write on the assessment."""
	frappe.has_permission(ASSESSMENT, "write", name, throw=True)
	return worksheet.add_finding(name, _mapping(finding))


@frappe.whitelist()
def convert(name: str, code: str, number: float) -> str:
	"""The answer that a survey score stands for. Permission: read on the assessment."""
	frappe.has_permission(ASSESSMENT, "read", name, throw=True)
	return worksheet.convert(name, code, number)


@frappe.whitelist()
def what_if(name: str, column: str, answers: dict | str | None = None) -> dict:
	"""The index that other answers would give. Permission: read on the assessment."""
	frappe.has_permission(ASSESSMENT, "read", name, throw=True)
	return worksheet.what_if(name, column, _mapping(answers or {}))


def _rows(value: list | str) -> list[dict]:
	rows = _parsed(value)
	if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
		frappe.throw(_("The request cannot be read."))
	return rows


def _mapping(value: dict | str) -> dict:
	found = _parsed(value)
	if not isinstance(found, dict):
		frappe.throw(_("The request cannot be read."))
	return found


def _parsed(value: list | dict | str):
	try:
		return frappe.parse_json(value)
	except ValueError:
		return None
