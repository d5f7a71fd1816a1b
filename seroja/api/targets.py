"""What the form of a Performance Target asks for."""

import frappe

from seroja.constants import TARGET
from seroja.services.targets import make_revision


@frappe.whitelist(methods=["POST"])
def revise(name: str, reason: str) -> str:
	"""Start a new version of an approved target. Permission: create, then read and position in make_revision."""
	frappe.has_permission(TARGET, "create", throw=True)
	return make_revision(name, reason).name
