"""/periksa: whether a printed copy is genuine, for everybody; what it is, for those who may read its record."""

import json

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cstr, format_date, get_fullname

from seroja.constants import REALIZATION, SNAPSHOT
from seroja.services import snapshots
from seroja.services.public_pages import prepare_page

no_cache = 1
sitemap = 0


def get_context(context):
	prepare_page(context)
	context.title = _("Check a Printed Copy")
	context.metatags = {"robots": "noindex, nofollow"}
	context.code = cstr(frappe.form_dict.get("kode"))[:40]
	context.digest = cstr(frappe.form_dict.get("sidik"))[:100]
	if not (context.code or context.digest):
		return
	try:
		found = _check(context.code, context.digest)
	except frappe.RateLimitExceededError:
		frappe.clear_messages()
		context.http_status_code = 429
		context.answer = _too_often()
		return
	context.answer = _genuine(found) if found else _unknown()
	if found and frappe.has_permission(SNAPSHOT, "read", found["name"]):
		context.record = _record(found["name"])


@rate_limit(limit=60, seconds=600)
def _check(code: str, digest: str) -> dict | None:
	return snapshots.check(code, digest)


def _genuine(found: dict) -> dict:
	text = _(
		"This code and this digest belong to a document of this system, printed on {0}. Whoever may read the document "
		"can print it again and compare the figures."
	)
	return _answer("genuine", _("Genuine"), text.format(format_date(found["issued_on"], "d MMMM yyyy")))


def _unknown() -> dict:
	text = _(
		"No document of this system has this code and this digest. Check what you typed. If it is right, do not rely "
		"on the document, and ask the unit that gave it to you for a new copy."
	)
	return _answer("unknown", _("Not Known or Not Matching"), text)


def _too_often() -> dict:
	return _answer("unknown", _("Too Many Attempts"), _("Please try again in ten minutes."))


def _answer(kind: str, title: str, text: str) -> dict:
	return {"kind": kind, "title": title, "text": text}


def _record(name: str) -> list[tuple[str, str]]:
	doc = frappe.get_cached_doc(SNAPSHOT, name)
	filters = json.loads(doc.filters or "{}")
	return [
		(_("Document"), doc.title),
		(_("As Known On"), format_date(doc.as_known_on, "d MMMM yyyy")),
		(_("Printed By"), get_fullname(doc.issued_to)),
		(_("Filters"), ", ".join(f"{name}: {value}" for name, value in filters.items())),
		(_("You May Open the Figures"), _("Yes") if _may_open(filters) else _("No")),
	]


def _may_open(filters: dict) -> bool:
	"""Whether the reports show these figures to the reader today."""
	opd = filters.get("opd")
	return bool(
		frappe.has_permission(REALIZATION, "report")
		and (not opd or (frappe.db.exists("OPD", opd) and frappe.has_permission("OPD", "read", opd)))
	)
