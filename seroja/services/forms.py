"""The official forms of agreements and action plans, from the documents to what core prints (domain.md 5.2)."""

import frappe
from frappe import _
from frappe.utils import getdate

from seroja.constants import DRAFT, OBJECTIVE, RETURNED
from seroja.core import agreement as core
from seroja.services import paper, seals, snapshots, targets
from seroja.services.agreements import head_of


def agreement_file(doc, kind: str) -> bytes:
	"""The official form as "pdf" or "docx". The caller has checked the print permission."""
	document = as_document(doc)
	if kind == "docx":
		return core.agreement_docx(document)
	return core.agreement_pdf(
		document, snapshots.Keeper(f"Perjanjian Kinerja {doc.name}", doc.name, {"opd": doc.opd})
	)


def action_plan_file(doc, kind: str) -> bytes:
	"""The rencana aksi as "pdf" or "docx". The caller has checked the print permission."""
	document = action_plan_document(doc)
	if kind == "docx":
		return core.action_plan_docx(document)
	return core.action_plan_pdf(
		document, snapshots.Keeper(f"Rencana Aksi {doc.name}", doc.name, {"opd": doc.opd})
	)


def as_document(doc) -> core.Agreement:
	"""The agreement as core prints it. The caller has checked the read permission."""
	signatures = {entry.user: entry for entry in seals.entries_of(doc) if entry.action == "Sign"}
	dated = getdate(doc.agreement_date) if doc.agreement_date else None
	return core.Agreement(
		government=paper.government_name(),
		unit=frappe.get_cached_value("OPD", doc.opd, "opd_name"),
		year=doc.year,
		place=doc.place or "",
		dated=dated,
		first=_party(doc, "first", signatures),
		second=None if doc.signs_alone() else _party(doc, "second", signatures),
		targets=[
			core.TargetRow(row.objective or "", row.indicator_name or "", row.unit or "", row.target or "")
			for row in doc.items
		],
		programs=[
			core.ProgramRow(row.program, float(row.budget or 0), row.note or "") for row in doc.programs
		],
		revision=doc.version - 1,
		revision_reason=" — ".join(
			part for part in (_(doc.revision_reason or "", "id"), doc.revision_note) if part
		),
		is_signed=doc.docstatus == 1,
		reference=doc.name,
		letterhead=paper.letterhead(frappe.get_cached_value("OPD", doc.opd, "opd_name")),
	)


def _party(doc, party: str, signatures: dict) -> core.Party:
	user = doc.get(f"{party}_party")
	signed = signatures.get(user) if doc.workflow_state not in (None, DRAFT, RETURNED) else None
	return core.Party(
		doc.get(f"{party}_name") or "",
		doc.get(f"{party}_position") or "",
		doc.get(f"{party}_capacity") or "Definitif",
		doc.get(f"{party}_rank") or "",
		doc.get(f"{party}_nip") or "",
		signed.acted_on if signed else None,
		signed.seal if signed else "",
	)


def action_plan_document(doc) -> core.ActionPlan:
	"""The rencana aksi of a Performance Target as core prints it. The caller has checked the read permission."""
	unit = frappe.get_cached_value("OPD", doc.opd, "opd_name")
	names = {row.indicator: row.indicator_name or "" for row in doc.items}
	sources = {
		row.name: row.statement
		for row in frappe.get_all(
			OBJECTIVE,
			{"name": ["in", [row.performance_objective or "" for row in doc.actions] or [""]]},
			["name", "statement"],
		)
	}
	return core.ActionPlan(
		government=paper.government_name(),
		unit=unit,
		year=doc.year,
		reference=doc.name,
		is_approved=doc.docstatus == 1,
		targets=[
			core.QuarterRow(
				row.objective or "",
				row.indicator_name or "",
				row.unit or "",
				row.year_target or "",
				tuple(row.get(field) or "" for field in targets.QUARTERS),
			)
			for row in doc.items
		],
		actions=[
			core.ActionRow(
				names.get(row.indicator, row.indicator),
				sources.get(row.performance_objective, ""),
				row.action or "",
				tuple(float(row.get(f"budget_q{number}") or 0) for number in (1, 2, 3, 4)),
				row.responsible or "",
			)
			for row in doc.actions
		],
		place=paper.settings().place or "",
		dated=getdate(doc.approved_on) if doc.approved_on else None,
		signer=_head_who_approved(doc),
		letterhead=paper.letterhead(unit),
	)


def _head_who_approved(doc) -> core.Party | None:
	"""The head who approved this target, in the capacity that the history has."""
	approvals = [entry for entry in seals.entries_of(doc) if entry.action == "Approve"]
	if not approvals or not doc.approved_by:
		return None
	last, unit = approvals[-1], frappe.get_cached_value("OPD", doc.opd, ["opd_name", "opd_type"])
	return core.Party(last.full_name, head_of(*unit), last.capacity, "", "", last.acted_on, last.seal)
