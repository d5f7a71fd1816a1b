"""The result of an assessment for people: sentences, the table of the scores, and a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd

from seroja.core.answers import shortened
from seroja.core.instruments import CRITERION, GROUP, ITEM, LEVEL, Instrument, Predicate
from seroja.core.numbers import format_number, round_half_up
from seroja.core.parts import Column, Document, Heading, Identity, Paragraph, Table, clean
from seroja.core.rendering import format_date, render_document
from seroja.core.scoring import NextPredicate, NodeScore, Scores, predicate_of

_SMALLEST = 0.005  # index points that two decimals still show
_PARTIAL_MARK = "BELUM LENGKAP"
_MOST_NOTES = 200


# --- sentences ---


def index_text(instrument: Instrument, scores: Scores) -> str:
	"""The index with two decimals, or the range that is still possible.

	Where rounding moves the index into another predicate, the exact index stands beside it.
	"""
	if scores.index is None:
		return f"antara {format_number(scores.lowest)} dan {format_number(scores.highest)}"
	text = format_number(scores.index)
	if predicate_of(instrument, float(round_half_up(scores.index))) != scores.predicate:
		text += f" (tepatnya {format_number(scores.index, None)})"
	return text


def predicate_text(scores: Scores) -> str:
	"""The predicate with its title, or the predicates that are still possible."""
	if scores.index is not None:
		return _named(scores.predicate)
	low, high = _named(scores.lowest_predicate), _named(scores.highest_predicate)
	return low if low == high else f"antara {low} dan {high}"


def next_text(following: NextPredicate | None) -> str:
	"""How far the next predicate is; "" where there is none."""
	if following is None:
		return ""
	label = following.predicate.label
	if following.is_open and following.distance < _SMALLEST:
		return f"ke {label}: indeks harus lebih dari {format_number(following.bound)}"
	if following.distance < _SMALLEST:
		return f"kurang dari 0,01 poin lagi ke {label}"
	points = f"{format_number(following.distance)} poin lagi ke {label}"
	return f"lebih dari {points}" if following.is_open else points


def score_notes(scores: Scores) -> list[str]:
	"""Broken rules and missing answers, one sentence each."""
	notes = [f"{rule.code} dinilai di atas {rule.not_above}. {rule.reason}".strip() for rule in scores.broken]
	if scores.missing:
		notes.append(f"Belum dijawab ({len(scores.missing)}): {shortened(scores.missing, _MOST_NOTES)}.")
	return notes


def _named(predicate: Predicate | None) -> str:
	if predicate is None:
		return "–"
	return f"{predicate.label} ({predicate.title})" if predicate.title else predicate.label


# --- the table of the scores ---


def score_table(instrument: Instrument, scores: Scores) -> pd.DataFrame:
	"""code, title, weight, answer, score of every item; of its criteria where these are answered instead.

	score: the contribution to the index, unrounded, None where the answer is missing. When nothing is
	missing the column adds up to the index. weight: of a criterion, its equal share of the item's.
	"""
	rows = []
	for item, criteria in _items(scores):
		weight = item.node.weight / len(criteria) if criteria else item.node.weight
		rows += [
			(line.node.code, line.node.title, weight, line.answer, line.score) for line in criteria or [item]
		]
	return pd.DataFrame(rows, columns=["code", "title", "weight", "answer", "score"], dtype=object)


def _items(scores: Scores) -> Iterator[tuple[NodeScore, list[NodeScore]]]:
	"""Every item with its criteria; with none where it is, or is to be, answered directly."""
	missing = set(scores.missing)
	item, criteria = None, []

	def counting() -> list[NodeScore]:
		return criteria if any(line.answer or line.node.code in missing for line in criteria) else []

	for line in scores.nodes:
		if line.node.kind == CRITERION:
			criteria.append(line)
		elif line.node.kind == ITEM:
			if item:
				yield item, counting()
			item, criteria = line, []
	if item:
		yield item, counting()


# --- the document ---


def assessment_pdf(
	instrument: Instrument, scores: Scores, source: str, dated: date, notes: Sequence[str] = ()
) -> bytes:
	"""The result as PDF/A-3b: index and predicate, the groups, every answer, and notes.

	source: what the answers were read from. dated: the day of the document. notes: sentences for its end,
	such as those of `score_notes`.
	"""
	title = f"Hasil Penilaian – {clean(instrument.title)}"
	document = Document(
		title=title,
		author="SEROJA",
		dated=dated,
		footer=title,
		mark="" if scores.is_complete else _PARTIAL_MARK,
		parts=(
			Heading(
				"title",
				clean(instrument.title).upper(),
				("HASIL PENILAIAN",),
				tuple(filter(None, [clean(instrument.regulation)])),
			),
			_identity(instrument, scores, source, dated),
			*_group_parts(instrument, scores),
			Heading("section", "Jawaban"),
			_answer_table(instrument, scores),
			*_note_parts(notes),
		),
	)
	return render_document(document)


def _identity(instrument: Instrument, scores: Scores, source: str, dated: date) -> Identity:
	rows = [
		("Instrumen", instrument.code),
		("Sumber", source),
		("Tanggal", format_date(dated)),
		("Indeks", index_text(instrument, scores)),
		("Predikat", predicate_text(scores)),
		("Berikutnya", next_text(scores.next)),
		("Arti", scores.predicate.interpretation if scores.predicate else ""),
	]
	return Identity(tuple((label, clean(text)) for label, text in rows if text))


def _group_parts(instrument: Instrument, scores: Scores) -> list:
	groups = [line for line in scores.nodes if line.node.kind == GROUP]
	if not groups:
		return []
	is_level = instrument.scoring == LEVEL
	table = Table(
		(
			Column("Tingkatan", 16),
			Column("Kode", 8),
			Column("Judul", 44),
			Column("Bobot", 12, True),
			Column("Rata-rata tingkat" if is_level else "Sumbangan", 20, True),
		),
		[[_group_cells(instrument, line, is_level)] for line in groups],
		"",
		total=("Indeks", format_number(instrument.total_weight), _range(scores.lowest, scores.highest)),
	)
	return [Heading("section", "Ringkasan"), table]


def _group_cells(instrument: Instrument, line: NodeScore, is_level: bool) -> tuple[str, ...]:
	best = instrument.bounds[1]
	share = line.most / best / instrument.factor if best else 0.0
	scale = share * instrument.factor if is_level and share else 1.0
	return (
		clean(line.node.level),
		clean(line.node.code),
		clean(line.node.title),
		format_number(share * instrument.total_weight),
		_range(line.lowest / scale, line.highest / scale),
	)


def _range(low: float, high: float) -> str:
	"""One number, or two where answers are missing between them."""
	texts = format_number(low), format_number(high)
	return texts[0] if texts[0] == texts[1] else " – ".join(texts)


def _answer_table(instrument: Instrument, scores: Scores) -> Table:
	# Contributions to an index of 5 are hundredths.
	decimals = 2 if instrument.bounds[1] * instrument.factor > 10 else 3
	rows = []
	for item, criteria in _items(scores):
		rows.append(_answer_cells(item, item.node.weight, "kriteria" if criteria else item.answer, decimals))
		weight = item.node.weight / max(len(criteria), 1)
		rows += [_answer_cells(line, weight, line.answer, decimals) for line in criteria]
	return Table(
		(
			Column("Kode", 9),
			Column("Judul", 58),
			Column("Bobot", 9, True),
			Column("Jawaban", 11),
			Column("Sumbangan", 13, True),
		),
		[[row] for row in rows],
		"Instrumen ini tidak mempunyai butir.",
	)


def _answer_cells(line: NodeScore, weight: float, answer: str, decimals: int) -> tuple[str, ...]:
	return (
		clean(line.node.code),
		clean(line.node.title),
		format_number(weight),
		_answer(answer),
		format_number(line.score, decimals),
	)


def _answer(answer: str) -> str:
	"""A label as it is; a number, which is stored with a decimal point, as Indonesians write it."""
	try:
		return format_number(float(answer), None)
	except ValueError:
		return clean(answer) or "–"


def _note_parts(notes: Sequence[str]) -> list:
	if not notes:
		return []
	shown = [Paragraph(clean(note)) for note in notes[:_MOST_NOTES]]
	if len(notes) > _MOST_NOTES:
		shown.append(Paragraph(f"… dan {len(notes) - _MOST_NOTES} catatan lainnya."))
	return [Heading("section", "Catatan"), *shown]
