"""Certificates for the tests, by `evtwin pki` and the openssl program."""

import base64
import hashlib
import pathlib
import subprocess

from process import EVTWIN


class Keys:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        subprocess.run([EVTWIN, "pki", folder], check=True, capture_output=True)

    def text(self, name):
        return (self.folder / name).read_text()

    def signed(self, csr):
        """The chain for a signing request: the certificate and the sub authority's."""
        extensions = self.folder / "extensions.cnf"
        extensions.write_text("authorityInfoAccess = OCSP;URI:http://127.0.0.1:9/ocsp\n")
        command = ["openssl", "x509", "-req", "-days", "30", "-CA", self.folder / "csms-ca.pem",
                   "-CAkey", self.folder / "csms-ca.key", "-set_serial", str(len(csr) + 4711), "-extfile", extensions]
        made = subprocess.run(command, input=csr.encode(), check=True, capture_output=True)
        return made.stdout.decode() + self.text("csms-ca.pem")

    def signature(self, image):
        """Of a firmware image, over its SHA-256, in base64."""
        command = ["openssl", "dgst", "-sha256", "-sign", self.folder / "firmware-signing.key"]
        return base64.b64encode(subprocess.run(command, input=image, check=True, capture_output=True).stdout).decode()

    @staticmethod
    def md5(image):
        return hashlib.md5(image).hexdigest()
