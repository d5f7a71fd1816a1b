"""Who logs in through another system gets an account there, never a role of SEROJA: those the administrator gives."""

import frappe
from frappe import _

from seroja.constants import ROLES


def refuse_default_role(doc, method: str | None = None) -> None:
	"""Frappe gives the default role to everybody whom an identity provider lets in."""
	if doc.default_role in ROLES:
		frappe.throw(
			_("{0} cannot be the role of everybody who signs up. Give it to each person.").format(
				_(doc.default_role)
			),
			frappe.PermissionError,
			title=_("Not by Default"),
		)
