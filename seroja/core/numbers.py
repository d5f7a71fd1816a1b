"""Numbers as people write them: reading, rounding and printing (domain.md 3.2, design.md decision 9)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

NO_VALUE_WORDS = frozenset(
	{
		"",
		"-",
		"–",
		"—",
		"n/a",
		"na",
		"nan",
		"null",
		"none",
		"belum rilis",
		"belum ada data",
		"belum ada",
		"tidak ada data",
	}
)
NO_POPULATION_WORDS = frozenset({"0/0", "tidak ada populasi", "no population"})

# Up to here a double keeps every integer.
LARGEST = 1e15

_RANGE = re.compile(
	r"^\s*([+-]?\d[\d.,]*)\s*%?\s*(?:-|–|—|s\.?d\.?|s/d|sampai)\s*(\d[\d.,]*)\s*%?\s*$", re.IGNORECASE
)
_PLAIN = {
	".": re.compile(r"^[+-]?(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d+)?$"),
	",": re.compile(r"^[+-]?(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$"),
}


class NumberFormatError(ValueError):
	"""A text that should be a number is not one in the given convention; the message is for the user."""


# Room for every digit of a double, however large.
_WIDE = Context(prec=350)


def snap(value):
	"""Drop the noise of binary arithmetic: the nearest multiple of 1e-12, for a float or an array.

	Achievement is kept unrounded; 1e-12 of a percent is far below any printed figure and makes a
	result that is exactly 90 in decimal arithmetic compare equal to 90. Beyond 1e4 a double is coarser.
	"""
	value = np.asarray(value, dtype="float64")
	small = np.abs(value) < 1e4
	return np.where(small, np.rint(np.where(small, value, 0.0) * 1e12) / 1e12, value)


def round_half_up(value: float, decimals: int = 2) -> Decimal:
	"""Round as official tables do: halves away from zero, on the decimal value (domain.md 3.2)."""
	exact = Decimal(repr(float(value))).quantize(Decimal("1e-10"), context=_WIDE)
	return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)


def format_number(value: float | None, decimals: int | None = 2) -> str:
	"""Print a number as Indonesians write it: 1.234,56.

	`decimals=None` prints as many decimals as the number has, at most six. No value prints as "–".
	"""
	if value is None or (isinstance(value, float) and not math.isfinite(value)):
		return "–"
	if decimals is None:
		text = f"{round_half_up(value, 6).normalize(_WIDE):,f}"
	else:
		text = f"{round_half_up(value, decimals):,f}"
	if text.startswith("-") and not text.strip("-0.,"):
		text = text[1:]
	return text.translate(str.maketrans(",.", ".,"))


def is_no_value(text: object) -> bool:
	"""True for an empty cell and for the words that official tables print instead of a value."""
	if text is None or (isinstance(text, float) and math.isnan(text)):
		return True
	return isinstance(text, str) and text.strip().casefold() in NO_VALUE_WORDS


def is_no_population(text: object) -> bool:
	"""True where the source says that nobody was there to be counted (domain.md 3.2)."""
	return isinstance(text, str) and text.strip().casefold() in NO_POPULATION_WORDS


def parse_number(value: object, decimal: str = ",") -> float:
	"""Read one number in a known convention: `decimal` is "," (Indonesian) or ".".

	Real numbers pass through. A leading "Rp" and a trailing "%" are allowed.
	Raises NumberFormatError, with a sentence for the user, for everything else.
	"""
	if isinstance(value, (int, float, Decimal, np.number)) and not isinstance(value, bool):
		return _checked(_float(value), value)
	text = _bare(str(value))
	if not _PLAIN[decimal].match(text):
		raise NumberFormatError(f"“{str(value).strip()[:40]}” bukan angka yang sah. {_HOW[decimal]}")
	thousands = "." if decimal == "," else ","
	return _checked(float(text.replace(thousands, "").replace(decimal, ".")), value)


def _float(value) -> float:
	"""A number as float; one that is too large for a float as infinite."""
	try:
		return float(value)
	except OverflowError:
		return math.inf


def _bare(text: str) -> str:
	"""A number without its "Rp" and "%"."""
	text = text.replace("\u00a0", " ").replace("−", "-").strip()
	return re.sub(r"^Rp\.?", "", text, flags=re.IGNORECASE).removesuffix("%").strip()


_HOW = {
	",": "Tulis dengan koma sebagai tanda desimal, misalnya 1.234,56.",
	".": "Di sini tanda desimalnya titik: 1.234,56 ditulis 1,234.56.",
}


def _checked(number: float, original: object) -> float:
	if not math.isfinite(number) or abs(number) > LARGEST:
		raise NumberFormatError(
			f"“{str(original).strip()[:40]}” terlalu besar. Gunakan satuan yang lebih besar, misalnya juta atau miliar."
		)
	return number


def parse_range(value: object, decimal: str = ",") -> tuple[float, float] | None:
	"""Read a range such as "80-90"; None when the text is no range.

	Raises NumberFormatError when it is one but a bound is no number or the bounds are swapped.
	"""
	match = _RANGE.match(value) if isinstance(value, str) else None
	if not match:
		return None
	low, high = (parse_number(bound, decimal) for bound in match.groups())
	if low > high:
		raise NumberFormatError(
			f"Rentang “{value.strip()}” terbalik: batas bawah lebih besar dari batas atas."
		)
	return low, high


@dataclass(frozen=True)
class Value:
	"""What a cell says: a number, a range (`high` set) or a label of a qualitative scale; or nothing."""

	low: float | None = None
	high: float | None = None
	label: str | None = None

	@property
	def is_missing(self) -> bool:
		return self.low is None and self.label is None

	def show(self) -> str:
		"""The value as Indonesians write it; empty for none. `read_value` reads it back."""
		if self.is_missing:
			return ""
		if self.label is not None:
			return self.label
		texts = [format_number(bound, None) for bound in (self.low, self.high) if bound is not None]
		return "-".join(texts)


def read_value(cell: object, *, qualitative: bool, is_range: bool = False, decimal: str = ",") -> Value:
	"""Read a target or a realization.

	qualitative: a text is a label (otherwise it is an unreadable number). is_range: a range is allowed.
	Raises NumberFormatError.
	"""
	if is_no_value(cell):
		return Value()
	if is_range and (bounds := parse_range(cell, decimal)):
		return Value(*bounds)
	try:
		return Value(parse_number(cell, decimal))
	except NumberFormatError:
		if qualitative and isinstance(cell, str) and cell.strip()[0].isalpha():
			return Value(label=cell.strip())
		raise


def stored_value(text: str | None) -> Value:
	"""A figure as SEROJA stored it: a number, a range or a label; nothing for what cannot be read."""
	try:
		return read_value(text, qualitative=True, is_range=True)
	except NumberFormatError:
		return Value()


def stored_number(text: str | None) -> float | None:
	"""A stored figure as a number, None for a range, a label or nothing."""
	value = stored_value(text)
	return value.low if value.high is None else None


def detect_decimal(values: Iterable[object]) -> str | None:
	"""The decimal sign of a file, from all its numbers written as text: ",", "." or None when none has a sign.

	Raises NumberFormatError when the texts contradict each other, or when every text fits both
	conventions ("1.234" is 1234 or 1,234 thousandths) so that reading them would be a guess.
	"""
	evidence: dict[str, str] = {}
	ambiguous = None
	for value in values:
		if not isinstance(value, str):
			continue
		match = _RANGE.match(value)
		for token in match.groups() if match else [_bare(value)]:
			fits = [sign for sign, pattern in _PLAIN.items() if pattern.match(token)]
			if len(fits) == 1:
				evidence.setdefault(fits[0], token)
			elif fits and not token.strip("+-").isdigit():
				ambiguous = ambiguous or token
	if len(evidence) == 2:
		raise NumberFormatError(
			f"Berkas memakai dua cara menulis angka: “{evidence[',']}” (koma desimal) dan “{evidence['.']}” "
			"(titik desimal). Samakan dahulu, lalu ulangi."
		)
	if not evidence and ambiguous:
		raise NumberFormatError(
			f"Tanda pada “{ambiguous}” dapat berarti ribuan atau desimal dan tidak ada angka lain yang memutuskannya. "
			"Tulis sedikitnya satu angka dengan desimal yang jelas (misalnya 12,5) atau hapus tanda ribuan."
		)
	return next(iter(evidence), None)
