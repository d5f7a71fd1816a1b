"""Answers of other systems: bytes of JSON, CSV or XLSX in, records out; and what their shape is.

An answer that cannot be trusted to be whole and plain data is refused with one sentence; it never becomes part of
a figure. The shipped presets (data/sources) say how the answers of known systems look; they are a start to adapt,
not a promise of those systems.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files

import jsonpath

from seroja.core.json_paths import find, path_problem
from seroja.core.numbers import LARGEST, format_number
from seroja.core.source_mapping import MappingRow, check_rows
from seroja.core.spreadsheets import read_cells

KINDS = ("json", "csv", "xlsx")
MOST_RECORDS = 200_000
LONGEST_CELL = 32_767  # as in a workbook
LONGEST_NAME = 300
DEEPEST = 50
_MOST_CELLS = 5_000_000
_SURROGATE = re.compile("[\ud800-\udfff]")
_KIND_WORDS = {"text": "teks", "number": "angka", "boolean": "ya/tidak", "list": "daftar", "object": "objek"}
_KIND_OF = {str: "text", int: "number", float: "number", bool: "boolean", list: "list", dict: "object"}


class AnswerError(ValueError):
	"""The answer as a whole cannot be used; the message is one sentence for the user."""


def read_pages(pages: Sequence[bytes], kind: str, records_path: str = "") -> list[dict]:
	"""The records of all pages, in order. Raises AnswerError.

	kind: one of KINDS. records_path: for JSON, a JSONPath on each page to its records; without one a list is
	its elements and an object is one record. A row of CSV or XLSX is a record by its headings, without
	the columns that have neither heading nor content. Values are texts, numbers, booleans, None, and in JSON
	also lists and objects.
	"""
	records: list[dict] = []
	for number, page in enumerate(pages, 1):
		try:
			records += _read_page(page, kind, records_path)
		except ValueError as error:
			place = f"Halaman {number}: " if len(pages) > 1 else ""
			raise AnswerError(f"{place}{error}") from None
		if len(records) > MOST_RECORDS:
			raise AnswerError(
				f"Jawaban memuat lebih dari {format_number(MOST_RECORDS, 0)} data; persempit permintaannya."
			)
	return records


def _read_page(page: bytes, kind: str, records_path: str) -> list[dict]:
	if kind not in KINDS:
		raise AnswerError(f"Jenis jawaban “{kind[:20]}” tidak dikenal; pilih {', '.join(KINDS)}.")
	start = page[:1000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n")
	if start.startswith(b"<"):
		raise AnswerError(
			"Sumber menjawab dengan halaman web atau XML, bukan data; periksa alamat dan kuncinya."
		)
	return _json_records(page, records_path) if kind == "json" else _table_records(page, kind)


def stated_total(page: bytes) -> int | None:
	"""How many records a CKAN datastore has by the word of one of its pages; None where it has none, or a guess."""
	answer = _parse(_decode(page)) if page else None
	result = answer.get("result") if isinstance(answer, dict) else None
	total = result.get("total") if isinstance(result, dict) else None
	is_count = isinstance(total, int) and not isinstance(total, bool)
	return total if is_count and not result.get("total_was_estimated") else None


def names_one_list(path: str) -> bool:
	"""Whether a valid path to records gives all of one list: $.data or $.data[*].

	A path that chooses or joins records hides how many a page held, and so where the next page begins.
	"""
	return not path or jsonpath.compile(re.sub(r"(\[\*\]|\.\*)$", "", path)).singular_query()


def fingerprint(pages: Sequence[bytes]) -> str:
	"""SHA-256 in hex over the pages with their lengths: the same for the same pages only."""
	digest = hashlib.sha256()
	for page in pages:
		digest.update(len(page).to_bytes(8, "big") + page)
	return digest.hexdigest()


# --- shape ---


def columns_of(records: Iterable[Mapping]) -> dict[str, str]:
	"""The columns of records in alphabetical order, each with the kind of its values.

	A kind is text, number, boolean, list or object, several of them joined by "/", "" where all are missing.
	"""
	kinds: dict[str, set[str]] = {}
	for record in records:
		for name, value in record.items():
			kinds.setdefault(name, set()).add(_KIND_OF.get(type(value), ""))
	return {name: "/".join(sorted(kinds[name] - {""})) for name in sorted(kinds)}


def shape_of(records: Iterable[Mapping]) -> str:
	"""A short digest of `columns_of`."""
	text = json.dumps(columns_of(records), sort_keys=True)
	return hashlib.sha256(text.encode()).hexdigest()[:16]


def shape_difference(before: Mapping[str, str], now: Mapping[str, str]) -> str:
	"""How columns (`columns_of`) changed, in a sentence; "" where nothing did. A kind "" fits every other."""
	parts = {
		"kolom hilang": [name[:60] for name in before if name not in now],
		"kolom baru": [name[:60] for name in now if name not in before],
		"isi berubah": [
			f"{name[:60]} ({_kind_words(before[name])} menjadi {_kind_words(now[name])})"
			for name in before
			if name in now and before[name] and now[name] and before[name] != now[name]
		],
	}
	told = "; ".join(f"{what} {_listed(names)}" for what, names in parts.items() if names)
	return f"Bentuk jawaban berubah: {told}." if told else ""


def _kind_words(kinds: str) -> str:
	return "/".join(_KIND_WORDS.get(kind, kind) for kind in kinds.split("/"))


def _listed(names: list[str]) -> str:
	rest = len(names) - 10
	return ", ".join(names[:10]) + (f" dan {format_number(rest, 0)} lainnya" if rest > 0 else "")


# --- JSON ---


def _json_records(data: bytes, records_path: str) -> list[dict]:
	page = _parse(_decode(data))
	_check(page, 0)
	if isinstance(page, dict) and page.get("success") is False:
		raise AnswerError(
			"Sumber menjawab bahwa permintaan gagal (success: false); periksa alamat dan kuncinya."
		)
	nodes = [node for _, node in find(records_path, page)] if records_path else [page]
	records = [record for node in nodes for record in (node if isinstance(node, list) else [node])]
	for place, record in enumerate(records, 1):
		if not isinstance(record, dict):
			raise AnswerError(
				f"Data ke-{format_number(place, 0)} bukan objek; arahkan jalur data ke daftar objek, misalnya $.data."
			)
	return records


def _decode(data: bytes) -> str:
	is_wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
	try:
		return data.decode("utf-16" if is_wide else "utf-8-sig")
	except UnicodeDecodeError:
		raise AnswerError(
			"Huruf pada jawaban tidak terbaca; JSON harus UTF-8, atau UTF-16 dengan tanda urutan byte."
		) from None


def _parse(text: str) -> object:
	if not text or text.isspace():
		raise AnswerError("Jawaban kosong; periksa alamat dan saringannya.")
	try:
		return json.loads(
			text,
			object_pairs_hook=_object,
			parse_int=_integer,
			parse_float=_fraction,
			parse_constant=_refuse_constant,
		)
	except json.JSONDecodeError as error:
		raise AnswerError(
			f"Jawaban bukan JSON yang utuh: rusak atau terpotong pada baris {error.lineno}, huruf ke-{error.colno}; "
			"ambil lagi atau periksa alamatnya."
		) from None
	except RecursionError:
		raise AnswerError(_TOO_DEEP) from None


_TOO_DEEP = f"Jawaban bersusun lebih dari {DEEPEST} tingkat; minta bentuk yang lebih sederhana."


def _object(pairs: list[tuple[str, object]]) -> dict:
	record = dict(pairs)
	if len(record) < len(pairs):
		twice = _twice(name for name, _ in pairs)
		raise AnswerError(
			f"Nama “{twice[:60]}” muncul dua kali dalam satu objek; minta sumber memperbaikinya."
		)
	return record


def _twice(names: Iterable[str]) -> str:
	"""The first name that came before."""
	seen: set[str] = set()
	return next(name for name in names if name in seen or seen.add(name))


def _integer(text: str) -> int:
	if len(text) > 17 or abs(int(text)) > LARGEST:
		raise AnswerError(
			f"Bilangan {text[:20]} terlalu besar; minta sumber mengirim kode panjang sebagai teks."
		)
	return int(text)


def _fraction(text: str) -> float:
	if math.isinf(number := float(text)):
		raise AnswerError(
			f"Bilangan {text[:20]} terlalu besar; minta sumber memakai satuan yang lebih besar."
		)
	return number


def _refuse_constant(text: str) -> None:
	raise AnswerError(f"Jawaban memuat {text}, yang bukan angka JSON; minta sumber mengirim null.")


def _check(value: object, depth: int) -> None:
	"""Refuse what is nested too deep, and texts that are too long or no text."""
	if isinstance(value, str):
		_check_text(value, LONGEST_CELL)
	elif isinstance(value, (dict, list)):
		if depth == DEEPEST:
			raise AnswerError(_TOO_DEEP)
		for name in value if isinstance(value, dict) else ():
			_check_text(name, LONGEST_NAME)
		for child in value.values() if isinstance(value, dict) else value:
			_check(child, depth + 1)


def _check_text(text: str, longest: int) -> None:
	if len(text) > longest:
		raise AnswerError(
			f"Sebuah isi (“{text[:30]}…”) lebih panjang dari {format_number(longest, 0)} huruf; keluarkan dari permintaan."
		)
	if not text.isascii() and _SURROGATE.search(text):
		raise AnswerError(
			"Jawaban memuat huruf yang rusak (separuh pasangan UTF-16); minta sumber memperbaikinya."
		)


# --- tables ---


def _table_records(data: bytes, kind: str) -> list[dict]:
	# One row more than records: the headings.
	cells, rows = read_cells(data, f"x.{kind}", (), MOST_RECORDS + 1, _MOST_CELLS)
	headings = _headings(cells.pop(0), cells)
	return [
		{name: _cell(row[column], number) for column, name in headings.items()}
		for number, row in zip(rows[1:], cells, strict=True)
	]


def _headings(first: list, rows: list[list]) -> dict[int, str]:
	"""Position → heading of the columns; what has neither heading nor content is no column."""
	headings: dict[int, str] = {}
	for column, cell in enumerate(first):
		name = " ".join(str("" if cell is None else cell).split())
		if not name and all(row[column] in (None, "") for row in rows):
			continue
		if not name:
			raise AnswerError(f"Judul kolom ke-{column + 1} kosong; beri judul pada berkas sumber.")
		_check_text(name, LONGEST_NAME)
		headings[column] = name
	if len(set(headings.values())) < len(headings):
		raise AnswerError(
			f"Judul kolom “{_twice(headings.values())[:60]}” muncul dua kali; beri nama yang berbeda."
		)
	return headings


def _cell(cell: object, row: int) -> object:
	"""A cell as JSON could hold it: dates as ISO texts."""
	if isinstance(cell, datetime) and cell.time() == time():
		cell = cell.date()
	if isinstance(cell, (date, time)):
		return cell.isoformat()
	if isinstance(cell, float) and not math.isfinite(cell):
		raise AnswerError(f"Baris {row} memuat angka yang terlalu besar; perbaiki berkas sumbernya.")
	if cell is None or isinstance(cell, (bool, int, float)):
		return cell
	_check_text(str(cell), LONGEST_CELL)
	return str(cell)


# --- presets ---

_PRESET_KEYS = {"code", "title", "description", "kind", "records_path", "paging", "decimal", "rows"}
_PAGING_KEYS = {"style", "parameter", "size_parameter", "size", "first", "next_path"}
_PAGING_STYLES = ("none", "page", "offset", "next")
_ROW_KEYS = {"hint", "indicator", "field", "column", "path", "condition", "aggregate", "factor"}


@lru_cache
def shipped_presets() -> dict[str, dict]:
	"""The presets of the package: code → preset, as `read_preset` gives it."""
	folder = files("seroja.core").joinpath("data/sources")
	paths = sorted(
		(path for path in folder.iterdir() if path.name.endswith(".json")), key=lambda path: path.name
	)
	presets = [read_preset(path.read_text(encoding="utf-8")) for path in paths]
	return {preset["code"]: preset for preset in presets}


def read_preset(text: str) -> dict:
	"""A preset: what a source sends, and mapping rows without indicators (docs/sources/README.md).

	Keys: code, title, description, kind, records_path, paging (style, parameter, size_parameter, size, first,
	next_path), decimal, rows (MappingRow without number, and hint: which indicator fits; rows with the same
	hint belong to the same indicator). Raises ValueError with a sentence.
	"""
	preset = json.loads(text)
	if problems := list(_preset_problems(preset)):
		raise ValueError(f"Contoh sumber {preset.get('code', '')}: {' '.join(problems)}")
	return preset


def _preset_problems(preset: dict) -> Iterator[str]:
	rows = preset.get("rows", [])
	wrong = set(preset) ^ _PRESET_KEYS | set(preset.get("paging", {})) - _PAGING_KEYS
	wrong |= {name for row in rows for name in set(row) ^ _ROW_KEYS}
	if wrong:
		yield f"Nama {', '.join(sorted(wrong))} kurang atau tidak dikenal."
		return
	if preset["kind"] not in KINDS:
		yield f"Jenis jawaban “{preset['kind']}” tidak dikenal."
	if preset["decimal"] not in (",", "."):
		yield "Tanda desimal harus koma atau titik."
	if preset["paging"].get("style") not in _PAGING_STYLES:
		yield f"Cara membagi halaman harus salah satu dari {', '.join(_PAGING_STYLES)}."
	if preset["records_path"] and (problem := path_problem(preset["records_path"])):
		yield problem
	yield from check_rows(preset_rows(preset, {row["hint"]: row["hint"] for row in rows}))


def preset_rows(preset: Mapping, indicators: Mapping[str, str]) -> list[MappingRow]:
	"""The mapping rows of a preset; indicators: hint → code of the indicator. A row without one is left out."""
	return [
		MappingRow(number, indicators[row["hint"]], **{name: row[name] for name in _MAPPING_FIELDS})
		for number, row in enumerate(preset["rows"], 1)
		if row["hint"] in indicators
	]


_MAPPING_FIELDS = ("field", "path", "column", "condition", "aggregate", "factor")
