import frappe
from frappe import _
from frappe.model.document import Document

from seroja.services.notices import reminder_days


class SEROJASettings(Document):
	"""Pengaturan: government, calculation in force, deadlines."""

	def validate(self):
		if self.cap and self.cap < 100:
			frappe.throw(_("The cap of the score is at least 100 %."), title=_("Cap Too Low"))
		if not self.entry_days <= self.approval_days <= self.verification_days:
			frappe.throw(
				_("The deadlines must follow each other: entry, OPD head, Inspektorat."),
				title=_("Dates Out of Order"),
			)
		reminder_days(self)
