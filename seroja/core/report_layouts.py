"""Layouts of the official reports as data, and extracts in them (design.md decision 6; domain.md 5.4 to 5.6).

A value is entered once; a layout says which rows a report takes, in which order, and under which headings. The
layouts of the package lie in data/report_layouts, one JSON file each. Rows go in as data frames whose columns
are the fields of the layout's source, and come out as a frame, a workbook or CSV.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from importlib.resources import files

import pandas as pd

from seroja.core.achievement import STATUS_LABELS
from seroja.core.numbers import NumberFormatError, is_no_value, parse_number
from seroja.core.rendering import (
	INTEGER,
	NUMBER,
	PERCENT,
	RUPIAH,
	TEXT,
	Sheet,
	plain_value,
	write_csv,
	write_xlsx,
)
from seroja.core.spm import SERVICE
from seroja.core.spreadsheets import read_year

REPORTS = ("LKPJ", "LPPD", "SPM", "RB", "SAKIP", "SPBE")
INDICATORS, SERIES, PROGRAMS, SPM, ASSESSMENT = "indicators", "series", "programs", "spm", "assessment"
KINDS = (TEXT, NUMBER, PERCENT, RUPIAH, INTEGER)
YEARS_OF_A_SERIES = 5

_INDICATOR_FIELDS = {
	"opd": "Perangkat daerah",
	"code": "Kode indikator dalam SEROJA",
	"number": "Nomor resmi dalam laporan, misalnya 1.a.1",
	"group": "Aspek, urusan atau tema",
	"part": "Jenis layanan atau subkelompok",
	"tag": "Tanda yang membuat indikator termuat",
	"indicator": "Nama indikator",
	"unit": "Satuan",
	"indicator_kind": "Tipe: outcome atau output",
	"target": "Target sebagaimana tertulis",
	"realization": "Realisasi sebagaimana tertulis",
	"target_value": "Target sebagai angka",
	"realization_value": "Realisasi sebagai angka",
	"achievement": "Capaian mentah dalam persen",
	"score": "Capaian yang dinilai dalam persen",
	"category": "Kategori capaian",
	"status_label": "Status perhitungan",
	"numerator_label": "Nama pembilang",
	"numerator": "Nilai pembilang",
	"denominator_label": "Nama penyebut",
	"denominator": "Nilai penyebut",
	"formula": "Rumus",
	"data_source": "Sumber data",
	"evidence": "Bukti dukung",
	"evidence_link": "Tautan bukti dukung",
	"obstacle": "Permasalahan",
	"next_step": "Tindak lanjut",
	"year": "Tahun",
}
_SERIES_FIELDS = {
	f"y{place}": f"Nilai tahun ke-{place} dari {YEARS_OF_A_SERIES}, yang terlama dahulu"
	for place in range(1, YEARS_OF_A_SERIES + 1)
}
# Source → field → what it means. A frame of the source has these columns.
FIELDS = {
	INDICATORS: _INDICATOR_FIELDS,
	SERIES: _INDICATOR_FIELDS | _SERIES_FIELDS,
	PROGRAMS: {
		"opd": "Perangkat daerah",
		"urusan": "Urusan pemerintahan",
		"policy": "Kebijakan",
		"program_code": "Kode program, kegiatan atau subkegiatan",
		"program": "Program, kegiatan atau subkegiatan",
		"parent": "Program atau kegiatan di atasnya",
		"indicator": "Nama indikator",
		"unit": "Satuan",
		"target": "Target sebagaimana tertulis",
		"realization": "Realisasi sebagaimana tertulis",
		"achievement": "Capaian mentah dalam persen",
		"budget": "Anggaran dalam rupiah",
		"budget_realization": "Realisasi anggaran dalam rupiah",
		"budget_share": "Capaian anggaran dalam persen",
		"obstacle": "Permasalahan",
		"effort": "Upaya yang sudah dilakukan",
		"next_step": "Tindak lanjut",
	},
	SPM: {
		"level": "Tingkat: jenis layanan, urusan atau pemerintah daerah",
		"opd": "Perangkat daerah",
		"group": "Urusan",
		"part": "Jenis layanan",
		"need": "Sasaran: yang wajib dilayani",
		"served": "Yang terlayani",
		"served_share": "Terlayani terhadap sasaran dalam persen",
		"quality": "Rata-rata pemenuhan mutu dalam persen",
		"index": "Indeks pencapaian",
		"category": "Kategori",
		"missing": "Jumlah di bawahnya yang belum mempunyai indeks",
		"status_label": "Status perhitungan",
		"note": "Catatan",
	},
	ASSESSMENT: {
		"opd": "Perangkat daerah",
		"code": "Kode baris lembar kerja",
		"title": "Komponen, butir atau indikator",
		"weight": "Bobot",
		"answer": "Jawaban atau tingkat",
		"value": "Nilai jawaban",
		"score": "Nilai terbobot",
		"evidence": "Bukti dukung",
		"note": "Catatan",
		"recommendation": "Rekomendasi",
	},
}
SOURCES = tuple(FIELDS)
_TAGGED = (INDICATORS, SERIES)
# The fields by which a row is named: its code and its name.
_NAMES = {
	INDICATORS: ("code", "indicator"),
	SERIES: ("code", "indicator"),
	PROGRAMS: ("program_code", "indicator"),
	SPM: ("group", "part"),
	ASSESSMENT: ("code", "title"),
}
_MISSING = ("opd", "code", "indicator", "field", "heading")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,30}")  # also the title of a worksheet
_YEAR = re.compile(rf"\{{year(?:-([1-{YEARS_OF_A_SERIES - 1}]))?\}}")
_WIDEST = 100
_NOTES_WIDTHS = (22, 90)


class LayoutError(ValueError):
	"""A layout that cannot be read or used; `problems` has one sentence each, for the user."""

	def __init__(self, problems: Iterable[str]):
		self.problems = list(problems)
		super().__init__(" ".join(self.problems))


@dataclass(frozen=True)
class LayoutColumn:
	"""heading: may hold the year of the report and up to four before it: "{year}", "{year-4}". width: in
	characters. required: an empty cell is named by `missing`."""

	field: str
	heading: str
	kind: str = TEXT
	width: int = 16
	required: bool = False

	def heading_in(self, year: int) -> str:
		return _YEAR.sub(lambda match: str(year - int(match[1] or 0)), self.heading)


@dataclass(frozen=True)
class Layout:
	"""A table of an official report, valid in the years `valid_from` to `valid_to` (None: open).

	source: what its rows are, one of SOURCES. tags: whose indicators it takes; for an assessment the series of
	the instrument. sort_by: fields, compared as people count (1.a.2 before 1.a.10); none keeps the order of
	the rows. group_by: fields whose equal values stand together.
	"""

	code: str
	title: str
	report: str
	source: str
	columns: tuple[LayoutColumn, ...]
	regulation: str = ""
	valid_from: int | None = None
	valid_to: int | None = None
	tags: tuple[str, ...] = ()
	group_by: tuple[str, ...] = ()
	sort_by: tuple[str, ...] = ()
	notes: str = ""


def is_valid_in(layout: Layout, year: int) -> bool:
	return (layout.valid_from or year) <= year <= (layout.valid_to or year)


# --- extracts ---


def build_extract(layout: Layout, rows: pd.DataFrame, year: int) -> pd.DataFrame:
	"""The rows of the report, in its order, with the fields of its columns in theirs.

	rows: one year's rows with the fields of the layout's source. A text in a column of numbers becomes a
	number where it is one; a range or a label stays a text. Raises LayoutError where the layout is not
	valid in the year.
	"""
	if not is_valid_in(layout, year):
		raise LayoutError([f"Tata letak {layout.code} tidak berlaku untuk tahun {year}."])
	chosen = _ordered(layout, _chosen(layout, rows))
	extract = chosen[[column.field for column in layout.columns]].reset_index(drop=True)
	for column in layout.columns:
		if column.kind != TEXT:
			extract[column.field] = extract[column.field].map(_number_or_text).astype(object)
	return extract


def extract_xlsx(layout: Layout, frame: pd.DataFrame, year: int, notes: Sequence[str]) -> bytes:
	"""A workbook with an extract, and a sheet that says what it is. notes: sentences on these figures."""
	columns = [
		(column.field, column.heading_in(year), column.kind, column.width) for column in layout.columns
	]
	rows = [
		("Laporan", f"{layout.report}: {layout.title}"),
		("Tahun", str(year)),
		("Dasar hukum", layout.regulation),
		("Catatan tata letak", layout.notes),
		*(("Catatan", note) for note in notes),
	]
	about = pd.DataFrame([row for row in rows if row[1]], columns=["what", "text"])
	widths = zip(about.columns, ("Perihal", "Isi"), (TEXT, TEXT), _NOTES_WIDTHS, strict=True)
	return write_xlsx(
		[Sheet(layout.code, frame, columns), Sheet("Catatan", about, list(widths))], layout.title
	)


def extract_csv(layout: Layout, frame: pd.DataFrame, year: int) -> bytes:
	"""An extract as CSV under the official headings."""
	return write_csv(frame.set_axis([column.heading_in(year) for column in layout.columns], axis="columns"))


def missing(layout: Layout, rows: pd.DataFrame, year: int) -> pd.DataFrame:
	"""The required cells that are empty: opd, code, indicator, field, heading of the column.

	A row without population is not asked for numbers, sums of SPM are asked for nothing.
	"""
	chosen = _chosen(layout, rows)
	if layout.source == SPM:
		chosen = chosen[chosen["level"] == SERVICE]
	parts = [_lacking(layout, chosen, column, year) for column in layout.columns if column.required]
	if not parts:
		return pd.DataFrame(columns=list(_MISSING))
	return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def _lacking(layout: Layout, rows: pd.DataFrame, column: LayoutColumn, year: int) -> pd.DataFrame:
	names = ("opd", *_NAMES[layout.source])
	empty = rows.loc[_is_lacking(rows, column), list(names)].set_axis(_MISSING[: len(names)], axis="columns")
	return empty.assign(field=column.field, heading=column.heading_in(year))


def _is_lacking(rows: pd.DataFrame, column: LayoutColumn) -> pd.Series:
	lacking = rows[column.field].map(lambda value: is_no_value(plain_value(value))).astype(bool)
	if column.kind == TEXT or "status_label" not in rows:
		return lacking
	return lacking & (rows["status_label"] != STATUS_LABELS["no_population"])


def _chosen(layout: Layout, rows: pd.DataFrame) -> pd.DataFrame:
	chosen = rows[rows["tag"].isin(layout.tags)] if layout.source in _TAGGED else rows
	return chosen.reset_index(drop=True)


def _ordered(layout: Layout, rows: pd.DataFrame) -> pd.DataFrame:
	"""Groups stand in the order of their first rows."""
	rows = _sorted(rows, [rows[field].map(_natural_key) for field in layout.sort_by])
	depths = range(1, len(layout.group_by) + 1)
	groups = [rows.groupby(list(layout.group_by[:depth]), sort=False, dropna=False) for depth in depths]
	return _sorted(rows, [group.ngroup() for group in groups])


def _sorted(rows: pd.DataFrame, keys: Sequence[pd.Series]) -> pd.DataFrame:
	"""Rows with equal keys keep their order; so do all without any key."""
	if not keys:
		return rows
	of_rows = list(zip(*keys, strict=True))
	return rows.iloc[sorted(range(len(rows)), key=of_rows.__getitem__)]


def _natural_key(value: object) -> tuple:
	"""Numbers within a text as numbers, those before letters, nothing last."""
	value = plain_value(value)
	if is_no_value(value):
		return ((2,),)
	if not isinstance(value, str):
		return ((0, value),)
	pieces = re.findall("[0-9]+|[^0-9]+", value.strip().casefold())
	return tuple((0, int(piece[:18])) if piece[0] in "0123456789" else (1, piece) for piece in pieces)


def _number_or_text(value: object) -> object:
	value = plain_value(value)
	if is_no_value(value):
		return None
	try:
		return parse_number(value) if isinstance(value, str) else value
	except NumberFormatError:
		return value


# --- reading and writing JSON ---


def read_layout(text: str | bytes) -> Layout:
	"""Read a layout from JSON. Raises LayoutError, which names everything that is wrong with it."""
	try:
		data = json.loads(text)
		# JSON can escape half a character, which no file takes.
		json.dumps(data, ensure_ascii=False).encode()
	except (ValueError, RecursionError):
		raise LayoutError(["Berkas ini bukan JSON yang sah."]) from None
	if not isinstance(data, dict):
		raise LayoutError(["Tata letak harus berupa satu objek JSON."])
	problems = list(_shape_problems("Tata letak", data, Layout)) or [
		*_header_problems(data),
		*_column_problems(data),
	]
	if problems:
		raise LayoutError(problems)
	columns = tuple(LayoutColumn(**row) for row in data["columns"])
	lists = {name: tuple(data.get(name, ())) for name in ("tags", "group_by", "sort_by")}
	return Layout(**data | lists | {"columns": columns})


def layout_json(layout: Layout) -> str:
	"""The layout as JSON that `read_layout` reads back."""
	return json.dumps(asdict(layout), ensure_ascii=False, indent=1) + "\n"


# How a field of the two classes looks in JSON, by its annotation.
_SHAPES = {
	"str": ("teks", lambda value: isinstance(value, str)),
	"int": ("bilangan bulat", lambda value: type(value) is int),
	"int | None": ("tahun atau null", lambda value: value is None or type(value) is int),
	"bool": ("true atau false", lambda value: isinstance(value, bool)),
	"tuple[str, ...]": (
		"daftar teks",
		lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
	),
	"tuple[LayoutColumn, ...]": ("daftar kolom", lambda value: isinstance(value, list) and len(value) > 0),
}
_NEEDED = {Layout: ("code", "title", "report", "source", "columns"), LayoutColumn: ("field", "heading")}


def _shape_problems(where: str, data: object, record: type) -> Iterator[str]:
	if not isinstance(data, dict):
		yield f"{where} harus berupa objek JSON."
		return
	shapes = {field.name: field.type for field in fields(record)}
	for name in sorted(data.keys() - shapes.keys()):
		yield f"{where} memuat “{name[:40]}” yang tidak dikenal."
	for name, shape in shapes.items():
		description, fits = _SHAPES[shape]
		if name not in data:
			if name in _NEEDED[record]:
				yield f"{where} belum memuat “{name}”."
		elif not fits(data[name]):
			yield f"“{name}” pada {where.lower()} harus berupa {description}."


def _header_problems(data: dict) -> Iterator[str]:
	if not _CODE.fullmatch(data["code"]):
		yield "Kode harus 1 sampai 31 huruf, angka atau tanda hubung."
	if not data["title"].strip():
		yield "Judul masih kosong."
	yield from _choice_problem("Laporan", data["report"], REPORTS)
	yield from _choice_problem("Sumber", data["source"], SOURCES)
	yield from _year_problems(data.get("valid_from"), data.get("valid_to"))
	if data["source"] in (*_TAGGED, ASSESSMENT) and not data.get("tags"):
		yield f"Sumber {data['source']} memerlukan sedikitnya satu tanda pada “tags”."
	for name in ("group_by", "sort_by"):
		for field in data.get(name, []):
			yield from _field_problem(f"“{name}”", data["source"], field)


def _choice_problem(what: str, value: str, choices: Sequence[str]) -> Iterator[str]:
	if value not in choices:
		yield f"{what} “{value[:40]}” tidak dikenal. Pilihan: {', '.join(choices)}."


def _year_problems(first: int | None, last: int | None) -> Iterator[str]:
	for year in (first, last):
		try:
			read_year(year)
		except ValueError as error:
			yield f"Tahun berlaku: {error}"
	if first is not None and last is not None and first > last:
		yield f"Tahun berlaku terbalik: {first} sampai {last}."


def _column_problems(data: dict) -> Iterator[str]:
	for place, row in enumerate(data["columns"], 1):
		where = f"Kolom {place}"
		found = list(_shape_problems(where, row, LayoutColumn))
		yield from found or _content_problems(where, data["source"], row)
	named = [row.get("field") for row in data["columns"] if isinstance(row, dict)]
	for field, times in Counter(name for name in named if isinstance(name, str)).items():
		if times > 1:
			yield f"Bidang “{field[:40]}” dipakai {times} kali."


def _content_problems(where: str, source: str, row: dict) -> Iterator[str]:
	yield from _field_problem(where, source, row["field"])
	yield from _choice_problem(f"{where}: jenis", row.get("kind", TEXT), KINDS)
	if not row["heading"].strip():
		yield f"{where}: judul kolom masih kosong."
	if set("{}") & set(_YEAR.sub("", row["heading"])):
		yield f"{where}: tanda kurung kurawal hanya untuk {{year}} sampai {{year-{YEARS_OF_A_SERIES - 1}}}."
	if not 1 <= row.get("width", 1) <= _WIDEST:
		yield f"{where}: lebar harus 1 sampai {_WIDEST}."


def _field_problem(where: str, source: str, field: str) -> Iterator[str]:
	if source in FIELDS and field not in FIELDS[source]:
		yield f"{where}: bidang “{field[:40]}” tidak ada pada sumber {source}. Pilihan: {', '.join(FIELDS[source])}."


# --- shipped ---


@lru_cache
def shipped_layouts() -> dict[str, Layout]:
	"""The layouts of the package: code → Layout."""
	folder = files("seroja.core").joinpath("data/report_layouts")
	paths = sorted(
		(path for path in folder.iterdir() if path.name.endswith(".json")), key=lambda path: path.name
	)
	layouts = [read_layout(path.read_text(encoding="utf-8")) for path in paths]
	return {layout.code: layout for layout in layouts}


@lru_cache
def _urusan() -> dict[str, str]:
	data = json.loads(files("seroja.core").joinpath("data/urusan.json").read_text(encoding="utf-8"))
	return data["names"]


def urusan_of(nomenclature_code: str | None) -> str:
	"""The urusan that a nomenclature code begins with, "" for none (domain.md 2.2)."""
	return _urusan().get(".".join((nomenclature_code or "").split(".")[:2]), "")
