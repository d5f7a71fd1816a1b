"""Performance Report: the LKjIP of an OPD or of the government, from figures to a published document (domain.md 5.1).

Figures are taken from verified rows and kept with the report; texts are drafted by core and edited by people.
A report that was made elsewhere is registered with its file and dates only.
"""

import hashlib
import re
from dataclasses import replace

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, getdate, now_datetime, today, validate_url

from seroja.constants import DRAFT, INSPEKTORAT, ORGANISATION_BUREAU, PUBLISHED, RETURNED, REVIEWED, SUBMITTED
from seroja.core import performance_report as core
from seroja.core import performance_report_document as document
from seroja.core.narrative import aggregate_text, names_of, recommendation_texts
from seroja.core.performance_report_sections import EVALUATION, drafts
from seroja.core.performance_report_story import story_of
from seroja.core.rendering import Attachment, write_csv
from seroja.core.signing import Party
from seroja.permissions.opd import positions
from seroja.services import (
	evidence,
	guards,
	language_model,
	notices,
	paper,
	report_building,
	seals,
	snapshots,
)
from seroja.services.actors import NotYourStep, enterer, evaluator, head

EDITABLE = (DRAFT, RETURNED)
CAPACITIES = ("Definitif", "Pj", "Plt", "Plh")
# What people type, by state; everything else comes from the system.
_OPEN = {
	DRAFT: ("file", "submitted_on", "published_on", "published_link"),
	RETURNED: ("file", "submitted_on", "published_on", "published_link"),
	SUBMITTED: ("published_link",),
}
_DATA = "data-kinerja.csv"
_REQUEST = re.compile(r"\[Uraikan[^\]]*\]")
_MADE = "word_file"  # where the files hang that the system makes; no form uploads to this field


# --- what may be changed ---


def validate_report(doc) -> None:
	"""Texts and register are written by the OPD or by the Organisation Bureau, and only until the review."""
	doc.year = cint(doc.year)
	guards.check_name(doc, f"LKjIP-{doc.opd}-{doc.year}")
	before = doc.get_doc_before_save()
	if not doc.flags.pop("is_built", False):
		_begin(doc) if not before else _guard(doc, before)
	evidence.check_attached(doc, "file")
	_check_register(doc)


def _begin(doc) -> None:
	check_writer(doc)
	for df in doc.meta.fields:
		if df.fieldname != "workflow_state" and (
			df.read_only or df.fieldname in ("decision_note", "review_statement")
		):
			doc.set(df.fieldname, None)
	doc.items = []


def _guard(doc, before) -> None:
	"""Keeps what the state has closed, whichever way the request came."""
	state = before.workflow_state or DRAFT
	open_fields = () if before.figures and state in EDITABLE else _OPEN.get(state, ())
	changed = [field for field in open_fields if _differs(doc.get(field), before.get(field))]
	texts = {row.name: row.text for row in doc.items}
	for df in doc.meta.fields:
		if df.fieldname not in ("workflow_state", "decision_note", "items", *open_fields):
			doc.set(df.fieldname, before.get(df.fieldname))
	doc.set("items", [row.as_dict() for row in before.items])
	edited = [row for row in doc.items if _differs(texts.get(row.name, row.text), row.text)]
	_guard_note(doc, before, state)
	if not changed and not edited:
		return
	if edited and state not in EDITABLE:
		frappe.throw(
			_("This document is closed in the status {0}. Nothing was saved.").format(_(state)),
			NotYourStep,
			title=_("Document Is Closed"),
		)
	check_writer(doc)
	for row in edited:
		_edit(row, texts[row.name])
	_add_maker(doc)


def _guard_note(doc, before, state: str) -> None:
	"""The note is that of whoever decides next: the Inspektorat's becomes its printed statement."""
	if state not in _DECIDERS:
		doc.decision_note = before.decision_note
	elif _differs(doc.decision_note, before.decision_note):
		_DECIDERS[state](doc)


def _add_maker(doc) -> None:
	if f",{frappe.session.user}," not in (doc.makers or ""):
		doc.makers = f"{doc.makers or ','}{frappe.session.user},"


def _edit(row, text: str | None) -> None:
	row.text = text or ""
	row.is_edited = int(_differs(row.text, row.draft))
	row.edited_basis = row.basis if row.is_edited else ""
	row.is_stale = 0
	row.entered_by = frappe.session.user
	row.machine_edited = int(bool(row.machine_model))


def _differs(value, stored) -> bool:
	return str(value or "").strip() != str(stored or "").strip()


def _check_register(doc) -> None:
	for field in ("submitted_on", "published_on"):
		day = doc.get(field)
		if day and not (getdate(day) <= getdate(today()) and getdate(day).year > doc.year):
			frappe.throw(
				_("{0} must be a day after {1} that has been.").format(
					_(doc.meta.get_label(field)), doc.year
				),
				title=_("Date Not Valid"),
			)
	if doc.published_on and not doc.published_link:
		frappe.throw(_("Give the address at which the report was published."), title=_("Link Missing"))
	if doc.published_link and not validate_url(doc.published_link, valid_schemes=["http", "https"]):
		frappe.throw(_("The address must begin with https:// or http://."), title=_("Link Not Valid"))


def check_deletion(doc) -> None:
	"""Nobody deletes what was reviewed."""
	check_writer(doc)
	if doc.workflow_state not in (None, DRAFT) or seals.entries_of(doc):
		frappe.throw(
			_("{0} has been submitted before and is kept.").format(doc.name),
			NotYourStep,
			title=_("Cannot Delete"),
		)


# --- who may do what ---


def check_writer(doc) -> None:
	if ORGANISATION_BUREAU not in frappe.get_roles():
		enterer(doc)


def submitter(doc) -> str:
	"""The head of the OPD hands in its report; that of the government the Organisation Bureau as well."""
	if _is_government(doc) and "Head" not in positions(doc.opd):
		return bureau(doc)
	return head(doc)


def publisher(doc) -> str:
	return head(doc) if "Head" in positions(doc.opd) else bureau(doc)


def returner(doc) -> str:
	"""Before it is published: the Inspektorat takes its review back, the head or the bureau what is not ready."""
	stored = doc.get_doc_before_save() or doc  # the form asks without saving
	if INSPEKTORAT in frappe.get_roles() and stored.workflow_state == REVIEWED:
		return INSPEKTORAT.removeprefix("SEROJA ")
	return publisher(doc)


def bureau(doc) -> str:
	if ORGANISATION_BUREAU not in frappe.get_roles():
		frappe.throw(_("Only {0} may do this.").format(_(ORGANISATION_BUREAU)), NotYourStep)
	return ORGANISATION_BUREAU.removeprefix("SEROJA ")


# Who may write the note of the next step, by state.
_DECIDERS = {DRAFT: evaluator, RETURNED: evaluator, REVIEWED: returner, SUBMITTED: publisher}


def _is_government(doc) -> bool:
	return frappe.get_cached_value("OPD", doc.opd, "opd_type") == "Government"


# --- what must hold at a step ---


def check_reviewed(doc, to_state: str) -> None:
	"""The review needs figures, texts that fit them, and a statement: the note of the step."""
	check_built(doc)
	stale = [row.title for row in doc.items if row.is_stale]
	if stale:
		frappe.throw(
			_("The figures of these sections have changed since they were edited: {0}.").format(
				", ".join(stale)
			),
			title=_("Sections Are Stale"),
		)
	entries = seals.entries_of(doc)
	if not _differs(doc.decision_note, entries[-1].note if entries else ""):  # that of the return is none
		frappe.throw(_("Write the statement of the review."), title=_("Statement Missing"))
	doc.review_statement = doc.decision_note


def check_built(doc) -> None:
	if not doc.figures:
		frappe.throw(_("Build the figures of the report first."), title=_("Figures Missing"))


def set_submitted(doc, to_state: str) -> None:
	doc.submitted_on, doc.submitted_by = today(), frappe.session.user
	_void_files(doc)
	_check_register(doc)


def set_published(doc, to_state: str) -> None:
	doc.published_on = today()
	_void_files(doc)
	_check_register(doc)


def _void_files(doc) -> None:
	"""A file that was made or uploaded before is not what was decided on; it stays attached and is made anew."""
	if doc.figures:
		doc.file = doc.word_file = None


def take_back(doc, to_state: str) -> None:
	"""What a step after the draft had written is void once the report goes back."""
	doc.update(
		dict.fromkeys(
			(
				"reviewed_by",
				"reviewed_on",
				"review_statement",
				"review_requested_on",
				"submitted_on",
				"submitted_by",
			)
		)
	)


# --- building ---


def build(doc) -> None:
	"""Take the verified figures of today into a draft; texts that were edited stay, and are marked where their figures
	changed. The caller has checked the write permission."""
	_check_editable(doc)
	check_writer(doc)
	data = report_building.figures_of(doc.opd, doc.year)
	if not data:
		frappe.throw(
			_("There are no verified sheets of {0} for {1}.").format(doc.opd, doc.year),
			title=_("Nothing to Report"),
		)
	doc.submitted_on = doc.published_on = None  # from now on the steps say when
	_void_files(doc)
	doc.figures = core.report_json(data)
	doc.figures_digest = hashlib.sha256(doc.figures.encode()).hexdigest()
	doc.built_on, doc.as_known_on = now_datetime().replace(microsecond=0), data.as_known_on
	known = {row.section_key: row for row in doc.items}
	doc.set("items", [_section(draft, known.get(draft.key)) for draft in drafts(data)])
	_save(doc)


def _check_editable(doc) -> None:
	if (doc.workflow_state or DRAFT) not in EDITABLE:
		frappe.throw(
			_("This document is closed in the status {0}. Nothing was saved.").format(_(doc.workflow_state)),
			NotYourStep,
			title=_("Document Is Closed"),
		)


_KEPT = ("text", "edited_basis", "entered_by", "machine_model", "machine_edited")


def _section(draft, row) -> dict:
	values = {
		"section_key": draft.key,
		"chapter": draft.chapter,
		"title": draft.title,
		"draft": draft.text,
		"basis": draft.basis,
	}
	if not row or not row.is_edited:
		return values | {"text": draft.text, "is_edited": 0, "is_stale": 0}
	kept = {field: row.get(field) for field in _KEPT}
	return values | kept | {"is_edited": 1, "is_stale": int(draft.basis != row.edited_basis)}


def accept_sections(doc) -> None:
	"""The edited texts fit the new figures: whoever may write the report says so."""
	_check_editable(doc)
	check_writer(doc)
	for row in doc.items:
		if row.is_stale:
			row.is_stale, row.edited_basis, row.entered_by = 0, row.basis, frappe.session.user
	_save(doc)


def show_rights(doc) -> None:
	"""Tell the form whether there is a language model to ask."""
	doc.set_onload("may_reword", language_model.is_on())


def reword(doc) -> None:
	"""Have the language model say the evaluation in other words; a text of its own figures is refused and nothing changes.

	It gets verified, aggregated figures, no names and no words of people. Raises language_model.NotReworded. The
	caller has checked the write permission.
	"""
	_check_editable(doc)
	check_writer(doc)
	check_built(doc)
	row = next((row for row in doc.items if row.section_key == EVALUATION), None)
	if not row:
		frappe.throw(_("Build the figures again: this report is older than its evaluation."))
	story = story_of(core.read_report(doc.figures))
	paragraphs, model = language_model.reword(aggregate_text(story), names_of(story))
	row.update(
		{
			"text": "\n\n".join([*paragraphs, *recommendation_texts(story)]),
			"machine_model": model,
			"machine_edited": 0,
			"is_edited": 1,
			"is_stale": 0,
			"edited_basis": row.basis,
			"entered_by": frappe.session.user,
		}
	)
	_save(doc)


def ask_review(doc) -> None:
	_check_editable(doc)
	check_writer(doc)
	check_built(doc)
	unwritten = [row.title for row in doc.items if _REQUEST.search(row.text or "")]
	if unwritten:
		frappe.msgprint(
			_("These sections still ask for your words: {0}.").format(", ".join(unwritten)),
			indicator="orange",
		)
	doc.review_requested_on = now_datetime().replace(microsecond=0)
	_save(doc)
	notices.ask_for_review(doc)


def _save(doc) -> None:
	_add_maker(doc)
	doc.flags.is_built = True  # by the system: the caller has checked who asks
	doc.save()


# --- files ---


def make_files(doc, progress=lambda percent, text: None) -> None:
	"""The report as PDF and for Word, attached to it. The caller has checked the write permission.

	progress: called with percent and what is being done.
	"""
	check_built(doc)
	_keep_published(doc)
	progress(10, _("Composing the report"))
	paper_form = as_document(doc)
	progress(35, _("Making the PDF"))
	keeper = snapshots.Keeper(paper_form.title, doc.name, {"opd": doc.opd, "as_known_on": doc.as_known_on})
	pdf = document.report_pdf(paper_form, keeper, _attachments(doc))
	progress(75, _("Making the Word file"))
	word = document.report_docx(paper_form)
	progress(95, _("Saving"))
	for field, suffix, content in (("file", "pdf", pdf), ("word_file", "docx", word)):
		_attach(doc, field, f"{doc.name}.{suffix}", content)


def _keep_published(doc) -> None:
	"""The publication voids earlier files: one that is there was made after it, is the published one and stays."""
	if doc.workflow_state == PUBLISHED and frappe.db.get_value(doc.doctype, doc.name, "word_file"):
		frappe.throw(_("The published file is kept as it is."), title=_("Document Is Closed"))


def as_document(doc):
	"""The report as core prints it."""
	data = core.read_report(doc.figures)
	is_handed_in = doc.workflow_state in (SUBMITTED, PUBLISHED)
	return document.report_document(
		_signed(doc, data) if is_handed_in else data,
		{row.section_key: _printed(row, is_handed_in) for row in doc.items},
		_review(doc),
		"" if is_handed_in else "RANCANGAN",
		doc.name,
		paper.letterhead("" if data.is_government else data.unit),
	)


def _printed(row, is_handed_in: bool) -> str:
	"""A text as it is printed: the last one without what the draft asks people to write, one of a machine marked."""
	text = _REQUEST.sub("", row.text or "") if is_handed_in else row.text or ""
	if not row.machine_model or not row.is_edited:  # the draft itself is nobody's but SEROJA's
		return text
	return f"{text}\n\n{language_model.mark_of(row.machine_model, bool(row.machine_edited))}"


def _signed(doc, data):
	"""The one who handed it in signs, as the history has it."""
	entries = [entry for entry in seals.entries_of(doc) if entry.action == "Hand In"]
	if (
		not entries or entries[-1].capacity not in CAPACITIES
	):  # the bureau hands in for the mayor, and does not sign
		return data
	return replace(data, signer=paper.signed_by(doc.opd, entries[-1].user, data.signer, entries[-1]))


def _review(doc):
	if not doc.review_statement:
		return None
	entries = [entry for entry in seals.entries_of(doc) if entry.action == "Review"]
	last = entries[-1] if entries else frappe._dict(full_name="", acted_on=None, seal="")
	signer = Party(
		last.full_name, "Pereviu", signed_on=last.acted_on and get_datetime(last.acted_on), seal=last.seal
	)
	unit = paper.settings().inspectorate
	name = unit and frappe.get_cached_value("OPD", unit, "opd_name")
	return document.Review(
		doc.review_statement, name or "Inspektorat Daerah", signer, getdate(doc.reviewed_on or today())
	)


def _attachments(doc) -> list[Attachment]:
	data = core.read_report(doc.figures)
	return [
		Attachment(_DATA, write_csv(core.figures_table(data)), "Data kinerja setiap indikator"),
		Attachment(
			"data-kinerja.json", doc.figures.encode(), "Seluruh angka laporan ini", "application/json"
		),
	]


def _attach(doc, field: str, filename: str, content: bytes) -> None:
	"""Replace the file that an earlier run made; one that people uploaded stays, also in its field."""
	place = {"attached_to_doctype": doc.doctype, "attached_to_name": doc.name, "attached_to_field": _MADE}
	stem, _dot, suffix = filename.rpartition(".")
	same = {**place, "file_name": ["like", f"{stem}%.{suffix}"]}
	made = dict(frappe.get_all("File", same, ["file_url", "name"], as_list=True))
	for name in made.values():
		frappe.delete_doc("File", name, ignore_permissions=True)  # made by the system for this very report
	file = frappe.get_doc(
		{"doctype": "File", "file_name": filename, "is_private": 1, "content": content, **place}
	)
	file.insert(ignore_permissions=True)  # whoever may write the report may have it made
	if not doc.get(field) or doc.get(field) in made:
		frappe.db.set_value(doc.doctype, doc.name, field, file.file_url, update_modified=False)
