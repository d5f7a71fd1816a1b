"""The worksheet of an assessment on the desk: everything it shows, changes of single cells, what if.

Each function checks the permission on the assessment first; what may be written in which state is
decided by the document itself, on its save.
"""

import frappe
from frappe import _
from frappe.utils import escape_html, getdate

from seroja.constants import APPROVED_BY_HEAD, ASSESSMENT, DRAFT, EVALUATED, RETURNED, SUBMITTED
from seroja.core import scoring
from seroja.core.assessment_summary import index_text, next_text
from seroja.core.instruments import Instrument
from seroja.core.numbers import format_number
from seroja.core.scoring import Improvement, Scores
from seroja.services import actors, assessments
from seroja.services.instruments import get_instrument

_SHOWN = (
	*assessments.ENTERED,
	*dict.fromkeys(field for fields, _header in assessments.NOTED.values() for field in fields),
	"code",
	"suggested_answer",
	"suggestion",
	"suggestion_route",
	"is_corrected",
)
_MOST_CHANGES = 500
_LONGEST_TEXT = 10_000
# State → what is written then, and who writes it.
_STAGES = {
	DRAFT: ("self", actors.enterer),
	RETURNED: ("self", actors.enterer),
	SUBMITTED: ("flag", actors.head),
	APPROVED_BY_HEAD: ("evaluator", actors.evaluator),
	EVALUATED: ("review", actors.reviewer),
}


def load(name: str) -> dict:
	"""Everything that the worksheet shows. Permission: read on the assessment."""
	doc = _readable(name)
	instrument = get_instrument(doc.instrument)
	return {
		"name": doc.name,
		"instrument": doc.instrument,
		"title": instrument.title,
		"opd_name": frappe.get_cached_value("OPD", doc.opd, "opd_name"),
		"year": doc.year,
		"scoring": instrument.scoring,
		"counting": instrument.counting,
		"nodes": [vars(node) for node in instrument.nodes],
		"answers": [vars(answer) for answer in instrument.answers],
		"converts": [code for code in instrument.conversions if code],
		"last_year": _last_year(doc),
		**_state(doc),
	}


def _readable(name: str):
	doc = frappe.get_doc(ASSESSMENT, name)
	doc.check_permission("read")
	return doc


def _state(doc) -> dict:
	"""What changes while the worksheet is worked on."""
	return {
		"state": doc.workflow_state,
		"column": writable_column(doc),
		"rows": {row.code: {field: row.get(field) for field in _SHOWN} for row in doc.items},
		"scores": {column: _scores(doc, column) for column in assessments.ANSWER_COLUMNS},
		"given_predicate": assessments.given_predicate(doc),
	}


def writable_column(doc) -> str:
	"""The column that the session user may write now: self, flag, evaluator, review or none."""
	column, actor = _STAGES.get(doc.workflow_state or DRAFT, ("", None))
	if not actor or doc.docstatus:
		return ""
	try:
		actor(doc)
	except actors.NotYourStep:
		frappe.clear_last_message()
		return ""
	return column


def _scores(doc, column: str) -> dict:
	scores = assessments.scores_of(doc, column)
	broken = assessments.broken_rules(doc, column, scores)
	return show_scores(get_instrument(doc.instrument), scores) | {
		"broken": [{"code": rule.code, "not_above": rule.not_above, "reason": rule.reason} for rule in broken]
	}


def show_scores(instrument: Instrument, scores: Scores) -> dict:
	"""Scores as the desk shows them; no index while answers are missing, but the range that is still possible."""
	return {
		"index": scores.index,
		"index_text": index_text(instrument, scores),
		"predicate": scores.predicate.label if scores.predicate else "",
		"predicate_title": scores.predicate.title if scores.predicate else "",
		"next": next_text(scores.next),
		"range": range_text(scores),
		"missing": list(scores.missing),
		"nodes": [{"score": node.score, "value": node.value} for node in scores.nodes],
	}


def range_text(scores: Scores) -> str:
	"""The index that is still possible, with its predicates; empty when everything is answered."""
	if scores.is_complete:
		return ""
	ends = (scores.lowest, scores.lowest_predicate), (scores.highest, scores.highest_predicate)
	low, high = (
		f"{format_number(index)} {predicate.label if predicate else ''}".strip() for index, predicate in ends
	)
	return f"{low} – {high}"


def _last_year(doc) -> dict | None:
	before = assessments.last_year(doc)
	if not before:
		return None
	rows = {row.code: row for row in before.doc.items} if before.is_same else {}
	return {
		"name": before.doc.name,
		"title": get_instrument(before.doc.instrument).title,
		"year": before.doc.year,
		"index": format_number(before.doc.final_index),
		"predicate": before.doc.final_predicate,
		"breaks": before.breaks,
		"rows": {
			code: {
				"answer": assessments.answer_in(row, "final"),
				"evidence": row.evidence,
				"evidence_link": row.evidence_link,
				"evidence_page": row.evidence_page,
			}
			for code, row in rows.items()
		},
		"nodes": show_scores(get_instrument(doc.instrument), before.scores)["nodes"]
		if before.is_same
		else [],
	}


# --- writing ---


def save(name: str, changes: list[dict]) -> dict:
	"""Write single cells, rows of `{code, field, value}`, all or none. Permission: write on the assessment.

	Gives the new state of the worksheet. Only named cells are touched, and none that somebody else has changed
	since: `was` is what the caller saw before. The document decides what may be written.
	"""
	doc = frappe.get_doc(ASSESSMENT, name, for_update=True)
	doc.check_permission("write")
	rows, fields = {row.code: row for row in doc.items}, _writable_fields(doc)
	if len(changes) > _MOST_CHANGES:
		frappe.throw(_("At most {0} changes at once.").format(_MOST_CHANGES))
	for change in changes:
		code, field, value = change.get("code"), change.get("field"), change.get("value")
		is_cell = isinstance(code, str) and code in rows and field in fields
		if not is_cell or not isinstance(value, (str, int, float, type(None))):
			frappe.throw(
				_("{0} cannot be written by you in the status {1}.").format(
					escape_html(f"{code} {field}")[:80], _(doc.workflow_state)
				),
				actors.NotYourStep,
				title=_("Closed Rows"),
			)
		_check_text(code, value)
		_check_unchanged(doc, rows[code], change)
		rows[code].set(field, value)
	doc.save()
	return _state(doc)


def _check_unchanged(doc, row, change: dict) -> None:
	"""A change from an old tab, or one that waited for a connection, does not undo a newer one."""
	if "was" not in change:
		return
	field, value = change["field"], change["value"]
	if field.endswith("_answer") and value:
		value = assessments.read_answer(get_instrument(doc.instrument), row.code, value)
	if str(row.get(field) or "") not in (str(change["was"] or ""), str(value or "")):
		frappe.throw(
			_("{0} was changed by somebody else in the meantime and was left as it is.").format(row.code),
			title=_("Changed Meanwhile"),
		)


def _check_text(where: str, value) -> None:
	"""Refuse what the database could not keep."""
	text = str(value)
	if len(text) > _LONGEST_TEXT:
		frappe.throw(_("{0}: a text may have {1} characters at most.").format(where, _LONGEST_TEXT))
	if (
		any("\ud800" <= sign <= "\udfff" for sign in text)
		or value in (float("inf"), float("-inf"))
		or value != value
	):
		frappe.throw(_("{0}: this text holds a character that cannot be kept.").format(where))


def _writable_fields(doc) -> tuple[str, ...]:
	"""The cells of a row that the session user may write now; the document checks again which rows are open."""
	column = writable_column(doc)
	if column == "self":
		return assessments.ENTERED
	return assessments.NOTED[doc.workflow_state][0] if column else ()


def take_suggestions(name: str) -> dict:
	"""The evaluator confirms every suggestion that he has not graded yet. Permission: write on the assessment."""
	doc = frappe.get_doc(ASSESSMENT, name)
	taken = [
		{"code": row.code, "field": "evaluator_answer", "value": row.suggested_answer}
		for row in doc.items
		if row.suggested_answer and not row.evaluator_answer
	]
	return save(name, taken)


def refresh_facts(name: str) -> dict:
	"""Look at the facts again. Permission: write on the assessment, in a stage that still uses them."""
	doc = frappe.get_doc(ASSESSMENT, name, for_update=True)
	doc.check_permission("write")
	if writable_column(doc) not in ("self", "evaluator"):
		frappe.throw(_("The facts are no longer changed in this status."), actors.NotYourStep)
	doc.flags.looks_at_facts = True
	doc.save()
	return _state(doc)


def add_finding(name: str, finding: dict) -> dict:
	"""Append a finding of the evaluator. Permission: write on the assessment."""
	doc = frappe.get_doc(ASSESSMENT, name, for_update=True)
	doc.check_permission("write")
	if writable_column(doc) != "evaluator":
		frappe.throw(_("Only the evaluator adds findings, while he evaluates."), actors.NotYourStep)
	fields = ("component_code", "condition", "criterion", "effect", "recommendation", "due_date")
	values = {field: finding.get(field) for field in fields}
	for value in values.values():
		if not isinstance(value, (str, type(None))):
			frappe.throw(_("The request cannot be read."))
		_check_text(_("Finding"), value)
	doc.append("findings", values | {"due_date": getdate(values["due_date"]) if values["due_date"] else None})
	doc.save()
	return _state(doc)


def convert(name: str, code: str, number: float) -> str:
	"""The answer that a survey score stands for. Permission: read on the assessment."""
	instrument = get_instrument(_readable(name).instrument)
	answer = instrument.convert(code, number) if code in instrument.conversions else None
	if answer is None:
		frappe.throw(_("{0} stands for no answer to {1}.").format(format_number(number), escape_html(code)))
	return answer


# --- what if ---


def what_if(name: str, column: str, answers: dict) -> dict:
	"""The index that other answers would give, and which answers bring most. Permission: read on the assessment.

	answers: code → answer, laid over those of the column; nothing is stored.
	"""
	doc = _readable(name)
	if column not in assessments.ANSWER_COLUMNS:
		frappe.throw(_("There is no column {0}.").format(escape_html(column)[:40]))
	instrument = get_instrument(doc.instrument)
	tried = assessments.answers_of(doc, column) | {
		str(code): assessments.read_answer(instrument, escape_html(str(code)), answer)
		for code, answer in answers.items()
	}
	try:
		scores = scoring.score(instrument, tried)
	except scoring.ScoringError as error:
		frappe.throw(str(error))
	return show_scores(instrument, scores) | {
		"improvements": [_step(step) for step in scoring.improvements(instrument, tried)],
		"way": [_step(step) for step in scoring.way_to_next(instrument, tried)],
	}


def _step(step: Improvement) -> dict:
	return {
		"code": step.node.code,
		"title": step.node.title,
		"before": step.before,
		"after": step.after,
		"gain": format_number(step.gain, 3 if step.gain < 0.1 else 2),
		"index": format_number(step.index),
		"predicate": step.predicate.label if step.predicate else "",
	}
