"""The layer below the SDKs: a transport that marks times and bounds answers, stream lines, vendors' error bodies."""
