"""The exchange, out: exports, configuration and roll-up packages, webhooks, the reading interface, and login."""

import base64
import hashlib
import hmac
import io
import json
import os
from unittest.mock import patch

import frappe
import pandas as pd
from frappe.integrations.doctype.webhook import webhook as frappe_webhooks
from frappe.utils import add_days, cint, today
from frappe.utils.oauth import update_oauth_user
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from seroja import constants as c
from seroja.core import packages
from seroja.core.numbers import format_number
from seroja.core.open_api import BY_NAME
from seroja.core.open_figures import check_manifest
from seroja.seroja.report.roll_up_of_governments.roll_up_of_governments import execute
from seroja.services import (
	configuration,
	evidence,
	exchange_settings,
	exports,
	indicators,
	instruments,
	performance_reports,
	roll_up,
	seals,
	webhooks,
)
from seroja.services.data_runs import SOURCE
from seroja.tests.evaluation_utils import draft_assessment
from seroja.tests.test_exchange import REFUSED, SETTINGS, TW1, ExchangeCase, allow, forget_settings
from seroja.tests.test_isolation import call, outside_test, rest
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
	approved_target,
	draft_sheet,
	fill_sheet,
	person,
	take,
	verified_sheet,
)

PACKAGE = "Configuration Package"
SCALE = "Permendagri 86/2017"


def reopened(sheet, values=("45", "80", "30", "WDP")):
	"""The sheet is reopened and verified anew with other figures."""
	take(sheet, REOPEN, "inspector", "Angka salah")
	copy = frappe.get_doc(c.REALIZATION, {"amended_from": sheet.name})
	user = frappe.session.user
	frappe.set_user(person("operator_a"))
	fill_sheet(copy, values)
	frappe.set_user(user)
	for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector2")):
		copy = take(copy, action, key)
	return copy


def file_of(doc, field: str = "file") -> bytes:
	return evidence.content_of(evidence.attached_file(doc, field))


class TestExports(SerojaTestCase):
	def setUp(self):
		super().setUp()
		self.sheet = verified_sheet()
		self.as_user("operator_a")
		self.doc = frappe.get_doc({"doctype": c.EXPORT, "opd": A, "year": YEAR}).insert()

	def files(self) -> dict[str, bytes]:
		"""What hangs on the export, by the name under which it is downloaded."""
		rows = frappe.get_all(
			"File", {"attached_to_doctype": c.EXPORT, "attached_to_name": self.doc.name}, pluck="name"
		)
		files = [frappe.get_doc("File", name) for name in rows]
		return {file.file_url.rpartition("/")[2]: evidence.content_of(file) for file in files}

	def figures(self) -> list[dict]:
		self.doc.reload()
		return json.loads(file_of(self.doc, "json_file"))["figures"]

	def test_the_figures_are_those_of_the_sheet(self):
		frappe.db.set_value(c.INDICATOR, f"{A}-1", {"bappenas_code": "B.1", "sipd_code": "S-1"})
		self.assertEqual(exports.make(self.doc), 4)
		by_code = {row["indicator"]: row for row in self.figures()}
		seal = seals.entries_of(self.sheet)[-1].seal
		for row in self.sheet.items:
			found = by_code[row.indicator]
			expected = {
				"opd": A,
				"opd_name": f"Dinas {A}",
				"year": YEAR,
				"quarter": 1,
				"period": TW1,
				"indicator_name": row.indicator_name,
				"target_text": row.target,
				"realization_text": row.realization,
				"achievement": row.achievement_raw,
				"score": row.achievement_scored,
				"category": row.category,
				"status": row.status,
				"seal": seal,
				"verified_on": today(),
				"calculation_version": self.sheet.calculation_version,
			}
			self.assertEqual({name: found[name] for name in expected}, expected)
		self.assertEqual((by_code["TesA-1"]["bappenas_code"], by_code["TesA-1"]["sipd_code"]), ("B.1", "S-1"))
		self.assertEqual((by_code["TesA-3"]["realization"], by_code["TesA-3"]["target"]), (30, 25))
		self.assertIsNone(by_code["TesA-4"]["realization"])

	def test_a_missing_figure_is_empty_and_never_0(self):
		sheet = draft_sheet(quarter=2)
		self.as_user("operator_a")
		sheet.items[0].update({"realization": "", "missing_reason": "Not Released"})
		sheet.save()
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			take(sheet, action, key)
		exports.make(self.doc)
		(row,) = [row for row in self.figures() if (row["quarter"], row["status"]) == (2, "no_data")]
		names = ("realization", "realization_text", "realization_to_date", "achievement", "score", "category")
		self.assertEqual([row[name] for name in names], [None] * 6)

	def test_all_files_are_whole_by_their_manifest_and_parquet_is_read_by_pandas(self):
		exports.make(self.doc)
		files = self.files()
		self.doc.reload()
		manifest = files.pop(os.path.basename(self.doc.manifest_file))
		self.assertEqual(sorted(name.rpartition(".")[2] for name in files), ["csv", "json", "parquet", "xml"])
		self.assertEqual(check_manifest(manifest, files), [])
		self.assertEqual(json.loads(manifest)["about"]["scope"], {"opds": [A], "year": YEAR})
		frame = pd.read_parquet(io.BytesIO(file_of(self.doc, "parquet_file")))
		figures = pd.DataFrame(self.figures())
		for column in ("indicator", "realization_text", "achievement"):
			pd.testing.assert_series_equal(frame[column], figures[column], check_dtype=False)
		self.assertEqual(cint(self.doc.figures), len(frame))

	def test_made_again_it_replaces_all_files_and_nothing_stale_stays(self):
		exports.make(self.doc)
		before = self.files()
		reopened(self.sheet)
		self.as_user("operator_a")
		exports.make(self.doc)
		after = self.files()
		self.assertEqual(len(after), 5)
		self.assertFalse(set(before.values()) & set(after.values()))
		self.assertEqual([row["realization_text"] for row in self.figures()], ["45", "80", "30", "WDP"])
		self.doc.reload()
		self.assertEqual(check_manifest(after.pop(os.path.basename(self.doc.manifest_file)), after), [])
		for field in (*exports.KINDS, exports.MANIFEST):
			path = frappe.get_site_path("private", "files", os.path.basename(self.doc.get(field)))
			self.assertTrue(os.path.exists(path), field)

	def test_a_sheet_that_is_open_again_leaves(self):
		self.assertEqual(exports.make(self.doc), 4)
		take(self.sheet, REOPEN, "inspector", "Angka salah")
		self.as_user("operator_a")
		self.assertEqual((exports.make(self.doc), self.figures()), (0, []))
		self.assertEqual(len(self.files()), 5)

	def test_another_unit_and_a_draft_are_not_in_it(self):
		verified_sheet(B)
		draft_sheet(quarter=2)
		self.as_user("operator_a")
		exports.make(self.doc)
		self.assertEqual({(row["opd"], row["quarter"]) for row in self.figures()}, {(A, 1)})

	def test_what_the_system_writes_is_not_written_by_a_request(self):
		exports.make(self.doc)
		before = frappe.get_doc(c.EXPORT, self.doc.name).as_dict()
		forged = {field: "/private/files/lain.csv" for field in exports.KINDS}
		forged |= {"figures": 99, "made_by": person("head_a"), "made_on": "2020-01-01 00:00:00"}
		rest(f"/api/resource/{c.EXPORT}/{self.doc.name}", "PUT", **forged)
		after = frappe.get_doc(c.EXPORT, self.doc.name)
		for field in forged:
			self.assertEqual(str(after.get(field)), str(before[field]), field)

	def test_who_may_make_one(self):
		for key in ("head_a", "planner", "bureau", "admin"):
			self.as_user(key)
			with self.subTest(key):
				self.assertEqual(exports.make(frappe.get_doc(c.EXPORT, self.doc.name)), 4)
		for key in ("viewer_a", "executive", "inspector", "operator_b", "outsider"):
			self.as_user(key)
			with self.subTest(key):
				self.assertRefused(call, "seroja.api.exchange.make_export", name=self.doc.name)
		for year in (0, 1900, 3000):
			with self.subTest(year), self.assertRaises(REFUSED):
				self.as_user("operator_a")
				frappe.get_doc({"doctype": c.EXPORT, "opd": A, "year": year}).insert()


class TestConfiguration(ExchangeCase):
	SECTIONS = ("with_scales", "with_instruments", "with_layouts", "with_indicators", "with_sources")

	def made(self, *sections: str) -> bytes:
		chosen = {field: int(field in sections) for field in self.SECTIONS}
		doc = frappe.get_doc({"doctype": PACKAGE, "title": "Keluar", **chosen}).insert()
		configuration.make(doc)
		return file_of(doc)

	def incoming(self, data: bytes):
		doc = frappe.get_doc({"doctype": PACKAGE, "title": "Masuk", "direction": "Incoming"}).insert()
		evidence.replace_made_file(doc, "file", "masuk.json", data)
		return doc

	def checked(self, data: bytes, state: str = "Checked"):
		doc = self.incoming(data)
		configuration.check(doc)
		self.assertEqual(doc.state, state, doc.message)
		return doc

	def content(self, doctype: str, name: str) -> dict:
		"""All that people see of a document, but for what the runs of a source write."""
		return _content(frappe.get_doc(doctype, name))

	def assertComesBack(self, section: str, doctype: str, changed: tuple[str, dict], deleted: str) -> None:
		"""One record is changed here and one deleted; both are again as they were when the package was made."""
		name, values = changed
		before = {key: self.content(doctype, key) for key in (name, deleted)}
		data = self.made(section)
		frappe.get_doc(doctype, name).update(values).save()
		frappe.delete_doc(doctype, deleted)
		doc = self.checked(data)
		found = {
			(change["key"], change["kind"])
			for change in configuration.preview_of(doc)["rows"]
			if change["kind"] != "Sama"
		}
		self.assertEqual(found, {(name, "Berubah"), (deleted, "Baru")})
		self.assertEqual(
			{kind: count for kind, count in configuration.apply(doc).items() if kind != "same"},
			{"changed": 1, "new": 1},
		)
		self.assertEqual({key: self.content(doctype, key) for key in before}, before)
		self.assertEqual(doc.state, "Applied")
		again = configuration.check(self.incoming(data))
		self.assertEqual({change.kind for change in again}, {"same"})

	def test_a_package_of_this_site_changes_nothing_here(self):
		self.source()
		doc = self.checked(self.made(*self.SECTIONS))
		changes = configuration.check(doc)
		self.assertEqual({change.kind for change in changes}, {"same"})
		self.assertEqual(len({change.section for change in changes}), 5)

	def test_scales(self):
		bands = [{"label": "Semua", "low": "0", "low_closed": 1}]
		changed = ("Maluku Tengah 2021", {"source": "Diubah", "bands": bands})
		self.assertComesBack("with_scales", "Achievement Scale", changed, "Polewali Mandar 2022 (kinerja)")

	def test_instruments(self):
		changed = ("SPBE-2020", {"title": "Diubah", "regulation": "Lain"})
		self.assertComesBack("with_instruments", c.INSTRUMENT, changed, "RB-2020")

	def test_a_version_of_an_instrument_arrives_with_its_number_and_what_it_replaces(self):
		version = instruments.make_version(instruments.make_version("SPBE-2020").name)
		data = self.made("with_instruments")
		names = (version.name, version.replaces)
		for name in names:
			frappe.delete_doc(c.INSTRUMENT, name)
		configuration.apply(self.checked(data))
		found = [frappe.db.get_value(c.INSTRUMENT, name, ("version", "replaces")) for name in names]
		self.assertEqual(found, [(3, version.replaces), (2, "SPBE-2020")])
		self.assertEqual(instruments.make_version(version.name).version, 4)

	def test_an_instrument_that_is_here_keeps_its_version(self):
		version = instruments.make_version("SPBE-2020")
		data = self.made("with_instruments")
		frappe.db.set_value(c.INSTRUMENT, version.name, {"version": 1, "replaces": None, "title": "Lain"})
		doc = self.checked(data)
		self.assertEqual(self.told(doc, version.name), [f"Title: Lain → {version.title}"])
		configuration.apply(doc)
		self.assertEqual(
			frappe.db.get_value(c.INSTRUMENT, version.name, ("title", "version")), (version.title, 1)
		)

	def test_what_an_instrument_replaces_must_be_there(self):
		version = instruments.make_version(instruments.make_version("SPBE-2020").name)
		content = json.loads(self.made("with_instruments"))
		rows = [row for row in content["sections"]["assessment_instruments"] if row["key"] == version.name]
		for name in (version.name, version.replaces):
			frappe.delete_doc(c.INSTRUMENT, name)
		data = configuration.core.build({"assessment_instruments": rows}, content["about"])
		self.assertIn(f"“{version.replaces}”", self.checked(data, "Refused").message)

	def told(self, doc, key: str) -> list[str]:
		return next(row["differences"] for row in configuration.preview_of(doc)["rows"] if row["key"] == key)

	def test_the_preview_tells_rows_field_by_field_in_the_words_of_the_form(self):
		rows = [
			{"indicator": "TesA-1", "column_name": "jumlah"},
			{"indicator": "TesA-2", "column_name": "nilai", "aggregate": "Sum"},
		]
		source = self.source(mappings=rows, records_path="$.data", page_size=2000, schedule="Weekly")
		data = self.made("with_sources")
		changed = [rows[0] | {"column_name": "total"}, {"indicator": "TesB-4", "column_name": "nilai"}]
		source.update(
			{"mappings": changed, "records_path": "$.rows", "page_size": 1000, "schedule": "Daily"}
		).save()
		frappe.db.set_value(SOURCE, source.name, "is_enabled", 0)
		doc = self.checked(data)
		self.assertEqual(
			self.told_in_indonesian(doc, source.name),
			[
				"Aktif: Tidak → Ya",
				"Pemetaan: 2 baris → 2 baris, 3 berbeda",
				"Data per Halaman: 1000 → 2000",
				"JSONPath Data: $.rows → $.data",
				"Jadwal: Harian → Mingguan",
				"Pemetaan, Baris 1, Kolom: total → jumlah",
				"Pemetaan, Baris 2 (dihapus): Indikator: TesB-4; Nama Indikator: Indikator 4 TesB; "
				"Angka: Nilai; Kolom: nilai; Bila Beberapa Baris: Tunggal",
				"Pemetaan, Baris 2 (baru): Indikator: TesA-2; Nama Indikator: Indikator 2 TesA; "
				"Angka: Nilai; Kolom: nilai; Bila Beberapa Baris: Jumlah",
			],
		)
		with patch.object(configuration, "MOST_LINES", 6):
			told = self.told_in_indonesian(doc, source.name)
		self.assertEqual(len(told), 7)
		self.assertEqual(told[-1], "2 perubahan lain tidak ditampilkan.")

	def test_a_new_source_is_told_in_the_words_of_the_form(self):
		source = self.source(authentication="Bearer", secret="RahasiaSatu")
		data = self.made("with_sources")
		url = source.url
		frappe.delete_doc(SOURCE, source.name)
		told = self.told_in_indonesian(self.checked(data), source.name)
		self.assertIn(f"Alamat: {url}", told)
		self.assertIn("Jadwal: Manual", told)

	def told_in_indonesian(self, doc, key: str) -> list[str]:
		with patch.object(frappe.local, "lang", "id"):
			return self.told(doc, key)

	def test_a_list_where_the_form_has_one_value_is_told_and_breaks_nothing(self):
		source = self.source()
		content = json.loads(self.made("with_sources"))
		row = next(row for row in content["sections"]["data_sources"] if row["key"] == source.name)
		row.update({"resource": [{"a": 1}], "mappings": [{"indicator": "TesA-1", "condition": [{"b": 2}]}]})
		data = configuration.core.build(content["sections"], content["about"])
		self.assertIn("Resource ID: – → 1 baris", self.told(self.checked(data), source.name))

	def test_layouts(self):
		changed = ("LPPD-IKK", {"title": "Diubah", "notes": "Lain"})
		self.assertComesBack("with_layouts", c.LAYOUT, changed, "SPM-INDEKS")

	def test_indicators(self):
		indicator = frappe.get_doc(c.INDICATOR, "TesB-4")
		indicators.ensure_questions(indicator)
		for row, answer in zip(indicator.smart, ("Yes", "No", "Yes", "No", "Yes"), strict=True):
			row.update({"answer": answer, "note": f"Catatan {row.criterion}"})
		benchmark = {"year": YEAR, "compared_with": "Provinsi", "value": "88,5", "source": "BPS"}
		check = {"check_name": "Outlier", "reason": "Angka ini memang melonjak."}
		indicator.update({"benchmarks": [benchmark], "checks_off": [check], "sipd_code": "S-4"}).save()
		changed = ("TesB-3", {"unit": "orang", "year_targets": [{"year": YEAR, "target": "7"}]})
		self.assertComesBack("with_indicators", c.INDICATOR, changed, "TesB-4")

	def test_sources(self):
		self.source(title="Lama", authentication="Bearer", secret="RahasiaSatu")
		preset = {"paging": "Offset", "page_parameter": "start", "size_parameter": "limit", "page_size": 50}
		self.source(title="Hilang", records_path="$.data", schedule="Weekly", silent_days=9, **preset)
		self.assertComesBack("with_sources", SOURCE, ("Lama", {"timeout": 9, "mappings": []}), "Hilang")
		self.assertEqual(frappe.get_doc(SOURCE, "Lama").get_password("secret"), "RahasiaSatu")

	def test_a_successor_comes_before_the_one_that_names_it(self):
		frappe.get_doc(c.INDICATOR, "TesB-1").update({"successor": "TesB-4", "valid_to": YEAR}).save()
		data = self.made("with_indicators")
		for name in ("TesB-1", "TesB-4"):
			frappe.delete_doc(c.INDICATOR, name)
		configuration.apply(self.checked(data))
		self.assertEqual(frappe.db.get_value(c.INDICATOR, "TesB-1", "successor"), "TesB-4")

	def test_a_source_without_its_key_arrives_and_waits_for_it(self):
		self.source(title="Berkunci", authentication="Bearer", secret="RahasiaSatu")
		data = self.made("with_sources")
		self.assertNotIn(b"Rahasia", data)
		frappe.delete_doc(SOURCE, "Berkunci")
		configuration.apply(self.checked(data))
		found = frappe.get_doc(SOURCE, "Berkunci")
		self.assertEqual(found.authentication, "Bearer")
		self.assertFalse(found.get_password("secret", raise_exception=False))

	def test_a_changed_file_is_refused(self):
		data = self.made("with_scales")
		for wrong in (
			data.replace(b"Sangat Tinggi", b"Sangat Rendah", 1),
			data[:-2],
			data + b" ",
			b"{}",
			b"<html></html>",
			json.dumps(json.loads(data), indent=1).encode(),
		):
			with self.subTest(wrong[:20]):
				doc = self.checked(wrong, "Refused")
				self.assertTrue(doc.message.endswith("."))
				with self.assertRaises(REFUSED):
					configuration.apply(doc)

	def test_a_file_that_was_exchanged_after_the_check_is_refused(self):
		doc = self.checked(self.made("with_scales"))
		evidence.replace_made_file(doc, "file", "lain.json", self.made("with_layouts"))
		self.assertSays("changed since it was checked", configuration.apply, doc)

	def test_what_it_refers_to_must_be_there(self):
		self.source(mappings=[{"indicator": "TesB-4", "column_name": "nilai"}])
		data = self.made("with_sources")
		both = self.made("with_sources", "with_indicators")
		frappe.delete_doc(SOURCE, "Sumber Uji")
		frappe.delete_doc(c.INDICATOR, "TesB-4")
		doc = self.checked(data, "Refused")
		self.assertIn("TesB-4", doc.message)
		configuration.apply(self.checked(both))
		self.assertTrue(frappe.db.exists(SOURCE, "Sumber Uji"))

	def test_a_unit_that_is_not_there_refuses_the_whole_package(self):
		indicator = frappe.get_doc(c.INDICATOR, "TesB-4")
		frappe.get_doc({"doctype": "OPD", "abbreviation": "TesZ", "opd_name": "Dinas TesZ"}).insert()
		moved = frappe.copy_doc(indicator).update({"indicator_code": "TesZ-1", "opd": "TesZ"}).insert()
		indicator.update({"unit": "orang"}).save()
		data = self.made("with_indicators")
		frappe.delete_doc(c.INDICATOR, moved.name)
		frappe.delete_doc("OPD", "TesZ")
		frappe.db.set_value(c.INDICATOR, "TesB-4", "unit", "%")
		doc = self.checked(data, "Refused")
		self.assertIn("TesZ", doc.message)
		self.assertEqual(frappe.db.get_value(c.INDICATOR, "TesB-4", "unit"), "%")

	def test_an_instrument_in_use_is_refused_by_its_own_rule_and_nothing_is_written(self):
		scale, instrument = (
			frappe.get_doc("Achievement Scale", SCALE),
			frappe.get_doc(c.INSTRUMENT, "AKIP-2021"),
		)
		before = scale.source, instrument.title
		scale.update({"source": "Dari situs lain"}).save()
		instrument.update({"title": "Dari situs lain"}).save()
		data = self.made("with_scales", "with_instruments")
		scale.update({"source": before[0]}).save()
		instrument.update({"title": before[1]}).save()
		draft_assessment()
		frappe.set_user("Administrator")
		doc = self.checked(data)
		self.assertSays("is used by assessments", configuration.apply, doc)
		self.assertEqual(frappe.db.get_value("Achievement Scale", SCALE, "source"), before[0])
		self.assertEqual(frappe.db.get_value(c.INSTRUMENT, "AKIP-2021", "title"), before[1])
		self.assertEqual(frappe.db.get_value(PACKAGE, doc.name, "state"), "Checked")

	def test_a_package_is_applied_once_and_stays_as_it_is(self):
		doc = self.checked(self.made("with_scales"))
		configuration.apply(doc)
		for action in (configuration.apply, configuration.check, configuration.make):
			with self.subTest(action.__name__), self.assertRaises(REFUSED):
				action(frappe.get_doc(PACKAGE, doc.name))
		self.assertSays("was applied", frappe.get_doc(PACKAGE, doc.name).save)
		self.assertEqual(frappe.db.get_value(PACKAGE, doc.name, "state"), "Applied")

	def test_state_and_digest_are_not_written_by_a_request(self):
		doc = self.incoming(self.made("with_scales"))
		self.as_user("admin")
		rest(f"/api/resource/{PACKAGE}/{doc.name}", "PUT", state="Checked", digest="0" * 64)
		found = frappe.get_doc(PACKAGE, doc.name)
		self.assertEqual((found.state, found.digest), ("Draft", None))
		self.assertSays("Check the package first", configuration.apply, found)

	def test_an_empty_choice_is_refused_and_only_the_administrator_moves_configurations(self):
		self.assertSays("Choose", self.made)
		doc = self.checked(self.made("with_scales"))
		for key in ("planner", "bureau", "inspector", "operator_a", "head_a", "executive"):
			self.as_user(key)
			for method in (
				"make_configuration",
				"check_configuration",
				"apply_configuration",
				"configuration_preview",
			):
				with self.subTest(key, method=method):
					self.assertRefused(call, f"seroja.api.exchange.{method}", name=doc.name)
		self.as_user("admin")
		self.assertIn("same", call("seroja.api.exchange.apply_configuration", name=doc.name))


# What a site writes itself, and what a package never holds.
_OWN = {"performance_objective", "secret", "columns_seen", "warned_on", "hint"}


def _content(doc) -> dict:
	found = {}
	for df in doc.meta.fields:
		value = doc.get(df.fieldname)
		if df.fieldtype in frappe.model.table_fields:
			found[df.fieldname] = [_content(row) for row in value or []]
		elif df.fieldname not in _OWN and df.fieldtype not in frappe.model.no_value_fields:
			found[df.fieldname] = value or None
	return found


class TestRollUp(SerojaTestCase):
	def setUp(self):
		super().setUp()
		forget_settings()
		self.addCleanup(forget_settings)
		verified_sheet()
		self.public = exchange_settings.make_key()
		self.settings(government_code="35.73", trusted=[("35.73", self.public)])

	def settings(self, trusted=(), **values) -> None:
		doc = frappe.get_doc(SETTINGS)
		doc.set(
			"trusted_governments",
			[{"government_code": code, "government_name": code, "public_key": key} for code, key in trusted],
		)
		doc.update(values)
		doc.save()

	def made(self) -> bytes:
		doc = frappe.get_doc({"doctype": roll_up.PACKAGE, "period": TW1}).insert()
		roll_up.make(doc)
		self.assertEqual((doc.state, doc.figures, doc.government_code), ("Made", 4, "35.73"))
		return file_of(doc)

	def incoming(self, data: bytes):
		doc = frappe.get_doc({"doctype": roll_up.PACKAGE, "direction": "Incoming", "period": TW1}).insert()
		evidence.replace_made_file(doc, "file", "rekap.json", data)
		return doc

	def checked(self, data: bytes, state: str = "Checked"):
		doc = self.incoming(data)
		roll_up.check(doc)
		self.assertEqual(doc.state, state, doc.message)
		return frappe.get_doc(roll_up.PACKAGE, doc.name)

	def imported(self, data: bytes):
		doc = self.checked(data)
		roll_up.import_package(doc)
		return doc

	def of_other(self, data: bytes, key: str, code: str = "35.07", **changes) -> bytes:
		"""The same figures as another government signs them."""
		content = packages.read_unchecked(data).content | changes
		content["government"] = content["government"] | {"code": code, "name": f"Kota {code}"}
		return packages.build(content, key)

	def test_one_key_stands_for_one_government(self):
		both = [("35.73", self.public), ("35.07", self.public)]
		self.assertRefused(self.settings, trusted=both, exceptions=frappe.ValidationError)

	def test_a_package_of_the_future_or_of_another_level_is_refused(self):
		data = self.made()
		private, public = packages.new_key()
		self.settings(trusted=[("35.07", public)])
		self.checked(self.of_other(data, private, made_on="2099-01-01T08:00:00"), "Refused")
		content = packages.read_unchecked(data).content
		province = {"code": "35.07", "name": "Provinsi", "level": "province"}
		self.checked(packages.build(content | {"government": province}, private), "Refused")

	def test_a_key_that_is_trusted_no_more_imports_nothing(self):
		data = self.made()
		private, public = packages.new_key()
		self.settings(trusted=[("35.07", public)])
		doc = self.checked(self.of_other(data, private))
		self.settings(trusted=[])
		self.assertRefused(roll_up.import_package, doc, exceptions=frappe.ValidationError)

	def test_what_one_government_signs_another_takes_in(self):
		frappe.db.set_value(c.INDICATOR, "TesA-1", "bappenas_code", "1.1.1")
		data = self.made()
		private, public = packages.new_key()
		self.settings(trusted=[("35.73", self.public), ("35.07", public)])
		doc = self.imported(data)
		self.assertEqual(
			(doc.state, doc.year, doc.quarter, doc.imported_by), ("Imported", YEAR, 1, "Administrator")
		)
		self.imported(self.of_other(data, private))
		rows = roll_up.report_rows({}, by_government=True)
		self.assertEqual(
			[(row["government"], row["indicators"]) for row in rows], [("35.07", 4), ("35.73", 4)]
		)
		for key in ("planner", "executive", "inspector", "bureau", "admin"):
			self.as_user(key)
			for by in ("Indicators", "Governments"):
				_columns, rows, message = execute({"by": by, "year": YEAR, "quarter": "1"})
				with self.subTest(key, by=by):
					self.assertEqual((bool(rows), message), (True, f"Triwulan I {YEAR}"))
		self.assertEqual(execute({"year": YEAR, "quarter": "2"})[1], [])
		self.as_user("head_a")
		self.assertRefused(execute, {})

	def test_the_figures_are_those_of_the_verified_sheets(self):
		content = packages.read_unchecked(self.made()).content
		found = {row["code"]: row for row in content["figures"]}
		for row in frappe.get_doc(c.REALIZATION, {"opd": A}).items:
			self.assertAlmostEqual(found[row.indicator]["achievement"], row.achievement_raw)
			self.assertEqual((found[row.indicator]["status"], found[row.indicator]["opd"]), (row.status, A))
		self.assertEqual(found["TesA-4"]["realization_label"], "WDP")
		self.assertEqual(found["TesA-1"]["budget_realization"], 900_000)

	def test_sheets_and_units_that_are_missing_are_named(self):
		draft_sheet(B)
		doc = self.checked(self.made())
		self.assertIn("1 dari 2 lembar belum terverifikasi", doc.message)
		self.assertIn("1 perangkat daerah, sedangkan seharusnya 2", doc.message)
		take(draft := frappe.get_doc(c.REALIZATION, {"opd": B}), SUBMIT, "operator_b")
		take(draft, APPROVE, "head_b")
		take(draft, VERIFY, "inspector")
		doc = frappe.get_doc({"doctype": roll_up.PACKAGE, "period": TW1}).insert()
		roll_up.make(doc)
		self.assertIsNone(self.checked(file_of(doc)).message)

	def test_without_key_code_or_figures_there_is_nothing_to_hand_on(self):
		doc = frappe.get_doc({"doctype": roll_up.PACKAGE, "period": f"{YEAR}-TW2"}).insert()
		with self.assertRaises(REFUSED):
			roll_up.make(doc)
		self.settings(government_code="")
		with self.assertRaises(REFUSED):
			self.made()

	def test_what_cannot_be_trusted_is_refused(self):
		data = self.made()
		private, public = packages.new_key()
		content = packages.read_unchecked(data).content
		middle = data.index(b"TesA-1")
		flipped = data[:middle] + b"X" + data[middle + 1 :]
		envelope = json.loads(data)
		unsigned = json.dumps({"content": envelope["content"]}).encode()
		empty = json.dumps(envelope | {"signature": ""}, sort_keys=True, separators=(",", ":")).encode()
		for words, wrong in (
			("Tanda tangan tidak cocok", flipped),
			("bukan paket", unsigned),
			("Tanda tangan tidak cocok", empty),
			("kunci yang dicatat", packages.build(content, private)),
			("belum dikenal", self.of_other(data, private)),
			("JSON", b"<html></html>"),
		):
			with self.subTest(words):
				doc = self.checked(wrong, "Refused")
				self.assertIn(words, doc.message)
				self.assertFalse(doc.content or doc.government_code)
				with self.assertRaises(REFUSED):
					roll_up.import_package(doc)
		self.settings(trusted=[("35.07", public), ("35.73", self.public)])
		stolen = packages.build(content, private)
		self.assertEqual(self.checked(stolen, "Refused").figures, 0)
		self.assertEqual(roll_up.report_rows({}, True), [])

	def test_a_refused_package_says_nothing_of_its_content(self):
		doc = self.checked(self.made())
		self.settings(trusted=())
		roll_up.check(frappe.get_doc(roll_up.PACKAGE, doc.name))
		found = frappe.get_doc(roll_up.PACKAGE, doc.name)
		said = [found.get(name) for name in ("government_code", "government_name", "digest", "content")]
		self.assertEqual((found.state, found.figures, *said), ("Refused", 0, *[None] * 4))
		self.assertEqual(found.title, f"Incoming Package, {TW1}")
		self.assertTrue(found.message)

	def test_a_checked_package_shows_whose_it_is_and_what_its_figures_add_up_to(self):
		doc = self.checked(self.made())
		self.assertEqual(doc.title, f"{doc.government_name}, {TW1}")
		content = json.loads(doc.content)
		doc.run_method("onload")
		(whole, *units) = doc.get_onload("aggregates")
		opened = call("frappe.desk.form.load.getdoc", doctype=doc.doctype, name=doc.name)
		self.assertIn(doc.digest, opened)
		self.assertNotIn("Sasaran 1", opened)  # the figures themselves are nothing for a form
		doc.save()  # as the form sends it back
		self.assertEqual(json.loads(frappe.db.get_value(doc.doctype, doc.name, "content")), content)
		self.assertEqual((whole[0], whole[1]), ("", format_number(len(content["figures"]), 0)))
		self.assertEqual({row[0] for row in units}, {figure["opd"] for figure in content["figures"]})
		means = {row["opd"]: format_number(row["mean_score"]) for row in content["aggregates"]}
		self.assertEqual({row[0]: row[4] for row in (whole, *units)}, means)

	def test_what_the_sender_says_that_they_add_up_to_is_not_shown(self):
		private, public = packages.new_key()
		data = self.made()
		stated = packages.read_unchecked(data).content["aggregates"]
		self.settings(trusted=[("35.07", public)])
		forged = [row | {"mean_score": 119.0} for row in stated]
		doc = self.checked(self.of_other(data, private, aggregates=forged))
		self.assertIn("rata-rata skor tertulis 119", doc.message)
		doc.run_method("onload")
		shown = {row[0]: row[4] for row in doc.get_onload("aggregates")}
		self.assertEqual(shown, {row["opd"]: format_number(row["mean_score"]) for row in stated})

	def test_figures_that_the_table_cannot_take_are_refused_at_the_check(self):
		data = self.made()
		with patch.object(roll_up.roll_up, "_check", side_effect=roll_up.roll_up.RollUpError("Kolom x.")):
			doc = self.checked(data, "Refused")
		self.assertEqual(doc.message, "Kolom x.")

	def test_a_file_that_was_exchanged_after_the_check_imports_nothing(self):
		data = self.made()
		private, public = packages.new_key()
		self.settings(trusted=[("35.07", public)])
		old, new = (self.of_other(data, private, made_on=f"2026-0{month}-01T08:00:00") for month in (1, 2))
		doc = self.checked(old)
		evidence.replace_made_file(doc, "file", "lain.json", new)
		with self.assertRaises(frappe.ValidationError) as caught:
			roll_up.import_package(doc)
		self.assertIn("changed since it was checked", str(caught.exception))
		self.assertEqual(frappe.db.get_value(roll_up.PACKAGE, doc.name, "state"), "Checked")

	def test_an_import_looks_at_what_stands_now_and_lets_no_other_between(self):
		doc = self.checked(self.made())
		frappe.db.set_value(roll_up.PACKAGE, doc.name, "state", "Refused")
		self.assertRefused(roll_up.import_package, doc, exceptions=frappe.ValidationError)
		frappe.db.set_value(roll_up.PACKAGE, doc.name, "state", "Checked")
		with (
			patch.object(frappe.db, "get_value", wraps=frappe.db.get_value) as first,
			patch.object(frappe.db, "get_values", wraps=frappe.db.get_values) as earlier,
		):
			roll_up.import_package(doc)
		self.assertEqual(
			(first.call_args_list[0].args[:2], first.call_args_list[0].kwargs),
			(("Reporting Period", TW1), {"for_update": True}),
		)
		locked = [call.args[0] for call in earlier.call_args_list if call.kwargs.get("for_update")]
		self.assertIn(roll_up.PACKAGE, locked)
		doc.state = "Checked"  # as whoever opened it before the import still has it
		self.assertRefused(roll_up.check, doc, exceptions=frappe.ValidationError)
		self.assertEqual(frappe.db.get_value(roll_up.PACKAGE, doc.name, "state"), "Imported")

	def test_a_line_break_in_a_name_stops_no_package(self):
		row = frappe.get_doc(c.REALIZATION, {"opd": A}).items[0]
		texts = {"indicator_name": " Angka\n kematian\tibu ", "unit": "per 1.000\n"}
		frappe.db.set_value("Performance Realization Item", row.name, texts)
		content = packages.read_unchecked(self.made()).content
		found = {figure["code"]: figure for figure in content["figures"]}[row.indicator]
		self.assertEqual((found["name"], found["unit"]), ("Angka kematian ibu", "per 1.000"))

	def test_parts_are_those_of_the_value_that_is_handed_on(self):
		for case, consolidation, quarters, expected in (
			("summed", "SUM", [("50", "100"), ("90", "100")], (70, 140, 200)),
			("summed over a quarter without a value", "SUM", [None, ("90", "100")], (90, 90, 100)),
			("nothing this quarter", "SUM", [("50", "100"), None], (None, None, None)),
			("last", "LAST", [("50", "100"), ("90", "100")], (90, 90, 100)),
			("mean", "AVERAGE", [("50", "100"), ("90", "100")], (70, None, None)),
			("largest", "MAX", [("90", "100"), ("50", "100")], (90, None, None)),
		):
			with self.subTest(case):
				figure, problems = self.ratio_package(consolidation, quarters)
				found = [figure[name] for name in ("realization", "numerator", "denominator")]
				self.assertEqual(tuple(found), expected)
				self.assertEqual([text for text in problems if "TesB-1" in text], [])

	def test_a_sum_of_which_one_quarter_has_no_parts_has_none(self):
		figure, _problems = self.ratio_package("SUM", [("50", "100"), ("90", "100")], typed="30")
		self.assertEqual((figure["numerator"], figure["denominator"]), (None, None))

	def ratio_package(self, consolidation: str, quarters: list, typed: str | None = None) -> tuple:
		"""The figure of a ratio after two verified quarters, and what its receiver would say of the package."""
		frappe.db.savepoint("ratio")
		try:
			indicator = frappe.get_doc(c.INDICATOR, f"{B}-1")
			labels = {"numerator_label": "Selesai", "denominator_label": "Masuk"}
			indicator.update({"consolidation": consolidation, "value_source": c.RATIO, **labels}).save()
			for quarter, parts in enumerate(quarters, 1):
				self.ratio_sheet(quarter, parts)
			if typed:
				first = frappe.db.get_value(c.REALIZATION, {"opd": B, "period": TW1})
				values = {"numerator": None, "denominator": None, "realization": typed}
				row = {"parent": first, "indicator": f"{B}-1"}
				frappe.db.set_value("Performance Realization Item", row, values)
			doc = frappe.get_doc({"doctype": roll_up.PACKAGE, "period": f"{YEAR}-TW2"}).insert()
			roll_up.make(doc)
			package = packages.read_unchecked(file_of(doc))
			(figure,) = (row for row in package.content["figures"] if row["code"] == f"{B}-1")
			return figure, packages.completeness(package, package.period)
		finally:
			frappe.set_user("Administrator")
			frappe.db.rollback(save_point="ratio")

	def ratio_sheet(self, quarter: int, parts) -> None:
		doc = draft_sheet(B, quarter, fill=False)
		frappe.set_user(person("operator_b"))
		for row in sorted(doc.items, key=lambda row: row.indicator):
			row.update({"budget_realization": "900.000", "evidence_link": "https://data.example/bukti"})
			if row.indicator != f"{B}-1":
				row.realization = "WDP" if row.indicator == f"{B}-4" else "30"
			elif parts:
				row.update({"numerator": parts[0], "denominator": parts[1]})
			else:
				row.missing_reason = "Not Released"
		doc.save()
		frappe.set_user("Administrator")
		for action, key in ((SUBMIT, "operator_b"), (APPROVE, "head_b"), (VERIFY, "inspector")):
			doc = take(doc, action, key)

	def test_the_report_caps_as_the_site_does(self):
		self.imported(self.made())
		(row,) = roll_up.report_rows({}, True)
		frappe.db.set_single_value("SEROJA Settings", "cap", 100)
		frappe.clear_document_cache("SEROJA Settings", "SEROJA Settings")
		(capped,) = roll_up.report_rows({}, True)
		self.assertLess(capped["mean_score"], row["mean_score"])

	def test_packages_that_are_read_one_by_one_give_the_same_table(self):
		data = self.made()
		private, public = packages.new_key()
		self.settings(trusted=[("35.73", self.public), ("35.07", public)])
		frappe.db.set_value(c.INDICATOR, "TesA-1", "bappenas_code", "1.1.1")
		for package in (data, self.of_other(data, private)):
			self.imported(package)
		together = [roll_up.report_rows({}, by) for by in (True, False)]
		with (
			patch.object(roll_up, "_FIGURES_AT_ONCE", 1),
			patch.object(roll_up, "_figures_in", wraps=roll_up._figures_in) as read,
		):
			self.assertEqual([roll_up.report_rows({}, by) for by in (True, False)], together)
		self.assertEqual([len(call.args[0]) for call in read.call_args_list], [1] * 4)

	def test_a_name_longer_than_its_field_is_cut(self):
		private, public = packages.new_key()
		long = packages.read_unchecked(self.made()).content
		long["government"] = long["government"] | {"code": "35.07", "name": "Kota " + "Panjang" * 40}
		self.settings(trusted=[("35.07", public)])
		doc = self.checked(packages.build(long, private))
		self.assertLessEqual(len(doc.title), 140)
		self.assertTrue(doc.title.startswith("Kota Panjang") and doc.title.endswith(f", {TW1}"))

	def test_the_report_names_its_quarter_and_colours_categories(self):
		self.imported(self.made())
		columns, rows, message = execute(frappe._dict(by="Governments"))
		self.assertEqual(message, f"Triwulan I {YEAR}")
		self.assertEqual((columns[0]["fieldname"], columns[0]["align"]), ("government", "left"))
		self.assertRegex(rows[0]["color"], "^#")
		self.assertEqual(execute(frappe._dict(by="Governments", year=YEAR - 9, quarter=1))[1], [])

	def test_the_same_package_again_is_refused(self):
		data = self.made()
		first = self.imported(data)
		doc = self.checked(data, "Refused")
		self.assertIn("imported before", doc.message)
		self.assertEqual(frappe.db.get_value(roll_up.PACKAGE, first.name, "state"), "Imported")

	def test_a_newer_one_replaces_and_an_older_one_is_refused(self):
		data = self.made()
		private, public = packages.new_key()
		self.settings(trusted=[("35.07", public)])
		old, new = (self.of_other(data, private, made_on=f"2026-0{month}-01T08:00:00") for month in (1, 2))
		late = self.checked(old)
		first = self.imported(old)
		second = self.imported(new)
		states = {
			doc.name: frappe.db.get_value(roll_up.PACKAGE, doc.name, "state") for doc in (first, second)
		}
		self.assertEqual(list(states.values()), ["Replaced", "Imported"])
		self.assertEqual(len(roll_up.report_rows({}, True)), 1)
		with self.assertRaises(REFUSED):
			roll_up.import_package(late)
		older = self.of_other(data, private, made_on="2025-12-01T08:00:00")
		self.assertSaysOlder(self.checked(older))
		same_day = self.incoming(self.of_other(data, private, made_on="2025-12-02T08:00:00"))
		roll_up.check(same_day)
		self.assertSaysOlder(same_day)

	def assertSaysOlder(self, doc) -> None:
		with self.assertRaises(frappe.ValidationError) as caught:
			roll_up.import_package(doc)
		self.assertIn("newer package", str(caught.exception))

	def test_what_was_imported_stays_as_it_is(self):
		doc = self.imported(self.made())
		for action in (roll_up.make, roll_up.check, roll_up.import_package):
			with self.subTest(action.__name__), self.assertRaises(REFUSED):
				action(frappe.get_doc(roll_up.PACKAGE, doc.name))
		self.assertEqual(frappe.db.get_value(roll_up.PACKAGE, doc.name, "state"), "Imported")
		with self.assertRaises(REFUSED):
			frappe.get_doc(roll_up.PACKAGE, doc.name).save()
		with self.assertRaises(REFUSED):
			frappe.delete_doc(roll_up.PACKAGE, doc.name)
		self.assertEqual(len(roll_up.report_rows({}, True)), 1)

	def test_a_package_of_our_own_is_not_imported_and_one_of_others_not_made(self):
		own = frappe.get_doc({"doctype": roll_up.PACKAGE, "period": TW1}).insert()
		roll_up.make(own)
		with self.assertRaises(REFUSED):
			roll_up.check(own)
		doc = frappe.get_doc({"doctype": roll_up.PACKAGE, "direction": "Incoming", "period": TW1}).insert()
		with self.assertRaises(REFUSED):
			roll_up.make(doc)

	def test_what_is_read_from_the_file_is_not_written_by_a_request(self):
		doc = self.incoming(self.made())
		forged = {"state": "Checked", "government_code": "35.07", "year": YEAR, "quarter": 1, "content": "{}"}
		self.as_user("planner")
		rest(f"/api/resource/{roll_up.PACKAGE}/{doc.name}", "PUT", **forged)
		found = frappe.get_doc(roll_up.PACKAGE, doc.name)
		self.assertEqual((found.state, found.government_code, found.content), ("Draft", None, None))

	def test_the_key_is_never_readable(self):
		private = frappe.get_doc(SETTINGS).get_password("signing_key")
		settings = frappe.get_doc(SETTINGS)
		settings.update({"requests_per_minute": 60}).save(ignore_version=False)
		exchange_settings.make_key()
		doc = frappe.get_doc(roll_up.PACKAGE, {"direction": "Outgoing"}) if self.made() else None
		second = frappe.get_doc(SETTINGS).get_password("signing_key")
		found = [frappe.get_doc(SETTINGS).as_dict(), doc.as_dict()]
		self.as_user("admin")
		found += [
			rest(f"/api/resource/{SETTINGS}/{SETTINGS}"),
			rest(f"/api/v2/document/{SETTINGS}/{SETTINGS}"),
			call("frappe.desk.form.load.getdoc", doctype=SETTINGS, name=SETTINGS),
			call("frappe.client.get", doctype=SETTINGS, name=SETTINGS),
			call("frappe.client.get_single_value", doctype=SETTINGS, field="signing_key"),
			frappe.db.get_single_value(SETTINGS, "signing_key"),
		]
		frappe.set_user("Administrator")
		found += frappe.get_all("Version", {"ref_doctype": SETTINGS}, pluck="data")
		text = json.dumps(found, default=str)
		self.assertIn(frappe.get_doc(SETTINGS).public_key, text)
		for key in (private, second):
			self.assertGreater(len(key), 40)
			self.assertNotIn(key, text)

	def test_the_pair_of_keys_is_made_here_and_not_typed(self):
		self.as_user("admin")
		other = packages.new_key()
		arguments = {"signing_key": other[0], "public_key": other[1], "requests_per_minute": 77}
		rest(f"/api/resource/{SETTINGS}/{SETTINGS}", "PUT", **arguments)
		rest(f"/api/resource/{SETTINGS}/{SETTINGS}", "PUT", signing_key="")
		found = frappe.get_doc(SETTINGS)
		self.assertEqual((found.public_key, found.requests_per_minute), (self.public, 77))
		self.imported(self.made())
		for key in ("planner", "inspector", "bureau", "operator_a"):
			self.as_user(key)
			with self.subTest(key):
				self.assertRefused(call, "seroja.api.exchange.make_key")

	def test_codes_of_governments_have_no_space_around_them(self):
		self.settings(government_code=" 35.73 ", trusted=[("35.07 ", self.public)])
		found = frappe.get_doc(SETTINGS)
		self.assertEqual(
			(found.government_code, found.trusted_governments[0].government_code), ("35.73", "35.07")
		)

	def test_settings_take_only_what_can_be_used(self):
		for values in (
			{"requests_per_minute": 0},
			{"requests_per_minute": 6001},
			{"trusted": [("35.07", "bukan kunci")]},
			{"trusted": [("35.07", self.public), ("35.07", self.public)]},
		):
			with self.subTest(values), self.assertRaises(REFUSED):
				self.settings(**values)


class TestWebhooks(ExchangeCase):
	URL = "https://localhost/kait"

	def setUp(self):
		super().setUp()
		allow("localhost")
		self.forget()
		self.addCleanup(self.forget)

	def forget(self) -> None:
		getattr(frappe, "client_cache", frappe.cache).delete_value("webhooks")

	def fired(self, action) -> list[str]:
		"""The names of the webhooks that Frappe would call for an action."""
		with patch("frappe.integrations.doctype.webhook._add_webhook_to_queue") as queue:
			action()
		return [args[0].name for args, _kwargs in queue.call_args_list]

	def test_three_are_made_and_a_new_address_and_secret_hold_for_all(self):
		for url, secret in ((self.URL, "rahasia"), (f"{self.URL}/baru", "kunci baru")):
			webhooks.make(url, secret)
			made = [
				frappe.get_doc("Webhook", name)
				for name in frappe.get_all("Webhook", {"name": ["like", "seroja-%"]}, pluck="name")
			]
			self.assertEqual(sorted(doc.name for doc in made), sorted(webhooks.PRESETS))
			self.assertEqual(
				{(doc.request_url, doc.get_password("webhook_secret")) for doc in made}, {(url, secret)}
			)

	def test_the_host_must_be_allowed_and_a_secret_given(self):
		for url in ("https://lain.example/kait", "https://169.254.169.254/", "file:///etc/passwd", ""):
			with self.subTest(url), self.assertRaises(REFUSED):
				webhooks.make(url, "rahasia")
		for secret in ("", "  "):
			with self.assertRaises(REFUSED):
				webhooks.make(self.URL, secret)
		self.assertEqual(frappe.db.count("Webhook", {"name": ["like", "seroja-%"]}), 0)

	def test_only_the_system_manager_makes_them(self):
		for key in ("admin", "planner", "operator_a"):
			self.as_user(key)
			with self.subTest(key):
				self.assertRefused(call, "seroja.api.exchange.make_webhooks", url=self.URL, secret="rahasia")

	def test_they_are_called_on_exactly_the_step(self):
		webhooks.make(self.URL, "rahasia")
		sheet = draft_sheet()
		steps = (
			(SUBMIT, "operator_a", {}, []),
			(RETURN, "head_a", {"note": "Periksa", "flag": "TesA-1"}, ["seroja-returned"]),
			(SUBMIT, "operator_a", {}, []),
			(APPROVE, "head_a", {}, []),
			(RETURN, "inspector", {"note": "Periksa", "flag": "TesA-1"}, ["seroja-returned"]),
			(SUBMIT, "operator_a", {}, []),
			(APPROVE, "head_a", {}, []),
			(VERIFY, "inspector", {}, ["seroja-verified"]),
			(REOPEN, "inspector", {"note": "Angka salah"}, []),
		)
		for action, key, more, expected in steps:
			with self.subTest(action):
				self.assertEqual(self.fired(lambda a=action, k=key, m=more: take(sheet, a, k, **m)), expected)
			if action == RETURN:
				self.as_user("operator_a")
				doc = frappe.get_doc(c.REALIZATION, sheet.name)
				doc.items[0].obstacle = f"Diperbaiki setelah {key}"
				with self.subTest("saving a returned sheet"):
					self.assertEqual(self.fired(doc.save), [])
				frappe.set_user("Administrator")

	def test_a_published_report(self):
		webhooks.make(self.URL, "rahasia")
		verified_sheet()
		self.enterContext(patch.object(performance_reports, "today", lambda: f"{YEAR + 1}-02-01"))
		self.enterContext(
			patch.object(performance_reports, "getdate", lambda day=None: frappe.utils.getdate(day))
		)
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.REPORT, "opd": A, "year": YEAR}).insert()
		performance_reports.build(doc)
		for action, key, note in (("Review", "inspector", "Sesuai."), ("Hand In", "head_a", "")):
			self.assertEqual(self.fired(lambda a=action, k=key, n=note: take(doc, a, k, n)), [])
		self.as_user("bureau")
		doc.reload()
		doc.published_link = "https://contoh.example/lkjip"
		self.assertEqual(self.fired(doc.save), [])
		self.assertEqual(self.fired(lambda: take(doc, "Publish", "bureau")), ["seroja-published"])

	def test_they_name_the_document_and_hold_no_figure(self):
		webhooks.make(self.URL, "rahasia")
		sheet = verified_sheet()
		for name in ("seroja-verified", "seroja-returned"):
			data = frappe_webhooks.get_webhook_data(sheet, frappe.get_doc("Webhook", name))
			expected = {"name", "doctype", "workflow_state", "opd", "period"}
			expected |= {"verified_on"} if name == "seroja-verified" else set()
			with self.subTest(name):
				self.assertEqual(set(data), expected)
				self.assertEqual((data["name"], data["doctype"]), (sheet.name, c.REALIZATION))

	def test_frappe_signs_the_call(self):
		webhooks.make(f"{self.server.url}/kait", "rahasia")
		frappe_webhooks.enqueue_webhook(verified_sheet(), frappe._dict(name="seroja-verified"))
		(body,) = self.server.posted
		digest = hmac.new(b"rahasia", body, hashlib.sha256).digest()
		signature = self.server.asked[0][1]["x-frappe-webhook-signature"]
		self.assertEqual(base64.b64decode(signature), digest)
		self.assertEqual(json.loads(body)["period"], TW1)


class TestReading(SerojaTestCase):
	def setUp(self):
		super().setUp()
		forget_settings()
		self.addCleanup(forget_settings)
		for key in ("viewer_a", "planner", "operator_b"):
			self.fresh_minute(key)

	def fresh_minute(self, key: str) -> None:
		frappe.cache.delete(frappe.cache.make_key(f"seroja-requests:{person(key)}"))

	def ask(self, name: str, key: str = "planner", headers: dict | None = None, **asked):
		"""The HTTP answer to a person's key."""
		from frappe.api import handle

		self.as_user(key)
		path = f"/api/method/seroja.api.v1.{name}"
		environment = EnvironBuilder(path=path, query_string=asked, headers=headers).get_environ()
		frappe.local.request = Request(environment)
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.form_dict = frappe._dict(asked)
		try:
			with outside_test():
				return handle(frappe.local.request)
		finally:
			frappe.set_user("Administrator")

	def rows(self, name: str, key: str = "planner", **asked) -> list[dict]:
		response = self.ask(name, key, **asked)
		self.assertEqual(response.status_code, 200, response.get_data(as_text=True))
		return json.loads(response.get_data())["data"]

	def test_every_list_answers_with_the_columns_that_are_described(self):
		verified_sheet()
		for name, endpoint in BY_NAME.items():
			with self.subTest(name):
				response = self.ask(name, limit="2")
				self.assertEqual(response.status_code, 200, response.get_data(as_text=True))
				self.assertEqual(response.mimetype, "application/json")
				for row in json.loads(response.get_data())["data"]:
					self.assertEqual(set(row), {field.name for field in endpoint.columns})

	def test_the_figures_are_those_of_the_sheet(self):
		sheet = verified_sheet()
		achieved = {row["indicator"]: row for row in self.rows("achievements", year=str(YEAR))}
		realized = {row["indicator"]: row for row in self.rows("realizations", year=str(YEAR))}
		for row in sheet.items:
			found = achieved[row.indicator]
			self.assertEqual((found["target"], found["category"]), (row.target, row.category))
			self.assertAlmostEqual(found["achievement"], row.achievement_raw)
			self.assertEqual(realized[row.indicator]["realization"], row.realization)
			self.assertEqual(realized[row.indicator]["budget_realization"], 900_000)
		self.assertEqual(len(self.rows("targets", opd=A, year=str(YEAR))), 4)

	def test_missing_is_null(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		sheet.items[0].update({"realization": "", "missing_reason": "Not Released", "budget_realization": ""})
		sheet.save()
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			take(sheet, action, key)
		code = sheet.items[0].indicator
		(row,) = self.rows("achievements", indicator=code)
		names = ("realization_to_date", "achievement", "score", "category", "bappenas_code")
		self.assertEqual([row[name] for name in names], [None] * 5)
		(row,) = self.rows("realizations", indicator=code)
		names = ("realization", "numerator", "denominator", "budget_realization", "obstacle")
		self.assertEqual([row[name] for name in names], [None] * 5)

	def test_a_budget_or_weight_that_nobody_gave_is_null(self):
		target = approved_target()
		for row in target.items:
			row.update({"budget": 0, "weight": 0})  # as Frappe keeps what was left empty
			row.db_update()
		verified_sheet()
		code = target.items[0].indicator
		self.assertIsNone(self.rows("realizations", indicator=code)[0]["budget"])
		(row,) = self.rows("targets", indicator=code)
		self.assertEqual((row["weight"], row["budget"]), (None, None))

	def test_filters(self):
		verified_sheet(A)
		verified_sheet(B)
		take(verified_sheet(A, 2), REOPEN, "inspector", "Angka salah")
		year = {"year": str(YEAR)}
		for asked, count in (
			(year, 8),
			(year | {"opd": A}, 4),
			(year | {"quarter": "1"}, 8),
			(year | {"quarter": "2"}, 0),
			({"indicator": "TesB-2"}, 1),
			(year | {"opd": A, "indicator": "TesB-2"}, 0),
			({"year": str(YEAR - 1)}, 0),
			({"opd": "TidakAda"}, 0),
			({"indicator": "' or 1=1 --"}, 0),
			({"opd": "%"}, 0),
		):
			for name in ("realizations", "achievements"):
				with self.subTest(asked, name=name):
					self.assertEqual(len(self.rows(name, **asked)), count)
		self.assertEqual({row["opd"] for row in self.rows("indicators", opd=A)}, {A})
		self.assertEqual(len(self.rows("targets", indicator="TesA-1")), 1)

	def test_a_reader_gets_his_own_units(self):
		verified_sheet(A)
		verified_sheet(B)
		for name in ("indicators", "targets", "realizations", "achievements"):
			with self.subTest(name):
				self.assertEqual({row["opd"] for row in self.rows(name, "viewer_a")}, {A})
				self.assertEqual({row["opd"] for row in self.rows(name, "operator_b")}, {B})
				self.assertEqual(self.rows(name, "viewer_a", opd=B), [])

	def test_pages_have_no_gaps_and_no_doubles(self):
		verified_sheet(A)
		verified_sheet(B)
		for name in ("realizations", "achievements", "targets", "indicators"):
			whole = self.rows(name, limit="1000")
			for limit in (1, 3, 8):
				found, start, pages = [], 0, 0
				while start is not None:
					answer = json.loads(self.ask(name, start=str(start), limit=str(limit)).get_data())
					found += answer["data"]
					start, pages = answer["next_start"], pages + 1
				with self.subTest(name, limit=limit):
					self.assertEqual(found, whole)
					self.assertEqual(pages, -(-len(whole) // limit))
				self.fresh_minute("planner")
			self.assertEqual(self.rows(name, start="100000"), [])

	def test_an_etag_saves_the_answer_until_something_changes(self):
		sheet = verified_sheet()
		first = self.ask("realizations", year=str(YEAR))
		tag = first.headers["ETag"]
		same = self.ask("realizations", headers={"If-None-Match": tag}, year=str(YEAR))
		self.assertEqual((same.status_code, same.headers["ETag"]), (304, tag))
		self.assertIn("private", first.headers["Cache-Control"])
		other = self.ask("realizations", headers={"If-None-Match": '"lain"'}, year=str(YEAR))
		self.assertEqual(other.status_code, 200)
		reopened(sheet)
		after = self.ask("realizations", headers={"If-None-Match": tag}, year=str(YEAR))
		self.assertEqual(after.status_code, 200)
		self.assertNotEqual(after.headers["ETag"], tag)

	def test_an_earlier_day_shows_what_was_verified_then(self):
		sheet = verified_sheet()
		self.move(c.REALIZATION, sheet.name, "verified_on", -30)
		frappe.db.set_value(
			c.TARGET, {"opd": A}, "verified_on", f"{add_days(today(), -31)} 09:00:00", update_modified=False
		)
		reopened(frappe.get_doc(c.REALIZATION, sheet.name))
		entry = frappe.db.get_value(c.ENTRY, {"reference_name": sheet.name, "action": "Reopen"}, "name")
		self.move(c.ENTRY, entry, "acted_on", -10)
		for day, values in ((-40, []), (-30, ["90"]), (-11, ["90"]), (-10, []), (-1, []), (0, ["45"])):
			found = self.rows("realizations", indicator="TesA-1", as_known_on=str(add_days(today(), day)))
			with self.subTest(day):
				self.assertEqual([row["realization"] for row in found], values)
		self.assertEqual(
			[row["realization"] for row in self.rows("realizations", indicator="TesA-1")], ["45"]
		)
		targets = [
			len(self.rows("targets", opd=A, as_known_on=str(add_days(today(), day)))) for day in (-32, -31, 0)
		]
		self.assertEqual(targets, [0, 4, 4])

	def move(self, doctype: str, name: str, field: str, days: int) -> None:
		frappe.db.set_value(
			doctype, name, field, f"{add_days(today(), days)} 09:00:00", update_modified=False
		)

	def test_a_parameter_that_cannot_be_read_is_a_bad_request_in_words(self):
		tomorrow = str(add_days(today(), 1))
		for asked in (
			{"limit": "0"},
			{"limit": "1001"},
			{"limit": "banyak"},
			{"limit": ""},
			{"start": "-1"},
			{"start": "9" * 30},
			{"year": "1900"},
			{"year": "2031.0"},
			{"year": "٢٠٣١"},
			{"quarter": "5"},
			{"quarter": "TW1"},
			{"as_known_on": tomorrow},
			{"as_known_on": "2026-02-30"},
			{"as_known_on": "31-12-2026"},
			{"as_known_on": "kemarin"},
			{"opd": ""},
			{"opd": "x" * 141},
			{"indicator": "a\x00b"},
			{"tahun": "2031"},
			{"fields": '["*"]'},
			{"user": "Administrator"},
		):
			with self.subTest(asked):
				response = self.ask("achievements", **asked)
				self.assertEqual(response.status_code, 400)
				answer = json.loads(response.get_data())
				self.assertEqual(set(answer), {"error"})
				self.assertTrue(answer["error"].endswith("."), answer)
		self.assertEqual(self.ask("indicators", year="2031").status_code, 400)
		self.assertEqual(self.ask("recommendations", as_known_on=today()).status_code, 400)

	def test_a_key_has_its_share_of_a_minute(self):
		frappe.get_doc(SETTINGS).update({"requests_per_minute": 3}).save()
		self.assertEqual(
			[self.ask("targets").status_code for _request in range(5)], [200, 200, 200, 429, 429]
		)
		response = self.ask("achievements")
		self.assertEqual(response.status_code, 429, "all lists together")
		self.assertTrue(1 <= int(response.headers["Retry-After"]) <= 60)
		self.assertTrue(json.loads(response.get_data())["error"])
		self.assertEqual(self.ask("targets", "viewer_a").status_code, 200, "another key has its own")
		self.fresh_minute("planner")
		self.assertEqual(self.ask("targets").status_code, 200)

	def test_a_count_that_never_ends_locks_nobody_out(self):
		key = frappe.cache.make_key(f"seroja-requests:{person('planner')}")
		frappe.cache.set(key, 1_000_000)  # as when the machine stopped between counting and setting the end
		self.assertEqual(self.ask("targets").status_code, 429)
		self.assertTrue(0 < frappe.cache.ttl(key) <= 60)

	def test_whoever_has_no_key_or_no_role_gets_nothing(self):
		for name in BY_NAME:
			with self.subTest(name):
				self.assertRefused(self.ask, name, "outsider")
				frappe.set_user("Guest")
				frappe.local.request = Request(EnvironBuilder().get_environ())
				self.assertRefused(call, f"seroja.api.v1.{name}", "GET")
		self.as_user("planner")
		self.assertRefused(call, "seroja.api.v1.targets", "POST")

	def test_every_site_serves_its_description(self):
		document = json.loads(self.ask("openapi", "viewer_a").get_data())
		self.assertEqual(document["openapi"], "3.1.0")
		paths = {f"/api/method/seroja.api.v1.{name}" for name in BY_NAME}
		self.assertEqual(set(document["paths"]), paths)


class TestLogin(SerojaTestCase):
	"""Who somebody is comes from the identity provider; what he may do never does."""

	def setUp(self):
		super().setUp()
		frappe.get_doc(
			{
				"doctype": "Social Login Key",
				"social_login_provider": "Custom",
				"provider_name": "Identitas",
				"enable_social_login": 1,
				"client_id": "seroja",
				"client_secret": "rahasia",
				"base_url": "https://identitas.example",
				"authorize_url": "/authorize",
				"access_token_url": "/token",
				"redirect_url": "/api/method/frappe.integrations.oauth2_logins.custom/identitas",
				"api_endpoint": "/userinfo",
				"user_id_property": "sub",
				"auth_url_data": '{"response_type": "code", "scope": "openid email"}',
				"sign_ups": "Allow",
			}
		).insert()

	def log_in(self, user: str) -> set[str]:
		"""The roles that somebody has after logging in with all the roles that a provider could think of."""
		given = [*c.ROLES, "System Manager", "Administrator"]
		rows = [{"role": role} for role in given]
		data = {
			"sub": frappe.generate_hash(),
			"email": user,
			"given_name": "Uji",
			"name": "Uji",
			"roles": rows,
			"groups": given,
			"role": c.ADMINISTRATOR,
			"role_profile_name": c.ADMINISTRATOR,
			"role_profiles": [{"role_profile": c.ADMINISTRATOR}],
			"user_type": "System User",
			"realm_access": {"roles": given},
		}
		update_oauth_user(user, data, "identitas")
		return set(frappe.get_roles(user))

	def test_roles_in_the_data_of_a_provider_give_none(self):
		frappe.set_user("Guest")
		roles = self.log_in("pendatang@tests.seroja.example")
		self.assertFalse(roles & {*c.ROLES, "System Manager", "Administrator", "Desk User"})
		self.assertEqual(
			frappe.db.get_value("User", "pendatang@tests.seroja.example", "user_type"), "Website User"
		)

	def test_who_has_roles_keeps_them_and_gets_no_more(self):
		frappe.set_user("Guest")
		for key in ("viewer_a", "outsider"):
			before = set(frappe.get_roles(person(key)))
			with self.subTest(key):
				self.assertEqual(self.log_in(person(key)), before)

	def test_no_role_of_seroja_is_everybodys(self):
		for doctype in ("Portal Settings", "LDAP Settings"):
			for role in c.ROLES:
				with self.subTest(doctype, role=role):
					doc = frappe.get_doc(doctype).update({"default_role": role})
					doc.flags.ignore_mandatory = True
					self.assertRefused(doc.save)
		frappe.get_doc("Portal Settings").update(
			{"default_role": "Blogger" if _has("Blogger") else "Desk User"}
		).save()


def _has(role: str) -> bool:
	return bool(frappe.db.exists("Role", role))
