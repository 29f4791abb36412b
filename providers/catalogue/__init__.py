"""What is known of model families, models and prices, each fact with its source and date."""
