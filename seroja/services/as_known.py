"""What was verified on a given day: the filter `as_known_on` of every report (design.md decision 4).

Verified documents are never changed; one that was reopened is cancelled, keeps its values, and the history says
when that was. So an earlier day can be shown as it was.
"""

from datetime import date

import frappe
from frappe import _
from frappe.query_builder.functions import Max
from frappe.utils import add_days, getdate, today

from seroja.constants import ENTRY, REALIZATION


def day_of(filters: dict) -> date:
	"""The day whose knowledge is asked for, today if none is. Throws for what is no day, or one to come."""
	asked = filters.get("as_known_on")
	if not asked:
		return getdate(today())
	try:
		day = getdate(asked)
	except Exception:
		day = None
	if not day or day > getdate(today()):
		frappe.throw(_("As Known On takes a day up to today."), title=_("Date Not Valid"))
	return day


def end_of(day: date) -> str:
	"""The first moment after a day; what is recorded before it was known on that day."""
	return f"{add_days(day, 1)} 00:00:00"


def is_known_by(column, filters: dict):
	"""Recorded up to the day that is asked for."""
	return column < end_of(day_of(filters))


def standing(document, filters: dict, doctype: str = REALIZATION):
	"""Verified documents only, unless unverified ones are asked for; with `as_known_on` those that stood on that day."""
	if filters.get("as_known_on"):
		return (
			document.docstatus.isin([1, 2])
			& is_known_by(document.verified_on, filters)
			& _not_reopened(document, filters, doctype)
		)
	return document.docstatus < 2 if filters.get("include_unverified") else document.docstatus == 1


def existing(document, filters: dict, doctype: str = REALIZATION):
	"""Documents in whatever state that were not replaced, with `as_known_on` those of that day."""
	if filters.get("as_known_on"):
		return is_known_by(document.creation, filters) & _not_reopened(document, filters, doctype)
	return document.docstatus < 2


def _not_reopened(document, filters: dict, doctype: str):
	entry = frappe.qb.DocType(ENTRY)
	return document.name.notin(
		frappe.qb.from_(entry)
		.select(entry.reference_name)
		.where((entry.reference_doctype == doctype) & (entry.action == "Reopen"))
		.where(is_known_by(entry.acted_on, filters))
	)


def last_steps(names: list[str], filters: dict, doctype: str = REALIZATION) -> dict[str, dict]:
	"""Document → its last step up to the day asked for: `to_state, acted_on`. One query; the names come from a scoped one."""
	entry, last = frappe.qb.DocType(ENTRY), frappe.qb.DocType(ENTRY).as_("last")
	newest = (
		frappe.qb.from_(last)
		.select(last.reference_name, Max(last.sequence).as_("sequence"))
		.where((last.reference_doctype == doctype) & last.reference_name.isin(names or [""]))
		.where(is_known_by(last.acted_on, filters))
		.groupby(last.reference_name)
	).as_("newest")
	rows = (
		frappe.qb.from_(entry)
		.join(newest)
		.on((entry.reference_name == newest.reference_name) & (entry.sequence == newest.sequence))
		.select(entry.reference_name, entry.to_state, entry.acted_on)
		.where(entry.reference_doctype == doctype)
	).run(as_dict=True)
	return {row.reference_name: row for row in rows}
