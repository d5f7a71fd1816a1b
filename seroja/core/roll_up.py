"""The national table: figures of many governments, by reference indicator and by government.

The same code runs on a pandas frame and on a Dask one (design.md decision 11). Every partition is reduced to small
partial rows, and those to the table. All figures of the table are the same to the last bit for any order and any
partitioning of the rows: counts and sums are whole numbers, minima and maxima do not care.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from seroja.core.achievement import DEFAULT_CAP, METHODS, POLARITIES, evaluate, ordinal_scales
from seroja.core.formula import rate
from seroja.core.numbers import LARGEST, format_number, snap
from seroja.core.packages import LEVELS
from seroja.core.parts import Column, Document, Heading, Paragraph, Table, clean
from seroja.core.periods import Period
from seroja.core.rendering import format_percent, records, render_document
from seroja.core.scales import Scale

REACHED = 100.0  # percent
MOST_ROWS_IN_PDF = 400

_TEXTS = (
	"government",
	"government_name",
	"level",
	"bappenas_code",
	"name",
	"polarity",
	"method",
	"target_label",
	"realization_label",
	"ordinal_scale",
)
_NUMBERS = ("target", "target_upper", "realization", "numerator", "denominator", "factor")
_COUNTS = ("year", "quarter")
_FLAGS = ("no_population", "invalid")
_REQUIRED = (
	"government",
	"level",
	"year",
	"quarter",
	"bappenas_code",
	"polarity",
	"target",
	"realization",
)
_KEYS = ("kind", "code", "level", "year", "quarter")
_INDICATOR, _GOVERNMENT = "indicator", "government"
_SUMMED = ("achievement", "score", "numerator", "denominator")


class RollUpError(ValueError):
	"""Figures that cannot be rolled up; the message is one sentence for the user."""


@dataclass(frozen=True)
class RollUp:
	"""The two tables.

	national: per reference code, level and quarter `bappenas_code, name, level, year, quarter, governments` (that
	report it), `figures, valued, reached` (counts; reached: at least 100 %), `mean_achievement, mean_score, lowest,
	highest` (percent), `rated` (figures with numerator and denominator), `numerator, denominator` (their totals),
	`rate` (of the totals; none where the factors differ), `count:LABEL` per category. Figures without a reference
	code are not in it; of several names in use the last in the alphabet stands for all.
	governments: per government and quarter `government, name, level, year, quarter, indicators, valued, reached,
	mean_achievement, mean_score` (each indicator has the same voice), `category, count:LABEL`.
	"""

	national: pd.DataFrame
	governments: pd.DataFrame


# --- figures in ---


def checked(frame: pd.DataFrame) -> pd.DataFrame:
	"""The columns that `table` reads, in the types that it needs; texts may stand for numbers, with a decimal point.

	Columns in: `government` (its code), `level` (city, province), `year, quarter, bappenas_code` (may be empty),
	`polarity, target, realization`; optional `government_name, name, numerator, denominator, factor` (100 where
	missing) and what `achievement.evaluate` reads besides. Raises RollUpError.
	"""
	missing = [name for name in _REQUIRED if name not in frame]
	if missing:
		raise RollUpError(f"Kolom {', '.join(missing)} tidak ada; lengkapi berkasnya.")
	if not frame.columns.is_unique:
		raise RollUpError("Ada judul kolom yang sama; perbaiki berkasnya.")
	columns = {}
	for read, names in ((_texts, _TEXTS), (_numbers, (*_NUMBERS, *_COUNTS)), (_flags, _FLAGS)):
		columns |= {name: _column(frame, name, read) for name in names}
	result = pd.DataFrame(columns)
	_check(result)
	return result.astype(dict.fromkeys(_COUNTS, "int16"))


def _column(frame: pd.DataFrame, name: str, read: Callable):
	"""A column as `read` gives it. Parquet can hold anything in a cell, even lists."""
	try:
		return read(frame, name)
	except RollUpError:
		raise
	except (TypeError, ValueError):
		raise RollUpError(f"Kolom {name} tidak berisi teks atau angka; perbaiki berkasnya.") from None


def _texts(frame: pd.DataFrame, name: str) -> pd.Categorical:
	"""Few texts for many rows; the categories are strings even where there are none, so that all files are alike."""
	values = frame[name] if name in frame else pd.Series(None, index=frame.index, dtype=object)
	values = values.astype("string").replace("", pd.NA)
	categories = pd.Index(sorted(values.dropna().unique()), dtype="string")
	return pd.Categorical(values, categories=categories)


def _numbers(frame: pd.DataFrame, name: str) -> np.ndarray:
	if name not in frame:
		return np.full(len(frame), np.nan)
	given = frame[name].replace("", None)
	values = pd.to_numeric(given, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
	_refuse(name, given.notna().to_numpy() & ~(np.abs(values) <= LARGEST), frame)
	return values


def _flags(frame: pd.DataFrame, name: str) -> np.ndarray:
	if name not in frame:
		return np.zeros(len(frame), dtype=bool)
	values = frame[name].astype("string").str.casefold().replace("", "false").fillna("false")
	_refuse(name, ~values.isin(["true", "false", "1", "0"]).to_numpy(), frame)
	return values.isin(["true", "1"]).to_numpy()


def _check(frame: pd.DataFrame) -> None:
	allowed = {"level": LEVELS, "polarity": POLARITIES, "method": METHODS, "ordinal_scale": ordinal_scales()}
	for name, values in allowed.items():
		_refuse(name, (frame[name].notna() & ~frame[name].isin([*values])).to_numpy(), frame)
	for name in ("government", "level", "polarity"):
		_refuse(name, frame[name].isna().to_numpy(), frame)
	_refuse("year", ~frame["year"].isin(range(1900, 2201)).to_numpy(), frame)
	_refuse("quarter", ~frame["quarter"].isin(range(1, 5)).to_numpy(), frame)
	for name in ("numerator", "denominator"):
		_refuse(name, (frame[name] < 0).to_numpy(), frame)
	_refuse("factor", (frame["factor"] <= 0).to_numpy(), frame)


def _refuse(name: str, wrong: np.ndarray, frame: pd.DataFrame) -> None:
	if wrong.any():
		found = str(frame[name].iloc[int(np.argmax(wrong))])[:40]
		raise RollUpError(
			f"Kolom {name}: “{found}” tidak dapat dipakai ({wrong.sum()} baris); perbaiki berkasnya."
		)


# --- the table ---


def table(figures, scale: Scale, cap: float = DEFAULT_CAP) -> RollUp:
	"""Roll up figures as `checked` gives them: a pandas DataFrame, or a Dask one of such partitions.

	Every figure is evaluated again, with one cap (percent) and one scale for all.
	"""
	is_pandas = isinstance(figures, pd.DataFrame)
	codes = figures["government"].unique()
	governments = sorted(code for code in (codes if is_pandas else codes.compute()) if isinstance(code, str))
	if is_pandas:
		return table_of_parts([figures], governments, scale, cap)
	partials = partial(_partials, governments=governments, scale=scale, cap=cap)
	meta = partials(checked(pd.DataFrame(columns=_REQUIRED)))
	total = figures.reduction(
		chunk=partials, combine=_merged, aggregate=_merged, meta=meta, split_every=8
	).compute()
	return RollUp(_national(total, scale), _governments(total, scale))


def table_of_parts(
	parts: Iterable[pd.DataFrame], governments: Sequence[str], scale: Scale, cap: float = DEFAULT_CAP
) -> RollUp:
	"""As `table`, of pandas frames of which only one at a time need be in memory; at least one.

	governments: the codes of all that occur in them, each once.
	"""
	total = None
	for figures in parts:
		partials = _partials(figures, governments, scale, cap)
		total = _merged(partials if total is None else pd.concat([total, partials], ignore_index=True))
	return RollUp(_national(total, scale), _governments(total, scale))


def _partials(figures: pd.DataFrame, governments: Sequence[str], scale: Scale, cap: float) -> pd.DataFrame:
	"""The partial rows of one partition: what all rows of one key add up to."""
	columns = _additive(figures, scale, cap) | _reporters(figures, governments)
	reduced = []
	for kind, code, name in (
		(_INDICATOR, "bappenas_code", "name"),
		(_GOVERNMENT, "government", "government_name"),
	):
		keys = figures[[code, "level", *_COUNTS]].set_axis(_KEYS[1:], axis=1)
		names = figures[name].astype(object).fillna("").to_numpy(dtype=object)
		part = _reduced(keys, columns | {"name": names})
		reduced.append(
			part.assign(kind=kind, code=part["code"].astype(object), level=part["level"].astype(object))
		)
	return pd.concat(reduced, ignore_index=True)


def _merged(partials: pd.DataFrame) -> pd.DataFrame:
	"""Partial rows with each key once."""
	columns = {name: partials[name].to_numpy() for name in partials if name not in _KEYS}
	return _reduced(partials[list(_KEYS)], columns)


def _reduced(keys: pd.DataFrame, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
	"""One row for each key; a row with a missing key belongs to none."""
	groups = keys.groupby(list(keys), observed=True, sort=False).ngroup().fillna(-1).to_numpy(dtype="int64")
	order = np.argsort(groups, kind="stable")
	order = order[np.searchsorted(groups[order], 0) :]
	starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
	reduced = {name: _how(name).reduceat(values[order], starts) for name, values in columns.items()}
	return keys.iloc[order[starts]].reset_index(drop=True).assign(**reduced)


def _how(name: str) -> np.ufunc:
	"""How a column of partial rows is put together; none of them depends on the order."""
	if name.startswith("reporters:"):
		return np.bitwise_or
	ways = {"lowest": np.fmin, "least_factor": np.fmin, "highest": np.fmax, "most_factor": np.fmax}
	return ways.get(name, np.maximum if name == "name" else np.add)


def _additive(figures: pd.DataFrame, scale: Scale, cap: float) -> dict[str, np.ndarray]:
	"""What each row brings to the row of its key."""
	raw = evaluate(figures, cap=cap, explanations=False)["achievement"].to_numpy()
	# As in formula.rate: what is too large is no value. And a minimum of 0 and -0 would depend on their order.
	raw = np.where(np.abs(raw) <= LARGEST, raw, np.nan) + 0.0
	rated = (figures["numerator"].notna() & figures["denominator"].notna()).to_numpy()
	factor = np.where(rated, figures["factor"].fillna(100.0), np.nan)
	values = {
		"achievement": raw,
		"score": np.clip(raw, 0.0, cap),
		"numerator": np.where(rated, figures["numerator"], np.nan),
		"denominator": np.where(rated, figures["denominator"], np.nan),
	}
	counts = {
		"figures": np.ones(len(raw)),
		"valued": ~np.isnan(raw),
		"reached": raw >= REACHED,
		"rated": rated,
	}
	category = scale.categories(raw).codes
	counts |= {f"count:{label}": category == number for number, label in enumerate(scale.labels)}
	columns = {name: column.astype("int64") for name, column in counts.items()}
	for name in _SUMMED:
		columns |= _digits(name, np.nan_to_num(values[name]))
	return columns | {"lowest": raw, "highest": raw, "least_factor": factor, "most_factor": factor}


# Sums of doubles depend on their order, sums of whole numbers do not. So each value is rounded, on its own, to a
# whole number of 2**-43 (a ninth of the 1e-12 of numbers.snap) and written with three digits to the base 2**31: up to
# LARGEST (below 2**50) no digit exceeds 2**31, and int64 adds 2**32 rows of them without overflow.
_BASE, _UNIT = 31, 43


def _digits(name: str, values: np.ndarray) -> dict[str, np.ndarray]:
	rest, digits = np.ldexp(values, _UNIT - 2 * _BASE), {}
	for digit in ("high", "middle"):
		digits[digit] = np.trunc(rest)
		rest = np.ldexp(rest - digits[digit], _BASE)
	digits["low"] = np.rint(rest)
	return {f"{name}:{digit}": numbers.astype("int64") for digit, numbers in digits.items()}


def _totals(total: pd.DataFrame, name: str) -> list[int]:
	"""The exact sums of the rounded values, in units of 2**-43: Python's whole numbers have no largest."""
	digits = [total[f"{name}:{digit}"].tolist() for digit in ("high", "middle", "low")]
	rows = zip(*digits, strict=True)
	return [(high << 2 * _BASE) + (middle << _BASE) + low for high, middle, low in rows]


def _reporters(figures: pd.DataFrame, governments: Sequence[str]) -> dict[str, np.ndarray]:
	"""Who reports, one bit per government: bits put together count a government once, wherever its rows lie."""
	number = pd.Categorical(figures["government"], categories=governments).codes.astype("int64")
	bit = np.uint64(1) << (number % 64).astype("uint64")
	words = range((len(governments) + 63) // 64)
	return {f"reporters:{word}": np.where(number // 64 == word, bit, np.uint64(0)) for word in words}


# --- from partial rows to the tables ---


def _national(total: pd.DataFrame, scale: Scale) -> pd.DataFrame:
	rows = _rows_of(total, _INDICATOR)
	words = rows[[name for name in rows if name.startswith("reporters:")]].to_numpy(dtype="uint64")
	unit = 1 << _UNIT
	sums = {
		name: [
			value / unit if rated else None
			for value, rated in zip(_totals(rows, name), rows["rated"], strict=True)
		]
		for name in ("numerator", "denominator")
	}
	found = rows.assign(
		bappenas_code=rows["code"],
		governments=[sum(int(word).bit_count() for word in row) for row in words],
		**_means(rows),
		**{name: pd.Series(values, index=rows.index, dtype="float64") for name, values in sums.items()},
	)
	found["rate"] = pd.Series([_rate(row) for row in records(found)], index=found.index, dtype="float64")
	names = [
		*("bappenas_code", "name", "level", "year", "quarter", "governments", "figures", "valued", "reached"),
		*("mean_achievement", "mean_score", "lowest", "highest", "rated", "numerator", "denominator", "rate"),
	]
	return found[[*names, *_counts(scale)]]


def _rate(row: Mapping) -> float | None:
	"""A national rate is the rate of the totals, never a mean of rates."""
	if not row["rated"] or row["least_factor"] != row["most_factor"]:
		return None
	return rate(row["numerator"], row["denominator"], row["least_factor"]).value


def _governments(total: pd.DataFrame, scale: Scale) -> pd.DataFrame:
	rows = _rows_of(total, _GOVERNMENT)
	found = rows.assign(government=rows["code"], indicators=rows["figures"], **_means(rows))
	found["category"] = scale.categories(found["mean_score"]).astype(object)
	names = [
		*("government", "name", "level", "year", "quarter", "indicators", "valued", "reached"),
		*("mean_achievement", "mean_score", "category"),
	]
	return found[[*names, *_counts(scale)]]


def _rows_of(total: pd.DataFrame, kind: str) -> pd.DataFrame:
	return total[total["kind"] == kind].sort_values(list(_KEYS), ignore_index=True)


def _means(rows: pd.DataFrame) -> dict[str, np.ndarray]:
	return {f"mean_{name}": _mean(_totals(rows, name), rows["valued"].tolist()) for name in _SUMMED[:2]}


def _mean(totals: list[int], counts: list[int]) -> np.ndarray:
	means = [
		total / (count << _UNIT) if count else np.nan for total, count in zip(totals, counts, strict=True)
	]
	return snap(np.array(means, dtype="float64"))


def _counts(scale: Scale) -> list[str]:
	return [f"count:{label}" for label in scale.labels]


# --- the document ---


def roll_up_pdf(result: RollUp, dated: date, notes: Sequence[str] = ()) -> bytes:
	"""Both tables as PDF/A-3b, their first 400 rows; notes: sentences for its head."""
	title = "Rekapitulasi Nasional Capaian Kinerja"
	document = Document(
		title=title,
		author="SEROJA",
		dated=dated,
		footer=title,
		mark="",
		parts=(
			Heading("title", title.upper()),
			*(Paragraph(clean(note)) for note in notes),
			Heading("section", "Indikator acuan"),
			*_table_parts(result.national, _NATIONAL, _national_cells),
			Heading("section", "Pemerintah daerah"),
			*_table_parts(result.governments, _OF_GOVERNMENTS, _government_cells),
		),
		is_landscape=True,
	)
	return render_document(document)


_NATIONAL = (
	Column("Kode", 9),
	Column("Indikator", 23),
	Column("Tingkat", 10),
	Column("Periode", 12),
	Column("Pemda", 6, True),
	Column("Bernilai", 7, True),
	Column("Tercapai", 7, True),
	Column("Rata-rata capaian", 8, True),
	Column("Terendah", 9, True),
	Column("Tertinggi", 9, True),
)
_OF_GOVERNMENTS = (
	Column("Kode", 9),
	Column("Pemerintah daerah", 27),
	Column("Tingkat", 12),
	Column("Periode", 13),
	Column("Indikator", 7, True),
	Column("Bernilai", 7, True),
	Column("Rata-rata skor", 10, True),
	Column("Kategori", 15),
)


def _table_parts(frame: pd.DataFrame, columns: tuple[Column, ...], cells) -> list:
	rows = [[cells(row)] for row in records(frame.head(MOST_ROWS_IN_PDF))]
	parts: list = [Table(columns, rows, "Tidak ada data.")]
	if len(frame) > MOST_ROWS_IN_PDF:
		rest = format_number(len(frame) - MOST_ROWS_IN_PDF, 0)
		parts.append(Paragraph(f"{rest} baris lainnya ada dalam berkas CSV.", "small"))
	return parts


def _national_cells(row: Mapping) -> tuple[str, ...]:
	return (
		clean(row["bappenas_code"]),
		clean(row["name"]) or "–",
		LEVELS[row["level"]],
		_period(row),
		*(format_number(row[name], 0) for name in ("governments", "valued", "reached")),
		*(format_percent(row[name]) for name in ("mean_achievement", "lowest", "highest")),
	)


def _government_cells(row: Mapping) -> tuple[str, ...]:
	return (
		clean(row["government"]),
		clean(row["name"]) or "–",
		LEVELS[row["level"]],
		_period(row),
		*(format_number(row[name], 0) for name in ("indicators", "valued")),
		format_percent(row["mean_score"]),
		row["category"] or "–",
	)


def _period(row: Mapping) -> str:
	return Period(int(row["year"]), "quarter", int(row["quarter"])).label
