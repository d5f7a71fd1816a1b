"""The few words that all paragraphs of an evaluation text share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import Field, fields, is_dataclass, replace

from seroja.core.achievement import STATUS_LABELS
from seroja.core.numbers import format_number, round_half_up
from seroja.core.parts import clean
from seroja.core.performance_report import REACHED
from seroja.core.performance_report_tables import rupiah
from seroja.core.rendering import format_percent
from seroja.core.stories import Advice, IndicatorStory, UnitStory
from seroja.core.summary import absorption_of

_YEAR_ENDS = ("Tahun", "Semester II", "Triwulan IV", "Desember")
# They name a scale, not a quantity: “82 indeks” is no Indonesian.
_UNSPOKEN_UNITS = frozenset(
	{"indeks", "nilai", "skor", "angka", "poin", "predikat", "rasio", "level", "opini", "kategori"}
)
_ATTACHED_UNITS = frozenset({"%", "persen", "persentase"})
_MONEY_UNITS = frozenset({"rp", "rp.", "rupiah"})
_MOST_DECIMALS = 10


def as_told(value):
	"""A record with its texts as single printable lines, empty for none, and None for every figure that is none."""
	if isinstance(value, float):
		return value if math.isfinite(value) else None
	if isinstance(value, (list, tuple)):
		return tuple(as_told(item) for item in value)
	if is_dataclass(value):
		return replace(value, **{field.name: _field_as_told(value, field) for field in fields(value)})
	return clean(value)


def _field_as_told(record, field: Field):
	value = getattr(record, field.name)
	return "" if value is None and field.type == "str" else as_told(value)


# --- words ---


def told(*sentences: str) -> str:
	"""One paragraph."""
	return " ".join(filter(None, sentences))


def bare(text: str) -> str:
	"""A typed text without the signs at its end, to stand within a sentence."""
	return text.rstrip(" .,;:")


def when_text(story: IndicatorStory | UnitStory) -> str:
	if not story.period or story.period.startswith("Tahun"):
		return f"Pada tahun {story.year}"
	return f"Sampai dengan {story.period}"


def is_year_end(story: IndicatorStory | UnitStory) -> bool:
	return story.period in ("", *(f"{label} {story.year}" for label in _YEAR_ENDS))


def same_period_text(story: IndicatorStory | UnitStory, year: str) -> str:
	"""The period of a story in another year: tahun 2025, periode yang sama tahun 2025."""
	return year if is_year_end(story) else f"periode yang sama {year}"


def reach_text(value: float | None) -> str:
	"""A percentage with as many decimals as it takes not to look like a target reached: 99,999%, not 100,00%."""
	if value is None or value >= REACHED:
		return format_percent(value)
	decimals = (count for count in range(2, _MOST_DECIMALS) if round_half_up(value, count) < REACHED)
	return format_percent(value, next(decimals, _MOST_DECIMALS))


def points_between(now: float | None, before: float | None) -> float | None:
	"""Points between two percentages as they are printed; None where one is missing."""
	if now is None or before is None:
		return None
	return float(round_half_up(now) - round_half_up(before))


def with_unit(text: str, unit: str) -> str:
	"""A figure with its unit, as it is said: 80%, Rp 1.200, 72,5 tahun; a grade stands alone."""
	spoken = unit.casefold()
	if not unit or not text[-1:].isdigit() or spoken in _UNSPOKEN_UNITS:
		return text
	if spoken in _ATTACHED_UNITS:
		return f"{text}%"
	if spoken in _MONEY_UNITS:
		return f"Rp {text}"
	return " ".join([text, *(word.lower() if word.istitle() else word for word in unit.split())])


def figure_text(value: float, unit: str, decimals: int) -> str:
	"""A computed figure, with as many decimals as the indicator's own."""
	return with_unit(format_number(value, decimals), unit)


def between_text(low: float, high: float, unit: str, decimals: int) -> str:
	"""Two computed figures, with a unit in words said once."""
	is_short = unit.casefold() in _ATTACHED_UNITS | _MONEY_UNITS
	return f"{figure_text(low, unit if is_short else '', decimals)} dan {figure_text(high, unit, decimals)}"


# --- money ---


def absorption(story: IndicatorStory | UnitStory) -> float | None:
	"""As given for a unit; otherwise from the two figures (domain.md 3.5)."""
	if isinstance(story, UnitStory):
		return story.absorption
	if story.budget is None or story.budget_realization is None:
		return None
	return as_told(float(absorption_of(story.budget_realization, story.budget).iloc[0]))


def spent_text(story: IndicatorStory | UnitStory, share: float | None) -> str:
	if story.budget is None:
		other = story.budget_realization
		return (
			"Anggaran belum tercatat."
			if other is None
			else (f"Anggaran belum tercatat; realisasinya {rupiah(other)}.")
		)
	if story.budget_realization is None:
		return f"Anggaran berjumlah {rupiah(story.budget)}; realisasinya belum tercatat."
	absorption = f" (serapan {format_percent(share)})" if share is not None else ""
	return f"Anggaran berjumlah {rupiah(story.budget)} dan terealisasi {rupiah(story.budget_realization)}{absorption}."


def spent_against(
	achievement: float | None, absorption: float | None, is_whole_year: bool, target: str
) -> str:
	"""Absorption against achievement; unspent money is efficient only where the target was reached, and only a whole
	year can tell (domain.md 3.5)."""
	if absorption is not None and absorption > REACHED:
		return "Realisasi anggaran melebihi pagu."
	if achievement is None or absorption is None:
		return ""
	if not is_whole_year:
		return "Serapan dihitung terhadap anggaran setahun dan baru dibandingkan dengan capaian pada akhir tahun."
	if achievement < REACHED and absorption > achievement:
		return "Serapan lebih tinggi daripada capaian: hasilnya belum sebanding dengan belanja."
	if achievement < REACHED:
		return f"Serapan tidak melebihi capaian, tetapi {target} belum tercapai, sehingga belum dapat disebut efisien."
	if absorption < achievement:
		return f"Serapan lebih rendah daripada capaian dan {target} tercapai: penggunaan anggaran efisien."
	return f"{target.capitalize()} tercapai dengan serapan penuh."


# --- figures ---


def lowest_first(rows: Iterable) -> list:
	"""The rows with an achievement, by achievement and name."""
	known = [row for row in rows if row.achievement is not None]
	return sorted(known, key=lambda row: (row.achievement, row.name))


def status_to_say(story: IndicatorStory) -> str:
	"""The status of the calculation; empty where it is the usual one."""
	return "" if story.status_label == STATUS_LABELS["ok"] else story.status_label


def is_doubtful(story: IndicatorStory) -> bool:
	"""Whether its figures are to be looked at before anything is concluded from them."""
	return bool(story.findings or status_to_say(story))


def nearest_status(story: IndicatorStory) -> str:
	"""The status for the nearest year; empty where nothing was forecast."""
	return min(story.outlook, key=lambda outlook: outlook.year).status if story.outlook else ""


def recommendations_of(story: UnitStory) -> Sequence[Advice]:
	"""Those of the unit and of its indicators, each once."""
	below = [advice for row in story.indicators for advice in row.recommendations]
	return list(dict.fromkeys([*story.recommendations, *below]))
