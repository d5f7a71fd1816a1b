"""The reading interface of a served site against its own description, with requests that schemathesis thinks of."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
	content_type_conformance,
	negative_data_rejection,
	response_schema_conformance,
	status_code_conformance,
)

from seroja import __version__
from seroja.core import open_api

CHECKS = (
	not_a_server_error,
	status_code_conformance,
	content_type_conformance,
	response_schema_conformance,
	negative_data_rejection,
)
schema = schemathesis.openapi.from_dict(open_api.document(__version__))


def key_of(site) -> str:
	return site.key_of("inspektorat")


def test_the_site_serves_the_description_of_its_code(site):
	status, answer = site.ask("GET", f"{open_api.PATH}openapi", key_of(site))
	assert (status, answer) == (200, open_api.document(__version__))


@schema.parametrize()
@settings(
	max_examples=25,
	deadline=None,
	derandomize=True,
	suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_is_as_described(case, site):
	case.call_and_validate(
		base_url=site.address, headers={"Authorization": key_of(site)}, checks=CHECKS, timeout=60
	)


def test_nobody_reads_without_a_key(site):
	for endpoint in open_api.ENDPOINTS:
		for key in ("", "token nobody:nothing"):
			status, _answer = site.ask("GET", f"{open_api.PATH}{endpoint.name}", key)
			assert status in (401, 403)


def test_an_operator_reads_his_own_unit_only(site):
	own, city = site.key_of("operator"), key_of(site)
	for name in ("realizations", "achievements", "targets", "indicators", "recommendations", "scores"):
		_status, seen = site.ask("GET", f"{open_api.PATH}{name}", own, limit="1000")
		assert {row["opd"] for row in seen["data"]} == {"Dinkes"}, name
		_status, foreign = site.ask("GET", f"{open_api.PATH}{name}", own, opd="DLH")
		assert foreign["data"] == []
	_status, everything = site.ask("GET", f"{open_api.PATH}indicators", city, limit="1000")
	assert len({row["opd"] for row in everything["data"]}) > 10


def test_pages_hold_each_row_once(site):
	key, start, codes = key_of(site), 0, []
	while start is not None:
		status, page = site.ask("GET", f"{open_api.PATH}indicators", key, start=str(start), limit="7")
		assert status == 200
		codes += [row["indicator"] for row in page["data"]]
		start = page["next_start"]
	_status, whole = site.ask("GET", f"{open_api.PATH}indicators", key, limit="1000")
	assert codes == [row["indicator"] for row in whole["data"]]
	assert len(set(codes)) == len(codes)
