"""Performance Target: filling rows from indicators, reading what was typed, versions."""

import frappe
from frappe import _
from frappe.utils import flt

from seroja.constants import OBJECTIVE, TARGET
from seroja.core.numbers import NumberFormatError, Value, read_value
from seroja.core.periods import target_problems

COPIED = (
	"indicator_name",
	"unit",
	"objective",
	"polarity",
	"method",
	"consolidation",
	"ordinal_scale",
	"is_iku",
	"performance_objective",
	"value_source",
	"expression",
	"factor",
)
QUARTERS = ("target_q1", "target_q2", "target_q3", "target_q4")


def current_target(opd: str, year: int) -> str | None:
	"""The approved target in force of an OPD for a year."""
	return frappe.db.get_value(TARGET, {"opd": opd, "year": year, "docstatus": 1, "is_current": 1})


def check_year(doc) -> None:
	if not 1945 <= doc.year <= 2200:
		frappe.throw(_("{0} is not a year.").format(doc.year), title=_("Not a Year"))


def fill_rows(doc) -> None:
	"""One row per active indicator of the OPD that is valid in the year, with the year target of the indicator."""
	indicators = {
		name: row
		for name, row in _indicators({"opd": doc.opd, "is_active": 1}).items()
		if (row.valid_from or 0) <= doc.year <= (row.valid_to or 9999)
	}
	year_targets = dict(
		frappe.get_all(
			"Performance Indicator Year Target",
			{"parent": ["in", list(indicators) or [""]], "year": doc.year},
			["parent", "target"],
			as_list=True,
		)
	)
	for name in indicators:
		doc.append("items", {"indicator": name, "year_target": year_targets.get(name)})


def copy_indicators(doc) -> None:
	"""Copy what the row must remember of its indicator, and refuse indicators of another OPD."""
	indicators = _indicators({"name": ["in", [row.indicator for row in doc.items] or [""]]})
	for row in doc.items:
		indicator = indicators.get(row.indicator)
		if not indicator or indicator.opd != doc.opd:
			frappe.throw(
				_("Row {0}: indicator {1} does not belong to {2}.").format(row.idx, row.indicator, doc.opd),
				title=_("Indicator of Another OPD"),
			)
		row.update({field: indicator[field] for field in COPIED})


def _indicators(filters: dict) -> dict[str, dict]:
	# Scope: the caller's document was checked; an OPD's target only ever takes its own indicators.
	rows = frappe.get_all(
		"Performance Indicator",
		filters,
		["name", "opd", "valid_from", "valid_to", *COPIED],
		order_by="objective, indicator_code",
	)
	return {row.name: row for row in rows}


def read_rows(doc) -> None:
	"""Turn what was typed into the Indonesian form; say in one message which rows need correction."""
	problems = []
	for row in doc.items:
		values = {}
		for field in ("year_target", *QUARTERS):
			try:
				values[field] = read_typed(row, row.get(field), is_range=True)
				row.set(field, values[field].show())
			except NumberFormatError as error:
				problems.append(f"{_('Row {0}').format(row.idx)}, {_(row.meta.get_label(field))}: {error}")
		if len(values) == 1 + len(QUARTERS):
			problems += [
				f"{_('Row {0}').format(row.idx)}: {problem}" for problem in _contradictions(row, values)
			]
	if problems:
		frappe.throw(problems, title=_("Please Correct the Targets"), as_list=True)


def read_typed(row, text, is_range: bool = False) -> Value:
	"""A typed target or realization of a row, by the polarity of its indicator."""
	return read_value(text, qualitative=row.polarity == "Qualitative", is_range=is_range)


def read_year_target(row, polarity: str) -> str:
	"""The year target of an indicator in the Indonesian form; throws for what is no target."""
	try:
		return read_value(row.target, qualitative=polarity == "Qualitative", is_range=True).show()
	except NumberFormatError as error:
		frappe.throw(f"{row.year}: {error}", title=_("Please Correct the Targets"))


def _contradictions(row, values: dict[str, Value]) -> list[str]:
	if any(value.label or value.high is not None for value in values.values()):
		return []
	quarters = [values[field].low for field in QUARTERS]
	return target_problems(quarters, values["year_target"].low, row.consolidation)


def validate_actions(doc) -> None:
	"""Actions belong to rows of the document, and spend no more than the row has (domain.md 2.6)."""
	budgets = {row.indicator: flt(row.budget) for row in doc.items}
	spent: dict[str, float] = {}
	sources = {row.performance_objective for row in doc.actions if row.performance_objective}
	if sources and frappe.db.exists(OBJECTIVE, {"name": ["in", list(sources)], "opd": ["!=", doc.opd]}):
		frappe.throw(
			_("An action is carried out by a node of {0} itself.").format(doc.opd),
			title=_("Node of Another OPD"),
		)
	for row in doc.actions:
		if row.indicator not in budgets:
			frappe.throw(
				_("Action {0}: the indicator {1} has no target in this document.").format(
					row.idx, row.indicator
				),
				title=_("Action Without Target"),
			)
		quarters = sum(flt(row.get(f"budget_q{number}")) for number in (1, 2, 3, 4))
		spent[row.indicator] = spent.get(row.indicator, 0) + quarters
	over = [code for code, amount in spent.items() if budgets[code] and amount > budgets[code] + 0.005]
	if over:
		frappe.throw(
			_("The actions of {0} spend more than its budget. Lower them or raise the budget.").format(
				", ".join(over)
			),
			title=_("Budget Exceeded"),
		)


def validate_rows(doc) -> None:
	"""No indicator twice; weights on all rows or none, together 100 (domain.md 3.3)."""
	names = [row.indicator for row in doc.items]
	twice = sorted({name for name in names if names.count(name) > 1})
	if twice:
		frappe.throw(
			_("Indicator {0} stands in more than one row.").format(", ".join(twice)), title=_("Duplicate Row")
		)
	weights = [flt(row.weight) for row in doc.items]
	if any(weights) and (not all(weights) or abs(sum(weights) - 100) > 0.005):
		frappe.throw(
			_(
				"Weights must stand on every row and make 100; now they make {0}. Leave all of them empty to use none."
			).format(frappe.format_value(sum(weights), {"fieldtype": "Float", "precision": 2})),
			title=_("Weights Do Not Make 100"),
		)


def check_complete(doc) -> None:
	"""Before submission: rows, and a year target on each."""
	if not doc.items:
		frappe.throw(_("There are no targets to submit."), title=_("No Rows"))
	missing = [str(row.idx) for row in doc.items if not row.year_target]
	if missing:
		frappe.throw(
			_("Rows without a year target: {0}. Fill them in or remove the rows.").format(", ".join(missing)),
			title=_("Targets Missing"),
		)


def quarter_target(row, quarter: int) -> str:
	"""The target of a quarter: its own, else of the last quarter before that has one; Q4 falls back to the year."""
	for number in range(quarter, 0, -1):
		if row.get(f"target_q{number}"):
			return row.get(f"target_q{number}")
	return row.year_target if quarter == 4 or not any(row.get(field) for field in QUARTERS) else ""


def make_revision(name: str, reason: str):
	"""A new version of an approved target, as a draft copy. Permission: create on the DocType and the OPD."""
	approved = frappe.get_doc(TARGET, name)
	approved.check_permission("read")
	if not approved.is_current:
		frappe.throw(_("Only the version in force can be revised."), title=_("Not in Force"))
	if not (reason or "").strip():
		frappe.throw(_("Give the reason for the revision."), title=_("Reason Missing"))
	revision = frappe.copy_doc(approved, ignore_no_copy=False)
	revision.update(
		{
			"version": approved.version + 1,
			"revision_of": approved.name,
			"revision_reason": reason.strip(),
			"is_current": 0,
			"docstatus": 0,
		}
	)
	revision.flags.is_revision = True
	return revision.insert()


def put_in_force(doc) -> None:
	"""After approval: this version is the one in force, earlier ones are kept."""
	earlier = frappe.get_all(
		TARGET, {"opd": doc.opd, "year": doc.year, "is_current": 1, "name": ["!=", doc.name]}
	)
	for row in earlier:
		frappe.db.set_value(TARGET, row.name, "is_current", 0)
	doc.db_set("is_current", 1)


def check_single_draft(doc) -> None:
	"""One version at a time: a first version only once, a revision only while no other is open."""
	others = frappe.get_all(
		TARGET,
		{"opd": doc.opd, "year": doc.year, "docstatus": ["<", 2], "name": ["!=", doc.name or ""]},
		["name", "docstatus"],
	)
	if doc.flags.is_revision:
		others = [row for row in others if row.docstatus == 0]
	if others:
		frappe.throw(
			_("{0} already exists for this OPD and year.").format(others[0].name),
			title=_("Target Exists Already"),
		)
