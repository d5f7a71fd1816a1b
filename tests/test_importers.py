"""Tables from outside: CSV and XLSX, conventions, bad rows, Indonesian words."""

import datetime
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from seroja.core.importers import TableError, read_table
from seroja.core.numbers import format_number

HEADER = "indicator,polarity,target,realization"


def read(text: str | bytes, name: str = "berkas.csv"):
	return read_table(text if isinstance(text, bytes) else text.encode(), name)


def read_cells(target: str, realization: str, polarity: str = "maximize"):
	"""A file of one row; a cell may hold any sign."""
	return read(f"indicator;polarity;target;realization\na;{polarity};{target};{realization}\n")


# --- files ---


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_file_is_read_with_any_usual_delimiter(delimiter):
	text = f"{HEADER},catatan\na,maximize,80,60,sesuai\n".replace(",", delimiter)
	table = read(text)
	assert table.values.loc[0, ["target", "realization"]].tolist() == [80.0, 60.0]
	assert table.frame["catatan"].tolist() == ["sesuai"]


def test_a_decimal_comma_and_a_semicolon_go_together():
	table = read("indicator;polarity;target;realization\nIKM;maximize;87,38;88,77\n")
	assert table.values["realization"].tolist() == [88.77]
	assert table.decimal == ","


@pytest.mark.parametrize("heading", ["keterangan (sumber, tahun)", '"keterangan, sumber"'])
def test_a_comma_inside_a_heading_does_not_hide_the_delimiter(heading):
	table = read(f"indicator;polarity;target;realization;{heading}\na;maximize;80;60;BPS\n")
	assert table.values["target"].tolist() == [80.0]


def test_empty_lines_before_the_heading_do_not_hide_the_delimiter():
	table = read("\n\nindicator;polarity;target;realization\na;maximize;80;60\n")
	assert table.values["target"].tolist() == [80.0]
	assert table.rows.tolist() == [4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_file_is_read_in_the_encodings_that_spreadsheets_write(encoding):
	text = f"{HEADER}\nIndeks – “kepuasan” café,maximize,80,60\n"
	assert read(text.encode(encoding)).values["indicator"].tolist() == ["Indeks – “kepuasan” café"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_csv_file_is_read_with_the_line_ends_of_every_system(newline):
	table = read(f"{HEADER}\na,maximize,80,60\nb,maximize,80,70\n".replace("\n", newline))
	assert table.values["realization"].tolist() == [60.0, 70.0]


def test_a_quoted_cell_may_hold_delimiters_quotes_and_line_breaks():
	table = read(f'{HEADER}\n"a, ""b""\nc",maximize,"80,5",60\nd,maximize,70,60\n')
	assert table.values["indicator"].tolist() == ['a, "b"\nc', "d"]
	assert table.values["target"].tolist() == [80.5, 70.0]


def test_an_xlsx_file_is_read_with_its_numbers_as_they_are(workbook_bytes):
	data = workbook_bytes(
		["Indikator", "Polaritas", "Target", "Realisasi"],
		["Angka kemiskinan", "minimal", 4.65, 4.73],
		["Opini BPK", "kualitatif", "WTP", "WTP"],
		["Kunjungan", "maksimal", 1000, "1.250,5"],
	)
	table = read(data, "Realisasi.XLSX")
	assert table.values["target"].tolist()[0::2] == [4.65, 1000.0]
	assert table.values["realization"].tolist()[0::2] == [4.73, 1250.5]
	assert table.values.loc[1, ["target_label", "realization_label"]].tolist() == ["WTP", "WTP"]
	assert not table.messages


def test_the_sheet_named_data_is_read_before_any_other(workbook_bytes):
	workbook = Workbook()
	workbook.active.title = "Petunjuk"
	workbook.active.append(["bacalah dahulu"])
	sheet = workbook.create_sheet("Data")
	sheet.append(HEADER.split(","))
	sheet.append(["a", "maximize", 80, 60])
	buffer = io.BytesIO()
	workbook.save(buffer)
	assert read(buffer.getvalue(), "x.xlsx").values["indicator"].tolist() == ["a"]


def test_an_excel_error_value_is_a_bad_cell_and_no_missing_one(workbook_bytes):
	data = workbook_bytes(HEADER.split(","), ["a", "maximize", 80, "#DIV/0!"], ["b", "maximize", 80, "#N/A"])
	table = read(data, "x.xlsx")
	assert table.values["invalid"].tolist() == [True, True]


def test_a_date_in_a_number_cell_is_a_bad_cell(workbook_bytes):
	data = workbook_bytes(HEADER.split(","), ["a", "maximize", datetime.date(2025, 1, 2), 3])
	(message,) = read(data, "x.xlsx").messages.values()
	assert message.startswith("Baris 2, kolom target:")


@pytest.mark.parametrize(
	("data", "name", "why"),
	[
		(b"", "a.csv", "kosong"),
		(b"\n \n", "a.csv", "kosong"),
		(b"\x00\x01\x02", "a.csv", "bukan CSV atau XLSX"),
		(b"PK\x03\x04 rusak", "a.xlsx", "tidak dapat dibuka"),
		(b"indikator biasa", "a.xlsx", "tidak dapat dibuka"),
		(HEADER.encode(), "a.csv", "tidak berisi baris data"),
		(b"indicator,target\na,1\n", "a.csv", "Kolom polarity, realization tidak ada"),
		(b"indicator,polarity,target,target,realization\n", "a.csv", "“target” muncul dua kali"),
		(b"indikator,indicator,polarity,target,realization\n", "a.csv", "“indicator” muncul dua kali"),
		(HEADER.encode() + b'\n"a,maximize,1,1\n', "a.csv", "rusak"),
		(HEADER.encode() + b"\na\x81b,maximize,1,1\n", "a.csv", "tidak terbaca"),
		(HEADER.encode() + b"\na,maximize,87,38,88,77\n", "a.csv", "Baris 2 mempunyai lebih banyak kolom"),
	],
)
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence_that_says_why(data, name, why):
	with pytest.raises(TableError, match=why) as refusal:
		read(data, name)
	assert "\n" not in str(refusal.value)


# --- columns ---


def test_headings_may_be_indonesian_and_written_freely():
	table = read(
		" INDIKATOR ,Polaritas,Target,Realisasi,Perangkat  Daerah,Sasaran,Satuan,Metode,Bobot,Tahun,Periode,"
		"Pagu,Realisasi Anggaran\n"
		"a,maksimal,80,60,Bappeda,Ekonomi,%,rasio,100,2025,TW4,1000000,900000\n"
	)
	row = table.values.iloc[0]
	assert row[["opd", "objective", "unit", "method", "period"]].tolist() == [
		"Bappeda",
		"Ekonomi",
		"%",
		"ratio",
		"Triwulan IV 2025",
	]
	assert row[["target", "realization", "weight", "budget", "budget_realization"]].tolist() == [
		80,
		60,
		100,
		1000000,
		900000,
	]


@pytest.mark.parametrize(
	("word", "polarity"),
	[
		("maximize", "maximize"),
		("Minimize", "minimize"),
		("stabilize", "stabilize"),
		("qualitative", "qualitative"),
		("maksimal", "maximize"),
		("MINIMAL", "minimize"),
		(" stabil ", "stabilize"),
		("kualitatif", "qualitative"),
	],
)
def test_a_polarity_is_read_in_english_and_indonesian(word, polarity):
	assert read_cells("1", "1", word).values["polarity"].tolist() == [polarity]


@pytest.mark.parametrize(
	("word", "method"),
	[
		("ratio", "ratio"),
		("komplemen", "complement"),
		("Terbalik", "inverse"),
		("simpangan", "deviation"),
		("rentang", "range"),
		("ordinal", "ordinal"),
		("", None),
		("-", None),
	],
)
def test_a_method_is_read_in_english_and_indonesian_and_may_be_left_out(word, method):
	table = read(f"{HEADER},method\na,maximize,1,1,{word}\n")
	assert table.values["method"].tolist() == [method] and not table.messages


def test_columns_that_seroja_does_not_know_are_kept_as_they_came():
	table = read(f"kode,{HEADER},catatan\n007,a,maximize,80,60,=1+1\n")
	assert table.frame.loc[0, ["kode", "catatan"]].tolist() == ["007", "=1+1"]


def test_empty_columns_without_heading_are_not_carried_along(workbook_bytes):
	table = read("indicator;polarity;target;realization;;;\na;maximize;80;60;;;\n")
	assert list(table.frame) == HEADER.split(",")
	data = workbook_bytes([*HEADER.split(","), None, " "], ["a", "maximize", 80, 60, None, None])
	assert list(read(data, "x.xlsx").frame) == HEADER.split(",")


def test_a_column_without_heading_is_kept_where_it_holds_something():
	table = read(f"{HEADER},\na,maximize,80,60,lihat lampiran\n")
	assert table.frame.iloc[0, 4] == "lihat lampiran"


def test_a_period_without_a_year_is_kept_as_a_part_of_the_year():
	table = read(f"{HEADER},period\na,maximize,80,60,TW2\nb,maximize,80,60,\n")
	assert table.values["period"].tolist() == ["Triwulan II", ""]


def test_optional_columns_may_be_missing_altogether():
	row = read(f"{HEADER}\na,maximize,80,60\n").values.iloc[0]
	assert row[["opd", "objective", "unit", "period"]].tolist() == ["", "", "", ""]
	assert row[["weight", "budget", "budget_realization"]].isna().all()


# --- numbers and conventions ---


@pytest.mark.parametrize(
	("text", "decimal", "note"),
	[
		("a;maximize;87,38;1.250,5", ",", "koma sebagai tanda desimal"),
		("a;maximize;87.38;1,250.5", ".", "titik sebagai tanda desimal"),
		("a;maximize;87;88", None, "Tidak ada tanda desimal"),
	],
)
def test_the_convention_of_a_file_is_detected_and_stated(text, decimal, note):
	table = read(f"indicator;polarity;target;realization\n{text}\n")
	assert table.decimal == decimal
	assert any(note in told for told in table.notes)


def test_a_number_that_could_be_either_is_read_in_the_convention_that_another_one_proves():
	table = read("indicator;polarity;target;realization\na;maximize;1.234;1.300\nb;maximize;12,5;13\n")
	assert table.values["target"].tolist() == [1234.0, 12.5]
	table = read("indicator;polarity;target;realization\na;maximize;1.234;1.300\nb;maximize;12.5;13\n")
	assert table.values["target"].tolist() == [1.234, 12.5]


def test_conventions_mixed_between_columns_are_refused_and_both_shown():
	with pytest.raises(TableError, match=r"“87,38” \(koma desimal\) dan “1000\.5” \(titik desimal\)"):
		read("indicator;polarity;target;realization;budget\na;maximize;87,38;88;1000.5\n")


def test_a_file_with_nothing_but_ambiguous_numbers_is_refused_with_the_reason():
	with pytest.raises(TableError, match=r"“1\.234” dapat berarti ribuan atau desimal"):
		read_cells("1.234", "1.300")


def test_a_text_in_a_column_of_names_says_nothing_about_the_convention():
	table = read(f"{HEADER},unit\nPerda 12.5,maximize,80,60,ha 1.5\n")
	assert table.decimal is None


def test_a_single_unreadable_cell_does_not_refuse_the_whole_file():
	table = read(f"{HEADER}\na,maximize,12.5,12.5\nb,maximize,80,31.12.2025\n")
	assert table.values["invalid"].tolist() == [False, True]
	assert table.values.loc[0, "target"] == 12.5


@pytest.mark.parametrize("text", ["", " ", "-", "n/a", "N/A", "Belum rilis", "belum rilis "])
def test_a_word_for_no_value_is_no_value_and_no_error(text):
	table = read_cells("80", text)
	assert np.isnan(table.values.loc[0, "realization"])
	assert table.values.loc[0, "realization_label"] is None and not table.messages


def test_a_realization_of_zero_is_zero():
	assert read_cells("80", "0").values["realization"].tolist() == [0.0]


def test_nobody_to_be_counted_is_read_as_no_population():
	values = read_cells("80", "0/0").values
	assert values["no_population"].tolist() == [True]
	assert values["realization"].isna().all() and not values["invalid"].any()


@pytest.mark.parametrize("text", ["80-90", "80 – 90", "80 s.d. 90"])
def test_a_range_is_a_target_with_two_bounds(text):
	values = read_cells(text, "85").values
	assert values.loc[0, ["target", "target_upper"]].tolist() == [80.0, 90.0]


@pytest.mark.parametrize("label", ["WTP", "BB", "Sangat Baik", "A-"])
def test_a_label_is_a_value_of_a_qualitative_indicator(label):
	values = read_cells(label, label, "kualitatif").values
	assert values.loc[0, ["target_label", "realization_label"]].tolist() == [label, label]


def test_a_label_with_a_digit_is_a_value_of_a_qualitative_indicator():
	table = read_cells("Level 3", "Level 3", "kualitatif")
	assert not table.messages
	assert table.values.loc[0, ["target_label", "realization_label"]].tolist() == ["Level 3", "Level 3"]


@given(
	st.lists(st.tuples(st.decimals(0, 10**6, places=4), st.decimals(-(10**6), 10**6, places=4)), min_size=1),
	st.sampled_from(",."),
)
def test_numbers_printed_in_a_convention_are_read_back_exactly(pairs, sign):
	# The first row proves the convention, so that no file is ambiguous.
	pairs = [(0.5, 0.5), *((float(target), float(realized)) for target, realized in pairs)]
	lines = [";".join(["a", "maximize", *(format_number(n, None) for n in pair)]) for pair in pairs]
	text = "\n".join(lines)
	if sign == ".":
		text = text.translate(str.maketrans(",.", ".,"))
	values = read(f"indicator;polarity;target;realization\n{text}\n").values
	assert list(zip(values["target"], values["realization"], strict=True)) == pairs


# --- bad rows ---


@pytest.mark.parametrize(
	("row", "column"),
	[
		(",maximize,1,1,,,", "indicator"),
		("a,naik,1,1,,,", "polarity"),
		("a,,1,1,,,", "polarity"),
		("a,maximize,12x,1,,,", "target"),
		("a,maximize,90-80,1,,,", "target"),
		("a,maximize,WTP,1,,,", "target"),
		("a,maximize,1,80-90,,,", "realization"),
		("a,maximize,1,sudah selesai,,,", "realization"),
		("a,maximize,1,1,rata-rata,,", "method"),
		("a,maximize,1,1,,banyak,", "weight"),
		("a,maximize,1,1,,-50,", "weight"),
		("a,maximize,1,99999999999999999,,,", "realization"),
		("a,maximize,1,1,,,TW7", "period"),
	],
)
def test_a_bad_row_keeps_its_place_and_names_row_and_column(row, column):
	header = f"{HEADER},method,weight,period"
	table = read(f"{header}\nbaik,maximize,10,9,,,\n\n{row}\nbaik,maximize,10,8,,,\n")
	assert table.values["invalid"].tolist() == [False, True, False]
	assert table.values["realization"].tolist()[0::2] == [9.0, 8.0]
	assert list(table.messages) == [1]
	# Row 4 of the file: the empty line counts, as it does in a spreadsheet.
	assert table.messages[1].startswith(f"Baris 4, kolom {column}: ")


def test_a_year_that_is_none_is_a_bad_row():
	(message,) = read(f"{HEADER},year\na,maximize,1,1,dua ribu\n").messages.values()
	assert message == "Baris 2, kolom year: “dua ribu” bukan tahun."


def test_a_bad_row_of_an_xlsx_file_names_the_row_of_the_sheet(workbook_bytes):
	data = workbook_bytes([], HEADER.split(","), ["a", "maximize", 1, 1], [], ["b", "maximize", True, 1])
	(message,) = read(data, "x.xlsx").messages.values()
	assert message.startswith("Baris 5, kolom target:")


def test_an_unknown_word_is_answered_with_the_words_that_are_known():
	(message,) = read_cells("1", "1", "naik").messages.values()
	assert "“naik” tidak dikenal" in message and "maksimal" in message and "minimize" in message


def test_only_the_first_fault_of_a_row_is_told():
	table = read(f"{HEADER}\na,naik,12x,13y\n")
	assert len(table.messages) == 1


# --- notes ---


def test_rows_that_repeat_an_indicator_are_pointed_out_and_all_kept():
	table = read(f"{HEADER},opd\na,maximize,1,1,A\na,maximize,1,1,A\na,maximize,1,1,B\n")
	assert any(note.startswith("2 baris memuat indikator") and "baris 2, 3" in note for note in table.notes)
	assert len(table.values) == 3


def test_the_same_indicator_in_two_periods_is_no_repetition():
	table = read(f"{HEADER},year,period\na,maximize,1,1,2025,TW1\na,maximize,1,1,2025,TW2\n")
	assert not any("memuat indikator" in note for note in table.notes)


def test_weights_that_do_not_sum_to_100_are_pointed_out_per_opd():
	table = read(f"{HEADER},opd,weight\na,maximize,1,1,A,60\nb,maximize,1,1,A,40\nc,maximize,1,1,B,90\n")
	assert [note for note in table.notes if "bobot" in note] == ["Jumlah bobot B bukan 100."]


def test_values_and_frame_and_rows_share_one_index():
	table = read(f"{HEADER}\na,maximize,1,1\n\nb,naik,1,1\n")
	assert table.frame.index.equals(table.values.index) and table.rows.index.equals(table.values.index)
	assert pd.Index(table.messages).isin(table.values.index).all()
