frappe.listview_settings["Recommendation"] = {
	add_fields: ["status", "due_date"],
	get_indicator: (doc) => [__(doc.status), seroja.STATUS_COLORS[doc.status], `status,=,${doc.status}`],
};
