"""The desk's part of benchmarks/run.py: run inside a site that is dropped afterwards."""

import itertools
import json
import time

import frappe
from frappe.model.document import Document
from frappe.utils import now

from seroja import constants as c
from seroja.services import worksheet
from seroja.tests import evaluation_utils, utils

OPDS, ROWS = 500, 200
ITEM = "Performance Realization Item"


def run() -> None:
	"""Print one line of JSON: (what, our seconds, the other's seconds, bar)."""
	utils.make_world()
	save = measure_saving()
	report = measure_report()
	print(json.dumps([save, measure_worksheet(), report]))


def best(function, repeats: int = 7) -> float:
	times = []
	for _ in range(repeats):
		start = time.perf_counter()
		function()
		times.append(time.perf_counter() - start)
	return min(times)


# --- saving a sheet of 200 rows ---


def measure_saving() -> tuple:
	for number in range(5, ROWS + 1):
		utils._make_indicator(utils.A, number, "Maximize", "LAST", 0)
	sheet = utils.draft_sheet(quarter=2, fill=False)
	frappe.set_user(utils.person("operator_a"))
	assert len(sheet.items) == ROWS
	ours = best(lambda: save_as(frappe.get_doc(c.REALIZATION, sheet.name)))
	bare = best(lambda: save_as(Document(frappe.get_doc(c.REALIZATION, sheet.name).as_dict())))
	frappe.set_user("Administrator")
	return ("save a sheet of 200 rows, against the same DocType with no controller", ours, bare, "≤ 1.5")


def save_as(doc) -> None:
	save_as.turn = getattr(save_as, "turn", 0) + 1
	for number, row in enumerate(doc.items):
		row.realization = str(50 + (number + save_as.turn) % 40)
	doc.save()


# --- one answer on a worksheet of 92 rows ---


def measure_worksheet() -> tuple:
	doc = evaluation_utils.draft_assessment(answers=evaluation_utils.GRADES)
	frappe.set_user(utils.person("operator_a"))
	grades = itertools.cycle(("A", "BB"))

	def bare():
		plain = Document(frappe.get_doc(c.ASSESSMENT, doc.name).as_dict())
		plain.items[0].self_answer = next(grades)
		plain.save()

	def ours():
		worksheet.save(doc.name, [{"code": "1.a", "field": "self_answer", "value": next(grades)}])

	times = best(ours), best(bare)
	frappe.set_user("Administrator")
	return (
		"one answer on the AKIP worksheet, against saving the same DocType with no controller",
		*times,
		"≤ 2",
	)


# --- the summary over 100,000 rows ---


def measure_report() -> tuple:
	make_rows()
	from seroja.seroja.report.opd_evaluation_summary.opd_evaluation_summary import execute

	filters = {"period": f"{utils.YEAR}-TW3"}
	_columns, rows, *_rest = execute(filters)
	assert sum(row["indicators"] for row in rows if row.get("rank")) == OPDS * ROWS
	ours = best(lambda: execute(filters))
	bare = best(lambda: frappe.db.sql(BARE, filters))
	return (
		f"OPD Evaluation Summary over {OPDS * ROWS:,} rows, against the bare SQL aggregate",
		ours,
		bare,
		"≤ 2",
	)


# The figures of the report written by hand in one statement: per objective, then per OPD.
BARE = """
select opd, sum(n), sum(valued), sum(no_data), sum(no_target), sum(no_population), sum(flagged),
	avg(raw / valued), avg(score / valued), min(score / valued), sum(valued) / sum(n) * 100,
	sum(budget), sum(spent) / sum(paired) * 100, (sum(earned) - sum(spent_valued)) / sum(earned) * 100,
	sum(c1), sum(c2), sum(c3), sum(c4), sum(c5)
from (
	select sheet.opd, row.objective, count(*) n,
		sum(row.status in ('ok', 'implausible', 'zero_base')) valued, sum(row.status = 'no_data') no_data,
		sum(row.status = 'no_target') no_target, sum(row.status = 'no_population') no_population,
		sum(row.status in ('implausible', 'zero_base')) flagged,
		sum(row.achievement_raw) raw, sum(row.achievement_scored) score, sum(row.budget) budget,
		sum(if(row.has_budget_realization, row.budget, 0)) paired,
		sum(if(row.has_budget_realization, row.budget_realization_value, 0)) spent,
		sum(if(row.has_budget_realization, row.budget * row.achievement_raw / 100, 0)) earned,
		sum(if(row.status in ('ok', 'implausible', 'zero_base'), row.budget_realization_value, 0)) spent_valued,
		sum(row.category = 'Sangat Tinggi') c1, sum(row.category = 'Tinggi') c2, sum(row.category = 'Sedang') c3,
		sum(row.category = 'Rendah') c4, sum(row.category = 'Sangat Rendah') c5
	from `tabPerformance Realization Item` row
	join `tabPerformance Realization` sheet on sheet.name = row.parent
	where sheet.period = %(period)s and sheet.docstatus = 1
	group by sheet.opd, row.objective
) objectives
group by opd
"""


def make_rows() -> None:
	"""Straight into the tables: verified sheets as the desk would have left them."""
	stamp, user = now(), "Administrator"
	base = ["name", "owner", "creation", "modified", "modified_by", "docstatus"]
	frappe.db.bulk_insert(
		"OPD",
		[*base, "abbreviation", "opd_name", "lft", "rgt"],
		[
			(
				f"P{n:03d}",
				user,
				stamp,
				stamp,
				user,
				0,
				f"P{n:03d}",
				f"Perangkat {n}",
				1000 + 2 * n,
				1001 + 2 * n,
			)
			for n in range(OPDS)
		],
	)
	period = f"{utils.YEAR}-TW3"
	frappe.db.bulk_insert(
		c.REALIZATION,
		[*base, "opd", "period", "year", "quarter", "workflow_state"],
		[
			(
				f"P{n:03d}-{period}",
				user,
				stamp,
				stamp,
				user,
				1,
				f"P{n:03d}",
				period,
				utils.YEAR,
				3,
				c.VERIFIED,
			)
			for n in range(OPDS)
		],
	)
	row_fields = [
		"parent",
		"parenttype",
		"parentfield",
		"idx",
		"indicator",
		"objective",
		"status",
		"category",
	]
	row_fields += [
		"achievement_raw",
		"achievement_scored",
		"budget",
		"has_budget_realization",
		"budget_realization_value",
	]
	frappe.db.bulk_insert(
		ITEM, [*base, *row_fields], list(bench_rows(period, stamp, user)), chunk_size=10_000
	)
	frappe.db.commit()  # so that the optimiser sees the rows; the site is dropped afterwards
	frappe.db.sql("analyze table `tabPerformance Realization Item`, `tabPerformance Realization`")


def bench_rows(period: str, stamp: str, user: str):
	categories = ("Sangat Tinggi", "Tinggi", "Sedang", "Rendah", "Sangat Rendah")
	for opd in range(OPDS):
		for row in range(ROWS):
			score = (opd * 7 + row * 13) % 120
			status = "no_data" if row % 20 == 0 else "ok"
			category = "" if status == "no_data" else categories[min(4, max(0, (100 - score) // 20))]
			yield (
				f"{opd:03d}{row:04d}",
				user,
				stamp,
				stamp,
				user,
				1,
				f"P{opd:03d}-{period}",
				c.REALIZATION,
				"items",
				row + 1,
				f"P{opd:03d}-{row}",
				f"Sasaran {row % 10}",
				status,
				category,
				float(score),
				float(score),
				1_000_000,
				1,
				900_000,
			)
