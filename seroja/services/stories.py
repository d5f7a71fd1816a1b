"""What the evaluation text is told from: figures, outlook, contributing indicators and open recommendations.

Scope: the units of the session user, narrowed by the filter `opd`. A fixed number of queries.
"""

from collections import defaultdict

import frappe
import pandas as pd

from seroja.constants import INDICATOR, OBJECTIVE
from seroja.core import analysis as core
from seroja.core.rendering import records
from seroja.core.stories import Advice, Driver, IndicatorStory, Outlook, RankedUnit, UnitStory
from seroja.services import analysis, evaluation_figures, figure_series, recommendations
from seroja.services.report_parts import has_value, status_label

_KEPT = ("opd", "as_known_on", "include_unverified")


class Around:
	"""What stands around the rows of a period.

	frame: their figures over the years; expected: of core.analysis; outlook, drivers, findings: by indicator; last_year:
	indicator → (achievement, realization) of the same quarter a year before; recommendations: by OPD, open ones.
	"""

	def __init__(self, rows: list[dict], period, filters: dict):
		"""period: with `year` and `quarter`; a row that has a `quarter` stands at that one. filters: opd, as_known_on,
		include_unverified. A fixed number of queries."""
		kept = {name: filters.get(name) for name in _KEPT}
		frame = figure_series.load(kept, period, [row["indicator"] for row in rows])
		quarters = {row["indicator"]: int(row.get("quarter") or period.quarter) for row in rows}
		found = analysis.findings(frame)
		self.frame, self.expected = frame, analysis.outlook(frame, found, kept)
		self.outlook = _outlooks(self.expected)
		self.findings = _findings(_at(found, int(period.year), quarters))
		self.last_year = _last_year(_at(frame, int(period.year) - 1, quarters))
		self.drivers = _drivers(_at(frame, int(period.year), quarters))
		self.recommendations = _advice(kept)


def unit_story(
	rows: list[dict], whole, around: Around, period, name: str, last_mean: float | None = None
) -> UnitStory:
	"""The story of rows of repository.achievement_rows and of their evaluation `whole`; of several OPDs with their rank."""
	figures = records(whole.overall.to_frame().T)[0]
	units = whole.by_opd.sort_values("rank", kind="stable", na_position="last")
	opds = {row["opd"] for row in rows}
	return UnitStory(
		name=name,
		year=int(period.year),
		period=period.label,
		indicators=tuple(indicator_story(row, period, around) for row in rows),
		mean_raw=figures["mean_raw"],
		mean_scored=figures["mean_scored"],
		category=figures["category"] or "",
		last_mean=last_mean,
		budget=figures["budget"] or None,
		budget_realization=figures["budget_realization"] if figures["absorption"] is not None else None,
		absorption=figures["absorption"],
		recommendations=tuple(
			advice for opd in sorted(opds) for advice in around.recommendations.get(opd, ())
		),
		units=tuple(
			RankedUnit(row["opd"], row["mean_scored"], row["category"] or "") for row in records(units)
		)
		if len(opds) > 1
		else (),
	)


def indicator_story(row: dict, period, around: Around) -> IndicatorStory:
	"""The story of one row of repository.achievement_rows."""
	code, is_valued = row["indicator"], has_value(row["status"])
	last_achievement, last_realization = around.last_year.get(code, (None, ""))
	return IndicatorStory(
		name=row["indicator_name"] or "",
		unit=row["unit"] or "",
		year=int(period.year),
		period=period.label,
		polarity=(row["polarity"] or "").lower(),
		target=row["target"] or "",
		realization=row["realization_ytd"] or "",
		achievement=row["achievement_raw"] if is_valued else None,
		category=(row["category"] or "") if is_valued else "",
		status_label=status_label(row["status"]),
		last_achievement=last_achievement,
		last_realization=last_realization,
		last_year=int(period.year) - 1 if code in around.last_year else None,
		drivers=around.drivers.get(code, ()),
		budget=float(row["budget"]) if row["budget"] else None,
		budget_realization=float(row["budget_realization_value"]) if row["has_budget_realization"] else None,
		obstacles=tuple(filter(None, [row.get("obstacle")])),
		next_steps=tuple(filter(None, [row.get("next_step")])),
		outlook=around.outlook.get(code, ()),
		findings=around.findings.get(code, ()),
	)


# --- parts ---


def _outlooks(expected: pd.DataFrame) -> dict[str, tuple[Outlook, ...]]:
	found: dict[str, tuple] = {}
	for row in records(expected):
		outlook = Outlook(
			year=row["year"],
			forecast=row["forecast"],
			lower=row["lower"],
			upper=row["upper"],
			target="" if row["target"] is None else core.goal_text(row),
			probability=row["probability"],
			status=row["status"],
			method_label=core.METHOD_LABELS[row["method"]],
			is_final=bool(row["is_final"]),
			decimals=int(row["decimals"]),
		)
		found[row["key"]] = (*found.get(row["key"], ()), outlook)
	return found


def _at(frame: pd.DataFrame, year: int, quarters: dict[str, int]) -> pd.DataFrame:
	"""The rows of a year at the quarter of each indicator."""
	return frame[frame["year"].eq(year) & frame["number"].eq(frame["key"].map(quarters))]


def _findings(now: pd.DataFrame) -> dict[str, tuple[str, ...]]:
	return {key: tuple(part) for key, part in now.groupby("key")["message"]}


def _last_year(before: pd.DataFrame) -> dict[str, tuple[float | None, str]]:
	return {
		row["key"]: (row["achievement"], row["to_date"] or "")
		for row in records(before[["key", "achievement", "to_date"]])
	}


def _drivers(now: pd.DataFrame) -> dict[str, tuple[Driver, ...]]:
	"""Indicator → the indicators of the nodes directly below its own that have a figure in the period. Two queries."""
	nodes = dict(
		frappe.get_all(
			INDICATOR,
			{"name": ["in", now["key"].tolist() or ["-"]], "performance_objective": ["is", "set"]},
			["name", "performance_objective"],
			as_list=True,
		)
	)
	above = dict(
		frappe.get_all(
			OBJECTIVE,
			{"name": ["in", list(set(nodes.values())) or ["-"]]},
			["name", "parent_performance_objective"],
			as_list=True,
		)
	)
	below: dict[str, list[Driver]] = defaultdict(list)
	for row in records(now[["key", "indicator", "achievement"]]):
		parent = above.get(nodes.get(row["key"]))
		if parent:
			below[parent].append(Driver(row["indicator"], "indicator", row["achievement"]))
	return {code: tuple(below[node]) for code, node in nodes.items() if node in below}


def _advice(filters: dict) -> dict[str, tuple[Advice, ...]]:
	"""OPD → its open recommendations. Three queries at most."""
	found: dict[str, list[Advice]] = defaultdict(list)
	for row in evaluation_figures.recommendations_of(filters):
		if row.status in recommendations.OPEN:
			found[row.opd].append(Advice(row.name, row.recommendation or "", row.due_date, bool(row.overdue)))
	return {opd: tuple(advice) for opd, advice in found.items()}
