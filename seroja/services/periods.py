"""Entry windows: from the Reporting Period, with exceptions per OPD."""

from dataclasses import dataclass
from datetime import date

import frappe
from frappe import _
from frappe.utils import add_days, formatdate, getdate, today

from seroja.constants import APPROVED_BY_HEAD, DRAFT, RETURNED, SUBMITTED, VERIFIED
from seroja.core.periods import Period

DEFAULT_DAYS = {"entry": 10, "approval": 15, "verification": 25}


def set_dates(doc) -> None:
	"""Start, end and label from core; windows that were left empty from SEROJA Settings."""
	period = Period(doc.year, "quarter", int(doc.quarter))
	doc.update({"start_date": period.start, "end_date": period.end, "label": period.label})
	settings = frappe.get_cached_doc("SEROJA Settings")
	doc.entry_opens = doc.entry_opens or add_days(period.end, 1)
	for stage, default in DEFAULT_DAYS.items():
		field = f"{stage}_closes"
		if not doc.get(field):
			doc.set(field, add_days(period.end, settings.get(f"{stage}_days") or default))


def validate_dates(doc) -> None:
	order = ("entry_opens", "entry_closes", "approval_closes", "verification_closes")
	dates = [getdate(doc.get(field)) for field in order]
	if dates != sorted(dates):
		frappe.throw(
			_("The windows must follow each other: entry opens, entry closes, OPD head, Inspektorat."),
			title=_("Dates Out of Order"),
		)


@dataclass(frozen=True)
class Windows:
	"""The closing days of several periods, with the exceptions of several OPDs."""

	periods: dict[str, dict]
	exceptions: dict[tuple[str, str], date]

	def entry(self, period: str, opd: str) -> date:
		"""The last day of entry: the OPD's exception, else the period's own day."""
		regular = getdate(self.periods[period]["entry_closes"])
		return max(getdate(self.exceptions.get((period, opd)) or regular), regular)

	def due(self, period: str, opd: str, state: str) -> date | None:
		"""The day by which whoever holds a sheet in this state must be done; a returned one may be corrected until
		verification closes. None once it is verified."""
		closes = self.periods[period]
		if state == VERIFIED:
			return None
		if state == SUBMITTED:
			return getdate(closes["approval_closes"])
		if state == APPROVED_BY_HEAD:
			return getdate(closes["verification_closes"])
		entry = self.entry(period, opd)
		return max(entry, getdate(closes["verification_closes"])) if state == RETURNED else entry


def get_windows(periods: list[str], opds: list[str]) -> Windows:
	"""The windows of these periods and OPDs. Two queries."""
	fields = ["name", "entry_closes", "approval_closes", "verification_closes"]
	found = frappe.get_all("Reporting Period", {"name": ["in", periods or [""]]}, fields)
	exceptions = frappe.get_all(
		"Reporting Period Exception",
		{"period": ["in", periods or [""]], "opd": ["in", opds or [""]]},
		["period", "opd", "entry_closes"],
	)
	return Windows(
		{period.name: period for period in found},
		{(row.period, row.opd): row.entry_closes for row in exceptions},
	)


def check_entry_open(doc) -> None:
	"""Refuse entry before the window opens or after it closed; a returned sheet stays open until verification closes."""
	period = frappe.get_cached_doc("Reporting Period", doc.period)
	if doc.get("amended_from"):  # reopened by the Inspektorat, whenever that was
		return
	before = doc.get_doc_before_save()
	state = before.workflow_state if before else DRAFT
	closes = get_windows([doc.period], [doc.opd]).due(doc.period, doc.opd, state)
	now = getdate(today())
	if now < getdate(period.entry_opens):
		frappe.throw(
			_("Entry for {0} opens on {1}.").format(period.label, formatdate(period.entry_opens)),
			title=_("Entry Not Open"),
		)
	if now > closes:
		frappe.throw(
			_("Entry for {0} closed on {1}. Ask the Organisation Bureau for an exception.").format(
				period.label, formatdate(closes)
			),
			title=_("Entry Closed"),
		)


def is_late(doc) -> int:
	"""Late: first submitted after the period's own closing day, also where an exception allowed it."""
	if not doc.first_submitted_on:
		return 0
	closes = frappe.get_cached_value("Reporting Period", doc.period, "entry_closes")
	return int(getdate(doc.first_submitted_on) > getdate(closes))
