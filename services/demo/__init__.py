"""The whole road on one machine: a sample article, and three small real receivers to send it to."""
