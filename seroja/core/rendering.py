"""Tables and documents: Jinja2 and WeasyPrint to PDF, openpyxl to XLSX, and safe CSV.

A document for the record is PDF/A-3b, one for the screen PDF/UA-1 (frappe-notes.md 4: not both in
one file). Nothing is ever loaded from outside: a document sees the package's templates and the
pictures it is given, under the address `chart:NAME`.
"""

from __future__ import annotations

import csv
import io
import logging
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import lru_cache

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from seroja.core.numbers import format_number, parse_number
from seroja.core.parts import Document, Stamp, content_digest, may_break
from seroja.core.periods import MONTHS

FOR_THE_RECORD = "pdf/a-3b"
FOR_THE_SCREEN = "pdf/ua-1"

NUMBER, PERCENT, RUPIAH, INTEGER, TEXT = "number", "percent", "rupiah", "integer", "text"
_FORMATS = {NUMBER: "#,##0.00##", PERCENT: '#,##0.00"%"', RUPIAH: '"Rp" #,##0', INTEGER: "0"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class RenderingError(RuntimeError):
	"""A document asked for something outside the package."""


# --- PDF ---


def format_date(value: date) -> str:
	"""A date in Indonesian: 21 November 2026."""
	return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def format_percent(value: float | None, decimals: int = 2) -> str:
	"""A percentage in Indonesian: 1.234,56%; "–" for no value."""
	text = format_number(None if value is None or pd.isna(value) else float(value), decimals)
	return text if text == "–" else f"{text}%"


def format_value(value: object) -> str:
	"""A number with the decimals it has; any other value as text; "–" for none."""
	if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
		return "–"
	return format_number(value, None) if isinstance(value, (int, float)) else str(value)


@lru_cache
def _environment() -> Environment:
	environment = Environment(
		loader=PackageLoader("seroja.core", "templates"),
		autoescape=True,
		undefined=StrictUndefined,
		trim_blocks=True,
		lstrip_blocks=True,
	)
	environment.tests["long"] = may_break
	environment.filters |= {
		"tanggal": format_date,
		"persen": format_percent,
		"nilai": format_value,
		"rupiah": lambda value: (
			"–" if value is None or pd.isna(value) else f"Rp {format_number(float(value), 0)}"
		),
	}
	return environment


def render_html(template: str, context: Mapping) -> str:
	"""Fill a template of the package; every value is escaped."""
	return _environment().get_template(template).render(**context)


@dataclass(frozen=True)
class Attachment:
	"""A file inside a PDF: the data that the document was made from."""

	name: str
	content: bytes
	description: str
	media_type: str = "text/csv"


Stamper = Callable[[str], Stamp]


def render_document(
	document: Document, stamper: Stamper | None = None, attachments: Sequence[Attachment] = ()
) -> bytes:
	"""A document of core.parts as PDF/A-3b. stamper: digest of the content → what proves a printed copy."""
	if stamper:
		files = [(file.name, file.content) for file in attachments]
		document = replace(document, stamp=stamper(content_digest(document.title, document.parts, files)))
	pictures = {part.name: part.png for part in document.parts if part.kind == "picture"}
	logos = [part.logo for part in document.parts if part.kind == "letterhead" and part.logo]
	if logos:
		pictures["logo"] = logos[0]
	template = "landscape.html" if document.is_landscape else "document.html"
	return render_pdf(
		template, {"document": document}, pictures | qr_code(document.stamp), attachments=attachments
	)


def qr_code(stamp: Stamp | None) -> dict[str, bytes]:
	"""The picture `qr` of a stamp, for render_pdf; nothing without one."""
	if not stamp:
		return {}
	import segno

	buffer = io.BytesIO()
	segno.make(stamp.address, error="m", micro=False).save(buffer, kind="png", scale=8, border=2)
	return {"qr": buffer.getvalue()}


def render_pdf(
	template: str,
	context: Mapping,
	charts: Mapping[str, bytes] | None = None,
	variant: str = FOR_THE_RECORD,
	attachments: Sequence[Attachment] = (),
) -> bytes:
	"""Render a template to PDF bytes.

	charts: PNG bytes by name, used in the template as `chart:NAME`. variant: FOR_THE_RECORD or
	FOR_THE_SCREEN. Raises RenderingError when the document asks for any other address.
	"""
	import weasyprint

	for noisy in ("fontTools", "weasyprint"):
		logging.getLogger(noisy).setLevel(logging.ERROR)
	refused: list[str] = []
	files = {f"file:/{file.name}": file.content for file in attachments}
	fetcher = _fetcher({f"chart:{name}": png for name, png in (charts or {}).items()} | files, refused)
	document = weasyprint.HTML(string=render_html(template, context), url_fetcher=fetcher)
	attached = [
		weasyprint.Attachment(url=f"file:/{file.name}", description=file.description, url_fetcher=fetcher)
		for file in attachments
	]
	pdf = document.write_pdf(
		pdf_variant=variant,
		attachments=attached,
		finisher=lambda _, pdf: _relate(pdf, {file.name: file for file in attachments}),
	)
	if refused:
		raise RenderingError(
			f"The document asked for {refused[0]!r}; only charts of the document itself are loaded."
		)
	return pdf


def _relate(pdf, files: Mapping[str, Attachment]) -> None:
	"""PDF/A-3 wants to know what an attached file is to the document; WeasyPrint says so from version 60 or so on."""
	import pydyf

	found = []
	for entry in pdf.objects:
		if not isinstance(entry, dict) or entry.get("Type") != "/Filespec":
			continue
		name = next(name for name in files if pydyf.String(name).data == entry["UF"].data)
		stream = pdf.objects[int(entry["EF"]["F"].split()[0])]
		entry["F"], entry["AFRelationship"] = pydyf.String(name), "/Data"
		stream.extra["Subtype"] = "/" + files[name].media_type.replace("/", "#2F")
		found.append(entry.reference)
	if not found:
		return
	pdf.catalog["AF"] = pydyf.Array(found)
	listed = pdf.objects[int(pdf.catalog["Names"]["EmbeddedFiles"].split()[0])]["Names"]
	for place, reference in enumerate(listed[1::2]):  # version 59 lists them as attachment0, attachment1 …
		listed[2 * place] = pdf.objects[int(reference.split()[0])]["F"]


def _fetcher(content: Mapping[str, bytes], refused: list[str]):
	"""What WeasyPrint may load: the given pictures and files, nothing else."""

	def picture(url: str) -> bytes:
		if url in content:
			return content[url]
		refused.append(url)
		raise RenderingError(url)

	try:
		from weasyprint.urls import URLFetcher, URLFetcherResponse
	except ImportError:  # before WeasyPrint 68 a fetcher is a function
		return lambda url, *_args, **_kwargs: {"string": picture(url), "mime_type": "image/png"}

	class ChartFetcher(URLFetcher):
		def fetch(self, url, headers=None):
			return URLFetcherResponse(url, picture(url), {"Content-Type": "image/png"})

	return ChartFetcher()


# --- XLSX and CSV ---


@dataclass(frozen=True)
class Sheet:
	"""One worksheet. columns: (name in the frame, heading, kind, width in characters)."""

	title: str
	frame: pd.DataFrame
	columns: Sequence[tuple[str, str, str, int]]


def write_xlsx(sheets: Sequence[Sheet], title: str = "SEROJA") -> bytes:
	"""Write a workbook: real numbers, number formats, widths, a frozen header, filters.

	A text never becomes a formula, whatever it begins with.
	"""
	from openpyxl import Workbook
	from openpyxl.styles import Alignment, Font, PatternFill

	workbook = Workbook(write_only=False)
	workbook.remove(workbook.active)
	workbook.properties.title = title
	workbook.properties.creator = "SEROJA"
	for sheet in sheets:
		page = workbook.create_sheet(sheet.title[:31])
		page.append([plain_value(heading) or "" for _, heading, _, _ in sheet.columns])
		for cell in page[1]:
			cell.data_type = "s"
			cell.font = Font(bold=True, color="FFFFFF")
			cell.fill = PatternFill("solid", fgColor="1F4E79")
			cell.alignment = Alignment(wrap_text=True, vertical="center")
		_fill(page, sheet)
		page.freeze_panes = "A2"
		page.auto_filter.ref = page.dimensions
	buffer = io.BytesIO()
	workbook.save(buffer)
	return buffer.getvalue()


def _fill(page, sheet: Sheet) -> None:
	from openpyxl.styles import Alignment
	from openpyxl.utils import get_column_letter

	wrap = Alignment(wrap_text=True, vertical="top")
	for number, (name, _, kind, width) in enumerate(sheet.columns, 1):
		page.column_dimensions[get_column_letter(number)].width = width
		for row, value in enumerate(sheet.frame[name].tolist(), 2):
			value = plain_value(value)
			if value is None:
				continue
			cell = page.cell(row=row, column=number, value=value)
			if isinstance(value, str):
				cell.data_type = "s"
				cell.alignment = wrap
			elif kind in _FORMATS:
				cell.number_format = _FORMATS[kind]


def plain_value(value: object):
	"""A value that a spreadsheet or JSON can hold: no numpy types, None for every kind of missing."""
	if value is None or value is pd.NaT or value is pd.NA:
		return None
	if hasattr(value, "item"):
		value = value.item()
	if isinstance(value, float) and not math.isfinite(value):
		return None
	if isinstance(value, datetime):
		return value.date() if value.time() == time() else value
	if isinstance(value, str):
		return "".join(character for character in value if character >= " " or character in "\n\t") or None
	return value


def records(frame: pd.DataFrame) -> list[dict]:
	"""The rows of a frame as dicts, None for every kind of missing."""
	return frame.astype(object).where(frame.notna(), None).to_dict("records")


def write_csv(frame: pd.DataFrame) -> bytes:
	"""Write UTF-8 CSV with decimal point; a text that a spreadsheet would run as a formula is quoted with '."""
	buffer = io.StringIO(newline="")
	writer = csv.writer(buffer, lineterminator="\n")
	writer.writerow(defuse_formula(str(name)) for name in frame.columns)
	for row in frame.itertuples(index=False, name=None):
		writer.writerow([_csv_cell(value) for value in row])
	return buffer.getvalue().encode("utf-8-sig")


def _csv_cell(value: object) -> object:
	value = plain_value(value)
	if value is None:
		return ""
	if isinstance(value, date):
		return str(value)
	return defuse_formula(value) if isinstance(value, str) else repr(value)


def defuse_formula(text: str) -> str:
	"""A text that a spreadsheet shows and never runs: with a ' before what begins like a formula."""
	if not text.startswith(_FORMULA_STARTS) or text.strip() == "-" or _is_number(text):
		return text
	return "'" + text


def _is_number(text: str) -> bool:
	for decimal in ",.":
		try:
			parse_number(text, decimal)
			return True
		except ValueError:
			continue
	return False
