"""The gradient checker: a verdict to trust, its digits, and the likely mistake."""

from autograd.checking.compare.verdict import InputResult, Verdict
from autograd.checking.functions import assert_gradients, gradcheck, numeric_grad
from autograd.checking.properties import given_gradients
from autograd.checking.report.report import Report

__all__ = [
    "InputResult",
    "Report",
    "Verdict",
    "assert_gradients",
    "given_gradients",
    "gradcheck",
    "numeric_grad",
]
