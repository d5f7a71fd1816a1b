"""Performance Report: the register of LKjIP that were handed in and published (domain.md 5.1)."""

import frappe
from frappe import _
from frappe.utils import cint, getdate, today, validate_url

from seroja.constants import ORGANISATION_BUREAU
from seroja.services import evidence, guards
from seroja.services.actors import enterer


def validate_report(doc) -> None:
	"""Written by the OPD or by the Organisation Bureau; dates that have been, an address that opens."""
	_check_writer(doc)
	doc.year = cint(doc.year)
	guards.check_name(doc, f"LKjIP-{doc.opd}-{doc.year}")
	evidence.check_attached(doc, "file")
	for field in ("submitted_on", "published_on"):
		day = doc.get(field)
		if day and not (getdate(day) <= getdate(today()) and getdate(day).year > doc.year):
			frappe.throw(
				_("{0} must be a day after {1} that has been.").format(
					_(doc.meta.get_label(field)), doc.year
				),
				title=_("Date Not Valid"),
			)
	if doc.published_on and not doc.published_link:
		frappe.throw(_("Give the address at which the report was published."), title=_("Link Missing"))
	if doc.published_link and not validate_url(doc.published_link, valid_schemes=["http", "https"]):
		frappe.throw(_("The address must begin with https:// or http://."), title=_("Link Not Valid"))


def check_deletion(doc) -> None:
	_check_writer(doc)


def _check_writer(doc) -> None:
	if ORGANISATION_BUREAU not in frappe.get_roles():
		enterer(doc)
