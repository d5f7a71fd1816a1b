"""Evidence: private files of the sheet, or links; compulsory for IKU."""

import os
from contextlib import suppress
from functools import partial
from pathlib import Path

import frappe
from frappe import _
from frappe.core.api.file import get_max_file_size
from frappe.utils import cint, validate_url


def check_evidence(doc) -> None:
	"""Before submission: every IKU row with a value has a file or a link (domain.md 6.3)."""
	if not cint(frappe.get_cached_doc("SEROJA Settings").evidence_required):
		return
	missing = [
		_("Row {0} ({1})").format(row.idx, row.indicator)
		for row in doc.items
		if row.is_iku and row.realization and not (row.evidence or row.evidence_link)
	]
	if missing:
		frappe.throw(
			_("Evidence is compulsory for IKU. Attach a file or give a link in: {0}.").format(
				"; ".join(missing)
			),
			title=_("Evidence Missing"),
		)


def validate_evidence(doc) -> None:
	"""Links are web addresses; files are private and belong to this sheet or to the person who just uploaded them."""
	if doc.flags.is_reopening:  # its files are copied once it is saved
		return
	for row in doc.items:
		check_link(row)
	check_files(doc, doc.items)


def label_of(row) -> str:
	"""How people know a row: by the code of its line where it has one, else by its number."""
	return row.get("code") or str(row.idx)


def check_link(row) -> None:
	"""A link to evidence is a web address."""
	if row.evidence_link and not validate_url(row.evidence_link, valid_schemes=["http", "https"]):
		frappe.throw(
			_("Row {0}: the evidence link must begin with https:// or http://.").format(label_of(row)),
			title=_("Link Not Valid"),
		)


def check_files(doc, rows) -> None:
	"""Evidence is a private file of this document, or one that this person just uploaded."""
	files = files_of(doc)
	for row in rows:
		if row.evidence and row.evidence not in files and not own_loose_upload(row.evidence):
			frappe.throw(
				_("Row {0}: the evidence is not a file of this sheet. Upload it here.").format(label_of(row)),
				frappe.PermissionError,
				title=_("Evidence Not Found"),
			)


def check_attached(doc, field: str) -> None:
	"""As check_files, for a field of the document: Frappe would draw a loose file of anybody to it."""
	url = doc.get(field)
	if url and url not in files_of(doc) and not own_loose_upload(url):
		frappe.throw(
			_("The file is not one of this document. Upload it here."),
			frappe.PermissionError,
			title=_("File Not Found"),
		)


def files_of(doc) -> dict[str, str]:
	"""The private files attached to a document: address → content hash, "" where the file is gone from the disk."""
	if doc.is_new():
		return {}
	files = frappe.get_all(
		"File",
		{"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "is_private": 1},
		["file_url", "content_hash"],
		as_list=True,
	)
	return {url: content_hash if os.path.exists(_path(url)) else "" for url, content_hash in files}


def content_of(file) -> bytes:
	"""The bytes of a file as they are; File.get_content guesses an encoding. Checks the permission to read it."""
	file.check_permission("read")
	return Path(file.get_full_path()).read_bytes()


def attached_file(doc, field: str):
	"""The File that a document names in a field and that hangs on it. Throws where there is none."""
	place = {
		"file_url": doc.get(field) or "-",
		"attached_to_doctype": doc.doctype,
		"attached_to_name": doc.name,
	}
	names = frappe.get_all("File", place, pluck="name")
	if not names:
		frappe.throw(_("Attach the file first."), title=_("File Missing"))
	return frappe.get_doc("File", names[0])


def replace_made_file(doc, field: str, filename: str, content: bytes) -> None:
	"""Hang a file that the system made on a document, in place of the one that it made before. The caller has checked
	the write permission.

	The earlier file leaves the disk when the new one is committed: what fails half-way has destroyed nothing.
	"""
	check_size(content)
	place = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "attached_to_field": field}
	earlier = frappe.get_all("File", place, ["name", "file_url"])
	for old in earlier:
		frappe.db.delete("File", {"name": old.name})  # made by the system for this very document
		frappe.db.after_commit.add(partial(_remove, _path(old.file_url)))
	values = {"file_name": filename, "is_private": 1, "content": content}
	file = frappe.get_doc({"doctype": "File", **place, **values}).insert(ignore_permissions=True)
	# Frappe keeps equal contents once, under the name of whoever was first; two empty exports are equal.
	file.db_set("content_hash", frappe.generate_hash(length=32), update_modified=False)
	doc.set(field, file.file_url)
	frappe.db.set_value(doc.doctype, doc.name, field, file.file_url)


def check_size(content: bytes) -> None:
	"""Throws where a file is larger than the site keeps."""
	most = get_max_file_size()
	if len(content) > most:
		frappe.throw(
			_(
				"The file would be larger than {0} MB. Choose a smaller unit or ask for a higher limit."
			).format(most // 1024**2),
			title=_("File Too Large"),
		)


def _remove(path: str) -> None:
	with suppress(FileNotFoundError):
		os.remove(path)


def _path(url: str) -> str:
	return frappe.get_site_path("private", "files", os.path.basename(url or ""))


def own_loose_upload(url: str) -> str | None:
	"""A private file that this user uploaded and that hangs nowhere yet."""
	return frappe.db.get_value(
		"File",
		{
			"file_url": url,
			"is_private": 1,
			"owner": frappe.session.user,
			"attached_to_name": ["is", "not set"],
		},
	)


def adopt_files(doc) -> None:
	"""Attach the person's loose uploads that the rows name; from then on they belong to the sheet."""
	rows = doc.get("items") or doc.get("follow_ups") or []
	urls = {row.evidence for row in rows if row.evidence}
	if not urls or doc.flags.is_reopening:
		return
	_adopt(doc, urls)


def adopt_attached(doc, field: str) -> None:
	"""As adopt_files, for a field of the document; Frappe would attach the file and leave it to its uploader."""
	if doc.get(field):
		_adopt(doc, {doc.get(field)}, attached_to_field=field)


def _adopt(doc, urls: set[str], **values) -> None:
	place = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "owner": "Administrator"}
	for url in urls - set(files_of(doc)):
		frappe.db.set_value("File", own_loose_upload(url), place | values, update_modified=False)
