"""How a process of ours runs: settings, logs, metrics, health, streams, Redis (given or embedded), supervision."""
