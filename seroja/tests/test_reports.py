"""Reports, inbox, notices, PDF and set-up: right figures, few queries, and nothing said twice."""

import csv
import io
import itertools
import json
from contextlib import contextmanager
from unittest.mock import patch

import frappe
import pandas as pd
from frappe.utils import add_days, getdate, now_datetime, today

from seroja import constants as c
from seroja.core.achievement import VALUED
from seroja.core.numbers import parse_number
from seroja.core.summary import partial_sums, rank, summarise
from seroja.seroja.report.indicator_achievement import indicator_achievement
from seroja.seroja.report.opd_evaluation_summary import opd_evaluation_summary
from seroja.seroja.report.verification_status import verification_status
from seroja.seroja.report.waiting_for_me import waiting_for_me
from seroja.services import notices, summaries
from seroja.services.calculation import get_calculation
from seroja.services.inbox import count_waiting
from seroja.tests.test_isolation import pdf_text
from seroja.tests.utils import (
	APPROVE,
	RETURN,
	SUBMIT,
	VERIFY,
	YEAR,
	A,
	B,
	SerojaTestCase,
	approved_target,
	draft_sheet,
	fill_sheet,
	person,
	take,
	verified_sheet,
)

ITEM, TARGET_ITEM, PERIOD = "Performance Realization Item", "Performance Target Item", "Reporting Period"
TW1 = f"{YEAR}-TW1"
BULK_YEAR = YEAR + 5
REPORTS = (indicator_achievement, opd_evaluation_summary, verification_status)


@contextmanager
def counted():
	"""The statements sent to the database inside."""
	statements, sql = [], frappe.db.sql

	def counting(query, *args, **kwargs):
		statements.append(str(query))
		return sql(query, *args, **kwargs)

	with patch.object(frappe.db, "sql", counting):
		yield statements


def insert_raw(doctype: str, rows: list[dict]) -> None:
	"""Rows below all controllers, for figures and sizes that people would type in for weeks."""
	if not rows:
		return
	stamp = {"owner": "Administrator", "creation": now_datetime(), "modified": now_datetime()}
	fields = ["name", *[name for name in stamp], *[name for name in rows[0] if name != "name"]]
	frappe.db.bulk_insert(doctype, fields, [[(stamp | row).get(field) for field in fields] for row in rows])


def bulk_city(opds: int, rows: int, year: int = BULK_YEAR, first: int = 0) -> None:
	"""OPDs with an approved target and a verified sheet of a first quarter, made of plausible figures."""
	name = f"{year}-TW1"
	if not frappe.db.exists(PERIOD, name):
		frappe.get_doc(
			{
				"doctype": PERIOD,
				"year": year,
				"quarter": "1",
				"entry_opens": add_days(today(), -40),
				"entry_closes": add_days(today(), -30),
				"approval_closes": add_days(today(), -20),
				"verification_closes": add_days(today(), -10),
			}
		).insert()
	units, sheets, items, targets, target_items = [], [], [], [], []
	labels = get_calculation(year).scale.labels
	for number in range(first, first + opds):
		opd = f"TesBesar{number}"
		units.append(
			{
				"name": opd,
				"abbreviation": opd,
				"opd_name": f"Dinas {opd}",
				"lft": 9000 + 2 * number,
				"rgt": 9001 + 2 * number,
			}
		)
		common = {"opd": opd, "year": year, "docstatus": 1}
		sheet, target = f"{opd}-{name}", f"PK-{opd}-{year}-v1"
		targets.append(
			{"name": target, **common, "is_current": 1, "version": 1, "workflow_state": c.APPROVED}
		)
		sheets.append(
			{
				"name": sheet,
				**common,
				"period": name,
				"quarter": 1,
				"workflow_state": c.VERIFIED,
				"first_submitted_on": add_days(today(), -35 if number % 3 else -25),
				"is_late": int(not number % 3),
				"completeness": 100,
			}
		)
		for row in range(rows):
			raw = 40.0 + (7 * number + 13 * row) % 90
			status = ("ok", "ok", "ok", "no_data", "implausible")[(number + row) % 5]
			valued = status in VALUED
			indicator = f"{opd}-{row}"
			child = {
				"parentfield": "items",
				"idx": row + 1,
				"docstatus": 1,
				"indicator": indicator,
				"indicator_name": f"Indikator {row}",
				"objective": f"Sasaran {row % 3}",
			}
			target_items.append({"name": f"t{indicator}", "parent": target, "parenttype": c.TARGET, **child})
			items.append(
				{
					"name": f"r{indicator}",
					"parent": sheet,
					"parenttype": c.REALIZATION,
					**child,
					"polarity": "Maximize",
					"target": "100",
					"realization": f"{raw:.2f}".replace(".", ",") if valued else "",
					"realization_ytd": f"{raw:.2f}".replace(".", ",") if valued else "",
					"status": status,
					"achievement_raw": raw if valued else 0,
					"achievement_scored": min(raw, 120) if valued else 0,
					"category": labels[(number + row) % len(labels)] if valued else "",
					"weight": 0,
					"budget": 1_000_000 * (row + 1),
					"has_budget_realization": int(row % 2 == 0),
					"budget_realization_value": 900_000 * (row + 1) if row % 2 == 0 else 0,
				}
			)
	for doctype, found in (
		("OPD", units),
		(c.TARGET, targets),
		(TARGET_ITEM, target_items),
		(c.REALIZATION, sheets),
		(ITEM, items),
	):
		insert_raw(doctype, found)


def run(report, **filters) -> frappe._dict:
	"""The parts of a report by name."""
	parts = [*report.execute(filters), None, None, None][:5]
	return frappe._dict(zip(("columns", "rows", "message", "chart", "summary"), parts, strict=True))


def core_table(period: str, by: list[str]) -> pd.DataFrame:
	"""What core says about the stored rows of a period, read plainly."""
	sheets = dict(
		frappe.get_all(c.REALIZATION, {"period": period, "docstatus": 1}, ["name", "opd"], as_list=True)
	)
	rows = frappe.get_all(ITEM, {"parent": ["in", list(sheets)]}, ["*"], limit_page_length=0)
	frame = pd.DataFrame(
		{
			"opd": sheets[row.parent],
			"objective": row.objective or "",
			"status": row.status,
			"achievement": row.achievement_raw if row.status in VALUED else float("nan"),
			"achievement_scored": row.achievement_scored if row.status in VALUED else float("nan"),
			"category": row.category or None,
			"weight": row.weight or float("nan"),
			"budget": row.budget,
			"budget_realization": row.budget_realization_value
			if row.has_budget_realization
			else float("nan"),
		}
		for row in rows
	)
	return summarise(partial_sums(frame, ["opd", "objective"]), by)


class TestQueries(SerojaTestCase):
	def test_the_number_of_queries_does_not_grow_with_opds_or_rows(self):
		bulk_city(3, 4)
		found = {}
		for size, more in (("few", None), ("many", (30, 25, BULK_YEAR, 100))):
			if more:
				bulk_city(*more)
			for report in REPORTS:
				for filters in ({}, {"include_unverified": 1}):
					run(report, period=f"{BULK_YEAR}-TW1", **filters)  # caches
					with counted() as statements:
						result = run(report, period=f"{BULK_YEAR}-TW1", **filters)
					found.setdefault((report.__name__, str(filters)), {})[size] = len(statements)
					self.assertGreaterEqual(len(result.rows), 3)
		for report, sizes in found.items():
			with self.subTest(report=report):
				self.assertEqual(sizes["few"], sizes["many"])
				self.assertLessEqual(sizes["many"], 12)

	def test_a_person_of_one_opd_causes_no_more_queries_than_the_city(self):
		bulk_city(20, 5)
		frappe.get_doc("OPD", A)  # the OPD of the reader
		for report in REPORTS:
			self.as_user("operator_a")
			run(report, period=f"{BULK_YEAR}-TW1")
			with counted() as statements:
				run(report, period=f"{BULK_YEAR}-TW1")
			self.assertLessEqual(len(statements), 13, report.__name__)

	def test_the_inbox_needs_as_many_queries_for_many_documents_as_for_few(self):
		verified_sheet(B)
		for opd in (A, B):
			draft_sheet(opd, quarter=2)
		sizes = []
		for extra in (0, 40):
			if extra:
				bulk_city(extra, 2)
				frappe.db.set_value(
					c.REALIZATION,
					{"period": f"{BULK_YEAR}-TW1"},
					{"workflow_state": c.APPROVED_BY_HEAD, "docstatus": 0},
				)
			self.as_user("inspector")
			count_waiting()
			with counted() as statements:
				count_waiting()
			sizes.append(len(statements))
			frappe.set_user("Administrator")
		self.assertEqual(sizes[0], sizes[1])

	def test_an_operators_inbox_does_not_query_per_period(self):
		approved_target(A)
		sizes = []
		for opened in (1, 4):
			for quarter in (1, 2, 3, 4):
				opens = add_days(today(), -5 if quarter <= opened else 3)
				frappe.db.set_value(PERIOD, f"{YEAR}-TW{quarter}", "entry_opens", opens)
				frappe.clear_document_cache(PERIOD, f"{YEAR}-TW{quarter}")
			self.as_user("operator_a")
			count_waiting()
			with counted() as statements:
				self.assertEqual(count_waiting(), opened)
			sizes.append(len(statements))
			frappe.set_user("Administrator")
		self.assertEqual(sizes[0], sizes[1])


class TestFigures(SerojaTestCase):
	def summary_rows(self, period: str = f"{BULK_YEAR}-TW1", **filters) -> dict[str, dict]:
		return {row["opd"]: row for row in run(opd_evaluation_summary, period=period, **filters).rows}

	def test_the_opd_summary_equals_core_on_the_same_rows(self):
		bulk_city(9, 11)
		rows = self.summary_rows()
		table = core_table(f"{BULK_YEAR}-TW1", ["opd"])
		table["rank"] = rank(table["mean_scored"])
		self.assertEqual(len(rows), 9)
		for expected in table.to_dict("records"):
			row = rows[expected["opd"]]
			for name in (
				"mean_raw",
				"mean_scored",
				"weakest",
				"completeness",
				"absorption",
				"efficiency_gap",
				"efficiency",
			):
				with self.subTest(opd=expected["opd"], figure=name):
					self.assertAlmostEqual(row[name], expected[name], places=7)
			for name in ("indicators", "valued", "weakest_objective", "rank", "efficiency_label"):
				self.assertEqual(row[name], expected[name])
			for name in table.columns:
				if name.startswith("count:"):
					self.assertEqual(row.get(name) or 0, expected[name])

	def test_category_counts_add_up_to_the_indicators_with_a_value(self):
		bulk_city(5, 10)
		for row in self.summary_rows().values():
			self.assertEqual(
				sum(value or 0 for name, value in row.items() if name.startswith("count:")), row["valued"]
			)

	def test_every_category_of_the_scale_has_a_column(self):
		bulk_city(2, 3)
		result = run(opd_evaluation_summary, period=f"{BULK_YEAR}-TW1")
		labels = get_calculation(BULK_YEAR).scale.labels
		columns = {column["fieldname"] for column in result.columns}
		self.assertTrue({f"count:{label}" for label in labels} <= columns)

	def test_weights_count_in_the_opd_summary_as_in_core(self):
		bulk_city(2, 6)
		for number, name in enumerate(frappe.get_all(ITEM, {"name": ["like", "rTesBesar%"]}, pluck="name")):
			frappe.db.set_value(
				ITEM, name, {"weight": 10 + number, "status": "ok", "achievement_raw": 50 + 5 * number}
			)
		rows = self.summary_rows()
		for expected in core_table(f"{BULK_YEAR}-TW1", ["opd"]).to_dict("records"):
			self.assertAlmostEqual(rows[expected["opd"]]["mean_raw"], expected["mean_raw"], places=7)

	def test_equal_scores_share_a_rank_and_the_next_rank_is_skipped(self):
		bulk_city(4, 3)
		for number, score in enumerate((100, 100, 80, 60)):
			frappe.db.set_value(
				ITEM,
				{"name": ["like", f"rTesBesar{number}-%"]},
				{"achievement_raw": score, "achievement_scored": score, "status": "ok"},
			)
		ranks = [self.summary_rows()[f"TesBesar{number}"]["rank"] for number in range(4)]
		self.assertEqual(ranks, [1, 1, 3, 4])

	def test_the_weakest_objective_is_named_with_its_mean(self):
		bulk_city(1, 6)
		for objective, score in (("Sasaran 0", 100), ("Sasaran 1", 55), ("Sasaran 2", 90)):
			frappe.db.set_value(
				ITEM,
				{"parent": f"TesBesar0-{BULK_YEAR}-TW1", "objective": objective},
				{"achievement_raw": score, "achievement_scored": score, "status": "ok"},
			)
		row = self.summary_rows()["TesBesar0"]
		self.assertEqual((row["weakest_objective"], row["weakest"]), ("Sasaran 1", 55))

	def test_an_opd_without_any_value_has_no_figures_and_no_rank(self):
		bulk_city(2, 3)
		frappe.db.set_value(
			ITEM,
			{"name": ["like", "rTesBesar1-%"]},
			{"status": "no_data", "achievement_raw": 0, "achievement_scored": 0, "category": ""},
		)
		row = self.summary_rows()["TesBesar1"]
		for name in ("rank", "mean_raw", "mean_scored", "weakest", "efficiency_gap", "efficiency"):
			self.assertIsNone(row.get(name), name)
		self.assertEqual(row["completeness"], 0)
		self.assertFalse(row.get("category"))
		chart = run(opd_evaluation_summary, period=f"{BULK_YEAR}-TW1").chart
		self.assertNotIn("TesBesar1", chart["data"]["labels"])

	def test_an_opd_without_a_sheet_stays_in_the_summary_without_figures(self):
		bulk_city(2, 3)
		frappe.db.delete(c.REALIZATION, {"opd": "TesBesar1"})
		row = self.summary_rows()["TesBesar1"]
		self.assertIsNone(row.get("mean_scored"))
		self.assertIsNone(row.get("rank"))
		self.assertEqual((row["indicators"], row["valued"]), (3, 0))
		self.assertTrue(row["state"])

	def test_an_opd_without_budget_realization_has_no_absorption_not_0(self):
		bulk_city(1, 4)
		frappe.db.set_value(
			ITEM,
			{"name": ["like", "rTesBesar0-%"]},
			{"has_budget_realization": 0, "budget_realization_value": 0},
		)
		row = self.summary_rows()["TesBesar0"]
		self.assertIsNone(row["absorption"])
		self.assertIsNone(row["efficiency_gap"])

	def test_timeliness_is_the_share_of_due_sheets_submitted_on_time(self):
		bulk_city(4, 2)
		rows = self.summary_rows()
		self.assertEqual([rows[f"TesBesar{number}"]["timeliness"] for number in range(4)], [0, 100, 100, 0])
		frappe.db.set_value(c.REALIZATION, f"TesBesar1-{BULK_YEAR}-TW1", {"first_submitted_on": None})
		self.assertEqual(self.summary_rows()["TesBesar1"]["timeliness"], 0)

	def test_a_period_that_is_still_open_is_not_counted_as_late(self):
		approved_target(A)
		rows = self.summary_rows(TW1)
		self.assertIsNone(rows[A]["timeliness"])

	def test_the_summary_above_the_table_is_of_its_rows(self):
		bulk_city(6, 5)
		result = run(opd_evaluation_summary, period=f"{BULK_YEAR}-TW1")
		scores = [row["mean_scored"] for row in result.rows]
		cards = [card["value"] for card in result.summary]
		self.assertEqual(cards[0], 6)
		self.assertAlmostEqual(parse_number(cards[2]), sum(scores) / len(scores), delta=0.01)
		valued, owed = (sum(row[name] for row in result.rows) for name in ("valued", "indicators"))
		self.assertAlmostEqual(parse_number(cards[3]), 100 * valued / owed, delta=0.01)

	def test_only_iku_and_one_opd_narrow_the_indicators(self):
		verified_sheet(A)
		verified_sheet(B)
		self.assertEqual(len(run(indicator_achievement, period=TW1).rows), 8)
		self.assertEqual(len(run(indicator_achievement, period=TW1, opd=A).rows), 4)
		rows = run(indicator_achievement, period=TW1, opd=A, only_iku=1).rows
		self.assertEqual([row["indicator"] for row in rows], [f"{A}-1"])

	def test_units_below_the_chosen_opd_are_counted_in(self):
		bulk_city(2, 3)
		frappe.db.set_value("OPD", "TesBesar0", {"lft": 20000, "rgt": 20003})
		frappe.db.set_value("OPD", "TesBesar1", {"lft": 20001, "rgt": 20002})
		rows = run(opd_evaluation_summary, period=f"{BULK_YEAR}-TW1", opd="TesBesar0").rows
		self.assertEqual({row["opd"] for row in rows}, {"TesBesar0", "TesBesar1"})

	def test_unverified_sheets_come_in_only_when_asked_for(self):
		draft_sheet(A)
		self.assertEqual(run(indicator_achievement, period=TW1).rows, [])
		self.assertEqual(len(run(indicator_achievement, period=TW1, include_unverified=1).rows), 4)
		self.assertIsNone(self.summary_rows(TW1)[A].get("mean_scored"))
		self.assertIsNotNone(self.summary_rows(TW1, include_unverified=1)[A].get("mean_scored"))

	def test_indicator_rows_carry_the_stored_figures(self):
		sheet = verified_sheet(A)
		stored = {row.indicator: row for row in sheet.items}
		for row in run(indicator_achievement, period=TW1).rows:
			expected = stored[row["indicator"]]
			self.assertAlmostEqual(row["achievement"], expected.achievement_raw)
			self.assertAlmostEqual(row["score"], expected.achievement_scored)
			self.assertEqual(row["category"], expected.category)
			self.assertEqual(row["realization_ytd"], expected.realization_ytd)

	def test_a_missing_value_is_never_shown_as_0(self):
		sheet = draft_sheet(A)
		self.as_user("operator_a")
		for row in sheet.items:
			row.update({"realization": "", "missing_reason": "Not Released", "budget_realization": ""})
		sheet.save()
		frappe.set_user("Administrator")
		for filters in ({"include_unverified": 1}, {"include_unverified": 1, "opd": A}):
			result = run(indicator_achievement, period=TW1, **filters)
			for row in result.rows:
				self.assertIsNone(row["achievement"])
				self.assertIsNone(row["score"])
				self.assertFalse(row["category"])
				self.assertNotIn(row["realization_ytd"], ("0", 0))
			figures = {card["label"]: card["value"] for card in result.summary}
			self.assertEqual(figures[frappe._("Mean Achievement (%)")], "–")
			bars = dict(
				zip(
					result.chart["data"]["labels"], result.chart["data"]["datasets"][0]["values"], strict=True
				)
			)
			self.assertEqual(
				{label: count for label, count in bars.items() if count}, {frappe._("No Value"): 4}
			)
		row = self.summary_rows(TW1, include_unverified=1)[A]
		self.assertIsNone(row["mean_scored"])
		self.assertIsNone(row["absorption"])

	def test_the_trend_compares_with_the_same_quarter_last_year(self):
		sheet = verified_sheet(A)
		before = f"{A}-{YEAR - 1}-TW1"
		insert_raw(
			c.REALIZATION,
			[
				{
					"name": before,
					"opd": A,
					"period": f"{YEAR - 1}-TW1",
					"year": YEAR - 1,
					"quarter": 1,
					"docstatus": 1,
					"workflow_state": c.VERIFIED,
				}
			],
		)
		values = {1: (70.0, "ok"), 2: (120.0, "ok"), 3: (0.0, "no_data")}
		insert_raw(
			ITEM,
			[
				{
					"name": f"lalu{number}",
					"parent": before,
					"parenttype": c.REALIZATION,
					"parentfield": "items",
					"docstatus": 1,
					"indicator": f"{A}-{number}",
					"achievement_raw": raw,
					"status": status,
					"realization_ytd": "7" if status == "ok" else "",
				}
				for number, (raw, status) in values.items()
			],
		)
		rows = {row["indicator"]: row for row in run(indicator_achievement, period=TW1).rows}
		self.assertTrue(sheet.name)
		self.assertIn("20,0", rows[f"{A}-1"]["trend"])
		self.assertTrue(rows[f"{A}-1"]["trend"].startswith("▲"))
		self.assertTrue(rows[f"{A}-2"]["trend"].startswith("→"))
		self.assertEqual((rows[f"{A}-3"]["trend"], rows[f"{A}-3"]["last_year"]), ("", ""))
		self.assertEqual(rows[f"{A}-4"]["trend"], "")

	def test_verification_status_says_who_holds_a_sheet_and_since_when(self):
		approved_target(B)
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		rows = {row["opd"]: row for row in run(verification_status, period=TW1).rows}
		self.assertEqual(rows[A]["state"], c.SUBMITTED)
		self.assertIn("head_a", rows[A]["holder"])
		self.assertEqual(rows[A]["since"], getdate(today()))
		self.assertEqual((rows[B]["sheet"], rows[B]["completeness"]), (None, None))
		take(sheet, APPROVE, "head_a")
		rows = {row["opd"]: row for row in run(verification_status, period=TW1).rows}
		self.assertEqual(rows[A]["holder"], frappe._(c.INSPEKTORAT))

	def test_verification_status_counts_every_opd_once(self):
		bulk_city(7, 2)
		result = run(verification_status, period=f"{BULK_YEAR}-TW1")
		self.assertEqual(len(result.rows), 7)
		self.assertEqual(sum(result.chart["data"]["datasets"][0]["values"]), 7)
		self.assertEqual(result.summary[1]["value"], 7)


class TestEmptySites(SerojaTestCase):
	def test_without_any_period_there_is_a_message_and_no_traceback(self):
		frappe.db.delete(PERIOD)
		for report in REPORTS:
			for filters in ({}, {"year": 2031}, {"opd": A}, {"include_unverified": 1}):
				with self.subTest(report=report.__name__, filters=filters):
					result = run(report, **filters)
					self.assertEqual(result.rows, [])
					self.assertTrue(result.columns)
					self.assertTrue(result.message)

	def test_without_any_row_there_is_an_empty_table(self):
		for report in REPORTS:
			for period in (TW1, f"{YEAR}-TW4"):
				with self.subTest(report=report.__name__):
					result = run(report, period=period)
					self.assertEqual(result.rows, [])
					self.assertFalse(result.chart)
					self.assertTrue(result.message)
		self.assertEqual(run(waiting_for_me).rows, [])

	def test_a_period_or_opd_that_does_not_exist_is_answered_with_a_sentence(self):
		for report in REPORTS:
			for filters in ({"period": "1999-TW9"}, {"period": TW1, "opd": "Tidak Ada"}):
				with self.subTest(report=report.__name__, filters=filters):
					try:
						self.assertEqual(run(report, **filters).rows, [])
					except (frappe.ValidationError, frappe.DoesNotExistError):
						pass

	def test_the_pdf_of_nothing_is_a_sentence(self):
		from seroja.api.documents import evaluation_summary

		with self.assertRaises(frappe.ValidationError):
			evaluation_summary(period=TW1)
		frappe.db.delete(PERIOD)
		with self.assertRaises(frappe.ValidationError):
			evaluation_summary()

	def test_reports_run_through_the_desk_for_everybody_who_has_the_role(self):
		from frappe.desk.query_report import run as run_in_desk

		verified_sheet(A)
		for key in (
			"operator_a",
			"head_a",
			"viewer_a",
			"inspector",
			"planner",
			"bureau",
			"executive",
			"admin",
		):
			self.as_user(key)
			for report in (
				"Indicator Achievement",
				"OPD Evaluation Summary",
				"Verification Status",
				"Waiting for Me",
			):
				with self.subTest(user=key, report=report):
					reply = run_in_desk(report, filters={"period": TW1})
					json.dumps(reply, default=frappe.utils.response.json_handler)
					for row in reply["result"]:
						for value in row.values():
							self.assertNotIn(type(value).__module__, ("numpy", "pandas"))
					self.assertNotIn("NaN", json.dumps(reply, default=str))


class TestExports(SerojaTestCase):
	def test_an_exported_text_is_the_text_that_was_typed(self):
		verified_sheet(A)
		text = 'Indeks "A" & B < 5'
		frappe.db.set_value(ITEM, {"parent": f"{A}-{TW1}"}, {"indicator_name": text})
		from seroja.permissions.endpoints import export_report

		for kind in ("CSV", "Excel"):
			with self.subTest(kind=kind):
				frappe.local.form_dict = frappe._dict(
					report_name="Indicator Achievement",
					filters=json.dumps({"period": TW1}),
					file_format_type=kind,
					visible_idx="[]",
				)
				with patch.object(frappe.db, "commit"):
					export_report()
				content = frappe.local.response.filecontent
				if kind == "CSV":
					content = content.decode("utf-8") if isinstance(content, bytes) else content
					cells = {cell for row in csv.reader(io.StringIO(content)) for cell in row}
				else:
					from openpyxl import load_workbook

					book = load_workbook(io.BytesIO(content))
					cells = {cell.value for row in book.active.iter_rows() for cell in row}
				self.assertIn(text, cells)


class TestInbox(SerojaTestCase):
	def tasks(self, key: str) -> list[tuple[str, str]]:
		self.as_user(key)
		rows = run(waiting_for_me).rows
		self.assertEqual(count_waiting(), len(rows))
		frappe.set_user("Administrator")
		return [(row["name"] or row["period"], row["task"]) for row in rows]

	def test_a_sheet_waits_for_one_after_the_other(self):
		sheet = draft_sheet(A)
		everybody = ("operator_a", "head_a", "inspector", "inspector2")
		expected = [
			(None, {"operator_a"}),
			((SUBMIT, "operator_a"), {"head_a"}),
			((APPROVE, "head_a"), {"inspector", "inspector2"}),
			((VERIFY, "inspector"), set()),
		]
		for step, waiting in expected:
			if step:
				take(sheet, *step)
			for key in everybody:
				with self.subTest(step=step, user=key):
					names = [name for name, _task in self.tasks(key)]
					self.assertEqual(sheet.name in names, key in waiting)

	def test_a_returned_sheet_waits_for_the_operator_again(self):
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		take(sheet, RETURN, "head_a", note="periksa", flag=f"{A}-1")
		self.assertIn(sheet.name, [name for name, _task in self.tasks("operator_a")])
		self.assertNotIn(sheet.name, [name for name, _task in self.tasks("head_a")])

	def test_a_target_waits_for_operator_head_and_planner(self):
		self.as_user("operator_a")
		target = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR}).insert()
		for step, key in (
			(None, "operator_a"),
			((SUBMIT, "operator_a"), "head_a"),
			((APPROVE, "head_a"), "planner"),
			((APPROVE, "planner"), None),
		):
			if step:
				take(target, *step)
			for person_key in ("operator_a", "head_a", "planner"):
				with self.subTest(step=step, user=person_key):
					names = [name for name, _task in self.tasks(person_key)]
					self.assertEqual(target.name in names, person_key == key)

	def test_nothing_waits_for_people_who_decide_nothing(self):
		take(draft_sheet(A), SUBMIT, "operator_a")
		for key in ("viewer_a", "bureau", "executive", "admin", "outsider", "operator_b", "head_b"):
			with self.subTest(user=key):
				self.assertEqual(self.tasks(key), [])

	def test_who_made_it_is_not_asked_to_check_it(self):
		opd = frappe.get_doc("OPD", A)
		opd.append(
			"position_holders",
			{"user": person("operator_a"), "position": "Head", "capacity": "Plt", "from_date": "2020-01-01"},
		)
		opd.save()
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		self.assertNotIn(sheet.name, [name for name, _task in self.tasks("operator_a")])
		self.assertIn(sheet.name, [name for name, _task in self.tasks("head_a")])

	def test_who_entered_a_value_is_not_asked_to_approve_it(self):
		"""The step is refused to him (decision 2), so the inbox does not offer it either."""
		sheet = draft_sheet(A)
		self.as_user("head_a")
		sheet = frappe.get_doc(c.REALIZATION, sheet.name)
		sheet.items[0].realization = "91"
		sheet.save()
		sheet = take(sheet, SUBMIT, "operator_a")
		self.assertNotIn(sheet.name, [name for name, _task in self.tasks("head_a")])

	def test_a_sheet_that_can_no_longer_be_entered_is_not_offered(self):
		sheet = draft_sheet(A)
		period = frappe.get_doc(PERIOD, TW1)
		period.update({"entry_opens": add_days(today(), -20), "entry_closes": add_days(today(), -2)})
		period.save()
		self.assertNotIn(sheet.name, [name for name, _task in self.tasks("operator_a")])

	def test_an_open_period_without_a_sheet_is_offered_until_the_sheet_is_there(self):
		approved_target(A)
		self.assertIn((TW1, "Start the sheet"), self.tasks("operator_a"))
		draft_sheet(A, fill=False)
		self.assertNotIn((TW1, "Start the sheet"), self.tasks("operator_a"))

	def test_an_open_period_waits_only_while_it_is_open(self):
		approved_target(A)
		for opens, closes in ((1, 5), (-9, -1)):
			period = frappe.get_doc(PERIOD, TW1)
			period.update(
				{"entry_opens": add_days(today(), opens), "entry_closes": add_days(today(), closes)}
			)
			period.save()
			with self.subTest(opens=opens, closes=closes):
				self.assertNotIn((TW1, "Start the sheet"), self.tasks("operator_a"))

	def test_everything_that_is_listed_may_be_done(self):
		from seroja.services.verification import allowed_actions

		verified_sheet(B)
		take(draft_sheet(A), SUBMIT, "operator_a")
		take(draft_sheet(A, quarter=2), SUBMIT, "operator_a")
		take(take(draft_sheet(B, quarter=2), SUBMIT, "operator_b"), APPROVE, "head_b")
		for key in ("operator_a", "head_a", "operator_b", "head_b", "inspector", "planner"):
			self.as_user(key)
			for row in run(waiting_for_me).rows:
				if row["name"]:
					with self.subTest(user=key, document=row["name"]):
						self.assertTrue(allowed_actions(frappe.get_doc(row["doctype"], row["name"])))
			frappe.set_user("Administrator")


class TestNotices(SerojaTestCase):
	def told(self, key: str, name: str) -> int:
		return frappe.db.count("Notification Log", {"for_user": person(key), "document_name": name})

	def test_the_next_one_is_told_exactly_once_per_step(self):
		sheet = draft_sheet(A)
		steps = (
			(SUBMIT, "operator_a", ["head_a"]),
			(APPROVE, "head_a", ["inspector", "inspector2"]),
			(VERIFY, "inspector", ["operator_a"]),
		)
		for action, key, people in steps:
			before = {name: self.told(name, sheet.name) for name in people}
			sheet = take(sheet, action, key)
			notices.tell_next(sheet)
			notices.tell_next(frappe.get_doc(c.REALIZATION, sheet.name))
			for name in people:
				with self.subTest(action=action, user=name):
					self.assertEqual(self.told(name, sheet.name) - before[name], 1)

	def test_people_who_are_not_next_are_not_told(self):
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		for key in ("operator_b", "head_b", "viewer_a", "executive", "inspector", "operator_a"):
			with self.subTest(user=key):
				self.assertEqual(self.told(key, sheet.name), 0)

	def test_a_second_return_is_told_again(self):
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		sheet = take(sheet, RETURN, "head_a", note="satu", flag=f"{A}-1")
		once = self.told("operator_a", sheet.name)
		sheet = take(sheet, SUBMIT, "operator_a")
		sheet = take(sheet, RETURN, "head_a", note="dua", flag=f"{A}-1")
		self.assertEqual(self.told("operator_a", sheet.name), once + 1)

	def close_in(self, days: int, field: str = "entry_closes") -> None:
		period = frappe.get_doc(PERIOD, TW1)
		period.update({"entry_opens": add_days(today(), -5), field: add_days(today(), days)})
		order = ("entry_closes", "approval_closes", "verification_closes")
		for earlier, later in itertools.pairwise(order):
			if getdate(period.get(later)) < getdate(period.get(earlier)):
				period.set(later, period.get(earlier))
		period.save()

	def test_reminders_come_on_their_days_and_once(self):
		from seroja.tasks.daily import remind

		approved_target(A)
		days = notices.reminder_days(frappe.get_doc("SEROJA Settings"))
		self.assertTrue(days)
		for left in range(max(days) + 2):
			frappe.db.savepoint("day")
			self.close_in(left)
			before = self.told("operator_a", TW1)
			remind()
			remind()
			with self.subTest(left=left):
				self.assertEqual(self.told("operator_a", TW1) - before, int(left in days))
			frappe.db.rollback(save_point="day")
			frappe.clear_document_cache(PERIOD, TW1)

	def test_every_waiting_opd_of_a_person_is_reminded_of(self):
		for opd in (A, B):
			approved_target(opd)
		opd = frappe.get_doc("OPD", B)
		opd.append(
			"position_holders",
			{
				"user": person("operator_a"),
				"position": "Operator",
				"capacity": "Plt",
				"from_date": "2020-01-01",
			},
		)
		opd.save()
		self.close_in(notices.reminder_days(frappe.get_doc("SEROJA Settings"))[0])
		before = self.told("operator_a", TW1)
		notices.remind_of_deadlines()
		self.assertEqual(self.told("operator_a", TW1) - before, 2)

	def test_who_has_submitted_is_not_reminded(self):
		take(draft_sheet(A), SUBMIT, "operator_a")
		self.close_in(notices.reminder_days(frappe.get_doc("SEROJA Settings"))[0])
		before = self.told("operator_a", TW1)
		notices.remind_of_deadlines()
		self.assertEqual(self.told("operator_a", TW1), before)

	def test_heads_and_inspektorat_are_reminded_of_what_waits_for_them(self):
		day = notices.reminder_days(frappe.get_doc("SEROJA Settings"))[0]
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		self.close_in(day, "approval_closes")
		before = self.told("head_a", TW1)
		notices.remind_of_deadlines()
		notices.remind_of_deadlines()
		self.assertEqual(self.told("head_a", TW1) - before, 1)
		take(sheet, APPROVE, "head_a")
		self.close_in(day, "verification_closes")
		before = self.told("inspector", TW1)
		notices.remind_of_deadlines()
		notices.remind_of_deadlines()
		self.assertEqual(self.told("inspector", TW1) - before, 1)

	def test_a_returned_sheet_is_reminded_of_by_the_deadline_that_holds_for_it(self):
		"""A returned sheet stays open until verification closes (periods.check_entry_open)."""
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		take(sheet, RETURN, "head_a", note="periksa", flag=f"{A}-1")
		day = notices.reminder_days(frappe.get_doc("SEROJA Settings"))[0]
		period = frappe.get_doc(PERIOD, TW1)
		period.update(
			{
				"entry_opens": add_days(today(), -20),
				"entry_closes": add_days(today(), -10),
				"approval_closes": add_days(today(), -5),
				"verification_closes": add_days(today(), day),
			}
		)
		period.save()
		before = self.told("operator_a", TW1)
		notices.remind_of_deadlines()
		self.assertEqual(self.told("operator_a", TW1) - before, 1)

	def test_a_disabled_person_is_not_told(self):
		frappe.db.set_value("User", person("head_a"), "enabled", 0)
		sheet = take(draft_sheet(A), SUBMIT, "operator_a")
		self.assertEqual(self.told("head_a", sheet.name), 0)


class TestPdf(SerojaTestCase):
	def text(self, **filters) -> str:
		period = frappe.get_doc(PERIOD, filters.pop("period", TW1))
		return " ".join(pdf_text(summaries.evaluation_pdf(period, filters)).split())

	def test_it_contains_only_verified_rows_by_default_and_says_so(self):
		verified_sheet(A)
		draft_sheet(B)
		text = self.text()
		self.assertIn(f"Indikator 1 {A}", text)
		self.assertNotIn(B, text)
		self.assertIn("Hanya memuat lembar yang sudah diverifikasi", text)

	def test_with_unverified_sheets_it_says_that_it_is_no_official_figure(self):
		draft_sheet(B)
		text = self.text(include_unverified=1)
		self.assertIn(f"Indikator 1 {B}", text)
		self.assertIn("bukan angka resmi", text)

	def test_a_query_string_that_says_no_means_no(self):
		"""A browser sends text; "0" and "false" are not yes."""
		from seroja.api.documents import evaluation_summary

		verified_sheet(A)
		draft_sheet(B)
		for value in ("0", "false", 0, False):
			with self.subTest(value=value), patch.object(summaries, "evaluation_pdf") as made:
				made.return_value = b""
				frappe.call(evaluation_summary, period=TW1, include_unverified=value)
				self.assertFalse(frappe.utils.sbool(made.call_args.args[1]["include_unverified"]))

	def test_figures_are_printed_as_indonesians_write_them(self):
		sheet = draft_sheet(A)
		self.as_user("operator_a")
		fill_sheet(frappe.get_doc(c.REALIZATION, sheet.name), ("63,17", "80", "30", "WDP"))
		frappe.set_user("Administrator")
		text = self.text(include_unverified=1)
		self.assertIn("63,17", text)
		self.assertNotIn("63.17", text)

	def test_a_missing_value_is_a_dash(self):
		sheet = draft_sheet(A)
		self.as_user("operator_a")
		doc = frappe.get_doc(c.REALIZATION, sheet.name)
		for row in doc.items:
			row.update({"realization": "", "missing_reason": "Not Released"})
		doc.save()
		frappe.set_user("Administrator")
		self.assertIn("–", self.text(include_unverified=1))


class TestSetUp(SerojaTestCase):
	def fingerprint(self) -> dict:
		found = {}
		for doctype in (
			"Role",
			"Workflow",
			"Workflow State",
			"Workflow Action Master",
			"Workflow Transition",
			"Workflow Document State",
			"Achievement Scale",
			"Achievement Scale Band",
			"Assessment Instrument",
			"Assessment Instrument Item",
			"Custom DocPerm",
			"Custom Field",
			"Property Setter",
			"Number Card",
			"Dashboard Chart",
			"Workspace",
			"Report",
		):
			found[doctype] = frappe.get_all(doctype, fields=["*"], order_by="name", limit_page_length=0)
		found["settings"] = frappe.get_doc("SEROJA Settings").as_dict()
		return json.loads(json.dumps(found, default=str))

	def test_a_second_run_changes_nothing(self):
		from seroja.install import after_migrate

		with patch.object(frappe.db, "commit"):
			after_migrate()
			before = self.fingerprint()
			after_migrate()
		after = self.fingerprint()
		for doctype in before:
			with self.subTest(doctype=doctype):
				self.assertEqual(before[doctype], after[doctype])

	def test_a_local_change_survives(self):
		from seroja.install import after_migrate

		workflow = frappe.get_doc("Workflow", "Performance Realization Verification")
		workflow.transitions[0].send_email_to_creator = 1
		workflow.states[0].message = "Pesan setempat"
		workflow.save()
		scale = frappe.get_doc("Achievement Scale", frappe.get_all("Achievement Scale", pluck="name")[0])
		scale.source = "Perwal setempat"
		scale.save()
		frappe.db.set_value(c.INSTRUMENT, "SPBE-2020", "title", "Indeks SPBE setempat")
		frappe.db.set_single_value("SEROJA Settings", "cap", 150)
		with patch.object(frappe.db, "commit"):
			after_migrate()
		workflow.reload()
		self.assertEqual(workflow.states[0].message, "Pesan setempat")
		self.assertEqual(frappe.db.get_value("Achievement Scale", scale.name, "source"), "Perwal setempat")
		self.assertEqual(frappe.db.get_value(c.INSTRUMENT, "SPBE-2020", "title"), "Indeks SPBE setempat")
		self.assertEqual(frappe.db.get_single_value("SEROJA Settings", "cap"), 150)

	def test_a_scale_that_was_removed_comes_back_and_a_chosen_one_stays_chosen(self):
		from seroja.install import after_migrate

		names = frappe.get_all("Achievement Scale", pluck="name")
		chosen = frappe.db.get_single_value("SEROJA Settings", "scale")
		other = next(name for name in names if name != chosen)
		frappe.db.delete("Achievement Scale", {"name": other})
		frappe.db.delete("Achievement Scale Band", {"parent": other})
		with patch.object(frappe.db, "commit"):
			after_migrate()
		self.assertTrue(frappe.db.exists("Achievement Scale", other))
		self.assertEqual(frappe.db.get_single_value("SEROJA Settings", "scale"), chosen)

	def test_every_path_in_the_hooks_exists(self):
		from seroja import hooks

		def paths(value):
			if isinstance(value, dict):
				for inner in value.values():
					yield from paths(inner)
			elif isinstance(value, (list, tuple)):
				for inner in value:
					yield from paths(inner)
			elif isinstance(value, str) and value.startswith("seroja.") and "/" not in value:
				yield value

		found = [
			path for name in dir(hooks) if not name.startswith("_") for path in paths(getattr(hooks, name))
		]
		self.assertGreater(len(found), 5)
		for path in found:
			with self.subTest(path=path):
				self.assertTrue(callable(frappe.get_attr(path)))

	def test_documents_named_in_hooks_exist(self):
		from seroja import hooks

		named = {*hooks.permission_query_conditions, *hooks.has_permission, *hooks.doc_events}
		for doctype in named:
			self.assertTrue(frappe.db.exists("DocType", doctype), doctype)

	def test_every_scoped_document_of_the_app_is_in_the_hooks(self):
		"""A DocType that leads to an OPD and is forgotten in hooks.py would be open to all."""
		from seroja import hooks

		for doctype in frappe.get_all("DocType", {"module": "SEROJA", "issingle": 0}, pluck="name"):
			meta = frappe.get_meta(doctype)
			leads_to_opd = doctype == "OPD" or any(
				field.fieldtype == "Link" and field.options == "OPD" for field in meta.fields
			)
			if leads_to_opd:
				with self.subTest(doctype=doctype):
					self.assertIn(doctype, hooks.permission_query_conditions)
					if not meta.istable:
						self.assertIn(doctype, hooks.has_permission)
