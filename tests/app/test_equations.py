"""Typeset equations: ink where it is announced, faults named, rules laid out without overlap."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtCore import QRect, QRectF, QSizeF
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from app.columns import Extent, spread, wrapped
from app.equations import Equation
from app.numbers import number
from app.outlines import EquationError, outlines
from app.rule_line import RuleLine
from app.theme import DARK, LIGHT
from engine.errors import TrainscopeError
from engine.optimizers import optimizers
from engine.optimizers.definition import Part
from engine.surfaces import surfaces

BLACK = QColor("#000000")


def canvas(width: int = 900, height: int = 400) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#FFFFFF"))
    return image


def ink_box(image: QImage, ground: str = "#FFFFFF") -> QRect:
    """The smallest rectangle around everything that is not the ground."""
    ground_rgb = QColor(ground).rgb()
    marked = [(x, y) for y in range(image.height()) for x in range(image.width())
              if image.pixel(x, y) != ground_rgb]
    xs, ys = [x for x, _ in marked], [y for _, y in marked]
    return QRect(min(xs), min(ys), max(xs) - min(xs) + 1, max(ys) - min(ys) + 1)


# ---- one equation


@pytest.mark.parametrize("px", [15.0, 23.5, 60.0])
@pytest.mark.parametrize("tex", ["x", r"\frac{a}{b} - g_t", r"\sqrt{\hat v_t^{\max}}", "j"])
def test_ink_is_exactly_where_size_and_ascent_say(qapp, tex, px):
    equation, image = Equation(tex), canvas(400, 300)
    with QPainter(image) as painter:
        equation.draw(painter, 40, 150, px, BLACK)
    box, size = ink_box(image), equation.size(px)
    assert box.left() == pytest.approx(40, abs=1)
    assert box.width() == pytest.approx(size.width(), abs=2)
    assert box.top() == pytest.approx(150 - equation.ascent(px), abs=1)
    assert box.height() == pytest.approx(size.height(), abs=2)


def test_letters_stand_on_the_baseline():
    assert Equation("x").ascent(100) == pytest.approx(Equation("x").size(100).height(), abs=2)
    assert Equation("g").ascent(100) < Equation("g").size(100).height() - 10


def test_overlapping_shapes_leave_no_holes(qapp):
    """A root and its bar overlap; where windings cancelled, the joint would be white."""
    (outline,) = outlines((r"\sqrt{v}",))
    image = canvas(400, 300)
    with QPainter(image) as painter:
        outline.draw(painter, 50, 200, 200, BLACK)
    bar = min((shape.boundingRect() for shape in outline.shapes), key=lambda box: box.height())
    y = round(200 + bar.center().y() * 0.2)
    row = {image.pixelColor(x, y).name() for x in
           range(round(50 + bar.left() * 0.2) - 2, round(50 + bar.right() * 0.2) - 2)}
    assert row == {"#000000"}


def test_small_hat_keeps_its_width_and_wide_hat_grows():
    def hat_width(tex: str) -> float:
        (outline,) = outlines((tex,))
        return min(outline.shapes, key=lambda shape: shape.boundingRect().top()
                   ).boundingRect().width()

    assert hat_width(r"\hat m") == pytest.approx(hat_width(r"\hat v"), rel=0.01)
    assert hat_width(r"\widehat{mv}") > 2 * hat_width(r"\hat m")


def test_nabla_stands_close():
    (nabla,), (both,) = outlines((r"\nabla",)), outlines((r"\nabla L",))
    (letter,) = outlines(("L",))
    assert both.box.width() < nabla.box.width() + letter.box.width() + 80


def test_a_sign_after_a_relation_is_no_operation():
    def width(tex):
        return Equation(tex).size(40).width()

    gap = width(r"a = b - 2") - width(r"a = b2") - width("-")
    assert width(r"a = -2") < width(r"a = 2") + width("-") + 0.6 * gap
    assert width(r"a = -2") - width(r"a = 2") == pytest.approx(
        width(r"(-2)") - width("(2)"), abs=0.5)


def test_typesetting_happens_once():
    assert outlines(("a+b",)) is outlines(("a+b",))


@pytest.mark.parametrize(("tex", "why"), [
    ("", "empty"), ("  ", "empty"),
    (r"\frac{1}{", "not closed"), ("{x", "not closed"), (r"\text{abc", "not closed"),
    ("x}", "closes nothing"),
    (r"\frac{1}", "argument"), (r"\sqrt", "missing"), (r"\hat", "missing"),
    (r"\foo x", r"\\foo is not known"), ("\\", "not known"),
    ("x^2^3", "double superscripts"), ("x_1_2", "double subscripts"),
    (r"\left( x", "right"), (r"x \right)", "left"), (r"\begin{matrix} a", "missing end"),
    ("$x$", r"without \$"), ("a & b", "table"), ("\x00", "table"),
    ("x = 中", "中"), ("😀", "no sign"),
])
def test_a_bad_text_is_named_with_the_reason(tex, why):
    with pytest.raises(EquationError, match=why) as caught:
        Equation(tex)
    assert repr(tex) in str(caught.value)
    assert isinstance(caught.value, TrainscopeError)


@given(st.text(alphabet=r"\{}[]()^_&%$#xfrac sqrt12+-~'|<>é", max_size=12))
def test_any_text_is_typeset_or_refused(tex):
    try:
        assert Equation(tex).size(10).width() >= 0
    except TrainscopeError as refusal:
        assert repr(tex) in str(refusal)


@pytest.mark.parametrize("name", list(surfaces))
def test_every_surface_formula_is_typeset(name):
    assert Equation(surfaces[name].tex).size(20).width() > 20


# ---- parts of one equation


@pytest.mark.parametrize("name", list(optimizers))
def test_parts_are_spaced_as_one_equation(name):
    texts = tuple(part.tex for part in optimizers[name].rule)
    parts, (whole,) = outlines(texts), outlines((" ".join(texts),))
    assert sum(len(part.shapes) for part in parts) == len(whole.shapes)
    shapes = [shape for part in parts for shape in part.shapes]
    for shape, other in zip(shapes, whole.shapes, strict=True):
        assert shape.boundingRect() == other.boundingRect()


def test_a_minus_at_a_part_s_end_is_binary():
    left, right = outlines(("w -", r"\eta"))
    assert right.box.left() - left.box.right() > 150


def test_lines_of_one_equation_stand_below_each_other():
    assert Equation(r"a + b \\ c + d").size(20).height() > 2 * Equation("a + b").size(20).height()


def test_parts_cannot_hold_line_breaks():
    with pytest.raises(EquationError, match="line break"):
        outlines((r"a \\ b", "c"))


# ---- columns


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0, 30), st.floats(0, 30)), min_size=1,
                max_size=7))
def test_columns_keep_their_gaps_and_their_centre(rows):
    columns = [Extent(*row) for row in rows]
    middles = spread(columns, 5.0)
    pairs = list(zip(columns, middles, strict=True))
    for (a, at), (b, bt) in pairwise(pairs):
        assert bt - b.left - (at + a.right) >= 5.0 - 1e-6
    shift = sum(middle - column.wanted for column, middle in pairs)
    assert shift == pytest.approx(0, abs=1e-6)


def test_columns_with_room_stay_where_they_belong():
    assert spread([Extent(0, 5, 5), Extent(40, 5, 5)], 5) == [0, 40]


def test_lines_are_few_and_even():
    def width(line: str) -> float:
        return len(line)

    assert wrapped("size of recent gradients", width, 16) == ["size of recent", "gradients"]
    assert wrapped("learning rate", width, 16) == ["learning rate"]
    assert wrapped("incomprehensibilities are long", width, 8) == [
        "incomprehensibilities", "are", "long"]
    assert wrapped("", width, 8) == []


# ---- a rule with its numbers


def values_of(name: str, value: float = -0.000125) -> dict[str, tuple[str, ...]]:
    """Numbers for every term, the lr alone and the others one for each axis."""
    return {part.term: (number(value),) * (1 if part.term in ("lr", "eps") else 2)
            for part in optimizers[name].rule if part.term}


@pytest.mark.parametrize("px", [15.0, 26.0, 60.0])
@pytest.mark.parametrize("name", list(optimizers))
def test_nothing_of_a_rule_overlaps(qapp, name, px):
    values = values_of(name)
    layout = RuleLine(optimizers[name].rule).fitted(QSizeF(9999, 9999), px, values)
    figures, words = QFontMetricsF(layout.number_font), QFontMetricsF(layout.meaning_font)
    rects = [QRectF(at.x(), at.y() - words.ascent(), words.horizontalAdvance(text),
                    words.capHeight()) for at, text in (*layout.meanings, *layout.axes)]
    for column in layout.columns:
        for text, y in zip(values[column.term], layout.baselines, strict=False):
            x = column.digits_at - figures.horizontalAdvance("−")
            if column.rows == 1:
                x = column.middle - figures.horizontalAdvance(text) / 2
                y = sum(layout.baselines) / len(layout.baselines)
            rects.append(QRectF(x, y - figures.capHeight(), figures.horizontalAdvance(text),
                                figures.capHeight()))
    for k, rect in enumerate(rects):
        assert layout.box.adjusted(-0.5, -0.5, 0.5, 0.5).contains(rect)
        assert not any(rect.intersects(other) for other in rects[:k])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_a_rule_is_drawn_inside_the_room_it_is_given(qapp, theme):
    image = canvas(420, 220)
    image.fill(QColor(theme.ground))
    with QPainter(image) as painter:
        RuleLine(optimizers["adam"].rule).draw(
            painter, QRectF(30, 20, 360, 180), 60, values_of("adam"), theme)
    box = ink_box(image, theme.ground)
    assert QRect(29, 19, 362, 182).contains(box)
    assert box.width() > 320


def test_changing_digits_move_nothing(qapp):
    rule, room = RuleLine(optimizers["adam"].rule), QSizeF(900, 400)
    few = rule.fitted(room, 26, values_of("adam", 1.5))
    assert rule.fitted(room, 26, values_of("adam", -0.000125)) is few


def test_padding_for_columns_takes_no_room(qapp):
    rule, room = RuleLine(optimizers["adam"].rule), QSizeF(900, 400)
    padded = {term: tuple(number(1.5, fixed=True) for _ in texts)
              for term, texts in values_of("adam").items()}
    plain = {term: ("1.50",) * len(texts) for term, texts in padded.items()}
    assert rule.fitted(room, 26, padded).box == RuleLine(rule.parts).fitted(room, 26, plain).box


def test_terms_take_their_own_colours(qapp):
    rule = RuleLine([Part("w -"), Part(r"g_t", "g", "gradient")])
    image = canvas(300, 200)
    with QPainter(image) as painter:
        rule.draw(painter, QRectF(10, 10, 280, 180), 40, {"g": ("1.25", "−3")}, LIGHT,
                  {"g": QColor("#FF0000")})
    colours = {image.pixelColor(x, y).name() for x in range(300) for y in range(200)}
    assert {"#ff0000", LIGHT.text.lower()} <= colours


def test_a_rule_without_numbers_still_explains_its_terms(qapp):
    layout = RuleLine(optimizers["adam"].rule).fitted(QSizeF(900, 400), 26, {})
    assert layout.baselines == ()
    assert {text for _, text in layout.meanings} >= {"learning rate"}


def test_a_bad_part_is_named():
    with pytest.raises(EquationError, match="wrongcommand"):
        RuleLine([Part("a"), Part(r"\wrongcommand")])
