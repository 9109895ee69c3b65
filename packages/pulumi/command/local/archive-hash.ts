import { createHash } from "node:crypto";

const BLOCK = 512;
const LONGEST_NAME = 100;

/**
 * The hash that Pulumi gives an archive made of files: SHA-256 over a tar stream of them, in the order of their
 * paths. `undefined` where the classic header cannot hold a name; Pulumi computes the hash itself then, when it
 * needs one.
 */
export function archiveHash(
  files: readonly { readonly path: string; readonly content: Buffer }[],
): string | undefined {
  const plain = (path: string) => /^[\x20-\x7e]+$/.test(path) && path.length <= LONGEST_NAME;
  if (!files.every(({ path }) => plain(path))) return undefined;
  const hash = createHash("sha256");
  for (const { path, content } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(tarHeader(path, content.length));
    hash.update(content);
    hash.update(Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return hash.update(Buffer.alloc(2 * BLOCK)).digest("hex");
}

/** The ustar header of a plain file with mode 0600 and nothing else set. */
function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");
  header.write(name, 0);
  header.write(octal(0o600, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(0, 11), 136);
  header.write(" ".repeat(8), 148);
  header.write("0", 156);
  header.write("ustar\u000000", 257);
  header.write(octal(0, 7), 329);
  header.write(octal(0, 7), 337);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${octal(checksum, 6)}\0`, 148);
  return header;
}
