"""What is doubtful in a file: each check gives warnings to whoever sent it, and refuses nothing."""
