/**
 * Murmur3 (x86, 32 bits) over the UTF-8 bytes of a text, in two halves: the salt of a flag never changes, so
 * its state is kept and only the id is hashed per evaluation. Written here because the usual packages
 * hash UTF-16 code units, each in its own way: ids outside ASCII would land in other buckets than anywhere else.
 */
export interface MurmurState {
  readonly hash: number;
  /** Bytes that do not fill a block of four yet, and how many bits they take: 0, 8, 16 or 24. */
  readonly rest: number;
  readonly bits: number;
  readonly length: number;
}

/** Hashes what is the same for every id. */
export function murmurState(text: string, seed = 0): MurmurState {
  let hash = seed;
  let rest = 0;
  let bits = 0;
  const bytes = new TextEncoder().encode(text);
  for (const byte of bytes) {
    rest |= byte << bits;
    bits += 8;
    if (bits === 32) {
      hash = block(hash, rest);
      rest = 0;
      bits = 0;
    }
  }
  return { hash, rest, bits, length: bytes.length };
}

/** The hash of the state's text followed by `text`: an integer from 0 to 2^32 - 1. Allocates nothing. */
export function murmurFrom(state: MurmurState, text: string): number {
  let hash = state.hash;
  let rest = state.rest;
  const bits = state.bits;
  const end = text.length;
  let at = 0;
  // Four ASCII characters at a time: ids hardly ever have anything else.
  for (; at + 4 <= end; at += 4) {
    const a = text.charCodeAt(at);
    const b = text.charCodeAt(at + 1);
    const c = text.charCodeAt(at + 2);
    const d = text.charCodeAt(at + 3);
    if ((a | b | c | d) > 0x7f) return murmurSlow(hash, rest, bits, state.length + at, text, at);
    const word = a | (b << 8) | (c << 16) | (d << 24);
    if (bits === 0) hash = block(hash, word);
    else {
      hash = block(hash, rest | (word << bits));
      rest = word >>> (32 - bits);
    }
  }
  return murmurSlow(hash, rest, bits, state.length + at, text, at);
}

/** Byte by byte, from any alignment. A lone surrogate is U+FFFD, as everywhere in the web platform. */
function murmurSlow(start: number, tail: number, shift: number, count: number, text: string, from: number) {
  let hash = start;
  let rest = tail;
  let bits = shift;
  let length = count;
  for (let at = from; at < text.length; at += 1) {
    let point = text.charCodeAt(at);
    if (point >= 0xd800 && point < 0xe000) {
      const low = at + 1 < text.length ? text.charCodeAt(at + 1) : 0;
      if (point < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        at += 1;
      } else point = 0xfffd;
    }
    const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    length += size;
    for (let index = 0; index < size; index += 1) {
      rest |= utf8Byte(point, size, index) << bits;
      bits += 8;
      if (bits === 32) {
        hash = block(hash, rest);
        rest = 0;
        bits = 0;
      }
    }
  }
  if (bits > 0) hash ^= scramble(rest);
  hash ^= length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function utf8Byte(point: number, size: number, index: number): number {
  if (size === 1) return point;
  const bits = (point >>> (6 * (size - 1 - index))) & 0x3f;
  return index === 0 ? bits | ((0xf00 >>> size) & 0xff) : bits | 0x80;
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function block(hash: number, word: number): number {
  const mixed = hash ^ scramble(word);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}
