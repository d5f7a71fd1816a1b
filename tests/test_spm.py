"""The SPM index: the published categories, missing values and populations, and rules that hold for any figures."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.achievement import STATUS_LABELS
from seroja.core.spm import (
	NEED_SERVED,
	QUALITY,
	SERVICE,
	URUSAN,
	WHOLE,
	SpmResult,
	shipped_standard,
	spm_index,
	spm_rows,
)

INPUT = ["opd", "group", "part", "role", "numerator", "denominator", "value"]
STANDARD = shipped_standard()
SERVICES = [(group, part) for group, parts in STANDARD.services.items() for part in parts]
EARLY, BASIC, EQUAL = SERVICES[:3]  # the three of Pendidikan


def people(service, served, need, opd="Dinas A"):
	return (opd, *service, NEED_SERVED, served, need, None)


def quality(service, value, denominator=None, opd="Dinas A"):
	return (opd, *service, QUALITY, None, denominator, value)


def computed(*rows) -> SpmResult:
	return spm_index(pd.DataFrame(rows, columns=INPUT))


def line(result: SpmResult, service) -> pd.Series:
	table = result.table
	return table[(table["group"] == service[0]) & (table["part"] == service[1])].iloc[0]


def urusan(result: SpmResult, group: str) -> pd.Series:
	table = result.table
	return table[(table["level"] == URUSAN) & (table["group"] == group)].iloc[0]


def complete(served=90, need=100, value=50.0) -> list[tuple]:
	return [row for one in SERVICES for row in (people(one, served, need), quality(one, value))]


def test_the_example_of_the_domain():
	found = line(computed(people(EARLY, 950, 1000), quality(EARLY, 90)), EARLY)
	assert (found["index"], found["category"]) == (94.0, "Tuntas Utama")
	assert (found["served_share"], found["quality"], found["status_label"]) == (
		95.0,
		90.0,
		STATUS_LABELS["ok"],
	)


@pytest.mark.parametrize(
	("index", "category"),
	[
		(100, "Tuntas Paripurna"),
		(99.99, "Tuntas Utama"),
		(90, "Tuntas Utama"),
		(89.99, "Tuntas Madya"),
		(80, "Tuntas Madya"),
		(79.99, "Tuntas Pratama"),
		(70, "Tuntas Pratama"),
		(69.99, "Tuntas Muda"),
		(60, "Tuntas Muda"),
		(59.99, "Belum Tuntas"),
		(0, "Belum Tuntas"),
	],
)
def test_the_bounds_of_the_categories(index, category):
	# The same share of people and of quality is the index itself.
	found = line(computed(people(EARLY, index, 100), quality(EARLY, index)), EARLY)
	assert found["category"] == category


def test_the_standard_has_the_six_urusan_and_can_be_used():
	assert len(STANDARD.services) == 6
	assert len(set(SERVICES)) == 29
	assert STANDARD.served_weight + STANDARD.quality_weight == 100
	assert not STANDARD.scale.problems() and not STANDARD.scale.gaps()
	assert "ingatan" in STANDARD.source


def test_several_quality_rows_are_averaged_and_several_units_add_up():
	found = line(
		computed(
			people(EARLY, 30, 100, "Dinas A"),
			people(EARLY, 45, 50, "Dinas B"),
			*(quality(EARLY, value) for value in (60, 80, 100)),
		),
		EARLY,
	)
	assert (found["need"], found["served"], found["quality"]) == (150, 75, 80)
	assert found["index"] == 0.8 * 50 + 0.2 * 80
	assert found["opd"] == "Dinas A, Dinas B"


def test_above_a_hundred_percent_counts_as_a_hundred_and_is_said():
	found = line(computed(people(EARLY, 120, 100), quality(EARLY, 140), quality(EARLY, 60)), EARLY)
	assert found["served_share"] == 120
	assert found["quality"] == 80
	assert found["index"] == 96
	assert "melebihi sasaran" in found["note"] and "Mutu di atas 100%" in found["note"]


@pytest.mark.parametrize("served", [None, 0])
def test_nobody_in_need_is_left_out_and_is_not_missing(served):
	result = computed(
		people(EARLY, served, 0),
		people(BASIC, 80, 100),
		quality(BASIC, 80),
		people(EQUAL, 60, 100),
		quality(EQUAL, 60),
	)
	found = line(result, EARLY)
	assert pd.isna(found["index"]) and found["status_label"] == STATUS_LABELS["no_population"]
	total = urusan(result, "Pendidikan")
	assert (total["index"], total["missing"], total["note"]) == (70, 0, "")


def test_a_unit_without_people_in_need_does_not_make_the_others_missing():
	found = line(
		computed(people(EARLY, None, 0, "Dinas B"), people(EARLY, 50, 100), quality(EARLY, 50)), EARLY
	)
	assert found["index"] == 50


@pytest.mark.parametrize(
	("rows", "note"),
	[
		([people(EARLY, None, 100), quality(EARLY, 90)], "Sasaran atau yang terlayani belum diisi."),
		([people(EARLY, 5, None), quality(EARLY, 90)], "Sasaran atau yang terlayani belum diisi."),
		([people(EARLY, 5, 100)], "Belum ada indikator mutu."),
		([quality(EARLY, 90)], "Belum ada indikator sasaran dan terlayani."),
		(
			[people(EARLY, 5, 100), quality(EARLY, None), quality(EARLY, 90)],
			"1 dari 2 indikator mutu belum diisi.",
		),
		([], "Belum ada indikator sasaran dan terlayani. Belum ada indikator mutu."),
	],
)
def test_a_missing_value_is_no_index_and_is_named(rows, note):
	result = computed(*rows, people(BASIC, 80, 100), quality(BASIC, 80))
	found = line(result, EARLY)
	assert pd.isna(found["index"]) and found["category"] is None
	assert (found["note"], found["missing"], found["status_label"]) == (note, 1, STATUS_LABELS["no_data"])
	total = urusan(result, "Pendidikan")
	assert (total["index"], total["missing"]) == (80, 2)
	assert total["note"] == "2 dari 3 jenis layanan belum mempunyai indeks."


@pytest.mark.parametrize(
	"rows",
	[
		[people(EARLY, -1, 100), quality(EARLY, 90)],
		[people(EARLY, 1, -100), quality(EARLY, 90)],
		[people(EARLY, 1, 100), quality(EARLY, -1)],
		[people(EARLY, 3, 0), quality(EARLY, 90)],
		[people(EARLY, 3, 0), people(EARLY, 5, 10), quality(EARLY, 90)],
	],
)
def test_figures_that_cannot_be_are_no_index(rows):
	found = line(computed(*rows), EARLY)
	assert (
		pd.isna(found["index"])
		and found["status_label"] == STATUS_LABELS["invalid"]
		and found["missing"] == 1
	)


def test_a_quality_row_of_which_nothing_was_needed_is_left_out():
	found = line(computed(people(EARLY, 50, 100), quality(EARLY, None, 0), quality(EARLY, 50)), EARLY)
	assert found["index"] == 50


def test_the_government_is_the_mean_of_its_urusan_and_names_those_without_an_index():
	rows = [row for row in complete() if row[1] != "Sosial"]
	rows = [
		(*row[:4], 100, *row[5:]) if row[3] == NEED_SERVED and row[1] == "Kesehatan" else row for row in rows
	]
	result = computed(*rows)
	# Kesehatan 0.8 × 100 + 0.2 × 50 = 90, the four others 0.8 × 90 + 0.2 × 50 = 82; however many kinds each has.
	assert result.index == pytest.approx((90 + 4 * 82) / 5)
	assert (result.category, result.missing) == ("Tuntas Madya", ("Sosial",))
	whole = result.table.iloc[-1]
	assert (whole["level"], whole["index"]) == (WHOLE, result.index)
	assert whole["note"] == "1 dari 6 urusan belum mempunyai indeks. Urusan tanpa indeks: Sosial."


def test_without_rows_everything_is_missing_and_nothing_is_zero():
	result = computed()
	assert result.index is None and result.category is None
	assert result.missing == tuple(STANDARD.services)
	assert result.table[["need", "served", "served_share", "quality", "index"]].isna().all(axis=None)
	assert (result.table["level"] == SERVICE).sum() == len(SERVICES)


def test_names_are_compared_without_case_and_spaces():
	written = (EARLY[0].upper(), "  " + EARLY[1].replace(" ", "  "))
	result = computed(people(written, 50, 100), quality(EARLY, 50))
	assert line(result, EARLY)["index"] == 50
	assert len(result.table) == len(computed().table)


def test_what_is_not_in_the_standard_is_shown_and_said():
	result = computed(
		*complete(),
		people(("Pendidikan", "Pendidikan lain"), 100, 100),
		quality(("Pendidikan", "Pendidikan lain"), 100),
		people(("Perdagangan", "Pasar"), 0, 100),
		quality(("Perdagangan", "Pasar"), 0),
		people((None, None), 1, 2),
	)
	other = line(result, ("Pendidikan", "Pendidikan lain"))
	assert other["note"] == "Tidak ada dalam daftar jenis layanan."
	assert urusan(result, "Pendidikan")["index"] == (3 * 82 + 100) / 4
	assert urusan(result, "Perdagangan")["note"].startswith("Bukan urusan SPM")
	assert line(result, ("Tanpa urusan", "Tanpa jenis layanan"))["served"] == 1
	assert result.index == pytest.approx((5 * 82 + 86.5) / 6)
	assert result.missing == ()


def test_an_unknown_role_is_refused():
	with pytest.raises(ValueError, match="Peran"):
		computed(("Dinas A", *EARLY, "lain", 1, 2, 3))


def test_the_role_follows_from_the_tag():
	rows = pd.DataFrame(
		[
			("Dinas A", *EARLY, "SPM", 95, 95, 100),
			("Dinas A", *EARLY, "SPM Mutu", 90, None, None),
			("Dinas A", *EARLY, "IKD", 1, 1, 1),
		],
		columns=["opd", "group", "part", "tag", "realization_value", "numerator", "denominator"],
	)
	assert line(spm_index(spm_rows(rows)), EARLY)["index"] == 94


# --- rules that hold for any figures ---

number = st.one_of(st.none(), st.integers(0, 10_000), st.floats(0, 1e6))
some_rows = st.lists(
	st.one_of(
		st.builds(people, st.sampled_from(SERVICES), number, number),
		st.builds(quality, st.sampled_from(SERVICES), number),
	),
	max_size=40,
)


@given(some_rows)
def test_an_index_lies_between_0_and_100_and_has_a_category(rows):
	table = computed(*rows).table
	index = table["index"].dropna()
	assert index.between(0, 100).all()
	assert (table["index"].isna() == table["category"].isna()).all()


@given(some_rows, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(rows, random):
	shuffled = random.sample(rows, len(rows))
	one, two = computed(*rows), computed(*shuffled)
	pd.testing.assert_frame_equal(one.table, two.table, check_exact=True)
	assert (one.index, one.missing) == (two.index, two.missing)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.floats(0, 100), st.integers(2, 1000))
def test_ten_times_as_many_people_in_need_and_served_change_nothing(served, need, value, times):
	few = computed(people(EARLY, served, need), quality(EARLY, value))
	many = computed(people(EARLY, served * times, need * times), quality(EARLY, value))
	assert few.index == many.index


@given(some_rows, st.integers(0, 1000))
def test_a_service_that_lost_a_value_has_no_index_and_moves_no_other(rows, choice):
	rows = [row for row in complete() + rows if None not in (row[4], row[5]) or row[6] is not None]
	lost = rows[choice % len(rows)]
	without = [(*row[:4], None, None, None) if row is lost else row for row in rows]
	before, after = computed(*rows).table, computed(*without).table
	found = after[(after["level"] == SERVICE) & (after["part"] == lost[2])].iloc[0]
	assert pd.isna(found["index"])
	others = (before["level"] == SERVICE) & (before["part"] != lost[2])
	pd.testing.assert_frame_equal(before[others], after[others])


@given(some_rows)
def test_an_urusan_is_the_mean_of_its_kinds_of_service_that_have_an_index(rows):
	table = computed(*rows).table
	for group in STANDARD.services:
		services = table[(table["group"] == group) & (table["level"] == SERVICE)]
		total = table[(table["group"] == group) & (table["level"] == URUSAN)].iloc[0]
		assert total["missing"] == services["missing"].sum()
		if services["index"].notna().any():
			assert math.isclose(total["index"], services["index"].mean(), rel_tol=1e-9, abs_tol=1e-9)
		else:
			assert pd.isna(total["index"])
