"""What stands on every official document: letter head and logo, who signs (SEROJA Settings)."""

from dataclasses import replace
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint, get_datetime

from seroja.core.parts import Letterhead
from seroja.core.signing import Party
from seroja.permissions.opd import holders, positions

_LARGEST_LOGO = 2_000_000  # bytes
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def settings():
	"""SEROJA Settings."""
	return frappe.get_cached_doc("SEROJA Settings")


def government_name() -> str:
	return settings().government_name or "Pemerintah Daerah"


def letterhead(unit: str = "") -> Letterhead:
	"""The head of a document of a unit, or of the government itself."""
	names = dict.fromkeys(name.upper() for name in (government_name(), unit) if name)
	return Letterhead(tuple(names), address(), logo())


def address() -> str:
	return " · ".join(line.strip() for line in (settings().address or "").splitlines() if line.strip())


def logo() -> bytes:
	"""The logo, nothing where none is set. Everybody may see it, so no permission is asked."""
	url = settings().logo
	name = url and frappe.db.get_value("File", {"file_url": url, "attached_to_doctype": "SEROJA Settings"})
	return _content(frappe.get_doc("File", name)) if name else b""


def check_logo(doc) -> None:
	"""For the controller of SEROJA Settings: a logo that a PDF and Word can hold."""
	if not doc.logo or not doc.has_value_changed("logo"):
		return
	name = frappe.db.get_value("File", {"file_url": doc.logo})
	content = _content(frappe.get_doc("File", name)) if name else b""
	if not content.startswith(_PICTURES) or len(content) > _LARGEST_LOGO:
		frappe.throw(_("The logo must be a PNG or JPEG picture of at most 2 MB."), title=_("Logo Not Valid"))


def _content(file) -> bytes:
	if cint(file.file_size) > _LARGEST_LOGO or not file.exists_on_disk():
		return b""
	return Path(file.get_full_path()).read_bytes()  # get_content would decode it, each version in its own way


def head_of_unit(opd: str, title: str, rank: str = "", nip: str = "") -> Party:
	"""Who signs as head of a unit today; a blank name where nobody is in office."""
	people = holders([opd], "Head").get(opd) if opd else None
	if not people:
		return Party("", title)
	row = frappe.db.get_value(
		"OPD Position Holder",
		{"parent": opd, "user": people[0], "position": "Head"},
		["rank", "nip"],
		as_dict=True,
	)
	return Party(
		frappe.utils.get_fullname(people[0]),
		title,
		positions(opd, people[0])["Head"],
		rank or row.rank or "",
		nip or row.nip or "",
	)


def signed_by(opd: str, user: str, party: Party, entry) -> Party:
	"""The signature of the head who took a step, with the capacity, rank and NIP that he had then; entry: of the history."""
	row = frappe.db.get_value(
		"OPD Position Holder",
		{"parent": opd, "user": user, "position": "Head"},
		["rank", "nip"],
		as_dict=True,
	)
	return replace(
		party,
		name=entry.full_name,
		capacity=entry.capacity,
		rank=(row and row.rank) or "",
		nip=(row and row.nip) or "",
		signed_on=get_datetime(entry.acted_on),
		seal=entry.seal,
	)


def inspector() -> Party:
	"""The head of the Inspektorat today."""
	chosen = settings()
	return head_of_unit(
		chosen.inspectorate or "", "Inspektur", chosen.inspector_rank or "", chosen.inspector_nip or ""
	)


def report_signer() -> Party | None:
	"""Who signs reports and summaries of the government; None where SEROJA Settings name no unit."""
	chosen = settings()
	if not chosen.report_unit:
		return None
	title = (
		chosen.report_signer_title
		or f"Kepala {frappe.get_cached_value('OPD', chosen.report_unit, 'opd_name')}"
	)
	return head_of_unit(
		chosen.report_unit, title, chosen.report_signer_rank or "", chosen.report_signer_nip or ""
	)
