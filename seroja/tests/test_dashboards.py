"""The dashboard: who has which view, figures as in the reports, nothing of others, and what is missing is not 0."""

import json

import frappe
from frappe.utils import add_days, today

from seroja import constants as c
from seroja.api import dashboards
from seroja.core.numbers import format_number
from seroja.seroja.report.follow_up_status import follow_up_status
from seroja.seroja.report.opd_evaluation_summary import opd_evaluation_summary
from seroja.seroja.report.verification_status import verification_status
from seroja.tests.evaluation_utils import approved_assessment, make_recommendation
from seroja.tests.test_reports import BULK_YEAR, ITEM, PERIOD, bulk_city, counted, insert_raw, run
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

TW1, BULK = f"{YEAR}-TW1", f"{BULK_YEAR}-TW1"
CITY_PEOPLE = ("planner", "bureau", "executive", "admin")


def cards(found: dict) -> dict[str, str]:
	return {card["label"]: card["value"] for card in found["cards"]}


def section(found: dict, title: str) -> dict:
	"""The section whose title begins so."""
	return next(each for each in found["sections"] if each["title"].startswith(title))


def texts(found: dict, title: str) -> list[list[str]]:
	return [[cell["text"] for cell in row] for row in section(found, title)["rows"]]


def figures(report, **filters) -> dict:
	"""The cards above a report."""
	return {card["label"]: card["value"] for card in run(report, **filters).summary}


def sheet_with(opd: str, values: tuple[str, ...], letter: str):
	"""A verified sheet with these values and little money spent."""
	doc = draft_sheet(opd, fill=False)
	frappe.set_user(person(f"operator_{letter}"))
	fill_sheet(doc, values)
	for row in doc.items:
		row.budget_realization = "100.000"
	doc.save()
	frappe.set_user("Administrator")
	doc = take(doc, SUBMIT, f"operator_{letter}")
	doc = take(doc, APPROVE, f"head_{letter}")
	return take(doc, VERIFY, "inspector")


class DashboardTestCase(SerojaTestCase):
	def see(self, key: str, view: str | None = None, period: str | None = None) -> dict:
		self.as_user(key)
		return dashboards.get(view, period)


class TestViews(DashboardTestCase):
	def views(self, key: str) -> list[str]:
		return [view["name"] for view in self.see(key)["views"]]

	def test_each_person_has_the_views_of_his_roles_and_positions(self):
		for key in ("operator_a", "head_a", "viewer_a"):
			self.assertEqual(self.views(key), ["unit"], key)
		for key in CITY_PEOPLE:
			self.assertEqual(self.views(key), ["city"], key)
		self.assertEqual(self.views("inspector"), ["inspectorate", "city"])

	def test_a_city_role_with_a_position_has_both(self):
		opd = frappe.get_doc("OPD", A)
		opd.append(
			"position_holders",
			{"user": person("planner"), "position": "Operator", "capacity": "Plt", "from_date": "2020-01-01"},
		)
		opd.save()
		self.assertEqual(self.views("planner"), ["city", "unit"])

	def test_a_position_in_the_government_shows_the_units_below_it_and_no_other(self):
		holder = {"user": person("head_a"), "position": "Head", "capacity": "Pj", "from_date": "2020-01-01"}
		values = {"abbreviation": "TesPemda", "opd_name": "Pemerintah Uji", "opd_type": "Government"}
		frappe.get_doc({"doctype": "OPD", **values, "is_group": 1, "position_holders": [holder]}).insert()
		verified_sheet(A)
		alone = self.see("head_a", "city", TW1)
		self.assertEqual([view["name"] for view in alone["views"]], ["city", "unit"])
		frappe.set_user("Administrator")
		sheet_with(B, ("61,37", "83,91", "11,73", "WDP"), "b")
		make_recommendation(B, due_date=add_days(today(), -5))
		take(draft_sheet(B, quarter=2), SUBMIT, "operator_b")
		self.assertEqual(self.see("head_a", "city", TW1), alone)
		self.assertIn(f"Dinas {A}", json.dumps(alone, default=str))
		self.assertNotEqual(self.see("executive", "city", TW1)["cards"], alone["cards"])

	def test_the_view_of_somebody_else_is_refused(self):
		for key, view in (
			("head_a", "city"),
			("head_a", "inspectorate"),
			("executive", "unit"),
			("planner", "inspectorate"),
			("inspector", "nothing"),
		):
			with self.subTest(key=key, view=view):
				self.as_user(key)
				self.assertRefused(dashboards.get, view)

	def test_without_a_role_there_is_no_dashboard(self):
		for user in (person("outsider"), "Guest"):
			frappe.set_user(user)
			self.assertRefused(dashboards.get)

	def test_a_role_without_a_position_says_what_is_missing(self):
		holders = {"user": person("head_a")}
		frappe.db.set_value("OPD Position Holder", holders, "to_date", add_days(today(), -1))
		found = self.see("head_a")
		self.assertEqual((found["views"], found["view"]), ([], None))
		self.assertIn("no position", found["message"])
		self.assertNotIn("cards", found)
		self.assertRefused(dashboards.get, "unit")

	def test_before_the_first_period_it_says_what_to_do(self):
		frappe.db.set_value(PERIOD, {"name": ["is", "set"]}, "entry_opens", add_days(today(), 1))
		for key, may_create in (("admin", True), ("head_a", False), ("inspector", False)):
			found = self.see(key)
			self.assertIsNone(found["period"])
			self.assertTrue(found["message"])
			self.assertEqual(bool(found["next"]), may_create, key)

	def test_a_period_that_does_not_exist_is_refused(self):
		self.as_user("executive")
		with self.assertRaises(frappe.DoesNotExistError):
			dashboards.get("city", "1999-TW1")


class TestCity(DashboardTestCase):
	def test_figures_are_those_of_the_reports(self):
		bulk_city(12, 11)
		found = self.see("executive", "city", BULK)
		report = run(opd_evaluation_summary, period=BULK)
		above = figures(opd_evaluation_summary, period=BULK)
		states = figures(verification_status, period=BULK)
		valued, owed = (sum(row[name] for row in report.rows) for name in ("valued", "indicators"))
		self.assertEqual(cards(found)["Mean Score (%)"], above["Mean Score (%)"])
		self.assertEqual(cards(found)["Indicators with Value"], f"{valued} / {owed}")
		self.assertEqual(cards(found)["Sheets Verified"], f"{states['Verified']} / {states['OPD']}")
		expected = [
			[str(row["rank"]), row["opd_name"], format_number(row["mean_scored"]), row["category"]]
			for row in report.rows[:10]
		]
		self.assertEqual(texts(found, "Ranking"), expected)

	def test_absorption_is_spent_over_budget_where_both_are_known(self):
		bulk_city(3, 5)
		rows = frappe.get_all(
			ITEM,
			{"name": ["like", "rTesBesar%"], "has_budget_realization": 1},
			["budget", "budget_realization_value"],
		)
		spent, budget = (sum(row[name] for row in rows) for name in ("budget_realization_value", "budget"))
		found = self.see("executive", "city", BULK)
		self.assertEqual(cards(found)["Absorption (%)"], format_number(100 * spent / budget))

	def test_categories_and_missing_values_add_up_to_all_indicators(self):
		bulk_city(4, 10)
		found = self.see("executive", "city", BULK)
		counts = section(found, "Indicators per Category")["chart"]["data"]["datasets"][0]["values"]
		valued, owed = (int(part) for part in cards(found)["Indicators with Value"].split(" / "))
		self.assertEqual(sum(counts), owed)
		self.assertEqual(counts[-1], owed - valued)

	def test_the_trend_ends_with_the_mean_and_a_quarter_without_figures_is_a_gap(self):
		bulk_city(3, 4)
		bulk_city(2, 4, BULK_YEAR - 1, 50)
		dates = {f"{stage}_closes": add_days(today(), -1) for stage in ("entry", "approval", "verification")}
		empty = {"doctype": PERIOD, "year": BULK_YEAR - 1, "quarter": "3", **dates}
		frappe.get_doc({**empty, "entry_opens": add_days(today(), -9)}).insert()
		found = self.see("executive", "city", BULK)
		data = section(found, "Mean Score")["chart"]["data"]
		self.assertEqual(
			data["labels"],
			[f"TW{q} {y}" for q, y in ((1, BULK_YEAR - 1), (3, BULK_YEAR - 1), (1, BULK_YEAR))],
		)
		first, gap, last = data["datasets"][0]["values"]
		self.assertIsNone(gap)
		self.assertEqual(format_number(last), cards(found)["Mean Score (%)"])
		before = figures(opd_evaluation_summary, period=f"{BULK_YEAR - 1}-TW1")
		self.assertEqual(format_number(first), before["Mean Score (%)"])

	def last_year(self, achievements: dict[str, float | None]) -> None:
		"""A verified sheet of the same quarter last year of the first OPD; None for a row without a value."""
		bulk_city(1, 0, BULK_YEAR - 1, 90)
		sheet = f"TesBesar0-{BULK_YEAR - 1}-TW1"
		common = {"year": BULK_YEAR - 1, "docstatus": 1, "workflow_state": c.VERIFIED, "quarter": 1}
		period = f"{BULK_YEAR - 1}-TW1"
		insert_raw(c.REALIZATION, [{"name": sheet, "opd": "TesBesar0", "period": period, **common}])
		rows = [
			{
				"name": f"old{indicator}",
				"parent": sheet,
				"parenttype": c.REALIZATION,
				"parentfield": "items",
				"indicator": indicator,
				"status": "no_data" if value is None else "ok",
				"achievement_raw": value or 0,
				"docstatus": 1,
			}
			for indicator, value in achievements.items()
		]
		insert_raw(ITEM, rows)

	def test_the_worst_movers_are_in_points_deepest_first_and_lead_to_the_sheet(self):
		bulk_city(1, 5)
		now = {"TesBesar0-0": 90, "TesBesar0-1": 50, "TesBesar0-2": 70}
		for indicator, value in now.items():
			frappe.db.set_value(ITEM, f"r{indicator}", {"status": "ok", "achievement_raw": value})
		frappe.db.set_value(ITEM, "rTesBesar0-3", {"status": "no_data", "achievement_raw": 0})
		self.last_year(
			{"TesBesar0-0": 100, "TesBesar0-1": 95, "TesBesar0-2": 60, "TesBesar0-3": 80, "TesBesar0-4": None}
		)
		found = self.see("executive", "city", BULK)
		self.assertEqual(
			texts(found, "Fallen"),
			[["Indikator 1", "95,00", "50,00", "▼ 45,0"], ["Indikator 0", "100,00", "90,00", "▼ 10,0"]],
		)
		link = section(found, "Fallen")["rows"][0][0]["link"]
		self.assertEqual(link["route"], ["Form", c.REALIZATION, f"TesBesar0-{BULK}"])

	def test_without_last_year_nothing_is_said_to_have_held(self):
		bulk_city(1, 3)
		found = section(self.see("executive", "city", BULK), "Fallen")
		self.assertEqual(found["rows"], [])
		self.assertIn("no verified figures", found["empty"])

	def test_what_is_missing_is_not_0(self):
		draft_sheet(A)
		found = self.see("executive", "city", TW1)
		self.assertEqual(cards(found)["Mean Score (%)"], "–")
		self.assertEqual(cards(found)["Absorption (%)"], "–")
		self.assertEqual(cards(found)["Indicators with Value"], "0 / 4")
		self.assertEqual(texts(found, "Ranking"), [])
		self.assertNotIn("chart", [key for key, value in section(found, "Mean Score").items() if value])

	def test_an_empty_year_has_no_figures_at_all(self):
		found = self.see("executive", "city", TW1)
		self.assertEqual(cards(found)["Indicators with Value"], "–")
		self.assertEqual(cards(found)["Sheets Verified"], "–")
		self.assertTrue(
			all(each.get("rows") or each.get("chart") or each["empty"] for each in found["sections"])
		)

	def test_sheets_per_state_are_those_of_the_report_for_each_quarter(self):
		verified_sheet(A)
		draft_sheet(B)
		draft_sheet(A, quarter=2)
		found = self.see("executive", "city", TW1)
		for row in section(found, "Sheets by Status")["rows"]:
			chart = run(verification_status, **row[0]["link"]["query"]).chart
			counts = chart["data"]["datasets"][0]["values"]
			self.assertEqual([cell["text"] for cell in row[1:]], [str(count) for count in counts])

	def test_the_backlog_names_who_holds_a_sheet_and_the_oldest_comes_first(self):
		doc = take(draft_sheet(A), SUBMIT, "operator_a")
		other = take(take(draft_sheet(B), SUBMIT, "operator_b"), APPROVE, "head_b")
		for name, days in ((doc.name, -3), (other.name, -20)):
			frappe.db.set_value(c.ENTRY, {"reference_name": name}, "acted_on", add_days(today(), days))
		rows = texts(self.see("executive", "city", TW1), "Waiting Longest")
		self.assertEqual(
			[row[:3] for row in rows],
			[[f"Dinas {B}", "SEROJA Inspektorat", "20"], [f"Dinas {A}", "head_a", "3"]],
		)


class TestUnit(DashboardTestCase):
	def test_figures_are_those_of_the_report(self):
		verified_sheet(A)
		found = self.see("head_a", period=TW1)
		row = run(opd_evaluation_summary, period=TW1).rows[0]
		self.assertEqual(cards(found)["Mean Score (%)"], format_number(row["mean_scored"]))
		self.assertEqual(cards(found)["Indicators with Value"], f"{row['valued']} / {row['indicators']}")
		expected = [
			row["opd_name"],
			format_number(row["mean_scored"]),
			row["category"],
			format_number(row["absorption"]),
		]
		self.assertEqual(texts(found, "My OPD")[0][:4], expected)

	def test_a_city_role_sees_in_it_only_the_own_opd(self):
		opd = frappe.get_doc("OPD", A)
		holder = {
			"user": person("planner"),
			"position": "Viewer",
			"capacity": "Plt",
			"from_date": "2020-01-01",
		}
		opd.append("position_holders", holder)
		opd.save()
		for unit in (A, B):
			verified_sheet(unit)
			make_recommendation(unit)
		found = self.see("planner", "unit", TW1)
		self.assertNotIn(B, json.dumps(found, default=str))
		self.assertIn(A, json.dumps(found, default=str))

	def test_nothing_of_another_opd_is_in_it(self):
		sheet_with(A, ("90", "80", "30", "WDP"), "a")
		sheet_with(B, ("61,37", "83,91", "11,73", "WDP"), "b")
		take(draft_sheet(B, quarter=2), SUBMIT, "operator_b")
		make_recommendation(B, recommendation="Rahasia milik TesB.", due_date=add_days(today(), -5))
		make_recommendation(A)
		for key in ("head_a", "operator_a", "viewer_a"):
			for period in (None, TW1, f"{YEAR}-TW2"):
				sent = json.dumps(self.see(key, period=period), default=str)
				self.assertIn(A, sent)
				for word in (B, "61,37", "Rahasia", "head_b", "operator_b"):
					self.assertNotIn(word, sent, f"{key} {period}")
		self.assertIn("61,37", json.dumps(self.see("head_b", period=TW1), default=str))

	def test_it_is_the_same_as_if_the_other_opd_had_done_nothing(self):
		sheet_with(A, ("90", "80", "30", "WDP"), "a")
		alone = self.see("head_a", period=TW1)
		frappe.set_user("Administrator")
		sheet_with(B, ("61,37", "83,91", "11,73", "WDP"), "b")
		make_recommendation(B)
		self.assertEqual(self.see("head_a", period=TW1), alone)

	def test_what_waits_for_me_leads_to_the_document_or_to_a_new_one(self):
		doc = take(draft_sheet(A), SUBMIT, "operator_a")
		cell = section(self.see("head_a"), "Waiting for Me")["rows"][0][0]
		self.assertEqual(
			(cell["text"], cell["link"]["route"]), ("Approve or return", ["Form", c.REALIZATION, doc.name])
		)
		links = [row[0]["link"] for row in section(self.see("operator_a"), "Waiting for Me")["rows"]]
		new = {"route": ["Form", c.REALIZATION, "new"], "query": {"opd": A, "period": f"{YEAR}-TW2"}}
		self.assertIn(new, links)

	def test_what_changed_tells_who_did_what_and_why(self):
		doc = take(draft_sheet(A), SUBMIT, "operator_a")
		indicator = doc.items[0].indicator
		take(doc, RETURN, "head_a", note="Lengkapi bukti.", flag=indicator)
		found = texts(self.see("operator_a"), "What Changed")
		self.assertEqual(found[0], [doc.name, "Returned", "head_a", "Lengkapi bukti."])
		self.assertEqual(found[1][1:3], ["Submitted", "operator_a"])

	def test_indicators_below_target_come_weakest_first_with_the_next_step(self):
		doc = draft_sheet(A, fill=False)
		frappe.set_user(person("operator_a"))
		for row in doc.items:
			row.next_step = f"Langkah {row.indicator}"
		fill_sheet(doc)
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			take(doc, action, key)
		rows = texts(self.see("head_a", period=TW1), "Below Target")
		below = frappe.get_all(
			ITEM,
			{"parent": doc.name, "status": "ok", "achievement_raw": ["<", 100]},
			["indicator_name", "achievement_raw", "next_step"],
			order_by="achievement_raw",
		)
		self.assertTrue(below)
		expected = [[row.indicator_name, format_number(row.achievement_raw), row.next_step] for row in below]
		self.assertEqual(rows, expected)

	def test_the_deadline_follows_the_state_of_the_sheet(self):
		frappe.db.set_value(
			PERIOD, {"year": YEAR, "quarter": ["!=", "1"]}, "entry_opens", add_days(today(), 2)
		)
		doc = draft_sheet(A)
		period = frappe.get_doc(PERIOD, TW1)
		shown = lambda: cards(self.see("head_a"))["Deadline"]  # noqa: E731
		self.assertEqual(shown(), frappe.utils.formatdate(period.entry_closes))
		doc = take(doc, SUBMIT, "operator_a")
		self.assertEqual(shown(), frappe.utils.formatdate(period.approval_closes))
		take(doc, APPROVE, "head_a")
		self.assertEqual(shown(), "–")


class TestInspectorate(DashboardTestCase):
	def test_sheets_that_wait_are_counted_by_who_must_act_and_by_age(self):
		doc = take(take(draft_sheet(A), SUBMIT, "operator_a"), APPROVE, "head_a")
		other = take(draft_sheet(B), SUBMIT, "operator_b")
		for name, days in ((doc.name, -10), (other.name, -31)):
			frappe.db.set_value(c.ENTRY, {"reference_name": name}, "acted_on", add_days(today(), days))
		found = self.see("inspector", period=TW1)
		self.assertEqual(cards(found)["Sheets to Verify"], "1")
		self.assertEqual([row[0] for row in texts(found, "Waiting for Verification")], [f"Dinas {A}"])
		counts = [row[1:] for row in texts(found, "How Long")]
		self.assertEqual(counts, [["0", "0"], ["0", "1"], ["0", "0"], ["1", "0"]])

	def test_recommendations_are_those_of_the_report(self):
		make_recommendation(A)
		make_recommendation(B, due_date=add_days(today(), -5))
		found = self.see("inspector", period=TW1)
		above = figures(follow_up_status)
		rows = texts(found, "Recommendations by Class")
		self.assertEqual(sum(int(row[1]) for row in rows), above["Recommendations"])
		self.assertEqual(cards(found)["Open Recommendations"], str(above["Still Open"]))
		self.assertEqual(
			section(found, "Overdue Recommendations")["title"],
			f"Overdue Recommendations ({above['Overdue']})",
		)

	def test_an_assessment_that_waits_for_evaluation_is_shown(self):
		doc = approved_assessment(A)
		found = self.see("inspector", period=TW1)
		rows = section(found, "Assessments Waiting")["rows"]
		self.assertEqual([row[0]["link"]["route"][2] for row in rows], [doc.name])
		self.assertEqual(rows[0][1]["text"], "Evaluate or return")

	def test_opds_are_late_until_they_have_handed_in(self):
		approved_target(A)
		doc = take(draft_sheet(B), SUBMIT, "operator_b")
		take(doc, APPROVE, "head_b")
		past = {"entry_closes": add_days(today(), -2), "approval_closes": add_days(today(), -1)}
		frappe.db.set_value(PERIOD, TW1, past)
		self.assertEqual(
			texts(self.see("inspector", period=TW1), "OPDs That Are Late"),
			[[f"Dinas {A}", "No Sheet", frappe.utils.formatdate(past["entry_closes"])]],
		)


class TestQueries(DashboardTestCase):
	def count(self, key: str, view: str) -> int:
		self.see(key, view, BULK)  # caches
		with counted() as statements:
			dashboards.get(view, BULK)
		frappe.set_user("Administrator")
		return len(statements)

	def test_their_number_does_not_grow_with_opds_or_rows(self):
		verified_sheet(A)
		views = (("executive", "city"), ("inspector", "inspectorate"), ("head_a", "unit"))
		bulk_city(5, 4)
		few = {view: self.count(key, view) for key, view in views}
		bulk_city(45, 20, BULK_YEAR, 100)
		frappe.db.set_value(
			c.REALIZATION, {"name": ["like", "TesBesar10%"]}, {"docstatus": 0, "workflow_state": c.SUBMITTED}
		)
		self.assertEqual({view: self.count(key, view) for key, view in views}, few)
		self.assertLessEqual(max(few.values()), 60)
