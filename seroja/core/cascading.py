"""The tree of performance objectives (pohon kinerja): checks, quality score, roll-up, versions, numbering.

Source of the checks: PermenPAN-RB 89/2021 and criteria 1.b.4 to 1.b.9 of the AKIP worksheet
(domain.md 1.3.2, 1.4 and 2). Every function takes plain values and gives plain values.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from seroja.core.numbers import format_number, snap

LEVELS = ("Tujuan", "Sasaran", "Program", "Kegiatan", "Sub Kegiatan")
OUTCOME_LEVELS = {
	"Tujuan": "Ultimate Outcome",
	"Sasaran": "Intermediate Outcome",
	"Program": "Immediate Outcome",
	"Kegiatan": "Output",
	"Sub Kegiatan": "Activity",
}
# What stands directly below a level; below a sasaran another OPD's own tujuan or sasaran may stand.
_BELOW = {
	"": {"Tujuan"},
	"Tujuan": {"Sasaran"},
	"Sasaran": {"Program"},
	"Program": {"Kegiatan"},
	"Kegiatan": {"Sub Kegiatan"},
	"Sub Kegiatan": set(),
}
_BELOW_OF_ANOTHER = {"Sasaran": {"Tujuan", "Sasaran", "Program"}}
WEIGHT_TOLERANCE = 0.005


@dataclass(frozen=True)
class Node:
	"""A performance objective. weight: share in its parent in percent, 0 for none; budget in rupiah."""

	name: str
	parent: str | None
	level: str
	statement: str
	opd: str
	year_from: int
	year_to: int
	weight: float = 0.0
	budget: float = 0.0


@dataclass(frozen=True)
class Indicator:
	"""An indicator as the checks see it.

	objective: the name of its node, "" for none. target: of the year that is checked, realization: of
	the year before; None for none. missing: which of definition, formula, unit, source are empty.
	in_first_version: it was an IKU in the first version of the plan; None when there was no version.
	is_iku: it is one now.
	"""

	code: str
	name: str
	opd: str
	objective: str = ""
	is_iku: bool = False
	in_first_version: bool | None = None
	polarity: str = "maximize"
	target: float | None = None
	has_target: bool = False
	realization: float | None = None
	missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
	"""One thing that a check found. subject: the name of a node or the code of an indicator."""

	check: str
	severity: str
	opd: str
	kind: str
	subject: str
	title: str
	message: str


@dataclass
class Plan:
	"""What is checked: nodes and indicators of one year, indexed. Nodes may contradict themselves."""

	year: int
	nodes: Sequence[Node]
	indicators: Sequence[Indicator]
	by_name: dict[str, Node] = field(init=False)
	children: dict[str, list[Node]] = field(init=False)
	measured: dict[str, list[Indicator]] = field(init=False)
	on_cycle: set[str] = field(init=False)

	def __post_init__(self):
		self.by_name = {node.name: node for node in self.nodes}
		self.children, self.measured = defaultdict(list), defaultdict(list)
		for node in self.nodes:
			self.children[node.parent or ""].append(node)
		for indicator in self.indicators:
			self.measured[indicator.objective].append(indicator)
		self.on_cycle = find_cycles({node.name: node.parent for node in self.nodes})


def find_cycles(parents: Mapping[str, str | None]) -> set[str]:
	"""The names that are their own ancestors. parents: name → name of the parent, or None."""
	state: dict[str, int] = {}
	found: set[str] = set()
	for start in parents:
		path, name = [], start
		while name in parents and name not in state:
			state[name] = 1
			path.append(name)
			name = parents[name]
		if state.get(name) == 1:
			found.update(path[path.index(name) :])
		state.update(dict.fromkeys(path, 2))
	return found


# --- checks ---
# A check gives None where it does not apply, "" where all is well, else one sentence for the user.


def _without_indicator(plan: Plan, node: Node) -> str:
	has = bool(plan.measured[node.name])
	return "" if has else f"{node.level} ini belum mempunyai indikator. Tambahkan sedikitnya satu indikator."


def _outside_parent_years(plan: Plan, node: Node) -> str | None:
	parent = plan.by_name.get(node.parent or "")
	if not parent:
		return None
	if node.year_from >= parent.year_from and node.year_to <= parent.year_to:
		return ""
	return (
		f"Tahun {node.year_from}-{node.year_to} berada di luar tahun induknya "
		f"({parent.year_from}-{parent.year_to}). Sesuaikan tahunnya."
	)


def _orphan(plan: Plan, node: Node) -> str | None:
	if node.level == LEVELS[0]:
		return None
	if node.parent in plan.by_name:
		return ""
	return f"{node.level} ini tidak mempunyai induk. Tempatkan di bawah kinerja yang didukungnya."


def _cycle(plan: Plan, node: Node) -> str:
	found = node.name in plan.on_cycle
	return "Kinerja ini menjadi induk bagi dirinya sendiri. Pilih induk yang lain." if found else ""


def _level_skipped(plan: Plan, node: Node) -> str | None:
	parent = plan.by_name.get(node.parent or "")
	if not parent or level_fits(node.level, parent.level, node.opd != parent.opd):
		return "" if parent else None
	return f"{node.level} tidak dapat langsung di bawah {parent.level}. Tambahkan jenjang di antaranya."


def level_fits(level: str, parent_level: str, of_another_opd: bool = False) -> bool:
	"""May this level stand directly below that one? Another OPD may start below a sasaran with its own tujuan."""
	below = _BELOW_OF_ANOTHER.get(parent_level) if of_another_opd else None
	return level in (below or _BELOW[parent_level])


def _budget_without_indicator(plan: Plan, node: Node) -> str | None:
	if node.level != "Sub Kegiatan" or not node.budget:
		return None
	if plan.measured[node.name]:
		return ""
	amount = format_number(node.budget, 0)
	return (
		f"Sub kegiatan ini mempunyai pagu Rp {amount} tetapi belum mempunyai indikator. "
		"Tambahkan sedikitnya satu indikator."
	)


def _weights(plan: Plan, node: Node) -> str | None:
	weights = [child.weight for child in plan.children[node.name]]
	if not any(weights):
		return None
	total = sum(weights)
	if all(weights) and abs(total - 100) <= WEIGHT_TOLERANCE:
		return ""
	return (
		f"Bobot di bawah kinerja ini berjumlah {format_number(total)}. "
		"Isi bobot pada semua cabangnya sehingga berjumlah 100, atau kosongkan semuanya."
	)


def _without_target(plan: Plan, indicator: Indicator) -> str:
	return (
		"" if indicator.has_target else f"Indikator belum mempunyai target tahun {plan.year}. Isi targetnya."
	)


_PARTS = {
	"definition": "definisi operasional",
	"formula": "rumus",
	"unit": "satuan",
	"source": "sumber data",
}


def smart_warnings(missing: Iterable[str], has_target: bool = True) -> list[str]:
	"""What an indicator lacks to be SMART, in sentences (domain.md 2.4). missing: as Indicator.missing."""
	warnings = [f"Indikator belum mempunyai {_PARTS[part]}." for part in missing]
	return warnings if has_target else [*warnings, "Indikator belum mempunyai target."]


def _unattached(plan: Plan, indicator: Indicator) -> str:
	attached = indicator.objective in plan.by_name
	return "" if attached else "Indikator belum menempel pada pohon kinerja. Pilih kinerja yang diukurnya."


def _lacks(part: str) -> Callable:
	def check(plan: Plan, indicator: Indicator) -> str:
		return f"Indikator belum mempunyai {_PARTS[part]}. Lengkapi." if part in indicator.missing else ""

	return check


def _iku_changed(plan: Plan, indicator: Indicator) -> str | None:
	was = indicator.in_first_version
	if was is None or not (was or indicator.is_iku):
		return None
	if was and indicator.is_iku:
		return ""
	change = "tidak lagi menjadi IKU" if was else "baru menjadi IKU"
	return (
		f"Indikator {change} di tengah periode rencana; IKU tidak sering diganti (kriteria 1.b.6). "
		"Kembalikan seperti semula atau jelaskan alasannya."
	)


def _easier_target(plan: Plan, indicator: Indicator) -> str | None:
	before, target = indicator.realization, indicator.target
	if before is None or target is None or indicator.polarity not in ("maximize", "minimize"):
		return None
	if target >= before if indicator.polarity == "maximize" else target <= before:
		return ""
	return (
		f"Target {plan.year} ({format_number(target, None)}) lebih mudah daripada realisasi {plan.year - 1} "
		f"({format_number(before, None)}). Jelaskan atau naikkan tantangannya."
	)


@dataclass(frozen=True)
class Check:
	"""A check. kind: what it looks at, "objective" or "indicator"; severity: "error" or "warning"."""

	code: str
	title: str
	kind: str
	severity: str
	test: Callable


CHECKS = (
	Check("without_indicator", "Kinerja tanpa indikator", "objective", "error", _without_indicator),
	Check("outside_years", "Tahun di luar induk", "objective", "error", _outside_parent_years),
	Check("orphan", "Kinerja tanpa induk", "objective", "error", _orphan),
	Check("cycle", "Kinerja berputar", "objective", "error", _cycle),
	Check("level_skipped", "Jenjang terlewati", "objective", "error", _level_skipped),
	Check("weights", "Bobot tidak berjumlah 100", "objective", "error", _weights),
	Check("unmeasured_budget", "Pagu tanpa indikator", "objective", "error", _budget_without_indicator),
	Check("unattached", "Indikator tanpa kinerja", "indicator", "warning", _unattached),
	Check("without_target", "Indikator tanpa target", "indicator", "error", _without_target),
	Check("without_definition", "Indikator tanpa definisi", "indicator", "warning", _lacks("definition")),
	Check("without_source", "Indikator tanpa sumber data", "indicator", "warning", _lacks("source")),
	Check("iku_changed", "IKU berganti", "indicator", "warning", _iku_changed),
	Check("easier_target", "Target lebih mudah dari realisasi", "indicator", "warning", _easier_target),
)


def examine(
	plan: Plan, only: Iterable[str] | None = None
) -> tuple[list[Finding], dict[str, dict[str, tuple[int, int]]]]:
	"""Run every check, on all nodes or on the named ones (the others are there as their surroundings).

	Gives the findings, and OPD → check → (how many it applied to, how many of them failed).
	"""
	nodes = plan.nodes if only is None else [plan.by_name[name] for name in only]
	findings: list[Finding] = []
	counts: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
	for check in CHECKS:
		for subject in nodes if check.kind == "objective" else plan.indicators:
			message = check.test(plan, subject)
			if message is None:
				continue
			applied, failed = counts[subject.opd].get(check.code, (0, 0))
			counts[subject.opd][check.code] = (applied + 1, failed + bool(message))
			if message:
				findings.append(_finding(check, subject, message))
	return findings, dict(counts)


def _finding(check: Check, subject: Node | Indicator, message: str) -> Finding:
	is_node = isinstance(subject, Node)
	name, text = (subject.name, subject.statement) if is_node else (subject.code, subject.name)
	return Finding(check.code, check.severity, subject.opd, check.kind, name, text, message)


def quality(counts: Mapping[str, tuple[int, int]]) -> float | None:
	"""Score of cascading quality of an OPD, 0 to 100: the mean over the checks of the share that passed.

	counts: check → (applied, failed). None when nothing could be checked. Each check has the same
	voice, so that many sub kegiatan do not hide a tujuan that nobody measures.
	"""
	shares = [100 * (applied - failed) / applied for applied, failed in counts.values() if applied]
	return float(snap(sum(shares) / len(shares))) if shares else None


# --- roll-up ---


@dataclass(frozen=True)
class RollUp:
	"""What a node reached, in percent; None where there is no value.

	own: by its own indicators. mean, weighted: over the nodes directly below, each with its own value or,
	where it has none, with what is rolled up from below it. weighted is None unless every node below
	that has a value has a weight. weakest, weakest_node: the lowest own value anywhere below.
	"""

	own: float | None
	mean: float | None = None
	weighted: float | None = None
	weakest: float | None = None
	weakest_node: str = ""

	def value(self, kind: str) -> float | None:
		"""What counts for the node above: the own value, never forced to be the sum of what is below."""
		return self.own if self.own is not None else getattr(self, kind)


def roll_up(
	parents: Mapping[str, str | None], own: Mapping[str, float | None], weights: Mapping[str, float]
) -> dict[str, RollUp]:
	"""Achievement along the tree, mean, weighted and weakest side by side (domain.md 3.3).

	parents: node → the node above, or None; a parent that is not given is none. own: node →
	achievement in percent. weights: node → its share in its parent, absent or 0 for none.
	"""
	children: dict[str | None, list[str]] = defaultdict(list)
	for name, parent in parents.items():
		children[parent if parent in parents else None].append(name)
	found: dict[str, RollUp] = {}
	for name in reversed(_depth_first(children)):
		found[name] = _rolled(own.get(name), [(below, found[below]) for below in children[name]], weights)
	return found


def _rolled(own: float | None, below: list[tuple[str, RollUp]], weights: Mapping[str, float]) -> RollUp:
	means = [value for _, roll in below if (value := roll.value("mean")) is not None]
	weighed = [
		(weights.get(name) or 0, value)
		for name, roll in below
		if (value := roll.value("weighted")) is not None
	]
	total = sum(weight for weight, _ in weighed)
	all_weighed = weighed and len(weighed) == len(means) and all(weight for weight, _ in weighed)
	lows = [(roll.own, name) for name, roll in below if roll.own is not None]
	lows += [(roll.weakest, roll.weakest_node) for _, roll in below if roll.weakest is not None]
	weakest, node = min(lows) if lows else (None, "")
	return RollUp(
		own,
		float(snap(sum(means) / len(means))) if means else None,
		float(snap(sum(weight * value for weight, value in weighed) / total)) if all_weighed else None,
		weakest,
		node,
	)


def _depth_first(children: Mapping[str | None, Sequence[str]]) -> list[str]:
	"""Every node that hangs on a root, parents before children."""
	order, stack = [], list(reversed(children.get(None, ())))
	while stack:
		name = stack.pop()
		order.append(name)
		stack.extend(reversed(children.get(name, ())))
	return order


def add_up(parents: Mapping[str, str | None], amounts: Mapping[str, float]) -> dict[str, float]:
	"""Budgets along the tree: the sum of what is below, the own amount where nothing below has one (domain.md 3.3)."""
	children: dict[str | None, list[str]] = defaultdict(list)
	for name, parent in parents.items():
		children[parent if parent in parents else None].append(name)
	total: dict[str, float] = {}
	for name in reversed(_depth_first(children)):
		total[name] = sum(total[below] for below in children[name]) or amounts.get(name) or 0.0
	return total


# --- nested set ---


def number_tree(parents: Mapping[str, str | None], start: int = 1) -> dict[str, tuple[int, int]]:
	"""Left and right numbers of every node, depth first, siblings in the given order.

	Raises ValueError with a sentence for the user when nodes are their own ancestors.
	"""
	looped = find_cycles(parents)
	if looped:
		raise ValueError(f"Kinerja {sorted(looped)[0]} menjadi induk bagi dirinya sendiri.")
	children: dict[str | None, list[str]] = defaultdict(list)
	for name, parent in parents.items():
		children[parent if parent in parents else None].append(name)
	order = _depth_first(children)
	size: dict[str, int] = {}
	for name in reversed(order):
		size[name] = 1 + sum(size[below] for below in children[name])
	numbers, next_left = {}, {None: start}
	for name in order:
		parent = parents[name] if parents[name] in parents else None
		left = next_left[parent]
		numbers[name] = (left, left + 2 * size[name] - 1)
		next_left[parent], next_left[name] = left + 2 * size[name], left + 1
	return numbers


# --- versions ---


@dataclass(frozen=True)
class Difference:
	"""One difference between two versions. change: "added", "removed" or "changed"; part: what changed."""

	change: str
	kind: str
	subject: str
	title: str
	part: str = ""
	before: str = ""
	after: str = ""


def differences(before: Mapping, after: Mapping) -> list[Difference]:
	"""What two versions of a plan differ in: the plan itself, objectives and indicators with their targets.

	before, after: {"plan": {part: text}, "objectives": {name: {part: text}}, "indicators": {code: {part: text}}}
	as a version stores them; "title" is the part that names a row.
	"""
	found = _changed_parts("plan", "", before.get("plan", {}), after.get("plan", {}))
	for kind in ("objectives", "indicators"):
		old, new = before.get(kind, {}), after.get(kind, {})
		found += [Difference("removed", kind, name, old[name]["title"]) for name in old if name not in new]
		found += [Difference("added", kind, name, new[name]["title"]) for name in new if name not in old]
		for name in new:
			if name in old:
				found += _changed_parts(kind, name, old[name], new[name])
	return found


def _changed_parts(kind: str, name: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
	return [
		Difference(
			"changed", kind, name, new.get("title", ""), part, str(old.get(part, "")), str(new.get(part, ""))
		)
		for part in dict.fromkeys([*old, *new])
		if str(old.get(part, "")) != str(new.get(part, ""))
	]
