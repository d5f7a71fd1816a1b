"""Files that hang on SEROJA documents: evidence is private, follows its sheet and is sealed with it."""

from urllib.parse import unquote

import frappe
from frappe import _
from frappe.core.doctype.file import file as core_file

from seroja.constants import (
	DRAFT,
	EXPORT,
	IMPORT,
	INDICATOR,
	ORGANISATION_BUREAU,
	RECOMMENDATION,
	REPORT,
	RETURNED,
)
from seroja.permissions.opd import READING, VERIFIED_DOCTYPES, positions, quoted, visible_opds

# Of the whole government (opd.OF_GOVERNMENT), with a file.
CITY_WIDE = ("Data Run", "Roll-up Package", "Configuration Package")
GUARDED = (*VERIFIED_DOCTYPES, IMPORT, RECOMMENDATION, INDICATOR, EXPORT, "OPD", *CITY_WIDE)
SETTINGS = "SEROJA Settings"  # its logo hangs on it, and is on every document


# What says where a file is, what it holds and on which document it hangs.
_PLACE = (
	"attached_to_doctype",
	"attached_to_name",
	"attached_to_field",
	"file_url",
	"content_hash",
	"is_private",
)


def has_permission(doc, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	"""Deny what Frappe would allow: reading by a former uploader, moving or changing evidence, sealed or not.

	Judged by what is stored and by what a request wants to store.
	"""
	user = user or frappe.session.user
	if user != "Administrator":
		stored = frappe.db.get_value("File", doc.name, _PLACE, as_dict=True) if doc.get("name") else None
		if ptype not in READING and ptype and not _may_change(doc, stored):
			return False
		for place in [stored, doc] if stored else [doc]:
			if place.attached_to_doctype in GUARDED and not _may_touch(place, ptype or "read", user):
				return False
	return bool(core_file.has_permission(doc, ptype, user, debug))


def _may_change(doc, stored) -> bool:
	"""Files hang on our documents only where evidence belongs; what shares a file with evidence stays as it is."""
	doctype = doc.attached_to_doctype
	if doctype == SETTINGS and not frappe.has_permission(SETTINGS, "write"):
		return False
	if (
		doctype
		and doctype != SETTINGS
		and doctype not in GUARDED
		and frappe.get_meta(doctype).module == "SEROJA"
	):
		return False
	if not stored or all((doc.get(field) or "") == (stored.get(field) or "") for field in _PLACE):
		return True
	file = frappe.qb.DocType("File")
	same = file.file_url.isin([stored.file_url, unquote(doc.file_url or "")]) | (
		file.content_hash == (stored.content_hash or "-")
	)
	shared = (
		frappe.qb.from_(file)
		.select(file.name)
		.where(file.attached_to_doctype.isin(GUARDED) & same)
		.limit(1)
		.run()
	)
	return not shared


def _may_touch(doc, ptype: str, user: str) -> bool:
	if not frappe.db.exists(doc.attached_to_doctype, doc.attached_to_name):
		return ptype != "create"
	parent = frappe.get_doc(doc.attached_to_doctype, doc.attached_to_name)
	if ptype in READING:
		return parent.has_permission("read", user=user)
	if parent.doctype == RECOMMENDATION and ptype != "create":
		return False  # follow-ups stay with what proves them
	if parent.doctype == REPORT and ptype != "create" and not _writes_report(parent, user):
		return False
	if parent.doctype in VERIFIED_DOCTYPES and ptype != "create":
		return parent.workflow_state in (DRAFT, RETURNED) and parent.has_permission("write", user=user)
	is_made_there = parent.doctype in (
		EXPORT,
		*CITY_WIDE,
	)  # nothing but the system's files and a writer's own
	return parent.has_permission("read" if ptype == "create" and not is_made_there else "write", user=user)


def _writes_report(report, user: str) -> bool:
	"""The Inspektorat may write its review into a report, and leaves the files of the OPD alone."""
	is_bureau = ORGANISATION_BUREAU in frappe.get_roles(user)
	return is_bureau or bool({"Head", "Operator"} & set(positions(report.opd, user)))


def check_path(doc, method: str | None = None) -> None:
	"""A File record with the path of another's private file would hand that file to whoever makes it.

	Runs on each save, because Frappe makes File records without a permission check (pictures of users,
	attachments of mails).
	"""
	url = unquote(doc.file_url or "")
	if not url.startswith("/private/files/") or not (doc.is_new() or doc.has_value_changed("file_url")):
		return
	others = frappe.get_all(
		"File", {"file_url": ["in", [url, doc.file_url]], "name": ["!=", doc.name or ""]}, pluck="name"
	)
	files = [frappe.get_doc("File", name) for name in others]
	guarded = [file for file in files if file.attached_to_doctype in GUARDED]
	if guarded and not any(file.has_permission("read") for file in files):
		frappe.throw(_("This file belongs to a document that you may not read."), frappe.PermissionError)


def take_from_uploader(doc, method: str | None = None) -> None:
	"""Frappe lets the owner of a file read it for ever, also after he has left the OPD."""
	if doc.attached_to_doctype in GUARDED and doc.owner != "Administrator":
		doc.db_set("owner", "Administrator", update_modified=False)


def refuse_public(doc, method: str | None = None) -> None:
	"""Evidence is never public, whatever box was ticked at upload."""
	if (
		doc.attached_to_doctype in GUARDED
		and not doc.is_private
		and not doc.is_folder
		and not doc.is_remote_file
	):
		frappe.throw(
			_("Evidence must be a private file. Upload it again as private."), title=_("Private Files Only")
		)


def get_permission_query_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Frappe lists every file of a readable DocType; add the scope of the document it hangs on."""
	scope = visible_opds(user)
	if scope is None:
		closed = [parent for parent in CITY_WIDE if not frappe.has_permission(parent, "read", user=user)]
		return f"coalesce(`tabFile`.`attached_to_doctype`, '') not in ({quoted(closed)})" if closed else ""
	names = quoted(scope)
	parts = []
	for parent in set(GUARDED) - set(CITY_WIDE):
		field = "name" if parent == "OPD" else "opd"
		parts.append(
			f"(`tabFile`.`attached_to_doctype` = {frappe.db.escape(parent)} and "
			f"`tabFile`.`attached_to_name` in (select `name` from `tab{parent}` where `{field}` in ({names})))"
		)
	guarded = quoted(GUARDED)
	return f"(coalesce(`tabFile`.`attached_to_doctype`, '') not in ({guarded}) or {' or '.join(parts)})"
