/** A public key of a machine. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`, … */
  readonly type: string;
  readonly base64: string;
}

/**
 * Reads a public key as it stands in `authorized_keys`, `known_hosts` or a `.pub` file: whatever is before and
 * after it is passed over. `undefined` when there is none.
 */
export function parseHostKey(text: string): HostKey | undefined {
  const words = text.trim().split(/\s+/);
  for (const [index, type] of words.entries()) {
    const base64 = words[index + 1];
    if (base64 !== undefined && namesItself(type, base64)) return { type, base64 };
  }
  return undefined;
}

/** A key begins with the name of its type, after the length of the name in four bytes. */
function namesItself(type: string, base64: string): boolean {
  if (!/^[A-Za-z0-9+/]+=*$/.test(base64)) return false;
  const bytes = Buffer.from(base64, "base64");
  return (
    bytes.length > 4 + type.length &&
    bytes.readUInt32BE(0) === type.length &&
    bytes.subarray(4, 4 + type.length).equals(Buffer.from(type))
  );
}

/** The name under which ssh looks a given key up, whatever the machine's address. */
export const HOST_KEY_ALIAS = "given-host-key";

/** A `known_hosts` file that knows exactly this key. */
export function knownHosts({ type, base64 }: HostKey): string {
  return `${HOST_KEY_ALIAS} ${type} ${base64}\n`;
}
