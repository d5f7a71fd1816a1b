"""Documents to download."""

import json
from collections.abc import Callable
from functools import wraps

import frappe
from frappe import _

from seroja.constants import AGREEMENT, ASSESSMENT, IMPORT, INSTRUMENT, OBJECTIVE, PLAN, REALIZATION, TARGET
from seroja.services import (
	drawing,
	forms,
	imports,
	instruments,
	letters,
	report_files,
	report_layouts,
	report_parts,
	repository,
	summaries,
)


def in_a_tab(method: Callable) -> Callable:
	"""A document opens in a tab of its own: what is wrong is said on a page there, in one sentence."""

	@wraps(method)
	def answer(*args, **kwargs):
		try:
			return method(*args, **kwargs)
		except frappe.ValidationError as error:
			if not frappe.request:
				raise
			frappe.clear_messages()
			text = frappe.utils.escape_html(frappe.utils.strip_html(str(error)))
			frappe.respond_as_web_page(
				_("Not Possible"), text, http_status_code=417, indicator_color="orange"
			)

	return answer


@frappe.whitelist()
@in_a_tab
def evaluation_summary(
	period: str | None = None,
	opd: str | None = None,
	include_unverified: bool = False,
	as_known_on: str | None = None,
) -> None:
	"""The evaluation summary as PDF. Permission: report right on sheets; rows within the reader's units."""
	frappe.has_permission(REALIZATION, "report", throw=True)
	if opd:
		frappe.has_permission("OPD", "read", opd, throw=True)
	filters = {
		"period": period,
		"opd": opd,
		"include_unverified": include_unverified,
		"as_known_on": as_known_on,
	}
	chosen = repository.chosen_period(filters, with_figures=True)
	if not chosen:
		frappe.throw(repository.no_period_message())
	_send(
		f"evaluasi-kinerja-{(opd or 'semua').lower()}-{chosen.name}.pdf",
		summaries.evaluation_pdf(chosen, filters),
	)


@frappe.whitelist()
@in_a_tab
def report_pdf(report: str, filters: str | None = None) -> None:
	"""A report of SEROJA as PDF. Permission: that of the report; rows within the reader's units."""
	chosen = report_parts.parse_filters(filters)
	content = report_files.report_pdf(report, chosen)
	_send(f"{frappe.scrub(report).replace('_', '-')}.pdf", content)


@frappe.whitelist()
@in_a_tab
def report_extract(
	layout: str,
	kind: str = "xlsx",
	year: int | None = None,
	opd: str | None = None,
	as_known_on: str | None = None,
) -> None:
	"""A table of an official report as XLSX or CSV. Permission: report right on sheets; rows within the reader's units."""
	frappe.has_permission(REALIZATION, "report", throw=True)
	if opd:
		frappe.has_permission("OPD", "read", opd, throw=True)
	filters = report_parts.as_filters({"opd": opd, "as_known_on": as_known_on})
	kind = "csv" if kind == "csv" else "xlsx"
	content = report_layouts.extract_file(layout, report_layouts.year_of(year, filters), filters, kind)
	_send(f"{layout}-{opd or 'semua'}.{kind}".lower(), content)


@frappe.whitelist()
@in_a_tab
def agreement(name: str, kind: str = "pdf") -> None:
	"""A Perjanjian Kinerja as PDF or DOCX. Permission: print right on the agreement."""
	doc = frappe.get_doc(AGREEMENT, name)
	doc.check_permission("print")
	_send(f"{name}.{_kind(kind)}", forms.agreement_file(doc, _kind(kind)))


@frappe.whitelist()
@in_a_tab
def action_plan(name: str, kind: str = "pdf") -> None:
	"""The rencana aksi of a Performance Target as PDF or DOCX. Permission: print right on the target."""
	doc = frappe.get_doc(TARGET, name)
	doc.check_permission("print")
	filename = f"rencana-aksi-{doc.opd}-{doc.year}.{_kind(kind)}".lower()
	_send(filename, forms.action_plan_file(doc, _kind(kind)))


@frappe.whitelist()
@in_a_tab
def instrument(name: str, kind: str = "json") -> None:
	"""An assessment instrument as JSON or XLSX, to be changed and imported again. Permission: read on it."""
	frappe.has_permission(INSTRUMENT, "read", name, throw=True)
	kind = "xlsx" if kind == "xlsx" else "json"
	_send(f"{name}.{kind}".lower(), instruments.instrument_file(name, kind))


@frappe.whitelist()
@in_a_tab
def evaluation_letter(name: str, form: str = "letter", kind: str = "pdf") -> None:
	"""The LHE of an assessment as letter or long report, PDF or DOCX. Permission: print right on the assessment."""
	doc = frappe.get_doc(ASSESSMENT, name)
	doc.check_permission("print")
	form = "report" if form == "report" else "letter"
	_send(f"lhe-{name}-{form}.{_kind(kind)}".lower(), letters.letter_file(doc, form, _kind(kind)))


@frappe.whitelist()
@in_a_tab
def objective_tree(
	plan: str | None = None,
	opd: str | None = None,
	period: str | None = None,
	include_unverified: bool = False,
	collapsed: str | None = None,
) -> None:
	"""The drawn tree on one page. Permission: read on the plan; nodes and figures within the reader's units."""
	content = drawing.drawing_pdf(*_asked(plan, opd, period, include_unverified, collapsed))
	_send(f"pohon-kinerja-{(plan or opd or 'semua').lower()}.pdf", content)


@frappe.whitelist()
def objective_tree_svg(
	plan: str | None = None,
	opd: str | None = None,
	period: str | None = None,
	include_unverified: bool = False,
	collapsed: str | None = None,
) -> str:
	"""The drawn tree for the screen. Permission: as objective_tree."""
	return drawing.drawing(*_asked(plan, opd, period, include_unverified, collapsed))[0]


def _asked(plan, opd, period, include_unverified, collapsed) -> tuple[dict, list[str] | None]:
	"""(filters, collapsed nodes) of a drawing that the caller may ask for."""
	frappe.has_permission(OBJECTIVE, "read", throw=True)
	if plan:
		frappe.has_permission(PLAN, "read", plan, throw=True)
	if opd:
		frappe.has_permission("OPD", "read", opd, throw=True)
	filters = {"plan": plan, "opd": opd, "period": period, "include_unverified": include_unverified}
	try:
		hidden = json.loads(collapsed) if collapsed else None
	except ValueError:
		hidden = None
	return filters, [str(name) for name in hidden] if isinstance(hidden, list) else None


@frappe.whitelist()
@in_a_tab
def import_template(kind: str) -> None:
	"""The empty workbook of a kind of import. Permission: create on imports."""
	frappe.has_permission(IMPORT, "create", throw=True)
	_send(f"templat-{kind.lower().replace(' ', '-')}.xlsx", imports.template_of(kind))


def _kind(kind: str) -> str:
	return "docx" if kind == "docx" else "pdf"


def _send(filename: str, content: bytes) -> None:
	"""A PDF opens in the browser, anything else is saved."""
	frappe.local.response.filename = filename
	frappe.local.response.filecontent = content
	frappe.local.response.type = "pdf" if filename.endswith(".pdf") else "download"
