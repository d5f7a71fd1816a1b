"""Outlook and number checks of the figures that the session user may see; computed by core, kept nowhere."""

from base64 import b64encode

import frappe
import pandas as pd
from frappe import _

from seroja.constants import INDICATOR
from seroja.core import analysis as core
from seroja.core import checks
from seroja.core.analysis_charts import draw_indicator
from seroja.core.analysis_tables import endangered, status_counts
from seroja.core.rendering import records
from seroja.services import figure_series
from seroja.services.report_parts import escape_texts

CHECK_DOCTYPE = "Performance Indicator Check"
STATUS_LABELS, SEVERITY_LABELS = core.STATUS_LABELS, checks.SEVERITY_LABELS
_CHECK_LABELS = {check.code: check.label for check in checks.CHECKS}


def outlook(frame: pd.DataFrame, found: pd.DataFrame, filters: dict) -> pd.DataFrame:
	"""The outlook of every indicator of a frame of figure_series from its latest year on. found: its findings; filters:
	as_known_on. Two queries at most."""
	latest = 0 if frame.empty else int(frame["year"].max())
	return core.analyse(frame, figure_series.year_targets(frame, filters), found, latest)


def findings(frame: pd.DataFrame) -> pd.DataFrame:
	"""What the number checks find in a frame of figure_series, without what is switched off. Two queries."""
	return checks.find(frame, switched_off(frame["key"].unique().tolist()).keys())


def switched_off(codes: list[str]) -> dict[tuple[str, str], str]:
	"""(indicator, code of the check) → why it is switched off. Two queries; of indicators of the reader's units."""
	rows = frappe.get_all(
		CHECK_DOCTYPE,
		{"parent": ["in", figure_series.own(codes) or ["-"]]},
		["parent", "check_name", "reason"],
		as_list=True,
	)
	return {(indicator, frappe.scrub(name)): reason for indicator, name, reason in rows}


def check_label(code: str) -> str:
	return _CHECK_LABELS.get(code, code)


# --- rows of the reports ---


def outlook_rows(frame: pd.DataFrame, filters: dict) -> list[dict]:
	"""The outlooks as the report shows them, one row per indicator and year; probability in percent. Four queries at most."""
	return [
		{
			"opd": row["opd"],
			"indicator": row["key"],
			"subject": row["key"],
			"doctype": INDICATOR,
			"indicator_name": row["indicator"],
			"unit": row["unit"],
			"year": str(row["year"]),
			"target": core.goal_text(row),
			"probability": _or_none(100 * row["probability"]),
			"status": row["status"],
			"status_label": STATUS_LABELS[row["status"]],
			"direction_label": core.DIRECTION_LABELS[row["direction"]],
			"reason": " ".join(filter(None, (row["reason"], row["seasonality"]))),
			**{name: _or_none(row[name]) for name in ("forecast", "lower", "upper")},
		}
		for row in outlook(frame, findings(frame), filters)
		.sort_values(["opd", "key", "year"])
		.to_dict("records")
	]


def _or_none(value: float) -> float | None:
	return value if value == value else None


def finding_rows(frame: pd.DataFrame, period) -> list[dict]:
	"""The findings of a period as the report shows them, by OPD, worst first. Two queries."""
	found = findings(frame)
	found = found[(found["year"] == int(period.year)) & (found["number"] == int(period.quarter))]
	sheets = (
		frame.drop_duplicates(["key", "year", "number"])
		.set_index(["key", "year", "number"])["sheet"]
		.to_dict()
	)
	rows = [
		{
			"opd": row["opd"],
			"indicator": row["key"],
			"indicator_name": row["indicator"],
			"period": row["period"],
			"severity": row["severity"],
			"severity_label": SEVERITY_LABELS[row["severity"]],
			"check_label": check_label(row["code"]),
			"message": row["message"],
			"sheet": sheets.get((row["key"], row["year"], row["number"])),
		}
		for row in found.to_dict("records")
	]
	return sorted(
		rows, key=lambda row: (row["opd"], checks.SEVERITIES.index(row["severity"]), row["indicator"])
	)


def switch_rows(frame: pd.DataFrame) -> list[dict]:
	"""The checks that are switched off for indicators of the frame, each with its reason. Two queries."""
	about = frame.drop_duplicates("key", keep="last").set_index("key")[["opd", "indicator"]]
	return [
		{
			"opd": about.at[key, "opd"],
			"indicator": key,
			"indicator_name": about.at[key, "indicator"],
			"severity": "off",
			"severity_label": _("Switched Off"),
			"check_label": check_label(code),
			"message": reason,
		}
		for (key, code), reason in sorted(switched_off(about.index.tolist()).items())
	]


# --- panels of the forms ---


def of_indicator(code: str) -> dict:
	"""What the form of an indicator shows: `picture` (PNG as data address), `outlook`, `findings`.

	Verified figures of the session user's units; the caller has checked the permission on the indicator.
	"""
	frame = figure_series.load({}, codes=[code])
	found = findings(frame)
	expected = outlook(frame, found, {})
	return {
		"picture": _picture(frame, expected),
		"outlook": [_shown(row) for row in expected.to_dict("records")],
		"findings": _found(found),
	}


def of_sheet(doc) -> dict:
	"""What the form of a sheet shows: `outlook` of what is not on track, `counts` by status, `findings` of its rows.

	Its own figures count whether they are verified or not; the caller has checked the permission on the sheet.
	"""
	period = frappe.get_cached_doc("Reporting Period", doc.period)
	filters = {"opd": doc.opd, "include_unverified": 1}
	frame = figure_series.load(filters, period, [row.indicator for row in doc.items])
	found = findings(frame)
	expected = outlook(frame, found, filters)
	return {
		"counts": [
			{"status": status, "label": STATUS_LABELS[status], "count": count}
			for status, count in status_counts(expected).items()
		],
		"outlook": [_shown(row) for row in endangered(expected).to_dict("records")],
		"findings": _found(found[(found["year"] == doc.year) & (found["number"] == doc.quarter)]),
	}


def _shown(row: dict) -> dict:
	"""An outlook with its labels, safe to put on a page."""
	shown = {
		"indicator": row["indicator"],
		"year": row["year"],
		"status": row["status"],
		"status_label": core.STATUS_LABELS[row["status"]],
		"direction": core.DIRECTION_LABELS[row["direction"]],
		"reason": row["reason"],
		"seasonality": row["seasonality"],
	}
	escape_texts([shown], ("indicator", "reason", "seasonality"))
	return shown


def _found(found: pd.DataFrame) -> list[dict]:
	"""Findings, worst first, safe to put on a page."""
	rows = found.assign(_rank=found["severity"].map(checks.SEVERITIES.index))
	rows = rows.sort_values(["_rank", "year", "number"], ascending=[True, False, False], kind="stable")
	shown = [
		{name: row[name] for name in ("indicator", "period", "severity", "message")}
		| {"label": check_label(row["code"]), "severity_label": SEVERITY_LABELS[row["severity"]]}
		for row in rows.to_dict("records")
	]
	escape_texts(shown, ("indicator", "message", "label"))
	return shown


def forecast_charts(frame: pd.DataFrame, expected: pd.DataFrame, most: int) -> dict[str, bytes]:
	"""Name → PNG: the forecasts of the indicators most in need, at most so many."""
	keys = endangered(expected)["key"].drop_duplicates().head(most)
	return {
		f"forecast-{number}": draw_indicator(
			frame[frame["key"] == key], records(expected[expected["key"] == key])
		)
		for number, key in enumerate(keys, 1)
	}


def _picture(frame: pd.DataFrame, expected: pd.DataFrame) -> str:
	"""The figures with what is expected of them, as a picture for the page; "" where there is nothing to draw."""
	known = frame[frame["value"].notna()].sort_values(["year", "number"])
	if known.empty or known["polarity"].iloc[0] == "qualitative":
		return ""
	png = draw_indicator(known, records(expected))
	return f"data:image/png;base64,{b64encode(png).decode()}"
