from frappe.model.document import Document

from seroja.services import data_runs, evidence


class DataRun(Document):
	"""Penarikan Data: one time that a source was asked for a period, what came and what was made of it."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.data_run_row.data_run_row import DataRunRow

		accepted_by: DF.Link | None
		accepted_on: DF.Datetime | None
		bytes: DF.Int
		changed_rows: DF.Int
		data_source: DF.Link
		file: DF.Attach | None
		fingerprint: DF.Data | None
		is_scheduled: DF.Check
		is_upload: DF.Check
		message: DF.SmallText | None
		new_rows: DF.Int
		period: DF.Link
		records: DF.Int
		refused_rows: DF.Int
		rows: DF.Table[DataRunRow]
		same_rows: DF.Int
		seconds: DF.Float
		started_on: DF.Datetime | None
		state: DF.Literal["Draft", "Preview", "Accepted", "Nothing New", "Failed"]
		unmapped_rows: DF.Int
	# end: auto-generated types

	def validate(self):
		data_runs.validate_run(self)

	def update_child_table(self, fieldname, df=None):
		if fieldname == "rows":
			data_runs.insert_rows(self)
		else:
			super().update_child_table(fieldname, df)

	def on_update(self):
		data_runs.leave_no_null(self)
		evidence.adopt_attached(self, "file")

	def on_trash(self):
		data_runs.check_deletion(self)
