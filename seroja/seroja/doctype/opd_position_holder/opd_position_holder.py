from frappe.model.document import Document


class OPDPositionHolder(Document):
	"""Who holds a position in an OPD, in which capacity and from when to when."""
