"""Two sites of one bench: one reads the verified figures of the other, and a package goes from one to the other."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import urllib3

YEAR = datetime.now(ZoneInfo("Asia/Jakarta")).year
SHOWN = "Dinkes"


@pytest.fixture(scope="module")
def open_host(site, other_site):
	"""The other site may ask the first one."""
	host = site.address.split("//")[1].split(":")[0]
	admin = other_site.key_of("Administrator")
	status, answer = other_site.ask(
		"PUT",
		"/api/resource/Exchange Settings/Exchange Settings",
		admin,
		hosts=[{"host_name": host, "may_be_private": 1, "may_be_http": 1}],
		requests_per_minute=6000,
	)
	assert status == 200, answer
	return admin


def verified(site, key: str) -> dict:
	"""A verified figure of the first site, of an indicator with a plain value."""
	_status, page = site.ask(
		"GET", "/api/method/seroja.api.v1.realizations", key, opd=SHOWN, year=str(YEAR - 1), quarter="4"
	)
	return next(row for row in page["data"] if row["realization"] and not row["numerator"])


def source_of(other_site, admin: str, site, key: str, theirs: str, ours: str, title: str) -> str:
	return other_site.insert(
		"Data Source",
		admin,
		title=title,
		kind="SEROJA Site",
		url=f"{site.address}/api/method/seroja.api.v1.realizations?opd={SHOWN}&year={YEAR - 1}&quarter=4",
		authentication="Header",
		header_name="Authorization",
		secret=key,
		records_path="$.data[*]",
		decimal=",",
		paging="Offset",
		page_parameter="start",
		size_parameter="limit",
		page_size=3,
		mappings=[
			{
				"indicator": ours,
				"figure": "Value",
				"column_name": "realization",
				"condition": f"indicator = {theirs}",
				"aggregate": "Single",
			}
		],
	)["name"]


def run_of(other_site, admin: str, source: str, period: str) -> dict:
	run = other_site.insert("Data Run", admin, data_source=source, period=period)["name"]
	other_site.call("exchange.fetch", admin, run=run)
	return other_site.read("Data Run", run, admin)


def open_row(other_site, key: str) -> tuple[dict, dict]:
	"""A sheet that is being entered on the other site, and a row of it that takes a plain number."""
	status, sheets = other_site.ask(
		"GET",
		"/api/resource/Performance Realization",
		key,
		filters=json.dumps([["workflow_state", "=", "Draft"], ["opd", "!=", SHOWN]]),
		order_by="period desc",
	)
	assert status == 200 and sheets["data"], sheets
	for found in sheets["data"]:
		sheet = other_site.read("Performance Realization", found["name"], key)
		for row in sheet["items"]:
			if row["value_source"] == "Entered" and row["polarity"] != "Qualitative":
				return sheet, row
	raise AssertionError("no draft sheet takes a plain number")


def test_a_verified_figure_of_one_site_becomes_a_proposal_on_the_other(site, other_site, open_host):
	key = site.key_of("inspektorat")
	figure = verified(site, key)
	sheet, row = open_row(other_site, open_host)
	source = source_of(
		other_site, open_host, site, key, figure["indicator"], row["indicator"], "Situs pertama"
	)
	run = run_of(other_site, open_host, source, sheet["period"])
	assert (run["state"], run.get("message")) == ("Preview", None)
	(found,) = [each for each in run["rows"] if each.get("indicator")]
	assert found["their_value"] == figure["realization"] != row.get("realization")
	assert other_site.call("exchange.accept", open_host, run=run["name"])["proposals"] == 1
	again = run_of(other_site, open_host, source, sheet["period"])["name"]
	assert other_site.call("exchange.accept", open_host, run=again)["proposals"] == 0

	operator = other_site.key_of("operator.lain")
	status, proposals = other_site.ask(
		"GET",
		"/api/resource/Figure Proposal",
		operator,
		filters=json.dumps([["state", "=", "Open"], ["data_source", "=", source]]),
	)
	names = [proposal["name"] for proposal in proposals["data"]]
	assert (status, len(names)) == (200, 1)
	assert other_site.call("exchange.take", operator, sheet=sheet["name"], names=names) == 1
	taken = other_site.read("Performance Realization", sheet["name"], operator)
	(now,) = [each for each in taken["items"] if each["indicator"] == row["indicator"]]
	assert now["realization"] == figure["realization"]


def test_a_figure_that_both_have_verified_is_the_same(site, other_site, open_host):
	key = site.key_of("inspektorat")
	figure = verified(site, key)
	source = source_of(
		other_site, open_host, site, key, figure["indicator"], figure["indicator"], "Angka sama"
	)
	run = run_of(other_site, open_host, source, f"{YEAR - 1}-TW4")
	(row,) = [row for row in run["rows"] if row.get("indicator")]
	assert (row["kind"], row["is_verified"]) == ("Same", 1)


def test_a_signed_package_goes_from_one_site_to_the_other(site, other_site, open_host):
	sender = site.key_of("Administrator")
	public = site.call("exchange.make_key", sender)
	status, answer = site.ask(
		"PUT", "/api/resource/Exchange Settings/Exchange Settings", sender, government_code="35.73"
	)
	assert status == 200, answer
	made = site.insert("Roll-up Package", sender, direction="Outgoing", period=f"{YEAR - 1}-TW4")["name"]
	site.call("exchange.make_package", sender, name=made)
	url = site.read("Roll-up Package", made, sender)["file"]
	data = urllib3.request("GET", f"{site.address}{url}", headers={"Authorization": sender}).data

	status, answer = other_site.ask(
		"PUT",
		"/api/resource/Exchange Settings/Exchange Settings",
		open_host,
		trusted_governments=[
			{"government_code": "35.73", "government_name": "Kota pertama", "public_key": public}
		],
	)
	assert status == 200, answer
	for content, state in (
		(data.replace(b'"signature":"', b'"signature":"A', 1), "Refused"),
		(data, "Checked"),
	):
		package = other_site.insert(
			"Roll-up Package", open_host, direction="Incoming", period=f"{YEAR - 1}-TW4"
		)["name"]
		upload(other_site, open_host, package, content)
		other_site.call("exchange.check_package", open_host, name=package)
		assert other_site.read("Roll-up Package", package, open_host)["state"] == state
	other_site.call("exchange.import_package", open_host, name=package)
	status, report = other_site.ask(
		"GET",
		"/api/method/frappe.desk.query_report.run",
		open_host,
		report_name="Roll-up of Governments",
		filters=json.dumps({"by": "Governments"}),
	)
	assert status == 200
	(row,) = report["message"]["result"]
	assert row["government"] == "35.73"
	assert row["indicators"] == len(json.loads(json.loads(data)["content"])["figures"])


def upload(other_site, key: str, package: str, content: bytes) -> None:
	fields = {
		"file": ("paket.json", content, "application/json"),
		"is_private": "1",
		"doctype": "Roll-up Package",
		"docname": package,
		"fieldname": "file",
	}
	response = urllib3.request(
		"POST", f"{other_site.address}/api/method/upload_file", fields=fields, headers={"Authorization": key}
	)
	assert response.status == 200, response.data
	url = json.loads(response.data)["message"]["file_url"]
	status, answer = other_site.ask("PUT", f"/api/resource/Roll-up Package/{package}", key, file=url)
	assert status == 200, answer
