"""Follow-up Status: the matrix of recommendations by class and OPD, or one line per recommendation."""

from collections import Counter

from frappe import _
from frappe.utils import cint

from seroja.constants import CANNOT_BE_FOLLOWED_UP, CLOSED, IN_PROGRESS, NOT_FOLLOWED_UP
from seroja.permissions.opd import holders
from seroja.services import evaluation_figures, recommendations, repository
from seroja.services.report_parts import as_filters, bar_chart, build_columns, card, escape_texts

COLUMNS = (
	("opd", "OPD", "Link", 120, "OPD"),
	("opd_name", "Name of OPD", "Data", 260),
	("responsible", "Head of OPD", "Data", 200),
	("total", "Recommendations", "Int", 130),
	("closed", "As Recommended", "Int", 110),
	("in_progress", "Not Yet as Recommended", "Int", 120),
	("not_followed_up", "Not Followed Up", "Int", 140),
	("cannot", "Cannot Be Followed Up", "Int", 150),
	("progress", "Progress (%)", "Float", 110),
	("overdue_count", "Overdue", "Int", 100),
	("oldest", "Oldest Open (Days)", "Int", 140),
)
COLUMNS_DETAIL = (
	("name", "Recommendation", "Link", 190, "Recommendation"),
	("opd", "OPD", "Link", 110, "OPD"),
	("year", "Year", "Int", 70),
	("component_code", "Component", "Data", 90),
	("condition", "Condition", "Data", 220),
	("recommendation", "What Is Recommended", "Data", 280),
	("follow_up", "Follow-up", "Data", 240),
	("status_label", "Status", "Data", 150),
	("age", "Age (Days)", "Int", 90),
	("due_date", "Due", "Date", 105),
	("overdue", "Days Overdue", "Int", 110),
	("status_note", "Note of the Inspektorat", "Data", 220),
)
_COUNTS = {
	"closed": CLOSED,
	"in_progress": IN_PROGRESS,
	"not_followed_up": NOT_FOLLOWED_UP,
	"cannot": CANNOT_BE_FOLLOWED_UP,
}


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	rows = evaluation_figures.recommendations_of(filters)
	counts = Counter(row.status for row in rows)
	chart = _chart(counts) if rows else None
	if cint(filters.detail):
		return build_columns(COLUMNS_DETAIL), _details(rows), None, chart, _summary(rows, counts)
	return build_columns(COLUMNS), _matrix(rows), None, chart, _summary(rows, counts)


def _matrix(rows: list[dict]) -> list[dict]:
	names, by_opd = repository.opd_names(), {}
	for row in rows:
		by_opd.setdefault(row.opd, []).append(row)
	heads = holders(list(by_opd), "Head")
	people = repository.full_names({user for users in heads.values() for user in users})
	found = []
	for opd in [name for name in names if name in by_opd]:
		counts = Counter(row.status for row in by_opd[opd])
		open_rows = [row for row in by_opd[opd] if row.status in recommendations.OPEN]
		found.append(
			{
				"opd": opd,
				"opd_name": names[opd],
				"responsible": ", ".join(people.get(user) or user for user in heads.get(opd, [])),
				"total": counts.total(),
				"progress": recommendations.progress(counts),
				"overdue_count": sum(bool(row.overdue) for row in open_rows),
				"oldest": max((row.age for row in open_rows), default=None),
			}
			| {field: counts[status] for field, status in _COUNTS.items()}
		)
	escape_texts(found, ("opd_name", "responsible"))
	return found


def _details(rows: list[dict]) -> list[dict]:
	for row in rows:
		row["status_label"] = _(row.status)
		row["overdue"] = row["overdue"] or None
	escape_texts(rows, ("component_code", "condition", "recommendation", "follow_up", "status_note"))
	return rows


def _chart(counts: Counter) -> dict:
	classes = recommendations.CLASSES
	return bar_chart(
		[_(status) for status in classes], [counts[status] for status in classes], _("Recommendations")
	)


def _summary(rows: list[dict], counts: Counter) -> list[dict]:
	return [
		card(_("Recommendations"), counts.total()),
		card(_("Progress (%)"), recommendations.progress(counts), "Float", "Green"),
		card(_("Still Open"), sum(counts[status] for status in recommendations.OPEN)),
		card(_("Overdue"), sum(bool(row.overdue) for row in rows), indicator="Red"),
	]
