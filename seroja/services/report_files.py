"""Reports outside the desk: printed, in a workbook, in a mail; run as the session user and with his rights.

Official documents are in Indonesian whatever the language of the desk (design.md decision 9).
"""

from contextlib import contextmanager
from dataclasses import dataclass, replace

import frappe
from frappe import _
from frappe.utils import cint, getdate, today

from seroja.constants import REALIZATION
from seroja.core import evaluation as core_evaluation
from seroja.core import report_files as core
from seroja.core.rendering import (
	INTEGER,
	NUMBER,
	RUPIAH,
	TEXT,
	Attachment,
	format_date,
	format_percent,
	records,
	render_document,
)
from seroja.services import matrix, paper, repository, snapshots, summaries
from seroja.services.as_known import day_of
from seroja.services.report_parts import as_filters

EVALUATION_SUMMARY = "Evaluation Summary"
MATRIX = "Performance Matrix"
_OF_TODAY = frozenset({"Planning Checks", "Cascading Quality", "Plan Version Difference", "Waiting for Me"})
_KINDS = {
	"Float": NUMBER,
	"Percent": NUMBER,
	"Int": INTEGER,
	"Currency": RUPIAH,
	"Date": core.DATE,
	"Datetime": core.DATE,
}
_LINKS_TO_FORMS = frozenset({"sheet", "node", "subject", "assessment"})  # of no use on paper


@dataclass(frozen=True)
class Rendered:
	"""A report for a mail. html: its part of the body, pictures as `cid:NAME`; pictures: NAME → PNG; filename:
	without suffix; snapshot: the code of the PDF, "" without one."""

	title: str
	period: str
	html: str
	pictures: dict[str, bytes]
	pdf: bytes | None
	xlsx: bytes | None
	filename: str
	row_count: int
	snapshot: str


def render(
	content: str, report: str | None, filters: dict | None, as_pdf: bool = True, as_xlsx: bool = True
) -> Rendered:
	"""The evaluation summary or a report, within the units of the session user.

	Raises frappe.PermissionError when he may not see it. No PDF and no XLSX when there are no rows.
	"""
	_check_unit(filters or {})
	with _in_indonesian():
		if content == EVALUATION_SUMMARY:
			return _render_evaluation(dict(filters or {}), as_pdf, as_xlsx)
		return _render_report(run(report, filters or {}), report, filters or {}, as_pdf, as_xlsx)


def report_pdf(name: str, filters: dict) -> bytes:
	"""A report of the desk as PDF for the record. Raises frappe.PermissionError as `run`."""
	with _in_indonesian():
		report = run(name, filters)
		return _pdf(report, name, filters, core.report_picture(report))[0]


def run(name: str, filters: dict) -> core.Report:
	"""A report of SEROJA with the rows that the session user may see. Raises frappe.PermissionError."""
	report = frappe.get_cached_doc("Report", name)
	if report.module != "SEROJA" or not report.is_permitted():
		frappe.throw(_("You may not see the report {0}.").format(_(name)), frappe.PermissionError)
	frappe.has_permission(report.ref_doctype, "report", throw=True)
	filters = _checked(name, filters)
	# Texts as they were typed; core escapes them itself.
	before, frappe.flags.seroja_export = frappe.flags.seroja_export, True
	try:
		columns, rows, *rest = report.execute_module(frappe._dict(filters))
	finally:
		frappe.flags.seroja_export = before
	message, chart, cards = (*rest, None, None, None)[:3]
	return core.Report(
		title=_(name),
		subtitle=_subtitle(message, filters),
		government=paper.government_name(),
		columns=tuple(_column(column) for column in columns if column["fieldname"] not in _LINKS_TO_FORMS),
		rows=rows,
		printed_on=getdate(today()),
		cards=tuple(
			(card["label"], core.cell_text(card["value"], _kind(card["datatype"]))) for card in cards or ()
		),
		chart=_chart(chart),
		place=paper.settings().place or "",
		letterhead=paper.letterhead(),
		signer=paper.report_signer(),
		mark=_mark(filters),
	)


def _mark(filters: dict) -> str:
	is_open = cint(filters.get("include_unverified")) or cint(filters.get("include_unfinished"))
	return "BELUM DIVERIFIKASI" if is_open and not filters.get("as_known_on") else ""


def _checked(name: str, filters: dict) -> dict:
	"""The filters of a report; a day only where the report knows it: its title says so."""
	chosen = filters if name == MATRIX else as_filters(filters)  # the matrix reads its own, which are lists
	_check_unit(chosen)
	if chosen.get("as_known_on") and name in _OF_TODAY:
		frappe.throw(_("The report {0} speaks of today only.").format(_(name)), title=_("Date Not Valid"))
	return chosen


def _check_unit(filters: dict) -> None:
	"""A document names the unit that it was asked for; it must be one that the reader sees."""
	if filters.get("opd"):
		frappe.has_permission("OPD", "read", str(filters["opd"]), throw=True)


# --- parts ---


def _render_report(report: core.Report, name: str, filters: dict, as_pdf: bool, as_xlsx: bool) -> Rendered:
	picture, has_rows = core.report_picture(report), bool(report.rows)
	pdf, code = _pdf(report, name, filters, picture) if as_pdf and has_rows else (None, "")
	return Rendered(
		title=report.title,
		period=report.subtitle,
		html=core.report_html(report, "cid:chart" if picture else ""),
		pictures={"chart": picture} if picture else {},
		pdf=pdf,
		xlsx=core.report_xlsx(report) if as_xlsx and has_rows else None,
		filename=_filename(report.title),
		row_count=len(report.rows),
		snapshot=code,
	)


def _pdf(report: core.Report, name: str, filters: dict, picture: bytes | None) -> tuple[bytes, str]:
	"""(PDF, code of its snapshot)."""
	keeper = snapshots.Keeper(f"{report.title} – {report.subtitle}", name, filters)
	if name == MATRIX:  # its columns and notes have a form of their own on paper
		form = matrix.matrix_document(filters)
		data = Attachment("data.csv", core.report_csv(report), f"Data laporan {report.title}")
		return render_document(
			replace(form, parts=(report.letterhead, *form.parts)), keeper, [data]
		), keeper.code
	return core.report_pdf(report, picture, keeper), keeper.code


def _render_evaluation(filters: dict, as_pdf: bool, as_xlsx: bool) -> Rendered:
	frappe.has_permission(REALIZATION, "report", throw=True)
	period = repository.chosen_period(filters, with_figures=True)
	rows = repository.achievement_rows(period, filters) if period else []
	title = "Ringkasan Evaluasi Kinerja"
	filename = _filename(f"{title} {period.name if period else ''}")
	if not rows:
		return Rendered(title, period.label if period else "", "", {}, None, None, filename, 0, "")
	evaluation = summaries.evaluate_rows(rows, period)
	pictures = core_evaluation.draw_charts(evaluation)
	prospect = summaries.prospect_of(rows, evaluation, period, filters, with_charts=False)
	report = _overview(evaluation, period, filters, title, prospect.texts)
	pdf, code = (
		summaries.evaluation_document(evaluation, period, filters, pictures, prospect)
		if as_pdf
		else (None, "")
	)
	return Rendered(
		title=title,
		period=report.subtitle,
		html=core.report_html(report, "cid:distribution"),
		pictures={"distribution": pictures["distribution"]},
		pdf=pdf,
		xlsx=core_evaluation.build_xlsx(evaluation) if as_xlsx else None,
		filename=filename,
		row_count=len(rows),
		snapshot=code,
	)


def _overview(evaluation, period, filters: dict, title: str, texts: tuple[str, ...]) -> core.Report:
	"""What the mail says of an evaluation: key figures, its text, and one line per OPD, or per objective of a single one."""
	overall = evaluation.overall
	is_single = len(evaluation.by_opd) == 1
	table = evaluation.by_objective if is_single else evaluation.by_opd.sort_values("rank", kind="stable")
	first = core.ReportColumn("objective", "Sasaran") if is_single else core.ReportColumn("opd", "OPD")
	return core.Report(
		title=title,
		subtitle=_subtitle(period.label, filters),
		government=paper.government_name(),
		columns=(
			first,
			core.ReportColumn("valued", "Bernilai", INTEGER),
			core.ReportColumn("mean_raw", "Rata-rata capaian (%)", NUMBER),
			core.ReportColumn("mean_scored", "Rata-rata skor (%)", NUMBER),
			core.ReportColumn("category", "Kategori"),
			core.ReportColumn("absorption", "Serapan (%)", NUMBER),
		),
		rows=records(table),
		printed_on=getdate(today()),
		cards=(
			(
				"Rata-rata skor",
				f"{format_percent(overall['mean_scored'])} {overall['category'] or ''}".strip(),
			),
			("Rata-rata capaian", format_percent(overall["mean_raw"])),
			("Indikator bernilai", f"{overall['valued']} dari {overall['indicators']}"),
			("Serapan anggaran", format_percent(overall["absorption"])),
			("Sasaran terlemah", overall["weakest_objective"] or "–"),
		),
		texts=texts,
	)


def _subtitle(message, filters: dict) -> str:
	"""Period, unit and the day whose knowledge is shown."""
	unit = _unit_name(filters["opd"]) if filters.get("opd") else ""
	known = f"keadaan data pada {format_date(day_of(filters))}" if filters.get("as_known_on") else ""
	unverified = (
		"termasuk yang belum diverifikasi" if not known and cint(filters.get("include_unverified")) else ""
	)
	text = message if isinstance(message, str) and "<" not in message else ""
	return " · ".join(part for part in (text, unit, known, unverified) if part)


def _unit_name(opd: str) -> str:
	"""The full name of a unit that the reader may see; of another one nothing but what was asked for."""
	names = frappe.get_list("OPD", {"name": opd}, pluck="opd_name")
	return names[0] if names else opd


def _column(column: dict) -> core.ReportColumn:
	return core.ReportColumn(
		column["fieldname"], column["label"], _kind(column["fieldtype"]), column.get("width") or 120
	)


def _kind(fieldtype: str) -> str:
	return _KINDS.get(fieldtype, TEXT)


def _chart(chart: dict | None) -> core.ReportChart | None:
	"""A chart of the desk as core draws it; a ring becomes bars, which can be read off."""
	if not chart:
		return None
	series = {
		dataset.get("name") or str(number): tuple(dataset["values"])
		for number, dataset in enumerate(chart["data"]["datasets"])
	}
	kind = "line" if chart["type"] == "line" else "bar"
	return core.ReportChart(kind, tuple(chart["data"]["labels"]), series, tuple(chart.get("colors") or ()))


def _filename(title: str) -> str:
	return frappe.scrub(title.strip()).replace("_", "-")


@contextmanager
def _in_indonesian():
	before, frappe.local.lang = frappe.local.lang, "id"
	try:
		yield
	finally:
		frappe.local.lang = before
