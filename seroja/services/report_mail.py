"""The mail around a report: body, pictures, attachments, and how to unsubscribe.

Built with the standard library: Frappe's own builder attaches any file of the server whose path
stands in the text as embed="…", and the text of a report is what people typed.
"""

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

import frappe
from frappe import _
from frappe.email.email_body import get_footer
from frappe.utils import get_url_to_report

from seroja.services.subscriptions import unsubscribe_link

_XLSX = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SUMMARY = "OPD Evaluation Summary"


def build_message(doc, row, rendered, account) -> EmailMessage:
	"""The mail of one delivery, in the language of the session user, who is its recipient."""
	message = EmailMessage(policy=SMTP)
	parts = _texts(doc, row, rendered)
	for header, value in _headers(doc, row, rendered, account.default_sender, parts["unsubscribe"]).items():
		message[header] = value
	message.set_content(_plain(parts))
	context = {**parts, "body": rendered.html, "lang": frappe.local.lang, "footer": get_footer(account)}
	html = frappe.render_template("templates/emails/report_mail.html", context, is_path=True)
	message.add_alternative(html, subtype="html")
	page = message.get_payload()[1]
	for name, png in rendered.pictures.items():
		page.add_related(png, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline")
	if rendered.pdf:
		message.add_attachment(rendered.pdf, "application", "pdf", filename=f"{rendered.filename}.pdf")
	if rendered.xlsx:
		message.add_attachment(rendered.xlsx, "application", _XLSX, filename=f"{rendered.filename}.xlsx")
	return message


def _headers(doc, row, rendered, sender: str, unsubscribe: str | None) -> dict[str, str]:
	subject = " · ".join(filter(None, (doc.title, rendered.period)))
	headers = {
		"Subject": " ".join(subject.split()),
		"From": sender,
		"To": row.email,
		"Date": formatdate(localtime=True),
		"Message-ID": f"<{row.name}@{frappe.local.site}>",  # stays the same when it is sent again
		"Auto-Submitted": "auto-generated",
	}
	if unsubscribe:
		headers["List-Unsubscribe"] = f"<{unsubscribe}>"
		headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
	return headers


def _texts(doc, row, rendered) -> dict:
	return {
		"title": doc.title,
		"subtitle": " · ".join(filter(None, (rendered.title, rendered.period))),
		"introduction": (doc.introduction or "").strip(),
		"scope": _("The figures are those of the units that you may see."),
		"link": get_url_to_report(doc.report or _SUMMARY),
		"open": _("Open in SEROJA"),
		"unsubscribe": unsubscribe_link(row.name) if doc.is_optional else None,
		"leave": _("Unsubscribe from this mail"),
	}


def _plain(parts: dict) -> str:
	"""What a reader without HTML sees; the figures are in the attachments and behind the link."""
	lines = [parts["title"], parts["subtitle"], "", parts["introduction"], "", parts["scope"]]
	lines.append(f"{parts['open']}: {parts['link']}")
	if parts["unsubscribe"]:
		lines.append(f"{parts['leave']}: {parts['unsubscribe']}")
	return "\n".join(lines)
