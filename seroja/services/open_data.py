"""What other systems read: lists of verified figures, always within the units of whoever asks.

core.open_api says what each list takes and gives; here are its queries, one per list, and the answer over HTTP.
"""

import hashlib
import json

import frappe
from frappe import _
from frappe.query_builder import Case
from frappe.utils import cint
from pypika.terms import ExistsCriterion
from werkzeug.wrappers import Response

from seroja.constants import ASSESSMENT, INDICATOR, REALIZATION, RECOMMENDATION, TARGET
from seroja.core import open_api
from seroja.core.achievement import VALUED
from seroja.core.open_api import BY_NAME, QuestionError
from seroja.services.as_known import day_of, is_known_by, standing
from seroja.services.repository import ROW, within_scope

SETTINGS = "Exchange Settings"
USUAL_REQUESTS, WINDOW = 120, 60  # requests in so many seconds


# --- over HTTP ---


def answer(name: str, asked: dict) -> Response:
	"""The answer of an endpoint: 200 with an ETag, 304 where nothing has changed, 400 and 429 with a sentence."""
	frappe.has_permission(_DOCTYPES[name], "read", throw=True)
	wait = _wait()
	if wait:
		return _json(
			{"error": _("Too many requests; wait {0} seconds.").format(wait)}, 429, {"Retry-After": str(wait)}
		)
	try:
		question = open_api.read_question(BY_NAME[name], asked)
		day_of(question)
	except (QuestionError, frappe.ValidationError) as error:
		frappe.clear_messages()
		return _json({"error": str(error)}, 400)
	return _with_etag(page(name, question))


def page(name: str, question: dict) -> dict:
	"""`data`, rows as core.open_api describes them, and `next_start`, None on the last page."""
	start, limit = question["start"], question["limit"]
	found = _QUERIES[name](question).limit(limit + 1).offset(start).run(as_dict=True)
	rows = [_as_described(BY_NAME[name], row) for row in found[:limit]]
	return {"data": rows, "next_start": start + limit if len(found) > limit else None}


def _as_described(endpoint: open_api.Endpoint, row: dict) -> dict:
	return {field.name: _READERS[field.kind](row.get(field.name)) for field in endpoint.columns}


_READERS = {
	"text": lambda value: str(value) if value not in (None, "") else None,
	"number": lambda value: None if value is None else float(value),
	"integer": lambda value: cint(value) or None,
	"boolean": bool,
	"date": lambda value: str(value) if value else None,
	"datetime": lambda value: str(value) if value else None,
}


def _with_etag(content: dict) -> Response:
	response = _json(content)
	response.set_etag(hashlib.sha256(response.get_data()).hexdigest())
	response.headers["Cache-Control"] = "private, no-cache"
	return response.make_conditional(frappe.request) if frappe.request else response


def _json(content: dict, status: int = 200, headers: dict | None = None) -> Response:
	body = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
	return Response(body, status, headers, content_type="application/json; charset=utf-8")


def _wait() -> int:
	"""Seconds until this key may ask again, 0 if it may now. Counted per user: a user has one key."""
	most = cint(frappe.db.get_single_value(SETTINGS, "requests_per_minute")) or USUAL_REQUESTS
	key = frappe.cache.make_key(f"seroja-requests:{frappe.session.user}")
	count = frappe.cache.incr(key)
	if count == 1 or frappe.cache.ttl(key) < 0:  # the machine may have stopped between the two
		frappe.cache.expire(key, WINDOW)
	return max(frappe.cache.ttl(key), 1) if count > most else 0


# --- the queries ---


def _indicators(question: dict):
	indicator = frappe.qb.DocType(INDICATOR)
	query = (
		frappe.qb.from_(indicator)
		.select(
			indicator.name.as_("indicator"),
			indicator.bappenas_code,
			indicator.sipd_code,
			indicator.indicator_name,
			indicator.opd,
			indicator.objective,
			indicator.is_iku,
			indicator.unit,
			indicator.polarity,
			indicator.consolidation,
			indicator.definition,
			indicator.formula,
			indicator.data_source,
			indicator.valid_from,
			indicator.valid_to,
			indicator.successor,
		)
		.orderby(indicator.name)
	)
	return _narrowed(query, question, indicator, indicator=indicator.name)


def _targets(question: dict):
	target, row, indicator = (
		frappe.qb.DocType(name) for name in (TARGET, "Performance Target Item", INDICATOR)
	)
	query = (
		frappe.qb.from_(row)
		.join(target)
		.on(target.name == row.parent)
		.left_join(indicator)
		.on(indicator.name == row.indicator)
		.select(
			target.opd,
			target.year,
			target.version,
			row.indicator,
			indicator.bappenas_code,
			indicator.sipd_code,
			row.indicator_name,
			row.unit,
			row.year_target,
			row.target_q1,
			row.target_q2,
			row.target_q3,
			row.target_q4,
			_given(row.weight).as_("weight"),
			_given(row.budget).as_("budget"),
			target.verified_on.as_("approved_on"),
		)
		.where(_in_force(target, question))
		.orderby(target.year, target.opd, target.version, row.idx)
	)
	return _narrowed(query, question, target, year=target.year, indicator=row.indicator)


def _in_force(target, question: dict):
	"""The approved version in force; on an earlier day the last one that was approved by then."""
	if not question.get("as_known_on"):
		return (target.docstatus == 1) & (target.is_current == 1)
	other = frappe.qb.DocType(TARGET).as_("other")
	later = (
		frappe.qb.from_(other)
		.select(other.name)
		.where((other.opd == target.opd) & (other.year == target.year) & (other.version > target.version))
		.where((other.docstatus == 1) & is_known_by(other.verified_on, question))
	)
	return (
		(target.docstatus == 1) & is_known_by(target.verified_on, question) & ExistsCriterion(later).negate()
	)


def _realizations(question: dict):
	def columns(sheet, row):
		return (
			row.realization,
			row.realization_ytd.as_("realization_to_date"),
			row.numerator,
			row.denominator,
			_given(row.budget).as_("budget"),
			_spent(row).as_("budget_realization"),
			row.obstacle,
			row.next_step,
		)

	return _rows_of_sheets(question, columns)


def _given(column):
	"""A number that people give or leave out, NULL for none; Frappe keeps 0."""
	return Case().when(column > 0, column)


def _spent(row):
	"""Budget realization, NULL where there is none; 0 is one."""
	return Case().when(row.has_budget_realization == 1, row.budget_realization_value)


def _achievements(question: dict):
	def columns(sheet, row):
		return (
			row.target,
			row.realization_ytd.as_("realization_to_date"),
			*achieved(row),
			row.explanation,
			sheet.calculation_version,
		)

	return _rows_of_sheets(question, columns)


def achieved(row) -> tuple:
	"""The columns of a row that say what was reached, NULL where nothing was."""
	valued = row.status.isin(sorted(VALUED))
	return (
		Case().when(valued, row.achievement_raw).as_("achievement"),
		Case().when(valued, row.achievement_scored).as_("score"),
		row.category,
		row.status,
	)


def _rows_of_sheets(question: dict, columns):
	query, sheet, row = rows_of_sheets(columns)
	query = query.where(standing(sheet, question)).orderby(sheet.year, sheet.quarter, sheet.opd, row.idx)
	return _narrowed(query, question, sheet, year=sheet.year, quarter=sheet.quarter, indicator=row.indicator)


def rows_of_sheets(columns):
	"""(query, sheet, row): the rows of every sheet with the codes of unit and indicator; columns(sheet, row): what more.

	Whoever asks it adds the scope.
	"""
	sheet, row, opd, indicator = (frappe.qb.DocType(name) for name in (REALIZATION, ROW, "OPD", INDICATOR))
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.join(opd)
		.on(opd.name == sheet.opd)
		.left_join(indicator)
		.on(indicator.name == row.indicator)
		.select(
			sheet.opd,
			opd.opd_name,
			sheet.year,
			sheet.quarter,
			row.indicator,
			indicator.bappenas_code,
			indicator.sipd_code,
			row.indicator_name,
			row.unit,
			sheet.verified_on,
			*columns(sheet, row),
		)
	)
	return query, sheet, row


def _scores(question: dict):
	document = frappe.qb.DocType(ASSESSMENT)
	query = (
		frappe.qb.from_(document)
		.select(
			document.name.as_("assessment"),
			document.instrument,
			document.opd,
			document.year,
			Case().when(document.self_predicate != "", document.self_index).as_("self_index"),
			document.final_index,
			document.final_predicate,
			document.verified_on.as_("final_on"),
		)
		.where(standing(document, question, ASSESSMENT))
		.orderby(document.year, document.opd, document.name)
	)
	return _narrowed(query, question, document, year=document.year, instrument=document.instrument)


def _recommendations(question: dict):
	document = frappe.qb.DocType(RECOMMENDATION)
	query = (
		frappe.qb.from_(document)
		.select(
			document.name.as_("recommendation"),
			document.opd,
			document.year,
			document.source,
			document.component,
			document.recommendation.as_("text"),
			document.due_date,
			document.status,
			document.closed_on,
		)
		.orderby(document.name)
	)
	return _narrowed(query, question, document, year=document.year, status=document.status)


def _narrowed(query, question: dict, document, **columns):
	"""The query within the units of the session user and the filters of the question."""
	for name, column in columns.items():
		if question.get(name) is not None:
			query = query.where(column == question[name])
	return within_scope(query, document.opd, question.get("opd"))


_DOCTYPES = {
	"indicators": INDICATOR,
	"targets": TARGET,
	"realizations": REALIZATION,
	"achievements": REALIZATION,
	"scores": ASSESSMENT,
	"recommendations": RECOMMENDATION,
}
_QUERIES = {
	"indicators": _indicators,
	"targets": _targets,
	"realizations": _realizations,
	"achievements": _achievements,
	"scores": _scores,
	"recommendations": _recommendations,
}


def description(version: str) -> Response:
	"""The interface as OpenAPI 3.1."""
	return _json(open_api.document(version))
