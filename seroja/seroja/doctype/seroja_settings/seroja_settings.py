import frappe
from frappe import _
from frappe.model.document import Document

from seroja.services import language_model
from seroja.services.notices import reminder_days
from seroja.services.paper import check_logo


class SEROJASettings(Document):
	"""Pengaturan: government, calculation in force, deadlines."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		address: DF.SmallText | None
		agreement_due_days: DF.Int
		approval_days: DF.Int
		cap: DF.Float
		entry_days: DF.Int
		evidence_required: DF.Check
		government_name: DF.Data | None
		government_report_due_months: DF.Int
		head_title: DF.Data | None
		inspector_nip: DF.Data | None
		inspector_rank: DF.Data | None
		inspectorate: DF.Link | None
		language_model_key: DF.Password | None
		language_model_name: DF.Data | None
		language_model_timeout: DF.Int
		language_model_url: DF.Data | None
		logo: DF.AttachImage | None
		method_maximize: DF.Literal["Ratio"]
		method_minimize: DF.Literal["Complement", "Inverse"]
		method_stabilize: DF.Literal["Deviation"]
		place: DF.Data | None
		public_page: DF.Check
		recommendation_due_days: DF.Int
		reminder_days: DF.Data | None
		report_due_months: DF.Int
		report_signer_nip: DF.Data | None
		report_signer_rank: DF.Data | None
		report_signer_title: DF.Data | None
		report_unit: DF.Link | None
		scale: DF.Link | None
		use_language_model: DF.Check
		verification_days: DF.Int
	# end: auto-generated types

	def validate(self):
		if self.cap and self.cap < 100:
			frappe.throw(_("The cap of the score is at least 100 %."), title=_("Cap Too Low"))
		if not self.entry_days <= self.approval_days <= self.verification_days:
			frappe.throw(
				_("The deadlines must follow each other: entry, OPD head, Inspektorat."),
				title=_("Dates Out of Order"),
			)
		reminder_days(self)
		check_logo(self)
		language_model.check_settings(self)
