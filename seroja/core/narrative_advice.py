"""What to do first, by rule: every sentence points at something that is on record or missing there.

No rule invents a measure. Measures are those of the unit and of the open recommendations of the Inspektorat.
"""

from __future__ import annotations

from collections.abc import Sequence

from seroja.core.narrative_words import (
	absorption,
	bare,
	is_year_end,
	lowest_first,
	nearest_status,
	reach_text,
	recommendations_of,
	status_to_say,
	with_unit,
)
from seroja.core.performance_report import REACHED, missed
from seroja.core.performance_report_analysis import indicators_text, quoted, sentence, some_named
from seroja.core.performance_report_tables import count_text
from seroja.core.rendering import format_date
from seroja.core.stories import Advice, IndicatorStory, UnitStory

_MOST_ITEMS = 5
_NO_RECORD = "belum ada langkah perbaikan yang tercatat"


def indicator_items(story: IndicatorStory) -> list[str]:
	"""The advice on one indicator, most urgent first."""
	items = [
		*recommendation_items(story.recommendations),
		*_missing_items(story),
		*_finding_items(story),
		*_outlook_items(story),
		*_obstacle_items(story),
		_overspent(story),
	]
	return [item for item in items if item]


def unit_items(story: UnitStory) -> list[str]:
	"""What to look at first in an OPD or the city, besides its recommendations; no typed text but names."""
	rows = story.indicators
	unplanned = [row for row in rows if nearest_status(row) == "off_track" and not _has_plan(row)]
	items = [
		_named(unplanned, "Tetapkan langkah perbaikan untuk", "yang di luar jalur dan belum mempunyainya"),
		_named([row for row in rows if not row.realization], "Lengkapi realisasi", ""),
		_named([row for row in rows if not row.target], "Lengkapi target", ""),
		_named([row for row in rows if row.findings], "Periksa angka", "yang mempunyai temuan"),
		_named(
			[row for row in rows if row.obstacles and not row.next_steps and row not in unplanned],
			"Minta langkah perbaikan untuk",
			"yang baru mencatat kendalanya",
		),
		_named(
			[row for row in missed(rows) if not row.obstacles],
			"Minta penjelasan untuk",
			"yang belum mencapai target tanpa catatan kendala",
		),
		"" if rows else "Catat indikator kinerja beserta targetnya.",
		_overspent(story),
	]
	return [item for item in items if item]


def recommendation_items(recommendations: Sequence[Advice]) -> list[str]:
	"""Open recommendations by code, text and due date: overdue ones first, then by due date."""
	ordered = sorted(recommendations, key=_urgency)
	items = [_recommendation_item(advice) for advice in ordered[:_MOST_ITEMS]]
	rest = len(ordered) - len(items)
	return (
		[*items, f"Tindak lanjuti juga {count_text(rest)} rekomendasi lain yang masih terbuka."]
		if rest
		else items
	)


def recommendation_counts(story: UnitStory) -> list[str]:
	"""The open recommendations as a count, for a text without anything typed."""
	rows = recommendations_of(story)
	if not rows:
		return []
	overdue = sum(advice.is_overdue for advice in rows)
	late = f", {count_text(overdue)} di antaranya sudah melewati tenggat" if overdue else ""
	return [f"Tindak lanjuti {count_text(len(rows))} rekomendasi yang masih terbuka{late}."]


def _urgency(advice: Advice) -> tuple:
	return (not advice.is_overdue, advice.due is None, str(advice.due), advice.code, advice.text)


def _recommendation_item(advice: Advice) -> str:
	text = bare(advice.text)
	code = bare(advice.code)
	noun = "" if code.casefold().startswith("rekomendasi") else "rekomendasi"
	name = " ".join(filter(None, (noun, code, f"({quoted(text)})" if text else "")))
	if advice.is_overdue:
		due = (
			f": tenggatnya, {format_date(advice.due)}, sudah lewat"
			if advice.due
			else " yang sudah lewat tenggat"
		)
		return f"Selesaikan dahulu {name}{due}."
	if advice.due is None:
		return f"Tindak lanjuti {name}; tenggatnya belum tercatat."
	return f"Tindak lanjuti {name} paling lambat {format_date(advice.due)}."


def _missing_items(story: IndicatorStory) -> list[str]:
	label = status_to_say(story)
	return [
		"" if story.target else "Lengkapi targetnya agar capaian dapat dihitung.",
		"" if story.realization else "Lengkapi realisasinya beserta bukti dukungnya.",
		f"Periksa target dan realisasinya: status perhitungannya {quoted(label)}."
		if label and story.achievement is not None
		else "",
	]


def _finding_items(story: IndicatorStory) -> list[str]:
	items = [
		f"Temuan pada angka: {sentence(bare(text))}" for text in story.findings[:_MOST_ITEMS] if bare(text)
	]
	rest = len(story.findings[_MOST_ITEMS:])
	return [*items, f"Periksa juga {count_text(rest)} temuan lain pada angka."] if rest else items


def _outlook_items(story: IndicatorStory) -> list[str]:
	status = nearest_status(story)
	lacking = [row for row in lowest_first(story.drivers) if row.achievement < REACHED]
	is_falling_behind = status in ("off_track", "at_risk") and not is_year_end(story)
	return [
		f"Indikator ini di luar jalur dan {_NO_RECORD}; bahas bersama unit penanggung jawab."
		if status == "off_track" and not _has_plan(story)
		else "",
		"Tinjau rencana aksi sekarang, selagi tahun berjalan belum berakhir." if is_falling_behind else "",
		_later_item(story),
		f"Dahulukan {quoted(lacking[0].name)}, pendukung dengan capaian terendah ({reach_text(lacking[0].achievement)})."
		if lacking and _is_lacking(story)
		else "",
	]


def _later_item(story: IndicatorStory) -> str:
	"""Plenty of time is left for a target of a later year; said early, it can still be used."""
	later = [row for row in story.outlook if row.year > story.year and row.status == "off_track"]
	if not later:
		return ""
	first = min(later, key=lambda row: row.year)
	goal = with_unit(first.target, story.unit)
	return (
		f"Untuk target tahun {first.year}{f' ({goal})' if goal else ''} masih ada waktu: tinjau rencana aksi "
		"tahun-tahun berikutnya sejak sekarang."
	)


def _obstacle_items(story: IndicatorStory) -> list[str]:
	obstacles, steps = len(story.obstacles), len(story.next_steps)
	if obstacles and not steps:
		return [
			"Kendala sudah dicatat tanpa langkah perbaikan; catat langkah, penanggung jawab, dan waktunya."
		]
	if steps and _is_lacking(story):
		return [
			"Pastikan langkah perbaikan yang sudah dicatat dilaksanakan, lalu laporkan hasilnya pada periode berikutnya."
		]
	if not obstacles and missed([story]):
		return [
			"Target belum tercapai, tetapi kendalanya tidak dicatat; jelaskan penyebabnya pada lembar realisasi."
		]
	return []


def _has_plan(story: IndicatorStory) -> bool:
	return bool(story.next_steps or story.recommendations)


def _is_lacking(story: IndicatorStory) -> bool:
	"""Below its target, or about to be."""
	return bool(missed([story])) or nearest_status(story) in ("off_track", "at_risk")


def _overspent(story: IndicatorStory | UnitStory) -> str:
	share = absorption(story)
	return "Periksa realisasi anggaran yang melebihi pagu." if share is not None and share > REACHED else ""


def _named(rows: Sequence[IndicatorStory], order: str, which: str) -> str:
	if not rows:
		return ""
	names = some_named(rows, lambda row: quoted(row.name))
	return f"{' '.join(filter(None, (order, indicators_text(len(rows)), which)))}: {names}."
