"""`numpy.testing` itself."""

from numpy.testing import *
