"""`numpy.dtypes` itself."""

from numpy.dtypes import *
