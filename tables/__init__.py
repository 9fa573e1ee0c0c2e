"""Tables of texts, and what is known of how people write them. It knows no app."""
