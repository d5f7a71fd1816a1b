"""Telling people: the next verifier after each step, enterers before a deadline; once per person and event.

Frappe's Notification Log shows it in the desk and mails it where the person wants mail. Its mail
links to the form; nothing can be decided without login (frappe-notes.md 1).
"""

import hashlib
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.desk.doctype.notification_log.notification_log import make_notification_logs
from frappe.utils import add_days, cint, formatdate, getdate, now_datetime, today

from seroja.constants import (
	APPROVED,
	APPROVED_BY_HEAD,
	ASSESSMENT,
	DRAFT,
	EVALUATED,
	FINAL,
	INSPEKTORAT,
	ORGANISATION_BUREAU,
	PLANNER,
	PUBLISHED,
	REALIZATION,
	RECOMMENDATION,
	REPORT,
	RETURNED,
	REVIEWED,
	ROUND,
	SIGNED,
	SIGNED_BY_FIRST,
	SUBMITTED,
	TARGET,
	VERIFIED,
)
from seroja.permissions.opd import holders, positions, visible_opds
from seroja.services import recommendations, rounds
from seroja.services.periods import get_windows

NOTICE = "SEROJA Notice"


def tell_next(doc) -> None:
	"""After a step: the people who may take the next one, in their own language."""
	subject = _SUBJECTS_OF_REPORT.get(doc.workflow_state) if doc.doctype == REPORT else None
	subject = subject or _SUBJECTS.get(doc.workflow_state)
	if not subject:
		return
	people = [user for user in _next_people(doc) if user != frappe.session.user]
	tell(
		people,
		f"{doc.doctype}:{doc.name}:{doc.workflow_state}:{doc.modified}",
		lambda lang: subject(lang).format(_(doc.doctype, lang), doc.opd, _period_of(doc)),
		doc.doctype,
		doc.name,
	)


_SUBJECTS = {
	SUBMITTED: lambda lang: _("{0} of {1} for {2} waits for your approval", lang),
	APPROVED_BY_HEAD: lambda lang: _("{0} of {1} for {2} waits for your verification", lang),
	RETURNED: lambda lang: _("{0} of {1} for {2} was returned; please correct the flagged rows", lang),
	VERIFIED: lambda lang: _("{0} of {1} for {2} is verified", lang),
	APPROVED: lambda lang: _("{0} of {1} for {2} is approved", lang),
	SIGNED_BY_FIRST: lambda lang: _("{0} of {1} for {2} waits for your signature", lang),
	SIGNED: lambda lang: _("{0} of {1} for {2} is signed", lang),
	EVALUATED: lambda lang: _("{0} of {1} for {2} waits for your quality assurance", lang),
	FINAL: lambda lang: _("{0} of {1} for {2} is final", lang),
}


_SUBJECTS_OF_REPORT = {
	REVIEWED: lambda lang: _("{0} of {1} for {2} is reviewed and can be handed in", lang),
	SUBMITTED: lambda lang: _("{0} of {1} for {2} was handed in and can be published", lang),
	PUBLISHED: lambda lang: _("{0} of {1} for {2} is published", lang),
	RETURNED: lambda lang: _("{0} of {1} for {2} was returned; please correct it", lang),
}


def _period_of(doc) -> str:
	if doc.doctype != REALIZATION:
		return str(doc.get("year") or f"{doc.year_from}–{doc.year_to}")
	return frappe.get_cached_value("Reporting Period", doc.period, "label")


def _next_people(doc) -> list[str]:
	if doc.doctype == REPORT:
		return _next_people_of_report(doc)
	if doc.workflow_state == SUBMITTED:
		return holders([doc.opd], "Head").get(doc.opd, [])
	if doc.workflow_state == APPROVED_BY_HEAD:
		if doc.doctype == ASSESSMENT:
			return _evaluators_of(doc.opd)
		return users_with_role(INSPEKTORAT if doc.doctype == REALIZATION else PLANNER)
	if doc.workflow_state == EVALUATED:
		wrote = {doc.evaluated_by, *(doc.evaluators or "").split(",")}
		return [user for user in _evaluators_of(doc.opd) if user not in wrote]
	if doc.workflow_state == FINAL:
		return _people_of(doc.opd)
	if doc.workflow_state == SIGNED_BY_FIRST:
		heads = holders([doc.superior_opd() or ""], "Head").get(doc.superior_opd(), [])
		return [user for user in heads if user == doc.second_party]
	if doc.workflow_state == SIGNED:
		seen = visible_opds(doc.first_party)
		first = [doc.first_party] if seen is None or doc.opd in seen else []
		return [*first, *holders([doc.opd], "Operator").get(doc.opd, [])]
	return holders([doc.opd], "Operator").get(doc.opd, [])


def _next_people_of_report(doc) -> list[str]:
	heads = holders([doc.opd], "Head").get(doc.opd, [])
	bureau = users_with_role(ORGANISATION_BUREAU)
	return {REVIEWED: heads or bureau, SUBMITTED: bureau, PUBLISHED: _people_of(doc.opd)}.get(
		doc.workflow_state, holders([doc.opd], "Operator").get(doc.opd, [])
	)


def ask_for_review(doc) -> int:
	"""Tell the Inspektorat that a performance report waits for its review."""
	return tell(
		_evaluators_of(doc.opd),
		f"{doc.doctype}:{doc.name}:review:{doc.review_requested_on}",
		lambda lang: _("The performance report of {0} for {1} waits for your review", lang).format(
			doc.opd, doc.year
		),
		doc.doctype,
		doc.name,
	)


def _people_of(opd: str) -> list[str]:
	"""Operators and head of an OPD today."""
	return [user for position in ("Operator", "Head") for user in holders([opd], position).get(opd, [])]


def _evaluators_of(opd: str) -> list[str]:
	"""The Inspektorat, without those who hold a position in this OPD."""
	return [user for user in users_with_role(INSPEKTORAT) if not positions(opd, user)]


def users_with_role(role: str) -> list[str]:
	"""Enabled users with a role."""
	has_role, user = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
	return (
		frappe.qb.from_(has_role)
		.join(user)
		.on(user.name == has_role.parent)
		.select(user.name)
		.distinct()
		.where((has_role.role == role) & (user.enabled == 1) & (user.name != "Administrator"))
	).run(pluck=True)


def tell(people: Iterable[str], event: str, subject, doctype: str, name: str) -> int:
	"""Tell each person once of an event; gives how many were told. subject: language → text."""
	told = 0
	for user in sorted(set(people)):
		if not _claim(event, user):
			continue
		language = frappe.db.get_value("User", user, "language") or frappe.local.lang
		notice = frappe._dict(
			type="Alert", document_type=doctype, document_name=name, subject=subject(language)
		)
		make_notification_logs(notice, [frappe.db.get_value("User", user, "email")])
		told += 1
	return told


def _claim(event: str, user: str) -> bool:
	"""True for the first to ask: the name of the notice is the event and the person."""
	name = hashlib.sha256(f"{event}|{user}".encode()).hexdigest()[:32]
	if frappe.db.exists(NOTICE, name):
		return False
	notice = frappe.get_doc(
		{"doctype": NOTICE, "event": event[:140], "for_user": user, "sent_on": now_datetime()}
	)
	notice.insert(ignore_permissions=True, set_name=name)  # written by the system only
	return True


# --- deadlines ---


def reminder_days(settings) -> list[int]:
	"""Days before a deadline on which to remind, from "7, 3, 1". Raises for anything else."""
	parts = [part.strip() for part in (settings.reminder_days or "").split(",") if part.strip()]
	if not all(part.isdigit() for part in parts):
		frappe.throw(
			_("Reminder days are whole numbers, separated by commas: 7, 3, 1."), title=_("Not a Number")
		)
	return sorted({cint(part) for part in parts}, reverse=True)


def remind_of_deadlines() -> int:
	"""Remind enterers of sheets not yet submitted, heads and Inspektorat of those that wait for them."""
	days = reminder_days(frappe.get_cached_doc("SEROJA Settings"))
	told = 0
	periods = frappe.get_all(
		"Reporting Period",
		{"entry_opens": ["<=", today()], "verification_closes": [">=", add_days(today(), -1)]},
		pluck="name",
	)
	for name in periods:
		period = frappe.get_doc("Reporting Period", name)
		told += sum(_remind(period, stage, days) for stage in (_entry, _approval, _verification))
	return told + _remind_of_rounds(days) + _remind_of_recommendations(days)


def _remind(period, stage, days: list[int]) -> int:
	told = 0
	for people, closes, opd in stage(period):
		left = (getdate(closes) - getdate(today())).days
		if left not in days:
			continue
		text = {"period": period.label, "opd": opd, "date": closes, "days": left}
		told += tell(
			people,
			f"deadline:{stage.__name__}:{period.name}:{opd}:{left}",
			lambda lang, text=text: _("{0}, {1}: {2} days left, the deadline is {3}", lang).format(
				text["period"], text["opd"], text["days"], formatdate(text["date"])
			),
			"Reporting Period",
			period.name,
		)
	return told


def _entry(period):
	"""(people, deadline, OPD) of every OPD with an approved target whose sheet is not submitted."""
	targets = frappe.get_all(TARGET, {"year": period.year, "docstatus": 1, "is_current": 1}, pluck="opd")
	states = dict(
		frappe.get_all(
			REALIZATION,
			{"period": period.name, "docstatus": ["<", 2]},
			["opd", "workflow_state"],
			as_list=True,
		)
	)
	waiting = [opd for opd in targets if states.get(opd, DRAFT) in (DRAFT, RETURNED)]
	operators = holders(waiting, "Operator")
	windows = get_windows([period.name], waiting)
	return [
		(operators.get(opd, []), windows.due(period.name, opd, states.get(opd, DRAFT)), opd)
		for opd in waiting
	]


def _approval(period):
	waiting = frappe.get_all(
		REALIZATION, {"period": period.name, "workflow_state": SUBMITTED, "docstatus": 0}, pluck="opd"
	)
	heads = holders(waiting, "Head")
	return [(heads.get(opd, []), period.approval_closes, opd) for opd in waiting]


def _verification(period):
	waiting = frappe.db.count(
		REALIZATION, {"period": period.name, "workflow_state": APPROVED_BY_HEAD, "docstatus": 0}
	)
	return [(users_with_role(INSPEKTORAT), period.verification_closes, _(INSPEKTORAT))] if waiting else []


def _remind_of_rounds(days: list[int]) -> int:
	"""Remind whoever holds an assessment before its stage closes."""
	told = 0
	for opd, people, closes, round_name in rounds.pending():
		left = (getdate(closes) - getdate(today())).days
		if left in days:
			told += tell(
				people or _evaluators_of(opd),
				f"round:{round_name}:{opd}:{closes}:{left}",
				lambda lang, opd=opd, name=round_name, closes=closes, left=left: _(
					"{0}, {1}: {2} days left, the deadline is {3}", lang
				).format(name, opd, left, formatdate(closes)),
				ROUND,
				round_name,
			)
	return told


_NEWS = {
	"issued": lambda lang: _("Recommendation {0} of {1} was issued, due {2}", lang),
	"followed up": lambda lang: _("{1} has followed up recommendation {0}; please judge it", lang),
	"decided": lambda lang: _("Recommendation {0} of {1} is now: {3}", lang),
}


def tell_of_recommendation(doc) -> None:
	"""After a save: the OPD hears of a new recommendation and of a decision, the Inspektorat of a follow-up."""
	news = doc.flags.pop("news", None)
	if not news:
		return
	people = _evaluators_of(doc.opd) if news == "followed up" else _people_of(doc.opd)
	tell(
		[user for user in people if user != frappe.session.user],
		f"{doc.name}:{news}:{doc.modified}",
		lambda lang: _NEWS[news](lang).format(
			doc.name, doc.opd, formatdate(doc.due_date), _(doc.status, lang)
		),
		RECOMMENDATION,
		doc.name,
	)


# Days after its due date on which an open recommendation is named again.
_OVERDUE_DAYS = (1, 7, 14, 30, 60, 90)


def _remind_of_recommendations(days: list[int]) -> int:
	"""Remind the OPD before and after the due date of an open recommendation; after it, the Inspektorat as well."""
	wanted = [*days, *(-late for late in _OVERDUE_DAYS)]
	rows = frappe.get_all(
		RECOMMENDATION,
		{
			"status": ["in", recommendations.OPEN],
			"due_date": ["in", [add_days(today(), left) for left in wanted]],
		},
		["name", "opd", "due_date"],
	)
	return sum(_remind_of_recommendation(row) for row in rows)


def _remind_of_recommendation(row) -> int:
	left = (getdate(row.due_date) - getdate(today())).days
	told = _people_of(row.opd)
	if left < 0:
		told += _evaluators_of(row.opd)
	return tell(
		told,
		f"due:{row.name}:{row.due_date}:{left}",
		lambda lang: (
			_("Recommendation {0} of {1}: {2} days left, due {3}", lang)
			if left >= 0
			else _("Recommendation {0} of {1}: {2} days overdue, was due {3}", lang)
		).format(row.name, row.opd, abs(left), formatdate(row.due_date)),
		RECOMMENDATION,
		row.name,
	)
