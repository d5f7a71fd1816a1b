"""The shipped presets on their samples: the figures are those that the csv and json modules give."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from seroja.core.source_mapping import Moment, apply
from seroja.core.sources import KINDS, preset_rows, read_pages, read_preset, shipped_presets

SAMPLES = Path(__file__).parent / "data" / "sources"
PAGES = Path(__file__).parents[1] / "docs" / "sources"
FIRST_QUARTER = Moment(2026, 1, "2026-01-01", "2026-03-31")
CODES = ["ckan", "seroja", "sipd-anggaran", "sipd-program", "sp4n-lapor", "spse", "srikandi"]


def rows_of(name: str, delimiter: str) -> list[dict]:
	with open(SAMPLES / name, encoding="utf-8", newline="") as file:
		return list(csv.DictReader(file, delimiter=delimiter))


def objects_of(name: str):
	return json.loads((SAMPLES / name).read_text("utf-8"))


def number(text: str) -> Decimal:
	"""A number as Indonesians write it."""
	return Decimal(text.removeprefix("Rp").replace(".", "").replace(",", "."))


def as_workbook(rows: list[dict]) -> bytes:
	"""The rows as a workbook in which figures are numbers, as programs write them."""
	book = Workbook()
	book.active.append(list(rows[0]))
	for row in rows:
		figures = {name: float(number(row[name])) for name in ("Tahun", "Triwulan", "Target", "Realisasi")}
		book.active.append(list((row | figures).values()))
	buffer = io.BytesIO()
	book.save(buffer)
	return buffer.getvalue()


def figures(code: str, page: bytes) -> list[Decimal]:
	"""What the rows of a preset find in a page, in their order."""
	preset = shipped_presets()[code]
	rows = preset_rows(preset, {row["hint"]: row["hint"] for row in preset["rows"]})
	records = read_pages([page], preset["kind"], preset["records_path"])
	mapped = apply(rows, records, FIRST_QUARTER, preset["decimal"])
	assert not mapped.refused
	return [Decimal(figure.text) for figure in mapped.figures]


def sample(name: str) -> bytes:
	return (SAMPLES / name).read_bytes()


def test_realizations_of_sub_activities():
	rows = [
		row for row in rows_of("sipd-program.csv", ";") if (row["Tahun"], row["Triwulan"]) == ("2026", "1")
	]
	(puskesmas,) = (row for row in rows if row["Kode Sub Kegiatan"] == "1.02.02.2.01.0014")
	trained = [number(row["Realisasi"]) for row in rows if row["Satuan"] == "Orang"]
	page = as_workbook(rows_of("sipd-program.csv", ";"))
	assert figures("sipd-program", page) == [number(puskesmas["Realisasi"]), sum(trained)]


def test_budget_and_its_realization():
	rows = [row for row in rows_of("sipd-anggaran.csv", ";") if row["Triwulan"] == "1"]
	program = [number(row["Realisasi"]) for row in rows if row["Kode Program"] == "1.02.02"]
	realized, budget = (sum(number(row[name]) for row in rows) for name in ("Realisasi", "Pagu"))
	assert figures("sipd-anggaran", sample("sipd-anggaran.csv")) == [sum(program), realized, budget]


def test_complaints():
	complaints = objects_of("sp4n-lapor.json")["data"]
	done = [complaint for complaint in complaints if complaint["status"].casefold() == "selesai"]
	days = [Decimal(str(complaint["lama_hari"])) for complaint in done]
	assert figures("sp4n-lapor", sample("sp4n-lapor.json")) == [
		len(done),
		len(complaints),
		sum(days) / len(days),
	]


def test_packages():
	packages = [package for package in objects_of("spse.json") if package["tahun"] == 2026]
	in_time = [p for p in packages if p["status"] == "Selesai" and p["terlambat"] != "ya"]
	contracts = [Decimal(str(p["kontrak"]["nilai"])) for p in packages if p["kontrak"]]
	assert figures("spse", sample("spse.json")) == [len(in_time), len(packages), sum(contracts) / 1_000_000]


def test_letters():
	letters = rows_of("srikandi.csv", ",")
	sent = [letter for letter in letters if letter["Jenis"] == "Keluar"]
	signed = [letter for letter in sent if letter["Tanda Tangan Elektronik"].casefold() == "ya"]
	handled = [letter for letter in letters if letter["Jenis"] == "Masuk" and letter["Tindak Lanjut"]]
	assert figures("srikandi", sample("srikandi.csv")) == [len(signed), len(sent), len(handled)]


def test_a_datastore():
	rows = [row for row in objects_of("ckan.json")["result"]["records"] if row["tahun"] == 2026]
	(stunting,) = (row["nilai"] for row in rows if row["indikator"] == "Prevalensi stunting")
	schools = [Decimal(row["nilai"]) for row in rows if row["indikator"] == "Sekolah terakreditasi A"]
	assert figures("ckan", sample("ckan.json")) == [Decimal(stunting), sum(schools)]


def test_another_site():
	rows = objects_of("seroja.json")["data"]
	texts = {(row["indicator"], row["opd"], row["quarter"]): row["realization"] for row in rows}
	numbers = {
		place: Decimal(text.replace(".", "").replace(",", ".")) for place, text in texts.items() if text
	}
	added = [number for (indicator, _opd, _quarter), number in numbers.items() if indicator == "IKU-02"]
	assert figures("seroja", sample("seroja.json")) == [numbers["IKU-01", "DINKES", 1], sum(added)]


# --- the presets themselves ---


def test_every_preset_of_the_package_is_read():
	assert sorted(shipped_presets()) == CODES
	assert all(preset["kind"] in KINDS for preset in shipped_presets().values())


@pytest.mark.parametrize("code", CODES)
def test_a_preset_names_no_indicator_but_says_which_fits(code):
	rows = shipped_presets()[code]["rows"]
	assert all(row["hint"] and not row["indicator"] for row in rows)


@pytest.mark.parametrize("code", CODES)
def test_a_preset_has_a_page_that_shows_its_rows(code):
	page = (PAGES / f"{code}.md").read_text("utf-8")
	assert f"({code}.md)" in (PAGES / "README.md").read_text("utf-8")
	for row in shipped_presets()[code]["rows"]:
		assert all(
			f"`{row[name]}`" in page for name in ("column", "condition", "path", "factor") if row[name]
		)
		assert row["hint"] in page


@pytest.mark.parametrize(
	("changes", "said"),
	[
		({"kind": "xml"}, "xml"),
		({"decimal": ""}, "Tanda desimal"),
		({"paging": {"style": "cursor"}}, "Cara membagi halaman"),
		({"paging": {"style": "none", "limit": 1}}, "limit"),
		({"records_path": "$["}, "JSONPath"),
		({"surplus": 1}, "surplus"),
		({"rows": [{"hint": "x"}]}, "aggregate"),
	],
)
def test_a_broken_preset_is_refused(changes, said):
	with pytest.raises(ValueError, match="Contoh sumber ckan") as caught:
		read_preset(json.dumps(shipped_presets()["ckan"] | changes))
	assert said in str(caught.value)


def test_a_preset_whose_rows_cannot_work_is_refused():
	preset = json.loads(json.dumps(shipped_presets()["spse"]))
	preset["rows"] = preset["rows"][:1]
	with pytest.raises(ValueError, match="Baris 1: Angka pembilang"):
		read_preset(json.dumps(preset))
