"""A document as DOCX: real styles, repeated table headings, merged cells, A4."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time

from seroja.core.parts import (
	Document,
	Heading,
	Identity,
	Item,
	Letterhead,
	Paragraph,
	Picture,
	Signatures,
	Table,
	may_break,
)

_INK = "1F2933"
_PALE = "EEF2F6"
_PORTRAIT_MM, _MARGIN_MM = (210, 297), 18
_MARKER_MM = 7  # room of the marker of a list item, and its indent per level
_TABLE_STYLE, _CELL_STYLE, _SMALL_STYLE = "Table Grid", "Isi Tabel", "Keterangan Kecil"


def write_docx(document: Document) -> bytes:
	import docx

	word = docx.Document()
	_set_properties(word, document)
	_set_styles(word, document)
	_set_page(word, document)
	for part in _deepened(document.parts):
		_DRAW[part.kind](word, part)
	buffer = io.BytesIO()
	word.save(buffer)
	return buffer.getvalue()


def _set_properties(word, document: Document) -> None:
	properties = word.core_properties
	properties._element.clear()  # the template of python-docx brings its own author and day
	properties.title, properties.author, properties.language = document.title, document.author, "id-ID"
	if document.dated:
		properties.created = datetime.combine(document.dated, time())


def _set_styles(word, document: Document) -> None:
	from docx.enum.style import WD_STYLE_TYPE
	from docx.enum.text import WD_ALIGN_PARAGRAPH
	from docx.shared import Pt

	styles = word.styles
	_set_style(styles["Normal"], 10.5, after=6)
	_set_style(styles["Title"], 14, bold=True)
	_set_style(styles["Heading 1"], 12, bold=True)
	_set_style(styles["Heading 2"], 10.5, bold=True, before=6)
	_set_style(styles["Heading 3"], 10.5, bold=True, before=6)
	for name, size in ((_CELL_STYLE, 7.5 if document.is_landscape else 9), (_SMALL_STYLE, 7)):
		style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
		style.base_style = styles["Normal"]
		_set_style(style, size, before=1.5, after=1.5)
	styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
	styles["Title"].paragraph_format.keep_with_next = True
	styles["Normal"].paragraph_format.line_spacing = 1.15
	styles[_CELL_STYLE].paragraph_format.line_spacing = Pt(9.5 if document.is_landscape else 11.5)
	_set_language(styles.element)


def _set_style(style, size: float, bold: bool = False, before: float = 0, after: float = 0) -> None:
	from docx.oxml.ns import qn
	from docx.shared import Pt, RGBColor

	properties = style.element.get_or_add_rPr()
	for tag in ("w:rFonts", "w:spacing", "w:kern"):
		for element in properties.findall(qn(tag)):
			properties.remove(element)  # a theme font would win over the name
	for border in style.element.get_or_add_pPr().findall(qn("w:pBdr")):
		style.element.pPr.remove(border)
	style.font.name, style.font.size, style.font.bold = "Arial", Pt(size), bold
	style.font.color.rgb = RGBColor.from_string(_INK)
	style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _set_language(styles) -> None:
	from docx.oxml.ns import qn

	for language in styles.iter(qn("w:lang")):
		language.set(qn("w:val"), "id-ID")


def _set_page(word, document: Document) -> None:
	from docx.enum.section import WD_ORIENT
	from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
	from docx.shared import Mm, Pt, RGBColor

	section = word.sections[0]
	width, height = _PORTRAIT_MM
	if document.is_landscape:
		section.orientation = WD_ORIENT.LANDSCAPE
		width, height = height, width
	section.page_width, section.page_height = Mm(width), Mm(height)
	for side in ("left", "right", "top", "bottom"):
		setattr(section, f"{side}_margin", Mm(_MARGIN_MM))
	section.header_distance = section.footer_distance = Mm(8)
	if document.mark:
		header = section.header.paragraphs[0]
		header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
		mark = header.add_run(document.mark)
		mark.bold, mark.font.size, mark.font.color.rgb = True, Pt(13), RGBColor(0xD6, 0x9E, 0x8E)
	footer = section.footer.paragraphs[0]
	footer.style = word.styles[_SMALL_STYLE]
	footer.paragraph_format.tab_stops.add_tab_stop(Mm(width - 2 * _MARGIN_MM), WD_TAB_ALIGNMENT.RIGHT)
	footer.add_run(f"{document.footer}\tHalaman ")
	_add_field(footer, "PAGE")
	footer.add_run(" dari ")
	_add_field(footer, "NUMPAGES")


def _add_field(paragraph, instruction: str) -> None:
	from docx.oxml import OxmlElement
	from docx.oxml.ns import qn

	field = OxmlElement("w:fldSimple")
	field.set(qn("w:instr"), instruction)
	paragraph._p.append(field)


_HEADING_STYLES = {"title": "Title", "cover": "Title", "subsection": "Heading 2", "detail": "Heading 3"}
_HEADING_SPACE_PT = {"section": 4, "subsection": 3, "detail": 3}
_BELOW_CHAPTERS = {"section": "subsection", "subsection": "detail"}


def _deepened(parts: Sequence) -> list:
	"""Where there are chapters, sections stand one level below them."""
	if not any(part.kind == "heading" and part.style == "chapter" for part in parts):
		return list(parts)
	return [
		replace(part, style=_BELOW_CHAPTERS.get(part.style, part.style)) if part.kind == "heading" else part
		for part in parts
	]


def _draw_heading(word, heading: Heading) -> None:
	from docx.enum.text import WD_ALIGN_PARAGRAPH
	from docx.shared import Mm, Pt

	if heading.style == "cover":
		word.add_paragraph().paragraph_format.space_before = Mm(60)
	for line in heading.above:
		_draw_heading_line(word, line)
	last = word.add_paragraph(heading.text, style=_HEADING_STYLES.get(heading.style, "Heading 1"))
	if heading.style == "cover":
		last.paragraph_format.space_before = last.paragraph_format.space_after = Mm(16)
	if heading.style == "section":
		last.paragraph_format.space_before = Pt(10)
	if heading.style in ("annex", "chapter"):
		last.paragraph_format.page_break_before = True
		last.alignment = WD_ALIGN_PARAGRAPH.CENTER
	for line in heading.below:
		last = _draw_heading_line(word, line)
	last.paragraph_format.space_after = Pt(_HEADING_SPACE_PT.get(heading.style, 12))


def _draw_heading_line(word, text: str):
	from docx.enum.text import WD_ALIGN_PARAGRAPH
	from docx.shared import Pt

	paragraph = word.add_paragraph()
	paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
	paragraph.paragraph_format.keep_with_next = True
	paragraph.paragraph_format.space_after = Pt(0)
	paragraph.add_run(text).bold = True
	return paragraph


def _draw_paragraph(word, part: Paragraph) -> None:
	from docx.enum.text import WD_ALIGN_PARAGRAPH
	from docx.shared import Pt

	style = word.styles[_SMALL_STYLE] if part.style == "small" else None
	paragraph = word.add_paragraph(style=style)
	paragraph.add_run(part.text).bold = part.style == "caption" or None
	paragraph.alignment = {
		"left": WD_ALIGN_PARAGRAPH.LEFT,
		"intro": WD_ALIGN_PARAGRAPH.LEFT,
		"caption": WD_ALIGN_PARAGRAPH.LEFT,
		"right": WD_ALIGN_PARAGRAPH.RIGHT,
	}.get(part.style, WD_ALIGN_PARAGRAPH.JUSTIFY)
	if part.style in ("intro", "caption"):
		paragraph.paragraph_format.keep_with_next = True
	if part.style in ("left", "caption"):
		paragraph.paragraph_format.space_after = Pt(0 if part.style == "left" else 4)


def _draw_item(word, item: Item) -> None:
	from docx.enum.text import WD_ALIGN_PARAGRAPH
	from docx.shared import Mm, Pt

	paragraph = word.add_paragraph(f"{item.marker}\t")
	paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
	form = paragraph.paragraph_format
	form.left_indent = Mm(_MARKER_MM * (item.level + 1))
	form.first_line_indent = Mm(-_MARKER_MM)
	form.tab_stops.add_tab_stop(form.left_indent)
	form.space_after = Pt(4)
	form.keep_with_next = item.is_heading or None
	if item.lead:
		paragraph.add_run(f"{item.lead} " if item.text else item.lead).bold = True
	paragraph.add_run(item.text)


def _draw_letterhead(word, part: Letterhead) -> None:
	from docx.enum.text import WD_ALIGN_PARAGRAPH
	from docx.oxml import parse_xml
	from docx.oxml.ns import nsdecls
	from docx.shared import Pt

	lines = [(name, 12, True) for name in part.names[:-1]] + [(name, 14, True) for name in part.names[-1:]]
	for text, size, is_bold in [*lines, *([(part.address, 9, False)] if part.address else [])]:
		paragraph = word.add_paragraph()
		paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
		paragraph.paragraph_format.space_after = Pt(0)
		run = paragraph.add_run(text)
		run.bold, run.font.size = is_bold, Pt(size)
	paragraph.paragraph_format.space_after = Pt(12)
	rule = '<w:bottom w:val="single" w:sz="12" w:space="6" w:color="1F2933"/>'
	properties = paragraph._p.get_or_add_pPr()
	border = parse_xml(f"<w:pBdr {nsdecls('w')}>{rule}</w:pBdr>")
	properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _draw_picture(word, part: Picture) -> None:
	from docx.enum.text import WD_ALIGN_PARAGRAPH

	paragraph = word.add_paragraph()
	paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
	shape = paragraph.add_run().add_picture(io.BytesIO(part.png), width=int(_room(word) * part.width / 100))
	shape._inline.docPr.set("name", part.name)
	shape._inline.docPr.set("descr", part.alt)


def _draw_identity(word, identity: Identity) -> None:
	table = _add_grid(word, len(identity.rows), (15, 4, 81))
	for row, (label, value) in zip(table.rows, identity.rows, strict=True):
		for cell, text in zip(row.cells, (label, ":", value), strict=True):
			cell.paragraphs[0].text = text
	if identity.is_flush:
		_space(word)


def _draw_table(word, part: Table) -> None:
	rows = [row for group in part.groups for row in group]
	count = len(rows) + (2 if not rows or part.total else 1)
	table = _add_grid(word, count, [column.width for column in part.columns])
	table.style = word.styles[_TABLE_STYLE]
	cells = [list(row.cells) for row in table.rows]
	_fill_row(word, cells[0], part, [column.heading for column in part.columns], is_bold=True)
	_repeat_on_each_page(table.rows[0])
	if not rows:
		_fill_row(word, cells[1], part, [part.nothing])
		cells[1][0].merge(cells[1][-1])
	_draw_groups(word, cells[1:], part)
	for row, group in zip(table.rows[1:], _groups_of_rows(part), strict=False):
		if may_break(group):
			_allow_breaks(row)
	if rows and part.total:
		stretched = len(part.columns) - len(part.total)
		texts = [part.total[0], *[""] * stretched, *part.total[1:]]
		_fill_row(word, cells[-1], part, texts, is_bold=True)
		cells[-1][0].merge(cells[-1][stretched])
	for row in cells[-2:]:
		_keep_with_next(row)
	_space(word)


def _allow_breaks(row) -> None:
	from docx.oxml.ns import qn

	properties = row._tr.get_or_add_trPr()
	for flag in properties.findall(qn("w:cantSplit")):
		properties.remove(flag)


def _groups_of_rows(part: Table) -> list[list[tuple[str, ...]]]:
	"""The group of every row."""
	return [group for group in part.groups for _ in group]


def _draw_groups(word, cells: list[list], part: Table) -> None:
	first = 0
	for position, group in enumerate(part.groups):
		is_strong = position in part.strong
		last = first + len(group) - 1
		for number, row in enumerate(group):
			texts = row if number == 0 else ("",) * part.merged + row[part.merged :]
			_fill_row(word, cells[first + number], part, texts, is_strong)
			if is_strong:
				_keep_with_next(cells[first + number])
		for column in range(part.merged if last > first else 0):
			cells[first][column].merge(cells[last][column])
		first = last + 1


def _fill_row(word, cells: list, part: Table, texts: Sequence[str], is_bold: bool = False) -> None:
	from docx.enum.text import WD_ALIGN_PARAGRAPH

	for cell, column, text in zip(cells, part.columns, texts, strict=False):
		paragraph = cell.paragraphs[0]
		paragraph.style = word.styles[_CELL_STYLE]
		if column.is_number:
			paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
		if text:
			paragraph.add_run(text).bold = is_bold or None
		if is_bold:
			_shade(cell)


def _draw_signatures(word, part: Signatures) -> None:
	from docx.enum.text import WD_ALIGN_PARAGRAPH
	from docx.shared import Mm, Pt

	table = _add_grid(word, len(part.rows), (50, 50))
	for row, (style, *texts) in zip(table.rows, part.rows, strict=True):
		if style == "space":
			row.height = Mm(20)
		for cell, text in zip(row.cells, texts, strict=True):
			paragraph = cell.paragraphs[0]
			paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
			paragraph.style = word.styles[_SMALL_STYLE if style == "small" else "Normal"]
			paragraph.paragraph_format.space_before = Pt(8 if style == "name" else 0)
			paragraph.paragraph_format.space_after = Pt(0)
			run = paragraph.add_run(text)
			run.bold = run.underline = style == "name" or None
	table.cell(0, 1).paragraphs[0].paragraph_format.space_before = Pt(10)
	for row in table.rows[:-1]:
		_keep_with_next(row.cells)


_DRAW = {
	"heading": _draw_heading,
	"paragraph": _draw_paragraph,
	"item": _draw_item,
	"letterhead": _draw_letterhead,
	"picture": _draw_picture,
	"identity": _draw_identity,
	"table": _draw_table,
	"signatures": _draw_signatures,
}


def _add_grid(word, rows: int, widths: Sequence[float]):
	"""A table without lines, as wide as the text; widths in percent. No row breaks over two pages."""
	from docx.oxml import OxmlElement

	room = _room(word)
	table = word.add_table(rows, len(widths))
	table.autofit = False
	for column, width in zip(table.columns, widths, strict=True):
		column.width = int(room * width / 100)
	for row in table.rows:
		row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
		for cell, width in zip(row.cells, widths, strict=True):
			cell.width = int(room * width / 100)
	return table


def _room(word) -> int:
	"""The width of the text."""
	section = word.sections[0]
	return section.page_width - section.left_margin - section.right_margin


def _repeat_on_each_page(row) -> None:
	from docx.oxml import OxmlElement

	row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _shade(cell) -> None:
	from docx.oxml import OxmlElement
	from docx.oxml.ns import qn

	shade = OxmlElement("w:shd")
	shade.set(qn("w:val"), "clear")
	shade.set(qn("w:fill"), _PALE)
	cell._tc.get_or_add_tcPr().append(shade)


def _keep_with_next(cells: Iterable) -> None:
	for cell in cells:
		cell.paragraphs[0].paragraph_format.keep_with_next = True


def _space(word) -> None:
	"""Word joins two tables that touch."""
	from docx.shared import Pt

	paragraph = word.add_paragraph()
	paragraph.paragraph_format.space_after = Pt(0)
	paragraph.paragraph_format.keep_with_next = True
