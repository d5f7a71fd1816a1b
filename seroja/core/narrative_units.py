"""What the evaluation text says of an OPD or of the city, before the advice."""

from __future__ import annotations

from collections.abc import Sequence

from seroja.core.analysis import STATUS_LABELS
from seroja.core.evaluation_reading import joined
from seroja.core.narrative_words import (
	is_year_end,
	nearest_status,
	points_between,
	reach_text,
	same_period_text,
	spent_against,
	spent_text,
	told,
	when_text,
)
from seroja.core.performance_report import REACHED, grouped, missed, reached, valued
from seroja.core.performance_report_analysis import indicators_text, quoted, some_named
from seroja.core.performance_report_tables import change_text, count_text
from seroja.core.stories import IndicatorStory, Outlook, RankedUnit, UnitStory

_WORST = ("off_track", "at_risk")


def unit_paragraphs(story: UnitStory) -> list[str]:
	"""What was reached, outlook, movement and money of a story that was read by `as_told`."""
	paragraphs = [
		told(_counts(story), _means(story)),
		told(*_prospects(story), _worst(story)),
		told(_mean_moved(story), _indicators_moved(story)),
		told(
			spent_text(story, story.absorption),
			_spent_against(story),
		),
		_ranked(story.units),
	]
	return [text for text in paragraphs if text]


def _spent_against(story: UnitStory) -> str:
	"""A mean is lifted by a few: efficient is only where every target was reached."""
	if is_year_end(story) and missed(story.indicators) and (story.absorption or REACHED + 1) <= REACHED:
		return "Belum semua target tercapai, sehingga penggunaan anggaran belum dapat disebut efisien."
	return spent_against(story.mean_scored, story.absorption, is_year_end(story), "target secara rata-rata")


def _counts(story: UnitStory) -> str:
	rows = story.indicators
	if not rows:
		return f"{when_text(story)}, belum ada indikator kinerja {story.name} yang tercatat."
	known, without = valued(rows), len(rows) - len(valued(rows))
	return told(
		f"{when_text(story)}, kinerja {story.name} diukur dengan {indicators_text(len(rows))}.",
		_reached_count(len(reached(known)), len(missed(known)), not without),
		f"Ada {indicators_text(without)} yang belum mempunyai nilai capaian." if known and without else "",
	)


def _reached_count(good: int, bad: int, is_all: bool) -> str:
	"""is_all: every indicator has a value."""
	count = good + bad
	if not count:
		return "Belum ada yang mempunyai nilai capaian."
	if count == 1:
		lead = (
			"Targetnya"
			if is_all
			else f"Baru {indicators_text(count)} yang mempunyai nilai capaian; targetnya"
		)
		return f"{lead} {'tercapai' if good else 'belum tercapai'}."
	rows = f"Dari {indicators_text(count)} {'itu' if is_all else 'yang mempunyai nilai capaian'}"
	if not bad:
		return f"{rows}, semuanya mencapai target."
	if not good:
		return f"{rows}, belum ada yang mencapai target."
	return f"{rows}, {count_text(good)} mencapai target dan {count_text(bad)} belum."


def _means(story: UnitStory) -> str:
	if story.mean_raw is None and story.mean_scored is None:
		return "Rata-rata capaian belum dapat dihitung."
	category = f" (kategori {story.category})" if story.category else ""
	scored = "Rata-rata skor, yaitu rata-rata capaian yang dibatasi pada nilai terendah dan tertinggi, adalah"
	return told(
		f"Rata-rata capaian adalah {reach_text(story.mean_raw)}." if story.mean_raw is not None else "",
		f"{scored} {reach_text(story.mean_scored)}{category}." if story.mean_scored is not None else "",
	)


def _prospects(story: UnitStory) -> list[str]:
	"""How many indicators are on track for each year, nearest first."""
	outlooks = [outlook for row in story.indicators for outlook in row.outlook]
	by_year = grouped(sorted(outlooks, key=lambda row: row.year), lambda row: row.year)
	without = sum(not row.outlook for row in story.indicators)
	said = [f"Untuk target tahun {year}, {_status_counts(rows)}." for year, rows in by_year.items()]
	if not by_year:
		return ["Belum ada perkiraan untuk indikatornya."] if story.indicators else []
	return [*said, f"Ada {indicators_text(without)} yang belum mempunyai perkiraan."] if without else said


def _status_counts(outlooks: Sequence[Outlook]) -> str:
	by_status = grouped(outlooks, lambda row: row.status)
	return joined(
		[
			f"{indicators_text(len(by_status[status]))} {label.lower()}"
			for status, label in STATUS_LABELS.items()
			if status in by_status
		]
	)


def _worst(story: UnitStory) -> str:
	rows = [row for row in story.indicators if _needs_attention(row, is_year_end(story))]
	rows.sort(key=_severity)
	return f"Yang paling perlu perhatian: {some_named(rows, _with_standing)}." if rows else ""


def _needs_attention(row: IndicatorStory, is_whole_year: bool) -> bool:
	"""Within a year, one below its target but on track is left alone."""
	status = nearest_status(row)
	is_missed = bool(missed([row])) and (is_whole_year or status != "on_track")
	return status in _WORST or is_missed


def _severity(row: IndicatorStory) -> tuple:
	status = nearest_status(row)
	rank = _WORST.index(status) if status in _WORST else len(_WORST)
	return (rank, row.achievement is None, row.achievement or 0, row.name)


def _with_standing(row: IndicatorStory) -> str:
	reach = "capaian belum ada" if row.achievement is None else f"capaian {reach_text(row.achievement)}"
	status = nearest_status(row)
	if not status:
		return f"{quoted(row.name)} ({reach})"
	year = min(outlook.year for outlook in row.outlook)
	when = f" untuk tahun {year}" if year != row.year else ""
	return f"{quoted(row.name)} ({reach}, {STATUS_LABELS[status].lower()}{when})"


def _mean_moved(story: UnitStory) -> str:
	before = same_period_text(story, f"tahun {story.year - 1}")
	if story.last_mean is None:
		if any(row.last_achievement is not None for row in story.indicators):
			return ""  # what follows compares them one by one
		return f"Rata-rata skor {before} tidak tercatat sehingga tidak dapat dibandingkan."
	change = points_between(story.mean_scored, story.last_mean)
	said = f"Rata-rata skor {before} adalah {reach_text(story.last_mean)}"
	if change is None:
		return f"{said}; perubahannya belum dapat dihitung."
	return f"{said}; tahun ini {change_text(change)}{' poin persen' if change else ''}."


def _indicators_moved(story: UnitStory) -> str:
	changes = [points_between(row.achievement, row.last_achievement) for row in story.indicators]
	known = [change for change in changes if change is not None]
	if not known:
		return ""
	up, down = sum(change > 0 for change in known), sum(change < 0 for change in known)
	counts = {"naik": up, "turun": down, "tetap": len(known) - up - down}
	moves = [word for word, count in counts.items() if count]
	if len(moves) == 1:
		return f"Capaian {indicators_text(len(known))} dapat dibandingkan dan {'semuanya ' * (len(known) > 1)}{moves[0]}."
	said = joined([f"{count_text(counts[word])} {word}" for word in moves])
	return f"Dari {indicators_text(len(known))} yang capaiannya dapat dibandingkan, {said}."


def _ranked(units: Sequence[RankedUnit]) -> str:
	if not units:
		return ""
	known = [unit for unit in units if unit.mean_scored is not None]
	known.sort(key=lambda unit: (-unit.mean_scored, unit.name))
	without = len(units) - len(known)
	if not known:
		return f"Dari {count_text(len(units))} perangkat daerah, belum ada yang mempunyai nilai."
	categories = grouped([unit for unit in known if unit.category], lambda unit: unit.category)
	spread = joined([f"{label} {count_text(len(rows))}" for label, rows in categories.items()])
	return told(
		f"Ada {count_text(len(known))} perangkat daerah yang mempunyai nilai.",
		_best_and_worst(known),
		f"Menurut kategori: {spread}." if spread else "",
		f"Ada {count_text(without)} perangkat daerah yang belum mempunyai nilai." if without else "",
	)


def _best_and_worst(known: Sequence[RankedUnit]) -> str:
	if len(known) == 1:
		return f"Rata-rata skor {_with_score(known[0])}."
	best = [unit for unit in known if unit.mean_scored == known[0].mean_scored]
	worst = [unit for unit in known if unit.mean_scored == known[-1].mean_scored]
	if len(best) == len(known):
		return f"Rata-rata skor semuanya {reach_text(known[0].mean_scored)}."
	return f"Rata-rata skor tertinggi dicapai {some_named(best, _with_score)}; yang terendah {some_named(worst, _with_score)}."


def _with_score(unit: RankedUnit) -> str:
	return f"{unit.name} ({reach_text(unit.mean_scored)})"
