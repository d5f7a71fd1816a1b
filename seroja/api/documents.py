"""Documents to download."""

import frappe

from seroja.constants import REALIZATION
from seroja.services import repository, summaries


@frappe.whitelist()
def evaluation_summary(
	period: str | None = None, opd: str | None = None, include_unverified: bool = False
) -> None:
	"""The evaluation summary as PDF. Permission: report right on sheets; rows within the reader's units."""
	frappe.has_permission(REALIZATION, "report", throw=True)
	if opd:
		frappe.has_permission("OPD", "read", opd, throw=True)
	filters = {"period": period, "opd": opd, "include_unverified": include_unverified}
	chosen = repository.chosen_period(filters, with_figures=True)
	if not chosen:
		frappe.throw(repository.no_period_message())
	frappe.local.response.filename = f"evaluasi-kinerja-{(opd or 'semua').lower()}-{chosen.name}.pdf"
	frappe.local.response.filecontent = summaries.evaluation_pdf(chosen, filters)
	frappe.local.response.type = "pdf"
