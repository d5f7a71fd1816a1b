from frappe.model.document import Document

from seroja.services import figure_notes


class FigureNote(Document):
	"""A note on one figure, an indicator in a period; it is printed at the foot of the Performance Matrix."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF

		indicator: DF.Link
		note: DF.SmallText
		opd: DF.Link | None
		period: DF.Link
	# end: auto-generated types

	def validate(self):
		figure_notes.validate_note(self)

	def on_trash(self):
		figure_notes.check_deletion(self)
