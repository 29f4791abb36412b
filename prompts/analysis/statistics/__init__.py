"""What a comparison may say of models: rates, differences, times and money, each with its interval and its rule."""
