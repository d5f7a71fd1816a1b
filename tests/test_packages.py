"""Signed packages: what is signed, what is refused, and what the receiver computes again (docs/rollup.md)."""

import base64
import copy
import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core import packages
from seroja.core.achievement import DEFAULT_METHODS, VERSION, achievement
from seroja.core.packages import (
	LARGEST_PACKAGE,
	PackageError,
	aggregates,
	build,
	check_claims,
	completeness,
	fingerprint,
	new_key,
	read,
	read_keys,
	read_unchecked,
)
from seroja.core.periods import Period
from seroja.core.scales import DEFAULT_SCALE, shipped_scales

SCALE = shipped_scales()[DEFAULT_SCALE]
QUARTER = Period(2025, "quarter", 1)
PRIVATE, PUBLIC = new_key()
OTHER_PRIVATE, OTHER_PUBLIC = new_key()
TRUSTED = {"3573": PUBLIC, "3507": OTHER_PUBLIC}


def figure(code: str = "I-1", target=80.0, realization=90.0, polarity: str = "maximize", **fields) -> dict:
	"""A figure as an honest sender writes it."""
	found = achievement(polarity, target, realization)
	return {
		"code": code,
		"bappenas_code": "B-1",
		"name": f"Indikator {code}",
		"opd": "Dinas Kesehatan",
		"objective": "Sasaran",
		"polarity": polarity,
		"method": None,
		"unit": "%",
		"consolidation": "LAST",
		"weight": None,
		"target": target,
		"target_upper": None,
		"target_label": None,
		"realization": realization,
		"realization_label": None,
		"ordinal_scale": None,
		"numerator": None,
		"denominator": None,
		"factor": None,
		"budget": 1000.0,
		"budget_realization": 900.0,
		"achievement": found.raw,
		"score": found.scored,
		"category": SCALE.category(found.raw),
		"status": found.status,
	} | fields


def content(*figures: dict, **fields) -> dict:
	"""The content of an honest sender, of two figures if none is given."""
	rows = list(figures) or [figure("I-1"), figure("I-2", 100.0, None)]
	found = {
		"format": "seroja-rollup",
		"version": 1,
		"government": {"code": "3573", "name": "Kota Contoh", "level": "city"},
		"period": {"year": 2025, "quarter": 1},
		"made_on": "2025-04-10T09:00:00",
		"calculation_version": VERSION,
		"scale": {"name": SCALE.name, "bands": [asdict(band) for band in SCALE.bands]},
		"cap": 120.0,
		"methods": dict(DEFAULT_METHODS),
		"expected": {
			"opds": len({row["opd"] for row in rows}),
			"indicators": len(rows),
			"sheets": 150,
			"verified_sheets": 150,
		},
		"figures": rows,
		"aggregates": [],
	}
	return found | {"aggregates": aggregates(found)} | fields


def problems(*figures: dict, **fields) -> list[str]:
	return completeness(read(build(content(*figures, **fields), PRIVATE), TRUSTED), QUARTER)


def signed(text: str, private: str = PRIVATE, public: str = PUBLIC) -> bytes:
	"""A package around any text, with a true signature: what a sender without SEROJA could write."""
	from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

	signature = Ed25519PrivateKey.from_private_bytes(base64.b64decode(private)).sign(text.encode())
	envelope = {
		"content": text,
		"key": fingerprint(public),
		"signature": base64.b64encode(signature).decode(),
	}
	return json.dumps(envelope, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def canonical(value) -> str:
	return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


PACKAGE = build(content(), PRIVATE)


# --- signature ---


def test_the_signature_is_that_of_rfc_8032():
	"""RFC 8032 section 7.1, TEST 1 and TEST 3: the library is called with the right bytes in the right order."""
	vectors = [
		(
			"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
			"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
			"",
			"e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
		),
		(
			"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
			"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
			"af82",
			"6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
		),
	]
	for secret, public, message, signature in vectors:
		key = packages.Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
		assert packages._public_text(key) == base64.b64encode(bytes.fromhex(public)).decode()
		assert key.sign(bytes.fromhex(message)).hex() == signature


def test_the_signature_covers_the_bytes_of_the_content_and_the_key_is_named_by_its_fingerprint():
	envelope = json.loads(PACKAGE)
	key = packages.Ed25519PublicKey.from_public_bytes(base64.b64decode(PUBLIC))
	key.verify(base64.b64decode(envelope["signature"]), envelope["content"].encode())
	assert envelope["key"] == hashlib.sha256(base64.b64decode(PUBLIC)).hexdigest()
	assert read(PACKAGE, TRUSTED).digest == hashlib.sha256(envelope["content"].encode()).hexdigest()


def test_keys_are_two_texts_of_32_bytes_and_never_the_same_twice():
	assert {len(base64.b64decode(key)) for key in new_key()} == {32}
	assert len({*new_key(), *new_key()}) == 4


@given(st.data())
def test_a_package_with_any_byte_changed_is_refused(data):
	place = data.draw(st.integers(0, len(PACKAGE) - 1))
	byte = data.draw(st.integers(0, 255).filter(lambda value: value != PACKAGE[place]))
	with pytest.raises(PackageError):
		read(PACKAGE[:place] + bytes([byte]) + PACKAGE[place + 1 :], TRUSTED)


def test_a_package_with_any_single_bit_changed_is_refused():
	for place in range(0, len(PACKAGE)):
		for bit in (1, 32):
			with pytest.raises(PackageError):
				read(PACKAGE[:place] + bytes([PACKAGE[place] ^ bit]) + PACKAGE[place + 1 :], TRUSTED)


@given(st.integers(0, len(PACKAGE) - 1))
def test_a_truncated_package_is_refused(length):
	with pytest.raises(PackageError):
		read(PACKAGE[:length], TRUSTED)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_arbitrary_bytes_are_refused_with_a_sentence(data):
	for attempt in (data, signed(data.decode(errors="replace"))):
		with pytest.raises(PackageError) as error:
			read(attempt, TRUSTED)
		assert str(error.value).endswith(".")


def test_a_package_signed_by_another_trusted_government_is_refused():
	with pytest.raises(PackageError, match="tidak ditandatangani dengan kunci yang dicatat untuk 3573"):
		read(build(content(), OTHER_PRIVATE), TRUSTED)


def test_a_package_that_only_claims_the_trusted_key_is_refused():
	envelope = json.loads(build(content(), OTHER_PRIVATE)) | {"key": fingerprint(PUBLIC)}
	with pytest.raises(PackageError, match="Tanda tangan tidak cocok"):
		read(canonical(envelope).encode(), TRUSTED)


def test_a_package_of_a_government_that_nobody_registered_is_refused():
	with pytest.raises(PackageError, match="Pemerintah daerah 3573 belum dikenal; administrator harus"):
		read(PACKAGE, {"3507": OTHER_PUBLIC})


def test_without_a_check_of_the_signature_the_rest_is_still_checked():
	forged = build(content(), new_key()[0])
	assert read_unchecked(forged).government == "3573"
	with pytest.raises(PackageError):
		read_unchecked(forged[:-1])


# --- content ---


def test_what_was_built_is_what_is_read():
	package = read(PACKAGE, TRUSTED)
	assert package.content == content()
	assert (package.government, package.period, package.scale.labels) == ("3573", QUARTER, SCALE.labels)
	assert build(package.content, PRIVATE) == PACKAGE


REFUSED = {
	"not JSON": ("{", "bukan JSON"),
	"duplicate keys": ('{"format":"seroja-rollup","format":"seroja-rollup"}', "dua kali"),
	"too deep": ("[" * 100_000, "terlalu dalam"),
	"NaN": ('{"format":NaN}', "NaN"),
	"infinite": ('{"format":-Infinity}', "-Infinity"),
	"beyond a double": ('{"format":1e999}', "bukan JSON"),
	"half a character": ('{"format":"\\ud800"}', "bukan JSON"),
	"another format": (canonical(content(format="other")), "bukan paket rekapitulasi"),
	"no object": ("[]", "bukan paket rekapitulasi"),
	"a later version": (canonical(content(version=2)), "bukan versi 1"),
	"a true version": (canonical(content(version=True)), "bukan versi 1"),
	"not canonical": (json.dumps(content(), sort_keys=True), "bentuk baku"),
	"another order": (json.dumps(content(), separators=(",", ":")), "bentuk baku"),
	"a surplus entry": (canonical(content(extra=1)), "isi: extra"),
	"a missing entry": (canonical({k: v for k, v in content().items() if k != "cap"}), "isi: cap"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_content_that_no_seroja_writes_is_refused_even_when_signed(name):
	text, sentence = REFUSED[name]
	with pytest.raises(PackageError, match=sentence):
		read(signed(text), TRUSTED)


@pytest.mark.parametrize(
	("field", "value"),
	[
		("target", "80"),
		("target", True),
		("target", 1e16),
		("numerator", -1),
		("factor", 0),
		("polarity", "up"),
		("polarity", []),
		("status", None),
		("code", ""),
		("code", "a\nb"),
		("name", "x" * 2001),
		("opd", ""),
		("ordinal_scale", "Skala yang tidak ada"),
	],
)
def test_a_figure_of_the_wrong_kind_is_refused_by_sender_and_receiver(field, value):
	wrong = content()
	wrong["figures"][1][field] = value
	with pytest.raises(PackageError, match=f"figures nomor 2: {field}"):
		build(wrong, PRIVATE)
	with pytest.raises(PackageError, match=f"figures nomor 2: {field}"):
		read(signed(canonical(wrong)), TRUSTED)


def test_a_scale_that_contradicts_itself_is_refused():
	wrong = content()
	wrong["scale"]["bands"].append(wrong["scale"]["bands"][0])
	with pytest.raises(PackageError, match="kategori dengan nama yang sama"):
		build(wrong, PRIVATE)


def test_a_package_beyond_50_megabytes_is_not_even_parsed():
	with pytest.raises(PackageError, match="lebih besar dari 50 MB"):
		read(b"[" * (LARGEST_PACKAGE + 1), TRUSTED)


# --- keys ---


def test_the_list_of_keys_is_read_from_csv():
	data = f"government,public_key\n3573,{PUBLIC}\n3507,{OTHER_PUBLIC}\n".encode()
	assert read_keys(data, "kunci.csv") == (TRUSTED, {})


def test_the_list_of_keys_may_hold_levels():
	data = f"government,public_key,level\n3573,{PUBLIC},city\n3507,{OTHER_PUBLIC},\n".encode()
	assert read_keys(data, "kunci.csv") == (TRUSTED, {"3573": "city"})


@pytest.mark.parametrize(
	("text", "sentence"),
	[
		(f"government,key\n3573,{PUBLIC}\n", "kolom government dan public_key"),
		("government,public_key\n3573,abc\n", "bukan kunci Ed25519"),
		(f"government,public_key\n3573,{PUBLIC}\n3573,{OTHER_PUBLIC}\n", "Baris 3"),
		(f"government,public_key\n,{PUBLIC}\n", "Baris 2"),
		(f"government,public_key,level\n3573,{PUBLIC},kota\n", "Baris 2 daftar kunci: level harus city atau"),
	],
)
def test_a_list_of_keys_that_cannot_be_trusted_is_refused(text, sentence):
	with pytest.raises(PackageError, match=sentence):
		read_keys(text.encode(), "kunci.csv")


def test_a_fingerprint_is_only_made_of_a_key():
	for text in ("", "x", PUBLIC[:-4], PUBLIC + "\n", base64.b64encode(b"0" * 33).decode()):
		with pytest.raises(PackageError):
			fingerprint(text)


def test_a_package_of_the_future_or_of_another_level_is_refused():
	package = read(build(content(), PRIVATE), TRUSTED)
	made = datetime.fromisoformat(package.content["made_on"])
	for level in (None, "city"):
		check_claims(package, level, made - timedelta(days=1))
	with pytest.raises(PackageError, match="dibuat di masa depan"):
		check_claims(package, "city", made - timedelta(days=1, seconds=1))
	with pytest.raises(PackageError, match="dipercaya untuk tingkat Provinsi"):
		check_claims(package, "province", made)


# --- completeness ---


def test_an_honest_and_complete_package_has_no_problem():
	assert problems() == []


def test_every_polarity_method_and_status_is_computed_again_as_the_sender_did():
	figures = [
		figure("min", 10.0, 12.0, "minimize"),
		figure("stable", 10.0, 12.0, "stabilize"),
		figure("no target", None, 12.0),
		figure("zero", 0.0, 3.0),
		figure("huge", 1.0, 900.0),
	]
	ordinal = achievement("qualitative", "WTP", "WDP")
	texts = {"target": None, "realization": None, "target_label": "WTP", "realization_label": "WDP"}
	result = {"achievement": ordinal.raw, "score": ordinal.scored, "category": SCALE.category(ordinal.raw)}
	figures.append(figure("opinion") | texts | result | {"polarity": "qualitative", "status": ordinal.status})
	ranged = achievement("maximize", (70.0, 80.0), 90.0)
	result = {
		"achievement": ranged.raw,
		"score": ranged.scored,
		"category": SCALE.category(ranged.raw),
		"status": ranged.status,
	}
	figures.append(figure("range", 70.0, 90.0, target_upper=80.0, method="range") | result)
	empty = figure("nobody", 10.0, None, status="no_population")
	assert problems(*figures, empty) == []


def test_the_default_methods_of_the_sender_are_followed():
	inverse = achievement("minimize", 10.0, 12.0, method="inverse")
	row = figure("min", 10.0, 12.0, "minimize", achievement=inverse.raw, score=inverse.scored)
	row["category"] = SCALE.category(inverse.raw)
	assert problems(row, methods=DEFAULT_METHODS | {"minimize": "inverse"}) == []
	assert len(problems(row)) == 1


def test_another_period_is_named():
	package = read(PACKAGE, TRUSTED)
	sentence = "Paket berisi Triwulan I 2025, sedangkan yang diminta Triwulan II 2025."
	assert completeness(package, Period(2025, "quarter", 2)) == [sentence]


def test_unverified_sheets_and_missing_rows_are_counted():
	expected = {"opds": 3, "indicators": 7, "sheets": 150, "verified_sheets": 138}
	assert problems(expected=expected) == [
		"12 dari 150 lembar belum terverifikasi.",
		"Paket memuat 1 perangkat daerah, sedangkan seharusnya 3.",
		"Paket memuat 2 indikator, sedangkan seharusnya 7.",
	]


def test_a_package_without_any_figure_is_read_and_found_incomplete():
	empty = content() | {"figures": [], "aggregates": []}
	found = completeness(read(build(empty, PRIVATE), TRUSTED), QUARTER)
	assert found == [
		"Paket memuat 0 perangkat daerah, sedangkan seharusnya 1.",
		"Paket memuat 0 indikator, sedangkan seharusnya 2.",
	]


def test_another_version_of_the_calculation_is_named():
	assert "versi perhitungan 0.9" in problems(calculation_version="0.9")[0]


def test_an_indicator_that_stands_there_twice_is_named():
	assert "Indikator I-1 tercantum 2 kali." in problems(figure("I-1"), figure("I-1"))


def test_an_achievement_that_does_not_follow_is_named_with_both_numbers():
	(sentence,) = problems(figure(achievement=95.0, score=95.0))
	assert "I-1: capaian tertulis 95,00% (ok)" in sentence and "112,50%" in sentence


def test_a_missing_realization_cannot_be_sent_as_zero_percent():
	(sentence,) = problems(figure(realization=None, achievement=0.0, score=0.0, category="Sangat Rendah"))
	assert "tertulis 0,00%" in sentence and "–" in sentence


def test_score_category_and_ratio_must_follow_too():
	assert "skor 110,00%" in problems(figure(score=110.0))[0]
	assert "kategori “Rendah”" in problems(figure(category="Rendah"))[0]
	(sentence,) = problems(figure(numerator=80.0, denominator=100.0))
	assert "memberi 80,00, realisasi tertulis 90,00" in sentence
	assert problems(figure(numerator=90.0, denominator=100.0)) == []
	assert problems(figure(numerator=9.0, denominator=1000.0, factor=10_000.0)) == []


def test_aggregates_are_computed_again_and_differences_named():
	wrong = copy.deepcopy(content())
	wrong["aggregates"][-1]["mean_score"] += 1
	wrong["aggregates"][0]["budget"] = None
	found = completeness(read(build(wrong, PRIVATE), TRUSTED), QUARTER)
	assert found == [
		"Rekapitulasi Dinas Kesehatan: pagu tertulis –, dihitung ulang 2.000.",
		"Rekapitulasi pemerintah daerah: rata-rata skor tertulis 113,5, dihitung ulang 112,5.",
	]
	wrong["aggregates"].pop()
	assert "tepat sekali" in completeness(read(build(wrong, PRIVATE), TRUSTED), QUARTER)[0]


def test_aggregates_are_means_of_what_has_a_value():
	figures = [
		figure("a", 100.0, 60.0),
		figure("b", 100.0, None),
		figure("c", 100.0, 100.0, opd="Dinas Lain"),
	]
	first, second, overall = aggregates(content(*figures))
	assert (first["opd"], first["indicators"], first["valued"], first["mean_score"]) == (
		"Dinas Kesehatan",
		2,
		1,
		60,
	)
	assert (second["mean_score"], overall["opd"], overall["mean_score"], overall["indicators"]) == (
		100,
		"",
		80,
		3,
	)
	assert overall["budget"] == 3000 and overall["category"] == "Tinggi"


def test_no_budget_is_no_value():
	found = aggregates(content(figure(budget=None, budget_realization=None)))
	assert {(row["budget"], row["budget_realization"]) for row in found} == {(None, None)}


def test_many_problems_are_cut_short():
	found = problems(*[figure(f"I-{number}", achievement=1.0, score=1.0) for number in range(30)])
	assert len(found) <= 25 and "… dan 10 masalah serupa." in found


@given(
	st.lists(
		st.tuples(
			st.sampled_from(["maximize", "minimize", "stabilize"]),
			st.none() | st.floats(-1e6, 1e6).map(lambda value: round(value, 2)),
			st.none() | st.floats(-1e6, 1e6).map(lambda value: round(value, 2)),
			st.none() | st.floats(0, 100).map(lambda value: round(value, 2)),
		),
		min_size=1,
		max_size=8,
	)
)
def test_what_an_honest_sender_computes_is_never_doubted(rows):
	figures = [
		figure(f"I-{number}", target, realization, polarity, weight=weight)
		for number, (polarity, target, realization, weight) in enumerate(rows)
		if _fits(polarity, target, realization)
	]
	if figures:
		assert problems(*figures) == []


def _fits(polarity, target, realization) -> bool:
	return abs(achievement(polarity, target, realization).raw or 0) <= 1e15
