import frappe
from frappe import _
from frappe.model.document import Document


class VerificationEntry(Document):
	"""Jejak Verifikasi: one step of a document, sealed and chained; appended, never changed (decision 4)."""

	def validate(self):
		if not self.is_new() or not self.flags.is_step:
			self.refuse()

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			self.refuse()

	def refuse(self):
		frappe.throw(_("The history of a document is never changed."), frappe.PermissionError)
