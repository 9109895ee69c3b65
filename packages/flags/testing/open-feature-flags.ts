import type { Flag, Variant } from "../src/document/flag.ts";
import type { FlagValue } from "../src/document/flag-value.ts";
import { makeFlag } from "./make-flag.ts";

/**
 * The flags that OpenFeature's evaluation scenarios (specification/assets/gherkin/evaluation_v2.feature) ask for, as
 * ours: a "default variant" is the only one with a weight; targeted flags have a rule for one address, and
 * are worth their off variant for everybody else.
 */
export const openFeatureFlags: readonly Flag[] = [
  fixed("boolean-flag", { on: true, off: false }, "on"),
  fixed("string-flag", { greeting: "hi", parting: "bye" }, "greeting"),
  fixed("integer-flag", { one: 1, ten: 10 }, "ten"),
  fixed("float-flag", { tenth: 0.1, half: 0.5 }, "half"),
  fixed(
    "object-flag",
    { empty: {}, template: { showImages: true, title: "Check out these pics!", imagesPerPage: 100 } },
    "template",
  ),
  fixed("boolean-zero-flag", { zero: false, "non-zero": true }, "zero"),
  fixed("string-zero-flag", { zero: "", "non-zero": "str" }, "zero"),
  fixed("integer-zero-flag", { zero: 0, "non-zero": 1 }, "zero"),
  fixed("float-zero-flag", { zero: 0.0, "non-zero": 1.0 }, "zero"),
  fixed("object-zero-flag", { zero: {}, "non-zero": { a: 1 } }, "zero"),
  targeted("boolean-targeted-zero-flag", { zero: false, "non-zero": true }),
  targeted("string-targeted-zero-flag", { zero: "", "non-zero": "str" }),
  targeted("integer-targeted-zero-flag", { zero: 0, "non-zero": 1 }),
  targeted("float-targeted-zero-flag", { zero: 0.0, "non-zero": 1.0 }),
  targeted("object-targeted-zero-flag", { zero: {}, "non-zero": { a: 1 } }),
  makeFlag(
    "context-aware",
    {
      rules: [
        {
          constraints: [{ attribute: "customer", operator: "IN", values: ["false"] }],
          variants: [{ name: "internal", weight: 1, value: "INTERNAL" }],
        },
      ],
      variants: [{ name: "external", weight: 1, value: "EXTERNAL" }],
    },
    { safeValue: "EXTERNAL", offVariant: "external" },
  ),
  makeFlag("boolean-disabled-flag", { enabled: false }),
  makeFlag("string-disabled-flag", { enabled: false }, { safeValue: "bye" }),
];

function weighted(values: Readonly<Record<string, FlagValue>>, chosen: string): Variant[] {
  return Object.entries(values).map(([name, value]) => ({ name, value, weight: name === chosen ? 1 : 0 }));
}

function fixed(key: string, values: Readonly<Record<string, FlagValue>>, chosen: string): Flag {
  return makeFlag(key, { variants: weighted(values, chosen) }, { safeValue: Object.values(values)[0]! });
}

function targeted(key: string, values: Readonly<Record<string, FlagValue>>): Flag {
  const rules = [
    { constraints: [{ attribute: "email", operator: "IN", values: ["ballmer@macrosoft.com"] }] },
  ];
  const declaration = { safeValue: values["non-zero"]!, offVariant: "zero" };
  return makeFlag(key, { rules, variants: weighted(values, "zero") }, declaration);
}
