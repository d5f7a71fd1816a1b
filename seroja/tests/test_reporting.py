"""Reporting: an earlier day, printed copies, official tables, the performance report, and one figure everywhere."""

import base64
import csv
import io
import json
from unittest.mock import patch

import frappe
import pypdf
from frappe.utils import add_days, today
from openpyxl import load_workbook

from seroja import constants as c
from seroja.api import documents
from seroja.api import performance_reports as performance_report_api
from seroja.core import evaluation as core_evaluation
from seroja.core.importers import read_table
from seroja.core.performance_report import read_report
from seroja.services import (
	performance_reports,
	report_files,
	report_layouts,
	repository,
	snapshots,
	summaries,
	year_figures,
)
from seroja.tests.test_isolation import pdf_text
from seroja.tests.test_reports import counted
from seroja.tests.utils import (
	REOPEN,
	YEAR,
	A,
	B,
	SerojaTestCase,
	draft_sheet,
	fill_sheet,
	person,
	take,
	verified_sheet,
)

TW1 = f"{YEAR}-TW1"
EARLIER, LATER = add_days(today(), -20), add_days(today(), -5)
PERIOD_REPORTS = (
	"Indicator Achievement",
	"OPD Evaluation Summary",
	"Verification Status",
	"Objective Roll-up",
)
# A picture of one pixel.
PNG = base64.b64decode(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def run(report: str, **filters) -> list[dict]:
	return list(report_files.run(report, filters).rows)


def attached(pdf: bytes) -> dict[str, bytes]:
	"""The files inside a PDF by name."""
	return {name: content[0] for name, content in pypdf.PdfReader(io.BytesIO(pdf)).attachments.items()}


def archival_part(pdf: bytes) -> str:
	"""Which part of PDF/A a document says that it follows."""
	xmp = pypdf.PdfReader(io.BytesIO(pdf)).xmp_metadata
	return next(iter(xmp.get_nodes_in_namespace("", "http://www.aiim.org/pdfa/ns/id/"))).value


def move_back(doctype: str, name: str, action: str, day: str) -> None:
	"""A step was taken on an earlier day than the test runs."""
	frappe.db.set_value(
		c.ENTRY,
		{"reference_doctype": doctype, "reference_name": name, "action": action},
		"acted_on",
		f"{day} 10:00:00",
	)


class TestAsKnownOn(SerojaTestCase):
	"""A sheet was verified 30 days ago, reopened 10 days ago and verified anew with another figure today."""

	def setUp(self):
		super().setUp()
		first = verified_sheet(A)
		verified = add_days(today(), -30)
		for name, field in ((c.REALIZATION, "verified_on"), (c.REALIZATION, "creation")):
			frappe.db.set_value(name, first.name, field, f"{verified} 09:00:00", update_modified=False)
		for action in ("Submit", "Approve", "Verify"):
			move_back(c.REALIZATION, first.name, action, verified)
		frappe.db.set_value(
			c.TARGET, {"opd": A}, "verified_on", f"{verified} 08:00:00", update_modified=False
		)
		self.reopen_and_verify(first)

	def reopen_and_verify(self, first) -> None:
		first.reload()
		take(first, REOPEN, "inspector", "Angka salah")
		move_back(c.REALIZATION, first.name, "Reopen", add_days(today(), -10))
		second = frappe.get_doc(c.REALIZATION, {"amended_from": first.name})
		frappe.set_user(person("operator_a"))
		fill_sheet(second, ("45", "80", "30", "WDP"))
		for action, key in (
			("Submit for Verification", "operator_a"),
			("Approve", "head_a"),
			("Verify", "inspector2"),
		):
			take(second, action, key)
		self.first, self.second = first, second

	def value(self, **filters) -> list[str]:
		frappe.set_user(person("head_a"))
		return [
			row["realization_ytd"]
			for row in run("Indicator Achievement", period=TW1, opd=A, **filters)
			if row["indicator"].endswith("01") or row["indicator"].endswith("-1")
		]

	def test_an_earlier_day_shows_what_was_verified_then(self):
		self.assertEqual(self.value(), ["45"])
		self.assertEqual(self.value(as_known_on=EARLIER), ["90"])
		self.assertEqual(self.value(as_known_on=today()), ["45"])

	def test_while_a_sheet_was_reopened_nothing_was_verified(self):
		self.assertEqual(self.value(as_known_on=LATER), [])
		self.assertEqual(self.value(as_known_on=add_days(today(), -40)), [])

	def test_means_and_states_are_those_of_the_day(self):
		frappe.set_user(person("executive"))
		before = {row["opd"]: row for row in run("OPD Evaluation Summary", period=TW1, as_known_on=EARLIER)}
		now = {row["opd"]: row for row in run("OPD Evaluation Summary", period=TW1)}
		self.assertGreater(before[A]["mean_raw"], now[A]["mean_raw"])
		states = {
			row["opd"]: row["state"] for row in run("Verification Status", period=TW1, as_known_on=EARLIER)
		}
		self.assertEqual(states[A], c.VERIFIED)
		between = {row["opd"]: row for row in run("Verification Status", period=TW1, as_known_on=LATER)}
		self.assertEqual(between[A]["state"], "")  # the copy was made in this test, today

	def test_every_report_on_verified_figures_takes_the_day(self):
		frappe.set_user(person("executive"))
		for report in (
			*PERIOD_REPORTS,
			"Follow-up Status",
			"Assessment Summary",
			"Index Profile",
			"Performance Matrix",
		):
			with self.subTest(report=report):
				found = report_files.run(report, {"as_known_on": EARLIER})
				self.assertIn("keadaan data pada", found.subtitle)
		trend = run("Indicator Trend", indicator=self.first.items[0].indicator, as_known_on=EARLIER)
		self.assertEqual([row["text"] for row in trend], ["90"])

	def test_a_day_to_come_or_none_at_all_is_refused_in_words(self):
		frappe.set_user(person("executive"))
		for day in (add_days(today(), 1), "kemarin", "2026-13-45", "' or 1=1"):
			for report in ("Indicator Achievement", "Follow-up Status"):
				with self.subTest(day=day, report=report), self.assertRaises(frappe.ValidationError):
					report_files.run(report, {"as_known_on": day})

	def test_a_report_of_today_takes_no_day(self):
		frappe.set_user(person("executive"))
		with self.assertRaises(frappe.ValidationError):
			report_files.run("Planning Checks", {"as_known_on": EARLIER})

	def test_an_annual_report_of_an_earlier_day_has_its_figures(self):
		frappe.set_user(person("head_a"))
		rows = year_figures.year_rows([YEAR], {"opd": A, "as_known_on": EARLIER})
		self.assertEqual(rows[0].realization_ytd, "90")
		self.assertEqual(year_figures.year_rows([YEAR], {"opd": A})[0].realization_ytd, "45")


class TestSnapshots(SerojaTestCase):
	def setUp(self):
		super().setUp()
		verified_sheet(A)
		verified_sheet(B)

	def printed(self, key: str, **filters) -> tuple[bytes, str]:
		frappe.set_user(person(key))
		pdf = report_files.report_pdf("Indicator Achievement", {"period": TW1, **filters})
		code = frappe.get_all(c.SNAPSHOT, {"issued_to": person(key)}, pluck="name", order_by="creation desc")[
			0
		]
		return pdf, code

	def test_a_pdf_carries_code_digest_and_address_and_its_data(self):
		pdf, code = self.printed("head_a")
		text, snapshot = pdf_text(pdf), frappe.get_doc(c.SNAPSHOT, code)
		self.assertIn(code, text)
		self.assertIn(snapshot.digest, "".join(text.split()))
		self.assertIn("/periksa", text)
		rows = list(csv.DictReader(io.StringIO(attached(pdf)["data.csv"].decode("utf-8-sig"))))
		self.assertEqual(len(rows), 4)
		images = sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
		self.assertGreaterEqual(images, 2)  # the chart and the QR code

	def test_a_printed_copy_is_genuine_with_its_own_digest_only(self):
		_pdf, code = self.printed("head_a")
		digest = frappe.db.get_value(c.SNAPSHOT, code, "digest")
		for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
			self.assertEqual(snapshots.check(typed, digest[:16])["name"], code)
		self.assertEqual(snapshots.check(code, f" {digest.upper()} ")["name"], code)
		wrong = ("0" if digest[0] != "0" else "1") + digest[1:]
		for typed, given in (
			(code, wrong),
			(code, digest[:15]),
			(code, ""),
			("AAAA-BBBB-CCCC-DDDD", digest),
			("", ""),
		):
			self.assertIsNone(snapshots.check(typed, given))

	def test_the_same_print_is_the_same_snapshot_another_content_or_person_another(self):
		first, again = self.printed("head_a")[1], self.printed("head_a")[1]
		self.assertEqual(first, again)
		self.assertEqual(frappe.db.count(c.SNAPSHOT, {"issued_to": person("head_a")}), 1)
		self.assertNotEqual(self.printed("operator_a")[1], first)
		self.assertNotEqual(self.printed("head_a", only_iku=1)[1], first)

	def test_a_download_is_kept_although_it_is_a_get_request(self):
		frappe.local.flags.commit = False
		self.printed("head_a")
		self.assertTrue(frappe.local.flags.commit)
		frappe.local.flags.commit = False

	def test_unverified_figures_are_marked_and_0_as_text_is_no(self):
		draft_sheet(A, 2)
		frappe.set_user(person("head_a"))
		period = {"period": f"{YEAR}-TW2", "from_period": f"{YEAR}-TW2", "to_period": f"{YEAR}-TW2"}
		for report in ("Indicator Achievement", "Performance Matrix"):
			self.assertFalse(report_files.run(report, {**period, "include_unverified": "0"}).rows, report)
		pdf = report_files.report_pdf("Indicator Achievement", {**period, "include_unverified": "1"})
		self.assertIn("BELUM DIVERIFIKASI", pdf_text(pdf))

	def test_a_unit_that_one_may_not_see_is_not_named_on_paper(self):
		frappe.set_user(person("head_a"))
		for content, report in (("Evaluation Summary", None), ("Report", "Indicator Achievement")):
			with self.assertRaises(frappe.PermissionError):
				report_files.render(content, report, {"opd": B})

	def test_each_official_document_carries_one(self):
		frappe.set_user(person("executive"))
		pdf = summaries.evaluation_pdf(repository.chosen_period({"period": TW1}), {"period": TW1})
		code = frappe.get_all(c.SNAPSHOT, {"issued_to": person("executive")}, pluck="name")[0]
		self.assertIn(code, pdf_text(pdf))
		self.assertIn("indikator.csv", attached(pdf))

	def test_letter_head_logo_and_signatory_stand_on_it(self):
		settings = frappe.get_doc("SEROJA Settings")
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "lambang.png",
				"content": PNG,
				"is_private": 0,
				"attached_to_doctype": "SEROJA Settings",
				"attached_to_name": "SEROJA Settings",
			}
		).insert()
		settings.update(
			{
				"logo": file.file_url,
				"address": "Jalan Contoh 1\nTelepon 0341-000",
				"report_unit": A,
				"government_name": "Pemerintah Kota Contoh",
				"report_signer_nip": "1970",
			}
		)
		settings.save()
		text = "".join(pdf_text(self.printed("head_a")[0]).split())
		for words in ("PEMERINTAH KOTA CONTOH", "Jalan Contoh 1 · Telepon 0341-000", "head_a", "NIP 1970"):
			self.assertIn(words.replace(" ", ""), text)
		frappe.set_user("Administrator")
		settings.logo = (
			frappe.get_doc({"doctype": "File", "file_name": "x.png", "content": "<svg/>", "is_private": 0})
			.insert()
			.file_url
		)
		with self.assertRaisesRegex(frappe.ValidationError, "PNG"):
			settings.save()


class TestExtracts(SerojaTestCase):
	def setUp(self):
		super().setUp()
		self.sheet = verified_sheet(A)
		verified_sheet(B)
		for number, row in enumerate(self.sheet.items):
			self.tag(row.indicator, "IKD", f"1.{10 - number}", "Pelayanan umum")
		self.tag(self.sheet.items[0].indicator, "IKK", "2.a.1", "Kesehatan")
		frappe.set_user(person("head_a"))

	def tag(self, indicator: str, tag: str, number: str, group: str, part: str = "") -> None:
		doc = frappe.get_doc(c.INDICATOR, indicator)
		doc.append("tags", {"tag": tag, "number": number, "tag_group": group, "part": part})
		doc.flags.ignore_permissions = True
		doc.save()

	def test_the_table_has_the_official_columns_in_their_order_with_the_verified_figures(self):
		layout, table, _rows = report_layouts.extract("LKPJ-IKD", YEAR, {})
		self.assertEqual(list(table.columns), [column.field for column in layout.columns])
		self.assertEqual(len(table), len(self.sheet.items))
		by_name = {row["indicator"]: row for row in table.to_dict("records")}
		for row in self.sheet.items:
			found = by_name[row.indicator_name]
			if row.status == "ok":
				self.assertAlmostEqual(found["achievement"], row.achievement_raw, places=6)

	def test_xlsx_and_csv_hold_the_same_rows_under_the_official_headings(self):
		layout = report_layouts.get_layout("LKPJ-IKD")
		headings = [column.heading for column in layout.columns]
		sheet = load_workbook(
			io.BytesIO(report_layouts.extract_file("LKPJ-IKD", YEAR, {}, "xlsx"))
		).worksheets[0]
		rows = list(
			csv.reader(
				io.StringIO(report_layouts.extract_file("LKPJ-IKD", YEAR, {}, "csv").decode("utf-8-sig"))
			)
		)
		self.assertEqual([cell.value for cell in sheet[1]], headings)
		self.assertEqual(rows[0], headings)
		self.assertEqual(len(rows), sheet.max_row)
		place = headings.index("Indikator")
		self.assertEqual(
			[row[place].value for row in sheet.iter_rows(min_row=2)], [row[place] for row in rows[1:]]
		)

	def test_what_is_missing_names_the_cells_and_goes_when_they_are_filled(self):
		missing = [row for row in report_layouts.gaps(YEAR, {}) if row["layout"] == "LPPD-IKK"]
		self.assertEqual([row["code"] for row in missing], [self.sheet.items[0].indicator])
		self.assertIn("Nilai Pembilang", missing[0]["headings"])
		self.assertNotIn("Urusan", missing[0]["headings"])
		frappe.set_user("Administrator")
		row = frappe.get_doc(c.INDICATOR, self.sheet.items[0].indicator).tags[-1]
		frappe.db.set_value("Performance Indicator Tag", row.name, "tag_group", "")
		frappe.set_user(person("head_a"))
		missing = [row for row in report_layouts.gaps(YEAR, {}) if row["layout"] == "LPPD-IKK"]
		self.assertIn("Urusan", missing[0]["headings"])

	def test_spm_comes_from_served_need_and_quality(self):
		frappe.set_user("Administrator")
		served, quality = self.sheet.items[0].indicator, self.sheet.items[1].indicator
		self.tag(served, "SPM", "1", "Kesehatan", "Pelayanan kesehatan ibu hamil")
		self.tag(quality, "SPM Mutu", "1", "Kesehatan", "Pelayanan kesehatan ibu hamil")
		for name, values in (
			(served, {"numerator": "950", "denominator": "1000"}),
			(quality, {"realization_ytd": "90"}),
		):
			frappe.db.set_value(
				"Performance Realization Item", {"parent": self.sheet.name, "indicator": name}, values
			)
		frappe.set_user(person("head_a"))
		_layout, table, _rows = report_layouts.extract("SPM-INDEKS", YEAR, {})
		line = next(row for row in table.to_dict("records") if row["served"] == 950)
		self.assertAlmostEqual(line["index"], 94)  # domain.md 5.5
		self.assertEqual(line["category"], "Tuntas Utama")

	def test_a_head_gets_no_index_of_the_whole_government(self):
		levels = report_layouts.extract("SPM-INDEKS", YEAR, {})[1]["level"]
		self.assertFalse(set(levels) - {"Jenis layanan"})

	def test_an_indicator_that_moved_counts_where_it_stood_last(self):
		other = verified_sheet(B, 2)
		moved = self.sheet.items[0].indicator
		frappe.db.set_value(
			"Performance Realization Item", other.items[0].name, {"indicator": moved, "realization_ytd": "55"}
		)
		frappe.set_user(person("executive"))
		rows = [row for row in year_figures.year_rows([YEAR], {}) if row.indicator == moved]
		self.assertEqual([(row.opd, row.realization_ytd) for row in rows], [(B, "55")])

	def test_two_units_of_one_name_stay_two(self):
		frappe.db.set_value("OPD", B, "opd_name", frappe.db.get_value("OPD", A, "opd_name"))
		frappe.set_user(person("executive"))
		period = repository.chosen_period({"period": TW1})
		evaluation = summaries.evaluate_rows(summaries.verified_rows(period, {"period": TW1}), period)
		self.assertEqual(len(evaluation.by_opd), 2)

	def test_a_heading_never_becomes_a_formula(self):
		frappe.set_user(person("bureau"))
		layout = frappe.get_doc(c.LAYOUT, "LKPJ-IKD")
		layout.columns[0].heading = "=1+1"
		layout.save()
		sheet = load_workbook(
			io.BytesIO(report_layouts.extract_file("LKPJ-IKD", YEAR, {}, "xlsx"))
		).worksheets[0]
		self.assertEqual((sheet.cell(1, 1).value, sheet.cell(1, 1).data_type), ("=1+1", "s"))

	def test_every_layout_gives_a_table_in_a_fixed_number_of_queries(self):
		for name in report_layouts.valid_in(YEAR):
			with self.subTest(layout=name), counted() as statements:
				report_layouts.extract(name, YEAR, {})
			self.assertLess(len(statements), 25, name)

	def test_a_layout_outside_its_years_or_with_faults_says_so(self):
		with self.assertRaisesRegex(frappe.ValidationError, "2010"):
			report_layouts.extract("LKPJ-IKD", 2010, {})
		frappe.set_user(person("bureau"))
		layout = frappe.get_doc(c.LAYOUT, "LKPJ-IKD")
		layout.columns[0].field = "rahasia"
		with self.assertRaisesRegex(frappe.ValidationError, "rahasia"):
			layout.save()

	def test_a_layout_survives_the_way_into_the_desk_and_back(self):
		from seroja.core.report_layouts import shipped_layouts

		for code, layout in shipped_layouts().items():
			self.assertEqual(report_layouts.get_layout(code), layout)

	def test_a_download_needs_the_right_and_stays_within_the_units(self):
		documents.report_extract("LKPJ-IKD", "csv", YEAR)
		self.assertIn(
			self.sheet.items[0].indicator_name, frappe.local.response.filecontent.decode("utf-8-sig")
		)
		with self.assertRaises(frappe.PermissionError):
			documents.report_extract("LKPJ-IKD", "csv", YEAR, B)
		frappe.set_user(person("outsider"))
		with self.assertRaises(frappe.PermissionError):
			documents.report_extract("LKPJ-IKD", "csv", YEAR)


class TestPerformanceReport(SerojaTestCase):
	"""From figures to publication; the world's year lies ahead, so the tests live in the year after it."""

	def setUp(self):
		super().setUp()
		self.sheet = verified_sheet(A)
		self.enterContext(patch.object(performance_reports, "today", lambda: f"{YEAR + 1}-02-01"))
		self.enterContext(
			patch.object(performance_reports, "getdate", lambda day=None: frappe.utils.getdate(day))
		)
		frappe.set_user(person("operator_a"))
		self.doc = frappe.get_doc({"doctype": c.REPORT, "opd": A, "year": YEAR}).insert()
		performance_reports.build(self.doc)

	def section(self, key: str):
		return next(row for row in self.doc.items if row.section_key == key)

	def edit(self, key: str, text: str) -> None:
		self.section(key).text = text
		self.doc.save()

	def take(self, action: str, key: str, note: str = "") -> None:
		take(self.doc, action, key, note)
		self.doc.reload()

	def to_published(self) -> None:
		self.take("Review", "inspector", "Angka laporan sesuai dengan lembar yang diverifikasi.")
		self.take("Hand In", "head_a")
		frappe.set_user(person("bureau"))
		self.doc.published_link = "https://contoh.example/lkjip"
		self.doc.save()
		self.take("Publish", "bureau")

	def test_chapters_and_figures_come_from_the_verified_sheet(self):
		chapters = [row.chapter for row in self.doc.items if row.chapter]
		self.assertEqual(
			sorted(set(chapters), key=chapters.index),
			[
				"BAB I PENDAHULUAN",
				"BAB II PERENCANAAN KINERJA",
				"BAB III AKUNTABILITAS KINERJA",
				"BAB IV PENUTUP",
			],
		)
		data = read_report(self.doc.figures)
		self.assertEqual([row.code for row in data.indicators], [row.indicator for row in self.sheet.items])
		for kept, row in zip(data.indicators, self.sheet.items, strict=True):
			self.assertEqual(kept.realization, row.realization_ytd)
			self.assertEqual(
				kept.achievement, row.achievement_raw if row.status == "ok" else kept.achievement
			)

	def test_an_edit_survives_and_is_marked_when_its_figures_change(self):
		self.edit("overview", "Dinas ini melayani kota.")
		self.edit("achievement", "Capaian kami baik.")
		performance_reports.build(self.doc)
		self.assertEqual(
			(self.section("achievement").text, self.section("achievement").is_stale),
			("Capaian kami baik.", 0),
		)
		frappe.db.set_value(
			"Performance Realization Item",
			self.sheet.items[0].name,
			{"realization_ytd": "12", "achievement_raw": 12, "achievement_scored": 12},
		)
		performance_reports.build(self.doc)
		self.assertEqual(
			(self.section("achievement").text, self.section("achievement").is_stale),
			("Capaian kami baik.", 1),
		)
		self.assertEqual((self.section("overview").is_stale, self.section("overview").is_edited), (0, 1))
		self.assertIn("12", self.section("achievement").draft)
		with self.assertRaisesRegex(frappe.ValidationError, "1. Target"):
			self.take("Review", "inspector", "Sesuai.")
		self.doc.reload()
		frappe.set_user(person("operator_a"))
		performance_reports.accept_sections(self.doc)
		self.assertEqual(self.section("achievement").is_stale, 0)

	def test_the_draft_comes_back_when_the_edit_is_taken_back(self):
		before = self.section("conclusion").text
		self.edit("conclusion", "Lain.")
		self.assertEqual(self.section("conclusion").is_edited, 1)
		self.edit("conclusion", before)
		self.assertEqual(self.section("conclusion").is_edited, 0)

	def test_everybody_opens_the_form_in_every_state_and_is_offered_his_own_steps(self):
		def offered() -> dict[str, list[str]]:
			found = {}
			for key in ("operator_a", "head_a", "inspector2", "bureau"):
				frappe.set_user(person(key))
				doc = frappe.get_doc(c.REPORT, self.doc.name)
				doc.run_method("onload")
				found[key] = doc.get_onload("actions")
			return found

		nothing = {"operator_a": [], "head_a": [], "inspector2": [], "bureau": []}
		self.assertEqual(offered(), {**nothing, "inspector2": ["Review"]})
		self.take("Review", "inspector", "Sesuai.")
		back = {"inspector2": ["Return"], "bureau": ["Return"]}
		self.assertEqual(offered(), {**nothing, **back, "head_a": ["Hand In", "Return"]})
		self.take("Hand In", "head_a")
		self.assertEqual(
			offered(), {**nothing, "head_a": ["Publish", "Return"], "bureau": ["Publish", "Return"]}
		)

	def test_from_draft_to_published(self):
		performance_reports.ask_review(self.doc)
		self.to_published()
		self.assertEqual(self.doc.workflow_state, c.PUBLISHED)
		self.assertEqual(str(self.doc.submitted_on), f"{YEAR + 1}-02-01")
		actions = frappe.get_all(
			c.ENTRY, {"reference_name": self.doc.name}, pluck="action", order_by="sequence"
		)
		self.assertEqual(actions, ["Review", "Hand In", "Publish"])
		with self.assertRaises(frappe.PermissionError):
			self.edit("overview", "Terlambat.")

	def test_the_review_vouches_for_exactly_these_words(self):
		self.take("Review", "inspector", "Sesuai.")
		frappe.db.set_value(
			"Performance Report Section", self.section("overview").name, "text", "Diubah diam-diam"
		)
		with self.assertRaises(frappe.ValidationError):
			self.take("Hand In", "head_a")

	def test_no_step_is_skipped_or_taken_by_somebody_else(self):
		with self.assertRaises(frappe.ValidationError):
			self.take("Hand In", "head_a")
		for key in ("operator_a", "head_a", "bureau", "head_b", "executive"):
			with self.subTest(key=key), self.assertRaises((frappe.PermissionError, frappe.ValidationError)):
				self.take("Review", key, "Sesuai.")
			self.doc.reload()
		self.take("Review", "inspector", "Sesuai.")
		for key in ("operator_a", "bureau", "head_b", "inspector"):
			with self.subTest(key=key), self.assertRaises((frappe.PermissionError, frappe.ValidationError)):
				self.take("Hand In", key)
			self.doc.reload()

	def test_going_back_opens_it_and_voids_the_review(self):
		self.take("Review", "inspector", "Sesuai.")
		self.take("Return", "head_a", "Tambahkan isu strategis")
		self.assertEqual((self.doc.workflow_state, self.doc.review_statement), (c.RETURNED, None))
		frappe.set_user(person("operator_a"))
		self.edit("strategic_issues", "Isu banjir.")

	def test_figures_and_sections_cannot_be_written_by_request(self):
		for field, value in (
			("figures", "{}"),
			("figures_digest", "x"),
			("built_on", "2020-01-01 00:00:00"),
			("reviewed_by", "Administrator"),
		):
			before = self.doc.get(field)
			self.doc.set(field, value)
			self.doc.save()
			self.doc.reload()
			self.assertEqual(self.doc.get(field), before, field)
		self.doc.items = self.doc.items[:2]
		self.doc.append("items", {"section_key": "baru", "title": "Baru", "text": "Sisipan"})
		self.doc.save()
		self.doc.reload()
		self.assertEqual(len(self.doc.items), 19)
		made = frappe.get_doc(
			{"doctype": c.REPORT, "opd": A, "year": YEAR - 1, "figures": "{}", "items": [{"text": "x"}]}
		)
		made.insert()
		self.assertFalse(made.figures or made.items)

	def test_pdf_and_word_hold_the_texts_the_data_and_the_review(self):
		self.edit("overview", "Dinas ini melayani kota.\n\n- butir pertama\n- butir kedua")
		self.to_published()
		frappe.set_user(person("head_a"))
		told = []
		performance_reports.make_files(self.doc, lambda percent, text: told.append(percent))
		self.assertEqual(told, sorted(told))
		pdf = frappe.get_doc(
			"File", {"attached_to_name": self.doc.name, "file_name": f"{self.doc.name}.pdf"}
		).get_content()
		text = pdf_text(pdf)
		for words in (
			"Dinas ini melayani kota.",
			"butir pertama",
			"PERNYATAAN TELAH DIREVIU",
			"BAB IV PENUTUP",
			"Halaman 1 dari",
		):
			self.assertIn(words, text)
		self.assertNotIn("RANCANGAN", text)
		self.assertEqual(json.loads(attached(pdf)["data-kinerja.json"]), json.loads(self.doc.figures))
		self.assertEqual(archival_part(pdf), "3")
		self.doc.reload()
		self.assertTrue(self.doc.word_file.endswith(".docx"))

	def test_one_request_at_a_time_is_queued_for_whoever_may_print(self):
		frappe.set_user(person("head_a"))
		with patch.object(frappe, "enqueue") as queued:
			performance_report_api.make_files(self.doc.name)
		self.assertTrue(queued.call_args.kwargs["deduplicate"])
		frappe.set_user(person("head_b"))
		with self.assertRaises(frappe.PermissionError):
			performance_report_api.make_files(self.doc.name)
		for method in (
			performance_report_api.build,
			performance_report_api.accept_sections,
			performance_report_api.ask_review,
		):
			with self.assertRaises(frappe.PermissionError):
				method(self.doc.name)

	def test_the_final_files_are_made_after_the_decision_and_then_kept(self):
		frappe.set_user(person("operator_a"))
		performance_reports.make_files(self.doc)
		self.doc.reload()
		self.assertTrue(self.doc.file)
		self.to_published()
		self.assertFalse(self.doc.file or self.doc.word_file)
		frappe.set_user(person("head_a"))
		performance_reports.make_files(self.doc)
		with self.assertRaisesRegex(frappe.ValidationError, "published"):
			performance_reports.make_files(self.doc)

	def test_who_signs_is_who_took_the_step(self):
		self.to_published()
		document = performance_reports.as_document(self.doc)
		texts = [
			text for part in document.parts if part.kind == "signatures" for row in part.rows for text in row
		]
		self.assertIn("head_a", texts)
		self.assertIn("inspector", texts)
		self.assertIn("Pereviu", texts)

	def test_an_unfinished_year_says_so(self):
		data = read_report(self.doc.figures)
		self.assertEqual(data.until, "Triwulan I")
		texts = [
			part.text for part in performance_reports.as_document(self.doc).parts if part.kind == "paragraph"
		]
		self.assertTrue(any("belum satu tahun penuh" in text for text in texts))

	def test_dates_and_file_are_the_systems_once_figures_are_built(self):
		frappe.set_user(person("operator_a"))
		self.doc.update(
			{"submitted_on": f"{YEAR + 1}-01-02", "published_on": f"{YEAR + 1}-01-02", "file": "/files/x.pdf"}
		)
		self.doc.save()
		self.doc.reload()
		self.assertFalse(self.doc.submitted_on or self.doc.published_on or self.doc.file)

	def test_without_verified_sheets_there_is_nothing_to_report(self):
		frappe.set_user(person("operator_b"))
		doc = frappe.get_doc({"doctype": c.REPORT, "opd": B, "year": YEAR}).insert()
		with self.assertRaisesRegex(frappe.ValidationError, B):
			performance_reports.build(doc)

	def test_comparisons_and_benchmarks_come_from_the_indicator(self):
		frappe.set_user("Administrator")
		code = self.sheet.items[0].indicator
		indicator = frappe.get_doc(c.INDICATOR, code)
		for year, value in ((YEAR - 1, "70"), (YEAR, "75"), (YEAR + 1, "99")):
			indicator.append("benchmarks", {"year": year, "compared_with": "Nasional", "value": value})
		indicator.save()
		frappe.set_user(person("operator_a"))
		performance_reports.build(self.doc)
		row = read_report(self.doc.figures).indicators[0]
		self.assertEqual(
			[(found.name, found.year, found.value) for found in row.benchmarks], [("Nasional", YEAR, "75")]
		)

	def test_it_waits_in_the_right_inbox(self):
		from seroja.services.inbox import waiting_for_me

		def tasks(key: str) -> set[str]:
			frappe.set_user(person(key))
			return {row["task"] for row in waiting_for_me() if row["name"] == self.doc.name}

		self.assertEqual(tasks("operator_a"), {"Complete and send for review"})
		self.assertEqual(tasks("inspector"), set())
		frappe.set_user(person("operator_a"))
		performance_reports.ask_review(self.doc)
		self.assertEqual(tasks("inspector"), {"Review and state"})
		self.take("Review", "inspector", "Sesuai.")
		self.assertEqual((tasks("head_a"), tasks("head_b"), tasks("bureau")), ({"Hand in"}, set(), set()))
		self.take("Hand In", "head_a")
		self.assertEqual(tasks("bureau"), {"Publish"})


class TestOneFigureEverywhere(SerojaTestCase):
	"""The same verified rows in the desk report, the XLSX, the PDF, the mail and on the command line."""

	def setUp(self):
		super().setUp()
		self.sheet = verified_sheet(A)
		frappe.set_user(person("head_a"))
		self.filters = {"period": TW1, "opd": A}
		self.shown = {
			row["indicator_name"]: row["achievement"]
			for row in run("Indicator Achievement", **self.filters)
			if row["achievement"] is not None
		}
		self.assertGreaterEqual(len(self.shown), 3)

	def test_achievements_are_the_same_in_five_places(self):
		mail = report_files.render("Report", "Indicator Achievement", self.filters)
		self.assertEqual(self.of_workbook(mail.xlsx), self.shown)
		self.assertEqual(self.of_csv(attached(mail.pdf)["data.csv"]), self.shown)
		self.assertEqual(self.of_command_line(), self.shown)
		printed, body = pdf_text(mail.pdf), frappe.utils.strip_html(mail.html)
		for name, value in self.shown.items():
			text = report_files.core.cell_text(value, "number")
			self.assertIn(text, printed, name)
			self.assertIn(name, body)

	def test_the_mean_is_the_same_in_five_places(self):
		mean = run("OPD Evaluation Summary", **self.filters)[0]["mean_scored"]
		text = report_files.format_percent(mean)
		mail = report_files.render("Evaluation Summary", None, self.filters)
		self.assertIn(text, mail.html)
		self.assertIn(text, pdf_text(mail.pdf))
		sheet = load_workbook(io.BytesIO(mail.xlsx))["Ringkasan OPD"]
		headings = [cell.value for cell in sheet[1]]
		self.assertAlmostEqual(sheet.cell(2, headings.index("Rata-rata skor") + 1).value, mean)
		evaluated = self.evaluated_by_command_line()
		self.assertAlmostEqual(float(evaluated.overall["mean_scored"]), mean)

	def of_workbook(self, content: bytes) -> dict[str, float]:
		sheet = load_workbook(io.BytesIO(content)).worksheets[0]
		headings = [cell.value for cell in sheet[1]]
		name, value = headings.index("Indikator"), headings.index("Capaian (%)")
		return {
			row[name]: row[value]
			for row in sheet.iter_rows(min_row=2, values_only=True)
			if row[value] is not None
		}

	def of_csv(self, content: bytes) -> dict[str, float]:
		rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
		return {row["Indikator"]: float(row["Capaian (%)"]) for row in rows if row["Capaian (%)"]}

	def evaluated_by_command_line(self):
		"""What `seroja evaluate` makes of the same values, typed into a file."""
		lines = [
			"opd;objective;indicator;target;realization;polarity;ordinal_scale;weight;budget;budget_realization"
		]
		for row in self.sheet.items:
			lines.append(
				";".join(
					str(value or "")
					for value in (
						A,
						row.objective,
						row.indicator_name,
						row.target,
						row.realization_ytd,
						row.polarity.lower(),
						row.ordinal_scale,
						row.weight,
						row.budget,
						row.budget_realization_value if row.has_budget_realization else "",
					)
				)
			)
		table = read_table("\n".join(lines).encode(), "angka.csv")
		self.assertFalse(table.messages)
		scale = summaries.get_calculation(YEAR).scale
		return core_evaluation.evaluate_values(table.values, scale)

	def of_command_line(self) -> dict[str, float]:
		rows = self.evaluated_by_command_line().indicators
		found = zip(rows["indicator"], rows["achievement"], strict=True)
		return {name: round(value, 9) for name, value in found if value == value}
