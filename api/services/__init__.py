"""What the product does, without a web: a service takes a connection and plain values.

HTTP and the command line call the same functions, so they give the same answers.
"""
