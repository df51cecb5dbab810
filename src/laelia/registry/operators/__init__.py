"""Running the registry: members and their clients, records, who may do that, and what was done."""
