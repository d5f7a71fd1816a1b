import itertools

import frappe
from frappe import _
from frappe.utils import getdate
from frappe.utils.nestedset import NestedSet

from seroja.constants import POSITION_ROLES


class OPD(NestedSet):
	"""Perangkat Daerah: a unit of the government, in a tree, with its position holders."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.opd_position_holder.opd_position_holder import OPDPositionHolder

		abbreviation: DF.Data
		is_group: DF.Check
		lft: DF.Int
		old_parent: DF.Link | None
		opd_code: DF.Data | None
		opd_name: DF.Data
		opd_type: DF.Literal["Government", "OPD", "Bagian", "Kecamatan", "Kelurahan", "UPTD"]
		parent_opd: DF.Link | None
		position_holders: DF.Table[OPDPositionHolder]
		rgt: DF.Int
		successor: DF.Link | None
		valid_from: DF.Date | None
		valid_to: DF.Date | None
	# end: auto-generated types

	nsm_parent_field = "parent_opd"

	def validate(self):
		self.validate_validity()
		self.validate_holders()

	def on_update(self):
		super().on_update()
		self.give_roles()

	def validate_validity(self):
		if self.valid_from and self.valid_to and getdate(self.valid_from) > getdate(self.valid_to):
			frappe.throw(_("Valid From is after Valid To."), title=_("Dates Out of Order"))
		if self.successor and self.successor == self.name:
			frappe.throw(_("An OPD cannot be its own successor."), title=_("Successor Not Valid"))

	def validate_holders(self):
		for row in self.position_holders:
			if row.to_date and getdate(row.from_date) > getdate(row.to_date):
				frappe.throw(_("Row {0}: From is after To.").format(row.idx), title=_("Dates Out of Order"))
			if row.capacity == "Plh" and not row.to_date:
				frappe.throw(
					_("Row {0}: a Plh is appointed for a time; give the last day.").format(row.idx),
					title=_("Date Missing"),
				)
		self.validate_one_head()

	def validate_one_head(self):
		heads = [
			row for row in self.position_holders if row.position == "Head" and row.capacity == "Definitif"
		]
		heads.sort(key=lambda row: getdate(row.from_date))
		for earlier, later in itertools.pairwise(heads):
			if not earlier.to_date or getdate(earlier.to_date) >= getdate(later.from_date):
				frappe.throw(
					_(
						"Rows {0} and {1}: two definitive heads at the same time. Close the earlier one first."
					).format(earlier.idx, later.idx),
					title=_("Two Heads"),
				)

	def give_roles(self):
		"""A named holder can do what his position asks for; the right to name him was checked by the save."""
		for row in self.position_holders:
			role = POSITION_ROLES[row.position]
			if role not in frappe.get_roles(row.user):
				user = frappe.get_doc("User", row.user)
				user.flags.ignore_permissions = True  # write permission on OPD was checked by the save
				user.add_roles(role)
