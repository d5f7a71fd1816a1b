"""The exchange, in: what people are told before they accept, and what is kept of their decisions."""

import json
from unittest.mock import patch

import frappe
from frappe.desk.form.meta import get_meta
from frappe.model.document import Document
from frappe.utils import add_days, add_to_date, formatdate, now_datetime, today

from seroja import constants as c
from seroja.services import data_runs, inbox, proposals, reconciliations
from seroja.tests.test_exchange import TW1, ExchangeCase, row_of
from seroja.tests.test_reports import counted
from seroja.tests.utils import APPROVE, SUBMIT, VERIFY, YEAR, draft_sheet, person, take, verified_sheet

TW2 = f"{YEAR}-TW2"


def versions(doctype: str, name: str) -> list[dict]:
	"""field → (before, after) of each version of a document, with `by`, oldest first."""
	filters = {"ref_doctype": doctype, "docname": name}
	found = frappe.get_all("Version", filters, ["data", "owner"], order_by="creation")
	return [
		{field: (before, after) for field, before, after in json.loads(row.data).get("changed", [])}
		| {"by": row.owner}
		for row in found
	]


class ProposalCase(ExchangeCase):
	def refuse(self, sheet, names: list[str] | None = None, reason: str = "Belum final") -> int:
		self.as_user("operator_a")
		try:
			names = names or [row["name"] for row in self.offered(sheet)]
			return proposals.refuse(proposals.sheet_of(sheet.name), names, reason)
		finally:
			frappe.set_user("Administrator")


class TestPreview(ProposalCase):
	def fetched_for(self, source, period: str):
		return data_runs.fetch(self.run_of(source, period=period))

	def test_the_answer_of_another_period_is_said_before_it_is_accepted(self):
		source = self.source()
		self.accepted(source)
		run = self.fetched_for(source, TW2)
		self.assertIn(TW1, run.message)
		self.assertIn(TW2, run.message)
		self.assertEqual(run.state, "Preview", "people decide")
		self.assertFalse(self.fetched(source).message, "the same period again is nothing odd")
		self.says("92")
		self.assertFalse(self.fetched_for(source, TW2).message)

	def test_only_an_accepted_answer_of_this_source_counts(self):
		source = self.source()
		self.fetched(source)
		self.assertFalse(self.fetched_for(source, TW2).message)
		self.accepted(self.source(title="Lain"))
		self.assertFalse(self.fetched_for(source, TW2).message)

	def test_another_unit_is_marked_beside_what_is_typed_and_beside_the_last_quarter(self):
		source = self.source()
		draft_sheet()
		self.says("90.000")
		row = self.fetched(source).rows[0]
		self.assertEqual(row.kind, "Changed")
		self.assertIn("1.000 kali angka kita (90)", row.reason)
		row = self.fetched_for(source, TW2).rows[0]
		self.assertEqual((row.kind, row.our_value), ("New", ""))
		self.assertIn(f"1.000 kali angka kita pada {TW1} (90)", row.reason)
		self.says("92")
		self.assertFalse(self.fetched_for(source, TW2).rows[0].reason)

	def test_the_size_of_ours_is_read_in_as_many_queries_for_many_rows(self):
		draft_sheet()
		frappe.get_cached_doc("Reporting Period", TW2)
		for codes in (["TesA-1"], ["TesA-1", "TesA-2", "TesA-3"]):
			with self.subTest(codes), counted() as statements:
				found = data_runs._ours(codes, TW2)
			self.assertEqual({code for code, _field in found}, {code for code in codes})
			self.assertEqual(len(statements), 1)


class TestRefusedBefore(ProposalCase):
	def setUp(self):
		super().setUp()
		self.sheet = draft_sheet()
		self.feed = self.source()
		self.accept_each(self.feed, "91")
		self.refuse(self.sheet)

	def test_the_preview_says_when_by_whom_and_why(self):
		run = self.fetched(self.feed)
		row = run.rows[0]
		self.assertEqual(
			(run.state, row.kind, run.refused_rows, run.changed_rows), ("Nothing New", "Refused", 1, 0)
		)
		name = frappe.db.get_value("User", person("operator_a"), "full_name")
		for part in (formatdate(today()), name, "Belum final"):
			self.assertIn(part, row.reason)
		self.assertEqual(row.their_value, "91")

	def test_it_stays_refused_after_another_value_came_between(self):
		self.accept_each(self.feed, "92", "91")
		self.assertEqual(self.states(), [("91", "Refused"), ("92", "Replaced")])
		self.refuse_next("93")
		self.accept_each(self.feed, "91", "93")
		self.assertEqual(self.offered(self.sheet), [])
		self.accept_each(self.feed, "94")
		self.assertEqual([row["value"] for row in self.offered(self.sheet)], ["94"])

	def refuse_next(self, value: str) -> None:
		self.accept_each(self.feed, value)
		self.refuse(self.sheet)

	def test_another_source_may_say_it(self):
		self.says("91")
		self.accepted(self.source(title="Lain"))
		self.assertEqual([row["data_source"] for row in self.offered(self.sheet)], ["Lain"])

	def test_another_period_may_have_it(self):
		run = data_runs.fetch(self.run_of(self.feed, period=TW2))
		self.assertEqual((run.state, run.rows[0].kind), ("Preview", "New"))

	def test_it_is_a_difference_all_the_same_once_ours_is_verified(self):
		self.accept_each(self.feed, "92")
		self.says("91")
		run = self.fetched(self.feed)
		self.assertEqual((run.state, run.rows[0].kind), ("Preview", "Refused"))
		sheet = self.sheet
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			sheet = take(sheet, action, key)
		data_runs.accept(run)
		self.assertEqual((run.rows[0].kind, run.rows[0].reason), ("Changed", ""))
		self.assertEqual(self.states(c.RECONCILIATION), [("91", "Open")])

	def test_one_that_is_refused_while_the_preview_waits_is_not_offered(self):
		self.accept_each(self.feed, "95")
		run = self.fetched(self.feed)
		self.refuse(self.sheet)
		self.assertEqual(data_runs.accept(run), {"proposals": 0, "reconciliations": 0})
		self.assertEqual(run.rows[0].kind, "Refused")
		self.assertEqual(self.states(), [("91", "Refused"), ("95", "Refused")])


class TestRatio(ProposalCase):
	def setUp(self):
		super().setUp()
		self.feed = self.rate_source()
		self.sheet = draft_sheet(fill=False)
		self.accepted(self.feed)

	def name(self, figure: str) -> str:
		return next(row["name"] for row in self.offered(self.sheet) if row["figure"] == figure)

	def left(self) -> list[str]:
		return [row["figure"] for row in self.offered(self.sheet)]

	def test_either_half_takes_both(self):
		for half in ("Numerator", "Denominator"):
			frappe.db.savepoint("half")
			with self.subTest(half):
				self.as_user("operator_a")
				taken = proposals.take(proposals.sheet_of(self.sheet.name), [self.name(half)])
				frappe.set_user("Administrator")
				row = row_of(frappe.get_doc(c.REALIZATION, self.sheet.name), 2)
				self.assertEqual((taken, row.numerator, row.denominator), (2, "30", "40"))
				self.assertEqual(self.left(), ["Budget Realization"])
			frappe.db.rollback(save_point="half")

	def test_either_half_refuses_both(self):
		self.assertEqual(self.refuse(self.sheet, [self.name("Denominator")]), 2)
		self.assertEqual(self.left(), ["Budget Realization"])
		kinds = {row.figure: row.kind for row in self.fetched(self.feed).rows}
		self.assertEqual(
			kinds, {"Numerator": "Refused", "Denominator": "Refused", "Budget Realization": "New"}
		)

	def test_a_refused_half_comes_again_beside_a_new_other_half(self):
		self.refuse(self.sheet, [self.name("Numerator")])
		self.server.content = [{"selesai": 30, "masuk": 41, "biaya": 750000}]
		self.accepted(self.feed)
		self.assertEqual(
			{row["figure"]: row["value"] for row in self.offered(self.sheet)},
			{"Numerator": "30", "Denominator": "41", "Budget Realization": "750.000"},
		)

	def test_halves_of_two_sources_are_not_mixed(self):
		self.server.content = [{"selesai": 31, "masuk": 42, "biaya": 750000}]
		self.accepted(self.rate_source_again())
		mixed = [
			next(
				row["name"] for row in self.offered(self.sheet) if (row["data_source"], row["figure"]) == pair
			)
			for pair in (("Sumber Uji", "Numerator"), ("Lain", "Denominator"))
		]
		self.as_user("operator_a")
		self.assertSays("Two sources", proposals.take, proposals.sheet_of(self.sheet.name), mixed)

	def rate_source_again(self):
		other = frappe.copy_doc(self.feed)
		other.title = "Lain"
		return other.insert()


class TestVersions(ProposalCase):
	def setUp(self):
		super().setUp()
		save = Document._save

		def with_version(doc, *args, **kwargs):  # Frappe writes none in tests unless asked
			return save(doc, *args, **kwargs | {"ignore_version": False})

		patcher = patch.object(Document, "_save", with_version)
		patcher.start()
		self.addCleanup(patcher.stop)

	def test_taking_and_refusing_are_kept_with_who_did_it(self):
		sheet = draft_sheet()
		self.accepted()
		(taken,) = self.offered(sheet)
		self.take_all(sheet)
		self.accept_each(self.source(title="Lain"), "92")
		(refused,) = self.offered(sheet)
		self.refuse(sheet)
		for name, state in ((taken["name"], "Taken"), (refused["name"], "Refused")):
			with self.subTest(state):
				(version,) = versions(c.PROPOSAL, name)
				self.assertEqual(version["state"], ("Open", state))
				self.assertEqual(version["by"], person("operator_a"))
		self.assertEqual(version["reason"][1], "Belum final")

	def test_verifying_a_sheet_that_had_proposals_is_kept(self):
		sheet = draft_sheet()
		self.accepted()
		(proposal,) = self.offered(sheet)
		for action, key in ((SUBMIT, "operator_a"), (APPROVE, "head_a"), (VERIFY, "inspector")):
			sheet = take(sheet, action, key)
		(version,) = versions(c.PROPOSAL, proposal["name"])
		self.assertEqual((version["state"], version["by"]), (("Open", "Replaced"), person("inspector")))

	def test_an_explanation_that_a_new_figure_voids_is_kept_and_so_is_the_agreement(self):
		verified_sheet()
		feed = self.source()
		self.accept_each(feed, "91,5")
		name = frappe.db.get_value(c.RECONCILIATION, {})
		self.as_user("operator_a")
		frappe.get_doc(c.RECONCILIATION, name).update({"explanation": "Sumber terlambat."}).save()
		frappe.set_user("Administrator")
		self.accept_each(feed, "91,5")
		self.assertEqual(len(versions(c.RECONCILIATION, name)), 1, "seen again changes nothing")
		self.accept_each(feed, "92", "90")
		explained, void, agreed = versions(c.RECONCILIATION, name)
		self.assertEqual(
			(explained["explanation"][1], explained["by"]), ("Sumber terlambat.", person("operator_a"))
		)
		self.assertEqual(void["explanation"][0], "Sumber terlambat.")
		self.assertEqual((void["their_value"], void["state"]), (("91,5", "92"), ("Explained", "Open")))
		self.assertEqual(agreed["state"], ("Open", "Agreed"))

	def test_differences_seen_again_take_as_many_queries_for_many_as_for_one(self):
		verified_sheet()
		rows = [
			{"indicator": f"TesA-{n}", "column_name": "nilai", "condition": f"kode = {n}"} for n in (1, 2, 3)
		]
		self.server.content = [{"kode": n, "nilai": 70 + n} for n in (1, 2, 3)]
		one, many = self.source(mappings=rows[:1]), self.source(title="Semua", mappings=rows)
		counts = []
		for feed in (one, many):
			self.accepted(feed)
			run = self.fetched(feed)
			counts.append(self.queries_of_noting(run))
		self.assertEqual(counts[0], counts[1])

	def queries_of_noting(self, run) -> int:
		with counted() as statements:
			self.assertEqual(reconciliations.note(run, [row for row in run.rows if row.is_verified]), 0)
		return len(statements)


class TestLists(ProposalCase):
	def test_a_list_says_whose_figures_of_when_and_from_where(self):
		for doctype, theirs in ((c.PROPOSAL, "value"), (c.RECONCILIATION, "their_value")):
			with self.subTest(doctype):
				meta = frappe.get_meta(doctype)
				shown = [field.fieldname for field in meta.fields if field.in_list_view]
				self.assertEqual(shown, ["opd", "period", "our_value", theirs, "data_source"])
				self.assertEqual(meta.title_field, "indicator_name")
				self.assertIn(
					"get_indicator: (doc) => [__(doc.state)", get_meta(doctype).get("__list_js") or ""
				)

	def test_a_proposal_keeps_what_ours_was_then(self):
		sheet = draft_sheet()
		self.accepted()
		self.take_all(sheet)
		found = frappe.get_all(c.PROPOSAL, fields=["our_value", "value"])
		self.assertEqual(found, [{"our_value": "90", "value": "91,5"}])


class TestWaiting(ProposalCase):
	def tasks(self, key: str) -> list[tuple]:
		"""(task, document) of what the exchange lays before somebody."""
		self.as_user(key)
		try:
			rows = inbox.waiting_for_me()
		finally:
			frappe.set_user("Administrator")
		return [(row["task"], row["name"]) for row in rows if row["task"] in (inbox.ACCEPT, inbox.EXPLAIN)]

	def test_a_preview_waits_for_the_planner_until_it_is_accepted_or_replaced(self):
		source = self.source()
		draft_sheet()
		first = self.fetched(source)
		self.assertEqual(self.tasks("planner"), [(inbox.ACCEPT, first.name)])
		self.assertEqual(self.tasks("operator_a"), [])
		self.says("92")
		frappe.db.set_value(data_runs.RUN, first.name, "started_on", add_to_date(now_datetime(), hours=-1))
		second = self.fetched(source)
		self.assertEqual(self.tasks("planner"), [(inbox.ACCEPT, second.name)])
		data_runs.accept(second)
		self.assertEqual(self.tasks("planner"), [])

	def test_a_preview_of_a_closed_period_waits_for_nobody(self):
		self.fetched(self.source())
		closed = {"entry_opens": add_days(today(), -90), "verification_closes": add_days(today(), -1)}
		frappe.db.set_value("Reporting Period", TW1, closed)
		self.assertEqual(self.tasks("planner"), [])

	def test_a_difference_waits_for_its_own_opd_until_it_is_explained(self):
		source = self.source()
		verified_sheet()
		self.says("95")
		self.accepted(source)
		(name,) = frappe.get_all(c.RECONCILIATION, pluck="name")
		for key in ("operator_a", "head_a"):
			self.assertEqual(self.tasks(key), [(inbox.EXPLAIN, name)])
		for key in ("operator_b", "head_b", "viewer_a", "inspector", "planner"):
			self.assertEqual(self.tasks(key), [], key)
		self.as_user("operator_a")
		doc = frappe.get_doc(c.RECONCILIATION, name)
		doc.explanation = "Data portal belum final"
		doc.save()
		self.assertEqual(self.tasks("head_a"), [])
