"""Scores of an assessment: answers in, tree of scores, index, predicate and the way to the next one out.

One calculation for every instrument (domain.md 1.3.3 and 4.3): the index is the mean of the values,
weighted with the weights of the items. An item is answered directly, or through its criteria, which then
count equally. What is not answered has no value: the index is then a range, never a silent zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seroja.core.instruments import CRITERION, GROUP, Instrument, Node, Predicate, Rule

_TINY = 1e-9


class ScoringError(ValueError):
	"""An answer that the instrument does not know; the message is one sentence for the user."""


@dataclass(frozen=True)
class NodeScore:
	"""The score of one line of the worksheet.

	answer: "" where none was given. value: what the answer counts; for a group the weighted mean below it.
	score: its contribution to the index. most: the contribution that the best answers would give. lowest and
	highest: what `score` can still become. Without all answers below it, value and score are None.
	"""

	node: Node
	answer: str
	value: float | None
	score: float | None
	most: float
	lowest: float
	highest: float


@dataclass(frozen=True)
class NextPredicate:
	"""The next better predicate. distance: index points up to its bound; is_open: the bound must be exceeded."""

	predicate: Predicate
	bound: float
	distance: float
	is_open: bool


@dataclass(frozen=True)
class Scores:
	"""The result of an assessment. index and predicate: None while answers are missing.

	lowest, highest: the range of the index that is still possible, with the predicates there. missing: codes
	without an answer. broken: rules that the answers break. nodes: as in the instrument.
	"""

	index: float | None
	predicate: Predicate | None
	next: NextPredicate | None
	lowest: float
	highest: float
	lowest_predicate: Predicate | None
	highest_predicate: Predicate | None
	missing: tuple[str, ...]
	broken: tuple[Rule, ...]
	nodes: tuple[NodeScore, ...]

	@property
	def is_complete(self) -> bool:
		return not self.missing


@dataclass(frozen=True)
class Improvement:
	"""One answer raised by one step. gain: index points; index, predicate: what results."""

	node: Node
	before: str
	after: str
	gain: float
	index: float
	predicate: Predicate | None


def score(instrument: Instrument, answers: Mapping[str, str]) -> Scores:
	"""Score the answers: code of an item or criterion → answer as `Instrument.read_answer` gives it.

	An item that has criteria may be answered directly or through them; which of them is missing where nobody
	answered says the instrument. Raises ScoringError for unknown codes and answers, and for an item that is
	answered in both ways.
	"""
	values = _values(instrument, answers)
	units = {node.code: _units(instrument, node.code, answers) for node in instrument.items}
	ranges = {code: _range(instrument, codes, values) for code, codes in units.items()}
	total = instrument.sum_of_weights
	lowest, highest = _mean(instrument, instrument.items, ranges, total)
	missing = tuple(code for codes in units.values() for code in codes if code not in values)
	index = None if missing else lowest
	return Scores(
		index=index,
		predicate=predicate_of(instrument, index),
		next=next_predicate(instrument, index),
		lowest=lowest,
		highest=highest,
		lowest_predicate=predicate_of(instrument, lowest),
		highest_predicate=predicate_of(instrument, highest),
		missing=missing,
		broken=tuple(broken_rules(instrument, values, ranges)),
		nodes=tuple(_node_scores(instrument, answers, values, ranges, units, total)),
	)


def predicate_of(instrument: Instrument, index: float | None) -> Predicate | None:
	"""The predicate of an unrounded index; None for no index."""
	return instrument.predicate(instrument.scale.category(index))


def next_predicate(instrument: Instrument, index: float | None) -> NextPredicate | None:
	"""The next better predicate and the points up to it; None at the top or without an index."""
	label = instrument.scale.category(index)
	better = [band for band in instrument.scale.bands if band.low is not None and label is not None]
	better = [band for band in better if band.low > index - _TINY and band.label != label]
	if not better:
		return None
	band = min(better, key=lambda band: band.low)
	distance = max(band.low - index, 0.0)
	return NextPredicate(instrument.predicate(band.label), band.low, distance, not band.low_closed)


# --- the calculation ---


def _values(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, float]:
	values = {}
	for code, answer in answers.items():
		if code not in instrument.answerable:
			raise ScoringError(f"Kode {code} tidak ada dalam {instrument.code}.")
		try:
			values[code] = instrument.value(answer)
		except (KeyError, ValueError):
			raise ScoringError(f"Jawaban “{answer}” pada {code} tidak sah.") from None
	return values


def _units(instrument: Instrument, item: str, answers: Mapping[str, str]) -> tuple[str, ...]:
	"""The codes whose answers make the score of an item: its own, or those of its criteria."""
	criteria = instrument.criteria[item]
	through_criteria = [code for code in criteria if code in answers]
	if item in answers and through_criteria:
		raise ScoringError(f"{item} dijawab langsung dan juga melalui kriterianya. Pilih salah satu.")
	if through_criteria or (criteria and instrument.by_criteria and item not in answers):
		return criteria
	return (item,)


def _range(instrument: Instrument, codes: tuple[str, ...], values: Mapping) -> tuple[float, float]:
	"""The lowest and the highest mean that these codes can still have; equal when all are answered."""
	low, high = instrument.bounds
	return (
		math.fsum(values.get(code, low) for code in codes) / len(codes),
		math.fsum(values.get(code, high) for code in codes) / len(codes),
	)


def _mean(instrument: Instrument, items: Iterable[Node], ranges: Mapping, total: float) -> tuple:
	"""Index points that these items contribute at least and at most."""
	return tuple(
		math.fsum(item.weight * ranges[item.code][end] for item in items) / total * instrument.factor
		for end in (0, 1)
	)


def _node_scores(instrument, answers, values, ranges, units, total) -> Iterator[NodeScore]:
	item = None
	for position, node in enumerate(instrument.nodes):
		if node.kind == CRITERION:
			yield _criterion_score(instrument, node, item, answers, units, total)
			continue
		items = [node] if node.kind != GROUP else instrument.items_below(position)
		item = node if node.kind != GROUP else item
		low, high = _mean(instrument, items, ranges, total)
		is_known = all(code in values for each in items for code in units[each.code])
		weight = math.fsum(each.weight for each in items) * instrument.factor / total
		yield NodeScore(
			node=node,
			answer=answers.get(node.code, "") if node.kind != GROUP else "",
			value=low / weight if is_known and weight else None,
			score=low if is_known else None,
			most=weight * instrument.bounds[1],
			lowest=low,
			highest=high,
		)


def _criterion_score(instrument, node, item, answers, units, total) -> NodeScore:
	"""A criterion contributes only where its item is answered through its criteria."""
	codes = units[item.code]
	share = item.weight / total / len(codes) * instrument.factor if node.code in codes else 0.0
	value = instrument.value(answers[node.code]) if node.code in answers else None
	low, high = (value, value) if value is not None else instrument.bounds
	return NodeScore(
		node=node,
		answer=answers.get(node.code, ""),
		value=value,
		score=None if value is None or node.code not in codes else share * value,
		most=share * instrument.bounds[1],
		lowest=share * low,
		highest=share * high,
	)


# --- rules ---


def broken_rules(instrument: Instrument, values: Mapping, ranges: Mapping = {}) -> list[Rule]:
	"""The rules that the answers break; one that still waits for an answer is not broken.

	ranges: item → what it can still become; stands in for items that are answered through their criteria.
	"""

	def known(code: str) -> float | None:
		low, high = ranges.get(code, (None, None))
		return values.get(code, low if low == high else None)

	broken = []
	for rule in instrument.rules:
		value, limit = known(rule.code), known(rule.not_above)
		if value is not None and limit is not None and value > limit + _TINY:
			broken.append(rule)
	return broken


# --- what if ---


def improvements(instrument: Instrument, answers: Mapping[str, str]) -> list[Improvement]:
	"""Every answer raised by one step that no rule forbids, most points first. Empty while answers are missing.

	Where any number may be given there are no steps, so it is empty as well.
	"""
	now = score(instrument, answers)
	if now.index is None or not instrument.values:
		return []
	found = []
	for node in _counting(now):
		after = next_answer(instrument, node.answer)
		if after and not _breaks_a_rule(instrument, answers, node.node.code, after, now):
			gain = points_per_value(instrument, node.node.code, answers) * (
				instrument.values[after] - node.value
			)
			index = now.index + gain
			predicate = predicate_of(instrument, index)
			found.append(Improvement(node.node, node.answer, after, gain, index, predicate))
	return sorted(found, key=lambda step: -step.gain)


def next_answer(instrument: Instrument, answer: str) -> str | None:
	"""The answer that counts the least more than this one."""
	value = instrument.values[answer]
	better = [label for label, each in instrument.values.items() if each > value]
	return min(better, key=instrument.values.get, default=None)


def points_per_value(instrument: Instrument, code: str, answers: Mapping[str, str]) -> float:
	"""Index points per point of an answer that counts."""
	item = instrument.item_of[code]
	weight = instrument.answerable[item].weight / instrument.sum_of_weights * instrument.factor
	return weight / len(_units(instrument, item, answers))


def _breaks_a_rule(
	instrument: Instrument, answers: Mapping[str, str], code: str, after: str, now: Scores
) -> bool:
	"""Would this answer break a rule that holds now? Most answers stand in no rule."""
	named = {code, instrument.item_of[code]}
	if not any({rule.code, rule.not_above} & named for rule in instrument.rules):
		return False
	return not set(score(instrument, {**answers, code: after}).broken) <= set(now.broken)


def _counting(scores: Scores) -> list[NodeScore]:
	"""The lines whose answers make the index."""
	return [node for node in scores.nodes if node.answer and node.score is not None]


def way_to_next(instrument: Instrument, answers: Mapping[str, str]) -> list[Improvement]:
	"""Steps that lead to the next predicate, each time the one with most points; empty where none leads there.

	The fewest steps where no rule stands between and each further step of an item brings no more than the
	one before. With rules another way may be shorter: one small step can open larger ones.
	"""
	start = score(instrument, answers)
	answers, steps = dict(answers), []
	while start.next:
		best = next(iter(improvements(instrument, answers)), None)
		if not best:
			return []
		steps.append(best)
		answers[best.node.code] = best.after
		if best.predicate != start.predicate:
			return steps
	return steps
