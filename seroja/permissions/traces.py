"""What people hang on a document (tasks, comments, subscriptions) needs the right to read that document."""

import frappe
from frappe import _

from seroja.permissions.opd import PROTECTED

_REFERENCES = (
	("reference_doctype", "reference_name"),
	("reference_type", "reference_name"),
	("ref_doctype", "ref_docname"),
	("document_type", "document_name"),
)


def check_reference(doc, method: str | None = None) -> None:
	"""Refuse a ToDo, Comment or Document Follow on a document that its maker may not read."""
	for doctype_field, name_field in _REFERENCES:
		doctype, name = doc.get(doctype_field), doc.get(name_field)
		if doctype in PROTECTED and name and frappe.db.exists(doctype, name):
			frappe.has_permission(doctype, "read", name, throw=True)
			follower = doc.get("user")
			if doc.doctype == "Document Follow" and follower:
				frappe.has_permission(doctype, "read", name, user=follower, throw=True)


def refuse_mailed_report(doc, method: str | None = None) -> None:
	"""Frappe's own mailer runs a report as whoever runs the job, not as the one who reads it (frappe-notes.md 1)."""
	if frappe.get_cached_value("Report", doc.report, "module") == "SEROJA":
		frappe.throw(
			_("SEROJA reports are not sent by Auto Email Report; it would send figures of other units."),
			frappe.PermissionError,
			title=_("Not by Auto Email Report"),
		)
