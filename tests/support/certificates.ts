import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A certificate that has signed itself, as PEM: it is its own authority. */
export interface SelfSigned {
  certificate: string;
  key: string;
}

/** Makes a certificate for a host name with openssl, valid for a day. */
export async function selfSigned(host: string): Promise<SelfSigned> {
  const folder = mkdtempSync(join(tmpdir(), "logharbor-certificate-"));
  const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  try {
    const made = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=${host}`;
    await promisify(execFile)("openssl", [
      ...made.split(" "),
      "-addext",
      `subjectAltName=DNS:${host}`,
      "-keyout",
      key,
      "-out",
      certificate,
    ]);
    return { certificate: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
