"""A work as others cite it: CSL, BibTeX, and the LaTeX in it."""
