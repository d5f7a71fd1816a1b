"""Figures of another system beside ours: what people are asked to look at before they accept."""

import pytest

from seroja.core.differences import CHANGED, NEW, Ours, compare
from seroja.core.source_mapping import VALUE, Figure, Mapped


def only(theirs: float, ours: Ours):
	figure = Figure(1, "A-1", VALUE, theirs, str(theirs), ("baris data 1",))
	(line,) = compare(Mapped((figure,), (), (), 0), {("A-1", VALUE): ours})
	return line


@pytest.mark.parametrize(
	("theirs", "ours", "size"),
	[
		(90_000, 90, "1.000 kali angka kita (90)"),
		(900, 90, "10 kali angka kita (90)"),
		(9, 90, "1/10 dari angka kita (90)"),
		(0.3, 3, "1/10 dari angka kita (3)"),
		(1.5, 1_500_000, "1/1.000.000 dari angka kita (1.500.000)"),
		(-900, 90, "10 kali angka kita (90)"),
		(0, 90, "0, jauh di bawah angka kita (90)"),
	],
)
def test_a_figure_of_quite_another_size_is_marked_and_not_refused(theirs, ours, size):
	line = only(theirs, Ours(ours, has_sheet=True))
	assert (line.kind, line.reason) == (CHANGED, f"{size}; periksa satuan dan periodenya.")


@pytest.mark.parametrize(
	("theirs", "ours"), [(899, 90), (9.1, 90), (90, 90), (5, 0), (0, 0), (0, None), (90_000, None)]
)
def test_a_figure_of_a_likely_size_is_not_marked(theirs, ours):
	assert only(theirs, Ours(ours)).reason == ""


def test_without_a_figure_of_ours_the_last_one_before_it_is_the_measure():
	before = {"earlier": 90.0, "earlier_period": "2025-TW4"}
	line = only(90_000, Ours(**before))
	assert line.kind == NEW
	assert line.reason.startswith("1.000 kali angka kita pada 2025-TW4 (90);")
	assert only(90_000, Ours(80_000, **before)).reason == "", "ours of the same quarter goes first"
	assert only(95, Ours(**before)).reason == ""


def test_a_remark_of_the_mapping_is_kept_beside_it():
	figure = Figure(1, "A-1", VALUE, 0.0, "0", (), "Dihitung 0: tidak ada data yang cocok.")
	(line,) = compare(Mapped((figure,), (), (), 0), {("A-1", VALUE): Ours(90)})
	assert line.reason.startswith("Dihitung 0: tidak ada data yang cocok. 0, jauh di bawah angka kita (90);")
