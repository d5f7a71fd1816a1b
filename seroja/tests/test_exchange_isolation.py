"""The exchange: figures that come for OPD B and go out of it reach nobody of OPD A, and nobody puts any in by hand.

What is fetched, signed and moved is of the whole government: city-wide roles alone see it, each as its role says.
Secrets are read by nobody.
"""

import json
from unittest.mock import patch

import frappe
from frappe.api import handle
from frappe.utils import add_days, today

from seroja import constants as c
from seroja.core.open_api import BY_NAME
from seroja.permissions.opd import OF_GOVERNMENT
from seroja.services import (
	configuration,
	data_runs,
	data_schedule,
	evidence,
	exchange_settings,
	exports,
	report_files,
	roll_up,
	webhooks,
)
from seroja.services.data_runs import RUN, SOURCE
from seroja.tests.planning_utils import as_person
from seroja.tests.source_server import SourceServer
from seroja.tests.test_evaluation_isolation import csv_of, import_tool, stored, ways_to_remove, ways_to_write
from seroja.tests.test_isolation import (
	CARD,
	CHART,
	EXCHANGE_REPORT,
	INDICATOR,
	OF_A,
	PERIOD,
	REFUSED,
	as_guest,
	call,
	download,
	leave_traces,
	outside_test,
	request,
	rest,
)
from seroja.tests.test_reporting_isolation import (
	NOBODY,
	TW1,
	TW2,
	DocumentsOnEveryWay,
	ReportingTestCase,
	paper,
	rendered_text,
	run,
)
from seroja.tests.utils import YEAR, A, B, draft_sheet, make_file, person

SETTINGS = "Exchange Settings"
PACKAGE, CONFIGURATION = roll_up.PACKAGE, "Configuration Package"
RUN_ROW, MAPPING = "Data Run Row", "Data Source Mapping"
HOST, TRUSTED = "Allowed Host", "Trusted Government"
KEY = "sandi-rahasia-7392"  # of the source
SOURCE_NAMES = {A: "Sumber Satu", B: "Sumber Dua"}
THEIRS = "7.391.391"  # the figure of B that another system has
CITY_WIDE = ("inspector", "planner", "executive", "bureau", "admin")
EVERYBODY = (*NOBODY, "operator_b", "head_b", *CITY_WIDE)
# DocType → (its parent if it is a child table, a field with a text of B, who sees it)
KINDS = {
	c.PROPOSAL: (None, "value", ("inspector", "executive")),
	c.RECONCILIATION: (None, "explanation", ("inspector", "executive")),
	c.EXPORT: (None, "csv_file", ("inspector", "executive")),
	SOURCE: (None, "url", ("inspector", "planner")),
	MAPPING: (SOURCE, "column_name", ("inspector",)),
	RUN: (None, "message", ("inspector", "planner")),
	RUN_ROW: (RUN, "their_value", ("inspector",)),
	PACKAGE: (None, "content", ("inspector", "executive")),
	CONFIGURATION: (None, "title", ("admin",)),
	HOST: (SETTINGS, "host_name", ("admin",)),
	TRUSTED: (SETTINGS, "government_name", ("admin",)),
}
DATA_EXPORT = "frappe.core.doctype.data_export.exporter.export_data"
TEMPLATE = "frappe.core.doctype.data_import.data_import.download_template"
TEMPLATE_OF_ALL = {"export_records": "all", "export_filters": "{}", "file_type": "CSV"}
_BUT_ADMIN = ("inspector", "planner", "executive", "bureau")
CITY_BUT = {
	SOURCE: ("executive", "bureau"),
	MAPPING: ("executive", "bureau"),
	RUN: ("executive", "bureau"),
	RUN_ROW: ("executive", "bureau"),
	CONFIGURATION: _BUT_ADMIN,
	HOST: _BUT_ADMIN,
	TRUSTED: _BUT_ADMIN,
}
HOSTILE = ("' or 1=1 -- ", "%", "\x00", '["like", "%"]', "TesB' --", "9" * 400)


class ExchangeIsolationTestCase(ReportingTestCase):
	"""Both OPDs have figures that were proposed, differ or went out; the city has sources, runs, packages and keys."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		draft_sheet(A, quarter=2)
		for opd in (A, B):  # what the table of governments is by
			frappe.db.set_value(INDICATOR, f"{opd}-1", "bappenas_code", f"IKD-{opd}")
		signing_key = _make_settings()
		cls.secrets = (KEY, signing_key)
		cls.own.update(_make_exchange(A, "TesA milik", "91,5"))
		cls.b.update(_make_exchange(B, "RahasiaB", THEIRS))
		cls.b.update(_make_packages())
		for doctype, name in cls.places():
			if not KINDS[doctype][0]:
				leave_traces(frappe.get_doc(doctype, name))

	def setUp(self):
		super().setUp()
		frappe.clear_document_cache(SETTINGS, SETTINGS)
		self.addCleanup(frappe.clear_document_cache, SETTINGS, SETTINGS)

	@classmethod
	def places(cls) -> tuple[tuple[str, str], ...]:
		b = cls.b
		names = (b.proposal, b.reconciliation, b.export, b.source, b.mapping, b.run, b.run_row, b.package)
		return tuple(zip(KINDS, (*names, b.configuration, b.host, b.trusted), strict=True))

	def named(self) -> tuple[tuple[str, str], ...]:
		return self.places()

	def refused(self, key: str, ask) -> bool:
		"""Is this person refused, whatever the document is in? What is done is undone."""
		frappe.db.savepoint("refused")
		frappe.set_user(person(key))
		frappe.local.role_permissions = {}
		try:
			ask()
		except frappe.PermissionError:
			return True
		except REFUSED:
			return False
		finally:
			frappe.set_user("Administrator")
			frappe.db.rollback(save_point="refused")
			frappe.clear_messages()
			frappe.local.cache = {}
		return False

	def leave(self, key: str, opd: str = A) -> None:
		"""Somebody held his position until yesterday."""
		doc = frappe.get_doc("OPD", opd)
		for row in doc.position_holders:
			if row.user == person(key):
				row.to_date = add_days(today(), -1)
		doc.save()


def _insert(doctype: str, **values):
	return frappe.get_doc({"doctype": doctype, **values}).insert()


def _make_settings() -> str:
	"""Hosts, a government that is trusted (our own) and a key; gives the private one."""
	public = exchange_settings.make_key()
	doc = frappe.get_doc(SETTINGS)
	doc.update({"government_code": "35.73", "requests_per_minute": exchange_settings.MOST_REQUESTS})
	doc.append("hosts", {"host_name": "localhost", "may_be_private": 1, "may_be_http": 1})
	doc.append("hosts", {"host_name": "tesb-rahasia.example"})
	doc.append(
		"trusted_governments",
		{"government_code": "35.73", "government_name": "RahasiaB pemerintah", "public_key": public},
	)
	doc.save()
	# The form keeps host names in small letters; this one is to be known again.
	frappe.db.set_value(HOST, doc.hosts[1].name, "host_name", "RahasiaB.example")
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	return doc.get_password("signing_key")


def _make_exchange(opd: str, word: str, theirs: str) -> frappe._dict:
	"""A source with a secret, an accepted run per quarter, one that waits, an upload, and an export; the names."""
	column = word.replace(" ", "-")
	server = SourceServer([{"kode": f"{opd}-1", column: theirs}])
	values = {
		"authentication": "Bearer",
		"secret": KEY,
		"url": f"{server.url}/{column}?tw={{quarter}}",
	}
	title = SOURCE_NAMES[opd]  # stands beside a proposal
	source = as_person("admin", lambda: _make_source(opd, title, column, kind="HTTP JSON", **values))
	try:
		verified, draft = (as_person("planner", lambda p=p: _accepted(source, p)) for p in (TW1, TW2))
		waiting = as_person(
			"planner", lambda: data_runs.fetch(_insert(RUN, data_source=source.name, period=TW1))
		)
	finally:
		server.stop()
	where = {"opd": opd, "indicator": f"{opd}-1"}
	reconciliation = frappe.get_doc(c.RECONCILIATION, where)
	reconciliation.explanation = f"{word} penjelasan"
	frappe.db.set_value(RUN, verified.name, "message", f"{word} pesan")
	operator, head = (f"{role}_{opd[-1].lower()}" for role in ("operator", "head"))
	as_person(operator, reconciliation.save)
	upload = as_person("planner", lambda: _upload(opd, word))
	export = as_person(head, lambda: _make_export(opd))
	return frappe._dict(
		source=source.name,
		mapping=source.mappings[0].name,
		run=verified.name,
		run_row=verified.rows[0].name,
		draft_run=draft.name,
		waiting_run=waiting.name,
		upload=upload.name,
		upload_url=upload.file,
		proposal=frappe.db.get_value(c.PROPOSAL, where | {"state": "Open"}),
		reconciliation=reconciliation.name,
		export=export.name,
		export_url=export.csv_file,
	)


def _make_source(opd: str, title: str, column: str, **values):
	row = {"indicator": f"{opd}-1", "column_name": column, "condition": f"kode = {opd}-1"}
	return _insert(SOURCE, title=title, mappings=[row], **values)


def _accepted(source, period: str):
	doc = data_runs.fetch(_insert(RUN, data_source=source.name, period=period))
	data_runs.accept(doc)
	return doc


def _upload(opd: str, word: str):
	source = as_person("admin", lambda: _make_source(opd, f"{SOURCE_NAMES[opd]} B", "nilai", kind="Upload"))
	doc = _insert(RUN, data_source=source.name, period=TW2)
	file = make_file(doc, f"kode,nilai,catatan\n{opd}-1,44,{word}\n", f"{word}.csv", attached_to_field="file")
	doc.file = file.file_url
	return data_runs.fetch(doc.save())


def _make_export(opd: str):
	doc = _insert(c.EXPORT, opd=opd, year=YEAR)
	exports.make(doc)
	return frappe.get_doc(c.EXPORT, doc.name)


def _make_packages() -> frappe._dict:
	"""A package that went out, the same as it came in, another that waits, and a configuration each way; the names."""
	out = as_person("planner", lambda: _insert(PACKAGE, period=TW1))
	as_person("planner", lambda: roll_up.make(out))
	data = evidence.content_of(evidence.attached_file(out, "file"))
	package, waiting = (as_person("planner", lambda: _take_in(PACKAGE, data, period=TW1)) for _ in range(2))
	for doc in (package, waiting):
		as_person("planner", lambda doc=doc: roll_up.check(doc))
	as_person("planner", lambda: roll_up.import_package(package))
	values = {"with_indicators": 1, "with_sources": 1}
	sent = as_person("admin", lambda: _insert(CONFIGURATION, title="RahasiaB konfigurasi", **values))
	as_person("admin", lambda: configuration.make(sent))
	data = evidence.content_of(evidence.attached_file(sent, "file"))
	received = as_person("admin", lambda: _take_in(CONFIGURATION, data, title="RahasiaB masuk"))
	as_person("admin", lambda: configuration.check(received))
	settings = frappe.get_doc(SETTINGS)
	return frappe._dict(
		out=out.name,
		out_url=out.file,
		package=package.name,
		package_url=package.file,
		waiting_package=waiting.name,
		configuration=sent.name,
		configuration_url=sent.file,
		received=received.name,
		host=settings.hosts[1].name,
		trusted=settings.trusted_governments[0].name,
	)


def _take_in(doctype: str, data: bytes, **values):
	doc = _insert(doctype, direction="Incoming", **values)
	file = make_file(doc, data, f"RahasiaB-{doc.name}.json", attached_to_field="file")
	doc.file = file.file_url
	return doc.save()


class TestDocuments(DocumentsOnEveryWay, ExchangeIsolationTestCase):
	KINDS, CITY_BUT = KINDS, CITY_BUT
	EXPORTED = tuple(doctype for doctype, (parent, *_about) in KINDS.items() if not parent)

	def test_none_is_forgotten_here(self):
		held = {df.options for df in frappe.get_meta(SETTINGS).get_table_fields()}
		self.assertEqual(OF_GOVERNMENT | {c.PROPOSAL, c.RECONCILIATION, c.EXPORT}, {*KINDS, SETTINGS})
		self.assertLessEqual(held, set(KINDS))

	def test_exports_and_templates_of_data_hold_only_what_is_the_readers(self):
		for doctype in self.EXPORTED:
			field, seen_by = KINDS[doctype][1:]
			whole = {"parent_doctype": doctype, "all_doctypes": True, "with_data": 1, "file_type": "CSV"}
			template = {"export_fields": json.dumps({doctype: ["name", field]}), **TEMPLATE_OF_ALL}
			for cmd, arguments in ((DATA_EXPORT, whole), (TEMPLATE, template)):
				self.hide(
					f"{cmd} {doctype}",
					lambda cmd=cmd, d=doctype, a=arguments: call(cmd, doctype=d, **a),
					seen_by=seen_by[:1] if cmd == DATA_EXPORT else (),
					but=CITY_BUT.get(doctype, ()),
				)

	def test_papers_are_refused_before_anything_is_rendered(self):
		for doctype in self.EXPORTED:
			name = dict(self.named())[doctype]
			for cmd, arguments in (
				("frappe.utils.print_format.download_pdf", {"name": name}),
				(
					"frappe.utils.print_format.download_multi_pdf",
					{"name": json.dumps([name]), "format": "Standard"},
				),
				("frappe.utils.weasyprint.download_pdf", {"name": name, "print_format": "Standard"}),
			):
				for key in (*NOBODY, *CITY_BUT.get(doctype, ())):
					with (
						self.subTest(cmd=cmd, doctype=doctype, user=key),
						patch("frappe.utils.pdf.get_pdf") as pdf,
					):
						ask = lambda cmd=cmd, d=doctype, a=arguments: call(cmd, doctype=d, **a)  # noqa: E731
						self.assertTrue(self.refused(key, ask) or not pdf.called)
						self.assertHidden("".join(str(made.args) for made in pdf.call_args_list))

	def test_people_of_an_opd_see_nothing_of_the_government(self):
		"""Also those whose figures they are."""
		for doctype, name in (*self.named(), (SETTINGS, SETTINGS)):
			if doctype not in OF_GOVERNMENT:
				continue
			for ask in (
				lambda d=doctype, n=name: call("frappe.client.get", doctype=d, name=n),
				lambda d=doctype: call("frappe.client.get_count", doctype=d),
				lambda d=doctype, n=name: call("frappe.desk.form.load.getdoc", doctype=d, name=n),
				lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}"),
			):
				for key in ("operator_b", "head_b"):
					with self.subTest(doctype=doctype, user=key):
						self.assertTrue(self.refused(key, ask))

	def test_people_of_an_opd_see_their_own(self):
		own = self.own
		for doctype, name, said in (
			(c.PROPOSAL, own.proposal, "91,5"),
			(c.RECONCILIATION, own.reconciliation, "TesA milik penjelasan"),
			(c.EXPORT, own.export, "EKSPOR-TesA-2031"),
		):
			for key in OF_A:
				with self.subTest(doctype=doctype, user=key):
					ask = lambda d=doctype, n=name: call("frappe.desk.form.load.getdoc", doctype=d, name=n)  # noqa: E731
					text = self.asked(key, ask)
					self.assertIn(said, text)
					self.assertHidden(text)

	def test_who_has_left_sees_nothing(self):
		own = self.own
		self.leave("head_a")
		for doctype, name in (
			(c.PROPOSAL, own.proposal),
			(c.RECONCILIATION, own.reconciliation),
			(c.EXPORT, own.export),
		):
			text = self.asked(
				"head_a", lambda d=doctype, n=name: call("frappe.client.get", doctype=d, name=n)
			)
			self.assertTrue(text.startswith("(refused)"), text[:200])
			text = self.asked("head_a", lambda d=doctype: call("frappe.client.get_list", doctype=d))
			self.assertNotIn(name, text)

	def test_a_guest_gets_nothing(self):
		for doctype, name in (*self.named(), (SETTINGS, SETTINGS)):
			for ask in (
				lambda d=doctype, n=name: call("frappe.client.get", doctype=d, name=n),
				lambda d=doctype: call("frappe.client.get_list", doctype=d),
				lambda d=doctype, n=name: rest(f"/api/resource/{d}/{n}"),
				lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}"),
			):
				text = self.asked("Guest@", lambda ask=ask: as_guest(ask))
				self.assertTrue(text.startswith("(refused)"), text[:200])
				self.assertHidden(text)

	def test_own_documents_do_not_lead_to_those_of_the_government(self):
		"""The indicator, unit, period and sheet that a run names lead an OPD to no run, source or package."""
		shown = SOURCE_NAMES.values()  # beside a proposal
		names = [name for doctype, name in self.named() if doctype in OF_GOVERNMENT and name not in shown]
		names += [self.own.waiting_run, self.own.upload, self.b.out, self.b.received]
		for doctype, name in (
			(INDICATOR, f"{A}-1"),
			("OPD", A),
			(PERIOD, TW1),
			(c.REALIZATION, f"{A}-{TW2}"),
		):
			reference = {"doctype": doctype, "name": name}
			for channel, ask in (
				("linked", lambda r=reference: _linked(r["doctype"], r["name"])),
				("getdoc", lambda r=reference: call("frappe.desk.form.load.getdoc", **r)),
				("docinfo", lambda r=reference: call("frappe.desk.form.load.get_docinfo", **r)),
				("open", lambda r=reference: _open_count(**r)),
			):
				for key in (*NOBODY, "head_b"):
					with self.subTest(channel=channel, doctype=doctype, user=key):
						text = self.asked(key, ask)
						self.assertEqual([name for name in names if json.dumps(name) in text], [])
						if key != "head_b":
							self.assertHidden(text)
		text = self.asked("planner", lambda: _linked(INDICATOR, f"{A}-1"))
		self.assertIn(self.own.waiting_run, text)

	def test_a_list_of_something_else_does_not_lead_to_them(self):
		for table, field in (
			(RUN_ROW, "their_value"),
			(MAPPING, "condition"),
			(PACKAGE, "content"),
			(RUN, "message"),
		):
			for doctype in (INDICATOR, "OPD", PERIOD, c.PROPOSAL):
				for fields, filters in (
					([f"`tab{table}`.`{field}`", "name"], []),
					(["name"], [[table, field, "like", "%"]]),
					(["name", f"(select group_concat({field}) from `tab{table}`) as owner"], []),
				):
					for cmd in ("frappe.client.get_list", "frappe.desk.reportview.get"):
						ask = lambda cmd=cmd, d=doctype, f=fields, fi=filters: call(  # noqa: E731
							cmd, doctype=d, fields=json.dumps(f), filters=json.dumps(fi)
						)
						for key in ("operator_a", "wanderer", "outsider"):
							with self.subTest(cmd=cmd, doctype=doctype, fields=str(fields), user=key):
								self.assertHidden(self.asked(key, ask))

	def test_charts_and_cards_count_nothing_of_others(self):
		for doctype, name in self.named():
			parent, field, _seen_by = KINDS[doctype]
			card = {
				"doctype": "Number Card",
				"document_type": doctype,
				"parent_document_type": parent,
				"aggregate_function_based_on": field,
			}
			chart = {
				"name": "forged",
				"document_type": doctype,
				"parent_document_type": parent,
				"based_on": "creation",
				"value_based_on": field,
				"filters_json": "[]",
				"timespan": "Last Year",
				"time_interval": "Yearly",
			}
			asked = [
				lambda card=card | {"function": function}: call(
					CARD + "get_result", doc=json.dumps(card), filters="[]"
				)
				for function in ("Count", "Maximum")
			]
			asked += [
				lambda chart=chart | {"chart_type": "Count", "type": kind}: call(
					CHART + "get", chart=json.dumps(chart), no_cache=1, heatmap_year=today()[:4]
				)
				for kind in ("Heatmap", "Bar")
			]
			for number, ask in enumerate(asked):
				for key in (*NOBODY, *CITY_BUT.get(doctype, ())):
					with self.subTest(doctype=doctype, number=number, user=key):
						self.assertEqual(*self.with_and_without(key, ask, doctype, name))

	def with_and_without(self, key: str, ask, doctype: str, name: str) -> list[str]:
		told = [self.asked(key, ask)]
		frappe.db.savepoint("without")
		frappe.db.delete(doctype, {"name": name})
		told.append(self.asked(key, ask))
		frappe.db.rollback(save_point="without")
		return told

	def test_tags_and_traces_do_not_name_them(self):
		tag = "frappe.desk.doctype.tag.tag."
		for channel, ask in (
			("docs", lambda: call(f"{tag}get_documents_for_tag", tag="#Penting")),
			*(
				(f"tagged {d}", lambda d=d: call(f"{tag}get_tagged_docs", doctype=d, tag="Penting"))
				for d in self.EXPORTED
			),
			*(
				(
					kind,
					lambda kind=kind: call(
						"frappe.client.get_list", doctype=kind, fields=["*"], limit_page_length=0
					),
				)
				for kind in (
					"Tag Link",
					"Version",
					"Comment",
					"Communication",
					"ToDo",
					"Notification Log",
					"Activity Log",
					"Access Log",
					"Email Queue",
					"Error Log",
					"File",
					"SEROJA Notice",
					"Webhook",
					"Webhook Request Log",
					"Deleted Document",
				)
			),
		):
			for key in NOBODY:
				with self.subTest(channel=channel, user=key):
					self.assertUnnamed(self.asked(key, ask))

	def test_search_over_everything_does_not_name_them(self):
		self.need_full_text_search()
		for key in NOBODY:
			with self.subTest(user=key):
				self.assertUnnamed(
					self.asked(
						key,
						lambda: call("frappe.utils.global_search.search", text="RahasiaB", start=0, limit=50),
					)
				)

	def assertUnnamed(self, text: str) -> None:
		"""Neither what the documents hold nor their names."""
		self.assertHidden(text)
		names = [name for _doctype, name in self.named() if name not in SOURCE_NAMES.values()]
		self.assertEqual([name for name in names if json.dumps(name) in text], [])

	def test_nobody_lets_others_in(self):
		other = person("operator_a")
		for doctype, name in self.named():
			if KINDS[doctype][0]:
				continue
			place = {"doctype": doctype, "name": name}
			for cmd, arguments in (
				("frappe.share.add", place | {"user": other, "read": 1}),
				("frappe.share.add", place | {"everyone": 1, "read": 1}),
				("frappe.share.set_permission", place | {"user": other, "permission_to": "read", "value": 1}),
				("frappe.desk.form.assign_to.add", place | {"assign_to": json.dumps([other])}),
			):
				for key in EVERYBODY:
					with self.subTest(doctype=doctype, user=key, cmd=cmd):
						frappe.db.savepoint("share")
						self.attempt(key, lambda cmd=cmd, a=arguments: call(cmd, **a))
						text = self.asked("operator_a", lambda p=place: call("frappe.client.get", **p))
						self.assertTrue(text.startswith("(refused)"), text[:200])
						frappe.db.rollback(save_point="share")


def _linked(doctype: str, name: str) -> str:
	return call("frappe.desk.form.linked_with.get", doctype=doctype, docname=name)


def _open_count(doctype: str, name: str) -> str:
	items = json.dumps(list(KINDS))
	return call("frappe.desk.notifications.get_open_count", doctype=doctype, name=name, items=items)


class TestWriting(ExchangeIsolationTestCase):
	"""What another system said and what the system found is written by the system alone."""

	def new(self) -> dict[str, dict]:
		"""Documents that nobody makes by hand, as somebody would like to have them for OPD A."""
		figure = {"opd": A, "period": TW2, "indicator": f"{A}-2", "figure": "Value", "data_source": "Palsu"}
		return {
			c.PROPOSAL: figure | {"value": "99", "state": "Open"},
			c.RECONCILIATION: figure | {"our_value": "1", "their_value": "2", "explanation": "x"},
		}

	def test_proposals_and_differences_are_made_by_nobody(self):
		for doctype, values in self.new().items():
			doc = {"doctype": doctype, **values}
			for channel, ask in (
				("insert", lambda d=doc: call("frappe.client.insert", doc=d)),
				("insert_many", lambda d=doc: call("frappe.client.insert_many", docs=json.dumps([d]))),
				("save", lambda d=doc: call("frappe.client.save", doc=json.dumps(d | {"__islocal": 1}))),
				(
					"savedocs",
					lambda d=doc: call(
						"frappe.desk.form.save.savedocs",
						doc=json.dumps(d | {"__islocal": 1, "name": "new-x-1"}),
						action="Save",
					),
				),
				("REST v1", lambda d=doc: rest(f"/api/resource/{d['doctype']}", "POST", **d)),
				("REST v2", lambda d=doc: rest(f"/api/v2/document/{d['doctype']}", "POST", **d)),
				(
					"Data Import",
					lambda d=doc: import_tool(
						d["doctype"], csv_of(d | {"name": ""}, "", list(d)[1:]), "Insert New Records"
					),
				),
			):
				for key in EVERYBODY:
					with self.subTest(doctype=doctype, user=key, channel=channel):
						before = frappe.db.count(doctype)
						frappe.db.savepoint("made")
						self.attempt(key, ask)
						self.assertEqual(frappe.db.count(doctype), before)
						frappe.db.rollback(save_point="made")

	# DocType → (name, fields that the system writes); the people are those who may write something of it.
	def computed(self):
		b = self.b
		figures = {
			"opd": A,
			"period": f"{YEAR}-TW3",
			"indicator": f"{A}-1",
			"figure": "Numerator",
			"data_source": "Palsu",
		}
		yield (
			c.PROPOSAL,
			b.proposal,
			figures | {"value": "1", "state": "Taken", "decided_by": person("head_b")},
		)
		yield (
			c.RECONCILIATION,
			b.reconciliation,
			figures
			| {"our_value": "1", "their_value": "1", "state": "Agreed", "explained_by": "Administrator"},
		)
		yield (
			c.EXPORT,
			b.export,
			{
				"opd": A,
				"year": 2019,
				"figures": 99,
				"made_by": "Administrator",
				"csv_file": self.own.export_url,
				"manifest_file": "/private/files/palsu.json",
			},
		)
		found = {"state": "Accepted", "fingerprint": "f" * 64, "new_rows": 99, "accepted_by": "Administrator"}
		yield RUN, b.waiting_run, found | {"data_source": self.own.source, "period": TW2, "is_scheduled": 1}
		yield (
			PACKAGE,
			b.waiting_package,
			{
				"direction": "Outgoing",
				"state": "Imported",
				"content": '{"figures": []}',
				"digest": "f" * 64,
				"government_code": "99.99",
				"imported_by": "Administrator",
			},
		)
		yield CONFIGURATION, b.received, {"state": "Applied", "digest": "f" * 64, "direction": "Outgoing"}

	def test_what_the_system_writes_is_written_by_nobody(self):
		for doctype, name, values in self.computed():
			before = stored(doctype, name)
			for field, value in values.items():
				self.assertNotEqual(before[""][field], str(value), "the probe would change nothing")
			fields = {"": (*values, "owner")}
			for key in ("operator_b", "head_b", *CITY_WIDE):
				for channel, ask in ways_to_write(doctype, name, "", "", values | {"owner": person(key)}):
					with self.subTest(doctype=doctype, user=key, channel=channel):
						self.assertKept(before, self.outcome(doctype, name, key, ask), fields, channel)

	def test_rows_are_not_changed_without_their_document(self):
		b = self.b
		waiting = frappe.db.get_value(RUN_ROW, {"parent": b.waiting_run})
		for doctype, name, table, row, values in (
			(RUN, b.waiting_run, "rows", waiting, {"their_value": "12", "kind": "New", "is_verified": 0}),
			(RUN, b.run, "rows", b.run_row, {"their_value": "12", "opd": A}),
		):
			before = stored(doctype, name)
			for key in (*CITY_WIDE, "head_b", "operator_a"):
				for channel, ask in ways_to_write(doctype, name, table, row, values):
					with self.subTest(doctype=doctype, user=key, channel=channel):
						self.assertEqual(self.outcome(doctype, name, key, ask)[table], before[table])

	def test_rows_of_sources_and_settings_are_changed_with_all_that_their_document_checks(self):
		b = self.b
		for doctype, name, table, row, values in (
			(SOURCE, b.source, "mappings", b.mapping, {"path": "$[?", "column_name": ""}),
			(SETTINGS, SETTINGS, "hosts", b.host, {"host_name": "https://penyerang.example/"}),
			(SETTINGS, SETTINGS, "trusted_governments", b.trusted, {"public_key": "bukan kunci"}),
		):
			before = stored(doctype, name)
			for key in ("admin", "planner", "head_b", "operator_a"):
				for channel, ask in ways_to_write(doctype, name, table, row, values):
					if (key, channel) == ("admin", "row delete"):
						continue  # Frappe takes the row out of its document and saves that
					with self.subTest(doctype=doctype, table=table, user=key, channel=channel):
						self.assertEqual(self.outcome(doctype, name, key, ask)[table], before[table])

	def test_sources_and_settings_are_kept_by_the_administrator(self):
		for doctype, name, values in (
			(SOURCE, self.b.source, {"url": "https://localhost/lain"}),
			(SETTINGS, SETTINGS, {"government_code": "99.99"}),
		):
			(field,) = values
			kept = frappe.db.get_value(doctype, name, field)
			for key in EVERYBODY:
				changed = {
					channel
					for channel, ask in ways_to_write(doctype, name, "", "", values)
					if self.after(doctype, name, key, ask, field) != kept
				}
				with self.subTest(doctype=doctype, user=key):
					self.assertEqual("save" in changed, key == "admin")
					self.assertTrue(not changed or key == "admin", changed)

	def after(self, doctype: str, name: str, key: str, ask, field: str):
		frappe.db.savepoint("after")
		self.attempt(key, ask)
		value = frappe.db.get_value(doctype, name, field, cache=False)
		frappe.db.rollback(save_point="after")
		frappe.clear_document_cache(doctype, name)
		return value

	def test_an_explanation_is_of_the_opd_and_the_inspektorat(self):
		name, values = self.b.reconciliation, {"explanation": "diubah"}
		before = stored(c.RECONCILIATION, name)
		for key in EVERYBODY:
			written = set()
			for channel, ask in ways_to_write(c.RECONCILIATION, name, "", "", values):
				after = self.outcome(c.RECONCILIATION, name, key, ask)[""]
				if after["explanation"] != before[""]["explanation"]:
					written.add(channel)
					self.assertEqual((after["explained_by"], after["state"]), (person(key), "Explained"))
			with self.subTest(user=key):
				if key in ("operator_b", "head_b", "inspector"):
					self.assertLessEqual({"save", "REST v1", "set_value", "bulk edit"}, written)
				else:
					self.assertEqual(written, set())

	def test_a_former_operator_explains_and_takes_nothing(self):
		sheet, own = f"{A}-{TW2}", self.own
		asks = (
			lambda: call("seroja.api.exchange.take", sheet=sheet, names=[own.proposal]),
			lambda: call("seroja.api.exchange.refuse", sheet=sheet, names=[own.proposal], reason="x"),
			lambda: call("seroja.api.exchange.make_export", name=own.export),
			lambda: rest(f"/api/resource/{c.RECONCILIATION}/{own.reconciliation}", "PUT", explanation="x"),
		)
		for ask in asks:
			self.assertFalse(self.asked("operator_a", ask).startswith("(refused)"))
		self.leave("operator_a")
		for ask in asks:
			self.assertTrue(self.refused("operator_a", ask))

	def test_what_is_on_record_is_kept(self):
		b = self.b
		for doctype, name, keys in (
			(c.PROPOSAL, b.proposal, EVERYBODY),
			(c.RECONCILIATION, b.reconciliation, EVERYBODY),
			(RUN, b.run, EVERYBODY),
			(PACKAGE, b.package, EVERYBODY),
			(c.EXPORT, b.export, (*NOBODY, "inspector", "executive")),
			(SOURCE, b.source, EVERYBODY),  # runs are linked to it
			(CONFIGURATION, b.configuration, tuple(key for key in EVERYBODY if key != "admin")),
		):
			before = stored(doctype, name)
			for key in keys:
				for channel, ask in ways_to_remove(doctype, name):
					with self.subTest(doctype=doctype, user=key, channel=channel):
						self.assertEqual(self.outcome(doctype, name, key, ask), before)

	def test_another_file_under_a_previewed_run_is_not_accepted_with_the_old_figures(self):
		doc = frappe.get_doc(RUN, self.b.upload)
		self.assertEqual(doc.state, "Preview", doc.message)
		file = as_person("planner", lambda: make_file(doc, "kode,nilai\nTesB-1,45\n", "lain.csv"))
		doc.file = file.file_url
		as_person("planner", doc.save)
		self.assertRefused(data_runs.accept, frappe.get_doc(RUN, doc.name), exceptions=frappe.ValidationError)

	def test_a_run_takes_no_file_of_others(self):
		for url in (self.b.export_url, self.b.url, self.b.configuration_url):
			for key in ("planner", "admin"):
				ask = lambda url=url: call(  # noqa: E731
					"frappe.client.set_value", doctype=RUN, name=self.b.upload, fieldname="file", value=url
				)
				with self.subTest(user=key, url=url):
					self.assertTrue(self.asked(key, ask).startswith("(refused)"))


class TestExports(ExchangeIsolationTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		frappe.get_doc(
			{
				"doctype": "OPD",
				"abbreviation": "TesA1",
				"opd_name": "Bidang TesA",
				"parent_opd": A,
				"position_holders": [
					{
						"user": person("wanderer"),
						"position": "Head",
						"capacity": "Definitif",
						"from_date": "2020-01-01",
					}
				],
			}
		).insert()

	def attempts(self, opd: str):
		"""Ways to make an export of a unit, also under the name of another."""
		values = {"opd": opd, "year": YEAR + 1}
		for name in (None, f"EKSPOR-{A}-{YEAR}", "EKSPOR-TesA1-2031"):
			doc = {"doctype": c.EXPORT, "name": name, "__newname": name, **values}
			yield lambda doc=doc: call("frappe.client.insert", doc=doc)
			yield lambda doc=doc: rest(f"/api/resource/{c.EXPORT}", "POST", **doc)
			yield lambda doc=doc: rest(f"/api/v2/document/{c.EXPORT}", "POST", **doc)
			yield lambda doc=doc: call(
				"frappe.desk.form.save.savedocs", doc=json.dumps(doc | {"__islocal": 1}), action="Save"
			)
			yield lambda doc=doc: import_tool(
				c.EXPORT, csv_of(doc, "", ["opd", "year"]), "Insert New Records"
			)

	def test_an_export_is_made_of_the_own_unit_only(self):
		_insert(c.EXPORT, opd="TesA1", year=YEAR)
		for opd, refused, allowed in (
			(B, (*NOBODY, "inspector", "executive"), ("operator_b", "head_b", "planner", "bureau", "admin")),
			(A, ("wanderer", "outsider", "viewer_a", "operator_b", "head_b"), ("operator_a", "head_a")),
			("TesA1", ("operator_a", "head_b", "outsider"), ("wanderer",)),
		):
			name = f"EKSPOR-{opd}-{YEAR + 1}"
			for key in (*refused, *allowed):
				made = 0
				for number, ask in enumerate(self.attempts(opd)):
					with self.subTest(opd=opd, user=key, number=number):
						frappe.db.savepoint("made")
						before = frappe.db.count(c.EXPORT)
						self.attempt(key, ask)
						made += frappe.db.count(c.EXPORT) - before
						frappe.db.rollback(save_point="made")
						if key in refused:
							self.assertFalse(frappe.db.exists(c.EXPORT, name))
							self.assertEqual(made, 0)
				self.assertEqual(made > 0, key in allowed, key)

	def test_a_unit_that_one_sees_in_part_is_not_exported(self):
		doc = frappe.get_doc(c.EXPORT, self.own.export)
		for key in ("wanderer", "outsider", "operator_b"):
			self.assertRefused(as_person, key, lambda: exports.make(doc))
		as_person("head_a", lambda: exports.make(doc))

	def test_its_files_hold_the_figures_of_its_unit(self):
		for field in (*exports.KINDS, exports.MANIFEST):
			url = frappe.db.get_value(c.EXPORT, self.own.export, field)
			for key in ("head_a", "viewer_a", "inspector"):
				text = self.asked(key, lambda url=url: download(url))
				self.assertFalse(text.startswith("(refused)"), text[:200])
				self.assertHidden(text)
				if field in ("csv_file", "json_file", "xml_file"):
					self.assertIn(f"{A}-1", text)

	def test_the_figures_of_others_are_not_gathered(self):
		for filters in ({}, {"opd": B}, {"as_known_on": today()}, {"opd": B, "include_unverified": 1}):
			for key in NOBODY:
				with self.subTest(user=key, filters=str(filters)):
					self.assertHidden(as_person(key, lambda f=filters: exports.figures(YEAR, f)).to_csv())
			text = as_person("inspector", lambda f=filters: exports.figures(YEAR, f)).to_csv()
			self.assertIn("Indikator 1 TesB", text)

	def test_exports_without_a_figure_do_not_share_their_files(self):
		"""Two empty files are the same file to Frappe, and its address names the unit that made it first."""
		other = as_person("head_b", lambda: _insert(c.EXPORT, opd=B, year=2019))
		as_person("head_b", lambda: exports.make(other))
		own = as_person("head_a", lambda: _insert(c.EXPORT, opd=A, year=2019))
		as_person("head_a", lambda: exports.make(own))
		text = self.asked("head_a", lambda: call("frappe.client.get", doctype=c.EXPORT, name=own.name))
		self.assertIn(f"EKSPOR-{A}-2019", text)
		self.assertHidden(text)
		url = frappe.db.get_value(c.EXPORT, own.name, "csv_file")
		self.assertFalse(self.asked("viewer_a", lambda: download(url)).startswith("(refused)"))
		self.assertTrue(self.asked("viewer_a", lambda: download(other.csv_file)).startswith("(refused)"))

	def test_a_made_file_is_not_exchanged_for_another(self):
		doc = frappe.get_doc(c.EXPORT, self.own.export)
		file = frappe.get_doc("File", {"file_url": doc.csv_file, "attached_to_name": doc.name})
		honest = file.get_full_path()
		before = open(honest, "rb").read()
		place = {
			"attached_to_doctype": c.EXPORT,
			"attached_to_name": doc.name,
			"attached_to_field": "csv_file",
		}
		for key in (*OF_A, "planner", "bureau"):
			for ask in (
				lambda: call(
					"frappe.client.set_value", doctype="File", name=file.name, fieldname={"content": "palsu"}
				),
				lambda: rest(
					f"/api/resource/File/{file.name}", "PUT", content="palsu", file_url="/private/files/x"
				),
				lambda: call(
					"frappe.client.insert",
					doc={
						"doctype": "File",
						"file_name": file.file_name,
						"content": "palsu",
						"is_private": 1,
						**place,
					},
				),
				lambda: call(
					"frappe.client.set_value",
					doctype=c.EXPORT,
					name=doc.name,
					fieldname="csv_file",
					value="/private/files/palsu.csv",
				),
			):
				frappe.db.savepoint("forge")
				self.attempt(key, ask)
				self.assertEqual(frappe.db.get_value(c.EXPORT, doc.name, "csv_file"), doc.csv_file)
				self.assertEqual(open(honest, "rb").read(), before)
				frappe.db.rollback(save_point="forge")


class TestFiles(ExchangeIsolationTestCase):
	def test_files_are_read_by_those_who_read_their_document(self):
		b = self.b
		for url, but, seen_by in (
			(b.export_url, (), ("inspector", "executive", "operator_b")),
			(b.upload_url, CITY_BUT[RUN], ("planner", "inspector", "admin")),
			(b.out_url, (), ("planner", "executive")),
			(b.package_url, (), ("planner", "executive")),
			(b.configuration_url, CITY_BUT[CONFIGURATION], ("admin",)),
		):
			self.hide(f"download {url}", lambda url=url: download(url), (url,), seen_by, but)
			text = self.asked("Guest@", lambda url=url: as_guest(lambda: download(url)))
			self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_records_of_files_are_those_of_readable_documents(self):
		b = self.b
		ask = lambda: call("frappe.client.get_list", doctype="File", fields=["*"], limit_page_length=0)  # noqa: E731
		names = [b.upload, b.out, b.package, b.configuration, b.received]
		for key, hidden in (
			*((key, names) for key in (*NOBODY, "head_b")),
			*((key, [b.upload, b.configuration, b.received]) for key in ("executive", "bureau")),
			*((key, [b.configuration, b.received]) for key in ("planner", "inspector")),
			("admin", []),
		):
			text = self.asked(key, ask)
			with self.subTest(user=key):
				self.assertEqual(
					[name for name in names if name in text], [n for n in names if n not in hidden]
				)

	def test_an_uploader_who_lost_his_role_reads_his_uploads_no_more(self):
		for key, url, role in (
			("planner", self.b.upload_url, c.PLANNER),
			("planner", self.b.package_url, c.PLANNER),
			("admin", self.b.configuration_url, c.ADMINISTRATOR),
		):
			self.assertFalse(self.asked(key, lambda url=url: download(url)).startswith("(refused)"))
			frappe.db.savepoint("role")
			frappe.db.delete("Has Role", {"parent": person(key), "role": role})
			frappe.clear_cache(user=person(key))
			self.assertTrue(self.asked(key, lambda url=url: download(url)).startswith("(refused)"))
			frappe.db.rollback(save_point="role")
			frappe.clear_cache(user=person(key))

	def test_nobody_of_an_opd_hangs_a_file_on_what_is_not_his(self):
		for doctype, name in self.named():
			if KINDS[doctype][0]:
				continue
			doc = frappe.get_doc(doctype, name)
			for key in (*NOBODY, *CITY_BUT.get(doctype, ())):
				with self.subTest(doctype=doctype, user=key):
					make = lambda key=key, doc=doc: as_person(key, lambda: make_file(doc, "isi", "x.txt"))  # noqa: E731
					self.assertRefused(make, exceptions=REFUSED)


class TestEndpoints(ExchangeIsolationTestCase):
	# Who may; everybody else is refused before anything is looked at.
	MAY = {
		"presets": ("admin",),
		"preset": ("admin",),
		"fetch": ("admin", "planner"),
		"accept": ("admin", "planner"),
		"take": ("operator_b", "head_b"),
		"refuse": ("operator_b", "head_b"),
		"make_export": ("operator_b", "head_b", "admin", "planner", "bureau"),
		"make_key": ("admin",),
		"make_package": ("admin", "planner"),
		"check_package": ("admin", "planner"),
		"import_package": ("admin", "planner"),
		"make_configuration": ("admin",),
		"check_configuration": ("admin",),
		"configuration_preview": ("admin",),
		"apply_configuration": ("admin",),
		"make_webhooks": (),  # the system manager's
	}
	READING = ("presets", "preset", "configuration_preview")

	def endpoints(self) -> dict[str, dict]:
		"""Every endpoint of the exchange with arguments that lead to B."""
		b = self.b
		chosen = {"sheet": b.draft, "names": [b.proposal]}
		return {
			"presets": {},
			"preset": {"code": "ckan"},
			"fetch": {"run": b.waiting_run},
			"accept": {"run": b.waiting_run},
			"take": chosen,
			"refuse": chosen | {"reason": "x"},
			"make_export": {"name": b.export},
			"make_key": {},
			"make_package": {"name": b.out},
			"check_package": {"name": b.waiting_package},
			"import_package": {"name": b.waiting_package},
			"make_configuration": {"name": b.configuration},
			"check_configuration": {"name": b.received},
			"configuration_preview": {"name": b.received},
			"apply_configuration": {"name": b.received},
			"make_webhooks": {"url": "https://localhost/terima", "secret": "x"},
		}

	def ask(self, method: str, arguments: dict, http_method: str = "POST"):
		return lambda: call(f"seroja.api.exchange.{method}", http_method, **arguments)

	def kept(self) -> list:
		b = self.b
		places = (
			*self.named(),
			(RUN, b.waiting_run),
			(PACKAGE, b.out),
			(PACKAGE, b.waiting_package),
			(CONFIGURATION, b.received),
			(SETTINGS, SETTINGS),
			(c.REALIZATION, b.draft),
		)
		counted = ("Webhook", c.PROPOSAL, c.RECONCILIATION, "File", "Version")
		return [stored(*place) for place in places] + [frappe.db.count(doctype) for doctype in counted]

	def test_none_is_forgotten_here(self):
		import seroja.api.exchange
		import seroja.api.v1

		ours = {
			method.__name__
			for method in frappe.whitelisted
			if method.__module__ == seroja.api.exchange.__name__
		}
		self.assertEqual(ours, set(self.MAY))
		self.assertEqual(ours, set(self.endpoints()))
		lists = {
			method.__name__ for method in frappe.whitelisted if method.__module__ == seroja.api.v1.__name__
		}
		self.assertEqual(lists, {*BY_NAME, "openapi"})

	def test_they_act_for_their_people_only(self):
		before = self.kept()
		for method, arguments in self.endpoints().items():
			for key in EVERYBODY:
				with self.subTest(method=method, user=key):
					is_refused = self.refused(key, self.ask(method, arguments))
					self.assertEqual(is_refused, key not in self.MAY[method])
					if is_refused:
						frappe.db.savepoint("act")
						self.attempt(key, self.ask(method, arguments))
						self.assertEqual(self.kept(), before)
						frappe.db.rollback(save_point="act")
						frappe.clear_document_cache(SETTINGS, SETTINGS)

	def test_a_refusal_tells_nothing(self):
		for method, arguments in self.endpoints().items():
			echo = (*(str(value) for value in arguments.values()), self.b.draft)
			for key in NOBODY:
				with self.subTest(method=method, user=key):
					self.assertHidden(self.asked(key, self.ask(method, arguments)), echo)

	def test_a_guest_gets_nothing(self):
		for method, arguments in self.endpoints().items():
			text = self.asked("Guest@", lambda m=method, a=arguments: as_guest(self.ask(m, a)))
			with self.subTest(method=method):
				self.assertTrue(text.startswith("(refused)"), text[:200])
				self.assertHidden(text, (self.b.draft, self.b.export))

	def test_what_changes_something_is_not_asked_for_with_an_address(self):
		for method, arguments in self.endpoints().items():
			if method not in self.READING:
				for key in self.MAY[method] or ("admin",):
					with self.subTest(method=method, user=key):
						self.assertTrue(self.refused(key, self.ask(method, arguments, "GET")))

	def test_proposals_of_others_are_not_taken_into_an_own_sheet(self):
		own, sheet = self.own.proposal, f"{A}-{TW2}"
		for names in (
			[self.b.proposal],
			[own, self.b.proposal],
			["%"],
			[""],
			[["like", "%"]],
			{"a": "b"},
			"%",
			[],
		):
			for method, values in (("take", {}), ("refuse", {"reason": "x"})):
				with self.subTest(method=method, names=str(names)):
					ask = self.ask(method, {"sheet": sheet, "names": names, **values})
					text = self.asked("operator_a", ask)
					self.assertTrue(text.startswith("(refused)"), text[:200])
					self.assertHidden(text)
		self.assertEqual(frappe.db.get_value(c.PROPOSAL, self.b.proposal, "state"), "Open")
		text = self.asked("operator_a", self.ask("take", {"sheet": sheet, "names": [own]}))
		self.assertFalse(text.startswith("(refused)"), text[:200])

	def test_arguments_that_are_no_name_find_nothing(self):
		for method, arguments in self.endpoints().items():
			for name in arguments:
				for value in (*HOSTILE, ["like", "%"], {"name": ["like", "%"]}, 7):
					for key in ("operator_a", "outsider", "executive"):
						with self.subTest(method=method, argument=name, value=str(value)[:20], user=key):
							text = self.asked(key, self.ask(method, arguments | {name: value}))
							self.assertTrue(text.startswith("(refused)"), text[:200])
							if key != "executive":
								self.assertHidden(text, (*map(str, arguments.values()), str(value)))

	def test_a_sheet_in_the_request_brings_no_proposals_of_others(self):
		forged = frappe.get_doc(c.REALIZATION, self.b.draft).as_dict()
		for doc in (
			forged,
			forged | {"name": f"{A}-{TW2}"},
			frappe.get_doc(c.REALIZATION, f"{A}-{TW2}").as_dict() | {"opd": B, "items": forged["items"]},
		):
			docs = json.dumps(doc, default=str)
			for ask in (
				lambda docs=docs: call("run_doc_method", docs=docs, method="onload"),
				lambda docs=docs: call("run_doc_method", docs=docs, method="run_method"),
				lambda docs=docs: call("frappe.www.printview.get_html_and_style", doc=docs),
			):
				for key in NOBODY:
					self.assertNotIn(THEIRS, self.asked(key, ask))
					self.assertNotIn(self.b.proposal, self.asked(key, ask))
		ask = lambda: call("frappe.desk.form.load.getdoc", doctype=c.REALIZATION, name=self.b.draft)  # noqa: E731
		self.assertIn(THEIRS, self.asked("operator_b", ask))

	def test_proposals_on_the_own_sheet_are_the_own(self):
		ask = lambda: call("frappe.desk.form.load.getdoc", doctype=c.REALIZATION, name=f"{A}-{TW2}")  # noqa: E731
		for key in OF_A:
			text = self.asked(key, ask)
			self.assertIn(self.own.proposal, text)
			self.assertHidden(text)


class TestReading(ExchangeIsolationTestCase):
	"""The reading interface: six lists with every filter."""

	def ask(self, name: str, **filters):
		return lambda: rest(f"/api/method/seroja.api.v1.{name}", **filters)

	def questions(self):
		"""(list, filters, does the Inspektorat see B in it)."""
		values = {
			"opd": (B, A),
			"year": (str(YEAR), str(YEAR - 1)),
			"quarter": ("1", "2"),
			"indicator": (f"{B}-1", f"{A}-1"),
			"instrument": ("AKIP-2021",),
			"status": ("Open",),
			"as_known_on": (today(),),
			"start": ("0", "1"),
			"limit": ("1000",),
		}
		of_b = {"opd": B, "indicator": f"{B}-1", "as_known_on": today()}
		for name, endpoint in BY_NAME.items():
			yield name, {}, True
			names = {field.name for field in endpoint.accepted}
			self.assertLessEqual(names, set(values), "a filter that is not asked for here")
			for parameter in sorted(names):
				for value in values[parameter]:
					yield name, {parameter: value}, parameter in ("as_known_on", "limit")
			yield name, {key: value for key, value in of_b.items() if key in names}, False

	def test_rows_are_the_readers_own(self):
		for name, filters, is_seen in self.questions():
			self.hide(
				f"{name} {filters}",
				self.ask(name, **filters),
				tuple(value for value in filters.values() if B in value),
				("inspector", "executive", "head_b") if is_seen else (),
			)

	def test_they_are_the_same_as_if_the_other_did_not_exist(self):
		for name, filters, is_seen in self.questions():
			differs_for = "inspector" if is_seen else None
			self.check_same(f"{name} {filters}", self.ask(name, **filters), differs_for)

	def test_people_of_an_opd_and_the_city_do_see_theirs(self):
		for name in BY_NAME:
			for opd, keys in ((A, OF_A), (B, ("head_b", "inspector", "executive"))):
				for key in keys:
					for filters in ({}, {"opd": opd}):
						text = self.asked(key, self.ask(name, **filters))
						with self.subTest(list=name, user=key, filters=str(filters)):
							self.assertIn(f'"opd": "{opd}"', text)

	def test_the_etag_tells_nothing_of_others(self):
		for name in BY_NAME:
			ask = lambda name=name: self.etag(name)  # noqa: E731
			self.assertEqual(*self.with_and_without_b("operator_a", ask))
			self.assertNotEqual(*self.with_and_without_b("inspector", ask))

	def etag(self, name: str) -> str:
		request(f"/api/method/seroja.api.v1.{name}")
		frappe.local.form_dict = frappe._dict()
		with outside_test():
			return handle(frappe.local.request).headers["ETag"]

	def test_without_a_position_the_lists_are_empty_and_without_a_role_closed(self):
		self.leave("viewer_a")
		for name in BY_NAME:
			for key in ("wanderer", "viewer_a"):
				self.assertIn('"data": []', self.asked(key, self.ask(name)))
			self.assertTrue(self.asked("outsider", self.ask(name)).startswith("(refused)"))
		for name in (*BY_NAME, "openapi"):
			text = self.asked("Guest@", lambda name=name: as_guest(self.ask(name)))
			self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_filters_are_values(self):
		for name, endpoint in BY_NAME.items():
			for parameter in (*(field.name for field in endpoint.accepted), "user", "fields"):
				for value in (*HOSTILE, ["like", "%"], {"name": ["like", "%"]}):
					for key in ("operator_a", "wanderer"):
						with self.subTest(list=name, filter=parameter, value=str(value)[:20], user=key):
							text = self.asked(key, self.ask(name, **{parameter: value}))
							self.assertHidden(text, (str(value),))
							self.assertRegex(text, r'"error"|"data": \[\]|\(refused\)')

	def test_an_indicator_that_went_to_another_opd_leaves_only_its_old_figures(self):
		doc = frappe.get_doc(INDICATOR, f"{A}-3")
		moved = {
			"opd": B,
			"indicator_name": "RahasiaB pindah",
			"objective": "RahasiaB sasaran",
			"unit": "RahasiaB",
		}
		doc.update(moved | {"definition": "RahasiaB definisi", "formula": "RahasiaB rumus"})
		as_person("planner", doc.save)
		for name in BY_NAME:
			for filters in ({}, {"indicator": f"{A}-3"}):
				if not filters.keys() <= {field.name for field in BY_NAME[name].accepted}:
					continue
				for key in OF_A:
					with self.subTest(list=name, user=key):
						self.assertHidden(self.asked(key, self.ask(name, **filters)))
		self.assertHidden(as_person("operator_a", lambda: exports.figures(YEAR, {})).to_csv())

	def test_the_description_holds_no_figure(self):
		for key in EVERYBODY:
			self.assertHidden(self.asked(key, self.ask("openapi")))


class TestRollUp(ExchangeIsolationTestCase):
	"""The table of governments is for city-wide roles."""

	def ways(self):
		for filters in ({}, {"year": YEAR, "quarter": "1"}, {"by": "Governments"}, {"year": YEAR, "opd": A}):
			yield "run", lambda f=filters: run(EXCHANGE_REPORT, f)
			yield (
				"PDF",
				lambda f=filters: paper(
					"seroja.api.documents.report_pdf", report=EXCHANGE_REPORT, filters=json.dumps(f)
				),
			)
			for kind in ("CSV", "Excel"):
				yield (
					kind,
					lambda f=filters, kind=kind: call(
						"frappe.desk.query_report.export_query",
						report_name=EXCHANGE_REPORT,
						filters=json.dumps(f),
						file_format_type=kind,
						visible_idx="[]",
					),
				)
			yield "mail", lambda f=filters: rendered_text(report_files.render("Report", EXCHANGE_REPORT, f))

	def test_it_is_closed_to_people_of_an_opd(self):
		for channel, ask in self.ways():
			for key in (*NOBODY, "operator_b", "head_b"):
				with self.subTest(channel=channel, user=key):
					text = self.asked(key, ask)
					self.assertTrue(text.startswith("(refused)"), text[:200])
					self.assertNotIn(f"Indikator 1 {B}", text)
		for key in CITY_WIDE:
			self.assertIn("Indikator 1 TesB", self.asked(key, lambda: run(EXCHANGE_REPORT, {})))

	def test_the_service_itself_refuses(self):
		for key in (*NOBODY, "operator_b", "head_b"):
			for by_government in (True, False):
				self.assertRefused(as_person, key, lambda b=by_government: roll_up.report_rows({}, b))


class TestSecrets(ExchangeIsolationTestCase):
	"""The secret of a source and the signing key are read by nobody."""

	def ways_to_read(self):
		for doctype, name, field in ((SOURCE, self.b.source, "secret"), (SETTINGS, SETTINGS, "signing_key")):
			place = {"doctype": doctype, "name": name}
			yield "get", lambda p=place: call("frappe.client.get", **p)
			yield "getdoc", lambda p=place: call("frappe.desk.form.load.getdoc", **p)
			yield "docinfo", lambda p=place: call("frappe.desk.form.load.get_docinfo", **p)
			yield "REST v1", lambda d=doctype, n=name: rest(f"/api/resource/{d}/{n}")
			yield "REST v2", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}")
			yield "copy", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}/copy")
			yield (
				"print",
				lambda d=doctype, n=name: call("frappe.www.printview.get_html_and_style", doc=d, name=n),
			)
			for cmd, arguments in (
				(
					"frappe.client.get_value",
					{"doctype": doctype, "filters": {"name": name}, "fieldname": field},
				),
				("frappe.client.get_single_value", {"doctype": doctype, "field": field}),
				("frappe.client.get_password", place | {"fieldname": field}),
				("run_doc_method", {"dt": doctype, "dn": name, "method": "get_password", "args": field}),
				(
					"frappe.client.validate_link",
					{"doctype": doctype, "docname": name, "fields": json.dumps([field])},
				),
			):
				yield f"{cmd} {doctype}", lambda cmd=cmd, a=arguments: call(cmd, **a)
			yield "v2 method", lambda d=doctype, n=name: rest(f"/api/v2/document/{d}/{n}/method/get_password")
		for table in (
			"__Auth",
			"Singles",
			"Version",
			"Error Log",
			"Deleted Document",
			"Email Queue",
			"Access Log",
		):
			yield f"list {table}", lambda t=table: call("frappe.client.get_list", doctype=t, fields=["*"])
		fields = json.dumps([f"`tab{SOURCE}`.`name`", f"`tab{SOURCE}`.`secret`"])
		for cmd, arguments in (
			("frappe.client.get_list", {"fields": ["*"]}),
			(
				"frappe.desk.reportview.export_query",
				{"fields": fields, "file_format_type": "CSV", "title": "x"},
			),
			(
				DATA_EXPORT,
				{"parent_doctype": SOURCE, "all_doctypes": True, "with_data": 1, "file_type": "CSV"},
			),
			(TEMPLATE, {"export_fields": json.dumps({SOURCE: ["name", "secret"]}), **TEMPLATE_OF_ALL}),
		):
			yield f"{cmd} {SOURCE}", lambda cmd=cmd, a=arguments: call(cmd, doctype=SOURCE, **a)
		for url in (self.b.configuration_url, self.b.out_url):
			yield "file", lambda url=url: download(url)
		yield "preview", lambda: call("seroja.api.exchange.configuration_preview", name=self.b.received)

	def assertSecretsKept(self, text: str) -> None:
		for secret in self.secrets:
			self.assertNotIn(secret, text)

	def test_they_are_read_by_nobody(self):
		for channel, ask in self.ways_to_read():
			for key in (*EVERYBODY, "Administrator", "Guest@"):
				if key == "Administrator" and "get_password" in channel:
					continue  # Frappe hands every password to the system manager
				with self.subTest(channel=channel, user=key):
					text = self.asked(key, ask if key != "Guest@" else lambda ask=ask: as_guest(ask))
					self.assertSecretsKept(text)

	def test_they_are_in_no_table_and_no_file(self):
		frappe.get_doc(SOURCE, self.b.source).update({"secret": f"{KEY}-baru"}).save()
		exchange_settings.make_key()
		tables = [
			"Version",
			"Error Log",
			"Comment",
			"Singles",
			"Email Queue",
			"Notification Log",
			"Access Log",
		]
		tables += [*KINDS, "Webhook Request Log", "Integration Request", "Activity Log", "SEROJA Notice"]
		for table in tables:
			with self.subTest(table=table):
				self.assertSecretsKept(str(frappe.db.sql(f"select * from `tab{table}`")))
		for url in (self.b.configuration_url, self.b.out_url):
			self.assertSecretsKept(self.asked("admin", lambda url=url: download(url)))

	def test_the_key_is_neither_typed_in_nor_lost(self):
		private = self.secrets[1]
		public = frappe.db.get_single_value(SETTINGS, "public_key")
		for values in ({"signing_key": "kunci-palsu"}, {"signing_key": ""}, {"public_key": "palsu"}):
			for channel, ask in ways_to_write(SETTINGS, SETTINGS, "", "", values):
				with self.subTest(channel=channel, values=str(values)):
					frappe.db.savepoint("one_way")
					self.attempt("admin", ask)
					frappe.clear_document_cache(SETTINGS, SETTINGS)
					doc = frappe.get_doc(SETTINGS)
					self.assertEqual((doc.get_password("signing_key"), doc.public_key), (private, public))
					frappe.db.rollback(save_point="one_way")

	def test_a_failure_does_not_tell_the_secret(self):
		server = SourceServer(f"Authorization: Bearer {KEY}", status=500, media_type="text/html")
		self.addCleanup(server.stop)
		source = frappe.get_doc(SOURCE, self.b.source)
		source.db_set("url", f"{server.url}/gagal")
		doc = data_runs.fetch(_insert(RUN, data_source=source.name, period=TW1))
		self.assertEqual(doc.state, "Failed")
		self.assertIn(KEY, str(server.asked[0][1]))
		self.assertSecretsKept(f"{doc.as_json()} {frappe.get_doc(SOURCE, source.name).last_error}")
		self.assertSecretsKept(str(frappe.get_all("Error Log", ["*"])))

	def test_an_address_holds_no_password(self):
		for url in (f"http://nama:{KEY}@localhost/data", f"http://{KEY}@localhost/data"):
			doc = frappe.get_doc(SOURCE, self.b.source).update({"url": url})
			with self.assertRaises(frappe.ValidationError) as refused:
				as_person("admin", doc.save)
			self.assertSecretsKept(str(refused.exception))


class TestConfiguration(ExchangeIsolationTestCase):
	"""What a file says is written as the administrator, and only into what a package may hold."""

	def applied(self, section: str, **values):
		"""The state of a package whose first record holds other values, and what was said."""
		data = evidence.content_of(
			evidence.attached_file(frappe.get_doc(CONFIGURATION, self.b.configuration), "file")
		)
		content = json.loads(data)
		sections = content["sections"]
		key = {"performance_indicators": f"{A}-1", "data_sources": self.b.source}[section]
		next(row for row in sections[section] if row["key"] == key).update(values)
		doc = as_person("admin", lambda: _take_in(CONFIGURATION, _packed(content), title="RahasiaB lain"))
		as_person("admin", lambda: configuration.check(doc))
		try:
			as_person("admin", lambda: configuration.apply(doc))
		except REFUSED as error:
			return f"(refused) {error}"
		return doc.state

	def test_it_writes_what_a_package_may_hold_and_nothing_else(self):
		code = f"{A}-1"
		for values in (
			{"doctype": "User", "email": "palsu@tests.seroja.example", "first_name": "palsu"},
			{"owner": person("head_b"), "creation": "2001-01-01 00:00:00"},
			{"docstatus": 1},
			{"performance_objective": self.b.node},
			{"name": f"{B}-1"},
			{"_user_tags": ",palsu", "_assign": '["x"]'},
			{"key": "Palsu", "doctype": c.EXPORT, "year": 2018},
		):
			with self.subTest(values=str(values)):
				frappe.db.savepoint("apply")
				before = self.held(code)
				self.applied("performance_indicators", **values)
				self.assertEqual(self.held(code), before)
				frappe.db.rollback(save_point="apply")
		before = self.held(code)
		self.assertEqual(self.applied("performance_indicators", definition="batasan baru"), "Applied")
		self.assertNotEqual(self.held(code), before)

	def held(self, code: str) -> list:
		"""What stands in two indicators, whatever their rows are called; and which other documents there are."""
		tables = [table for name in (code, f"{B}-1") for table in stored(INDICATOR, name).values()]
		heads = [[table] if isinstance(table, dict) else table for table in tables]
		rows = [
			row | {"name": "", "creation": ""} if row.get("parent") else row for rows in heads for row in rows
		]
		return [*rows, *(frappe.get_all(kind, pluck="name", order_by="name") for kind in ("User", c.EXPORT))]

	def test_it_brings_no_secret_and_takes_none_away(self):
		for values in ({"secret": "palsu-7393"}, {"title": self.b.source, "silent_days": 9}):
			frappe.db.savepoint("apply")
			self.applied("data_sources", **values)
			self.assertEqual(frappe.get_doc(SOURCE, self.b.source).get_password("secret"), KEY)
			frappe.db.rollback(save_point="apply")

	def test_what_the_site_writes_about_a_source_stays(self):
		before = stored(SOURCE, self.b.source)[""]
		self.applied("data_sources", last_error="palsu", columns_seen="{}", failures=99)
		after = stored(SOURCE, self.b.source)[""]
		for field in ("last_error", "columns_seen", "failures"):
			self.assertEqual(after[field], before[field])


def _packed(content: dict) -> bytes:
	from seroja.core import configuration as core

	return core._file(content["sections"], content["about"])


class TestNoticesAndWebhooks(ExchangeIsolationTestCase):
	def test_a_source_that_fails_or_is_silent_is_told_to_the_administrator_and_names_no_unit(self):
		frappe.db.delete("Notification Log")
		frappe.db.delete("SEROJA Notice")
		values = {"failures": 3, "silent_days": 1, "last_records_on": "2020-01-01", "warned_on": None}
		frappe.db.set_value(SOURCE, self.own.source, values)
		data_schedule.warn_of_failure(self.own.source)
		data_schedule.warn_of_silence()
		told = frappe.get_all("Notification Log", ["for_user", "subject", "email_content", "document_type"])
		self.assertGreaterEqual(len(told), 2)
		self.assertEqual({row.for_user for row in told}, {person("admin")})
		self.assertHidden(str(told))

	def test_accepting_tells_nobody_of_an_opd(self):
		frappe.db.delete("Notification Log")
		as_person("planner", lambda: data_runs.accept(frappe.get_doc(RUN, self.b.waiting_run)))
		as_person("planner", lambda: data_runs.accept(frappe.get_doc(RUN, self.b.upload)))
		self.assertEqual(frappe.get_all("Notification Log"), [])

	def test_no_mail_is_made_of_what_is_not_readable(self):
		for doctype, name in self.named():
			if KINDS[doctype][0]:
				continue
			for key in (*NOBODY, *CITY_BUT.get(doctype, ())):
				ask = lambda d=doctype, n=name: call(  # noqa: E731
					"frappe.core.doctype.communication.email.make",
					doctype=d,
					name=n,
					content="x",
					subject="x",
					recipients="x@tests.seroja.example",
					print_html="x",
					print_format="Standard",
					send_email=1,
				)
				with self.subTest(doctype=doctype, user=key):
					text = self.asked(key, ask)
					self.assertTrue(text.startswith("(refused)"), text[:200])

	def test_a_call_names_the_document_and_holds_no_figure(self):
		from frappe.integrations.doctype.webhook.webhook import get_webhook_data

		secret = "sandi-webhook-7394"
		webhooks.make("https://localhost/terima", secret)
		for name, (doctype, *_about) in webhooks.PRESETS.items():
			doc = frappe.get_doc(doctype, self.b.sheet if doctype == c.REALIZATION else self.b.report)
			text = json.dumps(get_webhook_data(doc, frappe.get_doc("Webhook", name)), default=str)
			self.assertIn(doc.name, text)
			self.assertNotRegex(text, r"63[,.]17|Indikator|RahasiaB|operator_b|head_b")
		for key in EVERYBODY:
			for name in webhooks.PRESETS:
				for ask in (
					lambda n=name: call("frappe.client.get", doctype="Webhook", name=n),
					lambda n=name: call(
						"frappe.client.get_password", doctype="Webhook", name=n, fieldname="webhook_secret"
					),
				):
					text = self.asked(key, ask)
					self.assertTrue(text.startswith("(refused)"), text[:200])
					self.assertNotIn(secret, text)
