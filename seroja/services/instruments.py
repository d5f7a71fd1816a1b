"""Assessment instruments between their record and core: reading, checking, importing, versions."""

import re

import frappe
from frappe import _
from frappe.utils import cint, flt
from frappe.utils.caching import request_cache

from seroja.constants import ASSESSMENT, INSTRUMENT
from seroja.core import instruments as core
from seroja.core.instrument_workbook import read_workbook, write_workbook
from seroja.core.numbers import NumberFormatError, format_number, parse_number
from seroja.core.scales import Band
from seroja.core.spreadsheets import TableError

_KINDS = {"Group": core.GROUP, "Item": core.ITEM, "Criterion": core.CRITERION}
_SCORING = {"Grades": core.GRADE, "Levels": core.LEVEL, "Numbers": core.NUMBER}
_THROUGH_CRITERIA = "Mean of Criteria"
_LARGEST_FILE = 5_000_000
# What may still be said about an instrument that assessments use.
_OPEN_FIELDS = ("valid_to", "note", "regulation")


@request_cache
def get_instrument(name: str) -> core.Instrument:
	"""The instrument of a record, as core scores it. Instruments are public; there is nothing to check."""
	return as_core(frappe.get_cached_doc(INSTRUMENT, name))


# --- the record ---


def as_core(doc) -> core.Instrument:
	"""Throws for a bound that is no number; other faults are found by `problems`."""
	conversions: dict[str, list[Band]] = {}
	for row in doc.conversions:
		conversions.setdefault(row.item_code or "", []).append(_band(row))
	return core.Instrument(
		code=doc.code or "",
		title=doc.title or "",
		scoring=_SCORING[doc.scoring],
		nodes=tuple(_node(row) for row in doc.items),
		predicates=tuple(_predicate(row) for row in doc.predicates),
		answers=tuple(
			core.Answer(row.label or "", flt(row.value), row.title or "", row.meaning or "")
			for row in doc.answers
		),
		rules=tuple(core.Rule(row.code or "", row.not_above or "", row.reason or "") for row in doc.rules),
		conversions={code: tuple(bands) for code, bands in conversions.items()},
		regulation=doc.regulation or "",
		valid_from=cint(doc.valid_from) or None,
		valid_to=cint(doc.valid_to) or None,
		series=doc.series or "",
		breaks_series=bool(cint(doc.breaks_series)),
		by_criteria=doc.criteria_scoring == _THROUGH_CRITERIA,
		factor=flt(doc.factor),
		total_weight=flt(doc.total_weight),
		lowest=flt(doc.lowest),
		highest=flt(doc.highest),
		note=doc.note or "",
	)


def _node(row) -> core.Node:
	kind = _KINDS[row.kind]
	weight = flt(row.weight) if kind == core.ITEM or flt(row.weight) else None
	return core.Node(
		kind,
		cint(row.depth),
		row.level or "",
		(row.code or "").strip(),
		row.title or "",
		None if kind == core.CRITERION else weight,
		row.aspect or "",
		row.fact or "",
	)


def _predicate(row) -> core.Predicate:
	band = None if row.instead_of else _band(row)
	return core.Predicate(
		row.label or "", row.title or "", row.interpretation or "", band, row.instead_of or ""
	)


def _band(row) -> Band:
	low, high = (_bound(row, field) for field in ("low", "high"))
	return Band(row.label or "", low, bool(cint(row.low_closed)), high, bool(cint(row.high_closed)))


def _bound(row, field: str) -> float | None:
	text = (row.get(field) or "").strip()
	try:
		return parse_number(text) if text else None
	except NumberFormatError as error:
		frappe.throw(_("Row {0}: {1}").format(row.idx, error), title=_("Not a Number"))


def as_values(instrument: core.Instrument) -> dict:
	"""The fields and rows of the record of an instrument."""
	return {
		"code": instrument.code,
		"title": instrument.title,
		"regulation": instrument.regulation,
		"valid_from": instrument.valid_from,
		"valid_to": instrument.valid_to,
		"series": instrument.series,
		"breaks_series": int(instrument.breaks_series),
		"criteria_scoring": _THROUGH_CRITERIA if instrument.by_criteria else "Items",
		"scoring": _key(_SCORING, instrument.scoring),
		"factor": instrument.factor,
		"total_weight": instrument.total_weight,
		"lowest": instrument.lowest,
		"highest": instrument.highest,
		"note": instrument.note,
		"items": [
			{
				"kind": _key(_KINDS, node.kind),
				"depth": node.depth,
				"level": node.level,
				"code": node.code,
				"title": node.title,
				"weight": node.weight,
				"aspect": node.aspect,
				"fact": node.fact,
			}
			for node in instrument.nodes
		],
		"answers": [vars(answer) for answer in instrument.answers],
		"predicates": [
			{
				"label": row.label,
				"title": row.title,
				"interpretation": row.interpretation,
				"instead_of": row.instead_of,
			}
			| (_bounds(row.band) if row.band else {})
			for row in instrument.predicates
		],
		"rules": [vars(rule) for rule in instrument.rules],
		"conversions": [
			{"item_code": code, "label": band.label} | _bounds(band)
			for code, bands in instrument.conversions.items()
			for band in bands
		],
	}


def _key(names: dict[str, str], value: str) -> str:
	return next(key for key, name in names.items() if name == value)


def _bounds(band: Band) -> dict:
	return {
		"low": "" if band.low is None else format_number(band.low, None),
		"low_closed": int(band.low_closed),
		"high": "" if band.high is None else format_number(band.high, None),
		"high_closed": int(band.high_closed),
	}


# --- checks ---


def validate_instrument(doc) -> None:
	"""Weights add up, bands without gap or overlap; an instrument in use stays as it was."""
	_keep_version(doc)
	_check_unused(doc)
	refuse_problems(as_core(doc).problems())


def _keep_version(doc) -> None:
	"""Version and predecessor follow from how an instrument was made; nobody types them."""
	before = doc.get_doc_before_save()
	if before:
		doc.update({"version": before.version, "replaces": before.replaces})
	elif not doc.flags.is_version:
		doc.update({"version": 1, "replaces": None})


def refuse_problems(problems: list[str]) -> None:
	"""Throw everything that is wrong with an instrument, one line each."""
	if problems:
		lines = "".join(f"<li>{frappe.utils.escape_html(problem)}</li>" for problem in problems[:20])
		frappe.throw(
			_("The instrument cannot be used:") + f"<ul>{lines}</ul>", title=_("Instrument Not Valid")
		)


def _check_unused(doc) -> None:
	before = doc.get_doc_before_save()
	if not before or not is_used(doc.name) or _content(doc) == _content(before):
		return
	frappe.throw(
		_("{0} is used by assessments and stays as it is. Make a new version of it.").format(doc.name),
		title=_("Instrument in Use"),
	)


def is_used(name: str) -> bool:
	return bool(frappe.db.exists(ASSESSMENT, {"instrument": name}))


def _content(doc) -> dict:
	return {field: value for field, value in as_values(as_core(doc)).items() if field not in _OPEN_FIELDS}


# --- versions and files ---


def make_version(name: str):
	"""A copy of an instrument, to be changed: AKIP-2021-v2. The caller has checked the create permission."""
	old = frappe.get_doc(INSTRUMENT, name)
	old.check_permission("read")
	base, version = re.sub(r"-v\d+$", "", old.code), old.version + 1
	copy = frappe.copy_doc(old)
	copy.update({"version": version, "replaces": old.name, "code": f"{base}-v{version}"})
	copy.flags.is_version = True
	if frappe.db.exists(INSTRUMENT, copy.code):
		frappe.throw(_("{0} exists already.").format(copy.code), title=_("Version Exists Already"))
	return copy.insert()


def import_file(content: bytes, filename: str):
	"""Make an instrument from a JSON or XLSX file, or replace one that nobody uses.

	The caller has checked the create permission. Throws everything that is wrong with the file.
	"""
	if len(content) > _LARGEST_FILE:
		frappe.throw(_("The file is larger than {0} MB.").format(5), title=_("File Too Large"))
	try:
		is_json = filename.casefold().endswith(".json")
		instrument = core.read_instrument(content) if is_json else read_workbook(content)
	except core.InstrumentError as error:
		refuse_problems(error.problems)
	except TableError as error:
		refuse_problems([str(error)])
	return store(instrument)


def store(instrument: core.Instrument):
	"""Insert the record of an instrument, or write it over one with its code that no assessment uses."""
	exists = frappe.db.exists(INSTRUMENT, instrument.code)
	doc = frappe.get_doc(INSTRUMENT, instrument.code) if exists else frappe.new_doc(INSTRUMENT)
	doc.update(as_values(instrument))
	return doc.save()


def instrument_file(name: str, kind: str) -> bytes:
	"""The instrument as "json" or "xlsx", to be changed and imported again. The caller has checked the permission."""
	instrument = get_instrument(name)
	return core.instrument_json(instrument).encode() if kind == "json" else write_workbook(instrument)


def valid_in(year: int) -> list[str]:
	"""The instruments that are valid in a year, newest first."""
	rows = frappe.get_all(
		INSTRUMENT,
		{"valid_from": ["<=", year]},
		["name", "valid_to"],
		order_by="valid_from desc, version desc",
	)
	return [row.name for row in rows if not row.valid_to or row.valid_to >= year]
