"""Planning: plans and their versions, the tree, indicators, agreements. What holds on every way into a document."""

import json

import frappe

from seroja import constants as c
from seroja.services import cascade, drawing, indicators, plans
from seroja.services.actors import NotYourStep
from seroja.tests.planning_utils import (
	CITY,
	approve_plan,
	as_person,
	make_agreement,
	make_government,
	make_node,
	make_plan,
	measure,
	reopen_plan,
	sign,
)
from seroja.tests.utils import (
	RETURN,
	SUBMIT,
	YEAR,
	A,
	B,
	SerojaTestCase,
	approved_target,
	draft_sheet,
	person,
	take,
	verified_sheet,
)


class PlanningTestCase(SerojaTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		make_government()

	def small_tree(self, approved: bool = False):
		"""(plan, tujuan, sasaran, program) of A, the sasaran measured by the first two indicators."""
		plan = make_plan()
		tujuan = make_node(plan)
		sasaran = make_node(plan, "Sasaran", tujuan.name)
		program = make_node(plan, "Program", sasaran.name, nomenclature_code="1.02.02")
		measure(sasaran, f"{A}-1", f"{A}-2")
		return (approve_plan(plan) if approved else plan), tujuan, sasaran, program


class TestPlans(PlanningTestCase):
	def test_a_plan_goes_through_every_hand_and_its_version_is_kept(self):
		plan, *_nodes = self.small_tree(approved=True)
		self.assertEqual(plan.workflow_state, c.APPROVED)
		version = frappe.get_doc(c.PLAN_VERSION, f"{plan.name}-v1")
		self.assertEqual((version.version_label, version.objectives, version.indicators), ("Murni", 3, 2))
		stored = json.loads(frappe.db.get_value(c.PLAN_VERSION, version.name, "content"))
		self.assertEqual(version.digest, plans.content_digest(stored))
		self.assertEqual(stored["indicators"][f"{A}-1"][f"target_{YEAR}"], "100")

	def test_nobody_decides_on_what_he_entered(self):
		plan, *_nodes = self.small_tree()
		take(plan, SUBMIT, "operator_a")
		self.assertRefused(take, plan, "Approve", "operator_a", exceptions=Exception)
		self.assertRefused(take, plan, "Approve", "head_b", exceptions=Exception)
		self.assertRefused(take, plan, "Approve", "planner", exceptions=Exception)

	def test_an_approved_version_is_frozen(self):
		plan, _tujuan, sasaran, program = self.small_tree(approved=True)
		for key in ("operator_a", "head_a", "planner"):
			self.as_user(key)
			node = frappe.get_doc(c.OBJECTIVE, sasaran.name)
			node.statement = "Diubah diam-diam"
			self.assertRefused(node.save, exceptions=(frappe.ValidationError, frappe.PermissionError))
			self.assertRefused(
				frappe.delete_doc,
				c.OBJECTIVE,
				program.name,
				exceptions=(frappe.ValidationError, frappe.PermissionError),
			)
			self.assertRefused(
				make_node, plan, "Tujuan", exceptions=(frappe.ValidationError, frappe.PermissionError)
			)
		self.as_user("operator_a")
		doc = frappe.get_doc(c.PLAN, plan.name)
		doc.vision = "Lain"
		self.assertRefused(doc.save)
		self.assertEqual(frappe.db.get_value(c.OBJECTIVE, sasaran.name, "statement"), f"Sasaran {A}")

	def test_an_indicator_of_an_approved_plan_keeps_its_targets(self):
		self.small_tree(approved=True)
		self.as_user("planner")
		doc = frappe.get_doc(c.INDICATOR, f"{A}-1")
		doc.year_targets[0].target = "1"
		self.assertRefused(doc.save, exceptions=frappe.ValidationError)
		doc = frappe.get_doc(c.INDICATOR, f"{A}-1")
		doc.definition = "Penjelasan boleh ditambah"
		doc.save()

	def test_a_version_is_never_written_by_hand(self):
		plan, *_nodes = self.small_tree(approved=True)
		for user in ("Administrator", person("admin"), person("planner")):
			frappe.set_user(user)
			version = frappe.get_doc(c.PLAN_VERSION, f"{plan.name}-v1")
			version.reason = "Lain"
			self.assertRefused(version.save, exceptions=Exception)
			self.assertRefused(version.delete, exceptions=Exception)
			copy = frappe.copy_doc(version)
			copy.version = 9
			self.assertRefused(copy.insert, exceptions=Exception)

	def test_a_new_version_needs_a_reason_starts_as_the_copy_and_keeps_the_old_one(self):
		plan, _tujuan, sasaran, _program = self.small_tree(approved=True)
		self.assertRefused(reopen_plan, plan, "", exceptions=Exception)
		plan = reopen_plan(plan, "Perubahan RPJMD")
		self.assertEqual((plan.workflow_state, plan.version, plan.version_label), (c.DRAFT, 2, "Perubahan I"))
		self.assertEqual(plan.revision_reason, "Perubahan RPJMD")
		make_node(plan, "Sasaran", sasaran.parent_performance_objective, statement="Sasaran baru")
		self.as_user("planner")
		indicator = frappe.get_doc(c.INDICATOR, f"{A}-2")
		indicator.year_targets[0].target = "80"
		indicator.save()
		frappe.set_user("Administrator")
		first, live = f"{plan.name}-v1", plans.LIVE
		found = {(d.change, d.kind, d.part or d.title) for d in plans.compare(plan.name, first, live)}
		self.assertEqual(
			found,
			{("added", "objectives", "Sasaran baru"), ("changed", "indicators", f"target_{YEAR}")},
		)
		plan = approve_plan(plan)
		self.assertEqual(
			[row.version_label for row in plans.versions_of(plan.name)], ["Murni", "Perubahan I"]
		)
		self.assertEqual(len(plans.compare(plan.name, f"{plan.name}-v2", plans.LIVE)), 0)

	def test_an_approval_of_a_plan_goes_stale_when_its_tree_is_changed_beneath_it(self):
		plan, _tujuan, sasaran, _program = self.small_tree(approved=True)
		frappe.db.set_value(c.OBJECTIVE, sasaran.name, "statement", "Diubah di basis data")
		plan = frappe.get_doc(c.PLAN, plan.name)
		plan.run_method("onload")
		self.assertTrue(plan.get_onload("problems"))

	def test_a_plan_without_a_tree_is_not_submitted(self):
		plan = make_plan()
		self.assertRefused(take, plan, SUBMIT, "operator_a", exceptions=frappe.ValidationError)

	def test_a_renstra_belongs_to_an_opd_and_an_rpjmd_to_the_government(self):
		self.assertRefused(make_plan, A, "RPJMD", exceptions=frappe.ValidationError)
		self.assertRefused(make_plan, CITY, "Renstra", exceptions=frappe.ValidationError)
		city = make_plan(CITY, "RPJMD")
		self.assertRefused(
			make_plan, A, first=YEAR + 1, parent_plan=city.name, exceptions=frappe.ValidationError
		)
		self.assertEqual(make_plan(A, parent_plan=city.name).parent_plan, city.name)

	def test_years_are_in_order(self):
		self.assertRefused(make_plan, year_to=YEAR - 1, exceptions=frappe.ValidationError)
		self.assertRefused(make_plan, year_to=YEAR + 40, exceptions=frappe.ValidationError)


class TestTree(PlanningTestCase):
	def test_codes_years_and_outcome_levels_are_filled_in(self):
		_plan, tujuan, sasaran, program = self.small_tree()
		self.assertEqual((tujuan.objective_code, sasaran.objective_code), (f"{A}-1", f"{A}-1.1"))
		self.assertEqual(program.objective_code, f"{A}-1.1.1")
		self.assertEqual((sasaran.year_from, sasaran.year_to), (YEAR, YEAR + 4))
		self.assertEqual(sasaran.outcome_level, "Intermediate Outcome")

	def test_a_nomenclature_code_fits_its_level(self):
		plan, _tujuan, sasaran, _program = self.small_tree()
		for level, code in (("Program", "1.02.02.2.01"), ("Program", "9.02.02"), ("Kegiatan", "1.02.02")):
			self.assertRefused(
				make_node,
				plan,
				level,
				sasaran.name,
				nomenclature_code=code,
				exceptions=frappe.ValidationError,
			)

	def test_a_code_stands_once_in_a_plan(self):
		plan, *_nodes = self.small_tree()
		self.assertRefused(make_node, plan, objective_code=f"{A}-1", exceptions=frappe.ValidationError)

	def test_a_node_cannot_be_its_own_ancestor(self):
		_plan, tujuan, _sasaran, program = self.small_tree()
		self.as_user("operator_a")
		top = frappe.get_doc(c.OBJECTIVE, tujuan.name)
		top.parent_performance_objective = program.name
		self.assertRefused(top.save, exceptions=frappe.ValidationError)

	def test_a_node_with_indicators_or_children_is_not_deleted(self):
		_plan, _tujuan, sasaran, program = self.small_tree()
		self.as_user("operator_a")
		self.assertRefused(frappe.delete_doc, c.OBJECTIVE, sasaran.name, exceptions=frappe.ValidationError)
		frappe.delete_doc(c.OBJECTIVE, program.name)
		self.assertFalse(frappe.db.exists(c.OBJECTIVE, program.name))

	def test_moving_a_node_keeps_the_numbers_of_the_tree_right(self):
		plan, tujuan, _sasaran, program = self.small_tree()
		other = make_node(plan, "Sasaran", tujuan.name, statement="Sasaran kedua")
		self.as_user("operator_a")
		doc = frappe.get_doc(c.OBJECTIVE, program.name)
		doc.parent_performance_objective = other.name
		doc.save()
		frappe.set_user("Administrator")
		self.assertEqual(
			[row.statement for row in cascade.load_nodes({"plan": plan.name})],
			[f"Tujuan {A}", f"Sasaran {A}", "Sasaran kedua", f"Program {A}"],
		)
		check_nested_set(self)

	def test_a_renstra_hangs_below_the_sasaran_of_the_city(self):
		city = make_plan(CITY, "RPJMD")
		above = make_node(city, "Sasaran", make_node(city).name)
		plan = make_plan(A, parent_plan=city.name)
		node = make_node(plan, "Sasaran", above.name)
		self.assertEqual(node.parent_performance_objective, above.name)
		stranger = make_plan(B)
		self.assertRefused(make_node, stranger, "Sasaran", node.name, exceptions=frappe.ValidationError)

	def test_checks_speak_at_the_node_and_in_the_report(self):
		plan, tujuan, sasaran, _program = self.small_tree()
		make_node(
			plan, "Sub Kegiatan", sasaran.name, budgets=[{"year": YEAR, "budget": 5_000_000}], weight=40
		)
		found = {f.check for f in cascade.check({"plan": plan.name}, YEAR).findings}
		self.assertEqual(
			found,
			{
				"without_indicator",
				"level_skipped",
				"unmeasured_budget",
				"weights",
				"without_definition",
				"without_source",
			},
		)
		tujuan.run_method("onload")
		self.assertEqual([severity for severity, *_rest in tujuan.get_onload("findings")], ["error"])
		sasaran.reload()
		sasaran.run_method("onload")
		self.assertIn("Bobot", " ".join(message for _s, message, _n in sasaran.get_onload("findings")))

	def test_an_iku_that_comes_or_goes_within_the_plan_is_seen(self):
		plan, *_nodes = self.small_tree(approved=True)
		reopen_plan(plan)
		self.as_user("planner")
		doc = frappe.get_doc(c.INDICATOR, f"{A}-1")
		doc.is_iku = 0
		doc.save()
		frappe.set_user("Administrator")
		found = [f for f in cascade.check({"plan": plan.name}, YEAR).findings if f.check == "iku_changed"]
		self.assertEqual([f.subject for f in found], [f"{A}-1"])

	def test_a_target_easier_than_last_years_realization_is_seen(self):
		sheet = verified_sheet(A, 4)
		frappe.db.set_value(c.REALIZATION, sheet.name, "year", YEAR - 1)
		frappe.db.set_value("Performance Indicator Year Target", {"parent": f"{A}-1"}, "target", "70")
		self.small_tree()
		found = [f for f in cascade.check({"opd": A}, YEAR).findings if f.check == "easier_target"]
		self.assertEqual({f.subject for f in found}, {f"{A}-1", f"{A}-2"})

	def test_roll_up_shows_own_and_below_apart(self):
		plan, tujuan, sasaran, program = self.small_tree()
		verified_sheet(A, 1)
		period = frappe.get_doc("Reporting Period", f"{YEAR}-TW1")
		nodes = cascade.load_nodes({"plan": plan.name})
		rolled = cascade.roll_up(nodes, period, {})
		# 90 of 100 and, minimised, 80 of 100: 90 and 120.
		self.assertEqual(rolled[sasaran.name].own, 105)
		self.assertEqual((rolled[tujuan.name].own, rolled[tujuan.name].mean), (None, 105))
		self.assertEqual(rolled[tujuan.name].weakest_node, sasaran.name)
		self.assertIsNone(rolled[program.name].own)


def check_nested_set(case) -> None:
	"""Left and right numbers of all objectives form one proper nested set, in step with the parents."""
	rows = frappe.get_all(
		c.OBJECTIVE, fields=["name", "lft", "rgt", "parent_performance_objective as parent"], order_by="lft"
	)
	by_name = {row.name: row for row in rows}
	numbers = sorted(number for row in rows for number in (row.lft, row.rgt))
	case.assertEqual(len(set(numbers)), 2 * len(rows))
	for row in rows:
		around = [other.name for other in rows if other.lft < row.lft and row.rgt < other.rgt]
		closest = max(around, key=lambda name: by_name[name].lft) if around else None
		case.assertEqual(closest, row.parent or None)


class TestIndicators(PlanningTestCase):
	def change(self, code: str, **values):
		frappe.set_user("Administrator")
		doc = frappe.get_doc(c.INDICATOR, code)
		doc.update(values)
		return doc.save()

	def test_achievement_comes_from_numerator_and_denominator_not_from_the_printed_ratio(self):
		# Kota Malang 2014: 40.900 poor of 865.011 inhabitants; 98,32 follows only from the unrounded ratio.
		self.change(
			f"{A}-2",
			value_source=c.RATIO,
			numerator_label="Penduduk miskin",
			denominator_label="Penduduk",
			year_targets=[{"year": YEAR, "target": "4,65"}],
		)
		sheet = draft_sheet(A, 1, fill=False)
		self.as_user("operator_a")
		row = next(row for row in sheet.items if row.indicator == f"{A}-2")
		row.update({"numerator": "40.900", "denominator": "865.011", "realization": "99"})
		sheet.save()
		row = next(row for row in sheet.items if row.indicator == f"{A}-2")
		self.assertEqual(row.realization, "4,728264")
		self.assertEqual(round(row.achievement_raw, 2), 98.32)

	def test_a_denominator_of_zero_is_no_population_and_a_missing_part_no_value(self):
		self.change(f"{A}-2", value_source=c.RATIO, numerator_label="a", denominator_label="b")
		sheet = draft_sheet(A, 1, fill=False)
		self.as_user("operator_a")
		row = next(row for row in sheet.items if row.indicator == f"{A}-2")
		row.update({"numerator": "0", "denominator": "0"})
		sheet.save()
		row = next(row for row in sheet.items if row.indicator == f"{A}-2")
		self.assertEqual((row.status, row.missing_reason), ("no_population", "No Population"))
		row.update({"numerator": "5", "denominator": ""})
		sheet.save()
		row = next(row for row in sheet.items if row.indicator == f"{A}-2")
		self.assertEqual((row.status, row.realization, row.missing_reason), ("no_data", "", ""))

	def test_ratios_are_added_by_their_parts(self):
		self.change(
			f"{A}-3", value_source=c.RATIO, numerator_label="selesai", denominator_label="masuk", factor="100"
		)
		for quarter, parts in ((1, ("10", "20")), (2, ("30", "40"))):
			sheet = draft_sheet(A, quarter, fill=False)
			self.as_user("operator_a")
			row = next(row for row in sheet.items if row.indicator == f"{A}-3")
			row.update({"numerator": parts[0], "denominator": parts[1]})
			sheet.save()
		row = next(row for row in sheet.items if row.indicator == f"{A}-3")
		self.assertEqual((row.realization, row.realization_ytd), ("75", "66,666667"))

	def test_a_formula_is_computed_from_the_sheet_and_from_verified_sheets_of_others(self):
		verified_sheet(B, 1)
		self.change(
			f"{A}-3", value_source=c.FORMULA, expression=f"([{A}-1] + [{B}-1]) / 2", consolidation="LAST"
		)
		sheet = draft_sheet(A, 1, fill=False)
		self.as_user("operator_a")
		for row in sheet.items:
			if row.indicator == f"{A}-1":
				row.realization = "70"
			if row.indicator == f"{A}-3":
				row.realization = "1234"
		sheet.save()
		row = next(row for row in sheet.items if row.indicator == f"{A}-3")
		self.assertEqual(row.realization, "80")  # 70 here, 90 in the verified sheet of B

	def test_a_formula_with_a_missing_part_has_no_value(self):
		self.change(f"{A}-3", value_source=c.FORMULA, expression=f"mean([{A}-1], [{B}-1])")
		sheet = draft_sheet(A, 1, fill=False)
		self.as_user("operator_a")
		next(row for row in sheet.items if row.indicator == f"{A}-1").realization = "70"
		sheet.save()
		row = next(row for row in sheet.items if row.indicator == f"{A}-3")
		self.assertEqual((row.realization, row.status), ("", "no_data"))

	def test_a_formula_whose_part_changes_afterwards_is_visibly_stale(self):
		other = verified_sheet(B, 1)
		self.change(f"{A}-3", value_source=c.FORMULA, expression=f"[{B}-1] * 2", consolidation="LAST")
		sheet = draft_sheet(A, 1)
		sheet = take(sheet, SUBMIT, "operator_a")
		self.as_user("head_a")
		sheet.run_method("onload")
		self.assertEqual(sheet.get_onload("problems"), [])
		frappe.db.set_value(
			"Performance Realization Item",
			{"parent": other.name, "indicator": f"{B}-1"},
			"realization_value",
			10,
		)
		sheet = frappe.get_doc(c.REALIZATION, sheet.name)
		sheet.run_method("onload")
		self.assertEqual(len(sheet.get_onload("problems")), 1)

	def test_formulas_that_cannot_be_are_refused_with_a_sentence(self):
		for expression in (
			"[TidakAda-1] + 1",
			f"[{A}-1] +",
			"__import__('os')",
			f"[{A}-1] ** 9",
			f"[{A}-3] + 1",
		):
			self.assertRefused(
				self.change,
				f"{A}-3",
				value_source=c.FORMULA,
				expression=expression,
				exceptions=frappe.ValidationError,
			)

	def test_a_circle_of_formulas_is_refused(self):
		self.change(f"{A}-2", value_source=c.FORMULA, expression=f"[{A}-3] * 2")
		self.assertRefused(
			self.change,
			f"{A}-3",
			value_source=c.FORMULA,
			expression=f"[{A}-2] / 2",
			exceptions=frappe.ValidationError,
		)

	def test_smart_questions_are_there_and_gaps_are_named(self):
		doc = frappe.get_doc(c.INDICATOR, f"{A}-1")
		doc.run_method("onload")
		self.assertEqual([row.criterion for row in doc.smart], list(indicators.QUESTIONS))
		self.assertEqual(len(doc.get_onload("warnings")), 3)  # definition, formula and source
		doc.smart[0].update({"answer": "Yes", "note": "Jelas"})
		doc.save()
		doc = frappe.get_doc(c.INDICATOR, f"{A}-1")
		doc.run_method("onload")
		self.assertEqual((len(doc.smart), doc.smart[0].answer), (5, "Yes"))

	def test_a_series_breaks_where_a_successor_takes_over(self):
		old = verified_sheet(A, 1)
		frappe.db.set_value(c.REALIZATION, old.name, {"year": YEAR - 1, "docstatus": 1})
		frappe.db.delete("Performance Realization Item", {"parent": old.name, "indicator": ["!=", f"{A}-1"]})
		frappe.db.set_value("Performance Realization Item", {"parent": old.name}, "indicator", f"{A}-4")
		frappe.db.set_value(c.REALIZATION, old.name, "period", f"{YEAR}-TW2")
		verified_sheet(A, 3)
		self.change(f"{A}-4", successor=f"{A}-1", valid_to=YEAR - 1)
		series = indicators.series_of(f"{A}-1")
		self.assertEqual(
			[(row["indicator"], row["is_break"]) for row in series], [(f"{A}-4", False), (f"{A}-1", True)]
		)
		names = [dataset["name"] for dataset in indicators.trend_chart(series)["data"]["datasets"]]
		self.assertEqual(len(names), 3)


class TestActionPlan(PlanningTestCase):
	def target(self, *actions: dict):
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR}).insert()
		for row in doc.items:
			row.budget = 1_000_000
		for action in actions:
			doc.append("actions", action)
		return doc.save()

	def test_actions_spend_no_more_than_the_row_has(self):
		action = {"indicator": f"{A}-1", "action": "Kunjungan", "budget_q1": 600_000, "budget_q4": 400_000}
		self.assertEqual(len(self.target(action).actions), 1)
		frappe.delete_doc(c.TARGET, f"PK-{A}-{YEAR}-v1")
		self.assertRefused(self.target, action, action, exceptions=frappe.ValidationError)

	def test_an_action_belongs_to_a_target_of_the_document(self):
		self.assertRefused(
			self.target, {"indicator": f"{B}-1", "action": "Kunjungan"}, exceptions=frappe.ValidationError
		)

	def test_actions_are_closed_once_submitted_and_an_approval_covers_them(self):
		doc = self.target({"indicator": f"{A}-1", "action": "Kunjungan", "budget_q1": 1})
		doc = take(doc, SUBMIT, "operator_a")
		for key in ("operator_a", "head_a"):
			self.as_user(key)
			doc = frappe.get_doc(c.TARGET, doc.name)
			doc.actions[0].action = "Diganti"
			self.assertRefused(doc.save)
			doc = frappe.get_doc(c.TARGET, doc.name)
			doc.append("actions", {"indicator": f"{A}-2", "action": "Ditambah"})
			self.assertRefused(doc.save)
		doc = take(frappe.get_doc(c.TARGET, doc.name), "Approve", "head_a")
		frappe.db.set_value("Performance Target Action", {"parent": doc.name}, "budget_q1", 99)
		self.assertRefused(take, doc, "Approve", "planner", exceptions=frappe.ValidationError)


class TestAgreements(PlanningTestCase):
	def setUp(self):
		super().setUp()
		approved_target(A)

	def test_two_parties_sign_in_their_order_and_the_agreement_is_in_force(self):
		doc = make_agreement()
		self.assertEqual(doc.second_party, person("mayor"))
		self.assertEqual(len(doc.items), 4)
		doc = sign(doc, "head_a", "mayor")
		self.assertEqual((doc.workflow_state, doc.docstatus, doc.is_current), (c.SIGNED, 1, 1))
		steps = frappe.get_all(
			c.ENTRY, {"reference_name": doc.name}, ["action", "user", "capacity"], order_by="sequence"
		)
		self.assertEqual(
			[(s.action, s.user, s.capacity) for s in steps],
			[("Sign", person("head_a"), "Definitif"), ("Sign", person("mayor"), "Definitif")],
		)

	def test_nobody_signs_for_another(self):
		doc = make_agreement()
		for key in ("operator_a", "mayor", "head_b", "planner", "executive"):
			self.assertRefused(sign, doc, key, exceptions=Exception)
		doc = sign(doc, "head_a")
		for key in ("operator_a", "head_a", "head_b", "planner", "executive"):
			self.assertRefused(sign, doc, key, exceptions=Exception)

	def test_the_capacity_in_which_somebody_signs_is_that_of_the_day(self):
		frappe.db.set_value("OPD Position Holder", {"parent": A, "user": person("head_a")}, "capacity", "Plt")
		doc = sign(make_agreement(first_capacity="Definitif"), "head_a")
		entry = frappe.get_last_doc(c.ENTRY, {"reference_name": doc.name})
		self.assertEqual((entry.capacity, doc.first_capacity), ("Plt", "Plt"))

	def test_a_former_head_does_not_sign(self):
		doc = make_agreement()
		frappe.db.set_value(
			"OPD Position Holder", {"parent": A, "user": person("head_a")}, "to_date", "2021-01-01"
		)
		self.assertRefused(sign, doc, "head_a", exceptions=Exception)

	def test_what_is_signed_does_not_change(self):
		doc = sign(make_agreement(), "head_a")
		for key in ("operator_a", "head_a", "mayor"):
			for change in ({"place": "Batu"}, {"items": []}, {"second_party": person("head_b")}):
				self.as_user(key)
				changed = frappe.get_doc(c.AGREEMENT, doc.name)
				changed.update(change)
				self.assertRefused(changed.save, exceptions=Exception)
		frappe.db.set_value("Performance Agreement Item", {"parent": doc.name}, "target", "1")
		self.assertRefused(sign, doc, "mayor", exceptions=frappe.ValidationError)

	def test_targets_come_from_the_approved_target_whatever_a_request_says(self):
		doc = make_agreement()
		self.as_user("operator_a")
		doc = frappe.get_doc(c.AGREEMENT, doc.name)
		doc.items[0].update({"target": "1", "indicator_name": "Lain"})
		doc.save()
		self.assertEqual(
			doc.items[0].target, frappe.get_doc(c.TARGET, doc.target_document).items[0].year_target
		)
		doc.append("items", {"indicator": f"{B}-1"})
		self.assertRefused(doc.save, exceptions=frappe.ValidationError)

	def test_the_superior_may_return_with_a_note(self):
		doc = sign(make_agreement(), "head_a")
		self.assertRefused(take, doc, RETURN, "mayor", exceptions=frappe.ValidationError)
		doc = take(doc, RETURN, "mayor", "Target terlalu rendah")
		self.assertEqual((doc.workflow_state, doc.decision_note), (c.RETURNED, "Target terlalu rendah"))
		self.assertEqual(sign(doc, "head_a", "mayor").docstatus, 1)

	def test_the_mayor_signs_alone(self):
		frappe.set_user("Administrator")
		frappe.get_doc(
			{
				"doctype": c.INDICATOR,
				"indicator_code": "TesKota-1",
				"indicator_name": "IKU kota",
				"opd": CITY,
				"polarity": "Maximize",
				"consolidation": "LAST",
				"year_targets": [{"year": YEAR, "target": "80"}],
			}
		).insert()
		target = as_person(
			"operator_city",
			lambda: frappe.get_doc({"doctype": c.TARGET, "opd": CITY, "year": YEAR}).insert(),
		)
		for key, action in (("operator_city", SUBMIT), ("mayor", "Approve"), ("planner", "Approve")):
			take(target, action, key)
		doc = sign(make_agreement(CITY), "mayor")
		self.assertEqual((doc.docstatus, doc.second_party), (1, None))

	def test_below_the_head_only_the_positions_own_targets_stand(self):
		frappe.db.set_value(c.INDICATOR, f"{A}-2", "responsible_position", "Kepala Bidang")
		doc = make_agreement(
			position_level="Administrator",
			first_party=person("viewer_a"),
			first_position="Kepala Bidang",
			second_party=person("head_a"),
			second_position="Kepala Dinas",
		)
		self.assertEqual([row.indicator for row in doc.items], [f"{A}-2"])
		self.assertEqual(sign(doc, "viewer_a", "head_a").docstatus, 1)

	def test_a_revision_needs_a_lawful_reason_and_keeps_the_old_one(self):
		from seroja.services.agreements import make_revision

		doc = sign(make_agreement(), "head_a", "mayor")
		self.as_user("operator_a")
		self.assertRefused(make_revision, doc.name, "Ingin saja", "x", exceptions=frappe.ValidationError)
		self.assertRefused(
			make_revision, doc.name, "Change of Strategy", " ", exceptions=frappe.ValidationError
		)
		revision = make_revision(doc.name, "Change of Strategy", "Refocusing anggaran")
		self.assertEqual((revision.version, revision.revision_of), (2, doc.name))
		self.assertRefused(
			make_revision, doc.name, "Change of Strategy", "lagi", exceptions=frappe.ValidationError
		)
		revision.agreement_date = f"{YEAR}-08-01"
		revision.save()
		revision = sign(revision, "head_a", "mayor")
		old = frappe.get_doc(c.AGREEMENT, doc.name)
		self.assertEqual((revision.is_current, old.is_current, old.docstatus), (1, 0, 1))

	def test_an_agreement_is_neither_cancelled_nor_deleted(self):
		doc = sign(make_agreement(), "head_a", "mayor")
		for user in ("Administrator", person("head_a"), person("executive")):
			frappe.set_user(user)
			self.assertRefused(frappe.get_doc(c.AGREEMENT, doc.name).cancel, exceptions=Exception)
			self.assertRefused(frappe.delete_doc, c.AGREEMENT, doc.name, exceptions=Exception)

	def test_an_incomplete_agreement_is_not_signed(self):
		doc = make_agreement(agreement_date=None)
		self.assertRefused(sign, doc, "head_a", exceptions=frappe.ValidationError)

	def test_one_standing_agreement_per_head_and_year(self):
		make_agreement()
		self.assertRefused(make_agreement, exceptions=frappe.ValidationError)

	def test_the_official_form_names_parties_targets_and_programs(self):
		import io

		import docx
		import pypdf

		from seroja.core import agreement as core
		from seroja.services.forms import as_document

		plan = make_plan()
		sasaran = make_node(plan, "Sasaran", make_node(plan).name)
		program = make_node(plan, "Program", sasaran.name, statement="Program Uji")
		kegiatan = make_node(plan, "Kegiatan", program.name)
		make_node(plan, "Sub Kegiatan", kegiatan.name, budgets=[{"year": YEAR, "budget": 7_500_000}])
		doc = sign(make_agreement(), "head_a", "mayor")
		document = as_document(doc)
		self.assertEqual(
			[(row.program, row.budget) for row in document.programs], [("Program Uji", 7_500_000)]
		)
		reader = pypdf.PdfReader(io.BytesIO(core.agreement_pdf(document)))
		text = "".join("".join(page.extract_text() for page in reader.pages).split())
		for word in ("head_a", "mayor", "ProgramUji", "7.500.000", "Indikator1TesA", f"Kepala{A}"):
			self.assertIn(word, text)
		self.assertNotIn("RANCANGAN", text)
		tables = docx.Document(io.BytesIO(core.agreement_docx(document))).tables
		cells = {cell.text for table in tables for row in table.rows for cell in row.cells}
		self.assertIn("Program Uji", cells)


class TestAttacks(PlanningTestCase):
	"""What a hostile test got through once; each stays closed."""

	def test_a_signatory_does_not_write_his_own_targets_while_signing(self):
		approved_target(A)
		doc = make_agreement()
		wanted = [(row.indicator, row.target) for row in doc.items]
		self.as_user("head_a")
		forged = frappe.get_doc(c.AGREEMENT, doc.name)
		for row in forged.items:
			row.target = "1"
		forged.append("programs", {"program": "Program hantu", "budget": 9})
		forged.workflow_state = c.SIGNED_BY_FIRST
		forged.save()
		stored = frappe.get_doc(c.AGREEMENT, doc.name)
		self.assertEqual([(row.indicator, row.target) for row in stored.items], wanted)
		self.assertEqual(len(stored.programs), 0)
		self.assertEqual(sign(stored, "mayor").docstatus, 1)

	def test_numbers_of_the_tree_are_not_believed(self):
		plan, tujuan, sasaran, program = self.small_tree()
		self.as_user("operator_a")
		for values in ({"lft": 1, "rgt": 9999}, {"lft": 2147483646, "rgt": 2147483647}):
			node = frappe.get_doc(c.OBJECTIVE, program.name)
			node.update(values)
			node.save()
		new = frappe.get_doc(
			{
				"doctype": c.OBJECTIVE,
				"plan": plan.name,
				"opd": A,
				"level": "Sasaran",
				"statement": "Baru",
				"parent_performance_objective": tujuan.name,
				"lft": 1,
				"rgt": 999,
				"old_parent": tujuan.name,
			}
		)
		new.insert()
		frappe.set_user("Administrator")
		check_nested_set(self)
		self.as_user("operator_a")
		top = frappe.get_doc(c.OBJECTIVE, tujuan.name)
		top.update({"parent_performance_objective": sasaran.name, "old_parent": sasaran.name})
		self.assertRefused(top.save, exceptions=frappe.ValidationError)

	def test_who_built_the_tree_does_not_approve_the_plan(self):
		plan = make_plan()
		as_person(
			"head_a",
			lambda: frappe.get_doc(
				{
					"doctype": c.OBJECTIVE,
					"plan": plan.name,
					"opd": A,
					"level": "Tujuan",
					"statement": "Dari kepala",
				}
			).insert(),
		)
		take(plan, SUBMIT, "operator_a")
		self.assertRefused(take, plan, "Approve", "head_a", exceptions=Exception)

	def test_a_target_revised_between_two_signatures_stops_the_second(self):
		from seroja.services.targets import make_revision

		target = approved_target(A)
		doc = sign(make_agreement(), "head_a")
		revision = as_person("operator_a", lambda: make_revision(target.name, "Refocusing"))
		for key, action in (("operator_a", SUBMIT), ("head_a", "Approve"), ("planner", "Approve")):
			take(revision, action, key)
		self.assertRefused(sign, doc, "mayor", exceptions=frappe.ValidationError)
		doc = take(doc, RETURN, "head_a", "Target diubah")
		self.assertEqual(doc.workflow_state, c.RETURNED)
		self.assertEqual(sign(doc, "head_a", "mayor").target_document, revision.name)

	def test_only_the_head_of_the_unit_above_is_second_party(self):
		approved_target(A)
		doc = make_agreement(second_party=person("head_b"), second_position="Kepala lain")
		self.assertRefused(sign, doc, "head_a", exceptions=frappe.ValidationError)

	def test_a_new_head_of_the_unit_above_may_return_what_his_predecessor_did_not_sign(self):
		approved_target(A)
		doc = sign(make_agreement(), "head_a")
		frappe.db.set_value(
			"OPD Position Holder", {"parent": CITY, "user": person("mayor")}, "user", person("head_b")
		)
		doc = take(doc, RETURN, "head_b", "Pejabat berganti")
		self.assertEqual(doc.workflow_state, c.RETURNED)

	def test_an_agreement_is_not_backdated(self):
		approved_target(A)
		doc = make_agreement(agreement_date="1999-01-01")
		self.assertRefused(sign, doc, "head_a", exceptions=frappe.ValidationError)

	def test_what_others_hang_below_does_not_hold_up_the_plan_of_the_city(self):
		city = make_plan(CITY, "RPJMD")
		sasaran = make_node(city, "Sasaran", make_node(city).name)
		plan = make_plan(A, parent_plan=city.name)
		make_node(plan, "Sasaran", sasaran.name, weight=7)
		take(city, SUBMIT, "operator_city")
		self.as_user("operator_a")
		plan = frappe.get_doc(c.PLAN, plan.name)
		plan.parent_plan = None
		self.assertRefused(plan.save, exceptions=frappe.ValidationError)
		plan = frappe.get_doc(c.PLAN, plan.name)
		plan.year_to = YEAR + 1
		self.assertRefused(plan.save, exceptions=frappe.ValidationError)

	def test_a_submitted_target_keeps_what_was_submitted(self):
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR}).insert()
		take(doc, SUBMIT, "operator_a")
		frappe.db.set_value(c.INDICATOR, f"{A}-1", {"polarity": "Minimize", "indicator_name": "Diganti"})
		self.as_user("head_a")
		doc = frappe.get_doc(c.TARGET, doc.name)
		doc.decision_note = "Sedang diperiksa"
		doc.save()
		row = next(row for row in doc.items if row.indicator == f"{A}-1")
		self.assertEqual((row.polarity, row.indicator_name), ("Maximize", f"Indikator 1 {A}"))

	def test_a_year_does_not_stand_twice_by_being_written_differently(self):
		frappe.set_user("Administrator")
		doc = frappe.get_doc(c.INDICATOR, f"{A}-1")
		doc.append("year_targets", {"year": f" {YEAR}", "target": "5"})
		self.assertRefused(doc.save, exceptions=frappe.ValidationError)

	def test_a_formula_that_grows_too_large_does_not_lock_the_sheet(self):
		frappe.set_user("Administrator")
		doc = frappe.get_doc(c.INDICATOR, f"{A}-3")
		doc.update(
			{"value_source": c.FORMULA, "expression": f"[{A}-1] * 1000000000000", "consolidation": "LAST"}
		)
		doc.save()
		sheet = draft_sheet(A)
		row = next(row for row in sheet.items if row.indicator == f"{A}-3")
		self.assertEqual((row.realization, row.status), ("", "no_data"))


class TestReports(PlanningTestCase):
	def execute(self, name: str, **filters):
		module = frappe.get_module(f"seroja.seroja.report.{frappe.scrub(name)}.{frappe.scrub(name)}")
		return module.execute(filters)

	def queries(self, name: str, **filters) -> int:
		"""How many statements a report sends, once everything that is cached is there."""
		self.execute(name, **filters)
		sent = []
		original = frappe.db.sql
		frappe.db.sql = lambda *args, **kwargs: sent.append(args) or original(*args, **kwargs)
		try:
			self.execute(name, **filters)
		finally:
			frappe.db.sql = original
		return len(sent)

	def test_the_number_of_queries_does_not_grow_with_the_tree(self):
		plan, _tujuan, sasaran, _program = self.small_tree()
		verified_sheet(A, 1)
		reports = ("Planning Checks", "Cascading Quality", "Objective Roll-up")
		before = [self.queries(name, plan=plan.name, period=f"{YEAR}-TW1", year=YEAR) for name in reports]
		for number in range(12):
			make_node(plan, "Program", sasaran.name, statement=f"Program {number}")
		after = [self.queries(name, plan=plan.name, period=f"{YEAR}-TW1", year=YEAR) for name in reports]
		self.assertEqual(before, after)

	def test_checks_and_score_agree(self):
		plan, *_nodes = self.small_tree()
		_columns, findings, _message, _chart, _cards = self.execute(
			"Planning Checks", plan=plan.name, year=YEAR
		)
		_columns, scores, *_rest = self.execute("Cascading Quality", plan=plan.name, year=YEAR)
		(row,) = scores
		self.assertEqual((row["opd"], row["errors"] + row["warnings"]), (A, len(findings)))
		self.assertTrue(0 < row["score"] < 100)

	def test_the_roll_up_shows_the_figures_of_core_and_opens_the_contributors(self):
		plan, tujuan, _sasaran, _program = self.small_tree()
		verified_sheet(A, 1)
		_columns, rows, *_rest = self.execute("Objective Roll-up", plan=plan.name, period=f"{YEAR}-TW1")
		self.assertEqual([row["indent"] for row in rows], [0, 1, 2])
		self.assertEqual(
			[(row["own"], row["mean"]) for row in rows], [(None, 105), (105, None), (None, None)]
		)
		_columns, contributors, *_rest = self.execute(
			"Indicator Achievement", performance_objective=tujuan.name, period=f"{YEAR}-TW1"
		)
		self.assertEqual({row["indicator"] for row in contributors}, {f"{A}-1", f"{A}-2"})

	def test_the_difference_report_says_what_changed_in_words(self):
		plan, _tujuan, sasaran, _program = self.small_tree(approved=True)
		plan = reopen_plan(plan)
		self.as_user("operator_a")
		node = frappe.get_doc(c.OBJECTIVE, sasaran.name)
		node.critical_success_factor = "Kader aktif"
		node.save()
		_columns, rows, *_rest = self.execute("Plan Version Difference", plan=plan.name)
		self.assertEqual([(row["change"], row["after"]) for row in rows], [("changed", "Kader aktif")])

	def test_the_drawing_shows_every_node_and_its_figure(self):
		plan, *_nodes = self.small_tree()
		verified_sheet(A, 1)
		svg, title = drawing.drawing({"plan": plan.name, "period": f"{YEAR}-TW1"})
		self.assertEqual(title, f"Renstra {A}")
		self.assertEqual(svg.count('class="node"'), 3)
		self.assertIn("105,00%", svg)

	def test_a_drawn_tree_hides_what_is_collapsed(self):
		plan, tujuan, *_nodes = self.small_tree()
		svg, _title = drawing.drawing({"plan": plan.name}, [tujuan.name])
		self.assertEqual(svg.count('class="node"'), 1)
		self.assertIn("+2", svg)


class TestSteps(PlanningTestCase):
	def test_frappe_offers_every_step_that_the_rules_know(self):
		from seroja.services.verification import STEPS

		for doctype in (c.PLAN, c.AGREEMENT):
			workflow = frappe.get_doc("Workflow", {"document_type": doctype})
			offered = {(row.state, row.next_state) for row in workflow.transitions}
			self.assertEqual(offered, set(STEPS[doctype]))

	def test_no_step_is_skipped(self):
		plan, *_nodes = self.small_tree()
		for key in ("operator_a", "head_a", "planner"):
			self.as_user(key)
			for state in (c.APPROVED, c.APPROVED_BY_HEAD):
				doc = frappe.get_doc(c.PLAN, plan.name)
				doc.workflow_state = state
				self.assertRefused(
					doc.save, exceptions=(NotYourStep, frappe.ValidationError, frappe.PermissionError)
				)
