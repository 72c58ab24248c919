"""What waits for an operator since reading was not sure: kept with its article, answered once, and then an example."""
