"""The national table: exact sums, the same on pandas and Dask, in any order and any partitioning."""

import random
from datetime import date
from fractions import Fraction
from itertools import pairwise

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seroja.core.achievement import achievement
from seroja.core.numbers import LARGEST
from seroja.core.rendering import records
from seroja.core.roll_up import RollUpError, _digits, _totals, checked, roll_up_pdf, table, table_of_parts
from seroja.core.scales import DEFAULT_SCALE, shipped_scales

SCALE = shipped_scales()[DEFAULT_SCALE]


def figure(**fields) -> dict:
	return {
		"government": "3573",
		"government_name": "Kota Contoh",
		"level": "city",
		"year": 2025,
		"quarter": 1,
		"bappenas_code": "B-1",
		"name": "Indikator",
		"polarity": "maximize",
		"target": 100.0,
		"realization": 90.0,
		"numerator": None,
		"denominator": None,
		"factor": None,
	} | fields


def rolled(*rows: dict):
	return table(checked(pd.DataFrame(list(rows))), SCALE)


def national(*rows: dict) -> dict:
	"""The national row of figures of one indicator and quarter."""
	result = rolled(*rows).national
	assert len(result) == 1
	return result.iloc[0].to_dict()


# --- what the figures mean ---


def test_a_row_counts_governments_figures_and_values():
	row = national(
		figure(government="A"),
		figure(government="A", realization=100.0),
		figure(government="B", realization=None),
		figure(government="C", realization=150.0),
	)
	assert (row["governments"], row["figures"], row["valued"], row["reached"]) == (3, 4, 3, 2)
	assert row["mean_achievement"] == pytest.approx((90 + 100 + 150) / 3)
	assert row["mean_score"] == pytest.approx((90 + 100 + 120) / 3)
	assert (row["lowest"], row["highest"]) == (90.0, 150.0)
	assert {label: row[f"count:{label}"] for label in SCALE.labels} == {
		"Sangat Tinggi": 2,
		"Tinggi": 1,
		"Sedang": 0,
		"Rendah": 0,
		"Sangat Rendah": 0,
	}


def test_missing_is_not_zero():
	row = national(figure(realization=None), figure(target=None))
	assert (row["figures"], row["valued"], row["reached"]) == (2, 0, 0)
	for name in ("mean_achievement", "mean_score", "lowest", "highest", "numerator", "denominator", "rate"):
		assert np.isnan(row[name]), name
	assert rolled(figure(realization=None)).governments["category"].isna().all()
	assert national(figure(realization=0.0))["mean_achievement"] == 0.0


def test_a_national_rate_is_the_rate_of_the_totals_and_no_mean_of_rates():
	row = national(
		figure(government="A", realization=50.0, numerator=1, denominator=2),
		figure(government="B", realization=10.0, numerator=100, denominator=1000),
		figure(government="C", realization=30.0),
		figure(government="D", realization=None, numerator=5),
	)
	assert (row["rated"], row["numerator"], row["denominator"]) == (2, 101.0, 1002.0)
	assert row["rate"] == 101 / 1002 * 100


def test_the_factor_of_the_rate_is_that_of_all_or_there_is_none():
	parts = {"numerator": 1, "denominator": 2}
	assert national(figure(**parts, factor=1000), figure(**parts, factor=1000))["rate"] == 500.0
	assert national(figure(**parts, factor=100), figure(**parts))["rate"] == 50.0
	assert np.isnan(national(figure(**parts, factor=1000), figure(**parts))["rate"])


def test_nobody_to_be_counted_gives_no_rate():
	row = national(figure(realization=None, numerator=0, denominator=0))
	assert row["rated"] == 1 and row["denominator"] == 0.0 and np.isnan(row["rate"])


def test_cities_provinces_quarters_and_codes_are_kept_apart():
	result = rolled(
		figure(),
		figure(level="province"),
		figure(quarter=2),
		figure(year=2024),
		figure(bappenas_code="B-0"),
	)
	keys = ["bappenas_code", "level", "year", "quarter"]
	assert result.national[keys].to_numpy().tolist() == [
		["B-0", "city", 2025, 1],
		["B-1", "city", 2024, 1],
		["B-1", "city", 2025, 1],
		["B-1", "city", 2025, 2],
		["B-1", "province", 2025, 1],
	]


def test_a_figure_without_a_reference_code_counts_for_its_government_only():
	result = rolled(figure(bappenas_code=""), figure(bappenas_code=None))
	assert result.national.empty and result.governments["indicators"].tolist() == [2]


def test_a_government_has_its_counts_mean_and_category():
	result = rolled(
		figure(realization=80.0), figure(bappenas_code=""), figure(government="1", realization=None)
	)
	first, second = records(result.governments)
	assert (first["government"], first["indicators"], first["valued"], first["category"]) == ("1", 1, 0, None)
	assert (second["name"], second["mean_score"], second["category"]) == ("Kota Contoh", 85.0, "Tinggi")


def test_more_governments_than_bits_in_a_word_are_counted():
	rows = [figure(government=f"G{number % 150}") for number in range(400)]
	assert national(*rows)["governments"] == 150


def test_a_name_is_taken_where_there_is_one():
	assert national(figure(name=""), figure(name="Angka harapan hidup"), figure(name=None))["name"] == (
		"Angka harapan hidup"
	)


def test_an_achievement_beyond_all_measure_is_no_value():
	row = national(figure(target=1e-12, realization=1e15), figure())
	assert (row["valued"], row["highest"]) == (1, 90.0)


# --- figures that cannot be used ---


@pytest.mark.parametrize(
	("field", "value"),
	[
		("level", "village"),
		("government", ""),
		("year", 20255),
		("quarter", 5),
		("quarter", 1.5),
		("polarity", "up"),
		("target", "delapan"),
		("target", "1e300"),
		("target", float("inf")),
		("realization", LARGEST * 1.1),
		("numerator", -1),
		("factor", 0),
		("method", "guess"),
		("ordinal_scale", "Tidak ada"),
		("no_population", "mungkin"),
		("target", [1.0]),
		("polarity", ["maximize"]),
	],
)
def test_a_column_that_cannot_be_used_is_named(field, value):
	with pytest.raises(RollUpError, match=f"Kolom {field}: .* perbaiki berkasnya"):
		checked(pd.DataFrame([figure(), figure(**{field: value})]))


def test_missing_columns_are_named():
	with pytest.raises(RollUpError, match="Kolom level, polarity tidak ada"):
		checked(pd.DataFrame([figure()]).drop(columns=["level", "polarity"]))


def test_bytes_and_repeated_headings_are_refused():
	with pytest.raises(RollUpError, match="Kolom government tidak berisi teks atau angka"):
		checked(pd.DataFrame([figure(government=b"\xff")]))
	frame = pd.DataFrame([figure()])
	with pytest.raises(RollUpError, match="judul kolom yang sama"):
		checked(pd.concat([frame, frame["target"]], axis=1))


def test_texts_and_numbers_read_alike():
	rows = [figure(numerator=1, denominator=2), figure(realization=None)]
	texts = pd.DataFrame(rows).astype(object).where(pd.DataFrame(rows).notna(), "").astype(str)
	pd.testing.assert_frame_equal(checked(texts), checked(pd.DataFrame(rows)))


# --- exact sums ---

numbers = (
	st.floats(-LARGEST, LARGEST) | st.floats(-1e3, 1e3) | st.sampled_from([0.1, -0.1, 1e15, 5e-324, -1e-13])
)


@given(st.lists(numbers, min_size=1, max_size=30))
def test_a_sum_is_the_exact_sum_of_its_values_rounded_one_by_one(values):
	digits = _digits("x", np.array(values))
	sums = pd.DataFrame({name: [column.sum()] for name, column in digits.items()})
	rounded = sum(round(Fraction(value) * 2**43) for value in values)
	assert _totals(sums, "x") == [rounded]


@given(numbers)
def test_no_digit_is_so_large_that_billions_of_them_overflow(value):
	assert all(abs(int(digit[0])) <= 2**31 for digit in _digits("x", np.array([value])).values())


@given(st.floats(0, 1000).map(lambda value: round(value, 2)))
def test_the_mean_of_one_figure_is_its_achievement(realization):
	row = national(figure(target=73.0, realization=realization))
	assert row["mean_achievement"] == row["lowest"] == achievement("maximize", 73.0, realization).raw


# --- one table, whatever the engine, the order and the partitions ---

amounts = st.none() | st.floats(-1e4, 1e4) | st.floats(0, LARGEST)
rows = st.lists(
	st.builds(
		figure,
		government=st.sampled_from(["A", "B", "C"]),
		government_name=st.sampled_from(["Satu", "Dua", ""]),
		level=st.sampled_from(["city", "province"]),
		quarter=st.integers(1, 2),
		bappenas_code=st.sampled_from(["B-1", "B-2", ""]),
		name=st.sampled_from(["Indikator", "Nama lain", ""]),
		polarity=st.sampled_from(["maximize", "minimize", "stabilize"]),
		target=amounts,
		realization=amounts | st.just(-0.0),
		numerator=st.none() | st.floats(0, LARGEST),
		denominator=st.none() | st.floats(0, LARGEST),
		factor=st.sampled_from([None, 100.0, 1000.0]),
	),
	max_size=25,
)


def same_bytes(one, other) -> None:
	for first, second in ((one.national, other.national), (one.governments, other.governments)):
		pd.testing.assert_frame_equal(first, second, check_exact=True)
		assert first.to_csv() == second.to_csv()  # tells 0 from -0


def partitions(frame: pd.DataFrame, cuts: list[int]):
	"""A Dask frame cut at the given rows; some partitions may be empty."""
	edges = [0, *sorted(cuts), len(frame)]
	parts = [checked(frame.iloc[low:high]) for low, high in pairwise(edges)]
	return dd.from_map(lambda part: part, parts, meta=parts[0].head(0))


@given(rows, st.integers(0, 99), st.lists(st.integers(0, 25), max_size=12))
@settings(max_examples=30)
def test_pandas_and_dask_give_the_same_to_the_last_bit_for_any_partitioning(rows, seed, cuts):
	frame = pd.DataFrame(rows, columns=list(figure()))
	shuffled = frame.sample(frac=1, random_state=seed)
	with dask.config.set(scheduler="synchronous"):
		same_bytes(
			table(checked(frame), SCALE),
			table(partitions(shuffled, [min(cut, len(rows)) for cut in cuts]), SCALE),
		)


@given(rows, st.integers(0, 25))
@settings(max_examples=30)
def test_one_part_after_the_other_gives_the_same_to_the_last_bit(rows, cut):
	frame = pd.DataFrame(rows, columns=list(figure()))
	parts = (checked(part) for part in (frame.iloc[cut:], frame.iloc[:cut]))
	codes = sorted({row["government"] for row in rows})
	same_bytes(table(checked(frame), SCALE), table_of_parts(parts, codes, SCALE))


@given(rows, st.integers(0, 99))
@settings(max_examples=60)
def test_the_order_of_rows_does_not_matter(rows, seed):
	shuffled = random.Random(seed).sample(rows, len(rows))
	first, second = (pd.DataFrame(part, columns=list(figure())) for part in (rows, shuffled))
	same_bytes(table(checked(first), SCALE), table(checked(second), SCALE))


@given(rows)
@settings(max_examples=60)
def test_a_figure_without_value_changes_counts_and_nothing_else(rows):
	missing = [row | {"realization": None, "numerator": None} for row in rows]
	frames = [pd.DataFrame(part, columns=list(figure())) for part in (rows, rows + missing)]
	one, other = (table(checked(frame), SCALE).national for frame in frames)
	same = [name for name in one if name not in ("governments", "figures")]
	pd.testing.assert_frame_equal(one[same], other[same], check_exact=True)
	assert (one["figures"] * 2 == other["figures"]).all()


# --- the document ---


def test_the_document_prints_both_tables_and_says_what_it_leaves_out(tmp_path, pdf_text):
	rows = [
		figure(bappenas_code=f"B-{number:03}", realization=None if number else 1234.5)
		for number in range(402)
	]
	file = tmp_path / "rollup.pdf"
	file.write_bytes(roll_up_pdf(rolled(*rows), date(2025, 4, 10), ["Tanda tangan tidak diperiksa."]))
	text = pdf_text(file)
	for expected in ("B-399", "1.234,50%", "2 baris lainnya", "Kota Contoh", "Tanda tangan tidak diperiksa."):
		assert expected in text
	assert "B-400" not in text
