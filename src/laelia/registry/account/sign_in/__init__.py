"""Signing in beyond a password: second factors, passkeys, links that reset, and the list of sessions."""
