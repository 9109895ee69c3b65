const MOST = 1000;

/**
 * `--limit N`, from 1 to 1,000 and 20 unless told, for commands that list what has happened.
 *
 * @param things what is listed: `runs`.
 */
export const limitFlag = (things: string) =>
  ({
    kind: "parsed",
    parse: parseLimit,
    default: "20",
    placeholder: things,
    brief: `How many ${things}, 1 to ${MOST}`,
  }) as const;

function parseLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new RangeError(`it has to be a whole number from 1 to ${MOST}`);
  return limit;
}
