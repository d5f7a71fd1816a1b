"""The configuration package: made and read again, refused when it is not as made, compared with a site."""

import json
import tracemalloc

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seroja.core.configuration import (
	LARGEST_FILE,
	REFERENCES,
	SECTIONS,
	Change,
	ConfigurationError,
	Difference,
	Package,
	RowChange,
	build,
	compare,
	counts,
	missing_references,
	read,
)

ABOUT = {"site": "Kota Contoh", "made_on": "2026-05-02T08:00:00+07:00"}
SCALE = {
	"key": "Skala Kota",
	"source": "Perwali 1/2026",
	"bands": [{"label": "Tinggi", "low": "90"}, {"label": "Rendah", "high": "90"}],
}
SOURCE = {
	"key": "SIPD",
	"url": "https://sipd.example.go.id",
	"token_url": "https://sipd.example.go.id/token",
	"secret": "",
	"mappings": [{"indicator": "IK-01", "column_name": "Realisasi"}, {"indicator": "IK-02", "factor": 0.5}],
}
INDICATOR = {"key": "IK-01", "indicator_name": "Usia harapan hidup", "is_active": 1}
SECTIONS_HERE = {
	"achievement_scales": [SCALE],
	"performance_indicators": [INDICATOR],
	"data_sources": [SOURCE],
}


GONE_BANDS = tuple(
	RowChange(place, "gone", (Difference("label", label, "–"), Difference(field, "90", "–")))
	for place, field, label in ((3, "low", "Tinggi"), (4, "high", "Rendah"))
)


def packed(**sections) -> Package:
	return read(build(sections, ABOUT))


def refusal(data: bytes) -> str:
	with pytest.raises(ConfigurationError) as error:
		read(data)
	return str(error.value)


def file(**changes) -> bytes:
	"""A package whose parts are as given; its digest is not right."""
	return json.dumps(json.loads(build(SECTIONS_HERE, ABOUT)) | changes).encode()


def with_record(**fields) -> dict:
	return {"achievement_scales": [SCALE | fields]}


# --- the file ---


def test_a_package_is_read_as_it_was_made():
	data = build(SECTIONS_HERE, ABOUT)
	package = read(data)
	assert package.sections == SECTIONS_HERE
	assert package.about == ABOUT
	content = json.loads(data)
	assert (content["format"], content["version"]) == ("seroja-configuration", 1)
	assert content["digest"] == package.digest


def test_the_order_of_fields_does_not_matter_and_every_value_does():
	turned = {name: [dict(reversed(row.items())) for row in rows] for name, rows in SECTIONS_HERE.items()}
	assert build(dict(reversed(turned.items())), ABOUT) == build(SECTIONS_HERE, ABOUT)
	other = build(SECTIONS_HERE | with_record(source="Perwali 2/2026"), ABOUT)
	assert read(other).digest != read(build(SECTIONS_HERE, ABOUT)).digest


TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t\r"), max_size=8)
NAMES = st.text(st.sampled_from("abcdefg_é"), min_size=1, max_size=6)  # none that looks like a secret
NUMBERS = st.integers(-(10**15), 10**15) | st.floats(-1e15, 1e15)
VALUES = st.recursive(
	st.none() | st.booleans() | NUMBERS | TEXTS,
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
	max_leaves=8,
)
KEYS = TEXTS.filter(str.strip)
RECORDS = st.dictionaries(KEYS, st.dictionaries(NAMES, VALUES, max_size=3), max_size=3).map(
	lambda found: [fields | {"key": key} for key, fields in found.items()]
)
PACKAGES = st.dictionaries(st.sampled_from(sorted(SECTIONS)), RECORDS, max_size=3)


@given(PACKAGES, st.dictionaries(NAMES, VALUES, max_size=3))
def test_what_is_built_is_read_again(sections, about):
	package = read(build(sections, about))
	assert package.sections == sections
	assert package.about == about
	assert build(package.sections, package.about) == build(sections, about)


@given(PACKAGES, st.data())
def test_any_changed_byte_is_refused(sections, data):
	made = bytearray(build(sections, ABOUT))
	made[data.draw(st.integers(0, len(made) - 1))] ^= data.draw(st.integers(1, 255))
	assert refusal(bytes(made))


@pytest.mark.parametrize("added", [b"\n", b" ", b"{}", b"\x00"])
def test_an_added_byte_is_refused(added):
	assert refusal(build(SECTIONS_HERE, ABOUT) + added)


def test_a_changed_value_is_called_so():
	changed = build(SECTIONS_HERE, ABOUT).replace(b"Usia", b"Usaa")
	assert refusal(changed) == "Isi berkas berubah sejak dibuat; minta berkas yang asli dari pembuatnya."
	assert refusal(file()) == refusal(changed)  # the same values, written with spaces


JSON = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=6),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
	max_leaves=8,
)
PARTS = st.fixed_dictionaries(
	{},
	optional={
		"format": st.just("seroja-configuration") | JSON,
		"version": st.sampled_from([1, 1.0, True, 2, 10**400]) | JSON,
		"about": st.just({}) | JSON,
		"digest": JSON,
		"sections": st.dictionaries(
			st.sampled_from(sorted(SECTIONS)), st.lists(st.dictionaries(st.just("key"), JSON)) | JSON
		)
		| JSON,
	},
)


@given(st.binary() | (JSON | PARTS).map(lambda value: json.dumps(value).encode()))
@example(b"[" * 100_000)
@example(b'{"a":' * 50_000 + b"1" + b"}" * 50_000)
@example(file(version="[" * 10))
@example(file(about=json.loads("[" * 500 + "]" * 500)))
@example(b"1" * 5_000)
@example(file(sections={"data_sources": [{"key": "\ud800"}]}))
@example(b"\xef\xbb\xbf{}")
@example('{"a": 1}'.encode("utf-16"))
def test_what_is_no_package_ends_in_one_sentence(data):
	assert refusal(data).encode()


@pytest.mark.parametrize(
	("data", "part"),
	[
		(b"", "bukan JSON"),
		(b"<html>", "bukan JSON"),
		(b"[]", "bukan paket konfigurasi"),
		(file(format="seroja-rollup"), "bukan paket konfigurasi"),
		(file(surplus=1), "bukan paket konfigurasi"),
		(file(version=2), "versi lain"),
		(file(sections=[]), "tidak terbaca"),
		(file(sections={"pengguna": []}), "“pengguna” tidak dikenal"),
		(file(sections={"report_layouts": {}}), "Tata Letak Laporan harus berupa daftar"),
		(file(sections={"report_layouts": ["LKPJ"]}), "Tata Letak Laporan ke-1 tidak mempunyai kunci"),
		(file(sections={"report_layouts": [{"key": " "}]}), "Tata Letak Laporan ke-1 tidak mempunyai kunci"),
		(
			file(sections={"achievement_scales": [SCALE, SCALE]}),
			"Skala Capaian “Skala Kota” tercantum dua kali",
		),
		(file(sections=with_record(source="a\x1b[31m")), "karakter kendali"),
		(file(sections=with_record(**{"a\x00": 1})), "nama bidang"),
		(file(sections=with_record(low=float("nan"))), "angka yang tidak dapat disimpan"),
		(file(sections=with_record(low=float("inf"))), "angka yang tidak dapat disimpan"),
		(file(sections=with_record(low=10**16)), "angka yang tidak dapat disimpan"),
		(file(sections=with_record(low=json.loads("[" * 40 + "]" * 40))), "terlalu dalam"),
		(file(sections=with_record(password="rahasia")), "“password” tampak memuat rahasia"),
		(build({}, ABOUT).replace(b'"version"', b'"about":{},"version"'), "“about” tertulis dua kali"),
		(b" " * (LARGEST_FILE + 1), "lebih besar dari 20 MB"),
	],
)
def test_a_refusal_says_why(data, part):
	sentence = refusal(data)
	assert part in sentence
	assert sentence.endswith(".")


def test_reading_takes_memory_in_proportion():
	rows = [{"key": f"IK-{number}", "mappings": [[]] * 40} for number in range(4_000)]
	data = build({"performance_indicators": rows}, ABOUT)
	tracemalloc.start()
	read(data)
	peak = tracemalloc.get_traced_memory()[1]
	tracemalloc.stop()
	assert peak < 60 * len(data)


# --- what may not go in ---


@pytest.mark.parametrize(
	"fields",
	[
		{"password": "x"},
		{"client_secret": "****"},
		{"Token": "x"},
		{"auth": {"rows": [{"api_key": "x"}]}},
		{"apiKey": 7},
		{"secret": ["x"]},
	],
)
def test_a_secret_is_never_packed(fields):
	with pytest.raises(ValueError, match="tampak memuat rahasia"):
		build(with_record(**fields), ABOUT)
	with pytest.raises(ValueError, match="tampak memuat rahasia"):
		build({}, ABOUT | fields)


def test_an_empty_secret_a_yes_or_no_and_an_address_are_none():
	fields = {"password": "", "secret": None, "token_url": "https://contoh.go.id/token", "has_token": True}
	assert packed(**with_record(**fields)).sections["achievement_scales"] == [SCALE | fields]


@pytest.mark.parametrize(
	"value", [b"bytes", {1: "x"}, (1, 2), {"x"}, 10**16, float("nan"), "\ud800", object()]
)
def test_only_plain_values_are_packed(value):
	with pytest.raises(ConfigurationError):
		build(with_record(low=value), ABOUT)


def test_a_package_that_could_not_be_read_is_not_made():
	with pytest.raises(ConfigurationError, match="20 MB"):
		build(with_record(source="x" * LARGEST_FILE), ABOUT)


# --- preview ---


def test_each_record_is_new_changed_or_the_same():
	package = packed(**SECTIONS_HERE)
	ours = SCALE | {"source": "Perwali 9/2020", "bands": SCALE["bands"] * 2}
	here = {
		"achievement_scales": {"Skala Kota": ours, "Lain": {}},
		"performance_indicators": {"IK-01": INDICATOR},
	}
	changes = compare(package, here)
	assert changes == [
		Change(
			"achievement_scales",
			"Skala Kota",
			"changed",
			(
				Difference("bands", "4 baris", "2 baris, 2 berbeda", GONE_BANDS),
				Difference("source", "Perwali 9/2020", "Perwali 1/2026"),
			),
		),
		Change("performance_indicators", "IK-01", "same"),
		Change("data_sources", "SIPD", "new"),
	]
	assert counts(changes) == {"new": 1, "changed": 1, "same": 1}
	assert counts([]) == {"new": 0, "changed": 0, "same": 0}


def test_records_stand_by_section_and_key():
	rows = [{"key": key} for key in "cab"]
	changes = compare(packed(data_sources=rows, achievement_scales=rows), {})
	assert [(change.section, change.key) for change in changes] == [
		(section, key) for section in ("achievement_scales", "data_sources") for key in "abc"
	]


@given(PACKAGES)
def test_a_site_that_has_all_of_it_changes_nothing(sections):
	here = {name: {row["key"]: row for row in rows} for name, rows in sections.items()}
	changes = compare(packed(**sections), here)
	assert {change.kind for change in changes} <= {"same"}
	assert len(changes) == sum(map(len, sections.values()))


@given(PACKAGES, PACKAGES)
def test_a_changed_record_says_what_differs(sections, others):
	here = {name: {row["key"]: row for row in rows} for name, rows in others.items()}
	for change in compare(packed(**sections), here):
		assert bool(change.differences) == (change.kind == "changed")
		for difference in change.differences:
			assert difference.before != difference.after
			assert max(len(difference.before), len(difference.after)) <= 100


@pytest.mark.parametrize(
	("ours", "theirs", "shown"),
	[
		(None, "Perwali", ("–", "Perwali")),
		("Perwali", "", ("Perwali", "–")),
		(2.5, 1234.5, ("2,5", "1.234,5")),
		(False, True, ("tidak", "ya")),
		([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}], ("2 baris", "2 baris, 1 berbeda")),
		([], [1, 2], ("–", "2 baris")),
		("2 baris", [1, 2], ("2 baris", "2 baris, berbeda")),
		({"a": 1}, {"a": 1, "b": 2}, ("1 isian", "2 isian")),
		({"a": 1}, {"a": 2}, ("1 isian", "1 isian, berbeda")),
		(0.12345678, 0.12345679, ("0,123457", "0,123457, berbeda")),
		("a" * 90 + "b", "a" * 90 + "c", ("…" + "a" * 20 + "b", "…" + "a" * 20 + "c")),
		("b" * 200, "c" * 200, ("b" * 79 + "…", "c" * 79 + "…")),
		("a" * 90, "a" * 90 + "b", ("…" + "a" * 20, "…" + "a" * 20 + "b")),
	],
)
def test_values_are_shown_so_that_one_sees_the_difference(ours, theirs, shown):
	package = packed(achievement_scales=[{"key": "S", "field": theirs}])
	(change,) = compare(package, {"achievement_scales": {"S": {"field": ours}}})
	(difference,) = change.differences
	assert (difference.field, difference.before, difference.after) == ("field", *shown)


def rows_of(table: str, ours: list[dict], theirs: list[dict]) -> tuple[str, list]:
	"""What is said of a table, and of its rows: place, kind and the fields that differ."""
	package = packed(data_sources=[{"key": "S", table: theirs}])
	(change,) = compare(package, {"data_sources": {"S": {table: ours}}})
	(difference,) = change.differences
	return difference.after, [
		(row.place, row.kind, *((item.field, item.before, item.after) for item in row.differences))
		for row in difference.rows
	]


def mapping(indicator: str, column: str = "jumlah", figure: str = "Value") -> dict:
	return {"indicator": indicator, "figure": figure, "column_name": column}


def test_rows_are_compared_field_by_field():
	ours = [mapping("IK-01"), mapping("IK-02"), {**mapping("IK-03"), "factor": "0,5"}]
	theirs = [mapping("IK-01"), mapping("IK-02", "total"), mapping("IK-03")]
	assert rows_of("mappings", ours, theirs) == (
		"3 baris, 2 berbeda",
		[
			(2, "changed", ("column_name", "jumlah", "total")),
			(3, "changed", ("factor", "0,5", "–")),
		],
	)


def test_a_row_is_found_by_what_names_it_and_not_by_its_place():
	ours = [mapping("IK-01"), mapping("IK-02"), mapping("IK-03")]
	theirs = [
		mapping("IK-09"),
		mapping("IK-02", "total"),
		mapping("IK-03"),
		mapping("IK-03", figure="Numerator"),
	]
	found = rows_of("mappings", ours, theirs)[1]
	assert [row[:2] for row in found] == [(1, "gone"), (1, "new"), (2, "changed"), (4, "new")]
	assert found[0][2:] == (
		("indicator", "IK-01", "–"),
		("figure", "Value", "–"),
		("column_name", "jumlah", "–"),
	)


def test_rows_without_a_name_are_compared_by_their_place():
	assert rows_of("other", [{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}, {"a": 4}]) == (
		"3 baris, 2 berbeda",
		[(2, "changed", ("a", "2", "3")), (3, "new", ("a", "–", "4"))],
	)


def test_another_order_of_the_same_rows_is_told():
	rows = [mapping("IK-01"), mapping("IK-02"), mapping("IK-01")]
	assert rows_of("mappings", rows, [rows[1], rows[0], rows[2]]) == ("3 baris, urutan berubah", [])


ROWS = st.lists(st.fixed_dictionaries({}, optional={"indicator": KEYS, "a": VALUES}), max_size=4)


@given(ROWS, ROWS)
def test_told_row_by_row_one_table_becomes_the_other(ours, theirs):
	package = packed(data_sources=[{"key": "S", "mappings": theirs}])
	(change,) = compare(package, {"data_sources": {"S": {"mappings": ours}}})
	for difference in change.differences:
		kinds = [row.kind for row in difference.rows]
		assert kinds or "urutan" in difference.after or len(ours) != len(theirs)
		for row in difference.rows:
			assert 1 <= row.place <= len(ours if row.kind == "gone" else theirs)
			assert row.differences


@pytest.mark.parametrize(
	("ours", "theirs"),
	[(None, ""), ([], None), (1, True), (2, 2.0), ([{"a": "", "b": 1}], [{"b": 1}]), ("", {"a": None})],
)
def test_no_value_and_an_empty_one_are_the_same(ours, theirs):
	package = packed(achievement_scales=[{"key": "S", "field": theirs}])
	(change,) = compare(package, {"achievement_scales": {"S": {"field": ours, "own": "tetap"}}})
	assert change.kind == "same"


# --- references ---


def test_a_name_that_nobody_has_is_told():
	package = packed(**SECTIONS_HERE)
	assert missing_references(package, {}) == [
		"Sumber Data “SIPD” menunjuk Indikator Kinerja “IK-02”, yang tidak ada dalam paket maupun di situs ini."
	]
	assert missing_references(package, {"performance_indicators": ["IK-02"]}) == []
	assert missing_references(package, {"performance_indicators": {"IK-02": {}}}) == []  # as for compare


def test_an_indicator_that_is_named_twice_is_told_once():
	source = SOURCE | {"mappings": [{"indicator": "IK-09"}, {"indicator": "IK-09"}, {"indicator": ""}]}
	assert len(missing_references(packed(data_sources=[source]), {})) == 1


@pytest.mark.parametrize(("section", "path", "target"), REFERENCES)
def test_every_reference_is_followed(section, path, target):
	record = {"key": "A", path[0]: "HILANG" if len(path) == 1 else [{path[1]: "HILANG"}]}
	(sentence,) = missing_references(packed(**{section: [record]}), {})
	assert sentence.startswith(f"{SECTIONS[section]} “A”") and f"{SECTIONS[target]} “HILANG”" in sentence
	known = {target: {"HILANG"}}
	assert missing_references(packed(**{section: [record]}), known) == []


@given(PACKAGES, st.lists(JSON.map(lambda value: {"mappings": value, "replaces": value, "successor": value})))
def test_references_in_records_of_any_shape_raise_nothing(sections, odd):
	records = [{"key": str(place)} | row for place, row in enumerate(odd)]
	package = Package({}, sections | {section: records for section, _, _ in REFERENCES}, "")
	for sentence in missing_references(package, {}):
		assert sentence.endswith(".")
