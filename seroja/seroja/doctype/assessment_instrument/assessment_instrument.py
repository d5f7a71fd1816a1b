from frappe.model.document import Document

from seroja.services import instruments


class AssessmentInstrument(Document):
	"""Instrumen Penilaian: the worksheet of a regulation, as data (design.md decision 6)."""

	def validate(self):
		instruments.validate_instrument(self)
