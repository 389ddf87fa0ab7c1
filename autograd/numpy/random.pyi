"""`numpy.random` itself."""

from numpy.random import *
