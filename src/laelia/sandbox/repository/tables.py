"""The repository's tables. Times are milliseconds since 1970 UTC.

An article has one draft (what its owner works on) and any number of public versions; a version keeps the
whole metadata as it was published, so that what was cited can always be shown again.
"""

import sqlalchemy as sa

from laelia.lib.database import BigInt, Json
from laelia.lib.jobs import job_table
from laelia.lib.web.session import session_table

metadata = sa.MetaData()

account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("orcid", sa.String(19), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("grant_sealed", sa.Text),  # the registry's access token; null once she disconnected
    sa.Column("scope", sa.Text, nullable=False, default=""),
    sa.Column("created", BigInt, nullable=False),
    sa.Column("seen", BigInt, nullable=False),
    sa.Column("disconnected", BigInt),
)

token = sa.Table(
    "token",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("created", BigInt, nullable=False),
    sa.Column("used", BigInt),
    sqlite_autoincrement=True,
)

author = sa.Table(
    "author",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    # Whose author this is: null for a name that somebody wrote down; its iD is then typed, not proven.
    sa.Column("account_id", sa.ForeignKey("account.id"), unique=True),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("first_name", sa.Text, nullable=False, default=""),
    sa.Column("last_name", sa.Text, nullable=False, default=""),
    sa.Column("orcid", sa.String(19), nullable=False, default="", index=True),
    sqlite_autoincrement=True,
)

article = sa.Table(
    "article",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("account.id"), nullable=False, index=True),
    sa.Column("draft", Json, nullable=False),  # articles.Draft as JSON
    sa.Column("version", sa.Integer, nullable=False, default=0),  # newest public version, 0 before the first
    sa.Column("doi", sa.Text, nullable=False, default="", index=True),  # base DOI once reserved or published
    sa.Column("created", BigInt, nullable=False),
    sa.Column("modified", BigInt, nullable=False),
    sa.Column("published", BigInt, index=True),  # of the newest version
    sa.Column("posted", BigInt),  # of the first
    sa.Column("unpublished", BigInt),  # taken from the public; its next publication is a version like others
    # An id is part of a DOI: a deleted draft's may have been promised to somebody.
    sqlite_autoincrement=True,
)

version = sa.Table(
    "version",
    metadata,
    sa.Column("article_id", sa.ForeignKey("article.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("body", Json, nullable=False),  # articles.Body as JSON: metadata, authors and files
    sa.Column("doi", sa.Text, nullable=False),  # as it is shown: of the version, or the base DOI
    sa.Column("published", BigInt, nullable=False),
    sa.Column("modified", BigInt, nullable=False),
)

term = sa.Table(  # what the search finds: words of the newest public version
    "term",
    metadata,
    sa.Column("article_id", sa.ForeignKey("article.id"), primary_key=True),
    sa.Column("field", sa.String(16), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("value", sa.Text, nullable=False),  # lower case
)

file = sa.Table(
    "file",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("article_id", sa.ForeignKey("article.id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("size", BigInt, nullable=False),
    sa.Column("mimetype", sa.Text, nullable=False, default=""),
    sa.Column("supplied_md5", sa.String(32), nullable=False, default=""),
    sa.Column("computed_md5", sa.String(32), nullable=False, default=""),
    sa.Column("link", sa.Text, nullable=False, default=""),  # a link-only file keeps no bytes
    sa.Column("status", sa.String(16), nullable=False),  # created | available
    sa.Column("upload_token", sa.String(64), unique=True),
    sa.Column("created", BigInt, nullable=False),
    # Taken out of the draft; the bytes stay as long as a public version names it.
    sa.Column("removed", BigInt),
    sqlite_autoincrement=True,
)

part = sa.Table(
    "part",
    metadata,
    sa.Column("file_id", sa.ForeignKey("file.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("start", BigInt, nullable=False),
    sa.Column("stop", BigInt, nullable=False),  # inclusive, as the upload service counts
    sa.Column("content", sa.LargeBinary),  # null while the part is pending
)

doi = sa.Table(  # one row per DOI of ours: what the DOI registry should know, and what it has been told
    "doi",
    metadata,
    sa.Column("doi", sa.Text, primary_key=True),
    sa.Column("article_id", sa.ForeignKey("article.id"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False, default=0),  # 0: the base DOI, else that of a version
    sa.Column("wanted", sa.Integer, nullable=False),  # counts up with each change
    sa.Column("sent", sa.Integer, nullable=False, default=0),  # the `wanted` that was last accepted
    sa.Column("registered", BigInt),
    sa.Column("tried", BigInt),
    sa.Column("tries", sa.Integer, nullable=False, default=0),  # failed attempts since the last that worked
    sa.Column("trouble", sa.Text),  # why the last attempt failed
)

job = job_table(metadata)
session = session_table(metadata)
