"""What an evaluation text is told from: values only, read by core.narrative."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Driver:
	"""What contributes to an indicator, below it in the cascade. kind: indicator or objective."""

	name: str
	kind: str
	achievement: float | None = None


@dataclass(frozen=True)
class Outlook:
	"""How a year will end. lower, upper: the interval of `LEVEL` percent; probability: 0 to 1, of reaching the
	target; status: of analysis.STATUS_LABELS; is_final: the year is complete and `forecast` its value; decimals: of the
	indicator's own figures."""

	year: int
	forecast: float | None = None
	lower: float | None = None
	upper: float | None = None
	target: str = ""
	probability: float | None = None
	status: str = "unknown"
	method_label: str = ""
	is_final: bool = False
	decimals: int = 2


@dataclass(frozen=True)
class Advice:
	"""An open recommendation of the Inspektorat."""

	code: str
	text: str = ""
	due: date | None = None
	is_overdue: bool = False


@dataclass(frozen=True)
class IndicatorStory:
	"""One indicator up to the end of one period. target, realization: as printed, without their unit, empty for
	none; achievement: percent; last_achievement, last_realization: of the same period a year before; status_label:
	of achievement.STATUS_LABELS; obstacles, next_steps: as typed on the sheets; findings: messages of the number
	checks."""

	name: str
	unit: str
	year: int
	period: str
	polarity: str
	target: str = ""
	realization: str = ""
	achievement: float | None = None
	category: str = ""
	status_label: str = ""
	last_achievement: float | None = None
	last_realization: str = ""
	last_year: int | None = None
	drivers: tuple[Driver, ...] = ()
	budget: float | None = None
	budget_realization: float | None = None
	obstacles: tuple[str, ...] = ()
	next_steps: tuple[str, ...] = ()
	outlook: tuple[Outlook, ...] = ()
	findings: tuple[str, ...] = ()
	recommendations: tuple[Advice, ...] = ()


@dataclass(frozen=True)
class RankedUnit:
	"""An OPD in the text of the city."""

	name: str
	mean_scored: float | None = None
	category: str = ""


@dataclass(frozen=True)
class UnitStory:
	"""An OPD, or the city with its OPDs in `units`. Means and absorption in percent; last_mean: of the scores in the
	same period a year before; recommendations: those of the unit besides the ones of its indicators."""

	name: str
	year: int
	period: str
	indicators: tuple[IndicatorStory, ...] = ()
	mean_raw: float | None = None
	mean_scored: float | None = None
	category: str = ""
	last_mean: float | None = None
	budget: float | None = None
	budget_realization: float | None = None
	absorption: float | None = None
	recommendations: tuple[Advice, ...] = ()
	units: tuple[RankedUnit, ...] = ()
