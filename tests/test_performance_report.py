"""Laporan Kinerja Instansi Pemerintah: figures, drafted texts, and the report as PDF and as DOCX."""

import io
import re
from dataclasses import replace
from datetime import date, datetime

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from seroja.core.numbers import format_number
from seroja.core.parts import Letterhead
from seroja.core.performance_report import (
	Benchmark,
	IndicatorRow,
	ObjectiveRow,
	ProgramRow,
	ReportData,
	UnitRow,
	YearFigure,
	budget_of,
	change_of,
	figures_table,
	read_report,
	report_json,
)
from seroja.core.performance_report_document import (
	Review,
	report_document,
	report_docx,
	report_pdf,
	text_parts,
)
from seroja.core.performance_report_sections import drafts
from seroja.core.rendering import Attachment, format_percent
from seroja.core.scales import DEFAULT_SCALE, shipped_scales
from seroja.core.signing import Party
from seroja.core.stories import Advice, Outlook

SCALE = shipped_scales()[DEFAULT_SCALE]
HEALTH, SERVICE = "Meningkatnya derajat kesehatan", "Meningkatnya mutu pelayanan"


def indicator(name: str, achievement: float | None, objective: str = HEALTH, **fields) -> IndicatorRow:
	score = None if achievement is None else min(max(achievement, 0), 120)
	plain = IndicatorRow(
		f"K.{name}",
		name,
		"%",
		objective,
		True,
		"maximize",
		"80",
		"" if achievement is None else format_number(achievement * 0.8),
		None if achievement is None else achievement * 0.8,
		achievement,
		score,
		SCALE.category(score) or "",
		"Belum ada data" if achievement is None else "Terhitung",
		f"Perhitungan {name}.",
	)
	return replace(plain, **fields)


def past(year: int, achievement: float) -> YearFigure:
	return YearFigure(year, "80", format_number(achievement * 0.8), achievement * 0.8, achievement)


STUNTING = indicator(
	"Prevalensi stunting",
	112.5,
	polarity="minimize",
	history=(past(2024, 90.0), past(2025, 101.25)),
	plan_year=2029,
	plan_target="64",
	plan_achievement=71.3,
	benchmarks=(
		Benchmark("Nasional", 2025, "95,5", 95.5, "BPS"),
		Benchmark("Provinsi Jawa Timur", 2025, "85,5", 85.5, "Dinkes"),
	),
)
SURVEY = indicator(
	"Indeks kepuasan",
	84.6,
	SERVICE,
	history=(past(2025, 95.1),),
	obstacles=("Triwulan II: antrean panjang.",),
	next_steps=("Triwulan III: menambah loket.",),
)
LABEL = indicator("Predikat SAKIP", None, "", target="A", unit="", polarity="qualitative", explanation="")
DATA = ReportData(
	government="Pemerintah Kota Malang",
	unit="Dinas Kesehatan",
	is_government=False,
	head_title="Kepala Dinas Kesehatan",
	signer=Party(
		"dr. Contoh", "Kepala Dinas Kesehatan", "Plt", signed_on=datetime(2027, 2, 3, 9, 5), seal="ab" * 32
	),
	place="Malang",
	year=2026,
	plan_title="Renstra Dinas Kesehatan",
	plan_years=(2025, 2029),
	vision="Kota sehat",
	missions=("Memperkuat layanan", "Menata kelola"),
	indicators=(STUNTING, SURVEY, LABEL),
	objectives=(
		ObjectiveRow(
			HEALTH, 1, 1, 112.5, 112.5, "Sangat Tinggi", 5e9, 4e9, 80.0, 32.5, 28.9, 100.0, "Efisien"
		),
		ObjectiveRow(SERVICE, 1, 1, 84.6, 84.6, "Tinggi", 2e9, 1e9, 50.0, 34.6, 40.9, 100.0, "Belum efisien"),
	),
	programs=(
		ProgramRow(HEALTH, "Program Gizi", 5_000_000_000.0, 4_100_000_000.0),
		ProgramRow(SERVICE, "Program Layanan", 2_000_000_000.0, 0.0),
		ProgramRow(SERVICE, "Program Promosi", 750_000_000.0, None),
	),
	units=(),
	overall=ObjectiveRow(
		"", 3, 2, 98.55, 98.55, "Sangat Tinggi", 7e9, 5e9, 71.4, 27.15, 27.5, 100.0, "Belum efisien"
	),
	scale_name=SCALE.name,
	scale_labels=SCALE.labels,
	basis=("Skor dibatasi pada 0 sampai 120%",),
	as_known_on=date(2027, 1, 31),
)
UNITS = (
	UnitRow("Dinas Belakang", 5, 0, None, "", None, None),
	UnitRow("Dinas Kedua", 5, 5, 88.0, "Tinggi", 70.5, 2),
	UnitRow("Dinas Pertama", 5, 5, 98.0, "Sangat Tinggi", 90.5, 1),
)
CITY = replace(DATA, unit="Pemerintah Kota Malang", is_government=True, units=UNITS)
EMPTY = replace(
	DATA,
	plan_title="",
	plan_years=None,
	vision="",
	missions=(),
	indicators=(),
	objectives=(),
	programs=(),
	basis=(),
	overall=ObjectiveRow("", 0, 0, None, None, "", None, None, None, None, None, None, "–"),
)
REVIEW = Review(
	"Kami telah mereviu.\n\nTidak ada selisih.",
	"Inspektorat Daerah",
	Party("Drs. B", "Inspektur"),
	date(2027, 2, 20),
)


def with_first(data: ReportData, **fields) -> ReportData:
	return replace(data, indicators=(replace(data.indicators[0], **fields), *data.indicators[1:]))


def document(data: ReportData = DATA, texts=None, review=None, mark="", pictures=False):
	return report_document(data, texts or {}, review, mark, "LKJ-2026-0001", pictures=pictures)


def text_of(data: ReportData, key: str) -> str:
	return next(draft.text for draft in drafts(data) if draft.key == key)


def table(data: ReportData, caption: str):
	parts = document(data).parts
	place = next(
		n for n, part in enumerate(parts) if part.kind == "paragraph" and part.text.endswith(caption)
	)
	return parts[place + 1]


# --- figures ---


@pytest.mark.parametrize("data", [DATA, CITY, EMPTY])
def test_figures_survive_their_json(data):
	assert read_report(report_json(data)) == data
	assert report_json(read_report(report_json(data))) == report_json(data)


def test_a_number_that_is_not_finite_is_refused():
	with pytest.raises(ValueError):
		report_json(with_first(DATA, achievement=float("nan")))


def test_the_data_attachment_has_a_row_per_indicator_and_no_value_where_there_is_none():
	frame = figures_table(DATA).set_index("name")
	assert list(frame.index) == ["Prevalensi stunting", "Indeks kepuasan", "Predikat SAKIP"]
	assert frame.loc["Prevalensi stunting", ["change", "plan_achievement"]].tolist() == [11.25, 71.3]
	assert frame.loc["Predikat SAKIP", ["achievement", "score", "change"]].isna().all()
	assert "achievement" in figures_table(EMPTY)


def test_a_change_is_that_of_the_printed_figures():
	row = indicator("a", 100.004, history=(past(2025, 99.995),))
	assert change_of(row, 2026) == 0  # both print 100,00%
	assert change_of(replace(row, history=(past(2024, 50.0),)), 2026) is None


AMOUNTS = st.none() | st.integers(0, 10**13).map(float)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), max_size=12))
def test_budgets_are_sums_of_what_is_known_and_absorption_counts_only_pairs(pairs):
	money = budget_of([ProgramRow("", "p", *pair) for pair in pairs])
	for total, values in ((money.budget, [b for b, _ in pairs]), (money.realization, [r for _, r in pairs])):
		known = [value for value in values if value is not None]
		assert total == (sum(known) if known else None)
	complete = [(b, r) for b, r in pairs if b and r is not None]
	if not complete:
		assert money.absorption is None
	else:
		assert money.absorption == pytest.approx(
			sum(r for _, r in complete) / sum(b for b, _ in complete) * 100
		)


# --- drafts ---


def changed(before: ReportData, after: ReportData) -> set[str]:
	pairs = zip(drafts(before), drafts(after), strict=True)
	return {one.key for one, two in pairs if one.basis != two.basis}


@pytest.mark.parametrize(
	("after", "keys"),
	[
		(DATA, set()),
		(replace(DATA, as_known_on=date(2027, 3, 1), place="Batu"), set()),
		(with_first(DATA, benchmarks=()), {"benchmark"}),
		(with_first(DATA, plan_achievement=72.0), {"medium_term"}),
		(with_first(DATA, target="81"), {"agreement", "achievement", "indicators"}),
		(with_first(DATA, history=(past(2024, 91.0), past(2025, 101.25))), {"history"}),
		(with_first(DATA, obstacles=("Triwulan I: banjir",)), {"causes", "evaluation", "indicators"}),
		(
			with_first(DATA, outlook=(Outlook(2027, 85.0, 80.0, 90.0, "84", 0.6, "at_risk"),)),
			{"evaluation", "indicators"},
		),
		(replace(DATA, recommendations=(Advice("REK-2026-001", "Lengkapi manual"),)), {"evaluation"}),
		(replace(DATA, basis=("Tanpa batas",)), {"achievement"}),
		(replace(DATA, vision="Kota hijau"), {"plan"}),
		(
			replace(DATA, programs=(replace(DATA.programs[0], realization=4.2e9), *DATA.programs[1:])),
			{"summary", "programs", "budget", "conclusion"},
		),
	],
)
def test_a_basis_changes_exactly_with_the_figures_of_its_section(after, keys):
	assert changed(DATA, after) == keys


def test_keys_are_unique_and_chapters_stand_in_their_order():
	found = drafts(CITY)
	assert len({draft.key for draft in found}) == len(found)
	assert [draft.chapter[:7] for draft in found] == sorted(draft.chapter[:7] for draft in found)
	assert {draft.key for draft in found} - {draft.key for draft in drafts(DATA)} == {"units"}


def numbers_in(text: str) -> set[str]:
	return {found.rstrip(".,") for found in re.findall(r"\d[\d.,]*", text)}


def numbers_of(data: ReportData) -> set[str]:
	"""Every number that the data hold, as it may be printed, and the sums and differences that follow."""
	figures = re.findall(r"-?\d+(?:\.\d+)?", report_json(data))
	allowed = {format_number(float(figure), decimals) for figure in figures for decimals in (None, 2, 0)}
	allowed |= set(figures) | numbers_in(report_json(data))
	for rows in (data.programs, *([row] for row in data.programs)):
		money = budget_of(rows)
		allowed |= {format_number(money.budget, 0), format_number(money.realization, 0)}
		allowed |= {format_percent(money.absorption).rstrip("%")}
	changes = (change_of(row, data.year) for row in data.indicators)
	return allowed | {format_number(abs(change)) for change in changes if change is not None}


COUNTS = {str(count) for count in range(7)}  # no table of the data has more rows
REGULATIONS = {"29", "53", "2014"}


@pytest.mark.parametrize("data", [DATA, CITY])
def test_every_number_of_a_draft_is_in_the_data(data):
	allowed = numbers_of(data) | COUNTS | REGULATIONS | {str(data.year - 1)}
	for draft in drafts(data):
		assert numbers_in(draft.text) <= allowed, draft.key


def test_the_counts_of_the_summary():
	text = text_of(DATA, "summary")
	assert (
		"diukur dengan 3 indikator. Dari 2 indikator yang mempunyai nilai capaian, 1 indikator mencapai"
		in text
	)
	assert "target dan 1 indikator belum mencapai target. Sebanyak 1 indikator belum mempunyai nilai." in text
	assert "tertinggi adalah “Prevalensi stunting” (112,50%)" in text
	assert "terendah adalah “Indeks kepuasan” (84,60%)" in text
	assert "2025, 1 indikator naik, 1 indikator turun, dan 0 indikator tetap." in text


def test_analysis_names_what_moved_what_is_behind_and_why():
	assert "“Prevalensi stunting” (naik 11,25 poin)" in text_of(DATA, "history")
	assert "“Indeks kepuasan” (turun 10,50 poin)" in text_of(DATA, "history")
	assert "“Prevalensi stunting” (realisasi 90,00 dari target 64, atau 71,30%)" in text_of(
		DATA, "medium_term"
	)
	assert (
		"- “Indeks kepuasan” (capaian 84,60%). Kendala: Triwulan II: antrean panjang. Langkah perbaikan: "
		"Triwulan III: menambah loket."
	) in text_of(DATA, "causes")
	assert "- “Indeks kepuasan”: Triwulan III: menambah loket." in text_of(DATA, "improvements")


def test_less_is_better_than_a_benchmark_for_an_indicator_to_be_minimised():
	text = text_of(DATA, "benchmark")
	assert "Lebih baik daripada pembandingnya: “Prevalensi stunting” (90,00; Nasional 2025: 95,5)." in text
	assert (
		"Belum sebaik pembandingnya: “Prevalensi stunting” (90,00; Provinsi Jawa Timur 2025: 85,5)." in text
	)
	assert "tidak dapat dinilai" in text_of(with_first(DATA, polarity="stabilize"), "benchmark")


def test_unspent_money_without_the_target_is_not_called_efficient():
	lines = text_of(DATA, "efficiency").split("\n")
	assert next(line for line in lines if HEALTH in line).endswith("poin, efisien.")
	assert next(line for line in lines if SERVICE in line).endswith("poin, belum efisien.")


def test_units_are_ranked_and_those_without_a_value_are_told():
	text = text_of(CITY, "units")
	assert "tertinggi dicapai Dinas Pertama (98,00%); yang terendah Dinas Kedua (88,00%)." in text
	assert "Sebanyak 1 perangkat daerah belum mempunyai nilai." in text


def test_a_section_without_data_says_so_and_no_figure_is_made_up():
	texts = {draft.key: draft.text for draft in drafts(EMPTY)}
	assert texts["benchmark"] == "Tidak ada pembanding nasional atau daerah lain yang tercatat."
	assert all(texts.values())
	for key in (
		"achievement",
		"history",
		"medium_term",
		"causes",
		"efficiency",
		"programs",
		"budget",
		"plan",
	):
		assert re.search(r"[Bb]elum|Tidak ada", texts[key]), key
		assert numbers_in(texts[key]) <= {"2026"}, key


# --- document ---


def test_no_value_is_printed_as_a_dash_and_zero_as_zero():
	rows = {group[0][1]: group[0] for group in table(DATA, "Target dan realisasi kinerja tahun 2026").groups}
	assert rows["Predikat SAKIP"][2:] == ("A", "–", "–", "–", "Belum ada data")
	money = {group[0][0]: group[0][1:] for group in table(DATA, "sasaran dan program").groups}
	assert money["Program Layanan"] == ("2.000.000.000", "0", "0,00%")
	assert money["Program Promosi"] == ("750.000.000", "–", "–")


def test_budget_totals_are_sums_and_objectives_stand_above_their_programs():
	budget = table(DATA, "sasaran dan program")
	assert budget.total == ("Jumlah", "7.750.000.000", "4.100.000.000", "58,57%")
	assert [budget.groups[place][0][:2] for place in sorted(budget.strong)] == [
		(HEALTH, "5.000.000.000"),
		(SERVICE, "2.750.000.000"),
	]


def test_an_indicator_without_an_objective_carries_its_class():
	parts = [part for part in document().parts if part.kind == "table"]
	measured = next(part for part in parts if part.columns[1].heading == "Sasaran strategis")
	assert measured.groups[-1][0][1] == "IKU"
	assert all(cell for group in measured.groups for row in group for cell in row)


def test_typed_text_replaces_the_draft_with_its_paragraphs_and_lists(pdf_text):
	typed = {"overview": "Satu <b>dua</b>\x07.\r\n\r\nButir:\n- pertama\n  lanjutan\n2. kedua"}
	parts = text_parts(typed["overview"])
	assert [(part.kind, part.text) for part in parts] == [
		("paragraph", "Satu <b>dua</b>."),
		("paragraph", "Butir:"),
		("item", "pertama lanjutan"),
		("item", "kedua"),
	]
	text = pdf_text(report_pdf(document(texts=typed)))
	assert "Satu <b>dua</b>. Butir: – pertama lanjutan 2. kedua" in text
	assert "Uraikan secara singkat tugas" not in text and "Uraikan aspek strategis" in text


@given(st.text(max_size=200))
def test_no_character_of_a_typed_text_that_can_be_read_is_lost(text):
	shown = "".join(f"{getattr(part, 'marker', '')}{part.text}" for part in text_parts(text))
	readable = [sign for sign in text if sign.isalnum()]
	assert [sign for sign in shown if sign.isalnum()] == readable


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=60))
def test_what_people_typed_never_breaks_a_file(name):
	data = with_first(DATA, name=name, obstacles=(name,), objective=name)
	docx.Document(io.BytesIO(report_docx(document(data, {"overview": name}))))
	drafts(data)


def outline(reader: pypdf.PdfReader, items=None, level=0):
	for item in reader.outline if items is None else items:
		if isinstance(item, list):
			yield from outline(reader, item, level + 1)
		else:
			yield level, item.title


def test_the_pdf_is_searchable_archivable_numbered_and_has_bookmarks(pdf_text):
	frame = figures_table(DATA).to_csv(index=False).encode()
	pdf = report_pdf(
		document(CITY, review=REVIEW, pictures=True), attachments=[Attachment("data.csv", frame, "Data")]
	)
	reader = pypdf.PdfReader(io.BytesIO(pdf))
	text = pdf_text(reader)
	xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()
	assert 'pdfaid:part="3"' in xmp and 'pdfaid:conformance="B"' in xmp
	assert f"Halaman 1 dari {len(reader.pages)}" in text
	assert reader.attachments["data.csv"] == [frame]
	titles = [title for _, title in outline(reader)]
	levels = {title: level for level, title in outline(reader)}
	wanted = [
		"LAPORAN KINERJA INSTANSI PEMERINTAH TAHUN 2026",
		"KATA PENGANTAR",
		"PERNYATAAN TELAH DIREVIU",
		"IKHTISAR EKSEKUTIF",
		"BAB I PENDAHULUAN",
		"BAB III AKUNTABILITAS KINERJA",
		"1. Target dan realisasi tahun 2026",
		"C. Capaian perangkat daerah",
		"BAB IV PENUTUP",
		"LAMPIRAN 1 PENGUKURAN KINERJA TAHUN 2026",
	]
	assert [title for title in titles if title in wanted] == wanted
	assert levels["1. Target dan realisasi tahun 2026"] > levels["A. Capaian kinerja organisasi"] > 0
	assert "Plt. Kepala Dinas Kesehatan" in text and "Malang, 3 Februari 2027" in text
	assert "belum direviu" not in text and "Gambar 1. Jumlah indikator menurut kategori" in text


def test_a_report_that_was_not_reviewed_says_so_and_a_letterhead_stands_on_the_cover(pdf_text):
	unsigned = replace(DATA, signer=replace(DATA.signer, signed_on=None))
	head = Letterhead(("PEMERINTAH KOTA MALANG", "DINAS KESEHATAN"), "Jalan Contoh 1")
	made = report_document(unsigned, {}, None, "RANCANGAN", "LKJ-1", head, False)
	first, *_ = (pypdf.PdfReader(io.BytesIO(report_pdf(made)))).pages
	assert "Jalan Contoh 1" in first.extract_text() and "RANCANGAN" in first.extract_text()
	text = pdf_text(report_pdf(made))
	assert "Laporan ini belum direviu" in text and "TELAH DIREVIU" not in text
	assert re.search(r"Malang, \.+ 2027", text)


def long_report() -> ReportData:
	rows = tuple(
		indicator(f"Tanda{number:03}X", 90.0 + number / 10, f"Sasaran {number // 7}") for number in range(90)
	)
	return replace(DATA, indicators=rows)


def test_rows_of_a_long_table_are_whole_and_its_heading_repeats(pdf_text):
	made = document(long_report())
	place = next(n for n, part in enumerate(made.parts) if getattr(part, "text", "").startswith("LAMPIRAN 1"))
	annex = replace(made, parts=made.parts[place : place + 2])
	reader = pypdf.PdfReader(io.BytesIO(report_pdf(annex)))
	text = pdf_text(reader)
	assert len(reader.pages) > 2
	for number in range(90):
		assert text.count(f"Tanda{number:03}X") == 1
	for page in reader.pages:
		words = " ".join(page.extract_text().split())
		assert "Sasaran strategis Indikator kinerja Target Realisasi" in words


def test_the_docx_has_real_headings_tables_and_pictures_with_words_for_them():
	word = docx.Document(io.BytesIO(report_docx(document(CITY, review=REVIEW, pictures=True))))
	headings = {
		part.text: part.style.name for part in word.paragraphs if part.style.name.startswith("Heading")
	}
	assert headings["BAB II PERENCANAAN KINERJA"] == "Heading 1"
	assert headings["6. Efisiensi penggunaan sumber daya"] == "Heading 3"
	cells = {cell.text for grid in word.tables for row in grid.rows for cell in row.cells}
	assert {"Prevalensi stunting (%)", "7.750.000.000", "Dinas Pertama"} <= cells
	described = [node.get("descr") for node in word.element.body.iter(qn("wp:docPr"))]
	assert len(described) == len(word.inline_shapes) and all(described)


def test_trends_are_drawn_for_main_indicators_with_three_years_of_numbers():
	names = [part.name for part in document(pictures=True).parts if part.kind == "picture"]
	assert [name for name in names if name.startswith("history")] == ["history-1"]  # only stunting has three
	assert not [part for part in document().parts if part.kind == "picture"]


def test_libreoffice_opens_the_docx_and_prints_chapters_and_figures(printed_by_libreoffice, pdf_text):
	data = report_docx(document(CITY, review=REVIEW, pictures=True))
	printed = "".join(pdf_text(printed_by_libreoffice({"lkjip": data})["lkjip"]).split())
	word = docx.Document(io.BytesIO(data))
	wanted = [part.text for part in word.paragraphs if part.style.name.startswith("Heading")]
	wanted += [cell.text for grid in word.tables for row in grid.rows for cell in row.cells]
	assert not {word for text in wanted for word in text.split() if word not in printed}
