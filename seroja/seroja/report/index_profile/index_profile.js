frappe.query_reports["Index Profile"] = {
	filters: seroja.assessment_filters("Index Profile"),
	onload: seroja.open_report,
	formatter: seroja.report_formatter,
};
