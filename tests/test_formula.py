"""Indicators that are computed from others: reading, calculating, refusing (domain.md 3.2)."""

import math
import operator
import random
import tracemalloc
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seroja.core import formula
from seroja.core.formula import Formula, FormulaError, Result, find_cycle, parse_formula

LARGEST = 1e15
NO_DATA, NO_POPULATION, INVALID = (Result(None, status) for status in ("no_data", "no_population", "invalid"))

# --- random expressions: ("number", text), ("code", code), (sign, x), (sign, x, y), (function, [x, …]) ---

CODES = st.text("Aé1 .,+-*/()_'\"#:;=\\\t\0@名", min_size=1, max_size=8).map(str.strip).filter(bool)
NUMBERS = st.integers(0, 10**6).map(str) | st.integers(0, 10**6).map(lambda n: f"{n // 1000}.{n % 1000:03}")
LEAVES = st.tuples(st.just("code"), CODES) | st.tuples(st.just("number"), NUMBERS)
TREES = st.recursive(
	LEAVES,
	lambda parts: (
		st.tuples(st.sampled_from("+-"), parts)
		| st.tuples(st.sampled_from("+-*/"), parts, parts)
		| st.tuples(st.sampled_from(["min", "max", "mean"]), st.lists(parts, min_size=1, max_size=4))
	),
	max_leaves=12,
)
BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
FUNCTIONS = {"min": min, "max": max, "mean": lambda numbers: math.fsum(numbers) / len(numbers)}
# Zero often enough to be a denominator.
VALUES = st.sampled_from([0.0, 1.0, -1.0]) | st.floats(-1e6, 1e6)


def strength(tree) -> int:
	"""How tightly an expression holds together."""
	if len(tree) == 3:
		return 1 if tree[0] in "+-" else 2
	return 3 if tree[0] in ("+", "-") else 4


def written(tree, needed: int = 0, blank: str = "") -> str:
	"""The expression with no more parentheses than it needs where its surroundings hold that tightly."""
	head, *parts = tree
	if head == "number":
		text = parts[0]
	elif head == "code":
		text = f"[{blank}{parts[0]}{blank}]"
	elif head in FUNCTIONS:
		arguments = f"{blank},{blank}".join(written(part, 0, blank) for part in parts[0])
		text = f"{head}({blank}{arguments})"
	elif len(parts) == 1:
		text = f"{head}{blank}{written(parts[0], 3, blank)}"
	else:
		own = strength(tree)
		text = f"{written(parts[0], own, blank)}{blank}{head}{blank}{written(parts[1], own + 1, blank)}"
	return f"({text})" if strength(tree) < needed else text


def codes_of(tree) -> list[str]:
	"""The codes as they are met from left to right."""
	head, *parts = tree
	if head == "code":
		return parts
	if head == "number":
		return []
	return [code for part in (parts[0] if head in FUNCTIONS else parts) for code in codes_of(part)]


def calculated(tree, values) -> float:
	head, *parts = tree
	if head == "number":
		return float(parts[0])
	if head == "code":
		return values[parts[0]]
	if head in FUNCTIONS:
		return FUNCTIONS[head]([calculated(part, values) for part in parts[0]])
	numbers = [calculated(part, values) for part in parts]
	if len(numbers) == 1:
		return -numbers[0] if head == "-" else numbers[0]
	return BINARY[head](*numbers)


def expected(tree, values) -> Result:
	try:
		value = calculated(tree, values)
	except ZeroDivisionError:
		return NO_POPULATION
	return Result(value, "ok") if abs(value) <= LARGEST else INVALID


@given(TREES, st.sampled_from(["", " ", "  "]), st.data())
def test_a_formula_gives_what_its_expression_gives(tree, blank, data):
	codes = codes_of(tree)
	assume(codes)
	values = {code: data.draw(VALUES, label=code) for code in codes}
	assert parse_formula(written(tree, blank=blank)).evaluate(values) == expected(tree, values)


@given(TREES, st.sampled_from(["", " "]))
def test_the_references_are_the_codes_in_the_order_of_their_first_use(tree, blank):
	codes = codes_of(tree)
	assume(codes)
	references = parse_formula(written(tree, blank=blank)).references
	assert sorted(references) == sorted(set(codes))
	assert list(references) == sorted(references, key=codes.index)


@given(TREES, st.data())
def test_one_missing_value_leaves_the_whole_formula_without_data(tree, data):
	codes = codes_of(tree)
	assume(codes)
	values = {code: data.draw(VALUES, label=code) for code in codes}
	missing = data.draw(st.sampled_from(codes))
	read = parse_formula(written(tree))
	for nothing in (None, math.nan, np.float64("nan")):
		assert read.evaluate({**values, missing: nothing}) == NO_DATA
	del values[missing]
	assert read.evaluate(values) == NO_DATA


# --- examples ---


@pytest.mark.parametrize(
	("text", "value"),
	[
		("([Dinkes-1] + [Dinkes-2]) / 2", 20.0),
		("[Dinkes-1] + [Dinkes-2] / 2", 25.0),
		("[Dinkes-1]-[Dinkes-2]-1", -21.0),
		("[Dinkes-2]/[Dinkes-1]/3", 1.0),
		("-[Dinkes-1] * -2", 20.0),
		("[Dinkes-1] - -+.5", 10.5),
		("mean([Dinkes-1], [Dinkes-2], 5)", 15.0),
		("min([Dinkes-1], max([Dinkes-2], 0.25))", 10.0),
		("max([Dinkes-1])", 10.0),
		("0.1 * [Dinkes-1] / [Dinkes-2] * 100", 0.1 * 10.0 / 30.0 * 100),
		("[Dinkes-1] + 1000000000000000 - 1000000000000000", 10.0),
		# 1 more with whole numbers of any length, which a formula does not have.
		("999999999999999*999999999999999 - 999999999999998*1000000000000000 + [Dinkes-1]", 10.0),
	],
)
def test_a_formula_is_calculated_as_at_school(text, value):
	values = {"Dinkes-1": 10, "Dinkes-2": 30}
	assert parse_formula(text).evaluate(values) == Result(value, "ok")
	assert isinstance(parse_formula(text).evaluate(values).value, float)


def test_the_text_is_kept_as_typed_and_the_codes_stripped():
	read = parse_formula("  ([ B ] +[A])/ [B]\n")
	assert read == parse_formula("([ B ] +[A])/ [B]")
	assert (read.text, read.references) == ("([ B ] +[A])/ [B]", ("B", "A"))
	assert repr(read) == "Formula(text='([ B ] +[A])/ [B]', references=('B', 'A'))"
	assert read.evaluate({"A": 3, "B": 2}) == Result(2.5, "ok")


def test_the_mean_does_not_depend_on_the_order():
	assert parse_formula("mean([A], [B], -[A])").evaluate({"A": 1e15, "B": 0.3}).value == 0.3 / 3


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_the_mean_is_rounded_as_little_as_possible(numbers):
	text = ",".join(f"[{place}]" for place in range(len(numbers)))
	value = parse_formula(f"mean({text})").evaluate({str(n): x for n, x in enumerate(numbers)}).value
	exact = sum(map(Fraction, numbers)) / len(numbers)
	assert value == pytest.approx(float(exact), rel=4e-16, abs=0)


@pytest.mark.parametrize("zero", [0, 0.0, -0.0, np.float64(0), np.int64(0)])
@pytest.mark.parametrize(
	"text",
	["[A] / [B]", "[B] / [B]", "1 / ([A] * [B])", "[A] / 0 + [B]", "min([A], 1 / [B])", "max([A], 1) / [B]"],
)
def test_a_zero_denominator_is_no_population(text, zero):
	read = parse_formula(text)
	assert read.evaluate({"A": np.float64(5), "B": zero}) == NO_POPULATION
	assert read.evaluate({"A": None, "B": zero}) == (NO_DATA if "[A]" in text else NO_POPULATION)


def test_zero_is_a_value_and_not_missing():
	assert parse_formula("[A] * 2").evaluate({"A": 0}) == Result(0.0, "ok")


@pytest.mark.parametrize(
	("text", "value"),
	[
		("[A] * [A]", 1e8),
		("[A] + 1", LARGEST),
		("-[A] - 1", LARGEST),
		("1 / ([A] * [A])", 1e200),
		("min([A] * [A], 1)", 1e200),
		("mean([A], [A])", 1e308),
		("[A] / [A]", math.inf),
		("1 / [A]", -math.inf),
		("0 * [A]", 10**400),
	],
)
def test_a_number_that_is_too_large_on_the_way_or_in_the_end_is_invalid(text, value):
	assert parse_formula(text).evaluate({"A": value}) == INVALID


def test_the_largest_number_is_still_valid():
	assert parse_formula("-[A]").evaluate({"A": LARGEST}) == Result(-LARGEST, "ok")


# --- limits ---


@pytest.mark.parametrize(
	("accepted", "refused", "problem"),
	[
		("[A]" + " " * 995 + "+1", "[A]" + " " * 996 + "+1", "paling banyak 1000 karakter"),
		(f"[{'k' * 140}]", f"[{'k' * 141}]", "1 sampai 140 karakter"),
		("-" * 199 + "[A]", "-" * 200 + "[A]", "terlalu rumit"),
		("+".join(["[A]"] * 100), "+".join(["[A]"] * 101), "terlalu rumit"),
		(f"max({','.join(['[A]'] * 199)})", f"max({','.join(['[A]'] * 200)})", "terlalu rumit"),
		("[A]*1000000000000000", "[A]*1000000000000001", "“1000000000000001” dalam rumus terlalu besar"),
		("[A]*1000000000000000.0", "[A]*" + "9" * 400 + ".0", f"“{'9' * 20}” dalam rumus terlalu besar"),
		("[A]", "[ ]", "1 sampai 140 karakter"),
		("[A]+1", "2+1", "belum memuat indikator"),
	],
)
def test_a_formula_may_reach_a_limit_and_not_pass_it(accepted, refused, problem):
	assert isinstance(parse_formula(accepted), Formula)
	with pytest.raises(FormulaError, match=problem):
		parse_formula(refused)


def test_blanks_around_a_code_or_a_formula_do_not_count():
	assert parse_formula(" " * 2000 + f"[ {'k' * 140} ]").references == ("k" * 140,)


# --- refusals ---

HOSTILE = [
	"9**9**9",
	"[A]**[A]",
	"[A] // 2",
	"[A] % 2",
	"[A] @ [A]",
	"[A] << 9",
	"~[A]",
	"[A] < 2",
	"__import__('os')",
	"__import__('os').system([A])",
	"[A].__class__",
	"[A].[A]",
	"[A].real",
	"[A][0]",
	"[A][[A]]",
	"[A][A]",
	"2[A]",
	"[A]2",
	"[A] 2",
	"2 [A]",
	"[A].5",
	"(lambda: 1)()",
	"(lambda: [A])()",
	"[A] if 1 else 2",
	"1if[A]else 2",
	"([A] for x in [A])",
	"min([A] for x in [A])",
	'f"{[A]}"',
	'"a"*10**9',
	'"a" * [A]',
	"'[A]'",
	"(" * 150 + "[A]" + "*" + ")" * 150,
	"(" * 498 + "[A]" + ")" * 498,
	"(" * 997 + "[A]",
	"min(" * 250 + "[A]" + ")" * 250,
	"-" * 997 + "[A]",
	"[" * 1000,
	"[A]+" * 25_000 + "1",
	"1" * 100_000 + "*[A]",
	"[A] and [B]",
	"not [A]",
	"min(*[A])",
	"min(**[A])",
	"min([A], *[A])",
	"min(x=[A])",
	"min([A], key=[A])",
	"min()+[A]",
	"min + [A]",
	"min([A], max)",
	"min[A]",
	"min [A]",
	"minmax([A])",
	"min([A])([A])",
	"max([A]).max([A])",
	"[A]([A])",
	"2([A])",
	"pow([A], 9)",
	"exec([A])",
	"min(exec([A]))",
	"MIN([A])",
	"1e999*[A]",
	"1e3*[A]",
	"0x10*[A]",
	"0b1*[A]",
	"1_000*[A]",
	"007*[A]",
	"1.2.3*[A]",
	"1j*[A]",
	"...*[A]",
	"True*[A]",
	"None*[A]",
	"_ + [A]",
	"__ + [A]",
	"A + [A]",
	"[A]:=3",
	"(x:=[A])",
	"[A]=3",
	"[A]\0",
	"\0[A] + 1",
	"[A] +\0 1",
	"ｍin([A])",
	"mіn([A])",
	"１*[A]",
	"٣*[A]",
	"[A] − 1",
	"［A］",
	"[A",
	"A]",
	"[A]]",
	"[[A]]",
	"[]",
	"[]+[A]",
	"[A[B]]",
	"([A]",
	"[A])",
	"[A]) + ([A]",
	")[A](",
	"()+[A]",
	"{[A]}",
	"[A] # komentar",
	"#[A]",
	"[A]\n+1",
	"([A]\n+1)",
	"[A];[A]",
	"[A] \\\n + 1",
	"[A] \\ + 1",
	"[A] +",
	"* [A]",
	"await [A]",
	"yield [A]",
	"import os",
	"",
	"   ",
	"\ud800[A]",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:24]))
def test_what_is_no_formula_is_refused_in_bounded_memory(text):
	tracemalloc.start()
	try:
		with pytest.raises(FormulaError):
			parse_formula(text)
		peak = tracemalloc.get_traced_memory()[1]
	finally:
		tracemalloc.stop()
	assert peak < 5_000_000


@pytest.mark.parametrize("end_of_line", "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
def test_a_code_stays_on_one_line(end_of_line):
	assert len(f"A{end_of_line}B".splitlines()) == 2
	with pytest.raises(FormulaError, match="tidak terbaca"):
		parse_formula(f"[A{end_of_line}B]")


@given(st.text("[A]min(max,e)+-*/0.5_ \\\n#'", max_size=40) | st.text(max_size=40))
def test_any_text_is_a_formula_or_refused_with_a_sentence(text):
	try:
		read = parse_formula(text)
	except FormulaError as error:
		assert str(error).endswith(".")
	else:
		values = dict.fromkeys(read.references, 2.0)
		assert read.evaluate(values).status in ("ok", "no_population", "invalid")


@pytest.mark.parametrize(
	("text", "near"),
	[
		("[IKU-1] + foo([IKU-2])", "foo([IKU-2])"),
		("[IKU-1] + 5 // [IKU-2] + [IKU-3]", "5 // [IKU-2] + [IKU-"),
		("[IKU-1] + [IKU-2]) / 2 + [IKU-3]", ") / 2 + [IKU-3]"),
		("[IKU-1] + ([IKU-2] * 2 + [IKU-3]", "([IKU-2] * 2 + [IKU-"),
		("[IKU-1] * / 2 + [IKU-2]", "/ 2 + [IKU-2]"),
		("[IKU-1] + [IKU-2] +", " [IKU-2] +"),
		("[IKU-1] + [IKU-2] # 2", "IKU-2] # 2"),
		("IKU-1 + IKU-2", "IKU-1 + IKU-2"),
	],
)
def test_a_refusal_says_where_and_what_to_write(text, near):
	with pytest.raises(FormulaError) as caught:
		parse_formula(text)
	assert str(caught.value) == (
		f"Rumus tidak terbaca di dekat “{near}”. "
		"Tulis kode indikator dalam kurung siku, misalnya ([IKU-1] + [IKU-2]) / 2."
	)


@pytest.mark.parametrize(
	"text",
	[
		"0,5 * [A]",
		"[A] * 0,5",
		"[A] + (1,5)",
		"0,05 * [A]",
		"1.000,5*[A]",
		"min([A], (0,5))",
		"-2,5*[A] + [1,05]",
	],
)
def test_a_decimal_comma_is_refused_with_the_decimal_point(text):
	with pytest.raises(FormulaError, match=r"Tanda desimal dalam rumus adalah titik, misalnya 0\.5"):
		parse_formula(text)


def test_a_comma_in_a_code_is_no_decimal_comma():
	assert parse_formula("[IKU 1,05] + 1").references == ("IKU 1,05",)
	with pytest.raises(FormulaError, match="tidak terbaca"):
		parse_formula("[IKU 1,05] +")


@pytest.mark.parametrize("problem", [SyntaxError, RecursionError, MemoryError, ValueError])
def test_whatever_the_parser_gives_up_on_is_a_refusal(problem, monkeypatch):
	def give_up(*_, **__):
		raise problem

	monkeypatch.setattr(formula.ast, "parse", give_up)
	with pytest.raises(FormulaError, match="tidak terbaca"):
		parse_formula("[A] + 1")


# --- cycles ---

EDGES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=80)


def graph_of(edges, rng: random.Random) -> dict[str, list[str]]:
	"""Codes in random order; one that refers to nothing has no entry."""
	edges = rng.sample(edges, len(edges))
	graph = {}
	for source, target in edges:
		graph.setdefault(f"IKU-{source}", []).append(f"IKU-{target}")
	return graph


def assert_is_cycle(cycle, graph):
	assert len(cycle) >= 2 and cycle[0] == cycle[-1]
	assert len(set(cycle)) == len(cycle) - 1
	assert all(target in graph[source] for source, target in pairwise(cycle))


@given(EDGES, st.randoms(use_true_random=False))
def test_indicators_that_only_refer_downwards_have_no_cycle(edges, rng):
	downwards = [(max(edge), min(edge)) for edge in edges if edge[0] != edge[1]]
	assert find_cycle(graph_of(downwards, rng)) is None


@given(
	EDGES,
	st.lists(st.integers(0, 30), min_size=1, max_size=10, unique=True),
	st.randoms(use_true_random=False),
)
def test_a_way_back_is_found_and_every_step_of_it_is_real(edges, ring, rng):
	downwards = [(max(edge), min(edge)) for edge in edges if edge[0] != edge[1]]
	ring = sorted(ring, reverse=True)
	graph = graph_of([*downwards, *pairwise(ring), (ring[-1], ring[0])], rng)
	assert_is_cycle(find_cycle(graph), graph)


@pytest.mark.parametrize(
	("references", "cycle"),
	[
		({}, None),
		({"A": []}, None),
		({"A": ["B", "C"], "B": ["C"]}, None),
		({"A": ["A"]}, ["A", "A"]),
		({"X": ["A"], "A": ["A", "B"]}, ["A", "A"]),
	],
)
def test_small_cycles(references, cycle):
	assert find_cycle(references) == cycle


def test_the_cycle_follows_the_references():
	graph = {"A": iter(("B",)), "B": {"C"}, "C": parse_formula("[A] / 2").references}
	cycle = find_cycle(graph)
	assert "".join(cycle) in ("ABCA", "BCAB", "CABC")


def test_a_chain_of_a_hundred_thousand_indicators_is_followed_to_its_end():
	chain = {str(place): [str(place + 1)] for place in range(100_000)}
	assert find_cycle(chain) is None
	chain["100000"] = ["0"]
	cycle = find_cycle(chain)
	assert len(cycle) == 100_002
	assert_is_cycle(cycle, chain)
