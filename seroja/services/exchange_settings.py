"""Exchange Settings: hosts that may be asked, governments that are trusted, our own key."""

import frappe
from frappe import _
from frappe.utils import cint

from seroja.core import addresses, packages

SETTINGS = "Exchange Settings"
MOST_REQUESTS = 6000


def validate_settings(doc) -> None:
	"""Hosts in the form in which they are compared, keys that are keys; our own public key is not typed in."""
	for row in doc.hosts:
		row.host_name = _checked(row, addresses.check_host, row.host_name)
	doc.government_code = (doc.government_code or "").strip()
	for row in doc.trusted_governments:
		row.government_code = (row.government_code or "").strip()
		row.public_key = _checked(row, _public_key, row.public_key)
	trusted = doc.trusted_governments
	for rows, field in ((doc.hosts, "host_name"), (trusted, "government_code"), (trusted, "public_key")):
		_refuse_twice([row.get(field) for row in rows])
	if not 1 <= cint(doc.requests_per_minute) <= MOST_REQUESTS:
		frappe.throw(
			_("{0}: give a number from 1 to {1}.").format(_("Requests per Minute and Key"), MOST_REQUESTS),
			title=_("Number Not Valid"),
		)
	_keep_keys(doc)


def _keep_keys(doc) -> None:
	"""The pair of keys is made by make_key; a request writes neither, nor empties one."""
	before = doc.get_doc_before_save()
	if not doc.flags.has_new_key:
		doc.update({field: before.get(field) if before else None for field in ("signing_key", "public_key")})


def _public_key(text: str) -> str:
	packages.fingerprint(text)
	return text


def _checked(row, check, value: str) -> str:
	try:
		return check((value or "").strip())
	except ValueError as error:
		frappe.throw(f"{_('Row {0}').format(row.idx)}: {error}", title=_("Not Valid"))


def _refuse_twice(names: list[str]) -> None:
	twice = sorted({name for name in names if names.count(name) > 1})
	if twice:
		frappe.throw(_("Entered twice: {0}.").format(", ".join(twice)), title=_("Entered Twice"))


def make_key() -> str:
	"""A new pair of keys; the public one is given back, the other never leaves the site. Permission: write.

	Packages that were signed before keep their signature; the receivers need the new public key for the next ones.
	"""
	doc = frappe.get_doc(SETTINGS)
	doc.check_permission("write")
	private, public = packages.new_key()
	doc.update({"signing_key": private, "public_key": public})
	doc.flags.has_new_key = True
	doc.save()
	return public
