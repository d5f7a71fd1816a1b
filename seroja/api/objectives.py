"""What the tree view of the objectives asks for."""

import frappe

from seroja.constants import OBJECTIVE
from seroja.services import objectives


@frappe.whitelist()
def get_children(
	doctype: str,
	parent: str | None = None,
	is_root: bool = False,
	plan: str | None = None,
	opd: str | None = None,
) -> list[dict]:
	"""The nodes below one, or the tops of the tree. Permission: lists what the caller may read."""
	frappe.has_permission(OBJECTIVE, "read", throw=True)
	return objectives.children_of(None if is_root else parent, plan, opd)


@frappe.whitelist(methods=["POST"])
def move(name: str, parent: str | None = None) -> None:
	"""Hang a node below another one. Permission: write on the node, then the rules of its controller."""
	doc = frappe.get_doc(OBJECTIVE, name)
	doc.check_permission("write")
	doc.set(objectives.NODE, parent or None)
	doc.save()
