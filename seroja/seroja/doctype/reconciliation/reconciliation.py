from frappe.model.document import Document

from seroja.services import reconciliations


class Reconciliation(Document):
	"""Rekonsiliasi: another system has a figure that differs from our verified one."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		data_source: DF.Data | None
		explained_by: DF.Link | None
		explained_on: DF.Datetime | None
		explanation: DF.SmallText | None
		figure: DF.Literal["Value", "Numerator", "Denominator", "Budget Realization"]
		fingerprint: DF.Data | None
		indicator: DF.Link
		indicator_name: DF.Data | None
		last_seen: DF.Datetime | None
		opd: DF.Link
		our_value: DF.Data | None
		period: DF.Link
		since: DF.Date | None
		state: DF.Literal["Open", "Explained", "Agreed"]
		their_value: DF.Data | None
	# end: auto-generated types

	def validate(self):
		reconciliations.validate_explanation(self)
