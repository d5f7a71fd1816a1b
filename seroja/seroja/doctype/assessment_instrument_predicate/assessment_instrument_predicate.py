from frappe.model.document import Document


class AssessmentInstrumentPredicate(Document):
	"""A predicate with its bounds, or one that is only given by hand."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		high: DF.Data | None
		high_closed: DF.Check
		instead_of: DF.Data | None
		interpretation: DF.Text | None
		label: DF.Data
		low: DF.Data | None
		low_closed: DF.Check
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		title: DF.Data | None
	# end: auto-generated types
