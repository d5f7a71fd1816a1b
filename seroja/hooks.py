app_name = "seroja"
app_title = "SEROJA"
app_publisher = "SEROJA contributors"
app_description = "Performance accountability (AKIP) for Indonesian regional governments"
app_email = "seroja@example.org"
app_license = "mit"
export_python_type_annotations = True
require_type_annotated_api_methods = True

add_to_apps_screen = [
	{
		"name": "seroja",
		"logo": "/assets/seroja/images/seroja.svg",
		"title": "SEROJA",
		"route": "/app/seroja",
		"has_permission": "seroja.permissions.opd.may_use_app",
	}
]

app_include_css = ["/assets/seroja/css/seroja.css", "/assets/seroja/css/dashboard.css"]
app_include_js = [
	"/assets/seroja/js/seroja.js",
	"/assets/seroja/js/save_queue.js",
	"/assets/seroja/js/subscribe.js",
	"/assets/seroja/js/analysis.js",
]

# Setup
after_sync = "seroja.install.after_sync"
after_migrate = "seroja.install.after_migrate"
before_uninstall = "seroja.uninstall.before_uninstall"

# Permissions
_scoped = "seroja.permissions.opd.get_permission_query_conditions"
_inspection = "seroja.permissions.opd.inspection_conditions"
_subscription_row = "seroja.permissions.opd.subscription_row_conditions"
permission_query_conditions = {
	"Assessment": _scoped,
	"Assessment Finding": _scoped,
	"Assessment Item": _scoped,
	"Data Run Row": "seroja.permissions.opd.run_row_conditions",
	"Figure Export": _scoped,
	"Figure Note": _scoped,
	"Figure Proposal": _scoped,
	"File": "seroja.permissions.files.get_permission_query_conditions",
	"OPD": _scoped,
	"OPD Position Holder": _scoped,
	"Performance Agreement": _scoped,
	"Performance Agreement Item": _scoped,
	"Performance Agreement Program": _scoped,
	"Performance Indicator": _scoped,
	"Performance Indicator Benchmark": _scoped,
	"Performance Indicator Check": _scoped,
	"Performance Indicator SMART": _scoped,
	"Performance Indicator Tag": _scoped,
	"Performance Indicator Year Target": _scoped,
	"Performance Objective": _scoped,
	"Performance Objective Budget": _scoped,
	"Performance Objective Component": _scoped,
	"Performance Objective Crosscut": _scoped,
	"Performance Realization": _scoped,
	"Performance Realization Item": _scoped,
	"Performance Report": _scoped,
	"Performance Report Section": _scoped,
	"Performance Target": _scoped,
	"Performance Target Action": _scoped,
	"Performance Target Item": _scoped,
	"Recommendation": _scoped,
	"Recommendation Decision": _scoped,
	"Recommendation Follow-up": _scoped,
	"Reconciliation": _scoped,
	"Report Subscription Opt-Out": _subscription_row,
	"Report Subscription Recipient": _subscription_row,
	"Reporting Period Exception": _scoped,
	"SEROJA Import": _scoped,
	"Strategic Plan": _scoped,
	"Strategic Plan Mission": _scoped,
	"Strategic Plan Version": _scoped,
	"Tag Link": "seroja.permissions.opd.tag_link_conditions",
	"Verification Entry": _scoped,
	"Verification Sample": _inspection,
	"Verification Sample Item": _inspection,
	"Workflow Action": "seroja.permissions.opd.workflow_action_conditions",
}
_has_permission = "seroja.permissions.opd.has_permission"
has_permission = {
	"Assessment": _has_permission,
	"Figure Export": _has_permission,
	"Figure Note": _has_permission,
	"Figure Proposal": _has_permission,
	"File": "seroja.permissions.files.has_permission",
	"OPD": _has_permission,
	"Performance Agreement": _has_permission,
	"Performance Indicator": _has_permission,
	"Performance Objective": _has_permission,
	"Performance Realization": _has_permission,
	"Performance Report": _has_permission,
	"Performance Target": _has_permission,
	"Recommendation": _has_permission,
	"Reconciliation": _has_permission,
	"Reporting Period Exception": _has_permission,
	"SEROJA Import": _has_permission,
	"Strategic Plan": _has_permission,
	"Strategic Plan Version": _has_permission,
	"Verification Entry": _has_permission,
}
_endpoints = "seroja.permissions.endpoints"
override_whitelisted_methods = {
	"frappe.client.get": f"{_endpoints}.get",
	"frappe.client.get_count": f"{_endpoints}.get_count",
	"frappe.client.is_document_amended": f"{_endpoints}.is_document_amended",
	"frappe.core.api.file.unzip_file": f"{_endpoints}.unzip_file",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": f"{_endpoints}.get_chart",
	"frappe.desk.doctype.tag.tag.add_tag": f"{_endpoints}.add_tag",
	"frappe.desk.doctype.tag.tag.add_tags": f"{_endpoints}.add_tags",
	"frappe.desk.doctype.tag.tag.get_documents_for_tag": f"{_endpoints}.get_documents_for_tag",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": f"{_endpoints}.get_tagged_docs",
	"frappe.desk.doctype.tag.tag.remove_tag": f"{_endpoints}.remove_tag",
	"frappe.desk.form.linked_with.get_submitted_linked_docs": f"{_endpoints}.get_submitted_linked_docs",
	"frappe.desk.like.toggle_like": f"{_endpoints}.toggle_like",
	"frappe.desk.notifications.get_open_count": f"{_endpoints}.get_open_count",
	"frappe.desk.query_report.export_query": f"{_endpoints}.export_report",
	"frappe.desk.search.get_link_title": f"{_endpoints}.get_link_title",
	"frappe.desk.search.search_link": f"{_endpoints}.search_link",
	"frappe.desk.search.search_widget": f"{_endpoints}.search_widget",
	"frappe.templates.includes.comments.comments.add_comment": f"{_endpoints}.add_comment",
}

# Nobody learns from a refusal what was drawn for a closer look
ignore_links_on_delete = ["Verification Sample", "Verification Sample Item"]

# Documents of the framework
_reference = "seroja.permissions.traces.check_reference"
_forget = "seroja.services.public_figures.forget"
doc_events = {
	"Auto Email Report": {"validate": "seroja.permissions.traces.refuse_mailed_report"},
	"Comment": {"validate": _reference},
	"Document Follow": {"validate": _reference},
	"File": {
		"validate": ["seroja.permissions.files.refuse_public", "seroja.permissions.files.check_path"],
		"after_insert": "seroja.permissions.files.take_from_uploader",
	},
	"LDAP Settings": {"validate": "seroja.permissions.logins.refuse_default_role"},
	"Performance Realization": {
		"on_cancel": _forget,
		"on_submit": _forget,
		"on_update_after_submit": _forget,
	},
	"Performance Report": {"on_update": _forget},
	"Portal Settings": {"validate": "seroja.permissions.logins.refuse_default_role"},
	"Prepared Report": {"before_insert": "seroja.permissions.reports.refuse_prepared"},
	"Reporting Period": {"on_update": _forget},
	"SEROJA Settings": {"on_update": _forget},
	"ToDo": {"validate": _reference},
}

# Pages without login
after_request = ["seroja.services.public_pages.add_headers"]

# Jobs
scheduler_events = {
	"daily_long": ["seroja.tasks.daily.remind", "seroja.tasks.sources.warn_of_silence"],
	"hourly_long": ["seroja.tasks.hourly.deliver", "seroja.tasks.sources.fetch_due"],
}
