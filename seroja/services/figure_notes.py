"""Notes on single figures, an indicator in a period: who may write them, and what stands beside a figure."""

import frappe
from frappe import _
from frappe.utils import get_datetime_str, getdate

from seroja.constants import FIGURE_NOTE, INDICATOR, ORGANISATION_BUREAU
from seroja.services.actors import NotYourStep, enterer
from seroja.services.repository import full_names


def validate_note(doc) -> None:
	"""An operator or the head of the OPD, or the Organisation Bureau, writes; nobody changes what another wrote."""
	doc.opd = frappe.db.get_value(INDICATOR, doc.indicator, "opd")
	check_writer(doc)
	before = doc.get_doc_before_save()
	if before and before.owner != frappe.session.user:
		frappe.throw(_("Only who wrote a note may change it."), NotYourStep, title=_("Not Your Note"))


def check_deletion(doc) -> None:
	"""A note is taken away by who wrote it, or by the Organisation Bureau."""
	check_writer(doc)
	if doc.owner != frappe.session.user and ORGANISATION_BUREAU not in frappe.get_roles():
		frappe.throw(_("Only who wrote a note may change it."), NotYourStep, title=_("Not Your Note"))


def check_writer(doc) -> None:
	"""Who may write notes on the figures of this OPD."""
	if ORGANISATION_BUREAU not in frappe.get_roles():
		enterer(doc)


def details(sheet, indicator: str) -> dict:
	"""What stands beside a figure: how it came about, its evidence, who verified it, and its notes.

	sheet: a Performance Realization that the session user may read. Throws where it has no such indicator.
	"""
	row = next((row for row in sheet.items if row.indicator == indicator), None)
	if not row:
		frappe.throw(_("This sheet has no such indicator."), frappe.DoesNotExistError)
	notes, may_write = _notes(sheet, indicator), _may_write(sheet.opd)
	names = full_names({sheet.verified_by or "", *(note.owner for note in notes)})
	return {
		"row": row.name,
		"period": sheet.period,
		"indicator_name": row.indicator_name,
		"explanation": row.explanation,
		"evidence": row.evidence,
		"evidence_link": row.evidence_link,
		"obstacle": row.obstacle,
		"next_step": row.next_step,
		"verified_by": names.get(sheet.verified_by),
		"verified_on": sheet.verified_on and get_datetime_str(sheet.verified_on),
		"notes": [_shown(note, names, may_write) for note in notes],
		"may_write": may_write,
	}


def _notes(sheet, indicator: str) -> list[dict]:
	return frappe.get_list(
		FIGURE_NOTE,
		{"indicator": indicator, "period": sheet.period},
		["name", "note", "owner", "creation"],
		order_by="creation",
		limit_page_length=0,
	)


def _shown(note: dict, names: dict[str, str], may_write: bool) -> dict:
	return {
		"name": note.name,
		"note": note.note,
		"author": names.get(note.owner) or note.owner,
		"written_on": str(getdate(note.creation)),
		"is_mine": may_write and note.owner == frappe.session.user,
		"may_delete": may_write
		and (note.owner == frappe.session.user or ORGANISATION_BUREAU in frappe.get_roles()),
	}


def _may_write(opd: str) -> bool:
	return bool(
		frappe.has_permission(FIGURE_NOTE, "create", doc=frappe.get_doc({"doctype": FIGURE_NOTE, "opd": opd}))
	)
