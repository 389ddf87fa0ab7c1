"""`compile`: a function runs once on arrays that write down what is done to them; what is written
down, a straight line of NumPy calls, is made shorter, printed as source text, and run instead."""
