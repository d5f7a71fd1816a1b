"""The records of an answer, found by the words in their fields, and what looking through them costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import islice

from seroja.core.numbers import format_number

# What rows and records together may cost, in comparisons of a field with a word; it ends within a minute. Reading
# a figure, and a step along a path, take as long as several of them.
MOST_WORK = 50_000_000
CELL, PATH_STEP = 8, 5

Names = tuple[str, ...]
Equalities = tuple[tuple[Names, str], ...]


class TooMuchWork(Exception):
	"""Rows would have to look through the records too often. The text says so in Indonesian."""

	def __init__(self, records: int):
		super().__init__(
			f"Pemetaan terlalu berat untuk {format_number(records, 0)} data: terlalu banyak isi yang harus dilihat satu "
			"per satu. Saring dengan = pada kolom (misalnya Kode = 1.02), atau minta data yang lebih sedikit pada sumber."
		)


def word_of(cell: object) -> str | None:
	"""A cell as conditions compare it; None for a list or an object, which equals no word."""
	if isinstance(cell, (list, dict)):
		return None
	if isinstance(cell, float) and cell.is_integer():
		cell = int(cell)
	return "" if cell is None else str(cell).strip().casefold()


class Records:
	"""Records, found by the words in their fields; and what looking through them has cost.

	asked: the equalities that will be looked up. An index holds what they ask for and nothing else.
	"""

	def __init__(self, records: Iterable[Mapping], asked: Iterable[Equalities]):
		self.all = list(records)
		self.columns = {name for record in self.all for name in record}
		self._indexes: dict[tuple[Names, ...], dict[Names, list[int]]] = {}
		self._present: dict[tuple, bool] = {}
		self._work = 0
		for equalities in asked:
			fields, words = _sides(equalities)
			self._indexes.setdefault(fields, {})[words] = []
		for fields, index in self._indexes.items():
			if all(names[0] in self.columns for names in fields):  # others are refused
				self._fill(fields, index)

	def _fill(self, fields: tuple[Names, ...], index: dict[Names, list[int]]) -> None:
		self.take(len(self.all) * len(fields))
		for place, record in enumerate(self.all):
			places = index.get(tuple(word_of(_cell(record, names)) for names in fields))
			if places is not None:
				places.append(place)

	@cached_property
	def known(self) -> str:
		"""Ten columns for a sentence."""
		return ", ".join(column[:40] for column in islice(sorted(self.columns), 10))

	@cached_property
	def sizes(self) -> list[int]:
		"""How many things there are in each record, itself included."""
		return [_size(record) for record in self.all]

	def where(self, equalities: Equalities) -> list[int]:
		"""The places of the records in which all equalities hold."""
		fields, words = _sides(equalities)
		return self._indexes[fields][words]

	def any_has(self, values: tuple[tuple[Names, object], ...], is_exact: bool) -> bool:
		"""Whether one record has all these values in its fields; as words, or else exactly."""
		key = (*values, is_exact)
		if key not in self._present:
			self.take(len(self.all) * len(values))
			read = (lambda cell: cell) if is_exact else word_of
			self._present[key] = any(
				all(read(_cell(record, names)) == value for names, value in values) for record in self.all
			)
		return self._present[key]

	def any_reaches(self, names: Names) -> bool:
		"""Whether one record has such a field in a field."""
		if names not in self._present:
			self.take(len(self.all) * len(names))
			self._present[names] = any(
				isinstance(parent := _cell(record, names[:-1]), Mapping) and names[-1] in parent
				for record in self.all
			)
		return self._present[names]

	def take(self, work: int) -> None:
		"""Count what looking costs. Raises TooMuchWork beyond MOST_WORK."""
		self._work += work
		if self._work > MOST_WORK:
			raise TooMuchWork(len(self.all))


def _sides(equalities: Equalities) -> tuple[tuple[Names, ...], Names]:
	equalities = sorted(equalities)
	return tuple(names for names, _ in equalities), tuple(word for _, word in equalities)


def _cell(record: object, names: Names) -> object:
	for name in names:
		record = record.get(name) if isinstance(record, Mapping) else None
	return record


def _size(thing: object) -> int:
	inner = thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ()
	return 1 + sum(map(_size, inner))
