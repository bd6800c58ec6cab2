"""The frame around the views: what is written stays whole, apart, and inside, at every size."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QImage, QPainter
from scenes import pixels, race, rgb, snapshot_of
from written import overlaps, written_in

from app.card import Card
from app.film import Screen
from app.stage import Words
from app.theme import THEMES, Style
from app.views import Look, views

ROWS = (("surface-path", "standings"),)
EVERY_ROWS = (ROWS, (("surface-path", "loss-curve"),), (("surface-path",), ("loss-curve",)),
              (("surface-path",), ("loss-curve", "step-anatomy")), (("standings",),))
SIZES = ((1280, 720), (3840, 2160), (1024, 768), (1080, 1080), (720, 1280), (640, 360))
LONG = ("A very long title about everything that can go wrong when the learning rate of an "
        "optimizer is chosen without a look at the surface")
CAPTION = ("Near the limit every step jumps over the valley and lands only a little lower, which "
           "takes so long that nobody would want to wait for it, and still it is said at length. ")
FORMULA = r"w_{t+1} = w_t - \eta\, \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}"


@pytest.fixture(autouse=True)
def application(qapp):
    """Whatever is painted needs Qt's application."""


@pytest.fixture
def screen(request):
    made: list[Screen] = []

    def make(size=(1280, 720), rows=ROWS, theme="light", captioned=True) -> Screen:
        made.append(Screen(rows, size, theme, captioned=captioned))
        return made[-1]

    yield make
    for one in made:
        one.close()


def image_of(screen: Screen) -> np.ndarray:
    image = QImage(*screen.size, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        screen.paint(painter)
    return pixels(image)


# ---- words


@pytest.mark.parametrize("size", SIZES)
def test_long_words_stay_in_their_places(screen, size):
    shown = screen(size)
    shown.stage.say(Words(LONG, "step 1,234,567", CAPTION, FORMULA))
    shown.stage.draw(snapshot_of(race(), 40), Look())
    texts = written_in(shown.paint, size)
    board = shown.stage.board.geometry()
    step = next(text for text in texts if text.text == "step 1,234,567")
    # An upright frame has lines enough for it.
    title = [text for text in texts if text.rect.bottom() < board.top() and text is not step]
    caption = [text for text in texts if text.rect.top() > board.bottom()]
    whole = " ".join(text.text for text in title) == LONG
    assert whole == (size[1] > size[0])
    assert whole or (title[0].text.startswith("A very long") and title[-1].text.endswith("…"))
    assert step.rect.right() <= size[0] and step.rect.bottom() < board.top()
    assert " ".join(text.text for text in caption).split() == CAPTION.split()
    assert all(text.rect.bottom() <= size[1] for text in caption)
    # The equation has at most 45 % of the width, and the caption leaves it alone.
    assert max(text.rect.right() for text in caption) < 0.96 * size[0]
    # A view's own texts are its own matter where a frame is as narrow as a phone.
    own = [*title, step, *caption]
    assert overlaps(own) == []


def test_a_short_caption_is_set_larger_than_a_long_one(screen):
    sizes = []
    for caption in ("Short.", CAPTION, CAPTION * 2):
        shown = screen()
        shown.stage.say(Words("T", "step 1", caption))
        bottom = shown.stage.board.geometry().bottom()
        (px,) = {text.px for text in written_in(shown.paint, shown.size)
                 if text.rect.top() > bottom}
        sizes.append(px)
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]


def test_without_words_there_is_only_the_board(screen):
    shown = screen(captioned=False)
    drawn = image_of(shown)
    ground = rgb(THEMES["light"].ground)
    board = shown.stage.board.geometry().toRect()
    drawn[board.top() : board.bottom() + 1, board.left() : board.right() + 1] = ground
    assert np.abs(drawn - ground).max() == 0


def test_a_frame_without_captions_gives_their_room_to_the_views(screen):
    shown = screen()
    before = shown.stage.board.geometry().height()
    shown.stage.set_captioned(False)
    without = shown.stage.board.geometry().height()
    assert without > before + 50
    shown.stage.set_captioned(True)
    assert shown.stage.board.geometry().height() == before


# ---- sizes and themes


@pytest.mark.parametrize("rows", EVERY_ROWS, ids=str)
def test_cards_share_the_board_without_touching(screen, rows):
    for size in SIZES:
        shown = screen(size, rows)
        shown.stage.draw(snapshot_of(race(), 40, 0), Look(chosen=0))
        board = shown.stage.board.geometry()
        cards = shown.stage.board.cards()
        rects = [card.mapRectToItem(shown.stage, card.rect()) for card in cards]
        assert QRectF(0, 0, *size).contains(board)
        assert all(board.contains(rect) for rect in rects)
        assert not any(one.intersects(other) for one, other in combinations(rects, 2))
        for card in cards:
            assert card.rect().contains(card.view.geometry())
            assert card.view.rect().width() > 0.5 * card.rect().width()
        area = sum(rect.width() * rect.height() for rect in rects)
        assert area > 0.9 * board.width() * board.height()


def test_everything_grows_with_the_frame(screen):
    drawn = []
    for factor in (1, 2):
        shown = screen((1280 * factor, 720 * factor))
        shown.stage.say(Words("A title", "step 40", "A caption.", FORMULA))
        shown.stage.draw(snapshot_of(race(), 40), Look())
        drawn.append({text.text: text for text in written_in(shown.paint, shown.size)})
    small, large = drawn
    assert set(small) <= set(large), "larger frames leave nothing out"
    for text in ("A title", "step 40", "A caption.", "Loss now", "SGD"):
        one, other = small[text], large[text]
        assert other.px == pytest.approx(2 * one.px, abs=1)
        assert other.rect.left() == pytest.approx(2 * one.rect.left(), abs=6)
        assert other.rect.bottom() == pytest.approx(2 * one.rect.bottom(), abs=6)


def test_type_is_large_enough_for_the_last_row(screen):
    """At 1080 lines a caption has 34, and no number less than 20."""
    shown = screen((1920, 1080), (("surface-path", "loss-curve"),))
    shown.stage.say(Words("A title", "step 40", "A caption."))
    shown.stage.draw(snapshot_of(race(), 40), Look())
    texts = written_in(shown.paint, shown.size)
    assert next(text.px for text in texts if text.text == "A caption.") == 34
    assert min(text.px for text in texts) >= 20


@pytest.mark.parametrize("theme", list(THEMES))
def test_a_theme_changes_every_part(screen, theme):
    other = screen(theme="dark" if theme == "light" else "light")
    same = screen(theme=theme)
    for shown in (other, same):
        shown.stage.say(Words("A title", "step 40", "A caption.", FORMULA))
        shown.stage.draw(snapshot_of(race(), 40), Look())
    other.stage.restyle(THEMES[theme])
    assert np.array_equal(image_of(other), image_of(same))


def test_an_unknown_view_is_refused_with_the_nearest(screen):
    with pytest.raises(ValueError, match="did you mean 'loss-curve'"):
        screen(rows=(("loss-curv",),))


def test_arrows_are_drawn_only_beside_the_card_that_explains_them(screen):
    snapshot = snapshot_of(race(), 40, 0)
    unchosen = snapshot_of(race(), 40)
    pictures = []
    for drawn in (snapshot, unchosen):
        shown = screen(rows=ROWS)
        shown.stage.draw(drawn, Look(chosen=0))
        pictures.append(image_of(shown))
    assert np.array_equal(*pictures)
    explained = screen(rows=(("surface-path", "step-anatomy"),))
    explained.stage.draw(snapshot, Look(chosen=0))
    with_arrows = image_of(explained)
    explained.stage.draw(unchosen, Look(chosen=0))
    surface = explained.stage.board.cards()[0].geometry().toRect()
    without = image_of(explained)
    width = surface.width()
    assert (np.abs(with_arrows - without)[:, :width].max(2) > 60).sum() > 100


def test_a_card_without_room_shows_its_head_alone(qapp):
    card = Card(views["loss-curve"])
    card.restyle(Style(THEMES["light"]))
    for height, opacity in ((300, 1), (60, 0), (200, 1)):
        card.setGeometry(QRectF(0, 0, 400, height))
        assert card.view.opacity() == opacity
