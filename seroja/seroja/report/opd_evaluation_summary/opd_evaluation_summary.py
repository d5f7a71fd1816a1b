"""OPD Evaluation Summary: means, categories, completeness, timeliness, budget and rank per OPD."""

from frappe import _

from seroja.services import repository
from seroja.services.calculation import get_calculation
from seroja.services.report_parts import (
	as_filters,
	bar_chart,
	build_columns,
	card,
	color_of,
	escape_texts,
	mean,
)
from seroja.services.summaries import opd_summary

COLUMNS = (
	("rank", "Rank", "Int", 70),
	("opd", "OPD", "Link", 120, "OPD"),
	("opd_name", "Name of OPD", "Data", 260),
	("mean_raw", "Mean Achievement (%)", "Float", 130),
	("mean_scored", "Mean Score (%)", "Float", 120),
	("category", "Category", "Data", 130),
	("weakest", "Weakest Objective (%)", "Float", 130),
	("weakest_objective", "Weakest Objective", "Data", 220),
	("indicators", "Indicators", "Int", 90),
	("valued", "With Value", "Int", 90),
	("completeness", "Completeness (%)", "Float", 120),
	("timeliness", "Timeliness (%)", "Float", 110),
	("absorption", "Absorption (%)", "Float", 110),
	("efficiency_gap", "Achievement − Absorption", "Float", 140),
	("efficiency", "Efficiency (%)", "Float", 110),
	("efficiency_label", "Efficiency", "Data", 110),
	("state", "Status", "Data", 160),
)
MOST_BARS = 40


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	period = repository.chosen_period(filters, with_figures=True)
	if not period:
		return build_columns(COLUMNS), [], repository.no_period_message()
	scale = get_calculation(period.year).scale
	rows = opd_summary(period, filters)
	for row in rows:
		row["color"] = color_of(scale).get(row.get("category"))
		row["state"] = _(row["state"]) if row["state"] else _("No Sheet")
		row["efficiency_label"] = _(row.get("efficiency_label") or "")
	columns = build_columns((*COLUMNS, *((f"count:{label}", label, "Int", 110) for label in scale.labels)))
	escape_texts(rows, ("opd_name", "weakest_objective"))
	return columns, rows, period.label, _chart(rows, scale), _summary(rows)


def _chart(rows: list[dict], scale) -> dict | None:
	ranked = [row for row in rows if row.get("mean_scored") is not None][:MOST_BARS]
	if not ranked:
		return None
	values = [round(row["mean_scored"], 2) for row in ranked]
	return bar_chart([row["opd"] for row in ranked], values, _("Mean Score (%)"))


def _summary(rows: list[dict]) -> list[dict]:
	owed = sum(row["indicators"] for row in rows)
	return [
		card(_("OPD"), len(rows)),
		card(_("With Figures"), sum(row.get("mean_scored") is not None for row in rows)),
		card(_("Mean Score (%)"), mean([row.get("mean_scored") for row in rows]), "Float"),
		card(
			_("Completeness (%)"),
			100 * sum(row["valued"] for row in rows) / owed if owed else None,
			"Float",
		),
		card(_("Timeliness (%)"), mean([row["timeliness"] for row in rows]), "Float"),
	]
