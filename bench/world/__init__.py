"""A made-up organisation of any size, for measuring: the same one each time but for its dates."""

from bench.world.build import ONE, Marks, Size, World, build
from bench.world.load import load

__all__ = ["ONE", "Marks", "Size", "World", "build", "load"]
