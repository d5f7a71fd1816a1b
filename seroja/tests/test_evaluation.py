"""Evaluation: the worksheet through all hands, its columns, facts, recommendations, reports, documents."""

import frappe
from frappe.utils import add_days, today

from seroja import constants as c
from seroja.services import assessments, recommendations, seals, worksheet
from seroja.tests.evaluation_utils import (
	AKIP,
	EVALUATE,
	FINALIZE,
	GRADES,
	SEND_BACK,
	approved_assessment,
	as_user,
	confirm,
	decide,
	draft_assessment,
	evaluated_assessment,
	final_assessment,
	follow_up,
	make_recommendation,
	make_round,
	step,
	write,
)
from seroja.tests.utils import APPROVE, REOPEN, RETURN, SUBMIT, YEAR, A, B, SerojaTestCase, person


class TestWorksheet(SerojaTestCase):
	def test_rows_follow_the_instrument(self):
		doc = draft_assessment()
		self.assertEqual(len(doc.items), 92)
		self.assertEqual([row.code for row in doc.items][:3], ["1.a", "1.a.1", "1.a.2"])
		self.assertEqual(doc.self_missing, 12)
		self.assertEqual(doc.self_predicate, "")

	def test_one_assessment_per_opd_year_and_instrument(self):
		draft_assessment()
		with self.assertRaises(frappe.ValidationError):
			draft_assessment()

	def test_the_whole_way(self):
		doc = final_assessment()
		self.assertEqual(doc.workflow_state, c.FINAL)
		self.assertEqual(doc.docstatus, 1)
		self.assertAlmostEqual(doc.final_index, 79.0)
		self.assertEqual(doc.final_predicate, "BB")
		actions = [entry.action for entry in seals.entries_of(doc)]
		self.assertEqual(actions, ["Submit", "Approve", "Evaluate", "Finalize"])
		self.assertEqual(seals.problems_of(doc, seals.entries_of(doc)), [])

	def test_partial_answers_give_a_range_not_an_index(self):
		doc = draft_assessment(answers={"1.a": "A"})
		shown = as_user("operator_a", lambda: worksheet.load(doc.name))["scores"]["self"]
		self.assertIsNone(shown["index"])
		self.assertEqual(shown["range"], "5,40 D – 99,40 AA")
		self.assertEqual(len(shown["missing"]), 11)
		self.assertEqual(doc.self_predicate, "")

	def test_running_score_and_distance(self):
		doc = draft_assessment()
		shown = write(doc, "operator_a", "self_answer", GRADES)["scores"]["self"]
		self.assertEqual((shown["index_text"], shown["predicate"]), ("79,00", "BB"))
		self.assertEqual(shown["next"], "lebih dari 1,00 poin lagi ke A")

	def test_an_answer_outside_the_scale_is_refused_with_its_code(self):
		doc = draft_assessment()
		with self.assertRaisesRegex(frappe.ValidationError, "1.a"):
			write(doc, "operator_a", "self_answer", {"1.a": "Z"})

	def test_all_or_nothing(self):
		doc = draft_assessment()
		with self.assertRaises(frappe.ValidationError):
			write(doc, "operator_a", "self_answer", {"1.b": "A", "1.a": "Z"})
		self.assertFalse(
			frappe.db.get_value("Assessment Item", {"parent": doc.name, "code": "1.a"}, "self_answer")
		)

	def test_a_change_from_an_old_tab_does_not_undo_a_newer_one(self):
		doc = draft_assessment(answers={"1.a": "A"})
		late = {"code": "1.a", "field": "self_answer", "value": "E", "was": ""}

		def send(change):
			as_user("operator_a", lambda: worksheet.save(doc.name, [change]))

		self.assertRefused(send, late, exceptions=frappe.ValidationError)
		send(late | {"was": "A", "value": "BB"})
		send(late | {"was": "A", "value": "BB"})  # sent again after the answer to it was lost
		self.assertEqual(frappe.get_doc(c.ASSESSMENT, doc.name).items[0].self_answer, "BB")

	def test_an_incomplete_self_assessment_is_not_submitted(self):
		doc = draft_assessment(answers={"1.a": "A"})
		with self.assertRaisesRegex(frappe.ValidationError, "1.b"):
			step(doc, SUBMIT, "operator_a")

	def test_quality_is_not_graded_above_existence(self):
		doc = draft_assessment(answers=GRADES | {"1.a": "B"})
		with self.assertRaisesRegex(frappe.ValidationError, "1.b > 1.a"):
			step(doc, SUBMIT, "operator_a")

	def test_evidence_is_a_file_of_this_document_or_a_link(self):
		doc = draft_assessment()
		with self.assertRaises(frappe.ValidationError):
			write(doc, "operator_a", "evidence_link", {"1.a.1": "javascript:alert(1)"})
		with self.assertRaises(frappe.PermissionError):
			write(doc, "operator_a", "evidence", {"1.a.1": "/private/files/orang-lain.pdf"})
		write(doc, "operator_a", "evidence_link", {"1.a.1": "https://data.example/pedoman"})
		write(doc, "operator_a", "evidence_page", {"1.a.1": "hlm. 12"})
		write(doc, "operator_a", "evidence_last_year", {"1.a.1": 1})

	def test_outside_its_window_nothing_is_submitted(self):
		doc = draft_assessment(answers=GRADES)
		dates = make_round()
		dates.update({"self_opens": add_days(today(), -9), "self_closes": add_days(today(), -1)})
		dates.save()
		with self.assertRaises(frappe.ValidationError):
			step(doc, SUBMIT, "operator_a")

	def test_nobody_begins_after_the_stage_has_closed_whatever_a_request_says(self):
		dates = make_round()
		dates.update({"self_opens": add_days(today(), -9), "self_closes": add_days(today(), -1)})
		dates.save()
		forged = {"evaluated_by": person("inspector"), "is_extended": 1, "amended_from": None}
		values = {"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": A, "year": YEAR}
		with self.assertRaises(frappe.ValidationError):
			as_user("operator_a", lambda: frappe.get_doc(values | forged).insert())

	def test_a_return_by_the_own_head_does_not_open_the_stage_again(self):
		doc = step(draft_assessment(answers=GRADES), SUBMIT, "operator_a")
		write(doc, "head_a", "is_flagged", {"1.b": 1})
		doc = step(doc, RETURN, "head_a", "Periksa lagi")
		dates = make_round()
		dates.update({"self_opens": add_days(today(), -9), "self_closes": add_days(today(), -1)})
		dates.save()
		with self.assertRaises(frappe.ValidationError):
			step(doc, SUBMIT, "operator_a")

	def test_a_unit_that_the_round_does_not_ask_is_refused(self):
		frappe.db.set_value("OPD", A, "opd_type", "UPTD")
		frappe.clear_document_cache("OPD", A)
		make_round()
		values = {"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": A, "year": YEAR}
		with self.assertRaises(frappe.ValidationError):
			as_user("operator_a", lambda: frappe.get_doc(values).insert())
		frappe.clear_document_cache("OPD", A)

	def test_without_a_round_there_is_no_assessment(self):
		with self.assertRaises(frappe.ValidationError):
			as_user(
				"operator_a",
				lambda: frappe.get_doc(
					{"doctype": c.ASSESSMENT, "instrument": "SPBE-2020", "opd": A, "year": 2024}
				).insert(),
			)


class TestColumns(SerojaTestCase):
	"""Each column is written in its stage, by its people, and never overwritten."""

	def refused(self, doc, key, field, values=None):
		before = [row.get(field) for row in frappe.get_doc(c.ASSESSMENT, doc.name).items]
		self.assertRefused(write, doc, key, field, values or {"1.a": "E"})
		fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
		self.assertEqual([row.get(field) for row in fresh.items], before)

	def test_the_evaluator_cannot_touch_the_self_assessment(self):
		doc = approved_assessment()
		for field in assessments.ENTERED:
			self.refused(doc, "inspector", field, {"1.a": "https://x.example" if "link" in field else "1"})

	def test_the_opd_cannot_touch_the_evaluation(self):
		self.refused(draft_assessment(), "operator_a", "evaluator_answer")
		doc = approved_assessment(B)
		for key in ("operator_b", "head_b"):
			for field in ("evaluator_answer", "evaluator_note", "review_answer"):
				self.refused(doc, key, field)

	def test_a_form_that_carries_other_columns_changes_none(self):
		doc = draft_assessment()

		def save():
			fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
			fresh.items[0].update(
				{
					"self_answer": "A",
					"evaluator_answer": "AA",
					"review_answer": "AA",
					"suggested_answer": "AA",
				}
			)
			fresh.final_predicate, fresh.final_index = "AA", 100
			fresh.save()

		as_user("operator_a", save)
		fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
		row = fresh.items[0]
		self.assertEqual((row.self_answer, row.evaluator_answer, row.review_answer), ("A", "", ""))
		self.assertEqual((fresh.final_predicate, fresh.final_index), ("", 0))

	def test_the_opd_cannot_touch_its_own_column_any_more(self):
		doc = approved_assessment()
		self.refused(doc, "operator_a", "self_answer")
		self.refused(doc, "head_a", "self_answer")

	def test_the_evaluator_does_not_write_the_review_nor_the_reviewer_the_evaluation(self):
		doc = approved_assessment()
		write(doc, "inspector", "evaluator_answer", {"1.a": "A"})
		self.refused(doc, "inspector", "review_answer")

	def test_the_reviewer_writes_his_own_column(self):
		doc = evaluated_assessment()
		write(doc, "inspector2", "review_answer", {"1.c": "BB"})
		fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
		row = next(row for row in fresh.items if row.code == "1.c")
		self.assertEqual((row.self_answer, row.evaluator_answer, row.review_answer), ("B", "B", "BB"))
		self.assertAlmostEqual(fresh.final_index, 80.5)
		self.assertAlmostEqual(fresh.evaluator_index, 79.0)
		self.assertEqual(seals.problems_of(fresh, seals.entries_of(fresh)), [])
		self.refused(doc, "inspector2", "evaluator_answer")

	def test_who_evaluated_does_not_review(self):
		doc = evaluated_assessment()
		self.refused(doc, "inspector", "review_answer")
		self.assertRefused(step, doc, FINALIZE, "inspector")

	def test_who_holds_a_position_in_the_unit_does_not_evaluate_it(self):
		unit = frappe.get_doc("OPD", A)
		unit.append(
			"position_holders",
			{"user": person("inspector"), "position": "Viewer", "from_date": "2020-01-01"},
		)
		unit.save()
		doc = approved_assessment()
		self.refused(doc, "inspector", "evaluator_answer")

	def test_the_maker_does_not_approve(self):
		unit = frappe.get_doc("OPD", A)
		unit.append(
			"position_holders",
			{"user": person("head_a"), "position": "Operator", "from_date": "2020-01-01"},
		)
		unit.save()
		doc = draft_assessment()
		write(doc, "head_a", "self_answer", GRADES)
		doc = step(doc, SUBMIT, "operator_a")
		self.assertRefused(step, doc, APPROVE, "head_a")

	def test_the_other_unit_sees_and_writes_nothing(self):
		doc = draft_assessment(answers=GRADES)
		for key in ("operator_b", "head_b"):
			self.assertRefused(as_user, key, lambda: worksheet.load(doc.name))
			self.assertRefused(as_user, key, lambda: worksheet.what_if(doc.name, "self", {}))
			self.refused(doc, key, "self_answer")

	def test_a_return_opens_only_what_was_flagged(self):
		doc = approved_assessment()
		write(doc, "inspector", "is_flagged", {"1.b": 1})
		write(doc, "inspector", "verifier_note", {"1.b": "Tidak ada bukti"})
		doc = step(doc, RETURN, "inspector", "Lengkapi bukti")
		write(doc, "operator_a", "self_answer", {"1.b": "B"})
		self.refused(doc, "operator_a", "self_answer", {"1.a": "B"})
		doc = step(doc, SUBMIT, "operator_a")
		self.assertTrue(next(row for row in doc.items if row.code == "1.b").is_corrected)

	def test_sent_back_to_the_evaluator(self):
		doc = evaluated_assessment()
		doc = step(doc, SEND_BACK, "inspector2", "Nilai 1.c terlalu rendah")
		self.assertEqual(doc.workflow_state, c.APPROVED_BY_HEAD)
		write(doc, "inspector", "evaluator_answer", {"1.c": "BB"})
		doc = step(doc, EVALUATE, "inspector")
		self.assertEqual(seals.problems_of(doc, seals.entries_of(doc)), [])
		self.assertEqual(step(doc, FINALIZE, "inspector2").workflow_state, c.FINAL)

	def test_a_value_changed_behind_the_approval_is_seen(self):
		doc = evaluated_assessment()
		frappe.db.set_value("Assessment Item", {"parent": doc.name, "code": "1.a"}, "self_answer", "AA")
		fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
		self.assertTrue(seals.problems_of(fresh, seals.entries_of(fresh)))
		with self.assertRaises(frappe.ValidationError):
			step(doc, FINALIZE, "inspector2")

	def test_final_stays_final_until_it_is_reopened_with_a_reason(self):
		doc = final_assessment()
		self.refused(doc, "inspector2", "review_answer")
		with self.assertRaises(frappe.ValidationError):
			step(doc, REOPEN, "inspector")
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		self.assertEqual((copy.workflow_state, copy.reopening_reason), (c.DRAFT, "Bukti baru"))
		self.assertEqual(copy.items[0].evaluator_answer, "A")
		self.assertEqual(frappe.db.get_value(c.ASSESSMENT, doc.name, "docstatus"), 2)


class TestFacts(SerojaTestCase):
	def test_suggestions_come_with_their_facts(self):
		from seroja.services import facts, instruments

		doc = draft_assessment()
		row = next(row for row in doc.items if row.code == "1.b.8")
		fact = facts.targets_cascaded(doc)
		self.assertEqual((row.suggestion, row.suggestion_route), (fact.text, fact.route))
		self.assertEqual(row.suggested_answer, instruments.get_instrument(AKIP).convert("1.b.8", fact.share))
		self.assertTrue(row.suggested_answer)

	def test_what_still_has_time_is_not_graded(self):
		row = next(row for row in draft_assessment().items if row.code == "1.b.1")
		self.assertEqual(row.suggested_answer, "")
		self.assertIn("belum ditandatangani", row.suggestion)

	def test_an_open_suggestion_stops_the_evaluation(self):
		doc = approved_assessment()
		write(doc, "inspector", "evaluator_answer", GRADES)
		with self.assertRaisesRegex(frappe.ValidationError, "1.b.8"):
			step(doc, EVALUATE, "inspector")

	def test_departing_needs_a_reason(self):
		doc = approved_assessment()
		write(doc, "inspector", "evaluator_answer", GRADES | {"1.b.8": "BB"})
		confirm(doc)
		with self.assertRaisesRegex(frappe.ValidationError, "1.b.8"):
			step(doc, EVALUATE, "inspector")
		write(doc, "inspector", "evaluator_note", {"1.b.8": "Ditandatangani di luar aplikasi"})
		self.assertEqual(step(doc, EVALUATE, "inspector").workflow_state, c.EVALUATED)

	def test_recommendations_of_earlier_years_feed_the_criterion(self):
		rec = make_recommendation(year=YEAR - 1)
		make_recommendation(year=YEAR - 1)
		follow_up(rec)
		decide(rec, c.CLOSED)
		doc = draft_assessment()
		row = next(row for row in doc.items if row.code == "4.c.1")
		self.assertEqual(row.suggested_answer, "C")
		self.assertIn("1 dari 2", row.suggestion)

	def test_the_published_report_is_seen(self):
		as_user(
			"operator_a",
			lambda: frappe.get_doc(
				{
					"doctype": c.REPORT,
					"opd": A,
					"year": 2024,
					"submitted_on": "2025-02-20",
					"published_on": "2025-03-01",
					"published_link": "https://data.example/lkjip",
				}
			).insert(),
		)
		doc = draft_assessment(year=2024)
		rows = {row.code: row for row in doc.items}
		self.assertEqual((rows["3.a.5"].suggested_answer, rows["3.a.6"].suggested_answer), ("BB", "BB"))


class TestRecommendations(SerojaTestCase):
	def test_findings_are_issued_when_the_assessment_is_final(self):
		doc = final_assessment()
		rec = frappe.get_doc(c.RECOMMENDATION, {"assessment": doc.name})
		self.assertEqual((rec.opd, rec.component_code, rec.status), (A, "1.b", c.NOT_FOLLOWED_UP))
		self.assertEqual(str(rec.due_date), add_days(today(), 60))
		self.assertEqual(doc.findings[0].recommendation_document, rec.name)

	def test_reopened_and_final_again_does_not_issue_twice(self):
		doc = final_assessment()
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		copy = step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")
		copy = step(step(copy, EVALUATE, "inspector"), FINALIZE, "inspector2")
		self.assertEqual(frappe.db.count(c.RECOMMENDATION, {"opd": A, "year": YEAR}), 1)

	def test_only_the_inspektorat_sets_the_status(self):
		rec = make_recommendation()
		for key in ("operator_a", "head_a", "planner", "bureau", "admin", "executive"):
			self.assertRefused(decide, rec, c.CLOSED, key)

	def test_only_the_inspektorat_issues(self):
		for key in ("operator_a", "head_a", "planner", "bureau"):
			with self.assertRaises(frappe.PermissionError):
				as_user(
					key,
					lambda: frappe.get_doc(
						{
							"doctype": c.RECOMMENDATION,
							"opd": A,
							"year": YEAR,
							"source": "x",
							"recommendation": "x",
							"due_date": today(),
						}
					).insert(),
				)

	def test_a_recommendation_is_born_open(self):
		rec = make_recommendation(status=c.CLOSED)
		self.assertEqual(rec.status, c.NOT_FOLLOWED_UP)

	def test_follow_ups_stay(self):
		rec = follow_up(make_recommendation())
		self.assertEqual(rec.follow_ups[0].entered_by, person("operator_a"))

		def change():
			fresh = frappe.get_doc(c.RECOMMENDATION, rec.name)
			fresh.follow_ups[0].action = "Lain"
			fresh.save()

		self.assertRefused(as_user, "operator_a", change)

		def remove():
			fresh = frappe.get_doc(c.RECOMMENDATION, rec.name)
			fresh.set("follow_ups", [])
			fresh.save()

		self.assertRefused(as_user, "operator_a", remove)

	def test_the_other_unit_adds_nothing(self):
		rec = make_recommendation()
		self.assertRefused(follow_up, rec, "operator_b")
		self.assertRefused(follow_up, rec, "planner")

	def test_the_fourth_class_needs_a_lawful_reason(self):
		rec = make_recommendation()
		with self.assertRaises(frappe.ValidationError):
			decide(rec, c.CANNOT_BE_FOLLOWED_UP)
		with self.assertRaises(frappe.ValidationError):
			decide(rec, c.CANNOT_BE_FOLLOWED_UP, status_reason="Malas")
		rec = decide(rec, c.CANNOT_BE_FOLLOWED_UP, status_reason="Force Majeure")
		self.assertEqual(str(rec.closed_on), today())
		self.assertEqual(rec.decisions[0].reason, "Force Majeure")

	def test_nothing_is_closed_without_a_follow_up(self):
		with self.assertRaises(frappe.ValidationError):
			decide(make_recommendation(), c.CLOSED)

	def test_progress(self):
		self.assertIsNone(recommendations.progress(recommendations.counts(A, YEAR + 9)))
		recs = [make_recommendation(year=YEAR) for _number in range(4)]
		follow_up(recs[0])
		decide(recs[0], c.CLOSED)
		decide(recs[1], c.CANNOT_BE_FOLLOWED_UP, status_reason="Force Majeure")
		found = recommendations.counts(A, YEAR + 1)
		self.assertAlmostEqual(recommendations.progress(found), 100 / 3)


class TestWhatIf(SerojaTestCase):
	def test_steps_and_the_way_to_the_next_predicate(self):
		doc = draft_assessment(answers=GRADES)
		found = as_user("operator_a", lambda: worksheet.what_if(doc.name, "self", {}))
		self.assertEqual(found["way"][-1]["predicate"], "A")
		self.assertEqual(found["improvements"][0]["code"], "1.c")
		tried = as_user("operator_a", lambda: worksheet.what_if(doc.name, "self", {"1.c": "BB"}))
		self.assertEqual(tried["index_text"], "80,50")
		self.assertAlmostEqual(frappe.get_doc(c.ASSESSMENT, doc.name).self_index, 79.0)

	def test_last_year_stands_beside(self):
		final_assessment(year=YEAR - 1)
		doc = draft_assessment()
		before = as_user("operator_a", lambda: worksheet.load(doc.name))["last_year"]
		self.assertEqual((before["index"], before["predicate"], before["breaks"]), ("79,00", "BB", False))
		self.assertEqual(before["rows"]["1.a"]["answer"], "A")


class TestInstruments(SerojaTestCase):
	def test_an_instrument_in_use_stays_as_it_is(self):
		draft_assessment()
		instrument = frappe.get_doc(c.INSTRUMENT, AKIP)
		instrument.items[1].weight = 7
		with self.assertRaises(frappe.ValidationError):
			instrument.save()

	def test_faults_are_named(self):
		instrument = frappe.get_doc(c.INSTRUMENT, "SPBE-2020")
		instrument.items[2].weight = 5
		with self.assertRaisesRegex(frappe.ValidationError, "bobot"):
			instrument.save()

	def test_a_new_version(self):
		from seroja.services import instruments

		draft_assessment()
		copy = as_user("inspector", lambda: instruments.make_version(AKIP))
		self.assertEqual((copy.name, copy.version, copy.replaces), ("AKIP-2021-v2", 2, AKIP))

	def test_files_there_and_back(self):
		from seroja.services import instruments

		for name in frappe.get_all(c.INSTRUMENT, pluck="name"):
			for kind in ("json", "xlsx"):
				content = instruments.instrument_file(name, kind)
				before = instruments.get_instrument(name)
				doc = instruments.import_file(content, f"x.{kind}")
				self.assertEqual(instruments.as_core(frappe.get_doc(c.INSTRUMENT, doc.name)), before)

	def test_rb_a_minus_only_by_hand_and_with_a_reason(self):
		make_round("RB-2023", 2024)
		doc = draft_assessment(instrument="RB-2023", year=2024, answers={"RB": "87,34"})
		self.assertEqual(doc.self_predicate, "A")
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", {"RB": "87,34"})

		def give(predicate, reason=""):
			def act():
				fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
				fresh.update({"given_predicate": predicate, "given_reason": reason})
				return fresh.save()

			return as_user("inspector", act)

		with self.assertRaises(frappe.ValidationError):
			give("A-")
		with self.assertRaises(frappe.ValidationError):
			give("AA", "Karena bisa")
		self.assertEqual(give("A-", "Ditetapkan kementerian").final_predicate, "A-")


class TestReports(SerojaTestCase):
	def rows(self, report: str, key: str = "inspector", **filters) -> list[dict]:
		from frappe.desk.query_report import run

		return as_user(key, lambda: run(report, filters=filters)["result"])

	def test_the_summary_has_the_figures_of_core(self):
		final_assessment()
		evaluated_assessment(B, findings=False)
		rows = self.rows("Assessment Summary", instrument=AKIP, year=YEAR)
		self.assertEqual([row["opd"] for row in rows], [A])
		parts = [value for name, value in rows[0].items() if name.startswith("part_")]
		self.assertEqual([round(value, 2) for value in parts], [23.1, 23.1, 12.3, 20.5])
		self.assertEqual((rows[0]["index"], rows[0]["predicate"], rows[0]["rank"]), (79.0, "BB", 1))
		with_unfinished = self.rows("Assessment Summary", instrument=AKIP, year=YEAR, include_unfinished=1)
		self.assertEqual({row["opd"] for row in with_unfinished}, {A, B})

	def test_movement_compares_with_the_same_instrument_only(self):
		final_assessment(year=YEAR - 1)
		final_assessment(grades=GRADES | {"1.c": "BB"})
		row = self.rows("Assessment Summary", instrument=AKIP, year=YEAR)[0]
		self.assertEqual((row["last_year"], row["trend"]), (79.0, "▲ 1,5"))

	def test_another_instrument_last_year_breaks_the_series(self):
		self.final_level("SPBE-2020", 2025)
		doc = self.final_level("PEMDI-2026", 2026)
		row = self.rows("Assessment Summary", instrument="PEMDI-2026", year=2026)[0]
		self.assertEqual((row["last_year"], row["trend"]), (3.0, frappe._("series broken")))
		loaded = as_user("operator_a", lambda: worksheet.load(doc.name))
		self.assertTrue(loaded["last_year"]["breaks"])
		self.assertEqual(loaded["last_year"]["rows"], {})

	def final_level(self, instrument: str, year: int):
		"""All indicators on level 3, through all hands."""
		levels = dict.fromkeys(
			(row.code for row in frappe.get_doc(c.INSTRUMENT, instrument).items if row.kind == "Item"), "3"
		)
		doc = draft_assessment(instrument=instrument, year=year, answers=levels)
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", levels)
		suggested = {row.code: "Di luar aplikasi" for row in doc.items if row.suggested_answer}
		if suggested:
			write(doc, "inspector", "evaluator_note", suggested)
		return step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")

	def test_the_profile_names_the_gap_to_the_next_level(self):
		doc = final_assessment()
		rows = {row["code"]: row for row in self.rows("Index Profile", assessment=doc.name)}
		self.assertEqual((rows["1"]["percent"], round(rows["1"]["gap"], 2)), (77.0, 6.9))
		self.assertEqual((rows["1.c"]["next_answer"], round(rows["1.c"]["gain"], 2)), ("BB", 1.5))

	def test_the_follow_up_matrix_counts_every_class(self):
		recs = [make_recommendation(due_date=add_days(today(), -3)) for _number in range(3)]
		follow_up(recs[0])
		decide(recs[0], c.CLOSED)
		decide(recs[1], c.CANNOT_BE_FOLLOWED_UP, status_reason="Force Majeure")
		row = self.rows("Follow-up Status", opd=A)[0]
		self.assertEqual(
			[row[name] for name in ("closed", "in_progress", "not_followed_up", "cannot")], [1, 0, 1, 1]
		)
		self.assertEqual((row["total"], row["progress"], row["overdue_count"]), (3, 50.0, 1))
		self.assertEqual(len(self.rows("Follow-up Status", opd=A, detail=1)), 3)

	def test_reports_show_a_reader_his_own_units(self):
		final_assessment()
		make_recommendation()
		for report in ("Assessment Summary", "Follow-up Status", "Index Profile"):
			filters = {} if report == "Follow-up Status" else {"instrument": AKIP, "year": YEAR}
			with self.subTest(report=report):
				self.assertTrue(self.rows(report, "operator_a", **filters))
				self.assertEqual(self.rows(report, "operator_b", **filters), [])

	def test_without_anything_reports_are_empty_and_say_so(self):
		for report in ("Assessment Summary", "Follow-up Status", "Index Profile"):
			self.assertEqual(self.rows(report, year=1990), [])

	def test_the_number_of_queries_does_not_grow(self):
		from frappe.desk.query_report import run

		from seroja.tests.test_reports import counted

		counts = {}
		for size in (1, 2):
			final_assessment(A if size == 1 else B)
			for _number in range(size * 3):
				make_recommendation(A if size == 1 else B)
			for report in ("Assessment Summary", "Follow-up Status"):
				frappe.set_user(person("inspector"))
				run(report, filters={"instrument": AKIP, "year": YEAR})
				with counted() as statements:
					run(report, filters={"instrument": AKIP, "year": YEAR})
				counts.setdefault(report, []).append(len(statements))
				frappe.set_user("Administrator")
		for report, found in counts.items():
			self.assertEqual(found[0], found[1], report)


class TestInbox(SerojaTestCase):
	def tasks(self, key: str) -> list[tuple]:
		from seroja.services.inbox import waiting_for_me

		rows = as_user(key, waiting_for_me)
		return [
			(row["task"], row["opd"]) for row in rows if row["doctype"] in (c.ASSESSMENT, c.RECOMMENDATION)
		]

	def test_an_assessment_waits_for_one_after_the_other(self):
		make_round()
		self.assertEqual(self.tasks("operator_a"), [("Start the sheet", A)])
		doc = draft_assessment(answers=GRADES)
		self.assertEqual(self.tasks("operator_a"), [("Enter and submit", A)])
		doc = step(doc, SUBMIT, "operator_a")
		self.assertEqual((self.tasks("operator_a"), self.tasks("head_a")), ([], [("Approve or return", A)]))
		doc = step(doc, APPROVE, "head_a")
		self.assertEqual(self.tasks("inspector"), [("Evaluate or return", A)])
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		doc = step(doc, EVALUATE, "inspector")
		self.assertEqual(
			(self.tasks("inspector"), self.tasks("inspector2")), ([], [("Review and finalize", A)])
		)

	def test_a_recommendation_waits_for_the_opd_and_then_for_the_inspektorat(self):
		rec = make_recommendation()
		self.assertEqual((self.tasks("operator_a"), self.tasks("inspector")), ([("Follow up", A)], []))
		follow_up(rec)
		self.assertEqual(self.tasks("inspector"), [("Judge the follow-up", A)])
		decide(rec, c.CLOSED)
		self.assertEqual((self.tasks("operator_a"), self.tasks("inspector")), ([], []))

	def test_nothing_waits_for_other_units(self):
		approved_assessment()
		make_recommendation()
		self.assertEqual(self.tasks("head_b"), [])
		self.assertEqual(self.tasks("operator_b"), [("Start the sheet", B)])


class TestReminders(SerojaTestCase):
	def told(self, key: str) -> int:
		return frappe.db.count("SEROJA Notice", {"for_user": person(key)})

	def test_before_and_after_the_due_date_once_per_day(self):
		from seroja.services import notices

		for left, people in ((7, ("operator_a", "head_a")), (-1, ("operator_a", "head_a", "inspector"))):
			make_recommendation(due_date=add_days(today(), left))
			before = {key: self.told(key) for key in people}
			notices.remind_of_deadlines()
			notices.remind_of_deadlines()
			for key in people:
				with self.subTest(left=left, key=key):
					self.assertEqual(self.told(key) - before[key], 1)

	def test_who_holds_a_position_in_the_unit_is_not_asked_to_evaluate_it(self):
		unit = frappe.get_doc("OPD", A)
		values = {"user": person("inspector"), "position": "Viewer", "from_date": "2020-01-01"}
		unit.append("position_holders", values)
		unit.save()
		before = self.told("inspector"), self.told("inspector2")
		approved_assessment()
		self.assertEqual((self.told("inspector"), self.told("inspector2")), (before[0], before[1] + 1))

	def test_what_is_closed_or_far_away_is_left_alone(self):
		from seroja.services import notices

		rec = make_recommendation(due_date=add_days(today(), -1))
		decide(rec, c.CANNOT_BE_FOLLOWED_UP, status_reason="Force Majeure")
		make_recommendation(due_date=add_days(today(), 40))
		before = self.told("operator_a")
		notices.remind_of_deadlines()
		self.assertEqual(self.told("operator_a"), before)

	def test_each_side_hears_of_what_the_other_has_done(self):
		people = ("operator_a", "head_a", "inspector", "operator_b")

		def heard(act) -> tuple:
			before = [self.told(key) for key in people]
			act()
			return tuple(self.told(key) - was for key, was in zip(people, before, strict=True))

		recs = []
		self.assertEqual(heard(lambda: recs.append(make_recommendation())), (1, 1, 0, 0))
		self.assertEqual(heard(lambda: follow_up(recs[0])), (0, 0, 1, 0))
		self.assertEqual(heard(lambda: decide(recs[0], c.CLOSED)), (1, 1, 0, 0))

	def test_a_stage_that_closes_is_reminded_of(self):
		from seroja.services import notices

		dates = make_round()
		dates.self_closes = add_days(today(), 3)
		dates.save()
		before = self.told("operator_a")
		notices.remind_of_deadlines()
		self.assertEqual(self.told("operator_a") - before, 1)


class TestLetter(SerojaTestCase):
	def text(self, doc, form: str) -> str:
		import io

		import pypdf

		from seroja.services import letters

		pages = pypdf.PdfReader(io.BytesIO(letters.letter_file(doc, form, "pdf"))).pages
		return " ".join(" ".join(page.extract_text() for page in pages).split())

	def test_the_letter_has_the_figures_of_the_assessment(self):
		text = self.text(final_assessment(), "letter")
		for words in ("79,00", "BB", "23,10", "menyempurnakan indikator sasaran"):
			self.assertIn(words, text)
		self.assertNotIn("RANCANGAN", text)

	def test_the_inspector_signs_in_the_capacity_of_today(self):
		from seroja.services import letters

		unit = frappe.get_doc("OPD", B)
		for capacity, begins, ends in (("Plt", "2020-01-01", "2021-01-01"), ("Pj", "2021-01-02", None)):
			values = {"user": person("inspector2"), "position": "Head", "capacity": capacity}
			unit.append("position_holders", {**values, "from_date": begins, "to_date": ends})
		for row in unit.position_holders:
			if row.user == person("head_b"):
				row.to_date = "2021-01-01"
		unit.save()
		frappe.db.set_single_value("SEROJA Settings", "inspectorate", B)
		frappe.clear_document_cache("SEROJA Settings", "SEROJA Settings")
		self.assertEqual(letters.as_evaluation(evaluated_assessment()).signer.capacity, "Pj")

	def test_before_it_is_final_it_is_a_draft(self):
		self.assertIn("RANCANGAN", self.text(evaluated_assessment(), "letter"))

	def test_the_report_has_the_whole_worksheet(self):
		text = self.text(final_assessment(), "report")
		for words in ("Indikator belum SMART", "4.c.5", "LAMPIRAN"):
			self.assertIn(words, text)

	def test_word_files_are_made_too(self):
		from seroja.services import letters

		doc = final_assessment()
		for form in ("letter", "report"):
			self.assertTrue(letters.letter_file(doc, form, "docx").startswith(b"PK"))
