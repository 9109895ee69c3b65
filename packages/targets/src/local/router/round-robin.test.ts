import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { roundRobin } from "./round-robin.ts";

const backends = (weights: Record<string, number>) =>
  Object.entries(weights).map(([instance, weight]) => ({ instance, address: "http://127.0.0.1:1", weight }));

const choices = (weights: Record<string, number>, count: number, except?: string) => {
  const robin = roundRobin(backends(weights));
  return Array.from({ length: count }, () => robin.next(except)?.instance);
};

describe("the choice of backends", () => {
  test("spreads each weight evenly and repeats", () => {
    expect(choices({ a: 5, b: 1, c: 1 }, 14).join("")).toBe("aabacaaaabacaa");
  });

  test("never takes a backend of weight 0, and none at all when all are 0", () => {
    expect(choices({ a: 0, b: 1 }, 3)).toEqual(["b", "b", "b"]);
    expect(choices({ a: 0 }, 1)).toEqual([undefined]);
    expect(choices({}, 1)).toEqual([undefined]);
  });

  test("leaves one out when asked to", () => {
    expect(choices({ a: 9, b: 1 }, 2, "a")).toEqual(["b", "b"]);
    expect(choices({ a: 9 }, 1, "a")).toEqual([undefined]);
  });

  test("gives a tenth of the requests to a weight of 10 in 100, from the first ten on", () => {
    const taken = choices({ old: 90, new: 10 }, 100);
    for (let from = 0; from < 100; from += 10) {
      expect(taken.slice(from, from + 10).filter((instance) => instance === "new")).toHaveLength(1);
    }
  });

  test("gives each backend exactly its weight in every round, whatever the weights", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 6 }), (weights) => {
        const named = Object.fromEntries(weights.map((weight, index) => [`i${index}`, weight]));
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        const taken = choices(named, total);
        for (const [instance, weight] of Object.entries(named)) {
          expect(taken.filter((one) => one === instance)).toHaveLength(weight);
        }
      }),
    );
  });
});
