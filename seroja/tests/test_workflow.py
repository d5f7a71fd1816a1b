"""From draft to verified, and every way around that must stay closed (design.md decisions 1 to 4)."""

import json
import os
from unittest.mock import patch

import frappe
from frappe.model.workflow import apply_workflow, bulk_workflow_approval
from frappe.utils import add_days, today

from seroja import constants as c
from seroja.services import seals
from seroja.tests.utils import (
	APPROVE,
	REOPEN,
	RETURN,
	SUBMIT,
	VERIFY,
	YEAR,
	A,
	SerojaTestCase,
	approved_target,
	draft_sheet,
	fill_sheet,
	grant_exception,
	make_file,
	person,
	take,
	verified_sheet,
)


def reload(doc):
	return frappe.get_doc(doc.doctype, doc.name)


def row_of(doc, number: int):
	return next(row for row in doc.items if row.indicator == f"{A}-{number}")


class TestSheet(SerojaTestCase):
	def test_a_sheet_starts_with_every_row_of_the_approved_target(self):
		sheet = draft_sheet(fill=False)
		self.assertEqual(sorted(row.indicator for row in sheet.items), [f"{A}-{n}" for n in (1, 2, 3, 4)])
		self.assertEqual(row_of(sheet, 3).target, "25")
		self.assertEqual(row_of(sheet, 1).year_target, "100")
		self.assertEqual(sheet.workflow_state, c.DRAFT)
		self.assertEqual(sheet.name, f"{A}-{YEAR}-TW1")

	def test_without_an_approved_target_there_is_no_sheet(self):
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.REALIZATION, "opd": A, "period": f"{YEAR}-TW1"})
		self.assertRefused(doc.insert, exceptions=frappe.ValidationError)

	def test_saving_computes_achievement_category_and_year_to_date(self):
		sheet = draft_sheet()
		self.assertAlmostEqual(row_of(sheet, 1).achievement_raw, 90)
		self.assertEqual(row_of(sheet, 1).category, "Tinggi")
		self.assertAlmostEqual(row_of(sheet, 2).achievement_raw, 120)
		self.assertAlmostEqual(row_of(sheet, 3).achievement_raw, 120)
		self.assertAlmostEqual(row_of(sheet, 3).year_achievement, 30)
		self.assertAlmostEqual(row_of(sheet, 4).achievement_raw, 75)
		self.assertEqual(sheet.completeness, 100)

	def test_the_second_quarter_adds_up_and_shows_the_first(self):
		verified_sheet()
		second = draft_sheet(quarter=2, fill=False)
		self.assertEqual(row_of(second, 3).previous_quarter, "30")
		self.as_user("operator_a")
		fill_sheet(second, ("91", "79", "10", "WTP"))
		second = reload(second)
		self.assertEqual(row_of(second, 3).realization_ytd, "40")
		self.assertAlmostEqual(row_of(second, 3).achievement_raw, 80)
		self.assertAlmostEqual(row_of(second, 1).achievement_raw, 91)

	def test_a_missing_value_is_not_zero(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		row_of(sheet, 1).update({"realization": "Belum rilis", "missing_reason": "Not Released"})
		row_of(sheet, 2).update({"realization": "", "missing_reason": "No Population"})
		sheet.save()
		sheet = reload(sheet)
		self.assertEqual(row_of(sheet, 1).status, "no_data")
		self.assertEqual(row_of(sheet, 1).realization, "")
		self.assertFalse(row_of(sheet, 1).has_value)
		self.assertEqual(row_of(sheet, 2).status, "no_population")
		self.assertAlmostEqual(sheet.mean_achievement, (120 + 75) / 2)

	def test_the_mean_of_a_sheet_is_that_of_its_objectives_as_in_the_reports(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		row_of(sheet, 1).update({"realization": "Belum rilis", "missing_reason": "Not Released"})
		sheet.save()
		sheet = reload(sheet)
		alone = row_of(sheet, 2).achievement_scored
		self.assertNotEqual(alone, (120 + 75) / 2)
		self.assertAlmostEqual(sheet.mean_achievement, (alone + (120 + 75) / 2) / 2)
		self.assertEqual(sheet.completeness, 75)

	def test_a_wrong_number_is_refused_with_row_and_reason_and_nothing_is_lost(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		row_of(sheet, 1).realization = "72.84"
		with self.assertRaises(frappe.ValidationError) as caught:
			sheet.save()
		self.assertIn("72.84", str(caught.exception) + json.dumps(frappe.get_message_log()))
		self.assertEqual(row_of(reload(sheet), 1).realization, "90")

	def test_a_new_version_of_the_target_reaches_a_draft_and_keeps_what_was_entered(self):
		from seroja.services.targets import make_revision

		sheet = draft_sheet()
		self.as_user("operator_a")
		revision = make_revision(sheet.target_document, "Perubahan anggaran")
		for row in revision.items:
			if row.indicator == f"{A}-1":
				row.year_target = "80"
		revision.save()
		take(revision, SUBMIT, "operator_a")
		take(revision, APPROVE, "head_a")
		take(revision, APPROVE, "planner")
		self.as_user("operator_a")
		sheet = reload(sheet)
		sheet.save()
		self.assertEqual(sheet.target_document, revision.name)
		self.assertEqual(row_of(sheet, 1).realization, "90")
		self.assertEqual(row_of(sheet, 1).year_target, "80")
		self.assertFalse(frappe.db.get_value(c.TARGET, f"PK-{A}-{YEAR}-v1", "is_current"))

	def test_a_second_sheet_for_the_same_period_is_refused(self):
		draft_sheet()
		self.as_user("operator_a")
		again = frappe.get_doc({"doctype": c.REALIZATION, "opd": A, "period": f"{YEAR}-TW1"})
		self.assertRefused(again.insert, exceptions=frappe.ValidationError)


class TestSteps(SerojaTestCase):
	def test_a_quarter_goes_from_draft_to_verified_and_leaves_a_sealed_chain(self):
		sheet = verified_sheet()
		self.assertEqual((sheet.workflow_state, sheet.docstatus), (c.VERIFIED, 1))
		entries = seals.entries_of(sheet)
		self.assertEqual([entry.action for entry in entries], ["Submit", "Approve", "Verify"])
		self.assertEqual([entry.capacity for entry in entries][:2], ["Definitif", "Definitif"])
		self.assertEqual(seals.problems_of(sheet, entries), [])

	def test_a_returned_sheet_opens_only_the_flagged_rows(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		sheet = take(sheet, RETURN, "head_a", note="Periksa sumber", flag=f"{A}-1")
		self.assertEqual(sheet.workflow_state, c.RETURNED)
		self.as_user("operator_a")
		sheet = reload(sheet)
		row_of(sheet, 2).realization = "1"
		self.assertRefused(sheet.save)
		sheet = reload(sheet)
		row_of(sheet, 1).realization = "95"
		sheet.save()
		sheet = take(sheet, SUBMIT, "operator_a")
		self.assertEqual((row_of(sheet, 1).is_flagged, row_of(sheet, 1).is_corrected), (0, 1))
		self.assertEqual(row_of(sheet, 2).realization, "80")
		sheet = take(take(sheet, APPROVE, "head_a"), VERIFY, "inspector")
		self.assertEqual(sheet.workflow_state, c.VERIFIED)

	def test_the_inspektorat_returns_too_and_the_head_must_approve_again(self):
		sheet = take(take(draft_sheet(), SUBMIT, "operator_a"), APPROVE, "head_a")
		sheet = take(sheet, RETURN, "inspector", note="Bukti kurang", flag=f"{A}-1")
		sheet = take(sheet, SUBMIT, "operator_a")
		self.assertEqual(sheet.workflow_state, c.SUBMITTED)
		self.assertIsNone(sheet.approved_by)
		self.assertRefused(take, sheet, VERIFY, "inspector", exceptions=Exception)

	def test_a_return_needs_a_note_and_a_flag(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		self.assertRefused(take, sheet, RETURN, "head_a", exceptions=frappe.ValidationError)
		self.assertRefused(
			take, sheet, RETURN, "head_a", note="tanpa tanda", exceptions=frappe.ValidationError
		)

	def test_a_flagged_sheet_is_not_approved(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		self.assertRefused(
			take, sheet, APPROVE, "head_a", note="x", flag=f"{A}-1", exceptions=frappe.ValidationError
		)

	def test_evidence_is_compulsory_for_iku(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		row_of(sheet, 1).evidence_link = ""
		sheet.save()
		self.assertRefused(take, sheet, SUBMIT, "operator_a", exceptions=frappe.ValidationError)

	def test_every_row_needs_a_value_or_a_reason(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		row_of(sheet, 2).realization = ""
		sheet.save()
		self.assertRefused(take, sheet, SUBMIT, "operator_a", exceptions=frappe.ValidationError)

	def test_reopening_needs_a_reason_keeps_the_old_sheet_and_goes_on_with_its_chain(self):
		sheet = verified_sheet()
		self.assertRefused(take, sheet, REOPEN, "inspector", exceptions=frappe.ValidationError)
		sheet = take(sheet, REOPEN, "inspector", note="Data BPS direvisi")
		self.assertEqual((sheet.workflow_state, sheet.docstatus), (c.REOPENED, 2))
		copy = frappe.get_last_doc(c.REALIZATION, {"amended_from": sheet.name})
		self.assertEqual((copy.workflow_state, copy.docstatus), (c.DRAFT, 0))
		self.assertEqual(copy.reopening_reason, "Data BPS direvisi")
		self.assertEqual(row_of(copy, 1).realization, "90")
		copy = take(copy, SUBMIT, "operator_a")
		first = seals.entries_of(copy)[0]
		self.assertEqual(first.previous_seal, seals.entries_of(sheet)[-1].seal)

	def test_reopening_is_for_the_inspektorat(self):
		sheet = verified_sheet()
		for key in ("operator_a", "head_a", "planner", "admin"):
			self.assertRefused(take, sheet, REOPEN, key, note="ingin ubah", exceptions=Exception)

	def test_late_is_a_mark_and_a_closed_window_needs_an_exception(self):
		sheet = draft_sheet()
		period = frappe.get_doc("Reporting Period", f"{YEAR}-TW1")
		period.update({"entry_opens": add_days(today(), -20), "entry_closes": add_days(today(), -1)})
		period.save()
		self.assertRefused(take, sheet, SUBMIT, "operator_a", exceptions=frappe.ValidationError)
		grant_exception(A, 1, add_days(today(), 2))
		sheet = take(sheet, SUBMIT, "operator_a")
		self.assertEqual(sheet.is_late, 1)

	def test_entry_waits_for_its_window(self):
		approved_target()
		period = frappe.get_doc("Reporting Period", f"{YEAR}-TW1")
		period.update({"entry_opens": add_days(today(), 1)})
		period.save()
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.REALIZATION, "opd": A, "period": f"{YEAR}-TW1"})
		self.assertRefused(doc.insert, exceptions=frappe.ValidationError)

	def test_a_change_behind_the_back_makes_the_approval_stale(self):
		sheet = take(take(draft_sheet(), SUBMIT, "operator_a"), APPROVE, "head_a")
		frappe.db.set_value("Performance Realization Item", row_of(sheet, 1).name, "realization", "99")
		sheet = reload(sheet)
		self.assertTrue(seals.problems_of(sheet, seals.entries_of(sheet)))
		self.assertRefused(take, sheet, VERIFY, "inspector", exceptions=frappe.ValidationError)

	def test_a_corrected_first_quarter_makes_the_second_visibly_stale(self):
		first, second = verified_sheet(), verified_sheet(quarter=2)
		self.assertEqual(seals.problems_of(second, seals.entries_of(second)), [])
		take(first, REOPEN, "inspector", note="Data direvisi")
		copy = frappe.get_last_doc(c.REALIZATION, {"amended_from": first.name})
		self.as_user("operator_a")
		row_of(copy, 3).realization = "20"
		copy.save()
		second = reload(second)
		self.assertEqual(len(seals.problems_of(second, seals.entries_of(second))), 1)

	def test_exchanged_evidence_makes_the_approval_stale(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		file = make_file(sheet)
		row_of(sheet, 1).evidence = file.file_url
		sheet.save()
		sheet = take(take(sheet, SUBMIT, "operator_a"), APPROVE, "head_a")
		self.assertEqual(seals.problems_of(sheet, seals.entries_of(sheet)), [])
		frappe.db.set_value("File", file.name, "content_hash", "0" * 32)
		self.assertTrue(seals.problems_of(sheet, seals.entries_of(sheet)))

	def test_a_changed_step_breaks_the_chain_visibly(self):
		sheet = verified_sheet()
		entries = seals.entries_of(sheet)
		frappe.db.set_value(c.ENTRY, entries[1].name, "user", "somebody@else.example")
		self.assertTrue(seals.problems_of(sheet, seals.entries_of(sheet)))
		frappe.db.set_value(c.ENTRY, entries[1].name, "user", entries[1].user)
		self.assertEqual(seals.problems_of(sheet, seals.entries_of(sheet)), [])
		frappe.db.delete(c.ENTRY, {"name": entries[1].name})
		self.assertTrue(seals.problems_of(sheet, seals.entries_of(sheet)))


class TestNoWayAround(SerojaTestCase):
	"""Each test is an attack; the sheet must be as it was afterwards."""

	def test_saving_the_state_of_a_later_step_is_refused(self):
		sheet = draft_sheet()
		for key in ("operator_a", "head_a", "inspector", "admin", "planner"):
			for state in (c.APPROVED_BY_HEAD, c.VERIFIED):
				self.as_user(key)
				doc = reload(sheet)
				doc.workflow_state = state
				self.assertRefused(doc.save, exceptions=Exception)
		self.assertEqual(frappe.db.get_value(c.REALIZATION, sheet.name, "workflow_state"), c.DRAFT)

	def test_set_value_cannot_skip_a_step(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		for key in ("operator_a", "inspector", "admin"):
			self.as_user(key)
			self.assertRefused(
				frappe.client.set_value,
				c.REALIZATION,
				sheet.name,
				"workflow_state",
				c.APPROVED_BY_HEAD,
				exceptions=Exception,
			)

	def test_submitting_by_docstatus_is_refused(self):
		sheet = draft_sheet()
		for key in ("operator_a", "head_a", "inspector", "Administrator"):
			frappe.set_user(key if key == "Administrator" else person(key))
			self.assertRefused(frappe.get_doc(c.REALIZATION, sheet.name).submit, exceptions=Exception)
			self.assertRefused(
				frappe.client.submit,
				frappe.get_doc(c.REALIZATION, sheet.name).as_dict(),
				exceptions=Exception,
			)
		self.assertEqual(frappe.db.get_value(c.REALIZATION, sheet.name, "docstatus"), 0)

	def test_a_crafted_apply_workflow_cannot_carry_values_or_skip(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		self.as_user("head_a")
		crafted = reload(sheet).as_dict()
		crafted["items"][0]["realization"] = "1"
		crafted["workflow_state"] = c.APPROVED_BY_HEAD
		self.assertRefused(apply_workflow, json.dumps(crafted, default=str), VERIFY, exceptions=Exception)
		self.as_user("head_a")
		apply_workflow(json.dumps(crafted, default=str), APPROVE)
		self.assertEqual(row_of(reload(sheet), 1).realization, "90")
		self.assertEqual(reload(sheet).workflow_state, c.APPROVED_BY_HEAD)

	def test_the_head_of_another_opd_cannot_approve(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		self.assertRefused(take, sheet, APPROVE, "head_b", exceptions=frappe.PermissionError)

	def test_a_former_head_cannot_approve_and_a_plh_can_in_his_days(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		opd = frappe.get_doc("OPD", A)
		head = next(row for row in opd.position_holders if row.position == "Head")
		head.to_date = add_days(today(), -1)
		opd.append(
			"position_holders",
			{
				"user": person("viewer_a"),
				"position": "Head",
				"capacity": "Plh",
				"from_date": today(),
				"to_date": add_days(today(), 3),
			},
		)
		opd.save()
		self.assertRefused(take, sheet, APPROVE, "head_a", exceptions=frappe.PermissionError)
		sheet = take(sheet, APPROVE, "viewer_a")
		self.assertEqual(seals.entries_of(sheet)[-1].capacity, "Plh")

	def test_the_role_without_the_position_approves_nothing(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		frappe.get_doc("User", person("executive")).add_roles(c.HEAD)
		self.assertRefused(take, sheet, APPROVE, "executive", exceptions=frappe.PermissionError)

	def test_maker_and_checker_differ_whoever_owns_the_document(self):
		opd = frappe.get_doc("OPD", A)
		opd.append(
			"position_holders",
			{"user": person("operator_a"), "position": "Head", "capacity": "Plt", "from_date": "2020-01-01"},
		)
		opd.save()
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		frappe.db.set_value(c.REALIZATION, sheet.name, "owner", "Administrator")
		self.assertRefused(take, sheet, APPROVE, "operator_a", exceptions=frappe.PermissionError)

	def test_who_entered_a_value_does_not_approve_what_a_colleague_submitted(self):
		sheet = draft_sheet()
		self.as_user("head_a")
		sheet = reload(sheet)
		row_of(sheet, 1).realization = "91"
		sheet.save()
		sheet = take(sheet, SUBMIT, "operator_a")
		self.assertRefused(take, sheet, APPROVE, "head_a", exceptions=frappe.PermissionError)

	def test_an_inspector_who_approved_as_head_does_not_verify(self):
		frappe.get_doc("User", person("head_a")).add_roles(c.INSPEKTORAT)
		sheet = take(take(draft_sheet(), SUBMIT, "operator_a"), APPROVE, "head_a")
		self.assertRefused(take, sheet, VERIFY, "head_a", exceptions=frappe.PermissionError)
		self.assertEqual(take(sheet, VERIFY, "inspector").workflow_state, c.VERIFIED)

	def test_nobody_changes_a_submitted_or_verified_value(self):
		for make in (lambda: take(draft_sheet(), SUBMIT, "operator_a"), verified_sheet):
			frappe.db.savepoint("before_sheet")
			sheet = make()
			for key in ("operator_a", "head_a", "inspector", "admin", "planner"):
				self.as_user(key)
				doc = reload(sheet)
				row_of(doc, 1).realization = "99"
				self.assertRefused(doc.save, exceptions=Exception)
			self.assertEqual(row_of(reload(sheet), 1).realization, "90")
			frappe.db.rollback(save_point="before_sheet")

	def test_results_targets_and_stamps_cannot_be_sent_from_outside(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		doc = reload(sheet)
		doc.update({"verified_by": person("operator_a"), "first_submitted_on": "2020-01-01 00:00:00"})
		row_of(doc, 1).update(
			{
				"achievement_raw": 999,
				"target": "1",
				"is_iku": 0,
				"entered_by": person("head_a"),
				"polarity": "Minimize",
			}
		)
		doc.save()
		row, doc = row_of(reload(sheet), 1), reload(sheet)
		self.assertEqual(
			(row.achievement_raw, row.target, row.is_iku, row.polarity), (90, "100", 1, "Maximize")
		)
		self.assertEqual((doc.verified_by, doc.first_submitted_on), (None, None))
		self.assertEqual(row.entered_by, person("operator_a"))

	def test_a_new_sheet_carries_no_stamps_and_no_foreign_rows(self):
		approved_target()
		self.as_user("operator_a")
		doc = frappe.get_doc(
			{
				"doctype": c.REALIZATION,
				"opd": A,
				"period": f"{YEAR}-TW1",
				"approved_by": person("head_a"),
				"target_document": f"PK-{A}-{YEAR}-v1",
				"items": [{"indicator": "TesB-1", "realization": "5", "target": "1"}],
			}
		).insert()
		self.assertIsNone(doc.approved_by)
		self.assertEqual({row.indicator[:4] for row in doc.items}, {A})

	def test_rows_are_closed_to_direct_access(self):
		sheet = verified_sheet()
		row = row_of(sheet, 1)
		for key in ("operator_a", "inspector", "Administrator"):
			frappe.set_user(key if key == "Administrator" else person(key))
			doc = frappe.get_doc("Performance Realization Item", row.name)
			doc.realization = "99"
			self.assertRefused(doc.save, exceptions=Exception)
			self.assertRefused(
				frappe.client.set_value,
				"Performance Realization Item",
				row.name,
				"realization",
				"99",
				exceptions=Exception,
			)
			self.assertRefused(
				frappe.delete_doc, "Performance Realization Item", row.name, exceptions=Exception
			)
		self.assertEqual(row_of(reload(sheet), 1).realization, "90")

	def test_rows_cannot_be_added_removed_or_moved(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		for attack in (
			lambda doc: doc.items.pop(),
			lambda doc: doc.append("items", {"indicator": "TesB-1", "realization": "1"}),
			lambda doc: doc.items.reverse(),
		):
			doc = reload(sheet)
			attack(doc)
			self.assertRefused(doc.save, exceptions=Exception)

	def test_bulk_edit_and_bulk_approval_pass_the_same_checks(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		self.as_user("head_b")
		with patch.object(frappe.db, "commit"), patch.object(frappe.db, "rollback"):
			bulk_workflow_approval(json.dumps([sheet.name]), c.REALIZATION, APPROVE)
		self.assertEqual(frappe.db.get_value(c.REALIZATION, sheet.name, "workflow_state"), c.SUBMITTED)

	def test_cancelling_carries_nothing_but_the_reason(self):
		sheet = verified_sheet()
		self.as_user("inspector")
		doc = reload(sheet)
		row_of(doc, 1).update({"realization": "55", "achievement_raw": 999, "entered_by": "Administrator"})
		doc.update({"docstatus": 2, "period": f"{YEAR}-TW2", "quarter": 2, "decision_note": "Data direvisi"})
		doc.save()
		copy = frappe.get_last_doc(c.REALIZATION, {"amended_from": sheet.name})
		for kept in (reload(sheet), copy):
			self.assertEqual((kept.period, row_of(kept, 1).realization), (f"{YEAR}-TW1", "90"))
			self.assertEqual(row_of(kept, 1).entered_by, person("operator_a"))

	def test_the_number_zero_is_a_change_like_any_other(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		row_of(sheet, 2).update({"realization": "", "missing_reason": "Not Released"})
		sheet.save()
		sheet = take(sheet, SUBMIT, "operator_a")
		sheet = take(sheet, RETURN, "head_a", note="Periksa", flag=f"{A}-1")
		self.as_user("operator_a")
		sheet = reload(sheet)
		row_of(sheet, 2).realization = 0
		self.assertRefused(sheet.save)

	def test_who_entered_a_value_is_not_forgotten_when_a_colleague_touches_the_row(self):
		sheet = draft_sheet()
		self.as_user("head_a")
		sheet = reload(sheet)
		row_of(sheet, 1).realization = "99"
		sheet.save()
		self.as_user("operator_a")
		sheet = reload(sheet)
		row_of(sheet, 1).obstacle = "Tidak ada"
		sheet.save()
		sheet = take(sheet, SUBMIT, "operator_a")
		self.assertRefused(take, sheet, APPROVE, "head_a", exceptions=frappe.PermissionError)

	def test_a_file_cannot_write_into_a_document_or_leave_it(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		file = make_file(sheet)
		row_of(sheet, 1).evidence = file.file_url
		sheet.save()
		sheet = take(take(sheet, SUBMIT, "operator_a"), APPROVE, "head_a")
		entry = seals.entries_of(sheet)[0]
		for key in ("operator_a", "operator_b", "viewer_a"):
			self.as_user(key)
			own = frappe.get_doc({"doctype": "File", "file_name": f"{key}.txt", "content": key}).insert()
			attacks = (
				(own.name, {"is_private": 1, "attached_to_doctype": c.ENTRY, "attached_to_name": entry.name}),
				(own.name, {"file_url": file.file_url}),
				(file.name, {"attached_to_doctype": "User", "attached_to_name": person(key)}),
				(file.name, {"is_private": 0}),
				(file.name, {"content_hash": "0"}),
			)
			for name, values in attacks:
				with self.subTest(user=key, values=values):
					self.assertRefused(frappe.client.set_value, "File", name, values)
		sheet = reload(sheet)
		self.assertEqual(seals.problems_of(sheet, seals.entries_of(sheet)), [])

	def test_evidence_that_is_gone_from_the_disk_makes_the_approval_stale(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		file = make_file(sheet, content="akan hilang", name="hilang.txt")
		row_of(sheet, 1).evidence = file.file_url
		sheet.save()
		sheet = take(take(sheet, SUBMIT, "operator_a"), APPROVE, "head_a")
		os.remove(frappe.get_site_path("private", "files", os.path.basename(file.file_url)))
		self.assertTrue(seals.problems_of(sheet, seals.entries_of(sheet)))

	def test_sheets_and_targets_are_not_imported(self):
		for doctype in (c.REALIZATION, c.TARGET):
			self.assertFalse(frappe.get_meta(doctype).allow_import)
			for key in ("operator_a", "head_a", "inspector", "planner", "admin"):
				self.assertFalse(frappe.has_permission(doctype, "import", user=person(key)))

	def test_the_history_is_append_only(self):
		sheet = verified_sheet()
		entry = seals.entries_of(sheet)[0]
		for key in ("inspector", "admin", "Administrator"):
			frappe.set_user(key if key == "Administrator" else person(key))
			doc = frappe.get_doc(c.ENTRY, entry.name)
			doc.note = "diubah"
			self.assertRefused(doc.save, exceptions=Exception)
			self.assertRefused(frappe.delete_doc, c.ENTRY, entry.name, exceptions=Exception)
			forged = frappe.copy_doc(doc)
			self.assertRefused(forged.insert, exceptions=Exception)

	def test_a_document_with_a_history_is_not_deleted(self):
		sheet = take(draft_sheet(), SUBMIT, "operator_a")
		for key in ("operator_a", "Administrator"):
			frappe.set_user(key if key == "Administrator" else person(key))
			self.assertRefused(frappe.delete_doc, c.REALIZATION, sheet.name, exceptions=Exception)

	def test_a_draft_may_be_deleted_by_its_opd(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		frappe.delete_doc(c.REALIZATION, sheet.name)
		self.assertFalse(frappe.db.exists(c.REALIZATION, sheet.name))

	def test_sealed_evidence_is_neither_deleted_nor_exchanged(self):
		sheet = draft_sheet()
		self.as_user("operator_a")
		file = make_file(sheet)
		row_of(sheet, 1).evidence = file.file_url
		sheet.save()
		take(sheet, SUBMIT, "operator_a")
		self.as_user("operator_a")
		self.assertRefused(frappe.delete_doc, "File", file.name)
		self.assertRefused(frappe.client.set_value, "File", file.name, "file_url", "/private/files/x.txt")

	def test_mail_buttons_that_act_without_login_are_off(self):
		for name in ("Performance Realization Verification", "Performance Target Approval"):
			self.assertFalse(frappe.db.get_value("Workflow", name, "send_email_alert"))


class TestTarget(SerojaTestCase):
	def test_a_target_is_filled_from_the_indicators_and_goes_to_approved(self):
		target = approved_target()
		self.assertEqual((target.workflow_state, target.docstatus, target.is_current), (c.APPROVED, 1, 1))
		self.assertEqual(target.name, f"PK-{A}-{YEAR}-v1")

	def test_a_revision_needs_a_reason_and_only_the_version_in_force_is_revised(self):
		from seroja.services.targets import make_revision

		target = approved_target()
		self.as_user("operator_a")
		self.assertRefused(make_revision, target.name, " ", exceptions=frappe.ValidationError)
		revision = make_revision(target.name, "Perubahan prioritas")
		self.assertEqual((revision.version, revision.revision_of), (2, target.name))
		self.assertRefused(make_revision, target.name, "lagi", exceptions=frappe.ValidationError)

	def test_who_entered_a_target_does_not_approve_it(self):
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR}).insert()
		self.as_user("head_a")
		doc = reload(doc)
		doc.items[0].update({"year_target": "120", "entered_by": person("operator_a")})
		doc.save()
		self.assertEqual(reload(doc).items[0].entered_by, person("head_a"))
		doc = take(doc, SUBMIT, "operator_a")
		self.assertRefused(take, doc, APPROVE, "head_a", exceptions=frappe.PermissionError)

	def test_a_year_in_another_notation_makes_no_second_target(self):
		approved_target()
		self.as_user("operator_a")
		again = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": f"{YEAR}4e-1"})
		self.assertRefused(again.insert, exceptions=frappe.ValidationError)

	def test_who_shortened_a_target_does_not_approve_it(self):
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR}).insert()
		self.as_user("head_a")
		doc = reload(doc)
		doc.remove(doc.items[0])
		doc.save()
		doc = take(doc, SUBMIT, "operator_a")
		self.assertRefused(take, doc, APPROVE, "head_a", exceptions=frappe.PermissionError)

	def test_an_approved_target_is_not_changed(self):
		target = approved_target()
		for key in ("operator_a", "planner", "admin"):
			self.as_user(key)
			doc = reload(target)
			doc.items[0].year_target = "1"
			self.assertRefused(doc.save, exceptions=Exception)
			doc = reload(target)
			doc.is_current = 0
			try:
				doc.save()
			except Exception:
				pass
			self.assertEqual(frappe.db.get_value(c.TARGET, target.name, "is_current"), 1)

	def test_an_indicator_of_another_opd_is_refused(self):
		self.as_user("operator_a")
		doc = frappe.get_doc(
			{
				"doctype": c.TARGET,
				"opd": A,
				"year": YEAR,
				"items": [{"indicator": "TesB-1", "year_target": "1"}],
			}
		)
		self.assertRefused(doc.insert, exceptions=frappe.ValidationError)

	def test_weights_make_100_or_are_absent(self):
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR}).insert()
		doc.items[0].weight = 50
		self.assertRefused(doc.save, exceptions=frappe.ValidationError)
		doc = reload(doc)
		for row, weight in zip(doc.items, (40, 30, 20, 10), strict=True):
			row.weight = weight
		doc.save()

	def test_quarter_targets_that_contradict_themselves_are_refused(self):
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR}).insert()
		row = next(row for row in doc.items if row.consolidation == "SUM")
		row.update({"target_q1": "50", "target_q2": "25", "target_q4": "90"})
		self.assertRefused(doc.save, exceptions=frappe.ValidationError)
