"""Letters that come in: read from their bytes, safely and in linear time, and told apart."""
