"""What anybody may download, without login."""

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit

from seroja.services import public_figures, public_pages


@frappe.whitelist(allow_guest=True, methods=["GET"])
def figures(period: str | None = None, opd: str | None = None) -> None:
	"""The verified figures of a public period as CSV. Permission: everybody, where the public page is switched on."""
	public_pages.prepare_answer()
	try:
		_send(period, opd)
	except frappe.RateLimitExceededError:  # Frappe 15 has no page for it
		frappe.clear_messages()
		title, text = _("Too Many Requests"), _("Please try again in a minute.")
		frappe.respond_as_web_page(title, text, http_status_code=429, indicator_color="red")


@rate_limit(limit=60, seconds=60)
def _send(period: str | None, opd: str | None) -> None:
	asked = public_figures.chosen(period, opd)
	parts = [part.name for part in (asked.period, asked.opd) if part]
	frappe.local.response.filename = "-".join(["kinerja", *parts]).lower() + ".csv"
	frappe.local.response.filecontent = public_figures.figures_csv(asked)
	frappe.local.response.type = "download"
