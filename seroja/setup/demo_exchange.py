"""The exchange of the demo: a file of another system, with proposals on a draft and a difference to explain."""

import frappe

from seroja import constants as c
from seroja.services import data_runs
from seroja.setup.demo_people import SHOWN

SOURCE = "Portal data (contoh, unggahan)"


def create(year: int) -> None:
	"""One source over two sheets: the latest draft of another unit and a verified one of the shown unit."""
	draft = frappe.get_all(
		c.REALIZATION, {"year": year, "workflow_state": c.DRAFT}, order_by="quarter desc, opd", limit=1
	)
	verified = frappe.get_all(
		c.REALIZATION, {"year": year, "opd": SHOWN, "docstatus": 1}, order_by="quarter desc", limit=1
	)
	sheets = [frappe.get_doc(c.REALIZATION, row.name) for row in (*draft, *verified)]
	rows = [row for sheet in sheets for row in _plain_rows(sheet)]
	_source(dict.fromkeys(row.indicator for row in rows))
	for sheet in sheets:
		_run(sheet)


def _plain_rows(sheet) -> list:
	"""Two rows that take a plain number and have a target to stand in for the figure of somebody else."""
	return [row for row in sheet.items if row.value_source == c.ENTERED and (row.target or "")[:1].isdigit()][
		:2
	]


def _source(codes) -> None:
	mapping = {"figure": "Value", "column_name": "nilai", "aggregate": "Single"}
	frappe.get_doc(
		{
			"doctype": data_runs.SOURCE,
			"title": SOURCE,
			"kind": "Upload",
			"decimal": ",",
			"mappings": [{"indicator": code, "condition": f"kode = {code}", **mapping} for code in codes],
		}
	).insert()


def _run(sheet) -> None:
	run = frappe.get_doc({"doctype": data_runs.RUN, "data_source": SOURCE, "period": sheet.period}).insert()
	lines = ["kode;nilai", *(f'{row.indicator};"{row.target}"' for row in _plain_rows(sheet))]
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": f"contoh-{run.name}.csv",
			"is_private": 1,
			"content": "\n".join(lines),
			"attached_to_doctype": run.doctype,
			"attached_to_name": run.name,
			"attached_to_field": "file",
		}
	).insert()
	run.file = file.file_url
	run.save()
	data_runs.fetch(run)
	if run.state == data_runs.PREVIEW:
		data_runs.accept(run)
