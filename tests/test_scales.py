"""Achievement scales and predicates: published bounds, gaps, faults, one value and many alike."""

import math

import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from seroja.core.scales import DEFAULT_SCALE, Band, Scale, scale_from_rows, shipped_scales

SCALES = shipped_scales()


def both(scale: Scale, value: float | None) -> str | None:
	"""The category by `category` and, checked to be the same, by `categories`."""
	one = scale.category(value)
	(code,) = scale.categories([math.nan if value is None else value]).codes
	assert (scale.labels[code] if code >= 0 else None) == one
	return one


def test_the_scales_and_predicates_of_the_domain_are_shipped():
	assert set(SCALES) == {
		"Permendagri 86/2017",
		"LAN 239/2003 (Kota Malang 2014)",
		"Maluku Tengah 2021",
		"Polewali Mandar 2022 (kinerja)",
		"Polewali Mandar 2022 (anggaran)",
		"PermenPAN-RB 8/2021 (IKI)",
		"Predikat AKIP",
		"Predikat RB",
		"Predikat RB (sampai 2022)",
		"Predikat SPBE",
	}
	assert DEFAULT_SCALE in SCALES


# domain.md 3.4 A, the tests of its last paragraph; ST, T, S, R, SR there.
@pytest.mark.parametrize(
	("value", "label"),
	[
		(100, "Sangat Tinggi"),
		(90.01, "Sangat Tinggi"),
		(90.00, "Tinggi"),
		(75.01, "Tinggi"),
		(75.00, "Sedang"),
		(65.01, "Sedang"),
		(65.00, "Rendah"),
		(50.01, "Rendah"),
		(50.00, "Sangat Rendah"),
		(-24.65, "Sangat Rendah"),
		(138.06, "Sangat Tinggi"),
	],
)
def test_permendagri_86_2017_is_half_open_on_the_unrounded_value(value, label):
	assert both(SCALES["Permendagri 86/2017"], value) == label


@pytest.mark.parametrize(
	("value", "label"),
	[
		(98.32, "Sangat Berhasil"),
		(90, "Sangat Berhasil"),
		(86, "Sangat Berhasil"),
		(81, "Berhasil"),
		(69.27, "Cukup Berhasil"),
		(85, "Sangat Berhasil"),
		(84.99, "Berhasil"),
		(70, "Berhasil"),
		(69.99, "Cukup Berhasil"),
		(55, "Cukup Berhasil"),
		(54.99, "Tidak Berhasil"),
	],
)
def test_lan_239_2003_reproduces_the_categories_that_kota_malang_published(value, label):
	assert both(SCALES["LAN 239/2003 (Kota Malang 2014)"], value) == label


@pytest.mark.parametrize(
	("value", "label"),
	[
		(85.01, "Memuaskan"),
		(85, None),
		(84.99, "Sangat Baik"),
		(75.01, "Sangat Baik"),
		(75, "Baik"),
		(65, "Cukup Baik"),
		(50, "Agak Kurang"),
		(30, "Kurang"),
		(0, "Kurang"),
	],
)
def test_maluku_tengah_has_no_category_for_exactly_85(value, label):
	assert both(SCALES["Maluku Tengah 2021"], value) == label


@pytest.mark.parametrize(
	("value", "label"),
	[
		(100.01, "Melebihi Target"),
		(100, "Tercapai"),
		(99.99, "90–99,99"),
		(99.995, "90–99,99"),
		(90, "90–99,99"),
		(89.99, "75–89,99"),
		(75, "75–89,99"),
		(74.99, "65–74,99"),
		(65, "65–74,99"),
		(64.99, "50–64,99"),
		(50, "50–64,99"),
		(49.99, "0–49,99"),
		(0, "0–49,99"),
	],
)
def test_polewali_mandar_keeps_an_exact_100_apart_from_more(value, label):
	assert both(SCALES["Polewali Mandar 2022 (kinerja)"], value) == label


@pytest.mark.parametrize(
	("value", "label"),
	[
		(100, "95–100"),
		(95, "95–100"),
		(94.99, "75–94,99"),
		(75, "75–94,99"),
		(74.99, "50–74,99"),
		(50, "50–74,99"),
		(49.99, "25–49,99"),
		(25, "25–49,99"),
		(24.99, "0–24,99"),
	],
)
def test_polewali_mandar_budget_bands_are_closed_below(value, label):
	assert both(SCALES["Polewali Mandar 2022 (anggaran)"], value) == label


@pytest.mark.parametrize(
	("value", "label"),
	[
		(110, "Sangat Baik"),
		(101, "Sangat Baik"),
		(100, "Baik"),
		(99, "Cukup"),
		(98, "Cukup"),
		(97.8947, "Cukup"),
		(80, "Cukup"),
		(79, "Kurang"),
		(60, "Kurang"),
		(59, "Sangat Kurang"),
	],
)
def test_permenpan_8_2021_has_the_thresholds_of_its_formulas(value, label):
	assert both(SCALES["PermenPAN-RB 8/2021 (IKI)"], value) == label


# domain.md 1.3.4: boundary tests, worked totals of 1.3.3, published pairs.
@pytest.mark.parametrize(
	("value", "predicate"),
	[
		(90.00, "A"),
		(90.01, "AA"),
		(80.00, "BB"),
		(80.01, "A"),
		(70.00, "B"),
		(60.00, "CC"),
		(50.00, "C"),
		(30.00, "D"),
		(100.00, "AA"),
		(79.00, "BB"),
		(0.00, "D"),
		(85.41, "A"),
		(88.5, "A"),
		(89.15, "A"),
		(88.35, "A"),
	],
)
def test_the_akip_predicate_is_open_below_and_closed_above(value, predicate):
	assert both(SCALES["Predikat AKIP"], value) == predicate


@pytest.mark.parametrize("value", [-0.01, 100.01])
def test_no_akip_predicate_exists_outside_0_to_100(value):
	assert both(SCALES["Predikat AKIP"], value) is None


# domain.md 4.2: an index of Kota Mojokerto, Magelang and Malang lies in the A band; above 100 is AA.
@pytest.mark.parametrize(
	("value", "predicate"),
	[
		(100.01, "AA"),
		(100, "A"),
		(88.96, "A"),
		(87.34, "A"),
		(84.85, "A"),
		(80, "BB"),
		(70, "B"),
		(60, "CC"),
		(50, "C"),
		(30, "D"),
		(0, "D"),
	],
)
def test_the_rb_predicate_of_2023_has_aa_only_above_100(value, predicate):
	assert both(SCALES["Predikat RB"], value) == predicate


def test_the_rb_predicate_changed_with_the_year():
	old, new = SCALES["Predikat RB (sampai 2022)"], SCALES["Predikat RB"]
	assert [(old.is_valid_in(year), new.is_valid_in(year)) for year in (2022, 2023)] == [
		(True, False),
		(False, True),
	]
	assert both(old, 90.01) == "AA" and both(new, 90.01) == "A"


# domain.md 4.3: the tests, and the published 3.82, 2.60 and 4.24 of Kota Malang.
@pytest.mark.parametrize(
	("value", "predicate"),
	[
		(3.00, "Baik"),
		(3.42, "Baik"),
		(3.965, "Sangat Baik"),
		(3.50, "Sangat Baik"),
		(3.49, "Baik"),
		(4.20, "Memuaskan"),
		(2.59, "Cukup"),
		(1.80, "Cukup"),
		(1.79, "Kurang"),
		(5.00, "Memuaskan"),
		(3.82, "Sangat Baik"),
		(2.60, "Baik"),
		(4.24, "Memuaskan"),
	],
)
def test_the_spbe_predicate_is_closed_below_and_has_a_class_for_exactly_5(value, predicate):
	assert both(SCALES["Predikat SPBE"], value) == predicate


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_a_shipped_scale_has_no_fault_and_no_gap_but_the_printed_one(scale):
	assert scale.problems() == []
	assert len(scale.gaps()) == (1 if scale.name == "Maluku Tengah 2021" else 0)


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES)
def test_bands_of_a_shipped_scale_are_listed_best_first(scale):
	starts = [band.edges()[0] for band in scale.bands]
	assert starts == sorted(starts, reverse=True)


def test_no_value_has_no_category():
	for value in (None, math.nan):
		assert both(SCALES[DEFAULT_SCALE], value) is None


@pytest.mark.parametrize("value", [1e6, 1e15, 1e300])
def test_a_band_without_upper_bound_holds_every_larger_value(value):
	assert both(SCALES[DEFAULT_SCALE], value) == "Sangat Tinggi"
	assert both(SCALES[DEFAULT_SCALE], -value) == "Sangat Rendah"


def test_categories_are_ordered_best_first_so_that_a_table_sorts_by_them():
	found = SCALES[DEFAULT_SCALE].categories(pd.Series([10.0, 95.0, math.nan, 70.0]))
	assert found.ordered
	assert list(found.categories) == list(SCALES[DEFAULT_SCALE].labels)
	assert list(found.sort_values().dropna()) == ["Sangat Tinggi", "Sedang", "Sangat Rendah"]


# --- scales of one's own ---

TWO = [
	{"label": "Tercapai", "low": 100, "low_closed": True},
	{"label": "Belum", "high": 100, "high_closed": False},
]


def test_a_scale_can_be_built_from_plain_rows():
	scale = scale_from_rows("Dua", TWO, valid_from=2025)
	assert (both(scale, 100), both(scale, 99.9999999)) == ("Tercapai", "Belum")
	assert scale.is_valid_in(2025) and scale.is_valid_in(2030) and not scale.is_valid_in(2024)


@pytest.mark.parametrize(
	("rows", "named"),
	[
		([], "belum mempunyai"),
		([TWO[0], TWO[0] | {"low": 120}], "nama yang sama"),
		([{"label": "Salah", "low": 90, "high": 80}], "“Salah” terbalik"),
		([{"label": "Kosong", "low": 90, "high": 90, "high_closed": False}], "“Kosong” terbalik"),
		([{"label": "Setengah", "low": 90, "low_closed": True, "high": 90}], "“Setengah” terbalik"),
		([TWO[0], TWO[1] | {"high_closed": True}], "tumpang tindih"),
		([TWO[0], TWO[1] | {"high": 101}], "tumpang tindih"),
	],
)
def test_a_fault_in_a_scale_is_named(rows, named):
	assert any(named in problem for problem in scale_from_rows("x", rows).problems())


def test_a_gap_names_its_two_neighbours_and_is_no_fault():
	scale = scale_from_rows("x", [TWO[0] | {"low_closed": False}, TWO[1]])
	assert scale.problems() == []
	(gap,) = scale.gaps()
	assert "“Belum”" in gap and "“Tercapai”" in gap
	assert both(scale, 100) is None


@pytest.mark.parametrize(
	("band", "text"),
	[
		(Band("a", 90), "> 90"),
		(Band("a", 85, True), "≥ 85"),
		(Band("a", 75, False, 90, True), "> 75 – 90"),
		(Band("a", 4.2, True, 5, True), "≥ 4,2 – 5"),
		(Band("a", 70, True, 85, False), "≥ 70 – < 85"),
		(Band("a", 70, high=85), "> 70 – < 85"),
		(Band("a", None, False, 50, True), "≤ 50"),
		(Band("a", None, False, 55, False), "< 55"),
		(Band("a", 100, True, 100, True), "= 100"),
		(Band("a"), "semua nilai"),
	],
)
def test_a_band_reads_as_people_write_it(band, text):
	assert band.describe() == text


@st.composite
def scales(draw) -> Scale:
	"""Bands between sorted bounds, each bound given to one side, to both only where that is no overlap."""
	bounds = draw(st.lists(st.integers(-40, 600).map(lambda n: n / 4), unique=True, min_size=1, max_size=6))
	bounds = [None, *sorted(bounds), None]
	upper_owns = [draw(st.booleans()) for _ in bounds]
	leaves_gap = [draw(st.integers(0, 3)) == 0 for _ in bounds]
	bands = []
	for number in range(len(bounds) - 1):
		low, high = bounds[number], bounds[number + 1]
		bands.append(
			Band(
				f"Kategori {number}",
				low,
				low is not None and upper_owns[number],
				high,
				high is not None and not upper_owns[number + 1] and not leaves_gap[number + 1],
			)
		)
	return Scale("acak", tuple(draw(st.permutations(bands))))


@example(
	Scale("dua", (Band("rendah", None, False, 0.0, False), Band("tinggi", 0.0, False, None, False))),
	-math.inf,
)
@given(scales(), st.floats())
def test_one_value_gets_the_same_category_alone_and_among_many(scale, value):
	assume(not scale.problems())
	(code,) = scale.categories([value]).codes
	assert (scale.labels[code] if code >= 0 else None) == scale.category(value)


@given(scales(), st.data())
def test_many_values_get_the_same_categories_as_one_by_one(scale, data):
	assume(not scale.problems())
	bounds = [bound for band in scale.bands for bound in (band.low, band.high) if bound is not None]
	near = st.sampled_from(bounds).flatmap(
		lambda bound: st.sampled_from([bound, bound + 1e-9, bound - 1e-9, bound + 1e-12, bound - 1e-12])
	)
	values = data.draw(st.lists(st.one_of(near, st.floats()), min_size=1))
	codes = scale.categories(values).codes
	assert [scale.labels[code] if code >= 0 else None for code in codes] == [
		scale.category(value) for value in values
	]


@given(scales(), st.floats(-1e6, 1e6))
def test_a_value_without_category_lies_in_a_gap_that_the_scale_reports(scale, value):
	assume(not scale.problems())
	if not scale.gaps():
		assert scale.category(value) is not None
