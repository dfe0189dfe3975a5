"""From a command line to a configuration and its parts."""
