/** Runs asynchronous work strictly one after the other, in the order of the calls. */
export type OneAtATime = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a queue of its own. Work that rejects does not hold up what comes after it. */
export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    // The caller gets the rejection; the queue only has to know that the work is over.
    last = result.catch(() => undefined);
    return result;
  };
}
