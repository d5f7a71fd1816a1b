frappe.query_reports["Waiting for Me"] = {
	filters: [],
	formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "name" && data && !data.name) {
			const query = new URLSearchParams({ opd: data.opd, period: data.period });
			return `<a href="/app/performance-realization/new?${query}">${__("Start the sheet")}</a>`;
		}
		return seroja.report_formatter(value, row, column, data, default_formatter);
	},
};
