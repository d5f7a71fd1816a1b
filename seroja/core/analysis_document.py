"""The document “Analisis Kinerja”: outlook (analysis.py) and findings (checks.py) on paper, nothing computed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from seroja.core.analysis import (
	LEVEL,
	METHOD_LABELS,
	OFF_TRACK,
	ON_TRACK,
	STATUS_LABELS,
	TOLERANCE,
)
from seroja.core.analysis_charts import INDICATOR_CHARTS, STATUS_CHART
from seroja.core.analysis_tables import (
	checks_table,
	has_opd_of,
	in_need,
	outlook_cells,
	outlook_table,
	severity_counts,
	status_counts,
)
from seroja.core.checks import CHECKS, SEVERITIES, SEVERITY_LABELS
from seroja.core.evaluation import Cover
from seroja.core.numbers import format_number
from seroja.core.parts import (
	Column,
	Document,
	Heading,
	Item,
	Letterhead,
	Paragraph,
	Picture,
	Table,
	clean,
	footer_text,
)
from seroja.core.rendering import Attachment, Stamper, format_date, records, render_document, write_csv
from seroja.core.signing import place_and_day, signatures, signer_lines

TITLE = "Analisis Kinerja"
MOST_ROWS_IN_PDF = 400


# --- document ---


def build_pdf(
	outlook: pd.DataFrame,
	findings: pd.DataFrame,
	texts: Sequence[str],
	cover: Cover,
	notes: Sequence[str] = (),
	pictures: Mapping[str, bytes] | None = None,
	stamper: Stamper | None = None,
) -> bytes:
	"""The analysis as PDF/A-3b in landscape, outlook and findings attached as CSV.

	texts: paragraphs of the evaluation text. notes: sentences for its end. pictures: those of `draw_charts`.
	"""
	files = [
		Attachment("outlook.csv", write_csv(outlook_table(outlook)), "Perkiraan setiap indikator"),
		Attachment("checks.csv", write_csv(checks_table(findings)), "Temuan pemeriksaan angka"),
	]
	document = analysis_document(outlook, findings, texts, cover, notes, pictures or {})
	return render_document(document, stamper, files)


def analysis_document(
	outlook: pd.DataFrame,
	findings: pd.DataFrame,
	texts: Sequence[str],
	cover: Cover,
	notes: Sequence[str],
	pictures: Mapping[str, bytes],
) -> Document:
	"""Its words and tables: figures, text, outlook, charts, findings, and how all that was computed."""
	cover = clean(cover)
	printed = f"Dicetak {format_date(cover.printed_on)}"
	return Document(
		title=f"{cover.title} – {cover.subtitle}".rstrip(" –"),
		author=cover.government,
		dated=cover.printed_on,
		footer=footer_text(cover.title, cover.subtitle, cover.reference),
		mark="",
		parts=(
			*(
				[Letterhead((cover.government,), cover.address, cover.logo)]
				if cover.address or cover.logo
				else []
			),
			Heading("title", cover.title.upper(), below=tuple(filter(None, [cover.subtitle, printed]))),
			_key_figures(outlook, findings),
			*_pictures(outlook, pictures, STATUS_CHART, 60),
			*(Paragraph(clean(text)) for text in texts),
			*_outlook_parts(outlook),
			*_chart_parts(outlook, pictures),
			*_finding_parts(findings),
			*_method_parts(),
			*_closing_parts(cover, notes),
		),
		is_landscape=True,
	)


def _key_figures(outlook: pd.DataFrame, findings: pd.DataFrame) -> Table:
	figures = {"Indikator": outlook["key"].nunique()}
	figures |= {STATUS_LABELS[status]: count for status, count in status_counts(outlook).items()}
	figures |= {
		f"Temuan {SEVERITY_LABELS[severity].lower()}": count
		for severity, count in severity_counts(findings).items()
	}
	columns = tuple(Column(label, 100 / len(figures)) for label in figures)
	values = tuple(format_number(count, 0) for count in figures.values())
	return Table(columns, [[values]], "–", strong=frozenset({0}))


def _pictures(outlook: pd.DataFrame, pictures: Mapping[str, bytes], name: str, width: float) -> list[Picture]:
	if name not in pictures:
		return []
	counts = status_counts(outlook).items()
	alt = "; ".join(f"{STATUS_LABELS[status]}: {count} indikator" for status, count in counts)
	return [Picture(name, pictures[name], alt, width)]


def _outlook_parts(outlook: pd.DataFrame) -> list:
	has_opd = has_opd_of(outlook)
	widths = (17, 11, 5, 6, 7, 12, 6, 8, 28) if has_opd else (22, 0, 5, 7, 8, 12, 6, 8, 32)
	headings = (
		"Indikator",
		"OPD",
		"Tahun",
		"Target",
		"Perkiraan",
		f"Rentang {LEVEL}%",
		"Peluang",
		"Status",
		"Alasan",
	)
	columns = tuple(
		Column(heading, width, heading in ("Target", "Perkiraan", f"Rentang {LEVEL}%", "Peluang"))
		for heading, width in zip(headings, widths, strict=True)
		if width
	)
	shown = in_need(outlook).head(MOST_ROWS_IN_PDF)
	groups = [
		[_outlook_cells(row, has_opd) for row in records(part)]
		for _, part in shown.groupby("key", sort=False)
	]
	return [
		Heading("section", "Perkiraan terhadap target"),
		Paragraph("Indikator yang paling memerlukan perhatian berdiri paling atas.", "intro"),
		Table(columns, groups, "Tidak ada indikator yang dapat diperkirakan.", merged=2 if has_opd else 1),
		*_left_out(len(outlook), "perkiraan", "outlook.csv"),
	]


def _outlook_cells(row: dict, has_opd: bool) -> tuple[str, ...]:
	cells = outlook_cells(row)
	return tuple(text for name, text in cells.items() if has_opd or name != "opd")


def _left_out(count: int, what: str, file: str) -> list[Paragraph]:
	if count <= MOST_ROWS_IN_PDF:
		return []
	rest = format_number(count - MOST_ROWS_IN_PDF, 0)
	text = (
		f"{rest} baris {what} lain tidak dicetak di sini; semuanya ada pada berkas {file} yang dilampirkan."
	)
	return [Paragraph(text, "small")]


def _chart_parts(outlook: pd.DataFrame, pictures: Mapping[str, bytes]) -> list:
	names = [name for name in pictures if name != STATUS_CHART]
	if not names:
		return []
	return [
		Heading("section", "Grafik indikator yang paling memerlukan perhatian"),
		*(Picture(name, pictures[name], _alt(name), 72) for name in names),
	]


def _alt(name: str) -> str:
	"""What a chart shows, by its name."""
	indicator = name.removeprefix(INDICATOR_CHARTS)[3:].replace("-", " ")
	return f"Realisasi, target, dan perkiraan: {indicator}"


def _finding_parts(findings: pd.DataFrame) -> list:
	has_opd = has_opd_of(findings)
	widths = (7, 20, 13, 11, 14, 35) if has_opd else (7, 24, 0, 11, 14, 44)
	headings = ("Tingkat", "Indikator", "OPD", "Periode", "Pemeriksaan", "Temuan")
	columns = tuple(Column(heading, width) for heading, width in zip(headings, widths, strict=True) if width)
	rank = findings["severity"].map({severity: number for number, severity in enumerate(SEVERITIES)})
	ordered = findings.assign(_rank=rank).sort_values(["_rank", "key", "year", "number", "code"])
	labels = {check.code: check.label for check in CHECKS}
	groups = [
		[
			clean(
				(
					SEVERITY_LABELS[row["severity"]],
					row["indicator"],
					*([row["opd"]] if has_opd else []),
					row["period"],
					labels[row["code"]],
					row["message"],
				)
			)
		]
		for row in records(ordered.head(MOST_ROWS_IN_PDF))
	]
	return [
		Heading("section", "Temuan pemeriksaan angka"),
		Paragraph(
			"Temuan adalah pertanyaan, bukan putusan: angka yang ganjil dapat saja benar. Cocokkan dengan sumbernya.",
			"intro",
		),
		Table(columns, groups, "Tidak ada temuan."),
		*_left_out(len(findings), "temuan", "checks.csv"),
	]


# --- how it was computed ---


def _method_parts() -> list:
	methods = ", ".join(label.lower() for code, label in METHOD_LABELS.items() if code not in ("", "actual"))
	sentences = (
		(
			"Perkiraan.",
			"Angka akhir tahun dan akhir rencana diperkirakan dari deret indikator itu sendiri. Cara yang dicoba: "
			f"{methods.replace('theil–sen', 'Theil–Sen')}. Setiap cara diuji mundur pada masa lalu indikator; dipakai "
			"cara yang paling kecil melesetnya, dan cara yang kalah dari cara naif (nilai terakhir, atau porsi yang "
			"sama dengan tahun lalu) tidak dipakai.",
		),
		(
			f"Rentang {LEVEL}%.",
			f"Berdasarkan besarnya meleset pada uji mundur, angka sebenarnya diperkirakan jatuh di dalam rentang ini pada "
			f"{LEVEL} dari 100 kejadian. Dengan uji mundur yang terlalu sedikit, rentang dan peluang tidak dihitung.",
		),
		(
			"Peluang dan status.",
			f"Peluang adalah kemungkinan target akhir tahun tercapai. {STATUS_LABELS['on_track']}: peluang sedikitnya "
			f"{format_number(100 * ON_TRACK, 0)}%; {STATUS_LABELS['off_track'].lower()}: paling banyak "
			f"{format_number(100 * OFF_TRACK, 0)}%; di antaranya {STATUS_LABELS['at_risk'].lower()}. Target yang harus "
			f"tepat (stabil) dianggap tercapai dalam jarak {format_number(100 * TOLERANCE, 0)}%. Jumlah indikator "
			"menurut status dihitung pada tahun terdekat setiap indikator.",
		),
		(
			"Tahun yang sudah lengkap.",
			"Bila periode terakhir sudah berealisasi dan tidak ada target untuk tahun sesudahnya, yang dilaporkan adalah "
			"realisasinya, bukan perkiraan.",
		),
		(
			"Keterbatasan.",
			"Perkiraan meneruskan pola masa lalu dan tidak mengetahui program baru, perubahan definisi, atau kejadian "
			"luar biasa. Deret yang pendek memberi rentang yang lebar atau tidak memberi rentang. Angka yang salah pada "
			"data masukan menghasilkan perkiraan yang salah, kecuali yang ditemukan sebagai salah tulis: periksa temuan lebih dahulu.",
		),
		(
			"Dapat diulang.",
			"Data yang sama selalu menghasilkan perkiraan, peluang, dan temuan yang sama, tanpa jaringan dan tanpa model "
			"bahasa.",
		),
	)
	items = [Item("•", text, lead=lead) for lead, text in sentences]
	return [Heading("chapter", "CARA PERHITUNGAN"), *items, *_check_parts()]


def _check_parts() -> list:
	columns = (Column("Pemeriksaan", 24), Column("Tingkat", 10), Column("Yang diperiksa", 66))
	groups = [
		[(check.label, SEVERITY_LABELS[check.severity], check.description)]
		for severity in SEVERITIES
		for check in CHECKS
		if check.severity == severity
	]
	return [Heading("section", "Pemeriksaan angka"), Table(columns, groups, "–")]


def _closing_parts(cover: Cover, notes: Sequence[str]) -> list:
	parts: list = [Paragraph(clean(note), "small") for note in notes]
	if parts:
		parts.insert(0, Heading("section", "Catatan"))
	if cover.signer:
		day = place_and_day(cover.place, cover.printed_on)
		parts.append(signatures(day, {}, signer_lines(cover.signer)))
	return parts
