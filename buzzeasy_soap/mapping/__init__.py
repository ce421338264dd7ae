"""The hand-written mapping layer: turns parameters into records, and results into models and errors."""
