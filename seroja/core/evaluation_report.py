"""The Laporan Hasil Evaluasi as a letter and as a longer report, each as PDF and as DOCX (domain.md 5.3).

Both forms are lists of parts that hold every word and every figure, so that the two files of a form cannot
say different things. Figures come from `core.scoring`; sentences about them are drafted here, what people
wrote (notes, findings, follow-up) is printed as it is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from seroja.core.charts import draw_radar
from seroja.core.instruments import CRITERION, GROUP, ITEM, LEVEL, NUMBER, Instrument, Predicate
from seroja.core.numbers import format_number, round_half_up
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
from seroja.core.rendering import format_date, format_percent, render_pdf
from seroja.core.scoring import NodeScore, Scores, predicate_of
from seroja.core.signing import Party, place_and_day, signatures, signer_lines
from seroja.core.word import write_docx

DONE, IN_PROGRESS = "Sesuai", "Belum Sesuai"
NOT_STARTED, IMPOSSIBLE = "Belum Ditindaklanjuti", "Tidak Dapat Ditindaklanjuti"
STATUSES = (DONE, IN_PROGRESS, NOT_STARTED, IMPOSSIBLE)

_DRAFT_MARK = "RANCANGAN"
_AKIP = "AKIP"
_NONE = "–"
_SAME = 1e-9


# --- records ---


@dataclass(frozen=True)
class Finding:
	"""What the evaluator found and asks for. component_code, component: code and title of the line of the
	worksheet; the title decides where a code stands for more than one line."""

	component_code: str
	component: str
	condition: str
	criterion: str
	effect: str
	recommendation: str
	due: date | None = None
	reference: str = ""


@dataclass(frozen=True)
class FollowUp:
	"""A recommendation of an earlier year. status: one of `STATUSES`; follow_up: what was done."""

	recommendation: str
	year: int
	status: str
	follow_up: str


@dataclass(frozen=True)
class Note:
	"""What the evaluator noted at a line of the worksheet; code and title as in `Finding`."""

	code: str
	title: str
	text: str


@dataclass(frozen=True)
class Evaluation:
	"""One evaluation of one unit.

	self_scores: of the unit itself. last_year_index, last_year_predicate: what was published; without them
	those of `last_year` count. series_breaks: last year was measured with another kind of instrument.
	given_predicate: given by hand, with its reason, instead of the computed one. classification, attachment:
	Sifat and Lampiran of the letter, not printed where empty. dated: None leaves room to write the day.
	head_title: Wali Kota, Bupati or Gubernur, with or without the name of the region.
	"""

	government: str
	inspectorate: str
	unit: str
	unit_head: str
	city: str
	year: int
	instrument: Instrument
	scores: Scores
	signer: Party
	self_scores: Scores | None = None
	last_year: Scores | None = None
	last_year_index: float | None = None
	last_year_predicate: str = ""
	series_breaks: bool = False
	given_predicate: str = ""
	given_reason: str = ""
	notes: Sequence[Note] = ()
	findings: Sequence[Finding] = ()
	follow_ups: Sequence[FollowUp] = ()
	number: str = ""
	dated: date | None = None
	reference: str = ""
	is_final: bool = False
	head_title: str = "Wali Kota"
	address: str = ""
	classification: str = ""
	attachment: str = ""


# --- files ---


def letter_pdf(evaluation: Evaluation) -> bytes:
	"""The letter as PDF/A-3b."""
	return _pdf(_letter(clean(evaluation)))


def letter_docx(evaluation: Evaluation) -> bytes:
	"""The letter as DOCX, with the words and tables of `letter_pdf`."""
	return write_docx(_letter(clean(evaluation)))


def report_pdf(evaluation: Evaluation) -> bytes:
	"""The longer report with its annex, the worksheet, as PDF/A-3b."""
	return _pdf(_report(clean(evaluation)))


def report_docx(evaluation: Evaluation) -> bytes:
	"""The longer report as DOCX, with the words and tables of `report_pdf`."""
	return write_docx(_report(clean(evaluation)))


def _pdf(document: Document) -> bytes:
	charts = {part.name: part.png for part in document.parts if part.kind == "picture"}
	return render_pdf("agreement.html", {"document": document}, charts)


# --- what the worksheet says ---


@dataclass(frozen=True)
class _Line:
	"""One line of the worksheet: what the evaluator, the unit itself and last year gave it.

	weight: of the items below; None for a criterion. component: position of the top line above it.
	"""

	now: NodeScore
	own: NodeScore | None
	before: NodeScore | None
	weight: float | None
	component: int

	@property
	def node(self):
		return self.now.node

	@property
	def percent(self) -> float | None:
		"""Of the most that is possible."""
		return _percent(self.now)


def _percent(score: NodeScore | None) -> float | None:
	if score is None or score.score is None or score.most <= 0:
		return None
	return score.score / score.most * 100


@dataclass(frozen=True)
class _Reading:
	"""An evaluation with its worksheet read line by line."""

	evaluation: Evaluation

	@cached_property
	def lines(self) -> tuple[_Line, ...]:
		evaluation = self.evaluation
		scores, last_year = evaluation.scores.nodes, evaluation.last_year
		own = _by_path(evaluation.self_scores)
		before = _by_path(None if evaluation.series_breaks else last_year)
		lines, component = [], 0
		for position, (score, path) in enumerate(zip(scores, _paths(scores), strict=True)):
			component = position if score.node.depth == 0 else component
			lines.append(
				_Line(score, own.get(path), before.get(path), self._weight(position, score), component)
			)
		return tuple(lines)

	def _weight(self, position: int, score: NodeScore) -> float | None:
		instrument, node = self.evaluation.instrument, score.node
		if node.kind != GROUP:
			return node.weight
		items = (item for item in instrument.items if position in instrument.groups_of[item.code])
		return math.fsum(item.weight for item in items)

	@cached_property
	def components(self) -> list[_Line]:
		return [line for line in self.lines if line.node.depth == 0]

	def below(self, line: _Line) -> list[_Line]:
		"""The lines that make up a component; an only group is passed over for what it consists of."""
		start = next(position for position, other in enumerate(self.lines) if other is line) + 1
		found = []
		for other in self.lines[start:]:
			if other.node.depth <= line.node.depth:
				break
			if other.node.depth == line.node.depth + 1 and other.node.kind != CRITERION:
				found.append(other)
		return self.below(found[0]) if len(found) == 1 and found[0].node.kind == GROUP else found

	def title(self, line: _Line) -> str:
		"""With its level where groups of several levels share their codes, as domains and aspects do."""
		has_levels = any(other.node.kind == GROUP and other.node.depth for other in self.lines)
		is_told_apart = not has_levels or line.node.kind != GROUP
		return line.node.title if is_told_apart else f"{line.node.level} {line.node.title}"

	@cached_property
	def is_level(self) -> bool:
		return self.evaluation.instrument.scoring == LEVEL

	@cached_property
	def is_akip(self) -> bool:
		return self.evaluation.instrument.series.casefold() == _AKIP.casefold()

	@cached_property
	def headings(self) -> list[_Line]:
		"""The lines of the table of the letter: components, and for levels every domain and aspect."""
		groups = [line for line in self.lines if line.node.kind == GROUP]
		return groups if self.is_level and groups else self.components

	@cached_property
	def axes(self) -> list[_Line]:
		"""The groups that hold the items; the items themselves where there are no groups."""
		following = [*self.lines[1:], None]
		found = [
			line
			for line, next_line in zip(self.lines, following, strict=True)
			if line.node.kind == GROUP and next_line and next_line.node.kind == ITEM
		]
		return found or self.components

	def shown(self, score: NodeScore | None) -> float | None:
		"""What is printed of a line: its level for levels, otherwise its points."""
		return None if score is None else score.value if self.is_level else score.score

	def most(self, score: NodeScore) -> float:
		return self.evaluation.instrument.bounds[1] if self.is_level else score.most

	def line_of(self, code: str, title: str) -> _Line | None:
		"""The line with this code: with this title, else one that is answered, else the first."""
		same = [line for line in self.lines if line.node.code == code]
		same.sort(key=lambda line: (line.node.title != title, line.node.kind == GROUP))
		return same[0] if same else None

	def of_component(self, records: Iterable, component: _Line | None) -> list:
		"""The notes or findings of a component; None for those that belong to none."""
		return [record for record in records if self._component_of(record) is component]

	def _component_of(self, record: Note | Finding) -> _Line | None:
		if isinstance(record, Note):
			line = self.line_of(record.code, record.title)
		else:
			line = self.line_of(record.component_code, record.component)
		return self.lines[line.component] if line else None


def _paths(nodes: Sequence[NodeScore]) -> Iterator[tuple]:
	"""What tells lines apart that share a code: the codes from the top down."""
	above: list = []
	for score in nodes:
		above = [*above[: score.node.depth], (score.node.kind, score.node.code)]
		yield tuple(above)


def _by_path(scores: Scores | None) -> dict[tuple, NodeScore]:
	return dict(zip(_paths(scores.nodes), scores.nodes, strict=True)) if scores else {}


# --- words and figures ---


def _number(value: float | None) -> str:
	return format_number(value, 2)


def _joined(texts: Sequence[str]) -> str:
	return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} dan {texts[-1]}" if texts else ""


def _index(instrument: Instrument, index: float | None) -> str:
	"""An index with as many decimals as its predicate needs: 80,004 is A, 80,00 would be BB."""
	if index is None:
		return _NONE
	wanted = predicate_of(instrument, index)
	for decimals in range(2, 6):
		if predicate_of(instrument, float(round_half_up(index, decimals))) == wanted:
			return format_number(index, decimals)
	return format_number(index, 6)


def _named(predicate: Predicate | None) -> str:
	"""BB (Sangat Baik); a predicate whose title says nothing more stands alone."""
	if predicate is None:
		return "tanpa predikat"
	titled = predicate.title and predicate.title.casefold() != predicate.label.casefold()
	return f"{predicate.label} ({predicate.title})" if titled else predicate.label


def _noun(reading: _Reading) -> str:
	return "nilai" if reading.evaluation.instrument.scoring not in (LEVEL, NUMBER) else "indeks"


def _subject(reading: _Reading) -> str:
	evaluation = reading.evaluation
	if reading.is_akip:
		kind = "Evaluasi Akuntabilitas Kinerja Instansi Pemerintah (AKIP)"
	else:
		kind = f"Penilaian {evaluation.instrument.title}"
	return f"Hasil {kind} Tahun {evaluation.year}"


def _activity(reading: _Reading) -> str:
	return "Evaluasi AKIP" if reading.is_akip else f"Penilaian {reading.evaluation.instrument.title}"


def _predicate(evaluation: Evaluation) -> Predicate | None:
	"""The predicate that counts; None while answers are missing."""
	computed, given = evaluation.scores.predicate, evaluation.given_predicate
	if not evaluation.scores.is_complete or not given:
		return computed
	return evaluation.instrument.predicate(given) or Predicate(given)


def _is_given(evaluation: Evaluation) -> bool:
	computed = evaluation.scores.predicate
	given = _predicate(evaluation)
	return given is not None and given.label != (computed.label if computed else "")


def _last_index(evaluation: Evaluation) -> float | None:
	if evaluation.last_year_index is not None:
		return evaluation.last_year_index
	return evaluation.last_year.index if evaluation.last_year else None


def _last_predicate(evaluation: Evaluation) -> str:
	if evaluation.last_year_predicate:
		return evaluation.last_year_predicate
	last = evaluation.last_year.predicate if evaluation.last_year else None
	return last.label if last else ""


def _last_total(evaluation: Evaluation) -> str:
	"""Last year's index as published, with two decimals; bands of this year do not apply to it."""
	text = _number(_last_index(evaluation))
	return f"{text} (seri terputus)" if evaluation.series_breaks and text != _NONE else text


def _movement(now: float | None, before: float | None, noun: str, year: int) -> str:
	"""How a figure moved, by the figures as they are printed."""
	if now is None or before is None:
		return ""
	change = float(round_half_up(now)) - float(round_half_up(before))
	said = f"Dibandingkan tahun {year} ({_number(before)}), {noun} ini"
	if abs(change) < _SAME:
		return f"{said} tetap."
	return f"{said} {'naik' if change > 0 else 'turun'} {_number(abs(change))}."


# --- letter ---


def _letter(evaluation: Evaluation) -> Document:
	reading = _Reading(evaluation)
	subject = _subject(reading)
	return _document(
		reading,
		(
			*_letter_head(reading, subject),
			Heading("section", "1. Pendahuluan"),
			*_introduction(reading),
			Heading("section", "2. Hasil Evaluasi"),
			*_result(reading),
			*_heading_table(reading),
			Paragraph("Penjelasan atas hasil tersebut adalah sebagai berikut:", "intro"),
			*_explanations(reading),
			Heading("subsection", "Tindak lanjut rekomendasi tahun sebelumnya"),
			Paragraph(_follow_up_text(evaluation.follow_ups)),
			Heading("section", "3. Rekomendasi"),
			*_recommendations(reading),
			Heading("section", "Penutup"),
			Paragraph(_closing(reading)),
			signatures("", {}, signer_lines(evaluation.signer)),
			*_copies(evaluation),
		),
	)


def _document(reading: _Reading, parts: tuple) -> Document:
	evaluation, subject = reading.evaluation, _subject(reading)
	return Document(
		title=f"{subject} – {evaluation.unit}",
		author=evaluation.government,
		dated=evaluation.dated,
		footer=footer_text(subject, evaluation.unit, evaluation.reference),
		mark="" if evaluation.is_final else _DRAFT_MARK,
		parts=parts,
	)


def _letter_head(reading: _Reading, subject: str) -> list:
	evaluation = reading.evaluation
	rows = (
		("Nomor", evaluation.number or "." * 30),
		("Sifat", evaluation.classification),
		("Lampiran", evaluation.attachment),
		("Hal", subject),
	)
	return [
		Letterhead(
			(_full_government(evaluation).upper(), evaluation.inspectorate.upper()), evaluation.address
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
		Item("2.", f"Sekretaris Daerah {region}"),
	]


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


def _introduction(reading: _Reading) -> list:
	return [
		Item("a.", "", lead="Dasar hukum", is_heading=True),
		*_items(_bases(reading), "{}."),
		Item("b.", _purpose(reading), lead="Tujuan."),
		Item("c.", "", lead=f"Sasaran {_activity(reading).split()[0].casefold()}", is_heading=True),
		*_items(_goals(reading), "({})"),
		Item("d.", _scope(reading), lead="Ruang lingkup."),
		Item("e.", _method(reading), lead="Metodologi."),
	]


def _items(texts: Sequence[str], marker: str) -> Iterator[Item]:
	"""A list that reads as one sentence: numbered for {}., lettered for ({})."""
	for number, text in enumerate(texts):
		sign = _letter_of(number) if marker.startswith("(") else str(number + 1)
		yield Item(marker.format(sign), f"{text}{'.' if number == len(texts) - 1 else ';'}", 1)


def _letter_of(number: int) -> str:
	"""0 is a, 25 is z, 26 is aa."""
	first, last = divmod(number, 26)
	return (chr(96 + first) if first else "") + chr(97 + last)


def _bases(reading: _Reading) -> tuple[str, ...]:
	regulation = reading.evaluation.instrument.regulation.rstrip(".")
	if not reading.is_akip:
		return (regulation or "Ketentuan penilaian yang berlaku",)
	own = (regulation,) if regulation and regulation != _AKIP_REGULATION else ()
	return _AKIP_BASES + own


def _purpose(reading: _Reading) -> str:
	evaluation = reading.evaluation
	if reading.is_akip:
		return _AKIP_PURPOSE.format(evaluation.unit)
	return _PURPOSE.format(_activity(reading), f"{evaluation.instrument.title} pada {evaluation.unit}")


def _goals(reading: _Reading) -> tuple[str, ...]:
	if reading.is_akip:
		return _AKIP_GOALS
	instrument = reading.evaluation.instrument
	level = instrument.items[0].level.casefold() or "butir"
	return tuple(goal.format(instrument.title, level) for goal in _GOALS)


def _scope(reading: _Reading) -> str:
	evaluation = reading.evaluation
	level = reading.components[0].node.level.casefold() or "komponen"
	titles = _joined([line.node.title for line in reading.components])
	return (
		f"{_activity(reading)} dilaksanakan pada {evaluation.unit} untuk tahun {evaluation.year} dan meliputi "
		f"{level} {titles}."
	)


def _method(reading: _Reading) -> str:
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


def _result(reading: _Reading) -> list:
	evaluation, noun = reading.evaluation, _noun(reading)
	if not evaluation.scores.is_complete:
		return [Paragraph(_unfinished(reading)), *_comparison(reading)]
	instrument, predicate = evaluation.instrument, _predicate(evaluation)
	top = _number(instrument.bounds[1] * instrument.factor)
	said = (
		f"{_activity(reading)} pada {evaluation.unit} tahun {evaluation.year} menghasilkan {noun} "
		f"{_index(instrument, evaluation.scores.index)} dari paling tinggi {top} dengan predikat "
		f"{_named(predicate)}."
	)
	if _is_given(evaluation):
		said += (
			f" Predikat ini ditetapkan sebagai pengganti predikat "
			f"{_named(evaluation.scores.predicate)} yang mengikuti dari {noun} tersebut. "
			f"Alasan: {evaluation.given_reason.rstrip('.') or 'belum diisi'}."
		)
	parts = [Paragraph(said)]
	if predicate and predicate.interpretation:
		parts.append(
			Paragraph(f"Predikat tersebut mempunyai interpretasi sebagai berikut: {predicate.interpretation}")
		)
	return [*parts, *_comparison(reading)]


def _unfinished(reading: _Reading) -> str:
	scores, noun = reading.evaluation.scores, _noun(reading)
	instrument = reading.evaluation.instrument
	ends = [
		f"{_index(instrument, index)} ({predicate.label})" if predicate else _index(instrument, index)
		for index, predicate in (
			(scores.lowest, scores.lowest_predicate),
			(scores.highest, scores.highest_predicate),
		)
	]
	return (
		f"Penilaian belum lengkap: {len(scores.missing)} butir belum dinilai. {noun.capitalize()} akhir masih "
		f"dapat berada antara {ends[0]} dan {ends[1]}, sehingga predikat belum ditetapkan."
	)


def _comparison(reading: _Reading) -> list[Paragraph]:
	evaluation = reading.evaluation
	before, year = _last_index(evaluation), evaluation.year - 1
	if before is None:
		return []
	if evaluation.series_breaks:
		label = f"; {_last_predicate(evaluation)}" if _last_predicate(evaluation) else ""
		return [
			Paragraph(
				f"Seri terputus: {_noun(reading)} tahun {year} ({_number(before)}{label}) diukur dengan "
				"instrumen lain, sehingga tidak dibandingkan."
			)
		]
	moved = _movement(evaluation.scores.index, before, _noun(reading), year)
	return [Paragraph(moved)] if moved else []


def _heading_table(reading: _Reading) -> list:
	"""The table of the letter: weight, last year and this year."""
	evaluation, noun = reading.evaluation, _noun(reading).capitalize()
	levels = list(dict.fromkeys(line.node.level or "Komponen" for line in reading.headings))
	rows = [
		(
			_heading_name(reading, number, line, len(levels) > 1),
			_number(line.weight),
			_number(reading.shown(line.before)),
			_number(reading.shown(line.now)),
		)
		for number, line in enumerate(reading.headings)
	]
	heads = {
		number for number, line in enumerate(reading.headings) if len(levels) > 1 and line.node.depth == 0
	}
	sums = [
		(
			f"{noun} Hasil Evaluasi" if reading.is_akip else evaluation.instrument.title,
			_total_weight(reading),
			_last_total(evaluation),
			_total(evaluation, evaluation.scores),
		),
		_predicate_row(reading, ""),
	]
	columns = (
		Column(f"{' dan '.join(levels)} yang dinilai", 52),
		Column("Bobot", 12, True),
		Column(f"{noun} tahun {evaluation.year - 1}", 18, True),
		Column(f"{noun} tahun {evaluation.year}", 18, True),
	)
	return [_summed_table(columns, rows, sums, heads)]


def _heading_name(reading: _Reading, number: int, line: _Line, is_nested: bool) -> str:
	if is_nested:
		return f"{line.node.level} {line.node.code} {line.node.title}"
	return f"{_letter_of(number)}. {line.node.title}"


def _summed_table(columns, rows: list, sums: list, heads: Iterable[int] = ()) -> Table:
	strong = frozenset([*heads, *range(len(rows), len(rows) + len(sums))])
	return Table(columns, [[row] for row in (*rows, *sums)], "Belum ada penilaian.", strong=strong)


def _total_weight(reading: _Reading) -> str:
	return _number(math.fsum(item.weight for item in reading.evaluation.instrument.items))


def _total(evaluation: Evaluation, scores: Scores | None) -> str:
	if scores is None:
		return _NONE
	return _index(evaluation.instrument, scores.index) if scores.is_complete else "belum lengkap"


def _predicate_row(reading: _Reading, *between: str) -> tuple[str, ...]:
	evaluation, predicate = reading.evaluation, _predicate(reading.evaluation)
	return (
		"Predikat AKIP" if reading.is_akip else "Predikat",
		*between,
		_last_predicate(evaluation) or _NONE,
		predicate.label if predicate else _NONE,
	)


# --- explanation of the components ---


def _explanations(reading: _Reading) -> Iterator[Item]:
	"""One numbered item per component, the notes of the evaluator below it."""
	notes = [note for note in reading.evaluation.notes if note.text]
	for number, line in enumerate(reading.components, 1):
		yield Item(f"{number})", _explanation(reading, line), lead=f"{line.node.title}.")
		yield from _note_items(reading, reading.of_component(notes, line))
	yield from _note_items(reading, reading.of_component(notes, None))


def _note_items(reading: _Reading, notes: Sequence[Note]) -> Iterator[Item]:
	for note in notes:
		line = reading.line_of(note.code, note.title)
		name = _called(line) if line else f"{note.code} {note.title}".strip()
		yield Item("–", note.text, 1, f"Catatan {name}:" if name else "Catatan:")


def _called(line: _Line) -> str:
	"""Sub Komponen 1.b; a criterion may have no level of its own."""
	return f"{line.node.level or 'Butir'} {line.node.code}"


def _explanation(reading: _Reading, line: _Line) -> str:
	"""The sentences that the scores of a component allow."""
	noun, node = _noun(reading), line.node
	name = f"{node.level or 'Komponen'} {node.title} (bobot {_number(line.weight)})"
	value = reading.shown(line.now)
	if value is None:
		share = reading.most(line.now) / line.now.most if line.now.most else 0
		low, high = _number(line.now.lowest * share), _number(line.now.highest * share)
		return f"{name} belum lengkap dinilai; {noun} masih dapat berada antara {low} dan {high}."
	said = (
		f"{name} memperoleh {noun} {_number(value)} dari paling tinggi {_number(reading.most(line.now))}, "
		f"atau {format_percent(line.percent)}.",
		_extremes(reading.below(line)),
		_own_assessment(reading, line),
		_line_movement(reading, line),
	)
	return " ".join(filter(None, said))


def _extremes(lines: Sequence[_Line]) -> str:
	"""The strongest and the weakest of the lines that make up a component."""
	known = [line for line in lines if line.percent is not None]
	if len(known) < 2:
		return ""
	level = (known[0].node.level or "bagian").casefold()
	best, worst = max(line.percent for line in known), min(line.percent for line in known)
	if best - worst < _SAME:
		return f"Seluruh {level} mencapai {format_percent(best)}."
	return f"Yang terkuat adalah {level} {_ties(known, best)}, yang terlemah {level} {_ties(known, worst)}."


def _ties(lines: Sequence[_Line], percent: float) -> str:
	"""Those that reach this percentage: one item with its title, more of them by their codes."""
	tied = [line for line in lines if abs(line.percent - percent) < _SAME]
	if len(tied) == 1:
		return f"{_code_before(tied[0])}“{tied[0].node.title}” ({format_percent(percent)})"
	is_group = tied[0].node.kind == GROUP
	names = [f"“{line.node.title}”" if is_group else line.node.code for line in tied]
	return f"{_joined(names)} (masing-masing {format_percent(percent)})"


def _code_before(line: _Line) -> str:
	"""Groups are known by their title alone."""
	return "" if line.node.kind == GROUP else f"{line.node.code} "


def _own_assessment(reading: _Reading, line: _Line) -> str:
	own, now = reading.shown(line.own), reading.shown(line.now)
	if own is None:
		return ""
	gap = float(round_half_up(own)) - float(round_half_up(now))
	if abs(gap) < _SAME:
		return f"Penilaian mandiri unit sama ({_number(own)})."
	side = "lebih tinggi" if gap > 0 else "lebih rendah"
	return f"Penilaian mandiri unit {_number(own)}, {_number(abs(gap))} {side}."


def _line_movement(reading: _Reading, line: _Line) -> str:
	"""Only where the same most was possible last year."""
	if line.before is None or abs(line.before.most - line.now.most) > _SAME:
		return ""
	year = reading.evaluation.year - 1
	return _movement(reading.shown(line.now), reading.shown(line.before), _noun(reading), year)


# --- follow-up and recommendations ---


def follow_up_progress(statuses: Sequence[str]) -> float | None:
	"""Percent of the recommendations that are closed; those that cannot be followed are left out.

	None where nothing is left to count (domain.md 6.4).
	"""
	counted = [status for status in statuses if status != IMPOSSIBLE]
	return counted.count(DONE) / len(counted) * 100 if counted else None


def _follow_up_text(follow_ups: Sequence[FollowUp]) -> str:
	if not follow_ups:
		return "Tidak ada rekomendasi tahun sebelumnya yang tercatat."
	statuses = [row.status for row in follow_ups]
	counts = Counter({status: 0 for status in STATUSES})
	counts.update(statuses)
	said = _joined([f"{status or 'tanpa status'} {count}" for status, count in counts.items()])
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


def _recommendations(reading: _Reading, has_references: bool = False) -> list:
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
			parts.append(Item(f"{_letter_of(number)}.", "", lead=lead, is_heading=True))
			parts += [Item(f"{place})", text, 1) for place, text in enumerate(texts, 1)]
			number += 1
	return parts


def _advice(findings: Sequence[Finding], has_references: bool) -> list[str]:
	"""Each recommendation once, as a sentence with its last day."""
	return list(dict.fromkeys(_advice_text(finding, has_references) for finding in findings))


def _advice_text(finding: Finding, has_references: bool) -> str:
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


def _closing(reading: _Reading) -> str:
	evaluation = reading.evaluation
	said = (
		f"Demikian {_subject(reading)[0].lower()}{_subject(reading)[1:]} pada {evaluation.unit} disampaikan."
	)
	if any(finding.recommendation for finding in evaluation.findings):
		said += (
			f" Rekomendasi di atas agar ditindaklanjuti, dan tindak lanjutnya disampaikan kepada "
			f"{evaluation.inspectorate}."
		)
	return f"{said} Atas perhatian dan kerja samanya diucapkan terima kasih."


# --- longer report ---


def _report(evaluation: Evaluation) -> Document:
	reading = _Reading(evaluation)
	return _document(
		reading,
		(
			_cover(reading),
			Heading("annex", "RINGKASAN EKSEKUTIF"),
			*_summary(reading),
			Heading("section", "I. GAMBARAN UMUM"),
			*_introduction(reading),
			Heading("section", "II. TINDAK LANJUT EVALUASI TAHUN SEBELUMNYA"),
			Paragraph(_follow_up_text(evaluation.follow_ups), "intro" if evaluation.follow_ups else "body"),
			*_follow_up_table(evaluation.follow_ups),
			Heading("section", "III. HASIL EVALUASI"),
			Heading("subsection", "A. Nilai dan Predikat" if reading.is_akip else "A. Indeks dan Predikat"),
			*_result(reading),
			*_score_table(reading),
			*_chart(reading),
			Heading("subsection", f"B. Penjelasan per {reading.components[0].node.level or 'Komponen'}"),
			*_explanations(reading),
			Heading("subsection", "C. Temuan"),
			*_findings(reading),
			Heading("section", "IV. REKOMENDASI"),
			*_recommendations(reading, has_references=True),
			Heading("section", "V. PENUTUP"),
			Paragraph(_closing(reading)),
			signatures(place_and_day(evaluation.city, evaluation.dated), {}, signer_lines(evaluation.signer)),
			Heading("annex", "LAMPIRAN LEMBAR KERJA EVALUASI", below=(evaluation.unit.upper(),)),
			_worksheet(reading),
		),
	)


def _cover(reading: _Reading) -> Heading:
	evaluation = reading.evaluation
	number = f"Nomor {evaluation.number}" if evaluation.number else ""
	day = format_date(evaluation.dated) if evaluation.dated else ""
	return Heading(
		"cover",
		f"LAPORAN {_subject(reading).upper()}",
		(_full_government(evaluation).upper(), evaluation.inspectorate.upper()),
		tuple(filter(None, (evaluation.unit.upper(), number, day))),
	)


def _summary(reading: _Reading) -> list:
	evaluation = reading.evaluation
	parts = _result(reading)
	spread = _extremes(reading.components)
	if spread:
		parts.append(Paragraph(spread))
	advice = [finding for finding in evaluation.findings if finding.recommendation]
	parts.append(
		Paragraph(
			f"Evaluasi ini memuat {len(evaluation.findings)} temuan dan {len(advice)} rekomendasi. "
			f"{_follow_up_text(evaluation.follow_ups)}"
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
				row.recommendation or _NONE,
				str(row.year),
				row.status or _NONE,
				row.follow_up or _NONE,
			)
		]
		for number, row in enumerate(follow_ups, 1)
	]
	return [Table(columns, rows, "")]


def _score_table(reading: _Reading) -> list:
	"""Components and what they consist of: the unit itself, the evaluator and last year."""
	evaluation = reading.evaluation
	lines = [line for line in reading.lines if line.node.depth <= 1 and line.node.kind != CRITERION]
	rows = [
		(
			line.node.code,
			reading.title(line),
			_number(line.weight),
			_number(reading.shown(line.own)),
			_number(reading.shown(line.now)),
			_number(reading.shown(line.before)),
		)
		for line in lines
	]
	own = evaluation.self_scores
	label, last, now = _predicate_row(reading)
	own_predicate = own.predicate.label if own and own.predicate else _NONE
	sums = [
		(
			"",
			_noun(reading).capitalize(),
			_total_weight(reading),
			_total(evaluation, own),
			_total(evaluation, evaluation.scores),
			_last_total(evaluation),
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
		_summed_table(columns, rows, sums, heads),
	]


def _chart(reading: _Reading) -> list:
	evaluation = reading.evaluation
	series = {f"Tahun {evaluation.year}": [line.percent for line in reading.axes]}
	before = [_percent(line.before) for line in reading.axes]
	if any(value is not None for value in before):
		series[f"Tahun {evaluation.year - 1}"] = before
	labels = [line.node.title for line in reading.axes]
	level = (reading.axes[0].node.level or "Komponen").casefold()
	caption = f"Gambar 1. Capaian per {level} dalam persen dari {_noun(reading)} tertinggi"
	shares = [f"{line.node.title} {format_percent(line.percent)}" for line in reading.axes]
	return [
		Paragraph(caption, "caption"),
		Picture("radar", draw_radar(labels, series, 100), f"{caption}: {'; '.join(shares)}.", 86),
	]


def _findings(reading: _Reading) -> list:
	findings = reading.evaluation.findings
	if not findings:
		return [Paragraph("Tidak ada temuan.")]
	parts = []
	for number, finding in enumerate(findings, 1):
		line = reading.line_of(finding.component_code, finding.component)
		lead = _called(line) if line else finding.component_code
		title = finding.component or (line.node.title if line else "Lain-lain")
		reference = f" ({finding.reference})" if finding.reference else ""
		parts.append(Item(f"{number}.", f"{title}{reference}", lead=lead, is_heading=True))
		elements = (
			("Kondisi", finding.condition),
			("Kriteria", finding.criterion),
			("Nilai PM dan APIP", _both_scores(reading, finding)),
			("Akibat", finding.effect),
			("Rekomendasi", _advice_text(finding, False) if finding.recommendation else ""),
		)
		parts += [
			Item(f"{_letter_of(place)}.", text or _NONE, 1, f"{label}:")
			for place, (label, text) in enumerate(elements)
		]
	return parts


def _both_scores(reading: _Reading, finding: Finding) -> str:
	line = reading.line_of(finding.component_code, finding.component)
	if line is None:
		return ""
	own, now = (_answered(reading, score) for score in (line.own, line.now))
	return f"penilaian mandiri (PM) {own}; APIP {now}"


def _answered(reading: _Reading, score: NodeScore | None) -> str:
	"""BB (7,20); a level or a number says it all, a line without an answer has its figure only."""
	value = _number(reading.shown(score))
	if score and score.answer and reading.evaluation.instrument.scoring not in (LEVEL, NUMBER):
		return f"{score.answer} ({value})" if value != _NONE else score.answer
	return value


# --- annex ---


def _worksheet(reading: _Reading) -> Table:
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
			"" if line.weight is None else _number(line.weight),
			_cell(reading, line.own, line.node.code),
			_cell(reading, line.now, line.node.code),
			notes.get(position, ""),
		)
		for position, line in enumerate(reading.lines)
	]
	heads = frozenset(position for position, line in enumerate(reading.lines) if line.node.kind == GROUP)
	return Table(columns, [[row] for row in rows], "Belum ada lembar kerja.", strong=heads)


def _notes_by_line(reading: _Reading) -> dict[int, str]:
	positions = {id(line): position for position, line in enumerate(reading.lines)}
	found: dict[int, list[str]] = {}
	for note in reading.evaluation.notes:
		line = reading.line_of(note.code, note.title)
		if line and note.text:
			found.setdefault(positions[id(line)], []).append(note.text)
	return {position: " ".join(texts) for position, texts in found.items()}


def _cell(reading: _Reading, score: NodeScore | None, code: str) -> str:
	"""The answer, else the figure that follows from the lines below; empty for a criterion nobody asked."""
	if score is None:
		return _NONE
	if score.answer:
		return (
			format_number(float(score.answer), None)
			if reading.evaluation.instrument.scoring == NUMBER
			else score.answer
		)
	if score.node.kind == CRITERION and score.most == 0:
		return ""
	return _number(reading.shown(score))
