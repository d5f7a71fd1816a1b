import frappe
from frappe import _
from frappe.model.document import Document

from seroja.services.calculation import scale_of


class AchievementScale(Document):
	"""Skala Capaian: bands with open or closed bounds and years of validity (domain.md 3.4)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.achievement_scale_band.achievement_scale_band import AchievementScaleBand

		bands: DF.Table[AchievementScaleBand]
		source: DF.SmallText | None
		title: DF.Data
		valid_from: DF.Int
		valid_to: DF.Int
	# end: auto-generated types

	def validate(self):
		scale = scale_of(self)
		if problems := scale.problems():
			frappe.throw(problems, title=_("Please Correct the Categories"), as_list=True)
		if gaps := scale.gaps():
			frappe.msgprint(gaps, title=_("Gaps in the Scale"), as_list=True, indicator="orange")
