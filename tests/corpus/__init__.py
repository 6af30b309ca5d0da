"""Inputs that a fuzzer kept because each leads the code along another way, a folder for each target."""
