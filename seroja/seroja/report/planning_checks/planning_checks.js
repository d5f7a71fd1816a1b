frappe.query_reports["Planning Checks"] = { filters: seroja.planning_filters(), formatter: seroja.report_formatter };
