"""Slow, obvious twins of the kernels, written from the publications and not from the kernels.

Each says what is meant in the plainest way; the tests hold the compiled form against it.
"""

import math

import numpy as np

# --- surfaces ---------------------------------------------------------------------------------
# Values only, term by term as published; gradients are checked against other differentiation.


def bowl(x, y):
    return (x**2 + 2 * y**2) / 2


def ravine(x, y):
    return (x**2 + 100 * y**2) / 2


def saddle(x, y):
    return x**2 - y**2 + y**4 / 8


def monkey_saddle(x, y):
    return x**3 - 3 * x * y**2


def long_valley(x, y):
    wall = 5 * y**2
    floor = (x**4 - 32 * x**2 + 256) / 3200
    return wall + floor


def plateau(x, y):
    squared_distance = (x - 1.5) ** 2 + (y - 1) ** 2
    return 1 - math.exp(-squared_distance / 2)


def two_pits(x, y):
    double_well = x**4 / 16 - x**3 / 24 - x**2 / 2 + x / 2 + 5 / 3
    return double_well + (y - x / 2) ** 2


def rosenbrock(x, y):
    return 100 * (y - x**2) ** 2 + (1 - x) ** 2


def beale(x, y):
    constants = (1.5, 2.25, 2.625)
    return sum((c - x * (1 - y**power)) ** 2 for power, c in enumerate(constants, start=1))


def booth(x, y):
    return 5 * x**2 + 5 * y**2 + 8 * x * y - 34 * x - 38 * y + 74


def matyas(x, y):
    return 0.26 * (x**2 + y**2) - 0.48 * x * y


def three_hump_camel(x, y):
    return 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2


def six_hump_camel(x, y):
    return 4 * x**2 - 2.1 * x**4 + x**6 / 3 + x * y - 4 * y**2 + 4 * y**4


def goldstein_price(x, y):
    first = 1 + (x + y + 1) ** 2 * (
        19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    )
    second = 30 + (2 * x - 3 * y) ** 2 * (
        18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    )
    return first * second


def styblinski_tang(x, y):
    return sum(z**4 - 16 * z**2 + 5 * z for z in (x, y)) / 2


def mccormick(x, y):
    return math.sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1


def rastrigin(x, y):
    return 10 * 2 + sum(z**2 - 10 * math.cos(2 * math.pi * z) for z in (x, y))


def ackley(x, y):
    root_mean_square = math.sqrt((x**2 + y**2) / 2)
    mean_cosine = (math.cos(2 * math.pi * x) + math.cos(2 * math.pi * y)) / 2
    return -20 * math.exp(-0.2 * root_mean_square) - math.exp(mean_cosine) + math.e + 20


def himmelblau(x, y):
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


SURFACES = {
    function.__name__.replace("_", "-"): function
    for function in (
        bowl, ravine, saddle, monkey_saddle, long_valley, plateau, two_pits, rosenbrock, beale,
        booth, matyas, three_hump_camel, six_hump_camel, goldstein_price, styblinski_tang,
        mccormick, rastrigin, ackley, himmelblau,
    )
}


# --- optimizers -------------------------------------------------------------------------------
# A whole descent at once: from the start `w` (P,), along given gradients (T, P), to the T points
# reached, (T, P). Averages are taken anew at every step from all the gradients so far, oldest
# first, so nothing has a state that could go wrong. Hyperparameters are named as in the registry.


def descend(w, gradients, step, weight_decay=0.0):
    """Subtract `step(history, w)` for each gradient; the history holds L2 decay's part too."""
    history, path = [], []
    for gradient in gradients:
        history.append(gradient + weight_decay * w)
        w = w - step(history, w)
        path.append(w)
    return np.array(path)


def faded_sum(history, keep):
    """Everything so far, each entry times `keep` once for every step it lies back."""
    return sum(entry * keep**age for age, entry in enumerate(reversed(history)))


def faded_mean(history, keep):
    """The same as a mean: Adam's bias-corrected moment."""
    return faded_sum(history, keep) / sum(keep**age for age in range(len(history)))


def average(history, keep):
    """The same, started from zero and therefore too small at first."""
    return (1 - keep) * faded_sum(history, keep)


def squares(history):
    return [g**2 for g in history]


def sgd(w, gradients, lr, weight_decay):
    return descend(w, gradients, lambda gs, w: lr * gs[-1], weight_decay)


def momentum(w, gradients, lr, momentum, weight_decay):
    return descend(w, gradients, lambda gs, w: lr * faded_sum(gs, momentum), weight_decay)


def nesterov(w, gradients, lr, momentum, weight_decay):
    def step(gs, w):
        return lr * (gs[-1] + momentum * faded_sum(gs, momentum))

    return descend(w, gradients, step, weight_decay)


def adagrad(w, gradients, lr, eps, weight_decay):
    def step(gs, w):
        return lr * gs[-1] / (np.sqrt(sum(squares(gs))) + eps)

    return descend(w, gradients, step, weight_decay)


def rmsprop(w, gradients, lr, rho, eps, weight_decay):
    def step(gs, w):
        return lr * gs[-1] / (np.sqrt(average(squares(gs), rho)) + eps)

    return descend(w, gradients, step, weight_decay)


def adadelta(w, gradients, lr, rho, eps, weight_decay):
    deltas = []

    def step(gs, w):
        size_of_steps = np.sqrt(average(squares(deltas), rho) + eps)
        size_of_gradients = np.sqrt(average(squares(gs), rho) + eps)
        deltas.append(size_of_steps / size_of_gradients * gs[-1])
        return lr * deltas[-1]

    return descend(w, gradients, step, weight_decay)


def rprop(w, gradients, lr, eta_minus, eta_plus, step_min, step_max):
    w = np.array(w)
    size, last = np.full(w.shape, lr), np.zeros(w.shape)
    path = []
    for gradient in gradients:
        for i, g in enumerate(gradient):
            if last[i] * g > 0:
                size[i] = min(size[i] * eta_plus, step_max)
            elif last[i] * g < 0:
                size[i] = max(size[i] * eta_minus, step_min)
                g = 0.0
            w[i] -= size[i] * np.sign(g)
            last[i] = g
        path.append(w.copy())
    return np.array(path)


def adam(w, gradients, lr, beta1, beta2, eps, weight_decay):
    def step(gs, w):
        return lr * faded_mean(gs, beta1) / (np.sqrt(faded_mean(squares(gs), beta2)) + eps)

    return descend(w, gradients, step, weight_decay)


def adamw(w, gradients, lr, beta1, beta2, eps, weight_decay):
    def step(gs, w):
        adam_step = lr * faded_mean(gs, beta1) / (np.sqrt(faded_mean(squares(gs), beta2)) + eps)
        return adam_step + lr * weight_decay * w

    return descend(w, gradients, step)


def amsgrad(w, gradients, lr, beta1, beta2, eps, weight_decay):
    def step(gs, w):
        largest = np.max([average(squares(gs[: n + 1]), beta2) for n in range(len(gs))], axis=0)
        size = np.sqrt(largest / (1 - beta2 ** len(gs)))
        return lr * faded_mean(gs, beta1) / (size + eps)

    return descend(w, gradients, step, weight_decay)


def adamax(w, gradients, lr, beta1, beta2, eps, weight_decay):
    def step(gs, w):
        largest = np.max(
            [beta2**age * (abs(g) + eps) for age, g in enumerate(reversed(gs))], axis=0
        )
        return lr * faded_mean(gs, beta1) / largest

    return descend(w, gradients, step, weight_decay)


def nadam(w, gradients, lr, beta1, beta2, eps, weight_decay, momentum_decay):
    def mu(t):
        return beta1 * (1 - 0.96 ** (t * momentum_decay) / 2)

    def step(gs, w):
        t = len(gs)
        m_hat = average(gs, beta1) / (1 - math.prod(mu(i) for i in range(1, t + 2)))
        g_hat = gs[-1] / (1 - math.prod(mu(i) for i in range(1, t + 1)))
        looked_ahead = mu(t + 1) * m_hat + (1 - mu(t)) * g_hat
        return lr * looked_ahead / (np.sqrt(faded_mean(squares(gs), beta2)) + eps)

    return descend(w, gradients, step, weight_decay)


def radam(w, gradients, lr, beta1, beta2, eps, weight_decay):
    longest = 2 / (1 - beta2) - 1

    def step(gs, w):
        t = len(gs)
        length = longest - 2 * t * beta2**t / (1 - beta2**t)
        if length <= 5:
            return lr * faded_mean(gs, beta1)
        variance_ratio = ((length - 4) * (length - 2) * longest) / (
            (longest - 4) * (longest - 2) * length
        )
        size = (np.sqrt(average(squares(gs), beta2)) + eps) / math.sqrt(1 - beta2**t)
        return lr * math.sqrt(variance_ratio) * faded_mean(gs, beta1) / size

    return descend(w, gradients, step, weight_decay)


def lion(w, gradients, lr, beta1, beta2, weight_decay):
    def step(gs, w):
        blend = beta1 * average(gs[:-1], beta2) + (1 - beta1) * gs[-1]
        return lr * np.sign(blend) + lr * weight_decay * w

    return descend(w, gradients, step)


def signsgd(w, gradients, lr):
    return descend(w, gradients, lambda gs, w: lr * np.sign(gs[-1]))


def qhm(w, gradients, lr, momentum, nu):
    def step(gs, w):
        return lr * ((1 - nu) * gs[-1] + nu * average(gs, momentum))

    return descend(w, gradients, step)


def qhadam(w, gradients, lr, beta1, beta2, eps, nu, nu2):
    def step(gs, w):
        direction = (1 - nu) * gs[-1] + nu * faded_mean(gs, beta1)
        square = (1 - nu2) * gs[-1] ** 2 + nu2 * faded_mean(squares(gs), beta2)
        return lr * direction / (np.sqrt(square) + eps)

    return descend(w, gradients, step)


OPTIMIZERS = {
    function.__name__: function
    for function in (
        sgd, momentum, nesterov, adagrad, rmsprop, adadelta, rprop, adam, adamw, amsgrad, adamax,
        nadam, radam, lion, signsgd, qhm, qhadam,
    )
}
