"""`seroja` on the command line, as a user types it."""

import csv
import datetime
import io
import os
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from seroja import __version__
from seroja.cli import main
from seroja.core.importers import OPTIONAL, REQUIRED
from seroja.core.numbers import round_half_up

HEADER = "indicator,polarity,target,realization"
COMPUTED = [
	"achievement",
	"achievement_scored",
	"category",
	"status",
	"method",
	"explanation",
	"message",
]
MIXED = (
	"opd;objective;indicator;polarity;target;realization;catatan\n"
	"Dinas Sosial;Kemiskinan;Angka kemiskinan;minimal;4,65;4,73;BPS\n"
	"Dinas Sosial;Kemiskinan;ICOR;minimal;4,84;Belum Rilis;\n"
	"Dinas Kesehatan;Kesehatan;Prevalensi Stunting;minimal;9,8;6,07;=1+1\n"
	"Dinas Kesehatan;Kesehatan;Angka Kematian Ibu;minimal;49,34;seratus sepuluh;\n"
	"Dinas Kesehatan;Kesehatan;Cakupan;naik;1;1;\n"
)


def seroja(*arguments):
	return CliRunner().invoke(main, [str(argument) for argument in arguments])


def write(path: Path, content: str | bytes) -> Path:
	path.write_bytes(content if isinstance(content, bytes) else content.encode())
	return path


def table(path: Path) -> list[dict]:
	return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def evaluate(folder: Path, text: str, *options) -> list[dict]:
	"""Evaluate a text and return the rows of indicators.csv."""
	result = seroja("evaluate", write(folder / "masukan.csv", text), "--out", folder / "hasil", *options)
	assert result.exit_code == 0, result.output
	return table(folder / "hasil" / "indicators.csv")


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
	"""A file with good, missing and bad rows, evaluated once: (result of the command, output folder)."""
	folder = tmp_path_factory.mktemp("mixed")
	result = seroja("evaluate", write(folder / "masukan.csv", MIXED), "--out", folder / "hasil")
	return result, folder / "hasil"


def test_the_version_is_that_of_the_package():
	result = seroja("--version")
	assert (result.exit_code, result.output) == (0, f"seroja {__version__}\n")


# --- evaluate ---


def test_all_promised_files_are_written(mixed):
	result, out = mixed
	assert result.exit_code == 0
	written = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}
	assert {"indicators.csv", "summary.csv", "evaluation.xlsx", "evaluation.pdf"} < written
	charts = {name for name in written if name.startswith("charts/")}
	assert charts == {f"charts/{name}.png" for name in ("distribution", "achievement", "opd")}
	assert all((out / name).stat().st_size for name in written)


def test_the_input_columns_come_first_and_the_computed_ones_after_them(mixed):
	_, out = mixed
	rows = table(out / "indicators.csv")
	assert list(rows[0]) == [*MIXED.splitlines()[0].split(";"), *COMPUTED]
	assert [row["realization"] for row in rows] == ["4,73", "Belum Rilis", "6,07", "seratus sepuluh", "1"]


def test_the_achievement_is_written_unrounded_with_category_status_and_method(mixed):
	_, out = mixed
	first, missing, stunting, *_ = table(out / "indicators.csv")
	assert float(first["achievement"]) == pytest.approx((2 * 4.65 - 4.73) / 4.65 * 100, abs=1e-9)
	assert (first["category"], first["status"], first["method"]) == ("Sangat Tinggi", "ok", "complement")
	assert "98,28%" in first["explanation"] and first["message"] == ""
	assert (stunting["achievement"][:6], stunting["achievement_scored"]) == ("138.06", "120.0")
	assert [missing[name] for name in ("achievement", "achievement_scored", "category")] == [""] * 3
	assert missing["status"] == "no_data"


def test_a_bad_row_keeps_its_place_and_says_row_and_column(mixed):
	result, out = mixed
	rows = table(out / "indicators.csv")
	assert [row["status"] for row in rows] == ["ok", "no_data", "ok", "invalid", "invalid"]
	assert rows[3]["message"].startswith("Baris 5, kolom realization: “seratus sepuluh”")
	assert rows[4]["message"].startswith("Baris 6, kolom polarity: “naik” tidak dikenal")
	assert [rows[3]["achievement"], rows[3]["category"]] == ["", ""]
	assert "2 baris tidak sah" in result.output and rows[3]["message"] in result.output


def test_a_row_without_known_polarity_claims_no_method(mixed):
	_, out = mixed
	assert table(out / "indicators.csv")[4]["method"] == ""


def test_bad_rows_are_told_in_the_order_of_the_file(mixed):
	result, _ = mixed
	assert result.output.index("Baris 5, kolom realization") < result.output.index("Baris 6, kolom polarity")


def test_the_convention_of_the_file_is_told(mixed):
	result, _ = mixed
	assert "koma sebagai tanda desimal" in result.output


def test_a_text_cell_that_looks_like_a_formula_is_inert_in_the_output(mixed):
	_, out = mixed
	assert table(out / "indicators.csv")[2]["catatan"] == "'=1+1"


def test_the_summary_has_a_row_for_all_for_each_opd_and_for_each_objective(mixed):
	_, out = mixed
	rows = table(out / "summary.csv")
	assert [(row["level"], row["opd"], row["objective"]) for row in rows] == [
		("overall", "", ""),
		("opd", "Dinas Sosial", ""),
		("opd", "Dinas Kesehatan", ""),
		("objective", "Dinas Sosial", "Kemiskinan"),
		("objective", "Dinas Kesehatan", "Kesehatan"),
	]
	assert [row["indicators"] for row in rows] == ["5", "2", "3", "2", "3"]
	assert [row["valued"] for row in rows] == ["2", "1", "1", "1", "1"]
	assert rows[0]["no_data"] == "1"


def test_workbook_and_pdf_hold_the_same_figures_as_the_tables(mixed, pdf_text):
	_, out = mixed
	page = openpyxl.load_workbook(out / "evaluation.xlsx")["Indikator"]
	headings = [cell.value for cell in page[1]]
	figures = [row[headings.index("Capaian")].value for row in page.iter_rows(min_row=2)]
	written = [row["achievement"] for row in table(out / "indicators.csv")]
	assert figures == [float(text) if text else None for text in written]
	text = pdf_text(out / "evaluation.pdf")
	assert "98,28%" in text and "138,06%" in text and "seratus sepuluh" in text


def test_strict_exits_1_for_a_bad_row_and_still_writes_everything(tmp_path):
	out = tmp_path / "hasil"
	result = seroja("evaluate", write(tmp_path / "a.csv", MIXED), "--out", out, "--strict")
	assert result.exit_code == 1
	assert (out / "evaluation.pdf").exists() and len(table(out / "indicators.csv")) == 5


def test_strict_exits_0_where_values_are_missing_but_no_row_is_bad(tmp_path):
	rows = evaluate(tmp_path, f"{HEADER}\na,maximize,80,-\nb,maximize,,60\n", "--strict")
	assert [row["status"] for row in rows] == ["no_data", "no_target"]


def test_another_scale_is_chosen_by_its_name_in_any_case(tmp_path):
	text = f"{HEADER}\na,maximize,100,86\n"
	(row,) = evaluate(tmp_path, text)
	assert row["category"] == "Tinggi"
	(row,) = evaluate(tmp_path, text, "--scale", "lan 239/2003 (kota malang 2014)")
	assert row["category"] == "Sangat Berhasil"


def test_another_cap_bounds_the_score_and_not_the_achievement(tmp_path, pdf_text):
	(row,) = evaluate(tmp_path, f"{HEADER}\na,maximize,100,130\n", "--cap", "110")
	assert (row["achievement"], row["achievement_scored"]) == ("130.0", "110.0")
	assert "batas atas 110%" in pdf_text(tmp_path / "hasil" / "evaluation.pdf")


@pytest.mark.parametrize("cap", ["99", "-1", "nan", "inf", "banyak"])
def test_a_cap_that_is_no_figure_of_at_least_100_is_refused(tmp_path, cap):
	file = write(tmp_path / "a.csv", f"{HEADER}\na,maximize,100,130\n")
	result = seroja("evaluate", file, "--out", tmp_path / "hasil", "--cap", cap)
	assert result.exit_code == 2
	assert not (tmp_path / "hasil").exists()


def test_evaluating_twice_gives_the_same_files(tmp_path):
	text = f"{HEADER}\na,maximize,80,60\nb,maximize,80,70\n"
	evaluate(tmp_path, text)
	first = {path: path.read_bytes() for path in (tmp_path / "hasil").rglob("*.*")}
	evaluate(tmp_path, text)
	second = {path: path.read_bytes() for path in (tmp_path / "hasil").rglob("*.*")}
	assert first.keys() == second.keys()
	# A workbook and a PDF carry the time of their writing; tables and charts do not.
	for path in first:
		if path.suffix in (".csv", ".png"):
			assert first[path] == second[path], path.name


def test_another_file_into_the_same_folder_leaves_no_chart_of_the_former(tmp_path):
	evaluate(tmp_path, f"{HEADER},opd\na,maximize,80,60,A\nb,maximize,80,60,B\n")
	assert (tmp_path / "hasil" / "charts" / "opd.png").exists()
	evaluate(tmp_path, f"{HEADER},opd\na,maximize,80,60,A\n")
	assert not (tmp_path / "hasil" / "charts" / "opd.png").exists()


def test_files_of_others_in_the_folder_are_left_alone(tmp_path):
	(tmp_path / "hasil" / "charts").mkdir(parents=True)
	mine = [write(tmp_path / "hasil" / name, "milik saya") for name in ("catatan.txt", "charts/foto.png")]
	evaluate(tmp_path, f"{HEADER}\na,maximize,80,60\n")
	assert [path.read_text() for path in mine] == ["milik saya"] * 2


def test_a_column_named_like_a_computed_one_is_kept_under_another_name(tmp_path):
	(row,) = evaluate(tmp_path, f"{HEADER},status,category\na,maximize,100,95,selesai,IKU\n")
	assert (row["input_status"], row["input_category"]) == ("selesai", "IKU")
	assert (row["status"], row["category"]) == ("ok", "Sangat Tinggi")


@pytest.mark.parametrize(
	"row",
	[
		pytest.param("a,maximize,0.000001,10000000000000", id="a ratio of many digits"),
		pytest.param(r"Belanja $\frac$ desa,maximize,80,60", id="a name with dollar signs"),
		pytest.param("a\x07b,maximize,80,60", id="a control character"),
		pytest.param("指标 😀,maximize,80,60", id="letters that the font does not have"),
		pytest.param("x" * 3000 + ",maximize,80,60", id="a very long name"),
		pytest.param("a,maximize,-5,-3", id="nothing but a manual row"),
	],
)
@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")
def test_an_odd_row_never_stops_the_run(tmp_path, row):
	assert len(evaluate(tmp_path, f"{HEADER}\n{row}\n")) == 1


def test_a_date_of_a_workbook_is_carried_through_as_a_date(tmp_path, workbook_bytes):
	data = workbook_bytes(
		[*HEADER.split(","), "tanggal"], ["a", "maximize", 80, 60, datetime.date(2025, 1, 2)]
	)
	file = write(tmp_path / "a.xlsx", data)
	assert seroja("evaluate", file, "--out", tmp_path).exit_code == 0
	assert table(tmp_path / "indicators.csv")[0]["tanggal"].startswith("2025-01-02")


# --- what cannot be read or written ---


@pytest.mark.parametrize(
	("name", "content"),
	[
		("tidak-ada.csv", None),
		("kosong.csv", ""),
		("judul.csv", HEADER),
		("tanpa-kolom.csv", "indicator,target\na,1\n"),
		("campur.csv", "indicator;polarity;target;realization\na;maximize;1,5;1.5\n"),
		("ragu.csv", "indicator;polarity;target;realization\na;maximize;1.234;1.300\n"),
		("rusak.xlsx", b"PK\x03\x04"),
		("gambar.csv", b"\x89PNG\r\n\x1a\n\x00\x00"),
	],
)
def test_a_file_that_cannot_be_read_exits_2_with_one_clear_sentence(tmp_path, name, content):
	if content is not None:
		write(tmp_path / name, content)
	result = seroja("evaluate", tmp_path / name, "--out", tmp_path / "hasil")
	assert result.exit_code == 2
	assert result.output.startswith("seroja: ") and name in result.output
	assert result.output.count("\n") == 1 and result.output.endswith(".\n")
	assert not (tmp_path / "hasil").exists()


def test_a_folder_instead_of_a_file_exits_2(tmp_path):
	result = seroja("evaluate", tmp_path, "--out", tmp_path / "hasil")
	assert result.exit_code == 2 and result.output.startswith("seroja: ")


def test_an_unknown_scale_exits_2_and_names_the_known_ones(tmp_path):
	file = write(tmp_path / "a.csv", f"{HEADER}\na,maximize,80,60\n")
	result = seroja("evaluate", file, "--out", tmp_path / "hasil", "--scale", "Skala Kami")
	assert result.exit_code == 2
	assert "“Skala Kami” tidak ada" in result.output and "Permendagri 86/2017" in result.output


def test_a_folder_that_cannot_be_written_exits_2_with_one_sentence(tmp_path):
	file = write(tmp_path / "a.csv", f"{HEADER}\na,maximize,80,60\n")
	write(tmp_path / "hasil", "ini berkas")
	result = seroja("evaluate", file, "--out", tmp_path / "hasil" / "x")
	assert result.exit_code == 2
	assert "Tidak dapat menulis" in result.output and "Traceback" not in result.output


# --- template ---


@pytest.fixture
def template(tmp_path) -> Path:
	path = tmp_path / "masukan.xlsx"
	assert seroja("template", path).exit_code == 0
	return path


def choices_of(page) -> dict[str, list[str]]:
	"""The drop-downs of a sheet: heading → words."""
	return {
		page.cell(1, area.min_col).value: choice.formula1.strip('"').split(",")
		for choice in page.data_validations.dataValidation
		for area in choice.sqref.ranges
	}


def test_a_template_has_all_columns_a_guide_and_drop_downs(template):
	workbook = openpyxl.load_workbook(template)
	assert workbook.sheetnames == ["Data", "Petunjuk"]
	page = workbook["Data"]
	headings = [cell.value for cell in page[1]]
	assert headings == [*REQUIRED, *OPTIONAL]
	assert page.max_row == 1 and page.freeze_panes == "A2"
	lists = choices_of(page)
	assert lists["polarity"] == ["maksimal", "minimal", "stabil", "kualitatif"]
	assert {"ratio", "complement", "inverse", "deviation"} <= set(lists["method"])
	guide = [row[0].value for row in workbook["Petunjuk"].iter_rows()]
	assert set(headings) <= set(guide)


def test_a_filled_template_is_evaluated_with_every_choice_that_it_offers(template, tmp_path):
	workbook = openpyxl.load_workbook(template)
	page = workbook["Data"]
	columns = {cell.value: cell.column for cell in page[1]}
	choices = choices_of(page)
	rows = [
		{"indicator": f"{name} {word}", "polarity": "maksimal", "target": 80, "realization": 60, name: word}
		for name in ("polarity", "method", "period")
		for word in choices[name]
	]
	for number, row in enumerate(rows, 2):
		for name, value in row.items():
			page.cell(number, columns[name], value)
	workbook.save(template)
	result = seroja("evaluate", template, "--out", tmp_path / "hasil", "--strict")
	assert result.exit_code == 0, result.output
	written = table(tmp_path / "hasil" / "indicators.csv")
	assert [row["indicator"] for row in written] == [row["indicator"] for row in rows]
	assert {row["status"] for row in written} == {"ok", "manual"}  # 80 and 60 are no predicates


def test_an_empty_template_is_refused_as_empty_and_not_as_broken(template, tmp_path):
	result = seroja("evaluate", template, "--out", tmp_path / "hasil")
	assert result.exit_code == 2 and "tidak berisi baris data" in result.output


def test_a_template_is_never_written_over_a_workbook_that_somebody_filled(template):
	filled = write(template, b"pekerjaan satu hari")
	result = seroja("template", filled)
	assert result.exit_code == 2
	assert filled.read_bytes() == b"pekerjaan satu hari"


def test_a_template_that_is_no_xlsx_file_is_refused(tmp_path):
	result = seroja("template", tmp_path / "masukan.csv")
	assert result.exit_code == 2 and "harus berakhir dengan .xlsx" in result.output
	assert list(tmp_path.iterdir()) == []


# --- demo ---


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
	"""The demo as a process of its own, with nothing but the installed package."""
	out = tmp_path_factory.mktemp("demo") / "hasil"
	result = subprocess.run(
		[sys.executable, "-c", "from seroja.cli import main; main()", "demo", "--out", str(out)],
		capture_output=True,
		text=True,
		encoding="utf-8",
		env=os.environ | {"PYTHONIOENCODING": "utf-8"},
	)
	return result, out


def test_the_demo_evaluates_the_bundled_example_and_says_where_everything_lies(demo):
	result, out = demo
	assert result.returncode == 0
	for name in ("evaluation.pdf", "evaluation.xlsx", "indicators.csv", "summary.csv", "charts"):
		assert str(out / name) in result.stdout and (out / name).exists()


def test_without_a_terminal_nothing_is_written_to_the_error_stream(demo):
	result, _ = demo
	assert result.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminal")
def test_on_a_terminal_a_run_of_more_than_a_second_shows_its_progress(tmp_path):
	import pty

	terminal, end = pty.openpty()
	process = subprocess.Popen(
		[sys.executable, "-c", "from seroja.cli import main; main()", "demo", "--out", str(tmp_path)],
		stdout=subprocess.DEVNULL,
		stderr=end,
		env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
	)
	os.close(end)
	shown = b""
	try:
		while part := os.read(terminal, 4096):
			shown += part
	except OSError:  # Linux ends a terminal that nobody writes to any more with an error
		pass
	os.close(terminal)
	assert process.wait() == 0
	assert b"Menyusun PDF" in shown


def test_every_row_of_the_bundled_example_can_be_read(demo):
	_, out = demo
	example = files("seroja.core").joinpath("data/contoh-evaluasi.csv").read_text("utf-8-sig")
	rows = table(out / "indicators.csv")
	assert len(rows) == len(list(csv.DictReader(io.StringIO(example))))
	assert not [row for row in rows if row["status"] == "invalid"]


def test_the_figures_of_the_demo_are_the_published_ones(demo, published):
	_, out = demo
	rows = {
		(row["indicator"], row["target"], row["realization"]): row for row in table(out / "indicators.csv")
	}
	compared = 0
	for source in published:
		row = rows.get((source["indicator"], source["target"], source["realization"]))
		printed = source["published_achievement_pct"]
		if row and row["achievement"] and not any(word in source["notes"] for word in ("DEVIATES", "ERROR")):
			assert str(round_half_up(float(row["achievement"]), len(printed.partition(".")[2]))) == printed
			compared += 1
	assert compared
