/** A network: its address as bytes (4 or 16) and how many leading bits count. */
export interface Network {
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** `10.0.0.0/8`, `2001:db8::/32` or a single address; null when it is neither. */
export function parseNetwork(text: string): Network | null {
  const [address = "", prefix, more] = text.split("/");
  const bytes = parseAddress(address);
  if (bytes === null || more !== undefined) return null;
  if (prefix === undefined) return { bytes, bits: bytes.length * 8 };
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  return bits <= bytes.length * 8 ? { bytes, bits } : null;
}

/** The bytes of an IPv4 or IPv6 address, or null. An IPv4 address written as IPv6 is IPv4. */
export function parseAddress(text: string): readonly number[] | null {
  if (!text.includes(":")) return parseV4(text);
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const groups = halves.map(parseGroups);
  const [head, tail] = groups;
  if (head === null || head === undefined || tail === null) return null;
  const missing = 16 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  const bytes = [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  return mapped ? bytes.slice(12) : bytes;
}

/** Whether the address is inside the network. */
export function contains({ bytes, bits }: Network, address: readonly number[]): boolean {
  if (bytes.length !== address.length) return false;
  for (let index = 0; index * 8 < bits; index += 1) {
    const mask = 0xff & (0xff << Math.max(0, 8 - (bits - index * 8)));
    if (((bytes[index]! ^ address[index]!) & mask) !== 0) return false;
  }
  return true;
}

function parseV4(text: string): readonly number[] | null {
  const parts = text.split(".");
  const fine =
    parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return fine ? parts.map(Number) : null;
}

function parseGroups(text: string): readonly number[] | null {
  if (text === "") return [];
  const parts = text.split(":");
  const bytes: number[] = [];
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes(".") ? parseV4(part) : null;
    if (v4 !== null) bytes.push(...v4);
    else if (/^[\da-fA-F]{1,4}$/.test(part)) {
      const group = Number.parseInt(part, 16);
      bytes.push(group >>> 8, group & 255);
    } else return null;
  }
  return bytes;
}
