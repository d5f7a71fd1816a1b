"""Factories for the tests inside a bench: two OPDs, one person per role, a period, targets, sheets."""

import frappe
from frappe.model.workflow import apply_workflow
from frappe.utils import add_days, today

try:  # Frappe 16
	from frappe.tests import IntegrationTestCase as FrappeTestCase
except ImportError:  # Frappe 15
	from frappe.tests.utils import FrappeTestCase

from seroja import constants as c

A, B = "TesA", "TesB"
YEAR = 2031
SUBMIT, APPROVE, RETURN, VERIFY, REOPEN = "Submit for Verification", "Approve", "Return", "Verify", "Reopen"

PEOPLE = {
	"operator_a": (c.OPERATOR, A, "Operator"),
	"head_a": (c.HEAD, A, "Head"),
	"viewer_a": (c.VIEWER, A, "Viewer"),
	"operator_b": (c.OPERATOR, B, "Operator"),
	"head_b": (c.HEAD, B, "Head"),
	"inspector": (c.INSPEKTORAT, None, None),
	"inspector2": (c.INSPEKTORAT, None, None),
	"planner": (c.PLANNER, None, None),
	"bureau": (c.ORGANISATION_BUREAU, None, None),
	"executive": (c.EXECUTIVE, None, None),
	"admin": (c.ADMINISTRATOR, None, None),
	"outsider": (None, None, None),
}


def person(key: str) -> str:
	"""The user name of a test person."""
	return f"{key}@tests.seroja.example"


class SerojaTestCase(FrappeTestCase):
	"""Makes the test world once per class; each test is rolled back to it."""

	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		make_world()

	def setUp(self):
		frappe.set_user("Administrator")
		frappe.db.savepoint("seroja_test")

	def tearDown(self):
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point="seroja_test")
		frappe.clear_messages()
		frappe.local.cache = {}
		frappe.local.request_cache.clear()
		for doctype in (c.INSTRUMENT, c.ROUND, c.LAYOUT):
			for name in frappe.get_all(doctype, pluck="name"):
				frappe.clear_document_cache(doctype, name)
		frappe.clear_document_cache("SEROJA Settings", "SEROJA Settings")
		for quarter in (1, 2, 3, 4):
			frappe.clear_document_cache("Reporting Period", f"{YEAR}-TW{quarter}")

	def as_user(self, key: str) -> None:
		frappe.set_user(person(key))

	def assertRefused(self, action, *args, exceptions=frappe.PermissionError, **kwargs):
		"""The action raises, and the caller's document is as it was."""
		with self.assertRaises(exceptions):
			action(*args, **kwargs)


def make_world() -> None:
	"""People, OPDs, an open first quarter and indicators; safe to call again."""
	frappe.set_user("Administrator")
	for key, (role, _opd, _position) in PEOPLE.items():
		_make_user(key, role)
	for opd in (A, B):
		_make_opd(opd)
	for quarter in (1, 2, 3, 4):
		_make_period(quarter)
	for opd in (A, B):
		for number, (polarity, consolidation, iku) in enumerate(
			(
				("Maximize", "LAST", 1),
				("Minimize", "LAST", 0),
				("Maximize", "SUM", 0),
				("Qualitative", "LAST", 0),
			),
			1,
		):
			_make_indicator(opd, number, polarity, consolidation, iku)


def _make_user(key: str, role: str | None) -> None:
	if frappe.db.exists("User", person(key)):
		return
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": person(key),
			"first_name": key,
			"send_welcome_email": 0,
			"enabled": 1,
			"user_type": "System User",
			"roles": [{"role": role}] if role else [{"role": "Desk User"}],
		}
	)
	user.flags.no_welcome_mail = True
	user.insert(ignore_permissions=True)


def _make_opd(name: str) -> None:
	if frappe.db.exists("OPD", name):
		return
	holders = [
		{"user": person(key), "position": position, "capacity": "Definitif", "from_date": "2020-01-01"}
		for key, (_role, opd, position) in PEOPLE.items()
		if opd == name
	]
	frappe.get_doc(
		{"doctype": "OPD", "abbreviation": name, "opd_name": f"Dinas {name}", "position_holders": holders}
	).insert()


def _make_period(quarter: int) -> None:
	if frappe.db.exists("Reporting Period", f"{YEAR}-TW{quarter}"):
		return
	frappe.get_doc(
		{
			"doctype": "Reporting Period",
			"year": YEAR,
			"quarter": str(quarter),
			"entry_opens": add_days(today(), -5),
			"entry_closes": add_days(today(), 5),
			"approval_closes": add_days(today(), 10),
			"verification_closes": add_days(today(), 15),
		}
	).insert()


def _make_indicator(opd: str, number: int, polarity: str, consolidation: str, iku: int) -> None:
	code = f"{opd}-{number}"
	if frappe.db.exists("Performance Indicator", code):
		return
	target = "WTP" if polarity == "Qualitative" else "100"
	frappe.get_doc(
		{
			"doctype": "Performance Indicator",
			"indicator_code": code,
			"indicator_name": f"Indikator {number} {opd}",
			"opd": opd,
			"objective": f"Sasaran {(number + 1) // 2} {opd}",
			"unit": "%",
			"polarity": polarity,
			"consolidation": consolidation,
			"is_iku": iku,
			"year_targets": [{"year": YEAR, "target": target}],
		}
	).insert()


def letter(opd: str) -> str:
	return "a" if opd == A else "b"


def approved_target(opd: str = A):
	"""An approved Performance Target, taken through its steps by the people who may."""
	user = frappe.session.user
	frappe.set_user(person(f"operator_{letter(opd)}"))
	doc = frappe.get_doc({"doctype": c.TARGET, "opd": opd, "year": YEAR}).insert()
	for row in doc.items:
		row.budget = 1_000_000
		if row.consolidation == "SUM":
			row.update({"target_q1": "25", "target_q2": "50", "target_q3": "75", "target_q4": "100"})
	doc.save()
	apply_workflow(doc, SUBMIT)
	frappe.set_user(person(f"head_{letter(opd)}"))
	apply_workflow(doc, APPROVE)
	frappe.set_user(person("planner"))
	apply_workflow(doc, APPROVE)
	frappe.set_user(user)
	return frappe.get_doc(c.TARGET, doc.name)


def draft_sheet(opd: str = A, quarter: int = 1, fill: bool = True):
	"""A sheet in draft with a value, and evidence where it must be."""
	user = frappe.session.user
	if not frappe.db.exists(c.TARGET, {"opd": opd, "year": YEAR, "is_current": 1}):
		approved_target(opd)
	frappe.set_user(person(f"operator_{letter(opd)}"))
	doc = frappe.get_doc({"doctype": c.REALIZATION, "opd": opd, "period": f"{YEAR}-TW{quarter}"}).insert()
	if fill:
		fill_sheet(doc)
	frappe.set_user(user)
	return frappe.get_doc(c.REALIZATION, doc.name)


def fill_sheet(doc, values=("90", "80", "30", "WDP")) -> None:
	"""Type values, a link as evidence and budget realization into the rows, and save."""
	for row, value in zip(sorted(doc.items, key=lambda row: row.indicator), values, strict=True):
		row.realization = value
		row.budget_realization = "900.000"
		if row.is_iku:
			row.evidence_link = "https://data.example/bukti"
	doc.save()


def take(doc, action: str, key: str, note: str = "", flag: str | None = None):
	"""Take a workflow step as a person would: note and flags are saved first."""
	user = frappe.session.user
	frappe.set_user(person(key))
	try:
		doc = frappe.get_doc(doc.doctype, doc.name)
		if note or flag:
			doc.decision_note = note
			for row in doc.items:
				if flag and row.indicator == flag:
					row.is_flagged, row.verifier_note = 1, note
			doc.save()
		apply_workflow(doc, action)
	finally:
		frappe.set_user(user)
	return frappe.get_doc(doc.doctype, doc.name)


def verified_sheet(opd: str = A, quarter: int = 1):
	"""A sheet that went all the way."""
	doc = draft_sheet(opd, quarter)
	doc = take(doc, SUBMIT, f"operator_{letter(opd)}")
	doc = take(doc, APPROVE, f"head_{letter(opd)}")
	return take(doc, VERIFY, "inspector")


def make_file(doc, content: str = "bukti", name: str = "bukti.txt", **values):
	"""A private file attached to a document, uploaded by the session user."""
	return frappe.get_doc(
		{
			"doctype": "File",
			"file_name": name,
			"content": content,
			"is_private": 1,
			"attached_to_doctype": doc.doctype,
			"attached_to_name": doc.name,
			**values,
		}
	).insert()


def grant_exception(opd: str, quarter: int, closes: str, reason: str = "Banjir"):
	"""Let an OPD enter after the window closed."""
	values = {"period": f"{YEAR}-TW{quarter}", "opd": opd, "entry_closes": closes, "reason": reason}
	return frappe.get_doc({"doctype": "Reporting Period Exception", **values}).insert(ignore_permissions=True)
