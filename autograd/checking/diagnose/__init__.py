"""Why a gradient is wrong: the likely mistake, the entry, the operation, the smallest input."""
