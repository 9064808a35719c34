"""Fact files of the sample county; ``SOURCES.md`` says where each comes from."""
