"""What SEROJA sees for itself about an OPD and a year, for criteria that the instrument binds to it.

A fact is a share in percent; which answer a share suggests is data of the instrument. Shares of late things count
half: done, but not on time.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import frappe
from frappe.utils import add_days, add_months, cint, formatdate, getdate, today

from seroja.constants import AGREEMENT, REALIZATION, REPORT, TARGET
from seroja.core.numbers import format_number
from seroja.services import cascade, recommendations
from seroja.services.agreements import HEADS

LATE_COUNTS = 0.5


@dataclass(frozen=True)
class Fact:
	"""share: percent, None where there is nothing to judge. text: in Indonesian, for the official worksheet.
	route: where on the desk it can be seen."""

	share: float | None
	text: str
	route: str


def look(codes: Iterable[str], doc) -> dict[str, Fact]:
	"""The facts with these codes for the OPD and year of an assessment. The caller has checked the document."""
	return {code: FACTS[code](doc) for code in sorted(set(codes)) if code in FACTS}


def agreement_on_time(doc) -> Fact:
	"""Perjanjian Kinerja of the head and below him, signed within the days of SEROJA Settings (domain.md 1.2)."""
	due = add_days(f"{doc.year}-01-01", _setting("agreement_due_days", 31) - 1)
	rows = frappe.get_all(
		AGREEMENT,
		{"opd": doc.opd, "year": doc.year, "docstatus": 1, "version": 1},
		["verified_on", "submitted_on", "position_level"],
	)
	route = _list(AGREEMENT, doc)
	if not any(row.position_level in HEADS for row in rows):
		return Fact(
			_unless_still_time(due),
			f"Perjanjian Kinerja kepala tahun {doc.year} belum ditandatangani.",
			route,
		)
	on_time = sum(getdate(row.verified_on or row.submitted_on) <= getdate(due) for row in rows)
	text = f"{on_time} dari {len(rows)} Perjanjian Kinerja ditandatangani paling lambat {_day(due)}."
	return Fact(_share(on_time, len(rows) - on_time, len(rows)), text, route)


def quarters_on_time(doc) -> Fact:
	"""Sheets of the quarters whose entry has closed, by whether they were submitted in their window."""
	periods, sheets, is_expected = _closed_quarters(doc)
	route = _list(REALIZATION, doc)
	if not periods or not is_expected:
		return _nothing_measured(doc, bool(periods), route)
	submitted = [sheet for sheet in sheets if sheet.first_submitted_on]
	late = sum(cint(sheet.is_late) for sheet in submitted)
	on_time = len(submitted) - late
	text = f"{on_time} dari {len(periods)} triwulan diukur tepat waktu" + (
		f", {late} terlambat." if late else "."
	)
	return Fact(_share(on_time, late, len(periods)), text, route)


def application_used(doc) -> Fact:
	"""Quarters whose performance was collected and calculated in SEROJA and approved by the head."""
	periods, sheets, is_expected = _closed_quarters(doc)
	route = _list(REALIZATION, doc)
	if not periods or not is_expected:
		return _nothing_measured(doc, bool(periods), route)
	used = sum(bool(sheet.approved_by) for sheet in sheets)
	text = f"Capaian {used} dari {len(periods)} triwulan dikumpulkan, dihitung, dan disetujui di aplikasi."
	return Fact(_share(used, 0, len(periods)), text, route)


def targets_cascaded(doc) -> Fact:
	"""The score of Cascading Quality for the OPD's own nodes (domain.md 1.4)."""
	checked = cascade.check({"opd": doc.opd}, doc.year)
	score, _rank = cascade.quality_by_opd(checked).get(doc.opd, (None, None))
	route = _route("query-report/Cascading Quality", doc, year=doc.year)
	if score is None:
		return Fact(0.0, f"Belum ada pohon kinerja untuk tahun {doc.year}.", route)
	return Fact(score, f"Skor mutu penjenjangan {format_number(score)} dari 100.", route)


def report_published(doc) -> Fact:
	"""The performance report of the year has been published."""
	report = _report(doc)
	if not (report and report.published_on):
		return Fact(
			_unless_still_time(_report_due(doc)),
			f"Laporan Kinerja tahun {doc.year} belum dipublikasikan.",
			_list(REPORT, doc),
		)
	return Fact(100.0, f"Laporan Kinerja dipublikasikan {_day(report.published_on)}.", _list(REPORT, doc))


def report_on_time(doc) -> Fact:
	"""The performance report was handed in within two months, three for the government (domain.md 5.1)."""
	due, report = _report_due(doc), _report(doc)
	if not (report and report.submitted_on):
		return Fact(
			_unless_still_time(due),
			f"Laporan Kinerja belum disampaikan (batas {_day(due)}).",
			_list(REPORT, doc),
		)
	is_late = getdate(report.submitted_on) > getdate(due)
	text = f"Laporan Kinerja disampaikan {_day(report.submitted_on)}, batas {_day(due)}."
	return Fact(_share(not is_late, is_late, 1), text, _list(REPORT, doc))


def recommendations_closed(doc) -> Fact:
	"""Progress of the recommendations of earlier years (domain.md 6.4)."""
	counts = recommendations.counts(doc.opd, before=doc.year)
	progress = recommendations.progress(counts)
	route = _route("query-report/Follow-up Status", doc)
	if progress is None:
		return Fact(None, "Tidak ada rekomendasi tahun sebelumnya yang harus ditindaklanjuti.", route)
	closed, total = recommendations.closed_of(counts)
	return Fact(
		progress, f"{closed} dari {total} rekomendasi tahun sebelumnya selesai ditindaklanjuti.", route
	)


FACTS: dict[str, Callable[[object], Fact]] = {
	fact.__name__: fact
	for fact in (
		agreement_on_time,
		quarters_on_time,
		application_used,
		targets_cascaded,
		report_published,
		report_on_time,
		recommendations_closed,
	)
}


def _nothing_measured(doc, has_closed: bool, route: str) -> Fact:
	"""No quarter has closed yet; or some have, and the OPD had no target that could be measured."""
	if has_closed:
		return Fact(
			0.0, f"Tahun {doc.year} tidak ada target yang disetujui, sehingga tidak ada pengukuran.", route
		)
	return Fact(None, f"Belum ada triwulan tahun {doc.year} yang jadwal pengisiannya berakhir.", route)


def _closed_quarters(doc) -> tuple[list[str], list, bool]:
	"""The quarters of the year whose entry has closed, the OPD's standing sheets of them, and whether it owes any."""
	periods = frappe.get_all(
		"Reporting Period", {"year": doc.year, "entry_closes": ["<", today()]}, pluck="name"
	)
	is_expected = bool(frappe.db.exists(TARGET, {"opd": doc.opd, "year": doc.year, "docstatus": 1}))
	sheets = frappe.get_all(
		REALIZATION,
		{"opd": doc.opd, "period": ["in", periods or ["-"]], "docstatus": ["<", 2]},
		["first_submitted_on", "is_late", "approved_by"],
	)
	return periods, sheets, is_expected or bool(sheets)


def _report(doc):
	rows = frappe.get_all(
		REPORT, {"opd": doc.opd, "year": doc.year}, ["submitted_on", "published_on"], limit=1
	)
	return rows[0] if rows else None


def _report_due(doc):
	is_government = frappe.get_cached_value("OPD", doc.opd, "opd_type") == "Government"
	field, default = ("government_report_due_months", 3) if is_government else ("report_due_months", 2)
	return add_days(add_months(f"{doc.year + 1}-01-01", _setting(field, default)), -1)


def _unless_still_time(due) -> float | None:
	"""Nothing done is nothing, once its day has passed."""
	return None if getdate(today()) <= getdate(due) else 0.0


def _share(on_time: int, late: int, total: int) -> float:
	return 100 * (on_time + LATE_COUNTS * late) / total


def _setting(field: str, default: int) -> int:
	return cint(frappe.get_cached_doc("SEROJA Settings").get(field)) or default


def _list(doctype: str, doc) -> str:
	return _route(frappe.scrub(doctype).replace("_", "-"), doc, year=doc.year)


def _route(page: str, doc, **filters) -> str:
	"""A route of the desk, as it stands in an address."""
	return f"{quote(page)}?{urlencode({'opd': doc.opd, **filters})}"


def _day(day) -> str:
	return formatdate(day, "dd-MM-yyyy")
