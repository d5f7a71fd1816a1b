from frappe.model.document import Document


class SEROJANotice(Document):
	"""That a person was told of an event; makes sure that he is told once."""
