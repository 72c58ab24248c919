"""The dialect in which lexicons write patterns, and how patterns are asked no oftener than they must be."""
