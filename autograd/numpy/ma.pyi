"""`numpy.ma` itself."""

from numpy.ma import *
