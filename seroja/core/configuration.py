"""The configuration package: instruments, scales, report layouts, indicators and data sources as one JSON file.

It moves a configuration between sites. What a record holds is the shell's choice; here it is plain values below a
`key`. A package is never half right: what is not exactly as it was made is refused, and it holds no secret.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from seroja.core.numbers import LARGEST
from seroja.core.rendering import format_value

FORMAT, VERSION = "seroja-configuration", 1
LARGEST_FILE = 20_000_000
# In the order in which they are taken over: what is named by others comes first.
SECTIONS = {
	"achievement_scales": "Skala Capaian",
	"assessment_instruments": "Instrumen",
	"report_layouts": "Tata Letak Laporan",
	"performance_indicators": "Indikator Kinerja",
	"data_sources": "Sumber Data",
}
# Section, fields that lead to the name (a list on the way stands for each of its rows), section of what it names.
REFERENCES = (
	("assessment_instruments", ("replaces",), "assessment_instruments"),
	("performance_indicators", ("successor",), "performance_indicators"),
	("data_sources", ("mappings", "indicator"), "performance_indicators"),
)
# By what a row of a table is the same row here and there; rows of another table are compared by their place.
ROW_KEYS = {
	"mappings": ("indicator", "figure"),
	"items": ("code",),
	"answers": ("label",),
	"predicates": ("label",),
	"rules": ("code", "not_above"),
	"conversions": ("item_code", "label"),
	"bands": ("label",),
	"columns": ("field",),
	"tags": ("tag",),
	"year_targets": ("year",),
	"benchmarks": ("year", "compared_with"),
	"smart": ("criterion",),
	"checks_off": ("check_name",),
}
NEW, CHANGED, SAME, GONE = "new", "changed", "same", "gone"
CHANGE_LABELS = {NEW: "Baru", CHANGED: "Berubah", SAME: "Sama"}
ROW_LABELS = {NEW: "baru", GONE: "dihapus"}

_DEEPEST = 20
_LONGEST_SHOWN = 80
_BEFORE_A_DIFFERENCE = 20  # characters
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SECRET = re.compile("passw|passphrase|secret|token|api[_-]?key|private[_-]?key", re.IGNORECASE)
_ADDRESS = re.compile("_(url|address)$", re.IGNORECASE)  # token_url says where, not what
_NOTHING = (None, "", [], {})


class ConfigurationError(ValueError):
	"""A package that cannot be made or taken over; the message is one sentence for the user."""


def looks_secret(name: str) -> bool:
	"""Whether what a name stands for may be a key."""
	return bool(_SECRET.search(name)) and not _ADDRESS.search(name)


@dataclass(frozen=True)
class Package:
	"""A checked package. sections: section → its records; digest: SHA-256 of the content."""

	about: Mapping
	sections: Mapping[str, list[dict]]
	digest: str


# --- the file ---


def build(sections: Mapping[str, Sequence[Mapping]], about: Mapping) -> bytes:
	"""A package with the records of some of SECTIONS. about: where it comes from, as plain values.

	Raises ConfigurationError for what `read` would refuse, above all a field that looks like a secret and is not empty.
	"""
	about, records = dict(about), {section: list(rows) for section, rows in sections.items()}
	_refuse(_problems(records, about))
	data = _file(records, about)
	_refuse_too_large(data)
	return data


def read(data: bytes) -> Package:
	"""The package in a file. Raises ConfigurationError unless it is, byte for byte, what `build` made."""
	_refuse_too_large(data)
	content = _content(data)
	_refuse(_problems(content["sections"], content["about"]))
	if _file(content["sections"], content["about"]) != data:
		raise ConfigurationError("Isi berkas berubah sejak dibuat; minta berkas yang asli dari pembuatnya.")
	return Package(content["about"], content["sections"], content["digest"])


def _file(sections: Mapping, about: Mapping) -> bytes:
	content = {"format": FORMAT, "version": VERSION, "about": about, "sections": sections}
	return _canonical(content | {"digest": hashlib.sha256(_canonical(content)).hexdigest()})


def _canonical(content: Mapping) -> bytes:
	return json.dumps(
		content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
	).encode()


def _content(data: bytes) -> dict:
	"""The parts of a file; what is in them is not looked at yet."""
	try:
		content = json.loads(data.decode(), object_pairs_hook=_object)
	except ConfigurationError:
		raise
	except (ValueError, RecursionError):
		raise ConfigurationError("Berkas ini bukan JSON yang sah.") from None
	parts = {"format", "version", "about", "sections", "digest"}
	if not isinstance(content, dict) or content.get("format") != FORMAT or content.keys() != parts:
		raise ConfigurationError("Berkas ini bukan paket konfigurasi SEROJA.")
	if content["version"] != VERSION:
		raise ConfigurationError(f"Paket ini dari versi lain; situs ini membaca versi {VERSION}.")
	return content


def _object(pairs: list[tuple[str, object]]) -> dict:
	found = dict(pairs)
	if len(found) < len(pairs):
		name = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
		raise ConfigurationError(f"Bidang “{_shortened(name)}” tertulis dua kali pada satu tempat.")
	return found


def _refuse(problems: Iterator[str]) -> None:
	for problem in problems:
		raise ConfigurationError(problem)


def _refuse_too_large(data: bytes) -> None:
	if len(data) > LARGEST_FILE:
		raise ConfigurationError(f"Berkas lebih besar dari {LARGEST_FILE // 1_000_000} MB.")


# --- checks ---


def _problems(sections: object, about: object) -> Iterator[str]:
	if not isinstance(about, dict) or not isinstance(sections, dict):
		yield "Susunan paket konfigurasi tidak terbaca."
		return
	yield from _value_problems("Keterangan paket", about)
	for section, records in sections.items():
		if section not in SECTIONS:
			yield f"Bagian “{_shortened(str(section))}” tidak dikenal. Pilihan: {', '.join(SECTIONS)}."
		elif not isinstance(records, list):
			yield f"Bagian {SECTIONS[section]} harus berupa daftar."
		else:
			yield from _section_problems(SECTIONS[section], records)


def _section_problems(label: str, records: list) -> Iterator[str]:
	known = set()
	for place, record in enumerate(records, 1):
		key = record.get("key") if isinstance(record, dict) else None
		if not isinstance(key, str) or not key.strip():
			yield f"{label} ke-{place} tidak mempunyai kunci (“key”)."
			continue
		if key in known:
			yield f"{label} “{_shortened(key)}” tercantum dua kali."
		known.add(key)
		yield from _value_problems(f"{label} “{_shortened(key)}”", record)


def _value_problems(where: str, value: object, depth: int = 0) -> Iterator[str]:
	if depth > _DEEPEST:
		yield f"{where}: susunannya terlalu dalam."
	elif isinstance(value, dict):
		for name, held in value.items():
			yield from _name_problems(where, name, held)
			yield from _value_problems(where, held, depth + 1)
	elif isinstance(value, list):
		for held in value:
			yield from _value_problems(where, held, depth + 1)
	else:
		yield from _plain_problems(where, value)


def _plain_problems(where: str, value: object) -> Iterator[str]:
	if isinstance(value, str):
		if _UNREADABLE.search(value):
			yield f"{where} memuat karakter kendali."
	elif isinstance(value, (int, float)):
		if not abs(value) <= LARGEST:  # so written that NaN is refused too
			yield f"{where} memuat angka yang tidak dapat disimpan."
	elif value is not None:
		yield f"{where} memuat nilai yang bukan teks, angka atau daftar."


def _name_problems(where: str, name: object, held: object) -> Iterator[str]:
	if not isinstance(name, str) or _UNREADABLE.search(name):
		yield f"{where}: ada nama bidang yang bukan teks biasa."
	elif looks_secret(name) and not _is_harmless(held):
		yield f"{where}: bidang “{_shortened(name)}” tampak memuat rahasia; paket tidak boleh membawanya."


def _is_harmless(held: object) -> bool:
	"""True for no value and for a yes or no."""
	return isinstance(held, bool) or held in _NOTHING


# --- preview ---


@dataclass(frozen=True)
class Difference:
	"""A field that is not the same; before, after: texts for people, shortened, “–” for no value; rows: of a table."""

	field: str
	before: str
	after: str
	rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True)
class RowChange:
	"""A row that is new, changed or gone. place: counted from 1 in the package; of a row that is gone, here."""

	place: int
	kind: str
	differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Change:
	"""What a record of a package is to this site: new, changed or same."""

	section: str
	key: str
	kind: str
	differences: tuple[Difference, ...] = ()


def compare(package: Package, here: Mapping[str, Mapping[str, Mapping]]) -> list[Change]:
	"""What taking the package over would do, by section and key. here: section → key → the
	record of this site, as `build` takes it.

	Only the fields that the package states are compared; what it does not name stays as it is. No value and
	an empty one are the same.
	"""
	return [
		_change(section, record, here.get(section, {}).get(record["key"]))
		for section in SECTIONS
		for record in sorted(package.sections.get(section, []), key=lambda record: record["key"])
	]


def counts(changes: Sequence[Change]) -> dict[str, int]:
	"""How many of each kind, each kind named."""
	found = Counter(change.kind for change in changes)
	return {kind: found[kind] for kind in CHANGE_LABELS}


def _change(section: str, record: Mapping, ours: Mapping | None) -> Change:
	if ours is None:
		return Change(section, record["key"], NEW)
	differences = _differences(ours, record, sorted(record.keys() - {"key"}))
	return Change(section, record["key"], CHANGED if differences else SAME, differences)


def _differences(ours: Mapping, theirs: Mapping, fields: Iterable[str]) -> tuple[Difference, ...]:
	return tuple(
		_difference(name, ours.get(name), theirs.get(name))
		for name in fields
		if _bare(ours.get(name)) != _bare(theirs.get(name))
	)


def _difference(name: str, ours: object, theirs: object) -> Difference:
	if not (_is_table(ours) and _is_table(theirs)):
		return Difference(name, *_shown_apart(ours, theirs))
	before, after = (_by_key(name, rows or []) for rows in (ours, theirs))
	rows = _row_changes(before, after)
	notes = [f"{len(rows)} berbeda"] if ours and theirs and rows else []
	if [key for key in before if key in after] != [key for key in after if key in before]:
		notes.append("urutan berubah")
	return Difference(name, _shown(ours), ", ".join([_shown(theirs), *notes]), rows)


def _is_table(value: object) -> bool:
	return value in _NOTHING or (isinstance(value, list) and all(isinstance(row, Mapping) for row in value))


def _by_key(table: str, rows: Sequence[Mapping]) -> dict[tuple, tuple[int, Mapping]]:
	"""Place and row by key; the second row of a key is another than the first."""
	found, times = {}, Counter()
	for place, row in enumerate(rows, 1):
		key = tuple(_shown(row.get(field)) for field in ROW_KEYS.get(table, ()))
		times[key] += 1
		found[(*key, times[key])] = place, row
	return found


def _row_changes(before: Mapping, after: Mapping) -> tuple[RowChange, ...]:
	gone = [(place, GONE, row, {}) for key, (place, row) in before.items() if key not in after]
	there = [
		(place, CHANGED if key in before else NEW, before[key][1] if key in before else {}, row)
		for key, (place, row) in after.items()
	]
	# An emptied field of a row that is there is a difference, because a table is replaced as a whole.
	changes = [
		RowChange(place, kind, _differences(ours, theirs, dict.fromkeys([*theirs, *ours])))
		for place, kind, ours, theirs in sorted(gone + there, key=lambda row: row[0])
	]
	return tuple(change for change in changes if change.differences)


def _bare(value: object) -> object:
	"""A value without the empty fields in it."""
	if isinstance(value, Mapping):
		held = {name: _bare(item) for name, item in value.items()}
		value = {name: item for name, item in held.items() if item is not None}
	elif isinstance(value, (list, tuple)):
		value = [_bare(item) for item in value]
	return None if value in _NOTHING else value


def _shown_apart(before: object, after: object) -> tuple[str, str]:
	"""Both values so that one sees where they differ."""
	if isinstance(before, str) and isinstance(after, str):
		place = _first_difference(before, after)
		old, new = _around(before, place), _around(after, place)
	else:
		old, new = _shown(before), _shown(after)
	return old, new if new != old else f"{new}, {_how_different(before, after)}"


def _how_different(before: object, after: object) -> str:
	"""For values that look alike when they are shortened."""
	if isinstance(before, str) or not isinstance(after, list):
		return "berbeda"
	return f"{sum(_bare(old) != _bare(new) for old, new in zip(before, after, strict=True))} berbeda"


def _first_difference(before: str, after: str) -> int:
	pairs = enumerate(zip(before, after, strict=False))
	return next((place for place, (old, new) in pairs if old != new), min(len(before), len(after)))


def _around(text: str, place: int) -> str:
	start = place - _BEFORE_A_DIFFERENCE if place > _LONGEST_SHOWN - _BEFORE_A_DIFFERENCE else 0
	return ("…" if start else "") + _shortened(text[start:]) or "–"


def _shown(value: object) -> str:
	if _bare(value) is None:
		return "–"
	if isinstance(value, bool):
		return "ya" if value else "tidak"
	if isinstance(value, (list, tuple)):
		return f"{len(value)} baris"
	return f"{len(value)} isian" if isinstance(value, Mapping) else _shortened(format_value(value))


def _shortened(text: str) -> str:
	text = _UNREADABLE.sub("�", text)
	return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


# --- references ---


def missing_references(package: Package, known: Mapping[str, Collection[str]]) -> list[str]:
	"""Names that neither the package nor this site has, in Indonesian sentences. known: section → keys of this site."""
	found = {}
	for section, path, target in REFERENCES:
		keys = {record["key"] for record in package.sections.get(target, [])} | set(known.get(target, ()))
		for record in package.sections.get(section, []):
			for name in _values_at(record, path):
				if name not in keys:
					found[_missing_sentence(section, record["key"], target, name)] = None
	return list(found)


def _values_at(value: object, path: Sequence[str]) -> Iterator[str]:
	if isinstance(value, list):
		for held in value:
			yield from _values_at(held, path)
	elif path and isinstance(value, dict):
		yield from _values_at(value.get(path[0]), path[1:])
	elif not path and isinstance(value, str) and value:
		yield value


def _missing_sentence(section: str, key: str, target: str, name: str) -> str:
	return (
		f"{SECTIONS[section]} “{_shortened(key)}” menunjuk {SECTIONS[target]} “{_shortened(name)}”, "
		"yang tidak ada dalam paket maupun di situs ini."
	)
