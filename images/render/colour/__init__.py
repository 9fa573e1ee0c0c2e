"""What colours values get. Arrays in, arrays out."""
