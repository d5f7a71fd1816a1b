"""Verified figures as files that other systems read: CSV, JSON, ADX-shaped XML and Parquet (docs/exports.md).

Every kind holds the same rows and the same values. A full export replaces its scope at the receiver; the manifest
says what belongs to it. Nothing is computed here.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pandas as pd

from seroja.core.periods import Period
from seroja.core.rendering import INTEGER, NUMBER, TEXT, plain_value, write_csv

FORMAT, VERSION = "seroja-figures", 1
# Name → kind and meaning, in the order of the columns.
FIGURES: dict[str, tuple[str, str]] = {
	"indicator": (TEXT, "Kode indikator dalam SEROJA"),
	"bappenas_code": (TEXT, "Kode referensi Bappenas"),
	"sipd_code": (TEXT, "Kode SIPD"),
	"indicator_name": (TEXT, "Nama indikator"),
	"opd": (TEXT, "Kode perangkat daerah"),
	"opd_name": (TEXT, "Nama perangkat daerah"),
	"year": (INTEGER, "Tahun"),
	"quarter": (INTEGER, "Triwulan 1 sampai 4, kosong untuk setahun"),
	"period": (TEXT, "Periode, misalnya 2026-TW1"),
	"unit": (TEXT, "Satuan"),
	"polarity": (TEXT, "Polaritas"),
	"target": (NUMBER, "Target sebagai angka, untuk rentang batas bawahnya"),
	"target_upper": (NUMBER, "Batas atas target berupa rentang"),
	"target_text": (TEXT, "Target sebagaimana tertulis, misalnya WTP"),
	"realization": (NUMBER, "Realisasi triwulan sebagai angka"),
	"realization_text": (TEXT, "Realisasi triwulan sebagaimana tertulis, misalnya WTP"),
	"realization_to_date": (NUMBER, "Realisasi sampai dengan triwulan ini sebagai angka"),
	"achievement": (NUMBER, "Capaian mentah dalam persen"),
	"score": (NUMBER, "Capaian yang dinilai dalam persen"),
	"category": (TEXT, "Kategori capaian"),
	"status": (TEXT, "Status perhitungan"),
	"verified_on": (TEXT, "Tanggal verifikasi, TTTT-BB-HH"),
	"seal": (TEXT, "Segel lembar yang diverifikasi"),
	"calculation_version": (TEXT, "Versi perhitungan"),
}
_REQUIRED = ("indicator", "opd", "year")
# XML has no way to write these, UTF-8 none to write the first of them.
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")

_ADX, _OURS = "urn:ihe:qrph:adx:2015", "urn:seroja:figures:1"
_QUARTER, _YEAR = "P3M", "P1Y"
_MEASURES = tuple(name for name, (kind, _) in FIGURES.items() if kind == NUMBER)
_WORDS = ("target_text", "realization_text", "category")
_STATUS = "status"  # always written: ADX wants at least one value in a group
_IN_THE_GROUP = ("opd", "year", "quarter")
_ATTRIBUTES = tuple(name for name in FIGURES if name not in {*_MEASURES, *_WORDS, _STATUS, *_IN_THE_GROUP})


@dataclass(frozen=True)
class About:
	"""What an export is. scope: what it holds in full and replaces: `opds`, codes of units, and `year`. made_on: ISO 8601
	with time and offset. source: who made it."""

	title: str
	scope: Mapping[str, int | Sequence[str]]
	made_on: str
	source: str = ""


def write(frame: pd.DataFrame, kind: str, about: About) -> bytes:
	"""The figures as a file of a kind: csv, json, xml or parquet.

	frame: the columns of FIGURES, a row per indicator and period, percentages as percent; any other column is left
	out. No value is empty in CSV, null in JSON and Parquet, absent in XML. Texts lose the characters that a file
	cannot hold. Raises KeyError for another kind or a column that is not there, ValueError for a row without
	indicator, OPD or year and for a number that is none.
	"""
	writer = _WRITERS[kind]
	return writer(_rows(frame), _described(about))


def _rows(frame: pd.DataFrame) -> list[dict]:
	readers = [_READERS[kind] for kind, _ in FIGURES.values()]
	rows = [
		{name: read(value) for name, read, value in zip(FIGURES, readers, row, strict=True)}
		for row in frame[list(FIGURES)].itertuples(index=False, name=None)
	]
	for place, row in enumerate(rows, 1):
		lacking = [name for name in _REQUIRED if row[name] is None]
		if lacking:
			raise ValueError(f"row {place} has no {', '.join(lacking)}")
	return rows


def _plain(value: object) -> object:
	"""A value that each kind of file can hold, None for no value and for a text without any character."""
	value = plain_value(value)
	return (_UNWRITABLE.sub("", value) or None) if isinstance(value, str) else value


def _text(value: object) -> str | None:
	value = _plain(value)
	if isinstance(value, date):
		return value.isoformat()[:10]
	return None if value is None else str(value)


def _number(value: object) -> float | None:
	value = plain_value(value)
	return None if value is None else plain_value(float(value))


def _integer(value: object) -> int | None:
	value = plain_value(value)
	return None if value is None else int(value)


_READERS = {TEXT: _text, NUMBER: _number, INTEGER: _integer}


def _described(about: About) -> dict:
	opds = [_plain(code) for code in about.scope["opds"]]
	texts = {name: _plain(value) for name, value in vars(about).items() if name != "scope"}
	return texts | {"scope": {**about.scope, "opds": opds}}


def _json(value: object, **layout) -> str:
	return json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False, **layout)


# --- the kinds ---


def _csv(rows: list[dict], about: dict) -> bytes:
	"""As every CSV of SEROJA; what the export is stands in the manifest, a line of it here would break readers."""
	return write_csv(pd.DataFrame(rows, columns=list(FIGURES), dtype=object))


def _json_file(rows: list[dict], about: dict) -> bytes:
	return (_json({"about": about, "figures": rows}, indent=1) + "\n").encode()


def _parquet(rows: list[dict], about: dict) -> bytes:
	"""The same rows give the same bytes with one version of pyarrow, which writes its name into the file."""
	import pyarrow as pa
	from pyarrow import parquet

	types = {TEXT: pa.string(), NUMBER: pa.float64(), INTEGER: pa.int32()}
	columns = [
		pa.field(name, types[kind], nullable=name not in _REQUIRED) for name, (kind, _) in FIGURES.items()
	]
	table = pa.Table.from_pylist(rows, pa.schema(columns, metadata={"about": _json(about)}))
	buffer = io.BytesIO()
	parquet.write_table(table, buffer, compression="zstd")
	return buffer.getvalue()


def _xml(rows: list[dict], about: dict) -> bytes:
	root = ElementTree.Element(
		"adx",
		{"xmlns": _ADX, "xmlns:s": _OURS, "exported": about["made_on"] or "", "s:about": _json(about)},
	)
	for row in rows:
		_add_group(root, row)
	ElementTree.indent(root, " ")
	return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _add_group(root: ElementTree.Element, row: dict) -> None:
	"""A group per figure: what describes the indicator is said once, and not on each of its values."""
	period = {"orgUnit": row["opd"], "period": _adx_period(row["year"], row["quarter"]), "dataSet": FORMAT}
	described = {f"s:{name}": row[name] for name in _ATTRIBUTES if row[name] is not None}
	group = ElementTree.SubElement(root, "group", period | described)
	for name in _MEASURES:
		if row[name] is not None:
			_add_value(group, row, name, format(Decimal(repr(row[name])), "f"))
	for name in _WORDS:
		if row[name] is not None:
			_add_value(group, row, name, "0", row[name])
	_add_value(group, row, _STATUS, "0", row[_STATUS] or "")


def _add_value(group: ElementTree.Element, row: dict, name: str, value: str, text: str | None = None) -> None:
	"""ADX wants a decimal in every value and puts a text into the annotation beside a 0."""
	element = f"{row['indicator']}.{name}"
	found = ElementTree.SubElement(group, "dataValue", {"dataElement": element, "value": value})
	if text is not None:
		ElementTree.SubElement(found, "annotation").text = text


def _adx_period(year: int, quarter: int | None) -> str:
	period = Period(year, "quarter", quarter) if quarter else Period(year)
	return f"{period.start.isoformat()}/{_QUARTER if quarter else _YEAR}"


_WRITERS = {"csv": _csv, "json": _json_file, "xml": _xml, "parquet": _parquet}
KINDS = tuple(_WRITERS)


# --- manifest ---


def manifest(files: Mapping[str, bytes], about: About, rows: int) -> bytes:
	"""What belongs to an export, as JSON: SHA-256, bytes and rows of each file.

	The receiver replaces all that it has of `about.scope` by these files, so that nothing stale stays.
	"""
	listed = {name: _proof(content) | {"rows": rows} for name, content in files.items()}
	content = {"format": FORMAT, "version": VERSION, "about": _described(about), "files": listed}
	return (_json(content, indent=1) + "\n").encode()


def check_manifest(content: bytes, files: Mapping[str, bytes]) -> list[str]:
	"""What is missing, surplus or different in a received export, in Indonesian sentences; empty when it is whole.

	A manifest is not signed: it finds what was lost on the way, not who sent it.
	"""
	listed = _listed(content)
	if listed is None:
		return ["Manifes tidak terbaca; unduh kembali seluruh ekspor."]
	missing = [
		f"Berkas {_quoted(name)} tercantum dalam manifes tetapi tidak ada."
		for name in sorted(listed.keys() - files.keys())
	]
	surplus = [
		f"Berkas {_quoted(name)} tidak tercantum dalam manifes."
		for name in sorted(files.keys() - listed.keys())
	]
	different = [
		f"Isi berkas {_quoted(name)} berbeda dari yang tercatat dalam manifes."
		for name in sorted(files.keys() & listed.keys())
		if not _proof(files[name]).items() <= listed[name].items()
	]
	return [*missing, *surplus, *different]


def _quoted(name: str) -> str:
	return f"“{_plain(name[:80]) or ''}”"


def _proof(content: bytes) -> dict:
	return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def _listed(content: bytes) -> dict[str, dict] | None:
	"""The files that a manifest lists, None for what is no manifest of figures."""
	try:
		made = json.loads(content)
	except (ValueError, RecursionError):
		return None
	if not isinstance(made, dict) or (made.get("format"), made.get("version")) != (FORMAT, VERSION):
		return None
	listed = made.get("files")
	is_listed = isinstance(listed, dict) and all(isinstance(entry, dict) for entry in listed.values())
	return listed if is_listed else None
