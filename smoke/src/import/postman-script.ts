import type { Matcher } from "../definition/common.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import type { Draft } from "./imported.ts";

type Expectation = Draft<HttpExpectation>;

const literal = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?[\d.]+|true|false|null)`;

/** The ways in which most scripts write an expectation. */
const patterns: readonly (readonly [RegExp, (expect: Expectation, ...parts: string[]) => void])[] = [
  [
    /^pm\.response\.to\.have\.status\((\d+)\)$/,
    (expect, status) => {
      expect.status = Number(status);
    },
  ],
  [
    /^pm\.expect\(pm\.response\.code\)\.to\.(?:be\.)?(?:eql?|equals?)\((\d+)\)$/,
    (expect, status) => {
      expect.status = Number(status);
    },
  ],
  [/^pm\.response\.to\.be\.ok$/, () => undefined],
  [
    /^pm\.response\.to\.have\.header\(["']([\w-]+)["']\)$/,
    (expect, name) => {
      expect.headers = { ...expect.headers, [name!]: { exists: true } };
    },
  ],
  [
    /^pm\.expect\(pm\.response\.responseTime\)\.to\.be\.(?:below|lessThan)\((\d+)\)$/,
    (expect, ms) => {
      expect.within = Number(ms);
    },
  ],
  [
    new RegExp(
      String.raw`^pm\.expect\((?:\w+|pm\.response\.json\(\))((?:\.\w+|\[\d+\])+)\)\.to\.(?:be\.)?(?:eql?|equals?)\(${literal}\)$`,
    ),
    (expect, path, value) => {
      expect.json = { ...expect.json, [`$${path}`]: literalValue(value!) };
    },
  ],
  [
    new RegExp(
      String.raw`^pm\.expect\((?:\w+|pm\.response\.json\(\))((?:\.\w+|\[\d+\])+)\)\.to\.include\(${literal}\)$`,
    ),
    (expect, path, value) => {
      expect.json = { ...expect.json, [`$${path}`]: { contains: literalValue(value!) } };
    },
  ],
  [
    new RegExp(String.raw`^pm\.expect\(pm\.response\.text\(\)\)\.to\.include\(${literal}\)$`),
    (expect, value) => {
      expect.text = { contains: literalValue(value!) };
    },
  ],
];

/** Lines that only hold the others together. */
const scaffolding = [
  /^pm\.test\(["'].*["'],\s*(?:async\s*)?(?:function\s*\(\w*\)|\(\w*\)\s*=>)\s*\{$/,
  /^\}\)$/,
  /^(?:const|let|var)\s+\w+\s*=\s*pm\.response\.json\(\)$/,
  /^\/\//,
];

/**
 * Adds what a test script expects, as far as it is written in a usual way.
 *
 * @returns the lines that have no place in a suite.
 */
export function addPostmanScript(script: string, expect: Expectation): string[] {
  return statements(script).flatMap((line) => {
    if (scaffolding.some((pattern) => pattern.test(line))) return [];
    for (const [pattern, add] of patterns) {
      const match = pattern.exec(line);
      if (match === null) continue;
      add(expect, ...match.slice(1));
      return [];
    }
    return [`the script's line is not understood: ${line}`];
  });
}

/** A test on one line is taken apart; semicolons go. */
function statements(script: string): string[] {
  return script
    .replace(/(=>\s*\{|function\s*\(\w*\)\s*\{)/g, "$1\n")
    .replace(/\}\s*\)\s*;?/g, "\n})\n")
    .split(/[\n;]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function literalValue(text: string): Matcher {
  if (text.startsWith("'")) return text.slice(1, -1).replace(/\\(.)/g, "$1");
  return JSON.parse(text) as Matcher;
}
