const COLORS_OF_RECONCILIATIONS = { Open: "orange", Explained: "blue", Agreed: "green" };

frappe.listview_settings["Reconciliation"] = {
	add_fields: ["state", "figure"],
	onload: (list) => seroja.show_all_columns(list),
	get_indicator: (doc) => [__(doc.state), COLORS_OF_RECONCILIATIONS[doc.state], `state,=,${doc.state}`],
	formatters: {
		// Which figure of the indicator, where it is not the value itself; in front, for names are long.
		indicator_name: (value, df, doc) => (doc.figure === "Value" ? value : `${__(doc.figure)}: ${value}`),
		our_value: (value) => frappe.utils.escape_html(value || "–"),
	},
};
