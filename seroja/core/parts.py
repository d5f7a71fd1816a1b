"""What an official document consists of: the words and cells that its PDF and its DOCX both draw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Heading:
	"""style: title, annex (begins a page) or section. above, below: centred lines around the heading."""

	style: str
	text: str
	above: tuple[str, ...] = ()
	below: tuple[str, ...] = ()
	kind = "heading"


@dataclass(frozen=True)
class Paragraph:
	text: str
	kind = "paragraph"


@dataclass(frozen=True)
class Identity:
	"""rows: (label, value)."""

	rows: tuple[tuple[str, str], ...]
	kind = "identity"


@dataclass(frozen=True)
class Column:
	"""width: percent of the table."""

	heading: str
	width: float
	is_number: bool = False


@dataclass(frozen=True)
class Table:
	"""groups: rows that share their first `merged` cells. total: the last cells of the total row, the
	first of them stretched to the left edge; empty for none. nothing: what an empty table says."""

	columns: tuple[Column, ...]
	groups: list[list[tuple[str, ...]]]
	nothing: str
	merged: int = 0
	total: tuple[str, ...] = ()
	kind = "table"


@dataclass(frozen=True)
class Signatures:
	"""rows: (style, left, right), top down; style: plain, space, name or small."""

	rows: tuple[tuple[str, str, str], ...]
	kind = "signatures"


@dataclass(frozen=True)
class Document:
	title: str
	author: str
	dated: date | None
	footer: str
	mark: str
	parts: tuple
	is_landscape: bool = False
