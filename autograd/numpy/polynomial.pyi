"""`numpy.polynomial` itself."""

from numpy.polynomial import *
