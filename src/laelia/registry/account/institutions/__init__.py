"""Signing in through an organisation: identity providers of SAML 2.0 and OpenID Connect, the accounts there
that are linked to an iD, and what happens between the question and the answer.

What others sign bears real time: it is judged by the machine's clock, also where a sandbox moves its own.
"""
