"""What the pages without login share: Indonesian for everybody, nothing kept, nothing told about an error."""

import frappe

HEADERS = {
	"Cache-Control": "no-store",
	"Content-Security-Policy": "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"X-Frame-Options": "DENY",
}


def prepare_page(context) -> None:
	"""Set up a page of the website that anybody opens."""
	prepare_answer()
	context.boot["lang"] = "id"  # made before, in the language of the browser


def prepare_answer() -> None:
	"""Set up an answer that anybody gets."""
	frappe.local.lang = "id"
	frappe.flags.seroja_public = True
	frappe.flags.disable_traceback = True
	# Frappe remembers addresses that were not found, and would go on when the page is switched on.
	frappe.local.no_cache = True


def add_headers(response=None) -> None:
	"""Hook after each request: the headers of what `prepare_answer` has set up."""
	if response and frappe.flags.seroja_public:
		response.headers.update(HEADERS)
