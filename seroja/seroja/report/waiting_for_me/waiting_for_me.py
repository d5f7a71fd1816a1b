"""Waiting for Me: the documents on which the reader may act today; sheets to verify by risk, others by urgency."""

from frappe import _
from frappe.utils import date_diff, today

from seroja.services.inbox import VERIFY, by_risk, waiting_for_me
from seroja.services.report_parts import build_columns, card

COLUMNS = (
	("task_label", "Task", "Data", 200),
	("opd", "OPD", "Link", 130, "OPD"),
	("period", "Period", "Data", 150),
	("type_label", "Document Type", "Data", 170),
	("name", "Document", "Dynamic Link", 190, "doctype"),
	("state_label", "Status", "Data", 180),
	("since", "Since", "Datetime", 160),
	("due", "Due", "Date", 110),
	("overdue", "Overdue", "Data", 110),
	("risk", "Risk", "Int", 80),
	("risk_parts", "Risk Made Up Of", "Data", 380),
)


def execute(filters: dict | None = None):
	rows = by_risk(waiting_for_me())
	for row in rows:
		left = date_diff(row["due"], today()) if row["due"] else 0
		row.update(
			task_label=_(row["task"]),
			type_label=_(row["doctype"]),
			state_label=_(row["state"]) if row["state"] else _("No Sheet"),
			overdue=_("{0} days").format(-left) if left < 0 else "",
		)
	overdue = sum(bool(row["overdue"]) for row in rows)
	cards = [card(_("Waiting for Me"), len(rows)), card(_("Overdue"), overdue, indicator="Red")]
	return build_columns(_columns(rows)), rows, None, None, cards


def _columns(rows: list[dict]) -> tuple:
	"""The risk only for whoever has sheets to verify."""
	is_verifier = any(row["task"] == VERIFY for row in rows)
	return COLUMNS if is_verifier else tuple(column for column in COLUMNS if not column[0].startswith("risk"))
