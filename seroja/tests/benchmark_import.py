"""The importer's part of benchmarks/run.py: a tree of 6,000 nodes and 5,000 indicators, through file, check and apply."""

import json
import time

import frappe

from seroja import constants as c
from seroja.services import import_items, import_trees, imports
from seroja.tests import planning_utils, utils

NODES, INDICATORS = 6_000, 5_000


def run() -> None:
	"""Print one line of JSON: rows of (what, our seconds, the other's seconds, bar), and what was written on the side."""
	frappe.flags.in_test = True
	utils.make_world()
	planning_utils.make_government()
	in_bulk, one_by_one = insert_in_bulk(1_000), insert_one_by_one(1_000)
	plan = planning_utils.make_plan()
	tree = tree_rows()
	nodes, written = measure("Objectives", tree, plan)
	indicators, _none = measure("Indicators", indicator_rows(tree), plan)
	again, written_again = measure("Objectives", tree, plan)
	left = fail_in_the_last_row(plan)
	counts = f"{written:,} tree rows numbered, {written_again} by the second run, {left} nodes left by a failing one"
	print(
		json.dumps(
			[
				("1,000 nodes in bulk, against one insert each", in_bulk, one_by_one, "< 1"),
				(
					f"import {NODES:,} nodes and {INDICATORS:,} indicators, against 5 minutes ({counts})",
					nodes + indicators,
					300,
					"< 1",
				),
				("the same tree a second time, against the first", again, nodes, "< 0.1"),
			]
		)
	)


def tree_rows(nodes: int = NODES, prefix: str = "") -> list[list]:
	"""Depth first: five nodes below each, down to the sub kegiatan."""
	rows = [["Kode", "Kode Induk", "Jenjang", "Pernyataan", "Perangkat Daerah"]]
	levels = ("Tujuan", "Sasaran", "Program", "Kegiatan", "Sub Kegiatan")

	def add(code: str, parent: str, depth: int) -> None:
		if len(rows) > nodes:
			return
		rows.append([code, parent, levels[depth], f"{levels[depth]} {code}", utils.A])
		for number in range(1, 6 if depth < 4 else 0):
			add(f"{code}.{number}", code, depth + 1)

	number = 0
	while len(rows) <= nodes:
		number += 1
		add(f"{prefix}{number}", "", 0)
	return rows


def indicator_rows(tree: list[list]) -> list[list]:
	"""An indicator for each of the last nodes, with five year targets."""
	years = [f"Target {utils.YEAR + number}" for number in range(5)]
	head = ["Kode Indikator", "Indikator", "Perangkat Daerah", "Kode Sasaran", "Satuan", "Polaritas", *years]
	return [head] + [
		[f"BM-{code}", f"Indikator {code}", utils.A, code, "%", "maksimal", 80, 82, 84, 86, 88]
		for code, *_rest in tree[-INDICATORS:]
	]


def measure(kind: str, rows: list[list], plan) -> tuple[float, int]:
	"""(seconds for check and apply together, rows of the tree that were numbered)."""
	written = []
	original = import_trees.renumber
	import_trees.renumber = lambda: written.append(original())
	start = time.perf_counter()
	try:
		doc = planning_utils.make_import(kind, rows, plan=plan)
		frappe.set_user(utils.person("planner"))
		assert imports.check_file(doc.name)["problems"] == []
		assert imports.run(doc.name) == imports.APPLIED
	finally:
		import_trees.renumber = original
		frappe.set_user("Administrator")
	return time.perf_counter() - start, sum(written)


def fail_in_the_last_row(plan) -> int:
	"""How many of 6,000 further nodes stay when the last one is refused."""
	rows = tree_rows(prefix="X")
	before = frappe.db.count(c.OBJECTIVE)
	original = import_trees.save_item

	def refuse(item, *args, **kwargs):
		if item.index == len(rows) - 2:
			raise import_items.RowRefused(item.index, "refused")
		return original(item, *args, **kwargs)

	import_trees.save_item = refuse
	try:
		doc = planning_utils.make_import("Objectives", rows, plan=plan)
		frappe.set_user(utils.person("planner"))
		imports.check_file(doc.name)
		assert imports.run(doc.name) == imports.FAILED
	finally:
		import_trees.save_item = original
		frappe.set_user("Administrator")
	return frappe.db.count(c.OBJECTIVE) - before


def insert_one_by_one(nodes: int) -> float:
	"""Seconds for nodes through Frappe's tree, one insert each, level by level as a spreadsheet often has them."""
	rows = sorted(tree_rows(nodes, "E")[1:], key=lambda row: row[0].count("."))
	return _insert(rows, utils.YEAR + 20, numbered_later=False)


def insert_in_bulk(nodes: int) -> float:
	"""Seconds for the same nodes with their parents only, and one numbering."""
	rows = sorted(tree_rows(nodes, "F")[1:], key=lambda row: row[0].count("."))
	return _insert(rows, utils.YEAR + 10, numbered_later=True)


def _insert(rows: list[list], first: int, numbered_later: bool) -> float:
	plan = planning_utils.make_plan(first=first)
	names: dict[str, str] = {}
	frappe.set_user(utils.person("planner"))
	start = time.perf_counter()
	for code, parent, level, statement, opd in rows:
		doc = frappe.new_doc(c.OBJECTIVE)
		doc.update(
			{"plan": plan.name, "objective_code": code, "level": level, "statement": statement, "opd": opd}
		)
		doc.parent_performance_objective = names.get(parent)
		doc.flags.is_numbered_later = numbered_later
		names[code] = doc.insert().name
	if numbered_later:
		import_trees.renumber()
	frappe.set_user("Administrator")
	return time.perf_counter() - start
