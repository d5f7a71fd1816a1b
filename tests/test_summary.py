"""Evaluation summaries: means, weights, counts, budgets, efficiency (domain.md 3.3, 3.5), and their sums."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seroja.core.achievement import STATUSES, VALUED
from seroja.core.numbers import round_half_up
from seroja.core.scales import DEFAULT_SCALE, shipped_scales
from seroja.core.summary import absorption_of, efficiency_of, partial_sums, rank, summarise

KEYS = ["opd", "objective"]
SCALE = shipped_scales()[DEFAULT_SCALE]


def indicators(*rows: dict) -> pd.DataFrame:
	"""Evaluated indicators; what a row leaves out is one OPD, one objective, a plain value without budget."""
	defaults = {"opd": "A", "objective": "x", "status": "ok", "weight": None, "budget": None}
	frame = pd.DataFrame([defaults | {"budget_realization": None} | row for row in rows])
	frame["achievement"] = frame["achievement"].astype("float64")
	if "achievement_scored" not in frame:
		frame["achievement_scored"] = frame["achievement"].clip(0, 120)
	frame["status"] = pd.Categorical(frame["status"], categories=STATUSES)
	return frame.assign(category=SCALE.categories(frame["achievement"]))


def summary_of(*rows: dict, by: str = "opd") -> pd.Series:
	"""The summary of rows that form one group."""
	table = summarise(partial_sums(indicators(*rows), KEYS), [by])
	assert len(table) == 1
	return table.iloc[0]


# --- means ---


def test_the_mean_of_an_objective_is_the_plain_mean_of_its_valued_indicators():
	summary = summary_of({"achievement": 80.0}, {"achievement": 90.0}, {"achievement": 100.0})
	assert (summary["mean_raw"], summary["mean_scored"]) == (90.0, 90.0)


def test_the_mean_of_raw_values_is_uncapped_and_that_of_scored_values_is_capped():
	summary = summary_of({"achievement": 666.0}, {"achievement": -24.0}, {"achievement": 100.0})
	assert summary["mean_raw"] == pytest.approx(742 / 3)
	assert summary["mean_scored"] == pytest.approx((120 + 0 + 100) / 3)


def test_the_mean_of_an_opd_is_the_mean_of_its_objectives_and_not_of_its_indicators():
	summary = summary_of(
		{"objective": "x", "achievement": 60.0},
		{"objective": "y", "achievement": 100.0},
		{"objective": "y", "achievement": 100.0},
		{"objective": "y", "achievement": 100.0},
	)
	assert summary["mean_raw"] == 80.0


@pytest.mark.parametrize("status", sorted(set(STATUSES) - VALUED))
def test_an_indicator_without_value_is_never_counted_as_zero(status):
	nothing = {"achievement": math.nan, "status": status}
	summary = summary_of({"achievement": 90.0}, nothing, nothing | {"objective": "y"})
	assert (summary["mean_raw"], summary["mean_scored"], summary["weakest"]) == (90.0, 90.0, 90.0)
	assert (summary["indicators"], summary["valued"]) == (3, 1)


def test_an_opd_without_any_value_has_no_mean_and_no_category():
	summary = summary_of({"achievement": math.nan, "status": "no_data"})
	assert summary[["mean_raw", "mean_scored", "weakest"]].isna().all()
	assert summary["completeness"] == 0.0
	assert SCALE.category(summary["mean_scored"]) is None


def test_a_value_of_zero_is_counted():
	assert summary_of({"achievement": 0.0}, {"achievement": 100.0})["mean_raw"] == 50.0


# --- weights ---


def test_the_mean_is_weighted_where_every_valued_indicator_has_a_weight():
	summary = summary_of(
		{"objective": "x", "achievement": 100.0, "weight": 75},
		{"objective": "y", "achievement": 60.0, "weight": 25},
	)
	assert summary["mean_raw"] == 90.0


def test_the_weighted_mean_of_scored_values_is_capped_and_that_of_raw_values_is_not():
	summary = summary_of({"achievement": 200.0, "weight": 75}, {"achievement": 60.0, "weight": 25})
	assert (summary["mean_raw"], summary["mean_scored"]) == (165.0, 105.0)


def test_weights_that_are_all_zero_leave_the_mean_a_plain_one():
	summary = summary_of({"achievement": 80.0, "weight": 0}, {"achievement": 20.0, "weight": 0})
	assert summary["mean_raw"] == 50.0


def test_the_weight_of_an_indicator_without_value_is_left_out():
	summary = summary_of(
		{"achievement": 100.0, "weight": 60},
		{"achievement": 50.0, "weight": 20},
		{"achievement": math.nan, "status": "no_data", "weight": 20},
	)
	assert summary["mean_raw"] == 87.5


def test_one_missing_weight_makes_the_mean_a_plain_one():
	summary = summary_of({"achievement": 100.0, "weight": 75}, {"achievement": 60.0, "weight": None})
	assert summary["mean_raw"] == 80.0


def test_a_weight_of_zero_is_a_weight():
	# 100 + 0 is a legal distribution of weights (domain.md 3.3: must sum to 100).
	summary = summary_of({"achievement": 80.0, "weight": 100}, {"achievement": 20.0, "weight": 0})
	assert summary["mean_raw"] == 80.0


# --- weakest link ---


def test_the_weakest_objective_is_named_with_its_mean():
	summary = summary_of(
		{"objective": "kuat", "achievement": 110.0},
		{"objective": "lemah", "achievement": 40.0},
		{"objective": "lemah", "achievement": 60.0},
		{"objective": "kosong", "achievement": math.nan, "status": "no_data"},
	)
	assert (summary["weakest"], summary["weakest_objective"]) == (50.0, "lemah")


def test_the_weakest_objective_of_all_is_the_weakest_of_any_opd(evaluated):
	result = evaluated(
		"opd,objective,indicator,polarity,target,realization\n"
		"A,Pelayanan,a,maksimal,100,40\n"
		"B,Pelayanan,b,maksimal,100,110\n"
		"B,Ekonomi,c,maksimal,100,70\n"
	)
	assert result.by_objective["mean_scored"].min() == 40
	assert result.overall["weakest"] == 40
	assert result.overall["weakest_objective"] == "Pelayanan"


# --- counts ---


def test_every_kind_of_missing_value_is_counted_apart():
	nothing = {"achievement": math.nan}
	summary = summary_of(
		{"achievement": 95.0},
		{"achievement": 80.0, "status": "implausible"},
		{"achievement": 100.0, "status": "zero_base"},
		nothing | {"status": "no_data"},
		nothing | {"status": "no_data"},
		nothing | {"status": "no_target"},
		nothing | {"status": "no_population"},
		nothing | {"status": "manual"},
		nothing | {"status": "invalid"},
	)
	names = ["indicators", "valued", "no_data", "no_target", "no_population", "flagged"]
	assert summary[names].tolist() == [9, 3, 2, 1, 1, 2]


def test_categories_are_counted_by_the_unrounded_achievement_of_each_indicator():
	summary = summary_of(
		{"achievement": 138.06}, {"achievement": 90.0}, {"achievement": 90.0004}, {"achievement": -24.65}
	)
	counts = {label: summary[f"count:{label}"] for label in SCALE.labels}
	assert counts == {"Sangat Tinggi": 2, "Tinggi": 1, "Sedang": 0, "Rendah": 0, "Sangat Rendah": 1}


def test_weights_budgets_and_categories_may_be_missing_altogether():
	frame = indicators({"achievement": 95.0}, {"achievement": 85.0})
	bare = frame[[*KEYS, "achievement", "achievement_scored", "status"]]
	(summary,) = summarise(partial_sums(bare, KEYS), ["opd"]).to_dict("records")
	assert (summary["indicators"], summary["mean_raw"], summary["budget"]) == (2, 90.0, 0.0)
	assert math.isnan(summary["absorption"])


def test_a_status_may_be_plain_text_as_a_database_gives_it():
	frame = indicators(
		{"achievement": 95.0},
		{"achievement": 999.0, "status": "implausible"},
		{"achievement": math.nan, "status": "no_data"},
	)
	as_text = frame.assign(status=frame["status"].astype(object), category=frame["category"].astype(object))
	names = ["indicators", "valued", "no_data", "flagged", "mean_raw", "count:Sangat Tinggi"]
	text, coded = (summarise(partial_sums(each, KEYS), ["opd"])[names] for each in (as_text, frame))
	pd.testing.assert_frame_equal(text, coded)


def test_an_indicator_without_population_is_not_needed_for_completeness():
	nothing = {"achievement": math.nan}
	summary = summary_of(
		{"achievement": 95.0}, nothing | {"status": "no_data"}, nothing | {"status": "no_population"}
	)
	assert summary["completeness"] == 50.0


# --- budget: domain.md 3.3 last row and 3.5 ---

SITUBONDO = "Situbondo LKPJ 2025 Bappeda"
PROGRAMME = "PROGRAM PENUNJANG URUSAN PEMERINTAHAN DAERAH KABUPATEN/KOTA"


@pytest.fixture(scope="session")
def situbondo(published) -> dict[str, tuple[float, float]]:
	"""Budget and budget realization of Situbondo: the programme, its published activities and their rest."""
	lines = {
		row["indicator"].removeprefix("Serapan anggaran - "): (
			float(row["target"]),
			float(row["realization"]),
		)
		for row in published
		if row["source"] == SITUBONDO and row["indicator"].startswith("Serapan anggaran - ")
	}
	parts = [line for name, line in lines.items() if name != PROGRAMME]
	# Nine activities make the programme exactly; the file holds six, so the rest is the difference.
	rest = tuple(lines[PROGRAMME][i] - sum(part[i] for part in parts) for i in (0, 1))
	return lines | {"rest": rest}


def budgeted(*lines: tuple[float, float], achievement: float = 100.0) -> list[dict]:
	return [
		{"achievement": achievement, "budget": budget, "budget_realization": spent} for budget, spent in lines
	]


def test_the_absorption_of_a_programme_is_that_of_its_summed_activities(situbondo):
	parts = [line for name, line in situbondo.items() if name != PROGRAMME]
	summary = summary_of(*budgeted(*parts))
	assert (summary["budget"], summary["budget_realization"]) == (6764342774, 6448530934)
	assert str(round_half_up(summary["absorption"])) == "95.33"
	mean_of_shares = np.mean([spent / budget * 100 for budget, spent in parts])
	assert str(round_half_up(mean_of_shares)) != "95.33"


# domain.md 3.5, the table of test vectors for practice 2.
@pytest.mark.parametrize(
	("budget", "spent", "achieved", "absorption", "efficiency", "value"),
	[
		(6764342774, 6448530934, 96.3995, "95.33", "1.1082", "52.77"),
		(100435441, 97600775, 100.0, "97.18", "2.8224", "57.06"),
		(118744545, 82390723, 100.0, "69.38", "30.6152", "100.00"),
		(220150290, 193886308, 100.0, "88.07", "11.9300", "79.83"),
	],
)
def test_efficiency_is_computed_as_in_the_test_vectors(
	budget, spent, achieved, absorption, efficiency, value
):
	summary = summary_of(*budgeted((budget, spent), achievement=achieved))
	assert str(round_half_up(summary["absorption"])) == absorption
	assert str(round_half_up(summary["efficiency"], 4)) == efficiency
	assert str(round_half_up(summary["efficiency_value"])) == value


def test_the_efficiency_of_all_activities_together_is_that_of_their_sums(situbondo):
	summary = summary_of(*budgeted(*(line for name, line in situbondo.items() if name != PROGRAMME)))
	assert str(round_half_up(summary["efficiency"], 4)) == "4.6688"
	assert str(round_half_up(summary["efficiency_value"])) == "61.67"


def test_the_value_of_efficiency_stays_between_0_and_100():
	assert summary_of(*budgeted((100, 20)))["efficiency_value"] == 100
	assert summary_of(*budgeted((100, 130)))["efficiency_value"] == 0


@pytest.mark.parametrize(
	("achieved", "spent", "label"),
	[
		(100.0, 82, "Efisien"),
		(99.99, 69, "Belum efisien"),  # money left over because the work was not done
		(105.0, 105, "Belum efisien"),
		(105.0, None, "–"),
	],
)
def test_only_a_reached_target_is_called_efficient(achieved, spent, label):
	summary = summary_of({"achievement": achieved, "budget": 100, "budget_realization": spent})
	assert summary["efficiency_label"] == label


def test_the_efficiency_gap_is_the_achievement_less_the_absorption():
	summary = summary_of(*budgeted((100, 80), achievement=95.0))
	assert summary["efficiency_gap"] == 15.0


def test_the_money_of_an_indicator_without_value_says_nothing_about_efficiency():
	nothing = {"achievement": math.nan, "status": "no_data"}
	summary = summary_of(*budgeted((100, 90)), nothing | {"budget": 900, "budget_realization": 900})
	assert (summary["absorption"], summary["efficiency"]) == (99.0, 10.0)


def test_a_budget_whose_realization_is_missing_is_not_counted_as_unspent():
	summary = summary_of(*budgeted((100, 90), (900, None)))
	assert summary["budget"] == 1000
	assert summary["absorption"] == 90.0


@pytest.mark.parametrize("budget", [None, 0.0])
def test_without_a_budget_there_is_no_absorption_and_no_efficiency(budget):
	summary = summary_of({"achievement": 100.0, "budget": budget, "budget_realization": 5.0})
	names = ["absorption", "efficiency", "efficiency_value", "efficiency_gap"]
	assert summary[names].isna().all()
	assert summary["efficiency_label"] == "–"


def test_absorption_and_efficiency_can_be_asked_for_by_themselves():
	assert absorption_of([6448530934, 1.0], [6764342774, 0.0]).round(2).tolist()[0] == 95.33
	assert absorption_of([1.0], [0.0]).isna().all()
	assert efficiency_of([100.0], [80.0]).tolist() == [20.0]
	assert efficiency_of([0.0], [80.0]).isna().all()


# --- rank ---


def test_rank_1_is_the_largest_and_equals_share_a_rank():
	assert rank(pd.Series([90.0, 95.0, 90.0, 80.0])).tolist() == [2, 1, 2, 4]
	assert rank(pd.Series([math.nan, 95.0])).isna().tolist() == [True, False]


def test_opds_with_the_same_objectives_in_another_order_share_a_rank():
	values = [117.0728, 54.6684, 84.9713, 73.9493, 122.7917, 91.2591, 62.1436]
	shuffled = [54.6684, 122.7917, 62.1436, 91.2591, 117.0728, 84.9713, 73.9493]
	assert sorted(values) == sorted(shuffled)
	frame = indicators(
		*(
			{"opd": opd, "objective": f"{number}", "achievement": value, "achievement_scored": value}
			for opd, series in (("A", values), ("B", shuffled))
			for number, value in enumerate(series)
		)
	)
	assert rank(summarise(partial_sums(frame, KEYS), ["opd"])["mean_scored"]).tolist() == [1, 1]


# --- the whole government ---


def test_the_figure_of_the_government_is_the_mean_of_its_opds(evaluated):
	overall = evaluated(
		"opd,indicator,polarity,target,realization\n"
		"A,a,maksimal,100,60\nB,b,maksimal,100,100\nB,c,maksimal,100,100\n"
	).overall
	assert (overall["mean_raw"], overall["mean_scored"], overall["category"]) == (80.0, 80.0, "Tinggi")


def test_the_figures_of_the_government_fit_each_other(evaluated):
	overall = evaluated(
		"opd,objective,indicator,polarity,target,realization,budget,budget_realization\n"
		"A,x,a,maksimal,100,60,100,90\nB,y,b,maksimal,100,120,100,90\nB,z,c,maksimal,100,120,100,90\n"
	).overall
	assert overall["mean_raw"] == 90.0
	assert overall["efficiency_gap"] == pytest.approx(overall["mean_raw"] - overall["absorption"])
	assert overall["efficiency_label"] == "Belum efisien"


# --- sums of pieces ---

amounts = st.none() | st.integers(0, 10**9).map(float)
evaluated_rows = st.lists(
	st.fixed_dictionaries(
		{
			"opd": st.sampled_from("ABC"),
			"objective": st.sampled_from("xyz"),
			"status": st.sampled_from(STATUSES),
			"achievement": st.integers(-3000, 30000).map(lambda hundredths: hundredths / 100),
			"weight": st.none() | st.integers(0, 100).map(float),
			"budget": amounts,
			"budget_realization": amounts,
		}
	).map(lambda row: row if row["status"] in VALUED else row | {"achievement": math.nan}),
	min_size=1,
	max_size=20,
)


@settings(max_examples=60)
@given(evaluated_rows, st.lists(st.integers(0, 20), max_size=3), st.sampled_from([["opd"], KEYS]))
def test_partial_sums_of_pieces_added_together_give_the_summary_of_the_whole(rows, cuts, by):
	frame = indicators(*rows)
	bounds = [0, *sorted(min(cut, len(frame)) for cut in cuts), len(frame)]
	pieces = [frame.iloc[start:end] for start, end in pairwise(bounds) if end > start]
	sums = pd.concat([partial_sums(piece, KEYS) for piece in pieces], ignore_index=True)
	added = sums.groupby(KEYS, as_index=False, sort=False).sum()
	whole = summarise(partial_sums(frame, KEYS), by)
	pd.testing.assert_frame_equal(summarise(added, by), whole, rtol=1e-9)


@pytest.mark.parametrize("by", [["opd"], KEYS])
def test_pieces_of_one_objective_that_nobody_added_together_are_not_averaged(by):
	# A database that groups by status as well hands over several rows per objective.
	rows = [{"achievement": 40.0}, {"achievement": 100.0}, {"achievement": 100.0, "status": "zero_base"}]
	pieces = [partial_sums(indicators(*part), KEYS) for part in (rows[:2], rows[2:])]
	(mean,) = summarise(pd.concat(pieces, ignore_index=True), by)["mean_raw"]
	assert mean == 80.0


@settings(max_examples=60)
@given(evaluated_rows)
def test_the_indicators_of_all_opds_are_all_indicators(rows):
	frame = indicators(*rows)
	table = summarise(partial_sums(frame, KEYS), ["opd"])
	assert table["indicators"].sum() == len(frame)
	assert table["valued"].sum() == frame["achievement"].notna().sum()
	assert table[[f"count:{label}" for label in SCALE.labels]].sum().sum() == table["valued"].sum()
	assert table["budget"].sum() == pytest.approx(frame["budget"].astype(float).sum())


@settings(max_examples=60)
@given(evaluated_rows)
def test_a_mean_lies_between_the_smallest_and_the_largest_of_its_values(rows):
	frame = indicators(*rows)
	table = summarise(partial_sums(frame, KEYS), ["opd"]).set_index("opd")
	for opd, values in frame.dropna(subset=["achievement"]).groupby("opd")["achievement"]:
		assert values.min() - 1e-9 <= table.at[opd, "mean_raw"] <= values.max() + 1e-9
