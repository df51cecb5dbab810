"""A stand-in for Figshare: its API v2 in part, plain pages, and DOIs minted through a DOI registry.

It keeps what it is given, checks it and answers in Figshare's form; what it leaves out is listed on its
about page, so that nobody takes it for the real thing.
"""
