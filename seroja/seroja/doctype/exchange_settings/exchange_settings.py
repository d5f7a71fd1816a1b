from frappe.model.document import Document

from seroja.services import exchange_settings


class ExchangeSettings(Document):
	"""Pengaturan Pertukaran: allowed hosts, the limit of the API, the keys of the roll-up. For the administrator only."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.allowed_host.allowed_host import AllowedHost
		from seroja.seroja.doctype.trusted_government.trusted_government import TrustedGovernment

		government_code: DF.Data | None
		government_level: DF.Literal["City", "Province"]
		hosts: DF.Table[AllowedHost]
		public_key: DF.SmallText | None
		requests_per_minute: DF.Int
		signing_key: DF.Password | None
		trusted_governments: DF.Table[TrustedGovernment]
	# end: auto-generated types

	def validate(self):
		exchange_settings.validate_settings(self)
