from frappe.model.document import Document


class ReportSnapshot(Document):
	"""A printed document as it was: its digest, who printed it and when. Written by the system only."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		as_known_on: DF.Date | None
		digest: DF.Data | None
		filters: DF.SmallText | None
		issued_on: DF.Datetime | None
		issued_to: DF.Link | None
		reference: DF.Data | None
		title: DF.Data | None
	# end: auto-generated types
