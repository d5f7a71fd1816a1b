"""Analysis: outlooks, findings, evaluation texts and samples of OPD B reach nobody of OPD A, and nobody spoils them.

On the generic ways of Frappe Verification Sample and its rows stand in test_reporting_isolation.TestDocuments, the
reports also in test_isolation. Here is what only the analysis has.
"""

import json
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.utils import getdate, today

from seroja import constants as c
from seroja.core.rewording import MACHINE_EDITED, MACHINE_MADE
from seroja.permissions.opd import PROTECTED
from seroja.services import (
	figure_series,
	language_model,
	performance_reports,
	report_building,
	report_files,
	repository,
	stories,
	year_figures,
)
from seroja.services.language_model import NotReworded
from seroja.tests.evaluation_utils import step
from seroja.tests.planning_utils import as_person
from seroja.tests.test_evaluation_isolation import stored, ways_to_remove, ways_to_write
from seroja.tests.test_isolation import (
	ALL_REPORTS,
	ANALYSIS_REPORTS,
	CARD,
	CHART,
	EXCHANGE_REPORT,
	INDICATOR,
	ITEM,
	OF_A,
	PERIOD,
	REFUSED,
	as_guest,
	call,
	download,
	rest,
)
from seroja.tests.test_reporting_isolation import (
	NOBODY,
	SAMPLED,
	SECTION,
	TW1,
	TW2,
	ReportingTestCase,
	_build_report,
	attached_text,
	paper,
	rendered_text,
	run,
)
from seroja.tests.test_reporting_isolation import REPORTS as REPORTING_REPORTS
from seroja.tests.utils import (
	APPROVE,
	REOPEN,
	SUBMIT,
	YEAR,
	A,
	B,
	draft_sheet,
	fill_sheet,
	make_file,
	person,
	take,
)

OUTLOOK, QUALITY = ANALYSIS_REPORTS
SETTINGS = "SEROJA Settings"
# Who must not learn of samples: everybody but the Inspektorat and the administrator.
UNINSPECTING = (*NOBODY, "head_b", "planner", "executive", "bureau")
MODEL, YEAR_OVER = "model-uji", 2023
HOSTILE = (["like", "%"], {"name": ["like", "%"]}, "' or 1=1 -- ", "%", "\x00", 7, "[]", '{"a": 1}')


class AnalysisTestCase(ReportingTestCase):
	"""Both OPDs also have a sheet of the second quarter that waits for the Inspektorat.

	The first rows of both have the same file as evidence, and the first sheets something that is noticed.
	"""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		draft_sheet(A, quarter=2, fill=False)
		for name, key, value in ((f"{A}-{TW2}", "a", "90"), (cls.b.draft, "b", "63,17")):
			as_person(f"operator_{key}", lambda name=name, value=value: _fill(name, value))
			sheet = take(frappe.get_doc(c.REALIZATION, name), SUBMIT, f"operator_{key}")
			take(sheet, APPROVE, f"head_{key}")
		cls.own.draft = f"{A}-{TW2}"
		_share_evidence(cls.b.file)

	def setUp(self):
		super().setUp()
		# The figures of the tests are of a year to come.
		day = patch.object(figure_series, "day_of", lambda filters: getdate(f"{YEAR}-12-31"))
		day.start()
		self.addCleanup(day.stop)


def _fill(name: str, value: str) -> None:
	fill_sheet(frappe.get_doc(c.REALIZATION, name), (value, "80", "30", "WDP"))


def _share_evidence(theirs: str) -> None:
	"""As if the operator of A had uploaded the same file as the one of B."""
	sheet = frappe.get_doc(c.REALIZATION, f"{A}-{TW1}")
	file = make_file(sheet, "isi TesA", "milik.txt")
	content_hash = frappe.db.get_value("File", theirs, "content_hash")
	frappe.db.set_value("File", file.name, "content_hash", content_hash)
	row = next(row for row in sheet.items if row.is_iku)
	frappe.db.set_value(ITEM, row.name, "evidence", file.file_url)


class TestNothingIsForgotten(AnalysisTestCase):
	def test_every_report_is_asked_by_the_isolation_tests(self):
		shipped = frappe.get_all("Report", {"module": "SEROJA", "is_standard": "Yes"}, pluck="name")
		self.assertEqual(set(shipped), {*ALL_REPORTS, *REPORTING_REPORTS, EXCHANGE_REPORT})

	def test_every_doctype_is_protected_or_common_to_all(self):
		common = {  # masters and settings that hold nothing of an OPD
			"Achievement Scale",
			c.INSTRUMENT,
			c.ROUND,
			c.LAYOUT,
			PERIOD,
			"Indicator Tag",
			"SEROJA Notice",
			SETTINGS,
		}
		shipped = frappe.get_all("DocType", {"module": "SEROJA"}, ["name", "istable"])
		rows = {df.options for name in common for df in frappe.get_meta(name).get_table_fields()}
		self.assertEqual({row.name for row in shipped} - PROTECTED - rows, common)


class TestPanels(AnalysisTestCase):
	def panels(self):
		b = self.b
		for number in (1, 2, 3, 4):
			yield "indicator", f"{B}-{number}"
		for name in (b.sheet, b.draft):
			yield "sheet", name

	def ask(self, method: str, name, http_method: str = "POST"):
		return lambda: call(f"seroja.api.analysis.{method}", http_method, name=name)

	def test_panels_of_others_are_refused(self):
		for method, name in self.panels():
			for http_method in ("GET", "POST"):
				for key in NOBODY:
					with self.subTest(method=method, name=name, http=http_method, user=key):
						text = self.asked(key, self.ask(method, name, http_method))
						self.assertTrue(text.startswith("(refused)"), text[:200])
						self.assertHidden(text, (name,))
				text = self.asked("Guest@", lambda m=method, n=name: as_guest(self.ask(m, n)))
				self.assertTrue(text.startswith("(refused)"), text[:200])
				self.assertHidden(text, (name,))

	def test_they_do_tell_those_who_may_know(self):
		for method, name in (("indicator", f"{B}-2"), ("sheet", self.b.sheet), ("sheet", self.b.draft)):
			for key in ("head_b", "inspector", "executive"):
				with self.subTest(method=method, name=name, user=key):
					self.assertIn("Indikator 2 TesB", self.asked(key, self.ask(method, name)))

	def test_a_cancelled_sheet_of_others_is_refused(self):
		take(frappe.get_doc(c.REALIZATION, self.b.sheet), REOPEN, "inspector", note="revisi")
		cancelled, copy = self.b.sheet, frappe.db.get_value(c.REALIZATION, {"amended_from": self.b.sheet})
		self.assertEqual(frappe.db.get_value(c.REALIZATION, cancelled, "docstatus"), 2)
		for name in (cancelled, copy):
			self.hide(name, self.ask("sheet", name), (cancelled, copy, B), seen_by=())
			text = self.asked("operator_a", self.ask("sheet", name))
			self.assertTrue(text.startswith("(refused)"), text[:200])
			self.assertIn("Indikator 2 TesB", self.asked("operator_b", self.ask("sheet", name)))

	def test_the_own_ones_are_the_same_as_if_the_other_did_not_exist(self):
		for method, name, seen in (
			("indicator", f"{A}-1", f"Indikator 1 {A}"),
			("indicator", f"{A}-3", f"Indikator 3 {A}"),
			("sheet", f"{A}-{TW1}", f"Indikator 2 {A}"),
			("sheet", self.own.draft, f"Indikator 2 {A}"),
		):
			self.assertIn(seen, self.asked("operator_a", self.ask(method, name)))
			self.check_same(f"{method} {name}", self.ask(method, name), differs_for=None)

	def test_arguments_that_are_no_name_find_nothing(self):
		for method in ("indicator", "sheet"):
			for value in HOSTILE:
				for key in ("operator_a", "outsider", "executive"):
					with self.subTest(method=method, value=str(value), user=key):
						text = self.asked(key, self.ask(method, value))
						self.assertTrue(text.startswith("(refused)"), text[:200])
						self.assertHidden(text)

	def test_evidence_that_others_use_too_is_no_finding_of_the_own_opd(self):
		"""Both have the same file: only who sees both is told, and the OPD learns no name of the other."""
		for key, is_told in (("operator_a", False), ("head_a", False), ("inspector", True)):
			with self.subTest(user=key):
				text = self.asked(key, lambda: run(QUALITY, {"period": TW1}))
				self.assertEqual("Berkas bukti dukung yang sama" in text, is_told)
		text = self.asked("inspector", lambda: run(QUALITY, {"period": TW1}))
		self.assertRegex(text, "“Indikator 1 Tes[AB]”")
		for key in (*OF_A, "inspector"):  # the panel looks at the sheet's own unit, whoever reads it
			for name in (f"{A}-{TW1}", self.own.draft):
				self.assertHidden(self.asked(key, self.ask("sheet", name)))


class TestMovedIndicator(AnalysisTestCase):
	"""An indicator that goes to another OPD leaves its old figures behind, and takes what is planned along."""

	def setUp(self):
		super().setUp()
		as_person("planner", self.move)

	def move(self) -> None:
		doc = frappe.get_doc(INDICATOR, f"{A}-3")
		doc.update({"opd": B, "indicator_name": "RahasiaB pindah", "objective": "RahasiaB sasaran"})
		doc.append("year_targets", {"year": YEAR + 3, "target": "63,17"})
		doc.append("checks_off", {"check_name": "Outlier", "reason": "RahasiaB alasan"})
		doc.save()

	def test_its_new_targets_and_reasons_are_not_told_to_the_old_opd(self):
		for report in ANALYSIS_REPORTS:
			self.hide(report, lambda r=report: run(r, {"period": TW1}), seen_by=("inspector",))
		self.hide("sheet", lambda: call("seroja.api.analysis.sheet", name=f"{A}-{TW1}"), seen_by=())
		self.hide("summary", lambda: paper("seroja.api.documents.evaluation_summary", period=TW1))

	def test_its_panel_is_that_of_the_new_opd(self):
		for key in NOBODY:
			text = self.asked(key, lambda: call("seroja.api.analysis.indicator", name=f"{A}-3"))
			self.assertTrue(text.startswith("(refused)"), text[:200])
			self.assertHidden(text)
		text = self.asked("operator_b", lambda: call("seroja.api.analysis.indicator", name=f"{A}-3"))
		self.assertFalse(text.startswith("(refused)"), text[:200])
		self.assertNotIn("Indikator 3 TesA", text)


class TestReports(AnalysisTestCase):
	def questions(self):
		"""(report, filters, does the Inspektorat see B in it)."""
		both = {"period": TW1}
		late = {"period": TW2, "include_unverified": 1}
		for report in ANALYSIS_REPORTS:
			yield report, {}, True
			for filters in (both, late, both | {"as_known_on": today()}):
				yield report, filters, True
				yield report, filters | {"opd": B}, True
			yield report, both | {"only_iku": 1}, True
			yield report, both | {"indicator": f"{B}-1", "codes": f"{B}-1", "user": person("inspector")}, True
		yield OUTLOOK, late | {"only_next": 1}, True
		yield OUTLOOK, late | {"outlook": "Belum dapat dinilai"}, False
		yield QUALITY, late | {"severity": "Ringan"}, False

	def test_rows_cards_chart_and_message_are_the_readers_own(self):
		for report, filters, is_seen in self.questions():
			ask = lambda r=report, f=filters: run(r, f)  # noqa: E731
			seen_by = ("inspector", "executive") if is_seen else ()
			self.hide(f"{report} {filters}", ask, (B,) if {"opd", "user"} & set(filters) else (), seen_by)

	def test_they_are_the_same_as_if_the_other_did_not_exist(self):
		for report, filters, is_seen in self.questions():
			if "opd" not in filters:
				ask = lambda r=report, f=filters: run(r, f)  # noqa: E731
				self.check_same(f"{report} {filters}", ask, "inspector" if is_seen else None)

	def test_people_of_an_opd_do_see_their_own(self):
		for report in ANALYSIS_REPORTS:
			for key in OF_A:
				text = self.asked(key, lambda r=report: run(r, {"period": TW2, "include_unverified": 1}))
				self.assertRegex(text, r"Indikator \d TesA")

	def test_exports_prints_and_mails_hold_only_own_rows(self):
		for report, filters, is_seen in self.questions():
			echo = (B, B.lower(), f"{B}-1") if {"opd", "user"} & set(filters) else ()
			channels = [
				(
					kind,
					lambda r=report, f=filters, kind=kind: call(
						"frappe.desk.query_report.export_query",
						report_name=r,
						filters=json.dumps(f),
						file_format_type=kind,
						visible_idx="[]",
						include_filters=0,
					),
				)
				for kind in ("CSV", "Excel")
			]
			if len(filters) > 1:
				channels += [
					(
						"PDF",
						lambda r=report, f=filters: paper(
							"seroja.api.documents.report_pdf", report=r, filters=json.dumps(f)
						),
					),
					(
						"mail",
						lambda r=report, f=filters: rendered_text(report_files.render("Report", r, f)),
					),
				]
			for channel, ask in channels:
				for key in ("operator_a", "viewer_a", "outsider"):
					with self.subTest(report=report, filters=str(filters), channel=channel, user=key):
						self.assertHidden(self.asked(key, ask), echo)
				if is_seen:
					self.assertRegex(self.asked("inspector", ask), r"Indikator \d TesB")

	def test_filters_are_values(self):
		names = ("opd", "period", "outlook", "severity", "only_iku", "as_known_on", "include_unverified")
		for report in ANALYSIS_REPORTS:
			for name in names:
				for value in HOSTILE:
					for key in ("operator_a", "outsider"):
						with self.subTest(report=report, filter=name, value=str(value), user=key):
							filters = {"period": TW1, name: value}
							text = self.asked(key, lambda r=report, f=filters: run(r, f))
							self.assertHidden(text, (str(value),))

	def test_without_a_role_there_is_no_report(self):
		for report in ANALYSIS_REPORTS:
			for ask in (
				lambda r=report: run(r, {}),
				lambda r=report: paper("seroja.api.documents.report_pdf", report=r, filters="{}"),
			):
				for key in ("outsider", "Guest@"):
					text = self.asked(key, ask if key == "outsider" else lambda ask=ask: as_guest(ask))
					self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_texts_that_look_like_a_formula_or_a_tag_stay_texts(self):
		doc = frappe.get_doc(INDICATOR, f"{A}-2")
		reason = '=HYPERLINK("http://penyerang.example","<img src=x onerror=alert(1)>")'
		doc.append("checks_off", {"check_name": "Copied", "reason": reason})
		doc.save()
		frappe.db.set_value(ITEM, {"parent": f"{A}-{TW1}"}, "indicator_name", "=1+1<img src=x>")
		for report in ANALYSIS_REPORTS:
			text = self.asked("operator_a", lambda r=report: run(r, {"period": TW1}))
			self.assertNotIn("<img", text)
			text = self.asked(
				"operator_a",
				lambda r=report: call(
					"frappe.desk.query_report.export_query",
					report_name=r,
					filters=json.dumps({"period": TW1}),
					file_format_type="CSV",
					visible_idx="[]",
				),
			)
			self.assertRegex(text, r"1\+1")
			self.assertNotRegex(text, r'(?m)(^|[,;]|")=(1\+1|HYPERLINK)')
		text = self.asked("operator_a", lambda: call("seroja.api.analysis.sheet", name=f"{A}-{TW1}"))
		self.assertNotIn("<img", text)


class TestEvaluationText(AnalysisTestCase):
	"""A node of B hangs below the one that an indicator of A measures, as a plan of two units may have it."""

	def setUp(self):
		super().setUp()
		parent = "parent_performance_objective"
		frappe.db.set_value(c.OBJECTIVE, self.b.node, parent, self.own.node, update_modified=False)

	def around(self, filters: dict):
		period = frappe.get_doc(PERIOD, TW1)
		return stories.Around(repository.achievement_rows(period, filters), period, filters)

	def test_contributing_indicators_and_recommendations_are_the_readers_own(self):
		seen = as_person("inspector", lambda: self.around({}))
		self.assertEqual([driver.name for driver in seen.drivers[f"{A}-1"]], ["Indikator 1 TesB"])
		self.assertEqual(set(seen.recommendations), {A, B})
		for key, filters in (
			*((key, {}) for key in OF_A),
			("operator_a", {"opd": A}),
			("inspector", {"opd": A}),
			("bureau", {"opd": A}),
		):
			with self.subTest(user=key, filters=str(filters)):
				found = as_person(key, lambda f=filters: self.around(f))
				self.assertHidden(str(vars(found)) + found.frame.to_csv() + found.expected.to_csv())
				self.assertEqual(set(found.recommendations), {A})
		found = as_person("operator_a", lambda: self.around({"opd": B, "include_unverified": 1}))
		self.assertEqual((len(found.frame), found.recommendations, found.drivers), (0, {}, {}))

	def test_summary_and_mail_hold_the_story_of_the_own_opd(self):
		for channel, ask in (
			("PDF", lambda: paper("seroja.api.documents.evaluation_summary", period=TW1)),
			(
				"known",
				lambda: paper("seroja.api.documents.evaluation_summary", period=TW1, as_known_on=today()),
			),
			(
				"mail",
				lambda: rendered_text(
					report_files.render(report_files.EVALUATION_SUMMARY, None, {"period": TW1})
				),
			),
		):
			self.hide(channel, ask)
			text = self.asked("operator_a", ask)
			self.assertIn("TesA", text)
			self.assertIn(self.own.recommendation, text)  # the story is there: its advice names what is open
			self.assertNotIn(self.b.recommendation, text)

	def test_a_report_that_the_city_has_built_holds_its_own_opd_only(self):
		for key in ("bureau", "operator_a", "head_a"):
			with self.subTest(user=key):
				frappe.db.savepoint("build")
				doc = frappe.get_doc(c.REPORT, self.own.report)
				as_person(key, lambda d=doc: performance_reports.build(d))
				said = "\n".join([doc.figures, *(row.draft for row in doc.items)])
				self.assertIn(self.own.recommendation, doc.figures)
				self.assertHidden(said)
				as_person(key, lambda d=doc: performance_reports.make_files(d))
				url = frappe.db.get_value(c.REPORT, doc.name, "file")
				pdf = frappe.get_doc("File", {"file_url": url}).get_content()
				self.assertHidden(attached_text(pdf))
				frappe.db.rollback(save_point="build")

	def test_the_figures_of_others_are_not_built_for_an_opd(self):
		for key in OF_A:
			self.assertIsNone(as_person(key, lambda: report_building.figures_of(B, YEAR)))
			self.assertEqual(as_person(key, lambda: year_figures.year_rows([YEAR], {"opd": B})), [])


class TestInbox(AnalysisTestCase):
	def test_the_risk_is_told_to_the_inspektorat_only(self):
		ask = lambda: run("Waiting for Me", {})  # noqa: E731
		text = self.asked("inspector", ask)
		for name in (self.own.draft, self.b.draft, '"risk_parts"', "Temuan"):
			self.assertIn(name, text)
		for key in UNINSPECTING:
			with self.subTest(user=key):
				text = self.asked(key, ask)
				self.assertNotIn('"fieldname": "risk', text)
				self.assertNotIn("Temuan", text)
				if key in NOBODY:
					self.assertHidden(text)

	def test_the_inbox_is_the_same_as_if_the_other_did_not_exist(self):
		for ask in (
			lambda: run("Waiting for Me", {}),
			lambda: call("seroja.api.inbox.waiting_count"),
			lambda: paper("seroja.api.documents.report_pdf", report="Waiting for Me", filters="{}"),
		):
			for key in OF_A:
				self.assertHidden(self.asked(key, ask))
		self.check_same("inbox", lambda: run("Waiting for Me", {}), differs_for="inspector")


class TestSettings(AnalysisTestCase):
	"""The language model is the administrator's; its key is nobody's to read."""

	KEY = "kunci-rahasia-7391"
	FIELDS = (
		"use_language_model",
		"language_model_url",
		"language_model_name",
		"language_model_key",
		"language_model_timeout",
	)
	EVERYBODY = (*NOBODY, "head_b", "inspector", "planner", "executive", "bureau", "admin", "Administrator")

	def setUp(self):
		super().setUp()
		doc = frappe.get_doc(SETTINGS)
		doc.update(
			{
				"use_language_model": 1,
				"language_model_url": "http://127.0.0.1:9/v1",
				"language_model_name": MODEL,
				"language_model_key": self.KEY,
				"language_model_timeout": 1,
			}
		)
		doc.save()

	def ways_to_read(self):
		place = {"doctype": SETTINGS, "name": SETTINGS}
		yield "get", lambda: call("frappe.client.get", **place)
		yield "getdoc", lambda: call("frappe.desk.form.load.getdoc", **place)
		yield "docinfo", lambda: call("frappe.desk.form.load.get_docinfo", **place)
		yield "REST v1", lambda: rest(f"/api/resource/{SETTINGS}/{SETTINGS}")
		yield "REST v2", lambda: rest(f"/api/v2/document/{SETTINGS}/{SETTINGS}")
		yield "print", lambda: call("frappe.www.printview.get_html_and_style", doc=SETTINGS, name=SETTINGS)
		for field in self.FIELDS:
			yield (
				f"get_value {field}",
				lambda field=field: call("frappe.client.get_value", doctype=SETTINGS, fieldname=field),
			)
			yield (
				f"get_single_value {field}",
				lambda field=field: call("frappe.client.get_single_value", doctype=SETTINGS, field=field),
			)
			yield (
				f"get_password {field}",
				lambda field=field: call("frappe.client.get_password", **place, fieldname=field),
			)
		for table in ("Singles", "__Auth", "Version", "Error Log", "Deleted Document"):
			yield (
				f"list {table}",
				lambda table=table: call(
					"frappe.client.get_list", doctype=table, fields=["*"], limit_page_length=0
				),
			)

	def test_the_key_is_read_by_nobody(self):
		for channel, ask in self.ways_to_read():
			for key in self.EVERYBODY:
				if channel.startswith("get_password") and key == "Administrator":
					continue  # Frappe hands every password to the system manager
				with self.subTest(channel=channel, user=key):
					self.assertNotIn(self.KEY, self.asked(key, ask))
		for table in ("Version", "Error Log", "Comment", "Singles"):
			held = frappe.db.sql(f"select * from `tab{table}`")
			self.assertNotIn(self.KEY, str(held), table)

	def test_who_has_no_role_reads_nothing_of_the_language_model(self):
		for channel, ask in self.ways_to_read():
			for key in ("outsider", "Guest@"):
				with self.subTest(channel=channel, user=key):
					text = self.asked(key, ask if key == "outsider" else lambda ask=ask: as_guest(ask))
					self.assertNotIn(MODEL, text)
					self.assertNotIn("127.0.0.1:9", text)

	def test_the_key_is_not_told_by_a_refusal_of_the_model(self):
		with self.assertRaises(NotReworded) as refused:
			language_model.reword(["Capaian 12,5 persen."], [])
		self.assertNotIn(self.KEY, str(refused.exception))
		text = self.asked(
			"operator_a", lambda: call("seroja.api.performance_reports.reword", name=self.own.report)
		)
		self.assertRegex(text, "stays as it is|Naskah tetap|tetap")
		self.assertNotIn(self.KEY, text)
		self.assertNotIn(self.KEY, str(frappe.get_all("Error Log", ["*"])))

	def test_it_is_changed_by_the_administrator_only(self):
		values = {"language_model_url": "http://penyerang.example/v1", "use_language_model": 1}
		kept = self.settings()
		for key in self.EVERYBODY[:-2]:
			for channel, ask in (
				(
					"set_value",
					lambda: call(
						"frappe.client.set_value", doctype=SETTINGS, name=SETTINGS, fieldname=values
					),
				),
				(
					"save",
					lambda: call("frappe.client.save", doc=json.dumps(self.forged() | values, default=str)),
				),
				(
					"savedocs",
					lambda: call(
						"frappe.desk.form.save.savedocs",
						doc=json.dumps(self.forged() | values, default=str),
						action="Save",
					),
				),
				("REST v1", lambda: rest(f"/api/resource/{SETTINGS}/{SETTINGS}", "PUT", **values)),
				("REST v2", lambda: rest(f"/api/v2/document/{SETTINGS}/{SETTINGS}", "PATCH", **values)),
			):
				with self.subTest(user=key, channel=channel):
					frappe.db.savepoint("settings")
					self.attempt(key, ask)
					self.assertEqual(self.settings(), kept)
					frappe.db.rollback(save_point="settings")
		self.attempt("admin", lambda: rest(f"/api/resource/{SETTINGS}/{SETTINGS}", "PUT", **values))
		self.assertEqual(self.settings()["language_model_url"], values["language_model_url"])

	def forged(self) -> dict:
		return frappe.get_doc(SETTINGS).as_dict()

	def settings(self) -> dict:
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		return frappe.db.get_singles_dict(SETTINGS)


class TestSamples(AnalysisTestCase):
	"""What was drawn stays as it was drawn, and an OPD does not learn which of its rows are looked at."""

	# Written when it was drawn, by the system only.
	GIVEN = {
		"period": TW2,
		"drawn_from": "Waiting for Verification",
		"size": 99,
		"seed": 99,
		"population": 99,
		"population_digest": "f" * 64,
		"checked": 0,
		"wrong": 0,
	}
	GIVEN_ROW = {
		"opd": "TesC",
		"sheet": "",
		"indicator": f"{A}-4",
		"indicator_name": "diubah",
		"realization": "1",
		"risk": 99,
		"band": "Low",
		"parts": "diubah",
		"findings": "diubah",
		"codes": "diubah",
	}
	RESULT = {"result": "Correct", "note": "diubah"}

	def assertUntold(self, text: str) -> None:
		"""Not a name, not a result of a sample."""
		self.assertNotRegex(text, "VS-2031|RahasiaB temuan|" + self.b.sampled)

	def test_what_was_sampled_does_not_tell_it(self):
		"""The sheet, the indicator, the unit and the period of a sampled row lead nobody else to the sample."""
		row = frappe.db.get_value(SAMPLED, {"parent": self.b.sample, "opd": A}, ["sheet", "indicator"])
		for doctype, name in ((c.REALIZATION, row[0]), (INDICATOR, row[1]), ("OPD", A), (PERIOD, TW1)):
			reference = {"doctype": doctype, "name": name}
			for channel, ask in (
				(
					"linked",
					lambda d=doctype, n=name: call("frappe.desk.form.linked_with.get", doctype=d, docname=n),
				),
				(
					"submitted",
					lambda r=reference: call("frappe.desk.form.linked_with.get_submitted_linked_docs", **r),
				),
				("getdoc", lambda r=reference: call("frappe.desk.form.load.getdoc", **r)),
				(
					"print",
					lambda d=doctype, n=name: call("frappe.www.printview.get_html_and_style", doc=d, name=n),
				),
			):
				for key in UNINSPECTING:
					with self.subTest(channel=channel, doctype=doctype, user=key):
						self.assertUntold(self.asked(key, ask))
			ask = lambda d=doctype, n=name: call("frappe.desk.form.linked_with.get", doctype=d, docname=n)  # noqa: E731
			self.assertIn(self.b.sample, self.asked("inspector", ask))
			ask = lambda r=reference: call(  # noqa: E731
				"frappe.desk.notifications.get_open_count", **r, items=[c.SAMPLE]
			)
			for key in UNINSPECTING:
				with self.subTest(channel="open count", doctype=doctype, user=key):
					self.assertEqual(*self.with_and_without_samples(key, ask))

	def with_and_without_samples(self, key: str, ask) -> list[str]:
		told = [self.attempt(key, ask)]
		frappe.db.savepoint("without")
		frappe.db.delete(c.SAMPLE)
		frappe.db.delete(SAMPLED)
		told.append(self.attempt(key, ask))
		frappe.db.rollback(save_point="without")
		return told

	def test_a_list_of_something_else_does_not_lead_to_it(self):
		for doctype in (c.REALIZATION, INDICATOR, "OPD", PERIOD):
			for fields, filters in (
				([f"`tab{SAMPLED}`.`note`", "name"], []),
				(["name"], [[SAMPLED, "note", "like", "%RahasiaB%"]]),
				(["name"], [[c.SAMPLE, "name", "like", "VS-%"]]),
				(["name", f"(select group_concat(note) from `tab{SAMPLED}`) as owner"], []),
			):
				for cmd in ("frappe.client.get_list", "frappe.desk.reportview.get"):
					for key in UNINSPECTING:
						with self.subTest(cmd=cmd, doctype=doctype, fields=str(fields), user=key):
							ask = lambda cmd=cmd, d=doctype, f=fields, fi=filters: call(  # noqa: E731
								cmd,
								doctype=d,
								fields=json.dumps(f),
								filters=json.dumps(fi),
								**({"page_length": 500} if "view" in cmd else {"limit_page_length": 0}),
							)
							told = self.with_and_without_samples(key, ask)
							self.assertUntold(told[0])
							self.assertEqual(*(text[:60] for text in told))

	def test_what_stands_in_a_sample_is_not_named_when_it_is_deleted(self):
		"""Frappe refuses to delete what something links to, and names that something."""
		rows = frappe.get_all(SAMPLED, {"parent": self.b.sample, "opd": A}, ["sheet", "indicator"])
		self.assertGreater(len(rows), 1)  # the one that a plan holds is refused before Frappe looks at links
		for doctype, name, key in (
			(c.REALIZATION, rows[0].sheet, "operator_a"),
			*((INDICATOR, row.indicator, "planner") for row in rows),
			(PERIOD, TW1, "bureau"),
			("OPD", A, "planner"),
		):
			for channel, ask in ways_to_remove(doctype, name):
				with self.subTest(doctype=doctype, name=name, user=key, channel=channel):
					self.assertUntold(self.asked(key, ask))

	def test_charts_and_cards_count_no_samples(self):
		for doctype, parent, field in ((c.SAMPLE, None, "wrong"), (SAMPLED, c.SAMPLE, "risk")):
			card = {
				"doctype": "Number Card",
				"document_type": doctype,
				"parent_document_type": parent,
				"aggregate_function_based_on": field,
			}
			chart = {
				"name": "forged",
				"document_type": doctype,
				"parent_document_type": parent,
				"based_on": "creation",
				"value_based_on": field,
				"filters_json": "[]",
				"timespan": "Last Year",
				"time_interval": "Yearly",
			}
			asked = [
				lambda card=card | {"function": function}: call(
					CARD + "get_result", doc=json.dumps(card), filters="[]"
				)
				for function in ("Count", "Sum", "Maximum")
			]
			asked += [
				lambda chart=chart | {"chart_type": kind, "type": form}: call(
					CHART + "get", chart=json.dumps(chart), no_cache=1, heatmap_year=today()[:4]
				)
				for kind, form in (
					("Count", "Heatmap"),
					("Sum", "Heatmap"),
					("Count", "Bar"),
					("Sum", "Line"),
				)
			]
			for number, ask in enumerate(asked):
				for key in UNINSPECTING:
					with self.subTest(doctype=doctype, number=number, user=key):
						self.assertEqual(*self.with_and_without_samples(key, ask))

	def test_tags_and_traces_do_not_name_it(self):
		tag = "frappe.desk.doctype.tag.tag."
		for channel, ask in (
			("docs", lambda: call(f"{tag}get_documents_for_tag", tag="#Penting")),
			("tagged", lambda: call(f"{tag}get_tagged_docs", doctype=c.SAMPLE, tag="Penting")),
			("tags", lambda: call(f"{tag}get_tags", doctype=c.SAMPLE, txt="")),
			*(
				(
					kind,
					lambda kind=kind: call(
						"frappe.client.get_list", doctype=kind, fields=["*"], limit_page_length=0
					),
				)
				for kind in (
					"Tag Link",
					"Version",
					"Comment",
					"Communication",
					"ToDo",
					"DocShare",
					"Document Follow",
					"Notification Log",
					"Activity Log",
					"View Log",
					"Access Log",
					"Workflow Action",
					"SEROJA Notice",
					"Deleted Document",
				)
			),
		):
			for key in UNINSPECTING:
				if (channel, key) == ("ToDo", "head_b"):
					continue  # the trace that the test left is his
				with self.subTest(channel=channel, user=key):
					self.assertUntold(self.asked(key, ask))

	def test_search_over_everything_does_not_name_it(self):
		self.need_full_text_search()
		for key in UNINSPECTING:
			with self.subTest(user=key):
				self.assertUntold(
					self.asked(
						key,
						lambda: call("frappe.utils.global_search.search", text="VS-2031", start=0, limit=50),
					)
				)

	def test_no_file_hangs_on_it(self):
		"""A file would follow its document by the rules of Frappe alone."""
		sample = frappe.get_doc(c.SAMPLE, self.b.sample)
		for key in ("inspector", "admin", *UNINSPECTING):
			with self.subTest(user=key):
				make = lambda key=key: as_person(key, lambda: make_file(sample, "isi", "sampel.txt"))  # noqa: E731
				self.assertRefused(make, exceptions=REFUSED)
		self.assertFalse(frappe.db.exists("File", {"attached_to_doctype": c.SAMPLE}))

	def test_nobody_lets_others_in(self):
		place = {"doctype": c.SAMPLE, "name": self.b.sample}
		other = person("operator_a")
		for key in (*UNINSPECTING, "inspector", "admin"):
			for cmd, arguments in (
				("frappe.share.add", place | {"user": other, "read": 1}),
				("frappe.share.add", place | {"everyone": 1, "read": 1}),
				("frappe.share.set_permission", place | {"user": other, "permission_to": "read", "value": 1}),
				("frappe.desk.form.assign_to.add", place | {"assign_to": json.dumps([other])}),
				(
					"frappe.desk.form.document_follow.follow_document",
					{"doctype": c.SAMPLE, "doc_name": self.b.sample, "user": other},
				),
			):
				with self.subTest(user=key, cmd=cmd):
					frappe.db.savepoint("share")
					self.attempt(key, lambda cmd=cmd, a=arguments: call(cmd, **a))
					text = self.asked("operator_a", lambda: call("frappe.client.get", **place))
					self.assertTrue(text.startswith("(refused)"), text[:200])
					self.assertUntold(
						self.asked("operator_a", lambda: call("frappe.client.get_list", doctype=c.SAMPLE))
					)
					frappe.db.rollback(save_point="share")

	def test_it_is_read_by_those_who_verify_and_the_administrator(self):
		for key in ("inspector", "inspector2", "admin"):
			text = self.asked(
				key, lambda: call("frappe.desk.form.load.getdoc", doctype=c.SAMPLE, name=self.b.sample)
			)
			self.assertIn("RahasiaB temuan", text)
			self.assertIn('"precision"', text)  # of all samples

	def test_the_precision_of_all_samples_is_told_with_a_sample_only(self):
		new = json.dumps({"doctype": c.SAMPLE, "name": self.b.sample, "period": TW1})
		for key in UNINSPECTING:
			for ask in (
				lambda: call("frappe.desk.form.load.getdoc", doctype=c.SAMPLE, name=self.b.sample),
				lambda: call("run_doc_method", docs=new, method="onload"),
				lambda: call("run_doc_method", dt=c.SAMPLE, dn=self.b.sample, method="onload"),
				lambda: call("frappe.www.printview.get_html_and_style", doc=new),
				lambda: call("frappe.model.workflow.get_transitions", doc=new),
			):
				text = self.asked(key, ask)
				self.assertNotIn('"precision"', text)
				self.assertUntold(text.replace(self.b.sample, "·"))

	def test_only_the_inspektorat_draws(self):
		doc = {"doctype": c.SAMPLE, "period": TW1, "drawn_from": "Verified", "seed": 3}
		for key in (*UNINSPECTING, "admin"):
			for size in (6, 1, 10_000):  # the sentences about the size tell how many rows there are
				for ask in (
					lambda size=size: call("frappe.client.insert", doc=doc | {"size": size}),
					lambda size=size: rest(f"/api/resource/{c.SAMPLE}", "POST", **doc, size=size),
					lambda size=size: call(
						"frappe.desk.form.save.savedocs",
						doc=json.dumps(doc | {"size": size, "__islocal": 1, "name": "new-sample-1"}),
						action="Save",
					),
				):
					with self.subTest(user=key, size=size):
						text = self.asked(key, ask)
						self.assertTrue(text.startswith("(refused)"), text[:200])
						self.assertNotRegex(text, r"baris|\brows\b|VS-2031")
		self.assertEqual(frappe.db.count(c.SAMPLE), 1)
		text = self.asked("inspector", lambda: call("frappe.client.insert", doc=doc | {"size": 6}))
		self.assertIn("VS-2031", text)

	def test_a_new_sample_brings_no_rows_or_results(self):
		row = {"doctype": SAMPLED, "opd": A, "indicator": f"{A}-4", "risk": 99, "codes": "x", **self.RESULT}
		given = {field: self.GIVEN[field] for field in ("population", "population_digest")}
		values = {"period": TW1, "drawn_from": "Verified", "size": 6, "seed": 7, "items": [row]}
		doc = {"doctype": c.SAMPLE, "checked": 9, "wrong": 9, "docstatus": 1, "name": "PALSU-1", **values}
		plain = {"doctype": c.SAMPLE, "period": TW1, "drawn_from": "Verified", "size": 6, "seed": 7}
		honest = as_person("inspector", lambda: frappe.get_doc(plain).insert())
		before = set(frappe.get_all(c.SAMPLE, pluck="name"))
		for attempt in (doc | given, doc | given | {"docstatus": 0, "__newname": "PALSU-1"}):
			self.attempt("inspector", lambda d=attempt: call("frappe.client.insert", doc=d))
		made = set(frappe.get_all(c.SAMPLE, pluck="name")) - before
		self.assertTrue(made)
		known = stored(c.SAMPLE, honest.name)
		drawn = [[each[field] for field in self.GIVEN_ROW] for each in known["items"]]
		for name in made:
			found = stored(c.SAMPLE, name)
			self.assertRegex(name, r"^VS-2031-TW1-\d+$")
			head, rows = found[""], found["items"]
			self.assertEqual((head["docstatus"], head["checked"], head["wrong"]), ("0", "0", "0"))
			for field in given:
				self.assertEqual(head[field], known[""][field])
			self.assertEqual([[each[field] for field in self.GIVEN_ROW] for each in rows], drawn)
			results = {value for each in rows for value in (each["result"], each["note"])}
			self.assertLessEqual(results, {"", "None"})

	def test_what_was_drawn_is_changed_by_nobody(self):
		name, row = self.b.sample, self.b.sampled
		before = stored(c.SAMPLE, name)
		for field, value in self.GIVEN.items():
			self.assertNotEqual(before[""][field], str(value), "the probe would change nothing")
		fields = {"": (*self.GIVEN, "docstatus", "owner"), "items": tuple(self.GIVEN_ROW)}
		for key in ("inspector", "inspector2", "admin", "Administrator"):
			for channel, ask in (
				*ways_to_write(c.SAMPLE, name, "", "", self.GIVEN | {"docstatus": 1}),
				*ways_to_write(c.SAMPLE, name, "items", row, self.GIVEN_ROW),
			):
				if key == "Administrator" and "db_update" in channel:
					continue
				with self.subTest(user=key, channel=channel):
					self.assertKept(before, self.outcome(c.SAMPLE, name, key, ask), fields, channel)

	def test_rows_are_neither_added_nor_removed_nor_moved(self):
		name = self.b.sample
		before = stored(c.SAMPLE, name)
		doc = json.loads(json.dumps(frappe.get_doc(c.SAMPLE, name).as_dict(), default=str))
		extra = {"doctype": SAMPLED, "opd": A, "indicator": f"{A}-4", "result": "Correct"}
		for what, items in (
			("added", [*doc["items"], extra]),
			("removed", doc["items"][1:]),
			("all removed", []),
			("moved", [row | {"idx": 99 - row["idx"]} for row in reversed(doc["items"])]),
			("renamed", [row | {"name": f"x{row['idx']}"} for row in doc["items"]]),
		):
			for key in ("inspector", "admin"):
				for channel, ask in ways_to_write(c.SAMPLE, name, "", "", {"items": items}):
					if channel == "Data Import":
						continue  # of heads only
					with self.subTest(what=what, user=key, channel=channel):
						after = self.outcome(c.SAMPLE, name, key, ask)
						self.assertEqual(after["items"], before["items"])

	def test_results_are_written_by_the_inspektorat_only(self):
		name, row = self.b.sample, self.b.sampled
		before = stored(c.SAMPLE, name)
		written = {}
		for key in ("inspector", "inspector2", "admin", *UNINSPECTING):
			written[key] = {
				channel
				for channel, ask in ways_to_write(c.SAMPLE, name, "items", row, self.RESULT)
				if self.outcome(c.SAMPLE, name, key, ask)["items"] != before["items"]
			}
		for key, channels in written.items():
			with self.subTest(user=key):
				if key.startswith("inspector"):
					self.assertLessEqual({"save", "REST v1", "set_value", "savedocs Save"}, channels)
				else:
					self.assertEqual(channels, set())

	def test_wrong_needs_a_note_on_every_way(self):
		name, row = self.b.sample, self.b.sampled
		before = stored(c.SAMPLE, name)
		for values in (
			{"result": "Wrong", "note": ""},
			{"result": "Wrong", "note": " \n "},
			{"result": "Palsu"},
		):
			for channel, ask in ways_to_write(c.SAMPLE, name, "items", row, values):
				with self.subTest(values=str(values), channel=channel):
					after = self.outcome(c.SAMPLE, name, "inspector", ask)
					self.assertEqual(after["items"], before["items"])

	def test_it_is_kept(self):
		before = stored(c.SAMPLE, self.b.sample)
		for key in ("inspector", "admin", "Administrator", *UNINSPECTING):
			for channel, ask in ways_to_remove(c.SAMPLE, self.b.sample):
				if key == "Administrator" and "rename" in channel:
					continue
				with self.subTest(user=key, channel=channel):
					self.assertEqual(self.outcome(c.SAMPLE, self.b.sample, key, ask), before)


@contextmanager
def a_model(paragraphs: tuple[str, ...] = ("Kalimat mesin tentang capaian.",)):
	"""A language model that says this."""
	with patch.object(language_model, "reword", return_value=(list(paragraphs), MODEL)) as asked:
		yield asked


class TestMachineMark(AnalysisTestCase):
	"""A text of the machine is known as one, whoever would rather not have it so."""

	WRITERS = ("operator_a", "head_a", "bureau")

	def setUp(self):
		super().setUp()
		with a_model():
			self.reword("operator_a")
		self.row = self.section().name

	def reword(self, key: str):
		as_person(key, lambda: performance_reports.reword(frappe.get_doc(c.REPORT, self.own.report)))

	def section(self, report: str | None = None):
		return frappe.get_doc(SECTION, {"parent": report or self.own.report, "section_key": "evaluation"})

	def mark(self, after: dict) -> dict:
		return next(row for row in after["items"] if row["name"] == self.row)

	def printed(self, report: str | None = None) -> str:
		"""What stands in the two files of a report."""
		doc = frappe.get_doc(c.REPORT, report or self.own.report)
		as_person("operator_a", lambda: performance_reports.make_files(doc))
		urls = frappe.db.get_value(c.REPORT, doc.name, ["file", "word_file"])
		pdf = attached_text(frappe.get_doc("File", {"file_url": urls[0]}).get_content())
		return _one_line(pdf) + _one_line(self.asked("operator_a", lambda: download(urls[1])))

	def write(self, text: str) -> None:
		doc = frappe.get_doc(c.REPORT, self.own.report)
		next(row for row in doc.items if row.name == self.row).text = text
		as_person("operator_a", doc.save)

	def test_it_is_not_taken_away(self):
		name = self.own.report
		hidden = {
			"machine_model": "",
			"machine_edited": 0,
			"is_edited": 0,
			"draft": "Kalimat mesin tentang capaian.",
		}
		before = stored(c.REPORT, name)
		self.assertEqual(self.mark(before)["machine_model"], MODEL)
		for values in (
			hidden,
			{"machine_model": "model-lain"},
			hidden | {"text": "Kalimat mesin tentang capaian. Diubah."},
			{"section_key": "lain", "text": "Kalimat mesin tentang capaian. Diubah."},
		):
			for key in (*self.WRITERS, "inspector"):
				for channel, ask in ways_to_write(c.REPORT, name, "items", self.row, values):
					with self.subTest(user=key, channel=channel, values=str(list(values))):
						after = self.mark(self.outcome(c.REPORT, name, key, ask))
						is_changed = after["text"] != self.mark(before)["text"]
						self.assertEqual((after["machine_model"], after["is_edited"]), (MODEL, "1"))
						self.assertEqual(after["machine_edited"], str(int(is_changed)))

	def test_rows_are_not_exchanged_to_lose_it(self):
		doc = json.loads(json.dumps(frappe.get_doc(c.REPORT, self.own.report).as_dict(), default=str))
		rows = doc["items"]
		for items in (
			[row for row in rows if row["name"] != self.row],
			[row | ({"name": "baru"} if row["name"] == self.row else {}) for row in rows],
			[row | ({"name": None, "machine_model": ""} if row["name"] == self.row else {}) for row in rows],
		):
			for channel, ask in ways_to_write(c.REPORT, self.own.report, "", "", {"items": items}):
				if channel != "Data Import":
					after = self.mark(self.outcome(c.REPORT, self.own.report, "operator_a", ask))
					with self.subTest(channel=channel):
						self.assertEqual(after["machine_model"], MODEL)

	def test_a_text_that_was_changed_after_it_keeps_a_mark(self):
		for text in ("Kalimat mesin tentang capaian. Diubah.", "  Diubah  ", ""):
			self.write(text)
			row = self.section()
			self.assertEqual((row.machine_model, row.machine_edited), (MODEL, 1), text)

	def test_it_is_printed_in_both_files_and_says_whether_people_changed_the_text(self):
		made, edited = (sentence.format(model=MODEL) for sentence in (MACHINE_MADE, MACHINE_EDITED))
		text = self.printed()
		self.assertEqual((text.count(_one_line(made)), text.count(_one_line(edited))), (2, 0))
		self.write("Kalimat mesin tentang capaian. Diubah.")
		text = self.printed()
		self.assertEqual((text.count(_one_line(made)), text.count(_one_line(edited))), (0, 2))

	def test_it_stays_through_a_new_build_a_review_and_the_publication(self):
		data = as_person("operator_a", lambda: report_building.figures_of(A, YEAR))
		with patch.object(report_building, "figures_of", lambda opd, year: data), a_model():
			doc = as_person("operator_a", lambda: _build_report(A, "TesA milik", YEAR_OVER))
			as_person("operator_a", lambda: performance_reports.reword(doc))
			doc.reload()
			as_person("operator_a", lambda: performance_reports.build(doc))
		for action, key in (("Review", "inspector"), ("Hand In", "head_a")):
			doc = step(doc, action, key, "Telah direviu" if action == "Review" else "")
		self.assertEqual(self.section(doc.name).machine_model, MODEL)
		text = self.printed(doc.name)
		self.assertEqual(text.count(_one_line(MACHINE_MADE.format(model=MODEL))), 2)

	def test_it_is_not_washed_off_by_way_of_the_draft(self):
		"""The draft back, and then the words of the machine again, as if they were one's own."""
		words = self.section().text
		self.write(self.section().draft)
		self.write(words)
		self.assertEqual(self.section().machine_model, MODEL)

	def test_the_draft_itself_bears_no_mark(self):
		self.write(self.section().draft)
		self.assertNotIn(MODEL, self.printed())

	def test_a_text_of_people_is_not_given_a_mark(self):
		doc = frappe.get_doc(c.REPORT, self.own.report)
		other = next(row for row in doc.items if row.name != self.row)
		values = {"machine_model": MODEL, "machine_edited": 1, "text": "ditulis orang"}
		for channel, ask in ways_to_write(c.REPORT, doc.name, "items", other.name, values):
			after = self.outcome(c.REPORT, doc.name, "operator_a", ask)
			row = next(row for row in after["items"] if row["name"] == other.name)
			with self.subTest(channel=channel):
				self.assertIn(row["machine_model"], ("", "None"))
				self.assertEqual(row["machine_edited"], "0")

	def test_a_new_report_brings_no_text_with_it(self):
		rows = [row.as_dict() for row in frappe.get_doc(c.REPORT, self.own.report).items]
		doc = {"doctype": c.REPORT, "opd": A, "year": 2019, "items": rows}
		self.attempt("operator_a", lambda: call("frappe.client.insert", doc=json.dumps(doc, default=str)))
		self.assertEqual(stored(c.REPORT, f"LKjIP-{A}-2019")["items"], [])

	def test_the_model_is_asked_for_the_own_report_only(self):
		before = stored(c.REPORT, self.b.report)
		with a_model() as asked:
			for key in (*NOBODY, "inspector", "planner", "executive", "admin"):
				for method in ("POST", "GET"):
					ask = lambda method=method: call(  # noqa: E731
						"seroja.api.performance_reports.reword", method, name=self.b.report
					)
					with self.subTest(user=key, method=method):
						text = self.asked(key, ask)
						self.assertTrue(text.startswith("(refused)"), text[:200])
						self.assertHidden(text, (self.b.report, *(() if key in NOBODY else (B,))))
			text = self.asked(
				"Guest@",
				lambda: as_guest(lambda: call("seroja.api.performance_reports.reword", name=self.b.report)),
			)
			self.assertTrue(text.startswith("(refused)"), text[:200])
			asked.assert_not_called()
			self.assertEqual(stored(c.REPORT, self.b.report), before)
			as_person("operator_b", lambda: call("seroja.api.performance_reports.reword", name=self.b.report))
			asked.assert_called_once()

	def test_the_model_is_told_nothing_of_others(self):
		"""Also where the bureau, which sees all, asks for it."""
		for key in self.WRITERS:
			with a_model() as asked:
				self.reword(key)
			paragraphs, names = asked.call_args.args
			self.assertTrue(paragraphs)
			self.assertHidden("\n".join([*paragraphs, *names]))

	def test_a_reviewed_text_is_not_reworded(self):
		doc = step(frappe.get_doc(c.REPORT, self.own.report), "Review", "inspector", "Telah direviu")
		before = stored(c.REPORT, doc.name)
		with a_model(("Kalimat lain.",)) as asked:
			for key in (*self.WRITERS, "inspector"):
				self.assertRefused(self.reword, key, exceptions=REFUSED)
			asked.assert_not_called()
		self.assertEqual(stored(c.REPORT, doc.name), before)


def _one_line(text: str) -> str:
	return "".join(text.split())
