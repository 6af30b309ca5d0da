"""Programs by somebody who had not seen this code, as they were written: the pictures of their graphs are judged."""
