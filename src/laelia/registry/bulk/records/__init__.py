"""Records as ORCID writes them: loaded from files and archives, and dumped again."""
