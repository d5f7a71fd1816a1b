"""Data Quality: what the number checks find in the figures of a period, by OPD, and which checks are switched off."""

from collections import Counter

from frappe import _

from seroja.services import analysis, figure_series, repository
from seroja.services.report_parts import as_filters, bar_chart, build_columns, card, escape_texts

COLUMNS = (
	("opd", "OPD", "Link", 110, "OPD"),
	("indicator", "Indicator", "Link", 120, "Performance Indicator"),
	("indicator_name", "Name of Indicator", "Data", 300),
	("period", "Period", "Data", 140),
	("severity_label", "Severity", "Data", 110),
	("check_label", "Number Check", "Data", 200),
	("message", "Finding", "Data", 560),
	("sheet", "Sheet", "Link", 150, "Performance Realization"),
)
MOST_BARS = 8  # more labels than that have no room


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	columns, period = build_columns(COLUMNS), repository.chosen_period(filters, with_figures=True)
	if not period:
		return columns, [], repository.no_period_message()
	frame = figure_series.load(filters, period)
	rows = analysis.finding_rows(frame, period)
	off = analysis.switch_rows(frame)
	cards = _cards(frame, period, Counter(row["severity_label"] for row in rows), len(off))
	if filters.get("severity"):
		rows, off = [row for row in rows if row["severity_label"] == filters.severity], []
	by_opd = Counter(row["opd"] for row in rows)
	shown = [*rows, *off]
	escape_texts(shown, ("indicator_name", "message"))
	return columns, shown, period.label, _chart(by_opd), cards


def _chart(by_opd: Counter) -> dict | None:
	worst = by_opd.most_common(MOST_BARS)
	if len(worst) < 2:
		return None
	return bar_chart([opd for opd, _count in worst], [count for _opd, count in worst], _("Findings"))


def _cards(frame, period, severities: Counter, switched_off: int) -> list[dict]:
	colors = dict(zip(analysis.SEVERITY_LABELS.values(), ("Red", "Orange", "Blue"), strict=True))
	is_now = (frame["year"] == int(period.year)) & (frame["number"] == int(period.quarter))
	return [
		card(_("Figures Checked"), int((is_now & frame["value"].notna()).sum())),
		*(
			card(label, severities[label], indicator=color if severities[label] else None)
			for label, color in colors.items()
		),
		card(_("Checks Switched Off"), switched_off),
	]
