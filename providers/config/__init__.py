"""The user's configuration: keys, addresses, hosts, time limits."""
