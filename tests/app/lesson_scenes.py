"""A lesson of everything that a beat may ask for, short enough to be played through in a test."""

from engine import Lesson

LESSON = Lesson(
    title="A short one",
    layout=[["surface-path", "loss-curve"]],
    experiment={
        "steps": 200, "problem": {"kind": "surface", "surface": "beale"},
        "contestants": [{"name": "A", "optimizer": {"name": "sgd", "lr": 0.003}},
                        {"name": "B", "optimizer": {"name": "adam", "lr": 0.05}}]},
    beats=[
        {"seconds": 4, "steps_per_second": 10, "caption": "It begins."},
        {"seconds": 2, "steps_per_second": 0, "caption": "Nothing moves but the camera.",
         "look": {"zoom": [[0, 1], [0, 1]]}, "ease": 2},
        {"seconds": 0.5, "caption": "Try a larger rate.", "your_turn": True, "point_at": "A.lr"},
        {"seconds": 4, "caption": "And the loss alone.", "layout": [["loss-curve"]],
         "look": {"zoom": "usual", "loss_scale": "linear"}, "set": {"A.lr": 0.004}},
    ])
