"""The Laporan Hasil Evaluasi as a letter and as a longer report, each as PDF and as DOCX (domain.md 5.3).

Both forms are lists of parts that hold every word and every figure, so that the two files of a form cannot
say different things. Figures come from `core.scoring`; sentences about them are drafted here, what people
wrote (notes, findings, follow-up) is printed as it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from seroja.core.charts import draw_radar
from seroja.core.evaluation_reading import (
	DRAFT_MARK,
	NONE,
	Evaluation,
	Finding,
	FollowUp,
	Reading,
	figure_text,
	last_total,
	noun_of,
	percent_of_most,
	subject_of,
)
from seroja.core.evaluation_sections import (
	advice_text,
	called,
	closing_text,
	explanation_items,
	extremes_text,
	follow_up_text,
	heading_table,
	introduction_parts,
	letter_of,
	predicate_row,
	recommendation_parts,
	result_parts,
	summed_table,
	total_text,
	total_weight_text,
)
from seroja.core.instruments import CRITERION, GROUP, LEVEL, NUMBER
from seroja.core.numbers import format_number
from seroja.core.parts import (
	Column,
	Document,
	Heading,
	Identity,
	Item,
	Letterhead,
	Paragraph,
	Picture,
	Table,
	clean,
	footer_text,
)
from seroja.core.rendering import Stamper, format_date, format_percent, render_document
from seroja.core.scoring import NodeScore
from seroja.core.signing import place_and_day, signatures, signer_lines
from seroja.core.word import write_docx

# --- files ---


def letter_pdf(evaluation: Evaluation, stamper: Stamper | None = None) -> bytes:
	"""The letter as PDF/A-3b."""
	return render_document(_letter(clean(evaluation)), stamper)


def letter_docx(evaluation: Evaluation) -> bytes:
	"""The letter as DOCX, with the words and tables of `letter_pdf`."""
	return write_docx(_letter(clean(evaluation)))


def report_pdf(evaluation: Evaluation, stamper: Stamper | None = None) -> bytes:
	"""The longer report with its annex, the worksheet, as PDF/A-3b."""
	return render_document(_report(clean(evaluation)), stamper)


def report_docx(evaluation: Evaluation) -> bytes:
	"""The longer report as DOCX, with the words and tables of `report_pdf`."""
	return write_docx(_report(clean(evaluation)))


# --- letter ---


def _letter(evaluation: Evaluation) -> Document:
	reading = Reading(evaluation)
	subject = subject_of(reading)
	return _document(
		reading,
		(
			*_letter_head(reading, subject),
			Heading("section", "1. Pendahuluan"),
			*introduction_parts(reading),
			Heading("section", "2. Hasil Evaluasi"),
			*result_parts(reading),
			*heading_table(reading),
			Paragraph("Penjelasan atas hasil tersebut adalah sebagai berikut:", "intro"),
			*explanation_items(reading),
			Heading("subsection", "Tindak lanjut rekomendasi tahun sebelumnya"),
			Paragraph(follow_up_text(evaluation.follow_ups)),
			Heading("section", "3. Rekomendasi"),
			*recommendation_parts(reading),
			Heading("section", "Penutup"),
			Paragraph(closing_text(reading)),
			signatures("", {}, signer_lines(evaluation.signer)),
			*_copies(evaluation),
		),
	)


def _document(reading: Reading, parts: tuple) -> Document:
	evaluation, subject = reading.evaluation, subject_of(reading)
	return Document(
		title=f"{subject} – {evaluation.unit}",
		author=evaluation.government,
		dated=evaluation.dated,
		footer=footer_text(subject, evaluation.unit, evaluation.reference),
		mark="" if evaluation.is_final else DRAFT_MARK,
		parts=parts,
	)


def _letter_head(reading: Reading, subject: str) -> list:
	evaluation = reading.evaluation
	rows = (
		("Nomor", evaluation.number or "." * 30),
		("Sifat", evaluation.classification),
		("Lampiran", evaluation.attachment),
		("Hal", subject),
	)
	return [
		Letterhead(
			(_full_government(evaluation).upper(), evaluation.inspectorate.upper()),
			evaluation.address,
			evaluation.logo,
		),
		Paragraph(place_and_day(evaluation.city, evaluation.dated), "right"),
		Identity(tuple(row for row in rows if row[1]), is_flush=True),
		Paragraph(f"Yth. {evaluation.unit_head}", "left"),
		Paragraph("di", "left"),
		Paragraph("Tempat", "left"),
	]


def _region(evaluation: Evaluation) -> str:
	"""The government without the word Pemerintah: Kota Malang."""
	words = evaluation.government.split()
	return " ".join(words[1:] if words[:1] and words[0].casefold() == "pemerintah" else words)


def _full_government(evaluation: Evaluation) -> str:
	return f"Pemerintah {_region(evaluation)}"


def _copies(evaluation: Evaluation) -> list:
	region = _region(evaluation)
	kind, _, name = region.partition(" ")
	name = name if kind.casefold() in ("kota", "kabupaten", "provinsi") else region
	head = evaluation.head_title
	if name.casefold() not in head.casefold():
		head = f"{head} {name}"
	return [
		Paragraph("Tembusan:", "intro"),
		Item("1.", head),
		Item("2.", " ".join(dict.fromkeys(f"Sekretaris Daerah {region}".split()))),
	]


# --- longer report ---


def _report(evaluation: Evaluation) -> Document:
	reading = Reading(evaluation)
	return _document(
		reading,
		(
			_cover(reading),
			Heading("annex", "RINGKASAN EKSEKUTIF"),
			*_summary(reading),
			Heading("section", "I. GAMBARAN UMUM"),
			*introduction_parts(reading),
			Heading("section", "II. TINDAK LANJUT EVALUASI TAHUN SEBELUMNYA"),
			Paragraph(follow_up_text(evaluation.follow_ups), "intro" if evaluation.follow_ups else "body"),
			*_follow_up_table(evaluation.follow_ups),
			Heading("section", "III. HASIL EVALUASI"),
			Heading("subsection", "A. Nilai dan Predikat" if reading.is_akip else "A. Indeks dan Predikat"),
			*result_parts(reading),
			*_score_table(reading),
			*_chart(reading),
			Heading("subsection", f"B. Penjelasan per {reading.components[0].node.level or 'Komponen'}"),
			*explanation_items(reading),
			Heading("subsection", "C. Temuan"),
			*_findings(reading),
			Heading("section", "IV. REKOMENDASI"),
			*recommendation_parts(reading, has_references=True),
			Heading("section", "V. PENUTUP"),
			Paragraph(closing_text(reading)),
			signatures(place_and_day(evaluation.city, evaluation.dated), {}, signer_lines(evaluation.signer)),
			Heading("annex", "LAMPIRAN LEMBAR KERJA EVALUASI", below=(evaluation.unit.upper(),)),
			_worksheet(reading),
		),
	)


def _cover(reading: Reading) -> Heading:
	evaluation = reading.evaluation
	number = f"Nomor {evaluation.number}" if evaluation.number else ""
	day = format_date(evaluation.dated) if evaluation.dated else ""
	return Heading(
		"cover",
		f"LAPORAN {subject_of(reading).upper()}",
		(_full_government(evaluation).upper(), evaluation.inspectorate.upper()),
		tuple(filter(None, (evaluation.unit.upper(), number, day))),
	)


def _summary(reading: Reading) -> list:
	evaluation = reading.evaluation
	parts = result_parts(reading)
	spread = extremes_text(reading.components)
	if spread:
		parts.append(Paragraph(spread))
	advice = [finding for finding in evaluation.findings if finding.recommendation]
	parts.append(
		Paragraph(
			f"Evaluasi ini memuat {len(evaluation.findings)} temuan dan {len(advice)} rekomendasi. "
			f"{follow_up_text(evaluation.follow_ups)}"
		)
	)
	return parts


def _follow_up_table(follow_ups: Sequence[FollowUp]) -> list:
	if not follow_ups:
		return []
	columns = (
		Column("No", 6),
		Column("Rekomendasi", 38),
		Column("Tahun", 9),
		Column("Status", 17),
		Column("Tindak lanjut", 30),
	)
	rows = [
		[
			(
				str(number),
				row.recommendation or NONE,
				str(row.year),
				row.status or NONE,
				row.follow_up or NONE,
			)
		]
		for number, row in enumerate(follow_ups, 1)
	]
	return [Table(columns, rows, "")]


def _score_table(reading: Reading) -> list:
	"""Components and what they consist of: the unit itself, the evaluator and last year."""
	evaluation = reading.evaluation
	lines = [line for line in reading.lines if line.node.depth <= 1 and line.node.kind != CRITERION]
	rows = [
		(
			line.node.code,
			reading.title(line),
			figure_text(line.weight),
			figure_text(reading.shown(line.own)),
			figure_text(reading.shown(line.now)),
			figure_text(reading.shown(line.before)),
		)
		for line in lines
	]
	own = evaluation.self_scores
	label, last, now = predicate_row(reading)
	own_predicate = own.predicate.label if own and own.predicate else NONE
	sums = [
		(
			"",
			noun_of(reading).capitalize(),
			total_weight_text(reading),
			total_text(evaluation, own),
			total_text(evaluation, evaluation.scores),
			last_total(evaluation),
		),
		("", label, "", own_predicate, now, last),
	]
	nested = {line.node.depth for line in lines} > {0}
	heads = [number for number, line in enumerate(lines) if nested and line.node.depth == 0]
	columns = (
		Column("Kode", 8),
		Column("Komponen penilaian", 40),
		Column("Bobot", 10, True),
		Column("Penilaian mandiri", 14, True),
		Column("Evaluator", 14, True),
		Column(f"Tahun {evaluation.year - 1}", 14, True),
	)
	return [
		Paragraph("Tabel 1. Penilaian mandiri, penilaian evaluator, dan tahun sebelumnya", "caption"),
		summed_table(columns, rows, sums, heads),
	]


def _chart(reading: Reading) -> list:
	evaluation = reading.evaluation
	series = {f"Tahun {evaluation.year}": [line.percent for line in reading.axes]}
	before = [percent_of_most(line.before) for line in reading.axes]
	if any(value is not None for value in before):
		series[f"Tahun {evaluation.year - 1}"] = before
	labels = [line.node.title for line in reading.axes]
	level = (reading.axes[0].node.level or "Komponen").casefold()
	caption = f"Gambar 1. Capaian per {level} dalam persen dari {noun_of(reading)} tertinggi"
	shares = [f"{line.node.title} {format_percent(line.percent)}" for line in reading.axes]
	return [
		Paragraph(caption, "caption"),
		Picture("radar", draw_radar(labels, series, 100), f"{caption}: {'; '.join(shares)}.", 86),
	]


def _findings(reading: Reading) -> list:
	findings = reading.evaluation.findings
	if not findings:
		return [Paragraph("Tidak ada temuan.")]
	parts = []
	for number, finding in enumerate(findings, 1):
		line = reading.line_of(finding.component_code, finding.component)
		lead = called(line) if line else finding.component_code
		title = finding.component or (line.node.title if line else "Lain-lain")
		reference = f" ({finding.reference})" if finding.reference else ""
		parts.append(Item(f"{number}.", f"{title}{reference}", lead=lead, is_heading=True))
		elements = (
			("Kondisi", finding.condition),
			("Kriteria", finding.criterion),
			("Nilai PM dan APIP", _both_scores(reading, finding)),
			("Akibat", finding.effect),
			("Rekomendasi", advice_text(finding, False) if finding.recommendation else ""),
		)
		parts += [
			Item(f"{letter_of(place)}.", text or NONE, 1, f"{label}:")
			for place, (label, text) in enumerate(elements)
		]
	return parts


def _both_scores(reading: Reading, finding: Finding) -> str:
	line = reading.line_of(finding.component_code, finding.component)
	if line is None:
		return ""
	own, now = (_answered(reading, score) for score in (line.own, line.now))
	return f"penilaian mandiri (PM) {own}; APIP {now}"


def _answered(reading: Reading, score: NodeScore | None) -> str:
	"""BB (7,20); a level or a number says it all, a line without an answer has its figure only."""
	value = figure_text(reading.shown(score))
	if score and score.answer and reading.evaluation.instrument.scoring not in (LEVEL, NUMBER):
		return f"{score.answer} ({value})" if value != NONE else score.answer
	return value


# --- annex ---


def _worksheet(reading: Reading) -> Table:
	columns = (
		Column("Kode", 8),
		Column("Uraian", 46),
		Column("Bobot", 8, True),
		Column("PM", 8, True),
		Column("APIP", 8, True),
		Column("Catatan", 22),
	)
	notes = _notes_by_line(reading)
	rows = [
		(
			line.node.code,
			reading.title(line),
			"" if line.weight is None else figure_text(line.weight),
			_cell(reading, line.own, line.node.code, 0),
			_cell(reading, line.now, line.node.code, 1),
			notes.get(position, ""),
		)
		for position, line in enumerate(reading.lines)
	]
	heads = frozenset(position for position, line in enumerate(reading.lines) if line.node.kind == GROUP)
	return Table(columns, [[row] for row in rows], "Belum ada lembar kerja.", strong=heads)


def _notes_by_line(reading: Reading) -> dict[int, str]:
	positions = {id(line): position for position, line in enumerate(reading.lines)}
	found: dict[int, list[str]] = {}
	for note in reading.evaluation.notes:
		line = reading.line_of(note.code, note.title)
		if line and note.text:
			found.setdefault(positions[id(line)], []).append(note.text)
	return {position: " ".join(texts) for position, texts in found.items()}


def _cell(reading: Reading, score: NodeScore | None, code: str, column: int) -> str:
	"""The answer, else the figure that follows from the lines below; empty for a criterion nobody asked.

	column: 0 for the unit's own answer, 1 for the evaluator's.
	"""
	if code in reading.evaluation.probing:
		return reading.evaluation.probing[code][column]
	if score is None:
		return NONE
	if score.answer:
		return (
			format_number(float(score.answer), None)
			if reading.evaluation.instrument.scoring == NUMBER
			else score.answer
		)
	if score.node.kind == CRITERION and score.most == 0:
		return ""
	return figure_text(reading.shown(score))
