"""The gradient checker: a verdict to trust, its digits, and the likely mistake."""

from autograd.checking.api import assert_gradients, gradcheck
from autograd.checking.numeric import numeric_grad
from autograd.checking.properties import given_gradients
from autograd.checking.report import Report
from autograd.checking.verdict import InputResult, Verdict

__all__ = [
    "InputResult",
    "Report",
    "Verdict",
    "assert_gradients",
    "given_gradients",
    "gradcheck",
    "numeric_grad",
]
