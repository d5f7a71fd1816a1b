// The worksheet of an assessment: graded with mouse or keyboard, saved as you go, scored by the server.
frappe.pages["assessment-worksheet"].on_page_load = (wrapper) => {
	wrapper.worksheet = new AssessmentWorksheet(wrapper);
};
frappe.pages["assessment-worksheet"].on_page_show = (wrapper) => wrapper.worksheet.show();

const ANSWER_FIELD = { self: "self_answer", evaluator: "evaluator_answer", review: "review_answer" };
const escape_html = (text) => frappe.utils.escape_html(String(text ?? ""));

class AssessmentWorksheet {
	constructor(wrapper) {
		$(wrapper).addClass("seroja-wide");
		this.page = frappe.ui.make_app_page({
			parent: wrapper,
			title: __("Assessment Worksheet"),
			single_column: true,
		});
		this.$main = $('<div class="seroja-worksheet"></div>').appendTo(this.page.main);
		this.filter = "all";
		this.tried = null; // what is being tried out in “what if”, not saved
		this.errors = {};
		this.listen();
		window.addEventListener("beforeunload", (event) => {
			if (this.queue && this.queue.changes.size) event.preventDefault();
		});
	}

	show() {
		const [page, name] = frappe.get_route();
		if (page !== "assessment-worksheet") return; // already on the way to somewhere else
		if (!name) return frappe.set_route("List", "Assessment");
		if (this.name === name && this.queue && this.queue.changes.size) return;
		if (this.name !== name) this.start(name);
		this.queue.ready.then(() => this.load());
	}

	start(name) {
		this.name = name;
		const fresh = { filter: "all", tried: null, errors: {}, open_code: null, data: null };
		Object.assign(this, fresh, { state: ["idle"], must_reload: false });
		if (this.queue) this.queue.stop();
		this.queue = new seroja.SaveQueue(name, {
			known: (code, field) => (this.stored && this.stored[code] && this.stored[code][field]) || "",
			on_state: (state, message) => this.on_state(state, message),
			on_saved: (state) => this.take(state),
			on_refused: (change, message) => this.refuse(change, message),
		});
	}

	load() {
		const name = this.name;
		return frappe.xcall("seroja.api.worksheet.load", { name }).then((data) => {
			if (name !== this.name) return;
			this.data = data;
			this.stored = structuredClone(data.rows);
			for (const { code, field, value } of this.queue.changes.values()) {
				if (data.rows[code]) data.rows[code][field] = value;
			}
			this.draw();
		});
	}

	// ---- what is shown ----

	get field() {
		return ANSWER_FIELD[this.column];
	}

	// The column that is graded now; while trying out, the one that the trial starts from.
	get column() {
		return this.tried ? this.tried_column : this.data.column;
	}

	get shown_column() {
		if (this.tried) return this.tried_column;
		const { column, state } = this.data;
		if (column === "self" || ["Draft", "Returned", "Submitted"].includes(state || "Draft")) return "self";
		return column === "evaluator" ? "evaluator" : "final";
	}

	answer_of(code, column = this.column) {
		const row = this.data.rows[code] || {};
		if (this.tried && code in this.tried) return this.tried[code];
		if (column === "final") return row.review_answer || row.evaluator_answer || "";
		return row[ANSWER_FIELD[column]] || "";
	}

	draw() {
		const { data } = this;
		this.page.set_title(`${__("Worksheet")} ${data.instrument} ${data.year}`);
		this.page.set_indicator(__(data.state || "Draft"), data.column ? "blue" : "gray");
		this.draw_buttons();
		this.$main.attr("data-scoring", data.scoring).html(
			`<div class="ws-bar">
				<div class="ws-who"><span><b>${escape_html(data.opd_name)}</b> · ${escape_html(data.title)}</span><span class="ws-save" role="status"></span></div>
				<div class="ws-score" aria-live="polite"></div>
				<div class="ws-tools"></div>
				${this.head()}
			</div>
			<div class="ws-trial"></div>
			<div class="ws-body"></div>`
		);
		this.draw_tools();
		this.draw_rows();
		this.draw_scores();
		this.show_state();
	}

	draw_buttons() {
		this.page.clear_inner_toolbar();
		this.page.set_secondary_action(__("Open Form"), () => frappe.set_route("Form", "Assessment", this.name));
		this.page.add_inner_button(__("What If"), () => (this.tried ? this.stop_trial() : this.start_trial()));
		if (["self", "evaluator"].includes(this.data.column)) {
			this.page.add_inner_button(__("Look at Facts Again"), () => this.ask("refresh_facts"));
		}
		if (this.data.column === "evaluator") {
			this.page.add_inner_button(__("Take Suggestions"), () => this.ask("take_suggestions"));
		}
	}

	ask(method, args = {}) {
		return this.queue
			.flush()
			.then(() => frappe.xcall(`seroja.api.worksheet.${method}`, { name: this.name, ...args }))
			.then((state) => {
				this.take(state);
				this.draw_rows();
			});
	}

	head() {
		const titles = [
			["ws-code", __("Code")],
			["ws-title", __("Criterion")],
			["ws-last", this.data.last_year ? String(this.data.last_year.year) : ""],
			["ws-self", __("Self-Assessment")],
			["ws-suggested", __("Suggested")],
			["ws-evaluator", __("Evaluator")],
			["ws-review", __("Quality Assurance")],
			["ws-points", this.data.scoring === "level" ? __("Level") : __("Score")],
		];
		return `<div class="ws-row ws-head" data-column="${this.column}">${titles
			.map(([name, text]) => `<div class="${name}">${escape_html(text)}</div>`)
			.join("")}</div>`;
	}

	draw_tools() {
		const filters = { all: __("All"), open: __("Not Yet Answered"), flagged: __("Flagged"), differ: __("Differing") };
		const groups = this.data.nodes
			.map((node, position) => ({ ...node, position }))
			.filter((node) => node.kind === "group");
		this.$main.find(".ws-tools").html(
			`<div class="btn-group btn-group-sm">${Object.entries(filters)
				.map(
					([name, text]) =>
						`<button class="btn btn-default ${name === this.filter ? "active" : ""}" data-filter="${name}">${text}
						${name === "open" ? '<span class="ws-open-count"></span>' : ""}</button>`
				)
				.join("")}</div>
			<select class="form-control input-sm ws-jump" aria-label="${__("Go to")}"><option value="">${__("Go to")} …</option>${groups
				.map(
					(node) =>
						`<option value="${node.position}">${"\u00a0".repeat(node.depth * 3)}${escape_html(
							`${node.code} ${node.title}`.slice(0, 70)
						)}</option>`
				)
				.join("")}</select>
			<span class="text-muted small ws-keys">${__("Keys: ↑ ↓ row, ← → answer, letters or digits answer, Enter details")}</span>`
		);
	}

	draw_rows() {
		const shown = this.visible();
		const nothing = this.filter === "open" ? __("Nothing here. Everything is answered.") : __("There is no such row.");
		this.$main.find(".ws-head").attr("data-column", this.column);
		this.$main.find(".ws-body").html(
			this.data.nodes
				.map((node, position) => (shown.has(position) ? this.row(node, position) : ""))
				.join("") || `<p class="text-muted ws-nothing">${nothing}</p>`
		);
		if (this.open_code) this.open_detail(this.open_code, false);
		this.draw_scores();
	}

	// Positions of the nodes that pass the filter, with the groups and items above them.
	visible() {
		const shown = new Set();
		const above = [];
		this.data.nodes.forEach((node, position) => {
			above[node.depth] = position;
			above.length = node.depth + 1;
			if (this.passes(node)) above.forEach((each) => shown.add(each));
		});
		return shown;
	}

	passes(node, filter = this.filter) {
		if (filter === "all") return true;
		const row = this.data.rows[node.code];
		if (node.kind === "group" || !row) return false;
		if (filter === "flagged") return row.is_flagged;
		if (filter === "differ") {
			const final = row.review_answer || row.evaluator_answer;
			return final && row.self_answer && final !== row.self_answer;
		}
		const is_suggested = this.column === "evaluator" && row.suggested_answer;
		// Who flags, reviews or reads sees what is missing in the column that counts now.
		const column = ["self", "evaluator"].includes(this.column) ? this.column : this.shown_column;
		return (this.data.counting.includes(node.code) || is_suggested) && !this.answer_of(node.code, column);
	}

	row(node, position) {
		const indent = `style="padding-left:${node.depth * 14}px"`;
		if (node.kind === "group") {
			return `<div class="ws-row ws-group" data-position="${position}" data-column="${this.column}">
				<div class="ws-code">${escape_html(node.code)}</div>
				<div class="ws-title" ${indent}>${escape_html(node.title)}</div>
				<div class="ws-last" data-label>${this.last_points(position)}</div>
				<div class="ws-self" data-label></div><div class="ws-suggested" data-label></div>
				<div class="ws-evaluator" data-label></div><div class="ws-review" data-label></div>
				<div class="ws-points" data-points="${position}"></div></div>`;
		}
		const row = this.data.rows[node.code];
		const is_probing = !this.data.counting.includes(node.code) && node.kind === "criterion";
		const marks = [
			row.is_flagged ? `<span class="indicator-pill red">${__("Flagged")}</span>` : "",
			row.is_corrected ? `<span class="indicator-pill green">${__("Corrected")}</span>` : "",
			row.evidence || row.evidence_link ? `<span title="${__("Evidence")}">${frappe.utils.icon("attachment", "xs")}</span>` : "",
			row.self_note || row.evaluator_note || row.review_note ? `<span title="${__("Note")}">${frappe.utils.icon("edit", "xs")}</span>` : "",
		].join(" ");
		const error = this.errors[node.code];
		return `<div class="ws-row ws-${node.kind} ${is_probing ? "ws-probing" : ""}" tabindex="0" data-code="${escape_html(
			node.code
		)}" data-position="${position}" data-column="${this.column}">
			<div class="ws-code">${escape_html(node.code)}</div>
			<div class="ws-title" ${indent}>${escape_html(node.title)} <span class="ws-marks">${marks}</span>
				${error ? `<div class="text-danger small">${error}</div>` : ""}</div>
			<div class="ws-last" data-label="${this.data.last_year ? this.data.last_year.year : ""}">${escape_html(
			this.last_answer(node.code)
		)}</div>
			<div class="ws-self" data-label="${__("Self-Assessment")}">${this.cell(node.code, "self")}</div>
			<div class="ws-suggested" data-label="${__("Suggested")}" title="${escape_html(row.suggestion)}">${escape_html(
			row.suggested_answer
		)}</div>
			<div class="ws-evaluator" data-label="${__("Evaluator")}">${this.cell(node.code, "evaluator")}</div>
			<div class="ws-review" data-label="${__("Quality Assurance")}">${this.cell(node.code, "review")}</div>
			<div class="ws-points" data-points="${position}"></div>
			<div class="ws-detail"></div></div>`;
	}

	cell(code, column) {
		const is_active = this.column === column || (this.column === "final" && column === "review");
		const value = is_active ? this.answer_of(code) : (this.data.rows[code] || {})[ANSWER_FIELD[column]] || "";
		if (!is_active) return escape_html(this.shown(value));
		const is_open = this.tried ? this.data.counting.includes(code) : this.is_open(code) && !this.is_computed(code);
		if (!is_open) return value && `<b>${escape_html(this.shown(value))}</b>`;
		if (this.data.scoring === "number") {
			return `<input class="form-control input-xs ws-number" inputmode="decimal" value="${escape_html(this.shown(value))}">`;
		}
		const chips = this.data.answers.map(({ label, title, meaning }) => {
			const tip = escape_html([title, meaning].filter(Boolean).join(". "));
			const is_set = label === value;
			return `<button type="button" tabindex="-1" role="radio" aria-checked="${is_set}" class="ws-chip ${
				is_set ? "active" : ""
			}" data-answer="${escape_html(label)}" title="${tip}">${escape_html(label)}</button>`;
		});
		return `<div class="ws-chips" role="radiogroup">${chips.join("")}</div>`;
	}

	is_open(code) {
		const { state, rows } = this.data;
		return this.column && this.column !== "flag" && (state !== "Returned" || rows[code].is_flagged);
	}

	// The mean of its criteria stands for an item where the instrument says so.
	is_computed(code) {
		const node = this.data.nodes.find((each) => each.code === code && each.kind === "item");
		return node && !this.data.counting.includes(code);
	}

	// Numbers are stored with a point and typed with a comma.
	shown(value) {
		const is_stored = this.data.scoring === "number" && /^-?\d+(\.\d+)?$/.test(value);
		return is_stored ? String(value).replace(/\.0$/, "").replace(".", ",") : value;
	}

	last_answer(code) {
		const before = this.data.last_year;
		return before && before.rows[code] ? this.shown(before.rows[code].answer || "") : "";
	}

	last_points(position) {
		const before = this.data.last_year;
		return before && before.nodes[position] ? this.points(before.nodes[position]) : "";
	}

	points({ score, value }) {
		const number = this.data.scoring === "level" ? value : score;
		return number === null ? "–" : format_number(number, null, 2);
	}

	draw_scores() {
		const scores = this.tried ? this.tried_scores : this.data.scores[this.shown_column];
		if (!scores) return;
		const given = !this.tried && this.shown_column === "final" && this.data.given_predicate;
		const predicate = given || scores.predicate;
		const before = this.data.last_year;
		const broken = (scores.broken || []).map(
			(rule) => `<div class="text-danger small">⚠ ${escape_html(`${rule.code} > ${rule.not_above}. ${rule.reason}`)}</div>`
		);
		const complete = `<span class="ws-index">${escape_html(scores.index_text)}</span>
			<span class="indicator-pill no-indicator-dot ${this.tried ? "orange" : "blue"}" title="${escape_html(
			scores.predicate_title
		)}">${escape_html(predicate)}</span>
			<span class="text-muted">${escape_html(scores.next)}</span>`;
		const partial = `<span class="ws-index text-muted">${__("Not complete")}</span>
			<span class="text-muted">${__("{0} not yet answered", [scores.missing.length])} · ${__("possible: {0}", [
			escape_html(scores.range),
		])}</span>`;
		const last = before
			? `<span class="text-muted">${before.year}: ${escape_html(before.index)} ${escape_html(before.predicate)}${
					before.breaks ? ` · <span class="text-warning">${__("series broken: {0}", [escape_html(before.title)])}</span>` : ""
			  }</span>`
			: "";
		this.$main
			.find(".ws-score")
			.html(
				`${this.tried ? `<span class="indicator-pill orange">${__("What If")}</span>` : ""} ${
					scores.missing.length ? partial : complete
				} ${last}${broken.join("")}`
			);
		this.$main.find("[data-points]").each((_index, element) => {
			const node = scores.nodes[element.dataset.points];
			const is_probing = $(element).closest(".ws-row").hasClass("ws-probing");
			element.textContent = node && !is_probing ? this.points(node) : "";
		});
		const open = this.data.nodes.filter((node) => this.passes(node, "open")).length;
		this.$main.find(".ws-open-count").text(open ? `(${open})` : "");
		// Rows are scrolled to below the bar, which grows with what it has to say.
		const covering = window.matchMedia("(max-width: 991px)").matches ? ".ws-score" : ".ws-bar";
		this.$main[0].style.setProperty("--ws-bar", `${this.$main.find(covering).outerHeight()}px`);
	}

	on_state(state, message) {
		this.state = [state, message];
		this.show_state();
		if (!this.must_reload || this.queue.changes.size) return;
		this.must_reload = false; // when all is sent; what was refused becomes again what is stored
		this.load();
	}

	show_state() {
		let [state, message] = this.state;
		const is_refused = Object.keys(this.errors).length > 0;
		if (is_refused && ["idle", "saved"].includes(state)) state = "refused";
		const texts = {
			idle: "",
			waiting: __("Saving …"),
			saving: __("Saving …"),
			saved: __("Saved"),
			refused: __("Not saved, see the row"),
			offline: message || __("No connection. Kept on this computer, sent when it is back."),
		};
		const color = { offline: "text-danger", refused: "text-danger", saved: "text-success" }[state] || "text-muted";
		this.$main.find(".ws-save").attr("class", `ws-save ${color}`).text(texts[state]).attr("data-state", state);
	}

	// ---- changes ----

	take(state) {
		if (!this.data) return;
		const was = this.data.column;
		this.stored = structuredClone(state.rows);
		Object.assign(this.data, state);
		for (const { code, field, value } of this.queue.changes.values()) this.data.rows[code][field] = value;
		if (was !== this.data.column) return this.draw();
		this.draw_scores();
	}

	refuse({ code }, message) {
		this.errors[code] = message; // the server has escaped what people typed
		this.must_reload = true;
		if (this.data) this.redraw_row(code);
	}

	set(code, field, value) {
		delete this.errors[code];
		this.data.rows[code][field] = value;
		this.queue.add(code, field, value);
	}

	set_answer(code, value) {
		if (this.tried) return this.try_answer(code, value);
		if (!this.is_open(code)) return;
		this.set(code, this.field, value);
		this.redraw_row(code);
	}

	redraw_row(code) {
		const $row = this.$row(code);
		if (!$row.length) return this.draw_scores(); // the filter hides it
		const position = $row.data("position");
		const had_focus = $row[0] === document.activeElement || $row[0].contains(document.activeElement);
		const $new = $(this.row(this.data.nodes[position], position));
		$new.find(".ws-detail").replaceWith($row.find(".ws-detail").detach());
		$row.replaceWith($new);
		if (had_focus && !$new.find(".ws-detail").is(":parent")) $new.trigger("focus");
		else if (had_focus) $new[0].focus({ preventScroll: true });
		this.draw_scores();
	}

	$row(code) {
		return this.$main.find(".ws-row").filter((_index, element) => element.dataset.code === code);
	}

	// ---- details of a row ----

	toggle_detail(code) {
		const was = this.open_code;
		if (was) this.close_detail();
		if (was !== code) this.open_detail(code, true);
	}

	close_detail() {
		this.$row(this.open_code).find(".ws-detail").empty();
		this.$row(this.open_code).trigger("focus");
		this.open_code = null;
	}

	open_detail(code, move_focus) {
		this.open_code = code;
		const $detail = this.$row(code).find(".ws-detail");
		$detail.html(this.detail(code));
		if (!move_focus) return;
		$detail.find("textarea:enabled, input:enabled").first().trigger("focus");
		this.$row(code)[0].scrollIntoView({ block: "nearest" });
	}

	detail(code) {
		const row = this.data.rows[code];
		const column = this.tried ? "" : this.data.column;
		const text = (field, label, is_open) =>
			`<label>${label}${
				is_open
					? `<textarea class="form-control input-sm" rows="2" data-field="${field}">${escape_html(row[field])}</textarea>`
					: `<div class="ws-text">${escape_html(row[field]) || "–"}</div>`
			}</label>`;
		const is_own = column === "self" && this.is_open(code);
		const can_flag = ["flag", "evaluator"].includes(column);
		return `<div class="ws-panel">
			<div>
				${text("self_note", __("Note of the OPD"), is_own)}
				${this.evidence(code, row, is_own)}
			</div>
			<div>
				${row.suggestion ? this.suggestion(row) : ""}
				${text("evaluator_note", __("Note of the Evaluator"), column === "evaluator")}
				${text("review_note", __("Note of the Reviewer"), column === "review")}
				${
					can_flag || row.is_flagged
						? `<label class="ws-check"><input type="checkbox" data-field="is_flagged" ${row.is_flagged ? "checked" : ""} ${
								can_flag ? "" : "disabled"
						  }> ${__("Must be corrected by the OPD")}</label>${text("verifier_note", __("What must be corrected"), can_flag)}`
						: ""
				}
				${column === "evaluator" ? `<button class="btn btn-xs btn-default" data-act="finding">${__("Add Finding")}</button>` : ""}
				${
					this.data.converts.includes(code) && this.is_open(code)
						? `<button class="btn btn-xs btn-default" data-act="convert">${__("Answer from a Survey Score")}</button>`
						: ""
				}
			</div>
			${this.data.scoring === "number" ? "" : this.meanings()}
		</div>`;
	}

	suggestion(row) {
		const route = row.suggestion_route ? `/app/${row.suggestion_route}` : "";
		return `<div class="ws-fact"><b>${__("Suggested")}: ${escape_html(row.suggested_answer || "–")}</b> ${escape_html(row.suggestion)}
			${route ? `<a href="${escape_html(route)}" target="_blank">${__("See the facts")}</a>` : ""}</div>`;
	}

	evidence(code, row, is_open) {
		const before = (this.data.last_year && this.data.last_year.rows[code]) || {};
		const old = before.evidence || before.evidence_link;
		const link = (url, text) => (url ? `<a href="${escape_html(url)}" target="_blank" rel="noopener">${escape_html(text)}</a>` : "");
		const file = row.evidence ? link(row.evidence, row.evidence.split("/").pop()) : "";
		const last = row.evidence_last_year && old ? ` ${link(old, __("Document of {0}", [this.data.last_year.year]))} ${escape_html(before.evidence_page || "")}` : "";
		if (!is_open) {
			return `<label>${__("Evidence")}<div class="ws-text">${
				[file, link(row.evidence_link, row.evidence_link), escape_html(row.evidence_page), last].filter(Boolean).join(" · ") || "–"
			}${row.evidence_last_year && !old ? __("Document of Last Year") : ""}</div></label>`;
		}
		return `<label>${__("Evidence")}</label><div class="ws-evidence">
			<span>${file} <button class="btn btn-xs btn-default" data-act="upload">${__("Upload")}</button>${
			row.evidence ? ` <button class="btn btn-xs btn-default" data-act="clear">${__("Remove")}</button>` : ""
		}</span>
			<input class="form-control input-sm" data-field="evidence_link" placeholder="https://…" aria-label="${__("Evidence Link")}" value="${escape_html(
			row.evidence_link
		)}">
			<input class="form-control input-sm" data-field="evidence_page" placeholder="${__("Page")}" aria-label="${__("Page")}" value="${escape_html(
			row.evidence_page
		)}">
			<span class="ws-check"><input type="checkbox" data-field="evidence_last_year" id="ws-last-${escape_html(code)}" ${
			row.evidence_last_year ? "checked" : ""
		}> <label for="ws-last-${escape_html(code)}">${__("Document of Last Year")}</label>${last}</span></div>`;
	}

	meanings() {
		const rows = this.data.answers.filter(({ title, meaning }) => title || meaning);
		if (!rows.length) return "";
		return `<details class="ws-meanings"><summary>${__("What the answers mean")}</summary>${rows
			.map(({ label, title, meaning }) => `<p><b>${escape_html(label)}</b> ${escape_html([title, meaning].filter(Boolean).join(". "))}</p>`)
			.join("")}</details>`;
	}

	upload(code) {
		const uploader = new frappe.ui.FileUploader({
			doctype: "Assessment",
			docname: this.name,
			allow_multiple: false,
			make_attachments_public: false,
			allow_toggle_private: false,
			on_success: (file) => this.set_evidence(code, file.file_url),
		});
		uploader.dialog.get_secondary_btn().hide(); // “set all public”: evidence is never public
	}

	set_evidence(code, url) {
		this.set(code, "evidence", url);
		this.redraw_row(code);
		this.open_detail(code, false);
	}

	add_finding(code) {
		const fields = [
			["condition", __("Condition")],
			["criterion", __("What should be")],
			["effect", __("Effect")],
			["recommendation", __("Recommendation")],
		].map(([fieldname, label]) => ({ fieldname, label, fieldtype: "Small Text", reqd: fieldname === "recommendation" ? 1 : 0 }));
		fields.push({ fieldname: "due_date", label: __("Due Date"), fieldtype: "Date" });
		frappe.prompt(
			fields,
			(finding) =>
				this.ask("add_finding", { finding: { ...finding, component_code: code } }).then(() =>
					frappe.show_alert({ message: __("Finding added"), indicator: "green" })
				),
			`${__("Add Finding")}: ${code}`,
			__("Add")
		);
	}

	convert(code) {
		frappe.prompt({ fieldname: "number", label: __("Survey Score"), fieldtype: "Float", reqd: 1 }, ({ number }) =>
			frappe
				.xcall("seroja.api.worksheet.convert", { name: this.name, code, number })
				.then((answer) => this.set_answer(code, answer))
		);
	}

	// ---- what if ----

	start_trial() {
		this.tried_column = this.data.column === "flag" || !this.data.column ? this.shown_column : this.data.column;
		if (this.tried_column === "review") this.tried_column = "final";
		this.tried = {};
		this.ask_trial();
	}

	stop_trial() {
		this.tried = this.tried_scores = null;
		this.$main.find(".ws-trial").empty();
		this.draw_rows();
	}

	try_answer(code, value) {
		if (value) this.tried[code] = value;
		else delete this.tried[code];
		this.ask_trial();
	}

	ask_trial() {
		this.open_code = null;
		const asked = (this.asked = {});
		return frappe
			.xcall("seroja.api.worksheet.what_if", { name: this.name, column: this.tried_column, answers: this.tried })
			.then((scores) => {
				if (asked !== this.asked || !this.tried) return;
				this.tried_scores = scores;
				this.draw_trial();
				this.draw_rows();
				if (!Object.keys(this.tried).length) window.scrollTo({ top: 0 });
			});
	}

	draw_trial() {
		const { improvements, way } = this.tried_scores;
		const rows = (steps) =>
			steps
				.map(
					(step) => `<tr><td>${escape_html(step.code)}</td><td class="ws-step">${escape_html(step.title)}</td>
					<td>${escape_html(step.before)} → <b>${escape_html(step.after)}</b></td><td class="text-right">+${step.gain}</td>
					<td class="text-right">${step.index} ${escape_html(step.predicate)}</td>
					<td><button class="btn btn-xs btn-default" data-try="${escape_html(step.code)}" data-answer="${escape_html(step.after)}">${__(
						"Try"
					)}</button></td></tr>`
				)
				.join("");
		const table = (title, steps, nothing) =>
			`<div><b>${title}</b>${
				steps.length ? `<div class="ws-steps"><table class="table table-sm">${rows(steps)}</table></div>` : `<p class="text-muted">${nothing}</p>`
			}</div>`;
		this.$main.find(".ws-trial").html(
			`<p class="text-muted">${__("Choose other answers below and see what they would give. Nothing is saved.")}
				<button class="btn btn-xs btn-default" data-act="stop-trial">${__("Back to the Worksheet")}</button></p>
			<div class="ws-trial-tables">${table(
				__("Most points for one step"),
				improvements.slice(0, 8),
				__("Answer everything first.")
			)}${table(__("The way to the next predicate"), way, __("No way leads there by raising answers alone."))}</div>`
		);
	}

	// ---- mouse and keyboard ----

	listen() {
		const $main = this.$main;
		const code_of = (element) => $(element).closest(".ws-row").attr("data-code");
		$main.on("click", "[data-filter]", ({ currentTarget }) => {
			this.filter = currentTarget.dataset.filter;
			this.draw_tools();
			this.draw_rows();
			this.$main.find(".ws-body > *")[0].scrollIntoView({ block: "nearest" });
		});
		$main.on("click", ".ws-save[data-state=refused]", () => this.$row(Object.keys(this.errors)[0]).trigger("focus"));
		$main.on("change", ".ws-jump", ({ currentTarget }) => this.jump(currentTarget.value));
		$main.on("click", ".ws-chip", ({ currentTarget }) => {
			const code = code_of(currentTarget);
			const { answer } = currentTarget.dataset;
			this.$row(code).trigger("focus");
			this.set_answer(code, answer === this.answer_of(code) ? "" : answer);
		});
		$main.on("change", ".ws-number", ({ currentTarget }) => this.set_answer(code_of(currentTarget), currentTarget.value.trim()));
		$main.on("input", ".ws-detail [data-field]:not([type=checkbox])", ({ currentTarget }) =>
			this.set(code_of(currentTarget), currentTarget.dataset.field, currentTarget.value)
		);
		$main.on("change", ".ws-detail [type=checkbox]", ({ currentTarget }) => {
			const code = code_of(currentTarget);
			this.set(code, currentTarget.dataset.field, currentTarget.checked ? 1 : 0);
			this.open_detail(code, false);
			this.redraw_row(code);
		});
		$main.on("click", "[data-act]", ({ currentTarget }) => {
			const code = code_of(currentTarget);
			({
				upload: () => this.upload(code),
				clear: () => this.set_evidence(code, ""),
				finding: () => this.add_finding(code),
				convert: () => this.convert(code),
				"stop-trial": () => this.stop_trial(),
			})[currentTarget.dataset.act]();
		});
		$main.on("click", "[data-try]", ({ currentTarget }) => this.try_answer(currentTarget.dataset.try, currentTarget.dataset.answer));
		$main.on("click", ".ws-item .ws-title, .ws-criterion .ws-title, .ws-suggested", ({ currentTarget }) => {
			const code = code_of(currentTarget);
			if (code && !window.getSelection().toString()) this.toggle_detail(code);
		});
		$main.on("keydown", ".ws-row", (event) => this.on_key(event));
	}

	jump(position) {
		if (position === "") return;
		this.$main.find(`.ws-row[data-position="${position}"]`)[0]?.scrollIntoView({ block: "center" });
	}

	on_key(event) {
		const row = event.currentTarget;
		if (event.key === "Escape" && this.open_code) return this.close_detail();
		if (event.target !== row || event.ctrlKey || event.altKey || event.metaKey) return;
		const { code } = row.dataset;
		const moves = { ArrowDown: 1, ArrowUp: -1 };
		if (event.key in moves) {
			event.preventDefault();
			const rows = this.$main.find(".ws-row[tabindex]").toArray();
			rows[rows.indexOf(row) + moves[event.key]]?.focus();
			return;
		}
		if (event.key === "Enter") {
			event.preventDefault();
			return this.toggle_detail(code);
		}
		const answer = this.answer_for(event.key, code);
		if (answer === undefined || !$(row).find(".ws-chips").length) return;
		event.preventDefault();
		this.set_answer(code, answer);
	}

	// ← and → go to the neighbouring answer, a letter or digit to the next answer that begins with it.
	answer_for(key, code) {
		const labels = this.data.answers.map(({ label }) => label);
		const position = labels.indexOf(this.answer_of(code));
		if (key === "Delete" || key === "Backspace") return "";
		if (key === "ArrowRight") return labels[Math.min(position + 1, labels.length - 1)];
		if (key === "ArrowLeft") return labels[Math.max(position - 1, 0)];
		if (key.length !== 1) return undefined;
		const fitting = labels.filter((label) => label.toLowerCase().startsWith(key.toLowerCase()));
		return fitting.length ? fitting[(fitting.indexOf(labels[position]) + 1) % fitting.length] : undefined;
	}
}
