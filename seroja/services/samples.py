"""Verification Sample: rows drawn by risk for a closer look, what the look found, and how good the checks were.

A sample is drawn once and never changed; its seed and the digest of the rows that it was drawn from let
everybody draw it again. It is for the Inspektorat alone: an OPD must not know which rows will be looked at.
"""

import hashlib
import json
import secrets

import frappe
import pandas as pd
from frappe import _
from frappe.utils import cint

from seroja.constants import APPROVED_BY_HEAD, REALIZATION, SAMPLE
from seroja.core import risk as core
from seroja.services import risk
from seroja.services.repository import ROW

ITEM = "Verification Sample Item"
WAITING, CHECKED_BEFORE = "Waiting for Verification", "Verified"
_LARGEST_SEED = 999_999_999
_TYPED = ("result", "note")


def draw(doc) -> None:
	"""Take the rows of a new sample. Throws a sentence when there are too few rows or too few are asked for."""
	population = _population(doc.period, doc.drawn_from)
	doc.seed = cint(doc.seed) or 1 + secrets.randbelow(_LARGEST_SEED)
	if not 0 < doc.seed <= _LARGEST_SEED:
		frappe.throw(_("The seed is a number from 1 to 999999999."), title=_("Seed Not Valid"))
	try:
		drawn = core.draw(population, cint(doc.size), doc.seed)
	except ValueError as error:
		frappe.throw(str(error), title=_("Sample Not Drawn"))
	doc.population, doc.population_digest = len(population), _digest(population)
	doc.set("items", [_item(row) for row in drawn.to_dict("records")])


def _population(period: str, drawn_from: str) -> pd.DataFrame:
	states = (
		{"workflow_state": APPROVED_BY_HEAD, "docstatus": 0} if drawn_from == WAITING else {"docstatus": 1}
	)
	sheets = frappe.get_list(REALIZATION, {"period": period, **states}, pluck="name", limit_page_length=0)
	rows = risk.scored_rows(sheets)
	if rows.empty:
		frappe.throw(
			_("There are no rows with a figure in {0} to draw from.").format(period),
			title=_("Sample Not Drawn"),
		)
	texts = frappe.get_all(
		ROW, {"parent": ["in", sheets]}, ["parent", "indicator", "realization"], as_list=True
	)
	written = {(sheet, indicator): text for sheet, indicator, text in texts}
	pairs = zip(rows["sheet"], rows["key"], strict=True)
	return rows.assign(text=[written.get(pair) or "" for pair in pairs])


def _digest(population: pd.DataFrame) -> str:
	"""Changes with the rows, their figures and their risk."""
	rows = population[["sheet", "key", "text", "risk"]].sort_values(["sheet", "key"])
	return hashlib.sha256(json.dumps(rows.to_numpy().tolist(), ensure_ascii=False).encode()).hexdigest()


def _item(row: dict) -> dict:
	return {
		"opd": row["opd"],
		"sheet": row["sheet"],
		"indicator": row["key"],
		"indicator_name": row["indicator"][:255],
		"realization": row["text"][:140],
		"risk": row["risk"],
		"band": row["band"].title(),
		"parts": risk.parts_text(row["parts"]),
		"findings": "\n".join(row["messages"]),
		"codes": ",".join(row["codes"]),
	}


def guard(doc) -> None:
	"""What was drawn stays; only the result of the look and its note are written."""
	before = doc.get_doc_before_save()
	if not before:
		return
	typed = {row.name: {field: row.get(field) for field in _TYPED} for row in doc.items}
	for df in doc.meta.fields:
		if df.fieldname != "items":
			doc.set(df.fieldname, before.get(df.fieldname))
	doc.set("items", [row.as_dict() | typed.get(row.name, {}) for row in before.items])
	silent = [row.idx for row in doc.items if row.result == "Wrong" and not (row.note or "").strip()]
	if silent:
		frappe.throw(
			_("Row {0}: say in the note what is wrong with the figure.").format(", ".join(map(str, silent))),
			title=_("Note Missing"),
		)


def count(doc) -> None:
	doc.checked = sum(bool(row.result) for row in doc.items)
	doc.wrong = sum(row.result == "Wrong" for row in doc.items)


def refuse_submission(doc) -> None:
	"""A sample stays open for results."""
	frappe.throw(_("A sample is not submitted."), frappe.PermissionError, title=_("Document Is Closed"))


def refuse_deletion(doc) -> None:
	frappe.throw(_("A sample that was drawn is kept."), frappe.PermissionError, title=_("Cannot Delete"))


# --- what the samples say about the checks ---


def show_precision(doc) -> None:
	"""Tell the form how often what the checks flagged was wrong: in this sample and in all of them."""
	if doc.is_new():
		return
	rows = frappe.get_all(ITEM, {"parenttype": SAMPLE}, ["parent", "band", "codes", "result"])
	doc.set_onload(
		"precision",
		{"this": _precision([row for row in rows if row.parent == doc.name]), "all": _precision(rows)},
	)


def _precision(rows: list[dict]) -> list[dict]:
	frame = pd.DataFrame(
		{
			"band": [(row.band or "").lower() for row in rows],
			"codes": [tuple(filter(None, (row.codes or "").split(","))) for row in rows],
			"result": [(row.result or "").lower() for row in rows],
		}
	)
	table = core.precision(frame)
	return table.astype(object).where(table.notna(), None).to_dict("records")
