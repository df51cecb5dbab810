"""How a record ends: deactivated, merged into another, erased; and what it takes to come back."""
