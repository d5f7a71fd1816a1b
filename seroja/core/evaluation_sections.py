"""The sections that the letter and the longer report of an evaluation share: introduction, result, explanation,
recommendations (domain.md 5.3). Sentences about figures are drafted here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from seroja.core.evaluation_reading import (
	DONE,
	IMPOSSIBLE,
	NONE,
	SAME,
	STATUSES,
	Evaluation,
	Finding,
	FollowUp,
	Line,
	Note,
	Reading,
	activity_of,
	figure_text,
	final_predicate,
	index_words,
	is_given,
	joined,
	last_index,
	last_predicate,
	last_total,
	movement_text,
	named,
	noun_of,
	subject_of,
)
from seroja.core.instruments import GROUP, LEVEL, NUMBER
from seroja.core.numbers import format_number, round_half_up
from seroja.core.parts import (
	Column,
	Item,
	Paragraph,
	Table,
)
from seroja.core.rendering import format_date, format_percent
from seroja.core.scoring import Scores

# --- introduction ---

_AKIP_BASES = (
	"Peraturan Pemerintah Nomor 8 Tahun 2006 tentang Pelaporan Keuangan dan Kinerja Instansi Pemerintah",
	"Peraturan Presiden Nomor 29 Tahun 2014 tentang Sistem Akuntabilitas Kinerja Instansi Pemerintah",
	"Peraturan Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 88 Tahun 2021 tentang "
	"Evaluasi Akuntabilitas Kinerja Instansi Pemerintah",
)
_AKIP_REGULATION = "PermenPAN-RB 88/2021"
_AKIP_PURPOSE = (
	"Evaluasi AKIP bertujuan mengetahui sejauh mana AKIP dilaksanakan dalam mendorong peningkatan pencapaian "
	"kinerja yang tepat sasaran dan berorientasi hasil pada {}."
)
_PURPOSE = "{} bertujuan mengetahui capaian {} dan hal-hal yang perlu diperbaiki."
_AKIP_GOALS = (
	"memperoleh informasi mengenai implementasi SAKIP",
	"menilai tingkat implementasi SAKIP",
	"menilai tingkat akuntabilitas kinerja",
	"memberikan saran perbaikan untuk peningkatan implementasi SAKIP",
	"memonitor tindak lanjut rekomendasi hasil evaluasi periode sebelumnya",
)
_GOALS = (
	"memperoleh informasi mengenai keadaan yang diukur dengan {0}",
	"menilai tingkat pencapaian setiap {1}",
	"menetapkan {0} beserta predikatnya",
	"memberikan saran perbaikan",
	"memonitor tindak lanjut rekomendasi hasil penilaian periode sebelumnya",
)


def introduction_parts(reading: Reading) -> list:
	return [
		Item("a.", "", lead="Dasar hukum", is_heading=True),
		*_items(_bases(reading), "{}."),
		Item("b.", _purpose(reading), lead="Tujuan."),
		Item("c.", "", lead=f"Sasaran {activity_of(reading).split()[0].casefold()}", is_heading=True),
		*_items(_goals(reading), "({})"),
		Item("d.", _scope(reading), lead="Ruang lingkup."),
		Item("e.", _method(reading), lead="Metodologi."),
	]


def _items(texts: Sequence[str], marker: str) -> Iterator[Item]:
	"""A list that reads as one sentence: numbered for {}., lettered for ({})."""
	for number, text in enumerate(texts):
		sign = letter_of(number) if marker.startswith("(") else str(number + 1)
		yield Item(marker.format(sign), f"{text}{'.' if number == len(texts) - 1 else ';'}", 1)


def letter_of(number: int) -> str:
	"""0 is a, 25 is z, 26 is aa."""
	first, last = divmod(number, 26)
	return (chr(96 + first) if first else "") + chr(97 + last)


def _bases(reading: Reading) -> tuple[str, ...]:
	regulation = reading.evaluation.instrument.regulation.rstrip(".")
	if not reading.is_akip:
		return (regulation or "Ketentuan penilaian yang berlaku",)
	own = (regulation,) if regulation and regulation != _AKIP_REGULATION else ()
	return _AKIP_BASES + own


def _purpose(reading: Reading) -> str:
	evaluation = reading.evaluation
	if reading.is_akip:
		return _AKIP_PURPOSE.format(evaluation.unit)
	return _PURPOSE.format(activity_of(reading), f"{evaluation.instrument.title} pada {evaluation.unit}")


def _goals(reading: Reading) -> tuple[str, ...]:
	if reading.is_akip:
		return _AKIP_GOALS
	instrument = reading.evaluation.instrument
	level = instrument.items[0].level.casefold() or "butir"
	return tuple(goal.format(instrument.title, level) for goal in _GOALS)


def _scope(reading: Reading) -> str:
	evaluation = reading.evaluation
	level = reading.components[0].node.level.casefold() or "komponen"
	titles = joined([line.node.title for line in reading.components])
	return (
		f"{activity_of(reading)} dilaksanakan pada {evaluation.unit} untuk tahun {evaluation.year} dan meliputi "
		f"{level} {titles}."
	)


def _method(reading: Reading) -> str:
	evaluation, instrument = reading.evaluation, reading.evaluation.instrument
	level = instrument.items[0].level.casefold() or "butir"
	low, high = (format_number(bound, None) for bound in instrument.bounds)
	said = {
		LEVEL: f"Setiap {level} dinilai dengan tingkat {low} sampai {high}; indeks adalah rata-rata tingkat "
		"menurut bobotnya.",
		NUMBER: f"Setiap {level} dinilai dengan angka {low} sampai {high}; indeks adalah rata-rata menurut "
		"bobotnya.",
	}.get(
		instrument.scoring,
		f"Setiap {level} dinilai dengan pilihan jawaban {'/'.join(instrument.values)}; nilai jawaban dikalikan "
		"bobotnya dan dijumlahkan menjadi nilai akhir.",
	)
	own = ""
	if evaluation.self_scores:
		own = " Penilaian mandiri unit dan penilaian evaluator dicatat terpisah, dan selisihnya diungkapkan."
	return (
		"Evaluator menelaah dokumen dan bukti dukung dengan Lembar Kerja Evaluasi (LKE) "
		f"{instrument.title}. {said}{own}"
	)


# --- result ---


def result_parts(reading: Reading) -> list:
	evaluation, noun = reading.evaluation, noun_of(reading)
	if not evaluation.scores.is_complete:
		return [Paragraph(_unfinished(reading)), *_comparison(reading)]
	instrument, predicate = evaluation.instrument, final_predicate(evaluation)
	top = figure_text(instrument.bounds[1] * instrument.factor)
	said = (
		f"{activity_of(reading)} pada {evaluation.unit} tahun {evaluation.year} menghasilkan {noun} "
		f"{index_words(instrument, evaluation.scores.index)} dari paling tinggi {top} dengan predikat "
		f"{named(predicate)}."
	)
	if is_given(evaluation):
		said += (
			f" Predikat ini ditetapkan sebagai pengganti predikat "
			f"{named(evaluation.scores.predicate)} yang mengikuti dari {noun} tersebut. "
			f"Alasan: {evaluation.given_reason.rstrip('.') or 'belum diisi'}."
		)
	parts = [Paragraph(said)]
	if predicate and predicate.interpretation:
		parts.append(
			Paragraph(f"Predikat tersebut mempunyai interpretasi sebagai berikut: {predicate.interpretation}")
		)
	return [*parts, *_comparison(reading)]


def _unfinished(reading: Reading) -> str:
	scores, noun = reading.evaluation.scores, noun_of(reading)
	instrument = reading.evaluation.instrument
	ends = [
		f"{index_words(instrument, index)} ({predicate.label})"
		if predicate
		else index_words(instrument, index)
		for index, predicate in (
			(scores.lowest, scores.lowest_predicate),
			(scores.highest, scores.highest_predicate),
		)
	]
	return (
		f"Penilaian belum lengkap: {len(scores.missing)} butir belum dinilai. {noun.capitalize()} akhir masih "
		f"dapat berada antara {ends[0]} dan {ends[1]}, sehingga predikat belum ditetapkan."
	)


def _comparison(reading: Reading) -> list[Paragraph]:
	evaluation = reading.evaluation
	before, year = last_index(evaluation), evaluation.year - 1
	if before is None:
		return []
	if evaluation.series_breaks:
		label = f"; {last_predicate(evaluation)}" if last_predicate(evaluation) else ""
		return [
			Paragraph(
				f"Seri terputus: {noun_of(reading)} tahun {year} ({figure_text(before)}{label}) diukur dengan "
				"instrumen lain, sehingga tidak dibandingkan."
			)
		]
	moved = movement_text(evaluation.scores.index, before, noun_of(reading), year)
	return [Paragraph(moved)] if moved else []


def heading_table(reading: Reading) -> list:
	"""The table of the letter: weight, last year and this year."""
	evaluation, noun = reading.evaluation, noun_of(reading).capitalize()
	levels = list(dict.fromkeys(line.node.level or "Komponen" for line in reading.headings))
	rows = [
		(
			_heading_name(reading, number, line, len(levels) > 1),
			figure_text(line.weight),
			figure_text(reading.shown(line.before)),
			figure_text(reading.shown(line.now)),
		)
		for number, line in enumerate(reading.headings)
	]
	heads = {
		number for number, line in enumerate(reading.headings) if len(levels) > 1 and line.node.depth == 0
	}
	sums = [
		(
			f"{noun} Hasil Evaluasi" if reading.is_akip else evaluation.instrument.title,
			total_weight_text(reading),
			last_total(evaluation),
			total_text(evaluation, evaluation.scores),
		),
		predicate_row(reading, ""),
	]
	columns = (
		Column(f"{' dan '.join(levels)} yang dinilai", 52),
		Column("Bobot", 12, True),
		Column(f"{noun} tahun {evaluation.year - 1}", 18, True),
		Column(f"{noun} tahun {evaluation.year}", 18, True),
	)
	return [summed_table(columns, rows, sums, heads)]


def _heading_name(reading: Reading, number: int, line: Line, is_nested: bool) -> str:
	if is_nested:
		return f"{line.node.level} {line.node.code} {line.node.title}"
	return f"{letter_of(number)}. {line.node.title}"


def summed_table(columns, rows: list, sums: list, heads: Iterable[int] = ()) -> Table:
	strong = frozenset([*heads, *range(len(rows), len(rows) + len(sums))])
	return Table(columns, [[row] for row in (*rows, *sums)], "Belum ada penilaian.", strong=strong)


def total_weight_text(reading: Reading) -> str:
	return figure_text(reading.evaluation.instrument.sum_of_weights)


def total_text(evaluation: Evaluation, scores: Scores | None) -> str:
	if scores is None:
		return NONE
	return index_words(evaluation.instrument, scores.index) if scores.is_complete else "belum lengkap"


def predicate_row(reading: Reading, *between: str) -> tuple[str, ...]:
	evaluation, predicate = reading.evaluation, final_predicate(reading.evaluation)
	return (
		"Predikat AKIP" if reading.is_akip else "Predikat",
		*between,
		last_predicate(evaluation) or NONE,
		predicate.label if predicate else NONE,
	)


# --- explanation of the components ---


def explanation_items(reading: Reading) -> Iterator[Item]:
	"""One numbered item per component, the notes of the evaluator below it."""
	notes = [note for note in reading.evaluation.notes if note.text]
	for number, line in enumerate(reading.components, 1):
		yield Item(f"{number})", _explanation(reading, line), lead=f"{line.node.title}.")
		yield from _note_items(reading, reading.of_component(notes, line))
	yield from _note_items(reading, reading.of_component(notes, None))


def _note_items(reading: Reading, notes: Sequence[Note]) -> Iterator[Item]:
	for note in notes:
		line = reading.line_of(note.code, note.title)
		name = called(line) if line else f"{note.code} {note.title}".strip()
		yield Item("–", note.text, 1, f"Catatan {name}:" if name else "Catatan:")


def called(line: Line) -> str:
	"""Sub Komponen 1.b; a criterion may have no level of its own."""
	return f"{line.node.level or 'Butir'} {line.node.code}"


def _explanation(reading: Reading, line: Line) -> str:
	"""The sentences that the scores of a component allow."""
	noun, node = noun_of(reading), line.node
	name = f"{node.level or 'Komponen'} {node.title} (bobot {figure_text(line.weight)})"
	value = reading.shown(line.now)
	if value is None:
		share = reading.most(line.now) / line.now.most if line.now.most else 0
		low, high = figure_text(line.now.lowest * share), figure_text(line.now.highest * share)
		return f"{name} belum lengkap dinilai; {noun} masih dapat berada antara {low} dan {high}."
	said = (
		f"{name} memperoleh {noun} {figure_text(value)} dari paling tinggi {figure_text(reading.most(line.now))}, "
		f"atau {format_percent(line.percent)}.",
		extremes_text(reading.below(line)),
		_own_assessment(reading, line),
		_line_movement(reading, line),
	)
	return " ".join(filter(None, said))


def extremes_text(lines: Sequence[Line]) -> str:
	"""The strongest and the weakest of the lines that make up a component."""
	known = [line for line in lines if line.percent is not None]
	if len(known) < 2:
		return ""
	level = (known[0].node.level or "bagian").casefold()
	best, worst = max(line.percent for line in known), min(line.percent for line in known)
	if best - worst < SAME:
		return f"Seluruh {level} mencapai {format_percent(best)}."
	return f"Yang terkuat adalah {level} {_ties(known, best)}, yang terlemah {level} {_ties(known, worst)}."


def _ties(lines: Sequence[Line], percent: float) -> str:
	"""Those that reach this percentage: one item with its title, more of them by their codes."""
	tied = [line for line in lines if abs(line.percent - percent) < SAME]
	if len(tied) == 1:
		return f"{_code_before(tied[0])}“{tied[0].node.title}” ({format_percent(percent)})"
	is_group = tied[0].node.kind == GROUP
	names = [f"“{line.node.title}”" if is_group else line.node.code for line in tied]
	return f"{joined(names)} (masing-masing {format_percent(percent)})"


def _code_before(line: Line) -> str:
	"""Groups are known by their title alone."""
	return "" if line.node.kind == GROUP else f"{line.node.code} "


def _own_assessment(reading: Reading, line: Line) -> str:
	own, now = reading.shown(line.own), reading.shown(line.now)
	if own is None:
		return ""
	gap = float(round_half_up(own)) - float(round_half_up(now))
	if abs(gap) < SAME:
		return f"Penilaian mandiri unit sama ({figure_text(own)})."
	side = "lebih tinggi" if gap > 0 else "lebih rendah"
	return f"Penilaian mandiri unit {figure_text(own)}, {figure_text(abs(gap))} {side}."


def _line_movement(reading: Reading, line: Line) -> str:
	"""Only where the same most was possible last year."""
	if line.before is None or abs(line.before.most - line.now.most) > SAME:
		return ""
	year = reading.evaluation.year - 1
	return movement_text(reading.shown(line.now), reading.shown(line.before), noun_of(reading), year)


# --- follow-up and recommendations ---


def follow_up_progress(statuses: Sequence[str]) -> float | None:
	"""Percent of the recommendations that are closed; those that cannot be followed are left out.

	None where nothing is left to count (domain.md 6.4).
	"""
	counted = [status for status in statuses if status != IMPOSSIBLE]
	return counted.count(DONE) / len(counted) * 100 if counted else None


def follow_up_text(follow_ups: Sequence[FollowUp]) -> str:
	if not follow_ups:
		return "Tidak ada rekomendasi tahun sebelumnya yang tercatat."
	statuses = [row.status for row in follow_ups]
	counts = Counter({status: 0 for status in STATUSES})
	counts.update(statuses)
	said = joined([f"{status or 'tanpa status'} {count}" for status, count in counts.items()])
	progress = follow_up_progress(statuses)
	closed = (
		"Kemajuan penyelesaian belum dapat dihitung"
		if progress is None
		else f"Kemajuan penyelesaian {format_percent(progress)}"
	)
	return (
		f"Status {len(follow_ups)} rekomendasi tahun sebelumnya: {said}. {closed}; rekomendasi yang tidak dapat "
		"ditindaklanjuti tidak ikut dihitung."
	)


def recommendation_parts(reading: Reading, has_references: bool = False) -> list:
	"""The recommendations merged per component, those that belong to none at the end."""
	findings = [finding for finding in reading.evaluation.findings if finding.recommendation]
	if not findings:
		return [Paragraph("Tidak ada rekomendasi.")]
	said = f"Berdasarkan hasil tersebut, kepada {reading.evaluation.unit_head} direkomendasikan:"
	parts: list = [Paragraph(said, "intro")]
	number = 0
	for line in (*reading.components, None):
		texts = _advice(reading.of_component(findings, line), has_references)
		if texts:
			lead = line.node.title if line else "Lain-lain"
			parts.append(Item(f"{letter_of(number)}.", "", lead=lead, is_heading=True))
			parts += [Item(f"{place})", text, 1) for place, text in enumerate(texts, 1)]
			number += 1
	return parts


def _advice(findings: Sequence[Finding], has_references: bool) -> list[str]:
	"""Each recommendation once, as a sentence with its last day."""
	return list(dict.fromkeys(advice_text(finding, has_references) for finding in findings))


def advice_text(finding: Finding, has_references: bool) -> str:
	due = f"paling lambat {format_date(finding.due)}" if finding.due else ""
	details = "; ".join(filter(None, (due, finding.reference if has_references else "")))
	text = _so_that(finding.recommendation).rstrip(". ")
	return f"{text} ({details})." if details else f"{text}."


def _so_that(text: str) -> str:
	"""The text behind the word Agar; a verb at its beginning loses its capital."""
	first, _, rest = text.partition(" ")
	if first.casefold() == "agar":
		return f"Agar {rest}"
	is_verb = first.istitle() and first.casefold().startswith(("me", "ber"))
	return f"Agar {text[0].lower() + text[1:] if is_verb else text}"


def closing_text(reading: Reading) -> str:
	evaluation = reading.evaluation
	said = f"Demikian {subject_of(reading)[0].lower()}{subject_of(reading)[1:]} pada {evaluation.unit} disampaikan."
	if any(finding.recommendation for finding in evaluation.findings):
		said += (
			f" Rekomendasi di atas agar ditindaklanjuti, dan tindak lanjutnya disampaikan kepada "
			f"{evaluation.inspectorate}."
		)
	return f"{said} Atas perhatian dan kerja samanya diucapkan terima kasih."
