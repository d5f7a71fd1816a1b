"""Report Extract: a table of an official report from the verified figures of a year (domain.md 5.6)."""

from frappe import _

from seroja.services import report_layouts
from seroja.services.report_parts import as_filters, build_columns, card, escape_texts

COLUMNS = (("opd_link", "OPD", "Link", 120, "OPD"),)
_FIELDTYPES = {"number": "Data", "percent": "Float", "rupiah": "Currency", "integer": "Int"}


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	if not filters.layout:
		return build_columns(COLUMNS), [], _("Choose a layout.")
	year = report_layouts.year_of(filters.year, filters)
	layout, table, taken = report_layouts.extract(filters.layout, year, filters)
	rows = report_layouts.shown_rows(layout, table)
	for row, opd in zip(rows, report_layouts.opds_of(layout, taken, year), strict=True):
		row["opd_link"] = opd
	escape_texts(rows, tuple(column.field for column in layout.columns if column.kind in ("text", "number")))
	columns = [
		{
			"fieldname": column.field,
			"label": column.heading_in(year),
			"fieldtype": _FIELDTYPES.get(column.kind, "Data"),
			"precision": 2 if column.kind == "percent" else None,
			"width": max(80, min(column.width * 8, 320)),
		}
		for column in layout.columns
	]
	return [*build_columns(COLUMNS), *columns], rows, f"{layout.title}, {year}", None, _summary(rows)


def _summary(rows: list[dict]) -> list[dict]:
	return [card(_("Rows"), len(rows))]
