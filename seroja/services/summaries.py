"""Evaluation summaries for reports and documents: scoped rows from the repository, figures from core."""

import frappe
import pandas as pd
from frappe import _
from frappe.utils import getdate, today

from seroja.core import evaluation
from seroja.core.achievement import VALUED
from seroja.core.narrative import unit_text
from seroja.core.rendering import format_date
from seroja.core.summary import rank, summarise
from seroja.services import analysis, paper, repository, snapshots, stories
from seroja.services.as_known import day_of
from seroja.services.calculation import get_calculation

MOST_FORECASTS = 3  # charts in a summary; the report Indicator Outlook has every indicator


def opd_summary(period, filters: dict) -> list[dict]:
	"""One row per OPD that owes a sheet or has one: figures of core.summary, rank, timeliness, state.

	OPDs without figures stay in the table, with no value and no rank. Six queries.
	"""
	scale = get_calculation(period.year).scale
	expected = repository.expected_opds(period.year, filters)
	sheets = repository.sheets_of_year(period.year, filters)
	sums = repository.opd_sums(period, filters, scale.labels)
	figures = {} if sums.empty else _figures(summarise(sums, ["opd"]), scale)
	states = {sheet.opd: sheet.workflow_state for sheet in sheets if sheet.period == period.name}
	names = repository.opd_names()
	timeliness = _timeliness(period, expected, sheets, filters)
	rows = []
	for opd in [name for name in names if name in expected or name in figures]:
		row = figures.get(opd) or {"indicators": expected.get(opd, 0), "valued": 0, "completeness": 0.0}
		row |= {
			"opd": opd,
			"opd_name": names[opd],
			"state": states.get(opd, ""),
			"timeliness": timeliness.get(opd),
		}
		rows.append(row)
	return sorted(rows, key=lambda row: (row.get("rank") or 10_000, row["opd_name"]))


def _figures(table: pd.DataFrame, scale) -> dict[str, dict]:
	table["category"] = [scale.category(value) for value in table["mean_scored"]]
	table["rank"] = rank(table["mean_scored"])
	clean = table.astype(object).where(table.notna(), None)
	return {row["opd"]: row for row in clean.to_dict("records")}


def _timeliness(period, expected: dict[str, int], sheets: list, filters: dict) -> dict[str, float]:
	"""Percent of the sheets due this year, up to the period, that were submitted on time."""
	due = frappe.get_all(
		"Reporting Period",
		{"year": period.year, "quarter": ["<=", period.quarter], "entry_closes": ["<", day_of(filters)]},
		pluck="name",
	)
	on_time: dict[str, int] = {}
	owed = {opd: set(due) for opd in expected}
	for sheet in sheets:
		if sheet.quarter > int(period.quarter) or not sheet.first_submitted_on:
			continue
		owed.setdefault(sheet.opd, set()).add(sheet.period)
		on_time[sheet.opd] = on_time.get(sheet.opd, 0) + (not sheet.is_late)
	return {opd: 100 * on_time.get(opd, 0) / len(periods) for opd, periods in owed.items() if periods}


def _unit_names(frame: pd.DataFrame) -> pd.Series:
	"""The name of each row's unit, with its code where two units bear one name."""
	if "opd" not in frame:
		return frame["opd_name"]
	shared = frame.groupby("opd_name")["opd"].transform("nunique") > 1
	return frame["opd_name"].where(~shared, frame["opd_name"] + " (" + frame["opd"] + ")")


def verified_rows(period, filters: dict) -> list[dict]:
	"""The verified rows of a period within the reader's scope. Throws when there is none."""
	rows = repository.achievement_rows(period, filters)
	if not rows:
		frappe.throw(
			_("There are no verified rows for {0} in the units that you may see.").format(period.label),
			title=_("Nothing to Evaluate"),
		)
	return rows


def evaluate_rows(rows: list, period) -> evaluation.Evaluation:
	"""The evaluation of rows of repository.achievement_rows; there is at least one."""
	calculation = get_calculation(period.year)
	frame = pd.DataFrame([dict(row) for row in rows]).rename(columns={"achievement_raw": "achievement"})
	valued = frame["status"].isin(VALUED)
	frame = frame.assign(
		opd=_unit_names(frame),
		objective=frame["objective"].replace("", None).fillna(evaluation.WITHOUT_OBJECTIVE),
		indicator=frame["indicator_name"],
		period=period.label,
		unit=frame["unit"].fillna(""),
		target_text=frame["target"].replace("", None).fillna("–"),
		realization_text=frame["realization_ytd"].replace("", None).fillna("–"),
		achievement=frame["achievement"].astype("float64").where(valued),
		achievement_scored=frame["achievement_scored"].astype("float64").where(valued),
		category=pd.Categorical(frame["category"], categories=list(calculation.scale.labels)),
		method=[(row.method or calculation.defaults[row.polarity.lower()]).lower() for row in rows],
		weight=frame["weight"].astype("float64").replace(0, None),
		budget=frame["budget"].astype("float64"),
		budget_realization=frame["budget_realization_value"]
		.astype("float64")
		.where(frame["has_budget_realization"] == 1),
		message="",
	).drop(columns="target")
	return evaluation.Evaluation(frame, calculation.scale, calculation.cap)


def evaluation_pdf(period, filters: dict) -> bytes:
	"""The evaluation summary of a period as PDF for the record."""
	rows = verified_rows(period, filters)
	result = evaluate_rows(rows, period)
	prospect = prospect_of(rows, result, period, filters, with_charts=True)
	return evaluation_document(result, period, filters, prospect=prospect)[0]


def evaluation_document(
	result: evaluation.Evaluation,
	period,
	filters: dict,
	pictures=None,
	prospect: evaluation.Prospect | None = None,
) -> tuple[bytes, str]:
	"""(PDF, code of its snapshot) of an evaluation. pictures: its charts, where they are drawn already."""
	unit = _unit_name(filters)
	cover = evaluation.Cover(
		title="Ringkasan Evaluasi Kinerja",
		subtitle=" · ".join(part for part in (unit, period.label) if part),
		government=paper.government_name(),
		printed_on=getdate(today()),
		place=paper.settings().place or "",
		address=paper.address(),
		logo=paper.logo(),
		signer=paper.report_signer(),
	)
	stamper = snapshots.Keeper(f"{cover.title} – {cover.subtitle}", period.name, filters)
	pdf = evaluation.build_pdf(result, cover, [_basis(filters)], pictures, stamper=stamper, prospect=prospect)
	return pdf, stamper.code


def prospect_of(
	rows: list, result: evaluation.Evaluation, period, filters: dict, with_charts: bool
) -> evaluation.Prospect:
	"""Evaluation text, outlook and, if asked for, forecast charts of rows of repository.achievement_rows."""
	name = _unit_name(filters) or paper.government_name()
	around = stories.Around(rows, period, filters)
	story = stories.unit_story(rows, result, around, period, name, _mean_a_year_before(rows, period, filters))
	pictures = analysis.forecast_charts(around.frame, around.expected, MOST_FORECASTS) if with_charts else {}
	return evaluation.Prospect(tuple(unit_text(story)), around.expected, pictures)


def _mean_a_year_before(rows: list, period, filters: dict) -> float | None:
	"""The mean score of the same quarter of last year, None where it is not that of the same indicators."""
	names = frappe.get_all(
		"Reporting Period", {"year": int(period.year) - 1, "quarter": period.quarter}, pluck="name", limit=1
	)
	before = frappe.get_cached_doc("Reporting Period", names[0]) if names else None
	past = repository.achievement_rows(before, filters) if before else []
	if not past or {row.indicator for row in past} != {row.indicator for row in rows}:
		return None
	mean = evaluate_rows(past, before).overall["mean_scored"]
	return None if mean != mean else mean


def _unit_name(filters: dict) -> str:
	return frappe.db.get_value("OPD", filters["opd"], "opd_name") if filters.get("opd") else ""


def _basis(filters: dict) -> str:
	if filters.get("as_known_on"):
		day = format_date(day_of(filters))
		return f"Hanya memuat lembar yang sudah diverifikasi Inspektorat menurut keadaan data pada {day}."
	if filters.get("include_unverified"):
		return "Termasuk lembar yang belum diverifikasi; bukan angka resmi."
	return "Hanya memuat lembar yang sudah diverifikasi Inspektorat."
