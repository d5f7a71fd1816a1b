"""What the forms of the exchange ask for."""

import frappe

from seroja.constants import EXPORT, PROPOSAL
from seroja.services import (
	configuration,
	data_runs,
	data_sources,
	exchange_settings,
	exports,
	proposals,
	roll_up,
	webhooks,
)
from seroja.services.data_runs import RUN, SOURCE


@frappe.whitelist()
def presets() -> list[dict]:
	"""The shipped presets. Permission: write on data sources."""
	frappe.has_permission(SOURCE, "write", throw=True)
	return data_sources.presets()


@frappe.whitelist()
def preset(code: str) -> dict:
	"""What a preset fills in. Permission: write on data sources."""
	frappe.has_permission(SOURCE, "write", throw=True)
	return data_sources.preset_values(code)


@frappe.whitelist(methods=["POST"])
def fetch(run: str) -> str:
	"""Fetch and preview; the state that the run ends in. Permission: write on the run."""
	return data_runs.fetch(_writable(RUN, run)).state


@frappe.whitelist(methods=["POST"])
def accept(run: str) -> dict:
	"""Make proposals of what was previewed. Permission: write on the run."""
	return data_runs.accept(_writable(RUN, run))


@frappe.whitelist(methods=["POST"])
def take(sheet: str, names: str | list[str]) -> int:
	"""Take proposals into their rows. Permission: write on the sheet, then the enterer's in the service."""
	frappe.has_permission(PROPOSAL, "read", throw=True)
	return proposals.take(proposals.sheet_of(sheet), _listed(names))


@frappe.whitelist(methods=["POST"])
def refuse(sheet: str, names: str | list[str], reason: str) -> int:
	"""Leave proposals, with a reason. Permission: write on the sheet, then the enterer's in the service."""
	frappe.has_permission(PROPOSAL, "read", throw=True)
	return proposals.refuse(proposals.sheet_of(sheet), _listed(names), reason)


@frappe.whitelist(methods=["POST"])
def make_export(name: str) -> int:
	"""Write the files of an export anew; the number of figures. Permission: write on the export."""
	return exports.make(_writable(EXPORT, name))


@frappe.whitelist(methods=["POST"])
def make_key() -> str:
	"""A new signing key; the public one. Permission: write on the settings, checked in the service."""
	frappe.has_permission(exchange_settings.SETTINGS, "write", throw=True)
	return exchange_settings.make_key()


@frappe.whitelist(methods=["POST"])
def make_package(name: str) -> None:
	"""Build and sign an outgoing package. Permission: write on the package."""
	roll_up.make(_writable(roll_up.PACKAGE, name))


@frappe.whitelist(methods=["POST"])
def check_package(name: str) -> list[str]:
	"""Read an incoming package; what its receiver should know. Permission: write on the package."""
	return roll_up.check(_writable(roll_up.PACKAGE, name))


@frappe.whitelist(methods=["POST"])
def import_package(name: str) -> None:
	"""Take a checked package in. Permission: write on the package."""
	roll_up.import_package(_writable(roll_up.PACKAGE, name))


@frappe.whitelist(methods=["POST"])
def make_configuration(name: str) -> None:
	"""Write an outgoing configuration. Permission: write on the package."""
	configuration.make(_writable("Configuration Package", name))


@frappe.whitelist(methods=["POST"])
def check_configuration(name: str) -> str:
	"""Read an incoming configuration; its state. Permission: write on the package."""
	doc = _writable("Configuration Package", name)
	configuration.check(doc)
	return doc.state


@frappe.whitelist()
def configuration_preview(name: str) -> dict:
	"""What a checked configuration would change. Permission: read on the package."""
	doc = frappe.get_doc("Configuration Package", name)
	doc.check_permission("read")
	return configuration.preview_of(doc)


@frappe.whitelist(methods=["POST"])
def apply_configuration(name: str) -> dict:
	"""Apply a checked configuration. Permission: write on the package, then each document's own."""
	return configuration.apply(_writable("Configuration Package", name))


@frappe.whitelist(methods=["POST"])
def make_webhooks(url: str, secret: str) -> list[str]:
	"""Set up the ready-made webhooks. Permission: create on webhooks, checked in the service."""
	frappe.has_permission("Webhook", "create", throw=True)
	return webhooks.make(url, secret)


def _listed(names: str | list[str]) -> list[str]:
	"""The desk sends a list as JSON text."""
	try:
		found = frappe.parse_json(names)
	except ValueError:  # a single name
		found = names
	return [str(name) for name in found] if isinstance(found, list) else [str(found)]


def _writable(doctype: str, name: str):
	doc = frappe.get_doc(doctype, name)
	doc.check_permission("write")
	return doc
