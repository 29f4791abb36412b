"""One adapter per wire format: translates our request to the vendor's SDK, and its stream to our events."""
