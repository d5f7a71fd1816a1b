import frappe
from frappe import _
from frappe.model.document import Document


class PerformanceTargetItem(Document):
	"""The target of one indicator: for the year and per quarter."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		budget: DF.Currency
		consolidation: DF.Data | None
		indicator: DF.Link
		indicator_name: DF.Data | None
		is_iku: DF.Check
		method: DF.Data | None
		objective: DF.Data | None
		ordinal_scale: DF.Data | None
		parent: DF.Data
		parentfield: DF.Data
		parenttype: DF.Data
		polarity: DF.Data | None
		target_q1: DF.Data | None
		target_q2: DF.Data | None
		target_q3: DF.Data | None
		target_q4: DF.Data | None
		unit: DF.Data | None
		weight: DF.Float
		year_target: DF.Data | None
	# end: auto-generated types

	# The sheet saves its rows without these hooks; they run only when somebody goes for a row directly.
	def validate(self):
		self.refuse()

	def on_trash(self):
		self.refuse()

	def refuse(self):
		frappe.throw(_("Rows are changed only through their document."), frappe.PermissionError)
