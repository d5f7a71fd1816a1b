const COLORS_OF_PROPOSALS = { Open: "orange", Taken: "green", Refused: "red", Replaced: "gray" };

frappe.listview_settings["Figure Proposal"] = {
	add_fields: ["state", "figure"],
	onload: (list) => seroja.show_all_columns(list),
	get_indicator: (doc) => [__(doc.state), COLORS_OF_PROPOSALS[doc.state], `state,=,${doc.state}`],
	formatters: {
		// Which figure of the indicator, where it is not the value itself; in front, for names are long.
		indicator_name: (value, df, doc) => (doc.figure === "Value" ? value : `${__(doc.figure)}: ${value}`),
		our_value: (value) => frappe.utils.escape_html(value || "–"),
	},
};
