"""Bytes -> promises kept or broken: targets, what drives them, what broke them."""
