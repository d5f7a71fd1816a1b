"""The tree of objectives: checks, quality score, roll-up, numbering and versions (domain.md 1.4, 2, 3.3)."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seroja.core.cascading import (
	CHECKS,
	LEVELS,
	OUTCOME_LEVELS,
	Difference,
	Indicator,
	Node,
	Plan,
	RollUp,
	add_up,
	differences,
	examine,
	find_cycles,
	level_fits,
	number_tree,
	quality,
	roll_up,
	smart_warnings,
)

DEEP = 100_000
CHECK = {check.code: check for check in CHECKS}


# --- random trees ---


@st.composite
def forests(draw, most: int = 20) -> dict[str, str | None]:
	"""Parents of a forest, in any order; a root has no parent or one that is not in the forest."""
	names = draw(st.permutations([f"n{number:02}" for number in range(draw(st.integers(0, most)))]))
	parents = {}
	for place, name in enumerate(names):
		parents[name] = draw(st.sampled_from([None, "elsewhere", *names[:place], *names[:place]]))
	return {name: parents[name] for name in draw(st.permutations(names))}


@st.composite
def parent_maps(draw, most: int = 9) -> dict[str, str | None]:
	"""Any parents at all: cycles, nodes that are their own parent, parents that are not there."""
	names = [f"n{number}" for number in range(draw(st.integers(0, most)))]
	return {name: draw(st.sampled_from([None, "elsewhere", *names])) for name in draw(st.permutations(names))}


def children_of(parents: dict, name: str | None) -> list[str]:
	"""The nodes directly below, in the given order; below None are the roots."""
	return [below for below, above in parents.items() if (above if above in parents else None) == name]


def descendants_of(parents: dict, name: str) -> list[str]:
	below = children_of(parents, name)
	return below + [deeper for child in below for deeper in descendants_of(parents, child)]


def chain(length: int) -> dict[str, str | None]:
	"""n0 above n1 above n2 and so on; the deepest is given first."""
	return {f"n{place}": f"n{place - 1}" if place else None for place in reversed(range(length))}


# --- cycles ---


def is_own_ancestor(parents: dict, name: str) -> bool:
	above = parents[name]
	for _ in parents:
		if above == name:
			return True
		above = parents.get(above)
	return False


@given(parent_maps())
def test_cycles_are_the_names_that_are_their_own_ancestors(parents):
	assert find_cycles(parents) == {name for name in parents if is_own_ancestor(parents, name)}


@given(forests())
def test_a_forest_has_no_cycle(parents):
	assert find_cycles(parents) == set()


def test_what_hangs_on_a_cycle_is_not_on_it():
	parents = {"below": "a", "a": "b", "b": "c", "c": "a", "self": "self", "under self": "self", "root": None}
	assert find_cycles(parents) == {"a", "b", "c", "self"}


def test_cycles_are_found_at_any_depth():
	parents = chain(DEEP)
	assert find_cycles(parents) == set()
	assert find_cycles(parents | {"n0": f"n{DEEP - 1}"}) == set(parents)


# --- nested set ---


@given(forests(), st.integers(-5, 1000))
def test_the_numbers_are_each_used_once_from_start(parents, start):
	numbers = number_tree(parents, start)
	used = sorted(number for pair in numbers.values() for number in pair)
	assert set(numbers) == set(parents)
	assert used == list(range(start, start + 2 * len(parents)))


@given(forests(), st.integers(1, 1000))
def test_children_fill_the_interval_of_their_parent_in_the_given_order(parents, start):
	numbers = number_tree(parents, start)
	for name in [None, *parents]:
		left, right = numbers[name] if name else (start - 1, start + 2 * len(parents))
		assert left < right
		edges = [left, *(edge for child in children_of(parents, name) for edge in numbers[child]), right]
		gaps = [after - before for before, after in pairwise(edges)]
		assert set(gaps[::2]) == {1}, "nothing lies between a parent and its children, or between siblings"
		assert min(gaps) >= 1


@given(forests())
def test_an_interval_lies_in_another_exactly_where_the_node_hangs_below_it(parents):
	numbers = number_tree(parents)
	for name, (left, right) in numbers.items():
		inside = {other for other, pair in numbers.items() if left < pair[0] and pair[1] < right}
		assert inside == set(descendants_of(parents, name))


def test_numbers_start_at_one_and_siblings_keep_their_order():
	parents = {"z": "root", "a": "root", "root": None, "m": "z", "second root": "not given"}
	assert number_tree(parents) == {
		"root": (1, 8),
		"z": (2, 5),
		"m": (3, 4),
		"a": (6, 7),
		"second root": (9, 10),
	}
	assert number_tree({}) == {}


@given(parent_maps())
def test_a_cycle_has_no_numbers_but_a_sentence(parents):
	looped = {name for name in parents if is_own_ancestor(parents, name)}
	assume(looped)
	with pytest.raises(ValueError) as raised:
		number_tree(parents)
	found = re.fullmatch(r"Kinerja (\S+) menjadi induk bagi dirinya sendiri\.", str(raised.value))
	assert found and found[1] == min(looped)


def test_a_chain_of_any_depth_is_numbered():
	numbers = number_tree(chain(DEEP))
	assert numbers == {f"n{place}": (place + 1, 2 * DEEP - place) for place in range(DEEP)}


# --- roll-up ---

achievements = st.one_of(
	st.none(), st.sampled_from([0.0, 50.0, 100.0]), st.integers(-3000, 20000).map(lambda n: n / 100)
)
shares = st.sampled_from([None, 0.0, 5.0, 12.5, 25.0, 33.33, 60.0])


@st.composite
def valued_forests(draw):
	"""(parents, own values, weights); a missing value or weight is None, 0 or left out."""
	parents = draw(forests())
	own = {name: draw(achievements) for name in parents if draw(st.integers(0, 4))}
	usual = draw(st.sampled_from([shares, st.sampled_from([10.0, 20.0, 70.0])]))
	weights = {name: draw(usual) for name in parents if draw(st.integers(0, 9))}
	return parents, own, {name: weight for name, weight in weights.items() if weight is not None}


def counted_mean(parents: dict, own: dict, name: str) -> Fraction | None:
	"""What a node counts for the one above, by means."""
	return Fraction(own[name]) if own.get(name) is not None else mean_below(parents, own, name)


def mean_below(parents: dict, own: dict, name: str) -> Fraction | None:
	counted = [counted_mean(parents, own, child) for child in children_of(parents, name)]
	counted = [value for value in counted if value is not None]
	return sum(counted) / len(counted) if counted else None


def weighted_below(parents: dict, own: dict, weights: dict, name: str) -> Fraction | None:
	top, bottom = Fraction(0), Fraction(0)
	for child in children_of(parents, name):
		if counted_mean(parents, own, child) is None:
			continue
		value = own.get(child)
		value = Fraction(value) if value is not None else weighted_below(parents, own, weights, child)
		if value is None or not weights.get(child):
			return None
		top += Fraction(weights[child]) * value
		bottom += Fraction(weights[child])
	return top / bottom if bottom else None


def close(expected: Fraction | None):
	return None if expected is None else pytest.approx(float(expected), rel=1e-11, abs=1e-9)


@given(valued_forests())
def test_the_mean_is_over_the_nodes_directly_below(tree):
	parents, own, weights = tree
	found = roll_up(parents, own, weights)
	assert set(found) == set(parents)
	for name in parents:
		assert found[name].mean == close(mean_below(parents, own, name))


@given(valued_forests())
def test_the_weighted_mean_needs_a_weight_of_every_node_with_a_value(tree):
	parents, own, weights = tree
	found = roll_up(parents, own, weights)
	for name in parents:
		assert found[name].weighted == close(weighted_below(parents, own, weights, name))


@given(valued_forests())
def test_the_weakest_is_the_lowest_own_value_anywhere_below(tree):
	parents, own, weights = tree
	found = roll_up(parents, own, weights)
	for name in parents:
		lows = [(own[below], below) for below in descendants_of(parents, name) if own.get(below) is not None]
		assert (found[name].weakest, found[name].weakest_node) == min(lows, default=(None, ""))


@given(valued_forests())
def test_an_own_value_is_never_changed_and_hides_what_is_below_from_what_is_above(tree):
	parents, own, weights = tree
	found = roll_up(parents, own, weights)
	for name, roll in found.items():
		assert roll.own == own.get(name)
		if roll.own is None:
			continue
		assert roll.value("mean") == roll.value("weighted") == roll.value("weakest") == own[name]
		below = set(descendants_of(parents, name))
		without = roll_up(parents, {key: value for key, value in own.items() if key not in below}, weights)
		for other in set(parents) - below - {name}:
			assert (without[other].mean, without[other].weighted) == (
				found[other].mean,
				found[other].weighted,
			)


@given(valued_forests())
def test_nodes_without_value_change_nothing(tree):
	parents, own, weights = tree
	empty = {f"empty below {name}": name for name in parents}
	found = roll_up(parents, own, weights)
	more = roll_up(parents | empty, own | dict.fromkeys(empty), weights)
	assert {name: more[name] for name in parents} == found
	assert all(more[name] == RollUp(None) for name in empty)


def test_zero_is_a_value_and_missing_is_none():
	parents = {"top": None, "zero": "top", "full": "top", "missing": "top", "absent": "top"}
	found = roll_up(parents, {"zero": 0.0, "full": 100.0, "missing": None}, {"zero": 25.0, "full": 75.0})
	assert found["top"] == RollUp(None, 50.0, 75.0, 0.0, "zero")
	assert found["zero"] == RollUp(0.0)
	assert found["zero"].value("mean") == 0.0


def test_a_node_without_own_value_counts_with_what_is_rolled_up_from_below_it():
	parents = {"top": None, "a": "top", "b": "top", "a1": "a", "a2": "a", "b1": "b"}
	own = {"a1": 60.0, "a2": 90.0, "b": 100.0, "b1": 10.0}
	weights = {"a": 80.0, "b": 20.0, "a1": 50.0, "a2": 50.0}
	found = roll_up(parents, own, weights)
	assert found["top"] == RollUp(None, 87.5, 80.0, 10.0, "b1")
	assert found["b"] == RollUp(100.0, 10.0, None, 10.0, "b1")
	assert found["b"].value("mean") == 100.0


def test_weights_missing_further_down_leave_no_weighted_mean_further_up():
	parents = {"top": None, "a": "top", "b": "top", "a1": "a", "a2": "a"}
	own = {"a1": 60.0, "a2": 90.0, "b": 100.0}
	found = roll_up(parents, own, {"a": 80.0, "b": 20.0, "a1": 50.0})
	assert (found["a"].mean, found["a"].weighted) == (75.0, None)
	assert (found["top"].mean, found["top"].weighted) == (87.5, None)


def test_a_mean_that_is_exact_in_decimals_carries_no_noise():
	values = [50.0, 64.4, 99.8]
	assert sum(values) / 3 != 71.4, "the example must need it"
	parents = {"top": None, "a": "top", "b": "top", "c": "top"}
	found = roll_up(parents, dict(zip("abc", values, strict=True)), dict.fromkeys("abc", 0.1))
	assert (found["top"].mean, found["top"].weighted) == (71.4, 71.4)


def test_a_chain_of_any_depth_is_rolled_up_and_added_up():
	parents, deepest = chain(DEEP), f"n{DEEP - 1}"
	found = roll_up(parents, {deepest: 80.0}, dict.fromkeys(parents, 100.0))
	assert found["n0"] == RollUp(None, 80.0, 80.0, 80.0, deepest)
	assert add_up(parents, {deepest: 7.0})["n0"] == 7.0


def test_cycles_and_what_hangs_on_them_have_no_figures():
	parents = {"a": "b", "b": "a", "below": "a", "root": None, "leaf": "root"}
	values = dict.fromkeys(parents, 5.0)
	assert set(roll_up(parents, values, {})) == set(add_up(parents, values)) == {"root", "leaf"}


# --- budgets ---

rupiah = st.one_of(st.none(), st.just(0.0), st.integers(1, 10**12).map(float))


@given(forests(), st.data())
def test_a_budget_is_the_sum_of_the_leaves_below(parents, data):
	leaves = [name for name in parents if not children_of(parents, name)]
	amounts = {name: data.draw(st.integers(1, 10**12).map(float)) for name in parents}
	total = add_up(parents, amounts)
	assert set(total) == set(parents)
	for name in parents:
		below = [leaf for leaf in descendants_of(parents, name) or [name] if leaf in leaves]
		assert total[name] == sum(amounts[leaf] for leaf in below)


def amount_at(parents: dict, amounts: dict, name: str) -> float:
	if any(amounts.get(below) for below in descendants_of(parents, name)):
		return sum(amount_at(parents, amounts, child) for child in children_of(parents, name))
	return amounts.get(name) or 0.0


@given(forests(), st.data())
def test_an_own_amount_counts_only_where_nothing_below_has_one(parents, data):
	amounts = {name: data.draw(rupiah) for name in parents if data.draw(st.booleans())}
	total = add_up(parents, amounts)
	assert total == {name: amount_at(parents, amounts, name) for name in parents}


def test_the_amount_of_a_programme_is_not_counted_besides_its_activities():
	# What of Situbondo's activities is published (domain.md 3.5); their programme also prints its own amount.
	activities = {"a": 100_435_441.0, "b": 118_744_545.0, "c": 220_150_290.0}
	parents = {"programme": None, **dict.fromkeys([*activities, "d"], "programme"), "other programme": None}
	total = add_up(parents, {**activities, "programme": 6_764_342_774.0, "other programme": 5.0})
	assert total == {**activities, "d": 0.0, "programme": 439_330_276.0, "other programme": 5.0}


# --- levels ---

BELOW = {
	"": "Tujuan",
	"Tujuan": "Sasaran",
	"Sasaran": "Program",
	"Program": "Kegiatan",
	"Kegiatan": "Sub Kegiatan",
	"Sub Kegiatan": None,
}


@pytest.mark.parametrize("parent_level", BELOW)
@pytest.mark.parametrize("level", LEVELS)
def test_a_level_stands_directly_below_the_one_before_it(level, parent_level):
	fits = BELOW[parent_level] == level
	assert level_fits(level, parent_level) is fits
	starts_anew = parent_level == "Sasaran" and level in ("Tujuan", "Sasaran", "Program")
	assert level_fits(level, parent_level, of_another_opd=True) is (fits or starts_anew)


def test_every_level_has_its_outcome():
	assert tuple(OUTCOME_LEVELS) == LEVELS
	assert len(set(OUTCOME_LEVELS.values())) == len(LEVELS)


# --- checks, one by one ---


def node(name: str, parent: str | None = None, level: str = "Tujuan", **more) -> Node:
	defaults = {"statement": f"Kinerja {name}", "opd": "A", "year_from": 2025, "year_to": 2029}
	return Node(name, parent, level, **defaults | more)


def indicator(code: str = "i", objective: str = "", **more) -> Indicator:
	return Indicator(code, f"Indikator {code}", more.pop("opd", "A"), objective, **more)


def result(check: str, subject: Node | Indicator, *others: Node | Indicator) -> str | None:
	"""What a check says about the subject in a plan that holds it and the others."""
	rows = (subject, *others)
	nodes, indicators = ([row for row in rows if isinstance(row, kind)] for kind in (Node, Indicator))
	return CHECK[check].test(Plan(2026, nodes, indicators), subject)


TOP = node("top")
SUB = node("s", "k", "Sub Kegiatan", budget=1_234_567.5)


def branches(*weights: float) -> list[Node]:
	return [node(f"b{place}", "top", "Sasaran", weight=weight) for place, weight in enumerate(weights)]


# check, what it finds wrong, and what its sentence must say
FAILING = [
	("without_indicator", [TOP], "Tujuan ini belum mempunyai indikator", "Tambahkan"),
	("without_indicator", [SUB, indicator(objective="k")], "Sub Kegiatan ini belum mempunyai", "Tambahkan"),
	("outside_years", [node("a", "top", year_from=2024), TOP], "Tahun 2024-2029", "Sesuaikan"),
	("outside_years", [node("a", "top", year_to=2030), TOP], "induknya (2025-2029)", "Sesuaikan"),
	("orphan", [node("a", None, "Sasaran")], "Sasaran ini tidak mempunyai induk", "Tempatkan"),
	("orphan", [node("a", "elsewhere", "Program"), TOP], "Program ini tidak mempunyai induk", "Tempatkan"),
	("orphan", [node("a", "", "Kegiatan")], "Kegiatan ini tidak mempunyai induk", "Tempatkan"),
	("cycle", [node("a", "a")], "menjadi induk bagi dirinya sendiri", "Pilih"),
	("cycle", [node("a", "b"), node("b", "a")], "menjadi induk bagi dirinya sendiri", "Pilih"),
	(
		"level_skipped",
		[node("a", "top", "Program"), TOP],
		"Program tidak dapat langsung di bawah Tujuan",
		"Tambahkan",
	),
	("level_skipped", [node("a", "b"), node("b", None, "Sasaran")], "di bawah Sasaran", "Tambahkan"),
	("level_skipped", [node("a", "top", "Program", opd="B"), TOP], "di bawah Tujuan", "Tambahkan"),
	("weights", [TOP, *branches(50.0, 49.99)], "berjumlah 99,99", "Isi"),
	("weights", [TOP, *branches(50.0, 50.006)], "berjumlah 100,01", "Isi"),
	("weights", [TOP, *branches(60.0, 40.0, 0.0)], "berjumlah 100,00", "Isi bobot pada semua cabangnya"),
	("unmeasured_budget", [SUB], "mempunyai pagu Rp 1.234.568", "Tambahkan"),
	("unattached", [indicator()], "belum menempel pada pohon kinerja", "Pilih"),
	("unattached", [indicator(objective="elsewhere"), TOP], "belum menempel pada pohon kinerja", "Pilih"),
	("without_target", [indicator(target=5.0)], "belum mempunyai target tahun 2026", "Isi"),
	("without_definition", [indicator(missing=("unit", "definition"))], "definisi operasional", "Lengkapi"),
	("without_source", [indicator(missing=("source",))], "belum mempunyai sumber data", "Lengkapi"),
	("iku_changed", [indicator(in_first_version=True)], "tidak lagi menjadi IKU", "Kembalikan"),
	("iku_changed", [indicator(in_first_version=False, is_iku=True)], "baru menjadi IKU", "Kembalikan"),
	("easier_target", [indicator(target=80.0, realization=80.5)], "Target 2026 (80)", "Jelaskan"),
	(
		"easier_target",
		[indicator(target=7.25, realization=0.0, polarity="minimize")],
		"Target 2026 (7,25) lebih mudah daripada realisasi 2025 (0)",
		"Jelaskan",
	),
]
PASSING = [
	("without_indicator", [TOP, indicator(objective="top")]),
	("outside_years", [node("a", "top"), TOP]),
	("outside_years", [node("a", "top", year_from=2026, year_to=2026), TOP]),
	("orphan", [node("a", "top", "Sasaran"), TOP]),
	("cycle", [TOP]),
	("cycle", [node("below", "a"), node("a", "a")]),
	("level_skipped", [node("a", "top", "Sasaran"), TOP]),
	("level_skipped", [node("a", "b", opd="B"), node("b", None, "Sasaran")]),
	("weights", [TOP, *branches(60.0, 40.0)]),
	("weights", [TOP, *branches(33.333, 33.333, 33.333)]),
	("weights", [TOP, *branches(100.0), node("elsewhere", None, weight=30.0)]),
	("unmeasured_budget", [SUB, indicator(objective="s")]),
	("unattached", [indicator(objective="top"), TOP]),
	("without_target", [indicator(has_target=True)]),
	("without_definition", [indicator(missing=("formula", "unit", "source"))]),
	("without_source", [indicator(missing=("definition", "formula", "unit"))]),
	("iku_changed", [indicator(in_first_version=True, is_iku=True)]),
	("easier_target", [indicator(target=80.0, realization=80.0)]),
	("easier_target", [indicator(target=0.0, realization=-1.0)]),
	("easier_target", [indicator(target=80.0, realization=80.0, polarity="minimize")]),
	("easier_target", [indicator(target=79.0, realization=80.0, polarity="minimize")]),
]
NOT_APPLICABLE = [
	("outside_years", [node("a", None, year_from=1990)]),
	("outside_years", [node("a", "elsewhere", year_from=1990), TOP]),
	("orphan", [TOP]),
	("level_skipped", [node("a", "elsewhere", "Program"), TOP]),
	("weights", [TOP]),
	("weights", [TOP, *branches(0.0, 0.0)]),
	("weights", [TOP, node("a", "elsewhere", weight=30.0)]),
	("unmeasured_budget", [node("s", "k", "Sub Kegiatan")]),
	("unmeasured_budget", [node("k", "p", "Kegiatan", budget=5.0)]),
	("iku_changed", [indicator(is_iku=True)]),
	("iku_changed", [indicator(in_first_version=False)]),
	("easier_target", [indicator(target=80.0)]),
	("easier_target", [indicator(realization=80.0)]),
	("easier_target", [indicator(target=70.0, realization=80.0, polarity="stabilize")]),
]
# These ask for something that every node, or every indicator, must have.
ALWAYS = {
	"without_indicator",
	"cycle",
	"unattached",
	"without_target",
	"without_definition",
	"without_source",
}


def test_every_check_has_its_cases():
	assert {case[0] for case in FAILING} == {case[0] for case in PASSING} == set(CHECK)
	assert {case[0] for case in NOT_APPLICABLE} == set(CHECK) - ALWAYS
	assert len(CHECK) == len(CHECKS)
	assert {(check.kind, check.severity) for check in CHECKS} <= {
		(kind, severity) for kind in ("objective", "indicator") for severity in ("error", "warning")
	}


@pytest.mark.parametrize(("check", "rows", "problem", "remedy"), FAILING)
def test_a_check_names_the_problem_and_what_to_do(check, rows, problem, remedy):
	message = result(check, *rows)
	assert problem in message
	# One line in Indonesian: the problem, then a request.
	assert re.fullmatch(r"[A-Z][^\n{}]*[^\s.{}]\.", message)
	assert "  " not in message and "None" not in message
	assert message.index(problem) < message.index(f" {remedy}")


@pytest.mark.parametrize(("check", "rows"), PASSING)
def test_a_check_says_nothing_where_all_is_well(check, rows):
	assert result(check, *rows) == ""


@pytest.mark.parametrize(("check", "rows"), NOT_APPLICABLE)
def test_a_check_does_not_count_where_it_does_not_apply(check, rows):
	assert result(check, *rows) is None


def test_what_an_indicator_lacks_to_be_smart():
	assert smart_warnings(()) == []
	assert smart_warnings((), has_target=False) == ["Indikator belum mempunyai target."]
	assert smart_warnings(("source", "definition", "unit", "formula"), has_target=False) == [
		"Indikator belum mempunyai sumber data.",
		"Indikator belum mempunyai definisi operasional.",
		"Indikator belum mempunyai satuan.",
		"Indikator belum mempunyai rumus.",
		"Indikator belum mempunyai target.",
	]


# --- all checks together ---


@st.composite
def plans(draw) -> Plan:
	"""Plans of two OPDs with any contradiction."""
	parents = draw(parent_maps())
	opds = st.sampled_from("AB")
	years = st.lists(st.integers(2025, 2027), min_size=2, max_size=2).map(sorted)
	nodes = [
		Node(
			name,
			parent,
			draw(st.sampled_from(LEVELS)),
			f"Kinerja {name}",
			draw(opds),
			*draw(years),
			draw(st.sampled_from([0.0, 0.0, 40.0, 60.0, 100.0])),
			draw(st.sampled_from([0.0, 1000.0])),
		)
		for name, parent in parents.items()
	]
	values = st.sampled_from([None, 0.0, 1.0, 2.0])
	indicators = [
		Indicator(
			f"i{place}",
			f"Indikator {place}",
			draw(opds),
			draw(st.sampled_from(["", "elsewhere", *parents])),
			draw(st.booleans()),
			draw(st.sampled_from([None, True, False])),
			draw(st.sampled_from(["maximize", "minimize", "stabilize", "qualitative"])),
			draw(values),
			draw(st.booleans()),
			draw(values),
			tuple(draw(st.sets(st.sampled_from(["definition", "formula", "unit", "source"])))),
		)
		for place in range(draw(st.integers(0, 8)))
	]
	return Plan(2026, nodes, indicators)


def parent_in(plan: Plan, row: Node) -> Node | None:
	return next((other for other in plan.nodes if other.name == row.parent), None)


def weights_below(plan: Plan, row: Node) -> list[float]:
	return [other.weight for other in plan.nodes if other.parent == row.name]


def is_measured(plan: Plan, row: Node) -> bool:
	return any(measuring.objective == row.name for measuring in plan.indicators)


def always(plan: Plan, row: Node | Indicator) -> bool:
	return True


# check → (does it apply, does it fail where it applies), said once more in other words than the module's
RULES: dict[str, tuple[Callable, Callable]] = {
	"without_indicator": (always, lambda plan, row: not is_measured(plan, row)),
	"outside_years": (
		parent_in,
		lambda plan, row: (
			not {row.year_from, row.year_to}
			<= set(range(parent_in(plan, row).year_from, parent_in(plan, row).year_to + 1))
		),
	),
	"orphan": (lambda plan, row: row.level != "Tujuan", lambda plan, row: not parent_in(plan, row)),
	"cycle": (
		always,
		lambda plan, row: is_own_ancestor({other.name: other.parent for other in plan.nodes}, row.name),
	),
	"level_skipped": (
		parent_in,
		lambda plan, row: (
			not level_fits(row.level, parent_in(plan, row).level, parent_in(plan, row).opd != row.opd)
		),
	),
	"weights": (
		lambda plan, row: any(weights_below(plan, row)),
		lambda plan, row: 0 in weights_below(plan, row) or sum(weights_below(plan, row)) != 100,
	),
	"unmeasured_budget": (
		lambda plan, row: row.level == "Sub Kegiatan" and row.budget > 0,
		lambda plan, row: not is_measured(plan, row),
	),
	"unattached": (
		always,
		lambda plan, row: row.objective not in [other.name for other in plan.nodes],
	),
	"without_target": (always, lambda plan, row: not row.has_target),
	"without_definition": (always, lambda plan, row: "definition" in row.missing),
	"without_source": (always, lambda plan, row: "source" in row.missing),
	"iku_changed": (
		lambda plan, row: row.in_first_version or (row.in_first_version is False and row.is_iku),
		lambda plan, row: row.in_first_version != row.is_iku,
	),
	"easier_target": (
		lambda plan, row: (
			None not in (row.target, row.realization) and row.polarity in ("maximize", "minimize")
		),
		lambda plan, row: (
			row.target != row.realization and (row.target < row.realization) == (row.polarity == "maximize")
		),
	),
}


def expected_of(plan: Plan) -> Iterable[tuple[str, str, str, bool]]:
	"""(check, OPD, subject, failed) wherever a check applies."""
	for code, (applies, fails) in RULES.items():
		for row in plan.nodes if CHECK[code].kind == "objective" else plan.indicators:
			if applies(plan, row):
				yield code, row.opd, row.name if isinstance(row, Node) else row.code, bool(fails(plan, row))


@given(plans())
def test_checks_find_what_the_rules_say_in_any_plan(plan):
	findings, counts = examine(plan)
	assert Counter((found.check, found.opd, found.subject) for found in findings) == Counter(
		(code, opd, subject) for code, opd, subject, failed in expected_of(plan) if failed
	)
	applied = Counter((opd, code) for code, opd, _, _ in expected_of(plan))
	failed = Counter((found.opd, found.check) for found in findings)
	assert {(opd, code): pair for opd, by_check in counts.items() for code, pair in by_check.items()} == {
		key: (count, failed[key]) for key, count in applied.items()
	}


@given(plans())
def test_a_finding_names_its_check_and_its_subject(plan):
	names = {row.name: row.statement for row in plan.nodes}
	names |= {row.code: row.name for row in plan.indicators}
	for found in examine(plan)[0]:
		check = CHECK[found.check]
		assert (found.kind, found.severity) == (check.kind, check.severity)
		assert found.title == names[found.subject]
		assert found.message


def test_a_finding_holds_all_that_the_page_shows():
	findings, counts = examine(Plan(2026, [TOP], [indicator("x", "top", opd="B", has_target=False)]))
	assert [(found.check, found.severity, found.opd, found.kind, found.subject) for found in findings] == [
		("without_target", "error", "B", "indicator", "x")
	]
	assert findings[0].title == "Indikator x"
	assert findings[0].message == "Indikator belum mempunyai target tahun 2026. Isi targetnya."
	assert counts["A"] == {"without_indicator": (1, 0), "cycle": (1, 0)}
	assert counts["B"] == {
		"unattached": (1, 0),
		"without_target": (1, 1),
		"without_definition": (1, 0),
		"without_source": (1, 0),
	}


def test_an_empty_plan_has_no_findings_and_no_counts():
	assert examine(Plan(2026, [], [])) == ([], {})


# --- quality ---

pairs = st.integers(0, 500).flatmap(lambda applied: st.tuples(st.just(applied), st.integers(0, applied)))
tallies = st.dictionaries(st.sampled_from(sorted(CHECK)), pairs)


@given(tallies)
def test_quality_is_the_mean_share_that_passed(counts):
	passed = [1 - Fraction(failed, applied) for applied, failed in counts.values() if applied]
	score = quality(counts)
	if not passed:
		assert score is None
		return
	assert score == pytest.approx(float(100 * sum(passed) / len(passed)), abs=1e-9)
	assert 0 <= score <= 100
	assert (score == 100) is all(share == 1 for share in passed)
	assert (score == 0) is not any(passed)


@given(tallies, st.integers(2, 1000), st.data())
def test_every_check_has_the_same_voice_however_often_it_applied(counts, times, data):
	assume(counts)
	code = data.draw(st.sampled_from(sorted(counts)))
	applied, failed = counts[code]
	score = quality(counts)
	assert quality(counts | {code: (applied * times, failed * times)}) == (
		score if score is None else pytest.approx(score, abs=1e-9)
	)


def test_many_sub_kegiatan_do_not_hide_a_tujuan_that_nobody_measures():
	assert quality({"without_indicator": (1, 1), "orphan": (999, 0)}) == 50.0
	assert quality({"weights": (0, 0), "orphan": (3, 1), "cycle": (3, 2)}) == 50.0
	assert quality({"weights": (0, 0)}) is None
	assert quality({}) is None


# --- versions ---

KINDS = ("objectives", "indicators")
# An empty part and one that is not there are the same to the reader; a number is compared as it prints.
parts = st.sampled_from(["", "satu", "dua", 2026, "2026"])
rows_of_a_version = st.dictionaries(
	st.sampled_from(["T1", "S1", "S2", "P1"]),
	st.fixed_dictionaries(
		{"title": st.sampled_from(["Judul", "Judul baru"])},
		optional={"opd": parts, "target_2026": parts, "target_2027": parts},
	),
)
versions = st.fixed_dictionaries(
	{},
	optional={
		"plan": st.fixed_dictionaries({}, optional={"title": parts, "period": parts}),
		**dict.fromkeys(KINDS, rows_of_a_version),
	},
)


def as_tuple(found: Difference) -> tuple:
	return found.change, found.kind, found.subject, found.part, found.before, found.after


def mirrored(found: Difference) -> tuple:
	change = {"added": "removed", "removed": "added", "changed": "changed"}[found.change]
	return change, found.kind, found.subject, found.part, found.after, found.before


@given(versions, versions)
def test_differences_are_the_same_from_either_side(before, after):
	forth, back = differences(before, after), differences(after, before)
	assert Counter(map(mirrored, forth)) == Counter(map(as_tuple, back))


@given(versions)
def test_a_version_does_not_differ_from_itself(version):
	assert differences(version, version) == []


def flat(version: dict) -> dict[tuple[str, str, str], str]:
	"""(kind, row, part) → text, without what is empty."""
	cells = {("plan", "", part): str(text) for part, text in version.get("plan", {}).items()}
	for kind in KINDS:
		for name, row in version.get(kind, {}).items():
			cells |= {(kind, name, part): str(text) for part, text in row.items()}
	return {key: text for key, text in cells.items() if text}


@given(versions, versions)
def test_exactly_the_parts_that_differ_are_named(before, after):
	found = differences(before, after)
	old, new = flat(before), flat(after)
	in_both = {("plan", "")} | {(kind, name) for kind in KINDS for name in before.get(kind, {})} & {
		(kind, name) for kind in KINDS for name in after.get(kind, {})
	}
	changed = [as_tuple(one)[1:] for one in found if one.change == "changed"]
	assert Counter(changed) == Counter(
		(*key, old.get(key, ""), new.get(key, ""))
		for key in old.keys() | new.keys()
		if key[:2] in in_both and old.get(key, "") != new.get(key, "")
	)


@given(versions, versions)
def test_whole_rows_are_added_or_removed_under_their_title(before, after):
	found = differences(before, after)
	for change, here, there in (("added", after, before), ("removed", before, after)):
		assert Counter(one for one in found if one.change == change) == Counter(
			Difference(change, kind, name, row["title"])
			for kind in KINDS
			for name, row in here.get(kind, {}).items()
			if name not in there.get(kind, {})
		)
	for one in found:
		if one.change == "changed" and one.kind != "plan":
			assert one.title == after[one.kind][one.subject]["title"]


def test_a_changed_target_shows_both_texts():
	before = {
		"plan": {"title": "Renstra"},
		"indicators": {"K1": {"title": "Angka stunting", "target_2026": "12,5"}},
	}
	after = {
		"plan": {"title": "Renstra"},
		"indicators": {"K1": {"title": "Angka stunting", "target_2026": "11"}},
	}
	assert differences(before, after) == [
		Difference("changed", "indicators", "K1", "Angka stunting", "target_2026", "12,5", "11")
	]
