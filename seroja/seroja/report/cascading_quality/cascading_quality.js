frappe.query_reports["Cascading Quality"] = { filters: seroja.planning_filters(), formatter: seroja.report_formatter };
