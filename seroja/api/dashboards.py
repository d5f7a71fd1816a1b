"""What the page “Performance Dashboard” asks for."""

import frappe
from frappe import _

from seroja.permissions.opd import may_use_app
from seroja.services import dashboards


@frappe.whitelist()
def get(view: str | None = None, period: str | None = None) -> dict:
	"""One view of the dashboard and the list of those that the caller has. Permission: a role of the app; scoped inside."""
	if not may_use_app():
		frappe.throw(_("Only people with a role in SEROJA may see this."), frappe.PermissionError)
	return dashboards.get(view, period)
