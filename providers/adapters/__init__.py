"""One adapter a wire format: from our request to the vendor's SDK, and from its stream to our events."""
