"""Performance Matrix: the figures of the indicators, quarter beside quarter, with the notes on them."""

import frappe

from seroja.services import matrix, repository
from seroja.services.report_parts import build_columns

COLUMNS = (
	("opd", "OPD", "Link", 90, "OPD"),
	("objective", "Objective", "Data", 140),
	("indicator", "Code", "Link", 115, "Performance Indicator"),
	("indicator_name", "Indicator", "Data", 210),
	("unit", "Unit", "Data", 70),
)
# A file has no foot for the notes; they go beside the figures.
COLUMNS_OF_A_FILE = (("notes", "Notes", "Data", 300),)


def execute(filters: dict | None = None):
	found = matrix.build_matrix(matrix.read_filters(filters))
	if not found:
		return build_columns(COLUMNS), [], repository.no_period_message()
	columns = build_columns(COLUMNS) + matrix.grid_columns(found)
	if frappe.flags.seroja_export:
		columns += build_columns(COLUMNS_OF_A_FILE)
	return columns, matrix.grid_rows(found), matrix.grid_message(found)
