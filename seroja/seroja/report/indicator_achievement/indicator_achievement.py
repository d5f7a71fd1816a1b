"""Indicator Achievement: what each indicator reached in a period, against target and against last year."""

from frappe import _

from seroja.services import repository
from seroja.services.calculation import get_calculation
from seroja.services.report_parts import (
	as_filters,
	build_columns,
	card,
	category_chart,
	color_of,
	escape_texts,
	has_value,
	show_points,
	status_label,
)
from seroja.services.summaries import evaluate_rows

COLUMNS = (
	("opd", "OPD", "Link", 130, "OPD"),
	("objective", "Objective", "Data", 220),
	("indicator", "Code", "Link", 110, "Performance Indicator"),
	("indicator_name", "Indicator", "Data", 300),
	("unit", "Unit", "Data", 80),
	("target", "Target", "Data", 90),
	("realization_ytd", "Realization", "Data", 100),
	("achievement", "Achievement (%)", "Float", 115),
	("score", "Score (%)", "Float", 95),
	("category", "Category", "Data", 130),
	("last_year", "Last Year", "Data", 95),
	("trend", "Against Last Year", "Data", 150),
	("status_label", "Calculation", "Data", 130),
	("workflow_state", "Status", "Data", 150),
	("sheet", "Sheet", "Link", 150, "Performance Realization"),
)
TREND_MARGIN = 0.5


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	columns, period = build_columns(COLUMNS), repository.chosen_period(filters, with_figures=True)
	if not period:
		return columns, [], repository.no_period_message()
	scale = get_calculation(period.year).scale
	rows = repository.achievement_rows(period, filters)
	before = repository.last_year_values(period, filters)
	replaced = repository.predecessors([row.indicator for row in rows])
	data = [
		_present(row, before.get(row.indicator), color_of(scale), replaced.get(row.indicator)) for row in rows
	]
	escape_texts(
		data,
		(
			"obstacle",
			"next_step",
			"opd_name",
			"explanation",
			"objective",
			"indicator_name",
			"unit",
			"target",
			"realization_ytd",
			"last_year",
			"trend",
		),
	)
	if not rows:
		return columns, data, period.label
	evaluation = evaluate_rows(rows, period)
	overall = evaluation.overall
	chart = category_chart(evaluation.counts, overall["indicators"] - overall["valued"], scale)
	return columns, data, period.label, chart, _summary(overall)


def _present(row, before, colors: dict[str, str], replaced: str | None) -> dict:
	valued = has_value(row.status)
	return {
		**row,
		"achievement": row.achievement_raw if valued else None,
		"score": row.achievement_scored if valued else None,
		"category": row.category if valued else "",
		"color": colors.get(row.category),
		"last_year": before.realization_ytd if before else "",
		"trend": _trend(row, before, replaced),
		"status_label": status_label(row.status),
		"workflow_state": _(row.workflow_state),
	}


def _trend(row, before, replaced: str | None) -> str:
	"""Better or worse than in the same quarter last year, in points of achievement; or that the series breaks here."""
	if not before and replaced:
		return "┆ " + _("new series, before: {0}").format(replaced)
	if not before or not has_value(row.status) or not has_value(before.status):
		return ""
	points = row.achievement_raw - before.achievement_raw
	if abs(points) < TREND_MARGIN:
		return "→ " + _("about the same")
	text = show_points(points)
	return f"▲ {text} {_('points better')}" if points > 0 else f"▼ {text} {_('points worse')}"


def _summary(overall) -> list[dict]:
	complete = overall["valued"] == overall["indicators"]
	return [
		card(_("Indicators"), overall["indicators"]),
		card(_("With Value"), overall["valued"], indicator="Green" if complete else "Orange"),
		card(_("Mean Achievement (%)"), overall["mean_raw"], "Float"),
		card(_("Mean Score (%)"), overall["mean_scored"], "Float"),
		card(_("Need a Look"), overall["flagged"] + overall["manual"]),
	]
