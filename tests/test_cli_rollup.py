"""`seroja rollup` on the command line, as a user types it."""

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from test_packages import OTHER_PRIVATE, OTHER_PUBLIC, PRIVATE, PUBLIC, content, figure

from seroja.cli import main
from seroja.core.packages import build

OUTPUTS = {"national.csv", "governments.csv", "refused.csv", "remarks.csv", "rollup.pdf"}
REGENCY = {"code": "3507", "name": "Kabupaten Contoh", "level": "city"}
HEADER = "government,level,year,quarter,bappenas_code,polarity,target,realization"


def seroja(*arguments):
	return CliRunner().invoke(main, [str(argument) for argument in arguments])


def table(path: Path) -> list[dict]:
	return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def reasons(out: Path) -> dict[str, str]:
	return {row["file"]: row["reason"] for row in table(out / "refused.csv")}


@pytest.fixture
def keys(tmp_path) -> Path:
	path = tmp_path / "kunci.csv"
	path.write_text(f"government,public_key\n3573,{PUBLIC}\n3507,{OTHER_PUBLIC}\n")
	return path


@pytest.fixture
def folder(tmp_path) -> Path:
	"""Two honest packages, one that was tampered with, one figures file of each kind and files of no use."""
	path = tmp_path / "paket"
	path.mkdir()
	honest = build(content(), PRIVATE)
	(path / "kota.json").write_bytes(honest)
	(path / "kabupaten.json").write_bytes(
		build(content(figure("K-1", 100.0, 70.0), government=REGENCY), OTHER_PRIVATE)
	)
	(path / "diubah.json").write_bytes(honest.replace(b"Kota Contoh", b"Kota Contok"))
	(path / "angka.csv").write_text(
		f"{HEADER}\n0001,city,2025,1,B-1,maximize,80,60\n0001,city,2025,1,B-1,maximize,80,\n"
	)
	frame = pd.read_csv(io.StringIO(f"{HEADER}\nP1,province,2025,1,B-1,maximize,100,100\n"))
	frame.to_parquet(path / "provinsi.parquet", index=False)
	(path / "rusak.csv").write_text(
		f"{HEADER}\n0001,city,2025,1,B-2,maximize,80,60\n0001,city,2025,1,B-2,maximize,delapan,\n"
	)
	(path / "rusak.parquet").write_bytes(b"PAR1 bukan parquet PAR1")
	(path / "kosong.csv").write_bytes(b"")
	(path / "judul.csv").write_text(f"{HEADER}\n")
	(path / "catatan.txt").write_text("halo")
	return path


def test_everything_promised_is_written_and_one_bad_file_stops_no_other(folder, keys, tmp_path):
	out = tmp_path / "hasil"
	result = seroja("rollup", folder, "--out", out, "--keys", keys)
	assert result.exit_code == 0, result.output
	assert {path.name for path in out.iterdir()} == OUTPUTS
	assert set(reasons(out)) == {
		"diubah.json",
		"rusak.csv",
		"rusak.parquet",
		"kosong.csv",
		"judul.csv",
		"catatan.txt",
	}
	assert all(reasons(out).values())
	city, province = table(out / "national.csv")
	assert (city["level"], city["governments"], city["figures"], city["valued"]) == ("city", "3", "5", "3")
	assert float(city["mean_achievement"]) == pytest.approx((112.5 + 70 + 75) / 3)
	assert (province["level"], province["reached"]) == ("province", "1")
	assert [row["government"] for row in table(out / "governments.csv")] == ["0001", "3507", "3573", "P1"]
	assert "2 paket dan 2 berkas angka direkap; 6 ditolak." in result.output
	assert "tanda tangan paket TIDAK diperiksa" not in result.output


def test_both_engines_write_the_same_bytes(folder, keys, tmp_path):
	for engine in ("pandas", "dask"):
		result = seroja("rollup", folder, "--engine", engine, "--out", tmp_path / engine, "--keys", keys)
		assert result.exit_code == 0, result.output
	for name in OUTPUTS:
		assert (tmp_path / "pandas" / name).read_bytes() == (tmp_path / "dask" / name).read_bytes(), name


def test_without_keys_it_says_loudly_that_nobody_checked_the_signatures(folder, tmp_path, pdf_text):
	out = tmp_path / "hasil"
	result = seroja("rollup", folder, "--out", out)
	assert "PERHATIAN: tanda tangan paket TIDAK diperiksa" in result.output
	assert "tanda tangan paket TIDAK diperiksa" in pdf_text(out / "rollup.pdf")


def test_strict_ends_with_status_1_when_a_file_was_refused(folder, keys, tmp_path):
	assert seroja("rollup", folder, "--out", tmp_path / "a", "--keys", keys, "--strict").exit_code == 1
	for path in folder.iterdir():
		if path.name not in ("kota.json", "kabupaten.json"):
			path.unlink()
	assert seroja("rollup", folder, "--out", tmp_path / "b", "--keys", keys, "--strict").exit_code == 0


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")])
def test_of_two_packages_of_one_government_and_quarter_the_last_made_counts(names, keys, tmp_path):
	folder, out = tmp_path / "paket", tmp_path / "hasil"
	folder.mkdir()
	early, late = names
	(folder / early).write_bytes(build(content(figure(realization=40.0, achievement=1.0)), PRIVATE))
	(folder / late).write_bytes(build(content(made_on="2025-04-11T09:00:00"), PRIVATE))
	assert seroja("rollup", folder, "--out", out, "--keys", keys).exit_code == 0
	assert f"digantikan oleh {late}" in reasons(out)[early] and len(reasons(out)) == 1
	assert table(out / "governments.csv")[0]["indicators"] == "2"
	assert table(out / "remarks.csv") == []


def test_the_same_package_twice_counts_once(keys, tmp_path):
	folder, out = tmp_path / "paket", tmp_path / "hasil"
	folder.mkdir()
	for name in ("a.json", "b.json"):
		(folder / name).write_bytes(build(content(), PRIVATE))
	assert seroja("rollup", folder, "--out", out, "--keys", keys).exit_code == 0
	assert list(reasons(out)) == ["b.json"] and table(out / "national.csv")[0]["figures"] == "2"


def test_figures_of_a_quarter_that_came_as_a_package_are_refused_as_a_whole(keys, tmp_path):
	folder, out = tmp_path / "paket", tmp_path / "hasil"
	folder.mkdir()
	(folder / "kota.json").write_bytes(build(content(), PRIVATE))
	lines = [HEADER, "0001,city,2025,1,B-1,maximize,80,60", "3573,city,2025,1,B-1,maximize,80,60", ""]
	(folder / "angka.csv").write_text("\n".join(lines))
	assert seroja("rollup", folder, "--out", out, "--keys", keys).exit_code == 0
	assert "3573 untuk Triwulan I 2025, yang sudah ada dalam kota.json" in reasons(out)["angka.csv"]
	assert [row["government"] for row in table(out / "governments.csv")] == ["3573"]


def test_what_does_not_add_up_in_a_package_is_remarked(keys, tmp_path):
	folder, out = tmp_path / "paket", tmp_path / "hasil"
	folder.mkdir()
	(folder / "kota.json").write_bytes(build(content(figure(achievement=95.0, score=95.0)), PRIVATE))
	result = seroja("rollup", folder, "--out", out, "--keys", keys)
	(remark,) = table(out / "remarks.csv")
	assert remark["file"] == "kota.json" and "dihitung ulang" in remark["remark"]
	assert "1 catatan atas paket" in result.output
	assert float(table(out / "national.csv")[0]["mean_achievement"]) == 112.5


def test_a_package_of_the_future_or_of_another_level_is_refused(folder, keys, tmp_path):
	out = tmp_path / "hasil"
	(folder / "esok.json").write_bytes(build(content(made_on="2999-01-01T09:00:00"), PRIVATE))
	keys.write_text(f"government,public_key,level\n3573,{PUBLIC},city\n3507,{OTHER_PUBLIC},province\n")
	assert seroja("rollup", folder, "--out", out, "--keys", keys).exit_code == 0
	assert "dibuat di masa depan" in reasons(out)["esok.json"]
	assert "dipercaya untuk tingkat Provinsi" in reasons(out)["kabupaten.json"]
	assert [row["government"] for row in table(out / "governments.csv")] == ["0001", "3573", "P1"]


def test_the_scale_is_chosen_by_name(folder, tmp_path):
	out = tmp_path / "hasil"
	assert seroja("rollup", folder, "--out", out, "--scale", "predikat akip").exit_code == 0
	assert "count:AA" in table(out / "national.csv")[0]
	assert seroja("rollup", folder, "--out", out, "--scale", "tidak ada").exit_code == 2


@pytest.mark.parametrize("text", ["", "government,public_key\n3573,abc\n", "a,b\n1,2\n"])
def test_keys_that_cannot_be_read_end_it(text, folder, keys, tmp_path):
	keys.write_text(text)
	result = seroja("rollup", folder, "--out", tmp_path / "hasil", "--keys", keys)
	assert result.exit_code == 2 and result.output.startswith("seroja: kunci.csv: ")
	assert len(result.output.splitlines()) == 1


def test_a_folder_without_any_use_ends_with_the_reasons_written_down(tmp_path):
	folder, out = tmp_path / "paket", tmp_path / "hasil"
	assert seroja("rollup", folder, "--out", out).exit_code == 2
	folder.mkdir()
	(folder / "catatan.txt").write_text("halo")
	result = seroja("rollup", folder, "--out", out)
	assert result.exit_code == 2 and "Tidak ada berkas yang dapat direkap" in result.output
	assert list(reasons(out)) == ["catatan.txt"] and {path.name for path in out.iterdir()} == {
		"refused.csv",
		"remarks.csv",
	}


def test_the_results_do_not_land_among_the_packages(folder):
	result = seroja("rollup", folder, "--out", folder)
	assert result.exit_code == 2 and "harus lain" in result.output
