"""Mistakes that type checkers report, each in a line marked `# error`; nothing here runs."""

from __future__ import annotations

import math

import numpy as np

import autograd
import autograd.numpy as anp
import nn
from autograd import Value, grad


def data_and_gradients(v: Value) -> None:
    print(v.data.shpae)  # error
    print(v.grad.summ())  # error
    v.data = 3.0
    print(v.data.shpae)  # error
    v.data -= 0.1 * v.grad
    print(v.data.shpae)  # error
    v.grad = None
    print(v.grad.backwards())  # error
    print((v.data + 1).shpae)  # error
    print(v.data.T.shpae)  # error
    v.grda = None  # error
    v.shape = (2, 3)  # error


def values(v: Value) -> None:
    print(v.maen())  # error
    print((2 * v).summ())  # error
    print((np.ones(3) * v).summ())  # error
    print(v[0].itme())  # error
    print(v.sum(axes=0))  # error
    print(v.T.reshpae(2))  # error
    print([entry.dta for entry in v])  # error
    v.backward(creat_graph=True)  # error
    print(Value(1.0, lable="x"))  # error


def values_are_not_numbers(v: Value) -> None:
    print(math.sin(v))  # error
    print(float(v))  # error
    print(np.sum(v))  # error


def pictures(v: Value) -> None:
    v.graph(dirction="LR")  # error
    v.graph(direction=1)  # error
    v.graph().shwo()  # error
    v.graph().focus("v").explian("v")  # error
    autograd.graph(v, titel="t")  # error


def functions(v: Value) -> None:
    print(autograd.rleu(v))  # error
    print(autograd.relu(v).backwrd())  # error
    print(autograd.softmax(v, axes=0))  # error
    print(autograd.logsumexp(v).backwrd())  # error
    print(autograd.affine(v, 1.0, 2.0).backwrd())  # error
    print(grad(abs, argnums=1))  # error
    print(grad(3.0))  # error


@autograd.checkpoint
def deep(v: Value, times: int = 2) -> Value:
    return v.tanh() * times


def transforms(v: Value) -> None:
    print(deep(v, tmies=3))  # error
    print(deep(v).backwrd())  # error
    _pull, _y, _more = autograd.make_vjp(abs)(1.0)  # error


def namespace(v: Value) -> None:
    print(anp.zeroes(3))  # error
    print(anp.linalg.nrom(v))  # error
    print(anp.ones(2).shpae)  # error


def networks(v: Value) -> None:
    model = nn.Sequential(nn.Linear(2, 1), nn.relu)
    print(model(v).backwrd())  # error
    print(model.paramters())  # error
    print(nn.mse(v, 1.0).backwrd())  # error
    print(nn.mse(v, target=1.0, weight=2))  # error
    print(nn.cross_entropy_with_logits(v, [1]).itme())  # error
    print(nn.tanh(v).itme())  # error
    print(nn.Linear(2, 1, biased=True))  # error
    print(nn.Linear(2, 1).w.data.shpae)  # error
    print(nn.SGD(model, learning_rate=0.1))  # error
    nn.fit(model, v.data, v.data, nn.mse, nn.SGD(model, lr=0.1), epoch=3)  # error
    print(nn.mseloss)  # error
