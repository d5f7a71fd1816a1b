from frappe.model.document import Document

from seroja.services import report_layouts


class ReportLayout(Document):
	"""Tata letak: which rows and columns an official report takes from the verified figures (domain.md 5.6)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.report_layout_column.report_layout_column import ReportLayoutColumn

		code: DF.Data
		columns: DF.Table[ReportLayoutColumn]
		group_by: DF.Data | None
		notes: DF.SmallText | None
		regulation: DF.SmallText | None
		report: DF.Literal["LKPJ", "LPPD", "SPM", "RB", "SAKIP", "SPBE"]
		sort_by: DF.Data | None
		source: DF.Literal["indicators", "series", "programs", "spm", "assessment"]
		tags: DF.Data | None
		title: DF.Data
		valid_from: DF.Int
		valid_to: DF.Int
	# end: auto-generated types

	def validate(self):
		report_layouts.validate_layout(self)
