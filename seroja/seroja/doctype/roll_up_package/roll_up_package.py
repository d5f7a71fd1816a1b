from frappe.model.document import Document

from seroja.services import evidence, roll_up


class RollupPackage(Document):
	"""Paket Rekap: verified figures of a government, signed; made for the level above or taken from one below."""

	def onload(self):
		roll_up.show_aggregates(self)

	def validate(self):
		roll_up.validate_package(self)

	def on_update(self):
		evidence.adopt_attached(self, "file")

	def on_trash(self):
		roll_up.check_deletion(self)
