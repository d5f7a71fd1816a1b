"""Configuration Package: what a site has set up, as one file for another site; checked, previewed, applied all or none."""

from dataclasses import replace

import frappe
from frappe import _
from frappe.model import no_value_fields, table_fields
from frappe.utils import now_datetime

from seroja.constants import INDICATOR, INSTRUMENT, LAYOUT
from seroja.core import configuration as core
from seroja.services import evidence, paper

DOCTYPES = {
	"achievement_scales": "Achievement Scale",
	"assessment_instruments": INSTRUMENT,
	"report_layouts": LAYOUT,
	"performance_indicators": INDICATOR,
	"data_sources": "Data Source",
}
_CHOSEN = {
	"achievement_scales": "with_scales",
	"assessment_instruments": "with_instruments",
	"report_layouts": "with_layouts",
	"performance_indicators": "with_indicators",
	"data_sources": "with_sources",
}
# How an instrument came about goes with it, although nobody types it.
_GOES_ALONG = {INSTRUMENT: ("version", "replaces")}
# The tree of a site is its own; files stay where they are.
_LEFT_OUT = {"performance_objective"}
_NO_CONTENT = {"Password", "Attach", "Attach Image"}
DRAFT, MADE, CHECKED, REFUSED, APPLIED = "Draft", "Made", "Checked", "Refused", "Applied"
_COMPUTED = ("state", "message", "digest")
MOST_SHOWN = 500
MOST_LINES = 50  # of one record
_OF_NEW_SOURCE = ("kind", "url", "token_url", "authentication", "schedule")


# --- the document ---


def validate_package(doc) -> None:
	"""State, message and digest are the system's; a package that was applied stays as it is."""
	before = doc.get_doc_before_save()
	if before and before.state == APPLIED:
		frappe.throw(_("This package was applied. Make a new one."), title=_("Document Is Closed"))
	evidence.check_attached(doc, "file")
	for field in _COMPUTED:
		doc.set(field, before.get(field) if before else None)
	if not before or before.file != doc.file:
		doc.update({"state": DRAFT, "message": None, "digest": None})


def _check_open(doc, direction: str) -> None:
	if doc.direction != direction or doc.state == APPLIED:
		frappe.throw(_("This cannot be done with this package."), title=_("Document Is Closed"))


def _write(doc, **values) -> None:
	frappe.db.set_value(doc.doctype, doc.name, values)
	doc.update(values)


# --- out ---


def make(doc) -> None:
	"""Write the file of an outgoing package. The caller has checked the write permission."""
	_check_open(doc, "Outgoing")
	sections = {section: _records(section) for section, field in _CHOSEN.items() if doc.get(field)}
	if not any(sections.values()):
		frappe.throw(_("Choose what goes into the package."), title=_("Nothing Chosen"))
	about = {"title": doc.title, "government": paper.government_name(), "made_on": str(now_datetime())}
	content = core.build(sections, about)
	evidence.replace_made_file(doc, "file", f"{frappe.scrub(doc.title)}.json", content)
	_write(doc, state=MADE, digest=core.read(content).digest)


def _records(section: str) -> list[dict]:
	doctype = DOCTYPES[section]
	names = frappe.get_list(doctype, pluck="name", order_by="name", limit=0)
	return [_plain(frappe.get_doc(doctype, name)) for name in names]


def _plain(doc) -> dict:
	"""What people have set up in a document, without what the site itself writes and without secrets."""
	return {"key": doc.name} | _values(doc)


def _values(doc) -> dict:
	return {df.fieldname: _value(df, doc.get(df.fieldname)) for df in _fields(doc.meta)}


def _fields(meta) -> list:
	along = _GOES_ALONG.get(meta.name, ())
	return [df for df in meta.fields if df.fieldname in along or not _is_left_out(df, meta.istable)]


def _is_left_out(df, in_row: bool) -> bool:
	"""What is empty, secret or written by the site. What nobody types in a row (the question of an answer) belongs to it."""
	is_empty = df.fieldtype in no_value_fields and df.fieldtype not in table_fields
	is_computed = df.hidden or (df.read_only and not in_row)
	return bool(df.fieldname in _LEFT_OUT or df.fieldtype in _NO_CONTENT or is_empty or is_computed)


def _value(df, value):
	if df.fieldtype in table_fields:
		return [_values(row) for row in value or []]
	return str(value) if value is not None and not isinstance(value, (str, int, float)) else value


# --- in ---


def check(doc) -> list[core.Change]:
	"""Read an incoming package and say what it would change. The caller has checked the write permission."""
	_check_open(doc, "Incoming")
	try:
		package, changes = _changes(doc)
	except core.ConfigurationError as error:
		_write(doc, state=REFUSED, message=str(error), digest=None)
		return []
	missing = core.missing_references(package, {section: _keys(section) for section in DOCTYPES})
	missing += _missing_units(package)
	_write(
		doc,
		state=REFUSED if missing else CHECKED,
		message="\n".join(missing[:MOST_SHOWN]) or None,
		digest=package.digest,
	)
	return changes


def _missing_units(package: core.Package) -> list[str]:
	named = {record.get("opd") for record in package.sections.get("performance_indicators", [])}
	there = frappe.get_list("OPD", pluck="name", limit=0)
	return [
		_("The unit {0} of an indicator is not on this site.").format(name)
		for name in sorted(filter(None, named - set(there)))
	]


def _changes(doc) -> tuple[core.Package, list[core.Change]]:
	package = core.read(evidence.content_of(evidence.attached_file(doc, "file")))
	here = _here(package)
	sections = {
		section: [_taken(section, record, record["key"] in here[section]) for record in records]
		for section, records in package.sections.items()
	}
	package = replace(package, sections=sections)
	return package, core.compare(package, here)


def _taken(section: str, record: dict, is_here: bool) -> dict:
	"""What of a record is taken over; an instrument that is here keeps its own version."""
	doctype = DOCTYPES[section]
	stated = _stated(doctype, record)
	kept = _GOES_ALONG.get(doctype, ()) if is_here else ()
	return {"key": record["key"]} | {name: value for name, value in stated.items() if name not in kept}


def _stated(doctype: str, record: dict) -> dict:
	"""What a record says of the fields that a package may hold; whoever made the file may have written others into it."""
	stated = {df.fieldname: df for df in _fields(frappe.get_meta(doctype)) if df.fieldname in record}
	return {name: _stated_value(df, record[name]) for name, df in stated.items()}


def _stated_value(df, value):
	if df.fieldtype not in table_fields or not isinstance(value, list):
		return value
	return [_stated(df.options, row) for row in value if isinstance(row, dict)]


def _here(package: core.Package) -> dict[str, dict[str, dict]]:
	here = {}
	for section, records in package.sections.items():
		keys = set(_keys(section)) & {record["key"] for record in records}
		here[section] = {key: _plain(frappe.get_doc(DOCTYPES[section], key)) for key in keys}
	return here


def _keys(section: str) -> list[str]:
	return frappe.get_list(DOCTYPES[section], pluck="name", limit=0)


def preview_of(doc) -> dict:
	"""For the form: `rows`, what a checked package changes, sources first, texts as people read them; `more`, how many
	changes are not shown."""
	if doc.direction != "Incoming" or doc.state != CHECKED:
		return {"rows": [], "more": 0}
	package, changes = _changes(doc)
	news = {row["key"]: row for row in package.sections.get("data_sources", [])}
	changes = [change for change in changes if change.kind != core.SAME]
	changes.sort(key=lambda change: change.section != "data_sources")
	rows = [
		{
			"section": core.SECTIONS[change.section],
			"key": change.key,
			"kind": core.CHANGE_LABELS[change.kind],
			"differences": _told(change, news),
		}
		for change in changes[:MOST_SHOWN]
	]
	return {"rows": rows, "more": len(changes) - len(rows)}


def _told(change: core.Change, sources: dict[str, dict]) -> list[str]:
	"""What differs; of a new source where it goes, because that is what whoever applies it answers for."""
	meta = frappe.get_meta(DOCTYPES[change.section])
	if change.kind == core.NEW and change.section == "data_sources":
		source = sources[change.key]
		shown = [(field, str(source[field])) for field in _OF_NEW_SOURCE if source.get(field)]
		return [f"{_label(meta, field)}: {_text(meta, field, value)}" for field, value in shown]
	lines = [_line(meta, difference) for difference in change.differences]
	lines += [line for difference in change.differences for line in _row_lines(meta, difference)]
	if more := len(lines[MOST_LINES:]):
		lines[MOST_LINES:] = [_("{0} more changes are not shown.").format(more)]
	return lines


def _row_lines(meta, difference: core.Difference) -> list[str]:
	"""The rows of a table that are not the same, field by field; a row that is new or gone in one line."""
	df = meta.get_field(difference.field)
	if df.fieldtype not in table_fields:
		return []
	table, label = frappe.get_meta(df.options), _label(meta, df.fieldname)
	return [f"{label}, {line}" for row in difference.rows for line in _lines_of_row(table, row)]


def _lines_of_row(table, row: core.RowChange) -> list[str]:
	if row.kind == core.CHANGED:
		place = _("Row {0}").format(row.place)
		return [f"{place}, {_line(table, difference)}" for difference in row.differences]
	place = _("Row {0} ({1})").format(row.place, core.ROW_LABELS[row.kind])
	values = [(item.field, item.after if row.kind == core.NEW else item.before) for item in row.differences]
	told = [f"{_label(table, field)}: {_text(table, field, value)}" for field, value in values]
	return [f"{place}: {'; '.join(told)}"]


def _line(meta, difference: core.Difference) -> str:
	before, after = (_text(meta, difference.field, text) for text in (difference.before, difference.after))
	return f"{_label(meta, difference.field)}: {before} → {after}"


def _label(meta, field: str) -> str:
	return _(meta.get_label(field))


def _text(meta, field: str, text: str) -> str:
	"""A value as the form shows it."""
	fieldtype = meta.get_field(field).fieldtype
	if fieldtype == "Select":
		return _(text)
	if fieldtype == "Check":
		return {"0": _("No"), "1": _("Yes")}.get(text, text)
	return text.replace(".", "") if fieldtype == "Int" else text


def apply(doc) -> dict[str, int]:
	"""Write the records of a checked package, all or none, through their own rules and permissions."""
	if doc.state != CHECKED:
		frappe.throw(_("Check the package first."), title=_("Not Ready"))
	package, changes = _changes(doc)
	if package.digest != doc.digest:
		frappe.throw(_("The file has changed since it was checked. Check it again."), title=_("Not Ready"))
	frappe.db.savepoint("apply_configuration")
	try:
		_save_sections(package, changes)
	except Exception:
		frappe.db.rollback(save_point="apply_configuration")
		raise
	_write(doc, state=APPLIED)
	return core.counts(changes)


def _save_sections(package: core.Package, changes: list[core.Change]) -> None:
	wanted = {(change.section, change.key) for change in changes if change.kind != core.SAME}
	for section in core.SECTIONS:
		records = [row for row in package.sections.get(section, []) if (section, row["key"]) in wanted]
		_save_all(DOCTYPES[section], records)


def _save_all(doctype: str, records: list[dict]) -> None:
	"""Records that name each other are saved after the one that they name; a circle fails with Frappe's own words."""
	while records:
		waiting = []
		for record in records:
			frappe.db.savepoint("configuration")
			try:
				_save(doctype, record)
			except frappe.LinkValidationError:
				frappe.db.rollback(save_point="configuration")
				waiting.append(record)
		if len(waiting) == len(records):
			_save(doctype, waiting[0])
		frappe.clear_messages()
		records = waiting


def _save(doctype: str, record: dict) -> None:
	values = {name: value for name, value in record.items() if name != "key"}
	if frappe.db.exists(doctype, record["key"]):
		frappe.get_doc(doctype, record["key"]).update(values).save()
	else:
		doc = frappe.get_doc({"doctype": doctype, **values})
		doc.flags.is_version = doctype == INSTRUMENT
		doc.insert()
