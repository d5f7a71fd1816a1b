"""Perjanjian Kinerja and Rencana Aksi: the same words and tables as PDF and as DOCX."""

import io
from dataclasses import fields, replace
from datetime import date, datetime

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from seroja.core.agreement import (
	ActionPlan,
	ActionRow,
	Agreement,
	Party,
	ProgramRow,
	QuarterRow,
	TargetRow,
	action_plan_docx,
	action_plan_pdf,
	agreement_docx,
	agreement_pdf,
)

MAYOR = Party("Dr. Ir. Wahyu Hidayat, M.M.", "Wali Kota Malang")
HEAD = Party(
	"dr. Husnul Muarif", "Kepala Dinas Kesehatan", "Plt", "Pembina Utama Muda", "19680512 199803 1 005"
)
SIGNED_ON = datetime(2026, 1, 12, 9, 30)
AGREEMENT = Agreement(
	"Kota Malang",
	"Dinas Kesehatan",
	2026,
	"Malang",
	date(2026, 1, 12),
	HEAD,
	MAYOR,
	[
		TargetRow("Meningkatnya kesehatan", "Angka Kematian Ibu", "per 100.000 kelahiran", "49,34"),
		TargetRow("Meningkatnya kesehatan", "Prevalensi Stunting", "%", "9,8"),
		TargetRow("Meningkatnya akuntabilitas", "Nilai SAKIP", "Predikat", "A"),
	],
	[
		ProgramRow("Program Upaya Kesehatan", 98_765_432_100, "APBD, DAK"),
		ProgramRow("Program Sediaan Farmasi", 1_234_567),
	],
	reference="PK-2026-00012",
)
SIGNED = replace(
	AGREEMENT,
	is_signed=True,
	first=replace(HEAD, signed_on=SIGNED_ON, seal="0123456789abcdef-not-printed"),
	second=replace(MAYOR, signed_on=datetime(2026, 1, 12, 14, 5), seal="fedcba9876543210-not-printed"),
)
REGION = replace(AGREEMENT, unit="Kota Malang", first=MAYOR, second=None)
PLAN = ActionPlan(
	"Kota Malang",
	"Dinas Kesehatan",
	2026,
	"RA-2026-00007",
	True,
	[
		QuarterRow(
			"Meningkatnya kesehatan", "Angka Kematian Ibu", "per 100.000", "49,34", ("", "", "", "49,34")
		),
		QuarterRow("Meningkatnya kesehatan", "Prevalensi Stunting", "%", "9,8", ("12", "11", "10", "9,8")),
	],
	[
		ActionRow(
			"Prevalensi Stunting", "Pengelolaan Gizi", "Pendampingan balita", (1e9, 0, 5e8, 250.0), "Bidang A"
		),
		ActionRow("Prevalensi Stunting", "", "Penimbangan serentak", (1e6, 2e6, 3e6, 4e6), "Bidang B"),
	],
	"Malang",
	date(2026, 1, 30),
	HEAD,
)

TARGET_CELLS = [
	["No", "Sasaran", "Indikator Kinerja", "Target"],
	["1", "Meningkatnya kesehatan", "Angka Kematian Ibu", "49,34 per 100.000 kelahiran"],
	["1", "Meningkatnya kesehatan", "Prevalensi Stunting", "9,8%"],
	["2", "Meningkatnya akuntabilitas", "Nilai SAKIP", "A"],
]
PROGRAM_CELLS = [
	["No", "Program", "Anggaran (Rp)", "Keterangan"],
	["1", "Program Upaya Kesehatan", "98.765.432.100", "APBD, DAK"],
	["2", "Program Sediaan Farmasi", "1.234.567", ""],
	["Jumlah", "Jumlah", "98.766.666.667", ""],
]
QUARTER_CELLS = [
	["No", "Sasaran", "Indikator", "Satuan", "Target tahun", "TW I", "TW II", "TW III", "TW IV"],
	["1", "Meningkatnya kesehatan", "Angka Kematian Ibu", "per 100.000", "49,34", "–", "–", "–", "49,34"],
	["1", "Meningkatnya kesehatan", "Prevalensi Stunting", "%", "9,8", "12", "11", "10", "9,8"],
]
ACTION_CELLS = [
	line.split("|")
	for line in (
		"No|Indikator|Kegiatan/Sub kegiatan|Aksi|Anggaran TW I (Rp)|Anggaran TW II (Rp)|Anggaran TW III (Rp)"
		"|Anggaran TW IV (Rp)|Jumlah (Rp)|Penanggung jawab",
		"1|Prevalensi Stunting|Pengelolaan Gizi|Pendampingan balita"
		"|1.000.000.000|0|500.000.000|250|1.500.000.250|Bidang A",
		"1|Prevalensi Stunting|–|Penimbangan serentak"
		"|1.000.000|2.000.000|3.000.000|4.000.000|10.000.000|Bidang B",
		"Jumlah|Jumlah|Jumlah|Jumlah|1.001.000.000|2.000.000|503.000.000|4.000.250|1.510.000.250|",
	)
]


def opened(data: bytes):
	return docx.Document(io.BytesIO(data))


def tables_of(data: bytes) -> list:
	"""The tables with lines: not the names and signatures, which stand in a grid without lines."""
	return [table for table in opened(data).tables if table.style.name == "Table Grid"]


def cells_of(table) -> list[list[str]]:
	return [[cell.text for cell in row.cells] for row in table.rows]


def words_of(data: bytes) -> str:
	"""All the text of a DOCX file, in its order."""
	body = opened(data).element.body
	return " ".join(
		"".join(text.text or "" for text in part.iter(qn("w:t"))) for part in body.iter(qn("w:p"))
	)


def header_of(data: bytes) -> str:
	return opened(data).sections[0].header.paragraphs[0].text


def xmp_of(pdf: bytes) -> str:
	return pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/Metadata"].get_data().decode()


# --- statement ---


@pytest.fixture(params=["pdf", "docx"])
def text_of(request, pdf_text):
	"""The text of an agreement in either format."""
	if request.param == "pdf":
		return lambda agreement: pdf_text(agreement_pdf(agreement))
	return lambda agreement: " ".join(words_of(agreement_docx(agreement)).split())


def test_the_statement_names_both_parties_and_what_they_promise(text_of):
	text = text_of(AGREEMENT)
	for part in (
		"KOTA MALANG DINAS KESEHATAN PERJANJIAN KINERJA TAHUN 2026",
		"kami yang bertanda tangan di bawah ini: Nama",
		"dr. Husnul Muarif Jabatan : Plt. Kepala Dinas Kesehatan selanjutnya disebut pihak pertama;",
		"Wahyu Hidayat, M.M. Jabatan : Wali Kota Malang selaku atasan pihak pertama, selanjutnya disebut pihak kedua.",
		"Pihak pertama berjanji akan mewujudkan target kinerja yang seharusnya",
		"menjadi tanggung jawab kami.",
		"Pihak kedua akan melakukan supervisi yang diperlukan",
		"pemberian penghargaan dan sanksi. Malang, 12 Januari 2026 Pihak Kedua, Pihak Pertama,",
	):
		assert part in text


def test_a_signature_stands_under_the_statement_and_under_the_annex(text_of):
	text = text_of(AGREEMENT)
	annex = text.index("LAMPIRAN PERJANJIAN KINERJA TAHUN 2026 DINAS KESEHATAN")
	for part in (text[:annex], text[annex:]):
		assert "Pembina Utama Muda NIP 19680512 199803 1 005" in part


def test_the_head_of_the_region_signs_alone_and_speaks_in_the_singular(text_of):
	text = text_of(REGION)
	assert "saya yang bertanda tangan di bawah ini:" in text
	assert "Saya berjanji akan mewujudkan" in text and "menjadi tanggung jawab saya." in text
	assert "kami" not in text and "ihak pertama" not in text and "ihak kedua" not in text.casefold()
	assert text.count("KOTA MALANG") == 2  # once per part: the unit is the government itself


@pytest.mark.parametrize(
	("capacity", "printed"),
	[("Definitif", "Jabatan : Kepala"), ("Plh", "Plh. Kepala"), ("Pj", "Pj. Kepala"), ("Plt", "Plt. Kepala")],
)
def test_a_capacity_is_printed_before_the_position_unless_definitive(text_of, capacity, printed):
	text = text_of(replace(AGREEMENT, first=replace(HEAD, capacity=capacity)))
	assert printed in text and "Definitif" not in text


@pytest.mark.parametrize("reason", ["Pergantian pejabat", "Pergantian pejabat."])
def test_a_change_says_which_one_it_is_and_why(text_of, reason):
	text = text_of(replace(AGREEMENT, revision=2, revision_reason=reason))
	assert "PERJANJIAN KINERJA PERUBAHAN TAHUN 2026 Perubahan ke-2" in text
	assert "LAMPIRAN PERJANJIAN KINERJA PERUBAHAN TAHUN 2026" in text
	assert "perubahan ke-2 atas Perjanjian Kinerja Tahun 2026. Alasan perubahan: Pergantian pejabat. " in text


def test_the_first_agreement_of_a_year_says_nothing_of_changes(text_of):
	assert "erubahan" not in text_of(replace(AGREEMENT, revision_reason="Pergantian pejabat"))


def test_an_agreement_without_a_day_leaves_room_for_it(text_of):
	assert "Malang, .............................. 2026" in text_of(replace(AGREEMENT, dated=None))


def test_electronic_signatures_show_their_time_and_the_beginning_of_their_seal(text_of):
	text = text_of(SIGNED)
	assert "Ditandatangani secara elektronik di SEROJA, 12 Januari 2026 09:30" in text
	assert "12 Januari 2026 14:05" in text
	assert "Segel 0123456789abcdef" in text and "Segel fedcba9876543210" in text
	assert "not-printed" not in text
	assert "Ditandatangani" not in text_of(AGREEMENT)


def test_only_a_wet_signature_gets_room(text_of):
	def rooms(agreement) -> int:
		return len(opened(agreement_docx(agreement)).element.body.findall(f".//{qn('w:trHeight')}"))

	one_of_two = replace(SIGNED, second=MAYOR)
	assert [rooms(agreement) for agreement in (AGREEMENT, one_of_two, SIGNED)] == [2, 2, 0]


def test_only_a_document_that_not_all_have_signed_is_marked_as_a_draft(pdf_text):
	assert pdf_text(agreement_pdf(AGREEMENT)).count("RANCANGAN") == 2  # one per page
	assert "RANCANGAN" not in pdf_text(agreement_pdf(SIGNED))
	assert "RANCANGAN" not in pdf_text(action_plan_pdf(PLAN))
	assert "RANCANGAN" in pdf_text(action_plan_pdf(replace(PLAN, is_approved=False)))
	assert header_of(agreement_docx(AGREEMENT)) == "RANCANGAN"
	assert header_of(agreement_docx(SIGNED)) == ""


# --- tables ---


def test_the_tables_of_an_agreement_hold_targets_with_units_and_budgets_with_their_total():
	targets, programs = tables_of(agreement_docx(AGREEMENT))
	assert cells_of(targets) == TARGET_CELLS
	assert cells_of(programs) == PROGRAM_CELLS


def test_the_tables_of_a_plan_hold_quarters_actions_and_totals():
	quarters, actions = tables_of(action_plan_docx(PLAN))
	assert cells_of(quarters) == QUARTER_CELLS
	assert cells_of(actions) == ACTION_CELLS


@pytest.mark.parametrize(
	("make", "tables"),
	[
		(lambda: agreement_pdf(AGREEMENT), (TARGET_CELLS, PROGRAM_CELLS)),
		(lambda: action_plan_pdf(PLAN), (QUARTER_CELLS, ACTION_CELLS)),
	],
	ids=["agreement", "plan"],
)
def test_a_pdf_prints_the_same_cells_row_by_row_with_merged_ones_once(make, tables, pdf_text):
	text = pdf_text(make())
	for table in tables:
		printed, above = [], [""] * len(table[0])
		for row in table:
			cells = [cell for column, cell in enumerate(row) if column >= 2 or cell != above[column]]
			printed += ["Jumlah", *cells[cells.count("Jumlah") :]] if row[0] == "Jumlah" else cells
			above = row
		assert " ".join(filter(None, printed)) in text


def test_the_cell_of_a_sasaran_is_merged_over_its_indicators():
	(table, _) = tables_of(agreement_docx(AGREEMENT))
	for column in (0, 1):
		assert table.cell(1, column)._tc is table.cell(2, column)._tc
		assert table.cell(3, column)._tc is not table.cell(2, column)._tc
	assert table.cell(1, 2)._tc is not table.cell(2, 2)._tc


def test_a_sasaran_that_returns_after_another_is_numbered_anew():
	one, two, three = AGREEMENT.targets
	(table, _) = tables_of(agreement_docx(replace(AGREEMENT, targets=(one, three, two))))
	assert [row[0] for row in cells_of(table)] == ["No", "1", "2", "3"]


@pytest.mark.parametrize(
	("target", "unit", "printed"),
	[
		("80", "%", "80%"),
		("-2,5", "%", "-2,5%"),
		("≥ 80", "indeks", "≥ 80 indeks"),
		("80-90", "", "80-90"),
		("WTP", "Opini", "WTP"),
		("", "%", "–"),
		("–", "%", "–"),
	],
)
def test_a_number_has_its_unit_and_a_label_has_none(target, unit, printed):
	(table, _) = tables_of(agreement_docx(replace(AGREEMENT, targets=[TargetRow("a", "b", unit, target)])))
	assert table.cell(1, 3).text == printed


def test_empty_tables_say_so_and_have_no_total(pdf_text):
	agreement = replace(AGREEMENT, targets=[], programs=[])
	plan = replace(PLAN, targets=[], actions=[])
	said = [set(cells_of(table)[1]) for table in tables_of(agreement_docx(agreement))]
	assert said == [{"Belum ada sasaran dan indikator kinerja."}, {"Belum ada program."}]
	said = [set(cells_of(table)[1]) for table in tables_of(action_plan_docx(plan))]
	assert said == [{"Belum ada target triwulan."}, {"Belum ada rencana aksi."}]
	assert all(len(table.rows) == 2 for table in tables_of(agreement_docx(agreement)))
	text = pdf_text(agreement_pdf(agreement))
	assert "Belum ada program." in text and "Jumlah" not in text
	assert "Belum ada rencana aksi." in pdf_text(action_plan_pdf(plan))


def test_a_plan_without_a_signer_ends_with_its_tables(pdf_text):
	plan = replace(PLAN, signer=None)
	assert "30 Januari 2026" not in pdf_text(action_plan_pdf(plan))
	assert "30 Januari 2026" not in words_of(action_plan_docx(plan))
	assert "30 Januari 2026 Plt. Kepala Dinas Kesehatan" in pdf_text(action_plan_pdf(PLAN))


# --- pages and properties ---


def test_two_hundred_targets_run_over_pages_that_all_repeat_the_heading(pdf_text):
	name = "persentase perangkat daerah dengan kematangan pelayanan publik kategori sangat baik " * 2
	rows = [TargetRow(f"Sasaran {n // 50}", f"Indikator {n}: {name}", "%", f"{n},5") for n in range(200)]
	agreement = replace(AGREEMENT, targets=rows)
	pages = pypdf.PdfReader(io.BytesIO(agreement_pdf(agreement))).pages
	texts = [" ".join(page.extract_text().split()) for page in pages]
	filled = [text for text in texts if "Indikator 1" in text or "kategori sangat baik" in text]
	assert len(filled) > 8
	assert all("No Sasaran Indikator Kinerja Target" in text for text in filled)
	assert all(f"Indikator {n}:" in " ".join(texts) for n in range(200))
	assert "Jumlah" in texts[-1] and "NIP" in texts[-1]
	(table, _) = tables_of(agreement_docx(agreement))
	assert len(table.rows) == 201
	assert table.cell(1, 1)._tc is table.cell(50, 1)._tc


@pytest.mark.parametrize("count", range(1, 24, 2))
def test_a_signature_never_stands_alone_on_a_page(count):
	agreement = replace(AGREEMENT, programs=AGREEMENT.programs * count)
	last = pypdf.PdfReader(io.BytesIO(agreement_pdf(agreement))).pages[-1].extract_text()
	assert "NIP" in last and "Program Sediaan Farmasi" in last and "98" in last


def test_every_table_of_a_docx_repeats_its_heading_and_breaks_no_row():
	for table in tables_of(agreement_docx(AGREEMENT)) + tables_of(action_plan_docx(PLAN)):
		flags = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
		assert flags == [True] + [False] * (len(flags) - 1)
		assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_a_docx_has_real_styles_a4_pages_and_is_in_indonesian():
	agreement, plan = opened(agreement_docx(AGREEMENT)), opened(action_plan_docx(PLAN))
	styles = {paragraph.text: paragraph.style.name for paragraph in agreement.paragraphs}
	assert styles["PERJANJIAN KINERJA TAHUN 2026"] == "Title"
	assert styles["LAMPIRAN PERJANJIAN KINERJA TAHUN 2026"] == "Heading 1"
	sizes = [(word.sections[0].page_width.mm, word.sections[0].page_height.mm) for word in (agreement, plan)]
	assert [tuple(map(round, size)) for size in sizes] == [(210, 297), (297, 210)]
	for word in (agreement, plan):
		languages = word.styles.element.findall(f".//{qn('w:lang')}")
		assert {language.get(qn("w:val")) for language in languages} == {"id-ID"}


def test_the_tables_of_a_docx_are_as_wide_as_the_text():
	for data in (agreement_docx(AGREEMENT), action_plan_docx(PLAN)):
		section = opened(data).sections[0]
		room = section.page_width - section.left_margin - section.right_margin
		for table in opened(data).tables:
			assert sum(column.width for column in table.columns) == pytest.approx(room, rel=0.01)


def test_a_docx_knows_its_title_author_and_day_and_nothing_of_its_template():
	properties = opened(agreement_docx(AGREEMENT)).core_properties
	assert properties.title == "Perjanjian Kinerja Tahun 2026 – Dinas Kesehatan"
	assert (properties.author, properties.language) == ("Kota Malang", "id-ID")
	assert properties.created.date() == date(2026, 1, 12)
	assert properties.comments == ""
	assert opened(agreement_docx(replace(AGREEMENT, dated=None))).core_properties.created is None


@pytest.mark.parametrize(
	("make", "title", "day", "landscape"),
	[
		(lambda: agreement_pdf(AGREEMENT), "Perjanjian Kinerja", date(2026, 1, 12), False),
		(lambda: action_plan_pdf(PLAN), "Rencana Aksi Perjanjian Kinerja", date(2026, 1, 30), True),
	],
	ids=["agreement", "plan"],
)
def test_a_pdf_is_pdf_a_3b_and_knows_its_title_author_language_and_day(make, title, day, landscape):
	pdf = make()
	document = pypdf.PdfReader(io.BytesIO(pdf))
	xmp = xmp_of(pdf)
	assert 'pdfaid:part="3"' in xmp and 'pdfaid:conformance="B"' in xmp
	assert document.trailer["/Root"]["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
	assert document.trailer["/Root"]["/Lang"] == "id"
	assert document.metadata.title == f"{title} Tahun 2026 – Dinas Kesehatan"
	assert document.metadata.author == "Kota Malang"
	assert document.metadata.creation_date.date() == day
	assert all((page.mediabox.width > page.mediabox.height) == landscape for page in document.pages)


def test_every_page_names_its_document_and_its_number(pdf_text):
	text = pdf_text(agreement_pdf(AGREEMENT))
	for number in (1, 2):
		assert f"Halaman {number} dari 2" in text
	assert text.count("Perjanjian Kinerja Tahun 2026 – Dinas Kesehatan · PK-2026-00012") == 2
	footer = opened(agreement_docx(AGREEMENT)).sections[0].footer.paragraphs[0]
	assert footer.text.startswith("Perjanjian Kinerja Tahun 2026 – Dinas Kesehatan · PK-2026-00012\tHalaman ")


# --- hostile and odd text ---

HOSTILE = '<script>alert(1)</script><img src="file:///etc/passwd">&amp; "x" } {{ 1 }}'


def with_text_everywhere(record, text: str):
	"""A record whose every text is the given one."""
	changed = {}
	for field in fields(record):
		value = getattr(record, field.name)
		if isinstance(value, str):
			changed[field.name] = text
		elif isinstance(value, list):
			changed[field.name] = [with_text_everywhere(row, text) for row in value]
		elif isinstance(value, Party):
			changed[field.name] = with_text_everywhere(value, text)
		elif isinstance(value, tuple) and isinstance(value[0], str):
			changed[field.name] = (text,) * len(value)
	return replace(record, **changed)


def test_markup_in_a_name_is_text_and_loads_nothing(pdf_text):
	agreement = with_text_everywhere(replace(SIGNED, revision=1), HOSTILE)
	plan = with_text_everywhere(PLAN, HOSTILE)
	compact = "".join(HOSTILE.split())
	for text in (
		pdf_text(agreement_pdf(agreement)),
		pdf_text(action_plan_pdf(plan)),
		words_of(agreement_docx(agreement)),
		words_of(action_plan_docx(plan)),
	):
		assert "".join(text.split()).count(compact) >= 8


def test_line_breaks_and_control_characters_neither_stop_a_document_nor_show(pdf_text):
	odd = "Program\x00 \x07satu\r\nbaris\tlain\x0b\ufffe"
	agreement = with_text_everywhere(AGREEMENT, odd)
	assert "Program satu baris lain" in pdf_text(agreement_pdf(agreement))
	(_, programs) = tables_of(agreement_docx(agreement))
	assert programs.cell(1, 1).text == "Program satu baris lain"


# --- LibreOffice ---


def test_libreoffice_opens_a_docx_and_prints_the_same_tables(printed_by_libreoffice, pdf_text):
	printed = printed_by_libreoffice({"agreement": agreement_docx(AGREEMENT), "plan": action_plan_docx(PLAN)})
	for name, tables in (
		("agreement", (TARGET_CELLS, PROGRAM_CELLS)),
		("plan", (QUARTER_CELLS, ACTION_CELLS)),
	):
		words = set(pdf_text(printed[name]).split())
		for table in tables:
			missing = {word for row in table for cell in row for word in cell.split()} - words
			assert not missing
	assert len(pypdf.PdfReader(printed["agreement"]).pages) == 2
