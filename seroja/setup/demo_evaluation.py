"""The evaluation part of the demo site: rounds, worksheets in every stage, recommendations; all of it examples."""

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, getdate, today

from seroja import constants as c
from seroja.services import worksheet
from seroja.setup.demo_people import APPROVE, CITY, SHOWN, SUBMIT, act_as, login

AKIP = "AKIP-2021"
EVALUATE, FINALIZE = "Complete Evaluation", "Finalize"
# Grades by sub-component, a to c of components 1 to 4.
_LAST_YEAR = "A BB B A B CC A BB B BB B CC"
_SELF = "A BB BB A BB BB A A BB A BB B"
_EVALUATED = "A BB B A BB B A BB BB BB B B"
_OTHERS = {
	"Disdikbud": "A A BB A A BB A A BB A BB BB",
	"Dispendukcapil": "A BB BB A BB B A BB BB A BB B",
	"Bappeda": "AA A A A A BB A A A A A BB",
	"DLH": "BB B CC BB B C A B CC B CC C",
}
# How far the others have come this year.
_STARTED = ("Disdikbud", "Dispendukcapil")
_FINDINGS = (
	(
		"1.c",
		"Rencana aksi belum diperbarui setelah evaluasi triwulan.",
		"Rencana aksi berjalan dinamis karena capaian selalu dipantau secara berkala.",
		"Penyimpangan capaian terlambat ditangani.",
		"Memperbarui rencana aksi setiap triwulan berdasarkan hasil pengukuran kinerja (contoh).",
	),
	(
		"2.c",
		"Hasil pengukuran belum dipakai sebagai dasar pemberian penghargaan.",
		"Pengukuran kinerja menjadi dasar pemberian reward dan punishment.",
		"Kinerja unit tidak mendorong perbaikan.",
		"Menyusun aturan penghargaan unit kerja berdasarkan capaian kinerja (contoh).",
	),
	(
		"4.c",
		"Sebagian rekomendasi tahun lalu belum ditindaklanjuti.",
		"Seluruh rekomendasi evaluasi ditindaklanjuti.",
		"Kelemahan yang sama berulang.",
		"Menetapkan penanggung jawab dan jadwal tindak lanjut setiap rekomendasi (contoh).",
	),
)


def create() -> None:
	"""A final assessment of last year for some OPDs, with recommendations; this year's in several stages."""
	year = getdate(today()).year
	frappe.set_user("Administrator")
	for each in (year - 1, year):
		_round(AKIP, each, "OPD")
	_round("PEMDI-2026" if year >= 2026 else "SPBE-2020", year, "Government")
	for opd, grades in {SHOWN: _LAST_YEAR, **_OTHERS}.items():
		_final(opd, year - 1, grades)
	_close_round(year - 1)
	_follow_up(year - 1)
	_at_evaluator(SHOWN, year)
	for opd in _STARTED:
		_self_assess(opd, year, _OTHERS[opd])
	_digital(year)


def _round(instrument: str, year: int, assessed: str) -> None:
	frappe.get_doc(
		{
			"doctype": c.ROUND,
			"instrument": instrument,
			"year": year,
			"assessed": assessed,
			"self_opens": add_days(today(), -30),
			"self_closes": add_days(today(), 30),
			"evaluation_closes": add_days(today(), 60),
			"review_closes": add_days(today(), 75),
		}
	).insert()


def _close_round(year: int) -> None:
	"""Last year's round is over."""
	frappe.set_user("Administrator")
	doc = frappe.get_doc(c.ROUND, f"{AKIP}-{year}-OPD")
	days = {"self_opens": 200, "self_closes": 150, "evaluation_closes": 100, "review_closes": 80}
	doc.update({field: add_days(today(), -ago) for field, ago in days.items()})
	doc.save()


def _self_assess(opd: str, year: int, grades: str):
	act_as("operator", opd)
	doc = frappe.get_doc({"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": opd, "year": year}).insert()
	_grade(doc, "self_answer", grades)
	_write(doc, "self_note", {"1.a": "Dokumen lengkap dan telah ditetapkan (contoh)."})
	_write(doc, "evidence_link", {"1.a": f"https://data.contoh.example/{opd.lower()}/perencanaan"})
	apply_workflow(frappe.get_doc(c.ASSESSMENT, doc.name), SUBMIT)
	return doc


def _at_evaluator(opd: str, year: int):
	"""Approved by the head; half evaluated in the shown OPD, for the visitor to go on with."""
	doc = _self_assess(opd, year, _SELF)
	act_as("kepala", opd)
	apply_workflow(frappe.get_doc(c.ASSESSMENT, doc.name), APPROVE)
	frappe.set_user(login("inspektorat"))
	_grade(doc, "evaluator_answer", " ".join(_EVALUATED.split()[:6]))
	return doc


def _final(opd: str, year: int, grades: str) -> None:
	doc = _self_assess(opd, year, grades)
	act_as("kepala", opd)
	apply_workflow(frappe.get_doc(c.ASSESSMENT, doc.name), APPROVE)
	frappe.set_user(login("inspektorat"))
	_grade(doc, "evaluator_answer", grades)
	worksheet.take_suggestions(doc.name)
	_write(doc, "evaluator_note", {"1.c": "Pemanfaatan perencanaan perlu ditingkatkan (contoh)."})
	for code, condition, criterion, effect, recommendation in _FINDINGS:
		worksheet.add_finding(
			doc.name,
			{
				"component_code": code,
				"condition": condition,
				"criterion": criterion,
				"effect": effect,
				"recommendation": recommendation,
				"due_date": add_days(today(), -20 if code == "2.c" else 25),
			},
		)
	apply_workflow(frappe.get_doc(c.ASSESSMENT, doc.name), EVALUATE)
	frappe.set_user(login("peninjau"))
	apply_workflow(frappe.get_doc(c.ASSESSMENT, doc.name), FINALIZE)
	final = frappe.get_doc(c.ASSESSMENT, doc.name)
	final.update(
		{"letter_number": f"700/{len(opd):03}/LHE/{year + 1}", "letter_date": add_days(today(), -30)}
	)
	final.save()


def _grade(doc, field: str, grades: str) -> None:
	codes = [f"{component}.{part}" for component in "1234" for part in "abc"]
	_write(doc, field, dict(zip(codes, grades.split(), strict=False)))


def _write(doc, field: str, values: dict) -> None:
	worksheet.save(
		doc.name, [{"code": code, "field": field, "value": value} for code, value in values.items()]
	)


def _follow_up(year: int) -> None:
	"""Of the shown OPD: one recommendation closed, one in progress, one untouched."""
	names = frappe.get_all(c.RECOMMENDATION, {"opd": SHOWN, "year": year}, pluck="name", order_by="name")
	for name, status in zip(names, (c.CLOSED, c.IN_PROGRESS), strict=False):
		act_as("operator", SHOWN)
		doc = frappe.get_doc(c.RECOMMENDATION, name)
		doc.append(
			"follow_ups",
			{
				"action": "Rencana aksi triwulan telah diperbarui (contoh).",
				"evidence_link": "https://data.contoh.example/rencana-aksi",
			},
		)
		doc.save()
		frappe.set_user(login("inspektorat"))
		doc = frappe.get_doc(c.RECOMMENDATION, name)
		doc.update({"status": status, "status_note": "Bukti telah diperiksa (contoh)."})
		doc.save()


def _digital(year: int) -> None:
	"""The government's own index, as a draft with some levels."""
	act_as("operator", CITY)
	instrument = "PEMDI-2026" if year >= 2026 else "SPBE-2020"
	doc = frappe.get_doc(
		{"doctype": c.ASSESSMENT, "instrument": instrument, "opd": CITY, "year": year}
	).insert()
	levels = {str(number): str(2 + number % 4) for number in range(1, 29)}
	_write(doc, "self_answer", levels)
