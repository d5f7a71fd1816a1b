"""The figures of indicators over the years as core analyses them: one frame, a row per indicator and quarter.

Scope: the units of the session user. A fixed number of queries, whatever the number of indicators.
"""

import frappe
import numpy as np
import pandas as pd
from frappe.query_builder.functions import Coalesce

from seroja.constants import INDICATOR, REALIZATION
from seroja.core.achievement import VALUED
from seroja.core.numbers import stored_number, stored_value
from seroja.services.as_known import day_of, standing
from seroja.services.repository import ROW, within_scope
from seroja.services.targets import quarter_target

YEARS = 5  # as many as core needs to tell a trend from chance, and a plan has
QUARTERS = 4


def load(filters: dict, until=None, codes: list[str] | None = None) -> pd.DataFrame:
	"""The frame of core.analysis and core.checks, with `sheet, state` besides; `key` is the code of the indicator.

	filters: opd (with the units below it), only_iku, include_unverified, as_known_on. until: the Reporting Period that
	is looked at, with those before it of YEARS years; None: today's. codes: these indicators only; without them those
	that are still valid. Six queries at most.
	"""
	rows = _rows(filters, until, codes)
	frame = pd.DataFrame(rows, columns=_COLUMNS)
	frame = _typed(frame)
	frame = frame.sort_values("_sheet_order", kind="stable").drop_duplicates(
		["key", "year", "number"], keep="last"
	)
	if filters.get("only_iku"):
		frame = _iku_of_today(frame)
	frame["evidence_digest"] = _digests(frame)
	frame["earlier_target"] = _earlier_targets(frame)
	frame["verified_value"] = _verified_values(frame)
	return frame.drop(columns=["_sheet_order", "evidence", "evidence_link"]).reset_index(drop=True)


_COLUMNS = (
	"sheet",
	"state",
	"opd",
	"year",
	"number",
	"target_document",
	"amended_from",
	"is_late",
	"key",
	"indicator",
	"unit",
	"polarity",
	"consolidation",
	"has_value",
	"realization",
	"to_date",
	"target_text",
	"year_target",
	"status",
	"achievement",
	"is_iku",
	"weight",
	"budget",
	"has_budget_realization",
	"budget_realization",
	"evidence",
	"evidence_link",
)


def _rows(filters: dict, until, codes: list[str] | None) -> list[tuple]:
	sheet, row, indicator = (frappe.qb.DocType(name) for name in (REALIZATION, ROW, INDICATOR))
	last = int(until.year) if until else day_of(filters).year
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.left_join(indicator)
		.on(indicator.name == row.indicator)
		.select(
			sheet.name,
			sheet.workflow_state,
			sheet.opd,
			sheet.year,
			sheet.quarter,
			sheet.target_document,
			sheet.amended_from,
			sheet.is_late,
			row.indicator,
			row.indicator_name,
			Coalesce(row.unit, ""),
			row.polarity,
			row.consolidation,
			row.has_value,
			row.realization_value,
			row.realization_ytd,
			row.target,
			row.year_target,
			row.status,
			row.achievement_raw,
			row.is_iku,
			row.weight,
			row.budget,
			row.has_budget_realization,
			row.budget_realization_value,
			row.evidence,
			row.evidence_link,
		)
		.where(standing(sheet, filters) & (sheet.year > last - YEARS) & (sheet.year <= last))
		.orderby(sheet.creation)
	)
	if until:
		query = query.where((sheet.year < last) | (sheet.quarter <= int(until.quarter)))
	if codes is not None:
		query = query.where(row.indicator.isin(codes or [""]))
	else:
		query = query.where((Coalesce(indicator.valid_to, 0) == 0) | (indicator.valid_to >= last))
	return within_scope(query, sheet.opd, filters.get("opd")).run()


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
	"""Texts and flags of the desk as core takes them; a missing figure is NaN, never 0."""
	is_valued = frame["status"].isin(VALUED)
	has_evidence = frame["evidence"].fillna("").ne("") | frame["evidence_link"].fillna("").ne("")
	spent = frame["budget_realization"].astype("float64").where(frame["has_budget_realization"] == 1)
	low, high = _bounds(frame["target_text"])
	year_low, year_high = _bounds(frame["year_target"])
	return frame.assign(
		_sheet_order=np.arange(len(frame)),
		periods=QUARTERS,
		polarity=frame["polarity"].fillna("").str.lower(),
		consolidation=frame["consolidation"].replace("", None).fillna("LAST"),
		realization=frame["realization"].astype("float64").where(frame["has_value"] == 1),
		value=_numbers(frame["to_date"]),
		target=low,
		target_upper=high,
		year_target=year_low,
		year_target_upper=year_high,
		achievement=frame["achievement"].astype("float64").where(is_valued),
		has_evidence=has_evidence,
		budget=frame["budget"].astype("float64").where(frame["budget"].astype("float64") > 0),
		budget_realization=spent,
		is_iku=frame["is_iku"].astype(bool),
		is_late=frame["is_late"].astype(bool),
		weight=frame["weight"].astype("float64"),
	)


def _numbers(texts: pd.Series) -> np.ndarray:
	"""Figures as people wrote them; each text is read once, however many rows have it."""
	read = {text: stored_number(text) for text in texts.unique()}
	return texts.map(read).astype("float64").to_numpy()


def _bounds(texts: pd.Series) -> tuple[np.ndarray, np.ndarray]:
	"""Lower and upper bound of targets; the upper one only where the target is a range."""
	read = {text: _bounds_of(text) for text in texts.unique()}
	low, high = (texts.map({text: pair[place] for text, pair in read.items()}) for place in (0, 1))
	return low.astype("float64").to_numpy(), high.astype("float64").to_numpy()


def _bounds_of(text: str | None) -> tuple[float, float]:
	value = stored_value(text)
	return (
		np.nan if value.low is None else value.low,
		np.nan if value.high is None else value.high,
	)


def _iku_of_today(frame: pd.DataFrame) -> pd.DataFrame:
	"""The indicators that are IKU in their latest row, with all their past."""
	latest = frame.sort_values(["year", "number"], kind="stable").drop_duplicates("key", keep="last")
	return frame[frame["key"].isin(latest.loc[latest["is_iku"], "key"])]


# --- what only some rows need ---


def _digests(frame: pd.DataFrame) -> pd.Series:
	"""What a row's file is known by: the hash of its content. One query.

	A link has none: the same page may show another figure every quarter.
	"""
	urls = [url for url in frame["evidence"].dropna().unique() if url]
	file = frappe.qb.DocType("File")
	query = frappe.qb.from_(file).select(file.file_url, file.content_hash).where(file.file_url.isin(urls))
	hashes = {url: content_hash for url, content_hash in query.run() if content_hash} if urls else {}
	return pd.Series([hashes.get(url, "") for url in frame["evidence"]], index=frame.index, dtype=object)


def _earlier_targets(frame: pd.DataFrame) -> pd.Series:
	"""The target that was in force when the first figure of the year was entered, where another is in force now."""
	found = pd.Series(np.nan, index=frame.index)
	ordered = frame.dropna(subset=["target_document"]).sort_values(["year", "number"], kind="stable")
	known = ordered["amended_from"].map(_targets_before(ordered)).fillna(ordered["target_document"])
	first = known.groupby([ordered["opd"], ordered["year"]]).transform("first")
	revised = ordered[first.ne(ordered["target_document"])]
	if revised.empty:
		return found
	items = _target_items(first[revised.index].unique().tolist())
	for index, row in revised.iterrows():
		item = items.get((first[index], row["key"]))
		if item:
			found[index] = _bounds_of(quarter_target(item, int(row["number"])))[0]
	return found


def _targets_before(frame: pd.DataFrame) -> dict[str, str]:
	"""Replaced sheet → the target that it was entered under: a reopened sheet takes the one of today. One query."""
	replaced = frame["amended_from"].dropna().unique().tolist()
	if not replaced:
		return {}
	return dict(
		frappe.get_all(REALIZATION, {"name": ["in", replaced]}, ["name", "target_document"], as_list=True)
	)


def _target_items(parents: list[str]) -> dict[tuple[str, str], dict]:
	"""One query; the targets are those of sheets that the session user sees."""
	fields = ["parent", "indicator", "year_target", "target_q1", "target_q2", "target_q3", "target_q4"]
	rows = frappe.get_all("Performance Target Item", {"parent": ["in", parents]}, fields)
	return {(row.parent, row.indicator): row for row in rows}


def _verified_values(frame: pd.DataFrame) -> pd.Series:
	"""The value as it was verified before the sheet was reopened. One query."""
	replaced = frame["amended_from"].dropna().unique().tolist()
	if not replaced:
		return pd.Series(np.nan, index=frame.index)
	rows = frappe.get_all(
		ROW, {"parent": ["in", replaced]}, ["parent", "indicator", "realization_ytd"], as_list=True
	)
	before = {(sheet, indicator): stored_number(text) for sheet, indicator, text in rows}
	pairs = zip(frame["amended_from"], frame["key"], strict=True)
	return pd.Series([before.get(pair) for pair in pairs], index=frame.index, dtype="float64")


def own(codes: list[str]) -> list[str]:
	"""Those of the indicators that belong to the units of the session user now: one that moved has left its figures
	behind, and its plans are those of another unit. One query."""
	indicator = frappe.qb.DocType(INDICATOR)
	query = frappe.qb.from_(indicator).select(indicator.name).where(indicator.name.isin(codes or [""]))
	return within_scope(query, indicator.opd).run(pluck=True)


# --- targets ---


def year_targets(frame: pd.DataFrame, filters: dict) -> pd.DataFrame:
	"""The targets of year ends: `key, year, target, target_upper`. Two queries; the indicators are those of the frame.

	The agreed target of a year that has sheets stands before the one of the plan. As known on an earlier day there are
	only the agreed ones: nobody knows any more what the plan said on that day.
	"""
	agreed = frame.sort_values(["year", "number"]).dropna(subset=["year_target"])
	agreed = agreed.drop_duplicates(["key", "year"], keep="last")[
		["key", "year", "year_target", "year_target_upper"]
	]
	agreed = agreed.rename(columns={"year_target": "target", "year_target_upper": "target_upper"})
	if filters.get("as_known_on"):
		return agreed
	rows = frappe.get_all(
		"Performance Indicator Year Target",
		{
			"parent": ["in", own(frame["key"].unique().tolist()) or ["-"]],
			"parenttype": INDICATOR,
			"target": ["is", "set"],
		},
		["parent", "year", "target"],
		as_list=True,
	)
	planned = pd.DataFrame(rows, columns=["key", "year", "text"])
	planned["target"], planned["target_upper"] = _bounds(planned["text"])
	both = pd.concat([planned.drop(columns="text").dropna(subset=["target"]), agreed], ignore_index=True)
	return both.drop_duplicates(["key", "year"], keep="last")
