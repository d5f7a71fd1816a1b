frappe.query_reports["Assessment Summary"] = {
	filters: seroja.assessment_filters("Assessment Summary"),
	onload: seroja.wait_for_titles,
	formatter: seroja.report_formatter,
};
