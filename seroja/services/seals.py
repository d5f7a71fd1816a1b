"""What an approval approved: digests of values and evidence, chained step by step (design.md decision 4)."""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import get_datetime

from seroja.constants import (
	AGREEMENT,
	ASSESSMENT,
	DRAFT,
	ENTRY,
	FLAGGED_ROWS,
	PLAN,
	REALIZATION,
	REPORT,
	RETURNED,
	TARGET,
)
from seroja.services import plans
from seroja.services.evidence import files_of
from seroja.services.realizations import outdated_rows

_SHEET = ("opd", "period", "target_document", "scale", "cap", "calculation_version")
_SHEET_ROW = (
	"indicator",
	"target",
	"year_target",
	"realization",
	"numerator",
	"denominator",
	"value_source",
	"expression",
	"factor",
	"realization_ytd",
	"missing_reason",
	"achievement_raw",
	"achievement_scored",
	"category",
	"status",
	"weight",
	"budget",
	"budget_realization",
	"evidence",
	"evidence_link",
	"obstacle",
	"next_step",
)
_TARGET = ("opd", "year", "version", "revision_of", "revision_reason")
_TARGET_ROW = (
	"indicator",
	"polarity",
	"method",
	"consolidation",
	"year_target",
	"target_q1",
	"target_q2",
	"target_q3",
	"target_q4",
	"value_source",
	"expression",
	"factor",
	"weight",
	"budget",
)
_PLAN = (
	"plan_type",
	"opd",
	"year_from",
	"year_to",
	"title",
	"parent_plan",
	"regulation",
	"vision",
	"version",
	"revision_reason",
)
_PARTY = ("party", "name", "position", "rank", "nip")
_AGREEMENT = (
	"opd",
	"year",
	"position_level",
	"target_document",
	"version",
	"revision_of",
	"revision_reason",
	"revision_note",
	*(f"first_{part}" for part in _PARTY),
	*(f"second_{part}" for part in _PARTY),
	"place",
	"agreement_date",
)
_SELF = (
	"code",
	"self_answer",
	"self_note",
	"evidence",
	"evidence_link",
	"evidence_page",
	"evidence_last_year",
)
_EVALUATION = (*_SELF, "suggested_answer", "suggestion", "evaluator_answer", "evaluator_note")
_REVIEW = (*_EVALUATION, "review_answer", "review_note")
_ASSESSMENT = ("instrument", "opd", "year")
_EVALUATED = (*_ASSESSMENT, "evaluator_index", "evaluator_predicate", "given_predicate", "given_reason")
_REPORT = ("opd", "year", "as_known_on", "figures", "review_statement")
_FIELDS = {
	ASSESSMENT: ((*_EVALUATED, "final_index", "final_predicate"), _REVIEW),
	REALIZATION: (_SHEET, _SHEET_ROW),
	TARGET: (_TARGET, _TARGET_ROW),
	PLAN: (_PLAN, ("mission",)),
	AGREEMENT: (_AGREEMENT, ("objective", "indicator", "indicator_name", "target", "unit")),
	REPORT: (_REPORT, ("section_key", "text")),
}
# Earlier steps of an assessment vouch for what was there then; each column is written in its own stage.
_FIELDS_OF_STEP = {
	(ASSESSMENT, "Submit"): (_ASSESSMENT, _SELF),
	(ASSESSMENT, "Approve"): (_ASSESSMENT, _SELF),
	(ASSESSMENT, "Evaluate"): (_EVALUATED, _EVALUATION),
}
# Further tables of a document that an approval vouches for.
_TABLES = {
	TARGET: {
		"actions": (
			"indicator",
			"performance_objective",
			"action",
			"budget_q1",
			"budget_q2",
			"budget_q3",
			"budget_q4",
			"responsible",
		)
	},
	AGREEMENT: {"programs": ("performance_objective", "program", "budget", "note")},
	ASSESSMENT: {
		"findings": ("component_code", "condition", "criterion", "effect", "recommendation", "due_date")
	},
}
# Steps before these tables are written.
_WITHOUT_TABLES = {(ASSESSMENT, "Submit"), (ASSESSMENT, "Approve")}
# Steps by which somebody vouches for the content.
_VOUCHING = frozenset({"Approve", "Verify", "Sign", "Evaluate", "Finalize", "Review", "Hand In", "Publish"})
_SEALED = (
	"reference_doctype",
	"reference_name",
	"opd",
	"sequence",
	"action",
	"from_state",
	"to_state",
	"user",
	"capacity",
	"acted_on",
	"note",
	"flagged_rows",
	"digest",
	"calculation_version",
	"previous_seal",
)


def digest(doc, action: str = "") -> str:
	"""SHA-256 over everything that a step vouches for: values, results, evidence and version."""
	head, row_fields = _FIELDS_OF_STEP.get((doc.doctype, action)) or _FIELDS[doc.doctype]
	hashes = files_of(doc) if doc.doctype in FLAGGED_ROWS else {}
	content = {
		"sheet": [_plain(doc.get(field)) for field in head],
		"rows": [
			[_plain(row.get(field)) for field in row_fields] + [hashes.get(row.get("evidence") or "", "")]
			for row in doc.items
		],
	}
	is_early = (doc.doctype, action) in _WITHOUT_TABLES
	for table, fields in () if is_early else _TABLES.get(doc.doctype, {}).items():
		content[table] = [[_plain(row.get(field)) for field in fields] for row in doc.get(table)]
	if doc.doctype == PLAN:
		content["tree"] = plans.content_digest(plans.content_of(doc))
	return _hash(content)


def record(doc, action: str, from_state: str, capacity: str, note: str = "") -> None:
	"""Append a step to the chain of a document. The caller has checked that the user may take it."""
	last = _last_entry(doc)
	flagged = [
		f"{row.get('indicator') or row.code}: {row.verifier_note or ''}".strip()
		for row in doc.items
		if row.get("is_flagged")
	]
	entry = frappe.get_doc(
		{
			"doctype": ENTRY,
			"reference_doctype": doc.doctype,
			"reference_name": doc.name,
			"opd": doc.opd,
			"sequence": (last.sequence if last else 0) + 1,
			"action": action,
			"from_state": from_state,
			"to_state": doc.workflow_state,
			"user": frappe.session.user,
			"full_name": frappe.utils.get_fullname(),
			"capacity": capacity,
			"acted_on": frappe.utils.now_datetime().replace(microsecond=0),
			"note": note,
			"flagged_rows": "\n".join(flagged),
			"digest": digest(
				frappe.get_doc(doc.doctype, doc.name), action
			),  # as stored, not as typed in the request
			"calculation_version": doc.get("calculation_version"),
			"previous_seal": last.seal if last else _seal_of_amended(doc),
		}
	)
	entry.seal = seal_of(entry)
	entry.flags.is_step = True
	entry.insert(ignore_permissions=True)  # nobody may create entries by hand; the step was checked


def seal_of(entry) -> str:
	"""SHA-256 over an entry and, through `previous_seal`, over all entries before it."""
	return _hash([_plain(entry.get(field)) for field in _SEALED])


def entries_of(doc) -> list:
	"""The chain of a document, oldest first. The caller has checked that the user may read the document."""
	return frappe.get_all(
		ENTRY,
		{"reference_doctype": doc.doctype, "reference_name": doc.name},
		[*_SEALED, "name", "full_name", "seal"],
		order_by="sequence asc",
	)


def problems_of(doc, entries: list) -> list[str]:
	"""What an auditor must know: a broken chain, or an approval of values that have changed since."""
	problems = []
	previous = entries[0].previous_seal if entries else ""
	for position, entry in enumerate(entries, 1):
		if entry.seal != seal_of(entry) or entry.previous_seal != previous or entry.sequence != position:
			problems.append(
				_("Step {0} of the history was changed or removed after the fact.").format(position)
			)
			break
		previous = entry.seal
	problems += _outdated(doc)
	approvals = [entry for entry in entries if entry.action in _VOUCHING]
	standing = [entry for entry in approvals if _still_counts(entry, entries)]
	if any(entry.digest != digest(doc, entry.action) for entry in standing):
		problems.append(
			_("The values or the evidence were changed after they were approved. The approval is stale.")
		)
	return problems


def _outdated(doc) -> list[str]:
	if doc.doctype == AGREEMENT:
		return _replaced_target(doc)
	if doc.doctype != REALIZATION or doc.docstatus == 2 or doc.workflow_state in (None, DRAFT, RETURNED):
		return []
	rows = outdated_rows(doc)
	if not rows:
		return []
	numbers = ", ".join(str(number) for number in rows)
	return [
		_("An earlier quarter was changed afterwards; the year-to-date of rows {0} is stale.").format(numbers)
	]


def _replaced_target(doc) -> list[str]:
	is_half_signed = not doc.verified_by and doc.workflow_state not in (None, DRAFT, RETURNED)
	if not (doc.is_current or is_half_signed) or frappe.db.get_value(
		TARGET, doc.target_document, "is_current"
	):
		return []
	return [
		_("The approved target was revised after this agreement was signed. Return or revise the agreement.")
	]


def _still_counts(entry, entries: list) -> bool:
	"""An approval counts until the document was returned, submitted anew or revised."""
	ended_by = {"Return", "Submit", "Revise"} | ({"Send Back"} if entry.action == "Evaluate" else set())
	return not any(later.sequence > entry.sequence and later.action in ended_by for later in entries)


def _last_entry(doc):
	rows = frappe.get_all(
		ENTRY,
		{"reference_doctype": doc.doctype, "reference_name": doc.name},
		["sequence", "seal"],
		order_by="sequence desc",
		limit=1,
	)
	return rows[0] if rows else None


def _seal_of_amended(doc) -> str:
	"""A reopened sheet goes on with the chain of the sheet that it replaces."""
	source = doc.get("amended_from") or doc.get("revision_of")
	if not source:
		return ""
	rows = frappe.get_all(
		ENTRY,
		{"reference_doctype": doc.doctype, "reference_name": source},
		pluck="seal",
		order_by="sequence desc",
		limit=1,
	)
	return rows[0] if rows else ""


def _plain(value) -> str:
	"""One text per value, whether it comes from memory or from the database."""
	if value is None or value == "":
		return ""
	if isinstance(value, (int, float)):
		return f"{float(value):.9f}"
	if hasattr(value, "isoformat"):
		return get_datetime(value).strftime("%Y-%m-%d %H:%M:%S")
	return str(value)


def _hash(content) -> str:
	return hashlib.sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
