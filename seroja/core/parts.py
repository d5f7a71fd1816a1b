"""What an official document consists of: the words and cells that its PDF and its DOCX both draw."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date

_LONG = 900  # characters: a cell with more is taller than what may be pushed to the next page


@dataclass(frozen=True)
class Heading:
	"""style: title, cover (a page of its own), chapter or annex (each begins a page), section or subsection.
	above, below: centred lines around the heading."""

	style: str
	text: str
	above: tuple[str, ...] = ()
	below: tuple[str, ...] = ()
	kind = "heading"


@dataclass(frozen=True)
class Paragraph:
	"""style: body, intro (stays with what follows), left, right, caption (stands over a table) or small."""

	text: str
	style: str = "body"
	kind = "paragraph"


@dataclass(frozen=True)
class Item:
	"""One item of a list. marker: 1., a) …; level: 0 for the outer list; lead: bold words before the text.
	is_heading: stays with the items below it."""

	marker: str
	text: str
	level: int = 0
	lead: str = ""
	is_heading: bool = False
	kind = "item"


@dataclass(frozen=True)
class Letterhead:
	"""The head of a letter, a rule below it. names: top down, the last of them the largest; logo: PNG or JPEG."""

	names: tuple[str, ...]
	address: str = ""
	logo: bytes = b""
	kind = "letterhead"


@dataclass(frozen=True)
class Picture:
	"""name: of the picture in the document; png: its bytes; alt: what it shows, for who cannot see it;
	width: percent of the text."""

	name: str
	png: bytes
	alt: str
	width: float = 100
	kind = "picture"


@dataclass(frozen=True)
class Identity:
	"""rows: (label, value). is_flush: begins at the left edge."""

	rows: tuple[tuple[str, str], ...]
	is_flush: bool = False
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
	first of them stretched to the left edge; empty for none. nothing: what an empty table says.
	strong: positions of groups that head others or sum them up."""

	columns: tuple[Column, ...]
	groups: list[list[tuple[str, ...]]]
	nothing: str
	merged: int = 0
	total: tuple[str, ...] = ()
	strong: frozenset[int] = frozenset()
	kind = "table"


@dataclass(frozen=True)
class Signatures:
	"""rows: (style, left, right), top down; style: plain, space, name or small."""

	rows: tuple[tuple[str, str, str], ...]
	kind = "signatures"


@dataclass(frozen=True)
class Stamp:
	"""What proves a printed copy: the code under which the issuer knows it, the digest of its content (SHA-256),
	the address at which both can be checked (printed as a QR code as well), and when it was issued."""

	code: str
	digest: str
	address: str
	issued_on: date


@dataclass(frozen=True)
class Document:
	title: str
	author: str
	dated: date | None
	footer: str
	mark: str
	parts: tuple
	is_landscape: bool = False
	stamp: Stamp | None = None


def content_digest(*content: object) -> str:
	"""SHA-256 over records, texts and figures; pictures count by what they are said to show, not by their pixels."""
	return hashlib.sha256("\n".join(repr(_without_pixels(value)) for value in content).encode()).hexdigest()


def _without_pixels(value):
	if isinstance(value, (list, tuple)):
		return tuple(_without_pixels(item) for item in value)
	if isinstance(value, Picture):
		return replace(value, png=b"")
	return replace(value, logo=b"") if isinstance(value, Letterhead) else value


def may_break(group: Sequence[Sequence[str]]) -> bool:
	"""Whether the rows of a group are so long that they must go on overleaf."""
	return any(len(text) > _LONG for row in group for text in row)


def footer_text(title: str, unit: str, reference: str) -> str:
	return " · ".join(filter(None, (f"{title} – {unit}", reference)))


def clean(value):
	"""A record whose texts are single printable lines: Word refuses control characters in a file."""
	if isinstance(value, str):
		return " ".join("".join(sign for sign in value if sign.isprintable() or sign.isspace()).split())
	if isinstance(value, (list, tuple)):
		return tuple(clean(item) for item in value)
	if is_dataclass(value):
		return replace(value, **{field.name: clean(getattr(value, field.name)) for field in fields(value)})
	return value
