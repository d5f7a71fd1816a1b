"""Nothing of OPD B reaches people of OPD A or outsiders, on any channel, and they change nothing there.

Decision 7 of design.md. Every probe goes the way a browser goes (the handler, so that overridden
methods count; REST through frappe.api) and is asked by the Inspektorat too, which must see OPD B:
a probe that shows nothing to anybody proves nothing.
"""

import io
import json
import re
import warnings
import zipfile
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from frappe.exceptions import FrappeTypeError
from frappe.utils import add_days, today
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from seroja import constants as c
from seroja.services import imports, worksheet
from seroja.tests.evaluation_utils import (
	AKIP,
	EVALUATE,
	FINALIZE,
	FINDING,
	GRADES,
	confirm,
	decide,
	draft_assessment,
	follow_up,
	make_round,
	step,
	write,
)
from seroja.tests.planning_utils import (
	CITY as GOVERNMENT,
)
from seroja.tests.planning_utils import (
	SIGN,
	approve_plan,
	as_person,
	keys_of,
	make_agreement,
	make_government,
	make_import,
	make_node,
	make_plan,
	reopen_plan,
)
from seroja.tests.utils import (
	APPROVE,
	REOPEN,
	RETURN,
	SUBMIT,
	VERIFY,
	YEAR,
	A,
	B,
	SerojaTestCase,
	draft_sheet,
	fill_sheet,
	grant_exception,
	make_file,
	person,
	take,
	verified_sheet,
)

ITEM, TARGET_ITEM = "Performance Realization Item", "Performance Target Item"
YEAR_TARGET, HOLDER = "Performance Indicator Year Target", "OPD Position Holder"
INDICATOR, PERIOD, EXCEPTION = "Performance Indicator", "Reporting Period", "Reporting Period Exception"
MISSION, TAG, ACTION = "Strategic Plan Mission", "Indicator Tag", "Performance Target Action"
BUDGET, COMPONENT = "Performance Objective Budget", "Performance Objective Component"
CROSSCUT, NODE = "Performance Objective Crosscut", "parent_performance_objective"
PROGRAM, AGREED = "Performance Agreement Program", "Performance Agreement Item"
TAG_ROW, SMART = "Performance Indicator Tag", "Performance Indicator SMART"
ASSESSED, FINDING_ROW = "Assessment Item", "Assessment Finding"
FOLLOW_UP, DECISION = "Recommendation Follow-up", "Recommendation Decision"
# The final assessment is of the year before, so that its recommendations are open in the draft of this one.
ASSESSED_YEAR, REPORT_YEAR = YEAR - 1, 2024
REPORTS = ("Indicator Achievement", "OPD Evaluation Summary", "Verification Status", "Waiting for Me")
PLANNING_REPORTS = (
	"Planning Checks",
	"Cascading Quality",
	"Objective Roll-up",
	"Plan Version Difference",
	"Indicator Trend",
)
EVALUATION_REPORTS = ("Assessment Summary", "Follow-up Status", "Index Profile")
ANALYSIS_REPORTS = ("Indicator Outlook", "Data Quality")
EXCHANGE_REPORT = "Roll-up of Governments"  # of governments, closed to OPDs: test_exchange_isolation
ALL_REPORTS = (*REPORTS, *PLANNING_REPORTS, *EVALUATION_REPORTS, *ANALYSIS_REPORTS)
# DocType → (its parent if it is a child table, the field that leads to the OPD)
SCOPED = {
	"OPD": (None, "name"),
	INDICATOR: (None, "opd"),
	c.TARGET: (None, "opd"),
	c.REALIZATION: (None, "opd"),
	c.ENTRY: (None, "opd"),
	EXCEPTION: (None, "opd"),
	HOLDER: ("OPD", "parent"),
	YEAR_TARGET: (INDICATOR, "parent"),
	TARGET_ITEM: (c.TARGET, "parent"),
	ITEM: (c.REALIZATION, "parent"),
	c.PLAN: (None, "opd"),
	c.PLAN_VERSION: (None, "opd"),
	c.OBJECTIVE: (None, "opd"),
	c.AGREEMENT: (None, "opd"),
	c.IMPORT: (None, "opd"),
	MISSION: (c.PLAN, "parent"),
	BUDGET: (c.OBJECTIVE, "parent"),
	COMPONENT: (c.OBJECTIVE, "parent"),
	CROSSCUT: (c.OBJECTIVE, "parent"),
	ACTION: (c.TARGET, "parent"),
	AGREED: (c.AGREEMENT, "parent"),
	PROGRAM: (c.AGREEMENT, "parent"),
	TAG_ROW: (INDICATOR, "parent"),
	SMART: (INDICATOR, "parent"),
	c.ASSESSMENT: (None, "opd"),
	c.RECOMMENDATION: (None, "opd"),
	c.REPORT: (None, "opd"),
	ASSESSED: (c.ASSESSMENT, "parent"),
	FINDING_ROW: (c.ASSESSMENT, "parent"),
	FOLLOW_UP: (c.RECOMMENDATION, "parent"),
	DECISION: (c.RECOMMENDATION, "parent"),
}
OF_A, CITY = (
	("operator_a", "head_a", "viewer_a"),
	(
		"inspector",
		"planner",
		"executive",
		"bureau",
		"admin",
	),
)
STRANGERS = (*OF_A, "outsider")
# What only OPD B knows: its texts, people, document names and figures.
SECRET = re.compile(
	r"RahasiaB|Dinas TesB|Indikator \d TesB|Sasaran \d TesB|operator_b|head_b|TesB-\d\b|TesB-2031|PK-TesB"
	r"|TesB|63[,.]17|7[.]?391[.]?391|VS-2031"
)
# What no caller gives himself, so that it is never an echo.
DEEP_SECRET = re.compile(
	r"RahasiaB|Dinas TesB|Indikator \d TesB|Sasaran \d TesB|operator_b|head_b|63[,.]17|7[.]?391[.]?391"
)
REFUSED = (
	frappe.PermissionError,
	frappe.DuplicateEntryError,
	frappe.DoesNotExistError,
	frappe.ValidationError,
	frappe.AuthenticationError,
	FrappeTypeError,
	Forbidden,
	NotFound,
)
# Frappe's own refusal repeats the name of what was asked for.
NAMING = re.compile(r"does not have access to this document[^\"<]*|\"__frappe_exc_id\": \"\w+\"")
CHART = "frappe.desk.doctype.dashboard_chart.dashboard_chart."
CARD = "frappe.desk.doctype.number_card.number_card."


def request(path: str, method: str = "GET") -> None:
	frappe.local.request = Request(EnvironBuilder(path=path, method=method).get_environ())
	frappe.local.response = frappe._dict(docs=[])
	frappe.local.request_ip = frappe.generate_hash(length=12)  # its own, for Frappe's rate limits
	frappe.clear_messages()


def call(cmd: str, http_method: str = "POST", **arguments):
	"""Call a whitelisted method as a browser does; gives everything that it would send back."""
	from frappe.handler import execute_cmd

	request(f"/api/method/{cmd}", http_method)
	frappe.local.form_dict = frappe._dict(arguments)
	with outside_test():
		data = execute_cmd(cmd)
	return said(data)


def rest(path: str, http_method: str = "GET", **arguments) -> str:
	"""Call the REST API."""
	from frappe.api import handle

	request(path, http_method)
	frappe.local.form_dict = frappe._dict(arguments)
	with outside_test():
		response = handle(frappe.local.request)
	return response.get_data(as_text=True) + said(None)


@contextmanager
def outside_test():
	"""Frappe relaxes checks in tests (only_for and others); and nothing may commit or leave the machine."""
	rollback = frappe.db.rollback

	def to_savepoint_only(*, save_point=None, chain=False):
		if save_point:
			rollback(save_point=save_point)

	with (
		patch.object(frappe.db, "commit"),
		patch.object(frappe.db, "rollback", to_savepoint_only),
		patch("frappe.sendmail"),
		patch("frappe.enqueue"),
		patch.dict(frappe.local.flags, {"in_test": False}),
	):
		yield


def said(data) -> str:
	"""A reply as text: return value, response, documents, messages, and the text of files."""
	response = dict(frappe.local.response)
	content = response.pop("filecontent", None) or b""
	parts = [_plain(data), _plain(response), _plain(frappe.get_message_log()), _file_text(content)]
	return re.sub(r'(, )?"execution_time": [\d.e-]+', "", "\n".join(parts))


def _plain(value) -> str:
	return json.dumps(value, default=_jsonable, ensure_ascii=False)


def _jsonable(value):
	if hasattr(value, "as_dict"):
		return value.as_dict()
	return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _file_text(content) -> str:
	if isinstance(content, str):
		return content
	if content.startswith(b"%PDF"):
		return pdf_text(content)
	if content.startswith(b"PK"):
		with zipfile.ZipFile(io.BytesIO(content)) as parts:
			return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
	return content.decode("utf-8", "replace")


def pdf_text(content: bytes) -> str:
	with warnings.catch_warnings():
		warnings.simplefilter("ignore")
		from pypdf import PdfReader

		text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
	return re.sub(r"T (?=es[AB])", "T", text)  # kerning after a T is read as a space


class IsolationTestCase(SerojaTestCase):
	"""Both OPDs have a plan, its version, an agreement, an import, a verified first quarter, a final assessment with
	its recommendation, and a report.

	OPD B also has an open second quarter, an open assessment, and traces everywhere.
	"""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.prepare()
		frappe.get_doc({"doctype": "OPD", "abbreviation": "TesC", "opd_name": "Mitra TesA"}).insert()
		frappe.get_doc({"doctype": TAG, "tag": "Tes Tag"}).insert()
		cls.own = make_planning(A, "TesA milik", "TesC")
		cls.own.update(make_evaluation(A, "TesA milik"))
		cls.b = make_secrets(cls.own.node)
		verified_sheet(A)

	@classmethod
	def prepare(cls) -> None:
		"""What must stand before everything else."""

	def asked(self, key: str, ask) -> str:
		"""What somebody is told; whatever it did is undone. A refusal counts with all that it says."""
		frappe.db.savepoint("asked")
		frappe.set_user(person(key) if "@" not in key and key != "Administrator" else key)
		frappe.local.role_permissions = {}
		try:
			return ask()
		except (*REFUSED, IndexError) as error:  # IndexError: Frappe stumbles over a refusal without text
			return "(refused) " + NAMING.sub("…", f"{error} {_plain(frappe.get_message_log())}")
		finally:
			frappe.set_user("Administrator")
			frappe.db.rollback(save_point="asked")
			frappe.clear_messages()
			frappe.local.cache = {}

	def need_full_text_search(self) -> None:
		if frappe.conf.db_type == "sqlite":
			self.skipTest("Frappe has no full-text search on SQLite")

	def assertHidden(self, text: str, echo: tuple[str, ...] = ()) -> None:
		"""Nothing secret in a reply. echo: names that the caller gave himself."""
		found = DEEP_SECRET.search(text)
		if not found:
			for name in sorted(echo, key=len, reverse=True):
				text = text.replace(name, "·")
			found = SECRET.search(text)
		if found:
			start = max(found.start() - 100, 0)
			self.fail(f"Leaked {sorted(set(SECRET.findall(text)))[:8]}: …{text[start : found.end() + 100]}…")

	def check(
		self,
		channel: str,
		ask,
		echo: tuple[str, ...] = (),
		seen_by: tuple[str, ...] = ("inspector",),
		strangers: tuple[str, ...] = STRANGERS,
	):
		"""Ask as everybody: people of A and outsiders learn nothing, those in seen_by do."""
		for key in strangers:
			with self.subTest(channel=channel, user=key):
				self.assertHidden(self.asked(key, ask), echo)
		for key in seen_by:
			with self.subTest(channel=channel, user=key):
				text = self.asked(key, ask)
				for name in echo:
					text = text.replace(name, "·")
				self.assertRegex(text, SECRET)

	def check_same(self, channel: str, ask, differs_for: str | None = "inspector"):
		"""The reply is the same as if OPD B did not exist: no total, count or mean takes it in."""
		for key in STRANGERS:
			with self.subTest(channel=channel, user=key):
				self.assertEqual(*self.with_and_without_b(key, ask))
		if differs_for:
			with self.subTest(channel=channel, user=differs_for):
				self.assertNotEqual(*self.with_and_without_b(differs_for, ask))

	def with_and_without_b(self, key: str, ask) -> tuple[str, str]:
		first = self.asked(key, ask)
		frappe.db.savepoint("without_b")
		remove_b()
		second = self.asked(key, ask)
		frappe.db.rollback(save_point="without_b")
		frappe.local.cache = {}
		return first, second


def make_planning(opd: str, word: str, partner: str, partner_node: str | None = None) -> frappe._dict:
	"""An approved plan with a tree of three levels, an approved target with actions, an agreement, an import.

	Every text begins with word. Gives the names.
	"""
	plan = make_plan(opd, title=f"{word} Renstra", vision=f"{word} visi", items=[{"mission": f"{word} misi"}])
	values = {
		"critical_success_factor": f"{word} faktor",
		"position": f"{word} jabatan",
		"budgets": [{"year": YEAR, "budget": 7391391 if opd == B else 1500}],
		"components": [{"component": "Program", "component_name": f"{word} komponen"}],
		"crosscuts": [
			{
				"partner_opd": partner,
				"partner_code": frappe.db.get_value(c.OBJECTIVE, partner_node, "objective_code"),
				"contribution": f"{word} kontribusi",
			}
		],
	}
	top = make_node(plan, statement=f"{word} tujuan")
	node = make_node(plan, "Sasaran", top.name, statement=f"{word} sasaran", **values)
	program = make_node(plan, "Program", node.name, statement=f"{word} program", **values)
	as_person("planner", lambda: _attach(f"{opd}-1", node.name, word))
	approve_plan(plan)
	target = _target_with_actions(opd, node.name, word)
	agreement = make_agreement(opd, first_position=f"{word} kepala", first_name=f"{word} pejabat")
	rows = [
		["plan_type", "opd", "title", "year_from", "year_to", "vision", "missions"],
		["Renstra", opd, f"{word} impor", 2041, 2045, f"{word} visi", f"{word} misi"],
	]
	operator, _head = keys_of(opd)
	job = make_import("Strategic Plans", rows, opd, key=operator)
	as_person(operator, lambda: imports.check_file(job.name))
	return frappe._dict(
		plan=plan.name,
		version=f"{plan.name}-v1",
		top=top.name,
		node=node.name,
		program=program.name,
		target=target,
		agreement=agreement.name,
		job=job.name,
		job_file=frappe.db.get_value("File", {"attached_to_name": job.name}),
		job_url=job.file,
		mission_row=plan.items[0].name,
		budget_row=node.budgets[0].name,
		component_row=node.components[0].name,
		crosscut_row=node.crosscuts[0].name,
		action_row=frappe.db.get_value(ACTION, {"parent": target}),
		agreed_row=agreement.items[0].name,
		program_row=agreement.programs[0].name,
		tag_row=frappe.db.get_value(TAG_ROW, {"parent": f"{opd}-1"}),
		smart_row=frappe.db.get_value(SMART, {"parent": f"{opd}-1"}),
	)


def _attach(code: str, node: str, word: str) -> None:
	"""Let an indicator measure a node, with a tag and an answer to a SMART question."""
	indicator = frappe.get_doc(INDICATOR, code)
	indicator.performance_objective = node
	indicator.append("tags", {"tag": "Tes Tag"})
	indicator.append("smart", {"criterion": "Specific", "answer": "Yes", "note": f"{word} catatan"})
	indicator.save()


def _target_with_actions(opd: str, node: str, word: str) -> str:
	"""An approved target as approved_target makes it, with an action row; gives its name."""

	def enter():
		doc = frappe.get_doc({"doctype": c.TARGET, "opd": opd, "year": YEAR}).insert()
		for row in doc.items:
			row.budget = 1_000_000
			if row.consolidation == "SUM":
				row.update({"target_q1": "25", "target_q2": "50", "target_q3": "75", "target_q4": "100"})
		action = {"indicator": f"{opd}-1", "action": f"{word} aksi", "responsible": f"{word} petugas"}
		doc.append("actions", action | {"performance_objective": node, "budget_q1": 1000})
		return doc.save()

	operator, head = keys_of(opd)
	doc = as_person(operator, enter)
	for action, key in ((SUBMIT, operator), (APPROVE, head), (APPROVE, "planner")):
		doc = take(doc, action, key)
	return doc.name


def make_evaluation(opd: str, word: str) -> frappe._dict:
	"""A final assessment with a finding, its recommendation with a follow-up and a decision, a report; evidence of each.

	Every text begins with word. Gives the names.
	"""
	operator, head = keys_of(opd)
	doc = draft_assessment(opd, year=ASSESSED_YEAR, answers=GRADES)
	evidence = as_person(operator, lambda: _upload(f"{word} bukti"))
	write(doc, operator, "evidence", {"1.a": evidence})
	write(doc, operator, "self_note", {"1.a": f"{word} catatan sendiri"})
	for action, key in ((SUBMIT, operator), (APPROVE, head)):
		doc = step(doc, action, key)
	write(doc, "inspector", "evaluator_answer", GRADES)
	write(doc, "inspector", "evaluator_note", {"1.a": f"{word} catatan penilai"})
	confirm(doc)
	finding = {
		field: text if field == "component_code" else f"{word} {text}" for field, text in FINDING.items()
	}
	as_person("inspector", lambda: worksheet.add_finding(doc.name, finding))
	doc = step(doc, EVALUATE, "inspector")
	write(doc, "inspector2", "review_note", {"1.a": f"{word} catatan penjamin mutu"})
	doc = step(doc, FINALIZE, "inspector2")
	rec = frappe.get_doc(c.RECOMMENDATION, {"assessment": doc.name})
	proof = as_person(operator, lambda: _upload(f"{word} bukti tindak lanjut"))
	rec = follow_up(rec, operator, f"{word} tindak lanjut", evidence=proof)
	rec = decide(rec, c.IN_PROGRESS, status_note=f"{word} catatan status")
	report = as_person(operator, lambda: _make_report(opd, word))
	return frappe._dict(
		assessment=doc.name,
		assessed_row=doc.items[0].name,
		finding_row=doc.findings[0].name,
		assessment_entry=f"{doc.name}-J1",
		evidence=evidence,
		evidence_file=frappe.db.get_value("File", {"file_url": evidence}),
		recommendation=rec.name,
		follow_up_row=rec.follow_ups[0].name,
		decision_row=rec.decisions[0].name,
		proof=proof,
		proof_file=frappe.db.get_value("File", {"file_url": proof}),
		report=report.name,
		report_url=report.file,
		report_file=frappe.db.get_value("File", {"file_url": report.file}),
	)


def _upload(text: str) -> str:
	"""A private file of the session user that hangs nowhere yet; its address."""
	name = f"{text.replace(' ', '-')}.txt"
	doc = {"doctype": "File", "file_name": name, "content": f"isi {text}", "is_private": 1}
	return frappe.get_doc(doc).insert().file_url


def _make_report(opd: str, word: str):
	return frappe.get_doc(
		{
			"doctype": c.REPORT,
			"opd": opd,
			"year": REPORT_YEAR,
			"file": _upload(f"{word} laporan"),
			"submitted_on": f"{REPORT_YEAR + 1}-02-20",
			"published_on": f"{REPORT_YEAR + 1}-03-01",
			"published_link": f"https://{word.replace(' ', '-')}.example/lkjip",
		}
	).insert()


def make_secrets(node_of_a: str) -> frappe._dict:
	"""OPD B with all that a planner makes, a verified quarter, a draft of the next, evidence and traces; the names."""
	planning = make_planning(B, "RahasiaB", A, node_of_a)
	planning.update(make_evaluation(B, "RahasiaB"))
	open_assessment = draft_assessment(B, answers=GRADES)
	sheet = draft_sheet(B, fill=False)
	frappe.set_user(person("operator_b"))
	fill_sheet(sheet, ("63,17", "80", "30", "WDP"))
	file = make_file(sheet, content="isi RahasiaB", name="RahasiaB.txt")
	for row in sheet.items:
		row.update({"obstacle": "RahasiaB hambatan", "next_step": "RahasiaB tindak lanjut"})
		row.budget_realization = "7.391.391"
		if row.is_iku:
			row.evidence = file.file_url
	sheet.save()
	for action, key in ((SUBMIT, "operator_b"), (APPROVE, "head_b"), (VERIFY, "inspector")):
		sheet = take(sheet, action, key)
	draft = draft_sheet(B, quarter=2)
	frappe.set_user("Administrator")
	grant_exception(A, 1, add_days(today(), 6))
	grant_exception(B, 1, add_days(today(), 6), "RahasiaB kebanjiran")
	leave_traces(sheet)
	for doctype, name in (
		(c.PLAN, planning.plan),
		(c.OBJECTIVE, planning.node),
		(c.AGREEMENT, planning.agreement),
		(c.IMPORT, planning.job),
		(c.ASSESSMENT, planning.assessment),
		(c.RECOMMENDATION, planning.recommendation),
		(c.REPORT, planning.report),
	):
		leave_traces(frappe.get_doc(doctype, name))
	as_person("operator_b", lambda: _begin_next_version(planning))
	indicator = frappe.get_doc(INDICATOR, f"{B}-1")
	return frappe._dict(
		planning,
		sheet=sheet.name,
		draft=draft.name,
		indicator=indicator.name,
		entry=f"{sheet.name}-J1",
		file=file.name,
		url=file.file_url,
		row=sheet.items[0].name,
		draft_rows=[row.name for row in draft.items],
		open_assessment=open_assessment.name,
		open_assessed_row=open_assessment.items[0].name,
		target_row=frappe.db.get_value(TARGET_ITEM, {"parent": sheet.target_document}),
		holder_row=frappe.db.get_value(HOLDER, {"parent": B}),
		year_row=indicator.year_targets[0].name,
	)


def _begin_next_version(planning) -> None:
	"""The plan is open again, so that nothing but permission keeps others out of it, and differs from its version."""
	reopen_plan(frappe.get_doc(c.PLAN, planning.plan), "RahasiaB alasan")
	top = frappe.get_doc(c.OBJECTIVE, planning.top)
	top.statement = "RahasiaB tujuan lain"
	top.save()


def leave_traces(doc) -> None:
	"""What the framework keeps about a document besides the document."""
	reference = {"reference_doctype": doc.doctype, "reference_name": doc.name}
	doc.add_comment("Comment", "RahasiaB komentar")
	change = json.dumps({"changed": [["opd", "", "RahasiaB versi"]]})
	for values in (
		{"doctype": "Version", "ref_doctype": doc.doctype, "docname": doc.name, "data": change},
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"subject": "RahasiaB surat",
			"content": "RahasiaB isi",
			**reference,
		},
		{
			"doctype": "ToDo",
			"description": "RahasiaB tugas",
			"reference_type": doc.doctype,
			"reference_name": doc.name,
			"allocated_to": person("head_b"),
		},
	):
		frappe.get_doc(values).insert(ignore_permissions=True)
	frappe.db.set_value(doc.doctype, doc.name, "_user_tags", ",Penting", update_modified=False)
	frappe.get_doc({"doctype": "Tag", "name": "Penting"}).insert(ignore_if_duplicate=True)
	frappe.get_doc(
		{
			"doctype": "Tag Link",
			"document_type": doc.doctype,
			"document_name": doc.name,
			"title": "RahasiaB judul",
			"tag": "Penting",
		}
	).insert(ignore_permissions=True)


def names_of(doctype: str, opd: str = B) -> list[str]:
	parent, field = SCOPED[doctype]
	within = names_of(parent, opd) if parent else [opd]
	return frappe.get_all(doctype, {field: ["in", within or [""]]}, pluck="name")


def remove_b() -> None:
	"""Take OPD B out of the database, below all controllers."""
	doomed = {doctype: names_of(doctype) for doctype in SCOPED}
	for doctype, names in doomed.items():
		frappe.db.delete(doctype, {"name": ["in", names]})
	frappe.db.delete(
		"File", {"attached_to_name": ["in", [name for names in doomed.values() for name in names]]}
	)
	frappe.db.delete(EXCEPTION, {"opd": B})
	frappe.local.cache = {}


def snapshot_of_b() -> dict[str, list]:
	"""Everything that belongs to OPD B or hangs on it."""
	found = {}
	for doctype in SCOPED:
		found[doctype] = _rows(doctype, {"name": ["in", names_of(doctype) or [""]]})
	names = [row["name"] for rows in found.values() for row in rows]
	for doctype, field in (
		("Comment", "reference_name"),
		("Communication", "reference_name"),
		("ToDo", "reference_name"),
		("DocShare", "share_name"),
		("Document Follow", "ref_docname"),
		("Tag Link", "document_name"),
		("File", "attached_to_name"),
	):
		found[doctype] = _rows(doctype, {field: ["in", names]})
	return found


def _rows(doctype: str, filters: dict) -> list:
	return frappe.get_all(doctype, filters, ["*"], order_by="name", limit_page_length=0)


def new_plan(opd: str) -> dict:
	return {
		"doctype": c.PLAN,
		"plan_type": "Renstra",
		"opd": opd,
		"title": "x",
		"year_from": YEAR + 6,
		"year_to": YEAR + 10,
	}


def new_node(opd: str, plan: str, parent: str | None = None) -> dict:
	return {
		"doctype": c.OBJECTIVE,
		"plan": plan,
		"opd": opd,
		"level": "Program",
		"statement": "x",
		NODE: parent,
	}


def new_agreement(opd: str) -> dict:
	return {
		"doctype": c.AGREEMENT,
		"opd": opd,
		"year": YEAR,
		"position_level": "Administrator",
		"first_party": person("operator_a"),
		"first_position": "Kepala Bidang",
	}


def new_recommendation(opd: str) -> dict:
	return {
		"doctype": c.RECOMMENDATION,
		"opd": opd,
		"year": YEAR,
		"source": "x",
		"recommendation": "x",
		"due_date": add_days(today(), 9),
	}


def download(url: str, fid: str | None = None) -> str:
	from frappe.utils.response import download_private_file

	request(url)
	frappe.local.form_dict = frappe._dict(fid=fid) if fid else frappe._dict()
	with outside_test():
		response = download_private_file(url)
	response.direct_passthrough = False
	return _file_text(response.get_data())


def example_field(doctype: str) -> str:
	return {
		"OPD": "opd_name",
		INDICATOR: "indicator_name",
		c.TARGET: "opd",
		c.REALIZATION: "mean_achievement",
		c.ENTRY: "full_name",
		HOLDER: "user",
		YEAR_TARGET: "parent",
		TARGET_ITEM: "indicator_name",
		ITEM: "realization",
		EXCEPTION: "reason",
		"File": "file_url",
		c.PLAN: "title",
		c.PLAN_VERSION: "content",
		c.OBJECTIVE: "statement",
		c.AGREEMENT: "first_position",
		c.IMPORT: "outcome",
		MISSION: "mission",
		BUDGET: "budget",
		COMPONENT: "component_name",
		CROSSCUT: "contribution",
		ACTION: "action",
		AGREED: "indicator_name",
		PROGRAM: "program",
		TAG_ROW: "parent",
		SMART: "note",
		c.ASSESSMENT: "self_predicate",
		c.RECOMMENDATION: "recommendation",
		c.REPORT: "published_link",
		ASSESSED: "self_note",
		FINDING_ROW: "condition",
		FOLLOW_UP: "action",
		DECISION: "note",
	}[doctype]


def filled_field(doctype: str) -> str:
	"""A field that is never empty: Frappe's search sorts by whichever of the asked fields comes first."""
	return {"File": "file_name", ASSESSED: "title"}.get(doctype, example_field(doctype))


class TestLists(IsolationTestCase):
	def test_lists_show_only_the_own_opd_and_all_to_the_city(self):
		for doctype, (parent, _field) in SCOPED.items():
			for cmd in ("frappe.client.get_list", "frappe.desk.reportview.get_list"):
				arguments = {"parent": parent} if "client" in cmd else {"parent_doctype": parent}
				self.check(
					f"{cmd} {doctype}",
					lambda cmd=cmd, doctype=doctype, arguments=arguments: call(
						cmd, doctype=doctype, fields=["*"], limit_page_length=0, **arguments
					),
					seen_by=CITY if "client" in cmd else ("inspector",),
				)

	def test_people_of_an_opd_do_see_their_own(self):
		for doctype, (parent, _field) in SCOPED.items():
			for key in OF_A:
				with self.subTest(doctype=doctype, user=key):
					text = self.asked(
						key,
						lambda doctype=doctype, parent=parent: call(
							"frappe.client.get_list",
							doctype=doctype,
							fields=["*"],
							parent=parent,
							limit_page_length=0,
						),
					)
					names = names_of(doctype, A)
					self.assertTrue(names)
					for name in names:
						self.assertIn(json.dumps(name), text)

	def test_a_list_asked_for_the_other_opd_is_empty(self):
		for doctype, (parent, field) in SCOPED.items():
			for operator, value in (("=", B), ("like", "%TesB%"), ("!=", A)):
				self.check(
					f"filter {doctype} {operator}",
					lambda doctype=doctype, parent=parent, field=field, operator=operator, value=value: call(
						"frappe.client.get_list",
						doctype=doctype,
						fields=["*"],
						filters=[[doctype, field, operator, value]],
						or_filters=[[doctype, "name", "like", "%"]],
						parent=parent,
					),
					seen_by=(),
				)

	def test_fields_of_child_tables_and_links_stay_within_the_own_opd(self):
		for doctype, fields in (
			(c.REALIZATION, ["name", "items.realization", "items.indicator_name", "items.obstacle"]),
			(c.REALIZATION, ["name", f"`tab{ITEM}`.`realization` as angka"]),
			(c.REALIZATION, ["name", "opd.opd_name", "target_document.opd"]),
			(c.TARGET, ["name", "items.indicator_name"]),
			(INDICATOR, ["name", "year_targets.target", "opd.opd_name"]),
			("OPD", ["name", "position_holders.user"]),
			(c.PLAN, ["name", "items.mission", "opd.opd_name", "parent_plan.title"]),
			(c.PLAN_VERSION, ["name", "plan.title", "plan.vision"]),
			(c.OBJECTIVE, ["name", "budgets.budget", "plan.title", f"{NODE}.statement"]),
			(c.OBJECTIVE, ["name", "components.component_name", "crosscuts.contribution"]),
			(c.TARGET, ["name", "actions.action"]),
			(c.AGREEMENT, ["name", "items.indicator_name", "programs.program", "target_document.opd"]),
			(c.IMPORT, ["name", "plan.title", "opd.opd_name"]),
			(INDICATOR, ["name", "smart.note", "performance_objective.statement"]),
			(c.ASSESSMENT, ["name", "items.self_answer", "items.self_note", "items.evaluator_note"]),
			(c.ASSESSMENT, ["name", "findings.condition", "final_index", "opd.opd_name"]),
			(c.RECOMMENDATION, ["name", "follow_ups.action", "decisions.note", "assessment.final_index"]),
			(c.REPORT, ["name", "published_link", "opd.opd_name"]),
		):
			for cmd in ("frappe.client.get_list", "frappe.desk.reportview.get"):
				self.check(
					f"{cmd} {doctype} {fields}",
					lambda cmd=cmd, doctype=doctype, fields=fields: call(
						cmd, doctype=doctype, fields=fields, limit_page_length=0
					),
				)

	def test_a_period_does_not_lead_to_the_rows_of_another_opd(self):
		for fields in (["name", f"`tab{ITEM}`.`realization`"],):
			self.check(
				f"Reporting Period {fields}",
				lambda fields=fields: call(
					"frappe.client.get_list", doctype=PERIOD, fields=fields, limit_page_length=0
				),
				seen_by=(),
			)

	def test_totals_and_counts_leave_the_other_opd_out(self):
		for doctype, (parent, _field) in SCOPED.items():
			self.check_same(
				f"count(name) {doctype}",
				lambda doctype=doctype, parent=parent: call(
					"frappe.client.get_list", doctype=doctype, fields=["count(name) as n"], parent=parent
				),
			)
			if not parent:
				self.check_same(
					f"reportview.get_count {doctype}",
					lambda doctype=doctype: call("frappe.desk.reportview.get_count", doctype=doctype),
				)
				self.check_same(
					f"group by count {doctype}",
					lambda doctype=doctype: call(
						"frappe.desk.listview.get_group_by_count",
						doctype=doctype,
						current_filters="[]",
						field="owner",
					),
				)
		for function in ("sum(budget)", "max(budget_realization_value)", "avg(achievement_raw)"):
			self.check_same(
				function,
				lambda function=function: call(
					"frappe.client.get_list", doctype=ITEM, fields=[f"{function} as n"], parent=c.REALIZATION
				),
			)
		for doctype, parent, field in (
			(BUDGET, c.OBJECTIVE, "budget"),
			(PROGRAM, c.AGREEMENT, "budget"),
			(ACTION, c.TARGET, "budget_q1"),
			(c.PLAN_VERSION, None, "objectives"),
			(c.ASSESSMENT, None, "final_index"),
			(ASSESSED, c.ASSESSMENT, "evidence_last_year + 1"),
			(c.RECOMMENDATION, None, "docstatus + 1"),
			(c.REPORT, None, "docstatus + 1"),
		):
			self.check_same(
				f"sum {doctype}",
				lambda doctype=doctype, parent=parent, field=field: call(
					"frappe.client.get_list", doctype=doctype, fields=[f"sum({field}) as n"], parent=parent
				),
			)

	def test_client_get_count_is_no_oracle(self):
		for doctype, (_parent, field) in SCOPED.items():
			self.check_same(
				f"get_count {doctype}",
				lambda doctype=doctype: call("frappe.client.get_count", doctype=doctype),
				differs_for=None,
			)
			self.check_same(
				f"get_count {doctype} of B",
				lambda doctype=doctype, field=field: call(
					"frappe.client.get_count", doctype=doctype, filters={field: ["like", "%TesB%"]}
				),
				differs_for=None,
			)
		self.check_same(
			"guessing a value",
			lambda: call("frappe.client.get_count", doctype=ITEM, filters={"realization": "63,17"}),
			differs_for=None,
		)
		for doctype, filters in (
			(c.OBJECTIVE, {"statement": ["like", "RahasiaB%"]}),
			(c.PLAN_VERSION, {"content": ["like", "%RahasiaB%"]}),
			(BUDGET, {"budget": [">", 7000000]}),
			(CROSSCUT, {"partner_opd": A}),
			(c.AGREEMENT, {"first_party": person("head_b")}),
			(c.IMPORT, {"outcome": ["like", "%TesB%"]}),
			(c.ASSESSMENT, {"final_predicate": "BB", "opd": B}),
			(c.ASSESSMENT, {"final_index": [">", 70]}),
			(ASSESSED, {"self_note": ["like", "RahasiaB%"]}),
			(FINDING_ROW, {"condition": ["like", "RahasiaB%"]}),
			(c.RECOMMENDATION, {"status": c.IN_PROGRESS, "year": ASSESSED_YEAR}),
			(FOLLOW_UP, {"entered_by": person("operator_b")}),
			(DECISION, {"note": ["like", "RahasiaB%"]}),
			(c.REPORT, {"published_link": ["like", "%RahasiaB%"]}),
		):
			self.check_same(
				f"guessing in {doctype}",
				lambda doctype=doctype, filters=filters: call(
					"frappe.client.get_count", doctype=doctype, filters=filters
				),
				differs_for=None,
			)

	def test_stats_and_sidebars_leave_the_other_opd_out(self):
		for cmd, arguments in (
			("frappe.desk.reportview.get_stats", {"stats": '["_user_tags"]', "doctype": c.REALIZATION}),
			(
				"frappe.desk.reportview.get_sidebar_stats",
				{"stats": '["_user_tags"]', "doctype": c.REALIZATION, "filters": "[]"},
			),
			(
				"frappe.desk.calendar.get_events",
				{
					"doctype": c.REALIZATION,
					"start": "2020-01-01",
					"end": "2040-01-01",
					"field_map": json.dumps({"start": "creation", "end": "modified", "title": "name"}),
					"fields": json.dumps(["name", "creation", "modified"]),
				},
			),
		):
			self.check_same(cmd, lambda cmd=cmd, arguments=arguments: call(cmd, **arguments))

	def test_next_and_previous_never_lead_to_the_other_opd(self):
		for doctype, value, field in (
			(c.REALIZATION, f"{A}-{YEAR}-TW1", "name"),
			(c.PLAN, self.own.plan, "name"),
			(c.PLAN_VERSION, self.own.version, "name"),
			(c.OBJECTIVE, self.own.node, "statement"),
			(c.AGREEMENT, self.own.agreement, "name"),
			(c.ASSESSMENT, self.own.assessment, "name"),
			(c.RECOMMENDATION, self.own.recommendation, "name"),
			(c.REPORT, self.own.report, "name"),
		):
			for prev in (0, 1):
				self.check(
					f"get_next {doctype}",
					lambda doctype=doctype, value=value, field=field, prev=prev: call(
						"frappe.desk.form.utils.get_next",
						doctype=doctype,
						value=value,
						prev=prev,
						filters="[]",
						sort_order="asc",
						sort_field=field,
					),
					seen_by=(),
				)


class TestSingleDocuments(IsolationTestCase):
	def named(self) -> tuple[tuple[str, str], ...]:
		b = self.b
		return (
			("OPD", B),
			(INDICATOR, b.indicator),
			(c.TARGET, b.target),
			(c.REALIZATION, b.sheet),
			(c.REALIZATION, b.draft),
			(c.ENTRY, b.entry),
			(HOLDER, b.holder_row),
			(YEAR_TARGET, b.year_row),
			(TARGET_ITEM, b.target_row),
			(ITEM, b.row),
			(c.PLAN, b.plan),
			(c.PLAN_VERSION, b.version),
			(c.OBJECTIVE, b.node),
			(c.AGREEMENT, b.agreement),
			(c.IMPORT, b.job),
			(MISSION, b.mission_row),
			(BUDGET, b.budget_row),
			(COMPONENT, b.component_row),
			(CROSSCUT, b.crosscut_row),
			(ACTION, b.action_row),
			(AGREED, b.agreed_row),
			(PROGRAM, b.program_row),
			(TAG_ROW, b.tag_row),
			(SMART, b.smart_row),
			(c.ASSESSMENT, b.assessment),
			(c.ASSESSMENT, b.open_assessment),
			(c.ENTRY, b.assessment_entry),
			(ASSESSED, b.assessed_row),
			(FINDING_ROW, b.finding_row),
			(c.RECOMMENDATION, b.recommendation),
			(FOLLOW_UP, b.follow_up_row),
			(DECISION, b.decision_row),
			(c.REPORT, b.report),
		)

	def test_a_document_is_refused_by_name_on_every_way(self):
		for doctype, name in self.named():
			parent = SCOPED[doctype][0]
			echo = (name, B) if doctype == "OPD" else (name,)
			seen_by = () if doctype == c.TARGET else ("inspector",)
			for channel, ask in (
				(
					"client.get",
					lambda d=doctype, n=name, p=parent: call(
						"frappe.client.get", doctype=d, name=n, parent=p
					),
				),
				("getdoc", lambda d=doctype, n=name: call("frappe.desk.form.load.getdoc", doctype=d, name=n)),
				("REST v1", lambda d=doctype, n=name: rest(f"/api/resource/{d}/{n}")),
				("REST v2", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}")),
				("REST v2 copy", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}/copy")),
			):
				self.check(f"{channel} {doctype}", ask, echo, () if "copy" in channel else seen_by)

	def test_a_document_is_refused_by_what_it_contains(self):
		for doctype, (parent, field) in SCOPED.items():
			value = {"parent": names_of(parent)[0] if parent else B}.get("parent") if parent else B
			self.check(
				f"client.get by filters {doctype}",
				lambda d=doctype, p=parent, f=field, v=value: call(
					"frappe.client.get", doctype=d, filters={f: v}, parent=p
				),
				(value,) if parent else (),
				seen_by=(),
			)

	def test_a_refusal_does_not_tell_whether_a_guess_was_right(self):
		for right, wrong in (
			({"opd": B, "mean_achievement": [">", 1]}, {"opd": B, "mean_achievement": [">", 1000]}),
			({"name": self.b.sheet, "completeness": 100}, {"name": self.b.sheet, "completeness": 1}),
			(
				{"doctype": c.ASSESSMENT, "opd": B, "final_predicate": "BB"},
				{"doctype": c.ASSESSMENT, "opd": B, "final_predicate": "E"},
			),
			(
				{"doctype": c.RECOMMENDATION, "opd": B, "status": c.IN_PROGRESS},
				{"doctype": c.RECOMMENDATION, "opd": B, "status": c.CLOSED},
			),
			(
				{"doctype": c.REPORT, "opd": B, "published_on": ["is", "set"]},
				{"doctype": c.REPORT, "opd": B, "published_on": ["is", "not set"]},
			),
		):
			doctype = right.get("doctype", c.REALIZATION)
			right, wrong = ({k: v for k, v in each.items() if k != "doctype"} for each in (right, wrong))
			for key in STRANGERS:
				with self.subTest(doctype=doctype, guess=str(right), user=key):
					told = [
						self.asked(
							key,
							lambda doctype=doctype, filters=filters: call(
								"frappe.client.get", doctype=doctype, filters=filters
							),
						)
						for filters in (right, wrong)
					]
					self.assertEqual(*told)

	def test_single_values_are_refused(self):
		for doctype, name in self.named():
			parent, field = SCOPED[doctype][0], example_field(doctype)
			self.check(
				f"get_value {doctype}",
				lambda d=doctype, n=name, p=parent, f=field: call(
					"frappe.client.get_value",
					doctype=d,
					fieldname=[f, "owner"],
					filters={"name": n},
					parent=p,
				),
				(name,),
				seen_by=(),
			)
			self.check(
				f"validate_link {doctype}",
				lambda d=doctype, n=name, f=field: call(
					"frappe.client.validate_link", doctype=d, docname=n, fields=json.dumps([f, "owner"])
				),
				(name,),
				seen_by=(),
			)
			self.check(
				f"get_password {doctype}",
				lambda d=doctype, n=name, f=field: call(
					"frappe.client.get_password", doctype=d, name=n, fieldname=f
				),
				(name,),
				seen_by=(),
			)
			self.check(
				f"link title {doctype}",
				lambda d=doctype, n=name: call("frappe.desk.search.get_link_title", doctype=d, docname=n),
				(name, B),
				seen_by=(),
			)

	def test_a_link_search_finds_only_the_own_opd(self):
		for doctype, parent in [
			*((name, parent) for name, (parent, _field) in SCOPED.items()),
			("File", None),
		]:
			for ignoring in (0, 1):
				for cmd in ("frappe.desk.search.search_link", "frappe.desk.search.search_widget"):
					self.check(
						f"{cmd} {doctype} ignore_user_permissions={ignoring}",
						lambda cmd=cmd, doctype=doctype, parent=parent, ignoring=ignoring: call(
							cmd,
							doctype=doctype,
							txt="",
							page_length=100,
							ignore_user_permissions=ignoring,
							reference_doctype=parent or c.REALIZATION,
							**(
								{"filter_fields": json.dumps(["name", "owner", filled_field(doctype)])}
								if "widget" in cmd
								else {}
							),
						),
						seen_by=() if parent or doctype in ("File", c.IMPORT) else ("inspector",),
					)

	def test_forms_show_no_information_about_a_foreign_document(self):
		for doctype, name in (
			(c.REALIZATION, self.b.sheet),
			(c.PLAN, self.b.plan),
			(c.PLAN_VERSION, self.b.version),
			(c.OBJECTIVE, self.b.node),
			(c.AGREEMENT, self.b.agreement),
			(c.IMPORT, self.b.job),
			(c.ASSESSMENT, self.b.assessment),
			(c.RECOMMENDATION, self.b.recommendation),
			(c.REPORT, self.b.report),
		):
			reference, place = {"doctype": doctype, "name": name}, {"doctype": doctype, "docname": name}
			for cmd, arguments in (
				("frappe.desk.form.load.get_docinfo", reference),
				("frappe.desk.form.load.get_communications", reference),
				("frappe.desk.form.linked_with.get", place),
				("frappe.desk.form.linked_with.get_submitted_linked_docs", reference),
				(
					"frappe.desk.form.document_follow.get_follow_users",
					{"doctype": doctype, "doc_name": name},
				),
				("frappe.share.get_users", reference),
				("frappe.desk.form.assign_to.get", {"args": reference}),
				("frappe.desk.notifications.get_open_count", {**reference, "items": [c.ENTRY]}),
				("frappe.client.is_document_amended", place),
				("frappe.model.workflow.get_transitions", {"doc": {**reference}}),
				("frappe.client.get_doc_permissions", place),
			):
				self.check(
					f"{cmd} {doctype}",
					lambda cmd=cmd, arguments=arguments: call(cmd, **arguments),
					(name,),
					seen_by=(),
				)

	def test_shared_masters_do_not_lead_to_the_documents_of_others(self):
		scale = frappe.db.get_value(c.REALIZATION, self.b.sheet, "scale")
		tag = frappe.db.get_value(TAG_ROW, self.b.tag_row, "tag")
		instruments = ((c.INSTRUMENT, AKIP), (c.ROUND, f"{AKIP}-{ASSESSED_YEAR}-OPD"))
		for doctype, name in (
			(PERIOD, f"{YEAR}-TW1"),
			("Achievement Scale", scale),
			(TAG, tag),
			*instruments,
		):
			for cmd, argument in (
				("frappe.desk.form.linked_with.get", "docname"),
				("frappe.desk.form.linked_with.get_submitted_linked_docs", "name"),
			):
				self.check(
					f"{cmd} {doctype}",
					lambda cmd=cmd, argument=argument, doctype=doctype, name=name: call(
						cmd, **{"doctype": doctype, argument: name}
					),
					seen_by=("inspector",) if doctype != TAG else (),
				)

	def test_whether_a_foreign_sheet_was_reopened_is_not_told(self):
		take(frappe.get_doc(c.REALIZATION, self.b.sheet), REOPEN, "inspector", note="revisi")
		self.check(
			"is_document_amended",
			lambda: call("frappe.client.is_document_amended", doctype=c.REALIZATION, docname=self.b.sheet),
			(self.b.sheet + " ",),
		)

	def test_whether_a_foreign_assessment_was_reopened_is_not_told(self):
		step(frappe.get_doc(c.ASSESSMENT, self.b.assessment), REOPEN, "inspector", "revisi")
		self.check(
			"is_document_amended",
			lambda: call(
				"frappe.client.is_document_amended", doctype=c.ASSESSMENT, docname=self.b.assessment
			),
			(self.b.assessment + " ",),
		)

	def test_the_tree_shows_only_own_units(self):
		for ask in (
			lambda: call("frappe.desk.treeview.get_children", doctype="OPD", parent=""),
			lambda: call("frappe.desk.treeview.get_children", doctype="OPD", parent="", ignore_permissions=1),
			lambda: call(
				"frappe.desk.treeview.get_all_nodes",
				doctype="OPD",
				label="OPD",
				parent="",
				tree_method="frappe.desk.treeview.get_children",
			),
		):
			self.check("tree", ask)
		node, ours = "frappe.desk.treeview.get_children", "seroja.api.objectives.get_children"
		for ask in (
			lambda: call(node, doctype=c.OBJECTIVE, parent="", ignore_permissions=1),
			lambda: call(ours, doctype=c.OBJECTIVE, parent="", is_root=1),
			lambda: call(ours, doctype=c.OBJECTIVE, is_root=1, plan=self.own.plan, opd=B),
		):
			self.check("tree of objectives", ask, seen_by=())
		for plan in (None, self.b.plan):
			self.check(
				"whole tree of objectives",
				lambda plan=plan: call(
					"frappe.desk.treeview.get_all_nodes",
					doctype=c.OBJECTIVE,
					label="x",
					parent="",
					tree_method=ours,
					is_root=1,
					plan=plan,
				),
			)
		self.check(
			"below B",
			lambda: call("frappe.desk.treeview.get_children", doctype="OPD", parent=B),
			(B,),
			seen_by=(),
		)

	def test_a_forged_document_in_the_request_shows_nothing_of_the_stored_one(self):
		stored = frappe.get_doc(c.REALIZATION, self.b.draft)
		forged = {
			"doctype": c.REALIZATION,
			"name": stored.name,
			"opd": A,
			"period": stored.period,
			"modified": str(stored.modified),
			"items": [],
		}
		for channel, ask in (
			("run_doc_method", lambda: call("run_doc_method", docs=json.dumps(forged), method="submit")),
			("save", lambda: call("frappe.client.save", doc=json.dumps(forged))),
			(
				"savedocs",
				lambda: call("frappe.desk.form.save.savedocs", doc=json.dumps(forged), action="Save"),
			),
			("print", lambda: call("frappe.www.printview.get_html_and_style", doc=json.dumps(forged))),
			("workflow", lambda: call("frappe.model.workflow.get_transitions", doc=json.dumps(forged))),
			(
				"set_value",
				lambda: call(
					"frappe.client.set_value",
					doctype=c.REALIZATION,
					name=stored.name,
					fieldname="opd",
					value=A,
				),
			),
			("REST v1", lambda: rest(f"/api/resource/{c.REALIZATION}/{stored.name}", "PUT", opd=A)),
			("REST v2", lambda: rest(f"/api/v2/document/{c.REALIZATION}/{stored.name}", "PATCH", opd=A)),
		):
			self.check(channel, ask, (stored.name,), seen_by=())

	def test_a_forged_assessment_or_recommendation_in_the_request_shows_nothing_of_the_stored_one(self):
		for doctype, name in (
			(c.ASSESSMENT, self.b.open_assessment),
			(c.RECOMMENDATION, self.b.recommendation),
			(c.REPORT, self.b.report),
		):
			stored = frappe.get_doc(doctype, name)
			forged = json.dumps(
				{"doctype": doctype, "name": name, "opd": A, "modified": str(stored.modified)}, default=str
			)
			for channel, ask in (
				("submit", lambda forged=forged: call("run_doc_method", docs=forged, method="submit")),
				("save", lambda forged=forged: call("frappe.client.save", doc=forged)),
				(
					"savedocs",
					lambda forged=forged: call("frappe.desk.form.save.savedocs", doc=forged, action="Save"),
				),
				("print", lambda forged=forged: call("frappe.www.printview.get_html_and_style", doc=forged)),
				(
					"workflow",
					lambda forged=forged: call("frappe.model.workflow.get_transitions", doc=forged),
				),
				(
					"onload",
					lambda forged=forged: call("run_doc_method", docs=forged, method="onload"),
				),
				("REST v1", lambda d=doctype, n=name: rest(f"/api/resource/{d}/{n}", "PUT", opd=A)),
				("REST v2", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}", "PATCH", opd=A)),
			):
				self.check(f"{channel} {doctype}", ask, (name,), seen_by=())


class TestReports(IsolationTestCase):
	def filters(self):
		period = f"{YEAR}-TW1"
		return (
			{},
			{"period": period},
			{"period": period, "opd": B},
			{"period": period, "opd": B, "include_unverified": 1},
			{"period": period, "include_unverified": 1},
			{"period": f"{YEAR}-TW2", "include_unverified": 1},
			{"period": period, "only_iku": 1},
			{"year": YEAR},
			{"period": period, "opd": ["like", "%"]},
			{"period": period, "opd": {"name": ["like", "%"]}},
			{"period": period, "user": person("inspector"), "prepared_report_name": "x"},
			{"period": period, "translate_data": 1},
		)

	def b_filters(self) -> dict:
		"""Of every report at once, with names of B."""
		b = self.b
		return {
			"period": f"{YEAR}-TW1",
			"year": YEAR,
			"plan": b.plan,
			"indicator": b.indicator,
			"performance_objective": b.node,
			"before": b.version,
			"after": "live",
			"instrument": AKIP,
			"assessment": b.assessment,
			"detail": 1,
			"include_unfinished": 1,
		}

	def planning_filters(self):
		"""Names of B, of both, and forms that a filter does not have."""
		b, period = self.b, f"{YEAR}-TW1"
		yield {}
		yield {"year": YEAR}
		yield {"year": YEAR, "opd": B}
		yield {"year": YEAR, "plan": b.plan}
		yield {"year": YEAR, "plan": b.plan, "opd": A}
		yield {"year": YEAR, "names": [b.node, b.top], "user": person("inspector")}
		yield {"period": period, "include_unverified": 1}
		yield {"period": period, "plan": b.plan, "opd": B, "include_unverified": 1}
		yield {"period": period, "names": [b.node], "opd": {"name": ["like", "%"]}}
		yield {"plan": b.plan, "before": b.version, "after": "live"}
		yield {"plan": self.own.plan, "before": b.version, "after": "live"}
		yield {"plan": self.own.plan, "before": self.own.version, "after": b.version}
		yield {"indicator": b.indicator}
		yield {"indicator": f"{A}-1", "period": period, "performance_objective": b.node}

	def test_reports_of_planning_show_the_readers_own(self):
		for report in (*PLANNING_REPORTS, REPORTS[0]):
			for filters in self.planning_filters():
				echo = (self.b.plan, self.b.version, self.b.indicator, B)

				def ask(report=report, filters=filters) -> str:
					return self.run_report(report, filters=dict(filters))

				self.check(f"{report} {filters}", ask, echo, seen_by=())
		for report in PLANNING_REPORTS:
			self.check(
				f"{report} of B", lambda report=report: self.run_report(report, filters=self.b_filters())
			)

	def test_a_filter_that_is_no_text_is_refused_or_finds_nothing(self):
		"""And never an error of the database or of Python, which would tell about the query."""
		for report in (*PLANNING_REPORTS, REPORTS[0]):
			for name in ("plan", "indicator", "performance_objective", "opd", "year", "before"):
				for value in (["like", "%"], {"name": self.b.plan}, ["\\' or 1=1 -- "]):
					filters = {"period": f"{YEAR}-TW1", "plan": self.own.plan, name: value}
					self.check(
						f"{report} {name} {value}",
						lambda report=report, filters=filters: self.run_report(report, filters=dict(filters)),
						(self.b.plan,),
						seen_by=(),
					)

	def test_reports_of_planning_are_the_same_as_if_the_other_did_not_exist(self):
		period = f"{YEAR}-TW1"
		own = {"period": period, "year": YEAR, "plan": self.own.plan, "indicator": f"{A}-1"}
		for report in PLANNING_REPORTS:
			for filters in (own, {"period": period, "year": YEAR}):
				self.check_same(
					f"{report} {filters}",
					lambda report=report, filters=filters: self.run_report(report, filters=filters),
					differs_for=None,
				)
		for report in PLANNING_REPORTS[:3]:
			self.check_same(
				report,
				lambda report=report: self.run_report(report, filters={"period": period, "year": YEAR}),
			)

	def test_an_indicator_report_narrowed_to_a_node_of_others_is_empty(self):
		filters = {"period": f"{YEAR}-TW1", "performance_objective": self.b.node}
		self.check("node of B", lambda: self.run_report(REPORTS[0], filters=filters))
		text = self.asked("operator_a", lambda: self.run_report(REPORTS[0], filters=filters))
		self.assertNotIn(f"{A}-", text)

	def run_report(self, report: str, **arguments) -> str:
		return call("frappe.desk.query_report.run", report_name=report, **arguments)

	def test_rows_chart_summary_message_and_columns_are_the_readers_own(self):
		for report in REPORTS:
			for filters in self.filters():
				self.check(
					f"{report} {filters}",
					lambda report=report, filters=filters: self.run_report(report, filters=filters),
					seen_by=(),
				)
				self.check_same(
					f"{report} {filters}",
					lambda report=report, filters=filters: self.run_report(report, filters=filters),
					differs_for=None,
				)

	def test_city_roles_see_every_opd_in_every_report(self):
		for report in REPORTS[:3]:
			for key in CITY:
				with self.subTest(report=report, user=key):
					text = self.asked(
						key, lambda report=report: self.run_report(report, filters={"period": f"{YEAR}-TW1"})
					)
					self.assertIn(A, text)
					self.assertIn(B, text)

	def test_a_forged_user_changes_nothing(self):
		for report in ALL_REPORTS:
			for user in ("Administrator", person("inspector"), person("operator_b")):
				for ignoring in (0, 1):
					self.check(
						f"{report} as {user}",
						lambda report=report, user=user, ignoring=ignoring: self.run_report(
							report,
							filters=self.b_filters() | {"include_unverified": 1},
							user=user,
							ignore_prepared_report=ignoring,
						),
						seen_by=(),
					)

	def test_added_columns_bring_nothing_of_others(self):
		for doctype, fieldname, link in (
			("OPD", "opd_name", "opd"),
			(INDICATOR, "definition", "indicator"),
			(c.REALIZATION, "owner", "sheet"),
			(c.OBJECTIVE, "statement", "performance_objective"),
			(c.PLAN, "title", "plan"),
		):
			column = {
				"fieldname": fieldname,
				"doctype": doctype,
				"label": "x",
				"fieldtype": "Data",
				"insert_after_index": 0,
				"link_field": {"fieldname": link, "names": []},
			}
			self.check(
				f"custom column {doctype}",
				lambda column=column: self.run_report(
					REPORTS[0], filters={"period": f"{YEAR}-TW1"}, custom_columns=[dict(column)]
				),
				seen_by=(),
			)
			self.check(
				f"get_data_for_custom_field {doctype}",
				lambda doctype=doctype, fieldname=fieldname: call(
					"frappe.desk.query_report.get_data_for_custom_field", doctype=doctype, field=fieldname
				),
				seen_by=(),
			)

	def test_exports_hold_only_own_rows(self):
		for report in ALL_REPORTS:
			for kind in ("CSV", "Excel"):
				for filters in (
					{"period": f"{YEAR}-TW1", "year": YEAR},
					{"period": f"{YEAR}-TW1", "opd": B, "year": YEAR},
					self.b_filters(),
				):
					is_quiet = report in (
						"Waiting for Me",
						*EVALUATION_REPORTS,
					)  # these: test_evaluation_isolation
					needs_name = report in PLANNING_REPORTS[3:] and "plan" not in filters
					self.check(
						f"{report} {kind}",
						lambda report=report, kind=kind, filters=filters: call(
							"frappe.desk.query_report.export_query",
							report_name=report,
							filters=json.dumps(filters),
							file_format_type=kind,
							visible_idx="[]",
							include_filters=0,
						),
						seen_by=("inspector",) if not is_quiet and not needs_name else (),
					)

	def test_a_report_is_never_prepared(self):
		for report in ALL_REPORTS:
			for key in (*OF_A, "inspector", "admin", "Administrator"):
				frappe.set_user(key if key == "Administrator" else person(key))
				with self.subTest(report=report, user=key):
					self.assertRefused(
						call,
						"frappe.core.doctype.prepared_report.prepared_report.make_prepared_report",
						report_name=report,
						filters="{}",
						exceptions=REFUSED,
					)
		self.assertFalse(frappe.db.exists("Prepared Report", {"report_name": ["in", ALL_REPORTS]}))

	def test_a_stored_result_is_not_handed_out_by_name(self):
		stored = frappe.new_doc("Prepared Report")
		stored.update(
			{"report_name": REPORTS[0], "status": "Completed", "filters": "{}", "name": "tes-prepared"}
		)
		stored.db_insert()
		frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "tes.json",
				"content": json.dumps({"columns": [], "result": [{"x": "RahasiaB"}]}),
				"is_private": 1,
				"attached_to_doctype": "Prepared Report",
				"attached_to_name": stored.name,
			}
		).insert(ignore_permissions=True)
		for cmd, arguments in (
			("frappe.desk.query_report.run", {"filters": {"prepared_report_name": stored.name}}),
			("frappe.core.doctype.prepared_report.prepared_report.download_attachment", {"dn": stored.name}),
		):
			self.check(
				cmd,
				lambda cmd=cmd, arguments=arguments: call(cmd, report_name=REPORTS[0], **arguments),
				seen_by=(),
			)

	def test_a_mailed_report_holds_what_its_reader_may_see(self):
		for report in (*REPORTS[:3], *PLANNING_REPORTS, *EVALUATION_REPORTS, *ANALYSIS_REPORTS):
			for kind in ("HTML", "CSV", "XLSX"):
				for key in OF_A:
					with self.subTest(report=report, format=kind, user=key):
						mail = frappe.get_doc(
							{
								"doctype": "Auto Email Report",
								"report": report,
								"report_type": "Script Report",
								"user": person(key),
								"email_to": "x@tests.seroja.example",
								"format": kind,
								"frequency": "Daily",
								"filters": json.dumps(self.b_filters()),
							}
						)
						try:
							mail.insert()
							content = mail.get_report_content() or ""
						except REFUSED:
							content = ""
						self.assertHidden(_file_text(content))

	def test_a_saved_report_builder_report_is_scoped(self):
		for key in OF_A:
			with self.subTest(user=key):
				report = frappe.get_doc(
					{
						"doctype": "Report",
						"report_name": f"Tes {key}",
						"ref_doctype": c.REALIZATION,
						"report_type": "Report Builder",
						"is_standard": "No",
						"json": json.dumps({"fields": [["name", c.REALIZATION], ["realization", ITEM]]}),
					}
				).insert()
				frappe.set_user(person(key))
				self.assertHidden(_plain(report.get_data(limit=500)))
				frappe.set_user("Administrator")

	def test_the_pdf_holds_only_own_rows(self):
		for filters in (
			{"period": f"{YEAR}-TW1"},
			{"period": f"{YEAR}-TW1", "opd": B},
			{"period": f"{YEAR}-TW1", "include_unverified": 1},
			{"period": f"{YEAR}-TW2", "include_unverified": 1},
		):
			self.check(
				f"PDF {filters}",
				lambda filters=filters: call("seroja.api.documents.evaluation_summary", **filters),
				(B,) if filters.get("opd") else (),
			)

	def test_the_pdf_of_the_own_opd_is_the_same_as_if_the_other_did_not_exist(self):
		self.check_same("PDF", lambda: call("seroja.api.documents.evaluation_summary", period=f"{YEAR}-TW1"))

	def test_no_method_of_the_app_takes_a_user(self):
		import importlib
		import inspect
		import pkgutil

		import seroja.api

		for module in pkgutil.iter_modules(seroja.api.__path__, "seroja.api."):
			importlib.import_module(module.name)
		ours = [method for method in frappe.whitelisted if method.__module__.startswith("seroja")]
		self.assertTrue(ours)
		for method in ours:
			names = set(inspect.signature(method).parameters)
			self.assertFalse(names & {"user", "as_user", "for_user"}, method)
			is_open = method.__name__ in (
				"add_comment",  # stands in for a method of Frappe that guests may call
				"figures",  # what the public page shows
			)
			self.assertTrue(is_open or method not in frappe.guest_methods, method)


class TestChartsAndCards(IsolationTestCase):
	def test_shipped_cards_count_the_readers_own_documents(self):
		for name in ("Sheets with Inspektorat", "Sheets with OPD Head", "Verified Sheets"):
			card = frappe.get_doc("Number Card", name)
			self.check_same(
				name,
				lambda card=card: call(CARD + "get_result", doc=card.as_json(), filters=card.filters_json),
				differs_for="inspector" if name == "Verified Sheets" else None,
			)
			self.check_same(
				f"{name} %",
				lambda card=card: call(
					CARD + "get_percentage_difference",
					doc=card.as_json(),
					filters=card.filters_json,
					result=1,
				),
				differs_for=None,
			)
		self.check_same("Waiting", lambda: call("seroja.api.inbox.waiting_count"), differs_for=None)

	def test_a_forged_card_adds_up_own_rows_only(self):
		for doctype, parent, field in (
			(c.REALIZATION, None, "mean_achievement"),
			(ITEM, c.REALIZATION, "budget"),
			(TARGET_ITEM, c.TARGET, "budget"),
			(BUDGET, c.OBJECTIVE, "budget"),
			(c.PLAN_VERSION, None, "indicators"),
			(c.AGREEMENT, None, "year"),
			(c.ASSESSMENT, None, "final_index"),
			(ASSESSED, c.ASSESSMENT, "idx"),
			(c.RECOMMENDATION, None, "year"),
			(FOLLOW_UP, c.RECOMMENDATION, "idx"),
			(c.REPORT, None, "year"),
		):
			for function in ("Count", "Sum", "Average", "Maximum"):
				for filters in ([], [[doctype, "name", "!=", ""]]):
					card = {
						"doctype": "Number Card",
						"document_type": doctype,
						"parent_document_type": parent,
						"function": function,
						"aggregate_function_based_on": field,
					}
					self.check_same(
						f"{function} {doctype}",
						lambda card=card, filters=filters: call(
							CARD + "get_result", doc=json.dumps(card), filters=json.dumps(filters)
						),
						differs_for=None,
					)

	def test_shipped_charts_show_the_readers_own_documents(self):
		for arguments in ({}, {"refresh": 1}):
			self.check_same(
				"Sheets by Status",
				lambda arguments=arguments: call(CHART + "get", chart_name="Sheets by Status", **arguments),
				differs_for=None,
			)

	def test_a_chart_that_the_city_has_opened_is_not_served_from_memory(self):
		own = self.asked("operator_a", lambda: call(CHART + "get", chart_name="Sheets by Status", refresh=1))
		self.asked("inspector", lambda: call(CHART + "get", chart_name="Sheets by Status", refresh=1))
		again = self.asked("operator_a", lambda: call(CHART + "get", chart_name="Sheets by Status"))
		self.assertEqual(own, again)

	def test_a_forged_chart_adds_up_own_rows_only(self):
		for doctype, parent, field, group in (
			("OPD", None, "rgt", "opd_type"),
			(c.REALIZATION, None, "mean_achievement", "period"),
			(ITEM, c.REALIZATION, "achievement_raw", "category"),
			(c.OBJECTIVE, None, "weight", "plan"),
			(BUDGET, c.OBJECTIVE, "budget", "year"),
			(c.ASSESSMENT, None, "final_index", "final_predicate"),
			(ASSESSED, c.ASSESSMENT, "idx", "evaluator_answer"),
			(c.RECOMMENDATION, None, "year", "status"),
			(DECISION, c.RECOMMENDATION, "idx", "status"),
			(c.REPORT, None, "year", "published_on"),
		):
			base = {
				"name": "forged",
				"document_type": doctype,
				"parent_document_type": parent,
				"based_on": "creation",
				"value_based_on": field,
				"filters_json": "[]",
				"timespan": "Last Year",
				"time_interval": "Yearly",
			}
			for special in (
				{"chart_type": "Sum", "type": "Heatmap"},
				{"chart_type": "Count", "type": "Heatmap"},
				{"chart_type": "Average", "type": "Heatmap"},
				{"chart_type": "Sum", "type": "Line"},
				{"chart_type": "Count", "type": "Bar"},
				{
					"chart_type": "Group By",
					"type": "Bar",
					"group_by_type": "Sum",
					"group_by_based_on": group,
					"aggregate_function_based_on": field,
				},
			):
				self.check_same(
					f"{special} {doctype}",
					lambda base=base, special=special: call(
						CHART + "get",
						chart=json.dumps(base | special),
						no_cache=1,
						heatmap_year=today()[:4],
					),
					differs_for=None,
				)

	def test_a_chart_that_somebody_stores_adds_up_own_rows_only(self):
		values = {
			"chart_name": "Tes peta panas",
			"chart_type": "Sum",
			"type": "Heatmap",
			"document_type": c.REALIZATION,
			"based_on": "creation",
			"value_based_on": "mean_achievement",
			"filters_json": "[]",
			"dynamic_filters_json": "[]",
		}

		def ask() -> str:
			call(CHART + "create_dashboard_chart", args=json.dumps(values))
			return call(CHART + "get", chart_name="Tes peta panas", heatmap_year=today()[:4])

		self.check_same("stored heatmap", ask, differs_for=None)


PRINTED = (
	c.REALIZATION,
	c.PLAN,
	c.PLAN_VERSION,
	c.OBJECTIVE,
	c.AGREEMENT,
	c.IMPORT,
	c.ASSESSMENT,
	c.RECOMMENDATION,
	c.REPORT,
)


class TestPrintsAndExports(IsolationTestCase):
	def documents(self):
		return (
			(c.REALIZATION, self.b.sheet),
			(c.TARGET, self.b.target),
			(INDICATOR, self.b.indicator),
			("OPD", B),
			(ITEM, self.b.row),
			(c.PLAN, self.b.plan),
			(c.PLAN_VERSION, self.b.version),
			(c.OBJECTIVE, self.b.node),
			(c.AGREEMENT, self.b.agreement),
			(c.IMPORT, self.b.job),
			(CROSSCUT, self.b.crosscut_row),
			(c.ASSESSMENT, self.b.assessment),
			(c.RECOMMENDATION, self.b.recommendation),
			(c.REPORT, self.b.report),
			(ASSESSED, self.b.assessed_row),
			(FOLLOW_UP, self.b.follow_up_row),
		)

	def test_prints_are_refused(self):
		for doctype, name in self.documents():
			echo = (name,)
			for cmd, arguments in (
				("frappe.www.printview.get_html_and_style", {"doc": doctype, "name": name}),
				("frappe.www.printview.get_rendered_raw_commands", {"doc": doctype, "name": name}),
			):
				self.check(
					f"{cmd} {doctype}",
					lambda cmd=cmd, arguments=arguments: call(cmd, **arguments),
					echo,
					seen_by=("inspector",) if "html" in cmd and doctype in PRINTED else (),
				)

	def test_prints_as_pdf_are_refused_before_anything_is_rendered(self):
		rendered = []

		def get_pdf(html, *args, output=None, **kwargs):
			rendered.append(html)
			return output or b"%PDF-none"

		for doctype, name in self.documents():
			for cmd, arguments in (
				("frappe.utils.print_format.download_pdf", {"name": name}),
				(
					"frappe.utils.print_format.download_multi_pdf",
					{"name": json.dumps([name]), "format": "Standard"},
				),
				("frappe.utils.weasyprint.download_pdf", {"name": name, "print_format": "Standard"}),
			):
				for key in STRANGERS:
					with (
						self.subTest(cmd=cmd, doctype=doctype, user=key),
						patch("frappe.utils.pdf.get_pdf", get_pdf),
						patch(f"{__name__}._file_text", lambda content: ""),
					):
						rendered.clear()
						try:
							text = self.asked(key, lambda: call(cmd, doctype=doctype, **arguments))  # noqa: B023
						except AttributeError:  # the imitated PDF is not one; what was rendered decides
							text = ""
						self.assertHidden(text + "".join(rendered), (name,))

	def test_the_print_page_is_refused(self):
		from frappe.www.printview import get_context

		for doctype, name in self.mailed():

			def ask(doctype=doctype, name=name) -> str:
				request("/printview")
				frappe.local.form_dict = frappe._dict(doctype=doctype, name=name)
				with outside_test():
					return str(get_context(frappe._dict()))

			self.check(f"/printview {doctype}", ask, (name,))

	def mailed(self) -> tuple[tuple[str, str], ...]:
		b = self.b
		return (
			(c.REALIZATION, b.sheet),
			(c.ASSESSMENT, b.assessment),
			(c.RECOMMENDATION, b.recommendation),
			(c.REPORT, b.report),
		)

	def test_get_print_for_a_mail_attachment_is_refused(self):
		for doctype, name in self.mailed():
			self.check(
				f"get_print {doctype}",
				lambda doctype=doctype, name=name: frappe.get_print(doctype, name),
				(name,),
			)

	def test_list_exports_hold_only_own_rows(self):
		for doctype, field in (
			(c.REALIZATION, "name"),
			(INDICATOR, "indicator_name"),
			("OPD", "opd_name"),
			(c.PLAN, "title"),
			(c.PLAN_VERSION, "content"),
			(c.OBJECTIVE, "statement"),
			(c.AGREEMENT, "first_position"),
			(c.IMPORT, "outcome"),
			(c.ASSESSMENT, "final_predicate"),
			(c.RECOMMENDATION, "recommendation"),
			(c.REPORT, "published_link"),
		):
			for kind in ("CSV", "Excel"):
				self.check(
					f"reportview.export_query {doctype} {kind}",
					lambda doctype=doctype, field=field, kind=kind: call(
						"frappe.desk.reportview.export_query",
						doctype=doctype,
						fields=json.dumps([f"`tab{doctype}`.`name`", f"`tab{doctype}`.`{field}`"]),
						file_format_type=kind,
						title="x",
					),
				)

	def test_selected_names_of_others_are_not_exported(self):
		for doctype, name, row, field in (
			(c.REALIZATION, self.b.sheet, ITEM, "realization"),
			(c.PLAN, self.b.plan, MISSION, "mission"),
			(c.OBJECTIVE, self.b.node, CROSSCUT, "contribution"),
			(c.AGREEMENT, self.b.agreement, PROGRAM, "program"),
			(c.ASSESSMENT, self.b.assessment, ASSESSED, "self_note"),
			(c.ASSESSMENT, self.b.assessment, FINDING_ROW, "condition"),
			(c.RECOMMENDATION, self.b.recommendation, FOLLOW_UP, "action"),
			(c.RECOMMENDATION, self.b.recommendation, DECISION, "note"),
			(c.REPORT, self.b.report, c.REPORT, "published_link"),
		):
			self.check(
				f"selected_items {doctype}",
				lambda doctype=doctype, name=name, row=row, field=field: call(
					"frappe.desk.reportview.export_query",
					doctype=doctype,
					fields=json.dumps([f"`tab{doctype}`.`name`", f"`tab{row}`.`{field}`"]),
					selected_items=json.dumps([name]),
					file_format_type="CSV",
					title="x",
				),
			)

	def test_data_export_holds_only_own_rows(self):
		for doctype in [doctype for doctype, (parent, _field) in SCOPED.items() if not parent]:
			self.check(
				f"export_data {doctype}",
				lambda doctype=doctype: call(
					"frappe.core.doctype.data_export.exporter.export_data",
					doctype=doctype,
					parent_doctype=doctype,
					all_doctypes=True,
					with_data=1,
					file_type="CSV",
				),
			)

	def test_import_templates_hold_only_own_rows(self):
		for doctype, field in (
			("OPD", "opd_name"),
			(INDICATOR, "indicator_name"),
			(c.REALIZATION, "opd"),
			(c.PLAN, "title"),
			(c.OBJECTIVE, "statement"),
			(c.AGREEMENT, "first_position"),
			(c.ASSESSMENT, "final_predicate"),
			(c.RECOMMENDATION, "recommendation"),
			(c.REPORT, "published_link"),
		):
			self.check(
				f"download_template {doctype}",
				lambda doctype=doctype, field=field: call(
					"frappe.core.doctype.data_import.data_import.download_template",
					doctype=doctype,
					export_fields=json.dumps({doctype: ["name", field]}),
					export_records="all",
					export_filters="{}",
					file_type="CSV",
				),
				seen_by=(),
			)


class TestRest(IsolationTestCase):
	def test_rest_lists_and_counts_are_scoped(self):
		for doctype, (parent, _field) in SCOPED.items():
			for version in ("/api/resource/", "/api/v1/resource/", "/api/v2/document/"):
				self.check(
					f"{version}{doctype}",
					lambda version=version, doctype=doctype, parent=parent: rest(
						version + doctype,
						fields=json.dumps(["*"]),
						limit_page_length=0,
						limit=500,
						**({"parent": parent} if parent else {}),
					),
				)
			if not parent:
				self.check_same(
					f"v2 count {doctype}", lambda doctype=doctype: rest(f"/api/v2/doctype/{doctype}/count")
				)

	def test_rest_refuses_changes(self):
		for path, method, values in (
			(f"/api/resource/{c.REALIZATION}/{self.b.draft}", "PUT", {"decision_note": "x"}),
			(f"/api/resource/{c.REALIZATION}/{self.b.draft}", "DELETE", {}),
			(f"/api/v2/document/{c.REALIZATION}/{self.b.draft}", "DELETE", {}),
			(f"/api/v2/document/{c.REALIZATION}/{self.b.draft}/method/submit", "POST", {}),
			(f"/api/resource/{c.REALIZATION}/{self.b.draft}", "POST", {"run_method": "submit"}),
			(f"/api/resource/{INDICATOR}/{self.b.indicator}", "PUT", {"indicator_name": "x"}),
			(f"/api/resource/OPD/{B}", "PUT", {"opd_name": "x"}),
			(f"/api/resource/{c.PLAN}/{self.b.plan}", "PUT", {"title": "x"}),
			(f"/api/v2/document/{c.PLAN}/{self.b.plan}", "DELETE", {}),
			(f"/api/resource/{c.OBJECTIVE}/{self.b.node}", "PUT", {"statement": "x"}),
			(f"/api/v2/document/{c.OBJECTIVE}/{self.b.program}", "PATCH", {"opd": A}),
			(f"/api/resource/{c.OBJECTIVE}/{self.b.program}", "DELETE", {}),
			(f"/api/resource/{c.AGREEMENT}/{self.b.agreement}", "PUT", {"first_name": "x"}),
			(f"/api/v2/document/{c.AGREEMENT}/{self.b.agreement}/method/submit", "POST", {}),
			(f"/api/resource/{c.AGREEMENT}/{self.b.agreement}", "DELETE", {}),
			(f"/api/resource/{c.IMPORT}/{self.b.job}", "PUT", {"opd": A}),
			(f"/api/v2/document/{c.IMPORT}/{self.b.job}", "DELETE", {}),
			(f"/api/resource/{c.ASSESSMENT}/{self.b.open_assessment}", "PUT", {"decision_note": "x"}),
			(f"/api/resource/{c.ASSESSMENT}/{self.b.open_assessment}", "DELETE", {}),
			(f"/api/v2/document/{c.ASSESSMENT}/{self.b.open_assessment}/method/submit", "POST", {}),
			(f"/api/v2/document/{c.ASSESSMENT}/{self.b.assessment}/method/cancel", "POST", {}),
			(f"/api/resource/{c.ASSESSMENT}/{self.b.assessment}", "PUT", {"letter_number": "x"}),
			(f"/api/resource/{ASSESSED}/{self.b.open_assessed_row}", "PUT", {"self_answer": "E"}),
			(f"/api/v2/document/{ASSESSED}/{self.b.open_assessed_row}", "PATCH", {"self_answer": "E"}),
			(f"/api/v2/document/{FINDING_ROW}/{self.b.finding_row}", "DELETE", {}),
			(f"/api/resource/{c.RECOMMENDATION}/{self.b.recommendation}", "PUT", {"status": c.CLOSED}),
			(f"/api/v2/document/{c.RECOMMENDATION}/{self.b.recommendation}", "PATCH", {"opd": A}),
			(f"/api/resource/{c.RECOMMENDATION}/{self.b.recommendation}", "DELETE", {}),
			(f"/api/resource/{FOLLOW_UP}/{self.b.follow_up_row}", "PUT", {"action": "x"}),
			(f"/api/resource/{DECISION}/{self.b.decision_row}", "DELETE", {}),
			(f"/api/resource/{c.REPORT}/{self.b.report}", "PUT", {"published_link": "https://x.example"}),
			(f"/api/v2/document/{c.REPORT}/{self.b.report}", "DELETE", {}),
		):
			for key in STRANGERS:
				with self.subTest(path=path, method=method, user=key):
					text = self.asked(
						key, lambda path=path, method=method, values=values: rest(path, method, **values)
					)
					self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_methods_over_rest_obey_the_same_scope(self):
		for prefix in ("/api/method/", "/api/v2/method/"):
			self.check(
				prefix,
				lambda prefix=prefix: rest(
					f"{prefix}frappe.desk.query_report.run",
					"POST",
					report_name=REPORTS[0],
					filters=json.dumps({"period": f"{YEAR}-TW1"}),
				),
			)


class TestTraces(IsolationTestCase):
	"""What the framework keeps besides the documents."""

	def test_lists_of_traces_show_nothing_of_others(self):
		for doctype in (
			"Version",
			"Comment",
			"Communication",
			"ToDo",
			"Workflow Action",
			"Notification Log",
			"Activity Log",
			"Access Log",
			"View Log",
			"DocShare",
			"Document Follow",
			"Tag Link",
			"Deleted Document",
			"Email Queue",
			"Error Log",
			"File",
			"SEROJA Notice",
			"Prepared Report",
			"Energy Point Log",
			"Milestone",
			"Document Share Key",
			"Scheduled Job Log",
		):
			if not frappe.db.exists("DocType", doctype):
				continue
			self.check(
				doctype,
				lambda doctype=doctype: call(
					"frappe.client.get_list", doctype=doctype, fields=["*"], limit_page_length=0
				),
				seen_by=(),
			)

	def test_the_timeline_of_a_foreign_document_is_closed(self):
		for doctype, name in (
			(c.REALIZATION, self.b.sheet),
			(c.PLAN, self.b.plan),
			(c.OBJECTIVE, self.b.node),
			(c.AGREEMENT, self.b.agreement),
			(c.IMPORT, self.b.job),
			(c.ASSESSMENT, self.b.assessment),
			(c.RECOMMENDATION, self.b.recommendation),
			(c.REPORT, self.b.report),
		):
			reference = {"doctype": doctype, "name": name}
			for cmd, arguments in (
				("frappe.desk.form.load.get_docinfo", reference),
				("frappe.desk.form.load.get_communications", reference | {"start": 0, "limit": 20}),
			):
				self.check(
					f"{cmd} {doctype}", lambda cmd=cmd, arguments=arguments: call(cmd, **arguments), (name,)
				)

	def test_search_over_everything_finds_nothing_of_others(self):
		self.need_full_text_search()
		for text in ("TesB", "RahasiaB", "Indikator"):
			for cmd, arguments in (
				("frappe.utils.global_search.search", {"text": text, "start": 0, "limit": 50}),
				("frappe.utils.global_search.web_search", {"text": text}),
				("frappe.core.api.file.get_files_by_search_text", {"text": text}),
				("frappe.desk.doctype.tag.tag.get_documents_for_tag", {"tag": "#Penting"}),
			):
				self.check(
					f"{cmd} {text}",
					lambda cmd=cmd, arguments=arguments: call(cmd, **arguments),
					(text,) if text == "TesB" else (),
					seen_by=(),
				)

	def test_tags_do_not_name_the_documents_of_others(self):
		for doctype in (
			c.REALIZATION,
			c.PLAN,
			c.OBJECTIVE,
			c.AGREEMENT,
			c.IMPORT,
			c.ASSESSMENT,
			c.RECOMMENDATION,
			c.REPORT,
		):
			for tag in ("%", "%Penting%", "Penting"):
				self.check(
					f"get_tagged_docs {doctype} {tag}",
					lambda doctype=doctype, tag=tag: call(
						"frappe.desk.doctype.tag.tag.get_tagged_docs", doctype=doctype, tag=tag
					),
					seen_by=(),
				)

	def test_open_workflow_actions_are_listed_within_the_own_opd(self):
		take(frappe.get_doc(c.REALIZATION, self.b.draft), SUBMIT, "operator_b")
		for doctype, name in ((c.REALIZATION, self.b.draft), (c.ASSESSMENT, self.b.open_assessment)):
			frappe.get_doc(
				{
					"doctype": "Workflow Action",
					"reference_doctype": doctype,
					"reference_name": name,
					"status": "Open",
					"workflow_state": c.SUBMITTED,
					"permitted_roles": [{"role": role} for role in (c.HEAD, c.OPERATOR, c.VIEWER)],
				}
			).insert(ignore_permissions=True)
		self.check(
			"Workflow Action",
			lambda: call(
				"frappe.client.get_list",
				doctype="Workflow Action",
				fields=["reference_name", "workflow_state"],
				limit_page_length=0,
			),
			seen_by=(),
		)

	def test_following_brings_no_mail_about_others(self):
		for key in STRANGERS:
			with self.subTest(user=key):
				frappe.db.set_value("User", person(key), "document_follow_notify", 1)
				frappe.db.value_cache.clear()
				for doctype, name in (
					(c.REALIZATION, self.b.sheet),
					(c.ASSESSMENT, self.b.assessment),
					(c.RECOMMENDATION, self.b.recommendation),
					(c.REPORT, self.b.report),
				):
					for cmd in ("follow_document", "update_follow"):
						self.asked_and_kept(
							key,
							f"frappe.desk.form.document_follow.{cmd}",
							doctype=doctype,
							doc_name=name,
							user=person(key),
							following=1,
						)
					self.assertFalse(
						frappe.db.exists("Document Follow", {"ref_docname": name, "user": person(key)})
					)

	def asked_and_kept(self, key: str, cmd: str, **arguments) -> str:
		frappe.set_user(person(key))
		try:
			return call(cmd, **arguments)
		except REFUSED as error:
			return f"(refused) {error}"
		finally:
			frappe.set_user("Administrator")

	def test_sharing_and_assigning_open_nothing(self):
		for doctype, own, theirs in (
			(c.REALIZATION, f"{A}-{YEAR}-TW1", self.b.sheet),
			(c.ASSESSMENT, self.own.assessment, self.b.assessment),
			(c.RECOMMENDATION, self.own.recommendation, self.b.recommendation),
			(c.REPORT, self.own.report, self.b.report),
		):
			for cmd, arguments in self.shares(doctype, own, theirs):
				for key in (*STRANGERS, "executive", "inspector", "planner"):
					with self.subTest(cmd=cmd, doctype=doctype, user=key):
						frappe.db.savepoint("share")
						self.asked_and_kept(key, cmd, **arguments)
						for stranger, name in (("operator_b", own), ("operator_a", theirs)):
							doc = frappe.get_doc(doctype, name)
							self.assertFalse(doc.has_permission("read", user=person(stranger)))
							frappe.set_user(person(stranger))
							self.assertNotIn(name, frappe.get_list(doctype, pluck="name"))
							frappe.set_user("Administrator")
						frappe.db.rollback(save_point="share")

	def shares(self, doctype: str, own: str, theirs: str):
		other, place = person("operator_b"), {"doctype": doctype, "name": own}
		yield "frappe.share.add", place | {"user": other}
		yield "frappe.share.add", place | {"everyone": 1, "read": 1}
		yield "frappe.share.set_permission", place | {"user": other, "permission_to": "read", "value": 1}
		yield "frappe.desk.form.assign_to.add", place | {"assign_to": json.dumps([other])}
		yield "frappe.share.add", {"doctype": doctype, "name": theirs, "user": person("operator_a")}

	def test_people_of_other_opds_are_not_listed_with_their_positions(self):
		for doctype, fields in (("OPD", ["position_holders.user"]), (HOLDER, ["user", "position", "parent"])):
			self.check(
				doctype,
				lambda doctype=doctype, fields=fields: call(
					"frappe.client.get_list",
					doctype=doctype,
					fields=fields,
					parent="OPD" if doctype == HOLDER else None,
				),
			)

	def test_notices_go_only_to_people_of_the_opd_and_the_city(self):
		told = frappe.get_all(
			"Notification Log",
			{"document_name": ["in", [self.b.sheet, self.b.target, self.b.plan, self.b.agreement]]},
			pluck="for_user",
		)
		self.assertTrue(told)
		self.assertFalse(set(told) & {person(key) for key in STRANGERS})

	def test_notices_of_an_assessment_go_only_to_people_of_the_opd_and_the_city(self):
		told = frappe.get_all(
			"Notification Log", {"document_name": self.b.assessment}, pluck="for_user", distinct=True
		)
		self.assertTrue({person("operator_b"), person("head_b"), person("inspector2")} <= set(told))
		self.assertFalse(set(told) & {person(key) for key in STRANGERS})


class TestFiles(IsolationTestCase):
	def test_a_file_is_downloaded_only_by_those_who_see_its_document(self):
		b = self.b
		for url, file in (
			(b.url, b.file),
			(b.job_url, b.job_file),
			(b.evidence, b.evidence_file),
			(b.proof, b.proof_file),
			(b.report_url, b.report_file),
		):
			self.check("download", lambda url=url: download(url), (url,))
			self.check("download with fid", lambda url=url, file=file: download(url, file), (url,))
			text = self.asked("operator_b", lambda url=url: download(url))
			self.assertIn("RahasiaB", text)

	def test_other_spellings_of_the_path_open_nothing(self):
		name = self.b.url.rsplit("/", 1)[1]
		for url in (
			f"/private/files/./{name}",
			f"/private/files//{name}",
			f"/private/files/../files/{name}",
			f"/private/files/{name.replace('.', '%2E')}",
			f"/private/files/{name.upper()}",
			f"/private/files/{name} ",
		):
			self.check(f"download {url}", lambda url=url: download(url), (url, name), seen_by=())

	def test_file_records_are_listed_and_read_within_the_own_opd(self):
		self.check(
			"File list",
			lambda: call("frappe.client.get_list", doctype="File", fields=["*"], limit_page_length=0),
		)
		echo = (self.b.file,)
		for cmd, arguments in (
			("frappe.client.get", {"doctype": "File", "name": self.b.file}),
			("frappe.desk.form.load.getdoc", {"doctype": "File", "name": self.b.file}),
			("frappe.core.api.file.get_files_in_folder", {"folder": "Home/Attachments", "page_length": 500}),
			("frappe.core.api.file.get_files_by_search_text", {"text": "Rahasia"}),
			(
				"frappe.core.api.file.get_attached_images",
				{"doctype": c.REALIZATION, "names": [self.b.sheet]},
			),
			("frappe.core.api.file.get_max_file_size", {}),
		):
			self.check(
				cmd,
				lambda cmd=cmd, arguments=arguments: call(cmd, **arguments),
				(*echo, self.b.sheet),
				seen_by=(),
			)

	def test_files_of_others_cannot_be_packed_into_an_own_archive(self):
		def ask() -> str:
			call("frappe.core.api.file.zip_files", files=json.dumps([self.b.file]))
			return "\n".join(
				str(frappe.get_doc("File", name).get_content())
				for name in frappe.get_all("File", {"owner": frappe.session.user}, pluck="name")
			)

		self.check("zip_files", ask, (self.b.file,), seen_by=())

	def borrowing_ways(self):
		url, mine = self.b.url, f"{A}-{YEAR}-TW1"

		def own_file(**values):
			return frappe.get_doc(
				{
					"doctype": "File",
					"file_name": "saya.txt",
					"content": "milik saya",
					"is_private": 1,
					**values,
				}
			).insert()

		def insert(**values):
			return lambda: call("frappe.client.insert", doc={"doctype": "File", "is_private": 1, **values})

		def change(**values):
			return lambda: call(
				"frappe.client.set_value", doctype="File", name=own_file().name, fieldname=values
			)

		def upload() -> str:
			return call("upload_file", file_url=url, is_private=1, doctype=c.REALIZATION, docname=mine)

		def mail(**values):
			return lambda: call(
				"frappe.core.doctype.communication.email.make",
				content="x",
				subject="x",
				recipients="x@tests.seroja.example",
				attachments=[self.b.file],
				**values,
			)

		site = frappe.utils.get_url()
		return (
			("insert", insert(file_url=url)),
			(
				"insert attached to own sheet",
				insert(file_url=url, attached_to_doctype=c.REALIZATION, attached_to_name=mine),
			),
			("insert with the address of the site", insert(file_url=site + url)),
			("insert encoded", insert(file_url=url.replace(".", "%2E"))),
			("insert with dots", insert(file_url=url.replace("files/", "files/./"))),
			("change an own file", change(file_url=url)),
			("change an own file, encoded", change(file_url=url.replace(".", "%2E"))),
			(
				"change and attach",
				change(file_url=url, attached_to_doctype=c.REALIZATION, attached_to_name=mine),
			),
			("upload by address", upload),
			(
				"picture of the own user",
				lambda: call(
					"frappe.client.set_value",
					doctype="User",
					name=frappe.session.user,
					fieldname="user_image",
					value=url,
				),
			),
			("attach to a mail about the own sheet", mail(doctype=c.REALIZATION, name=mine)),
			("attach to a mail about nothing", mail()),
			(
				"attach_file",
				lambda: call(
					"frappe.client.attach_file",
					filename="x.txt",
					filedata="eA==",
					doctype=c.REALIZATION,
					docname=mine,
					docfield="x",
					decode_base64=True,
				),
			),
		)

	def test_a_path_of_others_cannot_be_borrowed(self):
		for way, ask in self.borrowing_ways():
			for key in STRANGERS:
				with self.subTest(way=way, user=key):
					frappe.db.savepoint("borrow")
					frappe.set_user(person(key))
					try:
						ask()
					except (*REFUSED, OSError):
						pass
					text = self.asked(key, lambda: download(self.b.url))
					frappe.set_user("Administrator")
					frappe.db.rollback(save_point="borrow")
					self.assertHidden(text, (self.b.url,))

	def test_evidence_of_an_own_row_is_not_a_file_of_others(self):
		sheet = draft_sheet(A, quarter=2)
		for field in ("evidence", "evidence_link"):
			self.as_user("operator_a")
			doc = frappe.get_doc(c.REALIZATION, sheet.name)
			doc.items[0].set(field, self.b.url)
			self.assertRefused(doc.save, exceptions=REFUSED)
		frappe.set_user("Administrator")
		self.assertHidden(self.asked("operator_a", lambda: download(self.b.url)), (self.b.url,))

	def test_an_uploader_who_has_left_the_opd_reads_his_uploads_no_more(self):
		saved = draft_sheet(A, quarter=2)
		self.as_user("operator_a")
		files = {
			"saved with the sheet": make_file(saved, content="RahasiaB tersimpan", name="a.txt"),
			"attached only": make_file(saved, content="RahasiaB terlampir", name="b.txt"),
		}
		saved.items[0].evidence = files["saved with the sheet"].file_url
		saved.save()
		files["attached after the save"] = make_file(saved, content="RahasiaB menyusul", name="c.txt")
		frappe.set_user("Administrator")
		self.leave("operator_a")
		for when, file in files.items():
			with self.subTest(when=when):
				text = self.asked("operator_a", lambda file=file: download(file.file_url))
				self.assertHidden(text)

	def leave(self, key: str) -> None:
		opd = frappe.get_doc("OPD", A)
		for row in opd.position_holders:
			if row.user == person(key):
				row.to_date = add_days(today(), -1)
		opd.save()

	def test_files_of_others_are_neither_changed_nor_deleted_nor_moved(self):
		before = snapshot_of_b()
		for key in STRANGERS:
			for cmd, arguments in (
				("frappe.client.delete", {"doctype": "File", "name": self.b.file}),
				(
					"frappe.client.set_value",
					{"doctype": "File", "name": self.b.file, "fieldname": "is_private", "value": 0},
				),
				(
					"frappe.client.set_value",
					{"doctype": "File", "name": self.b.file, "fieldname": "file_name", "value": "x"},
				),
				(
					"frappe.desk.form.utils.remove_attach",
					{"fid": self.b.file, "dt": c.REALIZATION, "dn": self.b.sheet},
				),
				(
					"frappe.core.api.file.move_file",
					{
						"file_list": [{"name": self.b.file}],
						"new_parent": "Home",
						"old_parent": "Home/Attachments",
					},
				),
				(
					"frappe.client.attach_file",
					{
						"filename": "x.txt",
						"filedata": "x",
						"doctype": c.REALIZATION,
						"docname": self.b.draft,
					},
				),
				(
					"frappe.client.insert",
					{
						"doc": {
							"doctype": "File",
							"file_name": "x.txt",
							"content": "x",
							"is_private": 1,
							"attached_to_doctype": c.REALIZATION,
							"attached_to_name": self.b.draft,
						}
					},
				),
			):
				with self.subTest(cmd=cmd, user=key):
					frappe.db.savepoint("file")
					frappe.set_user(person(key))
					try:
						call(cmd, **arguments)
					except REFUSED:
						pass
					frappe.set_user("Administrator")
					self.assertEqual(snapshot_of_b(), before)
					frappe.db.rollback(save_point="file")

	def test_evidence_is_never_public(self):
		sheet = draft_sheet(A, quarter=2)
		self.as_user("operator_a")
		self.assertRefused(make_file, sheet, is_private=0, exceptions=REFUSED)
		file = make_file(sheet)
		file.is_private = 0
		self.assertRefused(file.save, exceptions=(*REFUSED, OSError))


class TestWriting(IsolationTestCase):
	"""Whatever is tried from outside, OPD B is afterwards as it was."""

	def attempts(self):
		b = self.b
		draft = frappe.get_doc(c.REALIZATION, b.draft)
		rows = [row.as_dict() | {"obstacle": "diubah", "realization": "1"} for row in draft.items]
		forged = draft.as_dict() | {"opd": A, "items": rows}

		def set_value(doctype, name, fieldname, value=None):
			return "frappe.client.set_value", {
				"doctype": doctype,
				"name": name,
				"fieldname": fieldname,
				"value": value,
			}

		yield set_value(c.REALIZATION, b.draft, "decision_note", "x")
		yield set_value(c.REALIZATION, b.draft, "opd", A)
		yield set_value(c.REALIZATION, b.draft, {"opd": A, "items": rows})
		yield set_value(c.REALIZATION, b.draft, {"opd": "", "items": rows})
		yield set_value(c.REALIZATION, b.draft, "workflow_state", c.SUBMITTED)
		yield set_value(c.REALIZATION, b.draft, {"opd": A, "workflow_state": c.SUBMITTED})
		yield set_value(c.REALIZATION, b.sheet, {"opd": A, "decision_note": "x"})
		yield set_value(ITEM, b.draft_rows[0], "realization", "1")
		yield set_value(ITEM, b.draft_rows[0], {"realization": "1", "parent": f"{A}-{YEAR}-TW1"})
		yield set_value(c.TARGET, b.target, "opd", A)
		yield set_value(TARGET_ITEM, b.target_row, "year_target", "1")
		yield set_value(INDICATOR, b.indicator, "indicator_name", "diubah")
		yield set_value(INDICATOR, b.indicator, {"opd": A, "indicator_name": "diubah"})
		yield set_value(YEAR_TARGET, b.year_row, "target", "1")
		yield set_value("OPD", B, "opd_name", "diubah")
		yield set_value("OPD", B, {"parent_opd": A})
		yield set_value(HOLDER, b.holder_row, "user", person("operator_a"))
		yield set_value(c.ENTRY, b.entry, "note", "diubah")
		yield "frappe.client.save", {"doc": json.dumps(forged, default=str)}
		yield "frappe.client.bulk_update", {"docs": json.dumps([forged | {"docname": b.draft}], default=str)}
		yield "frappe.desk.form.save.savedocs", {"doc": json.dumps(forged, default=str), "action": "Save"}
		yield "run_doc_method", {"docs": json.dumps(forged, default=str), "method": "submit"}
		yield "run_doc_method", {"dt": c.REALIZATION, "dn": b.draft, "method": "submit"}
		yield (
			"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
			{
				"doctype": c.REALIZATION,
				"docnames": json.dumps([b.draft]),
				"action": "update",
				"data": json.dumps({"opd": A, "items": rows}, default=str),
			},
		)
		yield "frappe.client.insert", {"doc": {"doctype": c.REALIZATION, "opd": B, "period": f"{YEAR}-TW3"}}
		yield "frappe.client.insert", {"doc": {"doctype": c.TARGET, "opd": B, "year": YEAR + 1}}
		yield (
			"frappe.client.insert",
			{
				"doc": {
					"doctype": INDICATOR,
					"indicator_code": "TesB-9",
					"indicator_name": "x",
					"opd": B,
					"unit": "%",
					"polarity": "Maximize",
					"consolidation": "LAST",
				}
			},
		)
		yield (
			"frappe.client.insert",
			{
				"doc": {
					"doctype": ITEM,
					"parenttype": c.REALIZATION,
					"parent": b.draft,
					"parentfield": "items",
					"indicator": b.indicator,
				}
			},
		)
		yield (
			"frappe.client.insert",
			{
				"doc": {
					"doctype": HOLDER,
					"parenttype": "OPD",
					"parent": B,
					"parentfield": "position_holders",
					"user": person("operator_a"),
					"position": "Operator",
					"capacity": "Plt",
					"from_date": "2020-01-01",
				}
			},
		)
		for doctype, name in (
			(c.REALIZATION, b.draft),
			(c.REALIZATION, b.sheet),
			(ITEM, b.draft_rows[0]),
			(c.TARGET, b.target),
			(INDICATOR, b.indicator),
			("OPD", B),
			(c.ENTRY, b.entry),
			(c.PLAN, b.plan),
			(c.PLAN_VERSION, b.version),
			(c.OBJECTIVE, b.program),
			(CROSSCUT, b.crosscut_row),
			(c.AGREEMENT, b.agreement),
			(c.IMPORT, b.job),
			(c.ASSESSMENT, b.assessment),
			(c.ASSESSMENT, b.open_assessment),
			(ASSESSED, b.open_assessed_row),
			(FINDING_ROW, b.finding_row),
			(c.RECOMMENDATION, b.recommendation),
			(FOLLOW_UP, b.follow_up_row),
			(DECISION, b.decision_row),
			(c.REPORT, b.report),
		):
			yield "frappe.client.delete", {"doctype": doctype, "name": name}
			yield "frappe.desk.reportview.delete_items", {"doctype": doctype, "items": json.dumps([name])}
			yield (
				"frappe.client.rename_doc",
				{
					"doctype": doctype,
					"old_name": name,
					"new_name": "Tes-ganti",
				},
			)
			yield (
				"frappe.model.rename_doc.update_document_title",
				{
					"doctype": doctype,
					"docname": name,
					"name": "Tes-ganti",
				},
			)
		yield from self.planning_attempts(set_value)
		yield from self.evaluation_attempts(set_value)
		yield "frappe.client.submit", {"doc": json.dumps(forged, default=str)}
		yield "frappe.client.cancel", {"doctype": c.REALIZATION, "name": b.sheet}
		yield (
			"frappe.model.workflow.apply_workflow",
			{
				"doc": json.dumps({"doctype": c.REALIZATION, "name": b.draft, "opd": A}),
				"action": SUBMIT,
			},
		)
		yield "seroja.api.targets.revise", {"name": b.target, "reason": "x"}

	def planning_attempts(self, set_value):
		b, own = self.b, self.own
		yield set_value(c.PLAN, b.plan, "title", "diubah")
		yield set_value(c.PLAN, b.plan, {"opd": A, "workflow_state": c.DRAFT, "title": "diubah"})
		yield set_value(MISSION, b.mission_row, "mission", "diubah")
		yield set_value(c.PLAN_VERSION, b.version, {"content": "{}", "opd": A})
		yield set_value(c.OBJECTIVE, b.node, "statement", "diubah")
		yield set_value(c.OBJECTIVE, b.node, {"opd": A, "plan": own.plan, NODE: own.top})
		yield set_value(BUDGET, b.budget_row, "budget", 1)
		yield set_value(COMPONENT, b.component_row, {"component_name": "x", "parent": own.node})
		yield set_value(CROSSCUT, b.crosscut_row, "contribution", "diubah")
		yield set_value(ACTION, b.action_row, "action", "diubah")
		yield set_value(c.AGREEMENT, b.agreement, "first_party", person("head_a"))
		yield set_value(c.AGREEMENT, b.agreement, {"opd": A, "second_party": person("operator_a")})
		yield set_value(c.AGREEMENT, b.agreement, {"workflow_state": c.SIGNED, "docstatus": 1})
		yield set_value(PROGRAM, b.program_row, "note", "diubah")
		yield set_value(AGREED, b.agreed_row, "target", "1")
		yield set_value(SMART, b.smart_row, "note", "diubah")
		yield set_value(TAG_ROW, b.tag_row, "parent", f"{A}-1")
		yield set_value(c.IMPORT, b.job, {"opd": A, "owner": person("operator_a")})
		yield set_value(c.IMPORT, b.job, "file", None)
		for doctype, name in ((c.PLAN, b.plan), (c.OBJECTIVE, b.node), (c.AGREEMENT, b.agreement)):
			values = {
				"opd": A,
				"plan": own.plan,
				"title": "x",
				"statement": "x",
				"first_party": person("head_a"),
			}
			forged = frappe.get_doc(doctype, name).as_dict() | values | {"owner": person("operator_a")}
			yield "frappe.client.save", {"doc": json.dumps(forged, default=str)}
			yield "frappe.desk.form.save.savedocs", {"doc": json.dumps(forged, default=str), "action": "Save"}
			yield "frappe.client.submit", {"doc": json.dumps(forged, default=str)}
		yield "frappe.client.insert", {"doc": new_plan(B)}
		yield "frappe.client.insert", {"doc": new_node(B, b.plan, b.node)}
		yield (
			"frappe.desk.treeview.add_node",
			new_node(B, b.plan) | {"parent": b.node, "is_root": "false"},
		)
		yield "frappe.client.insert", {"doc": new_agreement(B)}
		yield (
			"frappe.client.insert",
			{"doc": {"doctype": c.IMPORT, "kind": "Objectives", "opd": B, "plan": b.plan}},
		)
		yield (
			"frappe.client.insert",
			{"doc": {"doctype": c.PLAN_VERSION, "plan": b.plan, "opd": B, "version": 2}},
		)
		for doctype, parent, field, values in (
			(MISSION, (c.PLAN, b.plan), "items", {"mission": "x"}),
			(CROSSCUT, (c.OBJECTIVE, b.node), "crosscuts", {"partner_opd": A, "contribution": "x"}),
			(ACTION, (c.TARGET, b.target), "actions", {"indicator": b.indicator, "action": "x"}),
			(SMART, (INDICATOR, b.indicator), "smart", {"criterion": "Relevant", "note": "x"}),
			(TAG_ROW, (INDICATOR, b.indicator), "tags", {"tag": "Tes Tag"}),
		):
			place = {"doctype": doctype, "parenttype": parent[0], "parent": parent[1], "parentfield": field}
			yield "frappe.client.insert", {"doc": place | values}
		for doctype, name, action in (
			(c.PLAN, b.plan, SUBMIT),
			(c.AGREEMENT, b.agreement, SIGN),
		):
			yield (
				"frappe.model.workflow.apply_workflow",
				{"doc": json.dumps({"doctype": doctype, "name": name, "opd": A}), "action": action},
			)
			yield (
				"frappe.model.workflow.bulk_workflow_approval",
				{"doctype": doctype, "docnames": json.dumps([name]), "action": action},
			)
		yield "seroja.api.objectives.move", {"name": b.node, "parent": own.top}
		yield "seroja.api.objectives.move", {"name": b.program, "parent": None}
		yield "seroja.api.objectives.move", {"name": own.node, "parent": b.top}
		yield (
			"seroja.api.agreements.revise",
			{"name": b.agreement, "reason": "Change of Strategy", "note": "x"},
		)
		yield "seroja.api.imports.check", {"name": b.job}
		yield "seroja.api.imports.apply", {"name": b.job}

	def evaluation_attempts(self, set_value):
		b, own = self.b, self.own
		yield set_value(c.ASSESSMENT, b.open_assessment, {"opd": A, "decision_note": "x"})
		yield set_value(c.ASSESSMENT, b.open_assessment, {"opd": A, "workflow_state": c.SUBMITTED})
		yield set_value(c.ASSESSMENT, b.open_assessment, {"docstatus": 1, "workflow_state": c.FINAL})
		yield set_value(c.ASSESSMENT, b.assessment, {"opd": A, "letter_number": "diubah"})
		yield set_value(ASSESSED, b.open_assessed_row, "self_answer", "E")
		yield set_value(ASSESSED, b.open_assessed_row, {"self_answer": "E", "parent": own.assessment})
		yield set_value(FINDING_ROW, b.finding_row, "condition", "diubah")
		yield set_value(c.RECOMMENDATION, b.recommendation, {"opd": A, "status": c.CLOSED})
		yield set_value(c.RECOMMENDATION, b.recommendation, "due_date", "2040-01-01")
		yield set_value(FOLLOW_UP, b.follow_up_row, {"action": "diubah", "parent": own.recommendation})
		yield set_value(DECISION, b.decision_row, "note", "diubah")
		yield set_value(c.REPORT, b.report, {"opd": A, "published_link": "https://x.example"})
		rows = [
			row.as_dict() | {"self_answer": "E"}
			for row in frappe.get_doc(c.ASSESSMENT, b.open_assessment).items
		]
		for doctype, name, values in (
			(c.ASSESSMENT, b.open_assessment, {"items": rows}),
			(c.ASSESSMENT, b.assessment, {"items": rows, "letter_number": "x"}),
			(c.RECOMMENDATION, b.recommendation, {"status": c.CLOSED, "follow_ups": [{"action": "x"}]}),
			(c.REPORT, b.report, {"published_link": "https://x.example"}),
		):
			doc = frappe.get_doc(doctype, name).as_dict() | values | {"opd": A, "owner": person("operator_a")}
			forged = json.dumps(doc, default=str)
			yield "frappe.client.save", {"doc": forged}
			yield "frappe.client.submit", {"doc": forged}
			yield "frappe.client.cancel", {"doctype": doctype, "name": name}
			for action in ("Save", "Update", "Submit", "Cancel"):
				yield "frappe.desk.form.save.savedocs", {"doc": forged, "action": action}
			yield "frappe.desk.form.save.cancel", {"doctype": doctype, "name": name}
			yield "frappe.client.bulk_update", {"docs": json.dumps([doc | {"docname": name}], default=str)}
			yield "run_doc_method", {"docs": forged, "method": "submit"}
			yield "run_doc_method", {"dt": doctype, "dn": name, "method": "cancel"}
			for action, data in (("update", values | {"opd": A}), ("submit", None), ("cancel", None)):
				yield (
					"frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs",
					{
						"doctype": doctype,
						"docnames": json.dumps([name]),
						"action": action,
						"data": data and json.dumps(data, default=str),
					},
				)
			new = {key: value for key, value in doc.items() if key not in ("name", "creation", "modified")}
			yield (
				"frappe.client.insert",
				{"doc": json.dumps(new | {"amended_from": name, "opd": B}, default=str)},
			)
		yield (
			"frappe.client.insert",
			{"doc": {"doctype": c.ASSESSMENT, "instrument": AKIP, "opd": B, "year": YEAR + 1}},
		)
		yield "frappe.client.insert", {"doc": new_recommendation(B)}
		yield "frappe.client.insert", {"doc": {"doctype": c.REPORT, "opd": B, "year": 2023}}
		for doctype, parent, field, values in (
			(ASSESSED, (c.ASSESSMENT, b.open_assessment), "items", {"code": "1.a", "self_answer": "E"}),
			(FINDING_ROW, (c.ASSESSMENT, b.open_assessment), "findings", FINDING),
			(FOLLOW_UP, (c.RECOMMENDATION, b.recommendation), "follow_ups", {"action": "x"}),
			(DECISION, (c.RECOMMENDATION, b.recommendation), "decisions", {"status": c.CLOSED}),
		):
			place = {"doctype": doctype, "parenttype": parent[0], "parent": parent[1], "parentfield": field}
			yield "frappe.client.insert", {"doc": place | values}
		for name, action in (
			(b.open_assessment, SUBMIT),
			(b.open_assessment, APPROVE),
			(b.assessment, REOPEN),
		):
			doc = json.dumps({"doctype": c.ASSESSMENT, "name": name, "opd": A, "decision_note": "x"})
			yield "frappe.model.workflow.apply_workflow", {"doc": doc, "action": action}
			yield (
				"frappe.model.workflow.bulk_workflow_approval",
				{"doctype": c.ASSESSMENT, "docnames": json.dumps([name]), "action": action},
			)
		change = {"code": "1.a", "field": "self_answer", "value": "E"}
		for name in (b.open_assessment, b.assessment):
			yield "seroja.api.worksheet.save", {"name": name, "changes": json.dumps([change])}
			yield "seroja.api.worksheet.add_finding", {"name": name, "finding": json.dumps(FINDING)}
			yield "seroja.api.worksheet.take_suggestions", {"name": name}
			yield "seroja.api.worksheet.refresh_facts", {"name": name}
		for doctype, name, field in (
			(c.ASSESSMENT, b.open_assessment, "letter_number"),
			(c.RECOMMENDATION, b.recommendation, "component"),
			(c.REPORT, b.report, "file"),
		):
			yield (
				"frappe.client.attach_file",
				{
					"filename": "x.txt",
					"filedata": "x",
					"doctype": doctype,
					"docname": name,
					"docfield": field,
				},
			)

	def traces(self):
		for doctype, name in (
			(c.REALIZATION, self.b.sheet),
			(c.PLAN, self.b.plan),
			(c.OBJECTIVE, self.b.node),
			(c.AGREEMENT, self.b.agreement),
			(c.IMPORT, self.b.job),
			(c.ASSESSMENT, self.b.assessment),
			(c.RECOMMENDATION, self.b.recommendation),
			(c.REPORT, self.b.report),
		):
			yield from self.traces_on(doctype, name)

	def traces_on(self, doctype: str, name: str):
		reference = {"doctype": doctype, "name": name}
		yield (
			"frappe.desk.form.utils.add_comment",
			{
				"reference_doctype": doctype,
				"reference_name": name,
				"content": "x",
				"comment_email": "x",
				"comment_by": "x",
			},
		)
		yield (
			"frappe.templates.includes.comments.comments.add_comment",
			{
				"comment": "sisipan",
				"comment_email": "x",
				"comment_by": "x",
				"reference_doctype": doctype,
				"reference_name": name,
				"route": "",
			},
		)
		yield "frappe.desk.like.toggle_like", {**reference, "add": "Yes"}
		for cmd in ("add_tag", "remove_tag"):
			yield (
				f"frappe.desk.doctype.tag.tag.{cmd}",
				{
					"tag": "Penting" if cmd == "remove_tag" else "Tes",
					"dt": doctype,
					"dn": name,
				},
			)
		yield (
			"frappe.desk.doctype.tag.tag.add_tags",
			{
				"tags": '["Tes"]',
				"dt": doctype,
				"docs": json.dumps([name]),
			},
		)
		yield "frappe.desk.form.assign_to.add", {**reference, "assign_to": json.dumps([frappe.session.user])}
		yield (
			"frappe.client.insert",
			{
				"doc": {
					"doctype": "ToDo",
					"description": "x",
					"reference_type": doctype,
					"reference_name": name,
					"allocated_to": person("operator_a"),
				}
			},
		)
		yield (
			"frappe.core.doctype.communication.email.make",
			{
				**reference,
				"content": "x",
				"subject": "x",
				"recipients": "x@tests.seroja.example",
			},
		)

	def tried(self, key: str, cmd: str, arguments: dict) -> dict:
		"""What OPD B looks like after an attempt."""
		frappe.db.savepoint("tried")
		frappe.set_user(person(key))
		try:
			call(cmd, **arguments)
		except REFUSED:
			pass
		except (
			IndexError,
			AttributeError,
			TypeError,
		):  # Frappe stumbles over its own reply; the snapshot decides
			pass
		frappe.set_user("Administrator")
		frappe.local.cache = {}
		after = snapshot_of_b()
		frappe.db.rollback(save_point="tried")
		frappe.local.cache = {}
		return after

	def assertUntouched(self, before: dict, after: dict) -> None:
		for doctype in before:
			self.assertEqual(before[doctype], after[doctype])

	def test_nobody_from_outside_changes_documents_of_the_opd(self):
		before = snapshot_of_b()
		for key in STRANGERS:
			for cmd, arguments in self.attempts():
				with self.subTest(user=key, cmd=cmd, arguments=str(arguments)[:120]):
					self.assertUntouched(before, self.tried(key, cmd, arguments))

	def test_an_executive_who_is_also_operator_elsewhere_changes_nothing(self):
		opd = frappe.get_doc("OPD", A)
		opd.append(
			"position_holders",
			{
				"user": person("executive"),
				"position": "Operator",
				"capacity": "Plt",
				"from_date": "2020-01-01",
			},
		)
		opd.append(
			"position_holders",
			{
				"user": person("executive"),
				"position": "Head",
				"capacity": "Plh",
				"from_date": today(),
				"to_date": today(),
			},
		)
		opd.save()
		before = snapshot_of_b()
		for cmd, arguments in self.attempts():
			with self.subTest(cmd=cmd, arguments=str(arguments)[:120]):
				self.assertUntouched(before, self.tried("executive", cmd, arguments))

	def test_a_role_without_a_position_in_the_opd_changes_nothing(self):
		frappe.get_doc("User", person("executive")).add_roles(c.OPERATOR, c.HEAD)
		frappe.get_doc("User", person("outsider")).add_roles(c.OPERATOR, c.HEAD)
		before = snapshot_of_b()
		for key in ("executive", "outsider"):
			for cmd, arguments in self.attempts():
				with self.subTest(user=key, cmd=cmd, arguments=str(arguments)[:120]):
					self.assertUntouched(before, self.tried(key, cmd, arguments))

	def test_no_trace_can_be_left_on_documents_of_others(self):
		before = snapshot_of_b()
		for key in STRANGERS:
			for cmd, arguments in self.traces():
				with self.subTest(user=key, cmd=cmd):
					self.assertUntouched(before, self.tried(key, cmd, arguments))

	def test_masters_are_changed_only_by_those_who_keep_them(self):
		scale = frappe.db.get_value(c.REALIZATION, self.b.sheet, "scale")
		for key in STRANGERS:
			for doctype, name, values in (
				(PERIOD, f"{YEAR}-TW1", {"entry_closes": add_days(today(), 9)}),
				("SEROJA Settings", "SEROJA Settings", {"cap": 150}),
				("Achievement Scale", scale, {"source": "diubah"}),
				(INDICATOR, f"{A}-1", {"indicator_name": "diubah"}),
				("OPD", A, {"opd_name": "diubah"}),
				("Workflow", "Performance Realization Verification", {"is_active": 0}),
				("Workflow", "Strategic Plan Approval", {"is_active": 0}),
				("Workflow", "Assessment Evaluation", {"is_active": 0}),
				(c.INSTRUMENT, AKIP, {"note": "diubah"}),
				(c.ROUND, f"{AKIP}-{YEAR}-OPD", {"self_closes": add_days(today(), 30)}),
				(TAG, "Tes Tag", {"description": "diubah"}),
			):
				with self.subTest(user=key, doctype=doctype):
					self.assertTrue(
						self.asked(
							key,
							lambda doctype=doctype, name=name, values=values: call(
								"frappe.client.set_value", doctype=doctype, name=name, fieldname=values
							),
						).startswith("(refused)")
					)

	def test_the_name_of_a_document_is_not_chosen_by_its_maker(self):
		for doctype, name, values in (
			(c.REALIZATION, f"{B}-{YEAR}-TW3", {"opd": A, "period": f"{YEAR}-TW3"}),
			(c.TARGET, f"PK-{B}-{YEAR + 1}-v1", {"opd": A, "year": YEAR + 1}),
			(c.PLAN, f"Renstra-{B}-{YEAR + 6}", new_plan(A)),
			(c.AGREEMENT, f"Perjanjian-{B}-{YEAR}-02", new_agreement(A)),
			(c.ASSESSMENT, f"{AKIP}-{B}-{YEAR + 1}", {"instrument": AKIP, "opd": A, "year": YEAR + 1}),
			(c.REPORT, f"LKjIP-{B}-2023", {"opd": A, "year": 2023}),
		):
			make_round(AKIP, YEAR + 1)
			for way in ("insert", "v2", "import"):
				with self.subTest(doctype=doctype, way=way):
					frappe.db.savepoint("named")
					self.as_user("operator_a")
					try:
						if way == "v2":
							rest(f"/api/v2/document/{doctype}", "POST", **values | {"name": name})
						else:
							call(
								"frappe.client.insert",
								doc={"doctype": doctype, **values, "name": name, "__newname": name},
							)
					except REFUSED:
						pass
					frappe.set_user("Administrator")
					self.assertFalse(frappe.db.exists(doctype, name))
					frappe.db.rollback(save_point="named")

	def amend(self, source: str, period: str, name: str) -> None:
		"""As operator of A, call a new sheet the amendment of another one, on the way that lets one name it."""
		self.as_user("operator_a")
		try:
			rest(
				f"/api/v2/document/{c.REALIZATION}",
				"POST",
				name=name,
				opd=A,
				period=period,
				amended_from=source,
			)
		except REFUSED:
			pass
		frappe.set_user("Administrator")

	def test_an_own_sheet_cannot_be_made_an_amendment_of_anothers(self):
		frappe.db.set_value("File", self.b.file, {"attached_to_name": self.b.draft})  # nothing to copy
		take(frappe.get_doc(c.REALIZATION, self.b.sheet), REOPEN, "inspector", note="revisi")
		before = snapshot_of_b()
		self.amend(self.b.sheet, f"{YEAR}-TW3", "Tes-amandemen")
		self.assertUntouched(before, snapshot_of_b())
		self.assertFalse(frappe.db.exists(c.REALIZATION, {"opd": A, "amended_from": self.b.sheet}))

	def test_amending_by_hand_does_not_open_a_closed_window(self):
		own = f"{A}-{YEAR}-TW1"
		take(frappe.get_doc(c.REALIZATION, own), REOPEN, "inspector", note="revisi")
		period = frappe.get_doc(PERIOD, f"{YEAR}-TW3")
		period.update({"entry_opens": add_days(today(), -9), "entry_closes": add_days(today(), -2)})
		period.save()
		self.amend(own, period.name, "Tes-amandemen")
		self.assertFalse(frappe.db.exists(c.REALIZATION, {"opd": A, "period": period.name}))

	def test_rows_of_another_opd_do_not_come_in_through_an_own_target(self):
		self.as_user("operator_a")
		target = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR + 1}).insert()
		target.append("items", {"indicator": self.b.indicator, "year_target": "1"})
		with self.assertRaises(REFUSED) as caught:
			target.save()
		self.assertHidden(str(caught.exception) + _plain(frappe.get_message_log()), (self.b.indicator,))


class TestPlanning(IsolationTestCase):
	"""The endpoints of planning, asked with the names of B."""

	def echo(self) -> tuple[str, ...]:
		b = self.b
		return (b.plan, b.version, b.agreement, b.target, b.indicator, B)

	def asked_for_b(self):
		"""(endpoint, arguments, whether it shows something to the city)."""
		b, documents = self.b, "seroja.api.documents."
		period = {"period": f"{YEAR}-TW1", "include_unverified": 1}
		for kind in ("pdf", "docx", "x"):
			yield f"{documents}agreement", {"name": b.agreement, "kind": kind}, True
			yield f"{documents}action_plan", {"name": b.target, "kind": kind}, True
		for cmd in (f"{documents}objective_tree", f"{documents}objective_tree_svg"):
			for arguments in (
				{"plan": b.plan},
				{"opd": B},
				{"plan": b.plan, "opd": B, "collapsed": "[]", **period},
				{"plan": b.plan, "opd": A, "collapsed": json.dumps([b.top, b.node])},
			):
				yield cmd, arguments, "collapsed" not in arguments
			for arguments in (
				{"collapsed": json.dumps([b.top, b.node, b.program]), **period},
				{"plan": self.own.plan, "opd": B},
				{"plan": ["like", "%"], "opd": ["like", "%"]},
				{"opd": {"name": ["like", "%"]}, **period},
			):
				yield cmd, arguments, False
		children = "seroja.api.objectives.get_children"
		yield children, {"doctype": c.OBJECTIVE, "is_root": 1}, True
		yield children, {"doctype": c.OBJECTIVE, "parent": b.top}, True
		yield children, {"doctype": c.OBJECTIVE, "parent": b.node}, True
		yield children, {"doctype": c.OBJECTIVE, "plan": b.plan}, True
		yield children, {"doctype": c.OBJECTIVE, "opd": B}, True
		yield children, {"doctype": c.OBJECTIVE, "plan": b.plan, "opd": A, "is_root": True}, False
		yield children, {"doctype": c.PLAN_VERSION, "parent": b.plan}, False

	def test_endpoints_that_read_tell_nothing_of_others(self):
		for cmd, arguments, is_shown in self.asked_for_b():
			self.check(
				f"{cmd} {arguments}",
				lambda cmd=cmd, arguments=arguments: call(cmd, "GET", **arguments),
				self.echo(),
				seen_by=("inspector",) if is_shown else (),
			)

	def test_endpoints_that_act_are_refused_on_documents_of_others(self):
		b = self.b
		before = snapshot_of_b()
		for cmd, arguments in (
			("seroja.api.objectives.move", {"name": b.node, "parent": self.own.top}),
			("seroja.api.objectives.move", {"name": b.program, "parent": None}),
			("seroja.api.agreements.revise", {"name": b.agreement, "reason": "x", "note": "x"}),
			("seroja.api.targets.revise", {"name": b.target, "reason": "x"}),
			("seroja.api.imports.check", {"name": b.job}),
			("seroja.api.imports.apply", {"name": b.job}),
		):
			for key in STRANGERS:
				with self.subTest(cmd=cmd, user=key):
					text = self.asked(key, lambda cmd=cmd, arguments=arguments: call(cmd, **arguments))
					self.assertTrue(text.startswith("(refused)"), text[:200])
					self.assertHidden(text, self.echo())
		self.assertEqual(snapshot_of_b(), before)

	def test_templates_of_imports_hold_no_data(self):
		for kind in ("Strategic Plans", "Objectives", "Indicators", "Targets", "Realizations", "SIPD Layout"):
			self.check(
				kind, lambda kind=kind: call("seroja.api.documents.import_template", kind=kind), seen_by=()
			)

	def test_the_own_drawn_tree_is_the_same_as_if_the_other_did_not_exist(self):
		names = json.dumps([self.b.top, self.b.node])
		for cmd in ("objective_tree", "objective_tree_svg"):
			for arguments in (
				{"plan": self.own.plan},
				{"opd": A, "period": f"{YEAR}-TW1"},
				{"period": f"{YEAR}-TW1", "include_unverified": 1, "collapsed": names},
			):

				def ask(cmd=cmd, arguments=arguments) -> str:
					return call(f"seroja.api.documents.{cmd}", "GET", **arguments)

				for key in OF_A:
					with self.subTest(cmd=cmd, arguments=str(arguments), user=key):
						text, without = self.with_and_without_b(key, ask)
						self.assertEqual(text, without)
						self.assertIn("TesAmiliksasaran", re.sub(r"<[^>]*>|\s", "", text))

	def opened_plan(self) -> None:
		"""The plan of A in a new version, so that its tree may change."""
		reopen_plan(frappe.get_doc(c.PLAN, self.own.plan))

	def test_an_own_node_does_not_move_below_a_node_of_others(self):
		self.opened_plan()
		before = snapshot_of_b()
		for values in ({NODE: self.b.top}, {NODE: self.b.top, "plan": self.b.plan}, {"plan": self.b.plan}):
			for channel, ask in (
				(
					"move",
					lambda values=values: call(
						"seroja.api.objectives.move", name=self.own.node, parent=values[NODE]
					),
				),
				(
					"set_value",
					lambda values=values: call(
						"frappe.client.set_value", doctype=c.OBJECTIVE, name=self.own.node, fieldname=values
					),
				),
				(
					"REST",
					lambda values=values: rest(
						f"/api/resource/{c.OBJECTIVE}/{self.own.node}", "PUT", **values
					),
				),
			):
				if channel == "move" and NODE not in values:
					continue
				for key in ("operator_a", "head_a"):
					with self.subTest(channel=channel, user=key, values=str(values)):
						text = self.asked(key, ask)
						self.assertTrue(text.startswith("(refused)"), text[:200])
						self.assertHidden(text, self.echo())
		self.assertEqual(snapshot_of_b(), before)

	def test_an_own_node_moves_within_the_own_tree(self):
		self.opened_plan()
		text = self.asked(
			"operator_a",
			lambda: call("seroja.api.objectives.move", name=self.own.program, parent=self.own.top),
		)
		self.assertFalse(text.startswith("(refused)"), text)

	def own_documents(self):
		self.opened_plan()
		job = make_import("Objectives", [["code"]], A, key="operator_a")
		return (
			(c.PLAN, self.own.plan),
			(c.OBJECTIVE, self.own.program),
			(c.AGREEMENT, self.own.agreement),
			(c.IMPORT, job.name),
			(c.TARGET, self.own.target),
		)

	def test_an_own_document_is_not_handed_to_another_opd(self):
		for doctype, name in self.own_documents():
			doc = frappe.get_doc(doctype, name).as_dict()
			forged = json.dumps(doc | {"opd": B}, default=str)
			for key in ("operator_a", "head_a"):
				for cmd, arguments in (
					(
						"frappe.client.set_value",
						{"doctype": doctype, "name": name, "fieldname": "opd", "value": B},
					),
					("frappe.client.save", {"doc": forged}),
					("frappe.desk.form.save.savedocs", {"doc": forged, "action": "Save"}),
				):
					with self.subTest(doctype=doctype, user=key, cmd=cmd):
						frappe.db.savepoint("handed")
						frappe.set_user(person(key))
						try:
							call(cmd, **arguments)
						except REFUSED:
							pass
						frappe.set_user("Administrator")
						self.assertEqual(frappe.db.get_value(doctype, name, "opd"), A)
						frappe.db.rollback(save_point="handed")
						frappe.local.cache = {}

	def test_nobody_of_an_opd_makes_documents_for_another(self):
		plan, node = new_plan(B), new_node(B, self.b.plan, self.b.node)
		in_own_plan = new_node(B, self.own.plan)
		job = {"doctype": c.IMPORT, "kind": "Objectives", "opd": B, "plan": self.b.plan}
		self.opened_plan()
		for doc in (plan, node, in_own_plan, new_agreement(B), job):
			count = frappe.db.count(doc["doctype"], {"opd": B})
			for key in STRANGERS:
				for channel, ask in (
					("insert", lambda doc=doc: call("frappe.client.insert", doc=dict(doc))),
					("REST", lambda doc=doc: rest(f"/api/resource/{doc['doctype']}", "POST", **doc)),
				):
					with self.subTest(doctype=doc["doctype"], user=key, channel=channel):
						text = self.asked(key, ask)
						self.assertTrue(text.startswith("(refused)"), text[:200])
						self.assertHidden(text, self.echo())
			self.assertEqual(frappe.db.count(doc["doctype"], {"opd": B}), count)

	def test_an_own_operator_does_make_plans_nodes_agreements_and_imports(self):
		self.opened_plan()
		for doc in (
			new_plan(A),
			new_node(A, self.own.plan, self.own.node),
			new_agreement(A),
			{"doctype": c.IMPORT, "kind": "Objectives", "opd": A, "plan": self.own.plan},
		):
			with self.subTest(doctype=doc["doctype"]):
				text = self.asked("operator_a", lambda doc=doc: call("frappe.client.insert", doc=dict(doc)))
				self.assertFalse(text.startswith("(refused)"), text[:300])

	def test_an_import_does_not_take_the_plan_of_others(self):
		for key in ("operator_a", "viewer_a", "head_a"):
			for kind, heading in (
				("Objectives", ["code", "level", "statement", "opd"]),
				("SIPD Layout", SIPD),
			):
				with self.subTest(kind=kind, user=key):
					self.as_user(key)
					try:
						job = make_import(kind, [heading, ["x"] * len(heading)], A, key=key)
						job.plan = self.b.plan
						text = self.said_of(lambda job=job: job.save())
						text += self.said_of(lambda job=job: call("seroja.api.imports.check", name=job.name))
					except REFUSED as error:
						text = str(error)
					frappe.set_user("Administrator")
					self.assertHidden(text, self.echo())

	def test_an_import_that_names_the_plan_of_others_shows_nothing_of_it(self):
		"""The name of a plan can be guessed."""
		job = make_import("Objectives", [["code"]], A, key="operator_a")
		self.as_user("operator_a")
		self.said_of(
			lambda: call(
				"frappe.client.set_value",
				doctype=c.IMPORT,
				name=job.name,
				fieldname="plan",
				value=self.b.plan,
			)
		)
		frappe.set_user("Administrator")
		linked = ["name", "plan.title", "plan.vision", "plan.regulation", "plan.makers"]
		for channel, ask in (
			("form", lambda: call("frappe.desk.form.load.getdoc", doctype=c.IMPORT, name=job.name)),
			("print", lambda: call("frappe.www.printview.get_html_and_style", doc=c.IMPORT, name=job.name)),
			("linked field", lambda: call("frappe.client.get_list", doctype=c.IMPORT, fields=linked)),
			("report view", lambda: call("frappe.desk.reportview.get", doctype=c.IMPORT, fields=linked)),
		):
			for key in ("operator_a", "viewer_a"):
				with self.subTest(channel=channel, user=key):
					self.assertHidden(self.asked(key, ask), self.echo())

	def test_an_own_node_does_not_lead_to_the_nodes_that_refer_to_it(self):
		for cmd, arguments in (
			("frappe.desk.form.linked_with.get", {"doctype": c.OBJECTIVE, "docname": self.own.node}),
			(
				"frappe.desk.form.linked_with.get_submitted_linked_docs",
				{"doctype": c.OBJECTIVE, "name": self.own.node},
			),
			("frappe.desk.form.load.getdoc", {"doctype": c.OBJECTIVE, "name": self.own.node}),
			("seroja.api.objectives.get_children", {"doctype": c.OBJECTIVE, "parent": self.own.node}),
		):

			def ask(cmd=cmd, arguments=arguments) -> str:
				return call(cmd, **arguments)

			self.check(cmd, ask, seen_by=())
			for key in OF_A:
				with self.subTest(cmd=cmd, user=key):
					self.assertNotIn(self.b.node, self.asked(key, ask))
					self.assertNotIn(self.b.program, self.asked(key, ask))

	def said_of(self, ask) -> str:
		try:
			return said(ask())
		except REFUSED as error:
			return f"(refused) {error} {_plain(frappe.get_message_log())}"


SIPD = [
	"opd",
	"program_code",
	"program_name",
	"activity_code",
	"activity_name",
	"sub_activity_code",
	"sub_activity_name",
	"indicator_name",
	"unit",
	"target",
	"budget",
	"year",
]


class TestLinksToOthers(IsolationTestCase):
	"""What an own document may show of another OPD's that it refers to: the abbreviation and the own words."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		reopen_plan(frappe.get_doc(c.PLAN, cls.own.plan))
		as_person("planner", cls.link)

	@classmethod
	def link(cls) -> None:
		doc = frappe.get_doc(c.OBJECTIVE, cls.own.node)
		doc.append(
			"crosscuts",
			{"partner_opd": B, "partner_code": f"{B}-1.1", "contribution": "TesA menyumbang"},
		)
		doc.save()

	def ways_to_the_node(self):
		node = self.own.node
		tree = {"plan": self.own.plan, "collapsed": "[]", "period": f"{YEAR}-TW1", "include_unverified": 1}
		yield "SVG", lambda: call("seroja.api.documents.objective_tree_svg", "GET", **tree)
		yield "PDF", lambda: call("seroja.api.documents.objective_tree", "GET", **tree)
		yield "client.get", lambda: call("frappe.client.get", doctype=c.OBJECTIVE, name=node)
		yield "REST v1", lambda: rest(f"/api/resource/{c.OBJECTIVE}/{node}")
		yield "REST v2", lambda: rest(f"/api/v2/document/{c.OBJECTIVE}/{node}")
		yield (
			"list",
			lambda: call(
				"frappe.client.get_list",
				doctype=c.OBJECTIVE,
				fields=["name", "crosscuts.partner_code", "crosscuts.partner_opd"],
			),
		)
		yield (
			"linked field",
			lambda: call(
				"frappe.client.get_list",
				doctype=CROSSCUT,
				parent=c.OBJECTIVE,
				fields=["partner_code", "partner_opd"],
			),
		)
		yield (
			"report view",
			lambda: call(
				"frappe.desk.reportview.get",
				doctype=c.OBJECTIVE,
				fields=json.dumps([f"`tab{CROSSCUT}`.`partner_code`", f"`tab{CROSSCUT}`.`partner_opd`"]),
			),
		)
		yield (
			"children",
			lambda: call(
				"seroja.api.objectives.get_children", "GET", doctype=c.OBJECTIVE, parent=self.own.top
			),
		)

	def test_a_crosscut_shows_the_abbreviation_of_the_partner_and_the_own_words(self):
		for channel, ask in self.ways_to_the_node():
			for key in OF_A:
				with self.subTest(channel=channel, user=key):
					self.assertHidden(self.asked(key, ask), (B,))
		for cmd in ("objective_tree", "objective_tree_svg"):
			text = self.asked(
				"operator_a", lambda cmd=cmd: call(f"seroja.api.documents.{cmd}", "GET", plan=self.own.plan)
			)
			self.assertIn(B, text)

	def test_the_form_of_an_own_node_does_not_bring_the_statement_of_the_partner(self):
		for key in OF_A:
			with self.subTest(user=key):
				text = self.asked(
					key, lambda: call("frappe.desk.form.load.getdoc", doctype=c.OBJECTIVE, name=self.own.node)
				)
				self.assertIn("TesA menyumbang", text)
				# The name of the partner and the code of its node are what the link says.
				self.assertHidden(text.replace(f"Dinas {B}", "·").replace(f"{B}-1.1", "·"), (B,))

	def test_the_print_of_an_own_node_does_not_bring_the_statement_of_the_partner(self):
		for key in OF_A:
			with self.subTest(user=key):
				text = self.asked(
					key,
					lambda: call(
						"frappe.www.printview.get_html_and_style", doc=c.OBJECTIVE, name=self.own.node
					),
				)
				self.assertIn("TesA menyumbang", text)
				# The name of the partner and the code of its node are what the link says.
				self.assertHidden(text.replace(f"Dinas {B}", "·").replace(f"{B}-1.1", "·"), (B,))

	def test_an_action_plan_does_not_print_the_objective_of_others(self):
		"""The name of B's node stands in the crosscut of A; typed into an action row it must lead nowhere."""
		self.as_user("operator_a")
		target = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR + 1}).insert()
		try:
			target.append(
				"actions",
				{"indicator": f"{A}-1", "action": "x", "performance_objective": self.b.node, "budget_q1": 1},
			)
			target.save()
		except REFUSED as error:
			self.assertHidden(str(error))
		frappe.set_user("Administrator")
		for channel, ask in (
			("PDF", lambda: call("seroja.api.documents.action_plan", name=target.name)),
			("DOCX", lambda: call("seroja.api.documents.action_plan", name=target.name, kind="docx")),
			("form", lambda: call("frappe.desk.form.load.getdoc", doctype=c.TARGET, name=target.name)),
			(
				"print",
				lambda: call("frappe.www.printview.get_html_and_style", doc=c.TARGET, name=target.name),
			),
		):
			for key in ("operator_a", "viewer_a"):
				with self.subTest(channel=channel, user=key):
					self.assertHidden(self.asked(key, ask))

	def test_a_program_row_typed_in_from_outside_brings_nothing_of_others(self):
		self.as_user("operator_a")
		doc = frappe.get_doc(c.AGREEMENT, self.own.agreement)
		doc.append("programs", {"performance_objective": self.b.program, "note": "x"})
		try:
			doc.save()
		except REFUSED as error:
			self.assertHidden(str(error))
		frappe.set_user("Administrator")
		for channel, ask in (
			("PDF", lambda: call("seroja.api.documents.agreement", name=doc.name)),
			("form", lambda: call("frappe.desk.form.load.getdoc", doctype=c.AGREEMENT, name=doc.name)),
		):
			with self.subTest(channel=channel):
				self.assertHidden(self.asked("operator_a", ask))

	def test_an_own_agreement_does_not_take_indicators_of_others(self):
		self.as_user("operator_a")
		doc = frappe.get_doc(c.AGREEMENT, self.own.agreement)
		doc.append("items", {"indicator": self.b.indicator})
		with self.assertRaises(REFUSED) as caught:
			doc.save()
		self.assertHidden(str(caught.exception) + _plain(frappe.get_message_log()), (self.b.indicator,))

	def test_a_successor_elsewhere_is_not_named(self):
		"""Its name would stand in the form of the own indicator; only the unit that succeeds the OPD may take over."""
		self.as_user("planner")
		doc = frappe.get_doc(INDICATOR, f"{A}-2")
		doc.update({"valid_to": YEAR, "successor": f"{B}-2"})
		self.assertRefused(doc.save, exceptions=frappe.ValidationError)

	def test_a_series_ends_where_an_indicator_goes_to_another_opd(self):
		self.follow(f"{A}-1", f"{B}-1")
		for key in OF_A:
			with self.subTest(user=key):
				text = self.asked(
					key,
					lambda: call(
						"frappe.desk.query_report.run",
						report_name="Indicator Trend",
						filters={"indicator": f"{A}-1"},
					),
				)
				self.assertHidden(text)
				self.assertIn(f"{A}-1", text)

	def test_the_report_does_not_name_a_predecessor_of_another_opd(self):
		self.follow(f"{B}-2", f"{A}-2")
		for key in OF_A:
			with self.subTest(user=key):
				text = self.asked(
					key,
					lambda: call(
						"frappe.desk.query_report.run",
						report_name=REPORTS[0],
						filters={"period": f"{YEAR}-TW1"},
					),
				)
				self.assertHidden(text)

	def follow(self, earlier: str, later: str) -> None:
		"""As it could stand in the database from before."""
		frappe.db.set_value(INDICATOR, earlier, {"valid_to": YEAR, "successor": later})

	def test_a_file_of_others_that_hangs_nowhere_yet_is_not_drawn_to_an_own_import(self):
		loose = as_person(
			"operator_b",
			lambda: frappe.get_doc(
				{"doctype": "File", "file_name": "lepas.csv", "content": "RahasiaB lepas", "is_private": 1}
			).insert(),
		)
		job = make_import("Objectives", [["code"]], A, key="operator_a")
		self.as_user("operator_a")
		job.file = loose.file_url
		try:
			job.save()
		except REFUSED:
			pass
		frappe.set_user("Administrator")
		text = self.asked("operator_a", lambda: download(loose.file_url))
		self.assertHidden(text, (loose.file_url,))


class TestFormula(IsolationTestCase):
	"""A formula over an indicator of B shows its result, and nothing else of B."""

	@classmethod
	def prepare(cls) -> None:
		def save():
			doc = frappe.get_doc(INDICATOR, f"{A}-3")
			doc.update({"value_source": c.FORMULA, "expression": f"[{B}-1] * 2"})
			doc.save()

		as_person("planner", save)

	def ways(self):
		sheet, period = f"{A}-{YEAR}-TW1", {"period": f"{YEAR}-TW1", "include_unverified": 1}
		yield lambda: call("frappe.desk.form.load.getdoc", doctype=c.REALIZATION, name=sheet)
		yield lambda: call("frappe.client.get", doctype=c.REALIZATION, name=sheet)
		yield lambda: rest(f"/api/resource/{c.REALIZATION}/{sheet}")
		yield lambda: call("frappe.www.printview.get_html_and_style", doc=c.REALIZATION, name=sheet)
		yield lambda: call(
			"frappe.desk.query_report.run", report_name=REPORTS[0], filters=dict(period, opd=A)
		)
		yield lambda: call(
			"frappe.desk.query_report.run", report_name="Indicator Trend", filters={"indicator": f"{A}-3"}
		)

	def test_the_result_is_shown_and_nothing_else_of_the_other_opd(self):
		for number, ask in enumerate(self.ways()):
			for key in OF_A:
				with self.subTest(way=number, user=key):
					text = self.asked(key, ask)
					self.assertIn("126,34", text)
					self.assertHidden(text, (f"{B}-1",))

	def test_the_other_channels_show_no_more(self):
		for ask in (
			lambda: call("frappe.desk.form.load.getdoc", doctype=INDICATOR, name=f"{A}-3"),
			lambda: call("seroja.api.documents.evaluation_summary", period=f"{YEAR}-TW1"),
			lambda: call("seroja.api.documents.objective_tree_svg", "GET", period=f"{YEAR}-TW1"),
			lambda: call("frappe.desk.form.load.getdoc", doctype=c.TARGET, name=self.own.target),
		):
			for key in OF_A:
				self.assertHidden(self.asked(key, ask), (f"{B}-1",))

	def test_an_operator_cannot_make_a_formula_himself(self):
		wish = {"value_source": c.FORMULA, "expression": f"[{B}-2]"}
		for doctype, parent in (
			(INDICATOR, f"{A}-2"),
			(
				TARGET_ITEM,
				frappe.db.get_value(TARGET_ITEM, {"parent": self.own.target, "indicator": f"{A}-2"}),
			),
		):
			text = self.asked(
				"operator_a",
				lambda doctype=doctype, parent=parent: call(
					"frappe.client.set_value", doctype=doctype, name=parent, fieldname=wish
				),
			)
			self.assertTrue(text.startswith("(refused)"), text[:200])
		self.as_user("operator_a")
		doc = frappe.get_doc({"doctype": c.REALIZATION, "opd": A, "period": f"{YEAR}-TW2"}).insert()
		row = next(row for row in doc.items if row.indicator == f"{A}-2")
		row.update(wish)
		doc.save()
		target = frappe.get_doc({"doctype": c.TARGET, "opd": A, "year": YEAR + 1}).insert()
		next(row for row in target.items if row.indicator == f"{A}-2").update(wish)
		target.save()
		frappe.set_user("Administrator")
		for doctype, name in ((ITEM, doc.name), (TARGET_ITEM, target.name)):
			kept = frappe.db.get_value(doctype, {"parent": name, "indicator": f"{A}-2"}, "value_source")
			self.assertNotEqual(kept, c.FORMULA)

	def test_a_formula_takes_no_value_that_is_not_verified(self):
		sheet = draft_sheet(A, quarter=2)  # B has a draft of this quarter
		row = next(row for row in sheet.items if row.indicator == f"{A}-3")
		self.assertFalse(row.realization)


class TestVersionsAreKept(IsolationTestCase):
	"""A Strategic Plan Version is written once, and what it holds stays within the OPD."""

	def test_a_version_is_never_written_changed_or_deleted(self):
		place = f"{c.PLAN_VERSION}/{self.b.version}"
		new = {"plan": self.b.plan, "opd": B, "version": 2, "content": "{}"}
		before = frappe.db.get_value(c.PLAN_VERSION, self.b.version, ["*"], as_dict=True)
		for path, method, values in (
			(f"/api/resource/{place}", "PUT", {"content": "{}"}),
			(f"/api/resource/{place}", "PUT", {"digest": "x", "approved_by": person("planner")}),
			(f"/api/resource/{place}", "DELETE", {}),
			(f"/api/v2/document/{place}", "PATCH", {"reason": "x"}),
			(f"/api/v2/document/{place}", "DELETE", {}),
			(f"/api/resource/{c.PLAN_VERSION}", "POST", new),
			(f"/api/v2/document/{c.PLAN_VERSION}", "POST", {"name": f"{self.b.plan}-v2", **new}),
			(f"/api/v2/document/{c.PLAN_VERSION}", "POST", {"flags": {"is_approval": True}, **new}),
		):
			for key in ("operator_b", "head_b", *STRANGERS, *CITY, "Administrator"):
				with self.subTest(path=path, method=method, user=key):
					frappe.db.savepoint("version")
					frappe.set_user(key if key == "Administrator" else person(key))
					with self.assertRaises(REFUSED):
						rest(path, method, **values)
					frappe.set_user("Administrator")
					frappe.db.rollback(save_point="version")
		self.assertEqual(frappe.db.get_value(c.PLAN_VERSION, self.b.version, ["*"], as_dict=True), before)
		self.assertEqual(frappe.db.count(c.PLAN_VERSION, {"plan": self.b.plan}), 1)

	def test_methods_of_the_desk_do_not_change_a_version(self):
		doc = frappe.get_doc(c.PLAN_VERSION, self.b.version).as_dict() | {"content": "{}"}
		forged = json.dumps(doc, default=str)
		name = self.b.version
		for cmd, arguments in (
			(
				"frappe.client.set_value",
				{"doctype": c.PLAN_VERSION, "name": name, "fieldname": "content", "value": "{}"},
			),
			("frappe.client.save", {"doc": forged}),
			("frappe.desk.form.save.savedocs", {"doc": forged, "action": "Save"}),
			("frappe.client.delete", {"doctype": c.PLAN_VERSION, "name": name}),
			("frappe.client.rename_doc", {"doctype": c.PLAN_VERSION, "old_name": name, "new_name": "x"}),
		):
			for key in ("operator_b", "head_b", "planner", "admin"):
				with self.subTest(cmd=cmd, user=key):
					text = self.asked(key, lambda cmd=cmd, arguments=arguments: call(cmd, **arguments))
					self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_the_content_of_a_version_never_leaves_its_opd(self):
		for fields in (["content"], ["name", "content", "digest", "reason"], ["*"]):
			for channel, ask in (
				(
					"list",
					lambda fields=fields: call(
						"frappe.client.get_list", doctype=c.PLAN_VERSION, fields=fields
					),
				),
				(
					"report view",
					lambda fields=fields: call(
						"frappe.desk.reportview.get", doctype=c.PLAN_VERSION, fields=fields
					),
				),
				(
					"REST",
					lambda fields=fields: rest(f"/api/resource/{c.PLAN_VERSION}", fields=json.dumps(fields)),
				),
				(
					"search",
					lambda: call(
						"frappe.desk.search.search_widget",
						doctype=c.PLAN_VERSION,
						txt="RahasiaB",
						searchfield="content",
						filter_fields=json.dumps(["content"]),
					),
				),
			):
				self.check(f"{channel} {fields}", ask, seen_by=() if channel == "search" else ("inspector",))
		for filters in (
			{"plan": self.b.plan, "before": self.b.version, "after": "live"},
			{"plan": self.b.plan},
		):
			self.check(
				f"difference {filters}",
				lambda filters=filters: call(
					"frappe.desk.query_report.run",
					report_name="Plan Version Difference",
					filters=dict(filters),
				),
				(self.b.plan, self.b.version),
				seen_by=(),
			)


class TestFormerHead(IsolationTestCase):
	"""A head whose position ended yesterday is still named in the agreement, and that is all."""

	def setUp(self):
		super().setUp()
		opd = frappe.get_doc("OPD", A)
		for row in opd.position_holders:
			if row.user == person("head_a"):
				row.to_date = add_days(today(), -1)
		opd.save()
		self.assertEqual(
			frappe.db.get_value(c.AGREEMENT, self.own.agreement, "first_party"), person("head_a")
		)
		second = {"second_party": person("operator_b"), "second_position": "Wali Kota"}
		frappe.db.set_value(c.AGREEMENT, self.own.agreement, second)

	def parties(self) -> tuple[str, str]:
		return "head_a", "operator_b"

	def test_he_does_not_read_it(self):
		name = self.own.agreement
		for channel, ask in (
			("client.get", lambda: call("frappe.client.get", doctype=c.AGREEMENT, name=name)),
			("getdoc", lambda: call("frappe.desk.form.load.getdoc", doctype=c.AGREEMENT, name=name)),
			("REST", lambda: rest(f"/api/resource/{c.AGREEMENT}/{name}")),
			("PDF", lambda: call("seroja.api.documents.agreement", name=name)),
			("DOCX", lambda: call("seroja.api.documents.agreement", name=name, kind="docx")),
			("print", lambda: call("frappe.www.printview.get_html_and_style", doc=c.AGREEMENT, name=name)),
		):
			for key in self.parties():
				with self.subTest(channel=channel, user=key):
					text = self.asked(key, ask)
					self.assertTrue(text.startswith("(refused)"), text[:200])
					self.assertNotIn("TesA milik", text)
		for key in self.parties():
			text = self.asked(key, lambda: call("frappe.client.get_list", doctype=c.AGREEMENT, fields=["*"]))
			self.assertNotIn(name, text)

	def test_he_does_not_sign_change_or_revise_it(self):
		name = self.own.agreement
		before = frappe.get_doc(c.AGREEMENT, name).as_dict()
		doc = json.dumps({"doctype": c.AGREEMENT, "name": name})
		for cmd, arguments in (
			("frappe.model.workflow.apply_workflow", {"doc": doc, "action": SIGN}),
			(
				"frappe.client.set_value",
				{
					"doctype": c.AGREEMENT,
					"name": name,
					"fieldname": "workflow_state",
					"value": c.SIGNED_BY_FIRST,
				},
			),
			(
				"frappe.client.set_value",
				{"doctype": c.AGREEMENT, "name": name, "fieldname": "first_name", "value": "x"},
			),
			("frappe.client.submit", {"doc": json.dumps(before, default=str)}),
			("frappe.client.delete", {"doctype": c.AGREEMENT, "name": name}),
			("seroja.api.agreements.revise", {"name": name, "reason": "Change of Strategy", "note": "x"}),
		):
			for key in self.parties():
				with self.subTest(cmd=cmd, user=key):
					text = self.asked(key, lambda cmd=cmd, arguments=arguments: call(cmd, **arguments))
					self.assertTrue(text.startswith("(refused)"), text[:200])
		self.assertEqual(frappe.get_doc(c.AGREEMENT, name).as_dict(), before)

	def test_it_does_not_wait_for_him(self):
		for state, key in ((c.DRAFT, "head_a"), (c.SIGNED_BY_FIRST, "operator_b")):
			frappe.db.set_value(c.AGREEMENT, self.own.agreement, "workflow_state", state)
			text = self.asked(
				key, lambda: call("frappe.desk.query_report.run", report_name="Waiting for Me", filters={})
			)
			self.assertNotIn(self.own.agreement, text)

	def test_the_head_in_office_does_sign(self):
		opd = frappe.get_doc("OPD", A)
		for row in opd.position_holders:
			row.to_date = None
		opd.save()
		make_government()
		mayor = {"second_party": person(keys_of(GOVERNMENT)[1])}
		frappe.db.set_value(c.AGREEMENT, self.own.agreement, mayor)
		doc = json.dumps({"doctype": c.AGREEMENT, "name": self.own.agreement})
		text = self.asked(
			"head_a", lambda: call("frappe.model.workflow.apply_workflow", doc=doc, action=SIGN)
		)
		self.assertIn(c.SIGNED_BY_FIRST, text)


class TestImports(IsolationTestCase):
	"""A file of an operator of A that names rows of B is refused, row by row, and changes nothing."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		cls.draft = make_plan(A, first=YEAR + 10, title="TesA milik rancangan")

	def files(self):
		"""(kind, heading, rows that name B)."""
		year = YEAR
		yield (
			"Strategic Plans",
			["plan_type", "opd", "title", "year_from", "year_to"],
			[["Renstra", B, "diubah", year, year + 4], ["Renstra", "Dinas TesB", "baru", year + 8, year + 9]],
		)
		yield (
			"Objectives",
			["code", "level", "statement", "opd"],
			[["TesB-1", "Tujuan", "diubah", B], ["X-1", "Tujuan", "baru", "dinas tesb"]],
		)
		yield (
			"Targets",
			["opd", "year", "indicator_code", "year_target"],
			[[B, year, "TesB-1", "1"], [B, year + 1, "TesB-2", "1"]],
		)
		yield (
			"Realizations",
			["opd", "year", "quarter", "indicator_code", "realization"],
			[[B, year, "2", "TesB-1", "1"], [B, year, "2", "TesB-2", "1"]],
		)
		nodes = ["1.01.02", "x", "1.01.02.2.01", "x", "1.01.02.2.01.0001", "x", "x", "%", "1", 5, year]
		yield "SIPD Layout", SIPD, [[B, *nodes], ["Dinas TesB", *nodes[:6], "y", *nodes[7:]]]

	def run_import(self, kind: str, rows: list[list], key: str = "operator_a") -> tuple[dict, str]:
		"""The preview that the user sees, and what applying says."""
		job = make_import(kind, rows, A, plan=self.draft, key=key)
		frappe.set_user(person(key))
		try:
			with outside_test():
				preview = imports.check_file(job.name)
			try:
				applied = call("seroja.api.imports.apply", name=job.name)
			except REFUSED as error:
				applied = f"(refused) {error}"
			told = call("frappe.desk.form.load.getdoc", doctype=c.IMPORT, name=job.name)
		finally:
			frappe.set_user("Administrator")
			frappe.local.cache = {}
		return preview, applied + told

	def test_rows_of_others_are_refused_one_by_one_and_nothing_changes(self):
		before = snapshot_of_b()
		for kind, heading, rows in self.files():
			with self.subTest(kind=kind):
				frappe.db.savepoint("import")
				preview, told = self.run_import(kind, [heading, *rows])
				self.assertEqual(preview["status"], "With Errors")
				self.assertEqual({row for row, _column, _message in preview["problems"]}, {2, 3})
				self.assertTrue(told.startswith("(refused)"), told[:200])
				self.assertHidden(told + _plain(preview), (B, "Dinas TesB", "dinas tesb"))
				self.assertEqual(snapshot_of_b(), before)
				frappe.db.rollback(save_point="import")
				frappe.local.cache = {}

	def test_codes_of_others_in_rows_of_the_own_opd_change_nothing_there(self):
		before = snapshot_of_b()
		counts = {doctype: frappe.db.count(doctype, {"opd": A}) for doctype in (c.TARGET, c.OBJECTIVE)}
		for kind, heading, rows in self.files():
			at = heading.index("opd")
			own = [[A if number == at else cell for number, cell in enumerate(row)] for row in rows]
			if kind in ("Strategic Plans", "SIPD Layout"):
				continue  # these rows name B by its abbreviation only
			with self.subTest(kind=kind):
				frappe.db.savepoint("import")
				_preview, told = self.run_import(kind, [heading, *own])
				self.assertHidden(told, ("TesB-1", "TesB-2"))
				self.assertEqual(snapshot_of_b(), before)
				if kind == "Targets":
					self.assertEqual(frappe.db.count(c.TARGET, {"opd": A}), counts[c.TARGET])
				frappe.db.rollback(save_point="import")
				frappe.local.cache = {}

	def test_indicators_are_not_imported_by_an_operator(self):
		heading = ["indicator_code", "indicator_name", "opd", "polarity"]
		job = make_import("Indicators", [heading, ["TesB-1", "x", A, "maksimal"]], A, key="operator_a")
		text = self.asked("operator_a", lambda: call("seroja.api.imports.check", name=job.name))
		self.assertTrue(text.startswith("(refused)"), text)

	def test_an_own_file_is_taken(self):
		rows = [["code", "level", "statement", "opd"], ["T-1", "Tujuan", "tujuan kami", A]]
		preview, told = self.run_import("Objectives", rows)
		self.assertEqual(preview["status"], "Ready")
		self.assertTrue(
			frappe.db.exists(c.OBJECTIVE, {"plan": self.draft.name, "objective_code": "T-1"}), told
		)


class TestGovernment(IsolationTestCase):
	"""The plan of the government is everybody's to read; what OPDs have put into it is not."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		make_government()
		plan = make_plan(GOVERNMENT, "RPJMD", title="Kota RPJMD", vision="Kota visi")
		top = make_node(plan, statement="Kota tujuan")
		goal = make_node(
			plan, "Sasaran", top.name, statement="Kota sasaran", budgets=[{"year": YEAR, "budget": 5000}]
		)
		values = {"opd": B, "budgets": [{"year": YEAR, "budget": 7391391}]}
		below = make_node(plan, "Program", goal.name, statement="RahasiaB program kota", **values)
		values = {"opd": A, "budgets": [{"year": YEAR, "budget": 1500}]}
		own = make_node(plan, "Program", goal.name, statement="TesA milik program kota", **values)
		for code, node in ((f"{A}-2", own), (f"{B}-2", below), (f"{B}-3", goal)):
			as_person("planner", lambda code=code, node=node: cls.measure(code, node.name))
		approve_plan(plan)
		cls.city = frappe._dict(
			plan=plan.name, version=f"{plan.name}-v1", top=top.name, goal=goal.name, below=below.name
		)
		for code, node in ((f"{A}-2", own.name), (f"{B}-2", below.name), (f"{B}-3", goal.name)):
			frappe.db.set_value(ITEM, {"indicator": code}, "performance_objective", node)

	@staticmethod
	def measure(code: str, node: str) -> None:
		doc = frappe.get_doc(INDICATOR, code)
		doc.performance_objective = node
		doc.save()

	def shared(self):
		city = self.city
		return ((c.PLAN, city.plan), (c.OBJECTIVE, city.goal))

	def test_its_versions_are_for_those_who_see_all_that_is_in_them(self):
		ask = lambda: call("frappe.client.get", doctype=c.PLAN_VERSION, name=self.city.version)  # noqa: E731
		for key in OF_A:
			self.assertTrue(self.asked(key, ask).startswith("(refused)"))
		for key in CITY:
			self.assertFalse(self.asked(key, ask).startswith("(refused)"))

	def test_everybody_with_a_unit_reads_it_and_an_outsider_does_not(self):
		for doctype, name in self.shared():
			for key in (*OF_A, "operator_b", *CITY):
				with self.subTest(doctype=doctype, user=key):
					text = self.asked(
						key, lambda d=doctype, n=name: call("frappe.client.get", doctype=d, name=n)
					)
					self.assertFalse(text.startswith("(refused)"), text[:200])
					listed = self.asked(key, lambda d=doctype: call("frappe.client.get_list", doctype=d))
					self.assertIn(name, listed)
			text = self.asked("outsider", lambda d=doctype, n=name: rest(f"/api/resource/{d}/{n}"))
			self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_nothing_of_others_comes_with_it(self):
		for doctype, name in (*self.shared(), (c.PLAN_VERSION, self.city.version)):
			for channel, ask in (
				("client.get", lambda d=doctype, n=name: call("frappe.client.get", doctype=d, name=n)),
				("getdoc", lambda d=doctype, n=name: call("frappe.desk.form.load.getdoc", doctype=d, name=n)),
				("REST v2", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}")),
				(
					"print",
					lambda d=doctype, n=name: call("frappe.www.printview.get_html_and_style", doc=d, name=n),
				),
				(
					"linked documents",
					lambda d=doctype, n=name: call("frappe.desk.form.linked_with.get", doctype=d, docname=n),
				),
				("list", lambda d=doctype: call("frappe.client.get_list", doctype=d, fields=["*"], limit=0)),
			):
				for key in OF_A:
					with self.subTest(channel=channel, doctype=doctype, user=key):
						self.assertHidden(self.asked(key, ask))

	def reports(self):
		for report in (*PLANNING_REPORTS[:3], REPORTS[0]):
			for values in ({"plan": self.city.plan}, {}, {"opd": GOVERNMENT, "plan": self.city.plan}):
				filters = {"period": f"{YEAR}-TW1", "year": YEAR, "include_unverified": 1} | values
				filters |= {"performance_objective": self.city.goal} if report == REPORTS[0] else {}
				yield (
					f"{report} {values}",
					lambda report=report, filters=filters: call(
						"frappe.desk.query_report.run", report_name=report, filters=dict(filters)
					),
				)
		for cmd in ("objective_tree", "objective_tree_svg"):
			for values in ({}, {"collapsed": "[]"}, {"collapsed": json.dumps([self.city.top])}):
				yield (
					f"{cmd} {values}",
					lambda cmd=cmd, values=values: call(
						f"seroja.api.documents.{cmd}",
						"GET",
						plan=self.city.plan,
						period=f"{YEAR}-TW1",
						include_unverified=1,
						**values,
					),
				)
		for parent in (self.city.top, self.city.goal):
			yield (
				"children",
				lambda parent=parent: call(
					"seroja.api.objectives.get_children", "GET", doctype=c.OBJECTIVE, parent=parent
				),
			)

	def test_reports_and_drawings_of_its_tree_hold_own_nodes_only(self):
		for channel, ask in self.reports():
			for key in OF_A:
				with self.subTest(channel=channel, user=key):
					self.assertHidden(self.asked(key, ask))
				with self.subTest(channel=channel, user=key, without_b=True):
					if not channel.startswith("objective_tree "):  # a PDF; its drawing is compared as SVG
						self.assertEqual(*self.with_and_without_b(key, ask))
		text = self.asked("inspector", next(self.reports())[1])
		self.assertRegex(text, "TesB")

	def test_the_difference_of_its_versions_holds_nothing_of_others(self):
		as_person("planner", lambda: self.change_below())
		for values in ({"before": self.city.version, "after": "live"}, {}):
			text = self.asked(
				"operator_a",
				lambda values=values: call(
					"frappe.desk.query_report.run",
					report_name="Plan Version Difference",
					filters={"plan": self.city.plan} | values,
				),
			)
			self.assertHidden(text)

	def change_below(self) -> None:
		reopen_plan(frappe.get_doc(c.PLAN, self.city.plan))
		node = frappe.get_doc(c.OBJECTIVE, self.city.below)
		node.statement = "RahasiaB program kota diubah"
		node.save()

	def rolled(self, key: str) -> dict[str, dict]:
		"""Node of the government → its row of the roll-up, as somebody sees it."""
		text = self.asked(
			key,
			lambda: call(
				"frappe.desk.query_report.run",
				report_name="Objective Roll-up",
				filters={"plan": self.city.plan, "period": f"{YEAR}-TW1"},
			),
		)
		rows = json.loads(text.splitlines()[0])["result"]
		return {row["node"]: row for row in rows if isinstance(row, dict) and row.get("opd") == GOVERNMENT}

	def test_its_nodes_show_no_achievement_to_an_opd(self):
		figures = ("own", "mean", "weighted", "weakest", "weakest_statement", "category", "color")
		for key in OF_A:
			rows = self.rolled(key)
			self.assertEqual(set(rows), {self.city.top, self.city.goal})
			for row in rows.values():
				with self.subTest(user=key, node=row["statement"]):
					self.assertEqual([row[name] for name in figures if row[name]], [])
		self.assertTrue(self.rolled("inspector")[self.city.goal]["own"])

	def test_its_nodes_show_no_budget_added_up_from_a_part_of_them(self):
		whole = self.rolled("inspector")[self.city.goal]["budget"]
		self.assertEqual(whole, 1500 + 7391391)
		for key in OF_A:
			for row in self.rolled(key).values():
				with self.subTest(user=key, node=row["statement"]):
					self.assertIsNone(row["budget"])

	def test_an_opd_does_not_write_it(self):
		def stand() -> list:
			return [_rows(doctype, {"opd": GOVERNMENT}) for doctype in (c.PLAN, c.PLAN_VERSION, c.OBJECTIVE)]

		def values_of(state: list) -> list:  # a node of A among them may move the numbers of a tree
			return [
				[{k: v for k, v in row.items() if k not in ("lft", "rgt")} for row in rows] for rows in state
			]

		as_person("operator_city", lambda: reopen_plan(frappe.get_doc(c.PLAN, self.city.plan)))
		before = stand()
		for cmd, arguments in self.attempts():
			for key in STRANGERS:
				with self.subTest(cmd=cmd, user=key, arguments=str(arguments)[:120]):
					frappe.db.savepoint("government")
					frappe.set_user(person(key))
					try:
						call(cmd, **arguments)
					except (*REFUSED, IndexError, AttributeError, TypeError):
						pass
					frappe.set_user("Administrator")
					self.assertEqual(values_of(stand()), values_of(before))
					frappe.db.rollback(save_point="government")
					frappe.local.cache = {}

	def attempts(self):
		city = self.city
		for doctype, name in self.shared():
			doc = frappe.get_doc(doctype, name).as_dict() | {"opd": A, "title": "x", "statement": "x"}
			yield "frappe.client.save", {"doc": json.dumps(doc, default=str)}
			yield "frappe.client.delete", {"doctype": doctype, "name": name}
			for field in ("title", "statement", "opd", "content", "workflow_state"):
				value = {"opd": A, "workflow_state": c.SUBMITTED}.get(field, "x")
				yield (
					"frappe.client.set_value",
					{"doctype": doctype, "name": name, "fieldname": field, "value": value},
				)
		yield "seroja.api.objectives.move", {"name": city.goal, "parent": None}
		yield "seroja.api.objectives.move", {"name": city.top, "parent": self.own.top}
		doc = json.dumps({"doctype": c.PLAN, "name": city.plan})
		yield "frappe.model.workflow.apply_workflow", {"doc": doc, "action": SUBMIT}
		yield (
			"frappe.client.insert",
			{
				"doc": {
					"doctype": c.OBJECTIVE,
					"plan": city.plan,
					"opd": GOVERNMENT,
					"level": "Sasaran",
					"statement": "x",
					NODE: city.top,
				}
			},
		)
		for doctype, parent, field in ((BUDGET, city.goal, "budgets"), (CROSSCUT, city.goal, "crosscuts")):
			row = {"year": YEAR, "partner_opd": A, "contribution": "x"}
			place = {"doctype": doctype, "parenttype": c.OBJECTIVE, "parent": parent, "parentfield": field}
			yield "frappe.client.insert", {"doc": place | row}

	def test_an_opd_hangs_its_own_nodes_below_it(self):
		plan = make_plan(A, first=YEAR + 1, year_to=YEAR + 4, parent_plan=self.city.plan)
		doc = {
			"doctype": c.OBJECTIVE,
			"plan": plan.name,
			"opd": A,
			"level": "Sasaran",
			"statement": "x",
			NODE: self.city.goal,
		}
		text = self.asked("operator_a", lambda: call("frappe.client.insert", doc=doc))
		self.assertFalse(text.startswith("(refused)"), text[:200])


class TestWhoSeesWhat(IsolationTestCase):
	def opds_seen(self, key: str) -> set[str]:
		frappe.set_user(person(key))
		frappe.local.role_permissions = {}
		try:
			return set(frappe.get_list("OPD", pluck="name", limit_page_length=0))
		except frappe.PermissionError:
			return set()
		finally:
			frappe.set_user("Administrator")

	def hold(self, opd: str, key: str, **values) -> None:
		doc = frappe.get_doc("OPD", opd)
		doc.append(
			"position_holders",
			{
				"user": person(key),
				"position": "Viewer",
				"capacity": "Definitif",
				"from_date": "2020-01-01",
				**values,
			},
		)
		doc.save()

	def test_city_roles_see_both(self):
		for key in CITY:
			self.assertTrue({A, B} <= self.opds_seen(key), key)

	def test_an_outsider_sees_nothing(self):
		self.assertEqual(self.opds_seen("outsider"), set())

	def test_a_role_without_a_position_shows_nothing(self):
		frappe.get_doc("User", person("outsider")).add_roles(c.OPERATOR, c.HEAD, c.VIEWER)
		self.assertEqual(self.opds_seen("outsider"), set())
		for report in REPORTS:
			text = self.asked(
				"outsider",
				lambda report=report: call(
					"frappe.desk.query_report.run",
					report_name=report,
					filters={"period": f"{YEAR}-TW1", "include_unverified": 1},
				),
			)
			self.assertHidden(text)
			self.assertNotIn(A, text)

	def test_a_position_counts_only_in_its_days(self):
		for days in ((-9, -1), (1, 9)):
			frappe.db.savepoint("days")
			self.hold(B, "viewer_a", from_date=add_days(today(), days[0]), to_date=add_days(today(), days[1]))
			self.assertNotIn(B, self.opds_seen("viewer_a"))
			frappe.db.rollback(save_point="days")
		self.hold(B, "viewer_a", from_date=today(), to_date=today())
		self.assertIn(B, self.opds_seen("viewer_a"))

	def test_units_below_are_seen_and_units_above_and_beside_are_not(self):
		frappe.db.set_value("OPD", A, "is_group", 1)
		for name, parent in (("TesA1", A), ("TesA2", A)):
			frappe.get_doc(
				{"doctype": "OPD", "abbreviation": name, "opd_name": name, "parent_opd": parent}
			).insert()
		self.hold("TesA1", "outsider")
		self.assertEqual(self.opds_seen("outsider"), {"TesA1"})
		self.assertTrue({A, "TesA1", "TesA2"} <= self.opds_seen("viewer_a"))
		self.assertNotIn(B, self.opds_seen("viewer_a"))

	def test_a_moved_unit_changes_hands_at_once(self):
		frappe.db.set_value("OPD", [["name", "in", [A, B]]], "is_group", 1)
		frappe.get_doc({"doctype": "OPD", "abbreviation": "TesX", "opd_name": "x", "parent_opd": A}).insert()
		self.assertIn("TesX", self.opds_seen("viewer_a"))
		unit = frappe.get_doc("OPD", "TesX")
		unit.parent_opd = B
		unit.save()
		self.assertNotIn("TesX", self.opds_seen("viewer_a"))

	def test_a_guest_gets_nothing(self):
		for ask in (
			lambda: call("frappe.client.get_list", doctype="OPD"),
			lambda: call("frappe.client.get_count", doctype="OPD"),
			lambda: call("frappe.desk.query_report.run", report_name=REPORTS[0]),
			lambda: call("seroja.api.documents.evaluation_summary"),
			lambda: call("seroja.api.inbox.waiting_count"),
			lambda: rest("/api/resource/OPD"),
			lambda: call("frappe.www.list.get", doctype="OPD"),
		):
			text = self.asked("Guest@", lambda ask=ask: as_guest(ask))
			self.assertHidden(text)
			self.assertTrue(text.startswith("(refused)"), text[:200])


def as_guest(ask) -> str:
	frappe.set_user("Guest")
	return ask()


class TestInjection(IsolationTestCase):
	FORMULA = '=HYPERLINK("http://penyerang.example","klik")'
	HTML = "<img src=x onerror=alert(1)>"

	def poison(self, text: str) -> None:
		"""As if the texts came in by import."""
		sheet = f"{A}-{YEAR}-TW1"
		for row in frappe.get_all(ITEM, {"parent": sheet}, pluck="name"):
			frappe.db.set_value(
				ITEM,
				row,
				{
					"indicator_name": text,
					"objective": text,
					"unit": text[:100],
					"obstacle": text,
					"explanation": text,
					"realization_ytd": text[:100],
					"target": text[:100],
				},
			)
		frappe.db.set_value("OPD", A, "opd_name", text)
		frappe.db.set_value(INDICATOR, f"{A}-1", "indicator_name", text)
		frappe.db.set_value("User", person("operator_a"), "full_name", text)

	def export(self, report: str, kind: str) -> bytes:
		request("/", "POST")
		frappe.local.form_dict = frappe._dict(
			report_name=report,
			filters=json.dumps({"period": f"{YEAR}-TW1"}),
			file_format_type=kind,
			visible_idx="[]",
		)
		from frappe.handler import execute_cmd

		with outside_test():
			execute_cmd("frappe.desk.query_report.export_query")
		return frappe.local.response.filecontent

	def test_an_indicator_that_looks_like_a_formula_is_text_in_the_excel_export(self):
		from openpyxl import load_workbook

		for text in (self.FORMULA, "+1+1", "-1+1", "@SUM(A1)"):
			self.poison(text)
			for report in REPORTS[:3]:
				with self.subTest(text=text, report=report):
					book = load_workbook(io.BytesIO(self.export(report, "Excel")))
					formulas = [
						cell.value for row in book.active.iter_rows() for cell in row if cell.data_type == "f"
					]
					self.assertEqual(formulas, [])

	def test_an_indicator_that_looks_like_a_formula_is_text_in_the_csv_export(self):
		import csv

		for text in (self.FORMULA, "+1+1", "-1+1", "@SUM(A1)"):
			self.poison(text)
			for report in REPORTS[:3]:
				with self.subTest(text=text, report=report):
					content = _file_text(self.export(report, "CSV"))
					cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
					dangerous = [
						cell
						for cell in cells
						if re.match(r"[=+\-@\t\r]", cell) and not re.fullmatch(r"[+-]?[\d.,]+", cell)
					]
					self.assertEqual(dangerous, [])

	def test_html_in_names_stays_text_in_every_report(self):
		self.poison(self.HTML)
		draft = draft_sheet(A, quarter=2)
		for key in ("inspector", "operator_a"):
			for report in REPORTS:
				for period in (f"{YEAR}-TW1", f"{YEAR}-TW2"):
					with self.subTest(report=report, period=period, user=key):
						text = self.asked(
							key,
							lambda report=report, period=period: call(
								"frappe.desk.query_report.run",
								report_name=report,
								filters={"period": period, "include_unverified": 1},
							),
						)
						self.assertNotIn("<img", text)
		self.assertTrue(draft.name)

	def test_html_in_names_stays_text_in_the_pdf(self):
		self.poison("<b>tebal</b><img src='file:///etc/passwd'>")
		text = self.asked(
			"inspector",
			lambda: call("seroja.api.documents.evaluation_summary", period=f"{YEAR}-TW1", opd=A),
		)
		self.assertIn("<b>tebal", text)
		self.assertNotIn("root:", text)

	def test_html_in_a_note_is_cleaned_before_it_is_kept(self):
		sheet = take(draft_sheet(A, quarter=2), SUBMIT, "operator_a")
		sheet = take(sheet, RETURN, "head_a", note=f"perbaiki {self.HTML}", flag=f"{A}-1")
		kept = frappe.get_all(c.ENTRY, {"reference_name": sheet.name}, ["note", "flagged_rows"])
		self.assertNotIn("onerror", _plain(kept))

	def test_an_expression_in_a_filter_is_data(self):
		for value in ("' or '1'='1", "x') or 1=1 -- ", '{"a": 1}'):
			for report in REPORTS[:3]:
				text = self.asked(
					"operator_a",
					lambda report=report, value=value: call(
						"frappe.desk.query_report.run",
						report_name=report,
						filters={"period": f"{YEAR}-TW1", "opd": value},
					),
				)
				self.assertHidden(text)
