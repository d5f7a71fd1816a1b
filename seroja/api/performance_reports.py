"""What the form of a Performance Report asks for."""

import frappe
from frappe import _
from frappe.utils import escape_html

from seroja.constants import REPORT
from seroja.services import performance_reports
from seroja.services.language_model import NotReworded


@frappe.whitelist(methods=["POST"])
def build(name: str) -> None:
	"""Take the verified figures into the draft. Permission: write on the report."""
	performance_reports.build(_writable(name))


@frappe.whitelist(methods=["POST"])
def accept_sections(name: str) -> None:
	"""The edited sections fit the new figures. Permission: write on the report."""
	performance_reports.accept_sections(_writable(name))


@frappe.whitelist(methods=["POST"])
def reword(name: str) -> bool:
	"""Have the language model say the evaluation in other words; False where its text was not taken. Permission: write on
	the report."""
	doc = _writable(name)
	try:
		performance_reports.reword(doc)
	except NotReworded as error:
		frappe.msgprint(
			_("The text stays as it is. {0}").format(escape_html(str(error))),
			title=_("Not Reworded"),
			indicator="orange",
		)
		return False
	return True


@frappe.whitelist(methods=["POST"])
def ask_review(name: str) -> None:
	"""Ask the Inspektorat for its review. Permission: write on the report."""
	performance_reports.ask_review(_writable(name))


@frappe.whitelist(methods=["POST"])
def make_files(name: str) -> None:
	"""Have PDF and Word file made in the background; the form hears of the progress. Permission: write on the report."""
	doc = _writable(name)
	performance_reports.check_built(doc)
	frappe.enqueue(
		"seroja.tasks.documents.make_performance_report",
		queue="long",
		job_id=f"seroja-report-{name}",
		deduplicate=True,
		name=name,
	)


def _writable(name: str):
	doc = frappe.get_doc(REPORT, name)
	doc.check_permission("write")
	return doc
