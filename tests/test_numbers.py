"""Numbers as people write them: reading, detecting the convention, rounding and printing."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.numbers import (
	LARGEST,
	NumberFormatError,
	Value,
	detect_decimal,
	format_number,
	is_no_population,
	is_no_value,
	parse_number,
	parse_range,
	read_value,
	round_half_up,
)

DECIMALS = st.decimals(-(10**9), 10**9, places=6, allow_nan=False, allow_infinity=False)


def english(text: str) -> str:
	return text.translate(str.maketrans(",.", ".,"))


# --- reading ---


@pytest.mark.parametrize(
	("text", "number"),
	[
		("1.234,56", 1234.56),
		("1234,56", 1234.56),
		("6.764.342.774", 6764342774.0),
		("0,604", 0.604),
		("-24,65", -24.65),
		("−24,65", -24.65),
		("+5", 5.0),
		(" 87,38 ", 87.38),
		("95,33%", 95.33),
		("95,33 %", 95.33),
		("Rp 1.500.000", 1500000.0),
		("Rp. 1.500.000,50", 1500000.5),
		("rp1.500", 1500.0),
		("1.234", 1234.0),
	],
)
def test_a_number_is_read_in_either_convention(text, number):
	assert parse_number(text, ",") == number
	point = text.replace("Rp.", "Rp") if text.startswith("Rp.") else text
	assert parse_number(english(point), ".") == number


@pytest.mark.parametrize("value", [0, 5, 87.38, -24.65, Decimal("87.38")])
def test_a_real_number_passes_through_in_any_convention(value):
	assert parse_number(value, ",") == parse_number(value, ".") == float(value)


@pytest.mark.parametrize(
	"text",
	[
		"12.5",
		"1.23.456",
		"12.34.567",
		"1.2345",
		"1,2,3",
		"1.234.56",
		"12,5,",
		"12,5 ha",
		"> 5",
		"1e5",
		"1:32",
		"5-",
		"--5",
		"abc",
		"Rp",
		"%",
		"",
		"inf",
		"nan",
		"31.12.2025",
		True,
	],
)
def test_a_text_that_is_no_number_in_the_convention_is_refused(text):
	with pytest.raises(NumberFormatError):
		parse_number(text, ",")


@pytest.mark.parametrize("text", ["80 90", "12 5", "1 2 3", "1.234 56"])
def test_two_numbers_in_one_cell_are_not_run_together_into_one(text):
	with pytest.raises(NumberFormatError):
		parse_number(text, ",")


def test_the_refusal_quotes_the_cell_and_shows_how_to_write_it():
	with pytest.raises(NumberFormatError, match=r"“12\.5” bukan angka yang sah.*1\.234,56"):
		parse_number("12.5", ",")
	with pytest.raises(NumberFormatError, match=r"“12,5” bukan angka yang sah.*1\.234,56 ditulis 1,234\.56"):
		parse_number("12,5", ".")


@pytest.mark.parametrize("value", [1e300, "9" * 20, float("inf"), -1e16])
def test_a_number_too_large_to_be_kept_exactly_is_refused(value):
	with pytest.raises(NumberFormatError, match="terlalu besar"):
		parse_number(value, ",")
	assert parse_number(LARGEST) == LARGEST


@pytest.mark.parametrize(
	("text", "bounds"),
	[
		("80-90", (80.0, 90.0)),
		("80 - 90", (80.0, 90.0)),
		("80–90", (80.0, 90.0)),
		("80,5-90,25", (80.5, 90.25)),
		("80% - 90%", (80.0, 90.0)),
		("80 s.d. 90", (80.0, 90.0)),
		("80 s/d 90", (80.0, 90.0)),
		("7 sampai 8", (7.0, 8.0)),
		("-5-3", (-5.0, 3.0)),
		("90-90", (90.0, 90.0)),
		("1.000-2.000", (1000.0, 2000.0)),
	],
)
def test_a_range_is_read_with_its_two_bounds(text, bounds):
	assert parse_range(text, ",") == bounds


@pytest.mark.parametrize("text", ["-5", "80", "WTP", "80-90-100", "80-", "", None, 80.0])
def test_what_is_no_range_is_left_to_the_reader_of_numbers(text):
	assert parse_range(text, ",") is None


@pytest.mark.parametrize(("text", "why"), [("90-80", "terbalik"), ("80.5-90", "bukan angka")])
def test_a_range_with_bad_bounds_is_refused(text, why):
	with pytest.raises(NumberFormatError, match=why):
		parse_range(text, ",")


@pytest.mark.parametrize("text", ["", "  ", "-", "–", "n/a", "N/A", "Belum rilis", "BELUM RILIS ", None])
def test_the_words_that_tables_print_for_no_value_are_no_value(text):
	assert is_no_value(text)


@pytest.mark.parametrize("text", ["0", 0, 0.0, "0,00", "-5", "WTP", "0/0"])
def test_a_zero_or_a_label_is_a_value(text):
	assert not is_no_value(text)


def test_zero_of_zero_is_no_population_and_not_zero():
	assert is_no_population("0/0") and is_no_population("Tidak ada populasi")
	assert not is_no_population("0") and not is_no_population(0)


# --- targets and realizations ---


@pytest.mark.parametrize(
	("cell", "qualitative", "value"),
	[
		("87,38", False, Value(87.38)),
		("87,38", True, Value(87.38)),
		(87.38, False, Value(87.38)),
		("0", False, Value(0.0)),
		("80-90", False, Value(80.0, 90.0)),
		("WTP", True, Value(label="WTP")),
		(" Sangat Baik ", True, Value(label="Sangat Baik")),
		("Level 3", True, Value(label="Level 3")),
		("Belum rilis", False, Value()),
		("-", True, Value()),
		(None, False, Value()),
	],
)
def test_a_cell_is_a_number_a_range_a_label_or_nothing(cell, qualitative, value):
	assert read_value(cell, qualitative=qualitative, is_range=True) == value
	assert value.is_missing == (value == Value())


@pytest.mark.parametrize("cell", ["WTP", "12.5", "90-80"])
def test_a_text_is_no_value_of_a_numeric_indicator(cell):
	with pytest.raises(NumberFormatError):
		read_value(cell, qualitative=False, is_range=True)


def test_a_range_is_no_realization():
	with pytest.raises(NumberFormatError):
		read_value("80-90", qualitative=False)


@given(
	st.one_of(
		st.just(Value()),
		st.sampled_from(["WTP", "Sangat Baik", "A-"]).map(lambda label: Value(label=label)),
		DECIMALS.map(lambda number: Value(float(number))),
		st.tuples(DECIMALS, DECIMALS.map(abs)).map(lambda bounds: Value(*sorted(map(float, bounds)))),
	)
)
def test_a_shown_value_reads_back_as_the_same_value(value):
	assert read_value(value.show(), qualitative=value.label is not None, is_range=True) == value


# --- the convention of a file ---


@pytest.mark.parametrize(
	("values", "decimal"),
	[
		(["12,5"], ","),
		(["12.5"], "."),
		(["1.234,56"], ","),
		(["1,234.56"], "."),
		(["1.234.567"], ","),
		(["1,234,567"], "."),
		(["0,604"], ","),
		(["0.604"], "."),
		(["1234.567"], "."),
		(["1.234", "12,5"], ","),
		(["1.234", "12.5"], "."),
		(["-24,65", "Rp 1.234"], ","),
		(["80,5-90,5"], ","),
		(["5", "100", "WTP", "-", None, 12.5], None),
		([], None),
	],
)
def test_the_decimal_sign_follows_from_the_numbers_that_prove_it(values, decimal):
	assert detect_decimal(values) == decimal


@pytest.mark.parametrize("values", [["12,5", "12.5"], ["1.234,5", "1,234.5"], ["1.234.567", "0.5"]])
def test_two_conventions_in_one_file_are_refused_and_both_shown(values):
	with pytest.raises(NumberFormatError, match="dua cara menulis angka") as refusal:
		detect_decimal(values)
	assert all(f"“{value}”" in str(refusal.value) for value in values)


@pytest.mark.parametrize("values", [["1.234"], ["1,234"], ["12.345", "100"], ["1.234", "5,678"]])
def test_a_file_in_which_every_sign_may_be_thousands_or_decimal_is_refused(values):
	with pytest.raises(NumberFormatError, match="ribuan atau desimal"):
		detect_decimal(values)


@pytest.mark.parametrize("cell", ["31.12.2025", "Perda 3.2.1", "1.2.3"])
def test_a_cell_that_is_a_number_in_no_convention_proves_none(cell):
	assert detect_decimal(["12.5", cell]) == "."
	assert detect_decimal(["12,5", cell]) == ","


@given(st.lists(DECIMALS, min_size=1))
def test_numbers_written_in_one_convention_are_never_taken_for_the_other(numbers):
	texts = [format_number(float(number), None) for number in numbers]
	for sign, written in ((",", texts), (".", [english(text) for text in texts])):
		try:
			assert detect_decimal(written) in (sign, None)
		except NumberFormatError as refusal:
			assert "ribuan atau desimal" in str(refusal)


# --- rounding and printing ---


@pytest.mark.parametrize(
	("value", "decimals", "text"),
	[
		(1.005, 2, "1.01"),
		(2.675, 2, "2.68"),
		(0.125, 2, "0.13"),
		(94.0553, 2, "94.06"),
		(666.6666666667, 2, "666.67"),
		(85.5, 0, "86"),
		(86.5, 0, "87"),
		(-24.645, 2, "-24.65"),
		(0.004999, 2, "0.00"),
	],
)
def test_halves_are_rounded_up_as_official_tables_do(value, decimals, text):
	assert str(round_half_up(value, decimals)) == text


@given(DECIMALS, st.integers(0, 4))
def test_rounding_works_on_the_decimal_value_and_not_on_its_binary_neighbour(number, decimals):
	exact = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
	assert round_half_up(float(number), decimals) == exact


@pytest.mark.parametrize(
	("value", "decimals", "text"),
	[
		(1234.56, 2, "1.234,56"),
		(1234567.891, 2, "1.234.567,89"),
		(6764342774, 0, "6.764.342.774"),
		(95.3, 2, "95,30"),
		(-24.65, 2, "-24,65"),
		(-1234.5, 1, "-1.234,5"),
		(0, 2, "0,00"),
		(-0.0, 2, "0,00"),
		(-0.001, 2, "0,00"),
		(None, 2, "–"),
		(float("nan"), 2, "–"),
		(87.38, None, "87,38"),
		(100.0, None, "100"),
		(1000000.0, None, "1.000.000"),
		(4.728263, None, "4,728263"),
		(0.604, None, "0,604"),
		(1 / 3, None, "0,333333"),
	],
)
def test_a_number_prints_as_indonesians_write_it(value, decimals, text):
	assert format_number(value, decimals) == text


@pytest.mark.parametrize("value", [1e18, 1e22, -1e19, 1.7e308])
def test_a_number_of_any_size_can_be_printed(value):
	text = format_number(value)
	assert text.endswith(",00")
	assert float(text.replace(".", "").replace(",", ".")) == value


@given(DECIMALS)
def test_a_printed_number_reads_back_as_the_same_number(number):
	text = format_number(float(number), None)
	assert parse_number(text, ",") == float(number)
	assert parse_number(english(text), ".") == float(number)
