from frappe.model.document import Document


class SEROJANotice(Document):
	"""That a person was told of an event; makes sure that he is told once."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		event: DF.Data
		for_user: DF.Link
		sent_on: DF.Datetime | None
	# end: auto-generated types
