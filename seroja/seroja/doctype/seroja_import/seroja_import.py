from frappe.model.document import Document

from seroja.services import imports


class SEROJAImport(Document):
	"""One file on its way in: template, upload, preview with every error, apply all or nothing, report."""

	def onload(self):
		self.set_onload("preview", imports.preview_of(self))

	def validate(self):
		imports.check_may_import(self)
		imports.restore_computed(self)

	def on_trash(self):
		imports.check_may_import(self)
