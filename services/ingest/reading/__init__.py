"""Reading in a process of its own, with a deadline: a text that never ends costs its own reading and nothing else.

Nothing is imported here: the process that reads is of this room too, and wants none of what its keeper does.
"""
