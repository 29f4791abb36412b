"""The statistics behind comparisons: rates, differences, times and money, each with an interval and its method."""
