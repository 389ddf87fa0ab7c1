"""`numpy.fft` itself."""

from numpy.fft import *
