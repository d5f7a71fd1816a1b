frappe.query_reports["Assessment Summary"] = {
	filters: seroja.assessment_filters("Assessment Summary"),
	onload: seroja.open_report,
	formatter: seroja.report_formatter,
};
