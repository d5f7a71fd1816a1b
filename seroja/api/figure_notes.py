"""What stands beside a figure of the Performance Matrix."""

import frappe

from seroja.constants import REALIZATION
from seroja.services import figure_notes


@frappe.whitelist()
def details(sheet: str, indicator: str) -> dict:
	"""How a figure came about and what was noted on it. Permission: read on the sheet."""
	doc = frappe.get_doc(REALIZATION, sheet)
	doc.check_permission("read")
	return figure_notes.details(doc, indicator)
