import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A certificate that has signed itself, as PEM: it is its own authority. */
export interface SelfSigned {
  certificate: string;
  key: string;
}

const dayMs = 86_400_000;

/**
 * Makes a certificate for one or several host names with openssl, valid from a month ago.
 * @param ends when it ends; it may be in the past. Default: tomorrow
 */
export async function selfSigned(
  host: string | readonly string[],
  ends = new Date(Date.now() + dayMs),
): Promise<SelfSigned> {
  const hosts = [host].flat();
  const folder = mkdtempSync(join(tmpdir(), "logharbor-certificate-"));
  const openssl = async (...args: string[]) => promisify(execFile)("openssl", args, { cwd: folder });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  try {
    write("index.txt", "");
    write("serial", "01\n");
    write("ca.cnf", authority(hosts));
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    await openssl("req", "-new", ...curve, "-subj", `/CN=${hosts[0]}`, "-keyout", "tls.key", "-out", "tls.csr");
    // Of openssl's commands, only this one takes an end in the past.
    const files = ["-keyfile", "tls.key", "-in", "tls.csr", "-out", "tls.crt", "-notext"];
    const begins = new Date(Math.min(Date.now(), ends.getTime()) - 30 * dayMs);
    const dates = ["-startdate", asn1(begins), "-enddate", asn1(ends)];
    await openssl("ca", "-batch", "-selfsign", "-config", "ca.cnf", ...files, ...dates);
    return { certificate: read("tls.crt"), key: read("tls.key") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function authority(hosts: readonly string[]): string {
  return `[ca]
default_ca = itself
[itself]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
basicConstraints = critical, CA:TRUE
subjectAltName = ${hosts.map((host) => `DNS:${host}`).join(",")}
`;
}

/** 20260131235959Z */
function asn1(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-T:]/g, "")}Z`;
}
