"""Reading series, and what the analysis becomes on paper: tables, charts, PDF."""

import io
import math
import random
from datetime import date

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core import analysis_charts, analysis_tables, charts
from seroja.core import analysis_document as document
from seroja.core.analysis import STATUS_LABELS, STATUSES, analyse
from seroja.core.analysis_reading import TableError, read_series
from seroja.core.checks import CHECKS, SEVERITIES, SEVERITY_LABELS, find
from seroja.core.evaluation import Cover
from seroja.core.numbers import format_number
from seroja.core.periods import consolidate
from seroja.core.rendering import write_csv

HEADER = "indicator,polarity,year,period,target,realization"
COVER = Cover("Analisis Kinerja", "berkas.csv", "Kota Contoh", date(2026, 1, 2))
NAN = float("nan")


def read(*lines: str, header: str = HEADER):
	return read_series("\n".join([header, *lines, ""]).encode(), "berkas.csv")


def quarters(name: str, values, year: int = 2025, target: float = 100) -> list[str]:
	return [f"{name},maximize,{year},TW{number},{target},{value}" for number, value in enumerate(values, 1)]


def outlooks(*rows: dict) -> pd.DataFrame:
	"""Outlook rows, with what a row does not say filled in."""
	usual = {
		"opd": "",
		"unit": "%",
		"polarity": "maximize",
		"year": 2025,
		"target": 80.0,
		"target_upper": 80.0,
		"forecast": 75.5,
		"lower": 70.25,
		"upper": 80.75,
		"probability": 0.125,
		"status": "off_track",
		"method": "last",
		"reason": "Alasan.",
		"direction": "flat",
		"trend": 0.0,
		"is_final": False,
		"seasonality": "",
		"decimals": 2,
	}
	return pd.DataFrame([{"key": row["indicator"]} | usual | row for row in rows])


def findings(*rows: dict) -> pd.DataFrame:
	usual = {
		"opd": "",
		"year": 2025,
		"number": 1,
		"period": "Tahun 2025",
		"code": CHECKS[0].code,
		"severity": "high",
		"message": "Ganjil.",
	}
	columns = ["key", "indicator", *usual]
	return pd.DataFrame([{"key": row["indicator"]} | usual | row for row in rows], columns=columns)


# --- reading ---


def test_a_series_has_its_periods_values_and_achievement():
	table = read(*quarters("a", [10, 20, 30, 40]), header=HEADER)
	rows = table.rows
	assert rows["number"].tolist() == [1, 2, 3, 4] and set(rows["periods"]) == {4}
	assert rows["value"].tolist() == rows["realization"].tolist() == [10, 20, 30, 40]
	assert rows["achievement"].tolist() == [10, 20, 30, 40]
	assert table.messages == {}


@pytest.mark.parametrize(
	("word", "to_date"),
	[
		("", [10, 4, NAN, 7]),
		("terakhir", [10, 4, NAN, 7]),
		("Jumlah", [10, 14, NAN, 21]),
		("rata-rata", [10, 7, NAN, 7]),
		("maksimum", [10, 10, NAN, 10]),
		("AVERAGE", [10, 7, NAN, 7]),
	],
)
def test_the_value_to_date_follows_the_consolidation_and_a_missing_period_has_none(word, to_date):
	lines = [f"{line},{word}" for line in quarters("a", [10, 4, "", 7])]
	table = read(*lines, header=f"{HEADER},konsolidasi")
	assert table.messages == {}
	np.testing.assert_array_equal(table.rows["value"], to_date)


@given(
	st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6).map(lambda x: round(x, 2))), min_size=4, max_size=4),
	st.sampled_from(["SUM", "LAST", "AVERAGE", "MAX"]),
)
def test_the_last_value_of_a_year_is_its_consolidated_value(values, word):
	lines = quarters("a", ["-" if value is None else f"{value:.2f}" for value in values])
	table = read(*(f"{line},{word}" for line in lines), header=f"{HEADER},consolidation")
	known = [NAN if value is None else value for value in values]
	expected = consolidate(known, word) if values[-1] is not None else NAN
	assert table.rows["value"].iloc[-1] == pytest.approx(expected, nan_ok=True)


def test_indonesian_headings_words_and_numbers_are_understood():
	header = "indikator;polaritas;tahun;periode;target;realisasi;perangkat daerah;satuan;konsolidasi;capaian"
	table = read(
		"Angka kemiskinan;minimal;2025;Triwulan II;4,65;4,73;Dinas Sosial;%;terakhir;98,28%",
		"Pajak;maksimal;2025;;1.200.000;1.234.567,5;BKAD;Rp;jumlah;102,88",
		header=header,
	)
	assert table.messages == {}
	tax, poverty = table.rows.to_dict("records")
	assert (tax["target"], tax["realization"], tax["consolidation"]) == (1_200_000, 1_234_567.5, "SUM")
	assert (poverty["opd"], poverty["unit"], poverty["polarity"]) == ("Dinas Sosial", "%", "minimize")
	assert (poverty["number"], poverty["periods"], poverty["stated_achievement"]) == (2, 4, 98.28)
	assert poverty["achievement"] == pytest.approx((2 * 4.65 - 4.73) / 4.65 * 100)


def test_percentages_may_have_decimals_where_the_figures_have_none():
	table = read("a,maximize,2025,,80,60,75.25", header=f"{HEADER},achievement")
	assert table.messages == {} and table.rows["stated_achievement"].tolist() == [75.25]


def test_optional_columns_are_there_only_where_the_file_has_them():
	assert not {"stated_achievement", "budget"} & set(read("a,maximize,2025,,80,60").rows)
	table = read("a,maximize,2025,,80,60,100,90", header=f"{HEADER},budget,budget_realization")
	assert table.rows[["budget", "budget_realization"]].to_numpy().tolist() == [[100, 90]]


def test_the_target_of_a_year_is_that_of_the_yearly_row_else_that_of_the_last_period():
	table = read(
		"a,maximize,2024,TW3,70,1",
		"a,maximize,2024,TW4,80,1",
		"a,maximize,2025,TW4,85,1",
		"a,maximize,2025,,90,",
		"a,maximize,2029,,99,",
	)
	assert table.targets[["year", "target"]].to_numpy().tolist() == [[2024, 80], [2025, 90], [2029, 99]]


def test_a_target_that_grows_within_an_unfinished_year_is_not_taken_for_that_of_its_end():
	growing = read("a,maximize,2025,TW1,70,1", "a,maximize,2025,TW2,75,1")
	shared = read("a,maximize,2025,TW1,70,1", "a,maximize,2025,TW2,70,1")
	assert growing.targets.empty and shared.targets["target"].tolist() == [70]


def test_the_two_bounds_of_a_range_stay_together():
	table = read("a,stabilize,2025,,80-90,85")
	assert table.targets[["target", "target_upper"]].to_numpy().tolist() == [[80, 90]]
	assert table.rows["achievement"].tolist() == [100]


def test_of_a_year_with_periods_and_a_yearly_value_the_periods_are_the_series():
	table = read(*quarters("a", [10, 20, "", ""]), "a,maximize,2025,,100,55", "a,maximize,2024,,90,50")
	assert table.rows[["year", "periods"]].to_numpy().tolist() == [[2024, 1], *[[2025, 4]] * 4]
	only_targets = read(*quarters("a", [""] * 4), "a,maximize,2025,,100,55")
	assert only_targets.rows["value"].tolist() == [55]


def test_an_indicator_is_one_of_its_opd_and_names_are_single_lines():
	table = read(
		'A,"Angka\n kematian",minimize,2025,,1,1',
		"B,Angka kematian,minimize,2025,,1,1",
		header=f"opd,{HEADER}",
	)
	assert table.rows["key"].nunique() == 2 and set(table.rows["indicator"]) == {"Angka kematian"}


def test_qualitative_texts_stay_out_of_the_numbers_and_are_told():
	table = read("Opini,qualitative,2025,,WTP,WDP", "a,maximize,2025,,80,60")
	assert table.rows.set_index("indicator").loc["Opini", ["target", "value", "achievement"]].isna().all()
	assert any("1 baris berupa teks" in note for note in table.notes)
	assert table.messages == {}


BAD_ROWS = {
	"a text in a number": ("a,maximize,2025,,80,enam puluh", "kolom realization"),
	"an unknown polarity": ("a,naik,2025,,80,60", "kolom polarity: “naik”"),
	"an unknown period": ("a,maximize,2025,TW5,80,60", "kolom period"),
	"no year": ("a,maximize,,,80,60", "kolom year: tahun kosong"),
	"a year that is none": ("a,maximize,25,,80,60", "kolom year"),
	"no name": (",maximize,2025,,80,60", "kolom indicator"),
}


@pytest.mark.parametrize(("line", "words"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_told_with_its_number_and_stops_nothing(line, words):
	table = read("b,maximize,2025,,80,60", line, "c,maximize,2025,,80,60")
	(message,) = table.messages.values()
	assert message.startswith("Baris 3, ") and words in message
	assert table.rows["indicator"].tolist() == ["b", "c"]


@pytest.mark.parametrize(
	("header", "cell", "column"),
	[("consolidation", "median", "consolidation"), ("capaian", "seratus", "capaian")],
)
def test_a_bad_cell_of_an_optional_column_names_the_heading_of_the_file(header, cell, column):
	table = read(f"a,maximize,2025,,80,60,{cell}", header=f"{HEADER},{header}")
	assert f"Baris 2, kolom {column}:" in table.messages[0] and table.rows.empty


def test_of_two_rows_of_one_period_the_first_is_kept():
	table = read("a,maximize,2025,TW1,80,60", "a,maximize,2025,TW1,80,61", "a,maximize,2025,TW2,80,62")
	assert table.rows["realization"].tolist() == [60, 62]
	assert "Baris 3" in table.messages[1] and "sudah ada pada baris 2" in table.messages[1]


@pytest.mark.parametrize(
	("column", "usual", "other"),
	[("polarity", "maximize", "minimize"), ("consolidation", "SUM", "LAST"), ("unit", "km", "m")],
)
def test_a_row_that_contradicts_the_others_of_its_indicator_is_left_out(column, usual, other):
	def line(year: int, value: str) -> str:
		values = {"polarity": "maximize", "consolidation": "", "unit": ""} | {column: value}
		return f"a,{values['polarity']},{year},,80,60,{values['consolidation']},{values['unit']}"

	table = read(
		line(2021, other),
		*(line(year, usual) for year in (2022, 2023)),
		header=f"{HEADER},consolidation,unit",
	)
	assert list(table.messages) == [0] and f"kolom {column}" in table.messages[0]
	assert set(table.rows[column]) == {usual}


def test_a_contradiction_is_told_in_indonesian_words():
	table = read("a,maximize,2024,,8,6", "a,maximize,2025,,8,6", "a,minimize,2026,,8,6")
	assert "polaritas “minimal” lain dari baris lain indikator ini (“maksimal”)" in table.messages[2]


def test_what_only_some_rows_say_holds_for_all_of_the_indicator():
	table = read(
		"a,maximize,2024,,80,60,,", "a,maximize,2025,,80,60,jumlah,km", header=f"{HEADER},consolidation,unit"
	)
	assert set(table.rows["consolidation"]) == {"SUM"} and set(table.rows["unit"]) == {"km"}
	assert table.messages == {}


def test_a_semester_among_the_quarters_of_a_year_is_told():
	table = read(*quarters("a", [1, 2, 3]), "a,maximize,2025,S1,100,2")
	assert "tidak sejenis" in table.messages[3] and len(table.rows) == 3


@pytest.mark.parametrize(
	("data", "words"),
	[
		(b"", "kosong"),
		(HEADER.encode(), "tidak berisi baris data"),
		(b"\x89PNG\r\n\x1a\n\x00\x00", "bukan CSV atau XLSX"),
		(b"indicator,polarity,target,realization\na,maximize,1,1\n", "Kolom year, period tidak ada"),
		(b"indicator,polarity,year,period,realization\na,maximize,2025,,1\n", "Kolom target tidak ada"),
		(b"indicator;polarity;year;period;target;realization\na;maximize;2025;;1,5;1.5\n", "dua cara"),
		(b"PK\x03\x04", "bukan CSV"),
	],
)
def test_a_file_that_cannot_be_read_is_one_sentence(data, words):
	name = "berkas.csv"
	if data.startswith(b"PK"):
		name, words = "berkas.xlsx", "XLSX tidak dapat dibuka"
	with pytest.raises(TableError, match=words):
		read_series(data, name)


def test_a_workbook_is_read_like_a_text(workbook_bytes):
	data = workbook_bytes(HEADER.split(","), ["a", "maximize", 2025, None, 80, 60.5])
	table = read_series(data, "a.xlsx")
	assert table.messages == {} and table.rows["value"].tolist() == [60.5]


def test_the_order_of_the_rows_does_not_matter():
	lines = [line for name in "abc" for year in (2023, 2024) for line in quarters(name, [1, 2, 3, 5], year)]
	mixed = random.Random(1).sample(lines, len(lines))
	one, other = read(*lines), read(*mixed)
	pd.testing.assert_frame_equal(one.rows, other.rows)
	pd.testing.assert_frame_equal(one.targets, other.targets)


def test_nothing_but_bad_rows_is_an_empty_series_and_still_a_document(pdf_text):
	table = read("a,naik,2025,,80,60")
	outlook, found = analyse(table.rows, table.targets), find(table.rows)
	pdf = document.build_pdf(
		outlook, found, (), COVER, table.notes, analysis_charts.draw_charts(table.rows, outlook)
	)
	assert "Tidak ada temuan." in pdf_text(pdf)


# --- tables ---


def test_the_tables_have_the_promised_columns_and_opd_only_where_there_is_one():
	columns = ["indicator", "year", "forecast", "lower", "upper", "probability", "status", "method", "reason"]
	assert list(analysis_tables.outlook_table(outlooks({"indicator": "a"}))) == columns
	assert list(analysis_tables.outlook_table(outlooks({"indicator": "a", "opd": "A"}))) == ["opd", *columns]
	columns = ["indicator", "year", "period", "code", "severity", "message"]
	assert list(analysis_tables.checks_table(findings({"indicator": "a"}))) == columns
	assert list(analysis_tables.checks_table(findings({"indicator": "a", "opd": "A"}))) == ["opd", *columns]


def test_codes_are_english_figures_unrounded_and_formulas_inert():
	frame = outlooks({"indicator": "=1+1", "forecast": 1 / 3})
	text = write_csv(analysis_tables.outlook_table(frame)).decode("utf-8-sig")
	assert text.splitlines()[1].startswith("'=1+1,2025,0.3333333333333333,70.25,80.75,0.125,off_track,last,")


def test_the_indicators_most_in_need_come_first_with_their_years_together():
	frame = outlooks(
		{"indicator": "a", "status": "on_track", "probability": 0.9},
		{"indicator": "b", "status": "on_track", "probability": 0.8},
		{"indicator": "b", "year": 2029, "status": "off_track", "probability": 0.2},
		{"indicator": "c", "status": "unknown", "probability": NAN},
		{"indicator": "d", "status": "off_track", "probability": 0.1},
	)
	ordered = analysis_tables.in_need(frame)
	assert list(zip(ordered["indicator"], ordered["year"], strict=True)) == [
		("d", 2025),
		("b", 2025),
		("b", 2029),
		("a", 2025),
		("c", 2025),
	]
	assert list(ordered) == list(frame)


def test_an_indicator_counts_once_by_its_nearer_year():
	frame = outlooks(
		{"indicator": "a", "year": 2029, "status": "off_track"}, {"indicator": "a", "status": "on_track"}
	)
	counts = analysis_tables.status_counts(frame)
	assert counts == {"on_track": 1, "at_risk": 0, "off_track": 0, "unknown": 0}
	assert set(counts) == set(STATUSES)


# --- charts ---


def drawn(names: list[str]) -> dict[str, bytes]:
	lines = [
		f'"{name}",maximize,{year},,{100 + year},{2 * year - 4000 + n}'
		for n, name in enumerate(names)
		for year in range(2021, 2026)
	]
	table = read(*lines)
	outlook = analyse(table.rows, table.targets)
	return analysis_charts.draw_charts(table.rows, outlook)


@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")
def test_the_name_of_a_chart_is_one_that_every_file_system_takes():
	names = ["../../etc/passwd", "a\\b:c*?", "指标", "Ekspor (US$) é", "x" * 300, ".."]
	pictures = drawn(names)
	assert len(pictures) == len(names) + 1
	for name in set(pictures) - {"status"}:
		assert name.startswith("outlook-") and len(name) <= 60
		assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_at_most_twelve_indicators_are_drawn_and_none_with_a_single_value():
	assert len(drawn([f"i{number}" for number in range(20)])) == 1 + analysis_charts.MOST_CHARTS
	table = read("a,maximize,2025,,80,60")
	assert set(analysis_charts.draw_charts(table.rows, analyse(table.rows, table.targets))) == {"status"}


def test_a_chart_shows_the_values_to_date_up_to_the_last_and_the_years_ahead(monkeypatch):
	calls = []
	monkeypatch.setattr(charts, "forecast_band", lambda *values: calls.append(values) or b"")
	lines = [
		f"a,maximize,{year},TW{n},{25 * n},{value},jumlah,orang"
		for year in (2022, 2023, 2024, 2025)
		for n, value in enumerate([year - 2012, 20, 30, 40] if year < 2025 else [11, "", "", ""], 1)
	]
	table = read(*lines, header=f"{HEADER},consolidation,unit")
	outlook = analyse(table.rows, table.targets)
	analysis_charts.draw_charts(table.rows, outlook)
	((labels, values, targets, ahead, title, unit, breaks),) = calls
	assert labels[0] == "TW I 2022" and labels[-1] == "TW I 2025" and len(labels) == 13
	assert values[:4] == [10, 30, 60, 100] and values[-2:] == [102, 11]
	assert targets == [25, 50, 75, 100] * 3 + [25]
	assert (title, unit, list(breaks)) == ("a", "orang", [4, 8, 12])
	row = outlook.iloc[0]
	assert ahead == [("Akhir 2025", row["forecast"], row["lower"], row["upper"], 100)]


ODD_BANDS = {
	"nothing": lambda: charts.forecast_band([], [], [], [], "x"),
	"no value": lambda: charts.forecast_band(["2025"], [NAN], [None], [("2026", NAN, NAN, NAN, 5)], "x"),
	"nothing ahead": lambda: charts.forecast_band(["2024", "2025"], [1, 2], [1, NAN], [], "x", "%"),
	"no interval": lambda: charts.forecast_band(["2025"], [1], [1], [("2026", 2, None, None, None)], "x"),
	"only ahead": lambda: charts.forecast_band([], [], [], [("2026", 2, 1, 3, 4)], "x"),
	"sixty": lambda: charts.forecast_band(
		[str(n) for n in range(60)],
		range(60),
		range(60),
		[("2026", 70, 60, 80, 90)],
		"x " * 200,
		"y" * 90,
		[12, 24],
	),
	"no indicator": lambda: charts.outlook_bars(dict.fromkeys(STATUS_LABELS, 0), STATUS_LABELS, "x"),
	"one status": lambda: charts.outlook_bars({"unknown": 5000}, STATUS_LABELS, "x"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("draw", ODD_BANDS.values(), ids=ODD_BANDS)
def test_a_chart_of_odd_values_is_still_a_picture_as_wide_as_the_others(draw):
	assert plt.imread(io.BytesIO(draw())).shape[1] == 912


@pytest.fixture
def band(monkeypatch):
	"""Draw a band and return its axes."""
	kept = []
	monkeypatch.setattr(plt, "close", kept.append)

	def draw(*arguments):
		charts.forecast_band(*arguments)
		return kept[-1].axes[0]

	yield draw
	monkeypatch.undo()
	for figure in kept:
		plt.close(figure)


def test_the_band_is_named_and_the_ends_have_their_figures(band):
	axes = band(
		["2023", "2024", "2025"], [61.25, 63, 62.5], [60, 64, 66], [("2026", 63.5, 59, 68, 1234.5)], "x"
	)
	assert axes.get_legend_handles_labels()[1] == [
		"Realisasi",
		"Target",
		"Perkiraan",
		"Perkiraan, rentang 80%",
	]
	assert [text.get_text() for text in axes.texts] == ["61,25", "62,5", "63,5", "1.235"]
	(area,) = axes.collections[:1]
	assert {tuple(point) for point in area.get_paths()[0].vertices} >= {(3, 59), (3, 68), (2, 62.5)}


def test_a_missing_value_is_a_gap_and_a_new_year_a_new_line(band):
	axes = band(list("abcdef"), [1, 2, NAN, 1, 2, 3], [1, 2, 3, 1, 2, 3], [], "x", "", [3])
	solid = [line.get_ydata().tolist() for line in axes.lines if line.get_linestyle() == "-"]
	assert [[1, 2], [1, 2, 3]] == [[value for value in values if value == value] for values in solid]


@pytest.mark.parametrize(("count", "step"), [(8, 1), (20, 4), (60, 12)])
def test_long_series_are_labelled_at_the_same_period_of_each_year(band, count, step):
	labels = [str(number) for number in range(count)]
	axes = band(labels, range(count), [NAN] * count, [("Akhir", 1, 0, 2, 3)], "x")
	assert [text.get_text() for text in axes.get_xticklabels()] == [*labels[::step], "Akhir"]


# --- the document ---


def test_every_figure_of_the_document_is_that_of_the_table(pdf_text):
	rng = np.random.default_rng(3)
	names = [f"Indikator {letter}" for letter in "ABCDEFGH"]
	lines = [
		f"{name},maximize,{year},,{90 + year - 2020},{80 + rng.normal(year - 2020, 2):.2f}"
		for name in names
		for year in range(2017, 2026)
	]
	table = read(*lines, *(f"{name},maximize,2026,,97," for name in names))
	outlook, found = analyse(table.rows, table.targets), find(table.rows)
	text = pdf_text(document.build_pdf(outlook, found, (), COVER))
	for row in outlook.to_dict("records"):
		assert math.isfinite(row["lower"])
		for name in ("forecast", "lower", "upper"):
			assert format_number(row[name]) in text, (row["indicator"], name)
		assert row["indicator"] in text and STATUS_LABELS[row["status"]] in text
	for row in found.to_dict("records"):
		assert " ".join(row["message"].split())[:40] in text


def test_the_data_is_attached_and_the_document_is_landscape():
	pdf = document.build_pdf(outlooks({"indicator": "a"}), findings({"indicator": "a"}), (), COVER)
	reader = pypdf.PdfReader(io.BytesIO(pdf))
	assert set(reader.attachments) == {"outlook.csv", "checks.csv"}
	assert reader.attachments["outlook.csv"][0] == write_csv(
		analysis_tables.outlook_table(outlooks({"indicator": "a"}))
	)
	box = reader.pages[0].mediabox
	assert box.width > box.height


def test_key_figures_text_notes_and_method_are_printed(pdf_text):
	text = pdf_text(
		document.build_pdf(
			outlooks({"indicator": "a"}),
			findings({"indicator": "a"}, {"indicator": "a", "severity": SEVERITIES[-1], "number": 2}),
			["Satu paragraf evaluasi."],
			COVER,
			["Sumber: berkas.csv."],
		)
	)
	for words in (
		"ANALISIS KINERJA",
		"Dicetak 2 Januari 2026",
		"Satu paragraf evaluasi.",
		"Sumber: berkas.csv.",
		"CARA PERHITUNGAN",
		*(f"Temuan {label.lower()}" for label in SEVERITY_LABELS.values()),
		*(check.label for check in CHECKS),
	):
		assert words in text, words


def test_findings_stand_by_severity(pdf_text):
	rows = [
		{"indicator": "a", "severity": severity, "message": f"Pesan {severity}."}
		for severity in reversed(SEVERITIES)
	]
	text = pdf_text(document.build_pdf(outlooks({"indicator": "a"}), findings(*rows), (), COVER))
	places = [text.index(f"Pesan {severity}.") for severity in SEVERITIES]
	assert places == sorted(places)


def test_what_the_pdf_leaves_out_it_says():
	many = [{"indicator": f"i{number:04}"} for number in range(document.MOST_ROWS_IN_PDF + 7)]
	made = document.analysis_document(outlooks(*many), findings(*many), (), COVER, (), {})
	texts = [part.text for part in made.parts if part.kind == "paragraph"]
	assert any(text.startswith("7 baris perkiraan lain") for text in texts)
	assert any(text.startswith("7 baris temuan lain") for text in texts)


def test_a_missing_figure_is_a_dash_and_a_name_is_text(pdf_text):
	empty = dict.fromkeys(("target", "target_upper", "forecast", "lower", "upper", "probability"), NAN)
	frame = outlooks({"indicator": "<b>a</b>", "status": "unknown", "method": "", **empty})
	text = pdf_text(document.build_pdf(frame, findings(), (), COVER))
	assert "<b>a</b> (%) 2025 – – – – Belum dapat dinilai" in text


def test_the_stamp_is_of_the_content(pdf_text):
	from seroja.core.parts import Stamp

	digests = []

	def stamper(digest: str) -> Stamp:
		digests.append(digest)
		return Stamp("ABCD-1234", digest, "https://contoh.go.id/periksa", date(2026, 1, 2))

	for forecast in (75.5, 75.5, 75.6):
		frame = outlooks({"indicator": "a", "forecast": forecast})
		pdf = document.build_pdf(frame, findings(), (), COVER, stamper=stamper)
	assert digests[0] == digests[1] != digests[2]
	assert digests[2] in pdf_text(pdf).replace(" ", "")
