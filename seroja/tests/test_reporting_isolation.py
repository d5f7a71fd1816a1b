"""Reports on paper, in files, by mail and on pages: nothing of OPD B reaches people of OPD A or outsiders.

Documents of planning, measurement and evaluation: test_isolation.py. Here is what reporting adds, asked in the same
way: by everybody who must learn nothing, and by somebody who does, for a probe that shows nothing to anybody proves
nothing.
"""

import io
import json
import re
from contextlib import contextmanager
from importlib import import_module
from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime, set_request, today
from frappe.website.serve import get_response
from pypdf import PdfReader

from seroja import constants as c
from seroja.services import (
	mailer,
	performance_reports,
	report_building,
	report_files,
	seals,
	subscriptions,
)
from seroja.tests import test_isolation
from seroja.tests.evaluation_utils import step
from seroja.tests.planning_utils import as_person, keys_of
from seroja.tests.test_evaluation_isolation import WritingTestCase, stored, ways_to_remove, ways_to_write
from seroja.tests.test_isolation import (
	ALL_REPORTS,
	ANALYSIS_REPORTS,
	INDICATOR,
	OF_A,
	REFUSED,
	STRANGERS,
	_upload,
	as_guest,
	call,
	download,
	leave_traces,
	outside_test,
	pdf_text,
	rest,
)
from seroja.tests.test_public import PublicTestCase, publish, switch, visible
from seroja.tests.test_subscriptions import workbook_text
from seroja.tests.utils import RETURN, YEAR, A, B, make_file, person

TW1, TW2 = f"{YEAR}-TW1", f"{YEAR}-TW2"
SECTION, BENCHMARK = "Performance Report Section", "Performance Indicator Benchmark"
CHECK, SAMPLED = "Performance Indicator Check", "Verification Sample Item"
RECIPIENT, OPT_OUT = "Report Subscription Recipient", "Report Subscription Opt-Out"
REPORTS = ("Performance Matrix", "Report Extract", "Missing for Reports")
TAGS = ("IKD", "IKK", "RB")
LAYOUTS = ("LKPJ-IKD", "LKPJ-SERI", "LPPD-IKK", "RB-TEMA", "LKPJ-PROGRAM", "SAKIP-LKE", "SPM-INDEKS")
# Roles of people who hold no position anywhere.
ROLES_ONLY = (c.OPERATOR, c.HEAD, c.VIEWER)
NOBODY = (*STRANGERS, "wanderer")
CITY_BUT = {
	c.SNAPSHOT: ("planner", "executive", "bureau"),
	c.SUBSCRIPTION: ("planner", "executive", "inspector"),
	RECIPIENT: ("planner", "executive", "inspector"),
	OPT_OUT: ("planner", "executive", "inspector"),
	c.DELIVERY: ("planner", "executive", "inspector"),
	c.SAMPLE: ("planner", "executive", "bureau"),
	SAMPLED: ("planner", "executive", "bureau"),
}
# DocType → (its parent if it is a child table, a field with a text of B, who sees it)
KINDS = {
	c.REPORT: (None, "figures", ("inspector", "bureau")),
	SECTION: (c.REPORT, "text", ("inspector",)),
	BENCHMARK: (INDICATOR, "compared_with", ("inspector",)),
	c.FIGURE_NOTE: (None, "note", ("inspector", "bureau")),
	c.SNAPSHOT: (None, "title", ("inspector", "admin")),
	c.SUBSCRIPTION: (None, "title", ("bureau", "admin")),
	RECIPIENT: (c.SUBSCRIPTION, "user", ("bureau",)),
	OPT_OUT: (c.SUBSCRIPTION, "user", ("bureau",)),
	c.DELIVERY: (None, "email", ("bureau", "admin")),
	CHECK: (INDICATOR, "reason", ("inspector",)),
	c.SAMPLE: (None, "population_digest", ("inspector", "admin")),
	SAMPLED: (c.SAMPLE, "note", ("inspector", "admin")),
}


def make_reporting(opd: str, word: str) -> frappe._dict:
	"""A built performance report, a benchmark, a note, a printed report, a subscription and a delivery; the names."""
	operator, head = keys_of(opd)
	as_person("planner", lambda: _compare(opd, word))
	note = as_person(operator, lambda: _insert(c.FIGURE_NOTE, indicator=f"{opd}-1", period=TW1, note=word))
	report = as_person(operator, lambda: _build_report(opd, word))
	as_person(head, lambda: report_files.report_pdf("Indicator Achievement", {"period": TW1, "opd": opd}))
	snapshot = frappe.get_doc(c.SNAPSHOT, {"issued_to": person(head)})
	subscription = as_person(head, lambda: _subscribe(head, word))
	subscriptions.unsubscribe(subscription, person(head))
	now = now_datetime()
	subscriptions.add_delivery(subscription, "2031-W1", person(head), person(head), now)
	leave_traces(frappe.get_doc(c.REPORT, report.name)) if opd == B else None
	return frappe._dict(
		report=report.name,
		section=report.items[0].name,
		benchmark=frappe.db.get_value(BENCHMARK, {"parent": f"{opd}-1"}),
		note=note.name,
		snapshot=snapshot.name,
		digest=snapshot.digest,
		subscription=subscription.name,
		recipient=subscription.recipients[0].name,
		opt_out=frappe.db.get_value(OPT_OUT, {"parent": subscription.name}),
		delivery=subscriptions.delivery_name(subscription.name, "2031-W1", person(head)),
	)


def make_inspection() -> frappe._dict:
	"""A check that is switched off for an indicator of B, and a sample of the verified rows of both; the names.

	What was found in a row is a secret of the Inspektorat, in the rows of A too.
	"""
	indicator = frappe.get_doc(INDICATOR, f"{B}-2")
	indicator.append("checks_off", {"check_name": "Outlier", "reason": "RahasiaB alasan"})
	as_person("planner", indicator.save)
	sample = as_person("inspector", _draw_sample)
	leave_traces(sample)
	return frappe._dict(
		check=indicator.checks_off[0].name,
		sample=sample.name,
		sampled=sample.items[0].name,
	)


def _draw_sample():
	doc = _insert(c.SAMPLE, period=TW1, drawn_from="Verified", size=6, seed=7)
	for row in doc.items:
		row.update({"result": "Wrong", "note": "RahasiaB temuan"})
	return doc.save()


def _compare(opd: str, word: str) -> None:
	doc = frappe.get_doc(INDICATOR, f"{opd}-1")
	doc.append(
		"benchmarks",
		{"year": YEAR, "compared_with": f"{word} nasional", "value": "63,17" if opd == B else "61,5"},
	)
	for tag in TAGS:
		doc.append("tags", {"tag": tag, "number": f"{word} nomor", "tag_group": f"{word} kelompok"})
	doc.save()


def _insert(doctype: str, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert()


def _build_report(opd: str, word: str, year: int = YEAR):
	doc = _insert(c.REPORT, opd=opd, year=year)
	performance_reports.build(doc)
	doc.items[0].text = f"{word} bagian"
	return doc.save()


def _subscribe(key: str, word: str, **values):
	return _insert(
		c.SUBSCRIPTION,
		title=f"{word} langganan",
		content=values.pop("content", "Evaluation Summary"),
		frequency="Weekly",
		starts_on=today(),
		is_optional=1,
		recipients=[{"kind": "User", "user": person(key)}],
		**values,
	)


def attached_text(content: bytes | None) -> str:
	"""The text of a PDF and of the files that it carries."""
	if not isinstance(content, bytes) or not content.startswith(b"%PDF"):
		return ""
	carried = PdfReader(io.BytesIO(content)).attachments
	texts = [part.decode("utf-8", "replace") for parts in carried.values() for part in parts]
	return "\n".join([pdf_text(content), *carried, *texts])


def paper(cmd: str, http_method: str = "GET", **arguments) -> str:
	"""What a request sends, with the files inside a PDF."""
	text = call(cmd, http_method, **arguments)
	return f"{text}\n{attached_text(frappe.local.response.get('filecontent'))}"


def run(report: str, filters: dict) -> str:
	return call("frappe.desk.query_report.run", report_name=report, filters=dict(filters))


class ReportingTestCase(WritingTestCase):
	"""Both OPDs have what reporting makes; somebody has the roles of an OPD and no position."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		user = {"doctype": "User", "email": person("wanderer"), "first_name": "wanderer"}
		roles = [{"role": role} for role in ROLES_ONLY]
		frappe.get_doc(user | {"send_welcome_email": 0, "roles": roles}).insert()
		cls.own.update(make_reporting(A, "TesA milik"))
		cls.b.update(make_reporting(B, "RahasiaB"))
		cls.b.update(make_inspection())

	def hide(self, channel: str, ask, echo=(), seen_by=("inspector",), but=()):
		"""Nobody of A, no outsider and none of `but` learns anything, those in seen_by do."""
		self.check(channel, ask, echo, seen_by, (*NOBODY, *but))

	def named(self) -> tuple[tuple[str, str], ...]:
		b = self.b
		names = (b.report, b.section, b.benchmark, b.note, b.snapshot, b.subscription, b.recipient, b.opt_out)
		return tuple(zip(KINDS, (*names, b.delivery, b.check, b.sample, b.sampled), strict=True))


class DocumentsOnEveryWay:
	"""The generic ways of Frappe to some kinds of documents: KINDS and `named` say to which, CITY_BUT whom besides
	nobody may learn of them, EXPORTED which ones the first of seen_by exports."""

	KINDS: dict[str, tuple]
	CITY_BUT: dict[str, tuple]
	EXPORTED: tuple[str, ...]

	def test_lists_hold_only_what_is_the_readers(self):
		# Frappe's search sorts by whichever of the fields comes first, in no fixed order, and stops at an empty one.
		frappe.db.set_value(c.REPORT, {"figures": ["is", "not set"]}, "figures", "", update_modified=False)
		for doctype, (parent, field, seen_by) in self.KINDS.items():
			qualified = [f"`tab{doctype}`.`name`", f"`tab{doctype}`.`{field}`"]
			for channel, ask in (
				(
					"client",
					lambda d=doctype, p=parent: call(
						"frappe.client.get_list", doctype=d, fields=["*"], parent=p, limit_page_length=0
					),
				),
				(
					"report view",
					lambda d=parent or doctype, f=qualified: call(
						"frappe.desk.reportview.get", doctype=d, fields=json.dumps(f), page_length=500
					),
				),
				("REST", lambda d=doctype: rest(f"/api/resource/{d}", fields='["*"]', limit_page_length=0)),
				(
					"link",
					lambda d=doctype, p=parent: call(
						"frappe.desk.search.search_link",
						doctype=d,
						txt="",
						page_length=500,
						ignore_user_permissions=1,
						reference_doctype=p or d,
					),
				),
				(
					"widget",
					lambda d=doctype, p=parent, f=field: call(
						"frappe.desk.search.search_widget",
						doctype=d,
						txt="",
						page_length=500,
						ignore_user_permissions=1,
						reference_doctype=p or d,
						filter_fields=json.dumps(["name", "owner", f]),
					),
				),
			):
				self.hide(
					f"{channel} {doctype}",
					ask,
					seen_by=seen_by if channel == "client" else (),
					but=self.CITY_BUT.get(doctype, ()),
				)

	def test_names_of_others_are_in_no_list(self):
		for doctype, name in self.named():
			parent = self.KINDS[doctype][0]
			for key in (*NOBODY, *self.CITY_BUT.get(doctype, ())):
				with self.subTest(doctype=doctype, user=key):
					ask = self.asked(
						key,
						lambda d=doctype, p=parent: call(
							"frappe.client.get_list", doctype=d, parent=p, limit_page_length=0
						),
					)
					self.assertNotIn(json.dumps(name), ask)

	def test_a_document_is_refused_by_name_on_every_way(self):
		for doctype, name in self.named():
			parent, field, seen_by = self.KINDS[doctype]
			get = {"doctype": doctype, "name": name, "parent": parent}
			value = {"doctype": doctype, "fieldname": [field], "filters": {"name": name}, "parent": parent}
			for channel, ask in (
				("get", lambda get=get: call("frappe.client.get", **get)),
				("getdoc", lambda get=get: call("frappe.desk.form.load.getdoc", **get)),
				("REST v1", lambda d=doctype, n=name: rest(f"/api/resource/{d}/{n}")),
				("REST v2", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}")),
				("copy", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}/copy")),
				("get_value", lambda value=value: call("frappe.client.get_value", **value)),
				(
					"validate_link",
					lambda d=doctype, n=name, f=field: call(
						"frappe.client.validate_link", doctype=d, docname=n, fields=json.dumps([f, "owner"])
					),
				),
				(
					"title",
					lambda d=doctype, n=name: call("frappe.desk.search.get_link_title", doctype=d, docname=n),
				),
				(
					"print",
					lambda d=doctype, n=name: call("frappe.www.printview.get_html_and_style", doc=d, name=n),
				),
				("docinfo", lambda get=get: call("frappe.desk.form.load.get_docinfo", **get)),
				(
					"linked",
					lambda d=doctype, n=name: call("frappe.desk.form.linked_with.get", doctype=d, docname=n),
				),
			):
				self.hide(
					f"{channel} {doctype}",
					ask,
					(name, B),
					seen_by if channel in ("get", "REST v1") else (),
					self.CITY_BUT.get(doctype, ()),
				)

	def guesses(self):
		"""(DocType, parent, filters that fit B, filters that fit nothing)."""
		for doctype, name in self.named():
			parent, field, _seen_by = self.KINDS[doctype]
			for right, wrong in (
				({"name": name}, {"name": "tidak-ada"}),
				({field: ["like", "%RahasiaB%"]}, {field: ["like", "%tidak-ada%"]}),
				({"owner": person("head_b")}, {"owner": "tidak-ada"}),
			):
				yield doctype, parent, right, wrong

	def test_counting_and_guessing_tell_nothing(self):
		for doctype, parent, right, wrong in self.guesses():
			for cmd in ("frappe.client.get_count", "frappe.desk.reportview.get_count", "frappe.client.get"):
				for key in (*NOBODY, *self.CITY_BUT.get(doctype, ())):
					with self.subTest(cmd=cmd, doctype=doctype, guess=str(right), user=key):
						told = [
							self.asked(
								key,
								lambda cmd=cmd, d=doctype, p=parent, f=filters: call(
									cmd,
									doctype=d,
									filters=json.dumps(f),
									**({} if "view" in cmd else {"parent": p}),
								),
							)
							for filters in (right, wrong)
						]
						self.assertEqual(*(text.replace("(refused) ", "")[:40] for text in told))

	def test_exports_hold_only_what_is_the_readers(self):
		for doctype, (parent, field, seen_by) in self.KINDS.items():
			if parent:
				continue
			for kind in ("CSV", "Excel"):
				self.hide(
					f"export_query {doctype} {kind}",
					lambda d=doctype, f=field, kind=kind: call(
						"frappe.desk.reportview.export_query",
						doctype=d,
						fields=json.dumps([f"`tab{d}`.`name`", f"`tab{d}`.`{f}`"]),
						file_format_type=kind,
						title="x",
					),
					seen_by=seen_by[:1] if doctype in self.EXPORTED else (),
					but=self.CITY_BUT.get(doctype, ()),
				)

	def test_nobody_leaves_a_trace_on_what_is_not_his(self):
		for doctype, name in self.named():
			if self.KINDS[doctype][0]:
				continue
			place = {"reference_doctype": doctype, "reference_name": name}
			for cmd, arguments in (
				(
					"frappe.desk.form.utils.add_comment",
					place | {"content": "x", "comment_email": "x@x.example", "comment_by": "x"},
				),
				(
					"frappe.desk.form.assign_to.add",
					{"doctype": doctype, "name": name, "assign_to": json.dumps([person("operator_a")])},
				),
				(
					"frappe.share.add",
					{"doctype": doctype, "name": name, "user": person("operator_a"), "read": 1},
				),
				("frappe.desk.doctype.tag.tag.add_tag", {"tag": "x", "dt": doctype, "dn": name}),
				("frappe.desk.like.toggle_like", {"doctype": doctype, "name": name, "add": "Yes"}),
				(
					"frappe.desk.form.document_follow.follow_document",
					{"doctype": doctype, "doc_name": name, "user": person("operator_a")},
				),
				(
					"frappe.client.insert",
					{"doc": {"doctype": "Comment", "comment_type": "Comment", "content": "x", **place}},
				),
			):
				for key in (*NOBODY, *self.CITY_BUT.get(doctype, ())):
					with self.subTest(cmd=cmd, doctype=doctype, user=key):
						self.assertEqual(*self.traces_around(key, doctype, name, cmd, arguments))

	def traces_around(self, key: str, doctype: str, name: str, cmd: str, arguments: dict) -> list:
		"""What hangs on a document before and after an attempt, which is then undone."""
		found = []
		frappe.db.savepoint("traces")
		for attempt in (lambda: None, lambda: call(cmd, **arguments)):
			self.attempt(key, attempt)
			found.append(
				[
					frappe.db.count(kind, {field: name})
					for kind, field in (
						("Comment", "reference_name"),
						("ToDo", "reference_name"),
						("DocShare", "share_name"),
						("Tag Link", "document_name"),
						("Document Follow", "ref_docname"),
					)
				]
				+ [frappe.db.get_value(doctype, name, "_liked_by")]
			)
		frappe.db.rollback(save_point="traces")
		return found

	def test_nobody_from_outside_changes_anything(self):
		for doctype, name in self.named():
			if self.KINDS[doctype][0]:
				continue
			before = stored(doctype, name)
			field = {c.REPORT: "published_link", c.SNAPSHOT: "digest"}.get(doctype, self.KINDS[doctype][1])
			for key in ("operator_a", "head_a", "wanderer", *self.CITY_BUT.get(doctype, ())):
				for channel, ask in (
					*ways_to_write(doctype, name, "", "", {field: "https://lain.example"}),
					*ways_to_remove(doctype, name),
				):
					with self.subTest(doctype=doctype, user=key, channel=channel):
						self.assertEqual(self.outcome(doctype, name, key, ask), before)


class TestDocuments(DocumentsOnEveryWay, ReportingTestCase):
	KINDS, CITY_BUT, EXPORTED = KINDS, CITY_BUT, (c.REPORT, c.FIGURE_NOTE)

	def test_people_of_an_opd_see_their_own(self):
		own = self.own
		for key, doctype, name in (
			("operator_a", c.REPORT, own.report),
			("viewer_a", c.FIGURE_NOTE, own.note),
			("head_a", c.SNAPSHOT, own.snapshot),
			("head_a", c.SUBSCRIPTION, own.subscription),
		):
			with self.subTest(doctype=doctype, user=key):
				text = self.asked(
					key, lambda d=doctype, n=name: call("frappe.desk.form.load.getdoc", doctype=d, name=n)
				)
				self.assertFalse(text.startswith("(refused)"), text[:200])

	def test_what_is_personal_is_not_seen_by_others_of_the_same_opd(self):
		own = self.own
		for doctype, name in (
			(c.SNAPSHOT, own.snapshot),
			(c.SUBSCRIPTION, own.subscription),
			(c.DELIVERY, own.delivery),
		):
			for key in ("operator_a", "viewer_a"):
				with self.subTest(doctype=doctype, user=key):
					text = self.asked(
						key, lambda d=doctype, n=name: call("frappe.client.get", doctype=d, name=n)
					)
					self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_rows_are_changed_by_nobody_directly(self):
		for parent_type, parent, table, values in (
			(c.REPORT, self.b.report, "items", {"text": "x", "title": "x"}),
			(c.SUBSCRIPTION, self.b.subscription, "recipients", {"kind": "User", "user": person("head_a")}),
			(c.SUBSCRIPTION, self.b.subscription, "opt_outs", {"user": person("operator_a")}),
			(INDICATOR, f"{B}-1", "benchmarks", {"year": 2030, "compared_with": "x", "value": "1"}),
			(INDICATOR, f"{B}-2", "checks_off", {"check_name": "Copied", "reason": "x"}),
		):
			before = stored(parent_type, parent)
			row = before[table][0]["name"]
			for key in ("operator_a", "head_a", "wanderer", "inspector"):
				for channel, ask in ways_to_write(parent_type, parent, table, row, values):
					with self.subTest(doctype=parent_type, table=table, user=key, channel=channel):
						self.assertEqual(self.outcome(parent_type, parent, key, ask), before)

	def test_snapshots_and_deliveries_are_made_and_changed_by_nobody(self):
		new = {
			c.SNAPSHOT: {"title": "palsu", "digest": "f" * 64, "issued_to": person("head_b")},
			c.DELIVERY: {"subscription": self.b.subscription, "user": person("operator_a"), "state": "Sent"},
		}
		for doctype, values in new.items():
			name = self.own.snapshot if doctype == c.SNAPSHOT else self.own.delivery
			before = stored(doctype, name)
			for key in (*NOBODY, "inspector", "bureau", "admin", "planner"):
				doc = {"doctype": doctype, "name": "PALSU-0001", "__newname": "PALSU-0001", **values}
				for ask in (
					lambda doc=doc: call("frappe.client.insert", doc=doc),
					lambda doc=doc: rest(f"/api/resource/{doc['doctype']}", "POST", **doc),
				):
					with self.subTest(doctype=doctype, user=key):
						self.outcome(doctype, name, key, ask)
						text = self.asked(key, ask)
						self.assertTrue(text.startswith("(refused)"), text[:200])
				for channel, ask in (
					*ways_to_write(doctype, name, "", "", values),
					*ways_to_remove(doctype, name),
				):
					with self.subTest(doctype=doctype, user=key, channel=channel):
						self.assertEqual(self.outcome(doctype, name, key, ask), before)

	def test_layouts_are_read_by_everybody_and_kept_by_the_administrator_and_the_bureau(self):
		name, change = "LKPJ-IKD", {"notes": "diubah"}
		before = stored(c.LAYOUT, name)
		row = before["columns"][0]["name"]
		for key in (*OF_A, "planner", "executive", "inspector", "wanderer"):
			with self.subTest(user=key):
				text = self.asked(key, lambda: call("frappe.client.get", doctype=c.LAYOUT, name=name))
				self.assertIn(before["columns"][0]["heading"], text)
			for channel, ask in (
				*ways_to_write(c.LAYOUT, name, "", "", change),
				*ways_to_write(c.LAYOUT, name, "columns", row, {"heading": "diubah"}),
				*ways_to_remove(c.LAYOUT, name),
			):
				with self.subTest(user=key, channel=channel):
					self.assertEqual(self.outcome(c.LAYOUT, name, key, ask), before)
		for key in ("admin", "bureau"):
			ask = dict(ways_to_write(c.LAYOUT, name, "", "", change))["save"]
			self.assertEqual(self.outcome(c.LAYOUT, name, key, ask)[""]["notes"], "diubah")
		text = self.asked("outsider", lambda: call("frappe.client.get", doctype=c.LAYOUT, name=name))
		self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_a_note_is_written_within_the_own_opd_only(self):
		def insert(code: str, **values) -> str:
			doc = {"doctype": c.FIGURE_NOTE, "indicator": code, "period": TW1, "note": "x", **values}
			return call("frappe.client.insert", doc=doc)

		for key in (*NOBODY, "planner", "inspector", "executive", "admin"):
			for values in ({}, {"opd": A}, {"opd": A, "owner": person("operator_b")}):
				with self.subTest(user=key, values=str(values)):
					text = self.asked(key, lambda values=values: insert(f"{B}-1", **values))
					self.assertTrue(text.startswith("(refused)"), text[:200])
		for key in ("operator_a", "head_a", "bureau"):
			text = self.asked(key, lambda: insert(f"{A}-1"))
			self.assertFalse(text.startswith("(refused)"), text[:200])

	def test_a_note_does_not_move_to_a_figure_of_others(self):
		for values in ({"indicator": f"{B}-1"}, {"indicator": f"{B}-1", "opd": A}, {"opd": B}):
			for channel, ask in ways_to_write(c.FIGURE_NOTE, self.own.note, "", "", values):
				with self.subTest(channel=channel, values=str(values)):
					after = self.outcome(c.FIGURE_NOTE, self.own.note, "operator_a", ask)[""]
					self.assertEqual((after["opd"], after["indicator"]), (A, f"{A}-1"))

	def test_a_subscription_is_made_for_oneself_only(self):
		for key, kind, wanted in (
			("operator_a", "user", person("head_b")),
			("head_a", "role", c.HEAD),
			("viewer_a", "position", "Head"),
			("inspector", "user", person("head_b")),
		):
			row = {"kind": kind.title(), kind: wanted}
			values = {"title": "x", "content": "Evaluation Summary", "frequency": "Weekly"}
			doc = {"doctype": c.SUBSCRIPTION, "starts_on": today(), "recipients": [row], **values}
			with self.subTest(user=key):
				text = self.asked(key, lambda doc=doc: call("frappe.client.insert", doc=doc))
				self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_an_own_subscription_is_not_turned_to_others(self):
		name = self.own.subscription
		row = frappe.db.get_value(RECIPIENT, {"parent": name})
		for values in (
			{"user": person("head_b")},
			{"kind": "Role", "role": c.HEAD},
			{"kind": "Position", "position": "Head"},
		):
			for channel, ask in ways_to_write(c.SUBSCRIPTION, name, "recipients", row, values):
				with self.subTest(values=str(values), channel=channel):
					(after,) = self.outcome(c.SUBSCRIPTION, name, "head_a", ask)["recipients"]
					self.assertEqual((after["kind"], after["user"]), ("User", person("head_a")))


class TestReportWorkflow(ReportingTestCase):
	"""OPD A has a performance report in each stage, each of another year."""

	YEARS = {"draft": 2020, "reviewed": 2021, "submitted": 2022, "published": 2023, "returned": 2025}
	# (stage, person) → the states into which he may take it. Everything else is refused.
	OPEN = {
		("draft", "inspector"): {c.REVIEWED},
		("returned", "inspector"): {c.REVIEWED},
		("reviewed", "head_a"): {c.SUBMITTED, c.RETURNED},
		("reviewed", "inspector"): {c.RETURNED},
		("reviewed", "bureau"): {c.RETURNED},
		("submitted", "head_a"): {c.PUBLISHED},
		("submitted", "bureau"): {c.PUBLISHED, c.RETURNED},
	}
	ACTIONS = {
		c.REVIEWED: "Review",
		c.SUBMITTED: "Hand In",
		c.PUBLISHED: "Publish",
		c.RETURNED: RETURN,
		c.DRAFT: "",
	}
	WRITERS = ("operator_a", "head_a", "bureau")
	# Written by the system and by steps only.
	GIVEN = {
		"opd": B,
		"year": 2019,
		"figures": '{"palsu": 1}',
		"figures_digest": "f" * 64,
		"as_known_on": "2020-02-02",
		"built_on": "2020-02-02 00:00:00",
		"review_statement": "diubah",
		"review_requested_on": "2020-02-02 00:00:00",
		"reviewed_by": "Administrator",
		"reviewed_on": "2020-02-02 00:00:00",
		"submitted_by": "Administrator",
		"makers": ",x,",
		"word_file": "/private/files/lain.docx",
		"flags": {"is_built": 1},
	}
	GIVEN_ROW = {
		"chapter": "diubah",
		"title": "diubah",
		"draft": "diubah",
		"section_key": "diubah",
		"basis": "diubah",
		"edited_basis": "diubah",
		"is_edited": 1,
		"is_stale": 1,
		"machine_model": "diubah",
		"machine_edited": 1,
		"entered_by": "Administrator",
	}

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		data = as_person("operator_a", lambda: report_building.figures_of(A, YEAR))
		with patch.object(report_building, "figures_of", lambda opd, year: data):
			docs = {stage: cls.make(year) for stage, year in cls.YEARS.items()}
		for stage in ("reviewed", "submitted", "published", "returned"):
			docs[stage] = step(docs[stage], "Review", "inspector", "Telah direviu")
		for stage in ("submitted", "published"):
			docs[stage] = step(docs[stage], "Hand In", "head_a")
		docs["published"] = as_person("bureau", lambda: cls.publish(docs["published"]))
		docs["returned"] = step(docs["returned"], RETURN, "inspector", "Perbaiki")
		cls.stages = {stage: doc.name for stage, doc in docs.items()}

	@classmethod
	def make(cls, year: int):
		return as_person("operator_a", lambda: _build_report(A, "TesA milik", year))

	@staticmethod
	def publish(doc):
		doc = frappe.get_doc(c.REPORT, doc.name)
		doc.update({"published_link": "https://kota.example/lkjip", "workflow_state": c.PUBLISHED})
		return doc.save()

	def ways(self, key: str, *ways):
		"""Every way for the operator, for the others those that save a document."""
		for channel, ask in ways:
			if key == "operator_a" or channel in ("save", "REST v1", "set_value", "row REST v1"):
				yield channel, ask

	def states(self, stage: str, key: str, state: str):
		"""(channel, stored state) for every way to a state."""
		name, values = self.stages[stage], {"workflow_state": state, "decision_note": "catatan"}
		if state == c.PUBLISHED:
			values["published_link"] = "https://kota.example/lkjip"
		ways = dict(ways_to_write(c.REPORT, name, "", "", values))
		for channel in ("save", "set_value", "savedocs Submit"):
			yield channel, self.outcome(c.REPORT, name, key, ways[channel])
		doc = json.dumps({"doctype": c.REPORT, "name": name} | values)
		steps = {"doc": doc, "action": self.ACTIONS[state]}
		yield (
			"apply_workflow",
			self.outcome(c.REPORT, name, key, lambda: call("frappe.model.workflow.apply_workflow", **steps)),
		)

	def test_no_state_is_set_that_is_not_the_next_step_of_this_person(self):
		for stage, name in self.stages.items():
			before = stored(c.REPORT, name)
			now = before[""]["workflow_state"]
			for key in (*self.WRITERS, "inspector", "viewer_a", "head_b"):
				for state in self.ACTIONS:
					if state == now or state in self.OPEN.get((stage, key), ()):
						continue
					for channel, after in self.states(stage, key, state):
						with self.subTest(stage=stage, user=key, state=state, channel=channel):
							self.assertEqual(after[""]["workflow_state"], now)

	def test_the_people_of_a_step_do_take_it_and_leave_their_seal(self):
		for (stage, key), states in self.OPEN.items():
			for state in states:
				with self.subTest(stage=stage, user=key, state=state):
					after = dict(self.states(stage, key, state))["save"]
					self.assertEqual(after[""]["workflow_state"], state)
					frappe.db.savepoint("seal")
					values = {"workflow_state": state, "decision_note": "catatan"}
					values |= {"published_link": "https://kota.example/lkjip"} if state == c.PUBLISHED else {}
					ways = dict(ways_to_write(c.REPORT, self.stages[stage], "", "", values))
					self.attempt(key, ways["save"])
					doc = frappe.get_doc(c.REPORT, self.stages[stage])
					entries = seals.entries_of(doc)
					self.assertEqual((entries[-1].user, entries[-1].to_state), (person(key), state))
					self.assertEqual(seals.problems_of(doc, entries), [])
					frappe.db.rollback(save_point="seal")

	def test_what_the_system_writes_is_written_by_nobody(self):
		fields = {"": tuple(set(self.GIVEN) - {"flags"}), "items": (*self.GIVEN_ROW, "text")}
		for stage, name in self.stages.items():
			before = stored(c.REPORT, name)
			row = before["items"][1]["name"]
			for key in (*self.WRITERS, "inspector"):
				for channel, ask in self.ways(
					key,
					*ways_to_write(c.REPORT, name, "", "", self.GIVEN),
					*ways_to_write(c.REPORT, name, "items", row, self.GIVEN_ROW),
				):
					with self.subTest(stage=stage, user=key, channel=channel):
						after = self.outcome(c.REPORT, name, key, ask)
						self.assertKept(before, after, fields, channel)

	def test_texts_are_written_in_draft_only_and_never_by_the_inspektorat(self):
		values = {"text": "diubah"}
		for stage, name in self.stages.items():
			before = stored(c.REPORT, name)
			row = before["items"][1]["name"]
			is_open = stage in ("draft", "returned")
			for key in (*self.WRITERS, "inspector"):
				found = set()
				for channel, ask in self.ways(key, *ways_to_write(c.REPORT, name, "items", row, values)):
					after = self.outcome(c.REPORT, name, key, ask)
					if after["items"] != before["items"]:
						found.add(channel)
				with self.subTest(stage=stage, user=key):
					if is_open and key != "inspector":
						self.assertLessEqual({"save", "REST v1", "set_value"}, found)
					else:
						self.assertEqual(found, set())

	def test_the_register_is_closed_once_it_is_handed_in(self):
		for stage, values in (
			("reviewed", {"submitted_on": "2024-02-02", "published_on": "2024-02-02"}),
			("reviewed", {"published_link": "https://lain.example"}),
			("submitted", {"submitted_on": "2024-02-02", "published_on": "2024-02-02"}),
			("published", {"submitted_on": "2024-02-02", "published_on": "2024-02-02"}),
			("published", {"published_link": "https://lain.example"}),
			("published", {"file": ""}),
		):
			name = self.stages[stage]
			before = stored(c.REPORT, name)
			for key in (*self.WRITERS, "inspector"):
				for channel, ask in self.ways(key, *ways_to_write(c.REPORT, name, "", "", values)):
					with self.subTest(stage=stage, values=str(values), user=key, channel=channel):
						after = self.outcome(c.REPORT, name, key, ask)
						self.assertKept(before, after, {"": tuple(values)}, channel)

	def test_sections_are_neither_added_nor_removed_nor_moved(self):
		for stage, name in self.stages.items():
			before = stored(c.REPORT, name)
			doc = json.loads(json.dumps(frappe.get_doc(c.REPORT, name).as_dict(), default=str))
			extra = {"doctype": SECTION, "title": "palsu", "text": "palsu", "section_key": "palsu"}
			for what, items in (
				("added", [*doc["items"], extra]),
				("removed", doc["items"][1:]),
				("all removed", []),
				("moved", [row | {"idx": 99 - row["idx"]} for row in reversed(doc["items"])]),
			):
				for key in (*self.WRITERS, "inspector"):
					for channel in ("save", "REST v1"):
						with self.subTest(stage=stage, what=what, user=key, channel=channel):
							ways = dict(ways_to_write(c.REPORT, name, "", "", {"items": items}))
							after = self.outcome(c.REPORT, name, key, ways[channel])
							self.assertEqual(after["items"], before["items"])

	def test_a_new_report_brings_no_figures_sections_or_steps(self):
		row = {"doctype": SECTION, "section_key": "x", "title": "palsu", "text": "palsu", "is_edited": 1}
		given = {field: value for field, value in self.GIVEN.items() if field not in ("opd", "year")}
		for state in (None, c.REVIEWED, c.PUBLISHED):
			doc = {"doctype": c.REPORT, "opd": A, "year": 2019, "items": [row], "workflow_state": state}
			for key in (*self.WRITERS, "inspector"):
				with self.subTest(user=key, state=state):
					frappe.db.savepoint("new")
					self.attempt(key, lambda doc=doc: call("frappe.client.insert", doc=doc | given))
					made = stored(c.REPORT, f"LKjIP-{A}-2019")
					if key == "inspector" or state:
						self.assertFalse(made[""])
					else:
						self.assertEqual((made[""]["workflow_state"], made["items"]), (c.DRAFT, []))
						for field in set(given) - {"flags"}:
							self.assertEqual(made[""][field], "None", field)
					frappe.db.rollback(save_point="new")

	def test_nobody_makes_or_hands_over_a_report_of_another_opd(self):
		for key in (*NOBODY, "planner", "executive", "inspector", "admin"):
			with self.subTest(user=key):
				doc = {"doctype": c.REPORT, "opd": B, "year": 2019}
				text = self.asked(key, lambda doc=doc: call("frappe.client.insert", doc=doc))
				self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_a_report_that_was_reviewed_is_not_deleted(self):
		for stage, name in self.stages.items():
			before = stored(c.REPORT, name)
			for key in (*self.WRITERS, "inspector", "admin", "viewer_a", "head_b"):
				for channel, ask in ways_to_remove(c.REPORT, name):
					if stage == "draft" and key in self.WRITERS and "rename" not in channel:
						continue
					with self.subTest(stage=stage, user=key, channel=channel):
						self.assertEqual(self.outcome(c.REPORT, name, key, ask), before)

	def test_who_wrote_it_or_holds_a_position_there_does_not_review_it(self):
		for key, role in (("bureau", c.INSPEKTORAT), ("viewer_a", c.INSPEKTORAT), ("head_a", c.INSPEKTORAT)):
			frappe.db.savepoint("reviewer")
			frappe.get_doc("User", person(key)).add_roles(role)
			if key == "bureau":
				as_person(key, lambda: self.edit("draft", "diubah"))
			with self.subTest(user=key):
				doc = frappe.get_doc(c.REPORT, self.stages["draft"])
				self.assertRefused(step, doc, "Review", key, "Telah direviu", exceptions=REFUSED)
			frappe.db.rollback(save_point="reviewer")
			frappe.clear_cache(user=person(key))

	def test_who_built_it_does_not_review_it(self):
		frappe.get_doc("User", person("bureau")).add_roles(c.INSPEKTORAT)
		name = self.stages["draft"]
		as_person("bureau", lambda: performance_reports.accept_sections(frappe.get_doc(c.REPORT, name)))
		self.assertRefused(
			step, frappe.get_doc(c.REPORT, name), "Review", "bureau", "Reviu", exceptions=REFUSED
		)
		frappe.clear_cache(user=person("bureau"))

	def edit(self, stage: str, text: str):
		doc = frappe.get_doc(c.REPORT, self.stages[stage])
		doc.items[1].text = text
		return doc.save()

	def test_the_statement_of_a_review_and_the_note_of_a_step_are_their_makers_own(self):
		deciders = {
			"draft": ("inspector",),
			"returned": ("inspector",),
			"reviewed": ("inspector", "head_a", "bureau"),
			"submitted": ("head_a", "bureau"),
		}
		for stage, name in self.stages.items():
			before = stored(c.REPORT, name)
			for key in (*self.WRITERS, "inspector"):
				ways = dict(ways_to_write(c.REPORT, name, "", "", {"decision_note": "titipan"}))
				for channel in ("save", "REST v1", "set_value"):
					with self.subTest(stage=stage, user=key, channel=channel):
						after = self.outcome(c.REPORT, name, key, ways[channel])[""]["decision_note"]
						is_own = key in deciders.get(stage, ())
						self.assertEqual(after, "titipan" if is_own else before[""]["decision_note"])

	def test_the_reason_of_a_return_is_no_statement_of_a_review(self):
		doc = frappe.get_doc(c.REPORT, self.stages["returned"])
		self.assertEqual(doc.decision_note, "Perbaiki")
		self.assertRefused(step, doc, "Review", "inspector", exceptions=frappe.ValidationError)
		self.assertEqual(step(doc, "Review", "inspector", "Telah direviu").review_statement, "Telah direviu")

	def test_a_step_carries_no_other_values(self):
		"""Frappe takes the document of the request along; what it says besides the step is not believed."""
		for (stage, key), states in self.OPEN.items():
			for state in states - {c.PUBLISHED}:
				name = self.stages[stage]
				before = stored(c.REPORT, name)
				given = {field: self.GIVEN[field] for field in ("figures", "figures_digest", "opd", "makers")}
				values = given | {"workflow_state": state, "decision_note": "catatan"}
				ways = dict(ways_to_write(c.REPORT, name, "", "", values))
				for channel in ("save", "REST v1"):
					with self.subTest(stage=stage, user=key, state=state, channel=channel):
						after = self.outcome(c.REPORT, name, key, ways[channel])
						self.assertKept(before, after, {"": tuple(given), "items": ("text",)}, channel)

	def test_the_file_is_not_one_of_others(self):
		urls = (self.b.report_url, self.b.evidence, self.b.url, self.b.proof)
		for stage in ("draft", "returned"):
			name = self.stages[stage]
			for url in urls:
				for spelled in (url, url.replace("files/", "files/./"), url.replace(".", "%2E")):
					for key in ("operator_a", "head_a"):
						with self.subTest(stage=stage, user=key, url=spelled):
							ways = dict(ways_to_write(c.REPORT, name, "", "", {"file": spelled}))
							frappe.db.savepoint("file")
							self.attempt(key, ways["save"])
							self.assertNotEqual(frappe.db.get_value(c.REPORT, name, "file"), spelled)
							text = self.asked(key, lambda url=url: download(url))
							self.assertHidden(text, (url,))
							frappe.db.rollback(save_point="file")

	def test_a_loose_upload_of_somebody_else_is_not_drawn_to_it(self):
		url = as_person("operator_b", lambda: _upload("RahasiaB lepas"))
		ways = dict(ways_to_write(c.REPORT, self.stages["draft"], "", "", {"file": url}))
		for key in ("operator_a", "head_a"):
			after = self.outcome(c.REPORT, self.stages["draft"], key, ways["save"])
			self.assertNotEqual(after[""]["file"], url)

	def test_endpoints_of_the_form_are_for_their_people(self):
		refused = ("viewer_a", "outsider", "wanderer", "operator_b", "head_b", "planner", "executive")
		for method in ("build", "accept_sections", "ask_review", "reword"):
			cmd = f"seroja.api.performance_reports.{method}"
			for stage, name in self.stages.items():
				before = stored(c.REPORT, name)
				for key in (
					*refused,
					"inspector",
					*(self.WRITERS if stage not in ("draft", "returned") else ()),
				):
					with self.subTest(method=method, stage=stage, user=key):
						ask = lambda cmd=cmd, name=name: call(cmd, name=name)  # noqa: E731
						self.assertEqual(self.outcome(c.REPORT, name, key, ask), before)
						self.assertTrue(self.asked(key, ask).startswith("(refused)"))
		for method in ("build", "accept_sections", "ask_review", "reword", "make_files"):
			for key in NOBODY:
				text = self.asked(
					key,
					lambda m=method: call(f"seroja.api.performance_reports.{m}", name=self.b.report),
				)
				self.assertTrue(text.startswith("(refused)"), text[:200])
				self.assertHidden(text, (self.b.report,))

	def test_who_only_reads_a_report_does_not_replace_what_was_uploaded(self):
		doc = frappe.get_doc(c.REPORT, self.stages["draft"])
		scan = as_person("operator_a", lambda: make_file(doc, "hasil pindai", f"{doc.name}.pdf"))
		for _time in range(2):
			as_person("viewer_a", lambda: performance_reports.make_files(frappe.get_doc(c.REPORT, doc.name)))
		kept = frappe.get_all("File", {"attached_to_name": doc.name}, pluck="file_url")
		self.assertEqual(len(kept), 3, kept)
		self.assertIn("hasil pindai", self.asked("head_a", lambda: download(scan.file_url)))

	def test_the_files_of_a_report_hold_its_own_opd_only(self):
		for key, name in (("operator_a", self.own.report), ("head_b", self.b.report)):
			as_person(key, lambda name=name: performance_reports.make_files(frappe.get_doc(c.REPORT, name)))
		mine = frappe.get_doc(c.REPORT, self.own.report)
		pdf = frappe.get_doc("File", {"file_url": mine.file}).get_content()
		self.assertIn("TesA milik", attached_text(pdf))
		self.assertHidden(attached_text(pdf))
		word = self.asked("operator_a", lambda: download(mine.word_file))
		self.assertIn(A, word)
		self.assertHidden(word)
		theirs = frappe.get_doc(c.REPORT, self.b.report)
		for url in (theirs.file, theirs.word_file):
			for key in NOBODY:
				text = self.asked(key, lambda url=url: download(url))
				self.assertTrue(text.startswith("(refused)"), text[:200])
				self.assertHidden(text, (url,))
			self.assertFalse(self.asked("inspector", lambda url=url: download(url)).startswith("(refused)"))


HOSTILE = (
	["like", "%"],
	{"name": ["like", "%"]},
	"' or 1=1 -- ",
	"\\",
	"\x00",
	"[]",
	'{"a": 1}',
	7,
	True,
	None,
)


class TestEndpoints(ReportingTestCase):
	def endpoints(self) -> dict[str, dict]:
		"""Every endpoint of reporting with arguments that lead to B."""
		b = self.b
		filters = json.dumps(everything_of_b(self))
		figure = {"sheet": b.sheet, "indicator": b.indicator}
		return {
			"documents.report_pdf": {"report": "Indicator Achievement", "filters": filters},
			"documents.report_extract": {
				"layout": "LKPJ-IKD",
				"year": YEAR,
				"opd": B,
				"as_known_on": today(),
			},
			"documents.evaluation_summary": {"period": TW1, "opd": B, "as_known_on": today()},
			"figure_notes.details": figure,
			"dashboards.get": {"view": "city", "period": TW1},
			"subscriptions.recipients": {"name": b.subscription},
			"subscriptions.last_deliveries": {"name": b.subscription},
			"subscriptions.send_test": {"name": b.subscription},
			"subscriptions.send_again": {"name": b.delivery},
			"performance_reports.build": {"name": b.report},
			"performance_reports.accept_sections": {"name": b.report},
			"performance_reports.ask_review": {"name": b.report},
			"performance_reports.make_files": {"name": b.report},
			"performance_reports.reword": {"name": b.report},
			"analysis.indicator": {"name": b.indicator},
			"analysis.sheet": {"name": b.sheet},
		}

	READING = (
		"analysis.",
		"documents.",
		"figure_notes.",
		"dashboards.",
		"subscriptions.recipients",
		"subscriptions.last",
	)

	def echo(self) -> tuple[str, ...]:
		b = self.b
		names = (b.sheet, b.indicator, b.report, b.subscription, b.delivery, b.plan, b.version, b.assessment)
		return (*names, B)

	def ask(self, method: str, arguments: dict, http_method: str = "POST"):
		return lambda: paper(f"seroja.api.{method}", http_method, **arguments)

	def test_none_is_forgotten_here(self):
		modules = {f"seroja.api.{method.partition('.')[0]}" for method in self.endpoints()} - {
			"seroja.api.documents"
		}
		for module in modules:
			import_module(module)
		ours = {
			f"{method.__module__}.{method.__name__}".removeprefix("seroja.api.")
			for method in frappe.whitelisted
			if method.__module__ in modules
		}
		self.assertLessEqual(ours, set(self.endpoints()))

	def test_they_tell_nothing_of_others(self):
		for method, arguments in self.endpoints().items():
			before = self.kept()
			self.hide(method, self.ask(method, arguments), self.echo(), seen_by=())
			self.assertEqual(self.kept(), before)

	def kept(self) -> list[dict]:
		b = self.b
		places = ((c.REPORT, b.report), (c.SUBSCRIPTION, b.subscription), (c.DELIVERY, b.delivery))
		return [stored(*place) for place in places]

	def test_they_do_tell_those_who_may_know(self):
		frappe.db.delete(OPT_OUT)
		for method, key in (
			("documents.report_pdf", "inspector"),
			("documents.report_extract", "inspector"),
			("documents.evaluation_summary", "inspector"),
			("figure_notes.details", "head_b"),
			("dashboards.get", "executive"),
			("analysis.sheet", "planner"),
			("subscriptions.recipients", "bureau"),
			("subscriptions.last_deliveries", "bureau"),
		):
			with self.subTest(method=method, user=key):
				text = self.asked(key, self.ask(method, self.endpoints()[method]))
				for name in self.echo():
					text = text.replace(name, "·")
				self.assertRegex(text, r"RahasiaB|Dinas ·|Indikator \d ·|63[,.]17|operator_b|head_b")

	def test_a_guest_gets_nothing(self):
		for method, arguments in self.endpoints().items():
			with self.subTest(method=method):
				text = self.asked("Guest@", lambda m=method, a=arguments: as_guest(self.ask(m, a)))
				self.assertHidden(text, self.echo())
				self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_what_changes_something_is_not_asked_for_with_an_address(self):
		for method in self.endpoints():
			if method.startswith(self.READING):
				continue
			own = {"name": self.own.subscription if "subscriptions" in method else self.own.report}
			for key in ("operator_a", "head_a", "admin", "bureau"):
				with self.subTest(method=method, user=key):
					text = self.asked(key, self.ask(method, own, "GET"))
					self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_arguments_that_are_none_find_nothing(self):
		"""And never an error of Python or of the database, which would tell about the query."""
		for method, arguments in self.endpoints().items():
			for name in arguments:
				for value in HOSTILE:
					changed = arguments | {name: value}
					for key in ("operator_a", "outsider"):
						with self.subTest(method=method, argument=name, value=str(value), user=key):
							text = self.asked(key, self.ask(method, changed))
							self.assertHidden(text, self.echo())

	def test_the_filters_of_a_report_are_values(self):
		for report in (*REPORTS, *ALL_REPORTS):
			for name in (
				"opd",
				"period",
				"year",
				"layout",
				"from_period",
				"as_known_on",
				"measures",
				"report",
			):
				for value in (*HOSTILE[:1], *HOSTILE[2:3]):
					filters = {"year": YEAR, "layout": "LKPJ-IKD", name: value}
					with self.subTest(report=report, filter=name, value=str(value)):
						text = self.asked("operator_a", lambda r=report, f=filters: run(r, f))
						self.assertHidden(text, (str(value),))

	def test_the_dashboard_is_that_of_the_own_opd(self):
		for view in (None, "unit"):
			for period in (None, TW1, TW2):
				self.hide(
					f"dashboard {view} {period}",
					self.ask("dashboards.get", {"view": view, "period": period}),
					seen_by=(),
				)
		self.check_same("dashboard", self.ask("dashboards.get", {"view": None, "period": TW1}))
		for view in ("city", "inspectorate"):
			for key in NOBODY:
				text = self.asked(key, self.ask("dashboards.get", {"view": view}))
				self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_a_figure_is_explained_from_the_own_sheet_only(self):
		own = f"{A}-{TW1}"
		self.hide(
			"own sheet, indicator of B",
			self.ask("figure_notes.details", {"sheet": own, "indicator": self.b.indicator}),
			self.echo(),
			seen_by=(),
		)
		text = self.asked("viewer_a", self.ask("figure_notes.details", {"sheet": own, "indicator": f"{A}-1"}))
		self.assertIn("TesA milik", text)
		self.assertHidden(text)

	def test_deliveries_of_a_common_subscription_are_told_apart(self):
		doc = as_person("bureau", lambda: _subscribe("head_a", "Bersama"))
		doc = frappe.get_doc(c.SUBSCRIPTION, doc.name)
		for key in ("head_a", "head_b"):
			subscriptions.add_delivery(doc, "2031-W9", person(key), person(key), now_datetime())
		for key in NOBODY:
			text = self.asked(key, self.ask("subscriptions.last_deliveries", {"name": doc.name}))
			self.assertHidden(text)
		doc.db_set("owner", person("head_a"))
		text = self.asked("head_a", self.ask("subscriptions.last_deliveries", {"name": doc.name}))
		self.assertIn("head_a", text)
		self.assertHidden(text)


def everything_of_b(case) -> dict:
	"""The filters of every report at once, with names of B."""
	return test_isolation.TestReports.b_filters(case) | {
		"opd": B,
		"layout": "LKPJ-IKD",
		"from_period": TW1,
		"to_period": TW2,
		"as_known_on": today(),
	}


class TestReportsAndMails(ReportingTestCase):
	ALL_MEASURES = "Target, Realization, Achievement, Last Year, Year to Date, Difference"
	PEOPLE = ("operator_a", "head_a", "viewer_a", "outsider", "wanderer", "head_b", "inspector")

	def questions(self):
		"""(report, filters, does the Inspektorat see B in it) of the new reports, and of all as known on a day."""
		matrix, extract, missing = REPORTS
		both = {"from_period": TW1, "to_period": TW2}
		yield matrix, {}, True
		yield matrix, both | {"include_unverified": 1, "measures": self.ALL_MEASURES}, True
		yield matrix, both | {"opd": B}, True
		yield matrix, both | {"as_known_on": today()}, True
		for layout in LAYOUTS:
			year = YEAR - 1 if layout.startswith("SAKIP") else YEAR
			is_seen = layout != "SPM-INDEKS"
			yield extract, {"layout": layout, "year": year}, is_seen
			yield extract, {"layout": layout, "year": year, "opd": B, "as_known_on": today()}, is_seen
		yield missing, {"year": YEAR}, True
		yield missing, {"year": YEAR, "opd": B, "as_known_on": today()}, False
		for report in ALL_REPORTS:
			yield report, {"year": YEAR, "period": TW1, "as_known_on": today()}, False
			yield report, everything_of_b(self), False

	def echo(self) -> tuple[str, ...]:
		b = self.b
		return (b.plan, b.version, b.indicator, b.assessment, b.node, B)

	def test_rows_chart_summary_and_message_are_the_readers_own(self):
		for report, filters, is_seen in self.questions():
			echo = self.echo() if "opd" in filters else ()
			ask = lambda r=report, f=filters: run(r, f)  # noqa: E731
			self.hide(f"{report} {filters}", ask, echo, seen_by=("inspector",) if is_seen else ())

	def test_they_are_the_same_as_if_the_other_did_not_exist(self):
		for report, filters, _is_seen in self.questions():
			if "opd" in filters or report == "Waiting for Me":
				continue
			ask = lambda r=report, f=filters: run(r, f)  # noqa: E731
			self.check_same(f"{report} {filters}", ask, differs_for=None)

	def test_exports_hold_only_own_rows(self):
		for report, filters, is_seen in self.questions():
			if report not in REPORTS:
				continue  # test_isolation
			for kind in ("CSV", "Excel"):
				self.hide(
					f"{report} {kind} {filters}",
					lambda r=report, f=filters, kind=kind: call(
						"frappe.desk.query_report.export_query",
						report_name=r,
						filters=json.dumps(f),
						file_format_type=kind,
						visible_idx="[]",
						include_filters=0,
					),
					self.echo() if "opd" in filters else (),
					seen_by=("inspector",) if is_seen else (),
				)

	def test_a_report_on_paper_and_the_files_in_it_hold_only_own_rows(self):
		for report in (*REPORTS, *ALL_REPORTS):
			for filters in ({"year": YEAR, "period": TW1, "layout": "LKPJ-IKD"}, everything_of_b(self)):
				ask = lambda r=report, f=filters: paper(  # noqa: E731
					"seroja.api.documents.report_pdf", report=r, filters=json.dumps(f)
				)
				for key in (
					"operator_a",
					*(("viewer_a", "outsider", "wanderer") if report in REPORTS else ()),
				):
					with self.subTest(report=report, filters=str(filters), user=key):
						self.assertHidden(self.asked(key, ask), self.echo() if "opd" in filters else ())
		text = self.asked("inspector", ask_for(REPORTS[0], {"from_period": TW1}))
		self.assertRegex(text, "Indikator 1 TesB")
		text = self.asked("operator_a", ask_for(REPORTS[0], {"from_period": TW1}))
		self.assertIn("data.csv", text)
		self.assertIn("TesA milik", text)

	def test_the_name_of_an_opd_is_not_told_by_a_title(self):
		for key in NOBODY:
			text = self.asked(key, ask_for("Indicator Achievement", {"period": TW1, "opd": B}))
			self.assertHidden(text, (B,))

	def test_extracts_hold_only_own_rows(self):
		for layout in LAYOUTS:
			for kind in ("xlsx", "csv"):
				for values in ({}, {"opd": B}, {"as_known_on": today()}):
					self.hide(
						f"{layout} {kind} {values}",
						lambda layout=layout, kind=kind, values=values: call(
							"seroja.api.documents.report_extract",
							layout=layout,
							kind=kind,
							year=YEAR,
							**values,
						),
						(B, B.lower()) if values.get("opd") else (),
						seen_by=("inspector",) if layout not in ("SPM-INDEKS", "SAKIP-LKE") else (),
					)

	def test_the_summary_as_known_on_a_day_holds_only_own_rows(self):
		for values in ({}, {"opd": B}):
			ask = lambda values=values: paper(  # noqa: E731
				"seroja.api.documents.evaluation_summary", period=TW1, as_known_on=today(), **values
			)
			self.hide(f"summary {values}", ask, (B, B.lower()) if values else ())

	def test_what_is_rendered_for_a_mail_holds_only_own_rows(self):
		asked = [(report_files.EVALUATION_SUMMARY, None, {"period": TW1})]
		asked += [(report_files.EVALUATION_SUMMARY, None, {"period": TW1, "opd": B})]
		asked += [("Report", report, everything_of_b(self)) for report in (*REPORTS, ALL_REPORTS[0])]
		asked += [("Report", REPORTS[0], {"from_period": TW1}), ("Report", REPORTS[2], {"year": YEAR})]
		for content, report, filters in asked:
			ask = lambda *given: lambda: rendered_text(report_files.render(*given))  # noqa: E731
			for key in ("operator_a", "outsider"):
				with self.subTest(content=content, report=report, filters=str(filters), user=key):
					text = self.asked(key, ask(content, report, filters))
					self.assertHidden(text, self.echo() if "opd" in filters else ())
			self.assertRegex(self.asked("inspector", ask(content, report, filters)), "TesB")

	# --- by mail ---

	def open(self, **values):
		"""A subscription of the bureau for everybody, and a delivery that waits for each."""
		people = [{"kind": "User", "user": person(key)} for key in self.PEOPLE]
		values = {"attach_pdf": 1, "attach_xlsx": 1, "skip_empty": 0} | values
		doc = as_person("bureau", lambda: _subscribe("head_a", "Rekap", **values))
		doc.set("recipients", people)
		doc.save()
		frappe.db.delete(c.DELIVERY)
		for key in self.PEOPLE:
			subscriptions.add_delivery(doc, "2031-W2", person(key), person(key), now_datetime())
		return doc

	def deliver(self) -> dict[str, str]:
		"""Person → all that he got."""
		with captured() as mails:
			mailer.deliver()
		return {address.partition("@")[0]: "\n".join(texts) for address, texts in mails.items()}

	def contents(self):
		yield {"content": report_files.EVALUATION_SUMMARY}
		for report, filters in (
			("Indicator Achievement", {"period": TW1}),
			("Performance Matrix", {"from_period": TW1}),
			("Report Extract", {"layout": "LKPJ-IKD", "year": YEAR}),
			("Missing for Reports", {"year": YEAR, "as_known_on": today()}),
			*((report, {"period": TW1}) for report in ANALYSIS_REPORTS),
		):
			yield {"content": "Report", "report": report, "filters": json.dumps(filters)}

	def test_each_gets_his_own_and_nothing_of_others(self):
		for content in self.contents():
			with self.subTest(content=str(content)):
				frappe.db.savepoint("mail")
				self.open(**content)
				got = self.deliver()
				self.assertEqual(set(got), set(self.PEOPLE) - {"outsider", "wanderer"})
				for key in OF_A:
					self.assertHidden(got[key])
					self.assertIn(A, got[key])
				for key in ("head_b", "inspector"):
					self.assertRegex(got[key], "TesB")
				frappe.db.rollback(save_point="mail")

	def test_a_mail_about_b_alone_is_empty_for_a(self):
		for content in (
			{
				"content": "Report",
				"report": REPORTS[0],
				"filters": json.dumps({"from_period": TW1, "opd": B}),
			},
			{
				"content": "Report",
				"report": "Indicator Achievement",
				"filters": json.dumps({"period": TW1, "opd": B}),
			},
			{
				"content": "Report",
				"report": "Indicator Outlook",
				"filters": json.dumps({"period": TW1, "opd": B}),
			},
		):
			frappe.db.savepoint("mail")
			self.open(**content)
			got = self.deliver()
			for key in OF_A:
				self.assertHidden(got.get(key, ""), (B,))
			self.assertRegex(got["inspector"], "Indikator 1 TesB")
			frappe.db.rollback(save_point="mail")

	def test_who_left_before_the_mail_was_sent_gets_nothing_of_his_former_opd(self):
		self.open()
		self.leave("operator_a", None)
		self.leave("viewer_a", B)
		got = self.deliver()
		self.assertNotIn("operator_a", got)
		self.assertRegex(got["viewer_a"], "TesB")
		self.assertNotRegex(got["viewer_a"], "TesA")
		self.assertIn("Indikator 1 TesA", got["head_a"])

	def leave(self, key: str, to: str | None) -> None:
		"""The position in A ended yesterday; another one elsewhere has begun."""
		opd = frappe.get_doc("OPD", A)
		for row in opd.position_holders:
			if row.user == person(key):
				row.to_date = add_days(today(), -1)
		opd.save()
		if to:
			opd = frappe.get_doc("OPD", to)
			row = {"user": person(key), "position": "Viewer", "capacity": "Definitif"}
			opd.append("position_holders", row | {"from_date": today()})
			opd.save()

	def test_who_lost_his_roles_gets_nothing(self):
		self.open(content="Report", report=REPORTS[0], filters=json.dumps({"from_period": TW1}))
		frappe.get_doc("User", person("head_a")).remove_roles(c.HEAD)
		self.assertNotIn("head_a", self.deliver())
		frappe.clear_cache(user=person("head_a"))

	def test_a_log_of_deliveries_tells_a_nothing(self):
		self.open()
		self.deliver()
		for key in NOBODY:
			text = self.asked(
				key,
				lambda: call("frappe.client.get_list", doctype=c.DELIVERY, fields=["*"], limit_page_length=0),
			)
			self.assertTrue(text.startswith("(refused)"), text[:200])


def ask_for(report: str, filters: dict):
	return lambda: paper("seroja.api.documents.report_pdf", report=report, filters=json.dumps(filters))


def rendered_text(rendered) -> str:
	"""Everything that a rendered report says."""
	book = workbook_text(rendered.xlsx) if rendered.xlsx else ""
	words = (rendered.title, rendered.period, rendered.filename, rendered.html)
	return "\n".join((*words, attached_text(rendered.pdf), book))


@contextmanager
def captured():
	"""The mails that the mailer hands over: address → texts. No mail server, nothing is committed."""
	mails: dict[str, list[str]] = {}
	address = "seroja@tests.seroja.example"
	server = frappe._dict(session=None, quit=lambda: None)
	account = frappe._dict(default_sender=address, email_id=address, get_smtp_server=lambda: server)

	def take(session, sender: str, recipient: str, message) -> None:
		mails.setdefault(recipient, []).append(mail_text(message))

	with (
		outside_test(),
		patch.object(frappe, "are_emails_muted", lambda: False),
		patch.object(mailer.EmailAccount, "find_outgoing", lambda **_kwargs: account),
		patch.object(mailer, "_hand_over", take),
	):
		yield mails


def mail_text(message) -> str:
	"""Headers, bodies, attachments, and the files inside these."""
	texts = [str(message.items())]
	for part in message.walk():
		content = None if part.is_multipart() else part.get_content()
		if isinstance(content, str):
			texts.append(content)
		elif content and content.startswith(b"%PDF"):
			texts.append(attached_text(content))
		elif content and content.startswith(b"PK"):
			texts.append(workbook_text(content))
		texts.append(str(part.get_filename()))
	return "\n".join(texts)


class TestPages(ReportingTestCase, PublicTestCase):
	def look(self, user: str, code: str, digest: str) -> str:
		user = user if user == "Guest" else person(user)
		return self.visit("periksa", user, kode=code, sidik=digest).get_data(as_text=True)

	def test_a_printed_copy_of_b_is_genuine_and_nothing_more(self):
		b = self.b
		answers = set()
		for key in ("Guest", *NOBODY, "operator_b"):
			with self.subTest(user=key):
				html = self.look(key, b.snapshot, b.digest[:16])
				self.assertIn("seroja-genuine", html)
				self.assertNotIn("seroja-record", html)
				self.assertHidden(visible(html))
				answers.add(re.search(r'<div class="seroja-answer.*?</div>', html, re.DOTALL).group())
				html = self.look(key, b.snapshot, "0" * 16)
				self.assertIn("seroja-unknown", html)
				self.assertHidden(visible(html))
		self.assertEqual(len(answers), 1)
		for key in ("head_b", "inspector", "admin"):
			self.assertRegex(self.look(key, b.snapshot, b.digest), "Dinas TesB")

	def test_hostile_codes_are_unknown(self):
		for value in ("%", "' or 1=1 -- ", "\x00", "é" * 300, f"{self.b.snapshot}%", "[]", '{"a": 1}'):
			for code, digest in ((value, self.b.digest), (self.b.snapshot, value), (value, value)):
				with self.subTest(code=code, digest=digest):
					html = self.look("Guest", code, digest)
					self.assertHidden(visible(html))
					if digest != self.b.digest:
						self.assertIn("seroja-unknown", html)

	def test_the_public_page_shows_verified_rows_of_public_periods_and_nobody(self):
		switch()
		publish(TW1)
		shown = [self.page(), self.page(period=TW1, opd=B), self.download(period=TW1, opd=B)]
		self.assertIn("Indikator 1 TesB", shown[1])
		for html in shown:
			self.assertNotRegex(
				html, "hambatan|tindak lanjut|operator_b|head_b|nasional|RahasiaB.txt|catatan"
			)
			self.assertNotIn(TW2, html)
		for arguments in ({"period": TW2}, {"period": TW2, "opd": B}, {"period": TW1, "opd": "TesC"}):
			self.assertNotFound(**arguments)
		publish(TW2)  # open, but with a draft of B only
		self.assertNotIn("TesB", self.page(period=TW2))
		self.assertEqual(self.rows(period=TW2), [])
		switch(0)
		for arguments in ({}, {"period": TW1}, {"period": TW1, "opd": B}):
			self.assertNotFound(**arguments)

	def test_hostile_arguments_of_the_public_page_are_not_found(self):
		switch()
		publish(TW1)
		for value in ("%", "' or 1=1 -- ", "\x00", '["like", "%"]', '{"name": "x"}', "x" * 5000):
			for name in ("period", "opd"):
				with self.subTest(argument=name, value=value[:20]):
					self.assertNotFound(**{name: value})
		for value in (["like", "%"], {"name": "x"}, 7):
			text = self.asked(
				"Guest@",
				lambda value=value: as_guest(lambda: call("seroja.api.public.figures", "GET", period=value)),
			)
			self.assertTrue(text.startswith("(refused)"), text[:200])
		text = self.asked("Guest@", lambda: as_guest(lambda: call("seroja.api.public.figures", "POST")))
		self.assertTrue(text.startswith("(refused)"), text[:200])

	def follow(self, link: str, method: str, **form) -> str:
		"""A link of a mail, opened by somebody without login."""
		frappe.set_user("Guest")
		path, _mark, query = link.partition("?")
		set_request(method=method, path=path, query_string=query)
		frappe.local.form_dict = frappe._dict(form)
		try:
			return get_response(path.strip("/")).get_data(as_text=True)
		finally:
			frappe.set_user("Administrator")

	def test_a_link_to_unsubscribe_works_for_its_delivery_only(self):
		b, own = self.b, self.own
		link = "/" + subscriptions.unsubscribe_link(own.delivery).split("/", 3)[3]
		signature = link.rpartition("=")[2]
		frappe.db.delete(OPT_OUT)
		for forged in (
			link.replace(own.delivery, b.delivery),
			link.replace(own.delivery, "' or 1=1 -- "),
			link.replace(signature, ""),
			link.replace(signature, "é"),
			link.replace("delivery=", "delivery[]="),
			"/report-unsubscribe",
			f"{link}&delivery={b.delivery}",
		):
			for method in ("GET", "POST"):
				with self.subTest(link=forged, method=method):
					html = self.follow(forged, method, wish="unsubscribe")
					self.assertHidden(html, (b.delivery,))
					self.assertFalse(frappe.db.exists(OPT_OUT, {"parent": b.subscription}))
		frappe.db.delete(OPT_OUT)
		self.follow(link, "GET", wish="unsubscribe")
		self.assertFalse(frappe.db.count(OPT_OUT))
		self.follow(link, "POST", wish="unsubscribe")
		self.assertEqual(frappe.get_all(OPT_OUT, pluck="parent"), [own.subscription])
