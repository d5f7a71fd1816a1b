"""The LHE of an assessment, from the documents to what core prints (domain.md 5.3)."""

import frappe
from frappe.utils import getdate

from seroja.core import evaluation_reading as core
from seroja.core import evaluation_report
from seroja.core.instruments import Instrument, Node
from seroja.services import assessments, paper, recommendations, snapshots
from seroja.services.agreements import head_of
from seroja.services.instruments import get_instrument

_FILES = {
	("letter", "pdf"): evaluation_report.letter_pdf,
	("letter", "docx"): evaluation_report.letter_docx,
	("report", "pdf"): evaluation_report.report_pdf,
	("report", "docx"): evaluation_report.report_docx,
}


def letter_file(doc, form: str, kind: str) -> bytes:
	"""The LHE as "letter" or "report", as "pdf" or "docx". The caller has checked the print permission."""
	evaluation, write = as_evaluation(doc), _FILES[form, kind]
	if kind == "docx":
		return write(evaluation)
	return write(evaluation, snapshots.Keeper(f"LHE {doc.name}", doc.name, {"opd": doc.opd, "form": form}))


def as_evaluation(doc) -> core.Evaluation:
	"""The assessment as core prints it. The caller has checked the read permission."""
	settings = frappe.get_cached_doc("SEROJA Settings")
	instrument, before = get_instrument(doc.instrument), assessments.last_year(doc)
	unit = frappe.get_cached_value("OPD", doc.opd, ["opd_name", "opd_type"])
	inspectorate = settings.inspectorate and frappe.get_cached_value("OPD", settings.inspectorate, "opd_name")
	return core.Evaluation(
		government=paper.government_name(),
		inspectorate=inspectorate or "Inspektorat Daerah",
		unit=unit[0],
		unit_head=head_of(*unit),
		city=settings.place or "",
		year=doc.year,
		instrument=instrument,
		scores=assessments.scores_of(doc, "final"),
		signer=paper.inspector(),
		address=paper.address(),
		logo=paper.logo(),
		self_scores=assessments.scores_of(doc, "self"),
		last_year=before.scores if before else None,
		last_year_index=before.doc.final_index if before else None,
		last_year_predicate=before.doc.final_predicate if before else "",
		series_breaks=bool(before and before.breaks),
		given_predicate=assessments.given_predicate(doc),
		given_reason=doc.given_reason or "",
		notes=_notes(doc, instrument),
		findings=_findings(doc, instrument),
		follow_ups=_follow_ups(doc),
		number=doc.letter_number or "",
		dated=getdate(doc.letter_date) if doc.letter_date else None,
		reference=doc.name,
		is_final=doc.docstatus == 1,
		head_title=settings.head_title or "Kepala Daerah",
		probing=_probing(doc),
	)


def _notes(doc, instrument: Instrument) -> list[core.Note]:
	"""What evaluator and reviewer noted; the reviewer's word stands beside the evaluator's."""
	return [
		core.Note(row.code, instrument.answerable[row.code].title, text)
		for row in doc.items
		if (text := " ".join(filter(None, (row.evaluator_note, row.review_note))))
	]


def _probing(doc) -> dict[str, tuple[str, str]]:
	"""The answers to criteria that do not count, for the annex."""
	counting = set(get_instrument(doc.instrument).counting)
	return {
		row.code: (assessments.answer_in(row, "self"), assessments.answer_in(row, "final"))
		for row in doc.items
		if row.code not in counting
	}


def _findings(doc, instrument: Instrument) -> list[core.Finding]:
	days = recommendations.due_days([row.recommendation_document for row in doc.findings])
	return [
		core.Finding(
			row.component_code,
			_node(instrument, row.component_code).title,
			row.condition or "",
			row.criterion or "",
			row.effect or "",
			row.recommendation,
			days.get(row.recommendation_document) or (getdate(row.due_date) if row.due_date else None),
			row.recommendation_document or "",
		)
		for row in doc.findings
	]


def _node(instrument: Instrument, code: str) -> Node:
	"""The line with a code; one that is answered before a group."""
	return instrument.answerable.get(code) or next(node for node in instrument.nodes if node.code == code)


def _follow_ups(doc) -> list[core.FollowUp]:
	"""Recommendations carried over, with the last thing that the OPD said it did. Two queries."""
	rows = recommendations.carried_over(doc.opd, doc.year)
	done = recommendations.last_follow_ups([row.name for row in rows])
	return [
		core.FollowUp(
			row.recommendation, row.year, recommendations.CLASS_NAMES[row.status], done.get(row.name, "")
		)
		for row in rows
	]
