"""A quarter in the browser, in Indonesian: entered, returned, corrected, approved, verified, reported."""

from desk import TODAY, URL, Person, needs_a_site

pytestmark = needs_a_site

SHEET = f"Dinkes-{TODAY.year}-TW4"
PERIOD = f"{TODAY.year}-TW4"


class SheetPerson(Person):
	"""Somebody in front of a Performance Realization."""

	def open_sheet(self) -> None:
		self.open(f"performance-realization/{SHEET}")
		self.page.wait_for_selector(".grid-body .grid-row")
		self.page.wait_for_timeout(800)

	def row(self, number: int):
		return self.page.locator(f"[data-fieldname='items'] .grid-body .grid-row[data-idx='{number}']")

	def type_into(self, number: int, field: str, value: str) -> None:
		cell = self.row(number).locator(f".grid-static-col[data-fieldname='{field}']")
		cell.click()
		cell.locator("input").fill(value)
		cell.locator("input").press("Tab")

	def flag(self, number: int) -> None:
		self.row(number).locator(".grid-static-col[data-fieldname='indicator_name']").click()
		self.row(number).locator("[data-fieldname='is_flagged'] .field-area input").check()

	def give_link(self, number: int, link: str) -> None:
		self.row(number).locator(".btn-open-row").click()
		form = self.page.locator(".grid-row-open .form-in-grid")
		form.locator("[data-fieldname='evidence_link'] input").fill(link)
		form.locator("[data-fieldname='obstacle'] textarea").click()
		self.page.locator(".grid-row-open .grid-collapse-row").click()


def test_a_quarter_goes_through_every_hand(browser):
	operator = SheetPerson(browser, "operator")
	operator.open("query-report/Waiting for Me")
	operator.page.get_by_text("Mulai lembar").first.wait_for()
	operator.shot("menunggu-saya")

	operator.open(f"performance-realization/new?opd=Dinkes&period={PERIOD}")
	operator.page.wait_for_function("cur_frm && cur_frm.doc.opd && cur_frm.doc.period")
	operator.save()
	operator.open_sheet()
	rows = operator.page.evaluate("cur_frm.doc.items.map(r => [r.idx, r.is_iku, r.target])")
	assert len(rows) == 8
	for number, is_iku, target in rows:
		operator.type_into(number, "realization", target)
		if is_iku:
			operator.give_link(number, "https://data.contoh.example/bukti")
	operator.save()
	scores = operator.page.evaluate("cur_frm.doc.items.map(r => r.achievement_scored)")
	assert scores == [100] * 8, "a realization equal to its target is 100 %, whatever the polarity"
	operator.shot("lembar-diisi")
	operator.act("Ajukan Verifikasi")
	operator.sees_state("Diajukan")

	head = SheetPerson(browser, "kepala")
	head.open_sheet()
	head.flag(2)
	head.save()
	head.shot("kepala-menandai")
	head.act("Kembalikan", "Sumber data belum jelas")
	head.sees_state("Dikembalikan")

	operator.open_sheet()
	operator.page.get_by_text("Sumber data belum jelas").first.wait_for()
	operator.type_into(2, "realization", rows[1][2])
	operator.shot("dikembalikan")
	operator.save()
	operator.act("Ajukan Verifikasi")
	operator.sees_state("Diajukan")

	head.open_sheet()
	head.act("Setujui")
	head.sees_state("Diverifikasi Kepala OPD")

	inspector = SheetPerson(browser, "inspektorat")
	inspector.open_sheet()
	inspector.act("Verifikasi")
	inspector.sees_state("Terverifikasi")
	inspector.shot("terverifikasi")

	inspector.open(f"query-report/Indicator Achievement?period={PERIOD}&opd=Dinkes")
	inspector.page.locator(".dt-scrollable .dt-row").first.wait_for()
	assert inspector.page.locator(".dt-scrollable .dt-row").count() == 8
	inspector.shot("capaian-indikator")
	pdf = inspector.page.request.get(
		f"{URL}/api/method/seroja.api.documents.evaluation_summary?period={PERIOD}&opd=Dinkes"
	)
	assert pdf.ok and pdf.body().startswith(b"%PDF")
	assert operator.errors == head.errors == inspector.errors == []


def test_a_wrong_number_is_explained_in_indonesian_and_nothing_is_lost(browser):
	other = SheetPerson(browser, "operator.lain")
	other.open(f"performance-realization/BKAD-{PERIOD}")
	other.page.wait_for_selector(".grid-body .grid-row")
	other.page.wait_for_timeout(800)
	other.type_into(1, "realization", "12.5x")
	other.page.keyboard.press("Control+s")
	message = other.page.locator(".modal.show .msgprint")
	message.wait_for()
	assert "Baris 1" in message.inner_text() and "bukan angka yang sah" in message.inner_text()
	other.page.keyboard.press("Escape")
	assert other.page.evaluate("cur_frm.doc.items[0].realization") == "12.5x"
