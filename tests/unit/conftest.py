"""How properties are tested."""

from hypothesis import settings

# how long an example takes says something about the machine and nothing about the property
settings.register_profile("bough", deadline=None)
settings.load_profile("bough")
