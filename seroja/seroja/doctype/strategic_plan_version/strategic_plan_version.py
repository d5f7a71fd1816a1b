import frappe
from frappe import _
from frappe.model.document import Document

from seroja.services.actors import NotYourStep


class StrategicPlanVersion(Document):
	"""An approved version of a Strategic Plan with its whole tree: written once by the approval, then kept."""

	def onload(self):
		self.content = None  # megabytes that no form shows; the comparison reads them itself

	def validate(self):
		if not (self.is_new() and self.flags.is_approval):
			frappe.throw(
				_("A version is kept as it was approved."), NotYourStep, title=_("Version Is Frozen")
			)

	def on_trash(self):
		frappe.throw(_("A version is kept as it was approved."), NotYourStep, title=_("Version Is Frozen"))
