"""Indicator Outlook: where each indicator will end the year and the plan, how sure that is, and why."""

from frappe import _

from seroja.services import analysis, figure_series, repository
from seroja.services.report_parts import as_filters, bar_chart, build_columns, card, escape_texts

# The first seven are what a mail shows; together they fit on a page.
COLUMNS = (
	("opd", "OPD", "Link", 110, "OPD"),
	("indicator_name", "Name of Indicator", "Data", 230),
	("year", "Year", "Data", 75),
	("target", "Target", "Data", 90),
	("forecast", "Forecast", "Float", 105),
	("probability", "Probability (%)", "Float", 95),
	("status_label", "Outlook", "Data", 125),
	("lower", "Lower Bound", "Float", 95),
	("upper", "Upper Bound", "Float", 95),
	("unit", "Unit", "Data", 85),
	("direction_label", "Direction", "Data", 115),
	("reason", "Reason", "Data", 420),
	("subject", "Indicator", "Data", 80),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	columns, period = build_columns(COLUMNS), repository.chosen_period(filters, with_figures=True)
	if not period:
		return columns, [], repository.no_period_message()
	rows = analysis.outlook_rows(figure_series.load(filters, period), filters)
	nearest = list({row["indicator"]: row for row in reversed(rows)}.values())[::-1]
	counts = {label: 0 for label in analysis.STATUS_LABELS.values()}
	for row in nearest:  # each indicator once
		counts[row["status_label"]] += 1
	if filters.get("only_next"):
		rows = nearest
	if filters.get("outlook"):
		rows = [row for row in rows if row["status_label"] == filters.outlook]
	escape_texts(rows, ("indicator_name", "unit", "target", "reason"))
	return columns, rows, period.label, _chart(counts), _cards(counts)


def _chart(counts: dict[str, int]) -> dict | None:
	return bar_chart(list(counts), list(counts.values()), _("Outlooks")) if sum(counts.values()) else None


def _cards(counts: dict[str, int]) -> list[dict]:
	colors = dict(zip(counts, ("Blue", "Orange", "Red", "Gray"), strict=True))
	return [card(label, count, indicator=colors[label] if count else None) for label, count in counts.items()]
