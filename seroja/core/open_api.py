"""The reading interface as data: what each endpoint takes and gives. The shell answers by it, the checks of what is asked
follow from it, and OpenAPI 3.1 is written from it; so the three cannot differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

PATH = "/api/method/seroja.api.v1."
MOST_ROWS, USUAL_ROWS = 1000, 100
LONGEST_TEXT = 140  # of a filter; names of documents are not longer
LAST_START = 10_000_000
_TYPES = {
	"text": {"type": "string"},
	"number": {"type": "number"},
	"integer": {"type": "integer"},
	"boolean": {"type": "boolean"},
	"date": {"type": "string", "format": "date"},
	"datetime": {"type": "string"},
}


class QuestionError(ValueError):
	"""What was asked cannot be answered; the message is one sentence for whoever asked."""


@dataclass(frozen=True)
class Field:
	"""A filter or a column. kind: text, number, integer, boolean, date, datetime; most, least: of an integer."""

	name: str
	kind: str
	about: str
	least: int | None = None
	most: int | None = None


@dataclass(frozen=True)
class Endpoint:
	"""One list. filters: its own, besides `start`, `limit` and, with has_history, `as_known_on`."""

	name: str
	summary: str
	filters: tuple[Field, ...]
	columns: tuple[Field, ...]
	has_history: bool = False

	@property
	def accepted(self) -> tuple[Field, ...]:
		"""Every parameter that the endpoint takes."""
		return (*self.filters, *((_HISTORY,) if self.has_history else ()), *_PAGING)


_OPD = Field("opd", "text", "Code name of a unit; with the units below it")
_YEAR = Field("year", "integer", "Year", 1945, 2200)
_QUARTER = Field("quarter", "integer", "Quarter, 1 to 4", 1, 4)
_INDICATOR = Field("indicator", "text", "Own code of an indicator")
_HISTORY = Field("as_known_on", "date", "What was verified on this day, up to today")
_PAGING = (
	Field("start", "integer", "Rows to leave out from the beginning", 0, LAST_START),
	Field("limit", "integer", f"Rows to give, {USUAL_ROWS} unless told", 1, MOST_ROWS),
)
_CODES = (
	Field("indicator", "text", "Own code"),
	Field("bappenas_code", "text", "Code in the reference of Bappenas"),
	Field("sipd_code", "text", "Code in SIPD"),
	Field("indicator_name", "text", "Name"),
)
_SHEET = (
	Field("opd", "text", "Code name of the unit"),
	Field("opd_name", "text", "Name of the unit"),
	Field("year", "integer", "Year"),
	Field("quarter", "integer", "Quarter"),
	*_CODES,
	Field("unit", "text", "Unit of measurement"),
)
_ACHIEVEMENT = (
	Field("achievement", "number", "Raw achievement in percent"),
	Field("score", "number", "Achievement within floor and cap, in percent"),
	Field("category", "text", "Category of the scale"),
)
ENDPOINTS = (
	Endpoint(
		"indicators",
		"Performance indicators: definition, codes and validity",
		(_OPD, _INDICATOR),
		(
			*_CODES,
			Field("opd", "text", "Code name of the unit"),
			Field("objective", "text", "Objective (sasaran)"),
			Field("is_iku", "boolean", "Whether it is an IKU"),
			Field("unit", "text", "Unit of measurement"),
			Field("polarity", "text", "Maximize, Minimize, Stabilize or Qualitative"),
			Field("consolidation", "text", "SUM, LAST, AVERAGE or MAX"),
			Field("definition", "text", "Definition"),
			Field("formula", "text", "Formula in words"),
			Field("data_source", "text", "Where the figures come from"),
			Field("valid_from", "integer", "First year"),
			Field("valid_to", "integer", "Last year"),
			Field("successor", "text", "Own code of the indicator that followed"),
		),
	),
	Endpoint(
		"targets",
		"Agreed targets of the performance agreements, by indicator and year",
		(_OPD, _YEAR, _INDICATOR),
		(
			Field("opd", "text", "Code name of the unit"),
			Field("year", "integer", "Year"),
			Field("version", "integer", "Version of the agreement"),
			*_CODES,
			Field("unit", "text", "Unit of measurement"),
			Field("year_target", "text", "Target of the year, as Indonesians write numbers"),
			*(Field(f"target_q{number}", "text", f"Target of quarter {number}") for number in (1, 2, 3, 4)),
			Field("weight", "number", "Weight in percent"),
			Field("budget", "number", "Budget in rupiah"),
			Field("approved_on", "datetime", "When the target was approved"),
		),
		has_history=True,
	),
	Endpoint(
		"realizations",
		"Verified realizations, by indicator and quarter",
		(_OPD, _YEAR, _QUARTER, _INDICATOR),
		(
			*_SHEET,
			Field("realization", "text", "Realization of the quarter, as Indonesians write numbers"),
			Field("realization_to_date", "text", "From the year's beginning to the end of the quarter"),
			Field("numerator", "text", "Numerator, where the value is a ratio"),
			Field("denominator", "text", "Denominator, where the value is a ratio"),
			Field("budget", "number", "Budget in rupiah"),
			Field("budget_realization", "number", "Budget realization in rupiah"),
			Field("obstacle", "text", "Obstacle named on the sheet"),
			Field("next_step", "text", "Next step named on the sheet"),
			Field("verified_on", "datetime", "When the sheet was verified"),
		),
		has_history=True,
	),
	Endpoint(
		"achievements",
		"Achievement of verified realizations against target, by indicator and quarter",
		(_OPD, _YEAR, _QUARTER, _INDICATOR),
		(
			*_SHEET,
			Field("target", "text", "Target of the quarter"),
			Field("realization_to_date", "text", "From the year's beginning to the end of the quarter"),
			*_ACHIEVEMENT,
			Field("status", "text", "Why there is no figure, or ok"),
			Field("explanation", "text", "How the figure came about, in Indonesian"),
			Field("calculation_version", "text", "Version of the calculation"),
			Field("verified_on", "datetime", "When the sheet was verified"),
		),
		has_history=True,
	),
	Endpoint(
		"scores",
		"Final scores of assessments (AKIP, SPBE, Pemdi), by unit and year",
		(_OPD, _YEAR, Field("instrument", "text", "Code of the instrument")),
		(
			Field("assessment", "text", "Name of the assessment"),
			Field("instrument", "text", "Code of the instrument"),
			Field("opd", "text", "Code name of the unit"),
			Field("year", "integer", "Year"),
			Field("self_index", "number", "Score of the self-assessment"),
			Field("final_index", "number", "Final score"),
			Field("final_predicate", "text", "Final predicate"),
			Field("final_on", "datetime", "When it became final"),
		),
		has_history=True,
	),
	Endpoint(
		"recommendations",
		"Recommendations of the Inspektorat and what became of them",
		(_OPD, _YEAR, Field("status", "text", "Class of the follow-up")),
		(
			Field("recommendation", "text", "Number of the recommendation"),
			Field("opd", "text", "Code name of the unit"),
			Field("year", "integer", "Year"),
			Field("source", "text", "Source"),
			Field("component", "text", "Component of the assessment"),
			Field("text", "text", "What is recommended"),
			Field("due_date", "date", "Due date"),
			Field("status", "text", "Class of the follow-up"),
			Field("closed_on", "date", "When it was closed"),
		),
	),
)
BY_NAME = {endpoint.name: endpoint for endpoint in ENDPOINTS}


# --- what is asked ---


def read_question(endpoint: Endpoint, asked: Mapping[str, str]) -> dict:
	"""The parameters of a request, typed, with `start` and `limit`. Raises QuestionError."""
	fields = {field.name: field for field in endpoint.accepted}
	for name in asked:
		if name not in fields:
			raise QuestionError(f"Parameter “{_short(name)}” tidak dikenal. Pilihan: {', '.join(fields)}.")
	found = {name: _read(fields[name], str(value)) for name, value in asked.items()}
	return {"start": 0, "limit": USUAL_ROWS} | found


def _read(field: Field, text: str):
	readers = {"integer": _read_integer, "date": _read_date}
	return readers.get(field.kind, _read_text)(field, text)


def _read_text(field: Field, text: str) -> str:
	if not text or len(text) > LONGEST_TEXT or "\x00" in text:
		raise QuestionError(f"{field.name}: berikan teks, paling panjang {LONGEST_TEXT} huruf.")
	return text


def _read_integer(field: Field, text: str) -> int:
	digits = text if text.isascii() and text.isdigit() and len(text) < 12 else ""
	if not digits or not field.least <= int(digits) <= field.most:
		raise QuestionError(f"{field.name}: berikan bilangan bulat dari {field.least} sampai {field.most}.")
	return int(digits)


def _read_date(field: Field, text: str) -> str:
	try:
		if len(text) == 10 and text.isascii():
			return date.fromisoformat(text).isoformat()
	except ValueError:
		pass
	raise QuestionError(f"{field.name}: berikan tanggal seperti 2026-03-31.")


def _short(text: str) -> str:
	return "".join(sign for sign in str(text)[:40] if sign.isprintable())


# --- OpenAPI 3.1 ---


def document(version: str) -> dict:
	"""The OpenAPI 3.1 description of all endpoints."""
	return {
		"openapi": "3.1.0",
		"info": {
			"title": "SEROJA",
			"version": version,
			"description": "Verified performance figures, within the units of whoever asks.",
		},
		"security": [{"key": []}],
		"paths": {f"{PATH}{endpoint.name}": {"get": _operation(endpoint)} for endpoint in ENDPOINTS},
		"components": {
			"securitySchemes": {
				"key": {
					"type": "apiKey",
					"in": "header",
					"name": "Authorization",
					"description": "token API_KEY:API_SECRET of a user of the site",
				}
			},
			"schemas": {
				"Error": _object({"error": {"type": "string"}}),
				**{endpoint.name: _row_schema(endpoint) for endpoint in ENDPOINTS},
			},
		},
	}


def _operation(endpoint: Endpoint) -> dict:
	page = _object(
		{
			"data": {"type": "array", "items": {"$ref": f"#/components/schemas/{endpoint.name}"}},
			"next_start": {"type": ["integer", "null"], "description": "`start` of the next page"},
		}
	)
	refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
	return {
		"operationId": endpoint.name,
		"summary": endpoint.summary,
		"parameters": [_parameter(field) for field in endpoint.accepted] + [_IF_NONE_MATCH],
		"responses": {
			"200": {
				"description": "A page of rows",
				"headers": {"ETag": {"schema": {"type": "string"}}},
				"content": {"application/json": {"schema": page}},
			},
			"304": {"description": "Nothing has changed since the answer with this ETag"},
			"400": {"description": "A parameter cannot be read", "content": refusal},
			"401": {"description": "The key is not accepted"},
			"403": {"description": "No key, or one without the right to read this"},
			"429": {"description": "Too many requests with this key; see Retry-After", "content": refusal},
		},
	}


_IF_NONE_MATCH = {
	"name": "If-None-Match",
	"in": "header",
	"required": False,
	"description": "ETag of an earlier answer",
	"schema": {"type": "string"},
}


def _parameter(field: Field) -> dict:
	schema = dict(_TYPES[field.kind])
	if field.kind == "text":
		schema |= {"minLength": 1, "maxLength": LONGEST_TEXT, "pattern": r"^[^\u0000]+$"}
	if field.least is not None:
		schema |= {"minimum": field.least, "maximum": field.most}
	return {
		"name": field.name,
		"in": "query",
		"required": False,
		"description": field.about,
		"schema": schema,
	}


def _row_schema(endpoint: Endpoint) -> dict:
	return _object(
		{
			field.name: _TYPES[field.kind]
			| {"type": [_TYPES[field.kind]["type"], "null"], "description": field.about}
			for field in endpoint.columns
		}
	)


def _object(properties: dict) -> dict:
	return {
		"type": "object",
		"required": list(properties),
		"additionalProperties": False,
		"properties": properties,
	}
