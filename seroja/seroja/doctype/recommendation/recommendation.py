from frappe.model.document import Document

from seroja.services import evidence, recommendations


class Recommendation(Document):
	"""Rekomendasi: what the Inspektorat asks an OPD to mend, and what became of it (domain.md 6.4)."""

	def autoname(self):
		self.name = recommendations.new_name(self)

	def onload(self):
		recommendations.show_rights(self)

	def validate(self):
		recommendations.guard(self)

	def on_update(self):
		evidence.adopt_files(self)

	def on_trash(self):
		recommendations.refuse_deletion(self)
