import frappe
from frappe import _
from frappe.model.document import Document

from seroja.services.actors import NotYourStep


class StrategicPlanVersion(Document):
	"""An approved version of a Strategic Plan with its whole tree: written once by the approval, then kept."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		approved_by: DF.Link | None
		approved_on: DF.Datetime | None
		content: DF.LongText | None
		digest: DF.Data | None
		indicators: DF.Int
		objectives: DF.Int
		opd: DF.Link
		plan: DF.Link
		reason: DF.SmallText | None
		version: DF.Int
		version_label: DF.Data | None
	# end: auto-generated types

	def onload(self):
		self.content = None  # megabytes that no form shows; the comparison reads them itself

	def validate(self):
		if not (self.is_new() and self.flags.is_approval):
			frappe.throw(
				_("A version is kept as it was approved."), NotYourStep, title=_("Version Is Frozen")
			)

	def on_trash(self):
		frappe.throw(_("A version is kept as it was approved."), NotYourStep, title=_("Version Is Frozen"))
