"""The story of a LKjIP: what its figures tell the evaluation text (core.narrative)."""

from __future__ import annotations

from seroja.core.narrative import indicator_text, unit_text
from seroja.core.performance_report import Budget, IndicatorRow, ReportData, whole_budget
from seroja.core.stories import IndicatorStory, RankedUnit, UnitStory

MOST_INDICATORS = 40  # with a text of their own; the tables have them all


def story_of(data: ReportData) -> UnitStory:
	"""The year of a unit, or of the government with its OPDs, as the evaluation text reads it."""
	money = _money(data)
	return UnitStory(
		name=data.unit,
		year=data.year,
		period=_period(data),
		indicators=tuple(_indicator(row, data) for row in data.indicators),
		mean_raw=data.overall.mean_raw,
		mean_scored=data.overall.mean_score,
		category=data.overall.category,
		budget=money.budget,
		budget_realization=money.realization,
		absorption=money.absorption,
		recommendations=data.recommendations,
		units=tuple(
			RankedUnit(row.unit, row.mean_score, row.category)
			for row in sorted(data.units, key=lambda row: (row.rank is None, row.rank, row.unit))
		),
	)


def _money(data: ReportData) -> Budget:
	"""The budget of the indicators, as their own texts have it; that of the programmes where the sheets have none."""
	whole = data.overall
	if whole.absorption is None:
		return whole_budget(data)
	return Budget(whole.budget, whole.budget_realization, whole.absorption)


def _period(data: ReportData) -> str:
	return f"{data.until} {data.year}" if data.until else f"Tahun {data.year}"


def _indicator(row: IndicatorRow, data: ReportData) -> IndicatorStory:
	is_known = row.last_achievement is not None or bool(row.last_realization)
	return IndicatorStory(
		name=row.name,
		unit=row.unit,
		year=data.year,
		period=_period(data),
		polarity=row.polarity,
		target=row.target,
		realization=row.realization,
		achievement=row.achievement,
		category=row.category,
		status_label=row.status_label,
		last_achievement=row.last_achievement,
		last_realization=row.last_realization,
		last_year=data.year - 1 if is_known else None,
		drivers=row.drivers,
		budget=row.budget,
		budget_realization=row.budget_realization,
		obstacles=row.obstacles,
		next_steps=row.next_steps,
		outlook=row.outlook,
		findings=row.findings,
	)


def evaluation_blocks(data: ReportData) -> list[str]:
	"""The section on the whole: what was reached, outlook, what to do."""
	return unit_text(story_of(data))


def indicator_blocks(data: ReportData) -> list[str]:
	"""The section on the single indicators."""
	stories = story_of(data).indicators
	if not stories:
		return ["Belum ada indikator yang tercatat."]
	blocks = [block for story in stories[:MOST_INDICATORS] for block in indicator_text(story)]
	left_out = len(stories) - MOST_INDICATORS
	return [*blocks, f"Untuk {left_out} indikator lainnya, lihat tabel capaian."] if left_out > 0 else blocks
