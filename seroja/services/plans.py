"""Strategic Plan: what may stand in it, its frozen versions, and what two versions differ in."""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import cint, now_datetime

from seroja.constants import APPROVED, DRAFT, INDICATOR, OBJECTIVE, PLAN, PLAN_VERSION, RETURNED
from seroja.core import cascading
from seroja.core.numbers import format_number
from seroja.permissions.opd import positions

HEADER = ("title", "year_to", "parent_plan", "regulation", "vision")
LONGEST_YEARS = 20
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
LIVE = "live"


# --- the plan ---


def validate_plan(doc) -> None:
	"""Years in order, the right kind of unit, a parent that covers the years."""
	doc.year_from, doc.year_to = cint(doc.year_from), cint(doc.year_to)
	if not (1945 <= doc.year_from <= doc.year_to < doc.year_from + LONGEST_YEARS):
		frappe.throw(
			_("The plan must run from an earlier to a later year, at most {0} years.").format(LONGEST_YEARS),
			title=_("Years Out of Order"),
		)
	is_government = frappe.get_cached_value("OPD", doc.opd, "opd_type") == "Government"
	if is_government == (doc.plan_type == "Renstra"):
		frappe.throw(
			_("RPJMD and RPD belong to the government, a Renstra to an OPD. Choose the other type or unit."),
			title=_("Type of Plan Does Not Fit"),
		)
	_check_parent(doc)
	_check_nodes(doc)
	doc.version_label = version_label(cint(doc.version) or 1)


def _check_parent(doc) -> None:
	if not doc.parent_plan:
		return
	parent = frappe.get_cached_doc(PLAN, doc.parent_plan)
	if doc.plan_type != "Renstra" or parent.plan_type == "Renstra":
		frappe.throw(_("Only a Renstra is derived from an RPJMD or RPD."), title=_("Parent Does Not Fit"))
	if doc.year_from < parent.year_from or doc.year_to > parent.year_to:
		frappe.throw(
			_("The years must lie within those of {0} ({1}–{2}).").format(
				parent.title, parent.year_from, parent.year_to
			),
			title=_("Years Out of Order"),
		)


def _check_nodes(doc) -> None:
	"""What hangs on the plan still fits after its years or its parent have changed."""
	if doc.is_new():
		return
	node, parent = frappe.qb.DocType(OBJECTIVE), frappe.qb.DocType(OBJECTIVE).as_("parent")
	outside = frappe.db.exists(OBJECTIVE, {"plan": doc.name, "year_from": ["<", doc.year_from]}) or (
		frappe.db.exists(OBJECTIVE, {"plan": doc.name, "year_to": [">", doc.year_to]})
	)
	if outside:
		frappe.throw(_("Objectives of this plan lie outside these years."), title=_("Years Out of Order"))
	elsewhere = (
		frappe.qb.from_(node)
		.join(parent)
		.on(parent.name == node.parent_performance_objective)
		.select(node.name)
		.where((node.plan == doc.name) & parent.plan.notin([doc.name, doc.parent_plan or ""]))
		.limit(1)
	).run()
	if elsewhere:
		frappe.throw(
			_("Objectives of this plan contribute to another plan. Move them first."),
			title=_("Parent Does Not Fit"),
		)


def version_label(version: int) -> str:
	"""Murni, Perubahan I, Perubahan II …"""
	if version <= 1:
		return "Murni"
	number = _ROMAN[version - 1] if version <= len(_ROMAN) else str(version - 1)
	return f"Perubahan {number}"


def set_version(doc) -> None:
	"""A revision starts as the next version of the same plan, with its reason."""
	action, *_rest, note = doc.flags.get("step") or ("", "")
	if action == "Revise":
		doc.version = cint(doc.version) + 1
		doc.revision_reason = note
		doc.version_label = version_label(doc.version)
		for field in ("submitted", "approved", "verified"):
			doc.update({f"{field}_by": None, f"{field}_on": None})
		doc.makers = f",{frappe.session.user},"


def is_open(plan: str, for_update: bool = False) -> bool:
	"""True while a version of the plan is being written: only then may its tree and targets change."""
	state = frappe.db.get_value(PLAN, plan, "workflow_state", for_update=for_update)
	return state in (None, "", DRAFT, RETURNED)


def check_open(plan: str) -> None:
	"""Refuse to change what an approved plan, or one that is being decided on, consists of."""
	# The row is locked, so that an approval and a change wait for each other.
	if not is_open(plan, for_update=True):
		frappe.throw(
			_(
				"The plan {0} is closed: its version is approved or being decided on. Start a new version of the plan first."
			).format(plan),
			title=_("Plan Is Closed"),
		)


def add_maker(plan: str) -> None:
	"""Whoever of the plan's own unit writes a node is a maker of the plan and does not decide on it.

	People of other units never decide on it, and their names are nobody's business. The planner keeps the
	indicators of every plan and approves all of them; what he writes does not bar him.
	"""
	user = frappe.session.user
	opd, makers = frappe.db.get_value(PLAN, plan, ["opd", "makers"])
	if f",{user}," not in (makers or "") and positions(opd):
		frappe.db.set_value(PLAN, plan, "makers", f"{makers or ','}{user},", update_modified=False)


# --- versions ---


def content_of(doc) -> dict:
	"""What a version of a plan consists of, as texts: the plan, its objectives, its indicators with year targets.

	The caller has checked the plan. Four queries, whatever the size.
	"""
	nodes = _objectives(doc.name)
	return {
		"plan": {
			"title": doc.title or "",
			"years": f"{doc.year_from}–{doc.year_to}",
			"regulation": doc.regulation or "",
			"parent": doc.parent_plan or "",
			"vision": doc.vision or "",
			"missions": "\n".join(row.mission or "" for row in doc.items),
		},
		"objectives": {node["name"]: node["parts"] for node in nodes},
		"indicators": _indicators({node["name"]: node["parts"]["code"] for node in nodes}),
	}


def _objectives(plan: str) -> list[dict]:
	fields = (
		"name",
		"statement",
		"level",
		"opd",
		"parent_performance_objective",
		"objective_code",
		"nomenclature_code",
		"position",
		"year_from",
		"year_to",
		"weight",
		"critical_success_factor",
	)
	rows = frappe.get_all(OBJECTIVE, {"plan": plan}, fields, order_by="lft, name")
	titles = {row.name: row.statement for row in rows}
	budgets = _budgets(plan)
	return [
		{
			"name": row.name,
			"parts": {
				"title": row.statement or "",
				"level": row.level,
				"opd": row.opd,
				"code": row.objective_code or "",
				"nomenclature": row.nomenclature_code or "",
				"parent": titles.get(
					row.parent_performance_objective, row.parent_performance_objective or ""
				),
				"position": row.position or "",
				"years": f"{row.year_from}–{row.year_to}",
				"weight": format_number(row.weight) if row.weight else "",
				"critical_success_factor": row.critical_success_factor or "",
			}
			| budgets.get(row.name, {}),
		}
		for row in rows
	]


def _budgets(plan: str) -> dict[str, dict[str, str]]:
	budget, node = frappe.qb.DocType("Performance Objective Budget"), frappe.qb.DocType(OBJECTIVE)
	rows = (
		frappe.qb.from_(budget)
		.join(node)
		.on(node.name == budget.parent)
		.select(budget.parent, budget.year, budget.budget)
		.where(node.plan == plan)
		.orderby(budget.year)
	).run()
	found: dict[str, dict[str, str]] = {}
	for name, year, amount in rows:
		found.setdefault(name, {})[f"budget_{year}"] = f"Rp {format_number(float(amount or 0), 0)}"
	return found


def _indicators(codes: dict[str, str]) -> dict[str, dict[str, str]]:
	"""codes: node → its code; an indicator names the node by it, so that a new wording is one difference, not two."""
	if not codes:
		return {}
	rows = frappe.get_all(
		INDICATOR,
		{"performance_objective": ["in", list(codes)], "is_active": 1},
		["name", "indicator_name", "opd", "unit", "is_iku", "polarity", "performance_objective"],
		order_by="indicator_code",
	)
	targets: dict[str, dict[str, str]] = {}
	years = frappe.get_all(
		"Performance Indicator Year Target",
		{"parent": ["in", [row.name for row in rows] or [""]]},
		["parent", "year", "target"],
		order_by="year",
	)
	for target in years:
		targets.setdefault(target.parent, {})[f"target_{target.year}"] = target.target or ""
	return {
		row.name: {
			"title": row.indicator_name or "",
			"opd": row.opd,
			"objective": codes[row.performance_objective],
			"unit": row.unit or "",
			"iku": "IKU" if row.is_iku else "",
			"polarity": row.polarity,
		}
		| targets.get(row.name, {})
		for row in rows
	}


def content_digest(content: dict) -> str:
	"""SHA-256 over the content of a version."""
	return hashlib.sha256(_as_json(content).encode()).hexdigest()


def _as_json(content: dict) -> str:
	return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def store_version(doc) -> None:
	"""After approval: keep this version for good. The approval was checked by the step."""
	if doc.workflow_state != APPROVED or frappe.db.exists(PLAN_VERSION, f"{doc.name}-v{doc.version}"):
		return
	content = content_of(doc)
	version = frappe.get_doc(
		{
			"doctype": PLAN_VERSION,
			"plan": doc.name,
			"opd": doc.opd,
			"version": doc.version,
			"version_label": doc.version_label,
			"reason": doc.revision_reason,
			"approved_by": frappe.session.user,
			"approved_on": now_datetime().replace(microsecond=0),
			"objectives": len(content["objectives"]),
			"indicators": len(content["indicators"]),
			"digest": content_digest(content),
			"content": _as_json(content),
		}
	)
	version.flags.is_approval = True
	version.insert(ignore_permissions=True)  # nobody may write versions by hand; the step was checked


def versions_of(plan: str) -> list[dict]:
	"""The approved versions of a plan, oldest first. The caller has checked that the user may read the plan."""
	return frappe.get_all(
		PLAN_VERSION,
		{"plan": plan},
		["name", "version", "version_label", "approved_on", "reason"],
		order_by="version asc",
	)


def stored_content(name: str) -> dict:
	"""The content of a stored version. The caller has checked that the user may read its plan."""
	return json.loads(frappe.db.get_value(PLAN_VERSION, name, "content") or "{}")


def first_ikus(plans: list[str]) -> dict[str, set[str]]:
	"""Plan → the indicators that were IKU in its first approved version; plans without a version are left out."""
	rows = frappe.get_all(
		PLAN_VERSION, {"plan": ["in", plans or [""]], "version": 1}, ["plan", "content"], as_list=True
	)
	return {
		plan: {code for code, parts in json.loads(content)["indicators"].items() if parts.get("iku")}
		for plan, content in rows
	}


def compare(plan: str, before: str, after: str) -> list[cascading.Difference]:
	"""What two versions of a plan differ in; `LIVE` names the plan as it is now.

	Permission: read on the plan, and on its unit, because a version holds what all units below have put into it.
	Throws for a version of another plan.
	"""
	doc = frappe.get_doc(PLAN, plan)
	doc.check_permission("read")
	frappe.has_permission("OPD", "read", doc.opd, throw=True)
	return cascading.differences(_content(doc, before), _content(doc, after))


def _content(doc, version: str) -> dict:
	if version == LIVE:
		return content_of(doc)
	if frappe.db.get_value(PLAN_VERSION, version, "plan") != doc.name:
		frappe.throw(
			_("{0} is not a version of {1}.").format(version, doc.name), title=_("Version Not Found")
		)
	return stored_content(version)
