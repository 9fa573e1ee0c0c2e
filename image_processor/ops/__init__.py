"""Health, metrics, logs and admission."""
