"""The profile of one assessment: its parts against the best possible and against last year, as rows and as a radar."""

import frappe
from frappe import _

from seroja.core import scoring
from seroja.core.charts import radar_svg
from seroja.core.evaluation_reading import percent_of_most
from seroja.core.instruments import GROUP, ITEM, LEVEL, Instrument
from seroja.core.numbers import format_number
from seroja.core.scoring import NodeScore, Scores
from seroja.services import assessments, repository
from seroja.services.instruments import get_instrument


def profile(doc) -> tuple[list[dict], str, Scores]:
	"""(rows, HTML of the radar, scores) of an assessment. The caller has checked the read permission.

	Shows the evaluation once it is complete, until then the self-assessment. Rows: indent, code, title, weight,
	figure, percent and gap (index points) against the best, answer, next_answer and its gain, last_year.
	"""
	instrument, before = get_instrument(doc.instrument), assessments.last_year(doc)
	scores = assessments.scores_of(doc, "final" if doc.evaluator_predicate else "self")
	last = before.scores if before and before.is_same else None
	return _rows(instrument, scores, last), _message(doc, instrument, scores, before), scores


def _rows(instrument: Instrument, scores: Scores, before: Scores | None) -> list[dict]:
	return [
		_row(instrument, node, before.nodes[position] if before else None)
		for position, node in enumerate(scores.nodes)
		if node.node.kind in (GROUP, ITEM)
	]


def _row(instrument: Instrument, found: NodeScore, before: NodeScore | None) -> dict:
	step = _next(instrument, found)
	return {
		"indent": found.node.depth,
		"code": found.node.code,
		"title": found.node.title,
		"weight": found.node.weight,
		"figure": assessments.part_figure(instrument, found),
		"percent": percent_of_most(found),
		"gap": None if found.score is None else found.most - found.score,
		"answer": found.answer,
		"next_answer": step[0] if step else "",
		"gain": step[1] if step else None,
		"last_year": assessments.part_figure(instrument, before) if before else None,
	}


def _next(instrument: Instrument, found: NodeScore) -> tuple[str, float] | None:
	"""The next better answer of an item and the index points that it brings."""
	after = scoring.next_answer(instrument, found.answer) if found.answer and instrument.values else None
	if not after:
		return None
	share = scoring.points_per_value(instrument, found.node.code, {})
	return after, share * (instrument.values[after] - found.value)


def _message(doc, instrument: Instrument, scores: Scores, before) -> str:
	"""The radar of the parts, this year and last; of another instrument only a remark that the series is broken."""
	groups = [position for position, node in enumerate(instrument.nodes) if node.kind == GROUP]
	deepest = max((instrument.nodes[position].depth for position in groups), default=0)
	axes = [position for position in groups if instrument.nodes[position].depth == deepest] or [
		position for position, node in enumerate(instrument.nodes) if node.kind == ITEM
	]
	series = {str(doc.year): [_share(instrument, scores.nodes[position]) for position in axes]}
	if before and before.is_same:
		series[str(before.doc.year)] = [
			_share(instrument, before.scores.nodes[position]) for position in axes
		]
	top = instrument.bounds[1] if instrument.scoring == LEVEL else 100.0
	name = repository.opd_names().get(doc.opd, doc.opd)
	title = f"{instrument.title} – {name}"
	picture = radar_svg([instrument.nodes[position].title for position in axes], series, top, title)
	broken = ""
	if before and before.breaks:
		broken = "<p class='text-warning'>{}</p>".format(
			_("{0}: {1} {2}. The series is broken; the figures do not compare.").format(
				frappe.utils.escape_html(get_instrument(before.doc.instrument).title),
				format_number(before.doc.final_index),
				frappe.utils.escape_html(before.doc.final_predicate),
			)
		)
	return f"<div class='seroja-radar'>{picture}</div>{broken}"


def _share(instrument: Instrument, found: NodeScore) -> float | None:
	"""Levels as they are; what adds up to the index as percent of the best possible."""
	if found.score is None:
		return None
	return found.value if instrument.scoring == LEVEL else percent_of_most(found)
