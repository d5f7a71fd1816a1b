"""Figure Export: the verified figures of a unit and year as files. Made again, it replaces all of them, so nothing stale stays."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
import pandas as pd
from frappe import _
from frappe.utils import cint, get_system_timezone, now_datetime

from seroja.constants import ENTRY, REALIZATION, VERIFIED
from seroja.core import open_figures
from seroja.core.numbers import stored_value
from seroja.services import evidence, open_data, paper
from seroja.services.as_known import standing
from seroja.services.repository import opds_below, within_scope

KINDS = {"csv_file": "csv", "json_file": "json", "xml_file": "xml", "parquet_file": "parquet"}
MANIFEST = "manifest_file"
_COMPUTED = ("made_on", "made_by", "figures", *KINDS, MANIFEST)


def validate_export(doc) -> None:
	"""A year, and nothing in the fields that only the system writes."""
	if not 1945 <= cint(doc.year) <= 2200:
		frappe.throw(_("{0} is not a year.").format(doc.year), title=_("Not a Year"))
	before = doc.get_doc_before_save()
	for field in _COMPUTED:
		doc.set(field, before.get(field) if before else None)


def make(doc) -> int:
	"""Write the files of an export anew and gives the number of figures. The caller has checked the write permission.

	Scope: the unit of the export with those below it, within the units of the session user; a unit of which he sees only
	a part is refused, because its file would be taken for the whole.
	"""
	_check_whole(doc)
	frame = figures(cint(doc.year), {"opd": doc.opd})
	about = open_figures.About(
		title=f"{_('Verified figures')} {doc.opd} {doc.year}",
		scope={"opds": sorted(opds_below(doc.opd)), "year": cint(doc.year)},
		made_on=datetime.now(ZoneInfo(get_system_timezone())).isoformat(timespec="seconds"),
		source=paper.government_name(),
	)
	contents = {field: open_figures.write(frame, kind, about) for field, kind in KINDS.items()}
	for content in contents.values():
		evidence.check_size(content)
	files = {}
	for field, content in contents.items():
		evidence.replace_made_file(doc, field, f"{doc.name}.{KINDS[field]}", content)
		files[os.path.basename(doc.get(field))] = content  # under the name that Frappe gave it
	manifest = open_figures.manifest(files, about, len(frame))
	evidence.replace_made_file(doc, MANIFEST, f"{doc.name}-manifest.json", manifest)
	frappe.db.set_value(
		doc.doctype,
		doc.name,
		{"made_on": now_datetime(), "made_by": frappe.session.user, "figures": len(frame)},
	)
	return len(frame)


def _check_whole(doc) -> None:
	opd = frappe.qb.DocType("OPD")
	query = frappe.qb.from_(opd).select(opd.name)
	if doc.opd not in within_scope(query, opd.name, doc.opd).run(pluck=True):
		frappe.throw(_("You do not see all of {0}.").format(doc.opd), frappe.PermissionError)


# --- the figures ---


def figures(year: int, filters: dict) -> pd.DataFrame:
	"""The verified figures of a year as core.open_figures has them. Two queries; units of the session user."""
	rows = _rows(year, filters)
	seals = _seals([row.sheet for row in rows])
	return pd.DataFrame([_figure(row, seals) for row in rows], columns=list(open_figures.FIGURES))


def _rows(year: int, filters: dict) -> list[dict]:
	def columns(sheet, row):
		return (
			sheet.name.as_("sheet"),
			sheet.period,
			sheet.calculation_version,
			row.polarity,
			row.target,
			row.realization,
			row.realization_ytd,
			*open_data.achieved(row),
		)

	query, sheet, row = open_data.rows_of_sheets(columns)
	query = query.where((sheet.year == year) & standing(sheet, filters))
	query = query.orderby(sheet.quarter, sheet.opd, row.idx)
	return within_scope(query, sheet.opd, filters.get("opd")).run(as_dict=True)


def _figure(row: dict, seals: dict[str, str]) -> dict:
	target, own, to_date = (stored_value(row[name]) for name in ("target", "realization", "realization_ytd"))
	return row | {
		"target": target.low,
		"target_upper": target.high,
		"target_text": row.target,
		"realization": own.low,
		"realization_text": row.realization,
		"realization_to_date": to_date.low,
		"verified_on": str(row.verified_on)[:10] if row.verified_on else "",
		"seal": seals.get(row.sheet, ""),
	}


def _seals(sheets: list[str]) -> dict[str, str]:
	"""Sheet → seal of its verification. One query; the names come from a scoped one."""
	entry = frappe.qb.DocType(ENTRY)
	rows = (
		frappe.qb.from_(entry)
		.select(entry.reference_name, entry.seal)
		.where((entry.reference_doctype == REALIZATION) & (entry.to_state == VERIFIED))
		.where(entry.reference_name.isin(list(set(sheets)) or ["-"]))
		.orderby(entry.sequence)
	).run()
	return dict(rows)
