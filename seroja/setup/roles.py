"""The roles of SEROJA."""

import frappe

from seroja.constants import ROLES


def sync() -> None:
	"""Create missing roles. (DocType permissions create them too; this is for roles without one.)"""
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)


def remove() -> None:
	"""Take the roles from users and delete them."""
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		for doctype in ("DocPerm", "Custom DocPerm"):
			frappe.db.delete(doctype, {"role": role})
		frappe.delete_doc("Role", role, ignore_missing=True, force=True, ignore_permissions=True)
