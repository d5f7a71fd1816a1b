"""/kinerja: the verified figures of public periods, for everybody."""

import frappe
from frappe import _
from frappe.utils import cstr

from seroja.services import public_figures
from seroja.services.public_pages import prepare_page

no_cache = 1
sitemap = 0


def get_context(context):
	prepare_page(context)
	asked = public_figures.chosen(cstr(frappe.form_dict.get("period")), cstr(frappe.form_dict.get("opd")))
	settings = frappe.get_cached_doc("SEROJA Settings")
	context.update(asked)
	context.title = _("Performance Figures")
	context.government = settings.government_name or _("Regional Government")
	context.place = settings.place
	context.logo = settings.logo if cstr(settings.logo).startswith("/files/") else None
	context.percent = public_figures.show_percent
	if asked.opd:
		context.objectives = public_figures.objectives_of(asked.figures, asked.opd.name)
	context.reports = _reports(asked)


def _reports(asked: frappe._dict) -> list[dict]:
	reports = asked.figures["reports"] if asked.figures else []
	return [row for row in reports if not asked.opd or row.opd == asked.opd.name]
