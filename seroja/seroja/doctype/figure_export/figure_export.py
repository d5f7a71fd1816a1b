from frappe.model.document import Document

from seroja.services import exports


class FigureExport(Document):
	"""Ekspor Angka: the verified figures of a unit and year as files; made again, it replaces them all."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		csv_file: DF.Attach | None
		figures: DF.Int
		json_file: DF.Attach | None
		made_by: DF.Link | None
		made_on: DF.Datetime | None
		manifest_file: DF.Attach | None
		opd: DF.Link
		parquet_file: DF.Attach | None
		xml_file: DF.Attach | None
		year: DF.Int
	# end: auto-generated types

	def validate(self):
		exports.validate_export(self)
