"""What the form of a Performance Agreement asks for."""

import frappe

from seroja.constants import AGREEMENT
from seroja.services.agreements import make_revision


@frappe.whitelist(methods=["POST"])
def revise(name: str, reason: str, note: str) -> str:
	"""Start a new agreement in place of a signed one. Permission: create, then read and position in make_revision."""
	frappe.has_permission(AGREEMENT, "create", throw=True)
	return make_revision(name, reason, note).name
