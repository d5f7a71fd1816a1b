frappe.query_reports["Roll-up of Governments"] = {
	filters: [
		{ fieldname: "by", label: __("Rows"), fieldtype: "Select", options: ["Indicators", "Governments"], default: "Indicators", reqd: 1 },
		{ fieldname: "year", label: __("Year"), fieldtype: "Int" },
		{ fieldname: "quarter", label: __("Quarter"), fieldtype: "Select", options: ["", "1", "2", "3", "4"] },
	],
	formatter(value, row, column, data, default_formatter) {
		const text = seroja.report_formatter(value, row, column, data, default_formatter);
		return column.fieldname === "name" ? seroja.long_text(text) : text;
	},
	onload: seroja.open_report,
	...seroja.long_rows({}),
};
