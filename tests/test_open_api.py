"""The table of the reading interface: what it accepts, and its description in OpenAPI 3.1."""

import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.open_api import (
	BY_NAME,
	ENDPOINTS,
	LONGEST_TEXT,
	MOST_ROWS,
	USUAL_ROWS,
	QuestionError,
	document,
	read_question,
)

ROOT = Path(__file__).resolve().parent.parent
REALIZATIONS = BY_NAME["realizations"]


def test_the_description_in_docs_is_that_of_the_code(monkeypatch):
	monkeypatch.syspath_prepend(str(ROOT / "scripts"))
	sys.modules.pop("openapi", None)
	import openapi

	assert openapi.TARGET.read_text(encoding="utf-8") == openapi.text()


def test_every_reference_of_the_description_leads_somewhere():
	whole = document("1")
	schemas = whole["components"]["schemas"]
	referred = {part.split('"')[0] for part in json.dumps(whole).split("#/components/schemas/")[1:]}
	assert referred <= set(schemas)
	assert {endpoint.name for endpoint in ENDPOINTS} <= referred


def test_each_endpoint_names_a_column_and_a_filter_once():
	for endpoint in ENDPOINTS:
		for fields in (endpoint.columns, endpoint.accepted):
			names = [field.name for field in fields]
			assert len(names) == len(set(names)), endpoint.name


def test_without_anything_asked_the_first_page_is_given():
	assert read_question(REALIZATIONS, {}) == {"start": 0, "limit": USUAL_ROWS}


def test_what_is_asked_comes_out_typed():
	asked = {"year": "2026", "quarter": "1", "opd": "Dinkes", "as_known_on": "2026-03-31", "limit": "5"}
	assert read_question(REALIZATIONS, asked) == {
		"start": 0,
		"limit": 5,
		"year": 2026,
		"quarter": 1,
		"opd": "Dinkes",
		"as_known_on": "2026-03-31",
	}


@pytest.mark.parametrize(
	"name, value",
	[
		("year", "20 26"),
		("year", "1944"),
		("year", "²026"),
		("quarter", "5"),
		("quarter", "-1"),
		("limit", "0"),
		("limit", str(MOST_ROWS + 1)),
		("start", "9" * 30),
		("as_known_on", "31-03-2026"),
		("as_known_on", "2026-02-30"),
		("as_known_on", "20260331"),
		("opd", ""),
		("opd", "x" * (LONGEST_TEXT + 1)),
		("opd", "a\x00b"),
		("status", "ok"),
		("cmd", "x"),
	],
)
def test_what_cannot_be_read_is_refused_by_name(name, value):
	with pytest.raises(QuestionError, match=name):
		read_question(REALIZATIONS, {name: value})


def test_lists_without_a_history_refuse_an_earlier_day():
	with pytest.raises(QuestionError, match="as_known_on"):
		read_question(BY_NAME["recommendations"], {"as_known_on": "2026-03-31"})


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=4))
def test_whatever_is_asked_is_read_or_refused_in_one_line(asked):
	for endpoint in ENDPOINTS:
		try:
			question = read_question(endpoint, asked)
		except QuestionError as error:
			assert "\n" not in str(error)
		else:
			assert set(question) == {*asked, "start", "limit"}
