import { StringDecoder } from "node:string_decoder";

/** Longer lines are cut for display: a status line is read at a glance, and the engine sends each as one message. */
export const LONGEST_LINE = 2_000;

/** Cuts a stream of bytes into lines as they end. */
export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Gives out what stands after the last line break. */
  end(): void;
}

/**
 * Splits output into lines for display. Of a long line no more than {@link LONGEST_LINE} characters are ever
 * held, so that a megabyte without a line break costs nothing and holds nothing up.
 */
export function createLineSplitter(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let line = "";
  let left = 0;

  const add = (part: string) => {
    const room = LONGEST_LINE - line.length;
    line += part.slice(0, room);
    left += Math.max(0, part.length - room);
  };
  const flush = () => {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    onLine(left === 0 ? text : `${text}… (${left} more characters)`);
    line = "";
    left = 0;
  };
  const take = (text: string) => {
    const parts = text.split("\n");
    for (const [index, part] of parts.entries()) {
      add(part);
      if (index < parts.length - 1) flush();
    }
  };

  return {
    push: (chunk) => take(decoder.write(chunk)),
    end: () => {
      take(decoder.end());
      if (line !== "" || left > 0) flush();
    },
  };
}
