"""Reporting in the browser, in Indonesian: performance report, reports, dashboard, subscriptions, public pages."""

import io
import os
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from desk import TODAY, URL, Person, needs_a_site
from openpyxl import load_workbook

pytestmark = needs_a_site

YEAR = TODAY.year
LAST = YEAR - 1
OPD = "Dinkes"
REPORT = f"LKjIP-{OPD}-{LAST}"
PERIOD = f"{YEAR}-TW1"
TEXT = "Dinas Kesehatan melaksanakan urusan pemerintahan bidang kesehatan (uji)."
TYPED = "Aspek strategis ditulis sebelum meminta reviu (uji)."
STATEMENT = "Telah direviu; informasi disajikan secara memadai (uji)."
LINK = "https://data.contoh.example/lkjip"
NOTE = "Angka menunggu rilis resmi (uji)."
FRAPPE_REFUSALS = ("undefined", "Filter missing")  # Frappe leaves refusals of its own calls unhandled


class Reader(Person):
	"""Somebody in front of reports, on the smallest screen that offices have."""

	VIEWPORT = {"width": 1366, "height": 768}

	# --- forms ---

	def field(self, name: str):
		return self.page.locator(f".form-page:visible .frappe-control[data-fieldname='{name}']").first

	def opens_form(self, doctype: str, name: str) -> None:
		self.open(f"{doctype}/{name}")
		self.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=name)
		self.page.wait_for_load_state("networkidle")

	def type_in(self, name: str, value: str) -> None:
		box = self.field(name).locator("input:visible, textarea:visible").first
		box.fill(value)
		box.press("Tab")

	def link(self, name: str, value: str) -> None:
		box = self.field(name).locator("input:visible").first
		box.click()
		box.fill(value)
		self.page.locator(".awesomplete [role=option]:visible").filter(has_text=value).first.click()
		self.page.wait_for_function("name => cur_frm.doc[name]", arg=name)

	def saves_new(self) -> str:
		self.page.keyboard.press("Control+s")
		self.page.wait_for_function("cur_frm && !cur_frm.is_new() && !cur_frm.is_dirty()")
		self.page.wait_for_load_state("networkidle")
		return self.page.evaluate("cur_frm.doc.name")

	def presses(self, label: str) -> None:
		self.page.locator(".page-head:visible").get_by_role("button", name=label, exact=True).click()

	def is_told(self) -> str:
		"""What a message says; closes it."""
		message = self.page.locator(".modal.show .msgprint")
		message.wait_for()
		text = message.inner_text()
		self.page.locator(".modal.show:has(.msgprint) .btn-modal-close").click()
		message.wait_for(state="hidden")
		self.errors = [error for error in self.errors if error not in FRAPPE_REFUSALS]
		return text

	def sees_in_document(self, condition: str) -> None:
		"""Waits until something holds of `doc`, the document of the form."""
		self.page.wait_for_function(f"(doc => {condition})(cur_frm.doc)")
		self.page.wait_for_load_state("networkidle")

	def writes_section(self, number: int, text: str) -> None:
		self.page.locator(f"[data-fieldname='items'] .grid-row[data-idx='{number}'] .btn-open-row").click()
		form = self.page.locator(".grid-row-open .form-in-grid")
		form.locator("[data-fieldname='text'] textarea").fill(text)
		form.locator("[data-fieldname='text'] textarea").press("Tab")
		self.page.locator(".grid-row-open .grid-collapse-row").click()

	# --- reports ---

	def opens_report(self, name: str, query: str = "") -> None:
		self.open(f"query-report/{name}{query}")
		self.rows().first.wait_for()
		self.page.wait_for_load_state("networkidle")

	def rows(self):
		return self.page.locator(".dt-scrollable:visible .dt-row")

	def filters(self, name: str, value: str) -> None:
		box = self.page.locator(f".page-form:visible .frappe-control[data-fieldname='{name}'] input")
		box.fill(value)
		box.press("Enter")
		box.blur()

	def downloads(self, *labels: str) -> bytes:
		"""What a button opens in a new tab; several labels are a menu and its item."""
		self.page.evaluate("window.open = address => (window.opened = address)")
		self.presses(labels[0])
		for label in labels[1:]:
			self.page.locator(".inner-group-button .dropdown-menu:visible").get_by_text(
				label, exact=True
			).click()
		answer = self.page.request.get(URL + self.page.evaluate("window.opened"))
		assert answer.ok
		return answer.body()

	def calls(self, method: str, **values):
		return self.page.evaluate("([method, values]) => frappe.xcall(method, values)", [method, values])


@pytest.fixture(scope="module")
def desk(browser):
	"""desk(name): a person of the demo, logged in once for the whole run."""
	people: dict[str, Reader] = {}

	def come(name: str) -> Reader:
		if name not in people:
			people[name] = Reader(browser, name)
		people[name].page.set_viewport_size(Reader.VIEWPORT)
		return people[name]

	yield come
	for person in people.values():
		person.context.close()


@pytest.fixture(scope="module")
def visitor(browser):
	"""Somebody who is not logged in."""
	context = browser.new_context(viewport=Reader.VIEWPORT)
	yield context.new_page()
	context.close()


# --- the performance report ---


def test_a_report_is_built_edited_and_built_again(desk):
	operator = desk("operator")
	operator.open("performance-report/new")
	operator.page.wait_for_function("cur_frm && cur_frm.is_new()")
	operator.page.keyboard.press("Control+s")
	assert {"OPD", "Tahun"} <= set(operator.is_told().split())
	operator.link("opd", OPD)
	operator.type_in("year", str(LAST))
	assert operator.saves_new() == REPORT
	operator.presses("Susun Angka")
	operator.sees_in_document("doc.built_on && doc.items.length > 10")
	operator.shot("lkjip-disusun")
	titles = operator.page.evaluate("cur_frm.doc.items.map(row => row.title)")
	assert "IKHTISAR EKSEKUTIF" in titles

	operator.writes_section(3, TEXT)
	operator.save()
	operator.presses("Susun Ulang Angka")
	operator.page.locator(".alert-message, .desk-alert").first.wait_for()
	operator.sees_in_document("doc.items[2].is_edited && !doc.items[2].is_stale")
	assert operator.page.evaluate("cur_frm.doc.items[2].text") == TEXT
	assert operator.page.evaluate("cur_frm.doc.items.filter(row => row.is_edited).length") == 1
	operator.shot("lkjip-disusun-ulang")
	assert operator.errors == []


def test_texts_of_a_long_section_stay_in_their_row(desk):
	operator = desk("operator")
	operator.opens_form("performance-report", REPORT)
	operator.page.locator("[data-fieldname='items'] .grid-body .grid-row").first.wait_for()
	overlaps = operator.page.evaluate(
		"""[...document.querySelectorAll("[data-fieldname='items'] .grid-body .grid-row")].filter((row) => {
			const text = row.querySelector("[data-fieldname='text'] .static-area").getBoundingClientRect();
			return text.bottom > row.getBoundingClientRect().bottom + 1;
		}).length"""
	)
	assert overlaps == 0


def test_what_is_typed_is_kept_when_the_review_is_asked_for(desk):
	operator = desk("operator")
	operator.opens_form("performance-report", REPORT)
	operator.writes_section(4, TYPED)
	operator.presses("Minta Reviu")
	operator.sees_in_document("doc.review_requested_on")
	assert operator.page.evaluate("cur_frm.doc.items[3].text") == TYPED
	operator.shot("lkjip-reviu-diminta")
	assert operator.errors == []


def test_pdf_and_word_are_made_in_the_background(desk):
	operator = desk("operator")
	operator.opens_form("performance-report", REPORT)
	operator.presses("Buat PDF dan Word")
	operator.page.locator(".modal.show", has_text="Menunggu giliran").wait_for()
	operator.shot("lkjip-menunggu-giliran")
	if "SEROJA_BENCH" not in os.environ:
		return  # nobody works off the queue here
	work_off(Path(os.environ["SEROJA_BENCH"]))
	operator.opens_form("performance-report", REPORT)
	for field, start in (("file", b"%PDF"), ("word_file", b"PK")):
		address = operator.page.evaluate("field => cur_frm.doc[field]", field)
		assert "/private/" in address
		assert operator.page.request.get(URL + address).body().startswith(start)
	operator.shot("lkjip-berkas")


def work_off(bench: Path) -> None:
	"""The jobs that wait, as a worker of the bench would."""
	worker = ("-m", "frappe.utils.bench_helper", "frappe", "worker", "--queue", "long", "--burst")
	python = bench / "env/bin/python"
	subprocess.run([python, *worker], cwd=bench / "sites", check=True, capture_output=True, timeout=180)


def test_a_report_is_reviewed_handed_in_and_published(desk):
	inspector, head, bureau = desk("inspektorat"), desk("kepala"), desk("organisasi")
	inspector.opens_form("performance-report", REPORT)
	inspector.act("Reviu", STATEMENT)
	inspector.sees_state("Direviu APIP")
	assert inspector.page.evaluate("cur_frm.doc.review_statement") == STATEMENT
	inspector.shot("lkjip-direviu")

	head.opens_form("performance-report", REPORT)
	head.act("Sampaikan")
	head.sees_state("Diajukan")
	head.shot("lkjip-disampaikan")

	bureau.opens_form("performance-report", REPORT)
	bureau.act("Publikasikan")
	assert bureau.is_told().strip() == "Isi alamat tempat laporan dipublikasikan."
	bureau.opens_form("performance-report", REPORT)
	bureau.type_in("published_link", LINK)
	bureau.save()
	bureau.act("Publikasikan")
	bureau.sees_state("Dipublikasikan")
	bureau.shot("lkjip-dipublikasikan")

	operator = desk("operator")
	operator.opens_form("performance-report", REPORT)
	assert not operator.page.locator(".page-head:visible").get_by_text("Susun Ulang Angka").count()
	assert inspector.errors == head.errors == bureau.errors == operator.errors == []


def test_a_year_without_verified_sheets_has_no_report(desk):
	operator = desk("operator")
	operator.open("performance-report/new")
	operator.page.wait_for_function("cur_frm && cur_frm.is_new()")
	operator.link("opd", OPD)
	operator.type_in("year", str(LAST - 9))
	operator.saves_new()
	operator.presses("Susun Angka")
	assert operator.is_told().strip() == f"Belum ada lembar terverifikasi dari {OPD} untuk {LAST - 9}."


# --- reports ---


def test_the_matrix_shows_the_chosen_figures_and_what_stands_behind_each(desk):
	head = desk("kepala")
	head.opens_report("Performance Matrix")
	head.shot("matriks")
	assert head.rows().count() == 8
	chooser = head.page.locator(".page-form:visible .frappe-control[data-fieldname='measures']").first
	chooser.click()
	for label in ("Realisasi", "Selisih"):
		chooser.locator(".selectable-item", has_text=label).click()
	head.page.locator(".page-title:visible").first.click()
	heading = head.page.locator(".dt-header .dt-cell__content", has_text="TW I")
	head.page.wait_for_function(
		"!document.querySelector('.dt-header').innerText.match(/TW I \\d+\\s+(Target|Capaian)/)"
	)
	assert re.sub(r"\s+", " ", heading.first.inner_text()).strip() == f"TW I {YEAR} Realisasi"
	head.shot("matriks-terpilih")

	head.page.locator("a[data-figure]").first.click()
	dialog = head.page.locator(".modal.show")
	dialog.get_by_role("button", name="Tambah Catatan").wait_for()
	assert "Pemeriksa Inspektorat" in dialog.inner_text()
	assert re.search(r"Realisasi [\d.,]+ terhadap target [\d.,]+", dialog.inner_text())
	dialog.get_by_role("button", name="Tambah Catatan").click()
	head.page.locator(".modal.show textarea").fill(NOTE)
	head.page.locator(".modal.show:has(textarea) .btn-modal-primary").click()
	head.page.locator(".modal.show", has_text=NOTE).wait_for()
	head.shot("matriks-catatan")
	head.page.locator(".modal.show .btn-modal-close").click()
	head.page.locator(".page-form:visible ~ *", has_text=NOTE).first.wait_for()
	assert head.downloads("Cetak PDF").startswith(b"%PDF")
	assert head.errors == []


def test_a_figure_of_the_matrix_is_in_reach_on_a_phone(desk):
	head = desk("kepala")
	head.page.set_viewport_size({"width": 375, "height": 800})
	head.opens_report("Performance Matrix")
	head.page.locator("a[data-figure]").first.click()
	head.page.locator(".modal.show").get_by_role("button", name="Buka Lembar").wait_for()
	head.shot("matriks-telepon")
	head.page.locator(".modal.show .btn-modal-close").click()
	assert head.errors == []


def test_an_official_table_is_chosen_and_taken_along(desk):
	bureau = desk("organisasi")
	bureau.open("query-report/Report Extract")
	bureau.presses("Cetak PDF")
	assert "Tata Letak" in bureau.is_told()
	box = bureau.page.locator(".page-form:visible [data-fieldname='layout'] input")
	box.click()
	bureau.page.locator(".awesomplete [role=option]:visible").filter(has_text="LKPJ-IKD").click()
	bureau.rows().first.wait_for()
	bureau.page.wait_for_load_state("networkidle")
	bureau.shot("ekstrak")
	workbook = load_workbook(io.BytesIO(bureau.downloads("Tabel Resmi", "XLSX")))
	texts = {cell.value for row in workbook["LKPJ-IKD"].iter_rows() for cell in row}
	assert {"Indikator", "Usia Harapan Hidup (UHH)"} <= texts
	assert b"Usia Harapan Hidup (UHH)" in bureau.downloads("Tabel Resmi", "CSV")
	assert bureau.downloads("Cetak PDF").startswith(b"%PDF")
	assert bureau.errors == []


def test_what_is_missing_for_a_report_names_the_own_unit_only(desk):
	head = desk("kepala")
	head.opens_report("Missing for Reports")
	head.shot("kekurangan")
	units = head.page.evaluate("[...new Set(frappe.query_report.data.map(row => row.opd))]")
	assert units == [OPD]
	assert head.page.evaluate("frappe.query_report.data.every(row => row.headings && row.cells > 0)")
	assert head.downloads("Cetak PDF").startswith(b"%PDF")
	assert head.errors == []


def test_figures_are_shown_as_they_were_known_on_a_day(desk):
	head = desk("kepala")
	head.opens_report("Indicator Achievement", f"?period={PERIOD}")
	today = head.rows().count()
	assert today == 8
	head.filters("as_known_on", f"{TODAY - timedelta(days=1):%d-%m-%Y}")
	head.page.wait_for_function("frappe.query_report.data && !frappe.query_report.data.length")
	head.page.wait_for_load_state("networkidle")
	head.shot("keadaan-kemarin")
	head.filters("as_known_on", f"{TODAY:%d-%m-%Y}")
	head.page.wait_for_function("count => frappe.query_report.data.length === count", arg=today)
	head.page.wait_for_load_state("networkidle")
	head.filters("as_known_on", f"{TODAY + timedelta(days=400):%d-%m-%Y}")
	assert head.is_told().strip() == "Keadaan Data Per hanya menerima tanggal sampai dengan hari ini."
	assert head.errors == []


# --- dashboard ---


@pytest.mark.parametrize(
	("name", "words"),
	[
		("walikota", ("Peringkat OPD", "Lembar Terverifikasi")),
		("sekda", ("Peringkat OPD", "Rekomendasi Terbuka")),
		("kepala", ("Menunggu Saya", "Di Bawah Target")),
		("inspektorat", ("Menunggu Verifikasi", "Rekomendasi Lewat Batas")),
	],
)
def test_the_dashboard_shows_each_person_his_own_also_on_a_phone(desk, name, words):
	person = desk(name)
	person.open("performance-dashboard")
	person.page.locator(".db-card").first.wait_for()
	text = person.page.locator(".seroja-dashboard").inner_text()
	assert all(word in text for word in words)
	assert "Triwulan" in text and str(YEAR) in text
	person.shot(f"dasbor-{name}")
	person.page.set_viewport_size({"width": 375, "height": 800})
	person.open("performance-dashboard")
	person.page.locator(".db-card").first.wait_for()
	assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	person.shot(f"dasbor-{name}-telepon")
	assert person.errors == []


def test_a_figure_of_the_dashboard_leads_to_where_it_comes_from(desk):
	head = desk("kepala")
	head.open("performance-dashboard")
	card = head.page.locator(".db-card", has_text="Rata-rata Skor")
	shown = card.locator(".db-value").inner_text()
	card.click()
	head.rows().first.wait_for()
	assert shown in head.page.locator(".report-summary:visible, .page-body:visible").first.inner_text()
	assert head.errors == []


# --- subscriptions ---


def test_a_head_subscribes_himself_and_nobody_else(desk):
	head = desk("kepala")
	head.opens_report("Missing for Reports")
	head.page.locator(".menu-btn-group button:visible").click()
	menu = head.page.locator(".menu-btn-group .dropdown-menu:visible")
	menu.get_by_text(re.compile("^(Langganan|Berlangganan)$")).locator("visible=true").click()
	head.page.wait_for_function("cur_frm && cur_frm.doctype === 'Report Subscription' && cur_frm.is_new()")
	head.page.wait_for_load_state("networkidle")
	head.shot("langganan-baru")
	head.saves_new()
	head.presses("Siapa yang Menerima")
	assert head.is_told().strip() == "Kepala Dinkes"
	head.presses("Kirim Uji Coba kepada Saya")
	assert "Email Account" in head.is_told(), "without a mail server it says what is missing"
	head.page.evaluate(
		"""() => {
			const row = frappe.model.add_child(cur_frm.doc, "Report Subscription Recipient", "recipients");
			Object.assign(row, { kind: "User", user: "sekda@contoh.seroja.example" });
			cur_frm.dirty();
		}"""
	)
	head.presses("Simpan")
	assert "hanya dapat berlangganan untuk diri sendiri" in head.is_told()
	assert head.errors == []


def test_the_administrator_subscribes_the_heads_of_all_units(desk):
	admin = desk("admin")
	admin.open("report-subscription/new")
	admin.page.wait_for_function("cur_frm && cur_frm.is_new() && cur_frm.doc.recipients.length === 1")
	admin.type_in("title", "Ringkasan triwulan (uji)")
	admin.page.evaluate(
		"""() => {
			const { doctype, name } = cur_frm.doc.recipients[0];
			return frappe.model.set_value(doctype, name, { kind: "Position", position: "Head" });
		}"""
	)
	admin.type_in("hour", "30")
	admin.page.keyboard.press("Control+s")
	assert admin.is_told().strip() == "Jam adalah angka dari 0 sampai 23."
	admin.type_in("hour", "8")
	admin.saves_new()
	admin.presses("Siapa yang Menerima")
	heads = admin.is_told().split("\n")
	assert {"Kepala Dinkes", "Kepala OPD Lain", "Wali Kota (contoh)"} <= {line.strip() for line in heads}
	assert not any("Operator" in line for line in heads)
	admin.shot("langganan-kepala")
	assert admin.errors == []


# --- settings and pages without login ---


def test_the_public_page_shows_what_was_published_and_nothing_else(desk, visitor):
	assert visitor.goto(f"{URL}/kinerja").status == 404
	admin = desk("admin")
	admin.opens_form("reporting-period", PERIOD)
	admin.field("is_public").locator("input:enabled").check()
	admin.save()
	admin.opens_form("seroja-settings", "SEROJA Settings")
	admin.field("public_page").locator("input:enabled").check()
	admin.save()

	assert visitor.goto(f"{URL}/kinerja").ok
	assert "Triwulan I" in visitor.locator("h1 + p").inner_text()
	picture(visitor, "kinerja")
	visitor.get_by_role("link", name="Dinas Kesehatan", exact=True).click()
	visitor.get_by_text("Usia Harapan Hidup (UHH)").wait_for()
	picture(visitor, "kinerja-opd")
	text = visitor.locator(".seroja-public").inner_text()
	assert re.search(r"\d+,\d\d%", text) and not re.search(r"@|Kepala Dinkes|Operator", text)
	data = visitor.request.get(URL + visitor.get_by_role("link", name="CSV").get_attribute("href"))
	assert data.ok and "Usia Harapan Hidup (UHH)" in data.text()
	for wrong in (f"period={YEAR}-TW4", "period=x", f"period={PERIOD}&opd=x"):
		assert visitor.goto(f"{URL}/kinerja?{wrong}").status == 404
	visitor.set_viewport_size({"width": 375, "height": 800})
	visitor.goto(f"{URL}/kinerja?period={PERIOD}&opd={OPD}")
	assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
	picture(visitor, "kinerja-telepon")
	visitor.set_viewport_size(Reader.VIEWPORT)


def test_anybody_checks_a_printed_copy_but_only_readers_learn_what_it_is(desk, visitor):
	pypdf = pytest.importorskip("pypdf")
	head = desk("kepala")
	head.opens_report("Indicator Achievement", f"?period={PERIOD}")
	pdf = pypdf.PdfReader(io.BytesIO(head.downloads("Cetak PDF")))
	text = " ".join(page.extract_text() for page in pdf.pages)
	code = re.search(r"\b\w{4}(-\w{4}){3}\b", text)[0]
	digest = re.search(r"[0-9a-f]{16,64}", text)[0]

	visitor.goto(f"{URL}/periksa")
	check(visitor, code, digest)
	assert visitor.locator(".seroja-answer h2").inner_text() == "Asli"
	assert not visitor.locator(".seroja-record").count()
	picture(visitor, "periksa-asli")
	check(visitor, code, "0" * 16)
	assert visitor.locator(".seroja-answer h2").inner_text() == "Tidak Dikenal atau Tidak Cocok"
	assert visitor.locator("#kode").input_value() == code, "what was typed stays"
	picture(visitor, "periksa-tidak-cocok")

	head.page.goto(f"{URL}/periksa?kode={code}&sidik={digest}")
	assert "Capaian Indikator" in head.page.locator(".seroja-record").inner_text()
	head.shot("periksa-pembaca")


def check(page, code: str, digest: str) -> None:
	page.fill("#kode", code)
	page.fill("#sidik", digest)
	page.get_by_role("button", name="Periksa").click()
	page.wait_for_load_state("networkidle")


def picture(page, name: str) -> None:
	if folder := os.environ.get("SEROJA_SHOTS"):
		page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_logo_that_is_no_picture_is_refused_and_the_rest_is_kept(desk):
	admin = desk("admin")
	admin.opens_form("seroja-settings", "SEROJA Settings")
	address = "Jalan Contoh 1, Malang"
	admin.type_in("address", address)
	admin.field("logo").get_by_role("button").first.click()
	dialog = admin.page.locator(".modal.show")
	file = {"name": "lambang.png", "mimeType": "image/png", "buffer": b"bukan gambar"}
	dialog.locator("input[type=file]").first.set_input_files(file)
	dialog.locator(".btn-modal-primary").click()
	admin.page.wait_for_function("cur_frm.doc.logo")
	admin.page.keyboard.press("Control+s")
	assert admin.is_told().strip() == "Lambang harus berupa gambar PNG atau JPEG, paling besar 2 MB."
	assert admin.page.evaluate("cur_frm.doc.address") == address
	admin.shot("lambang-ditolak")
	assert admin.errors == []
