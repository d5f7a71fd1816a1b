"""Staged files: templates, every error of a row by row and column, and records."""

import io
import time
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from seroja.core.numbers import Value
from seroja.core.spreadsheets import TableError, read_cells
from seroja.core.staging import (
	AMOUNT,
	CHOICE,
	FLAG,
	INTEGER,
	NUMBER,
	TEXT,
	VALUE,
	YEAR,
	Column,
	Layout,
	Problem,
	build_template,
	nomenclature_problem,
	read_staged,
)
from seroja.core.staging_layouts import LAYOUTS

SMALL = Layout(
	"small",
	"Contoh",
	(
		Column("code", "Kode", required=True, max_length=8),
		Column("level", "Jenjang", CHOICE, choices={"rendah": "Low", "low": "Low", "tinggi": "High"}),
		Column("count", "Banyak", INTEGER),
		Column("year", "Tahun", YEAR),
		Column("weight", "Bobot", NUMBER),
		Column("budget", "Pagu Anggaran", AMOUNT),
		Column("active", "Aktif", FLAG),
		Column("goal", "Sasaran Nilai", VALUE),
	),
	("code",),
	{"code": "A-1", "level": "Low", "target": {2025: "12,5", 2026: "80-90"}},
	"target",
)
HEADER = "Kode;Jenjang;Banyak;Tahun;Bobot;Pagu Anggaran;Aktif;Sasaran Nilai"
EMPTY = {
	"code": "A",
	"level": "",
	"count": None,
	"year": None,
	"weight": None,
	"budget": None,
	"active": False,
	"goal": "",
	"target": {},
}


def read(text: str | bytes, layout: Layout = SMALL, name: str = "berkas.csv"):
	return read_staged(text if isinstance(text, bytes) else text.encode(), name, layout)


def read_row(**cells):
	"""The record and the problems of a file with one row of the small layout."""
	staged = read(f"kode;{';'.join(cells)}\nA;{';'.join(cells.values())}\n")
	return staged.records[0], staged.problems


def sheets(data: bytes):
	return load_workbook(io.BytesIO(data))


# --- templates ---

words = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=40).map(str.strip)
decimals = st.decimals(0, 10**9, places=4).map(float)
values = st.one_of(
	st.sampled_from(["WTP", "BB", "Level 3", "A-"]),
	decimals.map(lambda low: Value(low).show()),
	st.tuples(decimals, decimals).map(lambda bounds: Value(min(bounds), max(bounds)).show()),
)
PRESENT = {
	TEXT: words.map(lambda text: text or "A")
	| st.sampled_from(["=1+1", "+62", "-5", "@a", "1.10", "007", "a\nb"]),
	INTEGER: st.integers(-(10**9), 10**9),
	YEAR: st.integers(1900, 2200),
	NUMBER: decimals,
	AMOUNT: st.integers(0, 10**14).map(lambda cents: cents / 100),
	FLAG: st.booleans(),
	VALUE: values,
}
MISSING = {TEXT: "", CHOICE: "", VALUE: "", FLAG: False}


def cells_of(column: Column):
	if column.kind == CHOICE:
		present = st.sampled_from(sorted(set(column.choices.values())))
	else:
		present = PRESENT[column.kind]
	if column.kind == TEXT and column.max_length:
		present = present.map(lambda text: text[: column.max_length].strip())
	return present if column.required else st.just(MISSING.get(column.kind)) | present


def records_of(layout: Layout):
	"""Lists of records of a layout, each with a key of its own and codes that are codes."""
	fields = {column.name: cells_of(column) for column in layout.columns}
	if layout.repeating:
		fields[layout.repeating] = st.dictionaries(st.integers(2020, 2035), values, max_size=4)
	if layout.name == "objectives":
		fields |= {"nomenclature_code": st.just(""), "parent_code": st.just("")}
	if layout.name == "sipd":
		fields |= {"program_code": st.just("1.01.02"), "activity_code": st.just("1.01.02.2.01")}
		fields["sub_activity_code"] = st.integers(0, 9999).map(lambda number: f"1.01.02.2.01.{number:04}")
	return st.lists(
		st.fixed_dictionaries(fields),
		min_size=1,
		max_size=5,
		unique_by=lambda record: tuple(str(record[name]).casefold() for name in layout.key),
	)


@pytest.mark.parametrize("layout", [*LAYOUTS.values(), SMALL], ids=lambda layout: layout.name)
@settings(max_examples=30)
@given(st.data())
def test_a_filled_template_is_read_back_as_the_records_that_filled_it(layout, data):
	records = data.draw(records_of(layout))
	staged = read(build_template(layout, records), layout, "template.xlsx")
	assert staged.problems == [] and staged.ignored == []
	assert staged.records == records
	assert staged.rows == list(range(2, len(records) + 2))


@given(st.lists(values, min_size=1))
@example(["1.234"])
@example(["1.234-2.345"])
@example(["12,345-13,456"])
def test_no_value_of_an_exported_file_can_be_misread(goals):
	records = [EMPTY | {"code": str(number), "goal": goal} for number, goal in enumerate(goals)]
	assert read(build_template(SMALL, records), name="x.xlsx").records == records


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_the_example_of_a_layout_is_a_row_without_problems(layout):
	staged = read(build_template(layout, [layout.example]), layout, "template.xlsx")
	assert staged.problems == []
	assert staged.records[0].items() >= layout.example.items()


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_an_empty_template_has_a_heading_and_a_line_of_the_guide_per_column(layout):
	workbook = sheets(build_template(layout))
	assert workbook.sheetnames == ["Data", "Petunjuk"]
	headings = [cell.value for cell in workbook["Data"][1]]
	assert headings[: len(layout.columns)] == [column.heading for column in layout.columns]
	guide = list(workbook["Petunjuk"].iter_rows(values_only=True))[1:]
	assert [line[0] for line in guide] == headings
	for column, line in zip(layout.columns, guide, strict=False):
		assert line[1] == ("wajib" if column.required else "opsional")
		assert bool(line[3]) == (column.kind in (CHOICE, FLAG))
	with pytest.raises(TableError, match="tidak berisi baris data"):
		read(build_template(layout), layout, "template.xlsx")


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=lambda layout: layout.name)
def test_no_heading_of_a_layout_means_two_columns_and_the_key_is_among_them(layout):
	names = [word for column in layout.columns for word in {column.name, column.heading.casefold()}]
	assert len(names) == len(set(names))
	assert set(layout.key) <= {column.name for column in layout.columns}
	assert set(layout.example) <= {column.name for column in layout.columns} | {layout.repeating}


def test_a_template_shows_what_is_required_and_keeps_its_heading_in_sight():
	data = sheets(build_template(SMALL))["Data"]
	assert data["A1"].fill.fgColor.rgb != data["B1"].fill.fgColor.rgb
	assert data.freeze_panes == "A2"
	assert data.column_dimensions["A"].width == SMALL.columns[0].width


def test_a_template_offers_one_indonesian_word_per_choice():
	def offered(layout):
		validations = sheets(build_template(layout))["Data"].data_validations.dataValidation
		return {str(each.sqref).split("2:")[0]: each.formula1 for each in validations}

	assert offered(SMALL) == {"B": '"rendah,tinggi"', "G": '"ya,tidak"'}
	assert offered(LAYOUTS["indicators"])["F"] == '"maksimal,minimal,stabil,kualitatif"'
	assert offered(LAYOUTS["objectives"])["C"] == '"Tujuan,Sasaran,Program,Kegiatan,Sub Kegiatan"'
	assert offered(LAYOUTS["realizations"])["C"] == '"1,2,3,4"'


def test_more_choices_than_a_drop_down_holds_give_none():
	opds = {f"dinas nomor {number}": f"D{number}" for number in range(30)}
	layout = Layout("many", "Banyak", (Column("opd", "OPD", CHOICE, choices=opds),), ("opd",), {})
	assert not sheets(build_template(layout))["Data"].data_validations.dataValidation


def test_a_text_of_a_template_never_becomes_a_formula_or_stops_the_file():
	text = '=cmd|" /C calc"!A0'
	data = build_template(SMALL, [EMPTY | {"code": text}, EMPTY | {"code": "a\x07\ufffeb"}])
	assert [sheets(data)["Data"][cell].data_type for cell in ("A2", "A3")] == ["s", "s"]
	assert sheets(data)["Data"]["A2"].value == text
	assert sheets(data)["Data"]["A3"].value == "ab"


def test_a_stored_value_that_is_none_is_exported_as_text():
	data = sheets(build_template(SMALL, [EMPTY | {"goal": "31.12.2025", "level": "Sedang"}]))["Data"]
	assert (data["H2"].value, data["B2"].value) == ("31.12.2025", "Sedang")


def test_the_year_columns_of_a_template_are_those_of_its_rows_or_else_of_the_example():
	def years(*rows):
		return [cell.value for cell in sheets(build_template(SMALL, rows))["Data"][1]][len(SMALL.columns) :]

	assert years() == ["Target 2025", "Target 2026"]
	assert years(EMPTY) == ["Target 2025", "Target 2026"]
	rows = (EMPTY | {"target": {2022: "1"}}, EMPTY | {"target": {2021: "2"}})
	assert years(*rows) == ["Target 2021", "Target 2022"]


# --- cells ---


def test_a_row_becomes_a_record_of_typed_values():
	staged = read(f"{HEADER};Target 2025\nA;Tinggi;3;2025;12,5;Rp 1.500.000;ya;80-90;12,50\n")
	assert staged.problems == []
	assert staged.records == [
		{
			"code": "A",
			"level": "High",
			"count": 3,
			"year": 2025,
			"weight": 12.5,
			"budget": 1500000.0,
			"active": True,
			"goal": "80-90",
			"target": {2025: "12,5"},
		}
	]


@pytest.mark.parametrize("empty", ["", " ", "-", "n/a", "Belum rilis"])
def test_missing_is_not_zero(empty):
	record, problems = read_row(**dict.fromkeys(EMPTY.keys() - {"code", "target"}, empty))
	assert record == EMPTY and problems == []


def test_zero_is_a_value():
	record, _ = read_row(count="0", weight="0", budget="0", goal="0", target_2025="0")
	assert [record[name] for name in ("count", "weight", "budget", "goal")] == [0, 0, 0, "0"]
	assert record["target"] == {2025: "0"}


def test_columns_that_are_not_in_the_file_are_missing():
	assert read("kode\nA\n").records == [EMPTY]


@pytest.mark.parametrize(
	("text", "shown"),
	[
		("WTP", "WTP"),
		("12.345,50", "12.345,5"),
		("80 s.d. 90", "80-90"),
		("95%", "95"),
		("Sangat  Baik", "Sangat Baik"),
	],
)
def test_a_value_is_kept_as_indonesians_write_it(text, shown):
	record, problems = read_row(goal=text)
	assert (record["goal"], problems) == (shown, [])


@pytest.mark.parametrize(
	("text", "flag"),
	[
		("ya", True),
		("Tidak", False),
		("1", True),
		("0", False),
		("X", True),
		("TRUE", True),
		("false", False),
		("", False),
	],
)
def test_a_flag_is_read_as_people_write_it(text, flag):
	record, problems = read_row(active=text)
	assert (record["active"], problems) == (flag, [])


def test_the_cells_of_a_spreadsheet_keep_their_type(workbook_bytes):
	data = workbook_bytes(HEADER.split(";"), [7.0, "low", 3.0, 2025.0, 1.5, 10, True, 87.125])
	record = read(data, name="x.xlsx").records[0]
	assert record == EMPTY | {
		"code": "7",
		"level": "Low",
		"count": 3,
		"year": 2025,
		"weight": 1.5,
		"budget": 10.0,
		"active": True,
		"goal": "87,125",
	}


# --- problems ---

BAD = {
	"Kode": ("kode-terlalu-panjang", "paling banyak 8"),
	"Jenjang": ("sedang", "“sedang” tidak dikenal. Pilihan: rendah, low, tinggi."),
	"Banyak": ("1,5", "“1,5” bukan bilangan bulat."),
	"Tahun": ("dua ribu", "“dua ribu” bukan tahun."),
	"Bobot": ("berat", "“berat” bukan angka yang sah."),
	"Pagu Anggaran": ("-5", "“-5” tidak boleh negatif."),
	"Aktif": ("mungkin", "“mungkin” tidak dikenal. Pilihan: ya, tidak"),
	"Sasaran Nilai": ("90-80", "terbalik"),
	"Target 2025": ("31.12.2025", "bukan angka yang sah"),
}


def test_every_error_of_a_row_is_told_with_its_row_and_column():
	header = f"{HEADER};Target 2025"
	bad = ";".join(text for text, _ in BAD.values())
	staged = read(f"{header}\nA;;;;;;;;\n\n{bad}\n;;;;;;;8;x-5\n")
	assert [(problem.row, problem.column) for problem in staged.problems] == [
		*((4, heading) for heading in BAD),
		(5, "Kode"),
	]
	for problem, (_, message) in zip(staged.problems, BAD.values(), strict=False):
		assert message in problem.message
	assert staged.problems[-1].message == "Kode wajib diisi."
	assert staged.rows == [2, 4, 5]
	assert staged.records[:2] == [EMPTY, EMPTY | {"code": ""}]


@given(st.lists(st.sampled_from(list(BAD)), unique=True))
def test_no_error_hides_another(faulty):
	good = dict.fromkeys(BAD, "") | {"Kode": "A"}
	cells = good | {heading: BAD[heading][0] for heading in faulty}
	staged = read(f"{';'.join(cells)}\n{';'.join(cells.values())}\n")
	assert {problem.column for problem in staged.problems} == set(faulty)


def test_problems_name_the_heading_of_the_file_in_the_order_of_the_file():
	staged = read("TAHUN;level;  kode\nx;y;\n")
	assert [problem.column for problem in staged.problems] == ["TAHUN", "level", "kode"]


def test_the_caller_adds_problems_in_their_place():
	staged = read("Kode;Tahun;2025\nA;x;1\nB;2025;1\n")
	staged.problem(1, "code", "sudah ada.")
	staged.problem(0, "", "ditolak.")
	staged.problem(0, "target_2025", "terkunci.")
	staged.problem(0, "budget", "wajib untuk tahun ini.")
	assert [(problem.row, problem.column) for problem in staged.problems] == [
		(2, "Tahun"),
		(2, "2025"),
		(2, "Pagu Anggaran"),
		(2, ""),
		(3, "Kode"),
	]


def test_a_repeated_key_is_an_error_of_the_later_row_and_names_the_earlier_one():
	staged = read("Kode\nA\nB\n\na\nA\n")
	assert staged.problems == [
		Problem(5, "", "Kode sama dengan baris 2."),
		Problem(6, "", "Kode sama dengan baris 2."),
	]


def test_a_key_of_several_columns_is_repeated_only_as_a_whole():
	header = "perangkat daerah;tahun;kode indikator;target tahun"
	staged = read(f"{header}\nA;2025;I1;1\nA;2026;I1;1\nA;2025;I2;1\nA;2025;I1;1\n", LAYOUTS["targets"])
	assert staged.problems == [
		Problem(5, "", "perangkat daerah, tahun, kode indikator sama dengan baris 2."),
	]


def test_a_key_that_cannot_be_read_repeats_nothing():
	staged = read("Kode\n\nterlalu-panjang-1\nterlalu-panjang-2\n")
	assert [problem.column for problem in staged.problems] == ["Kode", "Kode"]


def test_a_cell_longer_than_any_text_is_a_problem():
	staged = read(f"Kode;Bobot\nA;{'9' * 10_001}\n")
	assert [(p.row, p.column) for p in staged.problems] == [(2, "Bobot")]
	assert "10.000 huruf" in staged.problems[0].message


# --- headings ---


@pytest.mark.parametrize("heading", ["Pagu Anggaran", "PAGU  ANGGARAN", "pagu_anggaran", " Budget "])
def test_a_heading_is_matched_by_heading_or_name_and_written_freely(heading):
	assert read(f"kode;{heading}\nA;5\n").records[0]["budget"] == 5


@pytest.mark.parametrize("heading", ["Target 2025", "target_2025", "TARGET  2025", "2025"])
def test_a_year_column_is_known_by_its_year(heading):
	staged = read(f"kode;{heading};2026\nA;12,5;WTP\n")
	assert staged.records[0]["target"] == {2025: "12,5", 2026: "WTP"}
	assert staged.ignored == []


def test_a_year_in_a_spreadsheet_heading_may_be_a_number(workbook_bytes):
	staged = read(workbook_bytes(["Kode", 2025], ["A", 12.5]), name="x.xlsx")
	assert staged.records[0]["target"] == {2025: "12,5"}


def test_a_year_is_nothing_to_a_layout_without_year_columns():
	staged = read("jenis rencana;judul;tahun awal;tahun akhir;2025\nRPD;a;2025;2026;1\n", LAYOUTS["plans"])
	assert staged.ignored == ["2025"] and staged.problems == []


def test_headings_that_nobody_knows_are_told_and_ignored():
	staged = read("Kode;Catatan;;Target 25;Target 3025\nA;x;;1;2\n")
	assert staged.ignored == ["Catatan", "Target 25", "Target 3025"]
	assert staged.records == [EMPTY]


# --- files ---


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_file_is_read_as_spreadsheets_write_it(delimiter, encoding):
	text = "Kode;Bobot;Catatan\nA–é;7;x\n".replace(";", delimiter)
	assert read(text.encode(encoding)).records == [EMPTY | {"code": "A–é", "weight": 7}]


@pytest.mark.parametrize(
	("cells", "decimal", "weight", "budget"),
	[
		("12,5;1.234", ",", 12.5, 1234),
		("12.5;1,234", ".", 12.5, 1234),
		("12;1234", None, 12, 1234),
	],
)
def test_the_convention_is_detected_once_over_all_number_columns(cells, decimal, weight, budget):
	staged = read(f"kode;bobot;budget\nA;{cells}\n")
	assert staged.decimal == decimal
	assert (staged.records[0]["weight"], staged.records[0]["budget"]) == (weight, budget)


def test_a_year_column_proves_the_convention_and_a_text_does_not():
	assert read("kode;bobot;2025\n1.5;1.234;12,5\n").records[0]["weight"] == 1234


@pytest.mark.parametrize(
	("data", "name", "why"),
	[
		(b"", "a.csv", "kosong"),
		(b"Kode\n", "a.csv", "tidak berisi baris data"),
		(b"Bobot\n1\n", "a.csv", "Kolom Kode tidak ada pada baris judul; gunakan template Contoh"),
		(b"Kode;code\nA;B\n", "a.csv", "“Kode” muncul dua kali"),
		(b"Kode;2025;Target 2025\nA;1;1\n", "a.csv", "“Target 2025” muncul dua kali"),
		(b"Kode;Bobot;Pagu Anggaran\nA;1,5;1000.5\n", "a.csv", "dua cara menulis angka"),
		(b"Kode;Bobot\nA;1.234\n", "a.csv", "ribuan atau desimal"),
		(b"Kode;Bobot\nA;1;2\n", "a.csv", "lebih banyak kolom"),
		(b"<!DOCTYPE html><html><body><table><tr><td>Kode</td></tr></table></body></html>", "a.csv", "Kolom"),
		(b"<html><table><tr><td>Kode</td></tr></table></html>", "a.xlsx", "tidak dapat dibuka"),
		(b"<html>" + b"x" * 200_000, "a.csv", "rusak"),
		(b"\xd0\xcf\x11\xe0" + b"\0" * 100, "a.xls", "bukan CSV atau XLSX"),
		(b"Kode\n" + b"A\n" * 100_001, "a.csv", r"lebih dari 100\.000 baris"),
		(b"Kode" + b";" * 30_000 + b"\nA" * 1_000, "a.csv", "terlalu banyak sel"),
	],
)
def test_a_file_that_cannot_be_read_is_refused_with_one_sentence_that_says_why(data, name, why):
	with pytest.raises(TableError, match=why) as refusal:
		read(data, name=name)
	assert "\n" not in str(refusal.value)


def with_sheet(sheet: str) -> bytes:
	"""An XLSX file whose only sheet is the given XML."""
	workbook, changed = io.BytesIO(), io.BytesIO()
	Workbook().save(workbook)
	with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
		for name in source.namelist():
			target.writestr(name, sheet if name == "xl/worksheets/sheet1.xml" else source.read(name))
	return changed.getvalue()


def sheet_xml(rows: str, dimension: str = "A1:XFD1048576") -> str:
	namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	return (
		f'<worksheet xmlns="{namespace}"><dimension ref="{dimension}"/>'
		f"<sheetData>{rows}</sheetData></worksheet>"
	)


def inline(cell: str, text: str) -> str:
	return f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'


HEADING_ROW = f'<row r="1">{inline("A1", "Kode")}{inline("B1", "Bobot")}</row>'


@pytest.mark.parametrize("dimension", ["A1:XFD1048576", "A1"])
def test_the_dimension_that_a_sheet_claims_is_not_believed(dimension):
	rows = f'{HEADING_ROW}<row r="1048576">{inline("A1048576", "A")}<c r="B1048576"><v>2</v></c></row>'
	started = time.perf_counter()
	staged = read(with_sheet(sheet_xml(rows, dimension)), name="x.xlsx")
	assert (staged.rows, staged.records) == ([1048576], [EMPTY | {"weight": 2}])
	assert time.perf_counter() - started < 20


@pytest.mark.parametrize(
	("sheet", "why"),
	[
		(f'{HEADING_ROW}<row r="9999999999999">{inline("A9", "A")}</row>', "tidak berisi baris data"),
		(f'{HEADING_ROW}<row r="2">{inline("AAAAAAAA2", "A")}</row>', "tidak dapat dibuka"),
		(f'{HEADING_ROW}<row r="2"><c r="A2"><v>satu</v></c></row>', "tidak dapat dibuka"),
		(
			HEADING_ROW
			+ "".join(f'<row r="{row}">{inline(f"XFD{row}", "A")}</row>' for row in range(2, 1700)),
			"terlalu banyak sel",
		),
		(" " * 100_000_001, "terlalu besar"),
	],
	ids=["row", "column", "number", "width", "size"],
)
def test_a_hostile_workbook_is_refused(sheet, why):
	with pytest.raises(TableError, match=why):
		read(with_sheet(sheet_xml(sheet)), name="x.xlsx")


def test_a_number_that_fits_no_float_is_a_problem_of_its_cell():
	rows = f'{HEADING_ROW}<row r="2">{inline("A2", "A")}<c r="B2"><v>{"9" * 400}</v></c></row>'
	for number in ("9" * 400, "1e999"):
		(problem,) = read(with_sheet(sheet_xml(rows.replace("9" * 400, number))), name="x.xlsx").problems
		assert (problem.row, problem.column) == (2, "Bobot") and "terlalu besar" in problem.message


def test_a_hostile_text_stays_text():
	staged = read("Kode;Bobot\n=cmd|x;1\n<b>;=1+1\n")
	assert [record["code"] for record in staged.records] == ["=cmd|x", "<b>"]
	assert [(problem.row, problem.column) for problem in staged.problems] == [(3, "Bobot")]


def test_a_long_run_of_spaces_in_a_number_costs_no_time():
	started = time.perf_counter()
	assert read(f"Kode;Bobot;2025\nA;1{' ' * 9_000}x;1{' ' * 9_000}x\n").problems
	assert time.perf_counter() - started < 5


@settings(max_examples=300)
@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a"]))
def test_any_bytes_end_in_records_or_in_a_refusal(data, name):
	for start in (b"", b"Kode;Bobot;Tahun\n", b"Kode;Bobot;Tahun\nA;1;2025\n"):
		try:
			staged = read(start + data, name=name)
		except TableError:
			continue
		assert len(staged.records) == len(staged.rows)


@given(st.lists(st.tuples(st.text(), st.text(), st.text(), st.text(), st.text()), min_size=1))
def test_any_cells_end_in_records_or_in_a_refusal(rows):
	columns = ("Kode", "Jenjang", "Tahun", "Pagu Anggaran", "Target 2025")
	text = "\n".join(
		";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [columns, *rows]
	)
	try:
		staged = read(text.encode("utf-8", "replace"))
	except TableError:
		return
	build_template(SMALL, staged.records)


# --- size ---


def test_11000_rows_are_read_in_seconds():
	layout = LAYOUTS["indicators"]
	records = [{**layout.example, "indicator_code": f"IKU-{number}"} for number in range(11_000)]
	data = build_template(layout, records)
	started = time.perf_counter()
	staged = read(data, layout, "x.xlsx")
	assert len(staged.records) == 11_000 and staged.problems == []
	assert time.perf_counter() - started < 30


def test_11000_rows_of_nothing_but_errors_are_read_in_seconds():
	line = ";".join(text for text, _ in BAD.values())
	started = time.perf_counter()
	staged = read(f"{HEADER};Target 2025\n" + f"{line}\n" * 11_000)
	assert len(staged.problems) == 11_000 * len(BAD)
	assert time.perf_counter() - started < 30


# --- nomenclature ---


@pytest.mark.parametrize(
	("code", "level"),
	[
		("X.XX.01", "Program"),
		("1.01.02", "Program"),
		("X.XX.01.2.01", "Kegiatan"),
		("1.01.02.1.01", "Kegiatan"),
		("X.XX.01.2.01.01", "Sub Kegiatan"),
		("1.01.02.2.01.0001", "Sub Kegiatan"),
	],
)
def test_a_code_of_the_nomenclature_has_one_level(code, level):
	assert nomenclature_problem(code) == ""
	for other in ("Program", "Kegiatan", "Sub Kegiatan"):
		assert (nomenclature_problem(code, other) == "") == (other == level)
	assert nomenclature_problem(code, "Sasaran") == "Sasaran tidak mempunyai kode nomenklatur."


@pytest.mark.parametrize(
	"code",
	[
		"9.01.02",
		"0.01.02",
		"1.1.02",
		"1.01",
		"x.xx.01",
		"1.01.XX",
		"1.01.02.3.01",
		"1.01.02.2",
		"1.01.02.2.01.001",
		"1.01.02.2.01.0001.1",
		"1.01.02\n",
		"１.01.02",
		" 1.01.02",
	],
)
def test_what_is_no_code_is_answered_with_what_is_one(code):
	assert "bukan kode nomenklatur Program atau Kegiatan atau Sub Kegiatan" in nomenclature_problem(code)


def test_no_code_is_no_problem():
	assert nomenclature_problem("") == nomenclature_problem("", "Tujuan") == ""


def test_the_codes_of_objectives_fit_their_level_and_their_parent():
	staged = read(
		"kode;kode induk;jenjang;pernyataan;opd;kode nomenklatur\n"
		"S;;sasaran;a;A;\n"
		"P;S;program;a;A;1.01.02\n"
		"K;P;kegiatan;a;A;1.01.02.2.01\n"
		"K2;P;kegiatan;a;A;1.01.03.2.01\n"
		"K3;tidak ada;kegiatan;a;A;1.01.03.2.01\n"
		"S2;;sasaran;a;A;1.01.02\n"
		"P2;S;program;a;A;1.01.02.2.01\n"
		"?;S;langkah;a;A;9.01.02\n",
		LAYOUTS["objectives"],
	)
	assert [(problem.row, problem.column) for problem in staged.problems] == [
		(5, "kode nomenklatur"),
		(7, "kode nomenklatur"),
		(8, "kode nomenklatur"),
		(9, "jenjang"),
		(9, "kode nomenklatur"),
	]
	assert staged.problems[0].message == "Kode 1.01.03.2.01 tidak diawali kode induknya, 1.01.02."


def test_the_codes_of_a_sipd_row_lie_within_each_other():
	columns = LAYOUTS["sipd"].columns[1:7]
	rows = (
		("1.01.02", "1.01.02.2.01", "1.01.02.2.01.0001"),
		("1.01.03", "1.01.02.2.02", "1.01.02.2.02.0001"),
		("9.01.02", "1.01.02.2.01", "1.01.02.2.04.0001"),
		("1.01.02", "1.01.02", "1.01.02.2.03.01"),
	)
	lines = [";".join(f"{code};nama" for code in row) for row in rows]
	staged = read("\n".join([";".join(column.heading for column in columns), *lines]), LAYOUTS["sipd"])
	assert [(problem.row, problem.column) for problem in staged.problems] == [
		(3, "Kode Kegiatan"),
		(4, "Kode Program"),
		(4, "Kode Sub Kegiatan"),
		(5, "Kode Kegiatan"),
	]


# --- the shipped layouts ---


@pytest.mark.parametrize(
	("layout", "column", "word", "stored"),
	[
		("plans", "plan_type", "renstra", "Renstra"),
		("objectives", "level", "SUB KEGIATAN", "Sub Kegiatan"),
		("indicators", "polarity", "maksimal", "Maximize"),
		("indicators", "polarity", "Minimize", "Minimize"),
		("indicators", "method", "komplemen", "Complement"),
		("indicators", "method", "ordinal", "Ordinal"),
		("indicators", "consolidation", "rata-rata", "AVERAGE"),
		("indicators", "consolidation", "last", "LAST"),
		("realizations", "quarter", "IV", "4"),
		("realizations", "quarter", "TW2", "2"),
		("realizations", "quarter", "3", "3"),
	],
)
def test_the_words_of_a_choice_give_the_stored_value(layout, column, word, stored):
	layout = LAYOUTS[layout]
	choices = next(each.choices for each in layout.columns if each.name == column)
	assert choices[word.casefold()] == stored


def test_cells_come_with_their_row_and_as_wide_as_the_heading():
	cells, rows = read_cells(b"\na;b\n\n1\n", "x.csv", {"a", "b"})
	assert (cells, rows) == ([["a", "b"], ["1", None]], [2, 4])
