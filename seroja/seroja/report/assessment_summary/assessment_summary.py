"""Assessment Summary: scores per component and OPD, rank, predicates, movement against last year."""

from collections import Counter

from frappe import _

from seroja.services import assessments, evaluation_figures, repository
from seroja.services.report_parts import (
	as_filters,
	bar_chart,
	build_columns,
	card,
	escape_texts,
	mean,
	show_points,
)

COLUMNS = (
	("rank", "Rank", "Int", 95),
	("opd", "OPD", "Link", 120, "OPD"),
	("opd_name", "Name of OPD", "Data", 240),
	("assessment", "Assessment", "Link", 190, "Assessment"),
	("state_label", "Status", "Data", 130),
)
COLUMNS_RESULT = (
	("index", "Index", "Float", 90),
	("predicate", "Predicate", "Data", 100),
	("self_index", "Self-Assessment", "Float", 120),
	("last_year", "Last Year", "Float", 100),
	("trend", "Movement", "Data", 130),
)


def execute(filters: dict | None = None):
	filters = as_filters(filters)
	name, year = evaluation_figures.chosen(filters)
	if not name:
		return build_columns((*COLUMNS, *COLUMNS_RESULT)), [], _("There is no instrument yet.")
	parts = evaluation_figures.top_parts(name)
	rows = _rows(name, year, filters, parts)
	columns = (
		*COLUMNS,
		*((f"part_{place}", title, "Float", 130) for place, title in parts.items()),
		*COLUMNS_RESULT,
	)
	return (
		build_columns(columns),
		rows,
		f"{evaluation_figures.title_of(name)}, {year}",
		_chart(rows, evaluation_figures.predicates_of(name)) if rows else None,
		_summary(rows),
	)


def _rows(name: str, year: int, filters: dict, parts: dict[int, str]) -> list[dict]:
	names = repository.opd_names()
	before = assessments.finals_before(name, year)
	rows = [
		_row(found, names, before.get(found.opd), name, parts)
		for found in evaluation_figures.assessments_of(name, year, filters)
	]
	for row, place in zip(rows, evaluation_figures.ranks([row["index"] for row in rows]), strict=True):
		row["rank"] = place
	escape_texts(rows, ("opd_name",))
	return sorted(rows, key=lambda row: (row["rank"] or 10_000, row["opd"]))


def _row(found: dict, names: dict, before: dict | None, instrument: str, parts: dict) -> dict:
	index = found.final_index if found.final_predicate else None
	is_broken = bool(before) and assessments.breaks_series(instrument, before.instrument)
	return {
		"opd": found.opd,
		"opd_name": names.get(found.opd, found.opd),
		"assessment": found.name,
		"state_label": _(found.workflow_state),
		"index": index,
		"predicate": found.final_predicate,
		"self_index": found.self_index if found.self_predicate else None,
		"last_year": before.final_index if before else None,
		"trend": _movement(index, before, is_broken),
	} | {f"part_{place}": found.figures[place] for place in parts}


def _movement(index: float | None, before: dict | None, is_broken: bool) -> str:
	"""Against last year's figure; not where that was of another kind."""
	if index is None or not before:
		return ""
	if is_broken:
		return _("series broken")
	points = round(index - before.final_index, 1)
	sign = "▲" if points > 0 else "▼" if points < 0 else "="
	return f"{sign} {show_points(points)}"


def _chart(rows: list[dict], labels: list[str]) -> dict:
	counts = Counter(row["predicate"] for row in rows)
	return bar_chart(labels, [counts[label] for label in labels], _("Assessments"))


def _summary(rows: list[dict]) -> list[dict]:
	known = [row["index"] for row in rows if row["index"] is not None]
	return [
		card(_("Assessed"), len(known)),
		card(_("Mean Index"), mean(known), "Float"),
		card(_("Highest"), max(known, default=None), "Float", "Green"),
		card(_("Lowest"), min(known, default=None), "Float"),
	]
