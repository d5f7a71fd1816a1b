"""Achievement scales and predicates: bands with open or closed bounds and years of validity.

Scales are data (design.md decision 6): domain.md 3.4 A to F, and the predicates of AKIP (1.3.4),
RB (4.2) and SPBE (4.3) are shipped in data/scales.json; more can be built from plain values.
A category follows from the unrounded value.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd

from seroja.core.numbers import format_number, snap

DEFAULT_SCALE = "Permendagri 86/2017"


@dataclass(frozen=True)
class Band:
	"""One category. A bound that is None is infinite; `closed` says whether the bound itself belongs to it."""

	label: str
	low: float | None = None
	low_closed: bool = False
	high: float | None = None
	high_closed: bool = False

	def edges(self) -> tuple[float, float]:
		"""The half-open interval [from, to) of doubles that is exactly this band."""
		low = -math.inf if self.low is None else self.low
		high = math.inf if self.high is None else self.high
		start = low if self.low_closed or self.low is None else math.nextafter(low, math.inf)
		end = math.nextafter(high, math.inf) if self.high_closed and self.high is not None else high
		return start, end

	def describe(self) -> str:
		"""The band as people read it: "> 90", "> 75 – 90", "≤ 50"."""
		low, high = format_number(self.low, None), format_number(self.high, None)
		if self.low is None and self.high is None:
			return "semua nilai"
		if self.low is None:
			return f"{'≤' if self.high_closed else '<'} {high}"
		if self.high is None:
			return f"{'≥' if self.low_closed else '>'} {low}"
		if self.low == self.high:
			return f"= {low}"
		return f"{'≥' if self.low_closed else '>'} {low} – {'' if self.high_closed else '< '}{high}"


@dataclass(frozen=True)
class Scale:
	"""A named set of bands, best first, valid in the years `valid_from` to `valid_to` (None: open)."""

	name: str
	bands: tuple[Band, ...]
	source: str = ""
	valid_from: int | None = None
	valid_to: int | None = None

	@property
	def labels(self) -> tuple[str, ...]:
		return tuple(band.label for band in self.bands)

	def is_valid_in(self, year: int) -> bool:
		return (self.valid_from or year) <= year <= (self.valid_to or year)

	def category(self, value: float | None) -> str | None:
		"""The label of the band that holds an unrounded value; None for no value or a gap in the scale."""
		if value is None or not math.isfinite(value):
			return None
		value = float(snap(value))
		for band in self.bands:
			start, end = band.edges()
			if start <= value < end:
				return band.label
		return None

	def categories(self, values: pd.Series | np.ndarray) -> pd.Categorical:
		"""`category` for many values: an ordered categorical whose categories are the labels, best first."""
		values = snap(np.asarray(values, dtype="float64"))
		edges, codes = self._lookup()
		found = codes[np.searchsorted(edges, values, side="right")]
		found[~np.isfinite(values)] = -1
		return pd.Categorical.from_codes(found, categories=list(self.labels), ordered=True)

	def _lookup(self) -> tuple[np.ndarray, np.ndarray]:
		edges, codes = [-math.inf], [-1, -1]
		for band in sorted(self.bands, key=Band.edges):
			start, end = band.edges()
			if start == edges[-1]:
				codes[-1] = self.bands.index(band)
			else:
				edges.append(start)
				codes.append(self.bands.index(band))
			edges.append(end)
			codes.append(-1)
		return np.array(edges), np.array(codes, dtype="int8")

	def problems(self) -> list[str]:
		"""What is wrong with the bands, in Indonesian sentences; empty when the scale can be used."""
		found = []
		if not self.bands:
			return ["Skala belum mempunyai kategori."]
		if len(set(self.labels)) < len(self.labels):
			found.append("Ada kategori dengan nama yang sama.")
		for band in self.bands:
			if band.edges()[0] >= band.edges()[1]:
				found.append(f"Batas kategori “{band.label}” terbalik.")
		ordered = sorted(self.bands, key=Band.edges)
		for lower, higher in itertools.pairwise(ordered):
			if lower.edges()[1] > higher.edges()[0]:
				found.append(f"Kategori “{lower.label}” dan “{higher.label}” tumpang tindih.")
		return found

	def gaps(self) -> list[str]:
		"""Values that fall between two bands. A gap is printed in some official scales, so it is no error."""
		ordered = sorted(self.bands, key=Band.edges)
		return [
			f"Nilai di antara “{lower.label}” dan “{higher.label}” tidak mempunyai kategori."
			for lower, higher in itertools.pairwise(ordered)
			if lower.edges()[1] < higher.edges()[0]
		]


def scale_from_rows(name: str, rows: Iterable[dict], **fields) -> Scale:
	"""Build a scale from rows with `label, low, low_closed, high, high_closed`."""
	return Scale(name=name, bands=tuple(Band(**row) for row in rows), **fields)


@lru_cache
def shipped_scales() -> dict[str, Scale]:
	"""The scales of the package: name → Scale."""
	text = files("seroja.core").joinpath("data/scales.json").read_text(encoding="utf-8")
	scales = [scale_from_rows(entry.pop("name"), entry.pop("bands"), **entry) for entry in json.loads(text)]
	return {scale.name: scale for scale in scales}
