"""Verification by risk: which rows the Inspektorat looks at first, and a sample that anybody can draw again.

The risk of a row is a sum of points, at most 89, so that a verifier can read where it comes from:

| part | points |
|---|---|
| findings of the number checks | 30 for each high one, 15 medium, 5 low; together at most 60 |
| key performance indicator (IKU) | 8 |
| sheet handed in late | 8 |
| sheet returned before | 8 |
| budget | up to 5, by its rank among the rows |

From 30 points, one high finding, a row is of high risk; from 15, one medium finding, of medium risk. What is no finding
never makes a row one of high risk by itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from seroja.core.checks import CHECKS, SEVERITIES

FINDING_POINTS = {"high": 30, "medium": 15, "low": 5}
MOST_FINDING_POINTS = 60
IKU_POINTS, LATE_POINTS, RETURNED_POINTS, BUDGET_POINTS = 8, 8, 8, 5
BANDS = {"high": 30, "medium": 15, "low": 0}  # lowest risk of each, highest first
BAND_LABELS = {"high": "Tinggi", "medium": "Sedang", "low": "Rendah"}
PART_LABELS = {
	"high": "Temuan berat",
	"medium": "Temuan sedang",
	"low": "Temuan ringan",
	"is_iku": "Indikator kinerja utama",
	"is_late": "Terlambat disampaikan",
	"times_returned": "Pernah dikembalikan",
	"budget": "Besar anggaran",
}
_ROW = ["key", "year", "number"]


# --- points ---


def score_rows(rows: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
	"""The rows of the period to verify, with `risk` (0 to 89), `band` (BANDS) and `parts`.

	rows: `key`, `year`, `number`, `opd`; optional `is_iku`, `is_late` (bool), `times_returned` (int), `budget`.
	findings: as `checks.find` gives them; those of other rows do not count. parts: ((label, points), …) that
	sum up to the risk, without those of 0 points.
	"""
	points = _finding_points(rows, findings)
	points["is_iku"] = IKU_POINTS * _flag(rows, "is_iku")
	points["is_late"] = LATE_POINTS * _flag(rows, "is_late")
	points["times_returned"] = RETURNED_POINTS * _number(rows, "times_returned").gt(0)
	budget = _number(rows, "budget")
	rank = budget.where(budget.gt(0)).rank(pct=True)
	points["budget"] = (BUDGET_POINTS * rank).round(1).fillna(0)
	points = points[list(PART_LABELS)].astype("float64")
	risk = points.sum(axis=1).round(1)
	return rows.assign(risk=risk, band=_bands(risk), parts=_parts(points))


def _finding_points(rows: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
	"""Points by severity; what is above the most is taken from the lighter ones."""
	counts = findings.groupby([*_ROW, "severity"]).size().unstack(fill_value=0)
	places = pd.MultiIndex.from_frame(rows[_ROW].astype({"key": str}))
	counts = counts.reindex(index=places, columns=list(SEVERITIES), fill_value=0).set_axis(rows.index)
	most = counts.mul(FINDING_POINTS).cumsum(axis=1).clip(upper=MOST_FINDING_POINTS)
	return most.diff(axis=1).fillna(most)


def _flag(rows: pd.DataFrame, name: str) -> pd.Series:
	return _number(rows, name).eq(1)


def _number(rows: pd.DataFrame, name: str) -> pd.Series:
	"""An optional column as numbers, NaN for none."""
	return pd.to_numeric(rows[name] if name in rows else pd.Series(np.nan, rows.index)).astype("float64")


def _bands(risk: pd.Series) -> np.ndarray:
	return np.select([risk >= lowest for lowest in BANDS.values()], list(BANDS), default="low")


def _parts(points: pd.DataFrame) -> list[tuple[tuple[str, float], ...]]:
	labels = list(PART_LABELS.values())
	return [
		tuple((label, value) for label, value in zip(labels, line, strict=True) if value)
		for line in points.round(1).to_numpy().tolist()
	]


def sheet_risk(scored: pd.DataFrame, by: str) -> pd.DataFrame:
	"""The risk of each sheet, highest first: that of its riskiest row; of equals the one with more such rows first.

	by: the column that names the sheet. Columns out: that one, `rows` (how many the sheet has), `risk`, `band` and
	`parts` of its riskiest row.
	"""
	ordered = scored.sort_values([by, "risk", "key"], ascending=[True, False, True])
	sheets = ordered.drop_duplicates(by)[[by, "risk", "band", "parts"]]
	per_sheet = scored.groupby(by)["risk"]
	sheets = sheets.assign(rows=sheets[by].map(per_sheet.size()), _sum=sheets[by].map(per_sheet.sum()))
	sheets = sheets.sort_values(["risk", "_sum", by], ascending=[False, False, True], ignore_index=True)
	return sheets[[by, "rows", "risk", "band", "parts"]]


# --- the sample ---


def draw(scored: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
	"""A sample of `size` rows: the riskier band first, at random within it, every OPD covered.

	The first row of each OPD in that order is in, then the order fills what is left. The same rows and seed
	give the same sample, in whatever order the rows come. Raises ValueError with a sentence for the user when
	the size is below the number of OPD or above the number of rows.
	"""
	units = scored["opd"].nunique()
	if size < units:
		raise ValueError(f"Sampel sedikitnya {units} baris, agar setiap perangkat daerah terwakili.")
	if size > len(scored):
		raise ValueError(f"Sampel paling banyak {len(scored)} baris, sebanyak baris yang dapat diperiksa.")
	rows = scored.sort_values(["opd", *_ROW])
	order = rows.assign(
		_band=rows["band"].map({band: place for place, band in enumerate(BANDS)}),
		_chance=np.random.default_rng(seed).random(len(rows)),
	).sort_values(["_band", "_chance"])
	is_first = ~order["opd"].duplicated()
	rest = np.flatnonzero(~is_first)[: size - units]
	chosen = is_first.to_numpy(copy=True)
	chosen[rest] = True
	return order[chosen].drop(columns=["_band", "_chance"]).reset_index(drop=True)


def precision(rows: pd.DataFrame) -> pd.DataFrame:
	"""How often a finding was right, from the rows of samples that were checked by hand.

	rows: `codes` (tuple of the codes found on the row), `band` and `result` ("correct", "wrong", or "" while
	not checked). Columns out: `code`, `label`, `flagged` (rows), `checked`, `wrong` and `precision` (share of the
	checked rows that were wrong, NaN for none); below the codes "high" for the rows of high risk and
	"all" for all rows.
	"""
	exploded = rows.explode("codes").dropna(subset="codes")
	labels = {check.code: check.label for check in CHECKS}
	lines = [_line(code, labels.get(code, code), found) for code, found in exploded.groupby("codes")]
	lines.append(_line("high", "Baris berisiko tinggi", rows[rows["band"].eq("high")]))
	lines.append(_line("all", "Semua baris sampel", rows))
	return pd.DataFrame(lines)


def _line(code: str, label: str, rows: pd.DataFrame) -> dict:
	wrong, checked = rows["result"].eq("wrong").sum(), rows["result"].isin(["correct", "wrong"]).sum()
	share = wrong / checked if checked else np.nan
	return {
		"code": code,
		"label": label,
		"flagged": len(rows),
		"checked": int(checked),
		"wrong": int(wrong),
		"precision": share,
	}
