"""Roll-up Package: the verified figures of the government for a quarter, signed, on their way to the level above."""

import json
from collections import defaultdict

import frappe
import pandas as pd
from frappe import _
from frappe.utils import cint, get_datetime, now_datetime

from seroja.constants import INDICATOR, REALIZATION
from seroja.core import packages, roll_up
from seroja.core.achievement import VALUED, VERSION
from seroja.core.numbers import Value, format_number, stored_number, stored_value
from seroja.core.parts import clean
from seroja.core.periods import Period
from seroja.core.rendering import records
from seroja.services import evidence, paper, repository
from seroja.services.calculation import get_calculation
from seroja.services.exchange_settings import SETTINGS
from seroja.services.report_parts import color_of
from seroja.services.repository import ROW

PACKAGE = "Roll-up Package"
OUTGOING, INCOMING = "Outgoing", "Incoming"
DRAFT, MADE, CHECKED, REFUSED, IMPORTED, REPLACED = (
	"Draft",
	"Made",
	"Checked",
	"Refused",
	"Imported",
	"Replaced",
)
_COMPUTED = (
	*("state", "message", "government_code", "government_name", "year", "quarter", "figures"),
	*("digest", "made_on", "imported_by", "imported_on", "content"),
)
_NOTHING = dict.fromkeys(_COMPUTED) | dict.fromkeys(("year", "quarter", "figures"), 0)
_FIGURES_AT_ONCE = 20_000  # about 40 MB as they are read
_LONGEST_NAME = 110  # characters; the title of a document takes 140


# --- the document ---


def validate_package(doc) -> None:
	"""What a package holds is read from its file; one that was imported stays as it is."""
	before = doc.get_doc_before_save()
	if before and before.state in (IMPORTED, REPLACED):
		frappe.throw(_("This package was imported and stays as it is."), title=_("Document Is Closed"))
	evidence.check_attached(doc, "file")
	for field in _COMPUTED:
		doc.set(field, before.get(field) if before else None)
	if not before or before.file != doc.file:
		doc.update(_NOTHING)
		doc.state = DRAFT
	doc.title = _title(doc)


def _title(doc) -> str:
	"""Whose figures of which quarter; a package that nobody could check is nobody's."""
	own = paper.government_name() if doc.direction == OUTGOING else _("Incoming Package")
	return f"{(doc.government_name or own)[:_LONGEST_NAME]}, {doc.period}"


def check_deletion(doc) -> None:
	"""What counts in a table of many governments stays on record."""
	if doc.state in (IMPORTED, REPLACED):
		frappe.throw(_("A package that was imported is kept."), title=_("Cannot Delete"))


def _check_open(doc, direction: str) -> None:
	if doc.direction != direction or doc.state in (IMPORTED, REPLACED):
		frappe.throw(_("This cannot be done with this package."), title=_("Document Is Closed"))


def _write(doc, **values) -> None:
	doc.update(values)
	doc.title = _title(doc)
	frappe.db.set_value(doc.doctype, doc.name, values | {"title": doc.title})


# --- out ---


def make(doc) -> None:
	"""Build and sign the package of a period. The caller has checked the write permission.

	Throws where the government has no code or key yet, or nothing is verified in the period.
	"""
	_check_open(doc, OUTGOING)
	settings = frappe.get_cached_doc(SETTINGS)
	key = settings.get_password("signing_key", raise_exception=False)
	if not (settings.government_code and key):
		frappe.throw(
			_("Exchange Settings need the code of the government and a signing key first."),
			title=_("Not Ready"),
		)
	period = frappe.get_cached_doc("Reporting Period", doc.period)
	content = _content(period, settings)
	try:
		data = packages.build(content, key)
	except packages.PackageError as error:
		frappe.throw(str(error), title=_("Not Ready"))
	name = f"rekap-{settings.government_code}-{period.name}.json"
	evidence.replace_made_file(doc, "file", name, data)
	_write(doc, state=MADE, message=None, **_about(packages.read_unchecked(data)))


def _content(period, settings) -> dict:
	calculation = get_calculation(period.year)
	content = {
		"format": packages.FORMAT,
		"version": packages.FORMAT_VERSION,
		"government": {
			"code": settings.government_code,
			"name": clean(paper.government_name()),
			"level": settings.government_level.lower(),
		},
		"period": {"year": cint(period.year), "quarter": cint(period.quarter)},
		"made_on": now_datetime().isoformat(timespec="seconds"),
		"calculation_version": VERSION,
		"scale": {"name": clean(calculation.scale.name), "bands": _bands(calculation.scale)},
		"cap": calculation.cap,
		"methods": dict(calculation.defaults),
		"expected": _expected(period),
		"figures": _figures(period),
		"aggregates": [],
	}
	if not content["figures"]:
		frappe.throw(
			_("No sheet of {0} is verified yet.").format(period.label), title=_("Nothing to Hand On")
		)
	return content | {"aggregates": packages.aggregates(content)}


def _bands(scale) -> list[dict]:
	return [
		{
			"label": clean(band.label),
			"low": band.low,
			"low_closed": band.low_closed,
			"high": band.high,
			"high_closed": band.high_closed,
		}
		for band in scale.bands
	]


def _expected(period) -> dict[str, int]:
	expected = repository.expected_opds(period.year, {})
	states = frappe.get_all(
		REALIZATION, {"period": period.name, "docstatus": ["<", 2]}, ["docstatus"], pluck="docstatus"
	)
	return {
		"opds": len(expected),
		"indicators": sum(expected.values()),
		"sheets": len(states),
		"verified_sheets": states.count(1),
	}


def _figures(period) -> list[dict]:
	"""The verified rows of a period as a package takes them. One query; the city's, as its makers see all units."""
	sheet, row, indicator = (frappe.qb.DocType(name) for name in (REALIZATION, ROW, INDICATOR))
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.left_join(indicator)
		.on(indicator.name == row.indicator)
		.select(row.star, sheet.opd, indicator.bappenas_code)
		.where((sheet.period == period.name) & (sheet.docstatus == 1))
		.orderby(sheet.opd, row.idx)
	)
	parts = _parts(period)
	return [
		_figure(found, parts[found.opd, found.indicator])
		for found in repository.within_scope(query, sheet.opd).run(as_dict=True)
	]


def _parts(period) -> dict[tuple[str, str], list[tuple]]:
	"""(OPD, indicator) → numerator and denominator of each quarter so far that has a value, in order. One query.

	As the value to date itself, they are those of all sheets that stand.
	"""
	sheet, row = frappe.qb.DocType(REALIZATION), frappe.qb.DocType(ROW)
	query = (
		frappe.qb.from_(row)
		.join(sheet)
		.on(sheet.name == row.parent)
		.select(sheet.opd, row.indicator, row.numerator, row.denominator)
		.where((sheet.year == period.year) & (sheet.quarter <= cint(period.quarter)))
		.where((sheet.docstatus < 2) & (row.has_value == 1))
		.orderby(sheet.quarter)
	)
	found = defaultdict(list)
	for opd, indicator, *texts in repository.within_scope(query, sheet.opd).run():
		found[opd, indicator].append(tuple(stored_number(text) for text in texts))
	return found


def _parts_to_date(row: dict, value: Value, quarters: list[tuple]) -> tuple:
	"""The parts of a value to date: the sums of all quarters, or the last ones; a mean or a largest value has none."""
	counted = {"SUM": quarters, "LAST": quarters[-1:]}.get(row.consolidation or "LAST", [])
	if value.low is None or not counted or any(None in pair for pair in counted):
		return None, None
	return tuple(sum(column) for column in zip(*counted, strict=True))


def _figure(row: dict, quarters: list[tuple]) -> dict:
	target, value = stored_value(row.target), stored_value(row.realization_ytd)
	parts = _parts_to_date(row, value, quarters)
	valued = row.status in VALUED
	found = {
		"code": row.indicator,
		"bappenas_code": row.bappenas_code or "",
		"name": row.indicator_name,
		"opd": row.opd,
		"objective": row.objective or "",
		"polarity": row.polarity.lower(),
		"method": row.method.lower() if row.method else None,
		"unit": row.unit or "",
		"consolidation": row.consolidation or "LAST",
		"weight": row.weight or None,
		"target": target.low,
		"target_upper": target.high,
		"target_label": target.label,
		"realization": value.low,
		"realization_label": value.label,
		"ordinal_scale": row.ordinal_scale or None,
		"numerator": parts[0],
		"denominator": parts[1],
		"factor": stored_number(row.factor),
		"budget": row.budget or None,
		"budget_realization": row.budget_realization_value if row.has_budget_realization else None,
		"achievement": row.achievement_raw if valued else None,
		"score": row.achievement_scored if valued else None,
		"category": row.category or None,
		"status": row.status,
	}
	# Nobody sees the line break in a name; a package refuses it.
	return {name: clean(text) for name, text in found.items()}


def _about(package: packages.Package) -> dict:
	government, period = package.content["government"], package.content["period"]
	return {
		"government_code": government["code"],
		"government_name": government["name"][:_LONGEST_NAME],
		"year": period["year"],
		"quarter": period["quarter"],
		"figures": len(package.content["figures"]),
		"digest": package.digest,
		"made_on": package.content["made_on"].replace("T", " ")[:19],
	}


# --- in ---


def check(doc) -> list[str]:
	"""Read an incoming package: refused, or checked with what its receiver should know. The caller has checked the
	write permission."""
	_lock(doc)
	_check_open(doc, INCOMING)
	try:
		package = _acceptable(doc)
	except (packages.PackageError, roll_up.RollUpError) as error:
		_write(doc, **_NOTHING | {"state": REFUSED, "message": str(error)})
		return [str(error)]
	problems = packages.completeness(package, package.period)
	# The sums that the sender states are not shown; where they differ, `problems` says so.
	content = package.content | {"aggregates": packages.aggregates(package.content)}
	_write(
		doc,
		state=CHECKED,
		message="\n".join(problems) or None,
		content=json.dumps(content, ensure_ascii=False),
		**_about(package),
	)
	return problems


def _acceptable(doc) -> packages.Package:
	"""The package of a document, signed by the government that it names and of the awaited quarter.

	What it gives can be put into the table. Raises PackageError, RollUpError.
	"""
	trusted = {row.government_code: row for row in frappe.get_cached_doc(SETTINGS).trusted_governments}
	keys = {code: row.public_key for code, row in trusted.items()}
	package = packages.read(evidence.content_of(evidence.attached_file(doc, "file")), keys)
	about, awaited = _about(package), frappe.get_cached_doc("Reporting Period", doc.period)
	if (about["year"], about["quarter"]) != (cint(awaited.year), cint(awaited.quarter)):
		raise packages.PackageError(
			_("This package is of quarter {0} of {1}, not of {2}.").format(
				about["quarter"], about["year"], awaited.label
			)
		)
	level = trusted[package.government].government_level.lower()
	packages.check_claims(package, level, now_datetime())
	roll_up.checked(package.figures)
	if frappe.db.exists(PACKAGE, {"digest": package.digest, "state": ["in", [IMPORTED, REPLACED]]}):
		raise packages.PackageError(_("This very package was imported before."))
	return package


def show_aggregates(doc) -> None:
	"""What the figures of a checked package add up to, for its form: the government first, then its units."""
	aggregates = json.loads(doc.content)["aggregates"] if doc.content else []
	rows = sorted(aggregates, key=lambda row: row["opd"])
	doc.set_onload("aggregates", [[row["opd"], *_aggregate_cells(row)] for row in rows])
	doc.content = None  # up to 50 MB that no form needs; a request cannot write it (validate_package)


def _aggregate_cells(row: dict) -> list[str]:
	return [
		*(format_number(row[name], 0) for name in ("indicators", "valued")),
		*(format_number(row[name]) for name in ("mean_achievement", "mean_score")),
		row["category"] or "–",
	]


def import_package(doc) -> None:
	"""Take a checked package into the table of governments, in place of an earlier one of the same government and quarter."""
	_lock(doc)
	if doc.state != CHECKED:
		frappe.throw(_("Check the package first."), title=_("Not Ready"))
	try:
		package = _acceptable(doc)  # a key may have been taken from the list since the check
	except (packages.PackageError, roll_up.RollUpError) as error:
		frappe.throw(str(error), title=_("Not Ready"))
	if package.digest != doc.digest:
		frappe.throw(_("The file has changed since it was checked. Check it again."), title=_("Not Ready"))
	_replace_earlier(doc)
	_write(doc, state=IMPORTED, imported_by=frappe.session.user, imported_on=now_datetime())


def _lock(doc) -> None:
	"""Checks and imports of a quarter go one after the other, and each sees what the one before it left."""
	frappe.db.get_value("Reporting Period", doc.period, "name", for_update=True)
	doc.flags.for_update = True
	doc.reload()


def _replace_earlier(doc) -> None:
	same = {
		"direction": INCOMING,
		"government_code": doc.government_code,
		"year": doc.year,
		"quarter": doc.quarter,
		"state": IMPORTED,
	}
	for earlier in frappe.db.get_values(PACKAGE, same, ["name", "made_on"], as_dict=True, for_update=True):
		if get_datetime(earlier.made_on) > get_datetime(doc.made_on):
			frappe.throw(
				_("A newer package of {0} for this quarter was imported before.").format(doc.government_name),
				title=_("Older Than Ours"),
			)
		frappe.db.set_value(PACKAGE, earlier.name, "state", REPLACED)


# --- the table of many governments ---


def report_rows(filters: dict, by_government: bool) -> list[dict]:
	"""The national table over the imported packages of a quarter, or that of the governments.

	Packages are read some at a time, a query for each lot.

	filters: year, quarter; without them the latest quarter that was imported. Permission: read on packages.
	"""
	frappe.has_permission(PACKAGE, "read", throw=True)
	year, quarter = _chosen(filters)
	fields = ["name", "government_code", "figures"]
	found = frappe.get_list(PACKAGE, _imported(year, quarter), fields, limit=0) if year else []
	if not found:
		return []
	calculation = get_calculation(year)
	governments = sorted({row.government_code for row in found})
	parts = (_figures_in(names) for names in _lots(found))
	result = roll_up.table_of_parts(parts, governments, calculation.scale, calculation.cap)
	rows = records(result.governments if by_government else result.national)
	return [row | _shown(row, color_of(calculation.scale)) for row in rows]


def _lots(found: list[dict]) -> list[list[str]]:
	"""Names of packages, as many together as have few enough figures to be in memory at once."""
	lots, figures = [[]], 0
	for row in found:
		if lots[-1] and figures + row.figures > _FIGURES_AT_ONCE:
			lots.append([])
			figures = 0
		lots[-1].append(row.name)
		figures += row.figures
	return lots


def _figures_in(names: list[str]) -> pd.DataFrame:
	contents = frappe.get_list(PACKAGE, {"name": ["in", names]}, pluck="content", limit=0)
	figures = [packages.Package(json.loads(content), "").figures for content in contents]
	return roll_up.checked(pd.concat(figures, ignore_index=True))


def _shown(row: dict, colors: dict[str, str]) -> dict:
	return {
		"level_label": packages.LEVELS[row["level"]],
		"period_label": Period(row["year"], "quarter", row["quarter"]).label,
		"color": colors.get(row.get("category")),
	}


def _imported(year: int, quarter: int) -> dict:
	return {"direction": INCOMING, "state": IMPORTED, "year": year, "quarter": quarter}


def _chosen(filters: dict) -> tuple[int, int]:
	if filters.get("year") and filters.get("quarter"):
		return cint(filters["year"]), cint(filters["quarter"])
	latest = frappe.get_list(
		PACKAGE,
		{"direction": INCOMING, "state": IMPORTED},
		["year", "quarter"],
		order_by="year desc, quarter desc",
		limit=1,
	)
	return (latest[0].year, latest[0].quarter) if latest else (0, 0)
