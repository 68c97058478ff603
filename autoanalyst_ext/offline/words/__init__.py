"""The words of questions: tokens, what they may mean, and what a table calls its columns and values."""
