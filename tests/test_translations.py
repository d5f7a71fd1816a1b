"""Every label, option, description and message of the app has an Indonesian translation."""

import ast
import csv
import importlib.util
import json
import re
from pathlib import Path

APP = Path(__file__).parent.parent / "seroja"
MODULE = APP / "seroja"
# What a field of a shipped document shows to people, by kind of document.
SHOWN = ("label", "description")
# A table of words that are written alike in both languages needs no row.
SAME = {"OPD", "SEROJA", "IKU", "SUM", "LAST", "MAX", "Definitif", "Pj", "Plt", "Plh", "Bagian", "UPTD"}
SAME |= {
	"Kecamatan",
	"Kelurahan",
	"1",
	"2",
	"3",
	"4",
	"Opini BPK",
	"Predikat AKIP",
	"Predikat RB",
	"Predikat SPBE",
}
SAME |= {"Mutu Pelayanan IKM", "Status", "Administrator"}
PLACEHOLDER = re.compile(r"\{\d*\}")
LITERAL = r'"(?:[^"\\]|\\.)*"'


def translations() -> dict[str, str]:
	with open(APP / "translations" / "id.csv", encoding="utf-8", newline="") as file:
		return {row[0]: row[1] for row in csv.reader(file) if row}


def strings_of_documents() -> set[str]:
	found = set()
	for path in MODULE.glob("*/*/*.json"):
		document = json.loads(path.read_text(encoding="utf-8"))
		found.add(document["name"])
		found.update(document.get(name) for name in SHOWN)
		for field in document.get("fields", []):
			found.update(field.get(name) for name in SHOWN)
			if field["fieldtype"] == "Select":
				found.update(field["options"].split("\n"))
		for row in document.get("states", []):
			found.add(row["state"])
		for row in document.get("transitions", []):
			found.update((row["action"], row["allowed"]))
		for row in document.get("links", []) + document.get("shortcuts", []):
			found.add(row.get("label") or row["group"])
	return {text for text in found if text}


def strings_of_python() -> set[str]:
	found = set()
	for path in APP.rglob("*.py"):
		if "tests" in path.parts or "core" in path.parts:
			continue
		tree = ast.parse(path.read_text(encoding="utf-8"))
		for node in ast.walk(tree):
			if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
				found.update(part.value for part in _parts(node.args[0]) if _is_text(part))
			elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "").startswith("COLUMNS"):
				found.update(row.elts[1].value for row in node.value.elts)
			elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "TASKS":
				found.update(part.value for part in node.value.elts)
			elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "QUESTIONS":
				found.update(part.value for part in node.value.values)
	return found | set(constants().ROLES) | {role.removeprefix("SEROJA ") for role in constants().ROLES}


def constants():
	spec = importlib.util.spec_from_file_location("constants", APP / "constants.py")
	module = importlib.util.module_from_spec(spec)
	spec.loader.exec_module(module)
	return module


def _parts(node) -> list:
	return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def _is_text(node) -> bool:
	return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != ""


def strings_of_javascript() -> set[str]:
	found = set()
	for path in APP.rglob("*.js"):
		for literal in re.findall(rf"__\(\s*({LITERAL})", path.read_text(encoding="utf-8")):
			found.add(json.loads(literal))
	return found


def strings_of_pages() -> set[str]:
	found = set()
	for folder in ("www", "templates"):
		for path in (APP / folder).rglob("*.html"):
			for literal in re.findall(rf"\b_\(\s*({LITERAL})", path.read_text(encoding="utf-8")):
				found.add(json.loads(literal))
	return found


def needed() -> set[str]:
	return strings_of_documents() | strings_of_python() | strings_of_javascript() | strings_of_pages()


def test_every_text_of_the_app_has_an_indonesian_translation():
	assert needed() - SAME - set(translations()) == set()


def test_the_extraction_sees_all_four_kinds_of_source():
	assert "Performance Realization" in strings_of_documents()
	assert "Enter and submit" in strings_of_python()
	assert "Evidence Missing" in strings_of_python()
	assert "Summary as PDF" in strings_of_javascript()
	assert strings_of_pages()


def test_translations_keep_every_placeholder_and_are_not_empty():
	for source, translated in translations().items():
		assert translated.strip(), source
		assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(translated)), source


def test_no_text_is_translated_twice_differently():
	with open(APP / "translations" / "id.csv", encoding="utf-8", newline="") as file:
		sources = [row[0] for row in csv.reader(file) if row]
	assert len(sources) == len(set(sources))
