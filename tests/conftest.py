"""What several test files share."""

import csv
import io
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pypdf
import pytest
from hypothesis import settings
from openpyxl import Workbook

from seroja.core.evaluation import Evaluation, evaluate_values
from seroja.core.importers import read_table
from seroja.core.scales import DEFAULT_SCALE, shipped_scales

# The same examples on every machine; `--hypothesis-profile=default` searches at random.
settings.register_profile("seroja", deadline=None, derandomize=True, max_examples=150)
settings.load_profile("seroja")


@pytest.fixture(scope="session")
def published() -> list[dict]:
	"""The rows of the published figures."""
	path = Path(__file__).parent / "data" / "published-achievements.csv"
	with path.open(encoding="utf-8", newline="") as file:
		return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def indicator_series() -> list[np.ndarray]:
	"""The published series that have a number in each of their five years, 2021 to 2025."""
	path = Path(__file__).parent / "data" / "indicator-series.csv"
	with path.open(encoding="utf-8", newline="") as file:
		rows = [[row[f"value_{year}"] for year in range(2021, 2026)] for row in csv.DictReader(file)]
	return [np.array(row, dtype=float) for row in rows if all(text and text != "WTP" for text in row)]


@pytest.fixture(scope="session")
def evaluated():
	"""Evaluate the text of a CSV file as the command line does."""

	def evaluate(text: str, scale: str = DEFAULT_SCALE) -> Evaluation:
		table = read_table(text.encode(), "berkas.csv")
		return evaluate_values(table.values, shipped_scales()[scale], messages=table.messages)

	return evaluate


@pytest.fixture(scope="session")
def workbook_bytes():
	"""An XLSX file with the given rows in its only sheet."""

	def build(*rows, title: str = "Sheet") -> bytes:
		workbook = Workbook()
		workbook.active.title = title
		for row in rows:
			workbook.active.append(row)
		buffer = io.BytesIO()
		workbook.save(buffer)
		return buffer.getvalue()

	return build


@pytest.fixture(scope="session")
def pdf_text():
	"""The text of a PDF file, given as bytes, a path or an open document, in one line.

	A word that was broken at its own hyphen (masing-masing) is one word again.
	"""

	def extract(pdf: bytes | Path | pypdf.PdfReader) -> str:
		if not isinstance(pdf, pypdf.PdfReader):
			pdf = pypdf.PdfReader(io.BytesIO(pdf) if isinstance(pdf, bytes) else pdf)
		text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
		return re.sub(r"(?<=\w)- (?=\w)", "-", text)

	return extract


@pytest.fixture
def printed_by_libreoffice(tmp_path):
	"""DOCX bytes by name → the PDF that LibreOffice makes of each; skips where it is not installed."""
	if shutil.which("soffice") is None:
		pytest.skip("needs LibreOffice")

	def convert(files: dict[str, bytes]) -> dict[str, Path]:
		for name, data in files.items():
			(tmp_path / f"{name}.docx").write_bytes(data)
		profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
		paths = [str(tmp_path / f"{name}.docx") for name in files]
		command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *paths]
		subprocess.run(command, check=True, capture_output=True, timeout=180)
		return {name: tmp_path / f"{name}.pdf" for name in files}

	return convert
