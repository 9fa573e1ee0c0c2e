"""What all apps share for HTTP: parameters, problems, numbers, caching, the schema."""
