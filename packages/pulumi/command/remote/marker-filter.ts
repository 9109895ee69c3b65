/** Finds the line that says that the other side has begun, in the stream of its errors. */
export interface MarkerFilter {
  push(chunk: Buffer): void;
  /** Whether the marker has come. */
  readonly seen: boolean;
  /** What came before it: ssh's own messages, and what the other side's shell prints at its start. */
  readonly before: string;
}

/** Lets through what comes after the line with the marker, and keeps what comes before. */
export function markerFilter(marker: string, onRest: (chunk: Buffer) => void): MarkerFilter {
  const line = Buffer.from(`${marker}\n`);
  let before = Buffer.alloc(0);
  let seen = false;
  return {
    push(chunk) {
      if (seen) return onRest(chunk);
      before = Buffer.concat([before, chunk]);
      const at = before.indexOf(line);
      if (at === -1) return;
      seen = true;
      const rest = before.subarray(at + line.length);
      before = before.subarray(0, at);
      if (rest.length > 0) onRest(rest);
    },
    get seen() {
      return seen;
    },
    get before() {
      return before.toString();
    },
  };
}
