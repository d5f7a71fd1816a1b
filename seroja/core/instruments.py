"""Assessment instruments: worksheets and indices as data (design.md decision 6; domain.md 1.3, 4.2 to 4.4).

An instrument is a tree of groups (components, domains, aspects), items that carry a weight, and criteria
below items, with the answers that may be given, the predicates of the index and rules between answers.
It is stored flat, in the order of the official worksheet; `depth` says what hangs below what.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from importlib.resources import files

from seroja.core.numbers import format_number, parse_number
from seroja.core.scales import Band, Scale
from seroja.core.spreadsheets import read_year

GROUP, ITEM, CRITERION = "group", "item", "criterion"
GRADE, LEVEL, NUMBER = "grade", "level", "number"
# How a node is called in a file, by the name of the list that it stands in.
LEVELS = {
	"components": "Komponen",
	"domains": "Domain",
	"aspects": "Aspek",
	"subcomponents": "Sub Komponen",
	"indicators": "Indikator",
	"elements": "Unsur",
	"items": "Butir",
}
_CRITERIA = "Kriteria"
_DEEPEST = 8
_LONGEST_TEXT = 10_000
_MOST_NODES = 5000  # sums are taken group by group


class InstrumentError(ValueError):
	"""An instrument that cannot be read or used; `problems` has one sentence each, for the user."""

	def __init__(self, problems: Iterable[str]):
		self.problems = list(problems)
		super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class Node:
	"""One line of the worksheet.

	kind: group, item or criterion. depth: 0 for the top. level: what the regulation calls it (Komponen …).
	weight: share of the whole; items always have one, groups may state theirs, criteria have none.
	aspect: what an item looks at (Keberadaan …). fact: code of what SEROJA can see for itself.
	"""

	kind: str
	depth: int
	level: str
	code: str
	title: str
	weight: float | None = None
	aspect: str = ""
	fact: str = ""


@dataclass(frozen=True)
class Answer:
	"""An answer that may be given. value: what it counts. meaning: when it is to be given."""

	label: str
	value: float
	title: str = ""
	meaning: str = ""


@dataclass(frozen=True)
class Predicate:
	"""A predicate of the index. band: None for one that is only given by hand, instead of `instead_of`."""

	label: str
	title: str = ""
	interpretation: str = ""
	band: Band | None = None
	instead_of: str = ""


@dataclass(frozen=True)
class Rule:
	"""The answer to `code` must not count more than the answer to `not_above`."""

	code: str
	not_above: str
	reason: str = ""


@dataclass(frozen=True)
class Instrument:
	"""A worksheet of a regulation, valid in the years `valid_from` to `valid_to` (None: open).

	scoring: grade and level choose from `answers`, number takes any number from `lowest` to `highest`.
	factor: the index is the weighted mean of the values times this. total_weight: what the weights add up to.
	series: instruments of one series are compared over the years; breaks_series: figures before this
	instrument are of another kind. by_criteria: the mean of the criteria of an item counts, where it has any, not an
	answer to the item itself. conversions: how a number (or a fact, in percent) becomes an answer, by
	item or criterion code; "" is the default.
	"""

	code: str
	title: str
	scoring: str
	nodes: tuple[Node, ...]
	predicates: tuple[Predicate, ...]
	answers: tuple[Answer, ...] = ()
	rules: tuple[Rule, ...] = ()
	conversions: Mapping[str, tuple[Band, ...]] = field(default_factory=dict)
	regulation: str = ""
	valid_from: int | None = None
	valid_to: int | None = None
	series: str = ""
	breaks_series: bool = False
	by_criteria: bool = False
	factor: float = 1.0
	total_weight: float = 100.0
	lowest: float = 0.0
	highest: float = 100.0
	note: str = ""

	@cached_property
	def scale(self) -> Scale:
		"""The predicates that follow from the index, as a scale, best first."""
		bands = tuple(predicate.band for predicate in self.predicates if predicate.band)
		return Scale(self.code, bands, self.regulation, self.valid_from, self.valid_to)

	@cached_property
	def values(self) -> dict[str, float]:
		"""Answer → what it counts; empty where any number may be given."""
		return {answer.label: answer.value for answer in self.answers}

	@cached_property
	def bounds(self) -> tuple[float, float]:
		"""The lowest and the highest value of an answer."""
		values = self.values.values()
		return (min(values), max(values)) if values else (self.lowest, self.highest)

	@cached_property
	def items(self) -> tuple[Node, ...]:
		return tuple(node for node in self.nodes if node.kind == ITEM)

	@cached_property
	def answerable(self) -> dict[str, Node]:
		"""Items and criteria by code."""
		return {node.code: node for node in self.nodes if node.kind != GROUP}

	@cached_property
	def criteria(self) -> dict[str, tuple[str, ...]]:
		"""Item code → the codes of its criteria."""
		found: dict[str, list[str]] = {}
		item = ""
		for node in self.nodes:
			if node.kind == ITEM:
				item = node.code
				found[item] = []
			elif node.kind == CRITERION:
				found.setdefault(item, []).append(node.code)
		return {code: tuple(codes) for code, codes in found.items()}

	@cached_property
	def item_of(self) -> dict[str, str]:
		"""The item of each criterion; an item is its own."""
		found = {code: item for item, criteria in self.criteria.items() for code in criteria}
		return found | {item: item for item in self.criteria}

	@cached_property
	def sum_of_weights(self) -> float:
		return math.fsum(item.weight for item in self.items)

	@cached_property
	def counting(self) -> tuple[str, ...]:
		"""The codes that make the index and so must be answered, in the order of the worksheet."""
		return tuple(
			code
			for item, criteria in self.criteria.items()
			for code in (criteria if self.by_criteria and criteria else (item,))
		)

	def items_below(self, position: int) -> tuple[Node, ...]:
		"""The items below the group at a position in `nodes`."""
		return tuple(item for item in self.items if position in self.groups_of[item.code])

	@cached_property
	def groups_of(self) -> dict[str, tuple[int, ...]]:
		"""Item code → positions in `nodes` of the groups above it."""
		found, above = {}, []
		for position, node in enumerate(self.nodes):
			above = above[: node.depth]
			if node.kind == GROUP:
				above.append(position)
			elif node.kind == ITEM:
				found[node.code] = tuple(above)
		return found

	def predicate(self, label: str | None) -> Predicate | None:
		return next((predicate for predicate in self.predicates if predicate.label == label), None)

	def value(self, answer: str) -> float:
		"""What an answer, as `read_answer` gives it, counts. Raises KeyError or ValueError for any other."""
		if self.values:
			return self.values[answer]
		number = float(answer)
		if not self.lowest <= number <= self.highest:
			raise ValueError(answer)
		return number

	def read_answer(self, cell: object, decimal: str = ",") -> str:
		"""An answer as it is stored: a label of `answers`, or a number with a decimal point.

		Raises ValueError with a sentence that names what may be given.
		"""
		if self.scoring == NUMBER:
			number = parse_number(cell, decimal)
			if not self.lowest <= number <= self.highest:
				low, high = format_number(self.lowest, None), format_number(self.highest, None)
				raise ValueError(f"“{str(cell)[:40]}” di luar rentang {low} sampai {high}.")
			return repr(number)
		text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
		for label in self.values:
			if label.casefold() == text.casefold():
				return label
		raise ValueError(f"“{text[:40]}” bukan jawaban yang sah. Pilihan: {', '.join(self.values)}.")

	def convert(self, code: str, number: float) -> str | None:
		"""The answer that a number, such as a survey score or a share in percent, stands for; None where no band fits."""
		bands = self.conversions.get(code) or self.conversions.get("", ())
		return Scale("", tuple(bands)).category(number)

	def problems(self) -> list[str]:
		"""Why the instrument cannot be used, in Indonesian sentences; empty when it can."""
		found = [*_header_problems(self), *_node_problems(self)]
		return found or [*_weight_problems(self), *_answer_problems(self), *_band_problems(self)]


# --- checks ---


def _header_problems(instrument: Instrument) -> Iterator[str]:
	if not instrument.code.strip() or not instrument.title.strip():
		yield "Instrumen belum mempunyai kode atau nama."
	if instrument.scoring not in (GRADE, LEVEL, NUMBER):
		yield f"Cara penilaian “{instrument.scoring}” tidak dikenal. Pilihan: grade, level, number."
	first, last = instrument.valid_from, instrument.valid_to
	if first and last and first > last:
		yield f"Tahun berlaku terbalik: {first} sampai {last}."
	if _longest(instrument) > _LONGEST_TEXT:
		yield f"Ada teks yang lebih panjang dari {_LONGEST_TEXT} huruf."
	for name, number in (("Faktor", instrument.factor), ("Jumlah bobot", instrument.total_weight)):
		if not (math.isfinite(number) and number > 0):
			yield f"{name} harus lebih besar dari 0."


def _longest(instrument: Instrument) -> int:
	"""The length of the longest text."""
	texts = [instrument.regulation, instrument.note, *(node.title for node in instrument.nodes)]
	texts += [answer.meaning for answer in instrument.answers]
	texts += [predicate.interpretation for predicate in instrument.predicates]
	return max(len(text) for text in texts)


def _node_problems(instrument: Instrument) -> Iterator[str]:
	if not instrument.items:
		yield "Instrumen belum mempunyai butir yang dinilai."
	if len(instrument.nodes) > _MOST_NODES:
		yield f"Instrumen memuat {len(instrument.nodes)} baris; paling banyak {_MOST_NODES}."
		return
	codes = [node.code for node in instrument.nodes if node.kind != GROUP]
	for code, times in Counter(codes).items():
		if not code.strip():
			yield "Ada butir atau kriteria tanpa kode."
		elif times > 1:
			yield f"Kode {code} dipakai {times} kali."
	before = -1
	kinds: dict[int, str] = {}
	for node in instrument.nodes:
		above = kinds.get(node.depth - 1, GROUP)
		if node.kind not in (GROUP, ITEM, CRITERION):
			yield f"Jenis “{node.kind}” pada {node.code} tidak dikenal. Pilihan: group, item, criterion."
		elif not 0 <= node.depth <= before + 1 or not _fits(above, node):
			yield f"{node.level or node.kind} {node.code} berada di tempat yang salah dalam susunan."
		if not node.title.strip():
			yield f"{node.level or node.kind} {node.code} belum mempunyai judul."
		kinds[node.depth], before = node.kind, node.depth


def _fits(above: str, node: Node) -> bool:
	"""Groups and items stand below groups, criteria below items."""
	return above == (ITEM if node.kind == CRITERION else GROUP) and (node.kind != CRITERION or node.depth > 0)


def _weight_problems(instrument: Instrument) -> Iterator[str]:
	for node in instrument.items:
		if node.weight is None or not math.isfinite(node.weight) or node.weight <= 0:
			yield f"Bobot {node.code} harus lebih besar dari 0."
			return
	yield from _sum_problem(
		"seluruh butir", [node.weight for node in instrument.items], instrument.total_weight
	)
	for position, group in enumerate(instrument.nodes):
		if group.kind == GROUP and group.weight is not None:
			weights = [item.weight for item in instrument.items_below(position)]
			yield from _sum_problem(f"{group.level} {group.code}", weights, group.weight)


def _sum_problem(where: str, weights: list[float], wanted: float) -> Iterator[str]:
	"""Printed weights have two decimals; each may be half a hundredth off."""
	total = math.fsum(weights)
	if abs(total - wanted) > 0.005 * len(weights) + 1e-9:
		yield (
			f"Jumlah bobot {where} adalah {format_number(total, None)}, seharusnya {format_number(wanted, None)}."
		)


def _answer_problems(instrument: Instrument) -> Iterator[str]:
	labels = [answer.label for answer in instrument.answers]
	if instrument.scoring == NUMBER:
		if labels:
			yield "Penilaian dengan angka bebas tidak memakai daftar jawaban."
		if not instrument.lowest < instrument.highest:
			yield "Rentang angka terbalik."
	elif len(labels) < 2:
		yield "Instrumen memerlukan sedikitnya dua jawaban."
	if not all(label.strip() for label in labels):
		yield "Ada jawaban tanpa nama."
	if len({label.casefold() for label in labels}) < len(labels):
		yield "Ada dua jawaban dengan nama yang sama."
	if any(not math.isfinite(answer.value) for answer in instrument.answers):
		yield "Nilai jawaban harus berupa angka."
	for rule in instrument.rules:
		for code in (rule.code, rule.not_above):
			if code not in instrument.answerable:
				yield f"Aturan menyebut kode {code or '(kosong)'} yang tidak ada."
		if rule.code == rule.not_above:
			yield f"Aturan membandingkan {rule.code} dengan dirinya sendiri."


def _band_problems(instrument: Instrument) -> Iterator[str]:
	scale = instrument.scale
	yield from scale.problems()
	yield from scale.gaps()
	if scale.bands:
		for value in instrument.bounds:
			index = value * instrument.factor
			if scale.category(index) is None:
				yield f"Indeks {format_number(index, None)} tidak mempunyai predikat."
	for predicate in instrument.predicates:
		if not predicate.band and predicate.instead_of not in scale.labels:
			yield f"Predikat {predicate.label} tidak mempunyai rentang dan tidak menggantikan predikat mana pun."
	for code, bands in instrument.conversions.items():
		conversion = Scale("", tuple(bands))
		yield from conversion.problems()
		if code and code not in instrument.answerable:
			yield f"Konversi menyebut kode {code} yang tidak ada."
		unknown = [
			label for label in conversion.labels if instrument.values and label not in instrument.values
		]
		if unknown:
			yield f"Konversi menyebut jawaban {', '.join(unknown)} yang tidak ada."


# --- reading JSON ---

# Finite, and small enough that no sum overflows.
_number = partial(parse_number, decimal=".")


def read_instrument(text: str | bytes) -> Instrument:
	"""Read an instrument from JSON, in the nested form of the shipped files. Raises InstrumentError."""
	try:
		data = json.loads(text)
		# JSON can escape half a character, which no file and no terminal takes.
		json.dumps(data, ensure_ascii=False).encode()
	except (ValueError, RecursionError):
		raise InstrumentError(["Berkas ini bukan JSON yang sah."]) from None
	try:
		instrument = _from_json(data)
	except InstrumentError:
		raise
	except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
		raise InstrumentError(
			["Susunan instrumen tidak terbaca. Bandingkan dengan instrumen bawaan yang dapat diunduh."]
		) from None
	return checked(instrument)


def checked(instrument: Instrument) -> Instrument:
	"""The instrument itself, if it can be used. Raises InstrumentError."""
	problems = instrument.problems()
	if problems:
		raise InstrumentError(problems)
	return instrument


def _from_json(data: dict) -> Instrument:
	scoring = str(data.get("scoring", ""))
	texts = ("regulation", "series", "note")
	numbers = ("factor", "total_weight", "lowest", "highest")
	return Instrument(
		code=str(data.get("code", "")).strip(),
		title=str(data.get("title", "")),
		scoring=scoring,
		nodes=tuple(_nodes(data, 0)),
		predicates=tuple(_predicate(row) for row in data.get("predicates", [])),
		answers=tuple(_answer(row) for row in data.get("grades") or data.get("levels") or []),
		rules=tuple(_rule(row) for row in data.get("rules", [])),
		conversions=_conversions(data),
		valid_from=read_year(data.get("valid_from")),
		valid_to=read_year(data.get("valid_to")),
		breaks_series=bool(data.get("breaks_series", False)),
		by_criteria=bool(data.get("by_criteria", False)),
		**{name: str(data[name]) for name in texts if data.get(name) is not None},
		**{name: _number(data[name]) for name in numbers if data.get(name) is not None},
	)


def _nodes(parent: dict, depth: int) -> Iterator[Node]:
	if depth > _DEEPEST:
		raise InstrumentError(["Susunan instrumen terlalu dalam."])
	for name, level in LEVELS.items():
		for row in parent.get(name, []):
			is_group = any(key in row for key in LEVELS)
			weight = row.get("weight")
			yield Node(
				GROUP if is_group else ITEM,
				depth,
				str(row.get("level", level)),
				str(row["code"] if "code" in row else row.get("number", "")),
				str(row.get("title", "")),
				None if weight is None else _number(weight),
				str(row.get("aspect", "")),
				str(row.get("fact", "")),
			)
			yield from _nodes(row, depth + 1)
			yield from _criteria(row, depth + 1)


def _criteria(item: dict, depth: int) -> Iterator[Node]:
	"""Criteria are texts or records; without a code of their own they are numbered below the item."""
	rows = item.get("criteria", [])
	if not isinstance(rows, list):  # a text would be taken letter by letter
		raise TypeError(rows)
	for number, row in enumerate(rows, 1):
		row = {"title": row} if isinstance(row, str) else row
		code = row.get("code", f"{item.get('code', item.get('number', ''))}.{number}")
		yield Node(
			CRITERION, depth, _CRITERIA, str(code), str(row.get("title", "")), fact=str(row.get("fact", ""))
		)


def _answer(row: dict | float) -> Answer:
	if not isinstance(row, dict):
		return Answer(format_number(_number(row), None), _number(row))
	label = row.get("grade", row.get("level", row.get("label", "")))
	value = row.get("value", row.get("level"))
	title = row.get("title", row.get("label", "") if "level" in row else "")
	return Answer(str(label), _number(value), str(title), str(row.get("meaning", "")))


def _rule(row: dict) -> Rule:
	return Rule(str(row["code"]), str(row["not_above"]), str(row.get("reason", "")))


def _predicate(row: dict) -> Predicate:
	label = str(row["predicate"])
	instead_of = str(row.get("instead_of", ""))
	return Predicate(
		label,
		str(row.get("label", "")),
		str(row.get("interpretation", "")),
		None if instead_of else _band(label, row),
		instead_of,
	)


def _band(label: str, row: dict) -> Band:
	"""above and below leave their bound out, at_least and up_to take it in; none of a pair is no bound."""
	low, high = row.get("at_least", row.get("above")), row.get("up_to", row.get("below"))
	return Band(
		label,
		None if low is None else _number(low),
		row.get("at_least") is not None,
		None if high is None else _number(high),
		row.get("up_to") is not None,
	)


def _conversions(data: dict) -> dict[str, tuple[Band, ...]]:
	"""Also reads `satisfaction_conversion`, the form in which the Pemdi file has it."""
	found = {
		str(code): tuple(_band(str(row["answer"]), row) for row in rows)
		for code, rows in data.get("conversions", {}).items()
	}
	survey = data.get("satisfaction_conversion")
	if survey:
		found[str(survey["indicator"])] = tuple(_band(str(row["level"]), row) for row in survey["bands"])
	return found


# --- writing JSON ---


def instrument_json(instrument: Instrument) -> str:
	"""The instrument as JSON that `read_instrument` reads back."""
	header = {
		"code": instrument.code,
		"title": instrument.title,
		"regulation": instrument.regulation,
		"valid_from": instrument.valid_from,
		"valid_to": instrument.valid_to,
		"series": instrument.series,
		"breaks_series": instrument.breaks_series,
		"by_criteria": instrument.by_criteria,
		"scoring": instrument.scoring,
		"factor": instrument.factor,
		"total_weight": instrument.total_weight,
		"lowest": instrument.lowest,
		"highest": instrument.highest,
		"note": instrument.note,
	}
	answers = [
		{"label": answer.label, "value": answer.value, "title": answer.title, "meaning": answer.meaning}
		for answer in instrument.answers
	]
	predicates = [
		{"predicate": row.label, "label": row.title, "interpretation": row.interpretation}
		| (_bounds(row.band) if row.band else {"instead_of": row.instead_of})
		for row in instrument.predicates
	]
	conversions = {
		code: [{"answer": band.label} | _bounds(band) for band in bands]
		for code, bands in instrument.conversions.items()
	}
	rules = [vars(rule) for rule in instrument.rules]
	lists = {"levels": answers, "predicates": predicates, "rules": rules, "conversions": conversions}
	return json.dumps(header | lists | _tree(instrument), ensure_ascii=False, indent=1) + "\n"


def _bounds(band: Band) -> dict:
	low, high = "at_least" if band.low_closed else "above", "up_to" if band.high_closed else "below"
	return {low: band.low, high: band.high}


def _tree(instrument: Instrument) -> dict:
	root: dict = {}
	open_nodes = [root]
	for node in instrument.nodes:
		del open_nodes[node.depth + 1 :]
		row = {"code": node.code, "title": node.title}
		if node.kind != CRITERION:
			row |= {"level": node.level, "weight": node.weight, "aspect": node.aspect}
		row |= {"items": []} if node.kind == GROUP else {"fact": node.fact}
		open_nodes[-1].setdefault("criteria" if node.kind == CRITERION else "items", []).append(row)
		open_nodes.append(row)
	return root


# --- shipped ---


def shipped_names() -> list[str]:
	"""The codes of the instruments in the package: akip-2021, pemdi-2026, …"""
	folder = files("seroja.core").joinpath("data/instruments")
	return sorted(path.name.removesuffix(".json") for path in folder.iterdir() if path.name.endswith(".json"))


@lru_cache
def shipped_instrument(name: str) -> Instrument:
	"""An instrument of the package by its code, without regard to case. Raises KeyError."""
	if name.casefold() not in shipped_names():
		raise KeyError(name)
	path = files("seroja.core").joinpath(f"data/instruments/{name.casefold()}.json")
	return read_instrument(path.read_text(encoding="utf-8"))
