import type { Matcher } from "../definition/common.ts";
import type { HttpExpectation } from "../definition/http-checks.ts";
import { bothMatchers, type Draft } from "./imported.ts";

type Expectation = Draft<HttpExpectation>;

const literal = String.raw`("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?[\d.]+|true|false|null)`;

const place = String.raw`(?:\w+|pm\.response\.json\(\))((?:\.\w+|\[\d+\])+)`;

/** Adds an expectation; `false` when there is one already that it would take the place of. */
type Add = (expect: Expectation, ...parts: string[]) => undefined | boolean;

/** The ways in which most scripts write an expectation. */
const patterns: readonly (readonly [RegExp, Add])[] = [
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
    new RegExp(String.raw`^pm\.expect\(${place}\)\.to\.(?:be\.)?(?:eql?|equals?)\(${literal}\)$`),
    (expect, path, value) => addJson(expect, path!, literalValue(value!)),
  ],
  [
    new RegExp(String.raw`^pm\.expect\(${place}\)\.to\.include\(${literal}\)$`),
    (expect, path, value) => addJson(expect, path!, { contains: literalValue(value!) }),
  ],
  [
    new RegExp(
      String.raw`^pm\.expect\(${place}\)\.to\.be\.an?\(["'](string|number|boolean|array|object)["']\)$`,
    ),
    (expect, path, type) => addJson(expect, path!, { type: type as "string" }),
  ],
  [
    /^pm\.expect\((?:\w+|pm\.response\.json\(\))\)\.to\.have\.property\(["'](\w+)["']\)$/,
    (expect, key) => addJson(expect, `.${key}`, { exists: true }),
  ],
  [
    new RegExp(String.raw`^pm\.expect\(pm\.response\.text\(\)\)\.to\.include\(${literal}\)$`),
    (expect, value) => {
      const text = bothMatchers(expect.text, { contains: literalValue(value!) });
      if (text === undefined) return false;
      expect.text = text;
    },
  ],
];

function addJson(expect: Expectation, path: string, matcher: Matcher): boolean {
  const both = bothMatchers(expect.json?.[`$${path}`], matcher);
  if (both === undefined) return false;
  expect.json = { ...expect.json, [`$${path}`]: both };
  return true;
}

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
      const added = add(expect, ...match.slice(1));
      return added === false ? [`there is one test of this sort already: ${line}`] : [];
    }
    return [`the script's line is not understood: ${line}`];
  });
}

/** A test on one line is taken apart; semicolons go. */
function statements(script: string): string[] {
  return script
    .replace(/pm\.test\(\s*(["'`]).*?\1\s*,\s*(?:async\s*)?\(\w*\)\s*=>\s*(?![\s{])(.*)\)\s*;?\s*$/gm, "$2")
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
