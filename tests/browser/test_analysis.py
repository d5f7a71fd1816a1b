"""Analysis in the browser, in Indonesian: verification by risk, the panel, checks switched off, the outlook."""

import pytest
from desk import TODAY, needs_a_site
from test_reporting import Reader

pytestmark = needs_a_site

YEAR = TODAY.year
OPD = "Dinkes"
PERIOD = f"{YEAR}-TW3"
SHEET = f"{OPD}-{PERIOD}"
VERIFY = "Verifikasi atau kembalikan"
NOTE = "Angka pada bukti dukung berbeda (uji)."
REASON = "Nilainya memang demikian menurut sumber data (uji)."
OUTLOOKS = {"Sesuai jalur", "Berisiko", "Di luar jalur", "Belum dapat dinilai"}
FINDING_TABLE = ".seroja-analysis:visible h6:text-is('Temuan') ~ table"
API = "**/api/method/seroja.api.analysis.sheet*"


class Analyst(Reader):
	"""Somebody in front of outlooks and number checks."""

	def sees_panel(self) -> None:
		"""Waits until the panel “Analysis” of the form is computed."""
		panel = self.page.locator(".seroja-analysis:visible")
		panel.wait_for()
		panel.scroll_into_view_if_needed()

	def opens_sheet(self, name: str) -> None:
		self.opens_form("performance-realization", name)
		self.sees_panel()

	def findings(self) -> list[list[str]]:
		"""The findings of the panel of a sheet: indicator, severity, check, sentence."""
		rows = self.page.locator(f"{FINDING_TABLE} tbody tr").all()
		return [[text.strip() for text in row.locator("td").all_inner_texts()] for row in rows]

	def data(self) -> list[dict]:
		"""The rows of the report that is open."""
		return self.page.evaluate("frappe.query_report.data")

	def row_of_table(self, table: str, number: int):
		return self.page.locator(f"[data-fieldname='{table}'] .grid-row[data-idx='{number}']")

	def opens_row(self, table: str, number: int):
		button = self.row_of_table(table, number).locator(".btn-open-row")
		if not button.is_visible():
			self.opens_section(table)
		button.click()
		form = self.page.locator(".grid-row-open .form-in-grid")
		form.wait_for()
		return form

	def opens_section(self, table: str) -> None:
		self.page.locator(f".form-section:has([data-fieldname='{table}']) .section-head").click()

	def presses_save(self) -> None:
		"""The button, not the keys: a message that has just been closed still swallows them."""
		row = self.page.locator(".grid-row-open .grid-collapse-row")
		if row.count():
			row.click()
			row.wait_for(state="hidden")
		self.presses("Simpan")


@pytest.fixture(scope="module")
def desk(browser):
	"""desk(name): a person of the demo, logged in once for the whole run."""
	people: dict[str, Analyst] = {}

	def come(name: str) -> Analyst:
		if name not in people:
			people[name] = Analyst(browser, name)
		people[name].page.set_viewport_size(Analyst.VIEWPORT)
		return people[name]

	yield come
	for person in people.values():
		person.context.close()


# --- verification by risk ---


def test_the_inspektorat_goes_from_the_riskiest_sheet_to_the_precision_of_the_checks(desk):
	inspector = desk("inspektorat")
	inspector.opens_report("Waiting for Me")
	to_verify = [row for row in inspector.data() if row["task_label"] == VERIFY]
	risks = [row["risk"] for row in to_verify]
	assert len(risks) > 2 and risks == sorted(risks, reverse=True) and risks[0] > 0
	assert all(row["risk_parts"] for row in to_verify if row["risk"])
	inspector.shot("menunggu-menurut-risiko")

	riskiest = to_verify[0]["name"]
	inspector.rows().first.get_by_text(riskiest, exact=True).click()
	inspector.page.wait_for_function("name => cur_frm && cur_frm.doc.name === name", arg=riskiest)
	inspector.sees_panel()
	assert len(inspector.findings()) > 0
	inspector.shot("analisis-lembar")

	units = {row["opd"] for row in to_verify if row["period"] == PERIOD}
	inspector.open("verification-sample/new")
	inspector.page.wait_for_function("cur_frm && cur_frm.is_new()")
	inspector.link("period", PERIOD)
	inspector.type_in("size", str(len(units) - 1))
	inspector.presses_save()
	assert f"sedikitnya {len(units)} baris" in inspector.is_told()
	inspector.type_in("size", str(len(units) + 2))
	inspector.type_in("seed", "20")
	inspector.presses_save()
	inspector.page.wait_for_function("cur_frm && !cur_frm.is_new() && !cur_frm.is_dirty()")
	inspector.page.wait_for_load_state("networkidle")
	drawn = inspector.page.evaluate("cur_frm.doc.items.map(row => row.opd)")
	assert len(drawn) == len(units) + 2 and set(drawn) == units
	assert not inspector.page.locator(".seroja-drawn .grid-add-row:visible").count()
	inspector.shot("sampel-ditarik")

	inspector.opens_row("items", 1).locator("[data-fieldname='result'] select").select_option("Wrong")
	inspector.presses_save()
	assert "Baris 1" in inspector.is_told()
	form = inspector.opens_row("items", 1)
	form.locator("[data-fieldname='note'] textarea").fill(NOTE)
	form.locator("[data-fieldname='note'] textarea").press("Tab")
	inspector.presses_save()
	inspector.sees_in_document("doc.checked === 1 && doc.wrong === 1 && !cur_frm.is_dirty()")
	whole = inspector.page.locator(".seroja-precision tr", has_text="Semua baris sampel")
	whole.get_by_text("100%").first.wait_for()
	assert whole.locator("td").all_inner_texts()[1:4] == ["1", "1", "100%"]
	whole.scroll_into_view_if_needed()
	inspector.shot("ketepatan")
	assert inspector.errors == []


@pytest.mark.parametrize(
	("name", "is_verifier"), [("inspektorat", True), ("operator", False), ("sekda", False)]
)
def test_only_the_inspektorat_is_shown_what_will_be_looked_at(desk, name, is_verifier):
	person = desk(name)
	person.open("seroja")
	person.page.locator(".link-item:visible", has_text="Status Verifikasi").wait_for()
	assert bool(person.page.locator(".link-item", has_text="Sampel Verifikasi").count()) == is_verifier
	report = person.calls("frappe.desk.query_report.run", report_name="Waiting for Me", filters={})
	fields = {column["fieldname"] for column in report["columns"]}
	assert "task_label" in fields and ("risk" in fields) == is_verifier


# --- the panel, and checks that are switched off ---


def test_a_check_that_is_switched_off_with_a_reason_finds_nothing_any_more(desk):
	operator, planner = desk("operator"), desk("bappeda")
	operator.opens_sheet(SHEET)
	before = operator.findings()
	operator.shot("temuan-lembar")
	name, _severity, check, _sentence = before[0]
	indicator = operator.page.evaluate(
		"name => cur_frm.doc.items.find(row => row.indicator_name === name).indicator", name
	)

	planner.opens_form("performance-indicator", indicator)
	planner.sees_panel()
	planner.opens_section("checks_off")
	planner.page.locator("[data-fieldname='checks_off'] .grid-add-row").click()
	form = planner.opens_row("checks_off", 1)
	options = form.locator("[data-fieldname='check_name'] option").all_inner_texts()
	chosen = next(option for option in options if option.lower() == check.lower())
	form.locator("[data-fieldname='check_name'] select").select_option(label=chosen)
	planner.presses_save()
	assert "Alasan" in planner.is_told()
	form = planner.opens_row("checks_off", 1)
	form.locator("[data-fieldname='reason'] textarea").fill(REASON)
	form.locator("[data-fieldname='reason'] textarea").press("Tab")
	planner.presses_save()
	planner.page.wait_for_function("!cur_frm.is_dirty()")
	planner.page.wait_for_load_state("networkidle")  # the section stays open where a check is switched off
	planner.page.get_by_text(REASON).first.scroll_into_view_if_needed()
	planner.shot("pemeriksaan-dimatikan")

	operator.opens_sheet(SHEET)
	after = operator.findings()
	assert after == [row for row in before if (row[0], row[2]) != (name, check)]
	operator.opens_report("Data Quality", f"?period={PERIOD}&include_unverified=1")
	off = [row for row in operator.data() if row["severity"] == "off"]
	assert [(row["indicator"], row["message"]) for row in off] == [(indicator, REASON)]
	operator.shot("mutu-data")
	assert operator.errors == planner.errors == []


def test_the_panel_of_a_sheet_is_read_on_a_phone_without_moving_it_sideways(desk):
	operator = desk("operator")
	operator.page.set_viewport_size({"width": 375, "height": 800})
	operator.opens_sheet(SHEET)
	edges = operator.page.evaluate(
		"[...document.querySelectorAll('.seroja-analysis td')].map(cell => cell.getBoundingClientRect().right)"
	)
	assert edges and max(edges) <= 375
	operator.shot("analisis-telepon")


def test_a_form_is_there_when_its_analysis_is_not(desk):
	operator = desk("operator")
	operator.page.route(API, lambda route: route.abort())
	operator.opens_form("performance-realization", SHEET)
	operator.page.get_by_text("Analisis tidak dapat dihitung.").wait_for()
	operator.page.unroute(API)
	operator.opens_sheet(SHEET)


# --- outlook ---


def test_the_outlook_says_by_pill_and_on_paper_where_each_indicator_will_end(desk):
	executive = desk("sekda")
	executive.opens_report("Indicator Outlook")
	rows = executive.data()
	assert {row["status_label"] for row in rows} <= OUTLOOKS and len({row["opd"] for row in rows}) > 5
	pills = executive.page.locator(".dt-row .indicator-pill")
	assert set(pills.all_inner_texts()) <= OUTLOOKS
	assert executive.rows().first.locator(".indicator-pill").is_visible()
	assert pills.first.evaluate("pill => pill.scrollWidth <= pill.closest('.dt-cell__content').clientWidth")
	executive.rows().first.scroll_into_view_if_needed()
	executive.shot("prospek-indikator")
	assert executive.downloads("Cetak PDF").startswith(b"%PDF")

	box = executive.page.locator(".page-form:visible [data-fieldname='outlook'] select")
	box.select_option("Berisiko")
	executive.page.wait_for_function("frappe.query_report.data.every(row => row.status === 'at_risk')")
	executive.page.wait_for_load_state("networkidle")
	at_risk = executive.data()
	assert len(at_risk) == sum(row["status"] == "at_risk" for row in rows) > 0
	assert set(pills.all_inner_texts()) == {"Berisiko"}
	executive.shot("prospek-berisiko")
	assert executive.errors == []


def test_the_indicator_shows_its_past_and_its_future_in_one_picture(desk):
	head = desk("kepala")
	head.opens_report("Indicator Outlook")
	known = next(row for row in head.data() if row["probability"] is not None)
	head.opens_form("performance-indicator", known["indicator"])
	head.sees_panel()
	picture = head.page.locator(".seroja-forecast img")
	assert picture.evaluate("image => image.complete && image.naturalWidth > 600")
	assert known["status_label"] in head.page.locator(".seroja-analysis").inner_text()
	head.shot("analisis-indikator")
	assert head.errors == []
