"""The calls that make an environment, made directly: engines' client libraries and nothing else.

They repeat on purpose what `bough_components.local` does, so that the floor does not change when
a provider becomes slower.
"""
