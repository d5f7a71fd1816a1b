"""What the panels “Analysis” ask for."""

import frappe

from seroja.constants import INDICATOR, REALIZATION
from seroja.services import analysis


@frappe.whitelist()
def indicator(name: str) -> dict:
	"""Outlook, chart and number checks of an indicator. Permission: read on the indicator."""
	frappe.has_permission(INDICATOR, "read", name, throw=True)
	return analysis.of_indicator(name)


@frappe.whitelist()
def sheet(name: str) -> dict:
	"""Outlook and number checks of the rows of a sheet. Permission: read on the sheet."""
	doc = frappe.get_doc(REALIZATION, name)
	doc.check_permission("read")
	return analysis.of_sheet(doc)
