from frappe.model.document import Document


class ReportLayoutColumn(Document):
	"""A column of an official table: what stands in it, below which heading."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		field: DF.Data
		heading: DF.Data
		kind: DF.Literal["text", "number", "percent", "rupiah", "integer"]
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		required: DF.Check
		width: DF.Int
	# end: auto-generated types
