"""The people of the demo site, one per role."""

import frappe

from seroja import constants as c

PASSWORD = "Seroja-contoh-1"
MAIL = "{}@contoh.seroja.example"
CITY = "Kota Malang"
SHOWN = "Dinkes"
PEOPLE = (
	("admin", "Admin SEROJA", c.ADMINISTRATOR),
	("bappeda", "Perencana Bappeda", c.PLANNER),
	("operator", "Operator Dinkes", c.OPERATOR),
	("kepala", "Kepala Dinkes", c.HEAD),
	("inspektorat", "Pemeriksa Inspektorat", c.INSPEKTORAT),
	("peninjau", "Peninjau Inspektorat", c.INSPEKTORAT),
	("organisasi", "Bagian Organisasi", c.ORGANISATION_BUREAU),
	("sekda", "Sekretaris Daerah", c.EXECUTIVE),
	("pembaca", "Pembaca Dinkes", c.VIEWER),
	("operator.lain", "Operator OPD Lain", c.OPERATOR),
	("kepala.lain", "Kepala OPD Lain", c.HEAD),
	("perencana.kota", "Penyusun RPJMD", c.OPERATOR),
	("walikota", "Wali Kota (contoh)", c.HEAD),
)
SUBMIT, APPROVE = "Submit for Verification", "Approve"
# The government itself and the OPD that is shown have people of their own.
_OWN = {CITY: {"operator": "perencana.kota", "kepala": "walikota"}, SHOWN: {}}


def login(key: str) -> str:
	"""The user name of a demo person."""
	return MAIL.format(key)


def login_of(position: str, opd: str) -> str:
	"""Who holds a position ("operator", "kepala") in an OPD of the demo."""
	return login(_OWN[opd].get(position, position) if opd in _OWN else f"{position}.lain")


def act_as(position: str, opd: str) -> None:
	"""Go on as the holder of a position in an OPD."""
	frappe.set_user(login_of(position, opd))


def make_people() -> None:
	for key, name, role in PEOPLE:
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": login(key),
				"first_name": name,
				"language": "id",
				"send_welcome_email": 0,
				"new_password": PASSWORD,
				"roles": [{"role": role}],
			}
		)
		user.flags.no_welcome_mail = True
		user.insert()


def print_people() -> None:
	"""The logins of the demo, one per role."""
	print(f"Password of all: {PASSWORD}   (Administrator: admin)")
	for key, name, role in PEOPLE:
		print(f"  {login(key):<42} {role:<28} {name}")
