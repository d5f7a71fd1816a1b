from frappe.model.document import Document


class ReportDelivery(Document):
	"""The delivery of one occurrence of a subscription to one recipient. Written by the mailer only."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		attempts: DF.Int
		due_on: DF.Datetime | None
		email: DF.Data | None
		error: DF.SmallText | None
		message_id: DF.Data | None
		next_try_on: DF.Datetime | None
		occurrence: DF.Data | None
		row_count: DF.Int
		sent_on: DF.Datetime | None
		snapshot: DF.Data | None
		state: DF.Literal[
			"Pending", "Sending", "Sent", "Nothing to Report", "Unsubscribed", "Failed", "Unconfirmed"
		]
		subscription: DF.Link | None
		user: DF.Link | None
	# end: auto-generated types
