"""Achievement (capaian) of an indicator: realization against target, in percent.

Three numbers are kept apart (design.md decision 5): *raw*, unrounded and unbounded; *scored*, raw
floored at 0 and capped; and what is displayed, which numbers.py rounds. A missing realization is no
value, never 0. Formulas: domain.md 3.1; edge cases: domain.md 3.2.

`achievement` evaluates one indicator and `evaluate` a whole frame; they agree on every input.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pandas as pd

from seroja.core.numbers import format_number, snap

VERSION = "1.0"
DEFAULT_CAP = 120.0
IMPLAUSIBLE_ABOVE = 300.0

POLARITIES = ("maximize", "minimize", "stabilize", "qualitative")
METHODS = ("ratio", "complement", "inverse", "deviation", "range", "ordinal")
DEFAULT_METHODS = {
	"maximize": "ratio",
	"minimize": "complement",
	"stabilize": "deviation",
	"qualitative": "ordinal",
}

# The order is the order of precedence when several would fit.
STATUSES = (
	"invalid",
	"no_population",
	"no_target",
	"no_data",
	"manual",
	"zero_base",
	"implausible",
	"ok",
)
VALUED = frozenset({"zero_base", "implausible", "ok"})
STATUS_LABELS = {
	"invalid": "Data tidak sah",
	"no_population": "Tidak ada populasi",
	"no_target": "Tidak ada target",
	"no_data": "Belum ada data",
	"manual": "Perlu penilaian manual",
	"zero_base": "Pembagi nol",
	"implausible": "Perlu diperiksa",
	"ok": "Terhitung",
}
METHOD_LABELS = {
	"ratio": "R/T",
	"complement": "(2T−R)/T",
	"inverse": "T/R",
	"deviation": "Simpangan dari target",
	"range": "Rentang target",
	"ordinal": "Skala kualitatif",
}

_UNKNOWN = -1
_CODE = {status: code for code, status in enumerate(STATUSES)}


@dataclass(frozen=True)
class Achievement:
	"""The result for one indicator.

	raw, scored: percent, None where there is no value. status: one of STATUSES. method: one of
	METHODS. version: of the calculation. explanation: one sentence or two in Indonesian.
	"""

	raw: float | None
	scored: float | None
	status: str
	method: str
	explanation: str
	version: str = VERSION


# --- formulas, for a number and for an array alike (domain.md 3.1) ---


def ratio(target, realization):
	"""F1: R/T."""
	return realization / target * 100


def complement(target, realization):
	"""F2: (2T−R)/T, equal to {1 + (1 − R/T)}."""
	return (2 * target - realization) / target * 100


def inverse(target, realization):
	"""F3: T/R."""
	return target / realization * 100


def deviation(target, realization):
	"""F5: 100 − |R−T|/T."""
	return 100 - abs(realization - target) / target * 100


FORMULAS = {"ratio": ratio, "complement": complement, "inverse": inverse, "deviation": deviation}


# --- qualitative scales ---


@lru_cache
def ordinal_scales() -> dict[str, tuple[str, ...]]:
	"""The shipped qualitative scales: name → labels from worst to best."""
	text = files("seroja.core").joinpath("data/ordinal-scales.json").read_text(encoding="utf-8")
	return {scale["name"]: tuple(scale["labels"]) for scale in json.loads(text)}


def ordinal_ranks(target: str, realization: str, scale: str | None = None) -> tuple[float, float] | None:
	"""Ranks (1 is worst) of two labels: on the named scale, else on the first that holds both.

	Equal labels need no scale. None when the labels differ and no scale orders them.
	"""
	wanted, reached = target.strip().casefold(), realization.strip().casefold()
	if scale and scale not in ordinal_scales():
		raise ValueError(f"unknown qualitative scale {scale!r}; one of {', '.join(ordinal_scales())}")
	scales = [ordinal_scales()[scale]] if scale else ordinal_scales().values()
	for labels in scales:
		ranks = {label.casefold(): float(rank) for rank, label in enumerate(labels, 1)}
		if wanted in ranks and reached in ranks:
			return ranks[wanted], ranks[reached]
	return (1.0, 1.0) if wanted == reached else None


# --- one indicator ---


def achievement(
	polarity: str,
	target: float | tuple[float, float] | str | None,
	realization: float | str | None,
	*,
	method: str | None = None,
	cap: float = DEFAULT_CAP,
	no_population: bool = False,
	ordinal_scale: str | None = None,
	defaults: Mapping[str, str] = DEFAULT_METHODS,
) -> Achievement:
	"""Evaluate one indicator.

	target: a number, (low, high) for a range, or a label of a qualitative scale; realization: a
	number or a label; None where there is none. method: overrides the default of the polarity.
	no_population: the indicator's denominator is zero. Raises ValueError for an unknown polarity,
	method or qualitative scale.
	"""
	base = _base_method(polarity, method, defaults)
	target, realization = _none_if_nan(target), _none_if_nan(realization)
	low, high = (_none_if_nan(bound) for bound in (target if isinstance(target, tuple) else (target, target)))
	name = "range" if isinstance(target, tuple) or method == "range" else base
	if base == "ordinal" and isinstance(low, str) and isinstance(realization, str) and not no_population:
		ranks = ordinal_ranks(low, realization, ordinal_scale)
		status, raw = (
			_evaluate_numbers("ratio", ranks[0], ranks[0], ranks[1], cap) if ranks else ("manual", None)
		)
		status = "ok" if raw is not None else status
	elif no_population:
		status, raw = "no_population", None
	elif low is None:
		status, raw = "no_target", None
	elif realization is None:
		status, raw = "no_data", None
	elif isinstance(low, str) or isinstance(realization, str) or base == "ordinal":
		status, raw = "manual", None
	else:
		status, raw = _evaluate_numbers(base, float(low), float(high), float(realization), cap)
	scored = None if raw is None else min(max(raw, 0.0), cap)
	sentence = explain(status, name, base, target, realization, raw, scored)
	return Achievement(raw, scored, status, name, sentence)


def _none_if_nan(value):
	return None if isinstance(value, (float, np.floating)) and np.isnan(value) else value


def _base_method(polarity: str, method: str | None, defaults: Mapping[str, str]) -> str:
	if polarity not in POLARITIES:
		raise ValueError(f"unknown polarity {polarity!r}; one of {', '.join(POLARITIES)}")
	if method is not None and method not in METHODS:
		raise ValueError(f"unknown method {method!r}; one of {', '.join(METHODS)}")
	if method in (None, "range"):
		return defaults[polarity]
	return method


def _evaluate_numbers(
	base: str, low: float, high: float, realization: float, cap: float
) -> tuple[str, float | None]:
	if low < high and low <= realization <= high:
		return "ok", 100.0
	target = min(max(realization, low), high)
	if base == "inverse" and realization == 0 and target > 0:
		return "zero_base", cap
	if target < 0 or (base == "inverse" and realization < 0):
		return "manual", None
	if target == 0:
		return _zero_target(base, realization, cap)
	raw = float(snap(FORMULAS[base](target, realization)))
	if not np.isfinite(raw):
		return "invalid", None
	return ("implausible" if _is_implausible(raw, target, realization) else "ok"), raw


def _zero_target(base: str, realization: float, cap: float) -> tuple[str, float | None]:
	"""domain.md 3.2: with a target of 0, R = 0 is 100; R > 0 is the cap (maximize) or 0 (minimize)."""
	if realization == 0:
		return "zero_base", 100.0
	if realization < 0 or base == "deviation":
		return "manual", None
	return "zero_base", cap if base == "ratio" else 0.0


def _is_implausible(raw, target, realization):
	"""domain.md 3.2: raw above 300 or below 0, or a realization that is the target times a power of ten.

	A tenth of the target is common in an early quarter and no sign of a slip; 1/100 and 10 are.
	"""
	with np.errstate(divide="ignore", invalid="ignore"):
		power = np.log10(np.abs(np.divide(realization, target)))
		step = np.rint(power)
		slipped = (np.abs(power - step) < 0.01) & ((step >= 1) | (step <= -2)) & np.isfinite(power)
	return (raw > IMPLAUSIBLE_ABOVE) | (raw < 0) | slipped


# --- a frame ---


def evaluate(
	frame: pd.DataFrame,
	*,
	cap: float = DEFAULT_CAP,
	defaults: Mapping[str, str] = DEFAULT_METHODS,
	explanations: bool = True,
) -> pd.DataFrame:
	"""Evaluate many indicators at once.

	Columns in: `polarity`; `target` and `realization` (floats, NaN for none); optional
	`target_upper` (float, the upper bound where the target is a range), `target_label` and
	`realization_label` (qualitative), `method`, `ordinal_scale`, `no_population` (bool) and
	`invalid` (bool: a cell of the row could not be read).
	Columns out, same index: `achievement` and `achievement_scored` (percent, NaN for none),
	`status`, `method` (both categorical) and, if wanted, `explanation`.
	Raises ValueError for an unknown polarity or method in a row that is not marked invalid.
	"""
	invalid = _flags(frame, "invalid")
	base, is_range = _methods(frame, invalid, defaults)
	low, realization = _floats(frame, "target"), _floats(frame, "realization")
	upper = _floats(frame, "target_upper")
	is_range |= ~np.isnan(upper)
	has_target_label, has_realization_label = (
		_present(frame, "target_label"),
		_present(frame, "realization_label"),
	)
	ranked = (base == METHODS.index("ordinal")) & has_target_label & has_realization_label
	_put_ranks(frame, ranked, low, realization)
	high = np.where(np.isnan(upper), low, upper)

	raw, status = _evaluate_arrays(base, low, high, realization, cap)
	status[(base == METHODS.index("ordinal")) | has_target_label | has_realization_label] = _CODE["manual"]
	status[ranked] = _CODE["ok"]
	status[np.isnan(realization) & ~has_realization_label] = _CODE["no_data"]
	status[np.isnan(low) & ~has_target_label] = _CODE["no_target"]
	status[_flags(frame, "no_population")] = _CODE["no_population"]
	status[invalid] = _CODE["invalid"]
	raw[status < _CODE["zero_base"]] = np.nan

	names = np.where(is_range, METHODS.index("range"), base)
	names[invalid] = _UNKNOWN  # a row that could not be read claims no method
	result = pd.DataFrame(
		{
			"achievement": raw,
			"achievement_scored": np.clip(raw, 0.0, cap),
			"status": pd.Categorical.from_codes(status, categories=STATUSES),
			"method": pd.Categorical.from_codes(names, categories=METHODS),
		},
		index=frame.index,
	)
	if explanations:
		result["explanation"] = _explanations(frame, result, base)
	return result


def _floats(frame: pd.DataFrame, column: str) -> np.ndarray:
	if column not in frame:
		return np.full(len(frame), np.nan)
	return frame[column].to_numpy(dtype="float64", na_value=np.nan, copy=True)


def _flags(frame: pd.DataFrame, column: str) -> np.ndarray:
	if column not in frame:
		return np.zeros(len(frame), dtype=bool)
	return frame[column].astype("boolean").fillna(False).to_numpy(dtype=bool)


def _methods(frame: pd.DataFrame, invalid: np.ndarray, defaults: Mapping[str, str]):
	"""Codes of the base method per row, and which rows name the range method."""
	polarity = _codes(frame["polarity"], POLARITIES, "polarity", invalid)
	base = np.array([METHODS.index(defaults[name]) for name in POLARITIES], dtype="int8")[polarity]
	is_range = np.zeros(len(frame), dtype=bool)
	if "method" in frame and frame["method"].notna().any():
		given = _codes(frame["method"], METHODS, "method", invalid | frame["method"].isna().to_numpy())
		is_range = given == METHODS.index("range")
		base = np.where((given >= 0) & ~is_range, given, base)
	return base, is_range


def _codes(column: pd.Series, allowed: tuple[str, ...], name: str, exempt: np.ndarray) -> np.ndarray:
	codes = pd.Categorical(column, categories=allowed).codes
	unknown = (codes < 0) & ~exempt
	if unknown.any():
		raise ValueError(f"unknown {name} {column[unknown].iloc[0]!r}; one of {', '.join(allowed)}")
	return codes


def _present(frame: pd.DataFrame, column: str) -> np.ndarray:
	return frame[column].notna().to_numpy() if column in frame else np.zeros(len(frame), dtype=bool)


def _put_ranks(frame: pd.DataFrame, rows: np.ndarray, low: np.ndarray, realization: np.ndarray) -> None:
	"""Put ranks in place of labels in the arrays, and unmark the rows that no scale orders."""
	for row in np.flatnonzero(rows):
		labels = frame["target_label"].iloc[row], frame["realization_label"].iloc[row]
		scale = frame["ordinal_scale"].iloc[row] if "ordinal_scale" in frame else None
		ranks = ordinal_ranks(*labels, scale if isinstance(scale, str) and scale else None)
		rows[row] = ranks is not None
		low[row], realization[row] = ranks or (np.nan, np.nan)


def _evaluate_arrays(base, low, high, realization, cap) -> tuple[np.ndarray, np.ndarray]:
	"""The numeric rules of `_evaluate_numbers`, on arrays; NaN in, NaN out."""
	is_inverse, is_deviation = base == METHODS.index("inverse"), base == METHODS.index("deviation")
	is_ratio = (base == METHODS.index("ratio")) | (base == METHODS.index("ordinal"))
	with np.errstate(all="ignore"):
		target = np.minimum(np.maximum(realization, low), high)
		raw = ratio(target, realization)
		for name in ("complement", "inverse", "deviation"):
			rows = base == METHODS.index(name)
			if rows.any():
				raw[rows] = FORMULAS[name](target[rows], realization[rows])
		raw = snap(raw)
		status = np.where(_is_implausible(raw, target, realization), _CODE["implausible"], _CODE["ok"])
	status = status.astype("int8")
	status[~np.isfinite(raw)] = _CODE["invalid"]

	zero = target == 0
	if zero.any():
		negative = realization < 0
		value = np.where(realization == 0, 100.0, np.where(is_ratio, cap, 0.0))
		manual = zero & (realization != 0) & (negative | is_deviation)
		raw[zero], status[zero] = value[zero], _CODE["zero_base"]
		status[manual] = _CODE["manual"]
	status[(target < 0) | (is_inverse & (realization < 0))] = _CODE["manual"]
	perfect = is_inverse & (realization == 0) & (target > 0)
	raw[perfect], status[perfect] = cap, _CODE["zero_base"]
	inside = (low < high) & (low <= realization) & (realization <= high)
	raw[inside], status[inside] = 100.0, _CODE["ok"]
	return raw, status


# --- the sentence ---


def explain(status, method, base, target, realization, raw, scored) -> str:
	"""The sentence in Indonesian that says how a figure came about, or why there is none."""
	if status in _WITHOUT_VALUE:
		return _WITHOUT_VALUE[status]
	target_text, realization_text = _shown(target), _shown(realization)
	start = f"Realisasi {realization_text} terhadap target {target_text}"
	result = f"{format_number(raw)}%"
	if status == "zero_base":
		return f"{start}: pembagi nol, nilai {result} ditetapkan menurut aturan; mohon diperiksa."
	if base == "ordinal":
		sentence = f"{start} pada skala kualitatif: {result}."
	elif method == "range":
		low, high = target if isinstance(target, tuple) else (target, target)
		bound = min(max(realization, low), high)
		inside = bound == realization
		sentence = (
			f"{start}: di dalam rentang, {result}."
			if inside
			else f"{start}: {_worked(base, bound, realization)} = {result}."
		)
	else:
		sentence = f"{start}: {_worked(base, target, realization)} = {result}."
	if scored != raw:
		sentence += f" Untuk penilaian dihitung {format_number(scored)}%."
	if status == "implausible":
		sentence += " Angka tidak lazim; mohon diperiksa."
	return sentence


_WITHOUT_VALUE = {
	"invalid": "Data baris ini tidak sah sehingga tidak dihitung.",
	"no_population": "Tidak ada populasi (penyebut nol); tidak dihitung dan tidak ikut rata-rata.",
	"no_target": "Tidak ada target; capaian tidak dapat dihitung.",
	"no_data": "Belum ada data realisasi; bukan nol dan tidak ikut rata-rata.",
	"manual": "Target atau realisasi ini tidak dapat dihitung dengan rumus baku; perlu penilaian manual.",
}


def _worked(base: str, target: float, realization: float) -> str:
	t, r = format_number(target, None), format_number(realization, None)
	return {
		"ratio": f"{r} ÷ {t} × 100",
		"complement": f"(2 × {t} − {r}) ÷ {t} × 100",
		"inverse": f"{t} ÷ {r} × 100",
		"deviation": f"100 − |{r} − {t}| ÷ {t} × 100",
	}[base]


def _shown(value) -> str:
	if isinstance(value, str):
		return value.strip()
	if isinstance(value, tuple):
		return "–".join(format_number(bound, None) for bound in value)
	return format_number(value, None)


def _explanations(frame: pd.DataFrame, result: pd.DataFrame, base: np.ndarray) -> list[str]:
	columns = [
		frame[name].tolist() if name in frame else [None] * len(frame)
		for name in ("target", "target_upper", "target_label", "realization", "realization_label")
	]
	outcome = [result[name].tolist() for name in ("status", "method", "achievement", "achievement_scored")]
	sentences = []
	for low, high, label, reached, reached_label, status, method, raw, scored, code in zip(
		*columns, *outcome, base, strict=True
	):
		target = label if isinstance(label, str) else low
		if high is not None and high == high:
			target = (low, high)
		realization = reached_label if isinstance(reached_label, str) else reached
		sentences.append(explain(status, method, METHODS[code], target, realization, raw, scored))
	return sentences
