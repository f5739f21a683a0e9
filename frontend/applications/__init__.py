"""Applications as the page keeps them: form, samples, scenarios, batches."""
