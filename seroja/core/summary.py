"""Evaluation summaries: per indicator group, objective and OPD (domain.md 3.3 and 3.5).

Two steps, so that a database or a cluster can do the first one: `partial_sums` adds up what is
additive per OPD and objective, `summarise` turns the sums into means, shares and efficiency.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from seroja.core.numbers import snap

WITHOUT_OBJECTIVE = "(tanpa sasaran)"

# The additive columns. A "valued" row has an achievement; a "paired" one has budget and realization of it.
SUMS = (
	"indicators",
	"valued",
	"no_data",
	"no_target",
	"no_population",
	"manual",
	"invalid",
	"flagged",
	"raw_sum",
	"scored_sum",
	"weighted",
	"weight_sum",
	"weighted_raw_sum",
	"weighted_scored_sum",
	"budget",
	"paired_budget",
	"budget_realization",
	"efficiency_budget",
	"efficiency_realization",
)


def partial_sums(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
	"""Add up evaluated indicators per `keys` (which may be empty strings for "none").

	Columns in: the keys, `achievement`, `achievement_scored`, `status`, and optionally `category`,
	`weight`, `budget`, `budget_realization`. Columns out: the keys, SUMS and one `count:LABEL` per
	category. Budgets in rupiah.
	"""
	groups = frame.groupby(keys, observed=True, sort=False, dropna=False).ngroup().to_numpy()
	count = int(groups.max()) + 1 if len(groups) else 0
	first = np.zeros(count, dtype=int)
	first[groups[::-1]] = np.arange(len(groups))[::-1]
	# One pass of bincount per column: a groupby of the same columns takes four times as long.
	sums = {
		name: np.bincount(groups, column, count) if column is not None else 0.0
		for name, column in _additive(frame).items()
	}
	sums |= _category_counts(frame, groups, count)
	return frame[keys].iloc[first].reset_index(drop=True).assign(**sums)


def _category_counts(frame: pd.DataFrame, groups: np.ndarray, count: int) -> dict:
	if "category" not in frame:
		return {}
	category = frame["category"].astype("category").cat
	labels, codes = list(category.categories), category.codes.to_numpy()
	cells = np.bincount(groups * (len(labels) + 1) + codes + 1, minlength=count * (len(labels) + 1))
	table = cells.reshape(count, len(labels) + 1)[:, 1:].astype(float)
	return {f"count:{label}": table[:, number] for number, label in enumerate(labels)}


def _additive(frame: pd.DataFrame) -> dict[str, np.ndarray | None]:
	"""What is added up, per row; None where every row has 0."""
	raw, scored = frame["achievement"].to_numpy(), frame["achievement_scored"].to_numpy()
	status = frame["status"].astype("category").cat
	names, codes = list(status.categories), status.codes.to_numpy()
	valued = ~np.isnan(raw)
	columns = {"indicators": np.ones(len(frame)), "valued": valued}
	for name in ("no_data", "no_target", "no_population", "manual", "invalid"):
		columns[name] = codes == names.index(name) if name in names else None
	columns["flagged"] = np.isin(
		codes, [names.index(name) for name in ("implausible", "zero_base") if name in names]
	)
	columns["raw_sum"], columns["scored_sum"] = np.where(valued, raw, 0), np.where(valued, scored, 0)
	return columns | _weights(frame, columns) | _budgets(frame, raw, valued)


def _weights(frame: pd.DataFrame, columns: dict) -> dict:
	names = ("weighted", "weight_sum", "weighted_raw_sum", "weighted_scored_sum")
	if "weight" not in frame or frame["weight"].isna().all():
		return dict.fromkeys(names)
	given = ~frame["weight"].isna().to_numpy() & columns["valued"]
	weight = np.where(given, np.nan_to_num(_numbers(frame, "weight")), 0)
	values = (given, weight, weight * columns["raw_sum"], weight * columns["scored_sum"])
	return dict(zip(names, values, strict=True))


def _budgets(frame: pd.DataFrame, raw: np.ndarray, valued: np.ndarray) -> dict:
	names = ("budget", "paired_budget", "budget_realization", "efficiency_budget", "efficiency_realization")
	if "budget" not in frame:
		return dict.fromkeys(names)
	budget, spent = _numbers(frame, "budget"), _numbers(frame, "budget_realization")
	paired = (budget > 0) & ~np.isnan(spent)
	both = paired & valued
	values = (
		np.nan_to_num(budget),
		np.where(paired, budget, 0),
		np.where(paired, spent, 0),
		np.where(both, budget * raw / 100, 0),
		np.where(both, spent, 0),
	)
	return dict(zip(names, values, strict=True))


def _numbers(frame: pd.DataFrame, column: str) -> np.ndarray:
	if column not in frame:
		return np.full(len(frame), np.nan)
	return frame[column].to_numpy(dtype="float64", na_value=np.nan)


def summarise(sums: pd.DataFrame, by: list[str], objective: str | None = "objective") -> pd.DataFrame:
	"""Turn partial sums into a summary per `by`.

	Columns out: `by`; `indicators, valued, no_data, no_target, no_population, manual, invalid, flagged` (counts);
	`mean_raw, mean_scored` (percent); `weakest` (the lowest mean of an objective, percent) and
	`weakest_objective`; `completeness` (percent of indicators that need a value and have one);
	`budget, budget_realization` (rupiah); `absorption, efficiency_gap, efficiency, efficiency_value`
	(percent, domain.md 3.5); `efficiency_label`; `count:LABEL` per category.

	The mean of a group is weighted where every valued indicator has a weight, else it is the mean of
	the means of its objectives (domain.md 3.3). Nothing to average gives NaN.
	"""
	sums = sums.copy()
	counts = [column for column in sums.columns if column.startswith("count:")]
	additive = [*SUMS, *counts]
	keys = [*by, objective] if objective in sums and objective not in by else by
	parts = sums.groupby(keys, observed=True, sort=False, dropna=False)[additive].sum().reset_index()
	parts = parts.assign(**_means(parts))
	groups = parts.groupby(by, observed=True, sort=False, dropna=False)
	total = groups[additive].sum()
	of_objectives = {name: groups[name].mean() for name in ("mean_raw", "mean_scored")}
	total = total.assign(**_means(total, of_objectives))
	total = total.join(_weakest(parts, by, objective))
	return _finished(total, counts).reset_index()


def summarise_all(sums: pd.DataFrame, by_opd: pd.DataFrame) -> pd.Series:
	"""The summary of the whole government: counts and budgets added up, means over its OPDs.

	sums: partial sums; by_opd: their summary by OPD. Each OPD has the same voice. The weakest
	objective is the weakest of any OPD. The figures are those of `summarise`.
	"""
	counts = [column for column in sums.columns if column.startswith("count:")]
	total = sums[[*SUMS, *counts]].sum().to_frame().T
	for name in ("mean_raw", "mean_scored"):
		total[name] = snap(by_opd[name].mean())
	known = by_opd.dropna(subset=["weakest"]).sort_values("weakest", kind="stable")
	for name in ("weakest", "weakest_objective"):
		total[name] = known[name].iloc[0] if len(known) else None
	return _finished(total, counts).iloc[0]


def _finished(total: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
	"""Shares and efficiency from the sums and means; counts as whole numbers."""
	result = total.assign(**_shares(total))
	whole = [*_SUMMARY[: _SUMMARY.index("mean_raw")], *counts]
	result[whole] = result[whole].astype(int)
	return result[[*_SUMMARY, *counts]]


_SUMMARY = (
	"indicators",
	"valued",
	"no_data",
	"no_target",
	"no_population",
	"manual",
	"invalid",
	"flagged",
	"mean_raw",
	"mean_scored",
	"weakest",
	"weakest_objective",
	"completeness",
	"budget",
	"budget_realization",
	"absorption",
	"efficiency_gap",
	"efficiency",
	"efficiency_value",
	"efficiency_label",
)


def _means(sums: pd.DataFrame, otherwise: dict | None = None) -> dict:
	"""Weighted means where every valued indicator carries a weight; else `otherwise`, or the plain means."""
	weighted_everywhere = (sums["weighted"] == sums["valued"]) & (sums["weight_sum"] > 0)
	means = {}
	for name in ("raw", "scored"):
		plain = sums[f"{name}_sum"] / sums["valued"].where(sums["valued"] > 0)
		weighted = sums[f"weighted_{name}_sum"] / sums["weight_sum"].where(sums["weight_sum"] > 0)
		chosen = otherwise[f"mean_{name}"] if otherwise else plain
		means[f"mean_{name}"] = snap(np.where(weighted_everywhere, weighted, chosen))
	return means


def _weakest(parts: pd.DataFrame, by: list[str], objective: str | None) -> pd.DataFrame:
	"""The lowest mean of an objective that has a name, and that name, per group."""
	named = parts.dropna(subset=["mean_scored"])
	if objective in parts:
		named = named[~named[objective].isin(["", WITHOUT_OBJECTIVE])]
	else:
		named = named.assign(**{"objective": None})
	ordered = named.sort_values("mean_scored", kind="stable")
	first = ordered.groupby(by, observed=True, sort=False, dropna=False)[
		["mean_scored", objective or "objective"]
	].first()
	return first.set_axis(["weakest", "weakest_objective"], axis=1)


def _shares(total: pd.DataFrame) -> dict:
	needed = total["indicators"] - total["no_population"]
	absorption = absorption_of(total["budget_realization"], total["paired_budget"])
	efficiency = efficiency_of(total["efficiency_budget"], total["efficiency_realization"])
	gap = total["mean_raw"] - absorption
	return {
		"completeness": total["valued"] / needed.where(needed > 0) * 100,
		"absorption": absorption,
		"efficiency_gap": gap,
		"efficiency": efficiency,
		"efficiency_value": np.clip(50 + efficiency / 20 * 50, 0, 100),
		"efficiency_label": _efficiency_labels(total["mean_raw"], gap),
	}


def absorption_of(realization, budget):
	"""Absorption (serapan): budget realization over budget, percent; NaN without a budget (domain.md 3.5)."""
	budget = pd.Series(budget)
	return pd.Series(realization) / budget.where(budget > 0) * 100


def efficiency_of(earned, spent):
	"""E of domain.md 3.5 practice 2, percent: what the result was worth less what it cost, over its worth.

	earned: sum of budget × achievement (as a fraction); spent: sum of budget realization.
	"""
	earned = pd.Series(earned)
	return (earned - pd.Series(spent)) / earned.where(earned > 0) * 100


def _efficiency_labels(mean_raw, gap) -> np.ndarray:
	"""“Efisien” only where the target was reached: unspent money alone is no efficiency (domain.md 3.5)."""
	labels = np.where((mean_raw >= 100) & (gap > 0), "Efisien", "Belum efisien")
	return np.where(np.isnan(gap), "–", labels)


def rank(values: pd.Series) -> pd.Series:
	"""Rank 1 for the largest; equal values share a rank; no value has none."""
	return values.rank(method="min", ascending=False).astype("Int64")
