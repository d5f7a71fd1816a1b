"""The Laporan Kinerja Instansi Pemerintah (LKjIP) as PDF and as DOCX (domain.md 5.1).

Both files draw the same parts. Texts are those that people edited; tables and charts always come from the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from seroja.core.charts import (
	achievement_bars,
	budget_against_performance,
	category_distribution,
	trend_against_target,
)
from seroja.core.numbers import NumberFormatError, parse_number
from seroja.core.parts import (
	Document,
	Heading,
	Item,
	Letterhead,
	Paragraph,
	Picture,
	clean,
	footer_text,
)
from seroja.core.performance_report import (
	IndicatorRow,
	ReportData,
	counts_by_category,
	objective_name,
	valued,
)
from seroja.core.performance_report_sections import Draft, drafts
from seroja.core.performance_report_tables import explanation_table, measurement_tables, section_tables
from seroja.core.rendering import Attachment, Stamper, format_date, format_percent, render_document
from seroja.core.signing import Party, place_and_day, signatures, signer_lines
from seroja.core.word import write_docx

_MOST_BARS = 20  # in one picture, which must fit on a page
_MOST_TRENDS = 8
_FEWEST_YEARS = 3


@dataclass(frozen=True)
class Review:
	"""The statement of the inspectorate that it has reviewed the report. statement: paragraphs with an empty
	line between them."""

	statement: str
	inspectorate: str
	signer: Party
	dated: date


def report_pdf(
	document: Document, stamper: Stamper | None = None, attachments: Sequence[Attachment] = ()
) -> bytes:
	"""The report as PDF/A-3b. stamper, attachments: as in `render_document`."""
	return render_document(document, stamper, attachments)


def report_docx(document: Document) -> bytes:
	"""The report as DOCX, with the words, tables and pictures of `report_pdf`."""
	return write_docx(document)


def report_document(
	data: ReportData,
	texts: Mapping[str, str],
	review: Review | None,
	mark: str,
	reference: str,
	letterhead: Letterhead | None = None,
	pictures: bool = True,
) -> Document:
	"""The whole report. texts: what to print per section key; a key without one prints its draft.
	mark: in the corner of each page, empty for none; letterhead: stands on the cover."""
	data = clean(data)
	title = f"Laporan Kinerja Instansi Pemerintah Tahun {data.year}"
	signed = data.signer.signed_on
	parts = (
		*_cover(data, title, clean(letterhead)),
		*_body(data, texts, review, pictures),
		*_annexes(data),
	)
	return Document(
		title=f"{title} – {data.unit}",
		author=data.government,
		dated=signed.date() if signed else None,
		footer=footer_text(title, data.unit, clean(reference)),
		mark=mark,
		parts=tuple(_numbered(parts)),
	)


def _cover(data: ReportData, title: str, letterhead: Letterhead | None) -> list:
	names = () if letterhead else tuple(dict.fromkeys((data.government.upper(), data.unit.upper())))
	below = (data.unit.upper(),) if letterhead else ()
	if data.until:
		below = (*below, f"Keadaan sampai dengan {data.until} {data.year}")
	return [*([letterhead] if letterhead else []), Heading("cover", title.upper(), names, below)]


# --- sections ---


def _body(data: ReportData, texts: Mapping[str, str], review: Review | None, pictures: bool) -> Iterator:
	tables, chapter = section_tables(data), ""
	for draft in drafts(data):
		if draft.chapter != chapter:
			chapter = draft.chapter
			yield Heading("chapter", chapter)
		yield from _headings(draft)
		yield from text_parts(texts.get(draft.key, draft.text))
		if draft.key == "preface":
			yield from _signed(data)
			yield from _review(data, review)
		if draft.key == "summary":
			yield Paragraph(_state_of_data(data), "small" if not data.until else "body")
		yield from tables.get(draft.key, [])
		yield from _pictures(data, draft.key) if pictures else ()


def _state_of_data(data: ReportData) -> str:
	until = (
		f" Angka baru sampai dengan {data.until} {data.year}, belum satu tahun penuh." if data.until else ""
	)
	return f"Data kinerja menurut keadaan {format_date(data.as_known_on)}.{until}"


def _headings(draft: Draft) -> Iterator[Heading]:
	"""A numbered section of chapter III stands one level below the lettered ones."""
	if draft.key == "achievement":
		yield Heading("section", "A. Capaian kinerja organisasi")
	style = "chapter" if not draft.chapter else "subsection" if draft.title[0].isdigit() else "section"
	yield Heading(style, draft.title)


def _signed(data: ReportData) -> list:
	signed = data.signer.signed_on
	day = place_and_day(data.place, signed.date() if signed else None, str(data.year + 1))
	return [signatures(day, {}, signer_lines(data.signer))]


def _review(data: ReportData, review: Review | None) -> list:
	if review is None:
		return [
			Paragraph("Laporan ini belum direviu oleh Aparat Pengawasan Intern Pemerintah (APIP).", "small")
		]
	by = clean(review)
	return [
		Heading("chapter", "PERNYATAAN TELAH DIREVIU", below=(by.inspectorate.upper(), data.unit.upper())),
		*text_parts(review.statement),
		signatures(place_and_day(data.place, by.dated), {}, signer_lines(by.signer)),
	]


_LIST_LINE = re.compile(r"\s*([-–•]|\d{1,2}\.)\s+(.*)")


def text_parts(text: str) -> list:
	"""A typed text as paragraphs and items: an empty line ends a paragraph, a line that begins with “- ” or
	“1. ” is an item."""
	blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
	return [part for block in blocks for part in _block_parts(block)]


def _block_parts(block: str) -> list:
	parts: list = []
	for line in block.split("\n"):
		found = _LIST_LINE.fullmatch(line)
		if found:
			marker = found[1] if found[1][0].isdigit() else "–"
			parts.append(Item(marker, clean(found[2])))
		elif parts:
			parts[-1] = replace(parts[-1], text=f"{parts[-1].text} {clean(line)}".strip())
		elif clean(line):
			parts.append(Paragraph(clean(line)))
	return _introduced(parts)


def _introduced(parts: list) -> list:
	"""A paragraph above items stays with them."""
	if len(parts) > 1 and parts[0].kind == "paragraph":
		return [replace(parts[0], style="intro"), *parts[1:]]
	return parts


def _numbered(parts: Iterable) -> Iterator:
	"""Numbers the captions of tables and of pictures, each in its own row of numbers."""
	parts, counts = list(parts), {"table": 0, "picture": 0}
	for part, following in pairwise([*parts, None]):
		if part.kind == "paragraph" and part.style == "caption":
			counts[following.kind] += 1
			noun = {"table": "Tabel", "picture": "Gambar"}[following.kind]
			part = replace(part, text=f"{noun} {counts[following.kind]}. {part.text}")
		yield part


# --- pictures ---


def _pictures(data: ReportData, key: str) -> Iterator:
	draw = {"summary": _distribution, "achievement": _bars, "history": _trends, "units": _units}.get(key)
	width = 92 if key == "achievement" else 80  # bars have small words beside them
	for number, (caption, png, shares) in enumerate(draw(data) if draw else (), 1):
		yield Paragraph(caption, "caption")
		yield Picture(f"{key}-{number}", png, f"{caption}: {'; '.join(shares)}.", width)


def _distribution(data: ReportData) -> Iterator[tuple]:
	counts = counts_by_category(data)
	missing = len(data.indicators) - len(valued(data.indicators))
	if sum(counts.values()):
		shares = [f"{label} {count}" for label, count in counts.items()]
		yield "Jumlah indikator menurut kategori", category_distribution(counts, missing, ""), shares


def _bars(data: ReportData) -> Iterator[tuple]:
	"""Indicators where they fit in one picture, else their objectives."""
	if len(data.indicators) <= _MOST_BARS:
		caption = "Capaian per indikator"
		bars = [(row.name, row.achievement, row.category) for row in data.indicators]
	else:
		caption = "Rata-rata skor capaian per sasaran"
		bars = [
			(objective_name(row.objective), row.mean_score, row.category)
			for row in data.objectives
			if objective_name(row.objective)
		]
	for first in range(0, len(bars), _MOST_BARS):
		names, values, categories = zip(*bars[first : first + _MOST_BARS], strict=True)
		shares = [f"{name} {format_percent(value)}" for name, value in zip(names, values, strict=True)]
		yield caption, achievement_bars(names, values, categories, data.scale_labels, ""), shares


def _trends(data: ReportData) -> Iterator[tuple]:
	main = [row for row in data.indicators if row.is_iku and len(_points(data, row)) >= _FEWEST_YEARS]
	for row in main[:_MOST_TRENDS]:
		years, values, targets = zip(*_points(data, row), strict=True)
		shares = [f"{year} {text}" for year, text in _realizations(data, row) if year in years]
		yield (
			f"Perkembangan {row.name}",
			trend_against_target(years, values, targets, "", row.unit),
			shares,
		)


def _points(data: ReportData, row: IndicatorRow) -> list[tuple[int, float, float | None]]:
	"""Year, realization and target where the realization is a number, ascending."""
	points = [(past.year, past.value, _number(past.target)) for past in row.history]
	points.append((data.year, row.value, _number(row.target)))
	return [point for point in points if point[1] is not None]


def _realizations(data: ReportData, row: IndicatorRow) -> list[tuple[int, str]]:
	return [*((past.year, past.realization) for past in row.history), (data.year, row.realization)]


def _number(text: str) -> float | None:
	"""A target that is a label or a range has no place in a chart."""
	try:
		return parse_number(text)
	except NumberFormatError:
		return None


def _units(data: ReportData) -> Iterator[tuple]:
	rows = [row for row in data.units if row.absorption is not None and row.mean_score is not None]
	if not rows:
		return
	names, absorption, scores = zip(
		*((row.unit, row.absorption, row.mean_score) for row in rows), strict=True
	)
	shares = [
		f"{row.unit} {format_percent(row.absorption)} / {format_percent(row.mean_score)}" for row in rows
	]
	caption = "Serapan anggaran dan rata-rata skor capaian perangkat daerah"
	yield caption, budget_against_performance(names, absorption, scores, ""), shares


# --- annexes ---


def _annexes(data: ReportData) -> list:
	indicators, programs = measurement_tables(data)
	unit = (data.unit.upper(),)
	return [
		Heading("chapter", f"LAMPIRAN 1 PENGUKURAN KINERJA TAHUN {data.year}", below=unit),
		indicators,
		programs,
		Heading("chapter", "LAMPIRAN 2 PERHITUNGAN CAPAIAN", below=unit),
		explanation_table(data),
	]
