from frappe.model.document import Document


class ReportingPeriodException(Document):
	"""A later closing day of entry for one OPD, with the reason."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		entry_closes: DF.Date
		opd: DF.Link
		period: DF.Link
		reason: DF.SmallText
	# end: auto-generated types
