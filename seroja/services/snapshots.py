"""Report Snapshot: every printed document is known by a code and by the digest of its content.

The same content printed by the same person has the same code, so nothing is written twice. What a code
stands for is told to nobody who may not read the record; whether a printed copy is genuine, to everybody.
"""

import base64
import hashlib
import hmac
import json

import frappe
from frappe.utils import get_url, getdate, now_datetime
from frappe.utils.password import get_encryption_key

from seroja.constants import SNAPSHOT
from seroja.core.parts import Stamp

_SIGNS = 16  # of base 32: 80 bits, which nobody guesses
_SHORTEST_DIGEST = 16  # hexadecimal digits that are enough to compare


class Keeper:
	"""What core calls with the digest of a document: records the document and gives what is printed on it.

	code: that of the recorded document, "" before it was printed.
	"""

	def __init__(self, title: str, reference: str = "", filters: dict | None = None):
		self.title, self.reference, self.filters, self.code = title, reference, filters or {}, ""

	def __call__(self, digest: str) -> Stamp:
		self.code = _record(self.title, self.reference, self.filters, digest)
		address = get_url(f"/periksa?kode={self.code}&sidik={digest[:_SHORTEST_DIGEST]}")
		issued_on = frappe.db.get_value(SNAPSHOT, self.code, "issued_on")
		return Stamp(self.code, digest, address, getdate(issued_on))


def check(code: str, digest: str) -> dict | None:
	"""The record `name, issued_on` of a printed copy, None unless both its code and its digest are right.

	Nothing else may be shown to a guest.
	"""
	code, digest = _code(code), "".join(str(digest or "").split()).lower()
	found = frappe.db.get_value(SNAPSHOT, code, ["name", "issued_on", "digest"], as_dict=True)
	known = found.digest if found else "0" * 64
	given = digest if len(digest) >= _SHORTEST_DIGEST else ""
	is_same = hmac.compare_digest(known[: len(given) or 64].encode(), given.encode())
	return {"name": found.name, "issued_on": found.issued_on} if found and is_same else None


def _record(title: str, reference: str, filters: dict, digest: str) -> str:
	user = frappe.session.user
	code = _code_of("|".join((user, title, reference, digest)))
	if not frappe.db.exists(SNAPSHOT, code):
		snapshot = frappe.get_doc(
			{
				"doctype": SNAPSHOT,
				"title": title[:255],
				"reference": reference[:255],
				"digest": digest,
				"filters": json.dumps(
					{name: value for name, value in filters.items() if value}, default=str, ensure_ascii=False
				),
				"as_known_on": filters.get("as_known_on"),
				"issued_to": user,
				"issued_on": now_datetime().replace(microsecond=0),
			}
		)
		# Written by the system for whoever may see the document; the caller has checked that he may.
		frappe.db.savepoint("seroja_snapshot")
		try:
			snapshot.insert(ignore_permissions=True, set_name=code)
		except frappe.DuplicateEntryError:  # printed twice in the same moment: it is the same record
			frappe.db.rollback(save_point="seroja_snapshot")
		frappe.local.flags.commit = True  # a download is a GET request, which Frappe rolls back otherwise
	return code


def _code_of(text: str) -> str:
	"""A code that nobody can compute without the key of the site."""
	mac = hmac.new(get_encryption_key().encode(), text.encode(), hashlib.sha256).digest()
	return _code(base64.b32encode(mac).decode())


def _code(text: str) -> str:
	"""A code as it is printed, XXXX-XXXX-XXXX-XXXX, however it was typed."""
	signs = "".join(sign for sign in str(text or "").upper() if sign.isalnum())[:_SIGNS]
	return "-".join(signs[place : place + 4] for place in range(0, len(signs), 4))
