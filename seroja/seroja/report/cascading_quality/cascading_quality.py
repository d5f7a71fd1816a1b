"""Cascading Quality: a score of the tree of objectives per OPD, from the share of checks that pass."""

from collections import Counter

from frappe import _
from frappe.utils import cint, getdate, today

from seroja.services import cascade, repository
from seroja.services.report_parts import as_filters, bar_chart, build_columns, card, escape_texts, mean

COLUMNS = (
	("rank", "Rank", "Int", 70),
	("opd", "OPD", "Link", 120, "OPD"),
	("opd_name", "Name of OPD", "Data", 280),
	("score", "Quality Score", "Float", 110),
	("objectives", "Objectives", "Int", 90),
	("indicators", "Indicators", "Int", 90),
	("errors", "Errors", "Int", 80),
	("warnings", "Warnings", "Int", 90),
)
MOST_BARS = 40


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	year = cint(filters.year) or getdate(today()).year
	rows = _rows(cascade.check(filters, year))
	escape_texts(rows, ("opd_name",))
	columns = (*COLUMNS, *((code, title, "Int", 130) for code, title in cascade.CHECKS.items()))
	scored = [row for row in rows if row["score"] is not None][:MOST_BARS]
	chart = bar_chart(
		[row["opd"] for row in scored], [round(row["score"], 2) for row in scored], _("Quality Score")
	)
	return build_columns(columns), rows, _("Year {0}").format(year), chart if scored else None, _summary(rows)


def _rows(checked: cascade.Checked) -> list[dict]:
	names = repository.opd_names()
	nodes = Counter(node.opd for node in checked.nodes)
	indicators = Counter(indicator.opd for indicator in checked.indicators)
	severities = Counter((finding.opd, finding.severity) for finding in checked.findings)
	return [
		{
			"rank": place,
			"opd": opd,
			"opd_name": names.get(opd, opd),
			"score": score,
			"objectives": nodes[opd],
			"indicators": indicators[opd],
			"errors": severities[opd, "error"],
			"warnings": severities[opd, "warning"],
		}
		| {code: failed for code, (_applied, failed) in checked.counts[opd].items()}
		for opd, (score, place) in cascade.quality_by_opd(checked).items()
	]


def _summary(rows: list[dict]) -> list[dict]:
	errors = sum(row["errors"] for row in rows)
	return [
		card(_("OPD"), len(rows)),
		card(_("Mean Quality Score"), mean([row["score"] for row in rows]), "Float"),
		card(_("Errors"), errors, indicator="Red" if errors else "Green"),
		card(_("Warnings"), sum(row["warnings"] for row in rows)),
	]
