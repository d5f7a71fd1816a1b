"""Planning Checks: what the tree of objectives and its indicators still lack, in plain sentences."""

from frappe import _
from frappe.utils import cint, getdate, today

from seroja.services import cascade
from seroja.services.report_parts import as_filters, bar_chart, build_columns, card, escape_texts

COLUMNS = (
	("severity_label", "Severity", "Data", 120),
	("check_title", "Finding", "Data", 200),
	("opd", "OPD", "Link", 90, "OPD"),
	("message", "What to Do", "Data", 470),
	("title", "Objective or Indicator", "Data", 270),
	("subject", "Document", "Dynamic Link", 90, "doctype"),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	year = cint(filters.year) or getdate(today()).year
	found = cascade.check(filters, year)
	rows = [_present(finding) for finding in found.findings]
	rows.sort(key=lambda row: (row["severity"] != "error", row["check"], row["opd"]))
	escape_texts(rows, ("title", "message"))
	return build_columns(COLUMNS), rows, _("Year {0}").format(year), _chart(rows), _summary(found, rows)


def _present(finding) -> dict:
	is_node = finding.kind == "objective"
	return {
		"severity": finding.severity,
		"severity_label": _("Error") if finding.severity == "error" else _("Warning"),
		"check": finding.check,
		"check_title": cascade.CHECKS[finding.check],
		"opd": finding.opd,
		"doctype": "Performance Objective" if is_node else "Performance Indicator",
		"subject": finding.subject,
		"title": finding.title,
		"message": finding.message,
	}


def _chart(rows: list[dict]) -> dict | None:
	counts: dict[str, int] = {}
	for row in rows:
		counts[row["check_title"]] = counts.get(row["check_title"], 0) + 1
	return bar_chart(list(counts), list(counts.values()), _("Findings")) if counts else None


def _summary(found, rows: list[dict]) -> list[dict]:
	errors = sum(row["severity"] == "error" for row in rows)
	return [
		card(_("Objectives"), len(found.nodes)),
		card(_("Indicators"), len(found.indicators)),
		card(_("Errors"), errors, indicator="Red" if errors else "Green"),
		card(_("Warnings"), len(rows) - errors, indicator="Orange" if len(rows) > errors else "Green"),
	]
