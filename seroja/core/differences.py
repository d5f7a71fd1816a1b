"""Figures of another system beside ours: what is new, changed or the same, and what could not be read or used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from seroja.core.numbers import format_number, stored_number
from seroja.core.source_mapping import Figure, Mapped, Refused

NEW, CHANGED, SAME, REFUSED, NOT_MAPPED = "new", "changed", "same", "refused", "not_mapped"
KIND_LABELS = {
	NEW: "Baru",
	CHANGED: "Berubah",
	SAME: "Sama",
	REFUSED: "Ditolak",
	NOT_MAPPED: "Tidak dipetakan",
}


@dataclass(frozen=True)
class Ours:
	"""Our figure. value: None for none or for one that only `text` says (as Indonesians write it).

	earlier: the last number before it, of the quarter that earlier_period names; None for none.
	"""

	value: float | None = None
	text: str = ""
	is_verified: bool = False
	has_sheet: bool = False
	earlier: float | None = None
	earlier_period: str = ""

	@property
	def number(self) -> float | None:
		return stored_number(self.text) if self.value is None else self.value


@dataclass(frozen=True)
class Difference:
	"""A line of the preview.

	row: of the mapping, None for NOT_MAPPED. theirs, ours: as Indonesians write them, "" for none. value: their
	figure. is_final: ours is verified. has_sheet: there is a sheet to put the figure into. reason: why it is
	refused or not mapped; beside a figure what people should look at. count: how many records, for NOT_MAPPED; else 1.
	"""

	kind: str
	row: int | None = None
	indicator: str = ""
	field: str = ""
	value: float | None = None
	theirs: str = ""
	ours: str = ""
	is_final: bool = False
	has_sheet: bool = False
	reason: str = ""
	places: tuple[str, ...] = ()
	count: int = 1


def compare(mapped: Mapped, ours: Mapping[tuple[str, str], Ours]) -> list[Difference]:
	"""The preview of a run: a line per figure, per refused row, and one for the records that no row used.

	ours: (indicator, field) → our figure; one that is not there is none of ours.
	"""
	lines = [
		_of_figure(figure, ours.get((figure.indicator, figure.field), Ours())) for figure in mapped.figures
	]
	lines += [_of_refused(row, ours.get((row.indicator, row.field), Ours())) for row in mapped.refused]
	lines.sort(key=lambda line: line.row)
	if mapped.unmapped_count:
		lines.append(_unmapped(mapped))
	return lines


def counts(differences: Iterable[Difference]) -> dict[str, int]:
	"""How many there are of each kind, 0 for none."""
	found = Counter()
	for difference in differences:
		found[difference.kind] += difference.count
	return {kind: found[kind] for kind in KIND_LABELS}


def _of_figure(figure: Figure, ours: Ours) -> Difference:
	return Difference(
		_kind(figure.value, ours),
		figure.row,
		figure.indicator,
		figure.field,
		figure.value,
		format_number(figure.value, None),
		_shown(ours),
		ours.is_verified,
		ours.has_sheet,
		reason=" ".join(filter(None, (figure.remark, _out_of_scale(figure.value, ours)))),
		places=figure.places,
	)


FAR = 10  # times; another unit or another year, hardly a quarter of work


def _out_of_scale(theirs: float, ours: Ours) -> str:
	"""A sentence for a figure of quite another size than ours, or than our last one before it; else ""."""
	base = ours.earlier if ours.number is None else ours.number
	if not base or (abs(base) < abs(theirs) * FAR and abs(theirs) < abs(base) * FAR):
		return ""
	when = f" pada {ours.earlier_period}" if ours.number is None else ""
	size = _size(abs(theirs) / abs(base))
	return f"{size} angka kita{when} ({format_number(base, None)}); periksa satuan dan periodenya."


def _size(ratio: float) -> str:
	"""How often ours goes into theirs, in words before “angka kita”: 1.000 kali, 1/1.000 dari."""
	if ratio >= FAR:
		return f"{format_number(ratio, 0)} kali"
	return f"1/{format_number(1 / ratio, 0)} dari" if ratio else "0, jauh di bawah"


def _of_refused(row: Refused, ours: Ours) -> Difference:
	return Difference(
		REFUSED,
		row.row,
		row.indicator,
		row.field,
		ours=_shown(ours),
		is_final=ours.is_verified,
		has_sheet=ours.has_sheet,
		reason=row.reason,
	)


def _kind(theirs: float, ours: Ours) -> str:
	if ours.number is None:
		return CHANGED if ours.text.strip() else NEW
	# A sheet keeps what is printed, six decimals: what looks the same there is the same.
	return SAME if format_number(theirs, None) == format_number(ours.number, None) else CHANGED


def _shown(ours: Ours) -> str:
	return ours.text.strip() or ("" if ours.value is None else format_number(ours.value, None))


def _unmapped(mapped: Mapped) -> Difference:
	reason = f"{format_number(mapped.unmapped_count, 0)} data tidak dipakai oleh satu baris pemetaan pun."
	return Difference(NOT_MAPPED, reason=reason, places=mapped.unmapped, count=mapped.unmapped_count)
