"""Hostile answers: whatever comes, it becomes records or one clear refusal, in bounded memory."""

import csv
import io
import json
import tracemalloc
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from seroja.core.differences import compare
from seroja.core.source_mapping import AGGREGATES, FIELDS, MappingRow, Moment, apply, check_rows
from seroja.core.sources import (
	KINDS,
	LONGEST_CELL,
	MOST_RECORDS,
	AnswerError,
	columns_of,
	fingerprint,
	read_pages,
	shape_difference,
	shape_of,
)

SAMPLES = sorted((Path(__file__).parent / "data" / "sources").iterdir())
QUARTER = Moment(2026, 1, "2026-01-01", "2026-03-31")
PATHS = ["", "$", "$.data", "$.result.records[*]", "$..a", "$[?@.a == 1]", "$[*].b", "$[", "$..*"]
PATHS += ["$[?@.a == '-' && @.b.c == true].d", "$[?@.b == {year} || @.c == 1.0]", "$[?@.a.b == '{period}']"]
MEGABYTE = 1_000_000


def small_workbook() -> bytes:
	book = Workbook()
	book.active.append(["Nama", "Nilai"])
	book.active.append(["A", 1.5])
	buffer = io.BytesIO()
	book.save(buffer)
	return buffer.getvalue()


SEEDS = [path.read_bytes() for path in SAMPLES] + [small_workbook()]


def records_or_refusal(pages: list[bytes], kind: str, path: str = "") -> list[dict]:
	"""The records, none for a refusal; anything else fails the test. What is read is used to the end."""
	try:
		records = read_pages(pages, kind, path)
	except AnswerError as error:
		assert 10 < len(str(error)) < 500 and "\n" not in str(error)
		return []
	assert all(isinstance(record, dict) for record in records)
	assert len(shape_of(records)) == 16 and len(fingerprint(pages)) == 64
	assert shape_difference(columns_of(records), columns_of(records)) == ""
	assert_every_row_ends(records)
	return records


def assert_every_row_ends(records: list[dict]) -> None:
	columns = list(columns_of(records))[:3]
	rows = [
		MappingRow(number, f"I{number}", field, column=column, aggregate=aggregate)
		for number, (field, aggregate, column) in enumerate(
			(field, aggregate, column) for field in FIELDS for aggregate in AGGREGATES for column in columns
		)
	]
	rows += [MappingRow(-1, "P", "value", path=path, aggregate="sum") for path in PATHS]
	conditions = [
		f"{column} {sign} {word}" for column in columns for sign in ("=", "!=") for word in ("", "1")
	]
	conditions += ["; ".join(conditions), "; ".join(f"{column} = {{year}}" for column in columns)]
	rows += [MappingRow(-2, "C", "value", condition=text, aggregate="count") for text in conditions]
	for decimal in (",", "."):
		mapped = apply(rows, records, QUARTER, decimal)
		assert len(mapped.figures) + len(mapped.refused) == len(rows)
		assert all("e" not in figure.text.casefold() for figure in mapped.figures)
		assert len(compare(mapped, {})) == len(rows) + bool(mapped.unmapped_count)


# --- anything at all ---


@given(st.binary(max_size=400), st.sampled_from(KINDS), st.sampled_from(PATHS))
@example(b"\xff\xfe", "csv", "")
@example(b"\xef\xbb\xbf", "csv", "")
@example(b"sep=;\n", "csv", "")
@example(b"PK\x05\x06" + b"\0" * 18, "xlsx", "")
def test_any_bytes_end_in_records_or_a_refusal(page, kind, path):
	records_or_refusal([page], kind, path)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_answer_ends_in_records_or_a_refusal(data):
	page = bytearray(data.draw(st.sampled_from(SEEDS)))
	for _ in range(data.draw(st.integers(1, 5))):
		place = data.draw(st.integers(0, len(page)))
		cut = data.draw(st.sampled_from([0, 1, 1, 2, 9, len(page)]))
		page[place : place + cut] = data.draw(
			st.one_of(
				st.binary(max_size=4), st.sampled_from([b'"', b";", b"[", b"}", b"NaN", b"1e999", b"\0"])
			)
		)
	records_or_refusal([bytes(page)], data.draw(st.sampled_from(KINDS)), data.draw(st.sampled_from(PATHS)))


anything = st.recursive(
	st.one_of(
		st.none(),
		st.booleans(),
		st.integers(),
		st.floats(),
		st.text(max_size=20),
		st.sampled_from(["=1+1", "1.234,5", "-", "+cmd|' /C calc'!A0", "\ud800"]),
	),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
	max_leaves=25,
)


@given(anything, st.sampled_from(PATHS))
def test_any_json_ends_in_records_or_a_refusal(value, path):
	records_or_refusal([json.dumps(value).encode()], "json", path)


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), anything, min_size=1, max_size=4), max_size=6))
def test_any_list_of_objects_without_broken_values_is_read(records):
	page = json.dumps(records).encode()
	try:
		plain = json.loads(page, parse_constant=lambda _: 1 / 0)
	except ZeroDivisionError:
		plain = None
	read = records_or_refusal([page], "json")
	if plain is None or "\\ud800" in page.decode():
		assert read == []
	elif read:
		assert read == plain


@given(
	st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), min_size=1, max_size=6),
	st.sampled_from(";,\t|"),
	st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_any_csv_ends_in_records_or_a_refusal(rows, delimiter, encoding):
	buffer = io.StringIO()
	csv.writer(buffer, delimiter=delimiter).writerows(rows)
	records_or_refusal([buffer.getvalue().encode(encoding, "replace")], "csv")


texts = st.text(max_size=40) | st.sampled_from(PATHS) | st.text("$.[]?@'=!*a1{year};", max_size=30)


@given(texts, texts, texts)
def test_no_text_on_the_form_makes_a_row_fail_otherwise_than_by_refusal(path, condition, factor):
	rows = [
		MappingRow(1, "A", "value", path=path, factor=factor),
		MappingRow(2, "B", "value", column="a", condition=condition, aggregate="sum"),
	]
	problems = check_rows(rows)
	mapped = apply(rows, [{"a": 1, "b": [{"a": 2}]}, {"a": "x"}], QUARTER)
	assert len(mapped.figures) + len(mapped.refused) == 2
	for row in rows:
		if any(problem.startswith(f"Baris {row.number}:") for problem in problems):
			assert row.number in [refused.row for refused in mapped.refused]


# --- memory ---


def peak_of(page: bytes, kind: str) -> int:
	"""The most memory in bytes that reading a page took beside the page itself."""
	tracemalloc.start()
	try:
		read_pages([page], kind)
	except AnswerError:
		pass
	finally:
		_, peak = tracemalloc.get_traced_memory()
		tracemalloc.stop()
	return peak


@pytest.mark.parametrize(
	("page", "kind"),
	[
		(b"[" + b"{}," * (MOST_RECORDS - 1) + b"{}]", "json"),
		(b"[" + b'{"":0},' * 50_000 + b"{}]", "json"),
		(b'[{"a": [' + b"[]," * 300_000 + b"[]]}]", "json"),
		(b"[" * 3 * MEGABYTE, "json"),
		(b'{"a":' * MEGABYTE, "json"),
		(b'["' + b"x" * 5 * MEGABYTE, "json"),
		(b'[{"a": ' + b"9" * 5 * MEGABYTE + b"}]", "json"),
		(("[" + '"é😀",' * 100_000 + "0]").encode(), "json"),
		(b"Nama;Tahun;Nilai\n" + b"Dinas Kesehatan;2026;1.234,5\n" * 30_000, "csv"),
		(b"A;B\n" + b"1;2\n" * 30_000, "csv"),
		(b"\n" * 3 * MEGABYTE, "csv"),
		(b"a" + b";a" * MEGABYTE, "csv"),
		(b'"' + b"x" * 5 * MEGABYTE, "csv"),
		(b"\xff\xfe" * MEGABYTE, "csv"),
		(b"\0" * 5 * MEGABYTE, "xlsx"),
	],
	ids=lambda value: f"{value[:12]!r}" if isinstance(value, bytes) else value,
)
def test_memory_stays_within_a_multiple_of_the_answer(page, kind):
	assert peak_of(page, kind) <= 60 * len(page) + 20 * MEGABYTE


def archive(parts: dict[str, bytes]) -> bytes:
	buffer = io.BytesIO()
	with ZipFile(io.BytesIO(small_workbook())) as model, ZipFile(buffer, "w", ZIP_DEFLATED) as copy:
		for name in model.namelist():
			copy.writestr(name, parts.get(name) or model.read(name))
		for name in set(parts) - set(model.namelist()):
			copy.writestr(name, parts[name])
	return buffer.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOMBS = {
	"a sheet of spaces": {SHEET: b" " * 120 * MEGABYTE},
	"strings that nobody uses": {"xl/sharedStrings.xml": b"<sst>" + b"<si><t/></si>" * 2 * MEGABYTE},
	"a part that nobody reads": {"xl/media/image.bin": b"\0" * 150 * MEGABYTE},
	"entities": {
		SHEET: b'<!DOCTYPE x [<!ENTITY a "' + b"x" * 1_000 + b'"><!ENTITY b "' + b"&a;" * 1_000 + b'">'
		b'<!ENTITY c "' + b"&b;" * 1_000 + b'">]><x>&c;</x>'
	},
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_unpacks_to_much_more_than_it_is_gets_refused(name):
	page = archive(BOMBS[name])
	assert len(page) < MEGABYTE
	tracemalloc.start()
	with pytest.raises(AnswerError):
		read_pages([page], "xlsx")
	_, peak = tracemalloc.get_traced_memory()
	tracemalloc.stop()
	assert peak <= 60 * len(page) + 20 * MEGABYTE


def test_a_gzip_file_is_no_table():
	import gzip

	page = gzip.compress(b"Nama;Nilai\n" * MEGABYTE)
	for kind in KINDS:
		assert records_or_refusal([page], kind) == []


def test_cells_far_to_the_right_take_bounded_memory():
	row = b'<row><c r="XFD%d"><v>1</v></c></row>'
	rows = b"".join(row % number for number in range(1, 2_000))
	sheet = (
		b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
		+ rows
		+ b"</sheetData></worksheet>"
	)
	page = archive({SHEET: sheet})
	assert peak_of(page, "xlsx") <= 100 * MEGABYTE
	assert records_or_refusal([page], "xlsx") == []


def test_a_cell_of_ten_megabytes_is_refused():
	page = json.dumps([{"a": "x" * 10 * MEGABYTE}]).encode()
	with pytest.raises(AnswerError, match="lebih panjang"):
		read_pages([page], "json")
	assert 10 * MEGABYTE > LONGEST_CELL
