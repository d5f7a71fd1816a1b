"""Attacks on evaluation that must stay without effect: forged rows, impossible steps, strange input, large figures."""

import json
from contextlib import contextmanager

import frappe
from frappe.model.workflow import WorkflowTransitionError
from frappe.utils import add_days, today

from seroja import constants as c
from seroja.seroja.report.assessment_summary.assessment_summary import execute as assessment_summary
from seroja.seroja.report.index_profile.index_profile import execute as index_profile
from seroja.services import (
	assessments,
	facts,
	inbox,
	instruments,
	letters,
	notices,
	rounds,
	seals,
	worksheet,
)
from seroja.tests.evaluation_utils import (
	AKIP,
	EVALUATE,
	FINALIZE,
	FINDING,
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
from seroja.tests.utils import APPROVE, REOPEN, RETURN, SUBMIT, YEAR, A, B, SerojaTestCase, make_file, person

IKM = {
	"code": "IKM-Serangan",
	"title": "Indeks Kepuasan Masyarakat",
	"scoring": "number",
	"factor": 25,
	"lowest": 1,
	"highest": 4,
	"valid_from": 2020,
	"series": "IKM-Serangan",
	"total_weight": 9,
	"elements": [{"code": f"U{number}", "title": f"Unsur {number}", "weight": 1} for number in range(1, 10)],
	"predicates": [
		{"predicate": "A", "above": 88.3},
		{"predicate": "B", "above": 76.6, "up_to": 88.3},
		{"predicate": "C", "above": 65, "up_to": 76.6},
		{"predicate": "D", "up_to": 65},
	],
}


class AttackTestCase(SerojaTestCase):
	"""Instruments and rounds are read from the database, not from what an earlier test left in the cache."""

	def setUp(self):
		super().setUp()
		_forget()
		self.addCleanup(_forget)


def _forget() -> None:
	for doctype in (c.INSTRUMENT, c.ROUND, "OPD"):
		for name in frappe.get_all(doctype, pluck="name"):
			frappe.clear_document_cache(doctype, name)
	frappe.local.request_cache.clear()


def row_of(doc, code: str):
	return next(row for row in frappe.get_doc(c.ASSESSMENT, doc.name).items if row.code == code)


def problems_of(doc) -> list[str]:
	fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
	return seals.problems_of(fresh, seals.entries_of(fresh))


def change(key: str, doc, action):
	"""Load a document as a person, change it as a form or REST would, and save."""

	def act():
		fresh = frappe.get_doc(doc.doctype, doc.name)
		action(fresh)
		return fresh.save()

	return as_user(key, act)


@contextmanager
def counted():
	"""How many queries run inside: a list with one number."""
	found, sql = [0], frappe.db.sql

	def count(*args, **kwargs):
		found[0] += 1
		return sql(*args, **kwargs)

	frappe.db.sql = count
	try:
		yield found
	finally:
		frappe.db.sql = sql


class TestForgedDocuments(AttackTestCase):
	def test_a_new_assessment_carries_nothing_of_the_evaluation(self):
		make_round()
		values = {
			"doctype": c.ASSESSMENT,
			"instrument": AKIP,
			"opd": A,
			"year": YEAR,
			"findings": [FINDING],
			"given_predicate": "AA",
			"given_reason": "x",
			"letter_number": "700/1",
			"evaluators": ",x,",
			"final_index": 100,
			"items": [{"code": "1.a", "self_answer": "A", "evaluator_answer": "AA", "review_answer": "AA"}],
		}
		made = as_user("operator_a", lambda: frappe.get_doc(values).insert())
		doc = frappe.get_doc(c.ASSESSMENT, made.name)
		self.assertEqual(len(doc.items), 92)
		row = row_of(doc, "1.a")
		self.assertEqual(
			(row.self_answer, row.evaluator_answer or "", row.review_answer or ""), ("A", "", "")
		)
		self.assertEqual(doc.findings, [])
		self.assertFalse(doc.given_predicate or doc.letter_number or doc.evaluators or doc.final_index)

	def test_rows_are_neither_added_nor_removed_nor_moved(self):
		doc = draft_assessment()
		for action in (
			lambda doc: doc.set("items", doc.items[:-1]),
			lambda doc: doc.items.reverse(),
			lambda doc: doc.append("items", {"code": "1.a", "kind": "item", "self_answer": "AA"}),
			lambda doc: doc.set("items", [*doc.items, doc.items[0]]),
		):
			self.assertRefused(change, "operator_a", doc, action)
		change("operator_a", doc, lambda doc: doc.items[0].update({"code": "zz", "kind": "criterion"}))
		self.assertEqual(row_of(doc, "1.a").kind, "item")

	def test_a_single_row_is_not_saved_past_its_document(self):
		from frappe.client import set_value

		doc = draft_assessment()
		row = doc.items[0].name

		def save():
			child = frappe.get_doc("Assessment Item", row)
			child.self_answer = "AA"
			child.save()

		self.assertRefused(as_user, "operator_a", save)
		as_user("operator_a", lambda: set_value("Assessment Item", row, "evaluator_answer", "AA"))
		self.assertFalse(frappe.db.get_value("Assessment Item", row, "evaluator_answer"))

	def test_no_state_is_reached_but_by_its_step(self):
		doc = evaluated_assessment()
		for state, docstatus in (
			(c.FINAL, 0),
			(c.EVALUATED, 1),
			(c.DRAFT, 0),
			(c.SUBMITTED, 0),
			(c.REOPENED, 2),
		):
			with self.assertRaises(frappe.ValidationError if docstatus == 2 else frappe.PermissionError):
				change(
					"inspector2",
					doc,
					lambda doc, state=state, docstatus=docstatus: doc.update(
						{"workflow_state": state, "docstatus": docstatus}
					),
				)
		self.assertEqual(frappe.db.get_value(c.ASSESSMENT, doc.name, "workflow_state"), c.EVALUATED)

	def test_no_step_is_taken_twice(self):
		doc = final_assessment()
		for action, key in ((FINALIZE, "inspector2"), (EVALUATE, "inspector"), (SUBMIT, "operator_a")):
			with self.assertRaises(WorkflowTransitionError):
				step(doc, action, key)
		step(doc, REOPEN, "inspector", "Bukti baru")
		with self.assertRaises(frappe.ValidationError):
			step(doc, REOPEN, "inspector", "Bukti baru")
		self.assertEqual(frappe.db.count(c.ASSESSMENT, {"opd": A, "year": YEAR}), 2)
		with self.assertRaises(frappe.ValidationError):
			draft_assessment()

	def test_what_others_rest_on_is_not_deleted(self):
		doc = final_assessment()
		rec = frappe.db.get_value(c.RECOMMENDATION, {"assessment": doc.name})
		for doctype, name in (
			(c.ASSESSMENT, doc.name),
			(c.ROUND, doc.assessment_round),
			(c.INSTRUMENT, AKIP),
			(c.RECOMMENDATION, rec),
		):
			with self.assertRaises((frappe.ValidationError, frappe.PermissionError)):
				frappe.delete_doc(doctype, name)

	def test_the_files_of_a_reopened_assessment_are_still_its_evidence(self):
		doc = draft_assessment(answers=GRADES)
		file = as_user("operator_a", lambda: make_file(doc))
		write(doc, "operator_a", "evidence", {"1.a": file.file_url})
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		doc = step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		write(copy, "operator_a", "self_note", {"1.b": "x"})
		self.assertEqual(step(copy, SUBMIT, "operator_a").workflow_state, c.SUBMITTED)
		self.assertEqual(problems_of(doc), [])

	def test_who_wrote_the_evaluation_does_not_review_its_reopened_copy(self):
		doc = final_assessment()
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		copy = step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")
		copy = step(copy, EVALUATE, "inspector2")
		self.assertRefused(step, copy, FINALIZE, "inspector")


class TestStrangeInput(AttackTestCase):
	def test_grades_are_read_as_people_type_them(self):
		doc = draft_assessment()
		for typed in (" bb ", "bb", "BB\u00a0"):
			write(doc, "operator_a", "self_answer", {"1.a": typed})
			self.assertEqual(row_of(doc, "1.a").self_answer, "BB")
		for typed in ("ＢＢ", 0, 1.0, True, float("nan"), 10**400, "A\x00", "-", "😀"):
			with self.assertRaisesRegex(frappe.ValidationError, "1.a"):
				write(doc, "operator_a", "self_answer", {"1.a": typed})
		self.assertEqual(row_of(doc, "1.a").self_answer, "BB")

	def test_numbers_are_read_as_people_type_them(self):
		self.ikm()
		doc = draft_assessment(instrument=IKM["code"])
		for typed, stored in (("3,25", "3.25"), ("3.25", "3.25"), (" 3 ", "3.0"), (3, "3.0"), ("٣", "3.0")):
			write(doc, "operator_a", "self_answer", {"U1": typed})
			self.assertEqual(row_of(doc, "U1").self_answer, stored)
		for typed in ("0,99", "4,01", "-3", "3e0", "∞", "3,", True):
			with self.assertRaisesRegex(frappe.ValidationError, "U1"):
				write(doc, "operator_a", "self_answer", {"U1": typed})

	def test_notes_are_kept_as_written_up_to_a_limit(self):
		doc = draft_assessment()
		for text in ("x" * 10_000, "😀" * 10_000, "nilai <50 dan >30", "\u202eabc"):
			write(doc, "operator_a", "self_note", {"1.a": text})
			self.assertEqual(row_of(doc, "1.a").self_note, text)
		with self.assertRaises(frappe.ValidationError):
			write(doc, "operator_a", "self_note", {"1.a": "x" * 10_001})
		write(doc, "operator_a", "self_note", {"1.a": "<script>alert(1)</script>"})
		self.assertNotIn("<script", row_of(doc, "1.a").self_note)

	def test_a_change_that_names_no_cell_is_refused(self):
		doc = draft_assessment()
		for changed in (
			{"code": "1.a"},
			{"field": "self_answer", "value": "A"},
			{"code": ["1.a"], "field": "self_answer", "value": "A"},
			{"code": "1.a", "field": ["self_answer"], "value": "A"},
			{"code": "1.a", "field": "self_answer", "value": {}},
			{"code": "1.A", "field": "self_answer", "value": "A"},
			{"code": "1.a", "field": "docstatus", "value": 1},
		):
			self.assertRefused(
				as_user, "operator_a", lambda changed=changed: worksheet.save(doc.name, [changed])
			)

	def test_a_letter_is_printed_whatever_people_wrote(self):
		doc = approved_assessment()
		write(doc, "inspector", "evaluator_answer", {"1.a": "A"})
		ugly = "x" * 3000 + " <b>h</b> & 😀 \x0b\x01 \u202e\n"
		write(doc, "inspector", "evaluator_note", {"1.a": ugly})
		finding = {**dict.fromkeys(FINDING, ugly), "component_code": "1.b"}
		as_user("inspector", lambda: worksheet.add_finding(doc.name, finding))
		unit = frappe.get_doc("OPD", A)
		unit.position_holders = []
		unit.save()
		settings = frappe.get_doc("SEROJA Settings")
		settings.update({"government_name": "", "place": "", "inspectorate": None, "head_title": ""})
		settings.save()
		for form in ("letter", "report"):
			for kind in ("pdf", "docx"):
				self.assertTrue(letters.letter_file(frappe.get_doc(c.ASSESSMENT, doc.name), form, kind))

	def test_a_file_that_is_no_instrument_is_refused_in_a_sentence(self):
		for content, name in (
			(b"\xff\xfe", "x.json"),
			(b"{}", "x.json"),
			(b"\x89PNG", "x.xlsx"),
			(b" " * 5_000_001, "x"),
		):
			with self.assertRaises(frappe.ValidationError):
				as_user(
					"inspector", lambda content=content, name=name: instruments.import_file(content, name)
				)

	def ikm(self) -> None:
		instruments.import_file(json.dumps(IKM).encode(), "ikm.json")
		make_round(IKM["code"])

	def test_a_survey_index_goes_the_whole_way(self):
		self.ikm()
		answers = {f"U{number}": "3,25" for number in range(1, 10)}
		doc = draft_assessment(instrument=IKM["code"], answers=answers)
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", answers)
		doc = step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		self.assertEqual((doc.final_index, doc.final_predicate), (81.25, "B"))
		self.assertTrue(letters.letter_file(doc, "report", "pdf"))


class TestTasks(AttackTestCase):
	def tasks(self, key: str) -> list[str]:
		rows = as_user(key, inbox.waiting_for_me)
		return sorted(
			row["task"]
			for row in rows
			if row["doctype"] in (c.ASSESSMENT, c.RECOMMENDATION) and row["opd"] == A
		)

	def check(self, **wanted: list[str]) -> None:
		people = (
			"operator_a",
			"head_a",
			"viewer_a",
			"operator_b",
			"inspector",
			"inspector2",
			"planner",
			"bureau",
		)
		found = {key: tasks for key in people if (tasks := self.tasks(key))}
		self.assertEqual(found, wanted)

	def test_in_each_state_those_who_can_act_have_a_task_and_nobody_else(self):
		make_round()
		self.check(operator_a=["Start the sheet"])
		doc = draft_assessment(answers=GRADES)
		self.check(operator_a=["Enter and submit"])
		doc = step(doc, SUBMIT, "operator_a")
		self.check(head_a=["Approve or return"])
		write(doc, "head_a", "is_flagged", {"1.b": 1})
		doc = step(doc, RETURN, "head_a", "x")
		self.check(operator_a=["Enter and submit"])
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		self.check(inspector=["Evaluate or return"], inspector2=["Evaluate or return"])
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		as_user("inspector", lambda: worksheet.add_finding(doc.name, FINDING))
		doc = step(doc, EVALUATE, "inspector")
		self.check(inspector2=["Review and finalize"])
		doc = step(doc, SEND_BACK, "inspector2", "x")
		self.check(inspector=["Evaluate or return"], inspector2=["Evaluate or return"])
		doc = step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		self.check(operator_a=["Follow up"])
		rec = follow_up(frappe.get_doc(c.RECOMMENDATION, {"assessment": doc.name}))
		judge = ["Judge the follow-up"]
		self.check(operator_a=["Follow up"], inspector=judge, inspector2=judge)
		decide(rec, c.CLOSED)
		self.check()

	def test_each_is_reminded_once_and_only_who_must_act(self):
		def reminded(prefix: str) -> list[tuple]:
			rows = frappe.get_all(notices.NOTICE, {"event": ["like", f"{prefix}:%"]}, ["event", "for_user"])
			return sorted((row.event.rpartition(":")[2], row.for_user) for row in rows)

		make_recommendation(due_date=add_days(today(), 7))
		make_recommendation(due_date=add_days(today(), -1))
		make_recommendation(due_date=add_days(today(), -2))
		notices.remind_of_deadlines()
		before, after = ("head_a", "operator_a"), ("head_a", "inspector", "inspector2", "operator_a")
		wanted = [("-1", person(key)) for key in after] + [("7", person(key)) for key in before]
		self.assertEqual(reminded("due"), sorted(wanted))
		self.assertEqual(notices.remind_of_deadlines(), 0)


class TestRecommendationsUnderAttack(AttackTestCase):
	def test_a_class_that_ends_can_be_taken_back(self):
		rec = decide(make_recommendation(), c.CANNOT_BE_FOLLOWED_UP, status_reason="Force Majeure")
		with self.assertRaises(frappe.ValidationError):
			follow_up(rec)
		rec = decide(rec, c.NOT_FOLLOWED_UP)
		self.assertFalse(rec.status_reason or rec.closed_on)
		self.assertEqual([row.status for row in rec.decisions], [c.CANNOT_BE_FOLLOWED_UP, c.NOT_FOLLOWED_UP])
		follow_up(rec)

	def test_numbers_are_not_given_twice(self):
		recs = [make_recommendation() for _number in range(3)]
		with self.assertRaises(frappe.PermissionError):
			frappe.delete_doc(c.RECOMMENDATION, recs[2].name)
		self.assertEqual(make_recommendation().name, f"Rekomendasi-{A}-{YEAR}-004")


class TestScale(AttackTestCase):
	def test_the_summary_takes_as_many_queries_for_fifty_as_for_five(self):
		source = final_assessment().name
		filters = {"instrument": AKIP, "year": YEAR}
		self.copies(source, 0, 5)
		assessment_summary(filters)
		with counted() as few:
			self.assertEqual(len(assessment_summary(filters)[1]), 6)
		self.copies(source, 5, 50)
		with counted() as many:
			self.assertEqual(len(assessment_summary(filters)[1]), 51)
		self.assertLessEqual(many[0], few[0] + 1)

	def copies(self, source: str, start: int, end: int) -> None:
		"""Final assessments of further OPDs, past all rules."""
		head = frappe.db.get_value(c.ASSESSMENT, source, "*", as_dict=True)
		rows = frappe.db.sql("select * from `tabAssessment Item` where parent = %s", source, as_dict=True)
		for number in range(start, end):
			opd = f"Serangan{number:02}"
			unit = frappe.get_doc({"doctype": "OPD", "abbreviation": opd, "opd_name": opd, "opd_type": "OPD"})
			unit.lft, unit.rgt = 10_000 + 2 * number, 10_001 + 2 * number
			unit.db_insert()
			name = f"{AKIP}-{opd}-{YEAR}"
			frappe.db.bulk_insert(
				c.ASSESSMENT, list(head), [tuple({**head, "name": name, "opd": opd}.values())]
			)
			frappe.db.bulk_insert(
				"Assessment Item",
				list(rows[0]),
				[
					tuple({**row, "name": frappe.generate_hash(length=12), "parent": name}.values())
					for row in rows
				],
			)


def move_round(closed: int, evaluation: int, review: int):
	dates = make_round()
	dates.update(
		{
			"self_opens": add_days(today(), -30),
			"self_closes": add_days(today(), closed),
			"evaluation_closes": add_days(today(), evaluation),
			"review_closes": add_days(today(), review),
		}
	)
	dates.save()


def reopened(doc):
	step(doc, REOPEN, "inspector", "Bukti baru")
	copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
	return step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")


def third_inspector() -> str:
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": person("inspector3"),
			"first_name": "i3",
			"send_welcome_email": 0,
			"roles": [{"role": c.INSPEKTORAT}],
		}
	)
	user.flags.no_welcome_mail = True
	user.insert()
	return "inspector3"


class TestWhatOnceGotThrough(AttackTestCase):
	def test_the_summary_shows_unfinished_assessments(self):
		final_assessment()
		draft_assessment(B)
		rows = assessment_summary({"instrument": AKIP, "year": YEAR, "include_unfinished": 1})[1]
		self.assertEqual([row["rank"] for row in rows], [1, None])

	def test_sent_back_can_be_evaluated_again_while_quality_assurance_is_open(self):
		doc = evaluated_assessment()
		move_round(-20, -1, 5)
		doc = step(doc, SEND_BACK, "inspector2", "x")
		self.assertEqual(step(doc, EVALUATE, "inspector").workflow_state, c.EVALUATED)

	def test_returned_late_can_be_evaluated_while_quality_assurance_is_open(self):
		doc = approved_assessment()
		write(doc, "inspector", "is_flagged", {"1.b": 1})
		doc = step(doc, RETURN, "inspector", "x")
		move_round(-20, -1, 5)
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		self.assertEqual(step(doc, EVALUATE, "inspector").workflow_state, c.EVALUATED)

	def test_a_finding_does_not_overwrite_the_recommendation_of_somebody_else(self):
		other = make_recommendation(B, YEAR - 1)
		doc = approved_assessment()
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		change(
			"inspector",
			doc,
			lambda doc: doc.append("findings", {**FINDING, "recommendation_document": other.name}),
		)
		step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		other.reload()
		self.assertEqual((other.recommendation, other.assessment), ("Menyempurnakan pohon kinerja.", None))

	def test_a_duplicated_finding_becomes_a_recommendation_of_its_own(self):
		copy = reopened(final_assessment())
		change(
			"inspector",
			copy,
			lambda doc: doc.append(
				"findings",
				{
					**FINDING,
					"recommendation": "Kedua",
					"recommendation_document": doc.findings[0].recommendation_document,
				},
			),
		)
		step(step(copy, EVALUATE, "inspector"), FINALIZE, "inspector2")
		self.assertEqual(frappe.db.count(c.RECOMMENDATION, {"opd": A, "year": YEAR}), 2)

	def test_final_again_keeps_the_day_and_the_class_honest(self):
		doc = final_assessment()
		rec = frappe.get_doc(c.RECOMMENDATION, {"assessment": doc.name})
		change("inspector", rec, lambda doc: doc.update({"due_date": add_days(today(), 10)}))
		follow_up(rec)
		decide(rec, c.CLOSED)
		copy = reopened(doc)
		change(
			"inspector", copy, lambda doc: doc.findings[0].update({"recommendation": "Hal lain sama sekali"})
		)
		step(step(copy, EVALUATE, "inspector"), FINALIZE, "inspector2")
		rec.reload()
		self.assertEqual(str(rec.due_date), add_days(today(), 10))
		self.assertFalse(rec.status == c.CLOSED and rec.recommendation == "Hal lain sama sekali")

	def test_a_finding_that_was_issued_is_not_dropped(self):
		doc = final_assessment()
		copy = reopened(doc)
		with self.assertRaises(frappe.ValidationError):
			change("inspector", copy, lambda doc: doc.set("findings", []))

	def test_nobody_evaluates_with_his_own_review_standing(self):
		doc = evaluated_assessment()
		write(doc, "inspector2", "review_answer", {"1.a": "AA"})
		doc = step(doc, SEND_BACK, "inspector2", "x")
		doc = step(doc, EVALUATE, "inspector2")
		self.assertFalse(row_of(doc, "1.a").review_answer)

	def test_a_review_of_answers_that_were_corrected_does_not_stand(self):
		doc = evaluated_assessment()
		write(doc, "inspector2", "review_answer", {"1.a": "AA", "1.b": "AA"})
		doc = step(doc, SEND_BACK, "inspector2", "x")
		write(doc, "inspector", "is_flagged", {"1.b": 1})
		doc = step(doc, RETURN, "inspector", "x")
		write(doc, "operator_a", "self_answer", {"1.b": "B"})
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		self.assertAlmostEqual(doc.final_index, doc.evaluator_index)

	def test_rows_are_not_renumbered(self):
		doc = approved_assessment()

		def swap(doc):
			doc.items[0].idx, doc.items[5].idx = 6, 1

		try:
			change("inspector", doc, swap)
		except frappe.PermissionError:
			pass
		self.assertEqual(frappe.get_doc(c.ASSESSMENT, doc.name).items[0].code, "1.a")
		self.assertEqual(problems_of(doc), [])

	def test_a_reopened_assessment_waits_for_the_operator_after_its_round(self):
		doc = final_assessment()
		move_round(-20, -10, -5)
		step(doc, REOPEN, "inspector", "Bukti baru")
		self.assertIn(f"{doc.name}-1", [row["name"] for row in as_user("operator_a", inbox.waiting_for_me)])

	def test_a_final_assessment_is_reopened_after_its_instrument_ended(self):
		doc = final_assessment()
		instrument = frappe.get_doc(c.INSTRUMENT, AKIP)
		instrument.valid_to = YEAR - 1
		instrument.save()
		_forget()
		step(doc, REOPEN, "inspector", "Bukti baru")
		self.assertTrue(frappe.db.exists(c.ASSESSMENT, {"amended_from": doc.name}))

	def test_a_new_version_without_a_break_is_compared(self):
		final_assessment(year=YEAR - 1)
		version = as_user("inspector", lambda: instruments.make_version(AKIP)).name
		_forget()
		doc = draft_assessment(instrument=version, answers=GRADES)
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		doc = step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		row = assessment_summary({"instrument": version, "year": YEAR})[1][0]
		worksheet_breaks = worksheet.load(doc.name)["last_year"]["breaks"]
		self.assertFalse(worksheet_breaks)
		self.assertEqual(letters.as_evaluation(doc).series_breaks, worksheet_breaks)
		self.assertEqual("=" in row["trend"], not worksheet_breaks)

	def test_last_year_is_that_of_the_same_instrument_where_there_are_two(self):
		final_assessment(year=YEAR - 1)
		version = as_user("inspector", lambda: instruments.make_version(AKIP)).name
		_forget()
		make_round(version, YEAR - 1)
		doc = draft_assessment(instrument=version, year=YEAR - 1, answers=GRADES)
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", dict.fromkeys(GRADES, "E"))
		confirm(doc)
		step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		self.assertEqual(assessments.last_year(draft_assessment()).doc.instrument, AKIP)
		make_round(version, YEAR)
		self.assertEqual(assessments.last_year(draft_assessment(instrument=version)).doc.instrument, version)
		self.assertEqual(assessments.finals_before(version, YEAR)[A].instrument, version)

	def test_a_reviewer_may_move_the_index_out_of_a_given_predicate(self):
		make_round("RB-2023", 2024)
		doc = draft_assessment(instrument="RB-2023", year=2024, answers={"RB": "87,34"})
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", {"RB": "87,34"})
		change(
			"inspector", doc, lambda doc: doc.update({"given_predicate": "A-", "given_reason": "Ditetapkan"})
		)
		doc = step(doc, EVALUATE, "inspector")
		write(doc, "inspector2", "review_answer", {"RB": "75"})
		self.assertEqual(frappe.get_doc(c.ASSESSMENT, doc.name).final_predicate, "BB")

	def test_the_profile_shows_the_given_predicate(self):
		make_round("RB-2023", 2024)
		doc = draft_assessment(instrument="RB-2023", year=2024, answers={"RB": "87,34"})
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", {"RB": "87,34"})
		change(
			"inspector", doc, lambda doc: doc.update({"given_predicate": "A-", "given_reason": "Ditetapkan"})
		)
		self.assertEqual(index_profile({"assessment": doc.name})[4][1]["value"], "A-")

	def test_what_if_reads_numbers_as_the_worksheet_shows_them(self):
		instruments.import_file(json.dumps(IKM).encode(), "ikm.json")
		make_round(IKM["code"])
		doc = draft_assessment(instrument=IKM["code"], answers={f"U{n}": "3" for n in range(1, 10)})
		tried = as_user("operator_a", lambda: worksheet.what_if(doc.name, "self", {"U1": "3,9"}))
		self.assertEqual(tried["index_text"], "77,50")

	def test_thousands_are_thousands(self):
		instruments.import_file(
			json.dumps({**IKM, "code": "SPM-X", "highest": 10000, "lowest": 0, "factor": 0.01}).encode(),
			"x.json",
		)
		make_round("SPM-X")
		doc = draft_assessment(instrument="SPM-X")
		write(doc, "operator_a", "self_answer", {"U1": "1.234"})
		self.assertEqual(row_of(doc, "U1").self_answer, "1234.0")

	def test_a_huge_number_is_refused_in_a_sentence(self):
		instruments.import_file(json.dumps(IKM).encode(), "ikm.json")
		make_round(IKM["code"])
		doc = draft_assessment(instrument=IKM["code"])
		with self.assertRaises(frappe.ValidationError):
			write(doc, "operator_a", "self_answer", {"U1": 10**400})

	def test_half_a_character_is_refused_in_a_sentence(self):
		doc = draft_assessment()
		for value in ("\ud800", float("inf")):
			with self.assertRaises(frappe.ValidationError):
				write(doc, "operator_a", "self_note", {"1.a": value})

	def test_how_criteria_count_goes_with_the_file(self):
		for kind in ("json", "xlsx"):
			instrument = frappe.get_doc(c.INSTRUMENT, AKIP)
			instrument.criteria_scoring = "Mean of Criteria"
			instrument.save()
			_forget()
			content = instruments.instrument_file(AKIP, kind)
			frappe.delete_doc(c.INSTRUMENT, AKIP)
			_forget()
			self.assertEqual(
				instruments.import_file(content, f"x.{kind}").criteria_scoring, "Mean of Criteria"
			)

	def test_answers_that_do_not_count_contradict_nothing(self):
		instrument = frappe.get_doc(c.INSTRUMENT, AKIP)
		instrument.criteria_scoring = "Mean of Criteria"
		instrument.save()
		_forget()
		codes = instruments.get_instrument(AKIP).counting
		doc = draft_assessment(answers=dict.fromkeys(codes, "A") | {"1.a": "E", "1.b": "AA"})
		self.assertEqual(step(doc, SUBMIT, "operator_a").workflow_state, c.SUBMITTED)

	def test_version_and_predecessor_are_not_typed(self):
		draft_assessment()
		change(
			"inspector",
			frappe.get_doc(c.INSTRUMENT, AKIP),
			lambda doc: doc.update({"version": 7, "replaces": "SPBE-2020"}),
		)
		self.assertEqual(frappe.db.get_value(c.INSTRUMENT, AKIP, ["version", "replaces"]), (1, None))

	def test_the_letter_names_the_day_of_each_recommendation(self):
		doc = final_assessment()
		self.assertEqual(str(letters.as_evaluation(doc).findings[0].due), add_days(today(), 60))

	def test_a_note_on_a_closed_recommendation_keeps_the_day_it_was_closed(self):
		rec = follow_up(make_recommendation())
		rec = decide(rec, c.CLOSED)
		rec.db_set("closed_on", add_days(today(), -40))
		rec = decide(rec, c.CLOSED, status_note="Salah ketik")
		self.assertEqual(str(rec.closed_on), add_days(today(), -40))

	def test_a_quarter_without_a_target_is_not_called_open(self):
		for quarter in (1, 2, 3, 4):
			period = frappe.get_doc("Reporting Period", f"{YEAR}-TW{quarter}")
			period.update({"entry_opens": add_days(today(), -30), "entry_closes": add_days(today(), -3)})
			period.save()
		doc = draft_assessment()
		text = facts.quarters_on_time(doc).text
		self.assertNotIn("Belum ada triwulan", text)

	def test_a_route_leads_to_a_unit_with_any_name(self):
		values = {"doctype": "OPD", "abbreviation": "Dinas P&K #1", "opd_name": "x"}
		holder = {
			"user": person("operator_a"),
			"position": "Operator",
			"capacity": "Definitif",
			"from_date": "2020-01-01",
		}
		frappe.get_doc({**values, "position_holders": [holder]}).insert()
		make_round()
		doc = as_user(
			"operator_a",
			lambda: frappe.get_doc(
				{"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": "Dinas P&K #1", "year": YEAR}
			).insert(),
		)
		self.assertTrue(all("P&K" not in (row.suggestion_route or "") for row in doc.items))

	def test_a_dissolved_unit_is_not_asked_to_assess_itself(self):
		unit = frappe.get_doc("OPD", A)
		unit.valid_to = f"{YEAR - 2}-12-31"
		unit.save()
		make_round()
		self.assertNotIn(A, [row["opd"] for row in rounds.to_start([A, B])])

	def test_a_scale_that_ends_at_zero_is_shown(self):
		zero = {
			**IKM,
			"code": "ZERO",
			"lowest": -10,
			"highest": 0,
			"factor": 1,
			"predicates": [{"predicate": "T", "at_least": -5}, {"predicate": "BT", "below": -5}],
		}
		instruments.import_file(json.dumps(zero).encode(), "x.json")
		make_round("ZERO")
		doc = draft_assessment(instrument="ZERO", answers={f"U{n}": "0" for n in range(1, 10)})
		index_profile({"assessment": doc.name})

	def test_the_last_follow_up_is_the_latest(self):
		rec = follow_up(make_recommendation(), action="satu")
		frappe.db.set_value(
			"Recommendation Follow-up", rec.follow_ups[0].name, "entered_on", add_days(today(), -1)
		)

		def on_top(doc):
			doc.append("follow_ups", {"action": "dua"})
			doc.follow_ups[0].idx, doc.follow_ups[1].idx = 2, 1
			doc.set("follow_ups", doc.follow_ups)

		change("operator_a", rec, on_top)
		from seroja.services.recommendations import last_follow_ups

		self.assertEqual(last_follow_ups([rec.name]), {rec.name: "dua"})

	def test_a_text_of_an_instrument_that_is_too_long_is_refused_in_a_sentence(self):
		with self.assertRaises(frappe.ValidationError):
			instruments.import_file(json.dumps({**IKM, "note": "x" * 70_000}).encode(), "x.json")
