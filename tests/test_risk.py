"""Risk of rows and sheets, the sample that it leads to, and how right the findings were."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.checks import SEVERITIES
from seroja.core.risk import (
	BAND_LABELS,
	BANDS,
	MOST_FINDING_POINTS,
	draw,
	precision,
	score_rows,
	sheet_risk,
)


def rows_of(keys, **columns) -> pd.DataFrame:
	keys = list(keys)
	return pd.DataFrame({"key": keys, "opd": "Dinas A", "year": 2026, "number": 2}).assign(**columns)


def findings_of(*found: tuple[str, str], year=2026, number=2) -> pd.DataFrame:
	"""Findings from pairs of key and severity."""
	lines = [
		{"key": key, "year": year, "number": number, "code": f"code {place}", "severity": severity}
		for place, (key, severity) in enumerate(found)
	]
	return pd.DataFrame(lines, columns=["key", "year", "number", "code", "severity"])


def scored(rows: pd.DataFrame, *found: tuple[str, str]) -> dict[str, dict]:
	return score_rows(rows, findings_of(*found)).set_index("key").to_dict("index")


# --- points ---


def test_the_parts_of_a_risk_can_be_read():
	rows = rows_of("AB", is_iku=[True, False], is_late=True, times_returned=[2, 0], budget=[5e9, 1e9])
	result = scored(rows, ("A", "high"), ("A", "medium"))
	assert result["A"]["parts"] == (
		("Temuan berat", 30.0),
		("Temuan sedang", 15.0),
		("Indikator kinerja utama", 8.0),
		("Terlambat disampaikan", 8.0),
		("Pernah dikembalikan", 8.0),
		("Besar anggaran", 5.0),
	)
	assert (result["A"]["risk"], result["A"]["band"]) == (74.0, "high")
	assert result["B"]["parts"] == (("Terlambat disampaikan", 8.0), ("Besar anggaran", 2.5))
	assert (result["B"]["risk"], result["B"]["band"]) == (10.5, "low")


@pytest.mark.parametrize(
	("severities", "risk", "band"),
	[
		((), 0, "low"),
		(("low",), 5, "low"),
		(("low", "low", "low"), 15, "medium"),
		(("medium",), 15, "medium"),
		(("high",), 30, "high"),
		(("high", "high", "high"), 60, "high"),
		(("high", "medium", "medium", "low"), 60, "high"),
	],
)
def test_findings_give_points_up_to_a_limit(severities, risk, band):
	result = scored(rows_of("A"), *(("A", severity) for severity in severities))["A"]
	assert (result["risk"], result["band"]) == (risk, band)
	assert all(points > 0 for _, points in result["parts"])


def test_what_goes_beyond_the_limit_is_taken_from_the_lighter_findings():
	result = scored(rows_of("A"), *[("A", "high")], *[("A", "medium")] * 3, ("A", "low"))["A"]
	assert result["parts"] == (("Temuan berat", 30.0), ("Temuan sedang", 30.0))


def test_findings_of_another_period_do_not_count():
	rows = rows_of("A")
	other = pd.concat([findings_of(("A", "high"), number=1), findings_of(("A", "high"), year=2025)])
	assert score_rows(rows, other)["risk"].tolist() == [0]


def test_columns_that_are_missing_or_empty_give_no_points():
	rows = rows_of("AB", is_iku=pd.array([None, True], dtype="boolean"), is_late=None, budget=[np.nan, 0.0])
	result = scored(rows)
	assert result["A"]["risk"] == 0 and result["A"]["parts"] == ()
	assert result["B"]["risk"] == 8


def test_the_scored_rows_keep_their_order_and_columns():
	rows = rows_of("CAB", note=["x", "y", "z"]).set_axis([7, 3, 5])
	result = score_rows(rows, findings_of(("A", "low")))
	pd.testing.assert_frame_equal(result[rows.columns], rows)
	assert result["risk"].tolist() == [0, 5, 0]


@st.composite
def populations(draw_):
	"""Scored rows of some OPD, and how many rows and OPD there are."""
	count = draw_(st.integers(1, 40))
	random = np.random.default_rng(draw_(st.integers(0, 10**6)))
	rows = rows_of(
		[f"I{place:02}" for place in range(count)],
		opd=random.choice([f"Dinas {name}" for name in "ABCDE"], count),
		is_iku=random.random(count) < 0.3,
		is_late=random.random(count) < 0.3,
		times_returned=random.integers(0, 3, count),
		budget=np.where(random.random(count) < 0.2, np.nan, random.uniform(0, 1e9, count)),
	)
	places = random.integers(0, count, count)
	found = [(rows["key"][place], str(random.choice(SEVERITIES))) for place in places]
	return score_rows(rows, findings_of(*found))


@given(populations())
def test_the_parts_sum_up_to_the_risk_which_is_at_most_a_hundred(population):
	sums = population["parts"].map(lambda parts: sum(points for _, points in parts))
	assert np.allclose(sums, population["risk"])
	assert population["risk"].between(0, 100).all()
	findings = population["parts"].map(
		lambda parts: sum(points for label, points in parts if label.startswith("Temuan"))
	)
	assert findings.le(MOST_FINDING_POINTS).all()
	assert set(population["band"]) <= set(BANDS) == set(BAND_LABELS)


# --- sheets ---


def test_the_risk_of_a_sheet_is_that_of_its_riskiest_row():
	"""A serious fault is not hidden by the harmless rows around it."""
	rows = rows_of("ABCDEFGH", sheet=["S1"] * 6 + ["S2", "S3"])
	found = [("A", "high"), ("B", "low"), ("G", "medium"), ("H", "high")]
	result = sheet_risk(score_rows(rows, findings_of(*found)), "sheet")
	assert result[["sheet", "rows", "risk", "band"]].to_numpy().tolist() == [
		["S1", 6, 30.0, "high"],
		["S3", 1, 30.0, "high"],
		["S2", 1, 15.0, "medium"],
	]
	assert result["parts"].tolist()[0] == (("Temuan berat", 30.0),)


def test_what_is_no_finding_makes_no_row_one_of_high_risk():
	rows = rows_of("A", is_iku=True, is_late=True, times_returned=3, budget=1e9)
	assert scored(rows)["A"]["band"] == "medium"


@given(populations(), st.integers(0, 1000))
def test_the_sheets_do_not_depend_on_the_order_of_the_rows(population, seed):
	sheets = sheet_risk(population, "opd")
	shuffled = population.sample(frac=1, random_state=seed)
	pd.testing.assert_frame_equal(sheets, sheet_risk(shuffled, "opd"))
	assert sheets["risk"].is_monotonic_decreasing
	assert sheets["rows"].sum() == len(population)
	sums = sheets["parts"].map(lambda parts: sum(points for _, points in parts))
	assert np.allclose(sums, sheets["risk"], atol=0.05 * 8)


# --- the sample ---


@given(populations(), st.data())
def test_a_sample_has_its_size_covers_every_opd_and_takes_no_row_twice(population, data):
	units = population["opd"].nunique()
	size = data.draw(st.integers(units, len(population)))
	sample = draw(population, size, data.draw(st.integers(0, 99)))
	assert len(sample) == size == sample["key"].nunique()
	assert set(sample["opd"]) == set(population["opd"])
	assert list(sample.columns) == list(population.columns)


@given(populations(), st.data())
def test_a_row_that_is_left_out_is_no_riskier_than_one_that_only_fills_the_sample(population, data):
	size = data.draw(st.integers(population["opd"].nunique(), len(population)))
	sample = draw(population, size, 1)
	order = list(BANDS)
	fills = sample[sample["opd"].duplicated()]["band"].map(order.index)
	left = population[~population["key"].isin(sample["key"])]["band"].map(order.index)
	assert fills.empty or left.empty or fills.max() <= left.min()
	assert sample["band"].map(order.index).is_monotonic_increasing


@given(populations(), st.data())
def test_each_opd_is_covered_by_a_row_of_its_highest_band(population, data):
	sample = draw(population, population["opd"].nunique(), data.draw(st.integers(0, 99)))
	best = population.assign(place=population["band"].map(list(BANDS).index)).groupby("opd")["place"].min()
	assert (sample.set_index("opd")["band"].map(list(BANDS).index) == best[sample["opd"]]).all()


@given(populations(), st.integers(0, 1000))
def test_the_same_seed_gives_the_same_sample_in_whatever_order_the_rows_come(population, seed):
	size = population["opd"].nunique()
	shuffled = population.sample(frac=1, random_state=seed)
	pd.testing.assert_frame_equal(draw(population, size, seed), draw(shuffled, size, seed))


def test_another_seed_gives_another_sample():
	population = score_rows(rows_of([f"I{place}" for place in range(100)]), findings_of())
	samples = {tuple(draw(population, 10, seed)["key"]) for seed in range(20)}
	assert len(samples) == 20


def test_within_a_band_every_row_has_the_same_chance():
	population = score_rows(rows_of("ABCDE"), findings_of())
	counts = pd.concat([draw(population, 1, seed) for seed in range(2000)])["key"].value_counts()
	assert counts.sum() == 2000
	assert counts.between(330, 470).all()


@pytest.mark.parametrize(("size", "sentence"), [(1, "sedikitnya 2 baris"), (4, "paling banyak 3 baris")])
def test_a_size_that_cannot_be_drawn_is_refused_with_a_sentence(size, sentence):
	population = score_rows(rows_of("ABC", opd=["X", "X", "Y"]), findings_of())
	with pytest.raises(ValueError, match=sentence):
		draw(population, size, 1)


# --- precision ---


def test_precision_counts_what_was_checked():
	rows = pd.DataFrame(
		{
			"codes": [("magnitude",), ("magnitude", "no_evidence"), ("magnitude",), (), ("copied",)],
			"band": ["high", "high", "high", "low", "medium"],
			"result": ["wrong", "correct", "", "wrong", ""],
		}
	)
	result = precision(rows).set_index("code")
	columns = ["flagged", "checked", "wrong", "precision"]
	assert result.loc["magnitude", columns].tolist() == [3, 2, 1, 0.5]
	assert result.loc["no_evidence", columns].tolist() == [1, 1, 0, 0.0]
	assert result.loc["copied", columns[:3]].tolist() == [1, 0, 0]
	assert np.isnan(result.loc["copied", "precision"])
	assert result.loc["high", columns].tolist() == [3, 2, 1, 0.5]
	assert result.loc["all", columns].tolist() == [5, 3, 2, 2 / 3]
	assert result.loc["magnitude", "label"] == "Salah kelipatan sepuluh"


def test_precision_of_a_sample_without_findings_has_its_rows_only():
	rows = pd.DataFrame({"codes": [(), ()], "band": ["low", "low"], "result": ["correct", None]})
	result = precision(rows)
	assert result["code"].tolist() == ["high", "all"]
	assert result["checked"].tolist() == [0, 1]
	assert precision(rows.iloc[:0])["flagged"].tolist() == [0, 0]
