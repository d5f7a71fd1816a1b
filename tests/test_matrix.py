"""The performance matrix: differences, notes, and tables that fit on a page."""

import io
from dataclasses import replace
from datetime import date

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.matrix import (
	MEASURES,
	Figure,
	Matrix,
	Note,
	Row,
	describe_note,
	improvement,
	matrix_document,
	read_figure,
	short_label,
	span_label,
)
from seroja.core.numbers import format_number
from seroja.core.periods import Period
from seroja.core.rendering import render_document

YEAR = tuple(Period(2026, "quarter", number) for number in (1, 2, 3, 4))
FIGURE = Figure(80.0, 60.5, 75.625, 50.0, 60.5, category="Sedang")
NOTE = Note(1, "A-1", YEAR[1], "Angka sementara", "Ani", date(2026, 7, 9))
MATRIX = Matrix(
	government="Kota Contoh",
	unit="Dinas Contoh",
	periods=YEAR,
	measures=("target", "realization", "achievement"),
	rows=[
		Row("Dinkes", "Sasaran", "A-1", "Indikator", "%", "Maximize", (FIGURE, None, FIGURE, FIGURE)),
		Row("Dinkes", "", "A-2", "Opini", "", "Qualitative", (Figure("WTP", "WDP", None, None, "WDP"),) * 4),
	],
	notes=(),
	basis="Hanya memuat lembar yang sudah diverifikasi.",
	is_verified=True,
)
numbers = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))


def tables(matrix: Matrix) -> list:
	return [part for part in matrix_document(matrix).parts if part.kind == "table"]


def cells(table) -> list[tuple[str, ...]]:
	return [row for group in table.groups for row in group]


@pytest.mark.parametrize(
	("text", "figure"),
	[
		("1.234,5", 1234.5),
		("0", 0.0),
		("-3", -3.0),
		("10-20", "10-20"),
		("WTP", "WTP"),
		("", None),
		(None, None),
	],
)
def test_a_stored_figure_is_a_number_or_the_text_it_is(text, figure):
	assert read_figure(text) == figure


@given(numbers)
def test_a_printed_number_is_read_back(value):
	assert read_figure(format_number(value, None)) == pytest.approx(value)


@given(numbers, numbers)
def test_the_difference_is_what_must_be_added_to_last_year(now, before):
	figure = replace(FIGURE, year_to_date=now, last_year=before)
	assert figure.last_year + figure.difference == pytest.approx(now, abs=1e-6)


def test_the_difference_has_no_noise_of_binary_numbers():
	assert replace(FIGURE, year_to_date=0.3, last_year=0.1).difference == 0.2


@pytest.mark.parametrize(
	("now", "before"), [(None, 1.0), (1.0, None), ("WTP", "WTP"), ("10-20", 1.0), (1.0, "A")]
)
def test_without_two_numbers_there_is_no_difference(now, before):
	assert replace(FIGURE, year_to_date=now, last_year=before).difference is None


@given(numbers, st.sampled_from(["Maximize", "Minimize"]))
def test_less_is_better_exactly_where_more_is_worse(difference, polarity):
	other = {"Maximize": "Minimize", "Minimize": "Maximize"}[polarity]
	assert improvement(difference, polarity) == -improvement(difference, other)


def test_improvement_follows_polarity():
	assert improvement(0.1, "Maximize") == 1
	assert improvement(0.1, "Minimize") == -1
	assert improvement(0.0, "Maximize") == 0
	assert improvement(None, "Maximize") == 0
	assert improvement(5.0, "Stabilize") == improvement(5.0, "Qualitative") == 0


def test_quarters_are_named_in_short():
	assert short_label(YEAR[3]) == "TW IV 2026"
	assert span_label(YEAR) == "TW I 2026 – TW IV 2026"
	assert span_label(YEAR[:1]) == "TW I 2026"


def test_four_quarters_of_three_figures_stand_in_one_table():
	(table,) = tables(MATRIX)
	assert [column.heading for column in table.columns[5:8]] == [
		"TW I 2026 Target",
		"TW I 2026 Real.",
		"TW I 2026 Cap. (%)",
	]
	first, second = cells(table)
	assert first == (
		"Dinkes",
		"Sasaran",
		"A-1",
		"Indikator",
		"%",
		*("80", "60,5", "75,63"),
		*"–––",
		*("80", "60,5", "75,63") * 2,
	)
	assert second[:8] == ("Dinkes", "–", "A-2", "Opini", "–", "WTP", "WDP", "–")
	assert sum(column.width for column in table.columns) == pytest.approx(100)


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 12))
def test_every_figure_stands_once_whatever_the_quarters_the_figures_and_their_size(periods, measures, digits):
	quarters = tuple(Period(2024 + number // 4, "quarter", number % 4 + 1) for number in range(periods))
	wide = replace(FIGURE, target=float(10**digits))
	rows = [replace(MATRIX.rows[0], figures=(wide,) * periods)]
	chosen = tuple(MEASURES)[:measures]
	found = tables(replace(MATRIX, periods=quarters, measures=chosen, rows=rows))
	headings = [column.heading for table in found for column in table.columns[5:]]
	assert headings == [f"{short_label(quarter)} {MEASURES[name]}" for quarter in quarters for name in chosen]
	for table in found:
		assert len(table.columns) - 5 <= 12
		assert {len(row) for row in cells(table)} == {len(table.columns)}
		assert sum(column.width for column in table.columns) == pytest.approx(100)


def test_large_numbers_get_room_and_go_on_in_a_further_table():
	large = replace(FIGURE, target=1_234_567_890.25, realization=1_234_567_890.25)
	matrix = replace(MATRIX, rows=[replace(MATRIX.rows[0], figures=(large,) * 4)])
	found = tables(matrix)
	assert len(found) > 1
	assert found[0].columns[5].width > found[0].columns[7].width
	sections = [
		part.text for part in matrix_document(matrix).parts if getattr(part, "style", "") == "section"
	]
	assert len(sections) == len(found)
	assert sections[0].startswith("TW I 2026")


def test_a_text_that_is_too_long_for_its_column_is_wrapped():
	label = replace(FIGURE, realization="Wajar Tanpa Pengecualian dengan Paragraf Penjelasan")
	(table, *_) = tables(replace(MATRIX, rows=[replace(MATRIX.rows[0], figures=(label,) * 4)]))
	assert [column.is_number for column in table.columns[5:8]] == [True, False, True]


def test_notes_are_raised_beside_the_realization_and_told_at_the_foot():
	noted = replace(FIGURE, notes=(1, 12))
	rows = [replace(MATRIX.rows[0], figures=(FIGURE, noted, None, None))]
	document = matrix_document(replace(MATRIX, rows=rows, notes=(NOTE,)))
	(table,) = [part for part in document.parts if part.kind == "table"]
	assert cells(table)[0][8:11] == ("80", "60,5 ¹ ¹²", "75,63")
	last = document.parts[-1]
	assert (last.marker, last.text) == ("1)", "A-1, TW II 2026: Angka sementara – Ani, 9 Juli 2026")
	assert last.text == describe_note(NOTE)


def test_without_the_realization_the_first_figure_carries_the_note():
	rows = [replace(MATRIX.rows[0], figures=(replace(FIGURE, notes=(3,)),) * 4)]
	(table,) = tables(replace(MATRIX, rows=rows, measures=("target", "difference")))
	assert cells(table)[0][5:7] == ("80 ³", "10,5")


def test_without_rows_the_table_says_so():
	(table,) = tables(replace(MATRIX, rows=[]))
	assert table.groups == []
	assert table.nothing == "Tidak ada angka dalam periode ini."


def test_unverified_figures_are_marked():
	assert matrix_document(MATRIX).mark == ""
	assert matrix_document(replace(MATRIX, is_verified=False)).mark == "BELUM DIVERIFIKASI"


def test_the_pdf_is_landscape_with_its_head_on_each_page_and_texts_as_they_were_typed():
	rows = [
		replace(MATRIX.rows[0], code=f"A-{number}", objective="<b>Mutu</b> & hasil") for number in range(60)
	]
	matrix = replace(MATRIX, rows=rows, notes=(replace(NOTE, text="<script>x</script>\x07"),))
	pages = pypdf.PdfReader(io.BytesIO(render_document(matrix_document(matrix, date(2026, 11, 22))))).pages
	texts = [" ".join(page.extract_text().split()) for page in pages]
	assert len(pages) > 2
	assert all(page.mediabox.width > page.mediabox.height for page in pages)
	assert all("Perangkat daerah" in text for text in texts[:-1])
	assert "<b>Mutu</b> &" in texts[0]
	assert "<script>x</script>" in texts[-1]
