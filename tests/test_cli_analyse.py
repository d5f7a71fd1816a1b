"""`seroja analyse` on the command line, as a user types it."""

import csv
import io
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from seroja.cli import main
from seroja.core.analysis import METHOD_LABELS, STATUSES
from seroja.core.checks import CHECKS, SEVERITIES
from seroja.core.numbers import format_number

EXAMPLE = Path(__file__).parents[1] / "examples" / "contoh-analisis.csv"
HEADER = "indicator,polarity,year,period,target,realization"
OUTLOOK = ["indicator", "year", "forecast", "lower", "upper", "probability", "status", "method", "reason"]
CHECKS_COLUMNS = ["indicator", "year", "period", "code", "severity", "message"]


def seroja(*arguments):
	return CliRunner().invoke(main, [str(argument) for argument in arguments])


def write(path: Path, content: str | bytes) -> Path:
	path.write_bytes(content if isinstance(content, bytes) else content.encode())
	return path


def table(path: Path) -> list[dict]:
	return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def analyse(folder: Path, *lines: str, header: str = HEADER, out: str = "hasil") -> Path:
	"""Analyse rows and return the folder of the results."""
	file = write(folder / "masukan.csv", "\n".join([header, *lines, ""]))
	result = seroja("analyse", file, "--out", folder / out)
	assert result.exit_code == 0, result.output
	return folder / out


def series(name: str, values, target: float = 100) -> list[str]:
	return [f"{name},maximize,{2021 + n},,{target},{value}" for n, value in enumerate(values)]


@pytest.fixture(scope="module")
def example(tmp_path_factory):
	"""The example, analysed once: (result of the command, output folder)."""
	out = tmp_path_factory.mktemp("analisis") / "hasil"
	return seroja("analyse", EXAMPLE, "--out", out), out


def test_the_help_of_the_command_lists_it():
	assert "analyse" in seroja("--help").output
	assert "indicator, polarity, year, period, target, realization" in " ".join(
		seroja("analyse", "--help").output.split()
	)


def test_all_promised_files_are_written(example):
	result, out = example
	assert result.exit_code == 0, result.output
	assert {"outlook.csv", "checks.csv", "analysis.pdf", "charts"} == {path.name for path in out.iterdir()}
	charts = sorted(path.name for path in (out / "charts").iterdir())
	assert charts[-1] == "status.png" and len(charts) == 9
	assert all(name.startswith("outlook-0") for name in charts[:-1])


def test_the_tables_have_the_promised_columns_and_codes(example):
	_, out = example
	outlook, checks = table(out / "outlook.csv"), table(out / "checks.csv")
	assert list(outlook[0]) == ["opd", *OUTLOOK] and list(checks[0]) == ["opd", *CHECKS_COLUMNS]
	assert len({row["indicator"] for row in outlook}) == 8
	assert {row["status"] for row in outlook} <= set(STATUSES)
	assert {row["method"] for row in outlook} <= set(METHOD_LABELS)
	assert {row["severity"] for row in checks} <= set(SEVERITIES)
	assert {row["code"] for row in checks} <= {check.code for check in CHECKS}
	for row in outlook:
		assert float(row["lower"]) <= float(row["forecast"]) <= float(row["upper"])
		assert 0 <= float(row["probability"]) <= 1 and row["reason"].endswith(".")


def test_the_planted_faults_of_the_example_are_found(example):
	_, out = example
	found = {(row["indicator"], row["period"], row["code"]) for row in table(out / "checks.csv")}
	assert found >= {
		("Contoh: indeks kepuasan masyarakat", "Triwulan III 2023", "magnitude"),
		("Contoh: waktu tunggu rawat jalan", "Triwulan III 2022", "copied"),
		("Contoh: panjang jalan dalam kondisi mantap", "Tahun 2023", "decimal"),
	}


def test_a_file_without_fault_has_no_finding(tmp_path):
	out = analyse(tmp_path, *series("a", [60.12, 62.34, 64.71, 66.95, 69.18], 70))
	assert table(out / "checks.csv") == []


def test_the_figures_of_the_pdf_are_those_of_the_table(example, pdf_text):
	_, out = example
	text = pdf_text(out / "analysis.pdf")
	for row in table(out / "outlook.csv"):
		assert row["indicator"] in text
		told = (
			row["reason"].split(" (rentang")[0].rsplit(" ", 1)[-1].rstrip(".")
		)  # in the indicator's own decimals
		decimals = len(told.partition(",")[2])
		assert told == format_number(float(row["forecast"]), decimals) and f" {told} " in text


def test_the_closing_lines_count_what_was_found_and_name_the_files(example):
	result, out = example
	lines = result.output.splitlines()
	assert lines[0].startswith("8 indikator: sesuai jalur ")
	counts = [int(word.strip(".,")) for word in lines[0].split() if word.strip(".,").isdigit()]
	assert counts[0] == sum(counts[1:]) == 8
	assert lines[1].startswith(f"{len(table(out / 'checks.csv'))} temuan pemeriksaan angka: berat ")
	assert "2 baris tidak sah:" in lines
	assert any(line.startswith("  Baris 113, kolom target: “delapan puluh”") for line in lines)
	assert any(line.startswith("  Baris 114, kolom period") for line in lines)
	for path in ("analysis.pdf", "outlook.csv", "checks.csv", "charts"):
		assert str(out / path) in result.output


def test_bad_rows_stand_in_the_pdf_too(example, pdf_text):
	_, out = example
	text = pdf_text(out / "analysis.pdf")
	assert "2 baris tidak sah dan tidak dihitung" in text and "Baris 113, kolom target" in text


def test_without_opd_there_is_no_such_column(tmp_path):
	out = analyse(tmp_path, *series("a", [10, 20, 31, 39, 52]))
	assert (out / "outlook.csv").read_text("utf-8-sig").splitlines()[0] == ",".join(OUTLOOK)
	assert (out / "checks.csv").read_text("utf-8-sig").splitlines()[0] == ",".join(CHECKS_COLUMNS)


def test_strict_exits_1_for_a_bad_row_and_still_writes_everything(tmp_path):
	good = write(tmp_path / "baik.csv", "\n".join([HEADER, *series("a", [1, 2, 3])]))
	bad = write(tmp_path / "buruk.csv", "\n".join([HEADER, *series("a", [1, "dua", 3])]))
	assert seroja("analyse", good, "--out", tmp_path / "a", "--strict").exit_code == 0
	assert seroja("analyse", bad, "--out", tmp_path / "b").exit_code == 0
	assert seroja("analyse", bad, "--out", tmp_path / "c", "--strict").exit_code == 1
	assert (tmp_path / "c" / "analysis.pdf").exists()


@pytest.mark.parametrize(
	"lines",
	[
		pytest.param(["a,maximize,2025,,80,60"], id="one indicator, one value"),
		pytest.param(["a,maximize,2025,,,"], id="nothing but a name"),
		pytest.param(["a,maximize,2025,,80,"], id="nothing but a target"),
		pytest.param(["a,naik,2025,,80,60"], id="nothing but a bad row"),
		pytest.param(["Opini,qualitative,2025,,WTP,WDP"], id="nothing but a text"),
		pytest.param(series("a", [0, 0, 0, 0, 0], 0), id="nothing but zeros"),
		pytest.param(series("a", [1e-9, 1e15, -1e15, 5, 5]), id="extremes"),
		pytest.param(series("Belanja $x_{1}$ {} %s <b>", [1, 2, 3]), id="signs in a name"),
		pytest.param(series("指标 😀", [1, 2, 3, 4]), id="letters that the font does not have"),
		pytest.param(series("a\x07b", [1, 2, 3]), id="a control character"),
		pytest.param(series("x" * 3000, [1, 2, 3]), id="a very long name"),
	],
)
@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")
def test_an_odd_file_never_stops_the_run(tmp_path, lines):
	out = analyse(tmp_path, *lines)
	assert (out / "analysis.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
	("name", "content"),
	[
		("tidak-ada.csv", None),
		("kosong.csv", ""),
		("judul.csv", HEADER),
		("tanpa-tahun.csv", "indicator,polarity,period,target,realization\na,maximize,,1,1\n"),
		("tanpa-target.csv", "indicator,polarity,year,period,realization\na,maximize,2025,,1\n"),
		("campur.csv", "indicator;polarity;year;period;target;realization\na;maximize;2025;;1,5;1.5\n"),
		("rusak.xlsx", b"PK\x03\x04"),
		("gambar.csv", b"\x89PNG\r\n\x1a\n\x00\x00"),
	],
)
def test_a_file_that_cannot_be_read_exits_2_with_one_clear_sentence(tmp_path, name, content):
	if content is not None:
		write(tmp_path / name, content)
	result = seroja("analyse", tmp_path / name, "--out", tmp_path / "hasil")
	assert result.exit_code == 2
	assert result.output.startswith("seroja: ") and name in result.output
	assert result.output.count("\n") == 1 and result.output.endswith(".\n")
	assert not (tmp_path / "hasil").exists()


def test_a_formula_in_a_cell_is_inert_in_the_tables(tmp_path):
	header = f"opd,{HEADER}"
	lines = [f"=cmd|' /C calc'!A0,{line}" for line in series("@SUM(1+1)*2", [10, 11, 1200, 13, 14])]
	out = analyse(tmp_path, *lines, header=header)
	rows = [*table(out / "outlook.csv"), *table(out / "checks.csv")]
	assert len(rows) > 1
	assert {(row["opd"], row["indicator"]) for row in rows} == {("'=cmd|' /C calc'!A0", "'@SUM(1+1)*2")}


def test_a_command_for_the_terminal_in_a_cell_is_not_printed(tmp_path):
	file = write(tmp_path / "a.csv", f"{HEADER}\na,\x1b[31mnaik,2025,,80,60\n")
	result = seroja("analyse", file, "--out", tmp_path / "hasil")
	assert result.exit_code == 0 and "naik" in result.output and "\x1b" not in result.output


def test_a_name_with_path_separators_stays_in_the_folder(tmp_path):
	out = analyse(tmp_path, *series("../../di/luar", [1, 2, 3, 4, 5]))
	written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.png")}
	assert written == {"hasil/charts/status.png", "hasil/charts/outlook-01-di-luar.png"}
	assert out.exists()


def test_rows_in_another_order_and_a_second_run_give_the_same_bytes(tmp_path):
	lines = EXAMPLE.read_text("utf-8").splitlines()
	header, rows = lines[0], lines[1:-2]
	analyse(tmp_path, *rows, header=header, out="satu")
	analyse(tmp_path, *rows, header=header, out="dua")
	analyse(tmp_path, *random.Random(7).sample(rows, len(rows)), header=header, out="tiga")
	first = {
		path.relative_to(tmp_path / "satu"): path.read_bytes()
		for path in (tmp_path / "satu").rglob("*.*")
		if path.suffix in (".csv", ".png")
	}
	assert len(first) == 11
	for other in ("dua", "tiga"):
		for path, content in first.items():
			assert (tmp_path / other / path).read_bytes() == content, (other, path)


def test_another_file_into_the_same_folder_leaves_no_chart_of_the_former_and_those_of_others(tmp_path):
	out = analyse(tmp_path, *series("a", [1, 2, 3]), *series("b", [1, 2, 3]))
	mine = write(out / "charts" / "foto.png", "milik saya")
	assert len(list((out / "charts").iterdir())) == 4
	analyse(tmp_path, *series("c", [1, 2, 3]))
	names = {path.name for path in (out / "charts").iterdir()}
	assert names == {"status.png", "outlook-01-c.png", "foto.png"} and mine.read_text() == "milik saya"


def test_a_folder_that_cannot_be_written_exits_2_with_one_sentence(tmp_path):
	file = write(tmp_path / "a.csv", "\n".join([HEADER, *series("a", [1, 2, 3])]))
	write(tmp_path / "hasil", "ini berkas")
	result = seroja("analyse", file, "--out", tmp_path / "hasil" / "x")
	assert result.exit_code == 2
	assert "Tidak dapat menulis" in result.output and "Traceback" not in result.output
