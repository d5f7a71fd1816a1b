"""The drafted text of each section of a LKjIP (domain.md 5.1). People edit it; figures in it come from the data.

What only people can know stands in square brackets and asks to be replaced.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from seroja.core.parts import clean
from seroja.core.performance_report import IndicatorRow, ReportData, budget_of, missed, objective_name
from seroja.core.performance_report_analysis import (
	best_first,
	chapter_three,
	counts_text,
	efficiency_text,
	extremes_text,
	indicators_text,
	listed,
	means_text,
	money_text,
	movement_text,
	quoted,
	sentence,
	some_named,
	with_achievement,
)
from seroja.core.performance_report_story import evaluation_blocks, indicator_blocks
from seroja.core.performance_report_tables import count_text, rupiah, section_tables

_I, _II = "BAB I PENDAHULUAN", "BAB II PERENCANAAN KINERJA"
_III, _IV = "BAB III AKUNTABILITAS KINERJA", "BAB IV PENUTUP"


@dataclass(frozen=True)
class Draft:
	"""A section as drafted. chapter: "" in front of the chapters; text: paragraphs with an empty line between
	them, items on lines of their own; basis: changes exactly when text or tables of the section change."""

	key: str
	chapter: str
	title: str
	text: str
	basis: str


def drafts(data: ReportData) -> tuple[Draft, ...]:
	"""The sections in the order of the report (domain.md 5.1)."""
	data = clean(data)
	tables = section_tables(data)
	return tuple(
		Draft(key, chapter, title, text, _basis(text, tables.get(key, [])))
		for key, chapter, title, blocks in _sections(data)
		for text in ["\n\n".join(filter(None, blocks))]
	)


def _basis(text: str, tables: list) -> str:
	cells = [asdict(part) | {"strong": None} for part in tables]
	return hashlib.sha256(json.dumps([text, cells], ensure_ascii=False).encode()).hexdigest()


def _sections(data: ReportData) -> list[tuple[str, str, str, Sequence[str]]]:
	return [
		("preface", "", "KATA PENGANTAR", _preface(data)),
		("summary", "", "IKHTISAR EKSEKUTIF", _summary(data)),
		("overview", _I, "A. Gambaran umum organisasi", _overview(data)),
		("strategic_aspects", _I, "B. Aspek strategis organisasi", _aspects(data)),
		("strategic_issues", _I, "C. Isu strategis", _issues(data)),
		("plan", _II, "A. Rencana strategis", _plan(data)),
		("agreement", _II, f"B. Perjanjian Kinerja tahun {data.year}", _agreement(data)),
		*_chapter_three(data),
		("conclusion", _IV, "A. Simpulan", _conclusion(data)),
		("improvements", _IV, "B. Langkah perbaikan", _improvements(data)),
	]


def _chapter_three(data: ReportData) -> list[tuple[str, str, str, Sequence[str]]]:
	blocks = chapter_three(data)
	blocks |= {EVALUATION: evaluation_blocks(data), "indicators": indicator_blocks(data)}
	return [
		(key, _III, title.format(data.year), blocks[key]) for key, title in _TITLES.items() if key in blocks
	]


EVALUATION = "evaluation"
_TITLES = {
	"achievement": "1. Target dan realisasi tahun {}",
	"history": "2. Perbandingan dengan tahun-tahun sebelumnya",
	"medium_term": "3. Realisasi terhadap target jangka menengah",
	"benchmark": "4. Perbandingan dengan standar nasional dan daerah lain",
	"causes": "5. Penyebab keberhasilan atau kegagalan dan solusi",
	"efficiency": "6. Efisiensi penggunaan sumber daya",
	"programs": "7. Program penunjang pencapaian kinerja",
	EVALUATION: "8. Evaluasi, prospek, dan saran",
	"indicators": "9. Analisis setiap indikator",
	"budget": "B. Realisasi anggaran",
	"units": "C. Capaian perangkat daerah",
}


# --- in front ---

_BASES = (
	"Peraturan Presiden Nomor 29 Tahun 2014 tentang Sistem Akuntabilitas Kinerja Instansi Pemerintah dan Peraturan "
	"Menteri Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 53 Tahun 2014 tentang Petunjuk Teknis "
	"Perjanjian Kinerja, Pelaporan Kinerja dan Tata Cara Reviu atas Laporan Kinerja Instansi Pemerintah"
)


def _preface(data: ReportData) -> list[str]:
	return [
		"Puji syukur kami panjatkan ke hadirat Tuhan Yang Maha Esa atas tersusunnya Laporan Kinerja Instansi "
		f"Pemerintah (LKjIP) {data.unit} Tahun {data.year}.",
		f"Laporan ini disusun berdasarkan {_BASES}. Laporan ini merupakan pertanggungjawaban {data.head_title} atas "
		f"pelaksanaan Perjanjian Kinerja tahun {data.year} beserta penggunaan anggarannya.",
		f"Laporan ini menyajikan capaian {indicators_text(len(data.indicators))} kinerja, perbandingannya dengan "
		"tahun-tahun sebelumnya dan dengan target jangka menengah, penyebab keberhasilan dan kegagalan, efisiensi "
		"penggunaan sumber daya, serta langkah perbaikan.",
		"Semoga laporan ini bermanfaat sebagai bahan evaluasi dan perbaikan kinerja pada tahun berikutnya. Kepada "
		"semua pihak yang telah membantu penyusunannya kami sampaikan terima kasih.",
	]


def _summary(data: ReportData) -> list[str]:
	return [
		counts_text(data),
		means_text(data),
		extremes_text(data),
		movement_text(data),
		money_text(data),
		efficiency_text(data),
	]


# --- chapter I and II ---


def _overview(data: ReportData) -> list[str]:
	return [
		f"[Uraikan secara singkat tugas, fungsi, susunan organisasi, serta sumber daya manusia {data.unit}.]"
	]


def _aspects(data: ReportData) -> list[str]:
	return [f"[Uraikan aspek strategis {data.unit}: peran, mandat, dan layanan yang paling menentukan.]"]


def _issues(data: ReportData) -> list[str]:
	return [
		f"[Uraikan isu strategis yang dihadapi {data.unit} pada tahun {data.year} dan kaitannya dengan sasaran.]"
	]


def _plan(data: ReportData) -> list[str]:
	if not data.plan_title:
		return ["Dokumen perencanaan jangka menengah belum tercatat."]
	years = f" tahun {data.plan_years[0]}–{data.plan_years[1]}" if data.plan_years else ""
	missions = [f"{number}. {sentence(text)}" for number, text in enumerate(data.missions, 1)]
	return [
		f"Perencanaan kinerja {data.unit} mengacu pada {data.plan_title}{years}.",
		f"Visi yang hendak diwujudkan adalah {quoted(data.vision.rstrip('.'))}." if data.vision else "",
		"\n".join(["Visi tersebut diwujudkan melalui misi:" if data.vision else "Misi:", *missions])
		if missions
		else "",
	]


def _agreement(data: ReportData) -> list[str]:
	if not data.indicators:
		return [f"Perjanjian Kinerja tahun {data.year} belum tercatat."]
	objectives = {objective_name(row.objective) for row in data.indicators} - {""}
	main = sum(row.is_iku for row in data.indicators)
	said = (
		f"Perjanjian Kinerja {data.head_title} tahun {data.year} memuat {count_text(len(objectives))} sasaran dengan "
		f"{indicators_text(len(data.indicators))} kinerja, {count_text(main)} di antaranya Indikator "
		"Kinerja Utama (IKU)."
	)
	if not data.programs:
		return [said, "Program dan anggaran pendukungnya belum tercatat."]
	budget = rupiah(budget_of(data.programs).budget)
	return [
		said,
		f"Perjanjian tersebut didukung {count_text(len(data.programs))} program dengan anggaran {budget}.",
	]


# --- chapter IV ---


def _conclusion(data: ReportData) -> list[str]:
	failed = list(reversed(best_first(missed(data.indicators))))
	return [
		counts_text(data),
		means_text(data) if data.indicators else "",
		f"Yang masih memerlukan perhatian adalah {some_named(failed, with_achievement)}." if failed else "",
		money_text(data),
	]


def _improvements(data: ReportData) -> list[str]:
	rows = [row for row in data.indicators if row.next_steps]
	without = [row for row in missed(data.indicators) if not row.next_steps]
	return [
		listed("Langkah perbaikan yang akan dilaksanakan:", map(_improvement, rows))
		or "Belum ada langkah perbaikan yang tercatat.",
		f"[Uraikan langkah perbaikan untuk {some_named(without, lambda row: quoted(row.name))}.]"
		if without
		else "",
	]


def _improvement(row: IndicatorRow) -> str:
	return sentence(f"{quoted(row.name)}: {'; '.join(text.rstrip('. ') for text in row.next_steps)}")
