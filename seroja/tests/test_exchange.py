"""The exchange, in: from the system of somebody else to a proposal on a sheet, or a row of the reconciliation."""

import gzip
import io
import json
from base64 import b64encode
from unittest.mock import patch

import frappe
import openpyxl
from frappe.core.doctype.version.version import get_diff
from frappe.model.document import Document
from frappe.utils import add_days, add_to_date, get_datetime, now_datetime, time_diff_in_seconds, today

from seroja import constants as c
from seroja.core import source_records, sources
from seroja.services import (
	configuration,
	data_runs,
	data_schedule,
	data_sources,
	evidence,
	proposals,
	seals,
)
from seroja.services.data_runs import RUN, SOURCE
from seroja.tests.source_server import SourceServer, ckan
from seroja.tests.test_isolation import call, rest
from seroja.tests.test_reports import counted, insert_raw
from seroja.tests.utils import (
	APPROVE,
	REOPEN,
	RETURN,
	SUBMIT,
	VERIFY,
	YEAR,
	A,
	B,
	SerojaTestCase,
	draft_sheet,
	fill_sheet,
	make_file,
	person,
	take,
	verified_sheet,
)

TW1 = f"{YEAR}-TW1"
SETTINGS = "Exchange Settings"
SECRET = "RahasiaKunci-9371"
REFUSED = (frappe.ValidationError, frappe.PermissionError)


def allow(*hosts: str, **flags) -> None:
	"""Let figures be fetched from these hosts."""
	settings = frappe.get_doc(SETTINGS)
	rows = [{"host_name": host, "may_be_private": 1, "may_be_http": 1, **flags} for host in hosts]
	settings.set("hosts", rows)
	settings.save()


def forget_settings() -> None:
	"""Nothing of the settings is remembered across the rollback of a test."""
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	frappe.db.value_cache.pop(SETTINGS, None)


def row_of(doc, number: int):
	return next(row for row in doc.items if row.indicator == f"{A}-{number}")


def take_period(quarter: int, closes: int) -> None:
	"""A quarter whose verification closes that many days from today."""
	name = f"{YEAR}-TW{quarter}"
	values = {"entry_opens": add_days(today(), -90), "verification_closes": add_days(today(), closes)}
	frappe.db.set_value("Reporting Period", name, values)


class ExchangeCase(SerojaTestCase):
	"""A server, a source that asks it for the first indicator of OPD A, and whoever runs it."""

	def setUp(self):
		super().setUp()
		forget_settings()
		allow("localhost")
		self.server = SourceServer([{"kode": "TesA-1", "nilai": "91,5"}])
		self.addCleanup(self.server.stop)
		self.addCleanup(forget_settings)

	def source(self, **values):
		given = {
			"doctype": SOURCE,
			"title": "Sumber Uji",
			"kind": "HTTP JSON",
			"url": f"{self.server.url}/data?tahun={{year}}&tw={{quarter}}",
			"mappings": [{"indicator": "TesA-1", "column_name": "nilai", "condition": "kode = TesA-1"}],
		}
		return frappe.get_doc(given | values).insert()

	def rate_source(self, **values):
		"""A source of numerator and denominator of the second indicator, which becomes a ratio."""
		indicator = frappe.get_doc(c.INDICATOR, "TesA-2")
		parts = {"numerator_label": "Selesai", "denominator_label": "Masuk"}
		indicator.update({"value_source": c.RATIO, **parts}).save()
		figures = [("Numerator", "selesai"), ("Denominator", "masuk"), ("Budget Realization", "biaya")]
		self.server.content = [{"selesai": 30, "masuk": 40, "biaya": 750000}]
		mappings = [
			{"indicator": "TesA-2", "figure": figure, "column_name": column} for figure, column in figures
		]
		return self.source(mappings=mappings, **values)

	def run_of(self, source, **values):
		return frappe.get_doc({"doctype": RUN, "data_source": source.name, "period": TW1} | values).insert()

	def fetched(self, source=None):
		return data_runs.fetch(self.run_of(source or self.source()))

	def accepted(self, source=None):
		run = self.fetched(source)
		data_runs.accept(run)
		return run

	def says(self, value, **more) -> None:
		"""From now on the other system has this figure."""
		self.server.content = [{"kode": "TesA-1", "nilai": value, **more}]

	def accept_each(self, source, *values) -> None:
		"""One accepted run after the other; one that finds nothing new has nothing to accept."""
		for value in values:
			self.says(value)
			run = self.fetched(source)
			if run.state == data_runs.PREVIEW:
				data_runs.accept(run)

	def states(self, doctype: str = c.PROPOSAL, **filters) -> list[tuple[str, str]]:
		field = "value" if doctype == c.PROPOSAL else "their_value"
		rows = frappe.get_all(doctype, filters, [field, "state"], order_by="creation", as_list=True)
		return [tuple(row) for row in rows]

	def offered(self, sheet) -> list[dict]:
		return proposals.of_sheet(frappe.get_doc(c.REALIZATION, sheet.name))

	def take_all(self, sheet, key: str = "operator_a") -> int:
		self.as_user(key)
		try:
			names = [row["name"] for row in self.offered(sheet)]
			return proposals.take(proposals.sheet_of(sheet.name), names)
		finally:
			frappe.set_user("Administrator")

	def assertSays(self, words: str, action, *args, **kwargs):
		"""The action is refused with a sentence that holds these words."""
		with self.assertRaises(frappe.ValidationError) as caught:
			action(*args, **kwargs)
		self.assertIn(words, str(caught.exception) + json.dumps(frappe.get_message_log()))
		frappe.clear_messages()


class TestHosts(ExchangeCase):
	def test_only_an_allowed_host_is_taken_into_a_source(self):
		self.source(title="Boleh")
		for number, url in enumerate(
			(
				"https://lain.example/data",
				"http://127.0.0.1/data",
				"http://2130706433/data",
				"http://0x7f.1/data",
				"http://[::1]/data",
				"http://[::ffff:127.0.0.1]/data",
				"http://localhost.lain.example/data",
				"http://localhost@lain.example/data",
				"http://user:kata@localhost/data",
				"http://lain.example#@localhost/",
				"http:///data",
				"file:///etc/passwd",
				"gopher://localhost/",
				"//localhost/data",
				"localhost",
				"http://localhost\\@lain.example/",
				"http://local\thost/",
			)
		):
			with self.subTest(url), self.assertRaises(frappe.ValidationError):
				self.source(title=f"Sumber {number}", url=url)

	def test_odd_spellings_of_an_allowed_host_are_the_same_host(self):
		port = self.server.url.rpartition(":")[2]
		for number, host in enumerate(("LOCALHOST", "localhost.", "Localhost")):
			with self.subTest(host):
				source = self.source(title=f"Sumber {number}", url=f"http://{host}:{port}/data")
				self.assertEqual(self.fetched(source).state, "Preview")

	def test_http_and_the_own_network_each_need_their_permission(self):
		allow("localhost", may_be_http=0)
		self.assertSays("https", self.source)
		allow("localhost", may_be_private=0)
		run = self.fetched()
		self.assertEqual(run.state, "Failed")
		self.assertIn("alamat jaringan yang tidak diizinkan", run.message)
		self.assertEqual(self.server.asked, [])

	def test_a_host_that_is_allowed_no_longer_is_asked_no_longer(self):
		source = self.source()
		allow("lain.example")
		run = self.fetched(source)
		self.assertEqual((run.state, self.server.asked), ("Failed", []))
		self.assertIn("tidak ada dalam daftar host", run.message)

	def test_the_token_address_follows_the_same_rules(self):
		values = {"authentication": "OAuth2 Client Credentials", "client_id": "seroja", "secret": SECRET}
		self.assertSays("lain.example", self.source, token_url="https://lain.example/token", **values)

	def test_hosts_are_listed_in_one_form_and_once(self):
		settings = frappe.get_doc(SETTINGS)
		for names in (
			("https://data.example",),
			("data.example/x",),
			("0x7f.1",),
			("a.example", "A.EXAMPLE."),
		):
			with self.subTest(names), self.assertRaises(frappe.ValidationError):
				settings.set("hosts", [{"host_name": name} for name in names])
				settings.save()
		allow("Data.Example.")
		self.assertEqual(frappe.get_doc(SETTINGS).hosts[0].host_name, "data.example")

	def test_only_the_administrator_lists_hosts_and_describes_sources(self):
		source = self.source()
		for key in ("planner", "inspector", "bureau", "executive", "operator_a", "head_a", "viewer_a"):
			self.as_user(key)
			with self.subTest(key):
				self.assertRefused(allow, "lain.example")
				self.assertRefused(source.save)
				self.assertRefused(self.source, title="Lain")
		self.as_user("admin")
		allow("localhost", "lain.example")
		frappe.get_doc(SOURCE, source.name).save()


class TestSources(ExchangeCase):
	def test_time_and_size_have_limits(self):
		for values in (
			{"timeout": 0},
			{"timeout": 61},
			{"timeout": -1},
			{"size_limit": 0},
			{"size_limit": 51},
			{"size_limit": 10**30},
			{"page_size": -1},
			{"page_size": 10**30},
			{"first_page": 10**30},
			{"silent_days": 10**30},
		):
			with self.subTest(values), self.assertRaises(frappe.ValidationError):
				self.source(**values)
		self.assertSays(
			"Records per Page: give a number from 1 to 10.000", self.source, page_size="1" + "0" * 30
		)
		self.source(timeout=60, size_limit=50, page_size=10_000, first_page=0, silent_days=0)

	def test_a_character_that_cannot_be_stored_is_refused_in_words(self):
		value = {"indicator": "TesA-1", "column_name": "nilai"}
		for label, values in (
			("Name", {"title": "a\x00b"}),
			("Name", {"title": "a\ud800"}),
			("Address", {"url": f"{self.server.url}/\x00"}),
			("User", {"authentication": "Basic", "user_name": "a\x00"}),
			("Indicator", {"mappings": [value | {"indicator": "a\x00"}]}),
			("Column", {"mappings": [value | {"column_name": "a\x00"}]}),
			("Condition", {"mappings": [value | {"condition": "a = \x00"}]}),
		):
			with self.subTest(label):
				self.assertSays(f"{label} holds a character", self.source, **values)
		source = self.source()
		source.records_path = "$.\x00"
		self.assertSays("holds a character", source.save)

	def test_an_answer_in_pages_needs_a_path_to_one_whole_list(self):
		paging = {"paging": "Offset", "page_parameter": "mulai"}
		for values in (paging, {"kind": "CKAN Datastore", "resource": "x"}):
			with self.subTest(values):
				self.assertSays(
					"one whole list", self.source, records_path="$.data[?@.tahun == 2026]", **values
				)
		self.source(title="Halaman", records_path="$.data[*]", **paging)
		self.source(title="Satu", records_path="$.data[?@.tahun == 2026]")

	def test_a_source_without_what_it_needs_is_refused(self):
		for words, values in (
			("Address", {"url": ""}),
			("Resource", {"kind": "CKAN Datastore", "url": self.server.url}),
			("User", {"authentication": "Basic", "secret": SECRET}),
			("Header", {"authentication": "Header", "secret": SECRET}),
			(
				"Token",
				{"authentication": "OAuth2 Client Credentials", "client_id": "seroja", "secret": SECRET},
			),
			("Parameter", {"paging": "Page Number"}),
			("Next", {"paging": "Next Address"}),
		):
			with self.subTest(words):
				self.assertSays(words, self.source, **values)

	def test_an_unknown_placeholder_or_a_broken_path_is_refused_in_words(self):
		self.assertSays("{bulan}", self.source, url=f"{self.server.url}/data?bulan={{bulan}}")
		self.assertSays("$[", self.source, records_path="$[")

	def test_a_secret_stays_with_the_server_that_it_was_given_for(self):
		allow("localhost", "data.contoh.example")
		source = self.source(authentication="Bearer", secret="rahasia-uji")
		source.update({"schedule": "Daily", "url": f"{source.url}&lagi=1"}).save()
		self.assertEqual(source.get_password("secret"), "rahasia-uji")
		source = frappe.get_doc(SOURCE, source.name)
		source.update({"url": "https://data.contoh.example/data"}).save()
		self.assertIsNone(source.get_password("secret", raise_exception=False))

	def test_a_key_in_the_address_is_refused(self):
		for name in ("api_key", "token", "client_secret", "password"):
			with self.subTest(name), self.assertRaises(frappe.ValidationError):
				self.source(url=f"{self.server.url}/data?{name}=abc")

	def test_an_upload_needs_no_address_and_no_schedule(self):
		source = self.source(kind="Upload", url="", schedule="Daily", authentication="Bearer")
		self.assertEqual((source.schedule, source.authentication), ("By Hand", "None"))

	def test_a_mapping_that_does_not_fit_the_indicator_is_refused(self):
		self.rate_source(title="Rasio")
		formula = frappe.get_doc(c.INDICATOR, "TesA-3")
		formula.update({"value_source": c.FORMULA, "expression": "[TesA-1] * 2"}).save()
		value = {"indicator": "TesA-1", "column_name": "nilai"}
		for number, rows in enumerate(
			(
				[value | {"indicator": "TesA-3"}],
				[value | {"indicator": "TesA-2"}],
				[value | {"figure": "Numerator"}, value | {"figure": "Denominator"}],
				[value | {"indicator": "TesA-2", "figure": "Numerator"}],
				[value, value | {"column_name": "lain"}],
				[value | {"path": "$[0].nilai"}],
				[value | {"column_name": "", "path": "$[?@.nilai"}],
				[value | {"column_name": "", "path": "$[?match(@.kode, '(a+)+b')].nilai"}],
				[value | {"column_name": ""}],
				[value | {"condition": "kode"}],
				[value | {"condition": "tahun = {tahun}"}],
				[value | {"factor": "0"}],
				[value | {"factor": "seribu"}],
				[value | {"indicator": "TidakAda"}],
			)
		):
			with self.subTest(rows), self.assertRaises(frappe.ValidationError):
				self.source(title=f"Sumber {number}", mappings=rows)
		budget = value | {"indicator": "TesA-3", "figure": "Budget Realization"}
		self.source(title="Anggaran", mappings=[budget])

	def test_every_preset_fills_a_form_that_saves_once_indicators_are_chosen(self):
		self.rate_source(title="Rasio")
		self.assertEqual([row["value"] for row in data_sources.presets()], list(sources.shipped_presets()))
		for preset in data_sources.presets():
			values = data_sources.preset_values(preset["value"])
			self.assertTrue(preset["label"] and preset["description"] == values.pop("description"))
			plain = iter(("TesA-1", "TesA-3", "TesA-4"))
			chosen = {}
			for row in values["mappings"]:
				is_ratio = row["figure"] in ("Numerator", "Denominator")
				row["indicator"] = chosen.setdefault(row["hint"], "TesA-2" if is_ratio else next(plain))
			values |= {"title": preset["label"], "preset": preset["value"], "resource": "contoh"}
			with self.subTest(preset["value"]):
				source = frappe.get_doc(SOURCE, self.source(**values).name)
				self.assertEqual(len(source.mappings), len(values["mappings"]))
				self.assertTrue(all(row.hint for row in source.mappings))
		with self.assertRaises(frappe.ValidationError):
			data_sources.preset_values("../seroja")

	def test_what_the_runs_write_is_not_written_by_a_request(self):
		source = self.source()
		self.fetched(source)
		before = frappe.get_doc(SOURCE, source.name)
		self.as_user("admin")
		forged = {
			"last_success_on": "2020-01-01 00:00:00",
			"last_attempt_on": "2020-01-01 00:00:00",
			"last_records_on": "2020-01-01 00:00:00",
			"last_turn_on": "2020-01-01 00:00:00",
			"failures": 99,
			"next_attempt_on": "2099-01-01 00:00:00",
			"last_error": "palsu",
			"warned_on": "2020-01-01",
			"columns_seen": "{}",
		}
		rest(f"/api/resource/{SOURCE}/{source.name}", "PUT", silent_days=3, **forged)
		after = frappe.get_doc(SOURCE, source.name)
		self.assertEqual(after.silent_days, 3)
		for field in forged:
			self.assertEqual(str(after.get(field)), str(before.get(field)), field)
		new = self.source(title="Baru", **forged)
		self.assertFalse([field for field in forged if new.get(field)])

	def test_an_open_form_saved_after_a_run_takes_nothing_of_it_back(self):
		source = self.source()
		form = frappe.get_doc(SOURCE, source.name)
		self.fetched(source)
		form.save()
		self.assertTrue(frappe.db.get_value(SOURCE, source.name, "last_success_on"))


class TestAuthentication(ExchangeCase):
	KINDS = {
		"Basic": {"user_name": "seroja"},
		"Bearer": {},
		"Header": {"header_name": "X-Kunci"},
		"OAuth2 Client Credentials": {"client_id": "seroja", "scope": "baca"},
	}

	def with_secret(self, kind: str, **more):
		values = {"authentication": kind, "secret": SECRET, **self.KINDS[kind]}
		if kind.startswith("OAuth2"):
			values["token_url"] = f"{self.server.url}/token"
		return self.source(title=kind, **values | more)

	def test_each_kind_sends_what_it_should(self):
		basic = b64encode(f"seroja:{SECRET}".encode()).decode()
		expected = {
			"Basic": [("/data", "authorization", f"Basic {basic}")],
			"Bearer": [("/data", "authorization", f"Bearer {SECRET}")],
			"Header": [("/data", "x-kunci", SECRET)],
			"OAuth2 Client Credentials": [
				("/token", "authorization", f"Basic {basic}"),
				("/data", "authorization", "Bearer kunci-sementara"),
			],
		}
		for kind, requests in expected.items():
			with self.subTest(kind):
				self.server.asked.clear()
				run = self.fetched(self.with_secret(kind))
				self.assertEqual(run.state, "Preview", run.message)
				found = [
					(path.partition("?")[0], name, headers.get(name))
					for (path, headers), (_path, name, _value) in zip(
						self.server.asked, requests, strict=True
					)
				]
				self.assertEqual(found, requests)

	def test_a_source_without_authentication_sends_no_key_although_one_is_stored(self):
		source = self.with_secret("Bearer")
		source.authentication = "None"
		source.save()
		self.fetched(source)
		self.assertNotIn("authorization", self.server.asked[0][1])

	def test_the_secret_is_nowhere(self):
		frappe.db.delete("Error Log")
		found, token = [], self.server.token
		for kind in self.KINDS:
			source = self.with_secret(kind)
			source.update({"secret": f"{SECRET}-baru", "silent_days": 3})
			source.save(ignore_version=False)
			found += [self.fetched(source).as_dict(), source.as_dict(), source.as_json()]
			self.server.status, self.server.content = 401, f"kunci {SECRET} salah"
			self.server.token = {"error": f"kunci {SECRET} salah"}
			failed = self.fetched(frappe.get_doc(SOURCE, source.name))
			self.assertEqual(failed.state, "Failed")
			found += [failed.as_dict(), frappe.get_doc(SOURCE, source.name).as_dict()]
			self.as_user("admin")
			found.append(rest(f"/api/resource/{SOURCE}/{source.name}"))
			found.append(rest(f"/api/v2/document/{SOURCE}/{source.name}"))
			found.append(call("frappe.client.get", doctype=SOURCE, name=source.name))
			found.append(call("frappe.desk.form.load.getdoc", doctype=SOURCE, name=source.name))
			frappe.set_user("Administrator")
			self.server.status, self.server.token = 200, token
			self.says("91,5")
		found += frappe.get_all("Version", {"ref_doctype": SOURCE}, pluck="data")
		found += frappe.get_all("Error Log", pluck="error")
		found.append(self.configuration_file())
		text = json.dumps(found, default=str)
		self.assertIn("silent_days", text)
		for secret in (SECRET, b64encode(f"seroja:{SECRET}".encode()).decode()[:20]):
			self.assertNotIn(secret, text)

	def configuration_file(self) -> str:
		doc = frappe.get_doc(
			{"doctype": "Configuration Package", "title": "Uji", "with_sources": 1, "with_scales": 0}
		).insert()
		configuration.make(doc)
		return evidence.content_of(evidence.attached_file(doc, "file")).decode()

	def test_a_key_that_cannot_be_sent_fails_in_words_without_the_key(self):
		source = self.with_secret("Header", secret=f"{SECRET}\r\nX-Lain: 1")
		run = self.fetched(source)
		self.assertEqual((run.state, self.server.asked), ("Failed", []))
		self.assertIn("header", run.message.casefold())
		self.assertNotIn(SECRET, run.message)

	def test_a_redirect_elsewhere_leaves_the_key_behind(self):
		other = SourceServer([{"kode": "TesA-1", "nilai": 93}])
		self.addCleanup(other.stop)
		self.server.status, self.server.headers = 302, {"Location": f"{other.url}/data"}
		run = self.fetched(self.with_secret("Header"))
		self.assertEqual(run.state, "Preview", run.message)
		self.assertNotIn(SECRET, json.dumps(other.asked))


class TestRuns(ExchangeCase):
	def test_what_comes_is_previewed_beside_our_figure(self):
		draft_sheet()
		run = self.fetched()
		self.assertEqual((run.state, run.changed_rows, run.records), ("Preview", 1, 1), run.message)
		row = run.rows[0]
		self.assertEqual((row.kind, row.our_value, row.their_value, row.opd), ("Changed", "90", "91,5", A))
		self.assertEqual(self.server.asked[0][0], f"/data?tahun={YEAR}&tw=1")

	def test_each_kind_of_difference_has_its_row_and_count(self):
		draft_sheet()
		self.server.content = [
			{"kode": "1", "nilai": "91,5"},
			{"kode": "2", "nilai": "80,0"},
			{"kode": "3", "nilai": "banyak"},
			{"kode": "9", "nilai": "1"},
			{"kode": "9", "nilai": "2"},
		]
		rows = [
			{"indicator": f"TesA-{n}", "column_name": "nilai", "condition": f"kode = {n}"} for n in (1, 2, 3)
		]
		rows.append(
			{"indicator": "TesB-1", "column_name": "nilai", "condition": "kode = 9", "aggregate": "Sum"}
		)
		rows.append({"indicator": "TesB-2", "column_name": "nilai", "condition": "kode = 8"})
		self.server.content.append({"kode": "7", "nilai": "5"})
		run = self.fetched(self.source(mappings=rows))
		kinds = [(row.kind, row.indicator, row.their_value) for row in run.rows]
		self.assertEqual(
			kinds,
			[
				("Changed", "TesA-1", "91,5"),
				("Same", "TesA-2", "80"),
				("Refused", "TesA-3", ""),
				("New", "TesB-1", "3"),
				("Refused", "TesB-2", ""),
				("Not Mapped", None, ""),
			],
		)
		self.assertIn("baris data 3", run.rows[2].reason)
		self.assertIn("Tidak ditemukan", run.rows[4].reason)
		self.assertEqual(run.rows[5].place, "baris data 6")
		counts = [run.get(field) for field in data_runs.COUNTS.values()]
		self.assertEqual(counts, [1, 1, 1, 1, 2])

	def test_csv(self):
		self.server.content = "kode;nilai\nTesA-1;1.234,5\nTesA-2;7\n"
		self.server.headers = {"Content-Type": "text/csv"}
		run = self.fetched(self.source(kind="HTTP CSV"))
		self.assertEqual([row.their_value for row in run.rows], ["1.234,5", ""], run.message)

	def test_pages_of_a_ckan_datastore_are_read_to_the_end(self):
		records = [{"kode": f"X-{n}", "nilai": n} for n in range(250)]
		self.server.content = ckan([*records, {"kode": "TesA-1", "nilai": 91.5}])
		source = self.source(kind="CKAN Datastore", url=self.server.url, resource="ab 1/2")
		run = self.fetched(source)
		self.assertEqual((run.records, run.rows[0].their_value), (251, "91,5"), run.message)
		paths = [path for path, _headers in self.server.asked]
		self.assertEqual(len(paths), 3)
		self.assertTrue(paths[0].startswith("/api/3/action/datastore_search?resource_id=ab"), paths[0])

	def test_a_ckan_that_caps_its_pages_gives_all_and_one_that_gives_less_is_refused(self):
		records = [{"kode": "TesA-1", "nilai": 1} for n in range(250)]
		whole = ckan([record | {"_id": n} for n, record in enumerate(records)])
		self.server.content = lambda query: whole(query | {"limit": ["40"]})
		total = [{"indicator": "TesA-1", "column_name": "nilai", "aggregate": "Sum"}]
		values = {"kind": "CKAN Datastore", "url": self.server.url, "resource": "x", "mappings": total}
		source = self.source(page_size=1000, **values)
		run = self.fetched(source)
		self.assertEqual((run.records, run.rows[0].their_value), (250, "250"), run.message)

		def cut(query):
			return (
				whole(query) if int(query["offset"][0]) < 100 else {"result": {"records": [], "total": 250}}
			)

		self.server.content = cut
		source.update({"page_size": 100}).save()
		run = self.fetched(source)
		self.assertEqual((run.state, run.rows), ("Failed", []))
		self.assertIn("250 data, tetapi memberi 100", run.message)

	def test_a_server_that_repeats_its_page_for_ever_is_refused(self):
		self.server.content = lambda query: {"data": [{"nilai": 1}], "diminta": query}
		paging = {"paging": "Page Number", "page_parameter": "hal", "records_path": "$.data"}
		run = self.fetched(self.source(**paging))
		self.assertEqual((run.state, len(self.server.asked)), ("Failed", 2))
		self.assertIn("halaman yang sama", run.message)

	def test_a_ckan_answer_that_is_no_success_fails(self):
		self.server.content = {"success": False, "error": {"message": "Not found"}}
		run = self.fetched(self.source(kind="CKAN Datastore", url=self.server.url, resource="x"))
		self.assertEqual(run.state, "Failed")
		self.assertIn("success: false", run.message)

	def test_pages_by_number_and_by_next_address(self):
		def numbered(query):
			page, size = int(query["hal"][0]), int(query["isi"][0])
			return [{"kode": "TesA-1", "nilai": 1}] * {1: size, 2: size, 3: 1}.get(page, 0)

		total = [{"indicator": "TesA-1", "column_name": "nilai", "aggregate": "Sum"}]
		self.server.content = lambda query: [row | {"halaman": query["hal"][0]} for row in numbered(query)]
		paging = {"page_parameter": "hal", "size_parameter": "isi", "page_size": 10, "first_page": 1}
		source = self.source(title="Nomor", paging="Page Number", mappings=total, **paging)
		self.assertEqual(self.fetched(source).rows[0].their_value, "21")

		def chained(query):
			page = int(query.get("ke", ["1"])[0])
			after = f"{self.server.url}/data?ke={page + 1}" if page < 3 else None
			return {"data": [{"nilai": page}], "next": after}

		self.server.content = chained
		values = {"paging": "Next Address", "next_path": "$.next", "records_path": "$.data"}
		run = self.fetched(self.source(title="Berantai", mappings=total, **values))
		self.assertEqual((run.rows[0].their_value, run.records), ("6", 3), run.message)

	def test_another_site_of_seroja_is_read_through_its_reading_interface(self):
		figure = {"opd": "DINKES", "year": YEAR, "quarter": 1, "realization": "1.234,5"}

		def answer(query):
			start = int(query.get("start", ["0"])[0])
			rows = [figure | {"indicator": f"X-{n}"} for n in range(150)]
			rows.append(figure | {"indicator": "IKU-01"})
			page = rows[start : start + int(query["limit"][0])]
			return {"data": page, "next_start": start + 100 if start == 0 else None}

		self.server.content = answer
		path = "/api/method/seroja.api.v1.realizations?year={year}&quarter={quarter}"
		source = self.source(
			kind="SEROJA Site",
			url=self.server.url + path,
			records_path="$.data",
			paging="Offset",
			page_parameter="start",
			size_parameter="limit",
			page_size=100,
			mappings=[
				{"indicator": "TesA-1", "column_name": "realization", "condition": "indicator = IKU-01"}
			],
		)
		run = self.fetched(source)
		self.assertEqual((run.records, run.rows[0].their_value), (151, "1.234,5"), run.message)

	def upload(self, name: str, content: bytes, **values):
		source = self.source(kind="Upload", url="", title=name, **values)
		self.as_user("planner")
		run = self.run_of(source)
		run.file = make_file(run, content, name).file_url
		run.save()
		data_runs.fetch(run)
		frappe.set_user("Administrator")
		return run

	def test_uploads(self):
		book = openpyxl.Workbook()
		for row in (["kode", "nilai"], ["TesA-1", 91.5]):
			book.active.append(row)
		stream = io.BytesIO()
		book.save(stream)
		for name, content in (
			("angka.xlsx", stream.getvalue()),
			("angka.csv", '\ufeffkode,nilai\r\nTesA-1,"91,5"\r\n'.encode()),
			("besar.CSV", b"kode;nilai\nTesA-1;91,5\n"),
			("angka.json", b'[{"kode": "TesA-1", "nilai": 91.5}]'),
		):
			with self.subTest(name):
				run = self.upload(name, content)
				self.assertEqual((run.state, run.is_upload), ("Preview", 1), run.message)
				self.assertEqual(run.rows[0].their_value, "91,5")
		for name, content in (("buku.xlsx", b"bukan buku kerja"), ("halaman.csv", b"<html></html>")):
			with self.subTest(name):
				run = self.upload(name, content)
				self.assertEqual(run.state, "Failed")

	def test_an_upload_keeps_to_the_size_of_its_source(self):
		content = b"kode;nilai\nTesA-1;91,5\n" + b"TesA-2;1\n" * 130_000
		run = self.upload("besar.csv", content, size_limit=1)
		self.assertEqual((run.state, run.rows), ("Failed", []))
		self.assertIn("larger than 1 megabyte", run.message)
		self.assertEqual(self.upload("muat.csv", content, size_limit=2).state, "Preview")

	def test_no_version_of_a_run_holds_a_null(self):
		"""The timeline would show it as a word."""
		changed = []

		def note(doc):  # Frappe writes no versions in tests
			if doc.doctype == RUN and doc.get_doc_before_save():
				changed.extend(get_diff(doc.get_doc_before_save(), doc).changed)

		with patch.object(Document, "save_version", note):
			run = self.fetched()
			self.server.status = 500
			data_runs.fetch(frappe.get_doc(RUN, run.name))
			self.server.status = 200
			data_runs.fetch(frappe.get_doc(RUN, run.name))
			data_runs.accept(frappe.get_doc(RUN, run.name))
		self.assertTrue({"state", "message", "accepted_on"} <= {field for field, _old, _new in changed})
		self.assertEqual([change for change in changed if None in change], [])

	def test_an_upload_without_a_file_or_with_that_of_another_is_refused(self):
		source = self.source(kind="Upload", url="")
		self.as_user("planner")
		self.assertRefused(data_runs.fetch, self.run_of(source), exceptions=frappe.ValidationError)
		frappe.set_user("Administrator")
		sheet = draft_sheet()
		self.as_user("operator_a")
		foreign = make_file(sheet, "kode;nilai\nTesA-1;1\n", "bukti.csv")
		self.as_user("planner")
		run = self.run_of(source)
		run.file = foreign.file_url
		self.assertRefused(run.save)

	def test_a_source_that_is_switched_off_is_not_asked(self):
		source = self.source(is_enabled=0)
		self.assertRefused(self.run_of, source, exceptions=frappe.ValidationError)

	def test_who_may_run_and_accept(self):
		source = self.source()
		for key in ("planner", "admin"):
			self.as_user(key)
			with self.subTest(key):
				data_runs.accept(self.fetched(source))
		run = self.run_of(source)
		for key in ("inspector", "operator_a", "head_a", "viewer_a", "executive", "bureau", "outsider"):
			self.as_user(key)
			with self.subTest(key):
				self.assertRefused(self.run_of, source)
				for method in ("fetch", "accept"):
					self.assertRefused(call, f"seroja.api.exchange.{method}", run=run.name)

	def test_an_accepted_run_stays_as_it_is(self):
		run = self.accepted()
		self.assertEqual((run.state, run.accepted_by), ("Accepted", "Administrator"))
		run = frappe.get_doc(RUN, run.name)
		self.assertSays("accepted", data_runs.fetch, run)
		self.assertSays("nothing to accept", data_runs.accept, run)
		self.assertSays("accepted", frappe.get_doc(RUN, run.name).save)
		self.assertRefused(frappe.delete_doc, RUN, run.name, exceptions=frappe.ValidationError)
		self.assertEqual(len(self.states()), 1)

	def test_fetching_again_replaces_the_preview(self):
		run = self.fetched()
		self.says("95")
		data_runs.fetch(run)
		self.assertEqual([row.their_value for row in frappe.get_doc(RUN, run.name).rows], ["95"])
		self.server.status = 500
		data_runs.fetch(run)
		run = frappe.get_doc(RUN, run.name)
		self.assertEqual((run.state, run.rows, run.new_rows, run.records), ("Failed", [], 0, 0))
		self.assertSays("nothing to accept", data_runs.accept, run)

	def test_what_a_run_found_is_not_written_by_a_request(self):
		forged = {
			"state": "Preview",
			"message": "palsu",
			"records": 9,
			"new_rows": 9,
			"fingerprint": "0" * 64,
			"accepted_by": person("head_a"),
			"accepted_on": "2020-01-01 00:00:00",
			"is_scheduled": 1,
		}
		row = {"kind": "New", "opd": A, "indicator": "TesA-1", "figure": "Value", "their_value": "999"}
		source = self.source()
		self.as_user("planner")
		new = self.run_of(source, **forged, rows=[row])
		self.assertEqual((new.state, new.rows, new.fingerprint, new.records), ("Draft", [], None, None))
		run = self.fetched(source)
		before = frappe.get_doc(RUN, run.name).as_dict()
		rest(f"/api/resource/{RUN}/{run.name}", "PUT", **forged | {"state": "Accepted"}, rows=[row])
		row_name = before["rows"][0]["name"]
		place = {"parent": run.name, "parenttype": RUN, "parentfield": "rows"}
		for method, arguments in (
			(
				"set_value",
				{"doctype": "Data Run Row", "name": row_name, "fieldname": "their_value", "value": "999"},
			),
			("insert", {"doc": {"doctype": "Data Run Row", **place, **row}}),
			("save", {"doc": before | {"rows": [], "state": "Accepted"}}),
			("delete", {"doctype": "Data Run Row", "name": row_name}),
		):
			try:
				call(f"frappe.client.{method}", **arguments)
			except Exception:  # refused is as good as ignored
				frappe.clear_messages()
		after = frappe.get_doc(RUN, run.name)
		self.assertEqual([row.their_value for row in after.rows], ["91,5"])
		for field in data_runs._COMPUTED:
			self.assertEqual(str(after.get(field)), str(before[field]), field)
		data_runs.accept(after)
		self.assertEqual(self.states(), [("91,5", "Open")])


class TestHostileAnswers(ExchangeCase):
	"""Whatever comes, the run ends as Failed with one sentence, and nothing else has changed."""

	def setUp(self):
		super().setUp()
		self.sheet = draft_sheet()
		self.other = self.source(title="Sumber Baik")
		self.says("88")
		self.accepted(self.other)
		self.bad = self.source(timeout=1, size_limit=1)

	def world(self) -> str:
		sheet = frappe.get_doc(c.REALIZATION, self.sheet.name).as_dict()
		other = frappe.get_doc(SOURCE, self.other.name).as_dict()
		seen = frappe.db.get_value(SOURCE, self.bad.name, ["columns_seen", "last_success_on"])
		errors = frappe.db.count("Error Log")
		return json.dumps([sheet, other, seen, self.states(), errors], default=str)

	def assertFails(self, words: str) -> None:
		before = self.world()
		run = frappe.get_doc(RUN, self.fetched(self.bad).name)
		self.assertEqual((run.state, len(run.rows)), ("Failed", 0))
		self.assertIn(words, run.message)
		self.assertTrue(
			run.message.endswith(".") and "\n" not in run.message and "Traceback" not in run.message
		)
		self.assertLess(len(run.message), 300)
		self.assertEqual(frappe.db.get_value(SOURCE, self.bad.name, "last_error"), run.message)
		self.assertEqual(self.world(), before)

	def test_answers_that_are_no_data(self):
		good = b'[{"kode": "TesA-1", "nilai": 5}]'
		for words, content in (
			("halaman web", "<!DOCTYPE html><html><script>alert(1)</script></html>"),
			("halaman web", "  <?xml version='1.0'?><data/>"),
			("UTF-8", '[{"kode": "TesA-1", "nama": "Kinerja déwan"}]'.encode("latin-1")),
			("terpotong", good[:-3]),
			("kosong", b""),
			("lebih panjang dari 32.767 huruf", [{"kode": "TesA-1", "nilai": "9" * 900_000}]),
			("lebih besar dari batas", [{"kode": "TesA-1", "nilai": "9" * 10_000_000}]),
			("bersusun", "[" * 5000 + "]" * 5000),
			("dua kali", '[{"nilai": 1, "nilai": 2}]'),
			("NaN", '[{"kode": "TesA-1", "nilai": NaN}]'),
			("terlalu besar", '[{"kode": "TesA-1", "nilai": 1e999}]'),
			("bukan objek", [1, 2, 3]),
			("rusak", '[{"kode": "\\ud800"}]'),
		):
			with self.subTest(words):
				self.server.content = content
				self.assertFails(words)

	def test_answers_of_servers_that_lie(self):
		good = b'[{"kode": "TesA-1", "nilai": 5}]'
		bomb = gzip.compress(b"[" + b" " * 40_000_000 + b"]")
		for words, status, headers, content in (
			("status 500", 500, {}, good),
			("tidak mengenal alamat", 404, {}, "Not Found"),
			("kunci akses", 401, {}, "kunci salah"),
			("terputus", 200, {"Content-Length": "9999"}, good),
			("terpotong", 200, {"Content-Length": "10"}, good),
			("lebih besar dari batas", 200, {"Content-Encoding": "gzip"}, bomb),
			("dimampatkan", 200, {"Content-Encoding": "br"}, good),
			("terputus", 200, {"Content-Encoding": "gzip"}, gzip.compress(good)[:-9]),
			("lain.example", 302, {"Location": "https://lain.example/data"}, ""),
			("169.254.169.254", 302, {"Location": "http://169.254.169.254/latest"}, ""),
			("tidak sah", 302, {"Location": "file:///etc/passwd"}, ""),
			("mengalihkan", 302, {"Location": "/data"}, ""),
		):
			with self.subTest(words, headers=headers):
				self.server.status, self.server.headers, self.server.content = status, headers, content
				self.assertFails(words)

	def test_a_slow_server_is_given_up(self):
		self.server.wait = 20
		self.assertFails("waktu yang ditentukan")

	def test_nobody_there(self):
		self.server.stop()
		self.assertFails("tidak dapat dihubungi")

	def test_a_bad_cell_refuses_its_row_and_leaves_the_others(self):
		rows = [
			{"indicator": f"TesA-{n}", "column_name": "nilai", "condition": f"kode = {n}"} for n in (1, 2)
		]
		source = self.source(title="Sel", mappings=rows)
		for cell in (
			"=1+1",
			"+cmd|' /C calc'!A0",
			"@SUM(A1)",
			"-2+3",
			"1.2.3",
			"12abc",
			"1\u0000",
			"\U0001f600",
			"x" * 30_000,
			True,
			[1],
			{"a": 1},
		):
			with self.subTest(cell if not isinstance(cell, str) else cell[:20]):
				self.server.content = [{"kode": "1", "nilai": cell}, {"kode": "2", "nilai": "77"}]
				run = frappe.get_doc(RUN, self.fetched(source).name)
				self.assertEqual([row.kind for row in run.rows], ["Refused", "Changed"], run.message)
				self.assertIn("baris data 1", run.rows[0].reason)
				self.assertLess(len(run.rows[0].reason), 200)
		data_runs.accept(run)
		self.assertEqual(self.states(data_source=source.name), [("77", "Open")])

	def test_odd_names_of_columns_do_no_harm(self):
		self.server.content = [
			{"kode": "TesA-1", "nilai": 5, "a\u0000b": 1, "<b>x</b>": 2, "'; drop": 3, "\U0001f600": 4}
		]
		source = self.source(title="Nama")
		self.assertEqual(self.fetched(source).state, "Preview")
		self.says(5)
		self.assertIn("kolom hilang", frappe.get_doc(RUN, self.fetched(source).name).message)


class TestManyRows(ExchangeCase):
	"""A source of hundreds of indicators."""

	def many(self, first: int, count: int):
		"""A source with so many rows, each of an indicator and a record of its own."""
		codes = [f"TesBanyak-{number}" for number in range(first, first + count)]
		like = {"opd": A, "value_source": frappe.db.get_value(c.INDICATOR, "TesA-1", "value_source")}
		names = ("name", "indicator_code", "indicator_name")
		insert_raw(c.INDICATOR, [dict.fromkeys(names, code) | like for code in codes])
		self.server.content = [{"kode": code, "nilai": number} for number, code in enumerate(codes)]
		mappings = [
			{"indicator": code, "column_name": "nilai", "condition": f"kode = {code}"} for code in codes
		]
		return self.source(title=f"Sumber {first}", mappings=mappings)

	def test_fetching_and_saving_take_as_many_queries_for_a_hundred_rows_as_for_three(self):
		counts = []
		for first, rows in ((0, 2), (100, 3), (200, 100)):  # the first one fills the caches
			run = self.run_of(self.many(first, rows))
			with counted() as statements:
				data_runs.fetch(run)
			self.assertEqual(run.new_rows, rows)
			counts.append(len(statements))
		self.assertEqual(counts[1], counts[2])

	def test_rows_stand_in_their_order_and_a_second_run_replaces_them(self):
		source = self.many(0, 30)
		run = self.fetched(source)
		self.server.content = self.server.content[:20]
		for found in (30, 20):
			stored = frappe.get_doc(RUN, run.name)
			self.assertEqual([row.idx for row in stored.rows], list(range(1, 31)))
			codes = [row.indicator for row in source.mappings]
			self.assertEqual([row.indicator for row in stored.rows], codes)
			theirs = [row.their_value for row in stored.rows]
			self.assertEqual(theirs, [str(number) for number in range(found)] + [""] * (30 - found))
			self.assertEqual({row.opd for row in stored.rows}, {A})
			data_runs.fetch(stored)
		self.assertEqual(frappe.db.count("Data Run Row", {"parent": run.name}), 30)
		data_runs.accept(frappe.get_doc(RUN, run.name))
		self.assertEqual(frappe.db.count("Data Run Row", {"parent": run.name}), 30)
		self.assertEqual(frappe.db.count(c.PROPOSAL, {"data_source": source.name}), 20)

	def test_a_mapping_that_would_take_too_long_fails_in_words_and_remembers_no_shape(self):
		source = self.many(0, 3)
		with patch.object(source_records, "MOST_WORK", 10):
			run = self.fetched(source)
		self.assertEqual((run.state, len(run.rows)), (data_runs.FAILED, 0))
		self.assertIn("terlalu berat untuk 3 data", run.message)
		self.assertFalse(frappe.db.get_value(SOURCE, source.name, "columns_seen"))
		self.fetched(source)
		self.assertTrue(frappe.db.get_value(SOURCE, source.name, "columns_seen"))

	def test_odd_characters_of_a_refusal_are_kept_as_they_came(self):
		odd = "100% '%(param9)s \\ \" ? :a “é😀"
		self.says(odd)
		(row,) = frappe.get_doc(RUN, self.fetched().name).rows
		self.assertIn(odd, row.reason)

	def test_a_count_of_0_has_its_remark_in_the_preview(self):
		mapping = {"indicator": "TesA-1", "aggregate": "Count", "condition": "kode = Tidak Ada"}
		(row, _unused) = self.fetched(self.source(mappings=[mapping])).rows
		self.assertEqual((row.kind, row.their_value), ("New", "0"))
		self.assertIn("Dihitung 0", row.reason)

	def test_a_count_for_a_period_that_the_answer_does_not_have_is_refused(self):
		self.says("91,5", tahun=YEAR - 1)
		mapping = {"indicator": "TesA-1", "aggregate": "Count", "condition": "tahun = {year}"}
		(row, _unused) = self.fetched(self.source(mappings=[mapping])).rows
		self.assertEqual((row.kind, row.their_value or ""), ("Refused", ""))
		self.assertIn(f"tahun = {YEAR}", row.reason)


class TestSchedule(ExchangeCase):
	def told(self, event: str) -> int:
		"""How many times the administrator was told of this."""
		filters = {"event": ["like", f"%{event}%"], "for_user": person("admin")}
		return frappe.db.count("SEROJA Notice", filters)

	def turn(self, source: str = "Harian"):
		"""A turn of the schedule; the run of the latest period."""
		return data_schedule.fetch_source(source)[0]

	def due(self, **hours) -> bool:
		return "Harian" in data_schedule.due_sources(add_to_date(now_datetime(), **hours))

	def test_each_due_source_gets_a_job_of_its_own(self):
		for title in ("Satu", "Dua"):
			self.source(title=title, schedule="Daily")
		self.source(title="Tangan")
		self.source(title="Mati", schedule="Daily", is_enabled=0)
		with patch("frappe.enqueue") as enqueue:
			data_schedule.fetch_due()
		jobs = [call.kwargs for call in enqueue.call_args_list]
		self.assertEqual(sorted(job["source"] for job in jobs), ["Dua", "Satu"])
		self.assertEqual(len({job["job_id"] for job in jobs}), 2)
		self.assertTrue(all(job["deduplicate"] for job in jobs))

	def test_one_that_fails_does_not_stop_the_others(self):
		broken = SourceServer("<html></html>")
		self.addCleanup(broken.stop)
		self.source(title="Rusak", schedule="Daily", url=broken.url)
		self.source(title="Utuh", schedule="Daily")
		runs = [self.turn(name) for name in sorted(data_schedule.due_sources())]
		self.assertEqual([run.state for run in runs], ["Failed", "Preview"])
		self.assertTrue(all(run.is_scheduled for run in runs))
		self.assertEqual(data_schedule.due_sources(), [])
		self.assertEqual(self.states(), [], "a person accepts")

	def test_the_turns_of_a_schedule(self):
		self.source(title="Harian", schedule="Daily")
		self.assertTrue(self.due())
		data_schedule.fetch_source("Harian")
		self.assertEqual((self.due(), self.due(hours=23), self.due(hours=25)), (False, False, True))

	def test_waiting_doubles_after_each_failure_up_to_a_week_and_ends_with_a_success(self):
		source = self.source(title="Harian", schedule="Daily")
		self.server.status = 500
		hours = []
		for _failure in range(10):
			data_schedule.fetch_source(source.name)
			after = frappe.db.get_value(SOURCE, source.name, "next_attempt_on")
			hours.append(round(time_diff_in_seconds(get_datetime(after), now_datetime()) / 3600))
		self.assertEqual(hours, [1, 2, 4, 8, 16, 32, 64, 128, 168, 168])
		self.assertEqual((self.due(hours=167), self.due(hours=169)), (False, True))
		self.server.status = 200
		data_schedule.fetch_source(source.name)
		state = frappe.db.get_value(SOURCE, source.name, ["failures", "next_attempt_on", "last_error"])
		self.assertEqual(tuple(state), (0, None, None))

	def test_a_server_that_asks_for_longer_is_left_alone_for_longer(self):
		source = self.source(title="Harian", schedule="Daily")
		self.server.status = 429
		for asked, waited in (("7200", 7200), ("60", 2 * 3600), ("999999", 86_400), ("kemarin", 8 * 3600)):
			self.server.headers = {"Retry-After": asked}
			data_schedule.fetch_source(source.name)
			after = frappe.db.get_value(SOURCE, source.name, "next_attempt_on")
			left = time_diff_in_seconds(get_datetime(after), now_datetime())
			self.assertAlmostEqual(left, waited, delta=60, msg=asked)

	def test_administrators_hear_of_the_third_failure_in_a_row_once(self):
		source = self.source(title="Harian", schedule="Daily")
		self.server.status = 500
		told = []
		for _failure in range(5):
			data_schedule.fetch_source(source.name)
			told.append(self.told(f"{source.name}:failed"))
		self.assertEqual(told, [0, 0, 1, 1, 1])

	def test_a_changed_shape_is_said_in_the_run_and_told(self):
		source = self.source(title="Harian", schedule="Daily")
		self.assertIsNone(self.turn(source.name).message)
		self.says("92", satuan="persen")
		run = self.turn(source.name)
		self.assertEqual((run.state, self.told(f"{run.name}:shape")), ("Preview", 1))
		self.assertIn("kolom baru satuan", run.message)
		self.assertIsNone(self.turn(source.name).message)
		self.server.content = [{"kode": "TesA-1", "nilai": 92, "satuan": None}]
		self.assertIn("nilai (teks menjadi angka)", self.turn(source.name).message)

	def test_silence_is_told_once_and_again_only_after_it_spoke(self):
		source = self.source(title="Harian", schedule="Daily", silent_days=7)
		self.fetched(source)
		self.assertEqual(data_schedule.warn_of_silence(), 0)
		frappe.db.set_value(SOURCE, source.name, "last_records_on", add_days(now_datetime(), -7))
		self.assertEqual(data_schedule.warn_of_silence(), 0)
		frappe.db.set_value(SOURCE, source.name, "last_records_on", add_days(now_datetime(), -8))
		self.assertEqual([data_schedule.warn_of_silence() for _day in range(3)], [1, 0, 0])
		self.assertEqual(self.told(f"{source.name}:silent"), 1)
		self.fetched(source)
		frappe.db.set_value(SOURCE, source.name, "last_records_on", add_days(now_datetime(), -9))
		self.assertEqual(data_schedule.warn_of_silence(), 1)
		self.assertEqual(self.told(f"{source.name}:silent"), 2)

	def test_an_error_that_nobody_foresaw_counts_as_a_failure(self):
		source = self.source(schedule="Daily")
		with patch.object(data_runs.sources, "read_pages", side_effect=KeyError("rahasia-uji")):
			self.assertEqual(self.turn(source.name).state, "Failed")
		source.reload()
		self.assertEqual(source.failures, 1)
		self.assertNotIn("rahasia-uji", source.last_error)
		self.assertNotIn(source.name, data_schedule.due_sources())

	def test_without_an_open_period_nothing_is_asked(self):
		source = self.source(title="Harian", schedule="Daily")
		for quarter in (1, 2, 3, 4):
			frappe.db.set_value(
				"Reporting Period", f"{YEAR}-TW{quarter}", "verification_closes", add_days(today(), -1)
			)
		self.assertEqual(data_schedule.fetch_source(source.name), [])
		self.assertEqual(self.server.asked, [])

	def test_a_run_by_hand_puts_nothing_off_and_one_that_succeeds_ends_the_waiting(self):
		source = self.source(title="Harian", schedule="Daily")
		self.fetched(source)
		self.assertTrue(self.due(), "a success by hand is no turn of the schedule")
		self.turn()
		self.server.status = 500
		self.assertEqual(self.fetched(source).state, "Failed")
		state = frappe.db.get_value(SOURCE, source.name, ["failures", "next_attempt_on"])
		self.assertEqual((*state, self.due(hours=25)), (0, None, True))
		self.turn()
		self.assertFalse(self.due(minutes=30))
		self.server.status = 200
		self.fetched(source)
		self.assertTrue(self.due(hours=25))

	def test_each_open_period_is_fetched_and_one_that_fails_stops_no_other(self):
		source = self.source(title="Harian", schedule="Daily")
		self.server.content = lambda query: (
			"<html>" if query["tw"] == ["3"] else [{"kode": "TesA-1", "nilai": 5}]
		)
		open_quarters = {1: 0, 2: -1, 3: 0, 4: 0}
		for quarter, closes in open_quarters.items():
			take_period(quarter, closes)
		for failures in (1, 2):
			runs = data_schedule.fetch_source(source.name)
			self.assertEqual(
				[(run.period[-3:], run.state) for run in runs],
				[("TW4", "Preview"), ("TW3", "Failed"), ("TW1", "Preview")],
			)
			self.assertEqual(frappe.db.get_value(SOURCE, source.name, "failures"), failures)
		self.server.content = [{"kode": "TesA-1", "nilai": 5}]
		data_schedule.fetch_source(source.name)
		self.assertEqual((self.due(), self.due(hours=25)), (False, True))

	def test_a_turn_has_an_end_however_many_periods_are_open(self):
		source = self.source(title="Harian", schedule="Daily")
		with patch.object(data_schedule, "MOST_PERIODS", 1):
			for quarter in (1, 2):
				take_period(quarter, 0)
			self.assertEqual(len(data_schedule.fetch_source(source.name)), 1)

	def test_answers_without_records_do_not_break_a_silence(self):
		source = self.source(title="Harian", schedule="Daily", silent_days=7)
		self.fetched(source)
		frappe.db.set_value(SOURCE, source.name, "last_records_on", add_days(now_datetime(), -8))
		self.server.content = []
		self.assertEqual(self.turn().state, "Nothing New")
		self.assertEqual([data_schedule.warn_of_silence() for _day in range(2)], [1, 0])
		self.turn()
		self.assertEqual(data_schedule.warn_of_silence(), 0, "told once")
		self.says("91")
		self.turn()
		frappe.db.set_value(SOURCE, source.name, "last_records_on", add_days(now_datetime(), -9))
		self.assertEqual(data_schedule.warn_of_silence(), 1)


class TestAccepting(ExchangeCase):
	def test_the_same_again_makes_nothing_twice(self):
		draft_sheet()
		source = self.source()
		self.accept_each(source, "91,5", "91,5", "91,50")
		self.assertEqual(self.states(), [("91,5", "Open")])

	def test_an_earlier_preview_never_undoes_a_later_one(self):
		draft_sheet()
		source = self.source()
		first = self.fetched(source)
		self.says("92")
		data_runs.accept(self.fetched(source))
		self.assertSays("later run", data_runs.accept, first)
		self.assertEqual(self.states(), [("92", "Open")])

	def test_accepting_compares_with_what_we_have_by_then(self):
		source = self.source()
		sheet = draft_sheet()
		run = self.fetched(source)
		self.assertEqual(run.changed_rows, 1)
		self.as_user("operator_a")
		row_of(sheet, 1).realization = "91,5"
		sheet.save()
		frappe.set_user("Administrator")
		self.assertEqual(data_runs.accept(run), {"proposals": 0, "reconciliations": 0})
		self.assertEqual((run.changed_rows, run.same_rows, self.states()), (0, 1, []))
		self.says("92")
		run = self.fetched(source)
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			sheet = take(sheet, action, key)
		self.assertEqual(data_runs.accept(run), {"proposals": 0, "reconciliations": 1})
		self.says("93")
		run = self.fetched(source)
		take(sheet, REOPEN, "inspector", "Angka salah")
		self.assertEqual(data_runs.accept(run), {"proposals": 1, "reconciliations": 0})
		self.assertEqual((self.states(), self.states(c.RECONCILIATION)), ([("93", "Open")], [("92", "Open")]))

	def test_two_who_accept_at_the_same_time_make_one_proposal(self):
		draft_sheet()
		run = self.fetched()
		other = frappe.get_doc(RUN, run.name)
		data_runs.accept(run)
		with self.assertRaises(REFUSED):
			data_runs.accept(other)
		self.assertEqual(self.states(), [("91,5", "Open")])

	def test_another_figure_replaces_and_one_that_goes_back_is_offered_again(self):
		draft_sheet()
		self.accept_each(self.source(), "91", "92", "91")
		self.assertEqual(self.states(), [("91", "Replaced"), ("92", "Replaced"), ("91", "Open")])

	def test_a_source_that_agrees_by_now_closes_its_proposal(self):
		sheet = draft_sheet()
		source = self.source()
		self.accept_each(source, "91")
		self.says("90")
		run = self.fetched(source)
		self.assertEqual(run.state, "Preview", "there is a proposal to close")
		data_runs.accept(run)
		self.assertEqual(self.states(), [("91", "Replaced")])
		self.assertEqual(self.offered(sheet), [])

	def test_nothing_new_is_nothing_to_accept(self):
		draft_sheet()
		self.says("90,0")
		run = self.fetched()
		self.assertEqual((run.state, run.same_rows), ("Nothing New", 1))
		self.assertSays("nothing to accept", data_runs.accept, run)

	def test_what_was_refused_is_not_offered_again_but_a_new_figure_is(self):
		sheet = draft_sheet()
		source = self.source()
		self.accept_each(source, "91")
		self.as_user("operator_a")
		proposals.refuse(proposals.sheet_of(sheet.name), [self.offered(sheet)[0]["name"]], "Belum final")
		frappe.set_user("Administrator")
		self.accept_each(source, "91", "91")
		self.assertEqual(self.states(), [("91", "Refused")])
		self.accept_each(source, "92")
		self.assertEqual(self.states(), [("91", "Refused"), ("92", "Open")])

	def test_a_figure_that_was_taken_is_the_same_from_then_on(self):
		sheet = draft_sheet()
		source = self.source()
		for value in ("91,5", 100 / 3, 0.1 + 0.2, "1.234.567,891"):
			with self.subTest(value):
				self.accept_each(source, value)
				self.take_all(sheet)
				run = self.fetched(source)
				self.assertEqual((run.state, run.rows[0].kind), ("Nothing New", "Same"))

	def test_a_proposal_may_come_before_the_sheet(self):
		source = self.source()
		run = self.accepted(source)
		self.assertEqual((run.rows[0].kind, self.states()), ("New", [("91,5", "Open")]))
		sheet = draft_sheet()
		self.assertEqual([row["ours"] for row in self.offered(sheet)], ["90"])

	def test_rows_that_were_refused_make_nothing_also_where_ours_is_verified(self):
		verified_sheet()
		rows = [
			{"indicator": "TesA-1", "column_name": "nilai", "condition": "kode = 1"},
			{"indicator": "TesA-2", "column_name": "nilai", "condition": "kode = 2"},
		]
		self.server.content = [{"kode": "1", "nilai": "rusak"}, {"kode": "2", "nilai": "70"}]
		self.accepted(self.source(mappings=rows))
		found = frappe.get_all(c.RECONCILIATION, pluck="indicator")
		self.assertEqual((found, self.states()), (["TesA-2"], []))

	def test_figures_of_several_units_go_to_their_own_sheets(self):
		rows = [
			{"indicator": f"Tes{unit}-1", "column_name": "nilai", "condition": f"kode = {unit}"}
			for unit in "AB"
		]
		self.server.content = [{"kode": "A", "nilai": 1}, {"kode": "B", "nilai": 2}]
		self.accepted(self.source(mappings=rows))
		found = frappe.get_all(c.PROPOSAL, fields=["opd", "value"], order_by="opd", as_list=True)
		self.assertEqual([tuple(row) for row in found], [(A, "1"), (B, "2")])

	def test_a_verified_figure_stays_and_is_reconciled(self):
		sheet = verified_sheet()
		self.accepted()
		found = frappe.get_all(c.RECONCILIATION, fields=["our_value", "their_value", "state", "opd"])
		self.assertEqual(found, [{"our_value": "90", "their_value": "91,5", "state": "Open", "opd": A}])
		self.assertFalse(frappe.get_all(c.PROPOSAL))
		self.assertEqual(frappe.get_doc(c.REALIZATION, sheet.name).items[0].realization, "90")

	def test_a_reopened_sheet_gets_proposals_again(self):
		sheet = verified_sheet()
		source = self.source()
		self.accepted(source)
		take(sheet, REOPEN, "inspector", "Angka salah")
		copy = frappe.get_doc(c.REALIZATION, {"amended_from": sheet.name})
		self.assertEqual(self.offered(copy), [])
		run = self.accepted(source)
		self.assertEqual((run.rows[0].kind, run.rows[0].is_verified), ("Changed", 0))
		self.assertEqual([row["value"] for row in self.offered(copy)], ["91,5"])
		self.take_all(copy)
		self.assertEqual(row_of(frappe.get_doc(c.REALIZATION, copy.name), 1).realization, "91,5")


class TestProposals(ExchangeCase):
	def decide(self, sheet, key: str, names: list[str], reason: str | None = None) -> int:
		"""Take, or with a reason refuse, as a person."""
		self.as_user(key)
		try:
			found = proposals.sheet_of(sheet.name)
			return proposals.take(found, names) if reason is None else proposals.refuse(found, names, reason)
		finally:
			frappe.set_user("Administrator")

	def names(self, sheet) -> list[str]:
		return [row["name"] for row in self.offered(sheet)]

	def test_a_proposal_is_taken_by_the_operator(self):
		sheet = draft_sheet()
		run = self.accepted()
		(proposal,) = self.offered(sheet)
		self.assertEqual((proposal["ours"], proposal["value"], proposal["row"]), ("90", "91,5", 1))
		self.assertEqual((proposal["data_source"], proposal["fingerprint"]), ("Sumber Uji", run.fingerprint))
		self.decide(sheet, "operator_a", [proposal["name"]])
		row = row_of(frappe.get_doc(c.REALIZATION, sheet.name), 1)
		self.assertEqual((row.realization, row.entered_by), ("91,5", person("operator_a")))
		self.assertAlmostEqual(row.achievement_raw, 91.5)
		found = frappe.get_doc(c.PROPOSAL, proposal["name"])
		self.assertEqual((found.state, found.decided_by), ("Taken", person("operator_a")))
		self.assertEqual(self.names(sheet), [])

	def test_who_takes_is_a_maker_and_the_history_of_seals_stays_whole(self):
		sheet = draft_sheet()
		self.accepted()
		self.decide(sheet, "head_a", self.names(sheet))
		self.assertIn(person("head_a"), frappe.db.get_value(c.REALIZATION, sheet.name, "makers"))
		sheet = take(sheet, SUBMIT, "operator_a")
		self.assertRefused(take, sheet, APPROVE, "head_a")
		self.assertEqual(seals.problems_of(sheet, seals.entries_of(sheet)), [])

	def test_a_taken_figure_is_verified_and_sealed_as_a_typed_one(self):
		sheet = draft_sheet()
		self.accepted()
		self.decide(sheet, "operator_a", self.names(sheet))
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			sheet = take(sheet, action, key)
		entries = seals.entries_of(sheet)
		self.assertEqual((len(entries), seals.problems_of(sheet, entries)), (3, []))
		self.assertEqual(row_of(sheet, 1).realization, "91,5")

	def test_one_all_and_both_parts_of_a_ratio(self):
		source = self.rate_source()
		sheet = draft_sheet(fill=False)
		self.accepted(source)
		self.says("91,5")
		self.accepted(self.source(title="Nilai"))
		self.assertEqual(len(self.names(sheet)), 4)
		value = next(row["name"] for row in self.offered(sheet) if row["figure"] == "Value")
		self.assertEqual(self.decide(sheet, "operator_a", [value]), 1)
		self.assertEqual(self.decide(sheet, "operator_a", self.names(sheet)), 3)
		sheet = frappe.get_doc(c.REALIZATION, sheet.name)
		row = row_of(sheet, 2)
		self.assertEqual((row.numerator, row.denominator, row.realization), ("30", "40", "75"))
		self.assertEqual((row.budget_realization, row.budget_realization_value), ("750.000", 750000))
		self.assertEqual(row_of(sheet, 1).realization, "91,5")
		self.assertEqual(self.fetched(source).state, "Nothing New")

	def test_two_sources_for_one_figure_one_is_chosen(self):
		sheet = draft_sheet()
		for title, value in (("Satu", "91"), ("Dua", "92")):
			self.says(value)
			self.accepted(self.source(title=title))
		both = {row["data_source"]: row["name"] for row in self.offered(sheet)}
		self.as_user("operator_a")
		self.assertSays("Two sources", proposals.take, proposals.sheet_of(sheet.name), list(both.values()))
		self.assertEqual(self.decide(sheet, "operator_a", [both["Dua"]]), 1)
		self.assertEqual(self.states(), [("91", "Open"), ("92", "Taken")])
		self.assertEqual(self.decide(sheet, "operator_a", [both["Satu"]], "Sumber lain lebih baru"), 1)
		self.assertEqual(self.states(), [("91", "Refused"), ("92", "Taken")])

	def test_a_sheet_that_waits_or_is_verified_takes_none(self):
		sheet = draft_sheet()
		self.accepted()
		names = self.names(sheet)
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			sheet = take(sheet, action, key)
			for person_key in ("operator_a", "head_a"):
				with self.subTest(action, person=person_key), self.assertRaises(REFUSED):
					self.decide(sheet, person_key, names)
				frappe.clear_messages()
		self.assertEqual(self.states(), [("91,5", "Replaced")])
		self.assertEqual(row_of(frappe.get_doc(c.REALIZATION, sheet.name), 1).realization, "90")
		difference = frappe.get_all(c.RECONCILIATION, fields=["our_value", "their_value", "state"])
		self.assertEqual(difference, [{"our_value": "90", "their_value": "91,5", "state": "Open"}])

	def test_the_history_of_a_sheet_says_where_a_taken_figure_came_from(self):
		sheet = draft_sheet()
		run = self.accepted()
		self.decide(sheet, "operator_a", self.names(sheet))
		told = frappe.get_all(
			"Comment", {"reference_name": sheet.name, "comment_type": "Info"}, ["content", "owner"]
		)
		self.assertEqual([row.owner for row in told], [person("operator_a")])
		for part in ("91,5", run.data_source, run.fingerprint[:8]):
			self.assertIn(part, told[0].content)

	def test_a_returned_sheet_takes_them_in_flagged_rows_only(self):
		self.server.content = [{"kode": n, "nilai": f"9{n}"} for n in (1, 2)]
		rows = [
			{"indicator": f"TesA-{n}", "column_name": "nilai", "condition": f"kode = {n}"} for n in (1, 2)
		]
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		take(sheet, RETURN, "head_a", "Periksa", flag="TesA-2")
		self.accepted(self.source(mappings=rows))
		by_row = {row["indicator"]: row["name"] for row in self.offered(sheet)}
		for names in ([by_row["TesA-1"]], list(by_row.values())):
			with self.assertRaises(REFUSED):
				self.decide(sheet, "operator_a", names)
			frappe.clear_messages()
		self.assertEqual([state for _value, state in self.states()], ["Open", "Open"])
		self.assertEqual(self.decide(sheet, "operator_a", [by_row["TesA-2"]]), 1)
		sheet = frappe.get_doc(c.REALIZATION, sheet.name)
		self.assertEqual((row_of(sheet, 1).realization, row_of(sheet, 2).realization), ("90", "92"))

	def test_proposals_of_another_sheet_or_none_are_refused(self):
		sheet = draft_sheet()
		rows = [{"indicator": "TesB-1", "column_name": "nilai"}]
		self.accepted(self.source(mappings=rows))
		foreign = frappe.get_all(c.PROPOSAL, pluck="name")
		self.accepted(self.source(title="Sendiri"))
		own = self.names(sheet)
		second = self.fetched_for(f"{YEAR}-TW2")
		for names in (foreign, [*own, *foreign], second, [*own, "tidak-ada"], []):
			with self.subTest(names), self.assertRaises(REFUSED):
				self.decide(sheet, "operator_a", names)
			frappe.clear_messages()
		self.assertFalse([state for _value, state in self.states() if state != "Open"])

	def fetched_for(self, period: str) -> list[str]:
		run = data_runs.fetch(self.run_of(self.source(title=period), period=period))
		data_runs.accept(run)
		return frappe.get_all(c.PROPOSAL, {"period": period}, pluck="name")

	def test_a_decided_proposal_is_not_decided_twice(self):
		sheet = draft_sheet()
		self.accepted()
		names = self.names(sheet)
		self.decide(sheet, "operator_a", [*names, *names])
		with self.assertRaises(REFUSED):
			self.decide(sheet, "head_a", names, "Terlambat")
		self.assertEqual(self.states(), [("91,5", "Taken")])

	def test_refusing_needs_a_reason_and_changes_no_figure(self):
		sheet = draft_sheet()
		self.accepted()
		names = self.names(sheet)
		for reason in ("", "  "):
			with self.assertRaises(REFUSED):
				self.decide(sheet, "operator_a", names, reason)
		self.decide(sheet, "head_a", names, " Belum final ")
		found = frappe.get_doc(c.PROPOSAL, names[0])
		self.assertEqual((found.reason, found.decided_by), ("Belum final", person("head_a")))
		self.assertEqual(row_of(frappe.get_doc(c.REALIZATION, sheet.name), 1).realization, "90")

	def test_a_conflict_of_saving_loses_nothing(self):
		sheet = draft_sheet()
		self.accepted()
		self.as_user("operator_a")
		stale = proposals.sheet_of(sheet.name)
		other = frappe.get_doc(c.REALIZATION, sheet.name)
		row_of(other, 2).obstacle = "Diketik orang lain"
		other.save()
		names = self.names(sheet)
		with self.assertRaises(frappe.TimestampMismatchError):
			proposals.take(stale, names)
		after = frappe.get_doc(c.REALIZATION, sheet.name)
		self.assertEqual(
			(row_of(after, 1).realization, row_of(after, 2).obstacle), ("90", "Diketik orang lain")
		)
		self.assertEqual(self.states(), [("91,5", "Open")])
		self.assertEqual(proposals.take(after, names), 1)
		after = frappe.get_doc(c.REALIZATION, sheet.name)
		self.assertEqual(
			(row_of(after, 1).realization, row_of(after, 2).obstacle), ("91,5", "Diketik orang lain")
		)

	def test_a_figure_that_the_sheet_cannot_hold_is_refused_in_words_and_stays_open(self):
		sheet = draft_sheet()
		self.says("999.999.999.999.000")
		self.accepted()
		with self.assertRaises(REFUSED):
			self.decide(sheet, "operator_a", self.names(sheet))
		self.assertEqual([state for _value, state in self.states()], ["Open"])

	def test_only_those_who_enter_the_figures_decide(self):
		sheet = draft_sheet()
		self.accepted()
		names = self.names(sheet)
		for key in (
			"viewer_a",
			"planner",
			"inspector",
			"bureau",
			"executive",
			"admin",
			"operator_b",
			"head_b",
			"outsider",
		):
			self.as_user(key)
			for method, more in (("take", {}), ("refuse", {"reason": "Tidak"})):
				with self.subTest(key, method=method):
					self.assertRefused(
						call, f"seroja.api.exchange.{method}", sheet=sheet.name, names=names, **more
					)
		self.assertEqual(self.states(), [("91,5", "Open")])
		self.as_user("head_a")
		self.assertIn("1", call("seroja.api.exchange.take", sheet=sheet.name, names=names))

	def test_the_form_shows_them_to_whoever_sees_the_sheet_while_it_is_open(self):
		sheet = draft_sheet()
		self.accepted()
		for key in ("operator_a", "head_a", "viewer_a", "inspector", "planner"):
			self.as_user(key)
			with self.subTest(key):
				self.assertIn(
					"91,5", call("frappe.desk.form.load.getdoc", doctype=c.REALIZATION, name=sheet.name)
				)

	def test_nobody_writes_a_proposal_by_hand(self):
		draft_sheet()
		self.accepted()
		doc = frappe.get_doc(c.PROPOSAL, frappe.get_all(c.PROPOSAL, pluck="name")[0])
		for key in ("admin", "planner", "operator_a", "head_a", "inspector"):
			self.as_user(key)
			with self.subTest(key):
				self.assertRefused(frappe.get_doc(c.PROPOSAL, doc.name).save)
				self.assertRefused(frappe.copy_doc(doc).insert)
				self.assertRefused(frappe.delete_doc, c.PROPOSAL, doc.name)


class TestReconciliation(ExchangeCase):
	def setUp(self):
		super().setUp()
		self.sheet = verified_sheet()
		self.feed = self.source()

	def only(self):
		(name,) = frappe.get_all(c.RECONCILIATION, pluck="name")
		return frappe.get_doc(c.RECONCILIATION, name)

	def explain(self, key: str, text: str = "Sumber belum menghitung TW I."):
		self.as_user(key)
		try:
			return frappe.get_doc(c.RECONCILIATION, self.only().name).update({"explanation": text}).save()
		finally:
			frappe.set_user("Administrator")

	def test_seen_again_it_is_refreshed_and_not_doubled(self):
		self.accept_each(self.feed, "91,5")
		first = self.only()
		frappe.db.set_value(
			c.RECONCILIATION, first.name, {"last_seen": "2020-01-01 00:00:00", "since": "2020-01-01"}
		)
		self.accept_each(self.feed, "91,5")
		again = self.only()
		self.assertGreater(str(again.last_seen), "2020-01-02")
		self.assertEqual(str(again.since), "2020-01-01")

	def test_an_explanation_is_of_these_figures_only(self):
		self.accept_each(self.feed, "91,5")
		self.explain("operator_a")
		self.accept_each(self.feed, "91,5")
		self.assertEqual(self.only().state, "Explained")
		self.accept_each(self.feed, "92")
		found = self.only()
		self.assertEqual((found.state, found.our_value, found.their_value), ("Open", "90", "92"))
		self.assertFalse(found.explanation or found.explained_by or found.explained_on)
		self.explain("operator_a")
		self.assertEqual(self.only().state, "Explained")

	def test_it_is_agreed_when_they_are_the_same_and_new_when_they_differ_again(self):
		self.accept_each(self.feed, "91,5", "90", "93")
		self.assertEqual(self.states(c.RECONCILIATION), [("91,5", "Agreed"), ("93", "Open")])
		with self.assertRaises(frappe.ValidationError):
			agreed = frappe.get_doc(c.RECONCILIATION, {"state": "Agreed"})
			self.as_user("operator_a")
			agreed.update({"explanation": "Terlambat"}).save()

	def test_two_sources_differ_each_for_itself(self):
		self.accept_each(self.feed, "91,5")
		self.accept_each(self.source(title="Lain"), "92")
		self.assertEqual(len(self.states(c.RECONCILIATION)), 2)

	def test_a_verified_figure_that_the_source_does_not_change_stays_without_a_row(self):
		self.accept_each(self.feed, "90,00")
		self.assertEqual(self.states(c.RECONCILIATION), [])

	def test_who_explains(self):
		self.accept_each(self.feed, "91,5")
		for number, key in enumerate(("operator_a", "head_a", "inspector")):
			with self.subTest(key):
				found = self.explain(key, f"Penjelasan {number}")
				self.assertEqual((found.state, found.explained_by), ("Explained", person(key)))
		for key in (
			"viewer_a",
			"planner",
			"admin",
			"bureau",
			"executive",
			"operator_b",
			"head_b",
			"outsider",
		):
			with self.subTest(key):
				self.assertRefused(self.explain, key, "Bukan saya")
		self.assertEqual(self.explain("head_a", " ").state, "Open")

	def test_nothing_but_the_explanation_is_written(self):
		self.accept_each(self.feed, "91,5")
		before = self.only().as_dict()
		self.as_user("operator_a")
		forged = {
			"our_value": "1",
			"their_value": "2",
			"state": "Agreed",
			"opd": B,
			"period": f"{YEAR}-TW2",
			"indicator": "TesB-1",
			"since": "2020-01-01",
			"last_seen": "2020-01-01 00:00:00",
			"fingerprint": "x",
			"data_source": "Lain",
			"explained_by": person("inspector"),
			"owner": person("operator_a"),
		}
		rest(f"/api/resource/{c.RECONCILIATION}/{before['name']}", "PUT", **forged, explanation="Benar")
		after = self.only()
		self.assertEqual((after.explanation, after.state), ("Benar", "Explained"))
		self.assertEqual(after.explained_by, person("operator_a"))
		for field in set(forged) - {"state", "explained_by"}:
			self.assertEqual(str(after.get(field)), str(before[field]), field)
		for key in ("operator_a", "inspector", "admin"):
			self.as_user(key)
			self.assertRefused(frappe.delete_doc, c.RECONCILIATION, after.name)
			self.assertRefused(frappe.copy_doc(after).insert)

	def test_after_reopening_and_verifying_anew_the_same_row_is_carried_on(self):
		self.accept_each(self.feed, "91,5")
		take(self.sheet, REOPEN, "inspector", "Angka salah")
		copy = frappe.get_doc(c.REALIZATION, {"amended_from": self.sheet.name})
		self.as_user("operator_a")
		fill_sheet(copy, ("91,5", "80", "30", "WDP"))
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector2")):
			take(copy, action, key)
		frappe.set_user("Administrator")
		self.accept_each(self.feed, "91,5")
		self.assertEqual(self.states(c.RECONCILIATION), [("91,5", "Agreed")])
