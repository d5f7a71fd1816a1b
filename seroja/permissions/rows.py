"""Rows of a document, when somebody goes for one directly: read through the document, changed only with it."""

import frappe
from frappe import _
from frappe.model.document import Document


class GuardedRow(Document):
	"""A child row that follows the permission of its very document.

	A document saves its rows without these methods; they run only for direct access, for which Frappe
	checks the role on the parent's DocType but not the parent.
	"""

	def load_from_db(self):
		super().load_from_db()
		self.parent_doc = frappe.get_doc(self.parenttype, self.parent)
		return self

	def validate(self):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(_("Rows are changed only through their document."), frappe.PermissionError)
