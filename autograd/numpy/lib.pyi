"""`numpy.lib` itself."""

from numpy.lib import *
