from frappe.model.document import Document


class ReportingPeriodException(Document):
	"""A later closing day for one OPD, with the reason."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		entry_closes: DF.Date
		opd: DF.Link
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		reason: DF.Data
	# end: auto-generated types
