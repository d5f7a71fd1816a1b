"""Subscriptions to reports: what may be set, who gets the mail, when it is due (design.md decision 8)."""

import hashlib
import hmac
from datetime import datetime

import frappe
from frappe import _
from frappe.utils import get_url, getdate, now_datetime
from frappe.utils.verified_command import get_signed_params

from seroja.constants import ADMINISTRATOR, DELIVERY, ORGANISATION_BUREAU, SUBSCRIPTION
from seroja.core.schedules import Schedule, last_due, next_due
from seroja.permissions.opd import holders
from seroja.services.notices import users_with_role
from seroja.services.report_parts import parse_filters

PENDING, SENDING, SENT, FAILED = "Pending", "Sending", "Sent", "Failed"
NOTHING, UNSUBSCRIBED, UNCONFIRMED = "Nothing to Report", "Unsubscribed", "Unconfirmed"
MAX_ATTEMPTS = 5
TEST = "test-"

_OPT_OUT = "Report Subscription Opt-Out"
_CALENDAR = ("enabled", "frequency", "weekday", "day", "window", "days_after", "hour", "starts_on")
_TARGETS = {"User": "user", "Role": "role", "Position": "position"}
_CLOSINGS = {
	"Entry Closes": "entry_closes",
	"Approval Closes": "approval_closes",
	"Verification Closes": "verification_closes",
}


# --- what may be set ---


def validate_subscription(doc) -> None:
	"""Refuse what makes no sense or is not the author's to decide; set when it is due next. Throws one sentence."""
	_check_calendar(doc)
	_check_content(doc)
	_check_recipients(doc)
	_check_opt_outs(doc)
	if doc.is_new() or any(doc.has_value_changed(field) for field in _CALENDAR):
		# What was due before is not sent after the fact.
		doc.next_on = _next_on(doc, now_datetime())
	else:
		doc.next_on = doc.get_doc_before_save().next_on


def _check_calendar(doc) -> None:
	for field, least, most in (("hour", 0, 23), ("day", 1, 31), ("days_after", 0, 90)):
		if not least <= (doc.get(field) or 0) <= most:
			frappe.throw(
				_("{0} is a number from {1} to {2}.").format(_(doc.meta.get_label(field)), least, most),
				title=_("Out of Range"),
			)


def _check_content(doc) -> None:
	if doc.content != "Report":
		doc.report = doc.filters = None
		return
	report = frappe.get_doc("Report", doc.report)
	if report.module != "SEROJA" or report.disabled:
		frappe.throw(_("Only reports of SEROJA can be subscribed to."), title=_("Not a Report of SEROJA"))
	if not report.is_permitted() or not frappe.has_permission(report.ref_doctype, "report"):
		frappe.throw(_("You may not see the report {0}.").format(_(report.name)), frappe.PermissionError)
	filters_of(doc)


def filters_of(doc) -> frappe._dict:
	"""The filters of a subscription; throws for anything but an object of plain values."""
	return parse_filters(doc.filters)


def _check_recipients(doc) -> None:
	for row in doc.recipients:
		wanted = _TARGETS[row.kind]
		row.update({field: None for field in _TARGETS.values() if field != wanted})
		if not row.get(wanted) or row.user in frappe.STANDARD_USERS:
			frappe.throw(
				_("Recipient {0} names nobody who can get mail.").format(row.idx), title=_("Recipients")
			)
	if may_manage():
		return
	if [row.user for row in doc.recipients] != [frappe.session.user]:
		frappe.throw(
			_("You may subscribe yourself only; ask the Organisation Bureau for others."),
			frappe.PermissionError,
		)
	doc.is_optional = 1


def may_manage() -> bool:
	"""May the session user decide about the mail of others?"""
	roles = {ADMINISTRATOR, ORGANISATION_BUREAU}
	return frappe.session.user == "Administrator" or bool(roles & set(frappe.get_roles()))


def _check_opt_outs(doc) -> None:
	"""A person's choice is his own: the form, also one that was opened before it, neither adds nor removes it."""
	stored = {} if doc.is_new() else _opt_outs(doc.name)
	shown = {row.user: row.name for row in doc.opt_outs}
	if shown != stored or len(doc.opt_outs) != len(stored):
		frappe.throw(
			_("Who has unsubscribed is not changed here; reload the form and try again."),
			frappe.PermissionError,
			title=_("Unsubscribed"),
		)


def _opt_outs(subscription: str) -> dict[str, str]:
	"""User → row of everybody who has unsubscribed."""
	filters = {"parent": subscription, "parenttype": SUBSCRIPTION}
	return dict(frappe.get_all(_OPT_OUT, filters, ["user", "name"], as_list=True))


# --- who ---


def recipients_of(doc) -> dict[str, str]:
	"""Who is to get it today: enabled desk user → address, each person once."""
	people = {row.user for row in doc.recipients if row.kind == "User"}
	for role in {row.role for row in doc.recipients if row.kind == "Role"}:
		people.update(users_with_role(role))
	for position in {row.position for row in doc.recipients if row.kind == "Position"}:
		for names in holders(frappe.get_all("OPD", pluck="name"), position).values():
			people.update(names)
	wanted = sorted(people - set(frappe.STANDARD_USERS)) or ["-"]
	filters = {"name": ["in", wanted], "enabled": 1, "user_type": "System User", "email": ["is", "set"]}
	return dict(frappe.get_all("User", filters, ["name", "email"], as_list=True, order_by="name"))


def unsubscribed_from(doc) -> set[str]:
	"""Who does not want it; nobody where the mail is compulsory."""
	return set(_opt_outs(doc.name)) if doc.is_optional else set()


# --- when ---


def schedule_of(doc) -> Schedule:
	"""The calendar of a subscription; the closing days of the periods as they stand now."""
	closes = _CLOSINGS.get(doc.window) if doc.frequency == "After Period Closes" else None
	closings = frappe.get_all("Reporting Period", fields=["name", closes], as_list=True) if closes else ()
	return Schedule(
		frequency=doc.frequency,
		starts_on=getdate(doc.starts_on),
		hour=doc.hour or 0,
		weekday=doc.weekday or "Monday",
		day=doc.day or 1,
		days_after=doc.days_after or 0,
		closings=tuple((name, getdate(day)) for name, day in closings),
	)


def _next_on(doc, now: datetime) -> datetime | None:
	occurrence = next_due(schedule_of(doc), now) if doc.enabled else None
	return occurrence and occurrence.due


def open_deliveries(now: datetime | None = None) -> int:
	"""Write down who is to get what has become due, and give how many that are; running twice adds nobody twice.

	After a pause of the scheduler only the latest occurrence is opened.
	"""
	now = now or now_datetime()
	names = frappe.get_all(SUBSCRIPTION, {"enabled": 1}, pluck="name", order_by="creation")
	return sum(_open_safely(name, now) for name in names)


def _open_safely(name: str, now: datetime) -> int:
	"""One subscription that cannot be opened is logged and never stops the rest."""
	frappe.db.savepoint("seroja_subscription")
	try:
		return _open(frappe.get_doc(SUBSCRIPTION, name), now)
	except Exception:
		frappe.db.rollback(save_point="seroja_subscription")
		frappe.log_error(title=f"{SUBSCRIPTION} {name}")
		return 0


def _open(doc, now: datetime) -> int:
	opened, due = 0, last_due(schedule_of(doc), now)
	if doc.next_on and due and doc.next_on <= due.due:
		_give_up_older(doc, due.key)
		left = unsubscribed_from(doc)
		for user, email in recipients_of(doc).items():
			state = UNSUBSCRIBED if user in left else PENDING
			opened += add_delivery(doc, due.key, user, email, due.due, state)
	following = _next_on(doc, now)
	if following != doc.next_on:  # a period that was added or moved counts at once
		doc.db_set("next_on", following, update_modified=False)
	return opened


def add_delivery(doc, occurrence: str, user: str, email: str, due: datetime, state: str = PENDING) -> bool:
	"""Write down one delivery; its name is what it is about, so there is never a second one. False if it was there."""
	name = delivery_name(doc.name, occurrence, user)
	if frappe.db.exists(DELIVERY, name):
		return False
	values = {"subscription": doc.name, "occurrence": occurrence, "user": user, "email": email}
	row = frappe.get_doc({"doctype": DELIVERY, **values, "due_on": due, "state": state})
	row.insert(ignore_permissions=True, set_name=name)  # written by the system only
	return True


def delivery_name(subscription: str, occurrence: str, user: str) -> str:
	return hashlib.sha256(f"{subscription}|{occurrence}|{user}".encode()).hexdigest()[:32]


def _give_up_older(doc, key: str) -> None:
	"""What still waits from an occurrence before this one is out of date."""
	row = frappe.qb.DocType(DELIVERY)
	(
		frappe.qb.update(row)
		.set(row.state, FAILED)
		.set(row.attempts, MAX_ATTEMPTS)
		.set(row.error, _("Not sent: a later one has taken its place."))
		.where((row.subscription == doc.name) & (row.occurrence != key))
		.where(row.state.isin([PENDING, FAILED]) & (row.attempts < MAX_ATTEMPTS))
		.where(row.occurrence.not_like(f"{TEST}%"))
	).run()


def send_again(name: str) -> None:
	"""Let the mailer take a delivery that failed, or whose hand-over is in doubt. The caller has checked the role."""
	doc = frappe.get_doc(DELIVERY, name, for_update=True)
	if doc.state not in (FAILED, UNCONFIRMED):
		frappe.throw(_("Only a mail that failed or is unconfirmed can be sent again."), title=_("Send Again"))
	doc.db_set({"state": PENDING, "attempts": 0, "next_try_on": None, "error": ""})


# --- unsubscribing ---


def unsubscribe_link(delivery: str) -> str:
	"""The address behind “unsubscribe” in a mail; it names the delivery and nobody."""
	return get_url(f"/report-unsubscribe?{get_signed_params({'delivery': delivery})}")


def find_signed(delivery: str, signature: str):
	"""(subscription, user) of a link from a mail; None where the signature does not fit or the mail is compulsory."""
	expected = get_signed_params({"delivery": delivery}).rpartition("=")[2]
	if not hmac.compare_digest(expected.encode(), signature.encode()):
		return None
	name, user = frappe.db.get_value(DELIVERY, delivery, ["subscription", "user"]) or (None, None)
	if not name or not frappe.db.get_value(SUBSCRIPTION, name, "is_optional"):
		return None
	return frappe.get_doc(SUBSCRIPTION, name), user


def unsubscribe(doc, user: str) -> None:
	"""Record that a person does not want the mail; the caller has checked his link."""
	if user in _opt_outs(doc.name):
		return
	row = doc.append("opt_outs", {"user": user, "opted_out_on": now_datetime().replace(microsecond=0)})
	row.db_insert()  # by somebody without login; nothing else of the subscription may change


def subscribe_again(doc, user: str) -> None:
	"""Take back that a person did not want the mail; the caller has checked his link."""
	frappe.db.delete(_OPT_OUT, {"parent": doc.name, "parenttype": SUBSCRIPTION, "user": user})
