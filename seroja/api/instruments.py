"""What the forms of Assessment Instrument ask for."""

import frappe

from seroja.constants import INSTRUMENT
from seroja.services import instruments


@frappe.whitelist(methods=["POST"])
def import_file(file_url: str) -> str:
	"""Make an instrument from an uploaded JSON or XLSX file. Permission: create on instruments, read on the file."""
	frappe.has_permission(INSTRUMENT, "create", throw=True)
	name = frappe.db.get_value("File", {"file_url": file_url, "owner": frappe.session.user})
	file = frappe.get_doc("File", name or file_url)
	file.check_permission("read")
	content = file.get_content()
	return instruments.import_file(
		content.encode() if isinstance(content, str) else content, file.file_name
	).name


@frappe.whitelist(methods=["POST"])
def make_version(name: str) -> str:
	"""A copy of an instrument, to be changed. Permission: create on instruments."""
	frappe.has_permission(INSTRUMENT, "create", throw=True)
	return instruments.make_version(name).name
