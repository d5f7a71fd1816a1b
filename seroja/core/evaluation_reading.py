"""What an evaluation says: the records of a Laporan Hasil Evaluasi, its worksheet line by line, words and figures.

Figures come from `core.scoring`; what people wrote (notes, findings, follow-up) is printed as it is (domain.md 5.3).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from seroja.core.instruments import CRITERION, GROUP, ITEM, LEVEL, NUMBER, Instrument, Predicate
from seroja.core.numbers import format_number, round_half_up
from seroja.core.scoring import NodeScore, Scores, predicate_of
from seroja.core.signing import Party

DONE, IN_PROGRESS = "Sesuai", "Belum Sesuai"
NOT_STARTED, IMPOSSIBLE = "Belum Ditindaklanjuti", "Tidak Dapat Ditindaklanjuti"
STATUSES = (DONE, IN_PROGRESS, NOT_STARTED, IMPOSSIBLE)

DRAFT_MARK = "RANCANGAN"
_AKIP = "AKIP"
NONE = "–"
SAME = 1e-9


# --- records ---


@dataclass(frozen=True)
class Finding:
	"""What the evaluator found and asks for. component_code, component: code and title of the line of the
	worksheet; the title decides where a code stands for more than one line."""

	component_code: str
	component: str
	condition: str
	criterion: str
	effect: str
	recommendation: str
	due: date | None = None
	reference: str = ""


@dataclass(frozen=True)
class FollowUp:
	"""A recommendation of an earlier year. status: one of `STATUSES`; follow_up: what was done."""

	recommendation: str
	year: int
	status: str
	follow_up: str


@dataclass(frozen=True)
class Note:
	"""What the evaluator noted at a line of the worksheet; code and title as in `Finding`."""

	code: str
	title: str
	text: str


@dataclass(frozen=True)
class Evaluation:
	"""One evaluation of one unit.

	self_scores: of the unit itself. last_year_index, last_year_predicate: what was published; without them
	those of `last_year` count. series_breaks: last year was measured with another kind of instrument.
	given_predicate: given by hand, with its reason, instead of the computed one. classification, attachment:
	Sifat and Lampiran of the letter, not printed where empty. probing: code of a criterion that does not count → the
	answers of the unit and of the evaluator, for the annex. dated: None leaves room to write the day.
	head_title: Wali Kota, Bupati or Gubernur, with or without the name of the region.
	"""

	government: str
	inspectorate: str
	unit: str
	unit_head: str
	city: str
	year: int
	instrument: Instrument
	scores: Scores
	signer: Party
	self_scores: Scores | None = None
	last_year: Scores | None = None
	last_year_index: float | None = None
	last_year_predicate: str = ""
	series_breaks: bool = False
	given_predicate: str = ""
	given_reason: str = ""
	notes: Sequence[Note] = ()
	findings: Sequence[Finding] = ()
	follow_ups: Sequence[FollowUp] = ()
	number: str = ""
	dated: date | None = None
	reference: str = ""
	is_final: bool = False
	head_title: str = "Wali Kota"
	address: str = ""
	logo: bytes = b""
	classification: str = ""
	attachment: str = ""
	probing: Mapping[str, tuple[str, str]] = field(default_factory=dict)


# --- what the worksheet says ---


@dataclass(frozen=True)
class Line:
	"""One line of the worksheet: what the evaluator, the unit itself and last year gave it.

	weight: of the items below; None for a criterion. component: position of the top line above it.
	"""

	now: NodeScore
	own: NodeScore | None
	before: NodeScore | None
	weight: float | None
	component: int

	@property
	def node(self):
		return self.now.node

	@property
	def percent(self) -> float | None:
		"""Of the most that is possible."""
		return percent_of_most(self.now)


def percent_of_most(score: NodeScore | None) -> float | None:
	if score is None or score.score is None or score.most <= 0:
		return None
	return score.score / score.most * 100


@dataclass(frozen=True)
class Reading:
	"""An evaluation with its worksheet read line by line."""

	evaluation: Evaluation

	@cached_property
	def lines(self) -> tuple[Line, ...]:
		evaluation = self.evaluation
		scores, last_year = evaluation.scores.nodes, evaluation.last_year
		own = _by_path(evaluation.self_scores)
		before = _by_path(None if evaluation.series_breaks else last_year)
		lines, component = [], 0
		for position, (score, path) in enumerate(zip(scores, _paths(scores), strict=True)):
			component = position if score.node.depth == 0 else component
			lines.append(
				Line(score, own.get(path), before.get(path), self._weight(position, score), component)
			)
		return tuple(lines)

	def _weight(self, position: int, score: NodeScore) -> float | None:
		instrument, node = self.evaluation.instrument, score.node
		if node.kind != GROUP:
			return node.weight
		return math.fsum(item.weight for item in instrument.items_below(position))

	@cached_property
	def components(self) -> list[Line]:
		return [line for line in self.lines if line.node.depth == 0]

	def below(self, line: Line) -> list[Line]:
		"""The lines that make up a component; an only group is passed over for what it consists of."""
		start = next(position for position, other in enumerate(self.lines) if other is line) + 1
		found = []
		for other in self.lines[start:]:
			if other.node.depth <= line.node.depth:
				break
			if other.node.depth == line.node.depth + 1 and other.node.kind != CRITERION:
				found.append(other)
		return self.below(found[0]) if len(found) == 1 and found[0].node.kind == GROUP else found

	def title(self, line: Line) -> str:
		"""With its level where groups of several levels share their codes, as domains and aspects do."""
		has_levels = any(other.node.kind == GROUP and other.node.depth for other in self.lines)
		is_told_apart = not has_levels or line.node.kind != GROUP
		return line.node.title if is_told_apart else f"{line.node.level} {line.node.title}"

	@cached_property
	def is_level(self) -> bool:
		return self.evaluation.instrument.scoring == LEVEL

	@cached_property
	def is_akip(self) -> bool:
		return self.evaluation.instrument.series.casefold() == _AKIP.casefold()

	@cached_property
	def headings(self) -> list[Line]:
		"""The lines of the table of the letter: components, and for levels every domain and aspect."""
		groups = [line for line in self.lines if line.node.kind == GROUP]
		return groups if self.is_level and groups else self.components

	@cached_property
	def axes(self) -> list[Line]:
		"""The groups that hold the items; the items themselves where there are no groups."""
		following = [*self.lines[1:], None]
		found = [
			line
			for line, next_line in zip(self.lines, following, strict=True)
			if line.node.kind == GROUP and next_line and next_line.node.kind == ITEM
		]
		return found or self.components

	def shown(self, score: NodeScore | None) -> float | None:
		"""What is printed of a line: its level for levels, otherwise its points."""
		return None if score is None else score.value if self.is_level else score.score

	def most(self, score: NodeScore) -> float:
		return self.evaluation.instrument.bounds[1] if self.is_level else score.most

	def line_of(self, code: str, title: str) -> Line | None:
		"""The line with this code: with this title, else one that is answered, else the first."""
		same = [line for line in self.lines if line.node.code == code]
		same.sort(key=lambda line: (line.node.title != title, line.node.kind == GROUP))
		return same[0] if same else None

	def of_component(self, records: Iterable, component: Line | None) -> list:
		"""The notes or findings of a component; None for those that belong to none."""
		return [record for record in records if self._component_of(record) is component]

	def _component_of(self, record: Note | Finding) -> Line | None:
		if isinstance(record, Note):
			line = self.line_of(record.code, record.title)
		else:
			line = self.line_of(record.component_code, record.component)
		return self.lines[line.component] if line else None


def _paths(nodes: Sequence[NodeScore]) -> Iterator[tuple]:
	"""What tells lines apart that share a code: the codes from the top down."""
	above: list = []
	for score in nodes:
		above = [*above[: score.node.depth], (score.node.kind, score.node.code)]
		yield tuple(above)


def _by_path(scores: Scores | None) -> dict[tuple, NodeScore]:
	return dict(zip(_paths(scores.nodes), scores.nodes, strict=True)) if scores else {}


# --- words and figures ---


def figure_text(value: float | None) -> str:
	return format_number(value, 2)


def joined(texts: Sequence[str]) -> str:
	return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} dan {texts[-1]}" if texts else ""


def index_words(instrument: Instrument, index: float | None) -> str:
	"""An index with as many decimals as its predicate needs: 80,004 is A, 80,00 would be BB."""
	if index is None:
		return NONE
	wanted = predicate_of(instrument, index)
	for decimals in range(2, 6):
		if predicate_of(instrument, float(round_half_up(index, decimals))) == wanted:
			return format_number(index, decimals)
	return format_number(index, 6)


def named(predicate: Predicate | None) -> str:
	"""BB (Sangat Baik); a predicate whose title says nothing more stands alone."""
	if predicate is None:
		return "tanpa predikat"
	titled = predicate.title and predicate.title.casefold() != predicate.label.casefold()
	return f"{predicate.label} ({predicate.title})" if titled else predicate.label


def noun_of(reading: Reading) -> str:
	return "nilai" if reading.evaluation.instrument.scoring not in (LEVEL, NUMBER) else "indeks"


def subject_of(reading: Reading) -> str:
	evaluation = reading.evaluation
	if reading.is_akip:
		kind = "Evaluasi Akuntabilitas Kinerja Instansi Pemerintah (AKIP)"
	else:
		kind = f"Penilaian {evaluation.instrument.title}"
	return f"Hasil {kind} Tahun {evaluation.year}"


def activity_of(reading: Reading) -> str:
	return "Evaluasi AKIP" if reading.is_akip else f"Penilaian {reading.evaluation.instrument.title}"


def final_predicate(evaluation: Evaluation) -> Predicate | None:
	"""The predicate that counts; None while answers are missing."""
	computed, given = evaluation.scores.predicate, evaluation.given_predicate
	if not evaluation.scores.is_complete or not given:
		return computed
	return evaluation.instrument.predicate(given) or Predicate(given)


def is_given(evaluation: Evaluation) -> bool:
	computed = evaluation.scores.predicate
	given = final_predicate(evaluation)
	return given is not None and given.label != (computed.label if computed else "")


def last_index(evaluation: Evaluation) -> float | None:
	if evaluation.last_year_index is not None:
		return evaluation.last_year_index
	return evaluation.last_year.index if evaluation.last_year else None


def last_predicate(evaluation: Evaluation) -> str:
	if evaluation.last_year_predicate:
		return evaluation.last_year_predicate
	last = evaluation.last_year.predicate if evaluation.last_year else None
	return last.label if last else ""


def last_total(evaluation: Evaluation) -> str:
	"""Last year's index as published, with two decimals; bands of this year do not apply to it."""
	text = figure_text(last_index(evaluation))
	return f"{text} (seri terputus)" if evaluation.series_breaks and text != NONE else text


def movement_text(now: float | None, before: float | None, noun: str, year: int) -> str:
	"""How a figure moved, by the figures as they are printed."""
	if now is None or before is None:
		return ""
	change = float(round_half_up(now)) - float(round_half_up(before))
	said = f"Dibandingkan tahun {year} ({figure_text(before)}), {noun} ini"
	if abs(change) < SAME:
		return f"{said} tetap."
	return f"{said} {'naik' if change > 0 else 'turun'} {figure_text(abs(change))}."
