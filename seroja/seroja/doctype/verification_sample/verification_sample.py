from frappe.model.document import Document

from seroja.services import samples


class VerificationSample(Document):
	"""Sampel verifikasi: rows drawn by risk, with what was found, so that the checks themselves can be judged."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.verification_sample_item.verification_sample_item import (
			VerificationSampleItem,
		)

		checked: DF.Int
		drawn_from: DF.Literal["Waiting for Verification", "Verified"]
		items: DF.Table[VerificationSampleItem]
		period: DF.Link
		population: DF.Int
		population_digest: DF.Data | None
		seed: DF.Int
		size: DF.Int
		wrong: DF.Int
	# end: auto-generated types

	def onload(self):
		samples.show_precision(self)

	def before_insert(self):
		samples.draw(self)

	def validate(self):
		samples.guard(self)
		samples.count(self)

	def before_submit(self):
		samples.refuse_submission(self)

	def on_trash(self):
		samples.refuse_deletion(self)
