"""Lists that no record owns: clients, group ids, types of identifiers, organisations."""
