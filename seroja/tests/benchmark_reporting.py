"""Reports and mail for a whole city, timed: run inside a site that is dropped afterwards.

bench --site SITE execute seroja.tests.benchmark_reporting.run
"""

import gc
import time

import frappe
from frappe.utils import add_days, get_datetime, now_datetime, today

from seroja import constants as c
from seroja.seroja.report.performance_matrix import performance_matrix
from seroja.services import mailer, performance_reports, report_layouts, subscriptions
from seroja.tests.smtp_server import MailServer
from seroja.tests.test_reports import BULK_YEAR, ITEM, bulk_city, counted, insert_raw

OPDS, ROWS = 150, 20
MAILS_WITHIN, REPORT_WITHIN = 120, 20  # seconds


def run() -> None:
	"""Print what was measured, one line each: what, seconds, bar in seconds."""
	frappe.flags.mute_emails = False
	make_city()
	for measure in (measure_report, measure_mails, measure_matrix, measure_gaps):
		print(measure(), flush=True)


def make_city() -> None:
	"""OPDs with one head each, a verified quarter and a government above them."""
	bulk_city(OPDS, ROWS)
	government = {
		"name": "TesKota",
		"abbreviation": "TesKota",
		"opd_name": "Kota Uji",
		"opd_type": "Government",
	}
	insert_raw("OPD", [government | {"lft": 8999, "rgt": 9002 + 2 * OPDS}])
	people = [f"kepala{number}@tests.seroja.example" for number in range(OPDS)]
	insert_raw(
		"User",
		[
			{
				"name": user,
				"email": user,
				"first_name": user,
				"full_name": user,
				"enabled": 1,
				"user_type": "System User",
			}
			for user in people
		],
	)
	insert_raw(
		"Has Role",
		[
			{"name": f"h{user}", "parent": user, "parenttype": "User", "parentfield": "roles", "role": c.HEAD}
			for user in people
		],
	)
	insert_raw(
		"OPD Position Holder",
		[
			{
				"name": f"p{user}",
				"parent": f"TesBesar{number}",
				"parenttype": "OPD",
				"parentfield": "position_holders",
				"user": user,
				"position": "Head",
				"capacity": "Definitif",
				"from_date": "2020-01-01",
			}
			for number, user in enumerate(people)
		],
	)
	frappe.db.set_value(ITEM, {"idx": 1}, "is_iku", 1)  # 150 indicators make a report of more than 60 pages
	frappe.db.commit()
	frappe.clear_cache()


def measure_report() -> tuple:
	"""The report of the government with a table row for each of its indicators, as PDF and for Word."""
	frappe.set_user("Administrator")
	frappe.get_doc("User", "Administrator").add_roles(c.ORGANISATION_BUREAU)
	doc = frappe.get_doc({"doctype": c.REPORT, "opd": "TesKota", "year": BULK_YEAR}).insert()
	start = time.perf_counter()
	performance_reports.build(doc)
	performance_reports.make_files(doc)
	seconds = time.perf_counter() - start
	return f"performance report of {len(doc.items)} sections", round(seconds, 1), REPORT_WITHIN


def measure_mails() -> tuple:
	"""One evaluation summary with PDF and workbook for the head of each OPD."""
	server = MailServer()
	values = {"smtp_server": "127.0.0.1", "smtp_port": str(server.port), "no_smtp_authentication": 1}
	for name in frappe.get_all("Email Account", {"default_outgoing": 1}, pluck="name"):
		frappe.db.set_value("Email Account", name, "default_outgoing", 0)
	account = {
		"doctype": "Email Account",
		"email_account_name": "Uji",
		"email_id": "uji@tests.seroja.example",
	}
	frappe.get_doc({**account, "enable_outgoing": 1, "default_outgoing": 1, **values}).insert()
	frappe.get_doc(
		{
			"doctype": c.SUBSCRIPTION,
			"title": "Ringkasan",
			"content": "Evaluation Summary",
			"frequency": "Weekly",
			"weekday": get_datetime(add_days(today(), -1)).strftime("%A"),
			"starts_on": add_days(today(), -3),
			"recipients": [{"kind": "Position", "position": "Head"}],
		}
	).insert()
	next_week = add_days(now_datetime(), 8)
	opened = subscriptions.open_deliveries(next_week)
	gc.freeze()  # as Frappe's worker does when it starts
	start = time.perf_counter()
	sent = mailer.deliver(next_week)
	seconds = time.perf_counter() - start
	server.stop()
	assert opened == sent == OPDS == len(set(server.recipients)), (opened, sent, len(server.mails))
	return f"{sent} mails with PDF and XLSX on one worker", round(seconds, 1), MAILS_WITHIN


def measure_matrix() -> tuple:
	frappe.set_user("Administrator")
	start = time.perf_counter()
	with counted() as statements:
		rows = performance_matrix.execute(
			{"from_period": f"{BULK_YEAR}-TW1", "to_period": f"{BULK_YEAR}-TW1"}
		)[1]
	return (
		f"matrix of {len(rows)} rows in {len(statements)} queries",
		round(time.perf_counter() - start, 2),
		15,
	)


def measure_gaps() -> tuple:
	start = time.perf_counter()
	with counted() as statements:
		rows = report_layouts.gaps(BULK_YEAR, {})
	return f"{len(rows)} missing rows in {len(statements)} queries", round(time.perf_counter() - start, 2), 15
