"""Performance Indicator: where its value comes from, SMART questions, codes, validity, and its series over the years."""

import frappe
from frappe import _
from frappe.utils import cint

from seroja.constants import FORMULA, INDICATOR, OBJECTIVE, RATIO, REALIZATION
from seroja.core.cascading import smart_warnings
from seroja.core.formula import FormulaError, find_cycle, parse_formula
from seroja.core.numbers import NumberFormatError, read_value, stored_number
from seroja.core.staging import nomenclature_problem
from seroja.permissions.opd import visible_opds
from seroja.services import plans
from seroja.services.as_known import standing

QUESTIONS = {
	"Specific": "Does everybody understand the same thing by it?",
	"Measurable": "Can it be counted or measured from a source that exists?",
	"Attainable": "Can the target be reached with the means at hand, and does it ask for an effort?",
	"Relevant": "Does it measure the objective and not just an activity?",
	"Time-bound": "Is it clear by when the target is to be reached?",
}
# What an approved plan has fixed about its indicators, besides their year targets.
_FROZEN = ("indicator_name", "performance_objective", "is_iku", "is_active", "unit", "polarity", "opd")


# --- the objective that it measures ---


def set_objective(doc) -> None:
	"""The indicator shows the statement of its node, which belongs to its OPD or to a unit above."""
	if not doc.performance_objective:
		return
	statement, opd = frappe.db.get_value(OBJECTIVE, doc.performance_objective, ["statement", "opd"])
	if doc.opd != opd and not _is_below(doc.opd, opd):
		frappe.throw(
			_("The node belongs to {0}; the indicator of {1} cannot measure it.").format(opd, doc.opd),
			title=_("Node of Another OPD"),
		)
	doc.objective = statement[:255]


def _is_below(opd: str, above: str) -> bool:
	outer, inner = (frappe.db.get_value("OPD", name, ["lft", "rgt"]) for name in (above, opd))
	return outer[0] <= inner[0] and inner[1] <= outer[1]


def check_plan_open(doc) -> None:
	"""What an approved plan has fixed changes only with a new version of the plan."""
	before = doc.get_doc_before_save()
	nodes = {doc.performance_objective, before.performance_objective if before else None} - {None, ""}
	if not nodes or (before and not _plan_content_changed(doc, before)):
		return
	for plan in set(frappe.get_all(OBJECTIVE, {"name": ["in", list(nodes)]}, pluck="plan")):
		plans.check_open(plan)


def _plan_content_changed(doc, before) -> bool:
	def targets(of) -> dict:
		return {row.year: row.target for row in of.year_targets}

	return targets(doc) != targets(before) or any(
		(doc.get(field) or "") != (before.get(field) or "") for field in _FROZEN
	)


def check_deletion(doc) -> None:
	"""An indicator of an approved plan stays."""
	if doc.performance_objective:
		plans.check_open(frappe.db.get_value(OBJECTIVE, doc.performance_objective, "plan"))


# --- where the value comes from ---


def validate_source(doc) -> None:
	"""A ratio needs a factor, a formula can be read, refers to indicators that exist, and never to itself."""
	if doc.value_source in (RATIO, FORMULA) and doc.polarity == "Qualitative":
		frappe.throw(_("A qualitative indicator is entered, not computed."), title=_("Value Does Not Fit"))
	if doc.value_source == RATIO:
		_read_factor(doc)
	if doc.value_source == FORMULA:
		_check_expression(doc)


def _read_factor(doc) -> None:
	try:
		value = read_value(doc.factor or "100", qualitative=False)
	except NumberFormatError as error:
		frappe.throw(f"{_('Times')}: {error}", title=_("Not a Number"))
	if not value.low or value.low < 0:
		frappe.throw(_("The factor must be more than 0, for example 100."), title=_("Factor Not Valid"))
	doc.factor = value.show()


def _check_expression(doc) -> None:
	try:
		references = parse_formula(str(doc.expression or "")).references
	except FormulaError as error:
		frappe.throw(str(error), title=_("Formula Not Valid"))
	filters = {"name": ["in", list(references)], "polarity": ["!=", "Qualitative"]}
	known = set(frappe.get_all(INDICATOR, filters, pluck="name"))
	unknown = [code for code in references if code not in known and code != doc.name]
	if unknown:
		frappe.throw(
			_("There is no indicator with a number and the code {0}.").format(", ".join(unknown)),
			title=_("Formula Not Valid"),
		)
	cycle = find_cycle(_references() | {doc.name or doc.indicator_code: references})
	if cycle:
		frappe.throw(
			_("The formula refers to itself: {0}.").format(" → ".join(cycle)), title=_("Formula Not Valid")
		)


def _references() -> dict[str, tuple[str, ...]]:
	rows = frappe.get_all(
		INDICATOR,
		{"value_source": FORMULA, "expression": ["is", "set"]},
		["name", "expression"],
		as_list=True,
	)
	return {name: parse_formula(expression).references for name, expression in rows}


# --- registry ---


def set_iku_tag(doc) -> None:
	"""The tag IKU follows from the check box: reports that select by tag and rules that ask for IKU agree."""
	tags = [row.tag for row in doc.tags]
	if doc.is_iku and "IKU" not in tags and frappe.db.exists("Indicator Tag", "IKU"):
		doc.append("tags", {"tag": "IKU"})
	elif not doc.is_iku and "IKU" in tags:
		doc.set("tags", [{"tag": tag} for tag in tags if tag != "IKU"])


def validate_registry(doc) -> None:
	"""Codes by their pattern, years in order, a successor that is another indicator."""
	doc.valid_from, doc.valid_to = cint(doc.valid_from), cint(doc.valid_to)
	problem = nomenclature_problem((doc.nomenclature_code or "").strip())
	if problem:
		frappe.throw(problem, title=_("Nomenclature Code Not Valid"))
	if doc.valid_from and doc.valid_to and doc.valid_from > doc.valid_to:
		frappe.throw(_("Valid To is before Valid From."), title=_("Years Out of Order"))
	if doc.successor and doc.successor == doc.name:
		frappe.throw(_("An indicator cannot be its own successor."), title=_("Successor Not Valid"))
	if doc.successor and not _may_succeed(doc):
		frappe.throw(
			_("The successor must be an indicator of {0} or of the unit that succeeded it.").format(doc.opd),
			title=_("Successor Not Valid"),
		)
	if doc.successor and not doc.valid_to:
		frappe.throw(
			_("Give the last year of validity; from the next year on the successor measures."),
			title=_("Successor Not Valid"),
		)


def _may_succeed(doc) -> bool:
	opd = frappe.db.get_value(INDICATOR, doc.successor, "opd")
	return opd in (doc.opd, frappe.get_cached_value("OPD", doc.opd, "successor"))


def ensure_questions(doc) -> None:
	"""The five SMART questions, in order, with the answers that were given (domain.md 2.4)."""
	answered = {row.criterion: row for row in doc.smart}
	if [row.criterion for row in doc.smart] == list(QUESTIONS):
		return
	doc.set("smart", [])
	for criterion, question in QUESTIONS.items():
		kept = answered.get(criterion) or frappe._dict()
		doc.append(
			"smart",
			{"criterion": criterion, "question": _(question), "answer": kept.answer, "note": kept.note},
		)


def check_switches(doc) -> None:
	"""A check is switched off once, and never without a reason that says something."""
	names = [row.check_name for row in doc.checks_off]
	if len(set(names)) < len(names):
		frappe.throw(_("A number check stands twice among those switched off."), title=_("Duplicate Row"))
	for row in doc.checks_off:
		row.reason = (row.reason or "").strip()
		if len(row.reason) < 10:
			frappe.throw(
				_("Row {0}: say in a sentence why the check {1} does not fit this indicator.").format(
					row.idx, _(row.check_name or "")
				),
				title=_("Reason Missing"),
			)


def warnings_of(doc) -> list[str]:
	"""What keeps the indicator from being SMART, in sentences."""
	parts = {
		"definition": doc.definition,
		"formula": doc.formula,
		"unit": doc.unit,
		"source": doc.data_source,
	}
	return smart_warnings([part for part, text in parts.items() if not text], bool(doc.year_targets))


# --- series ---


def series_of(code: str, filters: dict | None = None) -> list[dict]:
	"""The verified series of an indicator with its predecessors and successors, oldest first.

	Rows: year, quarter, label, indicator, value (a number or None), text, target, is_break (the first row
	of another indicator). filters: as_known_on. Scope: rows of the session user's units. Three queries.
	"""
	chain = _chain(code)
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType("Performance Realization Item")
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(sheet.year, sheet.quarter, row.indicator, row.realization_ytd, row.target, row.polarity)
		.where(standing(sheet, filters or {}) & row.indicator.isin(list(chain)))
		.orderby(sheet.year)
		.orderby(sheet.quarter)
	)
	scope = visible_opds()
	if scope is not None:
		query = query.where(sheet.opd.isin(scope or [""]))
	rows = [found for found in query.run(as_dict=True) if _was_valid(chain[found.indicator], found.year)]
	return [_point(found, rows[number - 1] if number else None) for number, found in enumerate(rows)]


def trend_chart(rows: list[dict]) -> dict:
	"""The series as Frappe draws it: one line per series, so that no line crosses a break."""
	series: list[list] = []
	for number, row in enumerate(rows):
		if row["is_break"] or not series:
			series.append([None] * len(rows))
		series[-1][number] = row["value"]
	datasets = [
		{"name": _("Realization") if number == 0 else _("Realization, New Series"), "values": values}
		for number, values in enumerate(series)
	]
	datasets.append({"name": _("Target"), "values": [row["target"] for row in rows]})
	return {
		"type": "line",
		"data": {"labels": [row["label"] for row in rows], "datasets": datasets},
		"colors": [*("#2166ac", "#67a9cf", "#ef8a62", "#b2182b")[: len(series)], "#6b7785"],
		"lineOptions": {"hideDots": 0},
	}


def _was_valid(validity: tuple[int, int], year: int) -> bool:
	return (validity[0] or 0) <= year <= (validity[1] or 9999)


def _point(row: dict, before: dict | None) -> dict:
	return {
		"year": row.year,
		"quarter": row.quarter,
		"label": f"{row.year} TW{row.quarter}",
		"indicator": row.indicator,
		"value": stored_number(row.realization_ytd),
		"text": row.realization_ytd or "",
		"target": stored_number(row.target),
		"target_text": row.target or "",
		"is_break": bool(before and before.indicator != row.indicator),
	}


def _chain(code: str) -> dict[str, tuple[int, int]]:
	"""The indicator with whatever it followed and whatever follows it: code → (valid from, valid to)."""
	follows = dict(
		frappe.get_all(INDICATOR, {"successor": ["is", "set"]}, ["name", "successor"], as_list=True)
	)
	came_from: dict[str, list[str]] = {}
	for name, successor in follows.items():
		came_from.setdefault(successor, []).append(name)
	wanted, queue = {code}, [code]
	while queue:
		name = queue.pop()
		for other in [*([follows[name]] if name in follows else []), *came_from.get(name, [])]:
			if other not in wanted:
				wanted.add(other)
				queue.append(other)
	rows = frappe.get_all(INDICATOR, {"name": ["in", list(wanted)]}, ["name", "valid_from", "valid_to"])
	return {row.name: (row.valid_from, row.valid_to) for row in rows}
