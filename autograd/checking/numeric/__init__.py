"""The numerical derivative of a function from R^n to R^m, with an error bar."""
