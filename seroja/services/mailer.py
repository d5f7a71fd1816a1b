"""The mailer: renders each report as its recipient and hands it to the mail server once (design.md decision 8).

Frappe's Email Queue is not used: it sends what was "Sending" for 15 minutes again, and so twice. Here
a mail is "Sending" for the hand-over alone, and one that was interrupted there waits for a person.
"""

import smtplib
from contextlib import contextmanager
from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import cint, now_datetime, strip_html
from frappe.utils.file_lock import LockTimeoutError
from frappe.utils.synchronization import filelock

from seroja.constants import DELIVERY, SUBSCRIPTION
from seroja.permissions.opd import visible_opds
from seroja.services import report_files
from seroja.services.report_mail import build_message
from seroja.services.subscriptions import (
	FAILED,
	MAX_ATTEMPTS,
	NOTHING,
	PENDING,
	SENDING,
	SENT,
	TEST,
	UNCONFIRMED,
	UNSUBSCRIBED,
	filters_of,
	recipients_of,
	unsubscribed_from,
)

LOCK = "seroja_mailer"
BACK_OFF = (5, 30, 120, 720)  # minutes after the first, second, … failure
LOST_CONNECTIONS = 3


class Unreachable(Exception):
	"""The mail server does not answer or does not let us in."""


class Refused(Exception):
	"""The mail server has not taken a mail; code as in RFC 5321."""

	def __init__(self, code: int, text: str, is_final: bool):
		super().__init__(f"{code} {text}")
		self.is_final = is_final


class NotSent(Exception):
	"""A mail that is not to be sent, with its final state and the reason."""

	def __init__(self, state: str, reason: str = ""):
		super().__init__(reason)
		self.state = state


def deliver(now: datetime | None = None, only: str | None = None) -> int:
	"""Send what waits and give how many were sent; only: the name of one delivery.

	One worker at a time for each site: whoever comes second returns at once. The kernel opens the lock
	of a worker that dies.
	"""
	if frappe.are_emails_muted() or cint(frappe.db.get_default("suspend_email_queue")):
		return 0
	try:
		with filelock(LOCK, timeout=0):
			frappe.db.commit()  # only a new transaction sees what the last worker wrote
			_doubt_interrupted()
			return _Run(now or now_datetime()).send_all(only)
	except LockTimeoutError:
		frappe.clear_messages()
		return 0


def _doubt_interrupted() -> None:
	"""With the lock in hand, whatever is being sent was left by a worker that died in the hand-over."""
	reason = _("The worker stopped while the mail server took this mail; it may or may not have arrived.")
	frappe.db.set_value(DELIVERY, {"state": SENDING}, {"state": UNCONFIRMED, "error": reason})
	frappe.db.commit()


class _Run:
	"""One run: a connection that is kept, and what is the same for many recipients."""

	def __init__(self, now: datetime):
		self.now = now
		self.lost = 0
		self.account = None
		self.subscriptions: dict[str, tuple] = {}

	def send_all(self, only: str | None) -> int:
		sent = 0
		try:
			# Asked again until nothing is left: a test may have come in meanwhile.
			while (names := self._waiting(only)) and self.lost < LOST_CONNECTIONS:
				self.account = self.account or EmailAccount.find_outgoing(_raise_error=True)
				for name in names:
					sent += self._send(name)
					if self.lost >= LOST_CONNECTIONS:
						break
		finally:
			if self.account:
				self.account.get_smtp_server().quit()
		return sent

	def _waiting(self, only: str | None) -> list[str]:
		row = frappe.qb.DocType(DELIVERY)
		query = (
			frappe.qb.from_(row)
			.select(row.name)
			.where(row.state.isin([PENDING, FAILED]) & (row.attempts < MAX_ATTEMPTS))
			.where(row.next_try_on.isnull() | (row.next_try_on <= self.now))
			.orderby(row.subscription)
			.orderby(row.due_on)
			.orderby(row.name)
		)
		return (query.where(row.name == only) if only else query).run(pluck=True)

	def _send(self, name: str) -> bool:
		"""Everything about one delivery; whatever happens to it, the next one follows."""
		row = frappe.get_doc(DELIVERY, name)
		if row.state not in (PENDING, FAILED):  # replaced by a later one meanwhile
			return False
		try:
			result = self._try(row)
		except Exception as error:
			frappe.db.rollback()
			result = self._failure(row, error)
		row.db_set(result)
		frappe.db.commit()
		frappe.clear_messages()
		return result["state"] == SENT

	def _try(self, row) -> dict:
		doc = self._subscription(row)
		with acting_as(row.user):
			rendered = self._render(doc)
			if not rendered.row_count and doc.skip_empty:
				raise NotSent(NOTHING)
			message = build_message(doc, row, rendered, self.account)
		session = self._connect()
		made = {
			"row_count": rendered.row_count,
			"snapshot": rendered.snapshot,
			"message_id": message["Message-ID"],
		}
		row.db_set({"state": SENDING, "sent_on": None, "error": "", **made})
		frappe.db.commit()
		_hand_over(session, self.account.email_id, row.email, message)
		return {"state": SENT, "sent_on": now_datetime(), "next_try_on": None}

	def _subscription(self, row):
		"""The subscription, if this person is still to get it."""
		if row.subscription not in self.subscriptions:
			doc = frappe.get_doc(SUBSCRIPTION, row.subscription)
			self.subscriptions[row.subscription] = doc, recipients_of(doc), unsubscribed_from(doc)
		doc, people, left = self.subscriptions[row.subscription]
		if row.occurrence.startswith(TEST):
			if not frappe.db.get_value("User", row.user, "enabled"):
				raise NotSent(FAILED, _("The person is disabled."))
			return doc
		if row.user in left:
			raise NotSent(UNSUBSCRIBED)
		if row.user not in people or not doc.enabled:
			raise NotSent(
				FAILED, _("The person is not a recipient any more, or the subscription is disabled.")
			)
		row.db_set("email", people[row.user])  # it may have changed since the delivery was opened
		return doc

	def _render(self, doc):
		"""The report as the session user sees it."""
		if visible_opds() == []:
			raise NotSent(NOTHING, _("The person has no unit today."))
		return _rendered(doc)

	def _connect(self) -> smtplib.SMTP:
		"""The connection to the mail server; made again where it was lost."""
		try:
			session = self.account.get_smtp_server().session
		except Exception as error:
			self.lost += 1
			raise Unreachable from error
		self.lost = 0
		return session

	def _failure(self, row, error: Exception) -> dict:
		"""State, reason and next try of a delivery that was not sent."""
		if isinstance(error, NotSent):
			attempts = MAX_ATTEMPTS if error.state == FAILED else row.attempts
			return {"state": error.state, "error": str(error), "attempts": attempts}
		if isinstance(error, frappe.PermissionError):
			reason = _("The person may not see this report.")
			return {"state": FAILED, "error": reason, "attempts": MAX_ATTEMPTS}
		if isinstance(error, Unreachable):  # nobody's try is used up
			return {
				"state": row.state,
				"error": _("The mail server cannot be reached, or does not accept the login."),
				"next_try_on": self._later(0),
			}
		if isinstance(error, Refused):
			reason = str(error)
			attempts = MAX_ATTEMPTS if error.is_final else row.attempts + 1
			return {"state": FAILED, "error": reason[:200], **self._tried(attempts)}
		if row.state == SENDING:
			return {
				"state": UNCONFIRMED,
				"error": _("The connection was lost while the mail server took this mail."),
			}
		frappe.log_error(title=f"Report Delivery {row.name}")
		return {"state": FAILED, "error": _reason(error), **self._tried(row.attempts + 1)}

	def _tried(self, attempts: int) -> dict:
		return {"attempts": attempts, "next_try_on": self._later(attempts - 1)}

	def _later(self, failures: int) -> datetime | None:
		minutes = BACK_OFF[failures] if failures < len(BACK_OFF) else None
		return minutes and self.now + timedelta(minutes=minutes)


def _rendered(doc) -> report_files.Rendered:
	rendered = report_files.render(
		doc.content, doc.report, filters_of(doc), bool(doc.attach_pdf), bool(doc.attach_xlsx)
	)
	frappe.db.commit()  # the code on the PDF stays on record, also if the hand-over is interrupted
	return rendered


def _hand_over(session: smtplib.SMTP, sender: str, recipient: str, message) -> None:
	"""Raises Refused where the server said no; any other error leaves open whether it has the mail."""
	try:
		session.sendmail(sender, [recipient], message.as_bytes())
	except smtplib.SMTPRecipientsRefused as error:
		code, text = error.recipients[recipient]
		raise Refused(code, _shown(text), code >= 500) from error
	except smtplib.SMTPSenderRefused as error:  # of our own account; somebody will mend it
		raise Refused(error.smtp_code, _shown(error.smtp_error), False) from error
	except smtplib.SMTPResponseException as error:
		raise Refused(error.smtp_code, _shown(error.smtp_error), error.smtp_code >= 500) from error


def _shown(text: bytes | str) -> str:
	return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _reason(error: Exception) -> str:
	"""A short text for the log; what an unexpected error says may be confidential and stays in the Error Log."""
	if isinstance(error, frappe.ValidationError):
		return strip_html(str(error))[:200]
	return _("The mail could not be made ({0}); see the Error Log.").format(type(error).__name__)


@contextmanager
def acting_as(user: str):
	"""Be another person, in his language; afterwards everything is as it was."""
	before, language, flags = frappe.session.user, frappe.local.lang, frappe.flags.copy()
	if user != before:
		frappe.set_user(user)
	frappe.set_user_lang(user)
	try:
		yield
	finally:
		if user != before:
			frappe.set_user(before)
		frappe.local.lang = language
		frappe.flags.clear()
		frappe.flags.update(flags)
