"""Indicators that are computed from other indicators: `([Dinkes-1] + [Dinkes-2]) / 2`.

A formula is read against an allow-list and calculated by the code below; it is never run as Python.
Missing is not zero, and a zero denominator is "no population" (domain.md 3.2).
"""

from __future__ import annotations

import ast
import math
import operator
import re
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

from seroja.core.numbers import LARGEST

MAX_LENGTH = 1000
MAX_CODE_LENGTH = 140
MAX_NODES = 200

_UNARY = {ast.UAdd: operator.pos, ast.USub: operator.neg}
_BINARY = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
# fmean rounds once, so the mean is the same on every Python; sum() is not.
_FUNCTIONS = {"min": min, "max": max, "mean": statistics.fmean}

# Between brackets everything but what str.splitlines() takes for the end of a line.
_CODE = re.compile(r"\[([^\[\]\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*)\]")
_READABLE = re.compile(rf"(?:{_CODE.pattern}|[0-9]*\.?[0-9]+|{'|'.join(_FUNCTIONS)}|[-+*/(), ])*")
_PADDED_AFTER_COMMA = re.compile(r"[0-9],0[0-9]")


class FormulaError(ValueError):
	"""A text that should be a formula is not one; the message is for the user."""


@dataclass(frozen=True)
class Result:
	"""What a formula gives: a `value` exactly where the `status` is "ok".

	"no_data": an indicator has no value. "no_population": a division by zero. "invalid": too large.
	"""

	value: float | None
	status: str


@dataclass(frozen=True)
class Formula:
	"""A formula as typed, and the codes of its indicators in the order of their first use."""

	text: str
	references: tuple[str, ...]
	_tree: ast.expr = field(repr=False, compare=False)

	def evaluate(self, values: Mapping[str, float | None]) -> Result:
		"""Calculate with the value of each indicator by its code; None, NaN or no entry is a missing value.

		One missing value makes the whole formula "no_data", also in min, max and mean and before a
		division by zero. Beyond `numbers.LARGEST`, or infinite on the way there, is "invalid".
		"""
		given = {code: values.get(code) for code in self.references}
		if any(value is None or value != value for value in given.values()):
			return Result(None, "no_data")
		try:
			value = _calculate(self._tree, given)
		except ZeroDivisionError:
			return Result(None, "no_population")
		except OverflowError:
			return Result(None, "invalid")
		return Result(value, "ok") if abs(value) <= LARGEST else Result(None, "invalid")


def rate(numerator: float | None, denominator: float | None, factor: float = 100.0) -> Result:
	"""Numerator over denominator, times a factor (100 for percent), unrounded: the printed ratio is not the value.

	A missing part is "no_data", a denominator of 0 "no_population" (domain.md 3.2).
	"""
	if numerator is None or denominator is None:
		return Result(None, "no_data")
	if denominator == 0:
		return Result(None, "no_population")
	value = numerator / denominator * factor
	return Result(value, "ok") if abs(value) <= LARGEST else Result(None, "invalid")


def parse_formula(text: str) -> Formula:
	"""Read a formula: indicator codes in square brackets, numbers with a decimal point, + - * / and
	parentheses, min, max and mean; at least one indicator.

	Raises FormulaError, with a sentence for the user, for everything else and for a formula that is
	too long or too deeply nested.
	"""
	text = text.strip()
	_check_characters(text)
	references = _references(text)
	tree = _syntax_tree(text)
	for node in _expressions(tree, text):
		if isinstance(node, ast.Name):
			node.id = text[node.col_offset + 1 : node.end_col_offset].strip()
	return Formula(text, references, tree)


def find_cycle(references: Mapping[str, Iterable[str]]) -> list[str] | None:
	"""One cycle among indicators that refer to each other, as ["A", "B", "A"]; None where there is none.

	references: code to the codes it refers to; a code without an entry refers to nothing.
	"""
	try:
		TopologicalSorter(references).prepare()
	except CycleError as error:
		# graphlib gives each code before the one that needs it.
		return error.args[1][::-1]
	return None


def _check_characters(text: str) -> None:
	if len(text) > MAX_LENGTH:
		raise FormulaError(
			f"Rumus terlalu panjang (paling banyak {MAX_LENGTH} karakter). Bagi menjadi beberapa indikator."
		)
	readable = _READABLE.match(text).end()
	if readable < len(text):
		raise _unreadable(text, readable)


def _references(text: str) -> tuple[str, ...]:
	codes = [code.strip() for code in _CODE.findall(text)]
	if not codes:
		raise FormulaError(
			"Rumus belum memuat indikator. Tulis sedikitnya satu kode indikator dalam kurung siku, misalnya [IKU-1]."
		)
	for code in codes:
		if not 1 <= len(code) <= MAX_CODE_LENGTH:
			raise FormulaError(
				f"Kode indikator “[{code[:20]}]” harus berisi 1 sampai {MAX_CODE_LENGTH} karakter. Perbaiki kodenya."
			)
	return tuple(dict.fromkeys(codes))


def _syntax_tree(text: str) -> ast.expr:
	"""The syntax of a readable text, in which a name of underscores stands at the place of each code."""
	# Nobody can type an underscore outside brackets. The blank keeps neighbours from becoming one name.
	source = _CODE.sub(lambda code: "_" * (len(code[0]) - 1) + " ", text)
	try:
		return ast.parse(source, mode="eval").body
	except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
		if _PADDED_AFTER_COMMA.search(source):
			raise _decimal_comma(text) from None
		# The parser counts from 1, and says 0 where the text ends too early.
		position = getattr(error, "offset", None) or len(text)
		raise _unreadable(text, position - 1) from None


def _expressions(tree: ast.expr, text: str) -> list[ast.expr]:
	"""Every expression of a formula, level by level."""
	expressions, level = [], [tree]
	for _ in range(MAX_NODES):
		expressions += level
		level = [part for node in level for part in _parts(node, text)]
	if level or len(expressions) > MAX_NODES:
		raise FormulaError("Rumus terlalu rumit untuk satu indikator. Bagi menjadi beberapa indikator.")
	return expressions


def _parts(node: ast.expr, text: str) -> list[ast.expr]:
	"""The allow-list: what an expression that may stand in a formula is made of."""
	match node:
		case ast.Name(id=name) if set(name) == {"_"}:
			return []
		case ast.Constant(value=int() | float() as number) if number <= LARGEST:
			return []
		case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
			return [operand]
		case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
			return [left, right]
		case ast.Call(func=ast.Name(id=name), args=[_, *_], keywords=[]) if name in _FUNCTIONS:
			return node.args
		case ast.Constant():
			number = text[node.col_offset : node.end_col_offset][:20]
			raise FormulaError(
				f"Angka “{number}” dalam rumus terlalu besar. Gunakan satuan yang lebih besar."
			)
		case ast.Tuple():
			raise _decimal_comma(text)
	raise _unreadable(text, node.col_offset)


def _calculate(node: ast.expr, values: Mapping[str, float]) -> float:
	match node:
		case ast.Name():
			value = float(values[node.id])
		case ast.Constant():
			value = float(node.value)
		case ast.UnaryOp():
			value = _UNARY[type(node.op)](_calculate(node.operand, values))
		case ast.BinOp():
			value = _BINARY[type(node.op)](_calculate(node.left, values), _calculate(node.right, values))
		case ast.Call():
			value = _FUNCTIONS[node.func.id]([_calculate(argument, values) for argument in node.args])
	# A quotient by an infinite number would look like an honest 0.
	if not math.isfinite(value):
		raise OverflowError
	return value


def _unreadable(text: str, position: int) -> FormulaError:
	return FormulaError(
		f"Rumus tidak terbaca di dekat “{_near(text, position)}”. "
		"Tulis kode indikator dalam kurung siku, misalnya ([IKU-1] + [IKU-2]) / 2."
	)


def _decimal_comma(text: str) -> FormulaError:
	return FormulaError(
		f"Koma dalam rumus “{_near(text, 0)}” hanya boleh memisahkan isi min, max, dan mean. "
		"Tanda desimal dalam rumus adalah titik, misalnya 0.5 * [IKU-1]."
	)


def _near(text: str, position: int) -> str:
	"""Some of the text from a position on; where little is left, the end of the text."""
	return text[max(0, min(position, len(text) - 10)) :][:20]
