"""Outlook and findings put in order, counted and as people read them; nothing is computed here."""

from __future__ import annotations

import pandas as pd

from seroja.core.analysis import STATUS_LABELS, STATUSES, chance_text, goal_text
from seroja.core.checks import SEVERITIES
from seroja.core.numbers import format_number
from seroja.core.parts import clean

_SHOWN_STATUSES = ("on_track", "at_risk", "off_track", "unknown")  # best first


def in_need(outlook: pd.DataFrame) -> pd.DataFrame:
	"""The outlook with the indicators most in need first: by status, then by probability; years in their order."""
	ranked = outlook.assign(
		_status=outlook["status"].map({status: rank for rank, status in enumerate(STATUSES)}),
		_chance=outlook["probability"].fillna(1.0),
	)
	worst = ["_status", "_chance"]
	ranked[worst] = ranked.groupby("key")[worst].transform("min")
	return ranked.sort_values(["_status", "_chance", "key", "year"], ignore_index=True)[list(outlook)]


def endangered(outlook: pd.DataFrame) -> pd.DataFrame:
	"""The outlooks that are not on track, most in need first."""
	return in_need(outlook[outlook["status"].isin(["off_track", "at_risk"])])


def status_counts(outlook: pd.DataFrame) -> dict[str, int]:
	"""Indicators per status, best first; of an indicator with two years the nearer one counts."""
	nearest = outlook.sort_values(["key", "year"]).drop_duplicates("key")["status"]
	return {status: int((nearest == status).sum()) for status in _SHOWN_STATUSES}


def severity_counts(findings: pd.DataFrame) -> dict[str, int]:
	"""Findings per severity, worst first."""
	return {severity: int((findings["severity"] == severity).sum()) for severity in SEVERITIES}


def outlook_table(outlook: pd.DataFrame) -> pd.DataFrame:
	"""`indicator, year, forecast, lower, upper, probability, status, method, reason`, unrounded; `opd` first if any."""
	columns = ["indicator", "year", "forecast", "lower", "upper", "probability", "status", "method", "reason"]
	return _with_opd(outlook, columns)


def checks_table(findings: pd.DataFrame) -> pd.DataFrame:
	"""`indicator, year, period, code, severity, message`; `opd` first if any."""
	return _with_opd(findings, ["indicator", "year", "period", "code", "severity", "message"])


def _with_opd(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
	return frame[["opd", *columns] if has_opd_of(frame) else columns]


def has_opd_of(frame: pd.DataFrame) -> bool:
	"""Whether any row names a unit."""
	return bool((frame["opd"] != "").any())


def outlook_cells(row: dict) -> dict[str, str]:
	"""A row of the outlook as it is printed: `indicator, opd, year, target, forecast, interval, chance, status, reason`."""
	return {
		"indicator": clean(f"{row['indicator']} ({row['unit']})" if row["unit"] else row["indicator"]),
		"opd": clean(row["opd"]),
		"year": str(row["year"]),
		"target": goal_text(row),
		"forecast": format_number(row["forecast"], row["decimals"]),
		"interval": _interval(row),
		"chance": _chance(row["probability"]),
		"status": STATUS_LABELS[row["status"]],
		"reason": clean(row["reason"]),
	}


def _interval(row: dict) -> str:
	if row["lower"] is None or row["is_final"]:
		return "–"
	return (
		f"{format_number(row['lower'], row['decimals'])} s.d. {format_number(row['upper'], row['decimals'])}"
	)


def _chance(probability: float | None) -> str:
	text = "–" if probability is None else chance_text(probability)
	return text.replace("di bawah", "<").replace("di atas", ">")
