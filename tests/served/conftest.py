"""A served demo site and somebody who asks it with a key, as another system does."""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import urllib3

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from bench import Bench, free_port


@dataclass
class Site:
	"""A served site. address: where; keys: user → the value of the header Authorization."""

	bench: Bench
	name: str
	address: str
	keys: dict[str, str] = field(default_factory=dict)

	def key_of(self, user: str) -> str:
		"""The key of a user of the demo; made once, because a new one voids the one before."""
		if user not in self.keys:
			name = user if user == "Administrator" else f"{user}@contoh.seroja.example"
			made = json.loads(self.execute("frappe.core.doctype.user.user.generate_keys", name))
			key = self.execute("frappe.db.get_value", "User", name, "api_key").strip('"')
			self.keys[user] = f"token {key}:{made['api_secret']}"
		return self.keys[user]

	def execute(self, method: str, *arguments) -> str:
		"""Run a function of the site as Administrator; what it printed last."""
		done = self.bench.run("--site", self.name, "execute", method, "--args", json.dumps(arguments))
		return done.strip().splitlines()[-1] if done.strip() else ""

	def ask(self, method: str, path: str, key: str, **values) -> tuple[int, dict]:
		"""(status, answer) of a request with a key; values are the query of a GET, else the JSON body."""
		headers = {"Authorization": key, "Accept": "application/json"}
		given = {"fields": values} if method == "GET" else {"json": values}
		response = urllib3.request(method, f"{self.address}{path}", headers=headers, timeout=120, **given)
		return response.status, json.loads(response.data or b"{}")

	def call(self, method: str, key: str, **values):
		"""The message of a method of SEROJA that must succeed."""
		status, answer = self.ask("POST", f"/api/method/seroja.api.{method}", key, **values)
		assert status == 200, answer
		return answer.get("message")

	def insert(self, doctype: str, key: str, **values) -> dict:
		"""A new document, as the owner of the key."""
		status, answer = self.ask("POST", f"/api/resource/{doctype}", key, **values)
		assert status == 200, answer
		return answer["data"]

	def read(self, doctype: str, name: str, key: str) -> dict:
		"""A document, as the owner of the key."""
		status, answer = self.ask("GET", f"/api/resource/{doctype}/{name}", key)
		assert status == 200, answer
		return answer["data"]


@pytest.fixture(scope="session")
def site():
	"""The demo site that scripts/test.py serves."""
	if not os.environ.get("SEROJA_URL"):
		pytest.skip("SEROJA_URL names no served demo site")
	bench = Bench(os.environ["SEROJA_BENCH"])
	found = Site(bench, os.environ["SEROJA_SITE"], os.environ["SEROJA_URL"])
	found.execute("frappe.db.set_single_value", "Exchange Settings", "requests_per_minute", 6000)
	return found


@pytest.fixture(scope="session")
def other_site(site):
	"""A second site of the same bench with a demo of its own, served as well; dropped afterwards."""
	name = f"seroja-other-{os.getpid()}.localhost"
	site.bench.new_site(name, admin_password="admin")
	try:
		site.bench.run("--site", name, "execute", "seroja.setup.demo.create")
		with site.bench.serving(name, free_port()) as address:
			yield Site(site.bench, name, address)
	finally:
		site.bench.drop_site(name)
