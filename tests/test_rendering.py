"""Documents: PDF for the record and for the screen, nothing loaded from outside, inert and real cells."""

import csv
import io
import socket
import zipfile
from datetime import date, datetime

import numpy as np
import openpyxl
import pandas as pd
import pypdf
import pytest

from seroja.core import evaluation as evaluation_module
from seroja.core import rendering
from seroja.core.evaluation import Cover, build_pdf, build_xlsx, draw_charts, summary_table
from seroja.core.rendering import (
	FOR_THE_SCREEN,
	PERCENT,
	RUPIAH,
	TEXT,
	RenderingError,
	Sheet,
	format_date,
	format_percent,
	format_value,
	render_pdf,
	write_csv,
	write_xlsx,
)

COVER = Cover("Ringkasan Evaluasi", "Triwulan IV 2025", "Kota Malang", date(2026, 1, 31), "Malang", "A/1")
HOSTILE = '<script>alert(1)</script><img src="file:///etc/passwd">&amp;'
FORMULAS = ["=1+1", "+CMD|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")', "\t=1+1"]


@pytest.fixture(scope="module")
def evaluation(evaluated):
	return evaluated(
		"opd;objective;indicator;unit;polarity;target;realization;budget;budget_realization\n"
		"Dinas Sosial;Menurunnya kemiskinan;Angka kemiskinan;%;minimal;4,65;4,73;6764342774;6448530934\n"
		"Dinas Kesehatan;Meningkatnya kesehatan;Angka Kematian Ibu;per 100.000;minimal;49,34;110,84;;\n"
		"Dinas Kesehatan;Meningkatnya kesehatan;Prevalensi Stunting;%;minimal;9,8;6,07;;\n"
		"Dinas Kesehatan;Meningkatnya kesehatan;ICOR;rasio;minimal;4,84;Belum Rilis;;\n"
		"BKAD;Akuntabilitas;Opini BPK;;kualitatif;WTP;WTP;;\n"
	)


@pytest.fixture(scope="module")
def pictures(evaluation):
	return draw_charts(evaluation)


@pytest.fixture(scope="module")
def record(evaluation, pictures):
	return pypdf.PdfReader(io.BytesIO(build_pdf(evaluation, COVER, ["Catatan uji."], pictures)))


@pytest.fixture(scope="module")
def screen(evaluation, pictures):
	pdf = build_pdf(evaluation, COVER, (), pictures, variant=FOR_THE_SCREEN)
	return pypdf.PdfReader(io.BytesIO(pdf))


def xmp_of(document: pypdf.PdfReader) -> str:
	return document.trailer["/Root"]["/Metadata"].get_data().decode()


def fonts_of(document: pypdf.PdfReader) -> list[dict]:
	fonts = []
	for page in document.pages:
		for font in page["/Resources"].get("/Font", {}).values():
			font = font.get_object()
			fonts += [child.get_object() for child in font.get("/DescendantFonts", [font])]
	return fonts


# --- PDF ---


def test_a_document_for_the_record_says_that_it_is_pdf_a_3b(record):
	xmp = xmp_of(record)
	assert 'pdfaid:part="3"' in xmp and 'pdfaid:conformance="B"' in xmp
	assert "pdfuaid" not in xmp
	assert record.trailer["/Root"]["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"


def test_a_document_for_the_record_carries_every_font_that_it_uses(record):
	fonts = fonts_of(record)
	assert fonts
	for font in fonts:
		assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(font["/FontDescriptor"])


def test_a_document_for_the_record_runs_and_encrypts_nothing(record):
	assert not record.is_encrypted
	root = record.trailer["/Root"]
	assert "/OpenAction" not in root and "/AA" not in root
	assert "/JavaScript" not in root.get("/Names", {})


def test_a_document_for_the_screen_says_that_it_is_pdf_ua_1_and_is_tagged(screen):
	assert 'pdfuaid:part="1"' in xmp_of(screen)
	root = screen.trailer["/Root"]
	assert root["/MarkInfo"]["/Marked"]
	assert "/StructTreeRoot" in root
	assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_every_picture_for_the_screen_has_a_text_in_its_place(screen, pictures):
	figures = []

	def walk(node):
		node = node.get_object()
		if isinstance(node, pypdf.generic.ArrayObject):
			for child in node:
				walk(child)
		elif isinstance(node, pypdf.generic.DictionaryObject):
			if node.get("/S") == "/Figure":
				figures.append(node)
			if "/K" in node:
				walk(node["/K"])

	walk(screen.trailer["/Root"]["/StructTreeRoot"]["/K"])
	assert len(figures) == len(pictures)
	assert all(figure["/Alt"] for figure in figures)


@pytest.mark.parametrize("variant", ["record", "screen"])
def test_a_document_knows_its_title_language_and_day(variant, request):
	document = request.getfixturevalue(variant)
	assert document.metadata.title == "Ringkasan Evaluasi – Triwulan IV 2025"
	assert document.metadata.author == "Kota Malang"
	assert document.trailer["/Root"]["/Lang"] == "id"
	assert document.metadata.creation_date.date() == date(2026, 1, 31)


def test_the_text_of_a_document_can_be_searched_and_copied(record, pdf_text):
	text = pdf_text(record)
	for part in (
		"Kota Malang".upper(),
		"Angka kemiskinan",
		"98,28%",
		"-24,65%",
		"138,06%",
		"95,33%",
		"Belum ada data",
		"Rp 6.764.342.774",
		"Catatan uji.",
		"Dicetak di Malang, 31 Januari 2026",
	):
		assert part in text


def test_a_document_names_the_rows_that_need_a_look(record, pdf_text):
	text = pdf_text(record)
	attention = text[text.index("Perlu perhatian") :]
	assert "Angka Kematian Ibu" in attention.partition("Lampiran")[0]
	assert "Prevalensi Stunting" not in attention.partition("Lampiran")[0]


def test_a_document_states_scale_cap_and_version_of_the_calculation(record, pdf_text):
	text = pdf_text(record)
	assert "Permendagri 86/2017" in text and "> 75 – 90" in text
	assert "batas atas 120%" in text and "Versi perhitungan 1.0" in text


def test_html_in_a_name_is_text_and_loads_nothing(evaluated, pdf_text):
	quoted = '"' + HOSTILE.replace('"', '""') + '"'
	header = "indicator,polarity,target,realization,opd,objective,unit"
	result = evaluated(
		f"{header}\n{quoted},maximize,80,60,{quoted},{quoted},{quoted}\n{quoted},naik,1,1,B,x,\n"
	)
	cover = Cover(HOSTILE, HOSTILE, HOSTILE, date(2026, 1, 31), HOSTILE, HOSTILE)
	text = pdf_text(build_pdf(result, cover, [HOSTILE]))
	assert "<script>alert(1)</script>" in text and "&amp;" in text


@pytest.mark.parametrize(
	"html",
	[
		'<img src="file:///etc/hostname">',
		'<img src="chart:unknown">',
		'<img src="chart:../../evaluation.html">',
		'<img src="http://127.0.0.1:{port}/x.png">',
		'<link rel="stylesheet" href="file:///etc/hostname">',
		'<link rel="attachment" href="file:///etc/hostname">',
		'<style>@import url("http://127.0.0.1:{port}/x.css");</style>',
		'<style>body {{ background: url("file:///etc/hostname") }}</style>',
		'<object data="file:///etc/hostname"></object>',
		'<img src="data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciLz4=">',
	],
)
def test_a_document_that_asks_for_anything_outside_is_refused_and_nothing_is_fetched(monkeypatch, html):
	with socket.create_server(("127.0.0.1", 0)) as server:
		server.setblocking(False)
		page = f"<!doctype html><title>x</title><body>{html.format(port=server.getsockname()[1])}"
		monkeypatch.setattr(rendering, "render_html", lambda template, context: page)
		with pytest.raises(RenderingError):
			render_pdf("evaluation.html", {}, {"known": b""})
		with pytest.raises(BlockingIOError):
			server.accept()


def test_a_picture_that_the_document_was_given_is_loaded(monkeypatch, pictures):
	page = '<!doctype html><html lang="id"><title>x</title><img src="chart:distribution" alt="x">'
	monkeypatch.setattr(rendering, "render_html", lambda template, context: page)
	document = pypdf.PdfReader(io.BytesIO(render_pdf("evaluation.html", {}, pictures)))
	assert len(document.pages[0].images) == 1


def test_a_document_of_an_evaluation_without_any_value_can_be_printed(evaluated, pdf_text):
	result = evaluated("indicator,polarity,target,realization\na,maximize,80,-\n")
	assert "0 dari 1" in pdf_text(build_pdf(result, COVER))


def test_the_annex_names_the_period_of_a_row_where_there_are_several(evaluated, pdf_text):
	header = "indicator,polarity,target,realization,year,period\n"
	one = pdf_text(build_pdf(evaluated(header + "a,maximize,80,60,2025,TW1\n"), COVER))
	two = pdf_text(
		build_pdf(evaluated(header + "a,maximize,80,60,2025,TW1\na,maximize,80,70,2025,TW2\n"), COVER)
	)
	assert "Triwulan II 2025" in two and "Triwulan I 2025" not in one


def test_rows_that_a_document_leaves_out_are_counted(evaluated, monkeypatch, pdf_text):
	monkeypatch.setattr(evaluation_module, "MOST_ROWS_IN_PDF", 2)
	rows = "".join(f"indikator {number},maximize,80,60\n" for number in range(5))
	text = pdf_text(build_pdf(evaluated(f"indicator,polarity,target,realization\n{rows}"), COVER))
	assert "3 baris lain tidak dicetak di sini" in text


def test_an_objective_that_nobody_named_is_not_called_the_weakest(evaluated, pdf_text):
	result = evaluated("indicator,polarity,target,realization\na,maximize,80,60\nb,maximize,80,80\n")
	text = pdf_text(build_pdf(result, COVER))
	assert "Sasaran terlemah" not in text


# --- words and figures in documents ---


def test_dates_percentages_and_values_are_written_as_in_indonesia():
	assert format_date(date(2026, 11, 21)) == "21 November 2026"
	assert (format_percent(1234.565), format_percent(None), format_percent(np.nan)) == ("1.234,57%", "–", "–")
	assert [format_value(value) for value in (4.5, "WTP", None, "", np.nan)] == ["4,5", "WTP", "–", "–", "–"]


# --- XLSX ---


def sheets_of(data: bytes) -> openpyxl.Workbook:
	return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def workbook(evaluation):
	return sheets_of(build_xlsx(evaluation, ["Catatan uji."]))


def column(page, heading: str) -> list:
	(number,) = [cell.column for cell in page[1] if cell.value == heading]
	return [page.cell(row, number) for row in range(2, page.max_row + 1)]


def test_a_workbook_has_its_summaries_its_indicators_and_its_notes(workbook):
	assert workbook.sheetnames == ["Ringkasan OPD", "Ringkasan sasaran", "Indikator", "Catatan"]
	notes = [cell.value for cell in column(workbook["Catatan"], "Dasar perhitungan")]
	assert notes[0] == "Catatan uji."
	assert any("Permendagri 86/2017" in note for note in notes)


def test_figures_in_a_workbook_are_real_unrounded_numbers_with_a_format(workbook, evaluation):
	cells = column(workbook["Indikator"], "Capaian")
	expected = evaluation.indicators["achievement"].tolist()
	assert [cell.value for cell in cells] == [None if value != value else value for value in expected]
	assert {cell.number_format for cell in cells if cell.value is not None} == {'#,##0.00"%"'}
	(budget, *_) = column(workbook["Indikator"], "Pagu")
	assert (budget.value, budget.number_format) == (6764342774, '"Rp" #,##0')


def test_a_missing_figure_is_an_empty_cell_and_not_zero(workbook):
	row = [cell.value for cell in column(workbook["Indikator"], "Indikator")].index("ICOR")
	assert column(workbook["Indikator"], "Capaian")[row].value is None
	assert column(workbook["Indikator"], "Kategori")[row].value is None


def test_headings_stay_in_sight_and_columns_have_a_width_and_a_filter(workbook):
	for page in workbook:
		assert page.freeze_panes == "A2"
		assert page.auto_filter.ref == page.dimensions
		for cell in page[1]:
			assert cell.font.bold
			assert page.column_dimensions[cell.column_letter].width >= 9


def test_no_cell_of_a_workbook_becomes_a_formula():
	frame = pd.DataFrame({"text": [*FORMULAS, "#N/A", "http://example.org"]})
	data = write_xlsx([Sheet("x", frame, (("text", "Teks", TEXT, 20),))])
	cells = column(sheets_of(data)["x"], "Teks")
	assert [cell.data_type for cell in cells] == ["s"] * len(frame)
	assert [cell.value for cell in cells] == frame["text"].tolist()
	with zipfile.ZipFile(io.BytesIO(data)) as archive:
		assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_names_that_look_like_formulas_stay_names_in_the_workbook_of_an_evaluation(evaluated):
	result = evaluated(
		"indicator,polarity,target,realization,opd,objective,unit\n=1+1,maximize,80,60,+A,@b,-c\n"
	)
	for page in sheets_of(build_xlsx(result, ["=1+1"])):
		for row in page.iter_rows():
			assert all(cell.data_type != "f" for cell in row)


def test_control_characters_do_not_stop_a_workbook():
	frame = pd.DataFrame({"text": ["a\x07b\x00c\nd"], "number": [np.float64(1.5)], "none": [pd.NA]})
	columns = (("text", "T", TEXT, 9), ("number", "N", PERCENT, 9), ("none", "R", RUPIAH, 9))
	page = sheets_of(write_xlsx([Sheet("x", frame, columns)]))["x"]
	assert [cell.value for cell in page[2]] == ["abc\nd", 1.5, None]


# --- CSV ---


def rows_of(data: bytes) -> list[list[str]]:
	return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_text_that_a_spreadsheet_would_run_is_quoted_in_csv():
	written = rows_of(write_csv(pd.DataFrame({"=nama": FORMULAS})))
	assert [row[0] for row in written] == ["'" + text for text in ["=nama", *FORMULAS]]


@pytest.mark.parametrize("text", ["-24,65", "-24.65", "+5", "-", "- ", "-1.234,56", "-95,3%"])
def test_a_negative_number_or_a_dash_is_left_as_it_is_in_csv(text):
	assert rows_of(write_csv(pd.DataFrame({"a": [text]})))[1] == [text]


def test_numbers_in_csv_are_plain_and_unrounded():
	frame = pd.DataFrame({"a": [98.2795698925, 1e-7, np.nan], "b": pd.array([1, 2, None], dtype="Int64")})
	assert rows_of(write_csv(frame))[1:] == [["98.2795698925", "1"], ["1e-07", "2"], ["", ""]]


def test_a_date_in_csv_is_written_as_a_date():
	frame = pd.DataFrame({"a": [date(2025, 1, 2), datetime(2025, 1, 2, 3, 4)]}, dtype=object)
	assert [row[0] for row in rows_of(write_csv(frame))[1:]] == ["2025-01-02", "2025-01-02 03:04:00"]


def test_text_in_csv_keeps_delimiters_quotes_and_line_breaks():
	text = 'a, "b"\nc; d – é'
	data = write_csv(pd.DataFrame({"a": [text]}))
	assert data.startswith(b"\xef\xbb\xbf")  # what makes Excel read UTF-8
	assert rows_of(data)[1] == [text]


def test_the_summary_table_has_all_levels_with_the_same_columns(evaluation):
	table = summary_table(evaluation)
	assert table["level"].tolist() == ["overall"] + ["opd"] * 3 + ["objective"] * 3
	assert table.loc[table["level"] == "opd", "opd"].tolist() == ["Dinas Sosial", "Dinas Kesehatan", "BKAD"]
	opds = table[table["level"] == "opd"]
	for name in ("indicators", "valued", "no_data", "budget", "count:Sangat Tinggi"):
		assert opds[name].sum() == table.loc[0, name]
