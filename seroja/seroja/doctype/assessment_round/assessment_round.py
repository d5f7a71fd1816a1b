from frappe.model.document import Document

from seroja.services import rounds


class AssessmentRound(Document):
	"""Jadwal Penilaian: when each stage of an assessment is open."""

	def validate(self):
		rounds.validate_round(self)
