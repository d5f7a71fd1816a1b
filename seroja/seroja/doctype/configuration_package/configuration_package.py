from frappe.model.document import Document

from seroja.services import configuration, evidence


class ConfigurationPackage(Document):
	"""Paket Konfigurasi: instruments, scales, layouts, indicators and sources as one file, to move between sites."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		digest: DF.Data | None
		direction: DF.Literal["Outgoing", "Incoming"]
		file: DF.Attach | None
		message: DF.SmallText | None
		state: DF.Literal["Draft", "Made", "Checked", "Refused", "Applied"]
		title: DF.Data
		with_indicators: DF.Check
		with_instruments: DF.Check
		with_layouts: DF.Check
		with_scales: DF.Check
		with_sources: DF.Check
	# end: auto-generated types

	def validate(self):
		configuration.validate_package(self)

	def on_update(self):
		evidence.adopt_attached(self, "file")
