"""Subscriptions by mail, against a real mail server: the right figures to the right people, once.

These tests commit, as the mailer does; what they leave behind is removed at the end.
"""

import fcntl
import io
import os
import signal
import smtplib
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate, now_datetime, set_request, today
from frappe.website.serve import get_response
from openpyxl import load_workbook
from pypdf import PdfReader

from seroja import constants as c
from seroja.api import subscriptions as api
from seroja.services import mailer, report_files, subscriptions
from seroja.tasks import hourly
from seroja.tests.smtp_server import PATIENCE, MailServer, free_port
from seroja.tests.utils import PEOPLE, YEAR, A, B, SerojaTestCase, person, verified_sheet

REPORT = "Indicator Achievement"
ACCOUNT = "Surel Uji"
TW1 = f"{YEAR}-TW1"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKER = """
import sys, frappe
frappe.init(site=sys.argv[1])
frappe.connect()
from seroja.services import mailer
exec(sys.argv[2])
mailer.deliver()
"""
# Stop for good while the third mail is being rendered.
STOP_RENDERING = """
import time
real, count = mailer.report_files.render, 0
def render(*args):
	global count
	count += 1
	if count == 3:
		print("rendering", flush=True)
		time.sleep(60)
	return real(*args)
mailer.report_files.render = render
"""


def all_names() -> dict[str, set[str]]:
	"""Every stored row, by DocType."""
	tables = {
		table.removeprefix("tab") for table in frappe.db.get_tables(cached=False) if table.startswith("tab")
	}
	return {table: set(frappe.get_all(table, pluck="name", limit=0)) for table in tables & set(doctypes())}


def doctypes() -> list[str]:
	return frappe.get_all("DocType", {"issingle": 0, "is_virtual": 0}, pluck="name", limit=0)


def remove_but(before: dict[str, set[str]]) -> None:
	"""Delete what has been stored since then, below all controllers."""
	frappe.db.rollback()
	for doctype, names in all_names().items():
		added = sorted(names - before.get(doctype, set()), key=str)
		if added and doctype != "DocType":
			frappe.db.delete(doctype, {"name": ["in", added]})
	frappe.db.delete("__Auth", {"name": ["in", [person(key) for key in PEOPLE]]})
	frappe.db.commit()
	frappe.clear_cache()


class MailTestCase(SerojaTestCase):
	"""Two OPDs with a verified quarter, and a mail server."""

	@classmethod
	def setUpClass(cls):
		cls.before = all_names()
		cls.addClassCleanup(remove_but, cls.before)
		super().setUpClass()
		for opd in (A, B):
			verified_sheet(opd)
		cls.server = MailServer()
		cls.addClassCleanup(cls.server.stop)
		cls._make_account()
		frappe.db.commit()

	@classmethod
	def _make_account(cls):
		for name in frappe.get_all("Email Account", {"default_outgoing": 1}, pluck="name"):
			cls.addClassCleanup(frappe.db.commit)
			cls.addClassCleanup(frappe.db.set_value, "Email Account", name, "default_outgoing", 1)
			frappe.db.set_value("Email Account", name, "default_outgoing", 0)
		values = {"email_account_name": ACCOUNT, "email_id": "seroja@tests.seroja.example"}
		server = {"smtp_server": "127.0.0.1", "smtp_port": str(cls.server.port), "no_smtp_authentication": 1}
		frappe.get_doc(
			{"doctype": "Email Account", "enable_outgoing": 1, "default_outgoing": 1, **values, **server}
		).insert()

	def setUp(self):
		frappe.set_user("Administrator")
		self.server.reset()
		self.muted, frappe.flags.mute_emails = frappe.flags.mute_emails, False
		frappe.local.outgoing_email_account = {}
		self.now = now_datetime().replace(microsecond=0)

	def tearDown(self):
		frappe.set_user("Administrator")
		frappe.flags.mute_emails = self.muted
		frappe.db.rollback()
		for doctype in (
			c.DELIVERY,
			c.SUBSCRIPTION,
			f"{c.SUBSCRIPTION} Recipient",
			f"{c.SUBSCRIPTION} Opt-Out",
		):
			frappe.db.delete(doctype)
		frappe.db.set_value("Email Account", ACCOUNT, "smtp_port", str(self.server.port))
		frappe.db.commit()
		frappe.clear_messages()
		frappe.local.request_cache.clear()

	# --- steps ---

	def subscribe(self, *recipients, **values):
		"""A weekly subscription that has just become due. recipients: person keys, or (kind, name)."""
		fields = {"User": "user", "Role": "role", "Position": "position"}
		rows = [
			{"kind": who[0], fields[who[0]]: who[1]}
			if isinstance(who, tuple)
			else {"kind": "User", "user": person(who)}
			for who in recipients
		]
		doc = frappe.get_doc(
			{
				"doctype": c.SUBSCRIPTION,
				"title": "Capaian Triwulanan",
				"content": "Report",
				"report": REPORT,
				"filters": f'{{"period": "{TW1}"}}',
				"frequency": "Weekly",
				"weekday": f"{self.now:%A}",
				"hour": 0,
				"starts_on": add_days(today(), -30),
				"attach_pdf": 0,
				"attach_xlsx": 0,
				"recipients": rows,
				**values,
			}
		).insert()
		doc.db_set("next_on", datetime.combine(self.now.date(), datetime.min.time()))
		return doc

	def run_mailer(self, now=None) -> int:
		"""As the hourly task does it."""
		subscriptions.open_deliveries(now or self.now)
		return self.deliver(now)

	def deliver(self, now=None) -> int:
		frappe.local.outgoing_email_account = {}
		return mailer.deliver(now or self.now)

	def states(self) -> dict[str, str]:
		"""Person → state of his delivery."""
		frappe.db.rollback()
		rows = frappe.get_all(c.DELIVERY, fields=["user", "state"])
		return {row.user.split("@")[0]: row.state for row in rows}

	def row(self, key: str):
		frappe.db.rollback()
		return frappe.get_doc(c.DELIVERY, {"user": person(key)})

	def the_mail(self, key: str):
		(mail,) = self.server.of(person(key))
		return mail


def everything(mail) -> str:
	"""All text of a mail: headers, bodies, and what its attachments say."""
	texts = [str(mail.items())]
	for part in mail.walk():
		content = part.get_content() if not part.is_multipart() else None
		if part.get_content_maintype() == "text":
			texts.append(content)
		elif part.get_content_type() == "application/pdf":
			texts += [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
		elif part.get_content_type() == XLSX:
			texts.append(workbook_text(content))
	return "\n".join(texts)


def workbook_text(content: bytes) -> str:
	book = load_workbook(io.BytesIO(content))
	return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def kinds(mail) -> list[str]:
	return [part.get_content_type() for part in mail.walk() if not part.is_multipart()]


class TestMail(MailTestCase):
	def test_a_mail_is_indonesian_with_its_chart_inside_and_two_attachments_that_open(self):
		self.subscribe("bureau", attach_pdf=1, attach_xlsx=1, introduction="Mohon dicermati.\n<b>Salam</b>")
		self.assertEqual(self.run_mailer(), 1)
		mail = self.the_mail("bureau")
		self.assertEqual(kinds(mail), ["text/plain", "text/html", "image/png", "application/pdf", XLSX])
		self.assertIn("Capaian Triwulanan", mail["Subject"])
		self.assertEqual(mail["To"], person("bureau"))
		html = mail.get_body(("html",)).get_content()
		for text in (
			"Mohon dicermati.",
			"&lt;b&gt;Salam",
			"Indikator 1 TesA",
			f"query-report/{REPORT.split()[0]}",
		):
			self.assertIn(text, html)
		picture = next(part for part in mail.walk() if part.get_content_type() == "image/png")
		self.assertIn(f'src="cid:{picture["Content-ID"].strip("<>")}"', html)
		self.assertTrue(picture.get_content().startswith(b"\x89PNG"))
		self.assertGreater(len(everything(mail)), len(html))

	def test_the_language_of_the_desk_is_that_of_the_recipient(self):
		frappe.db.set_value("User", person("bureau"), "language", "en")
		frappe.db.set_value("User", person("planner"), "language", "id")
		people = {"name": ["in", [person("bureau"), person("planner")]]}
		self.addCleanup(frappe.db.set_value, "User", people, "language", None)
		self.subscribe("bureau", "planner")
		self.run_mailer()
		for key, language in (("bureau", "en"), ("planner", "id")):
			text = everything(self.the_mail(key))
			self.assertIn(f'lang="{language}"', text)
			self.assertIn(_("Unsubscribe from this mail", language), text)

	def test_nobody_gets_a_word_about_another_opd(self):
		everyone = ["operator_a", "head_a", "viewer_a", "operator_b", "head_b", "bureau", "inspector"]
		for content in ("Report", "Evaluation Summary"):
			self.server.reset()
			self.subscribe(*everyone, content=content, attach_pdf=1, attach_xlsx=1)
			self.run_mailer()
			self.assertEqual(len(self.server.mails), len(everyone))
			for key in everyone:
				text = everything(self.the_mail(key))
				self.assertIs("TesA" in text, not key.endswith("_b"), key)
				self.assertIs("TesB" in text, not key.endswith("_a"), key)

	def test_what_people_typed_never_attaches_a_file_of_the_server(self):
		text = 'embed="private/files/rahasia.png" <img embed="apps.txt">'
		self.subscribe("bureau", introduction=text)
		self.run_mailer()
		mail = self.the_mail("bureau")
		self.assertEqual(kinds(mail).count("image/png"), 1)
		self.assertIn("rahasia.png", everything(mail))
		self.assertNotIn("<img embed", everything(mail))

	def test_each_pdf_is_on_record_under_its_own_recipient(self):
		self.subscribe("inspector", "inspector2", attach_pdf=1)
		self.run_mailer()
		codes = frappe.get_all(c.DELIVERY, {"state": "Sent"}, ["user", "snapshot"])
		self.assertEqual(len({row.snapshot for row in codes}), 2)
		for row in codes:
			self.assertEqual(frappe.db.get_value(c.SNAPSHOT, row.snapshot, "issued_to"), row.user)

	def test_an_address_that_has_changed_gets_the_next_try(self):
		self.subscribe("head_a")
		self.server.refusals[person("head_a")] = "450 later"
		self.run_mailer()
		frappe.db.set_value("User", person("head_a"), "email", "baru@tests.seroja.example")
		frappe.db.commit()
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.db.set_value, "User", person("head_a"), "email", person("head_a"))
		mailer.deliver(self.now + timedelta(hours=2))
		self.assertEqual(self.server.recipients, ["baru@tests.seroja.example"])

	def session(self) -> smtplib.SMTP:
		session = smtplib.SMTP("127.0.0.1", self.server.port, timeout=PATIENCE)
		self.addCleanup(session.close)
		return session

	def test_a_personal_report_is_rendered_for_each(self):
		self.subscribe("inspector", "inspector2", report="Waiting for Me", filters="", skip_empty=0)
		with patch.object(report_files, "render", wraps=report_files.render) as render:
			self.run_mailer()
		self.assertEqual(render.call_count, 2)

	def test_nothing_is_sent_where_there_is_nothing_to_report_unless_wanted(self):
		empty = f'{{"period": "{YEAR}-TW4"}}'
		self.subscribe("bureau", filters=empty)
		self.subscribe("planner", filters=empty, skip_empty=0)
		self.run_mailer()
		self.assertEqual(self.states(), {"bureau": "Nothing to Report", "planner": "Sent"})
		self.assertEqual(self.server.recipients, [person("planner")])


class TestRecipients(MailTestCase):
	def names(self, *recipients) -> set[str]:
		return {user.split("@")[0] for user in subscriptions.recipients_of(self.subscribe(*recipients))}

	def test_people_come_from_persons_roles_and_positions_and_each_once(self):
		found = self.names("head_a", ("Role", c.INSPEKTORAT), ("Position", "Head"), ("Position", "Viewer"))
		ours = {key for key in found if key in PEOPLE}
		self.assertEqual(ours, {"head_a", "head_b", "viewer_a", "inspector", "inspector2"})

	def test_a_disabled_person_and_the_administrator_get_nothing(self):
		frappe.db.set_value("User", person("viewer_a"), "enabled", 0)
		self.addCleanup(frappe.db.set_value, "User", person("viewer_a"), "enabled", 1)
		found = self.names("viewer_a", "head_a", ("Role", "System Manager"))
		self.assertIn("head_a", found)
		self.assertFalse({"viewer_a", "Administrator"} & found)

	def test_who_lost_his_unit_before_the_mail_left_gets_nothing(self):
		self.subscribe("viewer_a", ("Position", "Head"))
		subscriptions.open_deliveries(self.now)
		holders = [person("viewer_a"), person("head_a")]
		with ended(holders):
			self.deliver()
			self.assertEqual(
				self.states(), {"viewer_a": "Nothing to Report", "head_a": "Failed", "head_b": "Sent"}
			)
			self.assertTrue(self.row("viewer_a").error)
		self.assertEqual(self.server.recipients, [person("head_b")])

	def test_who_may_not_see_the_report_gets_nothing(self):
		self.subscribe("outsider", "bureau")
		self.run_mailer()
		self.assertEqual(self.server.recipients, [person("bureau")])
		self.assertIn(self.states()["outsider"], ("Failed", "Nothing to Report"))


@contextmanager
def ended(users: list[str]):
	"""The positions of these people ended yesterday."""
	rows = {"user": ["in", users]}
	frappe.db.set_value("OPD Position Holder", rows, "to_date", add_days(today(), -1))
	frappe.db.commit()
	try:
		yield
	finally:
		frappe.db.set_value("OPD Position Holder", rows, "to_date", None)
		frappe.db.commit()


class TestWhen(MailTestCase):
	def test_twice_in_an_hour_sends_once(self):
		self.subscribe("bureau", ("Position", "Head"))
		self.assertEqual(self.run_mailer(), 3)
		self.assertEqual(self.run_mailer(self.now + timedelta(minutes=40)), 0)
		self.assertEqual(self.run_mailer(self.now + timedelta(days=1)), 0)
		self.assertEqual(len(self.server.mails), 3)

	def test_a_lost_next_date_does_not_send_again(self):
		doc = self.subscribe("bureau")
		before = doc.next_on
		self.run_mailer()
		doc.db_set("next_on", before)
		self.assertEqual(self.run_mailer(), 0)

	def test_after_a_pause_only_the_latest_is_sent(self):
		self.subscribe("bureau")
		later = self.now + timedelta(weeks=4, hours=3)
		self.assertEqual(self.run_mailer(later), 1)
		row = self.row("bureau")
		self.assertEqual(row.due_on.date(), (self.now + timedelta(weeks=4)).date())
		self.assertEqual(self.run_mailer(later), 0)

	def test_what_still_waits_is_replaced_by_the_next_one(self):
		self.subscribe("bureau")
		subscriptions.open_deliveries(self.now)
		self.assertEqual(self.run_mailer(self.now + timedelta(weeks=1)), 1)
		states = frappe.get_all(c.DELIVERY, pluck="state", order_by="due_on")
		self.assertEqual(states, ["Failed", "Sent"])

	def test_a_changed_calendar_sends_nothing_after_the_fact(self):
		doc = self.subscribe("bureau")
		doc.reload()
		doc.update({"frequency": "Monthly", "day": 1, "starts_on": "2020-01-01"})
		doc.save()
		self.assertGreater(get_datetime(doc.next_on), self.now)
		self.assertEqual(self.run_mailer(), 0)

	def test_a_change_of_the_title_does_not_lose_what_is_due(self):
		doc = self.subscribe("bureau")
		doc.reload()
		doc.title = "Judul Baru"
		doc.next_on = "2099-01-01 00:00:00"  # as a request might
		doc.save()
		self.assertEqual(self.run_mailer(), 1)

	def test_a_disabled_subscription_sends_nothing(self):
		self.subscribe("bureau", enabled=0)
		self.assertEqual(self.run_mailer(), 0)

	def test_after_a_period_closes_also_one_whose_day_was_moved(self):
		doc = self.subscribe("bureau", frequency="After Period Closes", window="Entry Closes", days_after=2)
		doc.reload()
		doc.enabled = 0
		doc.save()
		doc.enabled = 1
		doc.save()
		closes = getdate(frappe.db.get_value("Reporting Period", TW1, "entry_closes"))
		self.assertLessEqual(getdate(doc.next_on), getdate(add_days(closes, 2)))
		self.assertEqual(self.run_mailer(get_datetime(add_days(closes, 1))), 0)
		self.assertEqual(self.run_mailer(get_datetime(add_days(closes, 2)) + timedelta(hours=1)), 1)

	def test_the_hourly_task_does_both_steps(self):
		self.subscribe("bureau")
		frappe.local.outgoing_email_account = {}
		hourly.deliver()
		self.assertEqual(self.server.recipients, [person("bureau")])


class TestFailures(MailTestCase):
	def test_one_that_cannot_be_rendered_stops_nobody_and_changes_nobody(self):
		real = report_files.render

		def render(*args):
			if frappe.session.user == person("head_a"):
				raise ValueError("kata sandi 123")
			return real(*args)

		self.subscribe("head_a", "head_b", "operator_a")
		language, flags = frappe.local.lang, frappe.flags.copy()
		with patch.object(report_files, "render", render):
			self.assertEqual(self.run_mailer(), 2)
		row = self.row("head_a")
		self.assertEqual((row.state, row.attempts), ("Failed", 1))
		self.assertNotIn("123", row.error)
		self.assertEqual((frappe.session.user, frappe.local.lang), ("Administrator", language))
		self.assertEqual(frappe.flags, flags)

	def test_a_passing_refusal_is_tried_again_later_and_not_before(self):
		self.server.refusals = {person("head_a"): "450 4.2.1 Kotak surat sedang sibuk"}
		self.subscribe("head_a", "head_b")
		self.assertEqual(self.run_mailer(), 1)
		row = self.row("head_a")
		self.assertEqual((row.state, row.attempts), ("Failed", 1))
		self.assertIn("450", row.error)
		self.server.refusals = {}
		self.assertEqual(self.deliver(self.now + timedelta(minutes=4)), 0)
		self.assertEqual(self.deliver(self.now + timedelta(minutes=5)), 1)
		self.assertEqual(self.states(), {"head_a": "Sent", "head_b": "Sent"})
		self.assertEqual(len(self.server.mails), 2)

	def test_after_five_refusals_it_is_over(self):
		self.server.refusals = {person("head_a"): "450 4.2.1 sibuk"}
		self.subscribe("head_a")
		subscriptions.open_deliveries(self.now)
		when = [self.now]
		for minutes in (*mailer.BACK_OFF, 100_000):
			self.deliver(when[-1])
			when.append(when[-1] + timedelta(minutes=minutes))
		self.assertEqual(self.row("head_a").attempts, 5)
		self.server.refusals = {}
		self.assertEqual(self.deliver(when[-1]), 0)

	def test_an_address_that_does_not_exist_is_not_tried_again(self):
		self.server.refusals = {person("head_a"): "550 5.1.1 Tidak dikenal"}
		self.subscribe("head_a", "head_b")
		self.assertEqual(self.run_mailer(), 1)
		self.server.refusals = {}
		self.assertEqual(self.deliver(self.now + timedelta(days=30)), 0)
		self.assertEqual(self.states(), {"head_a": "Failed", "head_b": "Sent"})

	def test_while_the_server_is_down_nothing_is_lost_and_nobody_loses_a_try(self):
		people = ["head_a", "head_b", "operator_a", "operator_b", "bureau"]
		self.subscribe(*people)
		frappe.db.set_value("Email Account", ACCOUNT, "smtp_port", str(free_port()))
		with patch.object(report_files, "render", wraps=report_files.render) as render:
			self.assertEqual(self.run_mailer(), 0)
		self.assertEqual(render.call_count, mailer.LOST_CONNECTIONS)
		self.assertEqual(set(self.states().values()), {"Pending"})
		self.assertEqual(sum(frappe.get_all(c.DELIVERY, pluck="attempts")), 0)
		frappe.db.set_value("Email Account", ACCOUNT, "smtp_port", str(self.server.port))
		self.assertEqual(self.deliver(self.now + timedelta(minutes=5)), len(people))

	def test_a_line_that_breaks_in_the_hand_over_leaves_it_open_and_the_rest_goes_on(self):
		self.server.stop_at, self.server.stopping = 2, self.server.hang_up
		self.subscribe("head_a", "head_b", "operator_a")
		self.assertEqual(self.run_mailer(), 2)
		self.assertEqual(sorted(self.states().values()), ["Sent", "Sent", "Unconfirmed"])
		self.assertEqual(self.deliver(self.now + timedelta(days=9)), 0)

	def test_whoever_does_not_get_the_lock_returns_at_once(self):
		self.subscribe("bureau")
		subscriptions.open_deliveries(self.now)
		path = frappe.get_site_path("locks", f"{mailer.LOCK}.lock")
		with open(path, "w") as held:
			fcntl.flock(held, fcntl.LOCK_EX)
			began = time.monotonic()
			self.assertEqual(self.deliver(), 0)
			self.assertLess(time.monotonic() - began, 5)
		self.assertEqual(self.deliver(), 1)

	def test_without_an_account_for_mail_the_job_says_so_and_nothing_is_lost(self):
		self.subscribe("bureau")
		frappe.db.set_value("Email Account", ACCOUNT, "enable_outgoing", 0)
		self.addCleanup(frappe.db.set_value, "Email Account", ACCOUNT, "enable_outgoing", 1)
		self.assertRefused(self.run_mailer, exceptions=frappe.OutgoingEmailError)
		self.assertEqual(self.states(), {"bureau": "Pending"})
		frappe.db.set_value("Email Account", ACCOUNT, "enable_outgoing", 1)
		self.assertEqual(self.deliver(), 1)

	def test_muted_or_suspended_mail_waits(self):
		self.subscribe("bureau")
		frappe.flags.mute_emails = True
		self.assertEqual(self.run_mailer(), 0)
		frappe.flags.mute_emails = False
		frappe.db.set_default("suspend_email_queue", 1)
		self.addCleanup(frappe.db.commit)
		self.addCleanup(frappe.db.set_default, "suspend_email_queue", 0)
		self.assertEqual(self.run_mailer(), 0)
		frappe.db.set_default("suspend_email_queue", 0)
		self.assertEqual(self.deliver(), 1)


class TestKilledWorker(MailTestCase):
	PEOPLE = ("head_a", "head_b", "operator_a", "operator_b", "viewer_a")

	def setUp(self):
		super().setUp()
		self.subscribe(*self.PEOPLE)
		subscriptions.open_deliveries(self.now)
		frappe.db.commit()

	def worker(self, prepare: str = "pass") -> subprocess.Popen:
		command = [sys.executable, "-W", "ignore", "-c", WORKER, frappe.local.site, prepare]
		worker = subprocess.Popen(command, cwd=frappe.local.sites_path, stdout=subprocess.PIPE, text=True)
		self.addCleanup(worker.stdout.close)
		self.addCleanup(worker.wait)
		self.addCleanup(worker.kill)
		return worker

	def kill(self, worker: subprocess.Popen) -> None:
		os.kill(worker.pid, signal.SIGKILL)
		worker.wait(PATIENCE)
		self.server.released.set()

	def finish(self) -> None:
		"""A new worker, twice."""
		self.server.stop_at = None
		for _again in range(2):
			self.assertEqual(self.worker().wait(PATIENCE), 0)

	def test_killed_in_the_hand_over_one_is_unconfirmed_and_all_others_get_exactly_one(self):
		self.server.stop_at = 3
		worker = self.worker()
		self.assertTrue(self.server.reached.wait(PATIENCE))
		self.assertEqual(list(self.states().values()).count("Sending"), 1)
		self.kill(worker)
		self.finish()
		states = self.states()
		(doubtful,) = [key for key, state in states.items() if state == "Unconfirmed"]
		self.assertEqual(sorted(states.values()), ["Sent"] * 4 + ["Unconfirmed"])
		for key in self.PEOPLE:
			got = len(self.server.of(person(key)))
			self.assertTrue(got <= 1 if key == doubtful else got == 1, (key, got))

	def test_killed_while_rendering_everybody_gets_exactly_one(self):
		worker = self.worker(STOP_RENDERING)
		self.assertEqual(worker.stdout.readline().strip(), "rendering")
		self.assertNotIn("Sending", self.states().values())
		self.kill(worker)
		self.finish()
		self.assertEqual(set(self.states().values()), {"Sent"})
		self.assertEqual(self.server.recipients, sorted(person(key) for key in self.PEOPLE))

	def test_an_administrator_may_send_again_what_is_unconfirmed(self):
		frappe.db.set_value(c.DELIVERY, {"user": person("head_a")}, "state", "Sending")
		self.assertEqual(self.deliver(), 4)
		row = self.row("head_a")
		self.assertEqual(row.state, "Unconfirmed")
		for key in ("head_a", "bureau"):
			frappe.set_user(person(key))
			self.assertRefused(api.send_again, row.name)
		frappe.set_user(person("admin"))
		with patch.object(frappe, "enqueue"):
			api.send_again(row.name)
		self.assertRefused(api.send_again, row.name, exceptions=frappe.ValidationError)
		frappe.set_user("Administrator")
		self.assertEqual(self.deliver(), 1)
		self.assertEqual(len(self.server.of(person("head_a"))), 1)


class TestUnsubscribing(MailTestCase):
	def link(self) -> str:
		mail = self.the_mail("head_a")
		self.assertEqual(mail["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
		link = mail["List-Unsubscribe"].strip("<>")
		self.assertIn(link.replace("&", "&amp;"), mail.get_body(("html",)).get_content())
		return link

	def open(self, link: str, method: str = "GET", **form) -> str:
		"""Open a link without login, as a browser does."""
		parts = urlsplit(link)
		set_request(method=method, path=parts.path, query_string=parts.query, data=form)
		frappe.set_user("Guest")
		frappe.local.form_dict = frappe._dict(form)
		try:
			return get_response().get_data(as_text=True)
		finally:
			frappe.set_user("Administrator")

	def left(self, doc) -> set[str]:
		return subscriptions.unsubscribed_from(doc)

	def test_opening_the_link_changes_nothing_and_its_button_does(self):
		doc = self.subscribe("head_a", "head_b", title="Judul <i>miring</i>")
		self.run_mailer()
		page = self.open(self.link())
		self.assertIn("Judul &lt;i&gt;miring", page)
		for secret in (person("head_a"), "TesA", doc.name):
			self.assertNotIn(secret, page.partition("<h1")[2].partition("</form>")[0])
		self.assertEqual(self.left(doc), set())
		self.open(self.link(), "POST", wish="unsubscribe")
		self.open(self.link(), "POST", **{"List-Unsubscribe": "One-Click"})
		self.assertEqual(self.left(doc), {person("head_a")})
		later = self.now + timedelta(weeks=1)
		self.assertEqual(self.run_mailer(later), 1)
		self.assertEqual(len(self.server.of(person("head_a"))), 1)
		self.assertEqual(frappe.db.count(c.DELIVERY, {"state": "Unsubscribed"}), 1)
		self.open(self.link(), "POST", wish="subscribe")
		self.assertEqual(self.left(doc), set())

	def test_who_leaves_between_opening_and_sending_gets_nothing(self):
		doc = self.subscribe("head_a")
		subscriptions.open_deliveries(self.now)
		subscriptions.unsubscribe(doc, person("head_a"))
		self.assertEqual(self.deliver(), 0)
		self.assertEqual(self.states(), {"head_a": "Unsubscribed"})

	def test_a_link_with_another_signature_or_for_another_delivery_does_nothing(self):
		doc = self.subscribe("head_a", "head_b")
		self.run_mailer()
		link, other = self.link(), self.row("head_b").name
		for forged in (
			link[:-1] + ("0" if link[-1] != "0" else "1"),
			link.replace(self.row("head_a").name, other),
		):
			self.assertNotIn(
				"<form", self.open(forged, "POST").partition("<h1")[2].partition("</h1>")[2][:300]
			)
		self.open("/report-unsubscribe", "POST")
		self.assertEqual(self.left(doc), set())

	def test_a_compulsory_mail_has_no_link_and_an_old_one_does_nothing(self):
		doc = self.subscribe("head_a", is_optional=1)
		self.run_mailer()
		link = self.link()
		doc.db_set("is_optional", 0)
		self.open(link, "POST")
		self.assertEqual(frappe.db.count("Report Subscription Opt-Out"), 0)
		self.server.reset()
		self.run_mailer(self.now + timedelta(weeks=1))
		self.assertIsNone(self.the_mail("head_a")["List-Unsubscribe"])
		self.assertNotIn("report-unsubscribe", everything(self.the_mail("head_a")))

	def test_the_form_neither_removes_nor_adds_who_has_left(self):
		doc = self.subscribe("head_a", "head_b")
		stale = frappe.get_doc(c.SUBSCRIPTION, doc.name)
		subscriptions.unsubscribe(frappe.get_doc(c.SUBSCRIPTION, doc.name), person("head_a"))
		self.assertRefused(stale.save)
		adding = frappe.get_doc(c.SUBSCRIPTION, doc.name)
		adding.append("opt_outs", {"user": person("head_b")})
		self.assertRefused(adding.save)
		kept = frappe.get_doc(c.SUBSCRIPTION, doc.name)
		kept.title = "Judul Baru"
		kept.save()
		self.assertEqual(self.left(doc), {person("head_a")})


class TestRules(MailTestCase):
	def test_people_subscribe_themselves_and_only_the_bureau_others(self):
		self.as_user("head_a")
		self.assertRefused(self.subscribe, "head_b")
		self.assertRefused(self.subscribe, "head_a", "head_b")
		self.assertRefused(self.subscribe, ("Role", c.HEAD))
		self.assertRefused(self.subscribe, ("Position", "Head"))
		doc = self.subscribe("head_a", is_optional=0)
		self.assertEqual(doc.is_optional, 1)
		self.as_user("head_b")
		self.assertRefused(frappe.get_doc(c.SUBSCRIPTION, doc.name).save)
		self.assertRefused(api.recipients, doc.name)
		self.assertRefused(api.last_deliveries, doc.name)
		self.assertRefused(api.send_test, doc.name)
		self.as_user("bureau")
		self.assertTrue(self.subscribe("head_b", ("Position", "Head")).name)

	def test_values_that_make_no_sense_are_refused(self):
		for values in (
			{"hour": 24},
			{"day": 32, "frequency": "Monthly"},
			{"days_after": 91},
			{"report": "ToDo"},
			{"filters": "[1]"},
			{"filters": "{"},
			{"filters": '{"opd": ["like", "%"]}'},
		):
			with self.subTest(values), self.assertRaises(frappe.ValidationError):
				self.subscribe("bureau", **values)
		for who in (("Role", None), ("User", "Administrator"), ("User", "Guest")):
			self.assertRefused(self.subscribe, who, exceptions=frappe.ValidationError)

	def test_a_report_that_the_author_may_not_see_is_refused(self):
		self.as_user("viewer_a")
		hidden = frappe.get_all("Has Role", {"parenttype": "Report", "role": c.VIEWER}, pluck="parent")
		reports = frappe.get_all("Report", {"module": "SEROJA", "name": ["not in", hidden]}, pluck="name")
		for report in reports:
			self.assertRefused(self.subscribe, "viewer_a", report=report, filters="")

	def test_a_test_goes_to_the_session_user_alone_and_is_logged(self):
		doc = self.subscribe("head_a", "head_b")
		self.as_user("bureau")
		frappe.local.outgoing_email_account = {}
		self.assertEqual(api.send_test(doc.name).state, "Sent")
		self.assertEqual(frappe.session.user, person("bureau"))
		self.assertEqual(self.server.recipients, [person("bureau")])
		(logged,) = api.last_deliveries(doc.name)
		self.assertTrue(logged.occurrence.startswith("test-"))
		self.assertEqual(api.recipients(doc.name), ["head_a", "head_b"])
