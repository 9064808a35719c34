"""Merges of sparsely populated units: asked of the store or of a draft, answered with reasons."""
