"""Facts about model families, models and prices, each with its source and date."""
