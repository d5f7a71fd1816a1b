"""What the form of a SEROJA Import asks for."""

import frappe

from seroja.constants import IMPORT
from seroja.services import imports


@frappe.whitelist(methods=["POST"])
def check(name: str) -> dict:
	"""Read the file and show what it would change. Permission: write on imports, then the maker's in check_file."""
	frappe.has_permission(IMPORT, "write", throw=True)
	return imports.check_file(name)


@frappe.whitelist(methods=["POST"])
def apply(name: str) -> str:
	"""Apply a checked file. Permission: write on imports, then the maker's in apply_import and each document's own."""
	frappe.has_permission(IMPORT, "write", throw=True)
	return imports.apply_import(name)
