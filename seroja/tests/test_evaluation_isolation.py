"""Who writes what in an assessment, a recommendation and their files, and who does not, on any channel.

Nothing of OPD B reaches OPD A: test_isolation.py. Here are the columns: whatever is asked on whichever way, what
belongs to another hand is afterwards as it was. A control shows that each way does write what its user may write.
"""

import csv
import io
import json
import os
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils import add_days, today

from seroja import constants as c
from seroja.core.instruments import instrument_json
from seroja.services import seals
from seroja.services.instruments import get_instrument
from seroja.tests.evaluation_utils import (
	AKIP,
	EVALUATE,
	FINALIZE,
	FINDING,
	GRADES,
	SEND_BACK,
	approved_assessment,
	confirm,
	decide,
	draft_assessment,
	evaluated_assessment,
	follow_up,
	make_recommendation,
	make_round,
	step,
	write,
)
from seroja.tests.planning_utils import as_person, make_import
from seroja.tests.test_isolation import (
	ASSESSED,
	ASSESSED_YEAR,
	CITY,
	EVALUATION_REPORTS,
	FINDING_ROW,
	OF_A,
	REFUSED,
	REPORT_YEAR,
	STRANGERS,
	IsolationTestCase,
	call,
	download,
	new_recommendation,
	outside_test,
	rest,
)
from seroja.tests.utils import APPROVE, REOPEN, RETURN, SUBMIT, YEAR, A, B, make_file, person

ACTIONS = (SUBMIT, APPROVE, RETURN, EVALUATE, SEND_BACK, FINALIZE, REOPEN)
SAVED_AS = ("Save", "Submit", "Update", "Cancel")
KEPT = ("modified", "modified_by", "_comments", "_liked_by", "_seen", "_assign", "_user_tags")
# What each hand writes: row fields with a value that the scale takes.
SELF = {
	"self_answer": "E",
	"self_note": "diubah",
	"evidence": "/private/files/lain.txt",
	"evidence_link": "https://lain.example",
	"evidence_page": "hlm. 99",
	"evidence_last_year": 1,
}
EVALUATION = {"evaluator_answer": "E", "evaluator_note": "diubah", "is_flagged": 1, "verifier_note": "diubah"}
REVIEW = {"review_answer": "E", "review_note": "diubah"}
COMPUTED = {
	"suggested_answer": "AA",
	"suggestion": "diubah",
	"suggestion_route": "diubah",
	"is_corrected": 1,
	"entered_by": "Administrator",
	"code": "9.z",
	"title": "diubah",
	"kind": "Group",
}
GIVEN = {"given_predicate": "AA", "given_reason": "diubah"}
LETTER = {"letter_number": "700/1", "letter_date": "2026-01-02"}
RESULTS = {
	"self_index": 99,
	"self_predicate": "AA",
	"evaluator_index": 99,
	"evaluator_predicate": "AA",
	"final_index": 99,
	"final_predicate": "AA",
	"self_missing": 0,
	"evaluator_missing": 0,
}
SIGNED_BY = {
	"makers": ",x,",
	"evaluators": ",x,",
	"submitted_by": "Administrator",
	"approved_by": "Administrator",
	"evaluated_by": "Administrator",
	"verified_by": "Administrator",
	"verified_on": "2020-01-01 00:00:00",
}
IDENTITY = {
	"opd": B,
	"year": YEAR + 9,
	"instrument": "SPBE-2020",
	"assessment_round": f"{AKIP}-{YEAR + 1}-OPD",
	"series": "x",
	"amended_from": f"{AKIP}-{A}-{ASSESSED_YEAR}",
	"reopening_reason": "diubah",
}
STATES = (
	c.DRAFT,
	c.SUBMITTED,
	c.RETURNED,
	c.APPROVED_BY_HEAD,
	c.EVALUATED,
	c.FINAL,
	c.REOPENED,
	c.VERIFIED,
	c.APPROVED,
)
INSPECTORS = ("inspector", "inspector2")
OPD_PEOPLE = ("operator_a", "head_a")
ONLOOKERS = ("viewer_a", "planner", "bureau", "executive", "admin")


def stored(doctype: str, name: str) -> dict:
	"""A document as the database has it, with its rows."""
	found = {"": _plain(frappe.db.get_value(doctype, name, ["*"], as_dict=True) or {})}
	for df in frappe.get_meta(doctype).get_table_fields():
		filters = {"parent": name, "parenttype": doctype, "parentfield": df.fieldname}
		rows = frappe.get_all(df.options, filters, ["*"], order_by="idx, name", limit_page_length=0)
		found[df.fieldname] = [_plain(row) for row in rows]
	return found


def _plain(row: dict) -> dict:
	return {field: str(value) for field, value in row.items() if field not in KEPT}


def changed(doc: dict, table: str, row: str, values: dict) -> dict:
	"""A document as a request would carry it, with other values in its head or in one of its rows."""
	doc = json.loads(json.dumps(doc, default=str))
	if not table:
		return doc | values
	for each in doc[table]:
		if each["name"] == row:
			each.update(values)
	return doc


def csv_of(doc: dict, table: str, fields: list[str]) -> str:
	"""The file of an import that updates a document: all its rows of a table, or its head."""
	buffer = io.StringIO()
	writer = csv.writer(buffer)
	if not table:
		writer.writerows([["name", *fields], [doc["name"], *(doc.get(field) for field in fields)]])
		return buffer.getvalue()
	writer.writerow(["name", f"{table}.name", *(f"{table}.{field}" for field in fields)])
	for number, row in enumerate(doc[table]):
		writer.writerow([doc["name"] if not number else "", row["name"], *(row.get(f) for f in fields)])
	return buffer.getvalue()


def import_tool(doctype: str, content: str, kind: str = "Update Existing Records") -> str:
	"""Frappe's Data Import, run as the session user, whose roles may give him the tool tomorrow."""
	from frappe.core.doctype.data_import.importer import Importer, ImportFile

	user = frappe.session.user
	frappe.set_user("Administrator")
	job = {"doctype": "Data Import", "reference_doctype": doctype, "import_type": kind}
	job = frappe.get_doc(job).insert()
	frappe.set_user(user)
	with (
		patch.object(ImportFile, "read_file", lambda self, path: (content.encode(), "csv")),
		outside_test(),
	):
		log = Importer(doctype, data_import=job, file_path=__file__).import_data()
	return f"{log} {frappe.db.get_value('Data Import', job.name, 'template_warnings')}"


def ways_to_write(doctype: str, name: str, table: str, row: str, values: dict):
	"""(channel, ask) for every way in which Frappe lets one write a field of a document or of a row."""
	before = frappe.get_doc(doctype, name).as_dict()
	doc = changed(before, table, row, values)
	forged, docs = json.dumps(doc), json.dumps([doc | {"docname": name}])
	part = {table: doc[table]} if table else values
	bulk = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"

	yield "set_value", lambda: call("frappe.client.set_value", doctype=doctype, name=name, fieldname=part)
	yield "save", lambda: call("frappe.client.save", doc=forged)
	yield "client.submit", lambda: call("frappe.client.submit", doc=forged)
	yield "insert over it", lambda: call("frappe.client.insert", doc=forged)
	yield "client.bulk_update", lambda: call("frappe.client.bulk_update", docs=docs)
	for action in SAVED_AS:
		yield (
			f"savedocs {action}",
			lambda action=action: call("frappe.desk.form.save.savedocs", doc=forged, action=action),
		)
	for method in ("submit", "cancel", "save", "db_update", "run_before_save_methods"):
		yield (
			f"run_doc_method {method}",
			lambda method=method: call("run_doc_method", docs=forged, method=method),
		)
	yield (
		"bulk edit",
		lambda: call(
			bulk, doctype=doctype, docnames=json.dumps([name]), action="update", data=json.dumps(part)
		),
	)
	yield "REST v1", lambda: rest(f"/api/resource/{doctype}/{name}", "PUT", **part)
	yield "REST v2", lambda: rest(f"/api/v2/document/{doctype}/{name}", "PATCH", **part)
	yield "REST v2 PUT", lambda: rest(f"/api/v2/document/{doctype}/{name}", "PUT", **part)
	yield (
		"REST v2 bulk_update",
		lambda: rest(f"/api/v2/document/{doctype}/bulk_update", "POST", docs=docs),
	)
	yield (
		"Data Import",
		lambda: import_tool(doctype, csv_of(doc, table, list(values))),
	)
	for action in ACTIONS if frappe.get_meta(doctype).is_submittable else ():
		yield (
			f"apply_workflow {action}",
			lambda action=action: call("frappe.model.workflow.apply_workflow", doc=forged, action=action),
		)
	if table:
		yield from ways_to_the_row(doctype, name, table, row, values)


def ways_to_the_row(doctype: str, name: str, table: str, row: str, values: dict):
	"""The same, at the row without its document."""
	kind = frappe.get_meta(doctype).get_field(table).options
	doc = frappe.get_doc(kind, row).as_dict() | values
	forged = json.dumps(doc, default=str)
	place = {"doctype": kind, "parenttype": doctype, "parent": name, "parentfield": table}
	yield "row set_value", lambda: call("frappe.client.set_value", doctype=kind, name=row, fieldname=values)
	yield "row save", lambda: call("frappe.client.save", doc=forged)
	yield "row savedocs", lambda: call("frappe.desk.form.save.savedocs", doc=forged, action="Save")
	yield "row insert", lambda: call("frappe.client.insert", doc=place | values)
	yield "row insert_many", lambda: call("frappe.client.insert_many", docs=json.dumps([place | values]))
	yield "row REST v1", lambda: rest(f"/api/resource/{kind}/{row}", "PUT", **values)
	yield "row REST v2", lambda: rest(f"/api/v2/document/{kind}/{row}", "PATCH", **values)
	yield "row DELETE", lambda: rest(f"/api/resource/{kind}/{row}", "DELETE")
	yield "row delete", lambda: call("frappe.client.delete", doctype=kind, name=row)
	yield (
		"row delete_items",
		lambda: call("frappe.desk.reportview.delete_items", doctype=kind, items=json.dumps([row])),
	)
	yield (
		"row bulk edit",
		lambda: call(
			"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
			doctype=kind,
			docnames=json.dumps([row]),
			action="update",
			data=json.dumps(values),
		),
	)


def worksheet_way(name: str, code: str, values: dict):
	changes = [{"code": code, "field": field, "value": value} for field, value in values.items()]
	yield "worksheet", lambda: call("seroja.api.worksheet.save", name=name, changes=json.dumps(changes))


class WritingTestCase(IsolationTestCase):
	"""Attempts to write, and what is stored after them."""

	def attempt(self, key: str, ask) -> str:
		"""Do it as somebody and keep what it did; a refusal is kept out of the way of the next."""
		frappe.set_user(key if key == "Administrator" else person(key))
		frappe.local.role_permissions = {}
		try:
			return str(ask())
		except (*REFUSED, IndexError, AttributeError, TypeError, ValueError, KeyError) as error:
			return f"(refused) {error}"
		finally:
			frappe.set_user("Administrator")
			frappe.clear_messages()
			frappe.local.cache = {}

	def outcome(self, doctype: str, name: str, key: str, ask) -> dict:
		"""What is stored after an attempt, which is then undone."""
		frappe.db.savepoint("outcome")
		self.attempt(key, ask)
		after = stored(doctype, name)
		frappe.db.rollback(save_point="outcome")
		frappe.local.cache = {}
		return after

	def assertKept(self, before: dict, after: dict, fields: dict[str, tuple[str, ...]], said: str) -> None:
		"""The fields of each table ("" is the head) hold what they held, in the same rows."""
		for table, names in fields.items():
			old, new = ([each] if not table else each for each in (before[table], after[table]))
			self.assertEqual([row.get("name") for row in old], [row.get("name") for row in new], said)
			for one, other in zip(old, new, strict=True):
				for field in names:
					self.assertEqual(one.get(field), other.get(field), f"{said}: {field}")


class EvaluationTestCase(WritingTestCase):
	"""OPD A has an assessment in each stage, each of another year: draft, submitted, approved, evaluated, final."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.stages = {"draft": draft_assessment(A, answers=GRADES).name}
		waiting = draft_assessment(A, year=YEAR + 1, answers=GRADES)
		cls.stages["submitted"] = step(waiting, SUBMIT, "operator_a").name
		cls.stages["approved"] = approved_assessment(A, year=YEAR + 2).name
		evaluated = evaluated_assessment(A, year=YEAR + 3)
		write(evaluated, "inspector2", "review_note", {"1.b": "dijamin"})
		cls.stages["evaluated"] = evaluated.name
		cls.stages["final"] = cls.own.assessment

	def refuse_columns(
		self, stage: str, keys: tuple[str, ...], columns: dict, every_way: tuple[str, ...] = ()
	):
		"""Nobody of these people writes these row fields; those in every_way are tried on every way."""
		name = self.stages[stage]
		before = stored(c.ASSESSMENT, name)
		row = next(row for row in before["items"] if row["code"] == "1.b")
		for key in keys:
			for field, value in columns.items():
				self.assertNotEqual(row[field], str(value), "the probe would change nothing")
				ways = [
					*worksheet_way(name, "1.b", {field: value}),
					*ways_to_write(c.ASSESSMENT, name, "items", row["name"], {field: value}),
				]
				short = ("worksheet", "save", "REST v1", "savedocs Save")
				for channel, ask in ways:
					if field in every_way or channel in short:
						with self.subTest(stage=stage, user=key, field=field, channel=channel):
							after = self.outcome(c.ASSESSMENT, name, key, ask)
							self.assertKept(before, after, {"items": tuple(columns)}, channel)

	def refuse_head(self, stage: str, keys: tuple[str, ...], values: dict, every_way: tuple[str, ...] = ()):
		"""Nobody of these people writes these fields of the document."""
		name = self.stages[stage]
		before = stored(c.ASSESSMENT, name)
		for key in keys:
			for field, value in values.items():
				ways = [
					*worksheet_way(name, "1.b", {field: value}),
					*ways_to_write(c.ASSESSMENT, name, "", "", {field: value}),
				]
				for channel, ask in ways:
					if field in every_way or channel in ("save", "REST v1"):
						if "apply_workflow" in channel or "Submit" in channel:
							continue  # these take a step, which stamps; test_no_way_takes_values_along_with_a_step
						with self.subTest(stage=stage, user=key, field=field, channel=channel):
							after = self.outcome(c.ASSESSMENT, name, key, ask)
							self.assertKept(before, after, {"": (field,)}, channel)


class TestWaysDoWrite(EvaluationTestCase):
	"""The control: a way that never writes anything would prove nothing below."""

	WORKING = frozenset(
		{
			"worksheet",
			"set_value",
			"save",
			"client.bulk_update",
			"savedocs Save",
			"bulk edit",
			"REST v1",
			"REST v2",
			"REST v2 PUT",
			"Data Import",
			"row set_value",  # Frappe saves the document of the row
		}
	)

	def writing(self, doctype: str, name: str, table: str, key: str, ways, field: str, value) -> set[str]:
		found = set()
		for channel, ask in ways:
			after = self.outcome(doctype, name, key, ask)
			rows = after[table] if table else [after[""]]
			if any(row.get(field) == str(value) for row in rows):
				found.add(channel)
		return found

	def test_the_operator_writes_his_column_on_every_way_that_is_open(self):
		name = self.stages["draft"]
		row = frappe.db.get_value(ASSESSED, {"parent": name, "code": "1.b"})
		values = {"self_note": "ditulis"}
		ways = [
			*worksheet_way(name, "1.b", values),
			*ways_to_write(c.ASSESSMENT, name, "items", row, values),
		]
		found = self.writing(c.ASSESSMENT, name, "items", "operator_a", ways, "self_note", "ditulis")
		self.assertEqual(sorted(found), sorted(self.WORKING))

	def test_the_evaluator_writes_his_column_and_predicate_on_every_way_that_is_open(self):
		name = self.stages["approved"]
		row = frappe.db.get_value(ASSESSED, {"parent": name, "code": "1.b"})
		values = {"evaluator_note": "ditulis"}
		ways = [
			*worksheet_way(name, "1.b", values),
			*ways_to_write(c.ASSESSMENT, name, "items", row, values),
		]
		found = self.writing(c.ASSESSMENT, name, "items", "inspector", ways, "evaluator_note", "ditulis")
		self.assertEqual(sorted(found), sorted(self.WORKING))
		values = {"given_reason": "ditulis"}
		ways = ways_to_write(c.ASSESSMENT, name, "", "", values)
		found = self.writing(c.ASSESSMENT, name, "", "inspector", ways, "given_reason", "ditulis")
		self.assertEqual(sorted(found), sorted(self.WORKING - {"worksheet", "row set_value"}))

	def test_the_inspektorat_writes_a_recommendation_on_every_way_that_is_open(self):
		name = self.own.recommendation
		ways = ways_to_write(c.RECOMMENDATION, name, "", "", {"status_note": "ditulis"})
		found = self.writing(c.RECOMMENDATION, name, "", "inspector", ways, "status_note", "ditulis")
		self.assertEqual(sorted(found), sorted(self.WORKING - {"worksheet", "row set_value"}))


class TestColumns(EvaluationTestCase):
	"""Each column has its hand; no other hand reaches it, on any way, in any stage."""

	def test_an_evaluator_does_not_touch_the_self_assessment(self):
		for stage in ("draft", "submitted", "approved", "evaluated", "final"):
			every = ("self_answer", "evidence_link") if stage in ("draft", "approved") else ()
			self.refuse_columns(stage, ("inspector",), SELF, every)
		self.refuse_columns("evaluated", ("inspector2",), SELF, ("self_answer",))

	def test_the_opd_does_not_touch_the_columns_of_evaluator_and_reviewer(self):
		columns = EVALUATION | REVIEW
		every = ("evaluator_answer", "review_answer", "is_flagged")
		self.refuse_columns("draft", OPD_PEOPLE, columns, every)
		self.refuse_columns("approved", OPD_PEOPLE, columns, ("evaluator_answer",))
		self.refuse_columns("evaluated", OPD_PEOPLE, columns, ("review_answer",))
		flags = {"is_flagged": 1, "verifier_note": "diubah"}
		graded = {field: value for field, value in columns.items() if field not in flags}
		self.refuse_columns("submitted", ("head_a",), graded)  # who flags what he is to approve
		self.refuse_columns("submitted", ("operator_a",), columns)

	def test_the_opd_does_not_touch_its_own_column_once_it_is_submitted(self):
		for stage in ("submitted", "approved", "evaluated", "final"):
			self.refuse_columns(stage, OPD_PEOPLE, SELF, ("self_answer",) if stage == "approved" else ())

	def test_nobody_writes_what_is_computed(self):
		for stage, keys in (
			("draft", OPD_PEOPLE),
			("approved", (*OPD_PEOPLE, "inspector")),
			("evaluated", ("inspector2",)),
		):
			self.refuse_columns(stage, keys, COMPUTED, ("suggested_answer",))

	def test_the_evaluator_does_not_write_the_review(self):
		self.refuse_columns("approved", INSPECTORS, REVIEW, ("review_answer",))
		self.refuse_columns("evaluated", ("inspector",), REVIEW, ("review_answer", "review_note"))

	def test_the_reviewer_does_not_write_the_evaluation(self):
		self.refuse_columns("evaluated", INSPECTORS, EVALUATION, ("evaluator_answer",))
		self.refuse_head("evaluated", INSPECTORS, GIVEN, ("given_predicate",))

	def test_onlookers_write_nothing(self):
		for stage in ("draft", "approved", "evaluated"):
			self.refuse_columns(stage, ONLOOKERS, {**SELF, **EVALUATION, **REVIEW})

	def test_the_opd_does_not_write_predicate_scores_letter_and_signatures(self):
		values = {**GIVEN, **LETTER, **RESULTS, **IDENTITY}
		every = ("given_predicate", "final_index", "letter_number")
		self.refuse_head("draft", OPD_PEOPLE, values | SIGNED_BY, every)
		self.refuse_head("approved", OPD_PEOPLE, values | SIGNED_BY)
		self.refuse_head("final", OPD_PEOPLE, values | SIGNED_BY, ("letter_number",))

	def test_no_inspector_writes_scores_signatures_and_identity(self):
		values = {**RESULTS, **SIGNED_BY, **IDENTITY}
		self.refuse_head("approved", ("inspector",), values, ("final_predicate", "evaluators"))
		self.refuse_head("evaluated", INSPECTORS, values, ("final_predicate", "evaluated_by"))
		self.refuse_head("final", INSPECTORS, values, ("final_predicate", "evaluators"))

	def test_the_opd_does_not_write_findings(self):
		for stage in ("draft", "approved", "evaluated", "final"):
			name = self.stages[stage]
			before = stored(c.ASSESSMENT, name)
			extra = [{"doctype": FINDING_ROW, **FINDING}]
			for key in (*OPD_PEOPLE, "bureau"):
				doc = frappe.get_doc(c.ASSESSMENT, name).as_dict()
				for findings in ([*doc.findings, *extra], []):
					if findings == doc.findings:
						continue
					for channel, ask in (
						*ways_to_write(c.ASSESSMENT, name, "", "", {"findings": self.sent(findings)}),
						(
							"add_finding",
							lambda name=name: call(
								"seroja.api.worksheet.add_finding", name=name, finding=json.dumps(FINDING)
							),
						),
					):
						if channel == "Data Import":
							continue
						with self.subTest(stage=stage, user=key, channel=channel, rows=len(findings)):
							after = self.outcome(c.ASSESSMENT, name, key, ask)
							self.assertKept(before, after, {"findings": tuple(FINDING)}, channel)

	def sent(self, rows) -> list[dict]:
		return json.loads(json.dumps(rows, default=str))

	def test_a_finding_of_the_evaluator_is_changed_by_no_other_hand(self):
		name = self.stages["evaluated"]
		before = stored(c.ASSESSMENT, name)
		row = before["findings"][0]["name"]
		for key in ("operator_a", "head_a", "inspector", "inspector2", "bureau"):
			for values in (
				{"recommendation": "diubah"},
				{"due_date": "2040-01-01"},
				{"recommendation_document": self.own.recommendation},
			):
				for channel, ask in ways_to_write(c.ASSESSMENT, name, "findings", row, values):
					with self.subTest(user=key, values=str(values), channel=channel):
						after = self.outcome(c.ASSESSMENT, name, key, ask)
						fields = (*FINDING, "due_date", "recommendation_document")
						if key == "inspector2" and "apply_workflow" in channel:
							fields = (*FINDING, "due_date")  # to finalize is to issue
						self.assertKept(before, after, {"findings": fields}, channel)

	def test_a_new_assessment_brings_nothing_of_the_evaluators(self):
		"""Whoever makes it: the request may carry every column."""
		make_round(AKIP, YEAR + 5)
		row = {"code": "1.b", **SELF, **EVALUATION, **REVIEW, "suggested_answer": "AA"} | {"evidence": None}
		doc = {
			"doctype": c.ASSESSMENT,
			"instrument": AKIP,
			"opd": A,
			"year": YEAR + 5,
			"items": [row],
			"findings": [FINDING | {"recommendation_document": self.own.recommendation}],
			"flags": {"is_reopening": True},
			"workflow_state": c.DRAFT,
			**GIVEN,
			**LETTER,
			**RESULTS,
			**SIGNED_BY,
			"reopening_reason": "diubah",
		}
		name = f"{AKIP}-{A}-{YEAR + 5}"
		for channel, ask in (
			("insert", lambda: call("frappe.client.insert", doc=doc)),
			("insert_many", lambda: call("frappe.client.insert_many", docs=json.dumps([doc]))),
			("save", lambda: call("frappe.client.save", doc=doc | {"__islocal": 1})),
			(
				"savedocs",
				lambda: call(
					"frappe.desk.form.save.savedocs",
					doc=json.dumps(doc | {"__islocal": 1, "name": "new-assessment-1"}),
					action="Save",
				),
			),
			("REST v1", lambda: rest(f"/api/resource/{c.ASSESSMENT}", "POST", **doc)),
			("REST v2", lambda: rest(f"/api/v2/document/{c.ASSESSMENT}", "POST", **doc)),
		):
			for key in OPD_PEOPLE:
				with self.subTest(channel=channel, user=key):
					frappe.db.savepoint("made")
					said = self.attempt(key, ask)
					self.assertTrue(frappe.db.exists(c.ASSESSMENT, name), said[:300])
					made = stored(c.ASSESSMENT, name)
					frappe.db.rollback(save_point="made")
					row = next(row for row in made["items"] if row["code"] == "1.b")
					self.assertEqual(row["self_note"], SELF["self_note"])
					for field in (*EVALUATION, *REVIEW):
						self.assertIn(row[field], ("None", "", "0"), field)
					self.assertNotEqual(row["suggested_answer"], "AA")
					self.assertEqual(made["findings"], [])
					head = made[""]
					nothing = ("None", "", "0", "0.0", "0E-9")
					for field in (*GIVEN, *LETTER, "final_predicate", "evaluator_predicate", "evaluators"):
						self.assertIn(head[field], nothing, field)
					for field in ("submitted_by", "evaluated_by", "verified_by", "reopening_reason"):
						self.assertIn(head[field], nothing, field)
					self.assertEqual(head["makers"], f",{person(key)},")
					self.assertEqual((head["docstatus"], head["workflow_state"]), ("0", c.DRAFT))

	def test_a_copy_or_an_amendment_is_made_by_nobody(self):
		"""Only a reopening makes the copy of a final assessment."""
		final = self.stages["final"]
		doc = frappe.get_doc(c.ASSESSMENT, final).as_dict()
		new = {
			key: value for key, value in doc.items() if key not in ("name", "creation", "modified", "owner")
		}
		make_round(AKIP, YEAR + 5)
		for year in (ASSESSED_YEAR, YEAR + 5):
			values = json.loads(json.dumps(new | {"year": year, "docstatus": 0}, default=str))
			for row in (*values["items"], *values["findings"]):
				row.pop("name")
			for name, is_open in ((None, year == YEAR + 5), (f"{final}-1", False), ("Tes-amandemen", False)):
				forged = (
					values
					| {"amended_from": final, "workflow_state": c.DRAFT}
					| ({"name": name} if name else {})
				)
				for channel, ask in (
					("insert", lambda forged=forged: call("frappe.client.insert", doc=forged)),
					(
						"REST v2",
						lambda forged=forged: rest(f"/api/v2/document/{c.ASSESSMENT}", "POST", **forged),
					),
					(
						"savedocs",
						lambda forged=forged: call(
							"frappe.desk.form.save.savedocs",
							doc=json.dumps(forged | {"__islocal": 1}),
							action="Save",
						),
					),
				):
					for key in (*OPD_PEOPLE, *INSPECTORS, "admin"):
						with self.subTest(year=year, name=name, channel=channel, user=key):
							frappe.db.savepoint("copy")
							self.attempt(key, ask)
							made = frappe.get_all(
								c.ASSESSMENT,
								{"opd": A, "year": year, "name": ["!=", final]},
								["amended_from", "final_predicate", "evaluator_predicate", "evaluators"],
							)
							if not (is_open and key in OPD_PEOPLE):
								self.assertEqual(made, [])
							for each in made:
								self.assertFalse(any(each.values()), each)
							frappe.db.rollback(save_point="copy")

	def test_no_way_takes_values_along_with_a_step(self):
		for stage, key, action, state in (
			("draft", "operator_a", SUBMIT, c.SUBMITTED),
			("submitted", "head_a", APPROVE, c.APPROVED_BY_HEAD),
			("evaluated", "inspector2", FINALIZE, c.FINAL),
		):
			name = self.stages[stage]
			before = stored(c.ASSESSMENT, name)
			doc = frappe.get_doc(c.ASSESSMENT, name).as_dict()
			for row in doc["items"]:
				row.update({**COMPUTED, **EVALUATION, **({} if key == "inspector2" else REVIEW)})
				row.update({"code": row.code, "is_flagged": 0})
				if key != "operator_a":
					row.update(SELF)
			doc.update({**GIVEN, **RESULTS, **SIGNED_BY, **IDENTITY, "workflow_state": state})
			doc["findings"] = [*doc["findings"], FINDING]
			forged = json.dumps(doc, default=str)
			forged_final = json.dumps(doc | {"docstatus": int(state == c.FINAL)}, default=str)
			for channel, ask in (
				(
					"apply_workflow",
					lambda forged=forged, action=action: call(
						"frappe.model.workflow.apply_workflow", doc=forged, action=action
					),
				),
				(
					"bulk approval",
					lambda name=name, action=action: call(
						"frappe.model.workflow.bulk_workflow_approval",
						doctype=c.ASSESSMENT,
						docnames=json.dumps([name]),
						action=action,
					),
				),
				("save", lambda forged=forged_final: call("frappe.client.save", doc=forged)),
				("submit", lambda forged=forged: call("frappe.client.submit", doc=forged)),
				(
					"savedocs",
					lambda forged=forged: call("frappe.desk.form.save.savedocs", doc=forged, action="Submit"),
				),
				(
					"REST v1",
					lambda name=name, doc=doc: rest(
						f"/api/resource/{c.ASSESSMENT}/{name}",
						"PUT",
						**{
							field: json.dumps(doc[field], default=str)
							if isinstance(doc[field], list)
							else doc[field]
							for field in ("items", "findings", "workflow_state", "given_predicate")
						},
					),
				),
			):
				with self.subTest(stage=stage, channel=channel):
					after = self.outcome(c.ASSESSMENT, name, key, ask)
					columns = [*EVALUATION, *COMPUTED, *(REVIEW if key != "inspector2" else ())]
					columns += SELF if key != "operator_a" else []
					columns = [field for field in columns if field not in ("entered_by", "is_corrected")]
					self.assertKept(
						before, after, {"items": tuple(columns), "findings": tuple(FINDING)}, channel
					)
					self.assertKept(before, after, {"": (*GIVEN, "opd", "year", "instrument")}, channel)
					if channel in ("apply_workflow", "bulk approval"):
						self.assertEqual(after[""]["workflow_state"], state)

	def test_a_final_assessment_is_changed_by_nobody(self):
		name = self.stages["final"]
		before = stored(c.ASSESSMENT, name)
		row = next(row for row in before["items"] if row["code"] == "1.b")["name"]
		finding = before["findings"][0]["name"]
		for key in ("operator_a", "inspector", "inspector2"):
			for table, where, values in (
				("items", row, {"evaluator_answer": "E", "review_answer": "E", "self_note": "diubah"}),
				("findings", finding, {"condition": "diubah"}),
				("", "", {"given_predicate": "AA", "final_index": 99}),
				("", "", {"docstatus": 0, "workflow_state": c.DRAFT}),
			):
				for channel, ask in (
					*worksheet_way(name, "1.b", values),
					*ways_to_write(c.ASSESSMENT, name, table, where, values),
				):
					with self.subTest(user=key, values=str(values), channel=channel):
						after = self.outcome(c.ASSESSMENT, name, key, ask)
						self.assertEqual(before, after)

	def test_the_letter_of_a_final_assessment_is_the_inspektorats(self):
		name = self.stages["final"]
		for key in (*OF_A, "bureau", "admin", "planner", "executive"):
			for channel, ask in ways_to_write(c.ASSESSMENT, name, "", "", LETTER):
				with self.subTest(user=key, channel=channel):
					after = self.outcome(c.ASSESSMENT, name, key, ask)
					self.assertEqual(after[""]["letter_number"], "None")
		after = self.outcome(
			c.ASSESSMENT,
			name,
			"inspector",
			lambda: call("frappe.client.set_value", doctype=c.ASSESSMENT, name=name, fieldname=LETTER),
		)
		self.assertEqual(after[""]["letter_number"], LETTER["letter_number"])

	def test_nobody_deletes_or_renames_an_assessment_that_was_submitted(self):
		for stage in ("submitted", "approved", "evaluated", "final"):
			name = self.stages[stage]
			before = stored(c.ASSESSMENT, name)
			for key in (*OF_A, *CITY, "inspector2", "Administrator"):
				for channel, ask in ways_to_remove(c.ASSESSMENT, name):
					if key == "Administrator" and "rename" in channel:
						continue
					with self.subTest(stage=stage, user=key, channel=channel):
						self.assertEqual(self.outcome(c.ASSESSMENT, name, key, ask), before)


def ways_to_remove(doctype: str, name: str):
	"""Deleting and renaming."""
	yield "client.delete", lambda: call("frappe.client.delete", doctype=doctype, name=name)
	yield (
		"delete_items",
		lambda: call("frappe.desk.reportview.delete_items", doctype=doctype, items=json.dumps([name])),
	)
	yield "REST v1 DELETE", lambda: rest(f"/api/resource/{doctype}/{name}", "DELETE")
	yield "REST v2 DELETE", lambda: rest(f"/api/v2/document/{doctype}/{name}", "DELETE")
	yield (
		"client.rename_doc",
		lambda: call("frappe.client.rename_doc", doctype=doctype, old_name=name, new_name="Tes-ganti"),
	)
	yield (
		"rename title",
		lambda: call(
			"frappe.model.rename_doc.update_document_title", doctype=doctype, docname=name, name="Tes-ganti"
		),
	)


class TestSteps(EvaluationTestCase):
	"""Steps are taken in their order, by their people; a state is never set."""

	# (stage, user) → the states into which he may take it. Everything else is refused.
	OPEN = {
		("draft", "operator_a"): {c.SUBMITTED},
		("draft", "head_a"): {c.SUBMITTED},
		("submitted", "head_a"): {c.APPROVED_BY_HEAD, c.RETURNED},
		("approved", "inspector"): {c.EVALUATED, c.RETURNED},
		("approved", "inspector2"): {c.EVALUATED, c.RETURNED},
		("evaluated", "inspector2"): {c.FINAL, c.APPROVED_BY_HEAD},
		("final", "inspector"): {c.REOPENED},
		("final", "inspector2"): {c.REOPENED},
	}

	CHANNELS = (
		"set_value",
		"save",
		"client.submit",
		"savedocs Submit",
		"bulk edit",
		"REST v1",
		"Data Import",
	)

	def ways_to_the_state(self, name: str, state: str):
		board = self.board()
		final = {c.FINAL: 1, c.REOPENED: 2}.get(state, 0)
		for values, channels in (
			({"workflow_state": state}, self.CHANNELS),
			({"workflow_state": state, "docstatus": final}, ("save", "REST v1", "savedocs Submit")),
			({"docstatus": 1, "decision_note": "x"}, ("save", "REST v1", "savedocs Update")),
		):
			for channel, ask in ways_to_write(c.ASSESSMENT, name, "", "", values):
				if channel in channels:
					yield f"{channel} {values}", ask
		yield (
			"kanban",
			lambda: call(
				"frappe.desk.doctype.kanban_board.kanban_board.update_order",
				board_name=board,
				order=json.dumps({state: [name]}),
			),
		)

	def board(self) -> str:
		name = "Tes papan"
		if not frappe.db.exists("Kanban Board", name):
			frappe.get_doc(
				{
					"doctype": "Kanban Board",
					"kanban_board_name": name,
					"reference_doctype": c.ASSESSMENT,
					"field_name": "workflow_state",
					"columns": [{"column_name": state} for state in STATES],
				}
			).insert(ignore_permissions=True)
		return name

	def test_no_state_is_set_that_is_not_the_next_step_of_this_person(self):
		for stage, name in self.stages.items():
			before = stored(c.ASSESSMENT, name)
			now = before[""]["workflow_state"]
			for key in ("operator_a", "head_a", *INSPECTORS):
				steps = self.OPEN.get((stage, key), set())
				for state in (c.DRAFT, c.APPROVED_BY_HEAD, c.EVALUATED, c.FINAL, c.REOPENED):
					if state in (*steps, now):
						continue
					for channel, ask in self.ways_to_the_state(name, state):
						with self.subTest(stage=stage, user=key, state=state, channel=channel):
							head = self.outcome(c.ASSESSMENT, name, key, ask)[""]
							self.assertEqual(
								(head["workflow_state"], head["docstatus"]), (now, before[""]["docstatus"])
							)

	def test_onlookers_take_no_step(self):
		for stage, name in self.stages.items():
			before = stored(c.ASSESSMENT, name)
			for key in (*ONLOOKERS, "operator_b", "head_b", "outsider"):
				for action in ACTIONS:
					doc = json.dumps({"doctype": c.ASSESSMENT, "name": name, "opd": A, "decision_note": "x"})
					for channel, ask in (
						(
							"apply_workflow",
							lambda doc=doc, action=action: call(
								"frappe.model.workflow.apply_workflow", doc=doc, action=action
							),
						),
						(
							"bulk approval",
							lambda name=name, action=action: call(
								"frappe.model.workflow.bulk_workflow_approval",
								doctype=c.ASSESSMENT,
								docnames=json.dumps([name]),
								action=action,
							),
						),
					):
						with self.subTest(stage=stage, user=key, action=action, channel=channel):
							self.assertEqual(self.outcome(c.ASSESSMENT, name, key, ask), before)

	def test_actions_out_of_their_order_are_refused(self):
		allowed = {
			("draft", "operator_a"): {SUBMIT},
			("draft", "head_a"): {SUBMIT},
			("submitted", "head_a"): {APPROVE},
			("evaluated", "inspector2"): {FINALIZE},
		}
		for stage, name in self.stages.items():
			before = stored(c.ASSESSMENT, name)
			doc = json.dumps({"doctype": c.ASSESSMENT, "name": name, "decision_note": "x"})
			for key in (*OPD_PEOPLE, *INSPECTORS):
				for action in ACTIONS:
					is_open = action in allowed.get((stage, key), set())
					for channel, ask in (
						(
							"apply_workflow",
							lambda doc=doc, action=action: call(
								"frappe.model.workflow.apply_workflow", doc=doc, action=action
							),
						),
						(
							"bulk approval",
							lambda name=name, action=action: call(
								"frappe.model.workflow.bulk_workflow_approval",
								doctype=c.ASSESSMENT,
								docnames=json.dumps([name]),
								action=action,
							),
						),
					):
						with self.subTest(stage=stage, user=key, action=action, channel=channel):
							after = self.outcome(c.ASSESSMENT, name, key, ask)
							if is_open:
								self.assertNotEqual(after[""]["workflow_state"], before[""]["workflow_state"])
							else:
								self.assertEqual(after, before)

	def test_a_step_that_comes_on_another_way_is_sealed_too(self):
		name = self.stages["draft"]
		for channel, ask in (
			(
				"set_value",
				lambda: call(
					"frappe.client.set_value",
					doctype=c.ASSESSMENT,
					name=name,
					fieldname="workflow_state",
					value=c.SUBMITTED,
				),
			),
			("REST", lambda: rest(f"/api/resource/{c.ASSESSMENT}/{name}", "PUT", workflow_state=c.SUBMITTED)),
		):
			with self.subTest(channel=channel):
				frappe.db.savepoint("sealed")
				self.attempt("operator_a", ask)
				doc = frappe.get_doc(c.ASSESSMENT, name)
				entries = seals.entries_of(doc)
				self.assertEqual(
					[(each.action, each.user) for each in entries], [("Submit", person("operator_a"))]
				)
				self.assertEqual(doc.submitted_by, person("operator_a"))
				self.assertEqual(seals.problems_of(doc, entries), [])
				frappe.db.rollback(save_point="sealed")

	def test_a_final_assessment_is_reopened_by_the_inspektorat_with_a_reason_only(self):
		name = self.stages["final"]
		before = stored(c.ASSESSMENT, name)
		doc = json.dumps(frappe.get_doc(c.ASSESSMENT, name).as_dict(), default=str)
		for key in (*OF_A, *CITY, "inspector2", "operator_b"):
			for channel, ask in (
				("client.cancel", lambda: call("frappe.client.cancel", doctype=c.ASSESSMENT, name=name)),
				(
					"form cancel",
					lambda: call("frappe.desk.form.save.cancel", doctype=c.ASSESSMENT, name=name),
				),
				("savedocs", lambda: call("frappe.desk.form.save.savedocs", doc=doc, action="Cancel")),
				("method", lambda: call("run_doc_method", docs=doc, method="cancel")),
				("REST v2", lambda: rest(f"/api/v2/document/{c.ASSESSMENT}/{name}/method/cancel", "POST")),
				(
					"REST v1",
					lambda: rest(f"/api/resource/{c.ASSESSMENT}/{name}", "POST", run_method="cancel"),
				),
			):
				with self.subTest(user=key, channel=channel):
					self.assertEqual(self.outcome(c.ASSESSMENT, name, key, ask), before)

	def inspector3(self) -> str:
		key = "inspector3"
		if not frappe.db.exists("User", person(key)):
			user = {"doctype": "User", "email": person(key), "first_name": key, "send_welcome_email": 0}
			frappe.get_doc(user | {"roles": [{"role": c.INSPEKTORAT}]}).insert()
		return key

	def assertDoesNotReview(self, name: str, key: str) -> None:
		self.refuse_review(name, key, "1.b")
		doc = frappe.get_doc(c.ASSESSMENT, name)
		self.assertEqual(doc.workflow_state, c.EVALUATED)
		self.assertRefused(step, doc, FINALIZE, key)
		self.assertRefused(step, doc, SEND_BACK, key, "catatan")

	def refuse_review(self, name: str, key: str, code: str) -> None:
		before = stored(c.ASSESSMENT, name)
		for field, value in REVIEW.items():
			for _channel, ask in worksheet_way(name, code, {field: value}):
				self.assertEqual(self.outcome(c.ASSESSMENT, name, key, ask), before)

	def test_whoever_had_a_hand_in_the_evaluation_does_not_review_it(self):
		third = self.inspector3()
		for what, act in (
			(
				"an answer",
				lambda name: write(frappe._dict(name=name), third, "evaluator_answer", {"1.b": "A"}),
			),
			("a note", lambda name: write(frappe._dict(name=name), third, "evaluator_note", {"1.b": "x"})),
			("a finding", lambda name: as_person(third, lambda: self.add_finding(name))),
			("the date of a finding", lambda name: as_person(third, lambda: self.move_finding(name))),
			("the given predicate", lambda name: as_person(third, lambda: self.give_predicate(name))),
			("the confirmation", lambda name: confirm(frappe._dict(name=name), third)),
		):
			with self.subTest(what=what):
				frappe.db.savepoint("hand")
				name = self.stages["approved"]
				doc = frappe._dict(name=name)
				if what == "the date of a finding":
					as_person("inspector", lambda name=name: self.add_finding(name))
				act(name)
				write(doc, "inspector", "evaluator_answer", GRADES)
				confirm(doc)
				step(frappe.get_doc(c.ASSESSMENT, name), EVALUATE, "inspector")
				self.assertDoesNotReview(name, third)
				self.assertDoesNotReview(name, "inspector")
				done = step(frappe.get_doc(c.ASSESSMENT, name), FINALIZE, "inspector2")
				self.assertEqual(done.workflow_state, c.FINAL)
				frappe.db.rollback(save_point="hand")
				frappe.local.cache = {}

	def add_finding(self, name: str) -> None:
		doc = frappe.get_doc(c.ASSESSMENT, name)
		doc.append("findings", FINDING)
		doc.save()

	def move_finding(self, name: str) -> None:
		doc = frappe.get_doc(c.ASSESSMENT, name)
		doc.findings[0].due_date = add_days(today(), 90)
		doc.save()

	def give_predicate(self, name: str) -> None:
		doc = frappe.get_doc(c.ASSESSMENT, name)
		doc.given_reason = "Ditetapkan"
		doc.save()

	def test_who_completed_the_evaluation_of_another_does_not_review_it(self):
		name = self.stages["approved"]
		doc = frappe._dict(name=name)
		write(doc, "inspector", "evaluator_answer", GRADES)
		confirm(doc)
		step(frappe.get_doc(c.ASSESSMENT, name), EVALUATE, "inspector2")
		for key in INSPECTORS:
			self.assertDoesNotReview(name, key)

	def test_who_evaluated_does_not_review_the_reopened_copy(self):
		"""The copy keeps the evaluator's column; somebody else completes it, and it is still his."""
		step(frappe.get_doc(c.ASSESSMENT, self.stages["final"]), REOPEN, "inspector", "Bukti baru")
		copy = frappe.get_doc(c.ASSESSMENT, {"amended_from": self.stages["final"]})
		copy = step(step(copy, SUBMIT, "operator_a"), APPROVE, "head_a")
		copy = step(copy, EVALUATE, "inspector2")
		self.assertDoesNotReview(copy.name, "inspector")
		self.assertDoesNotReview(copy.name, "inspector2")

	def test_who_holds_a_position_in_the_unit_neither_evaluates_nor_reviews_nor_sends_back(self):
		for key in INSPECTORS:
			hold(A, key)
		for stage in ("approved", "evaluated"):
			name = self.stages[stage]
			before = stored(c.ASSESSMENT, name)
			for key in INSPECTORS:
				for field, value in {**EVALUATION, **REVIEW}.items():
					for _channel, ask in worksheet_way(name, "1.b", {field: value}):
						self.assertEqual(self.outcome(c.ASSESSMENT, name, key, ask), before)
				for action in (EVALUATE, RETURN, SEND_BACK, FINALIZE):
					doc = json.dumps({"doctype": c.ASSESSMENT, "name": name})
					with self.subTest(stage=stage, user=key, action=action):
						after = self.outcome(
							c.ASSESSMENT,
							name,
							key,
							lambda doc=doc, action=action: call(
								"frappe.model.workflow.apply_workflow", doc=doc, action=action
							),
						)
						self.assertEqual(after, before)


def hold(opd: str, key: str, position: str = "Viewer") -> None:
	"""Give somebody a position."""
	unit = frappe.get_doc("OPD", opd)
	unit.append("position_holders", {"user": person(key), "position": position, "from_date": "2020-01-01"})
	unit.save()


class TestRecommendations(EvaluationTestCase):
	"""What is recommended and what became of it is the Inspektorat's; what was done is the OPD's, and stays."""

	FINDING = {
		"recommendation": "diubah",
		"condition": "diubah",
		"criterion": "diubah",
		"effect": "diubah",
		"source": "diubah",
		"component": "diubah",
		"component_code": "9.z",
		"due_date": "2040-01-01",
	}
	STATUS = {"status": c.NOT_FOLLOWED_UP, "status_reason": "Force Majeure", "status_note": "diubah"}
	FIXED = {
		"opd": B,
		"year": YEAR + 9,
		"assessment": f"{AKIP}-{A}-{YEAR}",
		"closed_on": "2020-01-01",
		"docstatus": 1,
	}

	def refuse(self, keys: tuple[str, ...], values: dict, table: str = "", row: str = "") -> None:
		name = self.own.recommendation
		before = stored(c.RECOMMENDATION, name)
		for key in keys:
			for field, value in values.items():
				for channel, ask in ways_to_write(c.RECOMMENDATION, name, table, row, {field: value}):
					if table == "follow_ups" and "row insert" in channel:
						continue  # that adds one
					with self.subTest(user=key, field=field, channel=channel):
						self.assertEqual(self.outcome(c.RECOMMENDATION, name, key, ask), before)

	def test_only_the_inspektorat_writes_the_finding(self):
		self.refuse((*OPD_PEOPLE, "bureau"), self.FINDING)

	def test_only_the_inspektorat_writes_the_status(self):
		self.refuse((*OF_A, "planner", "bureau", "executive", "admin"), self.STATUS)

	def test_nobody_writes_what_is_fixed(self):
		self.refuse(("operator_a", "inspector", "admin"), self.FIXED)

	def test_an_inspector_with_a_position_in_the_opd_decides_nothing(self):
		hold(A, "inspector")
		self.refuse(("inspector",), self.STATUS | {"due_date": "2040-01-01", "recommendation": "diubah"})
		self.assertRefused(as_person, "inspector", lambda: frappe.get_doc(new_recommendation(A)).insert())
		self.assertRefused(decide, frappe.get_doc(c.RECOMMENDATION, self.own.recommendation), c.CLOSED)

	def test_decisions_are_written_by_the_status_only_and_stay(self):
		row = self.own.decision_row
		values = {"status": c.CLOSED, "note": "diubah", "decided_by": "Administrator"}
		self.refuse((*OPD_PEOPLE, "inspector"), values, "decisions", row)
		name = self.own.recommendation
		before = stored(c.RECOMMENDATION, name)
		for key in (*OPD_PEOPLE, *INSPECTORS):
			for rows in ([], [{"status": c.CLOSED}]):
				for channel, ask in ways_to_write(c.RECOMMENDATION, name, "", "", {"decisions": rows}):
					if channel == "Data Import":
						continue
					with self.subTest(user=key, channel=channel, rows=len(rows)):
						self.assertEqual(self.outcome(c.RECOMMENDATION, name, key, ask), before)

	def test_a_follow_up_is_changed_by_nobody(self):
		row = self.own.follow_up_row
		values = {
			"action": "diubah",
			"evidence": self.own.evidence,
			"evidence_link": "https://lain.example",
			"entered_by": "Administrator",
			"entered_on": "2020-01-01 00:00:00",
		}
		self.refuse((*OPD_PEOPLE, "inspector", "admin"), values, "follow_ups", row)

	def test_a_follow_up_is_removed_by_nobody(self):
		name = self.own.recommendation
		before = stored(c.RECOMMENDATION, name)
		for key in (*OPD_PEOPLE, *CITY):
			for rows in ([], [{"action": "Lain"}]):
				for channel, ask in ways_to_write(c.RECOMMENDATION, name, "", "", {"follow_ups": rows}):
					if channel == "Data Import":
						continue
					with self.subTest(user=key, channel=channel, rows=len(rows)):
						self.assertEqual(self.outcome(c.RECOMMENDATION, name, key, ask), before)

	def test_a_follow_up_is_added_by_the_enterers_of_the_opd_only(self):
		name = self.own.recommendation
		before = stored(c.RECOMMENDATION, name)
		rows = [row.as_dict() for row in frappe.get_doc(c.RECOMMENDATION, name).follow_ups]
		rows = json.loads(
			json.dumps([*rows, {"action": "Tambahan", "entered_by": "Administrator"}], default=str)
		)
		for key in ("viewer_a", *CITY, "inspector2", "operator_b", "head_b", "outsider"):
			for channel, ask in ways_to_write(c.RECOMMENDATION, name, "", "", {"follow_ups": rows}):
				if channel != "Data Import":
					with self.subTest(user=key, channel=channel):
						self.assertEqual(self.outcome(c.RECOMMENDATION, name, key, ask), before)
		for key in OPD_PEOPLE:
			for channel, ask in ways_to_write(c.RECOMMENDATION, name, "", "", {"follow_ups": rows}):
				if channel in ("save", "set_value", "savedocs Save"):
					with self.subTest(user=key, channel=channel):
						after = self.outcome(c.RECOMMENDATION, name, key, ask)
						self.assertEqual(len(after["follow_ups"]), 2)
						self.assertEqual(after["follow_ups"][1]["entered_by"], person(key))
						self.assertEqual(after["follow_ups"][0], before["follow_ups"][0])

	def test_an_inspector_who_is_also_operator_of_the_opd_adds_but_does_not_decide(self):
		hold(A, "inspector", "Operator")
		self.assertRefused(decide, frappe.get_doc(c.RECOMMENDATION, self.own.recommendation), c.CLOSED)
		rec = follow_up(frappe.get_doc(c.RECOMMENDATION, self.own.recommendation), "inspector")
		self.assertEqual(rec.follow_ups[-1].entered_by, person("inspector"))

	def test_nothing_is_added_to_a_closed_one(self):
		rec = frappe.get_doc(c.RECOMMENDATION, self.own.recommendation)
		decide(rec, c.CLOSED)
		self.assertRefused(follow_up, rec, exceptions=frappe.ValidationError)

	def test_a_new_one_brings_no_status_no_decision_and_no_follow_up(self):
		forged = new_recommendation(A) | {
			"status": c.CLOSED,
			"status_note": "x",
			"closed_on": today(),
			"assessment": self.own.assessment,
			"follow_ups": [{"action": "x"}],
			"decisions": [{"status": c.CLOSED, "decided_by": "Administrator"}],
			"flags": {"is_issue": True},
			"docstatus": 0,
		}
		for channel, ask in (
			("insert", lambda: call("frappe.client.insert", doc=forged)),
			("REST v1", lambda: rest(f"/api/resource/{c.RECOMMENDATION}", "POST", **forged)),
			("REST v2", lambda: rest(f"/api/v2/document/{c.RECOMMENDATION}", "POST", **forged)),
		):
			for key in ("inspector", *OPD_PEOPLE, "bureau", "planner", "admin", "operator_b"):
				with self.subTest(channel=channel, user=key):
					frappe.db.savepoint("new")
					self.attempt(key, ask)
					made = frappe.get_all(
						c.RECOMMENDATION, {"opd": A, "year": YEAR, "source": "x"}, pluck="name"
					)
					self.assertEqual(len(made), int(key == "inspector"))
					for name in made:
						found = stored(c.RECOMMENDATION, name)
						self.assertEqual(found[""]["status"], c.NOT_FOLLOWED_UP)
						self.assertEqual((found[""]["closed_on"], found[""]["assessment"]), ("None", "None"))
						self.assertEqual((found["follow_ups"], found["decisions"]), ([], []))
					frappe.db.rollback(save_point="new")

	def test_nobody_deletes_or_renames_one(self):
		for name in (self.own.recommendation, make_recommendation(A).name):
			before = stored(c.RECOMMENDATION, name)
			for key in (*OF_A, *CITY, "inspector2", "operator_b", "Administrator"):
				for channel, ask in ways_to_remove(c.RECOMMENDATION, name):
					if key == "Administrator" and "rename" in channel:
						continue
					with self.subTest(name=name, user=key, channel=channel):
						self.assertEqual(self.outcome(c.RECOMMENDATION, name, key, ask), before)

	def test_a_report_is_written_by_the_own_opd_and_the_organisation_bureau_only(self):
		name, link = self.own.report, {"published_link": "https://lain.example"}
		before = stored(c.REPORT, name)
		for key in (
			"viewer_a",
			"inspector",
			"planner",
			"executive",
			"admin",
			"operator_b",
			"head_b",
			"outsider",
		):
			for channel, ask in (
				*ways_to_write(c.REPORT, name, "", "", link),
				*ways_to_remove(c.REPORT, name),
			):
				with self.subTest(user=key, channel=channel):
					self.assertEqual(self.outcome(c.REPORT, name, key, ask), before)
		for key in (*OPD_PEOPLE, "bureau"):
			ask = dict(ways_to_write(c.REPORT, name, "", "", link))["save"]
			after = self.outcome(c.REPORT, name, key, ask)
			self.assertEqual(after[""]["published_link"], link["published_link"])

	def test_a_report_is_not_handed_to_another_opd(self):
		name = self.own.report
		for key in (*OPD_PEOPLE, "bureau"):
			for channel, ask in ways_to_write(c.REPORT, name, "", "", {"opd": B, "year": 2020}):
				with self.subTest(user=key, channel=channel):
					after = self.outcome(c.REPORT, name, key, ask)
					self.assertEqual((after[""]["opd"], after[""]["year"]), (A, str(REPORT_YEAR)))


class TestEvidence(EvaluationTestCase):
	"""Evidence is private and stays within its OPD; once it was approved it stays as it is."""

	def kept(self, file: str, url: str, doctype: str, name: str) -> tuple:
		path = Path(frappe.get_site_path("private", "files", os.path.basename(url)))
		record = frappe.db.get_value("File", file, ["*"], as_dict=True) or {}
		record = {k: str(v) for k, v in record.items() if k not in KEPT}
		return record, path.exists() and path.read_text(), stored(doctype, name)

	def ways_to_spoil(self, file: str, url: str, doctype: str, name: str, field: str):
		"""(channel, ask) for deleting, moving, opening or replacing a file."""

		def set_value(**values):
			return lambda: call("frappe.client.set_value", doctype="File", name=file, fieldname=values)

		forged = frappe.get_doc("File", file).as_dict()
		yield "client.delete", lambda: call("frappe.client.delete", doctype="File", name=file)
		yield (
			"delete_items",
			lambda: call("frappe.desk.reportview.delete_items", doctype="File", items=json.dumps([file])),
		)
		yield "REST v1 DELETE", lambda: rest(f"/api/resource/File/{file}", "DELETE")
		yield "REST v2 DELETE", lambda: rest(f"/api/v2/document/File/{file}", "DELETE")
		yield (
			"remove_attach",
			lambda: call("frappe.desk.form.utils.remove_attach", fid=file, dt=doctype, dn=name),
		)
		yield "content", set_value(content="diganti")
		yield "is_private", set_value(is_private=0)
		yield "file_url", set_value(file_url="/private/files/lain.txt")
		yield "file_name", set_value(file_name="lain.txt")
		yield "content_hash", set_value(content_hash="x")
		yield "detached", set_value(attached_to_doctype=None, attached_to_name=None)
		yield (
			"moved to another",
			set_value(attached_to_name=self.stages["draft"], attached_to_doctype=c.ASSESSMENT),
		)
		yield "owner", set_value(owner=frappe.session.user)
		yield (
			"save with content",
			lambda: call(
				"frappe.client.save",
				doc=json.dumps(forged | {"content": "diganti", "is_private": 0}, default=str),
			),
		)
		yield (
			"REST v1 PUT",
			lambda: rest(f"/api/resource/File/{file}", "PUT", content="diganti", file_name="x.txt"),
		)
		yield (
			"rename",
			lambda: call("frappe.client.rename_doc", doctype="File", old_name=file, new_name="lain"),
		)
		yield (
			"move_file",
			lambda: call(
				"frappe.core.api.file.move_file",
				file_list=[{"name": file}],
				new_parent="Home",
				old_parent="Home/Attachments",
			),
		)
		yield (
			"attach_file into the field",
			lambda: call(
				"frappe.client.attach_file",
				filename=os.path.basename(url),
				filedata="diganti",
				doctype=doctype,
				docname=name,
				is_private=1,
				docfield=field,
			),
		)

	def refuse_spoiling(self, keys, file: str, url: str, doctype: str, name: str, field: str) -> None:
		before = self.kept(file, url, doctype, name)
		self.assertTrue(before[0] and before[1])
		for key in keys:
			for channel, ask in self.ways_to_spoil(file, url, doctype, name, field):
				with self.subTest(user=key, doctype=doctype, channel=channel):
					frappe.db.savepoint("spoil")
					self.attempt(key, ask)
					after = self.kept(file, url, doctype, name)
					frappe.db.rollback(save_point="spoil")
					self.restore(url, before[1])
					self.assertEqual(before, after)

	def restore(self, url: str, content: str) -> None:
		Path(frappe.get_site_path("private", "files", os.path.basename(url))).write_text(content)

	def test_approved_evidence_is_not_replaced_nor_deleted(self):
		own = self.own
		self.refuse_spoiling(
			(*OF_A, *CITY, "operator_b"),
			own.evidence_file,
			own.evidence,
			c.ASSESSMENT,
			own.assessment,
			"given_reason",
		)

	def test_evidence_of_a_waiting_assessment_is_not_replaced_nor_deleted(self):
		name = self.with_evidence(self.stages["draft"])
		step(frappe.get_doc(c.ASSESSMENT, name), SUBMIT, "operator_a")
		file = frappe.get_doc("File", {"attached_to_name": name})
		self.refuse_spoiling(
			(*OF_A, "inspector", "admin"), file.name, file.file_url, c.ASSESSMENT, name, "given_reason"
		)

	def with_evidence(self, name: str) -> str:
		doc = frappe.get_doc(c.ASSESSMENT, name)
		file = as_person("operator_a", lambda: make_file(doc, content="bukti draf", name="bukti-draf.txt"))
		write(doc, "operator_a", "evidence", {"1.b": file.file_url})
		return name

	def test_evidence_of_a_draft_is_taken_away_by_its_operator(self):
		name = self.with_evidence(self.stages["draft"])
		file = frappe.get_doc("File", {"attached_to_name": name})
		write(frappe._dict(name=name), "operator_a", "evidence", {"1.b": ""})
		self.attempt("operator_a", lambda: call("frappe.client.delete", doctype="File", name=file.name))
		self.assertFalse(frappe.db.exists("File", file.name))

	def test_the_file_of_a_follow_up_stays(self):
		own = self.own
		self.refuse_spoiling(
			(*OF_A, *CITY, "operator_b"),
			own.proof_file,
			own.proof,
			c.RECOMMENDATION,
			own.recommendation,
			"assessment",
		)

	def test_a_report_file_is_changed_by_no_other(self):
		own = self.own
		keys = ("viewer_a", "inspector", "planner", "executive", "admin", "operator_b", "outsider")
		self.refuse_spoiling(keys, own.report_file, own.report_url, c.REPORT, own.report, "file")

	def test_evidence_is_private(self):
		for doctype, name in (
			(c.ASSESSMENT, self.stages["draft"]),
			(c.RECOMMENDATION, self.own.recommendation),
			(c.REPORT, self.own.report),
		):
			doc = frappe.get_doc(doctype, name)
			with self.subTest(doctype=doctype):
				self.assertRefused(
					as_person,
					"operator_a",
					lambda doc=doc: make_file(doc, is_private=0, name="umum.txt"),
					exceptions=REFUSED,
				)

	def public_file(self, key: str = "operator_a") -> str:
		doc = {"doctype": "File", "file_name": "umum.txt", "content": "umum", "is_private": 0}
		return as_person(key, lambda: frappe.get_doc(doc).insert().file_url)

	def foreign(self) -> dict[str, str]:
		"""Files that are no evidence of OPD A."""
		loose = {"doctype": "File", "file_name": "lepas.txt", "content": "RahasiaB lepas", "is_private": 1}
		return {
			"evidence of B": self.b.evidence,
			"proof of B": self.b.proof,
			"report of B": self.b.report_url,
			"loose file of B": as_person("operator_b", lambda: frappe.get_doc(loose).insert().file_url),
			"a public file": self.public_file(),
		}

	def test_evidence_is_no_file_of_others_and_no_public_one(self):
		draft, rec = self.stages["draft"], self.own.recommendation
		row = frappe.db.get_value(ASSESSED, {"parent": draft, "code": "1.b"})
		rows = [row.as_dict() for row in frappe.get_doc(c.RECOMMENDATION, rec).follow_ups]
		for what, url in self.foreign().items():
			follow_ups = json.loads(json.dumps([*rows, {"action": "Tambahan", "evidence": url}], default=str))
			for key in OPD_PEOPLE:
				for doctype, name, ways in (
					(
						c.ASSESSMENT,
						draft,
						[
							*worksheet_way(draft, "1.b", {"evidence": url}),
							*ways_to_write(c.ASSESSMENT, draft, "items", row, {"evidence": url}),
						],
					),
					(
						c.RECOMMENDATION,
						rec,
						ways_to_write(c.RECOMMENDATION, rec, "", "", {"follow_ups": follow_ups}),
					),
				):
					before = stored(doctype, name)
					for channel, ask in ways:
						if "apply_workflow" in channel or (
							channel == "Data Import" and doctype == c.RECOMMENDATION
						):
							continue
						with self.subTest(what=what, doctype=doctype, user=key, channel=channel):
							self.assertEqual(self.outcome(doctype, name, key, ask), before)

	def test_a_report_does_not_draw_a_file_of_others_to_itself(self):
		for what, url in self.foreign().items():
			if what == "a public file":
				continue
			record = frappe.db.get_value(
				"File", {"file_url": url}, ["name", "attached_to_name"], as_dict=True
			)
			for key in (*OPD_PEOPLE, "bureau"):
				for channel, ask in ways_to_write(c.REPORT, self.own.report, "", "", {"file": url}):
					with self.subTest(what=what, user=key, channel=channel):
						frappe.db.savepoint("drawn")
						self.attempt(key, ask)
						text = self.asked("operator_a", lambda url=url: download(url))
						files = frappe.get_all("File", {"file_url": url}, ["name", "attached_to_name"])
						frappe.db.rollback(save_point="drawn")
						frappe.local.cache = {}
						self.assertEqual([dict(each) for each in files], [dict(record)])
						self.assertHidden(text, (url,))

	def test_files_of_b_are_not_read_by_a_on_any_way(self):
		b = self.b
		for doctype, name, url, file in (
			(c.ASSESSMENT, b.assessment, b.evidence, b.evidence_file),
			(c.RECOMMENDATION, b.recommendation, b.proof, b.proof_file),
			(c.REPORT, b.report, b.report_url, b.report_file),
		):
			for channel, ask in (
				("download", lambda url=url: download(url)),
				("with fid", lambda url=url, file=file: download(url, file)),
				("client.get", lambda file=file: call("frappe.client.get", doctype="File", name=file)),
				("getdoc", lambda file=file: call("frappe.desk.form.load.getdoc", doctype="File", name=file)),
				(
					"download_file",
					lambda url=url: call("frappe.core.doctype.file.file.download_file", file_url=url),
				),
				(
					"list",
					lambda doctype=doctype: call(
						"frappe.client.get_list",
						doctype="File",
						fields=["file_url"],
						filters={"attached_to_doctype": doctype, "attached_to_name": ["like", "%TesB%"]},
					),
				),
				(
					"attached images",
					lambda doctype=doctype, name=name: call(
						"frappe.core.api.file.get_attached_images", doctype=doctype, names=[name]
					),
				),
				(
					"unzip",
					lambda file=file: call("frappe.core.api.file.unzip_file", name=file),
				),
				(
					"optimize",
					lambda file=file: call("run_doc_method", dt="File", dn=file, method="optimize_file"),
				),
			):
				self.check(f"{channel} {doctype}", ask, (url, file, name), seen_by=())
			text = self.asked("operator_b", lambda url=url: download(url))
			self.assertIn("isi RahasiaB", text)
			text = self.asked("inspector", lambda url=url: download(url))
			self.assertIn("isi RahasiaB", text)

	def test_the_file_of_an_import_belongs_to_it_and_not_to_its_uploader(self):
		job = make_import("Objectives", [["code"]], A, key="operator_a")
		url = as_person("operator_a", lambda: _loose("impor.csv", "isi impor"))
		as_person("operator_a", lambda: self.name_file(job.name, url))
		place = frappe.db.get_value("File", {"file_url": url}, ["attached_to_name", "owner"])
		self.assertEqual(place, (job.name, "Administrator"))

	def name_file(self, job: str, url: str) -> None:
		doc = frappe.get_doc(c.IMPORT, job)
		doc.file = url
		doc.save()

	def test_who_has_left_the_opd_reads_his_uploads_no_more(self):
		unit = frappe.get_doc("OPD", A)
		for row in unit.position_holders:
			if row.user == person("operator_a"):
				row.to_date = add_days(today(), -1)
		unit.save()
		for url in (self.own.evidence, self.own.proof, self.own.report_url):
			text = self.asked("operator_a", lambda url=url: download(url))
			self.assertTrue(text.startswith("(refused)"), text[:200])
			self.assertNotIn("isi TesA", text)


def _loose(name: str, content: str) -> str:
	"""A private file of the session user that hangs nowhere."""
	doc = {"doctype": "File", "file_name": name, "content": content, "is_private": 1}
	return frappe.get_doc(doc).insert().file_url


class TestReportsAndLetters(EvaluationTestCase):
	"""Figures of the evaluation and its letter are of the reader's own units."""

	def filters(self):
		"""(filters, whether the city sees OPD B in them)."""
		b = self.b
		final = {"instrument": AKIP, "year": ASSESSED_YEAR}
		yield {}, False
		yield final, True
		yield final | {"opd": B}, True
		yield final | {"include_unfinished": 1}, True
		yield {"instrument": AKIP, "year": YEAR, "include_unfinished": 1}, False
		yield {"instrument": AKIP, "year": YEAR, "opd": B, "include_unfinished": 1}, True
		yield {"detail": 1}, False
		yield {"detail": 1, "opd": B}, False
		yield {"detail": 1, "status": c.IN_PROGRESS, "year": ASSESSED_YEAR}, False
		yield {"assessment": b.assessment}, False
		yield {"assessment": b.open_assessment, "opd": A}, False
		yield final | {"opd": ["like", "%"], "user": person("inspector")}, False
		yield final | {"opd": {"name": ["like", "%"]}}, False
		yield {"assessment": {"opd": B}}, False
		yield {"assessment": ["like", "%TesB%"]}, False
		yield {"opd": B, "names": [b.recommendation], "recommendation": b.recommendation}, False

	def run_report(self, report: str, filters: dict) -> str:
		return call("frappe.desk.query_report.run", report_name=report, filters=dict(filters))

	def test_reports_show_the_readers_own(self):
		for report in EVALUATION_REPORTS:
			for filters, _is_shown in self.filters():
				self.check(
					f"{report} {filters}",
					lambda report=report, filters=filters: self.run_report(report, filters),
					(self.b.assessment, self.b.open_assessment, self.b.recommendation, B),
					seen_by=(),
				)

	def test_reports_are_the_same_as_if_the_other_did_not_exist(self):
		for report in EVALUATION_REPORTS:
			for filters in (
				{},
				{"instrument": AKIP, "year": ASSESSED_YEAR},
				{"instrument": AKIP, "year": YEAR, "include_unfinished": 1},
				{"detail": 1},
			):
				self.check_same(
					f"{report} {filters}",
					lambda report=report, filters=filters: self.run_report(report, filters),
					differs_for=None,
				)

	def test_the_city_sees_every_opd(self):
		for filters, is_shown in self.filters():
			if is_shown:
				for key in CITY:
					with self.subTest(filters=str(filters), user=key):
						text = self.asked(key, lambda f=filters: self.run_report(EVALUATION_REPORTS[0], f))
						self.assertIn(f"Dinas {B}", text)
		for key in CITY:
			text = self.asked(key, lambda: self.run_report(EVALUATION_REPORTS[1], {"detail": 1}))
			self.assertIn("RahasiaB", text)
			text = self.asked(
				key, lambda: self.run_report(EVALUATION_REPORTS[2], {"assessment": self.b.assessment})
			)
			self.assertIn("79", text)

	def test_exports_hold_only_own_rows(self):
		for report in EVALUATION_REPORTS:
			for kind in ("CSV", "Excel"):
				for filters in ({"instrument": AKIP, "year": ASSESSED_YEAR}, {"detail": 1}, {"opd": B}):
					self.check(
						f"{report} {kind} {filters}",
						lambda report=report, kind=kind, filters=filters: call(
							"frappe.desk.query_report.export_query",
							report_name=report,
							filters=json.dumps(filters),
							file_format_type=kind,
							visible_idx="[]",
							include_filters=0,
						),
						seen_by=("inspector",) if report == "Follow-up Status" else (),
					)

	def test_the_letter_of_others_is_refused(self):
		for name in (self.b.assessment, self.b.open_assessment):
			for form in ("letter", "report", "x"):
				for kind in ("pdf", "docx"):

					def ask(name=name, form=form, kind=kind) -> str:
						return call(
							"seroja.api.documents.evaluation_letter", "GET", name=name, form=form, kind=kind
						)

					for key in STRANGERS:
						with self.subTest(name=name, form=form, kind=kind, user=key):
							text = self.asked(key, ask)
							self.assertTrue(text.startswith("(refused)"), text[:200])
							self.assertHidden(text, (name,))
		text = self.asked("inspector", lambda: self.letter(self.b.assessment))
		self.assertIn(f"Dinas {B}", text)

	def letter(self, name: str, kind: str = "docx", form: str = "report") -> str:
		return call("seroja.api.documents.evaluation_letter", "GET", name=name, form=form, kind=kind)

	def test_the_own_letter_says_nothing_of_others(self):
		for key in OF_A:
			for form in ("letter", "report"):
				with self.subTest(user=key, form=form):
					text = self.asked(key, lambda form=form: self.letter(self.own.assessment, form=form))
					self.assertIn(f"Dinas {A}", text)
					self.assertHidden(text)
		for kind in ("json", "xlsx"):
			text = self.asked(
				"outsider",
				lambda kind=kind: call("seroja.api.documents.instrument", "GET", name=AKIP, kind=kind),
			)
			self.assertTrue(text.startswith("(refused)"), text[:100])


class TestWorksheet(EvaluationTestCase):
	"""The endpoints of the worksheet, asked with other names and other types than they expect."""

	READING = ("load", "convert", "what_if")
	WRITING = ("save", "take_suggestions", "refresh_facts", "add_finding")

	def arguments(self, method: str) -> dict:
		return {
			"save": {"changes": json.dumps([{"code": "1.b", "field": "self_answer", "value": "E"}])},
			"add_finding": {"finding": json.dumps(FINDING)},
			"convert": {"code": "1.b", "number": 80},
			"what_if": {"column": "self", "answers": json.dumps({"1.b": "AA"})},
		}.get(method, {})

	def send(self, method: str, name: str, **arguments) -> str:
		return call(f"seroja.api.worksheet.{method}", name=name, **(arguments or self.arguments(method)))

	def test_worksheets_of_others_are_refused_and_stay_as_they_are(self):
		for name in (self.b.assessment, self.b.open_assessment):
			before = stored(c.ASSESSMENT, name)
			for method in (*self.READING, *self.WRITING):
				for key in (*STRANGERS, "operator_a"):
					with self.subTest(method=method, user=key):
						text = self.asked(key, lambda m=method, n=name: self.send(m, n))
						self.assertTrue(text.startswith("(refused)"), text[:200])
						self.assertHidden(text, (name,))
						after = self.outcome(
							c.ASSESSMENT, name, key, lambda m=method, n=name: self.send(m, n)
						)
						self.assertEqual(after, before)

	def test_those_who_may_read_it_do(self):
		for method in ("load", "what_if"):
			for key in ("operator_b", "head_b", "inspector", "bureau"):
				text = self.asked(key, lambda m=method: self.send(m, self.b.open_assessment))
				self.assertFalse(text.startswith("(refused)"), text[:200])

	def test_reading_writes_nothing_and_writing_needs_a_post(self):
		from frappe.exceptions import PermissionError as NoPost

		for method in self.WRITING:
			frappe.set_user(person("operator_a"))
			with self.subTest(method=method), self.assertRaises(NoPost):
				call(
					f"seroja.api.worksheet.{method}",
					"GET",
					name=self.stages["draft"],
					**self.arguments(method),
				)
		before = stored(c.ASSESSMENT, self.stages["draft"])
		for method in self.READING:
			after = self.outcome(
				c.ASSESSMENT,
				self.stages["draft"],
				"operator_a",
				lambda m=method: self.send(m, self.stages["draft"]),
			)
			self.assertEqual(after, before)

	def wrong_changes(self):
		good = {"code": "1.b", "field": "self_answer", "value": "E"}
		yield "a mapping", json.dumps(good)
		yield "a mapping, not as text", good
		yield "a number", "7"
		yield "a number, not as text", 7
		yield "nothing", "null"
		yield "no JSON", "{["
		yield "rows that are text", json.dumps(["1.b"])
		yield "rows that are lists", json.dumps([["1.b", "self_answer", "E"]])
		yield "a list and a row", json.dumps([good, [good]])
		yield "10,000 rows", json.dumps([good] * 10_000)
		yield "501 rows", json.dumps([good] * 501)
		yield "no code", json.dumps([{"field": "self_answer", "value": "E"}])
		yield "a code that is not there", json.dumps([good | {"code": "9.z"}])
		yield "a code that is a list", json.dumps([good | {"code": ["1.b"]}])
		yield "a code that is a mapping", json.dumps([good | {"code": {"1.b": 1}}])
		yield "a field that is a list", json.dumps([good | {"field": ["self_answer"]}])
		yield "a value that is a list", json.dumps([good | {"value": ["E"]}])
		yield "a value that is a mapping", json.dumps([good | {"value": {"E": 1}}])
		yield "a value outside the scale", json.dumps([good | {"value": "Z"}])
		yield "a value that is too large", json.dumps([good | {"value": 10**30}])
		yield "a value that is not finite", '[{"code": "1.b", "field": "self_answer", "value": NaN}]'
		yield "a good and a bad row", json.dumps([good, good | {"field": "evaluator_answer"}])
		for field in (
			"name",
			"owner",
			"parent",
			"parenttype",
			"parentfield",
			"docstatus",
			"idx",
			"doctype",
			"creation",
			"modified",
			"modified_by",
			"code",
			"title",
			"kind",
			"entered_by",
			"is_corrected",
			"suggested_answer",
			"suggestion",
			"workflow_state",
			"opd",
			"flags",
			"__class__",
			"_table_fields",
			"items",
			"evaluator_answer",
			"review_answer",
			"is_flagged",
			"",
			None,
		):
			yield f"field {field}", json.dumps([good | {"field": field}])

	def test_changes_of_the_wrong_kind_are_refused_with_a_clear_error(self):
		name = self.stages["draft"]
		for what, changes in self.wrong_changes():
			with self.subTest(what=what):
				self.assertClear(
					"operator_a", name, lambda changes=changes: self.send("save", name, changes=changes)
				)

	def assertClear(self, key: str, name: str, ask) -> None:
		"""Refused in words, without an error of Python or of the database, and nothing was written."""
		before = stored(c.ASSESSMENT, name)
		frappe.db.savepoint("clear")
		frappe.set_user(person(key))
		try:
			with self.assertRaises(REFUSED) as caught:
				ask()
			self.assertTrue(str(caught.exception).strip())
		finally:
			frappe.set_user("Administrator")
			frappe.clear_messages()
			frappe.local.cache = {}
		self.assertEqual(stored(c.ASSESSMENT, name), before)
		frappe.db.rollback(save_point="clear")

	def test_a_value_that_is_long_is_refused_with_a_clear_error(self):
		name = self.stages["draft"]
		for field in ("self_note", "evidence_page", "evidence_link"):
			with self.subTest(field=field):
				change = [{"code": "1.b", "field": field, "value": "https://x.example/" + "x" * 100_000}]
				self.assertClear(
					"operator_a",
					name,
					lambda change=change: self.send("save", name, changes=json.dumps(change)),
				)

	def test_other_arguments_of_the_wrong_kind_are_refused_with_a_clear_error(self):
		draft, approved = self.stages["draft"], self.stages["approved"]
		wrong_mappings = ("[]", "7", '"x"', "{[", [1], 7, json.dumps([["a", "b"]]))
		for mapping in wrong_mappings:
			with self.subTest(what="finding", value=str(mapping)):
				self.assertClear(
					"inspector",
					approved,
					lambda mapping=mapping: self.send("add_finding", approved, finding=mapping),
				)
			if mapping in ("[]", [1]):
				continue
			with self.subTest(what="answers", value=str(mapping)):
				self.assertClear(
					"operator_a",
					draft,
					lambda mapping=mapping: self.send("what_if", draft, column="self", answers=mapping),
				)
		for finding in (
			{},
			FINDING | {"component_code": "9.z"},
			FINDING | {"component_code": ["1.b"]},
			FINDING | {"recommendation": ""},
			FINDING | {"recommendation": {"a": 1}},
			FINDING | {"condition": ["a"]},
			FINDING | {"due_date": "besok"},
			FINDING | {"due_date": [1]},
		):
			with self.subTest(what="finding", value=str(finding)[:80]):
				self.assertClear(
					"inspector",
					approved,
					lambda finding=finding: self.send("add_finding", approved, finding=json.dumps(finding)),
				)
		for column, answers in (
			("owner", {}),
			("items", {}),
			("__class__", {}),
			("self", {"1.b": "Z"}),
			("self", {"1.b": ["AA"]}),
			("self", {"1.b": {"AA": 1}}),
			("self", {"9.z": "AA"}),
			("self", {"1": "AA"}),
			(["self"], {}),
			(7, {}),
		):
			with self.subTest(what="what_if", column=str(column), answers=str(answers)):
				self.assertClear(
					"operator_a",
					draft,
					lambda column=column, answers=answers: self.send(
						"what_if", draft, column=column, answers=json.dumps(answers)
					),
				)
		for code, number in (
			("9.z", "x"),
			("1.b", "nan"),
			("1.b", "inf"),
			("1.b", [1]),
			(["1.b"], 1),
			("1.b", None),
		):
			with self.subTest(what="convert", code=str(code), number=str(number)):
				self.assertClear(
					"operator_a",
					draft,
					lambda code=code, number=number: self.send("convert", draft, code=code, number=number),
				)

	def test_names_of_the_wrong_kind_are_refused_with_a_clear_error(self):
		for name in (["like", "%"], {"opd": B}, "", "tidak-ada", 7, None, "' or 1=1 -- "):
			for method in (*self.READING, *self.WRITING):
				with self.subTest(method=method, name=str(name)):
					self.assertClear(
						"operator_a", self.b.open_assessment, lambda m=method, n=name: self.send(m, n)
					)

	def test_a_finding_carries_nothing_but_its_own_fields(self):
		name = self.stages["approved"]
		extra = {
			"name": "dipilih",
			"owner": person("operator_a"),
			"parent": self.stages["draft"],
			"docstatus": 1,
			"idx": 77,
			"recommendation_document": self.own.recommendation,
			"doctype": "OPD",
		}
		after = self.outcome(
			c.ASSESSMENT,
			name,
			"inspector",
			lambda: self.send("add_finding", name, finding=json.dumps(FINDING | extra)),
		)
		(row,) = after["findings"]
		self.assertEqual((row["parent"], row["docstatus"], row["idx"]), (name, "0", "1"))
		self.assertEqual((row["owner"], row["recommendation_document"]), (person("inspector"), "None"))
		self.assertNotEqual(row["name"], "dipilih")

	def test_only_their_people_use_the_endpoints_that_write(self):
		for stage, method, open_to in (
			("draft", "save", OPD_PEOPLE),
			("draft", "refresh_facts", OPD_PEOPLE),
			("draft", "take_suggestions", ()),
			("draft", "add_finding", ()),
			("approved", "save", ()),
			("approved", "take_suggestions", INSPECTORS),
			("approved", "add_finding", INSPECTORS),
			("approved", "refresh_facts", INSPECTORS),
			("evaluated", "save", ()),
			("evaluated", "take_suggestions", ()),
			("evaluated", "add_finding", ()),
			("evaluated", "refresh_facts", ()),
			("final", "save", ()),
			("final", "take_suggestions", ()),
			("final", "add_finding", ()),
			("final", "refresh_facts", ()),
		):
			name = self.stages[stage]
			before = stored(c.ASSESSMENT, name)
			for key in (*OF_A, *CITY, "inspector2", "operator_b", "outsider"):
				with self.subTest(stage=stage, method=method, user=key):
					text = self.asked(key, lambda m=method, n=name: self.send(m, n))
					if key in open_to:
						self.assertFalse(text.startswith("(refused)"), text[:300])
						continue
					after = self.outcome(c.ASSESSMENT, name, key, lambda m=method, n=name: self.send(m, n))
					self.assertEqual(after, before)
					is_nothing_to_take = method == "take_suggestions" and stage in ("evaluated", "final")
					if not is_nothing_to_take:
						self.assertTrue(text.startswith("(refused)"), text[:300])

	def test_instruments_are_imported_by_those_who_keep_them_only(self):
		keepers = ("admin", "inspector", "bureau")
		content = json.loads(instrument_json(get_instrument(AKIP))) | {"code": "TES-2031"}
		for key in (*OF_A, "operator_b", *CITY, "outsider"):
			with self.subTest(user=key):
				frappe.db.savepoint("keeper")
				said = self.attempt(key, lambda: self.import_instrument(json.dumps(content)))
				self.assertEqual(bool(frappe.db.exists(c.INSTRUMENT, "TES-2031")), key in keepers, said[:300])
				said = self.attempt(key, lambda: call("seroja.api.instruments.make_version", name=AKIP))
				self.assertEqual(
					bool(frappe.db.exists(c.INSTRUMENT, f"{AKIP}-v2")), key in keepers, said[:300]
				)
				frappe.db.rollback(save_point="keeper")
				frappe.local.cache = {}

	def import_instrument(self, content: str) -> str:
		doc = {"doctype": "File", "file_name": "instrumen.json", "content": content, "is_private": 1}
		url = frappe.get_doc(doc).insert().file_url
		return call("seroja.api.instruments.import_file", file_url=url)

	def test_an_import_of_an_instrument_reads_no_file_of_others(self):
		doc = {
			"doctype": "File",
			"file_name": "rahasia.json",
			"content": '{"code": "RahasiaB"}',
			"is_private": 1,
		}
		loose = as_person("operator_b", lambda: frappe.get_doc(doc).insert())
		for url in (
			loose.file_url,
			loose.name,
			self.b.evidence,
			"/private/files/../../site_config.json",
			"site_config.json",
		):
			for key in (*STRANGERS, "operator_a"):
				with self.subTest(url=url, user=key):
					text = self.asked(
						key, lambda url=url: call("seroja.api.instruments.import_file", file_url=url)
					)
					self.assertTrue(text.startswith("(refused)"), text[:200])
					self.assertHidden(text, (url,))
		for url in (loose.file_url, "/private/files/../../site_config.json"):
			text = self.asked(
				"bureau", lambda url=url: call("seroja.api.instruments.import_file", file_url=url)
			)
			self.assertTrue(text.startswith("(refused)"), text[:200])
			self.assertNotIn("db_password", text)

	def test_instruments_and_rounds_are_changed_by_those_who_keep_them_only(self):
		for doctype, name, values in (
			(c.INSTRUMENT, AKIP, {"note": "diubah"}),
			(c.ROUND, f"{AKIP}-{YEAR}-OPD", {"review_closes": add_days(today(), 40)}),
		):
			before = stored(doctype, name)
			for key in (*OF_A, "operator_b", "planner", "executive", "outsider"):
				for channel, ask in (
					*ways_to_write(doctype, name, "", "", values),
					*ways_to_remove(doctype, name),
				):
					with self.subTest(doctype=doctype, user=key, channel=channel):
						self.assertEqual(self.outcome(doctype, name, key, ask), before)


class TestTracesOfAssessments(EvaluationTestCase):
	"""What the framework and the chain of seals keep about an assessment or a recommendation of B."""

	def references(self):
		b = self.b
		return (
			(c.ASSESSMENT, b.assessment),
			(c.ASSESSMENT, b.open_assessment),
			(c.RECOMMENDATION, b.recommendation),
			(c.REPORT, b.report),
		)

	def test_rows_about_them_are_not_seen(self):
		frappe.get_doc(
			{
				"doctype": "Workflow Action",
				"reference_doctype": c.ASSESSMENT,
				"reference_name": self.b.open_assessment,
				"status": "Open",
				"workflow_state": c.DRAFT,
				"permitted_roles": [{"role": role} for role in (c.HEAD, c.OPERATOR, c.VIEWER, c.INSPEKTORAT)],
			}
		).insert(ignore_permissions=True)
		for doctype, kind, name_field in (
			(c.ENTRY, "reference_doctype", "reference_name"),
			("Workflow Action", "reference_doctype", "reference_name"),
			("Notification Log", "document_type", "document_name"),
			("Version", "ref_doctype", "docname"),
			("Comment", "reference_doctype", "reference_name"),
			("Communication", "reference_doctype", "reference_name"),
			("ToDo", "reference_type", "reference_name"),
			("Document Follow", "ref_doctype", "ref_docname"),
			("Tag Link", "document_type", "document_name"),
			("File", "attached_to_doctype", "attached_to_name"),
			("DocShare", "share_doctype", "share_name"),
		):
			for about, name in self.references():
				filters = {kind: about, name_field: name}
				exists = frappe.db.count(doctype, filters)
				if (
					doctype in (c.ENTRY, "Notification Log", "Version", "Comment")
					and name == self.b.assessment
				):
					self.assertTrue(exists, doctype)
				for channel, ask in (
					(
						"client",
						lambda d=doctype, f=filters: call(
							"frappe.client.get_list", doctype=d, fields=["*"], filters=f
						),
					),
					(
						"report view",
						lambda d=doctype, f=filters: call(
							"frappe.desk.reportview.get", doctype=d, fields=["name"], filters=json.dumps(f)
						),
					),
					(
						"REST",
						lambda d=doctype, f=filters: rest(f"/api/resource/{d}", filters=json.dumps(f)),
					),
				):
					self.check(f"{channel} {doctype}", ask, (name,), seen_by=())
					for key in STRANGERS:
						with self.subTest(doctype=doctype, about=about, channel=channel, user=key):
							for each in frappe.get_all(doctype, filters, pluck="name"):
								self.assertNotIn(json.dumps(each), self.asked(key, ask))
		text = self.asked(
			"inspector",
			lambda: call(
				"frappe.client.get_list",
				doctype=c.ENTRY,
				fields=["name"],
				filters={"reference_name": self.b.assessment},
			),
		)
		self.assertIn(self.b.assessment_entry, text)

	def test_an_entry_of_the_chain_is_written_changed_or_deleted_by_nobody(self):
		name = f"{self.own.assessment}-J1"
		before = stored(c.ENTRY, name)
		for key in (*OF_A, *CITY, "operator_b", "Administrator"):
			for channel, ask in (
				*ways_to_write(c.ENTRY, name, "", "", {"note": "diubah"}),
				*ways_to_remove(c.ENTRY, name),
			):
				with self.subTest(user=key, channel=channel):
					self.assertEqual(self.outcome(c.ENTRY, name, key, ask), before)

	def test_the_own_worksheet_and_form_say_nothing_of_others(self):
		for key in OF_A:
			for channel, ask in (
				("load", lambda: call("seroja.api.worksheet.load", "GET", name=self.stages["draft"])),
				(
					"what_if",
					lambda: call(
						"seroja.api.worksheet.what_if",
						"GET",
						name=self.stages["draft"],
						column="self",
						answers="{}",
					),
				),
				(
					"form",
					lambda: call(
						"frappe.desk.form.load.getdoc", doctype=c.ASSESSMENT, name=self.stages["draft"]
					),
				),
				(
					"recommendation",
					lambda: call(
						"frappe.desk.form.load.getdoc", doctype=c.RECOMMENDATION, name=self.own.recommendation
					),
				),
			):
				with self.subTest(channel=channel, user=key):
					text = self.asked(key, ask)
					self.assertFalse(text.startswith("(refused)"), text[:200])
					self.assertHidden(text)
					self.assertEqual(*self.with_and_without_b(key, ask))
