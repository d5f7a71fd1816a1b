"""Attacks on evaluation: what an impatient, careless or cunning person might try."""

import json

import frappe
from frappe.utils import add_days, cint, today

from seroja import constants as c
from seroja.services import assessments, inbox, instruments, letters, notices, recommendations, rounds, seals, worksheet
from seroja.tests.evaluation_utils import *
from seroja.tests.utils import APPROVE, REOPEN, RETURN, SUBMIT, YEAR, A, B, SerojaTestCase, make_file, person


def as_admin(f):
	return f()

def row_of(doc, code):
	return next(r for r in frappe.get_doc(c.ASSESSMENT, doc.name).items if r.code == code)

def shift_round(days_self, days_eval, days_review, instrument=AKIP, year=YEAR):
	d = make_round(instrument, year)
	d.update({"self_opens": add_days(today(), -30), "self_closes": add_days(today(), days_self), "evaluation_closes": add_days(today(), days_eval), "review_closes": add_days(today(), days_review)})
	d.save()
	frappe.clear_document_cache(c.ROUND, d.name)


class TestWin(SerojaTestCase):
	def test_send_back_after_evaluation_closed(self):
		doc = evaluated_assessment()
		shift_round(-20, -1, 5)
		doc = step(doc, SEND_BACK, "inspector2", "x")
		step(doc, EVALUATE, "inspector")

	def test_returned_by_evaluator_resubmitted_after_eval_close(self):
		doc = approved_assessment()
		write(doc, "inspector", "is_flagged", {"1.b": 1})
		doc = step(doc, RETURN, "inspector", "x")
		shift_round(-20, -1, 5)
		doc = step(doc, SUBMIT, "operator_a")
		doc = step(doc, APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		step(doc, EVALUATE, "inspector")

	def test_reopened_is_in_inbox(self):
		doc = final_assessment()
		shift_round(-20, -10, -5)
		step(doc, REOPEN, "inspector", "Bukti baru")
		rows = as_user("operator_a", inbox.waiting_for_me)
		self.assertIn(f"{doc.name}-1", [r["name"] for r in rows])

	def test_reopen_after_valid_to(self):
		doc = final_assessment()
		i = frappe.get_doc(c.INSTRUMENT, AKIP); i.valid_to = YEAR - 1; i.save()
		frappe.local.request_cache.clear()
		step(doc, REOPEN, "inspector", "Bukti baru")

	def test_valid_to_blocks_open(self):
		doc = draft_assessment(answers=GRADES)
		i = frappe.get_doc(c.INSTRUMENT, AKIP); i.valid_to = YEAR - 1; i.save()
		frappe.local.request_cache.clear()
		step(doc, SUBMIT, "operator_a")


class TestReopen(SerojaTestCase):
	def test_reopened_evidence_files(self):
		doc = draft_assessment(answers=GRADES)
		f = as_user("operator_a", lambda: make_file(doc))
		write(doc, "operator_a", "evidence", {"1.a": f.file_url})
		doc = step(step(doc, SUBMIT, "operator_a"), APPROVE, "head_a")
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		doc = step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		print("evidence on copy:", copy.items[0].evidence, seals.files_of(copy))
		old = frappe.get_doc(c.ASSESSMENT, doc.name)
		print("old problems", seals.problems_of(old, seals.entries_of(old)))
		write(copy, "operator_a", "self_note", {"1.b": "x"})
		step(copy, SUBMIT, "operator_a")

	def test_roles_swapped_after_reopen(self):
		doc = final_assessment()
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		copy = step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")
		copy = step(copy, EVALUATE, "inspector2")  # wrote nothing
		with self.assertRaises(frappe.PermissionError):
			step(copy, FINALIZE, "inspector")  # wrote all

	def test_reissue_keeps_due_and_closed(self):
		doc = final_assessment()
		rec = frappe.get_doc(c.RECOMMENDATION, {"assessment": doc.name})
		as_user("inspector", lambda: frappe.get_doc(c.RECOMMENDATION, rec.name).update({"due_date": add_days(today(), 10)}).save())
		follow_up(rec); decide(rec, c.CLOSED)
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		copy = step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")
		def change():
			d = frappe.get_doc(c.ASSESSMENT, copy.name); d.findings[0].recommendation = "Hal lain sama sekali"; d.save()
		as_user("inspector", change)
		copy = step(step(copy, EVALUATE, "inspector"), FINALIZE, "inspector2")
		r = frappe.get_doc(c.RECOMMENDATION, rec.name)
		print("REISSUE", r.status, r.recommendation, r.due_date, r.closed_on)

	def test_reissue_without_finding(self):
		doc = final_assessment()
		rec = frappe.get_doc(c.RECOMMENDATION, {"assessment": doc.name})
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		copy = step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")
		def change():
			d = frappe.get_doc(c.ASSESSMENT, copy.name); d.set("findings", []); d.save()
		as_user("inspector", change)
		copy = step(step(copy, EVALUATE, "inspector"), FINALIZE, "inspector2")
		r = frappe.get_doc(c.RECOMMENDATION, rec.name)
		print("DROPPED FINDING:", r.status, r.assessment)

	def test_duplicate_finding_row(self):
		doc = final_assessment()
		step(doc, REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": doc.name})
		copy = step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")
		def change():
			d = frappe.get_doc(c.ASSESSMENT, copy.name)
			new = frappe.copy_doc(d.findings[0]).as_dict(); new.update(recommendation="KEDUA", name=None)
			d.append("findings", new); d.save()
		as_user("inspector", change)
		copy = step(step(copy, EVALUATE, "inspector"), FINALIZE, "inspector2")
		rows = frappe.get_all(c.RECOMMENDATION, {"opd": A, "year": YEAR}, ["name", "recommendation"])
		print("DUPLICATED:", rows)
		self.assertEqual(len(rows), 2)

	def test_forged_recommendation_document(self):
		other = make_recommendation(B, YEAR - 1)
		follow_up(other, "operator_b"); decide(other, c.CLOSED)
		doc = approved_assessment()
		write(doc, "inspector", "evaluator_answer", GRADES); confirm(doc)
		def act():
			d = frappe.get_doc(c.ASSESSMENT, doc.name)
			d.append("findings", {**FINDING, "recommendation": "TIMPA", "recommendation_document": other.name}); d.save()
		as_user("inspector", act)
		doc = step(step(doc, EVALUATE, "inspector"), FINALIZE, "inspector2")
		r = frappe.get_doc(c.RECOMMENDATION, other.name)
		print("FORGED:", r.opd, r.recommendation, r.assessment)
		self.assertNotEqual(r.recommendation, "TIMPA")


class TestInsert(SerojaTestCase):
	def test_operator_plants_findings(self):
		make_round()
		doc = as_user("operator_a", lambda: frappe.get_doc({"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": A, "year": YEAR,
			"findings": [{**FINDING, "recommendation_document": "x"}], "letter_number": "700/1", "given_predicate": "AA", "given_reason": "x", "letter_date": today(),
			"items": [{"code": "1.a", "self_answer": "A", "evaluator_answer": "AA", "is_flagged": 1}]}).insert())
		fresh = frappe.get_doc(c.ASSESSMENT, doc.name)
		print("PLANTED", len(fresh.findings), fresh.letter_number, fresh.given_predicate, fresh.items[0].evaluator_answer, fresh.items[0].is_flagged)
		self.assertEqual(len(fresh.findings), 0)

	def test_duplicate_of_last_year(self):
		old = final_assessment(year=YEAR - 1)
		rec = frappe.get_doc(c.RECOMMENDATION, {"assessment": old.name})
		make_round()
		def dup():
			d = frappe.copy_doc(frappe.get_doc(c.ASSESSMENT, old.name), ignore_no_copy=False)
			d.year = YEAR
			return d.insert()
		new = as_user("operator_a", dup)
		doc = frappe.get_doc(c.ASSESSMENT, new.name)
		print("DUP findings", len(doc.findings), doc.findings and doc.findings[0].recommendation_document, doc.workflow_state, doc.docstatus, doc.makers, doc.items[0].self_answer, doc.items[0].entered_by)
		self.assertEqual(len(doc.findings), 0)

	def test_other_units(self):
		frappe.get_doc({"doctype": "OPD", "abbreviation": "TesUptd", "opd_name": "UPTD", "opd_type": "UPTD", "parent_opd": A, "position_holders": [{"user": person("operator_a"), "position": "Operator", "capacity": "Definitif", "from_date": "2020-01-01"}]}).insert()
		make_round()
		print("TO_START uptd", [r["opd"] for r in rounds.to_start([A, "TesUptd"])])
		d = as_user("operator_a", lambda: frappe.get_doc({"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": "TesUptd", "year": YEAR}).insert())
		print("UPTD assessment", d.name)

	def test_dissolved(self):
		u = frappe.get_doc("OPD", A); u.valid_to = "2030-12-31"; u.save()
		make_round()
		print("TO_START dissolved", [r["opd"] for r in rounds.to_start([A])])
		d = as_user("operator_a", lambda: frappe.get_doc({"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": A, "year": YEAR}).insert())
		print("dissolved assessment", d.name)

	def test_bad_years(self):
		make_round()
		for y in ("2031abc", "2031.5", -1, 0, None, 10**12, "٢٠٣١"):
			try:
				d = as_user("operator_a", lambda: frappe.get_doc({"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": A, "year": y}).insert())
				print("YEAR", repr(y), d.name, d.year); d.delete(force=True)
			except Exception as e:
				print("YEAR", repr(y), type(e).__name__, str(e)[:100])
