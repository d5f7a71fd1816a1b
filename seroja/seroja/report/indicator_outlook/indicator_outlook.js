frappe.query_reports["Indicator Outlook"] = {
	filters: [
		{ fieldname: "period", label: __("Known Until"), fieldtype: "Link", options: "Reporting Period" },
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		{
			fieldname: "outlook",
			label: __("Outlook"),
			fieldtype: "Select",
			options: ["", "Sesuai jalur", "Berisiko", "Di luar jalur", "Belum dapat dinilai"],
		},
		{ fieldname: "only_iku", label: __("Only IKU"), fieldtype: "Check", default: 0 },
		{ fieldname: "only_next", label: __("Only This Year"), fieldtype: "Check", default: 0 },
		{ fieldname: "include_unverified", label: __("Include Unverified Sheets"), fieldtype: "Check", default: 0 },
		seroja.as_known_on(),
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "status_label" && data) return seroja.outlook_pill(data.status, value);
		return seroja.report_formatter(value, row, column, data, default_formatter);
	},
	onload: seroja.open_report,
};
