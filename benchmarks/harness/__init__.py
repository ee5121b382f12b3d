"""Builds, measures and reports. What is measured is in the package rows."""
