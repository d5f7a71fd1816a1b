"""Signed packages: the approved figures of one government and quarter on their way from city to province.

A package is a JSON file with three entries: `content`, one canonical JSON text; `signature`, Ed25519 (RFC 8032) over
its UTF-8 bytes; `key`, the fingerprint of the public key. `read` lets nothing pass that its trusted sender did not
write byte by byte, `completeness` says what is wrong with what he wrote. Whether a package came before is the
receiver's matter: `Package.digest` tells.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from seroja.core.achievement import METHODS, POLARITIES, STATUSES, VERSION, evaluate, ordinal_scales
from seroja.core.evaluation import Evaluation
from seroja.core.formula import rate
from seroja.core.numbers import LARGEST, format_number
from seroja.core.periods import CONSOLIDATIONS, Period
from seroja.core.rendering import format_percent, format_value, plain_value, records
from seroja.core.scales import Scale, scale_from_rows
from seroja.core.spreadsheets import heading_key, read_cells
from seroja.core.summary import WITHOUT_OBJECTIVE

FORMAT, FORMAT_VERSION = "seroja-rollup", 1
LARGEST_PACKAGE = 50_000_000  # bytes
LEVELS = {"city": "Kabupaten/Kota", "province": "Provinsi"}
_ENVELOPE = ("content", "key", "signature")
_LONGEST_TEXT = 2000
_MOST_NAMED = 20
# A figure travels with the six decimals that its sheet prints: more would be named where nothing is wrong.
_TOLERANCE = 0.005


class PackageError(ValueError):
	"""A package that cannot be taken; the message is one sentence: what is wrong and who must do what."""


@dataclass(frozen=True)
class Package:
	"""A package that was read. content: as documented in docs/rollup.md; digest: SHA-256 of the content."""

	content: Mapping
	digest: str

	@property
	def government(self) -> str:
		"""The code of the government."""
		return self.content["government"]["code"]

	@property
	def period(self) -> Period:
		period = self.content["period"]
		return Period(period["year"], "quarter", period["quarter"])

	@property
	def scale(self) -> Scale:
		return _scale(self.content)

	@property
	def figures(self) -> pd.DataFrame:
		"""The figures as `evaluate` and `roll_up.checked` take them, and what the sender says of them."""
		government = self.content["government"]
		return _frame(self.content).assign(
			government=government["code"],
			government_name=government["name"],
			level=government["level"],
			**self.content["period"],
		)


# --- keys ---


def new_key() -> tuple[str, str]:
	"""A new pair (private, public), each base64 of 32 raw bytes."""
	key = Ed25519PrivateKey.generate()
	return _base64(key.private_bytes_raw()), _public_text(key)


def fingerprint(public_key: str) -> str:
	"""SHA-256 of the raw public key, as people compare it. Raises PackageError when the text is no key."""
	return hashlib.sha256(_raw_key(public_key)).hexdigest()


def read_keys(data: bytes, name: str) -> tuple[dict[str, str], dict[str, str]]:
	"""(government → public key, government → level) from a CSV or XLSX file.

	Columns: government, public_key, optional level (city, province); an empty level is any. Raises PackageError for
	a row that cannot be used, TableError for a file that cannot be read.
	"""
	rows, numbers = read_cells(data, name, ("government", "public_key"))
	heading = [heading_key(cell) for cell in rows[0]] if rows else []
	if not {"government", "public_key"} <= set(heading):
		raise PackageError("Daftar kunci harus mempunyai kolom government dan public_key; lengkapi judulnya.")
	keys: dict[str, str] = {}
	levels: dict[str, str] = {}
	for number, row in zip(numbers[1:], rows[1:], strict=True):
		cells = {title: str(cell or "").strip() for title, cell in zip(heading, row, strict=True)}
		if not cells["government"] or cells["government"] in keys:
			raise PackageError(
				f"Baris {number} daftar kunci: kode pemerintah daerah kosong atau ganda; perbaiki."
			)
		fingerprint(cells["public_key"])
		keys[cells["government"]] = cells["public_key"]
		if level := cells.get("level"):
			if level not in LEVELS:
				raise PackageError(
					f"Baris {number} daftar kunci: level harus {' atau '.join(LEVELS)}; perbaiki."
				)
			levels[cells["government"]] = level
	return keys, levels


def _raw_key(text: str) -> bytes:
	try:
		return _from_base64(text, 32)
	except ValueError:
		raise PackageError(
			"Kunci bukan kunci Ed25519 (base64 dari 32 bita); mintalah pemiliknya mengirim ulang."
		) from None


def _public_text(key: Ed25519PrivateKey) -> str:
	return _base64(key.public_key().public_bytes_raw())


def _base64(raw: bytes) -> str:
	return base64.b64encode(raw).decode()


def _from_base64(text: str, length: int) -> bytes:
	"""Raw bytes of the one text that stands for them: base64 itself lets the last bits vary. Raises ValueError."""
	raw = base64.b64decode(text, validate=True)
	if len(raw) != length or _base64(raw) != text:
		raise ValueError(text)
	return raw


# --- building ---


def build(content: Mapping, private_key: str) -> bytes:
	"""The package of a content, signed. Raises PackageError for what `read` would refuse."""
	_check_form(content)
	_check_fields(content)
	text = _canonical(content)
	key = Ed25519PrivateKey.from_private_bytes(_raw_key(private_key))
	data = _canonical(
		{
			"content": text,
			"key": fingerprint(_public_text(key)),
			"signature": _base64(key.sign(text.encode())),
		}
	).encode()
	_check_size(data)
	return data


def aggregates(content: Mapping) -> list[dict]:
	"""What the figures of a content add up to: per OPD, and under the OPD "" for the government.

	Each has `opd, indicators, valued, mean_achievement, mean_score` (percent), `category, budget,
	budget_realization` (rupiah), None for what is missing; means as in core.summary (domain.md 3.3).
	"""
	if not content["figures"]:
		return []
	result = Evaluation(_frame(content), _scale(content), content["cap"])
	overall = pd.DataFrame([result.overall]).assign(opd="")
	return [_aggregate(row) for table in (result.by_opd, overall) for row in records(table)]


def _aggregate(row: Mapping) -> dict:
	found = {
		"opd": row["opd"],
		"indicators": row["indicators"],
		"valued": row["valued"],
		"mean_achievement": row["mean_raw"],
		"mean_score": row["mean_scored"],
		"category": row["category"],
		# Nobody budgets 0 rupiah: a sum of nothing is no value.
		"budget": row["budget"] or None,
		"budget_realization": None if row["absorption"] is None else row["budget_realization"],
	}
	return {name: plain_value(value) for name, value in found.items()} | {"opd": row["opd"]}


def _scale(content: Mapping) -> Scale:
	return scale_from_rows(content["scale"]["name"], content["scale"]["bands"])


def _frame(content: Mapping) -> pd.DataFrame:
	"""The figures with the method that counts and the flags that `evaluate` reads."""
	frame = pd.DataFrame(content["figures"], columns=list(_FIGURE))
	numbers = [
		name for name, fits in _FIGURE.items() if fits in (_maybe_number, _maybe_amount, _maybe_factor)
	]
	frame = frame.astype(dict.fromkeys(numbers, "float64"))
	# A range is seen by its upper bound; its formula is that of the polarity.
	own = frame["method"].where(frame["method"] != "range")
	return frame.assign(
		objective=frame["objective"].replace("", WITHOUT_OBJECTIVE),
		method=own.fillna(frame["polarity"].map(content["methods"])),
		achievement_scored=frame["score"],
		no_population=frame["status"] == "no_population",
		invalid=frame["status"] == "invalid",
	)


def _canonical(value) -> str:
	return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


# --- reading ---


def read(data: bytes, trusted: Mapping[str, str]) -> Package:
	"""Read a package. trusted: code of a government → its public key. Raises PackageError."""
	package, envelope = _read(data)
	_check_signature(package, envelope, trusted)
	return package


def read_unchecked(data: bytes) -> Package:
	"""Read a package of which nobody knows who wrote it: the signature is not looked at. Raises PackageError."""
	return _read(data)[0]


def _read(data: bytes) -> tuple[Package, dict]:
	_check_size(data)
	envelope = _strict_json(data)
	if not isinstance(envelope, dict) or set(envelope) != set(_ENVELOPE):
		raise PackageError(
			"Berkas ini bukan paket SEROJA; unggah berkas .json dari pengirim tanpa mengubahnya."
		)
	if not all(isinstance(text, str) for text in envelope.values()):
		raise PackageError("Sampul paket tidak terbaca; mintalah pengirim mengirim ulang berkasnya.")
	content = _strict_json(envelope["content"])
	_check_form(content)
	if _canonical(content) != envelope["content"] or _canonical(envelope).encode() != data:
		raise PackageError(
			"Paket tidak ditulis dalam bentuk baku; pengirim harus membuatnya ulang dengan SEROJA."
		)
	_check_fields(content)
	return Package(content, hashlib.sha256(envelope["content"].encode()).hexdigest()), envelope


def _check_size(data: bytes) -> None:
	if len(data) > LARGEST_PACKAGE:
		raise PackageError(
			f"Paket lebih besar dari {LARGEST_PACKAGE // 1_000_000} MB; pengirim harus memeriksa isinya."
		)


def _strict_json(text: bytes | str):
	"""JSON with each key once and finite numbers only. Raises PackageError."""
	try:
		value = json.loads(
			text.decode() if isinstance(text, bytes) else text,
			object_pairs_hook=_without_duplicates,
			parse_constant=_no_constant,
		)
		# JSON can escape half a character, which no signature covers.
		_canonical(value).encode()
	except RecursionError:
		raise PackageError("Paket bersarang terlalu dalam; jangan impor, tanyakan pengirimnya.") from None
	except PackageError:
		raise
	except ValueError:
		raise PackageError(
			"Berkas ini bukan JSON yang sah; mintalah pengirim mengirim ulang berkasnya."
		) from None
	return value


def _without_duplicates(pairs: Sequence[tuple[str, object]]) -> dict:
	found = dict(pairs)
	if len(found) < len(pairs):
		raise PackageError(
			"Paket memuat nama isian yang sama dua kali; pengirim harus membuatnya ulang dengan SEROJA."
		)
	return found


def _no_constant(name: str):
	raise PackageError(
		f"Paket memuat {name} sebagai angka; pengirim harus mengosongkan nilai yang tidak ada."
	)


def _check_signature(package: Package, envelope: Mapping[str, str], trusted: Mapping[str, str]) -> None:
	code = package.government
	if code not in trusted:
		raise PackageError(
			f"Pemerintah daerah {code} belum dikenal; administrator harus mencatat kunci publiknya lebih dahulu."
		)
	if envelope["key"] != fingerprint(trusted[code]):
		raise PackageError(
			f"Paket tidak ditandatangani dengan kunci yang dicatat untuk {code}; administrator harus "
			"mencocokkan sidik jari kunci dengan pengirim."
		)
	key = Ed25519PublicKey.from_public_bytes(_raw_key(trusted[code]))
	try:
		key.verify(_from_base64(envelope["signature"], 64), envelope["content"].encode())
	except (InvalidSignature, ValueError):
		raise PackageError(
			"Tanda tangan tidak cocok dengan isi paket; jangan impor, mintalah pengirim mengirim ulang."
		) from None


def check_claims(package: Package, level: str | None, now: datetime) -> None:
	"""What a signature does not prove. level: the one that the government is trusted for, None for any.

	A package made more than a day after `now` would win over every later one. Raises PackageError.
	"""
	if level and package.content["government"]["level"] != level:
		raise PackageError(
			f"Pemerintah daerah {package.government} dipercaya untuk tingkat {LEVELS[level]}, bukan untuk tingkat yang "
			"ditulisnya; administrator harus mencocokkannya dengan pengirim."
		)
	if datetime.fromisoformat(package.content["made_on"]) > now + timedelta(days=1):
		raise PackageError(
			"Menurut isinya paket ini dibuat di masa depan; pengirim harus membetulkan jamnya dan membuatnya ulang."
		)


# --- what a content is made of ---


def _is_text(value) -> bool:
	return isinstance(value, str) and len(value) <= _LONGEST_TEXT and not any(sign < " " for sign in value)


def _is_name(value) -> bool:
	return _is_text(value) and bool(value) and value == value.strip()


def _is_number(value) -> bool:
	return type(value) in (int, float) and abs(value) <= LARGEST


def _is_amount(value) -> bool:
	return _is_number(value) and value >= 0


def _is_count(value) -> bool:
	return type(value) is int and 0 <= value <= LARGEST


def _is_moment(value) -> bool:
	try:
		return datetime.fromisoformat(value).isoformat(timespec="seconds") == value and len(value) == 19
	except (TypeError, ValueError):
		return False


def _is_cap(value) -> bool:
	return _is_number(value) and value >= 100


def _is_flag(value) -> bool:
	return type(value) is bool


def _maybe_number(value) -> bool:
	return value is None or _is_number(value)


def _maybe_amount(value) -> bool:
	return value is None or _is_amount(value)


def _maybe_factor(value) -> bool:
	return value is None or (_is_number(value) and value > 0)


def _maybe_text(value) -> bool:
	return value is None or _is_name(value)


def _one_of(*allowed) -> Callable[[object], bool]:
	# True == 1 in Python, and a list cannot be looked up.
	return lambda value: any(type(value) is type(one) and value == one for one in allowed)


def _is_list(value) -> bool:
	return isinstance(value, list)


def _is_record(value) -> bool:
	return isinstance(value, dict)


_CONTENT = {
	"format": _one_of(FORMAT),
	"version": _one_of(FORMAT_VERSION),
	"government": _is_record,
	"period": _is_record,
	"made_on": _is_moment,
	"calculation_version": _is_name,
	"scale": _is_record,
	"cap": _is_cap,
	"methods": _is_record,
	"expected": _is_record,
	"figures": _is_list,
	"aggregates": _is_list,
}
_GOVERNMENT = {"code": _is_name, "name": _is_name, "level": _one_of(*LEVELS)}
_PERIOD = {"year": _one_of(*range(1900, 2201)), "quarter": _one_of(1, 2, 3, 4)}
_SCALE = {"name": _is_name, "bands": _is_list}
_BAND = {
	"label": _is_name,
	"low": _maybe_number,
	"low_closed": _is_flag,
	"high": _maybe_number,
	"high_closed": _is_flag,
}
_EXPECTED = dict.fromkeys(("opds", "indicators", "sheets", "verified_sheets"), _is_count)
_FIGURE = {
	"code": _is_name,
	"bappenas_code": _is_text,
	"name": _is_name,
	"opd": _is_name,
	"objective": _is_text,
	"polarity": _one_of(*POLARITIES),
	"method": _one_of(None, *METHODS),
	"unit": _is_text,
	"consolidation": _one_of(*CONSOLIDATIONS),
	"weight": _maybe_amount,
	"target": _maybe_number,
	"target_upper": _maybe_number,
	"target_label": _maybe_text,
	"realization": _maybe_number,
	"realization_label": _maybe_text,
	"ordinal_scale": _one_of(None, *ordinal_scales()),
	"numerator": _maybe_amount,
	"denominator": _maybe_amount,
	"factor": _maybe_factor,
	"budget": _maybe_amount,
	"budget_realization": _maybe_amount,
	"achievement": _maybe_number,
	"score": _maybe_number,
	"category": _maybe_text,
	"status": _one_of(*STATUSES),
}
_AGGREGATE = {
	"opd": _is_text,
	"indicators": _is_count,
	"valued": _is_count,
	"mean_achievement": _maybe_number,
	"mean_score": _maybe_number,
	"category": _maybe_text,
	"budget": _maybe_amount,
	"budget_realization": _maybe_amount,
}


def _check_form(content) -> None:
	if not isinstance(content, dict) or content.get("format") != FORMAT:
		raise PackageError(
			"Berkas ini bukan paket rekapitulasi SEROJA; mintalah pengirim mengirim berkas yang benar."
		)
	if not _CONTENT["version"](content.get("version")):
		raise PackageError(
			f"Susunan paket bukan versi {FORMAT_VERSION}; administrator kedua pihak harus memakai versi SEROJA yang sama."
		)


def _check_fields(content: Mapping) -> None:
	_check_record(content, _CONTENT, "isi")
	_check_record(content["government"], _GOVERNMENT, "government")
	_check_record(content["period"], _PERIOD, "period")
	_check_record(content["scale"], _SCALE, "scale")
	_check_record(content["expected"], _EXPECTED, "expected")
	_check_record(content["methods"], dict.fromkeys(POLARITIES, _one_of(*METHODS)), "methods")
	lists = (content["scale"]["bands"], _BAND, "bands"), (content["figures"], _FIGURE, "figures")
	for rows, fields, where in (*lists, (content["aggregates"], _AGGREGATE, "aggregates")):
		for number, row in enumerate(rows, 1):
			_check_record(row, fields, f"{where} nomor {number}")
	if problems := _scale(content).problems():
		raise PackageError(f"{problems[0].rstrip('.')}; pengirim harus memperbaiki skala capaiannya.")


def _check_record(record, fields: Mapping[str, Callable], where: str) -> None:
	names = set(record) if isinstance(record, dict) else set()
	wrong = sorted(names ^ set(fields)) or [name for name, fits in fields.items() if not fits(record[name])]
	if wrong:
		raise PackageError(
			f"Isi paket tidak menurut susunan versi {FORMAT_VERSION} ({where}: {wrong[0][:40]}); pengirim harus "
			"membuatnya ulang dengan SEROJA."
		)


# --- completeness ---


def completeness(package: Package, expected_period: Period) -> list[str]:
	"""What is missing or does not add up in a package that was read, in Indonesian sentences; empty when nothing.

	The receiver believes no sum: achievements are computed again from target and realization, aggregates from
	the figures. Figures may differ by 0.005.
	"""
	return [
		*_period_problems(package, expected_period),
		*_count_problems(package),
		*_some(_duplicates(package)),
		*_some(_figure_problems(package)),
		*_some(_aggregate_problems(package)),
	]


def _some(sentences: Iterator[str]) -> list[str]:
	found = list(sentences)
	rest = [f"… dan {len(found) - _MOST_NAMED} masalah serupa."] if len(found) > _MOST_NAMED else []
	return found[:_MOST_NAMED] + rest


def _period_problems(package: Package, expected: Period) -> Iterator[str]:
	if package.period != expected:
		yield f"Paket berisi {package.period.label}, sedangkan yang diminta {expected.label}."
	if package.content["calculation_version"] != VERSION:
		yield (
			f"Paket dihitung dengan versi perhitungan {package.content['calculation_version']}, penerima memakai "
			f"versi {VERSION}."
		)


def _count_problems(package: Package) -> Iterator[str]:
	expected, figures = package.content["expected"], package.content["figures"]
	unverified = expected["sheets"] - expected["verified_sheets"]
	if unverified > 0:
		yield f"{unverified} dari {expected['sheets']} lembar belum terverifikasi."
	elif unverified < 0:
		yield "Lembar yang terverifikasi lebih banyak daripada seluruh lembar."
	counts = {
		"opds": len({row["opd"] for row in figures}),
		"indicators": len({row["code"] for row in figures}),
	}
	for name, word in (("opds", "perangkat daerah"), ("indicators", "indikator")):
		if counts[name] != expected[name]:
			yield f"Paket memuat {counts[name]} {word}, sedangkan seharusnya {expected[name]}."


def _duplicates(package: Package) -> Iterator[str]:
	codes = pd.Series([row["code"] for row in package.content["figures"]], dtype=object).value_counts(
		sort=False
	)
	for code, count in codes[codes > 1].items():
		yield f"Indikator {code} tercantum {count} kali."


def _figure_problems(package: Package) -> Iterator[str]:
	frame, scale, cap = package.figures, package.scale, package.content["cap"]
	computed = evaluate(frame, cap=cap, explanations=False)
	for row, again in zip(records(frame), records(computed), strict=True):
		yield from _figure_problem(row, again, scale, cap)


def _figure_problem(row: Mapping, again: Mapping, scale: Scale, cap: float) -> Iterator[str]:
	where, stated = f"Indikator {row['code']}", row["achievement"]
	if not _same(stated, again["achievement"]) or row["status"] != again["status"]:
		yield (
			f"{where}: capaian tertulis {format_percent(stated)} ({row['status']}), dihitung ulang dari target dan "
			f"realisasi {format_percent(again['achievement'])} ({again['status']})."
		)
	elif not _same(row["score"], None if stated is None else min(max(stated, 0.0), cap)):
		yield f"{where}: skor {format_percent(row['score'])} tidak sesuai dengan capaian {format_percent(stated)}."
	elif row["category"] != scale.category(stated):
		yield f"{where}: kategori “{row['category'] or '–'}” tidak sesuai dengan capaian {format_percent(stated)}."
	if row["numerator"] is None and row["denominator"] is None:
		return
	value = rate(row["numerator"], row["denominator"], _factor(row)).value
	if not _same(value, row["realization"]):
		yield (
			f"{where}: pembilang dan penyebut memberi {format_number(value)}, realisasi tertulis "
			f"{format_number(row['realization'])}."
		)


def _factor(row: Mapping) -> float:
	return 100.0 if row["factor"] is None else row["factor"]


def _aggregate_problems(package: Package) -> Iterator[str]:
	stated = package.content["aggregates"]
	computed = aggregates(package.content)
	if sorted(row["opd"] for row in stated) != sorted(row["opd"] for row in computed):
		yield "Daftar rekapitulasi tidak memuat setiap perangkat daerah dan pemerintah daerah tepat sekali."
		return
	by_opd = {row["opd"]: row for row in stated}
	for row in computed:
		wrong = [name for name in row if not _same(row[name], by_opd[row["opd"]][name])]
		for name in wrong:
			yield (
				f"Rekapitulasi {row['opd'] or 'pemerintah daerah'}: {_AGGREGATE_LABELS[name]} tertulis "
				f"{format_value(by_opd[row['opd']][name])}, dihitung ulang {format_value(row[name])}."
			)


_AGGREGATE_LABELS = {
	"indicators": "jumlah indikator",
	"valued": "jumlah indikator bernilai",
	"mean_achievement": "rata-rata capaian",
	"mean_score": "rata-rata skor",
	"category": "kategori",
	"budget": "pagu",
	"budget_realization": "realisasi anggaran",
}


def _same(one, other) -> bool:
	if _is_number(one) and _is_number(other):
		return math.isclose(one, other, rel_tol=1e-9, abs_tol=_TOLERANCE)
	return one == other
