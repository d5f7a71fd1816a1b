frappe.query_reports["Planning Checks"] = {
	filters: seroja.planning_filters(),
	onload: seroja.open_report,
	formatter: seroja.report_formatter,
};
