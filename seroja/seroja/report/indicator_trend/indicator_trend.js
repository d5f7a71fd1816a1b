frappe.query_reports["Indicator Trend"] = {
	filters: [
		{
			fieldname: "indicator",
			label: __("Indicator"),
			fieldtype: "Link",
			options: "Performance Indicator",
		},
		seroja.as_known_on(),
	],
	onload: seroja.open_report,
	formatter: seroja.report_formatter,
};
