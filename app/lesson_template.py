"""A lesson to begin with: a file in which every key that an author needs is explained."""

from __future__ import annotations

import re

TEMPLATE = '''\
# A lesson is an experiment and a script. Open it in the window, and it is shown anew whenever this
# file is saved:
#     trainscope {name}.toml
# What is wrong with it, and how its time goes:
#     trainscope check {name}.toml
# Its film:
#     trainscope film {name}.toml -o {name}.mp4

format = 1
title = "{title}"
summary = "One sentence: what will have been understood at the end."
sources = [
  "Author year, Title, where it was published or a link",
]
# Rows of views; `trainscope list views` names them all.
layout = [["surface-path", "loss-curve"]]

# ---- what is raced: everything that an experiment's file may have

[experiment]
seed = 7
steps = 300

[experiment.problem]
kind = "surface"                  # or "network", with a dataset
surface = "ravine"                # `trainscope list surfaces`
start = [-3.5, 1.2]

[[experiment.contestants]]
name = "SGD"
optimizer = {{ name = "sgd", lr = 0.0192 }}

[[experiment.contestants]]
name = "Momentum"
optimizer = {{ name = "momentum", lr = 0.004, momentum = 0.9 }}
muted = true                      # not shown until a beat sets it to false

# ---- the script: beats, one after the other

[[beats]]
seconds = 8                       # a viewer reads about 15 characters a second
steps_per_second = 5
caption = "Say what is to be seen, in a sentence or two."
formula = "w_{{t+1}} = w_t - \\\\eta\\\\, g_t"
term = "\\\\eta"                    # a part of the formula that stands out
highlight = "SGD"                 # the other contestants fade

[[beats]]
seconds = 8
steps_per_second = 10
caption = "A change in `set` starts the race anew; this one shows the second contestant."
highlight = "Momentum"
set = {{ "Momentum.muted" = false }}

[[beats]]
seconds = 8
steps_per_second = 10
caption = "The camera goes near: keys of [picture] in `look` stay until `usual` takes them back."
look = {{ zoom = [[-1, 1], [-0.5, 0.5]] }}
ease = 2                          # seconds in which zoom, camera and numbers slide there

[[beats]]
seconds = 6
steps_per_second = 20
caption = "Try another learning rate for SGD: at which one does it fly off?"
look = {{ zoom = "usual" }}
your_turn = true                  # the window stops at the end of this beat, ...
point_at = "SGD.lr"               # ... and a ring marks this control
'''


def template(name: str) -> str:
    """The text of a new lesson called `name`, such as "why-momentum"."""
    title = " ".join(re.findall(r"[^\W_]+", name)) or name
    return TEMPLATE.format(name=name, title=title[:1].upper() + title[1:])
