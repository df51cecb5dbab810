"""The key and certificate that we sign with, and those of others that we check with."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

BITS = 3072


def make(folder: Path, name: str, years: int) -> tuple[Path, Path]:
    """A new key and its self-signed certificate, as SAML uses them: providers compare it with the one in our
    metadata, and nobody asks who issued it. Raises OSError (FileExistsError: one is there already)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name[:64])])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    files = folder.absolute() / "saml.key", folder.absolute() / "saml.crt"
    plain, pem = serialization.NoEncryption(), serialization.Encoding.PEM
    _write(files[0], key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    _write(files[1], certificate.public_bytes(pem))
    return files


def checked(pem: str) -> str:
    """The text, if it is one certificate in PEM; raises ValueError."""
    found = x509.load_pem_x509_certificates(pem.encode())
    if len(found) != 1:
        raise ValueError(f"it holds {len(found)} certificates, and one is expected")
    return pem


def _write(file: Path, content: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
