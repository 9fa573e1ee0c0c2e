"""The domain: CSV to traces to storage; depth range to traces to colour to bytes."""
