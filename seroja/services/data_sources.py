"""Data Source: a system that has figures of ours, how it is asked, and where in its answer they stand."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import frappe
from frappe import _
from frappe.utils import cint

from seroja.constants import FORMULA, INDICATOR, RATIO
from seroja.core import source_mapping, sources
from seroja.core.configuration import looks_secret
from seroja.core.json_paths import path_problem
from seroja.core.numbers import format_number
from seroja.services import fetching

UPLOAD, CKAN, SEROJA_SITE = "Upload", "CKAN Datastore", "SEROJA Site"
OAUTH = "OAuth2 Client Credentials"
SETTINGS = "Exchange Settings"
LONGEST_WAIT, LARGEST_ANSWER = 60, 50  # seconds, megabytes
LARGEST_PAGE, LAST_FIRST_PAGE, LONGEST_SILENCE = 10_000, 1000, 3650  # records, number, days
FORMATS = {"HTTP CSV": "csv"}  # every other kind answers in JSON
PAGING = {"None": "none", "Page Number": "page", "Offset": "offset", "Next Address": "next"}
FIGURES = {
	"Value": "value",
	"Numerator": "numerator",
	"Denominator": "denominator",
	"Budget Realization": "budget_realization",
}
_PRESET_KINDS = {"ckan": CKAN, "seroja": SEROJA_SITE}
_CKAN_PATH = "/api/3/action/datastore_search"
# What a kind, an authentication and a way of paging cannot do without. Secrets are not among them: a source that
# came in a configuration package gets its own afterwards.
_NEEDED = {
	"HTTP JSON": ("url",),
	"HTTP CSV": ("url",),
	CKAN: ("url", "resource"),
	SEROJA_SITE: ("url",),
	"Basic": ("user_name",),
	"Header": ("header_name",),
	OAUTH: ("token_url", "client_id"),
	"Page Number": ("page_parameter",),
	"Offset": ("page_parameter",),
	"Next Address": ("next_path",),
}
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")
# Written by the runs.
_COMPUTED = (
	*("last_success_on", "last_records_on", "last_attempt_on", "last_turn_on"),
	*("failures", "next_attempt_on", "last_error", "warned_on", "columns_seen"),
)


# --- the document ---


def check_text(doc) -> None:
	"""Refuse a character that no database holds."""
	for part in (doc, *doc.mappings):
		for field in part.meta.fields:
			if _NOT_STORED.search(str(part.get(field.fieldname) or "")):
				frappe.throw(
					_("{0} holds a character that cannot be stored. Type it anew.").format(_(field.label)),
					title=_("Text Not Valid"),
				)


def validate_source(doc) -> None:
	"""An address that may be asked, limits that end, and a mapping that can work."""
	_keep_state(doc)
	_forget_secret(doc)
	_check_numbers(doc)
	if doc.kind == UPLOAD:
		doc.update({"authentication": "None", "schedule": "By Hand"})
	_check_needed(doc)
	_check_paths(doc)
	if doc.kind != UPLOAD:
		_check_address(doc)
	_check_mappings(doc)


def _keep_state(doc) -> None:
	"""A form that was open while the source ran takes nothing of it back."""
	before = doc.get_doc_before_save()
	for field in _COMPUTED:
		doc.set(field, before.get(field) if before else None)


def _check_needed(doc) -> None:
	chosen = (doc.kind, doc.authentication, *(() if doc.kind == UPLOAD else (doc.paging,)))
	fields = [field for choice in chosen for field in _NEEDED.get(choice, ())]
	missing = [_(doc.meta.get_label(field)) for field in fields if not (doc.get(field) or "").strip()]
	if missing:
		frappe.throw(_("Fill in: {0}.").format(", ".join(missing)), title=_("Not Complete"))


def _check_paths(doc) -> None:
	problems = [path_problem(path) for path in (doc.records_path, doc.next_path) if path]
	if any(problems):
		frappe.throw(" ".join(filter(None, problems)), title=_("Path Not Valid"))
	has_pages = doc.kind == CKAN or (doc.kind != UPLOAD and (doc.paging or "None") != "None")
	if has_pages and not sources.names_one_list(doc.records_path or ""):
		frappe.throw(
			_(
				"An answer in pages needs a path to one whole list of records, for example $.data. Choose among its records by the conditions of the mapping."
			),
			title=_("Path Not Valid"),
		)


def _forget_secret(doc) -> None:
	"""A secret goes to the server that it was given for: it is forgotten where the source turns to another."""
	before = doc.get_doc_before_save()
	if not before or not doc.secret or doc.secret != before.secret or _receiver(doc) == _receiver(before):
		return
	doc.secret = None
	frappe.msgprint(_("The secret was removed because the server changed. Type it in again."), alert=True)


def _receiver(doc) -> tuple:
	places = [urlsplit(url or "")[:2] for url in (doc.url, _token_url(doc))]
	return (*places, doc.authentication, doc.header_name or "")


def _check_numbers(doc) -> None:
	doc.timeout = _within(doc, "timeout", 1, LONGEST_WAIT)
	doc.size_limit = _within(doc, "size_limit", 1, LARGEST_ANSWER)
	doc.page_size = _within(doc, "page_size", 1, LARGEST_PAGE) if doc.page_size else 100
	doc.first_page = _within(doc, "first_page", 0, LAST_FIRST_PAGE)
	doc.silent_days = _within(doc, "silent_days", 0, LONGEST_SILENCE)


def _within(doc, field: str, least: int, most: int) -> int:
	number = cint(doc.get(field))
	if not least <= number <= most:
		frappe.throw(
			_("{0}: give a number from {1} to {2}.").format(
				_(doc.meta.get_label(field)), least, format_number(most, 0)
			),
			title=_("Number Not Valid"),
		)
	return number


def _check_address(doc) -> None:
	for url in filter(None, (doc.url, _token_url(doc))):
		if any(looks_secret(name) for name, _value in parse_qsl(urlsplit(url).query)):
			frappe.throw(
				_("Keep keys out of the address: it is seen by every reader. Choose an authentication."),
				title=_("Address Not Allowed"),
			)
		try:
			fetching.check_url(_asked(url), hosts())
		except fetching.FetchError as error:
			frappe.throw(
				_("{0} The administrator allows hosts in Exchange Settings.").format(error.message)
				if error.code == "host_not_allowed"
				else error.message,
				title=_("Address Not Allowed"),
			)


def _asked(url: str) -> str:
	"""The address with a period in it, as it will be asked."""
	try:
		return source_mapping.fill(url, _ANY_MOMENT)
	except ValueError as error:
		frappe.throw(str(error), title=_("Address Not Allowed"))


def _token_url(doc) -> str:
	return doc.token_url if doc.authentication == OAUTH else ""


def _check_mappings(doc) -> None:
	problems = source_mapping.check_rows(mapping_rows(doc))
	kinds = _value_sources([row.indicator for row in doc.mappings])
	problems += [
		_("Row {0}: {1}").format(row.idx, reason)
		for row in doc.mappings
		if (reason := _does_not_fit(row.figure, kinds.get(row.indicator)))
	]
	if problems:
		frappe.throw(problems, title=_("Please Correct the Mapping"), as_list=True)


def _does_not_fit(figure: str, value_source: str | None) -> str:
	if not value_source:  # Frappe 15 does not look after links whose document is fetched from
		return _("there is no such indicator.")
	if figure == "Budget Realization":
		return ""
	if value_source == FORMULA:
		return _("the value of this indicator follows from a formula and is never typed in.")
	if value_source == RATIO and figure == "Value":
		return _("this indicator takes a numerator and a denominator.")
	if value_source != RATIO and figure != "Value":
		return _("this indicator takes a value, no numerator or denominator.")
	return ""


def _value_sources(codes: list[str]) -> dict[str, str]:
	rows = frappe.get_all(INDICATOR, {"name": ["in", codes or ["-"]]}, ["name", "value_source"], as_list=True)
	return dict(rows)


def mapping_rows(doc) -> list[source_mapping.MappingRow]:
	"""The mapping of a source as core takes it."""
	return [
		source_mapping.MappingRow(
			number=row.idx,
			indicator=row.indicator,
			field=FIGURES[row.figure],
			path=(row.path or "").strip(),
			column=(row.column_name or "").strip(),
			condition=(row.condition or "").strip(),
			aggregate=row.aggregate.lower(),
			factor=(row.factor or "").strip(),
		)
		for row in doc.mappings
	]


# --- presets ---


def preset_values(code: str) -> dict:
	"""What a shipped preset fills into a new source: its fields, `mappings` without indicators, `description`."""
	shipped = sources.shipped_presets()
	if code not in shipped:
		frappe.throw(_("There is no such preset."), title=_("Not Found"))
	preset = shipped[code]
	paging = preset["paging"]
	return {
		"kind": _PRESET_KINDS.get(code)
		or {"json": "HTTP JSON", "csv": "HTTP CSV", "xlsx": UPLOAD}[preset["kind"]],
		"records_path": preset["records_path"],
		"decimal": preset["decimal"],
		"paging": {style: name for name, style in PAGING.items()}[paging["style"]],
		"page_parameter": paging.get("parameter", ""),
		"size_parameter": paging.get("size_parameter", ""),
		"page_size": paging.get("size", 100),
		"first_page": paging.get("first", 1),
		"next_path": paging.get("next_path", ""),
		"description": preset["description"],
		"mappings": [_preset_row(row) for row in preset["rows"]],
	}


def _preset_row(row: dict) -> dict:
	return {
		"hint": row["hint"],
		"figure": {field: name for name, field in FIGURES.items()}[row["field"]],
		"column_name": row["column"],
		"path": row["path"],
		"condition": row["condition"],
		"aggregate": row["aggregate"].title(),
		"factor": row["factor"],
	}


def presets() -> list[dict]:
	"""The shipped presets: `value, label, description`."""
	return [
		{"value": code, "label": preset["title"], "description": preset["description"]}
		for code, preset in sources.shipped_presets().items()
	]


# --- asking ---


def hosts() -> list[fetching.Host]:
	"""The hosts that the administrator allowed."""
	return [
		fetching.Host(row.host_name, bool(row.may_be_private), bool(row.may_be_http))
		for row in frappe.get_cached_doc(SETTINGS).hosts
	]


def moment_of(period) -> source_mapping.Moment:
	"""A Reporting Period as the placeholders of addresses and conditions take it."""
	return source_mapping.Moment(
		int(period.year), int(period.quarter), str(period.start_date), str(period.end_date)
	)


_ANY_MOMENT = source_mapping.Moment(2000, 1, "2000-01-01", "2000-03-31")


def ask(doc, period) -> list[bytes]:
	"""The pages of the answer of a source for a period. Raises fetching.FetchError; no secret is in its text."""
	kind = FORMATS.get(doc.kind, "json")
	call = fetching.Call(
		url=_address(doc, moment_of(period)),
		auth=_auth(doc),
		timeout=cint(doc.timeout),
		largest=cint(doc.size_limit) * 1_000_000,
	)
	return fetching.fetch_pages(
		call,
		_paging(doc),
		hosts(),
		lambda page: sources.read_pages([page], kind, records_path(doc)),
		sources.stated_total if doc.kind == CKAN else lambda page: None,
	)


def records_path(doc) -> str:
	return doc.records_path or ("$.result.records[*]" if doc.kind == CKAN else "")


def _address(doc, moment: source_mapping.Moment) -> str:
	url = source_mapping.fill(doc.url.strip(), moment, quote)
	if doc.kind != CKAN or urlsplit(url).path.rstrip("/").endswith("datastore_search"):
		return url
	return f"{url.rstrip('/')}{_CKAN_PATH}?{urlencode({'resource_id': doc.resource})}"


def _paging(doc) -> fetching.Paging:
	if doc.kind == CKAN and doc.paging == "None":
		return fetching.Paging("offset", "offset", "limit", cint(doc.page_size) or 100)
	return fetching.Paging(
		style=PAGING[doc.paging or "None"],
		parameter=doc.page_parameter or "",
		size_parameter=doc.size_parameter or "",
		size=cint(doc.page_size) or 100,
		first=cint(doc.first_page),
		next_path=doc.next_path or "",
	)


def _auth(doc) -> fetching.Auth | None:
	secret = doc.get_password("secret", raise_exception=False) or ""
	return {
		"Basic": lambda: fetching.Basic(doc.user_name, secret),
		"Bearer": lambda: fetching.Bearer(secret),
		"Header": lambda: fetching.Header(doc.header_name, secret),
		OAUTH: lambda: fetching.ClientCredentials(doc.token_url, doc.client_id, secret, doc.scope or ""),
	}.get(doc.authentication, lambda: None)()
