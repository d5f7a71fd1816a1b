"""The drawing of the tree: every visible node once, nothing over anything else, and wrong data drawn as well."""

import io
import math
from xml.etree import ElementTree

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seroja.core.tree_drawing import EMPTY, INK, Crosslink, TreeNode, draw_tree, tree_pdf

SVG = "{http://www.w3.org/2000/svg}"
LONG = "Meningkatnya kualitas layanan kesehatan masyarakat yang merata dan terjangkau " * 5


def node(name: str, parent: str | None = None, **more) -> TreeNode:
	return TreeNode(name, parent, "Sasaran", more.pop("statement", f"Sasaran {name}"), **more)


def drawing(nodes, links=(), **more) -> ElementTree.Element:
	return ElementTree.fromstring(draw_tree(nodes, links, title="Pohon kinerja", **more))


def groups(root: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
	return [group for group in root.iter(f"{SVG}g") if group.get("class") == kind]


def frames(root: ElementTree.Element) -> dict[str, tuple[int, int, int, int]]:
	"""Left, top, right and bottom of every node."""
	found = {}
	for group in groups(root, "node"):
		assert group.get("data-name") not in found
		found[group.get("data-name")] = frame(group.find(f"{SVG}rect"), group.get("transform"))
	return found


def frame(rect: ElementTree.Element, transform: str) -> tuple[int, int, int, int]:
	x, y = map(int, transform.removeprefix("translate(").removesuffix(")").split())
	left, top = x + int(rect.get("x", 0)), y + int(rect.get("y", 0))
	return left, top, left + int(rect.get("width")), top + int(rect.get("height"))


def stub_frames(root: ElementTree.Element) -> list[tuple[int, int, int, int]]:
	return [
		frame(group.find(f"{SVG}rect"), around.get("transform"))
		for around in root.iter(f"{SVG}g")
		for group in around
		if group.get("class") == "stub"
	]


def texts(element: ElementTree.Element) -> list[str]:
	return [text.text for text in element.iter(f"{SVG}text")]


def assert_apart(rects) -> None:
	"""No two of them overlap: swept from left to right."""
	active = []
	for rect in sorted(rects):
		active = [other for other in active if other[2] > rect[0]]
		assert not [other for other in active if other[1] < rect[3] and rect[1] < other[3]], rect
		active.append(rect)


def assert_inside(root: ElementTree.Element, rects) -> None:
	width, height = int(root.get("width")), int(root.get("height"))
	assert all(
		0 <= left and right <= width and 0 <= top and bottom <= height for left, top, right, bottom in rects
	)


@st.composite
def forests(draw):
	"""Nodes in any order, some collapsed, with texts of any length and links to anything."""
	count = draw(st.integers(0, 40))
	# Few possible parents give wide trees, many give deep ones.
	spread = draw(st.sampled_from([1, 3, 40]))
	nodes = []
	for number in range(count):
		parent = draw(st.integers(-1, min(number, spread) - 1))
		nodes.append(
			node(
				str(number),
				str(parent) if parent >= 0 else None,
				statement="kata " * draw(st.integers(0, 60)),
				indicators=[("Persentase", "98,32%")] * draw(st.integers(0, 5)),
				score=draw(st.sampled_from([None, 98.32])),
				collapsed=draw(st.integers(0, 4)) == 0,
			)
		)
	ends = st.sampled_from([str(number) for number in range(count + 2)])
	links = draw(
		st.lists(st.builds(Crosslink, ends, ends, st.just("x"), st.just("Dinas Sosial")), max_size=5)
	)
	return draw(st.permutations(nodes)), links


def ancestors(name: str, parents: dict[str, str | None]) -> list[str]:
	found = []
	while (name := parents.get(name)) is not None:
		found.append(name)
	return found


@given(forests())
def test_visible_nodes_are_drawn_once_and_apart_and_hidden_ones_are_counted(forest):
	nodes, links = forest
	parents = {each.name: each.parent for each in nodes}
	closed = {each.name for each in nodes if each.collapsed}
	hidden = {name for name in parents if closed & set(ancestors(name, parents))}
	root = drawing(nodes, links)
	rects = frames(root)
	assert rects.keys() == parents.keys() - hidden
	assert_apart([*rects.values(), *stub_frames(root)])
	assert_inside(root, [*rects.values(), *stub_frames(root)])
	for name, (_, top, _, _) in rects.items():
		if parents[name] is not None:
			assert rects[parents[name]][3] < top
	signs = {}
	for name in rects:
		if name in parents.values():
			below = sum(name in ancestors(other, parents) for other in parents)
			signs[name] = f"+{below}" if name in closed else "−"
	assert {group.get("data-name"): texts(group)[0] for group in groups(root, "toggle")} == signs
	edges = [path for path in root.iter(f"{SVG}path") if path.get("class") == "edge"]
	assert len(edges) == sum(parents[name] is not None for name in rects)


def test_a_node_says_what_it_knows_and_its_title_says_the_rest():
	root = drawing(
		[
			node(
				"a",
				statement=LONG,
				owner="Dinkes",
				indicators=[(f"Indikator {number}", f"{number},5%") for number in range(5)],
				score=1234.5,
				category="Sangat Tinggi",
				color="#2166ac",
			),
			node("b", "a"),
		]
	)
	(card,) = [group for group in groups(root, "node") if group.get("data-name") == "a"]
	shown = texts(card)
	assert {"SASARAN", "Dinkes", "Indikator 2", "2,5%", "+ 2 indikator lagi"} <= set(shown)
	assert "1.234,50% · Sangat Tinggi" in shown and "Indikator 3" not in shown
	lines = [line for line in shown if line.split()[0] in LONG]
	assert len(lines) == 4 and lines[-1].endswith("…")
	title = card.find(f"{SVG}title").text
	assert LONG in title and "Indikator 4: 4,5%" in title
	assert card.get("data-children") == "1"
	assert "#2166ac" in [path.get("fill") for path in card.iter(f"{SVG}path")]


@pytest.mark.parametrize("score", [None, math.nan])
def test_a_node_without_a_value_shows_only_its_category(score):
	root = drawing([node("a", score=score, category="Tanpa nilai")])
	assert "Tanpa nilai" in texts(root)


def test_many_leaves_stand_in_columns_and_few_side_by_side():
	for leaves, rows in ((4, 1), (5, 5), (20, 7)):
		rects = frames(drawing([node("r"), *(node(str(number), "r") for number in range(leaves))]))
		assert len({top for name, (_, top, _, _) in rects.items() if name != "r"}) == rows


def test_a_parent_stands_over_the_middle_of_its_children():
	rects = frames(drawing([node("r"), *(node(name, "r") for name in "abc"), node("d", "a"), node("e", "a")]))
	middle = {name: (left + right) / 2 for name, (left, _, right, _) in rects.items()}
	assert middle["r"] == (middle["a"] + middle["c"]) / 2
	assert middle["a"] == (middle["d"] + middle["e"]) / 2


def test_the_head_of_the_drawing_names_it_and_its_colours():
	root = drawing([node("a")], subtitle="Triwulan IV 2025", legend=[("Tinggi", "#67a9cf")])
	assert root.get("role") == "img" and root.get("fill") == INK
	assert root.find(f"{SVG}title").text == "Pohon kinerja"
	assert {"Pohon kinerja", "Triwulan IV 2025", "Tinggi"} <= set(texts(root))
	assert "#67a9cf" in [rect.get("fill") for rect in root.iter(f"{SVG}rect")]


def test_nothing_to_draw_says_so():
	root = drawing([])
	assert EMPTY in texts(root) and not groups(root, "node")
	assert int(root.get("width")) < 1200 and int(root.get("height")) < 400


# --- links ---

FAMILY = [node("a"), node("b"), node("c", "b", collapsed=True), node("d", "c"), node("e", "d")]


def test_a_link_is_a_dashed_curve_with_its_contribution():
	(link,) = groups(drawing(FAMILY, [Crosslink("a", "b", "Data <keluarga>")]), "link")
	curve, head = link.iter(f"{SVG}path")
	assert curve.get("class") == "crosslink" and curve.get("stroke-dasharray") and "C" in curve.get("d")
	assert link.find(f"{SVG}title").text == "Data <keluarga>" and head.get("d").endswith("Z")


@pytest.mark.parametrize("name", ["d", "e"])
def test_a_link_with_a_hidden_end_is_drawn_to_the_collapsed_node_above_it(name):
	def curve(source, target):
		(link,) = groups(drawing(FAMILY, [Crosslink(source, target, "x")]), "link")
		return link.find(f"{SVG}path").get("d")

	assert curve("a", name) == curve("a", "c")
	assert curve(name, "a") == curve("c", "a")


def test_a_link_to_an_unknown_target_ends_in_a_stub_right_of_its_source():
	links = [Crosslink("a", f"?{number}", "Data", label=f"Dinas {number}") for number in range(9)]
	root = drawing(FAMILY, links)
	rects, stubs = frames(root), stub_frames(root)
	assert [texts(group) for group in groups(root, "stub")] == [[link.label] for link in links]
	assert all(left > rects["a"][2] and right < rects["b"][0] for left, _, right, _ in stubs)
	assert_apart([*rects.values(), *stubs])
	assert_inside(root, stubs)
	assert len([path for path in root.iter(f"{SVG}path") if path.get("class") == "crosslink"]) == 9


@pytest.mark.parametrize("ends", [("?", "a"), ("?", "?"), ("d", "e"), ("c", "e"), ("a", "a")])
def test_a_link_without_two_ends_is_not_drawn(ends):
	root = drawing(FAMILY, [Crosslink(*ends, "x")])
	assert not groups(root, "link") and not [text for text in texts(root) if "crosscutting" in text]


# --- wrong and hostile data ---

HOSTILE = "<script>alert(1)</script> \"'&amp; ]]> \x00\x08\x1b\ufffe\ud800 </svg>"
CLEAN = "<script>alert(1)</script> \"'&amp; ]]>  </svg>"


def test_every_text_is_only_text():
	root = drawing(
		[
			TreeNode(HOSTILE, None, HOSTILE, HOSTILE, HOSTILE, [(HOSTILE, HOSTILE)], 1, HOSTILE, HOSTILE),
			TreeNode("b", HOSTILE, HOSTILE, HOSTILE, collapsed=True),
		],
		[Crosslink(HOSTILE, "b", HOSTILE), Crosslink(HOSTILE, HOSTILE + "?", HOSTILE, HOSTILE)],
		subtitle=HOSTILE,
		legend=[(HOSTILE, "url(https://example.com/)")],
	)
	allowed = {f"{SVG}{tag}" for tag in ("svg", "g", "title", "text", "rect", "path")}
	assert {element.tag for element in root.iter()} == allowed
	assert {group.get("data-name") for group in groups(root, "node")} == {CLEAN, "b"}
	values = [value for element in root.iter() for value in element.attrib.values()]
	assert not [value for value in values if "url(" in value or "://" in value]


@given(st.text(), st.text())
def test_any_text_can_be_drawn(name, text):
	root = drawing(
		[TreeNode(name, None, text, text, text, [(text, text)], 0.0, text)],
		[Crosslink(name, name + "?", text, text)],
		legend=[(text, text)],
	)
	assert len(groups(root, "node")) == len(groups(root, "stub")) == 1


@pytest.mark.parametrize("text", ["x" * 3000, "字" * 3000, "W " * 3000, "\u0301" * 300])
def test_a_text_stays_within_its_node(text):
	root = drawing([node("a", statement=text, owner=text, indicators=[(text, text)], category=text)])
	((_, top, _, bottom),) = frames(root).values()
	assert bottom - top < 200
	assert all(len(line) <= 300 for line in texts(root))


def test_an_unknown_parent_makes_a_root_and_a_cycle_is_cut():
	nodes = [node("a", "?"), node("b", "b"), node("c", "e"), node("d", "c"), node("e", "d"), node("f", "d")]
	root = drawing(nodes)
	rects = frames(root)
	assert rects.keys() == set("abcdef")
	assert_apart(rects.values())
	edges = [path for path in root.iter(f"{SVG}path") if path.get("class") == "edge"]
	assert len(edges) == 3


@pytest.mark.parametrize(
	"parent", [lambda n: n - 1, lambda n: (n - 1) // 3, lambda n: 0], ids=["deep", "wide", "flat"]
)
def test_six_thousand_nodes_are_drawn(parent):
	nodes = [node("0"), *(node(str(n), str(parent(n)), indicators=[("x", "1")]) for n in range(1, 6000))]
	rects = frames(drawing(nodes))
	assert len(rects) == 6000
	assert_apart(rects.values())


# --- PDF ---


def page_of(pdf: bytes):
	(page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
	return page


@pytest.mark.parametrize("leaves", [0, 3, 90])
def test_the_pdf_is_one_page_around_the_drawing(leaves):
	nodes = [node("r"), *(node(str(number), "r") for number in range(leaves))]
	svg = draw_tree(nodes, title="Pohon kinerja")
	root = ElementTree.fromstring(svg)
	page = page_of(tree_pdf(svg, "Pohon <kinerja> &\x00"))
	for length, side in ((page.mediabox.width, "width"), (page.mediabox.height, "height")):
		assert float(length) == pytest.approx((int(root.get(side)) + 76) * 0.75, abs=1)
	text = page.extract_text()
	assert "Pohon kinerja" in text and all(f"Sasaran {number}" in text for number in range(leaves))


def test_a_drawing_larger_than_a_page_can_be_is_scaled_down():
	nodes = [node("0"), *(node(str(number), str(number - 1)) for number in range(1, 300))]
	page = page_of(tree_pdf(draw_tree(nodes, title="Pohon kinerja"), "Pohon"))
	assert float(page.mediabox.height) == pytest.approx(14400, abs=1)
	assert float(page.mediabox.height) <= 14400


@pytest.mark.parametrize("svg", ["", "<svg/>", '<p>x</p><svg viewBox="0 0 1 1">'])
def test_only_a_drawing_becomes_a_pdf(svg):
	with pytest.raises(ValueError):
		tree_pdf(svg, "Pohon")


def test_on_paper_there_is_nothing_to_press_and_what_is_hidden_is_counted():
	nodes = [TreeNode("A", None, "Tujuan", "Atas"), TreeNode("B", "A", "Sasaran", "Bawah", collapsed=True)]
	nodes.append(TreeNode("C", "B", "Program", "Tersembunyi"))
	svg = draw_tree(nodes, title="Pohon")
	text = pypdf.PdfReader(io.BytesIO(tree_pdf(svg, "Pohon"))).pages[0].extract_text()
	assert "−" in svg
	assert "−" not in text
	assert "+1" in text
