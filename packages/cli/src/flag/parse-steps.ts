/**
 * The steps of a ramp as people write them: ascending shares, the last one 100.
 *
 * @throws {RangeError} for anything else.
 * @example
 * parseSteps("10,50,100"); // [10, 50, 100]
 */
export function parseSteps(text: string): readonly number[] {
  const steps = text.split(",").map((word) => (word.trim() === "" ? Number.NaN : Number(word)));
  if (steps.some((step) => !Number.isInteger(step) || step < 1 || step > 100))
    throw new RangeError("each step has to be a whole number from 1 to 100, with commas between: 10,50,100");
  if (steps.some((step, index) => index > 0 && step <= (steps[index - 1] ?? 0)))
    throw new RangeError("the steps have to ascend");
  if (steps.at(-1) !== 100) throw new RangeError("the last step has to be 100");
  return steps;
}
