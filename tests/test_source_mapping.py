"""Rows that say where figures stand, the figures that come of them, and how those differ from ours."""

import json
import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core import source_records
from seroja.core.differences import KIND_LABELS, Ours, compare, counts
from seroja.core.json_paths import find
from seroja.core.numbers import format_number
from seroja.core.source_mapping import (
	MOST_PLACES,
	Mapped,
	MappingRow,
	Moment,
	apply,
	check_rows,
	fill,
)
from seroja.core.source_records import TooMuchWork
from seroja.core.sources import read_pages

QUARTER = Moment(2026, 2, "2026-04-01", "2026-06-30")
LETTERS = [
	{"Status": "Selesai", "Jenis": "A", "Tahun": 2026, "Jumlah": "1.234,50"},
	{"Status": " selesai ", "Jenis": "Uji", "Tahun": 2026.0, "Jumlah": "0,25"},
	{"Status": "Proses", "Jenis": "A", "Tahun": "2026", "Jumlah": "-"},
	{"Status": "Selesai", "Jenis": "A", "Tahun": 2025, "Jumlah": 7},
	{"Status": None, "Jenis": "A", "Tahun": 2024, "Jumlah": None},
]


def row(**changes) -> MappingRow:
	return replace(MappingRow(1, "IKU-1", "value", column="Jumlah"), **changes)


def figure(records=LETTERS, decimal=",", **changes):
	mapped = apply([row(**changes)], records, QUARTER, decimal)
	assert not mapped.refused, mapped.refused
	return mapped.figures[0]


def reason(records=LETTERS, decimal=",", **changes) -> str:
	mapped = apply([row(**changes)], records, QUARTER, decimal)
	assert not mapped.figures, mapped.figures
	return mapped.refused[0].reason


# --- placeholders and conditions ---


def test_placeholders_give_the_quarter():
	assert fill("{year} {quarter} {period} {start} {end}", QUARTER) == "2026 2 2026-TW2 2026-04-01 2026-06-30"
	assert fill("?q={start}", QUARTER, lambda value: value.replace("-", "%2D")) == "?q=2026%2D04%2D01"


@pytest.mark.parametrize("text", ["{bulan}", "{year", "year}", "{}", "{{year}}", "{year.__class__}"])
def test_any_other_word_in_braces_is_refused(text):
	with pytest.raises(ValueError, match="kurung kurawal"):
		fill(text, QUARTER)


def test_a_placeholder_can_put_nothing_into_a_path_but_letters_digits_and_hyphens():
	with pytest.raises(ValueError, match="bukan tahun"):
		fill("$[?@.a == '{start}']", replace(QUARTER, start="' || @.b == '"))


@pytest.mark.parametrize(
	("condition", "places"),
	[
		("Status = Selesai", (1, 2, 4)),
		("Status=SELESAI ; Jenis != Uji", (1, 4)),
		("Tahun = {year}", (1, 2, 3)),
		("Tahun = {year}; Status = selesai;", (1, 2)),
		("Status !=", (1, 2, 3, 4)),
		("Status =", (5,)),
		("", (1, 2, 3, 4, 5)),
	],
)
def test_a_condition_holds_where_all_its_parts_do_without_case_and_spaces(condition, places):
	counted = figure(column="", condition=condition, aggregate="count")
	assert counted.places == tuple(f"baris data {place}" for place in places)
	assert counted.value == len(places)


# --- figures ---


@pytest.mark.parametrize(
	("aggregate", "text"),
	[("sum", "1241.75"), ("count", "3"), ("mean", "413.916666666667"), ("last", "7")],
)
def test_several_values_become_one_and_missing_ones_count_for_nothing(aggregate, text):
	assert figure(aggregate=aggregate).text == text
	assert figure(aggregate=aggregate).value == float(text)


def test_the_factor_multiplies_without_the_noise_of_binary_arithmetic():
	assert figure([{"Jumlah": 0.1}, {"Jumlah": 0.2}], aggregate="sum", factor="100").text == "30"
	assert figure([{"Jumlah": 1_250_500_000}], factor="0,000001").text == "1250.5"
	assert figure([{"Jumlah": 1e15}]).text == "1000000000000000"
	assert figure([{"Jumlah": "-0,0"}]).text == "0"


def test_texts_are_read_in_the_convention_of_the_source():
	assert figure([{"Jumlah": "1.234"}], decimal=",").value == 1234
	assert figure([{"Jumlah": "1.234"}], decimal=".").value == 1.234
	assert figure([{"Jumlah": "Rp1.234,5"}]).text == "1234.5"
	assert "1,234.56" in reason([{"Jumlah": "1.234,5"}], decimal=".")


def test_a_path_finds_values_below_the_first_level():
	records = [{"t": 2026, "kontrak": {"nilai": 5}}, {"t": 2025, "kontrak": {"nilai": 7}}, {"t": 2026}]
	found = figure(records, column="", path="$[?@.t == {year}].kontrak.nilai")
	assert (found.text, found.places) == ("5", ("baris data 1",))


def test_a_count_of_nothing_is_0_only_where_there_are_records():
	assert figure(column="", condition="Jenis = Tidak Ada", aggregate="count").value == 0
	assert figure(column="", path="$[?@.Jenis == 'Tidak Ada']", aggregate="count").value == 0
	assert "tidak memuat data" in reason([], column="", aggregate="count")


@pytest.mark.parametrize(
	"changes",
	[
		{"condition": "Jenis = Tidak Ada"},
		{"condition": "Status = Selesai; Jenis = Tidak Ada; Tahun = {year}"},
		{"column": "Jumlah", "condition": "Tahun = {year}; Status = Proses"},
		{"path": "$[?@.Tahun == {year} && @.Jenis == 'Tidak Ada']"},
	],
)
def test_a_count_of_0_says_why_in_the_preview(changes):
	mapped = apply([row(aggregate="count", **({"column": ""} | changes))], LETTERS, QUARTER)
	line = compare(mapped, {})[0]
	assert (line.theirs, line.kind) == ("0", "new")
	assert line.reason.startswith("Dihitung 0: ")


def test_a_figure_that_was_found_needs_no_remark():
	assert figure(column="", condition="Jenis = A", aggregate="count").remark == ""
	assert figure([{"Jumlah": 0}]).remark == ""


@pytest.mark.parametrize(
	"changes",
	[
		{"condition": "Tahun = 1999"},
		{"condition": "Tahun = 2023; Status = Selesai"},
		{"condition": "Tahun = {year}; Jumlah = TW{quarter}"},
		{"condition": "Status = Selesai; Jumlah = {period}"},
		{"condition": "Tahun = {start}; Status != Uji"},
		{"path": "$[?@.Tahun == 2023 && @.Status == 'Selesai']"},
		{"path": "$[?@.Tahun == '{period}'].Jumlah"},
		{"path": "$[?@.Jumlah == {year} && (@.Status == 'Selesai' || @.Jenis == 'A')]"},
	],
)
@pytest.mark.parametrize("aggregate", ["count", "sum"])
def test_a_period_that_is_nowhere_in_the_answer_never_counts_as_0(changes, aggregate):
	column = "" if "path" in changes else "Jumlah"
	said = reason(column=column, aggregate=aggregate, **changes)
	assert said.startswith("Tidak ditemukan: tidak ada data yang cocok dengan ")


def test_a_year_and_a_quarter_that_never_come_together_are_no_period_of_the_answer():
	records = [{"t": 2026, "q": 1}, {"t": 2025, "q": 2}]
	conditions = {"column": "", "condition": "t = {year}; q = {quarter}"}
	assert "t = 2026; q = 2" in reason(records, aggregate="count", **conditions)
	path = {"column": "", "path": "$[?@.t == {year} && @.q == {quarter}]"}
	assert "t = 2026; q = 2" in reason(records, aggregate="count", **path)
	assert figure([*records, {"t": 2026, "q": 2}], aggregate="count", **path).value == 1


@pytest.mark.parametrize("path", ["$[?@.kontrak.sts == 'x']", "$[?@.a == 2].kontrak.sts", "$[*].kontrak.sts"])
def test_a_field_below_the_first_level_that_is_gone_never_counts_as_0(path):
	records = [{"a": 1, "kontrak": {"status": "x"}}, {"a": 1, "kontrak": None}]
	assert "“kontrak.sts” tidak ada" in reason(records, column="", path=path, aggregate="count")


@pytest.mark.parametrize("path", ["$[?@.Jenis_Baru == 'A']", "$[?@.Jenis == 'A'].Nilai", "$[*].Nilai"])
def test_a_column_that_is_gone_never_counts_as_0(path):
	assert "tidak ada pada jawaban" in reason(column="", path=path, aggregate="count")


@pytest.mark.parametrize(
	("changes", "said"),
	[
		({}, "Ditemukan 3 isi"),
		({"condition": "Tahun = 1999"}, "Tidak ditemukan: tidak ada data yang cocok"),
		({"condition": "Status = Proses"}, "tidak ada isi pada baris data 3"),
		({"column": "Banyak"}, "Kolom “Banyak” tidak ada"),
		({"condition": "Sts != Uji"}, "Kolom “Sts” tidak ada"),
		({"column": "Status", "condition": "Tahun = 2025"}, "baris data 4: “Selesai” bukan angka"),
		({"column": "", "path": "$"}, "daftar atau objek"),
		({"column": "", "path": "$["}, "bukan JSONPath"),
		({"condition": "Tahun = {tahun}"}, "kurung kurawal"),
		({"factor": "0", "aggregate": "sum"}, "Faktor 0"),
	],
)
def test_a_row_without_a_figure_is_refused_with_the_reason(changes, said):
	assert said in reason(**changes)


@pytest.mark.parametrize(
	"cell",
	[
		"=1+1",
		"+cmd|' /C calc'!A0",
		"@SUM(A1)",
		"-1+2",
		True,
		[1],
		{"a": 1},
		"1e5",
		"٪",
		"12 13",
		1e300,
		"9" * 30_000,
		"0x10",
		"∞",
	],
)
def test_what_is_no_number_is_refused_with_its_place_in_a_short_sentence(cell):
	said = reason([{"Jumlah": cell}])
	assert "baris data 1" in said and len(said) < 250


def test_no_value_is_missing_and_not_0():
	for cell in (None, "", "-", "n/a", "belum rilis", float("nan")):
		assert "Tidak ditemukan" in reason([{"Jumlah": cell}])


def test_a_budget_is_never_negative_and_no_figure_larger_than_any_of_seroja():
	assert "tidak boleh negatif" in reason([{"Jumlah": -5}], field="budget_realization")
	assert figure([{"Jumlah": -5}]).value == -5
	assert "terlalu besar" in reason([{"Jumlah": 1e15}], factor="10")


def test_records_that_no_row_uses_are_named_and_counted():
	records = [{"a": number % 2, "Jumlah": number} for number in range(1_000)]
	mapped = apply([row(condition="a = 1", aggregate="sum")], records, QUARTER)
	assert mapped.unmapped_count == 500
	assert len(mapped.unmapped) == MOST_PLACES
	assert mapped.unmapped[:2] == ("baris data 1", "baris data 3")
	assert len(mapped.figures[0].places) == MOST_PLACES


def test_one_row_that_cannot_work_stops_no_other():
	mapped = apply([row(path="$["), row(number=2, aggregate="sum", indicator="B")], LETTERS, QUARTER)
	assert [refused.row for refused in mapped.refused] == [1]
	assert [found.row for found in mapped.figures] == [2]


# --- properties ---

cells = st.one_of(
	st.floats(-1e12, 1e12),
	st.integers(-(10**12), 10**12),
	st.decimals(-1_000_000, 1_000_000, places=4).map(lambda number: f"{number:f}".replace(".", ",")),
	st.sampled_from([None, "", "-"]),
)


@given(st.lists(cells, min_size=1), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(values, random):
	shuffled = random.sample(values, len(values))
	for aggregate in ("sum", "mean", "count"):
		one, other = (
			apply([row(aggregate=aggregate)], [{"Jumlah": value} for value in order], QUARTER)
			for order in (values, shuffled)
		)
		assert [found.text for found in one.figures] == [found.text for found in other.figures]
		assert len(one.refused) == len(other.refused)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=12), st.data())
def test_splitting_an_answer_into_pages_does_not_matter(values, data):
	records = [{"Jumlah": value} for value in values]
	cut = data.draw(st.integers(0, len(values)))
	pages = [json.dumps(part).encode() for part in (records[:cut], records[cut:])]
	whole = read_pages([json.dumps(records).encode()], "json")
	rows = [row(aggregate="last"), row(number=2, field="numerator", aggregate="sum")]
	assert apply(rows, read_pages(pages, "json"), QUARTER) == apply(rows, whole, QUARTER)


@given(
	st.integers(-1_000_000, 1_000_000).map(Decimal),
	st.sampled_from(
		[("1.000", "0,001"), ("8", "0,125"), ("-2,5", "-0,4"), ("0,01", "100"), ("64", "0,015625")]
	),
)
def test_a_factor_and_its_inverse_give_the_figure_back(number, factors):
	there = figure([{"Jumlah": float(number)}], factor=factors[0])
	back = figure([{"Jumlah": there.value}], factor=factors[1])
	assert Decimal(back.text) == number
	assert "e" not in back.text.casefold()


def test_a_figure_that_a_sheet_cannot_keep_is_refused_and_never_becomes_0():
	for value in (0.0000004, -0.0000004):
		mapped = apply([row()], [{"Jumlah": value}], QUARTER, ",")
		assert not mapped.figures and "terlalu kecil" in mapped.refused[0].reason
	assert figure([{"Jumlah": 0}]).value == 0


@pytest.mark.parametrize("broken", ["numerator", "denominator"])
def test_half_of_a_ratio_is_refused_with_its_other_half(broken):
	cells = {"numerator": "3", "denominator": "4"} | {broken: "banyak"}
	rows = [replace(row(number=place), field=field, column=field) for place, field in enumerate(cells, 1)]
	mapped = apply(rows, [cells], QUARTER, ",")
	assert not mapped.figures
	assert [refusal.row for refusal in mapped.refused] == [1, 2]


@given(st.lists(st.decimals(-(10**9), 10**9, places=6), min_size=1))
def test_a_sum_is_the_decimal_sum_to_the_last_digit(numbers):
	records = [{"Jumlah": f"{number:f}".replace(".", ",")} for number in numbers]
	assert Decimal(figure(records, aggregate="sum").text) == sum(numbers)


# --- many rows over many records ---

words = st.sampled_from(
	["a", " A ", "b", "1", "2026", "", None, 1, 1.0, 2, 2026, True, False, [1], {"a": 1}, {"c": 1}]
)
some_records = st.lists(st.dictionaries(st.sampled_from("abc"), words, min_size=1), min_size=1, max_size=8)
some_clauses = st.lists(
	st.tuples(
		st.sampled_from("abc"),
		st.sampled_from(["=", "!="]),
		st.sampled_from(["a", "B", "1", "2026", "", "true"]),
	),
	max_size=3,
)
comparisons = st.tuples(
	st.sampled_from(["@.a", "@.b", "@['c']", "@.b.a"]),
	st.sampled_from(["==", "==", "!=", "<"]),
	st.sampled_from(["'a'", "'b'", "1", "1.0", "2026", "true", "null", "'1'"]),
).map(" ".join)
filters = st.recursive(
	comparisons | st.just("@.c") | st.just("1 == @.a"),
	lambda inner: (
		st.tuples(inner, st.sampled_from([" && ", " || "]), inner).map(lambda parts: f"({''.join(parts)})")
		| inner.map(lambda part: f"!({part})")
	),
	max_leaves=4,
)
ends = st.sampled_from(["", ".a", ".b.a", "[*]", "..a"])


def as_word(cell) -> str | None:
	if isinstance(cell, (list, dict)):
		return None
	return "" if cell is None else str(int(cell) if isinstance(cell, float) else cell).strip().lower()


def places_one_by_one(records: list[dict], clauses: list[tuple]) -> list[int]:
	return [
		place
		for place, record in enumerate(records)
		if all((as_word(record.get(name)) == word.lower()) is (sign == "=") for name, sign, word in clauses)
	]


def assert_same_places(mapped: Mapped, expected: list[list[int]]) -> None:
	"""What was counted, in every row that was not refused, is what was found record by record."""
	assert len(mapped.figures) + len(mapped.refused) == len(expected)
	for found in mapped.figures:
		assert found.value == len(expected[found.row])
		places = [f"baris data {place + 1}" for place in dict.fromkeys(expected[found.row])]
		assert found.places == tuple(places)
	for refused in mapped.refused:
		assert "tidak ada" in refused.reason and not expected[refused.row]


@given(some_records, st.lists(some_clauses, min_size=1, max_size=4))
def test_conditions_find_the_records_that_a_look_at_each_one_finds(records, conditions):
	records.append(dict.fromkeys("abc"))  # all columns are there
	rows = [
		row(number=number, indicator=f"I{number}", column="", aggregate="count")
		for number in range(len(conditions))
	]
	rows = [
		replace(row, condition="; ".join(map(" ".join, clauses)))
		for row, clauses in zip(rows, conditions, strict=True)
	]
	expected = [places_one_by_one(records, clauses) for clauses in conditions]
	assert_same_places(apply(rows, records, QUARTER), expected)


@given(some_records, st.lists(st.tuples(filters, ends), min_size=1, max_size=4))
def test_paths_find_what_they_find_in_all_records_at_once(records, parts):
	records.append(dict.fromkeys("abc"))
	paths = [f"$[?{judged}]{end}" for judged, end in parts]
	rows = [
		row(number=number, indicator=f"I{number}", column="", aggregate="count", path=path)
		for number, path in enumerate(paths)
	]
	expected = [[parts[0] for parts, cell in find(path, records) if cell not in (None, "")] for path in paths]
	assert_same_places(apply(rows, records, QUARTER), expected)


def many(count: int) -> list[dict]:
	return [{"Kode": f"K{number}", "Tahun": 2026, "Jumlah": number} for number in range(count)]


@pytest.mark.parametrize(
	"place",
	[
		{"condition": "Kode = K{}; Tahun = 2026"},
		{"condition": "Kode = K{}; Tahun = 2025"},
		{"condition": "Tahun = 2026; Kode = K{}; Kode != x"},
		{"column": "", "path": "$[?@.Kode == 'K{}' && @.Tahun == 2026].Jumlah"},
	],
)
def test_the_cost_grows_with_rows_plus_records_and_not_with_their_product(place):
	rows = [
		row(
			number=number,
			indicator=f"I{number}",
			**{name: text.format(number) for name, text in place.items()},
		)
		for number in range(2_000)
	]
	start = time.monotonic()
	mapped = apply(rows, many(50_000), QUARTER)  # each row over each record: 40 seconds and more
	assert time.monotonic() - start < 15
	found = [figure.value for figure in mapped.figures]
	assert found == ([] if "2025" in str(place) else list(range(2_000)))


@pytest.mark.parametrize(
	"place",
	[
		{"column": "Jumlah"},
		{"column": "Jumlah", "condition": "Kode != x"},
		{"path": "$[?@.Jumlah < 0]"},
		{"path": "$..Banyak"},
		{"path": "$[*].*.Banyak"},
		{"path": "$[?" + " || ".join(["@.Jumlah == 2"] * 20) + "]"},
	],
)
def test_what_needs_a_look_at_each_record_is_refused_where_it_would_never_end(place, monkeypatch):
	monkeypatch.setattr(source_records, "MOST_WORK", 200_000)
	rows = [row(number=number, indicator=f"I{number}", **({"column": ""} | place)) for number in range(100)]
	records = many(1_000)
	assert apply(rows[:1], records, QUARTER)
	with pytest.raises(TooMuchWork, match=r"terlalu berat untuk 1\.000 data") as caught:
		apply(rows, records, QUARTER)
	assert len(str(caught.value)) < 300


# --- checks ---

PAIR = [
	MappingRow(1, "A", "numerator", column="x"),
	MappingRow(2, "A", "denominator", condition="y = 1", aggregate="count"),
	MappingRow(3, "B", "value", path="$[?@.t == {year}].x", factor="0,001"),
	MappingRow(4, "B", "budget_realization", column="z", aggregate="sum"),
]


def test_rows_that_can_work_have_no_problems():
	assert check_rows(PAIR) == []
	assert check_rows([]) == []


@pytest.mark.parametrize(
	("place", "changes", "problem"),
	[
		(2, {"column": "x"}, "Baris 3: Isi jalur saja"),
		(2, {"condition": "x = 1"}, "Baris 3: Isi jalur saja"),
		(2, {"path": ""}, "Baris 3: Isi jalur atau kolom"),
		(2, {"path": "$[?"}, "Baris 3: Jalur “$[?”"),
		(2, {"path": "$[?match(@.a, 'b')]"}, "Baris 3: Jalur"),
		(2, {"path": "$.{bulan}"}, "Baris 3: Tanda kurung kurawal"),
		(1, {"condition": "y"}, "Baris 2: Saringan “y”"),
		(1, {"condition": "y = 1;; z = 2"}, "Baris 2: Saringan"),
		(1, {"condition": "!= 2"}, "Baris 2: Saringan"),
		(1, {"condition": "y = {}"}, "Baris 2: Tanda kurung kurawal"),
		(3, {"aggregate": "median"}, "Baris 4: Cara menggabung"),
		(3, {"field": "target"}, "Baris 4: Jenis angka"),
		(3, {"indicator": ""}, "Baris 4: Pilih indikatornya"),
		(2, {"factor": "0,0"}, "Baris 3: Faktor 0"),
		(2, {"factor": "seribu"}, "Baris 3: Faktor “seribu” bukan angka"),
		(2, {"factor": "1,000.5"}, "Baris 3: Faktor"),
		(1, {"indicator": "C"}, "Baris 1: Angka pembilang A memerlukan baris penyebut"),
		(0, {"indicator": "C"}, "Baris 2: Angka penyebut A memerlukan baris pembilang"),
		(2, {"indicator": "A"}, "Baris 3: Nilai A sudah mengikuti"),
		(3, {"field": "value"}, "Baris 3: Angka nilai B dipetakan lebih dari sekali"),
	],
)
def test_a_row_that_cannot_work_is_named_with_its_number(place, changes, problem):
	rows = list(PAIR)
	rows[place] = replace(rows[place], **changes)
	assert any(said.startswith(problem) for said in check_rows(rows)), check_rows(rows)


@given(st.builds(MappingRow, st.integers(1, 9), *[st.text(max_size=30)] * 7))
def test_checks_say_something_about_any_row_and_never_fail(anything):
	assert check_rows([anything])  # a field of random letters never works
	assert apply([anything], [{"a": 1}], QUARTER).refused


# --- differences ---


def difference(text: str, ours: Ours | None):
	mapped = apply([row()], [{"Jumlah": text}], QUARTER)
	(line,) = compare(mapped, {("IKU-1", "value"): ours} if ours else {})
	return line


@pytest.mark.parametrize(
	("theirs", "ours", "kind"),
	[
		("12,5", None, "new"),
		("12,5", Ours(None, ""), "new"),
		("12,5", Ours(None, "-"), "changed"),
		("12,5", Ours(12.5), "same"),
		("1.234,50", Ours(None, "1.234,5"), "same"),
		("1.234,50", Ours(1234.5, "1.234,50"), "same"),
		("1.234,50", Ours(1234.5 * (1 + 1e-10)), "same"),
		("1.234,50", Ours(1234.5001), "changed"),
		("0", Ours(0.0), "same"),
		("0", Ours(None, ""), "new"),
		("5", Ours(None, "WTP"), "changed"),
		("5", Ours(None, "5-7"), "changed"),
	],
)
def test_a_figure_is_new_changed_or_the_same_as_a_number(theirs, ours, kind):
	assert difference(theirs, ours).kind == kind


def test_a_line_keeps_both_figures_and_whether_ours_is_final():
	line = difference("1.300", Ours(1234.5, "", is_verified=True, has_sheet=True))
	assert (line.theirs, line.ours, line.is_final, line.has_sheet) == ("1.300", "1.234,5", True, True)
	assert line.places == ("baris data 1",)


def test_refused_rows_and_unused_records_stand_in_the_preview_and_are_counted():
	rows = [row(condition="Tahun = 2025"), row(number=2, indicator="B", column="Status")]
	mapped = apply(rows, [*LETTERS, {"Tahun": 1}], QUARTER)
	lines = compare(mapped, {("B", "value"): Ours(1, is_verified=True)})
	assert [line.kind for line in lines] == ["new", "refused"]
	unused = compare(replace(mapped, unmapped=("baris data 9",), unmapped_count=1_204), {})[-1]
	assert (unused.kind, unused.places) == ("not_mapped", ("baris data 9",))
	assert unused.reason.startswith(format_number(1_204, 0))
	assert lines[1].is_final and lines[1].ours == "1"
	assert counts([*lines, unused]) == {"new": 1, "changed": 0, "same": 0, "refused": 1, "not_mapped": 1_204}
	assert list(counts([])) == list(KIND_LABELS)
	assert compare(Mapped((), (), (), 0), {}) == []
