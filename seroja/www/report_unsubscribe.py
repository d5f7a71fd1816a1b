"""The page behind “unsubscribe” in a mail. Works without login; the signature of the link is the permission.

Opening the page changes nothing (link scanners open every link); only its button, or the one-click
request of a mail program (RFC 8058), does.
"""

import frappe
from frappe import _

from seroja.services import subscriptions

no_cache = 1
sitemap = 0
no_index = 1


def get_context(context) -> None:
	context.update(
		{"no_breadcrumbs": 1, "show_sidebar": 0, "csrf_token": frappe.session.data.csrf_token or ""}
	)
	asked = frappe.request.args
	found = subscriptions.find_signed(asked.get("delivery", ""), asked.get("_signature", ""))
	if not found:
		context.update(
			{"heading": _("Unsubscribe"), "sentence": _("This link is not valid, or the mail is compulsory.")}
		)
		return
	context.update(_answer(*found))


def _answer(doc, user: str) -> dict:
	"""Do what was asked for, if anything was, and what to show afterwards."""
	if frappe.request.method == "POST" and frappe.form_dict.get("wish") == "subscribe":
		subscriptions.subscribe_again(doc, user)
		sentence = _("You will get this mail again.")
	elif frappe.request.method == "POST":
		subscriptions.unsubscribe(doc, user)
		sentence = _("You will not get this mail any more.")
		return {
			"heading": doc.title,
			"sentence": sentence,
			"button": _("Subscribe Again"),
			"wish": "subscribe",
		}
	else:
		sentence = _("Do you not want this mail any more?")
	return {"heading": doc.title, "sentence": sentence, "button": _("Unsubscribe"), "wish": "unsubscribe"}
