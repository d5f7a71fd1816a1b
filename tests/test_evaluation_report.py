"""Laporan Hasil Evaluasi: letter and longer report, the same words and figures as PDF and as DOCX."""

import io
import re
from dataclasses import fields, replace
from datetime import date
from xml.etree import ElementTree

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from seroja.core import evaluation_report
from seroja.core.charts import draw_radar, radar_svg
from seroja.core.evaluation_reading import (
	DONE,
	IMPOSSIBLE,
	IN_PROGRESS,
	NOT_STARTED,
	Evaluation,
	Finding,
	FollowUp,
	Note,
)
from seroja.core.evaluation_report import letter_docx, letter_pdf, report_docx, report_pdf
from seroja.core.evaluation_sections import follow_up_progress
from seroja.core.instruments import shipped_instrument
from seroja.core.scoring import score
from seroja.core.signing import Party

AKIP, SPBE, PEMDI, RB = (
	shipped_instrument(name) for name in ("akip-2021", "spbe-2020", "pemdi-2026", "rb-2023")
)
CODES = [node.code for node in AKIP.items]


def akip(grades: str):
	"""The scores of the twelve sub components, in their order."""
	return score(AKIP, dict(zip(CODES, grades.split(), strict=False)))


def title_of(code: str, instrument=AKIP) -> str:
	return instrument.answerable[code].title


INSPECTOR = Party(
	"Drs. Subagyo, M.Si.", "Inspektur Daerah", "Definitif", "Pembina Utama Muda", "19700101 199503 1 001"
)
LHE = Evaluation(
	"Kota Malang",
	"Inspektorat Daerah",
	"Dinas Kesehatan",
	"Kepala Dinas Kesehatan",
	"Malang",
	2026,
	AKIP,
	akip("A BB B A BB B A BB BB A BB BB"),
	INSPECTOR,
	self_scores=akip("A A BB A BB BB A A BB A A BB"),
	last_year=akip("BB BB B BB B CC BB BB B A BB B"),
	notes=[
		Note("1.b", title_of("1.b"), "Sebagian indikator belum SMART."),
		Note("1.a.1", title_of("1.a.1"), "Pedoman tersedia sejak 2023."),
		Note("9.z", "Di luar lembar kerja", "Perlu perhatian pimpinan."),
	],
	findings=[
		Finding(
			"2.c",
			title_of("2.c"),
			"Penghargaan belum berdasarkan kinerja.",
			"Pengukuran menjadi dasar reward dan punishment.",
			"Motivasi pegawai tidak terjaga.",
			"Menyusun mekanisme penghargaan",
			None,
			"REK-2026-0003",
		),
		Finding(
			"1.b",
			title_of("1.b"),
			"Tiga indikator tidak terukur.",
			"Indikator memenuhi kriteria SMART.",
			"Capaian tidak dapat disimpulkan.",
			"agar memperbaiki tiga indikator.",
			date(2027, 6, 30),
			"REK-2026-0001",
		),
		Finding("1.c", "", "", "", "", "SAKIP dipantau setiap triwulan"),
	],
	follow_ups=[
		FollowUp("Agar menyelaraskan pohon kinerja", 2025, DONE, "Ditetapkan Maret 2026"),
		FollowUp("Agar mengukur outcome", 2025, IN_PROGRESS, ""),
		FollowUp("Agar membuka data", 2025, IMPOSSIBLE, "Kewenangan pusat"),
	],
	number="700/123/35.73.501/2027",
	dated=date(2027, 2, 12),
	reference="LHE-2026-0007",
	classification="Penting",
)
LEVELS = {node.code: str(1 + int(node.code) % 5) for node in SPBE.items}
DIGITAL = replace(
	LHE,
	instrument=SPBE,
	scores=score(SPBE, LEVELS),
	self_scores=None,
	last_year=None,
	last_year_index=2.92,
	last_year_predicate="Baik",
	series_breaks=True,
	year=2025,
	notes=[Note("11", title_of("11", SPBE), "Arsitektur belum lengkap.")],
	findings=[],
	follow_ups=[],
)
REFORM = replace(
	DIGITAL,
	instrument=RB,
	scores=score(RB, {"RB": "87.34"}),
	notes=[],
	series_breaks=False,
	last_year_index=84.85,
	last_year_predicate="A",
)


def opened(data: bytes):
	return docx.Document(io.BytesIO(data))


def words_of(data: bytes) -> str:
	"""All the text of a DOCX file, in its order."""
	paragraphs = opened(data).element.body.iter(qn("w:p"))
	parts = (
		"".join(
			" " if node.tag == qn("w:tab") else node.text or "" for node in part.iter(qn("w:t"), qn("w:tab"))
		)
		for part in paragraphs
	)
	return " ".join(" ".join(parts).split())


def rows_of(data: bytes) -> list[list[str]]:
	return [[cell.text for cell in row.cells] for table in opened(data).tables for row in table.rows]


@pytest.fixture(params=["pdf", "docx"])
def letter_text(request, pdf_text):
	if request.param == "pdf":
		return lambda evaluation: pdf_text(letter_pdf(evaluation))
	return lambda evaluation: words_of(letter_docx(evaluation))


@pytest.fixture(params=["pdf", "docx"])
def report_text(request, pdf_text):
	if request.param == "pdf":
		return lambda evaluation: pdf_text(report_pdf(evaluation))
	return lambda evaluation: words_of(report_docx(evaluation))


def assert_in_order(text: str, parts) -> None:
	place = 0
	for part in parts:
		assert part in text[place:], part
		place = text.index(part, place) + len(part)


# --- letter ---


def test_a_letter_holds_all_parts_of_the_official_form_in_their_order(letter_text):
	assert_in_order(
		letter_text(LHE),
		(
			"PEMERINTAH KOTA MALANG",
			"INSPEKTORAT DAERAH",
			"Malang, 12 Februari 2027",
			"Nomor : 700/123/35.73.501/2027",
			"Sifat : Penting",
			"Hal : Hasil Evaluasi Akuntabilitas Kinerja Instansi Pemerintah (AKIP) Tahun 2026",
			"Yth. Kepala Dinas Kesehatan di Tempat",
			"1. Pendahuluan",
			"Peraturan Pemerintah Nomor 8 Tahun 2006",
			"Peraturan Presiden Nomor 29 Tahun 2014",
			"Nomor 88 Tahun 2021",
			"Tujuan.",
			"(a) memperoleh informasi mengenai implementasi SAKIP;",
			"(e) memonitor tindak lanjut rekomendasi hasil evaluasi periode sebelumnya.",
			"Ruang lingkup.",
			"Metodologi.",
			"2. Hasil Evaluasi",
			"nilai 79,00 dari paling tinggi 100,00 dengan predikat BB (Sangat Baik).",
			"Terdapat gambaran bahwa AKIP sangat baik pada 2/3 unit kerja",
			"Komponen yang dinilai Bobot Nilai tahun 2025 Nilai tahun 2026",
			"a. Perencanaan Kinerja 30,00 22,50 23,10",
			"d. Evaluasi Akuntabilitas Kinerja Internal 25,00 19,25 20,50",
			"Nilai Hasil Evaluasi 100,00 73,10 79,00",
			"Predikat AKIP BB BB",
			"1) Perencanaan Kinerja.",
			"4) Evaluasi Akuntabilitas Kinerja Internal.",
			"Sesuai 1, Belum Sesuai 1, Belum Ditindaklanjuti 0 dan Tidak Dapat Ditindaklanjuti 1. "
			"Kemajuan penyelesaian 50,00%",
			"3. Rekomendasi",
			"Penutup",
			"Inspektur Daerah",
			"Drs. Subagyo, M.Si.",
			"NIP 19700101 199503 1 001",
			"Tembusan: 1. Wali Kota Malang 2. Sekretaris Daerah Kota Malang",
		),
	)


def test_a_component_is_explained_by_its_scores_and_then_by_the_notes(letter_text):
	assert_in_order(
		letter_text(LHE),
		(
			"Komponen Perencanaan Kinerja (bobot 30,00) memperoleh nilai 23,10 dari paling tinggi 30,00, atau "
			"77,00%.",
			"Yang terkuat adalah sub komponen 1.a “Dokumen Perencanaan kinerja telah tersedia” (90,00%), yang "
			"terlemah sub komponen 1.c",
			"Penilaian mandiri unit 25,50, 2,40 lebih tinggi.",
			"Dibandingkan tahun 2025 (22,50), nilai ini naik 0,60.",
			"Catatan Sub Komponen 1.b: Sebagian indikator belum SMART.",
			"Catatan Kriteria 1.a.1: Pedoman tersedia sejak 2023.",
			"2) Pengukuran Kinerja.",
			"Catatan 9.z Di luar lembar kerja: Perlu perhatian pimpinan.",
		),
	)


def test_recommendations_are_merged_per_component_and_begin_with_agar(letter_text):
	assert (
		"direkomendasikan: a. Perencanaan Kinerja 1) Agar memperbaiki tiga indikator (paling lambat 30 Juni "
		"2027). 2) Agar SAKIP dipantau setiap triwulan. b. Pengukuran Kinerja 1) Agar menyusun mekanisme "
		"penghargaan. Penutup"
	) in letter_text(LHE)


def test_the_same_recommendation_of_two_findings_is_given_once(letter_text):
	twice = replace(
		LHE, findings=[LHE.findings[1], replace(LHE.findings[1], component_code="1.c", component="")]
	)
	assert letter_text(twice).count("Agar memperbaiki tiga indikator") == 1


def test_a_letter_without_findings_and_follow_up_says_so(letter_text):
	text = letter_text(replace(LHE, findings=[], follow_ups=[], notes=[]))
	assert "Tidak ada rekomendasi tahun sebelumnya yang tercatat." in text
	assert_in_order(text, ("3. Rekomendasi", "Tidak ada rekomendasi.", "Penutup"))
	assert "agar ditindaklanjuti" not in text and "Catatan" not in text


def test_an_incomplete_evaluation_has_a_range_and_no_predicate(letter_text):
	text = letter_text(replace(LHE, scores=akip("A BB B A BB B A BB BB A BB"), given_predicate="A"))
	assert "Penilaian belum lengkap: 1 butir belum dinilai." in text
	assert "berada antara 69,00 (B) dan 81,50 (A), sehingga predikat belum ditetapkan." in text
	assert "Evaluasi Akuntabilitas Kinerja Internal 25,00 19,25 –" in text
	assert "Nilai Hasil Evaluasi 100,00 73,10 belum lengkap Predikat AKIP BB –" in text
	assert "nilai masih dapat berada antara 10,50 dan 23,00." in text
	assert "Sangat Baik" not in text and "Memuaskan" not in text


def test_a_predicate_given_by_hand_names_the_computed_one_and_the_reason(letter_text):
	text = letter_text(replace(REFORM, given_predicate="A-", given_reason="Capaian tematik belum merata."))
	assert "indeks 87,34 dari paling tinggi 120,00 dengan predikat A- (Memuaskan dengan Catatan)." in text
	assert (
		"pengganti predikat A (Memuaskan) yang mengikuti dari indeks tersebut. Alasan: Capaian tematik belum "
		"merata."
	) in text
	assert "Predikat A A-" in text
	same = letter_text(replace(REFORM, given_predicate="A", given_reason="x"))
	assert "pengganti" not in same and "predikat A (Memuaskan)." in same


def test_an_index_has_the_decimals_that_its_predicate_needs(letter_text):
	assert "indeks 80,004 dari" in letter_text(replace(REFORM, scores=score(RB, {"RB": "80.004"})))


def test_levels_are_shown_as_index_per_domain_and_aspect_and_a_broken_series_is_marked(letter_text):
	text = letter_text(DIGITAL)
	assert_in_order(
		text,
		(
			"Hal : Hasil Penilaian Indeks SPBE Tahun 2025",
			"PermenPAN-RB 59/2020.",
			"Seri terputus: indeks tahun 2024 (2,92; Baik) diukur dengan instrumen lain, sehingga tidak "
			"dibandingkan.",
			"Domain dan Aspek yang dinilai Bobot Indeks tahun 2024 Indeks tahun 2025",
			"Domain 1 Kebijakan Internal SPBE 13,00 – 3,00",
			"Aspek 2 Perencanaan Strategis SPBE 10,00 – 3,50",
			"Indeks SPBE 100,00 2,92 (seri terputus)",
			"Domain Kebijakan Internal SPBE (bobot 13,00) memperoleh indeks 3,00 dari paling tinggi 5,00",
			"Catatan Indikator 11: Arsitektur belum lengkap.",
		),
	)
	assert "Dibandingkan" not in text and "Peraturan Pemerintah Nomor 8" not in text


def test_last_year_is_not_compared_where_another_most_was_possible(letter_text):
	heavier = [
		replace(node, weight=node.weight * 2 if node.weight and node.code.startswith("1") else node.weight)
		for node in AKIP.nodes
	]
	other = score(replace(AKIP, nodes=tuple(heavier)), dict(zip(CODES, ["A"] * 12, strict=True)))
	text = letter_text(replace(LHE, last_year=other, last_year_index=90.0))
	assert "Dibandingkan tahun 2025 (90,00), nilai ini turun 11,00." in text
	assert text.count("Dibandingkan") == 1


@pytest.mark.parametrize(
	("head", "government", "copies"),
	[
		(
			"Wali Kota Malang",
			"Pemerintah Kota Malang",
			"1. Wali Kota Malang 2. Sekretaris Daerah Kota Malang",
		),
		("Bupati", "Kabupaten Malang", "1. Bupati Malang 2. Sekretaris Daerah Kabupaten Malang"),
		(
			"Gubernur",
			"Provinsi Jawa Timur",
			"1. Gubernur Jawa Timur 2. Sekretaris Daerah Provinsi Jawa Timur",
		),
	],
)
def test_copies_go_to_the_head_of_the_region_and_its_secretary(letter_text, head, government, copies):
	text = letter_text(replace(LHE, head_title=head, government=government))
	assert f"Tembusan: {copies}" in text
	assert "PEMERINTAH PEMERINTAH" not in text


@pytest.mark.parametrize(
	("statuses", "progress"),
	[
		([DONE, IN_PROGRESS, NOT_STARTED, IMPOSSIBLE], 100 / 3),
		([DONE, DONE], 100),
		([IMPOSSIBLE], None),
		([], None),
	],
)
def test_progress_leaves_out_what_cannot_be_followed(statuses, progress):
	assert follow_up_progress(statuses) == (None if progress is None else pytest.approx(progress))


# --- longer report ---


def test_a_report_holds_all_chapters_in_their_order(report_text):
	assert_in_order(
		report_text(LHE),
		(
			"LAPORAN HASIL EVALUASI AKUNTABILITAS KINERJA INSTANSI PEMERINTAH (AKIP) TAHUN 2026",
			"RINGKASAN EKSEKUTIF",
			"Evaluasi ini memuat 3 temuan dan 3 rekomendasi.",
			"I. GAMBARAN UMUM",
			"II. TINDAK LANJUT EVALUASI TAHUN SEBELUMNYA",
			"2 Agar mengukur outcome 2025 Belum Sesuai –",
			"III. HASIL EVALUASI",
			"A. Nilai dan Predikat",
			"Kode Komponen penilaian Bobot Penilaian mandiri Evaluator Tahun 2025",
			"1 Perencanaan Kinerja 30,00 25,50 23,10 22,50",
			"1.a Dokumen Perencanaan kinerja telah tersedia 6,00 5,40 5,40 4,80",
			"Nilai 100,00 84,10 79,00 73,10 Predikat AKIP A BB BB",
			"Gambar 1. Capaian per komponen dalam persen dari nilai tertinggi",
			"B. Penjelasan per Komponen",
			"C. Temuan",
			"IV. REKOMENDASI",
			"REK-2026-0001",
			"V. PENUTUP",
			"Malang, 12 Februari 2027 Inspektur Daerah",
			"LAMPIRAN LEMBAR KERJA EVALUASI",
			"Kode Uraian Bobot PM APIP Catatan",
			"1.b Dokumen",
			"9,00 A BB Sebagian indikator belum SMART.",
		),
	)


def test_a_finding_has_its_five_elements_and_no_cause(report_text):
	text = report_text(LHE)
	assert_in_order(
		text,
		(
			"(REK-2026-0001)",
			"a. Kondisi: Tiga indikator tidak terukur.",
			"b. Kriteria: Indikator memenuhi kriteria SMART.",
			"c. Nilai PM dan APIP: penilaian mandiri (PM) A (8,10); APIP BB (7,20)",
			"d. Akibat: Capaian tidak dapat disimpulkan.",
			"e. Rekomendasi: Agar memperbaiki tiga indikator (paling lambat 30 Juni 2027).",
		),
	)
	assert "Sebab:" not in text


def test_the_annex_holds_every_line_of_the_worksheet():
	rows = [row for row in rows_of(report_docx(LHE)) if len(row) == 6]
	annex = rows[[row[:2] for row in rows].index(["Kode", "Uraian"]) + 1 :]
	assert [row[:2] for row in annex] == [[node.code, node.title] for node in AKIP.nodes]
	assert annex[0][2:5] == ["30,00", "25,50", "23,10"]


@pytest.mark.parametrize("evaluation", [LHE, DIGITAL, REFORM], ids=["akip", "spbe", "rb"])
@pytest.mark.parametrize("form", ["letter", "report"])
def test_pdf_and_docx_hold_the_same_words(evaluation, form, pdf_text):
	pdf = pdf_text(getattr(evaluation_report, f"{form}_pdf")(evaluation))
	word = words_of(getattr(evaluation_report, f"{form}_docx")(evaluation))
	# Headings of tables are repeated in the PDF, and long words are broken: words are compared as sets.
	extra = {"Halaman", "dari", "RANCANGAN", "·", "LHE-2026-0007"}
	printed = set(re.findall(r"[\w.,%()“”-]+", pdf)) - extra
	written = set(re.findall(r"[\w.,%()“”-]+", word)) - extra
	assert not written - printed
	footer = set(re.findall(r"[\w.,%()“”-]+", opened(letter_docx(evaluation)).core_properties.title))
	assert {text for text in printed - written - footer if not text.isdigit()} == set()


def test_criteria_that_were_answered_are_shown_with_their_items(report_text):
	answers = dict(zip(CODES, ["BB"] * 12, strict=True))
	del answers["1.a"]
	answers |= {code: "A" for code in AKIP.criteria["1.a"]}
	text = report_text(replace(LHE, scores=score(AKIP, answers), notes=[]))
	assert "1.a Dokumen Perencanaan kinerja telah tersedia 6,00 A 5,40" in text


# --- pages and properties ---


@pytest.mark.parametrize("make", [letter_pdf, report_pdf])
def test_a_pdf_is_pdf_a_3b_with_numbered_pages(make, pdf_text):
	pdf = make(LHE)
	document = pypdf.PdfReader(io.BytesIO(pdf))
	xmp = document.trailer["/Root"]["/Metadata"].get_data().decode()
	assert 'pdfaid:part="3"' in xmp and 'pdfaid:conformance="B"' in xmp
	assert document.metadata.title == (
		"Hasil Evaluasi Akuntabilitas Kinerja Instansi Pemerintah (AKIP) Tahun 2026 – Dinas Kesehatan"
	)
	assert document.metadata.author == "Kota Malang"
	text, count = pdf_text(pdf), len(document.pages)
	assert all(f"Halaman {number} dari {count}" in text for number in range(1, count + 1))
	assert text.count("RANCANGAN") == count
	assert "RANCANGAN" not in pdf_text(make(replace(LHE, is_final=True)))


def test_a_docx_has_headings_a_picture_with_a_text_and_a_mark():
	report = opened(report_docx(LHE))
	styles = {paragraph.text: paragraph.style.name for paragraph in report.paragraphs}
	assert styles["III. HASIL EVALUASI"] == "Heading 1" and styles["C. Temuan"] == "Heading 2"
	(picture,) = report.element.body.iter(qn("wp:docPr"))
	assert "Perencanaan Kinerja 77,00%" in picture.get("descr")
	assert report.sections[0].header.paragraphs[0].text == "RANCANGAN"
	assert opened(letter_docx(replace(LHE, is_final=True))).sections[0].header.paragraphs[0].text == ""


def test_a_letter_without_day_and_number_leaves_room(letter_text):
	text = letter_text(replace(LHE, dated=None, number="", classification=""))
	assert "Malang, ...................." in text and "Nomor : ......" in text and "Sifat" not in text


# --- hostile and odd text ---

HOSTILE = '<script>alert(1)</script><img src="file:///etc/passwd">&amp; {{ 1 }}\x00\x07\r\n\x0b\ufffe'
LONG = "kinerja perangkat daerah " * 200


def with_text_everywhere(record, text: str):
	"""A record whose every own text is the given one; the instrument and its scores stay."""
	changed = {}
	for field in fields(record):
		value = getattr(record, field.name)
		if isinstance(value, str):
			changed[field.name] = text
		elif isinstance(value, list):
			changed[field.name] = [with_text_everywhere(row, text) for row in value]
		elif isinstance(value, Party):
			changed[field.name] = with_text_everywhere(value, text)
	return replace(record, **changed)


def test_markup_is_text_and_loads_nothing(letter_text, report_text):
	evaluation = with_text_everywhere(LHE, HOSTILE)
	compact = '<script>alert(1)</script><imgsrc="file:///etc/passwd">&amp;{{1}}'
	for text in (letter_text(evaluation), report_text(evaluation)):
		assert "".join(text.split()).count(compact) >= 8


def test_a_hostile_instrument_is_drawn_too(letter_text, report_text):
	nodes = tuple(replace(node, title=HOSTILE, level=HOSTILE) for node in AKIP.nodes)
	instrument = replace(AKIP, title=HOSTILE, regulation=HOSTILE, nodes=nodes, series="")
	scores = score(instrument, dict(zip(CODES, ["A"] * 12, strict=True)))
	evaluation = replace(LHE, instrument=instrument, scores=scores, self_scores=None, last_year=None)
	for text in (letter_text(evaluation), report_text(evaluation)):
		assert "<script>" in text


def test_empty_texts_stop_nothing(letter_text, report_text):
	evaluation = with_text_everywhere(LHE, "")
	assert "79,00" in letter_text(evaluation) and "79,00" in report_text(evaluation)


def test_long_texts_go_on_overleaf_and_lose_nothing(report_text):
	text = report_text(
		replace(
			LHE,
			notes=[replace(LHE.notes[0], text=f"{LONG}akhir-catatan")],
			findings=[replace(LHE.findings[0], condition=f"{LONG}akhir-kondisi")],
			follow_ups=[replace(LHE.follow_ups[0], follow_up=f"{LONG}akhir-tindak")],
		)
	)
	assert text.count("akhir-catatan") == 2  # in the explanation and in the annex
	assert "akhir-kondisi" in text and "akhir-tindak" in text


def test_only_rows_of_long_text_may_break():
	long = replace(LHE, follow_ups=[*LHE.follow_ups, replace(LHE.follow_ups[0], follow_up=LONG)])
	table = next(
		table for table in opened(report_docx(long)).tables if table.cell(0, 1).text == "Rekomendasi"
	)
	assert [row._tr.trPr.find(qn("w:cantSplit")) is None for row in table.rows] == [False] * 4 + [True]


# --- radar ---

AXES = ["Perencanaan Kinerja", "Pengukuran Kinerja", "Pelaporan", "Evaluasi Akuntabilitas " * 9]
YEARS = {"Tahun 2026": [77.0, None, 82.0, 120.0], "Tahun 2025": [70.0, 60.0, float("nan"), -3.0]}


@pytest.mark.parametrize("count", range(5))
@pytest.mark.parametrize("names", [[], ["Tahun 2026"], ["Tahun 2026", "Tahun 2025"]])
def test_a_radar_is_drawn_whatever_it_is_given(count, names):
	series = {name: YEARS[name][:count] for name in names}
	assert draw_radar(AXES[:count], series, 100).startswith(b"\x89PNG")
	ElementTree.fromstring(radar_svg(AXES[:count], series, 100))


def test_a_missing_value_leaves_a_gap_in_the_line():
	namespace = {"svg": "http://www.w3.org/2000/svg"}

	def drawn(values):
		root = ElementTree.fromstring(radar_svg(AXES, {"a": values}, 100))
		(line,) = root.findall("svg:path[@stroke-width='2'][@fill='none']", namespace)
		return line.get("d").count("M"), len(root.findall("svg:circle", namespace)) - 1  # one in the legend

	assert drawn([77.0, 60.0, 82.0, 50.0]) == (4, 4)
	assert drawn([77.0, None, 82.0, 50.0]) == (2, 3)


def test_a_radar_as_svg_escapes_its_texts_and_refers_to_nothing():
	svg = radar_svg([HOSTILE, "b", "c"], {HOSTILE: [1, 2, 3]}, 5, HOSTILE)
	root = ElementTree.fromstring(svg)
	assert {element.tag.split("}")[1] for element in root.iter()} == {"svg", "path", "text", "circle"}
	assert not any("href" in name or "url(" in value for e in root.iter() for name, value in e.items())


def test_two_axes_become_bars_with_their_values():
	svg = radar_svg(AXES[:2], {"Tahun 2026": [77.0, None]}, 100)
	assert svg.count("<rect") == 2 and ">77,00<" in svg and ">–<" in svg


# --- LibreOffice ---


def test_libreoffice_prints_the_same_words(printed_by_libreoffice, pdf_text):
	files = {"letter": letter_docx(LHE), "report": report_docx(LHE)}
	for name, path in printed_by_libreoffice(files).items():
		printed = "".join(pdf_text(path).split())
		assert not {word for word in words_of(files[name]).split() if word not in printed}
