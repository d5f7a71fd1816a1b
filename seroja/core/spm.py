"""The index of the minimum service standards (SPM) per kind of service, urusan and government.

domain.md 5.5: 80 % of the share of the people in need who were served and 20 % of the mean fulfilment of
the quality; an urusan is the mean of its kinds of service, the government the mean of its six urusan. The
urusan, the kinds of service, the weights and the categories are data (data/spm.json).
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from statistics import fmean

import pandas as pd

from seroja.core.achievement import STATUS_LABELS
from seroja.core.numbers import snap
from seroja.core.scales import Scale, scale_from_rows

NEED_SERVED, QUALITY = "need_served", "quality"
ROLES = {"SPM": NEED_SERVED, "SPM Mutu": QUALITY}  # tag of an indicator → what its row says
SERVICE, URUSAN, WHOLE = "Jenis layanan", "Urusan", "Pemerintah daerah"
COUNTED = "ok"
_TABLE = (
	*("level", "opd", "group", "part", "need", "served", "served_share", "quality", "index", "category"),
	*("missing", "status_label", "note"),
)


@dataclass(frozen=True)
class SpmStandard:
	"""What the regulation sets. services: urusan → its kinds of service; weights in percent, together 100."""

	regulation: str
	source: str
	served_weight: float
	quality_weight: float
	scale: Scale
	services: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class SpmResult:
	"""The index of the government, with its category; None while no urusan has one.

	missing: the urusan without an index. table: `level` (SERVICE, URUSAN or WHOLE), opd, group, part, need, served,
	served_share and quality (percent), index, category, missing (how many below have no index),
	status_label, note. The whole stands last, an urusan below its kinds of service.
	"""

	index: float | None
	category: str | None
	missing: tuple[str, ...]
	table: pd.DataFrame


@lru_cache
def shipped_standard() -> SpmStandard:
	"""The standard of the package, for a kabupaten or kota."""
	data = json.loads(files("seroja.core").joinpath("data/spm.json").read_text(encoding="utf-8"))
	return SpmStandard(
		regulation=data["regulation"],
		source=data["source"],
		served_weight=data["weights"]["served"],
		quality_weight=data["weights"]["quality"],
		scale=scale_from_rows("SPM", data["bands"], source=data["regulation"]),
		services={urusan: tuple(services) for urusan, services in data["services"].items()},
	)


def spm_rows(rows: pd.DataFrame) -> pd.DataFrame:
	"""The rows that `spm_index` takes, from those of indicators: `tag` gives the role, `realization_value` the value."""
	chosen = rows[rows["tag"].isin(list(ROLES))]
	return chosen.assign(role=chosen["tag"].map(ROLES), value=chosen["realization_value"])


def spm_index(rows: pd.DataFrame) -> SpmResult:
	"""The index from rows with opd, group (urusan), part (kind of service), role, numerator, denominator, value.

	role NEED_SERVED: denominator people in need, numerator of them served; several rows add up. role
	QUALITY: value in percent; several rows are averaged, one whose denominator is 0 is left out. What is
	above 100 % counts as 100 % and is said in `note`. Nobody in need: the kind of service has no index and
	is not missing. A missing value: no index, and it is missing, as is every kind of service of the
	standard without a row. An urusan outside the standard is shown and does not count. Raises ValueError
	for any other role.
	"""
	unknown = set(rows["role"]) - {NEED_SERVED, QUALITY}
	if unknown:
		raise ValueError(f"Peran {unknown.pop()!r} tidak dikenal. Pilihan: {NEED_SERVED}, {QUALITY}.")
	standard = shipped_standard()
	table: list[dict] = []
	urusan: list[dict] = []
	for group, services in _by_urusan(standard, rows).items():
		lines = [_service(standard, group, part, found) for part, found in services.items()]
		urusan.append(_urusan(standard, group, lines))
		table += [*lines, urusan[-1]]
	whole = _whole(standard, [line for line in urusan if line["group"] in standard.services])
	missing = tuple(
		line["group"] for line in urusan if _is_missing(line) and line["group"] in standard.services
	)
	frame = pd.DataFrame([*table, whole], columns=list(_TABLE))
	return SpmResult(whole["index"], whole["category"], missing, frame)


# --- which rows belong together ---


def _by_urusan(standard: SpmStandard, rows: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
	"""Urusan → kind of service → its rows, first as the standard has them, then others by name."""
	found = {
		(_key(group), _key(part)): lines
		for (group, part), lines in rows.groupby([rows["group"].map(_key), rows["part"].map(_key)], sort=True)
	}
	result: dict[str, dict[str, pd.DataFrame]] = {}
	for group, parts in standard.services.items():
		result[group] = {part: found.pop((_key(group), _key(part)), rows.iloc[:0]) for part in parts}
	names = {_key(group): group for group in standard.services}
	for (group, _), lines in found.items():
		name = names.setdefault(group, _spelling(lines["group"], "Tanpa urusan"))
		result.setdefault(name, {})[_spelling(lines["part"], "Tanpa jenis layanan")] = lines
	return result


def _key(name: object) -> str:
	"""A name as names are compared: without case, one space between words, "" for none."""
	return " ".join(name.casefold().split()) if isinstance(name, str) else ""


def _spelling(names: pd.Series, without: str) -> str:
	"""One spelling of a name that is written in several, whatever the order of the rows."""
	return min(" ".join(name.split()) for name in names) if _key(names.iloc[0]) else without


# --- one kind of service ---


@dataclass(frozen=True)
class _Figures:
	"""pairs: (in need, served) and qualities: percent, as the rows have them; None for an empty cell."""

	pairs: list[tuple[float | None, float | None]]
	qualities: list[float | None]

	@property
	def need(self) -> float | None:
		return _sum([need for need, _ in self.pairs])

	@property
	def served(self) -> float | None:
		"""Where nobody was in need, an empty number of served ones leaves nothing out."""
		return _sum([served for need, served in self.pairs if (need, served) != (0, None)])

	@property
	def share(self) -> float | None:
		return self.served / self.need * 100 if self.need and self.served is not None else None

	@property
	def quality(self) -> float | None:
		if not self.qualities or None in self.qualities:
			return None
		return fmean(_capped(value) for value in self.qualities)

	@property
	def status(self) -> str:
		values = [*itertools.chain(*self.pairs), *self.qualities]
		if any(value is not None and value < 0 for value in values) or any(
			need == 0 and served for need, served in self.pairs
		):
			return "invalid"
		if self.need == 0:
			return "no_population"
		return "no_data" if self.share is None or self.quality is None else COUNTED


def _service(standard: SpmStandard, group: str, part: str, rows: pd.DataFrame) -> dict:
	figures = _figures(rows)
	index = _index(standard, figures) if figures.status == COUNTED else None
	notes = list(_notes(figures))
	if part not in standard.services.get(group, (part,)):
		notes.insert(0, "Tidak ada dalam daftar jenis layanan.")
	line = _line(standard, SERVICE, group, part, index, int(figures.status in ("no_data", "invalid")), notes)
	shown = {"need": figures.need, "served": figures.served, "served_share": figures.share}
	opd = ", ".join(sorted({name for name in rows["opd"] if isinstance(name, str)}))
	return (
		line | shown | {"quality": figures.quality, "opd": opd, "status_label": STATUS_LABELS[figures.status]}
	)


def _figures(rows: pd.DataFrame) -> _Figures:
	people, quality = rows[rows["role"] == NEED_SERVED], rows[rows["role"] == QUALITY]
	pairs = zip(map(_finite, people["denominator"]), map(_finite, people["numerator"]), strict=True)
	return _Figures(
		list(pairs), [_finite(value) for value in quality.loc[quality["denominator"] != 0, "value"]]
	)


def _index(standard: SpmStandard, figures: _Figures) -> float:
	served = standard.served_weight * _capped(figures.share)
	return float(snap((served + standard.quality_weight * figures.quality) / 100))


def _sum(values: list[float | None]) -> float | None:
	return None if not values or None in values else math.fsum(values)


def _finite(value: object) -> float | None:
	return None if pd.isna(value) or not math.isfinite(value) else float(value)


def _capped(percent: float) -> float:
	return min(percent, 100.0)


def _notes(figures: _Figures) -> Iterator[str]:
	if figures.status == "invalid":
		yield "Ada nilai negatif, atau ada yang terlayani padahal sasaran 0."
	elif figures.status == "no_data":
		yield from _gaps(figures)
	if figures.share is not None and figures.share > 100:
		yield "Terlayani melebihi sasaran; dihitung 100%."
	if any(value is not None and value > 100 for value in figures.qualities):
		yield "Mutu di atas 100% dihitung 100%."


def _gaps(figures: _Figures) -> Iterator[str]:
	if not figures.pairs:
		yield "Belum ada indikator sasaran dan terlayani."
	elif figures.share is None:
		yield "Sasaran atau yang terlayani belum diisi."
	if not figures.qualities:
		yield "Belum ada indikator mutu."
	elif None in figures.qualities:
		yield f"{figures.qualities.count(None)} dari {len(figures.qualities)} indikator mutu belum diisi."


# --- sums ---


def _urusan(standard: SpmStandard, group: str, lines: Sequence[dict]) -> dict:
	"""The mean of the kinds of service that have an index."""
	line = _mean_of(standard, URUSAN, group, lines, "jenis layanan")
	if group not in standard.services:
		line["note"] = f"Bukan urusan SPM; tidak ikut dihitung. {line['note']}".strip()
	return line


def _whole(standard: SpmStandard, lines: Sequence[dict]) -> dict:
	line = _mean_of(standard, WHOLE, "", lines, "urusan")
	missing = "; ".join(line["group"] for line in lines if _is_missing(line))
	if missing:
		line["note"] += f" Urusan tanpa indeks: {missing}."
	return line


def _mean_of(standard: SpmStandard, level: str, group: str, lines: Sequence[dict], what: str) -> dict:
	indices = [line["index"] for line in lines if line["index"] is not None]
	missing = sum(map(_is_missing, lines))
	index = float(snap(fmean(indices))) if indices else None
	notes = [f"{missing} dari {len(lines)} {what} belum mempunyai indeks."] if missing else []
	line = _line(standard, level, group, "", index, missing, notes)
	status = COUNTED if indices else "no_data" if missing else "no_population"
	return line | {"status_label": STATUS_LABELS[status]}


def _is_missing(line: dict) -> bool:
	"""No index although there should be one."""
	return line["index"] is None and line["missing"] > 0


def _line(
	standard: SpmStandard,
	level: str,
	group: str,
	part: str,
	index: float | None,
	missing: int,
	notes: Iterable[str],
) -> dict:
	line = {"level": level, "opd": "", "group": group, "part": part, "index": index, "missing": missing}
	return line | {"category": standard.scale.category(index), "note": " ".join(notes)}
