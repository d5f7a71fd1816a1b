from frappe.model.document import Document
from frappe.utils import cint

from seroja.services import periods


class ReportingPeriod(Document):
	"""A quarter with its windows for entry, approval and verification."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		approval_closes: DF.Date | None
		end_date: DF.Date | None
		entry_closes: DF.Date | None
		entry_opens: DF.Date | None
		is_public: DF.Check
		label: DF.Data | None
		quarter: DF.Literal["1", "2", "3", "4"]
		start_date: DF.Date | None
		verification_closes: DF.Date | None
		year: DF.Int
	# end: auto-generated types

	def before_insert(self):
		self.year = cint(self.year)

	def validate(self):
		periods.set_dates(self)
		periods.validate_dates(self)
