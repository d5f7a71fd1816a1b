"""Importing targets and realizations: rows of the draft of an OPD."""

from collections.abc import Callable

import frappe
from frappe import _

from seroja.constants import REALIZATION, TARGET
from seroja.core.numbers import format_number
from seroja.core.staging import Staged
from seroja.services.guards import EDITABLE
from seroja.services.import_items import (
	CREATED,
	UNCHANGED,
	Changes,
	Item,
	RowRefused,
	given,
	resolve_opd,
	said,
	save_item,
	state_of,
)


def _documents(job, staged: Staged, doctype: str, filters: Callable, fields: tuple[str, ...]) -> Changes:
	"""Rows grouped by their document: filters(opd, record) finds it, or says how a new one begins."""
	changes, documents = Changes(), {}
	for index, record in enumerate(staged.records):
		opd = resolve_opd(job, staged, index, record, entering=True)
		if not opd or not record["year"] or not record["indicator_code"]:
			continue
		start = filters(opd, record)
		place = tuple(start.values())
		if place not in documents:
			documents[place] = _open_document(doctype, start)
		name, rows, problem = documents[place]
		if problem:
			staged.problem(index, "", problem)
			continue
		row = rows.get(record["indicator_code"])
		if name and row is None and doctype == REALIZATION:
			staged.problem(index, "indicator_code", _("This indicator has no row on the sheet."))
			continue
		values = given(staged, record, fields)
		key = " ".join(str(part) for part in (*place, record["indicator_code"]))
		item = Item(
			index, key, doctype, name, values | {"indicator": record["indicator_code"]}, state_of(row, values)
		)
		item.values["document"] = start
		changes.items.append(item)
	return changes


def _open_document(doctype: str, start: dict) -> tuple[str | None, dict, str]:
	"""(name, rows by indicator, problem) of the draft that takes the rows."""
	found = frappe.get_all(
		doctype,
		start | {"docstatus": ["<", 2]},
		["name", "workflow_state"],
		order_by="docstatus asc, creation desc",
	)
	if not found:
		return None, {}, ""
	if found[0].workflow_state not in (None, *EDITABLE):
		return (
			found[0].name,
			{},
			_("{0} is closed in the status {1}.").format(found[0].name, _(found[0].workflow_state)),
		)
	doc = frappe.get_doc(doctype, found[0].name)
	return doc.name, {row.indicator: row.as_dict() for row in doc.items}, ""


def plan_targets(job, staged: Staged) -> Changes:
	"""Target rows into the draft Performance Target of their OPD and year."""
	typed = ("year_target", "target_q1", "target_q2", "target_q3", "target_q4", "weight", "budget")
	return _documents(job, staged, TARGET, lambda opd, row: {"opd": opd, "year": row["year"]}, typed)


def plan_realizations(job, staged: Staged) -> Changes:
	"""Realization rows into the draft sheet of their OPD and period."""
	for record in staged.records:
		for name in ("numerator", "denominator", "budget_realization"):
			record[name] = "" if record[name] is None else format_number(record[name], None)
	typed = (
		"realization",
		"numerator",
		"denominator",
		"missing_reason",
		"budget_realization",
		"evidence_link",
		"obstacle",
		"next_step",
	)
	return _documents(
		job,
		staged,
		REALIZATION,
		lambda opd, row: {"opd": opd, "period": f"{row['year']}-TW{row['quarter']}"},
		typed,
	)


def apply_rows(changes: Changes, progress: Callable) -> None:
	"""Write the rows of each document in one save."""
	groups: dict[tuple, list[Item]] = {}
	for item in changes.items:
		if item.state != UNCHANGED:
			groups.setdefault(tuple(item.values["document"].values()), []).append(item)
	for number, items in enumerate(groups.values(), 1):
		_write_rows(items)
		progress(number, len(groups))


def _write_rows(items: list[Item]) -> None:
	first = items[0]
	if not first.name:
		first.name = save_item(
			Item(first.index, "", first.doctype, None, {}, CREATED), first.values["document"]
		).name
	doc = frappe.get_doc(first.doctype, first.name)
	rows = {row.indicator: row for row in doc.items}
	for item in items:
		values = {
			name: value for name, value in item.values.items() if name != "document" and value is not None
		}
		if item.values["indicator"] not in rows and doc.doctype == REALIZATION:
			raise RowRefused(item.index, _("This indicator has no row on the sheet."))
		(rows.get(item.values["indicator"]) or doc.append("items")).update(values)
	try:
		doc.save()
	except (frappe.ValidationError, frappe.PermissionError) as error:
		raise RowRefused(first.index, said(error)) from error
