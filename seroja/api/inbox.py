"""The number card “Waiting for Me”."""

import frappe

from seroja.constants import REALIZATION
from seroja.services.inbox import count_waiting


@frappe.whitelist()
def waiting_count() -> dict:
	"""How many documents wait for the session user. Permission: read on sheets; built from own positions."""
	frappe.has_permission(REALIZATION, "read", throw=True)
	return {"value": count_waiting(), "fieldtype": "Int", "route": ["query-report", "Waiting for Me"]}
