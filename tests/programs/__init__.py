"""Programs written for micrograd's Value. `test_programs` runs each on micrograd and on ours, and compares the output.

A program defines `main(Value)` and prints numbers in full.
"""
