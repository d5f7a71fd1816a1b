"""The evaluation text in Indonesian, by rules and templates: the same data give the same text.

Every number in it comes from its story, as it is or counted; the only one that does not is the level of the
interval. What people typed is quoted as theirs (design.md decisions 5 and 9; domain.md 3.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from seroja.core.analysis import STATUS_LABELS
from seroja.core.evaluation_reading import joined
from seroja.core.forecasting import LEVEL
from seroja.core.narrative_advice import (
	indicator_items,
	recommendation_counts,
	recommendation_items,
	unit_items,
)
from seroja.core.narrative_units import unit_paragraphs
from seroja.core.narrative_words import (
	absorption,
	as_told,
	bare,
	between_text,
	figure_text,
	is_doubtful,
	is_year_end,
	lowest_first,
	nearest_status,
	points_between,
	reach_text,
	recommendations_of,
	same_period_text,
	spent_against,
	spent_text,
	status_to_say,
	told,
	when_text,
	with_unit,
)
from seroja.core.parts import clean
from seroja.core.performance_report import REACHED, grouped
from seroja.core.performance_report_analysis import listed, quoted, some_named
from seroja.core.performance_report_tables import change_text, count_text
from seroja.core.rendering import format_percent
from seroja.core.stories import Advice, Driver, IndicatorStory, Outlook, RankedUnit, UnitStory

__all__ = [
	"Advice",
	"Driver",
	"IndicatorStory",
	"Outlook",
	"RankedUnit",
	"UnitStory",
	"aggregate_text",
	"indicator_text",
	"masked",
	"names_of",
	"unit_text",
	"unmasked",
]

_BETTER = {
	"minimize": "Pada indikator ini, realisasi yang lebih rendah berarti kinerja yang lebih baik.",
	"stabilize": "Pada indikator ini, realisasi yang lebih dekat dengan target berarti kinerja yang lebih baik.",
}
_EXPECTED = {
	"on_track": "target kemungkinan besar tercapai",
	"at_risk": "target masih mungkin tercapai, tetapi belum aman",
	"off_track": "target kemungkinan besar tidak tercapai",
	"unknown": "datanya belum cukup",
}
_KINDS = {"indicator": "indikator", "objective": "sasaran"}
_MARK = re.compile(r"⟦\d+⟧")


def indicator_text(story: IndicatorStory) -> list[str]:
	"""The evaluation of one indicator: what was reached, last year, drivers, outlook, advice. Paragraphs; the last
	may be a list whose items begin with “- ”."""
	story = as_told(story)
	paragraphs = [
		_reached(story),
		_compared(story),
		told(_drivers(story), _money(story), _obstacles(story)),
		*(_outlook(story, outlook) for outlook in sorted(story.outlook, key=lambda row: row.year)),
		_advised(indicator_items(story) or _watched(story)),
	]
	return [text for text in paragraphs if text]


def unit_text(story: UnitStory) -> list[str]:
	"""The evaluation of an OPD, or of the city: what was reached, outlook, movement, money, what to look at first."""
	story = as_told(story)
	return [
		*unit_paragraphs(story),
		_advised([*recommendation_items(recommendations_of(story)), *unit_items(story)]),
	]


def recommendation_texts(story: UnitStory) -> list[str]:
	"""The open recommendations, which no language model gets to see; empty where there are none."""
	items = recommendation_items(recommendations_of(as_told(story)))
	return [listed("Rekomendasi yang masih terbuka:", items)] if items else []


def aggregate_text(story: UnitStory) -> list[str]:
	"""`unit_text` without anything that people typed but names, which `masked` takes out: for a language model."""
	story = as_told(story)
	return [*unit_paragraphs(story), _advised([*recommendation_counts(story), *unit_items(story)])]


def names_of(story: UnitStory) -> list[str]:
	"""All names that `aggregate_text` may print."""
	return [story.name, *(row.name for row in (*story.indicators, *story.units))]


def masked(paragraphs: Sequence[str], names: Sequence[str]) -> tuple[list[str], dict[str, str]]:
	"""The paragraphs with marks such as ⟦1⟧ for names, and what each mark stands for. A longer name goes before one
	that it contains; what looks like a mark in the text is masked as well, so that `unmasked` gives the text back."""
	ordered = sorted({clean(name) for name in names} - {""}, key=lambda name: (-len(name), name))
	wanted = "|".join([*(rf"(?<!\w){re.escape(name)}(?!\w)" for name in ordered), _MARK.pattern])
	marks: dict[str, str] = {}

	def mark(found: re.Match) -> str:
		return f"⟦{marks.setdefault(found[0], str(len(marks) + 1))}⟧"

	texts = [re.sub(wanted, mark, text) for text in paragraphs]
	return texts, {f"⟦{number}⟧": name for name, number in marks.items()}


def unmasked(paragraphs: Sequence[str], marks: dict[str, str]) -> list[str]:
	"""The paragraphs with the names that `masked` took out."""
	return [_MARK.sub(lambda found: marks.get(found[0], found[0]), text) for text in paragraphs]


def _watched(story: IndicatorStory) -> list[str]:
	"""Whatever is in danger is never said to need nothing."""
	status = nearest_status(story)
	if status not in ("at_risk", "off_track"):
		return []
	year = min(outlook.year for outlook in story.outlook)
	return [f"Pantau indikator ini setiap triwulan: target tahun {year} {STATUS_LABELS[status].lower()}."]


def _advised(items: Sequence[str]) -> str:
	return listed("Yang perlu dilakukan:", items) or (
		"Tidak ada hal yang mendesak; lanjutkan pelaksanaan sesuai rencana aksi."
	)


# --- one indicator ---


def _reached(story: IndicatorStory) -> str:
	name = f"indikator {quoted(story.name)}" if story.name else "indikator ini"
	target, figure = with_unit(story.target, story.unit), with_unit(story.realization, story.unit)
	if not target and not figure:
		said = f"target dan realisasi {name} belum tercatat."
	elif not figure:
		said = f"realisasi {name} belum tercatat; targetnya {target}."
	else:
		said = f"realisasi {name} adalah {figure}{f' dengan target {target}' if target else '; targetnya belum tercatat'}."
	return told(f"{when_text(story)}, {said}", _achieved(story))


def _achieved(story: IndicatorStory) -> str:
	label = status_to_say(story)
	if story.achievement is None:
		return f"Capaiannya belum dapat dihitung{f' (status: {label})' if label else ''}."
	category = f" (kategori {story.category})" if story.category else ""
	result = "target tercapai" if story.achievement >= REACHED else "target belum tercapai"
	return told(
		f"Capaiannya {reach_text(story.achievement)}{category}; {result}.",
		f"Status perhitungan: {label}." if label else "",
		_BETTER.get(story.polarity, ""),
	)


def _compared(story: IndicatorStory) -> str:
	year = same_period_text(story, f"tahun {story.last_year}" if story.last_year else "tahun sebelumnya")
	figure = with_unit(story.last_realization, story.unit)
	if story.last_achievement is None:
		return (
			f"Realisasi {year} adalah {figure}; capaiannya tidak tercatat sehingga tidak dapat dibandingkan."
			if figure
			else (f"Capaian {year} tidak tercatat sehingga tidak dapat dibandingkan.")
		)
	said = f"Capaian {year} adalah {reach_text(story.last_achievement)}{f' dengan realisasi {figure}' if figure else ''}."
	return f"{said} {_moved(points_between(story.achievement, story.last_achievement))}"


def _moved(change: float | None) -> str:
	if change is None:
		return "Perubahannya belum dapat dihitung."
	if not change:
		return "Dibandingkan dengan itu, capaian tetap."
	meaning = "membaik" if change > 0 else "menurun"
	return f"Dibandingkan dengan itu, capaian {change_text(change)} poin persen: kinerja terhadap target {meaning}."


def _drivers(story: IndicatorStory) -> str:
	kinds = grouped(story.drivers, lambda driver: _KINDS[driver.kind])
	if not kinds:
		return ""
	counts = joined([f"{count_text(len(kinds[kind]))} {kind}" for kind in _KINDS.values() if kind in kinds])
	known = lowest_first(story.drivers)
	without = len(story.drivers) - len(known)
	return told(
		f"Indikator ini didukung oleh {counts}.",
		_extremes(known),
		f"Ada {count_text(without)} pendukung yang belum mempunyai capaian." if known and without else "",
		"" if known else "Capaian pendukungnya belum tercatat.",
	)


def _extremes(known: Sequence[Driver]) -> str:
	if not known:
		return ""
	if len(known) == 1:
		return f"Capaian {quoted(known[0].name)} adalah {reach_text(known[0].achievement)}."
	if known[0].achievement == known[-1].achievement:
		return f"Pendukung yang mempunyai capaian semuanya mencapai {reach_text(known[0].achievement)}."
	return f"Yang terlemah adalah {_with_reach(known[0])}, sedangkan yang terkuat adalah {_with_reach(known[-1])}."


def _with_reach(row: Driver | IndicatorStory) -> str:
	return f"{quoted(row.name)} ({reach_text(row.achievement)})"


def _money(story: IndicatorStory) -> str:
	share = absorption(story)
	judged = None if is_doubtful(story) else story.achievement
	return told(spent_text(story, share), spent_against(judged, share, is_year_end(story), "target"))


def _obstacles(story: IndicatorStory) -> str:
	return told(
		_quotes("Kendala menurut unit", story.obstacles),
		_quotes("Langkah perbaikan yang dicatat unit", story.next_steps),
	)


def _quotes(label: str, texts: Sequence[str]) -> str:
	texts = [text for text in map(bare, texts) if text]
	return f"{label}: {some_named(texts, quoted)}." if texts else ""


def _outlook(story: IndicatorStory, outlook: Outlook) -> str:
	if outlook.is_final and outlook.year == story.year and is_year_end(story):
		return ""  # the first paragraph has told it
	goal = with_unit(outlook.target, story.unit)
	status = STATUS_LABELS[outlook.status].lower()
	if outlook.forecast is None:
		said = f"Nilai akhir tahun {outlook.year} belum dapat diperkirakan{f'; targetnya {goal}' if goal else ''}."
		return told(said, f"Status: {status}.")
	value = figure_text(outlook.forecast, story.unit, outlook.decimals)
	against = f"targetnya {goal}" if goal else "targetnya belum tercatat"
	if outlook.is_final:
		return told(
			f"Tahun {outlook.year} sudah lengkap: nilai akhirnya {value}, {against}.", f"Status: {status}."
		)
	return told(
		f"Nilai akhir tahun {outlook.year} diperkirakan {value}; {against}.",
		_interval(story, outlook),
		_chance(outlook.probability) if goal else "",
		f"Status: {status}; {_EXPECTED[outlook.status]}." if goal else f"Status: {status}.",
		f"Perkiraan ini memakai metode {quoted(outlook.method_label)}."
		if outlook.method_label.strip("–")
		else "",
	)


def _interval(story: IndicatorStory, outlook: Outlook) -> str:
	if outlook.lower is None or outlook.upper is None:
		return ""
	between = between_text(outlook.lower, outlook.upper, story.unit, outlook.decimals)
	return f"Dengan tingkat keyakinan {format_percent(LEVEL, 0)}, nilai itu berada antara {between}."


def _chance(probability: float | None) -> str:
	"""A chance that is not certain is not printed as certain."""
	if probability is None:
		return "Peluang mencapai target belum dapat dihitung."
	text = format_percent(probability * 100, 0)
	is_rounded_to_certain = 0 < probability < 1 and text in (format_percent(0, 0), format_percent(100, 0))
	return f"Peluang mencapai target {'mendekati ' if is_rounded_to_certain else ''}{text}."
