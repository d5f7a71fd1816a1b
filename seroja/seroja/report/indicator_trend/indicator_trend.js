frappe.query_reports["Indicator Trend"] = {
	filters: [
		{
			fieldname: "indicator",
			label: __("Indicator"),
			fieldtype: "Link",
			options: "Performance Indicator",
		},
	],
	onload: seroja.wait_for_titles,
	formatter: seroja.report_formatter,
};
