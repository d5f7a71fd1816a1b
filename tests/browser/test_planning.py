"""Planning in the browser, in Indonesian: imported, cascaded, drawn, approved, changed in a new version, agreed on."""

import io
from datetime import date

from desk import TODAY, URL, Person, needs_a_site
from openpyxl import Workbook

pytestmark = needs_a_site

YEAR = TODAY.year
PLAN = f"Renstra-Diskominfo-{YEAR - 1}"
SASARAN = "Meningkatnya kualitas pemerintahan digital"
PROGRAM = "Program Aplikasi Informatika (uji)"
KEGIATAN = "Pengelolaan e-Government (uji)"
CODE = "UJI-DISKOMINFO-1"
INDICATOR = "Persentase layanan publik digital (uji)"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Planning(Person):
	"""Somebody in front of the tree, a form with fields, or an import."""

	def field(self, name: str):
		return self.page.locator(f".form-page:visible .frappe-control[data-fieldname='{name}']").first

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

	def dates(self, name: str, day: date) -> None:
		box = self.field(name).locator("input")
		box.fill(self.page.evaluate("day => frappe.datetime.str_to_user(day)", day.isoformat()))
		box.press("Enter")
		box.blur()
		self.page.wait_for_function("([name, day]) => cur_frm.doc[name] === day", arg=[name, day.isoformat()])

	def select(self, name: str, label: str) -> None:
		self.field(name).locator("select").select_option(label=label)

	def opens_tree(self) -> None:
		"""The tree view, with the plan chosen in its filter."""
		self.open("performance-objective/view/tree")
		box = self.page.locator(".page-form:visible [data-fieldname='plan'] input")
		box.fill(PLAN)
		self.page.locator(".awesomplete [role=option]:visible").filter(has_text=PLAN).click()
		self.page.locator(".tree-link", has_text=SASARAN).wait_for()
		box.blur()
		self.page.wait_for_timeout(800)  # leaving the filter draws the tree once more

	def adds_below(self, statement: str) -> None:
		"""Through the toolbar of a node in the tree."""
		link = self.page.locator(".tree-link", has_text=statement)
		link.click()
		link.locator("+ .tree-node-toolbar").get_by_text("Tambah Turunan").click()
		self.page.wait_for_function("cur_frm && cur_frm.is_new() && cur_frm.doc.parent_performance_objective")
		self.page.wait_for_load_state("networkidle")

	def adds_year_target(self, year: int, target: str) -> None:
		table = self.field("year_targets")
		table.locator(".grid-add-row").click()
		row = table.locator(".grid-body .grid-row").last
		for name, value in (("year", str(year)), ("target", target)):
			cell = row.locator(f".grid-static-col[data-fieldname='{name}']")
			cell.click()
			cell.locator("input").fill(value)
			cell.locator("input").press("Tab")

	def saves_new(self) -> str:
		self.page.keyboard.press("Control+s")
		self.page.wait_for_function("cur_frm && !cur_frm.is_new() && !cur_frm.is_dirty()")
		self.page.wait_for_load_state("networkidle")
		return self.page.evaluate("cur_frm.doc.name")

	def button(self, label: str) -> None:
		self.page.locator(".page-head:visible").get_by_role("button", name=label, exact=True).click()

	def get(self, method: str, **parameters: str) -> bytes:
		answer = self.page.request.get(f"{URL}/api/method/seroja.api.documents.{method}", params=parameters)
		assert answer.ok, answer.text()[:300]
		return answer.body()

	def draws(self) -> list[str]:
		"""Opens the drawn tree of the plan; gives the nodes in sight."""
		self.open(f"objective-tree?plan={PLAN}")
		self.page.locator(".seroja-drawing .node").first.wait_for()
		return self.nodes()

	def nodes(self) -> list[str]:
		self.page.wait_for_load_state("networkidle")
		return self.page.locator(".seroja-drawing .node").evaluate_all("all => all.map(n => n.dataset.name)")

	def attaches(self, content: bytes, filename: str) -> None:
		"""Through the field's button; an earlier file is cleared first."""
		clear = self.field("file").locator("[data-action='clear_attachment']:visible")
		if clear.count():
			clear.click()
			self.shot("impor-ganti-berkas")
			self.page.locator(".modal.show .btn-modal-primary").click()
			self.page.wait_for_function("!cur_frm.doc.file && !cur_frm.is_dirty()")
			self.page.wait_for_load_state("networkidle")
		self.field("file").locator(".btn-attach").click()
		dialog = self.page.locator(".modal.show")
		dialog.locator("input[type=file]").first.set_input_files(
			{"name": filename, "mimeType": XLSX, "buffer": content}
		)
		dialog.locator(".btn-modal-primary").click()
		self.page.wait_for_function("cur_frm.doc.file && !cur_frm.is_dirty()")
		self.page.wait_for_load_state("networkidle")

	def in_force(self, agreement: str) -> bool:
		self.open(f"performance-agreement/{agreement}")
		self.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=agreement)
		return bool(self.page.evaluate("cur_frm.doc.is_current"))

	def preview(self):
		return self.field("preview")


def workbook(*rows: tuple) -> bytes:
	book = Workbook()
	book.active.append(
		("Kode", "Kode Induk", "Jenjang", "Pernyataan", "Perangkat Daerah", "Tahun Anggaran", "Pagu")
	)
	for row in rows:
		book.active.append(row)
	buffer = io.BytesIO()
	book.save(buffer)
	return buffer.getvalue()


def test_a_file_with_an_error_is_explained_and_the_corrected_one_applied(browser):
	planner = Planning(browser, "bappeda")
	planner.open("seroja-import/new")
	planner.page.wait_for_function("cur_frm && cur_frm.is_new()")
	planner.select("kind", "Kinerja")
	planner.link("opd", "Diskominfo")
	planner.link("plan", "Renstra Diskominfo")
	planner.shot("impor-baru")
	planner.saves_new()

	program = ("UJI-P1", "S1", "Program", "Program Pengelolaan Informasi (uji)", "Diskominfo", None, None)
	wrong = (
		"UJI-K1",
		"UJI-P1",
		"Kegiatn",
		"Pengelolaan Informasi Publik (uji)",
		"Diskominfo",
		YEAR,
		250_000_000,
	)
	planner.attaches(workbook(program, wrong), "kinerja-salah.xlsx")
	planner.button("Periksa Berkas")
	planner.preview().get_by_text("1 kesalahan").wait_for()
	cells = planner.preview().locator("tbody tr").first.locator("td").all_inner_texts()
	assert cells[0] == "3" and cells[1] == "Jenjang", cells
	planner.shot("impor-salah")

	right = (*wrong[:2], "Kegiatan", *wrong[3:])
	planner.attaches(workbook(program, right), "kinerja-benar.xlsx")
	planner.button("Periksa Berkas")
	planner.preview().get_by_text("Tidak ada kesalahan. Baru: 2").wait_for()
	planner.shot("impor-siap")
	planner.button("Terapkan")
	dialog = planner.page.locator(".modal.show")
	assert "2 dokumen baru" in dialog.inner_text()
	planner.shot("impor-konfirmasi")
	dialog.locator(".btn-modal-primary").click()
	planner.preview().get_by_text("Selesai. Baru: 2, diubah: 0, tetap: 0.").wait_for()
	planner.shot("impor-diterapkan")
	planner.opens_tree()
	planner.page.locator(".tree-link", has_text=SASARAN).click()
	planner.page.locator(".tree-link", has_text=program[3]).click()
	planner.page.locator(".tree-link", has_text="Pengelolaan Informasi Publik (uji)").wait_for()
	planner.shot("impor-pohon")
	assert planner.errors == []


def test_the_tree_opens_on_the_plan_that_was_asked_for(browser):
	operator = Planning(browser, "operator.lain")
	operator.open(f"strategic-plan/{PLAN}")
	operator.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=PLAN)
	operator.button("Pohon Kinerja")
	operator.page.locator(".tree-link").nth(1).wait_for()
	operator.page.wait_for_timeout(800)
	nodes = operator.page.locator(".tree-link").all_inner_texts()
	assert SASARAN in nodes[1] and len(nodes) == 2, nodes
	assert operator.page.get_by_role("button", name="Kinerja Baru").count() == 1
	assert operator.errors == []


def test_a_plan_is_cascaded_drawn_approved_and_changed_in_a_new_version(browser):
	operator = Planning(browser, "operator.lain")
	operator.opens_tree()
	operator.shot("pohon")
	operator.adds_below(SASARAN)
	operator.type_in("statement", PROGRAM)
	program = operator.saves_new()
	assert operator.page.evaluate("cur_frm.doc.level") == "Program"
	operator.field("findings").get_by_text("belum mempunyai indikator").wait_for()
	operator.shot("program")

	operator.opens_tree()
	operator.page.locator(".tree-link", has_text=SASARAN).click()
	operator.adds_below(PROGRAM)
	operator.type_in("statement", KEGIATAN)
	operator.shot("kegiatan-baru")
	kegiatan = operator.saves_new()
	assert operator.page.evaluate("cur_frm.doc.level") == "Kegiatan"
	operator.field("findings").get_by_text("Kegiatan ini belum mempunyai indikator").wait_for()
	operator.field("indicators").scroll_into_view_if_needed()
	operator.shot("kegiatan-pemeriksaan")

	planner = Planning(browser, "bappeda")
	planner.open(f"performance-objective/{kegiatan}")
	planner.button("Tambah Indikator")
	planner.page.wait_for_function("cur_frm && cur_frm.doctype === 'Performance Indicator'")
	planner.page.wait_for_load_state("networkidle")
	planner.type_in("indicator_code", CODE)
	planner.type_in("indicator_name", INDICATOR)
	planner.type_in("unit", "%")
	planner.select("polarity", "Maksimal")
	planner.shot("indikator-baru")
	planner.adds_year_target(YEAR - 1, "87,5")
	planner.adds_year_target(YEAR, "90")
	planner.shot("indikator-target")
	planner.saves_new()
	planner.shot("indikator")
	planner.open(f"performance-objective/{kegiatan}")
	planner.field("indicators").get_by_text(INDICATOR).wait_for()
	assert "Kegiatan ini belum mempunyai indikator" not in planner.field("findings").inner_text()
	planner.shot("kegiatan-berindikator")
	planner.field("indicators").scroll_into_view_if_needed()
	planner.shot("kegiatan-indikator-dan-pemeriksaan")

	assert {program, kegiatan} <= set(planner.draws())
	planner.shot("gambar-pohon")
	toggle = planner.page.locator(f".seroja-drawing .toggle[data-name='{program}']")
	toggle.dispatch_event("click")
	planner.page.locator(f".seroja-drawing .node[data-name='{kegiatan}']").wait_for(state="detached")
	assert program in planner.nodes()
	planner.shot("gambar-pohon-terlipat")
	toggle.dispatch_event("click")
	planner.page.locator(f".seroja-drawing .node[data-name='{kegiatan}']").wait_for(state="attached")
	assert planner.get("objective_tree", plan=PLAN).startswith(b"%PDF")

	operator.open(f"strategic-plan/{PLAN}")
	operator.shot("rencana-draf")
	operator.act("Ajukan Verifikasi")
	operator.sees_state("Diajukan")
	head = Planning(browser, "kepala.lain")
	head.open(f"strategic-plan/{PLAN}")
	head.shot("rencana-kepala")
	head.act("Setujui")
	head.sees_state("Diverifikasi Kepala OPD")
	planner.open(f"strategic-plan/{PLAN}")
	planner.act("Setujui")
	planner.sees_state("Disetujui")
	planner.shot("rencana-disetujui")

	operator.open(f"performance-objective/{kegiatan}")
	operator.page.get_by_text("Rencana terkunci").first.wait_for()
	assert not operator.field("statement").locator("textarea:visible").count()
	operator.shot("kinerja-terkunci")

	operator.open(f"strategic-plan/{PLAN}")
	operator.act("Versi Baru", "Penyesuaian terhadap hasil evaluasi")
	operator.sees_state("Draf")
	operator.page.wait_for_function("cur_frm.doc.version_label === 'Perubahan I'")
	operator.shot("versi-baru")
	operator.open(f"performance-objective/{kegiatan}")
	operator.type_in("statement", f"{KEGIATAN} diperluas")
	operator.save()
	operator.open(f"query-report/Plan Version Difference?plan={PLAN}")
	row = operator.page.locator(".dt-scrollable .dt-row", has_text=f"{KEGIATAN} diperluas")
	row.first.wait_for()
	assert "Diubah" in row.first.inner_text() and "Pernyataan" in row.first.inner_text()
	operator.shot("perbandingan-versi")
	assert operator.errors == planner.errors == head.errors == []


def test_an_agreement_is_signed_by_both_and_revised_for_a_lawful_reason(browser):
	operator = Planning(browser, "operator.lain")
	operator.open("performance-agreement/new")
	operator.page.wait_for_function("cur_frm && cur_frm.is_new()")
	operator.link("opd", "Disdikbud")
	operator.type_in("year", str(YEAR))
	operator.select("position_level", "Kepala OPD")
	operator.link("first_party", "kepala.lain")
	operator.type_in("first_position", "Kepala Dinas Pendidikan dan Kebudayaan")
	operator.dates("agreement_date", date(YEAR, 1, 20))
	operator.shot("perjanjian-baru")
	name = operator.saves_new()
	assert operator.page.evaluate("[cur_frm.doc.second_party, cur_frm.doc.items.length > 0]") == [
		"walikota@contoh.seroja.example",
		True,
	]
	operator.shot("perjanjian-draf")
	head, mayor = Planning(browser, "kepala.lain"), Planning(browser, "walikota")
	sign_by_both(name, head, mayor)
	mayor.shot("perjanjian-ditandatangani")
	assert mayor.get("agreement", name=name).startswith(b"%PDF")
	assert mayor.get("agreement", name=name, kind="docx").startswith(b"PK")

	operator.open(f"performance-agreement/{name}")
	operator.button("Ubah")
	dialog = operator.page.locator(".modal.show")
	dialog.locator("select").select_option(label="Perubahan Strategi")
	dialog.locator("textarea").fill("Strategi disesuaikan dengan perubahan APBD")
	operator.shot("perjanjian-ubah")
	dialog.get_by_role("button", name="Lanjutkan").click()
	operator.page.wait_for_function("name => cur_frm.doc.revision_of === name", arg=name)
	operator.page.wait_for_load_state("networkidle")
	revision = operator.page.evaluate("cur_frm.doc.name")
	assert operator.page.evaluate("cur_frm.doc.version") == 2
	operator.open(f"performance-agreement/{revision}")
	operator.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=revision)
	operator.dates("agreement_date", date(YEAR, 9, 1))
	operator.save()
	operator.shot("perjanjian-perubahan")
	assert operator.in_force(name) and not operator.in_force(revision)
	sign_by_both(revision, head, mayor)
	mayor.shot("perjanjian-perubahan-ditandatangani")
	assert operator.in_force(revision) and not operator.in_force(name)
	operator.shot("perjanjian-lama")
	assert operator.errors == head.errors == mayor.errors == []


def sign_by_both(name: str, head: Planning, mayor: Planning) -> None:
	head.open(f"performance-agreement/{name}")
	head.shot("perjanjian-kepala")
	head.act("Tandatangani")
	head.sees_state("Ditandatangani Pihak Pertama")
	mayor.open(f"performance-agreement/{name}")
	mayor.shot("perjanjian-wali-kota")
	mayor.act("Tandatangani")
	mayor.sees_state("Ditandatangani")
	mayor.page.wait_for_function("cur_frm.doc.workflow_state === 'Signed'")
	mayor.page.wait_for_load_state("networkidle")
