frappe.ui.form.on("SEROJA Import", {
	setup(frm) {
		frappe.realtime.on("seroja_import", ({ name }) => name === frm.doc.name && frm.reload_doc());
	},

	refresh(frm) {
		frm.toggle_display("preview_section", !frm.is_new());
		frm.toggle_display(["result_section", "details_section"], frm.doc.status === "Applied");
		if (frm.doc.kind) {
			frm.add_custom_button(__("Template"), () =>
				window.open(
					`/api/method/seroja.api.documents.import_template?kind=${encodeURIComponent(frm.doc.kind)}`
				)
			);
		}
		frm.set_df_property("file", "hidden", frm.is_new());
		if (frm.is_new()) {
			frm.set_intro(__("Choose what is imported and save; then attach the file."));
			return;
		}
		show_preview(frm);
		if (frm.doc.file && !["Running", "Applied"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Check the File"), () => check(frm));
		}
		if (frm.doc.status === "Ready" && frm.doc.created + frm.doc.changed > 0) {
			frm.page.set_primary_action(__("Apply"), () => apply(frm));
		}
	},
});

function check(frm) {
	const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
	saved
		.then(() => frappe.call({ method: "seroja.api.imports.check", args: { name: frm.doc.name }, freeze: true }))
		.then(() => frm.reload_doc());
}

function apply(frm) {
	frappe.confirm(
		__("{0} new and {1} changed documents will be written, all or none. Continue?", [
			frm.doc.created,
			frm.doc.changed,
		]),
		() =>
			frappe
				.call({ method: "seroja.api.imports.apply", args: { name: frm.doc.name }, freeze: true })
				.then(() => frm.reload_doc())
	);
}

function table(head, rows) {
	const cells = (row, tag) => row.map((cell) => `<${tag}>${cell}</${tag}>`).join("");
	return `<table class="table table-bordered small"><thead><tr>${cells(head, "th")}</tr></thead>
		<tbody>${rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("")}</tbody></table>`;
}

// What would happen, or has happened, in words; texts come escaped from the server.
function show_preview(frm) {
	const preview = (frm.doc.__onload && frm.doc.__onload.preview) || {};
	const STATES = { created: __("New"), changed: __("Changed"), unchanged: __("Unchanged") };
	const parts = [];
	if (preview.problem_count) {
		parts.push(
			`<p class="text-danger"><b>${__("{0} errors. Correct the file, attach it again and check it.", [
				preview.problem_count,
			])}</b></p>`,
			table([__("Row"), __("Column"), __("What Is Wrong")], preview.problems)
		);
	} else if (["Ready", "Applied"].includes(preview.status)) {
		const line = [preview.created, preview.changed, preview.unchanged];
		parts.push(
			`<p class="text-success"><b>${
				preview.status === "Ready"
					? __("No errors. New: {0}, changed: {1}, unchanged: {2}.", line)
					: __("Done. New: {0}, changed: {1}, unchanged: {2}.", line)
			}</b></p>`
		);
	} else {
		parts.push(
			`<p class="text-muted">${
				preview.status === "Running"
					? __("The import is running; this page shows when it is done.")
					: __("Fill in the template, attach it and check it. Nothing is written before you apply.")
			}</p>`
		);
	}
	if ((preview.ignored || []).length) {
		parts.push(
			`<p class="text-warning">${__("These columns are not known and are left out: {0}", [
				preview.ignored.join(", "),
			])}</p>`
		);
	}
	if (!preview.problem_count && (preview.rows || []).length) {
		const rows = preview.rows.map(([row, key, state]) => [row, key, STATES[state]]);
		parts.push(table([__("Row"), __("Document"), __("Change")], rows));
	}
	frm.get_field("preview").$wrapper.html(parts.join(""));
}
