"""JSONPath (RFC 9535) over answers of other systems, kept to what ends in a time that grows with the answer alone.

A path that could take longer is refused before it runs: regular expressions, more than one descent (“..”), several
choices in one bracket, and filters that look at anything but fields of the thing they judge. Every node of the
answer is then seen at most once per step of the path.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from jsonpath import JSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.filter import (
	BaseExpression,
	BooleanLiteral,
	FilterQuery,
	FloatLiteral,
	InfixExpression,
	IntegerLiteral,
	RelativeFilterQuery,
	StringLiteral,
	walk,
)
from jsonpath.function_extensions import Length
from jsonpath.segments import JSONPathRecursiveDescentSegment
from jsonpath.selectors import Filter, IndexSelector, NameSelector

from seroja.core.numbers import format_number

LONGEST_PATH = 500
MOST_NODES = 200_000


class _Environment(JSONPathEnvironment):
	"""RFC 9535 without its functions, but for length: match and search take an expression that may never end."""

	def setup_function_extensions(self) -> None:
		self.function_extensions = {"length": Length()}


_ENVIRONMENT = _Environment(strict=True)


def path_problem(path: str) -> str:
	"""What is wrong with a path, in a sentence; "" for nothing."""
	try:
		_compiled(path)
	except ValueError as error:
		return str(error)
	return ""


def find(path: str, data: list | dict) -> list[tuple[tuple, object]]:
	"""What a path finds: the place of each node (keys and positions from the top) and its value.

	Raises ValueError with a sentence for a path that cannot run, and where it finds more than MOST_NODES.
	"""
	try:
		matches = _compiled(path).finditer(data)
		found = [(match.parts, match.obj) for match in islice(matches, MOST_NODES + 1)]
	except (JSONPathError, RecursionError):
		raise ValueError(
			f"Jalur “{path[:60]}” tidak dapat dijalankan pada jawaban ini; sederhanakan."
		) from None
	if len(found) > MOST_NODES:
		raise ValueError(
			f"Jalur “{path[:60]}” menemukan lebih dari {format_number(MOST_NODES, 0)} isi; persempit saringannya."
		)
	return found


def record_fields(path: str) -> set[tuple[str, ...]]:
	"""The fields of records that a path over a list of records names, in its filter or as its next steps.

	Each from the record down: ("kontrak", "nilai"). Without them in any record the path can find nothing.
	"""
	segments = _compiled(path).segments
	if any(map(_is_descent, segments[:2])):
		return set()
	queries = [query.path.segments for segment in segments[:1] for query in _filter_queries(segment)]
	return {names for steps in [*queries, segments[1:]] if (names := _leading_names(steps))}


def _leading_names(segments) -> tuple[str, ...]:
	names = []
	for segment in segments:
		if _is_descent(segment) or not isinstance(segment.selectors[0], NameSelector):
			break
		names.append(segment.selectors[0].name)
	return tuple(names)


def record_equalities(path: str) -> list[tuple[tuple[str, ...], object]]:
	"""(field, value) that a record must have for a path over a list of records to find anything in it.

	Fields as in `record_fields`. There may be more that it must have.
	"""
	first = next(iter(_compiled(path).segments), None)
	if first is None or _is_descent(first) or not isinstance(first.selectors[0], Filter):
		return []
	return list(_equalities(first.selectors[0].expression.expression))


def _equalities(expression: BaseExpression) -> Iterator[tuple[tuple[str, ...], object]]:
	if not isinstance(expression, InfixExpression) or expression.operator not in ("&&", "=="):
		return
	sides = (expression.left, expression.right)
	if expression.operator == "&&":
		for side in sides:
			yield from _equalities(side)
		return
	for query, literal in (sides, sides[::-1]):
		if isinstance(query, RelativeFilterQuery) and isinstance(literal, _LITERALS):
			names = _leading_names(query.path.segments)
			if names and len(names) == len(query.path.segments):
				yield names, literal.value


_LITERALS = (StringLiteral, IntegerLiteral, FloatLiteral, BooleanLiteral)


def steps(path: str) -> int:
	"""How many steps a path takes from each thing that it looks at, those of its filters included."""
	segments = _compiled(path).segments
	queries = [query for segment in segments for query in _filter_queries(segment)]
	return len(segments) + sum(len(query.path.segments) for query in queries)


def sweeps(path: str) -> bool:
	"""Whether a path over a list of records may look at everything in a record, not at named fields only."""
	segments = _compiled(path).segments
	return any(map(_is_descent, segments)) or not all(
		isinstance(segment.selectors[0], (NameSelector, IndexSelector)) for segment in segments[1:]
	)


def _is_descent(segment) -> bool:
	return isinstance(segment, JSONPathRecursiveDescentSegment)


@lru_cache(maxsize=1_000)
def _compiled(path: str) -> JSONPath:
	if len(path) > LONGEST_PATH:
		raise ValueError(f"Jalur lebih panjang dari {LONGEST_PATH} huruf; pendekkan.")
	try:
		compiled = _ENVIRONMENT.compile(path)
	except (JSONPathError, ValueError, ArithmeticError, RecursionError):
		raise ValueError(
			f"Jalur “{path[:60]}” bukan JSONPath yang dikenal; tulis misalnya $[?@.status == 'Selesai'].jumlah "
			"(tanpa match dan search)."
		) from None
	if reason := _costly(compiled):
		raise ValueError(f"Jalur “{path[:60]}” terlalu rumit: {reason}.")
	return compiled


def _costly(path: JSONPath) -> str:
	"""Why a path could take longer than the answer is long, "" where it cannot."""
	if sum(map(_is_descent, path.segments)) > 1:
		return "paling banyak satu “..”"
	if any(len(segment.selectors) > 1 for segment in path.segments):
		return "hanya satu pilihan dalam tiap kurung siku"
	queries = [query for segment in path.segments for query in _filter_queries(segment)]
	if not all(isinstance(query, RelativeFilterQuery) and query.path.singular_query() for query in queries):
		return "saringan hanya boleh melihat bidang seperti @.status"
	return ""


def _filter_queries(segment) -> Iterator[FilterQuery]:
	for selector in segment.selectors:
		if isinstance(selector, Filter):
			yield from (query for query in walk(selector.expression) if isinstance(query, FilterQuery))
