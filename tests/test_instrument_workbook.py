"""An instrument as a workbook: there and back, and every cell that is wrong named by sheet and row."""

import io
from dataclasses import replace
from zipfile import ZipFile

import openpyxl
import pytest

from seroja.core import spreadsheets
from seroja.core.instrument_workbook import read_workbook, write_workbook
from seroja.core.instruments import InstrumentError, Predicate, shipped_instrument, shipped_names
from seroja.core.scales import Band

SHEETS = ["Instrumen", "Butir", "Jawaban", "Predikat", "Aturan", "Konversi"]
AKIP = shipped_instrument("akip-2021")


def edited(instrument=AKIP, drop: str = "", **cells) -> bytes:
	"""The workbook of an instrument with cells changed: Butir_C7="x"."""
	workbook = openpyxl.load_workbook(io.BytesIO(write_workbook(instrument)))
	for place, value in cells.items():
		title, _, cell = place.partition("_")
		workbook[title][cell].value = value
	if drop:
		del workbook[drop]
	buffer = io.BytesIO()
	workbook.save(buffer)
	return buffer.getvalue()


def problems(data: bytes) -> list[str]:
	with pytest.raises(InstrumentError) as error:
		read_workbook(data)
	return error.value.problems


@pytest.mark.parametrize("name", shipped_names())
def test_a_shipped_instrument_survives_its_workbook(name):
	instrument = shipped_instrument(name)
	assert read_workbook(write_workbook(instrument)) == instrument


def test_a_workbook_has_a_sheet_for_each_kind_of_thing():
	workbook = openpyxl.load_workbook(io.BytesIO(write_workbook(AKIP)))
	assert workbook.sheetnames == SHEETS
	header = dict(workbook["Instrumen"].iter_rows(min_row=2, values_only=True))
	assert header["kode"] == "AKIP-2021" and header["cara penilaian"] == "pilihan huruf"
	assert (header["berlaku dari"], header["berlaku sampai"], header["memutus seri"]) == (2022, None, "tidak")
	first = [cell.value for cell in workbook["Butir"][2]]
	assert first == ["kelompok", 0, "Komponen", "1", "Perencanaan Kinerja", 30, None, None]
	bands = [[cell.value for cell in row[3:7]] for row in workbook["Predikat"].iter_rows(min_row=2)]
	assert bands[0] == [90, "tidak", 100, "ya"] and bands[-1] == [None, None, 30, "ya"]


def test_what_people_do_to_a_workbook_changes_nothing():
	"""Other case, other order of columns, another column, empty rows, codes and years as text."""
	workbook = openpyxl.load_workbook(io.BytesIO(write_workbook(AKIP)))
	page = workbook["Butir"]
	page.move_range("A1:H200", cols=2)
	page["A1"], page["A5"] = "Petunjuk", "lihat lampiran"
	page["C1"], page["C2"], page["F2"] = " JENIS ", " Kelompok ", 1
	page.insert_rows(3, 2)
	workbook["Instrumen"]["B5"] = "2022"
	workbook["Predikat"].title = "PREDIKAT "
	workbook.create_sheet("Catatan saya", 0)["A1"] = "=1/0"
	buffer = io.BytesIO()
	workbook.save(buffer)
	assert read_workbook(buffer.getvalue()) == AKIP


def test_a_text_that_looks_like_a_formula_stays_a_text():
	nodes = (replace(AKIP.nodes[0], title='=HYPERLINK("http://x","klik")'), *AKIP.nodes[1:])
	instrument = replace(AKIP, nodes=nodes, note="@SUM(A1)", title="+62 Evaluasi")
	data = write_workbook(instrument)
	assert read_workbook(data) == instrument
	cell = openpyxl.load_workbook(io.BytesIO(data))["Butir"]["E2"]
	assert cell.data_type == "s"


def test_a_real_formula_without_a_value_is_an_empty_cell():
	assert any("Butir baris 3: kolom kode masih kosong" in text for text in problems(edited(Butir_D3="=1+1")))


def test_an_instrument_of_free_numbers_needs_no_sheets_of_answers_rules_and_conversions():
	instrument = shipped_instrument("rb-2023")
	workbook = openpyxl.load_workbook(io.BytesIO(write_workbook(instrument)))
	for title in ("Jawaban", "Aturan", "Konversi"):
		del workbook[title]
	buffer = io.BytesIO()
	workbook.save(buffer)
	assert read_workbook(buffer.getvalue()) == instrument


@pytest.mark.parametrize("title", ["Instrumen", "Butir", "Predikat"])
def test_a_missing_sheet_is_named(title):
	assert f"Lembar “{title}” tidak ada." in problems(edited(drop=title))


@pytest.mark.parametrize(
	("cells", "sentence"),
	[
		({"Butir_A3": "daun"}, "Butir baris 3: kolom jenis, “daun” tidak dikenal"),
		({"Butir_B3": "satu"}, "Butir baris 3: kolom kedalaman, “satu” bukan angka"),
		({"Butir_B3": 1.5}, "Butir baris 3: kolom kedalaman harus bilangan bulat"),
		({"Butir_B3": None}, "Butir baris 3: kolom kedalaman masih kosong"),
		({"Butir_B2": -1}, "Komponen 1 berada di tempat yang salah"),
		({"Butir_B3": 1e14}, "Sub Komponen 1.a berada di tempat yang salah"),
		({"Butir_D3": None}, "Butir baris 3: kolom kode masih kosong"),
		({"Butir_F3": "berat"}, "Butir baris 3: kolom bobot, “berat” bukan angka"),
		({"Butir_F3": "6.5"}, "Butir baris 3: kolom bobot, “6.5” bukan angka"),
		({"Butir_F3": None}, "Bobot 1.a harus lebih besar dari 0"),
		({"Butir_F3": 7}, "Jumlah bobot seluruh butir adalah 101"),
		({"Butir_D1": "nomor"}, "Butir: kolom kode tidak ada pada baris judul"),
		({"Instrumen_A2": "warna"}, "Instrumen baris 2: kolom kolom, “warna” tidak dikenal"),
		({"Instrumen_A3": "kode"}, "Instrumen: “kode” diisi dua kali"),
		({"Instrumen_B2": None}, "belum mempunyai kode"),
		({"Instrumen_B5": "kemarin"}, "Instrumen baris 5: kolom isi, “kemarin” bukan tahun"),
		({"Instrumen_B8": "mungkin"}, "Instrumen baris 8: kolom isi, “mungkin” tidak dikenal"),
		({"Instrumen_B10": "bintang"}, "Instrumen baris 10: kolom isi, “bintang” tidak dikenal"),
		({"Instrumen_B10": None}, "Instrumen baris 10: kolom isi"),
		({"Instrumen_B11": "nol"}, "Instrumen baris 11: kolom isi, “nol” bukan angka"),
		({"Jawaban_B2": None}, "Jawaban baris 2: kolom nilai masih kosong"),
		({"Jawaban_A2": None}, "Jawaban baris 2: kolom jawaban masih kosong"),
		({"Predikat_D2": "tinggi"}, "Predikat baris 2: kolom dari, “tinggi” bukan angka"),
		({"Predikat_E2": "benar"}, "Predikat baris 2: kolom termasuk dari, “benar” tidak dikenal"),
		({"Predikat_H2": "A"}, "Predikat baris 2: AA mempunyai rentang dan juga pengganti"),
		({"Predikat_D2": 95}, "di antara “A” dan “AA” tidak mempunyai kategori"),
		({"Aturan_B2": None}, "Aturan baris 2: kolom tidak di atas masih kosong"),
		({"Aturan_A2": "9.z"}, "Aturan menyebut kode 9.z"),
		({"Konversi_B2": "Z"}, "Konversi menyebut jawaban Z"),
		({"Konversi_C2": "x"}, "Konversi baris 2: kolom dari, “x” bukan angka"),
	],
)
def test_a_wrong_cell_is_named(cells, sentence):
	found = problems(edited(**cells))
	assert any(sentence in problem for problem in found), found


def test_all_problems_are_told_at_once_and_not_without_end():
	found = problems(edited(Butir_A3="daun", Jawaban_B2="x", Aturan_A2=" "))
	assert len(found) == 3
	found = problems(edited(**{f"Butir_A{row}": "daun" for row in range(2, 98)}))
	assert len(found) < 60 and found[-1] == "Masih ada masalah lain setelah ini."


def test_a_predicate_given_by_hand_keeps_what_it_stands_in_for():
	instrument = shipped_instrument("rb-2023")
	minus = Predicate("A-", "Memuaskan dengan Catatan", "", None, "A")
	assert minus in read_workbook(write_workbook(instrument)).predicates


def test_an_open_predicate_and_open_bounds_survive():
	predicates = (Predicate("Semua", band=Band("Semua")),)
	instrument = replace(shipped_instrument("rb-2020"), predicates=predicates)
	assert read_workbook(write_workbook(instrument)) == instrument


# --- hostile files ---


@pytest.mark.parametrize("data", [b"", b"kode,judul\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n\0", b"\0" * 5000])
def test_what_is_no_workbook_is_told_in_one_sentence(data):
	assert len(problems(data)) == 1


def test_a_zip_file_of_something_else_is_told_in_one_sentence():
	buffer = io.BytesIO()
	with ZipFile(buffer, "w") as archive:
		archive.writestr("surat.txt", "halo")
	assert len(problems(buffer.getvalue())) == 1


def test_a_workbook_that_unpacks_to_too_much_is_not_read(monkeypatch):
	monkeypatch.setattr(spreadsheets, "_LARGEST_UNPACKED", 1000)
	assert problems(write_workbook(AKIP)) == ["Isi berkas XLSX terlalu besar; bagi menjadi beberapa berkas."]


def test_a_workbook_for_something_else_names_the_missing_sheets(workbook_bytes):
	found = problems(workbook_bytes(["indikator", "target"], ["a", 1]))
	assert found == [f"Lembar “{title}” tidak ada." for title in ("Instrumen", "Butir", "Predikat")]


@pytest.mark.parametrize("keep", [0, 1])
def test_sheets_without_rows_are_an_instrument_without_anything(keep):
	workbook = openpyxl.load_workbook(io.BytesIO(write_workbook(AKIP)))
	for page in workbook:
		page.delete_rows(1 + keep, 200)
	buffer = io.BytesIO()
	workbook.save(buffer)
	found = problems(buffer.getvalue())
	assert "Instrumen belum mempunyai butir yang dinilai." in found


def test_a_sheet_of_thousands_of_rows_is_refused():
	rows = {
		f"Butir_{column}{row}": value
		for row in range(98, 5300)
		for column, value in (("A", "kriteria"), ("B", 2), ("D", f"x{row}"), ("E", "x"))
	}
	assert any("paling banyak 5000" in problem for problem in problems(edited(**rows)))
