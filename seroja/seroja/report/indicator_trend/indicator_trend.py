"""Indicator Trend: the verified series of one indicator over the years, with the breaks where a successor took over."""

import frappe
from frappe import _

from seroja.services import indicators
from seroja.services.report_parts import as_filters, build_columns, card, escape_texts

COLUMNS = (
	("label", "Period", "Data", 120),
	("indicator", "Code", "Link", 150, "Performance Indicator"),
	("target_text", "Target", "Data", 120),
	("text", "Realization", "Data", 120),
	("note", "Series", "Data", 260),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	if not filters.get("indicator"):
		return build_columns(COLUMNS), [], _("Choose an indicator.")
	frappe.has_permission("Performance Indicator", "read", filters.indicator, throw=True)
	rows = indicators.series_of(filters.indicator, {"as_known_on": filters.as_known_on})
	for row in rows:
		row["note"] = _("New series begins here; not comparable with before") if row["is_break"] else ""
	chart = indicators.trend_chart(rows) if rows else None
	escape_texts(rows, ("target_text", "text"))
	return build_columns(COLUMNS), rows, None, chart, _summary(rows)


def _summary(rows: list[dict]) -> list[dict]:
	return [
		card(_("Verified Periods"), len(rows)),
		card(_("Breaks in the Series"), sum(row["is_break"] for row in rows)),
	]
