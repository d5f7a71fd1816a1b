"""Analysis on the desk: figures over the years, outlook, number checks, verification by risk, evaluation text, language model."""

import csv
import io
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import frappe
import pandas as pd
from click.testing import CliRunner
from frappe.utils import add_days, now_datetime, strip_html, today
from openpyxl import load_workbook

from seroja import constants as c
from seroja.api import analysis as analysis_api
from seroja.api import performance_reports as performance_report_api
from seroja.api.inbox import waiting_count
from seroja.cli import main
from seroja.core import analysis as core_analysis
from seroja.core import checks as core_checks
from seroja.core import performance_report as core_report
from seroja.core import risk as core_risk
from seroja.core.forecasting import LEVEL
from seroja.core.narrative import aggregate_text
from seroja.core.numbers import format_number, read_value, round_half_up, stored_number
from seroja.core.performance_report_sections import drafts
from seroja.core.performance_report_story import story_of
from seroja.core.performance_report_tables import rupiah
from seroja.core.rendering import format_date, format_percent
from seroja.core.rewording import MACHINE_EDITED, MACHINE_MADE, numbers_in
from seroja.seroja.report.data_quality import data_quality
from seroja.seroja.report.indicator_outlook import indicator_outlook
from seroja.seroja.report.waiting_for_me import waiting_for_me
from seroja.services import (
	analysis,
	figure_series,
	inbox,
	language_model,
	performance_reports,
	report_files,
	repository,
	risk,
	samples,
	summaries,
)
from seroja.services.targets import make_revision
from seroja.tests.evaluation_utils import make_recommendation
from seroja.tests.test_isolation import call, pdf_text, rest
from seroja.tests.test_reporting import move_back
from seroja.tests.test_reports import BULK_YEAR, ITEM, PERIOD, bulk_city, counted, insert_raw, run
from seroja.tests.utils import (
	APPROVE,
	REOPEN,
	SUBMIT,
	VERIFY,
	YEAR,
	A,
	B,
	SerojaTestCase,
	draft_sheet,
	fill_sheet,
	letter,
	make_file,
	person,
	take,
	verified_sheet,
)

TW1, TW2 = f"{YEAR}-TW1", f"{YEAR}-TW2"
EARLIER, LATER = add_days(today(), -20), add_days(today(), -5)
CODES = {check.label: check.code for check in core_checks.CHECKS}
REASON = "Nilainya baru diumumkan sekali setahun oleh BPS."
# Number of the indicator → its own value in each quarter of the four years before YEAR, oldest first.
PAST = {
	1: (70.3, 71.4, 71.9, 73.2, 74.1, 75.3, 75.8, 77.4, 78.2, 79.1, 80.4, 81.3, 81.9, 82.8, 83.7, 85.2),
	2: (44.6, 44.1, 43.7, 43.0, 42.6, 42.2, 41.5, 41.1, 40.4, 40.0, 39.2, 38.7, 38.3, 37.6, 37.2, 36.5),
	3: (20, 24, 26, 30, 21, 25, 28, 29, 22, 25, 27, 31, 23, 26, 29, 32),
}
NOW = ("85,9", "36,1", "24", "WDP")
FORMS = {1: ("Maximize", "LAST"), 2: ("Minimize", "LAST"), 3: ("Maximize", "SUM")}


def target_of(number: int, quarter: int) -> float:
	return 25.0 * quarter if number == 3 else 100.0


def past(values: dict = PAST, opd: str = A, last_year: int = YEAR - 1, **sheet) -> pd.DataFrame:
	"""Verified sheets of the years up to `last_year`, and the frame that core should get of them.

	values: number of the indicator → own value of each quarter, oldest first, None for none.
	"""
	sheets, rows, found = {}, [], []
	for number, series in values.items():
		polarity, consolidation = FORMS[number]
		for place, value in enumerate(series):
			year, quarter = last_year + 1 - len(series) // 4 + place // 4, place % 4 + 1
			name = f"{opd}-{year}-TW{quarter}"
			sheets[name] = {
				"name": name,
				"opd": opd,
				"period": f"{year}-TW{quarter}",
				"year": year,
				"quarter": quarter,
				"docstatus": 1,
				"workflow_state": c.VERIFIED,
				"verified_on": f"{add_days(today(), -60)} 10:00:00",
				**sheet,
			}
			of_year = [own for own in series[place - quarter + 1 : place + 1] if own is not None]
			to_date = None if value is None else sum(of_year) if consolidation == "SUM" else value
			target = target_of(number, quarter)
			percent = None if value is None else 100 * to_date / target
			if polarity == "Minimize" and percent is not None:
				percent = 200 - percent
			about = {"opd": opd, "year": year, "target": target, "achievement": percent}
			rows.append(
				raw_row(name, opd, number, value, to_date, f"{target:.0f}", percent)
				| {"idx": number, "evidence_link": f"https://data.example/{name}/{number}"}
			)
			found.append(
				about
				| {"key": f"{opd}-{number}", "indicator": f"Indikator {number} {opd}", "unit": "%"}
				| {"polarity": polarity.lower(), "consolidation": consolidation}
				| {"number": quarter, "periods": 4, "target_upper": float("nan")}
				| {"realization": value, "value": to_date}
			)
	insert_raw(c.REALIZATION, list(sheets.values()))
	insert_raw(ITEM, rows)
	numbers = ["realization", "value", "achievement", "target"]
	frame = pd.DataFrame(found)
	return frame.astype(dict.fromkeys(numbers, "float64"))


def raw_row(sheet: str, opd: str, number: int, value, to_date, target: str, percent) -> dict:
	polarity, consolidation = FORMS[number]
	return {
		"name": f"lalu-{sheet}-{number}",
		"parent": sheet,
		"parenttype": c.REALIZATION,
		"parentfield": "items",
		"docstatus": 1,
		"indicator": f"{opd}-{number}",
		"indicator_name": f"Indikator {number} {opd}",
		"unit": "%",
		"polarity": polarity,
		"consolidation": consolidation,
		"target": target,
		"year_target": "100",
		"realization": "" if value is None else format_number(value, None),
		"has_value": int(value is not None),
		"realization_value": value or 0,
		"realization_ytd": "" if to_date is None else format_number(to_date, None),
		"status": "no_data" if value is None else "ok",
		"achievement_raw": percent or 0,
	}


def finished_sheet(values=NOW, opd: str = A, quarter: int = 1, verifier: str = "inspector", **fields):
	"""A sheet with these values that went all the way. fields: written into its first row before it is submitted."""
	doc = draft_sheet(opd, quarter, fill=False)
	return finish(doc, values, verifier, **fields)


def finish(doc, values, verifier: str = "inspector", **fields):
	typed(doc, values, **fields)
	doc = take(doc, SUBMIT, f"operator_{letter(doc.opd)}")
	doc = take(doc, APPROVE, f"head_{letter(doc.opd)}")
	return take(doc, VERIFY, verifier) if verifier else doc


def typed(doc, values, **fields) -> None:
	user = frappe.session.user
	frappe.set_user(person(f"operator_{letter(doc.opd)}"))
	first = min(doc.items, key=lambda row: row.indicator)
	first.update(fields)
	fill_sheet(doc, values)
	frappe.set_user(user)


def reopened(first, values, verifier: str = "inspector2"):
	"""The sheet that replaces a verified one, verified anew with other values."""
	take(first, REOPEN, "inspector", "Angka salah")
	return finish(frappe.get_doc(c.REALIZATION, {"amended_from": first.name}), values, verifier)


def revised_target(name: str, **year_targets) -> str:
	"""A new version of a target in force. year_targets: last part of the code → target of the year."""
	user = frappe.session.user
	frappe.set_user(person("operator_a"))
	revision = make_revision(name, "Perubahan anggaran")
	for row in revision.items:
		if row.indicator[-1] in year_targets:
			row.year_target = year_targets[row.indicator[-1]]
	revision.save()
	for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (APPROVE, "planner")):
		take(revision, action, key)
	frappe.set_user(user)
	return revision.name


def period_of(quarter: int, year: int = YEAR):
	return frappe._dict(year=year, quarter=str(quarter))


def load(quarter: int = 1, codes: list[str] | None = None, **filters) -> pd.DataFrame:
	return figure_series.load(filters, period_of(quarter), codes)


def cell(frame: pd.DataFrame, number: int, column: str, quarter: int = 1, year: int = YEAR, opd: str = A):
	found = frame[
		(frame["key"] == f"{opd}-{number}") & (frame["year"] == year) & (frame["number"] == quarter)
	]
	(value,) = found[column]
	return value


def is_none(value) -> bool:
	return value != value


class TestFigures(SerojaTestCase):
	"""The frame that everything else is computed from is what the sheets hold."""

	def test_each_row_is_what_its_sheet_holds(self):
		sheet = verified_sheet(A)
		frame = load()
		self.assertEqual(sorted(frame["key"]), sorted(row.indicator for row in sheet.items))
		for row in sheet.items:
			found = frame[frame["key"] == row.indicator].iloc[0]
			with self.subTest(indicator=row.indicator):
				self.assertEqual(
					(found["sheet"], found["state"], found["opd"], found["year"], found["number"]),
					(sheet.name, c.VERIFIED, A, YEAR, 1),
				)
				self.assertEqual(
					(found["indicator"], found["unit"], found["polarity"], found["consolidation"]),
					(row.indicator_name, row.unit, row.polarity.lower(), row.consolidation),
				)
				self.assertEqual(found["periods"], 4)
				self.assertEqual(bool(found["is_iku"]), bool(row.is_iku))
				self.assertAlmostEqual(found["achievement"], row.achievement_raw)
				self.assertEqual((found["budget"], found["budget_realization"]), (1_000_000, 900_000))
				if row.polarity != "Qualitative":
					self.assertEqual(found["realization"], stored_number(row.realization))
					self.assertEqual(found["value"], stored_number(row.realization_ytd))
					self.assertEqual(found["target"], stored_number(row.target))
					self.assertEqual(found["year_target"], 100)
					self.assertTrue(is_none(found["target_upper"]))

	def test_a_grade_is_no_number_but_has_its_achievement(self):
		verified_sheet(A)
		frame = load()
		for column in ("realization", "value", "target", "year_target"):
			self.assertTrue(is_none(cell(frame, 4, column)), column)
		self.assertAlmostEqual(cell(frame, 4, "achievement"), 75)

	def test_what_is_missing_is_never_0(self):
		doc = draft_sheet(A)
		frappe.set_user(person("operator_a"))
		first, second = sorted(doc.items, key=lambda row: row.indicator)[:2]
		first.update({"realization": "", "missing_reason": "Not Released", "budget_realization": ""})
		second.realization = "0"
		doc.save()
		frappe.set_user("Administrator")
		frame = load(include_unverified=1)
		for column in ("realization", "value", "achievement", "budget_realization"):
			self.assertTrue(is_none(cell(frame, 1, column)), column)
		self.assertEqual((cell(frame, 2, "realization"), cell(frame, 2, "value")), (0, 0))
		frappe.db.set_value(ITEM, first.name, "budget", 0)
		self.assertTrue(is_none(cell(load(include_unverified=1), 1, "budget")))

	def test_a_range_has_two_bounds(self):
		past({1: (81.0, 82.0, 83.0, 84.0)})
		text = read_value("80-90,5", qualitative=False, is_range=True).show()
		frappe.db.set_value(ITEM, f"lalu-{A}-{YEAR - 1}-TW4-1", {"target": text, "year_target": text})
		frame = load()
		found = frame[frame["number"] == 4].iloc[0]
		for low, high in (("target", "target_upper"), ("year_target", "year_target_upper")):
			self.assertEqual((found[low], found[high]), (80, 90.5))
		targets = figure_series.year_targets(frame, {})
		agreed = targets[(targets["key"] == f"{A}-1") & (targets["year"] == YEAR - 1)].iloc[0]
		self.assertEqual((agreed["target"], agreed["target_upper"]), (80, 90.5))

	def test_what_is_summed_has_its_own_value_and_the_one_to_date(self):
		verified_sheet(A)
		finished_sheet(("91", "79", "12", "WTP"), quarter=2)
		frame = load(2)
		self.assertEqual(
			[cell(frame, 3, column, 2) for column in ("realization", "value", "target", "year_target")],
			[12, 42, 50, 100],
		)
		self.assertEqual([cell(frame, 1, column, 2) for column in ("realization", "value")], [91, 91])
		self.assertEqual(set(load(1)["number"]), {1})

	def test_five_years_up_to_the_period_and_no_more(self):
		past({1: tuple(60.0 + place for place in range(24))})
		verified_sheet(A)
		frame = load(codes=[f"{A}-1"])
		self.assertEqual(sorted(set(frame["year"])), list(range(YEAR - 4, YEAR + 1)))
		self.assertEqual(len(frame), 4 * 4 + 1)
		before = figure_series.load({}, period_of(2, YEAR - 1), [f"{A}-1"])
		self.assertEqual(before[["year", "number"]].max().tolist(), [YEAR - 1, 4])
		self.assertEqual(before[before["year"] == YEAR - 1]["number"].max(), 2)

	def test_unverified_sheets_only_where_they_are_asked_for(self):
		draft_sheet(A)
		self.assertTrue(load().empty)
		self.assertEqual(set(load(include_unverified=1)["state"]), {c.DRAFT})
		self.assertEqual(load(include_unverified=1, only_iku=1)["key"].tolist(), [f"{A}-1"])

	def test_an_earlier_day_has_the_figures_of_that_day(self):
		first = verified_sheet(A)
		frappe.db.set_value(c.REALIZATION, first.name, "verified_on", f"{add_days(today(), -30)} 09:00:00")
		first.reload()
		reopened(first, ("45", "80", "30", "WDP"))
		move_back(c.REALIZATION, first.name, "Reopen", add_days(today(), -10))
		self.assertEqual(cell(load(), 1, "value"), 45)
		self.assertEqual(cell(load(as_known_on=EARLIER), 1, "value"), 90)
		self.assertTrue(load(as_known_on=LATER).empty)
		self.assertTrue(is_none(cell(load(as_known_on=EARLIER), 1, "verified_value")))

	def test_a_person_of_an_opd_gets_its_figures_alone(self):
		verified_sheet(A)
		verified_sheet(B)
		for key, units in (("operator_a", {A}), ("viewer_a", {A}), ("head_b", {B}), ("executive", {A, B})):
			self.as_user(key)
			self.assertEqual(set(load()["opd"]), units, key)
		self.as_user("operator_a")
		self.assertTrue(load(opd=B).empty)
		self.assertTrue(load(codes=[f"{B}-1"]).empty)
		self.assertTrue(load(codes=[]).empty)
		self.as_user("outsider")
		self.assertTrue(load().empty)

	def test_the_number_of_queries_is_that_of_two_indicators_for_forty_and_for_a_city(self):
		counts = []
		for opds, rows, first in ((1, 2, 0), (1, 40, 100), (25, 40, 200)):
			bulk_city(opds, rows, first=first)
			for run_it in (lambda: load_bulk(), lambda: analysis.outlook_rows(load_bulk(), {})):
				run_it()  # caches
				with counted() as statements:
					frame = run_it()
				counts.append(len(statements))
				self.assertGreater(len(frame), 1)
		self.assertEqual(counts[0::2], [counts[0]] * 3)
		self.assertEqual(counts[1::2], [counts[1]] * 3)
		self.assertLessEqual(counts[0], 5)
		self.assertLessEqual(counts[1], 7)

	def test_the_target_before_a_revision_is_remembered(self):
		sheet = verified_sheet(A)
		revised_target(sheet.target_document, **{"1": "80"})
		finished_sheet(("91", "79", "12", "WTP"), quarter=2)
		frame = load(2)
		self.assertEqual((cell(frame, 1, "earlier_target", 2), cell(frame, 1, "target", 2)), (100, 80))
		self.assertEqual(cell(frame, 3, "earlier_target", 2), 50)
		self.assertTrue(is_none(cell(frame, 1, "earlier_target", 1)))
		codes = {
			(row["key"], row["code"])
			for row in analysis.findings(frame).to_dict("records")
			if row["number"] == 2
		}
		self.assertIn((f"{A}-1", "target_lowered"), codes)
		self.assertNotIn((f"{A}-3", "target_lowered"), codes)

	def test_a_reopening_does_not_hide_that_the_target_was_lowered(self):
		sheet = verified_sheet(A)
		revised_target(sheet.target_document, **{"1": "80"})
		reopened(sheet, ("90", "80", "30", "WDP"))
		self.assertEqual((cell(load(), 1, "earlier_target"), cell(load(), 1, "target")), (100, 80))

	def test_the_value_that_was_verified_before_a_reopening_is_remembered(self):
		reopened(verified_sheet(A), ("45", "80", "30", "WDP"))
		frame = load()
		self.assertEqual((cell(frame, 1, "verified_value"), cell(frame, 1, "value")), (90, 45))
		self.assertEqual((cell(frame, 2, "verified_value"), cell(frame, 2, "value")), (80, 80))
		self.assertTrue(is_none(cell(frame, 4, "verified_value")))
		found = analysis.findings(frame)
		self.assertEqual(found[found["code"] == "changed_after_verification"]["key"].tolist(), [f"{A}-1"])

	def test_evidence_is_known_by_the_content_of_its_file(self):
		doc = draft_sheet(A)
		frappe.set_user(person("operator_a"))
		same = [make_file(doc, "isi yang sama", name) for name in ("satu.txt", "dua.txt")]
		other = make_file(doc, "isi lain", "tiga.txt")
		rows = sorted(doc.items, key=lambda row: row.indicator)
		for row, file in zip(rows, (*same, other), strict=False):
			row.evidence = file.file_url
		for row in rows[2:]:  # a page may show another figure every quarter
			row.evidence_link = "https://data.example/satu-data"
		doc.save()
		frame = load(include_unverified=1)
		digests = [cell(frame, number, "evidence_digest") for number in (1, 2, 3, 4)]
		self.assertEqual(digests[0], same[0].content_hash)
		self.assertEqual(digests[1], same[0].content_hash)
		self.assertEqual((digests[2], digests[3]), (other.content_hash, ""))
		self.assertEqual([bool(cell(frame, number, "has_evidence")) for number in (1, 2, 3, 4)], [True] * 4)
		found = analysis.findings(frame)
		self.assertEqual(sorted(found[found["code"] == "evidence_reused"]["key"]), [f"{A}-1", f"{A}-2"])


def load_bulk() -> pd.DataFrame:
	return figure_series.load({}, period_of(1, BULK_YEAR))


class TestOutlook(SerojaTestCase):
	"""One figure everywhere: desk, core, command line, workbook, paper and mail."""

	def setUp(self):
		super().setUp()
		slip = dict(PAST)
		slip[1] = (*PAST[1][:6], 7580.0, *PAST[1][7:])  # a lost comma, two years ago
		self.past = past(slip)
		indicator = frappe.get_doc(c.INDICATOR, f"{A}-1")
		indicator.append("year_targets", {"year": YEAR + 3, "target": "101,5"})
		indicator.save()
		self.sheet = finished_sheet()

	def rows(self, **filters) -> list[dict]:
		return run(indicator_outlook, period=TW1, **filters).rows

	def numbers(self, rows: list[dict]) -> dict[tuple, tuple]:
		"""Indicator and year → what was computed, rounded as far as text in a file goes."""
		return {
			(row["indicator_name"], int(row["year"])): tuple(
				None if row[name] is None else round(row[name], 6)
				for name in ("forecast", "lower", "upper", "probability")
			)
			for row in rows
		}

	def test_the_report_says_what_core_says_of_the_same_figures(self):
		frame = pd.concat([self.past, self.figures_now()], ignore_index=True)
		years = [(f"{A}-{number}", year, 100.0) for number in (1, 2, 3) for year in range(YEAR - 4, YEAR + 1)]
		targets = pd.DataFrame([*years, (f"{A}-1", YEAR + 3, 101.5)], columns=["key", "year", "target"])
		found = core_analysis.analyse(
			frame, targets.assign(target_upper=float("nan")), core_checks.find(frame)
		)
		wanted = {(row["indicator"], row["year"]): row for row in found.astype(object).to_dict("records")}
		shown = {(row["indicator_name"], int(row["year"])): row for row in self.rows()}
		self.assertEqual(set(shown), {*wanted, (f"Indikator 4 {A}", YEAR)})
		self.assertEqual(len(wanted), 4)
		for key, row in wanted.items():
			with self.subTest(key=key):
				self.assertEqual(shown[key]["status_label"], core_analysis.STATUS_LABELS[row["status"]])
				self.assertTrue(shown[key]["reason"].startswith(row["reason"]))
				for name in ("forecast", "lower", "upper"):
					self.assertAlmostEqual(shown[key][name], row[name])
				self.assertAlmostEqual(shown[key]["probability"], 100 * row["probability"])

	def figures_now(self) -> pd.DataFrame:
		"""The figures of the sheet as they were typed."""
		return pd.DataFrame(
			{
				"key": f"{A}-{number}",
				"indicator": f"Indikator {number} {A}",
				"opd": A,
				"unit": "%",
				"polarity": FORMS[number][0].lower(),
				"consolidation": FORMS[number][1],
				"year": YEAR,
				"number": 1,
				"periods": 4,
				"target": target_of(number, 1),
				"target_upper": float("nan"),
				"realization": stored_number(text),
				"value": stored_number(text),
				"achievement": float("nan"),
			}
			for number, text in enumerate(NOW[:3], 1)
		)

	def test_the_command_line_says_the_same_of_the_same_figures_in_a_file(self):
		given = self.of_command_line()
		rows = [row for row in self.rows() if row["indicator"] != f"{A}-4"]
		self.assertEqual({key: value[:4] for key, value in given.items()}, self.numbers(rows))
		for row in rows:
			status, reason = given[row["indicator_name"], int(row["year"])][4:]
			self.assertEqual(row["status_label"], core_analysis.STATUS_LABELS[status])
			self.assertTrue(row["reason"].startswith(reason))
		reasons = [row["reason"] for row in rows if row["indicator"] == f"{A}-1"]
		self.assertTrue(all("Tidak memakai 1 angka" in reason for reason in reasons))

	def of_command_line(self) -> dict[tuple, tuple]:
		"""What `seroja analyse` writes for the same figures, typed into a file."""
		lines = ["opd;indicator;unit;polarity;consolidation;year;period;target;realization"]
		for row in (
			pd.concat([self.past, self.figures_now()]).sample(frac=1, random_state=7).to_dict("records")
		):
			period = f"TW{row['number']}"
			lines.append(self.line(row, row["year"], period, row["target"], row["realization"]))
		for row in self.figures_now().to_dict("records"):
			lines.append(self.line(row, YEAR, "", 100, None))
			if row["key"] == f"{A}-1":
				lines.append(self.line(row, YEAR + 3, "", 101.5, None))
		with TemporaryDirectory() as folder:
			file, out = Path(folder, "angka.csv"), Path(folder, "hasil")
			file.write_text("\n".join(lines), "utf-8")
			result = CliRunner().invoke(main, ["analyse", str(file), "--out", str(out), "--strict"])
			self.assertEqual(result.exit_code, 0, result.output)
			text = (out / "outlook.csv").read_text("utf-8-sig")
		found = {}
		for row in csv.DictReader(io.StringIO(text)):
			numbers = [
				round(float(row[name]) * (100 if name == "probability" else 1), 6) if row[name] else None
				for name in ("forecast", "lower", "upper", "probability")
			]
			found[row["indicator"], int(row["year"])] = (*numbers, row["status"], row["reason"])
		return found

	def line(self, row: dict, year: int, period: str, target: float, realization) -> str:
		about = [row["opd"], row["indicator"], row["unit"], row["polarity"], row["consolidation"]]
		figures = ["" if value is None else format_number(value, None) for value in (target, realization)]
		return ";".join([*about, str(year), period, *figures])

	def test_a_grade_is_never_forecast(self):
		(row,) = [row for row in self.rows() if row["indicator"] == f"{A}-4"]
		self.assertEqual((row["forecast"], row["lower"], row["probability"]), (None, None, None))
		self.assertEqual(row["status_label"], core_analysis.STATUS_LABELS["unknown"])
		self.assertIn("kualitatif", row["reason"])

	def test_each_filter_narrows_it(self):
		verified_sheet(B)
		everything = self.rows()
		self.assertEqual({row["opd"] for row in everything}, {A, B})
		self.assertEqual({row["opd"] for row in self.rows(opd=A)}, {A})
		self.assertEqual({row["indicator"] for row in self.rows(only_iku=1)}, {f"{A}-1", f"{B}-1"})
		self.assertEqual(self.rows(only_iku="0"), everything)
		next_years = self.rows(opd=A, only_next=1)
		self.assertEqual({row["year"] for row in next_years}, {str(YEAR)})
		self.assertEqual(len(next_years), 4)
		for label in core_analysis.STATUS_LABELS.values():
			rows = self.rows(outlook=label)
			self.assertEqual(rows, [row for row in everything if row["status_label"] == label])

	def test_unverified_figures_count_only_where_they_are_asked_for(self):
		before = self.numbers(run(indicator_outlook, period=TW2, opd=A).rows)
		doc = draft_sheet(A, 2, fill=False)
		typed(doc, ("95", "30", "40", "WTP"))
		self.assertEqual(self.numbers(run(indicator_outlook, period=TW2, opd=A).rows), before)
		with_draft = self.numbers(run(indicator_outlook, period=TW2, opd=A, include_unverified=1).rows)
		self.assertNotEqual(with_draft, before)
		self.assertEqual(set(with_draft), set(before))

	def test_the_cards_count_each_indicator_once_and_the_chart_shows_the_same(self):
		result = run(indicator_outlook, period=TW1)
		cards = {card["label"]: card["value"] for card in result.summary}
		labels = [row["status_label"] for row in self.rows(only_next=1)]
		self.assertEqual(
			cards, {label: labels.count(label) for label in core_analysis.STATUS_LABELS.values()}
		)
		self.assertEqual(sum(cards.values()), len(self.sheet.items))
		self.assertGreater(len(set(labels)), 2)
		data = result.chart["data"]
		self.assertEqual(dict(zip(data["labels"], data["datasets"][0]["values"], strict=True)), cards)

	def test_without_figures_it_is_empty_and_no_error(self):
		self.as_user("operator_b")
		for report in (indicator_outlook, data_quality):
			result = run(report, period=TW1)
			self.assertEqual(result.rows, [])
			self.assertFalse(result.chart)

	def test_workbook_paper_and_mail_hold_the_same(self):
		self.as_user("head_a")
		wanted = self.numbers(report_files.run("Indicator Outlook", {"period": TW1}).rows)
		mail = report_files.render("Report", "Indicator Outlook", {"period": TW1, "opd": A})
		sheet = load_workbook(io.BytesIO(mail.xlsx)).worksheets[0]
		headings = [cell.value for cell in sheet[1]]
		found = {}
		for values in sheet.iter_rows(min_row=2, values_only=True):
			row = dict(zip(headings, values, strict=True))
			name, year, *numbers = (row[heading] for heading in self.headings())
			found[name, int(year)] = tuple(None if number is None else round(number, 6) for number in numbers)
		self.assertEqual(found, wanted)
		printed, body = pdf_text(mail.pdf), strip_html(mail.html)
		rows = report_files.run("Indicator Outlook", {"period": TW1}).rows
		self.assertEqual(len(rows), 5)
		for row in rows:
			for name in ("forecast", "probability", "lower", "upper"):
				if row[name] is not None:
					self.assertIn(format_number(row[name]), printed)
			for text in (printed, body):  # a mail shows what matters, paper everything
				self.assertIn(row["indicator_name"], text)
				self.assertIn(row["status_label"], text)
				self.assertIn(report_files.core.cell_text(row["forecast"], "number"), text)
				self.assertIn(report_files.core.cell_text(row["probability"], "number"), text)

	def headings(self) -> list[str]:
		"""The headings of the workbook, which is Indonesian."""
		names = ("indicator_name", "year", "forecast", "lower", "upper", "probability")
		labels = {row[0]: row[1] for row in indicator_outlook.COLUMNS}
		return [frappe._(labels[name], lang="id") for name in names]


class TestDataQuality(SerojaTestCase):
	"""Each fault that people make is found under its name, and a check is switched off only for a reason."""

	def found(self, period: str = TW1, **filters) -> set[tuple[str, str]]:
		"""(indicator, code of the check) of the findings of a period."""
		rows = run(data_quality, period=period, include_unverified=1, **filters).rows
		return {(row["indicator"], CODES[row["check_label"]]) for row in rows if row["severity"] != "off"}

	def test_honest_figures_are_left_alone(self):
		past()
		finished_sheet(("85,9", "36,1", "26", "WTP"))
		without = {(f"{A}-{number}", "no_evidence") for number in (2, 3, 4)}
		# A target of 100 where 37,6 was reached and less is better is no ambition: that one is right.
		self.assertEqual(self.found(), without | {(f"{A}-2", "target_below_last_year")})

	def test_a_figure_ten_times_too_large(self):
		past()
		typed(draft_sheet(A, fill=False), ("861,2", "36,1", "26", "WTP"))
		self.assertIn((f"{A}-1", "magnitude"), self.found())

	def test_a_lost_comma(self):
		past()
		typed(draft_sheet(A, fill=False), ("85,9", "361", "26", "WTP"))
		self.assertIn((f"{A}-2", "decimal"), self.found())

	def test_a_figure_copied_from_the_last_period(self):
		moving = tuple(round(value + 0.01 * (1 + 4 * place % 9), 2) for place, value in enumerate(PAST[1]))
		past({1: moving, 2: PAST[2]})
		typed(draft_sheet(A, fill=False), (format_number(moving[-1]), "36,1", "26", "WTP"))
		found = self.found()
		self.assertIn((f"{A}-1", "copied"), found)
		self.assertNotIn((f"{A}-2", "copied"), found)

	def test_a_value_without_evidence(self):
		typed(draft_sheet(A, fill=False), ("85,9", "36,1", "", "WTP"), evidence_link="https://data.example/a")
		found = {indicator for indicator, code in self.found() if code == "no_evidence"}
		self.assertEqual(found, {f"{A}-2", f"{A}-4"})

	def test_a_sum_that_falls(self):
		verified_sheet(A)
		typed(draft_sheet(A, 2, fill=False), ("91", "79", "-4", "WTP"))
		self.assertIn((f"{A}-3", "falls"), self.found(TW2))

	def test_money_spent_and_little_done(self):
		typed(draft_sheet(A, fill=False), ("40", "80", "30", "WTP"))
		self.assertEqual({key for key, code in self.found() if code == "spent_not_done"}, {f"{A}-1"})

	def test_a_target_lowered_by_a_revision(self):
		sheet = verified_sheet(A)
		revised_target(sheet.target_document, **{"1": "80"})
		draft_sheet(A, 2)
		self.assertIn((f"{A}-1", "target_lowered"), self.found(TW2))
		self.assertNotIn((f"{A}-1", "target_lowered"), self.found())

	def test_one_file_for_two_figures(self):
		doc = draft_sheet(A)
		frappe.set_user(person("operator_a"))
		rows = sorted(doc.items, key=lambda row: row.indicator)
		for number, row in enumerate(rows[1:3]):
			row.evidence = make_file(doc, "laporan yang sama", f"bukti{number}.txt").file_url
		doc.save()
		self.assertEqual(
			{key for key, code in self.found() if code == "evidence_reused"}, {f"{A}-2", f"{A}-3"}
		)

	def test_a_change_after_the_verification(self):
		reopened(verified_sheet(A), ("90", "70", "30", "WDP"))
		self.assertEqual(
			{key for key, code in self.found() if code == "changed_after_verification"}, {f"{A}-2"}
		)

	def test_findings_are_those_of_the_period_worst_first_with_their_sheet(self):
		first = verified_sheet(A)
		typed(draft_sheet(A, 2, fill=False), ("40", "79", "-4", "WTP"))
		rows = run(data_quality, period=TW2, include_unverified=1).rows
		self.assertEqual({row["sheet"] for row in rows}, {f"{A}-{TW2}"})
		self.assertNotIn(first.name, {row["sheet"] for row in rows})
		ranks = [core_checks.SEVERITIES.index(row["severity"]) for row in rows]
		self.assertEqual(ranks, sorted(ranks))
		self.assertGreater(len(set(ranks)), 1)
		for row in rows:
			self.assertTrue(row["message"].endswith("."), row["message"])

	def test_filter_cards_and_unverified_sheets(self):
		typed(draft_sheet(A, fill=False), ("40", "80", "30", "WTP"))
		self.assertEqual(run(data_quality, period=TW1).rows, [])
		result = run(data_quality, period=TW1, include_unverified=1)
		cards = {card["label"]: card["value"] for card in result.summary}
		for label in core_checks.SEVERITY_LABELS.values():
			rows = run(data_quality, period=TW1, include_unverified=1, severity=label).rows
			self.assertEqual({row["severity_label"] for row in rows} - {label}, set())
			self.assertEqual(len(rows), cards[label])
		self.assertEqual(cards["Figures Checked"], 3)
		self.assertGreater(len(result.rows), 0)

	def switch_off(self, *pairs: tuple[str, str], key: str = "planner", number: int = 2) -> None:
		self.as_user(key)
		try:
			indicator = frappe.get_doc(c.INDICATOR, f"{A}-{number}")
			for name, reason in pairs:
				indicator.append("checks_off", {"check_name": name, "reason": reason})
			indicator.save()
		finally:
			frappe.set_user("Administrator")

	def test_a_check_that_is_switched_off_is_silent_and_its_reason_is_printed(self):
		typed(draft_sheet(A, fill=False), ("85,9", "36,1", "26", "WTP"))
		before = self.found()
		self.switch_off(("No Evidence", REASON))
		self.assertEqual(self.found(), before - {(f"{A}-2", "no_evidence")})
		result = run(data_quality, period=TW1, include_unverified=1)
		(off,) = [row for row in result.rows if row["severity"] == "off"]
		self.assertEqual(
			(off["indicator"], off["check_label"], off["message"]), (f"{A}-2", "Tanpa bukti dukung", REASON)
		)
		self.assertEqual({card["label"]: card["value"] for card in result.summary}["Checks Switched Off"], 1)
		self.as_user("head_a")
		pdf = report_files.report_pdf("Data Quality", {"period": TW1, "include_unverified": 1})
		self.assertIn(REASON, " ".join(pdf_text(pdf).split()))

	def test_every_check_of_the_desk_can_be_switched_off_and_is_known_to_core(self):
		names = frappe.get_meta("Performance Indicator Check").get_options("check_name").split("\n")[1:]
		on_desk = {frappe.scrub(name) for name in names}
		self.assertEqual(on_desk, set(CODES.values()) - {"stated"})  # no sheet states an achievement
		self.switch_off(*((name, REASON) for name in names))
		self.assertEqual(set(analysis.switched_off([f"{A}-2"])), {(f"{A}-2", code) for code in on_desk})

	def test_without_a_reason_or_twice_it_is_refused(self):
		for pairs in (
			[("No Evidence", "")],
			[("No Evidence", "   .   ")],
			[("No Evidence", "tidak")],
			[("No Evidence", REASON), ("No Evidence", REASON)],
			[("", REASON)],
			[("Semua", REASON)],
		):
			with self.subTest(pairs=pairs), self.assertRaises(frappe.ValidationError):
				self.switch_off(*pairs)
		self.assertEqual(frappe.db.count("Performance Indicator Check", {"parent": f"{A}-2"}), 0)

	def test_who_may_not_write_the_indicator_switches_nothing_off(self):
		for key in ("operator_a", "head_a", "viewer_a", "inspector", "executive", "operator_b"):
			with self.subTest(key=key), self.assertRaises(frappe.PermissionError):
				self.switch_off(("No Evidence", REASON), key=key)

	def test_panels_show_what_the_reports_show(self):
		past()
		sheet = finished_sheet(("861,2", "36,1", "26", "WTP"))
		self.as_user("operator_a")
		panel = analysis_api.sheet(sheet.name)
		rows = run(data_quality, period=TW1, include_unverified=1).rows
		self.assertEqual(
			{(row["indicator"], row["label"], row["message"]) for row in panel["findings"]},
			{(row["indicator_name"], row["check_label"], row["message"]) for row in rows},
		)
		outlooks = run(indicator_outlook, period=TW1, opd=A, only_next=1).rows
		for count in panel["counts"]:
			labels = [row["status_label"] for row in outlooks]
			self.assertEqual(count["count"], labels.count(count["label"]), count)

	def test_the_panel_of_an_indicator_has_outlook_findings_and_picture(self):
		this_year = frappe.utils.getdate(today()).year
		past({1: (*PAST[1][:-1], 852.0)}, last_year=this_year - 1)
		self.as_user("viewer_a")
		panel = analysis_api.indicator(f"{A}-1")
		self.assertTrue(panel["picture"].startswith("data:image/png;base64,"))
		self.assertEqual([row["severity"] for row in panel["findings"]][:1], ["high"])
		self.assertTrue(all(row["reason"] for row in panel["outlook"]) and panel["outlook"])
		empty = analysis_api.indicator(f"{A}-2")
		self.assertEqual((empty["picture"], empty["findings"]), ("", []))
		for method, name in ((analysis_api.indicator, f"{B}-1"), (analysis_api.sheet, "tidak-ada")):
			with self.assertRaises((frappe.PermissionError, frappe.DoesNotExistError)):
				method(name)


def with_codes(opds: int, rows: int, first: int = 0) -> str:
	"""A bulk city whose indicators exist; the name of its period."""
	bulk_city(opds, rows, first=first)
	codes = [(f"TesBesar{number}", row) for number in range(first, first + opds) for row in range(rows)]
	insert_raw(
		c.INDICATOR,
		[
			{
				"name": f"{opd}-{row}",
				"indicator_code": f"{opd}-{row}",
				"indicator_name": f"Indikator {row}",
				"opd": opd,
			}
			for opd, row in codes
		],
	)
	frappe.db.set_value(
		ITEM,
		{"parent": ["like", "TesBesar%"], "realization": ["is", "set"]},
		{"has_value": 1, "realization_value": 90},
	)
	return f"{BULK_YEAR}-TW1"


class TestInbox(SerojaTestCase):
	"""Waiting for Me of the Inspektorat: the riskiest sheet first, and where its risk comes from."""

	def setUp(self):
		super().setUp()
		self.calm = finished_sheet(("101", "99", "26", "WTP"), verifier="")
		self.risky = finished_sheet(("40", "80", "30", "WDP"), opd=B, verifier="")
		frappe.db.set_value(c.REALIZATION, self.risky.name, "is_late", 1)

	def shown(self, key: str):
		self.as_user(key)
		return run(waiting_for_me)

	def to_verify(self) -> list[dict]:
		return [row for row in self.shown("inspector").rows if row["task"] == inbox.VERIFY]

	def test_the_riskiest_sheet_is_on_top_whatever_its_name(self):
		first, second = self.to_verify()
		self.assertEqual([first["name"], second["name"]], [self.risky.name, self.calm.name])
		self.assertGreater(first["risk"], second["risk"])
		frappe.db.set_value(c.REALIZATION, self.risky.name, "is_late", 0)
		frappe.db.set_value(c.REALIZATION, self.calm.name, "is_late", 1)
		for row in self.calm.items:
			frappe.db.set_value(ITEM, row.name, {"achievement_raw": 40, "evidence_link": ""})
		first, second = self.to_verify()
		self.assertEqual([first["name"], second["name"]], [self.calm.name, self.risky.name])
		self.assertGreater(first["risk"], second["risk"])

	def test_a_risk_is_the_sum_of_its_parts_and_each_part_is_told(self):
		rows = {row["name"]: row for row in self.shown("inspector").rows}
		found = risk.sheet_risks([self.calm.name, self.risky.name])
		for name, sheet in found.items():
			self.assertEqual(rows[name]["risk"], sheet["risk"])
			self.assertTrue(0 <= sheet["risk"] <= 100)
			self.assertAlmostEqual(sum(points for _label, points in sheet["parts"]), sheet["risk"], delta=0.5)
			told = dict(part.rsplit(" ", 1) for part in rows[name]["risk_parts"].split(" · "))
			self.assertEqual(
				told, {label: format_number(points, 0) for label, points in sheet["parts"] if round(points)}
			)
		parts = dict(found[self.risky.name]["parts"])
		self.assertEqual(parts["Terlambat disampaikan"], core_risk.LATE_POINTS)
		self.assertEqual(parts["Temuan sedang"], core_risk.FINDING_POINTS["medium"])

	def test_a_sheet_that_was_returned_before_is_riskier(self):
		before = risk.sheet_risks([self.calm.name])[self.calm.name]["risk"]
		take(self.calm, "Return", "inspector", "Perbaiki bukti", flag=f"{A}-1")
		sheet = frappe.get_doc(c.REALIZATION, self.calm.name)
		take(take(sheet, SUBMIT, "operator_a"), APPROVE, "head_a")
		after = risk.sheet_risks([self.calm.name])[self.calm.name]
		self.assertEqual(dict(after["parts"])["Pernah dikembalikan"], core_risk.RETURNED_POINTS)
		self.assertAlmostEqual(after["risk"], before + core_risk.RETURNED_POINTS)

	def test_others_have_no_risk_on_their_list(self):
		draft_sheet(A, 2)
		for key in ("operator_a", "head_a", "planner", "executive", "viewer_a", "bureau", "outsider"):
			result = self.shown(key)
			fields = {column["fieldname"] for column in result.columns}
			self.assertFalse(fields & {"risk", "risk_parts"}, key)
			self.assertFalse(any(row.get("risk") for row in result.rows), key)
		self.assertIn("risk", {column["fieldname"] for column in self.shown("inspector").columns})

	def test_the_number_card_counts_the_same_rows(self):
		for key in ("inspector", "operator_a", "head_b", "planner"):
			rows = self.shown(key).rows
			self.assertEqual(waiting_count()["value"], len(rows), key)
			self.assertEqual(
				sorted((row["name"], row["task"]) for row in inbox.waiting_for_me()),
				sorted((row["name"], row["task"]) for row in rows),
			)
		self.assertEqual(len([row for row in self.shown("inspector").rows if row["task"] == inbox.VERIFY]), 2)

	def test_the_number_of_queries_does_not_grow_with_the_sheets(self):
		counts = []
		for opds, rows, first in ((2, 3, 0), (30, 20, 100)):
			period = with_codes(opds, rows, first)
			waiting = {"docstatus": 0, "workflow_state": c.APPROVED_BY_HEAD}
			frappe.db.set_value(c.REALIZATION, {"period": period}, waiting)
			self.shown("inspector")
			with counted() as statements:
				result = self.shown("inspector")
			counts.append(len(statements))
			self.assertGreaterEqual(len(result.rows), 2 + opds)
		self.assertEqual(counts[0], counts[1])


class TestSamples(SerojaTestCase):
	"""A sample is drawn once, covers every OPD, and can be drawn again by its seed; then it stays."""

	def setUp(self):
		super().setUp()
		self.period = with_codes(6, 10)
		self.as_user("inspector")

	def draw(self, size: int = 12, seed: int = 7, **values):
		return frappe.get_doc(
			{
				"doctype": c.SAMPLE,
				"period": self.period,
				"drawn_from": samples.CHECKED_BEFORE,
				"size": size,
				"seed": seed,
				**values,
			}
		).insert()

	def drawn(self, doc) -> list[tuple[str, str]]:
		return [(row.sheet, row.indicator) for row in doc.items]

	def stored(self, name: str) -> list[dict]:
		rows = frappe.get_all(samples.ITEM, {"parent": name}, ["*"], order_by="idx")
		return [frappe._dict({**row, "modified": None, "modified_by": None}) for row in rows]

	def test_every_opd_is_covered_and_no_row_comes_twice(self):
		for size in (6, 7, 20):
			doc = self.draw(size)
			self.assertEqual(len(doc.items), size)
			self.assertEqual(len(set(self.drawn(doc))), size)
			self.assertEqual({row.opd for row in doc.items}, {f"TesBesar{number}" for number in range(6)})
		self.assertEqual(doc.population, 48)  # rows with a figure: eight of ten in each sheet
		self.assertEqual(self.drawn(self.draw(48)), self.drawn(self.draw(48)))

	def test_the_same_seed_draws_the_same_rows_and_another_one_others(self):
		first, again, other = self.draw(seed=7), self.draw(seed=7), self.draw(seed=8)
		self.assertEqual(self.drawn(first), self.drawn(again))
		self.assertEqual(first.population_digest, again.population_digest)
		self.assertNotEqual(self.drawn(first), self.drawn(other))
		self.assertNotEqual(first.name, again.name)

	def test_without_a_seed_one_is_chosen_and_kept(self):
		first, second = self.draw(seed=0), self.draw(seed=None)
		self.assertTrue(first.seed and second.seed)
		self.assertNotEqual(first.seed, second.seed)
		self.assertEqual(self.drawn(self.draw(seed=first.seed)), self.drawn(first))

	def test_the_digest_changes_with_a_figure(self):
		before = self.draw().population_digest
		sheet = f"TesBesar0-{self.period}"
		frappe.db.set_value(ITEM, {"parent": sheet, "status": "ok"}, "realization", "1,5")
		self.assertNotEqual(self.draw().population_digest, before)

	def test_the_riskier_rows_come_first(self):
		frappe.db.set_value(ITEM, {"parent": ["like", "TesBesar%"]}, "achievement_raw", 100)
		frappe.db.set_value(c.REALIZATION, {"period": self.period}, "is_late", 0)
		frappe.db.set_value(
			ITEM,
			{"parent": f"TesBesar3-{self.period}"},
			{
				"achievement_raw": 40,
				"has_budget_realization": 1,
				"budget": 1_000_000,
				"budget_realization_value": 900_000,
				"is_iku": 1,
			},
		)
		doc = self.draw(8)
		bands = [(row.opd, row.band) for row in doc.items]
		high = sum(row.band == "High" for row in doc.items)
		self.assertGreater(high, 0)
		self.assertEqual(sum(opd == "TesBesar3" for opd, _band in bands), 3, bands)
		for row in doc.items:
			self.assertEqual(row.band, "High" if row.risk >= 30 else "Medium" if row.risk >= 15 else "Low")

	def test_only_sheets_in_the_state_asked_for_are_drawn_from(self):
		waiting = finished_sheet(("90", "80", "30", "WDP"), verifier="")
		verified = verified_sheet(B)
		self.as_user("inspector")
		for drawn_from, sheet in ((samples.WAITING, waiting), (samples.CHECKED_BEFORE, verified)):
			figures = {row.indicator: row.realization for row in sheet.items if row.realization}
			doc = self.draw(len(figures), period=TW1, drawn_from=drawn_from)
			self.assertEqual({row.sheet for row in doc.items}, {sheet.name})
			self.assertEqual({row.indicator: row.realization for row in doc.items}, figures)

	def test_too_small_or_too_large_a_size_says_so_in_one_sentence(self):
		for size, words in (
			(5, "Sampel sedikitnya 6 baris"),
			(0, "sedikitnya 6"),
			(-1, ""),
			(49, "Sampel paling banyak 48 baris"),
			(10**9, "paling banyak 48"),
		):
			frappe.clear_messages()
			with self.subTest(size=size), self.assertRaises(frappe.ValidationError) as caught:
				self.draw(size)
			text = strip_html(str(caught.exception))
			self.assertIn(words, text)
			self.assertEqual(text.count("."), 1)
			self.assertNotIn("Traceback", text)
		for period in (f"{YEAR}-TW4",):
			with self.assertRaisesRegex(frappe.ValidationError, period):
				self.draw(period=period)

	def test_rows_are_neither_added_nor_changed_nor_removed_by_the_form(self):
		doc = self.draw()
		before = self.stored(doc.name)
		doc.items = doc.items[2:]
		doc.items[0].update(
			{"risk": 0, "band": "Low", "realization": "1", "opd": "TesBesar5", "codes": "", "parts": ""}
		)
		doc.append(
			"items",
			{"opd": A, "sheet": before[0].sheet, "indicator": before[0].indicator, "result": "Correct"},
		)
		doc.update({"population": 1, "population_digest": "x", "checked": 99, "wrong": 99})
		doc.save()
		self.assertEqual(self.stored(doc.name), before)
		doc.reload()
		self.assertEqual((doc.population, doc.checked, doc.wrong), (48, 0, 0))
		self.assertEqual(len(doc.population_digest), 64)
		for field, value in (("seed", 8), ("size", 6), ("period", TW1), ("drawn_from", samples.WAITING)):
			doc.reload()
			kept = doc.get(field)
			doc.set(field, value)
			attempt(doc.save)
			self.assertEqual(frappe.db.get_value(c.SAMPLE, doc.name, field), kept, field)

	def test_nor_by_request(self):
		doc = self.draw()
		before = self.stored(doc.name)
		row, path = before[0].name, f"/api/resource/{c.SAMPLE}/{doc.name}"
		child = f"/api/resource/{samples.ITEM}"
		added = {"opd": A, "parent": doc.name, "parenttype": c.SAMPLE, "parentfield": "items"}
		for action in (
			lambda: rest(path, "PUT", items=[]),
			lambda: rest(path, "PUT", items=[{**before[0], "risk": 0}]),
			lambda: rest(path, "PUT", population_digest="x", wrong=9, seed=1),
			lambda: rest(f"{child}/{row}", "PUT", risk=0, result="Correct"),
			lambda: rest(f"{child}/{row}", "DELETE"),
			lambda: rest(child, "POST", **added),
			lambda: rest(path, "DELETE"),
			lambda: call(
				"frappe.client.set_value", doctype=samples.ITEM, name=row, fieldname="risk", value="0"
			),
			lambda: call("frappe.client.delete", doctype=samples.ITEM, name=row),
			lambda: call("frappe.client.insert", doc=json.dumps({"doctype": samples.ITEM, **added})),
			lambda: call("frappe.client.delete", doctype=c.SAMPLE, name=doc.name),
		):
			attempt(action)
			self.assertEqual(self.stored(doc.name), before)
			self.assertTrue(frappe.db.exists(c.SAMPLE, doc.name))
			self.assertEqual(frappe.db.get_value(c.SAMPLE, doc.name, ["seed", "wrong"]), (7, 0))

	def test_rows_that_come_with_a_new_sample_are_thrown_away(self):
		given = {"opd": A, "indicator": f"{A}-1", "risk": 1, "result": "Correct"}
		doc = self.draw(items=[given], population=3, population_digest="x", checked=5, wrong=5)
		self.assertEqual((len(doc.items), doc.population, doc.checked, doc.wrong), (12, 48, 0, 0))
		self.assertEqual({row.result or "" for row in doc.items}, {""})

	def test_what_is_wrong_is_said_and_everything_is_counted(self):
		doc = self.draw()
		doc.items[0].result = "Wrong"
		for note in ("", "   "):
			doc.items[0].note = note
			with self.assertRaisesRegex(frappe.ValidationError, "1"):
				doc.save()
		doc.reload()
		doc.items[0].update({"result": "Wrong", "note": "Angka tahun lalu"})
		for row in doc.items[1:4]:
			row.result = "Correct"
		doc.save()
		doc.reload()
		self.assertEqual((doc.checked, doc.wrong), (4, 1))
		self.assertEqual((doc.items[0].result, doc.items[0].note), ("Wrong", "Angka tahun lalu"))
		doc.items[0].result = "Mungkin"
		with self.assertRaises(frappe.ValidationError):
			doc.save()

	def precision(self, doc) -> dict[str, dict[str, dict]]:
		doc = frappe.get_doc(c.SAMPLE, doc.name)
		doc.run_method("onload")
		return {
			which: {row["code"]: row for row in rows} for which, rows in doc.get_onload("precision").items()
		}

	def test_the_precision_of_the_checks_is_counted_from_the_results(self):
		first, second = self.draw(48, seed=1), self.draw(10, seed=2)
		self.assertEqual(
			[self.precision(first)["this"]["all"][name] for name in ("flagged", "checked", "precision")],
			[48, 0, None],
		)
		flagged = [row for row in first.items if "no_evidence" in row.codes.split(",")]
		self.assertGreater(len(flagged), 4)
		for number, row in enumerate(flagged[:4]):
			row.update(
				{"result": "Wrong", "note": "Tidak ada dokumen"} if number == 0 else {"result": "Correct"}
			)
		first.save()
		found = self.precision(first)
		line = found["this"]["no_evidence"]
		self.assertEqual(
			(line["flagged"], line["checked"], line["wrong"], line["precision"]), (len(flagged), 4, 1, 0.25)
		)
		self.assertEqual(found["this"]["all"]["precision"], 0.25)
		second.items[0].update({"result": "Wrong", "note": "Salah jumlah"})
		second.save()
		both = self.precision(second)
		self.assertEqual([both["this"]["all"][name] for name in ("checked", "wrong")], [1, 1])
		self.assertEqual(
			[both["all"]["all"][name] for name in ("flagged", "checked", "wrong", "precision")],
			[58, 5, 2, 0.4],
		)

	def test_nobody_deletes_one(self):
		doc = self.draw()
		for key in ("inspector", "inspector2", "admin", "planner", None):
			frappe.set_user(person(key) if key else "Administrator")
			with self.subTest(key=key), self.assertRaises(frappe.PermissionError):
				frappe.delete_doc(c.SAMPLE, doc.name)
		self.assertTrue(frappe.db.exists(c.SAMPLE, doc.name))

	def test_only_those_who_verify_and_the_administrator_read_it(self):
		doc = self.draw()
		path = f"/api/resource/{c.SAMPLE}"
		secret = self.stored(doc.name)[0].indicator
		for key in ("operator_a", "head_a", "viewer_a", "planner", "executive", "bureau", "outsider"):
			self.as_user(key)
			with self.subTest(key=key):
				self.assertFalse(frappe.has_permission(c.SAMPLE, "read"))
				for action in (
					lambda: rest(f"{path}/{doc.name}"),
					lambda: rest(path, fields='["name"]'),
					lambda: rest(f"/api/resource/{samples.ITEM}", parent=c.SAMPLE),
					lambda: call("frappe.desk.form.load.getdoc", doctype=c.SAMPLE, name=doc.name),
					lambda: call(
						"frappe.client.get_value",
						doctype=samples.ITEM,
						fieldname="indicator",
						filters="{}",
						parent=c.SAMPLE,
					),
				):
					told = attempt(action)
					self.assertNotIn(secret, told)
					self.assertNotIn(doc.name, told.replace(f"{path}/{doc.name}", ""))
				with self.assertRaises(frappe.PermissionError):
					self.draw()
		for key in ("inspector2", "admin"):
			self.as_user(key)
			frappe.get_doc(c.SAMPLE, doc.name).check_permission("read")
		with self.assertRaises(frappe.PermissionError):  # the administrator looks on
			self.draw()


def attempt(action) -> str:
	"""What an action answers; "" where it is refused."""
	try:
		return str(action())
	except (
		frappe.ValidationError,
		frappe.PermissionError,
		frappe.DoesNotExistError,
		frappe.AuthenticationError,
	):
		return ""


OBSTACLE, STEP = "Anggaran terlambat cair 17 hari", "Lelang dini mulai bulan 2"
NOBODY = "Dra. Rahasia Sekali"


class TestEvaluationText(SerojaTestCase):
	"""Every number of the text is one that another report shows, and summary, mail and LKjIP say the same."""

	def setUp(self):
		super().setUp()
		past()
		self.sheet = finished_sheet(obstacle=OBSTACLE, next_step=STEP)
		self.advice = make_recommendation(recommendation="Menyempurnakan 3 pohon kinerja.")
		self.filters = {"period": TW1, "opd": A}
		self.period = frappe.get_cached_doc(PERIOD, TW1)

	def texts(self, **filters) -> tuple[str, ...]:
		filters = {**self.filters, **filters}
		rows = repository.achievement_rows(self.period, filters)
		result = summaries.evaluate_rows(rows, self.period)
		return summaries.prospect_of(rows, result, self.period, filters, with_charts=False).texts

	def build(self):
		frappe.set_user(person("operator_a"))
		doc = frappe.get_doc({"doctype": c.REPORT, "opd": A, "year": YEAR}).insert()
		performance_reports.build(doc)
		frappe.set_user("Administrator")
		return doc

	def shown_elsewhere(self, filters: dict | None = None) -> set[str]:
		"""The figures that the other reports show of the same unit, as people write them."""
		filters = filters or self.filters
		texts = [self.period.label, f"{YEAR - 1}", f"{LEVEL}%", OBSTACLE, STEP]
		texts += [
			self.advice.name,
			self.advice.recommendation,
			format_date(frappe.utils.getdate(self.advice.due_date)),
		]
		rows = report_files.run("Indicator Achievement", filters).rows
		for row in rows:
			before = PAST.get(int(row["indicator"][-1]), (None,) * 16)[-4] if row["opd"] == A else None
			texts += [row["indicator_name"], row["target"], row["realization_ytd"], "100"]
			texts += [
				format_percent(row["achievement"]),
				"" if before is None else format_number(before, None),
			]
			if before is not None:
				last = (
					200 - before
					if row["indicator"] == f"{A}-2"
					else before / target_of(int(row["indicator"][-1]), 1) * 100
				)
				change = round_half_up(row["achievement"]) - round_half_up(last)
				texts += [format_percent(last), format_number(float(abs(change)), 2)]
		for row in report_files.run("Indicator Outlook", filters).rows:
			texts += [row["year"], row["target"], format_percent(row["probability"], 0)]
			texts += [
				format_number(row[name], places)
				for name in ("forecast", "lower", "upper")
				for places in range(3)
			]
		units = report_files.run("OPD Evaluation Summary", filters)
		texts += [text for _label, text in units.cards]
		for row in units.rows:
			texts += [format_percent(row[name]) for name in ("mean_raw", "mean_scored", "absorption")]
		texts += [rupiah(amount * count) for amount in (900_000, 1_000_000) for count in (1, len(rows))]
		texts += [row["message"] for row in report_files.run("Data Quality", filters).rows]
		texts += [str(count) for count in range(1, len(rows) + 1)]
		figures = {figure for text in texts for figure in numbers_in(text)}
		return figures | {f"{figure}%" for figure in figures}

	def test_every_number_of_the_summary_is_shown_elsewhere(self):
		text = "\n\n".join(self.texts())
		found = set(numbers_in(text)) - self.mean_of_last_year()
		self.assertGreater(len(found), 12)
		self.assertEqual(found - self.shown_elsewhere(), set(), text)

	def test_every_number_of_the_city_is_shown_elsewhere(self):
		finished_sheet(("12,3", "45,6", "7,8", "WDP"), opd=B)
		self.as_user("executive")
		text = "\n\n".join(self.texts(opd=None))
		for name in (f"Dinas {A}", f"Dinas {B}", f"Indikator 1 {B}"):
			self.assertIn(name, text)
		rows = repository.achievement_rows(self.period, {})
		whole = summaries.evaluate_rows(rows, self.period).overall
		means = {
			figure
			for name in ("mean_raw", "mean_scored")
			for figure in numbers_in(format_percent(whole[name]))
		}
		found = set(numbers_in(text)) - means - self.mean_of_last_year()
		self.assertGreater(len(found), 12)
		self.assertEqual(found - self.shown_elsewhere({"period": TW1}), set(), text)

	def mean_of_last_year(self) -> set[str]:
		"""The mean score of the same quarter a year before, and how far it was passed."""
		before = [repository.achievement_rows(period_named(YEAR - 1), self.filters)]
		scores = [row.achievement_scored or 0 for row in before[0]]
		now = report_files.run("OPD Evaluation Summary", self.filters).rows[0]["mean_scored"]
		mean = sum(scores) / len(scores) if scores else now
		texts = [format_percent(mean), format_number(abs(float(round_half_up(now) - round_half_up(mean))))]
		return {figure for text in texts for figure in numbers_in(text)}

	def test_every_number_of_the_performance_report_is_shown_elsewhere(self):
		doc = self.build()
		allowed = self.shown_elsewhere()
		for key in ("evaluation", "indicators"):
			row = next(row for row in doc.items if row.section_key == key)
			found = set(numbers_in(row.text))
			self.assertGreater(len(found), 12, key)
			self.assertEqual(found - allowed, set(), row.text)

	def test_an_unfinished_year_is_compared_with_the_same_quarters(self):
		doc = self.build()
		text = next(row.text for row in doc.items if row.section_key == "indicators")
		# 23 of 25 in the first quarter of last year, 110 of 100 in all of it.
		self.assertIn(f"periode yang sama tahun {YEAR - 1} adalah 92,00% dengan realisasi 23%", text)
		self.assertNotIn("110,00%", text)

	def test_what_is_said_of_each_indicator_is_what_its_sheet_holds(self):
		doc = self.build()
		text = next(row.text for row in doc.items if row.section_key == "indicators")
		for row in self.sheet.items:
			self.assertIn(row.indicator_name, text)
			self.assertIn(row.realization_ytd, text)
			self.assertIn(format_percent(row.achievement_raw), text)
		for typed_text in (OBSTACLE, STEP):
			self.assertIn(f"“{performance_text(typed_text)}”", text)
		whole = next(row.text for row in doc.items if row.section_key == "evaluation")
		self.assertIn(self.advice.name, whole)

	def test_summary_mail_and_performance_report_hold_the_same_sentences(self):
		self.as_user("head_a")
		mail = report_files.render("Evaluation Summary", None, self.filters)
		frappe.set_user("Administrator")
		body, printed = plain(strip_html(mail.html)), plain(pdf_text(mail.pdf))
		said = sentences(self.texts())
		self.assertGreater(len(said), 8)
		for sentence in said:
			self.assertIn(plain(sentence), body)
			self.assertIn(plain(sentence), printed)
		doc = self.build()
		written = next(row.text for row in doc.items if row.section_key == "evaluation")
		of_report = set(sentences(written.split("\n\n")))
		only_there = of_report ^ set(said)
		# What a year's report has no place for: the mean of the same quarter a year before, the budget of programmes.
		self.assertLessEqual(len(only_there), 4, only_there)
		self.assertGreater(len(of_report & set(said)), 6)

	def test_the_same_figures_give_the_same_text(self):
		self.assertEqual(self.texts(), self.texts())
		doc = self.build()
		before = [(row.section_key, row.text, row.basis) for row in doc.items]
		frappe.set_user(person("operator_a"))
		performance_reports.build(doc)
		self.assertEqual([(row.section_key, row.text, row.basis) for row in doc.items], before)

	def test_a_report_of_before_still_opens_prints_and_is_built_anew(self):
		doc = self.build()
		old = json.loads(doc.figures)
		old.pop("recommendations")
		for row in old["indicators"]:
			for name in ("outlook", "drivers", "findings", "last_achievement", "last_realization"):
				row.pop(name)
		kept = [row.name for row in doc.items if row.section_key not in ("evaluation", "indicators")]
		frappe.db.set_value(c.REPORT, doc.name, "figures", json.dumps(old))
		frappe.db.delete("Performance Report Section", {"parent": doc.name, "name": ["not in", kept]})
		doc = frappe.get_doc(c.REPORT, doc.name)
		self.as_user("head_a")
		doc.run_method("onload")
		data = core_report.read_report(doc.figures)
		self.assertEqual((data.recommendations, data.indicators[0].outlook), ((), ()))
		self.assertLessEqual({"evaluation", "indicators"}, {draft.key for draft in drafts(data)})
		performance_reports.make_files(doc)
		file = frappe.get_doc("File", {"attached_to_name": doc.name, "file_name": f"{doc.name}.pdf"})
		self.assertIn("BAB IV PENUTUP", pdf_text(file.get_content()))
		self.as_user("operator_a")
		doc = frappe.get_doc(c.REPORT, doc.name)
		performance_reports.build(doc)
		self.assertEqual(len(doc.items), len(kept) + 2)

	def test_an_earlier_day_has_the_text_of_that_day(self):
		frappe.db.set_value(
			c.REALIZATION, self.sheet.name, "verified_on", f"{add_days(today(), -30)} 09:00:00"
		)
		self.sheet.reload()
		then = self.texts()
		reopened(self.sheet, ("45,5", *NOW[1:]))
		move_back(c.REALIZATION, self.sheet.name, "Reopen", add_days(today(), -10))
		now, earlier = self.texts(), self.texts(as_known_on=EARLIER)
		self.assertNotEqual(now, then)
		self.assertEqual(earlier[0], then[0])
		self.assertIn("45,50%", "\n".join(now))
		self.assertNotIn("45,50%", "\n".join(earlier))
		self.as_user("head_a")
		mail = report_files.render(
			"Evaluation Summary", None, {**self.filters, "as_known_on": EARLIER}, as_pdf=False
		)
		self.assertIn(plain(earlier[0]), plain(strip_html(mail.html)))
		self.assertEqual(
			report_files.render("Evaluation Summary", None, {**self.filters, "as_known_on": LATER}).row_count,
			0,
		)

	def test_advice_of_an_earlier_day_is_not_that_of_today(self):
		frappe.db.set_value(
			c.REALIZATION, self.sheet.name, "verified_on", f"{add_days(today(), -30)} 09:00:00"
		)
		frappe.db.set_value(
			c.RECOMMENDATION, self.advice.name, "creation", f"{add_days(today(), -3)} 09:00:00"
		)
		self.assertIn(self.advice.name, "\n".join(self.texts()))
		self.assertNotIn(self.advice.name, "\n".join(self.texts(as_known_on=EARLIER)))

	def test_nothing_of_another_opd_is_told(self):
		finished_sheet(("12,3", "45,6", "7,8", "WDP"), opd=B)
		other = make_recommendation(B)
		self.as_user("head_a")
		text = "\n".join(self.texts())
		for word in (f"Dinas {B}", f"Indikator 1 {B}", "12,3", other.name):
			self.assertNotIn(word, text)


def period_named(year: int):
	return frappe._dict(name=f"{year}-TW1", year=year, quarter="1", label="")


def performance_text(text: str) -> str:
	return f"Triwulan I: {text}"


def plain(text: str) -> str:
	"""Letters and figures only: a line on paper ends anywhere."""
	return "".join(sign for sign in text if sign.isalnum())


def sentences(paragraphs) -> list[str]:
	found = [
		part.strip(" -") for text in paragraphs for line in text.split("\n") for part in line.split(". ")
	]
	return [part.rstrip(".") for part in found if len(part) > 20]


KEY = "sk-RAHASIA-0123456789"
MODEL = "model-kota"
FIRST, SECOND = "Rata-rata capaian adalah", "Capaian rata-rata ialah"


class ModelServer:
	"""A server with the interface of OpenAI on this machine. answer: body of a request → (status, headers, content)."""

	def __init__(self):
		self.requests: list[dict] = []
		self.answer = self.faithful
		server = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self):
				body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
				server.requests.append(
					{"path": self.path, "headers": dict(self.headers), "body": body.decode()}
				)
				status, headers, content = server.answer(json.loads(body))
				try:
					self.send_response(status)
					for name, value in {"Content-Length": str(len(content)), **headers}.items():
						self.send_header(name, value)
					self.end_headers()
					self.wfile.write(content)
				except OSError:  # whoever asked has gone
					pass

			do_GET = do_POST

			def log_message(self, *_arguments):
				pass

		self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		self.http.daemon_threads = True
		threading.Thread(target=self.http.serve_forever, daemon=True).start()

	@property
	def url(self) -> str:
		return f"http://127.0.0.1:{self.http.server_port}/v1"

	def stop(self) -> None:
		self.http.shutdown()
		self.http.server_close()

	# --- answers ---

	def draft(self, body: dict) -> str:
		text = body["messages"][-1]["content"]
		return text.removeprefix("[AWAL DRAF]").removesuffix("[AKHIR DRAF]").strip()

	def say(self, change, **values):
		"""Answer with the draft as `change` makes it."""

		def answer(body: dict) -> tuple:
			choice = {
				"message": {"role": "assistant", "content": change(self.draft(body))},
				"finish_reason": "stop",
			}
			return self.json({"choices": [choice | values]})

		self.answer = answer

	def send(self, status: int, content: bytes, **headers) -> None:
		self.answer = lambda body: (status, headers, content)

	def json(self, data) -> tuple:
		return 200, {"Content-Type": "application/json"}, json.dumps(data).encode()

	def faithful(self, body: dict) -> tuple:
		choice = {"message": {"content": self.draft(body).replace(FIRST, SECOND)}, "finish_reason": "stop"}
		return self.json({"choices": [choice]})


class TestLanguageModel(SerojaTestCase):
	"""The optional model: off unless switched on, told no names, and believed only as far as its draft goes."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.server = ModelServer()
		cls.addClassCleanup(cls.server.stop)

	def setUp(self):
		super().setUp()
		self.server.requests.clear()
		self.server.answer = self.server.faithful
		self.sheet = finished_sheet(
			("90", "80", "30", "WDP"),
			obstacle=OBSTACLE,
			next_step=STEP,
			evidence_link="https://rahasia.example/bukti-77",
		)
		self.advice = make_recommendation(recommendation="Menyempurnakan 3 pohon kinerja.")
		frappe.db.set_value("User", person("head_a"), "full_name", NOBODY)
		self.enterContext(patch.object(performance_reports, "today", lambda: f"{YEAR + 1}-02-01"))
		frappe.set_user(person("operator_a"))
		self.doc = frappe.get_doc({"doctype": c.REPORT, "opd": A, "year": YEAR}).insert()
		performance_reports.build(self.doc)
		self.draft = self.section().text
		self.assertIn(FIRST, self.draft)

	def tearDown(self):
		frappe.set_user("Administrator")
		super().tearDown()

	def section(self):
		self.doc.reload()
		return next(row for row in self.doc.items if row.section_key == "evaluation")

	def switch_on(self, **values) -> None:
		user = frappe.session.user
		frappe.set_user("Administrator")
		settings = frappe.get_doc("SEROJA Settings")
		settings.update(
			{
				"use_language_model": 1,
				"language_model_url": self.server.url,
				"language_model_name": MODEL,
				"language_model_key": KEY,
				"language_model_timeout": 5,
				**values,
			}
		)
		settings.save()
		frappe.set_user(user)

	def reword(self) -> str:
		"""Press the button; what the user is told."""
		frappe.clear_messages()
		self.is_taken = performance_report_api.reword(self.doc.name)
		return strip_html(" ".join(str(message) for message in frappe.get_message_log()))

	def assertStands(self, told: str) -> None:
		"""The rule-based text stands, without a mark, and the user has been told why."""
		row = self.section()
		self.assertFalse(self.is_taken)
		self.assertEqual((row.text, row.machine_model or "", row.is_edited), (self.draft, "", 0))
		self.assertIn("The text stays as it is.", told)
		self.assertGreater(len(told.split("The text stays as it is.")[1]), 20, told)
		for word in ("Traceback", "requests.", KEY, self.server.url):
			self.assertNotIn(word, told)

	# --- off and on ---

	def test_it_is_off_by_default_and_nothing_leaves(self):
		self.assertFalse(language_model.is_on())
		self.doc.run_method("onload")
		self.assertFalse(self.doc.get_onload("may_reword"))
		self.assertStands(self.reword())
		self.switch_on(use_language_model=0)
		self.assertStands(self.reword())
		self.assertEqual(self.server.requests, [])
		self.switch_on()
		self.doc.run_method("onload")
		self.assertTrue(self.doc.get_onload("may_reword"))
		self.assertEqual(self.server.requests, [])  # nobody has asked yet

	def test_only_a_web_address_and_a_wait_that_ends_are_taken(self):
		for url in (
			"",
			"ftp://model.example/v1",
			"file:///etc/passwd",
			"javascript:1",
			"http://u:p@model.example/v1",
			"https://model.example/v1?key=x",
		):
			with self.subTest(url=url), self.assertRaises(frappe.ValidationError):
				self.switch_on(language_model_url=url)
		for wait in (0, -1, 121):
			with self.subTest(wait=wait), self.assertRaises(frappe.ValidationError):
				self.switch_on(language_model_timeout=wait)

	# --- what it gets ---

	def test_the_request_holds_figures_and_no_names(self):
		self.switch_on()
		self.reword()
		(request,) = self.server.requests
		self.assertEqual(request["path"], "/v1/chat/completions")
		self.assertEqual(request["headers"]["Authorization"], f"Bearer {KEY}")
		body = request["body"]
		text = body + json.dumps(json.loads(body), ensure_ascii=False)
		people = [person(key) for key in ("operator_a", "head_a", "inspector", "planner")]
		named = [row.indicator_name for row in self.sheet.items] + [row.objective for row in self.sheet.items]
		for word in (
			*(KEY, NOBODY, OBSTACLE, "terlambat cair", STEP, "rahasia.example", "bukti", f"Dinas {A}", A),
			*(
				self.advice.name,
				self.advice.recommendation,
				"operator_a",
				"head_a",
				self.doc.name,
				*people,
				*named,
			),
		):
			self.assertNotIn(word, text)
		self.assertEqual(json.loads(body)["model"], MODEL)
		headers = {name: value for name, value in request["headers"].items() if name != "Authorization"}
		for word in (KEY, A, person("operator_a"), frappe.local.site):
			self.assertNotIn(word, json.dumps(headers))

	def test_without_a_key_there_is_no_header(self):
		self.switch_on(language_model_key="")
		self.reword()
		self.assertNotIn("Authorization", self.server.requests[0]["headers"])

	# --- a good answer ---

	def test_a_good_answer_is_taken_marked_and_printed_with_its_mark(self):
		self.switch_on()
		self.assertEqual(self.reword(), "")
		self.assertTrue(self.is_taken)
		row = self.section()
		said = self.told_the_model().replace(FIRST, SECOND)
		self.assertTrue(row.text.startswith(said), row.text)
		self.assertIn(self.advice.recommendation.rstrip("."), row.text.removeprefix(said))  # by SEROJA itself
		self.assertEqual((row.machine_model, row.machine_edited, row.draft), (MODEL, 0, self.draft))
		mark = MACHINE_MADE.format(model=MODEL)
		self.assertIn(mark, self.paragraphs())
		frappe.set_user(person("head_a"))
		performance_reports.make_files(self.doc)
		file = frappe.get_doc(
			"File", {"attached_to_name": self.doc.name, "file_name": f"{self.doc.name}.pdf"}
		)
		self.assertIn(plain(mark), plain(pdf_text(file.get_content())))
		self.assertEqual(sum(row.machine_model == MODEL for row in self.section().parent_doc.items), 1)

	def told_the_model(self) -> str:
		"""The draft as the model got it, with its names."""
		return "\n\n".join(aggregate_text(story_of(core_report.read_report(self.doc.figures))))

	def paragraphs(self) -> list[str]:
		document = performance_reports.as_document(self.doc)
		return [part.text for part in document.parts if part.kind == "paragraph"]

	def test_its_mark_stays_through_saving_building_and_editing(self):
		self.switch_on()
		self.reword()
		text = self.section().text
		self.doc.save()
		performance_reports.build(self.doc)
		row = self.section()
		self.assertEqual((row.text, row.machine_model, row.is_stale), (text, MODEL, 0))
		row.text = f"{text}\n\nDitambah oleh operator."
		self.doc.save()
		performance_reports.build(self.doc)
		row = self.section()
		self.assertEqual((row.machine_model, row.machine_edited), (MODEL, 1))
		self.assertIn(MACHINE_EDITED.format(model=MODEL), self.paragraphs())
		row.text = self.draft
		self.doc.save()
		self.assertEqual(self.section().is_edited, 0)
		self.assertNotIn(MODEL, "\n".join(self.paragraphs()))  # the draft is no machine's

	def test_other_figures_make_it_stale(self):
		self.switch_on()
		self.reword()
		self.doc.reload()
		frappe.db.set_value(
			ITEM,
			self.sheet.items[0].name,
			{"realization_ytd": "12", "achievement_raw": 12, "achievement_scored": 12},
		)
		performance_reports.build(self.doc)
		self.assertEqual((self.section().is_stale, self.section().machine_model), (1, MODEL))
		self.assertEqual(self.reword(), "")
		self.assertEqual(self.section().is_stale, 0)

	# --- what is refused ---

	def test_a_text_that_says_other_than_its_draft_is_refused(self):
		self.switch_on()
		for change in (
			lambda text: text.replace(FIRST, f"Dari 987 kegiatan, {FIRST.lower()}"),
			lambda text: text.replace("%", " persen").replace("2031", "2032"),
			lambda text: text + "\n\nSeparuhnya tercapai.",
			lambda text: text.replace("⟦1⟧", "instansi ini"),
			lambda text: text.replace("⟦1⟧", "⟦99⟧"),
			lambda text: text + " Lihat https://jahat.example/x",
			lambda text: text + " <img src=x onerror=alert(1)>",
			lambda text: "## Judul\n\n" + text,
			lambda text: text * 2,
			lambda text: text[:40],
			lambda text: "",
		):
			self.server.say(change)
			self.assertStands(self.reword())
		self.server.say(lambda text: text, finish_reason="length")
		self.assertStands(self.reword())
		self.assertEqual(len(self.server.requests), 12)

	def test_a_server_that_fails_is_told_of(self):
		self.switch_on()
		good = self.server.faithful
		for status in (500, 401, 404, 429, 204):
			self.server.send(status, b'{"error": "' + KEY.encode() + b'"}')
			told = self.reword()
			self.assertStands(told)
			self.assertIn(str(status), told)
		for content in (
			b"",
			b"{",
			b'{"choices": [',
			b"[]",
			b"null",
			b'{"choices": []}',
			b'{"choices": [{"message": {"content": 7}}]}',
			b"\xff\xfe",
		):
			self.server.send(200, content)
			self.assertStands(self.reword())
		self.server.send(
			200, b"<!doctype html><html><body>Masuk dahulu</body></html>", **{"Content-Type": "text/html"}
		)
		self.assertStands(self.reword())
		self.server.answer = lambda body: (*good(body)[:2], good(body)[2][:-40])  # cut off
		self.assertStands(self.reword())

	def test_two_megabytes_are_not_read_to_their_end(self):
		self.switch_on()
		self.server.say(lambda text: text + " " + "a" * 2_000_000)
		self.assertStands(self.reword())
		self.server.send(200, b" " * 2_000_000 + b"{}")
		self.assertStands(self.reword())

	def test_a_long_answer_is_refused_at_once(self):
		self.switch_on()
		for word in ("a", "1", "satu"):
			self.server.say(lambda text, word=word: f"{text} {word * (60_000 // len(word))}")
			started = time.monotonic()
			self.assertStands(self.reword())
			self.assertLess(time.monotonic() - started, 20, word)

	def test_no_redirect_is_followed(self):
		self.switch_on()
		for status in (301, 302, 303, 307, 308):
			self.server.requests.clear()
			self.server.send(status, b"", Location=f"{self.server.url}/lain")
			self.assertStands(self.reword())
			self.assertEqual([request["path"] for request in self.server.requests], ["/v1/chat/completions"])

	def test_it_is_waited_for_as_long_as_the_settings_say(self):
		self.switch_on(language_model_timeout=1)

		def late(body: dict) -> tuple:
			time.sleep(7)
			return self.server.faithful(body)

		self.server.answer = late
		started = time.monotonic()
		self.assertStands(self.reword())
		self.assertLess(time.monotonic() - started, 6)

	def test_where_nobody_answers_the_text_stands(self):
		self.switch_on(language_model_url="http://127.0.0.1:9/v1")
		self.assertStands(self.reword())
		self.switch_on(language_model_url="https://tidak-ada.invalid/v1")
		self.assertStands(self.reword())

	# --- who ---

	def test_nobody_rewords_a_report_of_another_opd_or_one_that_he_only_reads(self):
		self.switch_on()
		for key in ("operator_b", "head_b", "viewer_a", "executive", "planner", "inspector", "outsider"):
			frappe.set_user(person(key))
			with self.subTest(key=key), self.assertRaises(frappe.PermissionError):
				performance_report_api.reword(self.doc.name)
		frappe.set_user("Guest")
		with self.assertRaises(frappe.PermissionError):
			performance_report_api.reword(self.doc.name)
		self.assertEqual(self.server.requests, [])

	def test_a_reviewed_report_is_not_reworded(self):
		self.switch_on()
		take(self.doc, "Review", "inspector", "Angka sesuai.")
		for key in ("operator_a", "head_a", "bureau"):
			frappe.set_user(person(key))
			with self.subTest(key=key), self.assertRaises(frappe.PermissionError):
				performance_report_api.reword(self.doc.name)
		self.assertEqual(self.server.requests, [])
		self.assertEqual(self.section().text, self.draft)

	def test_without_figures_there_is_nothing_to_reword(self):
		self.switch_on()
		frappe.set_user(person("operator_a"))
		empty = frappe.get_doc({"doctype": c.REPORT, "opd": A, "year": YEAR - 1}).insert()
		with self.assertRaises(frappe.ValidationError):
			performance_report_api.reword(empty.name)
		self.assertEqual(self.server.requests, [])

	# --- the key ---

	def test_the_key_is_in_no_answer_version_export_or_log(self):
		since = {"creation": [">=", now_datetime()]}
		self.addCleanup(frappe.db.delete, "Error Log", since)  # a table that no rollback reaches
		frappe.set_user(person("admin"))
		settings = frappe.get_doc("SEROJA Settings").as_dict()
		settings.update(
			{
				"use_language_model": 1,
				"language_model_url": self.server.url,
				"language_model_name": MODEL,
				"language_model_key": KEY,
				"language_model_timeout": 5,
			}
		)
		saved = call("frappe.desk.form.save.savedocs", doc=json.dumps(settings, default=str), action="Save")
		self.assertIn(MODEL, saved)
		answers = [
			saved,
			attempt(
				lambda: call(
					"frappe.desk.form.load.getdoc", doctype="SEROJA Settings", name="SEROJA Settings"
				)
			),
			attempt(lambda: call("frappe.client.get", doctype="SEROJA Settings", name="SEROJA Settings")),
			attempt(
				lambda: call(
					"frappe.client.get_value", doctype="SEROJA Settings", fieldname="language_model_key"
				)
			),
			attempt(
				lambda: call(
					"frappe.client.get_single_value", doctype="SEROJA Settings", field="language_model_key"
				)
			),
			attempt(
				lambda: call(
					"frappe.client.get_password",
					doctype="SEROJA Settings",
					name="SEROJA Settings",
					fieldname="language_model_key",
				)
			),
			attempt(lambda: rest("/api/resource/SEROJA Settings/SEROJA Settings")),
		]
		self.server.send(500, KEY.encode())
		frappe.set_user(person("operator_a"))
		answers.append(self.reword())
		self.server.answer = self.server.faithful
		answers.append(self.reword())
		self.assertEqual(self.server.requests[-1]["headers"]["Authorization"], f"Bearer {KEY}")
		performance_reports.make_files(self.doc)
		answers.append(frappe.get_doc(c.REPORT, self.doc.name).as_json())
		frappe.set_user("Administrator")
		self.log_a_failure()
		for doctype in ("Version", "Error Log", "Comment", "Activity Log"):
			answers += [str(row) for row in frappe.get_all(doctype, since, ["*"], limit_page_length=0)]
		self.assertTrue(any("language_model_url" in text and "ref_doctype" in text for text in answers))
		answers.append(str(frappe.db.get_singles_dict("SEROJA Settings")))
		answers += [
			file_text(row)
			for row in frappe.get_all("File", {"attached_to_name": self.doc.name}, pluck="name")
		]
		self.assertGreater(len(answers), 12)
		for text in answers:
			self.assertNotIn(KEY, text)

	def log_a_failure(self) -> None:
		"""Something unforeseen happens on the way; the log shows what every line held."""
		with patch.object(language_model.rewording, "read_answer", lambda *_given: 1 / 0):
			try:
				performance_report_api.reword(self.doc.name)
			except ZeroDivisionError:
				frappe.log_error("Uji", frappe.get_traceback(with_context=True))
		self.assertTrue(frappe.db.exists("Error Log", {"error": ["like", "%paragraphs = %"]}))

	def test_a_key_is_asked_for_by_nobody_else(self):
		self.switch_on()
		for key in ("operator_a", "head_a", "planner", "inspector", "viewer_a", "bureau", "executive"):
			frappe.set_user(person(key))
			for action in (
				lambda: rest("/api/resource/SEROJA Settings/SEROJA Settings"),
				lambda: call(
					"frappe.desk.form.load.getdoc", doctype="SEROJA Settings", name="SEROJA Settings"
				),
			):
				self.assertNotIn(KEY, attempt(action), key)


def file_text(name: str) -> str:
	content = frappe.get_doc("File", name).get_content()
	if isinstance(content, str):
		return content
	return pdf_text(content) if content.startswith(b"%PDF") else content.decode("latin-1")
