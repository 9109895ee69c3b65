/** A version without white space and the `v` that tags have. */
export function plainVersion(version: string): string {
  return version.trim().replace(/^v(?=\d)/i, "");
}

/** A digest in lower case without the name of its algorithm. */
export function plainDigest(digest: string): string {
  return digest
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, "");
}
