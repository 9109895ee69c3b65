import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

/** Limits of a download. There is none on the whole: a slow line is no error, a silent one is. */
export interface DownloadLimits {
  /** Until the server answers. */
  readonly answerMs: number;
  /** Between two pieces of the body. */
  readonly silenceMs: number;
}

export const defaultLimits: DownloadLimits = { answerMs: 8_000, silenceMs: 20_000 };

/** The server's answer was not the file. */
export class HttpStatusError extends Error {
  readonly status: number;

  constructor(url: string, status: number) {
    super(`${url} answers ${status}`);
    this.status = status;
  }
}

/**
 * Downloads a file.
 *
 * @param onBytes is told how much has come so far.
 * @returns the sha256 of what was written, in hex.
 * @throws HttpStatusError; the reason of `signal`; an Error that says what the line did.
 */
export async function downloadFile(
  url: string,
  file: string,
  limits: DownloadLimits,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<string> {
  const silence = new AbortController();
  const stop = AbortSignal.any(signal === undefined ? [silence.signal] : [silence.signal, signal]);
  let timer: NodeJS.Timeout | undefined;
  const expect = (ms: number, what: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error(`${what} for ${ms / 1000} s`)), ms);
  };
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    expect(limits.answerMs, "no answer");
    const response = await fetch(url, { signal: stop });
    if (!response.ok || response.body === null) throw new HttpStatusError(url, response.status);
    expect(limits.silenceMs, "nothing came");
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        expect(limits.silenceMs, "nothing came");
        hash.update(chunk);
        bytes += chunk.length;
        onBytes?.(bytes);
        done(null, chunk);
      },
    });
    // The DOM's type of a stream and Node's are the same object.
    const body = Readable.fromWeb(response.body as ReadableStream);
    await pipeline(body, meter, createWriteStream(file), { signal: stop });
    return hash.digest("hex");
  } catch (error) {
    // An aborted pipeline reports that it was aborted, not why.
    throw stop.aborted ? stop.reason : error;
  } finally {
    clearTimeout(timer);
  }
}
