"""The scorers: one frozen dataclass for each way of judging a prediction."""
