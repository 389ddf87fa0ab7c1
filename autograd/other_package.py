"""A warning where the other package that is imported as `autograd` is installed too.

The distributions "valuegrad" and "autograd" (HIPS autograd) both install a folder `autograd`.
Installed into one environment their files mix, and nothing in Python or pip reports it.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable

ONLY_THEIRS = os.path.join("numpy", "numpy_vspaces.py")
"""A file of the other package for which this one will never have a use; names such as `core`,
`numpy` or `util` are no sign, since modules of these names may be added here."""


def warn_if_installed() -> None:
    """Warn where files of the other package are found in this environment.

    Costs a listing of the folder that this package is installed in.
    """
    package = os.path.dirname(os.path.abspath(__file__))
    found = traces(package, sys.path)
    if found:
        warnings.warn(
            f"files of another package that is imported as 'autograd' were found: {found[0]}. In "
            "one environment, it and valuegrad overwrite each other's files. To keep valuegrad, "
            "run `pip uninstall autograd valuegrad`, then install valuegrad again; to keep both, "
            "use a virtual environment for each",
            stacklevel=3,
        )


def traces(package: str, search_path: Iterable[str]) -> list[str]:
    """Paths that show the other package: its metadata, in the folder that holds `package` or in a
    site-packages folder of `search_path`, and a file of its own inside `package`."""
    sites = [os.path.dirname(package)]
    sites += [p for p in search_path if os.path.basename(p) in ("site-packages", "dist-packages")]
    found = [os.path.join(site, name) for site in dict.fromkeys(sites) for name in metadata(site)]
    inside = os.path.join(package, ONLY_THEIRS)
    return [*found, inside] if os.path.exists(inside) else found


def metadata(site: str) -> list[str]:
    """The names in a folder under which pip records the distribution "autograd"."""
    try:
        names = os.listdir(site)
    except OSError:
        return []
    return [
        name
        for name in names
        if name.startswith("autograd-") and name.endswith((".dist-info", ".egg-info"))
    ]
