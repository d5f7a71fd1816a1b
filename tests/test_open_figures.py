"""Verified figures as files: every kind holds the same ones, and the manifest says what belongs together."""

import csv
import io
import json
import math
import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyarrow import parquet

from seroja.core.open_figures import FIGURES, KINDS, About, check_manifest, manifest, write
from seroja.core.rendering import INTEGER, NUMBER, TEXT, defuse_formula

ADX, OURS = "{urn:ihe:qrph:adx:2015}", "{urn:seroja:figures:1}"
ABOUT = About(
	title="Capaian indikator terverifikasi",
	scope={"opds": ["1.02", "5.02"], "year": 2026},
	made_on="2026-05-02T08:00:00+07:00",
	source="Pemerintah Kota Contoh",
)
LIFE = {
	"indicator": "IK-01",
	"bappenas_code": "3.1.1",
	"sipd_code": "1.02.01",
	"indicator_name": "Usia harapan hidup",
	"opd": "1.02",
	"opd_name": "Dinas Kesehatan",
	"year": 2026,
	"quarter": 1,
	"period": "2026-TW1",
	"unit": "Tahun",
	"polarity": "Maximize",
	"target": 73.5,
	"target_text": "73,5",
	"realization": 73.2,
	"realization_text": "73,2",
	"realization_to_date": 73.2,
	"achievement": 99.59183673469387,
	"score": 99.59183673469387,
	"category": "Sangat Tinggi",
	"status": "ok",
	"verified_on": "2026-04-20",
	"seal": "9f2c",
	"calculation_version": "1.0",
}
OPINION = {
	"indicator": "IK-02",
	"indicator_name": "Opini BPK",
	"opd": "5.02",
	"year": 2026,
	"period": "2026",
	"polarity": "Qualitative",
	"target_text": "WTP",
	"realization_text": "WTP",
	"achievement": 100.0,
	"status": "ok",
}


def figures(*rows: dict) -> pd.DataFrame:
	return pd.DataFrame(list(rows), columns=list(FIGURES), dtype=object)


def writable(text: str) -> str:
	"""The characters of a text that XML 1.0 can write (its production Char), without the carriage return."""
	return re.sub("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def expected(frame: pd.DataFrame) -> list[dict]:
	"""The rows of a frame as each kind of file should give them back."""
	return [
		{name: expected_value(row[name], kind) for name, (kind, _) in FIGURES.items()}
		for row in frame.to_dict("records")
	]


def expected_value(value: object, kind: str) -> object:
	if value is None or (isinstance(value, float) and not math.isfinite(value)):
		return None
	return writable(value) or None if kind == TEXT else value


# --- reading back, with other means than those that wrote ---


def from_csv(data: bytes) -> list[dict]:
	convert = {TEXT: str, NUMBER: float, INTEGER: int}
	rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
	return [
		{name: convert[FIGURES[name][0]](text) if text else None for name, text in row.items()}
		for row in rows
	]


def from_xml(data: bytes) -> list[dict]:
	return [from_group(group) for group in ElementTree.fromstring(data).findall(f"{ADX}group")]


def from_group(group: ElementTree.Element) -> dict:
	row = dict.fromkeys(FIGURES) | {"opd": group.get("orgUnit")}
	row |= {name.removeprefix(OURS): text for name, text in group.items() if name.startswith(OURS)}
	start, length = group.get("period").split("/")
	first = date.fromisoformat(start)
	row |= {"year": first.year, "quarter": (first.month + 2) // 3 if length == "P3M" else None}
	for value in group.findall(f"{ADX}dataValue"):
		indicator, _, name = value.get("dataElement").rpartition(".")
		assert indicator == row["indicator"]
		is_number = FIGURES[name][0] == NUMBER
		row[name] = float(value.get("value")) if is_number else value.find(f"{ADX}annotation").text
	return row


def from_parquet(data: bytes) -> list[dict]:
	return parquet.read_table(io.BytesIO(data)).to_pylist()


def from_json(data: bytes) -> list[dict]:
	return json.loads(data)["figures"]


READERS = {"json": from_json, "xml": from_xml, "parquet": from_parquet, "csv": from_csv}


def assert_same_in_every_kind(frame: pd.DataFrame) -> None:
	wanted = expected(frame)
	defused = [
		{name: defuse_formula(value) if isinstance(value, str) else value for name, value in row.items()}
		for row in wanted
	]
	for kind, read in READERS.items():
		assert read(write(frame, kind, ABOUT)) == (defused if kind == "csv" else wanted), kind


# --- the same figures ---


def test_every_kind_has_a_reader_here():
	assert set(READERS) == set(KINDS)


def test_every_kind_holds_the_same_figures():
	assert_same_in_every_kind(figures(LIFE, OPINION))


ODD = [
	*(
		'Angka "pasti"; a,b',
		"baris\nbaru\tdan tab",
		"rapat 😀",
		"=1+1",
		"@SUM(A1)",
		"-5",
		"’</adx>&<![CDATA[",
	),
	*("hentak\x00\x1b[31m\r\n", "\ufffe\uffff\ud800", "x" * 40_000, " ", "", "–", "nan", "\x85\u2028"),
]
TEXTS = st.sampled_from(ODD) | st.text(st.characters(), max_size=12)
NUMBERS = st.none() | st.floats() | st.sampled_from([0.0, -0.0, 1e-7, 1e22, 5e-324, math.nan])
CODES = st.from_regex(r"[A-Za-z0-9=.é-][A-Za-z0-9. é-]{0,9}", fullmatch=True)
COLUMNS = {TEXT: st.none() | TEXTS, NUMBER: NUMBERS, INTEGER: st.none()}
GENERATED = st.fixed_dictionaries(
	{name: COLUMNS[kind] for name, (kind, _) in FIGURES.items()}
	| {
		"indicator": CODES,
		"opd": CODES,
		"year": st.integers(1900, 2200),
		"quarter": st.none() | st.integers(1, 4),
	}
)


@given(st.lists(GENERATED, max_size=4))
def test_every_kind_holds_the_same_figures_whatever_the_names_and_numbers(rows):
	assert_same_in_every_kind(figures(*rows))


def test_no_value_is_never_a_zero():
	silent = {"indicator": "IK-03", "opd": "1.02", "year": 2026, "quarter": 2, "target": math.nan}
	for kind, read in READERS.items():
		(row,) = read(write(figures(silent), kind, ABOUT))
		assert {name for name, value in row.items() if value is not None} == {
			*("indicator", "opd", "year", "quarter")
		}, kind


def test_columns_as_pandas_and_a_database_give_them():
	frame = figures(LIFE, OPINION).assign(
		quarter=pd.Series([1, None], dtype="float64"),
		target=pd.Series([73.5, None], dtype="Float64"),
		realization_to_date=[Decimal("73.2"), Decimal("NaN")],
		category=pd.Categorical(["Sangat Tinggi", None]),
		verified_on=[datetime(2026, 4, 20, 15, 30), date(2026, 4, 21)],
		surplus="tidak ikut",
	)
	wanted = expected(figures(LIFE, OPINION | {"verified_on": "2026-04-21"}))
	for kind, read in READERS.items():
		assert read(write(frame, kind, ABOUT)) == wanted, kind


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["indicator", "opd", "year"])
def test_a_row_that_nobody_can_place_is_refused(kind, name):
	with pytest.raises(ValueError, match=name):
		write(figures(LIFE, LIFE | {name: None}), kind, ABOUT)


def test_a_column_that_is_not_there_and_an_unknown_kind_are_refused():
	with pytest.raises(KeyError):
		write(figures(LIFE).drop(columns="seal"), "csv", ABOUT)
	with pytest.raises(KeyError):
		write(figures(LIFE), "pdf", ABOUT)


# --- one kind each ---


def test_csv_begins_with_the_names_and_runs_no_formula():
	name = '=HYPERLINK("x")'
	text = write(figures(LIFE | {"indicator_name": name}), "csv", ABOUT).decode()
	assert text.startswith("\ufeff" + ",".join(FIGURES) + "\n")
	assert next(csv.DictReader(io.StringIO(text)))["indicator_name"] == "'" + name


def test_json_says_what_it_is():
	about = json.loads(write(figures(LIFE), "json", ABOUT))["about"]
	assert about == vars(ABOUT)
	bare = json.loads(write(figures(), "json", replace(ABOUT, source="")))
	assert bare["figures"] == []
	assert bare["about"]["source"] is None


@given(st.lists(GENERATED, min_size=1, max_size=3))
@example([LIFE, OPINION])
def test_xml_keeps_the_rules_of_adx(rows):
	"""Those of its schema: required attributes, decimals without exponent, one annotation at most."""
	root = ElementTree.fromstring(write(figures(*rows), "xml", ABOUT))
	assert root.tag == f"{ADX}adx"
	assert datetime.fromisoformat(root.get("exported"))
	assert len(root) == len(rows)
	for group in root:
		assert group.tag == f"{ADX}group"
		assert group.get("orgUnit") and re.fullmatch(r"\d{4}-\d\d-01/P(3M|1Y)", group.get("period"))
		assert len(group) >= 1
		for value in group:
			assert value.tag == f"{ADX}dataValue" and value.get("dataElement")
			assert re.fullmatch(r"-?\d+(\.\d+)?", value.get("value"))
			assert [child.tag for child in value] in ([], [f"{ADX}annotation"])
		assert len({value.get("dataElement") for value in group}) == len(group)
	assert json.loads(root.get(f"{OURS}about")) == vars(ABOUT)


def test_xml_gives_a_text_beside_a_zero_and_no_number_for_it():
	root = ElementTree.fromstring(write(figures(OPINION), "xml", ABOUT))
	values = {value.get("dataElement"): value for value in root.iter(f"{ADX}dataValue")}
	assert "IK-02.realization" not in values
	assert values["IK-02.realization_text"].get("value") == "0"
	assert values["IK-02.realization_text"].find(f"{ADX}annotation").text == "WTP"
	assert values["IK-02.achievement"].get("value") == "100.0"


def test_parquet_has_types_a_description_and_the_same_bytes_again():
	frame = figures(LIFE | {"target": None, "quarter": None})
	data = write(frame, "parquet", ABOUT)
	schema = parquet.read_schema(io.BytesIO(data))
	types = {TEXT: "string", NUMBER: "double", INTEGER: "int32"}
	assert [(field.name, str(field.type)) for field in schema] == [
		(name, types[kind]) for name, (kind, _) in FIGURES.items()
	]
	assert [field.name for field in schema if not field.nullable] == ["indicator", "opd", "year"]
	assert json.loads(schema.metadata[b"about"]) == vars(ABOUT)
	assert write(frame.copy(), "parquet", ABOUT) == data
	assert pd.read_parquet(io.BytesIO(data))["realization"].tolist() == [LIFE["realization"]]


# --- manifest ---


def export() -> dict[str, bytes]:
	return {f"figures.{kind}": write(figures(LIFE, OPINION), kind, ABOUT) for kind in KINDS}


def test_a_whole_export_has_nothing_to_remark():
	files = export()
	made = manifest(files, ABOUT, rows=2)
	assert check_manifest(made, files) == []
	assert json.loads(made)["about"]["scope"] == ABOUT.scope
	assert {entry["rows"] for entry in json.loads(made)["files"].values()} == {2}


def test_missing_surplus_and_different_files_are_named():
	files = export()
	made = manifest(files, ABOUT, rows=2)
	del files["figures.csv"]
	files |= {"lama.csv": b"", "figures.json": files["figures.json"].replace(b"73.2", b"74.2")}
	assert check_manifest(made, files) == [
		"Berkas “figures.csv” tercantum dalam manifes tetapi tidak ada.",
		"Berkas “lama.csv” tidak tercantum dalam manifes.",
		"Isi berkas “figures.json” berbeda dari yang tercatat dalam manifes.",
	]


@given(st.data())
def test_any_changed_byte_of_a_file_is_found(data):
	files = export()
	made = manifest(files, ABOUT, rows=2)
	name = data.draw(st.sampled_from(sorted(files)))
	content = bytearray(files[name])
	content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
	(sentence,) = check_manifest(made, files | {name: bytes(content)})
	assert name in sentence


JSON = st.recursive(
	st.none() | st.booleans() | st.integers() | st.text(),
	lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
	max_leaves=6,
)


@given(
	st.binary()
	| JSON.map(lambda value: json.dumps(value).encode())
	| JSON.map(lambda value: json.dumps({"format": "seroja-figures", "version": 1, "files": value}).encode())
)
@example(b"[" * 100_000)
@example(b'{"format": "seroja-figures", "version": 1, "files": {"\\ud800": {}}}')
def test_a_manifest_from_elsewhere_ends_in_sentences(content):
	for sentence in check_manifest(content, {"figures.csv": b"x"}):
		assert sentence.encode()


# --- documentation ---

PAGE = (Path(__file__).parents[1] / "docs" / "exports.md").read_text("utf-8")


def test_the_documentation_lists_the_columns_in_their_order():
	table = PAGE.split("## Columns")[1].split("##")[0]
	cells = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
	assert re.findall("`(.*?)`", " ".join(cells)) == list(FIGURES)


def test_the_example_in_the_documentation_is_what_is_written():
	(block,) = re.findall(r"```xml\n(.*?)```", PAGE, re.DOTALL)
	canonical = ElementTree.canonicalize
	assert canonical(block, strip_text=True) == canonical(
		write(figures(LIFE, OPINION), "xml", ABOUT).decode(), strip_text=True
	)
