from frappe.model.document import Document


class IndicatorTag(Document):
	"""A report or a class of indicators: IKU, IKD, IKK, SPM, RB, PK (domain.md 2.3 and 5.6)."""
