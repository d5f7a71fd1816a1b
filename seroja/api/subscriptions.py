"""What the form of a Report Subscription and the list of deliveries ask for."""

import frappe
from frappe import _
from frappe.utils import now_datetime

from seroja.constants import ADMINISTRATOR, DELIVERY, SUBSCRIPTION
from seroja.services import mailer, subscriptions


@frappe.whitelist()
def recipients(name: str) -> list[str]:
	"""Full names of everybody who would get it now. Permission: write on the subscription."""
	doc = _writable(name)
	people = set(subscriptions.recipients_of(doc)) - subscriptions.unsubscribed_from(doc)
	return sorted(frappe.utils.get_fullname(user) for user in people)


@frappe.whitelist()
def last_deliveries(name: str) -> list[dict]:
	"""The last deliveries, the latest first; of others for managers only. Permission: read on the subscription."""
	frappe.has_permission(SUBSCRIPTION, "read", name, throw=True)
	filters = {"subscription": name}
	if not subscriptions.may_manage():
		filters["user"] = frappe.session.user
	fields = ["name", "occurrence", "user", "state", "sent_on", "error"]
	return frappe.get_all(DELIVERY, filters, fields, order_by="creation desc", limit=10)


@frappe.whitelist(methods=["POST"])
def send_test(name: str) -> dict:
	"""Send it now, to the session user alone, and say what became of it. Permission: write on the subscription."""
	doc, user, now = _writable(name), frappe.session.user, now_datetime()
	email = frappe.db.get_value("User", {"name": user, "enabled": 1}, "email")
	if not email or user in frappe.STANDARD_USERS:
		frappe.throw(_("You have no address for mail; log in as yourself."), title=_("No Address"))
	occurrence = f"{subscriptions.TEST}{now:%Y-%m-%d %H:%M:%S}"
	subscriptions.add_delivery(doc, occurrence, user, email, now)
	delivery = subscriptions.delivery_name(doc.name, occurrence, user)
	mailer.deliver(only=delivery)
	return frappe.db.get_value(DELIVERY, delivery, ["state", "error"], as_dict=True)


@frappe.whitelist(methods=["POST"])
def send_again(name: str) -> None:
	"""Send a delivery once more that failed or is unconfirmed. Permission: SEROJA Administrator."""
	if frappe.session.user != "Administrator" and ADMINISTRATOR not in frappe.get_roles():
		raise frappe.PermissionError
	subscriptions.send_again(name)
	frappe.enqueue(mailer.deliver, queue="long", enqueue_after_commit=True)


def _writable(name: str):
	doc = frappe.get_doc(SUBSCRIPTION, name)
	doc.check_permission("write")
	return doc
