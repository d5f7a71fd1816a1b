from frappe.model.document import Document

from seroja.services import subscriptions


class ReportSubscription(Document):
	"""Langganan Laporan: who gets which summary, and when (design.md decision 8)."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.report_subscription_opt_out.report_subscription_opt_out import (
			ReportSubscriptionOptOut,
		)
		from seroja.seroja.doctype.report_subscription_recipient.report_subscription_recipient import (
			ReportSubscriptionRecipient,
		)

		attach_pdf: DF.Check
		attach_xlsx: DF.Check
		content: DF.Literal["Evaluation Summary", "Report"]
		day: DF.Int
		days_after: DF.Int
		enabled: DF.Check
		filters: DF.SmallText | None
		frequency: DF.Literal["Weekly", "Monthly", "Quarterly", "After Period Closes"]
		hour: DF.Int
		introduction: DF.SmallText | None
		is_optional: DF.Check
		next_on: DF.Datetime | None
		opt_outs: DF.Table[ReportSubscriptionOptOut]
		recipients: DF.Table[ReportSubscriptionRecipient]
		report: DF.Link | None
		skip_empty: DF.Check
		starts_on: DF.Date
		title: DF.Data
		weekday: DF.Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
		window: DF.Literal["Entry Closes", "Approval Closes", "Verification Closes"]
	# end: auto-generated types

	def validate(self):
		subscriptions.validate_subscription(self)
