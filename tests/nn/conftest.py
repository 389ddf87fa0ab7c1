"""What pytest leaves alone: the programs that write reference numbers, since they need PyTorch."""

from __future__ import annotations

collect_ignore_glob = ["references/make_*.py"]
