"""`seroja assess` as a user types it, and what stands in the files that it writes."""

import csv
import io
import json
import math
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner

from seroja import cli
from seroja.cli import main
from seroja.core.answers import read_answers, shortened
from seroja.core.instrument_workbook import write_workbook
from seroja.core.instruments import instrument_json, read_instrument, shipped_instrument
from seroja.core.spreadsheets import TableError

EXAMPLES = Path(__file__).parents[1] / "examples"
AKIP, SPBE, RB = map(shipped_instrument, ["akip-2021", "spbe-2020", "rb-2023"])
GRADES = ["A", "BB", "B", "A", "BB", "B", "A", "BB", "BB", "A", "BB", "BB"]
MIXED = "code,answer\n" + "".join(
	f"{item.code},{grade}\n" for item, grade in zip(AKIP.items, GRADES, strict=True)
)
PARTIAL = (
	"kode;jawaban\n"
	+ "".join(f"1.a.{number};A\n" for number in range(1, 7))
	+ "1.b;AA\n1.c;B\n2.a;X\n2.b;BB\n2.b;B\n2.c.1;BB\n2.c;A\n9.z;A\n3.a;\n3.b;BB\n3.c.1;C\n"
)


def seroja(*arguments):
	return CliRunner().invoke(main, ["assess", *map(str, arguments)])


def write(path: Path, content: str | bytes) -> Path:
	path.write_bytes(content if isinstance(content, bytes) else content.encode())
	return path


def assess(folder: Path, text: str | bytes, *options, instrument="akip-2021", name="jawaban.csv"):
	"""Assess a text: (result of the command, rows of scores.csv)."""
	result = seroja(instrument, write(folder / name, text), "--out", folder / "hasil", *options)
	assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
	return result, table(folder / "hasil" / "scores.csv")


def table(path: Path) -> list[dict]:
	return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def answers(text: str | bytes, instrument=AKIP, name="jawaban.csv"):
	return read_answers(text if isinstance(text, bytes) else text.encode(), name, instrument)


@pytest.fixture(scope="module")
def partial(tmp_path_factory):
	"""A file with every kind of bad row: (result of the command, rows, output folder)."""
	folder = tmp_path_factory.mktemp("partial")
	return (*assess(folder, PARTIAL), folder / "hasil")


# --- a complete assessment ---


def test_the_mixed_case_of_the_domain_is_79_bb(tmp_path, pdf_text):
	result, rows = assess(tmp_path, MIXED)
	assert result.exit_code == 0
	assert (
		"Indeks: 79,00\nPredikat: BB (Sangat Baik)\nBerikutnya: lebih dari 1,00 poin lagi ke A\n"
		in result.output
	)
	assert list(rows[0]) == ["code", "title", "weight", "answer", "score"]
	assert [row["code"] for row in rows] == [item.code for item in AKIP.items]
	assert math.fsum(float(row["score"]) for row in rows) == pytest.approx(79, abs=1e-9)
	assert math.fsum(float(row["weight"]) for row in rows) == 100
	text = pdf_text(tmp_path / "hasil" / "assessment.pdf")
	for words in (
		"PermenPAN-RB 88/2021",
		"jawaban.csv",
		"79,00",
		"BB (Sangat Baik)",
		"23,10",
		"12,30",
		"20,50",
	):
		assert words in text
	assert "mulai terwujudnya efisiensi" in text and "BELUM LENGKAP" not in text and "Catatan" not in text


def test_the_pdf_is_pdf_a_in_portrait_with_a_title(tmp_path):
	assess(tmp_path, MIXED)
	pdf = pypdf.PdfReader(tmp_path / "hasil" / "assessment.pdf")
	assert b"pdfaid" in pdf.trailer["/Root"]["/Metadata"].get_data()
	assert pdf.metadata.title == f"Hasil Penilaian – {AKIP.title}"
	assert pdf.pages[0].mediabox.height > pdf.pages[0].mediabox.width


def test_spbe_shows_the_mean_level_of_domains_and_aspects(tmp_path, pdf_text):
	result, rows = assess(tmp_path, (EXAMPLES / "spbe.csv").read_bytes(), "--strict", instrument="SPBE-2020")
	assert result.exit_code == 0 and len(rows) == 47
	assert "poin lagi ke Sangat Baik" in result.output and "lebih dari" not in result.output
	assert math.fsum(float(row["score"]) for row in rows) == pytest.approx(3.395, abs=1e-9)
	text = pdf_text(tmp_path / "hasil" / "assessment.pdf")
	assert "Rata-rata tingkat" in text and "Domain 4 Layanan SPBE 45,50 3,93" in text


@pytest.mark.parametrize(("name", "instrument"), [("akip.csv", "akip-2021"), ("spbe.csv", "spbe-2020")])
def test_an_example_has_no_fault(tmp_path, name, instrument):
	result = seroja(instrument, EXAMPLES / name, "--out", tmp_path, "--strict")
	assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
	("text", "instrument", "sentence"),
	[
		(
			"".join(f"{item.code},BB\n" for item in AKIP.items),
			"akip-2021",
			"ke A: indeks harus lebih dari 80,00",
		),
		("RB,70.96\n", "rb-2023", "lebih dari 9,04 poin lagi ke A"),
		("RB,100.001\n", "rb-2023", "Indeks: 100,00 (tepatnya 100,001)"),
		(
			"".join(f"{number},{3 if number > 3 else 4}\n" for number in range(1, 48)),
			"spbe-2020",
			"0,46 poin lagi ke Sangat Baik",
		),
	],
)
def test_the_distance_to_the_next_predicate_says_whether_its_bound_belongs_to_it(
	tmp_path, text, instrument, sentence
):
	result, _ = assess(tmp_path, "code,answer\n" + text, instrument=instrument)
	assert sentence in result.output


def test_nothing_is_next_at_the_top(tmp_path):
	result, _ = assess(tmp_path, "code,answer\n" + "".join(f"{item.code},AA\n" for item in AKIP.items))
	assert "Predikat: AA" in result.output and "Berikutnya" not in result.output


def test_an_item_is_scored_through_its_criteria_where_these_are_answered(tmp_path, pdf_text):
	criteria = "".join(f"{code},AA\n" for code in AKIP.criteria["1.a"])
	_, rows = assess(tmp_path, MIXED.replace("1.a,A\n", criteria), "--strict")
	assert [row["code"] for row in rows[:7]] == [*AKIP.criteria["1.a"], "1.b"]
	assert [float(row["weight"]) for row in rows[:6]] == [1.0] * 6
	assert math.fsum(float(row["score"]) for row in rows) == pytest.approx(79.6, abs=1e-9)
	text = pdf_text(tmp_path / "hasil" / "assessment.pdf")
	assert "kriteria 6,00" in text and "Terdapat pedoman teknis" in text


def test_broken_rules_are_told_and_do_not_stop_the_run(tmp_path, pdf_text):
	result, _ = assess(tmp_path, MIXED.replace("1.b,BB", "1.b,AA"), "--strict")
	sentence = "1.b dinilai di atas 1.a. Kualitas tidak dapat dinilai di atas keberadaan."
	assert result.exit_code == 0 and sentence in result.output
	assert sentence in pdf_text(tmp_path / "hasil" / "assessment.pdf")


# --- a partial one ---


def test_bad_rows_leave_a_range_of_index_and_predicate(partial):
	result, _, _ = partial
	assert result.exit_code == 0
	assert "Belum lengkap" in result.output
	assert "Indeks: antara 29,04 dan 93,46" in result.output
	assert "Predikat: antara D (Sangat Kurang) dan AA (Sangat Memuaskan)" in result.output


@pytest.mark.parametrize(
	"sentence",
	[
		"Baris 10, kode 2.a: “X” bukan jawaban yang sah. Pilihan: AA, A, BB, B, CC, C, D, E.",
		"Baris 11, 12: kode 2.b muncul 2 kali dan tidak dihitung.",
		"Baris 13, 14: 2.c dijawab langsung dan juga melalui kriterianya; keduanya tidak dihitung.",
		"Baris 15: kode “9.z” tidak ada dalam AKIP-2021.",
		"Baris 16, kode 3.a: belum dijawab.",
		"Belum dijawab (13): 2.a, 2.b, 2.c, 3.a, 3.c.2, 3.c.3, 3.c.4, 3.c.5, 3.c.6, 3.c.7, 4.a, 4.b, 4.c.",
		"1.b dinilai di atas 1.a.",
	],
)
def test_whatever_is_not_counted_is_told_with_its_row(partial, pdf_text, sentence):
	result, _, out = partial
	assert sentence in result.output
	assert sentence in pdf_text(out / "assessment.pdf")


def test_a_missing_answer_has_an_empty_score(partial, pdf_text):
	_, rows, out = partial
	scores = {row["code"]: row["score"] for row in rows}
	assert scores["2.a"] == scores["2.c"] == scores["3.c.2"] == ""
	assert float(scores["3.c.1"]) == pytest.approx(7.5 / 7 / 2)
	assert "2.c.1" not in scores
	assert "BELUM LENGKAP" in pdf_text(out / "assessment.pdf")


@pytest.mark.parametrize(
	"text",
	[MIXED.replace("4.c,BB\n", ""), MIXED + "9.z,A\n", MIXED + "1.a,A\n", MIXED.replace("1.a,A", "1.a,")],
)
def test_strict_exits_1_for_anything_not_counted_and_still_writes_everything(tmp_path, text):
	result, rows = assess(tmp_path, text, "--strict")
	assert result.exit_code == 1 and rows
	assert (tmp_path / "hasil" / "assessment.pdf").exists()


def test_an_unknown_code_alone_leaves_the_assessment_complete(tmp_path):
	result, _ = assess(tmp_path, MIXED + "9.z,A\n")
	assert "Indeks: 79,00" in result.output and "Baris 14: kode “9.z”" in result.output


# --- reading answers ---


@pytest.mark.parametrize("heading", ["code,answer", "Kode,Jawaban", "KODE,nilai", "nama,kode,jawaban"])
def test_headings_are_english_or_indonesian(heading):
	row = "x,1.a,bb" if heading.startswith("nama") else "1.a,bb"
	read = answers(f"{heading}\n{row}\n")
	assert (read.answers, read.rows, read.total, read.messages) == ({"1.a": "BB"}, {"1.a": 2}, 1, [])


def test_numbers_of_a_workbook_are_codes_and_levels(workbook_bytes):
	read = answers(
		workbook_bytes(["kode", "nilai"], [1, 3], [2.0, 4.0], ["3", "5"], [4, None]), SPBE, "a.xlsx"
	)
	assert read.answers == {"1": "3", "2": "4", "3": "5"}
	assert read.messages == ["Baris 5, kode 4: belum dijawab."]


def test_codes_that_differ_in_a_last_zero_are_kept_apart(workbook_bytes):
	data = {"code": "X", "title": "X", "scoring": "number", "predicates": [{"predicate": "P"}]}
	items = [{"code": code, "title": code, "weight": 50} for code in ("1.1", "1.10")]
	instrument = read_instrument(json.dumps(data | {"items": items}))
	assert answers("code,answer\n1.1,5\n1.10,6\n", instrument).answers == {"1.1": "5.0", "1.10": "6.0"}
	read = answers(workbook_bytes(["code", "answer"], ["1.1", 5], ["1.10", 6]), instrument, "a.xlsx")
	assert read.answers == {"1.1": "5.0", "1.10": "6.0"}
	read = answers(workbook_bytes(["code", "answer"], [1.1, 5]), instrument, "a.xlsx")
	assert read.answers == {}
	assert read.messages == ["Baris 2: kode 1.1 dapat berarti 1.1 atau 1.10. Tulis kode sebagai teks."]


@pytest.mark.parametrize(
	("text", "number"),
	[("code;answer\nRB;87,34\n", 87.34), ("code,answer\nRB,87.34\n", 87.34), ("code,answer\nRB,87\n", 87)],
)
def test_free_numbers_are_read_in_the_convention_of_the_file(text, number):
	assert float(answers(text, RB).answers["RB"]) == number


def test_an_ambiguous_number_is_refused_unless_the_range_of_answers_decides():
	assert answers("code,answer\nRB,87.345\n", RB).answers == {"RB": "87.345"}
	wide = read_instrument(instrument_json(RB).replace('"highest": 120.0', '"highest": 1000000'))
	assert wide.highest == 1_000_000
	with pytest.raises(TableError, match="ribuan atau desimal"):
		answers("code,answer\nRB,87.345\n", wide)


def test_messages_stand_in_the_order_of_the_file():
	read = answers("code,answer\n1.a,A\n9.z,A\n1.b,X\n1.a,B\n,A\n")
	assert [message.split(":")[0] for message in read.messages] == [
		"Baris 2, 5",
		"Baris 3",
		"Baris 4, kode 1.b",
		"Baris 6",
	]


def test_thousands_of_doubled_rows_are_one_short_message():
	(message,) = answers("code,answer\n" + "1.a,A\n" * 5000).messages
	assert "… dan 4990 lainnya" in message and len(message) < 200


def test_a_long_list_is_shortened():
	assert shortened(["a", "b"]) == "a, b"
	assert shortened(list("abcdefghijkl")) == "a, b, c, d, e, f, g, h, i, j, … dan 2 lainnya"


# --- instruments ---


@pytest.mark.parametrize("name", ["akip-2021", "AKIP-2021", "Akip-2021"])
def test_a_shipped_instrument_is_named_in_any_case(tmp_path, name):
	assert assess(tmp_path, MIXED, instrument=name)[0].exit_code == 0


@pytest.mark.parametrize(
	("name", "content"), [("punya.json", instrument_json(AKIP)), ("punya.XLSX", write_workbook(AKIP))]
)
def test_an_instrument_of_ones_own_is_a_json_or_xlsx_file(tmp_path, name, content):
	result, _ = assess(tmp_path, MIXED, instrument=write(tmp_path / name, content))
	assert result.exit_code == 0 and "Indeks: 79,00" in result.output


def refused(result, *words: str) -> None:
	"""One clear sentence, no traceback."""
	assert isinstance(result.exception, SystemExit) and result.exit_code == 2, result.exception
	assert result.output.startswith("seroja: ") and result.output.count("\n") == 1
	assert result.output.endswith((".\n", "lainnya.\n"))
	for word in words:
		assert word in result.output


@pytest.mark.parametrize("name", ["akip-1999", "", "akip", "x.csv", "a\0b", "a\nb"])
def test_an_unknown_instrument_names_the_shipped_ones(tmp_path, name):
	result = seroja(name, write(tmp_path / "a.csv", MIXED), "--out", tmp_path / "hasil")
	refused(result, "akip-2021", "spbe-2020", "tidak ada")


@pytest.mark.parametrize(
	("name", "content"),
	[
		("tiada.json", None),
		("kosong.json", ""),
		("salah.json", "{}"),
		("daftar.json", "[1, 2]"),
		("nan.json", json.dumps({"code": "x", "title": "x", "scoring": "level", "factor": float("nan")})),
		("setengah.json", '{"code": "\\ud800"}'),
		("dalam.json", "[" * 200_000),
		("biner.json", bytes(range(256))),
		("bukan.xlsx", "kode,judul\n"),
		("rusak.xlsx", b"PK\x03\x04" + b"\0" * 100),
		("terminal.json", json.dumps({"code": "\x1b[2J\n\n", "title": "x", "scoring": "\x1b]0;x\x07\n"})),
	],
)
def test_an_instrument_that_cannot_be_read_is_told_in_one_sentence(tmp_path, name, content):
	if content is not None:
		write(tmp_path / name, content)
	result = seroja(tmp_path / name, write(tmp_path / "a.csv", MIXED), "--out", tmp_path / "hasil")
	refused(result, name)
	assert "\x1b" not in result.output and not (tmp_path / "hasil").exists()


def test_texts_of_an_instrument_reach_neither_a_spreadsheet_nor_a_terminal_nor_a_page_as_code(
	tmp_path, pdf_text
):
	data = json.loads(instrument_json(RB)) | {"title": "=1+1\x1b[2J\n<script>x</script>"}
	data["items"][0]["title"] = "=cmd|' /C calc'!A0\x07 <img src='file:///etc/passwd'>"
	instrument = write(tmp_path / "jahat.json", json.dumps(data))
	result, rows = assess(tmp_path, "code,answer\nRB,87.5\n", instrument=instrument)
	assert result.exit_code == 0 and "\x1b" not in result.output
	assert rows[0]["title"].startswith("'=cmd")
	assert "<img src='file:///etc/passwd'>" in pdf_text(tmp_path / "hasil" / "assessment.pdf")


# --- files that cannot be read ---


@pytest.mark.parametrize(
	("name", "content"),
	[
		("tiada.csv", None),
		("kosong.csv", ""),
		("judul.csv", "code,answer\n"),
		("tanpa.csv", "code,grade\n1.a,A\n"),
		("tanpa-kode.csv", "butir,answer\n1.a,A\n"),
		("ganda.csv", "code,answer,answer\n1.a,A,B\n"),
		("surplus.csv", "code,answer\n1.a,A,B\n"),
		("biner.csv", bytes(range(256)) * 20),
		("bom.csv", b"\xff\xfecode"),
		("panjang.csv", "code,answer\n1.a," + "A" * 200_000 + "\n"),
		("kutip.csv", 'code,answer\n"1.a,A\n'),
		("rusak.xlsx", b"PK\x03\x04"),
	],
)
def test_answers_that_cannot_be_read_are_told_in_one_sentence(tmp_path, name, content):
	if content is not None:
		write(tmp_path / name, content)
	refused(seroja("akip-2021", tmp_path / name, "--out", tmp_path / "hasil"), name)
	assert not (tmp_path / "hasil").exists()


def test_a_folder_instead_of_a_file_is_told_in_one_sentence(tmp_path):
	refused(seroja("akip-2021", tmp_path, "--out", tmp_path / "hasil"))
	(tmp_path / "x.json").mkdir()
	refused(seroja(tmp_path / "x.json", tmp_path, "--out", tmp_path / "hasil"), "x.json")


@pytest.mark.parametrize("limit", ["_LARGEST_ANSWERS", "_LARGEST_INSTRUMENT"])
def test_a_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch, limit):
	monkeypatch.setattr(cli, limit, 10)
	instrument = write(tmp_path / "i.json", instrument_json(AKIP))
	refused(
		seroja(instrument, write(tmp_path / "a.csv", MIXED), "--out", tmp_path / "hasil"), "terlalu besar"
	)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
	write(tmp_path / "hasil", "ini berkas")
	refused(
		seroja("akip-2021", write(tmp_path / "a.csv", MIXED), "--out", tmp_path / "hasil" / "x"),
		"Tidak dapat menulis",
	)


@pytest.mark.parametrize(
	"text",
	[
		MIXED.encode("utf-16"),
		MIXED.encode("utf-8-sig"),
		MIXED.replace("\n", "\r\n").replace(",", ";").encode(),
		("sep=,\n" + MIXED).encode(),
		MIXED.replace(",", "\t").encode(),
	],
)
def test_encodings_and_separators_of_spreadsheets_are_understood(tmp_path, text):
	result, _ = assess(tmp_path, text, "--strict")
	assert result.exit_code == 0 and "Indeks: 79,00" in result.output


@pytest.mark.parametrize("cell", ["nan", "inf", "=1+1", "\x1b[2J", "�", "1e999", "A" * 3000, "-"])
def test_an_odd_answer_is_a_message_and_never_a_crash(tmp_path, cell):
	for instrument, code in (("akip-2021", "1.a"), ("rb-2023", "RB"), ("spbe-2020", "1")):
		result, _ = assess(
			tmp_path, f"code,answer\n{code},{cell}\n{cell},A\n", "--strict", instrument=instrument
		)
		assert result.exit_code == 1 and "\x1b" not in result.output
		assert "Baris 2" in result.output and "Baris 3" in result.output


def test_many_bad_rows_are_told_shortly(tmp_path):
	result, _ = assess(tmp_path, "code,answer\n" + "".join(f"z{number},A\n" for number in range(3000)))
	assert "3000 catatan" in result.output and "… dan 2900 lainnya" in result.output
	assert result.output.count("\n") < 120
