"""Instruments as data: those in the package, their predicates, faults in one's own, JSON there and back."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seroja.core.instruments import (
	CRITERION,
	GROUP,
	ITEM,
	Band,
	Instrument,
	InstrumentError,
	Node,
	Rule,
	instrument_json,
	read_instrument,
	shipped_instrument,
	shipped_names,
)
from seroja.core.scales import shipped_scales

SHARED = Path(__file__).parents[2] / "shared" / "data" / "instruments"
SHIPPED = {name: shipped_instrument(name) for name in shipped_names()}
SMALL = {
	"code": "KECIL",
	"title": "Instrumen kecil",
	"scoring": "grade",
	"grades": [{"grade": "Ya", "value": 100}, {"grade": "Tidak", "value": 0}],
	"predicates": [{"predicate": "Lulus", "at_least": 50}, {"predicate": "Gagal", "below": 50}],
	"components": [
		{
			"code": "1",
			"title": "Satu",
			"weight": 60,
			"subcomponents": [
				{"code": "1.a", "title": "Ada", "weight": 20, "criteria": ["Pertama", {"title": "Kedua"}]},
				{"code": "1.b", "title": "Baik", "weight": 40},
			],
		},
		{"code": "2", "title": "Dua", "weight": 40, "items": [{"code": "2.a", "title": "Ada", "weight": 40}]},
	],
	"rules": [{"code": "1.b", "not_above": "1.a"}],
}


def small(**changes) -> Instrument:
	return read_instrument(json.dumps(SMALL | changes))


def problems(**changes) -> list[str]:
	"""The sentences with which the small instrument, changed so, is refused."""
	with pytest.raises(InstrumentError) as error:
		small(**changes)
	return error.value.problems


def node(instrument: Instrument, code: str) -> Node:
	return instrument.answerable[code]


# --- shipped ---


def test_the_instruments_of_the_domain_are_shipped():
	assert shipped_names() == ["akip-2021", "pemdi-2026", "rb-2020", "rb-2023", "spbe-2020"]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_instrument_can_be_used_and_is_found_in_any_case(name):
	instrument = SHIPPED[name]
	assert instrument.problems() == []
	assert instrument.code.casefold() == name
	assert shipped_instrument(name.upper()) == instrument


def test_an_unknown_name_is_a_key_error():
	with pytest.raises(KeyError):
		shipped_instrument("akip-1999")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_instrument_survives_its_json(name):
	assert read_instrument(instrument_json(SHIPPED[name])) == SHIPPED[name]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
@pytest.mark.parametrize("name", ["akip-2021", "pemdi-2026", "spbe-2020"])
def test_a_shipped_instrument_is_that_of_the_shared_data(name):
	shared = read_instrument((SHARED / f"{name}.json").read_bytes())
	shipped = SHIPPED[name]

	def tree(instrument):
		return [replace(line, fact="") for line in instrument.nodes]

	assert tree(shipped) == tree(shared)
	assert shipped.values == shared.values
	assert shipped.scale.bands == shared.scale.bands
	assert (shipped.valid_from, shipped.valid_to) == (shared.valid_from, shared.valid_to)
	assert shared.conversions.items() <= shipped.conversions.items()


@pytest.mark.parametrize(
	("name", "scale"),
	[
		("akip-2021", "Predikat AKIP"),
		("rb-2023", "Predikat RB"),
		("rb-2020", "Predikat RB (sampai 2022)"),
		("spbe-2020", "Predikat SPBE"),
		("pemdi-2026", "Predikat SPBE"),
	],
)
def test_predicates_are_those_of_the_shipped_scale(name, scale):
	instrument, expected = SHIPPED[name], shipped_scales()[scale]
	assert instrument.scale.labels == expected.labels
	# A scale may end where the index ends, an instrument leaves that bound open.
	inner = [(band.low, band.low_closed) for band in expected.bands[:-1]]
	assert [(band.low, band.low_closed) for band in instrument.scale.bands[:-1]] == inner
	low, high = (bound * instrument.factor for bound in instrument.bounds)
	for step in range(2001):
		index = low + (high - low) * step / 2000
		assert instrument.scale.category(index) == expected.category(index), index


# domain.md 1.3.1
def test_the_akip_worksheet_has_4_components_12_items_and_80_criteria_with_the_official_weights():
	akip = SHIPPED["akip-2021"]
	groups = [(line.code, line.weight) for line in akip.nodes if line.kind == GROUP]
	assert groups == [("1", 30), ("2", 30), ("3", 15), ("4", 25)]
	assert [item.weight for item in akip.items] == [6, 9, 15, 6, 9, 15, 3, 4.5, 7.5, 5, 7.5, 12.5]
	assert {item.aspect for item in akip.items} == {"Keberadaan", "Kualitas", "Pemanfaatan"}
	for aspect, weight in (("Keberadaan", 20), ("Kualitas", 30), ("Pemanfaatan", 50)):
		assert sum(item.weight for item in akip.items if item.aspect == aspect) == weight
	assert sum(map(len, akip.criteria.values())) == 80
	assert akip.criteria["1.a"] == tuple(f"1.a.{number}" for number in range(1, 7))


# domain.md 1.3.3
def test_the_akip_grades_count_what_the_regulation_says():
	assert SHIPPED["akip-2021"].values == {
		"AA": 100,
		"A": 90,
		"BB": 80,
		"B": 70,
		"CC": 60,
		"C": 50,
		"D": 30,
		"E": 0,
	}


# domain.md 4.3
def test_spbe_has_4_domains_8_aspects_and_47_indicators_with_the_official_weights():
	spbe = SHIPPED["spbe-2020"]
	counts = {level: sum(line.level == level for line in spbe.nodes) for level in ("Domain", "Aspek")}
	assert counts == {"Domain": 4, "Aspek": 8} and len(spbe.items) == 47
	assert [item.code for item in spbe.items] == [str(number) for number in range(1, 48)]
	weights = {
		line.code: sum(item.weight for item in spbe.items if position in spbe.groups_of[item.code])
		for position, line in enumerate(spbe.nodes)
		if line.level == "Domain"
	}
	assert weights == pytest.approx({"1": 13, "2": 25, "3": 16.5, "4": 45.5})


def test_pemdi_has_9_aspects_and_35_indicators_of_weight_100_and_breaks_the_series():
	pemdi, spbe = SHIPPED["pemdi-2026"], SHIPPED["spbe-2020"]
	assert sum(line.kind == GROUP for line in pemdi.nodes) == 9
	assert len(pemdi.items) == 35
	assert sum(item.weight for item in pemdi.items) == 100
	assert pemdi.breaks_series and pemdi.series == spbe.series
	assert (spbe.valid_to, pemdi.valid_from) == (2025, 2026)


@pytest.mark.parametrize(
	("net", "level"),
	[
		(-4, "1"),
		(-2.41, "1"),
		(-2.4, "2"),
		(-0.81, "2"),
		(-0.8, "3"),
		(0, "3"),
		(0.99, "3"),
		(1.0, "4"),
		(2.39, "4"),
		(2.4, "5"),
		(4, "5"),
	],
)
def test_the_net_score_of_a_survey_becomes_the_level_of_pemdi_33(net, level):
	assert SHIPPED["pemdi-2026"].convert("33", net) == level


def test_an_item_without_conversion_has_none():
	assert SHIPPED["pemdi-2026"].convert("34", 2.4) is None
	assert SHIPPED["pemdi-2026"].convert("33", float("nan")) is None


@pytest.mark.parametrize(
	("share", "grade"),
	[
		(100, "BB"),
		(99.99, "B"),
		(75.01, "B"),
		(75, "CC"),
		(50.01, "CC"),
		(50, "C"),
		(25, "D"),
		(0.1, "D"),
		(0, "E"),
	],
)
def test_a_share_of_met_criteria_becomes_a_grade_and_never_more_than_bb(share, grade):
	assert SHIPPED["akip-2021"].convert("1.a.1", share) == grade


def test_the_a_minus_of_rb_has_no_band_and_stands_in_for_a_only():
	minus = SHIPPED["rb-2023"].predicate("A-")
	assert minus.band is None and minus.instead_of == "A"
	assert "A-" not in SHIPPED["rb-2023"].scale.labels


# --- answers ---


@pytest.mark.parametrize(("cell", "answer"), [("bb", "BB"), (" AA ", "AA"), ("E", "E")])
def test_a_grade_is_read_in_any_case(cell, answer):
	assert SHIPPED["akip-2021"].read_answer(cell) == answer


@pytest.mark.parametrize("cell", [3, 3.0, "3", " 3 "])
def test_a_level_is_read_as_number_and_as_text(cell):
	assert SHIPPED["spbe-2020"].read_answer(cell) == "3"


@pytest.mark.parametrize(
	"cell", ["F", "", None, 3.5, 0, 6, True, float("nan"), float("inf"), "=A1", "9" * 99]
)
@pytest.mark.parametrize("name", ["akip-2021", "spbe-2020"])
def test_an_answer_outside_the_scale_names_the_choices(name, cell):
	with pytest.raises(ValueError, match="Pilihan"):
		SHIPPED[name].read_answer(cell)


@pytest.mark.parametrize(
	("cell", "decimal", "answer"), [("87,34", ",", 87.34), ("87.34", ".", 87.34), (0, ",", 0)]
)
def test_a_free_number_is_stored_with_a_decimal_point(cell, decimal, answer):
	stored = SHIPPED["rb-2023"].read_answer(cell, decimal)
	assert float(stored) == answer and SHIPPED["rb-2023"].value(stored) == answer


@pytest.mark.parametrize("cell", ["-1", 120.5, "baik", float("nan"), None, "1e3"])
def test_a_free_number_outside_its_range_is_refused(cell):
	with pytest.raises(ValueError):
		SHIPPED["rb-2023"].read_answer(cell)


# --- faults ---


def test_the_small_instrument_is_read_with_its_tree():
	instrument = small()
	assert [(line.kind, line.depth, line.level, line.code) for line in instrument.nodes] == [
		(GROUP, 0, "Komponen", "1"),
		(ITEM, 1, "Sub Komponen", "1.a"),
		(CRITERION, 2, "Kriteria", "1.a.1"),
		(CRITERION, 2, "Kriteria", "1.a.2"),
		(ITEM, 1, "Sub Komponen", "1.b"),
		(GROUP, 0, "Komponen", "2"),
		(ITEM, 1, "Butir", "2.a"),
	]
	assert instrument.criteria == {"1.a": ("1.a.1", "1.a.2"), "1.b": (), "2.a": ()}
	assert instrument.bounds == (0, 100)


def item(code="1", title="Satu", weight=100, **more):
	return {"code": code, "title": title, "weight": weight} | more


def only(*items, **changes) -> dict:
	return {"components": [], "rules": [], "items": list(items)} | changes


@pytest.mark.parametrize(
	("changes", "sentence"),
	[
		({"code": " "}, "belum mempunyai kode atau nama"),
		({"title": ""}, "belum mempunyai kode atau nama"),
		({"scoring": "bintang"}, "“bintang” tidak dikenal"),
		({"valid_from": 2025, "valid_to": 2020}, "terbalik: 2025 sampai 2020"),
		({"factor": 0}, "Faktor harus lebih besar dari 0"),
		({"total_weight": -1}, "Jumlah bobot harus lebih besar dari 0"),
		({"total_weight": 99}, "Jumlah bobot seluruh butir adalah 100, seharusnya 99"),
		(only(), "belum mempunyai butir"),
		(only(*[item(str(number)) for number in range(6000)]), "paling banyak 5000"),
		(only(item(weight=0)), "Bobot 1 harus lebih besar dari 0"),
		(only(item(weight=None)), "Bobot 1 harus lebih besar dari 0"),
		(only(item(weight=-3), item("2", weight=103)), "Bobot 1 harus lebih besar dari 0"),
		(only(item(weight=50), item(weight=50)), "Kode 1 dipakai 2 kali"),
		(only(item(""), item("2")), "tanpa kode"),
		(only(item(title=" ")), "1 belum mempunyai judul"),
		(only(item(criteria=[{"code": "1", "title": "x"}])), "Kode 1 dipakai 2 kali"),
		(only(item("g", items=[item()], criteria=["x"])), "Kriteria g.1 berada di tempat yang salah"),
		(only(item("g", weight=90, items=[item()])), "Butir g adalah 100, seharusnya 90"),
		({"grades": []}, "sedikitnya dua jawaban"),
		({"grades": [{"grade": "Ya", "value": 1}, {"grade": "ya", "value": 0}]}, "nama yang sama"),
		({"grades": [{"grade": " ", "value": 1}, {"grade": "x", "value": 0}]}, "jawaban tanpa nama"),
		({"scoring": "number"}, "tidak memakai daftar jawaban"),
		({"scoring": "number", "grades": [], "lowest": 5, "highest": 5}, "Rentang angka terbalik"),
		({"rules": [{"code": "9.z", "not_above": "1.a"}]}, "Aturan menyebut kode 9.z"),
		({"rules": [{"code": "1.a", "not_above": ""}]}, "Aturan menyebut kode (kosong)"),
		({"rules": [{"code": "1.a", "not_above": "1.a"}]}, "dengan dirinya sendiri"),
		({"predicates": []}, "belum mempunyai kategori"),
		(
			{"predicates": [{"predicate": "A", "above": 50}, {"predicate": "B", "below": 50}]},
			"di antara “B” dan “A”",
		),
		(
			{"predicates": [{"predicate": "A", "at_least": 50}, {"predicate": "B", "up_to": 50}]},
			"tumpang tindih",
		),
		({"predicates": [{"predicate": "A", "at_least": 50}]}, "Indeks 0 tidak mempunyai predikat"),
		(
			{"predicates": [*SMALL["predicates"], {"predicate": "X", "instead_of": "Y"}]},
			"Predikat X tidak mempunyai rentang",
		),
		({"conversions": {"": [{"answer": "Mungkin"}]}}, "Konversi menyebut jawaban Mungkin"),
		({"conversions": {"9.z": [{"answer": "Ya"}]}}, "Konversi menyebut kode 9.z"),
		({"conversions": {"1.a": [{"answer": "Ya", "above": 9, "below": 1}]}}, "terbalik"),
	],
)
def test_a_fault_is_told_in_a_sentence(changes, sentence):
	assert any(sentence in problem for problem in problems(**changes))


@pytest.mark.parametrize(
	("nodes", "sentence"),
	[
		([Node(CRITERION, 0, "Kriteria", "k", "x")], "Kriteria k berada di tempat yang salah"),
		([Node(ITEM, -1, "Butir", "1", "x", 100.0)], "Butir 1 berada di tempat yang salah"),
		([Node(ITEM, 1, "Butir", "1", "x", 100.0)], "Butir 1 berada di tempat yang salah"),
		([Node("daun", 0, "Daun", "1", "x", 100.0)], "Jenis “daun”"),
		(
			[Node(ITEM, 0, "Butir", "1", "x", 50.0), Node(ITEM, 1, "Butir", "2", "x", 50.0)],
			"Butir 2 berada di tempat yang salah",
		),
	],
)
def test_a_line_in_a_wrong_place_is_named(nodes, sentence):
	found = replace(small(), nodes=tuple(nodes), rules=()).problems()
	assert any(sentence in problem for problem in found)


def test_printed_weights_may_be_half_a_hundredth_off_each():
	assert small(**only(*[item(str(number), weight=11.11) for number in range(9)])).problems() == []
	assert "Jumlah bobot" in problems(**only(*[item(str(number), weight=11.1) for number in range(9)]))[0]


def test_a_rule_may_compare_criteria():
	rules = [{"code": "1.a.2", "not_above": "1.a.1", "reason": "Urut."}]
	assert small(rules=rules).rules == (Rule("1.a.2", "1.a.1", "Urut."),)


def test_a_band_without_bounds_is_a_predicate_for_every_index():
	assert small(predicates=[{"predicate": "Apa saja"}]).scale.bands == (Band("Apa saja"),)


@pytest.mark.parametrize(
	"text",
	[
		"",
		"kode: AKIP",
		"{",
		b"\xff\xfe\x00",
		b"PK\x03\x04",
		"[" * 100_000,
		json.dumps(SMALL).replace("Satu", "\\ud800"),
	],
)
def test_what_is_no_json_is_told_so(text):
	with pytest.raises(InstrumentError, match="bukan JSON yang sah"):
		read_instrument(text)


@pytest.mark.parametrize(
	"changes",
	[
		{"components": "AKIP"},
		{"components": {"code": "1"}},
		{"components": [1]},
		{"components": [{"code": "1", "items": None}]},
		{"components": [{"code": "1", "title": "x", "weight": "berat"}]},
		only(item(criteria="huruf")),
		only(item(criteria=[1])),
		only(item(weight=[100])),
		only(item(weight=1e308), item("2", weight=1e308)),
		only(item(weight=10**400)),
		{"rules": ["1.a"]},
		{"rules": [{"code": "1.a"}]},
		{"rules": {"code": "1.a"}},
		{"predicates": [["AA"]]},
		{"predicates": [{"label": "AA"}]},
		{"predicates": [{"predicate": "AA", "above": "banyak"}]},
		{"predicates": [{"predicate": "AA", "above": float("nan")}]},
		{"grades": [{"grade": "A", "value": float("nan")}, {"grade": "B", "value": 1}]},
		{"grades": [{"grade": "A"}]},
		{"grades": "AAA"},
		{"factor": float("inf")},
		{"factor": True},
		{"total_weight": "seratus"},
		{"valid_from": "kemarin"},
		{"valid_from": "a", "valid_to": 2020},
		{"valid_to": [2020]},
		{"conversions": [1]},
		{"satisfaction_conversion": {"bands": []}},
	],
)
def test_json_of_another_shape_is_told_in_one_sentence(changes):
	assert len(problems(**changes)) == 1


def test_a_rule_with_a_list_for_a_code_is_no_crash():
	assert "tidak ada" in problems(rules=[{"code": ["1.a"], "not_above": "1.a"}])[0]


def test_groups_within_groups_end_somewhere():
	deep = item()
	for _ in range(20):
		deep = {"code": "g", "title": "g", "items": [deep]}
	assert problems(**only(deep)) == ["Susunan instrumen terlalu dalam."]


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
keys = st.sampled_from(
	[*SMALL, *SMALL["components"][0], "items", "criteria", "conversions", "factor", "above", ""]
)
anything = st.recursive(
	leaves,
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
	max_leaves=12,
)


@given(anything)
@example(None)
@example([])
@example({})
def test_any_json_is_an_instrument_or_an_instrument_error(data):
	with pytest.raises(InstrumentError) as error:
		read_instrument(json.dumps(data))
	assert error.value.problems and all(error.value.problems)


@given(
	st.lists(
		st.tuples(st.sampled_from([*SMALL, "conversions", "valid_from"]), anything), min_size=1, max_size=2
	)
)
def test_an_instrument_with_anything_in_a_place_is_read_or_refused(changes):
	try:
		instrument = read_instrument(json.dumps(SMALL | dict(changes)))
	except InstrumentError as error:
		assert error.problems
	else:
		assert read_instrument(instrument_json(instrument)) == instrument


@given(st.binary(max_size=50))
def test_any_bytes_are_refused_with_an_instrument_error(data):
	with pytest.raises(InstrumentError):
		read_instrument(data)
