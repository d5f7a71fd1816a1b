from frappe.model.document import Document

from seroja.services import evidence, imports


class SEROJAImport(Document):
	"""One file on its way in: template, upload, preview with every error, apply all or nothing, report."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		changed: DF.Int
		created: DF.Int
		file: DF.Attach | None
		file_digest: DF.Data | None
		kind: DF.Literal[
			"Strategic Plans", "Objectives", "Indicators", "Targets", "Realizations", "SIPD Layout"
		]
		opd: DF.Link
		outcome: DF.LongText | None
		plan: DF.Link | None
		status: DF.Literal["Draft", "With Errors", "Ready", "Running", "Applied", "Failed"]
		unchanged: DF.Int
	# end: auto-generated types

	def onload(self):
		self.set_onload("preview", imports.preview_of(self))

	def validate(self):
		imports.check_may_import(self)
		imports.check_references(self)
		imports.restore_computed(self)

	def on_update(self):
		evidence.adopt_attached(self, "file")

	def on_trash(self):
		imports.check_deletion(self)
