import frappe
from frappe import _
from frappe.model.document import Document

from seroja.core.numbers import NumberFormatError, read_value


class PerformanceIndicator(Document):
	"""Indikator Kinerja: what is measured, how, and what is to be reached in each year (domain.md 2.4)."""

	def validate(self):
		self.validate_method()
		self.validate_year_targets()

	def validate_method(self):
		if (self.polarity == "Qualitative") != (self.method == "Ordinal") and self.method:
			frappe.throw(
				_("The method Ordinal belongs to the polarity Qualitative, and only to it."),
				title=_("Method Does Not Fit"),
			)
		if self.polarity == "Qualitative" and self.consolidation != "LAST":
			frappe.throw(
				_("A qualitative indicator takes the last known value (LAST)."),
				title=_("Method Does Not Fit"),
			)

	def validate_year_targets(self):
		years = [row.year for row in self.year_targets]
		if len(set(years)) < len(years):
			frappe.throw(_("A year stands twice in the year targets."), title=_("Duplicate Row"))
		for row in self.year_targets:
			try:
				row.target = read_value(
					row.target, qualitative=self.polarity == "Qualitative", is_range=True
				).show()
			except NumberFormatError as error:
				frappe.throw(f"{row.year}: {error}", title=_("Please Correct the Targets"))
