"""Use cases over devices and gateways, and the acts' other half."""
