"""An evaluation in the browser, in Indonesian: answered, tried out, returned, evaluated, reviewed, followed up."""

import pytest
from desk import TODAY, URL, Person, needs_a_site

pytestmark = needs_a_site

YEAR = TODAY.year
INSTRUMENT = "AKIP-2021"
PARTS = [f"{component}.{part}" for component in "1234" for part in "abc"]
# Existence, quality and use of each component; together 77.00, that is BB.
ANSWERS = dict(zip(PARTS, ["A", "BB", "B"] * 4, strict=True))
LINK = "https://data.contoh.example/perjanjian-kinerja"
NOTE = "Perjanjian Kinerja telah ditandatangani (uji)."
ACTION = "Rencana aksi triwulan telah diperbarui (uji)."
RECOMMENDATION = "Menetapkan Perjanjian Kinerja paling lambat Januari (uji)."


class Grader(Person):
	"""Somebody in front of a worksheet, on the smallest screen that offices have."""

	VIEWPORT = {"width": 1366, "height": 768}

	# --- the worksheet ---

	def opens(self, name: str) -> None:
		self.open(f"assessment-worksheet/{name}")
		self.page.locator(".ws-row[data-code]").first.wait_for()

	def row(self, code: str):
		return self.page.locator(f".ws-row[data-code='{code}']")

	def chooses(self, code: str, answer: str) -> None:
		self.row(code).get_by_role("radio", name=answer, exact=True).click()

	def chosen(self, code: str) -> str:
		active = self.row(code).locator(".ws-chip.active")
		return active.inner_text() if active.count() else ""

	def opens_row(self, code: str) -> None:
		self.row(code).locator(".ws-title").click(position={"x": 60, "y": 8})
		self.row(code).locator(".ws-panel").wait_for()

	def types_in(self, code: str, field: str, text: str) -> None:
		self.row(code).locator(f"[data-field='{field}']").fill(text)

	def sees_saving(self, state: str) -> str:
		"""Waits for a state of saving; gives the words that say it."""
		status = self.page.locator(f".ws-save[data-state='{state}']")
		status.wait_for()
		return status.inner_text()

	def presses(self, label: str) -> None:
		self.page.locator(".page-head:visible").get_by_role("button", name=label, exact=True).click()

	def filters(self, name: str) -> list[str]:
		"""Shows some rows only; gives those that can be answered."""
		self.page.locator(f"[data-filter='{name}']").click()
		return self.page.locator(".ws-row[data-code]").evaluate_all("all => all.map(row => row.dataset.code)")

	def score(self) -> str:
		return self.page.locator(".ws-score").inner_text()

	def open_rows(self) -> list[str]:
		"""The rows that this person can answer."""
		return self.page.locator(".ws-row:has(.ws-chips)").evaluate_all("all => all.map(r => r.dataset.code)")

	# --- the form ---

	def opens_form(self, name: str) -> None:
		self.open(f"assessment/{name}")
		self.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=name)
		self.page.wait_for_load_state("networkidle")

	def is_refused(self, action: str) -> str:
		"""Takes a step that must fail; gives the message and closes it."""
		self.act(action)
		message = self.page.locator(".modal.show .msgprint")
		message.wait_for()
		text = message.inner_text()
		self.shot(f"ditolak-{action.split()[0].lower()}")
		self.page.locator(".modal.show:has(.msgprint) .btn-modal-close").click()
		message.wait_for(state="hidden")
		self.errors.remove("undefined")  # Frappe leaves the refusal of its own call unhandled
		return text

	# --- the server, as this person sees it ---

	def calls(self, method: str, **values):
		return self.page.evaluate("([method, values]) => frappe.xcall(method, values)", [method, values])

	def stored(self, name: str, code: str) -> dict:
		return self.calls("seroja.api.worksheet.load", name=name)["rows"][code]

	def writes(self, name: str, field: str, answers: dict) -> None:
		changes = [{"code": code, "field": field, "value": value} for code, value in answers.items()]
		self.calls("seroja.api.worksheet.save", name=name, changes=changes)

	def steps(self, name: str, action: str, note: str = "") -> None:
		if note:
			self.calls(
				"frappe.client.set_value",
				doctype="Assessment",
				name=name,
				fieldname="decision_note",
				value=note,
			)
		doc = self.calls("frappe.client.get", doctype="Assessment", name=name)
		self.calls("frappe.model.workflow.apply_workflow", doc=doc, action=action)


@pytest.fixture(scope="module")
def desk(browser):
	"""desk(name): a person of the demo, logged in once for the whole run."""
	people: dict[str, Grader] = {}

	def come(name: str) -> Grader:
		if name not in people:
			people[name] = Grader(browser, name)
		return people[name]

	yield come
	for person in people.values():
		person.context.close()


@pytest.fixture(scope="module")
def units(desk) -> list[str]:
	"""OPDs that have not begun their assessment of this year; those evaluated last year come first."""
	operator = desk("operator.lain")
	rows = operator.calls("frappe.desk.query_report.run", report_name="Waiting for Me")["result"]
	found = [
		row["opd"]
		for row in rows
		if isinstance(row, dict) and row["doctype"] == "Assessment" and row.get("year") == YEAR
	]
	return sorted(found, key=lambda opd: opd not in ("DLH", "Bappeda"))


@pytest.fixture(scope="module")
def unit(units) -> str:
	return units[0]


@pytest.fixture(scope="module")
def sheet(unit) -> str:
	"""The assessment that goes through every hand; the first test begins it."""
	return f"{INSTRUMENT}-{unit}-{YEAR}"


def test_an_assessment_that_waits_is_begun_and_answered_by_keyboard_and_mouse(desk, unit, sheet):
	operator = desk("operator.lain")
	begin(operator, unit)
	operator.shot("lembar-kosong")
	assert f"{sheet}" in operator.page.url and len(operator.open_rows()) == 92

	operator.row("1.a").focus()
	operator.page.keyboard.press("a")
	assert operator.chosen("1.a") == "AA"
	operator.page.keyboard.press("a")
	assert operator.chosen("1.a") == "A"
	operator.page.keyboard.press("ArrowRight")
	assert operator.chosen("1.a") == "BB"
	operator.page.keyboard.press("ArrowLeft")
	assert operator.chosen("1.a") == "A"
	for _criterion in range(7):
		operator.page.keyboard.press("ArrowDown")
	assert operator.page.evaluate("document.activeElement.dataset.code") == "1.b"
	operator.page.keyboard.press("b")
	assert operator.chosen("1.b") == "BB"
	operator.chooses("1.c", "B")
	assert operator.sees_saving("saved") == "Tersimpan"
	assert "Belum lengkap" in operator.score() and "9 belum dijawab" in operator.score()

	assert operator.filters("open") == PARTS[3:]
	operator.shot("belum-dijawab")
	assert len(operator.filters("all")) == 92
	for code in PARTS[3:]:
		operator.chooses(code, ANSWERS[code])
	operator.sees_saving("saved")
	assert "77,00" in operator.score() and "BB" in operator.score()
	assert operator.filters("open") == []
	operator.page.get_by_text("Kosong. Semuanya sudah dijawab.").wait_for()
	operator.filters("all")
	operator.shot("lengkap")


def begin(operator: Grader, unit: str) -> None:
	"""From "Waiting for Me", through the form, to the worksheet."""
	operator.open("query-report/Waiting for Me")
	operator.page.locator(".dt-row-filter input").nth(2).press_sequentially(unit)
	start = operator.page.locator(f".dt-scrollable a[href$='opd={unit}&year={YEAR}']")
	start.wait_for()
	operator.page.wait_for_function(
		"opd => [...document.querySelectorAll('.dt-scrollable .dt-row')].every(r => r.innerText.includes(opd))",
		arg=unit,
	)
	operator.shot("menunggu-saya")
	assert start.inner_text() == "Mulai lembar"
	operator.page.goto(URL + start.get_attribute("href"))
	operator.page.wait_for_function(
		"opd => cur_frm && cur_frm.doc.opd === opd && cur_frm.doc.instrument && cur_frm.doc.year", arg=unit
	)
	operator.page.wait_for_load_state("networkidle")
	operator.shot("penilaian-baru")
	operator.page.keyboard.press("Control+s")
	operator.page.locator(".ws-row[data-code]").first.wait_for()
	operator.page.wait_for_load_state("networkidle")


def test_note_link_and_file_of_a_criterion_stand_after_a_reload(desk, sheet):
	operator = desk("operator.lain")
	operator.opens_row("1.b.1")
	operator.types_in("1.b.1", "self_note", NOTE)
	operator.types_in("1.b.1", "evidence_link", LINK)
	operator.row("1.b.1").get_by_role("button", name="Unggah").click()
	dialog = operator.page.locator(".modal.show")
	pdf = {"name": "bukti-uji.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
	dialog.locator("input[type=file]").first.set_input_files(pdf)
	operator.shot("unggah")
	dialog.locator(".btn-modal-primary").click()
	operator.row("1.b.1").get_by_text("bukti-uji").wait_for()
	operator.sees_saving("saved")
	operator.shot("rincian")

	operator.page.reload()
	operator.row("1.b.1").wait_for()
	operator.opens_row("1.b.1")
	row = operator.row("1.b.1")
	assert row.locator("[data-field='self_note']").input_value() == NOTE
	assert row.locator("[data-field='evidence_link']").input_value() == LINK
	file = row.get_by_role("link", name="bukti-uji")
	answer = operator.page.request.get(URL + file.get_attribute("href"))
	assert answer.ok and answer.body().startswith(b"%PDF") and "/private/" in file.get_attribute("href")
	assert {code: operator.chosen(code) for code in PARTS} == ANSWERS
	assert operator.errors == []


def test_eighty_criteria_fit_a_small_screen_and_the_focus_stays_in_sight(desk, sheet):
	operator = desk("operator.lain")
	operator.opens(sheet)
	page = operator.page
	assert page.locator(".ws-criterion").count() == 80
	for code in ("1.a", "4.c.5"):
		operator.row(code).scroll_into_view_if_needed()
		assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
		assert in_sight(operator.row(code).locator(".ws-chip").last)
		assert all(in_sight(page.locator(part)) for part in (".ws-bar", ".ws-score", ".ws-index"))
	operator.chooses("4.c.5", "B")
	operator.sees_saving("saved")
	assert in_sight(page.locator(".ws-save"))
	operator.shot("lembar-akhir")
	operator.chooses("4.c.5", "B")
	operator.sees_saving("saved")
	assert operator.chosen("4.c.5") == "", "choosing an answer again takes it back"

	rows = page.locator(".ws-row[tabindex]")
	for key, first, count in (("ArrowDown", rows.first, 91), ("ArrowUp", rows.last, 91)):
		first.focus()
		for _step in range(count):
			page.keyboard.press(key)
			place = page.evaluate("(r => [r.top, r.bottom])(document.activeElement.getBoundingClientRect())")
			bar = page.evaluate("document.querySelector('.ws-bar').getBoundingClientRect().bottom")
			assert bar <= place[0] < place[1] <= 768, page.evaluate("document.activeElement.dataset.code")
	assert operator.errors == []


def in_sight(element) -> bool:
	return element.evaluate(
		"""element => {
			const { left, right, top, bottom } = element.getBoundingClientRect();
			return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight && right > left;
		}"""
	)


def test_a_phone_shows_answers_score_and_saving_without_scrolling_sideways(desk, sheet):
	operator = desk("operator.lain")
	operator.page.set_viewport_size({"width": 390, "height": 844})
	operator.opens(sheet)
	operator.row("2.b").scroll_into_view_if_needed()
	operator.page.mouse.wheel(0, 200)
	operator.chooses("2.b", "A")
	operator.sees_saving("saved")
	operator.shot("telepon")
	assert in_sight(operator.page.locator(".ws-save")) and in_sight(operator.page.locator(".ws-index"))
	assert in_sight(operator.row("2.b").locator(".ws-chip").last)
	assert operator.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
	operator.chooses("2.b", "BB")
	operator.sees_saving("saved")
	operator.opens_row("2.b")
	operator.shot("telepon-rincian")
	operator.page.set_viewport_size(operator.VIEWPORT)
	assert operator.errors == []


def test_without_connection_changes_are_kept_and_sent_when_it_is_back(desk, sheet):
	operator = desk("operator.lain")
	operator.opens(sheet)
	operator.context.set_offline(True)
	operator.chooses("2.c", "CC")
	operator.chooses("3.c", "CC")
	operator.opens_row("3.c")
	operator.types_in("3.c", "self_note", "Ditulis tanpa sambungan (uji).")
	assert "Disimpan di komputer ini" in operator.sees_saving("offline")
	operator.shot("tanpa-sambungan")
	operator.context.set_offline(False)
	assert operator.sees_saving("saved") == "Tersimpan"
	assert operator.stored(sheet, "2.c")["self_answer"] == "CC"
	row = operator.stored(sheet, "3.c")
	assert (row["self_answer"], row["self_note"]) == ("CC", "Ditulis tanpa sambungan (uji).")

	operator.context.set_offline(True)
	operator.chooses("4.c", "CC")
	operator.sees_saving("offline")
	operator.page.close()
	operator.context.set_offline(False)
	operator.page = operator.new_page()
	operator.opens(sheet)
	assert operator.sees_saving("saved") == "Tersimpan"
	assert operator.chosen("4.c") == operator.stored(sheet, "4.c")["self_answer"] == "CC"
	assert operator.page.evaluate("Object.keys(localStorage).every(k => !k.startsWith('seroja-worksheet:'))")
	for code in ("2.c", "3.c", "4.c"):
		operator.chooses(code, "B")
	operator.sees_saving("saved")
	assert operator.errors == []


def test_a_change_refused_meanwhile_is_explained_at_its_row_and_the_rest_is_saved(desk, units):
	operator, head = desk("operator.lain"), desk("kepala.lain")
	doc = operator.calls(
		"frappe.client.insert",
		doc={"doctype": "Assessment", "instrument": INSTRUMENT, "opd": units[1], "year": YEAR},
	)
	name = doc["name"]
	operator.writes(name, "self_answer", ANSWERS)
	operator.steps(name, "Submit for Verification")
	head.writes(name, "is_flagged", {"1.c": 1, "2.c": 1})
	head.steps(name, "Return", "Pemanfaatan dinilai terlalu tinggi (uji)")

	operator.opens(name)
	assert operator.open_rows() == ["1.c", "2.c"]
	operator.context.set_offline(True)
	operator.chooses("1.c", "C")
	operator.chooses("2.c", "CC")
	operator.sees_saving("offline")
	# Meanwhile the head, who may enter as well, sends it round and leaves only one row open.
	head.steps(name, "Submit for Verification")
	head.writes(name, "is_flagged", {"2.c": 1})
	head.steps(name, "Return", "Tinggal satu baris (uji)")
	operator.context.set_offline(False)

	assert operator.sees_saving("refused") == "Tidak tersimpan, lihat barisnya"
	operator.row("1.c").locator(".text-danger").wait_for()
	operator.page.wait_for_load_state("networkidle")
	operator.page.locator(".ws-save").click()
	assert operator.page.evaluate("document.activeElement.dataset.code") == "1.c"
	operator.shot("perubahan-ditolak")
	message = operator.row("1.c").locator(".text-danger").inner_text()
	assert "1.c terkunci pada status Dikembalikan" in message, message
	assert operator.open_rows() == ["2.c"] and operator.chosen("2.c") == "CC"
	assert operator.row("1.c").locator(".ws-self").inner_text() == "B", "what is stored stands there again"
	assert operator.stored(name, "1.c")["self_answer"] == "B"
	assert operator.stored(name, "2.c")["self_answer"] == "CC"
	assert operator.errors == head.errors == []


def test_what_if_shows_another_index_and_saves_nothing(desk, sheet):
	operator = desk("operator.lain")
	operator.opens(sheet)
	assert "77,00" in operator.score()
	operator.presses("Bagaimana Jika")
	operator.page.locator(".ws-trial table").first.wait_for()
	operator.shot("bagaimana-jika")
	operator.chooses("4.c", "BB")
	operator.page.locator(".ws-index", has_text="78,25").wait_for()
	assert "Bagaimana Jika" in operator.score()
	operator.shot("bagaimana-jika-dicoba")
	operator.page.get_by_role("button", name="Kembali ke Lembar Kerja").click()
	operator.page.locator(".ws-index", has_text="77,00").wait_for()
	assert "Bagaimana Jika" not in operator.score() and operator.chosen("4.c") == "B"
	assert operator.stored(sheet, "4.c")["self_answer"] == "B"
	assert operator.errors == []


def test_the_self_assessment_is_refused_corrected_returned_and_approved(desk, sheet):
	operator, head = desk("operator.lain"), desk("kepala.lain")
	operator.opens(sheet)
	operator.chooses("1.b", "AA")
	operator.sees_saving("saved")
	assert "1.b > 1.a" in operator.score()
	operator.shot("aturan-dilanggar")
	operator.presses("Buka Formulir")
	operator.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=sheet)
	operator.page.wait_for_load_state("networkidle")
	message = operator.is_refused("Ajukan Verifikasi")
	assert message.count("1.b > 1.a. Kualitas tidak dapat dinilai di atas keberadaan.") == 1, message
	operator.presses("Buka Lembar Kerja")
	operator.chooses("1.b", "BB")
	operator.sees_saving("saved")
	operator.opens_form(sheet)
	operator.shot("formulir-draf")
	operator.act("Ajukan Verifikasi")
	operator.sees_state("Diajukan")

	head.opens(sheet)
	assert head.open_rows() == head.filters("open") == []
	head.filters("all")
	head.opens_row("2.b")
	head.row("2.b").locator("[data-field='is_flagged']").check()
	head.types_in("2.b", "verifier_note", "Bukti pengukuran belum ada (uji).")
	head.sees_saving("saved")
	head.shot("kepala-menandai-kriteria")
	head.opens_form(sheet)
	head.act("Kembalikan", "Lengkapi bukti pengukuran (uji)")
	head.sees_state("Dikembalikan")

	operator.opens(sheet)
	assert operator.open_rows() == ["2.b"] and operator.filters("flagged") == ["2.b"]
	operator.opens_row("2.b")
	operator.row("2.b").get_by_text("Bukti pengukuran belum ada (uji).").wait_for()
	operator.types_in("2.b", "evidence_link", LINK)
	operator.chooses("2.b", "B")
	operator.sees_saving("saved")
	operator.shot("operator-memperbaiki")
	operator.opens_form(sheet)
	operator.page.get_by_text("Lengkapi bukti pengukuran (uji)").first.wait_for()
	operator.act("Ajukan Verifikasi")
	operator.sees_state("Diajukan")

	head.opens(sheet)
	assert head.row("2.b").get_by_text("Diperbaiki").count()
	head.opens_form(sheet)
	head.shot("kepala-menyetujui")
	head.act("Setujui")
	head.sees_state("Diverifikasi Kepala OPD")
	assert operator.errors == head.errors == []


def test_the_inspektorat_evaluates_with_reasons_and_another_evaluator_makes_it_final(desk, sheet):
	evaluator = desk("inspektorat")
	evaluator.opens(sheet)
	before = evaluator.calls("seroja.api.worksheet.load", name=sheet)["rows"]
	suggested = {code: row["suggested_answer"] for code, row in before.items() if row["suggested_answer"]}
	assert "1.b.1" in suggested
	evaluator.presses("Terima Saran")
	evaluator.row("1.b.1").locator(".ws-chip.active").wait_for()
	assert {code: evaluator.chosen(code) for code in suggested} == suggested
	for code in PARTS:
		evaluator.chooses(code, "BB" if code == "2.a" else "B")
	evaluator.chooses("1.b.1", "C" if suggested["1.b.1"] != "C" else "B")
	evaluator.sees_saving("saved")
	evaluator.shot("evaluator-menilai")
	assert "berikutnya" in evaluator.score() or "lagi" in evaluator.score(), evaluator.score()
	evaluator.opens_form(sheet)
	message = evaluator.is_refused("Selesaikan Evaluasi")
	assert "1.b.1" in message and "saran" in message, message

	evaluator.presses("Buka Lembar Kerja")
	evaluator.opens_row("1.b.1")
	evaluator.types_in("1.b.1", "evaluator_note", "Perjanjian Kinerja ada, belum diunggah (uji).")
	evaluator.sees_saving("saved")
	evaluator.row("1.b.1").get_by_role("button", name="Tambah Temuan").click()
	dialog = evaluator.page.locator(".modal.show")
	for field, text in (
		("condition", "Perjanjian Kinerja terlambat ditandatangani (uji)."),
		("criterion", "Perjanjian Kinerja ditandatangani paling lambat satu bulan setelah DPA."),
		("effect", "Target belum mengikat sejak awal tahun."),
		("recommendation", RECOMMENDATION),
	):
		dialog.locator(f"[data-fieldname='{field}'] textarea").fill(text)
	evaluator.shot("temuan-baru")
	dialog.locator(".btn-modal-primary").click()
	evaluator.page.get_by_text("Temuan ditambahkan").wait_for()
	evaluator.opens_form(sheet)
	evaluator.shot("evaluasi-selesai")
	evaluator.act("Selesaikan Evaluasi")
	evaluator.sees_state("Dievaluasi")

	reviewer = desk("peninjau")
	reviewer.opens(sheet)
	assert reviewer.filters("open") == []
	reviewer.filters("all")
	reviewer.chooses("2.c", "CC")
	reviewer.opens_row("2.c")
	reviewer.types_in("2.c", "review_note", "Penghargaan belum berdasarkan kinerja (uji).")
	reviewer.sees_saving("saved")
	reviewer.filters("differ")
	reviewer.shot("peninjau-berbeda")
	reviewer.opens_form(sheet)
	reviewer.act("Tetapkan")
	reviewer.sees_state("Final")
	reviewer.shot("final")
	row = reviewer.stored(sheet, "2.c")
	assert (row["evaluator_answer"], row["review_answer"]) == ("B", "CC")
	assert evaluator.errors == reviewer.errors == []


def test_the_letter_is_printed_and_its_recommendation_followed_up_and_reported(desk, unit, sheet):
	operator, evaluator = desk("operator.lain"), desk("inspektorat")
	for form in ("letter", "report"):
		for kind, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
			letter = evaluator.page.request.get(
				f"{URL}/api/method/seroja.api.documents.evaluation_letter",
				params={"name": sheet, "form": form, "kind": kind},
			)
			assert letter.status == 200 and letter.body().startswith(magic), letter.text()[:300]

	(issued,) = operator.calls(
		"frappe.client.get_list",
		doctype="Recommendation",
		filters={"assessment": sheet},
		fields=["name", "status", "recommendation"],
	)
	assert (issued["status"], issued["recommendation"]) == ("Not Followed Up", RECOMMENDATION)
	operator.open(f"recommendation/{issued['name']}")
	operator.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=issued["name"])
	follow_ups = operator.page.locator("[data-fieldname='follow_ups']:visible").first
	follow_ups.locator(".grid-add-row").click()
	row = follow_ups.locator(".grid-body .grid-row").last
	for field, text in (("action", ACTION), ("evidence_link", LINK)):
		cell = row.locator(f".grid-static-col[data-fieldname='{field}']")
		cell.click()
		cell.locator("textarea, input").first.fill(text)
		cell.locator("textarea, input").first.blur()
	operator.shot("tindak-lanjut")
	operator.save()
	operator.shot("tindak-lanjut-disimpan")

	evaluator.open(f"recommendation/{issued['name']}")
	evaluator.page.get_by_text(ACTION).first.wait_for()
	evaluator.page.locator("[data-fieldname='status']:visible select").first.select_option(label="Sesuai")
	evaluator.save()
	evaluator.shot("rekomendasi-sesuai")
	assert evaluator.page.evaluate("cur_frm.doc.status") == "As Recommended"

	shown = evaluator_sees(
		evaluator, f"Follow-up Status?opd={unit}&year={YEAR}", unit, "status-tindak-lanjut"
	)
	assert (shown["total"], shown["closed"], shown["progress"]) == (1, 1, 100)
	summary = f"Assessment Summary?instrument={INSTRUMENT}&year={YEAR}"
	shown = evaluator_sees(evaluator, summary, unit, "rekap-penilaian")
	assert shown["state_label"] == "Final" and shown["predicate"]
	evaluator.open(f"query-report/Index Profile?assessment={sheet}")
	evaluator.page.locator(".dt-scrollable .dt-row", has_text="Perencanaan Kinerja").first.wait_for()
	evaluator.shot("profil-indeks")
	assert operator.errors == evaluator.errors == []


def evaluator_sees(evaluator: Grader, report: str, unit: str, shot: str) -> dict:
	"""Opens a report; gives its row of an OPD."""
	evaluator.open(f"query-report/{report}")
	evaluator.page.locator(".dt-scrollable .dt-row").first.wait_for()
	evaluator.shot(shot)
	row = evaluator.page.evaluate("opd => frappe.query_report.data.find(row => row.opd === opd)", unit)
	assert row, f"{unit} is not in {report}"
	return row
