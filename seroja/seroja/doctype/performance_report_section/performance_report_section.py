from seroja.permissions.rows import GuardedRow


class PerformanceReportSection(GuardedRow):
	"""One section of a performance report: the draft of SEROJA and the words that are printed."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		basis: DF.Data | None
		chapter: DF.Data | None
		draft: DF.LongText | None
		edited_basis: DF.Data | None
		entered_by: DF.Link | None
		is_edited: DF.Check
		is_stale: DF.Check
		machine_edited: DF.Check
		machine_model: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		section_key: DF.Data | None
		text: DF.LongText | None
		title: DF.Data | None
	# end: auto-generated types
