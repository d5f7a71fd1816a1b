"""Documents that take longer than a click."""

import frappe

from seroja.constants import REPORT
from seroja.services import performance_reports

EVENT = "seroja_report"


def make_performance_report(name: str) -> None:
	"""PDF and Word file of a report, for the person who asked; runs as him, so his rights are checked again."""
	doc = frappe.get_doc(REPORT, name)
	doc.check_permission("write")
	user = frappe.session.user

	def tell(percent: int, text: str = "", error: str = "") -> None:
		message = {"name": name, "percent": percent, "text": text, "error": error}
		frappe.publish_realtime(EVENT, message, user=user)

	try:
		performance_reports.make_files(doc, tell)
	except frappe.ValidationError as error:
		tell(100, error=str(error))
		raise
	frappe.publish_realtime(EVENT, {"name": name, "percent": 100}, user=user, after_commit=True)
