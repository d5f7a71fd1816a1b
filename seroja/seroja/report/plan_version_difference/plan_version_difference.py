"""Plan Version Difference: what was added, removed or changed between two versions of a Strategic Plan."""

import frappe
from frappe import _

from seroja.services import plans
from seroja.services.report_parts import as_filters, build_columns, card, escape_texts

COLUMNS = (
	("change_label", "Change", "Data", 110),
	("kind_label", "Part of the Plan", "Data", 150),
	("title", "Objective or Indicator", "Data", 300),
	("part_label", "Field", "Data", 160),
	("before", "Before", "Data", 260),
	("after", "After", "Data", 260),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	if not filters.get("plan"):
		return build_columns(COLUMNS), [], _("Choose a Strategic Plan.")
	frappe.has_permission("Strategic Plan", "read", filters.plan, throw=True)
	versions = plans.versions_of(filters.plan)
	if not versions:
		return build_columns(COLUMNS), [], _("This plan has no approved version yet.")
	before, after = _chosen(filters, [version.name for version in versions])
	rows = [_present(difference) for difference in plans.compare(filters.plan, before, after)]
	escape_texts(rows, ("title", "before", "after"))
	message = f"{_label(before, versions)} → {_label(after, versions)}"
	return build_columns(COLUMNS), rows, message, None, _summary(rows)


def _chosen(filters: dict, names: list[str]) -> tuple[str, str]:
	"""The versions that were asked for; else the last one against the plan as it is, or the last two of a closed plan."""
	if not filters.get("before") and not filters.get("after") and not plans.is_open(filters["plan"]):
		return names[max(len(names) - 2, 0)], names[-1]
	return filters.get("before") or names[-1], filters.get("after") or plans.LIVE


def _label(name: str, versions: list) -> str:
	labels = {version.name: version.version_label for version in versions}
	return labels.get(name) or _("As It Is Now")


def _present(difference) -> dict:
	return {
		"change": difference.change,
		"change_label": CHANGES[difference.change](),
		"kind_label": KINDS[difference.kind](),
		"title": difference.title,
		"part_label": _part(difference.part),
		"before": difference.before,
		"after": difference.after,
	}


CHANGES = {"added": lambda: _("Added"), "removed": lambda: _("Removed"), "changed": lambda: _("Changed")}
KINDS = {
	"plan": lambda: _("Strategic Plan"),
	"objectives": lambda: _("Objectives"),
	"indicators": lambda: _("Indicator"),
}
PARTS = {
	"title": lambda: _("Statement"),
	"level": lambda: _("Level"),
	"opd": lambda: _("OPD"),
	"code": lambda: _("Code"),
	"nomenclature": lambda: _("Nomenclature Code"),
	"parent": lambda: _("Contributes To"),
	"position": lambda: _("Responsible Position"),
	"years": lambda: _("Years"),
	"weight": lambda: _("Weight"),
	"critical_success_factor": lambda: _("Critical Success Factor"),
	"objective": lambda: _("Objective"),
	"unit": lambda: _("Unit"),
	"iku": lambda: _("IKU"),
	"polarity": lambda: _("Polarity"),
	"regulation": lambda: _("Regulation"),
	"vision": lambda: _("Vision"),
	"missions": lambda: _("Missions"),
}


def _part(part: str) -> str:
	name, _sign, year = part.rpartition("_")
	if name == "target":
		return _("Target {0}").format(year)
	if name == "budget":
		return _("Budget {0}").format(year)
	return PARTS[part]() if part in PARTS else part


def _summary(rows: list[dict]) -> list[dict]:
	counts = [row["change"] for row in rows]
	return [
		card(_("Added"), counts.count("added"), indicator="Green"),
		card(_("Removed"), counts.count("removed"), indicator="Red"),
		card(_("Changed"), counts.count("changed"), indicator="Orange"),
	]
