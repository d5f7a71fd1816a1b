"""The layouts of the import files: what each column is called, what it holds, what it may say.

The nomenclature codes follow Kepmendagri 900.1.15.5-1317/2023 (domain.md 2.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from seroja.core.importers import METHOD_WORDS, POLARITY_WORDS
from seroja.core.periods import CONSOLIDATIONS
from seroja.core.staging import AMOUNT, CHOICE, FLAG, NUMBER, VALUE, YEAR, Column, Layout


def _same(*values: str) -> dict[str, str]:
	"""Choices that are written as they are stored."""
	return {value.casefold(): value for value in values}


def _translated(words: Mapping[str, str]) -> dict[str, str]:
	"""Choices from the words of `importers`, the Indonesian ones first."""
	ordered = sorted(words, key=lambda word: word == words[word])
	return {word: words[word].capitalize() for word in ordered}


_CONSOLIDATION_WORDS = {"jumlah": "SUM", "terakhir": "LAST", "rata-rata": "AVERAGE", "maksimum": "MAX"}
_QUARTERS = {f"{prefix}{number}": str(number) for prefix in ("", "tw") for number in range(1, 5)} | {
	"i": "1",
	"ii": "2",
	"iii": "3",
	"iv": "4",
}

# A Data field of Frappe holds 140 characters.
_OPD = Column("opd", "Perangkat Daerah", required=True, width=34, max_length=140)
_INDICATOR_CODE = Column("indicator_code", "Kode Indikator", required=True, max_length=140)
_NOMENCLATURE_CODE = Column(
	"nomenclature_code",
	"Kode Nomenklatur",
	width=22,
	max_length=140,
	help="Kode Kepmendagri 900.1.15.5-1317/2023 untuk Program, Kegiatan, atau Sub Kegiatan.",
)
_YEAR = Column("year", "Tahun", YEAR, required=True, width=10)
_UNIT = Column("unit", "Satuan", width=14, max_length=140)
_BUDGET = Column("budget", "Pagu", AMOUNT)

_PLANS = Layout(
	"plans",
	"Rencana",
	(
		Column("plan_type", "Jenis Rencana", CHOICE, True, _same("RPJMD", "RPD", "Renstra"), 16),
		replace(_OPD, required=False, help="Kosong untuk rencana pemerintah daerah."),
		Column("title", "Judul", required=True, width=48, max_length=140),
		Column("year_from", "Tahun Awal", YEAR, True, width=12),
		Column("year_to", "Tahun Akhir", YEAR, True, width=12),
		Column("vision", "Visi", width=60),
		Column("missions", "Misi", width=60, help="Pisahkan setiap misi dengan titik koma (;)."),
	),
	("plan_type", "opd", "year_from"),
	{
		"plan_type": "Renstra",
		"opd": "Dinas Sosial",
		"title": "Renstra Dinas Sosial 2025-2029",
		"year_from": 2025,
		"year_to": 2029,
		"vision": "Kota yang sejahtera",
		"missions": "Menurunkan kemiskinan; Memperluas perlindungan sosial",
	},
)

_OBJECTIVES = Layout(
	"objectives",
	"Tujuan, Sasaran, Program, dan Kegiatan",
	(
		Column("code", "Kode", required=True, max_length=140),
		Column(
			"parent_code", "Kode Induk", max_length=140, help="Kode baris di atasnya; kosong untuk puncak."
		),
		Column(
			"level",
			"Jenjang",
			CHOICE,
			True,
			_same("Tujuan", "Sasaran", "Program", "Kegiatan", "Sub Kegiatan"),
			16,
		),
		Column("statement", "Pernyataan", required=True, width=60),
		_OPD,
		Column("critical_success_factor", "Faktor Penentu Keberhasilan", width=40),
		Column("position", "Jabatan Penanggung Jawab", width=34, max_length=140),
		Column("year_from", "Tahun Awal", YEAR, width=12),
		Column("year_to", "Tahun Akhir", YEAR, width=12),
		_NOMENCLATURE_CODE,
		Column("weight", "Bobot", NUMBER, width=10),
		Column("budget_year", "Tahun Anggaran", YEAR, width=12),
		_BUDGET,
		Column("budget_realization", "Realisasi Anggaran", AMOUNT),
	),
	("code",),
	{
		"code": "P-01",
		"parent_code": "S-01",
		"level": "Program",
		"statement": "Program Pemberdayaan Sosial",
		"opd": "Dinas Sosial",
		"critical_success_factor": "Data penerima manfaat yang mutakhir",
		"position": "Kepala Bidang Pemberdayaan Sosial",
		"year_from": 2025,
		"year_to": 2029,
		"nomenclature_code": "1.06.02",
		"weight": 12.5,
		"budget_year": 2025,
		"budget": 1500000000,
		"budget_realization": 750000000,
	},
)

_INDICATORS = Layout(
	"indicators",
	"Indikator",
	(
		_INDICATOR_CODE,
		Column("indicator_name", "Indikator", required=True, width=52, max_length=500),
		_OPD,
		Column("objective_code", "Kode Sasaran", max_length=140, help="Kode tujuan, sasaran, atau program."),
		_UNIT,
		Column(
			"polarity",
			"Polaritas",
			CHOICE,
			True,
			_translated(POLARITY_WORDS),
			14,
			"maksimal: makin tinggi makin baik. minimal: makin rendah makin baik. "
			"stabil: makin dekat target makin baik. kualitatif: predikat seperti WTP atau BB.",
		),
		Column(
			"method",
			"Metode",
			CHOICE,
			choices=_translated(METHOD_WORDS),
			width=14,
			help="Kosong untuk rumus bawaan.",
		),
		Column(
			"consolidation",
			"Konsolidasi",
			CHOICE,
			choices=_CONSOLIDATION_WORDS | _same(*CONSOLIDATIONS),
			width=14,
			help="Cara triwulan menjadi nilai setahun.",
		),
		Column("definition", "Definisi Operasional", width=48),
		Column("formula", "Formula", width=40),
		Column("data_source", "Sumber Data", width=30),
		Column("is_iku", "IKU", FLAG, width=8),
		Column("tags", "Tag", width=24, help="Pisahkan setiap tag dengan koma (,)."),
		Column("bappenas_code", "Kode Bappenas", max_length=140),
		Column("sipd_code", "Kode SIPD", max_length=140),
		_NOMENCLATURE_CODE,
		Column("responsible_position", "Jabatan Penanggung Jawab", width=34, max_length=140),
		Column("numerator_label", "Pembilang", width=40, max_length=140),
		Column("denominator_label", "Penyebut", width=40, max_length=140),
	),
	("indicator_code",),
	{
		"indicator_code": "IKU-01",
		"indicator_name": "Angka kemiskinan",
		"opd": "Dinas Sosial",
		"objective_code": "S-01",
		"unit": "%",
		"polarity": "Minimize",
		"method": "Complement",
		"consolidation": "LAST",
		"definition": "Penduduk dengan pengeluaran di bawah garis kemiskinan",
		"formula": "Penduduk miskin / jumlah penduduk x 100",
		"data_source": "BPS",
		"is_iku": True,
		"tags": "SDGs, SPM",
		"responsible_position": "Kepala Dinas Sosial",
		"numerator_label": "Penduduk miskin",
		"denominator_label": "Jumlah penduduk",
		"target": {2025: "4,65", 2026: "4,5", 2027: "4,3", 2028: "4,1", 2029: "4", 2030: "3,8"},
	},
	"target",
)

_TARGETS = Layout(
	"targets",
	"Target",
	(
		_OPD,
		_YEAR,
		_INDICATOR_CODE,
		Column("year_target", "Target Tahun", VALUE, True, width=14, max_length=140),
		*(Column(f"target_q{n}", f"Target TW{n}", VALUE, width=14, max_length=140) for n in range(1, 5)),
		Column("weight", "Bobot", NUMBER, width=10),
		_BUDGET,
	),
	("opd", "year", "indicator_code"),
	{
		"opd": "Dinas Sosial",
		"year": 2025,
		"indicator_code": "IKU-02",
		"year_target": "100",
		"target_q1": "25",
		"target_q2": "50",
		"target_q3": "75",
		"target_q4": "100",
		"weight": 50,
		"budget": 1500000000,
	},
)

_REALIZATIONS = Layout(
	"realizations",
	"Realisasi",
	(
		_OPD,
		_YEAR,
		Column("quarter", "Triwulan", CHOICE, True, _QUARTERS, 10),
		_INDICATOR_CODE,
		Column("realization", "Realisasi", VALUE, width=14, max_length=140),
		Column("numerator", "Pembilang", NUMBER),
		Column("denominator", "Penyebut", NUMBER),
		Column("budget_realization", "Realisasi Anggaran", AMOUNT),
		Column(
			"missing_reason",
			"Alasan Tanpa Nilai",
			CHOICE,
			choices={"belum rilis": "Not Released", "tidak ada populasi": "No Population"},
			width=20,
			help="Hanya bila realisasi kosong.",
		),
		Column("evidence_link", "Tautan Bukti", width=40, max_length=500),
		Column("obstacle", "Kendala", width=40),
		Column("next_step", "Tindak Lanjut", width=40),
	),
	("opd", "year", "quarter", "indicator_code"),
	{
		"opd": "Dinas Sosial",
		"year": 2025,
		"quarter": "1",
		"indicator_code": "IKU-02",
		"realization": "23,5",
		"numerator": 47,
		"denominator": 200,
		"budget_realization": 350000000,
		"evidence_link": "https://contoh.go.id/laporan-tw1",
		"obstacle": "Data dari kelurahan terlambat",
		"next_step": "Menjadwalkan pengumpulan data lebih awal",
	},
)

_SIPD = Layout(
	"sipd",
	"SIPD",
	(
		replace(_OPD, required=False),
		Column("program_code", "Kode Program", required=True, width=16, max_length=140),
		Column("program_name", "Nama Program", required=True, width=44),
		Column("activity_code", "Kode Kegiatan", required=True, width=18, max_length=140),
		Column("activity_name", "Nama Kegiatan", required=True, width=44),
		Column("sub_activity_code", "Kode Sub Kegiatan", required=True, width=22, max_length=140),
		Column("sub_activity_name", "Nama Sub Kegiatan", required=True, width=44),
		Column("indicator_name", "Indikator", width=52, max_length=500),
		_UNIT,
		Column("target", "Target", VALUE, width=14, max_length=140),
		_BUDGET,
		Column("budget_realization", "Realisasi", AMOUNT),
		replace(_YEAR, required=False),
	),
	("opd", "sub_activity_code", "indicator_name"),
	{
		"opd": "Dinas Pendidikan",
		"program_code": "1.01.02",
		"program_name": "Program Pengelolaan Pendidikan",
		"activity_code": "1.01.02.2.01",
		"activity_name": "Pengelolaan Pendidikan Sekolah Dasar",
		"sub_activity_code": "1.01.02.2.01.0001",
		"sub_activity_name": "Pembangunan Unit Sekolah Baru",
		"indicator_name": "Jumlah unit sekolah baru yang terbangun",
		"unit": "Unit",
		"target": "2",
		"budget": 4200000000,
		"budget_realization": 1100000000,
		"year": 2025,
	},
)

LAYOUTS = {
	layout.name: layout for layout in (_PLANS, _OBJECTIVES, _INDICATORS, _TARGETS, _REALIZATIONS, _SIPD)
}
