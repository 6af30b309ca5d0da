"""To and from objects of other packages."""
