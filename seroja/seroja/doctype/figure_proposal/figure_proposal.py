from frappe.model.document import Document


class FigureProposal(Document):
	"""Usulan Angka: a figure of another system beside our own. Written by the system; the operator takes or refuses it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		data_source: DF.Data | None
		decided_by: DF.Link | None
		decided_on: DF.Datetime | None
		fetched_on: DF.Datetime | None
		figure: DF.Literal["Value", "Numerator", "Denominator", "Budget Realization"]
		fingerprint: DF.Data | None
		indicator: DF.Link
		indicator_name: DF.Data | None
		opd: DF.Link
		our_value: DF.Data | None
		period: DF.Link
		reason: DF.SmallText | None
		run: DF.Data | None
		state: DF.Literal["Open", "Taken", "Refused", "Replaced"]
		value: DF.Data
	# end: auto-generated types
