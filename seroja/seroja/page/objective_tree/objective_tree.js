// The drawn pohon kinerja: core draws it, here it is zoomed, moved, collapsed and exported.
frappe.pages["objective-tree"].on_page_load = (wrapper) => {
	wrapper.objective_tree = new ObjectiveTree(wrapper);
};
frappe.pages["objective-tree"].on_page_show = (wrapper) => wrapper.objective_tree.show();

class ObjectiveTree {
	constructor(wrapper) {
		this.page = frappe.ui.make_app_page({
			parent: wrapper,
			title: __("Objective Tree"),
			single_column: true,
		});
		this.$drawing = $('<div class="seroja-drawing" tabindex="0"></div>').appendTo(this.page.main);
		this.add_filters();
		this.add_buttons();
		this.listen();
	}

	add_filters() {
		const changed = () => this.is_setting || this.start_anew();
		const add = (df) => this.page.add_field({ ...df, change: changed });
		this.fields = {
			plan: add({
				fieldname: "plan",
				label: __("Strategic Plan"),
				fieldtype: "Link",
				options: "Strategic Plan",
			}),
			opd: add({ fieldname: "opd", label: __("OPD"), fieldtype: "Link", options: "OPD" }),
			period: add({
				fieldname: "period",
				label: __("Period"),
				fieldtype: "Link",
				options: "Reporting Period",
			}),
			include_unverified: add({
				fieldname: "include_unverified",
				label: __("Include Unverified Sheets"),
				fieldtype: "Check",
			}),
		};
	}

	add_buttons() {
		this.page.set_primary_action(__("PDF"), () => window.open(this.address("objective_tree")));
		this.page.add_inner_button(__("Expand All"), () => this.redraw([]));
		this.page.add_inner_button(__("Fit"), () => this.fit());
		this.page.add_inner_button("+", () => this.zoom(0.8));
		this.page.add_inner_button("−", () => this.zoom(1.25));
	}

	show() {
		const asked = frappe.route_options || {};
		frappe.route_options = null;
		const set = ["plan", "opd", "period"].filter((name) => asked[name]);
		this.is_setting = true; // one drawing for all of them
		// With its title at hand a link field has its value at once.
		const titles = set.map((name) => frappe.utils.fetch_link_title(this.fields[name].df.options, asked[name]));
		Promise.all(titles)
			.then(() => Promise.all(set.map((name) => this.fields[name].set_value(asked[name]))))
			.then(() => {
				this.is_setting = false;
				if (set.length || !this.svg) this.start_anew();
			});
	}

	start_anew() {
		this.collapsed = null; // the server decides what is too deep to be read
		this.box = null;
		this.draw();
	}

	filters() {
		const values = {};
		for (const [name, field] of Object.entries(this.fields)) {
			if (field.get_value()) values[name] = field.get_value();
		}
		if (this.collapsed) values.collapsed = JSON.stringify(this.collapsed);
		return values;
	}

	address(method) {
		return `/api/method/seroja.api.documents.${method}?${new URLSearchParams(this.filters())}`;
	}

	redraw(collapsed) {
		this.collapsed = collapsed;
		this.draw();
	}

	draw() {
		const asked = (this.asked = {});
		return frappe.xcall("seroja.api.documents.objective_tree_svg", this.filters()).then((svg) => {
			if (asked !== this.asked) return; // an answer to an older question
			this.$drawing.html(svg);
			this.svg = this.$drawing.find("svg")[0];
			this.whole = this.svg.viewBox.baseVal;
			this.whole = [this.whole.x, this.whole.y, this.whole.width, this.whole.height];
			this.svg.removeAttribute("width");
			this.svg.removeAttribute("height");
			this.set_box(this.box || this.first_look());
		});
	}

	// A wide tree starts at a size at which its top can be read; “Fit” shows the whole.
	first_look() {
		const [x, y, width, height] = this.whole;
		const readable = this.svg.clientWidth * 1.6;
		if (width <= readable) return this.whole;
		const shown = (readable * this.svg.clientHeight) / this.svg.clientWidth;
		const top = this.svg.querySelector(".node").getBoundingClientRect();
		const place = this.svg.getBoundingClientRect();
		const scale = Math.max(width / place.width, height / place.height);
		const centre = x + width / 2 + (top.x + top.width / 2 - place.x - place.width / 2) * scale;
		return [Math.min(Math.max(centre - readable / 2, x), x + width - readable), y, readable, Math.min(shown, height * 2)];
	}

	// What of the drawing is in sight, as [x, y, width, height].
	set_box(box) {
		this.box = box;
		this.svg.setAttribute("viewBox", box.join(" "));
	}

	fit() {
		this.set_box(this.whole);
	}

	zoom(factor, at = [0.5, 0.5]) {
		const [x, y, width, height] = this.box;
		const limited = Math.min(Math.max(width * factor, 200), this.whole[2] * 2) / width;
		this.set_box([
			x + width * (1 - limited) * at[0],
			y + height * (1 - limited) * at[1],
			width * limited,
			height * limited,
		]);
	}

	listen() {
		const element = this.$drawing[0];
		element.addEventListener(
			"wheel",
			(event) => {
				if (!this.svg) return;
				event.preventDefault();
				const place = element.getBoundingClientRect();
				this.zoom(event.deltaY > 0 ? 1.15 : 0.87, [
					(event.clientX - place.left) / place.width,
					(event.clientY - place.top) / place.height,
				]);
			},
			{ passive: false }
		);
		element.addEventListener("pointerdown", (event) => this.drag(event));
		element.addEventListener("keydown", (event) => {
			if (event.key === "+") this.zoom(0.8);
			if (event.key === "-") this.zoom(1.25);
			if (event.key === "0") this.fit();
		});
		this.$drawing.on("click", ".toggle", (event) => this.toggle(event.currentTarget.dataset.name));
		this.$drawing.on("click", ".node", (event) => {
			if (!this.moved) frappe.set_route("Form", "Performance Objective", event.currentTarget.dataset.name);
		});
	}

	drag(start) {
		if (!this.svg) return;
		const box = [...this.box];
		const scale = Math.max(box[2] / this.svg.clientWidth, box[3] / this.svg.clientHeight);
		this.moved = false;
		const move = (event) => {
			const [x, y] = [event.clientX - start.clientX, event.clientY - start.clientY];
			this.moved = this.moved || Math.abs(x) + Math.abs(y) > 4;
			this.set_box([box[0] - x * scale, box[1] - y * scale, box[2], box[3]]);
		};
		const stop = () => {
			window.removeEventListener("pointermove", move);
			window.removeEventListener("pointerup", stop);
		};
		window.addEventListener("pointermove", move);
		window.addEventListener("pointerup", stop);
	}

	// A collapsed node shows “+N”, an open one “−”.
	toggle(name) {
		const shown = this.$drawing
			.find(".toggle")
			.toArray()
			.filter((element) => element.textContent.trim().startsWith("+"))
			.map((element) => element.dataset.name);
		const collapsed = new Set(this.collapsed || shown);
		collapsed.has(name) ? collapsed.delete(name) : collapsed.add(name);
		this.redraw([...collapsed]);
	}
}
