"""The exchange in the browser, in Indonesian: figures come in as proposals, verified figures go out."""

import json
import time

import pytest
from desk import TODAY, URL, needs_a_site
from test_analysis import Analyst

from seroja.tests.source_server import SourceServer, ckan

pytestmark = needs_a_site

YEAR = TODAY.year
OPD = "DLH"
PERIOD, VERIFIED_PERIOD = f"{YEAR}-TW4", f"{YEAR}-TW1"
SHEET = f"{OPD}-{PERIOD}"
RUN = (
	int(time.time()) % 100_000
)  # a site keeps what was accepted: every run of the tests has a source of its own
SOURCE = f"Portal Satu Data Kota Malang (uji {RUN})"
CHANGED, REFUSED, SAME, BROKEN, TYPED = "DLH-02", "DLH-08", "DLH-03", "DLH-06", "DLH-01"
MAPPED = (CHANGED, REFUSED, SAME, BROKEN)
PROPOSED = f"{RUN % 90 + 5},{RUN % 8 + 1}{RUN % 7 + 1}"  # another with every run, and no 0 at its end
TYPED_VALUE = f"7{RUN % 10},5"
REASON = "Angka sementara; rilis resmi bulan Januari (uji)."
EXPLANATION = "Portal memuat angka sementara sebelum rilis resmi (uji)."
LOGIN_PAGE = "<!doctype html><html><body><h1>Masuk</h1></body></html>"
CODE = "35.73"
PHONE = {"width": 375, "height": 800}
PANEL = ".form-page:visible .frappe-control[data-fieldname='{}']"


class Exchanger(Analyst):
	"""Somebody in front of sources, runs, proposals and packages."""

	# --- tables of a form ---

	def adds_row(self, table: str) -> int:
		grid = self.field(table)
		grid.locator(".grid-add-row").click()
		return grid.locator(".grid-body .grid-row").count()

	def fills_row(self, table: str, number: int, values: dict) -> None:
		"""Text, links and ticks of a row, in the form of that row."""
		if not self.page.locator(
			f"[data-fieldname='{table}'] .grid-row[data-idx='{number}'].grid-row-open"
		).count():
			form = self.opens_row(table, number)
		else:
			form = self.page.locator(".grid-row-open .form-in-grid")
		for name, value in values.items():
			box = form.locator(f"[data-fieldname='{name}']").locator("input, textarea").first
			if value is True:
				box.check()
				continue
			box.fill(value)
			if name == "indicator":
				self.page.locator(".awesomplete [role=option]:visible").filter(has_text=value).first.click()
			box.press("Tab")
		self.page.wait_for_load_state("networkidle")
		self.page.locator(".grid-row-open .grid-collapse-row").click()

	def removes_row(self, table: str, field: str, value: str) -> None:
		"""The row that holds a value, if there is one."""
		number = self.page.evaluate(
			"([table, field, value]) => (cur_frm.doc[table] || []).findIndex(row => row[field] === value) + 1",
			[table, field, value],
		)
		if number:
			self.row_of_table(table, number).locator(".grid-row-check").check()
			self.field(table).locator(".grid-remove-rows").click()

	# --- forms ---

	def new(self, doctype: str, query: str = "") -> None:
		self.open(f"{doctype}/new{query}")
		self.page.wait_for_function("cur_frm && cur_frm.is_new()")
		self.page.wait_for_load_state("networkidle")

	def chooses(self, name: str, value: str) -> None:
		self.field(name).locator("select").select_option(value)

	def confirms(self) -> str:
		"""What a question says; answers yes."""
		dialog = self.page.locator(".modal.show")
		text = dialog.locator(".modal-body").inner_text()
		dialog.locator(".btn-modal-primary").click()
		dialog.wait_for(state="hidden")
		return text

	def attaches(self, content: bytes, name: str) -> None:
		self.field("file").locator(".btn-attach").click()
		dialog = self.page.locator(".modal.show")
		file = {"name": name, "mimeType": "application/json", "buffer": content}
		dialog.locator("input[type=file]").first.set_input_files(file)
		dialog.locator(".btn-modal-primary").click()
		self.page.wait_for_function("cur_frm.doc.file && !cur_frm.is_dirty()")
		self.page.wait_for_load_state("networkidle")

	def file(self, name: str) -> bytes:
		"""What the file of an Attach field holds."""
		answer = self.page.request.get(URL + self.page.evaluate("name => cur_frm.doc[name]", name))
		assert answer.ok
		return answer.body()

	def shot_wide_and_narrow(self, name: str, inside: str = "") -> None:
		"""Pictures for an office screen and a phone; what is named is not pushed out of the narrow one."""
		for viewport, suffix in ((self.VIEWPORT, ""), (PHONE, "-telepon")):
			self.page.set_viewport_size(viewport)
			self.page.wait_for_timeout(300)
			if inside:
				self.shows(inside)
			self.shot(f"{name}{suffix}")
		assert not inside or self.page.locator(inside).first.evaluate(
			"part => part.scrollWidth <= part.clientWidth"
		)
		self.page.set_viewport_size(self.VIEWPORT)

	def shows(self, selector: str) -> None:
		part = self.page.locator(selector).first
		part.evaluate("part => part.scrollIntoView({ block: 'center' })")

	# --- runs and proposals ---

	def fetches(self, state: str) -> None:
		self.presses("Tarik Angka")
		self.sees_in_document(f"doc.state === '{state}'")

	def kinds(self) -> dict[str, str]:
		"""Indicator or "" → kind, as the preview shows them."""
		return dict(self.page.evaluate("cur_frm.doc.rows.map(row => [row.indicator || '', row.kind])"))

	def proposal(self, indicator_name: str):
		rows = self.page.locator(PANEL.format("proposals") + " tbody tr")
		return rows.filter(has_text=indicator_name).filter(has_text=SOURCE)

	def figure(self, indicator: str, field: str = "realization") -> str:
		return self.page.evaluate(
			"([code, field]) => cur_frm.doc.items.find(row => row.indicator === code)[field] || ''",
			[indicator, field],
		)

	def name_of(self, indicator: str) -> str:
		return self.figure(indicator, "indicator_name")

	def types_into_sheet(self, indicator: str, value: str) -> None:
		number = int(self.figure(indicator, "idx"))
		cell = self.row_of_table("items", number).locator(".grid-static-col[data-fieldname='realization']")
		cell.click()
		cell.locator("input").fill(value)
		cell.locator("input").press("Tab")


@pytest.fixture(scope="module")
def desk(browser):
	"""desk(name): a person of the demo, logged in once for the whole run."""
	people: dict[str, Exchanger] = {}

	def come(name: str) -> Exchanger:
		if name not in people:
			people[name] = Exchanger(browser, name)
		people[name].page.set_viewport_size(Exchanger.VIEWPORT)
		return people[name]

	yield come
	for person in people.values():
		person.context.close()


@pytest.fixture(scope="module")
def portal():
	"""The CKAN portal of somebody else."""
	server = SourceServer(LOGIN_PAGE)
	yield server
	server.stop()


# --- in: the administrator describes a source, the planner fetches, the operator decides ---


def test_the_administrator_allows_a_host_and_describes_a_source_from_a_preset(desk, portal):
	admin = desk("admin")
	admin.opens_form("exchange-settings", "Exchange Settings")
	admin.removes_row("hosts", "host_name", "localhost")
	number = admin.adds_row("hosts")
	host = {"host_name": "localhost", "may_be_private": True, "may_be_http": True}
	admin.fills_row("hosts", number, host)
	admin.saves_new()
	admin.shot_wide_and_narrow("pengaturan-pertukaran")

	admin.new("data-source")
	admin.type_in("title", SOURCE)
	box = admin.field("preset").locator("input")
	box.click()
	admin.shot("preset-pilihan")
	box.fill("CKAN")
	admin.page.locator(".awesomplete li:visible", has_text="CKAN").click()
	admin.sees_in_document("doc.kind === 'CKAN Datastore' && doc.mappings.length === 2")
	assert "sesuaikan" in admin.page.locator(".form-message:visible").inner_text()
	admin.shot("sumber-dari-preset")
	form = admin.opens_row("mappings", 1)
	form.locator("[data-fieldname='hint']").get_by_text("Prevalensi stunting").wait_for()
	admin.shot("sumber-baris-preset")
	admin.page.locator(".grid-row-open .grid-collapse-row").click()

	admin.type_in("url", portal.url)
	admin.type_in("resource", "kinerja")
	for number, indicator in enumerate(MAPPED, start=1):
		if number > 2:
			admin.adds_row("mappings")
		where = {"condition": f"indikator = {indicator}; tahun = {{year}}", "column_name": "nilai"}
		if number == 2:
			where = {"path": f"$[?@.indikator == '{indicator}' && @.tahun == {{year}}].nilai"}
		admin.fills_row("mappings", number, {"indicator": indicator} | where)
	admin.saves_new()
	assert admin.page.evaluate("cur_frm.doc.mappings.map(row => row.indicator)") == list(MAPPED)
	admin.shot_wide_and_narrow("sumber-disimpan")
	assert admin.errors == []


def test_the_planner_is_told_what_came_instead_and_accepts_what_came_at_last(desk, portal):
	operator, planner = desk("operator.lain"), desk("bappeda")
	operator.opens_sheet(SHEET)
	before = {code: operator.figure(code) for code in MAPPED}

	portal.content = LOGIN_PAGE
	planner.opens_form("data-source", SOURCE)
	planner.presses("Tarik Angka")
	planner.page.wait_for_function("cur_frm && cur_frm.doctype === 'Data Run'")
	planner.sees_in_document(f"doc.data_source === {json.dumps(SOURCE)}")
	planner.link("period", PERIOD)
	planner.saves_new()
	planner.fetches("Failed")
	message = planner.page.locator(".form-message:visible").inner_text()
	assert "halaman web" in message and "Traceback" not in message
	planner.shot_wide_and_narrow("penarikan-gagal")

	records = [
		{"indikator": CHANGED, "tahun": YEAR, "nilai": PROPOSED.replace(",", ".")},
		{"indikator": REFUSED, "tahun": YEAR, "nilai": PROPOSED.replace(",", ".")},
		{"indikator": SAME, "tahun": YEAR, "nilai": before[SAME].replace(".", "").replace(",", ".")},
		{"indikator": BROKEN, "tahun": YEAR, "nilai": "banyak"},
		{"indikator": "X-99", "tahun": YEAR, "nilai": "5"},
	]
	portal.content = ckan(records)
	planner.fetches("Preview")
	kinds = planner.kinds()
	assert {code: kinds[code] for code in MAPPED} == {
		CHANGED: "Changed",
		REFUSED: "New",
		SAME: "Same",
		BROKEN: "Refused",
	}
	preview = planner.page.locator(PANEL.format("preview"))
	shown = preview.inner_text()
	for word in ("Baru", "Diubah", "Sama", "Ditolak", "Tidak Dipetakan", PROPOSED, "banyak"):
		assert word in shown, word
	preview.scroll_into_view_if_needed()
	planner.shot_wide_and_narrow("penarikan-pratinjau", PANEL.format("preview"))
	planner.presses("Terima")
	planner.shot("penarikan-terima")
	assert "2 angka menjadi usulan" in planner.confirms()
	planner.sees_in_document("doc.state === 'Accepted' && doc.accepted_by")
	planner.shot("penarikan-diterima")

	operator.opens_sheet(SHEET)
	assert {code: operator.figure(code) for code in MAPPED} == before
	assert operator.errors == planner.errors == []


def test_the_operator_takes_one_and_refuses_one_and_keeps_what_is_typed(desk):
	operator = desk("operator.lain")
	operator.opens_sheet(SHEET)
	taken, refused = (operator.name_of(code) for code in (CHANGED, REFUSED))
	left = operator.figure(REFUSED)
	operator.proposal(taken).wait_for()
	assert PROPOSED in operator.proposal(taken).inner_text()
	operator.shot_wide_and_narrow("usulan-di-lembar", PANEL.format("proposals"))

	operator.types_into_sheet(TYPED, TYPED_VALUE)
	operator.proposal(taken).get_by_role("button", name="Ambil").click()
	operator.proposal(taken).wait_for(state="hidden")
	operator.sees_in_document("!cur_frm.is_dirty()")
	assert (operator.figure(CHANGED), operator.figure(TYPED)) == (PROPOSED, TYPED_VALUE)

	operator.proposal(refused).get_by_role("button", name="Tolak").click()
	dialog = operator.page.locator(".modal.show")
	dialog.locator("textarea").fill(REASON)
	operator.shot("usulan-ditolak")
	dialog.locator(".btn-modal-primary").click()
	operator.proposal(refused).wait_for(state="hidden")
	operator.sees_in_document("!cur_frm.is_dirty()")
	assert operator.figure(REFUSED) == left
	operator.shot("usulan-selesai")

	decided = operator.calls(
		"frappe.client.get_list",
		doctype="Figure Proposal",
		filters={"data_source": SOURCE},
		fields=["indicator", "state", "reason", "decided_by"],
	)
	assert {row["indicator"]: (row["state"], row["reason"]) for row in decided} == {
		CHANGED: ("Taken", ""),
		REFUSED: ("Refused", REASON),
	}
	operator.open(f"figure-proposal?data_source={SOURCE}")
	operator.page.locator(".list-row:visible").first.wait_for()
	operator.shot("usulan-daftar")
	operator.page.locator(".list-row:visible .list-subject a").first.click()
	operator.page.wait_for_function("cur_frm && cur_frm.doctype === 'Figure Proposal'")
	operator.page.wait_for_load_state("networkidle")
	operator.shot("usulan-formulir")
	assert operator.errors == []


def test_a_difference_from_a_verified_figure_is_explained_and_changes_nothing(desk):
	planner, inspector, operator = desk("bappeda"), desk("inspektorat"), desk("operator.lain")
	sheet = f"{OPD}-{VERIFIED_PERIOD}"
	operator.opens_sheet(sheet)
	ours, name = operator.figure(CHANGED), operator.name_of(CHANGED)

	planner.new("data-run", f"?data_source={SOURCE}")
	planner.link("period", VERIFIED_PERIOD)
	planner.saves_new()
	planner.fetches("Preview")
	planner.page.locator(PANEL.format("preview")).get_by_text("Terverifikasi").first.wait_for()
	planner.shot("penarikan-terverifikasi")
	planner.presses("Terima")
	planner.shot("penarikan-terima-terverifikasi")
	question = planner.confirms()
	assert "0 angka menjadi usulan" in question and "3 yang berbeda" in question
	planner.sees_in_document("doc.state === 'Accepted'")

	inspector.open(f"reconciliation?data_source={SOURCE}")
	row = inspector.page.locator(".list-row:visible").first
	row.wait_for()
	inspector.shot_wide_and_narrow("rekonsiliasi-daftar")
	(found,) = inspector.calls(
		"frappe.client.get_list",
		doctype="Reconciliation",
		filters={"data_source": SOURCE, "indicator": CHANGED},
	)
	key = found["name"]
	inspector.opens_form("reconciliation", key)
	shown = inspector.page.locator(".form-page:visible").inner_text()
	assert ours in shown and PROPOSED in shown and name in shown
	inspector.shot_wide_and_narrow("rekonsiliasi")

	operator.opens_form("reconciliation", key)
	operator.type_in("explanation", EXPLANATION)
	operator.saves_new()
	operator.sees_in_document("doc.state === 'Explained' && doc.explained_by")
	operator.shot("rekonsiliasi-dijelaskan")
	operator.opens_sheet(sheet)
	assert operator.figure(CHANGED) == ours
	assert operator.page.locator(PANEL.format("proposals") + " tr").count() == 0
	assert planner.errors == inspector.errors == operator.errors == []


@pytest.mark.parametrize("doctype", ["Figure Proposal", "Reconciliation", "Data Source", "Data Run"])
def test_an_operator_of_another_unit_sees_none_of_it(desk, doctype):
	other = desk("operator")
	field = "title" if doctype == "Data Source" else "data_source"
	other.page.goto(f"{URL}/app")
	other.page.wait_for_load_state("networkidle")
	found = other.page.evaluate(
		"""([doctype, filters]) => fetch("/api/method/frappe.client.get_list?" + new URLSearchParams({
			doctype, filters: JSON.stringify(filters), limit_page_length: 0 })).then(
			reply => reply.ok ? reply.json().then(({ message }) => message.length) : reply.status)""",
		[doctype, {field: SOURCE}],
	)
	assert found == (403 if doctype in ("Data Source", "Data Run") else 0)
	other.open(doctype.lower().replace(" ", "-"))
	other.shot(f"lain-{doctype.lower().replace(' ', '-')}")


# --- out ---


def test_the_files_of_an_export_hold_verified_figures(desk):
	operator = desk("operator.lain")
	name = f"EKSPOR-{OPD}-{YEAR}"
	if operator.calls("frappe.client.get_list", doctype="Figure Export", filters={"name": name}):
		operator.opens_form("figure-export", name)
	else:
		operator.new("figure-export")
		operator.link("opd", OPD)
		operator.type_in("year", str(YEAR))
		operator.saves_new()
	operator.shot("ekspor-baru")
	operator.presses("Buat Berkas")
	operator.page.locator(".desk-alert", has_text="angka terverifikasi").wait_for()
	operator.sees_in_document("doc.parquet_file && doc.figures > 0")
	operator.shot_wide_and_narrow("ekspor")
	figures = json.loads(operator.file("json_file"))
	lines = operator.file("csv_file").decode("utf-8-sig").splitlines()
	assert len(lines) - 1 == operator.page.evaluate("cur_frm.doc.figures") and TYPED in "".join(lines)
	assert PERIOD not in json.dumps(figures), "the open quarter stays at home"
	assert operator.file("xml_file").startswith(b"<?xml") and operator.file("parquet_file")[:4] == b"PAR1"
	assert operator.file("manifest_file")
	assert operator.errors == []


def test_a_configuration_goes_out_comes_back_and_says_what_it_changes(desk):
	admin = desk("admin")
	admin.new("configuration-package")
	admin.chooses("direction", "Outgoing")
	admin.type_in("title", f"Konfigurasi Kota Malang {RUN}")
	for field in ("with_scales", "with_sources"):
		admin.field(field).locator("input[type=checkbox]").first.check()
	admin.saves_new()
	admin.presses("Buat Paket")
	admin.sees_in_document("doc.state === 'Made' && doc.file && doc.digest")
	admin.shot_wide_and_narrow("konfigurasi-keluar")
	content = admin.file("file")
	assert SOURCE.encode() in content

	admin.opens_form("data-source", SOURCE)
	admin.type_in("silent_days", "30")
	admin.saves_new()
	admin.new("configuration-package")
	admin.chooses("direction", "Incoming")
	admin.type_in("title", f"Dari situs lain {RUN}")
	admin.saves_new()
	admin.attaches(content.replace(b"nilai", b"nilaI"), "konfigurasi-rusak.json")
	admin.presses("Periksa Paket")
	admin.sees_in_document("doc.state === 'Refused' && doc.message")
	admin.shot("konfigurasi-ditolak")

	admin.new("configuration-package")
	admin.chooses("direction", "Incoming")
	admin.type_in("title", f"Dari situs lain {RUN}, utuh")
	admin.saves_new()
	admin.attaches(content, "konfigurasi.json")
	admin.presses("Periksa Paket")
	admin.sees_in_document("doc.state === 'Checked'")
	preview = admin.page.locator(PANEL.format("preview"))
	preview.locator("tr", has_text=SOURCE).wait_for()
	preview.scroll_into_view_if_needed()
	admin.shot_wide_and_narrow("konfigurasi-pratinjau", PANEL.format("preview"))
	admin.presses("Terapkan")
	admin.shot("konfigurasi-terapkan")
	admin.confirms()
	admin.sees_in_document("doc.state === 'Applied'")
	admin.shot("konfigurasi-diterapkan")
	admin.opens_form("data-source", SOURCE)
	assert admin.page.evaluate("cur_frm.doc.silent_days") != 30
	assert admin.errors == []


def test_a_signed_package_is_made_checked_imported_and_counted(desk):
	admin, planner, executive = desk("admin"), desk("bappeda"), desk("sekda")
	admin.opens_form("exchange-settings", "Exchange Settings")
	admin.presses("Kunci Tanda Tangan Baru")
	admin.shot("kunci-baru")
	before = admin.page.evaluate("cur_frm.doc.public_key || ''")
	admin.confirms()
	admin.sees_in_document(f"doc.public_key && doc.public_key !== {json.dumps(before)}")
	key = admin.page.evaluate("cur_frm.doc.public_key")
	admin.type_in("government_code", CODE)
	admin.removes_row("trusted_governments", "government_code", CODE)
	number = admin.adds_row("trusted_governments")
	government = {"government_code": CODE, "government_name": "Pemerintah Kota Malang", "public_key": key}
	admin.fills_row("trusted_governments", number, government)
	admin.saves_new()
	admin.field("trusted_governments").scroll_into_view_if_needed()
	admin.shot_wide_and_narrow("pemerintah-tepercaya")

	planner.new("roll-up-package")
	planner.chooses("direction", "Outgoing")
	planner.link("period", VERIFIED_PERIOD)
	planner.saves_new()
	planner.presses("Buat Paket")
	planner.sees_in_document("doc.state === 'Made' && doc.file && doc.figures > 0")
	planner.shot_wide_and_narrow("rekap-keluar")
	content = planner.file("file")

	planner.new("roll-up-package")
	planner.chooses("direction", "Incoming")
	planner.link("period", VERIFIED_PERIOD)
	planner.saves_new()
	planner.attaches(content.replace(b"Kota Malang", b"Kota Batu"), "rekap-diubah.json")
	planner.presses("Periksa Paket")
	planner.sees_in_document("doc.state === 'Refused' && doc.message")
	planner.shot("rekap-ditolak")
	assert planner.page.evaluate("cur_frm.doc.title") == f"Paket Masuk, {VERIFIED_PERIOD}"
	told = planner.page.get_by_text(planner.page.evaluate("cur_frm.doc.message"))
	assert [text.is_visible() for text in told.all()].count(True) == 1
	for name in ("year", "quarter", "figures"):
		assert not planner.field(name).is_visible(), f"{name}: nothing was read, not 0"
	planner.page.get_by_text("Anda melampirkan").first.wait_for()

	planner.new("roll-up-package")
	planner.chooses("direction", "Incoming")
	planner.link("period", VERIFIED_PERIOD)
	planner.saves_new()
	planner.attaches(content, "rekap.json")
	planner.presses("Periksa Paket")
	planner.sees_in_document("doc.state === 'Checked' && doc.government_name")
	planner.page.locator(PANEL.format("preview")).locator("tr", has_text=OPD).wait_for()
	planner.shot_wide_and_narrow("rekap-diperiksa", PANEL.format("preview"))
	planner.presses("Impor")
	assert "Pemerintah Kota Malang" in planner.confirms()
	planner.sees_in_document("doc.state === 'Imported' && doc.imported_by")
	planner.shot("rekap-diimpor")

	executive.open(f"query-report/Roll-up of Governments?year={YEAR}&quarter=1&by=Governments")
	executive.page.wait_for_load_state("networkidle")
	executive.shot("rekap-laporan")
	executive.rows().first.wait_for()
	(row,) = executive.data()
	assert row["government"] == CODE and row["indicators"] > 0
	executive.rows().get_by_text("Pemerintah Kota Malang").wait_for()
	executive.open(f"query-report/Roll-up of Governments?year={YEAR}&quarter=1&by=Indicators")
	executive.page.wait_for_load_state("networkidle")
	executive.shot("rekap-laporan-indikator")
	assert admin.errors == planner.errors == executive.errors == []
