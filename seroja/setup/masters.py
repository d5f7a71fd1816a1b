"""Masters fixed by regulation: achievement scales, instruments, tags of indicators, report layouts, and first settings. Sites may add and change."""

import frappe

from seroja.constants import INSTRUMENT, LAYOUT
from seroja.core.instruments import shipped_instrument, shipped_names
from seroja.core.numbers import format_number
from seroja.core.report_layouts import shipped_layouts
from seroja.core.scales import DEFAULT_SCALE, Scale, shipped_scales
from seroja.services.instruments import as_values
from seroja.services.report_layouts import as_values as layout_values

# The reports that select indicators (domain.md 2.3 and 5.6).
TAGS = {
	"IKU": "Indikator Kinerja Utama",
	"IKD": "Indikator Kinerja Daerah (RPJMD, LKPJ)",
	"IKK": "Indikator Kinerja Kunci (LPPD)",
	"SPM": "Standar Pelayanan Minimal",
	"SPM Mutu": "Pemenuhan mutu minimal (SPM)",
	"MAKRO": "Indikator makro (LPPD)",
	"RB": "Reformasi Birokrasi",
	"PK": "Perjanjian Kinerja",
}


def sync() -> None:
	"""Insert shipped scales, tags, instruments and report layouts that the site lacks, and choose a scale where none is chosen."""
	for tag, description in TAGS.items():
		if not frappe.db.exists("Indicator Tag", tag):
			frappe.get_doc({"doctype": "Indicator Tag", "tag": tag, "description": description}).insert(
				ignore_permissions=True  # setup runs as the installer
			)
	for scale in shipped_scales().values():
		if not frappe.db.exists("Achievement Scale", scale.name):
			frappe.get_doc(_document(scale)).insert(ignore_permissions=True)
	for name in shipped_names():
		instrument = shipped_instrument(name)
		if not frappe.db.exists(INSTRUMENT, instrument.code):
			frappe.get_doc({"doctype": INSTRUMENT, **as_values(instrument)}).insert(ignore_permissions=True)
	for layout in shipped_layouts().values():
		if not frappe.db.exists(LAYOUT, layout.code):
			frappe.get_doc({"doctype": LAYOUT, **layout_values(layout)}).insert(ignore_permissions=True)
	settings = frappe.get_doc("SEROJA Settings")
	if not settings.scale:
		settings.scale = DEFAULT_SCALE
		settings.flags.ignore_permissions = True  # setup runs as the installer
		settings.save()


def _document(scale: Scale) -> dict:
	return {
		"doctype": "Achievement Scale",
		"title": scale.name,
		"source": scale.source,
		"valid_from": scale.valid_from,
		"valid_to": scale.valid_to,
		"bands": [
			{
				"label": band.label,
				"low": "" if band.low is None else format_number(band.low, None),
				"low_closed": int(band.low_closed),
				"high": "" if band.high is None else format_number(band.high, None),
				"high_closed": int(band.high_closed),
			}
			for band in scale.bands
		],
	}


def remove() -> None:
	"""What Frappe leaves when it drops our tables: files, comments, versions and notices of our documents."""
	doctypes = frappe.get_all("DocType", {"module": "SEROJA", "istable": 0}, pluck="name")
	if not doctypes:  # an empty "in" would match what belongs to nobody
		return
	for name in frappe.get_all("File", {"attached_to_doctype": ["in", doctypes]}, pluck="name"):
		frappe.delete_doc("File", name, ignore_permissions=True, force=True)
	for doctype, field in (
		("Comment", "reference_doctype"),
		("Version", "ref_doctype"),
		("Notification Log", "document_type"),
		("DocShare", "share_doctype"),
		("ToDo", "reference_type"),
		("Deleted Document", "deleted_doctype"),
	):
		frappe.db.delete(doctype, {field: ["in", doctypes]})
	frappe.db.delete("Scheduled Job Type", {"method": ["like", "seroja.%"]})
	frappe.db.delete("Singles", {"doctype": ["in", doctypes]})
