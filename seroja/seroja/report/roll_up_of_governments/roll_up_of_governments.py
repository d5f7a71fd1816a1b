"""Roll-up of Governments: imported packages of a quarter, by reference indicator or by government."""

from frappe import _

from seroja.services import roll_up
from seroja.services.report_parts import as_filters, build_columns, escape_texts

COLUMNS_INDICATORS = (
	("bappenas_code", "Reference Code", "Data", 115),
	("name", "Indicator", "Data", 300),
	("level_label", "Level", "Data", 130),
	("governments", "Governments", "Int", 115),
	("valued", "With a Figure", "Int", 90),
	("reached", "Target Reached", "Int", 110),
	("mean_achievement", "Mean Achievement (%)", "Float", 130),
	("rate", "Rate of the Totals", "Float", 110),
)
COLUMNS_GOVERNMENTS = (
	("government", "Code", "Data", 80),
	("name", "Government", "Data", 300),
	("level_label", "Level", "Data", 130),
	("indicators", "Indicators", "Int", 90),
	("valued", "With a Figure", "Int", 90),
	("reached", "Target Reached", "Int", 110),
	("mean_score", "Mean Score (%)", "Float", 120),
	("category", "Category", "Data", 150),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	by_government = filters.get("by") == "Governments"
	rows = roll_up.report_rows(filters, by_government)
	escape_texts(rows, ("name", "government", "bappenas_code"))
	columns = build_columns(COLUMNS_GOVERNMENTS if by_government else COLUMNS_INDICATORS)
	columns[0]["align"] = "left"  # a code that looks like a number is none
	nothing = _("No package of this quarter has been imported yet, or no figure in it has a reference code.")
	return columns, rows, rows[0]["period_label"] if rows else nothing
