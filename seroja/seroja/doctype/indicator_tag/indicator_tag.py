from frappe.model.document import Document


class IndicatorTag(Document):
	"""A report or a class of indicators: IKU, IKD, IKK, SPM, RB, PK (domain.md 2.3 and 5.6)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		description: DF.Data | None
		tag: DF.Data
	# end: auto-generated types
