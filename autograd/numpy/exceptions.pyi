"""`numpy.exceptions` itself."""

from numpy.exceptions import *
