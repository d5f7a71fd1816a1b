"""Index Profile: one assessment by its parts, how far each is from the best and from the next level."""

import frappe
from frappe import _

from seroja.constants import ASSESSMENT
from seroja.services import evaluation_figures
from seroja.services.assessments import given_predicate
from seroja.services.index_profile import profile
from seroja.services.report_parts import as_filters, build_columns, card, escape_texts

COLUMNS = (
	("code", "Code", "Data", 70),
	("title", "Part", "Data", 380),
	("weight", "Weight", "Float", 90),
	("figure", "Score", "Float", 90),
	("percent", "Of the Best Possible (%)", "Float", 140),
	("gap", "Points to the Best", "Float", 120),
	("answer", "Answer", "Data", 90),
	("next_answer", "Next Level", "Data", 100),
	("gain", "Points It Brings", "Float", 120),
	("last_year", "Last Year", "Float", 100),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	doc = _assessment(filters)
	if not doc:
		return build_columns(COLUMNS), [], _("There is no assessment to show yet.")
	rows, radar, scores = profile(doc)
	escape_texts(rows, ("title",))
	return build_columns(COLUMNS), rows, radar, None, _summary(scores, given_predicate(doc))


def _assessment(filters: dict):
	"""The assessment that was asked for, else the best known of the reader's units. Scope: read permission."""
	if filters.assessment:
		doc = frappe.get_doc(ASSESSMENT, filters.assessment)
		doc.check_permission("read")
		return doc
	name, year = evaluation_figures.chosen(filters)
	found = evaluation_figures.assessments_of(name, year, filters | {"include_unfinished": 1}) if name else []
	return frappe.get_doc(ASSESSMENT, found[0].name) if found else None


def _summary(scores, given: str) -> list[dict]:
	step = None if given else scores.next
	predicate = given or (scores.predicate.label if scores.predicate else "–")
	return [
		card(_("Index"), scores.index, "Float", "Blue"),
		{"label": _("Predicate"), "value": predicate, "datatype": "Data"},
		{"label": _("Next Predicate"), "value": step.predicate.label if step else "–", "datatype": "Data"},
		card(_("Points to It"), step.distance if step else None, "Float"),
	]
