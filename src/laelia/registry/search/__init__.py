"""Finding people: an index beside the database that follows the change log, and the questions it answers."""
