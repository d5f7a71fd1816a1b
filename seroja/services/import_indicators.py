"""Importing indicators with their year targets and tags."""

from collections.abc import Callable

import frappe
from frappe import _

from seroja.constants import ENTERED, FORMULA, INDICATOR, RATIO
from seroja.core.staging import Staged
from seroja.services.import_items import UNCHANGED, Changes, Item, given, resolve_opd, save_item, state_of
from seroja.services.import_trees import nodes_of

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
	nodes = {code: node.name for code, node in nodes_of(job.plan).items()} if job.plan else {}
	existing = existing_indicators([record["indicator_code"] for record in staged.records])
	tags = set(frappe.get_all("Indicator Tag", pluck="name"))
	changes = Changes()
	for index, record in enumerate(staged.records):
		opd = resolve_opd(job, staged, index, record)
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
				state_of(existing.get(code), values),
			)
		)
	return changes


def _indicator_values(staged: Staged, record: dict, known: dict | None) -> dict:
	values = given(staged, record, _INDICATOR_FIELDS)
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
		return RATIO
	return FORMULA if known and known.value_source == FORMULA else ENTERED


def existing_indicators(codes: list[str]) -> dict[str, dict]:
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
		save_item(item, values)
		progress(number, len(due))
