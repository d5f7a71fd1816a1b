import frappe
from frappe import _
from frappe.model.document import Document


class PerformanceRealizationItem(Document):
	"""What one indicator reached in one quarter, with evidence and achievement."""

	# The sheet saves its rows without these hooks; they run only when somebody goes for a row directly.
	def validate(self):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(_("Rows are changed only through their document."), frappe.PermissionError)
