"""Scores of an assessment: the vectors of domain.md 1.3.3, 1.3.4 and 4.2 to 4.4, and what always holds."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seroja.core.instruments import (
	CRITERION,
	GROUP,
	ITEM,
	Instrument,
	InstrumentError,
	read_instrument,
	shipped_instrument,
)
from seroja.core.scoring import (
	NodeScore,
	Scores,
	ScoringError,
	improvements,
	next_predicate,
	predicate_of,
	score,
	way_to_next,
)

AKIP, SPBE, PEMDI, RB, RB_2020 = map(
	shipped_instrument, ["akip-2021", "spbe-2020", "pemdi-2026", "rb-2023", "rb-2020"]
)
MIXED = dict(
	zip(
		[item.code for item in AKIP.items],
		["A", "BB", "B", "A", "BB", "B", "A", "BB", "BB", "A", "BB", "BB"],
		strict=True,
	)
)
UNSUR = (
	"Persyaratan",
	"Sistem, mekanisme, dan prosedur",
	"Waktu penyelesaian",
	"Biaya/tarif",
	"Produk spesifikasi jenis pelayanan",
	"Kompetensi pelaksana",
	"Perilaku pelaksana",
	"Penanganan pengaduan, saran, dan masukan",
	"Sarana dan prasarana",
)
URUSAN = ("Pendidikan", "Kesehatan", "Pekerjaan Umum", "Perumahan Rakyat", "Trantibumlinmas", "Sosial")
# domain.md 4.4 and 5.5: both are data, no line of code knows them.
SKM = {
	"code": "SKM-2017",
	"title": "Indeks Kepuasan Masyarakat",
	"regulation": "PermenPAN-RB 14/2017",
	"scoring": "number",
	"lowest": 1,
	"highest": 4,
	"factor": 25,
	"predicates": [
		{"predicate": "A", "label": "Sangat Baik", "at_least": 88.31},
		{"predicate": "B", "label": "Baik", "at_least": 76.61, "below": 88.31},
		{"predicate": "C", "label": "Kurang Baik", "at_least": 65, "below": 76.61},
		{"predicate": "D", "label": "Tidak Baik", "below": 65},
	],
	"elements": [
		{"code": f"U{number}", "title": title, "weight": 11.11} for number, title in enumerate(UNSUR, 1)
	],
}
SPM = {
	"code": "SPM-2021",
	"title": "Indeks Standar Pelayanan Minimal",
	"regulation": "Permendagri 59/2021",
	"scoring": "number",
	"predicates": [
		{"predicate": "Tuntas Paripurna", "at_least": 100},
		{"predicate": "Tuntas Utama", "at_least": 90, "below": 100},
		{"predicate": "Tuntas Madya", "at_least": 80, "below": 90},
		{"predicate": "Tuntas Pratama", "at_least": 70, "below": 80},
		{"predicate": "Tuntas Muda", "at_least": 60, "below": 70},
		{"predicate": "Belum Tuntas", "below": 60},
	],
	"items": [
		{"code": f"S{number}", "title": title, "weight": 16.67} for number, title in enumerate(URUSAN, 1)
	],
}


def all_answered(instrument: Instrument, answer: str) -> dict[str, str]:
	return {item.code: answer for item in instrument.items}


def by_domain(*levels: int) -> dict[str, str]:
	"""SPBE answers: one level for each domain."""
	domains = [position for position, line in enumerate(SPBE.nodes) if line.level == "Domain"]
	return {
		item.code: str(level)
		for position, level in zip(domains, levels, strict=True)
		for item in SPBE.items
		if position in SPBE.groups_of[item.code]
	}


def line(scores: Scores, code: str, kind: str = ITEM) -> NodeScore:
	return next(found for found in scores.nodes if found.node.code == code and found.node.kind == kind)


def result(instrument: Instrument, answers: dict[str, str]) -> tuple:
	scores = score(instrument, answers)
	return pytest.approx(scores.index, abs=1e-9), scores.predicate.label


# --- AKIP: domain.md 1.3.3 and 1.3.4 ---


@pytest.mark.parametrize(("grade", "points"), [("AA", 9.00), ("A", 8.10), ("BB", 7.20)])
def test_a_grade_contributes_its_share_of_the_weight(grade, points):
	assert line(score(AKIP, {"1.b": grade}), "1.b").score == pytest.approx(points, abs=1e-12)


@pytest.mark.parametrize(
	("grade", "index", "predicate"), [("BB", 80, "BB"), ("AA", 100, "AA"), ("E", 0, "D")]
)
def test_one_grade_everywhere_is_its_value(grade, index, predicate):
	assert result(AKIP, all_answered(AKIP, grade)) == (index, predicate)


def test_the_mixed_case_of_the_domain():
	scores = score(AKIP, MIXED)
	components = [line(scores, code, GROUP).score for code in "1234"]
	assert components == pytest.approx([23.10, 23.10, 12.30, 20.50], abs=1e-9)
	assert scores.index == pytest.approx(79, abs=1e-9) and scores.predicate.label == "BB"
	assert scores.is_complete and not scores.broken


@pytest.mark.parametrize(
	("index", "predicate"),
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
		(0.00, "D"),
		# published: Kota Malang, Situbondo, OPD of Kota Malang
		(70.96, "BB"),
		(85.41, "A"),
		(88.5, "A"),
		(89.15, "A"),
		(89.10, "A"),
		(88.65, "A"),
		(88.40, "A"),
		(88.35, "A"),
	],
)
def test_the_akip_predicate_follows_from_the_unrounded_index(index, predicate):
	assert predicate_of(AKIP, index).label == predicate


def test_no_index_has_no_predicate_and_nothing_next():
	assert predicate_of(AKIP, None) is None and next_predicate(AKIP, None) is None


# --- SPBE and Pemdi: domain.md 4.3 ---


@pytest.mark.parametrize(
	("levels", "index", "predicate"),
	[
		((3, 3, 3, 3), 3.00, "Baik"),
		((4, 3, 2, 4), 3.42, "Baik"),
		((5, 4, 3, 4), 3.965, "Sangat Baik"),
		((5, 5, 5, 5), 5.00, "Memuaskan"),
		((1, 1, 1, 1), 1.00, "Kurang"),
	],
)
def test_spbe_is_the_weighted_mean_of_the_levels(levels, index, predicate):
	answers = by_domain(*levels)
	assert result(SPBE, answers) == (index, predicate)
	domains = [found for found in score(SPBE, answers).nodes if found.node.level == "Domain"]
	assert [found.value for found in domains] == pytest.approx(levels)


@pytest.mark.parametrize(
	("index", "predicate"),
	[
		(3.50, "Sangat Baik"),
		(3.49, "Baik"),
		(4.20, "Memuaskan"),
		(2.59, "Cukup"),
		(1.80, "Cukup"),
		(1.79, "Kurang"),
		(5.00, "Memuaskan"),
		# published for Kota Malang
		(2.60, "Baik"),
		(3.82, "Sangat Baik"),
		(4.24, "Memuaskan"),
	],
)
def test_the_spbe_predicate_is_closed_below(index, predicate):
	assert predicate_of(SPBE, index).label == predicate
	assert predicate_of(PEMDI, index).label == predicate


def test_pemdi_weighs_its_aspects():
	answers = all_answered(PEMDI, "3") | {"33": PEMDI.convert("33", 2.4)}
	assert result(PEMDI, answers) == (3.2, "Baik")
	assert line(score(PEMDI, answers), "9", GROUP).value == pytest.approx(4)


# --- RB: domain.md 4.2 ---


@pytest.mark.parametrize(
	("instrument", "index", "predicate"),
	[
		(RB, "87.34", "A"),
		(RB, "84.85", "A"),
		(RB, "88.96", "A"),
		(RB, "80.0", "BB"),
		(RB, "100.0", "A"),
		(RB, "100.01", "AA"),
		(RB_2020, "87.34", "A"),
		(RB_2020, "90.0", "A"),
		(RB_2020, "90.01", "AA"),
		(RB_2020, "100.0", "AA"),
		(RB_2020, "30.0", "D"),
		(RB_2020, "0", "D"),
	],
)
def test_the_rb_predicate_by_number(instrument, index, predicate):
	assert result(instrument, {"RB": index}) == (float(index), predicate)


def test_no_number_is_given_a_minus():
	found = {predicate_of(RB, hundredth / 100).label for hundredth in range(12001)}
	assert found == {"AA", "A", "BB", "B", "CC", "C", "D"}


# --- instruments as data: SKM (4.4) and SPM (5.5) ---


def test_the_survey_index_is_scored_from_data_alone():
	skm = read_instrument(json.dumps(SKM))
	assert result(skm, all_answered(skm, "3.5508")) == (88.77, "A")
	assert result(skm, all_answered(skm, "4")) == (100, "A")
	assert result(skm, all_answered(skm, "1")) == (25, "D")
	first = all_answered(skm, "3") | {"U1": "4"}
	assert score(skm, first).index == pytest.approx((8 * 3 + 4) / 9 * 25)
	assert line(score(skm, first), "U1").value == pytest.approx(4)


@pytest.mark.parametrize(
	("index", "predicate"),
	[
		(88.77, "A"),
		(86.52, "B"),
		(82.71, "B"),
		(88.31, "A"),
		(88.305, "B"),
		(76.61, "B"),
		(76.6, "C"),
		(64.99, "D"),
	],
)
def test_the_survey_predicates(index, predicate):
	assert predicate_of(read_instrument(json.dumps(SKM)), index).label == predicate


def test_the_printed_survey_bands_leave_gaps_and_are_refused():
	printed = [("A", 88.31, 100), ("B", 76.61, 88.30), ("C", 65, 76.60), ("D", 25, 64.99)]
	rows = [{"predicate": label, "at_least": low, "up_to": high} for label, low, high in printed]
	with pytest.raises(InstrumentError, match="di antara “D” dan “C” tidak mempunyai kategori"):
		read_instrument(json.dumps(SKM | {"predicates": rows}))


@pytest.mark.parametrize(
	("index", "predicate"),
	[
		("94", "Tuntas Utama"),  # 0.8 × 95 + 0.2 × 90
		("100", "Tuntas Paripurna"),
		("99.99", "Tuntas Utama"),
		("80", "Tuntas Madya"),
		("70", "Tuntas Pratama"),
		("60", "Tuntas Muda"),
		("59.99", "Belum Tuntas"),
		("0", "Belum Tuntas"),
	],
)
def test_the_spm_index_is_scored_from_data_alone(index, predicate):
	spm = read_instrument(json.dumps(SPM))
	assert result(spm, all_answered(spm, index)) == (float(index), predicate)


def test_the_spm_index_is_the_mean_of_six_urusan():
	spm = read_instrument(json.dumps(SPM))
	answers = {f"S{number}": str(value) for number, value in enumerate((100, 90, 80, 70, 60, 50), 1)}
	assert result(spm, answers) == (75, "Tuntas Pratama")


# --- criteria ---


def test_an_item_answered_through_its_criteria_is_their_mean():
	answers = {
		code: grade
		for code, grade in zip(AKIP.criteria["1.a"], ["AA", "A", "A", "BB", "E", "E"], strict=True)
	}
	scores = score(AKIP, answers)
	assert line(scores, "1.a").value == pytest.approx(60)
	assert line(scores, "1.a").score == pytest.approx(3.6)
	assert line(scores, "1.a.1", CRITERION).score == pytest.approx(1)
	assert line(scores, "1.a").answer == ""


def test_an_item_waits_for_all_its_criteria():
	scores = score(AKIP, all_answered(AKIP, "A") | {"1.a": "A"})
	assert scores.is_complete
	partial = {code: grade for code, grade in all_answered(AKIP, "A").items() if code != "1.a"} | {
		"1.a.1": "AA"
	}
	scores = score(AKIP, partial)
	assert scores.missing == ("1.a.2", "1.a.3", "1.a.4", "1.a.5", "1.a.6")
	assert (scores.lowest, scores.highest) == pytest.approx((84.6 + 1, 84.6 + 6))


def test_by_criteria_asks_for_criteria_of_what_nobody_answered():
	assert len(score(AKIP, {}).missing) == 12
	through_criteria = replace(AKIP, by_criteria=True)
	assert len(score(through_criteria, {}).missing) == 80
	scores = score(through_criteria, {"1.a": "A"})
	assert len(scores.missing) == 74
	assert line(scores, "1.a").score == pytest.approx(5.4)


def test_a_criterion_below_a_direct_answer_contributes_nothing():
	scores = score(AKIP, MIXED)
	assert all(
		found.score is None and found.most == 0 for found in scores.nodes if found.node.kind == CRITERION
	)


# --- what is refused ---


@pytest.mark.parametrize(
	("instrument", "answers", "sentence"),
	[
		(AKIP, {"9.z": "A"}, "Kode 9.z tidak ada dalam AKIP-2021"),
		(AKIP, {"1": "A"}, "Kode 1 tidak ada"),
		(AKIP, {"1.a": "F"}, "Jawaban “F” pada 1.a tidak sah"),
		(AKIP, {"1.a": ""}, "tidak sah"),
		(SPBE, {"1": "3.5"}, "tidak sah"),
		(RB, {"RB": "banyak"}, "tidak sah"),
		(RB, {"RB": "nan"}, "tidak sah"),
		(RB, {"RB": "inf"}, "tidak sah"),
		(RB, {"RB": "-1"}, "tidak sah"),
		(RB, {"RB": "120.5"}, "tidak sah"),
		(AKIP, {"1.a": "A", "1.a.1": "A"}, "1.a dijawab langsung dan juga melalui kriterianya"),
	],
)
def test_an_answer_that_the_instrument_does_not_know_is_refused(instrument, answers, sentence):
	with pytest.raises(ScoringError, match=sentence):
		score(instrument, answers)


# --- rules ---


def test_quality_above_existence_breaks_a_rule():
	scores = score(AKIP, MIXED | {"1.a": "B", "3.c": "A"})
	assert [(rule.code, rule.not_above) for rule in scores.broken] == [("1.b", "1.a"), ("3.c", "3.b")]


def test_a_rule_waits_for_both_answers():
	assert score(AKIP, {"1.b": "AA"}).broken == ()
	assert len(score(AKIP, {"1.b": "AA", "1.a": "A"}).broken) == 1


def test_a_rule_sees_an_item_through_its_criteria():
	criteria = dict.fromkeys(AKIP.criteria["1.a"], "B")
	assert len(score(AKIP, criteria | {"1.b": "BB"}).broken) == 1
	assert score(AKIP, criteria | {"1.b": "B"}).broken == ()
	del criteria["1.a.6"]
	assert score(AKIP, criteria | {"1.b": "BB"}).broken == ()


# --- the next predicate ---


@pytest.mark.parametrize(
	("instrument", "index", "label", "distance", "is_open"),
	[
		(AKIP, 70.96, "A", 9.04, True),
		(AKIP, 80, "A", 0, True),
		(AKIP, 80.01, "AA", 9.99, True),
		(AKIP, 0, "C", 30, True),
		(SPBE, 3.14, "Sangat Baik", 0.36, False),
		(SPBE, 2.6, "Sangat Baik", 0.9, False),
		(RB, 87.34, "AA", 12.66, True),
	],
)
def test_the_next_predicate_and_its_distance(instrument, index, label, distance, is_open):
	found = next_predicate(instrument, index)
	assert (found.predicate.label, found.is_open) == (label, is_open)
	assert found.distance == pytest.approx(distance, abs=1e-9)


@pytest.mark.parametrize(("instrument", "index"), [(AKIP, 90.01), (AKIP, 100), (SPBE, 4.2), (RB, 100.01)])
def test_nothing_is_next_at_the_top(instrument, index):
	assert next_predicate(instrument, index) is None


# --- improvements ---


def test_no_improvement_without_all_answers_and_without_steps():
	assert improvements(AKIP, {"1.a": "A"}) == []
	assert improvements(RB, {"RB": "80"}) == []
	assert improvements(AKIP, all_answered(AKIP, "AA")) == []


def test_only_existence_can_rise_where_all_grades_are_equal():
	steps = improvements(AKIP, all_answered(AKIP, "BB"))
	assert [step.node.code for step in steps] == ["1.a", "2.a", "4.a", "3.a"]
	assert [step.gain for step in steps] == pytest.approx([0.6, 0.6, 0.5, 0.3])
	assert {(step.before, step.after, step.predicate.label) for step in steps} == {("BB", "A", "A")}


def test_one_step_beyond_80_is_the_whole_way_to_a():
	(step,) = way_to_next(AKIP, all_answered(AKIP, "BB"))
	assert step.index == pytest.approx(80.6) and step.predicate.label == "A"


def test_criteria_are_raised_where_they_are_answered():
	answers = {code: grade for code, grade in MIXED.items() if code != "1.a"} | dict.fromkeys(
		AKIP.criteria["1.a"], "A"
	)
	codes = [step.node.code for step in improvements(AKIP, answers)]
	assert "1.a.1" in codes and "1.a" not in codes


# --- what always holds ---

INSTRUMENTS = {"AKIP": AKIP, "SPBE": SPBE, "PEMDI": PEMDI, "SKM": read_instrument(json.dumps(SKM))}


def answer_of(instrument: Instrument) -> st.SearchStrategy[str]:
	if instrument.values:
		return st.sampled_from(list(instrument.values))
	return st.floats(instrument.lowest, instrument.highest).map(repr)


@st.composite
def complete(draw, *names: str) -> tuple[Instrument, dict[str, str]]:
	"""An instrument and answers to all of it, some items through their criteria."""
	instrument = INSTRUMENTS[draw(st.sampled_from(names or list(INSTRUMENTS)))]
	answer, answers = answer_of(instrument), {}
	for item in instrument.items:
		criteria = instrument.criteria[item.code]
		through = bool(criteria) and draw(st.integers(0, 3)) == 0
		answers |= {code: draw(answer) for code in (criteria if through else [item.code])}
	return instrument, answers


@given(complete(), st.data())
def test_a_better_answer_never_lowers_the_index(case, data):
	instrument, answers = case
	code = data.draw(st.sampled_from(sorted(answers)))
	better = data.draw(answer_of(instrument))
	assume(instrument.value(better) >= instrument.value(answers[code]))
	raised = score(instrument, answers | {code: better}).index
	assert raised >= score(instrument, answers).index - 1e-12


@given(complete())
def test_everything_adds_up_to_the_index(case):
	instrument, answers = case
	scores = score(instrument, answers)
	low, high = (bound * instrument.factor for bound in instrument.bounds)
	assert low - 1e-9 <= scores.index <= high + 1e-9
	assert scores.lowest == scores.highest == scores.index and not scores.missing
	by_kind = {
		kind: [found for found in scores.nodes if found.node.kind == kind]
		for kind in (GROUP, ITEM, CRITERION)
	}
	assert math.fsum(found.score for found in by_kind[ITEM]) == pytest.approx(scores.index)
	assert math.fsum(found.most for found in by_kind[ITEM]) == pytest.approx(high)
	for depth in {found.node.depth for found in by_kind[GROUP]}:
		groups = [found.score for found in by_kind[GROUP] if found.node.depth == depth]
		assert math.fsum(groups) == pytest.approx(scores.index)
	for item, codes in instrument.criteria.items():
		shares = [
			found.score
			for found in by_kind[CRITERION]
			if found.node.code in codes and found.score is not None
		]
		if shares:
			assert math.fsum(shares) == pytest.approx(line(scores, item).score)


@given(complete())
def test_an_item_through_its_criteria_has_their_mean(case):
	instrument, answers = case
	scores = score(instrument, answers)
	for item in instrument.items:
		codes = [code for code in instrument.criteria[item.code] if code in answers] or [item.code]
		mean = math.fsum(instrument.value(answers[code]) for code in codes) / len(codes)
		assert line(scores, item.code).value == pytest.approx(mean)


@given(complete(), st.data())
def test_partial_answers_give_a_range_that_holds_every_completion_and_no_index(case, data):
	instrument, answers = case
	kept = set(data.draw(st.lists(st.sampled_from(sorted(answers)), unique=True)))
	partial = {code: answer for code, answer in answers.items() if code in kept}
	assume(len(partial) < len(answers))
	scores, full = score(instrument, partial), score(instrument, answers)
	assert scores.index is None and scores.predicate is None and scores.next is None and scores.missing
	assert scores.lowest - 1e-9 <= full.index <= scores.highest + 1e-9
	assert scores.lowest_predicate == predicate_of(instrument, scores.lowest)
	assert scores.highest_predicate == predicate_of(instrument, scores.highest)
	for before, after in zip(scores.nodes, full.nodes, strict=True):
		if before.node.kind != CRITERION:
			assert before.lowest - 1e-9 <= after.score <= before.highest + 1e-9


@pytest.mark.parametrize("instrument", INSTRUMENTS.values(), ids=INSTRUMENTS)
def test_weights_of_items_add_up_to_the_total(instrument):
	total = math.fsum(item.weight for item in instrument.items)
	assert total == pytest.approx(instrument.total_weight, abs=0.005 * len(instrument.items))


@given(complete("AKIP", "SPBE", "PEMDI"))
def test_an_improvement_gains_what_it_says_and_breaks_no_new_rule(case):
	instrument, answers = case
	now = score(instrument, answers)
	steps = improvements(instrument, answers)
	assert [step.gain for step in steps] == sorted((step.gain for step in steps), reverse=True)
	for step in steps[:6]:
		then = score(instrument, answers | {step.node.code: step.after})
		assert answers[step.node.code] == step.before
		assert step.gain == pytest.approx(then.index - now.index) and step.gain > 0
		assert step.index == pytest.approx(then.index) and step.predicate == then.predicate
		assert set(then.broken) <= set(now.broken)


@settings(max_examples=25, deadline=None)  # up to seventy steps, each tried on every answer
@given(complete("AKIP", "SPBE"))
def test_the_way_to_the_next_predicate_ends_there(case):
	instrument, answers = case
	now = score(instrument, answers)
	steps = way_to_next(instrument, answers)
	if not steps:
		assert now.next is None or not improvements(instrument, answers)
		return
	assert all(step.predicate == now.predicate for step in steps[:-1])
	for step in steps:
		answers = answers | {step.node.code: step.after}
	then = score(instrument, answers)
	assert then.index == pytest.approx(steps[-1].index)
	bands = instrument.scale.labels
	assert bands.index(then.predicate.label) <= bands.index(now.next.predicate.label)
	assert then.index >= now.next.bound - 1e-9
