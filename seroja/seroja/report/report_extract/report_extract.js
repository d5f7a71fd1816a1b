frappe.query_reports["Report Extract"] = {
	filters: [
		{ fieldname: "layout", label: __("Layout"), fieldtype: "Link", options: "Report Layout", reqd: 1 },
		{ fieldname: "year", label: __("Year"), fieldtype: "Int" },
		{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
		seroja.as_known_on(),
	],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldtype === "Data") return seroja.show_number(value); // a text column has no numbers
		return seroja.report_formatter(value, row, column, data, default_formatter);
	},
	onload(report) {
		["xlsx", "csv"].forEach((kind) =>
			report.page.add_inner_button(
				kind.toUpperCase(),
				() => {
					if (!seroja.has_filters(report)) return;
					const { layout, year, opd, as_known_on } = report.get_values();
					const query = new URLSearchParams({ layout, kind });
					Object.entries({ year, opd, as_known_on }).forEach(([name, value]) => {
						if (value) query.set(name, value);
					});
					window.open(`/api/method/seroja.api.documents.report_extract?${query}`);
				},
				__("Official Table")
			)
		);
		return seroja.open_report(report);
	},
};
