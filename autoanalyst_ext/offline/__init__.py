"""The offline analyst: questions about tables in plain words become plans and answers, without a model."""
