"""What is wrong or weak."""
