"""What a person has set: keys, addresses, hosts, time limits."""
