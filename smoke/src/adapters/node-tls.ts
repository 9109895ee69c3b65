import { createHash, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { networkFailure } from "../engine/network-failure.ts";
import type { Certificate, TlsQuery } from "../engine/ports.ts";

/**
 * Reads a server's certificate. The handshake goes on when the certificate is not trusted, so that the
 * report can say why it is not and how long it lasts.
 */
export function inspectCertificate({ host, port, name, signal }: TlsQuery): Promise<Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      // A name is asked for by SNI; an address cannot be, and is verified as the host.
      ...(isIP(name) === 0 ? { servername: name } : {}),
    });
    const onAbort = () => end(() => reject(signal.reason));
    const end = (settle: () => void) => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      settle();
    };
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("error", (error) => end(() => reject(networkFailure(`tls://${host}:${port}`, error))));
    socket.once("secureConnect", () => {
      const certificate = describe(socket);
      end(() => resolve(certificate));
    });
  });
}

function describe(socket: TLSSocket): Certificate {
  const { subject, issuer, subjectaltname = "", valid_to, raw } = socket.getPeerCertificate(true);
  const distrust = socket.authorized ? undefined : String(socket.authorizationError ?? "not trusted");
  return {
    ...(distrust === undefined ? {} : { distrust }),
    subject: nameOf(subject),
    issuer: nameOf(issuer),
    names: subjectaltname.split(", ").map((name) => name.replace(/^(?:DNS|IP Address):/, "")),
    validTo: Date.parse(valid_to),
    pin: pinOf(raw),
  };
}

function nameOf(
  name: { readonly CN?: string | string[]; readonly O?: string | string[] } | undefined,
): string {
  return [name?.CN ?? name?.O ?? "unknown"].flat().join(", ");
}

/** SHA-256 of the public key (SPKI) in base64: the pin of RFC 7469. */
function pinOf(certificate: Buffer): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}
