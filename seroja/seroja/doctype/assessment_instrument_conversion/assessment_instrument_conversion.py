from frappe.model.document import Document


class AssessmentInstrumentConversion(Document):
	"""Which answer a number stands for."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		high: DF.Data | None
		high_closed: DF.Check
		item_code: DF.Data | None
		label: DF.Data
		low: DF.Data | None
		low_closed: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
	# end: auto-generated types
