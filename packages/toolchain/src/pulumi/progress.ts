/**
 * Is told what is done while a tool is got: `stage` lines say what begins, `elapsed` ones, every 10 seconds,
 * that it still goes on.
 */
export type Progress = (line: string, kind?: "stage" | "elapsed") => void;

const TELL_MS = 10_000;

/**
 * Runs `work` and says every 10 seconds how long it has been at it.
 *
 * @param describe what the seconds are put into: `(elapsed) => "building, " + elapsed`.
 */
export async function withElapsed<T>(
  onProgress: Progress,
  describe: (elapsed: string) => string,
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const timer = setInterval(
    () => onProgress(describe(`${Math.round((performance.now() - started) / 1000)} s`), "elapsed"),
    TELL_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
