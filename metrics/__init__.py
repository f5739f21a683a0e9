"""What models and windows are judged by: one formula each, for training, monitoring, benchmarks and documents."""
