"""The figures of a Laporan Kinerja Instansi Pemerintah (LKjIP), and the JSON that keeps them (domain.md 5.1).

The figures are taken once and kept: sections, tables, charts and the data attachment all read them from here.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from types import UnionType
from typing import get_args, get_origin, get_type_hints

import pandas as pd

from seroja.core.numbers import round_half_up
from seroja.core.signing import Party
from seroja.core.stories import Advice, Driver, Outlook
from seroja.core.summary import WITHOUT_OBJECTIVE, absorption_of

REACHED = 100  # percent of a target


@dataclass(frozen=True)
class YearFigure:
	"""An earlier year. target, realization: texts as people read them; value: the realization where it is a
	number; achievement: percent, not capped."""

	year: int
	target: str
	realization: str
	value: float | None
	achievement: float | None


@dataclass(frozen=True)
class Benchmark:
	"""What others reached. name: Nasional, Provinsi Jawa Timur …; number: the value where it is one."""

	name: str
	year: int
	value: str
	number: float | None
	source: str


@dataclass(frozen=True)
class IndicatorRow:
	"""One indicator. polarity: maximize, minimize, stabilize or qualitative; value: the realization where it
	is a number; achievement: percent, not capped; score: percent, capped; history: earlier years, ascending;
	plan_achievement: percent of the target for the last year of the plan; obstacles, next_steps: sentences
	with their quarter in front; budgets: rupiah; outlook, drivers, findings: what core.stories says of
	them; last_achievement, last_realization: of the same quarter a year before."""

	code: str
	name: str
	unit: str
	objective: str
	is_iku: bool
	polarity: str
	target: str
	realization: str
	value: float | None
	achievement: float | None
	score: float | None
	category: str
	status_label: str
	explanation: str
	history: tuple[YearFigure, ...] = ()
	plan_year: int | None = None
	plan_target: str = ""
	plan_achievement: float | None = None
	benchmarks: tuple[Benchmark, ...] = ()
	obstacles: tuple[str, ...] = ()
	next_steps: tuple[str, ...] = ()
	budget: float | None = None
	budget_realization: float | None = None
	outlook: tuple[Outlook, ...] = ()
	drivers: tuple[Driver, ...] = ()
	findings: tuple[str, ...] = ()
	last_achievement: float | None = None
	last_realization: str = ""


@dataclass(frozen=True)
class ObjectiveRow:
	"""A sasaran, or all of them together: the figures of `core.summary` (domain.md 3.3 and 3.5)."""

	objective: str
	indicators: int
	valued: int
	mean_raw: float | None
	mean_score: float | None
	category: str
	budget: float | None
	budget_realization: float | None
	absorption: float | None
	efficiency_gap: float | None
	efficiency: float | None
	efficiency_value: float | None
	efficiency_label: str


@dataclass(frozen=True)
class ProgramRow:
	"""budget, realization: rupiah."""

	objective: str
	program: str
	budget: float | None
	realization: float | None


@dataclass(frozen=True)
class UnitRow:
	"""A unit in the report of the whole government. rank: None where nothing was measured."""

	unit: str
	indicators: int
	valued: int
	mean_score: float | None
	category: str
	absorption: float | None
	rank: int | None


@dataclass(frozen=True)
class ReportData:
	"""All figures of a report. unit: the government itself in its own report; head_title: the office of who
	signs; scale_labels: the categories, best first; basis: sentences on how achievement is calculated;
	units: empty unless is_government; until: the last quarter of an unfinished year, "" for a whole one;
	recommendations: open ones of the Inspektorat."""

	government: str
	unit: str
	is_government: bool
	head_title: str
	signer: Party
	place: str
	year: int
	plan_title: str
	plan_years: tuple[int, int] | None
	vision: str
	missions: tuple[str, ...]
	indicators: tuple[IndicatorRow, ...]
	objectives: tuple[ObjectiveRow, ...]
	programs: tuple[ProgramRow, ...]
	units: tuple[UnitRow, ...]
	overall: ObjectiveRow
	scale_name: str
	scale_labels: tuple[str, ...]
	basis: tuple[str, ...]
	as_known_on: date
	until: str = ""
	recommendations: tuple[Advice, ...] = ()


# --- JSON ---


def report_json(data: ReportData) -> str:
	"""The figures as JSON: equal figures give equal text. Raises ValueError for a number that is not finite."""
	return json.dumps(
		asdict(data),
		ensure_ascii=False,
		sort_keys=True,
		allow_nan=False,
		default=lambda value: value.isoformat(),
	)


def read_report(text: str) -> ReportData:
	"""The figures that `report_json` wrote, now or before there were some of them. Raises KeyError where one is missing
	that has no default."""
	return _built(ReportData, json.loads(text))


def _built(kind, value):
	if value is None:
		return None
	if get_origin(kind) is UnionType:
		kind = get_args(kind)[0]
	if get_origin(kind) is tuple:
		return tuple(_built(get_args(kind)[0], item) for item in value)
	if is_dataclass(kind):
		hints = get_type_hints(kind)
		known = [field.name for field in fields(kind) if field.name in value or field.default is MISSING]
		return kind(**{name: _built(hints[name], value[name]) for name in known})
	return kind.fromisoformat(value) if kind in (date, datetime) else value


# --- what the sections share ---


@dataclass(frozen=True)
class Budget:
	"""Rupiah, and the absorption in percent; None where nothing is known."""

	budget: float | None
	realization: float | None
	absorption: float | None


def budget_of(rows: Iterable[ProgramRow]) -> Budget:
	"""Sums of what is known; absorption over the programs that have both figures (domain.md 3.3, 3.5)."""
	rows = list(rows)
	paired = [row for row in rows if row.budget and row.realization is not None]
	spent, given = _sum(row.realization for row in paired), _sum(row.budget for row in paired)
	return Budget(
		_sum(row.budget for row in rows),
		_sum(row.realization for row in rows),
		float(absorption_of(spent, given).iloc[0]) if given else None,
	)


def whole_budget(data: ReportData) -> Budget:
	"""The budget of all programs; that of the indicators where no program is known."""
	whole = data.overall
	if data.programs:
		return budget_of(data.programs)
	return Budget(whole.budget, whole.budget_realization, whole.absorption)


def _sum(values: Iterable[float | None]) -> float | None:
	known = [value for value in values if value is not None]
	return math.fsum(known) if known else None


def valued(rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
	return [row for row in rows if row.achievement is not None]


def reached(rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
	return [row for row in valued(rows) if row.achievement >= REACHED]


def missed(rows: Iterable[IndicatorRow]) -> list[IndicatorRow]:
	"""The indicators below their target; one without a value is not among them."""
	return [row for row in valued(rows) if row.achievement < REACHED]


def change_of(row: IndicatorRow, year: int) -> float | None:
	"""Points of achievement above last year, by the figures as they are printed: more is better for every
	polarity. None where a year has no value."""
	before = next((past.achievement for past in row.history if past.year == year - 1), None)
	if before is None or row.achievement is None:
		return None
	return float(round_half_up(row.achievement) - round_half_up(before))


def standing(row: IndicatorRow, benchmark: Benchmark) -> float | None:
	"""Above 0 where the indicator does better than the benchmark, 0 where equal; None where the polarity or a
	missing number does not tell."""
	sign = {"maximize": 1, "minimize": -1}.get(row.polarity)
	if sign is None or row.value is None or benchmark.number is None:
		return None
	return sign * (row.value - benchmark.number)


def objective_name(objective: str) -> str:
	"""The objective, empty where there is none."""
	return "" if objective == WITHOUT_OBJECTIVE else objective


def row_heading(row: IndicatorRow) -> str:
	"""The objective of an indicator; its class where it has none (domain.md 5.2)."""
	return objective_name(row.objective) or ("IKU" if row.is_iku else "Indikator lain")


def grouped(rows: Sequence, heading) -> dict[str, list]:
	"""The rows by heading(row), in the order in which a heading first appears."""
	found: dict[str, list] = {}
	for row in rows:
		found.setdefault(heading(row), []).append(row)
	return found


def figures_of(data: ReportData, heading: str) -> ObjectiveRow | None:
	return next((row for row in data.objectives if objective_name(row.objective) == heading), None)


def counts_by_category(data: ReportData) -> dict[str, int]:
	"""Indicators per category of the scale, best first; categories that nobody has count 0."""
	given = [row.category for row in valued(data.indicators)]
	return {label: given.count(label) for label in data.scale_labels}


# --- data attachment ---

_FIGURES = (
	"code",
	"name",
	"unit",
	"objective",
	"is_iku",
	"polarity",
	"target",
	"realization",
	"value",
	"achievement",
	"score",
	"category",
	"status_label",
	"plan_year",
	"plan_target",
	"plan_achievement",
	"budget",
	"budget_realization",
)


def figures_table(data: ReportData) -> pd.DataFrame:
	"""One row per indicator: the fields of `IndicatorRow` that hold one value, `year` before them, and
	`change` (points of achievement above last year). Percent and rupiah as in `IndicatorRow`."""
	rows = [
		{"year": data.year}
		| {name: getattr(row, name) for name in _FIGURES}
		| {"change": change_of(row, data.year)}
		for row in data.indicators
	]
	return pd.DataFrame(rows, columns=["year", *_FIGURES, "change"])
