"""The answers of an assessment from a file: bytes of CSV or XLSX in, answers by code and sentences out.

A row that cannot be counted never stops the file; it is named with its row number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from seroja.core.instruments import NUMBER, Instrument
from seroja.core.numbers import NumberFormatError, detect_decimal, is_no_value
from seroja.core.spreadsheets import TableError, heading_key, read_cells

_CODE_HEADINGS = ("code", "kode")
_ANSWER_HEADINGS = ("answer", "jawaban", "nilai")
_MOST_NAMED = 10


@dataclass(frozen=True)
class Answers:
	"""The answers that a file gives.

	answers: code of an item or criterion → answer as it is stored; what `scoring.score` takes. messages: one
	sentence for whatever is not counted, in the order of the file. rows: code → row number in the file, for
	the codes in `answers`. total: how many rows below the heading the file has.
	"""

	answers: dict[str, str]
	messages: list[str]
	rows: dict[str, int]
	total: int


def read_answers(data: bytes, name: str, instrument: Instrument) -> Answers:
	"""Read a file with the columns code and answer (kode and jawaban or nilai), `name` being its file name.

	Raises TableError where the file as a whole cannot be read.
	"""
	cells, numbers = read_cells(data, name, {*_CODE_HEADINGS, *_ANSWER_HEADINGS})
	code_column = _column(cells[0], _CODE_HEADINGS)
	answer_column = _column(cells[0], _ANSWER_HEADINGS)
	if len(cells) < 2:
		raise TableError("Berkas tidak berisi baris data di bawah baris judul.")
	rows = [
		(number, row[code_column], row[answer_column])
		for number, row in zip(numbers[1:], cells[1:], strict=True)
	]
	return _Reading(instrument, _decimal(instrument, [row[2] for row in rows])).read(rows)


def shortened(texts: Sequence, most: int = _MOST_NAMED) -> str:
	"""A list as words, cut after `most`: "1.a, 1.b, … dan 12 lainnya"."""
	named = ", ".join(str(text) for text in texts[:most])
	return named if len(texts) <= most else f"{named}, … dan {len(texts) - most} lainnya"


def _column(header: list, names: tuple[str, ...]) -> int:
	"""The position of the column that has the first of these names that is there."""
	headings = [heading_key(cell) for cell in header]
	for name in names:
		if headings.count(name) > 1:
			raise TableError(f"Judul kolom “{name}” muncul dua kali.")
		if name in headings:
			return headings.index(name)
	raise TableError(f"Kolom {' atau '.join(names)} tidak ada pada baris judul.")


def _decimal(instrument: Instrument, cells: list) -> str:
	"""The decimal sign of the file; where the writing alone leaves it open, the range of answers may decide."""
	if instrument.scoring != NUMBER:
		return ","
	try:
		return detect_decimal(cells) or ","
	except NumberFormatError as error:
		fitting = [sign for sign in ",." if _reads_all(instrument, cells, sign)]
		if len(fitting) == 1:
			return fitting[0]
		raise TableError(str(error)) from None


def _reads_all(instrument: Instrument, cells: list, decimal: str) -> bool:
	try:
		for cell in cells:
			if not is_no_value(cell):
				instrument.read_answer(cell, decimal)
	except ValueError:
		return False
	return True


class _Reading:
	"""Rows to answers; whatever is not counted leaves a message with its first row."""

	def __init__(self, instrument: Instrument, decimal: str):
		self.instrument, self.decimal = instrument, decimal
		self.codes = {code.casefold(): code for code in instrument.answerable}
		self.messages: list[tuple[int, str]] = []

	def read(self, rows: list[tuple[int, object, object]]) -> Answers:
		found: dict[str, list[tuple[int, object]]] = defaultdict(list)
		for number, code_cell, answer_cell in rows:
			code = self._code(number, code_cell)
			if code is not None:
				found[code].append((number, answer_cell))
		answers, places = {}, {}
		for code, cells in found.items():
			answer = self._answer(code, cells)
			if answer is not None:
				answers[code], places[code] = answer, cells[0][0]
		self._drop_answered_twice(answers, places)
		messages = [message for _, message in sorted(self.messages, key=lambda pair: pair[0])]
		return Answers(answers, messages, places, len(rows))

	def _code(self, number: int, cell: object) -> str | None:
		text = _code_text(cell)
		code = text if text in self.instrument.answerable else self.codes.get(text.casefold())
		if not text:
			self._add(number, f"Baris {number}: kode masih kosong.")
		elif code is None:
			self._add(number, f"Baris {number}: kode “{text[:40]}” tidak ada dalam {self.instrument.code}.")
		elif isinstance(cell, float) and "." in text and f"{text}0" in self.instrument.answerable:
			# As numbers 1.1 and 1.10 are the same.
			either = f"{text} atau {text}0"
			self._add(number, f"Baris {number}: kode {text} dapat berarti {either}. Tulis kode sebagai teks.")
			return None
		return code

	def _answer(self, code: str, cells: list[tuple[int, object]]) -> str | None:
		number, cell = cells[0]
		if len(cells) > 1:
			where = shortened([number for number, _ in cells])
			self._add(number, f"Baris {where}: kode {code} muncul {len(cells)} kali dan tidak dihitung.")
			return None
		try:
			return self.instrument.read_answer(cell, self.decimal)
		except ValueError as error:
			reason = "belum dijawab." if is_no_value(cell) else str(error)
			self._add(number, f"Baris {number}, kode {code}: {reason}")
			return None

	def _drop_answered_twice(self, answers: dict[str, str], places: dict[str, int]) -> None:
		"""An item answered directly and through criteria says two things; neither is taken."""
		for item, criteria in self.instrument.criteria.items():
			both = [code for code in (item, *criteria) if code in answers]
			if item not in answers or len(both) == 1:
				continue
			numbers = sorted(places.pop(code) for code in both)
			for code in both:
				del answers[code]
			what = f"{item} dijawab langsung dan juga melalui kriterianya; keduanya tidak dihitung."
			self._add(numbers[0], f"Baris {shortened(numbers)}: {what}")

	def _add(self, number: int, message: str) -> None:
		self.messages.append((number, message))


def _code_text(cell: object) -> str:
	"""A code as text; a spreadsheet keeps the code of an indicator as a number."""
	if isinstance(cell, float) and cell.is_integer():
		cell = int(cell)
	return "" if cell is None else str(cell).strip()
