frappe.query_reports["Waiting for Me"] = {
	filters: [],
	onload: seroja.open_report,
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "name" && data && !data.name) {
			const is_assessment = data.doctype === "Assessment";
			const { opd, period, instrument, year } = data;
			const query = new URLSearchParams(is_assessment ? { instrument, opd, year } : { opd, period });
			const form = is_assessment ? "assessment" : "performance-realization";
			return `<a href="/app/${form}/new?${query}">${__("Start the sheet")}</a>`;
		}
		return seroja.report_formatter(value, row, column, data, default_formatter);
	},
};
