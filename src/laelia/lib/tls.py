"""HTTPS on a laptop: a certificate authority made on the spot, and certificates from it.

`ca.pem` is what clients are told to trust. The authority's key stays in the folder, for its owner only.
"""

import datetime
import fcntl
import ipaddress
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAY = datetime.timedelta(days=1)


def certificate_for(folder: Path, names: Sequence[str]) -> tuple[Path, Path]:
    """(certificate, key) for these names and addresses; made anew when missing, for others or expiring."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = "".join(each if each.isalnum() or each in ".-" else "_" for each in names[0])
    certificate, key = folder / f"{stem}.pem", folder / f"{stem}.key"
    with (folder / "lock").open("w") as lock:  # several services may start at once and share the authority
        fcntl.flock(lock, fcntl.LOCK_EX)
        authority, authority_key = _authority(folder)
        if not _serves(certificate, key, names, authority):
            _issue(certificate, key, names, authority, authority_key)
    return certificate, key


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    certificate, key = folder / "ca.pem", folder / "ca.key"
    if certificate.exists() and key.exists():
        loaded = serialization.load_pem_private_key(key.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(certificate.read_bytes()), loaded
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Laelia local CA {os.urandom(3).hex()}")])
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    made = (
        _builder(name, name, private, 3650)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    _write(key, _pem(private))
    _write(certificate, made.public_bytes(serialization.Encoding.PEM), 0o644)
    return made, private


def _issue(
    certificate: Path,
    key: Path,
    names: Sequence[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    made = (
        _builder(subject, authority.subject, private, 397)
        .add_extension(x509.SubjectAlternativeName([_general(each) for each in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    chain = made.public_bytes(serialization.Encoding.PEM) + authority.public_bytes(serialization.Encoding.PEM)
    _write(key, _pem(private))
    _write(certificate, chain, 0o644)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _DAY)
        .not_valid_after(now + days * _DAY)
    )


def _serves(certificate: Path, key: Path, names: Sequence[str], authority: x509.Certificate) -> bool:
    if not (certificate.exists() and key.exists()):
        return False
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    named = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    fresh = found.not_valid_after_utc - datetime.datetime.now(datetime.UTC) > 7 * _DAY
    return (
        fresh and found.issuer == authority.subject and all(_general(each) in list(named) for each in names)
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int = 0o600) -> None:
    """In one step, so that two services that start at once never read half a file."""
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
    temporary.replace(path)
