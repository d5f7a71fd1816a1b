frappe.listview_settings["Report Delivery"] = {
	add_fields: ["state"],
	hide_name_column: true,
	get_indicator: (doc) => [__(doc.state), seroja.DELIVERY_COLORS[doc.state], `state,=,${doc.state}`],
};
