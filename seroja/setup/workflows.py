"""The workflows: states and actions if missing, then the files in seroja/workflow (style.md 1.4).

Frappe does not sync workflows itself. A file is imported when the site has none or an older one, so
a local change survives until we ship a newer `modified`.
"""

import json
from pathlib import Path

import frappe
from frappe.modules.import_file import import_file_by_path

# Shared vocabulary of the framework; never ours to delete.
_COMMON_STATES = {"Pending", "Approved", "Rejected"}
_COMMON_ACTIONS = {"Approve", "Reject", "Review"}
_STYLES = {
	"Draft": "",
	"Submitted": "Primary",
	"Approved by OPD Head": "Info",
	"Returned": "Danger",
	"Approved": "Success",
	"Verified": "Success",
	"Reopened": "Inverse",
	"Signed by First Party": "Info",
	"Signed": "Success",
	"Evaluated": "Info",
	"Final": "Success",
	"Reviewed by APIP": "Info",
	"Published": "Success",
}


def files() -> list[Path]:
	"""The workflow files of the app."""
	return sorted(Path(frappe.get_app_path("seroja", "seroja", "workflow")).glob("*/*.json"))


def sync() -> None:
	"""Bring states, actions and workflows to the site."""
	for path in files():
		workflow = json.loads(path.read_text(encoding="utf-8"))
		for row in workflow["states"]:
			_insert(
				"Workflow State",
				{"workflow_state_name": row["state"], "style": _STYLES.get(row["state"], "")},
			)
		for row in workflow["transitions"]:
			_insert("Workflow Action Master", {"workflow_action_name": row["action"]})
		import_file_by_path(str(path), data_import=True)
	frappe.clear_cache()


def _insert(doctype: str, values: dict) -> None:
	if not frappe.db.exists(doctype, next(iter(values.values()))):
		frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)


def remove() -> None:
	"""Delete our workflows, and the states and actions that no other workflow uses."""
	states, actions = set(), set()
	for path in files():
		workflow = json.loads(path.read_text(encoding="utf-8"))
		states |= {row["state"] for row in workflow["states"]}
		actions |= {row["action"] for row in workflow["transitions"]}
		frappe.db.delete("Workflow Action", {"reference_doctype": workflow["document_type"]})
		frappe.delete_doc(
			"Workflow", workflow["name"], ignore_missing=True, force=True, ignore_permissions=True
		)
	_delete_unused("Workflow State", states - _COMMON_STATES, "Workflow Document State", "state")
	_delete_unused("Workflow Action Master", actions - _COMMON_ACTIONS, "Workflow Transition", "action")


def _delete_unused(doctype: str, names: set[str], used_in: str, field: str) -> None:
	for name in names:
		if not frappe.db.exists(used_in, {field: name}):
			frappe.delete_doc(doctype, name, ignore_missing=True, force=True, ignore_permissions=True)
