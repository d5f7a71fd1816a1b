frappe.query_reports["Cascading Quality"] = {
	filters: seroja.planning_filters(),
	onload: seroja.open_report,
	formatter: seroja.report_formatter,
};
