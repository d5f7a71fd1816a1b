from frappe.model.document import Document


class AchievementScaleBand(Document):
	"""One category of a scale; an empty bound is open."""
