"""Performance Agreement (Perjanjian Kinerja): parties, rows from the approved target, revision (domain.md 1.2, 5.2)."""

import frappe
from frappe import _
from frappe.utils import cint, get_fullname, getdate

from seroja.constants import AGREEMENT, INDICATOR, OBJECTIVE, TARGET
from seroja.core.cascading import add_up
from seroja.permissions.opd import holders, positions
from seroja.services import targets
from seroja.services.cascade import node_budgets
from seroja.services.repository import opds_below

HEADER = (
	*(
		f"{party}_{part}"
		for party in ("first", "second")
		for part in ("party", "name", "position", "capacity", "rank", "nip")
	),
	"place",
	"agreement_date",
	"programs",
)
ENTERED = ("indicator",)
HEADS = ("Regional Head", "OPD Head")


def new_name(doc) -> str:
	"""Perjanjian-Dinkes-2026-01: numbered per OPD and year."""
	prefix = f"Perjanjian-{doc.opd}-{cint(doc.year)}-"
	taken = frappe.get_all(
		AGREEMENT, {"opd": doc.opd, "year": doc.year}, pluck="name", order_by="name desc", limit=0
	)
	numbers = [int(name.removeprefix(prefix)) for name in taken if name.removeprefix(prefix).isdigit()]
	return f"{prefix}{max(numbers, default=0) + 1:02}"


# --- filling ---


def prepare(doc) -> None:
	"""A new agreement starts with the approved target, the officials of today and the place of the government."""
	doc.year = cint(doc.year)
	doc.target_document = _target_of(doc)
	if doc.flags.is_revision:
		return
	_check_level(doc)
	_check_single(doc)
	_name_heads(doc)
	doc.place = doc.place or frappe.get_cached_doc("SEROJA Settings").place
	if not doc.items:
		for row in _rows_of_target(doc):
			doc.append("items", {"indicator": row.indicator})


def _target_of(doc) -> str:
	name = targets.current_target(doc.opd, doc.year)
	if not name:
		frappe.throw(
			_("{0} has no approved Performance Target for {1} yet.").format(doc.opd, doc.year),
			title=_("Target Missing"),
		)
	return name


def _check_level(doc) -> None:
	is_government = frappe.get_cached_value("OPD", doc.opd, "opd_type") == "Government"
	if is_government != (doc.position_level == "Regional Head"):
		frappe.throw(
			_("The regional head signs for the government itself, everybody else for an OPD."),
			title=_("Level Does Not Fit"),
		)


def _check_single(doc) -> None:
	"""One standing agreement per head, and per position below him."""
	filters = {"opd": doc.opd, "year": doc.year, "position_level": doc.position_level, "docstatus": ["<", 2]}
	if doc.position_level not in HEADS:
		filters["first_position"] = doc.first_position
	standing = frappe.get_all(AGREEMENT, filters, ["name", "docstatus", "is_current"])
	own = (doc.name, doc.revision_of)
	others = [row.name for row in standing if row.name not in own and (row.is_current or not row.docstatus)]
	if others:
		frappe.throw(
			_("{0} already exists for this position and year. Revise it there.").format(others[0]),
			title=_("Agreement Exists Already"),
		)


def _name_heads(doc) -> None:
	"""Fill in who is head today, where nobody was chosen."""
	if doc.position_level in HEADS:
		_name(doc, "first", doc.opd)
	if not doc.signs_alone():
		_name(doc, "second", doc.superior_opd())


def _name(doc, party: str, opd: str | None) -> None:
	people = holders([opd], "Head").get(opd) if opd else None
	if not people or doc.get(f"{party}_party"):
		return
	capacity = frappe.db.get_value(
		"OPD Position Holder", {"parent": opd, "user": people[0], "position": "Head"}, "capacity"
	)
	unit = frappe.get_cached_value("OPD", opd, ["opd_name", "opd_type"])
	position = head_of(*unit)
	doc.update({f"{party}_party": people[0], f"{party}_capacity": capacity or "Definitif"})
	doc.set(f"{party}_position", doc.get(f"{party}_position") or position)


def head_of(opd_name: str, opd_type: str) -> str:
	"""The title of a head, in Indonesian whatever the language of the desk: it stands in an official document."""
	if opd_type == "Government":
		return frappe.get_cached_doc("SEROJA Settings").head_title or _("Regional Head", "id")
	return _("Head of {0}", "id").format(opd_name)


def _rows_of_target(doc) -> list:
	"""The rows of the approved target that are the position's own; all of them for a head.

	Scope: the agreement's own OPD, checked with the agreement.
	"""
	rows = frappe.get_doc(TARGET, doc.target_document).items
	if doc.position_level in HEADS:
		return rows
	own = _indicators_of_position(doc.opd, doc.first_position)
	return [row for row in rows if row.indicator in own]


def _indicators_of_position(opd: str, position: str) -> set[str]:
	node, indicator = frappe.qb.DocType(OBJECTIVE), frappe.qb.DocType(INDICATOR)
	return set(
		(
			frappe.qb.from_(indicator)
			.left_join(node)
			.on(node.name == indicator.performance_objective)
			.select(indicator.name)
			.where(indicator.opd == opd)
			.where((indicator.responsible_position == position) | (node.position == position))
		).run(pluck=True)
	)


def fill(doc) -> None:
	"""While it is a draft: names, targets and programs as they are today."""
	if doc.revision_of:
		doc.first_position = frappe.db.get_value(AGREEMENT, doc.revision_of, "first_position")
	_fill_names(doc)
	_copy_targets(doc)
	_copy_programs(doc)


def _copy_targets(doc) -> None:
	"""Each row shows what the approved target says; an indicator that is not in it is refused."""
	doc.target_document = _target_of(doc)
	found = {row.indicator: row for row in _rows_of_target(doc)}
	for row in doc.items:
		wanted = found.get(row.indicator)
		if not wanted:
			frappe.throw(
				_("Row {0}: {1} is not a target of this position in {2}.").format(
					row.idx, row.indicator, doc.target_document
				),
				title=_("Indicator Not in the Target"),
			)
		row.update(
			{
				"objective": wanted.objective,
				"indicator_name": wanted.indicator_name,
				"target": wanted.year_target,
				"unit": wanted.unit,
			}
		)
	names = [row.indicator for row in doc.items]
	twice = sorted({name for name in names if names.count(name) > 1})
	if twice:
		frappe.throw(
			_("Indicator {0} stands in more than one row.").format(", ".join(twice)), title=_("Duplicate Row")
		)


def _copy_programs(doc) -> None:
	"""The programs with their budget of the year, added up from the nodes below; typed notes stay."""
	programs = _programs(doc)
	if [row.performance_objective for row in doc.programs] != [name for name, *_rest in programs]:
		notes = {row.performance_objective: row.note for row in doc.programs}
		doc.set("programs", [])
		for name, *_rest in programs:
			doc.append("programs", {"performance_objective": name, "note": notes.get(name)})
	for row, (_name, program, budget) in zip(doc.programs, programs, strict=True):
		row.program, row.budget = program, budget


def _programs(doc) -> list[tuple[str, str, float]]:
	"""(node, statement, budget) of the OPD's programs of the year, of all OPDs for the regional head."""
	opds = opds_below(doc.opd) if doc.signs_alone() else [doc.opd]
	nodes = frappe.get_all(
		OBJECTIVE,
		{"opd": ["in", opds], "year_from": ["<=", doc.year], "year_to": [">=", doc.year]},
		["name", "statement", "level", "position", "parent_performance_objective as parent"],
		order_by="lft",
		limit=0,
	)
	parents = {node.name: node.parent for node in nodes}
	budgets = add_up(parents, node_budgets(list(parents), doc.year))
	return [
		(node.name, node.statement[:255], float(budgets[node.name]))
		for node in nodes
		if node.level == "Program" and (doc.position_level in HEADS or node.position == doc.first_position)
	]


def _fill_names(doc) -> None:
	"""Names of the parties as the users have them, where none was typed."""
	for party in ("first", "second"):
		user = doc.get(f"{party}_party")
		if user and not doc.get(f"{party}_name"):
			doc.set(f"{party}_name", get_fullname(user))
	if doc.signs_alone():
		doc.update({field: None for field in HEADER if field.startswith("second_")})


def check_complete(doc) -> None:
	"""Before the first signature: both parties, different people, place, date and rows."""
	missing = [
		_(doc.meta.get_label(field))
		for field in ("first_party", "first_position", "place", "agreement_date")
		if not doc.get(field)
	]
	if not doc.signs_alone():
		missing += [_(doc.meta.get_label(f)) for f in ("second_party", "second_position") if not doc.get(f)]
	if missing:
		frappe.throw(
			_("Fill in before signing: {0}.").format(", ".join(missing)), title=_("Agreement Not Complete")
		)
	if doc.first_party == doc.second_party:
		frappe.throw(_("Both parties are the same person."), title=_("Agreement Not Complete"))
	if not doc.signs_alone() and "Head" not in positions(doc.superior_opd() or "", doc.second_party):
		frappe.throw(
			_("The second party must be the head of {0} in office today.").format(doc.superior_opd() or "–"),
			title=_("Agreement Not Complete"),
		)
	_check_date(doc)
	_check_single(doc)
	if not doc.items:
		frappe.throw(_("There are no targets to agree on."), title=_("No Rows"))


def _check_date(doc) -> None:
	"""An agreement is dated after the budget was set, in its year or just before, and after the one it replaces."""
	dated = getdate(doc.agreement_date)
	before = frappe.db.get_value(AGREEMENT, doc.revision_of, "agreement_date") if doc.revision_of else None
	if dated.year not in (doc.year - 1, doc.year) or (before and dated < getdate(before)):
		frappe.throw(
			_(
				"The date must lie in {0} or the year before, and not before the agreement that it replaces."
			).format(doc.year),
			title=_("Date Not Valid"),
		)


# --- revision ---


def make_revision(name: str, reason: str, note: str):
	"""A new agreement in place of a signed one, for a lawful reason (domain.md 1.2). Permission: read and position."""
	signed = frappe.get_doc(AGREEMENT, name)
	signed.check_permission("read")
	if not signed.is_current:
		frappe.throw(_("Only the agreement in force can be revised."), title=_("Not in Force"))
	reasons = [option for option in signed.meta.get_options("revision_reason").split("\n") if option]
	if reason not in reasons:
		frappe.throw(
			_("An agreement is revised only for one of these reasons: {0}.").format(
				"; ".join(_(option) for option in reasons)
			),
			title=_("Reason Not Lawful"),
		)
	if not (note or "").strip():
		frappe.throw(_("Give the reason for the revision."), title=_("Reason Missing"))
	if frappe.db.exists(AGREEMENT, {"revision_of": name, "docstatus": 0}):
		frappe.throw(_("A revision of {0} is already open.").format(name), title=_("Revision Exists Already"))
	revision = frappe.copy_doc(signed, ignore_no_copy=False)
	revision.update(
		{
			"version": signed.version + 1,
			"revision_of": signed.name,
			"revision_reason": reason,
			"revision_note": note.strip(),
			"agreement_date": None,
			"is_current": 0,
			"docstatus": 0,
		}
	)
	if reason == "Change of Official":
		revision.update({field: None for field in ("first_party", "first_name", "first_rank", "first_nip")})
		_name_heads(revision)
		revision.first_party = revision.first_party or signed.first_party
	revision.flags.is_revision = True
	return revision.insert()


def take_capacity(doc, party: str, capacity: str) -> None:
	"""Who signs does so in the capacity of the day, whatever was typed before."""
	doc.set(f"{party}_capacity", capacity)


def put_in_force(doc) -> None:
	"""After the last signature: this agreement is in force, the one before is kept."""
	if doc.revision_of:
		frappe.db.set_value(AGREEMENT, doc.revision_of, "is_current", 0)
	doc.db_set("is_current", 1)
