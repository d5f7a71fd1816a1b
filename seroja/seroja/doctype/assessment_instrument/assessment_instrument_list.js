frappe.listview_settings["Assessment Instrument"] = {
	onload(list) {
		if (!frappe.model.can_create("Assessment Instrument")) return;
		list.page.add_inner_button(__("Import from File"), () => {
			new frappe.ui.FileUploader({
				allow_multiple: false,
				make_attachments_public: false,
				restrictions: { allowed_file_types: [".json", ".xlsx"] },
				on_success: ({ file_url }) =>
					frappe
						.call({ method: "seroja.api.instruments.import_file", args: { file_url }, freeze: true })
						.then(({ message }) => frappe.set_route("Form", "Assessment Instrument", message)),
			});
		});
	},
};
