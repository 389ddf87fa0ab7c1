"""`numpy.linalg` itself."""

from numpy.linalg import *
