"""Who may act on a document: each function gives the capacity in which the session user acts, or refuses."""

from collections.abc import Callable

import frappe
from frappe import _

from seroja.constants import INSPEKTORAT
from seroja.permissions.opd import positions


class NotYourStep(frappe.PermissionError):
	"""The user may not take this step, or not on this document."""


def enterer(doc) -> str:
	"""An operator or the head of this OPD today; gives the capacity in which he acts."""
	held = positions(doc.opd)
	if not {"Operator", "Head"} & set(held):
		frappe.throw(_("Only an operator or the head of {0} may do this.").format(doc.opd), NotYourStep)
	return held.get("Operator") or held["Head"]


def head(doc) -> str:
	held = positions(doc.opd)
	if "Head" not in held:
		frappe.throw(_("Only the head of {0} in office today may do this.").format(doc.opd), NotYourStep)
	return held["Head"]


def with_role(role: str) -> Callable:
	def actor(doc) -> str:
		if role not in frappe.get_roles():
			frappe.throw(_("Only {0} may do this.").format(_(role)), NotYourStep)
		return role.removeprefix("SEROJA ")

	return actor


def evaluator(doc) -> str:
	"""An evaluator of the Inspektorat; nobody evaluates a unit in which he holds a position."""
	capacity = with_role(INSPEKTORAT)(doc)
	if positions(doc.opd):
		frappe.throw(
			_("You hold a position in {0}; somebody else must evaluate it.").format(doc.opd), NotYourStep
		)
	return capacity


def reviewer(doc) -> str:
	"""Quality assurance: an evaluator who wrote nothing of this evaluation himself."""
	capacity = evaluator(doc)
	if frappe.session.user in {doc.evaluated_by, *(doc.evaluators or "").split(",")}:
		frappe.throw(_("You evaluated this yourself; somebody else must review it."), NotYourStep)
	return capacity


def first_party(doc) -> str:
	"""The official who promises the targets of an agreement; a head must hold the position today."""
	if frappe.session.user != doc.first_party:
		frappe.throw(
			_("Only the first party, {0}, may sign now.").format(doc.first_name or doc.first_party),
			NotYourStep,
		)
	return head(doc) if doc.signs_as_head() else doc.first_capacity


def second_party(doc) -> str:
	"""The direct superior of the first party, head of his unit today."""
	if frappe.session.user != doc.second_party:
		frappe.throw(
			_("Only the second party, {0}, may do this now.").format(doc.second_name or doc.second_party),
			NotYourStep,
		)
	held = positions(doc.superior_opd() or "")
	if "Head" not in held:
		frappe.throw(
			_("Only the head of {0} in office today may do this.").format(doc.superior_opd()), NotYourStep
		)
	return held["Head"]


def returner(doc) -> str:
	"""Who may take an agreement back before the last signature: either party, or the head of the superior unit today."""
	if frappe.session.user == doc.first_party:
		return first_party(doc)
	held = positions(doc.superior_opd() or "")
	return held["Head"] if "Head" in held else second_party(doc)
