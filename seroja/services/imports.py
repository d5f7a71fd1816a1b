"""The staged importer: file → preview with every error → apply all or nothing → report.

What the rows of each kind mean is in import_kinds.py; reading the file is core's.
"""

import hashlib
import json

import frappe
from frappe import _
from frappe.utils import escape_html

from seroja.constants import IMPORT, PLAN, PLANNER
from seroja.core.spreadsheets import TableError
from seroja.core.staging import Staged, build_template, read_staged
from seroja.core.staging_layouts import LAYOUTS
from seroja.permissions.opd import my_opds
from seroja.services import repository
from seroja.services.actors import NotYourStep
from seroja.services.evidence import attached_file, content_of, files_of, own_loose_upload
from seroja.services.import_items import Changes, RowRefused
from seroja.services.import_kinds import KINDS

READY, WITH_ERRORS, RUNNING, APPLIED, FAILED = "Ready", "With Errors", "Running", "Applied", "Failed"
MOST_SHOWN = 500
# More changes than this go through a background job with a progress bar.
MOST_AT_ONCE = 300
_COMPUTED = ("status", "created", "changed", "unchanged", "file_digest", "outcome")


# --- the document ---


def check_may_import(doc) -> None:
	"""The planner imports for all units, an operator for the units where he is one; only its maker goes on with it."""
	if frappe.session.user != "Administrator" and doc.owner not in (None, frappe.session.user):
		frappe.throw(_("Only {0} may go on with this import.").format(doc.owner), NotYourStep)
	if PLANNER not in frappe.get_roles() and doc.opd not in my_opds("Operator"):
		frappe.throw(
			_("Only an operator of {0} or the planner may import for it.").format(doc.opd), NotYourStep
		)


def check_references(doc) -> None:
	"""What an import names is its maker's to read: Frappe shows titles of links and attaches files unasked."""
	if doc.plan:
		frappe.has_permission(PLAN, "read", doc.plan, throw=True)
	if doc.file and doc.file not in files_of(doc) and not own_loose_upload(doc.file):
		frappe.throw(
			_("The file is not one of this import. Upload it here."),
			frappe.PermissionError,
			title=_("File Missing"),
		)


def restore_computed(doc) -> None:
	"""What only the system writes; a new file starts anew."""
	before = doc.get_doc_before_save()
	for field in _COMPUTED:
		doc.set(field, before.get(field) if before else None)
	if not before or before.file != doc.file or before.plan != doc.plan:
		if before and before.status in (RUNNING, APPLIED):
			frappe.throw(_("This import is running or done. Make a new one."), title=_("Not Ready"))
		doc.update({field: None for field in _COMPUTED})
		doc.status = "Draft"


def template_of(kind: str) -> bytes:
	"""The empty workbook of a kind of import."""
	if kind not in KINDS:
		frappe.throw(_("There is no such kind of import."), title=_("Not Found"))
	return build_template(LAYOUTS[KINDS[kind].layout])


def check_deletion(doc) -> None:
	"""What was written stays on record with the file that it came from."""
	check_may_import(doc)
	if doc.status in (RUNNING, APPLIED):
		frappe.throw(_("An import that was applied is kept."), NotYourStep, title=_("Cannot Delete"))


# --- preview ---


def check_file(name: str) -> dict:
	"""Read the file and say what it would change, without changing anything. Permission: the maker's."""
	doc = _own(name)
	if doc.status in (RUNNING, APPLIED):
		frappe.throw(_("This import is running or done. Make a new one."), title=_("Not Ready"))
	staged, changes, digest = _read(doc)
	status = WITH_ERRORS if staged.problems else READY
	_write_outcome(doc, status, staged, changes, digest)
	return preview_of(doc)


def _own(name: str):
	doc = frappe.get_doc(IMPORT, name)
	doc.check_permission("write")
	check_may_import(doc)
	return doc


def _read(doc) -> tuple[Staged, Changes, str]:
	content, filename = _file_of(doc)
	kind = KINDS[doc.kind]
	try:
		staged = read_staged(content, filename, LAYOUTS[kind.layout])
	except TableError as error:
		frappe.throw(str(error), title=_("File Not Readable"))
	return staged, kind.plan(_Job(doc), staged), hashlib.sha256(content).hexdigest()


def _file_of(doc) -> tuple[bytes, str]:
	file = attached_file(doc, "file")
	return content_of(file), file.file_name


class _Job:
	"""What the kinds need to know of an import: its units by what a file may call them, and its plan."""

	def __init__(self, doc):
		self.plan = doc.plan
		self.opd = doc.opd
		self.entering = set(my_opds("Operator")) | set(my_opds("Head"))
		self.is_planner = PLANNER in frappe.get_roles()
		below = repository.opds_below(doc.opd)
		rows = frappe.get_all("OPD", {"name": ["in", below]}, ["name", "opd_name", "opd_code"])
		self.units: dict[str, str] = {}
		for row in rows:
			for word in (row.opd_code, row.opd_name, row.name):
				if word:
					self.units[word.casefold()] = row.name


def _write_outcome(doc, status: str, staged: Staged, changes: Changes, digest: str) -> None:
	problems = [[problem.row, problem.column, problem.message] for problem in staged.problems]
	outcome = {
		"problems": problems[:MOST_SHOWN],
		"problem_count": len(problems),
		"ignored": staged.ignored,
		"decimal": staged.decimal,
		"rows": [[row, key, state] for row, key, state in changes.report(staged.rows)],
	}
	doc.db_set(
		{
			"status": status,
			"file_digest": digest,
			**changes.counts(),
			"outcome": json.dumps(outcome, ensure_ascii=False),
		}
	)


def preview_of(doc) -> dict:
	"""For the form: status, counts, problems by row and column, the first rows of the report. Texts are escaped.

	The caller has checked that the user may read the import.
	"""
	outcome = json.loads(doc.outcome) if doc.outcome else {}
	rows = outcome.get("rows", [])
	return {
		"status": doc.status,
		"created": doc.created or 0,
		"changed": doc.changed or 0,
		"unchanged": doc.unchanged or 0,
		"problem_count": outcome.get("problem_count", 0),
		"problems": [
			[row, escape_html(column), escape_html(message)]
			for row, column, message in outcome.get("problems", [])
		],
		"ignored": [escape_html(heading) for heading in outcome.get("ignored", [])],
		"rows": [[row, escape_html(key), state] for row, key, state in rows if state != "unchanged"][
			:MOST_SHOWN
		],
	}


# --- apply ---


def apply_import(name: str) -> str:
	"""Apply a checked file, all of it or nothing; a large one in the background. Gives the status."""
	doc = _own(name)
	# Locked, so that of two who apply at once only one does.
	if frappe.db.get_value(IMPORT, name, "status", for_update=True) != READY:
		frappe.throw(_("Check the file first; only a file without errors is applied."), title=_("Not Ready"))
	doc.db_set("status", RUNNING)
	if (doc.created or 0) + (doc.changed or 0) <= MOST_AT_ONCE:
		return run(name)
	frappe.enqueue(
		"seroja.services.imports.run",
		queue="long",
		timeout=3000,
		job_id=f"seroja-import-{name}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=name,
	)
	return RUNNING


def run(name: str) -> str:
	"""The import itself, as the user who applied it. A failure leaves everything as it was and says where it was."""
	doc = _own(name)
	try:
		staged, changes, digest = _read(doc)
	except frappe.ValidationError as error:  # the plan was closed, or the file is gone
		_forget_messages()
		staged, changes, digest = Staged(rows=[0]), Changes(), doc.file_digest
		staged.problem(0, "", str(error))
		_write_outcome(doc, FAILED, staged, changes, digest)
		return FAILED
	if digest != doc.file_digest or staged.problems:
		_write_outcome(doc, WITH_ERRORS if staged.problems else READY, staged, changes, digest)
		return doc.status
	frappe.db.savepoint("seroja_import")
	try:
		KINDS[doc.kind].apply(changes, _progress(doc))
	except Exception as error:
		frappe.db.rollback(save_point="seroja_import")
		_forget_messages()
		index = error.index if isinstance(error, RowRefused) else None
		if index is None:
			frappe.log_error(f"SEROJA Import {name}")
		staged.problem(index or 0, "", str(error) or _("The row was refused."))
		_write_outcome(doc, FAILED, staged, changes, digest)
		return FAILED
	_write_outcome(doc, APPLIED, staged, changes, digest)
	frappe.publish_realtime("seroja_import", {"name": name}, user=frappe.session.user, after_commit=True)
	return APPLIED


def _forget_messages() -> None:
	"""What a refused row said is shown with its row, not once more as a popup."""
	frappe.clear_messages()


def _progress(doc):
	def show(done: int, total: int) -> None:
		if done % 100 == 0 or done == total:
			frappe.publish_progress(
				100 * done / max(total, 1), title=_("Importing"), doctype=IMPORT, docname=doc.name
			)

	return show
