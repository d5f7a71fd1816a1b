frappe.ui.form.on("Data Source", {
	onload(frm) {
		frm.filled_preset = frm.doc.preset;
	},

	refresh(frm) {
		if (frm.perm[0].write) offer_presets(frm);
		if (frm.is_new()) return;
		frm.add_custom_button(__("Fetch Figures"), () =>
			frappe.new_doc("Data Run", { data_source: frm.doc.name })
		);
		frm.add_custom_button(__("Runs"), () =>
			frappe.set_route("List", "Data Run", { data_source: frm.doc.name })
		);
		if (frm.doc.last_error) frm.set_intro(frappe.utils.escape_html(frm.doc.last_error), "red");
	},

	preset(frm) {
		if (!frm.doc.preset) return;
		frappe.call("seroja.api.exchange.preset", { code: frm.doc.preset }).then(({ message }) => {
			ask_before_filling_in(frm, message);
		});
	},
});

function offer_presets(frm) {
	frappe.call("seroja.api.exchange.presets").then(({ message }) => {
		frm.set_df_property("preset", "options", message);
		frm.get_field("preset").set_data(message); // Frappe 15 reads the options of such a field only once
		frm.refresh_field("preset");
	});
}

function ask_before_filling_in(frm, preset) {
	const labels = overwritten(frm, preset).map((field) => __(frm.fields_dict[field].df.label));
	if (!labels.length) return fill_in(frm, preset);
	frappe.confirm(
		__("The preset replaces what is filled in: {0}. Continue?", [labels.join(", ")]),
		() => fill_in(frm, preset),
		() => {
			frm.doc.preset = frm.filled_preset || "";
			frm.refresh_field("preset");
		}
	);
}

// A form that is new holds defaults that nobody chose.
function overwritten(frm, preset) {
	const is_own = (field) =>
		frm.doc[field] && !(frm.is_new() && String(frm.doc[field]) === String(frm.fields_dict[field].df.default));
	const fields = Object.keys(preset).filter(
		(field) => field !== "mappings" && frm.fields_dict[field] && is_own(field)
	);
	const changed = fields.filter((field) => String(frm.doc[field]) !== String(preset[field]));
	const rows = frm.doc.mappings || [];
	const is_typed = takes_mappings(frm) && rows.some((row) => row.column_name || row.path);
	return is_typed ? [...changed, "mappings"] : changed;
}

// A mapping that names indicators already is not overwritten by a click.
function takes_mappings(frm) {
	return !(frm.doc.mappings || []).some((row) => row.indicator);
}

function fill_in(frm, preset) {
	const { mappings, ...values } = preset;
	const changed = Object.entries(values).filter(([field]) => frm.fields_dict[field]);
	changed.forEach(([field, value]) => frm.set_value(field, value));
	frm.filled_preset = frm.doc.preset;
	if (takes_mappings(frm)) {
		frm.clear_table("mappings");
		mappings.forEach((row) => frm.add_child("mappings", row));
		frm.refresh_field("mappings");
	}
	frm.set_intro(frappe.utils.escape_html(preset.description), "blue");
}
