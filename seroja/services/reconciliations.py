"""Reconciliation: another system has a figure that differs from our verified one. Ours stands; people say why."""

import frappe
from frappe import _
from frappe.utils import now_datetime, today

from seroja.constants import INSPEKTORAT, RECONCILIATION
from seroja.core.numbers import stored_number
from seroja.services import actors, proposals

OPEN, EXPLAINED, AGREED = "Open", "Explained", "Agreed"


def note(run, rows: list) -> int:
	"""Keep what a run found beside verified figures; how many differences are new. The caller has checked the run.

	One query for what there is already and one for what is as it was; whatever changes is saved as a document, so that
	its versions keep the former figures, state and explanation.
	"""
	filters = {"data_source": run.data_source, "period": run.period, "state": ["!=", AGREED]}
	fields = ["name", "indicator", "figure", "our_value", "their_value"]
	known = {
		(found.indicator, found.figure): found for found in frappe.get_all(RECONCILIATION, filters, fields)
	}
	beside = [(row, known.get((row.indicator, row.figure))) for row in rows]
	as_before = [found.name for row, found in beside if _is_as_before(row, found)]
	frappe.db.set_value(RECONCILIATION, {"name": ["in", as_before or ["-"]]}, _seen(run))
	return sum(_note(run, row, found) for row, found in beside if not _is_as_before(row, found))


def _seen(run) -> dict:
	return {"last_seen": run.started_on, "fingerprint": run.fingerprint}


def _is_as_before(row, found) -> bool:
	values = (row.our_value, row.their_value)
	return bool(found) and row.kind != "Same" and (found.our_value, found.their_value) == values


def _note(run, row, found) -> int:
	if row.kind == "Same":
		if found:
			_save(found.name, _seen(run) | {"state": AGREED})
		return 0
	values = _seen(run) | {"our_value": row.our_value, "their_value": row.their_value}
	if found:  # an explanation of other figures explains nothing any more
		void = dict.fromkeys(("explanation", "explained_by", "explained_on"))
		_save(found.name, values | void | {"state": OPEN})
		return 1
	record = proposals.about(run, row) | values | {"state": OPEN, "since": today()}
	# Written by the run, which the planner may accept; people only explain it.
	frappe.get_doc({"doctype": RECONCILIATION, **record}).insert(ignore_permissions=True)
	return 1


def _save(name: str, values: dict) -> None:
	"""Write what a run or a step found. The caller has checked the run or the step."""
	doc = frappe.get_doc(RECONCILIATION, name).update(values)
	doc.flags.is_finding = True
	doc.save(ignore_permissions=True)


def take_over(sheet) -> None:
	"""A sheet that is verified takes no more proposals: what still differs is to be explained. The step was checked."""
	for proposal in proposals.of_sheet(sheet):
		is_same = stored_number(proposal["ours"]) == stored_number(proposal["value"])
		row = proposal | {
			"kind": "Same" if is_same else "Changed",
			"opd": sheet.opd,
			"our_value": proposal["ours"],
			"their_value": proposal["value"],
		}
		run = proposal | {"period": sheet.period, "started_on": proposal["fetched_on"]}
		note(frappe._dict(run), [frappe._dict(row)])
		proposals.save(proposal["name"], {"state": proposals.REPLACED})


def to_explain(opds: list[str]) -> list[dict]:
	"""`name, title, opd, period, state, since` of the differences of units that nobody has explained. One query."""
	if not opds:
		return []
	fields = ["name", "indicator_name as title", "opd", "period", "state", "since"]
	return frappe.get_all(RECONCILIATION, {"opd": ["in", opds], "state": OPEN}, fields)


def open_figures(run) -> set[tuple[str, str]]:
	"""(indicator, figure) of the rows of a run's source and period on which we do not agree yet. The caller has checked
	the run."""
	filters = {"data_source": run.data_source, "period": run.period, "state": ["!=", AGREED]}
	return {
		tuple(row) for row in frappe.get_all(RECONCILIATION, filters, ["indicator", "figure"], as_list=True)
	}


def validate_explanation(doc) -> None:
	"""People write the explanation and nothing else: the enterers and the head of the OPD, and the Inspektorat."""
	before = doc.get_doc_before_save()
	if not before or doc.flags.is_finding:
		return
	explanation = (doc.explanation or "").strip()
	for field in doc.meta.get_valid_columns():
		if field not in ("modified", "modified_by"):
			doc.set(field, before.get(field))
	if explanation == (before.explanation or ""):
		return
	if INSPEKTORAT not in frappe.get_roles():
		actors.enterer(doc)
	if before.state == AGREED:
		frappe.throw(_("The figures agree by now."), title=_("Document Is Closed"))
	doc.update(
		{
			"explanation": explanation,
			"state": EXPLAINED if explanation else OPEN,
			"explained_by": frappe.session.user,
			"explained_on": now_datetime(),
		}
	)
