frappe.listview_settings["Roll-up Package"] = {
	add_fields: ["state"],
	hide_name_column: true,
	get_indicator(doc) {
		const colors = { Made: "green", Checked: "blue", Refused: "red", Imported: "green" };
		return [__(doc.state), colors[doc.state] || "gray", `state,=,${doc.state}`];
	},
};
