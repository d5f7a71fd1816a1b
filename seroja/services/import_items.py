"""What a row of an import becomes: an item with its state, and writing it through the controller of its document."""

from collections.abc import Callable
from dataclasses import dataclass, field

import frappe
from frappe import _
from frappe.utils import flt, strip_html

from seroja.core.staging import Staged

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


class RowRefused(Exception):
	"""A document refused what a row asked for. index: of the record."""

	def __init__(self, index: int, message: str):
		super().__init__(message)
		self.index = index


@dataclass
class Item:
	"""One document, or one row of one. name: of the existing document. values: what it is to hold, tables as lists.

	parent: the key of an item of the same file that must be there first.
	"""

	index: int
	key: str
	doctype: str
	name: str | None
	values: dict
	state: str
	parent: str = ""


@dataclass
class Changes:
	"""What a file would do."""

	items: list[Item] = field(default_factory=list)

	def counts(self) -> dict[str, int]:
		states = [item.state for item in self.items]
		return {state: states.count(state) for state in (CREATED, CHANGED, UNCHANGED)}

	def report(self, rows: list[int]) -> list[tuple[int, str, str]]:
		"""(row of the file, key, state) in the order of the file."""
		return sorted((rows[item.index], item.key, item.state) for item in self.items)


def resolve_opd(job, staged: Staged, index: int, record: dict, entering: bool = False) -> str | None:
	"""The OPD of a row, by abbreviation, name or code, within the import's units; an empty one is the import's own."""
	word = record.get("opd")
	name = job.units.get(word.casefold()) if word else job.opd
	if not name:
		staged.problem(index, "opd", _("There is no such OPD among the units of this import."))
	elif (entering or not job.is_planner) and name not in job.entering:
		staged.problem(index, "opd", _("You are neither operator nor head of this OPD."))
	else:
		return name
	return None


def given(staged: Staged, record: dict, fields: tuple[str, ...]) -> dict:
	"""The fields that the file has a column for; what it does not mention stays as it is."""
	return {field: record[field] for field in fields if field in staged.present}


def state_of(existing: dict | None, values: dict) -> str:
	if existing is None:
		return CREATED
	return UNCHANGED if all(same(existing.get(name), value) for name, value in values.items()) else CHANGED


def same(stored, value) -> bool:
	if isinstance(value, (int, float)) or isinstance(stored, (int, float)):
		return flt(stored) == flt(value)
	if isinstance(value, (list, dict)):
		return (stored or type(value)()) == value
	return (stored or "") == (value or "")


def save_item(item: Item, values: dict, numbered_later: bool = False):
	"""Create or change one document through its controller; a refusal says which row it was."""
	try:
		doc = frappe.get_doc(item.doctype, item.name) if item.name else frappe.new_doc(item.doctype)
		doc.update(values)
		doc.flags.is_numbered_later = numbered_later
		return doc.save()
	except frappe.ValidationError as error:
		raise RowRefused(item.index, said(error)) from error
	except frappe.PermissionError as error:
		raise RowRefused(item.index, said(error) or _("You may not write this document.")) from error


def said(error: Exception) -> str:
	"""What a controller said: its message, without the markup that is meant for a popup."""
	return strip_html(str(error)).strip()


def apply_documents(changes: Changes, progress: Callable) -> None:
	"""One document per item."""
	due = [item for item in changes.items if item.state != UNCHANGED]
	for number, item in enumerate(due, 1):
		save_item(item, item.values)
		progress(number, len(due))
