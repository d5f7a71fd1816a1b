"""Frappe's own webhooks, ready made: another system hears when a sheet is verified or returned and a report published.

They name the document, never its figures; who wants those asks the reading interface with a key of his own.
"""

import frappe
from frappe import _

from seroja.constants import PUBLISHED, REALIZATION, REPORT, RETURNED
from seroja.services import data_sources, fetching

_CHANGED = 'doc.workflow_state == "{0}" and doc.has_value_changed("workflow_state")'
PRESETS = {
	"seroja-verified": (REALIZATION, "on_submit", "", ("opd", "period", "verified_on")),
	"seroja-returned": (REALIZATION, "on_update", _CHANGED.format(RETURNED), ("opd", "period")),
	"seroja-published": (REPORT, "on_update", _CHANGED.format(PUBLISHED), ("opd", "year")),
}


def make(url: str, secret: str) -> list[str]:
	"""Set up the webhooks for one address, also those that exist: a new address or secret holds for all three.

	Frappe signs each call with the secret. Permission: create on webhooks, which is the system manager's. Throws for
	a host that is not allowed.
	"""
	frappe.has_permission("Webhook", "create", throw=True)
	if not (secret or "").strip():
		frappe.throw(_("Give a secret; the receiver knows by it who calls."), title=_("Secret Missing"))
	try:
		fetching.check_reachable(url, data_sources.hosts())
	except fetching.FetchError as error:
		frappe.throw(error.message, title=_("Address Not Allowed"))
	for name in PRESETS:
		webhook = frappe.get_doc("Webhook", name) if frappe.db.exists("Webhook", name) else _new(name)
		webhook.update({"request_url": url, "enable_security": 1, "webhook_secret": secret}).save()
	return list(PRESETS)


def _new(name: str):
	doctype, event, condition, fields = PRESETS[name]
	rows = [{"fieldname": field, "key": field} for field in ("name", "doctype", "workflow_state", *fields)]
	return frappe.new_doc(
		"Webhook",
		name=name,
		webhook_doctype=doctype,
		webhook_docevent=event,
		condition=condition,
		request_method="POST",
		request_structure="Form URL-Encoded",
		webhook_data=rows,
	)
