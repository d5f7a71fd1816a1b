"""Assessment: rows from the instrument, the three columns of answers, scores, windows (domain.md 1.3.3, 4.3)."""

from dataclasses import dataclass

import frappe
from frappe import _
from frappe.utils import cint, escape_html, formatdate, getdate, today

from seroja.constants import (
	APPROVED_BY_HEAD,
	ASSESSMENT,
	DRAFT,
	EVALUATED,
	FINAL,
	INSTRUMENT,
	RETURNED,
	ROUND,
	SUBMITTED,
)
from seroja.core import scoring
from seroja.core.instruments import GROUP, ITEM, LEVEL, Instrument
from seroja.core.numbers import format_number
from seroja.core.scoring import Scores
from seroja.services import facts, recommendations, rounds
from seroja.services.instruments import get_instrument

ENTERED = ("self_answer", "self_note", "evidence", "evidence_link", "evidence_page", "evidence_last_year")
_FLAGS = ("is_flagged", "verifier_note")
_EVALUATION = ("evaluator_answer", "evaluator_note")
_REVIEW = ("review_answer", "review_note")
# What the verifier of each state writes: row fields, fields and tables of the document.
NOTED = {
	SUBMITTED: (_FLAGS, ()),
	APPROVED_BY_HEAD: ((*_FLAGS, *_EVALUATION), ("findings", "given_predicate", "given_reason")),
	EVALUATED: (_REVIEW, ()),
	FINAL: ((), ("letter_number", "letter_date")),
}
ANSWER_COLUMNS = ("self", "evaluator", "final")
# Items of a short worksheet stand in the overview as well.
_FEW = 15
_ANSWER_FIELDS = ("self_answer", "evaluator_answer", "review_answer")


# --- making one ---


def prepare(doc) -> None:
	"""A new assessment has a valid instrument, a round, and is the only one of its OPD and year."""
	doc.year = cint(doc.year)
	instrument = get_instrument(doc.instrument)
	if not doc.flags.is_reopening:
		rounds.check_validity(instrument, doc.year)
		rounds.check_unit(doc.opd, find_round(doc))
		check_window(doc)
	other = frappe.db.get_value(
		ASSESSMENT,
		{"instrument": doc.instrument, "opd": doc.opd, "year": doc.year, "docstatus": ["<", 2]},
	)
	if other:
		frappe.throw(_("{0} already exists.").format(other), title=_("Assessment Exists Already"))
	_make_rows(doc, instrument)


def _make_rows(doc, instrument: Instrument) -> None:
	"""One row per item and criterion, in the order of the instrument; what the OPD enters is kept, and nothing else."""
	if doc.flags.is_reopening:
		return
	doc.set("findings", [])
	doc.update(dict.fromkeys(("given_predicate", "given_reason", "letter_number", "letter_date")))
	given = {row.code: {field: row.get(field) for field in ENTERED} for row in doc.get("items", [])}
	doc.set("items", [])
	for node in instrument.answerable.values():
		doc.append(
			"items", {"code": node.code, "title": node.title, "kind": node.kind} | given.get(node.code, {})
		)


def find_round(doc):
	"""The round (Assessment Round) that sets the windows of an assessment. Throws where there is none."""
	name = rounds.name_of(doc.instrument, doc.year, frappe.get_cached_value("OPD", doc.opd, "opd_type"))
	if not frappe.db.exists(ROUND, name):
		frappe.throw(
			_("There is no Assessment Round of {0} for {1} yet. Ask the Inspektorat to open one.").format(
				doc.instrument, doc.year
			),
			title=_("Round Missing"),
		)
	return frappe.get_cached_doc(ROUND, name)


def check_window(doc) -> None:
	"""Refuse a step outside its stage. What the Inspektorat returned or sent back may be mended until quality
	assurance closes, a reopened one at any time."""
	dates = find_round(doc)
	before = doc.get_doc_before_save() or {"workflow_state": DRAFT}
	closes = getdate(dates.get(rounds.closing_field(before)))
	now = getdate(today())
	if now < getdate(dates.self_opens):
		frappe.throw(
			_("{0} opens on {1}.").format(dates.name, formatdate(dates.self_opens)), title=_("Not Open Yet")
		)
	if now > closes and not doc.amended_from:
		frappe.throw(
			_("This stage closed on {0}. Ask the Inspektorat to move the date in {1}.").format(
				formatdate(closes), dates.name
			),
			title=_("Stage Closed"),
		)


# --- answers ---


def noted(doc) -> dict[str, tuple[str, ...]]:
	"""Row fields (noted) and document fields (noted_header) of the verifier in the state in which the document is stored."""
	before = doc.get_doc_before_save()
	rows, fields = NOTED.get(before.workflow_state if before else None, ((), ()))
	return {"noted": rows, "noted_header": fields}


def read_answers(doc) -> None:
	"""Bring typed answers into the form of the instrument; throws naming the row. Those that stand are left alone."""
	instrument = get_instrument(doc.instrument)
	before = doc.get_doc_before_save()
	old = {row.name: row for row in before.items} if before else {}
	for row in doc.items:
		for field in _ANSWER_FIELDS:
			stored = old[row.name].get(field) if row.name in old else None
			if row.get(field) in (None, ""):
				row.set(field, "")
			elif row.get(field) != stored:
				row.set(field, read_answer(instrument, row.code, row.get(field)))


def read_answer(instrument: Instrument, code: str, text) -> str:
	"""An answer as it is stored. People type a decimal comma, other systems a point. Throws naming the code."""
	try:
		return instrument.read_answer(text)
	except ValueError as error:
		try:
			return instrument.read_answer(text, ".")
		except ValueError:
			frappe.throw(_("{0}: {1}").format(code, escape_html(str(error))), title=_("Answer Not Valid"))


def answers_of(doc, column: str) -> dict[str, str]:
	"""code → answer of a column ("self", "evaluator" or "final": the reviewer's, else the evaluator's) that count."""
	counting = set(get_instrument(doc.instrument).counting)
	return {
		row.code: answer_in(row, column)
		for row in doc.items
		if row.code in counting and answer_in(row, column)
	}


def answer_in(row, column: str) -> str:
	"""The answer of a row in a column; in “final” the reviewer's stands before the evaluator's. "" for none."""
	if column == "final":
		return row.review_answer or row.evaluator_answer or ""
	return row.get(f"{column}_answer") or ""


def scores_of(doc, column: str) -> Scores:
	"""The scores of a column, as core has them."""
	return scoring.score(get_instrument(doc.instrument), answers_of(doc, column))


def compute(doc) -> None:
	"""Index and predicate of each column; without all answers there is no index and no predicate."""
	doc.assessment_round = find_round(doc).name
	for column in ANSWER_COLUMNS:
		scores = scores_of(doc, column)
		predicate = scores.predicate.label if scores.predicate else ""
		doc.update({f"{column}_index": _stored(scores.index), f"{column}_predicate": predicate})
		if column != "final":
			doc.set(f"{column}_missing", len(scores.missing))
	if doc.given_predicate and doc.final_predicate:
		_give_predicate(doc)


def _stored(index: float | None) -> float:
	"""As the database keeps it, so that a digest over the saved document equals one over the read one."""
	return 0.0 if index is None else round(index, 9)


def _give_predicate(doc) -> None:
	"""A predicate that no number gives (A- of RB) stands in for the computed one, with a reason (domain.md 4.2).

	One that no longer fits, because the reviewer moved the index, stands aside.
	"""
	allowed = [
		predicate.label
		for predicate in get_instrument(doc.instrument).predicates
		if predicate.instead_of and predicate.instead_of == doc.final_predicate
	]
	if doc.given_predicate in allowed:
		if not (doc.given_reason or "").strip():
			frappe.throw(_("Give the reason for the predicate {0}.").format(doc.given_predicate))
		doc.final_predicate = doc.given_predicate
	elif doc.has_value_changed("given_predicate"):
		frappe.throw(
			_("The predicate {0} cannot be given instead of {1}. Possible: {2}.").format(
				escape_html(doc.given_predicate), doc.final_predicate, ", ".join(allowed) or "–"
			),
			title=_("Predicate Not Possible"),
		)


def given_predicate(doc) -> str:
	"""The predicate that was given by hand, where it stands; "" otherwise."""
	return doc.given_predicate if doc.final_predicate and doc.final_predicate == doc.given_predicate else ""


def take_back(doc) -> None:
	"""Returned or sent back by the Inspektorat it stays open until quality assurance closes. Sent back, it is reviewed
	anew: the reviewer's answers belonged to what stood there before."""
	before = doc.get_doc_before_save()
	step = (before.workflow_state, doc.workflow_state) if before else ()
	if step in ((APPROVED_BY_HEAD, RETURNED), (EVALUATED, APPROVED_BY_HEAD)):
		doc.is_extended = 1
	if step == (EVALUATED, APPROVED_BY_HEAD):
		for row in doc.items:
			row.update(dict.fromkeys(_REVIEW, ""))


def sign_evaluation(doc) -> None:
	"""Remember everybody who wrote in the evaluator's column or the findings; a request cannot say so."""
	before = doc.get_doc_before_save()
	if not before or before.workflow_state != APPROVED_BY_HEAD:
		return
	old = {row.name: row for row in before.items}
	written = any(
		(row.get(field) or "") != (old[row.name].get(field) or "")
		for row in doc.items
		for field in _EVALUATION
	) or _texts(doc) != _texts(before)
	if written and f",{frappe.session.user}," not in (before.evaluators or ""):
		doc.evaluators = f"{before.evaluators or ','}{frappe.session.user},"


def _texts(doc) -> list[tuple]:
	"""The findings and the given predicate, to be compared."""
	fields = ("component_code", "condition", "criterion", "effect", "recommendation", "due_date")
	given = (doc.given_predicate or "", doc.given_reason or "")
	return [given, *(tuple(str(row.get(field) or "") for field in fields) for row in doc.findings)]


# --- before a step ---


def check_complete(doc, column: str) -> None:
	"""Everything that counts is answered, and no answer contradicts another."""
	scores = scores_of(doc, column)
	if scores.missing:
		frappe.throw(_("Not yet answered: {0}.").format(_listed(scores.missing)), title=_("Answers Missing"))
	broken = broken_rules(doc, column, scores)
	if broken:
		frappe.throw(
			_("These answers contradict each other: {0}").format(
				"; ".join(f"{rule.code} > {rule.not_above}. {rule.reason}".strip() for rule in broken)
			),
			title=_("Answers Contradict Each Other"),
		)


def broken_rules(doc, column: str, scores: Scores) -> list:
	"""The rules that the answers break, those between probing criteria included."""
	instrument = get_instrument(doc.instrument)
	computed = set(instrument.criteria) - set(instrument.counting)
	given = {
		row.code: instrument.value(answer_in(row, column))
		for row in doc.items
		if answer_in(row, column) and row.code not in computed
	}
	found = [*scores.broken, *scoring.broken_rules(instrument, given)]
	return list(dict.fromkeys(found))


def check_evaluation(doc) -> None:
	"""Complete; each suggestion from facts is confirmed, or departed from with a reason."""
	check_complete(doc, "evaluator")
	open_rows = [row.code for row in doc.items if row.suggested_answer and not row.evaluator_answer]
	if open_rows:
		frappe.throw(
			_("Confirm the suggestion or grade yourself: {0}.").format(_listed(open_rows)),
			title=_("Suggestions Open"),
		)
	unexplained = [row.code for row in doc.items if departs(row) and not (row.evaluator_note or "").strip()]
	if unexplained:
		frappe.throw(
			_("Say why you depart from the suggestion: {0}.").format(_listed(unexplained)),
			title=_("Reason Missing"),
		)


def departs(row) -> bool:
	"""True where the evaluator gives another answer than the facts suggest."""
	return bool(
		row.suggested_answer and row.evaluator_answer and row.evaluator_answer != row.suggested_answer
	)


def check_findings(doc) -> None:
	"""Findings name a part of the worksheet; those that were issued as recommendations stay."""
	_keep_issued(doc)
	codes = {node.code for node in get_instrument(doc.instrument).nodes}
	for row in doc.findings:
		if (row.component_code or "") not in codes:
			frappe.throw(
				_("Finding {0}: {1} is not a code of {2}.").format(
					row.idx, escape_html(row.component_code or ""), doc.instrument
				),
				title=_("Code Not Found"),
			)


def _keep_issued(doc) -> None:
	"""Which recommendation a finding became is not typed; the recommendation lives on by itself."""
	before = doc.get_doc_before_save()
	if not before:
		return
	issued = {row.name: row.recommendation_document for row in before.findings}
	for row in doc.findings:
		row.recommendation_document = issued.pop(row.name, None)
	dropped = [name for name in issued.values() if name]
	if dropped:
		frappe.throw(
			_("The finding was issued as {0} and stays. Decide there what becomes of it.").format(
				", ".join(dropped)
			),
			title=_("Finding Was Issued"),
		)


def _listed(codes) -> str:
	shown = ", ".join(codes[:12])
	return shown if len(codes) <= 12 else _("{0} and {1} more").format(shown, len(codes) - 12)


# --- suggestions ---


def refresh_suggestions(doc) -> None:
	"""What SEROJA sees for itself, with the answer that it suggests; the binding is data of the instrument."""
	instrument = get_instrument(doc.instrument)
	nodes = instrument.answerable
	seen = facts.look({nodes[row.code].fact for row in doc.items}, doc)
	for row in doc.items:
		fact = seen.get(nodes[row.code].fact)
		known = fact and fact.share is not None
		row.update(
			{
				"suggested_answer": (instrument.convert(row.code, fact.share) or "") if known else "",
				"suggestion": fact.text if fact else "",
				"suggestion_route": fact.route if fact else "",
			}
		)


# --- the year before ---


@dataclass(frozen=True)
class LastYear:
	"""The final assessment before this one in the same series.

	is_same: by the same instrument, so that lines compare. breaks: its figures are of another kind.
	"""

	doc: object
	scores: Scores
	is_same: bool
	breaks: bool


def last_year(doc) -> LastYear | None:
	"""The final assessment of the year before, of this OPD and this series; None where there is none.

	The caller has checked that the user may read the assessment; the one before is of the same OPD.
	"""
	found = finals_before(doc.instrument, doc.year, {"opd": doc.opd}).get(doc.opd)
	if not found:
		return None
	before = frappe.get_doc(ASSESSMENT, found.name)
	return LastYear(
		before,
		scores_of(before, "final"),
		before.instrument == doc.instrument,
		breaks_series(doc.instrument, before.instrument),
	)


def finals_before(instrument: str, year: int, filters: dict | None = None) -> dict[str, dict]:
	"""OPD → the final assessment of the year before in the same series; one by the same instrument is preferred.

	Keys: name, opd, instrument, final_index, final_predicate. Two queries; callers show only those of scoped rows.
	"""
	series = get_instrument(instrument).series
	names = frappe.get_all(INSTRUMENT, {"series": series}, pluck="name") if series else []
	rows = frappe.get_all(
		ASSESSMENT,
		{"year": year - 1, "docstatus": 1, "instrument": ["in", [*names, instrument]], **(filters or {})},
		["name", "opd", "instrument", "final_index", "final_predicate"],
		order_by="creation",
	)
	return {row.opd: row for row in sorted(rows, key=lambda row: row.instrument == instrument)}


def breaks_series(instrument: str, before: str) -> bool:
	"""Are figures of this instrument of another kind than those of the one before?"""
	return instrument != before and get_instrument(instrument).breaks_series


def make_reopened_copy(doc, reason: str) -> None:
	"""A final assessment is never changed: it stays, cancelled, and its copy starts as a draft."""
	copy = frappe.copy_doc(doc, ignore_no_copy=False)
	copy.update(
		{
			"amended_from": doc.name,
			"reopening_reason": reason,
			"evaluators": f"{doc.evaluators or ','}{doc.evaluated_by},",  # the copy keeps what they wrote
			"workflow_state": None,
			"decision_note": None,
			"docstatus": 0,
		}
	)
	for row in copy.items:
		row.update(dict.fromkeys(_REVIEW, ""))
	copy.flags.is_reopening = True
	copy.insert(ignore_permissions=True)  # the reopening was checked; the Inspektorat creates none itself


# --- for the form ---


def look_at_facts(doc) -> None:
	"""At the start, before each decision and on request; in between a suggestion stays what it was."""
	before = doc.get_doc_before_save()
	is_step = before and before.workflow_state != doc.workflow_state
	if (
		not before
		or doc.flags.looks_at_facts
		or (is_step and doc.workflow_state in (SUBMITTED, APPROVED_BY_HEAD))
	):
		if not (before and before.workflow_state == EVALUATED):
			refresh_suggestions(doc)


def show_overview(doc) -> None:
	"""For the form: scores per component and column, last year, recommendations carried over."""
	before = last_year(doc)
	doc.set_onload(
		"overview",
		{
			"rows": component_rows(doc, before),
			"last_year": before
			and {
				"name": before.doc.name,
				"title": get_instrument(before.doc.instrument).title,
				"index": format_number(before.doc.final_index),
				"predicate": before.doc.final_predicate,
				"breaks": before.breaks,
			},
			"recommendations": recommendations.carried_over(doc.opd, doc.year),
			"progress": format_number(recommendations.progress(recommendations.counts(doc.opd, doc.year))),
		},
	)


def component_rows(doc, before: LastYear | None) -> list[dict]:
	"""One row per group: code, title, depth, and the text of its score in each column and last year."""
	instrument = get_instrument(doc.instrument)
	columns = {column: scores_of(doc, column).nodes for column in ANSWER_COLUMNS}
	if before and before.is_same:
		columns["last_year"] = before.scores.nodes
	return [
		{
			"code": node.code,
			"title": node.title,
			"depth": node.depth,
		}
		| {
			column: format_number(part_figure(instrument, nodes[position]))
			for column, nodes in columns.items()
		}
		for position, node in enumerate(instrument.nodes)
		if node.kind == GROUP or (node.kind == ITEM and len(instrument.items) <= _FEW)
	]


def part_figure(instrument: Instrument, node: scoring.NodeScore) -> float | None:
	"""Grades add up to the index, so a part shows what it contributes; levels show the mean level of the part."""
	return node.value if instrument.scoring == LEVEL else node.score
