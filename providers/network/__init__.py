"""Below the SDKs: one transport that marks times and bounds answers, stream lines, vendors' error bodies."""
