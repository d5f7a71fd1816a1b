"""What the script reports share: columns from data, escaped texts, category colours."""

import frappe
from frappe import _
from frappe.utils import cint, escape_html

from seroja.core.achievement import STATUS_LABELS, VALUED
from seroja.core.charts import NO_VALUE, category_colors
from seroja.core.numbers import format_number
from seroja.core.rendering import defuse_formula
from seroja.services.as_known import day_of


def build_columns(rows: tuple) -> list[dict]:
	"""Report columns from (fieldname, English label, fieldtype, width[, options])."""
	return [
		{
			"fieldname": row[0],
			"label": _(row[1]),
			"fieldtype": row[2],
			"width": row[3],
			"options": row[4] if len(row) > 4 else None,
			"precision": 2 if row[2] in ("Float", "Percent") else None,
		}
		for row in rows
	]


def escape_texts(rows: list[dict], fields: tuple[str, ...]) -> None:
	"""Make what people typed inert: no HTML in the grid (style.md 7.15), no formula in an exported file."""
	inert = defuse_formula if frappe.flags.seroja_export else escape_html
	for row in rows:
		for field in fields:
			if row.get(field):
				row[field] = inert(str(row[field]))


def color_of(scale) -> dict[str, str]:
	"""Category → colour, best first from blue to red."""
	return category_colors(scale.labels)


def bar_chart(labels: list[str], values: list, name: str) -> dict:
	"""A bar chart as Frappe draws it."""
	return {
		"type": "bar",
		"data": {"labels": labels, "datasets": [{"name": name, "values": values}]},
		"colors": ["#2166ac"],
		"barOptions": {"spaceRatio": 0.4},
	}


def category_chart(counts: dict[str, int], missing: int, scale) -> dict:
	"""Indicators per category, one colour each, and those without a value; all of them, so that colours keep their meaning."""
	colors = color_of(scale)
	labels, values = [*counts, _("No Value")], [*counts.values(), missing]
	return {
		"type": "donut",
		"data": {"labels": labels, "datasets": [{"values": [int(value) for value in values]}]},
		"colors": [colors.get(label, NO_VALUE) for label in labels],
		"height": 260,
	}


def mean(values: list) -> float | None:
	"""The mean of what there is."""
	known = [value for value in values if value is not None]
	return sum(known) / len(known) if known else None


def card(label: str, value, datatype: str = "Int", indicator: str | None = None) -> dict:
	"""A figure above the report; no value is shown as such, not as 0. Frappe would print 77,35 as 77,350."""
	if value is None or value != value:
		value, datatype = "–", "Data"
	elif datatype == "Float":
		value, datatype = format_number(value, 2), "Data"
	else:
		value = int(value)
	return {"label": label, "value": value, "datatype": datatype, "indicator": indicator}


_CHECKS = frozenset({"include_unverified", "include_unfinished", "only_iku", "only_next", "detail"})


def as_filters(filters: dict | None) -> frappe._dict:
	"""The filters of a report; each is one value, never an expression."""
	for name, value in (filters or {}).items():
		if not isinstance(value, (str, int, float, type(None))) or "\x00" in str(value):
			frappe.throw(
				_("The filter {0} takes one value.").format(str(name)[:40]), title=_("Filter Not Valid")
			)
	chosen = frappe._dict(filters or {})
	for name in _CHECKS & set(chosen):  # a request may write 0 as text, which is true
		chosen[name] = cint(chosen[name])
	day_of(chosen)
	return chosen


def parse_filters(text: str | None) -> frappe._dict:
	"""The filters of a report from JSON; throws for anything but an object of plain values."""
	try:
		filters = frappe.parse_json(text or "{}")
	except ValueError:
		filters = None
	if not isinstance(filters, dict):
		frappe.throw(_("The filters are not readable."), title=_("Filter Not Valid"))
	return as_filters(filters)


def has_value(status: str) -> bool:
	"""True for a calculation status that comes with a figure."""
	return status in VALUED


def status_label(status: str) -> str:
	"""A calculation status as people read it."""
	return STATUS_LABELS.get(status, "")


def show_points(points: float) -> str:
	"""A difference between two achievements, in points with one decimal."""
	return format_number(abs(points), 1)
