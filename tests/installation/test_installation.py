"""Install, migrate twice, uninstall on a site of its own in the bench that SEROJA_BENCH names."""

import json
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from bench import Bench

pytestmark = pytest.mark.skipif(not os.environ.get("SEROJA_BENCH"), reason="SEROJA_BENCH names no bench")
SITE = f"seroja-install-{os.getpid()}.localhost"
# Whatever an app could leave behind, by DocType.
WATCHED = (
	"DocType",
	"Role",
	"Workflow",
	"Workflow State",
	"Workflow Action Master",
	"Report",
	"Workspace",
	"Number Card",
	"Dashboard Chart",
	"Module Def",
	"Custom Field",
	"Property Setter",
	"Scheduled Job Type",
)


class Site:
	def __init__(self, bench: Bench):
		self.bench = bench

	def run(self, *arguments: str) -> str:
		return self.bench.run("--site", SITE, *arguments)

	def names(self) -> dict[str, set[str]]:
		"""Everything there is of each watched DocType."""
		query = " union all ".join(f"select '{doctype}', name from `tab{doctype}`" for doctype in WATCHED)
		found = {doctype: set() for doctype in WATCHED}
		for doctype, name in self.rows(query):
			found[doctype].add(name)
		return found

	def rows(self, query: str) -> list:
		return json.loads(self.run("execute", "frappe.db.sql", "--args", json.dumps([query])))

	def shipped(self) -> list:
		"""When each workflow, scale, instrument and role was last written."""
		parts = [
			f"select '{name}', name, modified from `tab{name}`"
			for name in ("Workflow", "Achievement Scale", "Assessment Instrument", "Role")
		]
		return sorted(self.rows(" union all ".join(parts)))


@pytest.fixture(scope="module")
def site():
	bench = Bench(os.environ["SEROJA_BENCH"])
	bench.new_empty_site(SITE, admin_password="admin")
	try:
		yield Site(bench)
	finally:
		bench.drop_site(SITE)


def test_install_seeds_once_keeps_local_changes_and_uninstall_leaves_nothing(site):
	before = site.names()
	site.run("install-app", "seroja")
	assert {"SEROJA OPD Head", "SEROJA Inspektorat"} <= site.names()["Role"]
	assert "Performance Realization Verification" in site.names()["Workflow"]

	# A change that an administrator made survives the next migrate, and a second run changes nothing.
	change = ["Workflow", "Performance Target Approval", "override_status", 1]
	site.run("execute", "frappe.db.set_value", "--args", json.dumps(change))
	seeded = site.shipped()
	site.run("migrate")
	assert site.shipped() == seeded
	query = "select override_status from `tabWorkflow` where name = 'Performance Target Approval'"
	assert site.rows(query) == [[1]]

	site.run("uninstall-app", "seroja", "--yes", "--no-backup", "--force")
	after = site.names()
	assert {doctype: after[doctype] - before[doctype] for doctype in WATCHED} == {
		doctype: set() for doctype in WATCHED
	}
