"""Which sheets and rows deserve the Inspektorat's look first, and why (core.risk)."""

from collections import Counter

import frappe
import pandas as pd

from seroja.constants import ENTRY, REALIZATION
from seroja.core import risk as core
from seroja.core.numbers import format_number
from seroja.services import analysis, figure_series
from seroja.services.repository import ROW


def scored_rows(sheets: list[str]) -> pd.DataFrame:
	"""The rows with a figure of these sheets with `risk, band, parts, codes, messages`. A fixed number of queries.

	sheets: of one or of several periods; only those that the session user sees count.
	"""
	frame = figure_series.load({"include_unverified": 1}, _last_period(sheets), _indicators(sheets))
	found = analysis.findings(frame)
	is_filled = frame["to_date"].fillna("").ne("")
	rows = frame[frame["sheet"].isin(sheets) & is_filled].reset_index(drop=True)
	rows["times_returned"] = rows["sheet"].map(_returns(sheets)).fillna(0).astype(int)
	scored = core.score_rows(rows, found)
	by_row = found.groupby(["key", "year", "number"])
	moments = list(zip(scored["key"], scored["year"], scored["number"], strict=True))
	for name, column in (("codes", "code"), ("messages", "message")):
		known = by_row[column].agg(tuple).to_dict()
		scored[name] = [known.get(moment, ()) for moment in moments]
	return scored


def sheet_risks(sheets: list[str]) -> dict[str, dict]:
	"""Sheet → `risk` (points of core.risk) and `parts` (label, points), of those that have rows with a figure."""
	if not sheets:
		return {}
	found = core.sheet_risk(scored_rows(sheets), "sheet")
	return {row["sheet"]: row for row in found.to_dict("records")}


def parts_text(parts) -> str:
	"""The parts of a risk as people read them: Temuan berat 30 · Indikator kinerja utama 8."""
	return " · ".join(f"{label} {format_number(points, 0)}" for label, points in parts if round(points))


def band_label(band: str) -> str:
	return core.BAND_LABELS[band]


def _last_period(sheets: list[str]):
	names = frappe.get_all(
		REALIZATION,
		{"name": ["in", sheets or ["-"]]},
		pluck="period",
		order_by="year desc, quarter desc",
		limit=1,
	)
	return frappe.get_cached_doc("Reporting Period", names[0]) if names else None


def _indicators(sheets: list[str]) -> list[str]:
	return frappe.get_all(ROW, {"parent": ["in", sheets or ["-"]]}, pluck="indicator", distinct=True)


def _returns(sheets: list[str]) -> Counter:
	"""How often each sheet was returned."""
	filters = {
		"reference_doctype": REALIZATION,
		"reference_name": ["in", sheets or ["-"]],
		"action": "Return",
	}
	return Counter(frappe.get_all(ENTRY, filters, pluck="reference_name"))
