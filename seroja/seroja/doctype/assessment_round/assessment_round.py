from frappe.model.document import Document

from seroja.services import rounds


class AssessmentRound(Document):
	"""Jadwal Penilaian: when each stage of an assessment is open."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		assessed: DF.Literal["OPD", "Government"]
		evaluation_closes: DF.Date
		instrument: DF.Link
		review_closes: DF.Date
		self_closes: DF.Date
		self_opens: DF.Date
		year: DF.Int
	# end: auto-generated types

	def validate(self):
		rounds.validate_round(self)
