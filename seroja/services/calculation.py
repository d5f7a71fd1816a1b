"""The calculation in force: scale, cap and default methods, from SEROJA Settings."""

from dataclasses import dataclass

import frappe
from frappe import _

from seroja.core.achievement import DEFAULT_CAP, DEFAULT_METHODS
from seroja.core.numbers import NumberFormatError, parse_number
from seroja.core.scales import DEFAULT_SCALE, Scale, scale_from_rows


@dataclass(frozen=True)
class Calculation:
	"""What a sheet is computed with. cap in percent; defaults: polarity → method."""

	scale: Scale
	cap: float
	defaults: dict[str, str]


def get_calculation(year: int) -> Calculation:
	"""The calculation for sheets of a year. Raises when the chosen scale is not valid in that year."""
	settings = frappe.get_cached_doc("SEROJA Settings")
	scale = get_scale(settings.scale or DEFAULT_SCALE)
	if not scale.is_valid_in(year):
		frappe.throw(
			_("The achievement scale {0} is not valid in {1}. Choose another one in SEROJA Settings.").format(
				scale.name, year
			),
			title=_("Scale Not Valid"),
		)
	defaults = DEFAULT_METHODS | {
		polarity: settings.get(f"method_{polarity}").lower()
		for polarity in ("maximize", "minimize", "stabilize")
		if settings.get(f"method_{polarity}")
	}
	return Calculation(scale, settings.cap or DEFAULT_CAP, defaults)


def get_scale(name: str) -> Scale:
	"""An Achievement Scale as core knows it."""
	return scale_of(frappe.get_cached_doc("Achievement Scale", name))


def scale_of(doc) -> Scale:
	"""The bands of an Achievement Scale document; throws for a bound that is no number."""
	rows = [
		{
			"label": band.label,
			"low": _bound(band.low),
			"low_closed": bool(band.low_closed),
			"high": _bound(band.high),
			"high_closed": bool(band.high_closed),
		}
		for band in doc.bands
	]
	return scale_from_rows(
		doc.name or doc.title,
		rows,
		source=doc.source or "",
		valid_from=doc.valid_from or None,
		valid_to=doc.valid_to or None,
	)


def _bound(text) -> float | None:
	try:
		return None if text in (None, "") else parse_number(text)
	except NumberFormatError as error:
		frappe.throw(str(error), title=_("Bound Not a Number"))
