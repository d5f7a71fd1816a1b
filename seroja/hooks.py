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

app_include_css = "/assets/seroja/css/seroja.css"
app_include_js = "/assets/seroja/js/seroja.js"

# Setup
after_sync = "seroja.install.after_sync"
after_migrate = "seroja.install.after_migrate"
before_uninstall = "seroja.uninstall.before_uninstall"

# Permissions
_scoped = "seroja.permissions.opd.get_permission_query_conditions"
permission_query_conditions = {
	"File": "seroja.permissions.files.get_permission_query_conditions",
	"OPD": _scoped,
	"OPD Position Holder": _scoped,
	"Performance Indicator": _scoped,
	"Performance Indicator Year Target": _scoped,
	"Performance Realization": _scoped,
	"Performance Realization Item": _scoped,
	"Performance Target": _scoped,
	"Performance Target Item": _scoped,
	"Verification Entry": _scoped,
	"Workflow Action": "seroja.permissions.opd.workflow_action_conditions",
}
_has_permission = "seroja.permissions.opd.has_permission"
has_permission = {
	"File": "seroja.permissions.files.has_permission",
	"OPD": _has_permission,
	"Performance Indicator": _has_permission,
	"Performance Realization": _has_permission,
	"Performance Target": _has_permission,
	"Verification Entry": _has_permission,
}

# Documents of the framework
doc_events = {
	"File": {"validate": "seroja.permissions.files.refuse_public"},
	"Prepared Report": {"before_insert": "seroja.permissions.reports.refuse_prepared"},
}

# Jobs
scheduler_events = {"daily_long": ["seroja.tasks.daily.remind"]}
