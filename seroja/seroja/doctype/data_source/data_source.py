from frappe.model.document import Document

from seroja.services import data_sources


class DataSource(Document):
	"""Sumber Data: a system that has figures of ours, and how it is asked."""

	# begin: auto-generated types
	# This code is auto-generated. Do not modify anything in this block.

	from typing import TYPE_CHECKING

	if TYPE_CHECKING:
		from frappe.types import DF
		from seroja.seroja.doctype.data_source_mapping.data_source_mapping import DataSourceMapping

		authentication: DF.Literal["None", "Basic", "Bearer", "Header", "OAuth2 Client Credentials"]
		client_id: DF.Data | None
		columns_seen: DF.LongText | None
		decimal: DF.Literal[",", "."]
		failures: DF.Int
		first_page: DF.Int
		header_name: DF.Data | None
		is_enabled: DF.Check
		kind: DF.Literal["HTTP JSON", "HTTP CSV", "Upload", "CKAN Datastore", "SEROJA Site"]
		last_attempt_on: DF.Datetime | None
		last_error: DF.SmallText | None
		last_records_on: DF.Datetime | None
		last_success_on: DF.Datetime | None
		last_turn_on: DF.Datetime | None
		mappings: DF.Table[DataSourceMapping]
		next_attempt_on: DF.Datetime | None
		next_path: DF.Data | None
		page_parameter: DF.Data | None
		page_size: DF.Int
		paging: DF.Literal["None", "Page Number", "Offset", "Next Address"]
		preset: DF.Autocomplete | None
		records_path: DF.Data | None
		resource: DF.Data | None
		schedule: DF.Literal["By Hand", "Daily", "Weekly", "Monthly"]
		scope: DF.Data | None
		secret: DF.Password | None
		silent_days: DF.Int
		size_limit: DF.Int
		size_parameter: DF.Data | None
		timeout: DF.Int
		title: DF.Data
		token_url: DF.Data | None
		url: DF.Data | None
		user_name: DF.Data | None
		warned_on: DF.Date | None
	# end: auto-generated types

	def _validate_links(self):
		data_sources.check_text(self)  # no event comes before Frappe looks the links up in the database
		super()._validate_links()

	def validate(self):
		data_sources.validate_source(self)
