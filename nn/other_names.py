"""PyTorch's and Keras' names for what has another one here, for the error of a name that is
missing."""

from __future__ import annotations

FUNCTIONS = {
    "BCELoss": "binary_cross_entropy",
    "BCEWithLogitsLoss": "binary_cross_entropy_with_logits",
    "CrossEntropyLoss": "cross_entropy_with_logits",
    "ELU": "elu",
    "GELU": "gelu",
    "GaussianNLLLoss": "gaussian_nll",
    "Hardsigmoid": "hard_sigmoid",
    "HuberLoss": "huber",
    "Identity": "identity",
    "KLDivLoss": "kl_divergence",
    "L1Loss": "mae",
    "LeakyReLU": "leaky_relu",
    "LogSoftmax": "log_softmax",
    "MSELoss": "mse",
    "Mish": "mish",
    "MultiMarginLoss": "hinge",
    "NLLLoss": "nll",
    "ReLU": "relu",
    "SELU": "selu",
    "SiLU": "silu",
    "Sigmoid": "sigmoid",
    "Softmax": "softmax",
    "Softplus": "softplus",
    "Softsign": "softsign",
    "Tanh": "tanh",
}
"""Classes elsewhere, functions here."""

OTHERS = {
    "CosineAnnealingLR": "CosineDecay",
    "EarlyStopping": "fit(patience=...)",
    "ExponentialLR": "ExponentialDecay",
    "LinearLR": "WarmUp",
    "ModelCheckpoint": "Checkpoint",
    "OneCycleLR": "OneCycle",
    "ReduceLROnPlateau": "ReduceOnPlateau",
    "SequentialLR": "WarmUp",
    "StepLR": "StepDecay",
    "binary_cross_entropy_loss": "binary_cross_entropy",
    "clip_grad_norm": "clip_gradient_norm",
    "clip_grad_norm_": "clip_gradient_norm",
    "clip_grad_value_": "clip_gradient_value",
    "cross_entropy": "cross_entropy_with_logits",
    "gaussian_nll_loss": "gaussian_nll",
    "hardsigmoid": "hard_sigmoid",
    "huber_loss": "huber",
    "kl_div": "kl_divergence",
    "l1_loss": "mae",
    "mse_loss": "mse",
    "multi_margin_loss": "hinge",
    "nll_loss": "nll",
    "normalize": "normalise",
}


def advice(name: str) -> str:
    """What to write for a name that the package does not have.

    >>> advice("StepLR")
    "module 'nn' has no attribute 'StepLR': here it is called StepDecay"
    """
    missing = f"module 'nn' has no attribute {name!r}"
    if name in FUNCTIONS:
        return f"{missing}: here it is a function, nn.{FUNCTIONS[name]}, given without a call"
    return f"{missing}: here it is called {OTHERS[name]}" if name in OTHERS else missing
