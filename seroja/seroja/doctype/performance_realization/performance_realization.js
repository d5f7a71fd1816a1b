frappe.ui.form.on("Performance Realization", {
	setup(frm) {
		frm.set_query("period", () => ({ filters: { entry_opens: ["<=", frappe.datetime.get_today()] } }));
	},

	refresh(frm) {
		set_up_rows(frm);
		show_proposals(frm);
		seroja.show_history(frm);
		seroja.show_analysis(frm, "sheet");
		if (!frm.is_new()) add_buttons(frm);
	},

	before_workflow_action: (frm) => seroja.before_step(frm),
});

function set_up_rows(frm) {
	frm.toggle_display(["items_section", "decision_section", "history_section"], !frm.is_new());
	const grid = frm.get_field("items").grid;
	grid.cannot_add_rows = true;
	grid.df.cannot_delete_rows = true;
	grid.df.cannot_delete_all_rows = true;
	grid.add_new_row = () => {}; // Tab in the last row would add one, whatever cannot_add_rows says
	grid.wrapper.find(".grid-add-row, .grid-add-multiple-rows, .grid-remove-rows, .grid-remove-all-rows").addClass("hidden");
	grid.wrapper.addClass("seroja-rows");
	grid.grid_rows.forEach(show_well);
}

// Names in full with their unit, categories with their colour: rows are read more often than typed.
const SHOWN = {
	indicator_name(value, df, options, row) {
		const { escape_html } = frappe.utils;
		const unit = row && row.unit ? ` <span class="text-muted">(${escape_html(row.unit)})</span>` : "";
		const iku = row && row.is_iku ? ` <span class="indicator-pill no-indicator-dot blue">IKU</span>` : "";
		return escape_html(value || "") + unit + iku;
	},

	category(value, df, options, row) {
		const sheet = row && frappe.get_doc(row.parenttype, row.parent);
		const colors = (sheet && sheet.__onload && sheet.__onload.colors) || {};
		return seroja.category_pill(value, colors[value]);
	},

	achievement_scored(value, df, options, row) {
		const has_value = row && ["ok", "implausible", "zero_base"].includes(row.status);
		return has_value ? format_number(value, null, 2) : "–";
	},
};

function show_well(row) {
	row.docfields.forEach((df) => {
		if (SHOWN[df.fieldname]) df.formatter = SHOWN[df.fieldname];
	});
	row.refresh_depedency(); // what may be typed in depends on the flag of the row; draws the row anew
}

function add_buttons(frm) {
	frm.add_custom_button(__("Indicator Achievement"), () =>
		frappe.set_route("query-report", "Indicator Achievement", {
			period: frm.doc.period,
			opd: frm.doc.opd,
			include_unverified: frm.doc.docstatus === 1 ? 0 : 1,
		})
	);
}

// Figures that other systems hold for rows of this sheet, each beside ours; texts are escaped here.
function show_proposals(frm) {
	const proposals = (frm.doc.__onload && frm.doc.__onload.proposals) || [];
	const wrapper = frm.get_field("proposals").$wrapper.empty();
	if (!proposals.length) return;
	const may_decide = frm.perm[0].write && ["Draft", "Returned"].includes(frm.doc.workflow_state || "Draft");
	const text = frappe.utils.escape_html;
	const head = [__("Indicator"), __("Our Figure"), __("Proposed Value"), __("Source"), ""];
	const lines = (together, line) => together.map(line).join("<br>");
	const row = ([proposal, ...rest], together = [proposal, ...rest]) => `<tr data-names="${together.map(({ name }) => name)}">
		<td>${proposal.row}. ${text(proposal.indicator_name || proposal.indicator)}<div class="text-muted">${together
			.map(({ figure }) => __(figure))
			.join(" / ")}</div></td>
		<td class="text-right" data-label="${head[1]}">${lines(together, ({ ours }) => text(ours || "–"))}</td>
		<td class="text-right" data-label="${head[2]}"><b>${lines(together, ({ value }) => text(value))}</b></td>
		<td data-label="${head[3]}">${text(proposal.data_source)}<div class="text-muted" title="${proposal.fingerprint}">${frappe.datetime.str_to_user(proposal.fetched_on)} · ${proposal.fingerprint.slice(0, 8)}</div></td>
		<td class="text-nowrap">${
			may_decide
				? `<button class="btn btn-xs btn-primary seroja-take">${__("Take")}</button>
				   <button class="btn btn-xs btn-default seroja-refuse">${__("Refuse")}</button>`
				: ""
		}</td></tr>`;
	wrapper.html(`<div class="table-responsive"><table class="table table-bordered small seroja-cards"><thead><tr>${head
		.map((cell) => `<th>${cell}</th>`)
		.join("")}</tr></thead><tbody>${taken_together(proposals).map((group) => row(group)).join("")}</tbody></table></div>
		${may_decide ? `<button class="btn btn-xs btn-default seroja-take-all">${__("Take All")}</button>` : ""}`);
	const names_of = (event) => event.target.closest("tr").dataset.names.split(",");
	wrapper.find(".seroja-take").on("click", (event) => decide(frm, "take", { names: names_of(event) }));
	wrapper.find(".seroja-take-all").on("click", () => decide(frm, "take", { names: proposals.map(({ name }) => name) }));
	wrapper.find(".seroja-refuse").on("click", (event) => {
		const names = names_of(event);
		frappe.prompt(
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
			({ reason }) => decide(frm, "refuse", { names, reason }),
			__("Why is the figure not taken?"),
			__("Refuse")
		);
	});
}

// Numerator and denominator of one source are one decision, numerator first.
function taken_together(proposals) {
	const groups = {};
	proposals.forEach((proposal) => {
		const figure = proposal.figure === "Denominator" ? "Numerator" : proposal.figure;
		const key = JSON.stringify([proposal.indicator, figure, proposal.data_source]);
		(groups[key] = groups[key] || [])[proposal.figure === "Denominator" ? "push" : "unshift"](proposal);
	});
	return Object.values(groups);
}

// What is typed in is saved first: nobody loses it to a proposal.
function decide(frm, method, args) {
	const saved = frm.is_dirty() ? frm.save() : Promise.resolve();
	saved
		.then(() =>
			frappe.call({ method: `seroja.api.exchange.${method}`, args: { sheet: frm.doc.name, ...args }, freeze: true })
		)
		.then(() => frm.reload_doc());
}
