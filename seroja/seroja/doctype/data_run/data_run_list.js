const COLORS_OF_RUNS = { Preview: "orange", Accepted: "green", Failed: "red" };

frappe.listview_settings["Data Run"] = {
	add_fields: ["state"],
	onload: (list) => seroja.show_all_columns(list),
	get_indicator: (doc) => [__(doc.state), COLORS_OF_RUNS[doc.state] || "gray", `state,=,${doc.state}`],
};
