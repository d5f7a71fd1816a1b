"""Who sees and who may touch which OPD: one criterion for lists, forms, links, reports and mail.

A person sees the OPDs (with the units below them) in which he holds a position today; city-wide
roles see all. He acts only in the OPD of his own position (design.md decisions 2 and 7).
"""

import frappe
from frappe.utils import today

from seroja.constants import (
	ADMINISTRATOR,
	AGREEMENT,
	ASSESSMENT,
	CITY_ROLES,
	DELIVERY,
	ENTRY,
	EXECUTIVE,
	EXPORT,
	FIGURE_NOTE,
	IMPORT,
	INDICATOR,
	INSPEKTORAT,
	OBJECTIVE,
	ORGANISATION_BUREAU,
	PLAN,
	PLAN_VERSION,
	PLANNER,
	PROPOSAL,
	REALIZATION,
	RECOMMENDATION,
	RECONCILIATION,
	REPORT,
	ROLES,
	SAMPLE,
	SNAPSHOT,
	SUBSCRIPTION,
	TARGET,
)

READING = frozenset({"read", "select", "print", "email", "report", "export"})
# City-wide roles that also write, each in its own DocType.
CITY_WRITERS = {
	TARGET: (PLANNER,),
	REALIZATION: (INSPEKTORAT,),
	PLAN: (PLANNER,),
	OBJECTIVE: (PLANNER,),
	AGREEMENT: (EXECUTIVE,),
	IMPORT: (PLANNER,),
	ASSESSMENT: (INSPEKTORAT,),
	RECOMMENDATION: (INSPEKTORAT,),
	REPORT: (ORGANISATION_BUREAU, INSPEKTORAT),
	FIGURE_NOTE: (ORGANISATION_BUREAU,),
	RECONCILIATION: (INSPEKTORAT,),
	EXPORT: (ADMINISTRATOR, PLANNER, ORGANISATION_BUREAU),
}
CHILD_TABLES = {
	"Assessment Finding": ASSESSMENT,
	"Assessment Item": ASSESSMENT,
	"OPD Position Holder": "OPD",
	"Performance Agreement Item": AGREEMENT,
	"Performance Agreement Program": AGREEMENT,
	"Performance Indicator Benchmark": INDICATOR,
	"Performance Indicator Check": INDICATOR,
	"Performance Indicator SMART": INDICATOR,
	"Performance Indicator Tag": INDICATOR,
	"Performance Indicator Year Target": INDICATOR,
	"Performance Objective Budget": OBJECTIVE,
	"Performance Objective Component": OBJECTIVE,
	"Performance Objective Crosscut": OBJECTIVE,
	"Performance Report Section": REPORT,
	"Performance Target Action": TARGET,
	"Performance Target Item": TARGET,
	"Performance Realization Item": REALIZATION,
	"Recommendation Decision": RECOMMENDATION,
	"Recommendation Follow-up": RECOMMENDATION,
	"Strategic Plan Mission": PLAN,
}
# The government's own plans are public (an RPJMD is a regional regulation); every OPD hangs its tree below them.
# Their versions are not: they hold what all OPDs have put into them.
SHARED = frozenset({PLAN, OBJECTIVE})

# Documents that go through a workflow.
VERIFIED_DOCTYPES = (TARGET, REALIZATION, PLAN, AGREEMENT, ASSESSMENT, REPORT)

SCOPED = frozenset(
	{
		"OPD",
		INDICATOR,
		"Reporting Period Exception",
		TARGET,
		REALIZATION,
		ENTRY,
		PLAN,
		PLAN_VERSION,
		OBJECTIVE,
		AGREEMENT,
		IMPORT,
		ASSESSMENT,
		RECOMMENDATION,
		REPORT,
		FIGURE_NOTE,
		PROPOSAL,
		RECONCILIATION,
		EXPORT,
		"File",
		*CHILD_TABLES,
	}
)
# Of one person each; the roles say so (if_owner), but not every endpoint of Frappe asks them for the document.
PERSONAL = frozenset(
	{
		SNAPSHOT,
		SUBSCRIPTION,
		DELIVERY,
		"Report Subscription Opt-Out",
		"Report Subscription Recipient",
	}
)
# Of those who verify: an OPD must not know which of its rows will be looked at.
OF_INSPECTION = frozenset({SAMPLE, "Verification Sample Item"})
# Of the whole government: what its sources say, what it signs and moves, and its keys.
OF_GOVERNMENT = frozenset(
	{
		"Allowed Host",
		"Configuration Package",
		"Data Run",
		"Data Run Row",
		"Data Source",
		"Data Source Mapping",
		"Exchange Settings",
		"Roll-up Package",
		"Trusted Government",
	}
)
PROTECTED = SCOPED | PERSONAL | OF_INSPECTION | OF_GOVERNMENT


def visible_opds(user: str | None = None) -> list[str] | None:
	"""Names of the OPDs that a user sees; None means all."""
	user = user or frappe.session.user
	if user == "Administrator" or CITY_ROLES & set(frappe.get_roles(user)):
		return None
	opd, below = frappe.qb.DocType("OPD"), frappe.qb.DocType("OPD").as_("below")
	holder = frappe.qb.DocType("OPD Position Holder")
	rows = (
		frappe.qb.from_(holder)
		.join(opd)
		.on(opd.name == holder.parent)
		.join(below)
		.on((below.lft >= opd.lft) & (below.rgt <= opd.rgt))
		.select(below.name)
		.distinct()
		.where((holder.user == user) & _holds_today(holder))
	).run()
	return [name for (name,) in rows]


def positions(opd: str, user: str | None = None) -> dict[str, str]:
	"""The positions that a user holds in an OPD today: position → capacity (Definitif, Pj, Plt, Plh)."""
	holder = frappe.qb.DocType("OPD Position Holder")
	rows = (
		frappe.qb.from_(holder)
		.select(holder.position, holder.capacity)
		.where((holder.parent == opd) & (holder.user == (user or frappe.session.user)) & _holds_today(holder))
	).run()
	return dict(rows)


def my_opds(position: str) -> list[str]:
	"""The OPDs in which the session user holds this position today."""
	holder = frappe.qb.DocType("OPD Position Holder")
	return (
		frappe.qb.from_(holder)
		.select(holder.parent)
		.distinct()
		.where((holder.user == frappe.session.user) & (holder.position == position) & _holds_today(holder))
	).run(pluck=True)


def holders(opds: list[str], position: str) -> dict[str, list[str]]:
	"""Who holds a position in these OPDs today: OPD → enabled users."""
	holder, user = frappe.qb.DocType("OPD Position Holder"), frappe.qb.DocType("User")
	rows = (
		frappe.qb.from_(holder)
		.join(user)
		.on(user.name == holder.user)
		.select(holder.parent, holder.user)
		.where(holder.parent.isin(opds or [""]) & (holder.position == position))
		.where(_holds_today(holder) & (user.enabled == 1))
	).run()
	people: dict[str, list[str]] = {}
	for opd, name in rows:
		people.setdefault(opd, []).append(name)
	return people


def _holds_today(holder):
	return (holder.from_date <= today()) & (holder.to_date.isnull() | (holder.to_date >= today()))


# --- hooks ---


def get_permission_query_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""The WHERE part for lists of a scoped DocType or of its child table."""
	scope = visible_opds(user)
	if scope is None:
		return ""
	parent = CHILD_TABLES.get(doctype)
	if not parent:
		return _within(doctype, scope)
	return f"`tab{doctype}`.`parent` in (select `name` from `tab{parent}` where {_within(parent, scope)})"


def _within(doctype: str, scope: list[str]) -> str:
	column = f"`tab{doctype}`.`{_opd_field(doctype)}`"
	own = f"{column} in ({quoted(scope)})"
	if doctype not in SHARED or not scope:
		return own
	return f"({own} or {column} in (select `name` from `tabOPD` where `opd_type` = 'Government'))"


def governments() -> list[str]:
	"""The units that are the government itself; their plans and objectives are everybody's."""
	return frappe.get_all("OPD", {"opd_type": "Government"}, pluck="name")


def planning_opds() -> list[str] | None:
	"""The OPDs whose plans and objectives the session user sees; None means all, none where he has no unit."""
	scope = visible_opds()
	return scope and [*scope, *governments()]


def quoted(names) -> str:
	"""Names for an SQL `in (…)`; matches nothing where there are none."""
	return ", ".join(frappe.db.escape(name, percent=False) for name in names) or "''"


def _opd_field(doctype: str) -> str:
	return "name" if doctype == "OPD" else "opd"


def has_permission(doc, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
	"""May this user do this with this document, as far as its OPD goes? Roles are checked besides."""
	user = user or frappe.session.user
	if ptype == "create" and not _may(doc, doc.get(_opd_field(doc.doctype)), ptype, user):
		return False  # a new document is of the OPD that it names, under whatever name it comes
	return _may(doc, _opd_of(doc), ptype, user)


def _may(doc, opd: str | None, ptype: str | None, user: str) -> bool:
	if not opd or user == "Administrator":
		return True
	if ptype in READING or not ptype:
		scope = visible_opds(user)
		return scope is None or opd in scope or _is_shared(doc, opd, scope)
	if _is_party(doc, user):
		scope = visible_opds(user)
		return scope is None or opd in scope
	if doc.doctype not in CITY_WRITERS:
		return bool(CITY_ROLES & set(frappe.get_roles(user)))
	return bool(set(CITY_WRITERS[doc.doctype]) & set(frappe.get_roles(user))) or bool(
		{"Head", "Operator"} & set(positions(opd, user))
	)


def _is_shared(doc, opd: str, scope: list[str]) -> bool:
	return bool(scope) and doc.doctype in SHARED and opd in governments()


def _is_party(doc, user: str) -> bool:
	"""The two parties of an agreement, as stored, sign it, and the head of the unit above may return it; they need no
	position in the OPD for that."""
	if doc.doctype != AGREEMENT or not doc.get("name"):
		return False
	opd, *parties = frappe.db.get_value(AGREEMENT, doc.name, ["opd", "first_party", "second_party"]) or [None]
	above = frappe.db.get_value("OPD", opd, "parent_opd")
	return user in parties or bool(above and "Head" in positions(above, user))


def _opd_of(doc) -> str | None:
	"""The OPD that is stored, whatever a request has written into the document at hand."""
	field = _opd_field(doc.doctype)
	stored = frappe.db.get_value(doc.doctype, doc.name, field) if doc.get("name") else None
	return stored or doc.get(field)


def workflow_action_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Frappe lists open workflow actions by role alone; add the scope (frappe-notes.md 1)."""
	scope = visible_opds(user)
	if scope is None:
		return ""
	names = quoted(scope)
	conditions = [
		f"(`tabWorkflow Action`.`reference_doctype` = {frappe.db.escape(doctype)} and "
		f"`tabWorkflow Action`.`reference_name` in (select `name` from `tab{doctype}` where `opd` in ({names})))"
		for doctype in VERIFIED_DOCTYPES
	]
	ours = quoted((*VERIFIED_DOCTYPES, ENTRY))
	return f"(`tabWorkflow Action`.`reference_doctype` not in ({ours}) or {' or '.join(conditions)})"


def tag_link_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Frappe lists the tags of all documents; leave out those of scoped ones."""
	if visible_opds(user) is None:
		return f"`tabTag Link`.`document_type` not in ({quoted(sorted(OF_INSPECTION | OF_GOVERNMENT))})"
	ours = quoted(sorted(PROTECTED))
	return f"`tabTag Link`.`document_type` not in ({ours})"


def subscription_row_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Frappe lists the rows of every subscription; its own for everybody, all for those who manage them."""
	user = user or frappe.session.user
	if user == "Administrator" or {ADMINISTRATOR, ORGANISATION_BUREAU} & set(frappe.get_roles(user)):
		return ""
	own = f"select `name` from `tab{SUBSCRIPTION}` where `owner` = {frappe.db.escape(user, percent=False)}"
	return f"`tab{doctype}`.`parent` in ({own})"


def inspection_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Samples are for the Inspektorat and the administrator, whatever else a role would show."""
	user = user or frappe.session.user
	if user == "Administrator" or {ADMINISTRATOR, INSPEKTORAT} & set(frappe.get_roles(user)):
		return ""
	return f"`tab{doctype}`.`name` is null"


def run_row_conditions(user: str | None = None, doctype: str | None = None) -> str:
	"""Rows of data runs name every OPD; they are for those who may read runs."""
	may_read = frappe.has_permission("Data Run", "read", user=user or frappe.session.user)
	return "" if may_read else f"`tab{doctype}`.`name` is null"


def may_use_app() -> bool:
	"""Show the app to whoever has one of its roles."""
	return frappe.session.user == "Administrator" or bool(set(ROLES) & set(frappe.get_roles()))
