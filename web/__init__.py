"""What all apps share for HTTP: parameters, problems, numbers, conditions, the schema."""
