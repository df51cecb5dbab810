"""Lists that no record owns: types of identifier, organisations, groups of peer reviews, put-codes."""
