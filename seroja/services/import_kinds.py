"""The kinds of import: the layout of the file, what its rows become, how they are written."""

from collections.abc import Callable
from dataclasses import dataclass

from seroja.services.import_indicators import apply_indicators, plan_indicators
from seroja.services.import_rows import apply_rows, plan_realizations, plan_targets
from seroja.services.import_sipd import apply_sipd, plan_sipd
from seroja.services.import_trees import apply_objectives, apply_plans, plan_objectives, plan_plans


@dataclass(frozen=True)
class Kind:
	"""A kind of import. plan(job, staged) adds problems and gives the changes; apply(changes, progress) makes them."""

	layout: str
	plan: Callable
	apply: Callable


KINDS = {
	"Strategic Plans": Kind("plans", plan_plans, apply_plans),
	"Objectives": Kind("objectives", plan_objectives, apply_objectives),
	"Indicators": Kind("indicators", plan_indicators, apply_indicators),
	"Targets": Kind("targets", plan_targets, apply_rows),
	"Realizations": Kind("realizations", plan_realizations, apply_rows),
	"SIPD Layout": Kind("sipd", plan_sipd, apply_sipd),
}
