"""Whether an environment is alone with itself: its own credentials, tried on everything else.

What is reached is said by the engines, not by their configuration. Each kind of attempt is also
made on something that must open, so that a probe which cannot try anything does not pass.
"""
