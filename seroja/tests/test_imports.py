"""The staged importer: every error before anything is written, all or nothing, and a second run that changes nothing."""

import frappe

from seroja import constants as c
from seroja.services import import_items, import_kinds, import_trees, imports
from seroja.tests.planning_utils import (
	CITY,
	approve_plan,
	as_person,
	make_government,
	make_import,
	make_node,
	make_plan,
	measure,
)
from seroja.tests.test_planning import check_nested_set
from seroja.tests.utils import YEAR, A, B, SerojaTestCase, approved_target, draft_sheet, person

NODES = ["Kode", "Kode Induk", "Jenjang", "Pernyataan", "Perangkat Daerah", "Tahun Anggaran", "Pagu"]
INDICATORS = [
	"Kode Indikator",
	"Indikator",
	"Perangkat Daerah",
	"Kode Sasaran",
	"Polaritas",
	"Tag",
	f"Target {YEAR}",
]
SIPD = [
	"Perangkat Daerah",
	"Kode Program",
	"Nama Program",
	"Kode Kegiatan",
	"Nama Kegiatan",
	"Kode Sub Kegiatan",
	"Nama Sub Kegiatan",
	"Indikator",
	"Satuan",
	"Target",
	"Pagu",
	"Realisasi",
	"Tahun",
]


class ImportTestCase(SerojaTestCase):
	@classmethod
	def setUpClass(cls):
		super().setUpClass()
		make_government()

	def check(self, doc, key: str = "planner") -> dict:
		return as_person(key, lambda: imports.check_file(doc.name))

	def apply(self, doc, key: str = "planner") -> str:
		return as_person(key, lambda: imports.apply_import(doc.name))

	def run_import(self, *args, key: str = "planner", **kwargs) -> dict:
		"""Check and apply; gives the preview after the check."""
		doc = make_import(*args, key=key, **kwargs)
		preview = self.check(doc, key)
		self.assertEqual(preview["problems"], [])
		self.assertEqual(self.apply(doc, key), imports.APPLIED)
		return preview


class TestObjectives(ImportTestCase):
	def rows(self) -> list[list]:
		return [
			NODES,
			["S1", "T1", "Sasaran", "Sasaran satu", A, None, None],
			["T1", None, "Tujuan", "Tujuan satu", f"Dinas {A}", None, None],
			["P1", "S1", "Program", "Program satu", A.lower(), YEAR, 5_000_000],
			["T2", None, "Tujuan", "Tujuan dua", A, None, None],
		]

	def test_a_tree_goes_in_in_any_order_and_is_numbered_right(self):
		plan = make_plan()
		preview = self.run_import("Objectives", self.rows(), plan=plan)
		self.assertEqual((preview["created"], preview["changed"], preview["unchanged"]), (4, 0, 0))
		nodes = frappe.get_all(
			c.OBJECTIVE, {"plan": plan.name}, ["objective_code", "rgt", "lft"], order_by="lft"
		)
		self.assertEqual([node.objective_code for node in nodes], ["T1", "S1", "P1", "T2"])
		check_nested_set(self)

	def test_a_second_run_of_the_same_file_changes_nothing(self):
		plan = make_plan()
		self.run_import("Objectives", self.rows(), plan=plan)
		before = frappe.get_all(c.OBJECTIVE, {"plan": plan.name}, ["*"], order_by="name")
		again = make_import("Objectives", self.rows(), plan=plan)
		preview = self.check(again)
		self.assertEqual((preview["created"], preview["changed"], preview["unchanged"]), (0, 0, 4))
		self.apply(again)
		self.assertEqual(frappe.get_all(c.OBJECTIVE, {"plan": plan.name}, ["*"], order_by="name"), before)

	def test_a_change_is_made_where_the_file_differs_and_a_node_can_move(self):
		plan = make_plan()
		self.run_import("Objectives", self.rows(), plan=plan)
		rows = self.rows()
		rows[1][1], rows[1][3] = "T2", "Sasaran diubah"
		preview = self.run_import("Objectives", rows, plan=plan)
		self.assertEqual((preview["created"], preview["changed"], preview["unchanged"]), (0, 1, 3))
		node = frappe.get_doc(c.OBJECTIVE, {"plan": plan.name, "objective_code": "S1"})
		self.assertEqual(node.statement, "Sasaran diubah")
		self.assertEqual(
			frappe.db.get_value(c.OBJECTIVE, node.parent_performance_objective, "objective_code"), "T2"
		)
		check_nested_set(self)

	def test_a_file_without_the_column_of_parents_moves_nothing(self):
		plan = make_plan()
		self.run_import("Objectives", self.rows(), plan=plan)
		rows = [["Kode", "Jenjang", "Pernyataan", "Perangkat Daerah"], ["S1", "Sasaran", "Bunyi baru", A]]
		preview = self.run_import("Objectives", rows, plan=plan)
		self.assertEqual(preview["changed"], 1)
		node = frappe.get_doc(c.OBJECTIVE, {"plan": plan.name, "objective_code": "S1"})
		self.assertTrue(node.parent_performance_objective)

	def test_every_error_is_named_by_row_and_column_before_anything_is_written(self):
		plan = make_plan()
		doc = make_import(
			"Objectives",
			[
				NODES,
				["T1", None, "Tujuan", "Baik", A, None, None],
				["S1", "Tidak ada", "Sasaran", "Induk salah", A, None, None],
				["S2", "T1", "Sasarannya", "Jenjang salah", A, None, None],
				["S3", "T1", "Sasaran", "OPD salah", "Dinas Lain", None, -5],
				["X1", "X2", "Sasaran", "Berputar", A, None, None],
				["X2", "X1", "Sasaran", "Berputar", A, None, None],
			],
			plan=plan,
		)
		preview = self.check(doc)
		self.assertEqual(preview["status"], imports.WITH_ERRORS)
		self.assertEqual(
			{(row, column) for row, column, _message in preview["problems"]},
			{
				(3, "Kode Induk"),
				(4, "Jenjang"),
				(5, "Perangkat Daerah"),
				(5, "Pagu"),
				(6, "Kode Induk"),
				(7, "Kode Induk"),
			},
		)
		self.assertRefused(self.apply, doc, exceptions=frappe.ValidationError)
		self.assertFalse(frappe.db.exists(c.OBJECTIVE, {"plan": plan.name}))

	def test_a_failure_in_the_last_row_leaves_everything_as_it_was(self):
		plan = make_plan()
		rows = self.rows()
		doc = make_import("Objectives", rows, plan=plan)
		self.assertEqual(self.check(doc)["status"], imports.READY)
		# Somebody takes the code of the last node after the check.
		make_node(plan, objective_code="taken")
		original = import_trees.save_item

		def refuse_last(item, *args, **kwargs):
			if item.key == "T2":
				raise import_items.RowRefused(item.index, "Ditolak di baris terakhir")
			return original(item, *args, **kwargs)

		import_trees.save_item = refuse_last
		try:
			self.assertEqual(self.apply(doc), imports.FAILED)
		finally:
			import_trees.save_item = original
		self.assertEqual(frappe.get_all(c.OBJECTIVE, {"plan": plan.name}, pluck="objective_code"), ["taken"])
		doc.reload()
		preview = imports.preview_of(doc)
		self.assertEqual(preview["problems"], [[5, "", "Ditolak di baris terakhir"]])

	def test_a_file_that_changed_since_the_check_is_checked_again(self):
		plan = make_plan()
		doc = make_import("Objectives", self.rows(), plan=plan)
		self.check(doc)
		frappe.db.set_value(c.IMPORT, doc.name, "file_digest", "0" * 64)
		self.assertEqual(self.apply(doc), imports.READY)
		self.assertFalse(frappe.db.exists(c.OBJECTIVE, {"plan": plan.name}))

	def test_an_applied_import_is_kept_and_not_applied_again(self):
		plan = make_plan()
		doc = make_import("Objectives", self.rows(), plan=plan)
		self.check(doc)
		self.apply(doc)
		self.assertRefused(self.check, doc, exceptions=frappe.ValidationError)
		self.assertRefused(self.apply, doc, exceptions=frappe.ValidationError)
		self.as_user("planner")
		self.assertRefused(frappe.delete_doc, c.IMPORT, doc.name, exceptions=frappe.PermissionError)
		doc.reload()
		doc.file = None
		self.assertRefused(doc.save, exceptions=frappe.ValidationError)

	def test_a_plan_closed_after_the_check_ends_the_import_with_a_sentence(self):
		plan = make_plan()
		make_node(plan)
		doc = make_import("Objectives", self.rows(), plan=plan)
		self.check(doc)
		approve_plan(plan)
		self.assertEqual(self.apply(doc), imports.FAILED)

	def test_an_approved_plan_takes_no_import(self):
		plan = make_plan()
		make_node(plan)
		approve_plan(plan)
		doc = make_import("Objectives", self.rows(), plan=plan)
		self.assertRefused(self.check, doc, exceptions=frappe.ValidationError)


class TestIndicators(ImportTestCase):
	def test_indicators_with_targets_tags_and_their_node(self):
		frappe.set_user("Administrator")
		frappe.get_doc({"doctype": "Indicator Tag", "tag": "TesTag"}).insert()
		plan = make_plan()
		node = make_node(plan, objective_code="T1")
		rows = [INDICATORS, ["TesX-1", "Indikator impor", A, "T1", "minimal", "TesTag", "12,5"]]
		preview = self.run_import("Indicators", rows, plan=plan)
		self.assertEqual(preview["created"], 1)
		doc = frappe.get_doc(c.INDICATOR, "TesX-1")
		self.assertEqual((doc.polarity, doc.performance_objective), ("Minimize", node.name))
		self.assertEqual([(row.year, row.target) for row in doc.year_targets], [(YEAR, "12,5")])
		self.assertEqual([row.tag for row in doc.tags], ["TesTag"])
		again = self.check(make_import("Indicators", rows, plan=plan))
		self.assertEqual((again["created"], again["changed"], again["unchanged"]), (0, 0, 1))

	def test_what_the_indicator_itself_refuses_is_said_with_its_row(self):
		doc = make_import(
			"Indicators",
			[
				INDICATORS,
				["TesX-1", "a", A, None, "maksimal", None, "5"],
				["TesX-2", "b", A, None, "maksimal", None, "WTP"],
			],
		)
		self.check(doc)
		self.assertEqual(self.apply(doc), imports.FAILED)
		doc.reload()
		((row, _column, message),) = imports.preview_of(doc)["problems"]
		self.assertEqual(row, 3)
		self.assertIn("WTP", message)
		self.assertFalse(frappe.db.exists(c.INDICATOR, "TesX-1"))

	def test_an_operator_imports_no_indicators(self):
		doc = make_import(
			"Indicators", [INDICATORS, ["TesX-1", "a", A, None, "maksimal", None, "5"]], key="operator_a"
		)
		self.assertRefused(self.check, doc, "operator_a")


class TestRowsOfDocuments(ImportTestCase):
	def test_targets_go_into_the_draft_of_the_opd(self):
		rows = [
			["Perangkat Daerah", "Tahun", "Kode Indikator", "Target Tahun", "Bobot"],
			[A, YEAR, f"{A}-1", "95", 60],
			[A, YEAR, f"{A}-2", "90", 40],
			[A, YEAR, f"{A}-3", "100", None],
			[A, YEAR, f"{A}-4", "WTP", None],
		]
		doc = make_import("Targets", rows, key="operator_a")
		self.check(doc, "operator_a")
		self.assertEqual(self.apply(doc, "operator_a"), imports.FAILED)  # weights on some rows only
		rows[3][4], rows[4][4], rows[1][4] = 10, 10, 40
		preview = self.run_import("Targets", rows, key="operator_a")
		self.assertEqual(preview["created"], 4)
		target = frappe.get_doc(c.TARGET, f"PK-{A}-{YEAR}-v1")
		self.assertEqual({row.indicator: row.year_target for row in target.items}[f"{A}-1"], "95")
		again = self.check(make_import("Targets", rows, key="operator_a"), "operator_a")
		self.assertEqual((again["changed"], again["unchanged"]), (0, 4))

	def test_realizations_go_into_the_draft_sheet_as_the_operators_own(self):
		approved_target(A)
		head = ["Perangkat Daerah", "Tahun", "Triwulan", "Kode Indikator", "Realisasi", "Realisasi Anggaran"]
		rows = [head, [A, YEAR, "TW1", f"{A}-1", "91,5", 250_000], [A, YEAR, "TW1", f"{A}-4", "WTP", None]]
		self.run_import("Realizations", rows, key="operator_a")
		sheet = frappe.get_doc(c.REALIZATION, f"{A}-{YEAR}-TW1")
		values = {row.indicator: (row.realization, row.budget_realization) for row in sheet.items}
		self.assertEqual(values[f"{A}-1"], ("91,5", "250.000"))
		self.assertEqual(sheet.makers, f",{person('operator_a')},")
		again = self.check(make_import("Realizations", rows, key="operator_a"), "operator_a")
		self.assertEqual((again["created"], again["changed"], again["unchanged"]), (0, 0, 2))

	def test_a_sheet_that_is_being_decided_on_takes_no_import(self):
		from seroja.tests.utils import SUBMIT, take

		take(draft_sheet(A), SUBMIT, "operator_a")
		head = ["Perangkat Daerah", "Tahun", "Triwulan", "Kode Indikator", "Realisasi"]
		doc = make_import("Realizations", [head, [A, YEAR, "1", f"{A}-1", "1"]], key="operator_a")
		self.assertEqual(len(self.check(doc, "operator_a")["problems"]), 1)

	def test_rows_of_another_opd_are_refused_by_row(self):
		approved_target(B)
		head = ["Perangkat Daerah", "Tahun", "Triwulan", "Kode Indikator", "Realisasi"]
		doc = make_import("Realizations", [head, [B, YEAR, "1", f"{B}-1", "1"]], key="operator_a")
		((row, column, _message),) = self.check(doc, "operator_a")["problems"]
		self.assertEqual((row, column), (2, "Perangkat Daerah"))

	def test_an_import_for_another_opd_is_not_made(self):
		self.assertRefused(make_import, "Realizations", [["a"]], B, key="operator_a")
		self.assertRefused(make_import, "Realizations", [["a"]], A, key="head_b")

	def test_only_its_maker_goes_on_with_an_import(self):
		doc = make_import("Strategic Plans", [["a"]], CITY)
		self.assertRefused(self.check, doc, "admin")


class TestSipd(ImportTestCase):
	def rows(self) -> list[list]:
		program = [A, "1.02.02", "Program Kesehatan", "1.02.02.2.02", "Layanan Kesehatan"]
		return [
			SIPD,
			[
				*program,
				"1.02.02.2.02.0001",
				"Ibu Hamil",
				"Jumlah ibu hamil",
				"Orang",
				"12.500",
				1_000_000,
				400_000,
				YEAR,
			],
			[
				*program,
				"1.02.02.2.02.0001",
				"Ibu Hamil",
				"Jumlah kunjungan",
				"Kali",
				"4",
				1_000_000,
				400_000,
				YEAR,
			],
			[*program, "1.02.02.2.02.0002", "Balita", "Jumlah balita", "Anak", "12,5", 2_000_000, None, YEAR],
		]

	def test_programs_indicators_and_budgets_come_in_together(self):
		plan = make_plan()
		preview = self.run_import("SIPD Layout", self.rows(), plan=plan)
		self.assertEqual(preview["created"], 4 + 3)
		nodes = frappe.get_all(
			c.OBJECTIVE, {"plan": plan.name}, ["name", "level", "statement"], order_by="lft"
		)
		self.assertEqual(
			[node.level for node in nodes], ["Program", "Kegiatan", "Sub Kegiatan", "Sub Kegiatan"]
		)
		budgets = frappe.get_all(
			"Performance Objective Budget", {"parent": nodes[2].name}, ["budget", "budget_realization"]
		)
		self.assertEqual([(row.budget, row.budget_realization) for row in budgets], [(1_000_000, 400_000)])
		indicator = frappe.get_doc(c.INDICATOR, f"{A}-1.02.02.2.02.0001-1")
		self.assertEqual(
			(indicator.performance_objective, indicator.year_targets[0].target), (nodes[2].name, "12.500")
		)
		check_nested_set(self)
		again = self.check(make_import("SIPD Layout", self.rows(), plan=plan))
		self.assertEqual((again["created"], again["changed"], again["unchanged"]), (0, 0, 7))

	def test_a_changed_budget_of_a_known_sub_kegiatan_is_taken(self):
		plan, rows = make_plan(), self.rows()
		self.run_import("SIPD Layout", rows, plan=plan)
		rows[3][10] = 2_500_000
		preview = self.run_import("SIPD Layout", rows, plan=plan)
		self.assertEqual((preview["created"], preview["changed"]), (0, 1))
		node = frappe.get_doc(c.OBJECTIVE, {"plan": plan.name, "nomenclature_code": "1.02.02.2.02.0002"})
		self.assertEqual([row.budget for row in node.budgets], [2_500_000])
		check_nested_set(self)

	def test_contradicting_rows_are_named(self):
		plan, rows = make_plan(), self.rows()
		rows[2][10] = 7
		rows[3][2] = "Program lain"
		problems = self.check(make_import("SIPD Layout", rows, plan=plan))["problems"]
		self.assertEqual([(row, column) for row, column, _m in problems], [(3, "Pagu"), (4, "Nama Program")])


class TestPlans(ImportTestCase):
	def test_plans_are_made_and_not_made_twice(self):
		rows = [
			["Jenis Rencana", "Perangkat Daerah", "Judul", "Tahun Awal", "Tahun Akhir", "Visi", "Misi"],
			["Renstra", A, "Renstra impor", YEAR, YEAR + 4, "Maju", "Satu; Dua"],
		]
		self.run_import("Strategic Plans", rows, key="operator_a")
		doc = frappe.get_doc(c.PLAN, f"Renstra-{A}-{YEAR}")
		self.assertEqual([row.mission for row in doc.items], ["Satu", "Dua"])
		again = self.check(make_import("Strategic Plans", rows, key="operator_a"), "operator_a")
		self.assertEqual((again["created"], again["unchanged"]), (0, 1))


class TestTemplates(ImportTestCase):
	def test_every_kind_has_a_template_that_its_importer_reads(self):
		from seroja.core.staging import TableError, read_staged
		from seroja.core.staging_layouts import LAYOUTS

		for name, kind in import_kinds.KINDS.items():
			content = imports.template_of(name)
			with self.assertRaises(TableError):  # headings are right, only rows are missing
				read_staged(content, "templat.xlsx", LAYOUTS[kind.layout])

	def test_measured_nodes_stay_measured(self):
		plan = make_plan()
		node = make_node(plan, objective_code="T1")
		measure(node, f"{A}-1")
		self.run_import(
			"Objectives", [NODES, ["T1", None, "Tujuan", "Pernyataan baru", A, None, None]], plan=plan
		)
		self.assertEqual(frappe.db.get_value(c.INDICATOR, f"{A}-1", "objective"), "Pernyataan baru")
