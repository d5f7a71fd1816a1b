"""What the rows of each kind of import become: documents to create or to change, through their own controllers."""

from collections.abc import Callable
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import flt, strip_html

from seroja.constants import INDICATOR, OBJECTIVE, PLAN, REALIZATION, TARGET
from seroja.core.cascading import find_cycles, number_tree
from seroja.core.numbers import format_number
from seroja.core.staging import Staged
from seroja.services import plans
from seroja.services.guards import EDITABLE
from seroja.services.objectives import NODE

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


class RowRefused(Exception):
	"""A document refused what a row asked for. index: of the record."""

	def __init__(self, index: int, message: str):
		super().__init__(message)
		self.index = index


@dataclass
class Item:
	"""One document, or one row of one. name: of the existing document. values: what it is to hold, tables as lists.

	parent: the key of an item of the same file that must be there first.
	"""

	index: int
	key: str
	doctype: str
	name: str | None
	values: dict
	state: str
	parent: str = ""


@dataclass
class Changes:
	"""What a file would do."""

	items: list[Item] = field(default_factory=list)

	def counts(self) -> dict[str, int]:
		states = [item.state for item in self.items]
		return {state: states.count(state) for state in (CREATED, CHANGED, UNCHANGED)}

	def report(self, rows: list[int]) -> list[tuple[int, str, str]]:
		"""(row of the file, key, state) in the order of the file."""
		return sorted((rows[item.index], item.key, item.state) for item in self.items)


@dataclass(frozen=True)
class Kind:
	"""A kind of import. plan(job, staged) adds problems and gives the changes; apply(changes, progress) makes them."""

	layout: str
	plan: Callable
	apply: Callable


# --- shared ---


def _opd(job, staged: Staged, index: int, record: dict, entering: bool = False) -> str | None:
	"""The OPD of a row, by abbreviation, name or code, within the import's units; an empty one is the import's own."""
	word = record.get("opd")
	name = job.units.get(word.casefold()) if word else job.opd
	if not name:
		staged.problem(index, "opd", _("There is no such OPD among the units of this import."))
	elif (entering or not job.is_planner) and name not in job.entering:
		staged.problem(index, "opd", _("You are neither operator nor head of this OPD."))
	else:
		return name
	return None


def _given(staged: Staged, record: dict, fields: tuple[str, ...]) -> dict:
	"""The fields that the file has a column for; what it does not mention stays as it is."""
	return {field: record[field] for field in fields if field in staged.present}


def _state(existing: dict | None, values: dict) -> str:
	if existing is None:
		return CREATED
	return UNCHANGED if all(_same(existing.get(name), value) for name, value in values.items()) else CHANGED


def _same(stored, value) -> bool:
	if isinstance(value, (int, float)) or isinstance(stored, (int, float)):
		return flt(stored) == flt(value)
	if isinstance(value, (list, dict)):
		return (stored or type(value)()) == value
	return (stored or "") == (value or "")


def _save(item: Item, values: dict, numbered_later: bool = False):
	"""Create or change one document through its controller; a refusal says which row it was."""
	try:
		doc = frappe.get_doc(item.doctype, item.name) if item.name else frappe.new_doc(item.doctype)
		doc.update(values)
		doc.flags.is_numbered_later = numbered_later
		return doc.save()
	except frappe.ValidationError as error:
		raise RowRefused(item.index, _said(error)) from error
	except frappe.PermissionError as error:
		raise RowRefused(item.index, _said(error) or _("You may not write this document.")) from error


def _said(error: Exception) -> str:
	"""What a controller said: its message, without the markup that is meant for a popup."""
	return strip_html(str(error)).strip()


def apply_documents(changes: Changes, progress: Callable) -> None:
	"""One document per item."""
	due = [item for item in changes.items if item.state != UNCHANGED]
	for number, item in enumerate(due, 1):
		_save(item, item.values)
		progress(number, len(due))


# --- strategic plans ---


def plan_plans(job, staged: Staged) -> Changes:
	"""Plans by type, OPD and first year."""
	changes = Changes()
	for index, record in enumerate(staged.records):
		opd = _opd(job, staged, index, record, entering=True)
		if not opd or not record["year_from"]:
			continue
		name = f"{record['plan_type']}-{opd}-{record['year_from']}"
		missions = [mission.strip() for mission in record["missions"].split(";") if mission.strip()]
		values = _given(staged, record, ("plan_type", "title", "year_from", "year_to", "vision")) | {
			"opd": opd
		}
		if "missions" in staged.present:
			values["items"] = missions
		existing = frappe.get_doc(PLAN, name) if frappe.db.exists(PLAN, name) else None
		known = existing and existing.as_dict() | {"items": [row.mission for row in existing.items]}
		item = Item(index, name, PLAN, name if existing else None, values, _state(known, values))
		if item.state == CHANGED and not plans.is_open(name):
			staged.problem(index, "", _("This plan is approved; start a new version first."))
		changes.items.append(item)
	return changes


def apply_plans(changes: Changes, progress: Callable) -> None:
	for item in changes.items:
		if "items" in item.values:
			item.values["items"] = [{"mission": mission} for mission in item.values["items"]]
	apply_documents(changes, progress)


# --- objectives ---

_NODE_FIELDS = (
	"level",
	"statement",
	"critical_success_factor",
	"position",
	"year_from",
	"year_to",
	"nomenclature_code",
	"weight",
)


def plan_objectives(job, staged: Staged) -> Changes:
	"""Nodes by their code in the plan; a parent is a code of the file, of the plan or of the plan above."""
	plan = _open_plan(job)
	existing = _nodes_of(plan)
	above = (
		{node.objective_code: node.name for node in _nodes_of(plan.parent_plan).values()}
		if plan.parent_plan
		else {}
	)
	in_file = {record["code"] for record in staged.records if record["code"]}
	changes = Changes()
	for index, record in enumerate(staged.records):
		opd = _opd(job, staged, index, record)
		if not opd or not record["code"]:
			continue
		node = existing.get(record["code"])
		parent = record["parent_code"]
		known = existing[parent].name if parent in existing else above.get(parent)
		if parent and parent not in in_file and not known:
			staged.problem(
				index, "parent_code", _("There is no node with this code in the file or in the plan.")
			)
		values = _node_values(plan, staged, record, node) | {
			"opd": opd,
			NODE: known or (parent and f"new:{parent}") or "",
		}
		state = _state(node, values)
		values["plan"] = plan.name
		changes.items.append(
			Item(index, record["code"], OBJECTIVE, node and node.name, values, state, parent)
		)
	_check_order(changes, staged)
	return changes


def _open_plan(job):
	if not job.plan:
		frappe.throw(_("Choose the Strategic Plan that the rows belong to."), title=_("Plan Missing"))
	plan = frappe.get_doc(PLAN, job.plan)
	plan.check_permission("read")
	plans.check_open(plan.name)
	return plan


def _nodes_of(plan) -> dict[str, dict]:
	"""Code → node of a plan with its budgets as {year: (budget, realization)}. Two queries."""
	name = plan if isinstance(plan, str) else plan.name
	rows = frappe.get_all(
		OBJECTIVE, {"plan": name}, ["name", "objective_code", "opd", NODE, *_NODE_FIELDS], order_by="lft"
	)
	budgets = frappe.get_all(
		"Performance Objective Budget",
		{"parent": ["in", [row.name for row in rows] or [""]]},
		["parent", "year", "budget", "budget_realization"],
	)
	by_name = {row.name: row for row in rows}
	for row in rows:
		row.budgets = {}
	for row in budgets:
		by_name[row.parent].budgets[row.year] = (flt(row.budget), flt(row.budget_realization))
	return {row.objective_code: row for row in rows}


def _node_values(plan, staged: Staged, record: dict, node: dict | None) -> dict:
	values = _given(staged, record, _NODE_FIELDS)
	for name, default in (("year_from", plan.year_from), ("year_to", plan.year_to), ("weight", 0)):
		if name in values or (node is None and name != "weight"):
			values[name] = record[name] or default
	values["budgets"] = dict(node.budgets) if node else {}
	if record["budget_year"] and (record["budget"] is not None or record["budget_realization"] is not None):
		values["budgets"][record["budget_year"]] = (
			record["budget"] or 0.0,
			record["budget_realization"] or 0.0,
		)
	return values


def _check_order(changes: Changes, staged: Staged) -> None:
	"""Parents first; a circle of parents is an error of the row."""
	parents = {item.key: item.parent for item in changes.items}
	index = {item.key: item.index for item in changes.items}
	try:
		numbers = number_tree(parents)
	except ValueError:
		for code in find_cycles(parents):
			staged.problem(index[code], "parent_code", _("This node would be above itself."))
		return
	changes.items.sort(key=lambda item: numbers[item.key])


def apply_objectives(changes: Changes, progress: Callable) -> dict[str, str]:
	"""Write the nodes with their parents only, then number the tree once. Gives code → name."""
	names = {item.key: item.name for item in changes.items if item.name}
	due = [item for item in changes.items if item.state != UNCHANGED]
	for number, item in enumerate(due, 1):
		values = item.values | {"objective_code": item.key}
		if str(values[NODE]).startswith("new:"):
			values[NODE] = names[values[NODE].removeprefix("new:")]
		values["budgets"] = [
			{"year": year, "budget": budget, "budget_realization": realization}
			for year, (budget, realization) in sorted(item.values["budgets"].items())
		]
		names[item.key] = _save(item, values, numbered_later=True).name
		progress(number, len(due))
	if due:
		renumber()
	return names


def renumber() -> int:
	"""Number the whole tree afresh, writing only the nodes whose numbers change. Gives how many were written.

	Frappe's own rebuild commits half-way, which an import that is all or nothing cannot use.
	"""
	rows = frappe.get_all(
		OBJECTIVE, fields=["name", NODE, "lft", "rgt", "old_parent"], order_by="lft, creation, name", limit=0
	)
	# A new node has no number yet; it goes after its numbered siblings, in the order of the file.
	rows.sort(key=lambda row: (not row.lft, row.lft))
	numbers = number_tree({row.name: row[NODE] or None for row in rows})
	written = 0
	for row in rows:
		left, right = numbers[row.name]
		if (row.lft, row.rgt) != (left, right) or (row.old_parent or "") != (row[NODE] or ""):
			frappe.db.set_value(
				OBJECTIVE,
				row.name,
				{"lft": left, "rgt": right, "old_parent": row[NODE] or ""},
				update_modified=False,
			)
			written += 1
	frappe.clear_document_cache(OBJECTIVE)
	return written


# --- indicators ---

_INDICATOR_FIELDS = (
	"indicator_name",
	"unit",
	"polarity",
	"method",
	"definition",
	"formula",
	"data_source",
	"bappenas_code",
	"sipd_code",
	"nomenclature_code",
	"responsible_position",
	"numerator_label",
	"denominator_label",
)


def plan_indicators(job, staged: Staged) -> Changes:
	"""Indicators by their code; the node by its code in the plan of the import."""
	if not frappe.has_permission(INDICATOR, "create"):
		frappe.throw(_("Indicators are imported by the planner."), frappe.PermissionError)
	nodes = {code: node.name for code, node in _nodes_of(job.plan).items()} if job.plan else {}
	existing = _existing_indicators([record["indicator_code"] for record in staged.records])
	tags = set(frappe.get_all("Indicator Tag", pluck="name"))
	changes = Changes()
	for index, record in enumerate(staged.records):
		opd = _opd(job, staged, index, record)
		code = record["indicator_code"]
		if not opd or not code:
			continue
		values = _indicator_values(staged, record, existing.get(code)) | {"opd": opd}
		if record["objective_code"]:
			values["performance_objective"] = nodes.get(record["objective_code"])
			if not values["performance_objective"]:
				staged.problem(
					index, "objective_code", _("There is no node with this code in the plan of the import.")
				)
		unknown = [tag for tag in values.get("tags", ()) if tag not in tags]
		if unknown:
			staged.problem(
				index,
				"tags",
				_("Unknown tag: {0}. Known: {1}.").format(", ".join(unknown), ", ".join(sorted(tags))),
			)
		changes.items.append(
			Item(
				index,
				code,
				INDICATOR,
				code if code in existing else None,
				values,
				_state(existing.get(code), values),
			)
		)
	return changes


def _indicator_values(staged: Staged, record: dict, known: dict | None) -> dict:
	values = _given(staged, record, _INDICATOR_FIELDS)
	if record["consolidation"] or not known:
		values["consolidation"] = record["consolidation"] or "LAST"
	if "is_iku" in staged.present:
		values["is_iku"] = int(record["is_iku"])
	if {"numerator_label", "denominator_label"} <= staged.present:
		values["value_source"] = _value_source(record, known)
	if "tags" in staged.present:
		values["tags"] = [tag.strip() for tag in record["tags"].split(",") if tag.strip() not in ("", "IKU")]
	values["year_targets"] = (dict(known.year_targets) if known else {}) | record["target"]
	return values


def _value_source(record: dict, known: dict | None) -> str:
	if record["numerator_label"] and record["denominator_label"]:
		return "Numerator and Denominator"
	return known.value_source if known and known.value_source == "Formula" else "Entered"


def _existing_indicators(codes: list[str]) -> dict[str, dict]:
	"""Code → indicator with its year targets and tags. Three queries."""
	rows = frappe.get_all(
		INDICATOR,
		{"name": ["in", codes or [""]]},
		[
			"name",
			"opd",
			"performance_objective",
			"consolidation",
			"is_iku",
			"value_source",
			*_INDICATOR_FIELDS,
		],
		limit=0,
	)
	found = {row.name: row | {"year_targets": {}, "tags": []} for row in rows}
	for doctype, place in (
		("Performance Indicator Year Target", "year_targets"),
		("Performance Indicator Tag", "tags"),
	):
		fields = ["parent", "year", "target"] if place == "year_targets" else ["parent", "tag"]
		for row in frappe.get_all(
			doctype, {"parent": ["in", list(found) or [""]]}, fields, order_by="parent, idx"
		):
			if place == "tags":
				# The tag IKU follows from the check box.
				found[row.parent]["tags"] += [row.tag] if row.tag != "IKU" else []
			else:
				found[row.parent]["year_targets"][row.year] = row.target
	return {name: frappe._dict(row) for name, row in found.items()}


def apply_indicators(changes: Changes, progress: Callable) -> None:
	due = [item for item in changes.items if item.state != UNCHANGED]
	for number, item in enumerate(due, 1):
		targets = sorted(item.values["year_targets"].items())
		values = item.values | {
			"indicator_code": item.key,
			"year_targets": [{"year": year, "target": target} for year, target in targets],
		}
		if "tags" in values:
			values["tags"] = [{"tag": tag} for tag in values["tags"]]
		_save(item, values)
		progress(number, len(due))


# --- targets and realizations: rows of a document ---


def _documents(
	job, staged: Staged, doctype: str, filters: Callable, fields: tuple[str, ...], amounts: tuple[str, ...]
) -> Changes:
	"""Rows grouped by their document: filters(opd, record) finds it, or says how a new one begins."""
	changes, documents = Changes(), {}
	for index, record in enumerate(staged.records):
		opd = _opd(job, staged, index, record, entering=True)
		if not opd or not record["year"] or not record["indicator_code"]:
			continue
		start = filters(opd, record)
		place = tuple(start.values())
		if place not in documents:
			documents[place] = _open_document(doctype, start)
		name, rows, problem = documents[place]
		if problem:
			staged.problem(index, "", problem)
			continue
		row = rows.get(record["indicator_code"])
		if name and row is None and doctype == REALIZATION:
			staged.problem(index, "indicator_code", _("This indicator has no row on the sheet."))
			continue
		values = _given(staged, record, (*fields, *amounts))
		key = " ".join(str(part) for part in (*place, record["indicator_code"]))
		item = Item(
			index, key, doctype, name, values | {"indicator": record["indicator_code"]}, _state(row, values)
		)
		item.values["document"] = start
		changes.items.append(item)
	return changes


def _open_document(doctype: str, start: dict) -> tuple[str | None, dict, str]:
	"""(name, rows by indicator, problem) of the draft that takes the rows."""
	found = frappe.get_all(
		doctype,
		start | {"docstatus": ["<", 2]},
		["name", "workflow_state"],
		order_by="docstatus asc, creation desc",
	)
	if not found:
		return None, {}, ""
	if found[0].workflow_state not in (None, *EDITABLE):
		return (
			found[0].name,
			{},
			_("{0} is closed in the status {1}.").format(found[0].name, _(found[0].workflow_state)),
		)
	doc = frappe.get_doc(doctype, found[0].name)
	return doc.name, {row.indicator: row.as_dict() for row in doc.items}, ""


def plan_targets(job, staged: Staged) -> Changes:
	"""Target rows into the draft Performance Target of their OPD and year."""
	typed = ("year_target", "target_q1", "target_q2", "target_q3", "target_q4")
	return _documents(
		job, staged, TARGET, lambda opd, row: {"opd": opd, "year": row["year"]}, typed, ("weight", "budget")
	)


def plan_realizations(job, staged: Staged) -> Changes:
	"""Realization rows into the draft sheet of their OPD and period."""
	for record in staged.records:
		for name in ("numerator", "denominator", "budget_realization"):
			record[name] = "" if record[name] is None else format_number(record[name], None)
	typed = (
		"realization",
		"numerator",
		"denominator",
		"missing_reason",
		"budget_realization",
		"evidence_link",
		"obstacle",
		"next_step",
	)
	return _documents(
		job,
		staged,
		REALIZATION,
		lambda opd, row: {"opd": opd, "period": f"{row['year']}-TW{row['quarter']}"},
		typed,
		(),
	)


def apply_rows(changes: Changes, progress: Callable) -> None:
	"""Write the rows of each document in one save."""
	groups: dict[tuple, list[Item]] = {}
	for item in changes.items:
		if item.state != UNCHANGED:
			groups.setdefault(tuple(item.values["document"].values()), []).append(item)
	for number, items in enumerate(groups.values(), 1):
		_write_rows(items)
		progress(number, len(groups))


def _write_rows(items: list[Item]) -> None:
	first = items[0]
	if not first.name:
		first.name = _save(
			Item(first.index, "", first.doctype, None, {}, CREATED), first.values["document"]
		).name
	doc = frappe.get_doc(first.doctype, first.name)
	rows = {row.indicator: row for row in doc.items}
	for item in items:
		values = {
			name: value for name, value in item.values.items() if name != "document" and value is not None
		}
		if item.values["indicator"] not in rows and doc.doctype == REALIZATION:
			raise RowRefused(item.index, _("This indicator has no row on the sheet."))
		(rows.get(item.values["indicator"]) or doc.append("items")).update(values)
	try:
		doc.save()
	except (frappe.ValidationError, frappe.PermissionError) as error:
		raise RowRefused(first.index, _said(error)) from error


# --- SIPD layout ---


def plan_sipd(job, staged: Staged) -> Changes:
	"""Programs, kegiatan and sub kegiatan by their nomenclature code, their indicators and budgets."""
	plan = _open_plan(job)
	existing = _nodes_of(plan)
	known = _sipd_indicators(existing)
	changes, seen, counts = Changes(), {}, {}
	for index, record in enumerate(staged.records):
		opd = _opd(job, staged, index, record)
		if not opd:
			continue
		for item in _sipd_nodes(plan, opd, index, record, existing, seen, staged):
			item.values["plan"] = plan.name
			changes.items.append(item)
		if record["indicator_name"]:
			changes.items.append(_sipd_indicator(plan, opd, index, record, known, counts))
	return changes


def _sipd_nodes(plan, opd: str, index: int, record: dict, existing: dict, seen: dict, staged: Staged):
	"""The new nodes of one row, program first; a node that an earlier row has made is not made again."""
	above = ""
	for level, part in (("Program", "program"), ("Kegiatan", "activity"), ("Sub Kegiatan", "sub_activity")):
		code = f"{opd}:{record[f'{part}_code']}"
		node = existing.get(code)
		budgets = dict(node.budgets) if node else {}
		if level == "Sub Kegiatan" and record["budget"] is not None:
			budgets[record["year"] or plan.year_from] = (
				record["budget"],
				record["budget_realization"] or 0.0,
			)
		values = {
			"level": level,
			"statement": record[f"{part}_name"],
			"nomenclature_code": record[f"{part}_code"],
			"opd": opd,
			"budgets": budgets,
		}
		if not node:
			values |= {
				"year_from": plan.year_from,
				"year_to": plan.year_to,
				NODE: f"new:{above}" if above else "",
			}
		elif above and above not in existing:
			values[NODE] = f"new:{above}"
		if code not in seen:
			seen[code] = values
			yield Item(index, code, OBJECTIVE, node and node.name, values, _state(node, values), above)
		elif not _same(seen[code]["statement"], values["statement"]):
			staged.problem(index, f"{part}_name", _("An earlier row gives this code another name."))
		elif level == "Sub Kegiatan" and record["budget"] is not None and seen[code]["budgets"] != budgets:
			staged.problem(index, "budget", _("An earlier row gives this sub kegiatan another budget."))
		above = code


def _sipd_indicators(existing: dict) -> dict[tuple[str, str], dict]:
	"""(code of the sub kegiatan, name of the indicator) → indicator with its year targets."""
	codes = {node.name: code for code, node in existing.items()}
	filters = {
		"performance_objective": ["in", list(codes) or ["-"]]
	}  # an empty name would match unattached ones
	names = frappe.get_all(INDICATOR, filters, pluck="name", limit=0)
	rows = _existing_indicators(names)
	return {(codes[row.performance_objective], row.indicator_name): row for row in rows.values()}


def _sipd_indicator(plan, opd: str, index: int, record: dict, known: dict, counts: dict) -> Item:
	node = f"{opd}:{record['sub_activity_code']}"
	indicator = known.get((node, record["indicator_name"]))
	counts[node] = counts.get(node, 0) + 1
	year = record["year"] or plan.year_from
	values = {
		"indicator_name": record["indicator_name"],
		"unit": record["unit"],
		"opd": opd,
		"sipd_code": record["sub_activity_code"],
		"nomenclature_code": record["sub_activity_code"],
		"year_targets": (dict(indicator.year_targets) if indicator else {})
		| ({year: record["target"]} if record["target"] else {}),
	}
	if not indicator:
		values |= {"polarity": "Maximize", "consolidation": "SUM", "performance_objective": f"new:{node}"}
	code = indicator.name if indicator else f"{opd}-{record['sub_activity_code']}-{counts[node]}"
	return Item(index, code, INDICATOR, indicator and indicator.name, values, _state(indicator, values), node)


def apply_sipd(changes: Changes, progress: Callable) -> None:
	nodes = Changes([item for item in changes.items if item.doctype == OBJECTIVE])
	names = apply_objectives(nodes, progress)
	indicators = Changes([item for item in changes.items if item.doctype == INDICATOR])
	for item in indicators.items:
		target = str(item.values.get("performance_objective") or "")
		if target.startswith("new:"):
			item.values["performance_objective"] = names[target.removeprefix("new:")]
	apply_indicators(indicators, progress)


KINDS = {
	"Strategic Plans": Kind("plans", plan_plans, apply_plans),
	"Objectives": Kind("objectives", plan_objectives, apply_objectives),
	"Indicators": Kind("indicators", plan_indicators, apply_indicators),
	"Targets": Kind("targets", plan_targets, apply_rows),
	"Realizations": Kind("realizations", plan_realizations, apply_rows),
	"SIPD Layout": Kind("sipd", plan_sipd, apply_sipd),
}
