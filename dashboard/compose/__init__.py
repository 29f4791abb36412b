"""Everything above the answers: prompt, models, settings, files, forecast, and starting a run."""
