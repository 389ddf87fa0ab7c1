"""`numpy.typing` itself."""

from numpy.typing import *
