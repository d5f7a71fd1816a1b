"""A Data Run over a source of 5,000 mapping rows and as many records: fetching, saving the preview, saving it again.

bench --site SITE execute seroja.tests.benchmark_sources.run      on a site that is dropped afterwards
"""

import json
import time

import frappe

from seroja import constants as c
from seroja.services import data_runs
from seroja.services.data_runs import RUN, SOURCE
from seroja.tests import utils
from seroja.tests.source_server import SourceServer
from seroja.tests.test_reports import counted, insert_raw

ROWS = 5_000


def run() -> None:
	"""Print one line of JSON: rows of (what, seconds, queries)."""
	frappe.flags.in_test = True
	utils.make_world()
	codes = [f"TesBanyak-{number}" for number in range(ROWS)]
	make_indicators(codes)
	records = [{"kode": code, "tahun": utils.YEAR, "nilai": number} for number, code in enumerate(codes)]
	server = SourceServer(records)
	try:
		doc = frappe.get_doc(
			{"doctype": RUN, "data_source": make_source(server, codes), "period": f"{utils.YEAR}-TW1"}
		)
		doc.insert()
		measured = [
			measure("fetch and write the preview", data_runs.fetch, doc),
			measure("fetch again", data_runs.fetch, doc),
		]
	finally:
		server.stop()
	assert doc.new_rows == ROWS, (doc.state, doc.message)
	print(json.dumps(measured))


def measure(what: str, action, doc) -> tuple[str, float, int]:
	start = time.perf_counter()
	with counted() as statements:
		action(doc)
	return what, round(time.perf_counter() - start, 1), len(statements)


def make_indicators(codes: list[str]) -> None:
	like = {"opd": utils.A, "value_source": frappe.db.get_value(c.INDICATOR, "TesA-1", "value_source")}
	names = ("name", "indicator_code", "indicator_name")
	insert_raw(c.INDICATOR, [dict.fromkeys(names, code) | like for code in codes])


def make_source(server: SourceServer, codes: list[str]) -> str:
	settings = frappe.get_doc("Exchange Settings")
	settings.set("hosts", [{"host_name": "localhost", "may_be_private": 1, "may_be_http": 1}])
	settings.save()
	mappings = [
		{"indicator": code, "column_name": "nilai", "condition": f"kode = {code}; tahun = {{year}}"}
		for code in codes
	]
	source = {"doctype": SOURCE, "title": "Sumber Besar", "kind": "HTTP JSON", "url": f"{server.url}/data"}
	return frappe.get_doc(source | {"mappings": mappings}).insert().name
