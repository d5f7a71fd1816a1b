import frappe
from frappe import _
from frappe.model.document import Document


class VerificationEntry(Document):
	"""Jejak Verifikasi: one step of a document, sealed and chained; appended, never changed (decision 4)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		acted_on: DF.Datetime
		action: DF.Data
		calculation_version: DF.Data | None
		capacity: DF.Data | None
		digest: DF.Data | None
		flagged_rows: DF.SmallText | None
		from_state: DF.Data | None
		full_name: DF.Data | None
		note: DF.SmallText | None
		opd: DF.Link
		previous_seal: DF.Data | None
		reference_doctype: DF.Link
		reference_name: DF.DynamicLink
		seal: DF.Data | None
		sequence: DF.Int
		to_state: DF.Data | None
		user: DF.Link
	# end: auto-generated types

	def validate(self):
		if not self.is_new() or not self.flags.is_step:
			self.refuse()

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			self.refuse()

	def refuse(self):
		frappe.throw(_("The history of a document is never changed."), frappe.PermissionError)
