"""Speed and memory of valuegrad beside other packages and beside NumPy by hand."""
