import type { Json } from "@slipway/kernel";
import fc from "fast-check";

/** Every character that a text in Postgres may hold: all of Unicode but NUL and halves of surrogate pairs. */
export const anyText = fc
  .string({ unit: "binary", maxLength: 30 })
  .map((value) => value.replaceAll("\0", ""));

const scalar = fc.oneof(
  anyText,
  fc.maxSafeInteger(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0, -0, 2 ** 53 - 1, -(2 ** 53) + 1),
);

/** JSON as the audit keeps it: every kind of value, integers only. */
export const anyJson = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(anyText, tie("value"), { maxKeys: 6 }),
  ),
})).value;
