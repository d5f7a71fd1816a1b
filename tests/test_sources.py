"""Answers of other systems: what becomes records, what is refused, and when their shape has changed."""

import csv
import io
import json
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from seroja.core.json_paths import LONGEST_PATH, MOST_NODES, find, path_problem
from seroja.core.numbers import LARGEST
from seroja.core.sources import (
	DEEPEST,
	LONGEST_CELL,
	MOST_RECORDS,
	AnswerError,
	columns_of,
	fingerprint,
	names_one_list,
	read_pages,
	shape_difference,
	shape_of,
	stated_total,
)


def workbook(rows: list[list]) -> bytes:
	book = Workbook()
	for row in rows:
		book.active.append(row)
	buffer = io.BytesIO()
	book.save(buffer)
	return buffer.getvalue()


def refusal(page: bytes, kind: str = "json", path: str = "") -> str:
	with pytest.raises(AnswerError) as caught:
		read_pages([page], kind, path)
	return str(caught.value)


# --- what becomes records ---


def test_a_list_is_its_elements_an_object_is_one_record_and_pages_keep_their_order():
	pages = [b'[{"a": 1}, {"a": 2}]', b'{"a": 3}', b"[]"]
	assert read_pages(pages, "json") == [{"a": 1}, {"a": 2}, {"a": 3}]
	assert read_pages([], "json") == []


@pytest.mark.parametrize("path", ["$.result.records", "$.result.records[*]", "$..records"])
def test_a_path_leads_to_the_records_by_their_list_or_one_by_one(path):
	page = b'{"success": true, "result": {"records": [{"a": 1}, {"a": 2}]}}'
	assert read_pages([page], "json", path) == [{"a": 1}, {"a": 2}]
	assert read_pages([b'{"success": true, "result": {"records": []}}'], "json", path) == []


@pytest.mark.parametrize(
	("result", "total"),
	[
		({"records": [], "total": 250}, 250),
		({"records": [], "total": 0}, 0),
		({"records": [], "total": 250, "total_was_estimated": True}, None),
		({"records": []}, None),
		({"total": "250"}, None),
		({"total": True}, None),
		([], None),
	],
)
def test_the_total_of_a_datastore_is_a_count_that_is_no_guess(result, total):
	assert stated_total(json.dumps({"success": True, "result": result}).encode()) == total
	assert stated_total(b"[]") is None
	assert stated_total(b"") is None


@pytest.mark.parametrize(
	("path", "is_one"),
	[
		("", True),
		("$", True),
		("$[*]", True),
		("$.data", True),
		("$.data[*]", True),
		("$.data.*", True),
		("$['a:*b'][0].isi", True),
		("$..data", False),
		("$.data[?@.aktif]", False),
		("$.data[*].isi", False),
		("$.data[*][*]", False),
		("$.data[0:5]", False),
	],
)
def test_a_path_that_chooses_or_joins_records_is_not_one_list(path, is_one):
	assert path_problem(path or "$") == ""
	assert names_one_list(path) is is_one


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_may_be_utf_8_or_utf_16_with_its_mark(encoding):
	assert read_pages(['[{"nama": "Dinas Ké😀"}]'.encode(encoding)], "json") == [{"nama": "Dinas Ké😀"}]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_row_of_csv_is_a_record_by_its_headings_whatever_separates_them(delimiter):
	buffer = io.StringIO()
	writer = csv.writer(buffer, delimiter=delimiter)
	writer.writerows([["Nama  Unit", "Jumlah "], ["Dinas A; B, C", "1.200"], ["Dinas D", ""]])
	records = read_pages([buffer.getvalue().encode()], "csv")
	assert records == [
		{"Nama Unit": "Dinas A; B, C", "Jumlah": "1.200"},
		{"Nama Unit": "Dinas D", "Jumlah": ""},
	]


def test_cells_of_a_workbook_keep_their_kind_and_dates_become_iso_texts():
	data = workbook(
		[
			["Tahun", "Nilai", "Sah", "Tanggal", "Jam", "Kosong"],
			[2026, 1.5, True, date(2026, 3, 31), datetime(2026, 3, 31, 7, 30), None],
		]
	)
	assert read_pages([data], "xlsx") == [
		{
			"Tahun": 2026,
			"Nilai": 1.5,
			"Sah": True,
			"Tanggal": "2026-03-31",
			"Jam": "2026-03-31T07:30:00",
			"Kosong": None,
		}
	]


def test_a_column_without_heading_and_content_is_no_column():
	assert read_pages([b"A;B;\n1;2;\n"], "csv") == [{"A": "1", "B": "2"}]
	assert "Judul kolom ke-3 kosong" in refusal(b"A;B;\n1;2;3\n", "csv")


def test_a_heading_that_occurs_twice_is_refused():
	assert "“Nilai” muncul dua kali" in refusal(b"Nilai;Tahun; Nilai\n1;2026;2\n", "csv")


# --- what is refused ---


def deep(levels: int) -> bytes:
	return b'[{"a": ' + b"[" * (levels - 2) + b"]" * (levels - 2) + b"}]"


@pytest.mark.parametrize(
	("page", "reason"),
	[
		(b"", "kosong"),
		(b" \n", "kosong"),
		(b"<!DOCTYPE html><html>", "halaman web"),
		(b"\xef\xbb\xbf\n <html>", "halaman web"),
		("<html>".encode("utf-16"), "halaman web"),
		('[{"a": "é"}]'.encode("latin-1"), "UTF-8"),
		('[{"a": 1}]'.encode("utf-16-le"), "bukan JSON"),
		(b"\xff\xfe[", "UTF-8"),
		(b'[{"a": 1}, {"a"', "terpotong pada baris 1, huruf ke-16"),
		(b'[{"a": 1}] []', "bukan JSON"),
		(b'[{"a": NaN}]', "NaN"),
		(b'[{"a": -Infinity}]', "-Infinity"),
		(b'[{"a": 1e400}]', "terlalu besar"),
		(b'[{"a": 1000000000000001}]', "terlalu besar"),
		(b'[{"a": ' + b"9" * 100_000 + b"}]", "terlalu besar"),
		(deep(DEEPEST + 1), f"{DEEPEST} tingkat"),
		(b"[" * 1_000_000, f"{DEEPEST} tingkat"),
		(b'{"a":' * 200_000, f"{DEEPEST} tingkat"),
		(b'[{"a": 1, "b": 2, "a": 3}]', "“a” muncul dua kali"),
		(b'[{"a": 1}, 2]', "Data ke-2 bukan objek"),
		(b'"teks"', "bukan objek"),
		(b'[{"a": "' + b"x" * (LONGEST_CELL + 1) + b'"}]', "lebih panjang"),
		(b'[{"' + b"x" * 400 + b'": 1}]', "lebih panjang"),
		(b'[{"a": "\\ud800"}]', "huruf yang rusak"),
		(b'{"success": false, "error": {"message": "rahasia"}}', "success: false"),
	],
)
def test_an_answer_that_is_not_whole_plain_json_is_refused_with_the_reason(page, reason):
	said = refusal(page)
	assert reason in said
	assert len(said) < 300 and "\n" not in said and said.endswith(".")


def test_what_just_fits_is_read():
	assert read_pages([deep(DEEPEST)], "json")
	assert read_pages([json.dumps([{"a": int(LARGEST), "b": "x" * LONGEST_CELL}]).encode()], "json")


def test_the_refusal_of_a_failed_request_never_repeats_what_the_other_system_said():
	assert "rahasia" not in refusal(b'{"success": false, "error": {"message": "kunci rahasia"}}')


@pytest.mark.parametrize(
	("page", "kind", "reason"),
	[
		(b"", "csv", "kosong"),
		(b"<html></html>", "csv", "halaman web"),
		(b"<html></html>", "xlsx", "halaman web"),
		(b"A,B\n1,2,3\n", "csv", "Baris 2"),
		(b'A;B\n"1;2\n', "csv", "rusak"),
		(b"A;B\n" + b"x" * 10_000_000 + b";1\n", "csv", "lebih panjang"),
		(b"A;B\n" + b"x" * (LONGEST_CELL + 1) + b";1\n", "csv", "lebih panjang"),
		(b"A\0B\n", "csv", "bukan CSV"),
		(b"PK\x03\x04", "xlsx", "tidak dapat dibuka"),
		(b"Nama\nA", "xlsx", "tidak dapat dibuka"),
		(b"[]", "xml", "tidak dikenal"),
	],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_reason(page, kind, reason):
	assert reason in refusal(page, kind)


def test_a_refusal_names_the_page_where_there_are_several():
	with pytest.raises(AnswerError, match=r"^Halaman 2: Jawaban kosong"):
		read_pages([b"[]", b""], "json")


def test_more_records_than_any_source_of_figures_has_are_refused():
	many = b"[" + b"{}," * MOST_RECORDS + b"{}]"
	assert "200.000" in refusal(many)
	half = b"[" + b"{}," * (MOST_RECORDS // 2) + b"{}]"
	with pytest.raises(AnswerError, match=r"200\.000"):
		read_pages([half, half], "json")
	assert "terlalu banyak" in refusal(b"A;B\n" + b"1;2\n" * (MOST_RECORDS + 1), "csv")
	assert len(read_pages([b"A;B\n" + b"1;2\n" * MOST_RECORDS], "csv")) == MOST_RECORDS


# --- paths ---


@pytest.mark.parametrize(
	"path",
	[
		"$[?match(@.a, '(a+)+$')]",
		"$[?search(@.a, 'x')]",
		"$[?@.a =~ /x/]",
		"$..a..b",
		"$['a', 'b']",
		"$[*, *][*, *]",
		"$[?@.a == $[0].b]",
		"$[?@..a]",
		"$[?@.tags[*]]",
		"a.b",
		"$[",
		"",
		"$[?@.a == 1e400]",
		"$[" + "9" * 480 + "]",
		"$[?" + "(" * 400 + "@.a",
		"$" + ".a" * LONGEST_PATH,
	],
)
def test_a_path_that_is_broken_or_might_never_end_is_refused_before_it_runs(path):
	assert path_problem(path)
	assert path_problem(path).endswith(".")


@pytest.mark.parametrize(
	("path", "found"),
	[
		("$[?@.status == 'Selesai'].jumlah", [1, 3]),
		("$[?@.status == 'Selesai' && !(@.jumlah > 2)].jumlah", [1]),
		("$[?length(@.status) == 6].jumlah", [2]),
		("$[?@['a b']]['a b']", [9]),
		("$..c", [7]),
		("$[-1].jumlah", [3]),
	],
)
def test_a_path_finds_what_rfc_9535_says(path, found):
	records = [
		{"status": "Selesai", "jumlah": 1, "b": {"c": 7}},
		{"status": "Proses", "jumlah": 2, "a b": 9},
		{"status": "Selesai", "jumlah": 3},
	]
	assert path_problem(path) == ""
	assert [value for _, value in find(path, records)] == found


def test_a_path_that_finds_too_much_says_so_and_gives_no_part_of_it():
	with pytest.raises(ValueError, match=r"lebih dari 200\.000"):
		find("$[*]", [{}] * (MOST_NODES + 1))


# --- fingerprint and shape ---


@given(st.lists(st.binary(max_size=5), max_size=4), st.lists(st.binary(max_size=5), max_size=4))
def test_only_the_same_pages_have_the_same_fingerprint(one, other):
	assert (fingerprint(one) == fingerprint(other)) is (one == other)


def test_a_shape_is_the_columns_and_kinds_of_values_not_their_order_or_content():
	first = [{"a": 1, "b": "x"}, {"a": 2.5, "b": None}]
	assert columns_of(first) == {"a": "number", "b": "text"}
	assert shape_of(first) == shape_of([{"b": "other", "a": 7}])
	for other in ([{"a": 1}], [{"a": "1", "b": "x"}], [{"a": True, "b": "x"}], [{"A": 1, "b": "x"}], []):
		assert shape_of(first) != shape_of(other)


def test_a_change_of_shape_is_told_by_the_names_of_the_columns():
	before = columns_of([{"Jumlah": 1, "Status": "x", "Lama": "y"}])
	now = columns_of([{"Jumlah": "1", "Status": None, "Baru": [1]}])
	assert shape_difference(before, now) == (
		"Bentuk jawaban berubah: kolom hilang Lama; kolom baru Baru; isi berubah Jumlah (angka menjadi teks)."
	)
	assert shape_difference(before, before) == ""
	many = shape_difference({}, {f"k{number:03}": "text" for number in range(500)})
	assert "k009 dan 490 lainnya" in many
