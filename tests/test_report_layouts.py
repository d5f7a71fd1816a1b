"""Layouts of the official reports: those in the package, faults in one's own, and extracts in them."""

import csv
import io
import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from seroja.core.achievement import STATUS_LABELS
from seroja.core.instruments import shipped_instrument, shipped_names
from seroja.core.report_layouts import (
	FIELDS,
	KINDS,
	REPORTS,
	SOURCES,
	Layout,
	LayoutColumn,
	LayoutError,
	build_extract,
	extract_csv,
	extract_xlsx,
	is_valid_in,
	layout_json,
	missing,
	read_layout,
	shipped_layouts,
)
from seroja.core.spm import NEED_SERVED, QUALITY, ROLES, SERVICE, spm_index

SHIPPED = shipped_layouts()
YEAR = 2025
SMALL = {
	"code": "KECIL",
	"title": "Tabel kecil",
	"report": "LPPD",
	"source": "indicators",
	"tags": ["IKK"],
	"sort_by": ["number"],
	"columns": [
		{"field": "number", "heading": "No."},
		{"field": "indicator", "heading": "IKK", "required": True},
		{"field": "realization", "heading": "Capaian {year}", "kind": "number", "required": True},
	],
}


def small(**changes) -> Layout:
	return read_layout(json.dumps(SMALL | changes))


def problems(**changes) -> list[str]:
	"""The sentences with which the small layout, changed so, is refused."""
	with pytest.raises(LayoutError) as error:
		small(**changes)
	return error.value.problems


def table(source: str, *rows: dict) -> pd.DataFrame:
	"""Rows of a source; a field that a row does not give is empty."""
	return pd.DataFrame(list(rows), columns=list(FIELDS[source]), dtype=object)


def indicators(*rows: dict, tag: str = "IKK") -> pd.DataFrame:
	return table("indicators", *({"opd": "Dinas A", "tag": tag} | row for row in rows))


# --- layouts ---


def test_the_layouts_of_the_domain_are_shipped():
	assert set(SHIPPED) >= {
		*("LKPJ-IKD", "LKPJ-SERI", "LKPJ-PROGRAM", "LPPD-MAKRO", "LPPD-IKK", "SPM-INDEKS"),
		*("RB-TEMA", "RB-KOMPONEN", "SAKIP-LKE", "SPBE-LEVEL"),
	}
	assert {layout.report for layout in SHIPPED.values()} == set(REPORTS)
	assert {layout.source for layout in SHIPPED.values()} == set(SOURCES)


@pytest.mark.parametrize("layout", SHIPPED.values(), ids=SHIPPED)
def test_a_shipped_layout_says_where_it_comes_from_and_comes_back_from_json(layout):
	assert layout.regulation and layout.notes
	assert any(column.required for column in layout.columns)
	assert read_layout(layout_json(layout)) == layout


@pytest.mark.parametrize("layout", SHIPPED.values(), ids=SHIPPED)
def test_an_assessment_layout_names_a_series_of_instruments_that_exists_then(layout):
	if layout.source == "assessment":
		instruments = [shipped_instrument(name) for name in shipped_names()]
		found = [one for one in instruments if one.series in layout.tags]
		assert any(is_valid_in(layout, one.valid_from) for one in found)


def test_the_spm_layout_takes_the_tags_that_give_the_roles():
	assert set(SHIPPED["SPM-INDEKS"].tags) == set(ROLES)


@pytest.mark.parametrize(
	("first", "last", "valid"),
	[(None, None, True), (2025, 2025, True), (2026, None, False), (None, 2024, False), (2020, None, True)],
)
def test_a_layout_is_valid_in_its_years_only(first, last, valid):
	layout = small(valid_from=first, valid_to=last)
	assert is_valid_in(layout, YEAR) is valid
	if not valid:
		with pytest.raises(LayoutError, match="tidak berlaku untuk tahun 2025"):
			build_extract(layout, indicators(), YEAR)


@pytest.mark.parametrize(
	("changes", "problem"),
	[
		({"code": "a/b"}, "Kode harus 1 sampai 31 huruf, angka atau tanda hubung."),
		({"title": " "}, "Judul masih kosong."),
		({"title": 5}, "“title” pada tata letak harus berupa teks."),
		({"warna": "biru"}, "Tata letak memuat “warna” yang tidak dikenal."),
		({"valid_from": 25}, "Tahun berlaku: “25” bukan tahun."),
		({"valid_from": 0}, "Tahun berlaku: “0” bukan tahun."),
		({"valid_from": "2025"}, "“valid_from” pada tata letak harus berupa tahun atau null."),
		({"valid_from": 2026, "valid_to": 2025}, "Tahun berlaku terbalik: 2026 sampai 2025."),
		({"tags": []}, "Sumber indicators memerlukan sedikitnya satu tanda pada “tags”."),
		({"tags": "IKK"}, "“tags” pada tata letak harus berupa daftar teks."),
		({"columns": []}, "“columns” pada tata letak harus berupa daftar kolom."),
		({"columns": ["indicator"]}, "Kolom 1 harus berupa objek JSON."),
		({"columns": [{"field": "indicator"}]}, "Kolom 1 belum memuat “heading”."),
		({"columns": [{"field": "unit", "heading": ""}]}, "Kolom 1: judul kolom masih kosong."),
		(
			{"columns": [{"field": "unit", "heading": "S", "width": 101}]},
			"Kolom 1: lebar harus 1 sampai 100.",
		),
		(
			{"columns": [{"field": "unit", "heading": "S", "width": True}]},
			"“width” pada kolom 1 harus berupa bilangan bulat.",
		),
		(
			{"columns": [{"field": "unit", "heading": "{year-5}"}]},
			"Kolom 1: tanda kurung kurawal hanya untuk {year} sampai {year-4}.",
		),
		(
			{"columns": [{"field": "unit", "heading": "A"}, {"field": "unit", "heading": "B"}]},
			"Bidang “unit” dipakai 2 kali.",
		),
	],
)
def test_each_fault_is_named(changes, problem):
	assert problems(**changes) == [problem]


@pytest.mark.parametrize(
	("changes", "words"),
	[
		({"report": "LAKIP"}, ("Laporan “LAKIP”", *REPORTS)),
		({"source": "facts"}, ("Sumber “facts”", *SOURCES)),
		({"sort_by": ["budget"]}, ("“sort_by”", "“budget”", "numerator_label")),
		({"group_by": ["y1"]}, ("“group_by”", "“y1”")),
		({"columns": [{"field": "y1", "heading": "A"}]}, ("Kolom 1", "“y1”", "realization")),
		({"columns": [{"field": "unit", "heading": "A", "kind": "uang"}]}, ("Kolom 1: jenis “uang”", *KINDS)),
	],
)
def test_an_unknown_choice_is_named_with_the_known_ones(changes, words):
	(problem,) = problems(**changes)
	assert all(word in problem for word in words)


def test_all_faults_are_named_at_once():
	columns = [{"field": "budget", "heading": " "}, {"field": "unit"}]
	found = problems(title="", report="X", valid_from=1, tags=[], columns=columns)
	assert len(found) == 7


def test_needed_keys_are_named():
	with pytest.raises(LayoutError) as error:
		read_layout(b"{}")
	assert len(error.value.problems) == 5


@pytest.mark.parametrize("text", [b"", b"[]", b"\xff\xfe", b'{"code": "\\ud800"}', b"[" * 100_000])
def test_what_is_no_layout_at_all_is_refused_in_one_sentence(text):
	with pytest.raises(LayoutError) as error:
		read_layout(text)
	assert len(error.value.problems) == 1


anything = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
	max_leaves=5,
)


@given(st.sampled_from([*SMALL, "group_by", "valid_from", "notes"]), anything)
def test_any_value_is_read_or_refused_with_sentences(key, value):
	try:
		layout = read_layout(json.dumps(SMALL | {key: value}))
	except LayoutError as error:
		assert error.problems and all(isinstance(problem, str) for problem in error.problems)
	else:
		assert read_layout(layout_json(layout)) == layout


# --- extracts ---


def test_numbers_in_a_code_are_compared_as_numbers():
	numbers = ["1.a.10", None, "2.a.1", "1.a.2", "10.a.1", "1.A.1", "1.a"]
	extract = build_extract(small(), indicators(*({"number": number} for number in numbers)), YEAR)
	assert extract["number"].tolist() == ["1.a", "1.A.1", "1.a.2", "1.a.10", "2.a.1", "10.a.1", None]


def test_groups_stand_together_in_the_order_of_their_first_rows():
	rows = [("B", "3"), ("A", "2"), ("B", "1"), (None, "4"), ("A", "5")]
	frame = indicators(*({"part": part, "number": number} for part, number in rows))
	extract = build_extract(small(group_by=["part"]), frame, YEAR)
	assert extract["number"].tolist() == ["1", "3", "2", "5", "4"]


def test_only_tagged_indicators_are_taken():
	frame = pd.concat([indicators({"indicator": "A"}), indicators({"indicator": "B"}, tag="IKD")])
	assert build_extract(small(), frame, YEAR)["indicator"].tolist() == ["A"]
	assert missing(small(), frame, YEAR)["indicator"].tolist() == ["A"]


def test_a_text_that_is_a_number_becomes_one_and_any_other_stays():
	texts = ["1.234,5", "80-90", "Baik", "–", None, "0", 7.5, float("nan")]
	frame = indicators(*({"realization": text} for text in texts))
	found = build_extract(small(sort_by=[]), frame, YEAR)["realization"].tolist()
	assert found[:3] == [1234.5, "80-90", "Baik"]
	assert found[3] is None and found[4] is None and found[7] is None
	assert found[5:7] == [0, 7.5]


def test_without_rows_the_extract_has_its_columns():
	for layout in SHIPPED.values():
		year = layout.valid_from or YEAR
		extract = build_extract(layout, table(layout.source), year)
		assert extract.empty and list(extract) == [column.field for column in layout.columns]
		assert list(missing(layout, table(layout.source), year)) == [
			*("opd", "code", "indicator", "field", "heading")
		]


cells = st.sampled_from([None, "", "1.a.2", "1.a.10", "b", "12,5", "-", 3.5, 10])


@given(st.sampled_from(sorted(SHIPPED)), st.data())
def test_an_extract_keeps_the_columns_of_the_layout_and_loses_no_row(code, data):
	layout = SHIPPED[code]
	names = [field for field in FIELDS[layout.source] if field not in ("tag", "level", "title", "indicator")]
	some = st.fixed_dictionaries({field: cells for field in names})
	rows = data.draw(st.lists(some, max_size=8))
	name = "title" if layout.source == "assessment" else "part" if layout.source == "spm" else "indicator"
	tag = {"tag": layout.tags[0]} if "tag" in FIELDS[layout.source] else {}
	marked = [row | tag | {name: f"baris {place}"} for place, row in enumerate(rows)]
	extract = build_extract(layout, table(layout.source, *marked), layout.valid_from)
	assert list(extract) == [column.field for column in layout.columns]
	assert sorted(extract[name]) == [f"baris {place}" for place in range(len(rows))]


@given(st.permutations([f"1.{letter}.{place}" for letter in "ab" for place in (1, 2, 10, 11)]))
@example(["1.a.10", "1.a.2", "1.b.1", "1.a.1", "1.a.11", "1.b.10", "1.b.2", "1.b.11"])
def test_the_order_of_the_rows_given_does_not_matter(numbers):
	frame = indicators(*({"number": number, "group": number[2]} for number in numbers))
	extract = build_extract(replace(small(), group_by=("group",)), frame, YEAR)
	assert extract["number"].tolist() == [
		f"1.{letter}.{place}" for letter in "ab" for place in (1, 2, 10, 11)
	]


# --- files ---


def test_the_workbook_has_the_official_headings_real_numbers_and_says_what_it_is():
	layout = small(regulation="PP 13/2019", notes="Urutan kolom dari ingatan.")
	frame = build_extract(
		layout, indicators({"number": "1.a.1", "indicator": "=1+1", "realization": "12,5"}), YEAR
	)
	workbook = load_workbook(io.BytesIO(extract_xlsx(layout, frame, YEAR, ["Belum semua terverifikasi."])))
	sheet, about = workbook["KECIL"], workbook["Catatan"]
	assert [cell.value for cell in sheet[1]] == ["No.", "IKK", "Capaian 2025"]
	assert [cell.value for cell in sheet[2]] == ["1.a.1", "=1+1", 12.5]
	assert sheet["B2"].data_type == "s"
	said = {row[1] for row in about.iter_rows(values_only=True)}
	assert said >= {
		*("LPPD: Tabel kecil", "2025", "PP 13/2019", "Urutan kolom dari ingatan."),
		"Belum semua terverifikasi.",
	}


def test_csv_has_the_official_headings_and_empty_cells_for_no_value():
	layout = SHIPPED["LKPJ-SERI"]
	row = {"indicator": "A", "y1": "1.000", "y3": "–", "y5": "0", "tag": "IKD"}
	text = extract_csv(layout, build_extract(layout, table("series", row), YEAR), YEAR).decode("utf-8-sig")
	(found,) = csv.DictReader(io.StringIO(text))
	assert list(found)[-5:] == ["2021", "2022", "2023", "2024", "2025"]
	assert [float(found[year]) for year in ("2021", "2025")] == [1000, 0]
	assert found["2022"] == found["2023"] == ""


# --- what is missing ---


def test_empty_required_cells_are_named_row_by_row():
	frame = indicators(
		{"code": "A-1", "indicator": "Satu", "realization": "5"},
		{"code": "A-2", "indicator": "Dua", "realization": "-"},
		{"code": "A-3", "indicator": "Tiga", "realization": "0"},
		{"code": "A-4"},
	)
	found = missing(small(), frame, YEAR)
	assert list(zip(found["code"], found["field"], strict=True)) == [
		("A-2", "realization"),
		("A-4", "indicator"),
		("A-4", "realization"),
	]
	assert found["heading"].tolist() == ["Capaian 2025", "IKK", "Capaian 2025"]
	assert found["opd"].unique().tolist() == ["Dinas A"]


def test_nobody_to_be_counted_excuses_the_number_and_not_the_text():
	status = STATUS_LABELS["no_population"]
	found = missing(small(), indicators({"code": "A-1", "status_label": status}), YEAR)
	assert found["field"].tolist() == ["indicator"]


def test_of_spm_only_kinds_of_service_can_lack_something():
	rows = pd.DataFrame(
		[
			("Dinas A", "Pendidikan", "Pendidikan dasar", NEED_SERVED, 5, 10, None),
			("Dinas A", "Pendidikan", "Pendidikan dasar", QUALITY, None, None, 50),
			("Dinas A", "Pendidikan", "Pendidikan kesetaraan", NEED_SERVED, None, 0, None),
		],
		columns=["opd", "group", "part", "role", "numerator", "denominator", "value"],
	)
	layout, whole = SHIPPED["SPM-INDEKS"], spm_index(rows).table
	found = missing(layout, whole, YEAR)
	of_pendidikan = found[found["code"] == "Pendidikan"]
	assert set(of_pendidikan["indicator"]) == {"Pendidikan anak usia dini"}
	assert set(of_pendidikan["field"]) == {"need", "served", "quality"}
	assert set(found["indicator"]) <= set(whole.loc[whole["level"] == SERVICE, "part"])
	assert len(build_extract(layout, whole, YEAR)) == len(whole)


@pytest.mark.parametrize("layout", SHIPPED.values(), ids=SHIPPED)
def test_a_row_without_anything_lacks_every_required_cell_once(layout):
	row = {"tag": layout.tags[0] if layout.tags else None, "level": SERVICE}
	empty = {name: value for name, value in row.items() if name in FIELDS[layout.source]}
	found = missing(layout, table(layout.source, empty), layout.valid_from)
	assert found["field"].tolist() == [column.field for column in layout.columns if column.required]


def test_a_heading_without_a_year_is_printed_as_it_is():
	assert LayoutColumn("unit", "Satuan").heading_in(YEAR) == "Satuan"
	assert LayoutColumn("y1", "{year-4}–{year}").heading_in(YEAR) == "2021–2025"
