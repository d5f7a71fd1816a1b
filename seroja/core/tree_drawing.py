"""The tree of performance objectives (pohon kinerja) as one SVG drawing, and that drawing as PDF.

Every subtree has a band of the width to itself, so nothing can overlap however high a node is.
Nothing below is recursive: a tree may be as deep as its data. Lengths are in px, 96 to the inch.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from seroja.core.parts import content_digest
from seroja.core.rendering import Stamper, format_percent, qr_code, render_pdf

INK = "#1f2933"
NO_COLOR = "#cdd2d8"
EMPTY = "Belum ada sasaran yang dapat digambar."
_FAINT = "#52606d"
_EDGE = "#8a94a0"
_LINK = "#7b3f9d"

_WIDTH = 264  # of a node
_LEFT, _RIGHT = 18, 252  # where the texts of a node begin and end
_GAP = 28  # between neighbours
_STACK_GAP = 24  # between the nodes of a column; a toggle fits in
_ROW_GAP = 64
_INDENT = 20  # from the rail of a column to its nodes
_MARGIN = 32
_LARGE = 60  # a drawing of more nodes saves width
_SIDE_BY_SIDE = 4  # leaves of one parent; more, or more than one in a large drawing, stand in columns
_COLUMN = 8  # the most leaves in one column
_STUB_GAP, _STUB_WIDTH = 44, 124
_HEADER_WIDTH = 900

_PDF_MARGIN = 38
_STAMP_WIDTH, _STAMP_HEIGHT = 520, 110  # px, below the drawing
_PDF_LARGEST = 200 * 96

# How wide DejaVu Sans is, in hundredths of the font size; bold is an eighth wider.
_WIDTHS = {
	character: width
	for width, characters in {
		30: " ,.'IJijl·",
		35: "-/:;\\f|",
		40: '!()[]rt"',
		50: "*_`sz–“”",
		60: "?LcFPTYaekovxy",
		65: "$0123456789EKSbdghnpqu{}",
		70: "ABCRVXZ",
		75: "DGHNU",
		80: "&OQw",
		85: "#+<=>M^~−",
		100: "%m@W…—",
	}.items()
	for character in characters
}
_ILLEGAL_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEX_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}){1,2}")
_OPEN_TOGGLE = re.compile(r'<g class="toggle"(?:(?!</g>).)*>−</text></g>')
_SIZE = re.compile(r'<svg [^>]*viewBox="0 0 (\d+) (\d+)"')


@dataclass(frozen=True)
class TreeNode:
	"""One objective.

	name: unique. parent: the name of another node; any other value makes it a root. level: the label of
	its level, for example "Sasaran". statement: drawn in at most four lines, in full in its <title>.
	owner: abbreviation of the OPD. indicators: (name, what it reached as text); three are drawn.
	score: achievement in percent, None or NaN for none. category, color: label and hex colour of the
	category; grey without a colour. collapsed: its descendants are counted, not drawn.
	"""

	name: str
	parent: str | None
	level: str
	statement: str
	owner: str = ""
	indicators: Sequence[tuple[str, str]] = ()
	score: float | None = None
	category: str = ""
	color: str = ""
	collapsed: bool = False


@dataclass(frozen=True)
class Crosslink:
	"""A contribution across the tree (crosscutting) from one node to another.

	source, target: names of nodes; one that is hidden is represented by the collapsed node above it.
	text: the contribution. label: the partner OPD, drawn beside the source when the target is unknown.
	"""

	source: str
	target: str
	text: str
	label: str = ""


def draw_tree(
	nodes: Sequence[TreeNode],
	links: Sequence[Crosslink] = (),
	*,
	title: str,
	subtitle: str = "",
	legend: Sequence[tuple[str, str]] = (),
) -> str:
	"""SVG text of the tree, top down, without script, style sheet or anything from outside.

	legend: (category, hex colour). A node is `<g class="node" data-name data-children>` (its direct
	children, drawn or not); what opens or closes it is `<g class="toggle" data-name>` after it.
	A cycle of parents is cut; a link whose source is unknown, or whose ends are represented by the
	same node, is not drawn. Wrong data never raises.
	"""
	known = {node.name: node for node in nodes}
	children = _children(_parents(known))
	stands_for = _stands_for(known, children)
	routes, stubs = _routes(links, stands_for)
	forest, boxes = _boxes(known, children, stands_for, stubs)
	header, top, least = _header(title, subtitle, legend, bool(routes or stubs))
	_arrange(forest, boxes, top)
	body = [*header, f'<g class="edges" fill="none" stroke="{_EDGE}">', *_edges(boxes), "</g>"]
	drawn = {box.name: box for box in boxes}
	body += [_link(link, drawn[source], drawn[target]) for link, source, target in routes]
	for box in boxes:
		body += _node(box)
	if not boxes:
		body.append(_text(_MARGIN, top + 16, EMPTY, 13))
	width = max(forest.width, least) + 2 * _MARGIN
	height = max([top + 24, *(box.top + box.slot for box in boxes)]) + _MARGIN
	return _svg(width, height, title, body)


def tree_pdf(svg: str, title: str, stamper: Stamper | None = None) -> bytes:
	"""A drawing of `draw_tree` as PDF/A-3b: one page as large as the drawing and a margin of 1 cm.

	No side of a page can exceed 200 inches; a larger drawing is scaled down to that.
	Raises ValueError when `svg` is no drawing of `draw_tree`.
	"""
	size = _SIZE.match(svg)
	if not size:
		raise ValueError("Bukan gambar pohon kinerja.")
	width, height = (int(side) for side in size.groups())
	scale = min(1, (_PDF_LARGEST - 2 * _PDF_MARGIN) / max(width, height))
	stamp = stamper(content_digest(svg)) if stamper else None
	page = {
		"title": _legal(title),
		"width": max(width * scale, _STAMP_WIDTH if stamp else 0),
		"height": height * scale,
		"band": _STAMP_HEIGHT if stamp else 0,
		"drawn": width * scale,
		"margin": _PDF_MARGIN,
		"stamp": stamp,
	}
	on_paper = _OPEN_TOGGLE.sub("", svg)  # nothing to press there; what is hidden is still counted
	# As a picture of the document it may load nothing itself either.
	return render_pdf("tree.html", page, {"tree": on_paper.encode()} | qr_code(stamp))


# --- what is drawn ---


def _parents(known: Mapping[str, TreeNode]) -> dict[str, str | None]:
	"""The parent of every node, None for a root; the link that closes a cycle is cut."""
	parents = {name: node.parent if node.parent in known else None for name, node in known.items()}
	checked = set()
	for name in known:
		path = set()
		while name is not None and name not in checked:
			checked.add(name)
			path.add(name)
			if parents[name] in path:
				parents[name] = None
			name = parents[name]
	return parents


def _children(parents: Mapping[str, str | None]) -> dict[str | None, list[str]]:
	"""The names below every name, and the roots below None."""
	children = defaultdict(list)
	for name, parent in parents.items():
		children[parent].append(name)
	return children


def _stands_for(known: Mapping[str, TreeNode], children: Mapping[str | None, list[str]]) -> dict[str, str]:
	"""The node that represents each: itself, or the topmost collapsed node above it. Parents come first."""
	stands_for = {}
	rest = [(name, None) for name in reversed(children[None])]
	while rest:
		name, hidden_in = rest.pop()
		stands_for[name] = name if hidden_in is None else hidden_in
		if hidden_in is None and known[name].collapsed:
			hidden_in = name
		rest += [(child, hidden_in) for child in reversed(children.get(name, ()))]
	return stands_for


def _routes(links: Sequence[Crosslink], stands_for: Mapping[str, str]):
	"""Links between two drawn nodes as (link, source, target), and stubs by the name of their source."""
	routes, stubs = [], defaultdict(list)
	for link in links:
		source, target = stands_for.get(link.source), stands_for.get(link.target)
		if source is not None and target is None:
			stubs[source].append(link)
		elif source is not None and source != target:
			routes.append((link, source, target))
	return routes, stubs


@dataclass
class _Box:
	"""A node as it is drawn: its card, what hangs below it and where it stands.

	groups: what hangs below, from left to right, each a single box or a column of leaves.
	slot: the height it needs with its stubs. reach: the width its stubs need on its right.
	band: x of its subtree, `width` wide, in which the middle of the node is at `center`.
	"""

	name: str = ""
	card: Sequence[str] = ()
	height: int = 0
	children: int = 0
	hidden: int = 0
	stubs: Sequence[str] = ()
	slot: int = 0
	reach: int = 0
	groups: list[list[_Box]] = field(default_factory=list)
	width: int = 0
	center: int = 0
	shift: int = 0
	band: int = 0
	depth: int = -1
	top: int = 0
	stacked: bool = False

	@property
	def is_leaf(self) -> bool:
		return not self.children or self.hidden > 0

	@property
	def x(self) -> int:
		return self.band + self.center

	@property
	def left(self) -> int:
		return self.x - _WIDTH // 2

	@property
	def right(self) -> int:
		return self.left + _WIDTH

	@property
	def middle(self) -> int:
		return self.top + self.height // 2


def _boxes(known, children, stands_for, stubs) -> tuple[_Box, list[_Box]]:
	"""An invisible box above all roots, and a box for every drawn node, parents first."""
	hidden = Counter(by for name, by in stands_for.items() if by != name)
	boxes = {None: _Box()}
	for name, by in stands_for.items():
		if name == by:
			boxes[name] = _box(known[name], len(children.get(name, ())), hidden[name], stubs.get(name, ()))
	side_by_side = _SIDE_BY_SIDE if len(boxes) - 1 <= _LARGE else 1
	for name, box in boxes.items():
		below = [boxes[child] for child in children.get(name, ()) if child in boxes]
		box.groups = _groups(below, side_by_side)
	return boxes.pop(None), list(boxes.values())


def _box(node: TreeNode, children: int, hidden: int, links: Sequence[Crosslink]) -> _Box:
	card, height = _card(node)
	stubs, below = [], 0
	for link in links:
		stub, stub_height = _stub(link, below, height)
		stubs.append(stub)
		below += stub_height + 8
	reach = _STUB_GAP + _STUB_WIDTH if links else 0
	return _Box(node.name, card, height, children, hidden, stubs, max(height, below), reach)


def _groups(boxes: Sequence[_Box], side_by_side: int) -> list[list[_Box]]:
	"""Boxes side by side; more leaves than that go into columns of about equal length, right of the others."""
	leaves = [box for box in boxes if box.is_leaf]
	if len(leaves) <= side_by_side:
		return [[box] for box in boxes]
	length = math.ceil(len(leaves) / math.ceil(len(leaves) / _COLUMN))
	columns = [leaves[start : start + length] for start in range(0, len(leaves), length)]
	return [*([box] for box in boxes if not box.is_leaf), *columns]


# --- where it stands ---


def _arrange(forest: _Box, boxes: Sequence[_Box], top: int) -> None:
	"""Give every box its place; the first row begins at `top`."""
	for box in [*reversed(boxes), forest]:
		_spread(box)
	for box in [forest, *boxes]:
		for member in _members(box):
			member.depth = box.depth + 1
	tops = _row_tops(boxes, top)
	forest.band = _MARGIN
	for box in [forest, *boxes]:
		for group in box.groups:
			below = tops[box.depth + 1]
			for member in group:
				member.band = box.band + member.shift
				member.top = below
				member.stacked = len(group) > 1
				below += member.slot + _STACK_GAP


def _spread(box: _Box) -> None:
	"""Place the groups of a box side by side and the box over their middle."""
	right = 0
	centers = []
	for group in box.groups:
		start = right + (_INDENT if len(group) > 1 else 0)
		for member in group:
			member.shift = start
		centers.append(start + group[0].center)
		right = start + max(member.width for member in group) + _GAP
	box.center = (centers[0] + centers[-1]) // 2 if centers else _WIDTH // 2
	box.width = max(right - _GAP, box.center + _WIDTH // 2 + box.reach)


def _row_tops(boxes: Sequence[_Box], top: int) -> list[int]:
	"""Where each row begins. A leaf may be higher than its row: nothing else stands in its band."""
	heights = defaultdict(int)
	for box in boxes:
		if box.groups:
			heights[box.depth] = max(heights[box.depth], box.slot)
	tops = [top]
	for depth in range(len(heights)):
		tops.append(tops[-1] + heights[depth] + _ROW_GAP)
	return tops


def _members(box: _Box) -> Iterator[_Box]:
	return (member for group in box.groups for member in group)


# --- lines ---


def _edges(boxes: Sequence[_Box]) -> Iterator[str]:
	for box in boxes:
		for group in box.groups:
			bus = group[0].top - _ROW_GAP // 2 + 6
			for member in group:
				if member.stacked:
					end = f"H{member.left - _INDENT + 6}V{member.middle}H{member.left}"
				else:
					end = f"H{member.x}V{member.top}"
				yield f'<path class="edge" d="M{box.x} {box.top + box.height}V{bus}{end}"/>'


def _link(link: Crosslink, source: _Box, target: _Box) -> str:
	x, y, dx, dy = _anchor(source, target)
	to_x, to_y, to_dx, to_dy = _anchor(target, source)
	bend = 30 if source.top == target.top else 50
	curve = (
		f"M{x} {y}C{x + bend * dx} {y + bend * dy} {to_x + bend * to_dx} {to_y + bend * to_dy} {to_x} {to_y}"
	)
	return _arrow(link, curve, (to_x, to_y), (-to_dx, -to_dy))


def _anchor(box: _Box, other: _Box) -> tuple[int, int, int, int]:
	"""Where a curve between two boxes meets the first, and the unit vector that points away from it.

	That is at the side of a box in a column, otherwise at its bottom or top, beside what the tree draws there.
	"""
	toward = 1 if other.x > box.x else -1
	if box.stacked:
		# Two of one column are joined on the right, where no rail is.
		on_left = other.right < box.left
		return (box.left, box.middle, -1, 0) if on_left else (box.right, box.middle, 1, 0)
	if box.top < other.top:
		return box.x + 40 * toward, box.top + box.height, 0, 1
	return box.x + 40 * toward, box.top, 0, -1


def _arrow(link: Crosslink, curve: str, tip: tuple[int, int], toward: tuple[int, int]) -> str:
	"""A dashed curve and its head, which points along the unit vector `toward`."""
	(x, y), (dx, dy) = tip, toward
	base_x, base_y = x - 9 * dx, y - 9 * dy
	head = f"M{x} {y}L{base_x + 4 * dy} {base_y + 4 * dx}L{base_x - 4 * dy} {base_y - 4 * dx}Z"
	return (
		f'<g class="link" data-source={_quoted(link.source)} data-target={_quoted(link.target)}>'
		f"{_title(link.text)}"
		f'<path class="crosslink" d="{curve}" fill="none" stroke="{_LINK}" stroke-width="1.6" '
		f'stroke-dasharray="6 4"/><path d="{head}" fill="{_LINK}"/></g>'
	)


def _stub(link: Crosslink, top: int, source_height: int) -> tuple[str, int]:
	"""A box for a partner outside the tree, in the coordinates of its source, and its height."""
	left = _WIDTH + _STUB_GAP
	lines = _wrap(link.label or "OPD mitra", 10, _STUB_WIDTH - 16, 2)
	height = 14 + 13 * len(lines)
	middle = top + height // 2
	start = min(middle, source_height - 12)
	curve = f"M{_WIDTH} {start}C{_WIDTH + 22} {start} {left - 22} {middle} {left} {middle}"
	arrow = _arrow(link, curve, (left, middle), (1, 0))
	frame = (
		f'<rect x="{left}" y="{top}" width="{_STUB_WIDTH}" height="{height}" rx="5" fill="#ffffff" '
		f'stroke="{_LINK}" stroke-dasharray="4 3"/>'
	)
	texts = [_text(left + 8, top + 17 + 13 * row, line, 10) for row, line in enumerate(lines)]
	return f'{arrow}<g class="stub">{_title(link.label, link.text)}{frame}{"".join(texts)}</g>', height


# --- nodes ---


def _node(box: _Box) -> Iterator[str]:
	place = f'transform="translate({box.left} {box.top})"'
	if box.stubs:
		yield f"<g {place}>{''.join(box.stubs)}</g>"
	yield f'<g class="node" data-name={_quoted(box.name)} data-children="{box.children}" {place}>'
	yield from box.card
	yield "</g>"
	if box.children:
		yield _toggle(box)


def _card(node: TreeNode) -> tuple[list[str], int]:
	"""What a node shows, in its own coordinates, and its height."""
	texts = [
		_text(_LEFT, 19, _fit(node.level.upper(), 8.5, 116), 8.5, font_weight="bold", fill=_FAINT),
		_text(_RIGHT, 19, _fit(node.owner, 9.5, 88), 9.5, font_weight="bold", text_anchor="end"),
	]
	y = 22
	for line in _wrap(node.statement, 11.5, _RIGHT - _LEFT, 4):
		y += 15
		texts.append(_text(_LEFT, y, line, 11.5))
	if node.indicators:
		lines, y = _indicators(node.indicators, y + 8)
		texts += lines
	if result := _result(node):
		y += 20
		texts.append(
			f'<rect x="{_LEFT}" y="{y - 9}" width="9" height="9" rx="2" fill="{_color(node.color)}"/>'
		)
		texts.append(_text(_LEFT + 15, y, _fit(result, 10.5, 194), 10.5, font_weight="bold"))
	height = y + 13
	return [_full(node), *_frame(height, _color(node.color)), *texts], height


def _indicators(indicators: Sequence[tuple[str, str]], y: int) -> tuple[list[str], int]:
	"""Indicators below a line at y, and where they end."""
	texts = [f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#dde1e6"/>']
	y += 2
	for name, reached in indicators[:3]:
		value = _fit(reached, 9.5, 80)
		texts.append(_text(_RIGHT, y + 13, value, 9.5, font_weight="bold", text_anchor="end"))
		for line in _wrap(name, 9.5, _RIGHT - _LEFT - 12 - 1.125 * _width(value, 9.5), 2):
			y += 13
			texts.append(_text(_LEFT, y, line, 9.5))
		y += 3
	if len(indicators) > 3:
		y += 12
		texts.append(_text(_LEFT, y, f"+ {len(indicators) - 3} indikator lagi", 9.5, fill=_FAINT))
	return texts, y


def _result(node: TreeNode) -> str:
	known = node.score is not None and not math.isnan(node.score)
	return " · ".join(part for part in (format_percent(node.score) if known else "", node.category) if part)


def _full(node: TreeNode) -> str:
	"""All that a node says, for reading what its card cuts off."""
	return _title(node.statement, *(f"{name}: {reached}" for name, reached in node.indicators))


def _frame(height: int, color: str) -> list[str]:
	return [
		f'<rect width="{_WIDTH}" height="{height}" rx="6" fill="#ffffff" stroke="#b4bcc5"/>',
		f'<path d="M8 0H6A6 6 0 0 0 0 6V{height - 6}A6 6 0 0 0 6 {height}H8Z" fill="{color}"/>',
	]


def _toggle(box: _Box) -> str:
	sign = f"+{box.hidden}" if box.hidden else "−"
	advice = f"Buka {box.hidden} unsur di bawahnya" if box.hidden else "Tutup yang di bawahnya"
	half = 10 + 4 * (len(sign) - 1)
	return (
		f'<g class="toggle" data-name={_quoted(box.name)} '
		f'transform="translate({box.x} {box.top + box.height + 6})">{_title(advice)}'
		f'<rect x="{-half}" y="-10" width="{2 * half}" height="20" rx="10" fill="#ffffff" stroke="{_FAINT}"/>'
		f"{_text(0, 4, sign, 11, font_weight='bold', text_anchor='middle')}</g>"
	)


# --- the whole ---


def _header(title: str, subtitle: str, legend: Sequence[tuple[str, str]], links: bool):
	"""Title, subtitle and legend; where the tree may begin, and the width the header needs."""
	body, y = [], _MARGIN - 4
	for line in _wrap(title, 20, _HEADER_WIDTH / 1.125, 2):
		y += 26
		body.append(_text(_MARGIN, y, line, 20, font_weight="bold"))
	for line in _wrap(subtitle, 12, _HEADER_WIDTH, 2):
		y += 19
		body.append(_text(_MARGIN, y, line, 12, fill=_FAINT))
	x, most = _MARGIN, _HEADER_WIDTH
	if legend or links:
		y += 30
	for category, color in legend:
		body.append(f'<rect x="{x}" y="{y - 11}" width="13" height="13" rx="3" fill="{_color(color)}"/>')
		body.append(_text(x + 20, y, category, 11))
		x += 20 + math.ceil(_width(category, 11)) + 26
	if links:
		text = "Kontribusi lintas OPD (crosscutting)"
		body.append(f'<path d="M{x} {y - 4}h34" stroke="{_LINK}" stroke-width="1.6" stroke-dasharray="6 4"/>')
		body.append(_text(x + 42, y, text, 11))
		x += 42 + math.ceil(_width(text, 11))
	return body, y + 44, max(most, x - _MARGIN)


def _svg(width: int, height: int, title: str, body: Sequence[str]) -> str:
	return "\n".join(
		[
			f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
			f'height="{height}" role="img" font-family="DejaVu Sans,sans-serif" fill="{INK}">',
			_title(title),
			f'<rect class="paper" width="{width}" height="{height}" fill="#ffffff"/>',
			*body,
			"</svg>",
		]
	)


# --- texts ---


def _legal(text: str) -> str:
	return _ILLEGAL_IN_XML.sub("", text)


def _escaped(text: str) -> str:
	return escape(_legal(text))


def _quoted(text: str) -> str:
	return quoteattr(_legal(text))


def _title(*lines: str) -> str:
	return f"<title>{_escaped(chr(10).join(line for line in lines if line))}</title>"


def _text(x: int, y: int, text: str, size: float, **attributes: str) -> str:
	"""A line of text, nothing for an empty one; attributes are written with - for _."""
	if not text:
		return ""
	more = "".join(f' {name.replace("_", "-")}="{value}"' for name, value in attributes.items())
	return f'<text x="{x}" y="{y}" font-size="{size}"{more}>{_escaped(text)}</text>'


def _color(color: str) -> str:
	"""A hex colour; grey for anything else, such as an address that a viewer would load."""
	return color if _HEX_COLOR.fullmatch(color) else NO_COLOR


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
	"""In hundredths of the font size."""
	if unicodedata.combining(character):
		return 0
	return 100 if unicodedata.east_asian_width(character) in "WF" else _WIDTHS.get(character, 70)


def _width(text: str, size: float) -> float:
	return sum(map(_character_width, text)) * size / 100


def _fit(text: str, size: float, width: float) -> str:
	"""One line, with "…" where it is cut to fit."""
	kept = _head(text, size, width)
	return text if kept == text else _head(text, size, width - size).rstrip() + "…"


def _head(text: str, size: float, width: float) -> str:
	"""As many characters as fit, but at least one."""
	room = width * 100 / size
	for place, character in enumerate(text):
		room -= _character_width(character)
		if room < 0:
			return text[: max(place, 1)]
	return text


def _wrap(text: str, size: float, width: float, most: int) -> list[str]:
	"""At most `most` lines; the last ends in "…" when there is more. A word too long for a line is broken."""
	lines = [""]
	for word in _pieces(_legal(text), size, width):
		longer = f"{lines[-1]} {word}".lstrip()
		if _width(longer, size) <= width:
			lines[-1] = longer
		elif len(lines) < most:
			lines.append(word)
		else:
			lines[-1] = _fit(longer, size, width)
			break
	return [line for line in lines if line]


def _pieces(text: str, size: float, width: float) -> Iterator[str]:
	for word in text.split():
		while word:
			head = _head(word, size, width)
			yield head
			word = word[len(head) :]
