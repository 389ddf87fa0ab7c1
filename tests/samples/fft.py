"""Samples of `np.fft`."""

from __future__ import annotations

from tests.samples.draw import Sample, call, complexes, floats, start

start(__name__)

LENGTHS = [
    call(floats(4), n=4),
    call(complexes(3), n=3, norm="ortho"),
    call(complexes(2, 3), n=5, axis=0, norm="forward"),
    call(floats(2, 5), n=4, axis=-1, norm="backward"),
    call(complexes(1), n=1),
]
ONE_AXIS = [
    call(complexes(4)),
    call(complexes(2, 5), 3),
    call(complexes(2, 3), n=6, axis=0),
    call(complexes(3, 2), axis=-2, norm="ortho"),
    call(complexes(4), None, -1, "forward"),
    call(floats(5)),
]
REAL = [
    call(floats(4)),
    call(floats(5)),
    call(floats(2, 5), 3),
    call(floats(2, 3), n=6, axis=0),
    call(floats(3, 2), axis=-2, norm="ortho"),
    call(floats(4), None, -1, "forward"),
    call(floats(1)),
]
AXES = [
    call(complexes(2, 3)),
    call(complexes(2, 3, 4), axes=(0, -1)),
    call(complexes(2, 3), s=(3, 2), axes=(0, 1), norm="ortho"),
    call(complexes(2, 3), (-1, 5), (1, 0), "forward"),
    call(floats(3, 2)),
    call(complexes(3), axes=(0, 0)),
]
REAL_AXES = [
    call(floats(2, 3)),
    call(floats(2, 3, 4), axes=(0, -1)),
    call(floats(2, 3), s=(3, 2), axes=(0, 1), norm="ortho"),
    call(floats(2, 3), (-1, 5), (1, 0), "forward"),
]
HALF_AXES = [
    call(complexes(2, 3)),
    call(complexes(2, 3, 4), axes=(0, -1)),
    call(complexes(2, 3), s=(3, 5), axes=(0, 1), norm="ortho"),
    call(complexes(2, 3), (-1, 3), (1, 0), "forward"),
    call(floats(2, 2)),
]
TWO = [call(complexes(2, 2, 3)), call(complexes(2, 3), (3, 3)), call(complexes(3, 2), norm="ortho")]
REAL_TWO = [call(floats(2, 2, 3)), call(floats(2, 3), (3, 3)), call(floats(3, 2, 2), axes=(0, 1))]
SHIFTS = [
    call(floats(5)),
    call(complexes(2, 3)),
    call(floats(2, 3), 0),
    call(floats(2, 3, 4), axes=(0, -1)),
    call(floats(2, 3), [1]),
]

ROWS: dict[str, list[Sample]] = {
    "fft": LENGTHS,
    "ifft": LENGTHS,
    "rfft": [
        call(floats(4), n=4),
        call(floats(3), n=3, norm="ortho"),
        call(floats(2, 3), n=5, axis=0, norm="forward"),
        call(floats(2, 5), n=4, axis=-1, norm="backward"),
        call(floats(1), n=1),
    ],
    "irfft": [
        call(complexes(3), n=4),
        call(complexes(3), n=5, norm="ortho"),
        call(complexes(2, 3), n=6, axis=0, norm="forward"),
        call(complexes(2, 5), n=3, axis=-1, norm="backward"),
        call(floats(3), n=4),
        call(complexes(1), n=1),
    ],
}

CALLS: dict[str, list[Sample]] = {
    "fft.fft": ONE_AXIS,
    "fft.ifft": ONE_AXIS,
    "fft.rfft": REAL,
    "fft.irfft": ONE_AXIS,
    "fft.hfft": ONE_AXIS,
    "fft.ihfft": REAL,
    "fft.fftn": AXES,
    "fft.ifftn": AXES,
    "fft.rfftn": REAL_AXES,
    "fft.irfftn": HALF_AXES,
    "fft.fft2": [*TWO, *REAL_TWO],
    "fft.ifft2": [*TWO, *REAL_TWO],
    "fft.rfft2": REAL_TWO,
    "fft.irfft2": TWO,
    "fft.fftshift": SHIFTS,
    "fft.ifftshift": SHIFTS,
}
