from frappe.model.document import Document


class AssessmentInstrumentItem(Document):
	"""One line of a worksheet: a group, an item with its weight, or a criterion."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		aspect: DF.Data | None
		code: DF.Data
		depth: DF.Int
		fact: DF.Literal[
			"",
			"agreement_on_time",
			"quarters_on_time",
			"targets_cascaded",
			"report_published",
			"report_on_time",
			"recommendations_closed",
			"application_used",
		]
		kind: DF.Literal["Group", "Item", "Criterion"]
		level: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		title: DF.SmallText
		weight: DF.Float
	# end: auto-generated types
