"""The pages without login: verified figures of public periods and nothing else; genuine copies, and nothing about them."""

import csv
import io
import json
import re
from html import unescape

import frappe
from frappe.app import run_after_request_hooks
from frappe.utils import now_datetime, set_request
from frappe.website.serve import get_response

from seroja import constants as c
from seroja.api import public
from seroja.core.rendering import format_percent
from seroja.seroja.report.indicator_achievement import indicator_achievement
from seroja.seroja.report.opd_evaluation_summary import opd_evaluation_summary
from seroja.services import public_figures, public_pages
from seroja.tests.test_reports import counted
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
	person,
	take,
	verified_sheet,
)

TW1, TW2 = f"{YEAR}-TW1", f"{YEAR}-TW2"
ITEM, PERIOD, SETTINGS = "Performance Realization Item", "Reporting Period", "SEROJA Settings"
DIGEST = "0123456789abcdef" * 4
SCRIPT = "<script>alert('x')</script>"


class PublicTestCase(SerojaTestCase):
	def setUp(self):
		super().setUp()
		frappe.db.set_value(PERIOD, {"is_public": 1}, "is_public", 0)
		public_figures.forget()
		self.local = {name: getattr(frappe.local, name, None) for name in ("lang", "form_dict", "request_ip")}
		frappe.local.request_ip = f"test-{frappe.generate_hash(length=8)}"

	def tearDown(self):
		for name, value in self.local.items():
			setattr(frappe.local, name, value)
		frappe.local.request = None
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.no_cache = frappe.flags.seroja_public = frappe.flags.disable_traceback = None
		super().tearDown()
		public_figures.forget()

	def visit(self, path: str, user: str = "Guest", **arguments):
		"""The answer to an address, as a person gets it."""
		frappe.set_user(user)
		set_request(method="GET", path=f"/{path}", query_string=arguments)
		frappe.local.form_dict = frappe._dict(arguments)
		try:
			return get_response(path)
		finally:
			frappe.set_user("Administrator")

	def page(self, **arguments) -> str:
		response = self.visit("kinerja", **arguments)
		self.assertEqual(response.status_code, 200)
		return response.get_data(as_text=True)

	def download(self, **arguments) -> str:
		frappe.set_user("Guest")
		try:
			public.figures(**arguments)
		finally:
			frappe.set_user("Administrator")
		return frappe.local.response.filecontent.decode()

	def rows(self, **arguments) -> list[dict]:
		return list(csv.DictReader(io.StringIO(self.download(**arguments))))

	def assertNotFound(self, **arguments):
		response = self.visit("kinerja", **arguments)
		self.assertEqual(response.status_code, 404)
		self.assertNotIn("Traceback", response.get_data(as_text=True))
		self.assertRefused(self.download, **arguments, exceptions=frappe.PageDoesNotExistError)


def switch(on: int = 1) -> None:
	settings = frappe.get_doc(SETTINGS)
	settings.public_page = on
	settings.save()


def publish(period: str = TW1, is_public: int = 1) -> None:
	doc = frappe.get_doc(PERIOD, period)
	doc.is_public = is_public
	doc.save()


def visible(html: str) -> str:
	"""What a reader sees of our part of a page."""
	part = html[html.index('class="seroja-public') :]
	return " ".join(unescape(re.sub(r"<[^>]*>", " ", part)).split())


class TestPublicPage(PublicTestCase):
	def test_it_is_off_until_it_is_switched_on(self):
		verified_sheet()
		publish()
		self.assertEqual(frappe.get_meta(SETTINGS).get_field("public_page").default, "0")
		switch(0)
		self.assertNotFound()
		self.assertNotFound(period=TW1, opd=A)
		switch()
		self.assertIn(f"Dinas {A}", self.page())
		switch(0)
		self.assertNotFound()

	def test_only_public_periods_are_shown_the_latest_first(self):
		verified_sheet()
		verified_sheet(quarter=2)
		switch()
		publish()
		self.assertNotIn(TW2, self.page())
		self.assertNotFound(period=TW2)
		self.assertEqual({row["period"] for row in self.rows()}, {TW1})
		publish(TW2)
		self.assertEqual({row["period"] for row in self.rows()}, {TW2})
		self.assertEqual({row["period"] for row in self.rows(period=TW1)}, {TW1})
		publish(TW2, 0)
		self.assertNotFound(period=TW2)
		self.assertNotIn(TW2, self.page())

	def test_without_a_public_period_the_page_says_so(self):
		verified_sheet()
		switch()
		self.assertNotIn(f"Dinas {A}", self.page())
		self.assertEqual(self.rows(), [])
		self.assertNotFound(period=TW1)

	def test_a_sheet_comes_and_goes_at_once(self):
		switch()
		publish()
		self.assertNotIn(f"Dinas {A}", self.page())
		sheet = verified_sheet()
		self.assertIn(f"Dinas {A}", self.page())
		self.assertEqual(len(self.rows()), 4)
		take(sheet, REOPEN, "inspector", note="Sumber data diganti")
		self.assertNotIn(f"Dinas {A}", self.page())
		self.assertEqual(self.rows(), [])
		self.assertNotFound(period=TW1, opd=A)

	def test_who_read_before_a_change_does_not_bring_the_old_figures_back(self):
		switch()
		publish()
		sheet = verified_sheet()

		def reopened_meanwhile():
			figures = public_figures._build(frappe.get_doc(PERIOD, TW1))
			take(sheet, REOPEN, "inspector", note="Sumber data diganti")
			return figures

		self.assertTrue(public_figures._kept(TW1, reopened_meanwhile)["rows"])
		self.assertEqual(self.rows(), [])

	def test_nothing_unverified_and_nobody_is_named(self):
		switch()
		publish()
		verified = verified_sheet()
		frappe.db.set_value(
			ITEM,
			verified.items[0].name,
			{"obstacle": "TANDA-HAMBATAN", "next_step": "TANDA-LANJUT", "verifier_note": "TANDA-CATATAN"},
		)
		drafts = [draft_sheet(A, 2), draft_sheet(B)]
		approved = take(take(draft_sheet(B, 2), SUBMIT, "operator_b"), APPROVE, "head_b")
		for sheet in (*drafts, approved):
			for row in sheet.items:
				values = {
					"realization_ytd": "77,1234",
					"indicator_name": "TANDA-BELUM",
					"achievement_raw": 77.1234,
				}
				frappe.db.set_value(ITEM, row.name, values)
		publish(TW2)
		shown = [self.page(period=period) + self.download(period=period) for period in (TW1, TW2)]
		shown += [self.page(period=TW1, opd=A), self.download(period=TW1, opd=A)]
		self.assertIn(verified.items[0].indicator_name, shown[-1])
		for secret in (
			"TANDA-",
			"77,12",
			"77.1234",
			f"Dinas {B}",
			"data.example/bukti",
			"@tests.seroja.example",
		):
			for text in shown:
				self.assertFalse(secret in text, secret)
		self.assertNotFound(period=TW1, opd=B)

	def test_page_file_and_desk_show_the_same_figures(self):
		switch()
		publish()
		verified_sheet(A)
		verified_sheet(B)
		rows = {(row["opd"], row["indicator"]): row for row in self.rows(period=TW1)}
		pages = {opd: visible(self.page(period=TW1, opd=opd)) for opd in (A, B)}
		desk = indicator_achievement.execute({"period": TW1})[1]
		self.assertEqual(len(rows), len(desk))
		for row in desk:
			found = rows[row["opd"], row["indicator_name"]]
			self.assertEqual(float(found["achievement_percent"]), row["achievement"])
			self.assertEqual(float(found["score_percent"]), row["score"])
			self.assertEqual(found["category"], row["category"])
			line = f"{row['target']} {row['realization_ytd']} {format_percent(row['achievement'])} {row['category']}"
			self.assertIn(line, pages[row["opd"]])
		overview = visible(self.page(period=TW1))
		for row in opd_evaluation_summary.execute({"period": TW1})[1]:
			line = f"{row['opd_name']} {format_percent(row['mean_scored'])} {row['category']}"
			self.assertIn(line, overview)
			self.assertIn(format_percent(row["mean_scored"]), pages[row["opd"]])

	def test_units_of_the_same_name_stay_apart(self):
		switch()
		publish()
		verified_sheet(A)
		verified_sheet(B)
		frappe.db.set_value("OPD", B, "opd_name", f"Dinas {A}")
		figures = public_figures.chosen(TW1).figures
		self.assertEqual({row.name for row in figures["opds"]}, {A, B})
		self.assertEqual([row.indicators for row in figures["opds"]], [4, 4])

	def test_a_missing_value_is_a_dash_and_never_nought(self):
		switch()
		publish()
		sheet = draft_sheet()
		self.as_user("operator_a")
		empty = sheet.items[0]
		values = {
			"realization": "",
			"missing_reason": "Not Released",
			"obstacle": "Belum ada",
			"next_step": "Tunggu",
		}
		empty.update(values)
		sheet.save()
		for action, who in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			take(sheet, action, who)
		(row,) = [row for row in self.rows() if row["indicator"] == empty.indicator_name]
		self.assertEqual([row["realization"], row["achievement_percent"], row["category"]], ["", "", ""])
		self.assertTrue(row["remark"])
		line = f"{empty.indicator_name} ({empty.unit}) {empty.target} – – – {row['remark']}"
		self.assertIn(line, visible(self.page(opd=A)))

	def test_what_people_typed_is_escaped_and_no_formula(self):
		switch()
		publish()
		sheet = verified_sheet()
		row = sheet.items[0]
		frappe.db.set_value(
			ITEM, row.name, {"indicator_name": f"=1+1{SCRIPT}", "objective": SCRIPT, "unit": SCRIPT}
		)
		frappe.db.set_value("OPD", A, "opd_name", SCRIPT)
		frappe.db.set_single_value(SETTINGS, {"government_name": SCRIPT, "place": SCRIPT})
		public_figures.forget()
		for html in (self.page(), self.page(opd=A)):
			self.assertNotIn("<script>alert", html)
			self.assertIn("&lt;script&gt;alert", html)
		self.assertIn(f"'=1+1{SCRIPT}", [row["indicator"] for row in self.rows()])

	def test_wrong_arguments_are_not_found(self):
		switch()
		publish()
		verified_sheet()
		for wrong in (B, A.lower() + "x", "' or 1=1 -- ", SCRIPT, "x" * 5000, "%"):
			self.assertNotFound(opd=wrong)
			self.assertNotFound(period=wrong)
		self.assertRefused(public.figures, period=["in", [TW1]], exceptions=frappe.exceptions.FrappeTypeError)
		response = self.visit("kinerja", period=["like", "%"], opd={"a": 1})
		self.assertEqual(response.status_code, 404)

	def test_a_fixed_number_of_queries_and_none_when_kept(self):
		switch()
		publish()
		verified_sheet(A)
		public_figures.chosen(TW1)
		counts = []
		for _opds in (1, 2):
			public_figures.forget()
			with counted() as statements:
				public_figures.chosen(TW1, A)
			counts.append(len(statements))
			with counted() as statements:
				public_figures.figures_csv(public_figures.chosen(TW1, A))
			self.assertEqual(statements, [])
			verified_sheet(B) if _opds == 1 else None
		self.assertEqual(counts, [3, 3])

	def test_downloads_are_limited_and_the_refusal_is_a_page(self):
		switch()
		publish()
		verified_sheet()
		set_request(method="GET", path="/api/method/seroja.api.public.figures")
		for _time in range(60):
			self.download()
		frappe.local.response = frappe._dict(docs=[])
		frappe.set_user("Guest")
		public.figures()
		frappe.set_user("Administrator")
		self.assertEqual(frappe.local.response.http_status_code, 429)
		self.assertNotIn("filecontent", frappe.local.response)

	def test_published_reports_are_listed_and_lead_to_web_addresses_only(self):
		switch()
		publish()
		verified_sheet()
		for opd, link, day in (
			(A, "https://contoh.example/lkjip", f"{YEAR}-02-20"),
			(B, "javascript:alert(1)", f"{YEAR}-02-20"),
		):
			values = {
				"name": f"L-{opd}",
				"opd": opd,
				"year": YEAR - 1,
				"published_on": day,
				"workflow_state": c.PUBLISHED if day else c.DRAFT,
				"published_link": link,
			}
			insert_report(values)
		insert_report(
			{"name": "L-draft", "opd": A, "year": YEAR, "published_link": "https://contoh.example/draf"}
		)
		html = self.page()
		self.assertIn('href="https://contoh.example/lkjip"', html)
		self.assertIn(f"Dinas {B}", html)
		self.assertNotIn("javascript:alert", html)
		self.assertNotIn("draf", html)
		self.assertNotIn(f"Dinas {B}", self.page(opd=A))

	def test_the_logo_is_shown_where_everybody_may_open_it(self):
		switch()
		for logo, is_shown in (("/files/lambang.png", True), ("/private/files/lambang.png", False)):
			frappe.db.set_single_value(SETTINGS, "logo", logo)
			self.assertEqual(f'src="{logo}"' in self.page(), is_shown)

	def test_the_page_is_indonesian_in_every_browser_and_kept_by_none(self):
		switch()
		frappe.local.lang = "en"
		response = self.visit("kinerja")
		self.assertIn('<html lang="id"', response.get_data(as_text=True))
		run_after_request_hooks(frappe.local.request, response)
		for name, value in public_pages.HEADERS.items():
			self.assertEqual(response.headers[name], value)

	def test_other_pages_keep_their_own_headers(self):
		response = self.visit("login")
		run_after_request_hooks(frappe.local.request, response)
		self.assertNotIn("X-Frame-Options", response.headers)


def insert_report(values: dict) -> None:
	"""A report below its controller, which knows no year to come and no such link."""
	stamp = {"owner": "Administrator", "creation": now_datetime(), "modified": now_datetime()}
	row = stamp | values
	frappe.db.bulk_insert(c.REPORT, [*row], [[*row.values()]])


def printed(title: str, filters: dict, code: str = "ABCD-EFGH-2345-WXYZ") -> str:
	"""The record of a document that the viewer of A printed."""
	frappe.set_user(person("viewer_a"))
	values = {"title": title, "digest": DIGEST, "filters": json.dumps(filters), "issued_on": now_datetime()}
	doc = frappe.get_doc({"doctype": c.SNAPSHOT, "issued_to": frappe.session.user, **values})
	doc.insert(ignore_permissions=True, set_name=code)
	frappe.set_user("Administrator")
	return code


class TestCheckPage(PublicTestCase):
	def setUp(self):
		super().setUp()
		self.code = printed("TANDA-JUDUL", {"opd": A, "period": TW1})

	def check(self, code: str, digest: str = DIGEST[:16], user: str = "Guest") -> str:
		response = self.visit("periksa", user, kode=code, sidik=digest)
		self.assertEqual(response.status_code, 200)
		return response.get_data(as_text=True)

	def assertGenuine(self, html: str):
		self.assertIn("seroja-genuine", html)

	def test_a_copy_is_genuine_however_it_was_typed(self):
		code = self.code
		for typed in (code, code.lower(), code.replace("-", " "), f" {code} ", code.replace("-", "")):
			for digest in (DIGEST[:16], DIGEST[:16].upper(), f" {DIGEST[:8]} {DIGEST[8:16]} ", DIGEST):
				self.assertGenuine(self.check(typed, digest))

	def test_an_unknown_code_and_a_wrong_digest_get_the_same_answer(self):
		unknown, wrong = "AAAA-BBBB-CCCC-DDDD", "f" * 16
		answers = set()
		for code, digest in (
			(self.code, wrong),
			(unknown, DIGEST[:16]),
			(unknown, wrong),
			(self.code, DIGEST[:15]),
			(self.code, ""),
			("", DIGEST[:16]),
			("%", "%"),
			("\x00é✓" * 50, "é" * 500),
		):
			html = self.check(code, digest)
			self.assertIn("seroja-unknown", html)
			self.assertNotIn("seroja-genuine", html)
			answers.add(re.search(r'<div class="seroja-answer.*?</div>', html, re.DOTALL).group())
		self.assertEqual(len(answers), 1)

	def test_a_guest_and_a_stranger_learn_nothing_about_the_document(self):
		for user in ("Guest", person("head_b"), person("operator_a"), person("outsider")):
			html = self.check(self.code, user=user)
			self.assertGenuine(html)
			for secret in ("TANDA-", TW1, "viewer_a"):
				self.assertNotIn(secret, html)

	def test_the_person_himself_and_the_inspectorate_see_the_record(self):
		for user in (person("viewer_a"), person("inspector"), person("admin"), "Administrator"):
			html = self.check(self.code, user=user)
			self.assertIn("TANDA-JUDUL", html)
			self.assertIn(TW1, html)
		self.assertNotIn("TANDA-JUDUL", self.check(self.code, "f" * 16, person("viewer_a")))

	def test_the_record_says_whether_its_figures_may_be_opened(self):
		answers = []
		for code in (self.code, printed("TANDA-LAIN", {"opd": B}, "ZZZZ-ZZZZ-ZZZZ-ZZZZ")):
			html = self.check(code, user=person("viewer_a"))
			answers.append(re.findall(r"<dd>(.*?)</dd>", html)[-1])
		self.assertEqual(answers, ["Ya", "Tidak"])

	def test_what_was_typed_and_the_title_are_escaped(self):
		self.assertNotIn("<script>alert", self.check(SCRIPT, f'"{SCRIPT}'))
		code = printed(SCRIPT, {"opd": SCRIPT}, "ZZZZ-ZZZZ-ZZZZ-ZZZZ")
		html = self.check(code, user="Administrator")
		self.assertIn("&lt;script&gt;alert", html)
		self.assertNotIn("<script>alert", html)

	def test_guessing_is_slowed_down(self):
		for _attempt in range(60):
			self.visit("periksa", kode="AAAA-BBBB-CCCC-DDDD", sidik="f" * 16)
		response = self.visit("periksa", kode=self.code, sidik=DIGEST)
		self.assertEqual(response.status_code, 429)
		html = response.get_data(as_text=True)
		self.assertNotIn("seroja-genuine", html)
		self.assertNotIn("Traceback", html)

	def test_an_empty_form_answers_nothing_and_search_engines_stay_out(self):
		html = self.visit("periksa").get_data(as_text=True)
		self.assertNotIn("seroja-answer", html)
		self.assertIn('name="kode"', html)
		self.assertIn('<meta name="robots" content="noindex, nofollow">', html)
		self.assertIn('<html lang="id"', html)
