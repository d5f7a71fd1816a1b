"""The empty input workbook of `seroja template`."""

from __future__ import annotations

import io

from seroja.core.achievement import METHODS
from seroja.core.importers import OPTIONAL, POLARITY_WORDS, REQUIRED

_WIDTHS = {"indicator": 52, "objective": 40, "opd": 26}
_EXAMPLE = {
	"indicator": "Contoh: Angka kemiskinan",
	"polarity": "minimal",
	"target": 4.65,
	"realization": 4.73,
	"opd": "Dinas Sosial",
	"objective": "Menurunnya kemiskinan",
	"unit": "%",
	"year": 2025,
	"period": "TW4",
}
_GUIDE = (
	("indicator", "Wajib. Nama indikator kinerja."),
	(
		"polarity",
		"Wajib. maksimal: makin tinggi makin baik. minimal: makin rendah makin baik. stabil: makin dekat target makin baik. kualitatif: predikat seperti WTP atau BB.",
	),
	("target", "Wajib. Angka, rentang (80-90), atau predikat. Kosong berarti tidak ada target."),
	(
		"realization",
		"Wajib. Angka atau predikat. Kosong, -, n/a, atau “Belum rilis” berarti belum ada data; bukan nol. 0/0 berarti tidak ada populasi.",
	),
	("opd", "Nama perangkat daerah."),
	("objective", "Sasaran yang diukur indikator ini."),
	("unit", "Satuan."),
	(
		"method",
		"Kosongkan untuk rumus bawaan. ratio R/T, complement (2T−R)/T, inverse T/R, range, deviation, ordinal.",
	),
	("weight", "Bobot; bila dipakai, jumlahnya 100 per OPD dan periode."),
	("year", "Tahun."),
	("period", "TW1–TW4, S1–S2, M01–M12, atau kosong untuk setahun."),
	("budget", "Pagu dalam rupiah."),
	("budget_realization", "Realisasi anggaran dalam rupiah."),
	(
		"Angka",
		"Pakai satu cara menulis angka di seluruh berkas: 1.234,56 atau 1,234.56. Kolom lain boleh ditambahkan dan ikut ke hasil.",
	),
)


def build_template() -> bytes:
	"""An empty workbook: sheet "Data" with headings and drop-downs, sheet "Petunjuk" with the guide."""
	from openpyxl import Workbook
	from openpyxl.styles import Alignment, Font, PatternFill
	from openpyxl.utils import get_column_letter
	from openpyxl.worksheet.datavalidation import DataValidation

	workbook = Workbook()
	data, guide = workbook.active, workbook.create_sheet("Petunjuk")
	data.title = "Data"
	columns = [*REQUIRED, *OPTIONAL]
	data.append(columns)
	for number, name in enumerate(columns, 1):
		cell = data.cell(row=1, column=number)
		cell.font = Font(bold=True, color="FFFFFF")
		cell.fill = PatternFill("solid", fgColor="1F4E79" if name in REQUIRED else "6B7C93")
		data.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, 16)
	data.freeze_panes = "A2"
	indonesian = [word for word in POLARITY_WORDS if word not in POLARITY_WORDS.values()]
	for name, words in (
		("polarity", indonesian),
		("method", METHODS),
		("period", ("TW1", "TW2", "TW3", "TW4")),
	):
		choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
		choice.errorTitle, choice.error = "Pilihan tidak dikenal", f"Pilih salah satu: {', '.join(words)}."
		choice.showErrorMessage = name == "polarity"
		data.add_data_validation(choice)
		letter = get_column_letter(columns.index(name) + 1)
		choice.add(f"{letter}2:{letter}5000")

	guide.append(["Kolom", "Isi"])
	for row in _GUIDE:
		guide.append(row)
	guide.append([])
	guide.append(["Contoh baris", ""])
	for name, value in _EXAMPLE.items():
		guide.append([name, value])
	guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 22, 100
	for row in guide.iter_rows():
		row[0].font = Font(bold=True)
		for cell in row:
			cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
	buffer = io.BytesIO()
	workbook.save(buffer)
	return buffer.getvalue()
