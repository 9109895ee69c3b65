import { isSlipwayError, type SlipwayError } from "@slipway/kernel";

/** The SlipwayError that some work ends with; anything else, an ordinary end too, fails the test. */
export async function caught(work: () => unknown): Promise<SlipwayError> {
  try {
    await work();
  } catch (error) {
    if (isSlipwayError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
