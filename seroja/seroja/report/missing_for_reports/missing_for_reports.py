"""Missing for Reports: which cells of which official report nobody has filled yet, per OPD."""

from collections import Counter

from frappe import _
from frappe.utils import cint

from seroja.services import report_layouts, repository
from seroja.services.report_parts import as_filters, bar_chart, build_columns, card, escape_texts

COLUMNS = (
	("opd", "OPD", "Link", 120, "OPD"),
	("opd_name", "Name of OPD", "Data", 240),
	("report", "Official Report", "Data", 110),
	("layout", "Layout", "Link", 170, "Report Layout"),
	("code", "Code", "Data", 130),
	("indicator", "Row", "Data", 320),
	("cells", "Empty Cells", "Int", 100),
	("headings", "What Is Missing", "Data", 380),
)
MOST_BARS = 30


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	columns, period = build_columns(COLUMNS), repository.chosen_period(filters, with_figures=True)
	year = cint(filters.year) or (period.year if period else 0)
	if not year:
		return columns, [], repository.no_period_message()
	names, rows = repository.opd_names(), report_layouts.gaps(year, filters)
	for row in rows:
		row["opd_name"] = names.get(row["opd"], row["opd"])
	rows.sort(key=lambda row: (row["opd_name"] or "", row["layout"]))
	counts = Counter()
	for row in rows:
		counts[row["opd"] or "–"] += row["cells"]
	escape_texts(rows, ("opd_name", "code", "indicator", "headings"))
	return columns, rows, str(year), _chart(counts), _summary(rows, counts)


def _chart(counts: Counter) -> dict | None:
	worst = counts.most_common(MOST_BARS) if len(counts) > 1 else []
	return (
		bar_chart([opd for opd, _count in worst], [count for _opd, count in worst], _("Empty Cells"))
		if worst
		else None
	)


def _summary(rows: list[dict], counts: Counter) -> list[dict]:
	return [
		card(_("Empty Cells"), counts.total(), indicator="Red" if rows else "Green"),
		card(_("OPD"), len(counts)),
		card(_("Official Reports"), len({row["report"] for row in rows})),
	]
