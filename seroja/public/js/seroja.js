// Helpers shared by the forms and reports of SEROJA.
frappe.provide("seroja");

Object.assign(seroja, {
	ACTIONS: {
		Submit: __("Submitted"),
		Approve: __("Approved"),
		Return: __("Returned"),
		Verify: __("Verified"),
		Reopen: __("Reopened"),
		Sign: __("Signed"),
		Revise: __("New Version"),
		Evaluate: __("Evaluated"),
		"Send Back": __("Sent Back"),
		Finalize: __("Made Final"),
		Review: __("Reviewed"),
		"Hand In": __("Handed In"),
		Publish: __("Published"),
	},

	STATUS_COLORS: {
		"As Recommended": "green",
		"Not Yet as Recommended": "yellow",
		"Not Followed Up": "red",
		"Cannot Be Followed Up": "gray",
	},

	// All columns of a list also on a narrow desk, unless its reader chose how many.
	show_all_columns(list) {
		list.settings.hide_name_column = true;
		list.list_view_settings.total_fields = list.list_view_settings.total_fields || 10;
		list.setup_columns();
		list.render_header(true);
	},

	// The class of a recommendation; the text always stands beside the colour.
	status_pill(status) {
		return `<span class="indicator-pill ${seroja.STATUS_COLORS[status] || "gray"}">${__(status)}</span>`;
	},

	// What usually stands below a level of the objective tree.
	LEVEL_BELOW: {
		Tujuan: "Sasaran",
		Sasaran: "Program",
		Program: "Kegiatan",
		Kegiatan: "Sub Kegiatan",
		"Sub Kegiatan": "Sub Kegiatan",
	},

	// A category with its colour; the text always stands beside the colour.
	category_pill(label, color) {
		if (!label) return "";
		const text = frappe.utils.escape_html(label);
		const style = `background:${color || "#cdd2d8"}`;
		return `<span class="seroja-category"><span class="dot" style="${style}"></span>${text}</span>`;
	},

	// A number as Indonesians write it, no value as a dash; a range or a label as it is, escaped by the server.
	show_number(value, decimals = 0) {
		if (value === null || value === undefined || value === "") return "–";
		if (typeof value !== "number") return value;
		return value.toLocaleString("id-ID", {
			minimumFractionDigits: decimals,
			maximumFractionDigits: decimals || 6,
		});
	},

	report_formatter(value, row, column, data, default_formatter) {
		if (column.fieldname === "category" && data) return seroja.category_pill(data.category, data.color);
		const is_figure = ["Float", "Percent", "Currency"].includes(column.fieldtype);
		if (is_figure && (value === null || value === undefined)) return "–";
		// A target or a realization may be a range or a label, so its column is one of texts.
		if (/^(target|realization|last_year)/.test(column.fieldname) && data && !value) return "–";
		if (["subject", "node"].includes(column.fieldname) && data && value) {
			const doctype = data.doctype || "Performance Objective";
			return `<a href="${frappe.utils.get_form_link(doctype, value)}">${__("Open It")}</a>`;
		}
		const text = default_formatter(value, row, column, data);
		if (column.fieldname === "overdue" && value) return `<span class="text-danger">${text}</span>`;
		if (column.fieldname === "trend" && value) {
			const style = value.startsWith("▲") ? "#2166ac" : value.startsWith("▼") ? "#b2182b" : "inherit";
			return `<span style="color:${style}">${text}</span>`;
		}
		return text;
	},

	// The verified figures of an earlier day; empty for those of today.
	as_known_on() {
		return { fieldname: "as_known_on", label: __("As Known On"), fieldtype: "Date" };
	},

	period_filters() {
		return [
			{ fieldname: "period", label: __("Period"), fieldtype: "Link", options: "Reporting Period" },
			{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
			{
				fieldname: "include_unverified",
				label: __("Include Unverified Sheets"),
				fieldtype: "Check",
				default: 0,
			},
			seroja.as_known_on(),
		];
	},

	assessment_filters(report) {
		const is_profile = report === "Index Profile";
		return [
			{ fieldname: "instrument", label: __("Instrument"), fieldtype: "Link", options: "Assessment Instrument" },
			{ fieldname: "year", label: __("Year"), fieldtype: "Int" },
			{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
			is_profile
				? { fieldname: "assessment", label: __("Assessment"), fieldtype: "Link", options: "Assessment" }
				: { fieldname: "include_unfinished", label: __("Include Unfinished"), fieldtype: "Check", default: 0 },
			seroja.as_known_on(),
		];
	},

	planning_filters() {
		return [
			{ fieldname: "plan", label: __("Strategic Plan"), fieldtype: "Link", options: "Strategic Plan" },
			{ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" },
			{
				fieldname: "year",
				label: __("Year"),
				fieldtype: "Int",
				default: new Date().getFullYear(),
			},
		];
	},

	// The official form of a document, as PDF or for Word.
	add_downloads(frm, method) {
		const open = (kind) =>
			window.open(
				`/api/method/seroja.api.documents.${method}?name=${encodeURIComponent(frm.doc.name)}&kind=${kind}`
			);
		frm.add_custom_button("PDF", () => open("pdf"), __("Official Form"));
		frm.add_custom_button("Word", () => open("docx"), __("Official Form"));
	},

	// A link filter that came with the address has no value until its title is there, and Frappe does not wait for it.
	wait_for_titles(report) {
		const waiting = report.filters.filter(
			(field) => field.df.fieldtype === "Link" && field.value && field.get_value() !== field.value
		);
		return Promise.all(
			waiting.map((field) =>
				frappe.utils
					.fetch_link_title(field.df.options, field.value)
					.then(() => field.set_input(field.value))
			)
		);
	},

	add_pdf_button(report) {
		report.page.add_inner_button(__("Summary as PDF"), () => {
			const filters = report.get_values();
			const query = new URLSearchParams();
			["period", "opd", "include_unverified", "as_known_on"].forEach((name) => {
				if (filters[name]) query.set(name, filters[name]);
			});
			window.open(`/api/method/seroja.api.documents.evaluation_summary?${query}`);
		});
		return seroja.open_report(report);
	},

	// Whether the compulsory filters are set; says which one is not.
	has_filters(report) {
		const missing = report.filters.find((field) => field.df.reqd && !field.get_value());
		if (missing) frappe.msgprint({ message: __("Choose first: {0}.", [missing.df.label]), indicator: "orange" });
		return !missing;
	},

	// What every report offers: itself on paper for the record, and by mail.
	open_report(report) {
		report.page.add_inner_button(__("Print as PDF"), () => {
			if (!seroja.has_filters(report)) return;
			const query = new URLSearchParams({
				report: report.report_name,
				filters: JSON.stringify(report.get_values() || {}, (_name, value) =>
					Array.isArray(value) ? value.join(",") : value
				),
			});
			window.open(`/api/method/seroja.api.documents.report_pdf?${query}`);
		});
		seroja.subscribe_menu(report);
		return seroja.wait_for_titles(report);
	},

	// The steps so far, and whatever an auditor must know about them.
	show_history(frm) {
		const { history = [], problems = [] } = frm.doc.__onload || {};
		const escape = frappe.utils.escape_html;
		const step = ({ action }) =>
			action === "Verify" && frm.doctype !== "Performance Realization"
				? __("Approved")
				: seroja.ACTIONS[action];
		const rows = history.map(
			(entry) => `<tr>
				<td>${frappe.datetime.str_to_user(entry.acted_on)}</td>
				<td><b>${step(entry) || escape(entry.action)}</b></td>
				<td>${escape(entry.full_name || entry.user)}<br><span class="text-muted">${escape(
				__(entry.capacity || "")
			)}</span></td>
				<td>${escape(entry.note || "")}${
				entry.flagged_rows
					? `<div class="text-muted small" style="white-space:pre-line">${escape(entry.flagged_rows)}</div>`
					: ""
			}</td>
				<td class="text-muted small" title="${escape(entry.seal)}">${escape((entry.seal || "").slice(0, 10))}</td>
			</tr>`
		);
		const head = [__("When"), __("Step"), __("By"), __("Note"), __("Seal")].map((text) => `<th>${text}</th>`);
		frm.get_field("history").$wrapper.html(
			history.length
				? `<div style="overflow-x:auto"><table class="table table-bordered small"><thead><tr>${head.join(
						""
				  )}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`
				: `<p class="text-muted">${__("No step has been taken yet.")}</p>`
		);
		frm.dashboard.clear_headline();
		if (problems.length) {
			frm.dashboard.set_headline_alert(problems.map(escape).join("<br>"), "red");
		} else {
			seroja.show_next(frm);
		}
	},

	// Say in one line what is to be done now, and by whom.
	show_next(frm) {
		if (frm.is_new()) return;
		const mine = ((frm.doc.__onload && frm.doc.__onload.actions) || []).length > 0;
		const note = frappe.utils.escape_html(frm.doc.decision_note || "");
		const text = (seroja.NEXT[frm.doctype] || seroja.NEXT.Sheet)(frm, mine, note)[frm.doc.workflow_state];
		if (text) frm.dashboard.set_headline_alert(text, mine ? "blue" : "yellow");
	},

	// By state, for whoever may act (mine) and for everybody else.
	NEXT: {
		Sheet: (frm, mine, note) => ({
			Draft: mine
				? __("Enter the figures, save, then choose Actions > Submit for Verification.")
				: __("The OPD is entering figures."),
			Returned: mine
				? __("Correct the flagged rows, save, then submit again: {0}", [note])
				: __("Returned to the OPD for correction."),
			Submitted: mine
				? __("Waits for you: approve, or flag rows, save and return.")
				: __("Waits for the head of the OPD."),
			"Approved by OPD Head": mine
				? __("Waits for you: verify, or flag rows, save and return.")
				: frm.doctype !== "Performance Realization"
				? __("Waits for the planner.")
				: __("Waits for the Inspektorat."),
		}),

		"Strategic Plan": (frm, mine, note) => ({
			Draft: mine
				? __("Build the tree with its indicators and targets, then choose Actions > Submit for Verification.")
				: __("The OPD is writing the plan."),
			Returned: __("Returned: {0}", [note]),
			Submitted: mine ? __("Waits for you: approve or return.") : __("Waits for the head of the OPD."),
			"Approved by OPD Head": mine
				? __("Waits for you: approve or return.")
				: __("Waits for the planner."),
		}),

		Assessment: (frm, mine, note) => ({
			Draft: mine
				? __("Open the worksheet, answer everything, then choose Actions > Submit for Verification.")
				: __("The OPD is assessing itself."),
			Returned: mine
				? __("Correct the flagged rows, save, then submit again: {0}", [note])
				: __("Returned to the OPD for correction."),
			Submitted: mine
				? __("Waits for you: approve, or flag rows on the worksheet and return.")
				: __("Waits for the head of the OPD."),
			"Approved by OPD Head": mine
				? __("Waits for you: grade on the worksheet, write findings, then complete the evaluation. {0}", [note])
				: __("The Inspektorat is evaluating."),
			Evaluated: mine
				? __("Waits for you: review on the worksheet, then make it final or send it back.")
				: __("Waits for quality assurance by another evaluator."),
		}),

		"Performance Report": (frm, mine, note) => ({
			Draft: !frm.doc.built_on
				? __("Choose Build Figures: chapters, tables and draft texts come from the verified sheets.")
				: !frm.doc.review_requested_on
				? __("Complete the texts, then choose Ask for Review; the Inspektorat reviews the draft.")
				: mine
				? __("Waits for you: read the draft, then choose Actions > Review.")
				: __("Waits for the review by the Inspektorat; the texts may still be changed."),
			Returned: __("Returned: {0}", [note]),
			// The Inspektorat may take its review back, but not hand in.
			"Reviewed by APIP": frm.doc.__onload?.actions?.includes("Hand In")
				? __("Waits for you: hand in or return.")
				: __("Reviewed; waits for the head to hand it in."),
			Submitted: mine
				? __("Waits for you: write where it is published, save, then publish.")
				: __("Handed in; waits for publication."),
		}),

		"Performance Agreement": (frm, mine, note) => ({
			Draft: mine
				? __("Waits for you: read the targets, then choose Actions > Sign.")
				: __("Waits for the signature of {0}.", [seroja.party_name(frm, "first")]),
			Returned: __("Returned: {0}", [note]),
			"Signed by First Party": mine
				? __("Waits for you: sign or return.")
				: __("Waits for the signature of {0}.", [seroja.party_name(frm, "second")]),
		}),
	},

	party_name(frm, party) {
		return frappe.utils.escape_html(frm.doc[`${party}_name`] || frm.doc[`${party}_party`] || "");
	},

	// A return or a reopening needs a note; it is saved before the step is taken.
	before_step(frm) {
		const action = frm.selected_workflow_action;
		const questions = {
			Return: __("What must be corrected?"),
			"Send Back": __("What must be evaluated again?"),
			Reopen: __("Why is it reopened?"),
			Review: __("Statement of the Review"),
			"New Version": __("Why is there a new version?"),
		};
		if (!questions[action]) return Promise.resolve();
		frappe.dom.unfreeze();
		return new Promise((resolve, reject) => {
			const dialog = frappe.prompt(
				{
					fieldname: "note",
					fieldtype: "Small Text",
					label: questions[action],
					reqd: 1,
					default: frm.doc.decision_note,
				},
				({ note }) => {
					frm.set_value("decision_note", note)
						.then(() => frm.save(frm.doc.docstatus === 1 ? "Update" : "Save"))
						.then(() => {
							frm.selected_workflow_action = action;
							frappe.dom.freeze();
							resolve();
						}, reject);
				},
				__(action),
				__("Continue")
			);
			dialog.onhide = () => setTimeout(() => frm.selected_workflow_action || reject(), 500);
		});
	},
});

// Frappe brings no Indonesian calendar.
if ($.fn.datepicker) {
	$.fn.datepicker.language.id = {
		days: ["Minggu", "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu"],
		daysShort: ["Min", "Sen", "Sel", "Rab", "Kam", "Jum", "Sab"],
		daysMin: ["Mg", "Sn", "Sl", "Rb", "Km", "Jm", "Sb"],
		months: [
			"Januari",
			"Februari",
			"Maret",
			"April",
			"Mei",
			"Juni",
			"Juli",
			"Agustus",
			"September",
			"Oktober",
			"November",
			"Desember",
		],
		monthsShort: ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"],
		today: "Hari ini",
		clear: "Hapus",
		dateFormat: "dd-mm-yyyy",
		timeFormat: "hh:ii",
		firstDay: 1,
	};
}
