"""Performance Matrix: the figures of the other reports quarter beside quarter, and notes that only the right people write."""

import csv
import io
import json
from unittest.mock import patch

import frappe
from frappe.utils import add_days, today
from openpyxl import load_workbook

from seroja import constants as c
from seroja.core.numbers import parse_number
from seroja.core.rendering import render_document
from seroja.permissions.endpoints import export_report
from seroja.seroja.report.indicator_achievement import indicator_achievement
from seroja.seroja.report.performance_matrix import performance_matrix
from seroja.services import matrix
from seroja.tests.test_isolation import call, pdf_text, rest
from seroja.tests.test_reports import BULK_YEAR, ITEM, PERIOD, bulk_city, counted, insert_raw, run
from seroja.tests.utils import (
	REOPEN,
	YEAR,
	A,
	B,
	SerojaTestCase,
	draft_sheet,
	person,
	take,
	verified_sheet,
)

TW1 = f"{YEAR}-TW1"
Q1 = f"{YEAR}_q1"
DETAILS = "seroja.api.figure_notes.details"
TEXT = 'Sumber "BPS" & data < 5'
HTML = "<img src=x onerror=alert(1)> Sumber & data"
EVERY_FIGURE = [row[1] for row in matrix.COLUMNS_OF_A_QUARTER]


def grid(**filters) -> dict[str, dict]:
	"""Code → row of the matrix from the first quarter on."""
	return {row["indicator"]: row for row in shown(**filters).rows}


def shown(**filters) -> frappe._dict:
	"""The parts of the matrix from the first quarter on."""
	return run(performance_matrix, **{"from_period": TW1, **filters})


def write_note(key: str, text: str = "Angka sementara", indicator: str = f"{A}-1", **values):
	"""A note on the first quarter, written by a person."""
	user = frappe.session.user
	frappe.set_user(person(key))
	try:
		doc = {"doctype": c.FIGURE_NOTE, "indicator": indicator, "period": TW1, "note": text, **values}
		return frappe.get_doc(doc).insert()
	finally:
		frappe.set_user(user)


def last_year_sheet(opd: str, values: dict[int, str]) -> None:
	"""A verified sheet of the first quarter a year before: number of the indicator → year to date."""
	name = f"{opd}-{YEAR - 1}-TW1"
	sheet = {"opd": opd, "period": f"{YEAR - 1}-TW1", "year": YEAR - 1, "quarter": 1, "docstatus": 1}
	insert_raw(c.REALIZATION, [{"name": name, **sheet, "workflow_state": c.VERIFIED}])
	row = {
		"parent": name,
		"parenttype": c.REALIZATION,
		"parentfield": "items",
		"docstatus": 1,
		"status": "ok",
	}
	insert_raw(
		ITEM,
		[
			{"name": f"lalu{opd}{number}", **row, "indicator": f"{opd}-{number}", "realization_ytd": value}
			for number, value in values.items()
		],
	)


def export(kind: str) -> list[list]:
	"""The cells of the exported report, head first."""
	frappe.local.form_dict = frappe._dict(
		report_name="Performance Matrix",
		filters=json.dumps({"from_period": TW1}),
		file_format_type=kind,
		visible_idx="[]",
	)
	with patch.object(frappe.db, "commit"):
		export_report()
	content = frappe.local.response.filecontent
	if kind == "CSV":
		return list(csv.reader(io.StringIO(content.decode() if isinstance(content, bytes) else content)))
	return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


class TestFigures(SerojaTestCase):
	def test_figures_are_those_of_indicator_achievement(self):
		verified_sheet(A)
		verified_sheet(B)
		found = grid(measures=EVERY_FIGURE)
		expected = run(indicator_achievement, period=TW1).rows
		self.assertEqual(len(found), len(expected))
		for row in expected:
			shown = found[row["indicator"]]
			for name in ("opd", "objective", "indicator_name", "unit"):
				self.assertEqual(shown[name], row[name])
			self.assertEqual(shown[f"{Q1}_achievement"], row["achievement"])
			self.assertEqual(shown[f"{Q1}_target"], matrix.core.read_figure(row["target"]))
			self.assertEqual(shown[f"{Q1}_year_to_date"], matrix.core.read_figure(row["realization_ytd"]))
			self.assertEqual(shown[Q1]["category"], row["category"])
			self.assertEqual(shown[Q1]["color"] or None, row["color"])
			self.assertEqual(shown[Q1]["sheet"], row["sheet"])

	def test_without_filters_the_quarters_of_the_latest_year_with_figures_stand_beside_each_other(self):
		verified_sheet(A)
		columns = [column["fieldname"] for column in run(performance_matrix, opd=A).columns]
		figures = [name for name in columns if "_q" in name]
		self.assertEqual(len(figures), 12)
		self.assertEqual(figures[:3], [f"{Q1}_{name}" for name in ("target", "realization", "achievement")])

	def test_a_quarter_without_a_sheet_and_a_missing_value_are_empty(self):
		verified_sheet(A)
		frappe.db.set_value(
			ITEM,
			{"indicator": f"{A}-1"},
			{"status": "no_data", "realization": "", "realization_ytd": "", "achievement_raw": 0},
		)
		row = grid(measures=EVERY_FIGURE)[f"{A}-1"]
		for name in ("realization", "achievement", "year_to_date", "last_year", "difference"):
			self.assertIsNone(row[f"{Q1}_{name}"], name)
		self.assertNotIn(f"{YEAR}_q2_target", row)

	def test_the_difference_is_taken_from_the_same_quarter_of_last_year(self):
		verified_sheet(A)  # 90, 80 (less is better), 30, WDP
		last_year_sheet(A, {1: "70,5", 2: "70", 3: "", 4: "WTP"})
		filters = {"measures": "Last Year,Difference,Year to Date", "from_period": TW1, "to_period": TW1}
		found = grid(**filters)
		self.assertEqual(found[f"{A}-1"][f"{Q1}_last_year"], 70.5)
		self.assertEqual(found[f"{A}-1"][f"{Q1}_difference"], 19.5)
		self.assertEqual(found[f"{A}-1"][Q1]["improvement"], 1)
		self.assertEqual(found[f"{A}-2"][f"{Q1}_difference"], 10)
		self.assertEqual(found[f"{A}-2"][Q1]["improvement"], -1)
		self.assertEqual(found[f"{A}-4"][f"{Q1}_last_year"], "WTP")
		for number in (3, 4):
			self.assertIsNone(found[f"{A}-{number}"][f"{Q1}_difference"])

	def test_indicators_of_last_year_alone_make_no_row(self):
		verified_sheet(A)
		last_year_sheet(B, {1: "70"})
		self.assertEqual({row["opd"] for row in grid(measures="Difference").values()}, {A})

	def test_unverified_figures_come_in_only_when_asked_for(self):
		draft_sheet(A)
		self.assertEqual(grid(), {})
		self.assertEqual(len(grid(include_unverified=1)), 4)

	def test_only_iku_and_one_opd_narrow_the_rows(self):
		verified_sheet(A)
		verified_sheet(B)
		self.assertEqual(set(grid(opd=A, only_iku=1)), {f"{A}-1"})

	def test_an_earlier_day_shows_what_was_verified_then(self):
		sheet = verified_sheet(A)
		yesterday = add_days(today(), -1)
		frappe.db.set_value(c.REALIZATION, sheet.name, "verified_on", f"{yesterday} 10:00:00")
		take(sheet, REOPEN, "inspector", note="Data direvisi")
		self.assertEqual(grid(), {})
		found = grid(as_known_on=yesterday)
		self.assertEqual(found[f"{A}-1"][f"{Q1}_realization"], 90)
		self.assertEqual(found[f"{A}-1"][Q1]["sheet"], sheet.name)
		self.assertEqual(grid(as_known_on=add_days(today(), -2)), {})

	def test_an_earlier_day_shows_no_later_note(self):
		sheet = verified_sheet(A)
		yesterday = add_days(today(), -1)
		frappe.db.set_value(c.REALIZATION, sheet.name, "verified_on", f"{yesterday} 10:00:00")
		write_note("operator_a")
		self.assertNotIn("sementara", shown(as_known_on=yesterday).message)
		self.assertIn("sementara", shown().message)

	def test_the_number_of_queries_does_not_grow_with_rows_or_quarters(self):
		sizes = []
		for opds, rows, first in ((2, 10, 0), (10, 18, 100)):
			bulk_city(opds, rows, first=first)
			filters = {"from_period": f"{BULK_YEAR}-TW1", "measures": EVERY_FIGURE}
			run(performance_matrix, **filters)  # caches
			with counted() as statements:
				found = run(performance_matrix, **filters)
			sizes.append((len(found.rows), len(statements)))
		self.assertEqual([rows for rows, _ in sizes], [20, 200])
		self.assertEqual(sizes[0][1], sizes[1][1])
		self.assertLessEqual(sizes[1][1], 6)

	def test_without_any_period_there_is_a_sentence(self):
		frappe.db.delete(PERIOD)
		result = run(performance_matrix)
		self.assertEqual(result.rows, [])
		self.assertTrue(result.message)


class TestFilters(SerojaTestCase):
	def test_too_many_or_reversed_periods_are_refused_in_one_sentence(self):
		insert_raw(PERIOD, [{"name": f"{YEAR - 3}-TW4", "year": YEAR - 3, "quarter": "4"}])
		for first, last in ((f"{YEAR - 3}-TW4", f"{YEAR}-TW4"), (f"{YEAR}-TW2", TW1)):
			with self.assertRaises(frappe.ValidationError) as refused:
				run(performance_matrix, from_period=first, to_period=last)
			self.assertEqual(str(refused.exception).count("."), 1)
		self.assertEqual(
			run(performance_matrix, from_period=f"{YEAR - 3}-TW4", to_period=f"{YEAR}-TW3").rows, []
		)

	def test_figures_come_from_a_closed_list(self):
		verified_sheet(A)
		for given in ("Target,Difference", ["Difference", "Target"], " Target , Difference,"):
			self.assertEqual(matrix.read_filters({"measures": given})["measures"], ("target", "difference"))
		for given in ("", [], None, ","):
			self.assertEqual(matrix.read_filters({"measures": given})["measures"], matrix.DEFAULT_MEASURES)
		for given in ("docstatus", ["Target", "owner"], {"Target": 1}, [["in", "Target"]], 7, "target"):
			with self.subTest(given=given), self.assertRaises(frappe.ValidationError):
				run(performance_matrix, measures=given)

	def test_hostile_filters_find_nothing_more(self):
		verified_sheet(A)
		verified_sheet(B)
		self.as_user("operator_a")
		for name in ("from_period", "to_period", "opd", "as_known_on", "only_iku", "include_unverified"):
			for value in (["like", "%"], {"!=": ""}, "' or 1=1 -- ", "%", B):
				with self.subTest(name=name, value=value):
					try:
						found = grid(**{name: value})
					except (frappe.ValidationError, frappe.DoesNotExistError):
						continue
					self.assertLessEqual({row["opd"] for row in found.values()}, {A})


class TestScope(SerojaTestCase):
	def setUp(self):
		super().setUp()
		for opd in (A, B):
			verified_sheet(opd)
		write_note("operator_b", "RahasiaB", f"{B}-1")
		write_note("operator_a", "CatatanA")

	def test_a_person_of_one_opd_sees_its_rows_and_notes_only(self):
		for key in ("operator_a", "head_a", "viewer_a"):
			self.as_user(key)
			reply = call(
				"frappe.desk.query_report.run",
				report_name="Performance Matrix",
				filters=json.dumps({"from_period": TW1, "measures": EVERY_FIGURE}),
			)
			self.assertIn("CatatanA", reply)
			for secret in ("RahasiaB", f"{B}-1", f"Dinas {B}"):
				self.assertNotIn(secret, reply)

	def test_the_city_sees_all(self):
		self.as_user("inspector")
		result = shown()
		self.assertEqual({row["opd"] for row in result.rows}, {A, B})
		self.assertIn("RahasiaB", result.message)
		self.assertIn("CatatanA", result.message)

	def test_notes_are_scoped_on_every_way_to_them(self):
		name = frappe.db.get_value(c.FIGURE_NOTE, {"opd": B})
		self.as_user("operator_a")
		self.assertEqual({note.note for note in frappe.get_list(c.FIGURE_NOTE, ["note"])}, {"CatatanA"})
		for path in (f"/api/resource/Figure Note/{name}", "/api/resource/Figure Note"):
			try:
				reply = rest(path, fields='["*"]')
			except frappe.PermissionError:
				continue
			self.assertNotIn("RahasiaB", reply)
		for change in ({"note": "diganti"}, {"opd": A}):
			self.assertRefused(rest, f"/api/resource/Figure Note/{name}", "PUT", **change)
		self.assertRefused(rest, f"/api/resource/Figure Note/{name}", "DELETE")
		self.assertEqual(frappe.db.get_value(c.FIGURE_NOTE, name, ["note", "opd"]), ("RahasiaB", B))

	def test_the_dialog_asks_for_read_on_the_sheet(self):
		self.as_user("operator_a")
		self.assertRefused(call, DETAILS, sheet=f"{B}-{TW1}", indicator=f"{B}-1")
		with self.assertRaises(frappe.DoesNotExistError):
			call(DETAILS, sheet=f"{A}-{TW1}", indicator=f"{B}-1")
		self.assertRefused(self.as_outsider, call, DETAILS, sheet=f"{A}-{TW1}", indicator=f"{A}-1")

	def as_outsider(self, action, *args, **kwargs):
		self.as_user("outsider")
		return action(*args, **kwargs)

	def test_the_dialog_tells_what_stands_beside_the_figure(self):
		self.as_user("operator_a")
		from seroja.api.figure_notes import details

		figure = details(f"{A}-{TW1}", f"{A}-1")
		self.assertEqual(figure["evidence_link"], "https://data.example/bukti")
		self.assertEqual(figure["verified_by"], "inspector")
		self.assertIn("90", figure["explanation"])
		(note,) = figure["notes"]
		self.assertEqual((note["note"], note["is_mine"], note["may_delete"]), ("CatatanA", True, True))
		self.as_user("viewer_a")
		figure = details(f"{A}-{TW1}", f"{A}-1")
		self.assertFalse(
			figure["may_write"] or figure["notes"][0]["is_mine"] or figure["notes"][0]["may_delete"]
		)


class TestNotes(SerojaTestCase):
	def test_people_of_the_opd_and_the_organisation_bureau_write(self):
		for key in ("operator_a", "head_a", "bureau"):
			self.assertEqual(write_note(key).opd, A)

	def test_nobody_else_writes(self):
		for key in (
			"viewer_a",
			"operator_b",
			"head_b",
			"inspector",
			"planner",
			"executive",
			"admin",
			"outsider",
		):
			with self.subTest(key=key):
				self.assertRefused(write_note, key)
				self.assertRefused(write_note, key, opd=B)
		self.assertEqual(frappe.db.count(c.FIGURE_NOTE, {"indicator": f"{A}-1"}), 0)

	def test_the_opd_is_that_of_the_indicator_whatever_a_request_says(self):
		self.assertRefused(write_note, "operator_a", indicator=f"{B}-1", opd=A)
		note = write_note("bureau", opd=B)
		self.assertEqual(note.opd, A)
		self.as_user("bureau")
		note.opd = B
		note.save()
		self.assertEqual(frappe.db.get_value(c.FIGURE_NOTE, note.name, "opd"), A)

	def test_a_note_is_changed_by_who_wrote_it_and_says_so(self):
		note = write_note("operator_a", owner=person("head_a"))
		self.assertEqual(note.owner, person("operator_a"))
		for key in ("head_a", "bureau"):
			self.as_user(key)
			other = frappe.get_doc(c.FIGURE_NOTE, note.name)
			other.note, other.owner = "Diubah", person(key)
			self.assertRefused(other.save)
		self.as_user("operator_a")
		own = frappe.get_doc(c.FIGURE_NOTE, note.name)
		own.note = "Angka tetap"
		own.save()
		self.assertEqual(frappe.db.get_value(c.FIGURE_NOTE, note.name, "note"), "Angka tetap")

	def test_a_note_stays_on_its_figure(self):
		note = write_note("operator_a")
		self.as_user("operator_a")
		for change in ({"indicator": f"{A}-2"}, {"period": f"{YEAR}-TW2"}):
			other = frappe.get_doc(c.FIGURE_NOTE, note.name).update(change)
			self.assertRefused(other.save, exceptions=frappe.ValidationError)

	def test_notes_are_taken_away_by_who_wrote_them_and_by_the_bureau(self):
		for key in ("operator_b", "viewer_a", "inspector", "head_a"):
			note = write_note("operator_a")
			self.as_user(key)
			self.assertRefused(frappe.delete_doc, c.FIGURE_NOTE, note.name)
			frappe.set_user("Administrator")
		for key in ("operator_a", "bureau"):
			note = write_note("operator_a")
			self.as_user(key)
			frappe.delete_doc(c.FIGURE_NOTE, note.name)
			frappe.set_user("Administrator")
			self.assertFalse(frappe.db.exists(c.FIGURE_NOTE, note.name))

	def test_notes_are_numbered_as_the_figures_stand(self):
		verified_sheet(A)
		write_note("operator_a", "kedua", f"{A}-3")
		write_note("operator_a", "pertama", f"{A}-1")
		write_note("head_a", "juga pertama", f"{A}-1")
		result = shown()
		rows = {row["indicator"]: row for row in result.rows}
		self.assertEqual(rows[f"{A}-1"][Q1]["notes"], [1, 2])
		self.assertEqual(rows[f"{A}-3"][Q1]["notes"], [3])
		lines = result.message.split("<br>")[1:]
		self.assertTrue(lines[0].startswith(f"1) {A}-1, TW I {YEAR}: pertama – operator_a, "))
		self.assertTrue(lines[2].startswith(f"3) {A}-3, TW I {YEAR}: kedua"))

	def test_html_in_a_note_or_a_name_is_shown_as_text(self):
		verified_sheet(A)
		note = write_note("operator_a")
		frappe.db.set_value(c.FIGURE_NOTE, note.name, "note", HTML)
		frappe.db.set_value(ITEM, {"indicator": f"{A}-4"}, {"realization": HTML, "indicator_name": HTML})
		result = shown()
		text = json.dumps([result.rows, result.message], default=str)
		self.assertNotIn("<img", text)
		self.assertIn("&lt;img", result.message)


class TestFiles(SerojaTestCase):
	def setUp(self):
		super().setUp()
		verified_sheet(A)
		write_note("operator_a", "=1+1 sementara & <b>resmi</b>")

	def test_a_workbook_holds_numbers_and_the_notes(self):
		frappe.db.set_value(c.FIGURE_NOTE, {"indicator": f"{A}-1"}, "note", TEXT)
		head, *rows = export("Excel")
		row = next(row for row in rows if f"{A}-1" in row)
		figures = dict(zip(head, row, strict=True))
		realization = next(value for name, value in figures.items() if name.endswith(frappe._("Realization")))
		self.assertEqual(realization, 90)
		self.assertNotIsInstance(realization, str)
		self.assertIn(TEXT, row[-1])
		self.assertTrue(row[-1].startswith(f"1) {A}-1, TW I {YEAR}"))

	def test_a_csv_holds_numbers_without_marks(self):
		head, *rows = export("CSV")
		row = next(row for row in rows if f"{A}-1" in row)
		self.assertEqual(parse_number(row[head.index(f"TW I {YEAR} {frappe._('Realization')}")], "."), 90)
		self.assertFalse(any("<" in cell or "¹" in cell for cell in row[:-1]))

	def test_the_document_holds_the_grid_and_the_notes_of_the_reader(self):
		verified_sheet(B)
		write_note("operator_b", "RahasiaB", f"{B}-1")
		self.as_user("operator_a")
		text = pdf_text(render_document(matrix.matrix_document({"from_period": TW1})))
		self.assertIn(f"{A}-1", text)
		self.assertIn("sementara", text)
		for secret in ("RahasiaB", f"{B}-1"):
			self.assertNotIn(secret, text)

	def test_the_document_does_not_name_a_unit_that_the_reader_may_not_see(self):
		self.as_user("operator_a")
		self.assertIn(f"Dinas {A}", matrix.matrix_document({"from_period": TW1, "opd": A}).title)
		self.assertRefused(matrix.matrix_document, {"from_period": TW1, "opd": B})
