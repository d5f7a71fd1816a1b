from frappe.model.document import Document


class AssessmentInstrumentAnswer(Document):
	"""An answer that may be given, and what it counts."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		label: DF.Data
		meaning: DF.SmallText | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		title: DF.Data | None
		value: DF.Float
	# end: auto-generated types
