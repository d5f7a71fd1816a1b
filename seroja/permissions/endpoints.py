"""Frappe's own endpoints that leave out the scope of a document, with the scope put in.

Each function stands in for a whitelisted method of the framework (hooks: override_whitelisted_methods).
It checks what the original does not and then calls it; other DocTypes are not affected.
"""

import frappe
from frappe import _, client
from frappe.core.api import file as files
from frappe.desk import like, notifications, query_report, search
from frappe.desk.doctype.dashboard_chart import dashboard_chart
from frappe.desk.doctype.tag import tag as tagging
from frappe.desk.form import linked_with
from frappe.templates.includes.comments import comments

from seroja.permissions.opd import OF_GOVERNMENT, OF_INSPECTION, PROTECTED, visible_opds


def _check(doctype: str, name: str) -> None:
	if doctype in PROTECTED:
		frappe.has_permission(doctype, "read", name, throw=True)


def _readable(doctype: str, name: str) -> bool:
	return doctype not in PROTECTED or bool(frappe.has_permission(doctype, "read", name))


# --- searching and counting ---


@frappe.whitelist()
def search_link(doctype: str, **arguments):
	"""Permission: the original's, and never without the scope (a caller may ask to leave it out)."""
	return frappe.call(search.search_link, doctype=doctype, **_with_scope(doctype, arguments))


@frappe.whitelist()
def search_widget(doctype: str, **arguments):
	"""Permission: the original's, and never without the scope (a caller may ask to leave it out)."""
	return frappe.call(search.search_widget, doctype=doctype, **_with_scope(doctype, arguments))


def _with_scope(doctype: str, arguments: dict) -> dict:
	return arguments | {"ignore_user_permissions": False} if doctype in PROTECTED else arguments


@frappe.whitelist()
def get_open_count(doctype: str, name: str, items: str | list | None = None):
	"""Permission: the original's; documents that have a scope are not counted, for the original counts all of them."""
	asked = frappe.parse_json(items) if items else []
	return notifications.get_open_count(doctype, name, [item for item in asked if item not in PROTECTED])


@frappe.whitelist()
def get_link_title(doctype: str, docname: str):
	"""Permission: read on the document; its name is all that others get back."""
	return search.get_link_title(doctype, docname) if _readable(doctype, docname) else docname


@frappe.whitelist()
def get_count(doctype: str, filters: str | dict | list | None = None, parent: str | None = None, **arguments):
	"""Permission: counts what the caller may list; the original counts everything."""
	if doctype not in PROTECTED:
		return frappe.call(client.get_count, doctype=doctype, filters=filters, **arguments)
	filters = client.get_safe_filters(filters)
	return len(frappe.get_list(doctype, filters=filters, pluck="name", limit=0, parent_doctype=parent))


@frappe.whitelist()
def get(
	doctype: str,
	name: str | int | None = None,
	filters: str | dict | list | None = None,
	parent: str | None = None,
):
	"""Permission: read on the document; filters find only what the caller may list, so they answer no guesses."""
	if doctype in PROTECTED and not name and filters:
		found = frappe.get_list(
			doctype, filters=client.get_safe_filters(filters), pluck="name", limit=1, parent_doctype=parent
		)
		if not found:
			raise frappe.PermissionError
		name, filters = found[0], None
	return client.get(doctype, name, filters, parent)


@frappe.whitelist()
def is_document_amended(doctype: str, docname: str):
	"""Permission: read on the document."""
	_check(doctype, docname)
	return client.is_document_amended(doctype, docname)


@frappe.whitelist()
def get_submitted_linked_docs(
	doctype: str, name: str, ignore_doctypes_on_cancel_all: str | list | None = None
):
	"""Permission: read on each document that is named."""
	found = linked_with.get_submitted_linked_docs(doctype, name, ignore_doctypes_on_cancel_all)
	found["docs"] = [doc for doc in found["docs"] if _readable(doc["doctype"], doc["name"])]
	return found | {"count": len(found["docs"])}


@frappe.whitelist()
def get_chart(chart_name: str | None = None, chart: str | dict | None = None, **arguments):
	"""Permission: the original's; a heat map, which it computes over everything, is for those who see everything."""
	shown = (
		frappe.get_doc("Dashboard Chart", chart_name)
		if chart_name
		else frappe._dict(frappe.parse_json(chart))
	)
	is_closed = shown.document_type in OF_INSPECTION | OF_GOVERNMENT or visible_opds() is not None
	if shown.type == "Heatmap" and shown.document_type in PROTECTED and is_closed:
		frappe.throw(
			_("A heat map shows all units; it is not available for yours alone."), frappe.PermissionError
		)
	return frappe.call(dashboard_chart.get, chart_name=chart_name, chart=chart, **arguments)


# --- traces on a document ---


@frappe.whitelist()
def add_tag(tag: str, dt: str, dn: str, color: str | None = None):
	"""Permission: read on the document."""
	_check(dt, dn)
	return tagging.add_tag(tag, dt, dn, color)


@frappe.whitelist()
def add_tags(tags: str | list, dt: str, docs: str | list, color: str | None = None):
	"""Permission: read on each document."""
	for name in frappe.parse_json(docs):
		_check(dt, name)
	return tagging.add_tags(tags, dt, docs, color)


@frappe.whitelist()
def remove_tag(tag: str, dt: str, dn: str):
	"""Permission: read on the document."""
	_check(dt, dn)
	return tagging.remove_tag(tag, dt, dn)


@frappe.whitelist()
def get_tagged_docs(doctype: str, tag: str):
	"""Permission: read on each document that is named."""
	return [row for row in tagging.get_tagged_docs(doctype, tag) if _readable(doctype, row[0])]


@frappe.whitelist()
def get_documents_for_tag(tag: str):
	"""Permission: read on each document that is named."""
	return [row for row in tagging.get_documents_for_tag(tag) if _readable(row["doctype"], row["name"])]


@frappe.whitelist()
def toggle_like(doctype: str, name: str, add: str | bool = False):
	"""Permission: read on the document."""
	_check(doctype, name)
	return like.toggle_like(doctype, name, add)


@frappe.whitelist(allow_guest=True)
def add_comment(reference_doctype: str, reference_name: str, **arguments):
	"""Permission: read on the document; the original, for web pages, asks for none."""
	_check(reference_doctype, reference_name)
	return frappe.call(
		comments.add_comment, reference_doctype=reference_doctype, reference_name=reference_name, **arguments
	)


@frappe.whitelist()
def unzip_file(name: str):
	"""Permission: write on the file; the original names any file in its refusal."""
	frappe.has_permission("File", "write", name, throw=True)
	return files.unzip_file(name)


# --- exports ---


@frappe.whitelist()
def export_report(**arguments):
	"""Permission: the original's. Texts are exported as typed, and never as formulas."""
	frappe.flags.seroja_export = True
	try:
		return query_report.export_query()
	finally:
		frappe.flags.seroja_export = False
