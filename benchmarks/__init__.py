"""Every speed, size and accuracy figure that the project claims, each measured by one command: ``make bench``."""
