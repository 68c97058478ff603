"""The offline analyst: questions in plain words about tables become plans, code and answers, without a model."""
