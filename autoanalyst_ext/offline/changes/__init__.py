"""What a question makes of the last plan: follow-ups and corrections, in people's few words."""
