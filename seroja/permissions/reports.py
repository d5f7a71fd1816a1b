"""Reports of SEROJA are computed for the one who asks; a stored result would be open to all (frappe-notes.md 2)."""

import frappe
from frappe import _


def refuse_prepared(doc, method: str | None = None) -> None:
	"""A prepared report can be opened by every user of the report, whatever its units."""
	if frappe.get_cached_value("Report", doc.report_name, "module") == "SEROJA":
		frappe.throw(
			_("SEROJA reports are computed for each reader and are never prepared in advance."),
			frappe.PermissionError,
			title=_("Not a Prepared Report"),
		)
