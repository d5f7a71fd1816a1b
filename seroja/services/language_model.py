"""The optional language model that rewords a draft: off by default, for a server that the government runs itself.

It gets the words that core has made of verified, aggregated figures, with marks in place of names; what people
typed, evidence and names never leave. Its text is taken only where core finds no figure that the draft does not hold.
"""

from ipaddress import ip_address
from threading import Thread
from urllib.parse import urlsplit

import frappe
import requests
from frappe import _
from frappe.utils import cint, validate_url
from requests.auth import AuthBase

from seroja.core import narrative, rewording
from seroja.core.rewording import MACHINE_EDITED, MACHINE_MADE

_LARGEST_ANSWER = 500_000  # bytes
_LONGEST_WAIT = 120  # seconds
_CONNECT = 5


class NotReworded(Exception):
	"""Why the draft stays as it is: a sentence for the user."""


def is_on() -> bool:
	return bool(cint(frappe.get_cached_doc("SEROJA Settings").use_language_model))


def reword(paragraphs: list[str], names: list[str]) -> tuple[list[str], str]:
	"""(the paragraphs in other words, the name of the model). Raises NotReworded with the reason."""
	settings = frappe.get_cached_doc("SEROJA Settings")
	if not cint(settings.use_language_model):
		raise NotReworded(_("The language model is switched off in SEROJA Settings."))
	masked, marks = narrative.masked(paragraphs, names)
	draft = "\n\n".join(masked)
	try:
		text = rewording.read_answer(_ask(settings, masked), _LARGEST_ANSWER)
	except ValueError as error:
		raise NotReworded(str(error)) from None
	reasons = rewording.check(draft, text, marks)
	if reasons:
		raise NotReworded(" ".join(reasons))
	return narrative.unmasked(text.split("\n\n"), marks), settings.language_model_name


def mark_of(model: str, is_edited: bool) -> str:
	"""The sentence that is printed below a text of the machine, also where people have changed it since."""
	return (MACHINE_EDITED if is_edited else MACHINE_MADE).format(model=model)


class _Key(AuthBase):
	"""The key goes into the request and nowhere else: no traceback shows what an object like this holds."""

	def __init__(self, key: str | None):
		self._key = key

	def __call__(self, request):
		if self._key:
			request.headers["Authorization"] = f"Bearer {self._key}"
		return request


def _ask(settings, paragraphs: list[str]) -> bytes:
	"""The answer of the server. Raises NotReworded for whatever goes wrong on the way.

	In a thread of its own, because a server that sends a byte now and then keeps every other time limit alive.
	"""
	wait = cint(settings.language_model_timeout) or 30
	request = {
		"url": f"{settings.language_model_url.rstrip('/')}/chat/completions",
		"json": rewording.request_body(settings.language_model_name, paragraphs),
		"auth": _Key(settings.get_password("language_model_key", raise_exception=False)),
		"timeout": (_CONNECT, wait),
		"allow_redirects": False,  # the key is for this server only
		"stream": True,
	}
	found: dict = {}
	thread = Thread(target=_exchange, args=(request, found), daemon=True)
	thread.start()
	thread.join(wait)
	if "status" in found and found["status"] != 200:
		raise NotReworded(_("The language model answered with the status {0}.").format(found["status"]))
	if thread.is_alive() or "body" not in found:
		late = thread.is_alive() or found.get("late")
		kind = _("did not answer in time") if late else _("could not be reached")
		if "response" in found:
			found["response"].close()
		raise NotReworded(_("The language model {0}.").format(kind))
	return found["body"]


def _exchange(request: dict, found: dict) -> None:
	"""Puts `status` and `body`, or `late`, into `found`; nothing that goes wrong here may show the key anywhere."""
	try:
		found["response"] = response = requests.post(**request)
		found["status"] = response.status_code
		body = b""
		for part in response.iter_content(16_384):
			body += part
			if len(body) > _LARGEST_ANSWER:  # core says that it is too large
				break
		found["body"] = body
	except Exception as error:
		found["late"] = isinstance(error, requests.Timeout)


def check_settings(doc) -> None:
	"""An address of the web without a user in it, and a wait that ends."""
	if not cint(doc.use_language_model):
		return
	url = (doc.language_model_url or "").strip()
	if not validate_url(url, valid_schemes=["http", "https"]) or "@" in url or "?" in url:
		frappe.throw(
			_("The address of the language model begins with https:// or http:// and holds no key."),
			title=_("Link Not Valid"),
		)
	if _is_link_local(url):
		frappe.throw(_("This address is none of a language model."), title=_("Link Not Valid"))
	key = doc.language_model_key or ""
	if not (key.isascii() and key.isprintable()):
		frappe.throw(
			_("The key of the language model holds signs that a key does not have."), title=_("Key Not Valid")
		)
	if not 1 <= cint(doc.language_model_timeout) <= _LONGEST_WAIT:
		frappe.throw(
			_("Give between 1 and {0} seconds to wait for the language model.").format(_LONGEST_WAIT),
			title=_("Time Not Valid"),
		)
	doc.language_model_url = url


def _is_link_local(url: str) -> bool:
	"""Where clouds tell their machines secrets; a model of the government may have any other private address."""
	try:
		return ip_address(urlsplit(url).hostname or "").is_link_local
	except ValueError:
		return False
