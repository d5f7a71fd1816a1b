"""What the views of the dashboard are made of: figures, tables and charts, each with its way to the source.

Texts are as people typed them; the page escapes whatever it shows.
"""

from datetime import date

from frappe import _
from frappe.utils import date_diff, formatdate, getdate, today

from seroja.core.numbers import format_number

SHOWN = 10
# The colour of a bar that stands for no category.
BAR = "#2166ac"


def form(doctype: str, name: str | None, **query) -> dict | None:
	"""The way to a document; none where there is no document."""
	return {"route": ["Form", doctype, name], "query": query} if name else None


def report(name: str, **query) -> dict:
	"""The way to a report with its filters."""
	return {"route": ["query-report", name], "query": query}


def figure(label: str, value: str, link: dict | None, note: str = "", **marks) -> dict:
	"""A card. marks: color (of a category), is_bad."""
	return {"label": label, "value": value, "link": link, "note": note, **marks}


def cell(value, link: dict | None = None, **marks) -> dict:
	"""A cell of a table. marks: color, share (of a bar, percent), is_number, is_bad, note."""
	text = "–" if value in (None, "") else str(value)
	return {"text": text, "link": link, **marks}


def number(value: float | None, decimals: int = 2, **marks) -> dict:
	"""A cell with a number as Indonesians write it; no value is “–”."""
	return cell(format_number(value, decimals), is_number=True, **marks)


def out_of(part: int, whole: int) -> str:
	"""“12 / 15”; no value where there is nothing to have."""
	return f"{format_number(part, 0)} / {format_number(whole, 0)}" if whole else "–"


def day(value) -> str:
	return formatdate(value) if value else "–"


def due_cell(due: date | None) -> dict:
	"""A day by which something must be done, and by how many days it was missed."""
	is_late = is_past(due)
	note = _("Overdue by {0} days").format(date_diff(today(), due)) if is_late else ""
	return cell(day(due), note=note, is_bad=is_late)


def is_past(due) -> bool:
	return bool(due) and getdate(due) < getdate(today())


def table(
	title: str, columns: list[str], rows: list[list[dict]], empty: str, more: dict | None = None
) -> dict:
	"""rows: one cell per column. empty: what is said where there is no row. more: the way to all rows."""
	return {"title": title, "columns": columns, "rows": rows, "empty": empty, "more": more}


def chart(title: str, drawing: dict | None, empty: str, more: dict | None = None) -> dict:
	"""drawing: what frappe.Chart takes; None where there is nothing to draw."""
	return {"title": title, "chart": drawing, "empty": empty, "more": more}
